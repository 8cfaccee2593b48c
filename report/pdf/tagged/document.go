package tagged

import (
	"cmp"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"
	"golang.org/x/text/unicode/bidi"
)

// About is what a file says of itself. All of it is in the file twice, for programs of two kinds.
type About struct {
	Title, Subject, Author string
	Creator                string    // the program
	Lang                   string    // the language of the texts (BCP 47)
	Time                   time.Time // of creation
}

// Document is a document that is being drawn, with what it says as a tree of elements. Draw text
// with [Document.Text], and call [Document.Paint] before anything else that leaves a trace on the
// page. New pages, links and bookmarks have to be made by Document too, not by gofpdf.
type Document struct {
	// Unicode returns the text of a character of private use, by which a font has something that is
	// no single character. If it is nil or returns "", a character is itself.
	Unicode func(rune) string

	pdf   *gofpdf.Fpdf
	about About
	root  *Element
	at    *Element // what is drawn

	open        *Element // whose marked-content sequence is open, if any
	pages       []page
	annotations []*annotation
	bookmarks   []bookmark
	files       []File
	used        map[rune]bool // the characters that were drawn
}

// page is a page that was drawn.
type page struct {
	height float64    // in points
	owners []*Element // of its marked-content sequences
}

// Place is a place to which links lead.
type Place struct {
	page int // 0: none yet
	y    float64
}

// annotation is the area of a link.
type annotation struct {
	page        int
	area        Area
	description string
	url         string // or else
	place       *Place
	link        *Element
	number      int // of its object
}

type bookmark struct {
	title string
	Place
}

// New returns an empty document on gofpdf, to which no page was added yet.
func New(pdf *gofpdf.Fpdf, about About) *Document {
	root := &Element{role: "Document"}
	return &Document{pdf: pdf, about: about, root: root, at: root, used: make(map[rune]bool)}
}

// AddPage begins a page.
func (d *Document) AddPage() {
	d.close()
	d.pdf.AddPage()
	_, height := d.pdf.GetPageSize()
	d.pages = append(d.pages, page{height: height * d.pdf.GetConversionRatio()})
}

// At returns the element to which now belongs what is drawn.
func (d *Document) At() *Element { return d.at }

// In calls draw. What draw draws belongs to the element. An element may be returned to, also on a
// later page.
func (d *Document) In(e *Element, draw func()) {
	before := d.at
	d.at = e
	draw()
	d.at = before
}

// Tag adds an element to the present one and calls draw in it. It returns the element.
func (d *Document) Tag(role Role, draw func()) *Element {
	e := d.at.Add(role)
	d.In(e, draw)
	return e
}

// Artifact calls draw. What draw draws is not read: ornaments, and what is there already.
func (d *Document) Artifact(draw func()) { d.In(&Element{artifact: ornament}, draw) }

// Footer calls draw. What draw draws is not read, since it is on every page.
func (d *Document) Footer(draw func()) { d.In(&Element{artifact: footer}, draw) }

// Text draws a line of text from x on, in the font that gofpdf has. See Line.
func (d *Document) Text(x, y float64, drawn, actual string) {
	d.Line(y, actual, "", Part{X: x, Text: drawn})
}

// Part is a part of a line that has a font of its own.
type Part struct {
	X    float64 // where it begins
	Text string  // as it is drawn, from left to right
	Font func()  // sets the font; nil: gofpdf has it
}

// Line draws a line of text with its baseline at y, in the color that gofpdf has. actual is the text
// as it is read, if that is not as it is drawn, such as in Hebrew. copied is the text as it is
// copied from a viewer, if the fonts lack a part of it; a text from right to left is copied as it is
// drawn. The next line of a paragraph is separated from it by a space only if the text ends in one.
func (d *Document) Line(y float64, actual, copied string, parts ...Part) {
	var drawn, said strings.Builder
	for _, part := range parts {
		drawn.WriteString(part.Text)
		for _, r := range part.Text {
			if r > lastCode || !hasUnicode(r) {
				d.pdf.SetErrorf("tagged: %q has the character %U, which gofpdf cannot write",
					part.Text, r)
				return
			}
			d.used[r] = true
			said.WriteString(cmp.Or(d.unicode(r), string(r)))
		}
	}
	e := d.at
	same := actual == "" || actual == drawn.String() || actual == said.String()
	if !same && e.role != Figure && e.artifact == "" {
		e = e.Add(Span)
		e.actual = actual
	}
	d.begin(e)
	// Viewers copy the text of marked content, and not that of elements. But poppler takes it for the
	// text as it is drawn, and reverses what is in order from right to left.
	if strings.ContainsFunc(copied, rightToLeft) {
		copied = ""
	}
	if copied != "" {
		d.pdf.RawWriteStr(string(text([]byte("/Span <</ActualText "), copied)) + ">> BDC")
	}
	for _, part := range parts {
		if part.Font != nil {
			part.Font()
		}
		d.pdf.Text(part.X, y, part.Text)
	}
	if copied != "" {
		d.pdf.RawWriteStr("EMC")
	}
}

func rightToLeft(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}

// unicode returns the text of a character for private use, and "" of others.
func (d *Document) unicode(r rune) string {
	if d.Unicode == nil {
		return ""
	}
	return d.Unicode(r)
}

// Paint announces that something else than text is drawn. It belongs to the Figure in which it is
// drawn. Elsewhere it is an ornament.
func (d *Document) Paint() {
	if d.at.role == Figure || d.at.artifact != "" {
		d.begin(d.at)
		return
	}
	d.begin(&Element{artifact: ornament})
}

// begin begins the marked-content sequence of an element, unless it is open already.
func (d *Document) begin(e *Element) {
	n := d.pdf.PageNo()
	switch {
	case n == 0 || n != len(d.pages):
		d.pdf.SetErrorf("tagged: page %d was not added by AddPage of its Document", n)
		return
	case d.open != nil && (d.open == e || e.artifact != "" && d.open.artifact == e.artifact):
		return
	}
	d.close()
	d.open = e
	if e.artifact != "" {
		d.pdf.RawWriteStr(e.artifact)
		return
	}
	page := &d.pages[n-1]
	mcid := len(page.owners)
	page.owners = append(page.owners, e)
	e.kids = append(e.kids, kid{page: n, mcid: mcid})
	if e.page == 0 {
		e.page, e.height = n, page.height
	}
	d.pdf.RawWriteStr(markedContent(e.role, mcid))
}

// close ends the marked-content sequence that is open.
func (d *Document) close() {
	if d.open != nil {
		d.pdf.RawWriteStr("EMC")
		d.open = nil
	}
}

// Reach puts a place at a height of the present page.
func (d *Document) Reach(place *Place, y float64) { *place = Place{d.pdf.PageNo(), y} }

// LinkPlace makes an area of the present page a link to a place, of which description says what is
// there. The present element is a Link, and has the text. The place may be reached later.
func (d *Document) LinkPlace(area Area, place *Place, description string) {
	d.link(&annotation{area: area, place: place, description: description})
}

// LinkURL makes an area of the present page a link to an address in ASCII, of which description
// says what is there. The present element is a Link, and has the text.
func (d *Document) LinkURL(area Area, url, description string) {
	d.link(&annotation{area: area, url: url, description: description})
}

// link adds the link, except to an artifact, in which it would have no text.
func (d *Document) link(a *annotation) {
	if d.at.artifact != "" {
		return
	}
	a.page, a.link = d.pdf.PageNo(), d.at
	d.at.kids = append(d.at.kids, kid{annotation: a})
	d.annotations = append(d.annotations, a)
}

// Bookmark adds a title to the outline that viewers show. It leads to a height of the present page.
func (d *Document) Bookmark(title string, y float64) {
	d.bookmarks = append(d.bookmarks, bookmark{title, Place{d.pdf.PageNo(), y}})
}

// File is a file inside the document: the data that it shows.
type File struct {
	Name        string // in ASCII
	Type        string // such as "text/csv"
	Description string
	Data        []byte
}

// Attach adds a file.
func (d *Document) Attach(f File) { d.files = append(d.files, f) }
