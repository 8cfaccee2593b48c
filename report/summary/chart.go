package summary

import (
	"math"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// Names of charts. They are names of files and parts of Slack's block IDs.
const (
	ChartChats     = "chats"
	ChartMessages  = "messages"
	ChartFallbacks = "fallbacks"
	ChartHandovers = "handovers"
	ChartTrend     = "trend"
	ChartWeeks     = "weeks" // only if the verdict is about something else than chats
	ChartHours     = "hours"
	ChartFeedback  = "feedback"
	ChartLabels    = "labels"
	ChartButtons   = "buttons"
	ChartPages     = "pages"
)

// Chart is a chart: what is said about it, the numbers to draw, and hints for editions.
type Chart struct {
	Name     string // one of the Chart constants
	Topic    string // "Chats by day"
	Title    string // the topic; of the chart of the verdict, what its days add to it
	Subtitle string // the finding: "8,031, week before 7,607 (+5.6%)"
	Alt      string // the finding and the numbers, for screen readers; at most 1,000 characters
	// Items are the numbers of Alt one by one, "Mon 9: 1,284".
	Items []string
	// Missing says why the chart's section could not be fetched. If set, there is nothing to draw.
	Missing string

	Kind   Kind
	Series []Series
	// Rates says that the numbers of days or weeks are rates, which are written as percentages.
	Rates bool
	// Whole says that they are written without decimals, as shares of ratings are.
	Whole bool
	// Compared says that the points also have the counts of the week before.
	Compared bool
	// This and Before name the two weeks: Week 46, Week 45.
	This, Before string
	// Start is the place of the first point of the bot's history. The points before it are missing.
	Start int
	// Usual names the usual values that its points have: "Usually". Empty: they have none.
	Usual  string
	Target *Reference // the limit of the bot's target; nil: none
	Marks  []Mark     // in the order of their places
	// Gaps explain the points of a heatmap that are missing.
	Gaps []string

	// Rank orders the charts of editions that have room for a few, from 1. Those with rank 0 are
	// left to the document.
	Rank   int
	Tabled Tabled
	Half   bool // half the width of a page is enough
	Few    bool // it counts a handful of events, and says little
	AtMost bool // some of its numbers are upper bounds
}

// Kind says how a chart is drawn.
type Kind int

// The kinds of charts.
const (
	Columns Kind = iota // one series of counts or rates by day, with last week's if Compared
	Stacked             // two series of counts by day, the second on top of the first
	Periods             // one series of counts or rates by week, of which the last is this week's
	Heatmap             // a series of counts by hour for each weekday
	Ranking             // one series of counts, the largest first, beside last week's if Compared
	Shares              // series of parts of a whole, each under its name
)

// Series is points that belong together.
type Series struct {
	Name   string
	Points []Point
}

// Point is a count or a rate, or neither if the number is missing.
type Point struct {
	Name  string // "Mon 9", "2–8 Nov"
	Short string // the same for narrow places, "Mon", "2 Nov"; of a day or a week
	Count *int
	Rate  *float64
	Last  *int   // the count of the week before; nil: missing
	Text  string // the number as written; only in Rankings and Shares

	Usual  *float64 // what is usual there, a count or a rate as the point's; nil: not known
	Marked bool     // the verdict warns of it
}

// Value returns the count or rate, and NaN if it is missing.
func (p Point) Value() float64 {
	switch {
	case p.Count != nil:
		return float64(*p.Count)
	case p.Rate != nil:
		return *p.Rate
	}
	return math.NaN()
}

// RateText writes a rate of the chart.
func (c *Chart) RateText(words *wording.Wording, rate float64) string {
	if c.Whole {
		return words.Percent0(rate)
	}
	return words.Percent(rate)
}

// Reference is a line across a chart.
type Reference struct {
	Value float64 // a count or a rate, as the points'
	Text  string  // "Target: at most 10.0%"
	Short string  // "Target: 10.0%", for narrow places
}

// Tabled says how many of a chart's numbers a table has.
type Tabled int

// How many of a chart's numbers a table has.
const (
	Untabled     Tabled = iota // none
	PartlyTabled               // this week's, and not last week's
	WhollyTabled               // all
	SameTable                  // all, in the table of its own section
)

// Blank reports whether no number is above zero. Of rates, it reports whether there is no number.
func (c *Chart) Blank() bool {
	for _, s := range c.Series {
		for _, p := range s.Points {
			if p.Value() > 0 || p.Rate != nil && c.Kind != Shares {
				return false
			}
		}
	}
	return true
}

// Drawn reports whether the chart shows more than its subtitle says. Counts of days and weeks are
// shown even if all are zero, unless none is known.
func (c *Chart) Drawn() bool {
	byDate := c.Kind == Columns || c.Kind == Periods
	return c.Missing == "" && (!c.Blank() || byDate && !c.Rates && c.known())
}

// Boxed returns the parts of the chart's texts that a picture shows as boxes, in the order of the
// texts. An edition with the picture explains them next to it.
func (c *Chart) Boxed() (all []string) {
	texts := []string{c.Title, c.Subtitle}
	for _, s := range c.Series {
		texts = append(texts, s.Name)
		for _, p := range s.Points {
			texts = append(texts, p.Name)
		}
	}
	if c.Kind != Periods { // marks of periods have no names
		for _, m := range c.Marks {
			texts = append(texts, m.Text)
		}
	}
	for _, text := range texts {
		for _, part := range names.Boxed(text) {
			if !slices.Contains(all, part) {
				all = append(all, part)
			}
		}
	}
	return all
}

func (c *Chart) known() bool {
	return slices.ContainsFunc(c.Series, func(s Series) bool {
		return slices.ContainsFunc(s.Points, func(p Point) bool { return !math.IsNaN(p.Value()) })
	})
}

// titled adds a chart's topic. It reports whether the chart can say more: whether none of the
// sections is missing. If one is, it adds why.
func (w *writer) titled(c *Chart, title wording.Key, sections ...string) bool {
	c.Topic, c.This, c.Before = w.Say(title), w.this, w.before
	c.Title = c.Topic
	for _, section := range sections {
		if reason, missing := w.unavailable[section]; missing {
			w.describe(c, w.Say(wording.NotAvailableReason, reason), nil)
			c.Missing = reason
			return false
		}
	}
	return true
}

// describe adds a chart's finding, its numbers as texts, and the title of the chart of the verdict.
func (w *writer) describe(c *Chart, finding string, items []string) {
	days := w.leadDays(c)
	c.Subtitle, c.Items = w.Sentence(finding), items
	finding = strings.TrimSuffix(finding, ".")
	if days != "" {
		c.Title = w.Say(wording.AltItem, w.Say(leadLabels[c.Name]), days)
		finding = w.Say(wording.Clauses, finding, days)
	}
	alt := w.Say(wording.AltShort, c.Topic, w.dates, finding)
	if len(items) > 0 {
		alt = w.Say(wording.Alt, c.Topic, w.dates, finding, strings.Join(items, "; "))
	}
	c.Alt = names.Cut(alt, 1000)
}

func (w *writer) item(name, number string) string { return w.Say(wording.AltItem, name, number) }

// point returns the point of a day, without its number.
func (w *writer) point(d period.Date) Point {
	return Point{Name: w.Day(d.UTC()), Short: w.WeekdayShort(d.Weekday())}
}

// usualOfDay returns what is usual on a day of the week, or nil if the week is not compared with
// other weeks.
func (w *writer) usualOfDay(day int, of func(figures.BaselineDay) *float64) *float64 {
	if w.r.Baseline == nil || w.special() || day >= len(w.r.Baseline.Days) {
		return nil
	}
	return of(w.r.Baseline.Days[day])
}

// besideUsual adds to the text of a number what is usual there, and names the line in the chart.
func (w *writer) besideUsual(c *Chart, number string, usual *float64,
	write func(float64) string) string {
	if usual == nil {
		return number
	}
	c.Usual = w.Say(wording.TermBaseline)
	return w.Say(wording.SubtitleUsual, number, write(*usual))
}

// limit returns the line of one of the bot's targets, or nil.
func (w *writer) limit(name string, steps int) *Reference {
	for _, t := range w.r.Targets {
		if t.Name == name && t.Steps == steps {
			_, limit := w.targetValues(t)
			return &Reference{t.Limit, w.Sentence(w.Say(wording.TileTarget, w.bound(t))),
				w.Say(wording.AltItem, w.Say(wording.ColumnTarget), limit)}
		}
	}
	return nil
}

// count returns a day's count, and nil if it is not known.
func count(d figures.DayCount) *int {
	if !d.Known() {
		return nil
	}
	return &d.Count
}
