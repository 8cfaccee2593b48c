package wording

import (
	"strings"
	"testing"
	"unicode"
)

// Every language names the languages of chats.
func TestLanguageName(t *testing.T) {
	codes := strings.Split(tongueCodes, ",")
	for _, l := range languages {
		if n := len(strings.Split(l.tongues, ",")); n != len(codes) {
			t.Errorf("%s: %d names of %d languages", l.locale, n, len(codes))
		}
	}
	for _, c := range []struct{ locale, code, want string }{
		{"en", "nb", "Norwegian"}, {"en", "tl", "Tagalog"}, {"nb", "en", "engelsk"},
		{"sv", "fi", "finska"}, {"da", "de", "tysk"}, {"de", "uk", "Ukrainisch"},
		{"de", "xx", "XX"},
	} {
		w, err := For(c.locale)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.LanguageName(c.code); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.code, c.locale, got, c.want)
		}
	}
}

// Every language names the scripts that the typeface lacks.
func TestScriptName(t *testing.T) {
	codes := strings.Split(scriptCodes, ",")
	for _, code := range codes {
		if unicode.Scripts[code] == nil {
			t.Errorf("package unicode has no script %s", code)
		}
	}
	for _, l := range all() {
		if n := len(strings.Split(l.scripts, ",")); n != len(codes) {
			t.Errorf("%s: %d names of %d scripts", l.locale, n, len(codes))
		}
	}
	for _, c := range []struct{ locale, code, want string }{
		{"en", "Thai", "Thai"}, {"en", "Myanmar", "Burmese"}, {"nb", "Lao", "laotisk"},
		{"sv", "Thai", "thailändska"}, {"da", "Tamil", "tamil"}, {"de", "Sinhala", "Singhalesisch"},
		{"de", "Common", "andere Zeichen"}, {"en", "", "other characters"},
	} {
		w, err := For(c.locale)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.ScriptName(c.code); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.code, c.locale, got, c.want)
		}
	}
}
