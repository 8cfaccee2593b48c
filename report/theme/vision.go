package theme

import "math"

// A ColorVision is how somebody sees colors.
type ColorVision int

// The sights. One man in twelve has one of the second and third, or is on the way there.
const (
	Trichromacy  ColorVision = iota // as most people
	Protanopia                      // without red
	Deuteranopia                    // without green
	Tritanopia                      // without blue
)

// ColorVisions lists them.
func ColorVisions() []ColorVision {
	return []ColorVision{Trichromacy, Protanopia, Deuteranopia, Tritanopia}
}

// What is left of the amounts of red, green and blue light, by Machado, Oliveira and Fernandes, "A Physiologically-based
// Model for Simulation of Color Vision Deficiency", 2009, at its full severity.
var seen = map[ColorVision][3]vector{
	Trichromacy:  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	Protanopia:   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	Deuteranopia: {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	Tritanopia:   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// Sees returns what a color looks like.
func (s ColorVision) Sees(c Color) Color { return fromLinear(c.linear().times(seen[s])) }

// Distance is how far apart two colors look: 0 where they are the same, 1 for black and white. Of large areas side by
// side, 0.02 can just be told apart; of small marks, in a legend and then in a chart, 0.1 and more.
func (s ColorVision) Distance(a, b Color) float64 {
	x, y := s.Sees(a).linear().oklab(), s.Sees(b).linear().oklab()
	return math.Sqrt((x[0]-y[0])*(x[0]-y[0]) + (x[1]-y[1])*(x[1]-y[1]) + (x[2]-y[2])*(x[2]-y[2]))
}

// Apart is the least distance of two colors in any sight.
func Apart(a, b Color) float64 {
	least := math.Inf(1)
	for _, s := range ColorVisions() {
		least = min(least, s.Distance(a, b))
	}
	return least
}
