package sesapi

import (
	"bytes"
	"context"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"kindlyweekly/report/bots"
)

// Tell sends a plain message to an address of the tenant's ops. Its error is a *delivery.Failure.
func (s *Sender) Tell(ctx context.Context, t *bots.Tenant, address, subject, text string) error {
	if _, err := parse(address); err != nil {
		return refused(err)
	}
	if err := s.refuseBlocked(ctx, t.Name, address); err != nil {
		return err
	}
	from, err := sender(t)
	if err != nil {
		return err
	}
	raw, err := plain(from, address, subject, text)
	if err != nil {
		return refused(err)
	}
	_, err = s.send(ctx, from, address, raw, Tags{Tenant: t.Name})
	return err
}

// plain is a message of text alone. Its Date and Message-ID are of no account: SES sets its own.
func plain(from, to, subject, text string) ([]byte, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(from); err != nil {
		return nil, err
	}
	if err := m.To(to); err != nil {
		return nil, err
	}
	m.Subject(line(subject))
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, text)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// line makes one line of a text that may hold strangers' words: a line break in a subject would begin a new header.
func line(s string) string {
	const most = 150
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
