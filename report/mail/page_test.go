package mail

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

// gmail is how much of a page Gmail shows, with a margin: it clips at about 102 kB.
const gmail = 100_000

func TestPage_GmailsLimit(t *testing.T) {
	cases := figurestest.Cases()
	cases["as long as can be"] = longest()
	for name, r := range cases {
		if size := len(preview(t, r)); size >= gmail {
			t.Errorf("%s: the page has %d bytes", name, size)
		}
	}
}

// longest is the busy week with endless texts of the characters that grow the most when they are
// escaped.
func longest() *figures.Report {
	r := figurestest.Busy()
	endless := strings.Repeat(`"'&`, 5000)
	r.Bot.Name, r.Bot.Link = endless, "https://x.example/"+endless
	for i := range r.Labels {
		r.Labels[i].Text = endless
	}
	r.Buttons = slices.Repeat([]figures.Button{{Text: endless, Dialogue: endless, Count: 50}}, 100)
	r.Pages = slices.Repeat([]figures.Page{{Host: endless, Path: "/" + endless, Sessions: 50}}, 100)
	r.Filters = figures.Filters{Sources: []string{endless, "-" + endless},
		Languages: []string{endless}}
	for i := range 20 {
		r.Unavailable = append(r.Unavailable,
			figures.Unavailable{Section: endless, Reason: strconv.Itoa(i) + endless})
	}
	return r
}

var tags = regexp.MustCompile(`<([a-zA-Z!/][^\s>]*)`)

// What users type is text: the page has no tag that the busy week's page lacks.
func TestHTML_EscapesMarkup(t *testing.T) {
	known := make(map[string]bool)
	for _, name := range []string{"busy", "new"} { // new has notices
		for _, tag := range tags.FindAllStringSubmatch(preview(t, figurestest.Cases()[name]), -1) {
			known[tag[1]] = true
		}
	}
	hostile := preview(t, figurestest.Hostile())
	for _, tag := range tags.FindAllStringSubmatch(hostile, -1) {
		if !known[tag[1]] {
			t.Errorf("a tag <%s that is not ours", tag[1])
		}
	}
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "مرحبا بالعالم",
		"(no name)"} {
		if !strings.Contains(hostile, want) {
			t.Errorf("the page does not show %s", want)
		}
	}
}

var addresses = regexp.MustCompile(`(?i)(?:src|href|background|action)\s*=\s*["']?([^"'\s>]*)|url\(([^)]*)\)|@import`)

// Nothing is fetched from the network, and the only link is the bot's.
func TestNothingRemote(t *testing.T) {
	for name, r := range figurestest.Cases() {
		_, root := read(t, message(t, r, sent))
		page := root.find("text/html")
		for _, found := range addresses.FindAllStringSubmatch(page[strings.Index(page, "<body"):],
			-1) {
			if found[1] != r.Bot.Link && !strings.HasPrefix(found[1], "cid:") {
				t.Errorf("%s: the page refers to %q", name, found[0])
			}
		}
	}
}

func TestPage_RejectedLinks(t *testing.T) {
	for _, url := range []string{"javascript:alert(1)", "data:text/html,x", "//x.example", "/bot",
		"https://", "http://[", "file:///etc/passwd"} {
		r := figurestest.Tiny()
		r.Bot.Link = url
		if page := preview(t, r); strings.Contains(page, "<a ") {
			t.Errorf("the page has a link to %s", url)
		}
		if text := (edition{report: r, summary: summarise(t, r)}).text(); strings.Contains(text,
			url+"\n") {
			t.Errorf("the text has a link to %s", url)
		}
	}
}

// The headline and four figures come first, for a phone's first screen; the inbox's preview line is
// the headline.
func TestOrder(t *testing.T) {
	r := figurestest.Unavailable()
	s := summarise(t, r)
	page := preview(t, r)
	body := page[strings.Index(page, "<body"):]
	if first := regexp.MustCompile(`>([^<>]*\w[^<>]*)<`).FindStringSubmatch(body)[1]; !strings.HasPrefix(first, html.EscapeString(s.Headline)) {
		t.Errorf("the preview line is %q", first)
	}
	at := strings.Index(body, "<h1")
	for _, next := range []string{s.Headline, s.Tiles[0].Value, s.Tiles[1].Value, s.Tiles[2].Label,
		s.Tiles[3].Label, s.Notices[0],
		s.Insights[0], "charts/chats.png", shown(s)[1].Missing, "charts/trend.png", "Day by day",
		"Most frequent labels", r.Bot.Link, s.Provenance[0]} {
		found := strings.Index(body[at:], html.EscapeString(next))
		if found < 0 {
			t.Fatalf("%q does not stand where it should", next)
		}
		at += found
	}
}

// A chart is said in words where there is no picture of it, and a section that is missing says why.
func TestPage_WithoutPictures(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	page, err := HTML(r, s, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page, "<img") {
		t.Error("there is a picture")
	}
	for _, c := range shown(s) {
		if !strings.Contains(html.UnescapeString(page), c.Title+"</b><br>"+c.Subtitle) {
			t.Errorf("the page does not say %s: %s", c.Title, c.Subtitle)
		}
	}
	missing := figurestest.Unavailable()
	reason, _ := missing.Reason(figures.SectionLabels)
	for _, text := range []string{preview(t, missing),
		edition{report: missing, summary: summarise(t, missing)}.text()} {
		// The notice, two charts or their texts, and three tables.
		if got := strings.Count(text, reason); got < 5 {
			t.Errorf("the reason stands %d times in\n%s", got, text)
		}
	}
}

// A line of numbers that could not be broken anywhere would make the whole page as wide as itself.
func TestPage_NumbersUnderPicturesWrap(t *testing.T) {
	page := preview(t, figurestest.Busy())
	if strings.Count(page, "white-space:nowrap") < 10 {
		t.Error("there are no numbers under the pictures")
	}
	if strings.Contains(page, `</span><span style="white-space:nowrap">`) {
		t.Error("two numbers have no space between them")
	}
	if strings.Contains(page, ` </span>`) {
		t.Error("the space after a number is where no line can be broken")
	}
	long := preview(t, figurestest.Named(strings.Repeat("long ", 60)))
	for _, found := range regexp.MustCompile(`nowrap">([^<]*)<`).FindAllStringSubmatch(long, -1) {
		if n := len([]rune(html.UnescapeString(found[1]))); n > mostUnbroken+len(" ·") {
			t.Errorf("%q would be wider than a phone", found[1])
		}
	}
}

// Users type any names. None of them makes a header, a tag, a line, or a page that Gmail clips.
func FuzzMessage(f *testing.F) {
	for _, name := range figurestest.Names() {
		f.Add(name)
	}
	f.Add("x\r\nBcc: evil@x.example\r\n\r\nContent-Type: multipart/mixed;\r\n boundary=" +
		strings.Repeat("0", 60) + "\r\n")
	f.Add("\u202e\u2066")
	f.Add("=?utf-8?q?x=0D=0AY:_z?=")
	named := func(name string) *figures.Report {
		r := figurestest.Tiny()
		r.Bot.Name = name
		r.Labels[0].Text = name
		r.Pages[0].Host, r.Pages[0].Path = name, "/"+name
		r.Buttons = []figures.Button{{Text: name, Dialogue: name, Count: 40}}
		r.Unavailable = []figures.Unavailable{{Section: name, Reason: name}}
		return r
	}
	harmless, parts := read(f, message(f, named("x"), sent))
	headers, outline := slices.Sorted(maps.Keys(harmless.Header)), parts.outline()
	brackets := strings.Count(parts.find("text/html"), "<")
	f.Fuzz(func(t *testing.T, name string) {
		m, root := read(t, message(t, named(name), sent))
		if got := slices.Sorted(maps.Keys(m.Header)); !slices.Equal(got, headers) {
			t.Errorf("the message has the headers %s, want %s", got, headers)
		}
		if got := root.outline(); got != outline {
			t.Errorf("the message is %s, want %s", got, outline)
		}
		page := root.find("text/html")
		if len(page) >= gmail {
			t.Errorf("the page has %d bytes", len(page))
		}
		// A dialogue or a host of which nothing is left has no line of its own, which is three
		// tags.
		if got := strings.Count(page, "<"); got > brackets || got < brackets-6 {
			t.Errorf("the page has %d tags, with a harmless name %d", got, brackets)
		}
		for i, line := range strings.Split(root.find("text/plain"), "\r\n") {
			if strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("line %d of the text has a control character: %q", i, line)
			}
		}
	})
}

// On a phone a label has room for words of 17 letters; a longer one is set smaller before it is
// broken.
func TestNewTile_LongWord(t *testing.T) {
	for label, want := range map[string]int{"User messages": 13, "Användarmeddelanden": 12} {
		if got := newTile(summary.Tile{Label: label}, light).LabelSize; got != want {
			t.Errorf("%s: %d px, want %d", label, got, want)
		}
	}
}
