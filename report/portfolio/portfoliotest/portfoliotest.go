// Package portfoliotest makes the portfolios that every edition has to draw well. All are of 9 to
// 15 November 2026, and always the same.
package portfoliotest

import (
	"fmt"
	"math"
	"strings"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/summary"
)

var made = time.Date(2026, time.November, 16, 13, 0, 11, 0, time.UTC)

// Cases returns every case by name.
func Cases() map[string]*portfolio.Portfolio {
	return map[string]*portfolio.Portfolio{"mixed": Mixed(), "calm": Calm(), "nothing": Nothing(),
		"ten": Ten(), "many": Many(), "failed": AllFailed(), "hostile": Hostile(),
		"before": Before(Mixed().Bots...)}
}

// Of makes a portfolio of bots.
func Of(bots ...portfolio.Bot) *portfolio.Portfolio {
	week, err := period.Parse("2026-W46")
	if err != nil {
		panic(err)
	}
	o, err := portfolio.Of("Acme", week, "en", made, bots)
	if err != nil {
		panic(err)
	}
	return o
}

// Before makes a portfolio of older reports, which have no verdicts.
func Before(bots ...portfolio.Bot) *portfolio.Portfolio {
	for i, b := range bots {
		if b.Numbers != nil {
			n := *b.Numbers
			n.Verdict, bots[i].Numbers = nil, &n
		}
	}
	return Of(bots...)
}

// Judge gives a bot another verdict, which compares with usual weeks at the level if it is not 0.
func Judge(b portfolio.Bot, status, rule string, level float64) portfolio.Bot {
	b.Numbers.Verdict = &summary.Clause{Status: status, Rule: rule, Level: level}
	return b
}

// Jumped gives a bot the verdict of a day on which it did not understand twice as often.
func Jumped(b portfolio.Bot, day period.Date, level float64) portfolio.Bot {
	b = Judge(b, figures.NeedsLook, figures.VerdictIncident, level)
	b.Numbers.Verdict.Days = []figures.Incident{
		{Date: day, Count: 80, Replies: 447, Rate: 0.179, Baseline: 0.088, Level: level}}
	return b
}

// Dead makes a bot without any chats, which usually has the given number.
func Dead(name string, usually float64) portfolio.Bot {
	b := Judge(Bot(name, 0, 0), figures.NeedsLook, figures.VerdictDead, 0)
	b.Numbers.ChatsBaseline, b.Numbers.ChatsLastWeek = &usually, new(int(usually))
	b.Numbers.FallbackRate, b.Numbers.Rates[figures.TrendPeriods-1] = nil, nil
	b.Numbers.Above, b.Numbers.Replies = nil, nil
	return b
}

// Bot is one that is in, with so many chats, of which at most so many are above its ordinary. From
// 100 on that is beyond chance.
func Bot(name string, chats, above int) portfolio.Bot {
	baseline := 0.08
	rate := min(0.9, baseline+float64(above)/float64(4*max(chats, 1)))
	n := &portfolio.Numbers{Chats: chats, ChatsLastWeek: new(chats * 19 / 20),
		ChatsBaseline: new(float64(chats * 9 / 10)),
		FallbackRate:  &rate, RateBaseline: &baseline, Above: new(max(above, 0)),
		Replies: new(float64(above)),
		Special: []string{}, Missed: []string{}, Unusual: above >= 100}
	if n.Unusual {
		n.Level = 12 // far beyond what many bots need
	}
	switch {
	case n.Unusual:
		n.Verdict = &summary.Clause{Status: figures.NeedsLook, Rule: figures.VerdictRate, Level: 12}
	case chats < portfolio.TooFew:
		n.Verdict = &summary.Clause{Status: figures.TooFew, Rule: figures.VerdictMessages}
	default:
		n.Verdict = &summary.Clause{Status: figures.UsualWeek, Rule: figures.VerdictUsual}
	}
	for i := range figures.TrendPeriods {
		n.Rates = append(n.Rates, new(baseline+float64(i*5%7)/1000))
	}
	n.Rates[figures.TrendPeriods-1] = &rate
	return portfolio.Bot{ID: name, Name: name, State: portfolio.In, Numbers: n,
		Link: "https://app.kindly.ai/bot/4217"}
}

// Mixed has a bot of each kind.
func Mixed() *portfolio.Portfolio {
	special, young, gone := Bot("Kampanjebot", 4211, 0), Bot("Ny i år", 640, 0),
		Bot("Uten fallbacks", 512, 0)
	for _, n := range []*portfolio.Numbers{special.Numbers, young.Numbers, gone.Numbers} {
		n.Above, n.Replies, n.RateBaseline = nil, nil, nil
	}
	Judge(special, figures.TooFew, figures.VerdictSpecial, 0)
	Judge(young, figures.TooFew, figures.VerdictWeeks, 0)
	Judge(gone, figures.Incomplete, figures.VerdictCore, 0)
	gone.Numbers.Verdict.Gaps = []summary.ClauseGap{{Section: figures.SectionFallbacks}}
	special.Numbers.Special, special.Numbers.ChatsBaseline = []string{"Black Friday"}, nil
	young.Numbers.ChatsBaseline = nil
	for i := range 9 {
		young.Numbers.Rates[i] = nil
	}
	gone.Numbers.Unavailable, gone.Numbers.FallbackRate, gone.Numbers.Rates = true, nil,
		make([]*float64, figures.TrendPeriods)
	shop := portfolio.Bot{ID: "nettbutikk", Name: "Nettbutikk chatbot", State: portfolio.In,
		Link:    "https://acme.slack.com/archives/C024BE91L/p1763280131000100",
		Numbers: portfolio.Read(figurestest.Busy())}
	handful := Bot("Bakeri Ærlig", 43, 0)
	silent := Dead("Stille bot", 310)
	down := Bot("Bibliotek", 900, -31)
	better := Judge(Bot("Kino", 1400, -90), figures.GoodWeek, figures.VerdictRate, 5)
	chance := Jumped(Bot("Museet", 410, 12), Tuesday, 3.1)
	missed := Bot("Kommune-Kari – Fjellvik kommune", 2140, 121)
	missed.Numbers.Targets, missed.Numbers.Missed = 3,
		[]string{figures.TargetFallbackRate, figures.TargetRequestsWhileClosed}
	missed.Numbers.MissedClearly = missed.Numbers.Missed[:1]
	Jumped(missed, Tuesday, 9)
	return Of(
		handful, shop, missed, special, young, silent, gone, down, better, chance,
		portfolio.Bot{ID: "4401", Name: "Skatt", State: portfolio.Failed,
			Reason: portfolio.NoAccess},
		portfolio.Bot{ID: "4402", Name: "Parkering", State: portfolio.Failed,
			Reason: portfolio.Statistics},
		portfolio.Bot{ID: "4403", Name: "Renovasjon", State: portfolio.Failed,
			Reason: portfolio.Unmade},
		portfolio.Bot{ID: "4404", Name: "Svømmehall", State: portfolio.NotIn},
		portfolio.Bot{ID: "4405", Name: "Julebot", State: portfolio.Paused},
		portfolio.Bot{ID: "4407", Name: "Barnehage", State: portfolio.New},
		portfolio.Bot{ID: "4406", Name: "Internt forsøk", State: portfolio.Unsent},
	)
}

// Tuesday is a day of the week.
var Tuesday = period.NewDate(2026, time.November, 10)

// Ten has ten bots, as a municipality may have, among them one for each kind of verdict that needs
// a look.
func Ten() *portfolio.Portfolio {
	fell := Judge(Bot("Parkering", 410, 0), figures.NeedsLook, figures.VerdictFell, 0)
	fell.Numbers.ChatsBaseline = new(1290.0)
	rated := Judge(Bot("Barnehage", 770, 4), figures.NeedsLook, figures.VerdictFeedback, 7)
	return Of(Bot("Bibliotek", 900, -31), Jumped(Bot("Skatt", 3120, 140), Tuesday, 8),
		Bot("Renovasjon", 1480, 12), fell, Bot("Kino", 640, 3), rated, Bot("Svømmehall", 512, -8),
		Dead("Byggesak", 350), Bot("Helse", 2210, 20),
		Judge(Bot("Næring", 820, 110), figures.NeedsLook, figures.VerdictRising, 6))
}

// Calm has nothing to tell.
func Calm() *portfolio.Portfolio {
	return Of(Bot("Nettbutikk", 8031, 12), Bot("Bibliotek", 900, -31))
}

// Nothing has no report at all.
func Nothing() *portfolio.Portfolio {
	return Of(portfolio.Bot{ID: "1", Name: "Skatt", State: portfolio.NotIn},
		portfolio.Bot{ID: "2", Name: "Julebot", State: portfolio.Paused})
}

// Many has more bots of each kind than a message has room for.
func Many() *portfolio.Portfolio {
	var bots []portfolio.Bot
	for i := range 140 {
		bots = append(bots, Bot(fmt.Sprintf("Kundeservice avdeling %03d", i), 4000-7*i, 420-3*i))
	}
	for i := range 60 {
		bots = append(bots, Bot(fmt.Sprintf("Liten bot %03d", i), 1+i, 0),
			portfolio.Bot{ID: fmt.Sprint("f", i), Name: fmt.Sprintf("Skranke for byggesak %02d", i),
				State: portfolio.Failed, Reason: []portfolio.Reason{portfolio.NoAccess,
					portfolio.Statistics}[i%2]},
			portfolio.Bot{ID: fmt.Sprint("n", i), Name: fmt.Sprintf("Sen bot %02d", i),
				State: portfolio.NotIn},
			portfolio.Bot{ID: fmt.Sprint("p", i), Name: fmt.Sprintf("Sommerbot %02d", i),
				State: portfolio.Paused})
	}
	return Of(bots...)
}

// AllFailed has 210 bots, none of which is in.
func AllFailed() *portfolio.Portfolio {
	var bots []portfolio.Bot
	for i := range 210 {
		bots = append(bots, portfolio.Bot{ID: fmt.Sprint(i),
			Name: fmt.Sprintf("Bot %03d i en kommune med langt navn", i), State: portfolio.Failed,
			Reason: portfolio.Statistics})
	}
	return Of(bots...)
}

// Hostile has 250 bots that are called by people who wish us ill, and numbers as large as integers
// go.
func Hostile() *portfolio.Portfolio {
	var bots []portfolio.Bot
	names := figurestest.Names()
	for i := range names {
		// as a configuration and Sage's JSON have them
		names[i] = strings.ToValidUTF8(names[i], "?")
	}
	for i := range 250 {
		b := Bot(names[i%len(names)], 100+i, i-20)
		b.ID, b.Link = fmt.Sprint("h", i), "https://app.kindly.ai/bot/"+fmt.Sprint(i)+"?\"><script>"
		switch i % 5 {
		case 1:
			b.State, b.Reason, b.Numbers = portfolio.Failed, portfolio.Reason("<b>new</b>"), nil
		case 2:
			b.Numbers.Chats, b.Numbers.Above, b.Numbers.ChatsBaseline = math.MaxInt64/1000,
				new(math.MaxInt32), new(math.MaxFloat64)
			b.Numbers.Special, b.Numbers.Targets, b.Numbers.Missed = names, 4,
				[]string{"<new>", figures.TargetFeedback}
			b.Link = "javascript:alert(1)"
		case 3:
			b.Numbers.Above, b.Numbers.Special = nil, names
		case 4:
			b.Numbers.Chats = i % 100
		}
		bots = append(bots, b)
	}
	o := Of(bots...)
	o.Name = names[0] + names[11]
	return o
}
