package sagefake_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kindlyweekly/sage/sagefake"
)

// The demo on a Wednesday in November; the last complete week is 2026-W46, without a holiday in it
// or before.
var (
	demoNow = time.Date(2026, 11, 18, 11, 0, 0, 0, time.UTC)
	demo    = sync.OnceValue(func() []*sagefake.Bot { return sagefake.Demo(demoNow) })
)

const (
	demoWeek    = "from=2026-11-09&to=2026-11-16"
	demoBefore  = "from=2026-11-02&to=2026-11-09"
	demoHistory = "from=2026-07-13&to=2026-11-16" // 18 weeks
)

func demoBot(t *testing.T, id string) *sagefake.Bot {
	t.Helper()
	i := slices.IndexFunc(demo(), func(b *sagefake.Bot) bool { return b.ID == id })
	if i < 0 {
		t.Fatalf("no demo bot %q", id)
	}
	return demo()[i]
}

// all asks a bot everything of some weeks, in its zone, and returns the answers as they stand.
func all(w wire, bot *sagefake.Bot, query string) string {
	var b strings.Builder
	for _, path := range []string{
		"sessions/chats", "sessions/messages", "fallbacks/series", "fallbacks/total",
		"chatbubble/pages", "takeovers/series",
		"takeovers/totals", "feedback/summary", "buttons/clicks", "chatlabels/added",
		"meta/options",
	} {
		_, body := w.stats(bot, path, "limit=1000&tz="+bot.TZ+"&"+query)
		fmt.Fprintln(&b, path, body)
	}
	return b.String()
}

func TestDemo_IsDeterministic(t *testing.T) {
	later := sagefake.Demo(demoNow.Add(3 * time.Hour))
	again := sagefake.Demo(demoNow)
	for i, bot := range demo() {
		// Up to now and beyond, to the byte; and a later instant of the same date only adds to it.
		const upToNow, upToToday = "from=2026-07-01&to=2027-01-01", "from=2026-07-01&to=2026-11-18"
		if all(serve(t, bot), bot, upToNow) != all(serve(t, again[i]), again[i], upToNow) {
			t.Errorf("%s: the same instant gave other events", bot.ID)
		}
		if all(serve(t, bot), bot, upToToday) != all(serve(t, later[i]), later[i], upToToday) {
			t.Errorf("%s: a later instant of the same date changed the past", bot.ID)
		}
	}
}

func TestDemo_EndsNow(t *testing.T) {
	for _, bot := range demo() {
		w := serve(t, bot)
		const thisWeek = "granularity=hour&from=2026-11-16&to=2026-11-23"
		for _, path := range []string{"sessions/chats", "sessions/messages", "fallbacks/series",
			"takeovers/series"} {
			series := data[[]point](w, bot, path, thisWeek)
			if len(series) > 0 && series[len(series)-1].Date >= "2026-11-18T11" {
				t.Errorf("%s %s: last at %s, want nothing after %s", bot.ID, path,
					series[len(series)-1].Date, demoNow)
			}
		}
		if got := total(data[[]point](w, bot, "sessions/chats", thisWeek)); got == 0 {
			t.Errorf("%s: this week has not begun", bot.ID)
		}
	}
}

// Numbers of the demo are as those of real bots.
func TestDemo_IsPlausible(t *testing.T) {
	for _, tt := range []struct {
		id                     string
		minWeek, maxWeek       int     // chats, test chats aside, of every week
		minChange, maxChange   float64 // of the last complete week
		minPerChat, maxPerChat float64 // messages
		minRate, maxRate       float64 // fallbacks
	}{
		{"nettbutikk", 6500, 9000, 0.01, 0.09, 3.6, 4.4, 0.06, 0.13},
		{"kommune", 700, 1100, -0.15, 0.1, 3, 3.8, 0.11, 0.2},
		{"bakeri", 8, 50, -0.7, 1.5, 2, 4, 0.03, 0.25},
	} {
		t.Run(tt.id, func(t *testing.T) {
			bot := demoBot(t, tt.id)
			w := serve(t, bot)
			zone := "&sources[]=-test&tz=" + bot.TZ

			weeks := data[[]point](w, bot, "sessions/chats", demoHistory+"&granularity=week"+zone)
			if len(weeks) != 18 {
				t.Fatalf("%d weeks of history, want 18", len(weeks))
			}
			seen := map[int]bool{}
			for _, week := range weeks {
				seen[week.Count] = true
				if week.Count < tt.minWeek || week.Count > tt.maxWeek {
					t.Errorf("week of %s: %d chats, want %d to %d", week.Date, week.Count,
						tt.minWeek, tt.maxWeek)
				}
			}
			if len(seen) < 9 {
				t.Errorf("18 weeks with only %d different totals: no noise", len(seen))
			}
			chats := weeks[17].Count
			if change := float64(chats)/float64(weeks[16].Count) - 1; change < tt.minChange ||
				change > tt.maxChange {
				t.Errorf("last week changed by %+.1f %%, want %+.1f %% to %+.1f %%", 100*change,
					100*tt.minChange, 100*tt.maxChange)
			}
			messages := total(data[[]point](w, bot, "sessions/messages", demoWeek+zone))
			if per := float64(messages) / float64(chats); per < tt.minPerChat ||
				per > tt.maxPerChat {
				t.Errorf("%.2f messages a chat, want %.1f to %.1f", per, tt.minPerChat,
					tt.maxPerChat)
			}
			if rate := data[point](w, bot, "fallbacks/total",
				demoWeek+zone).Rate; rate < tt.minRate || rate > tt.maxRate {
				t.Errorf("fallback rate %.3f, want %.2f to %.2f", rate, tt.minRate, tt.maxRate)
			}
			if tests := total(data[[]point](w, bot, "sessions/chats",
				demoHistory+"&sources[]=test")); tests == 0 {
				t.Error("no test chats: leaving them out would show nothing")
			}
		})
	}
}

// Days vary as much as real ones, which is more than independent arrivals would.
func TestDemo_IsOverdispersed(t *testing.T) {
	bot := demoBot(t, "nettbutikk")
	byWeekday := map[time.Weekday][]float64{}
	for _, p := range data[[]point](serve(t, bot), bot, "sessions/chats",
		demoHistory+"&tz="+bot.TZ) {
		day := instant(t, p.Date[:19]+"Z").Weekday()
		byWeekday[day] = append(byWeekday[day], float64(p.Count))
	}
	for _, day := range []time.Weekday{time.Monday, time.Tuesday, time.Thursday} {
		counts := byWeekday[day]
		var mean, variance float64
		for _, n := range counts {
			mean += n / float64(len(counts))
		}
		for _, n := range counts {
			variance += (n - mean) * (n - mean) / float64(len(counts)-1)
		}
		if variance < 1.5*mean {
			t.Errorf("%s: mean %.0f, standard deviation %.0f, as even as a machine", day, mean,
				math.Sqrt(variance))
		}
	}
}

func TestDemo_OfficeHours(t *testing.T) {
	for _, bot := range demo() {
		series := data[[]point](serve(t, bot), bot, "sessions/chats",
			demoHistory+"&sources[]=-test&tz="+bot.TZ)
		var workdays, weekend int
		for _, p := range series {
			switch instant(t, p.Date[:19]+"Z").Weekday() {
			case time.Tuesday, time.Wednesday:
				workdays += p.Count
			case time.Saturday, time.Sunday:
				weekend += p.Count
			}
		}
		// People shop less on a Saturday, hardly ask their municipality, and buy bread.
		if got, want := weekend < workdays, bot.ID != "bakeri"; got != want {
			t.Errorf("%s: %d chats on two working days, %d at the weekend", bot.ID, workdays,
				weekend)
		}

		var day, night int
		for _, p := range data[[]point](serve(t, bot), bot, "sessions/chats",
			demoWeek+"&granularity=hour&tz="+bot.TZ) {
			switch clock := p.Date[11:13]; {
			case "09" <= clock && clock < "14":
				day += p.Count
			case clock < "05":
				night += p.Count
			}
		}
		if day < 5*night || day == 0 {
			t.Errorf("%s: %d chats from 9 to 14, %d from 0 to 5", bot.ID, day, night)
		}
	}
}

func TestDemo_Holidays(t *testing.T) {
	// In May 2026 the history has Easter, Labour Day and Ascension in it.
	bots := sagefake.Demo(time.Date(2026, 5, 20, 9, 0, 0, 0, time.UTC))
	kommune := bots[1]
	w := serve(t, kommune)
	for holiday, ordinary := range map[string]string{
		"2026-04-02": "2026-04-16", // Maundy Thursday
		"2026-04-03": "2026-04-17", // Good Friday
		"2026-04-06": "2026-04-20", // Easter Monday
		"2026-05-01": "2026-05-08",
		"2026-05-14": "2026-05-07", // Ascension
	} {
		ask := func(date string) (chats, open int) {
			query := "sources[]=-test&tz=Europe/Oslo&from=" + date + "&to=" +
				instant(t, date+"T00:00:00Z").AddDate(0, 0, 1).Format(time.DateOnly)
			return total(data[[]point](w, kommune, "sessions/chats", query)),
				data[struct{ Requests int }](w, kommune, "takeovers/totals", query).Requests
		}
		chats, open := ask(holiday)
		usual, usuallyOpen := ask(ordinary)
		if chats*3 > usual || open != 0 || usuallyOpen == 0 {
			t.Errorf("%s: %d chats, %d handovers asked for while open; on %s %d and %d", holiday,
				chats, open, ordinary, usual, usuallyOpen)
		}
	}
}

// The shop has an incident on one working day of the last complete week, from 10 to 15.
func TestDemo_Incident(t *testing.T) {
	bot := demoBot(t, "nettbutikk")
	w := serve(t, bot)
	hours := data[[]point](w, bot, "fallbacks/series",
		demoWeek+"&granularity=hour&sources[]=-test&tz=Europe/Oslo")
	usual := data[point](w, bot, "fallbacks/total",
		demoBefore+"&sources[]=-test&tz=Europe/Oslo").Rate
	var broken []string
	for _, p := range hours {
		if clock := p.Date[11:13]; "09" <= clock && clock < "16" && p.Rate > 2*usual {
			broken = append(broken, p.Date[:13])
		}
	}
	want := "2026-11-11T10 2026-11-11T11 2026-11-11T12 2026-11-11T13 2026-11-11T14"
	if got := strings.Join(broken, " "); got != want {
		t.Errorf("fallback rate over twice %.3f in %s, want %s", usual, got, want)
	}

	// It is only on the web in Norwegian.
	const day = "from=2026-11-11&to=2026-11-12&tz=Europe/Oslo"
	for slice, fails := range map[string]bool{
		"sources[]=web&language_codes[]=nb": true, "sources[]=web&language_codes[]=sv": false,
		"sources[]=app": false, "sources[]=facebook": false, "language_codes[]=da": false,
	} {
		rate := data[point](w, bot, "fallbacks/total", day+"&"+slice).Rate
		if fails != (rate > 1.5*usual) {
			t.Errorf("%s: fallback rate %.3f, usually %.3f", slice, rate, usual)
		}
	}

	type label struct {
		Text  string `json:"label_text"`
		Count int
	}
	trouble := func(query string) int {
		for _, l := range data[[]label](w, bot, "chatlabels/added", query+"&limit=1000") {
			if strings.HasPrefix(l.Text, "Betaling feiler") {
				return l.Count
			}
		}
		return 0
	}
	if now, before := trouble(demoWeek), trouble(demoBefore); now < 50 || before != 0 {
		t.Errorf("%d chats labelled with the incident, %d the week before", now, before)
	}
}

// Each event has one source and one language, so slices add up to the whole.
func TestDemo_SlicesAddUp(t *testing.T) {
	type options struct {
		Sources   []string
		Languages []string `json:"language_codes"`
	}
	for _, bot := range demo() {
		w := serve(t, bot)
		known := data[options](w, bot, "meta/options", "")
		if len(known.Sources) < 3 || len(known.Languages) < 3 { // test is a source
			t.Errorf("%s: sources %q, languages %q", bot.ID, known.Sources, known.Languages)
		}
		for _, path := range []string{"sessions/chats", "sessions/messages", "fallbacks/total",
			"takeovers/totals", "buttons/clicks", "chatlabels/added"} {
			whole := counted(w, bot, path, "")
			for param, names := range map[string][]string{"sources[]": known.Sources,
				"language_codes[]": known.Languages} {
				sum := 0
				for _, name := range names {
					sum += counted(w, bot, path, "&"+param+"="+name)
				}
				if sum != whole {
					t.Errorf("%s %s: %d in all of %s, and %d in all", bot.ID, path, sum, param,
						whole)
				}
			}
		}
	}
}

// counted adds up the counts of an answer about the last complete week.
func counted(w wire, bot *sagefake.Bot, path, filter string) (n int) {
	_, body := w.stats(bot, path, demoWeek+"&limit=1000&tz="+bot.TZ+filter)
	for _, m := range countField.FindAllStringSubmatch(body, -1) {
		count, _ := strconv.Atoi(m[1])
		n += count
	}
	return n
}

var countField = regexp.MustCompile(`"(?:count|requests|requests_while_closed)":(\d+)`)

func TestDemo_LongTailsAndNames(t *testing.T) {
	bot := demoBot(t, "nettbutikk")
	w := serve(t, bot)
	for path, field := range map[string]string{"chatlabels/added": "label_text",
		"buttons/clicks": "button_text", "chatbubble/pages": "web_path"} {
		for _, query := range []string{demoWeek, demoBefore} {
			list := data[[]map[string]any](w, bot, path, query+"&sources[]=-test&limit=1000")
			if len(list) <= 110 {
				t.Errorf("%s?%s: %d items, want well over 100, so that a list of 100 is full", path,
					query, len(list))
			}
			var names strings.Builder
			for _, item := range list {
				fmt.Fprintln(&names, item[field])
			}
			for _, awkward := range []string{"æ", "ø", "å", "<", "&"} {
				if !strings.Contains(names.String(), awkward) {
					t.Errorf("%s?%s: no name has %q in it", path, query, awkward)
				}
			}
		}
	}
	_, labels := w.stats(bot, "chatlabels/added", demoWeek+"&limit=1000")
	for _, awkward := range []string{`"=SUM(A1)"`, `"*Reklamasjon*"`, `\"SOMMER\"`, "🎁"} {
		if !strings.Contains(labels, awkward) {
			t.Errorf("no label has %s in it", awkward)
		}
	}
}

func TestDemo_HandoversAndFeedback(t *testing.T) {
	type handovers struct {
		Requests, Started, Ended int
		WhileClosed              int `json:"requests_while_closed"`
	}
	type step struct{ Rating, Count int }
	type summary struct{ Binary, Emojis []step }
	for _, bot := range demo() {
		w := serve(t, bot)
		h := data[handovers](w, bot, "takeovers/totals", demoHistory+"&tz="+bot.TZ)
		if h.Ended == 0 || h.Ended > h.Started || h.Started > h.Requests || h.WhileClosed == 0 {
			t.Errorf("%s: %+v, want requests >= started >= ended > 0, and some asked for "+
				"while closed", bot.ID, h)
		}
		f := data[summary](w, bot, "feedback/summary", demoWeek+"&tz="+bot.TZ)
		ratings := 0
		for _, s := range slices.Concat(f.Binary, f.Emojis) {
			ratings += s.Count
		}
		switch bot.ID {
		case "nettbutikk":
			if ratings < 200 {
				t.Errorf("%s: %d ratings in a week, want hundreds", bot.ID, ratings)
			}
		case "kommune":
			if len(f.Binary)+len(f.Emojis) != 0 {
				t.Errorf("%s: %+v, want none: its feedback is off", bot.ID, f)
			}
		case "bakeri":
			if ratings < 1 || ratings > 15 {
				t.Errorf("%s: %d ratings in a week, want a few", bot.ID, ratings)
			}
		}
	}
}

// On any date the demo has 18 whole weeks of history, and the week of a year ago.
func TestDemo_AnyDate(t *testing.T) {
	for _, now := range []string{
		"2026-01-01T00:00:00Z", // in New York it is still 2025
		"2026-03-29T00:59:59Z", // the last second before clocks change in Oslo
		"2028-02-29T23:59:59Z",
	} {
		at := instant(t, now)
		for _, bot := range sagefake.Demo(at) {
			zone, err := time.LoadLocation(bot.TZ)
			if err != nil {
				t.Fatal(err)
			}
			y, m, d := at.In(zone).Date()
			monday := time.Date(y, m, d-(int(at.In(zone).Weekday())+6)%7, 12, 0, 0, 0, time.UTC)
			w := serve(t, bot)
			query := "granularity=week&tz=" + bot.TZ + "&from=" + monday.AddDate(0, 0,
				-30*7).Format(time.DateOnly) + "&to=" + monday.Format(time.DateOnly)
			weeks := data[[]point](w, bot, "sessions/chats", query)
			query = "granularity=week&tz=" + bot.TZ + "&from=2020-01-06&to=" + monday.AddDate(0, 0,
				-30*7).Format(time.DateOnly)
			if ago := data[[]point](w, bot, "sessions/chats", query); len(ago) != 3 ||
				ago[1].Date[:10] != monday.AddDate(0, 0, -53*7).Format(time.DateOnly) {
				t.Errorf("%s, %s: a year ago %s, want three weeks", now, bot.ID, points(ago))
			}
			if len(weeks) != 18 || weeks[0].Date[:10] != monday.AddDate(0, 0,
				-18*7).Format(time.DateOnly) {
				t.Errorf("%s, %s: weeks %s, want the 18 before %s", now, bot.ID, points(weeks),
					monday.Format(time.DateOnly))
			}
		}
	}
}

func BenchmarkDemo(b *testing.B) {
	for b.Loop() {
		sagefake.Demo(demoNow)
	}
}
