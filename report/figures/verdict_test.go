package figures_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func verdict(r *figures.Report) string {
	return r.Verdict.Status + ": " + r.Verdict.Rule + " of " + r.Verdict.About
}

// Changes of the baseline bot, each of which makes a row of the table apply.
var (
	nobody = func(a *figures.Answers) {
		a.Chats, a.Messages, a.FallbackDays.Value, a.Handovers.Value = a.Chats[:77],
			a.Messages[:77], a.FallbackDays.Value[:77], a.Handovers.Value[:77]
		a.Fallbacks.This.Value, a.Hours.Value, a.Feedback.This.Value = figures.Fallback{},
			[]figures.Point{}, figures.Ratings{}
	}
	ratings = func(low, high int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 1, Count: low},
				{Rating: 2, Count: high}}
		}
	}
	jump, worse, better = rateTimes(thisWeek, 2, 2), rateTimes(thisWeek, -1, 1.4),
		rateTimes(thisWeek, -1, 0.6)
	badRatings     = ratings(30, 5)
	goodRatings    = ratings(0, 400)
	fewChats       = times(thisWeek, 0.4)
	unknownDay     = func(a *figures.Answers) { on(&a.Messages, 2, more) }
	fallbackTarget = func(limit float64) func(*figures.Answers) {
		return targets(figures.Targets{FallbackRate: &limit})
	}
	closedTarget = func(limit int) func(*figures.Answers) {
		return targets(figures.Targets{RequestsWhileClosed: &limit})
	}
)

// The rows of the table from the top. A case that barely fails the condition of its row gets a row
// below it.
func TestVerdict_Rules(t *testing.T) {
	feedbackGone := func(a *figures.Answers) { a.Feedback.This.Failed = "gone" }
	unknownRates := func(a *figures.Answers) { a.FallbackDays.Failed = "gone" }
	feedbackTarget := targets(figures.Targets{Feedback: new(0.7)})
	requests := func(day, open int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for d := range 7 {
				a.Handovers.Value[77+d].Requests = open
			}
			a.Handovers.Value[77+day].RequestsWhileClosed = 2
		}
	}
	// aWeek sets the chats of each week but the first, each with one message.
	aWeek := func(chats int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for day := 7; day < 77; day++ {
				n := 0
				if day%7 == 0 {
					n = chats
				}
				a.Chats[day].Count, a.Messages[day].Count = n, n
				a.Handovers.Value[day] = figures.StagePoint{Time: a.Handovers.Value[day].Time}
				a.FallbackDays.Value[day].Count, a.FallbackDays.Value[day].Rate = 0, nil
			}
			for week := 1; week < 11; week++ {
				p := &a.FallbackTrend.Value[week]
				p.Count, p.Rate = 0, nil
			}
		}
	}
	creep := func(a *figures.Answers) { // a fifth more, within four weeks
		for i, factor := range []float64{1.05, 1.09, 1.14, 1.19} {
			rateTimes(thisWeek-3+i, -1, factor)(a)
		}
	}
	do := func(changes ...func(*figures.Answers)) []func(*figures.Answers) { return changes }
	for _, c := range []struct {
		what    string
		changes []func(*figures.Answers)
		want    string
	}{
		{"a dead week", do(nobody), "needs_a_look: dead of chats"},
		{"a dead week with a holiday in it", do(nobody, note(2)), "needs_a_look: dead of chats"},
		{"of a bot with a chat a week", do(nobody, aWeek(1)), "needs_a_look: dead of chats"},
		{"of a bot with none", do(nobody, aWeek(0)), "too_few: messages of chats"},
		{"of a source that Kindly does not know", do(nobody, func(a *figures.Answers) {
			a.Filters.Sources = []string{"gone"}
			a.Options = &figures.Answer[figures.Options]{
				Value: figures.Options{Sources: []string{"web"}}}
		}), "incomplete: core of chats"},
		{"a dead week of a bot without a baseline", do(nobody, began(3)),
			"too_few: messages of chats"},

		{"a day doubled", do(jump), "needs_a_look: incident of fallbacks"},
		{"before a missed target", do(jump, fallbackTarget(0.05)),
			"needs_a_look: incident of fallbacks"},
		{"before unknown days",
			do(jump, func(a *figures.Answers) { on(&a.Messages, 4, more) }),
			"needs_a_look: incident of fallbacks"},
		{"not in a special week", do(jump, note(6)), "too_few: special of chats"},

		{"the rate crept up", do(creep), "needs_a_look: rising of fallbacks"},
		{"before a missed target", do(creep, fallbackTarget(0.05)),
			"needs_a_look: rising of fallbacks"},
		{"not in a special week", do(creep, note(6)), "too_few: special of chats"},

		{"the week's rate is higher", do(worse), "needs_a_look: rate of fallbacks"},
		{"before a missed target", do(worse, fallbackTarget(0.05)),
			"needs_a_look: rate of fallbacks"},
		{"not in a special week", do(worse, note(6)), "too_few: special of chats"},

		{"a missed target", do(fallbackTarget(0.05)), "needs_a_look: missed of fallbacks"},
		{"it is another measure's", do(closedTarget(1)), "needs_a_look: missed of handovers"},
		{"of two, the clear one", do(targets(figures.Targets{FallbackRate: new(0.0985),
			RequestsWhileClosed: new(1)})),
			"needs_a_look: missed of handovers"},
		{"feedback", do(badRatings, feedbackTarget,
			func(a *figures.Answers) { a.FeedbackBefore = nil }),
			"needs_a_look: missed of feedback"},
		{"also in a special week", do(fallbackTarget(0.05), note(6)),
			"needs_a_look: missed of fallbacks"},
		{"before feedback that fell", do(fallbackTarget(0.05), badRatings),
			"needs_a_look: missed of fallbacks"},
		{"by no more than chance", do(fallbackTarget(0.0985)), "usual: usual of fallbacks"},

		{"feedback fell", do(badRatings), "needs_a_look: feedback of feedback"},
		{"before chats that fell", do(badRatings, fewChats), "needs_a_look: feedback of feedback"},
		{"not in a special week", do(badRatings, note(6)), "too_few: special of chats"},

		{"chats fell by more than half", do(fewChats), "needs_a_look: fell of chats"},
		{"by less", do(times(thisWeek, 0.55)), "usual: usual of chats"},
		{"before unknown days", do(fewChats, unknownRates),
			"needs_a_look: fell of chats"},

		{"a day of messages is not known", do(unknownDay), "incomplete: core of chats"},
		{"the fallbacks are not", do(func(a *figures.Answers) { a.Fallbacks.This.Failed = "gone" }),
			"incomplete: core of chats"},
		{"those of the days are not", do(unknownRates),
			"incomplete: core of chats"},
		{"before what is good", do(better, unknownDay), "incomplete: core of chats"},
		{"before a target's numbers", do(unknownDay, feedbackGone, feedbackTarget),
			"incomplete: core of chats"},
		{"a target's numbers are not known", do(feedbackGone, feedbackTarget),
			"incomplete: section of chats"},
		{"numbers without a target", do(feedbackGone), "usual: usual of fallbacks"},
		{"too few for the target", do(feedbackTarget, ratings(1, 3)), "usual: usual of fallbacks"},

		{"few messages", do(times(7, 0.01), times(8, 0.01), times(9, 0.01),
			times(10, 0.01), times(thisWeek, 0.01), began(4)),
			"too_few: messages of chats"},
		{"a holiday", do(note(2)), "too_few: special of chats"},
		{"before what is good", do(note(2), better), "too_few: special of chats"},
		{"three weeks before", do(began(3)), "too_few: weeks of chats"},
		{"four", do(began(4)), "usual: usual of fallbacks"},

		{"the week's rate is lower", do(better), "good: rate of fallbacks"},
		{"but a target is missed by chance", do(better, closedTarget(13)),
			"usual: usual of fallbacks"},
		{"feedback rose", do(goodRatings), "good: feedback of feedback"},
		{"a target is met again", do(requests(0, 1), closedTarget(60), func(a *figures.Answers) {
			a.Handovers.Value[70].RequestsWhileClosed = 90
		}), "good: met of handovers"},
		{"by no more than chance", do(closedTarget(14), func(a *figures.Answers) {
			a.Handovers.Value[70].RequestsWhileClosed = 9
		}), "usual: usual of fallbacks"},

		{"nothing", nil, "usual: usual of fallbacks"},
		{"many chats", do(times(thisWeek, 2)), "usual: usual of chats"},
	} {
		r := report(t, c.changes...)
		if got := verdict(r); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// The week without the days that jumped is counted, not averaged.
func TestVerdict_Without(t *testing.T) {
	r := report(t, jump)
	v, f := r.Fallbacks.Incidents[0], r.Fallbacks
	rest, of := *f.Count-v.Count, r.Messages.Total-v.Replies
	if got, want := *r.Verdict.Without, float64(rest)/float64(of); math.Abs(got-want) > 1e-12 {
		t.Errorf("without %s it is %v, want %v", v.Date.Weekday(), got, want)
	}
	two := report(t, jump, rateTimes(thisWeek, 5, 3))
	rest, of = *two.Fallbacks.Count, two.Messages.Total
	for _, v := range two.Fallbacks.Incidents {
		rest, of = rest-v.Count, of-v.Replies
	}
	if got, want := *two.Verdict.Without, float64(rest)/float64(of); math.Abs(got-want) > 1e-12 {
		t.Errorf("without two days it is %v, want %v", got, want)
	}
	unknownRate := func(a *figures.Answers) { on(&a.FallbackDays.Value, 4, moreRate) }
	oneMore := func(a *figures.Answers) { a.Fallbacks.This.Value.Count++ }
	for what, changes := range map[string][]func(*figures.Answers){
		"nothing jumped":                  nil,
		"each day jumped":                 {rateTimes(thisWeek, -1, 2)},
		"a day is not known":              {jump, unknownRate},
		"the week is not the sum":         {jump, oneMore},
		"messages of a day are not known": {jump, unknownDay},
	} {
		if got := report(t, changes...).Verdict.Without; got != nil {
			t.Errorf("%s: without the days that jumped it is %v", what, *got)
		}
	}
}

func TestBaseline_Requests(t *testing.T) {
	b := report(t).Baseline
	expect(t, "requests, open and closed",
		fmt.Sprint(b.Requests.Median, " of ", b.Requests.Periods), "70 of 11")
	gone := report(t, func(a *figures.Answers) { a.Handovers.Failed = "gone" })
	if gone.Baseline.Requests != nil {
		t.Error("there is a baseline of requests that are not available")
	}
}

// Older reports get no verdict. Decode rejects a verdict that the report's numbers do not support.
func TestDecode_Verdict(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "before.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := figures.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != nil || r.Chats.StandsOut != "" {
		t.Errorf("an older report has the verdict %+v", r.Verdict)
	}

	busy := figurestest.Busy()
	verdict := func(status, rule string) map[string]any {
		return map[string]any{"status": status, "rule": rule, "about": "chats"}
	}
	for _, c := range []struct {
		path  string
		value any
		want  string // empty: accepted
	}{
		{"verdict", nil, ""},
		{"verdict", verdict("later", "later"), ""}, // of a later program
		{"verdict.status", "", "verdict needs a status, a rule and about"},
		{"verdict.without", 1.2, "verdict.without is 1.2, but a fraction is from 0 to 1"},
		{"verdict", verdict("good", "feedback"),
			"verdict.rule is feedback, but the report has nothing of it"},
		{"verdict", verdict("incomplete", "section"),
			"verdict.rule is section, but the report has nothing of it"},
		{"verdict", verdict("good", "met"),
			"verdict.rule is met, but the report has nothing of it"},
	} {
		_, err := figures.Decode(with(t, busy, c.path, c.value))
		if c.want == "" && err != nil ||
			c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s is %v: %v, want %q", c.path, c.value, err, c.want)
		}
	}
}

// figurestest has a week for each row, in the order of the table. The sentences of package summary
// are tested with them.
func TestVerdict_Weeks(t *testing.T) {
	var rows []string
	for _, w := range figurestest.Verdicts() {
		row := w.Status + ": " + w.Rule
		if got := w.Report.Verdict.Status + ": " + w.Report.Verdict.Rule; got != row {
			t.Errorf("%s: the verdict is %s", w.Name, got)
		}
		if len(rows) == 0 || rows[len(rows)-1] != row {
			rows = append(rows, row)
		}
	}
	expect(t, "rows", rows, []string{"needs_a_look: dead", "needs_a_look: incident",
		"needs_a_look: rising", "needs_a_look: rate", "needs_a_look: missed",
		"needs_a_look: feedback", "needs_a_look: fell", "incomplete: core", "incomplete: section",
		"too_few: messages", "too_few: special", "too_few: weeks", "good: rate", "good: feedback",
		"good: met", "usual: usual"})
}

// A target lacks its numbers only where they are missing, not where there are too few events.
func TestReport_LacksTarget(t *testing.T) {
	known, gone := figurestest.Busy(), figurestest.Busy()
	gone.Fallbacks.Count, gone.Handovers.Requests, gone.Feedback.Binary = nil, nil, nil
	for _, name := range []string{figures.TargetFallbackRate, figures.TargetHandoverRate,
		figures.TargetRequestsWhileClosed, figures.TargetFeedback} {
		unknown := figures.Target{Name: name, State: figures.Unknown}
		judged := figures.Target{Name: name, State: figures.Met}
		few := figures.Target{Name: name, State: figures.Unknown, Value: new(0.1)}
		expect(t, name+", which is known", known.LacksTarget(unknown), false)
		expect(t, name+", which is gone", gone.LacksTarget(unknown), true)
		expect(t, name+", which was judged", gone.LacksTarget(judged), false)
		expect(t, name+" of too few events", gone.LacksTarget(few), false)
	}
	noChats := figurestest.Busy()
	noChats.Chats.Trend[figures.TrendPeriods-1].MissingDays = 1
	for name, want := range map[string]bool{figures.TargetHandoverRate: true,
		figures.TargetRequestsWhileClosed: false} {
		expect(t, name+" without a day's chats",
			noChats.LacksTarget(figures.Target{Name: name, State: figures.Unknown}), want)
	}
	later := figures.Target{Name: "later", State: figures.Unknown}
	expect(t, "a later program's target", gone.LacksTarget(later), false)
}
