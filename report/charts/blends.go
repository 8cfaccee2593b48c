package charts

import (
	"image/color"
	"slices"
)

// blends says which color of a palette results if a color covers a pixel in part. It computes each
// result once. The zero value has no palette.
type blends struct {
	palette color.Palette // at most 255 colors
	known   []upper
}

// coverages is the number of steps from a pixel that is not covered to one that is. A quarter of
// them would do for one shape, but the errors of shapes that meet would add up.
const coverages = 255

// upper is a color that is drawn over others.
type upper struct {
	*blends
	c     color.RGBA
	index uint8 // of the color in the palette that is nearest to c

	// results has, for each coverage and color below, one more than the index of the result, and 0
	// if the result is not known yet.
	results *[coverages][256]uint8
}

// use sets the palette.
func (b *blends) use(palette color.Palette) {
	if slices.Equal(b.palette, palette) {
		return
	}
	b.palette, b.known = palette, nil
}

// over returns a color as what is drawn over others.
func (b *blends) over(of color.Color) upper {
	c := color.RGBAModel.Convert(of).(color.RGBA)
	for _, o := range b.known {
		if o.c == c {
			return o
		}
	}
	o := upper{b, c, uint8(b.palette.Index(c)), new([coverages][256]uint8)}
	b.known = append(b.known, o)
	return o
}

// paint draws the color over pixels of a row, at least one. coverage is how much of each it covers,
// at most 0xffff.
func (o upper) paint(row []uint8, coverage uint32) {
	step := (coverage*coverages + 0x7fff) / 0xffff
	switch step {
	case 0:
		return
	case coverages:
		row[0] = o.index
		for done := 1; done < len(row); done *= 2 { // copy is faster than a loop over bytes
			copy(row[done:], row[:done])
		}
		return
	}
	results := &o.results[step]
	for i, under := range row {
		result := results[under]
		if result == 0 {
			result = o.blend(under, step) + 1
			results[under] = result
		}
		row[i] = result - 1
	}
}

// blend returns the index of the color of the palette that is nearest to a mix.
func (o upper) blend(under uint8, step uint32) uint8 {
	below := o.palette[under].(color.RGBA)
	mix := func(above, below uint8) uint8 {
		return uint8((uint32(above)*step + uint32(below)*(coverages-step) + coverages/2) / coverages)
	}
	return uint8(o.palette.Index(color.RGBA{
		mix(o.c.R, below.R), mix(o.c.G, below.G), mix(o.c.B, below.B), 0xff}))
}
