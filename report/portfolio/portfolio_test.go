package portfolio_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

func page(t *testing.T, o *portfolio.Portfolio) *portfolio.Page {
	t.Helper()
	p, err := o.Page()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func names(bots []portfolio.Bot) string {
	var all []string
	for _, b := range bots {
		all = append(all, b.Name)
	}
	return strings.Join(all, ", ")
}

func TestGroups_EachBotInOne(t *testing.T) {
	for name, o := range portfoliotest.Cases() {
		listed := 0
		for _, g := range portfolio.Groups {
			listed += len(o.Grouped(g))
		}
		if listed != len(o.Bots) {
			t.Errorf("%s: %d of %d bots are listed", name, listed, len(o.Bots))
		}
	}
	o := portfoliotest.Mixed()
	for g, want := range map[portfolio.Group]string{
		portfolio.GroupLook:       "Stille bot, Kommune-Kari – Fjellvik kommune, Nettbutikk chatbot",
		portfolio.GroupChance:     "Museet",
		portfolio.GroupIncomplete: "Uten fallbacks",
		portfolio.GroupFailed:     "Parkering, Renovasjon, Skatt",
		portfolio.GroupNotIn:      "Svømmehall",
		portfolio.GroupGood:       "Kino",
		portfolio.GroupUsual:      "Bibliotek",
		portfolio.GroupSpecial:    "Kampanjebot",
		portfolio.GroupFew:        "Bakeri Ærlig, Ny i år",
		portfolio.GroupPaused:     "Julebot",
		portfolio.GroupNew:        "Barnehage",
		portfolio.GroupUnsent:     "Internt forsøk",
	} {
		if got := names(o.Grouped(g)); got != want {
			t.Errorf("%s: %s; want %s", g, got, want)
		}
	}
	o = portfoliotest.Before(o.Bots...)
	for g, want := range map[portfolio.Group]string{
		portfolio.GroupAffected:   "Kommune-Kari – Fjellvik kommune, Nettbutikk chatbot",
		portfolio.GroupFailed:     "Parkering, Renovasjon, Skatt",
		portfolio.GroupNotIn:      "Svømmehall",
		portfolio.GroupUsual:      "Kino, Bibliotek, Museet",
		portfolio.GroupUncompared: "Kampanjebot, Ny i år, Uten fallbacks",
		portfolio.GroupSilent:     "Stille bot",
		portfolio.GroupFew:        "Bakeri Ærlig",
		portfolio.GroupPaused:     "Julebot",
		portfolio.GroupNew:        "Barnehage",
		portfolio.GroupUnsent:     "Internt forsøk",
	} {
		if got := names(o.Grouped(g)); got != want {
			t.Errorf("%s: %s; want %s", g, got, want)
		}
	}
}

func TestGroup_TooFew(t *testing.T) {
	for chats, want := range map[int]portfolio.Group{0: portfolio.GroupSilent,
		1: portfolio.GroupFew, 99: portfolio.GroupFew, 100: portfolio.GroupUsual} {
		if b := portfoliotest.Bot("a", chats, 0); portfoliotest.Before(b).Group(b) != want {
			got := portfoliotest.Before(b).Group(b)
			t.Errorf("%d chats: %s, want %s", chats, got, want)
		}
	}
}

func TestGrouped_MostAffectedFirst(t *testing.T) {
	unknown := portfoliotest.Bot("Aardvark", 9000, 500)
	unknown.Numbers.Above = nil
	o := portfoliotest.Before(unknown, portfoliotest.Bot("b", 500, 110),
		portfoliotest.Bot("A", 200, 110), portfoliotest.Bot("below", 9000, -300),
		portfoliotest.Bot("as ever", 300, 0), portfoliotest.Bot("by chance", 9000, 99),
		portfoliotest.Bot("worst", 150, 140))
	for g, want := range map[portfolio.Group]string{
		portfolio.GroupAffected: "worst, A, b", portfolio.GroupUsual: "below, by chance, as ever",
		portfolio.GroupUncompared: "Aardvark",
	} {
		if got := names(o.Grouped(g)); got != want {
			t.Errorf("%s: the order is %s; want %s", g, got, want)
		}
	}
}

// The level that a bot needs grows with how many are compared; of a few it is that of the bot's own
// report.
func TestAffected_LevelByComparedBots(t *testing.T) {
	for _, c := range []struct {
		compared int // the bot among them
		level    float64
		want     bool
	}{
		{1, 3.2, true}, {2, 3.21, true}, {10, 3.6, false}, {10, 3.8, true}, {50, 4, false},
		{50, 4.2, true}, {200, 4.4, false}, {200, 4.6, true},
		{1000, 4.8, false}, {1000, 5, true},
		{200, 0, true}, // of a portfolio that was written before there were levels
	} {
		b := portfoliotest.Bot("risen", 500, 300)
		b.Numbers.Level = c.level
		bots := []portfolio.Bot{b}
		for i := range c.compared - 1 {
			bots = append(bots, portfoliotest.Bot(fmt.Sprint("quiet ", i), 500, 3))
		}
		for range 300 { // which are not compared
			bots = append(bots, portfoliotest.Bot("few", 99, 3),
				portfolio.Bot{ID: "x", State: portfolio.Failed})
		}
		o := portfoliotest.Before(bots...)
		if o.Compared() != c.compared {
			t.Errorf("%d bots are compared, want %d", o.Compared(), c.compared)
		}
		if got := o.Affected(b); got != c.want {
			t.Errorf("of %d bots one at level %v: affected %t, want %t", c.compared, c.level, got,
				c.want)
		}
		agree(t, o)
	}
}

// agree checks that headline, groups and marks of a page say the same.
func agree(t *testing.T, o *portfolio.Portfolio) {
	t.Helper()
	p := page(t, o)
	if o.Judged() {
		look := o.Grouped(portfolio.GroupLook)
		if said := strings.Contains(p.Headline, "need"); said != (len(look) > 0) {
			t.Errorf("%d bots need a look, and the headline is %s", len(look), p.Headline)
		}
		for _, s := range p.Sections {
			for _, r := range s.Rows {
				if s.Group == portfolio.GroupLook && r.Verdict == "" {
					t.Errorf("%s needs a look, and nothing says why", r.Name)
				}
			}
		}
		return
	}
	affected := len(o.Grouped(portfolio.GroupAffected))
	said := affected == 1 && strings.HasPrefix(p.Headline, "1 bot did not understand") ||
		affected != 1 && strings.HasPrefix(p.Headline,
			fmt.Sprint(affected, " bots did not understand"))
	if said != (affected > 0) {
		t.Errorf("%d bots are affected, and the headline is %s", affected, p.Headline)
	}
	for _, s := range p.Sections {
		for _, r := range s.Rows {
			marked := r.Unusual || strings.Contains(strings.Join(r.Details(), " ")+r.Mark,
				"unusual") || r.Number != nil
			if marked != (s.Group == portfolio.GroupAffected) {
				t.Errorf("%s in the group %s: %+v", r.Name, s.Group, r)
			}
		}
	}
}

func TestPage_HeadlineAgreesWithGroups(t *testing.T) {
	for _, o := range portfoliotest.Cases() {
		agree(t, o)
	}
}

func TestHeadline(t *testing.T) {
	bot, failed := portfoliotest.Bot, func(name string) portfolio.Bot {
		return portfolio.Bot{ID: name, Name: name, State: portfolio.Failed,
			Reason: portfolio.Statistics}
	}
	missed := bot("Skatt", 300, 0)
	missed.Numbers.Targets, missed.Numbers.Missed = 1, []string{figures.TargetFeedback}
	alone := bot("Ny", 300, 0)
	alone.Numbers.Above = nil
	paused := portfolio.Bot{ID: "p", Name: "Julebot", State: portfolio.Paused}
	for _, c := range []struct {
		name string
		bots []portfolio.Bot
		want string
	}{
		{"nothing stands out", []portfolio.Bot{bot("a", 1000, 3), bot("b", 500, 0)},
			"None of the 2 bots that can be compared has an unusual share of “Did not understand”; 1,500 chats across 2 bots."},
		{"one bot", []portfolio.Bot{bot("a", 1000, 3)},
			"The one bot that can be compared has no unusual share of “Did not understand”; 1,000 chats across 1 bot."},
		{"one stands out", []portfolio.Bot{bot("a", 1000, 300), bot("b", 500, 0)},
			"1 bot did not understand unusually often: a; 1,500 chats across 2 bots."},
		{"the worst are named", []portfolio.Bot{bot("a", 1000, 100), bot("b", 1000, 500),
			bot("c", 1000, 200), bot("d", 1000, 300), bot("e", 1000, 400)},
			"5 bots did not understand unusually often: b, e, d and 2 more; 5,000 chats across 5 bots."},
		{"unusual, and too small to be judged",
			[]portfolio.Bot{bot("a", 99, 101), bot("b", 500, 0)},
			"The one bot that can be compared has no unusual share of “Did not understand”; 599 chats across 2 bots."},
		{"a target", []portfolio.Bot{missed, bot("b", 500, 0)},
			"1 bot missed a target: Skatt; 800 chats across 2 bots."},
		{"fallbacks come before a target", []portfolio.Bot{missed, bot("b", 500, 200)},
			"1 bot did not understand unusually often: b; 800 chats across 2 bots."},
		{"a report is missing", []portfolio.Bot{bot("a", 1000, 3), failed("x"), paused},
			"The one bot that can be compared has no unusual share of “Did not understand”; 1 report is missing: x; 1,000 chats across 1 of 2 bots."},
		{"nothing to compare with", []portfolio.Bot{alone},
			"No bot can be compared with its usual weeks; 300 chats across 1 bot."},
		{"nothing is in", []portfolio.Bot{failed("x"), failed("y")},
			"No bot’s report is in; 2 reports are missing: x and y."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := page(t, portfoliotest.Before(c.bots...)).Headline; got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// Totals are over what is known alone, and say over how many bots.
func TestTotals(t *testing.T) {
	young := portfoliotest.Bot("Ny", 300, 0)
	young.Numbers.ChatsLastWeek = nil
	o := portfoliotest.Of(portfoliotest.Bot("a", 1000, 0), young, portfoliotest.Bot("b", 100, 0),
		portfolio.Bot{ID: "x", State: portfolio.Failed})
	all, pairs := o.Totals()
	if want := (portfolio.Total{Bots: 3, Chats: 1400}); all != want {
		t.Errorf("all are %+v, want %+v", all, want)
	}
	if want := (portfolio.Total{Bots: 2, Chats: 1100, Before: 1045}); pairs != want {
		t.Errorf("the pairs are %+v, want %+v", pairs, want)
	}
	want := "The 2 bots with numbers for both weeks had 1,100 chats, the week before 1,045."
	if got := page(t, portfoliotest.Before(o.Bots...)).Facts; !slices.Contains(got, want) {
		t.Errorf("the facts are %q, without %q", got, want)
	}
}

func TestRead(t *testing.T) {
	r := figurestest.Busy()
	n := portfolio.Read(r)
	b, ok := r.Excess()
	if !ok || b.Chats == 0 || n.Above == nil || *n.Above != b.Chats ||
		*n.RateBaseline != r.Baseline.FallbackRate.Median {
		t.Errorf("above %v of %+v (%t)", n.Above, b, ok)
	}
	if n.Chats != r.Chats.Total || *n.ChatsLastWeek != r.Chats.Previous || len(n.Rates) != 12 ||
		n.Targets != 4 || len(n.Missed) == 0 {
		t.Errorf("%+v is not what the report says", n)
	}
	// A day on which the rate jumped makes a bot one that stands out, as its own headline says,
	// also where the week is not unusual.
	jumped := *r
	for _, jumps := range [][]figures.Incident{{}, {{Level: 5}, {Level: 20}, {Level: 7}}} {
		jumped.Fallbacks.Incidents = jumps
		want := 0.0
		if b.Unusual {
			want = b.Level
		}
		for _, jump := range jumps {
			want = max(want, jump.Level)
		}
		if got := portfolio.Read(&jumped); got.Unusual != (b.Unusual || len(jumps) > 0) ||
			got.Level != want {
			t.Errorf("%d jumps: unusual %t at level %v, want %v", len(jumps), got.Unusual,
				got.Level, want)
		}
	}
	special := portfolio.Read(figurestest.Special())
	if special.Above != nil || special.ChatsBaseline != nil || special.Unusual ||
		len(special.Special) == 0 {
		t.Errorf("a special week is compared: %+v", special)
	}
	if n := portfolio.Read(figurestest.Unavailable()); n.Above != nil || n.FallbackRate != nil ||
		!n.Unavailable {
		t.Errorf("what was not fetched is compared: %+v", n)
	}
	if n := portfolio.Read(figurestest.Tiny()); n.Above != nil || n.FallbackRate != nil ||
		n.Unusual {
		t.Errorf("a rate of a handful is shown: %+v", n)
	}
}

func TestUncompared_Reasons(t *testing.T) {
	want := map[string]string{
		"Kampanjebot":    "not compared, since the week had Black Friday",
		"Ny i år":        "not enough usual weeks to compare with",
		"Uten fallbacks": "“Did not understand” is not available",
		"Bibliotek":      "", // which is compared
	}
	for _, s := range page(t, portfoliotest.Before(portfoliotest.Mixed().Bots...)).Sections {
		for _, r := range s.Rows {
			if w, ok := want[r.Name]; ok && r.Above != w {
				t.Errorf("%s: %q, want %q", r.Name, r.Above, w)
			}
			delete(want, r.Name)
		}
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		rates []*float64
		want  string
	}{
		{nil, ""},
		{[]*float64{nil, nil}, ""},
		// nothing but a true zero is the lowest
		{[]*float64{new(0.0), nil, new(0.1), new(0.05), new(0.0001)}, "▁–█▅▂"},
		{[]*float64{new(0.0), new(0.0)}, "▁▁"},
	} {
		if got := portfolio.Spark(c.rates, "–"); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestDecode_RoundTrip(t *testing.T) {
	for name, o := range portfoliotest.Cases() {
		data, err := o.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := portfolio.Decode(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again, err := back.Encode(); err != nil || !bytes.Equal(data, again) {
			t.Errorf("%s: what is read is not what was written (%v)", name, err)
		}
	}
	for name, text := range map[string]string{
		"another schema": `{"schema": 2, "week": "2026-W46"}`,
		"no week":        `{"schema": 1}`,
		"no numbers":     `{"schema": 1, "week": "2026-W46", "bots": [{"id": "a", "state": "in"}]}`,
		"no JSON":        `{`,
	} {
		if _, err := portfolio.Decode([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := portfolio.Decode([]byte(`{"schema": 1, "week": "2026-W46", "later": true}`)); err != nil {
		t.Errorf("a key that came later is refused: %v", err)
	}
}

// The same bots make the same portfolio, and others another.
func TestOf_ID(t *testing.T) {
	a, b := portfoliotest.Calm(), portfoliotest.Calm()
	if a.ID != b.ID || a.ID == portfoliotest.Mixed().ID {
		t.Errorf("%s and %s", a.ID, b.ID)
	}
	b.Bots[0].Numbers.Chats++
	c, err := portfolio.Of(b.Name, b.Period, b.Locale, b.MadeAt, b.Bots)
	if err != nil || c.ID == a.ID {
		t.Errorf("%s for another number (%v)", c.ID, err)
	}
}

// A bot whose chats are not known is not silent, nor are its chats in any sum.
func TestGroup_UnknownChats(t *testing.T) {
	of := func(chats, days int) portfolio.Bot {
		b := portfoliotest.Bot("a", chats, 0)
		b.Numbers.MissingDays, b.Numbers.ChatsLastWeek = days, nil
		return b
	}
	for _, c := range []struct {
		bot  portfolio.Bot
		want portfolio.Group
		says string
	}{
		{of(0, 7), portfolio.GroupUnknown, "number of chats not known"},
		{of(0, 1), portfolio.GroupUnknown, "0 chats on 6 of 7 days"},
		{of(99, 1), portfolio.GroupUnknown, "99 chats on 6 of 7 days"},
		{of(100, 1), portfolio.GroupUsual, "100 chats on 6 of 7 days"},
	} {
		o := portfoliotest.Before(c.bot, portfoliotest.Bot("b", 200, 0))
		if got := o.Group(c.bot); got != c.want {
			t.Errorf("%d chats, %d days missing: %s, want %s", c.bot.Numbers.Chats,
				c.bot.Numbers.MissingDays, got, c.want)
		}
		if all, _ := o.Totals(); all.Bots != 1 || all.Chats != 200 {
			t.Errorf("the total is %+v, want that of the other bot", all)
		}
		for _, s := range page(t, o).Sections {
			for _, r := range s.Rows {
				if r.Name == "a" && r.Chats != c.says {
					t.Errorf("it says %q, want %q", r.Chats, c.says)
				}
			}
		}
	}
}
