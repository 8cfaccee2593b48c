// Package summary says in words what a week's figures show: the headline, the tiles, the insights, what stands above
// and beside each chart, the tables, the notes and the foot. It is made once for all editions, so that the mail cannot
// say other than the PDF.
//
// Which comparison may be made, what stands out and what the headline is about are the figures' decisions; how it is said
// is the wording's. What stands here is which numbers stand together in a sentence. Nothing claims a cause: "fewer
// replies were fallbacks", not "the bot understood more"; and a volume is never called good or bad.
//
// Texts are plain: names typed by strangers are in them as they came. Each edition escapes them for its medium.
package summary

import (
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// Summary is what every edition says.
type Summary struct {
	Words *wording.Wording // for numbers and the words of an edition's own furniture

	Bot      string // its name, or its id where it has none
	Dates    string // "9–15 November 2026"
	Week     string // "week 46"
	Subject  string // "Nettbutikk chatbot, 9–15 November: 8,031 chats"
	Title    string // of the document: "Nettbutikk chatbot, 9–15 November 2026"
	Headline string // one true sentence about the week
	Link     Link   // to the bot in Kindly's platform; no URL, no link

	Tiles    []Tile   // six, the most important first
	Insights []string // sentences, the most important first; there may be none
	Scores   []Score  // the targets, one by one; none where the bot is held to nothing
	Charts   []Chart  // in reading order
	Tables   []Table  // in reading order

	// Notices are what a reader must know before he trusts the page: sections that are missing, a history too short to
	// compare with. They belong near the top. There may be none.
	Notices []string
	// Provenance is where the numbers come from, a line for each: days and zone, filters, time fetched, report id.
	Provenance []string
	Glossary   []Term // seven
}

// Link is a text and where it leads.
type Link struct{ Text, URL string }

// Term is a glossary entry.
type Term struct{ Term, Meaning string }

// Tone says whether a number is good or bad news, which an edition shows by a color and a sign. The figures alone decide
// what has one: by their rule of what stands out, which is beyond what chance does. All else is neutral, volumes always.
type Tone int

const (
	Neutral Tone = iota
	Good
	Bad
)

// Tile is a figure with its change.
type Tile struct {
	Name   string // chats, messages, fallbacks, handovers, closed, feedback
	Label  string // "Chats"
	Value  string // "8,031"; "3 of 4"; "–" where there is none
	Unit   string // what Value counts where the label does not say: "ratings positive". Small, beside or under it.
	Change string // "+5.6%", "+1.4 pp"; empty where no change may be printed
	Detail string // "last week 7,607; ordinarily 7,900; a year ago 6,422"; "no ratings, or feedback is off"; "not available"
	Short  string // what of Detail stands where there is room for one thing: "last week 7,607"
	Tone   Tone
	// Missing says that the value could not be fetched; the notices say why.
	Missing bool
}

// Line is the tile as one line of text: "Chats: 8,031 (+5.6%, last week 7,607)".
func (t Tile) Line() string {
	line := t.Label + ": " + strings.TrimSpace(t.Value+" "+t.Unit)
	switch {
	case t.Change != "" && t.Detail != "":
		return line + " (" + t.Change + ", " + t.Detail + ")"
	case t.Change+t.Detail != "":
		return line + " (" + t.Change + t.Detail + ")"
	}
	return line
}

// Names of charts, which are their files' too.
const (
	ChartChats     = "chats"
	ChartMessages  = "messages"
	ChartFallbacks = "fallbacks"
	ChartHandovers = "handovers"
	ChartTrend     = "trend"
	ChartHours     = "hours"
	ChartFeedback  = "feedback"
	ChartLabels    = "labels"
	ChartButtons   = "buttons"
	ChartPages     = "pages"
)

// Chart is what is said about a chart.
type Chart struct {
	Name     string // one of the Chart constants
	Title    string // "Chats by day"
	Subtitle string // the finding: "8,031, last week 7,607 (+5.6%)"
	Alt      string // for whoever cannot see it: the finding and the numbers; under 1,000 characters
	// Items are the numbers of Alt one by one, "Mon 9: 1,284", for an edition that writes them under the picture.
	Items []string
	// Marks are the holidays and notes of the days that the chart has, or of the weeks, in their order. None in others.
	Marks []Mark
	// Missing says why there is nothing to draw because the section could not be fetched; else empty.
	Missing string
}

// Chart returns what is said about the chart of that name.
func (s *Summary) Chart(name string) Chart {
	for _, c := range s.Charts {
		if c.Name == name {
			return c
		}
	}
	return Chart{Name: name}
}

// Names of tables.
const (
	TableTargets   = "targets" // only where the bot is held to something
	TableDays      = "days"
	TableHandovers = "handovers"
	TableFeedback  = "feedback"
	TableLabels    = "labels"
	TableButtons   = "buttons"
	TablePages     = "pages"
	TableMovers    = "movers" // only where something moved
)

// Table is a table of texts. Rows have a cell for each column.
type Table struct {
	Name    string // one of the Table constants
	Title   string
	Columns []Column
	Rows    [][]string // none: Note says why
	Total   []string   // a last row that adds up, or nil
	Note    string     // under the table: "The top 10 of 87." May be empty.
	Missing string     // why the section could not be fetched; else empty
	Tones   []Tone     // of what the last column says, row by row; none where it is no news
}

// Column is a table's column.
type Column struct {
	Title   string
	Numbers bool // set flush right
}

// Table returns the table of that name.
func (s *Summary) Table(name string) Table {
	for _, t := range s.Tables {
		if t.Name == name {
			return t
		}
	}
	return Table{Name: name}
}

// Top is how many items of a list the charts and tables show.
const Top = 10

// Of says what r shows, in r's locale.
func Of(r *figures.Report) (*Summary, error) {
	words, err := wording.For(r.Locale)
	if err != nil {
		return nil, err
	}
	return newWriter(r, words).write()
}
