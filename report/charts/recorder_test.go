package charts

import (
	"fmt"
	"image"

	"kindlyweekly/report/theme"
)

// recorder is a renderer that notes the texts, the strokes and the surfaces it is asked for. It
// measures as pixels does.
type recorder struct {
	*pixels
	texts   []written
	strokes []stroke
	fills   []surface
}

// written is a text, the room its capitals take, and what it stands on.
type written struct {
	text    string
	box     image.Rectangle
	size    float64
	color   theme.Color
	grounds []theme.Color // under its corners and its middle
}

// surface is something filled, by the room it takes.
type surface struct {
	color theme.Color
	box   image.Rectangle
}

type stroke struct {
	color theme.Color
	path  []image.Point
}

func newRecorder() *recorder { return &recorder{pixels: newPixels(1, 1, 1)} }

func (r *recorder) Fill(outline [4]Corner, color theme.Color) {
	r.fills = append(r.fills, surface{color, image.Rectangle{Min: outline[0].At,
		Max: outline[2].At}})
}

func (r *recorder) Stroke(points []image.Point, _ float64, _ []float64, color theme.Color) {
	r.strokes = append(r.strokes, stroke{color, points})
}

func (r *recorder) Text(s Style, text string, x, y int) {
	box := image.Rect(x, y-s.capital(), x+r.Width(s, text), y)
	w := written{text: text, box: box, size: s.Size, color: s.Color}
	for _, at := range []image.Point{box.Min, {X: box.Max.X - 1, Y: box.Min.Y},
		{X: box.Min.X, Y: box.Max.Y - 1}, box.Max.Sub(image.Pt(1, 1)),
		box.Min.Add(box.Max).Div(2)} {
		ground := paper
		for _, f := range r.fills {
			if at.In(f.box) {
				ground = f.color
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
		if t.size < scales.Small {
			faults = append(faults, fmt.Sprintf("%q has size %v", t.text, t.size))
		}
		for _, u := range r.texts[:i] {
			if t.box.Overlaps(u.box) {
				faults = append(faults, fmt.Sprintf("%q at %v is on %q at %v", t.text, t.box,
					u.text, u.box))
			}
		}
	}
	return faults
}
