package delivery_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/delivery"
)

// A build holds each language in a folder of its own, and returns its files as they were stored.
// The numbers have no language.
func TestArchive_Languages(t *testing.T) {
	drawn := func(text string) []delivery.File {
		return []delivery.File{{Name: delivery.ReportFile},
			{Name: "report.pdf", Data: []byte(text)},
			{Name: "charts/chats.png", Data: []byte(text)}}
	}
	all := append(append(drawn("in English"), delivery.WithLocale("nb", drawn("på norsk"))...),
		delivery.WithLocale("de", drawn("auf Deutsch"))...)
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"report.json", "report.pdf", "charts/chats.png",
		"locales/nb/report.pdf", "locales/nb/charts/chats.png",
		"locales/de/report.pdf", "locales/de/charts/chats.png"}, names); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(drawn("in English"), delivery.WithoutLocales(all)); diff != "" {
		t.Errorf("its own, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(drawn("auf Deutsch")[1:], delivery.InLocale("de", all)); diff != "" {
		t.Errorf("in German, -want +got:\n%s", diff)
	}
	if none := delivery.InLocale("sv", all); none != nil {
		t.Errorf("in Swedish there is %v", none)
	}
}
