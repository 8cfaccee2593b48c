package pdf

import (
	"slices"
	"strings"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// chartScale is how many points a chart's logical unit is. The smallest text of a chart has 20 units.
const chartScale = 0.425

const sectionGap = 22.0

// details are the pages after the first: volume, quality, lists, and what the numbers are.
func (d *document) details() []block {
	blocks := append(d.extra(summary.TableTargets),
		d.chart(summary.ChartMessages, 112, 50),
		d.chart(summary.ChartTrend, 112, 50),
		d.chart(summary.ChartHours, 126, 50),
	)
	blocks[0].newPage = true
	blocks = append(blocks, d.table(d.s.Table(summary.TableDays), bars{})...)
	blocks = append(blocks, d.pair(summary.ChartFallbacks, summary.ChartHandovers, 128, 60)...)
	blocks = append(blocks, d.table(d.s.Table(summary.TableHandovers), bars{})...)
	blocks = append(blocks, d.feedback())
	blocks = append(blocks, d.lists()...)
	blocks = append(blocks, d.extra(summary.TableMovers)...)
	return append(d.gather(blocks), d.closing())
}

// extra is a table that not every report has.
func (d *document) extra(name string) []block {
	t := d.s.Table(name)
	if len(t.Rows) == 0 {
		return nil
	}
	return d.table(t, bars{})
}

// feedback is the chart with a line for each rating, and one over each kind of them.
func (d *document) feedback() block {
	const least, line, highest = 86.0, 13.0, 27.0
	lines := 0
	for _, ratings := range [][]figures.Rating{d.r.Feedback.Binary, d.r.Feedback.Emojis} {
		if len(ratings) > 0 {
			lines += 1 + len(ratings)
		}
	}
	plot := min(max(least, line*float64(lines)), bottom-top-100)
	return d.chart(summary.ChartFeedback, plot, max(0, min(40, highest*float64(lines)-plot)))
}

// figure is a chart with its heading, at some width.
type figure struct {
	mark
	said            summary.Chart
	title, subtitle []string
	picture         charts.Picture
	numbers         []string // under the picture, which has room for none of them
	drawn           bool     // there is something to draw
}

func (d *document) figure(name string, w float64) figure {
	said := d.s.Chart(name)
	picture, ok := d.pictures[name]
	f := figure{
		mark:     mark{name, said.Title},
		said:     said,
		title:    titleStyle.wrap(said.Title, w, 2),
		subtitle: mutedStyle.wrap(said.Subtitle, w, 3),
		picture:  picture,
		drawn:    ok && said.Missing == "" && d.happened(name),
	}
	if name == summary.ChartHours {
		f.numbers = footStyle.wrap(strings.Join(said.Items, " · "), w, 3)
	}
	return f
}

// happened reports whether a chart has anything to show that its subtitle does not say already.
func (d *document) happened(name string) bool {
	r := d.r
	switch name {
	case summary.ChartHours:
		for _, hours := range r.Chats.Hourly {
			if slices.ContainsFunc(hours, positive) {
				return true
			}
		}
		return false
	case summary.ChartFallbacks:
		return summary.CountsFallbacks(r) || slices.ContainsFunc(summary.DayRates(r), func(rate *float64) bool { return rate != nil })
	case summary.ChartHandovers:
		for _, day := range r.Handovers.Daily {
			if positive(day.Requests) || positive(day.RequestsWhileClosed) {
				return true
			}
		}
		return false
	case summary.ChartFeedback:
		_, binary := figures.Positive(r.Feedback.Binary, 2)
		_, emojis := figures.Positive(r.Feedback.Emojis, 5)
		return binary+emojis > 0
	}
	return true
}

func positive(n *int) bool { return n != nil && *n > 0 }

func (f figure) heading() float64 { return 1 + float64(len(f.title)+len(f.subtitle))*leading }

// foot is the room of the numbers under the picture.
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

// drawFigure draws the figure into a place; all headings of a row have one height.
func (d *document) drawFigure(f figure, x, y, w, h, heading float64) {
	d.lines(titleStyle, f.title, x, y+11, leading)
	d.lines(mutedStyle, f.subtitle, x, y+12+float64(len(f.title))*leading, leading)
	y, h = y+heading+headingGap, h-heading-headingGap-f.foot()
	d.lines(footStyle, f.numbers, x, y+h+footGap+8, footLeading)
	v := newVectors(d.sheet, x, y, chartScale)
	if err := f.picture.DrawPlot(v, int(w/chartScale), int(h/chartScale)); err != nil {
		d.pdf.SetError(err)
	}
}

const headingGap = 8.0 // between a heading and its plot

// chart is a block of one chart over the whole width, or a note where there is nothing to draw.
func (d *document) chart(name string, plot, stretch float64) block {
	f := d.figure(name, width)
	if !f.drawn {
		return d.note(note{f.mark, f.said.Subtitle})
	}
	return block{
		marks: []mark{f.mark}, height: f.heading() + headingGap + plot + f.foot(), stretch: stretch, gap: sectionGap,
		draw: func(y, h float64) { d.drawFigure(f, left, y, width, h, f.heading()) },
	}
}

// Two columns.
const (
	gutter = 22.0
	half   = (width - gutter) / 2
)

// pair is two charts side by side. Where only one is drawn it has the width to itself.
func (d *document) pair(first, second string, plot, stretch float64) []block {
	f, g := d.figure(first, half), d.figure(second, half)
	if !f.drawn || !g.drawn {
		return []block{d.chart(first, plot, stretch), d.chart(second, plot, stretch)}
	}
	heading := max(f.heading(), g.heading())
	return []block{{
		marks: []mark{f.mark, g.mark}, height: heading + headingGap + plot, stretch: stretch, gap: sectionGap,
		draw: func(y, h float64) {
			d.drawFigure(f, left, y, half, h, heading)
			d.drawFigure(g, left+half+gutter, y, half, h, heading)
		},
	}}
}

// note is a section of which there is nothing to show: its title, and why.
type note struct {
	mark
	why string
}

// note is a block of one note, or of two side by side.
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

// gather sets notes that follow one another side by side, so that what is missing takes little room.
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

// lists are the tables of labels, buttons and pages, with their bars: a chart of their own would say the same again.
func (d *document) lists() []block {
	var labels, buttons, pages bars
	for _, l := range d.r.Labels {
		labels.add(d.r, l.Count, l.Past)
	}
	for _, b := range d.r.Buttons {
		buttons.add(d.r, b.Count, b.Past)
	}
	for _, p := range d.r.Pages {
		pages.add(d.r, p.Sessions, p.Past)
	}
	shown := d.r.Pages[:min(len(d.r.Pages), summary.Top)]
	if slices.ContainsFunc(shown, func(p figures.Page) bool { return p.AtMost || p.PreviousAtMost }) {
		pages = bars{} // "at most" before the numbers takes their room
	}
	blocks := d.table(d.s.Table(summary.TableLabels), labels)
	blocks = append(blocks, d.table(d.s.Table(summary.TableButtons), buttons)...)
	return append(blocks, d.table(summary.ByPath(d.s.Table(summary.TablePages), d.r), pages)...)
}

// closing explains the words and says where the numbers come from; the two stay together.
func (d *document) closing() block {
	glossary, provenance := d.glossary(), d.provenance()
	b := block{marks: glossary.marks, height: glossary.height + sectionGap + provenance.height, gap: sectionGap, small: true}
	b.draw = func(y, _ float64) {
		glossary.draw(y, glossary.height)
		y += glossary.height + sectionGap
		d.mark(provenance.marks, y)
		provenance.draw(y, provenance.height)
	}
	return b
}

// glossary explains the words, a line for each as far as it goes. Like all that closes a report it is small print.
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
	return block{marks: []mark{{title: title}}, height: height, gap: sectionGap, draw: func(y, _ float64) {
		d.text(titleStyle, title, left, y+11)
		y += head
		for i, t := range d.s.Glossary {
			d.text(termStyle, termStyle.fit(t.Term, indent-14), left, y+10)
			d.lines(footStyle, meanings[i], left+indent, y+10, footLeading)
			y += float64(len(meanings[i]))*footLeading + gap
		}
	}}
}

// undrawn reports whether a name stands on the pages of which the fonts lack something.
func (d *document) undrawn() bool {
	if fonts.Undrawn(d.s.Bot) {
		return true
	}
	for _, t := range d.s.Tables {
		for _, row := range t.Rows {
			if slices.ContainsFunc(row, fonts.Undrawn) {
				return true
			}
		}
	}
	return false
}

// provenance says where the numbers come from.
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
	return block{marks: []mark{{title: title}}, height: head + float64(len(lines))*(footLeading+1), gap: sectionGap, draw: func(y, _ float64) {
		d.text(titleStyle, title, left, y+11)
		d.lines(footStyle, lines, left, y+head+10, footLeading+1)
	}}
}
