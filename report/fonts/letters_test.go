package fonts

import (
	"cmp"
	"slices"
	"testing"
)

func TestLetters(t *testing.T) {
	for r, want := range map[rune]string{'a': "", 'é': "", 'ש': "", 'م': "", 'ﻣ': "م", 'ﻻ': "ال",
		'ﭖ': "پ", '\ufefe': "", '™': ""} {
		if got := Letters(r); got != want {
			t.Errorf("Letters(%q) = %q, want %q", r, got, want)
		}
	}
}

// What Visual draws comes back as it was typed, once it is read from right to left.
func TestLetters_OfVisual(t *testing.T) {
	const typed = "مرحبا الإلغاء لا"
	var letters []rune
	for _, r := range Visual(typed) {
		letters = append(letters, []rune(cmp.Or(Letters(r), string(r)))...)
	}
	if slices.Reverse(letters); string(letters) != typed {
		t.Errorf("got %q, want %q", string(letters), typed)
	}
}
