package report_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

// The most bytes that answers can put into report.json. Three lists have 100 items of two texts,
// and a text has sage.MaxText characters, of which JSON writes each in 6 bytes at most: 3.6 MB.
// Movers and insights repeat a few of the texts. All the rest has a fixed number of numbers.
const mostJSON = 5 << 20

// answerSize is the longest answer that the client takes.
const answerSize = 8 << 20

// Whatever answers of 8 MiB hold, the report that is made of them stays below the bound, and so do
// its editions.
func TestReport_SizeIsBounded(t *testing.T) {
	const date = "2026-11-09T00:00:00"
	// fill repeats an item until the answer is as long as it may be. %d in it is another number
	// each time.
	fill := func(item string) string {
		var b strings.Builder
		b.WriteString(`{"data": [`)
		for i := 0; b.Len() < answerSize-len(item)-40; i++ {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, item, 1_000_000+i)
		}
		b.WriteString(`]}`)
		return b.String()
	}
	text := func(unit string, size int) string { return strings.Repeat(unit, size/len(unit)) }
	quoted := func(s string) string {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	lists := func(s string) map[string]string {
		return map[string]string{
			"pages": fill(`{"web_host":"%d` + s + `","web_path":"` + s +
				`","sessions":900,"messages":9}`),
			"clicks": fill(`{"button_text":"%d` + s + `","dialogue_name":"` + s +
				`","count":900,"ratio":0.1}`),
			"added": fill(`{"label_id":"%d` + s + `","label_text":"` + s + `","count":900}`),
		}
	}
	escaped := strings.Trim(quoted(text("\u0001", 1200)), `"`) // 6 bytes each

	for name, answers := range map[string]map[string]string{
		"many short items": lists(""),
		"long texts":       lists(text("W", 20_000)),
		"longer in JSON":   lists(escaped),
		"one text a list": {
			"pages": `{"data":[{"web_host":"","web_path":"` + text("/a", answerSize-200) +
				`","sessions":900,"messages":9}]}`,
			"clicks": `{"data":[{"button_text":"e` + text("\u0301", answerSize-200) +
				`","dialogue_name":"","count":9,"ratio":1}]}`,
			"added": `{"data":[{"label_id":0.` + text("0", answerSize-200) +
				`,"label_text":"","count":9}]}`,
		},
		"sources and scales": {
			"options": `{"data":{"sources":[` +
				strings.TrimSuffix(text(`"web1",`, answerSize-200), ",") + `],"languages":["nb"]}}`,
			"summary": `{"data":{"binary":[` +
				strings.TrimSuffix(text(`{"rating":1,"count":1,"ratio":0.1},`, answerSize-200),
					",") + `],"emojis":[]}}`,
		},
		"series": {
			"chats":    fill(`{"count":%d,"date":"` + date + `"}`),
			"messages": fill(`{"count":%d,"date":"` + date + `"}`),
			"series": fill(`{"count":%d,"rate":0.1,"date":"` + date +
				`","requests":1,"requests_while_closed":1,"started":1,"ended":1}`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			client := &sage.Client{
				URL: "https://sage.test", APIURL: "https://sage.test", Tries: 1, Concurrency: 2,
				HTTP: &http.Client{Transport: answering(answers)},
				Key:  func(context.Context, string) (string, error) { return "key", nil },
			}
			bot, err := config.New("b")
			if err != nil {
				t.Fatal(err)
			}
			if bot, err = bot.With(config.Changes{Sources: []string{"website"}}); err != nil {
				t.Fatal(err)
			}
			week, err := period.Parse("2026-W46")
			if err != nil {
				t.Fatal(err)
			}
			r, err := report.Collect(t.Context(), client, bot, week,
				time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, long := answers["pages"]; long && name != "one text a list" &&
				len(r.Movers.Pages) != 10 {
				t.Errorf("%d pages moved, want as many as are kept", len(r.Movers.Pages))
			}
			files, err := report.Render(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				if len(f.Data) > mostJSON {
					t.Errorf("%s has %d bytes, and %d are the most", f.Name, len(f.Data), mostJSON)
				}
				if f.Name == report.JSON || f.Name == report.PDF || f.Name == report.Mail {
					t.Logf("%s: %.2f MB", f.Name, float64(len(f.Data))/1e6)
				}
			}
		})
	}
}

// answering answers each statistic, by the last element of its path, with a body; with an empty one
// where there is none.
type answering map[string]string

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	name := path.Base(r.URL.Path)
	body, ok := a[name]
	switch {
	case ok && r.URL.Query().Get("from") == "2026-11-02" &&
		strings.Contains("pages clicks added", name):
		body = `{"data": []}` // so that all items are new
	case ok:
	case name == "chats", name == "messages": // a history to compare with
		var points []string
		for i := range 84 {
			points = append(points, time.Date(2026, time.August, 24+i, 0, 0, 0, 0,
				time.UTC).Format(`{"count":1000,"date":"2006-01-02T15:04:05"}`))
		}
		body = `{"data": [` + strings.Join(points, ",") + `]}`
	case name == "auth":
		body = `{"jwt": "token", "ttl": 300}`
	case name == "total":
		body = `{"data": {"count": 0, "rate": null}}`
	case name == "summary":
		body = `{"data": {"binary": [], "emojis": []}}`
	case name == "options":
		body = `{"data": {"sources": ["web"], "languages": ["nb"]}}`
	default:
		body = `{"data": []}`
	}
	if len(body) > answerSize {
		return nil, fmt.Errorf("the answer of %s is longer than the client takes", name)
	}
	return &http.Response{StatusCode: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(body)), Request: r}, nil
}
