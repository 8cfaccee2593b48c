package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/wording"
)

var (
	gallery = flag.String("gallery", "",
		"a `folder` for every edition of the gallery's weeks as pictures, and a page that shows them")
	before = flag.String("before", "",
		"an earlier gallery's `folder`, to show its pictures beside those of -gallery")
)

// Every week that people look at before the editions change is rendered, three of them in every
// language, and so are portfolios of all bots. With -gallery they are put into a folder, with
// pictures of what pdftoppm and Chromium make of them. With -before there is a page that shows them
// next to those of an earlier gallery.
func TestGallery(t *testing.T) {
	var shown []*exhibit
	measured := make(map[string]rendered)
	show := func(name, title string, files []report.File, pages func(way) string, ways []way) {
		if *gallery != "" {
			e := &exhibit{Name: name, Title: title, t: t, dir: filepath.Join(*gallery, name)}
			e.draw(files, pages, ways)
			shown = append(shown, e)
		}
	}
	weeks := galleryWeeks()
	for _, w := range weeks {
		r := renderedOf(t, w.Report)
		measured[w.Name] = r
		show(w.Name, w.Title, r.files, r.seen(t), ways)
	}
	for _, locale := range wording.Locales()[1:] {
		for _, w := range weeks {
			if w.Name == "busy" || w.Name == "special" || w.Name == "shop" {
				w.Report.Locale = locale
				r := renderedOf(t, w.Report)
				measured[w.Name+"-"+locale] = r
				show(w.Name+"-"+locale, w.Title+", "+locale, r.files, r.seen(t), phones)
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
		if err != nil {
			t.Fatal(err)
		}
		show("portfolio-"+name, "All bots: "+name, files,
			func(way) string { return mail.PortfolioHTML(p) }, ways)
	}
	if *gallery == "" {
		return
	}
	for name, c := range countsOf(t, measured) {
		data, err := json.MarshalIndent(c, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(*gallery, name, countsFile), data)
	}
	write(t, filepath.Join(*gallery, "index.html"), executed(t, galleryPage, shown))
	if *before != "" {
		var pairs []pair
		for _, e := range shown {
			pairs = append(pairs, e.pair(*before))
		}
		write(t, filepath.Join(*gallery, "compare.html"), executed(t, comparePage, pairs))
	}
}

const countsFile = "counts.json"

// An exhibit has all pictures of a week.
type exhibit struct {
	Name, Title                 string   // Name is one of a folder
	Pages, Mails, Slack, Charts []string // pictures, relative to the index

	t   *testing.T
	dir string
}

// way is how a mail is looked at.
type way struct {
	name  string // light, dark, or blocked: without its images
	width int
}

var (
	ways = []way{{"light", 360}, {"light", phoneWidth}, {"light", 600}, {"light", 1200},
		{"blocked", phoneWidth}, {"blocked", 600}, {"dark", phoneWidth}, {"dark", 1200}}
	phones = []way{{"light", 360}, {"light", phoneWidth}}
)

// seen returns a report's mail for each way of looking at it.
func (r rendered) seen(t *testing.T) func(way) string {
	return func(way way) string {
		if way.name == "blocked" {
			return r.mail(t, "blocked/") // there are no such files
		}
		return r.mail(t, "")
	}
}

// draw writes the editions, and pictures of them, into the exhibit's folder.
func (e *exhibit) draw(files []report.File, mails func(way) string, ways []way) {
	for _, f := range files {
		write(e.t, filepath.Join(e.dir, filepath.FromSlash(f.Name)), f.Data)
		switch {
		case strings.HasPrefix(f.Name, "charts/"):
			e.Charts = append(e.Charts, e.Name+"/"+f.Name)
		case f.Name == report.PDF && output(e.t, "pdftoppm", "-r", "80", "-png",
			filepath.Join(e.dir, report.PDF), filepath.Join(e.dir, "page")) != nil:
			pages, err := filepath.Glob(filepath.Join(e.dir, "page-*.png"))
			if err != nil {
				e.t.Fatal(err)
			}
			for _, page := range pages {
				e.Pages = append(e.Pages, e.Name+"/"+filepath.Base(page))
			}
		}
	}
	// Only two windows, since each takes a second: one for dark mode, and one for the rest
	for _, dark := range []bool{false, true} {
		var frames []frame
		var names []string
		for _, way := range ways {
			if dark == (way.name == "dark") {
				frames = append(frames, frame{mails(way), way.width})
				names = append(names, fmt.Sprintf("mail-%s-%d.png", way.name, way.width))
			}
		}
		mailed := len(frames)
		i := slices.IndexFunc(files, func(f report.File) bool { return f.Name == report.Digest })
		if !dark && i >= 0 {
			frames = append(frames, frame{slackPage(e.t, files[i].Data), phoneWidth})
			names = append(names, fmt.Sprintf("slack-%d.png", phoneWidth))
		}
		if len(frames) == 0 {
			continue
		}
		for i, picture := range shots(e.t, e.dir, dark, frames) {
			write(e.t, filepath.Join(e.dir, names[i]), picture)
			if i < mailed {
				e.Mails = append(e.Mails, e.Name+"/"+names[i])
			} else {
				e.Slack = append(e.Slack, e.Name+"/"+names[i])
			}
		}
	}
}

// A pair is an exhibit with the one of the same name in an earlier gallery.
type pair struct {
	*exhibit
	Rows          []row
	Before, After []count
}

// A row is a picture, and the same one of the earlier gallery. One of them may be missing.
type row struct{ Title, Before, After string }

// A count is a name and a number.
type count struct{ Name, Value string }

// pair copies the exhibit's pictures of an earlier gallery into the gallery, and returns both.
func (e *exhibit) pair(earlier string) pair {
	p := pair{exhibit: e, Before: counted(e.t, filepath.Join(earlier, e.Name)),
		After: counted(e.t, e.dir)}
	add := func(title, name string) {
		r := row{Title: title}
		if _, err := os.Stat(filepath.Join(e.dir, name)); err == nil {
			r.After = e.Name + "/" + name
		}
		data, err := os.ReadFile(filepath.Join(earlier, e.Name, name))
		if err == nil {
			r.Before = "before/" + e.Name + "/" + name
			write(e.t, filepath.Join(*gallery, filepath.FromSlash(r.Before)), data)
		} else if !errors.Is(err, fs.ErrNotExist) {
			e.t.Fatal(err)
		}
		if r != (row{Title: title}) {
			p.Rows = append(p.Rows, r)
		}
	}
	add("Mail on a phone", fmt.Sprintf("mail-light-%d.png", phoneWidth))
	add("Mail, 1200 px wide", "mail-light-1200.png")
	add("Slack on a phone", fmt.Sprintf("slack-%d.png", phoneWidth))
	for i := 1; i < 10; i++ {
		add(fmt.Sprintf("PDF, page %d", i), fmt.Sprintf("page-%d.png", i))
	}
	return p
}

// counted reads the counts of a week's folder. It returns none if they were not taken.
func counted(t *testing.T, dir string) []count {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, countsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var c counts
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	var all []count
	for _, column := range columns {
		all = append(all, count{column.title, column.text(&c)})
	}
	return all
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

func executed(t *testing.T, page *template.Template, data any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const galleryStyle = `<!doctype html>
<html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
  body { margin: 24px; background: #5b6472; color: #fff; font: 16px/1.5 system-ui, sans-serif }
  div { display: flex; gap: 12px; overflow-x: auto; align-items: flex-start; padding-bottom: 12px }
  img { display: block; max-height: 80vh; width: auto }
  a { color: #fff }
  h3 { margin: 16px 0 4px; font-size: 15px }
  .pair { display: grid; grid-template-columns: 1fr 1fr }
  .pair img { max-height: none; max-width: 100% }
  table { border-collapse: collapse; margin-bottom: 12px }
  td, th { padding: 2px 16px 2px 0; text-align: left }
</style>
`

var galleryPage = template.Must(template.New("gallery").Parse(galleryStyle + `<title>The gallery</title>
<main>
<h1>The gallery</h1>
<p>{{range .}}<a href="#{{.Name}}">{{.Title}}</a> &nbsp; {{end}}</p>
{{range .}}<section id="{{.Name}}"><h2>{{.Title}}</h2>
{{with .Pages}}<h3>PDF</h3><div tabindex="0">{{range .}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" loading="lazy"></a>{{end}}</div>
{{end}}<h3>Mail</h3><div tabindex="0">{{range .Mails}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" loading="lazy"></a>{{end}}</div>
{{with .Slack}}<h3>Slack, about</h3><div tabindex="0">{{range .}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" loading="lazy"></a>{{end}}</div>
{{end}}{{with .Charts}}<h3>Charts</h3><div tabindex="0">{{range .}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" style="max-height:280px" loading="lazy"></a>{{end}}</div>
{{end}}</section>
{{end}}</main>
</html>
`))

var comparePage = template.Must(template.New("compare").Parse(galleryStyle + `<title>Before and after</title>
<main>
<h1>Before and after</h1>
<p>{{range .}}<a href="#{{.Name}}">{{.Title}}</a> &nbsp; {{end}}</p>
{{range .}}<section id="{{.Name}}"><h2>{{.Title}}</h2>
{{if .After}}<table><tr><td></td><th scope="col">before</th><th scope="col">after</th></tr>
{{$before := .Before}}{{range $i, $c := .After}}<tr><th scope="row">{{$c.Name}}</th><td>{{if $before}}{{(index $before $i).Value}}{{end}}</td><td>{{$c.Value}}</td></tr>
{{end}}</table>
{{end}}{{range .Rows}}<h3>{{.Title}}</h3><div class="pair"><span>{{with .Before}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" loading="lazy"></a>{{else}}none{{end}}</span>
<span>{{with .After}}<a href="{{.}}"><img src="{{.}}" alt="{{.}}" loading="lazy"></a>{{else}}none{{end}}</span></div>
{{end}}</section>
{{end}}</main>
</html>
`))
