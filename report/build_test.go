package report_test

import (
	"bytes"
	"slices"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/pdf/inspect"
)

// Every edition can be drawn again from report.json, with the same bytes.
func TestRender_FromNumbers(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			first, err := report.Render(r)
			if err != nil {
				t.Fatal(err)
			}
			numbers := edition(t, first, report.JSON)
			kept, err := figures.Decode(numbers)
			if err != nil {
				t.Fatal(err)
			}
			again, err := report.Render(kept)
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range first {
				if again[i].Name != f.Name || again[i].Type != f.Type ||
					!bytes.Equal(again[i].Data, f.Data) {
					t.Errorf("%s differs when it is drawn again", f.Name)
				}
			}
		})
	}
}

func TestRender_EveryEdition(t *testing.T) {
	files, err := report.Render(figurestest.Busy())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		if len(f.Data) == 0 || f.Type == "" {
			t.Errorf("%s: %d bytes of type %q", f.Name, len(f.Data), f.Type)
		}
	}
	want := []string{"report.json", "report.csv", "report.pdf", "digest.json", "details.json",
		"digest.txt", "mail.eml",
		"charts/chats.png", "charts/messages.png", "charts/fallbacks.png", "charts/handovers.png",
		"charts/weeks.png", "charts/trend.png",
		"charts/hours.png", "charts/feedback.png", "charts/labels.png", "charts/buttons.png",
		"charts/pages.png"}
	if !slices.Equal(names, want) {
		t.Errorf("drawn: %q\nwant:  %q", names, want)
	}
}

// The data files are embedded in the PDF, so that it can be archived alone. They have no addresses
// of people.
func TestRender_PDFHasNumbers(t *testing.T) {
	r := figurestest.Branded()
	files, err := report.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	document, err := inspect.Read(edition(t, files, report.PDF))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range document.Files {
		names = append(names, f.Name)
		if !bytes.Equal(f.Data, edition(t, files, f.Name)) || f.Description == "" {
			t.Errorf("%s, %q, differs from the edition", f.Name, f.Description)
		}
		if bytes.ContainsAny(f.Data, "@") {
			t.Errorf("%s has an address", f.Name)
		}
	}
	if want := []string{report.CSV, report.JSON}; !slices.Equal(names, want) {
		t.Errorf("the PDF has the files %q, want %q", names, want)
	}

	r.WithoutData = true
	if files, err = report.Render(r); err != nil {
		t.Fatal(err)
	}
	document, err = inspect.Read(edition(t, files, report.PDF))
	if err != nil || len(document.Files) != 0 {
		t.Errorf("the PDF without data has the files %v, %v", document.Files, err)
	}
}

// Whatever report.json Decode accepts can be drawn.
func FuzzDraw(f *testing.F) {
	for _, r := range figurestest.Cases() {
		data, err := r.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := figures.Decode(data)
		if err != nil {
			return
		}
		if _, err := report.Render(r); err != nil {
			t.Error(err)
		}
	})
}

func edition(t *testing.T, files []report.File, name string) []byte {
	t.Helper()
	for _, f := range files {
		if f.Name == name {
			return f.Data
		}
	}
	t.Fatalf("%s is missing", name)
	return nil
}
