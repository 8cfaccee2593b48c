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

// Regular returns the TrueType file of the body weight, 400. It must not be changed.
func Regular() []byte { return regular }

// SemiBold returns the TrueType file of the heavier weight, 600. It must not be changed.
func SemiBold() []byte { return semiBold }

// RegularFont and SemiBoldFont return the files parsed. Each always returns the same pointer, so
// that a renderer can tell the weights by it.
var (
	RegularFont  = sync.OnceValue(func() *truetype.Font { return parse("regular", regular) })
	SemiBoldFont = sync.OnceValue(func() *truetype.Font { return parse("semibold", semiBold) })
)

// parse panics if a file is broken, since the files are part of the program.
func parse(weight string, ttf []byte) *truetype.Font {
	f, err := truetype.Parse(ttf)
	if err != nil {
		panic(fmt.Sprintf("fonts: the embedded Inter %s cannot be read: %v", weight, err))
	}
	return f
}
