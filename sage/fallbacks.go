package sage

import (
	"context"
	"time"
)

var (
	fallbackSeries = endpoint{path: "fallbacks/series", granular: true}
	fallbackTotal  = endpoint{path: "fallbacks/total"}
)

// A Fallback counts the replies that were fallbacks.
type Fallback struct {
	Count int

	// Rate is their fraction of all replies of the interval, 0 to 1; nil if there was no reply.
	// Rates of days cannot be averaged into that of a week.
	Rate *float64
}

// A FallbackPoint is one point of the fallback series.
type FallbackPoint struct {
	Time time.Time // as in [CountPoint]
	Fallback
}

// FallbackSeries returns the fallbacks of each interval (fallbacks/series).
func (c *Client) FallbackSeries(ctx context.Context, bot string, q Query) ([]FallbackPoint, error) {
	return ask(ctx, c, fallbackSeries, bot, q, list(fallbackPoint))
}

// FallbackTotal returns the fallbacks of the whole range (fallbacks/total).
func (c *Client) FallbackTotal(ctx context.Context, bot string, q Query) (Fallback, error) {
	return ask(ctx, c, fallbackTotal, bot, q, one(fallback))
}

func fallbackPoint(r *record) FallbackPoint {
	return FallbackPoint{Time: r.time("date"), Fallback: fallback(r)}
}

func fallback(r *record) Fallback {
	count := r.count("count")
	return Fallback{Count: count, Rate: r.fractionOf("rate", count)}
}
