package report_test

import (
	"context"
	"net/http"
	"sync"
	"time"

	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
	"kindlyweekly/sage/sagefake"
)

// demoWeeks are weeks of the demo's bots. They are collected, so they have the answers of the
// second round: where the shop's incident lies, and the week by source and by language.
var demoWeeks = []struct {
	name, title, bot string
	ago              int // weeks
}{
	{"shop", "The demo's shop with an incident", "nettbutikk", 0},
	{"shop-before", "The demo's shop the week before", "nettbutikk", 1},
	{"municipality", "The demo's municipality", "kommune", 0},
	{"bakery", "The demo's bakery", "bakeri", 0},
}

var collectedDemo = sync.OnceValue(func() map[string][]byte {
	now := time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)
	tenant, err := config.Parse("demo.yaml", []byte(`
defaults: {tz: Europe/Oslo, holidays: NO, link: "https://app.kindly.ai/bot/{bot}"}
bots:
- {id: nettbutikk, name: Nettbutikk chatbot, targets: {fallback_rate: 9%, feedback: 55%}}
- {id: kommune, name: Fjellvik kommune, targets: {requests_while_closed: 40}}
- {id: bakeri, name: Bakeri Ærlig, tz: America/New_York}
`))
	if err != nil {
		panic(err)
	}
	carrier, cut := sagefake.Wire(sagefake.New(sagefake.Demo(now)...))
	defer cut()
	client := &sage.Client{
		URL: "https://sage.test", APIURL: "https://sage.test",
		HTTP: &http.Client{Transport: carrier},
		Key:  func(_ context.Context, bot string) (string, error) { return "demo-key-" + bot, nil },
	}
	all := make(map[string][]byte)
	for _, w := range demoWeeks {
		for _, bot := range tenant.Bots {
			if bot.ID != w.bot {
				continue
			}
			week := period.LastComplete(now, bot.Location).Add(-w.ago)
			r, err := report.Collect(context.Background(), client, bot, week, now, nil)
			if err != nil {
				panic(err)
			}
			if all[w.name], err = r.Encode(); err != nil {
				panic(err)
			}
		}
	}
	return all
})

// demoWeek returns a report that a test may change.
func demoWeek(name string) *figures.Report {
	r, err := figures.Decode(collectedDemo()[name])
	if err != nil {
		panic(err)
	}
	return r
}

// galleryWeeks are those of the gallery and of the demo.
func galleryWeeks() []figurestest.Exhibit {
	all := figurestest.Gallery()
	for _, w := range demoWeeks {
		all = append(all, figurestest.Exhibit{Name: w.name, Title: w.title, Report: demoWeek(w.name)})
	}
	return all
}
