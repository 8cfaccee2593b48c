package theme

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// A Color is an opaque color.
type Color struct{ R, G, B uint8 }

var _ color.Color = Color{}

// RGBA implements color.Color.
func (c Color) RGBA() (r, g, b, a uint32) {
	return uint32(c.R) * 0x101, uint32(c.G) * 0x101, uint32(c.B) * 0x101, 0xffff
}

// String returns #rrggbb.
func (c Color) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// Parse reads #rrggbb. It returns false if s is no such color.
func Parse(s string) (c Color, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return c, false
	}
	hex, err := strconv.ParseUint(s[1:], 16, 24)
	return rgb(uint32(hex)), err == nil
}

func rgb(hex uint32) Color { return Color{uint8(hex >> 16), uint8(hex >> 8), uint8(hex)} }

// luminance returns WCAG's relative luminance, from 0 for black to 1 for white.
func (c Color) luminance() float64 {
	l := c.linear()
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// isDark reports whether white has more contrast on c than black.
func (c Color) isDark() bool { return c.luminance() < 0.18 }

// Contrast returns WCAG's contrast ratio of two colors, from 1 to 21.
func Contrast(a, b Color) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// On returns the nearest shade of c with at least the contrast on a ground: c itself, or else a
// darker shade on a light ground and a lighter shade on a dark ground. If there is none, it returns
// black or white.
func (c Color) On(ground Color, least float64) Color {
	if Contrast(c, ground) >= least {
		return c
	}
	// The hue stays.
	towards := func(t float64) Color { return fromLinear(c.linear().scaled(1 - t)) }
	if ground.isDark() {
		towards = func(t float64) Color {
			l := c.linear()
			for i := range l {
				l[i] += (1 - l[i]) * t
			}
			return fromLinear(l)
		}
	}
	low, high := 0.0, 1.0 // too little contrast, enough
	for range 16 {
		if middle := (low + high) / 2; Contrast(towards(middle), ground) >= least {
			high = middle
		} else {
			low = middle
		}
	}
	return towards(high)
}

// vector is a color in a space of real numbers.
type vector [3]float64

func (v vector) scaled(by float64) vector { return vector{v[0] * by, v[1] * by, v[2] * by} }

// times returns the product of a matrix and v.
func (v vector) times(m [3]vector) (out vector) {
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

// linear returns the amounts of red, green and blue light.
func (c Color) linear() (v vector) {
	for i, channel := range [3]uint8{c.R, c.G, c.B} {
		if s := float64(channel) / 255; s > 0.04045 {
			v[i] = math.Pow((s+0.055)/1.055, 2.4)
		} else {
			v[i] = s / 12.92
		}
	}
	return v
}

// fromLinear returns the nearest color that a screen can show.
func fromLinear(v vector) Color {
	var channels [3]uint8
	for i, l := range v {
		s := 12.92 * l
		if l > 0.0031308 {
			s = 1.055*math.Pow(l, 1/2.4) - 0.055
		}
		channels[i] = uint8(min(max(s, 0), 1)*255 + 0.5)
	}
	return Color{channels[0], channels[1], channels[2]}
}

// Oklab, by Björn Ottosson, is a space in which equal distances look equal. Its first number is the
// lightness.
var (
	toCones = [3]vector{{0.4122214708, 0.5363325363, 0.0514459929},
		{0.2119034982, 0.6806995451, 0.1073969566}, {0.0883024619, 0.2817188376, 0.6299787005}}
	toLab = [3]vector{{0.2104542553, 0.7936177850, -0.0040720468},
		{1.9779984951, -2.4285922050, 0.4505937099}, {0.0259040371, 0.7827717662, -0.8086757660}}
	fromLab = [3]vector{{1, 0.3963377774, 0.2158037573}, {1, -0.1055613458, -0.0638541728},
		{1, -0.0894841775, -1.2914855480}}
	fromCones = [3]vector{{4.0767416621, -3.3077115913, 0.2309699292},
		{-1.2684380046, 2.6097574011, -0.3413193965},
		{-0.0041960863, -0.7034186147, 1.7076147010}}
)

// oklab turns amounts of light into Oklab. fromOklab is its inverse.
func (v vector) oklab() vector {
	cones := v.times(toCones)
	for i := range cones {
		cones[i] = math.Cbrt(cones[i])
	}
	return cones.times(toLab)
}

func fromOklab(v vector) Color {
	cones := v.times(fromLab)
	for i := range cones {
		cones[i] *= cones[i] * cones[i]
	}
	return fromLinear(cones.times(fromCones))
}

// mix returns the color between a, at t = 0, and b, at t = 1, in Oklab.
func mix(a, b Color, t float64) Color {
	from, to := a.linear().oklab(), b.linear().oklab()
	for i := range from {
		from[i] += (to[i] - from[i]) * t
	}
	return fromOklab(from)
}
