package tagged

import "strconv"

// Role is the kind of an element, such as heading or table: a standard structure type of ISO
// 32000-1, 14.8.4.
type Role string

// The roles. A list (L) has items (LI). An item has a body (LBody), and may have a label (Lbl)
// before it. A table has the row groups THead, TBody and TFoot, in this order.
const (
	H1, H2, P, Span Role = "H1", "H2", "P", "Span"

	L, LI, Lbl, LBody Role = "L", "LI", "Lbl", "LBody"

	Table, THead, TBody, TFoot Role = "Table", "THead", "TBody", "TFoot"
	TR, TH, TD                 Role = "TR", "TH", "TD"

	Figure, Link Role = "Figure", "Link"
)

// Scope says whether a header cell (TH) belongs to a column or a row.
type Scope string

// The scopes.
const (
	Column Scope = "Column"
	Row    Scope = "Row"
)

// Area is a rectangle on a page, in the document's units, with x and y at its upper left corner.
type Area struct{ X, Y, W, H float64 }

// Element is a part of a document. Its content and its elements are read in the order in which they
// were added. Elements without content are left out of the file, except empty cells of a row with
// content.
type Element struct {
	Alt     string // read instead of a Figure, or of a Span that is a sign
	Lang    string // its language (BCP 47), if that is not the document's
	Scope   Scope  // of a TH
	Summary string // of a Table: what it shows
	Area    Area   // of a Figure

	role     Role
	actual   string // of a Span: its text as it is read, if drawn differently
	artifact string // the operator that begins it, if it is an artifact
	parent   *Element
	kids     []kid

	page   int     // the page of its first content; 0: it has none
	height float64 // of this page, in points
	number int     // of its object; 0: it is left out
}

// kid is a part of an element: an element, an annotation, or the marked content mcid of a page.
type kid struct {
	element    *Element
	annotation *annotation
	page, mcid int
}

// The operators that begin artifacts, which screen readers skip.
const (
	ornament = "/Artifact BMC"
	footer   = "/Artifact <</Type/Pagination/Subtype/Footer>> BDC"
)

// Add adds an element at the end and returns it. An element that is added to an artifact is an
// artifact.
func (e *Element) Add(role Role) *Element {
	if e.artifact != "" {
		return &Element{role: role, artifact: e.artifact}
	}
	child := &Element{role: role, parent: e}
	e.kids = append(e.kids, kid{element: child})
	return child
}

// enumerate assigns object numbers, from next on, to e and to those of its elements that are
// written. It returns the next free number.
func (e *Element) enumerate(next int) int {
	e.number = next
	next++
	for _, k := range e.kids {
		if k.element != nil && k.element.written() {
			next = k.element.enumerate(next)
		}
	}
	return next
}

func (e *Element) written() bool {
	cell := e.role == TD || e.role == TH
	return e.hasContent() || cell && e.parent.hasContent()
}

func (e *Element) hasContent() bool {
	if e.page > 0 {
		return true
	}
	for _, k := range e.kids {
		if k.annotation != nil || k.element != nil && k.element.hasContent() {
			return true
		}
	}
	return false
}

// append appends the element's object to b. pages are the object numbers of the pages.
func (e *Element) append(b []byte, parent int, pages []int, scale float64) []byte {
	b = append(b, "<</S/"...)
	b = append(b, e.role...)
	b = reference(append(b, "/P "...), parent)
	if e.page > 0 {
		b = reference(append(b, "/Pg "...), pages[e.page-1])
	}
	if e.Alt != "" {
		b = text(append(b, "/Alt"...), e.Alt)
	}
	if e.actual != "" {
		b = text(append(b, "/ActualText"...), e.actual)
	}
	if e.Lang != "" {
		b = text(append(b, "/Lang"...), e.Lang)
	}
	b = e.attributes(b, scale)
	b = append(b, "/K["...)
	for _, k := range e.kids {
		switch {
		case k.element != nil:
			if k.element.number > 0 {
				b = append(reference(b, k.element.number), ' ')
			}
		case k.annotation != nil:
			b = reference(append(b, "<</Type/OBJR/Obj "...), k.annotation.number)
			b = reference(append(b, "/Pg "...), pages[k.annotation.page-1])
			b = append(b, ">>"...)
		case k.page == e.page:
			b = append(strconv.AppendInt(b, int64(k.mcid), 10), ' ')
		default:
			b = reference(append(b, "<</Type/MCR/Pg "...), pages[k.page-1])
			b = append(strconv.AppendInt(append(b, "/MCID "...), int64(k.mcid), 10), ">>"...)
		}
	}
	return append(b, "]>>"...)
}

// attributes appends the attributes of the element: scope, summary or bounding box.
func (e *Element) attributes(b []byte, scale float64) []byte {
	switch {
	case e.Scope != "":
		b = append(b, "/A<</O/Table/Scope/"...)
		b = append(append(b, e.Scope...), ">>"...)
	case e.Summary != "":
		b = append(text(append(b, "/A<</O/Table/Summary"...), e.Summary), ">>"...)
	case e.role == Figure && e.page > 0:
		b = append(b, "/A<</O/Layout/Placement/Block/BBox"...)
		b = append(e.Area.append(b, e.height, scale), ">>"...)
	}
	return b
}

// append appends the area as a rectangle of PDF, where y grows upward from the lower edge of the
// page.
func (a Area) append(b []byte, height, scale float64) []byte {
	for i, v := range [...]float64{
		a.X * scale, height - (a.Y+a.H)*scale, (a.X + a.W) * scale, height - a.Y*scale,
	} {
		b = append(b, "[   "[i])
		b = strconv.AppendFloat(b, v, 'f', 2, 64)
	}
	return append(b, ']')
}
