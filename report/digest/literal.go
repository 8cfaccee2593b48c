package digest

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/wording"
)

const ellipsis = "…"

// literal returns a text as it may stand in a line: valid UTF-8 without control characters (a terminal would obey them)
// and without invisible ones that turn or hide what stands beside them. The joiners stay, since emoji and some scripts
// are written with them, and so do the isolates that package wording sets round names.
func literal(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200c' || r == '\u200d':
			return r
		case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, wording.Isolates(strings.ToValidUTF8(s, string(unicode.ReplacementChar))))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

// escape makes a literal text stand in mrkdwn.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// units are the UTF-16 units of a text, which is the most that anybody counts as its characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// escapedUnits are the units of a text once it is escaped. Whoever cuts by it and escapes then cuts no entity in two.
func escapedUnits(s string) int { return units(escape(s)) }

// fit cuts a text between two characters as people see them, so that with its ellipsis it measures no more than room.
func fit(s string, room int, measure func(string) int) string {
	if measure(s) <= room {
		return s
	}
	room -= measure(ellipsis)
	var b strings.Builder
	for state := -1; s != ""; {
		var cluster string
		cluster, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		if room -= measure(cluster); room < 0 {
			break
		}
		b.WriteString(cluster)
	}
	return wording.Isolates(strings.TrimRight(b.String(), " ") + ellipsis)
}

// share makes texts literal and cuts them so that together they measure no more than room, counting what parts one from
// the next. What short ones leave over, later ones get; where there are too many to say anything, the last ones are left
// out for an ellipsis.
func share(texts []string, room int) []string {
	const least = 50
	var shared []string
	for i, text := range texts {
		if i+1 < len(texts) && room < 2*least {
			return append(shared, ellipsis)
		}
		text = fit(literal(text), max(least, room/(len(texts)-i))-1, units)
		room -= units(text) + 1
		shared = append(shared, text)
	}
	return shared
}
