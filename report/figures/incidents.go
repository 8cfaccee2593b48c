package figures

import (
	"math"

	"kindlyweekly/report/period"
)

// What makes a day's fallback rate an incident. Each was chosen by the simulation in alarms_test.go.
const (
	incidentDays   = 28  // the least days of ordinary weeks that it is held against
	incidentLevel  = 3.2 // standard deviations above what is ordinary, the spread of the days themselves among them
	incidentRatio  = 1.5 // times the ordinary rate
	incidentExcess = 10  // fallbacks more than an ordinary day of so many replies has
	recentDays     = 28  // days that say what is ordinary lately
	minReplies     = 20  // for a day to say what is ordinary
)

// Incident is a day whose fallback rate jumped: far above the bot's own days, by more than they waver.
type Incident struct {
	Date     period.Date `json:"date"`
	Count    int         `json:"count"`    // fallbacks on that day
	Replies  int         `json:"replies"`  // the bot's, of which they are a part
	Rate     float64     `json:"rate"`     // Sage's, of that day
	Baseline float64     `json:"ordinary"` // the ordinary rate of such a day
	Level    float64     `json:"level"`    // how many standard deviations it lies above it
}

// replies returns of how many replies a fallback rate is. Sage does not say it, but where there was a fallback it
// follows; where there was none, the user messages stand in for them.
func replies(count int, rate *float64, messages int) int {
	if rate == nil || *rate <= 0 || count == 0 {
		return messages
	}
	n := math.Round(float64(count) / *rate)
	if n > math.MaxInt32 { // which no true day has
		return math.MaxInt32
	}
	return max(count, int(n))
}

// jumps finds the days of this week whose fallback rate jumped, in their order, whether or not the week is special. It alone
// decides what a jump is and how far it lies beyond chance: whatever shows one, and a portfolio, reads [Incident.Level]
// only, which is in standard deviations.
//
// What is ordinary for a day is the highest of three medians: of all days of the ordinary weeks, of the last four weeks
// of them, and of the same weekday. So neither a rate that creeps nor a weekday that is always worse makes an incident.
// What a day wavers by is what chance makes of its replies, and beside it what the days waver by themselves, which is
// estimated so that outliers, an earlier incident among them, do not matter.
func (r *Report) jumps() []Incident {
	type day struct{ y, variance float64 }
	var days []day
	byWeekday := make([][]float64, 7)
	var all []float64
	for _, i := range r.baselineWeeks() {
		for d := range 7 {
			f, messages := r.Fallbacks.History[7*i+d], r.History[7*i+d].Messages
			if f.Rate == nil { // which has a count
				continue
			}
			n := replies(*f.Count, f.Rate, messages) // of a day without fallbacks and of unknown messages none
			if n < minReplies {
				continue
			}
			y, variance := angle(*f.Count, n)
			days = append(days, day{y, variance})
			all = append(all, y)
			byWeekday[d] = append(byWeekday[d], y)
		}
	}
	if len(days) < incidentDays {
		return nil
	}
	centre := median(all)
	// The spread of the days is that with which half of them lie within 0.6745 standard deviations.
	spread := solve(1, func(spread float64) float64 {
		away := make([]float64, len(days))
		for i, d := range days {
			away[i] = math.Abs(d.y-centre) / math.Sqrt(d.variance+spread*spread)
		}
		return median(away)
	})

	var found []Incident
	for d, f := range r.Fallbacks.Daily {
		if f.Rate == nil || !r.Messages.Daily[d].Known() || r.Messages.Daily[d].Count < MinMessages {
			continue
		}
		baseline := max(centre, median(all[max(0, len(all)-recentDays):]))
		if len(byWeekday[d]) >= MinPeriods {
			baseline = max(baseline, median(byWeekday[d]))
		}
		n := replies(*f.Count, f.Rate, r.Messages.Daily[d].Count)
		y, variance := angle(*f.Count, n)
		rate := math.Pow(math.Sin(baseline), 2)
		level := (y - baseline) / math.Sqrt(variance+spread*spread)
		if level >= incidentLevel && *f.Rate >= incidentRatio*rate && float64(*f.Count)-rate*float64(n) >= incidentExcess {
			found = append(found, Incident{Date: f.Date, Count: *f.Count, Replies: n, Rate: *f.Rate, Baseline: rate, Level: level})
		}
	}
	return found
}

// incidents keeps the jumps of a week that may be compared. In one with something special in it they are no alarm.
func (r *Report) incidents() (jumps []Incident) {
	jumps = r.jumps()
	r.Fallbacks.Incidents = []Incident{}
	if !r.isSpecial(r.Period.Name) {
		r.Fallbacks.Incidents = append(r.Fallbacks.Incidents, jumps...)
	}
	return jumps
}
