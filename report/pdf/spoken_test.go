package pdf

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A screen reader reads the verdict first, then the numbers of charts and the words for signs. An
// unknown number is read as a word, and not as a dash.
func TestRender_ReadAloud(t *testing.T) {
	for name, r := range map[string]*figures.Report{
		"busy": figurestest.Busy(), "tiny": figurestest.Tiny(),
		"unavailable": figurestest.Unavailable(), "gap": figurestest.Gap(),
		"scripts": figurestest.Scripts(),
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
			t.Errorf("%s is read (-want +got):\n%s", name, diff)
		}
	}
}

// The elements are nested as screen readers expect. The first is the only heading of the first
// level, and headings skip no level.
func TestRender_Structure(t *testing.T) {
	for name, w := range cases() {
		d := read(t, w.file)
		begin := d.Root.Kids
		if w.report.Brand != nil {
			begin = begin[1:] // the logo
		}
		if n := len(d.Root.Find("H1")); n != 1 || begin[0].Element.Role != "H1" {
			t.Errorf("%s: %d headings H1, and first is %s", name, n, begin[0].Element.Role)
		}
		check := checker{t, name}
		check.element(d.Root)
		if d.Title == "" || len(d.Bookmarks) < 2 || d.Bookmarks[0] != d.Title {
			t.Errorf("%s: the title %q, the bookmarks %q", name, d.Title, d.Bookmarks)
		}
	}
}

// The alternative text of a chart has its subject, its finding and all of its numbers.
func TestRender_Alternatives(t *testing.T) {
	for name, w := range cases() {
		var all []string
		for _, e := range read(t, w.file).Root.Find("Figure") {
			all = append(all, e.Alt)
		}
		found := 0
		for _, c := range summarise(t, w.report).Charts() {
			i := slices.IndexFunc(all, func(alt string) bool {
				return strings.HasPrefix(alt, spoken(c.Topic)+": ")
			})
			if i < 0 {
				continue // not on the pages
			}
			found++
			for _, text := range append(c.Items, strings.TrimSuffix(c.Subtitle, ".")) {
				if !strings.Contains(all[i], spoken(text)) {
					t.Errorf("%s: %q is not in the alternative %q", name, text, all[i])
				}
			}
		}
		if logo := w.report.Brand != nil; found == 0 || logo && found != len(all)-1 ||
			!logo && found != len(all) {
			t.Errorf("%s: %d of %d figures are charts", name, found, len(all))
		}
	}
}

// The sign of a figure's change is read as a word.
func TestRender_Signs(t *testing.T) {
	found := 0
	for name, w := range cases() {
		s := summarise(t, w.report)
		var want, got []string
		for _, tile := range s.Tiles {
			switch {
			case tile.Change == "":
			case tile.Tone == summary.Good:
				want = append(want, s.Words.Say(wording.SignGood))
			case tile.Tone == summary.Bad:
				want = append(want, s.Words.Say(wording.SignBad))
			}
		}
		for _, e := range read(t, w.file).Root.Find("LBody") {
			for _, span := range e.Find("Span") {
				if span.Alt != "" {
					got = append(got, span.Alt)
				}
			}
		}
		if found += len(want); !slices.Equal(got, want) {
			t.Errorf("%s: the signs are read as %q, want %q", name, got, want)
		}
	}
	if found == 0 {
		t.Error("no case has a sign")
	}
}

// A table that continues on the next page is one table with one head.
func TestRender_LongTableIsRead(t *testing.T) {
	r := figurestest.Tiny()
	d := newDocument(r, summarise(t, r), nil)
	long := &summary.Table{Name: "long", Title: "Long",
		Columns: []summary.Column{{Title: "Topic"}, {Title: "Number", Numbers: true}}}
	for i := range 70 {
		long.Rows = append(long.Rows, []string{fmt.Sprint("row ", i), fmt.Sprint(i)})
	}
	w := writeBook(d.book, func() []block { return d.table(long) })
	tables := read(t, w.file).Root.Find("Table")
	if len(tables) != 1 || len(tables[0].Find("TR")) != 71 {
		t.Fatalf("%d tables, the first with %d rows", len(tables), len(tables[0].Find("TR")))
	}
	checker{t, "long"}.table(tables[0])
}

func TestLanguageOf(t *testing.T) {
	for name, want := range map[string]string{
		"Αλλαγή κωδικού 24/7": "el", "שלום": "he", "注文はどこですか": "ja", "ポイント": "ja",
		"배송 조회": "ko", "สถานะคำสั่งซื้อ": "th",
		"Spor pakken": "", "Где мой заказ": "", "مرحبا": "", "订单在哪里": "", // of many languages
		"סניף Oslo": "", "π meson": "", "": "", "24/7 🎁": "",
	} {
		if got := languageOf(name); got != want {
			t.Errorf("languageOf(%q) = %q, want %q", name, got, want)
		}
	}
}

// checker checks the elements of a case.
type checker struct {
	t    *testing.T
	name string
}

// inside has, for each role, the roles that may be in it, separated by spaces.
var inside = map[string]string{
	"Document": "H1 H2 H3 P L Table Figure",
	"H1":       "Span", "H2": "Span", "H3": "Span", "P": "Span Link", "Link": "Span",
	"Span": "Span",
	"L":    "LI", "LI": "Lbl LBody", "Lbl": "Span", "LBody": "Span Link",
	"Table": "THead TBody TFoot", "THead": "TR", "TBody": "TR", "TFoot": "TR", "TR": "TH TD",
	"TH": "Span", "TD": "Span Figure", "Figure": "",
}

// element checks an element and those in it.
func (c checker) element(e *inspect.Element) {
	c.t.Helper()
	kids, wrong := roles(e), ""
	for _, k := range e.Kids {
		switch {
		case k.Element == nil:
		case !slices.Contains(strings.Fields(inside[e.Role]), k.Element.Role):
			wrong = "has a " + k.Element.Role
		default:
			c.element(k.Element)
		}
	}
	if !slices.Contains([]string{"TD", "TH"}, e.Role) && e.Text() == "" {
		wrong = "says nothing"
	}
	switch e.Role {
	case "Document":
		level := byte('0')
		for _, role := range kids {
			if role[0] == 'H' && role[1] > level+1 {
				wrong = "has an " + role + " below level " + string(level)
			} else if role[0] == 'H' {
				level = role[1]
			}
		}
	case "Figure":
		if e.Alt == "" {
			wrong = "has no alternative"
		}
	case "Link":
		if e.Target == "" || e.Description == "" {
			wrong = "has no target or no description"
		}
	case "LI":
		if last := kids[len(kids)-1]; last != "LBody" || len(kids) > 2 {
			wrong = "has no body"
		}
	case "Table":
		c.table(e)
	}
	if wrong != "" {
		c.t.Errorf("%s: a %s %s: %q", c.name, e.Role, wrong, e.Text())
	}
}

// table checks that a table has a name, a head with a cell for each column, and rows with as many
// cells. The first cell of a row is its header.
func (c checker) table(e *inspect.Element) {
	c.t.Helper()
	if groups := strings.Join(roles(e), " "); e.Summary == "" ||
		groups != "THead TBody" && groups != "THead TBody TFoot" {
		c.t.Errorf("%s: the table %q has %s", c.name, e.Summary, groups)
	}
	columns := len(e.Find("TR")[0].Kids)
	heads := make(map[string]bool)
	for _, head := range e.Find("THead")[0].Find("TH") {
		if heads[head.Text()] {
			c.t.Errorf("%s: the table %q has two columns %q", c.name, e.Summary, head.Text())
		}
		heads[head.Text()] = true
	}
	for n, row := range e.Find("TR") {
		var got []string
		for _, k := range row.Kids {
			got = append(got, k.Element.Role+k.Element.Scope)
		}
		want := slices.Repeat([]string{"TD"}, columns)
		want[0] = "THRow"
		if n == 0 {
			want = slices.Repeat([]string{"THColumn"}, columns)
		}
		if !slices.Equal(got, want) {
			c.t.Errorf("%s: row %d of the table %q has %s", c.name, n, e.Summary, got)
		}
	}
}

// roles returns the roles of the elements in an element.
func roles(e *inspect.Element) (all []string) {
	for _, k := range e.Kids {
		if k.Element != nil {
			all = append(all, k.Element.Role)
		}
	}
	return all
}
