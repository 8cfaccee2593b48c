package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"html/template"
	"image"
	"image/draw"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

var gallery = flag.String("gallery", "",
	"a `folder` for every edition of the gallery's weeks as pictures, and a page that shows them")

// Every week that people look at before the editions change is drawn, two of them in every
// language, and so are portfolios of all bots. With -gallery they are put into a folder, with
// pictures of what pdftoppm and Chromium make of them.
func TestGallery(t *testing.T) {
	var rooms []*room
	hang := func(name, title string, files []report.File, err error, pages func(way) string,
		ways []way) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if *gallery != "" {
			r := &room{Name: name, Title: title, t: t, dir: filepath.Join(*gallery, name)}
			r.hang(files, pages, ways)
			rooms = append(rooms, r)
		}
	}
	exhibits := figurestest.Gallery()
	for _, e := range exhibits {
		files, err := report.Render(e.Report)
		hang(e.Name, e.Title, files, err, mailed(t, e.Report), ways)
	}
	for _, locale := range wording.Locales()[1:] {
		for _, e := range exhibits {
			if e.Name == "busy" || e.Name == "special" {
				e.Report.Locale = locale
				files, err := report.Render(e.Report)
				hang(e.Name+"-"+locale, e.Title+", "+locale, files, err, mailed(t, e.Report),
					[]way{{"light", 360}})
			}
		}
	}
	for _, name := range []string{"mixed", "many", "calm", "nothing"} {
		o := portfoliotest.Cases()[name]
		files, err := report.RenderPortfolio(o)
		if err != nil {
			t.Errorf("the portfolio %s: %v", name, err)
			continue
		}
		p, err := o.Page()
		hang("portfolio-"+name, "All bots: "+name, files, err,
			func(way) string { return mail.PortfolioHTML(p) }, ways[:6]) // it has no images
	}
	if *gallery == "" {
		return
	}
	var page bytes.Buffer
	if err := galleryPage.Execute(&page, rooms); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(*gallery, "index.html"), page.Bytes())
}

// A room has all pictures of a week.
type room struct {
	Name, Title          string   // Name is one of a folder
	Pages, Mails, Charts []string // pictures, relative to the index

	t   *testing.T
	dir string
}

// way is how a mail is looked at.
type way struct {
	name  string // light, dark, or blocked: without its images
	width int
}

var ways = []way{{"light", 360}, {"light", 600}, {"light", 1200}, {"dark", 360}, {"dark", 600},
	{"dark", 1200}, {"blocked", 360}, {"blocked", 600}}

func (r *room) hang(files []report.File, mails func(way) string, ways []way) {
	for _, f := range files {
		write(r.t, filepath.Join(r.dir, filepath.FromSlash(f.Name)), f.Data)
		switch {
		case strings.HasPrefix(f.Name, "charts/"):
			r.Charts = append(r.Charts, r.Name+"/"+f.Name)
		case f.Name == report.PDF && r.made("pdftoppm", "-r", "80", "-png",
			filepath.Join(r.dir, report.PDF), filepath.Join(r.dir, "page")):
			pages, err := filepath.Glob(filepath.Join(r.dir, "page-*.png"))
			if err != nil {
				r.t.Fatal(err)
			}
			for _, page := range pages {
				r.Pages = append(r.Pages, r.Name+"/"+filepath.Base(page))
			}
		}
	}
	for _, way := range ways {
		picture := fmt.Sprintf("mail-%s-%d.png", way.name, way.width)
		if r.shoot(way, mails(way), filepath.Join(r.dir, picture)) {
			r.Mails = append(r.Mails, r.Name+"/"+picture)
		}
	}
}

// mailed returns a report's mail for each way of looking at it.
func mailed(t *testing.T, r *figures.Report) func(way) string {
	return func(way way) string {
		s, err := summary.Of(r)
		if err != nil {
			t.Fatal(err)
		}
		page, err := mail.HTML(r, s, func(name string) string {
			switch {
			case way.name == "blocked":
				return "blocked/" + name + ".png" // there is no such file
			case name == mail.Logo:
				return report.Logo
			}
			return "charts/" + name + ".png"
		})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
}

// shoot takes a picture of the mail in a window.
func (r *room) shoot(way way, page, picture string) bool {
	// Chromium has no narrower windows: the page stands in a frame
	const high, narrowest = 7000, 600
	write(r.t, filepath.Join(r.dir, "mail-"+way.name+".html"), []byte(page))
	framed := filepath.Join(r.dir, "frame.html")
	write(r.t, framed,
		fmt.Appendf(nil,
			`<body style="margin:0"><iframe src="mail-%s.html" width="%d" height="%d" style="border:0"></iframe>`, way.name, way.width, high))
	absolute, err := filepath.Abs(framed)
	if err != nil {
		r.t.Fatal(err)
	}
	args := []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--user-data-dir=" + r.t.TempDir(),
		fmt.Sprintf("--window-size=%d,%d", max(way.width, narrowest), high),
		"--screenshot=" + picture}
	if way.name == "dark" {
		args = append(args, "--blink-settings=preferredColorScheme=0")
	}
	if !r.made("chromium", append(args, (&url.URL{Scheme: "file", Path: absolute}).String())...) {
		return false
	}
	write(r.t, picture, cropped(r.t, picture, way.width))
	return true
}

// cropped is a picture of the width, without what is below its content.
func cropped(t *testing.T, file string, width int) []byte {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	height := m.Bounds().Dy()
	empty := func(y int) bool {
		for x := range width {
			if m.At(x, y) != m.At(0, m.Bounds().Dy()-1) {
				return false
			}
		}
		return true
	}
	for height > 1 && empty(height-1) {
		height--
	}
	part := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(part, part.Rect, m, image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, part); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// made runs a program. If it is not installed, the pictures are left out.
func (r *room) made(tool string, args ...string) bool {
	program, err := exec.LookPath(tool)
	if err != nil {
		r.t.Logf("%s is not installed: its pictures are left out", tool)
		return false
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		r.t.Errorf("%s: %v\n%s", tool, err, out)
		return false
	}
	return true
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

var galleryPage = template.Must(template.New("gallery").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>The gallery</title>
<style>
  body { margin: 24px; background: #5b6472; color: #fff; font: 16px/1.5 system-ui, sans-serif }
  div { display: flex; gap: 12px; overflow-x: auto; align-items: flex-start; padding-bottom: 12px }
  img { display: block; max-height: 80vh; width: auto } a { color: #fff } h3 { margin: 16px 0 4px; font-size: 15px }
</style>
<h1>The gallery</h1>
<p>{{range .}}<a href="#{{.Name}}">{{.Title}}</a> &nbsp; {{end}}</p>
{{range .}}<section id="{{.Name}}"><h2>{{.Title}}</h2>
{{with .Pages}}<h3>PDF</h3><div>{{range .}}<a href="{{.}}"><img src="{{.}}" alt="A page of the PDF" loading="lazy"></a>{{end}}</div>
{{end}}<h3>Mail</h3><div>{{range .Mails}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" loading="lazy"></a>{{end}}</div>
{{with .Charts}}<h3>Charts</h3><div>{{range .}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" style="max-height:280px" loading="lazy"></a>{{end}}</div>
{{end}}</section>
{{end}}</html>
`))
