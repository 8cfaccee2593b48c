package pdf

import (
	"cmp"
	"slices"
	"strings"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// Portfolio returns the portfolio as a PDF of A4 pages, like [Render]. The verdict is first. Then
// come all bots by group, those that need a look with the reason. A table with the numbers of each
// bot follows. The number of bots is not limited.
func Portfolio(
	o *portfolio.Portfolio, p *portfolio.Page, files ...tagged.File,
) ([]byte, error) {
	return written(files, func() (*book, []block) {
		d := newAllBots(o, p)
		return d.book, d.blocks()
	})
}

// allBots is a portfolio that is laid out.
type allBots struct {
	*book
	p *portfolio.Page
}

func newAllBots(o *portfolio.Portfolio, p *portfolio.Page) allBots {
	about := tagged.About{Title: spoken(p.Title), Subject: spoken(p.Headline), Time: o.MadeAt}
	return allBots{newBook(p.Words, about, footer{o.ID, p.Name, p.Dates}, p.Accent), p}
}

func (d allBots) blocks() []block {
	blocks := append([]block{d.masthead()}, d.facts()...)
	for _, s := range d.p.Sections {
		blocks = append(blocks, d.section(s)...)
	}
	return append(append(blocks, d.figures()...), d.closing())
}

func (d allBots) masthead() block {
	said := newVerdict(d.p.Headline)
	return block{
		marks:  []mark{{title: d.p.Title}},
		height: 18 + said.height(),
		draw: func(y, _ float64) {
			d.doc.Tag(tagged.H1, func() {
				d.dateline(d.p.Name, d.p.Dates, d.p.Period, y+10, width)
			})
			said.draw(d.sheet, y+18)
		},
	}
}

// facts returns the sentences after the verdict.
func (d allBots) facts() (blocks []block) {
	for i, fact := range d.p.Facts {
		b := d.paragraph(bodyStyle, fact, leading, 6)
		if i == 0 {
			b.gap = 10
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// paragraph returns a text over the whole width, cut to most lines.
func (d allBots) paragraph(st style, text string, leading float64, most int) block {
	lines := st.wrap(text, width, most)
	return block{height: float64(len(lines))*leading + 3, draw: func(y, _ float64) {
		d.doc.Tag(tagged.P, func() { d.lines(st, lines, left, y+leading*0.72, leading) })
	}}
}

// mostWorst is how many bots that need a look are listed with all their numbers, as in the mail.
const mostWorst = 5

// section returns a group of bots: first the bots with a text, and then the names of the others.
func (d allBots) section(s portfolio.Section) (blocks []block) {
	switch {
	case s.Group == portfolio.GroupFailed:
		for _, f := range s.ByReason() {
			reason := d.paragraph(strongStyle, d.words.Sentence(f.Reason), leading, 2)
			reason.gap = 4
			blocks = append(append(blocks, reason), d.names(f.Rows, false)...)
		}
	case s.Compared():
		said, others := list{doc: d.doc}, []portfolio.Row(nil)
		for i, r := range s.Rows {
			text, details := d.words.Sentence(cmp.Or(r.Verdict, r.Above)), r.Targets
			if s.Group == portfolio.GroupLook && i < mostWorst && r.Verdict != "" {
				details = d.words.Sentence(strings.Join(r.Details(), "\u00a0· "))
			}
			if text == "" && details == "" {
				others = append(others, r)
				continue
			}
			blocks = append(blocks, d.bot(&said, r, text, details))
		}
		names := d.names(others, false)
		if len(names) > 0 && len(blocks) > 0 {
			names[0].gap = 6
		}
		blocks = append(blocks, names...)
	default:
		blocks = d.names(s.Rows, s.Group == portfolio.GroupFew)
	}
	if s.Note != "" {
		blocks = slices.Insert(blocks, 0, d.paragraph(mutedStyle, s.Note, leading, 4))
	}
	return d.titled(s.Title, s.Group == portfolio.GroupLook, blocks)
}

// titled returns blocks under a heading. The heading is on the same page as the first block.
func (d allBots) titled(title string, look bool, blocks []block) []block {
	const height = 22.0
	first, below := &blocks[0], blocks[0].draw
	first.height += height
	first.gap = 18
	first.marks = []mark{{title: title}}
	first.draw = func(y, drawn float64) {
		if look {
			d.doc.Tag(tagged.H2, func() {
				pill{text: title, tone: summary.Bad, last: true}.draw(d.sheet, left, y+8)
			})
		} else {
			d.heading(titleStyle, titleStyle.fit(title, width), left, y+11)
		}
		below(y+height, drawn-height)
	}
	return blocks
}

// The columns of a list of bots with texts.
const (
	nameWidth = 178.0
	saidFrom  = nameWidth + 14
	saidWidth = width - saidFrom
)

// bot returns a bot and its text as an item of a list.
func (d allBots) bot(of *list, r portfolio.Row, text, details string) block {
	name := strongStyle.wrap(r.Name, nameWidth, 3)
	said := bodyStyle.wrap(text, saidWidth, 4)
	below := footStyle.wrap(details, saidWidth, 4)
	told := float64(len(said))*leading + float64(len(below))*footLeading
	return block{
		height: max(float64(len(name))*leading, told) + 3,
		draw: func(y, _ float64) {
			of.item(func() {
				d.name(r, strongStyle, name, ": ", left, y+10)
				end := ""
				if len(below) > 0 {
					end = ". "
				}
				d.ended(bodyStyle, said, end, left+saidFrom, y+10)
				d.lines(footStyle, below, left+saidFrom, y+8+float64(len(said))*leading,
					footLeading)
			})
			d.rule(grid, left, left+width, y+max(float64(len(name))*leading, told)+2)
		},
	}
}

// ended writes the lines of a text like [sheet.lines]. end is read after the text, and drawn as a
// space. If end is empty, no text follows.
func (d allBots) ended(st style, lines []string, end string, x, y float64) {
	if end == "" || len(lines) == 0 {
		d.lines(st, lines, x, y, leading)
		return
	}
	last := len(lines) - 1
	for i, line := range lines[:last] {
		gap := fonts.Gap(line, lines[i+1])
		d.write(st, line, gap, line+gap, x, y+float64(i)*leading)
	}
	d.write(st, lines[last], " ", lines[last]+end, x, y+float64(last)*leading)
}

// name writes the lines of a bot's name, as a link if the bot has an address. end is read between
// the name and the text after it. If end is empty, no text follows.
func (d allBots) name(r portfolio.Row, st style, lines []string, end string, x, y float64) {
	to, linked := address(r.URL)
	if linked {
		st = st.colored(d.AccentText)
	}
	write := func() { d.named(r.Name, func() { d.ended(st, lines, end, x, y) }) }
	if !linked {
		write()
		return
	}
	d.doc.Tag(tagged.Link, func() {
		write()
		for i, line := range lines {
			area := tagged.Area{X: x, Y: y - 10 + float64(i)*leading, W: st.width(line), H: leading}
			d.doc.LinkURL(area, to, spoken(r.Name))
		}
	})
}

// names returns the names of bots, several in a row. If chats is true, each has its number of
// chats.
func (d allBots) names(rows []portfolio.Row, chats bool) (blocks []block) {
	label := func(r portfolio.Row) portfolio.Row {
		if chats && r.Chats != "" {
			r.Name = d.words.Say(wording.PortfolioOfGroup, r.Name, r.Chats)
		}
		return r
	}
	widest := 0.0
	for _, r := range rows {
		widest = max(widest, bodyStyle.width(fonts.Clean(label(r).Name)))
	}
	columns := max(2, min(4, int((width+gutter)/(widest+gutter))))
	w := (width+gutter)/float64(columns) - gutter
	all := list{doc: d.doc}
	for row := range slices.Chunk(rows, columns) {
		var cells [][]string
		most := 1
		for _, r := range row {
			cells = append(cells, bodyStyle.wrap(label(r).Name, w, 3))
			most = max(most, len(cells[len(cells)-1]))
		}
		blocks = append(blocks, block{height: float64(most) * leading, draw: func(y, _ float64) {
			for i, r := range row {
				x := left + float64(i)*(w+gutter)
				all.item(func() { d.name(label(r), bodyStyle, cells[i], "", x, y+10) })
			}
		}})
	}
	return blocks
}

// figures returns the table with the numbers of the bots. Each row is a block, so the table can
// continue from page to page.
func (d allBots) figures() (blocks []block) {
	f := d.p.Figures
	if len(f.Rows) == 0 {
		return nil
	}
	t := &summary.Table{Title: f.Title, Columns: f.Columns}
	missing := d.words.Say(wording.Missing)
	for _, r := range f.Rows {
		drawn := ""
		if r.Bars == nil {
			drawn = missing
		}
		t.Rows = append(t.Rows, append(r.Cells[:len(r.Cells):len(r.Cells)], drawn))
	}
	set := newNameTable(t)
	set.missing, set.unknown = missing, d.words.Say(wording.NoValue)
	set.special = func(s *sheet, row, column int, c column, x, y float64) bool {
		switch r := f.Rows[row]; {
		case column == len(f.Columns)-1 && r.Bars != nil:
			s.bars(r, x+c.x+c.width, y+1.5, c.width)
			return true
		case column == 1 && r.Look:
			s.cell(set.body.told(s, summary.Bad), c, x, y+rowBase, rowLeading, c.lines[row]...)
			return true
		}
		return false
	}
	var shared rows
	head := func(x, y float64) {
		draw := func() { set.drawHead(d.sheet, x, y) }
		if shared.table == nil {
			shared.table = d.doc.At().Add(tagged.Table)
			shared.table.Summary = spoken(f.Title)
			d.doc.In(shared.table.Add(tagged.THead), draw)
			shared.body = shared.table.Add(tagged.TBody)
		} else {
			d.doc.Artifact(draw)
		}
	}
	for i, row := range t.Rows {
		blocks = append(blocks, block{
			height: set.height(i), again: part{height: set.headHeight, draw: head},
			draw: func(y, _ float64) {
				d.doc.In(shared.body, func() { set.row(d.sheet, row, i, left, y) })
			},
		})
	}
	first, below := &blocks[0], blocks[0].draw
	first.height, first.again = first.height+set.headHeight, part{}
	first.draw = func(y, height float64) {
		head(left, y)
		below(y+set.headHeight, height)
	}
	return d.titled(f.Title, false, blocks)
}

// bars draws the bars of a bot's weeks below y. They end at x. Their maximum width is most.
func (s *sheet) bars(r portfolio.FiguresRow, x, y, most float64) {
	const unit = 1.15 // of height
	heights := r.Bars
	step := min(4.4, most/float64(len(heights)+1))
	bar := step * 0.7
	x -= step*float64(len(heights)) + bar
	e := s.doc.Tag(tagged.Figure, func() {
		for i, height := range heights {
			h, color := max(0.6, float64(height)*unit), s.LastEdge
			at := x + step*float64(i)
			if i == len(heights)-1 { // this week
				at, color = at+step*0.6, s.Accent
			}
			s.fill(color, at, y+8*unit-h, bar, h, 0)
		}
	})
	e.Alt = spoken(r.Weeks)
	e.Area = tagged.Area{X: x, Y: y, W: step * float64(len(heights)+1), H: 8 * unit}
}

// closing returns what the numbers mean and where they come from.
func (d allBots) closing() block {
	return d.print(smallPrint{heading: wording.HeadingProvenance,
		texts: slices.Concat(d.p.Notes, d.p.Foot)})
}
