package report_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/charts"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/pdf"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// Every edition opens with the status and the verdict, in the same words. Only the names of the bot
// and the week may come before them.
func TestEditions_OpenWithTheVerdict(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it renders dozens of reports")
	}
	failed := make(map[string][]string)
	for _, locale := range wording.Locales() {
		for _, w := range figurestest.Gallery() {
			switch w.Name {
			case "long", "branded": // names from the configuration, which are cut
				continue
			case "scripts": // pdftotext changes the order of the words
				continue
			}
			w.Report.Locale = locale
			s := said(t, w.Report)
			for edition, opening := range openings(t, rendered{report: w.Report, summary: s}) {
				if !opensWith(opening, s) {
					failed[edition] = append(failed[edition], locale+", "+w.Name+": "+opening)
				}
			}
		}
	}
	for _, edition := range []string{"mail", "mail.txt", report.Digest, report.Text, report.PDF} {
		if all := failed[edition]; len(all) > 0 {
			t.Errorf("%s: %d reports:\n%s", edition, len(all),
				strings.Join(all[:min(5, len(all))], "\n"))
		}
	}
}

// opensWith reports whether a text has the status and after it the verdict, or as much of the
// verdict as there is room for.
func opensWith(opening string, s *summary.Summary) bool {
	const enough = 60 // runes of a verdict
	opening = strings.ToLower(plainText(opening))
	verdict := []rune(strings.ToLower(strings.TrimSuffix(plainText(s.Verdict), ".")))
	_, after, found := strings.Cut(opening, strings.ToLower(s.Status.Label))
	return found && strings.Contains(after, string(verdict[:min(enough, len(verdict))]))
}

var h1 = regexp.MustCompile(`(?s)^.*?</h1>`)

// openings returns the beginning of the text of each edition.
func openings(t *testing.T, r rendered) map[string]string {
	t.Helper()
	all := texts(t, r.report)
	lines := func(text string, n int) string {
		parts := strings.SplitN(text, "\n", n+1)
		return strings.Join(parts[:min(n, len(parts))], " ")
	}
	page := strings.SplitN(r.mail(t, ""), "<body", 2)[1]
	page = page[strings.Index(page, "</div>"):] // after the preview line
	slack, err := digest.Slack(r.summary, digest.Native).JSON()
	if err != nil {
		t.Fatal(err)
	}
	header := ""
	for _, b := range blocksOf(t, slack) {
		if b.Type == "header" {
			header = content(b.Text)
			break
		}
	}
	document, err := pdf.Render(r.report, r.summary, charts.All(r.summary, r.report.Brand))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), report.PDF)
	write(t, file, document)
	first := string(output(t, "pdftotext", "-raw", "-enc", "UTF-8", "-l", "1", file, "-"))
	opened := map[string]string{
		"mail":        visible(h1.FindString(page)),
		"mail.txt":    lines(all["mail.txt"], 8),
		report.Digest: header,
		report.Text:   lines(all[report.Text], 6),
	}
	if first != "" {
		opened[report.PDF] = lines(first, 6)
	}
	return opened
}
