package wording

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens of this test")

// standAlone are texts with a number that no word agrees with: it is in parentheses, or "of"
// another number, or "up from 62".
var standAlone = map[Key][]int{
	AltPeak: {2}, AltPeakTied: {1}, RatingsOf: {1, 2}, Ratings: {1}, RatingsCount: {1},
	SubtitleHandovers: {1, 2}, TopOf: {1, 2}, TopOfFull: {1, 2}, TargetHandoversOf: {1},
	HeadlineMissed: {1}, ReasonContradicted: {2},
	InsightDay: {2}, InsightDays: {2, 4},
	InsightDayMore: {2}, InsightDayFewer: {2}, InsightDayBoth: {2, 5},
	InsightIncident: {3, 4}, InsightClosedLast: {2},
	InsightClosedHours: {1}, InsightClosedDay: {2}, InsightClosedWhen: {1, 5},
	InsightThumbsFell: {2, 3, 5, 6}, InsightThumbsRose: {2, 3, 5, 6},
	InsightStepsFell: {2, 3, 5, 6}, InsightStepsRose: {2, 3, 5, 6},
	InsightLabelRisen: {3}, InsightLabelFallen: {3},
	InsightButtonRisen: {3}, InsightButtonFallen: {3}, InsightButtonGone: {3},
	InsightPageRisen: {3}, InsightPageFallen: {3}, InsightPageGone: {3},
	VerdictDeadUsually: {1}, VerdictFewMessages: {2}, VerdictMissedSome: {1},
	FactTargetsSome: {1}, TileClosed: {1},
	ChartAboveLimitTitle: {2}, ChartAboveTitle: {1}, ChartBelowTitle: {1},
	PortfolioPairs: {2}, PortfolioVolume: {2}, PortfolioTargets: {1}, PortfolioWhole: {2}, PortfolioSize: {2},
	PortfolioLook: {1}, PortfolioSome: {1}, PortfolioIncomplete: {1},
}

// Every number of a text has a form for each plural, in every language, or a single form that says
// that the noun does not inflect.
func TestLanguages_EveryNumberHasForms(t *testing.T) {
	for _, l := range all() {
		for key, msg := range l.texts {
			args, err := arguments(inEnglish(key))
			if err != nil {
				t.Fatal(err)
			}
			for n, verb := range args {
				selects := slices.Contains(selecting(msg), n)
				if alone := slices.Contains(standAlone[key], n); verb == "d" && !selects && !alone {
					t.Errorf("%s %q: nothing agrees with number %d: %s", l.locale, key, n, msg)
				}
			}
		}
	}
	for key, numbers := range standAlone {
		args, _ := arguments(inEnglish(key))
		for _, n := range numbers {
			if args[n] != "d" {
				t.Errorf("%q has no number %d", key, n)
			}
			if !slices.ContainsFunc(languages, func(l *language) bool {
				return !slices.Contains(selecting(l.texts[key]), n)
			}) {
				t.Errorf("%q is listed, but words agree with number %d", key, n)
			}
		}
	}
}

// The goldens have every text with a number, in every language, with each of its numbers as 0, 1,
// 2, 5 and 21, and the others as 5. They are for people to read.
func TestLanguages_NumbersGolden(t *testing.T) {
	for _, l := range languages {
		w := l.wording()
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(english.texts)) {
			args, err := arguments(inEnglish(key))
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range selecting(english.texts[key]) {
				if args[n] == "" { // it is not printed, and selects only
					args[n] = "d"
				}
			}
			for _, varied := range slices.Sorted(maps.Keys(args)) {
				if args[varied] != "d" {
					continue
				}
				fmt.Fprintf(&b, "%s, number %d\n", key, varied)
				for _, number := range []int{0, 1, 2, 5, 21} {
					fmt.Fprintf(&b, "\t%s\n", w.Say(key, sample(args, varied, number)...))
				}
			}
		}
		if strings.Contains(b.String(), "%!") {
			t.Errorf("%s: arguments and verbs do not fit", l.locale)
		}
		name := filepath.Join("testdata", l.locale+".txt")
		if *update {
			if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil || string(want) != b.String() {
			t.Errorf("%s has changed (%v): run the test with -update, and read the difference",
				name, err)
		}
	}
}

// sample returns arguments of a message. The one that is varied is number, and texts are letters.
func sample(args map[int]string, varied, number int) []any {
	all := make([]any, slices.Max(slices.Collect(maps.Keys(args))))
	for i := range all {
		switch verb := args[i+1]; {
		case i+1 == varied:
			all[i] = number
		case verb == "d":
			all[i] = 5
		default:
			all[i] = string(rune('A' + i))
		}
	}
	return all
}

// The label of a figure fits above it on a phone.
func TestLanguages_TileLabelsFit(t *testing.T) {
	const most = 26
	for _, l := range languages {
		for _, key := range []Key{LabelChats, LabelFallbacks, LabelHuman, LabelFeedback} {
			if n := len([]rune(l.texts[key])); n > most {
				t.Errorf("%s %q has %d characters, at most %d: %s", l.locale, key, n, most,
					l.texts[key])
			}
		}
	}
}
