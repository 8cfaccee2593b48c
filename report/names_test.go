package report_test

import (
	"bytes"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

// A name that cannot be seen is (no name) in every edition alike, and a bot without a name is its
// id: each edition is, byte for byte, that of a report in which these words are the names.
func TestEditions_InvisibleNames(t *testing.T) {
	invisible := []string{"", " ", "\ufe0f", "\u2800", "\u3164", "\u034f", "\u115f", "\u1160",
		"\u17b4", "\uffa0", "\U000e0061",
		"\u200d", "\u00ad", "\u200b\ufeff", "\u2066\u2069", "\u0301", "\u00a0", "\x07", "\ue000"}
	named := func(of func(i int) string) *figures.Report {
		r := figurestest.Busy()
		for i := range r.Labels {
			r.Labels[i].Text = of(i)
		}
		for i := range r.Buttons {
			r.Buttons[i].Text, r.Buttons[i].Dialogue = of(i), of(i+1)
		}
		for i := range r.Pages {
			r.Pages[i].Host, r.Pages[i].Path = of(i), ""
		}
		for _, movers := range [][]figures.Mover{r.Movers.Labels, r.Movers.Buttons,
			r.Movers.Pages} {
			for i := range movers {
				movers[i].Name = of(i + 2)
			}
		}
		for i := range 3 {
			r.Special = append(r.Special, figures.Special{First: r.Period.From.Add(i),
				Last: r.Period.From.Add(i), Kind: figures.Note, Name: of(5 + i)})
		}
		return r
	}
	for _, locale := range []string{"en", "nb"} {
		of := func(bot string, name func(int) string) []report.File {
			r := named(name)
			r.Locale, r.Bot.Name = locale, bot
			files, err := report.Render(r)
			if err != nil {
				t.Fatal(err)
			}
			return files
		}
		word := map[string]string{"en": "(no name)", "nb": "(uten navn)"}[locale]
		id := figurestest.Busy().Bot.ID
		want := of(id, func(int) string { return word })
		for _, bot := range []string{id, "\u3164"} {
			for i, f := range of(bot, func(i int) string { return invisible[i%len(invisible)] }) {
				switch {
				case f.Name == report.JSON: // the names as they are
				case f.Name == report.Mail && bot != id: // its Message-ID is of them too
				case !bytes.Equal(shown(t, f), shown(t, want[i])):
					t.Errorf("%s, %s of the bot %q differs from one in which every name is %s",
						locale, f.Name, bot, word)
				}
			}
		}
	}
}

// shown returns what an edition shows, without the data that keeps names as they are. The PDF
// embeds report.json, and the mail attaches the PDF.
func shown(t *testing.T, f report.File) []byte {
	switch f.Name {
	case report.PDF:
		document, err := inspect.Read(f.Data)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(document.String())
	case report.Mail:
		before, _, attached := bytes.Cut(f.Data, []byte("application/pdf"))
		if !attached {
			t.Error("the mail has no PDF")
		}
		return before
	}
	return f.Data
}

// In the portfolio too.
func TestPortfolio_InvisibleNames(t *testing.T) {
	named := func(name func(id string) string, all, special string) *portfolio.Portfolio {
		o := portfoliotest.Mixed()
		o.Name, o.WithoutData = all, true // embedded data keeps the names
		for i := range o.Bots {
			b := &o.Bots[i]
			// in the order of the names, which sort bots that are alike
			b.ID = string(rune('a'+i/26)) + string(rune('a'+i%26))
			if b.Name = name(b.ID); b.Numbers != nil {
				for j := range b.Numbers.Special {
					b.Numbers.Special[j] = special
				}
			}
		}
		return o
	}
	want, err := report.RenderPortfolio(named(func(id string) string { return id }, "(no name)",
		"(no name)"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := report.RenderPortfolio(named(func(string) string { return "\u3164" }, "\u2800",
		"\ufe0f"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range got {
		switch {
		case f.Name == report.PortfolioJSON: // the names as they are
		case f.Name == report.Mail: // its Message-ID is of them too
		case !bytes.Equal(f.Data, want[i].Data):
			t.Errorf("%s differs:\n%s\nwant\n%s", f.Name, f.Data, want[i].Data)
		}
	}
}
