// Package csv writes a report as report.csv, for spreadsheets.
//
// It is one table in long form, with one number in each row. So it can be filtered and pivoted, and
// files of several weeks and bots can be joined. The numbers are those of [summary.Summary]; this
// package names no statistic. The columns are:
//
//	bot        the bot's name
//	week       the report's week, 2026-W46
//	section    the statistic, as report.json names it: chats, fallbacks, labels, …; sources and
//	           languages, for the week by each of them; ordinary, for the median of the weeks
//	           before; targets; special, for holidays and notes; about, for what is no number
//	per        the time that the number covers: week, day or hour
//	date       its first day in the bot's zone, 2026-11-09
//	hour       0 to 23; an hour that comes twice when clocks go back has both
//	item       what is counted: a page's host, a button's or a label's text, a kind of rating, a
//	           target, a holiday
//	detail     which of them: a page's path, a button's dialogue, a label's ID, or its IDs with
//	           spaces between them if labels that look alike are counted together, a rating
//	measure    count, rate, ratio, … as report.json names them
//	value      the number; empty if it is missing, never zero
//	last_week  the same, seven days earlier; empty if it is missing or cannot be compared
//	note       a sentence
//	at_most    which of value and last_week are upper bounds, since a chat on two addresses of a
//	           page counts twice: value, last_week, or both with a space between them
//
// The week's own numbers come first, then its days and hours, the lists, the weeks and days before,
// the week a year ago, the ordinary week, the targets, and what was special. The rows about the
// report come last: the verdict with its status as item, missing sections with the reason, notices,
// and where the numbers come from.
//
// The names of columns, sections and measures are the same in every language, since formulas refer
// to them. Sentences are in the report's language. The file is UTF-8 with a byte order mark,
// without which Excel misreads æ, ø and å. Its lines end in CRLF, and decimals have a point. Names
// such as 1/2 and 00123 are written as they were typed; import them as text, so that a spreadsheet
// makes no dates and numbers of them.
package csv

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"unicode"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/summary"
)

var header = []string{
	"bot", "week", "section", "per", "date", "hour", "item", "detail", "measure", "value",
	"last_week", "note", "at_most",
}

// CSV returns report.csv. Texts that a spreadsheet would run as a formula begin with an apostrophe.
func CSV(r *figures.Report, s *summary.Summary) []byte {
	numbers := slices.Clip(s.Numbers)
	about := func(item, measure, note string) {
		numbers = append(numbers,
			summary.Number{Section: "about", Item: item, Measure: measure, Note: note})
	}
	if r.Verdict != nil {
		about(r.Verdict.Status, "verdict", s.Headline)
	}
	for _, u := range r.Unavailable {
		about(u.Section, "unavailable", summary.Reason(s.Words, u))
	}
	for _, notice := range s.Notices {
		about("", "notice", notice)
	}
	for _, line := range s.Provenance {
		about("", "source", line)
	}

	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	w.Write(header) // a buffer takes everything, so Write returns no error
	for _, n := range numbers {
		date := ""
		if !n.Date.IsZero() {
			date = n.Date.String()
		}
		w.Write([]string{text(s.Bot), r.Period.Name.String(), n.Section, n.Per, date, n.Hour,
			text(n.Item), text(n.Detail), n.Measure, n.Value, n.Last, text(n.Note), n.AtMost})
	}
	w.Flush()
	return b.Bytes()
}

// text makes s safe for a cell: one line, and no formula. Excel and others run a text that begins
// with =, +, - or @, in full width too, and some skip spaces and invisible characters before it.
// Where Windows separates lists by semicolons, the text after one begins a cell when the file is
// opened by a double click.
func text(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
	cells := strings.Split(s, ";")
	for i, cell := range cells {
		seen := strings.TrimLeftFunc(cell, func(c rune) bool {
			return !unicode.IsGraphic(c) || !names.Visible(string(c))
		})
		if seen != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(seen)[0]) {
			cells[i] = "'" + cell
		}
	}
	return strings.Join(cells, ";")
}
