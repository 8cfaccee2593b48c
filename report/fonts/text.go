package fonts

import (
	"iter"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/names"
)

const (
	box      = '□' // drawn instead of what the fonts lack
	ellipsis = "…"
)

// Clean makes a text fit for one line, in reading order. [Visual] puts the line into drawing order.
//
//   - It is valid UTF-8 in NFC. Bytes that are not are a box: □.
//   - Characters without a glyph are gone (see names.Strip), and so are accents that are no part
//     of a letter.
//   - A run of white space is one space. A single no-break space stays.
//   - Emoji stay as typed. The parts of an unknown emoji are emoji of their own.
//   - Characters that the fonts have only in NFKC are in NFKC: ﬁ is fi, and ㎡ is m2. All other
//     characters stay as they are, such as ™ and those that the fonts lack.
//   - Other marks of direction than pairs of isolates around names, for [Visual], are gone.
//
// Clean(Clean(s)) is Clean(s).
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		before, name, after := isolated(s)
		b.WriteString(clean(before))
		if name = clean(name); name != "" {
			b.WriteString(isolate + name + endIsolate)
		}
		s = after
	}
	return b.String()
}

// Bare returns a cleaned text without isolates, for texts that are not drawn.
func Bare(s string) string { return unisolated.Replace(Clean(s)) }

// Package wording writes a pair of isolates around a name, which then has its own direction.
const isolate, endIsolate = "\u2068", "\u2069"

var unisolated = strings.NewReplacer(isolate, "", endIsolate, "")

// isolated cuts s around its first isolated name. Without one, all of s is in before.
func isolated(s string) (before, name, after string) {
	end := 0
	for {
		n := strings.Index(s[end:], endIsolate)
		if n < 0 {
			return s, "", ""
		}
		end += n
		if begin := strings.LastIndex(s[:end], isolate); begin >= 0 {
			return s[:begin], s[begin+len(isolate) : end], s[end+len(endIsolate):]
		}
		end += len(endIsolate)
	}
}

// clean is Clean without isolates.
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.Map(unclaimed, strings.ToValidUTF8(s, string(box)))
	var b strings.Builder
	b.Grow(len(s))
	var last rune // last rune written
	for text, emoji := range aroundEmoji(s) {
		last = cleanText(&b, text, last)
		if b.WriteString(emoji); emoji != "" {
			last = firstCode
		}
	}
	return b.String()
}

// unclaimed returns the box for the replacement character and for private-use characters, which
// have no common meaning. It returns r for all others.
func unclaimed(r rune) rune {
	if r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) {
		return box
	}
	return r
}

// cleanText writes a text without emoji. last is the character before it. cleanText returns the
// last character.
func cleanText(b *strings.Builder, s string, last rune) rune {
	s = norm.NFC.String(names.Strip(s))
	write := func(r rune) {
		if r == box && last == box {
			return
		}
		if unicode.IsSpace(r) && unicode.IsSpace(last) {
			return
		}
		b.WriteRune(r)
		last = r
	}
	for state := -1; s != ""; {
		var cluster string
		cluster, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		if cluster = compatible(cluster); !drawable(cluster) {
			b.WriteString(cluster)
			last = 0
			continue
		}
		for _, r := range cluster {
			switch {
			case unicode.IsMark(r):
			case unicode.IsSpace(r) && !inFonts(r):
				write(' ')
			default:
				write(r)
			}
		}
	}
	return last
}

// Words splits a cleaned text where a line may end: at spaces, and between characters of Chinese
// and Japanese. It never splits at a no-break space, as in 18,7 %.
func Words(s string) []string {
	words := parts(s)
	for i, word := range words {
		words[i] = strings.TrimPrefix(word, " ")
	}
	return words
}

// parts splits a text like Words. A part includes the space before it.
func parts(s string) (parts []string) {
	space := ""
	for field := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f'
	}) {
		begin := 0
		var last rune
		for at, r := range field {
			if endsBetween(last, r) {
				parts = append(parts, space+field[begin:at])
				space, begin = "", at
			}
			last = r
		}
		parts = append(parts, space+field[begin:])
		space = " "
	}
	return parts
}

// isPlain reports whether s needs no cleaning and is drawn as it is. Most texts are: they have only
// printable ASCII, Latin letters and common punctuation, without runs of spaces.
func isPlain(s string) bool {
	last := rune(0)
	for _, r := range s {
		switch {
		case r < ' ' || r == ' ' && last == ' ':
			return false
		case r <= '~', '¡' <= r && r <= 'ž' && r != softHyphen && r != 'ŉ':
		case !strings.ContainsRune("–—‘’‚“”„•…−", r):
			return false
		}
		last = r
	}
	return true
}

// softHyphen has no glyph. ŉ is only in NFKC in the fonts.
const softHyphen = '\u00ad'

// compatible returns a grapheme cluster in NFKC if the fonts have it only in that form.
func compatible(cluster string) string {
	if drawable(cluster) {
		return cluster
	}
	if variant := norm.NFKC.String(cluster); drawable(variant) && names.Visible(variant) {
		return variant
	}
	return cluster
}

// Undrawn returns the parts of a text that the fonts lack. [Visual] draws a box for each.
func Undrawn(s string) (all []string) {
	if s = encoded(Clean(s)); drawable(s) {
		return nil
	}
	for part, has := range known(s) {
		if !has {
			all = append(all, part)
		}
	}
	return all
}

// UndrawnScripts returns the scripts of those parts of a text that the fonts lack, in the order of
// the text. The names are those of package unicode. Signs have the script Common.
func UndrawnScripts(s string) (scripts []string) {
	for _, part := range Undrawn(s) {
		for _, r := range part {
			name := scriptOf(r)
			if !unicode.IsMark(r) && !slices.Contains(scripts, name) {
				scripts = append(scripts, name)
			}
		}
	}
	return scripts
}

func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "Common" // unassigned
}

// boxed replaces each part of a cleaned text that the fonts lack by a box.
func boxed(s string) string {
	if drawable(s) {
		return s
	}
	var b strings.Builder
	for part, has := range known(s) {
		switch {
		case has:
			b.WriteString(part)
		case !strings.HasSuffix(b.String(), string(box)):
			b.WriteRune(box)
		}
	}
	return b.String()
}

// known splits a cleaned text into parts that the fonts have (true) and parts that they lack
// (false).
func known(s string) iter.Seq2[string, bool] {
	return func(yield func(part string, has bool) bool) {
		part, had := 0, true // of s: where the part begins
		for rest, state := s, -1; rest != ""; {
			at := len(s) - len(rest)
			var cluster string
			cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
			has := drawable(cluster)
			if has != had && at > part {
				if !yield(s[part:at], had) {
					return
				}
				part = at
			}
			had = has
		}
		if part < len(s) {
			yield(s[part:], had)
		}
	}
}

// drawable reports whether the fonts have all characters of a text.
func drawable(cluster string) bool { return !strings.ContainsFunc(cluster, isLacking) }

// isLacking reports whether the fonts lack a character. It returns false for combining marks and
// isolates, which are not drawn, and for codes of emoji.
func isLacking(r rune) bool {
	return r >= 0x80 && !isCode(r) && !inFonts(r) && !unicode.IsMark(r) && !unicode.IsSpace(r) &&
		!strings.ContainsRune(isolate+endIsolate, r)
}

// inFonts asks one weight, since both have the same characters.
func inFonts(r rune) bool { return Regular.has(r) || inCJK(r) }

// Fit cuts s to a width between graphemes, and puts an ellipsis in the place of what it cuts. Width
// and measure have the same unit. If the ellipsis does not fit, Fit returns nothing. A name that is
// cut stays isolated.
func Fit(s string, width float64, measure func(string) float64) string {
	if measure(s) <= width {
		return s
	}
	var ends []int // where each grapheme ends
	for rest, state, end := s, -1, 0; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		end += len(cluster)
		ends = append(ends, end)
	}
	cut := func(n int) string {
		if n == 0 {
			return ellipsis
		}
		return closed(strings.TrimRightFunc(s[:ends[n-1]], unicode.IsSpace) + ellipsis)
	}
	lo, hi := 0, len(ends) // cut(lo) fits or lo is 0; cut(hi) does not fit
	for lo+1 < hi {
		if mid := (lo + hi) / 2; measure(cut(mid)) <= width {
			lo = mid
		} else {
			hi = mid
		}
	}
	if fitted := cut(lo); measure(fitted) <= width {
		return fitted
	}
	return ""
}

// Wrap breaks a cleaned text between words, see [Words], into at most lines lines of the width. It
// cuts text that is left over, and words that are too long for a line. Width and measure have the
// same unit. A name on several lines is isolated on each.
func Wrap(s string, width float64, lines int, measure func(string) float64) []string {
	words := parts(s)
	var wrapped []string
	for len(words) > 0 {
		line := func(n int) string {
			return closed(strings.TrimPrefix(strings.Join(words[:n], ""), " "))
		}
		n := len(words)
		if len(wrapped) < lines-1 {
			n = 1 + sort.Search(n-1, func(i int) bool { return measure(line(i+2)) > width })
		}
		fitted := Fit(line(n), width, measure)
		if n < len(words) && words[n][0] == ' ' && Gap(fitted, words[n][1:]) == "" {
			fitted += " " // for Gap, see there
		}
		wrapped = append(wrapped, fitted)
		goesOn := isOpen(strings.Join(words[:n], ""))
		if words = words[n:]; goesOn && len(words) > 0 {
			words[0] = isolate + strings.TrimPrefix(words[0], " ")
		}
	}
	return wrapped
}

// isOpen reports whether a text ends inside an isolated name.
func isOpen(s string) bool {
	return strings.LastIndex(s, isolate) > strings.LastIndex(s, endIsolate)
}

// closed returns a text with the end of its last isolated name if that is missing.
func closed(s string) string {
	if isOpen(s) {
		return s + endIsolate
	}
	return s
}
