package tagged

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strconv"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
)

// writer writes a file of PDF 1.7. Objects without a stream are in one compressed object stream.
// The cross-references are in another stream.
type writer struct {
	out     bytes.Buffer
	entries []entry // by number

	packed bytes.Buffer // the objects of the object stream
	heads  bytes.Buffer // their numbers and offsets
	count  int

	*compressors
}

// compressors compress streams. They take a megabyte each, so a few are kept for the next file.
type compressors struct{ fast, careful *zlib.Writer }

var spare = make(chan *compressors, 4)

func takeCompressors() *compressors {
	select {
	case c := <-spare:
		return c
	default:
		c := &compressors{}
		c.fast, _ = zlib.NewWriterLevel(nil, zlib.BestSpeed)
		c.careful, _ = zlib.NewWriterLevel(nil, zlib.DefaultCompression)
		return c
	}
}

func (c *compressors) give() {
	select {
	case spare <- c:
	default: // there are enough
	}
}

// entry says where an object is. Its kind is 0 for no object, 1 for an offset in the file, and 2
// for an index in the object stream.
type entry struct{ kind, at int }

// header is followed by four bytes above 127, so that programs take the file for binary.
const header = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

// newWriter returns a writer for a file with the objects 1 to size-1, and those that reserve adds.
func newWriter(size int) *writer {
	w := &writer{entries: make([]entry, size), compressors: takeCompressors()}
	w.out.WriteString(header)
	return w
}

// reserve returns the number of a new object.
func (w *writer) reserve() int {
	w.entries = append(w.entries, entry{})
	return len(w.entries) - 1
}

// object writes an object that has no stream.
func (w *writer) object(n int, value []byte) {
	w.entries[n] = entry{2, w.count}
	w.count++
	fmt.Fprintf(&w.heads, "%d %d ", n, w.packed.Len())
	w.packed.Write(value)
	w.packed.WriteByte('\n')
}

// stream writes an object with a stream. dict must have the stream's Length.
func (w *writer) stream(n int, dict, data []byte) {
	w.entries[n] = entry{1, w.out.Len()}
	fmt.Fprintf(&w.out, "%d 0 obj\n", n)
	w.out.Write(dict)
	w.out.WriteString("\nstream\n")
	w.out.Write(data)
	w.out.WriteString("\nendstream\nendobj\n")
}

// compress compresses data and writes an object with it as its stream. entries are added to its
// dictionary, which also has the length and the filter.
func (w *writer) compress(n int, entries string, data []byte) {
	packed := deflate(w.careful, data)
	dict := fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>", entries, len(packed))
	w.stream(n, []byte(dict), packed)
}

func deflate(z *zlib.Writer, data []byte) []byte {
	var b bytes.Buffer
	z.Reset(&b)
	z.Write(data) // a buffer does not fail
	z.Close()
	z.Reset(nil) // or it would keep the buffer
	return b.Bytes()
}

// finish writes the object stream and the cross-references, and returns the file.
func (w *writer) finish(root, info int) []byte {
	packed := w.reserve()
	entries := fmt.Sprintf("/Type/ObjStm/N %d/First %d", w.count, w.heads.Len())
	w.compress(packed, entries, append(w.heads.Bytes(), w.packed.Bytes()...))
	id := sha256.Sum256(w.out.Bytes())

	xref, at := w.reserve(), w.out.Len()
	w.entries[xref] = entry{1, at}
	// Each row is the difference from the row above it, which compresses best.
	const columns, upPredictor = 8, 2 // 1 byte, 4 and 3, see /W
	var rows []byte
	var last [columns]byte
	for i, e := range w.entries {
		a, b := e.at, 0
		switch {
		case i == 0:
			b = 0xFFFF
		case e.kind == 2:
			a, b = packed, e.at
		}
		row := [columns]byte{byte(e.kind), byte(a >> 24), byte(a >> 16), byte(a >> 8), byte(a),
			byte(b >> 16), byte(b >> 8), byte(b)}
		rows = append(rows, upPredictor)
		for c := range row {
			rows = append(rows, row[c]-last[c])
		}
		last = row
	}
	w.compress(xref, fmt.Sprintf("/Type/XRef/Size %d/W[1 4 3]/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]"+
		"/DecodeParms<</Predictor 12/Columns %d>>", len(w.entries), root, info, id[:16], id[:16],
		columns), rows)
	fmt.Fprintf(&w.out, "startxref\n%d\n%%%%EOF\n", at)
	return w.out.Bytes()
}

// reference appends a reference to an object.
func reference(b []byte, n int) []byte {
	return append(strconv.AppendInt(b, int64(n), 10), " 0 R"...)
}

// text appends a text as a string of PDF: in ASCII if possible, and otherwise in UTF-16.
func text(b []byte, s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			b = append(b, "<FEFF"...)
			for _, unit := range utf16.Encode([]rune(s)) {
				b = fmt.Appendf(b, "%04X", unit)
			}
			return append(b, '>')
		}
	}
	b = append(b, '(')
	for i := range len(s) {
		if s[i] == '(' || s[i] == ')' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, ')')
}

func markedContent(role Role, mcid int) string {
	return "/" + string(role) + " <</MCID " + strconv.Itoa(mcid) + ">> BDC"
}
