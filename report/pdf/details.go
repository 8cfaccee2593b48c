package pdf

import (
	"slices"
	"strings"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// chartScale is the points of a chart's logical unit. The smallest text of a chart has 20 units.
const chartScale = 0.425

const sectionGap = 22.0

// details returns the blocks after the first page: the targets, the chapters, and the closing. A
// chapter has its charts before its tables.
func (d *document) details() []block {
	var blocks []block
	if d.s.Targets != nil {
		blocks = d.table(d.s.Targets, bars{})
	}
	for _, chapter := range []summary.Chapter{summary.Volume, summary.Quality, summary.Lists} {
		var charts []*summary.Chart
		var tables []block
		for _, section := range d.s.Sections {
			if section.Chapter != chapter {
				continue
			}
			chart, table := section.Chart, section.Table
			if chart != nil && chart.Tabled == summary.SameTable { // one of the two is enough
				if chart.Kind == summary.Ranking {
					chart, table = nil, section.Table
				} else {
					table = nil
				}
			}
			if chart != nil && chart != d.main() {
				charts = append(charts, chart)
			}
			if table != nil {
				tables = append(tables, d.table(table.Short(), barsOf(section.Chart))...)
			}
		}
		blocks = append(append(blocks, d.charts(charts)...), tables...)
	}
	if len(blocks) > 0 {
		blocks[0].newPage = true
	}
	return append(d.gather(blocks), d.closing())
}

// main returns the chart of the first page, nil if there is none.
func (d *document) main() *summary.Chart {
	if charts := d.s.RankedCharts(); len(charts) > 0 {
		return charts[0]
	}
	return nil
}

// charts puts charts below each other, and half ones side by side.
func (d *document) charts(charts []*summary.Chart) []block {
	var blocks []block
	for len(charts) > 0 {
		if len(charts) > 1 && charts[0].Half && charts[1].Half {
			blocks = append(blocks, d.pair(charts[0], charts[1])...)
			charts = charts[2:]
			continue
		}
		blocks = append(blocks, d.chart(charts[0], sizeOf(charts[0])))
		charts = charts[1:]
	}
	return blocks
}

// size is the least height of a plot, and how much higher it may be.
type size struct{ plot, stretch float64 }

// sizeOf returns the size of a chart's plot.
func sizeOf(c *summary.Chart) size {
	switch {
	case c.Half:
		return size{128, 60}
	case c.Kind == summary.Heatmap:
		return size{126, 50}
	case c.Kind == summary.Shares:
		// A line for each part, and one for each name of a series.
		const least, line, highest = 86.0, 13.0, 27.0
		lines := 0
		for _, s := range c.Series {
			lines += 1 + len(s.Points)
		}
		plot := min(max(least, line*float64(lines)), bottom-top-100)
		return size{plot, max(0, min(40, highest*float64(lines)-plot))}
	}
	return size{112, 50}
}

// figure is a chart with its heading, for a width.
type figure struct {
	mark
	title, subtitle []string
	picture         charts.Picture
	numbers         []string // below a picture that has no room for them
	drawn           bool     // there is something to draw
}

func (d *document) figure(c *summary.Chart, w float64) figure {
	picture, ok := d.pictures[c.Name]
	f := figure{
		mark:     mark{c.Name, c.Title},
		title:    titleStyle.wrap(c.Title, w, 2),
		subtitle: mutedStyle.wrap(c.Subtitle, w, 3),
		picture:  picture,
		drawn:    ok && c.Drawn(),
	}
	if c.Kind == summary.Heatmap { // which has no room for numbers
		f.numbers = footStyle.wrap(strings.Join(c.Items, " · "), w, 3)
	}
	return f
}

func (f figure) heading() float64 { return 1 + float64(len(f.title)+len(f.subtitle))*leading }

// foot returns the height of the numbers below the picture.
func (f figure) foot() float64 {
	if len(f.numbers) == 0 {
		return 0
	}
	return footGap + float64(len(f.numbers))*footLeading
}

const (
	footGap     = 6.0
	footLeading = 12.0
)

// drawFigure draws a figure. All headings of a row have the same height.
func (d *document) drawFigure(f figure, x, y, w, h, heading float64) {
	d.lines(titleStyle, f.title, x, y+11, leading)
	d.lines(mutedStyle, f.subtitle, x, y+12+float64(len(f.title))*leading, leading)
	y, h = y+heading+headingGap, h-heading-headingGap-f.foot()
	d.lines(footStyle, f.numbers, x, y+h+footGap+8, footLeading)
	v := vectors{d.sheet, x, y, chartScale}
	if err := f.picture.DrawPlot(v, int(w/chartScale), int(h/chartScale)); err != nil {
		d.pdf.SetError(err)
	}
}

const headingGap = 8.0 // between a heading and its plot

// chart returns the block of a chart over the whole width, or a note if there is nothing to draw.
func (d *document) chart(c *summary.Chart, size size) block {
	f := d.figure(c, width)
	if !f.drawn {
		return d.note(note{f.mark, c.Subtitle})
	}
	return block{
		marks:  []mark{f.mark},
		height: f.heading() + headingGap + size.plot + f.foot(), stretch: size.stretch,
		gap:  sectionGap,
		draw: func(y, h float64) { d.drawFigure(f, left, y, width, h, f.heading()) },
	}
}

// Two columns.
const (
	gutter = 22.0
	half   = (width - gutter) / 2
)

// pair returns two charts side by side. If only one can be drawn, it has the whole width.
func (d *document) pair(first, second *summary.Chart) []block {
	f, g := d.figure(first, half), d.figure(second, half)
	if !f.drawn || !g.drawn {
		return []block{d.chart(first, sizeOf(first)), d.chart(second, sizeOf(second))}
	}
	heading, size := max(f.heading(), g.heading()), sizeOf(first)
	return []block{{
		marks:  []mark{f.mark, g.mark},
		height: heading + headingGap + size.plot, stretch: size.stretch, gap: sectionGap,
		draw: func(y, h float64) {
			d.drawFigure(f, left, y, half, h, heading)
			d.drawFigure(g, left+half+gutter, y, half, h, heading)
		},
	}}
}

// note is a section without content: its title, and why.
type note struct {
	mark
	why string
}

// note returns the block of one note, or of two side by side.
func (d *document) note(notes ...note) block {
	w := width
	if len(notes) > 1 {
		w = half
	}
	b := block{gap: sectionGap, notes: notes}
	whys := make([][]string, len(notes))
	for i, n := range notes {
		b.marks = append(b.marks, n.mark)
		whys[i] = mutedStyle.wrap(n.why, w, 4)
		b.height = max(b.height, 17+float64(len(whys[i]))*leading)
	}
	b.draw = func(y, _ float64) {
		for i, n := range notes {
			x := left + float64(i)*(half+gutter)
			d.text(titleStyle, titleStyle.fit(n.title, w), x, y+11)
			d.lines(mutedStyle, whys[i], x, y+26, leading)
		}
	}
	return b
}

// gather puts neighboring notes side by side, so that missing sections take little room.
func (d *document) gather(blocks []block) []block {
	var gathered []block
	for _, b := range blocks {
		if n := len(gathered) - 1; n >= 0 && len(b.notes) == 1 && len(gathered[n].notes) == 1 {
			both := d.note(gathered[n].notes[0], b.notes[0])
			both.newPage = gathered[n].newPage
			gathered[n] = both
			continue
		}
		gathered = append(gathered, b)
	}
	return gathered
}

// closing returns the glossary and the provenance, which stay together.
func (d *document) closing() block {
	glossary, provenance := d.glossary(), d.provenance()
	return block{
		marks: glossary.marks, height: glossary.height + sectionGap + provenance.height,
		gap: sectionGap, small: true,
		draw: func(y, _ float64) {
			glossary.draw(y, glossary.height)
			y += glossary.height + sectionGap
			d.mark(provenance.marks, y)
			provenance.draw(y, provenance.height)
		},
	}
}

// glossary returns the terms and their meanings in small print.
func (d *document) glossary() block {
	title := d.s.Words.Say(wording.HeadingGlossary)
	indent := 0.0
	for _, t := range d.s.Glossary {
		indent = max(indent, min(termStyle.width(t.Term), width/3))
	}
	indent += 14
	const head, gap = 22.0, 2.0
	height := head
	meanings := make([][]string, len(d.s.Glossary))
	for i, t := range d.s.Glossary {
		meanings[i] = footStyle.wrap(t.Meaning, width-indent, 3)
		height += float64(len(meanings[i]))*footLeading + gap
	}
	return block{marks: []mark{{title: title}}, height: height, draw: func(y, _ float64) {
		d.text(titleStyle, title, left, y+11)
		y += head
		for i, t := range d.s.Glossary {
			d.text(termStyle, termStyle.fit(t.Term, indent-14), left, y+10)
			d.lines(footStyle, meanings[i], left+indent, y+10, footLeading)
			y += float64(len(meanings[i]))*footLeading + gap
		}
	}}
}

// undrawn reports whether the fonts lack a part of a name on the pages.
func (d *document) undrawn() bool {
	if fonts.Undrawn(d.s.Bot) {
		return true
	}
	for _, t := range d.s.Tables() {
		for _, row := range t.Rows {
			if slices.ContainsFunc(row, fonts.Undrawn) {
				return true
			}
		}
	}
	return false
}

// provenance returns the lines that say where the numbers come from.
func (d *document) provenance() block {
	title := d.s.Words.Say(wording.HeadingProvenance)
	const head = 22.0
	var lines []string
	for _, said := range d.s.Provenance {
		lines = append(lines, footStyle.wrap(said, width, 6)...)
	}
	if d.undrawn() {
		lines = append(lines, footStyle.wrap(d.s.Words.Say(wording.Undrawn), width, 3)...)
	}
	height := head + float64(len(lines))*(footLeading+1)
	return block{marks: []mark{{title: title}}, height: height, draw: func(y, _ float64) {
		d.text(titleStyle, title, left, y+11)
		d.lines(footStyle, lines, left, y+head+10, footLeading+1)
	}}
}
