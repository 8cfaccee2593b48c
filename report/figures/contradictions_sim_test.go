package figures_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// A consistent bot is one of which nothing is missing. Weeks of many are simulated, chat by chat,
// and counted by Sage in each way in which it may count a chat that crosses a boundary; whatever is
// then not believed is a false alarm. After that days and weeks are taken out of an answer, and are
// to be found. Run it in full, which takes some minutes, with
//
//	go test ./report/figures -run 'TestDoubts' -v -consistent 20000
var consistentBots = flag.Int("consistent", 0,
	"how many bots of 2 chats a day to simulate for what is doubted, and fewer of larger ones; 0: some, which takes seconds")

// mostFlagged is the part of consistent weeks that may be flagged.
const mostFlagged = 0.001

// counting is how Sage counts a chat that crosses a boundary: in every interval in which something
// happens in it, or only in that in which it began.
type counting struct {
	name        string
	days, hours bool
}

var countings = []counting{
	{name: "where it began"}, {name: "in each", days: true, hours: true},
	{name: "in each day", days: true}, {name: "in each hour", hours: true},
}

// bot is what a simulated bot is like.
type bot struct {
	chats    float64     // a day
	hours    [24]float64 // when chats begin
	weekdays [7]float64
	clicks   float64 // the part of chats without a message
	human    float64 // the part of chats that go to a human, long ones
	fallback float64 // of replies
	messages float64 // of a chat
}

func someBot(rng *rand.Rand, chats float64) bot {
	b := bot{chats: chats, clicks: 0.4 * rng.Float64(), human: 0.3 * rng.Float64(),
		fallback: 0.02 + 0.2*rng.Float64(), messages: 1.5 + 5*rng.Float64()}
	// from a bot that sleeps to one of those who do not
	night := []float64{0.02, 0.3, 1, 3}[rng.IntN(4)]
	for h := range b.hours {
		b.hours[h] = 1
		if h < 7 || h >= 21 {
			b.hours[h] = night
		}
	}
	weekend := []float64{0, 0.3, 1}[rng.IntN(3)]
	b.weekdays = [7]float64{1, 1, 1, 1, 1, weekend, weekend}
	if rng.IntN(10) == 0 {
		b.clicks = 0.97 // almost no user writes
	}
	return b
}

// world is 84 days of events, and the answers that Sage gives of them.
type world struct {
	rng  *rand.Rand
	week period.Period
	how  counting

	chats, messages, fallbacks, replies, requests, closed [figures.HistoryDays]int
	hours, closedHours                                    [7 * 24]int
	clicks, labels, ratings, sessions, pageMessages       int
}

// slot is the hour of an event, counted from the first of the 84 days.
const firstHour = 24 * (figures.HistoryDays - 7)

func (w *world) day(at float64, of *[figures.HistoryDays]int) {
	if d := int(math.Floor(at / 24)); d >= 0 && d < len(of) {
		of[d]++
	}
}

func (w *world) hour(at float64, of *[7 * 24]int) {
	if h := int(math.Floor(at)) - firstHour; h >= 0 && h < len(of) {
		of[h]++
	}
}

func (w *world) thisWeek(at float64, n *int) {
	if at >= firstHour && at < firstHour+7*24 {
		*n++
	}
}

func (w *world) live(b bot) {
	total := 0.0
	for _, h := range b.hours {
		total += h
	}
	for h := -48; h < 24*figures.HistoryDays; h++ {
		weekday := ((h/24)%7 + 7) % 7
		rate := b.chats * b.weekdays[weekday] * b.hours[(h+48)%24] / total
		for range poisson(w.rng, rate) {
			w.chat(b, float64(h)+w.rng.Float64())
		}
	}
}

func (w *world) chat(b bot, at float64) {
	rng := w.rng
	days, hours := map[int]bool{}, map[int]bool{}
	active := func(at float64) {
		if d := int(math.Floor(at / 24)); w.how.days || len(days) == 0 {
			if !days[d] && d >= 0 && d < figures.HistoryDays {
				w.chats[d]++
			}
			days[d] = true
		}
		if h := int(math.Floor(at)); w.how.hours || len(hours) == 0 {
			if !hours[h] {
				w.hour(float64(h), &w.hours)
			}
			hours[h] = true
		}
	}
	active(at)
	began, page := at, rng.IntN(5) > 0
	if page {
		w.thisWeek(at, &w.sessions)
	}
	if rng.Float64() < b.clicks {
		for range 1 + rng.IntN(4) {
			at += rng.ExpFloat64() / 60
			w.thisWeek(at, &w.clicks)
			active(at)
		}
		return
	}
	say := func(human bool) {
		w.day(at, &w.messages)
		active(at)
		if page {
			w.thisWeek(began, &w.pageMessages)
		}
		if human {
			return
		}
		reply := at + rng.ExpFloat64()/1200
		w.day(reply, &w.replies)
		if rng.Float64() < b.fallback {
			w.day(reply, &w.fallbacks)
		}
	}
	for more := true; more; more = rng.Float64() < 1-1/b.messages {
		say(false)
		at += rng.ExpFloat64() / 40 // a minute and a half
		if rng.IntN(20) == 0 {
			at += rng.Float64() // a user looks for the order number
		}
	}
	if rng.Float64() < b.human {
		open := int(math.Mod(at+48, 24)) > 7 && int(math.Mod(at+48, 24)) < 17
		for range 1 + rng.IntN(2) {
			if open {
				w.day(at, &w.requests)
			} else {
				w.day(at, &w.closed)
				w.hour(at, &w.closedHours)
			}
			active(at)
			at += rng.ExpFloat64() / 30
		}
		// The human answers in minutes or in hours, and the user goes on.
		for range rng.IntN(8) {
			at += rng.ExpFloat64() * []float64{0.03, 0.2, 1.5}[rng.IntN(3)]
			say(true)
		}
	}
	if rng.IntN(5) == 0 {
		w.thisWeek(at+rng.ExpFloat64()*10, &w.labels) // by people, later
	}
	if rng.IntN(8) == 0 {
		w.thisWeek(at+rng.ExpFloat64(), &w.ratings)
	}
}

func poisson(rng *rand.Rand, mean float64) int {
	n, left := 0, math.Exp(-mean)
	for p := rng.Float64(); p > left; p *= rng.Float64() {
		n++
	}
	return n
}

// answers are those of Sage, which leaves out days on which nothing happened.
func (w *world) answers() figures.Answers {
	a := figures.Answers{Bot: figures.Bot{ID: "b", Name: "Bot", TZ: "Europe/Oslo"}, Period: w.week,
		Locale: "en", FetchedAt: w.week.To().UTC()}
	day := func(i int) time.Time { return w.week.To().Add(i - figures.HistoryDays).UTC() }
	rated := func(at time.Time, fallbacks, replies int) figures.RatePoint {
		if replies == 0 {
			return figures.RatePoint{Time: at}
		}
		return figures.RatePoint{Time: at, Count: fallbacks,
			Rate: new(float64(fallbacks) / float64(replies))}
	}
	weekly := func(place int) figures.RatePoint {
		fallbacks, replies := 0, 0
		for i := 7 * place; i < 7*place+7; i++ {
			fallbacks, replies = fallbacks+w.fallbacks[i], replies+w.replies[i]
		}
		return rated(day(7*place), fallbacks, replies)
	}
	for i := range figures.HistoryDays {
		if w.chats[i] > 0 {
			a.Chats = append(a.Chats, figures.Point{Time: day(i), Count: w.chats[i]})
		}
		if w.messages[i] > 0 {
			a.Messages = append(a.Messages, figures.Point{Time: day(i), Count: w.messages[i]})
		}
		if w.replies[i] > 0 {
			a.FallbackDays.Value = append(a.FallbackDays.Value,
				rated(day(i), w.fallbacks[i], w.replies[i]))
		}
		if w.requests[i]+w.closed[i] > 0 {
			a.Handovers.Value = append(a.Handovers.Value,
				figures.StagePoint{Time: day(i), Requests: w.requests[i],
					RequestsWhileClosed: w.closed[i]})
		}
	}
	for i := range figures.TrendPeriods {
		if p := weekly(i); p.Rate != nil {
			a.FallbackTrend.Value = append(a.FallbackTrend.Value, p)
		}
	}
	this, last := weekly(figures.TrendPeriods-1), weekly(figures.TrendPeriods-2)
	a.Fallbacks.This.Value, a.Fallbacks.Previous.Value = figures.Fallback{Count: this.Count,
		Rate: this.Rate}, figures.Fallback{Count: last.Count, Rate: last.Rate}
	for h, n := range w.hours {
		if n > 0 {
			a.Hours.Value = append(a.Hours.Value,
				figures.Point{Time: day(figures.HistoryDays - 7).Add(time.Duration(h) * time.Hour),
					Count: n})
		}
		if n := w.closedHours[h]; n > 0 {
			a.HandoverHours.Value = append(a.HandoverHours.Value,
				figures.StagePoint{Time: day(figures.HistoryDays - 7).Add(time.Duration(h) * time.Hour), RequestsWhileClosed: n})
		}
	}
	// Requests while open have hours too.
	for i := range 7 {
		if n := w.requests[figures.HistoryDays-7+i]; n > 0 {
			a.HandoverHours.Value = append(a.HandoverHours.Value,
				figures.StagePoint{Time: day(figures.HistoryDays - 7 + i).Add(12*time.Hour +
					time.Second), Requests: n})
		}
	}
	merge(&a)
	if w.sessions > 0 {
		a.Pages.This.Value = []figures.Page{{Host: "a.example", Path: "/", Sessions: w.sessions,
			Messages: w.pageMessages}}
	}
	if w.clicks > 0 {
		a.Buttons.This.Value = []figures.Button{{Text: "Yes", Count: w.clicks}}
	}
	if w.labels > 0 {
		a.Labels.This.Value = []figures.Label{{ID: "1", Text: "Order", Count: w.labels}}
	}
	if w.ratings > 0 {
		a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 2, Count: w.ratings, Ratio: 1}}
	}
	return a
}

// merge makes one point of those for the same hour.
func merge(a *figures.Answers) {
	at := map[time.Time]int{}
	var all []figures.StagePoint
	for _, p := range a.HandoverHours.Value {
		p.Time = p.Time.Truncate(time.Hour)
		i, known := at[p.Time]
		if !known {
			at[p.Time] = len(all)
			all = append(all, p)
			continue
		}
		all[i].Requests, all[i].RequestsWhileClosed = all[i].Requests+p.Requests,
			all[i].RequestsWhileClosed+p.RequestsWhileClosed
	}
	a.HandoverHours.Value = all
}

func simulateWorld(rng *rand.Rand, chats float64, how counting) figures.Answers {
	w := &world{rng: rng, week: period.WeekOf(period.NewDate(2026, time.November, 9)), how: how}
	w.live(someBot(rng, chats))
	return w.answers()
}

// flagged are this week's parts and the weeks before in which something is not believed.
func flagged(r *figures.Report) (sections []string, weeks int) {
	before := map[string]bool{}
	for _, u := range r.Unavailable {
		sections = append(sections, u.Section+" by "+u.Cause.By)
	}
	for _, c := range r.Contradictions {
		for d := c.First; !c.Last.Before(d); d = d.Add(1) {
			before[period.WeekOf(d).String()] = true
		}
		sections = append(sections, c.Section+" by "+c.Cause.By)
	}
	weeks = len(before)
	if len(r.Unavailable) > 0 {
		weeks++
	}
	return sections, weeks
}

func TestContradictions_ConsistentWeeks(t *testing.T) {
	if raceEnabled {
		t.Skip("a simulation is arithmetic, and takes minutes under the race detector")
	}
	var table strings.Builder
	fmt.Fprintf(&table, "\n%10s %10s %10s %10s %8s  %s\n", "chats/day", "reports", "weeks",
		"flagged", "%", "what")
	for _, size := range []float64{2, 3, 5, 10, 20, 50, 200, 1000} {
		n := max(8, int(min(1, 20/size)*float64(max(200, *consistentBots)))/4*4)
		if *consistentBots == 0 && size > 50 {
			n = 8
		}
		rng := rand.New(rand.NewPCG(uint64(size), 6+theSeed()))
		weeks, bad, what := 0, 0, map[string]int{}
		for i := range n {
			r := compute(t, simulateWorld(rng, size, countings[i%len(countings)]))
			sections, flaggedWeeks := flagged(r)
			for _, s := range sections {
				what[s+" ("+countings[i%len(countings)].name+")"]++
			}
			weeks, bad = weeks+figures.TrendPeriods, bad+flaggedWeeks
		}
		fmt.Fprintf(&table, "%10.0f %10d %10d %10d %8.3f  %v\n", size, n, weeks, bad,
			100*float64(bad)/float64(weeks), what)
		if most := atMost(mostFlagged * float64(weeks)); bad > most {
			t.Errorf("%.0f chats a day: %d of %d consistent weeks are flagged, more than %d", size,
				bad, weeks, most)
		}
	}
	t.Logf("seed %d%s", theSeed(), table.String())
}

// atMost is how many of events of which so many are expected come by chance with less than one in a
// million.
func atMost(mean float64) int {
	if mean > 500 { // where the first of the sum is 0
		return int(mean + 4.8*math.Sqrt(mean) + 4)
	}
	p, sum := math.Exp(-mean), 0.0
	for n := 0; ; n++ {
		if sum += p; 1-sum < 1e-6 {
			return n
		}
		p *= mean / float64(n+1)
	}
}

// without leaves out the points of the days from first to last, by their places among the 84.
func without[P any](points []P, at func(P) time.Time, week period.Period, first, last int) []P {
	return slices.DeleteFunc(slices.Clone(points), func(p P) bool {
		i := figures.HistoryDays - week.To().Sub(period.DateOf(at(p)))
		return first <= i && i <= last
	})
}

func TestContradictions_MissingNumbers(t *testing.T) {
	if raceEnabled {
		t.Skip("a simulation is arithmetic, and takes minutes under the race detector")
	}
	const monday = figures.HistoryDays - 7
	count := func(p figures.Point) time.Time { return p.Time }
	rated := func(p figures.RatePoint) time.Time { return p.Time }
	says := func(r *figures.Report, section string, days int) bool {
		for _, u := range r.Unavailable {
			if u.Section == section && (len(u.Days) == days || days == 7 && len(u.Days) == 0) &&
				u.Cause.Kind == figures.CauseContradicted {
				return true
			}
		}
		return false
	}
	// The least part that is found, of bots of 20, 50, 200 and 500 chats a day. A weekend is left
	// out: it may have none.
	cases := []struct {
		what  string
		take  func(*figures.Answers)
		found func(*figures.Report) bool
		least [4]float64
	}{
		{"Wednesday's chats", func(a *figures.Answers) {
			a.Chats = without(a.Chats, count, a.Period,
				monday+2, monday+2)
		},
			func(r *figures.Report) bool {
				return says(r, "chats", 1) &&
					!r.Chats.Daily[2].Known()
			}, [4]float64{0.9, 1, 1, 1}},
		{"a Wednesday's of weeks ago", func(a *figures.Answers) {
			a.Chats = without(a.Chats, count,
				a.Period, 30, 30)
		},
			func(r *figures.Report) bool {
				return len(r.Unavailable) == 0 &&
					!r.History[30].KnowsChats()
			}, [4]float64{0.6, 0.7, 0.7, 0.7}},
		{"the week's chats", func(a *figures.Answers) {
			a.Chats = without(a.Chats, count, a.Period,
				monday, monday+6)
		},
			func(r *figures.Report) bool { return !r.Empty() && r.Chats.This().MissingDays >= 5 },
			[4]float64{1, 1, 1, 1}},
		{"all chats and messages", func(a *figures.Answers) { a.Chats, a.Messages = nil, nil },
			func(r *figures.Report) bool { return !r.Empty() && r.Chats.This().MissingDays >= 5 },
			[4]float64{1, 1, 1, 1}},
		{"the week's messages", func(a *figures.Answers) {
			a.Messages = without(a.Messages, count,
				a.Period, monday, monday+6)
		},
			func(r *figures.Report) bool { return r.Messages.This().MissingDays >= 5 },
			[4]float64{0.8, 0.8, 0.8, 0.8}},
		{"all messages", func(a *figures.Answers) { a.Messages = nil },
			func(r *figures.Report) bool { return r.Messages.This().MissingDays >= 5 },
			[4]float64{0.6, 0.7, 0.8, 0.8}},
		{"Wednesday's hours", func(a *figures.Answers) {
			a.Hours.Value = without(a.Hours.Value,
				count, a.Period, monday+2, monday+2)
		},
			func(r *figures.Report) bool { return says(r, "hours.days", 1) },
			[4]float64{1, 1, 1, 1}},
		{"Wednesday's and Thursday's fallbacks", func(a *figures.Answers) {
			a.FallbackDays.Value = without(a.FallbackDays.Value, rated, a.Period, monday+2,
				monday+3)
		}, func(r *figures.Report) bool {
			return r.Fallbacks.Daily[2].Count == nil && r.Fallbacks.Daily[3].Count == nil
		}, [4]float64{0.6, 0.8, 0.9, 0.9}},
	}
	var table strings.Builder
	sizes := []float64{20, 50, 200, 500}
	fmt.Fprintf(&table, "\n%40s", "taken out, and found, by chats/day")
	for _, size := range sizes {
		fmt.Fprintf(&table, " %7.0f", size)
	}
	found, of := make([][4]int, len(cases)), [4]int{}
	for s, size := range sizes {
		rng := rand.New(rand.NewPCG(uint64(size), 10+theSeed()))
		n := max(8, int(min(1, 20/size)*float64(max(60, *consistentBots/20)))/4*4)
		for i := range n {
			a := simulateWorld(rng, size, countings[i%len(countings)])
			of[s]++
			for j, c := range cases {
				less := a
				c.take(&less)
				if c.found(compute(t, less)) {
					found[j][s]++
				}
			}
		}
	}
	for j, c := range cases {
		fmt.Fprintf(&table, "\n%40s", c.what)
		for s := range sizes {
			share := float64(found[j][s]) / float64(of[s])
			fmt.Fprintf(&table, " %6.0f%%", 100*share)
			if share < c.least[s] && (!fresh() || chanceOf(found[j][s], of[s], c.least[s]) < 1e-6) {
				t.Errorf("%s, of %.0f chats a day: %d of %d are found, fewer than %.0f %%", c.what,
					sizes[s], found[j][s], of[s], 100*c.least[s])
			}
		}
	}
	t.Logf("seed %d%s", theSeed(), table.String())
}

// chanceOf is the chance of k hits or fewer of n that each happen with the chance p.
func chanceOf(k, n int, p float64) float64 {
	if p >= 1 {
		return 0 // of fewer than all
	}
	gamma := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	sum := 0.0
	for i := range k + 1 {
		sum += math.Exp(gamma(n) - gamma(i) - gamma(n-i) + float64(i)*math.Log(p) +
			float64(n-i)*math.Log1p(-p))
	}
	return sum
}
