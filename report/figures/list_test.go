package figures

import (
	"fmt"
	"math"
	"testing"
)

// Full lists of one week hold 100 rows: those given, and others of 5 sessions.
func TestBounds_OfAnItem(t *testing.T) {
	page := func(path string, n int) Page { return Page{Path: path, Sessions: n} }
	full := func(first ...Page) []Page {
		for i := len(first); i < ListLimit; i++ {
			first = append(first, page(fmt.Sprint("/other", i), 5))
		}
		return first
	}
	for _, c := range []struct {
		what string
		this []Page
		path string
		want bounds
	}{
		{"its count", []Page{page("/a", 9)}, "/a", bounds{9, 9}},
		{"not listed", []Page{page("/a", 9)}, "/b", bounds{}},
		{"two addresses", []Page{page("/a?u=1", 9), page("/a?u=2", 4)}, "/a", bounds{9, 13}},
		{"the larger last", []Page{page("/a?u=1", 4), page("/a?u=2", 9)}, "/a", bounds{9, 13}},
		{"two, one without chats", []Page{page("/a?u=1", 9), page("/a?u=2", 0)}, "/a", bounds{9, 9}},
		{"its count in a full list", full(page("/a", 9)), "/a", bounds{9, 9}},
		{"not in a full list", full(page("/a", 9), page("/c", 4)), "/b", bounds{0, 4}},
		{"an address of a full list", full(page("/a?u=1", 9)), "/a", bounds{9, math.MaxInt}},
		{"two of them", full(page("/a?u=1", 9), page("/a?u=2", 4)), "/a", bounds{9, math.MaxInt}},
	} {
		a := Answers{Pages: Pair[[]Page]{This: Answer[[]Page]{Value: c.this}}}
		l := new(Report).listsOf(a).pages
		same(t, c.what, l.bounds(l.this, (&Page{Path: c.path}).key()), c.want)
	}
	sum := func(n ...int) bounds {
		var a Answers
		for _, count := range n {
			a.Labels.This.Value = append(a.Labels.This.Value, Label{Text: "A", Count: count})
		}
		l := new(Report).listsOf(a).labels
		return l.bounds(l.this, (&Label{Text: "A"}).key())
	}
	same(t, "chats of labels count once", sum(4, 3), bounds{7, 7})
}

func TestMoreRatings_OfEqualKinds(t *testing.T) {
	r := &Report{Feedback: Feedback{
		Binary: []Rating{{Rating: 1, Count: 3}}, Emojis: []Rating{{Rating: 5, Count: 3}}}}
	same(t, "steps", r.moreRatings(), 2)
}
