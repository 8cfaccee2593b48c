package figures_test

import (
	"fmt"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
)

func TestFilters_Unknown(t *testing.T) {
	known := figures.Options{Sources: []string{"web", "app", "facebook", "test"},
		Languages: []string{"nb", "en-GB", "PT_br"}}
	sources := func(s ...string) figures.Filters { return figures.Filters{Sources: s} }
	languages := func(l ...string) figures.Filters { return figures.Filters{Languages: l} }
	for _, tc := range []struct {
		name    string
		filters figures.Filters
		options figures.Options
		want    string // unknown sources and languages
		checked bool
	}{
		{"no filter", figures.Filters{}, known, "", true},
		{"known", sources("web", "app"), known, "", true},
		{"unknown", sources("website"), known, "website", true},
		{"known and unknown", sources("web", "website", "Facebook"), known, "website Facebook",
			true},
		{"another case is another source", sources("Web"), known, "Web", true},
		{"named twice", sources("website", "website"), known, "website", true},
		{"an exclusion is never unknown", sources("-website", "-Test"), known, "", true},
		{"an exclusion beside an unknown one", sources("-test", "website"), known, "website", true},
		{"a language", languages("nb"), known, "", true},
		{"a language of which a region is known", languages("en", "pt"), known, "", true},
		{"an unknown language", languages("sv", "nb"), known, "sv", true},
		{"no and nb are two codes", languages("no"), known, "no", true},
		{"both", figures.Filters{Sources: []string{"website"}, Languages: []string{"sv"}}, known,
			"website sv", true},

		// A list of nothing is no evidence: it is also what a bot without chats has.
		{"no source is known", sources("web"), figures.Options{Languages: []string{"nb"}}, "",
			false},
		{"no language is known", languages("nb"), figures.Options{Sources: []string{"web"}}, "",
			false},
		{"no language is known, and none is asked for", sources("web"),
			figures.Options{Sources: []string{"web"}}, "", true},
		{"one list of two", figures.Filters{Sources: []string{"website"},
			Languages: []string{"nb"}}, figures.Options{Sources: []string{"web"}}, "website",
			false},
	} {
		u, checked := tc.filters.Unknown(tc.options)
		got := ""
		if u != nil {
			got = strings.Join(append(append([]string{}, u.Sources...), u.Languages...), " ")
			if (u.Sources != nil) != (u.KnownSources != nil) ||
				(u.Languages != nil) != (u.KnownLanguages != nil) {
				t.Errorf("%s: the known names are not beside the unknown ones: %+v", tc.name, *u)
			}
		}
		if got != tc.want || checked != tc.checked || (u == nil) != (tc.want == "") {
			t.Errorf("%s: unknown %q, checked %v, want %q, %v", tc.name, got, checked, tc.want,
				tc.checked)
		}
	}
}

func TestFilters_KnownNamesAreBounded(t *testing.T) {
	var o figures.Options
	for i := range 1000 {
		o.Sources = append(o.Sources, strings.Repeat("x", i), fmt.Sprint("source ", i))
	}
	u, _ := figures.Filters{Sources: []string{"source 999"}}.Unknown(o)
	if u != nil {
		t.Errorf("the last one is known: %+v", u)
	}
	u, _ = figures.Filters{Sources: []string{"website"}}.Unknown(o)
	if len(u.KnownSources) != 50 {
		t.Fatalf("%d names", len(u.KnownSources))
	}
	for _, name := range u.KnownSources {
		if len(name) > 64 {
			t.Errorf("a name of %d bytes", len(name))
		}
	}
}

// What is unknown, and why nothing could be checked, is part of the numbers. Nothing is added where
// all is known.
func TestCompute_ChecksFilters(t *testing.T) {
	encoded := func(r *figures.Report) string {
		data, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	report := func(o *figures.Answer[figures.Options]) *figures.Report {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Filters, a.Options = figures.Filters{Sources: []string{"website"}}, o
		r := compute(t, a)
		back, err := figures.Decode([]byte(encoded(r)))
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "read back", encoded(back), encoded(r))
		return r
	}
	plain := report(nil)
	r := report(&figures.Answer[figures.Options]{Value: figures.Options{Sources: []string{"website"}}})
	expect(t, "a known filter", encoded(r), encoded(plain))

	r = report(&figures.Answer[figures.Options]{Value: figures.Options{Sources: []string{"web",
		"b\xffd"}}})
	expect(t, "an unknown filter", r.UnknownFilters,
		&figures.UnknownFilters{Sources: []string{"website"},
			KnownSources: []string{"web", "b\uFFFDd"}})

	r = report(&figures.Answer[figures.Options]{Failed: "Sage answered 403 Forbidden",
		Refused: true})
	expect(t, "an unchecked filter", r.UncheckedFilters,
		&figures.Unavailable{Section: "options", Reason: "Sage answered 403 Forbidden",
			Refused: true})
	expect(t, "unavailable", r.Unavailable, []figures.Unavailable{})

	r = report(&figures.Answer[figures.Options]{})
	expect(t, "nothing to hold it against", r.UncheckedFilters,
		&figures.Unavailable{Section: "options", Reason: "Sage lists none"})
}
