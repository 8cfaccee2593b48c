package summary_test

import (
	"strings"
	"testing"

	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

func TestPDFName(t *testing.T) {
	for name, want := range map[string]string{
		"Nettbutikk":                   "nettbutikk",
		"Nettbutikk chatbot":           "nettbutikk-chatbot",
		"  Kommune / Øst & Ærlig! ":    "kommune-ost-aerlig",
		"Größe, Ångström; Łódź":        "grosse-angstrom-lodz",
		"../../etc/passwd":             "etc-passwd",
		"Bot <3 🙋🏽‍♀️":                 "bot-3",
		"ﬁle №2":                       "file-no2",
		"магазин":                      "bot-42", // of another script, its id
		"店 24":                         "bot-42",
		"🙋🏽‍♀️":                        "bot-42",
		"":                             "bot-42",
		strings.Repeat("a", 59) + " b": strings.Repeat("a", 59),
	} {
		r := figurestest.Tiny()
		r.Bot.Name, r.Bot.ID = name, "Bot 42"
		if got := summary.PDFName(r); got != want+"-2026-W46.pdf" {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	for id, want := range map[string]string{"nettbutikk": "nettbutikk", "kunde_service": "kunde-service", "店": "shop", "65f1b": "shop"} {
		r := figurestest.Tiny()
		r.Bot.Name, r.Bot.ID = "Shop", id
		if got := summary.PDFName(r); got != want+"-2026-W46.pdf" {
			t.Errorf("the id %q: %s, want %s", id, got, want)
		}
	}
	r := figurestest.Tiny()
	r.Bot.Name, r.Bot.ID = "", "店"
	if got := summary.PDFName(r); got != "report-2026-W46.pdf" {
		t.Error(got)
	}
}
