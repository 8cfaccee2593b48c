package figures

import (
	"cmp"
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
		Bot:         Bot{ID: valid(a.Bot.ID), Name: valid(a.Bot.Name), TZ: a.Bot.TZ, Link: valid(a.Bot.Link)},
		Locale:      valid(a.Locale),
		Week:        Week{Name: a.Week, From: a.Week.From(), To: a.Week.To()},
		FetchedAt:   a.FetchedAt.UTC().Truncate(time.Second),
		Filters:     Filters{Sources: validAll(a.Filters.Sources), Languages: validAll(a.Filters.Languages)},
		Unavailable: []Unavailable{}, Dropped: []Dropped{},
	}
	chats := r.history("chats", a.Chats)
	messages := r.history("messages", a.Messages)
	for i, date := range historyDates(a.Week) {
		r.History = append(r.History, HistoryDay{date, chats[i], messages[i]})
	}
	r.HistoryFrom, r.Baseline = r.beginning()

	r.Chats.Volume = r.volume(chats)
	r.Messages = r.volume(messages)
	r.hours(a.Hours, loc)
	r.fallbacks(a)
	r.handovers(a.Handovers)
	r.feedback(a.Feedback)
	r.lists(a)

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
	r.Unavailable = append(r.Unavailable, Unavailable{section, valid(a.Failed), a.Refused})
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
				v.Daily = append(v.Daily, DayCount{date, count})
			case TrendWeeks - 2:
				v.PreviousDaily = append(v.PreviousDaily, DayCount{date, count})
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
	days := r.Week.Name.Days()
	r.Chats.Hourly = make([][]*int, len(days))
	for i, date := range days {
		r.Chats.Hourly[i] = make([]*int, 24)
		for hour := range 24 {
			if a.Failed == "" && date.HasHour(hour, loc) {
				r.Chats.Hourly[i][hour] = new(0)
			}
		}
	}
	if a.Failed != "" {
		missing(r, SectionHours, a)
		return
	}
	dropped := 0
	for _, p := range a.Value {
		i := period.DateOf(p.Time).Sub(r.Week.From)
		if i < 0 || i >= len(days) || r.Chats.Hourly[i][p.Time.Hour()] == nil {
			dropped++
			continue
		}
		count := r.Chats.Hourly[i][p.Time.Hour()]
		*count = plus(*count, p.Count)
	}
	r.drop(SectionHours, dropped)
}

func (r *Report) fallbacks(a Answers) {
	f := &r.Fallbacks
	for _, date := range r.Week.Name.Days() {
		f.Daily = append(f.Daily, FallbackDay{Date: date})
	}
	for _, v := range r.Messages.Weekly {
		f.Weekly = append(f.Weekly, FallbackWeek{Week: v.Week})
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
		for i := range f.Daily {
			f.Daily[i].Count = new(0)
		}
		for _, p := range a.FallbackDays.Value {
			i := period.DateOf(p.Time).Sub(r.Week.From)
			if i < 0 || i >= len(f.Daily) {
				dropped++
				continue
			}
			f.Daily[i].Count, f.Daily[i].Rate = &p.Count, rate(p.Count, p.Rate, r.Messages.Daily[i].Count)
		}
		r.drop(SectionFallbacksDaily, dropped)
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

func (r *Report) feedback(a Pair[Ratings]) {
	if a.This.Failed != "" {
		missing(r, SectionFeedback, a.This)
		return
	}
	f := &r.Feedback
	f.Binary, f.Emojis = present(a.This.Value.Binary), present(a.This.Value.Emojis)
	if a.Previous.Failed != "" {
		missing(r, SectionFeedbackPrevious, a.Previous)
		return
	}
	f.PreviousBinary, f.PreviousEmojis = present(a.Previous.Value.Binary), present(a.Previous.Value.Emojis)
}

// lists sets each item beside the same item of the week before.
func (r *Report) lists(a Answers) {
	type page struct{ host, path string }
	r.Pages = list(r, SectionPages, SectionPagesPrevious, a.Pages, func(p *Page) item {
		p.Host, p.Path = valid(p.Host), valid(p.Path)
		return item{page{p.Host, p.Path}, p.Sessions, &p.Past}
	})
	type button struct{ text, dialogue string }
	r.Buttons = list(r, SectionButtons, SectionButtonsPrevious, a.Buttons, func(b *Button) item {
		b.Text, b.Dialogue = valid(b.Text), valid(b.Dialogue)
		return item{button{b.Text, b.Dialogue}, b.Count, &b.Past}
	})
	type label struct{ id, text string }
	r.Labels = list(r, SectionLabels, SectionLabelsPrevious, a.Labels, func(l *Label) item {
		l.ID, l.Text = valid(l.ID), valid(l.Text)
		key := label{text: l.Text}
		if l.ID != "" {
			key = label{id: l.ID} // a label that was renamed is still the same
		}
		return item{key, l.Count, &l.Past}
	})
}

// item is what the items of all lists have.
type item struct {
	key   any // equal for the same thing in both weeks
	count int
	past  *Past
}

func list[T any](r *Report, section, sectionPrevious string, a Pair[[]T], read func(*T) item) []T {
	if a.This.Failed != "" {
		missing(r, section, a.This)
		return nil
	}
	items := append([]T{}, a.This.Value...)
	rows := make(map[any]int)
	for i := range items {
		it := read(&items[i])
		*it.past = Past{}
		rows[it.key]++
	}
	// By which of its numbers Sage calls a page frequent is not known.
	slices.SortStableFunc(items, func(x, y T) int { return cmp.Compare(read(&y).count, read(&x).count) })
	if a.Previous.Failed != "" {
		missing(r, sectionPrevious, a.Previous)
		return items
	}
	before := make(map[any]int)
	for _, v := range a.Previous.Value {
		it := read(&v)
		before[it.key] = plus(before[it.key], it.count)
	}
	for i := range items {
		it := read(&items[i])
		previous, listed := before[it.key]
		switch {
		case rows[it.key] > 1:
			// Two rows that cannot be told apart, such as a label before and after it was renamed: which part of
			// last week's count belongs to which is not known.
		case !listed && len(a.Previous.Value) >= ListLimit:
			it.past.BelowLimit = true
		default:
			it.past.Previous, it.past.Change = &previous, r.change(it.count, previous)
		}
	}
	return items
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
