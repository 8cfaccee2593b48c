package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

// A budget is the most that the editions of a week may take of a reader's time. Zero is no limit.
type budget struct {
	screens float64 // of a phone, the mail
	words   int     // of the mail
	pages   int     // of the PDF
	slack   float64 // screens of a phone, the message in Slack
}

var (
	busyTarget  = budget{screens: 3, words: 450, pages: 3, slack: 1}
	quietTarget = budget{screens: 1.5, words: 225, pages: 3, slack: 1}
	smallTarget = budget{screens: 1.5, words: 225, pages: 1, slack: 1}
)

// measuredWeeks are the weeks whose editions are measured. The limits are what is reached today. A
// change that makes an edition shorter lowers them, until they are the targets.
var measuredWeeks = []struct {
	name           string
	make           func() *figures.Report
	limits, target budget
}{
	{"incident", figurestest.Busy, budget{2.8, 290, 3, 0.95}, busyTarget},
	{"shop", shop, budget{2.8, 290, 3, 1}, busyTarget},
	{"quiet", figurestest.Quiet, budget{1.2, 110, 3, 0.7}, quietTarget},
	{"small", figurestest.Small, budget{1.25, 110, 1, 0.75}, smallTarget},
	{"tiny", figurestest.Tiny, budget{1.1, 80, 1, 0.7}, smallTarget},
	{"dead", figurestest.Empty, budget{0.9, 70, 1, 0.7}, smallTarget},
	{"incomplete", incomplete, budget{1.2, 105, 2, 0.8}, busyTarget},
	{"new", figurestest.New, budget{1.2, 95, 1, 0.75}, busyTarget},
	{"special", figurestest.Special, budget{1.35, 135, 3, 0.85}, busyTarget},
	{"german", german, budget{2.9, 275, 3, 0.95}, busyTarget},
	{"scripts", figurestest.Scripts, budget{1.4, 150, 3, 0.85}, busyTarget},
}

// shop is the demo's shop, whose report says where the incident lies.
func shop() *figures.Report { return demoWeek("shop") }

// german is the busy bot in the language with the longest words.
func german() *figures.Report {
	r := figurestest.Busy()
	r.Locale = "de"
	return r
}

// incomplete is the busy bot in a week in which Kindly's statistics answered with errors.
func incomplete() *figures.Report {
	r := figurestest.Unavailable()
	for i := range r.Unavailable {
		r.Unavailable[i].Cause = figures.Cause{Kind: figures.CauseStatus, Who: "Sage", Status: 503}
	}
	return r
}

// columns are what is measured, for the table that -v prints and the page that compares two
// galleries. ok is nil where measuredWeeks has the limits.
var columns = []struct {
	title string
	text  func(c *counts) string
	ok    func(c *counts) bool
	// unmet says that the target is not reached yet. It is set to false by the change that reaches
	// it.
	unmet bool
}{
	{"mail screens", func(c *counts) string { return fmt.Sprintf("%.2f", c.MailScreens) }, nil,
		false},
	{"mail words", func(c *counts) string { return fmt.Sprint(c.MailWords) }, nil, false},
	{"mail repeats", func(c *counts) string { return c.MailRepeats.String() },
		func(c *counts) bool { return c.MailRepeats.Times <= 3 }, false},
	{"link px", func(c *counts) string { return fmt.Sprint(c.Button) },
		func(c *counts) bool {
			return c.MailWords == 0 || c.Button > 0 && c.Button <= phoneHeight
		}, false},
	{"chart px", func(c *counts) string { return fmt.Sprint(c.ChartText) },
		func(c *counts) bool { return c.ChartText == 0 || c.ChartText >= 11 }, false},
	{"PDF pages", func(c *counts) string { return fmt.Sprint(c.Pages) }, nil, false},
	{"least filled", func(c *counts) string { return fmt.Sprintf("%.0f%%", 100*c.Filled) },
		func(c *counts) bool { return c.Filled == 0 || c.Filled >= 0.5 }, false},
	{"verdict largest", func(c *counts) string { return fmt.Sprint(c.Verdict) },
		func(c *counts) bool { return c.Pages == 0 || c.Verdict }, false},
	{"Slack screens", func(c *counts) string { return fmt.Sprintf("%.2f", c.SlackScreens) }, nil,
		false},
	{"Slack blocks", func(c *counts) string { return fmt.Sprint(c.SlackBlocks) }, nil, false},
	{"Slack characters", func(c *counts) string { return fmt.Sprint(c.SlackUnits) }, nil, false},
	{"header", func(c *counts) string { return fmt.Sprint(c.SlackHeader) },
		func(c *counts) bool { return c.SlackHeader <= 150 }, false}, // as long as Slack takes it
	{"Slack repeats", func(c *counts) string { return c.SlackRepeats.String() },
		func(c *counts) bool { return c.SlackRepeats.Times <= 3 }, false},
}

func (r repeats) String() string {
	if r.Times == 0 {
		return "–"
	}
	return fmt.Sprintf("%d × %s", r.Times, r.Figure)
}

// The editions take no more of a reader's time than their budgets. With -v, a table shows how much
// they take.
func TestEditions_Budgets(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it runs a browser")
	}
	weeks := make(map[string]rendered)
	for _, w := range measuredWeeks {
		weeks[w.name] = renderedOf(t, w.make())
	}
	measured := countsOf(t, weeks)
	var b bytes.Buffer
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "week")
	for _, column := range columns {
		fmt.Fprint(table, "\t"+column.title)
	}
	fmt.Fprintln(table)
	for _, w := range measuredWeeks {
		c := measured[w.name]
		fmt.Fprint(table, w.name)
		for _, column := range columns {
			fmt.Fprint(table, "\t"+column.text(c))
		}
		fmt.Fprintln(table)
		for _, m := range []struct {
			what               string
			got, limit, target float64
		}{
			{"screens of mail", c.MailScreens, w.limits.screens, w.target.screens},
			{"words of mail", float64(c.MailWords), float64(w.limits.words), float64(w.target.words)},
			{"pages", float64(c.Pages), float64(w.limits.pages), float64(w.target.pages)},
			{"screens of Slack", c.SlackScreens, w.limits.slack, w.target.slack},
		} {
			switch {
			case m.got > m.limit:
				t.Errorf("%s: %v %s, want at most %v (target %v)", w.name, m.got, m.what, m.limit,
					m.target)
			case m.got <= m.target && m.limit > m.target:
				t.Logf("%s: %v %s: lower the limit from %v to its target, %v", w.name, m.got,
					m.what, m.limit, m.target)
			}
		}
	}
	table.Flush()
	t.Log("\n" + b.String())
	for _, column := range columns {
		var beyond []string
		for _, w := range measuredWeeks {
			if c := measured[w.name]; column.ok != nil && !column.ok(c) {
				beyond = append(beyond, w.name+": "+column.text(c))
			}
		}
		switch {
		case len(beyond) > 0 && !column.unmet:
			t.Errorf("%s: %s", column.title, strings.Join(beyond, "; "))
		case len(beyond) == 0 && column.unmet:
			t.Logf("%s: the target is reached: set unmet to false", column.title)
		}
	}
}
