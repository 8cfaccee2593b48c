package digest_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures/figurestest"
)

func TestText(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt.golden", []byte(digest.Text(r, say(t, r), 80)))
		})
	}
	t.Run("narrow", func(t *testing.T) {
		r := figurestest.Busy()
		golden(t, "narrow.txt.golden", []byte(digest.Text(r, say(t, r), digest.MinWidth)))
	})
}

func TestTextFitsAnyTerminal(t *testing.T) {
	for name, r := range figurestest.Cases() {
		s := say(t, r)
		for _, width := range []int{-1, 40, 47, 59, 80, 132} {
			if mistake := badLine(digest.Text(r, s, width), width); mistake != "" {
				t.Fatalf("%s at %d columns: %s", name, width, mistake)
			}
		}
	}
	r, s := overfull(t)
	for _, width := range []int{40, 80, 100} {
		if mistake := badLine(digest.Text(r, s, width), width); mistake != "" {
			t.Errorf("overfull at %d columns: %s", width, mistake)
		}
	}
}

// However narrow the page and however large the number, no digit of it is cut away.
func TestTextCutsNoNumber(t *testing.T) {
	r := figurestest.Huge()
	for _, width := range []int{40, 60, 80} {
		for line := range strings.Lines(digest.Text(r, say(t, r), width)) {
			if before, _, cut := strings.Cut(line, "…"); cut && strings.HasSuffix(before, ",") || cut && before != "" && before[len(before)-1] >= '0' && before[len(before)-1] <= '9' {
				t.Errorf("%d columns: %q", width, line)
			}
		}
	}
}

// A true zero, a day without a rate, an hour that the clocks skipped and a section that did not come are four things.
func TestTextTellsNothingApart(t *testing.T) {
	tiny := figurestest.Tiny()
	tiny.Chats.Hourly[6][2] = nil
	text := digest.Text(tiny, say(t, tiny), 60)
	for _, want := range []string{
		"\nThu 12" + strings.Repeat(" ", 50) + "0.0%\n",  // nobody was misunderstood
		"\nMon 9 " + strings.Repeat(" ", 53) + "–\n",     // nobody wrote
		"\nSun  ····––" + strings.Repeat("·", 42) + "\n", // no such hour
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	unavailable := figurestest.Unavailable()
	text = digest.Text(unavailable, say(t, unavailable), 60)
	for _, want := range []string{"\nFallback rate                –  not available\n", "\nFallback rate by day · not available\n\nMost frequent labels · not available\n"} {
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
