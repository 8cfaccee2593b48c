// Package pagetest judges web pages by axe-core in Chromium, as a screen reader, a keyboard and
// people with weak sight meet them.
package pagetest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

// A Page is what is judged. Its URL is a file's or a server's.
type Page struct{ Name, URL string }

// A Window is how a page is looked at: its width in CSS pixels, and the color scheme.
type Window struct {
	Width int
	Dark  bool
}

// Windows are a phone's and a desktop's in both color schemes.
var Windows = []Window{{360, false}, {360, true}, {1200, false}, {1200, true}}

func (w Window) String() string {
	if w.Dark {
		return fmt.Sprintf("%d dark", w.Width)
	}
	return fmt.Sprintf("%d light", w.Width)
}

// A Result is what axe says about a page in a window.
type Result struct {
	Page   string
	Window Window

	Violations []Finding
	Incomplete []Finding // a person must judge
	Passes     []string  // the rules that hold somewhere on the page
}

// A Finding is a rule, and the elements that it is about.
type Finding struct {
	Rule, Help string
	Elements   []Element
}

// An Element is named by its markup, and by what axe says about it.
type Element struct{ Markup, Why string }

func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Rule, f.Help)
	const most = 5
	for i, e := range f.Elements {
		if i == most {
			fmt.Fprintf(&b, "\n\t%d more", len(f.Elements)-most)
			break
		}
		fmt.Fprintf(&b, "\n\t%s\n\t\t%s", e.Markup, strings.ReplaceAll(e.Why, "\n", "\n\t\t"))
	}
	return b.String()
}

// Start starts Chromium with axe, until the test ends. If one of them is not installed, the test is
// skipped, except in CI.
func Start(t testing.TB) *Browser {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join(root(t), ".ci", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		missing(t, "axe-core is not installed (.ci/tools)")
	}
	b := start(t)
	b.call(t, "Page.addScriptToEvaluateOnNewDocument", params{"source": string(axe)}, nil)
	return b
}

// Judge returns what axe says about each page in each window. It applies the rules of WCAG 2.0 to
// 2.2 at the levels A and AA, and those for best practice. It leaves out frames, whose pages are
// judged alone, and judges no page that forbids scripts.
func (b *Browser) Judge(t testing.TB, pages []Page, windows []Window) []Result {
	t.Helper()
	var all []Result
	for _, p := range pages {
		b.open(t, p.URL)
		for _, w := range windows {
			b.show(t, w)
			r := Result{Page: p.Name, Window: w}
			if err := json.Unmarshal([]byte(b.evaluate(t, judge)), &r); err != nil {
				t.Fatalf("axe said about %s: %v", p.Name, err)
			}
			all = append(all, r)
		}
	}
	return all
}

// judge runs axe and returns a Result as JSON.
//
//go:embed judge.js
var judge string

// Check reports what axe finds, and what it leaves open, except for contrasts that it cannot
// measure and that follow from those that it measures.
func Check(t testing.TB, results []Result) {
	t.Helper()
	t.Log("\n" + Table(results))
	for _, r := range results {
		for _, f := range r.Violations {
			t.Errorf("%s at %s violates %s", r.Page, r.Window, f)
		}
		for _, f := range r.Incomplete {
			f.Elements = slices.DeleteFunc(f.Elements, func(e Element) bool {
				return f.Rule == "color-contrast" && slices.ContainsFunc(unmeasured,
					func(why string) bool { return strings.Contains(e.Why, why) })
			})
			if len(f.Elements) > 0 {
				t.Errorf("%s at %s leaves open %s", r.Page, r.Window, f)
			}
		}
	}
}

// unmeasured are reasons why axe does not measure a contrast.
var unmeasured = []string{
	"only non-text characters", // a sign has the color of the text after it
	"too short to determine",   // a digit has the color of the other numbers
	"contains an image node",   // a text of an SVG has a color that the page has for texts
	"partially obscured",       // at the edge of a table that scrolls; a wider window shows it
}

// Table returns a line for each result: its page and window, and the rules that are violated or
// incomplete, each with the number of elements.
func Table(results []Result) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "page\twindow\tviolations\tincomplete\tpasses")
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", r.Page, r.Window, rules(r.Violations),
			rules(r.Incomplete), len(r.Passes))
	}
	w.Flush()
	return b.String()
}

func rules(all []Finding) string {
	if len(all) == 0 {
		return "0"
	}
	var named []string
	for _, f := range all {
		named = append(named, fmt.Sprintf("%s %d", f.Rule, len(f.Elements)))
	}
	return strings.Join(named, ", ")
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what + ": axe does not judge the pages")
}

// root returns the folder with go.mod.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
}
