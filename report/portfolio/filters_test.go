package portfolio_test

import (
	"slices"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

// A bot whose filter is unknown stands among those without chats, where nothing tells it from a
// quiet one. A fact does.
func TestPage_UnknownFilters(t *testing.T) {
	r := figurestest.Empty()
	r.UnknownFilters = &figures.UnknownFilters{Sources: []string{"website"}}
	unknown := func(name string) portfolio.Bot {
		return portfolio.Bot{ID: name, Name: name, State: portfolio.In, Numbers: portfolio.Read(r)}
	}
	silent := portfolio.Bot{ID: "d", Name: "d", State: portfolio.In,
		Numbers: portfolio.Read(figurestest.Empty())}
	const one = "Kindly’s statistics do not know the filter of a, so its numbers may be missing or wrong."
	for _, tc := range []struct {
		bots []portfolio.Bot
		want string
	}{
		{[]portfolio.Bot{silent}, ""},
		{[]portfolio.Bot{unknown("a"), silent}, one},
		{[]portfolio.Bot{unknown("a"), unknown("b")},
			"Kindly’s statistics do not know the filters of a and b, so their numbers may be missing or wrong."},
	} {
		facts := page(t, portfoliotest.Of(tc.bots...)).Facts
		if got := slices.Contains(facts, tc.want); got != (tc.want != "") || tc.want == "" &&
			len(facts) > 0 && facts[0] == one {
			t.Errorf("facts %q, want %q among them", facts, tc.want)
		}
	}
}
