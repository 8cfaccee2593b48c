package pdf

import (
	"cmp"
	"slices"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// tablePrefix is before the names of tables in marks, since charts have the same names.
const tablePrefix = "table "

const (
	rowHeight  = 16.2 // of a row whose texts take one line
	rowLeading = 11.5
	rowLines   = 5 // most lines of a name, in a table without bars
	columnGap  = 14.0
	barWidth   = 76.0
	rowsOnPage = 40 // a longer table has several blocks
)

// bars are the numbers of a table's rows, for the bars in it.
type bars struct {
	now, before []float64 // NaN: missing
}

// barsOf returns the bars of a ranking. Other charts have none. A ranking with upper bounds has
// none either, since its texts need the room.
func barsOf(c *summary.Chart) (b bars) {
	if c == nil || c.Kind != summary.Ranking || c.AtMost {
		return b
	}
	for _, s := range c.Series {
		for _, p := range s.Points {
			b.now = append(b.now, p.Value())
			b.before = append(b.before, summary.Point{Count: p.Last}.Value())
		}
	}
	return b
}

// table returns the blocks of a table: one, or several if it is longer than a page. Rows are not
// broken, and each block has the head. A table without rows is a note.
func (d *document) table(t *summary.Table, b bars) []block {
	titleMark := mark{tablePrefix + t.Name, t.Title}
	if t.Missing != "" || len(t.Rows) == 0 {
		why := t.Note
		if t.Missing != "" {
			why = d.s.Words.Say(wording.NotAvailableReason, t.Missing)
		}
		return []block{d.note(note{titleMark, why})}
	}
	set := newTable(t, b)
	title := titleStyle.fit(t.Title, width)
	var below []string // the note, if it has no room beside the title
	if t.Note != "" && titleStyle.width(title)+20+mutedStyle.width(t.Note) > width {
		below = mutedStyle.wrap(t.Note, width, 3)
	}
	var blocks []block
	for from := 0; from < len(t.Rows); from += rowsOnPage {
		to := min(from+rowsOnPage, len(t.Rows))
		first, last := from == 0, to == len(t.Rows)
		part := block{height: set.headHeight, gap: sectionGap}
		for i := from; i < to; i++ {
			part.height += set.height(i)
		}
		titleHeight := 0.0
		if first {
			part.marks = []mark{titleMark}
			titleHeight = 19 + float64(len(below))*leading
		}
		part.height += titleHeight
		if last && t.Total != nil {
			part.height += rowHeight
		}
		part.draw = func(y, _ float64) {
			if first {
				d.text(titleStyle, title, left, y+11)
				if d.lines(mutedStyle, below, left, y+12+leading, leading); below == nil {
					d.textRight(mutedStyle, t.Note, left+width, y+11)
				}
			}
			y = set.head(d.sheet, y+titleHeight)
			for i := from; i < to; i++ {
				y = set.row(d.sheet, t.Rows[i], i, y)
			}
			if last && t.Total != nil {
				set.total(d.sheet, t.Total, y)
			}
		}
		blocks = append(blocks, part)
	}
	return blocks
}

// table is the layout of a table: the places of its columns and the size of its text.
type table struct {
	columns    []column
	body       style
	headHeight float64
	bars       bars
	barX       float64
	barMost    float64 // the value of the longest bar; 0: there are no bars
	compared   bool    // there are bars of last week
}

// column is a column. Numbers are flush right.
type column struct {
	title   string
	cells   []string
	numbers bool
	key     key            // of the bars that show its numbers
	tones   []summary.Tone // of its cells; may be empty

	x, width float64
	head     []string   // the title's lines
	lines    [][]string // of each cell that is text
}

// key says which bars show the numbers of a column.
type key int

const (
	noBars key = iota
	thisWeek
	lastWeek
)

func newTable(t *summary.Table, b bars) *table {
	set := &table{bars: b}
	for i, now := range set.bars.now {
		set.barMost = max(set.barMost, now)
		if before := set.bars.before[i]; before > 0 {
			set.barMost = max(set.barMost, before)
			set.compared = true
		}
	}
	rows := t.Rows
	if t.Total != nil {
		rows = append(rows[:len(rows):len(rows)], t.Total)
	}
	for i, c := range t.Columns {
		col := column{numbers: c.Numbers, title: c.Title}
		for _, row := range rows {
			col.cells = append(col.cells, row[i])
		}
		set.columns = append(set.columns, col)
	}
	set.columns[len(set.columns)-1].tones = t.Tones
	set.keys()
	// Numbers are cut only if they do not fit at the smallest size.
	for size := bodyStyle.size; size >= 6; size -= 0.5 {
		set.body = bodyStyle.sized(size)
		if set.measure() {
			break
		}
	}
	set.place()
	return set
}

func (t *table) hasBars() bool { return t.barMost > 0 }

// keys sets the keys of the columns that the bars show. The first column of numbers is this week's,
// the second last week's.
func (t *table) keys() {
	numbers := 0
	for i := range t.columns {
		c := &t.columns[i]
		if !c.numbers || !t.hasBars() {
			continue
		}
		switch numbers++; {
		case numbers == 1:
			c.key = thisWeek
		case numbers == 2 && t.compared:
			c.key = lastWeek
		}
	}
}

// measure sets the widths of the columns at the size of t.body. It reports whether the texts fit.
func (t *table) measure() bool {
	const (
		headMost = 62.0 // a wider title is broken into lines
		textMost = 84.0 // least width of a column of text, unless its texts are shorter
	)
	room := width - columnGap*float64(len(t.columns)-1)
	if t.hasBars() {
		room -= barWidth + columnGap
	}
	strong := strongStyle.sized(t.body.size)
	var texts []*column
	needed, numbers := 0.0, 0
	for i := range t.columns {
		c := &t.columns[i]
		if !c.numbers {
			c.width = max(t.body.widest(c.cells...), headStyle.width(c.title), 40)
			needed += min(c.width, textMost)
			texts = append(texts, c)
			continue
		}
		numbers++
		c.width = max(strong.widest(c.cells...), min(headStyle.width(c.title), headMost), 36)
		if c.key != noBars {
			c.width = max(c.width, headStyle.width(c.title)+keyWidth)
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
	names := t.hasBars() || numbers < len(texts)
	for i := range t.columns {
		switch c := &t.columns[i]; {
		case !names && c.numbers:
			c.width += room / float64(numbers)
		case names && !c.numbers:
			c.width += room / float64(len(texts))
		}
	}
	return fits
}

// place puts the columns side by side, with the bars before the first column of numbers. If they
// are too wide, it makes all of them narrower.
func (t *table) place() {
	whole := columnGap * float64(len(t.columns)-1)
	for _, c := range t.columns {
		whole += c.width
	}
	if t.hasBars() {
		whole += barWidth + columnGap
	}
	squeeze := min(1, width/whole)
	x, lines := left, 1
	for i := range t.columns {
		c := &t.columns[i]
		if c.numbers && t.hasBars() && t.barX == 0 {
			t.barX = x
			x += (barWidth + columnGap) * squeeze
		}
		c.width *= squeeze
		c.x = x
		c.head = headStyle.wrap(c.title, c.width, 3)
		lines = max(lines, len(c.head))
		x += c.width + columnGap*squeeze
		most := rowLines
		if t.hasBars() { // all rows have one height
			most = 1
		}
		for _, cell := range c.cells {
			if c.numbers {
				most = 1
			}
			c.lines = append(c.lines, t.body.wrap(cell, c.width+rounding, most))
		}
	}
	t.headHeight = float64(lines)*headLeading + 7
}

const (
	headLeading = 12.5
	keyWidth    = 11.0 // a key and its distance from the title
	rounding    = 0.1  // the longest text is as wide as its column
)

// head draws the titles of the columns, with their last lines at one height. It returns where the
// rows begin.
func (t *table) head(s *sheet, y float64) float64 {
	base := y + t.headHeight - 7
	for _, c := range t.columns {
		for i, text := range c.head {
			lineY := base - float64(len(c.head)-1-i)*headLeading
			s.cell(headStyle, c, text, lineY)
			if i == 0 && c.key != noBars {
				s.key(c.key, c.x+c.width-headStyle.width(text)-keyWidth, lineY)
			}
		}
	}
	y += t.headHeight
	s.rule(line, left, left+width, y)
	return y
}

// key draws a sample of the bars. Last week's are thin.
func (s *sheet) key(k key, x, y float64) {
	if k == lastWeek {
		s.fill(s.LastEdge, x, y-4.6, 7, 2, 0.8)
		return
	}
	s.fill(s.Accent, x, y-7, 7, 7, 1.5)
}

// cell writes a text of a column, cut to its width.
func (s *sheet) cell(st style, c column, text string, y float64) {
	text = st.fit(text, c.width+rounding)
	if c.numbers {
		s.textRight(st, text, c.x+c.width, y)
		return
	}
	s.text(st, text, c.x, y)
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
func (t *table) row(s *sheet, cells []string, i int, y float64) float64 {
	for n, c := range t.columns {
		st := t.body
		if c.key == thisWeek {
			st = strongStyle.sized(t.body.size)
		}
		if i < len(c.tones) && c.tones[i] != summary.Neutral {
			news := st.told(s, c.tones[i])
			s.cell(news, c, cells[n], y+12)
			x := c.x + c.width - news.width(news.fit(cells[n], c.width)) - pillSign
			s.sign(news, s.Card, c.tones[i], x, y+8.4)
			continue
		}
		if len(c.lines[i]) > 1 {
			for n, text := range c.lines[i] {
				s.text(st, text, c.x, y+12+float64(n)*rowLeading)
			}
			continue
		}
		s.cell(st, c, cells[n], y+12)
	}
	if t.hasBars() {
		length := func(v float64) float64 {
			if !(v > 0) {
				return 0
			}
			return max(1, barWidth*v/t.barMost)
		}
		upper := y + 3.6
		if !t.compared {
			upper = y + 5.2
		}
		s.fill(s.Accent, t.barX, upper, length(t.bars.now[i]), 5.6, 1)
		s.fill(s.LastEdge, t.barX, upper+6.4, length(t.bars.before[i]), 2, 0.8)
	}
	y += t.height(i)
	s.rule(grid, left, left+width, y)
	return y
}

// total draws the row with the sums.
func (t *table) total(s *sheet, cells []string, y float64) {
	s.rule(line, left, left+width, y)
	for n, c := range t.columns {
		s.cell(strongStyle.sized(t.body.size), c, cells[n], y+12)
	}
}
