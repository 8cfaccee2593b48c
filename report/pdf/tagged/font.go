package tagged

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/golang/freetype/truetype"
	"github.com/jung-kurt/gofpdf"
	"golang.org/x/image/math/fixed"
)

// Font is a TrueType font. A document embeds the glyphs that it draws.
type Font interface {
	Name() string // in ASCII, without spaces
	File() []byte // a valid TrueType file, which is not changed
}

// usedFont is a font of the document and the characters that are drawn in it.
type usedFont struct {
	Font
	chars map[rune]bool
}

// sized is a font in a size, in points.
type sized struct {
	font Font
	size float64
}

// setFont sets a font of gofpdf, unless it is set. It returns the characters that are drawn in it.
//
// For gofpdf the font is a placeholder: one of those that every viewer has. pass embeds the font.
// gofpdf could do so too, but it encodes the widths of 65,536 characters of each font as JSON, and
// reads each file twice. That takes more time than all else in a report's document.
func (d *Document) setFont(f Font, size float64) (chars map[rune]bool) {
	n := slices.IndexFunc(d.fonts, func(u usedFont) bool { return u.Font == f })
	if n < 0 {
		n = len(d.fonts)
		d.fonts = append(d.fonts, usedFont{f, make(map[rune]bool)})
		definition := fmt.Sprintf(`{"Tp": "Core", "Name": %q}`, placeholder(n))
		d.pdf.AddFontFromBytes(placeholder(n), "", []byte(definition), nil)
	}
	if d.set != (sized{f, size}) {
		d.set = sized{f, size}
		d.pdf.SetFont(placeholder(n), "", size)
	}
	return d.fonts[n].chars
}

// placeholder returns gofpdf's name of the font with an index.
func placeholder(n int) string { return "placeholder" + strconv.Itoa(n) }

// placeholderObject returns the object that gofpdf writes for a placeholder.
func placeholderObject(n int) string {
	return "<</Type /Font\n/BaseFont /" + placeholder(n) +
		"\n/Subtype /Type1\n/Encoding /WinAnsiEncoding\n>>"
}

// codes returns the codes of a text: two bytes for each character.
func codes(text string) string {
	b := make([]byte, 0, 2*len(text))
	for _, r := range text {
		b = binary.BigEndian.AppendUint16(b, uint16(r))
	}
	return string(b)
}

// fontObject is how gofpdf's font objects begin.
const fontObject = "<</Type /Font\n"

// fonts embeds the fonts in the place of their placeholders. They share a character map. fonts
// fails if gofpdf has another font, which would not be in the file.
func (p *pass) fonts() error {
	all := make(map[rune]bool)
	byPlace := make(map[string]usedFont)
	for n, f := range p.doc.fonts {
		maps.Copy(all, f.chars)
		byPlace[placeholderObject(n)] = f
	}
	unicode := 0
	if len(all) > 0 {
		unicode = p.reserve()
		p.compress(unicode, "", toUnicode(all, p.doc.unicode))
	}
	for n, o := range p.file.objects {
		if !bytes.HasPrefix(o.dict, []byte(fontObject)) {
			continue
		}
		f, ok := byPlace[string(o.dict)]
		if !ok {
			return fmt.Errorf("object %d is a font that is not in the file: %.80q", n, o.dict)
		}
		dict, err := p.font(f, unicode)
		if err != nil {
			return fmt.Errorf("the font %s: %w", f.Name(), err)
		}
		p.file.objects[n].dict = dict
	}
	return nil
}

// font embeds a font with the glyphs of its characters. It returns the font's dictionary.
func (p *pass) font(f usedFont, unicode int) ([]byte, error) {
	chars := slices.Sorted(maps.Keys(f.chars))
	file := gofpdf.UTF8CutFont(f.File(), string(chars))
	cut, err := truetype.Parse(file)
	if err != nil {
		return nil, err
	}
	// The tag in the name says that the font is a subset, and which (ISO 32000-1, 9.6.4).
	name := subsetTag(file) + "+" + f.Name()
	stream, glyphs := p.reserve(), p.reserve()
	p.compress(stream, fmt.Sprintf("/Length1 %d", len(file)), file)
	p.compress(glyphs, "", glyphsOf(chars, cut))
	descriptor, descendant := p.reserve(), p.reserve()
	p.object(descriptor, fmt.Appendf(nil, "<</Type/FontDescriptor/FontName/%s%s/FontFile2 %d 0 R>>",
		name, description(f.File()), stream))
	p.object(descendant, fmt.Appendf(nil, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s"+
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R"+
		"/W[%s]/CIDToGIDMap %d 0 R>>", name, descriptor, widthsOf(chars, cut), glyphs))
	return fmt.Appendf(nil, "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"+
		"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, descendant, unicode), nil
}

// subsetTag returns six capital letters that identify a file.
func subsetTag(file []byte) string {
	sum := sha256.Sum256(file)
	tag := sum[:6]
	for i := range tag {
		tag[i] = 'A' + tag[i]%26
	}
	return string(tag)
}

// glyphsOf returns the glyph of each code up to the last of chars, in two bytes each.
func glyphsOf(chars []rune, font *truetype.Font) []byte {
	if len(chars) == 0 {
		return nil
	}
	glyphs := make([]byte, 2*(chars[len(chars)-1]+1))
	for _, r := range chars {
		binary.BigEndian.PutUint16(glyphs[2*r:], uint16(font.Index(r)))
	}
	return glyphs
}

// widthsOf returns the widths of chars in thousandths of the type size: "65[702 661] 97[556]" for
// "A", "B" and "a".
func widthsOf(chars []rune, font *truetype.Font) []byte {
	em := font.FUnitsPerEm()
	var b []byte
	for i, r := range chars {
		switch {
		case i == 0:
			b = fmt.Appendf(b, "%d[", r)
		case chars[i-1] == r-1:
			b = append(b, ' ')
		default:
			b = fmt.Appendf(b, "] %d[", r)
		}
		width := font.HMetric(fixed.Int26_6(em), font.Index(r)).AdvanceWidth
		b = fmt.Appendf(b, "%d", thousandths(int(width), int(em)))
	}
	if len(chars) > 0 {
		b = append(b, ']')
	}
	return b
}

func thousandths(units, em int) int { return int(math.Round(1000 * float64(units) / float64(em))) }

// description returns the entries of a font's descriptor that are the same for all its subsets.
func description(file []byte) string {
	tables := tablesOf(file)
	number := func(table string, offset int) int {
		return int(int16(binary.BigEndian.Uint16(tables[table][offset:])))
	}
	em := number("head", 18)
	length := func(table string, offset int) int { return thousandths(number(table, offset), em) }
	weight, flags := number("OS/2", 4), 1<<2 // symbolic: it has its own codes
	if weight >= 600 {
		flags |= 1 << 18 // bold at small sizes too
	}
	return fmt.Sprintf("/Ascent %d/Descent %d/CapHeight %d/Flags %d/FontBBox[%d %d %d %d]"+
		"/ItalicAngle %d/StemV %d", length("hhea", 4), length("hhea", 6), length("OS/2", 88), flags,
		length("head", 36), length("head", 38), length("head", 40), length("head", 42),
		number("post", 4), stemWidth(weight))
}

// stemWidth returns about how wide the stems of letters are. No table of a font has it.
func stemWidth(weight int) int { return 50 + weight*weight/(65*65) }

// tablesOf returns the tables of a TrueType file by name.
func tablesOf(file []byte) map[string][]byte {
	const head, entry = 12, 16 // bytes
	tables := make(map[string][]byte)
	for n := range int(binary.BigEndian.Uint16(file[4:])) {
		e := file[head+n*entry:]
		offset, length := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		tables[string(e[:4])] = file[offset : offset+length]
	}
	return tables
}
