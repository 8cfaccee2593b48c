package theme

import (
	"strings"
	"testing"
)

func TestFileName(t *testing.T) {
	for _, test := range []struct{ id, name, want string }{
		{"nettbutikk", "Nettbutikk chatbot", "nettbutikk-2026-W46"},
		{"intern-hjelp", "Intern hjelp", "intern-hjelp-2026-W46"},
		{"4217", "Bakeri Ærlig & sønn", "bakeri-aerlig-sonn-2026-W46"},
		{"65f1b2", "Größe «Åpent»", "grosse-apent-2026-W46"},
		{"4217", "你好", "4217-2026-W46"}, // nothing of the name can be written
		{"你好", "", "report-2026-W46"},
		{"../../etc/passwd", "x", "etc-passwd-2026-W46"},
		{"4217", "a\"b\"\r\nX: y\x00/..", "a-b-x-y-2026-W46"},
		{"kunde_service", "", "kunde-service-2026-W46"},
		{"42", "  Kommune / Øst & Ærlig! ", "kommune-ost-aerlig-2026-W46"},
		{"42", "Ångström; Łódź", "angstrom-lodz-2026-W46"},
		{"42", "Bot <3 🙋🏽‍♀️", "bot-3-2026-W46"},
		{"42", "ﬁle №2", "file-no2-2026-W46"},
		{"bot 42", "店 24", "bot-42-2026-W46"}, // of another script, its id
		{"42", "магазин", "42-2026-W46"},
		{"42", "🙋🏽‍♀️", "42-2026-W46"},
		{"42", strings.Repeat("a", 59) + " b", strings.Repeat("a", 59) + "-2026-W46"},
		{"", strings.Repeat("lang", 99), strings.Repeat("lang", 15) + "-2026-W46"},
	} {
		if got := FileName(test.id, test.name, "2026-W46"); got != test.want {
			t.Errorf("FileName(%q, %q) = %q, want %q", test.id, test.name, got, test.want)
		}
	}
}
