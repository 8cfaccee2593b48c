package summary

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
