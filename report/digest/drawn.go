package digest

import (
	"math"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/names"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// charts adds charts in the message's style. room is the length of their alt texts together, or of
// their findings. If there is not enough, the longest are cut. A chart that Slack draws has its
// finding under it only if findings is true. charts returns how much of the room the texts take.
func (m *message) charts(charts []*summary.Chart, room int, findings bool) (used int) {
	var texts []string
	for _, c := range charts {
		text := c.Alt
		if m.style.native {
			text = m.found(c)
		}
		texts = append(texts, literal(text))
	}
	most := level(texts, room)
	for i, c := range charts {
		text := fit(texts[i], most, units)
		// A cut number would be another number.
		if end := strings.LastIndex(text, "; "); end > 0 && strings.HasSuffix(text, ellipsis) {
			text = text[:end] + "; " + ellipsis
		}
		used += units(text)
		if m.style.native {
			m.nativeChart(c)
			if findings {
				m.finding(c, text)
			}
		} else {
			m.image(c, text)
		}
	}
	return used
}

// found returns the finding of a chart. For a chart of weeks it adds the numbers, which no table
// has.
func (m *message) found(c *summary.Chart) string {
	if c.Kind != summary.Periods || len(c.Items) == 0 {
		return c.Subtitle
	}
	return m.Words.FullStop(c.Subtitle) + " " + m.Words.FullStop(strings.Join(c.Items, "; "))
}

// finding adds the finding of a chart.
func (m *message) finding(c *summary.Chart, text string) {
	if text = fit(literal(text), maxFinding, units); names.Visible(text) {
		m.small(imagePrefix+c.Name+"-finding", text)
	}
}

func (m *message) image(c *summary.Chart, alt string) {
	if !m.style.has(c) {
		return
	}
	id, uploaded := m.style.files[c.Name]
	if !uploaded {
		id = "charts/" + c.Name + ".png"
	}
	m.Digest.Charts = append(m.Digest.Charts, c.Name)
	title := plain(fit(literal(c.Title), maxImageTitle, units))
	file := &slack.SlackFileObject{ID: id}
	m.add(slack.NewImageBlockSlackFile(file, alt, imagePrefix+c.Name, title))
	if boxed := c.Boxed(); len(boxed) > 0 {
		text := m.Words.Say(wording.UndrawnPicture, m.Words.ListSome(boxed, maxBoxed))
		m.small(imagePrefix+c.Name+"-boxes", fit(literal(text), maxBoxes, units))
	}
}

// nativeChart adds a chart that Slack draws.
func (m *message) nativeChart(c *summary.Chart) {
	all, whole := m.series(c)
	lines := c.Rates || c.Kind == summary.Periods && c.Usual != ""
	chart := drawn(all, lines && whole)
	if chart == nil {
		return
	}
	title := literal(c.Title)
	if units(title) > maxNativeTitle {
		m.small(imagePrefix+c.Name+"-title", fit(title, maxFinding, units))
		title = fit(literal(c.Topic), maxNativeTitle, units)
	}
	m.add(slack.NewDataVisualizationBlock(title, chart,
		slack.DataVisualizationBlockOptionBlockID(imagePrefix+c.Name)))
}

// isNative reports whether Slack can draw the chart: it draws days, weeks and ratings.
func isNative(c *summary.Chart) bool {
	switch c.Kind {
	case summary.Columns, summary.Stacked, summary.Periods, summary.Shares:
		return true
	}
	return false
}

// series are the values of one color.
type series struct {
	name    string
	labels  []string
	values  []float64
	percent bool
}

// series returns the series that Slack draws of a chart: what is usual or else the week before,
// this week, and the target. Slack takes no missing values and needs the same places in each
// series. So a place is left out if any series has no value there. whole reports whether none is
// left out.
func (m *message) series(c *summary.Chart) (all []series, whole bool) {
	if len(c.Series) == 0 {
		return nil, false
	}
	points := c.Series[0].Points
	if c.Kind == summary.Shares { // ratings side by side, since their names differ
		points = nil
		for _, s := range c.Series {
			points = append(points, s.Points...)
		}
	}
	var values [][]float64
	add := func(name string, points []summary.Point, value func(summary.Point) float64) {
		all, values = append(all, series{name: name}), append(values, nil)
		for _, p := range points {
			values[len(values)-1] = append(values[len(values)-1], value(p))
		}
	}
	usual := func(p summary.Point) float64 {
		if p.Usual == nil {
			return math.NaN()
		}
		return *p.Usual
	}
	last := func(p summary.Point) float64 { return summary.Point{Count: p.Last}.Value() }
	switch {
	case c.Usual != "":
		add(c.Usual, points, usual)
	case c.Compared &&
		slices.ContainsFunc(points, func(p summary.Point) bool { return p.Last != nil }):
		add(c.Before, points, last)
	}
	switch {
	case c.Kind == summary.Stacked && c.Usual != "": // of all series together
		add(c.This, wholes(c), summary.Point.Value)
	case c.Kind == summary.Periods: // the points are weeks
		add(c.Series[0].Name, points, summary.Point.Value)
	case c.Kind == summary.Shares, len(all) > 0, c.Target != nil:
		add(c.This, points, summary.Point.Value)
	default:
		for _, s := range c.Series {
			add(s.Name, s.Points, summary.Point.Value)
		}
	}
	if c.Target != nil {
		add(c.Target.Short, points, func(summary.Point) float64 { return c.Target.Value })
	}
	percent := c.Rates || c.Kind == summary.Shares
	whole = true
	for i, p := range points {
		missing := func(values []float64) bool { return math.IsNaN(values[i]) }
		if i < c.Start || slices.ContainsFunc(values, missing) {
			whole = whole && i < c.Start
			continue
		}
		label := p.Name
		if c.Kind == summary.Periods {
			label = p.Short // there is no room for its last day
		}
		for n := range all {
			value := values[n][i]
			switch {
			case percent && c.Whole:
				value = math.Round(value * 100)
			case percent:
				value = math.Round(value*1000) / 10
			}
			all[n].percent = percent
			all[n].labels = append(all[n].labels, label)
			all[n].values = append(all[n].values, value)
		}
	}
	return all, whole
}

// wholes returns the points of a chart with the counts of all its series added up. Where one is
// missing, the sum is missing.
func wholes(c *summary.Chart) []summary.Point {
	all := slices.Clone(c.Series[0].Points)
	for i := range all {
		sum := 0
		for _, s := range c.Series {
			n := s.Points[i].Count
			if n == nil {
				all[i].Count = nil
				break
			}
			sum += *n
			all[i].Count = &sum
		}
	}
	return all
}

// drawn returns a chart of bars or lines over the labels of the first series. It returns nil if
// Slack would reject the chart. Slack needs labels that are short, differ, and are in every series.
func drawn(all []series, lines bool) slack.DataVisualizationChart {
	if len(all) == 0 || len(all[0].labels) == 0 || len(all[0].labels) > maxPoints {
		return nil
	}
	labels := distinct(all[0].labels)
	axis := slack.NewDataVisualizationAxisConfig(labels...)
	if all[0].percent {
		axis = axis.WithYLabel("%")
	}
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	names = distinct(names)
	var each []slack.DataVisualizationDataSeries
	for i, s := range all {
		var points []slack.DataVisualizationDataPoint
		for j, label := range labels {
			points = append(points, slack.NewDataVisualizationDataPoint(label, s.values[j]))
		}
		each = append(each, slack.NewDataVisualizationDataSeries(names[i], points...))
	}
	if lines {
		return slack.NewDataVisualizationLineChart(axis, each...)
	}
	return slack.NewDataVisualizationBarChart(axis, each...)
}

// distinct makes texts literal, short and different from each other.
func distinct(texts []string) []string {
	seen := make(map[string]bool)
	var short []string
	for _, text := range texts {
		label := fit(literal(text), maxPointLabel, units)
		for n := 2; seen[label] || label == ""; n++ {
			mark := strings.Repeat("·", n-1)
			label = fit(literal(text), maxPointLabel-units(mark), units) + mark
		}
		seen[label] = true
		short = append(short, label)
	}
	return short
}

// table adds a table under its title. Slack draws it if native is true and Slack can. Otherwise it
// is a list, which has more room on a phone. room is the most that all its texts may take. It
// returns how much they take.
func (m *message) table(t *summary.Table, room int, native bool) (used int) {
	title := fit(literal(t.Title), maxImageTitle, units)
	note := literal(t.Note)
	if t.Missing != "" {
		note = literal(m.Words.Say(wording.NotAvailableReason, t.Missing))
	}
	note = fit(note, room/3, units)
	section := slack.NewRichTextSection(bold(title))
	if note != "" {
		section.Elements = append(section.Elements, regular("\n"+note))
	}
	used = units(title) + units(note)
	if t.Missing != "" || len(t.Rows) == 0 {
		m.add(slack.NewRichTextBlock(t.Name, section))
		return used
	}
	room -= used
	if native {
		if table, length := m.nativeTable(t, room*2/3); table != nil { // a list repeats the titles
			m.add(slack.NewRichTextBlock(t.Name+"-title", section), table)
			return used + length
		}
	}
	list, length := m.list(t, room)
	m.add(slack.NewRichTextBlock(t.Name, section, list))
	return used + length
}

// allRows returns a table's rows, with the row of the totals last.
func allRows(t *summary.Table) [][]string {
	if t.Total == nil {
		return t.Rows
	}
	return append(t.Rows[:len(t.Rows):len(t.Rows)], t.Total)
}

// nativeTable returns a table that Slack draws. Slack takes no empty cell. If there is not enough
// room, the longest texts are cut; if these would be numbers, there is no table. It returns the
// length of the texts, too.
func (m *message) nativeTable(t *summary.Table, room int) (block slack.Block, length int) {
	var heads, cells []string
	var settings []slack.ColumnSetting
	for _, c := range t.Columns {
		heads = append(heads, c.Title)
		setting := slack.ColumnSetting{Align: slack.ColumnAlignmentLeft}
		if c.Numbers {
			// Its title is longer than its numbers.
			setting.Align, setting.IsWrapped = slack.ColumnAlignmentRight, true
		}
		settings = append(settings, setting)
	}
	rows := append([][]string{heads}, allRows(t)...)
	for _, row := range rows {
		for _, text := range row {
			cells = append(cells, literal(text))
		}
	}
	most := level(cells, room)
	for _, row := range rows[1:] {
		for i, text := range row {
			if t.Columns[i].Numbers && units(literal(text)) > most {
				return nil, 0
			}
		}
	}
	table := slack.NewTableBlock(t.Name).WithColumnSettings(settings...)
	for i, row := range rows {
		var drawn []slack.TableCell
		for _, text := range row {
			if text = fit(literal(text), most, units); !names.Visible(text) {
				text = m.Words.Say(wording.Missing)
			}
			length += units(text)
			if i == 0 {
				title := slack.NewRichTextSection(bold(text))
				drawn = append(drawn, slack.NewTableRichTextCell(title))
			} else {
				drawn = append(drawn, slack.NewTableRawTextCell(text))
			}
		}
		table.AddRow(drawn...)
	}
	return table, length
}

// list writes a table as names and numbers, row by row. A column without a number is left out. If
// there is not enough room, long names are cut first. Then what the numbers are compared with is
// left out, and then the last numbers. A number is never cut, since that would be another number.
// It returns the length of the texts, too.
func (m *message) list(t *summary.Table, room int) (list slack.RichTextElement, length int) {
	const between, within, least = " · ", "; ", 12
	rows := allRows(t)
	names, cells, beside := make([]string, len(rows)), make([][]string, len(rows)), 0
	for _, compared := range []bool{true, false} {
		beside = 0
		for i, row := range rows {
			names[i], cells[i] = literal(row[0]), besides(m.Words, t, row, compared)
			beside += units(between + strings.Join(cells[i], within))
		}
		if level(names, room-beside) >= least {
			break
		}
	}
	longest := level(names, room-beside)
	each := room // for the numbers beside a name
	if longest < least {
		longest, each = least, room/len(rows)-least-units(between)
	}
	var items []slack.RichTextElement
	for i, name := range names {
		name = isolated(name, longest)
		section := slack.NewRichTextSection(bold(name))
		length += units(name)
		if rest := whole(cells[i], within, max(least, each)); rest != "" {
			section.Elements = append(section.Elements, regular(between+rest))
			length += units(between + rest)
		}
		items = append(items, section)
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, items...), length
}

// besides returns the cells of a row after its name, with the titles of their columns. If compared
// is true, it adds what they are compared with: "Chats: 6,385 (usually 6,028)".
func besides(words *wording.Wording, t *summary.Table, row []string, compared bool) (all []string) {
	none := words.Say(wording.Missing)
	var with []string // what the last cell is compared with
	end := func() {
		if len(with) > 0 && len(all) > 0 {
			last := &all[len(all)-1]
			*last = words.Say(wording.ValueBeside, *last, strings.Join(with, "; "))
		}
		with = nil
	}
	for i, cell := range row[1:] {
		column := t.Columns[i+1]
		titled := words.Say(wording.AltItem, literal(column.Title), literal(cell))
		switch {
		case column.Beside != summary.Alone && (!compared || cell == none):
		case column.Beside == summary.AsUsual:
			with = append(with, words.Say(wording.Usually, literal(cell)))
		case column.Beside == summary.AsBefore:
			with = append(with, titled)
		case column.Beside == summary.AsChange:
			with = append(with, literal(cell))
		case isEmpty(t.Rows, i+1, none):
		case column.Numbers && column.Texts != summary.Phrases:
			end()
			all = append(all, titled)
		default:
			end()
			all = append(all, isolated(cell, maxImageTitle/2))
		}
	}
	end()
	return all
}

// level returns the length to which texts are cut so that all together fit the room.
func level(texts []string, room int) int {
	lengths := make([]int, len(texts))
	for i, text := range texts {
		lengths[i] = units(text)
	}
	slices.Sort(lengths)
	for i, length := range lengths {
		left := len(lengths) - i
		if length*left > room {
			return room / left
		}
		room -= length
	}
	return math.MaxInt
}

// whole joins as many parts as fit the room. No part is cut, unless the first one does not fit.
func whole(parts []string, within string, room int) string {
	for n := len(parts); n > 0; n-- {
		shown := parts[:n]
		if n < len(parts) {
			shown = append(slices.Clone(shown), ellipsis)
		}
		if text := strings.Join(shown, within); units(text) <= room {
			return text
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fit(parts[0], room, units)
}

// isEmpty reports whether all cells of a column are none.
func isEmpty(rows [][]string, column int, none string) bool {
	for _, row := range rows {
		if row[column] != none {
			return false
		}
	}
	return true
}
