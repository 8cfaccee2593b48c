package pdf

import (
	"slices"
	"strings"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// chartScale is the points of a chart's logical unit. The smallest text of a chart has 20 units.
const chartScale = 0.425

const sectionGap = 15.0

// details returns the blocks after the first page: the other charts, the tables, the insights in
// noted, and the closing. An empty section is said once, and a missing one is in the notices. Lists
// have no more rows than rows. The days and what follows them are not before the given page.
func (d *document) details(noted []string, rows, page int) []block {
	blocks := d.charts()
	// A single target is in a figure on the first page.
	if d.s.Targets != nil && len(d.s.Targets.Rows) > 1 {
		blocks = append(blocks, d.table(d.s.Targets.Short())...)
	}
	second := len(blocks)
	blocks = append(append(blocks, d.tables(noted, rows)...), d.closing())
	for i := range blocks {
		blocks[i].page = 1
		if i >= second && second > 0 {
			blocks[i].page = page
		}
	}
	return blocks
}

// single returns the blocks of a report of one page: the first page, and as much of the rest as
// fits, the most important first. Without figures there is no rest.
func (d *document) single() []block {
	blocks, all := d.onOnePage(below)
	if !all {
		blocks, _ = d.onOnePage(abreast)
	}
	return blocks
}

// onOnePage is single with its charts in the given arrangement. all reports whether all of the rest
// fits.
func (d *document) onOnePage(charts arrangement) (blocks []block, all bool) {
	blocks = append(append(d.opening(), d.leading(charts)...), d.insights(d.s.Insights)...)
	room := bottom - top - heightOf(blocks)
	last := d.print(d.provenance())
	room -= last.gap + last.height
	all = room >= 0
	add := func(more ...block) bool {
		height := heightOf(more)
		if len(more) == 0 || height > room {
			return false
		}
		blocks, room = append(blocks, more...), room-height
		return true
	}
	if len(d.s.Tiles) > 0 {
		all = d.lists(add) && all
		if d.s.Targets != nil && len(d.s.Targets.Rows) > 1 {
			all = add(d.table(d.s.Targets)...) && all
		}
		closing := d.closing()
		if closing.height-last.height <= room {
			last = closing
		} else {
			all = false
		}
	}
	return append(blocks, last), all
}

// lists adds as many of the lists of what users did most as fit, with fewer rows if necessary. It
// reports whether all fit.
func (d *document) lists(add func(...block) bool) bool {
	var lists []*summary.Table
	for _, s := range d.s.Sections {
		if s.Chapter == summary.Lists && s.Table != nil && len(s.Table.Rows) > 0 {
			lists = append(lists, s.Table)
		}
	}
	all := len(d.narrow(lists, summary.Top))
	for n := all; n > 0; n-- {
		for _, most := range []int{summary.Top, 5, 3} {
			if add(d.columns(d.narrow(lists, most)[:n])) {
				return n == all && most == summary.Top
			}
		}
	}
	return all == 0
}

// arrangement is how the charts of the first page are arranged.
type arrangement int

const (
	below   arrangement = iota // one below the other
	abreast                    // side by side
)

// leading returns the charts of the first page: the one that the verdict is about, and the one of
// twelve weeks of the same measure.
func (d *document) leading(how arrangement) []block {
	var shown []*summary.Chart
	for _, c := range d.s.Charts() {
		if d.leads(c) && d.drawable(c) {
			shown = append(shown, c)
		}
	}
	slices.SortStableFunc(shown, func(a, b *summary.Chart) int {
		return strings.Compare(yes(a.Name != d.s.Lead), yes(b.Name != d.s.Lead))
	})
	switch {
	case len(shown) == 0:
		return nil
	case len(shown) == 1:
		return []block{d.chart(shown[0], size{118, 90})}
	case how == abreast:
		return []block{d.pair(shown[0], shown[1], 0.58, size{88, 60})}
	}
	return []block{d.chart(shown[0], size{104, 60}), d.chart(shown[1], size{88, 40})}
}

// yes returns a key for sorting, in which true comes last.
func yes(is bool) string {
	if is {
		return "b"
	}
	return "a"
}

// leads reports whether a chart is on the first page.
func (d *document) leads(c *summary.Chart) bool { return c.Name == d.s.Lead || c.Name == d.s.Weeks }

// drawable reports whether there is a picture of a chart, and the chart is not empty.
func (d *document) drawable(c *summary.Chart) bool {
	_, ok := d.pictures[c.Name]
	return ok && c.Drawn()
}

// charts returns the charts that are not on the first page, two in a row. Rankings are tables.
func (d *document) charts() []block {
	var shown []*summary.Chart
	for _, c := range d.s.Charts() {
		if !d.leads(c) && d.drawable(c) && c.Kind != summary.Ranking {
			shown = append(shown, c)
		}
	}
	var blocks []block
	for ; len(shown) > 1; shown = shown[2:] {
		blocks = append(blocks, d.pair(shown[0], shown[1], 0.5, sizeOf(shown[0], shown[1])))
	}
	if len(shown) > 0 {
		blocks = append(blocks, d.chart(shown[0], sizeOf(shown[0])))
	}
	return blocks
}

// tables returns the tables: those that need the width of a page, and then the others in two
// columns, with the insights in noted.
func (d *document) tables(noted []string, rows int) []block {
	var blocks []block
	for _, t := range d.s.Tables() {
		if t != d.s.Targets && d.tabled(t) && len(t.Rows) > 0 && d.isWide(t) {
			short := *t.Short()
			if d.ranked(t) && len(t.Rows) > rows {
				short.Rows, short.Note, short.Total = short.Rows[:rows], t.Common, nil
			}
			blocks = append(blocks, d.table(&short)...)
		}
	}
	others := slices.DeleteFunc(d.s.Tables(),
		func(t *summary.Table) bool { return t == d.s.Targets })
	narrow := d.narrow(others, rows)
	if len(noted) > 0 {
		narrow = append(narrow, together(d.noted(noted, half)))
	}
	if len(narrow) > 0 {
		blocks = append(blocks, d.columns(narrow))
	}
	return blocks
}

// ranked reports whether a table is a list, the largest first.
func (d *document) ranked(t *summary.Table) bool {
	return slices.ContainsFunc(d.s.Sections, func(s summary.Section) bool {
		return s.Table == t && s.Chart != nil && s.Chart.Kind == summary.Ranking
	})
}

// narrow returns those of the tables that need only half the width, each with no more rows than
// most.
func (d *document) narrow(tables []*summary.Table, most int) (parts []part) {
	for _, t := range tables {
		switch {
		case !d.tabled(t) || d.isWide(t) || len(t.Rows) == 0 && t.Note == "":
		case len(t.Rows) == 0:
			parts = append(parts, d.note(t))
		default:
			parts = append(parts, d.part(d.narrowed(t, most), half))
		}
	}
	return parts
}

// tabled reports whether a table is in the document. It is if its numbers are available, no chart
// shows all of them, and the first page does not name all of its rows.
func (d *document) tabled(t *summary.Table) bool {
	switch {
	case t.Missing != "":
		return false
	case d.s.IsTold(t):
		return false
	}
	return !slices.ContainsFunc(d.s.Sections, func(s summary.Section) bool {
		c := s.Chart
		return s.Table == t && c != nil && c.Tabled == summary.SameTable &&
			c.Kind != summary.Ranking && d.drawable(c)
	})
}

// isWide reports whether a table needs the whole width. It does if it has sentences, many numbers
// or many rows, or if half the width would make its text too small.
func (d *document) isWide(t *summary.Table) bool {
	const mostNumbers = 4 // of which the last one can be left out
	if len(t.Rows) == 0 {
		return false
	}
	numbers, phrases := 0, false
	for _, c := range t.Columns {
		if phrases = phrases || c.Texts == summary.Phrases; c.Numbers {
			numbers++
		}
	}
	return phrases || numbers > mostNumbers || len(t.Rows) > rowsOnPage ||
		newTable(d.narrowed(t, summary.Top), half).body.size < leastCell
}

// narrowed returns a table with the columns for which half the width has room: the names and three
// numbers. Where names are the same, the next column tells them apart. It keeps no more rows than
// most.
func (d *document) narrowed(t *summary.Table, most int) *summary.Table {
	const numbers = 3
	short := *t.Short()
	if len(t.Rows) > most {
		short.Rows, short.Note, short.Total = short.Rows[:most], t.Common, nil
	}
	var kept []int
	for i, c := range t.Columns {
		if i == 0 || c.Numbers && len(kept) <= numbers {
			kept = append(kept, i)
		}
	}
	pick := func(row []string) (picked []string) {
		for _, i := range kept {
			picked = append(picked, row[i])
		}
		return picked
	}
	names := make(map[string]int)
	for _, row := range short.Rows {
		names[row[0]]++
	}
	rows := make([][]string, 0, len(short.Rows))
	for _, row := range short.Rows {
		picked := pick(row)
		if names[row[0]] > 1 && !t.Columns[1].Numbers {
			picked[0] = d.s.Words.Say(wording.ButtonIn, row[0], row[1])
		}
		rows = append(rows, picked)
	}
	short.Columns = nil
	for _, i := range kept {
		short.Columns = append(short.Columns, t.Columns[i])
	}
	if short.Rows = rows; short.Total != nil {
		short.Total = pick(short.Total)
	}
	return &short
}

// columns puts parts in two columns of about the same height, each in order.
func (d *document) columns(parts []part) block {
	// There are few parts. A bit of sides says that a part is on the right.
	ends := func(sides int) (ends [2]float64) {
		for i, p := range parts {
			ends[sides>>i&1] += p.height + sectionGap
		}
		return ends
	}
	highest := func(sides int) float64 { e := ends(sides); return max(e[0], e[1]) }
	best := 0
	for sides := range 1 << min(len(parts), 10) {
		if highest(sides) < highest(best) {
			best = sides
		}
	}
	b := block{gap: sectionGap, height: highest(best) - sectionGap}
	for _, p := range parts {
		b.marks = append(b.marks, p.marks...)
	}
	b.draw = func(top, _ float64) {
		y := [2]float64{top, top}
		for i, p := range parts {
			side := best >> i & 1
			p.draw(left+float64(side)*(half+gutter), y[side])
			y[side] += p.height + sectionGap
		}
	}
	return b
}

// size is the least height of a plot, and how much higher it may be.
type size struct{ plot, stretch float64 }

// sizeOf returns the size of the plots of a row.
func sizeOf(row ...*summary.Chart) size {
	plot := 86.0
	for _, c := range row {
		if c.Kind != summary.Shares {
			continue
		}
		// A line for each part, and one for each name of a series.
		const line, legend = 12.8, 14.0
		lines := 0
		for _, s := range c.Series {
			lines += 1 + len(s.Points)
		}
		plot = max(plot, min(line*float64(lines)+legend, bottom-top-100))
	}
	return size{plot, 110}
}

// figure is a chart with its heading, for a width.
type figure struct {
	mark
	title, subtitle []string
	picture         charts.Picture
	alt             string
}

func (d *document) figure(c *summary.Chart, w float64) figure {
	return figure{
		mark:     mark{c.Name, c.Title},
		title:    titleStyle.wrap(c.Title, w, 3),
		subtitle: mutedStyle.wrap(c.Subtitle, w, 3),
		picture:  d.pictures[c.Name],
		alt:      alternative(c),
	}
}

// alternative returns what is read instead of a chart: its finding, and then its numbers.
func alternative(c *summary.Chart) string {
	if len(c.Items) == 0 {
		return c.Alt
	}
	finding := c.Topic
	if c.Subtitle != "" {
		finding += ": " + strings.TrimSuffix(c.Subtitle, ".")
	}
	return finding + ". " + strings.Join(c.Items, "; ") + "."
}

func (f figure) heading() float64 { return 1 + float64(len(f.title)+len(f.subtitle))*leading }

const (
	footGap     = 6.0
	footLeading = 10.5
)

// drawFigure draws a figure. All headings of a row have the same height. The subtitle is a part of
// the figure, since the alternative text begins with the same words.
func (d *document) drawFigure(f figure, x, y, w, h, heading float64) {
	d.doc.Tag(tagged.H2, func() { d.lines(titleStyle, f.title, x, y+11, leading) })
	below := 12 + float64(len(f.title))*leading
	plot := d.doc.Tag(tagged.Figure, func() {
		for i, line := range f.subtitle {
			d.sheet.words(mutedStyle, line, x, y+below+float64(i)*leading)
		}
		v := vectors{d.sheet, x, y + heading + headingGap, chartScale}
		h := h - heading - headingGap
		if err := f.picture.DrawPlot(v, int(w/chartScale), int(h/chartScale)); err != nil {
			d.pdf.SetError(err)
		}
	})
	below -= mutedStyle.size
	plot.Alt = spoken(f.alt)
	plot.Area = tagged.Area{X: x, Y: y + below, W: w, H: h - below}
}

const headingGap = 6.0 // between a heading and its plot

// chart returns the block of a chart over the whole width.
func (d *document) chart(c *summary.Chart, size size) block {
	f := d.figure(c, width)
	return block{
		marks:  []mark{f.mark},
		height: f.heading() + headingGap + size.plot, stretch: size.stretch,
		gap:  sectionGap,
		draw: func(y, h float64) { d.drawFigure(f, left, y, width, h, f.heading()) },
	}
}

// Two columns.
const (
	gutter = 22.0
	half   = (width - gutter) / 2
)

// pair returns two charts side by side, of which the first has a share of the width.
func (d *document) pair(first, second *summary.Chart, share float64, size size) block {
	w := share * (width - gutter)
	rest := width - gutter - w
	f, g := d.figure(first, w), d.figure(second, rest)
	heading := max(f.heading(), g.heading())
	return block{
		marks:  []mark{f.mark, g.mark},
		height: heading + headingGap + size.plot, stretch: size.stretch, gap: sectionGap,
		draw: func(y, h float64) {
			d.drawFigure(f, left, y, w, h, heading)
			d.drawFigure(g, left+w+gutter, y, rest, h, heading)
		},
	}
}

// together returns parts below each other as one part.
func together(parts []part) (all part) {
	for _, p := range parts {
		all.marks = append(all.marks, p.marks...)
		all.height += p.height
	}
	all.draw = func(x, y float64) {
		for _, p := range parts {
			p.draw(x, y)
			y += p.height
		}
	}
	return all
}

// note returns a table without rows: its title, and why it has none.
func (d *document) note(t *summary.Table) part {
	why := mutedStyle.wrap(t.Note, half, 4)
	return part{
		marks: []mark{{tablePrefix + t.Name, t.Title}}, height: 17 + float64(len(why))*leading,
		draw: func(x, y float64) {
			d.heading(titleStyle, titleStyle.fit(t.Title, half), x, y+11)
			d.doc.Tag(tagged.P, func() { d.lines(mutedStyle, why, x, y+26, leading) })
		},
	}
}

// smallPrint is a heading and texts.
type smallPrint struct {
	heading wording.Key
	texts   []string
	terms   bool // the texts are a list of terms, each with a colon after it
}

// closing returns the glossary and where the numbers come from.
func (d *document) closing() block {
	glossary := smallPrint{heading: wording.HeadingGlossary, terms: true}
	for _, t := range d.s.Glossary {
		glossary.texts = append(glossary.texts, d.s.Words.Say(wording.AltItem, t.Term, t.Meaning))
	}
	return d.print(glossary, d.provenance())
}

// print returns small print in two columns of about the same height.
func (d *book) print(all ...smallPrint) block {
	const gap = 1.5
	b := block{gap: sectionGap, small: true}
	var lines []part // a paragraph each
	for n, s := range all {
		title, above := d.words.Say(s.heading), 0.0
		if n > 0 {
			above = sectionGap
		}
		b.marks = append(b.marks, mark{title: title})
		terms := list{doc: d.doc}
		for i, text := range s.texts {
			said, head := footStyle.wrap(text, half, 6), 0.0
			if i == 0 {
				head = above + 19
			}
			lines = append(lines, part{height: head + float64(len(said))*footLeading + gap,
				draw: func(x, y float64) {
					if head > 0 {
						d.heading(titleStyle, title, x, y+head-8)
					}
					if s.terms {
						d.term(&terms, said, x, y+head+9)
					} else {
						d.doc.Tag(tagged.P, func() {
							d.lines(footStyle, said, x, y+head+9, footLeading)
						})
					}
				}})
		}
	}
	whole := 0.0
	for _, p := range lines {
		whole += p.height
	}
	first, split := 0.0, 0
	for ; split < len(lines) && first+lines[split].height/2 < whole/2; split++ {
		first += lines[split].height
	}
	b.height = max(first, whole-first)
	b.draw = func(top, _ float64) {
		x, y := left, top
		for i, p := range lines {
			if i == split {
				x, y = left+half+gutter, top
			}
			p.draw(x, y)
			y += p.height
		}
	}
	return b
}

// term writes a term and its meaning as an item of a list. The term is the label.
func (d *book) term(terms *list, lines []string, x, y float64) {
	n := strings.Index(lines[0], ": ") + 1
	if n == 0 { // the term takes more than a line
		terms.item(func() { d.lines(footStyle, lines, x, y, footLeading) })
		return
	}
	term, rest := lines[0][:n], lines[0][n+1:]
	terms.labeled(
		func() { d.sheet.words(footStyle, term, x, y) },
		func() {
			first := d.text
			if len(lines) > 1 {
				first = d.sheet.words
			}
			first(footStyle, rest, x+footStyle.width(term+" "), y)
			d.lines(footStyle, lines[1:], x, y+footLeading, footLeading)
		},
	)
}

// provenance returns where the numbers come from.
func (d *document) provenance() smallPrint {
	return smallPrint{heading: wording.HeadingProvenance, texts: d.s.Provenance}
}
