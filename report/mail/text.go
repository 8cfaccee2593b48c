package mail

import (
	"fmt"
	"slices"
	"strings"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// text returns the plain part: the whole report in words. Nothing is wrapped or aligned, so that it
// reads well in any font, at any width, and aloud.
func (e edition) text() string {
	s, say := e.summary, e.summary.Words.Say
	var b strings.Builder
	section := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n%s\n", title)
		for _, line := range lines {
			fmt.Fprintf(&b, "- %s\n", line)
		}
	}
	fmt.Fprintf(&b, "%s\n%s (%s)\n\n%s\n\n", plain(s.Bot, mostName), s.Dates, s.Period,
		plain(s.Headline, mostSentence))
	for _, t := range s.Tiles {
		fmt.Fprintln(&b, plain(t.Line(), mostSentence))
	}
	section(say(wording.HeadingNotices), sentences(s.Notices))
	section(say(wording.HeadingInsights), sentences(s.Insights))
	for _, t := range s.Tables() {
		section(tableText(s, t))
	}
	for _, c := range shown(s) {
		if c.Tabled == summary.Untabled {
			fmt.Fprintf(&b, "\n%s\n", plain(c.Alt, mostAlt))
		}
	}
	if _, ok := link(s.Link); ok {
		fmt.Fprintf(&b, "\n%s: %s\n", s.Link.Text, s.Link.URL)
	}
	if e.attached {
		fmt.Fprintf(&b, "\n%s\n", say(wording.AttachedPDF))
	}
	var terms []string
	for _, t := range s.Glossary {
		terms = append(terms, t.Term+": "+t.Meaning)
	}
	section(say(wording.HeadingGlossary), terms)
	section(say(wording.HeadingProvenance), sentences(s.Provenance))
	if leave := e.leaving(); leave != "" {
		fmt.Fprintf(&b, "\n%s\n", leave)
	}
	return b.String()
}

// tableText writes a table as a title that names the columns and a line for each row: "Mon 9: 1,284
// / 4,750 / 10.1%".
func tableText(s *summary.Summary, t *summary.Table) (title string, lines []string) {
	if t.Missing != "" {
		why := s.Words.Say(wording.NotAvailableReason, t.Missing)
		return t.Title, []string{plain(why, mostSentence)}
	}
	line := func(cells []string) string {
		var cut []string
		for _, cell := range cells {
			cut = append(cut, plain(cell, mostName))
		}
		return cut[0] + ": " + strings.Join(cut[1:], " / ")
	}
	title = t.Title
	if len(t.Rows) > 0 {
		var columns []string
		for _, c := range t.Columns {
			columns = append(columns, c.Title)
		}
		title += " (" + line(columns) + ")"
	}
	rows := slices.Clone(t.Rows[:min(len(t.Rows), mostRows)])
	if t.Total != nil {
		rows = append(rows, t.Total)
	}
	for _, cells := range rows {
		lines = append(lines, line(cells))
	}
	if t.Note != "" {
		lines = append(lines, plain(t.Note, mostSentence))
	}
	return title, lines
}
