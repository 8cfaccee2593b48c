package figures_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

const (
	negative = "which is negative"
	fraction = "but a fraction is from 0 to 1"
)

// indexed is an index in a path of these tests.
var indexed = regexp.MustCompile(`\.(\d+)`)

// refuses expects that a report with the changes is refused for a reason.
func refuses(t *testing.T, r *figures.Report, want, path string, value any, more ...any) {
	t.Helper()
	data, _ := json.Marshal(value)
	if value == removed {
		data = []byte("removed")
	}
	t.Run(strings.TrimSpace(fmt.Sprint(path, " ", string(data))), func(t *testing.T) {
		t.Helper()
		_, err := figures.Decode(with(t, r, path, value, more...))
		if err == nil {
			t.Fatal("no error")
		}
		expect(t, "error", err.Error(), "report.json: "+want)
	})
}

func TestDecode_ImpossibleNumbers(t *testing.T) {
	busy := figurestest.Busy()
	for path, flaw := range map[string]string{
		"history.3.chats":                          negative,
		"history.3.messages":                       negative,
		"chats.previous":                           negative,
		"messages.previous":                        negative,
		"chats.previous_daily.1.count":             negative,
		"fallbacks.count":                          negative,
		"fallbacks.previous_count":                 negative,
		"fallbacks.daily.2.count":                  negative,
		"fallbacks.daily.2.rate":                   fraction,
		"fallbacks.weekly.2.rate":                  fraction,
		"fallbacks.history.2.rate":                 fraction,
		"handovers.requests":                       negative,
		"handovers.previous.started":               negative,
		"handovers.weekly.2.requests_while_closed": negative,
		"feedback.binary.0.count":                  negative,
		"feedback.emojis.0.count":                  negative,
		"feedback.previous_binary.0.count":         negative,
		"feedback.previous_emojis.0.count":         negative,
		"feedback.before_binary.0.count":           negative,
		"feedback.before_emojis.0.count":           negative,
		"feedback.weekly.2.binary.positive":        negative,
		"feedback.weekly.2.emojis.total":           negative,
		"pages.0.sessions":                         negative,
		"pages.0.previous":                         negative,
		"buttons.0.count":                          negative,
		"buttons.0.ratio":                          fraction,
		"buttons.0.previous":                       negative,
		"labels.0.count":                           negative,
		"labels.0.previous":                        negative,
		"ordinary.chats.mad":                       negative,
		"ordinary.messages.median":                 negative,
		"ordinary.fallback_rate.median":            negative,
		"ordinary.handover_rate.median":            negative,
		"ordinary.feedback.median":                 negative,
		"ordinary.requests_while_closed.median":    negative,
		"ordinary.days.2.chats":                    negative,
		"ordinary.days.2.messages":                 negative,
		"ordinary.days.2.fallback_rate":            fraction,
		"year_ago.chats":                           negative,
		"year_ago.messages":                        negative,
		"year_ago.fallback_rate":                   fraction,
		"year_ago.daily.2.chats":                   negative,
		"year_ago.daily.2.messages":                negative,
		"fallbacks.incidents.0.count":              negative,
		"fallbacks.incidents.0.replies":            negative,
		"fallbacks.incidents.0.rate":               fraction,
		"fallbacks.incidents.0.ordinary":           negative,
		"targets.0.limit":                          negative,
		"targets.0.of":                             negative,
		"targets.0.value":                          negative,
		"targets.0.weekly.2.value":                 negative,
		"targets.0.weeks":                          negative,
		"targets.0.before_weeks":                   negative,
		"movers.buttons.0.count":                   negative,
		"movers.buttons.0.previous":                negative,
	} {
		refuses(t, busy, indexed.ReplaceAllString(path, "[$1]")+" is -1, "+flaw, path, -1)
	}
}

// A program that draws a report trusts that its parts agree with each other.
func TestDecode_ContradictoryFields(t *testing.T) {
	busy := figurestest.Busy()
	a := figurestest.BusyAnswers()
	a.Labels.Previous.Failed = "gone"
	noLabels := compute(t, a)
	a = steady(t, testWeek, "Europe/Oslo")
	a.Chats, a.Messages, a.Hours.Value = nil, nil, nil
	silent := compute(t, a)
	list := func(of ...any) []any { return of }
	type object = map[string]any
	special := func(change string, value any) []any {
		s := object{"first": "2026-11-10", "last": "2026-11-10", "kind": "note"}
		s[change] = value
		return list(s)
	}
	for _, c := range []struct {
		r     *figures.Report
		path  string
		value any
		want  string
	}{
		{busy, "week.from", "2026-11-08",
			"week: 2026-W46 is 2026-11-09 to 2026-11-16, not 2026-11-08 to 2026-11-16"},
		{busy, "unavailable", list(object{"section": "", "reason": "gone"}),
			"unavailable[0] needs a section and a reason"},
		{busy, "unavailable", list(object{"section": "hours.days", "reason": "gone",
			"days": list("2026-11-08")}),
			"unavailable[0].days[0] is 2026-11-08, which is no day of 2026-W46"},
		{busy, "unavailable", list(object{"section": "hours.days", "reason": "gone",
			"days": list("2026-11-16")}),
			"unavailable[0].days[0] is 2026-11-16, which is no day of 2026-W46"},
		{busy, "history.3.chats_missing", true, "history[3].chats is missing, and is 1206"},
		{busy, "history.3.messages_missing", true, "history[3].messages is missing, and is 4465"},
		{busy, "chats.daily.1.missing", true, "chats.daily[1].count is missing, and is 1412"},
		{busy, "chats.weekly.3.missing_days", -1,
			"chats.weekly[3].missing_days is -1, which is negative"},
		{busy, "chats.weekly.3.missing_days", 8, "chats.weekly[3].missing_days is 8, more than 7"},
		{silent, "history_from", "2026-11-09",
			"history_from is not the first day of history with a chat or a message"},
		{busy, "history_from", "2026-08-25",
			"history_from is not the first day of history with a chat or a message"},
		{busy, "messages.change", nil,
			"messages.change needs a baseline and a previous count above 0, and is null without"},
		{busy, "handovers.change.requests", nil,
			"handovers.change.requests needs a baseline and a previous count above 0, and is null without"},
		{busy, "handovers.change.requests_while_closed", nil,
			"handovers.change.requests_while_closed needs a baseline and a previous count above 0, and is null without"},
		{busy, "handovers.change.started", nil,
			"handovers.change.started needs a baseline and a previous count above 0, and is null without"},
		{busy, "handovers.change.ended", nil,
			"handovers.change.ended needs a baseline and a previous count above 0, and is null without"},
		{busy, "pages.0.change", nil,
			"pages[0].change needs a baseline and a previous count above 0, and is null without"},
		{busy, "buttons.0.change", nil,
			"buttons[0].change needs a baseline and a previous count above 0, and is null without"},
		{busy, "fallbacks.rate", nil, "fallbacks.change_pp needs rate and previous_rate"},
		{busy, "fallbacks.daily.3", object{"date": "2026-11-12"},
			`fallbacks.daily[3].count is null, but unavailable does not say why: it has no section "fallbacks.daily"`},
		{busy, "fallbacks.weekly.3.count", nil, "fallbacks.weekly[3].rate needs a count"},
		{busy, "fallbacks.history.3.count", nil, "fallbacks.history[3].rate needs a count"},
		{busy, "feedback.emojis", nil,
			`feedback.emojis is null, but unavailable does not say why: it has no section "feedback"`},
		{busy, "feedback.previous_binary", nil,
			`feedback.previous_binary is null, but unavailable does not say why: it has no section "feedback.previous"`},
		{noLabels, "labels.0.previous", 3,
			`labels[0] has a previous count, but unavailable has the section "labels.previous"`},
		{noLabels, "labels.0.previous_below_limit", true,
			`labels[0] has a previous count, but unavailable has the section "labels.previous"`},
		{busy, "special", special("first", ""),
			"special[0] is of 0000-00-00 to 2026-11-10, which are no days"},
		{busy, "special", special("last", ""),
			"special[0] is of 2026-11-10 to 0000-00-00, which are no days"},
		{busy, "ordinary.weeks", list("2026-W40", "2026-W41", "2026-W42"),
			"ordinary.weeks has 3 entries, and needs 4"},
		{busy, "fallbacks.incidents.0.date", removed,
			"fallbacks.incidents[0].date is 0000-00-00, which is no day of 2026-W46"},
		{busy, "fallbacks.incidents.0.ordinary", 1.5,
			"fallbacks.incidents[0].ordinary is 1.5, " + fraction},
		{busy, "targets.0.before", "late",
			`targets[0].before is "late", not one of ["met" "missed" "unknown"]`},
		{busy, "targets.0.steps", 2, "targets[0].steps is 2, not 2 or 5"},
		{busy, "targets.2.steps", 3, "targets[2].steps is 3, not 2 or 5"},
		{busy, "targets.1.state", "unknown", "targets[1].stands_out needs a state that is known"},
		{busy, "targets.0.before_weeks", 12,
			"targets[0] has been missed for 12 weeks, and missed for 12 before, of 12"},
		{busy, "movers.buttons.0.below_limit", true,
			"movers.buttons[0] is new, so both its counts are known"},
		{busy, "insights", list(object{}, object{}, object{}, object{}, object{}, object{}),
			"insights has 6 entries, and may have 5"},
		{busy, "insights.1.target.state", "late",
			`insights[1].target.state is "late", not one of ["met" "missed" "unknown"]`},
		{busy, "headline", object{"rule": "record", "record": object{"measure": "speed"}},
			`headline.record.measure is "speed", not one of ["chats" "fallback_rate"]`},
	} {
		refuses(t, c.r, c.want, c.path, c.value)
	}
	for _, rule := range []string{"ordinary", "unusual"} {
		refuses(t, busy, "headline.rule is "+rule+", but ordinary is null", "headline.rule", rule,
			"ordinary", nil)
	}
}

// Of several mistakes the first is told.
func TestDecode_FirstFlaw(t *testing.T) {
	busy := figurestest.Busy()
	refuses(t, busy, "bot.id is missing", "bot.id", "", "bot.tz", "Norway/Oslo", "chats.daily",
		[]any{}, "chats.total", -1)
	refuses(t, busy, "chats.daily has 0 entries, not 7", "chats.daily", []any{}, "messages.daily",
		[]any{}, "ordinary.days", []any{}, "fallbacks.history", []any{})
	refuses(t, busy, "chats.total is -1, "+negative, "chats.total", -1, "ordinary.days", []any{},
		"year_ago.daily", []any{}, "fallbacks.history", []any{}, "feedback.weekly", []any{})
}

// insights are good ones, by their kinds.
func insights() map[string]map[string]any {
	type object = map[string]any
	day := func() object { return object{"date": "2026-11-10", "chats": 7, "ordinary": 3} }
	return map[string]object{
		"feedback": {"steps": 2, "positive": 1, "total": 2, "before_positive": 1,
			"before_total": 2},
		"record": {"measure": "chats", "value": 3, "ordinary": 2, "was": 1,
			"was_week": "2026-W40", "weeks": 12},
		"streak": {"measure": "chats", "weeks": 4, "since": "2026-W42", "from": 1, "value": 2},
		"mover": {"list": "labels", "kind": "new", "name": "Returns", "count": 20,
			"previous": 0},
		"closed": {"count": 10, "previous": 3, "ordinary": 3,
			"hours": object{"from": 18, "to": 20, "count": 5},
			"day":   object{"date": "2026-11-10", "count": 7}},
		"days": {"against": true, "most": day(), "fewest": day()},
		"hours": {"half": object{"from": 9, "to": 12, "count": 5}, "total": 9,
			"busiest": object{"from": 10, "to": 11, "count": 4}},
	}
}

func TestDecode_Insights(t *testing.T) {
	busy := figurestest.Busy()
	for _, kind := range []string{"incident", "fallback_day", "target", "feedback", "record",
		"streak", "mover", "closed", "days", "hours"} {
		refuses(t, busy, "insights[0] is of the kind "+kind+", but has nothing of it", "insights",
			[]any{map[string]any{"kind": kind}})
	}
	const hours = ", which are no hours"
	for _, c := range []struct {
		kind, path string
		value      any
		want       string // empty: it is taken
	}{
		{"later", "", nil, ""}, // which a later program wrote

		{"feedback", "", nil, ""},
		{"feedback", "positive", -1, "feedback.positive is -1, " + negative},
		{"feedback", "positive", 0, ""},
		{"feedback", "positive", 2, ""},
		{"feedback", "positive", 3, "feedback is 3 of 2 ratings"},
		{"feedback", "total", 0, "feedback is 1 of 0 ratings"},
		{"feedback", "before_positive", -1, "feedback.before_positive is -1, " + negative},
		{"feedback", "before_positive", 0, ""},
		{"feedback", "before_positive", 2, ""},
		{"feedback", "before_positive", 3, "feedback was 3 of 2 ratings before"},
		{"feedback", "before_total", 0, "feedback was 1 of 0 ratings before"},
		{"feedback", "steps", 3, "feedback.steps is 3, not 2 or 5"},
		{"feedback", "steps", 5, ""},

		{"record", "", nil, ""},
		{"record", "measure", "speed",
			`record.measure is "speed", not one of ["chats" "fallback_rate"]`},
		{"record", "value", -1, "record.value is -1, " + negative},
		{"record", "ordinary", -1, "record.ordinary is -1, " + negative},
		{"record", "was", -1, "record.was is -1, " + negative},
		{"record", "was_week", removed, "record needs was_week and weeks"},
		{"record", "weeks", 0, "record needs was_week and weeks"},

		{"streak", "", nil, ""},
		{"streak", "measure", "speed",
			`streak.measure is "speed", not one of ["chats" "fallback_rate"]`},
		{"streak", "from", -1, "streak.from is -1, " + negative},
		{"streak", "value", -1, "streak.value is -1, " + negative},
		{"streak", "since", removed, "streak needs since and weeks"},
		{"streak", "weeks", 0, "streak needs since and weeks"},

		{"mover", "", nil, ""},
		{"mover", "list", "cities",
			`mover.list is "cities", not one of ["labels" "buttons" "pages"]`},
		{"mover", "count", -1, "mover.count is -1, " + negative},
		{"mover", "kind", "fallen", ""},

		{"closed", "", nil, ""},
		{"closed", "count", -1, "closed.count is -1, " + negative},
		{"closed", "previous", -1, "closed.previous is -1, " + negative},
		{"closed", "ordinary", -1, "closed.ordinary is -1, " + negative},
		{"closed", "ordinary", nil, ""},
		{"closed", "hours.from", -1, "closed.hours.from is -1, " + negative},
		{"closed", "hours.from", 0, ""},
		{"closed", "hours.from", 23, ""},
		{"closed", "hours.from", 24, "closed.hours is from 24 to 20" + hours},
		{"closed", "hours.to", -1, "closed.hours.to is -1, " + negative},
		{"closed", "hours.to", 0, ""},
		{"closed", "hours.to", 24, "closed.hours is from 18 to 24" + hours},
		{"closed", "hours.count", -1, "closed.hours.count is -1, " + negative},
		{"closed", "hours", nil, ""},
		{"closed", "day.date", "2026-11-16",
			"closed.day.date is 2026-11-16, which is no day of 2026-W46"},
		{"closed", "day.count", -1, "closed.day.count is -1, " + negative},
		{"closed", "day", nil, ""},

		{"days", "", nil, ""},
		{"days", "most", nil, ""},
		{"days", "fewest", nil, ""},
		{"days", "most.date", "2026-11-16",
			"days.most.date is 2026-11-16, which is no day of 2026-W46"},
		{"days", "fewest.chats", -1, "days.fewest.chats is -1, " + negative},
		{"days", "fewest.ordinary", -1, "days.fewest.ordinary is -1, " + negative},
		{"days", "most.ordinary", nil, "days is against the ordinary day, but has no ordinary"},

		{"hours", "", nil, ""},
		{"hours", "half.to", 24, "hours.half is from 9 to 24" + hours},
		{"hours", "busiest.from", 24, "hours.busiest is from 24 to 11" + hours},
		{"hours", "busiest", nil, ""},
		{"hours", "total", 0, "hours.total is 0"},
	} {
		value := any(insights()[c.kind])
		if c.path != "" {
			set(t, value, c.path, c.value)
		}
		list := []any{map[string]any{"kind": c.kind, c.kind: value}}
		if c.want != "" {
			refuses(t, busy, "insights[0]."+c.want, "insights", list)
		} else if _, err := figures.Decode(with(t, busy, "insights", list)); err != nil {
			t.Errorf("%s with %s %v: %v", c.kind, c.path, c.value, err)
		}
	}
	for _, key := range []string{"", "before_"} {
		shift := insights()["feedback"]
		shift[key+"positive"], shift[key+"total"] = 0, 0
		want := map[string]string{"": "is 0 of 0 ratings",
			"before_": "was 0 of 0 ratings before"}[key]
		refuses(t, busy, "insights[0].feedback "+want, "insights",
			[]any{map[string]any{"kind": "feedback", "feedback": shift}})
	}
	days := insights()["days"]
	days["against"], days["most"] = false, nil
	refuses(t, busy, "insights[0].days has no busiest day", "insights",
		[]any{map[string]any{"kind": "days", "days": days}})
}

func TestDecode_LimitsAreValid(t *testing.T) {
	for _, c := range []struct {
		path  string
		value any
	}{
		{"fetched_at", "0001-01-01T00:00:00Z"},
		{"fetched_at", "9999-12-31T23:59:59Z"},
		{"unavailable", []any{map[string]any{"section": "hours.days", "reason": "gone",
			"days": []any{"2026-11-09", "2026-11-15"}}}},
		{"chats.weekly.3.missing_days", 7},
		{"fallbacks.daily.2.rate", 0},
		{"fallbacks.daily.2.rate", 1},
		{"ordinary.chats.mad", 0},
		{"fallbacks.incidents.0.ordinary", 1},
		{"ordinary.weeks", []any{"2026-W40", "2026-W41", "2026-W42", "2026-W43"}},
		{"special", []any{map[string]any{"first": "2026-11-10", "last": "2026-11-10",
			"kind": "holiday"}}},
		{"feedback.weekly.2.binary", map[string]any{"positive": 0, "total": 0}},
		{"targets.2.steps", 2},
		{"targets.2.steps", 5},
		{"movers.labels.0.kind", "fallen"},
		{"brand", map[string]any{"accent": ""}},
	} {
		if _, err := figures.Decode(with(t, figurestest.Busy(), c.path, c.value)); err != nil {
			t.Errorf("%s %v: %v", c.path, c.value, err)
		}
	}
}
