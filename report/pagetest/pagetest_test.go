package pagetest_test

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/pagetest"
)

// axe finds each fault, in the windows that have it.
func TestJudge(t *testing.T) {
	const sound = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>A page</title>
<style>
	p, a { color: #222; background: #fff }
	a { display: block; line-height: 28px }
	@media (prefers-color-scheme: dark) { p, a { color: #eee; background: #000 } }
</style>
<main><h1>A page</h1>
<p>A text. <a href="a.html">The first report</a> <a href="b.html">The second report</a></p>
<table><tr><th scope="col">Day</th></tr><tr><td>Monday</td></tr></table></main>`
	tests := []struct {
		name, old, new string
		rule           string // empty: none
		in             []pagetest.Window
	}{
		{name: "sound"},
		{"no language", ` lang="en"`, ``, "html-has-lang", pagetest.Windows},
		{"no h1", `h1>`, `b>`, "page-has-heading-one", pagetest.Windows},
		{"a gap", `<p>`, `<h3>Text</h3><p>`, "heading-order", pagetest.Windows},
		{"a picture without words", `<p>`, `<img src="a.png"><p>`, "image-alt", pagetest.Windows},
		{"faint by day", `#222`, `#999`, "color-contrast",
			[]pagetest.Window{{360, false}, {1200, false}}},
		{"faint by night", `#eee`, `#444`, "color-contrast",
			[]pagetest.Window{{360, true}, {1200, true}}},
		{"faint on a phone", `</style>`,
			`@media (max-width: 400px) { p { color: #888; background: #999 } }</style>`,
			"color-contrast", []pagetest.Window{{360, false}, {360, true}}},
		{"links of one text", `The second`, `The first`, "identical-links-same-purpose",
			pagetest.Windows},
		{"small targets", `28px`, `20px`, "target-size",
			pagetest.Windows},
	}
	var pages []pagetest.Page
	for _, test := range tests {
		if test.old != "" && !strings.Contains(sound, test.old) {
			t.Fatalf("%s: no %q in the page", test.name, test.old)
		}
		file := filepath.Join(t.TempDir(), "page.html")
		page := strings.ReplaceAll(sound, test.old, test.new)
		if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, pagetest.Page{Name: test.name,
			URL: (&url.URL{Scheme: "file", Path: file}).String()})
	}
	results := pagetest.Start(t).Judge(t, pages, pagetest.Windows)
	t.Log("\n" + pagetest.Table(results))
	for i, test := range tests {
		for j, w := range pagetest.Windows {
			r := results[i*len(pagetest.Windows)+j]
			want := test.rule != "" && slices.Contains(test.in, w)
			var got []string
			for _, f := range slices.Concat(r.Violations, r.Incomplete) {
				got = append(got, f.Rule)
			}
			if want && !slices.Equal(got, []string{test.rule}) || !want && got != nil {
				t.Errorf("%s at %s: found %q, want %s: %v", test.name, w, got, test.rule, want)
			}
		}
	}
}
