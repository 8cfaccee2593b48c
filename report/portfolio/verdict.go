package portfolio

import (
	"cmp"

	"kindlyweekly/report/figures"
)

// Judged reports whether there are reports, and all have a verdict. The page then begins with the
// verdict.
func (p *Portfolio) Judged() bool {
	judged := false
	for _, b := range p.Bots {
		if b.State != In {
			continue
		}
		if v := b.Numbers.Verdict; v == nil || !v.Known() {
			return false
		}
		judged = true
	}
	return judged
}

// judgedGroup returns the group of a bot with a verdict. The bot stands out among the others if its
// level is at least level, or at least ofWeek if the verdict is about the rate of the week.
func (b Bot) judgedGroup(level, ofWeek float64) Group {
	if g := b.absent(); g != "" {
		return g
	}
	v := b.Numbers.Verdict
	switch v.Status {
	case figures.NeedsLook:
		if v.Rule == figures.VerdictRate {
			level = ofWeek
		}
		if v.Level > 0 && v.Level < level {
			return GroupChance
		}
		return GroupLook
	case figures.Incomplete:
		return GroupIncomplete
	case figures.TooFew:
		if v.Rule == figures.VerdictSpecial {
			return GroupSpecial
		}
		return GroupFew
	case figures.GoodWeek:
		return GroupGood
	}
	return GroupUsual
}

// worst sorts bots that need a look, the worst first: those without any chats, and then by harm.
func worst(a, b *Numbers) int {
	return cmp.Or(-order(a.dead(), b.dead()), -cmp.Compare(a.harm(), b.harm()),
		-cmp.Compare(rest(a), rest(b)), -cmp.Compare(a.Chats, b.Chats))
}

// order sorts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (n *Numbers) dead() bool { return n.Verdict.Rule == figures.VerdictDead }

// harm returns in how many chats something went wrong, at most. Chats that are fewer than usual
// count.
func (n *Numbers) harm() float64 {
	rule := n.Verdict.Rule
	switch {
	case (rule == figures.VerdictDead || rule == figures.VerdictFell) && n.ChatsBaseline != nil:
		return max(0, *n.ChatsBaseline-float64(n.Chats))
	case n.Verdict.AboutRate() && n.Above != nil:
		return float64(*n.Above)
	}
	return 0
}
