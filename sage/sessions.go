package sage

import (
	"context"
	"time"
)

var (
	chats    = endpoint{path: "sessions/chats", granular: true}
	messages = endpoint{path: "sessions/messages", granular: true}
)

// A CountPoint is one point of a series of counts.
type CountPoint struct {
	// Time is the beginning of the interval as clocks in the query's zone show it, in time.UTC. It
	// is no instant. When clocks change, the same hour can be there twice, or be absent.
	Time  time.Time
	Count int
}

// Chats returns the chats in which users engaged with the bot (sessions/chats). Intervals without
// chats may be absent.
func (c *Client) Chats(ctx context.Context, bot string, q Query) ([]CountPoint, error) {
	return ask(ctx, c, chats, bot, q, list(countPoint))
}

// Messages returns the messages of users (sessions/messages). Intervals without messages may be
// absent.
func (c *Client) Messages(ctx context.Context, bot string, q Query) ([]CountPoint, error) {
	return ask(ctx, c, messages, bot, q, list(countPoint))
}

func countPoint(r *record) CountPoint {
	return CountPoint{Time: r.time("date"), Count: r.count("count")}
}
