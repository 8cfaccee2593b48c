package figures_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

var update = flag.Bool("update", false, "write testdata/*.json anew")

func encode(t testing.TB, r *figures.Report) []byte {
	t.Helper()
	data, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sameDates lets dates and weeks be compared, whose fields are their own.
var sameDates = cmp.Options{
	cmp.Comparer(func(a, b period.Date) bool { return a == b }),
	cmp.Comparer(func(a, b period.Period) bool { return a == b }),
}

// roundTrip expects a report to be the same after it was written and read, to the byte.
func roundTrip(t testing.TB, r *figures.Report) {
	t.Helper()
	data := encode(t, r)
	again, err := figures.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, again) { // which is quicker
		if diff := cmp.Diff(r, again, sameDates); diff != "" {
			t.Errorf("the report read back differs (-written +read):\n%s", diff)
		}
	}
	if second := encode(t, again); !bytes.Equal(data, second) {
		t.Errorf("written again it differs (-first +second):\n%s",
			cmp.Diff(string(data), string(second)))
	}
}

func TestEncode_RoundTrip(t *testing.T) {
	cases := figurestest.Cases()
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(name, func(t *testing.T) { roundTrip(t, cases[name]) })
	}
	t.Run("branded", func(t *testing.T) { roundTrip(t, figurestest.Branded()) })
}

func TestEncode_Golden(t *testing.T) {
	for _, name := range []string{"busy", "unavailable", "new", "special", "gap"} {
		r := figurestest.Cases()[name]
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name+".json")
			got := encode(t, r)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got; -update writes it anew, which for a changed key breaks every archive):\n%s", file, diff)
			}
		})
	}
}

// document is report.json as any reader sees it.
func document(t testing.TB, r *figures.Report) any {
	t.Helper()
	var doc any
	if err := json.Unmarshal(encode(t, r), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// walk follows a path such as chats.daily.0.date.
func walk(doc any, path string) (any, bool) {
	for _, step := range strings.Split(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				return nil, false
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil, false
			}
			doc = v[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// The keys are a contract with readers of report.json. Every report has each of them; a missing
// value is null, and the report says so.
func TestEncode_Keys(t *testing.T) {
	const (
		value = -iota // neither null nor of a fixed length
		mayBeNull
	)
	type key struct {
		path   string
		length int // or value, or mayBeNull
	}
	always := []key{
		{"schema", value}, {"id", value}, {"locale", value}, {"fetched_at", value},
		{"bot.id", value}, {"bot.name", value}, {"bot.tz", value},
		{"week.name", value}, {"week.from", value}, {"week.to", value},
		{"filters.sources", value}, {"filters.languages", value},
		{"history_from", mayBeNull}, {"baseline", value},
		{"history", 84}, {"history.0.date", value}, {"history.83.chats", value},
		{"history.83.messages", value},
		{"chats.hourly", 7}, {"chats.hourly.0", 24}, {"chats.hourly.6", 24},
		{"fallbacks.count", mayBeNull}, {"fallbacks.rate", mayBeNull},
		{"fallbacks.previous_count", mayBeNull},
		{"fallbacks.previous_rate", mayBeNull}, {"fallbacks.change_pp", mayBeNull},
		{"fallbacks.daily", 7}, {"fallbacks.daily.0.date", value},
		{"fallbacks.daily.0.count", mayBeNull}, {"fallbacks.daily.0.rate", mayBeNull},
		{"fallbacks.weekly", 12}, {"fallbacks.weekly.0.week", value},
		{"fallbacks.weekly.0.count", mayBeNull}, {"fallbacks.weekly.0.rate", mayBeNull},
		{"handovers.daily", 7}, {"handovers.daily.6.date", value}, {"handovers.weekly", 12},
		{"handovers.weekly.11.week", value},
		{"feedback.binary", mayBeNull}, {"feedback.emojis", mayBeNull},
		{"feedback.previous_binary", mayBeNull}, {"feedback.previous_emojis", mayBeNull},
		{"pages", mayBeNull}, {"buttons", mayBeNull}, {"labels", mayBeNull},
		{"unavailable", value}, {"dropped", value},

		// Old reports have none of these.
		{"fallbacks.history", 84}, {"fallbacks.history.0.date", value},
		{"fallbacks.history.0.count", mayBeNull}, {"fallbacks.history.83.rate", mayBeNull},
		{"fallbacks.incidents", value},
		{"handovers.hourly_while_closed", 7}, {"handovers.hourly_while_closed.0", 24},
		{"feedback.before_binary", mayBeNull}, {"feedback.before_emojis", mayBeNull},
		{"feedback.weekly", mayBeNull},
		{"special", value}, {"ordinary", mayBeNull}, {"year_ago", mayBeNull}, {"targets", value},
		{"movers.labels", mayBeNull}, {"movers.buttons", mayBeNull}, {"movers.pages", mayBeNull},
		{"insights", value}, {"headline.rule", value},
	}
	for _, volume := range []string{"chats", "messages"} {
		always = append(always, key{volume + ".total", value}, key{volume + ".previous", value},
			key{volume + ".change", mayBeNull},
			key{volume + ".daily", 7}, key{volume + ".daily.0.date", value},
			key{volume + ".daily.0.count", value},
			key{volume + ".previous_daily", 7}, key{volume + ".previous_daily.6.date", value},
			key{volume + ".previous_daily.6.count", value},
			key{volume + ".weekly", 12}, key{volume + ".weekly.11.week", value},
			key{volume + ".weekly.11.count", value})
	}
	for _, stage := range []string{"requests", "requests_while_closed", "started", "ended"} {
		for _, of := range []string{"", "previous.", "change.", "daily.0.", "weekly.0."} {
			always = append(always, key{"handovers." + of + stage, mayBeNull})
		}
	}
	available := []key{ // where there are items
		{"feedback.binary.0.rating", value}, {"feedback.binary.0.count", value},
		{"feedback.binary.0.ratio", value},
		{"feedback.emojis.4.rating", value}, {"feedback.emojis.4.count", value},
		{"feedback.emojis.4.ratio", value},
		{"pages.0.host", value}, {"pages.0.path", value}, {"pages.0.sessions", value},
		{"pages.0.messages", value},
		{"pages.0.previous", value}, {"pages.0.change", value},
		{"buttons.0.text", value}, {"buttons.0.dialogue", value}, {"buttons.0.count", value},
		{"buttons.0.ratio", value},
		{"buttons.0.previous", value}, {"buttons.0.change", value},
		{"labels", 100}, {"labels.0.id", value}, {"labels.0.text", value},
		{"labels.0.count", value},
		{"labels.0.previous", value}, {"labels.0.change", value},
		{"labels.4.previous_below_limit", value},
	}
	available = append(available, []key{
		{"fallbacks.incidents.0.date", value}, {"fallbacks.incidents.0.count", value},
		{"fallbacks.incidents.0.replies", value},
		{"fallbacks.incidents.0.rate", value}, {"fallbacks.incidents.0.ordinary", value},
		{"fallbacks.incidents.0.level", value},
		{"feedback.weekly", 12}, {"feedback.weekly.0.week", value},
		{"feedback.weekly.0.binary.positive", value},
		{"feedback.weekly.11.emojis.total", value},
		{"ordinary.weeks", 11}, {"ordinary.days", 7}, {"ordinary.days.0.date", value},
		{"ordinary.days.0.chats", value},
		{"ordinary.days.0.messages", value}, {"ordinary.days.0.fallback_rate", value},
		{"year_ago.week", value}, {"year_ago.chats", value}, {"year_ago.messages", value},
		{"year_ago.fallback_count", value},
		{"year_ago.fallback_rate", value}, {"year_ago.daily", 7}, {"year_ago.daily.0.date", value},
		{"year_ago.daily.0.chats", value},
		{"year_ago.daily.0.messages", value},
		{"targets", 4}, {"targets.0.name", value}, {"targets.0.limit", value},
		{"targets.0.at_least", value}, {"targets.0.value", value},
		{"targets.0.of", value}, {"targets.2.steps", value}, {"targets.3.of", mayBeNull},
		{"targets.0.state", value}, {"targets.0.weeks", value}, {"targets.0.before", value},
		{"targets.0.before_weeks", value}, {"targets.0.weekly", 12},
		{"targets.0.weekly.0.week", value}, {"targets.0.weekly.0.value", value},
		{"targets.0.weekly.0.state", value},
		{"movers.buttons.0.kind", value}, {"movers.buttons.0.name", value},
		{"movers.buttons.0.dialogue", value}, {"movers.buttons.0.count", value},
		{"movers.buttons.0.previous", value}, {"movers.buttons.0.level", value},
		{"insights", 5}, {"insights.0.kind", value}, {"insights.0.incident.date", value},
		{"insights.1.target.name", value},
	}...)
	for _, measure := range []string{"chats", "messages", "fallback_rate", "handover_rate",
		"feedback", "requests_while_closed"} {
		available = append(available, key{"ordinary." + measure + ".median", value},
			key{"ordinary." + measure + ".mad", value},
			key{"ordinary." + measure + ".weeks", value})
	}
	unavailable := []key{{"unavailable.0.section", value}, {"unavailable.0.reason", value},
		{"unavailable", 8}}

	check := func(t *testing.T, doc any, keys []key) {
		for _, k := range keys {
			got, ok := walk(doc, k.path)
			list, isList := got.([]any)
			switch {
			case !ok:
				t.Errorf("%s is not there", k.path)
			case got == nil && k.length != mayBeNull:
				t.Errorf("%s is null", k.path)
			case k.length > 0 && (!isList || len(list) != k.length):
				t.Errorf("%s is %v, want a list of %d", k.path, got, k.length)
			}
		}
	}
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) { check(t, document(t, r), always) })
	}
	check(t, document(t, figurestest.Busy()), available)
	check(t, document(t, figurestest.Unavailable()), unavailable)
	check(t, document(t, figurestest.Special()), []key{
		{"special", 5}, {"special.0.first", value}, {"special.0.last", value},
		{"special.0.kind", value}, {"special.0.name", value}})
	check(t, document(t, figurestest.Branded()),
		[]key{{"brand.accent", value}, {"brand.logo", value}})

	t.Run("nothing but the core", func(t *testing.T) {
		doc := document(t, figurestest.Unavailable())
		for _, path := range []string{
			"chats.hourly.0.0", "fallbacks.count", "fallbacks.rate", "fallbacks.change_pp",
			"fallbacks.daily.0.count", "fallbacks.weekly.11.count",
			"handovers.requests", "handovers.previous.ended", "handovers.daily.0.started",
			"handovers.weekly.0.requests_while_closed",
			"feedback.binary", "feedback.previous_emojis", "pages", "buttons", "labels",
			"fallbacks.history.0.count", "handovers.hourly_while_closed.0.0",
			"feedback.before_binary", "feedback.weekly", "year_ago",
			"movers.labels", "movers.buttons", "movers.pages", "targets.0.value",
			"ordinary.fallback_rate", "ordinary.handover_rate",
		} {
			if got, ok := walk(doc, path); !ok || got != nil {
				t.Errorf("%s is %v, want null", path, got)
			}
		}
	})
}

// with returns the document with one value changed, or more: each a path and a value. removed takes
// it out.
func with(t testing.TB, r *figures.Report, path string, value any, more ...any) []byte {
	t.Helper()
	doc := document(t, r)
	set(t, doc, path, value)
	for ; len(more) > 0; more = more[2:] {
		set(t, doc, more[0].(string), more[1])
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func set(t testing.TB, doc any, path string, value any) {
	t.Helper()
	parentPath, last := "", path
	if i := strings.LastIndex(path, "."); i >= 0 {
		parentPath, last = path[:i], path[i+1:]
	}
	parent := doc
	if parentPath != "" {
		var ok bool
		if parent, ok = walk(doc, parentPath); !ok {
			t.Fatalf("no %s in the report", parentPath)
		}
	}
	switch p := parent.(type) {
	case map[string]any:
		if value == removed {
			delete(p, last)
		} else {
			p[last] = value
		}
	case []any:
		i, err := strconv.Atoi(last)
		if err != nil {
			t.Fatal(err)
		}
		p[i] = value
	}
}

var removed any = new(int)

func TestDecode_MissingFields(t *testing.T) {
	busy, unavailable := figurestest.Busy(), figurestest.Unavailable()
	none := []any{}
	for _, c := range []struct {
		report *figures.Report
		path   string
		value  any
		want   string // after "report.json: "
	}{
		{busy, "schema", 2, "schema 2, but this program reads 1: use the version that wrote it"},
		{busy, "schema", removed,
			"schema 0, but this program reads 1: use the version that wrote it"},
		{busy, "id", "", "id is missing"},
		{busy, "bot.id", removed, "bot.id is missing"},
		{busy, "bot.tz", "Norway/Oslo",
			`bot.tz: unknown time zone "Norway/Oslo"; use a name such as Europe/Oslo`},
		{busy, "week.name", removed, "week.name is missing"},
		{busy, "week.name", "2026-W45",
			"week: 2026-W45 is 2026-11-02 to 2026-11-09, not 2026-11-09 to 2026-11-16"},
		{busy, "week.to", "2026-11-15",
			"week: 2026-W46 is 2026-11-09 to 2026-11-16, not 2026-11-09 to 2026-11-15"},
		{busy, "fetched_at", "0000-01-01T00:00:00Z",
			"year 0, of the week or of fetched_at, cannot be written"},

		{busy, "chats.daily", none, "chats.daily has 0 entries, not 7"},
		{busy, "chats.daily", removed, "chats.daily has 0 entries, not 7"},
		{busy, "chats.previous_daily", none, "chats.previous_daily has 0 entries, not 7"},
		{busy, "chats.weekly", none, "chats.weekly has 0 entries, not 12"},
		{busy, "chats.hourly", none, "chats.hourly has 0 entries, not 7"},
		{busy, "chats.hourly.3", none, "chats.hourly[3] has 0 entries, not 24"},
		{busy, "messages.daily", none, "messages.daily has 0 entries, not 7"},
		{busy, "messages.previous_daily", none, "messages.previous_daily has 0 entries, not 7"},
		{busy, "messages.weekly", none, "messages.weekly has 0 entries, not 12"},
		{busy, "fallbacks.daily", none, "fallbacks.daily has 0 entries, not 7"},
		{busy, "fallbacks.weekly", none, "fallbacks.weekly has 0 entries, not 12"},
		{busy, "handovers.daily", none, "handovers.daily has 0 entries, not 7"},
		{busy, "handovers.weekly", none, "handovers.weekly has 0 entries, not 12"},
		{busy, "history", none, "history has 0 entries, not 84"},

		{busy, "chats.daily.2.date", "2026-11-12",
			"chats.daily[2] is of 2026-11-12, not of 2026-11-11"},
		{busy, "chats.previous_daily.0.date", "2026-11-09",
			"chats.previous_daily[0] is of 2026-11-09, not of 2026-11-02"},
		{busy, "chats.weekly.11.week", "2026-W47",
			"chats.weekly[11] is of 2026-W47, not of 2026-W46"},
		{busy, "messages.daily.0.date", removed,
			"messages.daily[0] is of 0000-00-00, not of 2026-11-09"},
		{busy, "fallbacks.daily.6.date", "2026-11-16",
			"fallbacks.daily[6] is of 2026-11-16, not of 2026-11-15"},
		{busy, "fallbacks.weekly.0.week", "2026-W34",
			"fallbacks.weekly[0] is of 2026-W34, not of 2026-W35"},
		{busy, "handovers.daily.0.date", "2025-11-09",
			"handovers.daily[0] is of 2025-11-09, not of 2026-11-09"},
		{busy, "handovers.weekly.0.week", "2026-W36",
			"handovers.weekly[0] is of 2026-W36, not of 2026-W35"},
		{busy, "history.0.date", "2026-08-23", "history[0] is of 2026-08-23, not of 2026-08-24"},

		{busy, "chats.total", -1, "chats.total is -1, which is negative"},
		{busy, "messages.daily.3.count", -1, "messages.daily[3].count is -1, which is negative"},
		{busy, "chats.weekly.3.count", -1, "chats.weekly[3].count is -1, which is negative"},
		{busy, "chats.hourly.0.5", -1, "chats.hourly[0][5] is -1, which is negative"},
		{busy, "handovers.daily.0.ended", -1, "handovers.daily[0].ended is -1, which is negative"},
		{busy, "fallbacks.rate", 11.8, "fallbacks.rate is 11.8, but a fraction is from 0 to 1"},
		{busy, "feedback.emojis.1.ratio", -0.5,
			"feedback.emojis[1].ratio is -0.5, but a fraction is from 0 to 1"},
		{busy, "pages.0.messages", -4, "pages[0].messages is -4, which is negative"},

		{busy, "history_from", nil,
			"history_from is not the first day of history with a chat or a message"},
		{busy, "history_from", "",
			"history_from is not the first day of history with a chat or a message"},
		{busy, "baseline", false, "baseline is false, but by history it is true"},
		{busy, "chats.change", nil,
			"chats.change needs a baseline and a previous count above 0, and is null without"},
		{busy, "messages.previous", 0,
			"messages.change needs a baseline and a previous count above 0, and is null without"},
		{busy, "labels.0.change", nil,
			"labels[0].change needs a baseline and a previous count above 0, and is null without"},
		{busy, "labels.0.previous", nil,
			"labels[0].change needs a baseline and a previous count above 0, and is null without"},
		{busy, "labels.0.previous_below_limit", true,
			"labels[0] cannot have a previous count that is below the limit"},

		{busy, "fallbacks.count", nil,
			`fallbacks.count is null, but unavailable does not say why: it has no section "fallbacks"`},
		{busy, "fallbacks.previous_count", nil,
			`fallbacks.previous_count is null, but unavailable does not say why: it has no section "fallbacks.previous"`},
		{busy, "fallbacks.previous_rate", nil, "fallbacks.change_pp needs rate and previous_rate"},
		{busy, "fallbacks.daily.3.count", nil,
			`fallbacks.daily[3].count is null, but unavailable does not say why: it has no section "fallbacks.daily"`},
		{busy, "handovers.requests", nil,
			`handovers.requests is null, but unavailable does not say why: it has no section "handovers"`},
		{busy, "handovers.previous", nil,
			`handovers.previous.requests is null, but unavailable does not say why: it has no section "handovers"`},
		{busy, "handovers.weekly.2.started", nil,
			`handovers.weekly[2].started is null, but unavailable does not say why: it has no section "handovers"`},
		{busy, "feedback.binary", nil,
			`feedback.binary is null, but unavailable does not say why: it has no section "feedback"`},
		{busy, "feedback.previous_emojis", nil,
			`feedback.previous_emojis is null, but unavailable does not say why: it has no section "feedback.previous"`},
		{busy, "pages", nil,
			`pages is null, but unavailable does not say why: it has no section "pages"`},
		{busy, "buttons", removed,
			`buttons is null, but unavailable does not say why: it has no section "buttons"`},
		{busy, "labels", nil,
			`labels is null, but unavailable does not say why: it has no section "labels"`},

		{busy, "special", []any{map[string]any{"first": "2026-11-10", "last": "2026-11-09",
			"kind": "note"}}, "special[0] is of 2026-11-10 to 2026-11-09, which are no days"},
		{busy, "special", []any{map[string]any{"first": "2026-11-10", "last": "2026-11-10",
			"kind": "party"}}, `special[0].kind is "party", not one of ["holiday" "note"]`},
		{busy, "ordinary.weeks", none, "ordinary.weeks has 0 entries, and needs 4"},
		{busy, "ordinary.chats.median", -1, "ordinary.chats.median is -1, which is negative"},
		{busy, "ordinary.days", none, "ordinary.days has 0 entries, not 7"},
		{busy, "ordinary.days.1.date", "2026-11-09",
			"ordinary.days[1] is of 2026-11-09, not of 2026-11-10"},
		{busy, "year_ago.week", "2025-W45",
			"year_ago.week is 2025-W45, not 2025-W46, a year before"},
		{busy, "year_ago.daily", none, "year_ago.daily has 0 entries, not 7"},
		{busy, "year_ago.fallback_count", nil, "year_ago.fallback_rate needs a count"},
		{busy, "fallbacks.history", none, "fallbacks.history has 0 entries, not 84"},
		{busy, "fallbacks.incidents.0.date", "2026-11-16",
			"fallbacks.incidents[0].date is 2026-11-16, which is no day of 2026-W46"},
		{busy, "fallbacks.incidents", none, "headline.rule is incident, but there is none"},
		{busy, "handovers.hourly_while_closed", none,
			"handovers.hourly_while_closed has 0 entries, not 7"},
		{busy, "handovers.hourly_while_closed.0", none,
			"handovers.hourly_while_closed[0] has 0 entries, not 24"},
		{busy, "handovers.hourly_while_closed.0.18", -1,
			"handovers.hourly_while_closed[0][18] is -1, which is negative"},
		{busy, "feedback.weekly", none, "feedback.weekly has 0 entries, not 12"},
		{busy, "feedback.weekly.0.binary.positive", 9999,
			"feedback.weekly[0].binary is 9999 of 192 ratings"},
		{busy, "targets.0.name", "speed",
			`targets[0].name is "speed", not one of ["fallback_rate" "handover_rate" "feedback" "requests_while_closed"]`},
		{busy, "targets.0.state", "late",
			`targets[0].state is "late", not one of ["met" "missed" "unknown"]`},
		{busy, "targets.0.value", nil, "targets[0] is missed, but has no value"},
		{busy, "targets.0.weeks", 13,
			"targets[0] has been missed for 13 weeks, and missed for 11 before, of 12"},
		{busy, "movers.buttons.0.kind", "odd",
			`movers.buttons[0].kind is "odd", not one of ["new" "gone" "risen" "fallen"]`},
		{busy, "insights", []any{map[string]any{"kind": "record"}},
			"insights[0] is of the kind record, but has nothing of it"},
		{busy, "insights", []any{map[string]any{"kind": "days",
			"days": map[string]any{"against": true}}}, "insights[0].days has no busiest day"},
		{busy, "insights", []any{map[string]any{"kind": "hours",
			"hours": map[string]any{"half": map[string]any{"from": 24}, "total": 1}}},
			"insights[0].hours.half is from 24 to 0, which are no hours"},
		{busy, "insights.0.incident.rate", 7,
			"insights[0].incident.rate is 7, but a fraction is from 0 to 1"},
		{busy, "brand", map[string]any{"accent": "#0A7D4F"},
			`brand.accent is "#0A7D4F", not #rrggbb`},
		{busy, "headline.rule", "", "headline.rule is missing"},
		{busy, "headline.rule", "record", "headline.record is missing"},

		{unavailable, "unavailable.0.reason", "", "unavailable[0] needs a section and a reason"},
		{unavailable, "chats.hourly.0.5", 1,
			`chats.hourly[0][5] is there, but unavailable has the section "hours"`},
		{unavailable, "fallbacks.count", 1,
			`fallbacks.count is there, but unavailable has the section "fallbacks"`},
		{unavailable, "handovers.daily.0.requests", 1,
			`handovers.daily[0].requests is there, but unavailable has the section "handovers"`},
		{unavailable, "feedback.emojis", none,
			`feedback.emojis is there, but unavailable has the section "feedback"`},
		{unavailable, "labels", none, `labels is there, but unavailable has the section "labels"`},
	} {
		value := "removed"
		if c.value != removed {
			data, _ := json.Marshal(c.value)
			value = string(data)
		}
		t.Run(c.path+" "+value, func(t *testing.T) {
			_, err := figures.Decode(with(t, c.report, c.path, c.value))
			if err == nil {
				t.Fatal("no error")
			}
			expect(t, "error", err.Error(), "report.json: "+c.want)
		})
	}
}

func TestDecode_NotAReport(t *testing.T) {
	for _, c := range []struct{ name, data string }{
		{"nothing", ""}, {"no JSON", "%PDF-1.4"},
		{"half a report", string(encode(t, figurestest.Busy())[:5000])},
		{"a list", "[]"}, {"null", "null"}, {"text for a number", `{"schema": "1"}`},
		{"no date", `{"schema": 1, "week": {"from": "9 November"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := figures.Decode([]byte(c.data))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasPrefix(err.Error(), "report.json: ") {
				t.Errorf("the error does not name the file: %v", err)
			}
		})
	}
}

// Decode adds nothing to an old report. What was unknown then, such as its holidays, stays unknown.
func TestDecode_OldReport(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "before.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := figures.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "chats", r.Chats.Total, 8031)
	if r.Headline != nil || r.Insights != nil || r.Baseline != nil || r.Targets != nil ||
		r.Special != nil || r.Movers != nil || r.YearAgo != nil {
		t.Error("something was made up")
	}
	expect(t, "may be compared with the week before", r.Comparable(r.Chats.Total, r.Chats.Previous),
		true)
	expect(t, "missed now", r.EvaluateTargets(figures.Targets{FallbackRate: new(0.1)})[0].State,
		figures.Missed)
}

// Keys are only ever added, so an older program reads a newer report of the same schema.
func TestDecode_UnknownKeys(t *testing.T) {
	r := figurestest.Busy()
	again, err := figures.Decode(with(t, r, "chats.abandoned", 12))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "chats", again.Chats.Total, r.Chats.Total)
}

// checkDecode expects that data is refused, or is a report that stays the same when it is written
// and read.
func checkDecode(t *testing.T, data []byte) {
	r, err := figures.Decode(data)
	if err != nil {
		return
	}
	first := encode(t, r)
	again, err := figures.Decode(first)
	if err != nil {
		t.Fatalf("what was decoded and encoded is refused: %v", err)
	}
	if second := encode(t, again); !bytes.Equal(first, second) {
		t.Errorf("written again it differs (-first +second):\n%s",
			cmp.Diff(string(first), string(second)))
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "{}",
		`{"schema":1,"id":"a","bot":{"id":"a","tz":"UTC"},"week":{"name":"2026-W46","from":"2026-11-09","to":"2026-11-16"}}`} {
		f.Add([]byte(seed))
	}
	var small bytes.Buffer
	if err := json.Compact(&small, encode(f, figurestest.Tiny())); err != nil {
		f.Fatal(err)
	}
	f.Add(small.Bytes())
	f.Fuzz(checkDecode)
}

// FuzzDecodeChanged puts any JSON in any place of a good report, which chance would hardly manage
// byte by byte.
func FuzzDecodeChanged(f *testing.F) {
	var documents []any
	for _, r := range []*figures.Report{figurestest.Tiny(), figurestest.Unavailable()} {
		documents = append(documents, document(f, r))
	}
	for place := range 60 {
		f.Add(byte(place), uint16(37*place), []string{"null", "-1", `""`, "[]", "{}", "1e400",
			`"2026-W01"`, "true", "0.5", `"\ud800"`}[place%10])
	}
	f.Fuzz(func(t *testing.T, which byte, place uint16, value string) {
		if !json.Valid([]byte(value)) {
			return
		}
		left := int(place)
		data, err := json.Marshal(replace(documents[int(which)%len(documents)], &left,
			json.RawMessage(value)))
		if err != nil {
			t.Fatal(err)
		}
		checkDecode(t, data)
	})
}

// replace returns a document with the value in one place replaced. Places are counted depth first,
// keys in their order.
func replace(doc any, left *int, value any) any {
	if *left--; *left == -1 {
		return value
	}
	switch v := doc.(type) {
	case map[string]any:
		changed := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			changed[key] = replace(v[key], left, value)
		}
		return changed
	case []any:
		changed := make([]any, len(v))
		for i := range v {
			changed[i] = replace(v[i], left, value)
		}
		return changed
	}
	return doc
}
