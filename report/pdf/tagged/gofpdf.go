package tagged

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// object is an object of gofpdf's output.
type object struct {
	dict   []byte // a dictionary or another value
	stream []byte // nil: it has none
}

// file is gofpdf's output, split into its objects.
type file struct {
	objects []object // by number, which begins at 1
	info    int      // the number of the document information
	root    int      // that of the catalog
	pages   []int    // those of the pages
}

// The parts of gofpdf's output.
var (
	startXref = []byte("\nstartxref\n")
	trailer   = regexp.MustCompile(
		`^xref\n0 (\d+)\n((?:\d{10} \d{5} [fn] \n)+)trailer\n<<\n/Size \d+\n/Root (\d+) 0 R\n` +
			`/Info (\d+) 0 R\n>>$`)
	kids = regexp.MustCompile(`^<</Type /Pages\n/Kids \[((?:\d+ 0 R )*)\]\n`)
)

const (
	xrefEntry   = len("0000000000 65535 f \n")
	pagesNumber = 1 // of the object with the list of all pages
)

// How objects of some kinds begin.
var (
	pageObject = []byte("<</Type /Page\n")
)

// parse splits gofpdf's output into its objects. It fails if the output has an unknown form, or has
// something that the new file would lose.
func parse(data []byte) (*file, error) {
	end := bytes.LastIndex(data, startXref)
	if end < 0 {
		return nil, errors.New("no startxref")
	}
	at, err := strconv.Atoi(string(bytes.TrimSuffix(data[end+len(startXref):],
		[]byte("\n%%EOF\n"))))
	if err != nil || at < 0 || at > end {
		return nil, errors.New("startxref is not followed by an offset and the end of the file")
	}
	m := trailer.FindSubmatch(data[at:end])
	if m == nil {
		return nil, fmt.Errorf("not a cross-reference table and a trailer: %.60q", data[at:end])
	}
	size, root, info := number(m[1]), number(m[3]), number(m[4])
	if len(m[2]) != size*xrefEntry || max(root, info, pagesNumber) >= size {
		return nil, fmt.Errorf("the cross-reference table has not %d objects", size)
	}
	f := &file{objects: make([]object, size), root: root, info: info}
	for n := 1; n < size; n++ {
		offset := number(m[2][n*xrefEntry:][:10])
		if f.objects[n], err = readObject(data[:at], offset, n); err != nil {
			return nil, err
		}
	}
	return f, f.check()
}

// number reads digits.
func number(digits []byte) int {
	n, _ := strconv.Atoi(string(digits))
	return n
}

var length = regexp.MustCompile(`/Length (\d+)`)

// readObject reads the object n at an offset.
func readObject(data []byte, offset, n int) (object, error) {
	head := fmt.Appendf(nil, "%d 0 obj\n", n)
	data = data[min(offset, len(data)):]
	if !bytes.HasPrefix(data, head) {
		return object{}, fmt.Errorf("object %d: not at its offset: %.20q", n, data)
	}
	data = data[len(head):]
	end := bytes.Index(data, []byte("\nendobj\n"))
	stream := bytes.Index(data, []byte(">>\nstream\n"))
	if stream < 0 || 0 <= end && end < stream {
		if end < 0 {
			return object{}, fmt.Errorf("object %d: no end", n)
		}
		return object{dict: data[:end]}, nil
	}
	dict, content := data[:stream+2], data[stream+len(">>\nstream\n"):]
	m := length.FindSubmatch(dict)
	if m == nil || number(m[1]) > len(content) {
		return object{}, fmt.Errorf("object %d: the stream has no length", n)
	}
	if rest := content[number(m[1]):]; !bytes.HasPrefix(rest, []byte("\nendstream\nendobj\n")) {
		return object{}, fmt.Errorf("object %d: the stream has another length", n)
	}
	return object{dict, content[:number(m[1])]}, nil
}

// catalog is gofpdf's catalog without entries of its user. Document replaces it.
const catalog = "<<\n/Type /Catalog\n/Pages 1 0 R\n/Names <<\n" +
	"/EmbeddedFiles << /Names [\n  \n] >>\n>>\n>>"

// check finds the pages. It fails if gofpdf made something that the new file would lose, or that
// breaks the standards.
func (f *file) check() error {
	if got := f.objects[f.root].dict; string(got) != catalog {
		return fmt.Errorf("the catalog has entries that would be lost: %q", got)
	}
	m := kids.FindSubmatch(f.objects[pagesNumber].dict)
	if m == nil {
		return fmt.Errorf("object %d is not the list of pages", pagesNumber)
	}
	for _, ref := range bytes.SplitAfter(m[1], []byte("R "))[:bytes.Count(m[1], []byte("R "))] {
		n := number(bytes.TrimSuffix(ref, []byte(" 0 R ")))
		if n >= len(f.objects) || !bytes.HasPrefix(f.objects[n].dict, pageObject) {
			return fmt.Errorf("object %d is not a page", n)
		}
		if bytes.Contains(f.objects[n].dict, []byte("/Annots")) {
			return fmt.Errorf("page %d has a link that was not made by its Document",
				len(f.pages)+1)
		}
		f.pages = append(f.pages, n)
	}
	return nil
}
