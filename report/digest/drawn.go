package digest

import (
	"math"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// charts adds charts in the message's style. room is for their alt texts together, or for their findings.
func (m *message) charts(r *figures.Report, charts []summary.Chart, room int) {
	var texts []string
	for _, c := range charts {
		if texts = append(texts, c.Alt); m.style.native {
			texts[len(texts)-1] = c.Subtitle
		}
	}
	texts = share(texts, room)
	for i, c := range charts {
		if i >= len(texts) { // there was no room to say what it shows
			return
		}
		if m.style.native {
			m.nativeChart(r, c, texts[i])
		} else {
			m.image(c, texts[i])
		}
	}
}

func (m *message) image(c summary.Chart, alt string) {
	id, uploaded := m.style.files[c.Name]
	switch {
	case m.style.files == nil:
		id = "charts/" + c.Name + ".png"
	case !uploaded:
		return
	}
	m.Digest.Charts = append(m.Digest.Charts, c.Name)
	m.add(slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: id}, alt, imagePrefix+c.Name, plain(fit(literal(c.Title), maxImageTitle, units))))
}

// nativeChart adds a chart that Slack draws and, since that has no place for it, its finding under it.
func (m *message) nativeChart(r *figures.Report, c summary.Chart, finding string) {
	var series []series
	percent := ""
	switch c.Name {
	case summary.ChartChats:
		series = m.chatSeries(r)
	case summary.ChartFallbacks:
		series, percent = m.fallbackSeries(r), "%"
	case summary.ChartTrend:
		series = m.trendSeries(r)
	}
	chart, ok := bars(series, percent)
	if !ok {
		return
	}
	m.add(slack.NewDataVisualizationBlock(fit(literal(c.Title), maxNativeTitle, units), chart, slack.DataVisualizationBlockOptionBlockID(imagePrefix+c.Name)))
	if names.Visible(finding) {
		m.add(slack.NewContextBlock(imagePrefix+c.Name+"-finding", plain(fit(finding, maxFinding, units))))
	}
}

// series is what bars of one colour stand for.
type series struct {
	name   string
	labels []string
	values []float64
}

func (s *series) point(label string, value float64) {
	s.labels, s.values = append(s.labels, label), append(s.values, value)
}

// bars draws series over the labels of the first. Slack wants labels that are short, differ, and stand in every series.
func bars(all []series, unit string) (chart slack.DataVisualizationChart, ok bool) {
	if len(all) == 0 || len(all[0].labels) == 0 || len(all[0].labels) > maxPoints {
		return nil, false
	}
	labels := distinct(all[0].labels)
	axis := slack.NewDataVisualizationAxisConfig(labels...)
	if unit != "" {
		axis = axis.WithYLabel(unit)
	}
	var drawn []slack.DataVisualizationDataSeries
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	names = distinct(names)
	for i, s := range all {
		var points []slack.DataVisualizationDataPoint
		for j, label := range labels {
			points = append(points, slack.NewDataVisualizationDataPoint(label, s.values[j]))
		}
		drawn = append(drawn, slack.NewDataVisualizationDataSeries(names[i], points...))
	}
	return slack.NewDataVisualizationBarChart(axis, drawn...), true
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

// chatSeries leaves out days that are not known in either week: a point cannot be missing, nor stand in one series alone.
func (m *message) chatSeries(r *figures.Report) []series {
	this, last := series{name: m.Words.Say(wording.ColumnThis)}, series{name: m.Words.Say(wording.ColumnLast)}
	both := r.Baseline && r.Chats.LastWeek().MissingDays < 7
	for i, d := range r.Chats.Daily {
		before := r.Chats.PreviousDaily[i]
		if !d.Known() || both && !before.Known() {
			continue
		}
		day := m.Words.Day(d.Date.UTC())
		this.point(day, float64(d.Count))
		if both {
			last.point(day, float64(before.Count))
		}
	}
	if !both {
		return []series{this}
	}
	return []series{this, last}
}

// fallbackSeries leaves out days without a rate: a point cannot be missing, and zero would be a rate.
func (m *message) fallbackSeries(r *figures.Report) []series {
	this := series{name: m.Words.Say(wording.LabelFallbacks)}
	for i, rate := range summary.DayRates(r) {
		if rate != nil {
			this.point(m.Words.Day(r.Fallbacks.Daily[i].Date.UTC()), math.Round(*rate*1000)/10)
		}
	}
	return []series{this}
}

// trendSeries is chats by week, from the week in which the bot's history begins.
func (m *message) trendSeries(r *figures.Report) []series {
	weeks := series{name: m.Words.Say(wording.LabelChats)}
	for _, w := range r.Chats.Weekly {
		if first := r.HistoryFrom; first == nil || !first.Before(w.Week.To()) || !w.Known() {
			continue
		}
		weeks.point(m.Words.DayMonth(w.Week.From().UTC()), float64(w.Count)) // there is no room for its last day
	}
	return []series{weeks}
}

// table adds a table under its title. Slack draws one in a message, which is that of the days; the others are lists, which a
// phone has more room for.
func (m *message) table(t summary.Table, room int) {
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
	room -= units(title) + units(note)
	switch {
	case t.Missing != "" || len(t.Rows) == 0:
		m.add(slack.NewRichTextBlock(t.Name, section))
	default:
		if m.style.native && t.Name == summary.TableDays {
			if table, ok := m.nativeTable(t, room*2/3); ok { // which says each heading once
				m.add(slack.NewRichTextBlock(t.Name+"-title", section), table)
				return
			}
		}
		m.add(slack.NewRichTextBlock(t.Name, section, m.list(t, room)))
	}
}

// allRows are a table's rows with the one that adds up.
func allRows(t summary.Table) [][]string {
	if t.Total == nil {
		return t.Rows
	}
	return append(t.Rows[:len(t.Rows):len(t.Rows)], t.Total)
}

// nativeTable has something in every cell, since Slack takes no empty one. Where there is not the room for all, its longest texts
// are cut; there is no table where that would be numbers.
func (m *message) nativeTable(t summary.Table, room int) (slack.Block, bool) {
	var heads, cells []string
	var settings []slack.ColumnSetting
	for _, c := range t.Columns {
		heads = append(heads, c.Title)
		setting := slack.ColumnSetting{Align: slack.ColumnAlignmentLeft}
		if c.Numbers {
			setting.Align, setting.IsWrapped = slack.ColumnAlignmentRight, true // its title is longer than its numbers
		}
		if t.Name == summary.TableTargets { // whose names are longer than a line of a phone
			setting.IsWrapped = true
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
				return nil, false
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
			if i == 0 {
				drawn = append(drawn, slack.NewTableRichTextCell(slack.NewRichTextSection(bold(text))))
			} else {
				drawn = append(drawn, slack.NewTableRawTextCell(text))
			}
		}
		table.AddRow(drawn...)
	}
	return table, true
}

// list is a table as one reads it out: a name and its numbers, row by row. A column without a number in it is left out. Where
// there is not the room for all, long names are cut first, and then the last of what stands beside them is left out: a number is
// never cut, since that would be another one.
func (m *message) list(t summary.Table, room int) slack.RichTextElement {
	const between, within, least = " · ", "; ", 12
	none := m.Words.Say(wording.Missing)
	rows := allRows(t)
	names, cells, beside := make([]string, len(rows)), make([][]string, len(rows)), 0
	for i, row := range rows {
		for j, cell := range row[1:] {
			column := t.Columns[j+1]
			switch {
			case isEmpty(t.Rows, j+1, none):
			case column.Numbers && t.Name != summary.TableTargets:
				cells[i] = append(cells[i], m.Words.Say(wording.AltItem, literal(column.Title), literal(cell)))
			default:
				cells[i] = append(cells[i], fit(literal(cell), maxImageTitle/2, units))
			}
		}
		names[i] = literal(row[0])
		beside += units(between + strings.Join(cells[i], within))
	}
	longest := level(names, room-beside)
	each := room // for what stands beside a name
	if longest < least {
		longest, each = least, room/len(rows)-least-units(between)
	}
	var items []slack.RichTextElement
	for i, name := range names {
		section := slack.NewRichTextSection(bold(fit(name, longest, units)))
		if rest := whole(cells[i], within, max(least, each)); rest != "" {
			section.Elements = append(section.Elements, regular(between+rest))
		}
		items = append(items, section)
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, items...)
}

// level is the length to which the longer ones of some texts are cut, so that all together have the room.
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

// whole joins as many parts as have room, none of which is cut but the first, where it has none.
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

// isEmpty reports whether a column has nothing but none in it.
func isEmpty(rows [][]string, column int, none string) bool {
	for _, row := range rows {
		if row[column] != none {
			return false
		}
	}
	return true
}
