package tagged_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/pdf/pdftest"
	"kindlyweekly/report/pdf/tagged"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestDocument_Deterministic(t *testing.T) {
	again := samples()
	for name, s := range samples() {
		if !bytes.Equal(file(t, s), file(t, again[name])) {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

func TestDocument_Conforms(t *testing.T) {
	files := make(map[string][]byte)
	for name, s := range samples() {
		files[name] = file(t, s)
	}
	pdftest.Conform(t, files)
}

func TestDocument_QPDF(t *testing.T) {
	for name, s := range samples() {
		t.Run(name, func(t *testing.T) { pdftest.Check(t, file(t, s)) })
	}
}

// The elements are in reading order. Figures and signs are read by their texts, and ornaments are
// skipped.
func TestDocument_Read(t *testing.T) {
	for name, s := range samples() {
		d, err := inspect.Read(file(t, s))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(d.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), d.String()); diff != "" {
			t.Errorf("%s: read (-want +got):\n%s", name, diff)
		}
	}
}

// A file may have more than 65,535 objects, as the portfolio of 10,000 bots has.
func TestDocument_ManyObjects(t *testing.T) {
	s := newSample(about)
	s.font(fonts.Regular, 9)
	const links = 33_000 // each is an element and an annotation
	for i := range links {
		s.Tag(tagged.Link, func() {
			s.text(left, 100, "x", "")
			s.LinkURL(tagged.Area{X: left, Y: 90, W: 10, H: 10},
				fmt.Sprintf("https://x.invalid/%d", i), "x")
		})
	}
	d, err := inspect.Read(file(t, s))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range d.Root.Find("Link") {
		if want := fmt.Sprintf("https://x.invalid/%d", i); e.Target != want || e.Text() != "x" {
			t.Fatalf("link %d is %q to %s", i, e.Text(), e.Target)
		}
	}
	if n := len(d.Root.Find("Link")); n != links {
		t.Errorf("%d links", n)
	}
}

// A line has an ActualText only if it is read differently from what its characters mean. The
// character map has the meaning of private-use characters.
func TestDocument_Spans(t *testing.T) {
	for _, test := range []struct {
		drawn, actual string
		spans         int
	}{
		{"Oslo", "", 0},
		{"Oslo", "Oslo", 0},
		{"Til ☆", "Til 👩\u200d🚀", 0},
		{"Til ☆", "Til 👩", 1},
		{"םולש", "שלום", 1},
	} {
		s := newSample(about)
		s.Unicode = func(r rune) string { return map[rune]string{'☆': "👩\u200d🚀"}[r] }
		s.font(fonts.Regular, 10)
		s.Tag(tagged.P, func() { s.text(left, 100, test.drawn, test.actual) })
		d, err := inspect.Read(file(t, s))
		if err != nil {
			t.Fatal(err)
		}
		if spans := len(d.Root.Find("Span")); spans != test.spans {
			t.Errorf("%q is drawn and %q is read: %d spans, want %d", test.drawn, test.actual,
				spans, test.spans)
		}
	}
}

// Copied text is in reading order. Private-use characters are copied as the text that they mean.
func TestDocument_PDFToText(t *testing.T) {
	read := func(s *sample) string {
		out := pdftest.Run(t, file(t, s), "pdftotext", "-raw", "-enc", "UTF-8", "FILE", "-")
		// Marks of direction.
		return strings.Map(func(r rune) rune {
			if r >= '\u202a' && r <= '\u202e' {
				return -1
			}
			return r
		}, out)
	}
	all := samples()
	for name, want := range map[string][]string{
		"full": {"A paragraph of two lines that\nare one sentence, with «ø», ß\nOpen in Kindly\n",
			"(2) משלוח", "Label 3 9 7\n", "Page 3 of 3"},
		"opaque": {"שלום\na\nb\n"},
		"boxes":  {"Label (ไทย) \n𝄞 is a sign\n□ שלום\nदिवाली\nไทย, page 1\n"},
		"emoji":  {"a 👩\u200d🚀 b1️⃣👩\u200d🚀 c, ÿĀ\n"},
	} {
		got := read(all[name])
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%s: %q is not in\n%s", name, text, got)
			}
		}
	}
}

func TestDocument_Attach(t *testing.T) {
	folder := t.TempDir()
	pdftest.Run(t, file(t, full()), "pdfdetach", "-saveall", "-o", folder, "FILE")
	for name, want := range map[string]string{
		"report.json": `{"schema": 1}`, "report.csv": strings.Repeat("a,b\n", 999),
	} {
		if got, err := os.ReadFile(filepath.Join(folder, name)); string(got) != want {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

func TestDocument_About(t *testing.T) {
	data := file(t, full())
	info := pdftest.Run(t, data, "pdfinfo", "-enc", "UTF-8", "-isodates", "FILE")
	metadata := pdftest.Run(t, data, "pdfinfo", "-meta", "FILE")
	for _, want := range []string{about.Title, about.Subject, about.Author, about.Creator,
		"gofpdf 1.16.2", "2026-11-16T07:02:11Z"} {
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(want)
		if !strings.Contains(info, want) || !strings.Contains(metadata, ">"+escaped+"<") {
			t.Errorf("%q is not in\n%s\n%s", want, info, metadata)
		}
	}
}

func TestDocument_Outline(t *testing.T) {
	d, err := inspect.Read(file(t, full()))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Nettbutikk", "Chats per day", "Labels", "Glossary"}
	if d.Pages != 3 || !slices.Equal(d.Bookmarks, want) {
		t.Errorf("%d pages, the bookmarks %q, want 3, %q", d.Pages, d.Bookmarks, want)
	}
}

func TestDocument_Bytes_Errors(t *testing.T) {
	tests := []struct {
		name string
		draw func(s *sample)
		want string
	}{
		{"a link to nowhere", func(s *sample) {
			s.Tag(tagged.Link, func() {
				s.LinkPlace(tagged.Area{W: 9, H: 9}, new(tagged.Place), "details")
			})
		}, `the link "details" leads nowhere`},
		{"a character without a code", func(s *sample) { s.text(0, 0, "a🚀", "") },
			`"a🚀" has the character U+1F680`},
		{"a character that no map may have", func(s *sample) { s.text(0, 0, "\ufeff", "") },
			"has the character U+FEFF"},
		{"a page of gofpdf",
			func(s *sample) { s.pdf.AddPage(); s.font(fonts.Regular, 10); s.lines(left, "a") },
			"page 2 was not added by AddPage"},
		{"an empty page of gofpdf", func(s *sample) { s.pdf.AddPage() }, "has 2 pages, of which 1"},
		{"a link of gofpdf", func(s *sample) { s.pdf.LinkString(1, 1, 9, 9, "https://a.example") },
			"page 1 has a link"},
		{"a bookmark of gofpdf", func(s *sample) { s.pdf.Bookmark("title", 0, 0) },
			"the catalog has entries that would be lost"},
		{"a font that is not in the file", func(s *sample) { s.pdf.SetFont("Helvetica", "", 9) },
			"is a font that is not in the file"},
		{"encryption", func(s *sample) { s.pdf.SetProtection(0, "a", "b") },
			"not a cross-reference table and a trailer"},
		{"an error of gofpdf", func(s *sample) { s.pdf.SetErrorf("no ink") }, "no ink"},
	}
	for _, test := range tests {
		s := newSample(about)
		s.font(fonts.Regular, 10)
		test.draw(s)
		if data, err := s.Bytes(); err == nil || data != nil ||
			!strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %d bytes, %v, want an error with %q", test.name, len(data), err,
				test.want)
		}
	}
}

// BenchmarkDocument_Bytes measures Bytes alone, without drawing, of a full and an empty document.
func BenchmarkDocument_Bytes(b *testing.B) {
	for _, name := range []string{"full", "empty"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := samples()[name]
				b.StartTimer()
				file(b, s)
			}
		})
	}
}
