package alerting

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Late is how long after it was due a report that has not arrived is news, whatever the reason.
const Late = time.Hour

// Cause is something that keeps reports from arriving.
type Cause struct {
	ID      string // the same for as long as it is the same
	Version string // where it changes, ops are told anew
	Reason  string // in a sentence without its stop
	Remedy  string // what to do; may be empty
	Detail  string // further lines

	Reports     []delivery.Status // that it keeps back, or has kept back for good
	Notify      bool              // ops are to know of it, if they do not
	Unconfirmed bool              // but only once two ticks in a row have found it, since one alone may be wrong

	missed bool           // the time to catch up has ended
	gaps   bool           // the reports were sent, and chats or messages of the week are not known in them
	base   delivery.Cause // without the week for which it has kept something back for good
	tenant string         // the tenant, where all tenants' are told together and it is his alone
}

// title begins a subject.
func (c Cause) title() string {
	if c.missed {
		missed := "reports of " + c.Reports[0].Job.Period.String() + " were missed: " + c.Reason
		if c.tenant != "" {
			return c.tenant + ": " + missed
		}
		return strings.ToUpper(missed[:1]) + missed[1:]
	}
	if c.tenant != "" {
		return c.tenant + ": " + c.Reason
	}
	if word, _, _ := strings.Cut(c.Reason, " "); strings.Contains(word, "@") {
		return c.Reason // an address
	}
	return strings.ToUpper(c.Reason[:1]) + c.Reason[1:]
}

// Shared reports whether the cause concerns all tenants, so that it is one for all of them.
func (c Cause) Shared() bool {
	base := cmp.Or(c.base, delivery.Cause(c.ID))
	return base == untried || base.Shared()
}

// untried is the cause of what no worker has touched.
const untried delivery.Cause = "untried"

// Causes gathers what keeps back those of a tenant's deliveries that have not arrived at the instant, in the order of the
// deliveries. Those whose record could not be read are passed over, and those that were over before a later one fell due
// that has arrived, or may have.
func Causes(standings []delivery.Status, now time.Time) []Cause {
	var all []Cause
	at := make(map[string]int)
	var last map[place]arrival // found out where it matters: mostly nothing keeps anything back
	add := func(s delivery.Status, from origin, gaps bool) {
		if from == (origin{}) {
			return
		}
		id := from.id()
		if last == nil {
			last = lastArrived(standings)
		}
		if settled, sure := last[placeOf(s)].settles(fateOf(s), gaps); settled || !sure {
			return
		}
		i, known := at[id]
		if !known {
			i = len(all)
			at[id], all = i, append(all, Cause{ID: id, base: from.cause, gaps: gaps,
				missed: s.Record.State == delivery.Missed, Unconfirmed: from == origin{cause: untried}})
		}
		all[i].Reports = append(all[i].Reports, s)
		all[i].Notify = all[i].Notify || isNews(s, now)
	}
	for _, s := range standings {
		add(s, causeOf(s), false)
		add(s, gapOf(s), true)
	}
	for i := range all {
		all[i].explain()
	}
	return all
}

// place is where the reports of a bot go, week after week.
type place struct{ bot, destination string }

func placeOf(s delivery.Status) place { return place{s.Job.Bot, s.Destination.ID()} }

// arrival is when at a place the last report fell due that has arrived, the last one with its PDF, the last one whose chats
// and messages are known, and the last one of which the ledger does not say.
type arrival struct{ any, whole, known, unread time.Time }

func lastArrived(standings []delivery.Status) map[place]arrival {
	last := make(map[place]arrival)
	for _, s := range standings {
		at := last[placeOf(s)]
		latest := func(t *time.Time, is bool) {
			if is && s.Due.After(*t) {
				*t = s.Due
			}
		}
		arrived := s.Err == nil && (hasArrived(s) || s.Record.Missing != "" || hasGaps(s))
		latest(&at.any, arrived)
		latest(&at.whole, arrived && !isThere(s) && s.Record.Missing == "")
		latest(&at.known, arrived && s.Record.Gaps == "")
		latest(&at.unread, s.Err != nil)
		last[placeOf(s)] = at
	}
	return last
}

// settles reports whether what was wrong with a report is no more to be told, and whether that is known: it was over, and
// told, before a later one fell due with which all was well again.
func (a arrival) settles(f fate, gaps bool) (settled, sure bool) {
	later := a.any
	switch {
	case gaps:
		later = a.known
	case f.noReplies:
		later = a.whole
	}
	settled = f.over && f.at.Before(later)
	return settled, settled || !f.over || !f.at.Before(a.unread)
}

// hasArrived reports whether the report is where it belongs, though its PDF may still be on its way.
func hasArrived(s delivery.Status) bool {
	return s.Over && !s.Skipped && (!s.Failed || s.Resent) || isThere(s)
}

// isThere reports whether the report is there, and its PDF is still on its way: waits for its next try, or somebody is at it.
func isThere(s delivery.Status) bool { return !s.Over && s.Record.Ref != "" }

// hasGaps reports whether the report has arrived, and chats or messages of the week are not known in it.
func hasGaps(s delivery.Status) bool {
	return s.Record.Gaps != "" && (s.Record.State == delivery.Accepted || s.Record.State == delivery.Delivered)
}

// An origin is what keeps a report back. What has failed for good is a cause of its own for each week.
type origin struct {
	fate  fateWord       // empty: it is still tried
	week  period.Period  // zero while it is still tried
	cause delivery.Cause // the words of the failure, where it names none
}

// A fateWord begins the ID of a cause of one week.
type fateWord string

const (
	isGone   fateWord = "gone"
	isMissed fateWord = "missed"
	withGaps fateWord = "gaps"
)

// id returns the ID of the cause: sage, or missed/2026-W46/sage. The state of ops holds it.
func (o origin) id() string {
	if o.fate == "" {
		return string(o.cause)
	}
	return string(o.fate) + "/" + o.week.String() + "/" + string(o.cause)
}

// gapOf returns why numbers are not known in a report that was sent; zero if they are.
func gapOf(s delivery.Status) origin {
	if !hasGaps(s) || s.Resent {
		return origin{}
	}
	return origin{withGaps, s.Record.Job.Period, delivery.Cause(s.Record.Gaps)}
}

// causeOf returns what keeps a delivery back; zero if nothing does, or if it is not known. What has failed
// for good is a cause of its own for each week: an operator has to send each week again.
func causeOf(s delivery.Status) origin {
	r := s.Record
	if s.Err != nil || s.Over && (!s.Failed || s.Resent) || isThere(s) || hasGaps(s) && r.Missing == "" {
		return origin{}
	}
	cause := cmp.Or(r.Cause, delivery.Cause(r.Missing), delivery.Cause(r.Reason), untried)
	switch {
	case r.State == delivery.Missed:
		return origin{isMissed, r.Job.Period, cause}
	case s.Over:
		return origin{isGone, r.Job.Period, cause}
	}
	return origin{cause: cause}
}

// isNews reports whether ops are to hear of a delivery that has not arrived.
func isNews(s delivery.Status, now time.Time) bool {
	return s.Over || s.Record.Remedy != "" || now.Sub(s.Due) >= Late
}

// explain takes the words of the cause from its reports, if it has any: those that most of them have.
func (c *Cause) explain() {
	if len(c.Reports) == 0 {
		return
	}
	type words struct{ reason, cure string }
	count := make(map[words]int)
	var most words
	for _, s := range c.Reports {
		w := words{cmp.Or(s.Record.Missing, s.Record.Reason), s.Record.Remedy}
		if c.gaps {
			w = words{s.Record.Gaps, ""}
		}
		if w.reason == "" {
			w = words{"no worker is done yet", "see the alarms of the queue and the worker's log"}
		}
		if count[w]++; count[w] > count[most] {
			most = w
		}
	}
	c.Reason, c.Remedy = strings.TrimRight(most.reason, "."), strings.TrimRight(most.cure, ".")
}

// BrokenConfig is the cause of a tenant's configuration that has mistakes. version names the text that has them.
func BrokenConfig(tenant, version, mistakes string, inForce bool, commands Commands) Cause {
	c := Cause{ID: "configuration", Version: version, Notify: true,
		Reason: "the configuration of " + tenant + " has mistakes",
		Remedy: Instruction("mend them in "+tenant+".yaml, which the first of these fetches", commands.Fix(tenant)...),
	}
	if inForce {
		c.Detail = "Nothing in it counts before they are mended; its last version without any stays in force.\n" + mistakes
		c.Remedy += "\n" + Instruction("Or put the version before it back", commands.Rollback(tenant))
	} else {
		c.Detail = "No version of it was ever free of them, so nothing is sent.\n" + mistakes
	}
	return c
}

// OutdatedConfig is the cause of a tenant's configuration that is in force and that this version of the program would refuse.
// warnings say where it does. It keeps no report back.
func OutdatedConfig(tenant, warnings string, commands Commands) Cause {
	sum := sha256.Sum256([]byte(warnings))
	return Cause{ID: "new-rules", Version: hex.EncodeToString(sum[:8]), Notify: true,
		Reason: "the configuration of " + tenant + " breaks rules that are new",
		Detail: "It stays in force, and its reports go on. It cannot be pushed again as it is.\n" + warnings,
		Remedy: Instruction("change "+tenant+".yaml, which the first of these fetches", commands.Fix(tenant)...),
	}
}

// OverLimit is OutdatedConfig of a configuration that is over a limit: what it has beyond that is not sent.
func OverLimit(tenant, warnings string, commands Commands) Cause {
	c := OutdatedConfig(tenant, warnings, commands)
	c.ID = "limits"
	c.Reason = "the configuration of " + tenant + " is over a limit, and what is beyond it is not sent"
	c.Detail = "The rest of it stays in force, and is sent. It cannot be pushed again as it is.\n" + warnings
	return c
}

// tickError is the cause that a tick could not see to everything of a tenant's.
func tickError(tenant string, err error) Cause {
	return Cause{ID: "tick", Notify: true, Unconfirmed: true, Reason: "the tick cannot see to everything of " + tenant + ": " + err.Error(),
		Remedy: "read the tick's log; until then reports may be late, and what is wrong with them is not told"}
}

// unreachable is one of ops who could not be told something.
type unreachable struct {
	ID     string `json:"id"` // of the destination
	To     string `json:"to"`
	Reason string `json:"reason"`
	Remedy string `json:"cure,omitempty"`
}

// cause is that of whoever of ops cannot be told. The others are told so.
func (d unreachable) cause() Cause {
	return Cause{ID: "ops/" + d.ID, Notify: true, Reason: "ops cannot be told at " + d.To + ": " + d.Reason, Remedy: d.Remedy}
}
