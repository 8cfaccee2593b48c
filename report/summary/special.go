package summary

import (
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// mostNames is how many holidays and notes a sentence names.
const mostNames = 3

// Mark says what was special about a day or a week of a chart.
type Mark struct {
	At   int    // its place among the points, from 0
	Text string // the names of holidays and notes
}

// specialNames names holidays and notes: "Langfredag, Andre påskedag and Spring sale". It is empty
// if there are none.
func (w *writer) specialNames(all []figures.Special) string {
	var names []string
	for _, s := range all {
		if name := w.short(s.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return w.ListSome(names, mostNames)
}

// datedNames names holidays and notes with their days in the week: "Langfredag (Fri) and Spring
// sale (Mon – Fri)".
func (w *writer) datedNames(all []figures.Special, week period.Period) string {
	var names []string
	for _, s := range all {
		first, last := s.First, s.Last
		if first.Before(week.From()) {
			first = week.From()
		}
		if !last.Before(week.To()) {
			last = week.Last()
		}
		if first == last {
			names = append(names, w.Say(wording.SpecialDay, w.short(s.Name),
				w.WeekdayShort(first.Weekday())))
		} else {
			names = append(names, w.Say(wording.SpecialDays, w.short(s.Name),
				w.WeekdayShort(first.Weekday()), w.WeekdayShort(last.Weekday())))
		}
	}
	return w.ListSome(names, mostNames)
}

// yearAgo writes a number of a year ago, with what was special about that week.
func (w *writer) yearAgo(number string) string {
	if special := w.specialNames(w.r.SpecialIn(w.r.YearAgo.Period)); special != "" {
		return w.Say(wording.AYearAgoWith, number, special)
	}
	return w.Say(wording.AYearAgo, number)
}

// dayMarks returns the marks of a chart of this week's days.
func (w *writer) dayMarks() (marks []Mark) {
	for i, date := range w.r.Period.Name.Days() {
		var on []figures.Special
		for _, s := range w.r.Special {
			if s.On(date) {
				on = append(on, s)
			}
		}
		if name := w.specialNames(on); name != "" {
			marks = append(marks, Mark{i, name})
		}
	}
	return marks
}

// weekMarks returns the marks of a chart of weeks, from its first one on.
func (w *writer) weekMarks(weeks []figures.PeriodCount, first int) (marks []Mark) {
	for i, week := range weeks[first:] {
		if name := w.specialNames(w.r.SpecialIn(week.Period)); name != "" {
			marks = append(marks, Mark{first + i, name})
		}
	}
	return marks
}

// marked adds to the name of a place what was special about it: "Mon 9 (Andre pinsedag)".
func (w *writer) marked(name string, at int, marks []Mark) string {
	for _, m := range marks {
		if m.At == at {
			return w.Say(wording.AltSpecial, name, m.Text)
		}
	}
	return name
}
