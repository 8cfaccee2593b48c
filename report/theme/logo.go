package theme

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// What is taken for a logo, and what becomes of it. It is shown at half its pixels, so that it is sharp on a phone.
const (
	MostLogoBytes  = 1 << 20 // of the file
	MostLogoPixels = 2048    // along either side
	leastLogo      = 8       // pixels along either side
	LogoWidth      = 400     // pixels, at most, of what is drawn
	LogoHeight     = 96
	mostDrawn      = 32 << 10 // bytes of what is drawn: it travels with every report
)

// A Logo is a picture that is safe to draw anywhere: small, opaque, on white, without anything beside its pixels.
type Logo struct {
	PNG           []byte
	Width, Height int // pixels
}

// ReadLogo makes a Logo of a PNG from outside. Its size is looked at before it is decoded, so that a few bytes cannot ask for
// gigabytes; it is made smaller where it is larger than it is drawn, and laid on white, since most logos are made for that,
// and an edition in the dark gives it a white ground. What else the file holds (texts, places, thumbnails) is left behind.
// What ReadLogo made, it makes again, byte for byte.
func ReadLogo(file []byte) (Logo, error) {
	if len(file) > MostLogoBytes {
		return Logo{}, fmt.Errorf("the logo has %d kB, and may have %d: export it smaller, some 400 pixels wide", len(file)>>10, MostLogoBytes>>10)
	}
	size, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return Logo{}, fmt.Errorf("the logo is no PNG file that can be read: %w: export it as PNG again", err)
	}
	if max(size.Width, size.Height) > MostLogoPixels || min(size.Width, size.Height) < leastLogo {
		return Logo{}, fmt.Errorf("the logo has %d x %d pixels, and each may be %d to %d: export it some %d pixels wide",
			size.Width, size.Height, leastLogo, MostLogoPixels, LogoWidth)
	}
	whole, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return Logo{}, fmt.Errorf("the logo is a broken PNG file: %w: export it again", err)
	}
	width, height := whole.Bounds().Dx(), whole.Bounds().Dy()
	for shrink := max(1, float64(width)/LogoWidth, float64(height)/LogoHeight); ; shrink *= 1.25 {
		w, h := int(float64(width)/shrink+0.5), int(float64(height)/shrink+0.5)
		if min(w, h) < leastLogo {
			return Logo{}, errors.New("the logo is too long and thin to be drawn: export it some 4 times as wide as it is high")
		}
		drawn, err := encodeLogo(onWhite(whole, w, h))
		if err != nil {
			return Logo{}, err
		}
		if len(drawn) <= mostDrawn {
			return Logo{drawn, w, h}, nil
		}
	}
}

// onWhite lays a picture on white at another size, none of which is larger. Each pixel is the mean of those under it.
func onWhite(from image.Image, width, height int) *image.NRGBA {
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	b := from.Bounds()
	for y := range height {
		top, bottom := y*b.Dy()/height, max((y+1)*b.Dy()/height, y*b.Dy()/height+1)
		for x := range width {
			left, right := x*b.Dx()/width, max((x+1)*b.Dx()/width, x*b.Dx()/width+1)
			var red, green, blue, n uint64
			for v := top; v < bottom; v++ {
				for u := left; u < right; u++ {
					r, g, b, a := from.At(b.Min.X+u, b.Min.Y+v).RGBA()
					red, green, blue, n = red+uint64(r+0xffff-a), green+uint64(g+0xffff-a), blue+uint64(b+0xffff-a), n+1
				}
			}
			to.SetNRGBA(x, y, color.NRGBA{eight(red, n), eight(green, n), eight(blue, n), 0xff})
		}
	}
	return to
}

// eight is the mean of n 16-bit values, in 8 bits.
func eight(sum, n uint64) uint8 { return uint8((sum/n + 0x80) / 0x101) }

// encodeLogo writes a picture with a palette where it has few enough colors.
func encodeLogo(m *image.NRGBA) ([]byte, error) {
	var small image.Image = m
	indices := make(map[color.NRGBA]uint8)
	indexed := image.NewPaletted(m.Rect, nil)
	for i := 0; i < len(m.Pix) && indexed != nil; i += 4 {
		c := color.NRGBA{m.Pix[i], m.Pix[i+1], m.Pix[i+2], 0xff}
		at, known := indices[c]
		switch {
		case !known && len(indices) == 256:
			indexed = nil
			continue
		case !known:
			at = uint8(len(indices))
			indices[c], indexed.Palette = at, append(indexed.Palette, c)
		}
		indexed.Pix[i/4] = at
	}
	if indexed != nil {
		small = indexed
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, small); err != nil {
		return nil, fmt.Errorf("the logo: %w", err)
	}
	return b.Bytes(), nil
}
