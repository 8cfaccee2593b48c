// Package summary puts a report's figures into words: the verdict, the facts, the tiles, the
// insights, the charts with their numbers, the tables, the notices and the foot. [Of] makes one
// [Summary] for all editions, so that the mail and the PDF say the same.
//
// # Verdict
//
// A report begins with [Summary.Status] and [Summary.Verdict]: whether the week was good, and why
// in one sentence. [Summary.Facts] follow. Each is about one event: a day that jumped, whether the
// week's target was met, and what the week is without that day. [Summary.Where] says where the
// excess lies and what coincides with it, and [Summary.LookAt] what to look at. Editions show them
// in the order of [Summary.Reasons], before the figures in [Summary.Tiles]. The [Summary.Insights]
// do not repeat any of it.
//
// # Sections
//
// [Summary.Sections] is the body of a report in reading order. A [Section] has a chart, a table or
// both. A [Chart] holds the numbers to draw and its [Kind], a [Table] the texts of its cells. Ranks
// and sizes say what to leave out where space is limited: [Chart.Rank], [Table.Room] and
// [Column.Texts]. An edition renders sections by kind and names no statistic.
//
// Each statistic has one function that returns its section, tiles and numbers. The list of them is
// in statistics.go. To add a statistic, write its function in a file of its own and add it there.
//
// # What is decided elsewhere
//
// Package figures decides what can be compared, what stands out and what the headline is about.
// Package wording has the sentences. This package chooses which numbers go into a sentence. It
// claims no cause ("fewer replies were fallbacks", not "the bot understood more") and calls no
// volume good or bad.
//
// Texts are plain: names that users typed are in them unchanged. Each edition escapes them.
package summary

import (
	"cmp"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// Summary is what every edition says.
type Summary struct {
	Words *wording.Wording // for numbers, and for an edition's own headings

	Bot     string // its name, or its ID if it has none
	Dates   string // "9–15 November 2026"
	Period  string // "week 46"
	Subject string // "Nettbutikk needs a look: no chats the whole week"
	Preview string // the main figures in a line, to be read with the subject
	Title   string // of the document: "Nettbutikk chatbot, 9–15 November 2026"
	// Headline is the one line to begin with: the status and the verdict. In an older report,
	// without a verdict, it is a sentence about how much there was.
	Headline string
	Link     Link // to the bot in Kindly's platform; no URL: no link

	Status  Status   // empty in an older report, without a verdict
	Verdict string   // one sentence, without the status; or the headline if there is no status
	Facts   []string // what belongs to the verdict, at most three statements; may be empty
	Where   []string // what coincides with it, at most two lines; may be empty
	LookAt  []Link   // what to look at, at most two; may be empty, and have no URL

	Tiles    []Tile    // the four main figures, the most important first; none in a dead week
	Insights []string  // sentences that the verdict and the facts do not say; may be empty
	Targets  *Table    // the bot's targets; nil: none
	Sections []Section // charts and tables in reading order
	Lead     string    // name of the chart that the verdict is about
	Weeks    string    // name of the chart of 12 weeks of the same measure; empty: there is none

	// Notices are what a reader must know before trusting the numbers: missing sections, a history
	// too short to compare with. They belong near the top. May be empty.
	Notices []string
	// Provenance says where the numbers come from, one line each: days and time zone, filters, time
	// of fetching, report ID.
	Provenance []string
	Glossary   []Term

	Numbers []Number // all numbers of the report, for a table of data
}

// Link is a text and its URL.
type Link struct {
	Text, URL string
	Short     string // Text without what [Summary.Where] says, or empty if that is the same
}

// Term is a glossary entry.
type Term struct{ Term, Meaning string }

// Tone says whether a number is good or bad news. Editions show it by a color and a sign. Package
// figures decides what has a tone: what stands out by more than chance. All else is neutral, and
// volumes always are.
type Tone int

// The tones.
const (
	Neutral Tone = iota
	Good
	Bad
)

// Tile is a figure, and what it is compared with.
type Tile struct {
	Name   string // fallbacks, chats, handovers, feedback
	Label  string // "Chats"
	Value  string // "8,031"; "3 of 4"; "–" if there is none
	Unit   string // what Value counts if the label does not say so: "thumbs up"; set small
	Scale  string // of ratings; in narrow places it follows Label and replaces Unit: "1–5 scale"
	Change string // from the number in Usual: "+5.6%"; empty: none, or it may not be printed
	Usual  string // "usually 7,600", or without a baseline "the week before 7,607"; may be empty
	Target string // "target: at most 9.0%"; empty: none
	Notes  []string
	Detail string // Usual, Target and Notes in one text
	Short  string // Usual, for narrow places
	Tone   Tone
	// Missing says that the value could not be fetched. The notices say why.
	Missing bool

	Chart, Table string // the name of the chart, or else of the table, that shows more of it
}

// Line returns the tile as one line of text: "Chats: 8,031 (+5.6%, usually 7,600)".
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

// Reasons returns what follows the verdict, in the order in which it is read: where it happened, the
// first fact, which is about the verdict too, what coincides with it, and the other facts.
func (s *Summary) Reasons() []string {
	where, fact := min(len(s.Where), 1), min(len(s.Facts), 1)
	return slices.Concat(s.Where[:where], s.Facts[:fact], s.Where[where:], s.Facts[fact:])
}

// Chapter is a part of a document. A document has the sections of a chapter together, the charts
// before the tables.
type Chapter int

// The chapters, in reading order.
const (
	Volume  Chapter = iota // how many chats there were, and when
	Quality                // how the bot and the people behind it coped
	Lists                  // what users did most, and what they thought of it
)

// Section is what the report says about one subject.
type Section struct {
	Chapter Chapter
	Chart   *Chart // nil: none
	Table   *Table // nil: none
}

// Charts returns the charts in reading order.
func (s *Summary) Charts() []*Chart {
	var charts []*Chart
	for _, section := range s.Sections {
		if section.Chart != nil {
			charts = append(charts, section.Chart)
		}
	}
	return charts
}

// RankedCharts returns the charts that have a rank, the lowest first.
func (s *Summary) RankedCharts() []*Chart {
	return byRank(s.Charts(), func(c *Chart) int { return c.Rank })
}

// Tables returns the tables in reading order, the targets first.
func (s *Summary) Tables() []*Table {
	var tables []*Table
	if s.Targets != nil {
		tables = append(tables, s.Targets)
	}
	for _, section := range s.Sections {
		if section.Table != nil {
			tables = append(tables, section.Table)
		}
	}
	return tables
}

// RankedTables returns the tables of the sections by rank, the lowest first, and then those
// without.
func (s *Summary) RankedTables() []*Table {
	var all, rest []*Table
	for _, section := range s.Sections {
		if section.Table != nil {
			all = append(all, section.Table)
		}
	}
	for _, t := range all {
		if t.Rank == 0 {
			rest = append(rest, t)
		}
	}
	return append(byRank(all, func(t *Table) int { return t.Rank }), rest...)
}

// IsTold reports whether the insights and [Summary.Where] name all rows of a table that has the
// same content. An edition that shows them can leave the table out.
func (s *Summary) IsTold(t *Table) bool {
	said := slices.Concat(s.Insights, s.Where)
	return t.Told && !slices.ContainsFunc(t.Rows, func(row []string) bool {
		return !slices.ContainsFunc(said,
			func(text string) bool { return strings.Contains(text, row[0]) })
	})
}

// byRank returns what has a rank, the lowest first.
func byRank[T any](all []T, rank func(T) int) []T {
	all = slices.DeleteFunc(all, func(one T) bool { return rank(one) == 0 })
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// Of says what r shows, in r's locale. It fails if the locale or the bot's time zone is unknown.
func Of(r *figures.Report) (*Summary, error) {
	words, err := wording.For(r.Locale)
	if err != nil {
		return nil, err
	}
	return newWriter(r, words).write()
}
