package summary

import (
	"strings"

	"kindlyweekly/report/wording"
)

// Names of tables. They are parts of Slack's block IDs.
const (
	TableTargets   = "targets" // only if the bot has targets
	TableDays      = "days"
	TableHandovers = "handovers"
	TableFeedback  = "feedback"
	TableLabels    = "labels"
	TableButtons   = "buttons"
	TablePages     = "pages"
	TableMovers    = "movers" // only if something moved
)

// Top is how many items of a list the charts and tables show.
const Top = 10

// Table is a table of texts. Rows have a cell for each column, the first of which names the row.
type Table struct {
	Name    string // one of the Table constants
	Title   string
	Columns []Column
	Rows    [][]string // none: Note or Missing says why
	Total   []string   // a last row that adds up, or nil
	Note    string     // under the table: "The top 10 of 87." May be empty.
	Missing string     // why the section could not be fetched; else empty
	Tones   []Tone     // of the last column, row by row; none if it is never news

	// Common is what all names begin with, the host of web pages; empty: nothing. See
	// [Table.Short].
	Common string
	// Told says that its rows can also be insights. See [Summary.IsTold].
	Told bool
	// Rank orders the tables of editions that have little room, from 1. Those with rank 0 come
	// last, or are left to the document.
	Rank int
	// Room is how many characters the table gets in a message of limited length.
	Room int
}

// Column is a column of a table.
type Column struct {
	Title   string
	Numbers bool // set flush right
	Beside  Beside
	Texts   Texts
}

// Texts says what kind of texts a column has, so that an edition can give it the right width.
type Texts int

// The kinds of texts.
const (
	Typed Texts = iota // numbers, or names that users typed, of any length
	Brief              // a few characters, such as a weekday
	// the report's own words, up to a line long and clear without the column's title
	Phrases
	Addresses // web addresses, a host and a path
)

// Short returns the table with names that leave out what they have in common, which the note says
// instead.
func (t *Table) Short() *Table {
	if t.Common == "" {
		return t
	}
	short := *t
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = append([]string{strings.TrimPrefix(row[0], t.Common)}, row[1:]...)
	}
	short.Rows = rows
	short.Note = strings.TrimSuffix(t.Common+". "+t.Note, ". ")
	return &short
}

// Beside says how the numbers of a column relate to those of the columns before it.
type Beside int

// The relations of numbers to those before.
const (
	Alone    Beside = iota // others
	AsUsual                // what is usual of them
	AsBefore               // the same of the week before
	AsChange               // the change from the week before
)

var besides = map[wording.Key]Beside{
	wording.ColumnUsually: AsUsual, wording.ColumnLast: AsBefore, wording.ColumnChange: AsChange,
}

func (w *writer) columns(text []wording.Key, numbers ...wording.Key) []Column {
	var columns []Column
	for _, key := range text {
		columns = append(columns, Column{Title: w.Say(key)})
	}
	for _, key := range numbers {
		columns = append(columns, Column{Title: w.columnTitle(key), Numbers: true,
			Beside: besides[key]})
	}
	return columns
}

// columnTitle names a column. The columns of the two weeks have the numbers of the weeks, which are
// never ambiguous.
func (w *writer) columnTitle(key wording.Key) string {
	switch key {
	case wording.ColumnThis:
		return w.this
	case wording.ColumnLast:
		return w.before
	}
	return w.Say(key)
}

// number writes a count, and a dash if it is missing.
func (w *writer) number(n *int) string {
	if n == nil {
		return w.Say(wording.Missing)
	}
	return w.Count(*n)
}

// rate writes a rate, and a dash if it is missing.
func (w *writer) rate(rate *float64) string {
	if rate == nil {
		return w.Say(wording.Missing)
	}
	return w.Percent(*rate)
}

// changeCells returns the cells of last week and of the change.
func (w *writer) changeCells(this int, previous *int, change *float64) (last, percent string) {
	none := w.Say(wording.Missing)
	if !w.r.HasPrevious || previous == nil {
		return none, none
	}
	if change == nil || !w.r.Comparable(this, *previous) {
		return w.Count(*previous), none
	}
	return w.Count(*previous), w.Change(*change)
}
