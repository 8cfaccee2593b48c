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
	KindFallbackDay = "fallback_day" // such a day in a week that is held against no other: no alarm
	KindFeedback    = "feedback"     // feedback that shifted
	KindRecord      = "record"
	KindStreak      = "streak"
	KindMover       = "mover"
	KindClosed      = "closed" // people asking for a human outside opening hours
	KindDays        = "days"   // the best and the worst day
	KindHours       = "hours"  // when people come
)

// Insight is something that stands out in the week. It has its kind, and of what follows the one part that the kind is
// about: all the numbers that a sentence about it needs.
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
	// Level is how many standard deviations the shift lies beyond one that is not worth a word.
	Level float64 `json:"level"`
}

// Moved is the item of a list that moved the furthest.
type Moved struct {
	List string `json:"list"` // labels, buttons or pages
	Mover
}

// Closed is how often people asked for a human outside opening hours, and when.
type Closed struct {
	Count    int      `json:"count"`
	Previous *int     `json:"previous"` // null without a baseline
	Baseline *float64 `json:"ordinary"` // the median of the ordinary weeks; null where there is none
	// Hours is the shortest stretch of hours in which half of them came, of the whole week. Null where that is most of
	// the day, or the hours are not available.
	Hours *Stretch `json:"hours"`
	// Day is the day with the most; null where two have as many.
	Day *DayCount `json:"day"`
}

// Stretch is a stretch of hours of the clock, and how much of the whole was in it. Where To is not after From it goes
// over midnight.
type Stretch struct {
	From  int `json:"from"` // 0 to 23
	To    int `json:"to"`   // 0 to 23, exclusive; 0 is midnight
	Count int `json:"count"`
}

// Days are the day with the most chats and the day with the fewest, each against its own weekday's ordinary where there is
// an ordinary week and the day is far from it; else by count alone.
type Days struct {
	Against bool     `json:"against"` // whether the days are chosen by how far they are from their ordinary
	Most    *DayNote `json:"most"`    // null: none, or two alike
	Fewest  *DayNote `json:"fewest"`
}

// DayNote is a day beside what its weekday ordinarily has.
type DayNote struct {
	Date     period.Date `json:"date"`
	Chats    int         `json:"chats"`
	Baseline *float64    `json:"ordinary"` // null where there is none to compare with
}

// Hours is when people come: the shortest stretch of hours in which half of the week's chats began, and the hour in which
// the most did.
type Hours struct {
	Half    Stretch  `json:"half"`
	Total   int      `json:"total"`
	Busiest *Stretch `json:"busiest"` // an hour; null where two have as many
}

// What makes feedback a shift, and a day one that is far from its ordinary. Each was chosen by the simulation in
// alarms_test.go.
const (
	shiftLevel  = 3.0  // standard deviations beyond shiftLeast
	shiftLeast  = 0.05 // of all ratings
	shiftBefore = 60   // ratings in the eleven weeks before
	dayLevel    = 5.0  // standard deviations
	dayLeast    = 0.1  // of the ordinary day
)

// longestHalf is the longest stretch of hours that is worth naming.
const longestHalf = 10

// insights chooses what stands out, and ranks it: first what went wrong, then what changed, then what the week was like.
//
// The order: days whose fallbacks jumped, the worst first; targets missed; such a day in a special week; feedback; records
// and streaks of the fallback rate, then of chats; targets met again; the first mover of each list; people asking for a
// human while closed; the best and the worst day; the hours. Of days and of targets there are at most two.
func (r *Report) insights(jumps []Incident) {
	r.Insights = []Insight{}
	add := func(all ...Insight) {
		for _, i := range all[:min(len(all), 2)] {
			if len(r.Insights) < MaxInsights {
				r.Insights = append(r.Insights, i)
			}
		}
	}
	slices.SortStableFunc(jumps, func(a, b Incident) int { return cmp.Compare(b.Level, a.Level) })
	var incidents, days, missed, again []Insight
	for _, j := range jumps {
		if r.isSpecial(r.Period.Name) {
			days = append(days, Insight{Kind: KindFallbackDay, Incident: &j})
		} else {
			incidents = append(incidents, Insight{Kind: KindIncident, Incident: &j})
		}
	}
	for _, t := range r.Targets {
		t.Trend = nil // which stand among the targets
		switch {
		case t.State == Missed:
			missed = append(missed, Insight{Kind: KindTarget, Target: &t})
		case t.State == Met && t.Before == Missed:
			again = append(again, Insight{Kind: KindTarget, Target: &t})
		}
	}
	add(incidents...)
	add(missed...)
	add(days...)
	add(r.shifts()...)
	for _, s := range []series{r.fallbackSeries(), r.chatSeries()} {
		if rec := r.record(s); rec != nil {
			add(Insight{Kind: KindRecord, Record: rec})
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

// shifts holds the week's feedback against that of the eleven weeks before. One that differs by less than shiftLeast is
// not worth a word, whatever the chance.
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
		was := float64(s.BeforePositive) / float64(s.BeforeTotal)
		_, pastVariance := angle(s.BeforePositive, s.BeforeTotal)
		limit := func(share float64) float64 { return math.Asin(math.Sqrt(min(1, max(0, share)))) }
		s.Level = max(y-limit(was+shiftLeast), limit(was-shiftLeast)-y) / math.Sqrt(variance+pastVariance)
		if s.Level >= shiftLevel {
			found = append(found, Insight{Kind: KindFeedback, Feedback: &s})
		}
	}
	slices.SortStableFunc(found, func(a, b Insight) int { return cmp.Compare(b.Feedback.Level, a.Feedback.Level) })
	return found
}

// closed says when people asked for a human in vain.
func (r *Report) closed() *Closed {
	h := r.Handovers
	if h.RequestsWhileClosed == nil || *h.RequestsWhileClosed < MinCount {
		return nil // when a handful of people came says nothing about when they will
	}
	c := &Closed{Count: *h.RequestsWhileClosed}
	if r.previousComparable() {
		c.Previous = h.Previous.RequestsWhileClosed
	}
	if r.Baseline != nil && r.Baseline.RequestsWhileClosed != nil && !r.isSpecial(r.Period.Name) {
		c.Baseline = &r.Baseline.RequestsWhileClosed.Median
	}
	c.Hours = shortest(byHour(h.HourlyWhileClosed))
	var most, second DayCount
	for _, d := range h.Daily {
		switch n := *d.RequestsWhileClosed; {
		case n > most.Count:
			most, second = DayCount{Date: d.Date, Count: n}, most
		case n > second.Count:
			second = DayCount{Date: d.Date, Count: n}
		}
	}
	if most.Count > second.Count {
		c.Day = &most
	}
	return c
}

// byHour adds up the hours of the clock over all days.
func byHour(days [][]*int) (hours [24]int) {
	for _, day := range days {
		for hour, n := range day {
			if n != nil && hour < len(hours) {
				hours[hour] = plus(hours[hour], *n)
			}
		}
	}
	return hours
}

// shortest returns the shortest stretch of hours that holds half of the events; of several of that length the one with
// the most, of those the earliest. Nil where there are no events, or it would be longer than is worth naming.
func shortest(hours [24]int) *Stretch {
	total := 0
	for _, n := range hours {
		total = plus(total, n)
	}
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

// days looks for the two days that are furthest from their ordinary, and else for the busiest and the quietest.
func (r *Report) days() *Days {
	if r.Chats.Total < MinEvents || !r.Chats.This().Known() {
		return nil
	}
	if r.Baseline != nil && !r.isSpecial(r.Period.Name) {
		d := Days{Against: true}
		var most, least float64
		variation, weeks := r.dayVariation(), len(r.Baseline.Periods)
		for i, day := range r.Chats.Daily {
			baseline := r.Baseline.Days[i].Chats
			level := pastDay{float64(day.Count), baseline}.away() / (math.Sqrt(1+variation*variation*baseline) * medianError(weeks))
			if math.Abs(level) < dayLevel || math.Abs(float64(day.Count)-baseline) < dayLeast*baseline || max(float64(day.Count), baseline) < MinEvents {
				continue
			}
			note := &DayNote{day.Date, day.Count, &baseline}
			if level > most {
				d.Most, most = note, level
			}
			if level < least {
				d.Fewest, least = note, level
			}
		}
		if d.Most != nil || d.Fewest != nil {
			return &d
		}
	}
	days := slices.SortedFunc(slices.Values(r.Chats.Daily), func(a, b DayCount) int { return cmp.Compare(b.Count, a.Count) })
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

// comingHours says when people come.
func (r *Report) comingHours() *Hours {
	hours := byHour(r.Chats.Hourly)
	h := Hours{}
	var most, second Stretch
	for hour, n := range hours {
		h.Total = plus(h.Total, n)
		switch {
		case n > most.Count:
			most, second = Stretch{hour, (hour + 1) % 24, n}, most
		case n > second.Count:
			second = Stretch{Count: n}
		}
	}
	half := shortest(hours)
	for day := range 7 {
		if !r.KnowsHours(day) {
			return nil
		}
	}
	if h.Total < MinEvents || half == nil {
		return nil
	}
	h.Half = *half
	if most.Count > second.Count && most.Count >= MinEvents {
		h.Busiest = &most
	}
	return &h
}
