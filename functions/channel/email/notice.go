package email

import (
	"bytes"
	"cmp"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/names"
)

// plain returns a message of text alone. SES replaces its Date and Message-ID.
func plain(from, to string, n delivery.Notice) ([]byte, error) {
	header, err := mail.Envelope{From: from, To: []string{to}}.Header(line(n.Subject))
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, cmp.Or(n.Text, n.Subject))
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, err
	}
	return append(header, b.Bytes()...), nil
}

// line returns a text as one line of at most 150 characters. The text may come from outside, and a
// line break in a subject would begin a new header.
func line(s string) string {
	const most = 150
	words := strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r)
	})
	return names.Cut(strings.Join(words, " "), most)
}
