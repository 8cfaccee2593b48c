package portfolio

import (
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// Figures is a table of the bots with a report, in the order of the page. Its columns are the name,
// the group, the chats, the share of replies in which the bot did not understand, and the usual
// values of both. The last column has no texts: it is for the bars of the weeks.
type Figures struct {
	Title   string
	Columns []summary.Column
	Rows    []FiguresRow // none: no bot has a report
}

// FiguresRow is a bot in the table.
type FiguresRow struct {
	Cells []string // a text for each column but the last
	Look  bool     // the bot needs a look or is affected, and has a warning sign

	// Bars are the heights of the bars, from 1 to 8, or 0 for a missing week. The last is this
	// week. It is empty if no rate is known. Weeks has the rates as text, for screen readers.
	Bars  []int
	Weeks string
}

func (w writer) figures() Figures {
	fallbacks := w.Say(wording.ColumnFallbacks)
	f := Figures{Title: w.Say(wording.PortfolioFigures), Columns: []summary.Column{
		{Title: w.Say(wording.ColumnBot)},
		{Title: w.Say(wording.ColumnState), Texts: summary.Brief},
		{Title: w.Say(wording.LabelChats), Numbers: true},
		{Title: w.Say(wording.ColumnUsually), Numbers: true},
		{Title: fallbacks, Numbers: true},
		{Title: w.Say(wording.ColumnUsually), Numbers: true},
		{Title: w.Say(wording.PortfolioWeeks, fallbacks, figures.TrendPeriods), Numbers: true},
	}}
	for _, g := range Groups {
		title, _ := w.group(g)
		for _, b := range w.p.Grouped(g) {
			if b.State != In {
				continue
			}
			n := b.Numbers
			var r Row
			w.addChats(&r, n)
			row := FiguresRow{Look: g == GroupLook || g == GroupAffected, Cells: []string{
				w.name(b), title, r.ChatsOnly, w.median(n.ChatsBaseline),
				w.rate(n.FallbackRate), w.rate(n.RateBaseline),
			}}
			if row.Bars = bars(n.Rates); row.Bars != nil {
				var all []string
				for _, rate := range n.Rates {
					said := w.Say(wording.NoValue)
					if rate != nil {
						said = w.Percent(*rate)
					}
					all = append(all, said)
				}
				row.Weeks = strings.Join(all, ", ")
			}
			f.Rows = append(f.Rows, row)
		}
	}
	return f
}

func (w writer) median(n *float64) string {
	if n == nil {
		return w.Say(wording.Missing)
	}
	return w.Median(*n)
}

func (w writer) rate(share *float64) string {
	if share == nil {
		return w.Say(wording.Missing)
	}
	return w.Percent(*share)
}
