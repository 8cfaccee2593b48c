package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/pdf/pdftest"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
	"kindlyweekly/sage/sagefake"
)

// public has the settings of a bot that may be in its report: its subject, and values that many
// bots share. A new setting is private until it is added here.
var public = map[string]bool{
	"ID": true, "Name": true, "TZ": true, "Locale": true, "Sources": true, "Languages": true,
	"Holidays": true, "Notes.Text": true, "Notes.First": true, "Notes.Last": true,
	"Brand.Accent": true, "Link": true, "Charts": true,
	"Destinations.Medium": true, "Destinations.When": true, "Destinations.Locale": true,
	"Destinations.Charts": true,
}

// The PDF has no private settings: addresses, Slack users, owners and names of secrets. They are
// neither in the embedded files, nor in the text, nor in the metadata. The configuration is the
// example of the documentation, which has every setting.
func TestRender_PDFHasNothingPrivate(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("config", "testdata", "example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := config.Parse("acme.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	bot := tenant.Bots[0]
	bot.ID, bot.KeySecret = "kommune", "kindly-weekly/acme#key"
	private := make(map[string][]string) // the texts by setting
	for _, v := range valuesOf(t, bot) {
		if !public[v.path] && v.text != "" {
			private[v.path] = append(private[v.path], v.text)
		}
	}
	for _, path := range []string{"Owner.Name", "Owner.Address", "KeySecret", "Destinations.To",
		"Destinations.Name", "Viewers"} {
		if private[path] == nil {
			t.Errorf("%s is not looked for", path)
		}
	}

	r := collected(t, bot)
	files, err := report.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	document, err := inspect.Read(edition(t, files, report.PDF))
	if err != nil || len(document.Files) != 2 {
		t.Fatalf("the files %v, %v", document.Files, err)
	}
	texts := map[string]string{"the elements": document.String(),
		"the information": pdftest.Run(t, edition(t, files, report.PDF), "pdfinfo",
			"-meta", "FILE")}
	for _, f := range document.Files {
		texts[f.Name] = string(f.Data)
	}
	for name, text := range texts {
		for path, secrets := range private {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("%s: %q, which is %s of the configuration", name, secret, path)
				}
			}
		}
		if strings.Contains(text, "@") {
			t.Errorf("%s: an address", name)
		}
	}
}

// collected returns the report of a week of the demo's bot with the ID of bot.
func collected(t *testing.T, bot config.Bot) *figures.Report {
	t.Helper()
	now := time.Date(2026, time.May, 18, 7, 0, 0, 0, time.UTC)
	carrier, cut := sagefake.Wire(sagefake.New(sagefake.Demo(now)...))
	defer cut()
	client := &sage.Client{
		URL: "https://sage.test", APIURL: "https://sage.test",
		HTTP: &http.Client{Transport: carrier},
		Key:  func(_ context.Context, bot string) (string, error) { return "demo-key-" + bot, nil },
	}
	r, err := report.Collect(t.Context(), client, bot, period.LastComplete(now, bot.Location), now,
		nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// value is a text in JSON and the path of names to it, such as Destinations.To.
type value struct{ path, text string }

// valuesOf returns the texts in a value's JSON.
func valuesOf(t *testing.T, v any) (all []value) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var parsed any
	if err := json.Unmarshal(data, &parsed); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, v := range v {
				walk(strings.TrimPrefix(path+"."+key, "."), v)
			}
		case []any:
			for _, v := range v {
				walk(path, v)
			}
		case string:
			all = append(all, value{path, v})
		}
	}
	walk("", parsed)
	return all
}

// The embedded files have no queries of pages, of this week or the week before, even if the report
// lists them.
func TestRender_PDFHasNoQueries(t *testing.T) {
	const query = "?token=secret"
	a := figurestest.BusyAnswers()
	a.PageQueries = figures.PageQueriesKeep
	for _, pages := range [][]figures.Page{a.Pages.This.Value, a.Pages.Previous.Value} {
		for i := range pages {
			pages[i].Path += query + strconv.Itoa(i)
		}
	}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	files, err := report.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{report.JSON, report.CSV} {
		if !bytes.Contains(edition(t, files, name), []byte(query)) {
			t.Errorf("%s has no query, although queries are kept", name)
		}
	}
	document, err := inspect.Read(edition(t, files, report.PDF))
	if err != nil || len(document.Files) != 2 {
		t.Fatalf("the files %v, %v", document.Files, err)
	}
	for _, f := range document.Files {
		if bytes.Contains(f.Data, []byte("token")) {
			t.Errorf("%s inside the PDF has the query of a page", f.Name)
		}
		if f.Name == report.JSON {
			// Only pages differ, and the ID, which depends on the whole report.
			got, want := parsed(t, f.Data), parsed(t, edition(t, files, report.JSON))
			for _, m := range []map[string]any{got, want} {
				for _, key := range []string{"id", "pages", "page_queries"} {
					delete(m, key)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("report.json inside the PDF differs (-want +got):\n%s", diff)
			}
		}
	}
}

func parsed(t *testing.T, data []byte) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Other programs find the embedded files.
// The link to a bot in the data has no query either. The link on the page leads where it should.
func TestRender_PDFHasNoQueryOfTheLink(t *testing.T) {
	r := figurestest.Busy()
	r.Bot.Link = "https://ola@kindly.example/bot/4217?token=secret#part"
	files, err := report.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	document, err := inspect.Read(edition(t, files, report.PDF))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range document.Files {
		if bytes.Contains(f.Data, []byte("secret")) || bytes.Contains(f.Data, []byte("ola@")) ||
			f.Name == report.JSON && !bytes.Contains(f.Data, []byte(`"https://kindly.example/bot/4217"`)) {
			t.Errorf("%s in the PDF has the query of the link, or not the link", f.Name)
		}
	}
	if len(document.Files) != 2 || !strings.Contains(document.String(), r.Bot.Link) {
		t.Errorf("%d files, or no link on the page", len(document.Files))
	}
}

func TestRender_PDFDetach(t *testing.T) {
	files, err := report.Render(figurestest.Hostile())
	if err != nil {
		t.Fatal(err)
	}
	folder, document := t.TempDir(), edition(t, files, report.PDF)
	pdftest.Run(t, document, "pdfdetach", "-saveall", "-o", folder, "FILE")
	for _, name := range []string{report.JSON, report.CSV} {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || !bytes.Equal(got, edition(t, files, name)) {
			t.Errorf("%s differs from the edition: %d bytes, %v", name, len(got), err)
		}
	}
	list := pdftest.Run(t, document, "pdfdetach", "-list", "FILE")
	if !strings.HasPrefix(list, "2 embedded files") {
		t.Errorf("pdfdetach lists %s", list)
	}
}

// The PDF conforms to PDF/UA-1 and PDF/A-3a: with data, without data, and for a report of an older
// version. That of a busy bot has at most 110 kB.
func TestRender_PDFConforms(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("figures", "testdata", "before.json"))
	if err != nil {
		t.Fatal(err)
	}
	older, err := figures.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	without := figurestest.Busy()
	without.WithoutData = true
	documents := make(map[string][]byte)
	for name, r := range map[string]*figures.Report{
		"busy": figurestest.Busy(), "busy, without data": without, "older report": older,
		"branded": figurestest.Branded(), "hostile": figurestest.Hostile(),
		"scripts": figurestest.Scripts(), "german": german(), "shop": shop(),
	} {
		files, err := report.Render(r)
		if err != nil {
			t.Fatal(err)
		}
		documents[name] = edition(t, files, report.PDF)
	}
	pdftest.Conform(t, documents)
	for _, name := range []string{"busy", "branded", "german", "shop"} {
		const most = 110_000
		if n := len(documents[name]); n > most {
			t.Errorf("%s: %d bytes, want at most %d", name, n, most)
		}
	}
	if with, bare := len(documents["busy"]), len(documents["busy, without data"]); with <= bare {
		t.Errorf("%d bytes with the data, and %d without", with, bare)
	}
}
