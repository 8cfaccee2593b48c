package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/pdf/pdftest"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
)

// summarise is summary.Of, of a report that has one.
func summarise(t testing.TB, r *figures.Report) *summary.Summary {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// render returns the PDF of a report as it is made outside of tests.
func render(t testing.TB, r *figures.Report, files ...tagged.File) []byte {
	t.Helper()
	s := summarise(t, r)
	data, err := Render(r, s, charts.All(s, r.Brand), files...)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// read reads the elements of a file.
func read(t testing.TB, file []byte) *inspect.Document {
	t.Helper()
	d, err := inspect.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func pageCount(t testing.TB, file []byte) int { return read(t, file).Pages }

func TestRender_Deterministic(t *testing.T) {
	again := figurestest.Cases()
	for name, r := range figurestest.Cases() {
		// Maps are walked in another order each time.
		if !bytes.Equal(render(t, r), render(t, again[name])) {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

// Documents share the files of the fonts, and gofpdf gets them as they are.
func TestRender_LeavesFontsAlone(t *testing.T) {
	faces := []*fonts.Face{fonts.Regular, fonts.SemiBold, fonts.Emoji, fonts.CJK}
	var before [][]byte
	for _, face := range faces {
		before = append(before, bytes.Clone(face.File()))
	}
	for _, names := range slices.Collect(slices.Chunk(emoji, 7)) {
		render(t, figurestest.Named(names...))
	}
	render(t, figurestest.Named("注文はどこですか", "订单在哪里？", "주문은 어디에", "שלום עולם", "Tiếng Việt"))
	for i, face := range faces {
		if !bytes.Equal(before[i], face.File()) {
			t.Errorf("the font %s was changed", face.Name())
		}
	}
}

func TestRender_Size(t *testing.T) {
	for name, r := range figurestest.Cases() {
		if n := len(render(t, r)); n >= 120_000 {
			t.Errorf("%s: %d bytes, want less than 120,000", name, n)
		}
	}
}

// A busy week has three pages, and a week with few chats has one.
func TestRender_Pages(t *testing.T) {
	cases := figurestest.Cases()
	cases["quiet"], cases["small"] = figurestest.Quiet(), figurestest.Small()
	for name, r := range cases {
		want := 3
		switch name {
		case "tiny", "empty", "new", "small":
			want = 1
		case "unavailable":
			want = 2
		}
		if n := pageCount(t, render(t, r)); n != want {
			t.Errorf("%s: %d pages, want %d", name, n, want)
		}
	}
}

// A week with ten rows in every list, four targets, one host, filters of both kinds and two notices
// is still usual.
func TestRender_FullWeekHasThreePages(t *testing.T) {
	r := figurestest.Busy()
	for i := range 20 {
		r.Buttons = append(r.Buttons, figures.Button{Text: fmt.Sprint("Button ", i),
			Dialogue: "Welcome", Count: 90 - i})
		r.Pages = append(r.Pages, figures.Page{Host: r.Pages[0].Host, Path: fmt.Sprint("/page/", i),
			Sessions: 90 - i})
	}
	r.Filters = figures.Filters{Sources: []string{"web", "facebook", "-test"},
		Languages: []string{"nb", "en"}}
	r.Dropped = []figures.Dropped{{Section: figures.SectionHours, Points: 2},
		{Section: "chats", Points: 1}}
	if n := pageCount(t, render(t, r)); n > 3 {
		t.Errorf("%d pages, want at most 3", n)
	}
}

func TestRender_LinksTilesToDetails(t *testing.T) {
	for name, r := range figurestest.Cases() {
		inside, outside := 0, 0
		for _, link := range read(t, render(t, r)).Root.Find("Link") {
			switch {
			case strings.HasPrefix(link.Target, "page "):
				inside++
			case link.Target == r.Bot.Link:
				outside++
			}
		}
		want := 4
		switch name {
		case "empty": // it has no tiles
			want = 0
		case "tiny", "new", "unavailable": // not all charts have something to show
			want = inside
		}
		if inside != want || name != "empty" && want == 0 {
			t.Errorf("%s: %d links inside the file, want one from each of %d tiles", name, inside,
				want)
		}
		if outside == 0 {
			t.Errorf("%s: no link to %s", name, r.Bot.Link)
		}
	}
}

func TestAddress(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://app.kindly.ai/bot/1?tab=a&b=c#d", "https://app.kindly.ai/bot/1?tab=a&b=c#d"},
		{"http://localhost:8080/", "http://localhost:8080/"},
		{"https://app.kindly.ai/bøtte", "https://app.kindly.ai/b%C3%B8tte"},
		{"https://app.kindly.ai/a b", "https://app.kindly.ai/a%20b"},
		{"https://bøtte.example/", "https://b%C3%B8tte.example/"},
		{"javascript:alert(1)", ""},
		{"file:///etc/passwd", ""},
		{"app.kindly.ai", ""},
		{"https://a\nb", ""},
		{"", ""},
	}
	for _, test := range tests {
		if got, ok := address(test.in); got != test.want || ok != (test.want != "") {
			t.Errorf("address(%q) = %q, %v, want %q", test.in, got, ok, test.want)
		}
	}
}

func TestRenderOutline(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	bookmarks := read(t, render(t, r)).Bookmarks
	for _, title := range []string{s.Title, chartOf(s, summary.ChartHours).Title, s.Targets.Title} {
		if !slices.Contains(bookmarks, title) {
			t.Errorf("no bookmark %q: %q", title, bookmarks)
		}
	}
}

// wide is UTF-16.
func wide(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(unit >> 8))
		b.WriteByte(byte(unit))
	}
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\r", `\r`).Replace(b.String())
}

func chartOf(s *summary.Summary, name string) *summary.Chart {
	i := slices.IndexFunc(s.Charts(), func(c *summary.Chart) bool { return c.Name == name })
	return s.Charts()[i]
}

func TestRender_WithoutPictures(t *testing.T) {
	r := figurestest.Busy()
	data, err := Render(r, summarise(t, r), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := pageCount(t, data); n < 2 || n > 3 {
		t.Errorf("%d pages", n)
	}
}

func TestRender_PanicIsAnError(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	s.Targets.Rows[3] = nil // a summary that is not of this kind of table
	if data, err := Render(r, s, nil); err == nil || data != nil {
		t.Errorf("Render = %d bytes, %v, want an error", len(data), err)
	}
}

func TestRender_LongTable(t *testing.T) {
	r := figurestest.Tiny()
	s := summarise(t, r)
	long := &summary.Table{Name: "long", Title: "Long",
		Columns: []summary.Column{{Title: "Topic"}, {Title: "Number", Numbers: true}}}
	for i := range 70 {
		long.Rows = append(long.Rows, []string{fmt.Sprint("row ", i), fmt.Sprint(i)})
	}
	long.Total = []string{"All", "2415"}

	d := newDocument(r, s, nil)
	d.pdf.SetCompression(false)
	pages := paginate(d.table(long))
	if len(pages) != 2 {
		t.Errorf("%d pages, want 2", len(pages))
	}
	d.draw(pages)
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"Topic": 2, "Number": 2, "row 0": 1, "row 42": 1,
		"row 69": 1, "2415": 1} {
		if got := strings.Count(b.String(), "("+wide(text)+") Tj"); got != want {
			t.Errorf("%q is there %d times, want %d", text, got, want)
		}
	}
}

// plainly is a report's PDF without compression, so that a test can read it.
func plainly(t *testing.T, r *figures.Report) string {
	t.Helper()
	s := summarise(t, r)
	d := newDocument(r, s, charts.All(s, r.Brand))
	d.pdf.SetCompression(false)
	d.draw(paginate(d.blocks()))
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRender_Brand(t *testing.T) {
	fill := func(accent string) string { // as a page asks for it
		c, _ := theme.Parse(accent)
		return fmt.Sprintf("%.3f %.3f %.3f rg", float64(c.R)/255, float64(c.G)/255,
			float64(c.B)/255)
	}
	r := figurestest.Branded()
	own, brand := plainly(t, figurestest.Busy()), plainly(t, r)
	if strings.Contains(own, "/Subtype /Image") || !strings.Contains(own, fill(theme.Accent)) {
		t.Error("without a brand there is a picture, or not the report's own color")
	}
	if strings.Count(brand, "/Subtype /Image") != 1 ||
		strings.Contains(brand, fill(theme.Accent)) ||
		!strings.Contains(brand, fill(r.Brand.Accent)) {
		t.Error("the brand has no logo, or another color")
	}
	r.Brand.Logo = r.Brand.Logo[:99]
	if strings.Contains(plainly(t, r), "/Subtype /Image") {
		t.Error("a broken logo is drawn")
	}
}

// Hebrew is in drawing order on the page.
func TestRender_RightToLeft(t *testing.T) {
	hebrew := plainly(t, figurestest.Named("שלום"))
	if !strings.Contains(hebrew, "("+wide("םולש")+") Tj") ||
		strings.Contains(hebrew, "("+wide("שלום")+") Tj") {
		t.Error("Hebrew is not drawn from right to left")
	}
}

// What the fonts lack is a box, and its page says which script it is. The text is read and copied
// as typed.
func TestRender_Boxes(t *testing.T) {
	const said = "□ on this page: "
	lastLabel := figurestest.Named(
		strings.Split("Retur Chat Pris Ordre Kjøp Salg Hjelp Nett Mobil TV", " ")...)
	lastLabel.Labels[9].Text = "กระเป๋า"
	for _, test := range []struct {
		name  string
		r     *figures.Report
		pages []string // the scripts that each names; empty: none
	}{
		{"letters of the fonts", figurestest.Named("Bestilling", "שלום", "CO₂-avtrykk",
			"Göndərmə qaydaları", "⅔ rabatt", "Ferdig ✔ ♥"), []string{"", "", ""}},
		{"the bot's name is on each page", figurestest.Named("ไทย", "Retur"),
			[]string{"Thai", "Thai", "Thai"}},
		{"a label", lastLabel, []string{"", "", "Thai"}},
		{"scripts and signs", figurestest.Named("नमस्ते 𝄞", "தமிழ்", "ไทย", "বাংলা"), []string{
			"Devanagari, Tamil and other characters", "Tamil, Devanagari and other characters",
			"Devanagari, Tamil, Thai and 2 more"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := render(t, test.r)
			text := pdftest.Run(t, file, "pdftotext", "-raw", "-enc", "UTF-8", "FILE", "-")
			pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
			for i, page := range pages {
				_, after, _ := strings.Cut(page, said)
				scripts, _, _ := strings.Cut(after, ".")
				if i >= len(test.pages) || scripts != test.pages[i] {
					t.Errorf("page %d says %q, want %q", i+1, scripts, test.pages)
				}
			}
			for _, label := range test.r.Labels[:min(10, len(test.r.Labels))] {
				if !strings.Contains(text, label.Text) && label.Text != "שלום" {
					t.Errorf("%q cannot be copied", label.Text)
				}
			}
		})
	}
}

// Whether a target was met is told by a sign and a word, not by a color alone.
func TestRender_Targets(t *testing.T) {
	r := figurestest.Busy()
	r.Targets[0].StandsOut = true
	good, bad := 0, 0
	for _, tone := range summarise(t, r).Targets.Tones {
		switch tone {
		case summary.Good:
			good++
		case summary.Bad:
			bad++
		}
	}
	s := summarise(t, r)
	d := newDocument(r, s, nil)
	d.pdf.SetCompression(false)
	d.draw(paginate(d.table(s.Targets)))
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	for sign, want := range map[string]int{"✓": good, "!": bad} {
		if got := strings.Count(b.String(), "("+wide(sign)+") Tj"); got != want || want == 0 {
			t.Errorf("%q is there %d times, want %d", sign, got, want)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, name := range figurestest.Names() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := figurestest.Tiny()
		r.Bot.Name, r.Bot.Link = name, "https://"+name
		r.Labels = []figures.Label{{ID: "1", Text: name, Count: 3}}
		r.Buttons = []figures.Button{{Text: name, Dialogue: name, Count: 2}}
		r.Pages = []figures.Page{{Host: name, Path: name, Sessions: 1}}
		r.Filters.Sources = []string{name}
		r.Unavailable = append(r.Unavailable,
			figures.Unavailable{Section: figures.SectionLabelsPrevious, Reason: name})
		r.ID = name
		file := render(t, r)
		if n := pageCount(t, file); n != 1 {
			t.Errorf("%q: %d pages", name, n)
		}
	})
}
