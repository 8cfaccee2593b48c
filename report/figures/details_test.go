package figures_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func TestCompute_KeepsTheCallersAnswers(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	twice := figures.Answer[figures.Ratings]{Value: figures.Ratings{
		Binary: []figures.Rating{{Rating: 1, Count: 3}, {Rating: 1, Count: 3}}}}
	a.FeedbackBefore = []figures.Answer[figures.Ratings]{twice}
	a.FeedbackTrend = []figures.Answer[figures.Ratings]{twice}
	r := compute(t, a)
	expect(t, "repeated", len(r.Repeated), 2)
	expect(t, "before", len(a.FeedbackBefore[0].Value.Binary), 2)
	expect(t, "trend", len(a.FeedbackTrend[0].Value.Binary), 2)
}

func TestCompute_NotesSurplus(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.Pages.This.Surplus, a.Labels.Previous.Surplus = 3, 1
	expect(t, "surplus", compute(t, a).Surplus, []figures.Surplus{
		{Section: "pages", Items: 3}, {Section: "labels.previous", Items: 1}})
}

func TestCompute_FallbackRateStandsOut(t *testing.T) {
	for factor, want := range map[float64]string{1: "", 3: figures.Higher} {
		r := report(t, rateTimes(thisWeek, -1, factor))
		expect(t, fmt.Sprintf("%v times the rate", factor), r.Fallbacks.StandsOut, want)
	}
}

func TestCompute_DiscardsAnswersForOtherTimes(t *testing.T) {
	old := at(t, "2020-01-06 10:00")
	points := []figures.Point{{Time: old, Count: 9}}
	rates := []figures.RatePoint{{Time: old, Count: 9, Rate: new(0.1)}}
	stages := []figures.StagePoint{{Time: old, Requests: 9}}
	for _, c := range []struct {
		section string
		change  func(*figures.Answers)
	}{
		{"hours", func(a *figures.Answers) { a.Hours.Value = points }},
		{"fallbacks.daily", func(a *figures.Answers) { a.FallbackDays.Value = rates }},
		{"fallbacks.weekly", func(a *figures.Answers) { a.FallbackTrend.Value = rates }},
		{"handovers", func(a *figures.Answers) { a.Handovers.Value = stages }},
		{"handovers.hourly", func(a *figures.Answers) { a.HandoverHours.Value = stages }},
		{"year_ago", func(a *figures.Answers) { a.YearAgo.Chats.Value = points }},
		{"year_ago", func(a *figures.Answers) { a.YearAgo.Messages.Value = points }},
	} {
		a := steady(t, testWeek, "Europe/Oslo")
		c.change(&a)
		r := compute(t, a)
		reason, _ := r.Reason(c.section)
		expect(t, c.section, reason, "Sage answered only for times that were not asked for")
		expect(t, c.section+": dropped", len(r.Dropped), 0)
	}
}

func TestCompute_NotesNoPointsOfHiddenSections(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	rates := []figures.RatePoint{{Time: at(t, "2020-01-06"), Count: 9}, {Time: at(t, "2026-08-24")}}
	a.Fallbacks.This.Failed, a.FallbackDays.Value, a.FallbackTrend.Value = "gone", rates, rates
	a.Handovers.Failed = "gone"
	a.HandoverHours.Value = []figures.StagePoint{
		{Time: at(t, "2020-01-06")}, {Time: at(t, "2026-11-09 10:00")}}
	days := []figures.Point{{Time: at(t, "2020-01-06")}, {Time: at(t, "2025-11-10")}}
	a.YearAgo.Chats.Value, a.YearAgo.Messages.Failed = days, "gone"
	expect(t, "one of both", len(compute(t, a).Dropped), 0)
	a.YearAgo.Chats.Failed, a.YearAgo.Chats.Value = "gone", nil
	a.YearAgo.Messages.Failed, a.YearAgo.Messages.Value = "", days
	expect(t, "the other", len(compute(t, a).Dropped), 0)
}

// What failed is not contradicted too.
func TestCompute_FailedHoursOfHandovers(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.Handovers.Value = []figures.StagePoint{{Time: at(t, "2026-11-10"), Requests: 90}}
	a.HandoverHours.Failed = "gone"
	expect(t, "unavailable", compute(t, a).Unavailable,
		[]figures.Unavailable{{Section: figures.SectionHandoversHourly, Reason: "gone"}})
}

func TestCompute_YearAgoHasSevenDays(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	days := []figures.Point{{Time: at(t, "2025-11-09"), Count: 1},
		{Time: at(t, "2025-11-10"), Count: 2},
		{Time: at(t, "2025-11-16"), Count: 4}, {Time: at(t, "2025-11-17"), Count: 8}}
	a.YearAgo.Chats.Value, a.YearAgo.Messages.Value = days, days[:3]
	r := compute(t, a)
	expect(t, "chats, messages", fmt.Sprint(r.YearAgo.Chats, r.YearAgo.Messages), "6 6")
	expect(t, "dropped", r.Dropped, []figures.Dropped{{Section: "year_ago", Points: 3}})
	a.YearAgo.Chats.Value = append(days, days[1])
	a.YearAgo.Messages.Value = append(days[:3:3], days[1], days[1])
	expect(t, "repeated", compute(t, a).Repeated,
		[]figures.Repeated{{Section: "year_ago", Points: 3}})
}

// A point of a time outside the twelve weeks does not say on which day Sage's weeks begin.
func TestCompute_OtherWeeksAreOfTheTrend(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.FallbackTrend.Value = []figures.RatePoint{
		{Time: at(t, "2026-08-19"), Count: 1}, {Time: at(t, "2026-08-24"), Count: 2}}
	expect(t, "a week that is left out", show(compute(t, a).Fallbacks.Trend[4].Count), "0")
}

func TestCompute_SpecialNamesAreValid(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	monday := a.Period.From()
	a.Special = []figures.Special{{First: monday, Last: monday, Kind: figures.Note, Name: "b\xffd"}}
	expect(t, "name", compute(t, a).Special[0].Name, "b\uFFFDd")
}

// The week before is unknown: its counts are zeros in the file, and nil when it is read.
func TestEncode_UnknownHandoversOfTheWeekBefore(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	wednesday := at(t, "2026-11-04")
	a.Handovers.Value = []figures.StagePoint{
		{Time: wednesday, Requests: 3}, {Time: wednesday, Requests: 4},
		{Time: at(t, "2026-11-10"), Requests: 5}}
	r := compute(t, a)
	expect(t, "requests", show(r.Handovers.Requests)+" "+show(r.Handovers.Previous.Requests), "5 –")
	roundTrip(t, r)
	doc := document(t, r)
	for path, want := range map[string]any{
		"handovers.previous.requests": 0.0, "handovers.change.requests": nil,
		"handovers.weekly.10.ended": 0.0, "handovers.weekly.10.missing": true,
	} {
		got, _ := walk(doc, path)
		expect(t, path, got, want)
	}
}

func TestEncode_RefusesWhatIsNoNumber(t *testing.T) {
	r := figurestest.Busy()
	r.Messages.Change = new(math.NaN())
	data, err := r.Encode()
	if data != nil || err == nil || err.Error() != "report.json: json: unsupported value: NaN" {
		t.Errorf("%d bytes, error %v", len(data), err)
	}
}

func TestDecode_SaysWhatIsNoJSON(t *testing.T) {
	_, err := figures.Decode([]byte("{"))
	if err == nil {
		t.Fatal("no error")
	}
	expect(t, "error", err.Error(), "report.json: unexpected end of JSON input")
}

func TestDecode_TimesAreUTC(t *testing.T) {
	r, err := figures.Decode(with(t, figurestest.Busy(), "fetched_at", "2026-11-16T07:00:00+01:00"))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "fetched at", r.FetchedAt.String(), "2026-11-16 06:00:00 +0000 UTC")
}

func TestDecode_IDIgnoresTheBrand(t *testing.T) {
	cut := func(r *figures.Report, brand *figures.Brand) string {
		r.Pages[0].Path, r.Brand = "/a?u=1", brand
		got, err := figures.Decode(encode(t, r))
		if err != nil {
			t.Fatal(err)
		}
		return got.ID
	}
	plain := cut(figurestest.Busy(), nil)
	expect(t, "branded", cut(figurestest.Busy(), &figures.Brand{Accent: "#0a7d4f"}), plain)
	renamed := figurestest.Busy()
	renamed.ID = "another"
	expect(t, "another id before", cut(renamed, nil), plain)
}

func TestFilters_Empty(t *testing.T) {
	for _, c := range []struct {
		filters figures.Filters
		want    bool
	}{
		{figures.Filters{}, true},
		{figures.Filters{Sources: []string{"web"}}, false},
		{figures.Filters{Languages: []string{"nb"}}, false},
		{figures.Filters{Sources: []string{"web"}, Languages: []string{"nb"}}, false},
	} {
		expect(t, fmt.Sprint(c.filters), c.filters.Empty(), c.want)
	}
}

func TestFilters_KnownNamesOf64Bytes(t *testing.T) {
	long := strings.Repeat("x", 64)
	u, _ := figures.Filters{Sources: []string{"web"}}.Unknown(
		figures.Options{Sources: []string{long, long + "x"}})
	expect(t, "listed", u.KnownSources, []string{long})
	_, checked := figures.Filters{Languages: []string{"nb"}}.Unknown(
		figures.Options{Languages: []string{"nb"}})
	expect(t, "no source is asked for, and none is known", checked, true)
}

func TestLabels_RenamedWithinAWeek(t *testing.T) {
	label := func(id, text string, n int) figures.Label {
		return figures.Label{ID: id, Text: text, Count: n}
	}
	for _, c := range []struct {
		what string
		this []figures.Label
		want string
	}{
		{"the most frequent name", []figures.Label{label("1", "Old", 2), label("1", "New", 5)},
			"New 7 []"},
		{"whatever their order", []figures.Label{label("1", "New", 5), label("1", "Old", 2)},
			"New 7 []"},
		{"of equals the first", []figures.Label{label("1", "A", 5), label("1", "B", 5)}, "A 10 []"},
		{"one without chats", []figures.Label{label("1", "A", 0)}, "A 0 []"},
		{"each id once", []figures.Label{label("1", "A", 5), label("2", "A", 4),
			label("2", "A", 3)}, `A 12 ["2"]`},
		{"no empty id", []figures.Label{label("1", "A", 5), label("", "A", 4)}, "A 9 []"},
	} {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Labels.This.Value = c.this
		l := compute(t, a).Labels[0]
		expect(t, c.what, fmt.Sprintf("%s %d %q", l.Text, l.Count, l.OtherIDs), c.want)
	}
}

func TestLists_FullWithoutSums(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	for i := range figures.ListLimit {
		a.Pages.This.Value = append(a.Pages.This.Value, page(fmt.Sprint("/a?u=", i), 3))
		a.Buttons.This.Value = append(a.Buttons.This.Value,
			figures.Button{Text: fmt.Sprint(i), Count: 3})
	}
	a.PageQueries = figures.PageQueriesKeep
	r := compute(t, a)
	expect(t, "rows, full", fmt.Sprint(len(r.Pages), len(r.Buttons), r.Full), "100 100 []")
	a.PageQueries = ""
	r = compute(t, a)
	expect(t, "rows, full", fmt.Sprint(len(r.Pages), r.Full), "1 [pages]")
	a.Pages.This.Value = a.Pages.This.Value[:99]
	expect(t, "rows of a list that was not full", fmt.Sprint(compute(t, a).Full), "[]")
	a.Pages.This.Value = nil
	for i := range figures.ListLimit {
		a.Pages.This.Value = append(a.Pages.This.Value, page(fmt.Sprint("/a", i, "?u"), 3))
	}
	r = compute(t, a)
	expect(t, "rows, full, each a part of its page", fmt.Sprint(len(r.Pages), r.Full),
		"100 [pages]")
}

func TestPages_AddUp(t *testing.T) {
	host := page("/a", 3)
	host.Host = "user:secret@shop.example"
	for _, c := range []struct {
		what string
		this pages
		want string
	}{
		{"no path", pages{page("", 3)}, " 3, 6 messages, was 0"},
		{"a user name in the host", pages{host, page("/a", 2)}, "/a at most 5, 10 messages, was 0"},
		{"the first without chats", pages{page("/a", 0), page("/a?u=1", 3)},
			"/a 3, 6 messages, was 0"},
		{"the last without chats", pages{page("/a", 3), page("/a?u=1", 2), page("/a?u=2", 0)},
			"/a at most 5, 10 messages, was 0"},
	} {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Pages.This.Value = c.this
		expect(t, c.what, showPages(compute(t, a)), c.want)
	}
}

func TestDecode_CutsOnlyQueries(t *testing.T) {
	mover := func(name string) figures.Mover {
		return figures.Mover{Kind: figures.New, Name: "shop.example" + name, Count: 40, Level: 6}
	}
	decode := func(p pages, movers ...figures.Mover) *figures.Report {
		r := figurestest.Tiny()
		for i := range p {
			p[i].Previous = new(0)
		}
		r.Pages, r.Insights, r.Movers.Pages = p, nil, movers
		got, err := figures.Decode(encode(t, r))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	r := decode(pages{page("/a", 3), page("/a", 2)}, mover("/a"))
	expect(t, "an address twice", fmt.Sprint(r.Cut, len(r.Pages), len(r.Movers.Pages)), "false 2 1")
	r = decode(pages{page("/a", 3), page("/a", 2), page("/b?u=1", 1)}, mover("/a"), mover("/c"))
	expect(t, "and a query", fmt.Sprint(r.Cut, len(r.Pages), len(r.Movers.Pages)), "true 2 1")
	expect(t, "a list that was not full", r.IsFull(figures.SectionPages, len(r.Pages)), false)
	host := page("/a", 3)
	host.Host = "user:secret@shop.example"
	r = decode(pages{host})
	expect(t, "a user name", fmt.Sprint(r.Cut, " ", r.Pages[0].Host), "true shop.example")
}

func TestDecode_ShortSeriesOfHandovers(t *testing.T) {
	_, err := figures.Decode(with(t, figurestest.Busy(), "handovers.weekly",
		[]any{map[string]any{"week": "2026-W46", "missing": true}}))
	if err == nil {
		t.Fatal("no error")
	}
	expect(t, "error", err.Error(), "report.json: handovers.weekly has 1 entries, not 12")
}
