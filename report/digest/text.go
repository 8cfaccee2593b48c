package digest

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// The widths between which a text is laid out, in columns.
const (
	MinWidth = 40
	MaxWidth = 100 // a longer line is hard to read
)

// Text is the digest for a terminal: plain text of at most width columns, in which a wide character
// counts as two. A width below MinWidth or above MaxWidth is taken as that limit. The text ends
// with a newline.
//
// A zero has no bar and a 0, a missing number has no bar and a dash. Any number above zero has at
// least the smallest bar. A section that could not be fetched says so in place of its bars.
func Text(s *summary.Summary, width int) string {
	p := &page{Wording: s.Words, s: s, width: min(max(width, MinWidth), MaxWidth)}
	p.head()
	p.facts()
	p.tiles()
	above, twelve := lead(s), weeks(s)
	if above != nil {
		p.leadChart(above)
	}
	p.lookAt()
	if twelve != nil && twelve != above {
		p.chart(twelve, twelve.Topic, twelve.Subtitle)
	}
	p.insights()
	p.targets()
	for _, section := range s.Sections {
		if t := section.Table; section.Chart == nil && t != nil && !s.IsTold(t) {
			p.table(t)
		}
	}
	for _, c := range s.RankedCharts() {
		said := isDead(s) && c.Missing == "" && c.Blank()
		if c != above && c != twelve && !said {
			p.chart(c, c.Topic, p.finding(c))
		}
	}
	p.foot()
	return p.b.String()
}

// page is written from top to bottom.
type page struct {
	*wording.Wording
	s     *summary.Summary
	width int
	b     strings.Builder
}

// line writes a line, cut to the page's width. It removes the isolates around names: a line can end
// inside a name, and few terminals know isolates.
func (p *page) line(text string) {
	text = strings.TrimRight(unisolated(text), " ")
	p.b.WriteString(fit(text, p.width, uniseg.StringWidth) + "\n")
}

var unisolated = strings.NewReplacer("\u2068", "", "\u2069", "").Replace

// paragraph wraps a text. Its first line begins with lead, and the others are indented as far.
func (p *page) paragraph(lead, text string) {
	indent := pad("", uniseg.StringWidth(lead))
	words, room := strings.Split(literal(text), " "), p.width-uniseg.StringWidth(lead)
	for i, l := range wrap(words, " ", room) {
		if i > 0 {
			lead = indent
		}
		p.line(lead + l)
	}
}

// wrap joins literal words into lines of at most width columns. It breaks only a word that is wider
// than a line.
func wrap(words []string, space string, width int) []string {
	var lines []string
	line := ""
	for _, word := range words {
		if joined := line + space + word; line != "" && uniseg.StringWidth(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for uniseg.StringWidth(word) > width {
			var head string
			head, word = split(word, width)
			lines = append(lines, head)
		}
		line = word
	}
	return append(lines, line)
}

// split cuts a word that is wider than width, after at least one grapheme cluster.
func split(word string, width int) (head, rest string) {
	rest = word
	for state := -1; rest != ""; {
		_, after, columns, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if width -= columns; width < 0 && rest != word {
			break
		}
		rest, state = after, next
	}
	return word[:len(word)-len(rest)], rest
}

// pad fills a text with spaces on its right, padLeft on its left.
func pad(s string, width int) string     { return s + spaces(s, width) }
func padLeft(s string, width int) string { return spaces(s, width) + s }

func spaces(s string, width int) string {
	return strings.Repeat(" ", max(0, width-uniseg.StringWidth(s)))
}

func (p *page) head() {
	name := title(p.s, units)
	p.paragraph("", name)
	p.line(strings.Repeat("─", min(p.width, uniseg.StringWidth(name))))
	p.paragraph("", p.s.Headline)
	if len(p.s.Notices) > 0 {
		p.heading(p.Say(wording.HeadingNotices))
	}
	for _, notice := range share(p.s.Notices, maxNotices) {
		p.paragraph("• ", notice)
	}
}

// rest returns what follows a tile's value: "+5.6%, usually 7,607".
func (p *page) rest(t summary.Tile) string {
	if t.Missing {
		return p.Say(wording.NotAvailable) // the notices say why
	}
	parts := slices.DeleteFunc([]string{t.Unit, t.Change, t.Detail},
		func(part string) bool { return part == "" })
	return strings.Join(parts, ", ")
}

// facts writes what belongs to the verdict.
func (p *page) facts() {
	if facts := p.s.Reasons(); len(facts) > 0 {
		p.line("")
		for _, fact := range share(facts, maxFacts) {
			p.paragraph("", fact)
		}
	}
}

// lookAt writes what to look at, and the link to the bot.
func (p *page) lookAt() {
	if len(p.s.LookAt) > 0 {
		p.heading(p.Say(wording.HeadingLookAt))
	}
	for _, l := range p.s.LookAt {
		text := fit(literal(l.Text), maxLook, units)
		if link, ok := webLink(l); ok && link.URL != p.s.Link.URL { // that one is below
			text += ": " + link.URL
		}
		p.paragraph("• ", text)
	}
	if link, ok := webLink(p.s.Link); ok {
		p.line("")
		p.paragraph("", link.Text+": "+link.URL)
	}
}

// tiles writes the tiles in columns: label, value flush right, and the rest. If the numbers are so
// long that nothing fits beside them, each tile is a paragraph.
func (p *page) tiles() {
	const gap, least = "  ", 18
	if len(p.s.Tiles) == 0 {
		return
	}
	labels, values := 0, 0
	for _, t := range p.s.Tiles {
		labels = max(labels, uniseg.StringWidth(literal(t.Label)))
		values = max(values, uniseg.StringWidth(literal(t.Value)))
	}
	columns := labels+values+2*len(gap)+least <= p.width
	p.line("")
	for _, t := range p.s.Tiles {
		label, value, rest := literal(t.Label), literal(t.Value), p.rest(t)
		if columns {
			p.paragraph(pad(label, labels)+gap+padLeft(value, values)+gap, rest)
		} else {
			p.paragraph("", label+": "+value+gap+rest)
		}
	}
}

func (p *page) insights() {
	if len(p.s.Insights) == 0 {
		return
	}
	p.heading(p.Say(wording.HeadingInsights))
	for _, insight := range share(p.s.Insights, maxInsights) {
		p.paragraph("• ", insight)
	}
}

func (p *page) targets() {
	if p.s.Targets == nil {
		return
	}
	p.heading(p.s.Targets.Title)
	for _, row := range p.s.Targets.Rows {
		p.paragraph("• ", p.Say(wording.AltItem, row[0], strings.Join(row[1:], "; ")))
	}
}

func (p *page) heading(text string) {
	p.line("")
	p.paragraph("", text)
}

// leadChart writes the chart that the verdict is about. The verdict and the tiles have said its
// numbers.
func (p *page) leadChart(c *summary.Chart) {
	finding := p.finding(c)
	if c.Target != nil && !strings.Contains(c.Title, c.RateText(p.Wording, c.Target.Value)) {
		finding = c.Target.Text
	}
	p.chart(c, c.Title, finding)
}

// finding returns the finding of a chart, unless a tile has its numbers.
func (p *page) finding(c *summary.Chart) string {
	i := slices.IndexFunc(p.s.Sections, func(s summary.Section) bool { return s.Chart == c })
	t := p.s.Sections[i].Table
	tile := func(tile summary.Tile) bool {
		return !tile.Missing && (tile.Chart == c.Name || t != nil && tile.Table == t.Name)
	}
	if slices.ContainsFunc(p.s.Tiles, tile) {
		return ""
	}
	return c.Subtitle
}

// chart writes a chart's title and finding, and draws it. The notices say why a section could not
// be fetched.
func (p *page) chart(c *summary.Chart, title, finding string) {
	if c.Missing != "" {
		finding = p.Say(wording.NotAvailable)
	}
	p.titled(title, finding)
	switch {
	case !c.Drawn():
	case c.Kind == summary.Heatmap:
		p.shades(c)
	case c.Kind == summary.Ranking:
		p.ranking(c)
	case c.Kind == summary.Shares:
		for i, s := range c.Series {
			p.paragraph("", s.Name)
			p.columns(c, c.Series[i:i+1])
		}
	default:
		p.columns(c, c.Series)
	}
}

// titled writes a title, and after it what is found.
func (p *page) titled(title, finding string) {
	if finding = strings.TrimSuffix(finding, "."); finding != "" {
		title += " · " + finding
	}
	p.heading(title)
}

// columns draws the first of the given series of a chart as bars. Next to them are the numbers of
// all series, and those of what is usual or else of the week before. For a chart of weeks, what is
// usual is one number, and the finding says it.
func (p *page) columns(c *summary.Chart, all []summary.Series) {
	usual := c.Usual != "" && c.Kind != summary.Periods
	if usual && c.Kind == summary.Stacked { // what is usual is for all series together
		all = slices.Insert(slices.Clone(all), 0, summary.Series{Points: wholes(c)})
	}
	var columns []string
	for _, s := range all {
		columns = append(columns, s.Name)
	}
	switch {
	case usual:
		columns[0] = c.This
		columns = append(columns, c.Usual)
	case c.Compared:
		columns = append(columns, c.Before)
	}
	var bars []bar
	for i, point := range all[0].Points[c.Start:] {
		b := bar{name: point.Name, value: point.Value()}
		for _, s := range all {
			b.cells = append(b.cells, p.number(c, s.Points[c.Start+i]))
		}
		switch {
		case usual:
			b.cells = append(b.cells, p.usual(c, point))
		case c.Compared:
			b.cells = append(b.cells, p.number(c, summary.Point{Count: point.Last}))
		}
		bars = append(bars, b)
	}
	p.bars(columns, bars)
}

// number writes a point's number, and a dash if it is missing.
func (p *page) number(c *summary.Chart, point summary.Point) string {
	switch {
	case point.Text != "":
		return point.Text
	case point.Count != nil:
		return p.Count(*point.Count)
	case point.Rate != nil:
		return c.RateText(p.Wording, *point.Rate)
	}
	return p.Say(wording.Missing)
}

// usual writes what is usual in the place of a point, or a dash if that is not known.
func (p *page) usual(c *summary.Chart, point summary.Point) string {
	switch {
	case point.Usual == nil:
		return p.Say(wording.Missing)
	case c.Rates, c.Kind == summary.Shares:
		return c.RateText(p.Wording, *point.Usual)
	}
	return p.Median(*point.Usual)
}

// ranking draws the bars of a chart beside the numbers of the table that has its rows. A column
// without a number is left out.
func (p *page) ranking(c *summary.Chart) {
	i := slices.IndexFunc(p.s.Sections, func(s summary.Section) bool { return s.Chart == c })
	t := p.s.Sections[i].Table
	first := slices.IndexFunc(t.Columns, func(column summary.Column) bool { return column.Numbers })
	end := len(t.Columns)
	for end > first+1 && isEmpty(t.Rows, end-1, p.Say(wording.Missing)) {
		end--
	}
	var columns []string
	for _, column := range t.Columns[first:end] {
		columns = append(columns, column.Title)
	}
	var bars []bar
	for i, point := range c.Series[0].Points {
		bars = append(bars, bar{point.Name, point.Value(), t.Rows[i][first:end]})
	}
	p.bars(columns, bars)
}

// bar is a bar and the texts after it. Its value is NaN if it is missing.
type bar struct {
	name  string
	value float64
	cells []string
}

// bars writes horizontal bars, to scale from zero. If there is not enough room, the columns after
// the first are left out.
func (p *page) bars(columns []string, bars []bar) {
	const gap, least = 2, 10
	names, most := 0, 0.0
	for i := range bars {
		bars[i].name = literal(bars[i].name)
		names = max(names, uniseg.StringWidth(bars[i].name))
		if v := bars[i].value; v > most {
			most = v
		}
	}
	widths := make([]int, len(columns))
	for i, column := range columns {
		if len(columns) > 1 {
			widths[i] = uniseg.StringWidth(column)
		}
		for _, b := range bars {
			widths[i] = max(widths[i], uniseg.StringWidth(b.cells[i]))
		}
	}
	// Names are cut, numbers never.
	names = min(names, p.width*2/5, max(0, p.width-gap-widths[0]-gap))
	room, shown := p.width-names-gap-widths[0]-gap, 1
	for shown < len(widths) && room-widths[shown]-gap >= least {
		room -= widths[shown] + gap
		shown++
	}
	widths = widths[:shown]
	row := func(name, drawn string, cells []string) {
		line := pad(fit(name, names, uniseg.StringWidth), names+gap) + pad(drawn, room)
		for i, width := range widths {
			line += pad("", gap) + padLeft(cells[i], width)
		}
		p.line(line)
	}
	if len(widths) > 1 {
		row("", "", columns)
	}
	for _, b := range bars {
		row(b.name, blocks(b.value, most, room), b.cells)
	}
}

// blocks draws a value as cells of eighths, full if it is most.
func blocks(value, most float64, cells int) string {
	if !(value > 0) || cells <= 0 { // also if it is missing
		return ""
	}
	eighths := max(1, int(value/most*float64(8*cells)+0.5))
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}

// The cells of a heatmap: no chats, and four shades, each a quarter of the highest count.
const none, shades = "·", "░▒▓█"

// shadeLimit returns the highest count of a shade, from 1 to 4.
func shadeLimit(most, shade int) int { return most/4*shade + most%4*shade/4 }

// shades draws a heatmap, and says what the shades mean.
func (p *page) shades(c *summary.Chart) {
	most, days := 0, 0
	for _, s := range c.Series {
		days = max(days, uniseg.StringWidth(s.Name))
		for _, point := range s.Points {
			if point.Count != nil {
				most = max(most, *point.Count)
			}
		}
	}
	days += 2
	cell, step := 2, 3
	if p.width < days+24*cell {
		cell, step = 1, 6
	}
	axis := pad("", days)
	for hour := 0; hour < len(c.Series[0].Points); hour += step {
		axis += pad(c.Series[0].Points[hour].Name, step*cell)
	}
	p.line(axis)
	for _, s := range c.Series {
		line := pad(s.Name, days)
		for _, point := range s.Points {
			line += strings.Repeat(p.shade(point.Count, most), cell)
		}
		p.line(line)
	}
	legend := []string{none + " " + p.Count(0)}
	for i, shade := range []rune(shades) {
		low, high := shadeLimit(most, i)+1, shadeLimit(most, i+1)
		switch {
		case low < high:
			legend = append(legend, string(shade)+" "+p.Count(low)+"–"+p.Count(high))
		case low == high:
			legend = append(legend, string(shade)+" "+p.Count(low))
		}
	}
	for _, l := range wrap(legend, "   ", p.width-days) {
		p.line(pad("", days) + l)
	}
}

// shade returns the cell of a count, nil if it is missing.
func (p *page) shade(n *int, most int) string {
	switch {
	case n == nil:
		return p.Say(wording.Missing)
	case *n <= 0:
		return none
	}
	for i, shade := range []rune(shades) {
		if *n <= shadeLimit(most, i+1) {
			return string(shade)
		}
	}
	return none
}

// table writes a table in columns, whose titles may take several lines. If there is not enough room
// for them, each row is a paragraph.
func (p *page) table(t *summary.Table) {
	const gap = 2
	p.titled(t.Title, t.Note)
	rows := slices.Clone(allRows(t))
	for i, row := range rows {
		rows[i] = nil
		for _, cell := range row {
			rows[i] = append(rows[i], literal(unisolated(cell)))
		}
	}
	titles, widths := make([][]string, len(t.Columns)), make([]int, len(t.Columns))
	whole, high := 0, 0
	for i, column := range t.Columns {
		words := strings.Fields(literal(column.Title))
		if i == 0 {
			words = nil // the table's title says what the rows are
		}
		for _, word := range words {
			widths[i] = max(widths[i], uniseg.StringWidth(word))
		}
		for _, row := range rows {
			widths[i] = max(widths[i], uniseg.StringWidth(row[i]))
		}
		titles[i] = wrap(words, " ", widths[i])
		high, whole = max(high, len(titles[i])), whole+widths[i]+gap
	}
	if whole-gap > p.width {
		for _, row := range rows {
			p.paragraph("• ", row[0]+" · "+strings.Join(besides(p.Wording, t, row, true), "; "))
		}
		return
	}
	line := func(cells func(column int) string) {
		text := pad(cells(0), widths[0])
		for i := 1; i < len(widths); i++ {
			text += pad("", gap) + padLeft(cells(i), widths[i])
		}
		p.line(text)
	}
	for n := range high {
		line(func(column int) string {
			if at := n - high + len(titles[column]); at >= 0 {
				return titles[column][at]
			}
			return ""
		})
	}
	for _, row := range rows {
		line(func(column int) string { return row[column] })
	}
}

func (p *page) foot() {
	p.heading(p.Say(wording.HeadingProvenance))
	for _, l := range p.s.Provenance {
		p.paragraph("", l)
	}
}
