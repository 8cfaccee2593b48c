package fonts

import "golang.org/x/image/math/fixed"

// Run is a part of a line that one face draws.
type Run struct {
	Face *Face
	Text string // in drawing order; each emoji is a private-use character
}

// Runs puts a line into drawing order, see [Visual], and returns its runs from left to right.
// weight is Regular or SemiBold. The other faces draw what weight lacks.
func Runs(weight *Face, line string) []Run {
	line = Visual(line)
	var runs []Run
	begin := 0
	var last *Face
	for at, r := range line {
		face := weight.faceOf(r)
		if face != last && at > begin {
			runs = append(runs, Run{last, line[begin:at]})
			begin = at
		}
		last = face
	}
	if line != "" {
		runs = append(runs, Run{last, line[begin:]})
	}
	return runs
}

// faceOf returns the face that draws a character of a line.
func (f *Face) faceOf(r rune) *Face {
	switch {
	case isCode(r):
		return Emoji
	case inCJK(r):
		return CJK
	}
	return f
}

// Width returns the advance of a line in ems. weight is that of [Runs].
func Width(weight *Face, line string) float64 {
	width := 0.0
	for _, run := range Runs(weight, line) {
		width += run.Width()
	}
	return width
}

// Width returns the advance of a run in ems.
func (r Run) Width() float64 {
	font := r.Face.Font()
	em := font.FUnitsPerEm()
	units := fixed.Int26_6(0)
	for _, c := range r.Text {
		units += font.HMetric(fixed.Int26_6(em), font.Index(c)).AdvanceWidth
	}
	return float64(units) / float64(em)
}
