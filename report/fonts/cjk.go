package fonts

// inCJK reports whether only CJK has r.
func inCJK(r rune) bool { return isCJK(r) && !Regular.has(r) && CJK.has(r) }

// isCJK reports whether r is of a script that Inter lacks and CJK may have: Han, kana, bopomofo,
// Hangul, and the punctuation between them.
func isCJK(r rune) bool {
	return 0x3001 <= r && r <= 0x9fff || 0xac00 <= r && r <= 0xd7a3 || 0xff01 <= r && r <= 0xffe6
}
