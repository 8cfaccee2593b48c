package summary

import (
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

// The title of the verdict's chart adds to the verdict, or is its plain title.
func TestLead_Title(t *testing.T) {
	unknown := figurestest.Busy() // only the day that jumped is known
	for i := range unknown.Fallbacks.Daily {
		if unknown.Fallbacks.Daily[i].Date != unknown.Fallbacks.Incidents[0].Date {
			unknown.Fallbacks.Daily[i].Rate = nil
		}
	}
	even := figurestest.Busy()
	for i := range even.Fallbacks.Daily {
		if even.Fallbacks.Daily[i].Date != even.Fallbacks.Incidents[0].Date {
			even.Fallbacks.Daily[i].Rate = new(0.1)
		}
	}
	two := figurestest.Busy()
	again := two.Fallbacks.Incidents[0]
	again.Date = again.Date.Add(1)
	two.Fallbacks.Incidents = append(two.Fallbacks.Incidents, again)
	for _, c := range []struct {
		name, locale string
		report       *figures.Report
		want         string
	}{
		{"a day that jumped", "en", figurestest.Busy(), "Did not understand: Thu 18.7%, others 9.0–11.2%"},
		{"a day that jumped", "nb", figurestest.Busy(), "Ikke forstått: tor 18,7 %, ellers 9,0–11,2 %"},
		{"a day that jumped", "sv", figurestest.Busy(), "Ej förstått: tors 18,7 %, annars 9,0–11,2 %"},
		{"a day that jumped", "da", figurestest.Busy(), "Ikke forstået: tor 18,7 %, ellers 9,0–11,2 %"},
		{"a day that jumped", "de", figurestest.Busy(), "Nicht verstanden: Do 18,7 %, sonst 9,0–11,2 %"},
		{"two days", "en", two, "Did not understand: Thu and Fri up to 18.7%, others 9.0–10.4%"},
		{"all others alike", "en", even, "Did not understand: Thu 18.7%, others 10.0%"},
		{"no other day is known", "en", unknown, "Did not understand, by day"},
		{"a missed target", "en", figurestest.Missed(), "Did not understand: over 9.0% on 7 of 7 days"},
		{"a higher rate", "en", figurestest.Worse(), "Did not understand: above usual on 7 of 7 days"},
		{"a lower rate", "en", figurestest.Good(), "Did not understand: below usual on 7 of 7 days"},
		{"feedback that fell", "en", figurestest.Displeased(), "Feedback"},
		{"a usual week", "en", figurestest.Quiet(), "Did not understand, by day"},
		{"a dead week", "en", figurestest.Empty(), "Chats, last 12 weeks"},
	} {
		t.Run(c.name+", "+c.locale, func(t *testing.T) {
			c.report.Locale = c.locale
			s, err := Of(c.report)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(s.Charts(), func(chart *Chart) bool { return chart.Name == s.Lead })
			if got := s.Charts()[i].Title; strings.ReplaceAll(got, "\u00a0", " ") != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
