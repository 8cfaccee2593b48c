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

// markup is HTML that stands as it is. An untyped constant, which is this package's own, is markup by itself; a string
// becomes it only by the functions of this file, of which each escapes what it is given. So no stranger's text can be
// written where it would be read as a tag: the compiler refuses it.
type markup string

// text writes what is to be read, between tags or in a quoted attribute.
func text(s string) markup { return markup(html.EscapeString(s)) }

// number writes a number.
func number(n int) markup { return markup(strconv.Itoa(n)) }

// colour writes a colour in a style.
func colour(c theme.Colour) markup { return markup(c.String()) }

// address writes a URL in a quoted attribute, if it has one of those schemes; "" stands for a path, which has none. It is
// not ok where a client would go elsewhere than it seems.
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
		// What RFC 3986 has no room for. Browsers take a backslash for a slash, and clients find links in texts that end
		// at quotes and brackets.
		if c <= ' ' || c > '~' || strings.IndexByte("\"'()<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return text(b.String()), true
}

// lines puts parts below each other. An empty part has no line.
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

// each puts a part for each of all below each other.
func each[T any](all []T, part func(T) markup) markup {
	var parts []markup
	for _, one := range all {
		parts = append(parts, part(one))
	}
	return lines(parts...)
}
