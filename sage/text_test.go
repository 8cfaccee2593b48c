package sage

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestShorten(t *testing.T) {
	const family, accented = "👨‍👩‍👧", "e\u0301" // 5 and 2 characters, a grapheme each
	for _, tc := range []struct {
		text       string
		characters int
		want       string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"æøå", 3, "æøå"},
		{"abcd", 3, "ab…"},
		{"æøåæ", 3, "æø…"},
		{accented + accented, 4, accented + accented},
		{accented + accented + accented, 4, accented + "…"},
		{accented + accented + accented, 5, accented + accented + "…"},
		{"a" + family + "b", 6, "a…"},
		{"a" + family + "bc", 7, "a" + family + "…"},
		{family + "b", 3, "👨\u200d…"}, // nothing else fits
		{"a\xffbcd", 4, "a\xffb…"},
	} {
		if got := shorten(tc.text, tc.characters); got != tc.want {
			t.Errorf("%q to %d characters: %q, want %q", tc.text, tc.characters, got, tc.want)
		}
	}
}

func TestClient_TextsAreBounded(t *testing.T) {
	const size = 1 << 20
	for name, text := range map[string]string{
		"letters":            strings.Repeat("a", size),
		"one grapheme":       "e" + strings.Repeat("\u0301", size/2),
		"families":           strings.Repeat("👨‍👩‍👧", size/18),
		"control characters": strings.Repeat("\u0001", size/6),
		"flags":              strings.Repeat("🇳🇴", size/8),
	} {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		answer := func(item string) json.RawMessage {
			return json.RawMessage("[{" + strings.ReplaceAll(item, "X", string(quoted)) + "}]")
		}
		var texts []string
		for _, read := range []func() error{
			func() error {
				p, err := list(page)("p",
					answer(`"web_host":X,"web_path":X,"sessions":1,"messages":1`))
				texts = append(texts, p[0].Host, p[0].Path)
				return err
			},
			func() error {
				b, err := list(Spelling{}.button)("b",
					answer(`"button_text":X,"dialogue_name":X,"count":1,"ratio":1`))
				texts = append(texts, b[0].Text, b[0].Dialogue)
				return err
			},
			func() error {
				l, err := list(label)("l", answer(`"label_id":X,"label_text":X,"count":1`))
				texts = append(texts, l[0].ID, l[0].Text)
				return err
			},
			func() error {
				l, err := list(label)("l", json.RawMessage(`[{"label_id":0.`+strings.Repeat("0",
					size)+`,"label_text":"","count":1}]`))
				texts = append(texts, l[0].ID)
				return err
			},
			func() error {
				o, err := one(filterOptions)("o",
					json.RawMessage(fmt.Sprintf(`{"sources":[%s],"language_codes":["nb"]}`,
						quoted)))
				texts = append(texts, o.Sources...)
				return err
			},
		} {
			if err := read(); err != nil {
				t.Fatal(err)
			}
		}
		for i, text := range texts {
			if n := utf8.RuneCountInString(text); n < MaxText/2 || n > MaxText ||
				!strings.HasSuffix(text, ellipsis) {
				t.Errorf("%s: text %d has %d characters, and ends in %q", name, i, n,
					text[max(0, len(text)-8):])
			}
		}
	}
}

func TestClient_ScalesAreBounded(t *testing.T) {
	ratings := func(n int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(`{"rating":1,"count":1,"ratio":0.1},`, n),
			",") + "]"
	}
	for _, tc := range []struct {
		binary, emojis int
		ok             bool
	}{{0, 0, true}, {2, 5, true}, {3, 0, false}, {0, 6, false}, {200_000, 0, false}} {
		_, err := one(feedbackSummary)(feedback.path,
			json.RawMessage(fmt.Sprintf(`{"binary":%s,"emojis":%s}`, ratings(tc.binary),
				ratings(tc.emojis))))
		if (err == nil) != tc.ok {
			t.Errorf("%d thumbs and %d emojis: %v", tc.binary, tc.emojis, err)
		}
	}
}
