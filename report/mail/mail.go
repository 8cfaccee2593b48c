// Package mail writes a report's mail edition: one message that holds in Gmail and Outlook, on a phone, in the dark, and
// where images are blocked.
//
// [Message] is the whole message in the form that SES takes as it is:
//
//	multipart/mixed
//	├── multipart/related
//	│   ├── multipart/alternative
//	│   │   ├── text/plain   the whole report in words, for a watch, a screen reader, a client without HTML
//	│   │   └── text/html    what most people see
//	│   └── image/png        four charts and the brand's logo, inline, named by the HTML as cid:
//	└── application/pdf      the report as a document
//
// [HTML] is its page alone, for a preview.
//
// # What the page keeps to
//
// It is laid out in tables with inline styles, 600 pixels wide at most, since Outlook on Windows knows little else. A
// phone's first screen holds the headline and four figures, and the inbox shows the headline as preview line. It stays
// under 100 kB whatever strangers typed, because Gmail hides what comes after about 102 kB: texts are cut, lists are short.
// Nothing is fetched from the network. Every chart has its finding as text below it and its numbers in the alt text,
// since clients block images and Outlook has been known to lose them.
//
// # Why not html/template
//
// A template calls methods by names that only it knows. Of a program that may do so (reflect's MethodByName), the linker
// keeps every exported method of every type, and in the Lambda that sends mail these are the whole clients of AWS and
// Slack: its zip was half as big again.
// So the page is written in Go, and escaped by construction: what is written is of a type that strangers' strings are not.
//
// # Same input, same bytes
//
// Date, Message-ID, Content-IDs and boundaries follow from the report and the envelope; none is random.
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

// Envelope is who a message is from and to. The zero Envelope is that of the archived edition: from a placeholder
// address, to nobody ("undisclosed-recipients:;"); a sender fills in its own.
type Envelope struct {
	From    string   // "Kindly Weekly <reports@example.com>", or the address alone
	To      []string // each as From
	ReplyTo string   // the bot's owner, whom the foot names for leaving the list; empty: From
}

// Image is a chart as PNG, by its name in the summary.
type Image struct {
	Name string
	PNG  []byte
}

// domain stands in identifiers and in the placeholder address. RFC 2606 keeps .invalid from ever existing.
const domain = "kindly-weekly.invalid"

// Message returns the message as RFC 5322 has it, with CRLF. Of the images it takes those that the page shows; a chart
// without an image is said in words. Without a pdf nothing is attached. An address that is not valid, or that would
// smuggle in a header, is an error.
func Message(r *figures.Report, s *summary.Summary, e Envelope, images []Image, pdf []byte) ([]byte, error) {
	to, err := e.parse(s.Words.Say(wording.Author))
	if err != nil {
		return nil, err
	}
	name := identity(r.Week.Name, r.ID, r.FetchedAt, r.Bot.Name, s.Words.Locale(), e)
	inline, drawn := pick(s, images), logo(r)
	if drawn.PNG != nil {
		inline[Logo] = drawn.PNG
	}
	source := func(chart string) string {
		if inline[chart] == nil {
			return ""
		}
		return "cid:" + contentID(chart, name)
	}
	ed := edition{report: r, summary: s, logo: drawn, source: source, leave: to.contact(), attached: len(pdf) > 0}
	page, err := ed.html()
	if err != nil {
		return nil, err
	}

	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.SetDateWithValue(r.FetchedAt.UTC())
	m.SetMessageIDWithValue(name + "@" + domain)
	m.SetGenHeader(gomail.HeaderContentLang, s.Words.Locale())
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	// Keeps out-of-office notes away, but not the bounces that tell of a dead address, as "All" would.
	m.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "OOF, AutoReply")
	m.SetBodyString(gomail.TypeTextPlain, ed.text())
	m.AddAlternativeString(gomail.TypeTextHTML, page)
	embedded := []string{Logo}
	for _, c := range shown(s) {
		embedded = append(embedded, c.Name)
	}
	for _, chart := range embedded {
		if inline[chart] == nil {
			continue
		}
		err := m.EmbedReader(chart+".png", bytes.NewReader(inline[chart]),
			gomail.WithFileContentType("image/png"), gomail.WithFileContentID("<"+contentID(chart, name)+">"))
		if err != nil {
			return nil, fmt.Errorf("mail: chart %s: %w", chart, err)
		}
	}
	if len(pdf) > 0 {
		err := m.AttachReader(theme.FileName(r.Bot.ID, r.Bot.Name, r.Week.Name.String())+".pdf", bytes.NewReader(pdf), gomail.WithFileContentType("application/pdf"))
		if err != nil {
			return nil, fmt.Errorf("mail: attaching the PDF: %w", err)
		}
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return append(to.header(subject(s)), nameBoundaries(b.Bytes(), name)...), nil
}

// identity names a message: another report, time, language or recipient is another message, since mail servers drop a second
// message of the same id. So is the same report for somebody else that was diverted to one recipient: its name says for whom.
func identity(w period.Week, id string, made time.Time, name, locale string, e Envelope) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %s %q %q %q %q %q", id, made.UTC().Format(time.RFC3339Nano), name, locale, e.From, e.To, e.ReplyTo)
	return fmt.Sprintf("%s.%x", w, h.Sum(nil)[:12])
}

// pick returns the pictures that the page shows, by name. It leaves out those of missing sections,
// which show only words.
func pick(s *summary.Summary, images []Image) map[string][]byte {
	picked := make(map[string][]byte)
	for _, image := range images {
		shows := func(c *summary.Chart) bool { return c.Name == image.Name && c.Missing == "" }
		if slices.ContainsFunc(shown(s), shows) && len(image.PNG) > 0 {
			picked[image.Name] = image.PNG
		}
	}
	return picked
}

// contentID names a chart inside the message of that name, and nowhere else: clients show messages together.
func contentID(chart, name string) string { return chart + "." + name + "@" + domain }

// multiparts matches the heads of a message's multiparts as go-mail writes them. A folded header's second line
// begins with a space, so only a true head matches.
var multiparts = regexp.MustCompile(`(?m)^Content-Type: multipart/(mixed|related|alternative);\r\n boundary=([0-9a-f]{60})\r$`)

// nameBoundaries gives a message boundaries that follow from its name. go-mail draws them at random, and can be given
// only one, which it would use for every level. Neither quoted-printable nor base64 can write "=_", so these occur in
// no part.
func nameBoundaries(message []byte, name string) []byte {
	heads, _, _ := bytes.Cut(message, []byte("\r\nContent-Type: text/plain")) // all multiparts begin before the first leaf
	for _, found := range multiparts.FindAllSubmatch(heads, -1) {
		kind, random := string(found[1]), found[2]
		boundary := "=_" + kind + "." + name
		head := `boundary="` + boundary + `"`
		if kind == "related" {
			head += ";\r\n type=\"multipart/alternative\"" // RFC 2387 asks for it
		}
		message = bytes.Replace(message, append([]byte("boundary="), random...), []byte(head), 1)
		message = bytes.ReplaceAll(message, append([]byte("--"), random...), []byte("--"+boundary))
	}
	return message
}

// parties is an envelope whose addresses have been parsed.
type parties struct {
	from, replyTo *netmail.Address // replyTo may be nil
	to            []*netmail.Address
	placeholder   bool // from is not anybody's address
}

// parse reads the addresses. author is who the placeholder's address is called by.
func (e Envelope) parse(author string) (parties, error) {
	p := parties{from: &netmail.Address{Name: author, Address: "reports@" + domain}, placeholder: true}
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
	if strings.ContainsFunc(s, unicode.IsControl) {
		return nil, fmt.Errorf("mail: %s %q: a line break or another control character in an address: remove it", role, s)
	}
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return nil, fmt.Errorf("mail: %s %q: %w: write it as name@example.com or Name <name@example.com>", role, s, err)
	}
	// An encoded word may have held what was refused above.
	if strings.ContainsFunc(a.Name, unicode.IsControl) {
		return nil, fmt.Errorf("mail: %s %q: a line break or another control character in the name: remove it", role, s)
	}
	if strings.ContainsFunc(a.Address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("mail: %s %q: SES takes only ASCII in an address: write its domain in Punycode (xn--…)", role, s)
	}
	return a, nil
}

// contact is whom a reader asks to be left out, or empty where nobody would read it.
func (p parties) contact() string {
	switch {
	case p.replyTo != nil:
		return p.replyTo.Address
	case p.placeholder:
		return ""
	}
	return p.from.Address
}

// subject is the summary's, with a bot's name short enough that the number behind it is seen.
func subject(s *summary.Summary) string {
	return plain(strings.Replace(s.Subject, s.Bot, plain(s.Bot, 60), 1), 150)
}

// plain makes a text one line of so many characters at most: without control characters, which break headers and lines, and
// without direction marks that would turn round what follows.
func plain(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	// Only plain spaces are joined: a no-break space may stand inside a number.
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
	return wording.Isolates(names.Cut(s, most))
}
