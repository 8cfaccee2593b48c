package pdf

import (
	"bytes"
	"slices"
	"strings"

	"github.com/jung-kurt/gofpdf"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/theme"
)

// The page, A4.
const (
	pageWidth, pageHeight = 595.28, 841.89

	width    = 510.0
	left     = (pageWidth - width) / 2
	top      = 36.0
	bottom   = pageHeight - 46 // of the content
	footLine = pageHeight - 30
)

// The colors that no brand changes.
var (
	own   = theme.OnPaper("")
	ink   = own.Ink
	muted = own.Muted
	grid  = own.Line
	line  = own.Rule
	panel = own.Panel
)

// The type scale, in points.
var (
	pt = theme.ScaleOf(10)

	verdictStyle = style{semiBold, pt.Value, ink}
	titleStyle   = style{semiBold, pt.Lead, ink}
	valueStyle   = style{semiBold, pt.Title, ink}
	bodyStyle    = style{regular, pt.Body, ink}
	strongStyle  = style{semiBold, pt.Body, ink}
	mutedStyle   = style{regular, pt.Body, muted}
	headStyle    = style{semiBold, pt.Body, muted}
	footStyle    = style{regular, pt.Small, muted}
)

const (
	leading  = 14.0 // of text of 10 points
	cellSize = 9.0  // of the text of tables
)

// face is a font. That of a style is a weight of Inter.
type face = *fonts.Face

var regular, semiBold = fonts.Regular, fonts.SemiBold

// style is how a text is set.
type style struct {
	face  face
	size  float64
	color theme.Color
}

func (st style) sized(size float64) style        { st.size = size; return st }
func (st style) colored(color theme.Color) style { st.color = color; return st }

// width returns the advance of a text.
func (st style) width(text string) float64 {
	return fonts.Width(st.face, text) * st.size
}

// widest returns the width of the widest text.
func (st style) widest(texts ...string) float64 {
	w := 0.0
	for _, text := range texts {
		w = max(w, st.width(text))
	}
	return w
}

// fit cuts a text to a width.
func (st style) fit(text string, width float64) string {
	return fonts.Fit(fonts.Clean(text), width, st.width)
}

// shrunk returns the style at the largest size, down to least, at which the text fits the width.
func (st style) shrunk(text string, width, least float64) style {
	for st.size > least && st.width(text) > width {
		st.size -= 0.5
	}
	return st
}

// wrap breaks a text between words into at most so many lines. It cuts what is left over, and words
// that are too long for a line.
func (st style) wrap(text string, width float64, most int) []string {
	return fonts.Wrap(fonts.Clean(text), width, most, st.width)
}

// balance wraps a text into lines of about the same length.
func (st style) balance(text string, width float64, most int) []string {
	lines := st.wrap(text, width, most)
	if len(lines) < 2 || len(lines) == most && strings.HasSuffix(lines[most-1], "…") {
		return lines
	}
	for narrower := width - 10; narrower > width/2; narrower -= 10 {
		next := st.wrap(text, narrower, most+1)
		cut := func(line string) bool { return strings.HasSuffix(line, "…") }
		if len(next) > len(lines) || slices.ContainsFunc(next, cut) {
			break
		}
		lines = next
	}
	return lines
}

// sheet draws on the current page. What it draws belongs to the current element of doc.
type sheet struct {
	pdf *gofpdf.Fpdf
	doc *tagged.Document
	*theme.Paper

	undrawn []string // scripts of the page that the fonts lack, see fonts.UndrawnScripts

	// trace is called with each text that is written. Tests set it.
	trace func(drawn, read string)
}

func (s *sheet) newPage() {
	s.doc.AddPage()
	s.undrawn = nil
}

// text writes a line from x on.
func (s *sheet) text(st style, text string, x, y float64) { s.write(st, text, "", text, x, y) }

// words writes a line from x on. More words of the same text follow.
func (s *sheet) words(st style, text string, x, y float64) {
	s.write(st, text, " ", text+" ", x, y)
}

// clause writes a line from x on. More words follow, after a pause when read.
func (s *sheet) clause(st style, text string, x, y float64) {
	s.write(st, text, " ", text+", ", x, y)
}

// write writes text and, after it, end. read is read instead of both.
func (s *sheet) write(st style, text, end, read string, x, y float64) {
	text, read = fonts.Clean(text), fonts.Bare(read)
	if text == "" {
		return
	}
	if s.trace != nil {
		s.trace(fonts.Bare(text)+end, read)
	}
	copied := ""
	for _, script := range fonts.UndrawnScripts(text) {
		copied = fonts.Bare(text) + end
		if !slices.Contains(s.undrawn, script) {
			s.undrawn = append(s.undrawn, script)
		}
	}
	s.pdf.SetTextColor(channels(st.color))
	runs := fonts.Runs(st.face, text)
	if last := &runs[len(runs)-1]; end != "" && last.Face != st.face {
		runs = append(runs, fonts.Run{Face: st.face, Text: end})
	} else {
		last.Text += end
	}
	parts := make([]tagged.Part, len(runs))
	for i, run := range runs {
		parts[i] = tagged.Part{Font: run.Face, Size: st.size, X: x, Text: run.Text}
		x += run.Width() * st.size
	}
	s.doc.Line(y, read, copied, parts...)
}

// textRight writes a line that ends at x.
func (s *sheet) textRight(st style, text string, x, y float64) {
	s.text(st, text, x-st.width(text), y)
}

// lines writes the lines of a text, the first at y.
func (s *sheet) lines(st style, lines []string, x, y, leading float64) {
	for i, line := range lines {
		end := ""
		if i < len(lines)-1 {
			end = fonts.Gap(line, lines[i+1])
		}
		s.write(st, line, end, line+end, x, y+float64(i)*leading)
	}
}

// fill paints a rectangle with rounded corners.
func (s *sheet) fill(color theme.Color, x, y, w, h, radius float64) {
	if w <= 0 || h <= 0 {
		return
	}
	s.doc.Paint()
	s.pdf.SetFillColor(channels(color))
	if radius = min(radius, w/2, h/2); radius <= 0 {
		s.pdf.Rect(x, y, w, h, "F")
		return
	}
	s.rounded(x, y, w, h, radius, "F")
}

// rounded draws a rectangle with rounded corners. It restores the graphics state, which gofpdf only
// saves.
func (s *sheet) rounded(x, y, w, h, radius float64, operation string) {
	s.pdf.RoundedRect(x, y, w, h, radius, "1234", operation)
	s.pdf.RawWriteStr("Q")
}

// frame draws the edge of a rectangle.
func (s *sheet) frame(color theme.Color, x, y, w, h, radius float64) {
	s.doc.Paint()
	s.pdf.SetDrawColor(channels(color))
	s.pdf.SetLineWidth(0.75)
	s.rounded(x, y, w, h, radius, "D")
}

// triangle paints a triangle on its base.
func (s *sheet) triangle(color theme.Color, x, y, w, h float64) {
	s.doc.Paint()
	s.pdf.SetFillColor(channels(color))
	s.pdf.Polygon([]gofpdf.PointType{
		{X: x + w/2, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h},
	}, "F")
}

// picture draws a logo with its upper left corner at x, y. alt is its alternative text.
func (s *sheet) picture(logo theme.Logo, alt string, x, y float64) {
	options := gofpdf.ImageOptions{ImageType: "PNG"}
	s.pdf.RegisterImageOptionsReader("logo", options, bytes.NewReader(logo.PNG))
	w, h := float64(logo.Width)*logoScale, float64(logo.Height)*logoScale
	e := s.doc.Tag(tagged.Figure, func() {
		s.doc.Paint()
		s.pdf.ImageOptions("logo", x, y, w, h, false, options, 0, "")
	})
	e.Alt, e.Area = alt, tagged.Area{X: x, Y: y, W: w, H: h}
}

// rule draws a thin horizontal line.
func (s *sheet) rule(color theme.Color, from, to, y float64) {
	s.doc.Paint()
	s.pdf.SetDrawColor(channels(color))
	s.pdf.SetLineWidth(0.6)
	s.pdf.Line(from, y, to, y)
}

func channels(c theme.Color) (r, g, b int) { return int(c.R), int(c.G), int(c.B) }
