package digest

import (
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// The shares of MaxText that the parts of the details have.
const (
	maxDetailFigures = 750
	maxDetailAlts    = 1000 // of all charts together
	maxGlossary      = 850
	maxProvenance    = 550
)

// lists are the tables of the details in reading order, with their shares of MaxText. The first is the one that Slack draws.
var lists = []struct {
	name string
	room int
}{
	{summary.TableDays, 1050}, {summary.TableMovers, 400}, {summary.TableLabels, 900}, {summary.TableButtons, 800}, {summary.TablePages, 1000},
	{summary.TableHandovers, 450}, {summary.TableFeedback, 300},
}

// Details lays out what stands under the message.
func Details(r *figures.Report, s *summary.Summary, style Style) Digest {
	heading := literal(s.Words.Say(wording.HeadingDetails))
	m := message{Summary: s, style: style}
	m.Text = escape(title(s, escapedUnits) + "\n" + heading)

	m.add(slack.NewHeaderBlock(plain(fit(heading, maxTitle, units)), slack.HeaderBlockOptionBlockID("header")))
	var figures []string
	for _, tile := range s.Tiles[:min(len(s.Tiles), maxFields)] {
		figures = append(figures, tile.Line())
	}
	if len(figures) > 0 {
		m.add(slack.NewRichTextBlock("figures", bullets(figures, maxDetailFigures)))
	}
	room := maxDetailAlts
	if style.native {
		room = maxNative * maxFinding // the labels of their points need room as well
	}
	m.charts(r, m.further(r), room)
	for _, l := range lists {
		t := s.Table(l.name)
		if l.name == summary.TablePages {
			t = summary.ByPath(t, r)
		}
		if t.Title != "" {
			m.table(t, l.room)
		}
	}
	m.hours(r)
	if len(s.Glossary) > 0 {
		m.add(slack.NewRichTextBlock("glossary", slack.NewRichTextSection(bold(literal(s.Words.Say(wording.HeadingGlossary)))), m.glossary()))
	}
	if provenance := literal(strings.Join(s.Provenance, " ")); provenance != "" {
		m.add(slack.NewContextBlock("provenance", plain(fit(provenance, maxProvenance, units))))
	}
	return m.Digest
}

// further are the charts that the message above does not show.
func (m *message) further(r *figures.Report) []summary.Chart {
	above := shown(r, m.Summary, leading(r), 1)
	names := leading(r)
	if most := maxNative; m.style.native {
		return without(shown(r, m.Summary, names, most+len(above)), above, most)
	}
	names = append(names, summary.ChartHours)
	return without(shown(r, m.Summary, names, len(names)), above, len(names))
}

func without(charts, others []summary.Chart, most int) (rest []summary.Chart) {
	for _, c := range charts {
		if len(rest) < most && (len(others) == 0 || c.Name != others[0].Name) {
			rest = append(rest, c)
		}
	}
	return rest
}

// hours says when chats begin where no picture shows it.
func (m *message) hours(r *figures.Report) {
	c := m.Chart(summary.ChartHours)
	if !m.style.native || c.Title == "" {
		return
	}
	m.add(slack.NewRichTextBlock("hours", slack.NewRichTextSection(bold(fit(literal(c.Title), maxImageTitle, units)), regular("\n"+fit(literal(c.Subtitle), maxFinding, units)))))
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
