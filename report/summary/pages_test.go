package summary_test

import (
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// said is all that a summary says, a line for each table's row.
func said(t testing.TB, r *figures.Report) string {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.Clone(s.Insights)
	for _, table := range s.Tables() {
		for _, row := range table.Rows {
			lines = append(lines, table.Name+": "+strings.Join(row, " | "))
		}
		lines = append(lines, table.Name+": "+table.Note)
	}
	for _, c := range s.Charts() {
		lines = append(lines, c.Name+": "+c.Subtitle, c.Name+": "+c.Alt)
	}
	return strings.Join(lines, "\n")
}

func computed(t testing.TB, change func(*figures.Answers)) *figures.Report {
	t.Helper()
	a := figurestest.BusyAnswers()
	change(&a)
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What may be less than its number is said so in every language, wherever the number stands.
func TestPages_MergedAreAtMost(t *testing.T) {
	page := func(path string, n int) figures.Page {
		return figures.Page{Path: path, Sessions: n,
			Messages: n}
	}
	r := computed(t, func(a *figures.Answers) {
		a.Labels, a.Buttons = figures.Pair[[]figures.Label]{}, figures.Pair[[]figures.Button]{}
		a.Pages.This.Value = []figures.Page{page("/new?a", 2000), page("/new?b", 1500),
			page("/both?a", 700), page("/both?b", 70)}
		a.Pages.Previous.Value = []figures.Page{page("/both?a", 700), page("/both?b", 60)}
	})
	r.Insights = []figures.Insight{{Kind: figures.KindMover,
		Mover: &figures.Moved{List: figures.ListPages, Mover: r.Movers.Pages[0]}}}
	for locale, want := range map[string][]string{
		"en": {"Page “/new” had at most 3,500 chats, and none the week before.",
			"pages: /new | at most 3,500 | 0 | – | 3,500",
			"pages: /both | at most 770 | at most 760 | – | 770",
			"movers: /new | Page, new | at most 3,500 | 0",
			"pages: Where it says “at most”, a chat may count at several addresses of the page.",
			"“/new” comes first (at most 3,500)", "/both: at most 770"},
		"nb": {"Siden «/new» hadde høyst 3 500 samtaler, men ingen uken før.",
			"pages: /both | høyst 770 | høyst 760 | – | 770", "«/new» ligger øverst (høyst 3 500)",
			"/both: høyst 770", "Der det står «høyst»"},
		"sv": {"Sidan ”/new” hade högst 3 500 chattar, men inga veckan före.",
			"pages: /both | högst 770 | högst 760 | – | 770",
			"”/new” ligger överst (högst 3 500)", "/both: högst 770", "Där det står ”högst”"},
		"da": {"Siden »/new« havde højst 3.500 samtaler, men ingen ugen før.",
			"pages: /both | højst 770 | højst 760 | – | 770",
			"»/new« ligger øverst (højst 3.500)", "/both: højst 770", "Hvor der står »højst«"},
		"de": {"Seite „/new“: höchstens 3.500 Chats, in der Vorwoche keine.",
			"pages: /both | höchstens 770 | höchstens 760 | – | 770",
			"„/new“ liegt vorn (höchstens 3.500)", "/both: höchstens 770",
			"Wo „höchstens“ steht"},
	} {
		r.Locale = locale
		all := strings.ReplaceAll(said(t, r), "\u00a0", " ")
		for _, want := range want {
			if !strings.Contains(all, want) {
				t.Errorf("%s: %q is not in\n%s", locale, want, all)
			}
		}
	}
	if want := len(wording.Locales()); want != 5 {
		t.Errorf("%d languages, of which five are tested", want)
	}
}

// A full list of addresses may be a part of its pages, and says so.
func TestPages_FullListIsAPart(t *testing.T) {
	r := computed(t, func(a *figures.Answers) {
		a.Pages.This.Value = nil
		for i := range figures.ListLimit {
			path := "/" + strings.Repeat("a", i%20)
			a.Pages.This.Value = append(a.Pages.This.Value,
				figures.Page{Path: path + "?" + strings.Repeat("u", i), Sessions: 100 - i})
		}
	})
	all := said(t, r)
	for _, want := range []string{"pages: Top 10 of at least 20. Where it says “at most”, a chat may count at several addresses of the page. " +
		"Only the top 100 addresses of a week are counted.",
		"(at most 300). Only the top 100 addresses of a week are counted."} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
}

// Two buttons of one text are told apart by their dialogues wherever they stand, and one alone
// needs none.
func TestButtonName_SameText(t *testing.T) {
	button := func(text, dialogue string, n int) figures.Button {
		return figures.Button{Text: text, Dialogue: dialogue, Count: n, Ratio: 0.1}
	}
	r := computed(t, func(a *figures.Answers) {
		a.Buttons.This.Value = []figures.Button{button("Ja", "Retur", 900),
			button("Ja", "Levering", 80), button("Nei", "Retur", 70), button("Ja", "", 60)}
		a.Buttons.Previous.Value = []figures.Button{button("Ja", "Levering", 80)}
	})
	r.Insights = []figures.Insight{{Kind: figures.KindMover,
		Mover: &figures.Moved{List: figures.ListButtons, Mover: r.Movers.Buttons[0]}}}
	all := said(t, r)
	for _, want := range []string{"buttons: Ja | Retur | 900", "“Ja (Retur)” comes first (900)",
		"Ja (Retur): 900; Ja (Levering): 80; Nei: 70; Ja: 60",
		"movers: Ja (Retur) | Button, new | 900 | 0", "movers: Nei | Button, new | 70 | 0",
		"Button “Ja (Retur)” got 900 clicks"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
}
