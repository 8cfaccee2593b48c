package figures

import (
	"math"
	"slices"

	"kindlyweekly/report/period"
)

// Thresholds of incidents, chosen by simulation; see detection_test.go.
const (
	incidentDays   = 28  // least days that what is usual is learned from
	incidentRatio  = 1.5 // times the usual rate
	incidentExcess = 8   // fallbacks more than the usual rate gives for as many replies
	minReplies     = 20  // of a day that is used to learn what is usual

	incidentEvidence = 4.4 // see usualRates.evidence
)

// Incident is a day whose fallback rate jumped. Given how much this bot's days vary, its fallbacks
// are far more likely on a day whose rate doubled than on a usual day.
type Incident struct {
	Date     period.Date `json:"date"`
	Count    int         `json:"count"`    // fallbacks on that day
	Replies  int         `json:"replies"`  // the bot's, fallbacks among them
	Rate     float64     `json:"rate"`     // Sage's, of that day
	Baseline float64     `json:"ordinary"` // the usual rate of such a weekday
	Level    float64     `json:"level"`    // standard deviations above the usual rate
}

// replies returns of how many replies a fallback rate is. Sage does not say it. With a fallback it
// follows from the rate; without one, the number of user messages is used.
func replies(count int, rate *float64, messages int) int {
	if rate == nil || *rate <= 0 || count == 0 {
		return messages
	}
	n := min(math.Round(float64(count) / *rate), math.MaxInt32) // more than any day has
	return min(max(count, int(n)), math.MaxInt32)
}

// rateDays returns the days of weeks, given by their places among the 12, that have enough replies
// for a fallback rate. Ages count from the first day of the week after the last one.
func (r *Report) rateDays(weeks []int) (days []rateDay) {
	end := r.span(weeks[len(weeks)-1]).last + 1
	for _, week := range weeks {
		span := r.span(week)
		for i := span.first; i <= span.last; i++ {
			if d, ok := r.rateDay(i); ok && d.replies >= minReplies {
				d.age = end - i
				days = append(days, d)
			}
		}
	}
	return days
}

// rateDay returns a day of the history. ok is false if it has no rate. Replies are 0 on a day
// without fallbacks whose messages are unknown.
func (r *Report) rateDay(place int) (d rateDay, ok bool) {
	f := r.Fallbacks.History[place]
	if f.Rate == nil { // with a rate there is a count
		return d, false
	}
	n := replies(*f.Count, f.Rate, r.History[place].Messages)
	return rateDay{fallbacks: float64(*f.Count), replies: float64(n),
		weekday: r.weekday(place)}, true
}

// jumps returns the days of one of the 12 weeks whose fallback rate jumped, in their order, whether
// or not the week is special. No other code decides what a jump is. What is usual is learned from
// the baseline's weeks before. Neither a creeping rate nor a weekday that is always worse makes a
// jump.
func (r *Report) jumps(place int) (found []Incident) {
	weeks := slices.DeleteFunc(r.baselineWeeks(), func(week int) bool { return week >= place })
	if len(weeks) < MinPeriods {
		return nil
	}
	days := r.rateDays(weeks)
	if len(days) < incidentDays {
		return nil
	}
	usual := learnUsual(days)
	span := r.span(place)
	for i := span.first; i <= span.last; i++ {
		messages := r.History[i]
		d, ok := r.rateDay(i)
		if !ok || !messages.KnowsMessages() || messages.Messages < MinOfDay {
			continue
		}
		p := usual.rate(d.weekday)
		if more := d.fallbacks - p*d.replies; more < incidentExcess ||
			d.fallbacks < incidentRatio*p*d.replies ||
			usual.evidence(d) < incidentEvidence {
			continue
		}
		y, variance := angle(int(d.fallbacks), int(d.replies))
		variance += usual.varies(d.weekday) * p / (1 - p) / 4
		found = append(found, Incident{
			Date: r.History[i].Date, Count: int(d.fallbacks), Replies: int(d.replies),
			Rate: *r.Fallbacks.History[i].Rate, Baseline: p,
			Level: (y - ofFraction(p)) / math.Sqrt(variance),
		})
	}
	return found
}

// incidents keeps the jumps, and returns them. Those of a special week are no incidents.
func (r *Report) incidents() (jumps []Incident) {
	jumps = r.jumps(TrendPeriods - 1)
	r.Fallbacks.Incidents = []Incident{}
	if !r.isSpecial(r.Period.Name) {
		r.Fallbacks.Incidents = append(r.Fallbacks.Incidents, jumps...)
	}
	return jumps
}
