package digest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/wording"
)

func TestText_Width(t *testing.T) {
	for name, r := range figurestest.Cases() {
		s := say(t, r)
		for _, width := range []int{-1, 40, 47, 59, 80, 132} {
			if mistake := badLine(digest.Text(s, width), width); mistake != "" {
				t.Fatalf("%s at %d columns: %s", name, width, mistake)
			}
		}
	}
	_, s := overfull(t)
	for _, width := range []int{40, 80, 100} {
		if mistake := badLine(digest.Text(s, width), width); mistake != "" {
			t.Errorf("overfull at %d columns: %s", width, mistake)
		}
	}
}

// However narrow the page and however large the number, no digit of it is cut away.
func TestText_CutsNoNumber(t *testing.T) {
	r := figurestest.Huge()
	for _, width := range []int{40, 60, 80} {
		for line := range strings.Lines(digest.Text(say(t, r), width)) {
			if before, _, cut := strings.Cut(line, "…"); cut && strings.HasSuffix(before, ",") ||
				cut && before != "" && before[len(before)-1] >= '0' &&
					before[len(before)-1] <= '9' {
				t.Errorf("%d columns: %q", width, line)
			}
		}
	}
}

// A true zero, a day without a rate, an hour that the clocks skipped and a section that did not
// come are four things.
func TestText_ZeroMissingAndUnavailable(t *testing.T) {
	tiny := figurestest.Tiny()
	tiny.Chats.Hourly[6][2] = nil
	tiny.Messages.Total, tiny.Messages.Daily[3].Count = 100, 94
	text := digest.Text(say(t, tiny), 60)
	for _, want := range []string{
		"\nThu 12" + strings.Repeat(" ", 50) + "0.0%\n",  // no fallbacks
		"\nMon 9 " + strings.Repeat(" ", 53) + "–\n",     // no messages
		"\nSun  ····––" + strings.Repeat("·", 42) + "\n", // no such hour
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	unavailable := figurestest.Unavailable()
	text = digest.Text(say(t, unavailable), 60)
	for _, want := range []string{"\nDid not understand      –  not available\n",
		"\nDid not understand, by day · not available\n\nMost frequent labels · not available\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}

// badLine says which line is wrong, and how.
func badLine(text string, width int) string {
	width = min(max(width, digest.MinWidth), digest.MaxWidth)
	if !utf8.ValidString(text) {
		return "it is not UTF-8"
	}
	if !strings.HasSuffix(text, "\n") {
		return "the last line does not end"
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case uniseg.StringWidth(line) > width:
			return "too wide: " + line
		case strings.ContainsFunc(line, isControl):
			return "a control character: " + line
		case strings.HasSuffix(line, " "):
			return "a space at the end: " + line
		}
	}
	return ""
}

// Whatever the language, the message keeps to Slack's limits and the text to its columns.
func TestSlack_LimitsInEveryLanguage(t *testing.T) {
	for _, locale := range append(wording.Locales(), wording.Pseudo) {
		for name, r := range figurestest.Cases() {
			r.Locale = locale
			s := say(t, r)
			for which, d := range allMessages(r, s) {
				for _, mistake := range decode(t, encode(t, d)).mistakes() {
					t.Errorf("%s, %s, %s: %s", locale, name, which, mistake)
				}
			}
			for _, width := range []int{40, 80} {
				if mistake := badLine(digest.Text(s, width), width); mistake != "" {
					t.Errorf("%s, %s at %d columns: %s", locale, name, width, mistake)
				}
			}
		}
	}
}

// In an ordinary week nothing is cut, whatever the language: a number of which a part is cut off is
// another number.
func TestText_NothingIsCutInAnyLanguage(t *testing.T) {
	for _, locale := range wording.Locales() {
		for _, name := range []string{"busy", "unavailable", "new", "tiny", "empty"} {
			r := figurestest.Cases()[name]
			r.Locale = locale
			for which, d := range allMessages(r, say(t, r)) {
				for _, text := range slices.Concat(decode(t, encode(t, d)).texts("text"),
					decode(t, encode(t, d)).texts("raw_text")) {
					if strings.Contains(text, "…") {
						t.Errorf("%s, %s, %s: %q", locale, name, which, text)
					}
				}
			}
		}
	}
}

// However large the numbers of a table are, none is cut: it would be another one.
func TestSlack_CutsNoNumberOfATable(t *testing.T) {
	cut := regexp.MustCompile(`\d(%| pp)?…`)
	for _, locale := range wording.Locales() {
		r := figurestest.Huge()
		r.Locale = locale
		for which, d := range allMessages(r, say(t, r)) {
			m := decode(t, encode(t, d))
			inLists := slices.DeleteFunc(m.texts("text"),
				func(text string) bool { return !strings.HasPrefix(text, " · ") })
			for _, text := range append(inLists, m.texts("raw_text")...) {
				if cut.MatchString(text) {
					t.Errorf("%s, %s: %q", locale, which, text)
				}
			}
		}
	}
}
