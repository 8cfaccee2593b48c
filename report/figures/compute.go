package figures

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// Compute turns Sage's answers into the week's figures. It fails where the bot or the week is not named, where the zone
// is unknown, and where an answer holds what no count or rate can be, a negative count for one: the client passes on
// nothing like that. What it returns can be encoded, and [Decode] accepts it.
func Compute(a Answers) (*Report, error) {
	loc, err := location(a.Bot.TZ)
	if err != nil {
		return nil, fmt.Errorf("figures of bot %s: %w", a.Bot.ID, err)
	}
	r := &Report{
		Schema:      Schema,
		Bot:         Bot{ID: valid(a.Bot.ID), Name: valid(a.Bot.Name), TZ: a.Bot.TZ, DefaultTZ: a.Bot.DefaultTZ, Link: valid(a.Bot.Link)},
		Locale:      valid(a.Locale),
		Week:        Week{Name: a.Week, From: a.Week.From(), To: a.Week.To()},
		FetchedAt:   a.FetchedAt.UTC().Truncate(time.Second),
		Filters:     Filters{Sources: validAll(a.Filters.Sources), Languages: validAll(a.Filters.Languages)},
		Unavailable: []Unavailable{}, Dropped: []Dropped{},
	}
	chats := r.history("chats", a.Chats)
	messages := r.history("messages", a.Messages)
	for i, date := range historyDates(a.Week) {
		r.History = append(r.History, HistoryDay{Date: date, Chats: chats[i], Messages: messages[i]})
	}
	r.HistoryFrom, r.Baseline = r.beginning()
	r.specials(a.Special)

	r.Chats.Volume = r.volume(chats)
	r.Messages = r.volume(messages)
	r.hours(a.Hours, loc)
	r.fallbacks(a)
	r.handovers(a.Handovers)
	r.handoverHours(a.HandoverHours, loc)
	r.feedback(a)
	r.lists(a)
	r.surplus(a)
	r.filters(a.Options)
	r.yearAgo(a.YearAgo)
	// From here on the report is asked, and no answer.
	r.ordinary()
	r.Fallbacks.StandsOut = r.fallbacksStandOut()
	r.Targets = r.Judge(a.Targets)
	r.movers(a)
	r.insights(r.incidents())
	r.headline()

	if r.ID, err = r.identify(); err != nil {
		return nil, fmt.Errorf("figures of bot %s: %w", a.Bot.ID, err)
	}
	return r, nil
}

// beginning returns the first day of the history that had a chat or a message, and whether the whole week before lies
// within the bot's life.
func (r *Report) beginning() (from *period.Date, baseline bool) {
	for _, day := range r.History {
		if day.Chats > 0 || day.Messages > 0 {
			return &day.Date, !r.Week.Name.Previous().From().Before(day.Date)
		}
	}
	return nil, false
}

// plus adds counts. Past the largest integer, which no true count comes near, the sum stays there: it must not turn
// negative.
func plus(a, b int) int {
	if b > 0 && a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

// valid replaces what is not UTF-8, as JSON would, so that a report is the same before and after it was written.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func validAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = valid(s)
	}
	return out
}

// historyDates returns the 84 days that end with the week.
func historyDates(w period.Week) []period.Date {
	dates := make([]period.Date, HistoryDays)
	for i := range dates {
		dates[i] = w.To().Add(i - HistoryDays)
	}
	return dates
}

// day returns the index of a point's day among the 84, and false for a day that was not asked for.
func (r *Report) day(t time.Time) (int, bool) {
	i := HistoryDays - r.Week.To.Sub(period.DateOf(t))
	return i, i >= 0 && i < HistoryDays
}

// history spreads points over the 84 days. A day without a point had no events.
func (r *Report) history(section string, points []Point) []int {
	counts := make([]int, HistoryDays)
	dropped := 0
	for _, p := range points {
		if i, ok := r.day(p.Time); ok {
			counts[i] = plus(counts[i], p.Count)
		} else {
			dropped++
		}
	}
	r.drop(section, dropped)
	return counts
}

func (r *Report) drop(section string, points int) {
	if points > 0 {
		r.Dropped = append(r.Dropped, Dropped{section, points})
	}
}

func missing[T any](r *Report, section string, a Answer[T]) {
	r.Unavailable = append(r.Unavailable, Unavailable{Section: section, Reason: valid(a.Failed), Refused: a.Refused, Cause: a.Cause})
}

// volume adds up 84 days: no other source is asked for a week's total, so that no two numbers can disagree.
func (r *Report) volume(days []int) Volume {
	var v Volume
	for i := range TrendWeeks {
		week := WeekCount{Week: r.Week.Name.Add(i + 1 - TrendWeeks)}
		for j, date := range week.Week.Days() {
			count := days[7*i+j]
			week.Count = plus(week.Count, count)
			switch i {
			case TrendWeeks - 1:
				v.Daily = append(v.Daily, DayCount{Date: date, Count: count})
			case TrendWeeks - 2:
				v.PreviousDaily = append(v.PreviousDaily, DayCount{Date: date, Count: count})
			}
		}
		v.Weekly = append(v.Weekly, week)
	}
	v.Total, v.Previous = v.Weekly[TrendWeeks-1].Count, v.Weekly[TrendWeeks-2].Count
	v.Change = r.change(v.Total, v.Previous)
	return v
}

// change is relative; of nothing there is none.
func (r *Report) change(this, previous int) *float64 {
	if !r.Baseline || previous <= 0 {
		return nil
	}
	return new(float64(this-previous) / float64(previous))
}

func (r *Report) hours(a Answer[[]Point], loc *time.Location) {
	r.Chats.Hourly = r.hourly(a.Failed == "", loc)
	if a.Failed != "" {
		missing(r, SectionHours, a)
		return
	}
	dropped := 0
	for _, p := range a.Value {
		if !r.addHour(r.Chats.Hourly, p.Time, p.Count) {
			dropped++
		}
	}
	r.drop(SectionHours, dropped)
}

// hourly returns the hours of the clock of each day of the week: zero where there is such an hour and its events are
// known, else null.
func (r *Report) hourly(known bool, loc *time.Location) [][]*int {
	hours := make([][]*int, 7)
	for i, date := range r.Week.Name.Days() {
		hours[i] = make([]*int, 24)
		for hour := range 24 {
			if known && date.HasHour(hour, loc) {
				hours[i][hour] = new(0)
			}
		}
	}
	return hours
}

// addHour adds events to the hour in which they were. It reports whether the week has such an hour.
func (r *Report) addHour(hours [][]*int, t time.Time, events int) bool {
	i := period.DateOf(t).Sub(r.Week.From)
	if i < 0 || i >= len(hours) || hours[i][t.Hour()] == nil {
		return false
	}
	count := hours[i][t.Hour()]
	*count = plus(*count, events)
	return true
}

func (r *Report) fallbacks(a Answers) {
	f := &r.Fallbacks
	for _, date := range r.Week.Name.Days() {
		f.Daily = append(f.Daily, FallbackDay{Date: date})
	}
	for _, v := range r.Messages.Weekly {
		f.Weekly = append(f.Weekly, FallbackWeek{Week: v.Week})
	}
	for _, date := range historyDates(r.Week.Name) {
		f.History = append(f.History, FallbackDay{Date: date})
	}
	if a.Fallbacks.This.Failed != "" {
		missing(r, SectionFallbacks, a.Fallbacks.This)
		return
	}
	this := a.Fallbacks.This.Value
	f.Count, f.Rate = &this.Count, rate(this.Count, this.Rate, r.Messages.Total)

	if a.Fallbacks.Previous.Failed != "" {
		missing(r, SectionFallbacksPrevious, a.Fallbacks.Previous)
	} else {
		previous := a.Fallbacks.Previous.Value
		f.PreviousCount, f.PreviousRate = &previous.Count, rate(previous.Count, previous.Rate, r.Messages.Previous)
		if r.Baseline && f.Rate != nil && f.PreviousRate != nil {
			f.ChangePP = new(100 * (*f.Rate - *f.PreviousRate))
		}
	}

	if a.FallbackDays.Failed != "" {
		missing(r, SectionFallbacksDaily, a.FallbackDays)
	} else {
		dropped := 0
		for i := range f.History {
			f.History[i].Count = new(0)
		}
		for _, p := range a.FallbackDays.Value {
			i, ok := r.day(p.Time)
			if !ok {
				dropped++
				continue
			}
			f.History[i].Count, f.History[i].Rate = &p.Count, rate(p.Count, p.Rate, r.History[i].Messages)
		}
		r.drop(SectionFallbacksDaily, dropped)
		copy(f.Daily, f.History[HistoryDays-7:])
	}

	if a.FallbackWeeks.Failed != "" {
		missing(r, SectionFallbacksWeekly, a.FallbackWeeks)
	} else {
		dropped, otherWeeks := 0, false
		for _, p := range a.FallbackWeeks.Value {
			// A week's point carries its first day.
			day, ok := r.day(p.Time)
			if !ok || day%7 != 0 {
				dropped++
				otherWeeks = otherWeeks || ok
				continue
			}
			w := &f.Weekly[day/7]
			w.Count, w.Rate = &p.Count, rate(p.Count, p.Rate, r.Messages.Weekly[day/7].Count)
		}
		r.drop(SectionFallbacksWeekly, dropped)
		for i := range f.Weekly {
			// A week that was left out had none. But where other weeks than ours came, it was not left out.
			if f.Weekly[i].Count == nil && !otherWeeks {
				f.Weekly[i].Count = new(0)
			}
		}
	}
	// The totals are Sage's own for the two weeks; the trend ends in the same numbers.
	f.Weekly[TrendWeeks-1].Count, f.Weekly[TrendWeeks-1].Rate = f.Count, f.Rate
	if f.PreviousCount != nil {
		f.Weekly[TrendWeeks-2].Count, f.Weekly[TrendWeeks-2].Rate = f.PreviousCount, f.PreviousRate
	}
}

// rate drops the rate of an interval in which nobody wrote: there was nothing to understand, so 0 % would praise.
func rate(fallbacks int, rate *float64, messages int) *float64 {
	if fallbacks == 0 && messages == 0 {
		return nil
	}
	return rate
}

func (r *Report) handovers(a Answer[[]StagePoint]) {
	h := &r.Handovers
	for _, v := range r.Messages.Weekly {
		h.Weekly = append(h.Weekly, HandoverWeek{Week: v.Week})
	}
	for _, date := range r.Week.Name.Days() {
		h.Daily = append(h.Daily, HandoverDay{Date: date})
	}
	if a.Failed != "" {
		missing(r, SectionHandovers, a)
		return
	}
	zero := func() HandoverCounts { return HandoverCounts{new(0), new(0), new(0), new(0)} }
	for i := range h.Weekly {
		h.Weekly[i].HandoverCounts = zero()
	}
	for i := range h.Daily {
		h.Daily[i].HandoverCounts = zero()
	}
	dropped := 0
	for _, p := range a.Value {
		day, ok := r.day(p.Time)
		if !ok {
			dropped++
			continue
		}
		h.Weekly[day/7].add(p)
		if i := day - (HistoryDays - 7); i >= 0 {
			h.Daily[i].add(p)
		}
	}
	r.drop(SectionHandovers, dropped)
	h.HandoverCounts, h.Previous = h.Weekly[TrendWeeks-1].HandoverCounts, h.Weekly[TrendWeeks-2].HandoverCounts
	h.Change = HandoverChange{
		Requests:            r.change(*h.Requests, *h.Previous.Requests),
		RequestsWhileClosed: r.change(*h.RequestsWhileClosed, *h.Previous.RequestsWhileClosed),
		Started:             r.change(*h.Started, *h.Previous.Started),
		Ended:               r.change(*h.Ended, *h.Previous.Ended),
	}
}

func (c HandoverCounts) add(p StagePoint) {
	*c.Requests = plus(*c.Requests, p.Requests)
	*c.RequestsWhileClosed = plus(*c.RequestsWhileClosed, p.RequestsWhileClosed)
	*c.Started = plus(*c.Started, p.Started)
	*c.Ended = plus(*c.Ended, p.Ended)
}

func (r *Report) handoverHours(a Answer[[]StagePoint], loc *time.Location) {
	h := &r.Handovers
	known := h.Requests != nil // where the days are missing their reason is that of the hours too
	h.HourlyWhileClosed = r.hourly(known && a.Failed == "", loc)
	switch {
	case !known:
		return
	case a.Failed != "":
		missing(r, SectionHandoversHourly, a)
		return
	}
	dropped := 0
	for _, p := range a.Value {
		if !r.addHour(h.HourlyWhileClosed, p.Time, p.RequestsWhileClosed) {
			dropped++
		}
	}
	r.drop(SectionHandoversHourly, dropped)
}

func (r *Report) feedback(a Answers) {
	if a.Feedback.This.Failed != "" {
		missing(r, SectionFeedback, a.Feedback.This)
		return
	}
	f := &r.Feedback
	f.Binary, f.Emojis = present(a.Feedback.This.Value.Binary), present(a.Feedback.This.Value.Emojis)
	if a.Feedback.Previous.Failed != "" {
		missing(r, SectionFeedbackPrevious, a.Feedback.Previous)
	} else {
		f.PreviousBinary, f.PreviousEmojis = present(a.Feedback.Previous.Value.Binary), present(a.Feedback.Previous.Value.Emojis)
	}
	if i := slices.IndexFunc(a.FeedbackBefore, func(part Answer[Ratings]) bool { return part.Failed != "" }); i >= 0 {
		missing(r, SectionFeedbackBefore, a.FeedbackBefore[i])
	} else {
		var binary, emojis [][]Rating
		for _, part := range a.FeedbackBefore {
			binary, emojis = append(binary, part.Value.Binary), append(emojis, part.Value.Emojis)
		}
		f.BeforeBinary, f.BeforeEmojis = together(binary...), together(emojis...)
	}
	if a.FeedbackWeeks == nil {
		return
	}
	weekly := make([]FeedbackWeek, TrendWeeks)
	failed := false
	for i := range weekly {
		weekly[i].Week = r.Chats.Weekly[i].Week
		switch {
		case i >= TrendWeeks-2:
			shares := r.shares(i)
			weekly[i].Binary, weekly[i].Emojis = shares[0], shares[1]
		case i >= len(a.FeedbackWeeks):
		case a.FeedbackWeeks[i].Failed != "":
			if !failed {
				failed = true // of several reasons the first will do
				missing(r, SectionFeedbackWeekly, a.FeedbackWeeks[i])
			}
		default:
			v := a.FeedbackWeeks[i].Value
			weekly[i].Binary, weekly[i].Emojis = share(present(v.Binary), 2), share(present(v.Emojis), 5)
		}
	}
	f.Weekly = weekly
}

// present turns nil, which in JSON would be null and mean missing, into an empty list.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// identify names the report after checking it: the same report always has the same id, and one that differs in anything
// has another.
func (r *Report) identify() (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	data, err := r.Encode()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s-%s-%s", r.Bot.ID, r.Week.Name, hex.EncodeToString(sum[:4])), nil
}
