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
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;amp;", "(no name)"} {
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

// The status, the verdict and the facts come first, on a phone's first screen. The inbox's preview
// line has the figures, since the subject has the verdict.
func TestOrder(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	s.Notices, s.Where = []string{"A notice."}, []string{"Nearly all of it on web."}
	s.LookAt = []summary.Link{{Text: "Look here", URL: "https://app.kindly.ai/here"}}
	source := func(chart string) string { return "charts/" + chart + ".png" }
	ed := edition{report: r, summary: s, source: source, attached: true}
	page, err := ed.html()
	if err != nil {
		t.Fatal(err)
	}
	body := html.UnescapeString(page[strings.Index(page, "<body"):])
	body = strings.ReplaceAll(body, "\u00a0", " ")
	first := regexp.MustCompile(`>([^<>]*\w[^<>]*)<`).FindStringSubmatch(body)[1]
	if !strings.HasPrefix(first, s.Preview) {
		t.Errorf("the preview line is %q", first)
	}
	order := []string{s.Bot, s.Dates, s.Status.Label, s.Verdict, s.Notices[0], s.Where[0],
		s.Facts[0], s.LookAt[0].Text, s.Link.URL, s.Tiles[0].Value, s.Tiles[3].Value,
		"did not understand", "last 12 weeks", s.Targets.Rows[0][0], "Most frequent labels",
		"attached", s.Provenance[len(s.Provenance)-1]}
	ordered(t, body[strings.Index(body, "</div>"):], order)
	ordered(t, ed.text(), append([]string{s.Bot, s.Dates, s.Headline}, order[4:]...))
}

func ordered(t *testing.T, text string, parts []string) {
	t.Helper()
	at := 0
	for _, next := range parts {
		found := strings.Index(strings.ToLower(text[at:]), strings.ToLower(next))
		if found < 0 {
			t.Fatalf("%q does not stand where it should in\n%s", next, text)
		}
		at += found
	}
}

// The length of the mail depends on whether the week needs a look.
func TestHTML_Details(t *testing.T) {
	old := figurestest.Busy()
	old.Verdict = nil // as written before there were verdicts
	for _, test := range []struct {
		name                            string
		r                               *figures.Report
		status, targets, lists, notices bool
		tiles, charts                   int
	}{
		{"something to look into", figurestest.Busy(), true, true, true, false, 4, 2},
		{"nothing to look into", figurestest.Quiet(), true, false, false, false, 4, 1},
		{"a good week", figurestest.Good(), true, false, false, false, 4, 1},
		{"too few to judge", figurestest.Tiny(), true, false, false, false, 4, 1},
		{"a dead week", figurestest.Empty(), true, false, false, false, 0, 1},
		{"missing sections", figurestest.Unavailable(), true, false, false, true, 4, 1},
		{"an older report", old, false, true, true, false, 4, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := summarise(t, test.r)
			page := preview(t, test.r)
			for _, part := range []struct {
				name, markup string
				want         bool
			}{
				{"a status", "border-radius:12px;font-size:14px", test.status},
				{"targets", ">Targets<", test.targets},
				{"lists", ">Most frequent labels<", test.lists},
				{"notices", "border-left:4px", test.notices},
			} {
				if got := strings.Contains(page, part.markup); got != part.want {
					t.Errorf("%s: %v, want %v", part.name, got, part.want)
				}
			}
			if n := strings.Count(page, `<td width="50%"`); n != test.tiles {
				t.Errorf("%d tiles, want %d", n, test.tiles)
			}
			if n := strings.Count(page, "<img"); n != test.charts {
				t.Errorf("%d charts, want %d", n, test.charts)
			}
			if !strings.Contains(page, string(text(joined(s.Verdict)))+"</h1>") {
				t.Errorf("the page does not begin with %q", s.Verdict)
			}
		})
	}
}

// The numbers of a chart are in its alt text, which clients show if they block pictures, and in the
// plain part. Without a picture they are on the page.
func TestPage_ChartNumbers(t *testing.T) {
	r := figurestest.Busy()
	s := summarise(t, r)
	plainPart := edition{report: r, summary: s}.text()
	withoutPictures, err := HTML(r, s, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(withoutPictures, "<img") {
		t.Error("there is a picture")
	}
	page := html.UnescapeString(preview(t, r))
	for _, c := range shown(s) {
		if !strings.Contains(page, `alt="`+c.Alt+`"`) || strings.Count(page, c.Items[0]) != 1 {
			t.Errorf("the page does not have %q once, as an alt text", c.Alt)
		}
		for _, text := range []string{plainPart, html.UnescapeString(withoutPictures)} {
			if !strings.Contains(text, c.Alt) {
				t.Errorf("%q is not in\n%s", c.Alt, text)
			}
		}
	}
}

// A section that is missing says why, once.
func TestPage_MissingSections(t *testing.T) {
	missing := figurestest.Unavailable()
	const reason = "503 Service Unavailable"
	for _, text := range []string{preview(t, missing),
		edition{report: missing, summary: summarise(t, missing)}.text()} {
		text = strings.ReplaceAll(text, "\u00a0", " ")
		if got := strings.Count(text, reason); got != 1 {
			t.Errorf("the reason stands %d times in\n%s", got, text)
		}
	}
}

func TestJoined(t *testing.T) {
	for in, want := range map[string]string{
		"met, 1 week":                       "met, 1\u00a0week",
		"124 outside opening hours, 9.0%":   "124\u00a0outside opening hours, 9.0%",
		"18.7%, usually 10.2%":              "18.7%, usually 10.2%",
		"8\u00a0031 chats on 9 November 26": "8\u00a0031\u00a0chats on 9\u00a0November 26",
	} {
		if got := joined(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What is kept on one line is narrower than half a phone, so that it does not widen the page.
func TestHTML_UnbrokenIsShort(t *testing.T) {
	for name, r := range figurestest.Cases() {
		for _, found := range regexp.MustCompile(`nowrap">([^<]*)<`).FindAllStringSubmatch(
			preview(t, r), -1) {
			if n := len([]rune(html.UnescapeString(found[1]))); n > mostUnbroken {
				t.Errorf("%s: %q has %d characters", name, found[1], n)
			}
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
