package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kindlyweekly/report/names"
)

// Mistakes are all mistakes of a file, in the order of the file. There is at least one. If there
// are more than a thousand, the last one says so.
type Mistakes []Mistake

// A Mistake is one thing in a file that is wrong.
type Mistake struct {
	Line, Column int    // from 1, the column in characters; 0 without a file
	Path         string // such as bots[2].send.day, counted from 0; empty for the file itself
	Message      string // what is wrong, and what to write instead; never a secret
}

// Error returns the mistakes, one to a line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i := range m {
		lines[i] = m[i].String()
	}
	return strings.Join(lines, "\n")
}

// String returns 12:5: bots[2].send.day: what is wrong. A caller may put the file's name before it.
func (m Mistake) String() string {
	var b strings.Builder
	if m.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", m.Line, m.Column)
	}
	if m.Path != "" {
		b.WriteString(m.Path + ": ")
	}
	b.WriteString(m.Message)
	return b.String()
}

// sorted returns m as an error, in the order of the file. It returns nil if m is empty.
func (m Mistakes) sorted() error {
	if len(m) == 0 {
		return nil
	}
	m.sort()
	return m
}

func (m Mistakes) sort() {
	slices.SortStableFunc(m, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// quote returns s in quotes, on one short line. It escapes invisible characters, and letters of
// another alphabet between Latin ones, such as a Cyrillic о, since the difference is invisible.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	latin := func(c rune) bool { return unicode.Is(unicode.Latin, c) }
	foreign := func(c rune) bool { return unicode.IsLetter(c) && !latin(c) }
	mixed := strings.ContainsFunc(s, latin) && strings.ContainsFunc(s, foreign)
	if mixed || !names.Visible(s) {
		return fmt.Sprintf("%+q", s)
	}
	return fmt.Sprintf("%q", s)
}

// or returns a, b or c.
func or(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " or " + words[n]
	}
	return strings.Join(words, "")
}

// meant suggests the allowed word that is likely meant, or else, after lead, lists all of them.
func meant(word string, allowed []string, lead string) string {
	if s := Nearest(word, allowed); s != "" {
		return fmt.Sprintf("did you mean %q?", s)
	}
	const most = 30
	if n := len(allowed); n > most {
		return fmt.Sprintf("%s%s and %d more", lead, strings.Join(allowed[:most], ", "), n-most)
	}
	return lead + or(allowed)
}

// Nearest returns the candidate that differs from word by a few typing errors, or that begins with
// word. It returns "" if there is none. A word of more than 40 letters has none, so that the time
// is linear in the candidates.
func Nearest(word string, candidates []string) string {
	word = strings.ToLower(word)
	length := utf8.RuneCountInString(word)
	if length == 0 || length > 40 {
		return ""
	}
	best, least := "", 1+max(1, length/3)
	for _, c := range candidates {
		lower := strings.ToLower(c)
		d := least
		if longer := utf8.RuneCountInString(lower) - length; -least < longer && longer < least {
			d = distance(word, lower, least)
		}
		if length >= 3 && strings.HasPrefix(lower, word) {
			d = min(d, 1)
		}
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with their neighbor to change a
// into b. It returns limit if there are as many or more.
func distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	n := len(t) + 1
	cells := make([]int, 3*n)
	before, last, row := cells[:n], cells[n:2*n], cells[2*n:]
	for j := range row {
		row[j] = j
	}
	lastLeast := 0
	for i := range s {
		before, last, row = last, row, before
		row[0] = i + 1
		least := row[0]
		for j := range t {
			replace := last[j]
			if s[i] != t[j] {
				replace++
			}
			row[j+1] = min(replace, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least >= limit && lastLeast+1 >= limit { // a swap continues from two rows before
			return limit
		}
		lastLeast = least
	}
	return min(row[len(t)], limit)
}
