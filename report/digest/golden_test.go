package digest_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio/portfoliotest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldens are the editions that are compared with a golden file, and what each has that the others
// lack. An edition is a case of figurestest or portfoliotest, perhaps a locale or a style, and an
// ending.
var goldens = []struct{ edition, has string }{
	{"busy.json", "a message: verdict, facts, what to look at, the chart that it is about"},
	{"hostile.images.details.json",
		"details with pictures: names that users typed, cut; every table a list"},
	{"tiny.details.json", "details that Slack draws: a native table, charts, a heatmap in words"},
	{"huge.details.json", "numbers too long for a native table, and for all columns of a list"},
	{"unavailable.json", "notices, tiles without a value"},
	{"unavailable.details.json", "sections that say why they are missing"},
	{"new.json", "a message without targets and comparisons"},
	{"empty.json", "a dead week: no figures, the chart of weeks in the place of an empty one"},
	{"tiny.images.json", "a message with a picture"},
	{"gap.json", "bars, since a line would hide that days are missing"},
	{"busy.details.txt", "details for a workspace that takes no blocks"},

	{"busy.txt", "every section as text, 80 columns"},
	{"busy.narrow.txt", "the same in 40 columns: cut names, broken lines, fewer columns"},
	{"hostile.txt", "wide characters, names from right to left, control characters"},
	{"huge.txt", "numbers that leave no room for bars and columns"},
	{"unavailable.txt", "missing sections and days"},
	{"gap.txt", "days and hours whose number is not known"},
	{"empty.txt", "zeros without bars"},
	{"tiny.txt", "a heatmap of a handful of chats"},

	{"mixed.portfolio.json", "affected, failed and new bots, links, a note"},
	{"calm.portfolio.json", "bots that are as usual"},
	{"nothing.portfolio.json", "no report at all"},
	{"mixed.portfolio.txt", "every group as text"},
	{"calm.portfolio.txt", "one group"},
	{"nothing.portfolio.txt", "no group with a number"},

	// The mail's goldens have the sentences of a report in each language. No other golden has those
	// of a portfolio.
	{"mixed.nb.portfolio.txt", "Norwegian"},
	{"mixed.sv.portfolio.txt", "Swedish"},
	{"mixed.da.portfolio.txt", "Danish"},
	{"mixed.de.portfolio.txt", "German"},
}

// render returns an edition by its name.
func render(t testing.TB, edition string) []byte {
	t.Helper()
	name, kind, _ := strings.Cut(edition, ".")
	if locale, ok := strings.CutSuffix(kind, "portfolio.txt"); ok {
		p := portfoliotest.Cases()[name]
		p.Locale = cmp.Or(strings.TrimSuffix(locale, "."), p.Locale)
		return []byte(digest.PortfolioText(portfolioOf(t, p), 80))
	}
	if kind == "portfolio.json" {
		return encode(t, digest.Portfolio(portfolioOf(t, portfoliotest.Cases()[name])))
	}
	s := say(t, figurestest.Cases()[name])
	switch kind {
	case "json":
		return encode(t, digest.Slack(s, digest.Native))
	case "images.json":
		return encode(t, digest.Slack(s, digest.Images(nil)))
	case "details.json":
		return encode(t, digest.Details(s, digest.Native))
	case "images.details.json":
		return encode(t, digest.Details(s, digest.Images(nil)))
	case "details.txt":
		return []byte(digest.Details(s, digest.Images(map[string]string{})).Plain() + "\n")
	case "txt":
		return []byte(digest.Text(s, 80))
	case "narrow.txt":
		return []byte(digest.Text(s, digest.MinWidth))
	}
	t.Fatalf("edition %s: unknown kind", edition)
	return nil
}

func TestGolden(t *testing.T) {
	known := make(map[string]bool)
	for _, g := range goldens {
		t.Run(g.edition, func(t *testing.T) {
			path := filepath.Join("testdata", g.edition+".golden")
			known[path] = true
			got := render(t, g.edition)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v: run the test with -update", err)
			}
			if diff := gocmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		})
	}
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if !known[path] {
			t.Errorf("%s: no edition is compared with it", path)
		}
	}
}

// TestGolden_HasEveryKindOfBlock fails if a case without a golden file has a kind of block that the
// golden files lack.
func TestGolden_HasEveryKindOfBlock(t *testing.T) {
	covered := make(map[string]bool)
	for _, g := range goldens {
		if strings.HasSuffix(g.edition, ".json") {
			for kind := range kindsOfBlocks(t, g.edition) {
				covered[kind] = true
			}
		}
	}
	var all []string
	for name := range figurestest.Cases() {
		all = append(all, name+".json", name+".images.json", name+".details.json",
			name+".images.details.json")
	}
	for _, edition := range all {
		for kind := range kindsOfBlocks(t, edition) {
			if !covered[kind] {
				t.Errorf("%s has a block that no golden file has: %s", edition, kind)
			}
		}
	}
}

func kindsOfBlocks(t *testing.T, edition string) map[string]bool {
	kinds := make(map[string]bool)
	for _, block := range decode(t, render(t, edition)).Blocks {
		kinds[kindOf(block)] = true
	}
	return kinds
}

// kindOf returns the structure of a value of JSON: its keys, types and styles, and the kinds of
// elements, without texts and numbers.
func kindOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		kind := ""
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch key {
			case "type", "style":
				kind += fmt.Sprintf("%s=%v ", key, v[key])
			case "block_id":
			default:
				kind += key + kindOf(v[key]) + " "
			}
		}
		return "{" + kind + "}"
	case []any:
		elements := make(map[string]bool)
		for _, e := range v {
			elements[kindOf(e)] = true
		}
		return fmt.Sprint(slices.Sorted(maps.Keys(elements)))
	}
	return ""
}
