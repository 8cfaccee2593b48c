package summary

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// mostPrinted is how often the status, the verdict, the facts, the tiles and what to look at may
// print one percentage.
const mostPrinted = 3

// Every number in what a report says first follows from report.json. The test computes the numbers
// from the file alone, and reads them from the texts in every language.
func TestOpening_NumbersAreTheReports(t *testing.T) {
	first, err := period.Parse("2026-W01")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(13, 1))
	rules := make(map[string]int)
	for _, size := range []float64{8, 60, 250} {
		for range 2 {
			const weeks = figures.TrendPeriods + 8
			s := figurestest.Simulate(rng, size, 1.5, first, weeks)
			for w := figures.TrendPeriods; w < weeks; w++ {
				kept := s.Days[7*w+2]
				if w%2 == 0 {
					s.Days[7*w+2] = s.Double(kept)
				}
				a := s.Answers(w)
				s.Days[7*w+2] = kept
				a.Targets = s.Limits(w, 0.02)
				*a.Targets.HandoverRate = math.Round(1000**a.Targets.HandoverRate) / 1000
				r, err := figures.Compute(a)
				if err != nil {
					t.Fatal(err)
				}
				rules[r.Verdict.Status+" "+r.Verdict.Rule]++
				for _, r.Locale = range wording.Locales() {
					recompute(t, r)
				}
			}
		}
	}
	if len(rules) < 4 {
		t.Errorf("the simulated weeks have these verdicts only: %v", rules)
	}
}

var (
	quoted = regexp.MustCompile(`“[^”]*”|«[^»]*»|”[^”]*”|»[^«]*«|„[^“]*“`)
	scale  = regexp.MustCompile(`1–5`)
	clock  = regexp.MustCompile(`kl\. \d\d(?:[.:]\d\d)?|\d\d:\d\d`)
	number = regexp.MustCompile(`\d(?:[\d.,\x{a0}\x{202f}]*\d)?`)
)

// recompute checks that every number in what a report says first follows from its file.
func recompute(t *testing.T, r *figures.Report) {
	t.Helper()
	data, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	has := numbersOf(doc)
	s, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	texts := append([]string{s.Status.Label, s.Verdict}, s.Facts...)
	for _, look := range s.LookAt {
		texts = append(texts, look.Text)
	}
	for _, tile := range s.Tiles {
		texts = append(texts, tile.Value+" "+tile.Unit, tile.Change, tile.Usual, tile.Target)
		texts = append(texts, tile.Notes...)
	}
	printed := make(map[string]int)
	for _, text := range texts {
		for _, n := range numbersIn(text, r.Locale) {
			if !has[n] {
				t.Errorf("%s, %s: %q prints %s, which report.json does not have", r.ID, r.Locale,
					text, n)
			}
			if strings.Contains(n, ".") {
				printed[n]++
			}
		}
	}
	for n, times := range printed {
		if times > mostPrinted+1 { // two quantities can be equal
			t.Errorf("%s, %s: %s is printed %d times in %q", r.ID, r.Locale, n, times, texts)
		}
	}
}

// numbersIn returns the numbers of a text, with a point and without separators of thousands.
func numbersIn(text, locale string) (all []string) {
	text = clock.ReplaceAllString(scale.ReplaceAllString(quoted.ReplaceAllString(text, ""), ""), "")
	thousands, point := "\u00a0", ","
	switch locale {
	case "en":
		thousands, point = ",", "."
	case "da", "de":
		thousands = "."
	}
	for _, n := range number.FindAllString(text, -1) {
		n = strings.ReplaceAll(strings.ReplaceAll(n, thousands, ""), "\u202f", "")
		all = append(all, strings.ReplaceAll(n, point, "."))
	}
	return all
}

// numbersOf returns how the numbers of a report.json can be printed: counts, percentages of its
// fractions, and what is computed from them.
func numbersOf(doc any) map[string]bool {
	has := make(map[string]bool)
	percent := func(x float64) {
		for digits := range 4 {
			size := math.Pow10(digits)
			has[fmt.Sprintf("%.*f", digits, math.Round(100*x*size)/size)] = true
		}
	}
	var every func(v any)
	every = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, of := range v {
				every(of)
			}
		case []any:
			for _, of := range v {
				every(of)
			}
		case float64:
			has[fmt.Sprintf("%.0f", math.Round(v))] = true
			percent(v)
		}
	}
	at := func(path string) (v any) {
		v = doc
		for _, key := range strings.Split(path, ".") {
			m, _ := v.(map[string]any)
			v = m[key]
		}
		return v
	}
	num := func(path string) float64 {
		if x, ok := at(path).(float64); ok {
			return x
		}
		return math.NaN()
	}
	every(doc)
	for n := range 13 { // targets, days and weeks are counted
		has[fmt.Sprint(n)] = true
	}
	has[fmt.Sprint(figures.MinMessages)] = true

	chats := num("chats.total")
	open, closed := num("handovers.requests"), num("handovers.requests_while_closed")
	before := num("handovers.previous.requests") + num("handovers.previous.requests_while_closed")
	has[fmt.Sprintf("%.0f", open+closed)] = true
	has[fmt.Sprintf("%.0f", before)] = true
	for digits := 1; digits < 4; digits++ {
		size := math.Pow10(digits)
		has[fmt.Sprintf("%.*f", digits,
			math.Floor(100*size*(1-(open+closed)/chats)+1e-6)/size)] = true
	}
	// Changes are computed from the printed numbers.
	change := func(this, usual float64) {
		if usual = math.Round(usual); usual > 0 {
			percent(math.Abs(this-usual) / usual)
		}
	}
	change(chats, num("ordinary.chats.median"))
	change(chats, num("chats.previous"))
	change(open+closed, num("ordinary.requests.median"))
	change(open+closed, before)
	rate := math.Round(1000 * num("fallbacks.rate"))
	for _, usual := range []string{"ordinary.fallback_rate.median", "fallbacks.previous_rate"} {
		has[fmt.Sprintf("%.1f", math.Abs(rate-math.Round(1000*num(usual)))/10)] = true
	}
	// Ratios are computed from the printed rates.
	incidents, _ := at("fallbacks.incidents").([]any)
	for _, i := range incidents {
		i := i.(map[string]any)
		times := math.Round(1000*i["rate"].(float64)) / math.Round(1000*i["ordinary"].(float64))
		has[fmt.Sprintf("%.1f", times)], has[fmt.Sprintf("%.0f", times)] = true, true
	}
	for _, kind := range []struct {
		name string
		top  []float64
	}{{"binary", []float64{2}}, {"emojis", []float64{4, 5}}} {
		for _, span := range []string{"", "previous_", "before_"} {
			ratings, _ := at("feedback." + span + kind.name).([]any)
			positive, total := 0.0, 0.0
			for _, r := range ratings {
				r := r.(map[string]any)
				total += r["count"].(float64)
				if slices.Contains(kind.top, r["rating"].(float64)) {
					positive += r["count"].(float64)
				}
			}
			has[fmt.Sprintf("%.0f", positive)], has[fmt.Sprintf("%.0f", total)] = true, true
			percent(positive / total)
		}
	}
	targets, _ := at("targets").([]any)
	for _, target := range targets {
		target := target.(map[string]any)
		limit := target["limit"].(float64)
		percent(1 - limit)
		for _, of := range []any{target["value"], limit} {
			if x, ok := of.(float64); ok {
				percent(x)
			}
		}
	}
	return has
}
