package figures_test

import (
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func TestExcess(t *testing.T) {
	busy := func(change func(*figures.Answers)) *figures.Report {
		a := figurestest.BusyAnswers()
		for i := range a.FallbackTrend.Value { // an ordinary week's rate is 10 %
			a.FallbackTrend.Value[i].Count, a.FallbackTrend.Value[i].Rate = 3000, new(0.1)
		}
		change(&a)
		r, err := figures.Compute(a)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	fallbacks := func(count int, rate float64) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Fallbacks.This.Value = figures.Fallback{Count: count, Rate: &rate}
			last := len(a.FallbackTrend.Value) - 1
			a.FallbackTrend.Value[last].Count, a.FallbackTrend.Value[last].Rate = count, &rate
		}
	}
	for _, c := range []struct {
		name    string
		r       *figures.Report
		replies float64
		chats   int
		unusual bool
	}{
		{"as ever", busy(fallbacks(3000, 0.1)), 0, 0, false},
		{"3,600 of 30,000 replies, ordinarily 3,000", busy(fallbacks(3600, 0.12)), 600, 600, false},
		{"by more than chance", busy(fallbacks(6000, 0.2)), 3000, 3000, true},
		{"fewer", busy(fallbacks(1500, 0.05)), -1500, 0, false},
		{"no more chats than there were", busy(fallbacks(27000, 0.9)), 24000, 8031, true},
	} {
		b, ok := c.r.Excess()
		if diff := b.Replies - c.replies; !ok || diff > 0.01 || diff < -0.01 ||
			b.Chats != c.chats || b.Unusual != c.unusual {
			t.Errorf("%s: %+v (%t); want %v replies in %d chats, unusual %t", c.name, b, ok,
				c.replies, c.chats, c.unusual)
		}
	}
	for what, change := range map[string]func(r *figures.Report){
		"no ordinary rate":          func(r *figures.Report) { r.Baseline.FallbackRate = nil },
		"fallbacks are not known":   func(r *figures.Report) { r.Fallbacks.Count = nil },
		"the rate is not known":     func(r *figures.Report) { r.Fallbacks.Rate = nil },
		"too few people wrote":      func(r *figures.Report) { r.Messages.Total = 99 },
		"the week had a campaign":   func(r *figures.Report) { r.Special = []figures.Special{{First: r.Period.From, Last: r.Period.From}} },
		"there is no ordinary week": func(r *figures.Report) { r.Baseline = nil },
	} {
		r := busy(fallbacks(6000, 0.2))
		change(r)
		if b, ok := r.Excess(); ok {
			t.Errorf("%s, and it is compared: %+v", what, b)
		}
	}
	few := busy(fallbacks(6000, 0.2))
	few.Chats.Total = 500
	few.Chats.Trend[figures.TrendPeriods-1].MissingDays = 1
	if b, _ := few.Excess(); b.Chats != 3000 {
		t.Errorf("in %d chats at most, where 500 are known and more are not; want 3000", b.Chats)
	}
	for _, name := range []string{"tiny", "empty", "new", "unavailable", "special"} {
		if b, ok := figurestest.Cases()[name].Excess(); ok {
			t.Errorf("%s is compared: %+v", name, b)
		}
	}
}

// A report of before there was an ordinary week is drawn, and not compared.
func TestExcess_OldReport(t *testing.T) {
	r := figurestest.Busy()
	r.Baseline, r.HistoryFrom, r.Fallbacks.Trend = nil, nil, r.Fallbacks.Trend[:3]
	if b, ok := r.Excess(); ok {
		t.Errorf("it is compared: %+v", b)
	}
	if got := r.FallbackTrend(); len(got) != 3 {
		t.Errorf("%d weeks of 3", len(got))
	}
}

func TestFallbackTrend_Gaps(t *testing.T) {
	full := figurestest.Busy().FallbackTrend()
	for i, rate := range full {
		if rate == nil {
			t.Errorf("week %d of a busy bot is a gap", i)
		}
	}
	for name, r := range map[string]*figures.Report{"a handful": figurestest.Tiny(),
		"nothing fetched": figurestest.Unavailable()} {
		for i, rate := range r.FallbackTrend() {
			if rate != nil {
				t.Errorf("%s: week %d is %v", name, i, *rate)
			}
		}
	}
	young := figurestest.New().FallbackTrend()
	if len(young) != figures.TrendPeriods || young[0] != nil {
		t.Errorf("a week before the bot's history has a rate: %v", young)
	}
	if young[10] != nil || young[11] == nil {
		t.Errorf("rates of the week in which the bot began and of this week: %v", young[10:])
	}
	first := report(t, began(0), func(a *figures.Answers) {
		a.Chats, a.Messages = a.Chats[1:],
			a.Messages[1:]
	}).FallbackTrend()
	if first[11] == nil {
		t.Error("this week has no rate, in which the bot began")
	}
}
