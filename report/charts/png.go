package charts

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/color"

	"github.com/klauspost/compress/zlib"
)

// pngWriter writes pictures as PNG files, see https://www.w3.org/TR/png-3/. It does what image/png
// does for a picture with a palette, but takes rows that are in the file's form, and a compressor
// that needs a third of the time. It keeps the compressors. Use the zero value by pointer.
type pngWriter struct {
	fast, careful *zlib.Writer
	data          bytes.Buffer // the compressed rows
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
	if err := w.compress(&w.fast, fastLevel, rows); err != nil {
		return nil, err
	}
	if w.data.Len() > largePNG {
		if err := w.compress(&w.careful, carefulLevel, rows); err != nil {
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

// compress replaces w.data. It makes the compressor if there is none yet.
func (w *pngWriter) compress(by **zlib.Writer, level int, rows []uint8) (err error) {
	w.data.Reset()
	if *by == nil {
		if *by, err = zlib.NewWriterLevel(&w.data, level); err != nil {
			return err
		}
	} else {
		(*by).Reset(&w.data)
	}
	if _, err = (*by).Write(rows); err != nil {
		return err
	}
	return (*by).Close()
}

func appendChunk(file []byte, kind string, data []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(data)))
	begin := len(file)
	file = append(append(file, kind...), data...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[begin:]))
}
