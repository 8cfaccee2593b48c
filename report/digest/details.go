package digest

import (
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// The shares of MaxText in the details.
const (
	maxDetailFigures = 750
	maxDetailAlts    = 1000 // of all charts together
	maxGlossary      = 850
	maxProvenance    = 550
)

// maxTables is the share of all tables together. If their rooms add up to more, each gets less.
const maxTables = 4900

// Details lays out the reply under the message.
func Details(s *summary.Summary, style Style) Digest {
	heading := literal(s.Words.Say(wording.HeadingDetails))
	m := message{Summary: s, style: style}
	m.Text = escape(title(s, escapedUnits) + "\n" + heading)

	m.header(fit(heading, maxTitle, units))
	var figures []string
	for _, tile := range s.Tiles[:min(len(s.Tiles), maxFields)] {
		figures = append(figures, tile.Line())
	}
	if len(figures) > 0 {
		m.add(slack.NewRichTextBlock("figures", bullets(figures, maxDetailFigures)))
	}
	room := maxDetailAlts
	if style.native {
		room = maxNative * maxFinding // the labels of their points need room too
	}
	further, words := m.further()
	m.charts(further, room)
	tables, whole := s.RankedTables(), 0
	for _, t := range tables {
		whole += t.Room
	}
	for i, t := range tables {
		m.table(t.Short(), t.Room*maxTables/max(whole, maxTables), style.native && i == 0)
	}
	for _, c := range words {
		m.words(c)
	}
	if len(s.Glossary) > 0 {
		m.add(slack.NewRichTextBlock("glossary", m.heading(wording.HeadingGlossary), m.glossary()))
	}
	if provenance := literal(strings.Join(s.Provenance, " ")); provenance != "" {
		m.add(slack.NewContextBlock("provenance", plain(fit(provenance, maxProvenance, units))))
	}
	return m.Digest
}

// further returns the charts that the message above does not show, and those that the style cannot
// show and says in words.
func (m *message) further() (charts, words []*summary.Chart) {
	native, others := charted(m.Summary)
	native = shown(native)
	if len(native) > 0 {
		native = native[1:]
	}
	if m.style.native {
		return native[:min(len(native), maxNative)], others
	}
	return append(native, shown(others)...), nil
}

// words says a chart in words.
func (m *message) words(c *summary.Chart) {
	title := fit(literal(c.Title), maxImageTitle, units)
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
