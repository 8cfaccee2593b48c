package report_test

import (
	"bytes"
	"encoding/csv"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// Where an edition prints handover requests per 100 chats, the counts stand beside it. They are
// those of report.json, and so is the part of them that came while closed.
func TestEditions_HandoverRateCanBeRecomputed(t *testing.T) {
	printed := 0
	for name, r := range figurestest.Cases() {
		// A table of two targets is in every edition.
		r.Targets = r.EvaluateTargets(figures.Targets{HandoverRate: new(0.06),
			RequestsWhileClosed: new(150)})
		for _, r.Locale = range wording.Locales() {
			if r.Locale != "en" && name != "busy" {
				continue
			}
			words, err := wording.For(r.Locale)
			if err != nil {
				t.Fatal(err)
			}
			files, err := report.Render(r)
			if err != nil {
				t.Fatal(err)
			}
			kept, err := figures.Decode(edition(t, files, report.JSON))
			if err != nil {
				t.Fatal(err)
			}
			target := kept.Targets[0]
			if target.State == figures.Unknown {
				continue // no rate is printed
			}
			open, closed, chats := *kept.Handovers.Requests, *kept.Handovers.RequestsWhileClosed,
				kept.Chats.Total
			if rate := float64(open+closed) / float64(chats); math.Abs(rate-*target.Value) > 1e-12 {
				t.Errorf("%s: report.json has %v, and %d and %d in %d chats", name, *target.Value,
					open, closed, chats)
			}
			rate, _ := words.Decimals(100**target.Value, 100*target.Limit)
			title := words.Sentence(words.Say(wording.TargetHandoverRate))
			of := title + " (" + words.Say(wording.TargetHandoversOf, open+closed, chats) + ")"
			parts := []string{of, rate, words.Count(open + closed), words.Count(closed)}
			for what, text := range readings(t, r, files) {
				if !strings.Contains(text, title) {
					continue
				}
				printed++
				for _, part := range parts {
					if part = strings.Join(strings.Fields(part), " "); !strings.Contains(text,
						part) {
						t.Errorf("%s, %s: %s does not print %q", name, r.Locale, what, part)
					}
				}
			}
			of100 := inCSV(t, edition(t, files, report.CSV))
			if got := (of100["handovers requests"] +
				of100["handovers requests_while_closed"]) / of100["chats count"]; math.Abs(got-of100["targets value"]) > 1e-12 {
				t.Errorf("%s: report.csv: %v of %v", name, got, of100)
			}
		}
	}
	if printed < 24 {
		t.Errorf("the rate is printed in %d editions only", printed)
	}
}

// readings returns the editions that people read, as plain text in which every run of spaces is
// one.
func readings(t *testing.T, r *figures.Report, files []report.File) map[string]string {
	t.Helper()
	all := make(map[string]string)
	add := func(what, text string) {
		all[what] = strings.Join(strings.Fields(strings.NewReplacer("\u00ad", "", "\u200b",
			"").Replace(text)), " ")
	}
	add(report.Text, string(edition(t, files, report.Text)))
	add(report.Digest+" and "+report.Details,
		unquoted(edition(t, files, report.Digest))+unquoted(edition(t, files, report.Details)))
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	page, err := mail.HTML(r, s, func(name string) string { return name })
	if err != nil {
		t.Fatal(err)
	}
	page = strings.ReplaceAll(page, "<wbr>", "") // where a long number may be broken
	add("the mail", html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")))
	if tool, err := exec.LookPath("pdftotext"); err == nil {
		file := filepath.Join(t.TempDir(), report.PDF)
		if err := os.WriteFile(file, edition(t, files, report.PDF), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "-raw", "-enc", "UTF-8", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		add(report.PDF, string(out))
	}
	return all
}

var slackText = regexp.MustCompile(`"text":\s*("(?:[^"\\]|\\.)*")`)

// unquoted returns the texts of a Slack message.
func unquoted(blocks []byte) string {
	var all []string
	for _, m := range slackText.FindAllSubmatch(blocks, -1) {
		s, _ := strconv.Unquote(string(m[1]))
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

// inCSV returns the week's numbers by section and measure.
func inCSV(t *testing.T, data []byte) map[string]float64 {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := make(map[string]int)
	for i, name := range rows[0] {
		column[name] = i
	}
	all := make(map[string]float64)
	for _, row := range rows[1:] {
		if key := row[column["section"]] + " " +
			row[column["measure"]]; row[column["per"]] == "week" {
			if _, there := all[key]; !there {
				all[key], _ = strconv.ParseFloat(row[column["value"]], 64)
			}
		}
	}
	return all
}
