package inspect

import (
	"errors"
	"fmt"
	"strings"
)

// Document is the content of a PDF, as a screen reader gets it.
type Document struct {
	Title, Lang string
	Pages       int
	Bookmarks   []string // the titles of the viewer's outline
	Files       []File   // embedded
	Unread      []string // texts on the pages outside of elements, such as page numbers
	Root        *Element
}

// File is a file embedded in a PDF.
type File struct {
	Name, Description string
	Data              []byte
}

// Element is a part of a document, such as a heading or a table.
type Element struct {
	Role    string // such as H1, P, Table
	Alt     string // read instead of it, such as of a Figure
	Actual  string // its text as it is read, if it is drawn differently
	Lang    string // if it differs from the document's
	Scope   string // of a TH
	Summary string // of a Table
	Target  string // of a Link: an address, or "page 2"
	// Description is the description of a Link's target.
	Description string
	Kids        []Kid
}

// Kid is a part of an element: a text or, if Element is not nil, an element.
type Kid struct {
	Text    string
	Element *Element
}

// Read reads a PDF of package tagged. It fails if the file is not a PDF or not tagged, if a part of
// it is damaged, and if its elements contradict its parent tree. It also fails if more than 32 MB
// would have to be read, decompressed or returned. So it ends within seconds for any file.
func Read(data []byte) (*Document, error) {
	f, err := open(data)
	if err != nil {
		return nil, err
	}
	if f.trailer["Encrypt"] != nil {
		return nil, errors.New("the PDF is encrypted")
	}
	if f.trailer["Prev"] != nil {
		return nil, errors.New("the PDF was changed or linearized by another program")
	}
	catalog := f.dict(f.trailer["Root"])
	tree := f.dict(catalog["StructTreeRoot"])
	if f.broken != nil {
		return nil, f.broken
	}
	if tree == nil {
		return nil, errors.New("the PDF is not tagged")
	}
	d := &Document{
		Title: f.textOf(f.dict(f.trailer["Info"])["Title"]),
		Lang:  f.textOf(catalog["Lang"]),
	}
	r := &reader{file: f, contents: make(map[ref]content), pages: make(map[ref]int),
		owners: make(map[owned][]ref)}
	for _, page := range f.array(f.dict(catalog["Pages"])["Kids"]) {
		if page, ok := page.(ref); ok && r.pages[page] == 0 {
			d.Pages++
			r.pages[page] = d.Pages
			r.contents[page] = f.contentOf(f.dict(page))
			d.Unread = append(d.Unread, r.contents[page].unread...)
		}
	}
	outline := f.dict(catalog["Outlines"])
	for item := f.dict(outline["First"]); item != nil && len(d.Bookmarks) < mostElements; {
		d.Bookmarks = append(d.Bookmarks, f.textOf(item["Title"]))
		item = f.dict(item["Next"])
	}
	for _, file := range f.array(catalog["AF"]) {
		d.Files = append(d.Files, f.attached(f.dict(file)))
	}
	d.Root = r.element(tree["K"], mostDeep)
	switch {
	case f.left < 0:
		return nil, errTooMuch
	case f.broken != nil:
		return nil, f.broken
	case d.Root == nil:
		return nil, errors.New("the PDF has no element")
	case d.Title == "" || d.Lang == "":
		return nil, errors.New("the PDF has no title or no language")
	}
	if err := r.checkParents(tree["ParentTree"]); err != nil {
		return nil, err
	}
	return d, nil
}

// attached returns an embedded file.
func (f *file) attached(spec dict) File {
	file := File{Name: f.textOf(spec["UF"]), Description: f.textOf(spec["Desc"])}
	if data, ok := f.get(f.dict(spec["EF"])["F"]).(stream); ok {
		file.Data, _ = f.inflate(data)
	}
	return file
}

// Limits for files that package tagged did not make.
const (
	mostElements = 1 << 16 // and bookmarks
	mostDeep     = 50      // levels of elements
)

// reader reads the tree of elements.
type reader struct {
	*file
	pages    map[ref]int // page numbers, from 1
	contents map[ref]content
	owners   map[owned][]ref // the elements that have each part of a page
	count    int             // elements read so far
}

func (r *reader) element(v any, levels int) *Element {
	d := r.dict(v)
	if d == nil || levels == 0 || r.count == mostElements {
		return nil
	}
	r.count++
	role, _ := d["S"].(name)
	e := &Element{Role: string(role), Alt: r.textOf(d["Alt"]), Actual: r.textOf(d["ActualText"]),
		Lang: r.textOf(d["Lang"])}
	attributes := r.dict(d["A"])
	scope, _ := attributes["Scope"].(name)
	e.Scope, e.Summary = string(scope), r.textOf(attributes["Summary"])
	kids, ok := r.get(d["K"]).([]any)
	if !ok {
		kids = []any{d["K"]}
	}
	var text strings.Builder
	say := func() {
		if text.Len() > 0 {
			e.Kids = append(e.Kids, Kid{Text: text.String()})
			text.Reset()
		}
	}
	for _, k := range kids {
		if !r.spend(1) {
			break
		}
		page := d["Pg"]
		mcid, isContent := count(k)
		item := r.dict(k)
		switch {
		case item["Type"] == name("OBJR"):
			annotation := r.dict(item["Obj"])
			r.own(v, annotation["StructParent"], none)
			e.Target, e.Description = r.target(annotation), r.textOf(annotation["Contents"])
			continue
		case item["Type"] == name("MCR"):
			page = item["Pg"]
			mcid, isContent = count(item["MCID"])
		}
		if isContent {
			r.own(v, r.dict(page)["StructParents"], mcid)
			text.WriteString(r.marked(page, mcid))
		} else if child := r.element(k, levels-1); child != nil {
			say()
			e.Kids = append(e.Kids, Kid{Element: child})
		}
	}
	say()
	return e
}

// marked returns the text of marked content.
func (r *reader) marked(page any, mcid int) string {
	n, _ := page.(ref)
	said := r.contents[n].said[mcid]
	if !r.spend(len(said)) {
		return ""
	}
	return said
}

// target returns where the annotation of a link leads.
func (r *reader) target(annotation dict) string {
	if url := r.textOf(r.dict(annotation["A"])["URI"]); url != "" {
		return url
	}
	if place := r.array(annotation["Dest"]); len(place) > 0 {
		if page, ok := place[0].(ref); ok {
			return fmt.Sprint("page ", r.pages[page])
		}
	}
	return ""
}

// Find returns e and the elements in it that have a role, in reading order.
func (e *Element) Find(role string) (found []*Element) {
	if e.Role == role {
		found = append(found, e)
	}
	for _, k := range e.Kids {
		if k.Element != nil {
			found = append(found, k.Element.Find(role)...)
		}
	}
	return found
}

// Text returns the text of an element as it is read, on one line.
func (e *Element) Text() string { return strings.Join(strings.Fields(e.text()), " ") }

func (e *Element) text() string {
	if e.Alt != "" {
		return e.Alt
	}
	if e.Actual != "" {
		return e.Actual
	}
	var b strings.Builder
	for _, k := range e.Kids {
		if k.Element == nil {
			b.WriteString(k.Text)
			continue
		}
		said := k.Element.text()
		if k.Element.Alt != "" { // a sign is read as a separate word
			said = " " + said + " "
		}
		b.WriteString(said)
	}
	return b.String()
}
