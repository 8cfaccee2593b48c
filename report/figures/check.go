package figures

import (
	"fmt"
	"slices"
	"time"

	"kindlyweekly/report/period"
)

// check holds a report to what [Decode] promises.
func (r *Report) check() error {
	c := checker{report: r}
	c.head()
	if c.err == nil {
		c.series() // from here on the others may index
	}
	if c.err == nil {
		c.sections()
	}
	return c.err
}

// checker keeps the first mistake.
type checker struct {
	report *Report
	err    error
}

func (c *checker) keep(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *checker) require(ok bool, format string, args ...any) {
	if !ok {
		c.keep(fmt.Errorf(format, args...))
	}
}

func (c *checker) head() {
	r := c.report
	c.require(r.Bot.ID != "", "bot.id is missing")
	if _, err := r.Location(); err != nil {
		c.keep(fmt.Errorf("bot.tz: %w", err))
	}
	week := r.Period.Name
	c.require(!week.IsZero(), "week.name is missing")
	c.require(r.Period.From == week.From() && r.Period.To == week.To(),
		"week: %s is %s to %s, not %s to %s", week, week.From(), week.To(), r.Period.From, r.Period.To)
	for _, t := range []time.Time{week.Add(-TrendPeriods).From().UTC(), week.To().UTC(), r.FetchedAt} {
		c.require(1 <= t.Year() && t.Year() <= 9999, "year %d, of the week or of fetched_at, cannot be written", t.Year())
	}
	for i, u := range r.Unavailable {
		c.require(u.Section != "" && u.Reason != "", "unavailable[%d] needs a section and a reason", i)
		for _, d := range u.Days {
			c.require(!d.Before(r.Period.From) && d.Before(r.Period.To), "unavailable[%d] is of %s, which is no day of the week", i, d)
		}
	}
}

func (c *checker) series() {
	r := c.report
	days, previous := r.Period.Name.Days(), r.Period.Name.Previous().Days()
	var weeks []period.Period
	for i := range TrendPeriods {
		weeks = append(weeks, r.Period.Name.Add(i+1-TrendPeriods))
	}
	dayCount := func(d DayCount) period.Date { return d.Date }
	weekCount := func(w PeriodCount) period.Period { return w.Period }
	for _, err := range []error{
		dated("chats.daily", r.Chats.Daily, days[:], dayCount),
		dated("chats.previous_daily", r.Chats.PreviousDaily, previous[:], dayCount),
		dated("chats.weekly", r.Chats.Trend, weeks, weekCount),
		dated("messages.daily", r.Messages.Daily, days[:], dayCount),
		dated("messages.previous_daily", r.Messages.PreviousDaily, previous[:], dayCount),
		dated("messages.weekly", r.Messages.Trend, weeks, weekCount),
		dated("fallbacks.daily", r.Fallbacks.Daily, days[:], func(d FallbackDay) period.Date { return d.Date }),
		dated("fallbacks.weekly", r.Fallbacks.Trend, weeks, func(w FallbackPeriod) period.Period { return w.Period }),
		dated("handovers.daily", r.Handovers.Daily, days[:], func(d HandoverDay) period.Date { return d.Date }),
		dated("handovers.weekly", r.Handovers.Trend, weeks, func(w HandoverPeriod) period.Period { return w.Period }),
		dated("history", r.History, historyDates(r.Period.Name), func(d HistoryDay) period.Date { return d.Date }),
	} {
		c.keep(err)
	}
	c.require(len(r.Chats.Hourly) == len(days), "chats.hourly has %d entries, not %d", len(r.Chats.Hourly), len(days))
	for i, hours := range r.Chats.Hourly {
		c.require(len(hours) == 24, "chats.hourly[%d] has %d entries, not 24", i, len(hours))
	}
}

// dated checks that a series has an entry for each of the dates or weeks, in their order.
func dated[T any, D interface {
	comparable
	fmt.Stringer
}](key string, got []T, want []D, date func(T) D) error {
	if len(got) != len(want) {
		return fmt.Errorf("%s has %d entries, not %d", key, len(got), len(want))
	}
	for i, v := range got {
		if date(v) != want[i] {
			return fmt.Errorf("%s[%d] is of %s, not of %s", key, i, date(v), want[i])
		}
	}
	return nil
}

func (c *checker) count(key string, n int) {
	c.require(n >= 0, "%s is %d, but a count is not negative", key, n)
}

func (c *checker) missing(key string, missing bool, n int) {
	c.require(!missing || n == 0, "%s is missing, and is %d", key, n)
}

func (c *checker) fraction(key string, f float64) {
	c.require(f >= 0 && f <= 1, "%s is %v, but a fraction is from 0 to 1", key, f)
}

func (c *checker) optionalCount(key string, n *int) {
	if n != nil {
		c.count(key, *n)
	}
}

// rated checks a count and its rate: a rate has a count.
func (c *checker) rated(key string, count *int, rate *float64) {
	c.optionalCount(key+" count", count)
	if rate != nil {
		c.fraction(key+" rate", *rate)
		c.require(count != nil, "%s has a rate but no count", key)
	}
}

// explained checks that what is null has a reason, and that what has a reason is null.
func (c *checker) explained(section, key string, null bool) {
	_, unavailable := c.report.Reason(section)
	c.require(!null || unavailable, "%s is null, but unavailable does not say why: it has no section %q", key, section)
	c.require(null || !unavailable, "%s is there, but unavailable has the section %q", key, section)
}

func (c *checker) counts() {
	r := c.report
	c.volume("chats", r.Chats.Volume)
	c.volume("messages", r.Messages)
	for i, d := range r.History {
		c.count(fmt.Sprintf("history[%d].chats", i), d.Chats)
		c.count(fmt.Sprintf("history[%d].messages", i), d.Messages)
		c.missing(fmt.Sprintf("history[%d].chats", i), d.ChatsMissing, d.Chats)
		c.missing(fmt.Sprintf("history[%d].messages", i), d.MessagesMissing, d.Messages)
	}
	_, unavailable := r.Reason(SectionHours)
	for i, hours := range r.Chats.Hourly {
		for hour, n := range hours {
			key := fmt.Sprintf("chats.hourly[%d][%d]", i, hour)
			c.optionalCount(key, n)
			c.require(n == nil || !unavailable, "%s is there, but unavailable has the section %q", key, SectionHours)
		}
	}
	from, hasPrevious := r.beginning()
	same := from == nil && r.HistoryFrom == nil || from != nil && r.HistoryFrom != nil && *from == *r.HistoryFrom
	c.require(same, "history_from is not the first day of history with a chat or a message")
	c.require(hasPrevious == r.HasPrevious, "baseline is %v, but by history it is %v", r.HasPrevious, hasPrevious)
}

func (c *checker) volume(key string, v Volume) {
	c.count(key+".total", v.Total)
	c.count(key+".previous", v.Previous)
	for _, d := range slices.Concat(v.Daily, v.PreviousDaily) {
		c.count(fmt.Sprintf("%s of %s", key, d.Date), d.Count)
		c.missing(fmt.Sprintf("%s of %s", key, d.Date), d.Missing, d.Count)
	}
	for _, w := range v.Trend {
		c.count(fmt.Sprintf("%s of %s", key, w.Period), w.Count)
		c.require(0 <= w.MissingDays && w.MissingDays <= 7, "%s of %s: %d days of a week are missing", key, w.Period, w.MissingDays)
	}
}

func (c *checker) change(key string, previous *int, change *float64) {
	there := previous != nil && c.report.HasPrevious && *previous > 0
	c.require(there == (change != nil), "%s is there only where there is a baseline and the previous count is not zero", key)
}

func (c *checker) changes() {
	r := c.report
	c.change("chats.change", &r.Chats.Previous, r.Chats.Change)
	c.change("messages.change", &r.Messages.Previous, r.Messages.Change)
	h := r.Handovers
	if this, last := h.missingWeeks(); this || last {
		c.require(h.Change == HandoverChange{}, "handovers.change is there, but a day of the two weeks is missing")
		return
	}
	c.change("handovers.change.requests", h.Previous.Requests, h.Change.Requests)
	c.change("handovers.change.requests_while_closed", h.Previous.RequestsWhileClosed, h.Change.RequestsWhileClosed)
	c.change("handovers.change.started", h.Previous.Started, h.Change.Started)
	c.change("handovers.change.ended", h.Previous.Ended, h.Change.Ended)
}

func (c *checker) fallbacks() {
	f := c.report.Fallbacks
	c.explained(SectionFallbacks, "fallbacks.count", f.Count == nil)
	c.rated("fallbacks", f.Count, f.Rate)
	c.rated("fallbacks of the week before", f.PreviousCount, f.PreviousRate)
	c.require(f.ChangePP == nil || f.Rate != nil && f.PreviousRate != nil, "fallbacks.change_pp needs rate and previous_rate")
	for i, d := range f.Daily {
		c.rated(fmt.Sprintf("fallbacks.daily[%d]", i), d.Count, d.Rate)
	}
	for i, w := range f.Trend {
		c.rated(fmt.Sprintf("fallbacks.weekly[%d]", i), w.Count, w.Rate)
	}
	if f.Count == nil {
		return // of which the reason is that of all parts
	}
	c.explained(SectionFallbacksPrevious, "fallbacks.previous_count", f.PreviousCount == nil)
	for i, d := range f.Daily {
		if !d.Missing {
			c.explained(SectionFallbacksDaily, fmt.Sprintf("fallbacks.daily[%d].count", i), d.Count == nil)
		}
	}
}

func (c *checker) handovers() {
	h := c.report.Handovers
	var all []HandoverCounts
	this, last := h.missingWeeks()
	add := func(missing bool, counts HandoverCounts) {
		if !missing {
			all = append(all, counts)
		}
	}
	add(this, h.HandoverCounts)
	add(last, h.Previous)
	for _, d := range h.Daily {
		add(d.Missing, d.HandoverCounts)
	}
	for _, w := range h.Trend {
		add(w.Missing, w.HandoverCounts)
	}
	for _, counts := range all {
		for _, n := range []*int{counts.Requests, counts.RequestsWhileClosed, counts.Started, counts.Ended} {
			c.explained(SectionHandovers, "a count of handovers", n == nil)
			c.optionalCount("a count of handovers", n)
		}
	}
}

func (c *checker) feedback() {
	f := c.report.Feedback
	c.explained(SectionFeedback, "feedback.binary", f.Binary == nil)
	c.explained(SectionFeedback, "feedback.emojis", f.Emojis == nil)
	if f.Binary != nil {
		c.explained(SectionFeedbackPrevious, "feedback.previous_binary", f.PreviousBinary == nil)
		c.explained(SectionFeedbackPrevious, "feedback.previous_emojis", f.PreviousEmojis == nil)
	}
	c.ratings("feedback.binary", f.Binary)
	c.ratings("feedback.emojis", f.Emojis)
	c.ratings("feedback.previous_binary", f.PreviousBinary)
	c.ratings("feedback.previous_emojis", f.PreviousEmojis)
}

func (c *checker) ratings(key string, ratings []Rating) {
	for i, rating := range ratings {
		c.count(fmt.Sprintf("%s[%d].count", key, i), rating.Count)
		c.fraction(fmt.Sprintf("%s[%d].ratio", key, i), rating.Ratio)
	}
}

func (c *checker) lists() {
	r := c.report
	c.explained(SectionPages, "pages", r.Pages == nil)
	for i, p := range r.Pages {
		key := fmt.Sprintf("pages[%d]", i)
		c.count(key+".sessions", p.Sessions)
		c.count(key+".messages", p.Messages)
		c.past(SectionPagesPrevious, key, p.Past)
	}
	c.explained(SectionButtons, "buttons", r.Buttons == nil)
	for i, b := range r.Buttons {
		key := fmt.Sprintf("buttons[%d]", i)
		c.count(key+".count", b.Count)
		c.fraction(key+".ratio", b.Ratio)
		c.past(SectionButtonsPrevious, key, b.Past)
	}
	c.explained(SectionLabels, "labels", r.Labels == nil)
	for i, l := range r.Labels {
		key := fmt.Sprintf("labels[%d]", i)
		c.count(key+".count", l.Count)
		c.past(SectionLabelsPrevious, key, l.Past)
	}
}

// past checks an item's number in the week before, which may be missing for more than one reason.
func (c *checker) past(section, key string, p Past) {
	_, unavailable := c.report.Reason(section)
	c.require(!unavailable || p.Previous == nil && !p.BelowLimit, "%s has a previous count, but unavailable has the section %q", key, section)
	c.require(p.Previous == nil || !p.BelowLimit, "%s cannot have a previous count that is below the limit", key)
	c.optionalCount(key+".previous", p.Previous)
	c.change(key+".change", p.Previous, p.Change)
}
