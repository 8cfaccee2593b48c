package summary

import (
	"slices"
	"strconv"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// Number is a number of the report and what it is. Its texts are those of report.csv, whose package
// says what each field means.
type Number struct {
	Section, Per string
	Date         period.Date // zero: none
	Hour         string
	Item, Detail string
	Measure      string
	Value, Last  string
	Note         string
	AtMost       string
}

// group is numbers that stand together in report.csv, whatever their statistic.
type group int

const (
	ofWeek group = iota
	ofDays
	ofHours
	ofPages
	ofButtons
	ofLabels
	weeksBefore
	daysBefore
	others // the week a year ago, the baseline, the targets and the special days
	groups // how many there are
)

// measure is one number of an item. The texts are those of report.csv.
type measure struct{ name, value, last string }

// add adds the numbers of an item, n, to a group. It leaves out last week's number if the bot's
// history does not reach back over it. The groups of the weeks and days before take nothing of this
// week.
func (w *writer) add(g group, n Number, measures ...measure) {
	if (g == weeksBefore || g == daysBefore) && !n.Date.Before(w.r.Period.From) {
		return
	}
	for _, m := range measures {
		n.Measure, n.Value, n.Last = m.name, m.value, ""
		if w.r.HasPrevious {
			n.Last = m.last
		}
		w.data[g] = append(w.data[g], n)
	}
}

// thisWeek returns a number of this week, whole one of a week, and day one of a day, without
// measure and value.
func (w *writer) thisWeek(section string) Number { return whole(section, w.r.Period.Name) }

func whole(section string, p period.Period) Number {
	return Number{Section: section, Per: "week", Date: p.From()}
}

func day(section string, date period.Date) Number {
	return Number{Section: section, Per: "day", Date: date}
}

// numbers returns all numbers of the report, in the order of report.csv.
func (w *writer) numbers() []Number {
	for _, s := range statistics() {
		if s.list != nil {
			s.list(w)
		}
	}
	return slices.Concat(w.data[:]...)
}

// decimal writes a count, and nothing if it is missing.
func decimal(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// fraction writes a rate, and nothing if it is missing.
func fraction(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// addItem adds an item of a list. n has its section and names.
func (w *writer) addItem(g group, n Number, count measure, past figures.Past, others ...measure) {
	n.Per, n.Date = "week", w.r.Period.From
	count.last = decimal(past.Previous)
	first := n
	if past.BelowLimit && w.r.HasPrevious {
		first.Note = w.Say(wording.LastWeek, w.Say(wording.BelowLimit, w.Count(figures.ListLimit)))
	}
	w.add(g, first, count)
	n.AtMost = ""
	w.add(g, n, others...)
}

// historyNumbers adds the chats and messages of the days before this week.
func (w *writer) historyNumbers() {
	for _, d := range w.r.History {
		chats, messages := measure{name: "count"}, measure{name: "count"}
		if d.KnowsChats() {
			chats.value = decimal(&d.Chats)
		}
		if d.KnowsMessages() {
			messages.value = decimal(&d.Messages)
		}
		w.add(daysBefore, day("chats", d.Date), chats)
		w.add(daysBefore, day("messages", d.Date), messages)
	}
}

// yearAgoNumbers adds the week a year ago and its days, if there is one.
func (w *writer) yearAgoNumbers() {
	y := w.r.YearAgo
	if y == nil {
		return
	}
	count := func(n *int) measure { return measure{name: "count", value: decimal(n)} }
	week := func(section string, measures ...measure) {
		w.add(others, whole(section, y.Period), measures...)
	}
	week("chats", count(&y.Chats))
	week("messages", count(&y.Messages))
	week("fallbacks", count(y.FallbackCount),
		measure{name: "rate", value: fraction(y.FallbackRate)})
	for _, d := range y.Daily {
		w.add(others, day("chats", d.Date), count(&d.Chats))
		w.add(others, day("messages", d.Date), count(&d.Messages))
	}
}

// baselineNumbers adds the medians of the weeks before, and of each weekday.
func (w *writer) baselineNumbers() {
	b := w.r.Baseline
	if b == nil {
		return
	}
	const section = "ordinary" // in report.csv
	for _, m := range []struct {
		item string
		*figures.Typical
	}{
		{"chats", &b.Chats}, {"messages", &b.Messages},
		{"fallback_rate", b.FallbackRate}, {"handover_rate", b.HandoverRate},
		{"feedback", b.Feedback}, {"requests", b.Requests},
		{"requests_while_closed", b.RequestsWhileClosed},
	} {
		if m.Typical != nil {
			n := w.thisWeek(section)
			n.Item = m.item
			w.add(others, n, measure{name: "median", value: fraction(&m.Median)},
				measure{name: "mad", value: fraction(&m.MAD)})
		}
	}
	for _, d := range b.Days {
		n := day(section, d.Date)
		for _, m := range []struct {
			item   string
			median *float64
		}{{"chats", &d.Chats}, {"messages", &d.Messages}, {"fallback_rate", d.FallbackRate}} {
			n.Item = m.item
			w.add(others, n, measure{name: "median", value: fraction(m.median)})
		}
	}
}

// targetNumbers adds the limit, the week's value and the outcome of each target.
func (w *writer) targetNumbers() {
	for _, t := range w.r.Targets {
		n := w.thisWeek("targets")
		n.Item = t.Name
		w.add(others, n, measure{name: "limit", value: fraction(&t.Limit)})
		n.Detail = t.State
		w.add(others, n, measure{name: "value", value: fraction(t.Value)},
			measure{name: "weeks", value: decimal(&t.Periods)})
	}
}

// specialNumbers adds the length of each holiday and note.
func (w *writer) specialNumbers() {
	for _, s := range w.r.Special {
		days := s.Last.Sub(s.First) + 1
		n := day("special", s.First)
		n.Item, n.Detail = w.name(s.Name), s.Kind
		w.add(others, n, measure{name: "days", value: decimal(&days)})
	}
}

// bounds says in report.csv which of this week's and last week's number are upper bounds.
func bounds(value, last bool) string {
	var columns []string
	if value {
		columns = append(columns, "value")
	}
	if last {
		columns = append(columns, "last_week")
	}
	return strings.Join(columns, " ")
}
