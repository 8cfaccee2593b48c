package report_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

// A report is drawn again in its colors and with its logo from report.json alone.
func TestRender_BrandIsInTheNumbers(t *testing.T) {
	r := figurestest.Busy()
	plain, err := report.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	file := figurestest.Logo()
	if err := report.ApplyBrand(r, config.Brand{Accent: "#0a7d4f", Logo: "logo.png"},
		func(name string) ([]byte, error) {
			if name != "logo.png" {
				t.Errorf("asked for %q", name)
			}
			return file, nil
		}); err != nil {
		t.Fatal(err)
	}
	first, err := report.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	if edition(t, first, report.Logo) == nil ||
		slices.ContainsFunc(plain, func(f report.File) bool { return f.Name == report.Logo }) {
		t.Error("the logo is an edition of a branded report alone")
	}
	kept, err := figures.Decode(edition(t, first, report.JSON))
	if err != nil {
		t.Fatal(err)
	}
	again, err := report.Render(kept)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range first {
		if !bytes.Equal(again[i].Data, f.Data) {
			t.Errorf("%s differs when it is drawn again", f.Name)
		}
	}
	for _, name := range []string{report.PDF, report.Mail, "charts/chats.png"} {
		if bytes.Equal(edition(t, first, name), edition(t, plain, name)) {
			t.Errorf("%s does not show the brand", name)
		}
	}
}

// A logo that cannot be used is told and left out. The color stays, and the report is drawn.
func TestApplyBrand_BrokenLogo(t *testing.T) {
	for _, test := range []struct {
		name, want string
		read       func(string) ([]byte, error)
	}{
		{"missing", "logo.png: file does not exist",
			func(string) ([]byte, error) { return nil, fs.ErrNotExist }},
		{"broken", "logo.png: the logo is not a readable PNG file",
			func(string) ([]byte, error) { return []byte("<svg>"), nil }},
	} {
		r := figurestest.Tiny()
		err := report.ApplyBrand(r, config.Brand{Accent: "#0a7d4f", Logo: "logo.png"}, test.read)
		if err == nil || !strings.Contains(err.Error(), test.want) || test.name == "missing" &&
			!errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want it to say %q", test.name, err, test.want)
		}
		if r.Brand == nil || r.Brand.Accent != "#0a7d4f" || r.Brand.Logo != nil {
			t.Errorf("%s: the brand is %+v", test.name, r.Brand)
		}
		// Nor does one in a report.json that was edited.
		r.Brand.Logo = []byte("no PNG")
		if _, err := report.Render(r); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	r := figurestest.Tiny()
	r.Brand = &figures.Brand{Accent: "#123456"}
	if err := report.ApplyBrand(r, config.Brand{}, nil); err != nil || r.Brand != nil {
		t.Errorf("without a brand: %v, %+v", err, r.Brand)
	}
}
