package pdf

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/pdf/pdftest"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/wording"
)

func renderPortfolio(t testing.TB, o *portfolio.Portfolio, files ...tagged.File) []byte {
	t.Helper()
	p, err := o.Page()
	if err != nil {
		t.Fatal(err)
	}
	data, err := Portfolio(o, p, files...)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// twoHundred returns a portfolio of 200 bots with a report.
func twoHundred() *portfolio.Portfolio {
	return portfoliotest.Of(slices.DeleteFunc(portfoliotest.Many().Bots,
		func(b portfolio.Bot) bool { return b.State != portfolio.In })...)
}

// portfolios returns portfolios of one bot to 320, by name.
func portfolios() map[string]*portfolio.Portfolio {
	cases := portfoliotest.Cases()
	cases["one"] = portfoliotest.Of(portfoliotest.Ten().Bots[1])
	cases["three"] = portfoliotest.Of(portfoliotest.Ten().Bots[:3]...)
	cases["200"] = twoHundred()
	return cases
}

func TestPortfolio_Conforms(t *testing.T) {
	files := make(map[string][]byte)
	for name, o := range portfolios() {
		if name != "many" { // "200" covers it
			files[name] = renderPortfolio(t, o)
		}
	}
	for _, locale := range append(wording.Locales(), wording.Pseudo) {
		o := portfoliotest.Mixed()
		o.Locale = locale
		files[locale] = renderPortfolio(t, o)
	}
	branded := portfoliotest.Ten()
	branded.Accent = "#7c3aed"
	files["branded"] = renderPortfolio(t, branded)
	files["files"] = renderPortfolio(t, portfoliotest.Calm(), tagged.File{Name: "overview.json",
		Type: "application/json", Description: "The figures", Data: []byte("{}")})
	pdftest.Conform(t, files)
}

func TestPortfolio_QPDF(t *testing.T) {
	for name, o := range portfolios() {
		t.Run(name, func(t *testing.T) { pdftest.Check(t, renderPortfolio(t, o)) })
	}
}

// A screen reader reads the verdict, the bots with their reasons, and the numbers.
func TestPortfolio_ReadAloud(t *testing.T) {
	got := read(t, renderPortfolio(t, portfoliotest.Mixed())).String()
	golden := filepath.Join("testdata", "portfolio.txt")
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
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

// The elements are those of a bot's report. A table over several pages has one head.
func TestPortfolio_Structure(t *testing.T) {
	for name, o := range portfolios() {
		d := read(t, renderPortfolio(t, o))
		if n := len(d.Root.Find("H1")); n != 1 || d.Root.Kids[0].Element.Role != "H1" {
			t.Errorf("%s: %d headings H1, and first is %s", name, n, d.Root.Kids[0].Element.Role)
		}
		checker{t, name}.element(d.Root)
		if tables, heads := len(d.Root.Find("Table")), len(d.Root.Find("THead")); tables != heads ||
			tables > 1 {
			t.Errorf("%s: %d tables with %d heads", name, tables, heads)
		}
		if d.Title == "" || len(d.Bookmarks) < 2 || d.Bookmarks[0] != d.Title {
			t.Errorf("%s: the title %q, the bookmarks %q", name, d.Title, d.Bookmarks)
		}
	}
}

// Copied text is the drawn text, word by word.
func TestPortfolio_WordsDrawn(t *testing.T) {
	for name, o := range portfolios() {
		p, err := o.Page()
		if err != nil {
			t.Fatal(err)
		}
		var w writing
		d := newAllBots(o, p)
		d.trace = func(drawn, read string) {
			w.texts = append(w.texts, text{drawn, read, d.doc.At()})
		}
		d.draw(paginate(d.blocks()))
		if w.file, err = d.doc.Bytes(); err != nil {
			t.Fatal(err)
		}
		want, got := copied(w.drawn()), copied(pdftest.Text(t, w.file, "-raw"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: words copied (-want +got):\n%s", name, diff)
		}
	}
}

// Every bot is in the document, with its link and its numbers.
func TestPortfolio_EveryBot(t *testing.T) {
	o := twoHundred()
	for i := range o.Bots {
		o.Bots[i].Link = "https://kindly.example/" + o.Bots[i].ID[len(o.Bots[i].ID)-3:]
	}
	root := read(t, renderPortfolio(t, o)).Root
	items, rows := "", make(map[string]bool)
	for _, e := range root.Find("LI") {
		items += e.Text() + "\n"
	}
	for _, e := range root.Find("TR") {
		rows[e.Find("TH")[0].Text()] = true
	}
	if n := len(root.Find("Link")); n != 200 {
		t.Errorf("%d links", n)
	}
	for _, b := range o.Bots {
		if !strings.Contains(items, b.Name) || !rows[b.Name] {
			t.Errorf("%s: in a list %t, in the table %t", b.Name,
				strings.Contains(items, b.Name), rows[b.Name])
		}
	}
}

// The first page lists the bots that need a look. Each page of the table has the head.
func TestPortfolio_Pages(t *testing.T) {
	for _, locale := range wording.Locales() {
		o := twoHundred()
		o.Locale = locale
		p, err := o.Page()
		if err != nil {
			t.Fatal(err)
		}
		pages := strings.Split(pdftest.Text(t, renderPortfolio(t, o), "-raw"), "\f")
		first := spaced(pages[0])
		for _, text := range append([]string{p.Headline, p.Dates, p.Sections[0].Title},
			p.Facts...) {
			if !strings.Contains(first, spaced(text)) {
				t.Errorf("%s: page 1 does not say %q", locale, text)
			}
		}
		for _, r := range p.Sections[0].Rows[:20] {
			if text := r.Name + " " + r.Verdict; !strings.Contains(first, spaced(text)) {
				t.Errorf("%s: page 1 does not say %q", locale, text)
			}
		}
		head := p.Words.Say(wording.ColumnBot) + " " + p.Words.Say(wording.ColumnState) + " "
		tabled := 0
		for n, page := range pages {
			last := p.Figures.Rows[len(p.Figures.Rows)-1].Cells
			switch has := strings.Contains(spaced(page), head); {
			case has:
				tabled++
			case tabled > 0 && strings.Contains(page, last[0]):
				t.Errorf("%s: the table continues on page %d without its head", locale, n+1)
			}
		}
		if tabled < 3 {
			t.Errorf("%s: %d pages have the table's head", locale, tabled)
		}
	}
}

func TestPortfolio_SameBytes(t *testing.T) {
	if !bytes.Equal(renderPortfolio(t, portfoliotest.Hostile()),
		renderPortfolio(t, portfoliotest.Hostile())) {
		t.Error("two renderings of a portfolio differ")
	}
}

// Links lead to web addresses only, even if the configuration has others.
func TestPortfolio_Links(t *testing.T) {
	for _, link := range regexp.MustCompile(`\]\(([^)]*)`).FindAllStringSubmatch(
		read(t, renderPortfolio(t, portfoliotest.Hostile())).String(), -1) {
		if !strings.HasPrefix(link[1], "https://") {
			t.Errorf("a link to %q", link[1])
		}
	}
}

// All words on the pages are in the language of the portfolio.
func TestPortfolio_EveryWordIsTranslated(t *testing.T) {
	o := portfoliotest.Mixed()
	o.Locale = wording.Pseudo
	known := o.Name + o.ID
	for _, b := range o.Bots {
		known += b.ID + b.Name
		if b.Numbers != nil {
			known += strings.Join(b.Numbers.Special, "")
		}
	}
	text := pdftest.Text(t, renderPortfolio(t, o), "-raw")
	for _, word := range regexp.MustCompile(`[A-Za-z]{3,}`).FindAllString(text, -1) {
		if !strings.Contains(known, word) {
			t.Errorf("%q is not a text of the catalog", word)
		}
	}
}

func BenchmarkPortfolio(b *testing.B) {
	for _, c := range []struct {
		name string
		o    *portfolio.Portfolio
	}{
		{"3", portfoliotest.Of(portfoliotest.Ten().Bots[:3]...)}, {"10", portfoliotest.Ten()},
		{"200", twoHundred()},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(len(renderPortfolio(b, c.o))), "bytes")
			}
		})
	}
}
