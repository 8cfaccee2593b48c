package sage

import (
	"context"
	"time"
)

var (
	handoverSeries = endpoint{path: "takeovers/series", granular: true}
	handoverTotals = endpoint{path: "takeovers/totals"}
)

// Handovers counts the stages of handing a chat over to a human. One handover can be counted at several of
// them, so they are never added up.
type Handovers struct {
	Requests            int // asked for within opening hours
	RequestsWhileClosed int // asked for outside of them
	Started             int
	Ended               int
}

// HandoverPoint is one point of the handover series.
type HandoverPoint struct {
	Time time.Time // as in [CountPoint]
	Handovers
}

// HandoverSeries gives the handovers of each interval (takeovers/series).
func (c *Client) HandoverSeries(ctx context.Context, bot string, q Query) ([]HandoverPoint, error) {
	return ask(ctx, c, handoverSeries, bot, q, list(handoverPoint))
}

// HandoverTotals gives the handovers of the whole range (takeovers/totals).
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
