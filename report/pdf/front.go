package pdf

import (
	"net/url"

	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// front returns the blocks of the first page: the verdict and its reasons, the figures, the chart
// that the verdict is about, twelve weeks of the same measure, and as many insights as fit. rest is
// the other insights. The charts are side by side if they do not fit otherwise.
func (d *document) front(how arrangement) (blocks []block, rest []string) {
	blocks = d.opening()
	room := bottom - top - heightOf(blocks)
	charts := d.leading(how)
	if heightOf(charts) > room {
		charts = d.leading(abreast)
	}
	blocks = append(blocks, charts...)
	room -= heightOf(charts)
	said := d.s.Insights
	for n := len(said); n > 0; n-- {
		if noted := d.insights(said[:n]); heightOf(noted) <= room {
			return append(blocks, noted...), said[n:]
		}
	}
	return blocks, said
}

// opening returns the blocks above the charts.
func (d *document) opening() []block {
	blocks := append([]block{d.masthead()}, d.notices()...)
	blocks = append(blocks, d.reasons()...)
	if len(d.s.Tiles) > 0 {
		blocks = append(blocks, d.tiles())
	}
	return blocks
}

// heightOf returns the least height of blocks with the gaps above them.
func heightOf(blocks []block) (height float64) {
	for _, b := range blocks {
		height += b.gap + b.height
	}
	return height
}

// logoScale is the points of a pixel of a logo, which is drawn at half its pixels.
const logoScale = 0.375

// masthead returns the brand, the bot and the dates, and the verdict in the largest letters.
func (d *document) masthead() block {
	said := newVerdict(d.s.Verdict)
	logo, status := 0.0, 0.0
	if d.logo.PNG != nil {
		logo = float64(d.logo.Height)*logoScale + 12
	}
	if d.s.Status.Label != "" {
		status = 28
	}
	return block{
		marks:  []mark{{title: d.s.Title}},
		height: logo + 18 + status + said.height(),
		draw: func(y, _ float64) {
			if logo > 0 {
				d.picture(d.logo, d.s.Words.Say(wording.Logo), left, y)
				y += logo
			}
			to, linked := address(d.s.Link.URL)
			l := link{bodyStyle.fit(d.s.Link.Text, width/3), to}
			room := width
			if linked {
				room -= bodyStyle.width(l.text) + 20
			}
			d.doc.Tag(tagged.H1, func() {
				d.dateline(d.s.Bot, d.s.Dates, d.s.Period, y+10, room)
			})
			head := y + 10
			y += 18 + status
			if status > 0 {
				d.doc.Tag(tagged.P, func() { d.status(y - 4) })
			}
			said.draw(d.sheet, y)
			if linked {
				d.doc.Tag(tagged.P, func() { l.draw(d.sheet, head) })
			}
		},
	}
}

// verdict is the verdict in large letters.
type verdict struct {
	style style
	lines []string
}

func newVerdict(text string) verdict {
	const most, least = 4, 17.0 // lines, size
	v := verdict{style: verdictStyle}
	for ; ; v.style.size-- {
		v.lines = v.style.balance(text, width, most+1)
		if len(v.lines) <= most || v.style.size <= least {
			return v
		}
	}
}

func (v verdict) leading() float64 { return v.style.size * 1.22 }

func (v verdict) height() float64 { return 14 + float64(len(v.lines))*v.leading() }

func (v verdict) draw(s *sheet, y float64) {
	s.doc.Tag(tagged.P, func() {
		s.lines(v.style, v.lines, left, y+14+v.style.size*0.8, v.leading())
	})
}

// link is a text that links to a URL.
type link struct{ text, to string }

// draw writes the link, flush right.
func (l link) draw(s *sheet, y float64) {
	st := bodyStyle.colored(s.AccentText)
	w := st.width(l.text)
	s.doc.Tag(tagged.Link, func() {
		s.textRight(st, l.text, left+width, y)
		s.doc.LinkURL(tagged.Area{X: left + width - w, Y: y - 11, W: w, H: 16}, l.to, l.text)
	})
	s.rule(s.AccentText, left+width-w, left+width, y+2)
}

// dateline writes a name, the dates and the name of the period in small letters.
func (s *sheet) dateline(name, dates, period string, y, room float64) {
	shown := dates + " · " + period
	cut := strongStyle.fit(name, room-mutedStyle.width(shown)-12)
	s.named(name, func() { s.clause(strongStyle.colored(s.AccentText), cut, left, y) })
	s.write(mutedStyle, shown, "", dates+", "+period, left+strongStyle.width(cut)+12, y)
}

// status draws the label of the status on a colored background, centered on y.
func (d *document) status(y float64) {
	pill{text: d.s.Status.Label, tone: d.s.Status.Tone, last: true}.draw(d.sheet, left, y)
}

// reasons returns the blocks after the verdict: the facts, what coincides, and what to look at.
func (d *document) reasons() []block {
	const indent = 15.0
	var blocks []block
	for i, fact := range d.s.Reasons() {
		lines := bodyStyle.wrap(fact, width, 4)
		b := block{height: float64(len(lines))*leading + 3,
			draw: func(y, _ float64) {
				d.doc.Tag(tagged.P, func() { d.lines(bodyStyle, lines, left, y+10, leading) })
			}}
		if i == 0 {
			b.gap = 10
		}
		blocks = append(blocks, b)
	}
	looks := list{doc: d.doc}
	for i, look := range d.s.LookAt {
		to, ok := address(look.URL)
		st := strongStyle
		if ok {
			st = st.colored(d.AccentText)
		}
		lines := st.wrap(look.Text, width-indent, 2)
		b := block{height: float64(len(lines))*leading + 3, draw: func(y, _ float64) {
			d.doc.Artifact(func() {
				d.text(strongStyle.colored(d.AccentText), "→", left, y+10)
			})
			said := func() { d.lines(st, lines, left+indent, y+10, leading) }
			if !ok {
				looks.item(said)
				return
			}
			looks.item(func() {
				d.doc.Tag(tagged.Link, func() {
					said()
					for n, line := range lines {
						d.doc.LinkURL(tagged.Area{X: left, Y: y + float64(n)*leading,
							W: indent + st.width(line), H: leading}, to, spoken(look.Text))
					}
				})
			})
		}}
		if i == 0 {
			b.gap = 8
		}
		blocks = append(blocks, b)
	}
	return blocks
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
	all := list{doc: d.doc}
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
			b.gap = 12
		}
		b.draw = func(y, h float64) {
			d.fill(panel, left, y, width, h+0.2, 0)
			if head > 0 {
				heading := d.s.Words.Say(wording.HeadingNotices)
				// A heading here would be that of the facts, too.
				d.doc.Tag(tagged.P, func() {
					d.text(strongStyle, heading, left+padding, y+padding+6)
				})
			}
			said := func() { d.lines(bodyStyle, lines, left+padding, y+head+10, leading) }
			if len(d.s.Notices) == 1 {
				d.doc.Tag(tagged.P, said)
			} else {
				all.item(said)
			}
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// tiles returns the figures, two in a row.
func (d *document) tiles() block {
	const perRow, gap = 2, 10.0
	const w = (width - (perRow-1)*gap) / perRow
	var rows [][]tile
	var heights []float64
	total := 0.0
	for i, said := range d.s.Tiles {
		if i%perRow == 0 {
			rows, heights = append(rows, nil), append(heights, 0)
		}
		t := newTile(said, w)
		switch said.Tone {
		case summary.Good:
			t.pill.sign = d.s.Words.Say(wording.SignGood)
		case summary.Bad:
			t.pill.sign = d.s.Words.Say(wording.SignBad)
		}
		n := len(rows) - 1
		rows[n] = append(rows[n], t)
		heights[n] = max(heights[n], t.height())
	}
	for _, h := range heights {
		total += h + gap
	}
	return block{
		height: max(0, total-gap), gap: 16,
		draw: func(y, _ float64) {
			tiles := list{doc: d.doc}
			for n, row := range rows {
				for i, t := range row {
					x := left + float64(i)*(w+gap)
					tiles.labeled(
						func() { t.drawLabel(d.sheet, x, y, w, heights[n]) },
						func() {
							d.linked(t, func() { t.draw(d.sheet, x, y, w) },
								tagged.Area{X: x, Y: y, W: w, H: heights[n]})
						},
					)
				}
				y += heights[n] + gap
			}
		},
	}
}

// linked draws a part of a tile. If a table or chart shows more of it, the part links there.
func (d *document) linked(t tile, draw func(), area tagged.Area) {
	for _, to := range []string{tablePrefix + t.Table, t.Chart, t.Name} {
		if place, ok := d.places[to]; ok {
			d.doc.Tag(tagged.Link, func() {
				draw()
				d.doc.LinkPlace(area, place, spoken(t.Line()))
			})
			return
		}
	}
	draw()
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
	tilePadding = 10.0
	tileValue   = 35.0 // the value's baseline
	tilePill    = 20.0 // the height of a pill below it
)

func newTile(said summary.Tile, w float64) tile {
	w -= 2 * tilePadding
	t := tile{Tile: said, value: valueStyle, pill: pill{text: said.Change, tone: said.Tone},
		detail: footStyle.wrap(said.Detail, w, 4)}
	t.pill.last = len(t.detail) == 0
	if t.Missing {
		t.value.color = muted
	}
	unit := 0.0
	if t.Unit != "" {
		unit = footStyle.width(" " + t.Unit)
	}
	const comfortable, least = 12, 8
	beside := t.value.shrunk(t.Value, w-unit-t.pill.width()-8, least)
	if t.below = t.Change != "" && beside.size < comfortable; t.below {
		beside = t.value.shrunk(t.Value, w-unit, least)
	}
	t.value = beside
	return t
}

func (t tile) height() float64 {
	h := tileValue + 11 + max(1, float64(len(t.detail)))*footLeading
	if t.below {
		h += tilePill
	}
	return h
}

// drawLabel draws the frame and the label.
func (t tile) drawLabel(s *sheet, x, y, w, h float64) {
	s.frame(grid, x, y, w, h, 5)
	s.words(footStyle, footStyle.fit(t.Label, w-2*tilePadding), x+tilePadding, y+16)
}

// draw draws the rest.
func (t tile) draw(s *sheet, x, y, w float64) {
	room := w - 2*tilePadding
	x += tilePadding
	value := t.value.fit(t.Value, room)
	last := s.clause
	if t.Change == "" && len(t.detail) == 0 {
		last = s.text
	}
	if t.Unit == "" {
		last(t.value, value, x, y+tileValue)
	} else {
		s.words(t.value, value, x, y+tileValue)
		after := t.value.width(value) + footStyle.width(" ")
		last(footStyle, footStyle.fit(t.Unit, room-after), x+after, y+tileValue)
	}
	details := y + tileValue + 14
	switch {
	case t.below:
		t.pill.draw(s, x, y+tileValue+14)
		details += tilePill
	case t.Change != "":
		t.pill.draw(s, x+room-t.pill.width(), y+tileValue-9)
	}
	s.lines(footStyle, t.detail, x, details, footLeading)
}

// pill is a change on a background of its own. Bad news has a warning sign and good news a tick, so
// that they differ in more than color.
type pill struct {
	text string
	tone summary.Tone
	sign string // the word that is read for the sign; empty: the text says it
	last bool   // no text is read after it
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
		s.sign(st, ground, p.tone, p.sign, x, y)
		x += pillSign
	}
	if p.last {
		s.text(st, p.text, x, y+3.6)
	} else {
		s.clause(st, p.text, x, y+3.6)
	}
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

// sign draws a tick for good news or a warning sign for bad news, from x on, centered on y. It is
// read as alt. If alt is empty, it is skipped.
func (s *sheet) sign(
	st style, ground theme.Color, tone summary.Tone, alt string, x, y float64,
) {
	draw := func() {
		if tone == summary.Good {
			s.text(strongStyle.colored(st.color), "✓", x, y+3.6)
			return
		}
		s.triangle(st.color, x, y-5, 10, 9.4)
		s.text(style{semiBold, 7.5, ground}, "!", x+3.85, y+3.2)
	}
	if alt == "" {
		s.doc.Artifact(draw)
		return
	}
	s.doc.Tag(tagged.Span, draw).Alt = alt
}

// insights returns sentences, each as a block, under one heading.
func (d *document) insights(said []string) []block {
	var blocks []block
	for i, p := range d.noted(said, width) {
		b := block{marks: p.marks, height: p.height, draw: func(y, _ float64) { p.draw(left, y) }}
		if i == 0 {
			b.gap = 22
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// noted returns sentences under one heading, laid out for a width.
func (d *document) noted(said []string, w float64) (parts []part) {
	const indent = 13.0
	all := list{doc: d.doc}
	for i, insight := range said {
		lines := bodyStyle.wrap(insight, w-indent, 6)
		p := part{height: float64(len(lines))*leading + 3}
		heading, head := d.s.Words.Say(wording.HeadingInsights), 0.0
		if i == 0 {
			head = 22
			p.marks = []mark{{title: heading}}
			p.height += head
		}
		p.draw = func(x, y float64) {
			if head > 0 {
				d.heading(titleStyle, heading, x, y+11)
			}
			y += head
			d.fill(d.Accent, x, y+4.6, 4.4, 4.4, 2.2)
			all.item(func() { d.lines(bodyStyle, lines, x+indent, y+10, leading) })
		}
		parts = append(parts, p)
	}
	return parts
}
