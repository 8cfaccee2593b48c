package sage_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"kindlyweekly/sage"
)

// A week of chats, by the days of Oslo, without those of the bot's builders.
func Example() {
	server := httptest.NewServer(kindly())
	defer server.Close()

	client := &sage.Client{
		URL:    server.URL, // leave both URLs out to ask the real services
		APIURL: server.URL,
		Key:    func(context.Context, string) (string, error) { return "the-key-of-the-bot", nil },
	}
	points, err := client.Chats(context.Background(), "8152", sage.Query{
		From:    "2026-11-09",
		To:      "2026-11-16",
		TZ:      "Europe/Oslo",
		Sources: []string{"-test"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range points {
		fmt.Println(p.Time.Format("Mon 2 Jan"), p.Count)
	}
	// Output:
	// Mon 9 Nov 1204
	// Tue 10 Nov 1187
}

// kindly plays both services: the one that makes tokens, and Sage.
func kindly() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v2/bot/8152/sage/auth", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"jwt": "a-token", "ttl": 300}`)
	})
	mux.HandleFunc("GET /api/v1/stats/bot/8152/sessions/chats", func(w http.ResponseWriter,
		_ *http.Request) {
		fmt.Fprint(w, `{"data": [
			{"date": "2026-11-09T00:00:00.000000", "count": 1204},
			{"date": "2026-11-10T00:00:00.000000", "count": 1187}
		]}`)
	})
	return mux
}
