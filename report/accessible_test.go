package report_test

import (
	"net/url"
	"path/filepath"
	"slices"
	"testing"

	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/pagetest"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/wording"
)

// axe finds no fault in any mail, on a phone and on a desktop, in both color schemes. Languages
// differ only in their texts. So all but English are checked in one scheme at each width, which
// halves the time.
func TestMail_Accessible(t *testing.T) {
	dir := t.TempDir()
	var english, others []pagetest.Page
	add := func(name, locale, page string) {
		file := filepath.Join(dir, name+"-"+locale+".html")
		write(t, file, []byte(page))
		p := pagetest.Page{Name: name + ", " + locale,
			URL: (&url.URL{Scheme: "file", Path: file}).String()}
		if locale == wording.Locales()[0] {
			english = append(english, p)
		} else {
			others = append(others, p)
		}
	}
	weeks := galleryWeeks()
	weeks = append(weeks, figurestest.Exhibit{Name: "hostile", Report: figurestest.Hostile()})
	for _, locale := range wording.Locales() {
		for _, w := range weeks {
			w.Report.Locale = locale
			r := rendered{report: w.Report, summary: said(t, w.Report)}
			add(w.Name, locale, r.mail(t, ""))
		}
		for name, o := range portfoliotest.Cases() {
			o.Locale = locale
			p, err := o.Page()
			if err != nil {
				t.Fatal(err)
			}
			add("portfolio-"+name, locale, mail.PortfolioHTML(p))
		}
	}
	b := pagetest.Start(t)
	pagetest.Check(t, slices.Concat(b.Judge(t, english, pagetest.Windows),
		b.Judge(t, others, []pagetest.Window{{Width: 360, Dark: true}, {Width: 1200}})))
}

// axe finds no fault on the pages of the gallery.
func TestGallery_Accessible(t *testing.T) {
	dir, b := t.TempDir(), pagetest.Start(t)
	e := &exhibit{Name: "busy", Title: "A busy week", Pages: []string{"busy/page-1.png"},
		Mails:  []string{"busy/mail-light-360.png", "busy/mail-dark-360.png"},
		Slack:  []string{"busy/slack-390.png"},
		Charts: []string{"busy/charts/chats.png"}}
	p := pair{exhibit: e, Rows: []row{{"Mail on a phone", "before/busy/mail.png", "busy/mail.png"},
		{"Slack on a phone", "", "busy/slack.png"}},
		Before: []count{{"words", "120"}}, After: []count{{"words", "110"}}}
	var pages []pagetest.Page
	for name, page := range map[string][]byte{
		"index.html":   executed(t, galleryPage, []*exhibit{e}),
		"compare.html": executed(t, comparePage, []pair{p}),
	} {
		file := filepath.Join(dir, name)
		write(t, file, page)
		pages = append(pages, pagetest.Page{Name: name,
			URL: (&url.URL{Scheme: "file", Path: file}).String()})
	}
	pagetest.Check(t, b.Judge(t, pages, []pagetest.Window{{Width: 360}, {Width: 1200}}))
}
