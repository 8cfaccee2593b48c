package figures

import (
	"cmp"
	"math"
	"slices"

	"kindlyweekly/report/period"
)

// MaxInsights is how many insights a report has at most.
const MaxInsights = 5

// Kinds of insights.
const (
	KindIncident    = "incident"     // a day whose fallback rate jumped
	KindTarget      = "target"       // a target that was missed, or met again
	KindFallbackDay = "fallback_day" // as incident, in a special week: no alarm
	KindFeedback    = "feedback"     // feedback that shifted
	KindRecord      = "record"
	KindStreak      = "streak"
	KindMover       = "mover"
	KindClosed      = "closed" // users asked for a human outside opening hours
	KindDays        = "days"   // the best and the worst day
	KindHours       = "hours"  // when users come
)

// Insight is something that stands out in the week. Of the fields after Kind it has the one for
// its kind, with all numbers for a sentence about it.
type Insight struct {
	Kind string `json:"kind"`

	Incident *Incident `json:"incident,omitempty"` // of incident and fallback_day
	Target   *Target   `json:"target,omitempty"`
	Feedback *Shift    `json:"feedback,omitempty"`
	Record   *Record   `json:"record,omitempty"`
	Streak   *Streak   `json:"streak,omitempty"`
	Mover    *Moved    `json:"mover,omitempty"`
	Closed   *Closed   `json:"closed,omitempty"`
	Days     *Days     `json:"days,omitempty"`
	Hours    *Hours    `json:"hours,omitempty"`
}

// Shift is feedback that differs from that of the eleven weeks before by more than chance.
type Shift struct {
	Steps          int `json:"steps"` // 2 for thumbs, 5 for faces
	Positive       int `json:"positive"`
	Total          int `json:"total"`
	BeforePositive int `json:"before_positive"` // in the eleven weeks before together
	BeforeTotal    int `json:"before_total"`
	// Level is by how many standard deviations the shift is larger than shiftLeast.
	Level float64 `json:"level"`
}

// Rose reports whether a larger share of the ratings was positive than before.
func (s Shift) Rose() bool {
	return float64(s.Positive)*float64(s.BeforeTotal) > float64(s.BeforePositive)*float64(s.Total)
}

// Moved is the item of a list that moved the furthest.
type Moved struct {
	List string `json:"list"` // labels, buttons or pages
	Mover
}

// Closed is how often users asked for a human outside opening hours, and when.
type Closed struct {
	Count    int      `json:"count"`
	Previous *int     `json:"previous"` // null if last week may not be compared
	Baseline *float64 `json:"ordinary"` // the baseline's median; null without one
	// Hours is the shortest stretch of hours with half of Count. It is null if it is longer than
	// longestHalf, if an hour is not known, or if the hours contradict Count.
	Hours *Stretch `json:"hours"`
	// Day is the day with the most; null if two have as many.
	Day *DayCount `json:"day"`
}

// Stretch is a stretch of hours of the clock, with its events. It spans midnight if To is not after
// From.
type Stretch struct {
	From  int `json:"from"` // 0 to 23
	To    int `json:"to"`   // 0 to 23, exclusive; 0 is midnight
	Count int `json:"count"`
}

// Days are the days with the most and the fewest chats: of those that are far from the baseline of
// their weekday, or if there are none, of all days by count alone.
type Days struct {
	Against bool     `json:"against"` // the days are compared with the baseline
	Most    *DayNote `json:"most"`    // null: none, or two alike
	Fewest  *DayNote `json:"fewest"`
}

// DayNote is a day, and the baseline of its weekday.
type DayNote struct {
	Date     period.Date `json:"date"`
	Chats    int         `json:"chats"`
	Baseline *float64    `json:"ordinary"` // null: not compared
}

// Hours is when users come: the shortest stretch of hours in which half of the week's chats began,
// and the busiest hour. The hours add up to about the week's chats, so a share of the hours is a
// share of the chats.
type Hours struct {
	Half    Stretch  `json:"half"`
	Total   int      `json:"total"`   // of all hours
	Busiest *Stretch `json:"busiest"` // an hour; null if two have as many
}

// Thresholds of feedback that shifted and of days far from the baseline, chosen by the simulation
// in alarms_test.go.
const (
	shiftLevel  = 3.0  // standard deviations more than shiftLeast
	shiftLeast  = 0.05 // of all ratings
	shiftBefore = 60   // ratings in the eleven weeks before
	dayLevel    = 5.0  // standard deviations
	dayLeast    = 0.1  // of the baseline
)

// longestHalf is the most hours that a stretch has.
const longestHalf = 10

// insights sets the insights: what went wrong, then what changed, then what the week was like. Of
// the days and of the targets there are at most two. In a special week, missed targets come before
// jumps.
func (r *Report) insights(jumps []Incident) {
	r.Insights = []Insight{}
	add := func(all ...Insight) {
		r.Insights = append(r.Insights, all[:min(len(all), 2, MaxInsights-len(r.Insights))]...)
	}
	missed, again := r.targetInsights()
	if r.isSpecial(r.Period.Name) {
		add(missed...)
		add(jumpInsights(KindFallbackDay, jumps)...)
	} else {
		add(jumpInsights(KindIncident, jumps)...)
		add(missed...)
	}
	add(r.shifts()...)
	for _, s := range []series{r.fallbackSeries(), r.chatSeries()} {
		if record := r.record(s); record != nil {
			add(Insight{Kind: KindRecord, Record: record})
		} else if streak := r.streak(s); streak != nil {
			add(Insight{Kind: KindStreak, Streak: streak})
		}
	}
	add(again...)
	for _, list := range r.Movers.lists() {
		if len(list.movers) > 0 && list.movers[0].Level >= moverStrong {
			add(Insight{Kind: KindMover, Mover: &Moved{list.name, list.movers[0]}})
		}
	}
	if c := r.closed(); c != nil {
		add(Insight{Kind: KindClosed, Closed: c})
	}
	if d := r.days(); d != nil {
		add(Insight{Kind: KindDays, Days: d})
	}
	if h := r.comingHours(); h != nil {
		add(Insight{Kind: KindHours, Hours: h})
	}
}

// jumpInsights returns the jumps as insights of a kind, the worst first.
func jumpInsights(kind string, jumps []Incident) (all []Insight) {
	for _, j := range jumps {
		all = append(all, Insight{Kind: kind, Incident: &j})
	}
	slices.SortStableFunc(all, func(a, b Insight) int {
		return cmp.Compare(b.Incident.Level, a.Incident.Level)
	})
	return all
}

// targetInsights returns the targets that were missed, and those that are met again.
func (r *Report) targetInsights() (missed, again []Insight) {
	for _, t := range r.Targets {
		t.Trend = nil // it is in Report.Targets
		switch {
		case t.State == Missed:
			missed = append(missed, Insight{Kind: KindTarget, Target: &t})
		case t.metAgain():
			again = append(again, Insight{Kind: KindTarget, Target: &t})
		}
	}
	return missed, again
}

// shifts returns the kinds of feedback that differ from the eleven weeks before by more than chance
// and by more than shiftLeast, the furthest first.
func (r *Report) shifts() []Insight {
	if !r.HasPrevious || r.isSpecial(r.Period.Name) {
		return nil
	}
	var found []Insight
	f := r.Feedback
	for _, kind := range []struct {
		steps        int
		this, before []Rating
	}{{2, f.Binary, f.BeforeBinary}, {5, f.Emojis, f.BeforeEmojis}} {
		s := Shift{Steps: kind.steps}
		s.Positive, s.Total = Positive(kind.this, kind.steps)
		s.BeforePositive, s.BeforeTotal = Positive(kind.before, kind.steps)
		if s.Total < MinRatings || s.BeforeTotal < shiftBefore {
			continue
		}
		y, variance := angle(s.Positive, s.Total)
		_, beforeVariance := angle(s.BeforePositive, s.BeforeTotal)
		before := float64(s.BeforePositive) / float64(s.BeforeTotal)
		away := max(y-ofFraction(before+shiftLeast), ofFraction(before-shiftLeast)-y)
		s.Level = away / math.Sqrt(variance+beforeVariance)
		if s.Level >= shiftLevel {
			found = append(found, Insight{Kind: KindFeedback, Feedback: &s})
		}
	}
	slices.SortStableFunc(found, func(a, b Insight) int {
		return cmp.Compare(b.Feedback.Level, a.Feedback.Level)
	})
	return found
}

// closed returns when users asked for a human outside opening hours, nil with fewer than MinCount
// requests: so few say nothing about when they come.
func (r *Report) closed() *Closed {
	h := r.Handovers
	if h.RequestsWhileClosed == nil || *h.RequestsWhileClosed < MinCount {
		return nil
	}
	c := &Closed{Count: *h.RequestsWhileClosed}
	if !r.misses(SectionHandoversHourly) {
		half := shortest(byHour(h.HourlyWhileClosed), c.Count)
		if half != nil && half.Count <= c.Count { // otherwise the hours contradict the days
			c.Hours = half
		}
	}
	if r.previousComparable() {
		c.Previous = h.Previous.RequestsWhileClosed
	}
	b := r.Baseline
	if b != nil && b.RequestsWhileClosed != nil && !r.isSpecial(r.Period.Name) {
		c.Baseline = &b.RequestsWhileClosed.Median
	}
	var days []int
	for _, d := range h.Daily {
		days = append(days, *d.RequestsWhileClosed)
	}
	if i, ok := peak(days); ok {
		c.Day = &DayCount{Date: h.Daily[i].Date, Count: days[i]}
	}
	return c
}

// peak returns the place of the largest count. ok is false if another is as large.
func peak(counts []int) (at int, ok bool) {
	most := slices.Max(counts)
	at = slices.Index(counts, most)
	return at, !slices.Contains(counts[at+1:], most)
}

// byHour returns the sum of all days for each hour of the clock.
func byHour(days [][]*int) (hours [24]int) {
	for _, day := range days {
		for hour, n := range day {
			if n != nil {
				hours[hour] = plus(hours[hour], *n)
			}
		}
	}
	return hours
}

// shortest returns the shortest stretch of hours with half of whole, or half of all hours if these
// are more. Among equally short ones it prefers the one with the most events, and then the
// earliest. It returns nil if there are no events, and if the stretch is longer than longestHalf.
func shortest(hours [24]int, whole int) *Stretch {
	total := max(whole, sum(hours))
	if total == 0 {
		return nil
	}
	for length := 1; length <= longestHalf; length++ {
		best := Stretch{}
		for from := range hours {
			count := 0
			for i := range length {
				count = plus(count, hours[(from+i)%24])
			}
			if count > best.Count {
				best = Stretch{from, (from + length) % 24, count}
			}
		}
		if best.Count >= total-best.Count {
			return &best
		}
	}
	return nil
}

func sum(hours [24]int) (n int) {
	for _, v := range hours {
		n = plus(n, v)
	}
	return n
}

// days returns the days that are furthest from the baseline; if there are none, the busiest and the
// quietest day. It is nil for few chats, and if the two busiest days are alike.
func (r *Report) days() *Days {
	if r.Chats.Total < MinEvents || !r.Chats.This().Known() {
		return nil
	}
	if d := r.unusualDays(); d != nil {
		return d
	}
	days := slices.SortedFunc(slices.Values(r.Chats.Daily), func(a, b DayCount) int {
		return cmp.Compare(b.Count, a.Count)
	})
	most, fewest := days[0], days[len(days)-1]
	if most.Count == days[1].Count {
		return nil
	}
	d := Days{Most: &DayNote{Date: most.Date, Chats: most.Count}}
	if fewest.Count != days[len(days)-2].Count && !fewest.Date.Before(*r.HistoryFrom) {
		d.Fewest = &DayNote{Date: fewest.Date, Chats: fewest.Count}
	}
	return &d
}

// unusualDays returns the days that are furthest above and below the baseline of their weekday. It
// is nil if no day is far from it, or the week is compared with no other.
func (r *Report) unusualDays() *Days {
	if r.Baseline == nil || r.isSpecial(r.Period.Name) {
		return nil
	}
	d := Days{Against: true}
	var most, least float64
	variation, uncertainty := r.dayVariation(), medianError(len(r.Baseline.Periods))
	for i, day := range r.Chats.Daily {
		count, usual := float64(day.Count), r.Baseline.Days[i].Chats
		level := (root(count) - root(usual)) /
			(math.Sqrt(1+variation*variation*usual) * uncertainty)
		if math.Abs(level) < dayLevel || math.Abs(count-usual) < dayLeast*usual ||
			max(count, usual) < MinEvents {
			continue
		}
		note := &DayNote{day.Date, day.Count, &usual}
		if level > most {
			d.Most, most = note, level
		}
		if level < least {
			d.Fewest, least = note, level
		}
	}
	if d.Most == nil && d.Fewest == nil {
		return nil
	}
	return &d
}

// comingHours returns when users come. It returns nil for few chats, if no stretch of hours is
// short enough, and if hoursAgree is false.
func (r *Report) comingHours() *Hours {
	hours := byHour(r.Chats.Hourly)
	total := sum(hours)
	half := shortest(hours, total)
	if total < MinEvents || half == nil || !r.hoursAgree(total) {
		return nil
	}
	h := &Hours{Half: *half, Total: total}
	if i, ok := peak(hours[:]); ok && hours[i] >= MinEvents {
		h.Busiest = &Stretch{i, (i + 1) % 24, hours[i]}
	}
	return h
}

// hoursAgree reports whether all chats and hours of the week are known and agree. total is the sum
// of the hours. It may differ from the chats by a tenth, or by fewEvents if that is more. Sage may
// count a chat in several hours.
func (r *Report) hoursAgree(total int) bool {
	chats := r.Chats.This()
	away := max(total-chats.Count, chats.Count-total)
	return chats.Known() && !r.misses(SectionHours) && !r.misses(SectionHoursDays) &&
		away <= max(fewEvents, chats.Count/maxOverlap)
}

// misses reports whether a section is unavailable, as a whole or on some days.
func (r *Report) misses(section string) bool {
	return slices.ContainsFunc(r.Unavailable,
		func(u Unavailable) bool { return u.Section == section })
}
