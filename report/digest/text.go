package digest

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// The widths between which a text is laid out, in columns.
const (
	MinWidth = 40
	MaxWidth = 100 // a longer line is hard to read
)

// Text is the digest for a terminal: plain text of at most width columns, where a wide character counts as two. Widths
// below MinWidth and above MaxWidth are taken as these. It ends with a newline.
//
// In its bars a true zero has no bar and a 0, what is missing has no bar and a dash, and however small a number above
// zero is, something of its bar is seen. A section that could not be fetched says so where its bars would be.
func Text(r *figures.Report, s *summary.Summary, width int) string {
	p := &page{Wording: s.Words, r: r, s: s, width: min(max(width, MinWidth), MaxWidth)}
	p.head()
	p.tiles()
	p.insights()
	p.targets()
	p.chats()
	p.fallbacks()
	p.labels()
	p.hours()
	p.trend()
	p.foot()
	return p.b.String()
}

// page is written from top to bottom.
type page struct {
	*wording.Wording
	r     *figures.Report
	s     *summary.Summary
	width int
	b     strings.Builder
}

// line writes a line, cut to the page's width whatever it holds. Names in it are not isolated: a line can end inside of one,
// and few terminals know what an isolate is.
func (p *page) line(text string) {
	p.b.WriteString(fit(strings.TrimRight(unisolated(text), " "), p.width, uniseg.StringWidth) + "\n")
}

var unisolated = strings.NewReplacer("\u2068", "", "\u2069", "").Replace

// paragraph wraps a text. Its first line begins with lead, and the others are indented as far.
func (p *page) paragraph(lead, text string) {
	indent := pad("", uniseg.StringWidth(lead))
	for i, l := range wrap(strings.Split(literal(text), " "), " ", p.width-uniseg.StringWidth(lead)) {
		if i > 0 {
			lead = indent
		}
		p.line(lead + l)
	}
}

// wrap sets literal words into lines of at most width columns and breaks only a word that has no room in any line.
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

// split cuts a word that is wider than width after at least one character, as people see them.
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

// tiles are the figures: label, value flush right, and the rest. Where numbers are so long that nothing else has room
// beside them, each is a paragraph of its own.
func (p *page) tiles() {
	const gap, least = "  ", 18
	labels, values := 0, 0
	for _, t := range p.s.Tiles {
		labels = max(labels, uniseg.StringWidth(literal(t.Label)))
		values = max(values, uniseg.StringWidth(literal(t.Value)))
	}
	columns := labels+values+2*len(gap)+least <= p.width
	p.line("")
	for _, t := range p.s.Tiles {
		label, value, rest := literal(t.Label), literal(t.Value), tileRest(p.s, t)
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
	t := p.s.Table(summary.TableTargets)
	if len(t.Rows) == 0 {
		return
	}
	p.heading(t.Title)
	for _, row := range t.Rows {
		p.paragraph("• ", p.Say(wording.AltItem, row[0], strings.Join(row[1:], "; ")))
	}
}

func (p *page) heading(text string) {
	p.line("")
	p.paragraph("", text)
}

// chart writes a chart's title and finding, and reports whether there is something to draw. Why a section could not be
// fetched stands among the notices.
func (p *page) chart(name string) (available bool) {
	c := p.s.Chart(name)
	if c.Missing != "" {
		p.heading(c.Title + " · " + p.Say(wording.NotAvailable))
		return false
	}
	p.heading(c.Title + " · " + strings.TrimSuffix(c.Subtitle, "."))
	return true
}

// bar is one bar and the texts after it. A nil value is missing.
type bar struct {
	name  string
	value *float64
	cells []string
}

// bars writes lying bars, to scale from zero. Where there is not the room for it, the columns after the first number
// are left out.
func (p *page) bars(columns []string, bars []bar) {
	const gap, least = 2, 10
	names, most := 0, 0.0
	for i := range bars {
		bars[i].name = literal(bars[i].name)
		names = max(names, uniseg.StringWidth(bars[i].name))
		if v := bars[i].value; v != nil {
			most = max(most, *v)
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

// blocks draws a value as so many cells of eighths, full where it is most.
func blocks(value *float64, most float64, cells int) string {
	if value == nil || *value <= 0 || cells <= 0 {
		return ""
	}
	eighths := max(1, int(*value/most*float64(8*cells)+0.5))
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}

// known is a count for a bar, and as text; no bar and a dash where it is not known.
func (p *page) known(known bool, n int) (value *float64, text string) {
	if !known {
		return nil, p.Say(wording.Missing)
	}
	return new(float64(n)), p.Count(n)
}

// chats by day, beside last week's where there is a baseline.
func (p *page) chats() {
	columns := []string{p.Say(wording.ColumnThis)}
	if p.r.Baseline {
		columns = append(columns, p.Say(wording.ColumnLast))
	}
	var bars []bar
	for i, d := range p.r.Chats.Daily {
		value, cell := p.known(d.Known(), d.Count)
		cells := []string{cell}
		if p.r.Baseline {
			_, last := p.known(p.r.Chats.PreviousDaily[i].Known(), p.r.Chats.PreviousDaily[i].Count)
			cells = append(cells, last)
		}
		bars = append(bars, bar{p.Day(d.Date.UTC()), value, cells})
	}
	if p.chart(summary.ChartChats) {
		p.bars(columns, bars)
	}
}

func (p *page) fallbacks() {
	rates, counts := summary.DayRates(p.r), summary.CountsFallbacks(p.r)
	if !p.chart(summary.ChartFallbacks) || !counts && !hasRates(rates) {
		return
	}
	var bars []bar
	for i, d := range p.r.Fallbacks.Daily {
		b := bar{p.Day(d.Date.UTC()), rates[i], []string{p.Say(wording.Missing)}}
		switch {
		case rates[i] != nil:
			b.cells[0] = p.Percent(*rates[i])
		case counts && d.Count != nil:
			b.value, b.cells[0] = new(float64(*d.Count)), p.Count(*d.Count)
		}
		bars = append(bars, b)
	}
	p.bars([]string{p.Say(wording.ColumnThis)}, bars)
}

// labels are the table's rows with bars in them.
func (p *page) labels() {
	t := p.s.Table(summary.TableLabels)
	if !p.chart(summary.ChartLabels) || len(t.Rows) == 0 {
		return
	}
	numbers := len(t.Columns)
	for numbers > 2 && !slices.ContainsFunc(t.Rows, func(row []string) bool { return row[numbers-1] != p.Say(wording.Missing) }) {
		numbers-- // a column without a number in it
	}
	var columns []string
	for _, c := range t.Columns[1:numbers] {
		columns = append(columns, c.Title)
	}
	var bars []bar
	for i, row := range t.Rows {
		bars = append(bars, bar{literal(row[0]), new(float64(p.r.Labels[i].Count)), row[1:numbers]})
	}
	p.bars(columns, bars)
}

// trend is chats by week, from the week in which the bot's history begins.
func (p *page) trend() {
	if !p.chart(summary.ChartTrend) {
		return
	}
	var bars []bar
	for _, w := range p.r.Chats.Weekly {
		if first := p.r.HistoryFrom; first == nil || !first.Before(w.Week.To()) {
			continue
		}
		name := p.DatesShort(w.Week.From().UTC(), w.Week.To().Add(-1).UTC())
		value, cell := p.known(w.Known(), w.Count)
		bars = append(bars, bar{name, value, []string{cell}})
	}
	p.bars([]string{p.Say(wording.ColumnThis)}, bars)
}

// hours is chats by weekday and hour in four shades, each a quarter of the busiest hour, with what they stand for.
func (p *page) hours() {
	const shades, none = "░▒▓█", "·"
	most := busiest(p.r.Chats.Hourly)
	if !p.chart(summary.ChartHours) || most == 0 {
		return
	}
	limit := func(shade int) int { return most/4*shade + most%4*shade/4 } // the most that a shade stands for

	days := 0
	for _, d := range p.r.Chats.Daily {
		days = max(days, uniseg.StringWidth(p.WeekdayShort(d.Date.Weekday())))
	}
	days += 2
	cell, step := 2, 3
	if p.width < days+24*cell {
		cell, step = 1, 6
	}
	axis := pad("", days)
	for hour := 0; hour < 24; hour += step {
		axis += pad(p.Hour(hour), step*cell)
	}
	p.line(axis)
	for i, hours := range p.r.Chats.Hourly {
		line := pad(p.WeekdayShort(p.r.Chats.Daily[i].Date.Weekday()), days)
		for _, n := range hours {
			mark := none
			switch {
			case n == nil:
				mark = p.Say(wording.Missing)
			case *n > 0:
				for shade, r := range []rune(shades) {
					if *n <= limit(shade+1) {
						mark = string(r)
						break
					}
				}
			}
			line += strings.Repeat(mark, cell)
		}
		p.line(line)
	}
	legend := []string{none + " " + p.Count(0)}
	for shade, r := range []rune(shades) {
		low, high := limit(shade)+1, limit(shade+1)
		switch {
		case low < high:
			legend = append(legend, string(r)+" "+p.Count(low)+"–"+p.Count(high))
		case low == high:
			legend = append(legend, string(r)+" "+p.Count(low))
		}
	}
	for _, l := range wrap(legend, "   ", p.width-days) {
		p.line(pad("", days) + l)
	}
}

func (p *page) foot() {
	p.heading(p.Say(wording.HeadingProvenance))
	for _, l := range p.s.Provenance {
		p.paragraph("", l)
	}
	if link, ok := webLink(p.s.Link); ok {
		p.line("")
		p.paragraph("", link.Text+": "+link.URL)
	}
}
