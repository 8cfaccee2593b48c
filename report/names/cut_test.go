package names_test

import (
	"strings"
	"testing"

	"kindlyweekly/report/names"
)

func TestCut(t *testing.T) {
	family := "👩\u200d👩\u200d👧"
	for _, c := range []struct {
		s    string
		most int
		want string
	}{
		{"Oslo", 4, "Oslo"},
		{"Oslo!", 4, "Osl…"},
		{"Oslo by", 6, "Oslo…"},
		{"pa\u030aske", 3, "p…"},
		{"pa\u030aske", 4, "pa\u030a…"},
		{"🇳🇴🇸🇪🇩🇰", 4, "🇳🇴…"},
		{family + family, 8, family + "…"},
		{family + family, 5, "…"},
		{"a" + strings.Repeat("\u0301", 100), 10, "…"},
		{"שלום עולם", 5, "שלום…"},
	} {
		if got := names.Cut(c.s, c.most); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.s, c.most, got, c.want)
		}
	}
}
