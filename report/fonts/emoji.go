package fonts

import (
	_ "embed"
	"iter"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// An emoji can be a sequence of up to ten characters. A family is several people with joiners
// between them, a flag is two letters, and a person may be followed by a skin tone. So the font has
// each emoji at a private-use code. Only lines in drawing order have these codes. The font is black
// and white, so all skin tones look alike.
//
// emojiFile has one line for each way to type an emoji: with and without presentation selectors. So
// text that is copied from a document is as it was typed. Lines are sorted by their bytes. The
// first line has the code firstCode.
//
//go:embed emoji.txt
var emojiFile string

const (
	firstCode, lastCode = 0xe000, 0xf8ff // of the private-use block

	longestEmoji = 35 // in bytes
)

var emojis = sync.OnceValue(func() []string { return strings.Split(emojiFile, "\n") })

// isCode reports whether r is a private-use character. In a line in drawing order it is an emoji.
func isCode(r rune) bool { return firstCode <= r && r <= lastCode }

// codeOf returns the code of an emoji, or 0 if s is not an emoji.
func codeOf(s string) rune {
	if n, found := sort.Find(len(emojis()), func(i int) int {
		return strings.Compare(s, emojis()[i])
	}); found {
		return firstCode + rune(n)
	}
	return 0
}

// emojiOf returns the emoji of a code, or "" if r is not a code.
func emojiOf(r rune) string {
	if n := int(r - firstCode); isCode(r) && n < len(emojis()) {
		return emojis()[n]
	}
	return ""
}

// hasEmoji reports whether s may have an emoji. It is fast. It is also true for some texts without
// emoji.
func hasEmoji(s string) bool { return strings.ContainsFunc(s, mayBeEmoji) }

// mayBeEmoji reports whether r can be a part of an emoji. Every emoji has such a character.
func mayBeEmoji(r rune) bool {
	switch {
	case r < 0x200d, 0x3040 <= r && r < 0x3297:
		return false
	case r <= 0x3299:
		return !Regular.has(r)
	}
	return r == 0xfe0f || 0x1f000 <= r && r < 0x20000
}

// aroundEmoji yields each emoji of a text after the text before it. The last pair is the rest of
// the text, without an emoji.
//
// A character that Inter has is an emoji only if a selector follows it. So ♥ and ✔ look like the
// letters around them.
func aroundEmoji(s string) iter.Seq2[string, string] {
	return func(yield func(text, emoji string) bool) {
		begin, end := 0, 0 // where the text and the current cluster begin
		if !hasEmoji(s) {
			end = len(s)
		}
		for state := -1; end < len(s); {
			var cluster string
			cluster, _, _, state = uniseg.FirstGraphemeClusterInString(s[end:], state)
			for at := 0; at < len(cluster); {
				found := emojiAt(cluster[at:])
				if found == "" {
					_, size := utf8.DecodeRuneInString(cluster[at:])
					at += size
					continue
				}
				if !yield(s[begin:end+at], found) {
					return
				}
				at += len(found)
				begin = end + at
			}
			end += len(cluster)
		}
		yield(s[begin:], "")
	}
}

// emojiAt returns the longest emoji at the beginning of a cluster's part, or "" if there is none.
func emojiAt(cluster string) string {
	found := ""
	for end, r := range cluster {
		end += utf8.RuneLen(r)
		if end > longestEmoji {
			break
		}
		inText := end == utf8.RuneLen(r) && (r < 0x80 || Regular.has(r))
		if !inText && codeOf(cluster[:end]) != 0 {
			found = cluster[:end]
		}
	}
	return found
}

// encoded replaces each emoji of a cleaned text by its code.
func encoded(s string) string {
	var b strings.Builder
	for text, emoji := range aroundEmoji(s) {
		b.WriteString(text)
		if emoji != "" {
			b.WriteRune(codeOf(emoji))
		}
	}
	return b.String()
}
