package summary

import (
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/wording"
)

// said are the notices, or the provenance, of a report that was changed, without those of the
// report before.
func said(t *testing.T, locale string, of func(*Summary) []string,
	change func(*figures.Report)) string {
	t.Helper()
	r := figurestest.Busy()
	r.Locale = locale
	before, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	change(r)
	after, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(slices.DeleteFunc(of(after),
		func(s string) bool { return slices.Contains(of(before), s) }), "|")
}

func notices(s *Summary) []string    { return s.Notices }
func provenance(s *Summary) []string { return s.Provenance }

func TestNotices_UnknownFilters(t *testing.T) {
	for _, tc := range []struct {
		name    string
		unknown *figures.UnknownFilters
		want    string
	}{
		{"nothing", nil, ""},
		{"a source", &figures.UnknownFilters{Sources: []string{"website"},
			KnownSources: []string{"web", "app", " "}},
			"Kindly’s statistics do not know the source website. The numbers may be missing or wrong. The sources that they know: web, app and (no name)."},
		{"two sources, and too many to list",
			&figures.UnknownFilters{Sources: []string{"website", "apps"},
				KnownSources: make([]string, 11)},
			"Kindly’s statistics do not know the sources website and apps. The numbers may be missing or wrong."},
		{"a language", &figures.UnknownFilters{Languages: []string{"sv"},
			KnownLanguages: []string{"nb"}},
			"Kindly’s statistics do not know the language sv. The numbers may be missing or wrong. The languages that they know: nb."},
		{"both", &figures.UnknownFilters{Sources: []string{"website"},
			Languages: []string{"sv", "da"}},
			"Kindly’s statistics do not know the source website. The numbers may be missing or wrong.|" +
				"Kindly’s statistics do not know the languages sv and da. The numbers may be missing or wrong."},
	} {
		if got := said(t, "en", notices,
			func(r *figures.Report) { r.UnknownFilters = tc.unknown }); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// Unchecked filters and a default time zone are part of the provenance.
func TestProvenance_Unknown(t *testing.T) {
	for _, tc := range []struct {
		change func(*figures.Report)
		want   string
	}{
		{func(r *figures.Report) {
			r.UncheckedFilters = &figures.Unavailable{Section: "options",
				Reason: "why"}
		},
			"Whether Kindly’s statistics know this filter could not be checked."},
		{func(r *figures.Report) { r.Bot.DefaultTZ = true },
			"No time zone was named, so days are counted in UTC; --tz names another."},
	} {
		if got := said(t, "en", provenance, tc.change); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
		if got := said(t, "en", notices, tc.change); got != "" {
			t.Errorf("notices %q", got)
		}
	}
}

func TestNotices_Surplus(t *testing.T) {
	for _, tc := range []struct {
		surplus []figures.Surplus
		want    string
	}{
		{nil, ""},
		{[]figures.Surplus{{Section: "pages", Items: 1}},
			"Kindly’s statistics sent longer lists than were asked for (pages). Only the 100 most frequent items of each are used."},
		{[]figures.Surplus{{Section: "pages", Items: 9}, {Section: "pages.previous", Items: 9},
			{Section: "labels.previous", Items: 9}},
			"Kindly’s statistics sent longer lists than were asked for (pages and labels). Only the 100 most frequent items of each are used."},
	} {
		if got := said(t, "en", notices,
			func(r *figures.Report) { r.Surplus = tc.surplus }); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.surplus, got, tc.want)
		}
	}
}

// Every language says all of it, and none names Sage.
func TestNotices_UnknownInEveryLanguage(t *testing.T) {
	for _, locale := range wording.Locales() {
		for i, change := range []func(*figures.Report){
			func(r *figures.Report) {
				r.UnknownFilters = &figures.UnknownFilters{Sources: []string{"website"},
					KnownSources: []string{"web"}, Languages: []string{"sv", "da"},
					KnownLanguages: []string{"nb"}}
			},
			func(r *figures.Report) { r.UncheckedFilters = &figures.Unavailable{} },
			func(r *figures.Report) { r.Bot.DefaultTZ = true },
			func(r *figures.Report) { r.Surplus = []figures.Surplus{{Section: "pages", Items: 1}} },
		} {
			got := said(t, locale, notices, change) + said(t, locale, provenance, change)
			if got == "" || strings.Contains(got, "Sage") || strings.Contains(got, "%!") ||
				i == 0 && !(strings.Contains(got, "website") && strings.Contains(got, "web.") &&
					strings.Contains(got, "nb.")) {
				t.Errorf("%s: %q", locale, got)
			}
			t.Logf("%s: %s", locale, got)
		}
	}
}
