package theme

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// Limits of logos. A logo is shown at half its pixels, so that it is sharp on a phone.
const (
	MostLogoBytes  = 1 << 20 // of the file
	mostLogoPixels = 2048    // along either side
	leastLogo      = 8       // pixels along either side
	LogoWidth      = 400     // most pixels of the drawn logo
	LogoHeight     = 96
	mostDrawn      = 32 << 10 // bytes of the drawn logo, which is a part of every report
)

// A Logo is a picture that every edition can draw: small, opaque and on white, without metadata.
type Logo struct {
	PNG           []byte
	Width, Height int // pixels
}

// ReadLogo makes a Logo of a PNG that a user supplied. It checks the size before it decodes, so
// that a few bytes cannot ask for gigabytes. It scales the logo down to the size at which it is
// drawn and puts it on white, which most logos are made for. It drops all metadata. It returns its
// own PNGs unchanged. It fails if the file is no PNG, or is too large, too small or too thin.
func ReadLogo(file []byte) (Logo, error) {
	if len(file) > MostLogoBytes {
		return Logo{}, fmt.Errorf("the logo has %d kB, at most %d are allowed: "+
			"export it smaller, about 400 pixels wide", len(file)>>10, MostLogoBytes>>10)
	}
	size, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return Logo{}, fmt.Errorf("the logo is not a readable PNG file: %w: export it again", err)
	}
	if max(size.Width, size.Height) > mostLogoPixels || min(size.Width, size.Height) < leastLogo {
		return Logo{}, fmt.Errorf("the logo has %d x %d pixels, each must be %d to %d: "+
			"export it about %d pixels wide",
			size.Width, size.Height, leastLogo, mostLogoPixels, LogoWidth)
	}
	whole, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return Logo{}, fmt.Errorf("the logo is a broken PNG file: %w: export it again", err)
	}
	width, height := whole.Bounds().Dx(), whole.Bounds().Dy()
	for shrink := max(1, float64(width)/LogoWidth, float64(height)/LogoHeight); ; shrink *= 1.25 {
		w, h := int(float64(width)/shrink+0.5), int(float64(height)/shrink+0.5)
		if min(w, h) < leastLogo {
			return Logo{}, errors.New("the logo is too long and thin: " +
				"export it about 4 times as wide as it is high")
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

// onWhite returns a picture on white, scaled down. Each pixel is the mean of those that it
// replaces.
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
					white := 0xffff - a
					red += uint64(r + white)
					green += uint64(g + white)
					blue += uint64(b + white)
					n++
				}
			}
			to.SetNRGBA(x, y, color.NRGBA{eight(red, n), eight(green, n), eight(blue, n), 0xff})
		}
	}
	return to
}

// eight returns the mean of n 16-bit values, in 8 bits.
func eight(sum, n uint64) uint8 { return uint8((sum/n + 0x80) / 0x101) }

// encodeLogo writes a PNG, with a palette if there are at most 256 colors.
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
