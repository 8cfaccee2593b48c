package charts

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"image/color"

	"github.com/klauspost/compress/flate"
)

// pngWriter writes pictures as PNG files, see https://www.w3.org/TR/png-3/. It does what image/png
// does for a picture with a palette, but takes rows that are in the file's form, and a compressor
// that needs a third of the time. It keeps the compressors. Use the zero value by pointer.
type pngWriter struct {
	fast, careful *flate.Writer
	data          bytes.Buffer // the compressed rows, as a zlib stream
}

// largePNG is the size in bytes from which a picture is compressed carefully, as those are that
// have much text. Flat pictures are as small either way.
const largePNG = 34_000

// Levels of compression. At the second, a picture with much text is a fifth smaller.
const fastLevel, carefulLevel = 1, 6

// encode returns a picture as a PNG file. Each row is a zero and an index for each pixel.
func (w *pngWriter) encode(
	palette color.Palette, width, height int, rows []uint8,
) ([]byte, error) {
	sum := checksum(rows, 1+width)
	if err := w.compress(&w.fast, fastLevel, rows, sum); err != nil {
		return nil, err
	}
	if w.data.Len() > largePNG {
		if err := w.compress(&w.careful, carefulLevel, rows, sum); err != nil {
			return nil, err
		}
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(width))
	header = binary.BigEndian.AppendUint32(header, uint32(height))
	header = append(header, 8, 3, 0, 0, 0) // 8 bits, a palette, and the only methods there are
	colors := make([]byte, 0, 3*len(palette))
	for _, c := range palette {
		c := c.(color.RGBA)
		colors = append(colors, c.R, c.G, c.B)
	}
	file := make([]byte, 0, w.data.Len()+len(colors)+100)
	file = append(file, "\x89PNG\r\n\x1a\n"...)
	file = appendChunk(file, "IHDR", header)
	file = appendChunk(file, "PLTE", colors)
	file = appendChunk(file, "IDAT", w.data.Bytes())
	return appendChunk(file, "IEND", nil), nil
}

// compress replaces w.data. It makes the compressor if there is none yet. sum is the checksum of
// the rows.
func (w *pngWriter) compress(by **flate.Writer, level int, rows []uint8, sum uint32) (err error) {
	w.data.Reset()
	if *by == nil {
		if *by, err = flate.NewWriter(nil, level); err != nil {
			return err
		}
	}
	w.data.Write([]byte{0x78, 0x01}) // deflate with a window of 32 kB
	(*by).Reset(&w.data)
	if _, err = (*by).Write(rows); err != nil {
		return err
	}
	if err = (*by).Close(); err != nil {
		return err
	}
	w.data.Write(binary.BigEndian.AppendUint32(nil, sum))
	return nil
}

// checksum returns the Adler-32 checksum of rows of a width. Most rows are equal to the one before,
// and their checksums are combined, which costs less than computing them.
func checksum(rows []uint8, width int) uint32 {
	const base = 65521
	a, b := uint32(1), uint32(0)
	var above []uint8
	var rowA, rowB uint32 // of one row
	for ; len(rows) > 0; rows = rows[width:] {
		if row := rows[:width]; !bytes.Equal(row, above) {
			sum := adler32.Checksum(row)
			above, rowA, rowB = row, sum&0xffff, sum>>16
		}
		b = (b + rowB + uint32(width)%base*((a+base-1)%base)) % base
		a = (a + rowA + base - 1) % base
	}
	return b<<16 | a
}

func appendChunk(file []byte, kind string, data []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(data)))
	begin := len(file)
	file = append(append(file, kind...), data...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[begin:]))
}
