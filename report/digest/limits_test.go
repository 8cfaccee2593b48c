package digest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

func TestSlack_Limits(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			for which, d := range allMessages(r, say(t, r)) {
				for _, mistake := range decode(t, encode(t, d)).mistakes() {
					t.Errorf("%s: %s", which, mistake)
				}
			}
		})
	}
	t.Run("everything at once", func(t *testing.T) {
		r, s := overfull(t)
		for which, d := range allMessages(r, s) {
			m := decode(t, encode(t, d))
			for _, mistake := range m.mistakes() {
				t.Errorf("%s: %s", which, mistake)
			}
			if m.total() < digest.MaxText/2 {
				t.Errorf("%s: only %d characters of a message that is cut everywhere: the shares waste room", which, m.total())
			}
		}
	})
}

// The checker of limits finds what it should.
func TestMistakes(t *testing.T) {
	const header = `{"type": "header", "block_id": "h", "text": {"type": "plain_text", "emoji": false, "text": "a"}}`
	section := func(fields ...string) string {
		return `{"type": "section", "block_id": "s", "fields": [` + strings.Join(fields, ",") + `]}`
	}
	field := func(text string) string { return fmt.Sprintf(`{"type": "mrkdwn", "text": %q}`, text) }
	const table = `{"type": "table", "block_id": "t", "rows": [[{"type": "raw_text", "text": "a"}]]}`
	chart := func(labels ...string) string {
		return `{"type": "data_visualization", "block_id": "c", "title": "a", "chart": {"type": "bar", "axis_config": {"categories": ["` +
			strings.Join(labels, `", "`) + `"]}}}`
	}
	long := strings.Repeat("a", 2001)
	for name, c := range map[string]struct{ blocks, want string }{
		"nothing":     {header, ""},
		"51 blocks":   {strings.Repeat(section(field("a"))+",", 50) + header, "51 blocks"},
		"same id":     {header + "," + header, "twice"},
		"no id":       {`{"type": "divider"}`, "no block_id"},
		"long header": {strings.Replace(header, `"a"`, `"`+long[:151]+`"`, 1), "header of 151"},
		"11 fields": {section(strings.Split(strings.Repeat(field("a")+"|", 10)+field("a"),
			"|")...), "11 fields"},
		"long field":   {section(field(long)), "field of 2001"},
		"empty field":  {section(field("")), "empty"},
		"markup":       {section(field("<!channel>")), "markup"},
		"cut entity":   {section(field("a &am…")), "markup"},
		"emoji":        {strings.Replace(header, "false", "true", 1), "emoji"},
		"control":      {section(field("a\u009bm")), "control"},
		"image by URL": {`{"type": "image", "block_id": "i", "alt_text": "a", "image_url": "https://a.example/a.png"}`, "slack_file"},
		"long alt": {`{"type": "image", "block_id": "i", "alt_text": "` + long +
			`", "slack_file": {"id": "F"}}`, "alt text of 2001"},
		"two tables":    {table + "," + strings.Replace(table, `"t"`, `"u"`, 1), "2 tables"},
		"empty cell":    {strings.Replace(table, `"a"`, `""`, 1), "empty"},
		"a label twice": {chart("a", "a"), "stands twice"},
		"long label":    {chart(long[:21]), "label of 21"},
		"too much at all": {section(strings.Split(strings.Repeat(field(long[1:])+"|",
			4)+field(long[1:]), "|")...), "10001 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(decode(t,
				[]byte(`{"text": "a", "blocks": [`+c.blocks+`]}`)).mistakes(), "\n")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("mistakes %q, want %q", got, c.want)
			}
		})
	}
}

// overfull is a summary with more of everything than a message can hold.
func overfull(t testing.TB) (*figures.Report, *summary.Summary) {
	r := figurestest.Hostile()
	s := say(t, r)
	long := strings.Repeat("<&> \x1b[31m🙋🏽‍♀️ 你好 e\u0301\u0323 \u202e", 60)
	s.Bot, s.Headline, s.Verdict, s.Subject, s.Link.Text = long, long, long, long, long
	s.Link.URL = "https://app.kindly.ai/" + strings.Repeat("a", 478)
	for i := range s.Tiles {
		t := &s.Tiles[i]
		t.Label, t.Value, t.Unit, t.Change, t.Detail, t.Short = long, long, long, long, long, long
	}
	s.Tiles = append(s.Tiles, s.Tiles...)
	s.Insights, s.Notices, s.Provenance = nil, nil, nil
	s.Facts, s.Where = []string{long, long, long}, []string{long, long}
	s.LookAt = []summary.Link{{Text: long, URL: s.Link.URL}, {Text: long, URL: s.Link.URL}}
	for range 60 {
		s.Insights, s.Notices, s.Provenance = append(s.Insights, long), append(s.Notices, long),
			append(s.Provenance, long)
	}
	for _, c := range s.Charts() {
		c.Topic, c.Subtitle, c.Alt = long, long, long
	}
	for _, t := range s.Tables() {
		t.Title, t.Note = long, long
		for j := range t.Rows {
			for k := range t.Rows[j] {
				if !t.Columns[k].Numbers {
					t.Rows[j][k] = long
				}
			}
		}
	}
	for i := range s.Glossary {
		s.Glossary[i] = summary.Term{Term: long, Meaning: long}
	}
	return r, s
}

// message is a digest.json as Slack gets it.
type message struct {
	Text   string
	Blocks []map[string]any
}

func decode(t testing.TB, data []byte) message {
	t.Helper()
	var m message
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&m); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return m
}

var entity = regexp.MustCompile(`&(amp|lt|gt);`)

func characters(s string) int { return len(utf16.Encode([]rune(s))) }

// mistakes lists what Slack would refuse, or what we promise not to send.
func (m message) mistakes() []string {
	var found []string
	mistake := func(format string, args ...any) {
		found = append(found,
			fmt.Sprintf(format, args...))
	}
	most := func(what, text string, limit int) {
		if n := characters(text); n > limit {
			mistake("a %s of %d characters, at most %d", what, n, limit)
		}
	}
	if n := len(m.Blocks); n < 1 || n > 50 {
		mistake("%d blocks, from 1 to 50", n)
	}
	ids := make(map[any]bool)
	tables, charts := 0, 0
	for _, b := range m.Blocks {
		id, _ := b["block_id"].(string)
		most("block_id", id, 255)
		if id == "" {
			mistake("a %s has no block_id", b["type"])
		} else if ids[id] {
			mistake("block_id %q stands twice", id)
		}
		ids[id] = true
		switch b["type"] {
		case "header":
			most("header", textOf(b["text"]), 150)
		case "section":
			fields, _ := b["fields"].([]any)
			if len(fields) > 10 {
				mistake("%d fields, at most 10", len(fields))
			}
			for _, field := range fields {
				most("field", textOf(field), 2000)
			}
		case "context":
			elements, _ := b["elements"].([]any)
			if len(elements) < 1 || len(elements) > 10 {
				mistake("%d elements of context, from 1 to 10", len(elements))
			}
			for _, element := range elements {
				most("context", textOf(element), 2000)
			}
		case "table":
			tables++
			for _, row := range b["rows"].([]any) {
				if n := len(row.([]any)); n > 20 {
					mistake("%d columns, at most 20", n)
				}
			}
		case "data_visualization":
			charts++
			title, _ := b["title"].(string)
			most("chart's title", title, 50)
			chart := b["chart"].(map[string]any)
			series, _ := chart["series"].([]any)
			if n := len(series); n > 6 {
				mistake("%d series, at most 6", n)
			}
			for _, s := range series {
				most("name of a series", s.(map[string]any)["name"].(string), 20)
			}
			axis := chart["axis_config"].(map[string]any)
			labels := make(map[any]bool)
			for _, label := range axis["categories"].([]any) {
				most("label", label.(string), 20)
				if labels[label] {
					mistake("the label %q stands twice", label)
				}
				labels[label] = true
			}
			if n := len(labels); n == 0 || n > 20 {
				mistake("%d points, from 1 to 20", n)
			}
		case "image":
			alt, _ := b["alt_text"].(string)
			if alt == "" {
				mistake("an image without an alt text")
			}
			most("alt text", alt, 2000)
			most("caption", textOf(b["title"]), 2000)
			if file, _ := b["slack_file"].(map[string]any); file["id"] == nil ||
				b["image_url"] != nil {
				mistake("an image that is not a slack_file")
			}
		}
	}
	if tables > 1 || charts > 2 {
		mistake("%d tables and %d charts, at most 1 and 2", tables, charts)
	}
	for _, kind := range []string{"plain_text", "mrkdwn", "text", "link", "raw_text"} {
		for _, text := range m.texts(kind) {
			if text == "" {
				mistake("an empty %s", kind)
			}
			most(kind, text, 3000)
		}
	}
	for _, text := range append(m.texts("mrkdwn"), m.Text) {
		if strings.ContainsAny(entity.ReplaceAllString(text, ""), "<>&") {
			mistake("markup in %q", text)
		}
	}
	m.walk(func(object map[string]any) {
		if object["type"] == "plain_text" && object["emoji"] != false {
			mistake("emoji on in %q", object["text"])
		}
		for _, value := range object {
			if text, ok := value.(string); ok && hasControl(text) {
				mistake("a control character in %q", text)
			}
		}
	})
	if hasControl(m.Text) {
		mistake("a control character in %q", m.Text)
	}
	if n := m.total(); n > digest.MaxText {
		mistake("%d characters in all, at most %d", n, digest.MaxText)
	}
	return found
}

// hasControl reports whether a text has a control character other than the pairs of isolates around
// names that are written from right to left.
func hasControl(text string) bool {
	return wording.Isolates(text) != text ||
		strings.ContainsFunc(strings.NewReplacer("\u2068", "", "\u2069", "").Replace(text), isControl)
}

// isControl is what a reader cannot see and a terminal obeys, or what turns the text beside it.
// Lines may end.
func isControl(r rune) bool {
	joiner := r == '\u200c' || r == '\u200d'
	return r != '\n' && !joiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func textOf(object any) string {
	o, _ := object.(map[string]any)
	text, _ := o["text"].(string)
	return text
}

// walk visits every object.
func (m message) walk(visit func(map[string]any)) {
	var into func(any)
	into = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, v := range value {
				into(v)
			}
		case map[string]any:
			visit(value)
			for _, v := range value {
				into(v)
			}
		}
	}
	for _, b := range m.Blocks {
		into(b)
	}
}

// texts returns the texts of all objects of a type, in no order but always the same for the same
// blocks.
func (m message) texts(kind string) []string {
	var texts []string
	m.walk(func(object map[string]any) {
		if text, ok := object["text"].(string); ok && object["type"] == kind {
			texts = append(texts, text)
		}
	})
	return texts
}

// total counts everything that a reader could read or hear, and where links lead.
func (m message) total() int {
	n := characters(m.Text)
	m.walk(func(object map[string]any) {
		for _, key := range []string{"text", "alt_text", "url", "title", "name", "label", "x_label",
			"y_label"} {
			if text, ok := object[key].(string); ok {
				n += characters(text)
			}
		}
	})
	return n
}
