package figures_test

import (
	"slices"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func TestFilters_SliceNames(t *testing.T) {
	options := figures.Options{Sources: []string{"web", "app", "test", "-x", "a b", "web"},
		Languages: []string{"nb", "en-GB", "en", "fil", "DA"}}
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

// Slices that make no sense are left out, and what is in none is said.
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

// Chats that count in two slices are said, up to a tenth of the whole.
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
