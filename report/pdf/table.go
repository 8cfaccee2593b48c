package pdf

import (
	"cmp"
	"slices"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// tablePrefix is before the names of tables in marks, since charts have the same names.
const tablePrefix = "table "

const (
	rowHeight  = 12.5 // of a row whose texts take one line
	rowBase    = 9.4  // its baseline
	rowLeading = 10.5
	rowLines   = 3 // most lines of a name, in a table over the whole width
	columnGap  = 12.0
	leastCell  = 8.0 // size of the text of a table of half the width
	rowsOnPage = 40  // a longer table has several blocks
)

// table returns the blocks of a table over the whole width: one, or several if it is longer than a
// page. Rows are not broken, and each block has the head.
func (d *document) table(t *summary.Table) []block {
	var blocks []block
	var shared rows
	for from := 0; from < len(t.Rows); from += rowsOnPage {
		part := *t
		part.Rows = t.Rows[from:min(from+rowsOnPage, len(t.Rows))]
		if from+rowsOnPage < len(t.Rows) {
			part.Total = nil
		}
		if len(t.Tones) > 0 {
			part.Tones = t.Tones[from:]
		}
		if from > 0 {
			part.Title, part.Note = "", ""
		}
		blocks = append(blocks, d.partOf(&part, width, &shared).at(left))
	}
	return blocks
}

// part is something with a height that is drawn at a place.
type part struct {
	marks  []mark
	height float64
	draw   func(x, y float64)
}

// at returns the block of one part.
func (p part) at(x float64) block {
	return block{marks: p.marks, height: p.height, gap: sectionGap,
		draw: func(y, _ float64) { p.draw(x, y) }}
}

// rows are the elements of a table. Its rows may be on several pages.
type rows struct{ table, body *tagged.Element }

// part lays out a table.
func (d *document) part(t *summary.Table, w float64) part { return d.partOf(t, w, new(rows)) }

// partOf lays out a part of a table. A table without a title continues another one.
func (d *document) partOf(t *summary.Table, w float64, shared *rows) part {
	set := newTable(t, w)
	set.missing, set.unknown = d.words.Say(wording.Missing), d.words.Say(wording.NoValue)
	title := titleStyle.fit(t.Title, w)
	var below []string // the note, if it has no room beside the title
	if t.Note != "" && titleStyle.width(title)+20+mutedStyle.width(t.Note) > w {
		below = footStyle.wrap(t.Note, w, 3)
	}
	p, titleHeight := part{height: set.headHeight}, 0.0
	if t.Title != "" {
		p.marks = []mark{{tablePrefix + t.Name, t.Title}}
		titleHeight = 17 + float64(len(below))*footLeading
	}
	p.height += titleHeight
	for i := range t.Rows {
		p.height += set.height(i)
	}
	if t.Total != nil {
		p.height += rowHeight
	}
	p.draw = func(x, y float64) {
		d.heading(titleStyle, title, x, y+11)
		d.doc.Tag(tagged.P, func() {
			if d.lines(footStyle, below, x, y+12+footLeading, footLeading); below == nil {
				d.textRight(mutedStyle, t.Note, x+w, y+11)
			}
		})
		head := func() { set.drawHead(d.sheet, x, y+titleHeight) }
		if shared.table == nil {
			shared.table = d.doc.At().Add(tagged.Table)
			shared.table.Summary = spoken(t.Title)
			d.doc.In(shared.table.Add(tagged.THead), head)
			shared.body = shared.table.Add(tagged.TBody)
		} else {
			d.doc.Artifact(head) // repeated
		}
		y += titleHeight + set.headHeight
		d.doc.In(shared.body, func() {
			for i, row := range t.Rows {
				y = set.row(d.sheet, row, i, x, y)
			}
		})
		if t.Total != nil {
			d.doc.In(shared.table.Add(tagged.TFoot), func() { set.total(d.sheet, t.Total, x, y) })
		}
	}
	return p
}

// table is the layout of a table: the places of its columns and the size of its text.
type table struct {
	columns    []column
	missing    string // what a cell without a number shows
	unknown    string // what is read instead of missing
	body, head style
	headHeight float64
	whole, gap float64 // the width of all columns, and what is between two
	tight      bool    // the first column gets the width that the others leave

	// special draws a cell that is not plain text and reports whether it did. nil: all cells are
	// plain text.
	special func(s *sheet, row, column int, c column, x, y float64) bool
}

// column is a column. Numbers are flush right.
type column struct {
	title   string
	cells   []string
	numbers bool
	tones   []summary.Tone // of its cells; may be empty

	x, width float64
	of       string     // read before its title, if that is not unique
	first    string     // read before the text of the cell
	head     []string   // the title's lines
	lines    [][]string // of each cell that is text
}

func newTable(t *summary.Table, w float64) *table {
	set := &table{whole: w, head: headStyle, gap: columnGap}
	if w < width {
		set.head, set.gap = headStyle.sized(pt.Small), columnGap*2/3
	}
	set.fill(t)
	return set
}

// newNameTable is newTable over the whole width, with as much width as possible for the names. The
// other columns are as narrow as their texts and the words of their titles allow.
func newNameTable(t *summary.Table) *table {
	set := &table{whole: width, head: headStyle, gap: columnGap, tight: true}
	set.fill(t)
	return set
}

// fill puts the cells of the rows into the columns.
func (t *table) fill(of *summary.Table) {
	rows := of.Rows
	if of.Total != nil {
		rows = append(rows[:len(rows):len(rows)], of.Total)
	}
	for i, c := range of.Columns {
		col := column{numbers: c.Numbers, title: c.Title}
		for _, row := range rows {
			col.cells = append(col.cells, row[i])
		}
		t.columns = append(t.columns, col)
	}
	t.columns[len(t.columns)-1].tones = of.Tones
	for i := range t.columns {
		if of := t.said(i); of != "" {
			t.columns[i].of = of + ", "
		}
	}
	// Numbers are cut only if they do not fit at the smallest size.
	for size := cellSize; size >= 6; size -= 0.5 {
		t.body = bodyStyle.sized(size)
		if t.measure() {
			break
		}
	}
	t.place()
}

// said returns the title of the column that column i adds to, such as "Chats" for the first
// "Usually". It is the last column before i with a unique title. If the title of column i is
// unique, said returns "".
func (t *table) said(i int) (of string) {
	unique := func(c column) bool {
		same := func(other column) bool { return other.title == c.title }
		n := slices.IndexFunc(t.columns, same)
		return !slices.ContainsFunc(t.columns[n+1:], same)
	}
	if unique(t.columns[i]) {
		return ""
	}
	for _, c := range t.columns[:i] {
		if unique(c) {
			of = c.title
		}
	}
	return of
}

// measure sets the widths of the columns at the size of t.body. It reports whether the texts fit.
func (t *table) measure() bool {
	const (
		headMost  = 62.0 // a wider title is broken into lines
		wordsMost = 60.0 // of words in a column of numbers
		textMost  = 84.0 // least width of a column of text, unless its texts are shorter
	)
	room := t.whole - t.gap*float64(len(t.columns)-1)
	strong := strongStyle.sized(t.body.size)
	var texts []*column
	needed, numbers := 0.0, 0
	for i := range t.columns {
		c := &t.columns[i]
		if !c.numbers {
			c.width = max(t.body.widest(c.cells...), t.titleWidth(c), 40)
			needed += min(c.width, textMost)
			texts = append(texts, c)
			continue
		}
		numbers++
		c.width = max(min(t.titleWidth(c), headMost), 30)
		for _, cell := range c.cells {
			w := strong.width(cell)
			if t.whole < width && w > wordsMost { // these are words, which are not cut
				w = max(wordsMost, strong.widest(fonts.Words(cell)...))
			}
			c.width = max(c.width, w)
		}
		if len(c.tones) > 0 {
			c.width += pillSign
		}
		room -= c.width
	}
	fits := room >= needed

	// The narrowest columns of text get what they need. The others share the rest.
	room = max(room, 40*float64(len(texts)))
	slices.SortStableFunc(texts, func(a, b *column) int { return cmp.Compare(a.width, b.width) })
	for i, c := range texts {
		c.width = min(c.width, room/float64(len(texts)-i))
		room -= c.width
	}
	// What remains goes to the names of a list, or else between the numbers.
	names := numbers < len(texts) || t.whole < width
	for i := range t.columns {
		switch c := &t.columns[i]; {
		case t.tight && i > 0:
		case t.tight:
			c.width += room
		case !names && c.numbers:
			c.width += room / float64(numbers)
		case names && !c.numbers:
			c.width += room / float64(len(texts))
		}
	}
	return fits
}

// titleWidth returns the width of a column's title, or that of its widest word if the title may be
// broken into lines.
func (t *table) titleWidth(c *column) float64 {
	if t.tight {
		return t.head.widest(fonts.Words(c.title)...)
	}
	return t.head.width(c.title)
}

// place puts the columns side by side. If they are too wide, it makes all of them narrower.
func (t *table) place() {
	all := t.gap * float64(len(t.columns)-1)
	for _, c := range t.columns {
		all += c.width
	}
	squeeze := min(1, t.whole/all)
	x, lines := 0.0, 1
	for i := range t.columns {
		c := &t.columns[i]
		c.width *= squeeze
		c.x = x
		c.head = t.head.wrap(c.title, c.width+rounding, 3)
		lines = max(lines, len(c.head))
		x += c.width + t.gap*squeeze
		most := rowLines
		if t.whole < width { // in a list, the beginning of a name is enough
			most = 2
		}
		for _, cell := range c.cells {
			c.lines = append(c.lines, t.body.wrap(cell, c.width+rounding, most))
		}
	}
	t.headHeight = float64(lines)*headLeading + 5
}

const (
	headLeading = 11.5
	rounding    = 0.1 // the longest text is as wide as its column
)

// drawHead draws the titles of the columns. Their last lines have the same baseline.
func (t *table) drawHead(s *sheet, x, y float64) {
	base := y + t.headHeight - 5
	s.doc.Tag(tagged.TR, func() {
		for _, c := range t.columns {
			s.doc.Tag(tagged.TH, func() {
				c.first = c.of
				s.cell(t.head, c, x, base-float64(len(c.head)-1)*headLeading, headLeading,
					c.head...)
			}).Scope = tagged.Column
		}
	})
	s.rule(line, x, x+t.whole, y+t.headHeight)
}

// cell writes lines in a column, each cut to the width of the column.
func (s *sheet) cell(st style, c column, x, y, leading float64, lines ...string) {
	for i, text := range lines {
		text = st.fit(text, c.width+rounding)
		at, end := x+c.x, ""
		if c.numbers {
			at += c.width - st.width(text)
		}
		if i < len(lines)-1 {
			end = fonts.Gap(text, lines[i+1])
		}
		read := text + end
		if i == 0 {
			read = c.first + read
		}
		s.write(st, text, end, read, at, y+float64(i)*leading)
	}
}

// height returns the height of a row.
func (t *table) height(row int) float64 {
	lines := 1
	for _, c := range t.columns {
		lines = max(lines, len(c.lines[row]))
	}
	return rowHeight + float64(lines-1)*rowLeading
}

// row draws a row and returns where the next one begins.
func (t *table) row(s *sheet, cells []string, i int, x, y float64) float64 {
	t.cells(s, cells, func(n int, c column) {
		switch {
		case t.special != nil && t.special(s, i, n, c, x, y):
		case i < len(c.tones) && c.tones[i] != summary.Neutral:
			news := t.body.told(s, c.tones[i])
			s.cell(news, c, x, y+rowBase, 0, cells[n])
			at := x + c.x + c.width - news.width(news.fit(cells[n], c.width)) - pillSign
			s.sign(news, s.Card, c.tones[i], "", at, y+rowBase-3.6)
		case len(c.lines[i]) > 1:
			s.cell(t.body, c, x, y+rowBase, rowLeading, c.lines[i]...)
		default:
			s.cell(t.body, c, x, y+rowBase, 0, cells[n])
		}
	})
	y += t.height(i)
	s.rule(grid, x, x+t.whole, y)
	return y
}

// total draws the row with the sums.
func (t *table) total(s *sheet, cells []string, x, y float64) {
	s.rule(line, x, x+t.whole, y)
	t.cells(s, cells, func(n int, c column) {
		s.cell(strongStyle.sized(t.body.size), c, x, y+rowBase, 0, cells[n])
	})
}

// cells draws the cells of a row. The first is the header of the row.
func (t *table) cells(s *sheet, cells []string, draw func(n int, c column)) {
	s.doc.Tag(tagged.TR, func() {
		for n, c := range t.columns {
			role, scope := tagged.TD, tagged.Scope("")
			if n == 0 {
				role, scope = tagged.TH, tagged.Row
			}
			e := s.doc.Tag(role, func() {
				switch {
				case cells[n] == t.missing:
					s.doc.Tag(tagged.Span, func() { draw(n, c) }).Alt = t.unknown
				case c.numbers:
					draw(n, c)
				default:
					s.named(cells[n], func() { draw(n, c) })
				}
			})
			e.Scope = scope
		}
	})
}
