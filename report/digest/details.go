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
	maxRest          = 600
	maxInsights      = 900
	maxDetailFigures = 750
	maxTargets       = 500
	maxDetailAlts    = 1900 // of all pictures together
	maxDetailDrawn   = 1350 // of the charts that Slack draws, with the labels of their points
	maxGlossary      = 850
	maxProvenance    = 550
)

// maxTables is the share of all tables together. They also get what the texts and charts above
// leave of their shares. If the tables need more, each gets less.
const maxTables = 2650

// Details lays out the reply under the message.
func Details(s *summary.Summary, style Style) Digest {
	heading := literal(s.Words.Say(wording.HeadingDetails))
	m := message{Summary: s, style: style}
	m.Text = escape(title(s, escapedUnits) + "\n" + heading)

	m.header(fit(heading, maxHeader, units))
	_, rest := facts(s)
	if len(rest) > 0 {
		// The verdict comes first, since the rest may say "on that day".
		rest = share(slices.Insert(rest, 0, s.Verdict), maxRest)
		text := regular(strings.Join(rest, "\n"))
		m.add(slack.NewRichTextBlock("facts", slack.NewRichTextSection(text)))
	}
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
		room = maxNative * maxFinding
	}
	further, words := m.further()
	used := m.charts(further, room, true)
	if m.style.native {
		used = maxDetailDrawn
	} else {
		used += len(words) * (maxImageTitle + maxFinding)
	}
	said := strings.Join(slices.Concat(rest, insights, figures), " ")
	m.tables(maxTables + maxDetailAlts - used + maxRest + maxInsights + maxDetailFigures -
		units(said))
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

// tables adds the tables. Later ones get the room that short ones do not use.
func (m *message) tables(room int) {
	tables := slices.DeleteFunc(m.RankedTables(), func(t *summary.Table) bool {
		return m.IsTold(t) || isDead(m.Summary) && t.Missing == "" && m.isZero(t)
	})
	whole := 0
	for _, t := range tables {
		whole += t.Room
	}
	for i, t := range tables {
		used := m.table(t.Short(), t.Room*room/max(whole, room), m.style.native && i == 0)
		room, whole = room-used, whole-t.Room
	}
}

// isZero reports whether a table has no number above zero.
func (m *message) isZero(t *summary.Table) bool {
	zero, none := m.Words.Count(0), m.Words.Say(wording.Missing)
	for _, row := range t.Rows {
		for i, cell := range row {
			if t.Columns[i].Numbers && cell != zero && cell != none {
				return false
			}
		}
	}
	return true
}

// further returns the charts that the message above lacks, and those that the details put into
// words. The latter are charts that the style cannot show, such as a picture that was not uploaded.
// The chart of weeks is one if its numbers are in no other text.
func (m *message) further() (charts, words []*summary.Chart) {
	native, others := charted(m.Summary)
	above := lead(m.Summary)
	native = slices.DeleteFunc(native, func(c *summary.Chart) bool { return c == above })
	if c := weeks(m.Summary); c != nil && c != above && isShown(c) && isNative(c) {
		native = slices.DeleteFunc(native, func(other *summary.Chart) bool { return other == c })
		native = slices.Insert(native, 0, c)
	}
	if isDead(m.Summary) {
		others = slices.DeleteFunc(others, func(c *summary.Chart) bool { return c.Missing == "" })
	}
	if m.style.native {
		charts, words = native[:min(len(native), maxNative)], others
	} else {
		others = slices.DeleteFunc(others, func(c *summary.Chart) bool { return !isShown(c) })
		for _, c := range slices.Concat(native, others) {
			if m.style.has(c) {
				charts = append(charts, c)
			} else {
				words = append(words, c)
			}
		}
	}
	if above != nil && above.Kind == summary.Periods && (m.style.native || !m.style.has(above)) {
		words = append(words, above)
	}
	return charts, words
}

// weeks returns the chart of the verdict's measure in the last 12 weeks, or nil.
func weeks(s *summary.Summary) *summary.Chart {
	charts := s.Charts()
	i := slices.IndexFunc(charts, func(c *summary.Chart) bool { return c.Name == s.Weeks })
	if i < 0 {
		return nil
	}
	return charts[i]
}

// words puts a chart into words.
func (m *message) words(c *summary.Chart) {
	title := fit(literal(c.Topic), maxImageTitle, units)
	finding := fit(literal(m.found(c)), maxFinding, units)
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
