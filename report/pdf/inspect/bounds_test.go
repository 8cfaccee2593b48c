package inspect

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// pdfOf returns a file with objects, the first of which is the catalog.
func pdfOf(objects ...string) []byte {
	b := []byte("%PDF-1.7\n")
	rows := []byte{0, 0, 0, 0, 0}
	for i, object := range objects {
		at := len(b)
		rows = append(rows, 1, byte(at>>24), byte(at>>16), byte(at>>8), byte(at))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	at := len(b)
	b = fmt.Appendf(b, "%d 0 obj\n<</Type/XRef/W[1 4 0]/Root 1 0 R/Info<</Title(a)>>/Length %d>>\nstream\n%s\nendstream\n",
		len(objects)+1, len(rows), rows)
	return fmt.Appendf(b, "endobj\nstartxref\n%d\n%%%%EOF\n", at)
}

// packed returns an object with a compressed stream.
func packed(entries, data string) string {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	z.Write([]byte(data))
	z.Close()
	return fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", entries, b.Len(),
		&b)
}

// A small file can expand to any amount of data, or to an endless tree. Read ends, and takes no
// more memory than for a large report.
func TestRead_Bounds(t *testing.T) {
	const (
		catalog = "<</Lang(en)/StructTreeRoot<</K 2 0 R>>/Pages<</Kids[3 0 R]>>>>"
		page    = "<</Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
		font    = "<</ToUnicode 6 0 R>>"
		element = "<</S/P/Pg 3 0 R/K[0]>>"
		text    = "/P<</MCID 0>>BDC/F 9 Tf(\x00a\x00b)Tj EMC "
		cmap    = "1 beginbfrange<0000><FFFF><0000>endbfrange"
	)
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	tests := []struct {
		name    string
		objects []string
		want    string // the error, or else the document
	}{
		{"a small document", []string{catalog, element, page, packed("", text), font,
			packed("", cmap)}, "ab"},
		{"a stream of 64 MB", []string{catalog, element, page, packed("", many(64<<20, " ")), font,
			packed("", cmap)}, errTooMuch.Error()},
		{"a stream of numbers", []string{catalog, element, page, packed("", many(12<<20, "1 ")), font,
			packed("", cmap)}, ""},
		{"a page again and again", []string{
			"<</Lang(en)/StructTreeRoot<</K 2 0 R>>/Pages<</Kids[" + many(9999, "3 0 R ") + "]>>>>",
			element, page, packed("", text+many(1<<20, " ")), font, packed("", cmap)}, "ab"},
		{"a text again and again", []string{catalog,
			"<</S/P/Pg 3 0 R/K[" + many(1<<20, "0 ") + "]>>", page, packed("", many(999, text)), font,
			packed("", cmap)}, errTooMuch.Error()},
		{"a range of long texts", []string{catalog, element, page, packed("", text), font,
			packed("", "1 beginbfrange<0000><FFFF><"+many(1<<20, "0041")+">endbfrange")},
			errTooMuch.Error()},
		{"an alternative of many elements", []string{catalog,
			"<</S/L/K[" + many(60_000, "3 0 R ") + "]>>", "<</S/P/Alt(" + many(1<<20, "a") + ")>>"},
			errTooMuch.Error()},
		{"an element in itself", []string{catalog, "<</S/L/K[2 0 R 2 0 R]>>", page}, ""},
		{"elements with many items", []string{catalog,
			"<</S/L/K[" + many(60_000, "3 0 R ") + "]>>", "<</S/P/K[" + many(60_000, "[] ") + "]>>"},
			errTooMuch.Error()},
		{"a bookmark after itself", []string{
			"<</Lang(en)/StructTreeRoot<</K 2 0 R>>/Outlines<</First 3 0 R>>>>", "<</S/P/Alt(ab)>>",
			"<</Title(a)/Next 3 0 R>>"}, "ab"},
		{"an object stream of one object", []string{catalog, element, page,
			packed("/First 1048576", many(1<<17, "1 0     ")+many(1<<20, "[")), font}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := pdfOf(test.objects...)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d, err := Read(file)
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				got = d.Root.Text()
				_ = d.String()
			}
			runtime.ReadMemStats(&after)
			if test.want != "" && got != test.want {
				t.Errorf("read %.80q, want %.80q", got, test.want)
			}
			const most = 1 << 30 // allocated in total; little is in use at a time
			if n := after.TotalAlloc - before.TotalAlloc; n > most {
				t.Errorf("%d MB of memory", n>>20)
			} else {
				t.Logf("%d bytes, %d MB of memory", len(file), n>>20)
			}
		})
	}
}

// Each part of a page has one element, and the parent tree has the same one.
func TestRead_Parents(t *testing.T) {
	const page = "<</StructParents 0/Contents 5 0 R>>"
	link := "<</S/Link/Pg 3 0 R/K[0<</Type/OBJR/Obj 6 0 R>>]>>"
	tests := []struct{ name, nums, first, second, want string }{
		{"right", "0[7 0 R 2 0 R] 1 7 0 R", "<</S/P/Pg 3 0 R/K[1 7 0 R]>>", link, ""},
		{"an element that has nothing", "0[2 0 R 2 0 R] 1 7 0 R", "<</S/P/Pg 3 0 R/K[1 7 0 R]>>", link,
			"the marked content 0 of 0 has the element 7, and 2 in the parent tree"},
		{"two elements", "0[7 0 R 2 0 R] 1 7 0 R", "<</S/P/Pg 3 0 R/K[0 1 7 0 R]>>", link,
			"the marked content 0 of 0 has 2 elements"},
		{"no element", "0[7 0 R 2 0 R] 1 7 0 R", "<</S/P/Pg 3 0 R/K[7 0 R]>>", link,
			"the marked content 1 of 0 has 0 elements"},
		{"an annotation of another element", "0[7 0 R 2 0 R] 1 2 0 R", "<</S/P/Pg 3 0 R/K[1 7 0 R]>>",
			link, "the annotation 1 has the element 7, and 2 in the parent tree"},
		{"less than the elements have", "0[7 0 R 2 0 R]", "<</S/P/Pg 3 0 R/K[1 7 0 R]>>", link,
			"elements have 3 parts of pages, and the parent tree has 2"},
	}
	for _, test := range tests {
		_, err := Read(pdfOf("<</Lang(en)/StructTreeRoot 4 0 R/Pages<</Kids[3 0 R]>>>>", test.first, page,
			"<</K 2 0 R/ParentTree<</Nums["+test.nums+"]>>>>", packed("", ""), "<</StructParent 1>>",
			test.second))
		if err == nil && test.want != "" || err != nil && err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}
