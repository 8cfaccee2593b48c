package report_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"encoding/json"
	"html"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/csv"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// every returns the reports that editions are tried with, in a language.
func every(locale string) map[string]*figures.Report {
	cases := figurestest.Cases()
	delete(cases, "hostile") // whose names are in every script, and cut
	kinds := []string{figures.CauseUnsent, figures.CauseStatus, figures.CauseShape,
		figures.CausePage, figures.CauseUnfinished,
		figures.CauseLate, figures.CauseBroken, figures.CauseUnreadable, figures.CauseUnreachable}
	for i := range cases["unavailable"].Unavailable {
		cases["unavailable"].Unavailable[i].Cause = figures.Cause{Kind: kinds[i%len(kinds)],
			Who: "Sage", Status: 503}
	}
	for _, r := range cases {
		r.Locale = locale
	}
	return cases
}

func said(t *testing.T, r *figures.Report) *summary.Summary {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// texts are what readers of each edition read.
func texts(t *testing.T, r *figures.Report) map[string]string {
	t.Helper()
	s := said(t, r)
	var notes []string
	rows, err := stdcsv.NewReader(bytes.NewReader(csv.CSV(r, s))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// the other columns are for formulas, and the same in every language
	for _, row := range rows[1:] {
		notes = append(notes, row[len(row)-1])
	}
	page, err := mail.HTML(r, s, func(name string) string { return "charts/" + name + ".png" })
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := digest.Slack(s, digest.Native).JSON()
	if err != nil {
		t.Fatal(err)
	}
	message, err := mail.Message(r, s, mail.Envelope{}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"digest.txt":  digest.Text(s, report.TextWidth),
		"report.csv":  strings.Join(notes, "\n"),
		"mail":        visible(page),
		"digest.json": strings.Join(slackTexts(t, blocks), "\n"),
		"mail.txt":    plainPart(t, message),
		"subject":     s.Subject,
	}
}

// plainPart returns the text part of a mail.
func plainPart(t *testing.T, message []byte) string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	var find func(kind string, body io.Reader) string
	find = func(kind string, body io.Reader) string {
		kind, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(kind, "multipart/") {
			data, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			if kind == "text/plain" {
				return string(data)
			}
			return ""
		}
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			part, err := parts.NextPart() // which decodes quoted-printable
			if err != nil {
				return ""
			}
			if text := find(part.Header.Get("Content-Type"), part); text != "" {
				return text
			}
		}
	}
	text := find(m.Header.Get("Content-Type"), m.Body)
	if text == "" {
		t.Fatal("the mail has no text")
	}
	return text
}

var (
	unseen    = regexp.MustCompile(`(?s)<style.*?</style>|<!--.*?-->|<head>.*?</head>`)
	alt       = regexp.MustCompile(`alt="([^"]*)"`)
	tag       = regexp.MustCompile(`<[^>]*>`)
	address   = regexp.MustCompile(`https?://[^\s"]+`)
	latinWord = regexp.MustCompile(`[A-Za-z]{3,}`)
)

// visible returns the texts of a page, with those for readers who do not see its pictures.
func visible(page string) string {
	page = unseen.ReplaceAllString(page, " ")
	var alts []string
	for _, m := range alt.FindAllStringSubmatch(page, -1) {
		alts = append(alts, m[1])
	}
	return html.UnescapeString(tag.ReplaceAllString(page, " ") + "\n" + strings.Join(alts, "\n"))
}

// slackTexts are the texts anywhere in blocks.
func slackTexts(t *testing.T, blocks []byte) []string {
	t.Helper()
	var all []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, v := range v {
				walk(v)
			}
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if s, ok := v[key].(string); ok && (key == "text" || key == "alt_text") {
					all = append(all, html.UnescapeString(s))
				} else {
					walk(v[key])
				}
			}
		}
	}
	var v any
	if err := json.Unmarshal(blocks, &v); err != nil {
		t.Fatal(err)
	}
	walk(v)
	return all
}

// names are the words that a report has from elsewhere.
func names(r *figures.Report) map[string]bool {
	from := []string{r.Bot.Name, r.Bot.ID, r.ID, r.Bot.TZ, "Service Unavailable"}
	for _, l := range r.Labels {
		from = append(from, l.Text)
	}
	for _, b := range r.Buttons {
		from = append(from, b.Text, b.Dialogue)
	}
	for _, p := range r.Pages {
		from = append(from, p.Host, p.Path)
	}
	for _, s := range r.Special {
		from = append(from, s.Name)
	}
	from = append(from, r.Filters.Sources...)
	if s := r.Slices; s != nil && s.Sources != nil {
		for _, v := range s.Sources.Slices {
			from = append(from, v.Name)
		}
	}
	for _, w := range r.Where {
		for _, i := range w.Items {
			from = append(from, i.Name)
		}
	}
	all := make(map[string]bool)
	for _, word := range latinWord.FindAllString(strings.Join(from, " "), -1) {
		all[word] = true
	}
	return all
}

// A word that a language cannot change is a word that its readers do not understand.
func TestEditions_EveryWordIsTranslated(t *testing.T) {
	for name, r := range every(wording.Pseudo) {
		known := names(r)
		for edition, text := range texts(t, r) {
			for _, word := range latinWord.FindAllString(address.ReplaceAllString(text, ""), -1) {
				if !known[word] && !cutFrom(word, known) {
					at := strings.Index(text, word)
					t.Errorf("%s, %s: %q is not a text of the catalog, in %q", name, edition, word,
						text[max(0, at-40):min(len(text), at+40)])
				}
			}
		}
	}
}

// cutFrom reports whether a word is what was left of a name where it was cut.
func cutFrom(word string, known map[string]bool) bool {
	for name := range known {
		if strings.HasPrefix(name, word) {
			return true
		}
	}
	return false
}

// A message whose arguments do not fit says so by %!.
func TestEditions_ArgumentsFitEveryLanguage(t *testing.T) {
	for _, locale := range append(wording.Locales(), wording.Pseudo) {
		for name, r := range every(locale) {
			s := said(t, r)
			for edition, text := range texts(t, r) {
				if strings.Contains(text, "%!") {
					t.Errorf("%s, %s, %s: a message and its arguments do not fit", locale, name,
						edition)
				}
			}
			if s.Subject == "" || len(s.Headline) > 400 {
				t.Errorf("%s, %s: subject %q, headline %q", locale, name, s.Subject, s.Headline)
			}
		}
	}
}
