package sage

import (
	"context"
	"time"
)

var (
	chats    = endpoint{path: "sessions/chats", granular: true}
	messages = endpoint{path: "sessions/messages", granular: true}
)

// CountPoint is one point of a series of counts.
type CountPoint struct {
	// Time is the beginning of the interval as the clocks of the zone asked for showed it. It is carried in
	// time.UTC, so that no rule of daylight saving can move it; it is not an instant. By hour, the same Time
	// can come twice where clocks are put back, and an hour is absent where they are put forward.
	Time  time.Time
	Count int
}

// Chats counts the chats in which users engaged with the bot (sessions/chats). Intervals without chats may be
// left out of the series.
func (c *Client) Chats(ctx context.Context, bot string, q Query) ([]CountPoint, error) {
	return ask(ctx, c, chats, bot, q, list(countPoint))
}

// Messages counts the messages from users (sessions/messages). Intervals without messages may be left out of
// the series.
func (c *Client) Messages(ctx context.Context, bot string, q Query) ([]CountPoint, error) {
	return ask(ctx, c, messages, bot, q, list(countPoint))
}

func countPoint(r *record) CountPoint {
	return CountPoint{Time: r.time("date"), Count: r.count("count")}
}
