package digest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/wording"
)

func portfolioOf(t testing.TB, o *portfolio.Portfolio) *portfolio.Page {
	t.Helper()
	p, err := o.Page()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPortfolio_SlacksLimits(t *testing.T) {
	cases := portfoliotest.Cases()
	long := portfoliotest.Many()
	for i := range long.Bots {
		b := &long.Bots[i]
		b.Name, b.Link = strings.Repeat("<&> 你好 ", 40),
			"https://app.kindly.ai/"+strings.Repeat("a", 220)
		if b.Numbers != nil {
			b.Numbers.Targets, b.Numbers.Missed = 2, []string{"fallback_rate", "handover_rate"}
		}
	}
	cases["as long as can be"] = long
	failed := portfoliotest.AllFailed()
	failed.Bots = append(failed.Bots, failed.Bots[:60]...) // more than one text of Slack's can name
	cases["as many as can fail"] = failed
	for _, locale := range append(wording.Locales(), wording.Pseudo) {
		for name, o := range cases {
			o.Locale = locale
			for _, mistake := range decode(t,
				encode(t, digest.Portfolio(portfolioOf(t, o)))).mistakes() {
				t.Errorf("%s, %s: %s", locale, name, mistake)
			}
		}
	}
}

func TestPortfolio_ValidForSlacksSDK(t *testing.T) {
	validate := sdk(t)
	for name, o := range portfoliotest.Cases() {
		if err := validate(encode(t, digest.Portfolio(portfolioOf(t, o)))); err != "" {
			t.Errorf("%s: %s", name, err)
		}
	}
}

// All bots without a report are named. Of 210 long names, each keeps its beginning.
func TestPortfolio_NamesAllFailed(t *testing.T) {
	for name, o := range map[string]*portfolio.Portfolio{"Skranke for byggesak 59": portfoliotest.Many(), "Bot 209": portfoliotest.AllFailed()} {
		m := decode(t, encode(t, digest.Portfolio(portfolioOf(t, o))))
		said := strings.Join(m.texts("text"), "\n")
		for _, b := range o.Grouped(portfolio.GroupFailed) {
			if begins := b.Name[:len(name)]; !strings.Contains(said, begins) {
				t.Fatalf("%s is not named in\n%s", b.Name, said)
			}
		}
	}
}

// The worst five are first with their numbers, further ones with their reason. What is left out is
// counted.
func TestPortfolio_WorstFirst(t *testing.T) {
	o := portfoliotest.Many()
	m := decode(t, encode(t, digest.Portfolio(portfolioOf(t, o))))
	said := m.texts("text")
	shown, numbers := 0, 0
	for _, text := range append(said, m.texts("link")...) {
		if len(text) == len("Kundeservice avdeling 000") &&
			strings.HasPrefix(text, "Kundeservice avdeling") {
			shown++
		}
	}
	for _, text := range said {
		if strings.Contains(text, "\n▅▅▅") {
			numbers++
		}
	}
	if shown < 10 || shown > 15 || numbers != 5 {
		t.Errorf("%d bots stand one by one, %d with their numbers", shown, numbers)
	}
	look := o.Grouped(portfolio.GroupLook)
	if want := fmt.Sprintf("And %d more bots", len(look)-shown); !slices.Contains(said, want) {
		t.Errorf("%q is not said", want)
	}
	if said := m.texts("plain_text"); !slices.Contains(said, "107 of 200 bots need a look") {
		t.Errorf("the header is not the verdict: %q", said)
	}
}

// In an older portfolio, what is left out is said to be no worse than what is shown.
func TestPortfolio_SaysWhatIsLeftOut(t *testing.T) {
	o := portfoliotest.Before(portfoliotest.Many().Bots...)
	m := decode(t, encode(t, digest.Portfolio(portfolioOf(t, o))))
	said := m.texts("text")
	affected := o.Grouped(portfolio.GroupAffected)
	want := fmt.Sprintf("And %d more bots, each with up to %d more chats affected than usual",
		len(affected)-15, *affected[15].Numbers.Above)
	if !slices.Contains(said, want) {
		t.Errorf("%q is not said", want)
	}
}

func TestPortfolio_TextWidth(t *testing.T) {
	for name, o := range portfoliotest.Cases() {
		for _, width := range []int{0, 60, 100} {
			text := digest.PortfolioText(portfolioOf(t, o), width)
			if !utf8.ValidString(text) || !strings.HasSuffix(text, "\n") {
				t.Errorf("%s: not a text", name)
			}
			for line := range strings.Lines(text) {
				if n := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); n > max(width,
					digest.MinWidth) {
					t.Errorf("%s: %d columns of %d: %s", name, n, width, line)
				}
			}
		}
	}
}

// Lines of small bars also have words and numbers, for screen readers.
func TestPortfolio_BarsSaidInWords(t *testing.T) {
	bars := func(r rune) bool { return '▁' <= r && r <= '█' }
	lines := 0
	for name, o := range portfoliotest.Cases() {
		for _, b := range digest.Portfolio(portfolioOf(t, o)).Blocks.BlockSet {
			for _, text := range aloud(b) {
				for line := range strings.SplitSeq(text, "\n") {
					if !strings.ContainsFunc(line, bars) {
						continue
					}
					lines++
					words := strings.Join(strings.FieldsFunc(line, bars), "")
					if !strings.ContainsFunc(words, unicode.IsLetter) ||
						!strings.ContainsFunc(words, unicode.IsDigit) {
						t.Errorf("%s: nothing says what the bars of %q show", name, line)
					}
				}
			}
		}
	}
	if lines < 20 {
		t.Errorf("only %d lines have bars", lines)
	}
}
