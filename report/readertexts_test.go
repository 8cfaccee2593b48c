package report_test

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/charts"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/pdf"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/wording"
)

// avoided are words that readers do not understand at once, and what is written instead.
var avoided = []struct {
	locale, words string // words is a regular expression; "" is every locale
	instead       string
}{
	{"", `Sage`, "Kindly's statistics"},
	{"", `fallbacks?|fallback-\w+`, "did not understand; the glossary may name it once"},
	{"en", `pp`, "points"},
	{"en", `last week`, "the week before: on a Monday, last week is the reported one"},
	{"en", `ordinar(y|ily)`, "usual, usually"},
	{"en", `below the top`, "outside the top"},
	{"en", `1 (times|chats|messages|ratings|requests|weeks|days|clicks|points|users)`, "the singular"},
	{"nb", `pp`, "prosentpoeng"},
	{"nb", `forrige uke`, "uken før"},
	{"nb", `gjorde et hopp`, "steg brått"},
	{"nb", `ba om et menneske`, "ba om å få snakke med et menneske"},
	{"nb", `under topp`, "utenfor topp"},
	{"nb", `1 (ganger|samtaler|meldinger|vurderinger|uker|dager|punkter|brukere)`, "the singular"},
	{"sv", `p\.e\.|pp`, "procentenheter"},
	{"sv", `förra veckan`, "veckan före"},
	{"sv", `bad om en människa`, "bad att få prata med en människa"},
	{"sv", `klickades på`, "fick … klick"},
	{"sv", `under topp`, "utanför topp"},
	{"sv", `1 (gånger|chattar|meddelanden|omdömen|veckor|dagar|punkter)`, "the singular"},
	{"da", `pp`, "procentpoint"},
	{"da", `sidste uge`, "ugen før"},
	{"da", `bad om et menneske`, "bad om at tale med et menneske"},
	{"da", `under top`, "uden for top"},
	{"da", `1 (gange|samtaler|beskeder|vurderinger|uger|dage|punkter|brugere)`, "the singular"},
	{"de", `pp`, "%-Pkt."},
	{"de", `letzte[rn]? Woche`, "Vorwoche, KW"},
	{"de", `1 (Chats|Nachrichten|Bewertungen|Wochen|Tage|Klicks|Anfragen)`, "the singular"},
}

// No edition has words of avoided, in any language.
func TestEditions_AvoidWords(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it renders dozens of reports")
	}
	found, patterns := make([][]string, len(avoided)), make([]*regexp.Regexp, len(avoided))
	for i, a := range avoided {
		// "21 chats" and "8.1 points" are no 1
		patterns[i] = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d.,])(?:` + a.words +
			`)(?:[^\p{L}\d]|$)`)
	}
	look := func(locale, edition, text string) {
		for i, a := range avoided {
			if a.locale != "" && a.locale != locale {
				continue
			}
			all := patterns[i].FindAllStringIndex(text, -1)
			if len(all) == 0 || strings.HasPrefix(a.words, "fallback") && len(all) == 1 {
				continue
			}
			at := all[len(all)-1][0]
			found[i] = append(found[i], fmt.Sprintf("%s, %s: %d times, as in %q", locale, edition,
				len(all), text[max(0, at-30):min(len(text), at+40)]))
		}
	}
	weeks := map[string]*figures.Report{"incomplete": incomplete()}
	for _, w := range galleryWeeks() {
		switch w.Name {
		case "long", "scripts", "branded": // names from the configuration
		default:
			weeks[w.Name] = w.Report
		}
	}
	for _, locale := range wording.Locales() {
		for name, r := range weeks {
			r.Locale = locale
			for edition, text := range read(t, r) {
				look(locale, name+", "+edition, text)
			}
		}
		for name, p := range portfoliotest.Cases() {
			p.Locale = locale
			page, err := p.Page()
			if err != nil {
				t.Fatal(err)
			}
			look(locale, "portfolio "+name+", mail", plainText(visible(mail.PortfolioHTML(page))))
			look(locale, "portfolio "+name+", text",
				plainText(digest.PortfolioText(page, digest.MaxWidth)))
		}
	}
	for i, a := range avoided {
		slices.Sort(found[i])
		if n := len(found[i]); n > 0 {
			t.Errorf("%s: write %q, found in %d editions:\n%s", a.words, a.instead, n,
				strings.Join(found[i][:min(n, 5)], "\n"))
		}
	}
}

// read returns the visible text of each edition, with plain spaces.
func read(t *testing.T, r *figures.Report) map[string]string {
	t.Helper()
	s := said(t, r)
	all := texts(t, r)
	details, err := digest.Details(s, digest.Native).JSON()
	if err != nil {
		t.Fatal(err)
	}
	all[report.Details] = strings.Join(slackTexts(t, details), "\n")
	pictures := charts.All(s, r.Brand)
	n := &notes{}
	for _, p := range pictures {
		if err := p.Draw(n, charts.Width, charts.Height); err != nil {
			t.Fatal(err)
		}
	}
	all["charts"] = strings.Join(n.texts, " | ")
	document, err := pdf.Render(r, s, pictures)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), report.PDF)
	write(t, file, document)
	all[report.PDF] = charted.ReplaceAllString(
		string(output(t, "pdftotext", "-raw", "-enc", "UTF-8", file, "-")), "$0 |")
	for _, message := range []string{report.Digest, report.Details} {
		all[message] = strings.ReplaceAll(all[message], "\n", " | ") // texts of their own
	}
	for name, text := range all {
		all[name] = plainText(text)
	}
	return all
}

// plainText returns a text on one line, with plain spaces.
func plainText(text string) string {
	unseen := strings.NewReplacer("\u00ad", "", "\u200b", "", "\u2068", "", "\u2069", "")
	return strings.Join(strings.Fields(unseen.Replace(text)), " ")
}

// charted matches a line of a page that has only numbers of a chart, with no words after them.
var charted = regexp.MustCompile(`(?m)^[\d.,% ]+$`)

// narrowPhone is the width of many phones.
const narrowPhone = 360

// A number, its separators and its unit are on one line of the mail on a phone, in every language.
func TestMail_NumbersStayOnOneLine(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it runs a browser")
	}
	var frames []frame
	var names [][2]string
	for _, locale := range wording.Locales() {
		for _, w := range measuredWeeks {
			r := w.make()
			r.Locale = locale
			if w.name == "german" {
				continue // the incident
			}
			page := rendered{report: r, summary: said(t, r)}.mail(t, "blocked/")
			frames = append(frames, frame{page, narrowPhone})
			names = append(names, [2]string{locale, w.name})
		}
	}
	for i, l := range layouts(t, t.TempDir(), frames) {
		if n := len(l.Broken); n > 0 {
			t.Errorf("%s, %s: %d numbers, as %s", names[i][0], names[i][1], n, l.Broken[0])
		}
	}
}

// stillTurned are the editions in which brackets and question marks are not next to their names.
var stillTurned = map[string]bool{report.Details: true}

// A name from right to left keeps its brackets and its question mark, with any text around it.
func TestEditions_NamesFromRightToLeft(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it runs a browser")
	}
	r := figurestest.Scripts()
	s := said(t, r)
	page := func(d digest.Digest) string {
		message, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		return slackPage(t, message)
	}
	editions := []string{"mail", report.Digest, report.Details}
	for i, l := range layouts(t, t.TempDir(), []frame{
		{rendered{report: r, summary: s}.mail(t, "blocked/"), phoneWidth},
		{page(digest.Slack(s, digest.Native)), phoneWidth},
		{page(digest.Details(s, digest.Native)), phoneWidth},
	}) {
		switch n := len(l.Turned); {
		case n > 0 && stillTurned[editions[i]]:
			t.Logf("not yet: %s: %d names, as %s", editions[i], n, l.Turned[0])
		case n > 0:
			t.Errorf("%s: %d names, as %s", editions[i], n, l.Turned[0])
		case stillTurned[editions[i]]:
			t.Logf("%s: all names are whole: remove it from stillTurned", editions[i])
		}
	}
}

// stillWarm are the editions that have red or amber in weeks without a warning.
var stillWarm = map[string]bool{"charts": true, "PDF": true}

// Red and amber warn. In a week with nothing to warn of, no edition has them.
func TestEditions_WarmColorsWarn(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it runs a browser")
	}
	weeks := make(map[string]rendered)
	for _, w := range figurestest.Gallery() {
		switch w.Name {
		case "quiet", "small", "tiny", "new", "special", "good", "unavailable":
			weeks[w.Name] = renderedOf(t, w.Report)
		}
	}
	names := slices.Sorted(maps.Keys(weeks))
	found := make(map[string][]string)
	add := func(edition, format string, args ...any) {
		found[edition] = append(found[edition], fmt.Sprintf(format, args...))
	}
	var frames []frame
	for _, name := range names {
		r, dir := weeks[name], t.TempDir()
		frames = append(frames, frame{r.mail(t, "blocked/"), phoneWidth})
		for _, f := range r.files {
			if strings.HasPrefix(f.Name, "charts/") {
				m, err := png.Decode(bytes.NewReader(f.Data))
				if err != nil {
					t.Fatal(err)
				}
				if n := warmPixels(m); n > fewPixels {
					add("charts", "%s, %s: %d pixels", name, f.Name, n)
				}
			}
		}
		r.save(t, dir)
		if output(t, "pdftoppm", "-r", "60", "-png", filepath.Join(dir, report.PDF),
			filepath.Join(dir, "page")) == nil {
			continue
		}
		pages, err := filepath.Glob(filepath.Join(dir, "page-*.png"))
		if err != nil {
			t.Fatal(err)
		}
		for i, page := range pages {
			if n := warmPixels(opened(t, page)); n > fewPixels {
				add("PDF", "%s, page %d: %d pixels", name, i+1, n)
			}
		}
	}
	for i, l := range layouts(t, t.TempDir(), frames) {
		for _, c := range l.Colors {
			if warm(css(t, c.Color)) {
				add("mail", "%s: %s of %q", names[i], c.Color, c.On)
			}
		}
	}
	for _, edition := range []string{"mail", "charts", "PDF"} {
		switch n := len(found[edition]); {
		case n > 0 && stillWarm[edition]:
			t.Logf("not yet: %s: %s", edition, strings.Join(found[edition], "; "))
		case n > 0:
			t.Errorf("%s: %s", edition, strings.Join(found[edition], "; "))
		case stillWarm[edition]:
			t.Logf("%s: no warm color is left: remove it from stillWarm", edition)
		}
	}
}

// fewPixels is the number of pixels that are too few to be noticed.
const fewPixels = 4

var numbers = regexp.MustCompile(`[\d.]+`)

// css reads a color as Chromium computes it: rgb(1, 2, 3) or rgba(1, 2, 3, 0.5).
func css(t *testing.T, s string) color.Color {
	t.Helper()
	parts := []float64{0, 0, 0, 1}
	for i, part := range numbers.FindAllString(s, 4) {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			t.Fatal(err)
		}
		parts[i] = v
	}
	return color.NRGBA{uint8(parts[0]), uint8(parts[1]), uint8(parts[2]), uint8(255 * parts[3])}
}
