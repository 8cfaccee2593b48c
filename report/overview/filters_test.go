package overview_test

import (
	"slices"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/overview"
	"kindlyweekly/report/overview/overviewtest"
)

// A bot whose filter is unknown stands among those without chats, where nothing tells it from a quiet one. A fact does.
func TestUnknownFiltersAreAFact(t *testing.T) {
	r := figurestest.Empty()
	r.UnknownFilters = &figures.UnknownFilters{Sources: []string{"website"}}
	unknown := func(name string) overview.Bot {
		return overview.Bot{ID: name, Name: name, State: overview.In, Numbers: overview.Read(r)}
	}
	silent := overview.Bot{ID: "d", Name: "d", State: overview.In, Numbers: overview.Read(figurestest.Empty())}
	const one = "Kindly’s statistics do not know the filter of a, so its numbers may be missing or wrong."
	for _, tc := range []struct {
		bots []overview.Bot
		want string
	}{
		{[]overview.Bot{silent}, ""},
		{[]overview.Bot{unknown("a"), silent}, one},
		{[]overview.Bot{unknown("a"), unknown("b")}, "Kindly’s statistics do not know the filters of a and b, so their numbers may be missing or wrong."},
	} {
		facts := page(t, overviewtest.Of(tc.bots...)).Facts
		if got := slices.Contains(facts, tc.want); got != (tc.want != "") || tc.want == "" && len(facts) > 0 && facts[0] == one {
			t.Errorf("facts %q, want %q among them", facts, tc.want)
		}
	}
}
