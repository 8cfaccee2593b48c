package portfolio

import (
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// How many of the bots that need a look the headline and the preview name.
const (
	mostInHeadline = 2
	mostInPreview  = 3
)

// open adds what the page says first if bots have verdicts.
func (w writer) open(page *Page) {
	headline, said := w.verdict()
	page.Headline = headline
	page.Subject = w.Say(wording.PortfolioSubject, headline, page.Tenant)
	page.Facts = w.openingFacts(said)
	var worst []string
	for _, b := range w.p.Grouped(GroupLook) {
		if len(worst) < mostInPreview {
			worst = append(worst, w.Say(wording.StatusVerdict,
				wording.Name(names.Cut(w.name(b), mostName)), w.clause(b.Numbers)))
		}
	}
	page.Preview = strings.Join(append(worst, page.Facts...), " · ")
}

// verdict returns the headline, and the groups whose sizes it says.
func (w writer) verdict() (headline string, said []Group) {
	in, size := 0, make(map[Group]int)
	group := w.p.grouping()
	var only Bot // with a report; used if it is the only one
	for _, b := range w.p.Bots {
		if size[group(b)]++; b.State == In {
			in, only = in+1, b
		}
	}
	look := size[GroupLook]
	absent := len(w.p.Absent())
	lacking := size[GroupIncomplete] + absent
	switch {
	case in == 1 && (look == 1 || absent == 0):
		v := only.Numbers.Verdict
		clause := v.Say(w.Wording)
		if clause == "" {
			clause = w.row(only, group(only)).Chats
		}
		return v.Subject(w.Wording, wording.Name(names.Cut(w.name(only), mostName)), clause),
			[]Group{group(only)}
	case look > 0:
		return w.needLook(look, in), []Group{GroupLook}
	case lacking > 0:
		if absent == 0 {
			said = []Group{GroupIncomplete}
		}
		return w.Say(wording.PortfolioIncomplete, lacking, in+absent), said
	}
	good, usual := size[GroupGood], size[GroupUsual]
	switch {
	case good > 0 && usual > 0:
		return w.week(good+usual, in, w.Say(wording.WeekGoodOrUsual)), nil
	case usual > 0:
		return w.week(usual, in, w.Say(wording.WeekUsual)), []Group{GroupUsual}
	case good > 0:
		return w.week(good, in, w.Say(wording.WeekGood)), []Group{GroupGood}
	case size[GroupSpecial] > 0:
		week := w.Say(wording.WeekSpecial)
		if days := w.sameSpecial(); days != nil {
			week = w.Say(wording.PortfolioOfGroup, week, w.special(days))
		}
		return w.week(size[GroupSpecial], in, week), []Group{GroupSpecial}
	case size[GroupFew] > 0:
		return w.week(size[GroupFew], in, w.Say(wording.WeekTooFew)), []Group{GroupFew}
	}
	return w.Say(wording.PortfolioStandOutNone, in), nil // all of them may be chance
}

// needLook says how many of all bots need a look, and which, if they are few.
func (w writer) needLook(look, in int) string {
	switch {
	case look < in:
		some := w.Say(wording.PortfolioLook, look, in)
		if look <= mostInHeadline {
			return w.Say(wording.StatusVerdict, some, w.named(w.p.Grouped(GroupLook)))
		}
		return some
	case look == 2:
		return w.Say(wording.PortfolioLookBoth)
	}
	return w.Say(wording.PortfolioLookAll, look)
}

// week says of how many of all bots the week was such.
func (w writer) week(some, in int, such string) string {
	bots := w.Say(wording.PortfolioSome, some, in)
	switch {
	case some < in:
	case some == 2:
		bots = w.Say(wording.PortfolioBoth)
	default:
		bots = w.Say(wording.PortfolioAll, some)
	}
	return w.Say(wording.StatusVerdict, bots, such)
}

// sameSpecial returns the special days if they are the same for all bots, or nil.
func (w writer) sameSpecial() (days []string) {
	for _, b := range w.p.Grouped(GroupSpecial) {
		if days != nil && !slices.Equal(days, b.Numbers.Special) {
			return nil
		}
		days = b.Numbers.Special
	}
	return days
}

// sized are the groups whose sizes are said at the beginning, the most important first. Separate
// sentences say which bots may stand out by chance, and which reports are missing.
var sized = []Group{GroupIncomplete, GroupGood, GroupUsual, GroupSpecial, GroupFew}

// openingFacts returns the sizes of the groups that are not in said, which bots may stand out by
// chance, which reports are missing, and how many chats there were.
func (w writer) openingFacts(said []Group) (facts []string) {
	var sizes []string
	for _, g := range sized {
		if n := len(w.p.Grouped(g)); n > 0 && !slices.Contains(said, g) {
			title, _ := w.group(g)
			sizes = append(sizes, w.Say(wording.PortfolioSize, title, n))
		}
	}
	if len(sizes) > 0 {
		facts = append(facts, strings.Join(sizes, " · "))
	}
	add := func(key wording.Key, args ...any) {
		facts = append(facts, w.FullStop(w.Sentence(w.Say(key, args...))))
	}
	if chance := w.p.Grouped(GroupChance); len(chance) > 0 {
		add(wording.PortfolioChanceNamed, len(chance), w.p.Compared(), w.named(chance),
			w.Quote(w.Say(wording.StatusNeedsLook)))
	}
	if absent := w.p.Absent(); len(absent) > 0 {
		add(wording.PortfolioAbsent, len(absent), w.named(absent))
	}
	if unknown := w.p.Unknown(); len(unknown) > 0 {
		add(wording.PortfolioUnknownFilters, len(unknown), w.named(unknown))
	}
	all, pairs := w.p.Totals()
	switch {
	case all.Bots <= 1: // its row says it
	case pairs == (Total{all.Bots, all.Chats, pairs.Before, 0}):
		add(wording.PortfolioWhole, w.volume(), pairs.Before)
	default:
		facts = append(facts, w.FullStop(w.volume()))
	}
	return facts
}

// clause says why a bot needs a look, or had a good week.
func (w writer) clause(n *Numbers) string {
	return n.Verdict.Say(w.Wording)
}

// addVerdict adds what the verdict of a bot says.
func (w writer) addVerdict(r *Row, n *Numbers, g Group) {
	r.Verdict = w.Sentence(w.clause(n))
	switch g {
	case GroupFew:
		if n.Verdict.Rule == figures.VerdictWeeks {
			r.Verdict = w.Sentence(w.Say(wording.PortfolioNew))
		}
	case GroupSpecial:
		r.Verdict = w.special(n.Special)
	case GroupLook, GroupChance:
		switch {
		case n.Verdict.AboutRate() && n.Above != nil && *n.Above > 0:
			r.Above, r.Number = w.Say(wording.PortfolioUnusual, *n.Above), n.Above
		case n.Verdict.Rule == figures.VerdictMissed && len(n.Missed) == 1:
			r.Targets = "" // the verdict names it
		}
	}
}
