package mail

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/theme"
)

// drop is everything on the page that some client of Gmail's, Outlook's or Apple's does not know,
// or not wholly, by caniemail.com, and what is lost there.
var drop = map[string]string{
	// Style sheets. All that the light page needs stands in style attributes.
	"Type selector":         "margins of the client's own remain",
	"Attribute selector":    "rules for Apple's links and for Outlook in the dark, which only these read",
	"Class selector":        "no colors of the dark, no narrower padding on a phone",
	"Descendant combinator": "as the attribute selectors before it",
	"@media":                "no colors of the dark, where the client then makes its own; no narrower padding on a phone",
	"!important keyword":    "as @media",

	// Elements and attributes.
	"<body> element":        "becomes a div; the table in it has the page's color too",
	"align attribute":       "text-align says the same",
	"aria-hidden attribute": "a sign is read aloud beside the words that say the same",
	"dir attribute":         "a name in Arabic begins on the left",
	"role attribute":        "a screen reader announces a table",
	"height attribute":      "in percent; ours, the logo's, is in pixels",
	"width attribute":       "of a picture, in percent; ours is in pixels",

	// The preview line. Outlook knows mso-hide.
	"display:none": "the line's filler is hidden by its size and mso-hide",
	"opacity":      "likewise",
	"overflow":     "likewise",

	// Looks.
	"border":          "widths are in pixels, which Outlook rounds to its own",
	"border-radius":   "corners are square",
	"display":         "the picture stands in a row of its own all the same",
	"font-size":       "likewise",
	"font-weight":     "600 is 700",
	"line-height":     "lines are a little higher",
	"margin":          "of paragraphs: none is negative or auto",
	"max-width":       "Outlook has the tables of its own around the card, and the picture's width attribute",
	"overflow-wrap":   "word-break does the same",
	"padding":         "only that of cells is kept, which is where ours is; the button's cell has mso-padding-alt",
	"table-layout":    "columns are as wide as their texts",
	"text-align":      "start and end are not known; ours are left and right",
	"text-wrap":       "the lines of the verdict are as long as can be",
	"text-decoration": "the button's text is underlined",
	"white-space":     "a date may be broken",
	"word-break":      "a name without a space in it makes its column wider",
}

// Nothing depends on a property that a client drops. This lists what is lost without each.
func TestHTML_PropertiesThatClientsDrop(t *testing.T) {
	root := filepath.Join("..", "..", ".ci")
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(filepath.Join(root, "node_modules")); err != nil || missing != nil {
		if err == nil && os.Getenv("CI") == "true" {
			t.Fatal("there is node, but not what judges the page: run .ci/tools")
		}
		t.Skip("no node, or not what judges the page (.ci/tools installs it): the page is not held against caniemail.com")
	}
	found := make(map[string]bool)
	for _, r := range []*figures.Report{figurestest.Branded(), figurestest.Special(),
		figurestest.Unavailable(), figurestest.Hostile()} {
		judge := exec.Command(node, filepath.Join("testdata", "clients.mjs"), root)
		judge.Stdin = strings.NewReader(preview(t, r))
		var complaints bytes.Buffer
		judge.Stderr = &complaints
		out, err := judge.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, &complaints)
		}
		var features map[string][]string
		if err := json.Unmarshal(out, &features); err != nil {
			t.Fatal(err)
		}
		for name, clients := range features {
			if found[name] = true; drop[name] == "" {
				t.Errorf("%s: not known to %s: use something else, or say in drop what is lost",
					name, strings.Join(clients, ", "))
			}
		}
	}
	for name := range drop {
		if !found[name] {
			t.Errorf("%s: the page does not use it any more, or all clients know it", name)
		}
	}
}

var (
	piece    = regexp.MustCompile(`<!--.*?-->|<(/?)([a-z0-9]+)([^>]*)>|[^<]+`)
	property = regexp.MustCompile(`(background-color|color|display):(#[0-9a-f]{6}|none)`)
	classes  = regexp.MustCompile(`class="([^"]*)"`)
	rule     = regexp.MustCompile(`(?m)^\.([a-z-]+)\{(background-color|color):(#[0-9a-f]{6}) !important\}$`)
)

// Every text of a page can be read on what it stands on (WCAG AA), by day and by night, as a client
// sees it that reads the styles: whatever is around a text is followed outwards.
func TestPage_Contrast(t *testing.T) {
	cases := figurestest.Cases()
	cases["branded"] = figurestest.Branded()
	for name, r := range cases {
		page := preview(t, r)
		night := make(map[string]map[string]string) // property by class
		dark, _, _ := strings.Cut(page[strings.Index(page, "prefers-color-scheme:dark"):],
			"</style>")
		for _, found := range rule.FindAllStringSubmatch(dark, -1) {
			if night[found[1]] == nil {
				night[found[1]] = make(map[string]string)
			}
			night[found[1]][found[2]] = found[3]
		}
		if len(night) < 8 {
			t.Fatalf("%s: found %d rules for the dark", name, len(night))
		}
		for _, isNight := range []bool{false, true} {
			texts := 0
			type element struct{ tag, text, ground string }
			stack := []element{{}}
			for _, p := range piece.FindAllStringSubmatch(page[strings.Index(page,
				"<body"):strings.Index(page, "</html>")], -1) {
				top := stack[len(stack)-1]
				switch {
				case strings.HasPrefix(p[0], "<!--"):
				case p[1] == "/":
					if top.tag != p[2] {
						t.Fatalf("%s: </%s> ends <%s>", name, p[2], top.tag)
					}
					stack = stack[:len(stack)-1]
				case p[2] != "":
					next := element{p[2], top.text, top.ground}
					set := func(property, value string) {
						switch property {
						case "color":
							next.text = value
						case "background-color":
							next.ground = value
						case "display":
							next.ground = value // hidden, with all that is in it
						}
					}
					for _, found := range property.FindAllStringSubmatch(p[3], -1) {
						set(found[1], found[2])
					}
					if isNight {
						if found := classes.FindStringSubmatch(p[3]); found != nil {
							for _, class := range strings.Fields(found[1]) {
								for property, value := range night[class] {
									set(property, value)
								}
							}
						}
					}
					if !slices.Contains([]string{"br", "img"}, p[2]) {
						stack = append(stack, next)
					}
				case strings.TrimSpace(p[0]) != "" && top.ground != "none":
					texts++
					text, known := theme.Parse(top.text)
					ground, knownToo := theme.Parse(top.ground)
					if !known || !knownToo {
						t.Errorf("%s: %q is %q on %q", name, html.UnescapeString(p[0]), top.text,
							top.ground)
					} else if c := theme.Contrast(text, ground); c < theme.TextContrast {
						t.Errorf("%s, night %v: %q, %s on %s: %.2f to 1", name, isNight,
							html.UnescapeString(p[0]), text, ground, c)
					}
				}
			}
			if texts < 10 {
				t.Errorf("%s: only %d texts were found", name, texts)
			}
		}
	}
}

// A screen reader knows the language, skips the tables that are for the layout alone, and has a
// word for every picture that says something.
func TestPage_ReadingOrder(t *testing.T) {
	page := preview(t, figurestest.Branded())
	if !strings.Contains(page, `<html lang="en"`) {
		t.Error("the page does not say its language")
	}
	for _, table := range regexp.MustCompile(`<table[^>]*>\s*<tr>\s*<(t[dh])`).FindAllStringSubmatch(page, -1) {
		if layout := strings.Contains(table[0],
			`role="presentation"`); layout != (table[1] == "td") {
			t.Errorf("is it for the layout? %v, but it begins with a %s: %s", layout, table[1],
				table[0])
		}
	}
	silent := 0
	for _, picture := range regexp.MustCompile(`<img[^>]*>`).FindAllString(page, -1) {
		if strings.Contains(picture, `alt=""`) {
			silent++
		} else if !strings.Contains(picture, ` alt="`) {
			t.Errorf("no words for %s", picture)
		}
	}
	if silent != 1 {
		t.Errorf("%d pictures have no words, want the logo alone", silent)
	}
	last := 1
	for _, found := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(page, -1) {
		level := int(found[1][0] - '0')
		if level > last+1 {
			t.Errorf("a heading of level %d follows one of %d", level, last)
		}
		last = level
	}
}

func TestPage_Brand(t *testing.T) {
	r := figurestest.Branded()
	_, root := read(t, message(t, r, sent))
	page := root.find("text/html")
	if n := strings.Count(page, `src="cid:logo.`); n != 1 {
		t.Errorf("the logo is there %d times", n)
	}
	if !strings.Contains(page, "background-color:#e8590c") ||
		strings.Contains(page, "background-color:"+theme.Accent) {
		t.Error("the button is not the brand's")
	}
	r.Brand.Logo = []byte("no PNG")
	if page := preview(t, r); strings.Contains(page, "logo") {
		t.Error("a broken logo is shown")
	}
}
