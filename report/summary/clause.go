package summary

import (
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// Clause has what the short form of a verdict needs, for use without the report. Package portfolio
// freezes it, so that its words can be made later and in another language.
type Clause struct {
	Status string `json:"status"` // as figures has it
	Rule   string `json:"rule"`
	// Level is how many standard deviations the value of the rule is away from usual. 0: the rule
	// does not compare with what is usual.
	Level float64 `json:"level,omitempty"`
	// Days are those of the incident.
	Days []figures.Incident `json:"days,omitempty"`
	// Targets are those that were missed, or the one that is met again. Of is the number of all
	// targets.
	Targets []ClauseTarget `json:"targets,omitempty"`
	Of      int            `json:"of,omitempty"`
	// Gaps are what is missing in an incomplete week.
	Gaps []ClauseGap `json:"gaps,omitempty"`
}

// ClauseTarget has what the words of a target need. The fields are those of figures.Target.
type ClauseTarget struct {
	Name      string   `json:"name"`
	Steps     int      `json:"steps,omitempty"`
	Limit     float64  `json:"limit"`
	AtLeast   bool     `json:"at_least,omitempty"`
	Value     *float64 `json:"value"`
	StandsOut bool     `json:"stands_out,omitempty"`
}

// ClauseGap is a section that is missing, or days of it.
type ClauseGap struct {
	Section string        `json:"section"`
	Days    []period.Date `json:"days,omitempty"`
}

// ClauseOf returns the clause of a report's verdict. It returns nil for a report without a verdict,
// and for a verdict of a later version of the program.
func ClauseOf(r *figures.Report) *Clause {
	v := r.Verdict
	if v == nil {
		return nil
	}
	c := &Clause{Status: v.Status, Rule: v.Rule}
	if !c.Known() {
		return nil
	}
	w := &writer{r: r}
	switch v.Rule {
	case figures.VerdictIncident:
		c.Days = r.Fallbacks.Incidents
		for _, d := range c.Days {
			c.Level = max(c.Level, d.Level)
		}
	case figures.VerdictRising:
		c.Level = r.Fallbacks.Rising.Level
	case figures.VerdictRate:
		e, _ := r.Excess()
		c.Level = max(e.Level, -e.Level)
	case figures.VerdictFeedback:
		if s := w.shifted(v.Status == figures.GoodWeek); s != nil {
			c.Level = s.Level
		}
	case figures.VerdictMissed:
		c.addTargets(w.targets(missed), r)
	case figures.VerdictMet:
		c.addTargets([]figures.Target{w.metAgainTarget()}, r)
	case figures.VerdictCore:
		for _, u := range r.Unavailable {
			if core(u) {
				c.Gaps = append(c.Gaps, ClauseGap{u.Section, u.Days})
			}
		}
	case figures.VerdictSection:
		for _, t := range r.Targets {
			g := ClauseGap{Section: kindOf(t).section}
			if r.LacksTarget(t) && !slices.ContainsFunc(c.Gaps,
				func(o ClauseGap) bool { return o.Section == g.Section }) {
				c.Gaps = append(c.Gaps, g)
			}
		}
	}
	return c
}

// core reports whether a gap is one of the numbers that decide whether something went wrong.
func core(u figures.Unavailable) bool {
	switch u.Section {
	case figures.SectionChats, figures.SectionMessages, figures.SectionFallbacks,
		figures.SectionFallbacksDaily, figures.SectionFallbacksDays:
		return true
	}
	return false
}

func (c *Clause) addTargets(all []figures.Target, r *figures.Report) {
	c.Of = len(r.Targets)
	for _, t := range all {
		c.Targets = append(c.Targets,
			ClauseTarget{t.Name, t.Steps, t.Limit, t.AtLeast, t.Value, t.StandsOut})
	}
}

// Known reports whether this version of the program has words for the status.
func (c Clause) Known() bool { return statuses[c.Status].label != "" }

// AboutRate reports whether the verdict is that the bot did not understand more often or less often
// than usual.
func (c Clause) AboutRate() bool {
	switch c.Rule {
	case figures.VerdictIncident, figures.VerdictRising, figures.VerdictRate:
		return true
	}
	return false
}

// words returns the words of the status. Some rules have their own.
func (c Clause) words() statusWords {
	if words, ok := ruleWords[c.Rule]; ok {
		return words
	}
	return statuses[c.Status]
}

// Label returns the words of the status, such as "Needs a look", and its tone.
func (c Clause) Label(words *wording.Wording) Status {
	s := c.words()
	return Status{c.Status, words.Say(s.label), s.tone}
}

// Subject returns the status of a bot and a clause, as the subject of its report has them:
// "Nettbutikk needs a look: no chats the whole week".
func (c Clause) Subject(words *wording.Wording, bot, clause string) string {
	return words.Say(c.words().subject, bot, clause)
}

// Say returns the verdict as a clause, as the subject of the report has it: "did not understand
// twice as often as usual on Wednesday". It returns "" if the subject says how many chats there
// were.
func (c Clause) Say(words *wording.Wording) string {
	w := &writer{Wording: words, r: &figures.Report{}}
	good := c.Status == figures.GoodWeek
	switch c.Rule {
	case figures.VerdictDead:
		return w.Say(wording.VerdictDead)
	case figures.VerdictIncident:
		if len(c.Days) > 0 {
			return w.jump(c.Days).short
		}
	case figures.VerdictRising:
		return w.Say(wording.VerdictRising)
	case figures.VerdictRate:
		return w.Say(either(good, wording.VerdictLower, wording.VerdictHigher))
	case figures.VerdictMissed:
		var clear []ClauseTarget
		for _, t := range c.Targets {
			if t.StandsOut {
				clear = append(clear, t)
			}
		}
		if len(clear) == 1 {
			return w.missedClause(clear[0].target())
		}
		return w.Say(wording.VerdictMissedSome, len(c.Targets), c.Of)
	case figures.VerdictFeedback:
		return w.Say(either(good, wording.VerdictFeedbackRose, wording.VerdictFeedbackFell))
	case figures.VerdictFell:
		return w.Say(wording.VerdictFarFewer)
	case figures.VerdictMet:
		if len(c.Targets) > 0 {
			return w.metClause(c.Targets[0].target())
		}
	case figures.VerdictCore, figures.VerdictSection:
		var names []string
		for _, g := range c.Gaps {
			names = append(names, w.ofDays(figures.Unavailable{Section: g.Section, Days: g.Days}))
		}
		return w.gapsClause(names)
	}
	return ""
}

// target returns a target of which a value is known.
func (t ClauseTarget) target() figures.Target {
	if t.Value == nil {
		t.Value = new(0.0)
	}
	return figures.Target{Name: t.Name, Steps: t.Steps, Limit: t.Limit, AtLeast: t.AtLeast,
		Value: t.Value, StandsOut: t.StandsOut}
}
