package report_test

import (
	"bytes"
	"slices"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

func TestRenderPortfolio_Editions(t *testing.T) {
	for name, o := range portfoliotest.Cases() {
		files, err := report.RenderPortfolio(o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var names []string
		for _, f := range files {
			names = append(names, f.Name)
		}
		if want := []string{"overview.json", "report.pdf", "digest.json", "digest.txt",
			"mail.eml"}; !slices.Equal(names, want) {
			t.Errorf("%s: rendered: %q\nwant: %q", name, names, want)
		}
		alone, err := report.PortfolioPDF(o)
		if err != nil || !bytes.Equal(alone, edition(t, files, report.PDF)) {
			t.Errorf("%s: the document alone is another (%v)", name, err)
		}
	}
}

// The embedded overview.json can be rendered again. Its links have neither queries nor users.
func TestPortfolioPDF_Numbers(t *testing.T) {
	o := portfoliotest.Mixed()
	for i := range o.Bots {
		o.Bots[i].Link = "https://ola@kindly.example/bot/4217?token=secret#part"
	}
	o.Bots[3].Link = "https://%zz?token=secret"
	data, err := report.PortfolioPDF(o)
	if err != nil {
		t.Fatal(err)
	}
	document, err := inspect.Read(data)
	if err != nil || len(document.Files) != 1 || document.Files[0].Name != report.PortfolioJSON ||
		document.Files[0].Description == "" {
		t.Fatalf("the files %+v, %v", document.Files, err)
	}
	inside := document.Files[0].Data
	for _, text := range []string{"token", "ola", "#part", "@"} {
		if bytes.Contains(inside, []byte(text)) {
			t.Errorf("%q is inside", text)
		}
	}
	read, err := portfolio.Decode(inside)
	if err != nil || read.ID != o.ID || len(read.Bots) != len(o.Bots) ||
		read.Bots[0].Link != "https://kindly.example/bot/4217" || read.Bots[3].Link != "" {
		t.Errorf("what is inside is %+v (%v)", read, err)
	}
	if o.Bots[0].Link == read.Bots[0].Link {
		t.Error("the portfolio itself has lost its links")
	}

	o.WithoutData = true
	if data, err = report.PortfolioPDF(o); err != nil {
		t.Fatal(err)
	}
	if document, err = inspect.Read(data); err != nil || len(document.Files) != 0 {
		t.Errorf("without data the files are %v, %v", document.Files, err)
	}
}
