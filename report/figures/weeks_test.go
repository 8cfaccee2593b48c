package figures

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/period"
)

func TestRate_NoMessages(t *testing.T) {
	for _, c := range []struct {
		fallbacks int
		messages  PeriodCount
		kept      bool
	}{
		{0, PeriodCount{}, false},
		{3, PeriodCount{}, true},
		{0, PeriodCount{Count: 5}, true},
		{0, PeriodCount{MissingDays: 1}, true}, // unknown, so not proven to be zero
	} {
		same(t, fmt.Sprintf("%d fallbacks, messages %+v", c.fallbacks, c.messages),
			rate(c.fallbacks, new(0.1), c.messages) != nil, c.kept)
	}
}

func TestReplies_OfARate(t *testing.T) {
	for _, c := range []struct {
		count    int
		rate     *float64
		messages int
		want     int
	}{
		{40, new(0.05), 7, 800},
		{0, new(0.05), 7, 7},
		{40, new(0.0), 7, 7},
		{40, nil, 7, 7},
		{40, new(1.0), 7, 40},
		{1, new(0.3), 7, 3},
		{1, new(1e-12), 7, math.MaxInt32},
		{math.MaxInt32, new(1.0), 7, math.MaxInt32},
	} {
		same(t, fmt.Sprintf("%d, a rate of %v", c.count, c.rate),
			replies(c.count, c.rate, c.messages), c.want)
	}
}

func TestChange_IsRelative(t *testing.T) {
	r := plain()
	near(t, "more", *r.change(new(15), new(10)), 0.5)
	near(t, "less", *r.change(new(5), new(10)), -0.5)
	near(t, "of one", *r.change(new(3), new(1)), 2)
	same(t, "of nothing", r.change(new(3), new(0)), (*float64)(nil))
	r.HasPrevious = false
	same(t, "without a baseline", r.change(new(3), new(1)), (*float64)(nil))
	change, ok := Typical{Median: 4}.Change(6)
	same(t, "from what is ordinary", fmt.Sprint(change, ok), "0.5 true")
	_, ok = Typical{}.Change(6)
	same(t, "from an ordinary nothing", ok, false)
}

func TestDistinct_Ratings(t *testing.T) {
	one, two, other := Rating{Rating: 1, Count: 3}, Rating{Rating: 2, Count: 4},
		Rating{Rating: 1, Count: 5}
	for _, c := range []struct {
		all    []Rating
		kept   []Rating
		again  int
		differ bool
	}{
		{nil, nil, 0, false},
		{[]Rating{one, two}, []Rating{one, two}, 0, false},
		{[]Rating{one, two, one, one}, []Rating{one, two}, 2, false},
		{[]Rating{one, other}, []Rating{one}, 1, true},
		{[]Rating{one, other, other}, []Rating{one}, 2, true},
	} {
		kept, again, differ := distinct(c.all)
		same(t, fmt.Sprint(c.all), fmt.Sprint(kept, again, differ),
			fmt.Sprint(c.kept, c.again, c.differ))
	}
	answer := func(binary,
		emojis []Rating) Answer[Ratings] {
		return Answer[Ratings]{Value: Ratings{binary, emojis}}
	}
	twice := []Rating{one, one}
	a := Answers{
		Feedback:       Pair[Ratings]{This: answer(twice, twice), Previous: answer(twice, nil)},
		FeedbackBefore: []Answer[Ratings]{answer(nil, twice)},
		FeedbackTrend:  []Answer[Ratings]{answer(twice, nil)},
	}
	r := &Report{}
	r.distinguish(&a)
	same(t, "equal ones", r.Repeated, []Repeated{{"feedback", 2}, {"feedback.previous", 1},
		{"feedback.before", 1}, {"feedback.weekly", 1}})
	same(t, "are there once", fmt.Sprint(a.Feedback.This.Value),
		fmt.Sprint(Ratings{[]Rating{one}, []Rating{one}}))
	failed := Answer[Ratings]{Failed: "gone"}
	differ := append(twice, other)
	a = Answers{Feedback: Pair[Ratings]{This: failed, Previous: answer(nil, differ)},
		FeedbackBefore: []Answer[Ratings]{answer(differ, nil)}}
	r = &Report{}
	r.distinguish(&a)
	same(t, "of what is not there none are told", len(r.Repeated), 0)
	same(t, "why",
		a.Feedback.This.Failed+", "+a.Feedback.Previous.Cause.Kind+", "+a.FeedbackBefore[0].Cause.Kind, "gone, repeated, repeated")
}

func TestTogether_Ratings(t *testing.T) {
	same(t, "none", together(), []Rating{})
	same(t, "of one answer, as it is", together([]Rating{{2, 3, 0.7}}), []Rating{{2, 3, 0.7}})
	same(t, "of two", together([]Rating{{2, 3, 0.7}}, []Rating{{1, 4, 0.2}, {2, 1, 0.1}}),
		[]Rating{{1, 4, 0.5}, {2, 4, 0.5}})
	same(t, "without a count", together([]Rating{{2, 0, 0}}, nil), []Rating{{2, 0, 0}})
	same(t, "a share", share([]Rating{{1, 3, 0}, {2, 5, 0}}, 2), &Share{5, 8})
	same(t, "no share", share(nil, 2), (*Share)(nil))
}

func TestStretches_BetweenSpecialWeeks(t *testing.T) {
	w := period.WeekOf(period.NewDate(2026, time.November, 9))
	special := func(weeks ...int) (all []Special) {
		for _, n := range weeks {
			day := w.Add(-n).From().Add(3)
			all = append(all, Special{First: day, Last: day})
		}
		return all
	}
	for _, c := range []struct {
		special []Special
		want    string
	}{
		{nil, "2026-W35–2026-W45"},
		{special(0), "2026-W35–2026-W45"},
		{special(1), "2026-W35–2026-W44"},
		{special(11), "2026-W36–2026-W45"},
		{special(12), "2026-W35–2026-W45"},
		{special(5, 4), "2026-W35–2026-W40 2026-W43–2026-W45"},
		{special(2), "2026-W35–2026-W43 2026-W45–2026-W45"},
	} {
		var got []string
		for _, weeks := range Stretches(w, c.special) {
			got = append(got, fmt.Sprint(weeks[0], "–", weeks[len(weeks)-1]))
		}
		same(t, fmt.Sprint(c.special), strings.Join(got, " "), c.want)
	}
}

// What a rate says is asked of its number of events: at the least it says something, below it does
// not.
func TestRates_NeedEvents(t *testing.T) {
	const place = 4
	rated := func(messages PeriodCount, count int, rate float64) *Report {
		r := plain()
		r.Messages.Trend[place], r.Messages.Trend[TrendPeriods-1] = messages, messages
		r.Messages.Total = messages.Count
		f := FallbackPeriod{Count: &count, Rate: &rate}
		r.Fallbacks.Trend[place], r.Fallbacks.Trend[TrendPeriods-1] = f, f
		return r
	}
	for _, c := range []struct {
		messages PeriodCount
		count    int
		rate     float64
		want     bool
	}{
		{PeriodCount{Count: 100}, 1, 0.1, true},
		{PeriodCount{Count: 99}, 50, 0.1, false},
		{PeriodCount{Count: 10, MissingDays: 2}, 10, 0.1, true}, // of 100 replies
		{PeriodCount{Count: 400, MissingDays: 2}, 9, 0.1, false},
	} {
		r := rated(c.messages, c.count, c.rate)
		what := fmt.Sprintf("%+v, %d fallbacks", c.messages, c.count)
		same(t, what, r.enoughMessages(place), c.want)
		same(t, what+", a rate", r.measureFallbacks(place, 0).reliable() != nil, c.want)
		same(t, what+", this week", r.EnoughMessages(), c.want)
	}
	r := rated(PeriodCount{Count: 100, MissingDays: 2}, 1, 0.1)
	r.Fallbacks.Trend[place].Count = nil
	same(t, "without fallbacks the messages that are known", r.enoughMessages(place), true)

	for _, c := range []struct {
		messages DayCount
		count    *int
		want     bool
	}{
		{DayCount{Count: 20}, new(1), true},
		{DayCount{Count: 19}, new(50), false},
		{DayCount{Missing: true}, new(2), true},
		{DayCount{Missing: true}, new(1), false},
		{DayCount{Missing: true}, nil, false},
	} {
		r := plain()
		r.Messages.Daily, r.Fallbacks.Daily = []DayCount{c.messages},
			[]FallbackDay{{Count: c.count, Rate: new(0.1)}}
		same(t, fmt.Sprintf("a day of %+v", c.messages), r.EnoughOfDay(0), c.want)
	}

	for _, c := range []struct {
		chats              PeriodCount
		requests, closed   int
		want               string
		measured, measures string
	}{
		{PeriodCount{Count: 30}, 5, 4, "0.3", "0.3", "true"},
		{PeriodCount{Count: 29}, 5, 4, "–", "0.310", "false"},
		{PeriodCount{Count: 300, MissingDays: 1}, 5, 4, "–", "–", "false"},
		{PeriodCount{Count: 0}, 5, 4, "–", "–", "false"},
	} {
		r := plain()
		r.Chats.Trend[place] = c.chats
		r.Handovers.Trend = make([]HandoverPeriod, TrendPeriods)
		r.Handovers.Trend[place].HandoverCounts = HandoverCounts{Requests: &c.requests,
			RequestsWhileClosed: &c.closed}
		what := fmt.Sprintf("handovers of %+v", c.chats)
		same(t, what, digits(r.measureHandovers(place, 0).reliable()), c.want)
		m := r.measureHandovers(place, 0)
		same(t, what+", measured", digits(m.value)+" "+fmt.Sprint(m.enough),
			c.measured+" "+c.measures)
		if c.chats.Count == 30 {
			near(t, what+", on its scale", m.y, 2*math.Sqrt(0.3))
			near(t, what+", by chance", m.chance, 1/math.Sqrt(30))
		}
	}
	r = plain()
	r.Handovers.Trend = make([]HandoverPeriod, TrendPeriods)
	r.Chats.Trend[place].Count = 100
	same(t, "handovers that are not known", digits(r.measureHandovers(place, 0).reliable()), "–")
	same(t, "requests while closed that are not known", digits(r.measureClosed(place, 0).value),
		"–")
	r.Handovers.Trend[place].RequestsWhileClosed = new(9)
	m := r.measureClosed(place, 0)
	same(t, "requests while closed", fmt.Sprint(*m.value, m.y, m.chance, m.enough), "9 6 1 true")
}

func digits(f *float64) string {
	if f == nil {
		return "–"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.3f", *f), "00")
}

func TestFeedback_Measures(t *testing.T) {
	share := func(positive, total int) *Share { return &Share{positive, total} }
	for _, c := range []struct {
		binary, emojis *Share
		steps          int
		want           string
	}{
		{nil, nil, 0, "– false 0"},
		{share(15, 20), nil, 0, "0.750 true 2"},
		{share(15, 19), nil, 0, "0.789 false 2"},
		{share(0, 0), share(3, 4), 0, "0.750 false 5"},
		{share(15, 20), share(10, 20), 0, "0.5 true 5"},
		{share(15, 20), share(15, 20), 0, "0.750 true 2"},
		{share(15, 20), share(1, 19), 0, "0.750 true 2"},
		{share(1, 19), share(15, 20), 0, "0.750 true 5"},
		{share(9, 18), share(1, 19), 0, "0.053 false 5"},
		{share(15, 20), share(10, 20), 2, "0.750 true 2"},
		{share(5, 20), share(10, 20), 5, "0.5 true 5"},
	} {
		r := plain()
		r.Feedback.Trend = make([]FeedbackPeriod, TrendPeriods)
		r.Feedback.Trend[3] = FeedbackPeriod{Binary: c.binary, Emojis: c.emojis}
		m := r.measureFeedback(3, c.steps)
		same(t, fmt.Sprint(c.binary, c.emojis, c.steps),
			fmt.Sprint(digits(m.value), " ", m.enough, " ", m.steps), c.want)
	}
	r := plain()
	r.Feedback.Trend = make([]FeedbackPeriod, TrendPeriods)
	r.Feedback.Trend[3].Binary = share(10, 100)
	m := r.measureFeedback(3, 0)
	y, variance := angle(10, 100)
	near(t, "on its scale", m.y, y)
	near(t, "by chance", m.chance, math.Sqrt(variance))
	same(t, "of", *m.of, 100)
}

func TestTargets_ThreeStandardDeviations(t *testing.T) {
	value := func(y float64) measured { return measured{value: &y, enough: true, y: y, chance: 1} }
	for _, c := range []struct {
		what         string
		this, before measured
		want         bool
	}{
		{"three above the limit", value(13), value(10), true},
		{"a little less", value(12.99), value(10), false},
		{"three below", value(7), value(10), true},
		{"this week is not known", measured{enough: true, y: 13, chance: 1}, value(10), false},
		{"of too few events", measured{value: new(13.0), y: 13, chance: 1}, value(10), false},
		{"the weeks before are of too few", value(13), measured{value: new(10.0), y: 10, chance: 1},
			false},
		{"the weeks before are not known", value(13), measured{enough: true, y: 10, chance: 1},
			false},
	} {
		m := measure{
			week: func(place, steps int) measured {
				if place == TrendPeriods-1 {
					return c.this
				}
				return c.before
			},
			scale: func(limit float64) float64 { return limit },
		}
		same(t, c.what, plain().evaluate(Target{Limit: 10}, m).StandsOut, c.want)
	}
	for _, c := range []struct {
		value   float64
		atLeast bool
		want    string
	}{{10, false, Met}, {10.1, false, Missed}, {9.9, false, Met}, {10, true, Met},
		{10.1, true, Met}, {9.9, true, Missed}} {
		m := measure{week: func(int, int) measured { return value(c.value) },
			scale: func(limit float64) float64 { return limit }}
		target := plain().evaluate(Target{Limit: 10, AtLeast: c.atLeast}, m)
		same(t, fmt.Sprintf("%v, at least %v", c.value, c.atLeast),
			fmt.Sprint(target.State, target.Periods, target.Before, target.BeforePeriods,
				target.StandsOut),
			fmt.Sprint(c.want, 12, c.want, 11, false))
	}
	r := plain()
	begun := r.Period.From.Add(-8) // the Sunday of the week before the last
	r.HistoryFrom = &begun
	same(t, "weeks that have begun", fmt.Sprint(r.begun(8), r.begun(9), r.begun(10), r.begun(11)),
		"false true true true")
	r.HistoryFrom = nil
	same(t, "without a history", fmt.Sprint(r.begun(10), r.begun(11)), "false true")
}

// days is a report of the same number of chats, messages and fallbacks on each day.
func days(chats, messages, fallbacks int) *Report {
	r := plain()
	rate := float64(fallbacks) / float64(messages)
	for _, date := range historyDates(r.Period.Name) {
		r.History = append(r.History, HistoryDay{Date: date, Chats: chats, Messages: messages})
		r.Fallbacks.History = append(r.Fallbacks.History,
			FallbackDay{Date: date, Count: &fallbacks, Rate: &rate})
	}
	for i, date := range r.Period.Name.Days() {
		r.Chats.Daily = append(r.Chats.Daily, DayCount{Date: date, Count: chats})
		r.Messages.Daily = append(r.Messages.Daily, DayCount{Date: date, Count: messages})
		r.Fallbacks.Daily = append(r.Fallbacks.Daily, r.Fallbacks.History[weekStart+i])
	}
	for i := range TrendPeriods {
		r.Chats.Trend[i].Count, r.Messages.Trend[i].Count = 7*chats, 7*messages
	}
	r.Chats.Total, r.Messages.Total = 7*chats, 7*messages
	return r
}

// wednesday sets the fallbacks and messages of this week's Wednesday.
func (r *Report) wednesday(fallbacks, messages int) {
	r.History[weekStart+2].Messages = messages
	d := &r.Fallbacks.History[weekStart+2]
	d.Count, d.Rate = &fallbacks, new(float64(fallbacks)/float64(messages))
}

func TestJump_BeyondChance(t *testing.T) {
	for _, c := range []struct {
		what      string
		messages  int // of each day before, and fallbacks
		fallbacks int
		this, n   int // of Wednesday
		want      bool
	}{
		{"twice as many", 1000, 100, 1000, 200, true},
		{"half as many again, of very many", 100_000, 10_000, 100_000, 15_001, true},
		{"a little less", 100_000, 10_000, 100_000, 14_900, false},
		{"nine more than none", 400, 0, 400, 9, true},
		{"seven more than none", 400, 0, 400, 7, false},
		{"twelve of a hundred, where seven are usual", 1000, 70, 100, 12, false},
		{"fifteen", 1000, 70, 100, 15, false},
		{"seventeen", 1000, 70, 100, 17, true},
		{"two thirds, where a half is usual", 1000, 500, 1000, 660, false},
		{"three quarters, as half of the replies are understood", 1000, 500, 1000, 755, true},
		{"19 messages", 1000, 10, 19, 18, false},
		{"20 messages", 1000, 10, 20, 19, true},
		{"days of twenty replies say what is usual", 20, 1, 200, 60, true},
		{"days of nineteen do not", 19, 1, 200, 60, false},
	} {
		r := days(200, c.messages, c.fallbacks)
		r.wednesday(c.n, c.this)
		jumps := r.jumps(TrendPeriods - 1)
		same(t, c.what, len(jumps) > 0 && jumps[0].Date == r.Period.From.Add(2), c.want)
	}
	r := days(200, 1000, 100)
	r.wednesday(200, 1000)
	jump := r.jumps(TrendPeriods - 1)[0]
	same(t, "usual", math.Abs(jump.Baseline-0.1) < 1e-4, true)
	same(t, "replies", jump.Replies, 1000)

	for _, c := range []struct {
		weeks int // that the history covers
		want  int
	}{{4, 1}, {3, 0}} {
		begun := r.Period.From.Add(-7 * c.weeks)
		r.HistoryFrom = &begun
		same(t, fmt.Sprintf("after %d weeks", c.weeks), len(r.jumps(TrendPeriods-1)), c.want)
	}
	for what, change := range map[string]func(r *Report){
		"of a day without a rate":            func(r *Report) { r.Fallbacks.History[weekStart+2].Rate = nil },
		"of a day whose messages are unsure": func(r *Report) { r.History[weekStart+2].MessagesMissing = true },
	} {
		r := days(200, 1000, 100)
		r.wednesday(200, 1000)
		change(r)
		same(t, what, len(r.jumps(TrendPeriods-1)), 0)
	}
}

func TestBaseline_Days(t *testing.T) {
	jumped := func(change func(i int, d *FallbackDay)) []Incident {
		r := days(200, 1000, 100)
		for i := range r.Fallbacks.History[:weekStart] {
			change(i, &r.Fallbacks.History[i])
		}
		r.wednesday(200, 1000)
		return r.jumps(TrendPeriods - 1)
	}
	same(t, "none has a rate", len(jumped(func(_ int, d *FallbackDay) { d.Rate = nil })), 0)
	same(t, "all Wednesdays were so", len(jumped(func(i int, d *FallbackDay) {
		if i%7 == 2 {
			d.Count, d.Rate = new(200), new(0.2)
		}
	})), 0)
	level := func(counts ...int) float64 {
		jumps := jumped(func(i int, d *FallbackDay) {
			n := counts[i%len(counts)]
			d.Count, d.Rate = &n, new(float64(n)/1000)
		})
		if len(jumps) != 1 {
			t.Fatalf("%v: %+v, want one", counts, jumps)
		}
		return jumps[0].Level
	}
	if even, uneven := level(100), level(100, 80, 120); even < uneven+1 {
		t.Errorf("%v standard deviations where days vary, and %v where they do not", uneven, even)
	}
}

// What is usual in a week is learned from the weeks before it alone, and from enough days.
func TestJumps_Before(t *testing.T) {
	doubled := func(r *Report, place int) *Report {
		d := &r.Fallbacks.History[r.span(place).first]
		d.Count, d.Rate = new(200), new(0.2)
		return r
	}
	for began, want := range map[int]int{6: 1, 7: 0} { // three weeks are too few
		r := doubled(days(200, 1000, 100), 10)
		begun := r.Chats.Trend[began].Period.From()
		r.HistoryFrom = &begun
		same(t, fmt.Sprintf("week 10 of a bot that began in week %d", began), len(r.jumps(10)), want)
	}
	for unknown, want := range map[int]int{49: 1, 50: 0} {
		r := doubled(days(200, 1000, 100), TrendPeriods-1)
		for i := range unknown {
			r.Fallbacks.History[i].Rate = nil
		}
		same(t, fmt.Sprintf("%d of 77 days are not known", unknown), len(r.jumps(TrendPeriods-1)),
			want)
	}
	// Where days vary, what decides is the evidence.
	r := days(200, 2000, 200)
	for i := range r.Fallbacks.History[:weekStart] {
		n := []int{150, 200, 250}[i%3]
		r.Fallbacks.History[i].Count, r.Fallbacks.History[i].Rate = &n, new(float64(n)/2000)
	}
	n := 200
	for ; len(r.jumps(TrendPeriods-1)) == 0; n++ {
		r.wednesday(n, 2000)
	}
	usual := learnUsual(r.rateDays(r.baselineWeeks()))
	for fallbacks, want := range map[int]bool{n - 2: false, n - 1: true} {
		evidence := usual.evidence(rateDay{fallbacks: float64(fallbacks), replies: 2000,
			weekday: time.Wednesday})
		if enough := evidence >= incidentEvidence; enough != want {
			t.Errorf("%d fallbacks have the evidence %v; a jump is %v", fallbacks, evidence, want)
		}
	}
}

func TestHeadline_NoChats(t *testing.T) {
	for what, c := range map[string]struct {
		change func(r *Report)
		want   string
	}{
		"no chats": {func(*Report) {}, HeadlineNothing},
		"chats without a message": {func(r *Report) { r.Chats.Total = 5 },
			HeadlinePrevious},
		"messages without a chat": {func(r *Report) { r.Messages.Total = 5 },
			HeadlinePrevious},
		"messages that are not known": {func(r *Report) { r.Messages.Trend[TrendPeriods-1].MissingDays = 1 }, HeadlinePrevious},
		"a target of which nothing is known": {func(r *Report) {
			r.Chats.Total, r.Targets = 5,
				[]Target{{State: Unknown, Before: Missed}}
		}, HeadlinePrevious},
		"a target that was met before as well": {func(r *Report) {
			r.Chats.Total, r.Targets = 5,
				[]Target{{State: Met, Before: Met}}
		}, HeadlinePrevious},
		"a target that is met again": {func(r *Report) {
			r.Chats.Total, r.Targets = 5,
				[]Target{{State: Met, Before: Missed}}
		}, HeadlineAgain},
	} {
		r := plain()
		r.History = make([]HistoryDay, HistoryDays)
		c.change(r)
		r.headline()
		same(t, what, r.Headline.Rule, c.want)
	}
}

func TestInsights_UnknownDays(t *testing.T) {
	by := func(section string, shows int) Cause {
		return Cause{Kind: CauseContradicted, Who: "Sage", By: section, Shows: shows}
	}
	twice := Cause{Kind: CauseRepeated, Who: "Sage"}
	for _, c := range []struct {
		what  string
		marks []Cause // of the days before this week, and of its seven
		want  string
	}{
		{"none", make([]Cause, 9), ""},
		{"a day", []Cause{2: by("hours", 5), 6: {}}, "chats.days hours 5 Wed"},
		{"two of one cause", []Cause{0: by("hours", 5), 2: by("hours", 3), 6: {}},
			"chats.days hours 8 Mon Wed"},
		{"what a whole shows counts once", []Cause{0: by("pages", 5), 2: by("pages", 5), 6: {}},
			"chats.days pages 5 Mon Wed"},
		{"two of two causes", []Cause{0: by("hours", 5), 2: by("messages", 3), 4: by("hours", 1),
			6: {}}, "chats.days hours 6 Mon Fri; chats.days messages 3 Wed"},
		{"and of two kinds", []Cause{0: twice, 1: by("hours", 2), 6: {}},
			"chats.days repeated 0 Mon; chats.days hours 2 Tue"},
		{"the week, of all causes", []Cause{by("hours", 5), by("hours", 2), by("messages", 9),
			twice, by("hours", 1), by("hours", 1), by("hours", 1)}, "chats hours 10"},
		{"two stretches before", []Cause{by("hours", 5), by("hours", 2), {}, by("hours", 3),
			10: {}}, "before 2026-11-05 2026-11-06 7; before 2026-11-08 2026-11-08 3"},
		{"two kinds before", []Cause{by("hours", 5), twice, 8: {}},
			"before 2026-11-07 2026-11-07 5; before 2026-11-08 2026-11-08 0"},
	} {
		r := plain()
		r.gaps("chats", "chats.days", c.marks)
		var got []string
		for _, u := range r.Unavailable {
			by := u.Cause.By
			if by == "" {
				by = u.Cause.Kind
			}
			s := fmt.Sprint(u.Section, " ", by, " ", u.Cause.Shows)
			for _, d := range u.Days {
				s += " " + d.Weekday().String()[:3]
			}
			got = append(got, s)
		}
		for _, k := range r.Contradictions {
			got = append(got, fmt.Sprint("before ", k.First, " ", k.Last, " ", k.Cause.Shows))
		}
		same(t, c.what, strings.Join(got, "; "), c.want)
	}
}

func TestFeedback_Shifts(t *testing.T) {
	ratings := func(low, high int) []Rating {
		return []Rating{{Rating: 1, Count: low},
			{Rating: 2, Count: high}}
	}
	faces := func(low, high int) []Rating {
		return []Rating{{Rating: 1, Count: low},
			{Rating: 5, Count: high}}
	}
	for _, c := range []struct {
		what         string
		this, before []Rating
		want         int
	}{
		{"none positive of twenty", ratings(20, 0), ratings(6, 54), 1},
		{"of nineteen", ratings(19, 0), ratings(6, 54), 0},
		{"beside 59", ratings(20, 0), ratings(5, 54), 0},
		{"within five points", ratings(4900, 5100), ratings(5300, 4700), 0},
		{"more by more", ratings(4000, 6000), ratings(5300, 4700), 1},
		{"less by more", ratings(6000, 4000), ratings(4700, 5300), 1},
	} {
		r := plain()
		r.Feedback.Binary, r.Feedback.BeforeBinary = c.this, c.before
		same(t, c.what, len(r.shifts()), c.want)
	}
	r := plain()
	r.Feedback.Binary, r.Feedback.BeforeBinary = ratings(400, 600), ratings(530, 470)
	s := r.shifts()[0].Feedback
	y, variance := angle(600, 1000)
	_, past := angle(470, 1000)
	near(t, "level of a rise", s.Level, (y-math.Asin(math.Sqrt(0.52)))/math.Sqrt(variance+past))
	same(t, "its numbers", fmt.Sprint(s.Steps, s.Positive, s.Total, s.BeforePositive,
		s.BeforeTotal), "2 600 1000 470 1000")
	r.Feedback.Binary = ratings(700, 300)
	y, variance = angle(300, 1000)
	near(t, "level of a fall", r.shifts()[0].Feedback.Level,
		(math.Asin(math.Sqrt(0.42))-y)/math.Sqrt(variance+past))
	r.Feedback.Emojis, r.Feedback.BeforeEmojis = faces(900, 100), faces(530, 470)
	same(t, "the further first", fmt.Sprint(r.shifts()[0].Feedback.Steps, len(r.shifts())), "5 2")
	r.HasPrevious = false
	same(t, "without a baseline", len(r.shifts()), 0)
}

func TestUnusual_Days(t *testing.T) {
	for _, c := range []struct {
		what        string
		chats, this int
		want        string
	}{
		{"nothing", 200, 200, "none"},
		{"a tenth more of very many", 100_000, 110_000, "Wed"},
		{"a little less", 100_000, 109_999, "by count"},
		{"beyond chance", 200, 283, "Wed"},
		{"within it", 200, 282, "by count"},
		{"six times as many, 30", 5, 30, "Wed"},
		{"29", 5, 29, "by count"},
		{"few beside an ordinary 30", 30, 1, "–Wed"},
		{"few beside an ordinary 29", 29, 1, "by count"},
	} {
		r := days(c.chats, 4*c.chats, 1)
		r.Chats.Daily[2].Count, r.History[weekStart+2].Chats = c.this, c.this
		r.Chats.Total += c.this - c.chats
		r.Handovers.Trend = make([]HandoverPeriod, TrendPeriods)
		r.baseline()
		got := "none"
		if d := r.days(); d != nil {
			switch {
			case !d.Against:
				got = "by count"
			case d.Most != nil:
				got = d.Most.Date.Weekday().String()[:3]
			default:
				got = "–" + d.Fewest.Date.Weekday().String()[:3]
			}
		} else if c.this < c.chats {
			got = "by count"
		}
		same(t, c.what, got, c.want)
	}
}

func TestUnusual_EqualDays(t *testing.T) {
	r := days(200, 800, 1)
	r.Handovers.Trend = make([]HandoverPeriod, TrendPeriods)
	r.baseline()
	for day, n := range map[int]int{1: 90, 2: 400, 4: 400, 5: 90} {
		r.Chats.Daily[day].Count = n
	}
	d := r.days()
	same(t, "the first of each", fmt.Sprint(d.Most.Date.Weekday(), " ", d.Fewest.Date.Weekday()),
		"Wednesday Tuesday")
}

func TestInsights_Minimum(t *testing.T) {
	closed := func(n int) func(r *Report) {
		return func(r *Report) {
			r.Handovers.RequestsWhileClosed = &n
			r.Handovers.Daily = []HandoverDay{{HandoverCounts: HandoverCounts{RequestsWhileClosed: &n}}}
		}
	}
	chats := func(counts ...int) func(r *Report) {
		return func(r *Report) {
			for i, n := range counts {
				r.Chats.Daily = append(r.Chats.Daily,
					DayCount{Date: r.Period.From.Add(i), Count: n})
				r.Chats.Total += n
			}
		}
	}
	hours := func(counts ...int) func(r *Report) {
		return func(r *Report) {
			r.Chats.Hourly, r.Chats.Trend[TrendPeriods-1].Count = [][]*int{nil}, 0
			for i := range counts {
				r.Chats.Hourly[0] = append(r.Chats.Hourly[0], &counts[i])
				r.Chats.Trend[TrendPeriods-1].Count += counts[i]
			}
		}
	}
	for _, c := range []struct {
		what   string
		change func(r *Report)
		want   string
	}{
		{"none", func(*Report) {}, ""},
		{"a target that is not known any more",
			func(r *Report) { r.Targets = []Target{{State: Unknown, Before: Missed}} }, ""},
		{"one that is met again", func(r *Report) {
			r.Targets = []Target{{State: Met,
				Before: Missed}}
		}, "target"},
		{"a mover of 5.5 standard deviations",
			func(r *Report) { r.Movers.Pages = []Mover{{Level: 5.5}} }, "mover"},
		{"of a little less", func(r *Report) { r.Movers.Pages = []Mover{{Level: 5.49}} }, ""},
		{"ten requests while closed", closed(10), "closed"},
		{"nine", closed(9), ""},
		{"thirty chats", chats(6, 4, 4, 4, 4, 4, 4), "days"},
		{"29", chats(5, 4, 4, 4, 4, 4, 4), ""},
		{"thirty chats by hour", hours(15, 15), "hours"},
		{"29 by hour", hours(15, 14), ""},
	} {
		r := plain()
		r.History, r.Movers = make([]HistoryDay, HistoryDays), &Movers{}
		c.change(r)
		r.insights(nil)
		var kinds []string
		for _, i := range r.Insights {
			kinds = append(kinds, i.Kind)
		}
		same(t, c.what, strings.Join(kinds, " "), c.want)
	}
	r := plain()
	closed(10)(r)
	r.Baseline = &Baseline{}
	same(t, "ordinary requests that are not known", r.closed().Baseline, (*float64)(nil))
	r.Baseline.RequestsWhileClosed = &Typical{Median: 4}
	same(t, "ordinary requests", *r.closed().Baseline, 4.0)

	r = plain()
	hours(0, 0, 31, 30)(r)
	same(t, "the busiest hour", *r.comingHours().Busiest, Stretch{2, 3, 31})
	hours(0, 31, 31, 30)(r)
	same(t, "two busiest hours", r.comingHours().Busiest, (*Stretch)(nil))
	hours(20, 29)(r)
	same(t, "a busiest hour of 29", r.comingHours().Busiest, (*Stretch)(nil))
	week := &r.Chats.Trend[TrendPeriods-1]
	for _, c := range []struct {
		what           string
		byHour         []int
		chats, unknown int // of the week; days with unknown chats
		missing        string
		want           *Stretch
	}{
		{"as many chats as by hour", []int{40, 60}, 100, 0, "", &Stretch{1, 2, 60}},
		{"chats that are not known", []int{40, 60}, 0, 7, "", nil},
		{"chats that are not known on one day", []int{40, 60}, 100, 1, "", nil},
		{"a day's hours that are not known", []int{40, 60}, 100, 0, SectionHoursDays, nil},
		{"hours that are not available", nil, 100, 0, SectionHours, nil},
		{"an eleventh less than by hour", []int{50, 60}, 100, 0, "", &Stretch{1, 2, 60}},
		{"more than a tenth less", []int{50, 61}, 100, 0, "", nil},
		{"a tenth more than by hour", []int{40, 50}, 100, 0, "", &Stretch{1, 2, 50}},
		{"more than a tenth more", []int{40, 49}, 100, 0, "", nil},
		{"three of a few", []int{33}, 30, 0, "", &Stretch{0, 1, 33}},
		{"four", []int{34}, 30, 0, "", nil},
	} {
		hours(c.byHour...)(r)
		week.Count, week.MissingDays, r.Unavailable = c.chats, c.unknown, nil
		if c.missing != "" {
			r.Unavailable = []Unavailable{{Section: c.missing}}
		}
		var half *Stretch
		if h := r.comingHours(); h != nil {
			half = &h.Half
		}
		same(t, c.what, half, c.want)
	}
}

func TestSpecialDays(t *testing.T) {
	d := period.NewDate(2026, time.November, 10)
	s := Special{First: d, Last: d.Add(2)}
	same(t, "on", fmt.Sprint(s.On(d.Add(-1)), s.On(d), s.On(d.Add(2)), s.On(d.Add(3))),
		"false true true false")
	r := plain()
	r.Special = []Special{{First: r.Period.From, Last: r.Period.From}}
	same(t, "weeks", fmt.Sprint(len(r.SpecialIn(r.Period.Name)),
		len(r.SpecialIn(r.Period.Name.Previous()))), "1 0")
}

func TestReport_Missing(t *testing.T) {
	r := plain()
	monday := r.Period.From
	r.Unavailable = []Unavailable{
		{Section: SectionHoursDays, Days: []period.Date{monday, monday.Add(3)}},
		{Section: SectionFallbacksDays, Days: []period.Date{monday.Add(1)}},
		{Section: SectionMessages, Reason: "gone"},
		{Section: SectionChats, Reason: "late"},
		{Section: SectionPages, Reason: "broken"},
	}
	same(t, "days", r.MissingDays(), 3+3*7)
	same(t, "the core", r.CoreGap(), "messages are not known: gone; chats are not known: late")
	same(t, "hours", fmt.Sprint(r.KnowsHours(0), r.KnowsHours(1), r.KnowsHours(3)),
		"false true false")
	_, whole := r.Reason(SectionHoursDays)
	reason, pages := r.Reason(SectionPages)
	same(t, "as a whole", fmt.Sprint(whole, " ", reason, " ", pages), "false broken true")
	r.Unavailable = []Unavailable{{Section: SectionHours, Reason: "gone"}}
	same(t, "all hours", fmt.Sprint(r.KnowsHours(0), r.KnowsHours(6)), "false false")
	same(t, "nothing of the core", r.CoreGap(), "")
	same(t, "an empty week", r.Empty(), true)
	r.Chats.Trend[TrendPeriods-1].MissingDays = 1
	same(t, "a week that may be empty", r.Empty(), false)
	same(t, "a full list", fmt.Sprint(r.IsFull(SectionPages, 99), r.IsFull(SectionPages, 100)),
		"false true")
	r.Full = []string{SectionPages}
	same(t, "one whose rows were added up", fmt.Sprint(r.IsFull(SectionPages, 3),
		r.IsFull(SectionLabels, 3)), "true false")
	for _, kind := range []string{CauseContradicted, CauseRepeated, CauseDiscarded, CauseUnproven} {
		same(t, kind, Cause{Kind: kind}.Doubtful(), true)
	}
	same(t, CauseLate, Cause{Kind: CauseLate}.Doubtful(), false)
}
