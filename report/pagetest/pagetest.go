// Package pagetest checks in tests whether web pages are accessible: with a screen reader, with a
// keyboard and with low vision. It runs axe-core in Chromium.
//
// [Start] starts Chromium. [Browser.Judge] checks each [Page] in each [Window] and returns a
// [Result] for each. [Check] reports the findings of results as errors of the test. [Table] prints
// results as a table.
//
// If Chromium or axe-core is not installed, the test is skipped. With CI=true it fails instead.
package pagetest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"kindlyweekly/report/validators"
)

// A Page is a web page to check. Its URL is that of a file or of a server.
type Page struct{ Name, URL string }

// A Window says how a page is shown: its width in CSS pixels and the color scheme.
type Window struct {
	Width int
	Dark  bool
}

// Windows are those of a phone and a desktop, each in both color schemes.
var Windows = []Window{{360, false}, {360, true}, {1200, false}, {1200, true}}

func (w Window) String() string {
	if w.Dark {
		return fmt.Sprintf("%d dark", w.Width)
	}
	return fmt.Sprintf("%d light", w.Width)
}

// A Result is what axe finds on a page in a window.
type Result struct {
	Page   string
	Window Window

	Violations []Finding
	Incomplete []Finding // axe cannot decide
	Passes     []string  // rules that apply to the page and hold
}

// A Finding is a rule and the elements that violate it, or may violate it.
type Finding struct {
	Rule, Help string
	Elements   []Element
}

// An Element is an element of a page: its markup, and why axe found it.
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

// Start starts Chromium with axe. Chromium ends with the test.
func Start(t testing.TB) *Browser {
	t.Helper()
	axe, err := os.ReadFile(validators.Path(t, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	b := start(t)
	b.call(t, "Page.addScriptToEvaluateOnNewDocument", params{"source": string(axe)}, nil)
	return b
}

// Judge returns what axe finds on each page in each window. It applies the rules of WCAG 2.0 to 2.2
// at the levels A and AA, and those for best practice. It skips frames: check their pages
// separately. It cannot check pages that forbid scripts.
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

// Check fails the test for each violation, and for each rule that axe cannot decide. It accepts
// contrasts that axe cannot measure if they follow from contrasts that it measures.
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

// unmeasured has the accepted reasons why axe cannot measure a contrast.
var unmeasured = []string{
	"only non-text characters", // a sign has the color of the text after it
	"too short to determine",   // a digit has the color of the other numbers
	"contains an image node",   // text of an SVG has the color of other text of the page
	"partially obscured",       // at the edge of a table that scrolls; a wider window shows it
}

// Table returns a line for each result. It has the page, the window, and the rules that are
// violated or incomplete, each with the number of elements.
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
