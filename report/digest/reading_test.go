package digest_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// weeks are all weeks of figurestest, by name.
func weeks() map[string]*figures.Report {
	all := figurestest.Cases()
	for _, w := range figurestest.Gallery() {
		all[w.Name] = w.Report
	}
	return all
}

// jumped are weeks of simulated bots in which a day jumped.
func jumped(t *testing.T) (all []*figures.Report) {
	first, err := period.Parse("2026-W01")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(13, 2))
	for range 6 {
		const last = figures.TrendPeriods + 4
		s := figurestest.Simulate(rng, 150, 1.5, first, last+1)
		for w := figures.TrendPeriods; w <= last; w++ {
			kept := s.Days[7*w+w%7]
			s.Days[7*w+w%7] = s.Double(kept)
			r, err := figures.Compute(s.Answers(w))
			if err != nil {
				t.Fatal(err)
			}
			s.Days[7*w+w%7] = kept
			if len(r.Fallbacks.Incidents) > 0 {
				all = append(all, r)
			}
		}
	}
	return all
}

// What is usual on a day that jumped is the same number in the verdict, in the chart that Slack
// draws, in its alt text, and in the text.
func TestEditions_UsualIsOneNumber(t *testing.T) {
	reports := jumped(t)
	if len(reports) < 10 {
		t.Fatalf("only %d simulated weeks have a jump", len(reports))
	}
	for _, r := range weeks() {
		reports = append(reports, r)
	}
	said := regexp.MustCompile(`usually (\d+\.\d%)`)
	checked := 0
	for _, r := range reports {
		s := say(t, r)
		if s.Lead != summary.ChartFallbacks || len(r.Fallbacks.Incidents) == 0 || r.Verdict == nil {
			continue
		}
		worst := slices.MaxFunc(r.Fallbacks.Incidents,
			func(a, b figures.Incident) int { return int(1e9 * (a.Rate - b.Rate)) })
		day := s.Words.Day(worst.Date.UTC())
		verdict := said.FindStringSubmatch(s.Verdict)
		if verdict == nil {
			t.Errorf("%s: the verdict does not say what is usual: %s", r.ID, s.Verdict)
			continue
		}
		got := map[string]string{"drawn": drawnUsual(s, day)}
		for _, c := range s.Charts() {
			if c.Name == s.Lead {
				_, item, _ := strings.Cut(c.Alt, day+": ")
				got["alt text"] = said.FindStringSubmatch(item)[1]
			}
		}
		row := regexp.MustCompile(`(?m)^` + day + ` .* (\d+\.\d%)$`)
		got["text"] = row.FindStringSubmatch(digest.Text(s, 80))[1]
		for edition, usual := range got {
			if checked++; usual != verdict[1] {
				t.Errorf("%s: on %s %s is usual (%s), in the verdict %s", r.ID, day, usual,
					edition, verdict[1])
			}
		}
	}
	t.Logf("%d numbers", checked)
}

// What is usual for requests for a human is the number of all of them, and so is the bar next to
// it.
func TestEditions_UsualOfStackedSeries(t *testing.T) {
	r := figurestest.Busy()
	s := say(t, r)
	s.Lead = summary.ChartHandovers
	asked := *r.Handovers.Daily[0].Requests + *r.Handovers.Daily[0].RequestsWhileClosed
	usual := *r.Baseline.Days[0].Requests
	for _, b := range digest.Slack(s, digest.Native).Blocks.BlockSet {
		if chart, ok := b.(*slack.DataVisualizationBlock); ok {
			all := seriesOf(chart)
			if len(all) != 2 || all[0].Data[0].Value != usual || all[1].Data[0].Value != float64(asked) {
				t.Errorf("Slack draws %v; on Monday %v are usual, and there were %d", all, usual, asked)
			}
		}
	}
	want := fmt.Sprintf(`(?m)^Mon 9 .* %d +%d +%d +%.0f$`, asked, *r.Handovers.Daily[0].Requests,
		*r.Handovers.Daily[0].RequestsWhileClosed, usual)
	if text := digest.Text(s, 80); !regexp.MustCompile(want).MatchString(text) {
		t.Errorf("no %s in\n%s", want, text)
	}
}

// drawnUsual returns what Slack draws as usual on a day.
func drawnUsual(s *summary.Summary, day string) string {
	for _, b := range digest.Slack(s, digest.Native).Blocks.BlockSet {
		if chart, ok := b.(*slack.DataVisualizationBlock); ok {
			for _, series := range seriesOf(chart) {
				for _, point := range series.Data {
					if series.Name == s.Words.Say(wording.TermBaseline) && point.Label == day {
						return fmt.Sprintf("%.1f%%", point.Value)
					}
				}
			}
		}
	}
	return ""
}

// seriesOf returns the series of a chart that Slack draws.
func seriesOf(b *slack.DataVisualizationBlock) []slack.DataVisualizationDataSeries {
	switch chart := b.Chart.(type) {
	case *slack.DataVisualizationBarChart:
		return chart.Series
	case *slack.DataVisualizationLineChart:
		return chart.Series
	}
	return nil
}

// Sources and languages are in the details and the text of every report that has them, and never on
// the first screen.
func TestEditions_SourcesAndLanguages(t *testing.T) {
	sliced := 0
	for name, r := range weeks() {
		s := say(t, r)
		for _, table := range s.Tables() {
			if table.Name != summary.TableSources && table.Name != summary.TableLanguages {
				continue
			}
			sliced++
			for which, d := range allMessages(r, s) {
				has := slices.ContainsFunc(d.Blocks.BlockSet,
					func(b slack.Block) bool { return strings.HasPrefix(b.ID(), table.Name) })
				if has != strings.HasPrefix(which, "details") {
					t.Errorf("%s, %s: %s is there: %t", name, which, table.Name, has)
				}
			}
			for _, width := range []int{40, 80} {
				text := digest.Text(s, width)
				for _, row := range table.Rows {
					if !strings.Contains(text, table.Title) || !strings.Contains(text, row[0]) ||
						!strings.Contains(text, row[1]) {
						t.Errorf("%s at %d columns: no %s, or not %q", name, width, table.Name, row)
					}
				}
			}
		}
	}
	if sliced == 0 {
		t.Error("no week has slices")
	}
}

// The text and the details have the verdict's measure in the last 12 weeks, for each measure.
func TestEditions_WeeksOfTheVerdict(t *testing.T) {
	names := make(map[string]int)
	for name, r := range weeks() {
		s := say(t, r)
		i := slices.IndexFunc(s.Charts(), func(c *summary.Chart) bool { return c.Name == s.Weeks })
		if i < 0 || s.Charts()[i].Blank() {
			continue
		}
		c := s.Charts()[i]
		names[c.Name]++
		if !strings.Contains(digest.Text(s, 80), "\n"+c.Topic) && name != "hostile" {
			t.Errorf("%s: the text does not have %q", name, c.Topic)
		}
		all := allMessages(r, s)
		for _, style := range slices.Sorted(maps.Keys(styles)) {
			shown := slices.Concat(chartsOf(all["message"+style]), chartsOf(all["details"+style]))
			if !slices.Contains(shown, c.Name) {
				t.Errorf("%s%s: the message and the thread have %q, and not %s", name, style, shown,
					c.Name)
			}
		}
	}
	if names[summary.ChartWeeks] == 0 || names[summary.ChartTrend] == 0 {
		t.Errorf("the weeks are of %v", names)
	}
}

// A name that is written from right to left is isolated in every text that goes on after it, also
// if it is cut.
func TestDetails_NamesAreIsolated(t *testing.T) {
	found := 0
	for _, r := range []*figures.Report{figurestest.Scripts(), figurestest.Hostile(),
		figurestest.Named(strings.Repeat("سؤال طويل ", 12), "איפה החבילה שלי (דחוף)?")} {
		for which, d := range allMessages(r, say(t, r)) {
			for _, b := range d.Blocks.BlockSet {
				rich, ok := b.(*slack.RichTextBlock)
				if !ok {
					continue
				}
				for _, line := range texts(rich.Elements) {
					// A name without isolates changes the order of the text next to it.
					outside := regexp.MustCompile("\u2068[^\u2069]*\u2069").ReplaceAllString(line, "")
					if rightToLeft.MatchString(outside) {
						t.Errorf("%s: %q", which, line)
					}
					if outside != line {
						found++
					}
				}
			}
		}
	}
	if found == 0 {
		t.Error("no message has an isolated name")
	}
}

var rightToLeft = regexp.MustCompile(`[\p{Arabic}\p{Hebrew}]`)

// texts returns the lines of rich text.
func texts(elements []slack.RichTextElement) (lines []string) {
	for _, e := range elements {
		switch e := e.(type) {
		case *slack.RichTextList:
			lines = append(lines, texts(e.Elements)...)
		case *slack.RichTextSection:
			line := ""
			for _, part := range e.Elements {
				switch part := part.(type) {
				case *slack.RichTextSectionTextElement:
					line += part.Text
				case *slack.RichTextSectionLinkElement:
					line += part.Text
				}
			}
			lines = append(lines, line)
		}
	}
	return lines
}
