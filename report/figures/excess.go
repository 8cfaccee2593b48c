package figures

import "math"

// Excess is how far the week's fallbacks are from the bot's baseline.
type Excess struct {
	// Replies is how many more replies were fallbacks than the baseline's rate gives for as many
	// replies. Below zero: how many fewer.
	Replies float64
	// Chats is the most chats in which these can have been: each is in one chat, and there are no
	// more chats than the week's. It is zero without an excess.
	Chats int
	// Unusual says that the rate stands out as higher than the baseline.
	Unusual bool
	// Level is how many standard deviations the rate is above the baseline. It is zero if too few
	// weeks have a rate.
	Level float64
}

// Excess compares the week's fallbacks with the baseline. ok is false without a baseline or known
// fallbacks, for a special week, and for too few messages.
func (r *Report) Excess() (e Excess, ok bool) {
	b, f := r.Baseline, r.Fallbacks
	if b == nil || b.FallbackRate == nil || f.Count == nil || f.Rate == nil ||
		!r.EnoughMessages() || r.isSpecial(r.Period.Name) {
		return e, false
	}
	expected := b.FallbackRate.Median * float64(replies(*f.Count, f.Rate, r.Messages.Total))
	e.Replies = float64(*f.Count) - expected
	e.Chats = max(0, int(math.Round(e.Replies)))
	if r.Chats.This().Known() {
		e.Chats = min(e.Chats, r.Chats.Total)
	}
	c := r.compare(r.fallbackSeries())
	e.Unusual, e.Level = c.standsOut() == Higher, c.level
	return e, true
}

// FallbackTrend returns the fallback rate of each of the 12 weeks. It is nil if it is not known, is
// of too few messages, or the bot's history does not cover the week; it need not cover this week.
func (r *Report) FallbackTrend() []*float64 {
	rates := make([]*float64, len(r.Fallbacks.Trend))
	for i := range rates {
		if r.covered(i) || i == len(rates)-1 {
			rates[i] = r.measureFallbacks(i, 0).reliable()
		}
	}
	return rates
}
