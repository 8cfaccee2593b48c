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

// Emoji are one character for a renderer, but a text has them as up to ten: a family is people with
// joiners between them, a flag is two letters, and a person has a tone of skin after it. So the
// font has each at a code for private use, and a line has the codes only while it is drawn. The font
// is in black and white, in which all tones of skin look alike.
//
// emojiFile has each emoji as it may be typed on a line of its own, in the order of their bytes:
// with and without selectors of its presentation, so that each comes out of a document as it was
// typed. The first line is firstCode.
//
//go:embed emoji.txt
var emojiFile string

const (
	firstCode, lastCode = 0xe000, 0xf8ff // of the block for private use

	longestEmoji = 35 // in bytes
)

var emojis = sync.OnceValue(func() []string { return strings.Split(emojiFile, "\n") })

// isCode reports whether r is for private use. In a line that is drawn it is an emoji.
func isCode(r rune) bool { return firstCode <= r && r <= lastCode }

// codeOf returns the code of an emoji, and 0 if s is none.
func codeOf(s string) rune {
	if n, found := sort.Find(len(emojis()), func(i int) int {
		return strings.Compare(s, emojis()[i])
	}); found {
		return firstCode + rune(n)
	}
	return 0
}

// emojiOf returns the emoji of a code, and "" if r is none.
func emojiOf(r rune) string {
	if n := int(r - firstCode); isCode(r) && n < len(emojis()) {
		return emojis()[n]
	}
	return ""
}

// hasEmoji reports whether s may have an emoji. It is fast, and true for some other texts.
func hasEmoji(s string) bool { return strings.ContainsFunc(s, mayBeEmoji) }

// mayBeEmoji reports whether r makes a text one with an emoji: all emoji have such a character.
func mayBeEmoji(r rune) bool {
	switch {
	case r < 0x200d, 0x3040 <= r && r < 0x3297:
		return false
	case r <= 0x3299:
		return !Regular.has(r)
	}
	return r == 0xfe0f || 0x1f000 <= r && r < 0x20000
}

// aroundEmoji splits a text into its emoji, each with the text before it. The last is the text after
// them, without an emoji.
//
// A letter or a sign that Inter has is an emoji only if a selector says so: ♥ and ✔ are drawn as
// the letters around them.
func aroundEmoji(s string) iter.Seq2[string, string] {
	return func(yield func(text, emoji string) bool) {
		begin, end := 0, 0 // of the text, and of the grapheme clusters before
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

// emojiAt returns the longest emoji with which a part of a grapheme cluster begins, and "" without.
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

// encoded replaces the emoji of a cleaned text by their codes.
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
