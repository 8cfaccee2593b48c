package inspect

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// file is a PDF file with a cross-reference stream. Its objects can be looked up.
type file struct {
	data    []byte
	entries []entry       // by number
	objects map[int]any   // objects of kind 1 that were read
	packed  map[int][]any // objects of the object streams that were read
	trailer dict
	left    int   // how many bytes may still be read, decompressed or returned
	broken  error // the first object that could not be read
}

// entry says where an object is. If kind is 1, at is an offset in the file. If kind is 2, at is the
// number of an object stream, and index is the place in it.
type entry struct{ kind, at, index int }

// Limits for files that package tagged did not make. A few bytes of such a file can expand to any
// amount of data. The report of a busy bot takes a megabyte.
const (
	mostRead    = 32 << 20 // bytes
	mostObjects = 1 << 20
)

var errTooMuch = errors.New("the PDF is too large to be read")

// spend subtracts n from the bytes that may still be read. It returns false if fewer were left.
func (f *file) spend(n int) bool {
	f.left -= n
	return f.left >= 0
}

// fail records that an object could not be read.
func (f *file) fail(what string, err error) {
	if f.broken == nil {
		f.broken = fmt.Errorf("%s cannot be read: %w", what, err)
	}
}

// open reads the cross-references.
func open(data []byte) (*file, error) {
	at := bytes.LastIndex(data, []byte("startxref"))
	if !bytes.HasPrefix(data, []byte("%PDF-")) || at < 0 {
		return nil, errors.New("not a PDF")
	}
	s := &scanner{data: data, at: at + len("startxref")}
	offset, _ := s.value()
	f := &file{data: data, objects: make(map[int]any), packed: make(map[int][]any), left: mostRead}
	from, ok := count(offset)
	if !ok {
		return nil, errors.New("the end of the PDF is missing")
	}
	v, err := f.readAt(from)
	if err != nil {
		return nil, fmt.Errorf("the cross-references: %w", err)
	}
	xref, ok := v.(stream)
	if !ok || xref.dict["Type"] != name("XRef") {
		return nil, errors.New("the PDF is not tagged: its cross-references are not a stream")
	}
	rows, err := f.inflate(xref)
	if err != nil {
		return nil, fmt.Errorf("the cross-references: %w", err)
	}
	widths, ok := counts(xref.dict["W"])
	const most = 4 // bytes of a field
	if !ok || len(widths) != 3 || slices.Max(widths) > most {
		return nil, errors.New("the cross-references have no widths")
	}
	f.trailer = xref.dict
	size := widths[0] + widths[1] + widths[2]
	for ; size > 0 && len(rows) >= size && len(f.entries) < mostObjects; rows = rows[size:] {
		row := rows
		field := func(width int) (n int) {
			for _, c := range row[:width] {
				n = n<<8 | int(c)
			}
			row = row[width:]
			return n
		}
		f.entries = append(f.entries, entry{field(widths[0]), field(widths[1]), field(widths[2])})
	}
	return f, nil
}

// count returns v as a count, such as of bytes. It returns false if v is not a count.
func count(v any) (int, bool) {
	n, ok := v.(float64)
	if !ok || n < 0 || n > 1<<30 {
		return 0, false
	}
	return int(n), true
}

// counts returns v as an array of counts.
func counts(v any) ([]int, bool) {
	array, ok := v.([]any)
	list := make([]int, len(array))
	for i, v := range array {
		n, isCount := count(v)
		ok = ok && isCount
		list[i] = n
	}
	return list, ok
}

// get returns the object that v refers to, or v if it is not a reference.
func (f *file) get(v any) any {
	n, ok := v.(ref)
	if !ok || int(n) >= len(f.entries) {
		return v
	}
	switch e := f.entries[n]; e.kind {
	case 1:
		v, ok := f.objects[int(n)]
		if !ok {
			var err error
			if v, err = f.readAt(e.at); err != nil {
				f.fail(fmt.Sprintf("object %d", n), err)
			}
			f.objects[int(n)] = v
		}
		return v
	case 2:
		objects, ok := f.packed[e.at]
		if !ok {
			var err error
			if objects, err = f.unpack(e.at); err != nil {
				f.fail(fmt.Sprintf("object stream %d", e.at), err)
			}
			f.packed[e.at] = objects
		}
		if e.index < len(objects) {
			return objects[e.index]
		}
	}
	return nil
}

func (f *file) dict(v any) dict {
	switch v := f.get(v).(type) {
	case dict:
		return v
	case stream:
		return v.dict
	}
	return nil
}

func (f *file) array(v any) []any {
	a, _ := f.get(v).([]any)
	return a
}

// readAt reads the object at an offset.
func (f *file) readAt(offset int) (any, error) {
	if offset >= len(f.data) {
		return nil, fmt.Errorf("the offset %d is not in the file", offset)
	}
	s := &scanner{data: f.data, at: offset}
	for range 3 { // the number, the generation and obj
		if _, err := s.value(); err != nil {
			return nil, err
		}
	}
	v, err := s.value()
	if !f.spend(s.at - offset) {
		return nil, errTooMuch
	}
	d, ok := v.(dict)
	if err != nil || !ok || !s.space() || !s.accept("stream") {
		return v, err
	}
	if s.accept("\r"); !s.accept("\n") {
		return nil, errors.New("a stream without a line of its own")
	}
	length, ok := count(d["Length"])
	if !ok || length > len(f.data)-s.at {
		return nil, errEnd
	}
	return stream{d, f.data[s.at : s.at+length]}, nil
}

// unpack reads the objects of an object stream.
func (f *file) unpack(n int) ([]any, error) {
	if n >= len(f.entries) || f.entries[n].kind != 1 {
		return nil, errors.New("its offset is missing")
	}
	v, err := f.readAt(f.entries[n].at)
	if err != nil {
		return nil, err
	}
	packed, _ := v.(stream)
	data, err := f.inflate(packed)
	if err != nil {
		return nil, err
	}
	first, ok := count(packed.dict["First"])
	if !ok || first > len(data) {
		return nil, errors.New("its First is not an offset")
	}
	heads := &scanner{data: data[:first]}
	var objects []any
	for heads.space() {
		heads.value() // skips the number
		at, _ := heads.value()
		offset, ok := count(at)
		if !ok || offset > len(data)-first {
			return objects, errors.New("an offset is outside of it")
		}
		s := &scanner{data: data, at: first + offset}
		v, err := s.value()
		if err != nil {
			return objects, err
		}
		if !f.spend(s.at - first - offset) {
			break
		}
		objects = append(objects, v)
	}
	return objects, nil
}

// inflate returns the data of a stream. It decompresses them if need be.
func (f *file) inflate(s stream) ([]byte, error) {
	switch s.dict["Filter"] {
	case nil:
		return s.data, nil
	case name("FlateDecode"):
	default:
		return nil, fmt.Errorf("the unknown filter %v", s.dict["Filter"])
	}
	z, err := zlib.NewReader(bytes.NewReader(s.data))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(z, int64(max(0, f.left))+1))
	if err != nil {
		return nil, err
	}
	if !f.spend(len(data)) {
		return nil, errTooMuch
	}
	parms, _ := s.dict["DecodeParms"].(dict)
	if parms["Predictor"] == nil {
		return data, nil
	}
	columns, _ := count(parms["Columns"])
	return unpredict(data, columns)
}

// unpredict decodes rows that are stored as the difference from the row above.
func unpredict(data []byte, columns int) ([]byte, error) {
	const up = 2
	if columns < 1 || columns > len(data) {
		return nil, fmt.Errorf("%d columns of %d bytes", columns, len(data))
	}
	last := make([]byte, columns)
	var rows []byte
	for ; len(data) > columns; data = data[columns+1:] {
		row := bytes.Clone(data[1 : columns+1])
		switch data[0] {
		case 0:
		case up:
			for i := range row {
				row[i] += last[i]
			}
		default:
			return nil, errors.New("the unknown predictor " + strconv.Itoa(int(data[0])))
		}
		rows, last = append(rows, row...), row
	}
	return rows, nil
}
