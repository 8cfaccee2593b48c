package pdf

import (
	"strings"

	"kindlyweekly/report/pdf/tagged"
)

// spoken returns a text as it is read where it is not drawn: with all of its characters, also those
// that the fonts lack, but without the isolates around names.
func spoken(s string) string {
	s = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s)
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
}

// heading writes a heading of one line below the document's own.
func (s *sheet) heading(st style, text string, x, y float64) {
	s.doc.Tag(tagged.H2, func() { s.text(st, text, x, y) })
}

// list is a list whose items are drawn one by one, maybe on several pages. It becomes an element
// with the first of them.
type list struct {
	doc *tagged.Document
	e   *tagged.Element
}

// item draws an item.
func (l *list) item(draw func()) { l.labeled(nil, draw) }

// labeled draws an item with a label, if there is one.
func (l *list) labeled(label, draw func()) {
	if l.e == nil {
		l.e = l.doc.At().Add(tagged.L)
	}
	l.doc.In(l.e.Add(tagged.LI), func() {
		if label != nil {
			l.doc.Tag(tagged.Lbl, label)
		}
		l.doc.Tag(tagged.LBody, draw)
	})
}
