package digest

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// The shares of MaxText in the details.
const (
	maxInsights      = 900
	maxDetailFigures = 750
	maxTargets       = 500
	maxDetailAlts    = 1000 // of all charts together
	maxGlossary      = 850
	maxProvenance    = 550
)

// maxTables is the share of all tables together, beside what the insights and the figures leave of
// theirs. If the tables' rooms add up to more, each gets less.
const maxTables = 3800

// Details lays out the reply under the message.
func Details(s *summary.Summary, style Style) Digest {
	heading := literal(s.Words.Say(wording.HeadingDetails))
	m := message{Summary: s, style: style}
	m.Text = escape(title(s, escapedUnits) + "\n" + heading)

	m.header(fit(heading, maxHeader, units))
	insights := share(s.Insights, maxInsights)
	if len(insights) > 0 {
		m.add(slack.NewRichTextBlock("insights",
			m.heading(wording.HeadingInsights), bullets(insights)))
	}
	var figures []string
	for _, tile := range s.Tiles[:min(len(s.Tiles), maxFields)] {
		figures = append(figures, tile.Line())
	}
	figures = share(figures, maxDetailFigures)
	if len(figures) > 0 {
		m.add(slack.NewRichTextBlock("figures", bullets(figures)))
	}
	if s.Targets != nil {
		m.table(s.Targets, maxTargets, false)
	}
	room := maxDetailAlts
	if style.native {
		room = maxNative * maxFinding // the labels of their points need room too
	}
	further, words := m.further()
	m.charts(further, room, true)
	left := maxInsights - units(strings.Join(insights, " ")) +
		maxDetailFigures - units(strings.Join(figures, " "))
	tables, whole, most := s.RankedTables(), 0, maxTables+left
	for _, t := range tables {
		whole += t.Room
	}
	for i, t := range tables {
		m.table(t.Short(), t.Room*most/max(whole, most), style.native && i == 0)
	}
	for _, c := range words {
		m.words(c)
	}
	if len(s.Glossary) > 0 {
		m.add(slack.NewRichTextBlock("glossary", m.heading(wording.HeadingGlossary), m.glossary()))
	}
	if provenance := literal(strings.Join(s.Provenance, " ")); provenance != "" {
		m.small("provenance", fit(provenance, maxProvenance, units))
	}
	return m.Digest
}

// further returns the charts that the message above does not show, and those that the style cannot
// show and says in words.
func (m *message) further() (charts, words []*summary.Chart) {
	native, others := charted(m.Summary)
	above := lead(m.Summary)
	native = slices.DeleteFunc(native, func(c *summary.Chart) bool { return c == above })
	if m.style.native {
		return native[:min(len(native), maxNative)], others
	}
	others = slices.DeleteFunc(others, func(c *summary.Chart) bool { return !isShown(c) })
	return append(native, others...), nil
}

// words says a chart in words.
func (m *message) words(c *summary.Chart) {
	title := fit(literal(c.Topic), maxImageTitle, units)
	finding := fit(literal(c.Subtitle), maxFinding, units)
	section := slack.NewRichTextSection(bold(title), regular("\n"+finding))
	m.add(slack.NewRichTextBlock(c.Name, section))
}

func (m *message) glossary() slack.RichTextElement {
	const between = " · "
	total := 0
	for _, term := range m.Glossary {
		total += units(literal(term.Term) + between + literal(term.Meaning))
	}
	each := total
	if total > maxGlossary {
		each = maxGlossary / len(m.Glossary)
	}
	var items []slack.RichTextElement
	for _, term := range m.Glossary {
		name := fit(literal(term.Term), each/3, units)
		meaning := fit(literal(term.Meaning), each-units(name+between), units)
		items = append(items, slack.NewRichTextSection(bold(name), regular(between+meaning)))
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, items...)
}
