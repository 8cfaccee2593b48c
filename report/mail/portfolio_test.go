package mail

import (
	"bytes"
	"strings"
	"testing"

	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/theme"
)

func portfolioPage(t testing.TB, o *portfolio.Portfolio) *portfolio.Page {
	t.Helper()
	p, err := o.Page()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPortfolio_Golden(t *testing.T) {
	for _, name := range []string{"mixed", "nothing"} {
		p := portfolioPage(t, portfoliotest.Cases()[name])
		golden(t, "portfolio-"+name+".html", PortfolioHTML(p))
		golden(t, "portfolio-"+name+".txt",
			portfolioText(p, portfolioFoot(p, true, "eier@acme.example")))
	}
}

func TestPortfolio_GmailsLimit(t *testing.T) {
	cases := portfoliotest.Cases()
	endless := portfoliotest.Many()
	for i := range endless.Bots {
		b := &endless.Bots[i]
		b.Name, b.Link = strings.Repeat(`"'&`, 100), "https://x.example/"+strings.Repeat(`'`, 250)
		if b.Numbers != nil {
			b.Numbers.Missed = []string{b.Name, b.Name}
		}
	}
	cases["as long as can be"] = endless
	for name, o := range cases {
		if size := len(PortfolioHTML(portfolioPage(t, o))); size >= gmail {
			t.Errorf("%s: the page has %d bytes", name, size)
		}
	}
}

func TestPortfolio_EscapesMarkup(t *testing.T) {
	known := make(map[string]bool)
	for _, o := range []*portfolio.Portfolio{portfoliotest.Mixed(), portfoliotest.Many()} {
		for _, tag := range tags.FindAllStringSubmatch(PortfolioHTML(portfolioPage(t, o)), -1) {
			known[tag[1]] = true
		}
	}
	hostile := PortfolioHTML(portfolioPage(t, portfoliotest.Hostile()))
	for _, tag := range tags.FindAllStringSubmatch(hostile, -1) {
		if !known[tag[1]] {
			t.Errorf("a tag that is not ours: %s", tag[0])
		}
	}
	if strings.Contains(hostile, "javascript:") {
		t.Error("a link leads into a script")
	}
}

// Each bot is in the plain part, and everyone without a report is on the page.
func TestPortfolio_ListsEveryBot(t *testing.T) {
	o := portfoliotest.Many()
	p := portfolioPage(t, o)
	plain, page := portfolioText(p, nil), PortfolioHTML(p)
	for _, b := range o.Bots {
		if !strings.Contains(plain, b.Name) {
			t.Errorf("%s is not in the plain part", b.Name)
		}
		if !strings.Contains(page, b.Name) {
			t.Errorf("%s is not on the page", b.Name)
		}
	}
}

func TestPortfolio_Message(t *testing.T) {
	for name, o := range portfoliotest.Cases() {
		e := Envelope{From: "Kindly Weekly <weekly@example.com>",
			To: []string{"Kari <kari@example.com>"}}
		p := portfolioPage(t, o)
		raw, err := Portfolio(o, p, e, pdf)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := Portfolio(o, p, e, pdf)
		if err != nil || !bytes.Equal(raw, again) {
			t.Errorf("%s: the same portfolio is another message (%v)", name, err)
		}
		m, whole := read(t, raw)
		if got := whole.outline(); got !=
			"mixed(alternative(text/plain text/html) application/pdf)" {
			t.Errorf("%s: the message is %s", name, got)
		}
		if got := m.Header.Get("Auto-Submitted"); got != "auto-generated" {
			t.Errorf("%s: Auto-Submitted: %s", name, got)
		}
		other, err := Portfolio(o, p, Envelope{From: e.From, To: []string{"ola@example.com"}},
			pdf)
		if err != nil || bytes.Contains(other, []byte(m.Header.Get("Message-Id"))) {
			t.Errorf("%s: another recipient's message has the same id (%v)", name, err)
		}
		diverted := *o
		diverted.Name = "[for ola@example.com] " + o.Name
		other, err = Portfolio(&diverted, portfolioPage(t, &diverted), e, pdf)
		if err != nil || bytes.Contains(other, []byte(m.Header.Get("Message-Id"))) {
			t.Errorf("%s: a diverted portfolio for another address has the same ID (%v)", name, err)
		}
	}
	if _, err := Portfolio(portfoliotest.Calm(), portfolioPage(t, portfoliotest.Calm()),
		Envelope{From: "a@example.com\r\nBcc: x@example.com"}, pdf); err == nil {
		t.Error("a header was smuggled in")
	}
}

// The mail mentions an attached document only if there is one.
func TestPortfolio_Attached(t *testing.T) {
	o := portfoliotest.Mixed()
	for _, document := range [][]byte{nil, pdf} {
		raw, err := Portfolio(o, portfolioPage(t, o), Envelope{}, document)
		if err != nil {
			t.Fatal(err)
		}
		_, whole := read(t, raw)
		said := strings.Contains(whole.find("text/plain"), "attached")
		is := strings.Contains(whole.outline(), "application/pdf")
		if named := bytes.Contains(raw, []byte("all-bots-of-acme-2026-W46.pdf")); said != is ||
			named != is || is != (document != nil) {
			t.Errorf("of %d bytes: attached %t, said %t, named %t", len(document), is, said, named)
		}
	}
}

// The portfolio looks as the reports do: in the dark too, and in the brand's color.
func TestPortfolio_Colors(t *testing.T) {
	plain := PortfolioHTML(portfolioPage(t, portfoliotest.Mixed()))
	if strings.Contains(plain, "color: !important") || strings.Contains(plain, "color:}") {
		t.Error("a rule for the dark has no color")
	}
	if dark := theme.Dark(""); !strings.Contains(plain, ".ink{color:"+dark.Ink.String()) ||
		!strings.Contains(plain, ".card{background-color:"+dark.Card.String()) {
		t.Error("the dark is another than the reports'")
	}
	branded := portfoliotest.Mixed()
	branded.Accent = "#7c3aed"
	page := PortfolioHTML(portfolioPage(t, branded))
	for _, color := range []theme.Color{theme.Light(branded.Accent).AccentText,
		theme.Dark(branded.Accent).AccentText} {
		if !strings.Contains(page, color.String()) || strings.Contains(plain, color.String()) {
			t.Errorf("a brand's %s stands on the wrong page", color)
		}
	}
}
