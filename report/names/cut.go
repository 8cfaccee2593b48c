package names

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Cut returns s if it has at most most characters, and otherwise its beginning and "…", together at most as many. It cuts
// between what readers take for characters: a flag, a family of emoji, a letter and its marks stay whole or are left out.
func Cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	var b strings.Builder
	for state, left := -1, most-1; s != ""; {
		var cluster string
		if cluster, s, _, state = uniseg.FirstGraphemeClusterInString(s, state); utf8.RuneCountInString(cluster) > left {
			break
		}
		left -= utf8.RuneCountInString(cluster)
		b.WriteString(cluster)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}
