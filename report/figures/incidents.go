package figures

import (
	"math"
	"time"

	"kindlyweekly/report/period"
)

// Thresholds of incidents, chosen by the simulation in alarms_test.go.
const (
	incidentDays   = 28  // days of the baseline that a day is compared with, at least
	incidentLevel  = 3.2 // standard deviations above the baseline
	incidentRatio  = 1.5 // times the baseline's rate
	incidentExcess = 10  // fallbacks more than the baseline's rate gives for as many replies
	recentDays     = 28  // of the baseline's days, the last ones
	minReplies     = 20  // for a day to be part of the baseline
)

// Incident is a day whose fallback rate jumped: it is far above that of the bot's other days, by
// more than they vary.
type Incident struct {
	Date     period.Date `json:"date"`
	Count    int         `json:"count"`    // fallbacks on that day
	Replies  int         `json:"replies"`  // the bot's, fallbacks among them
	Rate     float64     `json:"rate"`     // Sage's, of that day
	Baseline float64     `json:"ordinary"` // the usual rate of such a day
	Level    float64     `json:"level"`    // standard deviations above the baseline
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

// fallbackDays are the days of the baseline that have enough replies for a fallback rate. Their
// rates are on the scale of angle, in the order of the days.
type fallbackDays struct {
	all, variances []float64
	byWeekday      [7][]float64
}

func (r *Report) baselineFallbackDays() (days fallbackDays) {
	for _, week := range r.baselineWeeks() {
		span := r.span(week)
		for i := span.first; i <= span.last; i++ {
			f, messages := r.Fallbacks.History[i], r.History[i].Messages
			if f.Rate == nil { // with a rate there is a count
				continue
			}
			// Replies are 0 on a day without fallbacks whose messages are unknown.
			if n := replies(*f.Count, f.Rate, messages); n >= minReplies {
				y, variance := angle(*f.Count, n)
				days.all, days.variances = append(days.all, y), append(days.variances, variance)
				d := r.weekday(i)
				days.byWeekday[d] = append(days.byWeekday[d], y)
			}
		}
	}
	return days
}

// variation estimates by how much the rates vary from day to day beside chance.
func (d fallbackDays) variation() float64 {
	center := median(d.all)
	deviations := make([]deviation, len(d.all))
	for i, y := range d.all {
		deviations[i] = deviation{y - center, d.variances[i], 1}
	}
	return variation(1, deviations)
}

// usual returns the highest of three medians: of all days, of the last four weeks of them, and of
// the same weekday. So neither a creeping rate nor a weekday that is always worse makes an
// incident.
func (d fallbackDays) usual(weekday time.Weekday) float64 {
	recent := d.all[max(0, len(d.all)-recentDays):]
	usual := max(median(d.all), median(recent))
	if same := d.byWeekday[weekday]; len(same) >= MinPeriods {
		usual = max(usual, median(same))
	}
	return usual
}

// jumps returns the days of this week whose fallback rate jumped, in their order, whether or not
// the week is special. It alone decides what a jump is. Others read [Incident.Level], which is in
// standard deviations: of chance for so many replies, and of what days vary by beside chance.
func (r *Report) jumps() (found []Incident) {
	days := r.baselineFallbackDays()
	if len(days.all) < incidentDays {
		return nil
	}
	variation := days.variation()
	start := r.span(TrendPeriods - 1).first
	for d, f := range r.Fallbacks.Daily {
		messages := r.Messages.Daily[d]
		if f.Rate == nil || !messages.Known() || messages.Count < MinMessages {
			continue
		}
		n := replies(*f.Count, f.Rate, messages.Count)
		y, variance := angle(*f.Count, n)
		usual := days.usual(r.weekday(start + d))
		v := Incident{Date: f.Date, Count: *f.Count, Replies: n, Rate: *f.Rate}
		v.Baseline = math.Pow(math.Sin(usual), 2)
		v.Level = (y - usual) / math.Sqrt(variance+variation*variation)
		excess := float64(v.Count) - v.Baseline*float64(n)
		if v.Level >= incidentLevel && v.Rate >= incidentRatio*v.Baseline &&
			excess >= incidentExcess {
			found = append(found, v)
		}
	}
	return found
}

// incidents keeps the jumps, and returns them. Those of a special week are no incidents.
func (r *Report) incidents() (jumps []Incident) {
	jumps = r.jumps()
	r.Fallbacks.Incidents = []Incident{}
	if !r.isSpecial(r.Period.Name) {
		r.Fallbacks.Incidents = append(r.Fallbacks.Incidents, jumps...)
	}
	return jumps
}
