package summary

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is said of each week, to be read. A changed sentence shows up here before it shows up in
// five editions.
func TestPage_Sentences(t *testing.T) {
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
				t.Errorf("says something else than %s; -update writes it anew. It says:\n%s",
					golden, got)
			}
			if strings.Contains(got, "%!") && name != "hostile" {
				t.Error("a message and its arguments do not fit")
			}
		})
	}
}

// Chart returns the chart of that name, and an empty one if there is none.
func (s *Summary) Chart(name string) *Chart {
	for _, c := range s.Charts() {
		if c.Name == name {
			return c
		}
	}
	return &Chart{}
}

// Tile returns the tile of that name, and an empty one if there is none.
func (s *Summary) Tile(name string) Tile {
	for _, t := range s.Tiles {
		if t.Name == name {
			return t
		}
	}
	return Tile{}
}

// Table returns the table of that name, and an empty one if there is none.
func (s *Summary) Table(name string) *Table {
	for _, t := range s.Tables() {
		if t.Name == name {
			return t
		}
	}
	return &Table{}
}

var tones = [...]string{"neutral", "good", "bad"}

// read puts all texts of a summary one under the other.
func read(s *Summary) string {
	var b strings.Builder
	line := func(what string, texts ...string) {
		for _, text := range texts {
			fmt.Fprintf(&b, "%-11s %s\n", what,
				strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\n", "⏎"))
		}
	}
	line("subject", s.Subject)
	line("title", s.Title)
	line("dates", s.Dates+", "+s.Period)
	line("preview", s.Preview)
	line("headline", s.Headline)
	line("status", fmt.Sprintf("%s [%s, %s]", s.Status.Label, s.Status.Kind, tones[s.Status.Tone]))
	line("verdict", s.Verdict)
	line("fact", s.Facts...)
	line("where", s.Where...)
	for _, look := range s.LookAt {
		line("look at", look.Text+" "+look.URL)
	}
	line("lead", s.Lead)
	line("link", s.Link.Text+" "+s.Link.URL)
	line("notice", s.Notices...)
	for _, tile := range s.Tiles {
		line("tile", fmt.Sprintf("%s [%s]", tile.Line(), tones[tile.Tone]))
	}
	line("insight", s.Insights...)
	for _, c := range s.Charts() {
		line("chart", c.Name+": "+c.Title+" — "+c.Subtitle, "  "+c.Alt)
	}
	for _, table := range s.Tables() {
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

// A week of so many chats, after a week of so many and one of a single one: too few for an ordinary
// week.
func week(t *testing.T, chats, previous int, change func(*figures.Answers)) *Summary {
	t.Helper()
	w, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	a := figures.Answers{Bot: figures.Bot{ID: "b", Name: "Bot", TZ: "Europe/Oslo"}, Period: w,
		FetchedAt: time.Unix(0, 0)}
	add := func(day period.Date, n int) {
		a.Chats = append(a.Chats, figures.Point{Time: day.UTC(), Count: n})
		a.Messages = append(a.Messages, figures.Point{Time: day.UTC(), Count: 4 * n})
	}
	add(w.From().Add(-14), 1)
	add(w.From().Add(-7), previous)
	add(w.From(), chats)
	if change != nil {
		change(&a)
	}
	// What the change says of a week happened on its Monday, and the chats began all day long.
	for i := 0; i < 24 && chats > 10 && len(a.Hours.Value) < 24; i++ {
		a.Hours.Value = append(a.Hours.Value,
			figures.Point{Time: w.From().UTC().Add(time.Duration(i) * time.Hour),
				Count: (chats + i) / 24})
	}
	if a.FallbackDays.Value == nil {
		for day, f := range map[period.Date]figures.Fallback{w.From(): a.Fallbacks.This.Value,
			w.From().Add(-7): a.Fallbacks.Previous.Value} {
			a.FallbackDays.Value = append(a.FallbackDays.Value,
				figures.RatePoint{Time: day.UTC(), Count: f.Count, Rate: f.Rate})
		}
	}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	r.Verdict = nil // as in an older report
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A bot that is too new for an ordinary week is compared with the week before.
func TestHeadline_NewBot(t *testing.T) {
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
		{"30 events are enough for a percentage", 30, 60, nil,
			"30 chats, 50.0% fewer than the week before."},
		{"29 are not, this week", 29, 60, nil, "29 chats, the week before 60."},
		{"29 are not, last week", 60, 29, nil, "60 chats, the week before 29."},
		{"one", 1, 0, nil, "1 chat, the week before 0."},
		{"none", 0, 40, nil, "No chats were recorded this week; Kindly’s statistics worked, so the zero is real."},
		{"no history", 50, 0, noHistory, "50 chats."},
		{"with fallbacks", 110, 100, rates(0.118, 0.104),
			"110 chats, 10.0% more than the week before; in 11.8% of its replies the bot did not understand (+1.4\u00a0points from the week before)."},
		{"with fallbacks of few messages", 24, 100, rates(0.118, 0.104),
			"24 chats, the week before 100."},
		{"with fallbacks, few messages last week", 100, 24, rates(0.118, 0.104),
			"100 chats, the week before 24; in 11.8% of its replies the bot did not understand."},
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
		{"few", ratings(1, 3), nil, nil, "Feedback: 3 of 4 thumbs up"},
		{"one", ratings(0, 1), nil, nil, "Feedback: 1 of 1 thumbs up"},
		{"few, and few before", ratings(1, 3), ratings(1, 1), nil,
			"Feedback: 3 of 4 thumbs up"},
		{"19", ratings(9, 10), nil, nil, "Feedback: 10 of 19 thumbs up"},
		{"20 bear a percentage, with its count", ratings(5, 15), ratings(1, 1), nil,
			"Feedback: 75% thumbs up (15 of 20 ratings)"},
		{"of two kinds the one with more ratings", ratings(1, 3), nil,
			[]figures.Rating{{Rating: 3, Count: 2}, {Rating: 4, Count: 4}},
			"Feedback: 4 of 6 positive, 1–5 scale"},
	} {
		s := week(t, 100, 100, func(a *figures.Answers) {
			a.Feedback.This.Value = figures.Ratings{Binary: tc.binary, Emojis: tc.emojis}
			a.Feedback.Previous.Value = figures.Ratings{Binary: tc.previous}
		})
		if got := s.Tile("feedback").Line(); got != tc.want {
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
		{"more than one other week is neither", 100, 100,
			figures.Fallback{Count: 50, Rate: new(0.2)},
			figures.Fallback{Count: 40, Rate: new(0.1)},
			"Did not understand: 20.0% (+10.0\u00a0points, week before 10.0%)", Neutral},
		{"nor is less", 100, 100, figures.Fallback{Count: 50, Rate: new(0.1)},
			figures.Fallback{Count: 40, Rate: new(0.2)},
			"Did not understand: 10.0% (−10.0\u00a0points, week before 20.0%)", Neutral},
		{"nor the same", 100, 100, figures.Fallback{Count: 50, Rate: new(0.1)},
			figures.Fallback{Count: 40, Rate: new(0.1)},
			"Did not understand: 10.0% (week before 10.0%)", Neutral},
		{"99 messages last week bear no change", 100, 24,
			figures.Fallback{Count: 50, Rate: new(0.1)}, figures.Fallback{Count: 4, Rate: new(0.2)},
			"Did not understand: 10.0% (week before 20.0%)", Neutral},
		{"of few messages the count leads", 24, 100, figures.Fallback{Count: 4, Rate: new(0.1)},
			figures.Fallback{Count: 9, Rate: new(0.2)}, "Did not understand: 4 times",
			Neutral},
		{"nobody wrote", 0, 100, figures.Fallback{Rate: new(0.0)},
			figures.Fallback{Count: 9, Rate: new(0.2)}, "Did not understand: – (nobody wrote)", Neutral},
	} {
		s := week(t, tc.chats, tc.previous, func(a *figures.Answers) {
			a.Fallbacks.This.Value, a.Fallbacks.Previous.Value = tc.this, tc.before
		})
		if got := s.Tile("fallbacks"); got.Line() != tc.want || got.Tone != tc.tone {
			t.Errorf("%s:\n got %s (%v)\nwant %s (%v)", tc.what, got.Line(), got.Tone, tc.want,
				tc.tone)
		}
	}
}

// A rate that stands out has a sign. It is compared with the usual week only, and so is its change.
func TestTiles_FallbackStandsOut(t *testing.T) {
	special := func(r *figures.Report) {
		r.Special = []figures.Special{{First: r.Period.From, Last: r.Period.From,
			Kind: figures.Holiday, Name: "x"}}
	}
	const target = "; target: at most 10.0%)"
	for _, tc := range []struct {
		what      string
		standsOut string
		rate      float64
		change    func(*figures.Report)
		want      string
		tone      Tone
	}{
		{"higher", figures.Higher, 0.2, nil,
			"Did not understand: 20.0% (+8.4\u00a0points, usually 11.6%" + target, Bad},
		{"lower", figures.Lower, 0.05, nil,
			"Did not understand: 5.0% (−6.6\u00a0points, usually 11.6%" + target, Good},
		{"rounded so that it adds up", "", 0.0934,
			func(r *figures.Report) { r.Baseline.FallbackRate.Median = 0.0886 },
			"Did not understand: 9.3% (+0.4\u00a0points, usually 8.9%" + target, Neutral},
		{"over its limit by a hair", "", 0.1004, nil,
			"Did not understand: 10.04% (−1.6\u00a0points, usually 11.6%; target: at most 10.0%)", Neutral},
		{"a special week stands out from none", figures.Higher, 0.2, special,
			"Did not understand: 20.0% (target: at most 10.0%)", Neutral},
		{"a side of a later program", "sideways", 0.2, nil,
			"Did not understand: 20.0% (+8.4\u00a0points, usually 11.6%" + target, Neutral},
	} {
		r := figurestest.Busy()
		f := &r.Fallbacks
		f.StandsOut, f.Rate, f.PreviousRate, f.ChangePP = tc.standsOut, &tc.rate, nil, nil
		if tc.change != nil {
			tc.change(r)
		}
		s, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Tile("fallbacks"); got.Line() != tc.want || got.Tone != tc.tone {
			t.Errorf("%s:\n got %s (%v)\nwant %s (%v)", tc.what, got.Line(), got.Tone, tc.want,
				tc.tone)
		}
	}
}

// A rate can be missing although people wrote: to a human.
func TestTiles_NoRate(t *testing.T) {
	for chats, want := range map[int]string{0: "nobody wrote", 100: "the bot did not reply"} {
		s := week(t, chats, 100,
			func(a *figures.Answers) { a.Fallbacks.Previous.Value.Rate = new(0.1) })
		if got := s.Tile("fallbacks").Detail; got != want {
			t.Errorf("%d chats: tile says %q, want %q", chats, got, want)
		}
		if got := s.Chart(ChartFallbacks).Subtitle; !strings.EqualFold(got, want) {
			t.Errorf("%d chats: chart says %q, want %q", chats, got, want)
		}
	}
}

// The sentences of each rule of the headline; which rule holds is the figures' to say.
func TestHeadline(t *testing.T) {
	monday := figurestest.Busy().Period.From
	rule := func(name string, change func(*figures.Report)) func(*figures.Report) {
		return func(r *figures.Report) {
			r.Headline = &figures.Headline{Rule: name}
			r.Targets = nil
			if change != nil {
				change(r)
			}
		}
	}
	baseline := func(median float64) func(*figures.Report) {
		return rule(figures.HeadlineBaseline,
			func(r *figures.Report) { r.Baseline.Chats.Median = median })
	}
	unusual := func(median float64) func(*figures.Report) {
		return rule(figures.HeadlineUnusual,
			func(r *figures.Report) { r.Baseline.Chats.Median = median })
	}
	incidents := func(days ...figures.Incident) func(*figures.Report) {
		return rule(figures.HeadlineIncident,
			func(r *figures.Report) { r.Fallbacks.Incidents = days; r.Baseline.Chats.Median = 7900 })
	}
	record := func(rec figures.Record) func(*figures.Report) {
		return rule(figures.HeadlineRecord,
			func(r *figures.Report) { rec.Periods = 12; r.Headline.Record = &rec; r.Baseline.Chats.Median = 7900 })
	}
	special := func(names ...string) func(*figures.Report) {
		return rule(figures.HeadlineSpecial, func(r *figures.Report) {
			for _, name := range names {
				r.Special = append(r.Special,
					figures.Special{First: monday, Last: monday, Kind: figures.Note, Name: name})
			}
		})
	}
	target := func(name string, value, limit float64, weeks int) figures.Target {
		return figures.Target{Name: name, Value: &value, Limit: limit, State: figures.Missed,
			Periods: weeks}
	}
	missed := func(targets ...figures.Target) func(*figures.Report) {
		return rule(figures.HeadlineMissed,
			func(r *figures.Report) { r.Targets = targets; r.Baseline.Chats.Median = 7900 })
	}
	again := func(targets ...figures.Target) func(*figures.Report) {
		for i := range targets {
			targets[i].State, targets[i].Before, targets[i].BeforePeriods = figures.Met,
				figures.Missed, targets[i].Periods
		}
		return rule(figures.HeadlineAgain,
			func(r *figures.Report) { r.Targets = targets; r.Baseline.Chats.Median = 7900 })
	}
	kind := func(steps int, t figures.Target) figures.Target { t.Steps = steps; return t }
	met := figures.Target{Name: figures.TargetFeedback, State: figures.Met, Value: new(0.9)}
	const many, rate = "8,031 chats, about as many as usual (7,900)",
		"in 11.8% of its replies the bot did not understand (usually 11.6%)"
	for _, tc := range []struct {
		what   string
		change func(*figures.Report)
		want   string
	}{
		{"ordinary", baseline(7900), many + "; " + rate + "."},
		{"as many, from above", baseline(8450),
			"8,031 chats, about as many as usual (8,450); " + rate + "."},
		{"more", baseline(7300), "8,031 chats, 10.0% more than usual (7,300); " +
			rate + "."},
		{"a little more", baseline(7600),
			"8,031 chats, 5.7% more than usual (7,600); " + rate + "."},
		{"fewer", baseline(9000), "8,031 chats, 10.8% fewer than usual (9,000); " +
			rate + "."},
		{"a median between two counts", baseline(7300.5),
			"8,031 chats, 10.0% more than usual (7,301); " + rate + "."},
		{"few, usually", baseline(29), "8,031 chats, usually 29; " + rate + "."},
		{"none, usually", baseline(0), "8,031 chats, usually 0; " + rate + "."},
		{"unusually many", unusual(6130),
			"Unusually many chats: 8,031, 31.0% more than usual (6,130); " + rate +
				"."},
		{"unusually few", unusual(12000),
			"Unusually few chats: 8,031, 33.1% fewer than usual (12,000); " + rate +
				"."},
		{"special", special("Black Friday"),
			"8,031 chats in a week with Black Friday; in 11.8% of its replies the bot did not understand."},
		{"special twice", special("Langfredag", "Sale", "Langfredag"),
			"8,031 chats in a week with Langfredag and Sale; in 11.8% of its replies the bot did not understand."},
		{"special all week", special("a", "b", "c", "d", "e"),
			"8,031 chats in a week with a, b, c and 2 more; in 11.8% of its replies the bot did not understand."},

		{"an incident", incidents(figures.Incident{Date: monday.Add(2), Rate: 0.152,
			Baseline: 0.085}),
			"“Did not understand” jumped on Wednesday: 15.2% of the bot’s replies, usually 8.5%; " + many +
				"."},
		{"two", incidents(figures.Incident{Date: monday, Rate: 0.2, Baseline: 0.09, Level: 3},
			figures.Incident{Date: monday.Add(2), Rate: 0.152, Baseline: 0.085, Level: 4}),
			"“Did not understand” jumped on Monday and on Wednesday: up to 20.0% of the bot’s replies, usually 9.0%; " + many + "."},

		{"fallbacks missed", missed(target(figures.TargetFallbackRate, 0.118, 0.1, 1), met),
			"In 11.8% of its replies the bot did not understand, over the target of 10.0%; " + many + "."},
		{"for weeks", missed(target(figures.TargetFallbackRate, 0.118, 0.1, 3)),
			"In 11.8% of its replies the bot did not understand, over the target of 10.0% for 3 weeks in a row; " + many +
				"."},
		{"by a hair", missed(target(figures.TargetFallbackRate, 0.10004, 0.1, 1)),
			"In 10.004% of its replies the bot did not understand, over the target of 10.000%; " + many + "."},
		{"handovers missed", missed(target(figures.TargetHandoverRate, 0.1004, 0.1, 1)),
			"There were 10.04 handover requests per 100 chats, open and closed, over the target of 10.00; " + many + "."},
		{"feedback missed", missed(target(figures.TargetFeedback, 0.61, 0.7, 2)),
			"61% of the ratings were positive, under the target of 70% for 2 weeks in a row; " + many + "."},
		{"feedback missed by thumbs", missed(kind(2, target(figures.TargetFeedback, 0.61, 0.7, 1))),
			"61% of the ratings were thumbs up, under the target of 70%; " + many + "."},
		{"feedback missed in five steps", missed(kind(5,
			target(figures.TargetFeedback, 0.696, 0.7, 2))),
			"69.6% of the ratings on the 1–5 scale were positive, under the target of 70.0% for 2 weeks in a row; " + many + "."},
		{"requests missed", missed(target(figures.TargetRequestsWhileClosed, 124, 40, 1)),
			"Outside opening hours there were 124 handover requests, over the target of 40; " + many +
				"."},
		{"two missed", missed(target(figures.TargetFallbackRate, 0.118, 0.1, 1), met,
			target(figures.TargetRequestsWhileClosed, 124, 40, 1)),
			"2 of 3 targets were missed: did not understand and handover requests, closed; " + many +
				"."},
		{"met again", again(target(figures.TargetFallbackRate, 0.08, 0.1, 3)),
			"In 8.0% of its replies the bot did not understand: within the target of 10.0% again, after 3 weeks over it; " +
				many + "."},
		{"met again after one", again(target(figures.TargetFeedback, 0.75, 0.7, 1)),
			"75% of the ratings were positive: the target of 70% is met again, after a week under it; " + many + "."},
		{"by thumbs", again(kind(2, target(figures.TargetFeedback, 0.75, 0.7, 2))),
			"75% of the ratings were thumbs up: the target of 70% is met again, after 2 weeks under it; " +
				many + "."},
		{"in five steps", again(kind(5, target(figures.TargetFeedback, 0.75, 0.7, 1))),
			"75% of the ratings on the 1–5 scale were positive: the target of 70% is met again, after a week under it; " + many + "."},
		{"two met again", again(target(figures.TargetFallbackRate, 0.08, 0.1, 3),
			target(figures.TargetHandoverRate, 0.08, 0.1, 3)),
			"2 targets are met again: did not understand and handover requests per 100 chats; " + many + "."},
		{"missed in a special week", func(r *figures.Report) {
			missed(target(figures.TargetFallbackRate, 0.118, 0.1, 1))(r)
			special("Sale")(r)
			r.Headline.Rule = figures.HeadlineMissed
			r.Targets = []figures.Target{target(figures.TargetFallbackRate, 0.118, 0.1, 1)}
		},
			"In 11.8% of its replies the bot did not understand, over the target of 10.0%; 8,031 chats in a week with Sale."},

		{"most", record(figures.Record{Measure: figures.MeasureChats, Highest: true,
			Baseline: 6555}), "8,031 chats, the most in 12 weeks (usually 6,555); " +
			rate + "."},
		{"fewest", record(figures.Record{Measure: figures.MeasureChats, Baseline: 9555}),
			"8,031 chats, the fewest in 12 weeks (usually 9,555); " + rate + "."},
		{"highest", record(figures.Record{Measure: figures.MeasureFallbackRate, Highest: true,
			Value: 0.118, Baseline: 0.09}),
			"In 11.8% of its replies the bot did not understand, the highest share in 12 weeks (usually 9.0%); " + many + "."},
		{"lowest", record(figures.Record{Measure: figures.MeasureFallbackRate, Value: 0.118,
			Baseline: 0.19}),
			"In 11.8% of its replies the bot did not understand, the lowest share in 12 weeks (usually 19.0%); " + many + "."},
		{"of a report of before there were rules",
			func(r *figures.Report) { r.Headline, r.Baseline = nil, nil },
			"8,031 chats, 5.6% more than the week before; in 11.8% of its replies the bot did not understand (+1.4\u00a0points from the week before)."},
		{"alone, since the week before was special",
			rule(figures.HeadlineAlone, func(r *figures.Report) {
				r.Baseline = nil
				r.Special = []figures.Special{{First: monday.Add(-1), Last: monday.Add(-1),
					Kind: figures.Holiday, Name: "Grunnlovsdag"}}
			}), "8,031 chats; in 11.8% of its replies the bot did not understand."},
	} {
		r := figurestest.Busy()
		tc.change(r)
		r.Verdict = nil
		s, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		if s.Headline != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.what, s.Headline, tc.want)
		}
	}
	empty := figurestest.Empty()
	for _, tc := range []struct {
		special []figures.Special
		want    string
	}{
		{nil, "No chats were recorded this week, usually 35; Kindly’s statistics worked, so the zero is real."},
		{[]figures.Special{{First: monday, Last: monday, Kind: figures.Holiday,
			Name: "Grunnlovsdag"}},
			"No chats were recorded this week; Kindly’s statistics worked, so the zero is real; the week had Grunnlovsdag."},
	} {
		empty.Special, empty.Verdict = tc.special, nil
		if s, err := Of(empty); err != nil || s.Headline != tc.want {
			t.Errorf("got %v, %v, want %s", s.Headline, err, tc.want)
		}
	}
}

// The sentence of each kind of insight; which there are is the figures' to say.
func TestInsights(t *testing.T) {
	r := figurestest.Busy()
	monday := r.Period.From
	day := func(i, chats int, baseline float64) *figures.DayNote {
		return &figures.DayNote{Date: monday.Add(i), Chats: chats, Baseline: &baseline}
	}
	mover := func(list, kind string, this, previous int) figures.Insight {
		return figures.Insight{Kind: figures.KindMover,
			Mover: &figures.Moved{List: list,
				Mover: figures.Mover{Kind: kind, Name: "a", Count: this, Previous: previous}}}
	}
	edge := func(list, kind string) figures.Insight {
		i := mover(list, kind, 180, 60)
		i.Mover.BelowLimit = true
		return i
	}
	closed := func(c figures.Closed) figures.Insight { return figures.Insight{Kind: figures.KindClosed, Closed: &c} }
	hours := func(h figures.Hours) figures.Insight {
		return figures.Insight{Kind: figures.KindHours,
			Hours: &h}
	}
	days := func(d figures.Days) figures.Insight {
		return figures.Insight{Kind: figures.KindDays,
			Days: &d}
	}
	record := func(rec figures.Record) figures.Insight {
		rec.Periods, rec.WasIn = 12, r.Period.Name.Previous()
		return figures.Insight{Kind: figures.KindRecord, Record: &rec}
	}
	streak := func(s figures.Streak) figures.Insight { return figures.Insight{Kind: figures.KindStreak, Streak: &s} }
	incident := &figures.Incident{Date: monday.Add(3), Count: 935, Replies: 5000, Rate: 0.187,
		Baseline: 0.102}
	shift := func(s figures.Shift) figures.Insight {
		return figures.Insight{Kind: figures.KindFeedback, Feedback: &s}
	}
	missed := &figures.Target{Name: figures.TargetFallbackRate, Value: new(0.118), Limit: 0.1,
		State: figures.Missed, Periods: 2}
	again := &figures.Target{Name: figures.TargetRequestsWhileClosed, Value: new(30.0), Limit: 40,
		State: figures.Met, Periods: 1, Before: figures.Missed, BeforePeriods: 1}
	for _, tc := range []struct {
		insight figures.Insight
		want    string
	}{
		{figures.Insight{Kind: figures.KindIncident, Incident: incident},
			"“Did not understand” jumped on Thursday: 18.7% of the bot’s replies (935 of 5,000), usually 10.2% on such a day."},
		{figures.Insight{Kind: figures.KindFallbackDay, Incident: incident},
			"On Thursday the bot did not understand in 18.7% of its replies (whole week: 11.8%)."},
		{figures.Insight{Kind: figures.KindTarget, Target: missed},
			"In 11.8% of its replies the bot did not understand, over the target of 10.0% for 2 weeks in a row."},
		{figures.Insight{Kind: figures.KindTarget, Target: again},
			"Outside opening hours there were 30 handover requests: within the target of 40 again, after a week over it."},
		{shift(figures.Shift{Steps: 2, Positive: 142, Total: 232, BeforePositive: 1560,
			BeforeTotal: 2200}),
			"The share of thumbs up fell: 61% (142 of 232), usually 71% (1,560 of 2,200)."},
		{shift(figures.Shift{Steps: 5, Positive: 200, Total: 232, BeforePositive: 1560,
			BeforeTotal: 2200}),
			"The share of positive ratings rose (1–5 scale): 86% (200 of 232), usually 71% (1,560 of 2,200)."},
		{record(figures.Record{Measure: figures.MeasureChats, Highest: true, Was: 7607}),
			"8,031 chats: the most in 12 weeks. The most before that: 7,607 (2–8 Nov)."},
		{record(figures.Record{Measure: figures.MeasureChats, Was: 9607}),
			"8,031 chats: the fewest in 12 weeks. The fewest before that: 9,607 (2–8 Nov)."},
		{record(figures.Record{Measure: figures.MeasureFallbackRate, Highest: true, Value: 0.118,
			Was: 0.101}),
			"“Did not understand”, 11.8% of the bot’s replies, was the highest in 12 weeks. The highest before that: 10.1% (2–8 Nov)."},
		{record(figures.Record{Measure: figures.MeasureFallbackRate, Highest: true, Value: 0.1181,
			Was: 0.1179}),
			"“Did not understand”, 11.81% of the bot’s replies, was the highest in 12 weeks. The highest before that: 11.79% (2–8 Nov)."},
		{record(figures.Record{Measure: figures.MeasureFallbackRate, Value: 0.068, Was: 0.101}),
			"“Did not understand”, 6.8% of the bot’s replies, was the lowest in 12 weeks. The lowest before that: 10.1% (2–8 Nov)."},
		{streak(figures.Streak{Measure: figures.MeasureChats, Up: true, Periods: 4, From: 6000,
			Value: 8031}), "Chats have risen for 4 weeks in a row, from 6,000 to 8,031."},
		{streak(figures.Streak{Measure: figures.MeasureChats, Periods: 4, From: 9000, Value: 8031}),
			"Chats have fallen for 4 weeks in a row, from 9,000 to 8,031."},
		{streak(figures.Streak{Measure: figures.MeasureFallbackRate, Up: true, Periods: 5,
			From: 0.08, Value: 0.118}),
			"“Did not understand” has risen for 5 weeks in a row, from 8.0% to 11.8%."},
		{streak(figures.Streak{Measure: figures.MeasureFallbackRate, Periods: 5, From: 0.2,
			Value: 0.118}),
			"“Did not understand” has fallen for 5 weeks in a row, from 20.0% to 11.8%."},
		{mover(figures.ListLabels, figures.New, 40, 0),
			"Label “a” was added 40 times, and not once the week before."},
		{mover(figures.ListLabels, figures.Gone, 0, 40),
			"Label “a” was not added; the week before it was added 40 times."},
		{mover(figures.ListLabels, figures.Risen, 180, 60),
			"Label “a” was added 180 times, up from 60."},
		{mover(figures.ListLabels, figures.Fallen, 60, 180),
			"Label “a” was added 60 times, down from 180."},
		{mover(figures.ListButtons, figures.New, 40, 0),
			"Button “a” got 40 clicks, and none the week before."},
		{mover(figures.ListButtons, figures.Gone, 0, 40),
			"Button “a” got no clicks; the week before it got 40 clicks."},
		{mover(figures.ListButtons, figures.Risen, 180, 60),
			"Button “a” got 180 clicks, up from 60."},
		{mover(figures.ListButtons, figures.Fallen, 60, 180),
			"Button “a” got 60 clicks, down from 180."},
		{mover(figures.ListPages, figures.New, 40, 0),
			"Page “a” had 40 chats, and none the week before."},
		{mover(figures.ListPages, figures.Gone, 0, 40),
			"Page “a” had no chats; the week before it had 40 chats."},
		{mover(figures.ListPages, figures.Risen, 180, 60),
			"Page “a” had 180 chats, up from 60."},
		{mover(figures.ListPages, figures.Fallen, 60, 180),
			"Page “a” had 60 chats, down from 180."},
		{edge(figures.ListLabels, figures.Risen),
			"Label “a” was added 180 times; the week before it was outside the top 100."},
		{edge(figures.ListLabels, figures.Fallen),
			"Label “a” is outside the top 100; the week before it was added 60 times."},
		{edge(figures.ListButtons, figures.Risen),
			"Button “a” got 180 clicks; the week before it was outside the top 100."},
		{edge(figures.ListButtons, figures.Fallen),
			"Button “a” is outside the top 100; the week before it got 60 clicks."},
		{edge(figures.ListPages, figures.Risen),
			"Page “a” had 180 chats; the week before it was outside the top 100."},
		{edge(figures.ListPages, figures.Fallen),
			"Page “a” is outside the top 100; the week before it had 60 chats."},
		{closed(figures.Closed{Count: 1}), "Outside opening hours, users asked to talk to a human once."},
		{closed(figures.Closed{Count: 2}),
			"Outside opening hours, users asked to talk to a human 2 times."},
		{closed(figures.Closed{Count: 1, Previous: new(0)}),
			"Outside opening hours, users asked to talk to a human once (week before 0)."},
		{closed(figures.Closed{Count: 124, Previous: new(116), Baseline: new(101.5),
			Hours: &figures.Stretch{From: 17, To: 20, Count: 65},
			Day:   &figures.DayCount{Date: monday.Add(5), Count: 32}}),
			"Outside opening hours, users asked to talk to a human 124 times (usually 102). 65 of these came between 17:00 and 20:00; most came on Saturday (32)."},
		{closed(figures.Closed{Count: 124, Hours: &figures.Stretch{From: 22, To: 1, Count: 65}}),
			"Outside opening hours, users asked to talk to a human 124 times. 65 of these came between 22:00 and 01:00."},
		{closed(figures.Closed{Count: 124, Day: &figures.DayCount{Date: monday.Add(5), Count: 32}}),
			"Outside opening hours, users asked to talk to a human 124 times. Most came on Saturday (32)."},
		{days(figures.Days{Against: true, Most: day(3, 1530, 1234), Fewest: day(6, 188, 416)}),
			"On Thursday there were far more chats than usual (1,530, usually 1,234), on Sunday far fewer (188, usually 416)."},
		{days(figures.Days{Against: true, Most: day(3, 1530, 1234)}),
			"On Thursday there were far more chats than usual: 1,530 (usually 1,234)."},
		{days(figures.Days{Against: true, Fewest: day(6, 188, 416)}),
			"On Sunday there were far fewer chats than usual: 188 (usually 416)."},
		{days(figures.Days{Most: day(3, 1530, 0), Fewest: day(6, 588, 0)}),
			"Most chats came on Thursday (1,530), fewest on Sunday (588)."},
		{days(figures.Days{Most: day(3, 1530, 0)}),
			"Most chats came on Thursday (1,530)."},
		{hours(figures.Hours{Half: figures.Stretch{From: 9, To: 14, Count: 52}, Total: 100,
			Busiest: &figures.Stretch{From: 12, To: 13, Count: 18}}),
			"52% of the chats began between 09:00 and 14:00; the busiest hour was 12:00 to 13:00 (18 chats)."},
		{hours(figures.Hours{Half: figures.Stretch{From: 22, To: 0, Count: 52}, Total: 100}),
			"52% of the chats began between 22:00 and 00:00."},
		{hours(figures.Hours{Half: figures.Stretch{From: 23, To: 0, Count: 52}, Total: 100,
			Busiest: &figures.Stretch{From: 23, To: 0, Count: 52}}),
			"52% of the chats began between 23:00 and 00:00."},
		{figures.Insight{Kind: "of a later program"}, ""},
	} {
		r.Insights, r.Verdict = []figures.Insight{tc.insight}, nil
		s, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.Insights, "|"); got != tc.want {
			t.Errorf(" got %s\nwant %s", got, tc.want)
		}
	}
}

// What a value is of stands beside it, so that it can be computed again. That of a rate of replies
// is not known.
func TestScorecard_Of(t *testing.T) {
	r := figurestest.Busy()
	r.Handovers.Requests, r.Handovers.RequestsWhileClosed = new(238), new(288)
	for _, tc := range []struct {
		target figures.Target
		want   string
	}{
		{figures.Target{Name: figures.TargetHandoverRate, Value: new(526.0 / 8163), Of: new(8163),
			State: figures.Met},
			"Handover requests per 100 chats (526 in 8,163 chats)"},
		{figures.Target{Name: figures.TargetHandoverRate, Value: new(1.0), Of: new(1),
			State: figures.Missed},
			"Handover requests per 100 chats (526 in 1 chat)"},
		{figures.Target{Name: figures.TargetHandoverRate, Value: new(0.5), Of: new(4),
			State: figures.Unknown}, "Handover requests per 100 chats"},
		// no value is printed
		{figures.Target{Name: figures.TargetFeedback, Value: new(171.0 / 232), Of: new(232),
			Steps: 2, State: figures.Met}, "Thumbs up (171 of 232 ratings)"},
		{figures.Target{Name: figures.TargetFeedback, Value: new(0.5), Of: new(7), Steps: 2,
			State: figures.Met}, "Thumbs up"}, // not the report's own
		{figures.Target{Name: figures.TargetFallbackRate, Value: new(0.118), Of: new(16_000),
			State: figures.Met}, "Did not understand"},
		{figures.Target{Name: figures.TargetRequestsWhileClosed, Value: new(288.0),
			State: figures.Met}, "Handover requests, closed"},
	} {
		r.Targets = []figures.Target{tc.target}
		s, err := Of(r)
		if err != nil || s.Targets.Rows[0][0] != tc.want {
			t.Errorf("%+v: %q, %v; want %q", tc.target, s.Targets.Rows[0][0], err, tc.want)
		}
	}
}

// One quantity has one name wherever it stands: on its tile, in the days and in the stages; a
// target adds to it what it adds.
func TestHandoverNames(t *testing.T) {
	for locale, want := range map[string][4]string{
		"en": {"Handover requests, open", "Handover requests, closed",
			"Handover requests per 100 chats (", "Handover requests, closed"},
		"nb": {"Overføring ønsket, åpent", "Overføring ønsket, stengt",
			"Ønskede overføringer per 100 samtaler (",
			"Overføring ønsket, stengt"},
		"sv": {"Begärd överlämning, öppet", "Begärd överlämning, stängt",
			"Begärda överlämningar per 100 chattar (",
			"Begärd överlämning, stängt"},
		"da": {"Overdragelse ønsket, åbent", "Overdragelse ønsket, lukket",
			"Ønskede overdragelser pr. 100 samtaler (",
			"Overdragelse ønsket, lukket"},
		"de": {"Angefragt in Servicezeit", "Angefragt außerhalb",
			"Angefragte Übergaben pro 100 Chats (",
			"Angefragt außerhalb der Servicezeiten"},
	} {
		r := figurestest.Busy()
		r.Locale = locale
		r.Targets = r.EvaluateTargets(figures.Targets{HandoverRate: new(0.1),
			RequestsWhileClosed: new(1000)})
		s, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		days, stages := s.Table(TableDays).Columns, s.Table(TableHandovers).Rows
		for what, got := range map[string][2]string{
			"days":   {days[4].Title, days[5].Title},
			"stages": {stages[0][0], stages[1][0]},
		} {
			if got != [2]string{want[0], want[1]} {
				t.Errorf("%s: %s are called %q, want %q", locale, what, got, want[:2])
			}
		}
		if !strings.HasPrefix(s.Targets.Rows[0][0], want[2]) || s.Targets.Rows[1][0] != want[3] {
			t.Errorf("%s: targets are called %q and %q, want %q", locale, s.Targets.Rows[0][0],
				s.Targets.Rows[1][0], want[2:])
		}
	}
}

// What the headline says of a target is not said again below it.
func TestInsights_WithoutHeadline(t *testing.T) {
	r := figurestest.Busy()
	missed := figures.Target{Name: figures.TargetFallbackRate, Value: new(0.118), Limit: 0.1,
		State: figures.Missed, Periods: 2}
	r.Targets = []figures.Target{missed}
	r.Headline = &figures.Headline{Rule: figures.HeadlineMissed}
	r.Verdict = nil
	r.Insights = []figures.Insight{{Kind: figures.KindTarget, Target: &missed},
		{Kind: figures.KindClosed, Closed: &figures.Closed{Count: 7}}}
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Outside opening hours, users asked to talk to a human 7 times."},
		s.Insights); diff != "" {
		t.Errorf("insights (-want +got):\n%s", diff)
	}
}

// A target that was missed says so. It has a sign where it was missed, or met, by more than chance.
func TestScorecard(t *testing.T) {
	r := figurestest.Busy()
	r.Targets = []figures.Target{
		{Name: figures.TargetFallbackRate, Limit: 0.1, Value: new(0.118), State: figures.Missed,
			StandsOut: true, Periods: 12},
		{Name: figures.TargetHandoverRate, Limit: 0.12, Value: new(0.063), State: figures.Met,
			StandsOut: true, Periods: 1},
		{Name: figures.TargetFallbackRate, Limit: 0.117, Value: new(0.118), State: figures.Missed,
			Periods: 1},
		{Name: figures.TargetHandoverRate, Limit: 0.064, Value: new(0.063), State: figures.Met,
			Periods: 1},
		{Name: figures.TargetFeedback, AtLeast: true, Limit: 0.7, Value: new(1.0), Of: new(3),
			Steps: 2, State: figures.Unknown},
		{Name: figures.TargetRequestsWhileClosed, Limit: 40, State: figures.Unknown},
	}
	r.Unavailable = []figures.Unavailable{{Section: figures.SectionHandovers, Reason: "gone"}}
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Did not understand", "11.8%", "at most 10.0%", "missed, 12+ weeks"},
		{"Handover requests per 100 chats", "6.3", "at most 12.0", "met, 1 week"},
		{"Did not understand", "11.8%", "at most 11.7%", "missed, 1 week"},
		{"Handover requests per 100 chats", "6.3", "at most 6.4", "met, 1 week"},
		{"Thumbs up", "–", "at least 70%", "too few to judge"},
		{"Handover requests, closed", "–", "at most 40", "not available"},
	}
	if diff := cmp.Diff(want, s.Targets.Rows); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Tone{Bad, Good, Neutral, Neutral, Neutral, Neutral},
		s.Targets.Tones); diff != "" {
		t.Errorf("their tones (-want +got):\n%s", diff)
	}
	r.Targets = []figures.Target{}
	if s, err = Of(r); err != nil || s.Targets != nil {
		t.Errorf("a bot without targets has a table of them: %v, %v", s.Targets, err)
	}
}

// Of each list at most three items are spoken of.
func TestMoversTable(t *testing.T) {
	r := figurestest.Busy()
	m := figures.Mover{Kind: figures.Risen, Name: "a", Count: 200, Previous: 50}
	r.Movers = &figures.Movers{Labels: []figures.Mover{m, m, m, m},
		Buttons: []figures.Mover{{Kind: figures.Fallen, Name: "Yes", Count: 9, Previous: 300,
			BelowLimit: true}},
		Pages: []figures.Mover{{Kind: figures.Gone, Name: "shop.example/", Previous: 70}}}
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range s.Table(TableMovers).Rows {
		got = append(got, strings.Join(row, "|"))
	}
	const risen = "a|Label, risen|200|50"
	if diff := cmp.Diff([]string{risen, risen, risen, "Yes|Button, fallen|outside the top 100|300",
		"shop.example/|Page, gone|0|70"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Charts of days and weeks have marks for holidays and notes, also in their alt texts.
func TestMarks(t *testing.T) {
	s, err := Of(figurestest.Special())
	if err != nil {
		t.Fatal(err)
	}
	campaign := figurestest.Names()[0] + " & *salg*"
	days := []Mark{{0, "Andre pinsedag"}, {2, campaign}, {3, campaign}, {4, campaign},
		{5, campaign}}
	for _, c := range s.Charts() {
		var want []Mark
		switch c.Name {
		case ChartChats, ChartMessages, ChartFallbacks, ChartHandovers:
			want = days
		case ChartTrend:
			want = []Mark{{10, "Kristi Himmelfartsdag and Grunnlovsdag"},
				{11, "Andre pinsedag and " + campaign}}
		}
		if diff := cmp.Diff(want, c.Marks); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.Name, diff)
		}
	}
	if c := s.Chart(ChartChats); !strings.Contains(c.Alt, "Mon 9 (Andre pinsedag): 1,284") ||
		!strings.Contains(c.Subtitle, "the week had Andre pinsedag and ") {
		t.Errorf("%q, %q: want the holiday in both", c.Subtitle, c.Alt)
	}
}

// A week with something special in it, and one after such a week, say so and are not compared.
func TestSpecialWeeks(t *testing.T) {
	note := func(first, last int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Special = []figures.Special{{First: a.Period.From().Add(first),
				Last: a.Period.From().Add(last), Kind: figures.Note, Name: "Sale"}}
		}
	}
	for _, tc := range []struct {
		what         string
		change       func(*figures.Answers)
		notice, tile string
	}{
		{"this week", note(2, 2),
			"This week had Sale (Wed), so it is not compared with other weeks.", "Chats: 110"},
		{"into this week", note(-3, 1),
			"This week had Sale (Mon – Tue), so it is not compared with other weeks.", "Chats: 110"},
		{"the week before", note(-3, -1),
			"The week before had Sale (Fri – Sun), so this week is not compared with it.", "Chats: 110 (week before 100)"},
		{"the next", note(7, 8), "", "Chats: 110 (+10.0%, week before 100)"},
	} {
		s := week(t, 110, 100, tc.change)
		if got := strings.Join(s.Notices, "|"); got != tc.notice {
			t.Errorf("%s: notices %q, want %q", tc.what, got, tc.notice)
		}
		if got := s.Tile("chats").Line(); got != tc.tile {
			t.Errorf("%s: tile %q, want %q", tc.what, got, tc.tile)
		}
	}
}

// A bot that is too new to be compared at all is not told of a comparison that a holiday of last
// week spoils.
func TestNotices_NewBotAfterSpecialWeek(t *testing.T) {
	r := figurestest.New()
	sunday := r.Period.From.Add(-1)
	r.Special = []figures.Special{{First: sunday, Last: sunday, Kind: figures.Note, Name: "Sale"}}
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"The bot’s history begins on 4 November 2026."}
	if diff := cmp.Diff(want, append(s.Facts, s.Notices...)); diff != "" {
		t.Errorf("facts and notices (-want +got):\n%s", diff)
	}
}

func TestYearAgo_BesideTheWeek(t *testing.T) {
	ago := func(a *figures.Answers) {
		a.YearAgo.Chats.Value = []figures.Point{{Time: a.Period.YearAgo().From().UTC(), Count: 90}}
		a.YearAgo.Messages.Value = []figures.Point{{Time: a.Period.YearAgo().From().UTC(),
			Count: 99}}
		a.YearAgo.Fallbacks.Value = figures.Fallback{Count: 9, Rate: new(0.09)}
		a.Fallbacks.This.Value = figures.Fallback{Count: 50, Rate: new(0.1)}
	}
	s := week(t, 110, 100, ago)
	if got := s.Tile("chats").Line(); got != "Chats: 110 (+10.0%, week before 100)" {
		t.Error(got)
	}
	if got := s.Tile("fallbacks").Detail; strings.Contains(got, "a year ago") {
		t.Errorf("%s: a rate of 99 messages", got)
	}
	if got := s.Chart(ChartTrend).Subtitle; got != "110 this week; the bot’s history begins on 26 October 2026; a year ago 90" {
		t.Error(got)
	}
	s = week(t, 110, 100, func(a *figures.Answers) {
		ago(a)
		date := a.Period.YearAgo().From()
		a.Special = []figures.Special{{First: date, Last: date, Kind: figures.Holiday,
			Name: "Mortensdag"}}
	})
	if got := s.Chart(ChartTrend).Subtitle; got != "110 this week; the bot’s history begins on 26 October 2026; a year ago 90, with Mortensdag" {
		t.Error(got)
	}
}

// What the trend's finding sets this week beside is the ordinary week; a record is one only where
// it is an insight.
func TestTrendFinding(t *testing.T) {
	weeks := func(counts ...int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Chats = nil
			for i, n := range counts {
				a.Chats = append(a.Chats, figures.Point{Time: a.Period.Add(i +
					1 - len(counts)).From().UTC(), Count: n})
			}
			a.Messages = a.Chats
		}
	}
	for _, tc := range []struct {
		change func(*figures.Answers)
		want   string
	}{
		{weeks(100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 200),
			"200 this week, the most in 12 weeks"},
		{weeks(100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 40),
			"40 this week, the fewest in 12 weeks"},
		{weeks(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), "2 this week, usually 1"},
		{weeks(1, 1, 1, 2), "2 this week; the bot’s history begins on 19 October 2026"},
		{weeks(1), "1 this week; the bot’s history begins on 9 November 2026"},
		{weeks(), "None this week."},
	} {
		if got := week(t, 0, 0, tc.change).Chart(ChartTrend).Subtitle; got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}

func TestHours_OnePeak(t *testing.T) {
	for _, tc := range []struct {
		hours []int // of Monday and Tuesday
		want  string
	}{
		{[]int{9, 9, 10}, "Most on Monday at 09:00: 2 chats; local time|Monday: most at 09:00 (2)."},
		{[]int{9, 10}, "No hour had more than 1 chat; local time|Monday: at most 1 an hour."},
		{[]int{9, 33},
			"No hour had more than 1 chat; local time|Monday: most at 09:00 (1); Tuesday: most at 09:00 (1)."},
		{nil, "None this week.|None this week."},
	} {
		c := week(t, 3, 3, func(a *figures.Answers) {
			chats := make(map[int]int)
			for _, hour := range tc.hours {
				chats[hour]++
			}
			for hour, n := range chats {
				a.Hours.Value = append(a.Hours.Value,
					figures.Point{Time: a.Period.From().UTC().Add(time.Duration(hour) * time.Hour),
						Count: n})
			}
		}).Chart(ChartHours)
		subtitle, alt, _ := strings.Cut(tc.want, "|")
		if c.Subtitle != subtitle || !strings.HasSuffix(c.Alt, alt) {
			t.Errorf("%v: %s|%s, want %s", tc.hours, c.Subtitle, c.Alt, tc.want)
		}
	}
}

func TestProvenance_Filters(t *testing.T) {
	for _, tc := range []struct {
		sources, languages []string
		want               string
	}{
		{nil, nil, "All sources, test chats included."},
		{[]string{"-test"}, nil, "Test chats are left out; Kindly’s own pages may include them."},
		{[]string{"-test", "-app"}, nil, "Chats excluded: test and app."},
		{[]string{"web", "app"}, []string{"nb", "en"},
			"Only chats from: web and app.|Only chats in: nb and en."},
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
func TestSentences_ClaimNoCause(t *testing.T) {
	for name, r := range figurestest.Cases() {
		if name == "hostile" {
			continue // users may type any name
		}
		s, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"because", "thanks to", "due to", "understood more",
			"improved", "worse", "better"} {
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

// Of a handful of messages no edition says a percentage, neither of the week nor of a day:
// fallbacks are counted.
func TestInsights_NoPercentageOfFewChats(t *testing.T) {
	of := func(r *figures.Report) *Summary {
		s, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	tiny := of(figurestest.Tiny())
	for _, cell := range tiny.Table(TableDays).Rows[1][3:4] {
		if cell != "1" {
			t.Errorf("Tuesday's fallbacks are %q", cell)
		}
	}
	if c := tiny.Chart(ChartFallbacks); c.Title != "Did not understand, times a day" ||
		strings.Contains(c.Alt, "%") {
		t.Errorf("the chart says %q: %s", c.Title, c.Alt)
	}
	quiet := figurestest.Busy()
	quiet.Messages.Daily[6].Count = 19
	busy := of(quiet)
	days := busy.Table(TableDays)
	if saturday, sunday := days.Rows[5][3], days.Rows[6][3]; !strings.HasSuffix(saturday, "%") ||
		sunday != "–" {
		t.Errorf("Saturday has %s and Sunday, with 19 messages, %s", saturday, sunday)
	}
	if alt := busy.Chart(ChartFallbacks).Alt; !strings.HasSuffix(alt, "Sun 15: none, usually 10.0%.") {
		t.Errorf("the chart says %s", alt)
	}
}
