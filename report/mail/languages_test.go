package mail

import (
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/wording"
)

// The mail of each language, to be read: of a busy week, and of one in which Sage answered only for
// the core counts.
func TestText_EachLanguage(t *testing.T) {
	for _, locale := range wording.Locales()[1:] { // English is among the others
		busy, half := figurestest.Busy(), figurestest.Unavailable()
		for name, r := range map[string]*figures.Report{"busy": busy, "unavailable": half} {
			r.Locale = locale
			golden(t, name+"."+locale+".txt",
				edition{report: r, summary: summarise(t, r), leave: "eier@nettbutikk.example",
					attached: true}.text())
		}
	}
}

// A reader's program, and one that reads aloud, go by what the page and the message say of their
// language.
func TestMessage_Language(t *testing.T) {
	for _, locale := range append(wording.Locales(), wording.Pseudo) {
		r := figurestest.Busy()
		r.Locale = locale
		page := preview(t, r)
		if !strings.Contains(page, `<html lang="`+locale+`"`) {
			t.Errorf("the page does not say that it is in %s", locale)
		}
		if len(page) >= gmail {
			t.Errorf("%s: the page has %d bytes", locale, len(page))
		}
		m, _ := read(t, message(t, r, sent))
		if got := m.Header.Get("Content-Language"); got != locale {
			t.Errorf("the message says %q, want %s", got, locale)
		}
	}
}
