// Package mail writes the mail edition of a report: one message that works in Gmail and Outlook, on
// a phone, in dark mode, and with blocked images.
//
// [Message] is the whole message as SES takes it:
//
//	multipart/mixed
//	├── multipart/related
//	│   ├── multipart/alternative
//	│   │   ├── text/plain   the same in words, for clients without HTML
//	│   │   └── text/html    what most people see
//	│   └── image/png        one or two charts and the brand's logo, at cid: in the HTML
//	└── application/pdf      the report as a document
//
// [HTML] is its page alone, for a preview.
//
// # The page
//
// A reader on a phone learns in ten seconds whether the week was good, what happened, where, and
// what to look at. So the first screen has the status and the verdict, the facts, what to look at,
// and a link to the bot. The figures follow, and the chart that the verdict is about. If the week
// does not need a look, the mail ends there. Otherwise the weeks before, the targets and the first
// items of the lists follow. Everything else is in the document.
//
// The inbox shows the subject, which has the verdict, and the preview line, which has the figures.
//
// The page is laid out in tables with inline styles, at most 600 pixels wide, since Outlook on
// Windows knows little else. It stays under 100 kB, because Gmail hides what comes after about
// 102 kB: texts are cut and lists are short. Nothing is fetched from the network. The numbers of a
// chart are its alt text, since clients block images, and in the plain part.
//
// For screen readers, the page has headings, table heads and a main landmark. The landmark has the
// language, since webmail drops the html element. Signs have words. The tests of package report
// check the page with axe-core.
//
// # Why not html/template
//
// A template calls methods by names that the compiler does not know. In a program that does so
// (reflect's MethodByName), the linker keeps every exported method of every type. For the Lambda
// that sends mail these include the whole clients of AWS and Slack, which made its zip 50 % larger.
// So the page is written in Go. It is escaped by construction: only [markup] is written, and a
// string becomes markup by escaping.
//
// # Same input, same bytes
//
// Date, Message-ID, Content-IDs and boundaries follow from the report and the envelope. None is
// random.
package mail

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// Envelope says who a message is from and to. The zero Envelope is for the archived edition, from a
// placeholder address to no recipient ("undisclosed-recipients:;"). A sender fills in its own.
type Envelope struct {
	From    string   // "Kindly Weekly <reports@example.com>", or the address alone
	To      []string // each as From
	ReplyTo string   // the bot's owner, whom the foot names for unsubscribing; empty: From
}

// domain is used in identifiers and in the placeholder address. By RFC 2606, .invalid never exists.
const domain = "kindly-weekly.invalid"

// Message returns the message in the format of RFC 5322, with CRLF. chart returns the picture of a
// chart as a PNG by the chart's name in the summary. If it returns nothing or is nil, the chart is
// said in words. Without a pdf nothing is attached. Message fails if an address is not valid or
// contains a line break.
func Message(
	r *figures.Report, s *summary.Summary, e Envelope, chart func(name string) []byte, pdf []byte,
) ([]byte, error) {
	to, err := e.parse(s.Words.Say(wording.Author))
	if err != nil {
		return nil, err
	}
	name := identity(r.Period.Name, r.ID, r.FetchedAt, r.Bot.Name, s.Words.Locale(), e)
	inline, drawn := pick(s, chart), logo(r)
	if drawn.PNG != nil {
		inline[Logo] = drawn.PNG
	}
	source := func(chart string) string {
		if inline[chart] == nil {
			return ""
		}
		return "cid:" + contentID(chart, name)
	}
	ed := edition{report: r, summary: s, logo: drawn, source: source, leave: to.contact(),
		attached: len(pdf) > 0}
	page, err := ed.html()
	if err != nil {
		return nil, err
	}

	m := newMessage(name, s.Words.Locale(), r.FetchedAt, ed.text(), page)
	embedded := []string{Logo}
	for _, c := range shown(s) {
		embedded = append(embedded, c.Name)
	}
	for _, chart := range embedded {
		if inline[chart] == nil {
			continue
		}
		err := m.EmbedReader(chart+".png", bytes.NewReader(inline[chart]),
			gomail.WithFileContentType("image/png"),
			gomail.WithFileContentID("<"+contentID(chart, name)+">"))
		if err != nil {
			return nil, fmt.Errorf("mail: chart %s: %w", chart, err)
		}
	}
	file := theme.FileName(r.Bot.ID, r.Bot.Name, r.Period.Name.String())
	if err := attach(m, file, pdf); err != nil {
		return nil, err
	}
	return encode(m, to, subject(s), name)
}

// attach attaches a document under the name and .pdf. It attaches nothing if the document is empty.
func attach(m *gomail.Msg, name string, pdf []byte) error {
	if len(pdf) == 0 {
		return nil
	}
	err := m.AttachReader(name+".pdf", bytes.NewReader(pdf),
		gomail.WithFileContentType("application/pdf"))
	if err != nil {
		return fmt.Errorf("mail: attaching the PDF: %w", err)
	}
	return nil
}

// newMessage returns a message with both parts, of an instant and with a name, without addresses.
func newMessage(name, locale string, at time.Time, text, html string) *gomail.Msg {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.SetDateWithValue(at.UTC())
	m.SetMessageIDWithValue(name + "@" + domain)
	m.SetGenHeader(gomail.HeaderContentLang, locale)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	// Stops out-of-office replies. "All" would also stop bounces, which tell of dead addresses.
	m.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "OOF, AutoReply")
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, html)
	return m
}

// encode returns a message with its addresses and subject.
func encode(m *gomail.Msg, to parties, subject, name string) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(usualSize)
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return nameBoundaries(to.header(subject), b.Bytes(), name), nil
}

// usualSize is the bytes that most mails have at most, so that a buffer need not grow.
const usualSize = 384 << 10

// identity names a message. Mail servers drop a second message of the same name, so that another
// report, time, language or recipient makes another name. The name of the bot does too: for a
// diverted mail it says for whom it was meant.
func identity(w period.Period, id string, made time.Time, name, locale string, e Envelope) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %s %q %q %q %q %q", id, made.UTC().Format(time.RFC3339Nano), name, locale,
		e.From, e.To, e.ReplyTo)
	return fmt.Sprintf("%s.%x", w, h.Sum(nil)[:12])
}

// pick returns the pictures of the charts that the page shows, by the charts' names.
func pick(s *summary.Summary, chart func(name string) []byte) map[string][]byte {
	picked := make(map[string][]byte)
	for _, c := range shown(s) {
		if chart != nil {
			if png := chart(c.Name); len(png) > 0 {
				picked[c.Name] = png
			}
		}
	}
	return picked
}

// contentID names a chart of the message of that name. It is unique, since clients show several
// messages together.
func contentID(chart, name string) string { return chart + "." + name + "@" + domain }

// multiparts matches the headers of multiparts as go-mail writes them. It matches no folded line,
// since these begin with a space.
var multiparts = regexp.MustCompile(
	`(?m)^Content-Type: multipart/(mixed|related|alternative);\r\n boundary=([0-9a-f]{60})\r$`)

// nameBoundaries appends a message to b. It replaces the random boundaries of go-mail by ones that
// follow from the message's name. go-mail can be given only one for all levels. "=_" occurs in no
// part, since neither quoted-printable nor base64 can write it.
func nameBoundaries(b, message []byte, name string) []byte {
	// All multiparts begin before the first part of text.
	heads, _, _ := bytes.Cut(message, []byte("\r\nContent-Type: text/plain"))
	var news []string // pairs of what go-mail has written and what takes its place
	for _, found := range multiparts.FindAllSubmatch(heads, -1) {
		kind, random := string(found[1]), string(found[2])
		boundary := "=_" + kind + "." + name
		head := `boundary="` + boundary + `"`
		if kind == "related" {
			head += ";\r\n type=\"multipart/alternative\"" // required by RFC 2387
		}
		news = append(news, "boundary="+random, head, "--"+random, "--"+boundary)
	}
	replace := strings.NewReplacer(news...)
	out := bytes.NewBuffer(slices.Grow(b, len(message)+len(message)/50))
	for line := range bytes.Lines(message) {
		// base64, which is most of the message, has no '-'.
		if bytes.HasPrefix(line, []byte(" boundary=")) || bytes.HasPrefix(line, []byte("--")) {
			line = []byte(replace.Replace(string(line)))
		}
		out.Write(line)
	}
	return out.Bytes()
}

// parties is an envelope with parsed addresses.
type parties struct {
	from, replyTo *netmail.Address // replyTo may be nil
	to            []*netmail.Address
	placeholder   bool // from is the placeholder
}

// parse parses the addresses. author is the name of the placeholder.
func (e Envelope) parse(author string) (parties, error) {
	p := parties{placeholder: true,
		from: &netmail.Address{Name: author, Address: "reports@" + domain}}
	var err error
	if e.From != "" {
		p.placeholder = false
		if p.from, err = parseAddress("sender", e.From); err != nil {
			return p, err
		}
	}
	for _, recipient := range e.To {
		to, err := parseAddress("recipient", recipient)
		if err != nil {
			return p, err
		}
		p.to = append(p.to, to)
	}
	if e.ReplyTo != "" {
		p.replyTo, err = parseAddress("reply-to", e.ReplyTo)
	}
	return p, err
}

func parseAddress(role, s string) (*netmail.Address, error) {
	fail := func(format string, args ...any) (*netmail.Address, error) {
		return nil, fmt.Errorf("mail: %s %q: "+format, append([]any{role, s}, args...)...)
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return fail("a line break or another control character in an address: remove it")
	}
	a, err := netmail.ParseAddress(s)
	switch {
	case err != nil:
		return fail("%w: write it as name@example.com or Name <name@example.com>", err)
	case strings.ContainsFunc(a.Name, unicode.IsControl): // as an encoded word may have
		return fail("a line break or another control character in the name: remove it")
	case strings.ContainsFunc(a.Address, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fail("SES takes only ASCII in an address: write its domain in Punycode (xn--…)")
	}
	return a, nil
}

// contact returns the address to write to, to get no more mails. It is empty for the placeholder.
func (p parties) contact() string {
	switch {
	case p.replyTo != nil:
		return p.replyTo.Address
	case p.placeholder:
		return ""
	}
	return p.from.Address
}

// subject returns the summary's subject, with the bot's name cut so that the number after it is
// seen.
func subject(s *summary.Summary) string {
	return plain(strings.Replace(s.Subject, s.Bot, plain(s.Bot, 60), 1), 150)
}

// plain makes a text one line of at most so many characters, without control characters, which
// break headers and lines, and without direction marks, which would turn the text after them.
func plain(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	// Only plain spaces are joined, since numbers may have no-break spaces.
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
	return wording.Isolates(names.Cut(s, most))
}
