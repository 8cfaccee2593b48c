package figures_test

import (
	"fmt"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
)

// Rows that a reader cannot tell apart are one row, whose counts are theirs together.
func TestCompute_AddsUpEqualRows(t *testing.T) {
	type labels = []figures.Label
	label := func(id, text string, n int) figures.Label {
		return figures.Label{ID: id, Text: text,
			Count: n}
	}
	for _, c := range []struct {
		what           string
		previous, this labels
		want           string // id, name, count, and count of the week before
	}{
		{"two ids of one name", labels{label("1", "Returns", 5), label("2", "Returns", 4)},
			labels{label("1", "Returns", 20), label("2", "Returns", 30)}, "1+2 Returns 50 was 9"},
		{"another row between two equal ones", nil,
			labels{label("1", "Returns", 20), label("3", "Sizes", 45), label("2", "Returns", 30)},
			"1+2 Returns 50 was 0; 3 Sizes 45 was 0"},
		{"an å of one character and of two", nil,
			labels{label("1", "På", 2), label("2", "Pa\u030a", 1)}, "1+2 På 3 was 0"},
		{"a no-break space, a space at the end, one of no width", nil,
			labels{label("1", "My parcel", 1), label("2", "My\u00a0parcel ", 1),
				label("3", "My\u200b parcel", 1)}, "1+2+3 My parcel 3 was 0"},
		{"names of which nothing can be seen", nil,
			labels{label("1", "", 1), label("2", "\u3164", 1), label("3", "\u2800", 1)},
			"1+2+3  3 was 0"},
		{"case is seen", nil, labels{label("1", "US", 3), label("2", "us", 2)},
			"1 US 3 was 0; 2 us 2 was 0"},
		{"renamed to the name of another", labels{label("1", "Returns", 5), label("2", "Sizes", 3)},
			labels{label("1", "Returns", 4), label("2", "Returns", 3)}, "1+2 Returns 7 was 8"},
		{"two that exchanged their names", labels{label("1", "Returns", 5), label("2", "Sizes", 3)},
			labels{label("1", "Sizes", 4), label("2", "Returns", 2)},
			"1 Sizes 4 was 5; 2 Returns 2 was 3"},
		{"the same row twice", nil, labels{label("1", "Returns", 4), label("1", "Returns", 4)},
			"1 Returns 8 was 0"},
		{"without ids", labels{label("", "Returns", 5)},
			labels{label("", "Returns", 4), label("", "Returns", 3)}, " Returns 7 was 5"},
	} {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Labels.Previous.Value, a.Labels.This.Value = c.previous, c.this
		var rows []string
		for _, l := range compute(t, a).Labels {
			rows = append(rows, fmt.Sprintf("%s %s %d was %s",
				strings.Join(append([]string{l.ID}, l.OtherIDs...), "+"), l.Text, l.Count,
				show(l.Previous)))
		}
		expect(t, c.what, strings.Join(rows, "; "), c.want)
	}

	a := steady(t, testWeek, "Europe/Oslo")
	a.Buttons.This.Value = []figures.Button{{Text: "Yes", Dialogue: "Sizes", Count: 9, Ratio: 0.5},
		{Text: "Yes", Dialogue: "Returns", Count: 5, Ratio: 0.3},
		{Text: "Yes ", Dialogue: "Returns\u200b", Count: 6, Ratio: 0.2}}
	r := compute(t, a)
	expect(t, "buttons", fmt.Sprint(len(r.Buttons), r.Buttons[0].Dialogue, r.Buttons[0].Count,
		r.Buttons[0].Ratio), "2Returns11 0.5")
}

// A list that was full stays one of which there may be more, and what is below its end stays there.
func TestCompute_FullListOfEqualNames(t *testing.T) {
	full := func(first ...figures.Label) []figures.Label {
		for i := len(first); i < figures.ListLimit; i++ {
			first = append(first, figures.Label{ID: fmt.Sprint("other", i),
				Text: fmt.Sprint("Other ", i%4), Count: 5})
		}
		return first
	}
	a := steady(t, testWeek, "Europe/Oslo")
	a.Labels.This.Value = full(figures.Label{ID: "1", Text: "Returns", Count: 60})
	a.Labels.Previous.Value = full()
	r := compute(t, a)
	expect(t, "rows, full, below the limit", fmt.Sprint(len(r.Labels),
		r.IsFull(figures.SectionLabels, len(r.Labels)), r.Labels[4].BelowLimit), "5 true true")
	expect(t, "lists", fmt.Sprint(r.Full), "[labels labels.previous]")
	roundTrip(t, r)
}
