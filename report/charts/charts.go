// Package charts draws a report's pictures.
//
// [All] turns the figures and what the summary says about them into [Picture] values: a title, a finding, a text for
// whoever cannot see it, and a plot. A plot is a few numbers and the code that draws them, over go-chart's Renderer
// interface and nothing else, so that one drawing serves two media: [Picture.PNG] draws onto pixels with the renderer
// of this package, for Slack and the mail, and the PDF hands over a renderer of vectors.
//
// There are seven kinds: a count by day beside last week's (compared), a rate by day (rated), two counts stacked
// (stacked), a count by week (emphasised), a count by weekday and hour (heatmap), and lying bars (rows) for feedback
// and for the lists.
//
// # What every chart keeps to
//
// Axes begin at zero, with three to five steps of round numbers. Values are written at their marks, at the greatest
// size at which none touches another. What is missing is never drawn as a zero: a dash stands in its place, a line
// does not cross it, an hour that did not exist is hatched. A section that could not be fetched says so where its plot
// would be. No text is smaller than 20 units on a picture of 1200, for a phone; sizes of text do not shrink with a
// picture that is drawn smaller, there is only less of it.
//
// Numbers may be anything: what is not finite is missing, what is negative has no bar, and names are cut by their
// measured width.
//
// # Renderers
//
// A renderer that draws a Picture takes a font size as the em's height in logical units, whatever its DPI; it tells the
// weights apart by the pointer of fonts.RegularFont and fonts.SemiBoldFont, measures a text by its advance, and fills
// by the nonzero winding rule. All text that it gets can be drawn with these fonts.
package charts

import (
	"cmp"
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// All returns the report's pictures in the summary's order. The picture of a section that could not be fetched says so.
func All(r *figures.Report, s *summary.Summary) []Picture {
	b := &builder{Wording: s.Words, r: r, scheme: own}
	if r.Brand != nil && r.Brand.Accent != "" {
		b.scheme = newTheme(r.Brand.Accent)
	}
	kinds := map[string]func() Picture{
		summary.ChartChats:     func() Picture { return b.volume(r.Chats.Volume) },
		summary.ChartMessages:  func() Picture { return b.volume(r.Messages) },
		summary.ChartFallbacks: b.fallbacks,
		summary.ChartHandovers: b.handovers,
		summary.ChartTrend:     b.trend,
		summary.ChartHours:     b.hours,
		summary.ChartFeedback:  b.feedback,
		summary.ChartLabels:    b.labels,
		summary.ChartButtons:   b.buttons,
		summary.ChartPages:     b.pages,
	}
	var pictures []Picture
	for _, said := range s.Charts {
		kind, ok := kinds[said.Name]
		if !ok {
			continue
		}
		var p Picture
		b.marks = said.Marks
		if said.Missing == "" {
			p = kind()
		}
		p.Name, p.Title, p.Subtitle, p.Alt, p.scheme = said.Name, said.Title, said.Subtitle, said.Alt, b.scheme
		pictures = append(pictures, p)
	}
	return pictures
}

// builder makes plots of figures. Where there is nothing to draw it returns the zero Picture.
type builder struct {
	*wording.Wording
	r      *figures.Report
	scheme *scheme
	marks  []summary.Mark // of the chart that is being made
}

// count is a count that may be missing.
func count(n *int) float64 {
	if n == nil {
		return missing
	}
	return float64(*n)
}

// rate is a rate that may be missing.
func rate(f *float64) float64 {
	if f == nil {
		return missing
	}
	return *f
}

// counts is a foot of the given categories with an axis of counts.
func (b *builder) counts(categories []category) columns {
	return columns{
		categories: categories,
		axis:       b.axis,
		value:      b.value,
		least:      leastCount,
		none:       b.Say(wording.Missing),
		special:    b.special(),
	}
}

// value writes a count in full as far as it fits over a bar.
func (b *builder) value(v float64) string {
	if v >= 1e6 {
		return b.Compact(v)
	}
	return b.Count(int(v))
}

// axis writes a tick in full as long as five digits do.
func (b *builder) axis(v float64) string {
	if v >= 1e5 {
		return b.Compact(v)
	}
	return b.Count(int(v))
}

func (b *builder) days() []category {
	var days []category
	for _, d := range b.r.Week.Name.Days() {
		days = append(days, category{b.Day(d.UTC()), b.WeekdayShort(d.Weekday())})
	}
	return days
}

func (b *builder) item(m mark, key wording.Key) legendItem {
	return legendItem{mark: m, text: b.Say(key)}
}

// special are the columns that something special is said of. Neighbours of which the same is said are one: a name has more
// room under all of them.
func (b *builder) special() []span {
	var spans []span
	for _, m := range b.marks {
		if n := len(spans) - 1; n >= 0 && spans[n].text == m.Text && spans[n].last == m.At-1 {
			spans[n].last = m.At
			continue
		}
		spans = append(spans, span{m.At, m.At, m.Text})
	}
	return spans
}

func (b *builder) volume(v figures.Volume) Picture {
	values := func(days []figures.DayCount) []float64 {
		var values []float64
		for _, d := range days {
			if !d.Known() {
				values = append(values, missing)
				continue
			}
			values = append(values, float64(d.Count))
		}
		return values
	}
	plot := compared{columns: b.counts(b.days()), now: values(v.Daily)}
	if !b.r.Baseline {
		return Picture{plot: plot}
	}
	plot.before = values(v.PreviousDaily)
	for _, before := range plot.before {
		text := plot.none
		if !isMissing(before) {
			text = b.value(before)
		}
		plot.below = append(plot.below, text)
	}
	return Picture{plot: plot, legend: legend{b.item(lastWeek, wording.LegendLast), b.item(thisWeek, wording.ColumnThis)}}
}

// fallbacks are a rate by day, or a count where there is a handful of messages in the whole week.
func (b *builder) fallbacks() Picture {
	if summary.CountsFallbacks(b.r) {
		plot := compared{columns: b.counts(b.days())}
		for _, d := range b.r.Fallbacks.Daily {
			plot.now = append(plot.now, count(d.Count))
		}
		return Picture{plot: plot}
	}
	plot := rated{columns: b.counts(b.days()), reference: rate(b.r.Fallbacks.Rate)}
	plot.least, plot.value = leastRate, b.Percent
	for _, r := range summary.DayRates(b.r) {
		plot.rates = append(plot.rates, rate(r))
	}
	plot.axis = b.Percent0
	if s := plot.scale(); s.step*100 != float64(int(s.step*100+0.5)) {
		plot.axis = b.Percent
	}
	if !slices.ContainsFunc(plot.rates, func(v float64) bool { return !isMissing(v) }) {
		return Picture{} // nobody wrote, or hardly anybody on any day
	}
	if isMissing(plot.reference) {
		return Picture{plot: plot}
	}
	return Picture{plot: plot, legend: legend{{
		mark: dashed, text: b.Say(wording.LegendFallbackWeek, b.Percent(plot.reference)),
	}}}
}

func (b *builder) handovers() Picture {
	plot := stacked{columns: b.counts(b.days())}
	for _, d := range b.r.Handovers.Daily {
		plot.lower = append(plot.lower, count(d.Requests))
		plot.upper = append(plot.upper, count(d.RequestsWhileClosed))
	}
	return Picture{plot: plot, legend: legend{b.item(thisWeek, wording.LegendRequested), b.item(whileClosed, wording.LegendClosed)}}
}

// trend leaves the weeks before the bot's first one empty: they are not zeros.
func (b *builder) trend() Picture {
	var plot emphasised
	var weeks []category
	empty := 0
	for _, w := range b.r.Chats.Weekly {
		monday := b.DayMonth(w.Week.From().UTC())
		weeks = append(weeks, category{monday, monday})
		v := float64(w.Count)
		if !w.Known() {
			v = missing
		}
		if first := b.r.HistoryFrom; first != nil && !first.Before(w.Week.To()) {
			v = missing
			empty++
		}
		plot.values = append(plot.values, v)
	}
	plot.columns = b.counts(weeks)
	if len(plot.special) == 0 {
		return Picture{plot: plot}
	}
	// A week is too narrow for names, which the text beside the chart has; and marks leave out the empty weeks.
	for i := range plot.special {
		plot.special[i] = span{plot.special[i].first + empty, plot.special[i].last + empty, ""}
	}
	return Picture{plot: plot, legend: legend{b.item(band, wording.LegendSpecial)}}
}

func (b *builder) hours() Picture {
	plot := heatmap{value: b.value}
	for _, d := range b.r.Week.Name.Days() {
		plot.days = append(plot.days, b.WeekdayShort(d.Weekday()))
	}
	for hour := range 24 {
		plot.hours = append(plot.hours, b.Hour(hour))
	}
	skipped, unknown := false, false
	for i, hours := range b.r.Chats.Hourly {
		var cells []float64
		known := b.r.KnowsHours(i)
		for _, n := range hours {
			cells = append(cells, count(n))
			skipped = skipped || n == nil && known
			unknown = unknown || n == nil && !known
		}
		plot.cells = append(plot.cells, cells)
	}
	var marks legend
	if skipped { // in the one week of the year in which clocks go forward
		marks = append(marks, legendItem{mark: hatched, text: b.Say(wording.LegendSkipped)})
	}
	if unknown {
		marks = append(marks, legendItem{mark: hatched, text: b.Say(wording.LegendUnknown)})
	}
	return Picture{plot: plot, legend: append(marks, legendItem{
		mark: ramp, lead: b.Say(wording.LegendFewer), text: b.Say(wording.LegendMore),
	})}
}

// feedback shows the kinds of feedback that were given, each with its steps from the best to the worst.
func (b *builder) feedback() Picture {
	var plot rows
	add := func(heading wording.Key, ratings []figures.Rating, steps int) {
		_, total := figures.Positive(ratings, steps)
		if total == 0 {
			return
		}
		g := rowGroup{heading: b.Say(heading)}
		sorted := slices.SortedFunc(slices.Values(ratings), func(a, b figures.Rating) int { return cmp.Compare(b.Rating, a.Rating) })
		for _, r := range sorted {
			text, share := b.Count(r.Count), float64(r.Count)/float64(total)
			if total >= figures.MinRatings {
				text = b.Say(wording.RatingsPercent, b.Percent0(share), text)
			}
			g.rows = append(g.rows, row{name: b.Rating(r.Rating, steps), value: share, before: missing, text: text})
		}
		plot.groups = append(plot.groups, g)
	}
	add(wording.LegendBinary, b.r.Feedback.Binary, 2)
	add(wording.LegendEmojis, b.r.Feedback.Emojis, 5)
	if len(plot.groups) == 0 {
		return Picture{}
	}
	return Picture{plot: plot}
}

func (b *builder) labels() Picture {
	return list(b, b.r.Labels, func(l figures.Label) bar { return bar{l.Text, l.Count, false, l.Past} })
}

func (b *builder) buttons() Picture {
	return list(b, b.r.Buttons, func(l figures.Button) bar {
		return bar{summary.ButtonName(b.Wording, b.r, l.Text, l.Dialogue), l.Count, false, l.Past}
	})
}

func (b *builder) pages() Picture {
	hosts := map[string]bool{}
	for _, page := range b.r.Pages[:min(len(b.r.Pages), summary.Top)] {
		hosts[page.Host] = true
	}
	return list(b, b.r.Pages, func(page figures.Page) bar {
		name := page.Host + page.Path
		if len(hosts) == 1 && names.Visible(page.Path) {
			name = page.Path // the host would take the room of what differs
		}
		return bar{name, page.Sessions, page.AtMost, page.Past}
	})
}

// bar is an item of a list.
type bar struct {
	name   string
	count  int
	atMost bool
	past   figures.Past
}

// list shows the first of a list's items, with last week's counts where they may be compared.
func list[T any](b *builder, items []T, of func(T) bar) Picture {
	if len(items) == 0 {
		return Picture{}
	}
	p := Picture{}
	var g rowGroup
	for _, item := range items[:min(len(items), summary.Top)] {
		is := of(item)
		past := is.past
		r := row{name: names.Or(is.name, b.Say(wording.Nameless)), value: float64(is.count), before: missing,
			text: summary.AtMost(b.Wording, is.count, is.atMost)}
		if b.r.Baseline && past.Previous != nil {
			r.before = float64(*past.Previous)
			p.legend = legend{b.item(lastWeekThin, wording.LegendLast), b.item(thisWeek, wording.ColumnThis)}
		}
		g.rows = append(g.rows, r)
	}
	p.plot = rows{groups: []rowGroup{g}}
	return p
}
