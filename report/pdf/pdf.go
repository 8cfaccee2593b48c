package pdf

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/jung-kurt/gofpdf"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// Render returns the report as a PDF of A4 pages: one page if there are few chats, and otherwise
// about three. pictures are those of charts.All. A chart without a picture is left out. The
// document has the files inside. The same arguments give the same bytes. Render fails if gofpdf
// does.
func Render(
	r *figures.Report, s *summary.Summary, pictures []charts.Picture, files ...tagged.File,
) (data []byte, err error) {
	// gofpdf panics on texts and fonts that it cannot write.
	defer func() {
		if cause := recover(); cause != nil {
			data, err = nil, fmt.Errorf("PDF: %v", cause)
		}
	}()
	d := newDocument(r, s, pictures)
	for _, f := range files {
		d.doc.Attach(f)
	}
	d.draw(paginate(d.blocks()))
	if data, err = d.doc.Bytes(); err != nil {
		return nil, fmt.Errorf("PDF: %w", err)
	}
	return data, nil
}

// fewChats is the number of chats a day below which a report is one page.
const fewChats = 100

// mostPages is the number of pages above which lists become shorter, and charts narrower.
const mostPages = 3

// blocks returns the blocks of the report. They fit on one page if there were few chats.
func (d *document) blocks() (blocks []block) {
	if this := d.r.Chats.This(); this.Known() && this.Count < fewChats*this.KnownDays() {
		return d.single()
	}
	pages := func(blocks []block) int { return len(deal(blocks)) }
	for _, charts := range []arrangement{below, abreast} {
		front, rest := d.front(charts)
		for _, rows := range []int{summary.Top, 8, 6, 5} {
			blocks = slices.Concat(front, d.details(rest, rows, 1))
			// apart has the tables on a page of their own.
			apart := slices.Concat(front, d.details(rest, rows, 2))
			if pages(apart) <= pages(blocks) {
				blocks = apart
			}
			if pages(blocks) <= mostPages {
				return blocks
			}
		}
	}
	return blocks
}

// document is a report that is laid out.
type document struct {
	*sheet
	r        *figures.Report
	s        *summary.Summary
	logo     theme.Logo // its PNG is nil: none
	pictures map[string]charts.Picture
	places   map[string]*tagged.Place // by the name of their mark
}

func newDocument(r *figures.Report, s *summary.Summary, pictures []charts.Picture) *document {
	f := gofpdf.New("P", "pt", "A4", "")
	f.SetCatalogSort(true)
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes(family, regular.gofpdf, fonts.Regular())
	f.AddUTF8FontFromBytes(family, semiBold.gofpdf, fonts.SemiBold())

	doc := tagged.New(f, tagged.About{
		Title: spoken(s.Title), Subject: spoken(s.Headline),
		Author: s.Words.Say(wording.Author), Creator: s.Words.Say(wording.Author),
		Lang: s.Words.Locale(), Time: r.FetchedAt,
	})
	doc.Unicode = fonts.Letters
	d := &document{sheet: &sheet{pdf: f, doc: doc, Paper: own}, r: r, s: s,
		pictures: make(map[string]charts.Picture), places: make(map[string]*tagged.Place)}
	if b := r.Brand; b != nil {
		d.Paper = theme.OnPaper(b.Accent)
		d.logo, _ = theme.ReadLogo(b.Logo)
	}
	for _, p := range pictures {
		d.pictures[p.Name] = p
	}
	return d
}

// draw draws the pages. It makes the places first, since a tile links to a later page.
func (d *document) draw(pages [][]placed) {
	for _, page := range pages {
		for _, b := range page {
			for _, m := range b.marks {
				if m.name != "" {
					d.places[m.name] = new(tagged.Place)
				}
			}
		}
	}
	for i, page := range pages {
		d.newPage()
		for _, b := range page {
			d.mark(b.marks, b.y)
			b.draw(b.y, b.drawn)
		}
		d.doc.Footer(func() { d.foot(i+1, len(pages)) })
	}
}

// mark sets marks at a height of the page.
func (d *document) mark(marks []mark, y float64) {
	y -= 10 // room above the title
	for _, m := range marks {
		if m.name != "" {
			d.doc.Reach(d.places[m.name], y)
		}
		d.doc.Bookmark(spoken(m.title), y)
	}
}

// foot writes the bot, the dates, the report's ID and the page number.
func (d *document) foot(page, pages int) {
	d.rule(grid, left, left+width, footLine-14)
	number := d.s.Words.Say(wording.PageOf, strconv.Itoa(page), strconv.Itoa(pages))
	d.textRight(footStyle, number, left+width, footLine)
	id := footStyle.fit(d.r.ID, width/3)
	idRight := left + width - footStyle.width(number) - 16
	d.textRight(footStyle, id, idRight, footLine)

	dates := ", " + d.s.Dates
	bot := footStyle.fit(d.s.Bot, idRight-footStyle.width(id)-16-footStyle.width(dates)-left)
	d.text(footStyle, bot+dates, left, footLine)
}
