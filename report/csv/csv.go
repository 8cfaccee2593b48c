// Package csv writes a report as report.csv, for whoever wants to go on with the numbers in a spreadsheet.
//
// It is one table in long form, a number to a row, so that it can be filtered and pivoted, and the files of several
// weeks and bots can be put below one another:
//
//	bot        the bot's name
//	week       the report's week, 2026-W46
//	section    chats, messages, fallbacks, handovers, feedback, pages, buttons, labels; ordinary, for the median of the
//	           weeks before; targets; special, for holidays and notes; about, for what is no number
//	per        the time that the number covers: week, day or hour
//	date       its first day in the bot's zone, 2026-11-09
//	hour       0 to 23; where clocks go back, the hour that comes twice holds both
//	item       what is counted: a page's host, a button's or a label's text, a kind of rating, a target, a holiday
//	detail     which of them: a page's path, a button's dialogue, a label's id, or its ids with spaces between them where
//	           labels that look alike are counted together, a rating
//	measure    count, rate, ratio, … as report.json names them
//	value      the number; empty where it is missing, which is never zero
//	last_week  the same, seven days earlier; empty where it is missing or there is nothing to compare with
//	note       a sentence
//	at_most    which of value and last_week may be less, since a chat on two addresses of a page counts twice: value,
//	           last_week, or both with a space between them
//
// The week's own numbers come first, then its days and hours, the lists, the weeks and days before, the week a year ago
// among them, what is ordinary, the targets, and what was special. The rows about the report come last: sections that could not be fetched with the reason, notices, and where the numbers come from.
//
// The names of columns, sections and measures are the same in every language, since formulas refer to them; sentences
// are in the report's. The file is UTF-8 with a byte order mark, without which Excel misreads æ, ø and å; its lines end
// in CRLF and decimals have a point. Names such as 1/2 and 00123 stand in it as they were typed; the README says how to import it
// as text, so that a spreadsheet makes no dates and numbers of them.
package csv

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"unicode"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// A row is a number and what it is.
type row struct {
	section, per string
	date         period.Date
	hour         string
	item, detail string
	measure      string
	value, last  string
	note         string
	atMost       string
}

var header = []string{"bot", "week", "section", "per", "date", "hour", "item", "detail", "measure", "value", "last_week", "note", "at_most"}

// CSV returns report.csv. Texts that a spreadsheet would run as a formula begin with an apostrophe.
func CSV(r *figures.Report, s *summary.Summary) []byte {
	t := &table{r: r, words: s.Words}
	t.week()
	t.days()
	t.hours()
	t.lists()
	t.past()
	t.yearAgo()
	t.ordinary()
	t.targets()
	for _, special := range r.Special {
		t.add(row{section: "special", per: "day", date: special.First, item: t.name(special.Name), detail: special.Kind, measure: "days",
			value: strconv.Itoa(special.Last.Sub(special.First) + 1)})
	}
	for _, u := range r.Unavailable {
		t.add(row{section: "about", item: u.Section, measure: "unavailable", note: summary.Reason(s.Words, u)})
	}
	for _, notice := range s.Notices {
		t.add(row{section: "about", measure: "notice", note: notice})
	}
	for _, line := range s.Provenance {
		t.add(row{section: "about", measure: "source", note: line})
	}

	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	w.Write(header) // a buffer takes everything, so no error can come of it
	for _, row := range t.rows {
		date := ""
		if !row.date.IsZero() {
			date = row.date.String()
		}
		w.Write([]string{text(s.Bot), r.Week.Name.String(), row.section, row.per, date, row.hour,
			text(row.item), text(row.detail), row.measure, row.value, row.last, text(row.note), row.atMost})
	}
	w.Flush()
	return b.Bytes()
}

// text returns s as it may stand in a cell: on one line, and never a formula. Excel and others run what begins with =,
// +, - or @, in full width too, and some skip over spaces and invisible characters before it. Where Windows separates
// lists by semicolons, what follows one begins a cell when the file is opened by a double click.
func text(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
	cells := strings.Split(s, ";")
	for i, cell := range cells {
		seen := strings.TrimLeftFunc(cell, func(c rune) bool { return !unicode.IsGraphic(c) || !names.Visible(string(c)) })
		if seen != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(seen)[0]) {
			cells[i] = "'" + cell
		}
	}
	return strings.Join(cells, ";")
}

type table struct {
	r     *figures.Report
	words *wording.Wording
	rows  []row
}

func (t *table) add(row row) { t.rows = append(t.rows, row) }

func count(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// known is a count, and nothing where it is not known.
func known(known bool, n int) string {
	if !known {
		return ""
	}
	return strconv.Itoa(n)
}

func day(d figures.DayCount) string { return known(d.Known(), d.Count) }

// week is a count, and nothing where that of a day is not known: a sum of some days is no week's.
func week(w figures.WeekCount) string { return known(w.Known(), w.Count) }

func fraction(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// last returns last week's number, or nothing where the bot's history does not reach back over it.
func (t *table) last(number string) string {
	if !t.r.Baseline {
		return ""
	}
	return number
}

// stages adds the four stages of handovers, which are never added up.
func (t *table) stages(row row, now, last figures.HandoverCounts) {
	row.section = "handovers"
	for _, stage := range []struct {
		measure   string
		now, last *int
	}{
		{"requests", now.Requests, last.Requests},
		{"requests_while_closed", now.RequestsWhileClosed, last.RequestsWhileClosed},
		{"started", now.Started, last.Started},
		{"ended", now.Ended, last.Ended},
	} {
		row.measure, row.value, row.last = stage.measure, count(stage.now), t.last(count(stage.last))
		t.add(row)
	}
}

// week adds the week's own numbers.
func (t *table) week() {
	r, monday := t.r, t.r.Week.From
	for _, v := range []struct {
		section string
		figures.Volume
	}{{"chats", r.Chats.Volume}, {"messages", r.Messages}} {
		t.add(row{section: v.section, per: "week", date: monday, measure: "count",
			value: week(v.This()), last: t.last(week(v.LastWeek()))})
	}
	f := r.Fallbacks
	t.add(row{section: "fallbacks", per: "week", date: monday, measure: "count",
		value: count(f.Count), last: t.last(count(f.PreviousCount))})
	t.add(row{section: "fallbacks", per: "week", date: monday, measure: "rate",
		value: fraction(f.Rate), last: t.last(fraction(f.PreviousRate))})
	t.stages(row{per: "week", date: monday}, r.Handovers.HandoverCounts, r.Handovers.Previous)
	t.ratings("binary", r.Feedback.Binary, r.Feedback.PreviousBinary)
	t.ratings("emojis", r.Feedback.Emojis, r.Feedback.PreviousEmojis)
}

func (t *table) ratings(kind string, now, last []figures.Rating) {
	for _, rating := range now {
		row := row{section: "feedback", per: "week", date: t.r.Week.From, item: kind, detail: strconv.Itoa(rating.Rating)}
		var lastCount, lastRatio string
		for _, l := range last {
			if l.Rating == rating.Rating {
				lastCount, lastRatio = strconv.Itoa(l.Count), fraction(&l.Ratio)
			}
		}
		row.measure, row.value, row.last = "count", strconv.Itoa(rating.Count), t.last(lastCount)
		t.add(row)
		row.measure, row.value, row.last = "ratio", fraction(&rating.Ratio), t.last(lastRatio)
		t.add(row)
	}
}

// days adds the week's seven days.
func (t *table) days() {
	r := t.r
	for _, v := range []struct {
		section string
		figures.Volume
	}{{"chats", r.Chats.Volume}, {"messages", r.Messages}} {
		for i, d := range v.Daily {
			t.add(row{section: v.section, per: "day", date: d.Date, measure: "count",
				value: day(d), last: t.last(day(v.PreviousDaily[i]))})
		}
	}
	for _, day := range r.Fallbacks.Daily {
		t.add(row{section: "fallbacks", per: "day", date: day.Date, measure: "count", value: count(day.Count)})
		t.add(row{section: "fallbacks", per: "day", date: day.Date, measure: "rate", value: fraction(day.Rate)})
	}
	for _, day := range r.Handovers.Daily {
		t.stages(row{per: "day", date: day.Date}, day.HandoverCounts, figures.HandoverCounts{})
	}
}

// hours adds the chats of every hour that the clocks showed.
func (t *table) hours() {
	for i, hours := range t.r.Chats.Hourly {
		for hour, n := range hours {
			if n != nil {
				t.add(row{section: "chats", per: "hour", date: t.r.Week.From.Add(i), hour: strconv.Itoa(hour), measure: "count", value: count(n)})
			}
		}
	}
}

// lists adds pages, buttons and labels, all that Sage gave.
func (t *table) lists() {
	for _, p := range t.r.Pages {
		if !names.Visible(p.Host + p.Path) {
			p.Host = t.name("")
		}
		sessions := t.item("pages", p.Host, p.Path, "sessions", p.Sessions, p.Past)
		sessions.atMost = atMost(p.AtMost, p.PreviousAtMost && t.r.Baseline)
		t.add(sessions)
		t.add(row{section: "pages", per: "week", date: t.r.Week.From, item: p.Host, detail: p.Path, measure: "messages", value: strconv.Itoa(p.Messages)})
	}
	for _, b := range t.r.Buttons {
		b.Text, b.Dialogue = t.name(b.Text), t.name(b.Dialogue)
		t.add(t.item("buttons", b.Text, b.Dialogue, "count", b.Count, b.Past))
		t.add(row{section: "buttons", per: "week", date: t.r.Week.From, item: b.Text, detail: b.Dialogue, measure: "ratio", value: fraction(&b.Ratio)})
	}
	for _, l := range t.r.Labels {
		t.add(t.item("labels", t.name(l.Text), strings.Join(append([]string{l.ID}, l.OtherIDs...), " "), "count", l.Count, l.Past))
	}
}

// name is what stands for a name in which there is nothing to see, in every edition.
func (t *table) name(s string) string { return names.Or(s, t.words.Say(wording.Nameless)) }

func atMost(value, last bool) string {
	var columns []string
	if value {
		columns = append(columns, "value")
	}
	if last {
		columns = append(columns, "last_week")
	}
	return strings.Join(columns, " ")
}

func (t *table) item(section, item, detail, measure string, n int, past figures.Past) row {
	row := row{section: section, per: "week", date: t.r.Week.From, item: item, detail: detail, measure: measure,
		value: strconv.Itoa(n), last: t.last(count(past.Previous))}
	if past.BelowLimit && t.r.Baseline {
		row.note = t.words.Say(wording.LastWeek, t.words.Say(wording.BelowLimit, t.words.Count(figures.ListLimit)))
	}
	return row
}

// past adds the weeks and days before this week, the oldest first.
func (t *table) past() {
	r := t.r
	before := func(d period.Date) bool { return d.Before(r.Week.From) }
	for _, v := range []struct {
		section string
		figures.Volume
	}{{"chats", r.Chats.Volume}, {"messages", r.Messages}} {
		for _, w := range v.Weekly {
			if monday := w.Week.From(); before(monday) {
				t.add(row{section: v.section, per: "week", date: monday, measure: "count", value: week(w)})
			}
		}
	}
	for _, week := range r.Fallbacks.Weekly {
		if monday := week.Week.From(); before(monday) {
			t.add(row{section: "fallbacks", per: "week", date: monday, measure: "count", value: count(week.Count)})
			t.add(row{section: "fallbacks", per: "week", date: monday, measure: "rate", value: fraction(week.Rate)})
		}
	}
	for _, week := range r.Handovers.Weekly {
		if monday := week.Week.From(); before(monday) {
			t.stages(row{per: "week", date: monday}, week.HandoverCounts, figures.HandoverCounts{})
		}
	}
	for _, day := range r.Fallbacks.History {
		if before(day.Date) {
			t.add(row{section: "fallbacks", per: "day", date: day.Date, measure: "count", value: count(day.Count)})
			t.add(row{section: "fallbacks", per: "day", date: day.Date, measure: "rate", value: fraction(day.Rate)})
		}
	}
	for _, day := range r.History {
		if before(day.Date) {
			t.add(row{section: "chats", per: "day", date: day.Date, measure: "count", value: known(day.KnowsChats(), day.Chats)})
			t.add(row{section: "messages", per: "day", date: day.Date, measure: "count", value: known(day.KnowsMessages(), day.Messages)})
		}
	}
}

// yearAgo adds the week a year ago and its days, where there is one.
func (t *table) yearAgo() {
	y := t.r.YearAgo
	if y == nil {
		return
	}
	monday := y.Week.From()
	t.add(row{section: "chats", per: "week", date: monday, measure: "count", value: strconv.Itoa(y.Chats)})
	t.add(row{section: "messages", per: "week", date: monday, measure: "count", value: strconv.Itoa(y.Messages)})
	t.add(row{section: "fallbacks", per: "week", date: monday, measure: "count", value: count(y.FallbackCount)})
	t.add(row{section: "fallbacks", per: "week", date: monday, measure: "rate", value: fraction(y.FallbackRate)})
	for _, day := range y.Daily {
		t.add(row{section: "chats", per: "day", date: day.Date, measure: "count", value: strconv.Itoa(day.Chats)})
		t.add(row{section: "messages", per: "day", date: day.Date, measure: "count", value: strconv.Itoa(day.Messages)})
	}
}

// ordinary adds the medians of the weeks before, and of each weekday.
func (t *table) ordinary() {
	o := t.r.Ordinary
	if o == nil {
		return
	}
	for _, m := range []struct {
		item string
		*figures.Typical
	}{{"chats", &o.Chats}, {"messages", &o.Messages}, {"fallback_rate", o.FallbackRate}, {"handover_rate", o.HandoverRate},
		{"feedback", o.Feedback}, {"requests_while_closed", o.RequestsWhileClosed}} {
		if m.Typical != nil {
			t.add(row{section: "ordinary", per: "week", date: t.r.Week.From, item: m.item, measure: "median", value: fraction(&m.Median)})
			t.add(row{section: "ordinary", per: "week", date: t.r.Week.From, item: m.item, measure: "mad", value: fraction(&m.MAD)})
		}
	}
	for _, day := range o.Days {
		t.add(row{section: "ordinary", per: "day", date: day.Date, item: "chats", measure: "median", value: fraction(&day.Chats)})
		t.add(row{section: "ordinary", per: "day", date: day.Date, item: "messages", measure: "median", value: fraction(&day.Messages)})
		t.add(row{section: "ordinary", per: "day", date: day.Date, item: "fallback_rate", measure: "median", value: fraction(day.FallbackRate)})
	}
}

// targets adds what the bot is held to: the limit, the week's value, and what became of it.
func (t *table) targets() {
	for _, target := range t.r.Targets {
		of := row{section: "targets", per: "week", date: t.r.Week.From, item: target.Name}
		of.measure, of.value = "limit", fraction(&target.Limit)
		t.add(of)
		of.measure, of.value, of.detail = "value", fraction(target.Value), target.State
		t.add(of)
		of.measure, of.value = "weeks", strconv.Itoa(target.Weeks)
		t.add(of)
	}
}
