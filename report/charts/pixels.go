package charts

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/golang/freetype/raster"
	"github.com/golang/freetype/truetype"
	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
	"golang.org/x/image/math/fixed"

	"kindlyweekly/report/fonts"
)

// pixels is go-chart's Renderer onto an opaque picture with a scheme's palette. It differs from go-chart's own in
// that a font size is the em's height in pixels, text is measured by its advance, fills wind, coordinates far outside
// the picture are harmless, and the PNG is small.
type pixels struct {
	img     *image.RGBA
	indexed *image.Paletted // the same in the palette's colours, when it is saved
	nearest [4096]nearest   // by a hash of the colour
	glyphs  map[glyphKey]glyph
	sheet   *glyphSheet // on which they are worked out
	gc      *drawing.RasterGraphicContext
	path    bool    // a path was begun
	scale   float64 // pixels in a logical unit

	stroke, fill, text drawing.Color
	width              float64
	dashes             []float64
	font               *truetype.Font
	size               float64
	rotation           float64 // radians
}

var _ chart.Renderer = (*pixels)(nil)

// pixelDPI makes a font size one of pixels: the library's scale is size times DPI, in 26.6 fixed point.
const pixelDPI = 64

// newPixels returns a white picture. Its size is in pixels, of which a logical unit has as many as scale says.
func newPixels(width, height int, scale float64) *pixels {
	size := image.Rect(0, 0, width, height)
	p := &pixels{
		scale: scale,
		img:   image.NewRGBA(size), indexed: image.NewPaletted(size, own.palette),
		glyphs: make(map[glyphKey]glyph),
	}
	p.gc = drawing.NewRasterGraphicContextWithPainter(p.img, &painter{img: p.img})
	p.gc.SetFillRule(drawing.FillRuleWinding) // even-odd leaves holes where a glyph's contours overlap
	p.gc.SetLineCap(drawing.ButtCap)
	p.gc.SetLineJoin(drawing.RoundJoin)
	p.gc.SetDPI(pixelDPI)
	p.clear()
	return p
}

// clear makes the picture white and forgets the style, for the next use.
func (p *pixels) clear() {
	repeat(p.img.Pix, 0xff)
	p.gc.BeginPath()
	p.path = false
	p.ResetStyle()
}

// use has the picture saved in a palette.
func (p *pixels) use(palette color.Palette) {
	if slices.Equal(p.indexed.Palette, palette) {
		return
	}
	p.indexed.Palette = palette
	clear(p.nearest[:])
}

// canvases keeps buffers of the one size that is drawn all the time.
var canvases = sync.Pool{New: func() any { return newPixels(Width, Height, Width/float64(logicalWidth)) }}

func (p *pixels) ResetStyle() {
	p.stroke, p.fill, p.text = ink, ink, ink
	p.width, p.dashes, p.font, p.size = 1, nil, nil, 0
	p.ClearTextRotation()
}

// GetDPI is 72: a point is a pixel.
func (p *pixels) GetDPI() float64 { return 72 }

func (p *pixels) SetDPI(float64)                  {}
func (p *pixels) SetClassName(string)             {}
func (p *pixels) SetStrokeColor(c drawing.Color)  { p.stroke = c }
func (p *pixels) SetFillColor(c drawing.Color)    { p.fill = c }
func (p *pixels) SetStrokeWidth(width float64)    { p.width = width }
func (p *pixels) SetFont(f *truetype.Font)        { p.font = f }
func (p *pixels) SetFontColor(c drawing.Color)    { p.text = c }
func (p *pixels) SetFontSize(size float64)        { p.size = size }
func (p *pixels) SetTextRotation(radians float64) { p.rotation = radians }
func (p *pixels) ClearTextRotation()              { p.rotation = 0 }

// SetStrokeDashArray ignores dashes without length, on which the library would never return.
func (p *pixels) SetStrokeDashArray(dashes []float64) {
	p.dashes = nil
	for _, d := range dashes {
		if !(d > 0) {
			return
		}
	}
	p.dashes = dashes
}

func (p *pixels) MoveTo(x, y int) {
	p.gc.MoveTo(p.at(x), p.at(y))
	p.path = true
}

func (p *pixels) LineTo(x, y int) {
	if !p.path {
		p.MoveTo(x, y)
		return
	}
	p.gc.LineTo(p.at(x), p.at(y))
}

func (p *pixels) QuadCurveTo(cx, cy, x, y int) {
	if !p.path {
		p.MoveTo(cx, cy)
	}
	p.gc.QuadCurveTo(p.at(cx), p.at(cy), p.at(x), p.at(y))
}

func (p *pixels) ArcTo(cx, cy int, rx, ry, startAngle, delta float64) {
	for _, v := range []float64{rx, ry, startAngle, delta} {
		if math.IsNaN(v) || math.Abs(v) > reach {
			return
		}
	}
	p.gc.ArcTo(p.at(cx), p.at(cy), rx*p.scale, ry*p.scale, startAngle, delta)
	p.path = true
}

func (p *pixels) Circle(radius float64, x, y int) {
	if !(radius > 0 && radius <= reach) {
		return
	}
	radius *= p.scale
	p.gc.MoveTo(p.at(x)+radius, p.at(y))
	p.gc.ArcTo(p.at(x), p.at(y), radius, radius, 0, 2*math.Pi)
	p.gc.Close()
	p.path = true
}

func (p *pixels) Close() {
	if p.path {
		p.gc.Close()
	}
}

func (p *pixels) Stroke() {
	p.setStroke()
	p.gc.Stroke()
	p.path = false
}

func (p *pixels) Fill() {
	p.gc.SetFillColor(p.fill)
	p.gc.Fill()
	p.path = false
}

func (p *pixels) FillStroke() {
	p.gc.SetFillColor(p.fill)
	p.setStroke()
	p.gc.FillStroke()
	p.path = false
}

func (p *pixels) setStroke() {
	p.gc.SetStrokeColor(p.stroke)
	p.gc.SetLineWidth(p.width * p.scale)
	dashes := make([]float64, len(p.dashes))
	for i, d := range p.dashes {
		dashes[i] = d * p.scale
	}
	p.gc.SetLineDash(dashes, 0)
}

// Text draws with the baseline's left end at x, y. Glyphs begin at whole pixels, so that a letter is the same pixels
// wherever it stands: that takes a sixth off the PNG, and each glyph is worked out once.
func (p *pixels) Text(body string, x, y int) {
	if p.font == nil || !(p.size > 0) {
		return
	}
	body = fonts.Visual(body)
	if p.rotation != 0 || p.size*p.scale > glyphLimit {
		p.outlines(body, x, y)
		return
	}
	ink := painter{img: p.img}
	ink.SetColor(p.text)
	at := 0.0
	for _, r := range body {
		g := p.glyph(r)
		ink.paint(g.spans, int(p.at(x))+int(math.Round(at)), int(p.at(y)))
		at += g.advance
	}
}

// outlines draws a text as one path, for what is aslant or large.
func (p *pixels) outlines(body string, x, y int) {
	p.gc.SetFont(p.font)
	p.gc.SetFontSize(p.size * p.scale)
	p.gc.SetFillColor(p.text)
	tr := drawing.NewTranslationMatrix(p.at(x), p.at(y))
	tr.Rotate(p.rotation)
	p.gc.SetMatrixTransform(tr)
	// An error is a glyph that the font cannot load: what can be drawn is.
	_, _ = p.gc.CreateStringPath(body, 0, 0)
	p.gc.Fill()
	p.gc.SetMatrixTransform(drawing.NewIdentityMatrix())
	p.path = false
}

// glyphLimit is the greatest size of which glyphs are kept.
const glyphLimit = 64

type glyphKey struct {
	font *truetype.Font
	size float64
	r    rune
}

// glyph is a letter as spans about the left end of its baseline.
type glyph struct {
	spans   []raster.Span
	advance float64
}

func (p *pixels) glyph(r rune) glyph {
	key := glyphKey{p.font, p.size * p.scale, r}
	g, known := p.glyphs[key]
	if known {
		return g
	}
	if p.sheet == nil {
		p.sheet = newGlyphSheet()
	}
	g = p.sheet.draw(key)
	if len(p.glyphs) > 4096 {
		clear(p.glyphs) // text is typed by strangers; this must not grow with all they ever wrote
	}
	p.glyphs[key] = g
	return g
}

// glyphSheet is where glyphs are worked out: in the middle of a sheet that has room for them on all sides, and no
// pixels. The spans are kept instead.
type glyphSheet struct {
	gc    *drawing.RasterGraphicContext
	spans []raster.Span
}

const glyphMiddle = 2 * glyphLimit

func newGlyphSheet() *glyphSheet {
	s := &glyphSheet{}
	s.gc = drawing.NewRasterGraphicContextWithPainter(&image.RGBA{Rect: image.Rect(0, 0, 2*glyphMiddle, 2*glyphMiddle)}, s)
	s.gc.SetFillRule(drawing.FillRuleWinding)
	s.gc.SetDPI(pixelDPI)
	return s
}

func (s *glyphSheet) draw(key glyphKey) (g glyph) {
	s.spans = s.spans[:0]
	s.gc.SetFont(key.font)
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

// SetColor and Paint make the sheet a painter.
func (s *glyphSheet) SetColor(color.Color)              {}
func (s *glyphSheet) Paint(spans []raster.Span, _ bool) { s.spans = append(s.spans, spans...) }

// MeasureText returns the advance's width and the em's height, rounded up.
func (p *pixels) MeasureText(body string) chart.Box {
	if p.font == nil || !(p.size > 0) {
		return chart.Box{}
	}
	scale := fixed.Int26_6(p.size * 64)
	var advance fixed.Int26_6
	for _, r := range fonts.Visual(body) {
		advance += p.font.HMetric(scale, p.font.Index(r)).AdvanceWidth
	}
	return chart.Box{Right: advance.Ceil(), Bottom: scale.Ceil()}
}

// Save writes the picture as a PNG: fast, since flat pictures are small even so, and those that are not once more, with
// care.
func (p *pixels) Save(w io.Writer) error {
	img := p.paletted()
	var b bytes.Buffer
	if err := fast.Encode(&b, img); err != nil {
		return err
	}
	if b.Len() > smallPNG {
		return careful.Encode(w, img)
	}
	_, err := b.WriteTo(w)
	return err
}

// smallPNG is what a picture is to weigh at most, in bytes: four go into a mail, ten into an archive.
const smallPNG = 30_000

var (
	fast    = png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: new(encoderBuffers)}
	careful = png.Encoder{CompressionLevel: png.DefaultCompression, BufferPool: new(encoderBuffers)}
)

type encoderBuffers struct{ pool sync.Pool }

func (b *encoderBuffers) Get() *png.EncoderBuffer {
	buffer, _ := b.pool.Get().(*png.EncoderBuffer)
	return buffer
}

func (b *encoderBuffers) Put(buffer *png.EncoderBuffer) { b.pool.Put(buffer) }

// paletted returns the picture in the palette's colours, each pixel with the nearest. Few colours occur, so each is
// looked for once; and many rows are the same as the one above.
func (p *pixels) paletted() *image.Paletted {
	width, stride := p.img.Rect.Dx(), p.img.Stride
	for y := range p.img.Rect.Dy() {
		row, out := p.img.Pix[y*stride:(y+1)*stride], p.indexed.Pix[y*width:(y+1)*width]
		if y > 0 && bytes.Equal(row, p.img.Pix[(y-1)*stride:y*stride]) {
			copy(out, p.indexed.Pix[(y-1)*width:y*width])
			continue
		}
		last, index := uint32(0), uint8(0) // no opaque colour is 0
		for x := range out {
			if c := binary.LittleEndian.Uint32(row[4*x:]); c != last {
				last, index = c, p.index(c)
			}
			out[x] = index
		}
	}
	return p.indexed
}

// nearest remembers where the colour nearest to c stands in the palette.
type nearest struct {
	c     uint32 // no opaque colour is 0
	index uint8
}

// index returns where the nearest colour stands in the palette. A colour is its pixel's bytes.
func (p *pixels) index(c uint32) uint8 {
	n := &p.nearest[c*0x9e3779b1>>20] // a multiplicative hash: twice as fast as a map, and a collision only costs time
	if n.c != c {
		*n = nearest{c, uint8(p.indexed.Palette.Index(color.RGBA{R: uint8(c), G: uint8(c >> 8), B: uint8(c >> 16), A: 0xff}))}
	}
	return n.index
}

// painter blends spans of one colour over an opaque picture. Spans that are fully covered are copied, which is what
// makes it several times faster than the library's.
type painter struct {
	img     *image.RGBA
	r, g, b uint32
	alpha   uint32 // 0 to 0xffff
}

func (p *painter) SetColor(c color.Color) {
	nrgba := color.NRGBAModel.Convert(c).(color.NRGBA)
	p.r, p.g, p.b, p.alpha = uint32(nrgba.R), uint32(nrgba.G), uint32(nrgba.B), uint32(nrgba.A)*0x101
}

func (p *painter) Paint(spans []raster.Span, _ bool) { p.paint(spans, 0, 0) }

// paint paints spans that are moved by dx, dy.
func (p *painter) paint(spans []raster.Span, dx, dy int) {
	bounds := p.img.Rect
	for _, s := range spans {
		x0, x1, y := max(s.X0+dx, 0), min(s.X1+dx, bounds.Max.X), s.Y+dy
		if y < 0 || y >= bounds.Max.Y || x0 >= x1 {
			continue
		}
		row := p.img.Pix[y*p.img.Stride+4*x0 : y*p.img.Stride+4*x1]
		a := s.Alpha * p.alpha / 0xffff
		if a == 0xffff {
			repeat(row, uint8(p.r), uint8(p.g), uint8(p.b), 0xff)
			continue
		}
		for i := 0; i < len(row); i += 4 {
			row[i] = blend(row[i], p.r, a)
			row[i+1] = blend(row[i+1], p.g, a)
			row[i+2] = blend(row[i+2], p.b, a)
		}
	}
}

// repeat fills pix with a pattern.
func repeat(pix []uint8, pattern ...uint8) {
	for done := copy(pix, pattern); done < len(pix); done *= 2 {
		copy(pix[done:], pix[:done])
	}
}

// blend lays colour over under; alpha is up to 0xffff.
func blend(under uint8, colour, alpha uint32) uint8 {
	return uint8((colour*alpha + uint32(under)*(0xffff-alpha) + 0x7fff) / 0xffff)
}

// reach bounds coordinates: the rasterizer's time grows with them.
const reach = 8192

// at turns a logical coordinate into a whole pixel, so that edges stay sharp at any scale.
func (p *pixels) at(v int) float64 { return math.Round(float64(min(max(v, -reach), reach)) * p.scale) }

// The logical size of a PNG: its pixels are drawn larger than a unit, so that its text can be read on a phone, where
// the whole picture is a third as wide as its pixels.
const logicalWidth, logicalHeight = Width * 5 / 6, Height * 5 / 6

// PNG returns the picture at its full size, Width by Height pixels, as an opaque PNG with a palette.
func (p Picture) PNG() ([]byte, error) {
	canvas := canvases.Get().(*pixels)
	canvas.clear()
	canvas.use(p.colours().palette)
	if err := p.Draw(canvas, logicalWidth, logicalHeight); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := canvas.Save(&b); err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.Name, err)
	}
	canvases.Put(canvas) // only one that nothing went wrong on
	return b.Bytes(), nil
}
