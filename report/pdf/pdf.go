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
// about three. pictures are those of charts.All. A chart without a picture is left out. files are
// embedded. The same arguments give the same bytes. Render fails if gofpdf fails.
func Render(
	r *figures.Report, s *summary.Summary, pictures []charts.Picture, files ...tagged.File,
) ([]byte, error) {
	return written(files, func() (*book, []block) {
		d := newDocument(r, s, pictures)
		return d.book, d.blocks()
	})
}

// written draws the blocks of a book and returns the PDF, with the files embedded.
func written(files []tagged.File, layOut func() (*book, []block)) (data []byte, err error) {
	// gofpdf panics on texts and fonts that it cannot write.
	defer func() {
		if cause := recover(); cause != nil {
			data, err = nil, fmt.Errorf("PDF: %v", cause)
		}
	}()
	b, blocks := layOut()
	for _, f := range files {
		b.doc.Attach(f)
	}
	b.draw(paginate(blocks))
	if data, err = b.doc.Bytes(); err != nil {
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

// book is a sheet with pages. Each page has a foot.
type book struct {
	*sheet
	words  *wording.Wording
	about  footer
	places map[string]*tagged.Place // by the name of the mark
}

// footer is the text of each page's foot.
type footer struct{ id, name, dates string }

// newBook returns a book without pages. Its colors are derived from accent.
func newBook(words *wording.Wording, about tagged.About, foot footer, accent string) *book {
	about.Author, about.Creator = words.Say(wording.Author), words.Say(wording.Author)
	about.Lang = words.Locale()
	f := gofpdf.New("P", "pt", "A4", "")
	f.SetCatalogSort(true)
	f.SetCompression(false) // the tagged document compresses pages, with writers that it keeps
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)

	doc := tagged.New(f, about)
	doc.Unicode = fonts.Letters
	return &book{
		sheet: &sheet{pdf: f, doc: doc, Paper: theme.OnPaper(accent)},
		words: words, about: foot, places: make(map[string]*tagged.Place),
	}
}

// document is a report that is laid out.
type document struct {
	*book
	r        *figures.Report
	s        *summary.Summary
	logo     theme.Logo // its PNG is nil: none
	pictures map[string]charts.Picture
}

func newDocument(r *figures.Report, s *summary.Summary, pictures []charts.Picture) *document {
	d := &document{r: r, s: s, pictures: make(map[string]charts.Picture)}
	accent := ""
	if b := r.Brand; b != nil {
		accent = b.Accent
		d.logo, _ = theme.ReadLogo(b.Logo)
	}
	about := tagged.About{Title: spoken(s.Title), Subject: spoken(s.Headline), Time: r.FetchedAt}
	d.book = newBook(s.Words, about, footer{r.ID, s.Bot, s.Dates}, accent)
	for _, p := range pictures {
		d.pictures[p.Name] = p
	}
	return d
}

// draw draws the pages. It creates the places first, since a tile links to a later page.
func (d *book) draw(pages [][]placed) {
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
		for n, b := range page {
			if n == 0 && b.again.draw != nil {
				b.again.draw(left, b.y-b.again.height)
			}
			d.mark(b.marks, b.y)
			b.draw(b.y, b.drawn)
		}
		d.doc.Footer(func() { d.foot(i+1, len(pages)) })
		d.boxes()
	}
}

// mark sets marks at a height of the page.
func (d *book) mark(marks []mark, y float64) {
	y -= 10 // room above the title
	for _, m := range marks {
		if m.name != "" {
			d.doc.Reach(d.places[m.name], y)
		}
		d.doc.Bookmark(spoken(m.title), y)
	}
}

// foot writes the bot, the dates, the report's ID and the page number.
func (d *book) foot(page, pages int) {
	d.rule(grid, left, left+width, footLine-14)
	number := d.words.Say(wording.PageOf, strconv.Itoa(page), strconv.Itoa(pages))
	d.textRight(footStyle, number, left+width, footLine)
	id := footStyle.fit(d.about.id, width/3)
	idRight := left + width - footStyle.width(number) - 16
	d.textRight(footStyle, id, idRight, footLine)

	dates := ", " + d.about.dates
	bot := footStyle.fit(d.about.name, idRight-footStyle.width(id)-16-footStyle.width(dates)-left)
	d.text(footStyle, bot+dates, left, footLine)
}

// mostScripts is the maximum number of scripts that a page names.
const mostScripts = 3

// boxes writes below the foot which scripts the boxes on the page are.
func (d *book) boxes() {
	if len(d.undrawn) == 0 {
		return
	}
	var scripts []string
	other, others := d.words.ScriptName(""), false
	for _, script := range d.undrawn {
		if name := d.words.ScriptName(script); name == other {
			others = true
		} else {
			scripts = append(scripts, name)
		}
	}
	if others {
		scripts = append(scripts, other)
	}
	said := d.words.Say(wording.Undrawn, d.words.ListSome(scripts, mostScripts))
	d.doc.Tag(tagged.P, func() {
		d.text(footStyle, footStyle.fit(said, width), left, footLine+footLeading)
	})
}
