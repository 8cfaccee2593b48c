package figures

import (
	"time"

	"kindlyweekly/report/period"
)

// MinPeriods is how many weeks a baseline needs.
const MinPeriods = 4

// Baseline is what a week of this bot is usually like: medians of the up to eleven weeks before
// this one. It leaves out weeks with something special in them, and weeks that the bot's history
// does not cover.
type Baseline struct {
	// Periods are its weeks, the oldest first; at least MinPeriods. A week with a day of unknown
	// chats is left out, but its other days are part of the medians of their weekdays.
	Periods  []period.Period `json:"weeks"`
	Chats    Typical         `json:"chats"`
	Messages Typical         `json:"messages"`
	// Rates are fractions, of the weeks that have enough events for one. Null: fewer than
	// MinPeriods have.
	FallbackRate *Typical `json:"fallback_rate"`
	HandoverRate *Typical `json:"handover_rate"` // handover requests, open and closed, per chat
	// Feedback is the fraction of ratings that was positive, of the kind of ratings that this week
	// has more of. It is null also for a bot without a target for it: then Sage is not asked for
	// single weeks.
	Feedback *Typical `json:"feedback"`
	// Requests is how often users asked for a human, while open and while closed. Null: not
	// available, or the report is from before this key.
	Requests *Typical `json:"requests"`
	// RequestsWhileClosed is how often users asked for a human outside opening hours. Null: not
	// available.
	RequestsWhileClosed *Typical      `json:"requests_while_closed"`
	Days                []BaselineDay `json:"days"` // 7, Monday first
}

// Typical is the median of some weeks, and how far a week usually is from it.
type Typical struct {
	Median  float64 `json:"median"`
	MAD     float64 `json:"mad"` // median absolute deviation; × 1.4826 is a standard deviation
	Periods int     `json:"weeks"`
}

// Change returns how far a value is from the median, as a fraction of it. ok is false for a median
// of 0.
func (t Typical) Change(value float64) (change float64, ok bool) {
	if t.Median <= 0 {
		return 0, false
	}
	return (value - t.Median) / t.Median, true
}

// BaselineDay is what one weekday is usually like: medians of that weekday alone.
type BaselineDay struct {
	Date     period.Date `json:"date"` // this week's
	Chats    float64     `json:"chats"`
	Messages float64     `json:"messages"`
	// FallbackRate is null if fewer than MinPeriods of the days have MinEvents messages.
	FallbackRate *float64 `json:"fallback_rate"`
	// Requests is how often users asked for a human, while open and while closed. Null: not
	// available, or the report is from before this key.
	Requests *float64 `json:"requests"`
}

func typical(values []float64) Typical {
	m := median(values)
	return Typical{Median: m, MAD: mad(values, m), Periods: len(values)}
}

// optionalTypical returns nil for fewer than MinPeriods values.
func optionalTypical(values []float64) *Typical {
	if len(values) < MinPeriods {
		return nil
	}
	return new(typical(values))
}

// baselineWeeks returns the places, among the 12 weeks, of the weeks of the baseline.
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

// baseline sets the baseline, unless too few weeks are known.
func (r *Report) baseline() {
	weeks := r.baselineWeeks()
	count := func(trend []PeriodCount) []float64 {
		return knownOf(weeks, func(i int) *float64 {
			return known(trend[i].Count, trend[i].Known())
		})
	}
	chats, messages := count(r.Chats.Trend), count(r.Messages.Trend)
	if len(chats) < MinPeriods || len(messages) < MinPeriods {
		return
	}
	rate := func(week func(place, steps int) measured, steps int) *Typical {
		return optionalTypical(knownOf(weeks, func(i int) *float64 {
			return week(i, steps).reliable()
		}))
	}
	b := &Baseline{
		Chats: typical(chats), Messages: typical(messages),
		FallbackRate:        rate(r.measureFallbacks, 0),
		HandoverRate:        rate(r.measureHandovers, 0),
		Feedback:            rate(r.measureFeedback, r.moreRatings()),
		Requests:            rate(r.measureRequests, 0),
		RequestsWhileClosed: rate(r.measureClosed, 0),
	}
	for _, i := range weeks {
		if w := r.Chats.Trend[i]; w.Known() {
			b.Periods = append(b.Periods, w.Period)
		}
	}
	for _, date := range r.Period.Name.Days() {
		b.Days = append(b.Days, r.baselineDay(weeks, date))
	}
	r.Baseline = b
}

func (r *Report) baselineDay(weeks []int, date period.Date) BaselineDay {
	same := r.sameWeekday(weeks, date.Weekday())
	messages := knownOf(same, func(i int) *float64 {
		return known(r.History[i].Messages, r.History[i].KnowsMessages())
	})
	fallbacks := knownOf(same, func(i int) *float64 {
		if r.History[i].Messages < MinEvents {
			return nil
		}
		return r.Fallbacks.History[i].Rate
	})
	day := BaselineDay{
		Date: date, Chats: median(r.chatsOn(same)), Messages: median(messages),
	}
	if t := optionalTypical(fallbacks); t != nil {
		day.FallbackRate = &t.Median
	}
	return day
}

// usualRequests adds to the days of the baseline how often users asked for a human. value and marks
// are the days of the history. The report keeps only those of this week.
func (r *Report) usualRequests(value []stages, marks []Cause) {
	if r.Baseline == nil {
		return
	}
	weeks := r.baselineWeeks()
	for i := range r.Baseline.Days {
		day := &r.Baseline.Days[i]
		requests := knownOf(r.sameWeekday(weeks, day.Date.Weekday()), func(i int) *float64 {
			return known(value[i].asked(), marks[i].Kind == "")
		})
		if t := optionalTypical(requests); t != nil {
			day.Requests = &t.Median
		}
	}
}

// sameWeekday returns the places in the history of a weekday of the weeks.
func (r *Report) sameWeekday(weeks []int, weekday time.Weekday) (places []int) {
	for _, week := range weeks {
		days := r.span(week)
		ahead := int(weekday-r.weekday(days.first)+7) % 7
		for i := days.first + ahead; i <= days.last; i += 7 {
			places = append(places, i)
		}
	}
	return places
}

// chatsOn returns the chats of days of the history, where they are known.
func (r *Report) chatsOn(days []int) []float64 {
	return knownOf(days, func(i int) *float64 {
		return known(r.History[i].Chats, r.History[i].KnowsChats())
	})
}

// knownOf returns the value of each place, without nil.
func knownOf(places []int, value func(place int) *float64) (values []float64) {
	for _, i := range places {
		if v := value(i); v != nil {
			values = append(values, *v)
		}
	}
	return values
}

// known returns a count, nil if it is not known.
func known(count int, known bool) *float64 {
	if !known {
		return nil
	}
	return new(float64(count))
}

// enoughMessages reports whether one of the 12 weeks has enough messages for a fallback rate.
func (r *Report) enoughMessages(place int) bool {
	m, f := r.Messages.Trend[place], r.Fallbacks.Trend[place]
	return messagesOf(m.Count, m.Known(), f.Count, f.Rate) >= MinMessages
}

// EnoughOfDay reports whether one of this week's seven days has enough messages for a fallback
// rate.
func (r *Report) EnoughOfDay(day int) bool {
	m, f := r.Messages.Daily[day], r.Fallbacks.Daily[day]
	return messagesOf(m.Count, m.Known(), f.Count, f.Rate) >= MinOfDay
}

// messagesOf returns of how many messages a fallback rate is. If they are not known, the number of
// replies takes their place.
func messagesOf(messages int, known bool, fallbacks *int, rate *float64) int {
	if known || fallbacks == nil {
		return messages
	}
	return replies(*fallbacks, rate, messages)
}

// EnoughMessages reports whether this week has enough messages for a fallback rate.
func (r *Report) EnoughMessages() bool {
	if r.Messages.This().Known() {
		return r.Messages.Total >= MinMessages
	}
	return r.enoughMessages(TrendPeriods - 1)
}

// YearAgo is the week of the same ISO number a year ago. A week 53 is compared with the week after
// week 52 of the year before, if that year has no week 53: it is 52 weeks earlier, and has almost
// the same dates.
type YearAgo struct {
	Period        period.Period `json:"week"`
	Chats         int           `json:"chats"`
	Messages      int           `json:"messages"`
	FallbackCount *int          `json:"fallback_count"` // null: not available
	FallbackRate  *float64      `json:"fallback_rate"`  // null also if no user wrote
	Daily         []HistoryDay  `json:"daily"`          // 7, Monday first
}

// yearAgo sets the week a year ago, unless nothing happened in it: zeros of before the bot's
// history say nothing.
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
		c := Contradiction{SectionYearAgo, y.Period.From(), y.Period.Last(), d.yearAgo}
		r.Contradictions = append(r.Contradictions, c)
		return
	}
	if y.Chats == 0 && y.Messages == 0 {
		return
	}
	if a.Fallbacks.Failed != "" {
		missing(r, SectionYearAgoFallbacks, a.Fallbacks)
	} else {
		f := a.Fallbacks.Value
		y.FallbackCount = &f.Count
		y.FallbackRate = rate(f.Count, f.Rate, PeriodCount{Count: y.Messages})
	}
	r.YearAgo = y
}
