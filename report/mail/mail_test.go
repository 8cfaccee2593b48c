package mail

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

var update = flag.Bool("update", false, "write the golden files anew")

var pdf = []byte("%PDF-1.4\n%%EOF\n")

// sent is the envelope of a message that goes out.
var sent = Envelope{
	From:    "Kindly Weekly <reports@weekly.example>",
	To:      []string{"Åse Ærlig <ase@nettbutikk.example>", "sjef@nettbutikk.example"},
	ReplyTo: "eier@nettbutikk.example",
}

func summarise(t testing.TB, r *figures.Report) *summary.Summary {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// dot is the picture of any chart.
func dot(string) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func message(t testing.TB, r *figures.Report, e Envelope) []byte {
	t.Helper()
	b, err := Message(r, summarise(t, r), e, dot, pdf)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func preview(t testing.TB, r *figures.Report) string {
	t.Helper()
	html, err := HTML(r, summarise(t, r), func(chart string) string {
		return "charts/" + chart +
			".png"
	})
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func TestMessage_Golden(t *testing.T) {
	for _, name := range []string{"busy", "tiny", "unavailable"} {
		r := figurestest.Cases()[name]
		golden(t, name+".html", preview(t, r))
		golden(t, name+".txt", edition{report: r, summary: summarise(t, r),
			leave: "eier@nettbutikk.example", attached: true}.text())
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-want +got); if that is right, run the test with -update:\n%s",
			path, diff)
	}
}

// part is a part of a message as Go's own reader finds it.
type part struct {
	kind   string
	header textproto.MIMEHeader
	body   []byte // decoded, of a leaf
	parts  []part
}

func read(t testing.TB, raw []byte) (*netmail.Message, part) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m, readPart(t, textproto.MIMEHeader(m.Header), m.Body)
}

func readPart(t testing.TB, header textproto.MIMEHeader, body io.Reader) part {
	t.Helper()
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	p := part{kind: kind, header: header}
	if !strings.HasPrefix(kind, "multipart/") {
		if header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		if p.body, err = io.ReadAll(body); err != nil {
			t.Fatal(err)
		}
		return p
	}
	reader := multipart.NewReader(body, params["boundary"])
	for {
		next, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatal(err)
		}
		p.parts = append(p.parts, readPart(t, next.Header, next))
	}
}

func (p part) outline() string {
	if p.parts == nil {
		return p.kind
	}
	var parts []string
	for _, child := range p.parts {
		parts = append(parts, child.outline())
	}
	return strings.TrimPrefix(p.kind, "multipart/") + "(" + strings.Join(parts, " ") + ")"
}

// find returns the body of the first leaf of a kind.
func (p part) find(kind string) string {
	if p.kind == kind {
		return string(p.body)
	}
	for _, child := range p.parts {
		if body := child.find(kind); body != "" {
			return body
		}
	}
	return ""
}

func TestStructure(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	one := func(chart string) []byte { return map[string][]byte{"weeks": dot("")}[chart] }
	empty := func(string) []byte { return []byte{} }
	for _, test := range []struct {
		name  string
		chart func(string) []byte
		pdf   []byte
		want  string
	}{
		{"whole", dot, pdf,
			"mixed(related(alternative(text/plain text/html) image/png image/png) application/pdf)"},
		{"no PDF", dot, nil,
			"related(alternative(text/plain text/html) image/png image/png)"},
		{"no charts", nil, pdf, "mixed(alternative(text/plain text/html) application/pdf)"},
		{"one chart", one, nil, "related(alternative(text/plain text/html) image/png)"},
		{"charts that are empty", empty, pdf,
			"mixed(alternative(text/plain text/html) application/pdf)"},
		{"words alone", nil, nil, "alternative(text/plain text/html)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw, err := Message(r, s, sent, test.chart, test.pdf)
			if err != nil {
				t.Fatal(err)
			}
			_, root := read(t, raw)
			if got := root.outline(); got != test.want {
				t.Errorf("the message is\n%s, not\n%s", got, test.want)
			}
			if attached := strings.Contains(root.find("text/plain"),
				"attached"); attached != (test.pdf != nil) {
				t.Errorf("the text speaks of an attachment: %v", attached)
			}
			if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
				t.Error("a line does not end with CRLF")
			}
			for _, line := range bytes.Split(raw, []byte("\r\n")) {
				if len(line) > 78 && !bytes.HasPrefix(line, []byte("Content-")) {
					t.Errorf("a line of %d bytes: %s", len(line), line)
				}
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		name string
		e    Envelope
		want map[string]string
	}{
		{"archived", Envelope{}, map[string]string{
			"From": `"Kindly Weekly" <reports@kindly-weekly.invalid>`,
			"To":   "undisclosed-recipients:;", "Reply-To": ""}},
		{"sent", sent, map[string]string{
			"From":     `"Kindly Weekly" <reports@weekly.example>`,
			"Reply-To": "<eier@nettbutikk.example>",
			"To":       "=?UTF-8?q?=C3=85se_=C3=86rlig?= <ase@nettbutikk.example>, <sjef@nettbutikk.example>"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, _ := read(t, message(t, figurestest.Busy(), test.e))
			test.want["Date"] = "Mon, 16 Nov 2026 07:02:11 +0000"
			test.want["Content-Language"] = "en"
			test.want["Auto-Submitted"] = "auto-generated"
			test.want["X-Auto-Response-Suppress"] = "OOF, AutoReply"
			for name, want := range test.want {
				if got := m.Header.Get(name); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil || subject != "Nettbutikk chatbot needs a look: "+
				"did not understand 1.9 times as often as usual on Thursday" {
				t.Errorf("subject %q, %v", subject, err)
			}
		})
	}
}

// A reader who wants no more mails gets the address of a person, never the placeholder.
func TestMessage_FootNamesTheContact(t *testing.T) {
	for _, test := range []struct {
		name string
		e    Envelope
		want string
	}{
		{"reply-to", sent, "To stop receiving this report, write to eier@nettbutikk.example."},
		{"sender", Envelope{From: "reports@weekly.example"},
			"To stop receiving this report, write to reports@weekly.example."},
		{"no sender", Envelope{}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, root := read(t, message(t, figurestest.Tiny(), test.e))
			for _, kind := range []string{"text/plain", "text/html"} {
				got := regexp.MustCompile(`To stop receiving this report[^<\r\n]*`).FindString(root.find(kind))
				if got != test.want {
					t.Errorf("%s says %q, want %q", kind, got, test.want)
				}
			}
		})
	}
}

func TestParseAddress_Refused(t *testing.T) {
	for _, test := range []struct{ name, address, want string }{
		{"no address", "Ola Nordmann", "write it as name@example.com"},
		{"empty", " ", "write it as name@example.com"},
		{"two in one", "a@x.example, b@x.example", "write it as name@example.com"},
		{"a header behind a line break", "a@x.example\r\nBcc: evil@x.example", "control character"},
		{"a line break in a quoted name", "\"a\nb\" <a@x.example>", "control character"},
		{"a line break in an encoded name", "=?utf-8?q?a=0D=0ABcc=3A_evil?= <a@x.example>",
			"control character in the name"},
		{"a domain that is not ASCII", "a@blåbær.example", "Punycode"},
		{"a quoted local part with a space", `"a b"@x.example`, "Punycode"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := figurestest.Tiny()
			s := summarise(t, r)
			for role, e := range map[string]Envelope{
				"sender":    {From: test.address},
				"recipient": {To: []string{"good@x.example", test.address}},
				"reply-to":  {ReplyTo: test.address},
			} {
				_, err := Message(r, s, e, nil, nil)
				if err == nil || !strings.Contains(err.Error(), test.want) ||
					!strings.Contains(err.Error(), role) {
					t.Errorf("%s: %v; want it to name the role and say %q", role, err, test.want)
				}
			}
		})
	}
}

func TestMessage_Deterministic(t *testing.T) {
	r := figurestest.Busy()
	first := message(t, r, sent)
	for range 3 {
		if !bytes.Equal(first, message(t, r, sent)) {
			t.Fatal("the same message has other bytes")
		}
	}
	id := func(raw []byte) string { m, _ := read(t, raw); return m.Header.Get("Message-ID") }
	ids := []string{id(first), id(message(t, r, Envelope{})),
		id(message(t, figurestest.Tiny(), sent))}
	later := *r
	later.FetchedAt = r.FetchedAt.Add(1)
	diverted, norwegian := *r, *r // of the same numbers, to another address
	diverted.Bot.Name = "[for kari@example.com] " + r.Bot.Name
	norwegian.Locale = "nb"
	ids = append(ids, id(message(t, &later, sent)), id(message(t, &diverted, sent)),
		id(message(t, &norwegian, sent)))
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 6 {
		t.Errorf("different messages share an id: %s", ids)
	}
}

func TestPlain(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{" a \t b\r\nc ", "a b c"},
		{"8\u00a0031", "8\u00a0031"},
		{"\u202eabc\u2066", "abc"},
		{"a\u2028b", "a b"},
		{"\xff", "\uFFFD"},
		{"1234567890", "1234567890"},
		{"12345678 012", "12345678…"},
		{"🙋🏽‍♀️", "🙋🏽‍♀️"},
		{"1234567🙋🏽‍♀️", "1234567…"},
	} {
		if got := plain(test.in, 10); got != test.want {
			t.Errorf("plain(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestMessage_Python(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			said := readByPython(t, message(t, r, sent))
			if said.Subject != subject(summarise(t, r)) {
				t.Errorf("the subject is read as %q", said.Subject)
			}
			if diff := cmp.Diff([]string{r.Bot.ID + "-2026-W46.pdf"}, said.Attached); diff != "" {
				t.Errorf("attached (-want +got):\n%s", diff)
			}
			if want := map[string]int{"busy": 2, "unavailable": 1}[name]; want != 0 && said.Images != want {
				t.Errorf("%d charts are shown, want %d", said.Images, want)
			}
		})
	}
}

// A number behind a name that reads from the right stays behind it.
func TestName_RightToLeftBeforeNumber(t *testing.T) {
	r := figurestest.Busy()
	r.Special = []figures.Special{{First: r.Period.Name.From(), Last: r.Period.Name.From(),
		Kind: figures.Note, Name: "מבצע"}}
	page := preview(t, r)
	if !strings.Contains(page, "\u2068מבצע\u2069 (Mon)") {
		t.Error("the note's name is not isolated from its day")
	}
	if strings.Count(page, "\u2068") != strings.Count(page, "\u2069") {
		t.Error("an isolate does not end")
	}
}
