package tagged

import (
	"strings"
	"testing"
)

func TestToUnicode(t *testing.T) {
	many, blocks := "", []string{"100 beginbfrange", "3 beginbfrange"}
	for i := range 103 {
		many += string(rune('Ā' + 2*i))
	}
	tests := []struct {
		name, used string
		want       []string
	}{
		{"neighbors are one range", "cabx", []string{"2 beginbfrange",
			"<0061> <0063> <0061>\n<0078> <0078> <0078>\n"}},
		{"a range has one high byte", "þÿĀā", []string{
			"<00FE> <00FF> <00FE>\n<0100> <0101> <0100>\n"}},
		{"a sequence", "☄★☆", []string{"1 beginbfchar\n<2605> <D83DDC69200DD83DDE80>\n",
			"2 beginbfrange\n<2604> <2604> <2604>\n<2606> <2606> <2606>\n"}},
		{"a block has 100 entries", many, blocks},
		{"nothing", "", nil},
	}
	for _, test := range tests {
		used := make(map[rune]bool)
		for _, r := range test.used {
			used[r] = true
		}
		got := string(toUnicode(used, func(r rune) string {
			return map[rune]string{'★': "👩\u200d🚀"}[r]
		}))
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", test.name, want, got)
			}
		}
		if test.want == nil && strings.Contains(got, "beginbf") {
			t.Errorf("%s: there are entries in\n%s", test.name, got)
		}
	}
}
