package charts

import (
	"image"

	"kindlyweekly/report/theme"
)

// Renderer draws the shapes of a picture on white. Coordinates are logical units, and y grows
// downward.
type Renderer interface {
	// Fill paints the shape inside an outline.
	Fill(outline [4]Corner, color theme.Color)
	// Stroke draws straight lines from point to point, with round joins. No dashes: the line is
	// solid.
	Stroke(points []image.Point, width float64, dashes []float64, color theme.Color)
	// Text writes a line that the fonts can draw. Its baseline begins at x, y.
	Text(s Style, text string, x, y int)
	// Width returns a text's advance, rounded up.
	Width(s Style, text string) int
}

// Corner is a corner of an outline. The edge bends from Begin to End, toward At. Without a bend all
// three are the same.
type Corner struct{ Begin, At, End image.Point }
