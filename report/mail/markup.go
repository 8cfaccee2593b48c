package mail

import (
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kindlyweekly/report/theme"
)

// markup is HTML that is written as it is. Untyped constants, which are this package's own, are
// markup. A string becomes markup only by the functions of this file, each of which escapes it. So
// the compiler refuses to write a text without escaping.
type markup string

// text writes a text, between tags or in a quoted attribute.
func text(s string) markup { return markup(html.EscapeString(s)) }

// number writes a number.
func number(n int) markup { return markup(strconv.Itoa(n)) }

// color writes a color in a style.
func color(c theme.Color) markup { return markup(c.String()) }

// address writes a URL in a quoted attribute. ok is false if the URL has none of the schemes, of
// which "" is for a path, or if a client would go elsewhere than it seems.
func address(s string, schemes ...string) (m markup, ok bool) {
	u, err := url.Parse(s)
	if err != nil || !slices.Contains(schemes, u.Scheme) {
		return "", false
	}
	web := u.Scheme == "http" || u.Scheme == "https"
	if web != (u.Host != "") || u.Scheme == "" && strings.HasPrefix(s, "//") {
		return "", false
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		// RFC 3986 allows none of these. Browsers read a backslash as a slash, and clients end
		// links in texts at quotes and brackets.
		if c <= ' ' || c > '~' || strings.IndexByte("\"'()<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return text(b.String()), true
}

// lines joins parts by line breaks. It leaves out empty parts.
func lines(parts ...markup) markup {
	var all markup
	for _, part := range parts {
		if all != "" && part != "" {
			all += "\n"
		}
		all += part
	}
	return all
}

// each joins a part for each element by line breaks.
func each[T any](all []T, part func(T) markup) markup {
	var parts []markup
	for _, one := range all {
		parts = append(parts, part(one))
	}
	return lines(parts...)
}
