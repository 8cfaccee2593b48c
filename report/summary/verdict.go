package summary

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// Status says in two words whether the week was good. Editions show it before the verdict.
type Status struct {
	Kind  string // figures.NeedsLook or another status; empty: the report has none
	Label string // "Needs a look"
	Tone  Tone   // Bad: needs a look; Good: a good week
}

// mostFacts is how many statements follow the verdict.
const mostFacts = 3

// finding is what a verdict says, as a clause.
type finding struct {
	short string // for a subject
	full  string // with the numbers
}

// told is what the verdict and the facts say. The insights do not repeat it.
type told struct {
	targets     map[string]bool // by name
	rate, chats bool            // the week's, with its record
	feedback    bool
}

// statusWords are the words of a status: its label, and the subject of a mail.
type statusWords struct {
	label, subject wording.Key
	tone           Tone
}

var statuses = map[string]statusWords{
	figures.NeedsLook:  {wording.StatusNeedsLook, wording.SubjectNeedsLook, Bad},
	figures.Incomplete: {wording.StatusIncomplete, wording.SubjectIncomplete, Neutral},
	figures.TooFew:     {wording.StatusTooFew, wording.SubjectTooFew, Neutral},
	figures.GoodWeek:   {wording.StatusGood, wording.SubjectGood, Good},
	figures.UsualWeek:  {wording.StatusUsual, wording.SubjectUsual, Neutral},
}

// ruleWords are the words of rules that the words of their status do not fit. A special week has
// enough chats, and so has the week of a new bot.
var ruleWords = map[string]statusWords{
	figures.VerdictSpecial: {wording.StatusSpecial, wording.SubjectSpecial, Neutral},
	figures.VerdictWeeks:   {wording.StatusFewWeeks, wording.SubjectFewWeeks, Neutral},
}

// opening is what the report says first. It is empty for a report without a verdict, and for a
// verdict of a later version of the program.
type opening struct {
	words statusWords
	is    finding
	facts []string
	told  told
}

// opens makes the opening, which the charts need.
func (w *writer) opens() {
	v := w.r.Verdict
	if v == nil {
		return
	}
	words, known := ruleWords[v.Rule]
	if !known {
		words = statuses[v.Status]
	}
	if words.label == "" {
		return
	}
	w.words = words
	w.told.targets = make(map[string]bool)
	w.is, w.facts = w.verdict(*v, &w.told)
}

// open adds what the report says first: the opening, or the headline of a report without one.
func (w *writer) open(s *Summary) {
	s.Lead, s.Weeks = w.lead(), w.weeksOf(s)
	s.Insights = w.insights(&w.told)
	if w.words.label == "" {
		s.Headline = w.headline()
		s.Verdict = s.Headline
		s.Subject = w.Say(wording.Subject, s.Bot, w.dates, w.chats())
		return
	}
	v := *w.r.Verdict
	s.Status = Status{v.Status, w.Say(w.words.label), w.words.tone}
	s.Verdict = w.clauses(w.is.full)
	s.Headline = w.FullStop(w.Say(wording.StatusVerdict, s.Status.Label, w.is.full))
	s.Subject = w.Say(w.words.subject, s.Bot, w.is.short)
	s.Facts = w.facts[:min(len(w.facts), mostFacts)]
	s.Where = w.where()
	s.LookAt = w.lookAt(v)
}

// verdict returns the verdict as a clause, and its facts, the most important first. It records in
// told what they say.
func (w *writer) verdict(v figures.Verdict, told *told) (is finding, facts []string) {
	add := func(sentences ...string) {
		if fact := w.together(sentences); fact != "" {
			facts = append(facts, fact)
		}
	}
	switch v.Rule {
	case figures.VerdictDead:
		is.short = w.Say(wording.VerdictDead)
		is.full = w.Say(wording.VerdictDeadUsually, round(w.r.Baseline.Chats.Median))
		add(w.Say(wording.FactZero))
		told.chats = true
		return is, facts // a dead week has no other facts
	case figures.VerdictIncident:
		is = w.jump(w.r.Fallbacks.Incidents)
		add(w.weekOfJump(v, told)...)
		told.rate = true
	case figures.VerdictRising:
		is.short = w.Say(wording.VerdictRising)
		rising := *w.r.Fallbacks.Rising
		is.full = w.Say(wording.VerdictFromTo, is.short, w.Percent(rising.From), w.weekRate(),
			rising.Periods)
		add(w.limitOfRate(told), w.recordOf(figures.MeasureFallbackRate))
		told.rate = true
	case figures.VerdictRate:
		is.short = w.Say(either(v.Status == figures.GoodWeek, wording.VerdictLower,
			wording.VerdictHigher))
		is.full = w.usually(is.short, w.weekRate(), w.Percent(w.r.Baseline.FallbackRate.Median))
		if v.Status == figures.NeedsLook { // in a good week the targets are met
			add(w.limitOfRate(told), w.recordOf(figures.MeasureFallbackRate))
		} else {
			add(w.recordOf(figures.MeasureFallbackRate))
		}
		told.rate = true
	case figures.VerdictMissed:
		is = w.missedVerdict(w.targets(missed), told)
		if len(told.targets) == 1 {
			add(w.besideMissed(told)...)
		}
	case figures.VerdictFeedback:
		shift := *w.shifted(v.Status == figures.GoodWeek)
		is.short = w.Say(either(shift.Rose(), wording.VerdictFeedbackRose,
			wording.VerdictFeedbackFell))
		is.full = w.usually(is.short,
			w.ratedPhrase(shift.Steps, share(shift.Positive, shift.Total)),
			w.Percent0(share(shift.BeforePositive, shift.BeforeTotal)))
		if v.Status == figures.NeedsLook {
			add(w.targetOfShift(shift, told))
		}
		told.feedback = true
	case figures.VerdictFell:
		is.short = w.Say(wording.VerdictFarFewer)
		is.full = w.chatsUsually(is.short)
		add(w.recordOf(figures.MeasureChats))
		told.chats = true
	case figures.VerdictCore, figures.VerdictSection:
		is = w.gaps()
	case figures.VerdictMessages:
		is.short = w.chats()
		is.full = w.Say(wording.VerdictFewMessages, w.r.Messages.Total, figures.MinMessages)
	case figures.VerdictSpecial:
		is.short = w.chats()
		is.full = w.Say(wording.VerdictSpecial, w.datedNames(w.specials, w.r.Period.Name))
	case figures.VerdictWeeks:
		is.short = w.chats()
		is.full = w.Say(either(w.comparesBefore(), wording.VerdictWeeksBefore,
			wording.VerdictWeeks), figures.MinPeriods)
		add(w.sinceWhen())
	case figures.VerdictMet:
		is = w.metVerdict(told)
		add(w.Say(wording.FactMetWeeks, w.metAgainTarget().BeforePeriods))
	default:
		is = w.usualVerdict(told)
		if told.chats {
			add(w.recordOf(figures.MeasureChats))
		}
	}
	add(w.targetFacts(told, v.Status)...)
	if v.Status == figures.NeedsLook {
		add(w.otherEvents(told)...)
	}
	return is, facts
}

// together joins the sentences of one statement.
func (w *writer) together(sentences []string) (joined string) {
	for _, s := range sentences {
		switch {
		case s == "":
		case joined == "":
			joined = s
		default:
			joined += " " + s
		}
	}
	return joined
}

// usually adds a number and the usual one to a clause.
func (w *writer) usually(clause, number, usual string) string {
	return w.Say(wording.VerdictUsually, clause, number, usual)
}

// chatsUsually adds the number of chats, and the usual one, to a clause.
func (w *writer) chatsUsually(clause string) string {
	return w.usually(clause, w.Count(w.r.Chats.Total), w.Median(w.r.Baseline.Chats.Median))
}

// jump says on which days the fallback rate jumped, and how high it was on the worst one.
func (w *writer) jump(days []figures.Incident) (is finding) {
	worst := slices.MinFunc(days, byRate)
	var on []time.Weekday
	for _, d := range days {
		on = append(on, d.Date.Weekday())
	}
	rate, usual := w.Percent(worst.Rate), w.Percent(worst.Baseline)
	switch times, ok := ratio(worst.Rate, worst.Baseline); {
	case len(days) > mostNames:
		is.short = w.Say(wording.VerdictFarDays, len(days))
	case len(days) > 1 || !ok:
		is.short = w.Say(wording.VerdictFar, w.OnWeekdays(on))
	case times == 2:
		is.short = w.Say(wording.VerdictTwice, w.OnWeekdays(on))
	default:
		is.short = w.Say(wording.VerdictTimes, w.factor(times), w.OnWeekdays(on))
	}
	key := wording.VerdictUsually
	if len(days) > 1 {
		key = wording.VerdictUpTo
	}
	is.full = w.Say(key, is.short, rate, usual)
	return is
}

// ratio returns how many times as large as usual a rate is, by the printed percentages. Near two it
// is two, and from three on it is whole. ok is false if usual is nearly zero, since the ratio says
// little then.
func ratio(rate, usual float64) (times float64, ok bool) {
	tenths := func(fraction float64) float64 { return math.Round(1000 * fraction) }
	if tenths(usual) == 0 {
		return 0, false
	}
	switch times = tenths(rate) / tenths(usual); {
	case math.Abs(times-2) <= 0.1:
		times = 2
	case times < 2.95:
		times = math.Round(10*times) / 10
	default:
		times = math.Round(times)
	}
	return times, times <= 10
}

// factor writes how many times: 1.7, or 3.
func (w *writer) factor(times float64) string {
	if times == math.Trunc(times) {
		return w.Count(int(times))
	}
	text, _ := w.Decimals(times, times)
	return text
}

// weekOfJump says what the week as a whole is if days jumped. It compares the week's rate with its
// target or the usual rate, gives the rate without these days, and says whether it is a record.
func (w *writer) weekOfJump(v figures.Verdict, told *told) (all []string) {
	f := w.r.Fallbacks
	if f.Rate == nil || !w.r.EnoughMessages() {
		return nil
	}
	rate, usual, t := w.weekRate(), w.baselineRate(), w.target(figures.TargetFallbackRate)
	without, key := "", wording.FactWithout
	if v.Without != nil {
		without = w.Percent(*v.Without)
	}
	switch {
	case t != nil:
		_, limit := w.targetValues(*t)
		all = append(all, w.Say(either(t.State == figures.Missed, wording.FactWeekOver,
			wording.FactWeekWithin), rate, limit))
		told.targets[t.Name] = true
		if v.Without != nil && t.State == figures.Missed {
			without, _ = w.Percents(*v.Without, t.Limit)
			key = either(*v.Without > t.Limit, wording.FactWithoutOver, wording.FactWithoutWithin)
		}
	case usual != nil:
		all = append(all, w.Say(wording.FactWeekUsual, rate, w.Percent(*usual)))
	default:
		all = append(all, w.Say(wording.FactWeek, rate))
	}
	all = append(all, w.recordOf(figures.MeasureFallbackRate))
	if without != "" {
		all = append(all, w.Say(key, w.jumpDays(f.Incidents), without))
	}
	return all
}

// jumpDays names the days of incidents, so that it can follow "without".
func (w *writer) jumpDays(days []figures.Incident) string {
	if len(days) > mostNames {
		return w.Say(wording.FactTheseDays, len(days))
	}
	var names []string
	for _, d := range days {
		names = append(names, w.Weekday(d.Date.Weekday()))
	}
	return w.List(names)
}

// weekRate writes the week's fallback rate. It has as many decimals as it needs to look different
// from its limit if it is.
func (w *writer) weekRate() string {
	if t := w.target(figures.TargetFallbackRate); t != nil {
		rate, _ := w.Percents(*w.r.Fallbacks.Rate, t.Limit)
		return rate
	}
	return w.Percent(*w.r.Fallbacks.Rate)
}

// target returns the target of that name, or nil if it was neither met nor missed.
func (w *writer) target(name string) *figures.Target {
	for _, t := range w.r.Targets {
		if t.Name == name && t.State != figures.Unknown {
			return &t
		}
	}
	return nil
}

// limitOfRate says on which side of its limit the week's rate is. It returns "" if there is no
// limit.
func (w *writer) limitOfRate(told *told) string {
	t := w.target(figures.TargetFallbackRate)
	if t == nil {
		return ""
	}
	told.targets[t.Name] = true
	_, limit := w.targetValues(*t)
	return w.Say(either(t.State == figures.Missed, wording.FactOver, wording.FactWithin), limit)
}

// targetOfShift says on which side of its target feedback is. It returns "" if there is no target
// for its kind of ratings.
func (w *writer) targetOfShift(s figures.Shift, told *told) string {
	t := w.target(figures.TargetFeedback)
	if t == nil || t.Steps != s.Steps {
		return ""
	}
	told.targets[t.Name] = true
	_, limit := w.targetValues(*t)
	return w.Say(either(t.State == figures.Missed, wording.FactUnder, wording.FactReached), limit)
}

// recordOf says that a measure of the week is a record. It returns "" if it is none.
func (w *writer) recordOf(measure string) string {
	for _, i := range w.r.Insights {
		if i.Kind == figures.KindRecord && i.Record.Measure == measure {
			key := either(i.Record.Highest, wording.FactHighest, wording.FactLowest)
			if measure == figures.MeasureChats {
				key = either(i.Record.Highest, wording.FactMost, wording.FactFewest)
			}
			return w.Say(key, i.Record.Periods)
		}
	}
	return ""
}

func missed(t figures.Target) bool   { return t.State == figures.Missed }
func metAgain(t figures.Target) bool { return t.State == figures.Met && t.Before == figures.Missed }

// missedVerdict names the targets that were missed. If one was missed by more than chance, it is
// the verdict and the others are facts.
func (w *writer) missedVerdict(all []figures.Target, told *told) finding {
	clear := slices.DeleteFunc(slices.Clone(all),
		func(t figures.Target) bool { return !t.StandsOut })
	for _, t := range clear {
		s := w.shifted(false)
		told.feedback = told.feedback ||
			t.Name == figures.TargetFeedback && s != nil && s.Steps == t.Steps
	}
	if len(clear) == 1 {
		t := clear[0]
		told.targets[t.Name] = true
		is := finding{short: w.missedClause(t)}
		if is.full = is.short; chronic(t) {
			first := w.r.Period.Name.Add(1 - t.Periods).From()
			is.full = w.Say(wording.VerdictMissedEveryWeek, is.short, w.Date(first.UTC()))
		}
		return is
	}
	for _, t := range all {
		told.targets[t.Name] = true
	}
	short := w.Say(wording.VerdictMissedSome, len(all), len(w.r.Targets))
	return finding{short: short, full: w.Say(wording.VerdictNames, short, w.targetPhrases(all))}
}

// missedClause says on which side of its limit the value of a target is.
func (w *writer) missedClause(t figures.Target) string {
	_, limit := w.targetValues(t)
	return w.Say(either(t.AtLeast, wording.VerdictUnder, wording.VerdictOver), w.targetPhrase(t),
		limit)
}

// besideMissed says what is usual for the target in the verdict. It adds for how many weeks the
// target was missed, unless the verdict says since when.
func (w *writer) besideMissed(told *told) (all []string) {
	for _, t := range w.targets(missed) {
		if !told.targets[t.Name] {
			continue
		}
		if usual := w.usualOf(t); usual != "" {
			all = append(all, w.Say(wording.FactUsually, usual))
		}
		if t.Periods > 1 && !chronic(t) {
			all = append(all, w.Say(wording.FactMissedWeeks, t.Periods))
		}
		if t.Name == figures.TargetFallbackRate {
			all = append(all, w.recordOf(figures.MeasureFallbackRate))
		}
	}
	return all
}

// usualOf writes what the value of a target usually is. It returns "" if that is not known.
func (w *writer) usualOf(t figures.Target) string {
	b := w.r.Baseline
	if b == nil || w.special() {
		return ""
	}
	switch {
	case t.Name == figures.TargetFallbackRate && b.FallbackRate != nil:
		return w.Percent(b.FallbackRate.Median)
	case t.Name == figures.TargetHandoverRate && b.HandoverRate != nil:
		text, _ := w.Decimals(100*b.HandoverRate.Median, 100*b.HandoverRate.Median)
		return text
	case t.Name == figures.TargetRequestsWhileClosed && b.RequestsWhileClosed != nil:
		return w.Median(b.RequestsWhileClosed.Median)
	case t.Name == figures.TargetFeedback:
		return w.usualRating(t.Steps)
	}
	return ""
}

// metVerdict returns the clause about the target that is met again beyond chance.
func (w *writer) metVerdict(told *told) finding {
	t := w.metAgainTarget()
	told.targets[t.Name] = true
	is := w.metClause(t)
	return finding{is, is}
}

// metClause says that a target is met again.
func (w *writer) metClause(t figures.Target) string {
	_, limit := w.targetValues(t)
	return w.Say(either(t.AtLeast, wording.VerdictReachedAgain, wording.VerdictWithinAgain),
		w.targetPhrase(t), limit)
}

// metAgainTarget returns the target that a good week met again.
func (w *writer) metAgainTarget() figures.Target {
	return w.targets(func(t figures.Target) bool { return metAgain(t) && t.StandsOut })[0]
}

// usualVerdict returns the clause about a week without good and bad news. It is about a target
// missed by no more than chance, or an unusual number of chats, or says that nothing stands out.
func (w *writer) usualVerdict(told *told) (is finding) {
	is.short = w.chats()
	switch all := w.targets(missed); {
	case len(all) == 1:
		told.targets[all[0].Name] = true
		is.full = w.Say(wording.VerdictChance, w.missedClause(all[0]))
		return is
	case len(all) > 1:
		for _, t := range all {
			told.targets[t.Name] = true
		}
		is.full = w.Say(wording.VerdictNames, w.Say(wording.VerdictChance,
			w.Say(wording.VerdictMissedSome, len(all), len(w.r.Targets))), w.targetPhrases(all))
		return is
	}
	if side := w.chatsStandOut(); side != "" {
		told.chats = true
		is.full = w.chatsUsually(w.Say(either(side == figures.Higher, wording.VerdictButMore,
			wording.VerdictButFewer)))
		return is
	}
	is.full = w.Say(either(w.notable(), wording.VerdictFigures, wording.VerdictNothing))
	return is
}

// chatsStandOut returns on which side chats stand out or are a record.
func (w *writer) chatsStandOut() string {
	if rec := w.chatRecord(); rec != nil {
		if rec.Highest {
			return figures.Higher
		}
		return figures.Lower
	}
	return w.r.Chats.StandsOut
}

// notable reports whether an insight is about something unusual.
func (w *writer) notable() bool {
	return slices.ContainsFunc(w.r.Insights, func(i figures.Insight) bool {
		switch i.Kind {
		case figures.KindRecord, figures.KindStreak, figures.KindMover, figures.KindFeedback:
			return true
		case figures.KindDays:
			return i.Days.Against
		}
		return false
	})
}

// shifted returns the kind of feedback that rose, or fell, or nil if there is none.
func (w *writer) shifted(rose bool) *figures.Shift {
	for _, i := range w.r.Insights {
		if i.Kind == figures.KindFeedback && i.Feedback.Rose() == rose {
			return i.Feedback
		}
	}
	return nil
}

// gaps names what is missing. The short form names what makes the verdict incomplete, and the full
// form names everything.
func (w *writer) gaps() finding {
	return finding{short: w.gapsClause(w.decisiveGaps()), full: w.gapsClause(w.gapNames())}
}

// gapsClause says what is missing.
func (w *writer) gapsClause(names []string) string {
	if len(names) == 0 {
		return w.Say(wording.HeadlineNoneUnknown) // the filter is not known
	}
	return w.Say(wording.VerdictGaps, w.ListSome(names, mostNames))
}

// gapNames names everything that is missing of the week. What the verdict needs is first.
func (w *writer) gapNames() []string {
	names := w.decisiveGaps()
	for _, u := range w.r.Unavailable {
		name := w.ofDays(u)
		if section := w.section(u.Section); len(u.Days) > 0 && slices.Contains(names, section) {
			names[slices.Index(names, section)] = name // the section of the target, with its days
		}
		if inWeek(u.Section) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// inWeek reports whether a section belongs to the week itself. It returns false for weeks that it
// is compared with, and for finer divisions of other sections.
func inWeek(section string) bool {
	name, part, _ := strings.Cut(section, ".")
	return name != figures.SectionYearAgo && (part == "" || part == "days") &&
		slices.ContainsFunc(statistics(), func(s statistic) bool { return s.section == name })
}

// decisiveGaps names what is missing of the core or, if the core is complete, of the targets.
func (w *writer) decisiveGaps() (names []string) {
	for _, u := range w.r.Unavailable {
		if core(u) {
			names = append(names, w.ofDays(u))
		}
	}
	core := w.r.LacksCore()
	for _, t := range w.r.Targets {
		if name := w.Say(w.sectionName(t)); !core && w.r.LacksTarget(t) &&
			!slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// sectionName returns what notices call the section of a target.
func (w *writer) sectionName(t figures.Target) wording.Key {
	section := kindOf(t).section
	for _, s := range statistics() {
		if s.section == section {
			return s.name
		}
	}
	return wording.Missing
}

// comparesBefore reports whether a week without a baseline is compared with the week before.
func (w *writer) comparesBefore() bool {
	return w.r.HasPrevious && w.r.Chats.Before().Known() && !w.special() &&
		len(w.r.SpecialIn(w.r.Period.Name.Previous())) == 0
}

// targetFacts says which of the targets that are not in told were missed and met. If numbers of the
// week are missing, it does not say which were met.
func (w *writer) targetFacts(told *told, status string) (all []string) {
	var clear, chance []figures.Target
	var unknown []figures.Target
	met, metInAll, missedBefore := 0, 0, false
	for _, t := range w.r.Targets {
		if t.State == figures.Met {
			metInAll++
		}
		switch {
		case told.targets[t.Name]:
			missedBefore = missedBefore || t.State == figures.Missed
		case t.State == figures.Missed && t.StandsOut:
			clear = append(clear, t)
		case t.State == figures.Missed:
			chance = append(chance, t)
		case t.State == figures.Met:
			met++
		default:
			unknown = append(unknown, t)
		}
	}
	if len(clear) > 0 {
		missed := w.Say(wording.FactMissed, len(clear), w.targetPhrases(clear))
		if missedBefore {
			missed = w.Say(wording.FactAlsoMissed, w.targetPhrases(clear))
		}
		all = append(all, missed)
	}
	if len(chance) > 0 {
		all = append(all, w.Say(wording.FactMissedChance, len(chance), w.targetPhrases(chance)))
	}
	named := len(told.targets) + len(clear) + len(chance)
	switch {
	case status == figures.Incomplete || met == 0:
	case len(unknown) > 0:
		all = append(all, w.Say(wording.FactTargetsSome, metInAll, len(w.r.Targets),
			w.List(w.targetNames(unknown))))
	case named > 0 && met == 1:
		all = append(all, w.Say(wording.FactTargetOther))
	case named > 0:
		all = append(all, w.Say(wording.FactTargetsOther, met))
	case met == 1 && status == figures.NeedsLook: // the target is not about what went wrong
		all = append(all, w.Say(wording.FactTargetMetBy, w.targetPhrases(w.r.Targets)))
	case met == 1:
		all = append(all, w.Say(wording.FactTargetMet))
	case met == 2:
		all = append(all, w.Say(wording.FactTargetsBoth))
	default:
		all = append(all, w.Say(wording.FactTargetsAll, met))
	}
	return all
}

// otherEvents says what else went wrong in a week that needs a look.
func (w *writer) otherEvents(told *told) (all []string) {
	t := w.target(figures.TargetFeedback)
	isMissed := t != nil && t.State == figures.Missed // then it is a fact already
	if s := w.shifted(false); s != nil && !told.feedback && (!isMissed || t.Steps != s.Steps) {
		told.feedback = true
		all = append(all, w.clauses(w.usually(w.Say(wording.VerdictFeedbackFell),
			w.ratedPhrase(s.Steps, share(s.Positive, s.Total)),
			w.Percent0(share(s.BeforePositive, s.BeforeTotal)))))
	}
	if side := w.r.Chats.StandsOut; side != "" && !told.chats {
		told.chats = true
		all = append(all, w.clauses(w.chatsUsually(w.Say(either(side == figures.Higher,
			wording.VerdictMore, wording.VerdictFewer)))))
	}
	return all
}

// targetPhrase writes the value of a target as a phrase: "61% thumbs up".
func (w *writer) targetPhrase(t figures.Target) string {
	value, _ := w.targetValues(t)
	switch t.Name {
	case figures.TargetFallbackRate:
		return w.Say(wording.ValueFallbacks, value)
	case figures.TargetHandoverRate:
		return w.Say(wording.ValueHandovers, value)
	case figures.TargetRequestsWhileClosed:
		return w.Say(wording.ValueClosed, round(*t.Value))
	case figures.TargetFeedback:
		return w.Say(ratedKey(t.Steps), value)
	}
	return w.Say(wording.AltItem, w.targetName(t), value)
}

// targetPhrases lists the values of targets, each with its limit.
func (w *writer) targetPhrases(all []figures.Target) string {
	var phrases []string
	for _, t := range all {
		phrases = append(phrases, w.Say(wording.ValueBeside, w.targetPhrase(t), w.bound(t)))
	}
	return w.List(phrases)
}

// bound writes the limit of a target: "at most 9.0%".
func (w *writer) bound(t figures.Target) string {
	_, limit := w.targetValues(t)
	return w.Say(either(t.AtLeast, wording.TargetAtLeast, wording.TargetAtMost), limit)
}

// ratedPhrase writes a share of positive ratings: "61% thumbs up".
func (w *writer) ratedPhrase(steps int, share float64) string {
	return w.Say(ratedKey(steps), w.Percent0(share))
}

func ratedKey(steps int) wording.Key {
	switch steps {
	case 2:
		return wording.ValueThumbs
	case 5:
		return wording.ValueSteps
	}
	return wording.ValueRatings
}

func share(positive, total int) float64 { return float64(positive) / float64(total) }

// round returns a count that may be a median, as it is written.
func round(x float64) int { return int(min(math.Round(x), math.MaxInt64/2)) }

// lookAt returns what to look at in a week that needs a look, with a link to the bot if it can be
// seen there. First is what the verdict is about, with the slice where it lies; then what
// coincides; then targets that were missed, also those by chance.
func (w *writer) lookAt(v figures.Verdict) (all []Link) {
	if v.Status != figures.NeedsLook {
		return nil
	}
	add := func(url string, key wording.Key, args ...any) {
		if link := (Link{Text: w.Say(key, args...), URL: url}); !slices.Contains(all, link) {
			all = append(all, link)
		}
	}
	bot := w.r.Bot.Link
	targets := func(clear bool) {
		for _, t := range w.targets(func(t figures.Target) bool {
			return missed(t) && t.StandsOut == clear
		}) {
			w.lookAtTarget(t, add)
		}
	}
	switch v.Rule {
	case figures.VerdictDead:
		add("", wording.LookDead)
		return all
	case figures.VerdictFell:
		add("", wording.LookFewer)
	case figures.VerdictIncident:
		worst := slices.MinFunc(w.r.Fallbacks.Incidents, byRate)
		add(bot, wording.LookUnderstoodDay, w.OnWeekday(worst.Date.Weekday()))
		w.inSliceOf(v, &all[0])
		w.lookAtItem(v, add)
	case figures.VerdictRate, figures.VerdictRising:
		add(bot, wording.LookUnderstood)
		w.inSliceOf(v, &all[0])
		w.lookAtItem(v, add)
	case figures.VerdictFeedback:
		add(bot, wording.LookRatings)
	}
	targets(true)
	targets(false)
	if v.Rule == figures.VerdictMissed && slices.ContainsFunc(w.r.Targets, chronic) {
		add("", wording.LookTarget)
	}
	return all[:min(len(all), 2)]
}

// chronic reports whether a target has been missed for so long that it may be the wrong one.
func chronic(t figures.Target) bool { return missed(t) && t.StandsOut && t.Periods >= 8 }

// inSliceOf adds the source and the language that hold nearly all of what the verdict is about.
func (w *writer) inSliceOf(v figures.Verdict, look *Link) {
	found := w.whereOf(v)
	if found == nil {
		return
	}
	in := w.places(slices.DeleteFunc(slices.Clone(found.Slices), func(s figures.WhereSlice) bool {
		return s.Kind == figures.SliceHours
	}))
	if in != "" {
		look.Text, look.Short = w.Say(wording.WhereOn, look.Text, in), look.Text
	}
}

// lookAtTarget adds what to look at for a target, unless the verdict is about the same.
func (w *writer) lookAtTarget(t figures.Target,
	add func(url string, key wording.Key, args ...any)) {
	bot, v := w.r.Bot.Link, *w.r.Verdict
	switch t.Name {
	case figures.TargetFallbackRate:
		if v.About != figures.AboutFallbacks || v.Rule == figures.VerdictMissed {
			add(bot, wording.LookUnderstood)
		}
	case figures.TargetFeedback:
		if v.Rule != figures.VerdictFeedback {
			add(bot, wording.LookRatings)
		}
	case figures.TargetHandoverRate:
		add(bot, wording.LookHandovers)
	case figures.TargetRequestsWhileClosed:
		if h := w.closedHours(); h != nil {
			add(bot, wording.LookClosed, w.Hour(h.From), w.Hour(h.To))
		} else {
			add(bot, wording.LookHandovers)
		}
	}
}

// byRate orders incidents, the highest rate first.
func byRate(a, b figures.Incident) int { return cmp.Compare(b.Rate, a.Rate) }

var lookKeys = map[string]wording.Key{
	figures.ListLabels: wording.LookLabel, figures.ListButtons: wording.LookButton,
	figures.ListPages: wording.LookPage,
}

// whereOf returns where the excess of the verdict's day or week lies, or nil if that is not known.
// If several days jumped, it is about the one with the highest rate for which it is known.
func (w *writer) whereOf(v figures.Verdict) *figures.Where {
	days := slices.SortedFunc(slices.Values(w.r.Fallbacks.Incidents), byRate)
	if v.Rule != figures.VerdictIncident {
		days = []figures.Incident{{}}
	}
	for _, d := range days {
		for i, found := range w.r.Where {
			if found.Measure == figures.MeasureFallbackRate &&
				(found.Date == nil) == d.Date.IsZero() &&
				(found.Date == nil || *found.Date == d.Date) {
				return &w.r.Where[i]
			}
		}
	}
	return nil
}

// lookAtItem adds the item of a list that coincides with the verdict, or else an item that became
// more frequent in the week.
func (w *writer) lookAtItem(v figures.Verdict, add func(url string, key wording.Key, args ...any)) {
	if found := w.whereOf(v); found != nil && len(found.Items) > 0 {
		i := found.Items[0]
		if key, known := lookKeys[i.List]; known {
			m := figures.Mover{Name: i.Name, Dialogue: i.Dialogue}
			add(w.r.Bot.Link, key, w.short(w.moverName(m)))
		}
		return
	}
	for _, i := range w.r.Insights {
		if i.Kind == figures.KindMover &&
			(i.Mover.Kind == figures.New || i.Mover.Kind == figures.Risen) {
			if key, known := lookKeys[i.Mover.List]; known {
				m := i.Mover.Mover
				this, previous := w.moverCounts(m)
				add(w.r.Bot.Link, wording.LookMore, w.Say(key, w.short(w.moverName(m))),
					w.Written(this), w.Written(previous))
			}
			return
		}
	}
}

// closedHours returns the hours in which half of the requests outside opening hours came, or nil.
func (w *writer) closedHours() *figures.Stretch {
	for _, i := range w.r.Insights {
		if i.Kind == figures.KindClosed {
			return i.Closed.Hours
		}
	}
	return nil
}
