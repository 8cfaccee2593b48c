package mail

import (
	"encoding/xml"
	"maps"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/wording"
)

// node is an element of a page, or a text.
type node struct {
	tag      string // empty: a text
	text     string
	attrs    map[string]string
	children []*node
}

// parse returns the html element of a page.
func parse(t *testing.T, page string) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	stack := []*node{{}}
	for {
		token, err := d.Token()
		if token == nil {
			if len(stack[0].children) != 1 || len(stack) != 1 {
				t.Fatalf("the page ends in <%s>: %v", stack[len(stack)-1].tag, err)
			}
			return stack[0].children[0]
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{tag: token.Name.Local, attrs: make(map[string]string)}
			for _, a := range token.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.children, stack = append(top.children, n), append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 1 {
				top.children = append(top.children, &node{text: string(token)})
			}
		}
	}
}

// all returns the elements with the tags in a node, in document order.
func (n *node) all(tags ...string) (found []*node) {
	for _, c := range n.children {
		if slices.Contains(tags, c.tag) {
			found = append(found, c)
		}
		found = append(found, c.all(tags...)...)
	}
	return found
}

// heard returns what a screen reader reads of a node.
func (n *node) heard() string {
	switch {
	case n.attrs["aria-hidden"] == "true":
		return ""
	case n.attrs["aria-label"] != "":
		return n.attrs["aria-label"]
	case n.tag == "img":
		return n.attrs["alt"]
	}
	var b strings.Builder
	b.WriteString(n.text)
	for _, c := range n.children {
		b.WriteString(c.heard())
	}
	return b.String()
}

// flaws returns the faults of a page's structure.
func flaws(page *node, locale string) (all []string) {
	flaw := func(said string, of *node) { all = append(all, said+": "+of.heard()) }
	if page.attrs["lang"] != locale {
		flaw("the page's language is "+page.attrs["lang"], page)
	}
	mains := slices.DeleteFunc(page.all("div"),
		func(n *node) bool { return n.attrs["role"] != "main" })
	if len(mains) != 1 || mains[0].attrs["lang"] != locale {
		flaw("not one main landmark in the page's language", page)
	}
	last := byte('0')
	for _, h := range page.all("h1", "h2", "h3", "h4", "h5", "h6") {
		if level := h.tag[1]; level > last+1 || level == '1' && last != '0' {
			flaw("after a heading of level "+string(last)+" an "+h.tag, h)
		}
		last = h.tag[1]
		if strings.TrimSpace(h.heard()) == "" {
			flaw("an empty heading", h)
		}
	}
	if last == '0' {
		flaw("no heading", page)
	}
	for _, table := range page.all("table") {
		if table.attrs["role"] == "presentation" {
			continue
		}
		for i, row := range table.all("tr") {
			for j, cell := range row.all("th", "td") {
				want := ""
				switch {
				case i == 0:
					want = "col"
				case j == 0:
					want = "row"
				}
				if cell.attrs["scope"] != want || (cell.tag == "th") != (want != "") {
					flaw("a "+cell.tag+" with the scope "+cell.attrs["scope"]+", want "+want, cell)
				}
			}
		}
	}
	links := make(map[string]string)
	for _, a := range page.all("a") {
		said, to := strings.TrimSpace(a.heard()), a.attrs["href"]
		if len([]rune(said)) < 3 || strings.Contains(said, "://") {
			flaw("a link to "+to+" says too little", a)
		}
		if other, known := links[said]; known && other != to {
			flaw("links to "+to+" and "+other+" say the same", a)
		}
		links[said] = to
	}
	for _, img := range page.all("img") {
		if _, ok := img.attrs["alt"]; !ok {
			flaw("a picture without words: "+img.attrs["src"], img)
		}
	}
	return all
}

// A screen reader finds the language, the headings, the table heads and the targets of links.
// Without pictures the page has the same content.
func TestPage_Structure(t *testing.T) {
	reports := figurestest.Cases()
	for _, w := range figurestest.Gallery() {
		reports[w.Name] = w.Report
	}
	reports["branded"] = figurestest.Branded()
	charts := 0
	for _, locale := range wording.Locales() {
		for _, name := range slices.Sorted(maps.Keys(reports)) {
			r := reports[name]
			r.Locale = locale
			s := summarise(t, r)
			page := parse(t, preview(t, r))
			for _, flaw := range flaws(page, locale) {
				t.Errorf("%s, %s: %s", name, locale, flaw)
			}
			heard := page.all("body")[0].heard()
			for _, c := range shown(s) {
				for _, want := range append([]string{c.Subtitle}, c.Items...) {
					want = plain(want, mostAlt)
					if !strings.Contains(heard, want) && name != "hostile" {
						t.Errorf("%s, %s: without pictures the text lacks %q", name, locale, want)
					}
				}
				charts++
			}
		}
		for name, o := range portfoliotest.Cases() {
			o.Locale = locale
			for _, flaw := range flaws(parse(t, PortfolioHTML(portfolioPage(t, o))), locale) {
				t.Errorf("portfolio %s, %s: %s", name, locale, flaw)
			}
		}
	}
	if charts < 100 {
		t.Errorf("only %d charts", charts)
	}
}

// flaws finds each fault.
func TestFlaws(t *testing.T) {
	page := preview(t, figurestest.Busy())
	if all := flaws(parse(t, page), "en"); all != nil {
		t.Fatalf("found %q in a page without a flaw", all)
	}
	for old, with := range map[string]string{
		`<html lang="en"`:         `<html`,
		`<div role="main"`:        `<div`,
		`<div role="main" lang`:   `<div role="main" title`,
		`<h1 `:                    `<h2 `,
		`<h2 `:                    `<h3 `,
		`scope="col"`:             ``,
		`scope="row"`:             `scope="col"`,
		` alt="Did`:               ` title="Did`,
		` href="https://`:         ` aria-label="!" href="https://`,
		`role="presentation" wid`: `wid`,
	} {
		broken := strings.ReplaceAll(page, old, with)
		if with == `<h2 ` || with == `<h3 ` { // with the end tags
			broken = strings.ReplaceAll(broken, `</`+old[1:3]+`>`, `</`+with[1:3]+`>`)
		}
		if broken == page {
			t.Errorf("no %s in the page", old)
		} else if flaws(parse(t, broken), "en") == nil {
			t.Errorf("%s instead of %s is not found", with, old)
		}
	}
}
