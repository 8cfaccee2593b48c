package summary

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// What a report says first of a week, for each row of the table of verdicts in package figures.
func TestVerdict_Sentences(t *testing.T) {
	rows := []struct {
		rule                     string // the name of a week of figurestest.Verdicts
		subject, status, verdict string
		facts                    []string
	}{
		{"dead", "Nettbutikk needs a look: no chats the whole week",
			"Needs a look", "No chats the whole week, usually 7,479.",
			[]string{"Kindly’s statistics worked, so the zero is real."}},
		{"incident",
			"Nettbutikk needs a look: did not understand twice as often as usual on Wednesday",
			"Needs a look",
			"Did not understand twice as often as usual on Wednesday: 20.5%, usually 10.0%.",
			[]string{"The whole week came to 11.9%, over the limit of 10.3%. " +
				"Without Wednesday it is 10.0%, within the limit.", "The other target is met."}},
		{"rising", "Nettbutikk needs a look: did not understand more and more often",
			"Needs a look",
			"Did not understand more and more often: from 10.1% to 12.0% over 5 weeks.",
			[]string{"That is still within the limit of 13.0%.", "The other target is met."}},
		{"rate", "Nettbutikk needs a look: did not understand more often than usual",
			"Needs a look", "Did not understand more often than usual: 13.6%, usually 10.1%.",
			[]string{"That is over the limit of 12.0%. It is the highest in 12 weeks.",
				"The other target is met."}},
		{"missed", "Nettbutikk needs a look: did not understand 10.1%, over the limit of 9.0%",
			"Needs a look", "Did not understand 10.1%, over the limit of 9.0%, " +
				"as in every week since 24 August 2026.",
			[]string{"Usually it is 10.1%.", "The other target is met."}},
		{"feedback", "Nettbutikk needs a look: worse feedback than usual",
			"Needs a look", "Worse feedback than usual: 47% thumbs up, usually 71%.",
			[]string{"That still meets the target of 45%.", "The other target is met."}},
		{"fell", "Nettbutikk needs a look: far fewer chats than usual",
			"Needs a look", "Far fewer chats than usual: 3,015, usually 7,479.",
			[]string{"That is the fewest in 12 weeks.", "Both targets met."}},

		{"core",
			"Nettbutikk, incomplete report: numbers are missing for user messages on Wednesday",
			"Incomplete", "Numbers are missing for user messages on Wednesday.", nil},
		{"section", "Nettbutikk, incomplete report: numbers are missing for feedback",
			"Incomplete", "Numbers are missing for feedback.", nil},

		{"messages", "Nettbutikk: too few to judge, 25 chats",
			"Too few to judge",
			"75 user messages; at least 100 are needed to judge a week.", nil},
		{"special", "Nettbutikk: a special week, 7,535 chats",
			"Special week", "This week had Black Friday (Fri), so it is not compared with others.",
			[]string{"Both targets met."}},
		{"weeks", "Nettbutikk: too few weeks to judge, 7,535 chats",
			"Too few weeks to judge", "Compared only with the week before; " +
				"there are fewer than 4 comparable weeks.",
			[]string{"The bot’s history begins on 26 October 2026.", "Both targets met."}},

		{"good rate", "Nettbutikk had a good week: did not understand less often than usual",
			"Good week", "Did not understand less often than usual: 7.1%, usually 10.1%.",
			[]string{"It is the lowest in 12 weeks.", "Both targets met."}},
		{"good feedback", "Nettbutikk had a good week: better feedback than usual",
			"Good week", "Better feedback than usual: 87% thumbs up, usually 71%.",
			[]string{"Both targets met."}},
		{"good met", "Nettbutikk had a good week: " +
			"116 handover requests outside opening hours, within the limit of 160 again",
			"Good week", "116 handover requests outside opening hours, within the limit of 160 again.",
			[]string{"The target had been missed for 3 weeks.", "The other 2 targets are met."}},

		{"usual", "Nettbutikk: a usual week, 7,535 chats",
			"Usual week", "Nothing unusual.", []string{"Both targets met."}},
	}
	weeks := make(map[string]*figures.Report)
	for _, w := range figurestest.Verdicts() {
		weeks[w.Name] = w.Report
	}
	for _, row := range rows {
		if weeks[row.rule] == nil {
			t.Errorf("figurestest has no week of the rule %s", row.rule)
			continue
		}
		s, err := Of(weeks[row.rule])
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ what, got, want string }{
			{"subject", s.Subject, row.subject}, {"status", s.Status.Label, row.status},
			{"verdict", s.Verdict, row.verdict},
			{"facts", strings.Join(s.Facts, "\n"), strings.Join(row.facts, "\n")},
		} {
			if plain(c.got) != c.want {
				t.Errorf("%s: the %s is\n%s\nwant\n%s", row.rule, c.what, c.got, c.want)
			}
		}
	}
}

// The verdict of an incomplete week names everything that is missing of the week. The subject names
// only what makes it incomplete.
func TestVerdict_Gaps(t *testing.T) {
	weeks := make(map[string]*figures.Report)
	for _, w := range figurestest.Verdicts() {
		weeks[w.Name] = w.Report
	}
	wednesday := []period.Date{weeks["core"].Period.From.Add(2)}
	for _, c := range []struct {
		what, week       string
		unavailable      []figures.Unavailable
		subject, verdict string
	}{
		{"the core alone", "core",
			[]figures.Unavailable{{Section: figures.SectionMessages, Days: wednesday}},
			"user messages on Wednesday", "user messages on Wednesday"},
		{"a list too", "core",
			[]figures.Unavailable{{Section: figures.SectionLabels}, {Section: figures.SectionChats}},
			"chats", "chats and labels"},
		{"days of something outside the core", "core", []figures.Unavailable{{Section: figures.SectionChats},
			{Section: figures.SectionHandoversDays, Days: wednesday}},
			"chats", "chats and handovers on Wednesday"},
		{"what other weeks need", "core", []figures.Unavailable{{Section: figures.SectionChats},
			{Section: figures.SectionPagesPrevious}, {Section: figures.SectionFeedbackBefore},
			{Section: figures.SectionYearAgo}}, "chats", "chats"},
		{"a finer division of what is known", "core",
			[]figures.Unavailable{{Section: figures.SectionChats},
				{Section: figures.SectionHandoversHourly}}, "chats", "chats"},
		{"a section of a later version", "core",
			[]figures.Unavailable{{Section: figures.SectionChats}, {Section: "moods"}},
			"chats", "chats"},
		{"more than three", "core", []figures.Unavailable{{Section: figures.SectionChats},
			{Section: figures.SectionHours}, {Section: figures.SectionFeedback},
			{Section: figures.SectionPages}, {Section: figures.SectionLabels}},
			"chats", "chats, chats by hour, feedback and 2 more"},
		{"the section of a target, and a list", "section",
			[]figures.Unavailable{{Section: figures.SectionPages}, {Section: figures.SectionFeedback}},
			"feedback", "feedback and pages"},
		{"days of the section of a target", "section",
			[]figures.Unavailable{{Section: figures.SectionHandoversDays, Days: wednesday}},
			"handovers", "handovers on Wednesday"},
	} {
		r := *weeks[c.week]
		r.Unavailable = c.unavailable
		if c.subject == "handovers" {
			r.Handovers.Requests = nil
			r.Targets = []figures.Target{{Name: figures.TargetRequestsWhileClosed,
				State: figures.Unknown, Limit: 60}}
		}
		s, err := Of(&r)
		if err != nil {
			t.Fatal(err)
		}
		const missing = "umbers are missing for "
		if want := "n" + missing + c.subject; !strings.HasSuffix(s.Subject, want) {
			t.Errorf("%s: the subject is %q, want %q at its end", c.what, s.Subject, want)
		}
		if want := "N" + missing + c.verdict + "."; s.Verdict != want {
			t.Errorf("%s: the verdict is %q, want %q", c.what, s.Verdict, want)
		}
	}
}

// The verdict says since when a target is missed if it was missed for eight weeks or more, and
// otherwise for how long.
func TestVerdict_MissedEveryWeek(t *testing.T) {
	var week *figures.Report
	for _, w := range figurestest.Verdicts() {
		if w.Name == "missed" {
			week = w.Report
		}
	}
	const over = "Did not understand 10.1%, over the limit of 9.0%"
	for weeks, want := range map[int]string{
		1:  over + ". Usually it is 10.1%.",
		2:  over + ". Usually it is 10.1%. The target has been missed for 2 weeks in a row.",
		7:  over + ". Usually it is 10.1%. The target has been missed for 7 weeks in a row.",
		8:  over + ", as in every week since 21 September 2026. Usually it is 10.1%.",
		12: over + ", as in every week since 24 August 2026. Usually it is 10.1%.",
	} {
		r := *week
		r.Targets = slices.Clone(r.Targets)
		for i := range r.Targets {
			if missed(r.Targets[i]) {
				r.Targets[i].Periods = weeks
			}
		}
		s, err := Of(&r)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Verdict + " " + s.Facts[0]; got != want {
			t.Errorf("missed for %d weeks:\n%s\nwant\n%s", weeks, got, want)
		}
	}
}

// plain returns a text with plain spaces.
func plain(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

// The goldens have what a report says first for each verdict, one file per language, for people who
// speak it to read.
func TestVerdict_Golden(t *testing.T) {
	for _, locale := range wording.Locales() {
		var b strings.Builder
		for _, week := range figurestest.Verdicts() {
			r := week.Report
			if got := r.Verdict; got.Status != week.Status || got.Rule != week.Rule {
				t.Fatalf("%s: the verdict is %s by rule %s", week.Name, got.Status, got.Rule)
			}
			r.Locale = locale
			s, err := Of(r)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s\n\t%s\n\t%s\n\t%s. %s\n", week.Name, s.Subject, s.Preview,
				s.Status.Label, strings.Join(append([]string{s.Verdict}, s.Facts...), " "))
			for _, text := range slices.Concat(s.Where, texts(s.LookAt), s.Notices) {
				fmt.Fprintf(&b, "\t%s\n", text)
			}
			fmt.Fprintf(&b, "\t%s\n", s.Chart(s.Lead).Title)
		}
		name := filepath.Join("testdata", "verdicts."+locale+".txt")
		if *update {
			if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != string(want) {
			t.Errorf("%s has changed: run the test with -update, and read the difference", name)
		}
	}
}

func texts(links []Link) (all []string) {
	for _, link := range links {
		all = append(all, link.Text)
	}
	return all
}

// Each sentence of the opening begins with a capital letter or a number, and no text says anything
// twice.
func TestVerdict_Sentence(t *testing.T) {
	for _, locale := range wording.Locales() {
		for _, week := range figurestest.Verdicts() {
			r := week.Report
			r.Locale = locale
			s, err := Of(r)
			if err != nil {
				t.Fatal(err)
			}
			all := slices.Concat([]string{s.Verdict}, s.Facts, s.Where, s.Notices, s.Insights)
			for i, text := range all {
				if first := []rune(strings.TrimLeft(text, "“”«»„"))[0]; strings.ToUpper(
					string(first)) != string(first) {
					t.Errorf("%s, %s: %q begins small", locale, week.Name, text)
				}
				if slices.Contains(all[:i], text) {
					t.Errorf("%s, %s: %q is said twice", locale, week.Name, text)
				}
			}
			if strings.HasPrefix(s.Preview, s.Subject) || strings.Contains(s.Preview, s.is()) {
				t.Errorf("%s, %s: the preview %q repeats the subject %q", locale, week.Name,
					s.Preview, s.Subject)
			}
		}
	}
}

// is is what the subject says of the bot.
func (s *Summary) is() string { return strings.TrimPrefix(s.Subject, s.Bot) }
