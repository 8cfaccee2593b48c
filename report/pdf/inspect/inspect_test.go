package inspect

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jung-kurt/gofpdf"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/tagged"
)

// sample returns a document with elements of each kind.
func sample(t testing.TB) []byte {
	pdf := gofpdf.New("P", "pt", "A4", "")
	d := tagged.New(pdf, tagged.About{Title: "The (week)", Lang: "en"})
	inter := func(text string) tagged.Part {
		return tagged.Part{Font: fonts.Regular, Size: 10, X: 20, Text: text}
	}
	say := func(text string) { d.Line(20, text, "", inter(fonts.Visual(text))) }
	d.AddPage()
	d.Bookmark("Bot ø", 0)
	d.Tag(tagged.H1, func() { say("Bot ø") })
	next := new(tagged.Place)
	d.Tag(tagged.P, func() {
		say("More in ")
		d.Tag(tagged.Link, func() {
			d.LinkURL(tagged.Area{}, "https://a.example/", "a")
			say("a)")
		})
		say(" and ")
		d.Tag(tagged.Link, func() { d.LinkPlace(tagged.Area{}, next, "b"); say("b") })
	})
	d.Tag(tagged.Figure, func() { say("12") }).Alt = "Chats: 12"
	d.Tag(tagged.L, func() {
		d.Tag(tagged.LI, func() {
			d.Tag(tagged.Lbl, func() { say("Chat") })
			d.Tag(tagged.LBody, func() { say("one"); d.AddPage(); say(" more") })
		})
	})
	d.Reach(next, 0)
	d.Tag(tagged.Table, func() {
		d.At().Summary = "Labels"
		for _, group := range []tagged.Role{tagged.THead, tagged.TBody, tagged.TFoot} {
			d.Tag(group, func() {
				d.Tag(tagged.TR, func() {
					d.Tag(tagged.TH, func() { say("Label") }).Scope = tagged.Row
					d.Tag(tagged.TD, func() {
						say("3")
						d.Tag(tagged.Span, func() { say("✓") }).Alt = "better"
					})
					d.Tag(tagged.TD, func() {})
				})
			})
		}
	})
	d.Tag(tagged.P, func() { d.Tag(tagged.Span, func() { say("שלום") }).Lang = "he" })
	d.Tag(tagged.P, func() {
		d.Line(20, "ไทย", "ไทย", inter("□")) // becomes a Span with ActualText
		d.Line(20, "", "ไทย", inter("□"))
	})
	d.Footer(func() { d.Line(20, "", "ไทย 1", inter("□ "), inter("1")) })
	d.Attach(tagged.File{Name: "a.csv", Type: "text/csv", Description: "Numbers",
		Data: []byte("a,1")})
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const printed = `Title: The (week)
Language: en
File: a.csv, Numbers

# Bot ø

More in [a)](https://a.example/) and [b](page 2)

[Figure: Chats: 12]

- Chat: one more

[Table: Labels]
Label | 3 [better] |
---
Label | 3 [better] |
---
Label | 3 [better] |

{he: שלום}

ไทยไทย
`

func TestRead(t *testing.T) {
	d, err := Read(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(printed, d.String()); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
	if cells := d.Root.Find("TD"); len(cells) != 6 || cells[0].Text() != "3 better" {
		t.Errorf("%d cells, of which the first is %q", len(cells), cells[0].Text())
	}
	if len(d.Files) != 1 || string(d.Files[0].Data) != "a,1" {
		t.Errorf("the files %v", d.Files)
	}
	if !slices.Equal(d.Unread, []string{"ไทย 1"}) {
		t.Errorf("unread is %q", d.Unread)
	}
	if d.Pages != 2 || len(d.Bookmarks) != 1 || d.Bookmarks[0] != "Bot ø" {
		t.Errorf("%d pages, the bookmarks %q", d.Pages, d.Bookmarks)
	}
}

func TestRead_Errors(t *testing.T) {
	const noTree = "%PDF-1.7\n1 0 obj\n<</Type/XRef/W[1 1 1]/Length 0>>\nstream\n\nendstream\n" +
		"endobj\nstartxref\n9\n%%EOF\n"
	const notTagged = "the PDF is not tagged: its cross-references are not a stream"
	for file, want := range map[string]string{
		"":     "not a PDF",
		"text": "not a PDF",
		"%PDF-1.4\nxref\n0 1\nstartxref\n9\n%%EOF": notTagged,
		"%PDF-1.4\nstartxref\n-5":                  "the end of the PDF is missing",
		noTree:                                     "the PDF is not tagged",
	} {
		if d, err := Read([]byte(file)); err == nil || err.Error() != want {
			t.Errorf("Read(%q) = %v, %v, want the error %q", file, d, err, want)
		}
	}
}

// What is read of a damaged file is right, or there is an error.
func TestRead_Damaged(t *testing.T) {
	whole := sample(t)
	document, err := Read(whole)
	if err != nil {
		t.Fatal(err)
	}
	want, failed := document.String(), 0
	for at := 0; at < len(whole); at += 3 {
		damaged := slices.Clone(whole)
		damaged[at] ^= 0xff
		switch d, err := Read(damaged); {
		case err != nil:
			failed++
		case d.String() != want:
			t.Errorf("with another byte at %d of %d:\n%s", at, len(whole), cmp.Diff(want, d.String()))
		}
	}
	if failed == 0 {
		t.Error("no damage was found")
	}
}

// What strangers typed does nothing in a terminal.
func TestString_ControlCharacters(t *testing.T) {
	d := &Document{Title: "A\x1b]0;P\a\u202eB\u009b\x00", Lang: "en", Root: &Element{Role: "Document"}}
	if got, want := d.String(), "Title: A]0;PB\nLanguage: en\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestScanner(t *testing.T) {
	for text, want := range map[string]any{
		"<</A 1/B[2 0 R(c)]>>":              dict{"A": 1.0, "B": []any{ref(2), "c"}},
		"% comment\n -.5":                   -0.5,
		"/a#20b#zz":                         name("a b#zz"),
		`(a\(b\)(c)\\\n\101\1012\` + "\nd)": "a(b)(c)\\\nAA2d",
		"<4 142 5>":                         "ABP",
		"true":                              true,
		"null":                              nil,
		"BT":                                operator("BT"),
		"3 0 obj":                           3.0,
		"3 0 Rx":                            3.0,
	} {
		if got, err := (&scanner{data: []byte(text)}).value(); err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s is %#v, %v, want %#v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "<<", "<</A>>", "<<1 2>>", "[1", "(a", "(a\\", "<4", "<x>", ">",
		"]", string(make([]byte, 9))} {
		if got, err := (&scanner{data: []byte(text)}).value(); err == nil {
			t.Errorf("%q is %#v, want an error", text, got)
		}
	}
}

// Read takes any bytes without a panic.
func FuzzRead(f *testing.F) {
	whole := sample(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := Read(data); err == nil {
			_ = d.String()
		}
	})
}
