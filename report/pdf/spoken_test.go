package pdf

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/pdf/pdftest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is read aloud is a report: the verdict first, with the numbers of charts and the words for
// signs.
func TestRender_ReadAloud(t *testing.T) {
	for name, r := range map[string]*figures.Report{
		"busy": figurestest.Busy(), "tiny": figurestest.Tiny(),
		"unavailable": figurestest.Unavailable(),
	} {
		got := read(t, render(t, r)).String()
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s is read otherwise (-want +got):\n%s", name, diff)
		}
	}
}

// A document has one heading of the first level, the first of all. A figure has what is read
// instead, a column and a row have their heads, and a list has items.
func TestRender_Structure(t *testing.T) {
	for name, r := range figurestest.Cases() {
		root := read(t, render(t, r)).Root
		if n := len(root.Find("H1")); n != 1 || root.Kids[0].Element.Role != "H1" {
			t.Errorf("%s: %d headings H1, and first is %s", name, n, root.Kids[0].Element.Role)
		}
		for _, e := range append(root.Find("H1"), root.Find("H2")...) {
			if e.Text() == "" {
				t.Errorf("%s: a heading without a text", name)
			}
		}
		for _, e := range root.Find("Figure") {
			if e.Alt == "" {
				t.Errorf("%s: a figure without an alternative: %q", name, e.Text())
			}
		}
		for _, e := range root.Find("Table") {
			for n, row := range e.Find("TR") {
				for i, cell := range row.Find("TH") {
					if want := map[bool]string{true: "Column", false: "Row"}[n == 0]; cell.Scope !=
						want || n > 0 && i > 0 {
						t.Errorf("%s: the head %q of row %d is of a %q", name, cell.Text(), n,
							cell.Scope)
					}
				}
			}
		}
	}
}

// Text that is copied is what is read: every word of the elements is in it, and so are names from
// right to left, letter by letter.
func TestPDFToText_Elements(t *testing.T) {
	cases := figurestest.Cases()
	cases["names"] = figurestest.Named(figurestest.Names()...)
	cases["right to left"] = figurestest.Named("שלום", "מרחבא", "مرحبا", "الإلغاء")
	for name, r := range cases {
		file := render(t, r)
		copied := make(map[string]int)
		for _, word := range strings.Fields(withoutMarks(pdftest.Run(t, file, "pdftotext", "-raw",
			"-enc", "UTF-8", "FILE", "-"))) {
			copied[strings.TrimRight(word, ",")]++
		}
		spoken := make(map[string]int)
		for _, text := range texts(read(t, file).Root) {
			for _, word := range strings.Fields(withoutMarks(text)) {
				spoken[strings.TrimRight(word, ",")]++ // some pauses are not drawn
			}
		}
		for _, word := range slices.Sorted(maps.Keys(spoken)) {
			if copied[word] < spoken[word] {
				t.Errorf("%s: %q is copied %d times, and read %d times", name, word, copied[word],
					spoken[word])
			}
		}
	}
}

// withoutMarks removes marks of direction, and slashes, of which poppler does not know the
// direction.
func withoutMarks(s string) string {
	return strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u200e", "",
		"\u200f", "", "/", " ").Replace(s)
}

// texts returns the texts of the blocks, as drawn, without those in figures, which are not words.
func texts(e *inspect.Element) (all []string) {
	switch e.Role {
	case "Figure":
		return nil
	case "Document", "L", "LI", "Table", "THead", "TBody", "TFoot", "TR":
		for _, k := range e.Kids {
			if k.Element != nil {
				all = append(all, texts(k.Element)...)
			}
		}
		return all
	}
	return []string{drawnText(e)}
}

func drawnText(e *inspect.Element) string {
	if e.Actual != "" {
		return e.Actual
	}
	var b strings.Builder
	for _, k := range e.Kids {
		switch {
		case k.Element == nil:
			b.WriteString(k.Text)
		case k.Element.Alt != "":
			b.WriteString(" " + drawnText(k.Element) + " ")
		default:
			b.WriteString(drawnText(k.Element))
		}
	}
	return b.String()
}
