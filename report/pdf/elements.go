package pdf

import (
	"strings"
	"unicode"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/tagged"
)

// spoken returns a text for places where it is read but not drawn, such as titles. It is the text
// that is read of drawn ones: with characters that the fonts lack, and without control characters.
func spoken(s string) string { return strings.Join(strings.Fields(fonts.Bare(s)), " ") }

// heading writes a heading of the second level, on one line.
func (s *sheet) heading(st style, text string, x, y float64) {
	s.doc.Tag(tagged.H2, func() { s.text(st, text, x, y) })
}

// scripts are those that usually write only one modern language, each with the Chinese signs that
// this language mixes in.
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

// languageOf returns the language of a name, derived from the script of its letters. It returns ""
// for scripts of many languages, such as Latin, Cyrillic, Arabic and Chinese. The configuration and
// Sage do not have the language of a name.
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

// named draws a name. Screen readers read it in its language, if languageOf knows it.
func (s *sheet) named(name string, draw func()) {
	language := languageOf(name)
	if language == "" {
		draw()
		return
	}
	s.doc.Tag(tagged.Span, draw).Lang = language
}

// list is a list whose items are drawn one by one, possibly on several pages. The first item adds
// the element of the list.
type list struct {
	doc *tagged.Document
	e   *tagged.Element
}

// item draws an item.
func (l *list) item(draw func()) { l.labeled(nil, draw) }

// labeled draws an item with a label. label may be nil.
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
