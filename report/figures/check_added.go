package figures

import (
	"fmt"
	"math"
	"regexp"

	"kindlyweekly/report/period"
)

var accent = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// added checks what came later to the schema, each part where it is there at all.
func (c *checker) added() {
	r := c.report
	c.histories()
	for i, s := range r.Special {
		key := fmt.Sprintf("special[%d]", i)
		c.require(!s.First.IsZero() && !s.Last.IsZero() && !s.Last.Before(s.First), "%s is of %s to %s, which are no days", key, s.First, s.Last)
		c.require(s.Kind == Holiday || s.Kind == Note, "%s.kind is %q, not holiday or note", key, s.Kind)
	}
	if o := r.Baseline; o != nil {
		c.require(len(o.Periods) >= MinPeriods, "ordinary.weeks has %d entries, and needs %d", len(o.Periods), MinPeriods)
		c.typical("ordinary.chats", &o.Chats)
		c.typical("ordinary.messages", &o.Messages)
		c.typical("ordinary.fallback_rate", o.FallbackRate)
		c.typical("ordinary.handover_rate", o.HandoverRate)
		c.typical("ordinary.feedback", o.Feedback)
		c.typical("ordinary.requests_while_closed", o.RequestsWhileClosed)
		days := r.Period.Name.Days()
		c.keep(dated("ordinary.days", o.Days, days[:], func(d BaselineDay) period.Date { return d.Date }))
		for i, d := range o.Days {
			c.amount(fmt.Sprintf("ordinary.days[%d].chats", i), d.Chats)
			c.amount(fmt.Sprintf("ordinary.days[%d].messages", i), d.Messages)
			c.optionalFraction(fmt.Sprintf("ordinary.days[%d].fallback_rate", i), d.FallbackRate)
		}
	}
	if b := r.Brand; b != nil {
		c.require(b.Accent == "" || accent.MatchString(b.Accent), "brand.accent is %q, not #rrggbb", b.Accent)
	}
	if y := r.YearAgo; y != nil {
		c.require(y.Period == YearBefore(r.Period.Name), "year_ago.week is %s, but a year before %s was %s", y.Period, r.Period.Name, YearBefore(r.Period.Name))
		c.count("year_ago.chats", y.Chats)
		c.count("year_ago.messages", y.Messages)
		c.rated("year_ago.fallback", y.FallbackCount, y.FallbackRate)
		days := YearBefore(r.Period.Name).Days()
		c.keep(dated("year_ago.daily", y.Daily, days[:], func(d HistoryDay) period.Date { return d.Date }))
		for i, d := range y.Daily {
			c.count(fmt.Sprintf("year_ago.daily[%d].chats", i), d.Chats)
			c.count(fmt.Sprintf("year_ago.daily[%d].messages", i), d.Messages)
		}
	}
	for i, t := range r.Targets {
		c.target(fmt.Sprintf("targets[%d]", i), t)
	}
	if m := r.Movers; m != nil {
		for _, list := range m.lists() {
			for i, v := range list.movers {
				c.mover(fmt.Sprintf("movers.%s[%d]", list.name, i), v)
			}
		}
	}
	c.require(len(r.Insights) <= MaxInsights, "insights has %d entries, and may have %d", len(r.Insights), MaxInsights)
	for i, v := range r.Insights {
		c.insight(fmt.Sprintf("insights[%d]", i), v)
	}
	if h := r.Headline; h != nil {
		c.require(h.Rule != "", "headline.rule is missing")
		c.require(h.Rule != HeadlineRecord || h.Record != nil, "headline.record is missing")
		c.require(h.Rule != HeadlineIncident || len(r.Fallbacks.Incidents) > 0, "headline.rule is incident, but there is none")
		c.require(h.Rule != HeadlineBaseline && h.Rule != HeadlineUnusual || r.Baseline != nil, "headline.rule is %s, but ordinary is null", h.Rule)
		if h.Record != nil {
			c.record("headline.record", *h.Record)
		}
	}
}

// histories checks the series that are there in full or not at all.
func (c *checker) histories() {
	r := c.report
	f := r.Fallbacks
	if f.History != nil {
		c.keep(dated("fallbacks.history", f.History, historyDates(r.Period.Name), func(d FallbackDay) period.Date { return d.Date }))
	}
	for i, d := range f.History {
		c.rated(fmt.Sprintf("fallbacks.history[%d]", i), d.Count, d.Rate)
	}
	for i, v := range f.Incidents {
		c.incident(fmt.Sprintf("fallbacks.incidents[%d]", i), v)
	}
	if hours := r.Handovers.HourlyWhileClosed; hours != nil {
		c.require(len(hours) == 7, "handovers.hourly_while_closed has %d entries, not 7", len(hours))
		for i, day := range hours {
			key := fmt.Sprintf("handovers.hourly_while_closed[%d]", i)
			c.require(len(day) == 24, "%s has %d entries, not 24", key, len(day))
			for _, n := range day {
				c.optionalCount(key, n)
			}
		}
	}
	c.ratings("feedback.before_binary", r.Feedback.BeforeBinary)
	c.ratings("feedback.before_emojis", r.Feedback.BeforeEmojis)
	if weekly := r.Feedback.Trend; weekly != nil {
		var weeks []period.Period
		for i := range TrendPeriods {
			weeks = append(weeks, r.Period.Name.Add(i+1-TrendPeriods))
		}
		c.keep(dated("feedback.weekly", weekly, weeks, func(w FeedbackPeriod) period.Period { return w.Period }))
		for i, w := range weekly {
			for _, s := range []*Share{w.Binary, w.Emojis} {
				c.require(s == nil || 0 <= s.Positive && s.Positive <= s.Total, "feedback.weekly[%d] has no parts of a whole", i)
			}
		}
	}
}

// amount checks a median, or what else is a count between counts.
func (c *checker) amount(key string, v float64) {
	c.require(v >= 0 && !math.IsInf(v, 0), "%s is %v, but is not negative", key, v)
}

func (c *checker) typical(key string, t *Typical) {
	if t != nil {
		c.amount(key+".median", t.Median)
		c.amount(key+".mad", t.MAD)
	}
}

func (c *checker) optionalFraction(key string, f *float64) {
	if f != nil {
		c.fraction(key, *f)
	}
}

func (c *checker) thisWeek(key string, d period.Date) {
	c.require(c.report.Period.Name == period.WeekOf(d), "%s is %s, which is no day of %s", key, d, c.report.Period.Name)
}

func (c *checker) known(key, got string, among ...string) {
	for _, one := range among {
		if got == one {
			return
		}
	}
	c.require(false, "%s is %q, not one of %q", key, got, among)
}

func (c *checker) incident(key string, v Incident) {
	c.thisWeek(key+".date", v.Date)
	c.count(key+".count", v.Count)
	c.count(key+".replies", v.Replies)
	c.fraction(key+".rate", v.Rate)
	c.fraction(key+".ordinary", v.Baseline)
}

func (c *checker) target(key string, t Target) {
	c.known(key+".name", t.Name, TargetFallbackRate, TargetHandoverRate, TargetFeedback, TargetRequestsWhileClosed)
	c.amount(key+".limit", t.Limit)
	c.optionalCount(key+".of", t.Of)
	c.known(key+".state", t.State, Met, Missed, Unknown)
	c.known(key+".before", t.Before, Met, Missed, Unknown)
	c.require(t.Steps == 0 || t.Name == TargetFeedback && (t.Steps == 2 || t.Steps == 5), "%s.steps is %d, not 2 or 5", key, t.Steps)
	c.require(!t.StandsOut || t.State != Unknown, "%s.stands_out needs a state that is known", key)
	c.require(t.Value != nil || t.State == Unknown, "%s is %s, but has no value", key, t.State)
	if t.Value != nil {
		c.amount(key+".value", *t.Value)
	}
	c.require(0 <= t.Periods && t.Periods <= TrendPeriods && 0 <= t.BeforePeriods && t.BeforePeriods < TrendPeriods, "%s has been %s for %d weeks, and %s for %d before, of %d",
		key, t.State, t.Periods, t.Before, t.BeforePeriods, TrendPeriods)
	for i, w := range t.Trend {
		if w.Value != nil {
			c.amount(fmt.Sprintf("%s.weekly[%d].value", key, i), *w.Value)
		}
	}
}

func (c *checker) mover(key string, m Mover) {
	c.known(key+".kind", m.Kind, New, Gone, Risen, Fallen)
	c.count(key+".count", m.Count)
	c.count(key+".previous", m.Previous)
	c.require(!m.BelowLimit || m.Kind == Risen || m.Kind == Fallen, "%s is %s, so both its counts are known", key, m.Kind)
}

func (c *checker) record(key string, v Record) {
	c.known(key+".measure", v.Measure, MeasureChats, MeasureFallbackRate)
	for _, value := range []float64{v.Value, v.Baseline, v.Was} {
		c.amount(key, value)
	}
	c.require(!v.WasIn.IsZero() && v.Periods > 0, "%s does not say of which weeks it is", key)
}

// insight checks that an insight has the part that its kind is about. A kind that a later program wrote is left alone.
func (c *checker) insight(key string, v Insight) {
	there := map[string]bool{
		KindIncident: v.Incident != nil, KindFallbackDay: v.Incident != nil, KindTarget: v.Target != nil, KindFeedback: v.Feedback != nil,
		KindRecord: v.Record != nil, KindStreak: v.Streak != nil, KindMover: v.Mover != nil, KindClosed: v.Closed != nil,
		KindDays: v.Days != nil, KindHours: v.Hours != nil,
	}
	has, ours := there[v.Kind]
	c.require(!ours || has, "%s is of the kind %s, but has nothing of it", key, v.Kind)
	if v.Incident != nil {
		c.incident(key+".incident", *v.Incident)
	}
	if v.Target != nil {
		c.target(key+".target", *v.Target)
	}
	if s := v.Feedback; s != nil {
		c.require(0 <= s.Positive && s.Positive <= s.Total && s.Total > 0 && 0 <= s.BeforePositive && s.BeforePositive <= s.BeforeTotal && s.BeforeTotal > 0,
			"%s.feedback has no parts of a whole", key)
		c.require(s.Steps == 2 || s.Steps == 5, "%s.feedback.steps is %d, not 2 or 5", key, s.Steps)
	}
	if v.Record != nil {
		c.record(key+".record", *v.Record)
	}
	if s := v.Streak; s != nil {
		c.known(key+".streak.measure", s.Measure, MeasureChats, MeasureFallbackRate)
		c.amount(key+".streak.from", s.From)
		c.amount(key+".streak.value", s.Value)
		c.require(!s.Since.IsZero() && s.Periods > 0, "%s.streak does not say of which weeks it is", key)
	}
	if m := v.Mover; m != nil {
		c.known(key+".mover.list", m.List, ListLabels, ListButtons, ListPages)
		c.mover(key+".mover", m.Mover)
	}
	if k := v.Closed; k != nil {
		c.count(key+".closed.count", k.Count)
		c.optionalCount(key+".closed.previous", k.Previous)
		if k.Baseline != nil {
			c.amount(key+".closed.ordinary", *k.Baseline)
		}
		c.stretch(key+".closed.hours", k.Hours)
		if k.Day != nil {
			c.thisWeek(key+".closed.day.date", k.Day.Date)
			c.count(key+".closed.day.count", k.Day.Count)
		}
	}
	if d := v.Days; d != nil {
		c.require(d.Most != nil || d.Fewest != nil, "%s.days has no day", key)
		c.require(d.Most != nil || d.Against, "%s.days has no busiest day", key)
		for _, day := range []*DayNote{d.Most, d.Fewest} {
			if day == nil {
				continue
			}
			c.thisWeek(key+".days", day.Date)
			c.count(key+".days", day.Chats)
			c.require(!d.Against || day.Baseline != nil, "%s.days is against what is ordinary, but does not say what is", key)
			if day.Baseline != nil {
				c.amount(key+".days.ordinary", *day.Baseline)
			}
		}
	}
	if h := v.Hours; h != nil {
		c.stretch(key+".hours.half", &h.Half)
		c.stretch(key+".hours.busiest", h.Busiest)
		c.require(h.Total > 0, "%s.hours.total is %d", key, h.Total)
	}
}

func (c *checker) stretch(key string, s *Stretch) {
	if s != nil {
		c.require(0 <= s.From && s.From < 24 && 0 <= s.To && s.To < 24, "%s is from %d to %d, which are no hours", key, s.From, s.To)
		c.count(key+".count", s.Count)
	}
}
