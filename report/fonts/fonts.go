package fonts

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/golang/freetype/truetype"
)

// Face is a font of this package. A line of text has the weight Regular or SemiBold. Emoji and CJK,
// which have one weight, draw what these lack; see [Runs].
type Face struct {
	name   string
	file   []byte
	parsed func() *truetype.Font
}

// The faces.
var (
	Regular  = newFace("inter", regular)                   // Inter, weight 400
	SemiBold = newFace("intersemibold", semiBold)          // Inter, weight 600
	Emoji    = newFace("notoemoji", emoji)                 // Noto Emoji, in black and white
	CJK      = newFace("droidsansfallback", droidFallback) // Droid Sans Fallback
)

//go:embed Inter-Regular.ttf
var regular []byte

//go:embed Inter-SemiBold.ttf
var semiBold []byte

//go:embed NotoEmoji.ttf
var emoji []byte

//go:embed DroidSansFallback.ttf
var droidFallback []byte

// newFace returns a face that is parsed when it is first needed.
func newFace(name string, file []byte) *Face {
	return &Face{name, file, sync.OnceValue(func() *truetype.Font {
		font, err := truetype.Parse(file)
		if err != nil { // the file is part of the program
			panic(fmt.Sprintf("fonts: the embedded font %s cannot be read: %v", name, err))
		}
		return font
	})}
}

// Name returns a short name in ASCII, such as "intersemibold".
func (f *Face) Name() string { return f.name }

// File returns the TrueType file. It must not be changed.
func (f *Face) File() []byte { return f.file }

// Font returns the parsed file. It always returns the same pointer.
func (f *Face) Font() *truetype.Font { return f.parsed() }

// has reports whether the face has a glyph for r.
func (f *Face) has(r rune) bool { return f.Font().Index(r) != 0 }
