package alerting

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Late is how long after its due time a report may arrive before ops are told, whatever the reason.
const Late = time.Hour

// Cause is why reports do not arrive, or do not arrive as they should.
type Cause struct {
	ID      string // stays the same while the cause lasts
	Version string // if it changes, ops are told again
	Reason  string // a sentence without its full stop
	Remedy  string // what to do; may be empty
	Detail  string // further lines

	Reports     []Report // the affected ones
	Notify      bool     // ops are told, unless they have been
	Unconfirmed bool     // ops are told only if two ticks in a row find it

	said []said // why the reports are affected, for Reason and Remedy

	missed     bool           // the catch-up window has ended
	incomplete bool           // the reports were sent, but lack chats or messages
	base       delivery.Cause // the ID without the week; empty if no report has it
	tenant     string         // for the operator: whose cause it is; empty: everyone's
}

// title begins a subject.
func (c Cause) title() string {
	if c.missed {
		week := c.Reports[0].job.Period.String()
		return c.prefixed("reports of " + week + " were missed, because " + c.Reason)
	}
	return c.prefixed(c.Reason)
}

// prefixed returns the text after the tenant's name, or with a capital.
func (c Cause) prefixed(text string) string {
	if c.tenant != "" {
		return c.tenant + ": " + text
	}
	if word, _, _ := strings.Cut(text, " "); strings.Contains(word, "@") {
		return text // an address keeps its case
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Shared reports whether the cause concerns all tenants, so that the operator is told once.
func (c Cause) Shared() bool {
	return c.base == untried || c.base.Shared()
}

// untried is the cause of a report that no worker has finished with.
const untried delivery.Cause = "untried"

// Causes groups a tenant's reports that have not arrived as they should by cause, in the order of
// the deliveries. It leaves out those whose record could not be read, and those that ended before
// a later report arrived at the same destination, or may have arrived.
func Causes(statuses []delivery.Status, now time.Time) []Cause {
	var all []Cause
	at := make(map[string]int)
	last := lastArrivals(statuses)
	for _, s := range statuses {
		for _, o := range []origin{originOf(s), gapsOf(s)} {
			if o == (origin{}) {
				continue
			}
			incomplete := o.prefix == sentIncomplete
			replaced, sure := last[placeOf(s)].replaces(fateOf(s), incomplete)
			if replaced || !sure {
				continue
			}
			i, known := at[o.id()]
			if !known {
				i = len(all)
				at[o.id()] = i
				all = append(all, Cause{ID: o.id(), base: o.cause, incomplete: incomplete,
					missed: o.prefix == isMissed, Unconfirmed: o == origin{cause: untried}})
			}
			c := &all[i]
			c.add(s)
			c.Notify = c.Notify || s.Over || s.Record.Remedy != "" || now.Sub(s.Due) >= Late
		}
	}
	for i := range all {
		all[i].explain()
	}
	return all
}

// Report is what notices say of an affected report. A tick keeps those of all tenants until it
// notifies the operator, so it is a quarter of a status.
type Report struct {
	job     config.Job
	name    string // of the bot
	zone    *time.Location
	to      config.Destination
	extra   string // see delivery.Delivery
	due     time.Time
	over    bool
	noPDF   bool
	inDoubt bool // it may have arrived
}

func reportOf(s delivery.Status) Report {
	return Report{job: s.Job, name: s.Subject.Name, zone: s.Subject.Location, to: s.Destination,
		extra: s.Extra, due: s.Due, over: s.Over, noPDF: s.Record.Missing != "",
		inDoubt: s.Record.InDoubt()}
}

// delivery returns the delivery as far as its key and commands need it.
func (r *Report) delivery() delivery.Delivery {
	return delivery.Delivery{Job: r.job, Destination: r.to, Extra: r.extra, Due: r.due}
}

func (r *Report) key() string { return r.delivery().Key() }

// said is why reports are affected, and how many say so.
type said struct {
	reason, remedy string
	reports        int
}

// place is where a bot's reports go, week after week. In one tick the configuration of a tenant has
// one spelling of an address, so no ID is computed.
type place struct {
	bot    string
	medium config.Medium
	to     string
}

func placeOf(s delivery.Status) place {
	return place{s.Job.Bot, s.Destination.Medium, s.Destination.To}
}

// arrival is when the last report of a place was due: the last that arrived, the last with its PDF,
// the last with all its numbers, and the last whose record could not be read.
type arrival struct{ any, withPDF, complete, unread time.Time }

func lastArrivals(statuses []delivery.Status) map[place]arrival {
	last := make(map[place]arrival)
	for _, s := range statuses {
		place := placeOf(s)
		at := last[place]
		latest := func(t *time.Time, is bool) {
			if is && s.Due.After(*t) {
				*t = s.Due
			}
		}
		arrived := s.Err == nil && (hasArrived(s) || s.Record.Missing != "" || hasGaps(s))
		latest(&at.any, arrived)
		latest(&at.withPDF, arrived && !awaitsPDF(s) && s.Record.Missing == "")
		latest(&at.complete, arrived && s.Record.Gaps == "")
		latest(&at.unread, s.Err != nil)
		last[place] = at
	}
	return last
}

// replaces reports whether a later report makes up for one that is over, and whether that is sure.
// A report that lacks its PDF needs one that has it; an incomplete one needs one that is complete.
func (a arrival) replaces(f fate, incomplete bool) (replaced, sure bool) {
	later := a.any
	switch {
	case incomplete:
		later = a.complete
	case f.noPDF:
		later = a.withPDF
	}
	replaced = f.over && f.at.Before(later)
	return replaced, replaced || !f.over || !f.at.Before(a.unread)
}

// hasArrived reports whether the report is at its destination. Its PDF may still follow.
func hasArrived(s delivery.Status) bool {
	return s.Over && !s.Skipped && (!s.Failed || s.Resent) || awaitsPDF(s)
}

// awaitsPDF reports whether the report has arrived and its PDF is still to be sent.
func awaitsPDF(s delivery.Status) bool { return !s.Over && s.Record.Ref != "" }

// hasGaps reports whether the report has arrived without all chats or messages of the week.
func hasGaps(s delivery.Status) bool {
	return s.Record.Gaps != "" &&
		(s.Record.State == delivery.Accepted || s.Record.State == delivery.Delivered)
}

// An origin identifies a cause. What is over is a cause of its own for each week, since an operator
// has to send each week again.
type origin struct {
	prefix prefix
	week   period.Period
	cause  delivery.Cause // or the reason, if the failure names no cause
}

// A prefix begins the ID of a cause of one week. It is empty while the report is still retried.
type prefix string

const (
	isOver         prefix = "gone"
	isMissed       prefix = "missed"
	sentIncomplete prefix = "gaps"
)

// id returns the ID of the cause, which the state of ops holds: sage, or missed/2026-W46/sage.
func (o origin) id() string {
	if o.prefix == "" {
		return string(o.cause)
	}
	return string(o.prefix) + "/" + o.week.String() + "/" + string(o.cause)
}

// gapsOf returns why a report that was sent lacks numbers; zero if it does not.
func gapsOf(s delivery.Status) origin {
	if !hasGaps(s) || s.Resent {
		return origin{}
	}
	return origin{sentIncomplete, s.Record.Job.Period, delivery.Cause(s.Record.Gaps)}
}

// originOf returns why a report has not arrived with its PDF; zero if it has, or if its record
// could not be read.
func originOf(s delivery.Status) origin {
	r := s.Record
	if s.Err != nil || s.Over && (!s.Failed || s.Resent) || awaitsPDF(s) ||
		hasGaps(s) && r.Missing == "" {
		return origin{}
	}
	cause := cmp.Or(r.Cause, delivery.Cause(r.Missing), delivery.Cause(r.Reason), untried)
	switch {
	case r.State == delivery.Missed:
		return origin{isMissed, r.Job.Period, cause}
	case s.Over:
		return origin{isOver, r.Job.Period, cause}
	}
	return origin{cause: cause}
}

// add adds an affected report.
func (c *Cause) add(s delivery.Status) {
	c.Reports = append(c.Reports, reportOf(s))
	why := said{cmp.Or(s.Record.Missing, s.Record.Reason), s.Record.Remedy, 1}
	if c.incomplete {
		why = said{s.Record.Gaps, "", 1}
	}
	if why.reason == "" {
		why = said{"no worker has finished yet", "check the queue's alarms and the worker's log", 1}
	}
	c.say(why)
}

// say counts why reports are affected.
func (c *Cause) say(why said) {
	i := slices.IndexFunc(c.said, func(s said) bool {
		return s.reason == why.reason && s.remedy == why.remedy
	})
	if i < 0 {
		c.said = append(c.said, why)
		return
	}
	c.said[i].reports += why.reports
}

// explain sets Reason and Remedy to those that most of the reports have, if there are reports.
func (c *Cause) explain() {
	if len(c.said) == 0 {
		return
	}
	most := c.said[0]
	for _, s := range c.said[1:] {
		if s.reports > most.reports {
			most = s
		}
	}
	c.Reason, c.Remedy = strings.TrimRight(most.reason, "."), strings.TrimRight(most.remedy, ".")
}

// BrokenConfig is the cause of a tenant's configuration that has mistakes. The version names the
// text that has them; inForce says that an earlier version without mistakes is still used.
func BrokenConfig(tenant, version, mistakes string, inForce bool, commands Commands) Cause {
	c := Cause{ID: "configuration", Version: version, Notify: true,
		Reason: "the configuration of " + tenant + " has mistakes",
		Detail: "It has no valid version, so no reports are sent.\n" + mistakes,
		Remedy: fix(tenant, commands),
	}
	if inForce {
		c.Detail = "Its last valid version stays in force until they are fixed.\n" + mistakes
		c.Remedy += "\n" + Instruction("Or go back to that version", commands.Rollback(tenant))
	}
	return c
}

// OutdatedConfig is the cause of a tenant's configuration that an earlier version of the program
// accepted and this one would not. It stays in force and delays no report. The warnings say what
// to change.
func OutdatedConfig(tenant, warnings string, commands Commands) Cause {
	sum := sha256.Sum256([]byte(warnings))
	return Cause{ID: "new-rules", Version: hex.EncodeToString(sum[:8]), Notify: true,
		Reason: "the configuration of " + tenant + " breaks new rules",
		Detail: "It stays in force and reports continue, but the next push is refused until this" +
			" is fixed.\n" + warnings,
		Remedy: fix(tenant, commands),
	}
}

// OverLimit is OutdatedConfig for a configuration that exceeds a limit. What exceeds the limit is
// not sent.
func OverLimit(tenant, warnings string, commands Commands) Cause {
	c := OutdatedConfig(tenant, warnings, commands)
	c.ID = "limits"
	c.Reason = "the configuration of " + tenant + " exceeds a limit, and the excess is not sent"
	c.Detail = "The rest is sent, but the next push is refused until this is fixed.\n" + warnings
	return c
}

func fix(tenant string, commands Commands) string {
	return Instruction("pull the configuration, correct "+tenant+".yaml, check it and push it",
		commands.Fix(tenant)...)
}
