package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"kindlyweekly/report"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

// measuredPortfolios are the portfolios that are measured. Screens of the mail are limited for up
// to ten bots; 200 bots are a list.
var measuredPortfolios = []struct {
	name    string
	make    func() *portfolio.Portfolio
	screens float64 // of a phone, the mail; 0: no limit
}{
	{"two bots, as usual", portfoliotest.Calm, 0.75},
	{"three bots, one needs a look", three, 1.2},
	{"ten bots, five need a look", portfoliotest.Ten, 1.8},
	{"ten bots in German", germanTen, 1.9},
	{"200 bots, 107 need a look", twoHundred, 0},
}

func three() *portfolio.Portfolio {
	return portfoliotest.Of(
		portfoliotest.Jumped(portfoliotest.Bot("Nettbutikk", 8031, 384), portfoliotest.Tuesday, 12),
		portfoliotest.Bot("Kommune-Kari – Fjellvik kommune", 832, -20),
		portfoliotest.Bot("Bakeri Ærlig", 26, 0))
}

func germanTen() *portfolio.Portfolio {
	o := portfoliotest.Ten()
	o.Locale = "de"
	return o
}

// twoHundred is a tenant with 200 bots, which all have a report.
func twoHundred() *portfolio.Portfolio {
	var bots []portfolio.Bot
	for _, b := range portfoliotest.Many().Bots {
		if b.State == portfolio.In {
			bots = append(bots, b)
		}
	}
	return portfoliotest.Of(bots...)
}

// The worst five bots of a portfolio are on the first screen of a phone, and up to ten bots fit on
// three screens of mail. With -v, a table shows the measured values.
func TestPortfolio_Budgets(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it runs a browser")
	}
	const worst = 5
	var frames []frame
	for _, m := range measuredPortfolios {
		o := m.make()
		for i := range o.Bots {
			o.Bots[i].Link = "https://kindly.example/" + fmt.Sprint(i) // to find it again
		}
		p, err := o.Page()
		if err != nil {
			t.Fatal(err)
		}
		files, err := report.RenderPortfolio(o)
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, frame{mail.PortfolioHTML(p), phoneWidth},
			frame{slackPage(t, edition(t, files, report.Digest)), phoneWidth})
	}
	measured := layouts(t, t.TempDir(), frames)
	if measured == nil {
		t.Skip("no browser")
	}
	var b bytes.Buffer
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join([]string{"portfolio", "mail screens", "mail words",
		"worst five end at px", "Slack screens", "worst five end at px"}, "\t"))
	for i, m := range measuredPortfolios {
		inMail, inSlack := measured[2*i], measured[2*i+1]
		look := len(m.make().Grouped(portfolio.GroupLook))
		last := func(l layout, below int) int {
			if n := min(look, worst); n > 0 && len(l.Links) >= n {
				return l.Links[n-1].Bottom + below
			}
			return 0
		}
		// The last link is the name, and below it are the reason and the numbers.
		mailEnds, slackEnds := last(inMail, 3*21), last(inSlack, 4*22)
		screens := round(float64(inMail.Height)/phoneHeight, 2)
		fmt.Fprintf(table, "%s\t%v\t%d\t%d\t%v\t%d\n", m.name, screens, words(inMail.Text), mailEnds,
			round(float64(inSlack.Height)/phoneHeight, 2), slackEnds)
		if m.screens > 0 && screens > m.screens {
			t.Errorf("%s: %v screens of mail, want at most %v", m.name, screens, m.screens)
		}
		if mailEnds > phoneHeight || slackEnds > phoneHeight {
			t.Errorf("%s: the worst bots end at %d px of the mail and %d px of Slack, a screen has %d",
				m.name, mailEnds, slackEnds, phoneHeight)
		}
	}
	table.Flush()
	t.Log("\n" + strings.TrimRight(b.String(), "\n"))
}
