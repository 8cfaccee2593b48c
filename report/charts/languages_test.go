package charts

import (
	"image"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/wording"
)

// Whatever the language, texts stay on the page and off one another, and none of ours is cut. Names
// are, as people wrote them.
func TestCharts_LanguagesStayOnThePage(t *testing.T) {
	lists := []string{"labels", "buttons", "pages"}
	for _, locale := range append(wording.Locales(), wording.Pseudo) {
		for name, r := range figurestest.Cases() {
			if name == "hostile" || name == "empty" {
				continue
			}
			r.Locale = locale
			for _, p := range pictures(t, r) {
				for _, size := range []image.Point{{X: Width, Y: Height}, {X: 1000, Y: 420},
					{X: 600, Y: 380}} { // the PNG's and the PDF's
					rec := newRecorder()
					if err := p.DrawPlot(rec, size.X, size.Y); err != nil {
						t.Fatal(err)
					}
					for _, fault := range rec.faults(image.Rectangle{Max: size}) {
						t.Errorf("%s, %s/%s at %v: %s", locale, name, p.Name, size, fault)
					}
					for _, text := range rec.texts {
						theirs := slices.Contains(lists, p.Name) ||
							slices.ContainsFunc(r.Special, func(day figures.Special) bool {
								return strings.Contains(day.Name, strings.TrimSuffix(text.text, "…"))
							})
						if strings.Contains(text.text, "…") && locale != wording.Pseudo &&
							!theirs && name != "unavailable" && name != "huge" {
							t.Errorf("%s, %s/%s at %v: %q is cut", locale, name, p.Name, size,
								text.text)
						}
					}
				}
			}
		}
	}
}

// No picture has a word of its own: what is drawn in the language of tests has accents.
func TestCharts_EveryWordIsTranslated(t *testing.T) {
	word := regexp.MustCompile(`[A-Za-z]{3,}`)
	for name, r := range figurestest.Cases() {
		if name == "hostile" {
			continue
		}
		r.Locale = wording.Pseudo
		known := "Service Unavailable"
		for i := range r.Unavailable {
			r.Unavailable[i].Cause = figures.Cause{Kind: figures.CauseStatus, Who: "Sage",
				Status: 503}
		}
		for _, l := range r.Labels {
			known += " " + l.Text
		}
		for _, b := range r.Buttons {
			known += " " + b.Text
		}
		for _, p := range r.Pages {
			known += " " + p.Host + p.Path
		}
		for _, s := range r.Special {
			known += " " + s.Name
		}
		for _, p := range pictures(t, r) {
			rec := newRecorder()
			if err := p.Draw(rec, Width, Height); err != nil {
				t.Fatal(err)
			}
			if len(rec.texts) == 0 {
				t.Errorf("%s/%s: nothing is written", name, p.Name)
			}
			for _, text := range rec.texts {
				for _, w := range word.FindAllString(text.text, -1) {
					if !strings.Contains(known, w) {
						t.Errorf("%s/%s: %q is not a text of the catalog, in %q", name, p.Name, w,
							text.text)
					}
				}
			}
		}
	}
}
