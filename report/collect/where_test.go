package collect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/collect"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagefake"
)

// The demo's shop has an incident on Wednesday: on the web, in Norwegian, from 10 to 15, with a
// label and requests for a human.
func TestAnswers_Where(t *testing.T) {
	server := sagefake.New(demo()...)
	q := kommune()
	q.Bot = figures.Bot{ID: "nettbutikk", Name: "Nettbutikk", TZ: "Europe/Oslo"}
	a, err := collect.Answers(t.Context(), wireless(server), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Where) == 0 {
		t.Fatal("nothing is known of where")
	}
	w := r.Where[0]
	var said []string
	for _, s := range w.Slices {
		if s.Kind == figures.SliceHours {
			said = append(said, fmt.Sprintf("%d to %d", s.From, s.To))
		} else {
			said = append(said, s.Name)
		}
		if s.Part < 0.8 {
			t.Errorf("%s holds %v of the excess", s.Kind, s.Part)
		}
	}
	for _, i := range w.Items {
		said = append(said, i.Name)
	}
	expect(t, "where", strings.Join(said, ", "), "web, nb, 10 to 15, Betaling feiler 💳")
	expect(t, "date", w.Date.String(), "2026-11-11")
	if w.Requests == nil || float64(w.Requests.Count) < 1.25*w.Requests.Baseline {
		t.Errorf("requests: %+v", w.Requests)
	}
	if len(r.Where) > 1 {
		t.Errorf("more stands out: %+v", r.Where[1:])
	}
}

// A quiet week takes 60 requests at most, and one in which something stands out 120. In a quiet
// week there are no questions about hours, lists and the days of slices.
func TestAnswers_Requests(t *testing.T) {
	wednesday := thisWeek.From().Add(2)
	for _, c := range []struct {
		name         string
		bot          *sagefake.Bot
		targets      figures.Targets
		doubts, most int
		want         int // requests; 0: any
	}{
		{"the demo's council", demo()[1], figures.Targets{}, 0, 60, 38},
		{"the demo's bakery", demo()[2], figures.Targets{}, 0, 60, 38},
		{"the demo's shop, with an incident", demo()[0], figures.Targets{}, 1, 120, 0},
		{"many slices", many(6, 6, nil), figures.Targets{}, 0, 60, 59},
		{"many slices, and targets", many(6, 6, nil), figures.Targets{Feedback: new(0.7)}, 0, 60, 0},
		{"an incident", many(3, 3, map[period.Date]int{wednesday: 3}), figures.Targets{}, 1, 120, 0},
		{"two incidents in many slices", many(6, 6, map[period.Date]int{wednesday: 3,
			wednesday.Add(1): 4}), figures.Targets{}, 2, 120, 0},
		{"two incidents in very many slices", many(4, 20, map[period.Date]int{wednesday: 3,
			wednesday.Add(1): 4}), figures.Targets{Feedback: new(0.7)}, 2, 120, 0},
		{"a week of incidents", many(3, 3, everyDay(3)), figures.Targets{Feedback: new(0.7)}, 2, 120,
			0},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := sagefake.New(c.bot)
			q := kommune()
			q.Bot.ID, q.Targets = c.bot.ID, c.targets
			a, err := collect.Answers(t.Context(), wireless(server), q, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := figures.Compute(a)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, "doubts", len(r.Doubts()), c.doubts)
			n := len(server.Requests())
			t.Logf("%d requests", n)
			if n > c.most || c.want > 0 && n != c.want {
				t.Errorf("%d requests, want %d, and %d at most", n, c.want, c.most)
			}
			for _, request := range server.Requests() {
				hours := request.Query.Get("granularity") == "hour" &&
					request.Query.Get("from") != thisWeek.From().String()
				if hours && c.doubts == 0 {
					t.Errorf("a quiet week asks for hours: %v", request)
				}
			}
		})
	}
}

func everyDay(times int) map[period.Date]int {
	all := make(map[period.Date]int)
	for _, day := range thisWeek.Days() {
		all[day] = times
	}
	return all
}

// many is a bot with the given numbers of sources and languages. On the given days its fallback
// rate is a multiple of the usual one.
func many(sources, languages int, incidents map[period.Date]int) *sagefake.Bot {
	bot := &sagefake.Bot{ID: "kommune", Key: key}
	var events []sagefake.Event
	for day := thisWeek.Add(-11).From(); day.Before(thisWeek.To()); day = day.Add(1) {
		times := max(1, incidents[day])
		for chat := range 120 + 7*(day.Sub(thisWeek.From())&3) {
			e := sagefake.Event{At: day.UTC().Add(time.Duration(7*60+6*chat) * time.Minute),
				Source:   fmt.Sprint("source", chat%sources),
				Language: string([]rune{'a' + rune(chat%languages/26), 'a' + rune(chat%languages%26)})}
			add := func(k sagefake.Kind) { e.Kind = k; events = append(events, e) }
			add(sagefake.Chat)
			for reply := range 3 {
				add(sagefake.Message)
				if (3*chat+reply)%20 < 2*times-1 {
					add(sagefake.Fallback)
				} else {
					add(sagefake.Reply)
				}
			}
		}
	}
	bot.Add(events...)
	return bot
}
