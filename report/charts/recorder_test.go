package charts

import (
	"fmt"
	"image"

	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

// recorder is a renderer that notes the texts, the strokes and the surfaces it is asked for. It measures as pixels does.
type recorder struct {
	chart.Renderer
	texts   []written
	strokes []stroke
	fills   []surface

	colour drawing.Color
	path   []image.Point
}

// written is a text, the room its capitals take, and what it stands on.
type written struct {
	text    string
	box     image.Rectangle
	size    float64
	colour  drawing.Color
	grounds []drawing.Color // under its corners and its middle
}

// surface is something filled, by the room it takes.
type surface struct {
	colour drawing.Color
	box    image.Rectangle
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
func (r *recorder) Fill() {
	box := image.Rectangle{}
	for i, p := range r.path {
		if at := (image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))}); i == 0 {
			box = at
		} else {
			box = box.Union(at)
		}
	}
	r.fills = append(r.fills, surface{r.pixels().fill, box})
	r.path = nil
}
func (r *recorder) Stroke() { r.strokes = append(r.strokes, stroke{r.colour, r.path}) }

func (r *recorder) Text(body string, x, y int) {
	size := r.pixels().size
	capital := style{size: size}.capital()
	box := image.Rect(x, y-capital, x+r.MeasureText(body).Width(), y)
	w := written{text: body, box: box, size: size, colour: r.pixels().text}
	for _, at := range []image.Point{box.Min, {X: box.Max.X - 1, Y: box.Min.Y}, {X: box.Min.X, Y: box.Max.Y - 1}, box.Max.Sub(image.Pt(1, 1)), box.Min.Add(box.Max).Div(2)} {
		ground := paper
		for _, f := range r.fills {
			if at.In(f.box) {
				ground = f.colour
			}
		}
		w.grounds = append(w.grounds, ground)
	}
	r.texts = append(r.texts, w)
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
