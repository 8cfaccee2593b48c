package inspect

import (
	"errors"
	"fmt"
	"strings"
)

// Document is what a PDF says.
type Document struct {
	Title, Lang string
	Pages       int
	Bookmarks   []string // the titles of the viewer's outline
	Files       []File   // inside
	Root        *Element
}

// File is a file inside a PDF.
type File struct {
	Name, Description string
	Data              []byte
}

// Element is a part of a document.
type Element struct {
	Role    string // such as H1, P, Table
	Alt     string // what replaces it where it cannot be seen
	Actual  string // its text, if it is drawn in another order
	Lang    string // if it differs from the document's
	Scope   string // of a TH
	Summary string // of a Table
	Target  string // of a Link: an address, or "page 2"
	Kids    []Kid
}

// Kid is what is in an element: a text, or else an element.
type Kid struct {
	Text    string
	Element *Element
}

// Read reads a PDF of package tagged. It fails if the file is no PDF, or not tagged.
func Read(data []byte) (*Document, error) {
	f, err := open(data)
	if err != nil {
		return nil, err
	}
	catalog := f.dict(f.trailer["Root"])
	tree := f.dict(catalog["StructTreeRoot"])
	if tree == nil {
		return nil, errors.New("the PDF is not tagged")
	}
	d := &Document{
		Title: textOf(f.dict(f.trailer["Info"])["Title"]),
		Lang:  textOf(catalog["Lang"]),
	}
	r := &reader{file: f, said: make(map[ref]map[int]string), pages: make(map[ref]int)}
	for _, page := range f.array(f.dict(catalog["Pages"])["Kids"]) {
		if page, ok := page.(ref); ok {
			d.Pages++
			r.pages[page] = d.Pages
		}
	}
	outline := f.dict(catalog["Outlines"])
	for item := f.dict(outline["First"]); item != nil && len(d.Bookmarks) < mostElements; {
		d.Bookmarks = append(d.Bookmarks, textOf(item["Title"]))
		item = f.dict(item["Next"])
	}
	for _, file := range f.array(catalog["AF"]) {
		d.Files = append(d.Files, f.attached(f.dict(file)))
	}
	if d.Root = r.element(tree["K"], mostDeep); d.Root == nil {
		return nil, errors.New("the PDF has no element")
	}
	return d, nil
}

// attached reads a file inside the PDF.
func (f *file) attached(spec dict) File {
	file := File{Name: textOf(spec["UF"]), Description: textOf(spec["Desc"])}
	if data, ok := f.get(f.dict(spec["EF"])["F"]).(stream); ok {
		file.Data, _ = inflate(data)
	}
	return file
}

// Limits of a file that was not made by package tagged.
const (
	mostElements = 1 << 16
	mostDeep     = 50
)

// reader reads the tree of elements.
type reader struct {
	*file
	pages map[ref]int            // the numbers of the pages
	said  map[ref]map[int]string // the texts of the pages that were read
	count int                    // of the elements that were read
}

func (r *reader) element(v any, levels int) *Element {
	d := r.dict(v)
	if d == nil || levels == 0 || r.count == mostElements {
		return nil
	}
	r.count++
	role, _ := d["S"].(name)
	e := &Element{Role: string(role), Alt: textOf(d["Alt"]), Actual: textOf(d["ActualText"]),
		Lang: textOf(d["Lang"])}
	attributes := r.dict(d["A"])
	scope, _ := attributes["Scope"].(name)
	e.Scope, e.Summary = string(scope), textOf(attributes["Summary"])
	kids, ok := r.get(d["K"]).([]any)
	if !ok {
		kids = []any{d["K"]}
	}
	for _, k := range kids {
		page := d["Pg"]
		mcid, isContent := count(k)
		item := r.dict(k)
		switch {
		case item["Type"] == name("OBJR"):
			if target := r.target(r.dict(item["Obj"])); target != "" {
				e.Target = target
			}
			continue
		case item["Type"] == name("MCR"):
			page = item["Pg"]
			mcid, isContent = count(item["MCID"])
		}
		if isContent {
			e.say(r.text(page, mcid))
		} else if child := r.element(k, levels-1); child != nil {
			e.Kids = append(e.Kids, Kid{Element: child})
		}
	}
	return e
}

// say adds a text, to the one before if there is one.
func (e *Element) say(text string) {
	if n := len(e.Kids); n > 0 && e.Kids[n-1].Element == nil {
		e.Kids[n-1].Text += text
		return
	}
	e.Kids = append(e.Kids, Kid{Text: text})
}

// text returns a text of marked content.
func (r *reader) text(page any, mcid int) string {
	n, ok := page.(ref)
	if !ok {
		return ""
	}
	if _, ok := r.said[n]; !ok {
		r.said[n] = r.file.said(r.dict(n))
	}
	return r.said[n][mcid]
}

// target returns where the annotation of a link leads.
func (r *reader) target(annotation dict) string {
	if url := textOf(r.dict(annotation["A"])["URI"]); url != "" {
		return url
	}
	if place := r.array(annotation["Dest"]); len(place) > 0 {
		if page, ok := place[0].(ref); ok {
			return fmt.Sprint("page ", r.pages[page])
		}
	}
	return ""
}

// Find returns the elements of a role, in the order in which they are read.
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

// Text returns what is read of an element, on one line.
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
		if k.Element.Alt != "" { // a sign, which is a word of its own
			said = " " + said + " "
		}
		b.WriteString(said)
	}
	return b.String()
}
