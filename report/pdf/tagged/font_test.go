package tagged

import (
	"testing"

	"kindlyweekly/report/fonts"
)

// The widths are those that fontTools finds in the file.
func TestWidthsOf(t *testing.T) {
	for chars, want := range map[string]string{
		"":     "",
		"B":    "66[654]",
		" ABa": "32[281] 65[690 654] 97[562]",
		"Ơ中":   "416[762] 20013[656]", // Inter lacks the last, and draws its missing glyph
	} {
		if got := string(widthsOf([]rune(chars), fonts.Regular.Font())); got != want {
			t.Errorf("%q has the widths %s, want %s", chars, got, want)
		}
	}
}

// The codes are those of the characters, and the glyphs are those of the cut font.
func TestGlyphsOf(t *testing.T) {
	font := fonts.Regular.Font()
	glyphs := glyphsOf([]rune{1, 'A'}, font)
	if len(glyphs) != 2*('A'+1) {
		t.Errorf("%d bytes", len(glyphs))
	}
	want := font.Index('A')
	for at, glyph := range glyphs {
		switch {
		case at == 2*'A' && glyph != byte(want>>8), at == 2*'A'+1 && glyph != byte(want),
			at < 2*'A' && glyph != 0:
			t.Errorf("byte %d is %d", at, glyph)
		}
	}
	if got := glyphsOf(nil, font); got != nil {
		t.Errorf("no characters have %d bytes of glyphs", len(got))
	}
}

// The lengths are those that fontTools finds in the files, in thousandths of the type size.
func TestDescription(t *testing.T) {
	for face, want := range map[*fonts.Face]string{
		fonts.Regular: "/Ascent 969/Descent -241/CapHeight 728/Flags 4/FontBBox[-195 -421 1651 1108]" +
			"/ItalicAngle 0/StemV 87",
		fonts.SemiBold: "/Ascent 969/Descent -241/CapHeight 728/Flags 262148" +
			"/FontBBox[-195 -463 1651 1111]/ItalicAngle 0/StemV 135",
		fonts.CJK: "/Ascent 1043/Descent -266/CapHeight 715/Flags 4/FontBBox[-20 -238 1004 902]" +
			"/ItalicAngle 0/StemV 87",
	} {
		if got := description(face.File()); got != want {
			t.Errorf("%s: %s, want %s", face.Name(), got, want)
		}
	}
}
