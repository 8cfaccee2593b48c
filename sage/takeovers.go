package sage

import (
	"context"
	"time"
)

var (
	handoverSeries = endpoint{path: "takeovers/series", granular: true}
	handoverTotals = endpoint{path: "takeovers/totals"}
)

// Handovers counts handovers of chats to humans, by stage. One handover can count in several
// stages, so they cannot be added.
type Handovers struct {
	Requests            int // within opening hours
	RequestsWhileClosed int // outside opening hours
	Started             int
	Ended               int
}

// A HandoverPoint is one point of the handover series.
type HandoverPoint struct {
	Time time.Time // as in [CountPoint]
	Handovers
}

// HandoverSeries returns the handovers of each interval (takeovers/series).
func (c *Client) HandoverSeries(ctx context.Context, bot string, q Query) ([]HandoverPoint, error) {
	return ask(ctx, c, handoverSeries, bot, q, list(handoverPoint))
}

// HandoverTotals returns the handovers of the whole range (takeovers/totals).
func (c *Client) HandoverTotals(ctx context.Context, bot string, q Query) (Handovers, error) {
	return ask(ctx, c, handoverTotals, bot, q, one(handovers))
}

func handoverPoint(r *record) HandoverPoint {
	return HandoverPoint{Time: r.time("date"), Handovers: handovers(r)}
}

func handovers(r *record) Handovers {
	return Handovers{
		Requests:            r.count("requests"),
		RequestsWhileClosed: r.count("requests_while_closed"),
		Started:             r.count("started"),
		Ended:               r.count("ended"),
	}
}
