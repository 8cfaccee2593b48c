package charts

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/golang/freetype/raster"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// pixels is a Renderer onto an opaque picture with a palette. It uses go-chart's rasterizer, and
// draws each letter once and keeps it.
//
// A pixel is one byte, the index of its color, so a picture needs no colors to be looked up when it
// is saved. What is drawn over a pixel makes it the nearest color of the palette; see [blends].
type pixels struct {
	width, height int
	rows          []uint8 // each has a zero before it, as in a PNG without filters
	blends        blends
	glyphs        map[glyphKey]glyph
	sheet         *glyphSheet // draws new glyphs
	gc            *drawing.RasterGraphicContext
	scale         float64 // pixels in a logical unit
	png           pngWriter
}

// pixelDPI makes a font size one of pixels: the library's scale is size times DPI, in 26.6 fixed
// point.
const pixelDPI = 64

// newPixels returns a white picture in the report's own colors. Its size is in pixels, of which a
// logical unit has scale.
func newPixels(width, height int, scale float64) *pixels {
	p := &pixels{
		width: width, height: height, rows: make([]uint8, height*(1+width)), scale: scale,
		glyphs: make(map[glyphKey]glyph), sheet: newGlyphSheet(),
	}
	// The painter has the pixels, so the image only tells how large it is.
	size := &image.RGBA{Rect: image.Rect(0, 0, width, height)}
	p.gc = drawing.NewRasterGraphicContextWithPainter(size, &painter{pixels: p})
	p.gc.SetFillRule(drawing.FillRuleWinding) // even-odd leaves holes where contours overlap
	p.gc.SetLineCap(drawing.ButtCap)
	p.gc.SetLineJoin(drawing.RoundJoin)
	p.clear(own.palette)
	return p
}

// clear makes the picture white, and sets its palette, whose first color is white.
func (p *pixels) clear(palette color.Palette) {
	clear(p.rows)
	p.blends.use(palette)
	p.gc.BeginPath()
}

// row returns the pixels of a row from x0 up to x1.
func (p *pixels) row(y, x0, x1 int) []uint8 {
	begin := y*(1+p.width) + 1
	return p.rows[begin+x0 : begin+x1]
}

func (p *pixels) Fill(outline [4]Corner, color theme.Color) {
	if area, ok := rectangle(outline); ok {
		p.fill(area, color)
		return
	}
	for i, c := range outline {
		if i == 0 {
			p.gc.MoveTo(p.at(c.Begin.X), p.at(c.Begin.Y))
		} else {
			p.gc.LineTo(p.at(c.Begin.X), p.at(c.Begin.Y))
		}
		if c.Begin != c.End {
			p.gc.QuadCurveTo(p.at(c.At.X), p.at(c.At.Y), p.at(c.End.X), p.at(c.End.Y))
		}
	}
	p.gc.Close()
	p.gc.SetFillColor(color)
	p.gc.Fill()
}

// rectangle returns the area inside an outline without round corners, which begins at the upper
// left one.
func rectangle(outline [4]Corner) (area image.Rectangle, ok bool) {
	for _, c := range outline {
		if c.Begin != c.End {
			return area, false
		}
	}
	a, b, c, d := outline[0].At, outline[1].At, outline[2].At, outline[3].At
	return image.Rectangle{Min: a, Max: c}, a.Y == b.Y && b.X == c.X && c.Y == d.Y && d.X == a.X
}

// fill paints a rectangle. It need not be rasterized, since its edges are those of pixels.
func (p *pixels) fill(area image.Rectangle, color theme.Color) {
	pixel := func(v int) int { return int(p.at(v)) }
	area = image.Rect(pixel(area.Min.X), pixel(area.Min.Y), pixel(area.Max.X), pixel(area.Max.Y)).
		Intersect(image.Rect(0, 0, p.width, p.height))
	if area.Empty() {
		return
	}
	above := p.blends.over(color)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		above.paint(p.row(y, area.Min.X, area.Max.X), 0xffff)
	}
}

func (p *pixels) Stroke(points []image.Point, width float64, dashes []float64, color theme.Color) {
	for i, at := range points {
		if i == 0 {
			p.gc.MoveTo(p.at(at.X), p.at(at.Y))
		} else {
			p.gc.LineTo(p.at(at.X), p.at(at.Y))
		}
	}
	p.gc.SetStrokeColor(color)
	p.gc.SetLineWidth(width * p.scale)
	scaled := make([]float64, len(dashes))
	for i, d := range dashes {
		scaled[i] = d * p.scale
	}
	p.gc.SetLineDash(scaled, 0)
	p.gc.Stroke()
}

// Text draws glyphs at whole pixels, so that a letter has the same pixels everywhere. That makes
// the PNG smaller by a sixth, and each glyph is drawn once.
func (p *pixels) Text(s Style, text string, x, y int) {
	ink := painter{pixels: p}
	ink.SetColor(s.Color)
	at := 0.0
	for _, run := range fonts.Runs(s.Face, text) {
		for _, r := range run.Text {
			g := p.glyph(glyphKey{run.Face, s.Size * p.scale, r})
			ink.paint(g.spans, int(p.at(x))+int(math.Round(at)), int(p.at(y)))
			at += g.advance
		}
	}
}

// Width measures at the size in logical units.
func (p *pixels) Width(s Style, text string) int {
	return int(math.Ceil(fonts.Width(s.Face, text) * s.Size))
}

// glyphLimit is the greatest size of a glyph, in pixels.
const glyphLimit = 64

type glyphKey struct {
	face *fonts.Face
	size float64
	r    rune
}

// glyph is a letter as spans of pixels, relative to the left end of its baseline.
type glyph struct {
	spans   []raster.Span
	advance float64
}

func (p *pixels) glyph(key glyphKey) glyph {
	g, known := p.glyphs[key]
	if known {
		return g
	}
	g = p.sheet.draw(key)
	if len(p.glyphs) > 4096 {
		clear(p.glyphs) // users type any text, and this must not grow with all of it
	}
	p.glyphs[key] = g
	return g
}

// glyphSheet draws glyphs in the middle of a sheet with room on all sides. It has no pixels and
// keeps the spans.
type glyphSheet struct {
	gc    *drawing.RasterGraphicContext
	spans []raster.Span
}

const glyphMiddle = 2 * glyphLimit

func newGlyphSheet() *glyphSheet {
	s := &glyphSheet{}
	sheet := &image.RGBA{Rect: image.Rect(0, 0, 2*glyphMiddle, 2*glyphMiddle)}
	s.gc = drawing.NewRasterGraphicContextWithPainter(sheet, s)
	s.gc.SetFillRule(drawing.FillRuleWinding)
	s.gc.SetDPI(pixelDPI)
	return s
}

func (s *glyphSheet) draw(key glyphKey) (g glyph) {
	s.spans = s.spans[:0]
	s.gc.SetFont(key.face.Font())
	s.gc.SetFontSize(key.size)
	g.advance, _ = s.gc.CreateStringPath(string(key.r), glyphMiddle, glyphMiddle)
	s.gc.Fill()
	g.spans = slices.Clone(s.spans)
	for i := range g.spans {
		span := &g.spans[i]
		span.X0, span.X1, span.Y = span.X0-glyphMiddle, span.X1-glyphMiddle, span.Y-glyphMiddle
	}
	return g
}

// SetColor and Paint implement raster.Painter.
func (s *glyphSheet) SetColor(color.Color)              {}
func (s *glyphSheet) Paint(spans []raster.Span, _ bool) { s.spans = append(s.spans, spans...) }

// painter paints spans of one color. It implements raster.Painter.
type painter struct {
	*pixels
	over upper
}

func (p *painter) SetColor(c color.Color) { p.over = p.blends.over(c) }

func (p *painter) Paint(spans []raster.Span, _ bool) { p.paint(spans, 0, 0) }

// paint paints spans that are moved by dx, dy.
func (p *painter) paint(spans []raster.Span, dx, dy int) {
	for _, s := range spans {
		x0, x1, y := max(s.X0+dx, 0), min(s.X1+dx, p.width), s.Y+dy
		if y < 0 || y >= p.height || x0 >= x1 {
			continue
		}
		p.over.paint(p.row(y, x0, x1), s.Alpha)
	}
}

// encode returns the picture as a PNG file.
func (p *pixels) encode() ([]byte, error) {
	return p.png.encode(p.blends.palette, p.width, p.height, p.rows)
}

// at turns a logical coordinate into a whole pixel, so that edges are sharp at any scale.
func (p *pixels) at(v int) float64 { return math.Round(float64(v) * p.scale) }

// PNG returns the picture at its full size, 1050 by 660 pixels, as an opaque PNG with a
// palette.
func (p Picture) PNG() ([]byte, error) {
	canvas := canvases.take()
	canvas.clear(p.colors().palette)
	if err := p.Draw(canvas, Width, Height); err != nil {
		return nil, err
	}
	data, err := canvas.encode()
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.Name, err)
	}
	canvases.give(canvas) // only one that nothing went wrong on
	return data, nil
}

// canvases keeps a few canvases of the size of a PNG, with their glyphs and blends. A sync.Pool
// would be emptied by each garbage collection, which a report has several of.
var canvases = make(freeList, 4)

type freeList chan *pixels

func (f freeList) take() *pixels {
	select {
	case p := <-f:
		return p
	default:
		return newPixels(Width*scaling, Height*scaling, scaling)
	}
}

func (f freeList) give(p *pixels) {
	select {
	case f <- p:
	default: // there are enough
	}
}
