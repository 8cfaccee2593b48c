package tagged

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// lastCode is the last code of a font. Codes are Unicode characters.
const lastCode = 0xFFFF

// hasUnicode reports whether a code may be mapped to itself (ISO 14289-1, 7.21.7).
func hasUnicode(r rune) bool {
	return r > 0 && r < 0xFFFE && r != 0xFEFF && r != utf8.RuneError && utf8.ValidRune(r)
}

// most is the maximum number of entries in a block of a character map.
const most = 100

// toUnicode returns the character map that gives the text of each font code.
func toUnicode(used map[rune]bool, unicode func(rune) string) []byte {
	var chars, ranges []string
	codes := slices.Sorted(maps.Keys(used))
	for i := 0; i < len(codes); i++ {
		first := codes[i]
		if said := unicode(first); said != "" {
			chars = append(chars, fmt.Sprintf("<%04X> <%s>", first, hex(said)))
			continue
		}
		// All codes of a range have the same high byte.
		for i+1 < len(codes) && codes[i+1] == codes[i]+1 && codes[i+1]>>8 == first>>8 &&
			unicode(codes[i+1]) == "" {
			i++
		}
		ranges = append(ranges, fmt.Sprintf("<%04X> <%04X> <%04X>", first, codes[i], first))
	}
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for block := range slices.Chunk(chars, most) {
		fmt.Fprintf(&b, "%d beginbfchar\n%s\nendbfchar\n", len(block), strings.Join(block, "\n"))
	}
	for block := range slices.Chunk(ranges, most) {
		fmt.Fprintf(&b, "%d beginbfrange\n%s\nendbfrange\n", len(block), strings.Join(block, "\n"))
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}

// hex returns a text in UTF-16, in hexadecimal digits.
func hex(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}
