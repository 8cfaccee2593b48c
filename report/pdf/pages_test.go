package pdf

import (
	"math"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

func TestPaginate(t *testing.T) {
	const room = bottom - top
	type want struct {
		page     int
		y, drawn float64
	}
	tests := []struct {
		name   string
		blocks []block
		want   []want
	}{
		{"one under the other, with the gap between them",
			[]block{{height: 100, gap: 9}, {height: 50, gap: 10}},
			[]want{{0, top, 100}, {0, top + 110, 50}}},
		{"what does not fit begins a page", []block{{height: room - 40}, {height: 40, gap: 1}},
			[]want{{0, top, room - 40}, {1, top, 40}}},
		{"a full page is full", []block{{height: room - 40}, {height: 30, gap: 10}},
			[]want{{0, top, room - 40}, {0, bottom - 30, 30}}},
		{"the rest of a page goes to what stretches",
			[]block{{height: 100, stretch: 30}, {height: 100, stretch: 60}, {height: room - 245},
				{height: 100}},
			[]want{{0, top, 115}, {0, top + 115, 130}, {0, top + 245, room - 245}, {1, top, 100}}},
		{"but no further than it can", []block{{height: 100, stretch: 30}, {height: 100},
			{height: room - 100}},
			[]want{{0, top, 130}, {0, top + 130, 100}, {1, top, room - 100}}},
		{"a page of its own", []block{{height: 10}, {height: 10, page: 1}},
			[]want{{0, top, 10}, {1, top, 10}}},
		{"unless the front page went on to the second",
			[]block{{height: room}, {height: 10}, {height: 10, page: 1}},
			[]want{{0, top, room}, {1, top, 10}, {1, top + 10, 10}}},
		{"small print has no page to itself",
			[]block{{height: room}, {height: room - 60}, {height: 60},
				{height: 60, gap: 10, small: true}},
			[]want{{0, top, room}, {1, top, room - 60}, {2, top, 60}, {2, top + 70, 60}}},
		{"unless that leaves a hole", []block{{height: room}, {height: 50}, {height: room - 50},
			{height: 60, small: true}},
			[]want{{0, top, room}, {1, top, 50}, {1, top + 50, room - 50}, {2, top, 60}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []want
			for i, page := range paginate(test.blocks) {
				for _, b := range page {
					got = append(got, want{i, b.y, b.drawn})
				}
			}
			close := func(a, b want) bool {
				return a.page == b.page && math.Abs(a.y-b.y) < 1e-6 &&
					math.Abs(a.drawn-b.drawn) < 1e-6
			}
			if !slices.EqualFunc(got, test.want, close) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Whatever is in a report, no block leaves its page or lies on another.
func TestPaginate_BlocksFit(t *testing.T) {
	for name, r := range figurestest.Cases() {
		d := newDocument(r, summarise(t, r), nil)
		for i, page := range paginate(d.blocks()) {
			y := top
			for _, b := range page {
				if b.y < y-1e-6 || b.y+b.drawn > bottom+1e-6 {
					t.Errorf("%s: page %d: a block from %.1f to %.1f, after one that ends at %.1f",
						name, i+1, b.y, b.y+b.drawn, y)
				}
				y = b.y + b.drawn
			}
		}
	}
}

// What happened is said on one page, also where names are long and a notice stands before it.
func TestRender_FrontIsOnePage(t *testing.T) {
	for _, e := range figurestest.Gallery() {
		s := summarise(t, e.Report)
		front, _ := newDocument(e.Report, s, charts.All(s, e.Report.Brand)).front(below)
		if n := len(paginate(front)); n != 1 {
			t.Errorf("%s: the front page has %d pages", e.Title, n)
		}
	}
}

// Every column stays on the page and beside its neighbor, and every number is whole, however large
// it is.
func TestRender_TablesFitThePage(t *testing.T) {
	for name, r := range figurestest.Cases() {
		for _, said := range summarise(t, r).Tables() {
			if len(said.Rows) == 0 {
				continue
			}
			w := half
			if d := newDocument(r, summarise(t, r), nil); d.isWide(said) {
				w = width
			} else {
				said = d.narrowed(said, summary.Top)
			}
			set := newTable(said, w)
			end := 0.0
			for i, c := range set.columns {
				if c.x < end-1e-6 || c.x+c.width > w+1e-6 {
					t.Errorf("%s, %s: column %d from %.1f to %.1f, after one that ends at %.1f",
						name, said.Name, i, c.x, c.x+c.width, end)
				}
				end = c.x + c.width
				for _, cell := range c.cells {
					if lines := set.body.wrap(cell, c.width+rounding, 2); c.numbers &&
						strings.HasSuffix(lines[len(lines)-1], "…") {
						t.Errorf("%s, %s: the number %s is cut", name, said.Name, cell)
					}
				}
			}
			if name != "huge" && set.body.size < leastCell {
				t.Errorf("%s, %s: set in %v points, want at least %v", name, said.Name,
					set.body.size, leastCell)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	st := style{regular, 10, ink}
	wide := func(s string) float64 { return st.width(s) + 0.01 }
	tests := []struct {
		name, text string
		width      float64
		most       int
		want       []string
	}{
		{"fits", "one two three", wide("one two three"), 3, []string{"one two three"}},
		{"breaks", "one two three", wide("one two"), 3, []string{"one two", "three"}},
		{"cuts the last line", "one two three four", wide("one two"), 2,
			[]string{"one two", "three…"}},
		{"cuts a long word", "Donaudampfschifffahrt one", wide("Donaudam…"), 3,
			[]string{"Donaudam…", "one"}},
		{"nothing", " \u200b ", 100, 3, nil},
	}
	for _, test := range tests {
		if got := st.wrap(test.text, test.width, test.most); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestBalance(t *testing.T) {
	st := style{regular, 10, ink}
	text := "171 of 232 ratings, last week 142 of 212"
	if got, want := st.balance(text, 150, 3),
		[]string{"171 of 232 ratings,", "last week 142 of 212"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := st.balance(text, 300, 3); !slices.Equal(got, []string{text}) {
		t.Errorf("what fits is broken: %q", got)
	}
}
