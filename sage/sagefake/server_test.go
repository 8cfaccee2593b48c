package sagefake_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kindlyweekly/sage/sagefake"
)

// A Sage of one bot and one chat, asked as any client of the real service would.
func Example() {
	bot := &sagefake.Bot{ID: "nettbutikk", Key: "secret"}
	bot.Add(sagefake.Event{
		At: time.Date(2021, 2, 1, 8, 30, 0, 0,
			time.UTC), Kind: sagefake.Chat, Source: "web", Language: "nb",
	})
	sage := sagefake.New(bot)

	ask := func(path, credential string) string {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+credential)
		w := httptest.NewRecorder()
		sage.ServeHTTP(w, r)
		return w.Body.String()
	}
	auth := ask("/api/v2/bot/nettbutikk/sage/auth", "secret")
	jwt := strings.Split(auth, `"`)[3]
	const query = "?from=2021-02-01&to=2021-02-08&tz=Europe/Oslo"
	fmt.Println(ask("/api/v1/stats/bot/nettbutikk/sessions/chats"+query, jwt))
	// Output: {"data":[{"count":1,"date":"2021-02-01T00:00:00.000000"}]}
}

// twoDays is a bot with at least one event of every kind, on 1 and 2 February 2021.
func twoDays() *sagefake.Bot {
	bot := &sagefake.Bot{ID: "7", Key: "secret", Sources: []string{"web", "ios"}}
	monday, tuesday := time.Date(2021, 2, 1, 9, 0, 0, 0, time.UTC), time.Date(2021, 2, 2, 9, 0, 0,
		0, time.UTC)
	home, search := sagefake.Page{Host: "a.example", Path: "/"}, sagefake.Page{Host: "a.example",
		Path: "/søk?"}
	for _, e := range []sagefake.Event{
		// Out of order on purpose.
		{At: tuesday, Kind: sagefake.Chat, Source: "web", Language: "nb", Page: search},
		{At: monday, Kind: sagefake.Chat, Source: "web", Language: "nb", Page: home},
		{At: monday, Kind: sagefake.Chat, Source: "web", Language: "en", Page: home},
		{At: monday, Kind: sagefake.Chat, Source: "test", Language: "nb"},
		{At: monday, Kind: sagefake.Message, Source: "web", Page: home},
		{At: tuesday, Kind: sagefake.Message, Source: "web", Page: search},
		{At: tuesday, Kind: sagefake.Message, Source: "web", Page: search},

		{At: monday, Kind: sagefake.Fallback, Source: "web"},
		{At: monday, Kind: sagefake.Reply, Source: "web"},
		{At: monday, Kind: sagefake.Reply, Source: "web"},
		{At: monday, Kind: sagefake.Reply, Source: "web"},
		{At: tuesday, Kind: sagefake.Reply, Source: "web"},

		{At: monday, Kind: sagefake.HandoverRequest},
		{At: monday, Kind: sagefake.HandoverRequest},
		{At: monday, Kind: sagefake.HandoverStart},
		{At: monday, Kind: sagefake.HandoverEnd},
		{At: tuesday, Kind: sagefake.HandoverRequestWhileClosed},

		{At: monday, Kind: sagefake.BinaryRating, Rating: 2},
		{At: monday, Kind: sagefake.BinaryRating, Rating: 1},
		{At: monday, Kind: sagefake.BinaryRating, Rating: 2},
		{At: monday, Kind: sagefake.BinaryRating, Rating: 2},
		{At: monday, Kind: sagefake.EmojiRating, Rating: 5},

		{At: monday, Kind: sagefake.LabelAdded, Label: sagefake.Label{ID: "l2", Text: "Retur"}},
		{At: monday, Kind: sagefake.LabelAdded, Label: sagefake.Label{ID: "l1",
			Text: "<b>Bytte</b>"}},
		{At: tuesday, Kind: sagefake.LabelAdded, Label: sagefake.Label{ID: "l1",
			Text: "<b>Bytte</b>"}},

		{At: monday, Kind: sagefake.ButtonClick, Button: sagefake.Button{Text: "Ja",
			Dialogue: "Hjelp?"}},
		{At: monday, Kind: sagefake.ButtonClick, Button: sagefake.Button{Text: "Ja",
			Dialogue: "Hjelp?"}},
		{At: tuesday, Kind: sagefake.ButtonClick, Button: sagefake.Button{Text: "Ja",
			Dialogue: "Mer?"}},
		{At: tuesday, Kind: sagefake.ButtonClick, Button: sagefake.Button{Text: "Nei",
			Dialogue: "Hjelp?"}},
	} {
		bot.Add(e)
	}
	return bot
}

func TestServer_Endpoints(t *testing.T) {
	const monday, tuesday = "2021-02-01T00:00:00.000000", "2021-02-02T00:00:00.000000"
	bot := twoDays()
	w := serve(t, bot)
	for _, tt := range []struct{ path, query, want string }{
		{"sessions/chats", "", `[{"count":3,"date":"` + monday + `"},{"count":1,"date":"` +
			tuesday + `"}]`},
		{"sessions/messages", "", `[{"count":1,"date":"` + monday + `"},{"count":2,"date":"` +
			tuesday + `"}]`},
		{"fallbacks/series", "", `[{"count":1,"rate":0.25,"date":"` + monday +
			`"},{"count":0,"rate":0,"date":"` + tuesday + `"}]`},
		{"fallbacks/total", "", `{"count":1,"rate":0.2}`},
		{"takeovers/series", "", `[{"date":"` + monday +
			`","requests":2,"requests_while_closed":0,"started":1,"ended":1},` +
			`{"date":"` + tuesday + `","requests":0,"requests_while_closed":1,"started":0,` +
			`"ended":0}]`},
		{"takeovers/totals", "", `{"requests":2,"requests_while_closed":1,"started":1,"ended":1}`},
		{"chatbubble/pages", "", `[{"web_host":"a.example","web_path":"/","sessions":2,` +
			`"messages":1},` +
			`{"web_host":"a.example","web_path":"/søk?","sessions":1,"messages":2}]`},
		{"chatbubble/pages", "limit=1", `[{"web_host":"a.example","web_path":"/","sessions":2,` +
			`"messages":1}]`},
		{"feedback/summary", "", `{"binary":[{"rating":1,"count":1,"ratio":0.25},{"rating":2,` +
			`"count":3,"ratio":0.75}],` +
			`"emojis":[{"rating":1,"count":0,"ratio":0},{"rating":2,"count":0,"ratio":0},` +
			`{"rating":3,"count":0,"ratio":0},` +
			`{"rating":4,"count":0,"ratio":0},{"rating":5,"count":1,"ratio":1}]}`},
		{"chatlabels/added", "", `[{"label_id":"l1",` +
			`"label_text":"\u003cb\u003eBytte\u003c/b\u003e","count":2},` +
			`{"label_id":"l2","label_text":"Retur","count":1}]`},
		{"buttons/clicks", "", `[{"button_text":"Ja","dialogue_name":"Hjelp?","count":2,` +
			`"ratio":0.5},` +
			`{"button_text":"Ja","dialogue_name":"Mer?","count":1,"ratio":0.25},` +
			`{"button_text":"Nei","dialogue_name":"Hjelp?","count":1,"ratio":0.25}]`},
		// The ratio is out of all clicks, not out of those listed.
		{"buttons/clicks", "limit=1", `[{"button_text":"Ja","dialogue_name":"Hjelp?","count":2,` +
			`"ratio":0.5}]`},
		{"meta/options", "", `{"sources":["","ios","test","web"],"language_codes":["","en","nb"]}`},
	} {
		t.Run(tt.path+"?"+tt.query, func(t *testing.T) {
			w.t = t
			status, body := w.stats(bot, tt.path, "from=2021-02-01&to=2021-02-03&"+tt.query)
			if want := `{"data":` + tt.want + `}`; status != http.StatusOK || body != want {
				t.Errorf("got %d %s\nwant 200 %s", status, body, want)
			}
		})
	}
}

func TestServer_NoEvents(t *testing.T) {
	const noRatings = `{"binary":[{"rating":1,"count":0,"ratio":0},{"rating":2,"count":0,` +
		`"ratio":0}],` +
		`"emojis":[{"rating":1,"count":0,"ratio":0},{"rating":2,"count":0,"ratio":0},{"rating":3,` +
		`"count":0,"ratio":0},` +
		`{"rating":4,"count":0,"ratio":0},{"rating":5,"count":0,"ratio":0}]}`
	bot := twoDays()
	w := serve(t, bot)
	for path, want := range map[string]string{
		"sessions/chats": `[]`, "sessions/messages": `[]`, "fallbacks/series": `[]`,
		"takeovers/series": `[]`,
		"chatbubble/pages": `[]`, "buttons/clicks": `[]`, "chatlabels/added": `[]`,
		"fallbacks/total":  `{"count":0,"rate":0}`,
		"takeovers/totals": `{"requests":0,"requests_while_closed":0,"started":0,"ended":0}`,
		"feedback/summary": noRatings,
	} {
		for _, interval := range []string{"from=2021-02-01&to=2021-02-01",
			"from=2020-01-06&to=2020-01-13"} {
			status, body := w.stats(bot, path, interval)
			if want := `{"data":` + want + `}`; status != http.StatusOK || body != want {
				t.Errorf("%s?%s: got %d %s, want 200 %s", path, interval, status, body, want)
			}
		}
	}
}

func TestServer_FeedbackOff(t *testing.T) {
	bot := twoDays()
	bot.FeedbackOff = true
	_, body := serve(t, bot).stats(bot, "feedback/summary", "from=2021-02-01&to=2021-02-03")
	if want := `{"data":{"binary":[],"emojis":[]}}`; body != want {
		t.Errorf("got %s, want %s", body, want)
	}
}

func TestServer_ToIsExclusive(t *testing.T) {
	bot := &sagefake.Bot{ID: "7", Key: "secret"}
	for _, at := range []string{
		"2021-01-31T23:59:59Z", "2021-02-01T00:00:00Z", "2021-02-07T23:59:59.999Z",
		"2021-02-08T00:00:00Z",
	} {
		bot.Add(sagefake.Event{At: instant(t, at), Kind: sagefake.Chat})
	}
	w := serve(t, bot)
	got := points(data[[]point](w, bot, "sessions/chats", "from=2021-02-01&to=2021-02-08"))
	if want := "2021-02-01:1 2021-02-07:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestServer_Filters(t *testing.T) {
	bot := &sagefake.Bot{ID: "7", Key: "secret"}
	for source, chats := range map[string]map[string]int{
		"web":  {"nb": 1, "en": 2},
		"app":  {"nb": 4},
		"test": {"nb": 8, "en": 16},
	} {
		for language, n := range chats {
			for range n {
				bot.Add(sagefake.Event{At: instant(t, "2021-02-01T12:00:00Z"), Kind: sagefake.Chat,
					Source: source, Language: language})
			}
		}
	}
	const all = 31
	for _, tt := range []struct {
		filter, languageParam string
		want                  int
	}{
		{filter: "", want: all},
		{filter: "sources[]=test", want: 24},
		{filter: "sources[]=-test", want: all - 24},
		{filter: "sources[]=web&sources[]=app", want: 7},
		{filter: "sources[]=-web&sources[]=-app", want: 24},
		{filter: "sources[]=web&sources[]=test&sources[]=-test", want: 3},
		{filter: "sources[]=nowhere", want: 0},
		{filter: "sources[]=-nowhere", want: all},
		{filter: "sources[]=-test&language_codes[]=en", want: 2},

		{filter: "language_codes[]=nb", want: 13},
		{filter: "language_code[]=nb", want: 13},
		{filter: "language_codes[]=nb&language_code[]=nb", want: 13},
		{filter: "language_codes[]=nb&language_code[]=en", want: all},
		{filter: "language_codes[]=xx", want: 0},

		// A service that reads one spelling ignores the other in silence.
		{filter: "language_codes[]=nb", languageParam: "language_codes[]", want: 13},
		{filter: "language_code[]=nb", languageParam: "language_codes[]", want: all},
		{filter: "language_codes[]=nb", languageParam: "language_code[]", want: all},
		{filter: "language_code[]=nb", languageParam: "language_code[]", want: 13},
	} {
		t.Run(tt.languageParam+"?"+tt.filter, func(t *testing.T) {
			w := serve(t, bot)
			w.server.LanguageParam = tt.languageParam
			got := data[[]point](w, bot, "sessions/chats",
				"from=2021-02-01&to=2021-02-02&"+tt.filter)
			if total(got) != tt.want {
				t.Errorf("%d chats, want %d", total(got), tt.want)
			}
		})
	}
}

func TestServer_DefaultLimits(t *testing.T) {
	bot := &sagefake.Bot{ID: "7", Key: "secret"}
	at := instant(t, "2021-02-01T12:00:00Z")
	for i := range 150 {
		name := fmt.Sprint(i)
		bot.Add(
			sagefake.Event{At: at, Kind: sagefake.Chat, Page: sagefake.Page{Host: "a.example",
				Path: "/" + name}},
			sagefake.Event{At: at, Kind: sagefake.LabelAdded, Label: sagefake.Label{ID: name,
				Text: name}},
			sagefake.Event{At: at, Kind: sagefake.ButtonClick, Button: sagefake.Button{Text: name}},
		)
	}
	w := serve(t, bot)
	for path, standard := range map[string]int{"chatbubble/pages": 3, "chatlabels/added": 5,
		"buttons/clicks": 5} {
		for query, want := range map[string]int{"": standard, "limit=1": 1, "limit=100": 100,
			"limit=1000": 150} {
			if got := data[[]any](w, bot, path,
				"from=2021-02-01&to=2021-02-02&"+query); len(got) != want {
				t.Errorf("%s?%s: %d items, want %d", path, query, len(got), want)
			}
		}
	}
}

func TestServer_Refusals(t *testing.T) {
	bot := twoDays()
	w := serve(t, bot)
	for _, tt := range []struct{ path, query, reason string }{
		{"sessions/chats", "to=2021-02-03", "from is required"},
		{"sessions/chats", "from=2021-02-03", "to is required"},
		{"sessions/chats", "from=&to=2021-02-03", `from is "", want YYYY-MM-DD`},
		{"sessions/chats", "from=2021-2-1&to=2021-02-03", `from is "2021-2-1", want YYYY-MM-DD`},
		{"sessions/chats", "from=2021-02-01&to=2021-02-30", `to is "2021-02-30", want YYYY-MM-DD`},
		{"sessions/chats", "from=2021-02-01T00:00&to=2021-02-02", `from is "2021-02-01T00:00", ` +
			`want YYYY-MM-DD`},
		{"sessions/chats", "from=2021-02-02&to=2021-02-01", "to (2021-02-01) is before from " +
			"(2021-02-02)"},
		{"fallbacks/total", "from=2021-02-01&to=2021-02-02&tz=Mars/Olympus",
			`tz is "Mars/Olympus", want a name of the tz database, such as Europe/Oslo`},
		{"fallbacks/total", "from=2021-02-01&to=2021-02-02&tz=Local", `tz is "Local", want a ` +
			`name of the tz database, such as Europe/Oslo`},
		{"takeovers/series", "from=2021-02-01&to=2021-02-02&granularity=month",
			`granularity is "month", want hour, day or week`},
		{"fallbacks/series", "from=2021-02-01&to=2021-02-09&granularity=hour",
			"granularity hour is only allowed where to - from is one week or less, here it " +
				"is 8 days"},
		{"chatlabels/added", "from=2021-02-01&to=2021-02-02&limit=0", `limit is "0", want a ` +
			`whole number from 1`},
		{"buttons/clicks", "from=2021-02-01&to=2021-02-02&limit=-1", `limit is "-1", want a ` +
			`whole number from 1`},
		{"chatbubble/pages", "from=2021-02-01&to=2021-02-02&limit=ten", `limit is "ten", want a ` +
			`whole number from 1`},
	} {
		status, body := w.stats(bot, tt.path, tt.query)
		if want := fmt.Sprintf(`{"error":%q}`, tt.reason); status != http.StatusBadRequest ||
			body != want {
			t.Errorf("%s?%s: got %d %s, want 400 %s", tt.path, tt.query, status, body, want)
		}
	}
	if status, body := w.stats(bot, "sessions/chats",
		"from=2021-02-01&to=2021-02-08&granularity=hour"); status != http.StatusOK {
		t.Errorf("a whole week by the hour: got %d %s, want 200", status, body)
	}
}

func TestServer_Authorization(t *testing.T) {
	mine, other := twoDays(), &sagefake.Bot{ID: "8", Key: "other secret"}
	keyless := &sagefake.Bot{ID: "9"}
	w := serve(t, mine, other, keyless)
	jwt := w.token(mine)
	const auth = "/api/v2/bot/7/sage/auth"
	const chats = "/api/v1/stats/bot/7/sessions/chats?from=2021-02-01&to=2021-02-03"
	for _, tt := range []struct {
		name, path, credential string
		want                   int
	}{
		{"key", auth, mine.Key, 200},
		{"no key", auth, "", 401},
		{"bad key", auth, "guess", 401},
		{"key of another bot", auth, other.Key, 401},
		{"a token is no key", auth, jwt, 401},
		{"bot without a key", "/api/v2/bot/9/sage/auth", " ", 401},
		{"token", chats, jwt, 200},
		{"no token", chats, "", 401},
		{"forged token", chats, "eyJhbGciOiJub25lIn0.e30.", 401},
		{"a key is no token", chats, mine.Key, 401},
		{"token of another bot", chats, w.token(other), 401},
		{"options need a token too", "/api/v1/stats/bot/7/meta/options", "", 401},
		{"unknown bot", "/api/v2/bot/unknown/sage/auth", mine.Key, 404},
		{"unknown bot's statistics", "/api/v1/stats/bot/unknown/sessions/chats", jwt, 404},
		{"unknown statistic", "/api/v1/stats/bot/7/sessions/mars", jwt, 404},
		{"auth on the wrong host", "/api/v1/stats/bot/7/sage/auth", mine.Key, 404},
		{"root", "/", "", 404},
	} {
		res, body := w.get(tt.path, tt.credential)
		if res.StatusCode != tt.want {
			t.Errorf("%s: %s %s, want %d", tt.name, res.Status, body, tt.want)
		}
		if tt.want != 200 && !strings.HasPrefix(body, `{"error":"`) {
			t.Errorf("%s: body %s, want a JSON error", tt.name, body)
		}
	}
	res, err := w.http.Post(w.url+auth, "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s %s, want 405", res.Status, body)
	}
}

func TestServer_TokenExpires(t *testing.T) {
	bot := twoDays()
	w := serve(t, bot)
	now := time.Date(2021, 2, 8, 6, 0, 0, 0, time.UTC)
	w.server.Now = func() time.Time { return now }
	jwt := w.token(bot)
	for _, tt := range []struct {
		age  time.Duration
		want int
	}{{0, 200}, {299 * time.Second, 200}, {300 * time.Second, 401}, {time.Hour, 401}} {
		now = time.Date(2021, 2, 8, 6, 0, 0, 0, time.UTC).Add(tt.age)
		if res, body := w.get("/api/v1/stats/bot/7/meta/options", jwt); res.StatusCode != tt.want {
			t.Errorf("token of age %s: %s %s, want %d", tt.age, res.Status, body, tt.want)
		}
	}
	if renewed := w.token(bot); renewed == jwt {
		t.Error("the new token is the expired one")
	}
}

func TestServer_Requests(t *testing.T) {
	bot := twoDays()
	w := serve(t, bot)
	w.server.Fault(sagefake.Fault{Path: "chatlabels/added", Status: 503})
	w.stats(bot, "chatlabels/added", "from=2021-02-01&to=2021-02-03&sources[]=-test")
	w.get("/favicon.ico", "")
	var got []string
	for _, r := range w.server.Requests() {
		got = append(got, fmt.Sprintf("%s %s %v", r.Bot, r.Path, r.Query))
	}
	want := "7 sage/auth map[]\n7 chatlabels/added map[from:[2021-02-01] sources[]:[-test] " +
		"to:[2021-02-03]]\n /favicon.ico map[]"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestBot_AddPanics(t *testing.T) {
	for name, e := range map[string]sagefake.Event{
		"no kind":               {},
		"unknown kind":          {Kind: 99},
		"thumb of three":        {Kind: sagefake.BinaryRating, Rating: 3},
		"face of six":           {Kind: sagefake.EmojiRating, Rating: 6},
		"rating without rating": {Kind: sagefake.EmojiRating},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: added, want a panic", name)
				}
			}()
			new(sagefake.Bot).Add(e)
		}()
	}
}

// Events may be added while requests are answered, which -race checks.
func TestBot_AddWhileServing(t *testing.T) {
	bot := &sagefake.Bot{ID: "7", Key: "secret"}
	w := serve(t, bot)
	const chats = 200
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range chats {
			label := sagefake.Label{ID: fmt.Sprint(i)}
			bot.Add(sagefake.Event{At: time.Date(2021, 2, 1, 0, 0, i, 0, time.UTC),
				Kind: sagefake.LabelAdded, Label: label})
		}
	}()
	for range 10 {
		data[[]any](w, bot, "chatlabels/added", "from=2021-02-01&to=2021-02-02")
	}
	<-done
	if got := data[[]any](w, bot, "chatlabels/added",
		"from=2021-02-01&to=2021-02-02&limit=1000"); len(got) != chats {
		t.Errorf("%d labels, want %d", len(got), chats)
	}
}

// Every answer has the server's time, also one with a fault.
func TestServer_Date(t *testing.T) {
	onWire(t, func(t *testing.T, w wire, bot *sagefake.Bot) {
		w.server.Now = func() time.Time { return time.Now().Add(-2 * time.Hour) }
		w.server.Fault(sagefake.Fault{Path: "meta/options", Status: http.StatusBadGateway,
			Body: "<html>"})
		for _, path := range []string{"/api/v2/bot/7/sage/auth", options} {
			res, _ := w.get(path, bot.Key)
			// the bubble begins at the end of that year
			if date := res.Header.Get("Date"); date != "Fri, 31 Dec 1999 22:00:00 GMT" {
				t.Errorf("%s: %s, Date %q", path, res.Status, date)
			}
		}
	})
}
