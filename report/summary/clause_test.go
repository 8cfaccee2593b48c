package summary_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// A clause says the same as the subject of the report, in every language, also after it was
// encoded.
func TestClause_SaysWhatTheSubjectSays(t *testing.T) {
	weeks := make(map[string]*figures.Report)
	for _, e := range figurestest.Gallery() {
		weeks[e.Name] = e.Report
	}
	for _, e := range figurestest.Verdicts() {
		weeks[e.Name] = e.Report
	}
	for name, r := range weeks {
		for _, locale := range wording.Locales() {
			r.Locale = locale
			s, err := summary.Of(r)
			if err != nil {
				t.Fatal(err)
			}
			clause := summary.ClauseOf(r)
			if clause == nil {
				if s.Status.Kind != "" {
					t.Errorf("%s: no clause of %s", name, s.Subject)
				}
				continue
			}
			data, err := json.Marshal(clause)
			if err != nil {
				t.Fatal(err)
			}
			var frozen summary.Clause
			if err := json.Unmarshal(data, &frozen); err != nil {
				t.Fatal(err)
			}
			if got := frozen.Label(s.Words); got != s.Status {
				t.Errorf("%s, %s: %v, and the report is %v", name, locale, got, s.Status)
			}
			said := frozen.Say(s.Words)
			if want := frozen.Subject(s.Words, s.Bot, said); said != "" && want != s.Subject ||
				said == "" && !strings.HasPrefix(s.Subject, want) {
				t.Errorf("%s, %s: the subject is\n%s, want\n%s", name, locale, s.Subject, want)
			}
		}
	}
}

// A report without a verdict has no clause, and neither has a status of a later version.
func TestClauseOf_Unknown(t *testing.T) {
	r := figurestest.Busy()
	for _, v := range []*figures.Verdict{nil, {Status: "later", Rule: "later"}} {
		r.Verdict = v
		if c := summary.ClauseOf(r); c != nil {
			t.Errorf("%+v is the clause of %+v", c, v)
		}
	}
}
