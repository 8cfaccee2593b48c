package figures

import "math"

// Excess is how far the week's fallbacks lie from what is ordinary for the bot.
type Excess struct {
	// Replies is how many more of the bot's replies were fallbacks than its ordinary rate gives for as many replies; below
	// zero, how many fewer.
	Replies float64
	// Chats is in how many chats these can have been at most: each was in one, and there were no more chats than there were.
	// It is zero where there were not more fallbacks than is ordinary.
	Chats int
	// Unusual is whether the rate stands out as higher than an ordinary week's.
	Unusual bool
	// Level is how many standard deviations the rate lies above an ordinary week's. It is zero where too few weeks have a
	// rate.
	Level float64
}

// Excess compares the week's fallbacks with the ordinary week's. ok is false where that may not be done: nothing is
// known to be ordinary, the week has something special in it, its fallbacks are not known, or too few people wrote.
func (r *Report) Excess() (b Excess, ok bool) {
	o, f := r.Baseline, r.Fallbacks
	if o == nil || o.FallbackRate == nil || f.Count == nil || f.Rate == nil || !r.EnoughMessages() || r.isSpecial(r.Period.Name) {
		return b, false
	}
	b.Replies = float64(*f.Count) - o.FallbackRate.Median*float64(replies(*f.Count, f.Rate, r.Messages.Total))
	if more := math.Round(b.Replies); more > 0 {
		b.Chats = int(more)
		if r.Chats.This().Known() {
			b.Chats = min(b.Chats, r.Chats.Total)
		}
	}
	at, _ := r.compare(r.fallbackSeries())
	b.Unusual, b.Level = at.standsOut() == Higher, at.level
	return b, true
}

// FallbackTrend returns the fallback rate of each of the 12 weeks, nil where it is not known, of too few messages, or of a
// week that the bot's history does not cover.
func (r *Report) FallbackTrend() []*float64 {
	rates := make([]*float64, len(r.Fallbacks.Trend))
	for i := range rates {
		if r.covered(i) || i == len(rates)-1 {
			rates[i] = r.fallbackRate(i)
		}
	}
	return rates
}
