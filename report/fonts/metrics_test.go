package fonts_test

import (
	"encoding/binary"
	"testing"

	"kindlyweekly/report/fonts"
)

// Each glyph has an advance of its own. For a glyph without one gofpdf writes into the file that it
// is given, which all documents share.
func TestFaces_AllMetrics(t *testing.T) {
	for _, face := range []*fonts.Face{fonts.Regular, fonts.SemiBold, fonts.Emoji, fonts.CJK} {
		metrics := binary.BigEndian.Uint16(table(t, face.File(), "hhea")[34:])
		glyphs := binary.BigEndian.Uint16(table(t, face.File(), "maxp")[4:])
		if metrics != glyphs {
			t.Errorf("%s has %d advances of %d glyphs: run metrics.py", face.Name(), metrics, glyphs)
		}
	}
}

// table returns a table of a TrueType file.
func table(t *testing.T, file []byte, name string) []byte {
	t.Helper()
	const head, entry = 12, 16
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		e := file[head+i*entry:]
		if string(e[:4]) == name {
			return file[binary.BigEndian.Uint32(e[8:]):][:binary.BigEndian.Uint32(e[12:])]
		}
	}
	t.Fatalf("no table %s", name)
	return nil
}
