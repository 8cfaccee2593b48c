package pdf

import (
	"strings"
	"unicode"

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

// scripts are those in which only one language of today is usually written, and the Chinese signs
// that it has between its own.
var scripts = []struct {
	language string
	own, han []*unicode.RangeTable
}{
	{"el", []*unicode.RangeTable{unicode.Greek}, nil},
	{"he", []*unicode.RangeTable{unicode.Hebrew}, nil},
	{"ja", []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana},
		[]*unicode.RangeTable{unicode.Han}},
	{"ko", []*unicode.RangeTable{unicode.Hangul}, nil},
	{"th", []*unicode.RangeTable{unicode.Thai}, nil},
}

// languageOf returns the language of a name, if the script of all of its letters tells it. No
// configuration and no answer of Sage says in which language a name is. So it is not known for
// Latin, Cyrillic, Arabic and Chinese, in which many languages are written: languageOf returns "".
func languageOf(name string) string {
	for _, s := range scripts {
		own, foreign := 0, 0
		for _, r := range name {
			switch {
			case unicode.In(r, s.own...):
				own++
			case unicode.IsLetter(r) && !unicode.In(r, unicode.Common) && !unicode.In(r, s.han...):
				foreign++
			}
		}
		if own > 0 && foreign == 0 {
			return s.language
		}
	}
	return ""
}

// named draws a name, which is read in its language, if that is known.
func (s *sheet) named(name string, draw func()) {
	language := languageOf(name)
	if language == "" {
		draw()
		return
	}
	s.doc.Tag(tagged.Span, draw).Lang = language
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
