package figures_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func TestFilters_SliceNames(t *testing.T) {
	longest := strings.Repeat("x", 64)
	options := figures.Options{Sources: []string{"web", "app", "test", "-x", "a b", "web"},
		Languages: []string{"nb", "en-GB", "en", "fil", "DA", "a,"}}
	for _, c := range []struct {
		name               string
		filters            figures.Filters
		sources, languages []string
	}{
		{"all", figures.Filters{}, []string{"web", "app", "test"}, []string{"nb", "en", "da"}},
		{"without tests", figures.Filters{Sources: []string{"-test"}}, []string{"web", "app"},
			[]string{"nb", "en", "da"}},
		{"one source", figures.Filters{Sources: []string{"web"}}, nil, []string{"nb", "en", "da"}},
		{"two, whatever is known", figures.Filters{Sources: []string{"web", "ios"},
			Languages: []string{"sv"}}, []string{"web", "ios"}, nil},
		{"of 64 bytes, and of 65", figures.Filters{Sources: []string{longest, longest + "x", "web"}},
			[]string{longest, "web"}, []string{"nb", "en", "da"}},
	} {
		sources, languages := c.filters.SliceNames(options)
		expectEqual(t, c.name, sources, c.sources)
		expectEqual(t, c.name, languages, c.languages)
	}
}

func expectEqual(t *testing.T, name string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}

// sliceOf returns a slice with a part of the busy bot's chats, fallbacks and requests.
func sliceOf(a figures.Answers, name string, share float64) figures.SliceAnswers {
	part := func(n int) int { return int(share * float64(n)) }
	s := figures.SliceAnswers{Name: name, Chats: &figures.Answer[[]figures.Point]{},
		Fallbacks: &figures.Answer[[]figures.RatePoint]{},
		Handovers: &figures.Answer[[]figures.StagePoint]{}}
	for _, p := range a.Chats {
		s.Chats.Value = append(s.Chats.Value, figures.Point{Time: p.Time, Count: part(p.Count)})
	}
	for i, p := range a.FallbackTrend.Value {
		p.Count = part(p.Count)
		if i == figures.TrendPeriods-1 {
			p.Count = part(a.Fallbacks.This.Value.Count)
		}
		s.Fallbacks.Value = append(s.Fallbacks.Value, p)
	}
	for _, p := range a.Handovers.Value {
		p.Requests, p.RequestsWhileClosed = part(p.Requests), part(p.RequestsWhileClosed)
		s.Handovers.Value = append(s.Handovers.Value, p)
	}
	return s
}

// Slices that contradict the whole are left out, and what is in no slice is reported.
func TestSlices(t *testing.T) {
	type slice = figures.SliceAnswers
	failed := func(s slice) slice {
		s.Chats = &figures.Answer[[]figures.Point]{Failed: "late"}
		return s
	}
	for _, c := range []struct {
		name   string
		shares []float64
		change func(all []slice) []slice
		left   bool   // are there slices?
		known  []bool // of which the chats are known, in their order
		rest   int    // chats in no slice; -1: not known
	}{
		{"two that add up", []float64{0.75, 0.25}, nil, true, []bool{true, true}, 6},
		{"a third without a chat", []float64{0.75, 0.25, 0}, nil, true, []bool{true, true}, 6},
		{"one", []float64{1}, nil, false, nil, 0},
		{"one and one without a chat", []float64{1, 0}, nil, false, nil, 0},
		{"one, and some in no slice", []float64{0.97, 0}, nil, true, []bool{true}, 241},
		{"a tenth in no slice", []float64{0.65, 0.25}, nil, true, []bool{true, true}, 798},
		{"one that failed", []float64{0.75, 0.25}, func(all []slice) []slice {
			return []slice{all[0], failed(all[1])}
		}, true, []bool{true, false}, -1},
		{"one that should have had chats", []float64{0.75, 0.25}, func(all []slice) []slice {
			all[0].Chats.Value = nil
			return all
		}, true, []bool{true, false}, -1},
		{"an ignored filter", []float64{1, 1}, func(all []slice) []slice {
			all[0].Handovers.Value, all[0].Fallbacks.Value = nil, nil
			all[1].Handovers.Value, all[1].Fallbacks.Value = nil, nil
			return all
		}, false, nil, 0},
		{"only failures", []float64{0.75, 0.25}, func(all []slice) []slice {
			return []slice{{Name: "a"}, {Name: "b"}}
		}, false, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := figurestest.BusyAnswers()
			for i, share := range c.shares {
				a.Sources = append(a.Sources, sliceOf(a, string(rune('a'+i)), share))
			}
			if c.change != nil {
				a.Sources = c.change(a.Sources)
			}
			r, err := figures.Compute(a)
			if err != nil {
				t.Fatal(err)
			}
			if r.Slices == nil {
				if c.left {
					t.Fatal("no slices")
				}
				return
			}
			s := r.Slices.Sources
			if !c.left {
				t.Fatalf("slices: %+v", s)
			}
			var known []bool
			for _, v := range s.Slices {
				known = append(known, v.Chats.Count != nil)
			}
			if !slices.Equal(known, c.known) {
				t.Errorf("known: %v, want %v", known, c.known)
			}
			rest := -1
			if s.Rest.Chats != nil {
				rest = *s.Rest.Chats
			}
			if d := rest - c.rest; d < -10 || d > 10 {
				t.Errorf("%d chats in no slice, want %d", rest, c.rest)
			}
			data, err := r.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := figures.Decode(data); err != nil {
				t.Error(err)
			}
		})
	}
}

// Chats that count in two slices are reported, up to a tenth of the whole.
func TestSlices_Overlap(t *testing.T) {
	a := figurestest.BusyAnswers()
	a.Languages = []figures.SliceAnswers{sliceOf(a, "nb", 0.8), sliceOf(a, "en", 0.25)}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Slices.Languages; s.Overlap < 350 || s.Overlap > 410 || *s.Rest.Chats != 0 {
		t.Errorf("overlap %d, rest %v", s.Overlap, s.Rest)
	}
}

// The numbers of each slice, what is usual, and what is in no slice.
func TestSlices_Said(t *testing.T) {
	type slice = figures.SliceAnswers
	number := func(n *int) string {
		if n == nil {
			return "?"
		}
		return fmt.Sprint(*n)
	}
	usual := func(f *float64) string {
		if f == nil {
			return "?"
		}
		return fmt.Sprintf("%.4g", *f)
	}
	last := func(n int) func(s *slice) { // n fallbacks this week, at a rate of a tenth
		return func(s *slice) {
			p := &s.Fallbacks.Value[figures.TrendPeriods-1]
			p.Count, p.Rate = n, new(0.1)
		}
	}
	const most = "a: 6422 chats (5241), 2969 fallbacks, 0.116 (0.116), 398 requests (322)"
	// noChats removes this week's chats, and leaves the given fallbacks and requests; negative:
	// all.
	noChats := func(fallbacks, requests int) func(b *slice) {
		return func(b *slice) {
			for i := range 7 {
				b.Chats.Value[len(b.Chats.Value)-1-i].Count = 0
				if h := &b.Handovers.Value[len(b.Handovers.Value)-1-i]; requests >= 0 {
					h.Requests, h.RequestsWhileClosed = 0, 0
				}
			}
			if fallbacks >= 0 {
				last(fallbacks)(b)
				b.Handovers.Value[len(b.Handovers.Value)-1].Requests = requests
			}
		}
	}
	const nearlyAll = "a: 7868 chats (6421), 3637 fallbacks, 0.116 (0.116), 485 requests (393)"
	for _, c := range []struct {
		name   string
		share  float64 // of b; a has the rest
		change func(b *slice)
		want   []string
	}{
		{"all is known", 0.2, nil, []string{most,
			"b: 1603 chats (1309), 742 fallbacks, 0.116 (0.116), 96 requests (76)",
			"in none: 6 chats, 1 fallbacks, 10 requests"}},
		{"few replies have no rate", 0.2, last(2), []string{most,
			"b: 1603 chats (1309), 2 fallbacks, ? (0.116), 96 requests (76)",
			"in none: 6 chats, 741 fallbacks, 10 requests"}},
		{"thirty have", 0.2, last(3), []string{most,
			"b: 1603 chats (1309), 3 fallbacks, 0.1 (0.116), 96 requests (76)",
			"in none: 6 chats, 740 fallbacks, 10 requests"}},
		{"fallbacks that failed", 0.02, func(b *slice) {
			b.Fallbacks = &figures.Answer[[]figures.RatePoint]{Failed: "late"}
		}, []string{nearlyAll,
			"b: 156 chats (128), ? fallbacks, ? (?), 5 requests (4)",
			"in none: 7 chats, ? fallbacks, 14 requests"}},
		{"fallbacks that were not asked for", 0.2, func(b *slice) { b.Fallbacks = nil }, []string{most,
			"b: 1603 chats (1309), ? fallbacks, ? (?), 96 requests (76)",
			"in none: 6 chats, ? fallbacks, 10 requests"}},
		{"weeks that begin on a Tuesday", 0.02, func(b *slice) {
			for i := range b.Fallbacks.Value {
				b.Fallbacks.Value[i].Time = b.Fallbacks.Value[i].Time.AddDate(0, 0, 1)
			}
		}, []string{nearlyAll,
			"b: 156 chats (128), ? fallbacks, ? (?), 5 requests (4)",
			"in none: 7 chats, ? fallbacks, 14 requests"}},
		{"two numbers of this week", 0.02, func(b *slice) {
			p := b.Fallbacks.Value[figures.TrendPeriods-1]
			p.Count++
			b.Fallbacks.Value = append(b.Fallbacks.Value, p)
		}, []string{nearlyAll,
			"b: 156 chats (128), ? fallbacks, ? (0.116), 5 requests (4)",
			"in none: 7 chats, ? fallbacks, 14 requests"}},
		{"two numbers of a day", 0.2, func(b *slice) {
			p := b.Chats.Value[len(b.Chats.Value)-1]
			p.Count++
			b.Chats.Value = append(b.Chats.Value, p)
		}, []string{most,
			"b: ? chats (1309), 742 fallbacks, 0.116 (0.116), 96 requests (76)",
			"in none: ? chats, 1 fallbacks, 10 requests"}},
		{"no chat, but fallbacks", 0.02, noChats(-1, -1), []string{nearlyAll,
			"b: ? chats (128), 74 fallbacks, 0.116 (0.116), 5 requests (4)",
			"in none: ? chats, 1 fallbacks, 14 requests"}},
		{"no chat, but four fallbacks", 0.02, noChats(4, 0), []string{nearlyAll,
			"b: ? chats (128), 4 fallbacks, 0.1 (0.116), 0 requests (4)",
			"in none: ? chats, 71 fallbacks, 19 requests"}},
		{"no chat, but four requests", 0.02, noChats(0, 4), []string{nearlyAll,
			"b: ? chats (128), 0 fallbacks, ? (0.116), 4 requests (4)",
			"in none: ? chats, 75 fallbacks, 15 requests"}},
		{"no chat, but three of each", 0.02, noChats(3, 3), []string{nearlyAll,
			"b: 0 chats (128), 3 fallbacks, 0.1 (0.116), 3 requests (4)",
			"in none: 163 chats, 72 fallbacks, 16 requests"}},
		{"no chat, and all else is not known", 0.02, func(b *slice) {
			noChats(0, 0)(b)
			b.Fallbacks, b.Handovers = nil, nil
		}, []string{nearlyAll,
			"b: 0 chats (128), ? fallbacks, ? (?), ? requests (?)",
			"in none: 163 chats, ? fallbacks, ? requests"}},
		{"its first chats", 0, func(b *slice) { b.Chats.Value[len(b.Chats.Value)-1].Count = 5 }, []string{"a: 8031 chats (6555), 3712 fallbacks, 0.116 (0.116), 504 requests (410)",
			"b: 5 chats (0), 0 fallbacks, ? (?), 0 requests (0)",
			"in none: 0 chats, 0 fallbacks, 0 requests"}},
		{"nothing, and fallbacks were not asked for", 0, func(b *slice) { b.Fallbacks = nil }, nil},
		{"nothing, this week and usually", 0, nil, nil},
		{"nothing this week", 0.02, func(b *slice) {
			for i := range 7 {
				b.Chats.Value[len(b.Chats.Value)-1-i].Count = 0
				b.Handovers.Value[len(b.Handovers.Value)-1-i].Requests = 0
				b.Handovers.Value[len(b.Handovers.Value)-1-i].RequestsWhileClosed = 0
			}
			last(0)(b)
		}, []string{nearlyAll,
			"b: 0 chats (128), 0 fallbacks, ? (0.116), 0 requests (4)",
			"in none: 163 chats, 75 fallbacks, 19 requests"}},
		{"no fallbacks", 0.02, func(b *slice) {
			last(0)(b)
			b.Fallbacks.Value[figures.TrendPeriods-1].Rate = new(0.0)
		}, []string{nearlyAll,
			"b: 156 chats (128), 0 fallbacks, 0 (0.116), 5 requests (4)",
			"in none: 7 chats, 75 fallbacks, 14 requests"}},
		{"no fallbacks, which is not believed", 0.2, func(b *slice) {
			last(0)(b)
			b.Fallbacks.Value[figures.TrendPeriods-1].Rate = new(0.0)
		}, []string{most,
			"b: 1603 chats (1309), ? fallbacks, ? (0.116), 96 requests (76)",
			"in none: 6 chats, ? fallbacks, 10 requests"}},
		{"chats of another year", 0.02, func(b *slice) {
			for i := range b.Chats.Value {
				b.Chats.Value[i].Time = b.Chats.Value[i].Time.AddDate(-9, 0, 0)
			}
		}, []string{nearlyAll,
			"b: ? chats (?), 74 fallbacks, 0.116 (0.116), 5 requests (4)",
			"in none: ? chats, 1 fallbacks, 14 requests"}},
		{"no chats, this week and usually, but requests", 0, func(b *slice) {
			b.Handovers.Value[len(b.Handovers.Value)-1].Requests = 2
		}, []string{"a: 8031 chats (6555), 3712 fallbacks, 0.116 (0.116), 504 requests (410)",
			"b: 0 chats (0), 0 fallbacks, ? (?), 2 requests (0)",
			"in none: 0 chats, 0 fallbacks, 0 requests"}},
		{"no chats, this week and usually, but fallbacks", 0, last(2), []string{"a: 8031 chats (6555), 3712 fallbacks, 0.116 (0.116), 504 requests (410)",
			"b: 0 chats (0), 2 fallbacks, ? (?), 0 requests (0)",
			"in none: 0 chats, 0 fallbacks, 0 requests"}},
		{"only requests are known", 0.2, func(b *slice) { b.Chats, b.Fallbacks = nil, nil }, []string{most,
			"b: ? chats (?), ? fallbacks, ? (?), 96 requests (76)",
			"in none: ? chats, ? fallbacks, 10 requests"}},
		{"a second one of the name", 0.2, func(b *slice) { b.Name = "a" }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := figurestest.BusyAnswers()
			a.Sources = []slice{sliceOf(a, "a", 1-c.share), sliceOf(a, "b", c.share)}
			if c.change != nil {
				c.change(&a.Sources[1])
			}
			r, err := figures.Compute(a)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			if r.Slices != nil {
				s := r.Slices.Sources
				for _, v := range s.Slices {
					got = append(got, fmt.Sprintf("%s: %s chats (%s), %s fallbacks, %s (%s), "+
						"%s requests (%s)", v.Name, number(v.Chats.Count), usual(v.Chats.Baseline),
						number(v.Fallbacks.Count), usual(v.Fallbacks.Rate), usual(v.Fallbacks.Baseline),
						number(v.Requests.Count), usual(v.Requests.Baseline)))
				}
				got = append(got, fmt.Sprintf("in none: %s chats, %s fallbacks, %s requests",
					number(s.Rest.Chats), number(s.Rest.Fallbacks), number(s.Rest.Requests)))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// Without a whole, nothing is known of what is in no slice.
func TestSlices_WholeUnknown(t *testing.T) {
	a := figurestest.BusyAnswers()
	a.Sources = []figures.SliceAnswers{sliceOf(a, "a", 0.8), sliceOf(a, "b", 0.2)}
	chats, requests := a.Chats[len(a.Chats)-1], a.Handovers.Value[len(a.Handovers.Value)-1]
	chats.Count++
	requests.Requests++
	a.Chats = append(a.Chats, chats)
	a.Handovers.Value = append(a.Handovers.Value, requests)
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	rest := r.Slices.Sources.Rest
	if rest.Chats != nil || rest.Requests != nil || rest.Fallbacks == nil {
		t.Errorf("in no slice: %+v", rest)
	}
}

// A slice with one known number is reported.
func TestSlices_OneKind(t *testing.T) {
	for kind, forget := range map[string]func(s *figures.SliceAnswers){
		"chats":     func(s *figures.SliceAnswers) { s.Fallbacks, s.Handovers = nil, nil },
		"fallbacks": func(s *figures.SliceAnswers) { s.Chats, s.Handovers = nil, nil },
		"requests":  func(s *figures.SliceAnswers) { s.Chats, s.Fallbacks = nil, nil },
	} {
		a := figurestest.BusyAnswers()
		a.Sources = []figures.SliceAnswers{sliceOf(a, "a", 0.8), sliceOf(a, "b", 0.2)}
		forget(&a.Sources[0])
		forget(&a.Sources[1])
		r, err := figures.Compute(a)
		if err != nil {
			t.Fatal(err)
		}
		if r.Slices == nil || len(r.Slices.Sources.Slices) != 2 {
			t.Errorf("only %s: %+v", kind, r.Slices)
		}
	}
}
