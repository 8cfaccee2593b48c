package sage

import (
	"context"
	"time"
)

var (
	fallbackSeries = endpoint{path: "fallbacks/series", granular: true}
	fallbackTotal  = endpoint{path: "fallbacks/total"}
)

// Fallback says how many of the bot's replies were fallbacks.
type Fallback struct {
	Count int // the replies that were fallbacks

	// Rate is the fraction, 0 to 1, of all replies of the interval that were fallbacks; nil where the service
	// gave none because there was no reply. The rates of days cannot be averaged into that of a week.
	Rate *float64
}

// FallbackPoint is one point of the fallback series.
type FallbackPoint struct {
	Time time.Time // as in [CountPoint]
	Fallback
}

// FallbackSeries gives the fallbacks of each interval (fallbacks/series).
func (c *Client) FallbackSeries(ctx context.Context, bot string, q Query) ([]FallbackPoint, error) {
	return ask(ctx, c, fallbackSeries, bot, q, list(fallbackPoint))
}

// FallbackTotal gives the fallbacks of the whole range (fallbacks/total).
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
