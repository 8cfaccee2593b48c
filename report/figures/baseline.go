package figures

import (
	"kindlyweekly/report/period"
)

// MinPeriods is of how many weeks an ordinary one is made at least.
const MinPeriods = 4

// Baseline is what a week of this bot is like: the medians of the weeks before this one, of at most eleven. Weeks in
// which something was special, and those that the bot's history does not cover, are not among them.
type Baseline struct {
	// Periods are those that it is made of, the oldest first; at least MinPeriods. A week with a day of which the chats are not
	// known is not among them, but its other days are among those of their weekdays.
	Periods  []period.Period `json:"weeks"`
	Chats    Typical         `json:"chats"`
	Messages Typical         `json:"messages"`
	// Rates are fractions, each of the weeks that have enough events for one: null where fewer than MinPeriods have.
	FallbackRate *Typical `json:"fallback_rate"`
	HandoverRate *Typical `json:"handover_rate"` // handover requests, open and closed, per chat
	// Feedback is the part of the ratings that was positive, of the kind of ratings that this week has more of. Null also
	// where the feedback of single weeks was not asked for, which it is only for a target.
	Feedback *Typical `json:"feedback"`
	// RequestsWhileClosed is how often people asked for a human outside opening hours. Null: not available.
	RequestsWhileClosed *Typical      `json:"requests_while_closed"`
	Days                []BaselineDay `json:"days"` // 7, Monday first
}

// Typical is the middle of some weeks, and how far a week is from it in the middle.
type Typical struct {
	Median  float64 `json:"median"`
	MAD     float64 `json:"mad"` // the median absolute deviation; times 1.4826 it estimates a standard deviation
	Periods int     `json:"weeks"`
}

// Change returns how far a value is from the median, as a fraction of it; of nothing there is none.
func (t Typical) Change(value float64) (change float64, ok bool) {
	if t.Median <= 0 {
		return 0, false
	}
	return (value - t.Median) / t.Median, true
}

// BaselineDay is what one weekday is like: the medians of that weekday alone.
type BaselineDay struct {
	Date         period.Date `json:"date"` // this week's
	Chats        float64     `json:"chats"`
	Messages     float64     `json:"messages"`
	FallbackRate *float64    `json:"fallback_rate"` // null where on fewer than MinPeriods of them enough people wrote
}

func typical(values []float64) Typical {
	m := median(values)
	return Typical{Median: m, MAD: mad(values, m), Periods: len(values)}
}

// rates is typical of values of which there may be too few.
func rates(values []float64) *Typical {
	if len(values) < MinPeriods {
		return nil
	}
	return new(typical(values))
}

// baselineWeeks returns the places, among the 12 weeks, of those that an ordinary week is made of.
func (r *Report) baselineWeeks() []int {
	var places []int
	for i := range TrendPeriods - 1 {
		if r.covered(i) && !r.isSpecial(r.Chats.Trend[i].Period) {
			places = append(places, i)
		}
	}
	return places
}

// covered reports whether the bot's history covers the whole of one of the 12 weeks.
func (r *Report) covered(place int) bool {
	return r.HistoryFrom != nil && !r.Chats.Trend[place].Period.From().Before(*r.HistoryFrom)
}

func (r *Report) baseline() {
	weeks := r.baselineWeeks()
	o := &Baseline{}
	var chats, messages, fallbacks, handovers, feedback, closed []float64
	steps := r.moreRatings()
	for _, i := range weeks {
		if w := r.Chats.Trend[i]; w.Known() {
			o.Periods, chats = append(o.Periods, w.Period), append(chats, float64(w.Count))
		}
		if w := r.Messages.Trend[i]; w.Known() {
			messages = append(messages, float64(w.Count))
		}
		if rate := r.fallbackRate(i); rate != nil {
			fallbacks = append(fallbacks, *rate)
		}
		if rate := r.handoverRate(i); rate != nil {
			handovers = append(handovers, *rate)
		}
		if n := r.Handovers.Trend[i].RequestsWhileClosed; n != nil {
			closed = append(closed, float64(*n))
		}
		if share := r.positive(i, steps); share != nil {
			feedback = append(feedback, *share)
		}
	}
	if len(chats) < MinPeriods || len(messages) < MinPeriods {
		return
	}
	o.Chats, o.Messages = typical(chats), typical(messages)
	o.FallbackRate, o.HandoverRate, o.Feedback, o.RequestsWhileClosed = rates(fallbacks), rates(handovers), rates(feedback), rates(closed)
	for d, date := range r.Period.Name.Days() {
		var chats, messages, fallbacks []float64
		for _, i := range weeks {
			day := r.History[7*i+d]
			if day.KnowsChats() {
				chats = append(chats, float64(day.Chats))
			}
			if day.KnowsMessages() {
				messages = append(messages, float64(day.Messages))
			}
			if rate := r.Fallbacks.History[7*i+d].Rate; rate != nil && day.Messages >= MinEvents {
				fallbacks = append(fallbacks, *rate)
			}
		}
		baseline := BaselineDay{Date: date, Chats: median(chats), Messages: median(messages)}
		if len(fallbacks) >= MinPeriods {
			baseline.FallbackRate = new(median(fallbacks))
		}
		o.Days = append(o.Days, baseline)
	}
	r.Baseline = o
}

// fallbackRate returns the rate of one of the 12 weeks, nil where it is not known or of too few messages.
func (r *Report) fallbackRate(place int) *float64 {
	if !r.enoughMessages(place) {
		return nil
	}
	return r.Fallbacks.Trend[place].Rate
}

// enoughMessages reports whether one of the 12 weeks had so many messages that its fallback rate says something. Where they
// are not known on some day, the replies that the fallbacks are a part of stand in for them.
func (r *Report) enoughMessages(place int) bool {
	messages, f := r.Messages.Trend[place], r.Fallbacks.Trend[place]
	if !messages.Known() && f.Count != nil {
		return replies(*f.Count, f.Rate, messages.Count) >= MinMessages
	}
	return messages.Count >= MinMessages
}

// EnoughOfDay reports whether one of this week's seven days had so many messages that its fallback rate says something.
func (r *Report) EnoughOfDay(day int) bool {
	messages, f := r.Messages.Daily[day], r.Fallbacks.Daily[day]
	if !messages.Known() && f.Count != nil {
		return replies(*f.Count, f.Rate, 0) >= MinOfDay
	}
	return messages.Count >= MinOfDay
}

// EnoughMessages reports whether this week had so many messages that its fallback rate says something.
func (r *Report) EnoughMessages() bool {
	if r.Messages.This().Known() {
		return r.Messages.Total >= MinMessages
	}
	return r.enoughMessages(TrendPeriods - 1)
}

// handoverRate returns handover requests, open and closed, per chat of one of the 12 weeks, nil where it is not known or
// of too few chats.
func (r *Report) handoverRate(place int) *float64 {
	chats := r.Chats.Trend[place]
	requests, known := r.Handovers.Trend[place].AllRequests()
	if !chats.Known() || !known || chats.Count < MinEvents {
		return nil
	}
	return new(float64(requests) / float64(chats.Count))
}

// YearAgo is the week of the same ISO number a year ago. Beside a week 53 that the year before lacks stands the one after
// that year's week 52, which is 52 weeks earlier and has almost the same dates.
type YearAgo struct {
	Period        period.Period `json:"week"`
	Chats         int           `json:"chats"`
	Messages      int           `json:"messages"`
	FallbackCount *int          `json:"fallback_count"` // null: not available
	FallbackRate  *float64      `json:"fallback_rate"`  // null also where nobody wrote
	Daily         []HistoryDay  `json:"daily"`          // 7, Monday first
}

// yearAgo keeps the week a year ago where anything happened in it: before its history a bot has no numbers, and that they
// would be zeros says nothing.
func (r *Report) yearAgo(a LastYear, s allSeries, d unknowns) {
	switch {
	case a.Chats.Failed != "":
		missing(r, SectionYearAgo, a.Chats)
		return
	case a.Messages.Failed != "":
		missing(r, SectionYearAgo, a.Messages)
		return
	}
	y := &YearAgo{Period: r.Period.Name.YearAgo()}
	for i, date := range y.Period.Days() {
		day := HistoryDay{Date: date, Chats: s.agoChats.value[i], Messages: s.agoMessages.value[i]}
		y.Daily = append(y.Daily, day)
		y.Chats, y.Messages = plus(y.Chats, day.Chats), plus(y.Messages, day.Messages)
	}
	if d.yearAgo.Kind != "" {
		r.Contradictions = append(r.Contradictions, Contradiction{SectionYearAgo, y.Period.From(), y.Period.Last(), d.yearAgo})
		return
	}
	if y.Chats == 0 && y.Messages == 0 {
		return
	}
	if a.Fallbacks.Failed != "" {
		missing(r, SectionYearAgoFallbacks, a.Fallbacks)
	} else {
		y.FallbackCount = &a.Fallbacks.Value.Count
		y.FallbackRate = rate(a.Fallbacks.Value.Count, a.Fallbacks.Value.Rate, PeriodCount{Count: y.Messages})
	}
	r.YearAgo = y
}
