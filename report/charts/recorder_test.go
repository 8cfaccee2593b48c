package charts

import (
	"fmt"
	"image"

	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

// recorder is a renderer that notes the texts and the strokes it is asked for. It measures as pixels does.
type recorder struct {
	chart.Renderer
	texts   []written
	strokes []stroke
	fills   int

	colour drawing.Color
	path   []image.Point
}

// written is a text and the room its capitals take.
type written struct {
	text string
	box  image.Rectangle
	size float64
}

type stroke struct {
	colour drawing.Color
	path   []image.Point
}

func newRecorder() *recorder { return &recorder{Renderer: newPixels(1, 1, 1)} }

func (r *recorder) pixels() *pixels { return r.Renderer.(*pixels) }

func (r *recorder) SetStrokeColor(c drawing.Color) { r.colour = c }
func (r *recorder) MoveTo(x, y int)                { r.path = []image.Point{image.Pt(x, y)} }
func (r *recorder) LineTo(x, y int)                { r.path = append(r.path, image.Pt(x, y)) }
func (r *recorder) QuadCurveTo(_, _, x, y int)     { r.path = append(r.path, image.Pt(x, y)) }
func (r *recorder) Close()                         {}
func (r *recorder) Circle(float64, int, int)       {}
func (r *recorder) Fill()                          { r.fills++ }
func (r *recorder) Stroke()                        { r.strokes = append(r.strokes, stroke{r.colour, r.path}) }

func (r *recorder) Text(body string, x, y int) {
	size := r.pixels().size
	capital := style{size: size}.capital()
	r.texts = append(r.texts, written{body, image.Rect(x, y-capital, x+r.MeasureText(body).Width(), y), size})
}

// wrote reports whether the text was written.
func (r *recorder) wrote(text string) bool {
	for _, t := range r.texts {
		if t.text == text {
			return true
		}
	}
	return false
}

// faults lists texts that are outside the page, on one another, or too small to be read.
func (r *recorder) faults(page image.Rectangle) []string {
	var faults []string
	for i, t := range r.texts {
		if !t.box.In(page) {
			faults = append(faults, fmt.Sprintf("%q at %v is outside %v", t.text, t.box, page))
		}
		if t.size < smallest {
			faults = append(faults, fmt.Sprintf("%q has size %v", t.text, t.size))
		}
		for _, u := range r.texts[:i] {
			if t.box.Overlaps(u.box) {
				faults = append(faults, fmt.Sprintf("%q at %v is on %q at %v", t.text, t.box, u.text, u.box))
			}
		}
	}
	return faults
}
