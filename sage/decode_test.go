package sage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// decoders are those of all endpoints, with an object of each that is as it should be.
var decoders = []struct {
	endpoint endpoint
	decode   decoder[any]
	list     bool
	object   string
	nullable []string // keys that may hold null
}{
	{chats, untyped(list(countPoint)), true, `{"count": 12, "date": "2026-11-09T00:00:00.000000"}`,
		nil},
	{messages, untyped(list(countPoint)), true, `{"count": 12, "date": "2026-11-09T00:00:00"}`,
		nil},
	{fallbackSeries, untyped(list(fallbackPoint)), true, `{"count": 3, "rate": 0.12, "date": ` +
		`"2026-11-09T00:00:00"}`, nil},
	{fallbackTotal, untyped(one(fallback)), false, `{"count": 3, "rate": 0.12}`, nil},
	{pages, untyped(list(page)), true, `{"web_host": "a", "web_path": "/", "sessions": 1, ` +
		`"messages": 2}`, []string{"web_host", "web_path"}},
	{handoverSeries, untyped(list(handoverPoint)), true, `{"date": "2026-11-09", "requests": 1, ` +
		`"requests_while_closed": 1, "started": 1, "ended": 1}`, nil},
	{handoverTotals, untyped(one(handovers)), false, `{"requests": 1, "requests_while_closed": ` +
		`1, "started": 1, "ended": 1}`, nil},
	{feedback, untyped(one(feedbackSummary)), false, `{"binary": [{"rating": 1, "count": 4, ` +
		`"ratio": 0.4}], "emojis": [{"rating": 5, "count": 6, "ratio": 1}]}`, nil},
	{labels, untyped(list(label)), true, `{"label_id": "x", "label_text": "a", "count": 3}`,
		[]string{"label_id", "label_text"}},
	{Spelling{}.buttons(), untyped(list(Spelling{}.button)), true, `{"button_text": "a", "dialogue_title": "b", "count": ` +
		`6, "ratio": 0.6}`, []string{"button_text", "dialogue_title"}},
	{options, untyped(one(filterOptions)), false, `{"sources": ["web"], "language_codes": ["en"]}`,
		nil},
	{feedback, untyped(list(rating)), true, `{"rating": 1, "count": 4, "ratio": 0.4}`, nil},
}

func untyped[T any](d decoder[T]) decoder[any] {
	return func(endpoint string, data json.RawMessage) (any, error) { return d(endpoint, data) }
}

// Anything missing or wrong in an answer is an error with the endpoint and the keys that came.
func TestClient_UnexpectedShapes(t *testing.T) {
	for _, d := range decoders {
		wrap := func(object string) string {
			if d.list {
				return "[" + object + "]"
			}
			return object
		}
		check := func(data, what string, keys []string) {
			t.Helper()
			v, err := d.decode(d.endpoint.path, json.RawMessage(data))
			var shape *ShapeError
			if !errors.As(err, &shape) {
				t.Errorf("%s: %s: %s became %+v (error %v), want a ShapeError", d.endpoint.path,
					what, data, v, err)
				return
			}
			if shape.Endpoint != d.endpoint.path || keys != nil && !slices.Equal(shape.Keys, keys) {
				t.Errorf("%s: %s: %v, want the keys %q", d.endpoint.path, what, err, keys)
			}
		}

		if _, err := d.decode(d.endpoint.path, json.RawMessage(wrap(d.object))); err != nil {
			t.Errorf("%s: the expected shape: %v", d.endpoint.path, err)
		}
		var good map[string]json.RawMessage
		if err := json.Unmarshal([]byte(d.object), &good); err != nil {
			t.Fatal(err)
		}
		for key := range good {
			less := maps.Clone(good)
			delete(less, key)
			check(wrap(object(less)), "without "+key, slices.Sorted(maps.Keys(less)))

			spelt := maps.Clone(less)
			spelt[strings.ToUpper(key)] = good[key]
			check(wrap(object(spelt)), "with another spelling of "+key,
				slices.Sorted(maps.Keys(spelt)))

			for _, bad := range []string{`null`, `true`, `{}`, `[[]]`, `-1`, `1.5`, `1e400`,
				`9007199254740993000`, `"12"`, `"2026-11-09T00:00:00Z"`} {
				if bad == "null" && slices.Contains(d.nullable, key) || fits(good[key], bad) ||
					key == "label_id" && bad[0] != '{' && bad[0] != '[' && bad != "true" {
					continue
				}
				wrong := maps.Clone(good)
				wrong[key] = json.RawMessage(bad)
				check(wrap(object(wrong)), key+" is "+bad, nil)
			}
		}
		for _, data := range []string{`null`, `true`, `0`, `"text"`, `[null]`, `[[]]`, `[0]`} {
			check(data, "no object at all", nil)
		}
		if d.list {
			check(d.object, "an object for a list", slices.Sorted(maps.Keys(good)))
			check(`[`+d.object+`, {}]`, "an empty item", nil)
		} else {
			check(`[`+d.object+`]`, "a list for an object", nil)
		}
	}
}

// fits says whether bad is just another text, where good is a text that is not a time.
func fits(good json.RawMessage, bad string) bool {
	return good[0] == '"' && !strings.HasPrefix(string(good), `"2026`) && bad[0] == '"'
}

func object(fields map[string]json.RawMessage) string {
	b, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestUnwrap(t *testing.T) {
	for _, tt := range []struct{ body, says string }{
		{`{"error": "moved", "hint": "v2"}`, `want the statistics under "data"; the keys that ` +
			`came: ["error" "hint"]`},
		{`{"data": null, "meta": 1}`, `want the statistics under "data"; the keys that came: ` +
			`["data" "meta"]`},
		{`{}`, `want the statistics under "data"; no keys came`},
		{`[]`, `want an object; no keys came`},
		{`"data"`, `want an object`},
		{`{"data": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
			`is not JSON`},
	} {
		c := &Client{}
		_, err := c.unwrap(call{endpoint: "sessions/chats"}, reply{body: []byte(tt.body)})
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%.60s: %v\ndoes not say %q", tt.body, err, tt.says)
		}
	}
	c := &Client{}
	data, err := c.unwrap(call{}, reply{body: []byte(` {"meta": {}, "data" : [1] } `)})
	if err != nil || string(data) != "[1]" {
		t.Errorf("data %s (error %v)", data, err)
	}
}

func TestShapeError_FewKeys(t *testing.T) {
	var keys []string
	for i := range 5000 {
		keys = append(keys, fmt.Sprintf(`"%05d%s": 1`, i, strings.Repeat("x", 500)))
	}
	c := &Client{}
	_, err := c.unwrap(call{endpoint: "sessions/chats"}, reply{body: []byte("{" + strings.Join(keys,
		",") + "}")})
	if n := len(err.Error()); n > 2500 {
		t.Errorf("the error has %d bytes", n)
	}
}

func TestRecord_Time(t *testing.T) {
	// an hour that Oslo does not have: nothing moves it
	at := time.Date(2026, 3, 29, 2, 30, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-03-29T02:30:00":        at,
		"2026-03-29T02:30:00.000000": at,
		"2026-03-29T02:30:00.5":      at.Add(time.Second / 2),
		"2026-03-29 02:30:00":        at,
		"2026-03-29T02:30":           at,
		"2026-03-29":                 at.Add(-150 * time.Minute),
		"2026-03-29T02:30:00Z":       {},
		"2026-03-29T02:30:00+01:00":  {},
		"2026-03-29T02:30:00 CET":    {},
		"2026-03-29T02:30:00,5":      {},
		"2026-02-29":                 {},
		"29.03.2026":                 {},
		"":                           {},
	} {
		r := &record{fields: map[string]json.RawMessage{"date": json.RawMessage(fmt.Sprintf("%q",
			text))}}
		if got := r.time("date"); !got.Equal(want) || got.Location() != time.UTC ||
			want.IsZero() != (r.err != nil) {
			t.Errorf("%q: %v (error %v), want %v", text, got, r.err, want)
		}
	}
}

func TestRecord_Numbers(t *testing.T) {
	for text, want := range map[string]int{"0": 0, "-0": 0, "12": 12, "12.0": 12, "1e3": 1000,
		"9007199254740992": 1 << 53,
		"-1":               -1, "0.5": -1, "1e17": -1, "null": -1, `"1"`: -1, "true": -1} {
		r := &record{fields: map[string]json.RawMessage{"count": json.RawMessage(text)}}
		if got := r.count("count"); max(want, 0) != got || (want < 0) != (r.err != nil) {
			t.Errorf("count %s: %d (error %v), want %d", text, got, r.err, want)
		}
	}
	for _, tt := range []struct {
		rate  string // empty: no such key
		count int
		want  float64 // -1: nil; -2: an error
	}{
		{"0", 0, 0}, {"0.12", 3, 0.12}, {"1", 3, 1}, {"null", 0, -1}, {"", 0, -1},
		{"null", 3, -2}, {"", 3, -2}, {"1.0001", 3, -2}, {"-0.1", 3, -2}, {`"0.12"`, 3, -2}, {"12",
			3, -2}, {"1e999", 3, -2},
	} {
		r := &record{fields: map[string]json.RawMessage{}}
		if tt.rate != "" {
			r.fields["rate"] = json.RawMessage(tt.rate)
		}
		got := r.fractionOf("rate", tt.count)
		if (r.err != nil) != (tt.want == -2) || (got == nil) != (tt.want < 0) || got != nil &&
			*got != tt.want {
			t.Errorf("rate %q of %d: %v (error %v), want %v", tt.rate, tt.count, got, r.err,
				tt.want)
		}
	}
}

func TestAssumed_Spellings(t *testing.T) {
	for _, text := range buttonTextKeys {
		for _, dialogue := range buttonDialogueKeys {
			data := fmt.Sprintf(`[{%q: "Ja", %q: "Retur", "count": 6, "ratio": 0.6}]`, text,
				dialogue)
			got, err := list(Spelling{}.button)(buttonPaths[0], json.RawMessage(data))
			if want := (Button{"Ja", "Retur", 6, 0.6}); err != nil || got[0] != want {
				t.Errorf("%s: %+v (error %v)", data, got, err)
			}
		}
	}
	for _, s := range sourceKeys {
		for _, l := range languageKeys {
			data := fmt.Sprintf(`{%q: ["web"], %q: []}`, s, l)
			got, err := one(filterOptions)(options.path, json.RawMessage(data))
			if err != nil || !slices.Equal(got.Sources, []string{"web"}) || got.Languages == nil {
				t.Errorf("%s: %+v (error %v)", data, got, err)
			}
		}
	}
}

func TestSecret_Format(t *testing.T) {
	s := newSecret("kindly-key-5f1a9c")
	printed := fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s)
	hidden := fmt.Sprintf("%v %+v %#v", token{jwt: s}, &token{jwt: s},
		struct{ t token }{token{jwt: s}})
	b, err := json.Marshal(map[string]any{"key": s})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{printed, hidden, string(b), s.LogValue().String()} {
		if strings.Contains(p, "kindly-key") || strings.Contains(p, fmt.Sprintf("%x",
			"kindly-key")) {
			t.Error(p)
		}
	}
	if want := strings.TrimSpace(strings.Repeat(redacted+" ", 7)); printed != want {
		t.Errorf("printed %s, want %s", printed, want)
	}
}

func FuzzDecode(f *testing.F) {
	for i, d := range decoders {
		f.Add(i, d.object)
		f.Add(i, "["+d.object+", "+d.object+"]")
		f.Add(i, strings.ReplaceAll("["+d.object+"]", "1", "-1e400"))
		f.Add(i, strings.ReplaceAll("["+d.object+"]", "0", "null"))
	}
	f.Fuzz(func(t *testing.T, i int, data string) {
		d := decoders[uint(i)%uint(len(decoders))]
		if !json.Valid([]byte(data)) {
			return // the wrapper was parsed before a decoder sees it
		}
		v, err := d.decode(d.endpoint.path, json.RawMessage(data))
		if err != nil {
			var shape *ShapeError
			if !errors.As(err, &shape) || shape.Want == "" {
				t.Fatalf("error %v (%T)", err, err)
			}
			return
		}
		checkHonest(t, v)
	})
}

// checkHonest holds what every decoded value is: counts not negative, fractions from 0 to 1, times
// in UTC, lists not nil.
func checkHonest(t *testing.T, v any) {
	counts := func(ns ...int) {
		for _, n := range ns {
			if n < 0 {
				t.Fatalf("a negative count in %+v", v)
			}
		}
	}
	fraction := func(f float64) {
		if !(f >= 0 && f <= 1) || math.Signbit(f) {
			t.Fatalf("no fraction: %v in %+v", f, v)
		}
	}
	at := func(at time.Time) {
		if at.Location() != time.UTC {
			t.Fatalf("%v is not carried in UTC", at)
		}
	}
	rate := func(f Fallback) {
		counts(f.Count)
		if f.Rate != nil {
			fraction(*f.Rate)
		} else if f.Count > 0 {
			t.Fatalf("fallbacks without a rate: %+v", f)
		}
	}
	stages := func(h Handovers) { counts(h.Requests, h.RequestsWhileClosed, h.Started, h.Ended) }
	ratings := func(rs []Rating) {
		if rs == nil {
			t.Fatal("nil ratings")
		}
		for _, r := range rs {
			counts(r.Count)
			fraction(r.Ratio)
			if r.Rating < 1 || r.Rating > 5 {
				t.Fatalf("rating %d", r.Rating)
			}
		}
	}
	switch v := v.(type) {
	case []CountPoint:
		for _, p := range v {
			at(p.Time)
			counts(p.Count)
		}
	case []FallbackPoint:
		for _, p := range v {
			at(p.Time)
			rate(p.Fallback)
		}
	case Fallback:
		rate(v)
	case []Page:
		for _, p := range v {
			counts(p.Sessions, p.Messages)
		}
	case []HandoverPoint:
		for _, p := range v {
			at(p.Time)
			stages(p.Handovers)
		}
	case Handovers:
		stages(v)
	case Feedback:
		ratings(v.Binary)
		ratings(v.Emojis)
	case []Rating:
		ratings(v)
	case []Label:
		for _, l := range v {
			counts(l.Count)
		}
	case []Button:
		for _, b := range v {
			counts(b.Count)
			fraction(b.Ratio)
		}
	case Options:
		if v.Sources == nil || v.Languages == nil {
			t.Fatal("nil lists")
		}
	default:
		t.Fatalf("a type that is not checked: %T", v)
	}
}

// A body is data, a temporary failure (it ended too early), or a permanent one.
func FuzzBody(f *testing.F) {
	for _, s := range []string{`{"data": []}`, `{"data": [`, ``, ` `, `{"data": null}`,
		`{"data": 1} 2`, `<html>`, `{"a": 1}`, `{"data": 1, "data": 2}`, "\ufeff{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c := &Client{}
		data, err := c.unwrap(call{endpoint: "sessions/chats", bot: "1"}, reply{body: body})
		if err == nil {
			if !json.Valid(data) || string(data) == "null" {
				t.Fatalf("data %q of %q", data, body)
			}
			return
		}
		var failure *Error
		if !errors.As(err, &failure) {
			t.Fatalf("error %v (%T)", err, err)
		}
		if failure.Temporary() && json.Valid(body) {
			t.Fatalf("%q is whole, and yet %v is temporary", body, err)
		}
	})
}

func FuzzToken(f *testing.F) {
	for _, s := range []string{`{"jwt": "a", "ttl": 300}`, `{"jwt": "a", "ttl": 1e15}`,
		`{"jwt": "a\n", "ttl": 1}`, `{"jwt": "", "ttl": 0.5}`, `null`, `[]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !json.Valid([]byte(body)) {
			return
		}
		asked := time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC)
		tok, err := decodeToken(json.RawMessage(body), asked)
		if err != nil {
			return
		}
		if d := tok.until.Sub(asked); d <= 0 || d > 24*time.Hour {
			t.Fatalf("%q lives for %v", body, d)
		}
		r, err := http.NewRequest(http.MethodGet, "http://127.0.0.1", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+tok.jwt.reveal())
		if err := r.Write(io.Discard); err != nil {
			t.Fatalf("%q cannot be sent: %v", body, err)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"0", "20", "-1", "1e9", "99999999999999999999",
		"Wed, 11 Nov 2026 10:00:40 GMT", "Wed, 11 Nov 9999 10:00:40 GMT", ""} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, after, date string) {
		h := http.Header{"Retry-After": {after}, "Date": {date}}
		if d := retryAfter(h); d < 0 || d > 24*time.Hour {
			t.Fatalf("Retry-After %q at %q: %v", after, date, d)
		}
	})
}

// A query that passes is one that the service accepts.
func FuzzQuery(f *testing.F) {
	f.Add("2026-11-09", "2026-11-16", "Europe/Oslo", "hour", "-test", "en", 3)
	f.Add("2026-11-09", "2026-11-17", "Local", "hour", "-", "EN", -1)
	f.Add("0000-01-01", "9999-12-31", "", "", "web,app", "e\u0301", 1<<40)
	f.Fuzz(func(t *testing.T, from, to, tz, granularity, source, language string, limit int) {
		q := Query{From: from, To: to, TZ: tz, Granularity: Granularity(granularity),
			Sources: []string{source}, Languages: []string{language}, Limit: limit}
		for _, e := range []endpoint{chats, pages, feedback} {
			v, err := q.values(e)
			if err != nil {
				var refused *QueryError
				if !errors.As(err, &refused) || refused.Param == "" || refused.Problem == "" {
					t.Fatalf("error %v (%T)", err, err)
				}
				continue
			}
			a, errA := time.Parse(time.DateOnly, v.Get("from"))
			b, errB := time.Parse(time.DateOnly, v.Get("to"))
			if errA != nil || errB != nil || !a.Before(b) || v.Get("granularity") == "hour" &&
				b.Sub(a) > 7*24*time.Hour {
				t.Fatalf("sent %v", v)
			}
			if v.Has("limit") && (!e.limited || limit < 1) || v.Has("granularity") && !e.granular ||
				v.Get("tz") == "Local" {
				t.Fatalf("%s: sent %v", e.path, v)
			}
			if !slices.Equal(v["language_code[]"], v["language_codes[]"]) {
				t.Fatalf("sent %v", v)
			}
		}
	})
}
