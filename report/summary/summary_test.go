package summary

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is said of each week, to be read. A changed sentence shows up here before it shows up in five editions.
func TestWhatIsSaid(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			s, err := Of(r)
			if err != nil {
				t.Fatal(err)
			}
			got := read(s)
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("says something else than %s; -update writes it anew. It says:\n%s", golden, got)
			}
			if strings.Contains(got, "%!") && name != "hostile" {
				t.Error("a message and its arguments do not fit")
			}
		})
	}
}

// read puts all texts of a summary one under the other.
func read(s *Summary) string {
	var b strings.Builder
	line := func(what string, texts ...string) {
		for _, text := range texts {
			fmt.Fprintf(&b, "%-11s %s\n", what, strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\n", "⏎"))
		}
	}
	line("subject", s.Subject)
	line("title", s.Title)
	line("dates", s.Dates+", "+s.Week)
	line("headline", s.Headline)
	line("link", s.Link.Text+" "+s.Link.URL)
	line("notice", s.Notices...)
	for _, tile := range s.Tiles {
		line("tile", fmt.Sprintf("%s [%s]", tile.Line(), [...]string{"neutral", "good", "bad"}[tile.Tone]))
	}
	line("insight", s.Insights...)
	for _, c := range s.Charts {
		line("chart", c.Name+": "+c.Title+" — "+c.Subtitle, "  "+c.Alt)
	}
	for _, table := range s.Tables {
		line("table", table.Name+": "+table.Title)
		var heads []string
		for _, c := range table.Columns {
			heads = append(heads, c.Title)
		}
		line("", strings.Join(heads, " | "))
		for _, row := range append(table.Rows, table.Total) {
			if row != nil {
				line("", strings.Join(row, " | "))
			}
		}
		if table.Note+table.Missing != "" {
			line("", table.Note+table.Missing)
		}
	}
	line("provenance", s.Provenance...)
	for _, term := range s.Glossary {
		line("glossary", term.Term+": "+term.Meaning)
	}
	return b.String()
}

// A week of so many chats and messages a day, after a week of so many and ten weeks of history.
func week(t *testing.T, chats, previous int, change func(*figures.Answers)) *Summary {
	t.Helper()
	w, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	a := figures.Answers{Bot: figures.Bot{ID: "b", Name: "Bot", TZ: "Europe/Oslo"}, Week: w, FetchedAt: time.Unix(0, 0)}
	add := func(day period.Date, n int) {
		a.Chats = append(a.Chats, figures.Point{Time: day.UTC(), Count: n})
		a.Messages = append(a.Messages, figures.Point{Time: day.UTC(), Count: 4 * n})
	}
	add(w.From().Add(-70), 1)
	add(w.From().Add(-7), previous)
	add(w.From(), chats)
	if change != nil {
		change(&a)
	}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHeadline(t *testing.T) {
	rates := func(this, previous float64) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Fallbacks.This.Value = figures.Fallback{Count: 12, Rate: &this}
			a.Fallbacks.Previous.Value = figures.Fallback{Count: 10, Rate: &previous}
		}
	}
	noHistory := func(a *figures.Answers) { a.Chats, a.Messages = a.Chats[2:], a.Messages[2:] }
	for _, tc := range []struct {
		what            string
		chats, previous int
		change          func(*figures.Answers)
		want            string
	}{
		{"more", 110, 100, nil, "110 chats, 10.0% more than the week before."},
		{"fewer", 90, 100, nil, "90 chats, 10.0% fewer than the week before."},
		{"as many", 10001, 10000, nil, "10,001 chats, about as many as the week before."},
		{"30 events are enough for a percentage", 30, 60, nil, "30 chats, 50.0% fewer than the week before."},
		{"29 are not, this week", 29, 60, nil, "29 chats, last week 60."},
		{"29 are not, last week", 60, 29, nil, "60 chats, last week 29."},
		{"one", 1, 0, nil, "1 chat, last week 0."},
		{"none", 0, 40, nil, "No chats were recorded this week; Sage answered normally."},
		{"no history", 50, 0, noHistory, "50 chats."},
		{"with fallbacks", 110, 100, rates(0.118, 0.104), "110 chats, 10.0% more than the week before; 11.8% of the bot’s replies were fallbacks (+1.4 pp)."},
		{"with fallbacks of few messages", 24, 100, rates(0.118, 0.104), "24 chats, last week 100."},
		{"with fallbacks, few messages last week", 100, 24, rates(0.118, 0.104), "100 chats, last week 24; 11.8% of the bot’s replies were fallbacks."},
	} {
		if got := week(t, tc.chats, tc.previous, tc.change).Headline; got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.what, got, tc.want)
		}
	}
}

func TestFeedbackTile(t *testing.T) {
	ratings := func(low, high int) []figures.Rating {
		return []figures.Rating{{Rating: 1, Count: low}, {Rating: 2, Count: high}}
	}
	for _, tc := range []struct {
		what                     string
		binary, previous, emojis []figures.Rating
		want                     string
	}{
		{"none", nil, ratings(1, 2), nil, "Feedback: – (no ratings, or feedback is off)"},
		{"only zeros", ratings(0, 0), nil, nil, "Feedback: – (no ratings, or feedback is off)"},
		{"few", ratings(1, 3), nil, nil, "Feedback: 3 of 4 ratings positive"},
		{"one", ratings(0, 1), nil, nil, "Feedback: 1 of 1 rating positive"},
		{"few, and few before", ratings(1, 3), ratings(1, 1), nil, "Feedback: 3 of 4 ratings positive (last week 1 of 2)"},
		{"19", ratings(9, 10), nil, nil, "Feedback: 10 of 19 ratings positive"},
		{"20 bear a percentage, with its count", ratings(5, 15), ratings(1, 1), nil, "Feedback: 75% positive (15 of 20 ratings, last week 1 of 2)"},
		{"of two kinds the one with more ratings", ratings(1, 3), nil, []figures.Rating{{Rating: 3, Count: 2}, {Rating: 4, Count: 4}}, "Feedback: 4 of 6 ratings positive"},
	} {
		s := week(t, 100, 100, func(a *figures.Answers) {
			a.Feedback.This.Value = figures.Ratings{Binary: tc.binary, Emojis: tc.emojis}
			a.Feedback.Previous.Value = figures.Ratings{Binary: tc.previous}
		})
		if got := s.Tiles[5].Line(); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.what, got, tc.want)
		}
	}
}

func TestFallbackTile(t *testing.T) {
	for _, tc := range []struct {
		what            string
		chats, previous int
		this, before    figures.Fallback
		want            string
		tone            Tone
	}{
		{"more is bad", 100, 100, figures.Fallback{Count: 50, Rate: new(0.2)}, figures.Fallback{Count: 40, Rate: new(0.1)}, "Fallback rate: 20.0% (+10.0 pp, last week 10.0%)", Bad},
		{"less is good", 100, 100, figures.Fallback{Count: 50, Rate: new(0.1)}, figures.Fallback{Count: 40, Rate: new(0.2)}, "Fallback rate: 10.0% (−10.0 pp, last week 20.0%)", Good},
		{"the same is neither", 100, 100, figures.Fallback{Count: 50, Rate: new(0.1)}, figures.Fallback{Count: 40, Rate: new(0.1)}, "Fallback rate: 10.0% (±0.0 pp, last week 10.0%)", Neutral},
		{"99 messages last week bear no change", 100, 24, figures.Fallback{Count: 50, Rate: new(0.1)}, figures.Fallback{Count: 4, Rate: new(0.2)}, "Fallback rate: 10.0% (last week 20.0%)", Neutral},
		{"of few messages the count leads", 24, 100, figures.Fallback{Count: 4, Rate: new(0.1)}, figures.Fallback{Count: 9, Rate: new(0.2)}, "Fallback rate: 4 fallbacks (last week 9)", Neutral},
		{"nobody wrote", 0, 100, figures.Fallback{Rate: new(0.0)}, figures.Fallback{Count: 9, Rate: new(0.2)}, "Fallback rate: – (nobody wrote)", Neutral},
	} {
		s := week(t, tc.chats, tc.previous, func(a *figures.Answers) {
			a.Fallbacks.This.Value, a.Fallbacks.Previous.Value = tc.this, tc.before
		})
		if got := s.Tiles[2]; got.Line() != tc.want || got.Tone != tc.tone {
			t.Errorf("%s:\n got %s (%v)\nwant %s (%v)", tc.what, got.Line(), got.Tone, tc.want, tc.tone)
		}
	}
}

// A rate can be missing although people wrote: to a human.
func TestNoRateSaysWhy(t *testing.T) {
	for chats, want := range map[int]string{0: "nobody wrote", 100: "the bot did not reply"} {
		s := week(t, chats, 100, func(a *figures.Answers) { a.Fallbacks.Previous.Value.Rate = new(0.1) })
		if got := s.Tiles[2].Detail; got != want {
			t.Errorf("%d chats: tile says %q, want %q", chats, got, want)
		}
		if got := s.Chart(ChartFallbacks).Subtitle; !strings.EqualFold(got, want) {
			t.Errorf("%d chats: chart says %q, want %q", chats, got, want)
		}
	}
}

// Of two that are equal, none is the most or the least; and what is not known is not compared.
func TestInsights(t *testing.T) {
	days := func(counts ...int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for i, n := range counts {
				a.Chats = append(a.Chats, figures.Point{Time: a.Week.From().Add(i).UTC(), Count: n})
			}
		}
	}
	begins := func(day int, set func(*figures.Answers)) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Chats, a.Messages = nil, []figures.Point{{Time: a.Week.From().Add(day).UTC(), Count: 1}}
			set(a)
		}
	}
	hours := func(counts map[int]int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for hour, n := range counts {
				a.Hours.Value = append(a.Hours.Value, figures.Point{Time: a.Week.From().UTC().Add(time.Duration(hour) * time.Hour), Count: n})
			}
		}
	}
	label := func(text string, n int) figures.Label { return figures.Label{Text: text, Count: n} }
	labels := func(previous []figures.Label, this ...figures.Label) func(*figures.Answers) {
		return func(a *figures.Answers) { a.Labels.This.Value, a.Labels.Previous.Value = this, previous }
	}
	full := []figures.Label{label("a", 200)}
	for i := range figures.ListLimit - 1 {
		full = append(full, label(fmt.Sprint(i), 50))
	}
	closed := func(n int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Handovers.Value = []figures.StagePoint{{Time: a.Week.From().UTC(), RequestsWhileClosed: n}}
		}
	}
	const topA = "“a” was the most frequent label, added 240 times (last week 150)."
	for _, tc := range []struct {
		what   string
		change func(*figures.Answers)
		want   []string
	}{
		{"busiest and quietest", days(1, 9, 8, 7, 6, 5, 4), []string{"Tuesday was the busiest day with 9 chats, Monday the quietest with 1."}},
		{"an empty weekend", days(1, 9, 8, 7, 6, 0, 0), []string{"Tuesday was the busiest day with 9 chats."}},
		{"two busiest days", days(1, 9, 9, 7, 6, 5, 4), nil},
		{"days before the bot's history are not quiet", begins(1, days(0, 9, 8, 7, 6, 5, 4)), []string{"Tuesday was the busiest day with 9 chats."}},
		{"29 chats", days(0, 9, 8, 7, 4, 1, 0), nil},

		{"busiest hour", hours(map[int]int{9: 30, 33: 1, 10: 30}), []string{"The busiest hour was 09:00 to 10:00, with 31 chats over the week."}},
		{"two busiest hours", hours(map[int]int{9: 30, 10: 30}), nil},
		{"29 in the busiest hour", hours(map[int]int{9: 29}), nil},

		{"one request while closed", closed(1), []string{"A user asked for a human once outside opening hours (last week 0)."}},
		{"two requests while closed", closed(2), []string{"Users asked for a human 2 times outside opening hours (last week 0)."}},

		{"the top label moved by a few", labels([]figures.Label{label("a", 150)}, label("a", 179)),
			[]string{"“a” was the most frequent label, added 179 times (last week 150)."}},
		{"the top label is the mover", labels([]figures.Label{label("a", 150)}, label("a", 240)),
			[]string{"“a” rose the most among this week’s top labels: 240, last week 150 (+60.0%)."}},
		{"rise", labels([]figures.Label{label("a", 150), label("b", 40)}, label("a", 240), label("b", 160)),
			[]string{"“b” rose the most among this week’s top labels: 160, last week 40 (+300.0%).", topA}},
		{"fall", labels([]figures.Label{label("a", 150), label("b", 200)}, label("a", 240), label("b", 40)),
			[]string{"“b” fell the most among this week’s top labels: 40, last week 200 (−80.0%).", topA}},
		{"a new label moved, though it has no percentage", labels([]figures.Label{label("a", 150)}, label("a", 240), label("b", 200)),
			[]string{"“b” rose the most among this week’s top labels: 200, last week 0.", topA}},
		{"a new label, last week's list full", labels(full, label("b", 340), label("a", 240)),
			[]string{"The label “b” was added 340 times (last week below the top 100)."}},
		{"two moved as far", labels([]figures.Label{label("a", 150), label("b", 110)}, label("a", 240), label("b", 200)), []string{topA}},
		{"one may have moved further", labels([]figures.Label{label("a", 150), label("b", 1)}, label("a", 240), label("b", 91), label("b", 92)), []string{topA}},
		{"two top labels", labels([]figures.Label{label("a", 240), label("b", 240)}, label("a", 240), label("b", 240)), nil},
		{"29 labels", labels([]figures.Label{label("a", 1)}, label("a", 29)), nil},
	} {
		if diff := cmp.Diff(tc.want, week(t, 0, 0, tc.change).Insights); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.what, diff)
		}
	}
}

// A report.json that somebody changed can have a week without the history that it is the end of.
func TestWeekWithoutHistory(t *testing.T) {
	r := figurestest.Busy()
	r.HistoryFrom, r.Baseline = nil, false
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Thursday was the busiest day with 1,530 chats, Sunday the quietest with 588."; !slices.Contains(s.Insights, want) {
		t.Errorf("insights %q lack %q", s.Insights, want)
	}
}

func TestTrendSaysHighestOnlyOfOne(t *testing.T) {
	weeks := func(counts ...int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Chats = nil
			for i, n := range counts {
				a.Chats = append(a.Chats, figures.Point{Time: a.Week.Add(i + 1 - len(counts)).From().UTC(), Count: n})
			}
			a.Messages = a.Chats
		}
	}
	for _, tc := range []struct {
		change func(*figures.Answers)
		want   string
	}{
		{weeks(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), "2 this week, the highest of the 12"},
		{weeks(1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2), "2 this week; no week of the 12 had more"},
		{weeks(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), "1 this week; no week of the 12 had more"},
		{weeks(1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1), "1 this week; the highest was 2, 26 Oct – 1 Nov"},
		{weeks(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), "2 this week; the bot’s history begins on 31 August 2026"},
		{weeks(1), "1 this week; the bot’s history begins on 9 November 2026"},
		{weeks(), "None this week."},
	} {
		if got := week(t, 0, 0, tc.change).Chart(ChartTrend).Subtitle; got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}

func TestHoursSayThePeakOnlyOfOne(t *testing.T) {
	for _, tc := range []struct {
		hours []int // of Monday and Tuesday
		want  string
	}{
		{[]int{9, 9, 10}, "Most on Monday at 09:00, 2 chats; local time|Monday: most at 09:00, 2."},
		{[]int{9, 10}, "No hour had more than 1 chat; local time|Monday: at most 1 an hour."},
		{[]int{9, 33}, "No hour had more than 1 chat; local time|Monday: most at 09:00, 1; Tuesday: most at 09:00, 1."},
		{nil, "None this week.|None this week."},
	} {
		c := week(t, 3, 3, func(a *figures.Answers) {
			for _, hour := range tc.hours {
				a.Hours.Value = append(a.Hours.Value, figures.Point{Time: a.Week.From().UTC().Add(time.Duration(hour) * time.Hour), Count: 1})
			}
		}).Chart(ChartHours)
		subtitle, alt, _ := strings.Cut(tc.want, "|")
		if c.Subtitle != subtitle || !strings.HasSuffix(c.Alt, alt) {
			t.Errorf("%v: %s|%s, want %s", tc.hours, c.Subtitle, c.Alt, tc.want)
		}
	}
}

func TestProvenanceNamesTheFilters(t *testing.T) {
	for _, tc := range []struct {
		sources, languages []string
		want               string
	}{
		{nil, nil, "All sources, test chats included."},
		{[]string{"-test"}, nil, "Test chats excluded; Kindly’s own view may include them."},
		{[]string{"-test", "-app"}, nil, "Chats excluded: test and app."},
		{[]string{"web", "app"}, []string{"nb", "en"}, "Only chats from: web and app.|Only chats in: nb and en."},
	} {
		s := week(t, 1, 1, func(a *figures.Answers) {
			a.Filters = figures.Filters{Sources: tc.sources, Languages: tc.languages}
		})
		got := strings.Join(s.Provenance[1:len(s.Provenance)-2], "|")
		if got != tc.want {
			t.Errorf("%v %v: %s, want %s", tc.sources, tc.languages, got, tc.want)
		}
	}
}

// Nothing the reader sees gives a cause, and no volume is judged.
func TestNothingIsClaimed(t *testing.T) {
	for name, r := range figurestest.Cases() {
		if name == "hostile" {
			continue // strangers may claim what they like
		}
		s, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"because", "thanks to", "due to", "understood more", "improved", "worse", "better"} {
			if text := read(s); strings.Contains(text, word) {
				t.Errorf("%s: says %q", name, word)
			}
		}
		for _, tile := range s.Tiles {
			if tile.Tone != Neutral && tile.Name != "fallbacks" && tile.Name != "feedback" {
				t.Errorf("%s: %s is called good or bad", name, tile.Name)
			}
		}
	}
}
