package tagged

import (
	"cmp"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"
	"golang.org/x/text/unicode/bidi"
)

// About is the metadata of a document. The file has it twice: as the document information and as
// XMP.
type About struct {
	Title, Subject, Author string
	Creator                string    // the program
	Lang                   string    // the language of the texts (BCP 47)
	Time                   time.Time // of creation
}

// Document is a document that is being drawn, and its tree of elements. Draw text with
// [Document.Line]. Call [Document.Paint] before drawing anything else. Make pages, links and
// bookmarks with the methods of Document, not with those of gofpdf.
type Document struct {
	// Unicode returns the text that a private-use character means, such as an emoji of several
	// characters. If it is nil or returns "", the character means itself. The codes of a font are
	// the characters of 16 bits, so others need a private-use character.
	Unicode func(rune) string

	pdf   *gofpdf.Fpdf
	about About
	root  *Element
	at    *Element // of what is drawn now

	open        *Element // whose marked content is open; nil: none
	pages       []page
	annotations []*annotation
	bookmarks   []bookmark
	files       []File
	fonts       []usedFont
	set         sized // the current font
}

// page is a page that was drawn.
type page struct {
	height float64    // in points
	owners []*Element // of its marked content, by number
}

// Place is the target of links: a height on a page.
type Place struct {
	page int // 0: not set yet
	y    float64
}

// annotation is the area of a link.
type annotation struct {
	page        int
	area        Area
	description string
	url         string // empty: it leads to place
	place       *Place
	link        *Element
	number      int // of its object
}

type bookmark struct {
	title string
	Place
}

// New returns an empty document that draws on pdf. pdf has no pages yet.
func New(pdf *gofpdf.Fpdf, about About) *Document {
	root := &Element{role: "Document"}
	return &Document{pdf: pdf, about: about, root: root, at: root}
}

// AddPage begins a page.
func (d *Document) AddPage() {
	d.close()
	d.pdf.AddPage()
	_, height := d.pdf.GetPageSize()
	d.pages = append(d.pages, page{height: height * d.pdf.GetConversionRatio()})
}

// At returns the current element: what is drawn now belongs to it.
func (d *Document) At() *Element { return d.at }

// In calls draw. What draw draws belongs to e. An element can be entered again, also on a later
// page.
func (d *Document) In(e *Element, draw func()) {
	before := d.at
	d.at = e
	draw()
	d.at = before
}

// Tag adds an element to the current one and calls draw in it. It returns the new element.
func (d *Document) Tag(role Role, draw func()) *Element {
	e := d.at.Add(role)
	d.In(e, draw)
	return e
}

// Artifact calls draw. Screen readers skip what draw draws. Use it for ornaments, and for what the
// document says elsewhere.
func (d *Document) Artifact(draw func()) { d.In(&Element{artifact: ornament}, draw) }

// Footer calls draw. Screen readers skip what draw draws, since every page repeats it.
func (d *Document) Footer(draw func()) { d.In(&Element{artifact: footer}, draw) }

// Part is a part of a line in one font.
type Part struct {
	Font Font
	Size float64 // in points
	X    float64 // where it begins
	Text string  // as it is drawn, from left to right
}

// Line draws a line of text with its baseline at y, in the current color of gofpdf. actual is the
// text as it is read, if it differs from the drawn one, such as in Hebrew. copied is the text that
// viewers copy, if the fonts lack a part of it. Line ignores copied if it has text from right to
// left: viewers then copy what is drawn. If the paragraph continues on another line, end the text
// with a space.
//
// Line sets an error of gofpdf if a character has no code, see [Document.Unicode].
func (d *Document) Line(y float64, actual, copied string, parts ...Part) {
	var drawn, said strings.Builder
	for _, part := range parts {
		drawn.WriteString(part.Text)
		for _, r := range part.Text {
			if r > lastCode || !hasUnicode(r) {
				d.pdf.SetErrorf("tagged: %q has the character %U, which has no code", part.Text, r)
				return
			}
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
	// Viewers copy the ActualText of marked content, and ignore that of elements. Poppler assumes
	// that it is in drawing order, and reverses what is from right to left.
	if strings.ContainsFunc(copied, rightToLeft) {
		copied = ""
	}
	if copied != "" {
		d.pdf.RawWriteStr(string(text([]byte("/Span <</ActualText "), copied)) + ">> BDC")
	}
	for _, part := range parts {
		chars := d.setFont(part.Font, part.Size)
		for _, r := range part.Text {
			chars[r] = true
		}
		d.pdf.Text(part.X, y, codes(part.Text))
	}
	if copied != "" {
		d.pdf.RawWriteStr("EMC")
	}
}

func rightToLeft(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}

// unicode returns the text that a private-use character means, and "" for other characters.
func (d *Document) unicode(r rune) string {
	if d.Unicode == nil {
		return ""
	}
	return d.Unicode(r)
}

// Paint prepares drawing anything other than text. In a Figure, what is drawn next belongs to the
// Figure. Elsewhere it is an artifact.
func (d *Document) Paint() {
	if d.at.role == Figure || d.at.artifact != "" {
		d.begin(d.at)
		return
	}
	d.begin(&Element{artifact: ornament})
}

// begin begins marked content of an element, unless it is open already.
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

// close ends the marked content that is open, if any.
func (d *Document) close() {
	if d.open != nil {
		d.pdf.RawWriteStr("EMC")
		d.open = nil
	}
}

// Reach sets place to the height y of the current page.
func (d *Document) Reach(place *Place, y float64) { *place = Place{d.pdf.PageNo(), y} }

// LinkPlace makes an area of the current page a link to a place. description says what is there.
// The current element must be a Link and have the text. place can be set later, see
// [Document.Reach].
func (d *Document) LinkPlace(area Area, place *Place, description string) {
	d.link(&annotation{area: area, place: place, description: description})
}

// LinkURL makes an area of the current page a link to a URL in ASCII. description says what is
// there. The current element must be a Link and have the text.
func (d *Document) LinkURL(area Area, url, description string) {
	d.link(&annotation{area: area, url: url, description: description})
}

// link adds the link. It ignores links in artifacts, which have no text for screen readers.
func (d *Document) link(a *annotation) {
	if d.at.artifact != "" {
		return
	}
	a.page, a.link = d.pdf.PageNo(), d.at
	d.at.kids = append(d.at.kids, kid{annotation: a})
	d.annotations = append(d.annotations, a)
}

// Bookmark adds a title to the outline that viewers show. It leads to the height y of the current
// page.
func (d *Document) Bookmark(title string, y float64) {
	d.bookmarks = append(d.bookmarks, bookmark{title, Place{d.pdf.PageNo(), y}})
}

// File is a file embedded in the document, such as the data that it shows.
type File struct {
	Name        string // in ASCII
	Type        string // such as "text/csv"
	Description string
	Data        []byte
}

// Attach embeds a file in the document.
func (d *Document) Attach(f File) { d.files = append(d.files, f) }
