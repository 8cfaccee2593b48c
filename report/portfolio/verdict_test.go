package portfolio_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

func TestVerdict_Headline(t *testing.T) {
	usual := func(names ...string) (all []portfolio.Bot) {
		for _, name := range names {
			all = append(all, portfoliotest.Bot(name, 1000, 0))
		}
		return all
	}
	many := func(n int) (all []portfolio.Bot) {
		for i := range n {
			all = append(all, portfoliotest.Bot(fmt.Sprint("bot ", i), 1000, 0))
		}
		return all
	}
	look := func(name string) portfolio.Bot { return portfoliotest.Bot(name, 1000, 300) }
	few := func(name string) portfolio.Bot { return portfoliotest.Bot(name, 43, 0) }
	judged := func(name, status, rule string) portfolio.Bot {
		return portfoliotest.Judge(portfoliotest.Bot(name, 1000, 0), status, rule, 0)
	}
	good := func(name string) portfolio.Bot {
		return judged(name, figures.GoodWeek, figures.VerdictFeedback)
	}
	special := func(name, day string) portfolio.Bot {
		b := judged(name, figures.TooFew, figures.VerdictSpecial)
		b.Numbers.Special = []string{day}
		return b
	}
	incomplete := judged("Ufull", figures.Incomplete, figures.VerdictCore)
	chance := portfoliotest.Jumped(portfoliotest.Bot("Museet", 400, 3), portfoliotest.Tuesday, 3.1)
	failed := portfolio.Bot{ID: "x", Name: "Skatt", State: portfolio.Failed}
	paused := portfolio.Bot{ID: "p", Name: "Julebot", State: portfolio.Paused}
	with := func(all []portfolio.Bot, more ...portfolio.Bot) []portfolio.Bot {
		return append(all, more...)
	}
	for _, c := range []struct {
		name     string
		bots     []portfolio.Bot
		headline string
		facts    string // the first one, without the number of chats
	}{
		{"the only bot", usual("Nettbutikk"), "Nettbutikk: a usual week, 1,000 chats", ""},
		{"the only bot needs a look", with(nil, portfoliotest.Dead("Nettbutikk", 900)),
			"Nettbutikk needs a look: no chats the whole week", ""},
		{"the only bot had a good week", with(nil, good("Nettbutikk")),
			"Nettbutikk had a good week: better feedback than usual", ""},
		{"both usual", usual("a", "b"), "Both bots: a usual week", ""},
		{"all usual", many(12), "All 12 bots: a usual week", ""},
		{"all good", with(nil, good("a"), good("b"), good("c")), "All 3 bots: a good week", ""},
		{"good and usual", with(many(11), good("Kino")), "All 12 bots: a good or usual week",
			"Good week: 1 · Usual week: 11"},
		{"some are too few to judge", with(many(10), few("a"), few("b")),
			"10 of 12 bots: a usual week", "Too few to judge: 2"},
		{"all are too few to judge", with(nil, few("a"), few("b")),
			"Both bots: too little data to judge", ""},
		{"a holiday", with(nil, special("a", "Julaften"), special("b", "Julaften")),
			"Both bots: a special week (Julaften)", ""},
		{"holidays of countries", with(nil, special("a", "Julaften"), special("b", "Boxing Day"),
			few("c")), "2 of 3 bots: a special week", "Too few to judge: 1"},
		{"a holiday of one", with(many(2), special("c", "Julaften")), "2 of 3 bots: a usual week",
			"Special week: 1"},
		{"one needs a look", with(many(2), look("Nettbutikk")),
			"1 of 3 bots needs a look: Nettbutikk", "Usual week: 2"},
		{"two need a look", with(many(8), look("a"), look("b")),
			"2 of 10 bots need a look: a and b", "Usual week: 8"},
		{"both need a look", with(nil, look("a"), look("b")), "Both bots need a look", ""},
		{"all need a look", with(nil, look("a"), look("b"), look("c")), "All 3 bots need a look",
			""},
		{"three of many", with(many(9), look("a"), look("b"), look("c")),
			"3 of 12 bots need a look", "Usual week: 9"},
		{"incomplete", with(many(11), incomplete), "Incomplete: numbers of 1 of 12 bots are missing",
			"Usual week: 11"},
		{"a report is missing", with(many(11), failed),
			"Incomplete: numbers of 1 of 12 bots are missing", "Usual week: 11"},
		{"both kinds of missing", with(many(10), incomplete, failed),
			"Incomplete: numbers of 2 of 12 bots are missing", "Incomplete: 1 · Usual week: 10"},
		{"a look comes before what is missing", with(many(10), look("a"), failed),
			"1 of 11 bots needs a look: a", "Usual week: 10"},
		{"a paused bot is not missing", with(many(2), paused), "Both bots: a usual week", ""},
		{"among many it may be chance", with(many(199), chance), "199 of 200 bots: a usual week",
			"One bot’s own report says “Needs a look”, which may be chance among 200 bots: Museet."},
		{"alone it is not", with(nil, chance),
			"Museet needs a look: did not understand twice as often as usual on Tuesday", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := portfoliotest.Of(c.bots...)
			p := page(t, o)
			if p.Headline != c.headline {
				t.Errorf("%s\nwant %s", p.Headline, c.headline)
			}
			if p.Subject != p.Headline+" – Acme" {
				t.Errorf("the subject is %s", p.Subject)
			}
			first := ""
			if len(p.Facts) > 0 && !strings.Contains(p.Facts[0], "chats across") &&
				!strings.Contains(p.Facts[0], "missing") {
				first = p.Facts[0]
			}
			if first != c.facts {
				t.Errorf("the facts are %q, want %q first", p.Facts, c.facts)
			}
			agree(t, o)
		})
	}
}

func TestGrouped_WorstFirst(t *testing.T) {
	bot := portfoliotest.Bot
	fell := portfoliotest.Judge(bot("800 are gone", 700, 0), figures.NeedsLook,
		figures.VerdictFell, 0)
	fell.Numbers.ChatsBaseline = new(1500.0)
	missed := portfoliotest.Judge(bot("a target", 5000, 40), figures.NeedsLook,
		figures.VerdictMissed, 0)
	o := portfoliotest.Of(missed, bot("300 affected", 4000, 300), fell,
		portfoliotest.Dead("small and dead", 12), bot("900 affected", 4000, 900),
		portfoliotest.Dead("dead", 400), bot("usual", 9000, 99))
	want := "dead, small and dead, 900 affected, 800 are gone, 300 affected, a target"
	if got := names(o.Grouped(portfolio.GroupLook)); got != want {
		t.Errorf("the order is %s; want %s", got, want)
	}
}

// The level that a verdict needs grows with the number of compared bots. Verdicts without a level
// always count.
func TestVerdict_LevelByComparedBots(t *testing.T) {
	for _, c := range []struct {
		compared int
		rule     string
		level    float64
		want     portfolio.Group
	}{
		{1, figures.VerdictIncident, 2.5, portfolio.GroupLook}, // as its own report says
		{10, figures.VerdictIncident, 3.4, portfolio.GroupChance},
		{10, figures.VerdictRate, 4, portfolio.GroupChance}, // estimated from few weeks
		{10, figures.VerdictRate, 5, portfolio.GroupLook},
		{200, figures.VerdictIncident, 4.2, portfolio.GroupChance},
		{200, figures.VerdictFeedback, 4.2, portfolio.GroupChance},
		{200, figures.VerdictRising, 5, portfolio.GroupLook},
		{200, figures.VerdictDead, 0, portfolio.GroupLook},
		{200, figures.VerdictFell, 0, portfolio.GroupLook},
		{200, figures.VerdictMissed, 0, portfolio.GroupLook},
	} {
		b := portfoliotest.Judge(portfoliotest.Bot("risen", 500, 30), figures.NeedsLook, c.rule,
			c.level)
		bots := []portfolio.Bot{b}
		for i := range c.compared - 1 {
			bots = append(bots, portfoliotest.Bot(fmt.Sprint("quiet ", i), 500, 3))
		}
		for range 300 { // which are not compared
			bots = append(bots, portfoliotest.Bot("few", 99, 3),
				portfolio.Bot{ID: "x", State: portfolio.Failed})
		}
		o := portfoliotest.Of(bots...)
		if o.Compared() != c.compared {
			t.Errorf("%d bots are compared, want %d", o.Compared(), c.compared)
		}
		if got := o.Group(b); got != c.want {
			t.Errorf("of %d bots %s at level %v: %s, want %s", c.compared, c.rule, c.level, got,
				c.want)
		}
	}
}

// A portfolio with a report without a verdict, or with a verdict of a later version of the program,
// begins with its title.
func TestJudged(t *testing.T) {
	before, later := portfoliotest.Bot("a", 500, 0), portfoliotest.Judge(
		portfoliotest.Bot("b", 500, 0), "later", "later", 0)
	before.Numbers.Verdict = nil
	for name, b := range map[string]portfolio.Bot{"before": before, "later": later} {
		o := portfoliotest.Of(b, portfoliotest.Bot("c", 500, 0))
		if o.Judged() || !strings.HasPrefix(page(t, o).Headline, "None of the 2 bots") {
			t.Errorf("%s: the headline is %s", name, page(t, o).Headline)
		}
	}
	if portfoliotest.Nothing().Judged() || !portfoliotest.Calm().Judged() {
		t.Error("a portfolio without reports is judged, or one with verdicts is not")
	}
}

// A verdict that was encoded says the same later, and in other languages.
func TestVerdict_Frozen(t *testing.T) {
	numbers := portfolio.Read(figurestest.Busy())
	o := portfoliotest.Of(portfolio.Bot{ID: "a", Name: "Nettbutikk", State: portfolio.In,
		Numbers: numbers})
	data, err := o.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for locale, want := range map[string]string{
		"en": "Nettbutikk needs a look: did not understand 1.9 times as often as usual on Thursday",
		"nb": "Nettbutikk bør sjekkes: torsdag 1,9 ganger så ofte «ikke forstått» som vanlig",
	} {
		back, err := portfolio.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		back.Locale = locale
		if got := page(t, back).Headline; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	data, err = portfoliotest.Before(o.Bots...).Encode()
	if err != nil || bytes.Contains(data, []byte(`"verdict"`)) {
		t.Errorf("an older portfolio has a verdict (%v)", err)
	}
}

// A portfolio that was written before there were verdicts still says the same.
func TestDecode_Before(t *testing.T) {
	data, err := os.ReadFile("testdata/before.json")
	if err != nil {
		t.Fatal(err)
	}
	o, err := portfolio.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	p := page(t, o)
	if want := "All bots of Fjellvik, 23–29 November: 9,007 chats across 3 bots"; p.Subject != want {
		t.Errorf("%s\nwant %s", p.Subject, want)
	}
	if want := "1 bot did not understand unusually often: Nettbutikk chatbot; 9,007 chats " +
		"across 3 bots."; p.Headline != want {
		t.Errorf("%s\nwant %s", p.Headline, want)
	}
	var titles []string
	for _, s := range p.Sections {
		titles = append(titles, s.Title)
	}
	want := "Most affected first (1), “Did not understand” as usual (1), Too few to judge (1)"
	if got := strings.Join(titles, ", "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if again, err := o.Encode(); err != nil || !bytes.Equal(again, data) {
		t.Errorf("it is written in another way (%v)", err)
	}
}
