package pdf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/pdftest"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

func TestPDF_QPDF(t *testing.T) {
	for name := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) { pdftest.Check(t, cases()[name].file) })
	}
}

// Every report conforms to PDF/UA-1 and PDF/A-3a. With -v the test logs a table of them.
func TestPDF_Conforms(t *testing.T) {
	files := make(map[string][]byte)
	for name, w := range cases() {
		files[name] = w.file
	}
	files["with a file"] = render(t, figurestest.Busy(), tagged.File{Name: "report.json",
		Type: "application/json", Description: "The figures", Data: []byte("{}")})
	pdftest.Conform(t, files)
}

// Each page restores the graphics states that it saves: PDF/A allows 28 of them at a time.
func TestPDF_RestoresGraphicsStates(t *testing.T) {
	file := cases()["busy"].file
	qdf := pdftest.Run(t, file, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-")
	saved, restored := 0, 0
	for _, page := range strings.Split(qdf, "%% Contents for page ")[1:] {
		content, _, _ := strings.Cut(page, "endstream")
		s, r := 0, 0
		for _, token := range strings.Fields(content) {
			switch token {
			case "q":
				s++
			case "Q":
				r++
			}
		}
		if s != r {
			t.Errorf("page %.1s saves %d states and restores %d", page, s, r)
		}
		saved, restored = saved+s, restored+r
	}
	if saved == 0 || restored == 0 {
		t.Error("no page with a state was found")
	}
}

// spaced joins words by single spaces.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestPDFToText_Summary(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			s := summarise(t, r)
			read := spaced(pdftest.Text(t, render(t, r), "-raw"))
			texts := append([]string{s.Dates, s.Period, s.Status.Label, s.Verdict}, s.Facts...)
			for _, tile := range s.Tiles {
				texts = append(texts, tile.Label, tile.Value, tile.Unit, tile.Change)
				if name != "huge" { // whose numbers leave room for the first of them
					texts = append(texts, tile.Detail)
				}
			}
			texts = append(texts, s.Provenance...)
			texts = append(texts, s.Insights...)
			if pages := pageCount(t, render(t, r)); pages > 1 { // one page has fewer texts
				texts = append(texts, details(s)...)
			}
			if name != "hostile" { // whose texts are cut
				texts = append(texts, s.Bot)
				texts = append(texts, s.Notices...)
			}
			for _, text := range texts {
				if !strings.Contains(read, spaced(fonts.Clean(text))) {
					t.Errorf("%q cannot be read", text)
				}
			}
		})
	}
}

// details are texts of the pages after the first.
func details(s *summary.Summary) (texts []string) {
	for _, chart := range s.Charts() {
		if chart.Drawn() {
			texts = append(texts, chart.Title)
		}
	}
	for _, term := range s.Glossary {
		texts = append(texts, s.Words.Say(wording.AltItem, term.Term, term.Meaning))
	}
	return texts
}

func TestPDFToText_TablesRowByRow(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	read := spaced(pdftest.Text(t, render(t, r), "-raw"))
	for _, table := range s.Tables() {
		switch table.Name {
		case summary.TableFeedback, summary.TableMovers, summary.TablePages:
			continue // a chart has the first, the first page has the second, and pages are cut
		}
		d := newDocument(r, s, nil)
		if !d.isWide(table) {
			table = d.narrowed(table, summary.Top)
		}
		for _, row := range append(table.Rows, table.Total) {
			if text := spaced(fonts.Clean(strings.Join(row, " "))); !strings.Contains(read, text) {
				t.Errorf("%s: the row %q cannot be read", table.Name, text)
			}
		}
	}
	for _, text := range []string{"Target: at most 10.0%", "18.7%", "74% (171)",
		"6,947"} { // from charts
		if !strings.Contains(read, text) {
			t.Errorf("%q cannot be read", text)
		}
	}
}

func TestPDFToText_FootOnEveryPage(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	pages := strings.Split(pdftest.Text(t, render(t, r), "-raw"), "\f")
	pages = pages[:len(pages)-1] // each ends with one
	if len(pages) != 3 {
		t.Errorf("%d pages, want 3", len(pages))
	}
	for i, page := range pages {
		for _, text := range []string{"Page " + strconv.Itoa(i+1) + " of 3", r.ID,
			s.Bot + ", " + s.Dates} {
			if !strings.Contains(spaced(page), text) {
				t.Errorf("page %d lacks %q", i+1, text)
			}
		}
	}
}

func TestPDF_Info(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	out := spaced(pdftest.Run(t, render(t, r), "pdfinfo", "-enc", "UTF-8", "-isodates", "FILE"))
	for _, want := range []string{
		"Title: " + s.Title, "Subject: " + s.Headline, "Author: Kindly Weekly", "Pages: 3", "(A4)",
		"CreationDate: 2026-11-16T07:02:11", "ModDate: 2026-11-16T07:02:11",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, out)
		}
	}
}

func TestPDF_FontsAreEmbedded(t *testing.T) {
	for name, want := range map[string][]string{
		"Bestilling": {"inter", "intersemibold"},
		"Sjekk 🎁":    {"inter", "intersemibold", "notoemoji"},
		"订单 🎁":       {"droidsansfallback", "inter", "intersemibold", "notoemoji"},
	} {
		out := pdftest.Run(t, render(t, figurestest.Named(name)), "pdffonts", "FILE")
		var got []string
		for _, line := range strings.Split(strings.TrimSpace(out), "\n")[2:] { // after the head
			// name, type in two words, encoding, embedded, subset, Unicode
			f := strings.Fields(line)
			tag, name, _ := strings.Cut(f[0], "+")
			if got = append(got, name); f[4] != "yes" || f[5] != "yes" || f[6] != "yes" {
				t.Errorf("a font that is not embedded, not a subset or not in Unicode: %s", line)
			}
			if len(tag) != 6 || strings.ToUpper(tag) != tag {
				t.Errorf("the subset has no tag: %s", line)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: the fonts are %q, want %q", name, got, want)
		}
	}
}

// What makes "at most" true stands on the page in full, and so do the paths, in the language with
// the longest words.
func TestRender_MergedPages(t *testing.T) {
	a := figurestest.BusyAnswers()
	a.Locale, a.Pages.This.Value = "de", nil
	for i := range figures.ListLimit {
		a.Pages.This.Value = append(a.Pages.This.Value, figures.Page{
			Host:     "www.nettbutikk.example",
			Path:     fmt.Sprintf("/produkter/dame/jakker-og-kåper/%d?u=%d", i%14, i),
			Sessions: 4000 - 40*i,
		})
	}
	a.Pages.Previous.Value = a.Pages.This.Value
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	read := spaced(pdftest.Text(t, render(t, r), "-raw"))
	for _, want := range []string{
		"www.nettbutikk.example. Top 10 von mindestens 14. Wo „höchstens“ steht, kann ein Chat bei mehreren Adressen der Seite gezählt sein. " +
			"Gezählt sind nur die ersten 100 Adressen einer Woche.",
		"/produkter/dame/jakker-og-kåper/9 höchstens 13.720 höchstens 13.720",
	} {
		if !strings.Contains(read, want) {
			t.Errorf("%q is not in\n%s", want, read)
		}
	}
}
