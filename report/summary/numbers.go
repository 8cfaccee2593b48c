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
	ofLists
	weeksBefore
	daysBefore
	others
	groups // how many there are
)

func (w *writer) add(g group, n Number) { w.data[g] = append(w.data[g], n) }

// addBefore adds a number unless it is of this week.
func (w *writer) addBefore(g group, n Number) {
	if n.Date.Before(w.r.Period.From) {
		w.add(g, n)
	}
}

// numbers returns all numbers of the report: the week's own, its days and hours, the lists, the
// weeks and days before, the week a year ago, the ordinary week, the targets and the special days.
func (w *writer) numbers() []Number {
	w.statisticData()
	w.historyData()
	w.yearAgoData()
	w.baselineData()
	w.targetData()
	for _, special := range w.r.Special {
		days := special.Last.Sub(special.First) + 1
		w.add(others, Number{Section: "special", Per: "day", Date: special.First,
			Item: w.name(special.Name), Detail: special.Kind, Measure: "days",
			Value: decimal(&days)})
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

// last returns last week's number, and nothing if the bot's history does not reach back over it.
func (w *writer) last(number string) string {
	if !w.r.HasPrevious {
		return ""
	}
	return number
}

// listed returns the number of an item of a list. n has its section, names and measure.
func (w *writer) listed(n Number, count int, past figures.Past) Number {
	n.Per, n.Date = "week", w.r.Period.From
	n.Value, n.Last = decimal(&count), w.last(decimal(past.Previous))
	if past.BelowLimit && w.r.HasPrevious {
		n.Note = w.Say(wording.LastWeek, w.Say(wording.BelowLimit, w.Count(figures.ListLimit)))
	}
	return n
}

// historyData adds the chats and messages of the days before this week.
func (w *writer) historyData() {
	for _, day := range w.r.History {
		n := Number{Section: "chats", Per: "day", Date: day.Date, Measure: "count"}
		if day.KnowsChats() {
			n.Value = decimal(&day.Chats)
		}
		w.addBefore(daysBefore, n)
		n.Section, n.Value = "messages", ""
		if day.KnowsMessages() {
			n.Value = decimal(&day.Messages)
		}
		w.addBefore(daysBefore, n)
	}
}

// yearAgoData adds the week a year ago and its days, if there is one.
func (w *writer) yearAgoData() {
	y := w.r.YearAgo
	if y == nil {
		return
	}
	week := func(section, measure, value string) {
		w.add(others, Number{Section: section, Per: "week", Date: y.Period.From(), Measure: measure,
			Value: value})
	}
	week("chats", "count", decimal(&y.Chats))
	week("messages", "count", decimal(&y.Messages))
	week("fallbacks", "count", decimal(y.FallbackCount))
	week("fallbacks", "rate", fraction(y.FallbackRate))
	for _, day := range y.Daily {
		n := Number{Section: "chats", Per: "day", Date: day.Date, Measure: "count",
			Value: decimal(&day.Chats)}
		w.add(others, n)
		n.Section, n.Value = "messages", decimal(&day.Messages)
		w.add(others, n)
	}
}

// baselineData adds the medians of the weeks before, and of each weekday.
func (w *writer) baselineData() {
	o := w.r.Baseline
	if o == nil {
		return
	}
	add := func(per string, date period.Date, item, measure string, value *float64) {
		w.add(others, Number{Section: "ordinary", Per: per, Date: date, Item: item,
			Measure: measure, Value: fraction(value)})
	}
	for _, m := range []struct {
		item string
		*figures.Typical
	}{
		{"chats", &o.Chats}, {"messages", &o.Messages},
		{"fallback_rate", o.FallbackRate}, {"handover_rate", o.HandoverRate},
		{"feedback", o.Feedback}, {"requests_while_closed", o.RequestsWhileClosed},
	} {
		if m.Typical != nil {
			add("week", w.r.Period.From, m.item, "median", &m.Median)
			add("week", w.r.Period.From, m.item, "mad", &m.MAD)
		}
	}
	for _, day := range o.Days {
		add("day", day.Date, "chats", "median", &day.Chats)
		add("day", day.Date, "messages", "median", &day.Messages)
		add("day", day.Date, "fallback_rate", "median", day.FallbackRate)
	}
}

// targetData adds the limit, the week's value and the outcome of each target.
func (w *writer) targetData() {
	for _, t := range w.r.Targets {
		n := Number{Section: "targets", Per: "week", Date: w.r.Period.From, Item: t.Name}
		n.Measure, n.Value = "limit", fraction(&t.Limit)
		w.add(others, n)
		n.Measure, n.Value, n.Detail = "value", fraction(t.Value), t.State
		w.add(others, n)
		n.Measure, n.Value = "weeks", decimal(&t.Periods)
		w.add(others, n)
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
