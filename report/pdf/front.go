package pdf

import (
	"net/url"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// front returns the blocks of the first page.
func (d *document) front() []block {
	blocks := []block{d.masthead()}
	blocks = append(blocks, d.notices()...)
	blocks = append(blocks, d.tiles())
	if c := d.main(); c != nil {
		main := d.chart(c, size{104, 116}) // low enough for one page in nearly all weeks
		main.gap = 24
		blocks = append(blocks, main)
	}
	return append(blocks, d.insights()...)
}

// logoScale is the points of a pixel of a logo, which is drawn at half its pixels.
const logoScale = 0.375

// masthead returns the brand, the bot, the dates and the headline.
func (d *document) masthead() block {
	const (
		datesLine    = 46.0
		headlineLine = datesLine + 30
		leading      = 21.0
	)
	headline := headlineStyle.balance(d.s.Headline, width, 4)
	logo := 0.0
	if d.logo.PNG != nil {
		logo = float64(d.logo.Height)*logoScale + 14
	}
	return block{
		marks:  []mark{{title: d.s.Title}},
		height: logo + headlineLine + float64(len(headline)-1)*leading + 6,
		draw: func(y, _ float64) {
			if logo > 0 {
				d.picture(d.logo, left, y)
				y += logo
			}
			room := width
			if link, ok := address(d.s.Link.URL); ok {
				st := bodyStyle.colored(d.AccentText)
				text := st.fit(d.s.Link.Text, width/3)
				w := st.width(text)
				x := left + width - w
				d.text(st, text, x, y+11)
				d.rule(d.AccentText, x, x+w, y+13)
				d.pdf.LinkString(x, y, w, 16, link)
				room -= w + 20
			}
			d.text(botStyle.colored(d.AccentText), botStyle.fit(d.s.Bot, room), left, y+11)
			d.text(datesStyle, d.s.Dates, left, y+datesLine)
			d.text(weekStyle, d.s.Period, left+datesStyle.width(d.s.Dates)+10, y+datesLine)
			d.lines(headlineStyle, headline, left, y+headlineLine, leading)
		},
	}
}

// address returns a web address in ASCII, as a PDF may have it. It returns false for any other.
func address(s string) (string, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	s = u.String()
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return "", false
		}
	}
	return s, true
}

// notices returns the notices, each as a block, since there may be many. Their backgrounds make
// them look like one box.
func (d *document) notices() []block {
	const padding = 12.0
	var blocks []block
	for i, notice := range d.s.Notices {
		lines := bodyStyle.wrap(notice, width-2*padding, 3)
		head, foot := 0.0, 0.0
		if i == 0 {
			head = padding + leading
		}
		if i == len(d.s.Notices)-1 {
			foot = padding - 5
		}
		b := block{height: head + float64(len(lines))*leading + 3 + foot}
		if i == 0 {
			b.gap = 14
		}
		b.draw = func(y, h float64) {
			d.fill(panel, left, y, width, h+0.2, 0)
			d.fill(line, left, y, 2.5, h+0.2, 0)
			if head > 0 {
				heading := d.s.Words.Say(wording.HeadingNotices)
				d.text(strongStyle, heading, left+padding, y+padding+6)
			}
			d.lines(bodyStyle, lines, left+padding, y+head+10, leading)
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// tiles returns the figures, two in a row.
func (d *document) tiles() block {
	const perRow, gap = 2, 12.0
	const w = (width - (perRow-1)*gap) / perRow
	var rows [][]tile
	var heights []float64
	total := 0.0
	for i, said := range d.s.Tiles {
		if i%perRow == 0 {
			rows, heights = append(rows, nil), append(heights, 0)
		}
		t := newTile(said, w)
		n := len(rows) - 1
		rows[n] = append(rows[n], t)
		heights[n] = max(heights[n], t.height())
	}
	for _, h := range heights {
		total += h + gap
	}
	return block{
		height: max(0, total-gap), gap: 18,
		draw: func(y, _ float64) {
			for n, row := range rows {
				for i, t := range row {
					x := left + float64(i)*(w+gap)
					t.draw(d.sheet, x, y, w, heights[n])
					to := t.Chart
					if t.Table != "" {
						to = tablePrefix + t.Table
					}
					if link, ok := d.anchors[to]; ok {
						d.pdf.Link(x, y, w, heights[n], link)
					}
				}
				y += heights[n] + gap
			}
		},
	}
}

// tile is a figure in a frame.
type tile struct {
	summary.Tile
	value  style
	pill   pill
	below  bool // the pill is below the value, which needs the whole width
	detail []string
}

const (
	tilePadding = 12.0
	tileValue   = 50.0 // the value's baseline
	tilePill    = 21.0 // the height of a pill below it
)

func newTile(said summary.Tile, w float64) tile {
	w -= 2 * tilePadding
	t := tile{Tile: said, value: valueStyle, pill: pill{said.Change, said.Tone},
		detail: mutedStyle.balance(said.Detail, w, 4)}
	if t.Missing {
		t.value.color = muted
	}
	unit := 0.0
	if t.Unit != "" {
		unit = mutedStyle.width(" " + t.Unit)
	}
	const comfortable, least = 16, 9
	beside := t.value.shrunk(t.Value, w-unit-t.pill.width()-8, least)
	if t.below = t.Change != "" && beside.size < comfortable; t.below {
		beside = t.value.shrunk(t.Value, w-unit, least)
	}
	t.value = beside
	return t
}

func (t tile) height() float64 {
	h := tileValue + 14 + max(1, float64(len(t.detail)))*leading
	if t.below {
		h += tilePill
	}
	return h
}

func (t tile) draw(s *sheet, x, y, w, h float64) {
	s.frame(grid, x, y, w, h, 5)
	room := w - 2*tilePadding
	x += tilePadding
	s.text(mutedStyle, mutedStyle.fit(t.Label, room), x, y+19)
	value := t.value.fit(t.Value, room)
	s.text(t.value, value, x, y+tileValue)
	after := t.value.width(value) + mutedStyle.width(" ")
	s.text(mutedStyle, mutedStyle.fit(t.Unit, room-after), x+after, y+tileValue)
	details := y + tileValue + 18
	switch {
	case t.below:
		t.pill.draw(s, x, y+tileValue+16)
		details += tilePill
	case t.Change != "":
		t.pill.draw(s, x+room-t.pill.width(), y+tileValue-8)
	}
	s.lines(mutedStyle, t.detail, x, details, leading)
}

// pill is a change on a background of its own. Bad news has a warning sign and good news a tick, so
// that they differ in more than color.
type pill struct {
	text string
	tone summary.Tone
}

const (
	pillPadding = 6.0
	pillSign    = 13.5 // the width of a sign
)

func (p pill) width() float64 {
	if p.text == "" {
		return 0
	}
	w := strongStyle.width(p.text) + 2*pillPadding
	if p.tone != summary.Neutral {
		w += pillSign
	}
	return w
}

// draw draws the pill from x on, centered on y.
func (p pill) draw(s *sheet, x, y float64) {
	ground := [...]theme.Color{summary.Neutral: s.Tint, summary.Good: s.GoodTint,
		summary.Bad: s.WarningTint}[p.tone]
	st := strongStyle.told(s, p.tone)
	s.fill(ground, x, y-8.5, p.width(), 17, 8.5)
	x += pillPadding
	if p.tone != summary.Neutral {
		s.sign(st, ground, p.tone, x, y)
		x += pillSign
	}
	s.text(st, p.text, x, y+3.6)
}

// told returns the style in the color of good or bad news.
func (st style) told(s *sheet, tone summary.Tone) style {
	switch tone {
	case summary.Good:
		return st.colored(s.GoodText)
	case summary.Bad:
		return st.colored(s.WarningText)
	}
	return st
}

// sign draws a tick for good news and a warning sign for bad news, from x on, centered on y.
func (s *sheet) sign(st style, ground theme.Color, tone summary.Tone, x, y float64) {
	if tone == summary.Good {
		s.text(strongStyle.colored(st.color), "✓", x, y+3.6)
		return
	}
	s.triangle(st.color, x, y-5, 10, 9.4)
	s.text(style{semiBold, 7.5, ground}, "!", x+3.85, y+3.2)
}

// insights returns sentences, each as a block, under one heading.
func (d *document) insights() []block {
	var blocks []block
	const indent = 13.0
	for i, insight := range d.s.Insights {
		lines := bodyStyle.wrap(insight, width-indent, 3)
		b := block{height: float64(len(lines))*leading + 3}
		head := 0.0
		if i == 0 {
			head = 22
			b.gap, b.marks = 22, []mark{{title: d.s.Words.Say(wording.HeadingInsights)}}
			b.height += head
		}
		b.draw = func(y, _ float64) {
			if head > 0 {
				d.text(titleStyle, d.s.Words.Say(wording.HeadingInsights), left, y+11)
			}
			y += head
			d.fill(d.Accent, left, y+4.6, 4.4, 4.4, 2.2)
			d.lines(bodyStyle, lines, left+indent, y+10, leading)
		}
		blocks = append(blocks, b)
	}
	return blocks
}
