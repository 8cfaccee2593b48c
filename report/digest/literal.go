package digest

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/wording"
)

const ellipsis = "…"

// literal makes a text safe for a line: valid UTF-8 without control characters, which a terminal
// would obey, and without invisible characters that turn or hide others. It keeps the joiners,
// which emoji and some scripts need, and the isolates that package wording puts around names.
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

// escape escapes a literal text for mrkdwn.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// units counts the UTF-16 units of a text, the strictest way to count characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// escapedUnits counts the units of a text after escaping. To cut by it and then escape cuts no
// entity in two.
func escapedUnits(s string) int { return units(escape(s)) }

// fit cuts a text between two grapheme clusters, so that with its ellipsis it measures at most
// room.
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

// isolated returns a name, literal and cut, with isolates that keep its direction apart from that
// of the text after it. The isolates are added after the cut, which would remove one of the two.
func isolated(name string, room int) string {
	return wording.Name(fit(unisolated(literal(name)), room, units))
}

// fitWords is like fit, but cuts between two words, unless the last one is very long.
func fitWords(s string, room int, measure func(string) int) string {
	words := strings.Split(s, " ")
	for n := len(words); n > 0; n-- {
		short := strings.Join(words[:n], " ")
		if n < len(words) {
			short = strings.TrimRight(short, " ,;:.") + ellipsis
		}
		switch size := measure(short); {
		case n == len(words) && size <= room:
			return short
		case size < room/2:
			return fit(s, room, measure)
		case size <= room:
			return wording.Isolates(short)
		}
	}
	return fit(s, room, measure)
}

// share makes texts literal and cuts them, so that together they measure at most room, with one
// unit between them. Later texts get what short ones leave over. If there are too many, an ellipsis
// stands for the last ones.
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
