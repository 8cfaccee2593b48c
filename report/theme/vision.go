package theme

import "math"

// colorVision is how a person sees colors.
type colorVision int

const (
	trichromacy  colorVision = iota // all colors
	protanopia                      // no red
	deuteranopia                    // no green
	tritanopia                      // no blue
)

// colorVisions is what each color vision makes of the amounts of red, green and blue light, by
// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
// Deficiency", 2009, at full severity. One man in twelve has the second or third one, or a weak
// form of it.
var colorVisions = [...][3]vector{
	trichromacy: {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	protanopia: {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216},
		{-0.003882, -0.048116, 1.051998}},
	deuteranopia: {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413},
		{-0.011820, 0.042940, 0.968881}},
	tritanopia: {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602},
		{0.004733, 0.691367, 0.303900}},
}

// sees returns what a color looks like.
func (v colorVision) sees(c Color) Color { return fromLinear(c.linear().times(colorVisions[v])) }

// distance returns how different two colors look: 0 if they are the same, 1 for black and white.
// 0.02 is just visible between large areas side by side. Small marks need 0.1 or more.
func (v colorVision) distance(a, b Color) float64 {
	x, y := v.sees(a).linear().oklab(), v.sees(b).linear().oklab()
	return math.Hypot(math.Hypot(x[0]-y[0], x[1]-y[1]), x[2]-y[2])
}

// apart returns the least distance of two colors over all color visions.
func apart(a, b Color) float64 {
	least := math.Inf(1)
	for v := range colorVisions {
		least = min(least, colorVision(v).distance(a, b))
	}
	return least
}
