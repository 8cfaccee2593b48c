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
	"github.com/wcharczuk/go-chart/v2/drawing"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// pixels is a Renderer onto an opaque picture with a palette. It uses go-chart's rasterizer. Each
// letter is drawn once and kept, and the PNG is small.
type pixels struct {
	img     *image.RGBA
	indexed *image.Paletted // the same in the palette's colors, when it is saved
	nearest [4096]nearest   // by a hash of the color
	glyphs  map[glyphKey]glyph
	sheet   *glyphSheet // draws new glyphs
	gc      *drawing.RasterGraphicContext
	scale   float64 // pixels in a logical unit
}

// pixelDPI makes a font size one of pixels: the library's scale is size times DPI, in 26.6 fixed
// point.
const pixelDPI = 64

// newPixels returns a white picture. Its size is in pixels, of which a logical unit has scale.
func newPixels(width, height int, scale float64) *pixels {
	size := image.Rect(0, 0, width, height)
	p := &pixels{
		scale: scale,
		img:   image.NewRGBA(size), indexed: image.NewPaletted(size, own.palette),
		glyphs: make(map[glyphKey]glyph), sheet: newGlyphSheet(),
	}
	p.gc = drawing.NewRasterGraphicContextWithPainter(p.img, &painter{img: p.img})
	p.gc.SetFillRule(drawing.FillRuleWinding) // even-odd leaves holes where contours overlap
	p.gc.SetLineCap(drawing.ButtCap)
	p.gc.SetLineJoin(drawing.RoundJoin)
	p.clear()
	return p
}

// clear makes the picture white.
func (p *pixels) clear() {
	repeat(p.img.Pix, 0xff)
	p.gc.BeginPath()
}

// use sets the palette in which the picture is saved.
func (p *pixels) use(palette color.Palette) {
	if slices.Equal(p.indexed.Palette, palette) {
		return
	}
	p.indexed.Palette = palette
	clear(p.nearest[:])
}

// canvases keeps buffers of the size of a PNG.
var canvases = sync.Pool{New: func() any {
	return newPixels(Width*scaling, Height*scaling, scaling)
}}

func (p *pixels) Fill(outline [4]Corner, color theme.Color) {
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
	ink := painter{img: p.img}
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

// save writes the picture as a PNG, with the fast encoder if that makes it small, as with flat
// pictures, and else with the careful one.
func (p *pixels) save(w io.Writer) error {
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

// smallPNG is the size in bytes above which a picture is encoded carefully.
const smallPNG = 34_000

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

// paletted returns the picture with the color of the palette that is nearest to each pixel. It
// looks up each color once, and copies rows that are equal to the one above.
func (p *pixels) paletted() *image.Paletted {
	width, stride := p.img.Rect.Dx(), p.img.Stride
	for y := range p.img.Rect.Dy() {
		row, out := p.img.Pix[y*stride:(y+1)*stride], p.indexed.Pix[y*width:(y+1)*width]
		if y > 0 && bytes.Equal(row, p.img.Pix[(y-1)*stride:y*stride]) {
			copy(out, p.indexed.Pix[(y-1)*width:y*width])
			continue
		}
		last, index := uint32(0), uint8(0) // no opaque color is 0
		for x := 0; x < width; x++ {
			// Most pixels are the same as the one before, so two are compared at a time.
			for x+1 < width &&
				binary.LittleEndian.Uint64(row[4*x:]) == uint64(last)<<32|uint64(last) {
				out[x], out[x+1] = index, index
				x += 2
			}
			if x == width {
				break
			}
			if c := binary.LittleEndian.Uint32(row[4*x:]); c != last {
				last, index = c, p.index(c)
			}
			out[x] = index
		}
	}
	return p.indexed
}

// nearest is the index of the color of the palette that is nearest to c.
type nearest struct {
	c     uint32 // no opaque color is 0
	index uint8
}

// index returns the index of the nearest color of the palette. c is the bytes of a pixel.
func (p *pixels) index(c uint32) uint8 {
	// A multiplicative hash is twice as fast as a map. A collision only costs time.
	n := &p.nearest[c*0x9e3779b1>>20]
	if n.c != c {
		pixel := color.RGBA{R: uint8(c), G: uint8(c >> 8), B: uint8(c >> 16), A: 0xff}
		*n = nearest{c, uint8(p.indexed.Palette.Index(pixel))}
	}
	return n.index
}

// painter paints spans of one color over an opaque picture. It copies spans that are fully covered,
// which makes it several times faster than the library's.
type painter struct {
	img     *image.RGBA
	r, g, b uint32
}

func (p *painter) SetColor(c color.Color) {
	r, g, b, _ := c.RGBA()
	p.r, p.g, p.b = r>>8, g>>8, b>>8
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
		a := s.Alpha
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

// blend returns color over under. alpha is at most 0xffff.
func blend(under uint8, color, alpha uint32) uint8 {
	return uint8((color*alpha + uint32(under)*(0xffff-alpha) + 0x7fff) / 0xffff)
}

// at turns a logical coordinate into a whole pixel, so that edges are sharp at any scale.
func (p *pixels) at(v int) float64 { return math.Round(float64(v) * p.scale) }

// PNG returns the picture at its full size, 1050 by 660 pixels, as an opaque PNG with a
// palette.
func (p Picture) PNG() ([]byte, error) {
	canvas := canvases.Get().(*pixels)
	canvas.clear()
	canvas.use(p.colors().palette)
	if err := p.Draw(canvas, Width, Height); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := canvas.save(&b); err != nil {
		return nil, fmt.Errorf("chart %s: %w", p.Name, err)
	}
	canvases.Put(canvas) // only one that nothing went wrong on
	return b.Bytes(), nil
}
