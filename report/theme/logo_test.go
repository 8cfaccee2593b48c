package theme

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

func encoded(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// mark is a disc on nothing.
func mark(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if dx, dy := 2*x-width, 2*y-height; dx*dx+dy*dy < height*height {
				m.SetNRGBA(x, y, color.NRGBA{0x0b, 0x5f, 0xff, 0xff})
			}
		}
	}
	return m
}

// noise does not compress.
func noise(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = uint8(random.Uint32()) | 1
	}
	return m
}

func TestReadLogo(t *testing.T) {
	gray16 := image.NewGray16(image.Rect(0, 0, 64, 32))
	draw.Draw(gray16, gray16.Rect, mark(64, 32), image.Point{}, draw.Over)
	for _, test := range []struct {
		name          string
		file          []byte
		width, height int
	}{
		{"as it is drawn", encoded(t, mark(200, 80)), 200, 80},
		{"too wide", encoded(t, mark(1600, 160)), 400, 40},
		{"too high", encoded(t, mark(300, 960)), 30, 96},
		{"of sixteen bits", encoded(t, gray16), 64, 32},
		{"with texts in it", withText(encoded(t, mark(200, 80)), "Comment", "GPS 59.91 10.75"), 200,
			80},
		{"the largest", encoded(t, mark(mostLogoPixels, 490)), 400, 96},
		// made smaller until it weighs little
		{"a photograph", encoded(t, noise(400, 96)), 200, 48},
	} {
		logo, err := ReadLogo(test.file)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if logo.Width > LogoWidth || logo.Height > LogoHeight || len(logo.PNG) > mostDrawn {
			t.Errorf("%s: %d x %d, %d bytes", test.name, logo.Width, logo.Height, len(logo.PNG))
		}
		if test.name != "a photograph" && (logo.Width != test.width || logo.Height != test.height) {
			t.Errorf("%s: %d x %d, want %d x %d", test.name, logo.Width, logo.Height, test.width,
				test.height)
		}
		if bytes.Contains(logo.PNG, []byte("GPS")) {
			t.Errorf("%s: what the file told beside its pixels is still there", test.name)
		}
		m, err := png.Decode(bytes.NewReader(logo.PNG))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		for y := range logo.Height {
			for x := range logo.Width {
				if _, _, _, a := m.At(x, y).RGBA(); a != 0xffff {
					t.Fatalf("%s: the pixel at %d, %d can be seen through", test.name, x, y)
				}
			}
		}
		if r, g, b, _ := m.At(0, 0).RGBA(); test.name != "a photograph" &&
			test.name != "of sixteen bits" && r+g+b != 3*0xffff {
			t.Errorf("%s: the corner is not white", test.name)
		}
		again, err := ReadLogo(logo.PNG)
		if err != nil || !bytes.Equal(again.PNG, logo.PNG) {
			t.Errorf("%s: read again it is another (%v)", test.name, err)
		}
	}
}

func TestReadLogo_Refused(t *testing.T) {
	whole := encoded(t, mark(200, 80))
	broken := bytes.Clone(whole)
	broken[len(broken)-20] ^= 0xff
	for _, test := range []struct {
		name, want string
		file       []byte
	}{
		{"nothing", "not a readable PNG file", nil},
		{"another kind of file", "not a readable PNG file", []byte("\xff\xd8\xff\xe0 JFIF")},
		{"an SVG", "not a readable PNG file", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		{"half a file", "broken PNG file", whole[:len(whole)/2]},
		{"a broken file", "broken PNG file", broken},
		{"a bomb", "60000 x 60000 pixels", withSize(whole, 60000, 60000)},
		{"a bomb that is long and thin", "2049 x 16 pixels", withSize(whole, 2049, 16)},
		{"fewer pixels than it says", "broken PNG file", withSize(whole, 2048, 2048)},
		{"a dot", "1 x 1 pixels", encoded(t, mark(1, 1))},
		{"a line", "too long and thin", encoded(t, mark(1600, 10))},
		{"a heavy file", "at most 1024", append(bytes.Clone(whole),
			make([]byte, MostLogoBytes)...)},
	} {
		if logo, err := ReadLogo(test.file); err == nil ||
			!strings.Contains(err.Error(), test.want) || logo.PNG != nil {
			t.Errorf("%s: %v, want it to say %q", test.name, err, test.want)
		}
	}
}

// withSize says another size in a file's head.
func withSize(file []byte, width, height uint32) []byte {
	file = bytes.Clone(file)
	binary.BigEndian.PutUint32(file[16:], width)
	binary.BigEndian.PutUint32(file[20:], height)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

// withText puts a text behind a file's head.
func withText(file []byte, key, text string) []byte {
	chunk := append([]byte("tEXt"), key+"\x00"+text...)
	var b []byte
	b = binary.BigEndian.AppendUint32(b, uint32(len(chunk)-4))
	b = append(b, chunk...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
	return append(append(bytes.Clone(file[:33]), b...), file[33:]...)
}

func FuzzReadLogo(f *testing.F) {
	f.Add(encoded(f, mark(32, 20)))
	f.Add(withSize(encoded(f, mark(32, 20)), 2048, 2048))
	f.Fuzz(func(t *testing.T, file []byte) {
		logo, err := ReadLogo(file)
		if err != nil {
			return
		}
		again, err := ReadLogo(logo.PNG)
		if err != nil || !bytes.Equal(again.PNG, logo.PNG) {
			t.Errorf("read again it is another: %v", err)
		}
	})
}
