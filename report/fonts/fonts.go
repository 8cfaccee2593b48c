package fonts

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/golang/freetype/truetype"
)

//go:embed Inter-Regular.ttf
var regular []byte

//go:embed Inter-SemiBold.ttf
var semiBold []byte

// Regular is the TrueType file of the body weight (400). The bytes are shared:
// read only.
func Regular() []byte { return regular }

// SemiBold is the TrueType file of the heavier weight (600). The bytes are
// shared: read only.
func SemiBold() []byte { return semiBold }

// RegularFont and SemiBoldFont are the same files parsed. Each returns the same
// pointer every time, so that a renderer can tell the weights apart by it.
var (
	RegularFont  = sync.OnceValue(func() *truetype.Font { return parse("regular", regular) })
	SemiBoldFont = sync.OnceValue(func() *truetype.Font { return parse("semibold", semiBold) })
)

// parse panics on a broken file, since the files are part of the program.
func parse(weight string, ttf []byte) *truetype.Font {
	f, err := truetype.Parse(ttf)
	if err != nil {
		panic(fmt.Sprintf("fonts: the embedded Inter %s cannot be read: %v", weight, err))
	}
	return f
}
