package pdf

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/pdftest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// each returns the busy week and the one that lacks nearly all, in a language.
func each(locale string) map[string]*figures.Report {
	cases := map[string]*figures.Report{"busy": figurestest.Busy(),
		"unavailable": figurestest.Unavailable(), "special": figurestest.Special()}
	for _, r := range cases {
		r.Locale = locale
	}
	return cases
}

// Nothing is cut away that the summary says, and it comes out of the file as it went in: with its
// ø, ß and «.
func TestPDFToText_EveryLanguage(t *testing.T) {
	for _, locale := range wording.Locales() {
		for name, r := range each(locale) {
			s := summarise(t, r)
			read := spaced(pdftest.Text(t, render(t, r), "-raw"))
			texts := slices.Concat([]string{s.Dates, s.Period, s.Status.Label, s.Verdict}, s.Facts, s.Insights, s.Notices,
				s.Provenance)
			for _, tile := range s.Tiles {
				texts = append(texts, tile.Label, tile.Value, tile.Unit, tile.Change, tile.Detail)
			}
			texts = append(texts, details(s)...)
			for _, text := range texts {
				// whose name is as long as a name can be, and may be cut
				if name == "special" && strings.Contains(text, "Black") {
					continue
				}
				if !strings.Contains(read, spaced(fonts.Clean(text))) {
					t.Errorf("%s, %s: %q cannot be read", locale, name, text)
				}
			}
			if n := pageCount(t, render(t, r)); n > 3 {
				t.Errorf("%s, %s: %d pages", locale, name, n)
			}
		}
	}
}

func TestPDF_Language(t *testing.T) {
	for _, locale := range wording.Locales() {
		if lang := read(t, render(t, each(locale)["busy"])).Lang; lang != locale {
			t.Errorf("the PDF in %s says that it is in %q", locale, lang)
		}
	}
}

// Every column has room in every language, and its title too.
func TestPDF_TablesFitInEveryLanguage(t *testing.T) {
	for _, locale := range wording.Locales() {
		for name, r := range each(locale) {
			for _, said := range summarise(t, r).Tables() {
				if len(said.Rows) == 0 {
					continue
				}
				w := half
				if d := newDocument(r, summarise(t, r), nil); d.isWide(said) {
					w = width
				} else {
					said = d.narrowed(said, summary.Top)
				}
				set := newTable(said, w)
				for i, c := range set.columns {
					for _, line := range c.head {
						if strings.Contains(line, "…") {
							t.Errorf("%s, %s, %s: the title %q of column %d is cut", locale, name,
								said.Name, line, i)
						}
					}
					for _, cell := range c.cells {
						if lines := set.body.wrap(cell, c.width+rounding, 2); c.numbers &&
							strings.HasSuffix(lines[len(lines)-1], "…") {
							t.Errorf("%s, %s, %s: %s is cut", locale, name, said.Name, cell)
						}
					}
				}
				if set.body.size < leastCell {
					t.Errorf("%s, %s, %s: set in %v points, want %v", locale, name, said.Name,
						set.body.size, leastCell)
				}
			}
		}
	}
}

// A number and its percent sign are one word.
func TestPDF_NumbersAreNotBroken(t *testing.T) {
	st := style{regular, 10, ink}
	for _, line := range st.wrap("vanligvis 6\u00a0555 samtaler og 18,7\u00a0% av dem", 60, 9) {
		if strings.HasSuffix(line, "6") || strings.HasPrefix(line, "%") ||
			strings.HasSuffix(line, "18,7") {
			t.Errorf("broken before or after %q", line)
		}
	}
}

// All words on the pages are in the language of the report.
func TestPDF_EveryWordIsTranslated(t *testing.T) {
	r := each(wording.Pseudo)["busy"]
	read := pdftest.Text(t, render(t, r), "-raw")
	known := r.Bot.Name + r.ID + r.Bot.TZ
	for _, l := range r.Labels {
		known += l.Text
	}
	for _, b := range r.Buttons {
		known += b.Text + b.Dialogue
	}
	for _, p := range r.Pages {
		known += p.Host + p.Path
	}
	for _, word := range regexp.MustCompile(`[A-Za-z]{3,}`).FindAllString(read, -1) {
		if !strings.Contains(known, word) {
			t.Errorf("%q is not a text of the catalog", word)
		}
	}
}

// The line that explains the boxes fits in all languages, with the longest names.
func TestUndrawn_FitsItsLine(t *testing.T) {
	for _, locale := range wording.Locales() {
		words, err := wording.For(locale)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for script := range unicode.Scripts {
			if name := words.ScriptName(script); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		slices.SortFunc(names, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		said := words.Say(wording.Undrawn, words.ListSome(names, mostScripts))
		if w := footStyle.width(said); w > width {
			t.Errorf("%s: %q is %.0f points wide, more than %.0f", locale, said, w, width)
		}
	}
}
