package fonts

import (
	"cmp"
	"os"
	"slices"
	"strings"
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

// The letters of what Visual returns, read from right to left, are the text as typed.
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

// Lines are in the order of FriBidi 1.0.8. fribidi.txt has random lines of letters, digits and
// signs: the direction of the line, the line, and the line in drawing order. No line has the comma
// after which Visual continues from left to right.
func TestOrdered_FriBidi(t *testing.T) {
	file, err := os.ReadFile("testdata/fribidi.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(file)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		base := map[string]int{"ltr": 0, "rtl": 1}[fields[0]]
		if got := string(ordered([]rune(fields[1]), base)); got != fields[2] {
			t.Errorf("%s: %q is drawn as %q, want %q", fields[0], fields[1], got, fields[2])
		}
		n++
	}
	if n != 500 {
		t.Errorf("%d lines, want 500", n)
	}
}
