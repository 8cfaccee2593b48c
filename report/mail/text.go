package mail

import (
	"fmt"
	"strings"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// text returns the plain part: the page in words, with the numbers of its charts. Nothing is
// wrapped or aligned, so that it can be read in any font, at any width, and aloud.
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
	fmt.Fprintf(&b, "%s\n%s (%s)\n\n%s\n", plain(s.Bot, mostName), s.Dates, s.Period,
		plain(s.Headline, mostSentence))
	paragraphs := func(all []string) {
		for _, one := range all {
			fmt.Fprintf(&b, "\n%s\n", one)
		}
	}
	section(say(wording.HeadingNotices), sentences(s.Notices))
	paragraphs(sentences(facts(s)))
	for _, l := range s.LookAt {
		fmt.Fprintf(&b, "\n→ %s\n", plain(l.Text, mostSentence))
		if _, ok := link(l); ok && l.URL != s.Link.URL {
			fmt.Fprintln(&b, l.URL)
		}
	}
	if _, ok := link(s.Link); ok {
		fmt.Fprintf(&b, "\n%s: %s\n", s.Link.Text, s.Link.URL)
	}
	if tiles := tilesOf(s); len(tiles) > 0 {
		fmt.Fprintln(&b)
		for _, t := range tiles {
			fmt.Fprintln(&b, plain(t.Line(), mostSentence))
		}
	}
	for _, c := range shown(s) {
		paragraphs([]string{plain(c.Alt, mostAlt)})
	}
	if t := targets(s); t != nil {
		section(tableText(t))
	}
	for _, t := range lists(s) {
		section(tableText(t))
	}
	paragraphs(e.foot())
	return b.String()
}

// tableText writes a table as a title that names the columns and a line for each row: "Mon 9: 1,284
// / 4,750 / 10.1%".
func tableText(t *summary.Table) (title string, lines []string) {
	line := func(cells []string) string {
		var cut []string
		for _, cell := range cells {
			cut = append(cut, plain(cell, mostName))
		}
		return cut[0] + ": " + strings.Join(cut[1:], " / ")
	}
	var columns []string
	for _, c := range t.Columns {
		columns = append(columns, c.Title)
	}
	for _, cells := range t.Rows[:min(len(t.Rows), mostRows)] {
		lines = append(lines, line(cells))
	}
	return t.Title + " (" + line(columns) + ")", lines
}
