package report_test

import (
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

// A destination that only wants alerts gets missed targets and incidents. The report has neither
// judged targets nor a verdict, like a report from before these keys.
func TestAlerts(t *testing.T) {
	// A week that misses every target below by a little.
	week := func() *figures.Report {
		r := figurestest.New()
		r.Targets, r.Verdict = nil, nil
		last := figures.TrendPeriods - 1
		r.Messages.Trend[last].Count, r.Chats.Trend[last].Count = 1000, 200
		r.Fallbacks.Trend[last].Rate = new(0.081)
		r.Handovers.Trend[last].Requests, r.Handovers.Trend[last].RequestsWhileClosed = new(20),
			new(5)
		r.Feedback.Binary = []figures.Rating{{Rating: 1, Count: 31}, {Rating: 2, Count: 69}}
		r.Feedback.Emojis = []figures.Rating{}
		return r
	}
	all := config.Targets{FallbackRate: new(0.08), HandoverRate: new(0.12), Feedback: new(0.70),
		RequestsWhileClosed: new(4)}
	last := figures.TrendPeriods - 1
	every := []string{"fallback_rate", "handover_rate", "feedback", "requests_while_closed"}

	for _, tc := range []struct {
		name    string
		targets config.Targets
		change  func(*figures.Report)
		want    []string
	}{
		{"all", all, func(*figures.Report) {}, every},
		{"without targets there is no alert", config.Targets{}, func(*figures.Report) {}, nil},
		{"chats that are not known", config.Targets{}, func(r *figures.Report) {
			r.Unavailable = []figures.Unavailable{{Section: figures.SectionChats,
				Days: []period.Date{r.Period.From}}}
		}, []string{report.AlertIncomplete}},
		{"hours that are not known", config.Targets{}, func(r *figures.Report) {
			r.Unavailable = []figures.Unavailable{{Section: figures.SectionHours}}
		}, nil},
		{"just met", all, func(r *figures.Report) {
			r.Fallbacks.Trend[last].Rate = new(0.08)
			r.Handovers.Trend[last].RequestsWhileClosed = new(4)
			r.Feedback.Binary = []figures.Rating{{Rating: 1, Count: 30}, {Rating: 2, Count: 70}}
		}, nil},
		{"a target of zero is one", config.Targets{RequestsWhileClosed: new(0)},
			func(*figures.Report) {}, every[3:]},
		{"not fetched", all, func(r *figures.Report) {
			r.Fallbacks.Trend[last].Rate, r.Handovers.Trend[last].HandoverCounts, r.Feedback = nil,
				figures.HandoverCounts{}, figures.Feedback{}
		}, nil},
		{"too few messages for a rate", all,
			func(r *figures.Report) { r.Messages.Trend[last].Count = figures.MinMessages - 1 },
			every[1:]},
		{"too few chats for a rate", all,
			func(r *figures.Report) { r.Chats.Trend[last].Count = figures.MinEvents - 1 },
			[]string{every[0], every[2], every[3]}},
		{"too few ratings", all, func(r *figures.Report) {
			r.Feedback.Binary = []figures.Rating{{Rating: 1, Count: figures.MinRatings - 1}}
		}, []string{every[0], every[1], every[3]}},
		{"emojis are ratings too", config.Targets{Feedback: new(0.70)}, func(r *figures.Report) {
			r.Feedback.Binary = nil
			r.Feedback.Emojis = []figures.Rating{{Rating: 3, Count: 10}, {Rating: 4, Count: 20}}
		}, every[2:3]},
		{"the two kinds of ratings are not added up", config.Targets{Feedback: new(0.70)},
			func(r *figures.Report) {
				r.Feedback.Binary = []figures.Rating{{Rating: 1, Count: 19}}
				r.Feedback.Emojis = []figures.Rating{{Rating: 1, Count: 19}}
			}, nil},
		{"an incident, without any target", config.Targets{}, func(r *figures.Report) {
			r.Fallbacks.Incidents = []figures.Incident{{Date: r.Period.From}}
		}, []string{"incident"}},
		{"what the report says of its targets counts, whatever was configured since", all,
			func(r *figures.Report) {
				r.Targets = []figures.Target{{Name: figures.TargetFallbackRate, State: figures.Met},
					{Name: figures.TargetFeedback, State: figures.Missed}}
			}, every[2:3]},
		{"a report that was held to no target", all,
			func(r *figures.Report) { r.Targets = []figures.Target{} }, nil},
	} {
		r := week()
		tc.change(r)
		if got := report.Alerts(tc.targets, r); !slices.Equal(got, tc.want) {
			t.Errorf("%s: missed %q, want %q", tc.name, got, tc.want)
		}
	}
}

// A report with a verdict is an alert if the week needs a look, or if its core is missing. So is
// one that missed any target, with any verdict.
func TestAlerts_Verdict(t *testing.T) {
	missed := figures.Target{Name: figures.TargetFeedback, State: figures.Missed}
	gap := figures.Unavailable{Section: figures.SectionFallbacksDays}
	for _, tc := range []struct {
		status, rule string
		targets      []figures.Target
		unavailable  []figures.Unavailable
		want         string
	}{
		{figures.UsualWeek, figures.VerdictUsual, nil, nil, ""},
		{figures.UsualWeek, figures.VerdictUsual, []figures.Target{missed}, nil, "feedback"},
		{figures.GoodWeek, figures.VerdictRate, nil, nil, ""},
		{figures.TooFew, figures.VerdictSpecial, nil, nil, ""},
		{figures.NeedsLook, figures.VerdictIncident, nil, nil, "incident"},
		{figures.NeedsLook, figures.VerdictDead, nil, nil, "dead"},
		{figures.NeedsLook, figures.VerdictMissed, []figures.Target{missed}, nil, "feedback"},
		{figures.Incomplete, figures.VerdictCore, nil, []figures.Unavailable{gap}, "incomplete"},
		{figures.Incomplete, figures.VerdictSection, nil,
			[]figures.Unavailable{{Section: figures.SectionFeedback}}, ""},
	} {
		r := figurestest.New()
		r.Verdict = &figures.Verdict{Status: tc.status, Rule: tc.rule}
		r.Targets, r.Unavailable = append([]figures.Target{}, tc.targets...), tc.unavailable
		got := strings.Join(report.Alerts(config.Targets{}, r), " ")
		if got != tc.want {
			t.Errorf("%s, %s: %q, want %q", tc.status, tc.rule, got, tc.want)
		}
	}
}
