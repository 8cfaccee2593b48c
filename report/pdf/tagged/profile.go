package tagged

import (
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// profile returns the ICC profile of the colors on the pages, sRGB (IEC 61966-2-1). PDF/A requires
// it in the file. It is a display profile of version 4 (ISO 15076-1) with the required tags only.
func profile() []byte {
	tags := []struct {
		name string // of its signature; empty: it shares the data of the one before
		data []byte
	}{
		{"desc", localized("sRGB")},
		{"cprt", localized("CC0")},
		{"wtpt", numbers("XYZ ", 0.9642, 1, 0.8249)},
		{"chad", numbers("sf32", // from D65 to D50
			1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)},
		{"rXYZ", numbers("XYZ ", 0.43607, 0.22249, 0.01392)},
		{"gXYZ", numbers("XYZ ", 0.38515, 0.71687, 0.09708)},
		{"bXYZ", numbers("XYZ ", 0.14307, 0.06061, 0.71410)},
		{"rTRC", curve()},
		{"gTRC", nil},
		{"bTRC", nil},
	}
	const head, entry = 128, 12
	var table, data []byte
	offset, length := 0, 0
	for _, tag := range tags {
		if tag.data != nil {
			offset, length = head+4+entry*len(tags)+len(data), len(tag.data)
			data = append(data, tag.data...)
		}
		table = append(table, tag.name...)
		table = words(table, uint32(offset), uint32(length))
	}
	b := words(nil, uint32(head+4+len(table)+len(data)), 0, 0x04200000)
	b = append(b, "mntrRGB XYZ "...)
	for _, n := range [...]uint16{2026, 1, 1, 0, 0, 0} { // the date
		b = binary.BigEndian.AppendUint16(b, n)
	}
	b = append(b, "acsp"...)
	b = append(b, make([]byte, 68-len(b))...)
	b = append(b, numbers("", 0.9642, 1, 0.8249)[8:]...) // D50, the illuminant
	b = append(b, make([]byte, head-len(b))...)
	return append(append(words(b, uint32(len(tags))), table...), data...)
}

// localized returns a text of the type multiLocalizedUnicode.
func localized(s string) []byte {
	const offset, record = 28, 12
	units := utf16.Encode([]rune(s))
	b := words([]byte("mluc"), 0, 1, record)
	b = words(append(b, "enUS"...), uint32(2*len(units)), offset)
	for _, unit := range units {
		b = binary.BigEndian.AppendUint16(b, unit)
	}
	return append(b, make([]byte, -len(b)&3)...)
}

// numbers returns an array of s15Fixed16 numbers, of the type kind.
func numbers(kind string, values ...float64) []byte {
	b := append([]byte(kind), make([]byte, 8-len(kind))...)
	for _, v := range values {
		b = words(b, uint32(int32(math.Round(v*65536))))
	}
	return b
}

// curve returns the curve of sRGB as a parametric function of type 3: (ax+b)^g from d on, and cx
// below d.
func curve() []byte {
	const g, a, b, c, d = 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045
	head := words([]byte("para"), 0, 3<<16)
	return append(head, numbers("", g, a, b, c, d)[8:]...)
}

func words(b []byte, values ...uint32) []byte {
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}
