package alerting

import (
	"strings"
	"time"

	"kindlyweekly/report/delivery"
)

// incident is a cause that ops know of.
type incident struct {
	ID      string     `json:"id"`
	Version string     `json:"version,omitempty"`
	Since   time.Time  `json:"since"`
	Reason  string     `json:"reason"`
	Reports []affected `json:"reports,omitempty"` // all that it ever affected, at most maxAffected
	More    int        `json:"more,omitempty"`    // how many beyond these
}

// maxAffected bounds the state if thousands of reports wait for the same.
const maxAffected = 300

type affected struct {
	Key        string    `json:"key"` // of the delivery
	Due        time.Time `json:"due"`
	NoPDF      bool      `json:"lacks,omitempty"`
	Incomplete bool      `json:"gaps,omitempty"`
}

// A problem is what is wrong with a report.
type problem int

const (
	undelivered problem = iota // and not retried
	noPDF                      // delivered without its PDF
	incomplete                 // delivered without all chats or messages of the week
	delayed                    // undelivered, and retried
	numProblems
)

func (a affected) problem() problem {
	switch {
	case a.Incomplete:
		return incomplete
	case a.NoPDF:
		return noPDF
	}
	return undelivered
}

// problemOf returns what is wrong with one of the cause's reports.
func (c Cause) problemOf(r Report) problem {
	switch {
	case c.incomplete:
		return incomplete
	case !r.over:
		return delayed
	case r.noPDF:
		return noPDF
	}
	return undelivered
}

// add adds the reports that the incident does not have, or counts them.
func (x *incident) add(c Cause) {
	known := make(map[string]bool, len(x.Reports))
	for _, a := range x.Reports {
		known[a.Key] = true
	}
	for i := range c.Reports {
		r := &c.Reports[i]
		key := r.key()
		if known[key] {
			continue
		}
		if len(x.Reports) == maxAffected {
			x.More = max(x.More, len(c.Reports)-maxAffected)
			return
		}
		x.Reports = append(x.Reports, affected{Key: key, Due: r.due,
			NoPDF: r.noPDF && !c.incomplete, Incomplete: c.incomplete})
	}
}

// An ending is what has become of a report, once the incident's cause is not found any more.
type ending int

const (
	fixed      ending = iota // it arrived, or was sent again as it should be
	replaced                 // a later week's report is as it should be
	unwanted                 // it was skipped, or is no longer configured
	postponed                // another cause delays it
	unresolved               // it stays as it is
	numEndings
)

// endings counts reports.
type endings [numProblems][numEndings]int

// sum counts the reports that have one of the endings.
func (e endings) sum(of ...ending) (n int) {
	for _, counts := range e {
		for _, end := range of {
			n += counts[end]
		}
	}
	return n
}

// changed reports whether anything has improved. If only time has passed, ops are not told.
func (e endings) changed() bool { return e.sum(fixed, replaced, unwanted) > 0 }

// endings counts what has become of the reports. It is not sure if a record could not be read, or
// if another cause delays all that still wait, since that may hide this cause. The ledger is not
// asked about reports that were due longer than forgotten ago.
func (x incident) endings(now time.Time, known known, forgotten time.Duration) (
	e endings, sure bool) {
	for _, a := range x.Reports {
		f, ok, last := known.fate(a.Key)
		if !ok && !known.looked(a.Key) {
			return e, false
		}
		end, sure := f.ending(a, last)
		switch {
		case !ok && now.Sub(a.Due) >= forgotten:
			end, sure = unresolved, true
		case !ok:
			end, sure = unwanted, true
		}
		if !sure {
			return e, false
		}
		p := a.problem()
		if end == unresolved && !f.noPDF && !f.incomplete {
			p = undelivered // it came back since, or was missed
		}
		e[p][end]++
	}
	return e, e.sum(postponed) == 0 || e.changed()
}

// fate is what is kept of the status of a delivery.
type fate struct {
	place
	unread, missed, skipped, arrived, incomplete, noPDF, over bool

	at time.Time // of the record
}

func fateOf(s delivery.Status) fate {
	return fate{place: placeOf(s), unread: s.Err != nil, skipped: s.Skipped, over: s.Over,
		missed:  s.Record.State == delivery.Missed && !s.Resent,
		arrived: hasArrived(s), incomplete: hasGaps(s), noPDF: s.Record.Missing != "",
		at: s.Record.At}
}

// ending returns what has become of an affected report, and whether that is sure.
func (f fate) ending(a affected, last arrival) (end ending, sure bool) {
	later, sure := last.replaces(f, a.Incomplete)
	arrived := f.arrived
	switch a.problem() {
	case undelivered:
		arrived = arrived || f.noPDF || f.incomplete
	case noPDF:
		arrived = arrived || f.incomplete && !f.noPDF
	}
	switch {
	case f.unread:
		return 0, false
	case f.missed:
		return unresolved, true
	case f.skipped:
		return unwanted, true
	case arrived:
		return fixed, true
	case later:
		return replaced, true
	case f.over:
		return unresolved, sure
	}
	return postponed, sure
}

// known is what a tick knows of tenants' deliveries, by tenant. It has the planned ones alone.
type known map[string]deliveries

// deliveries is what a tick knows of a tenant's deliveries.
type deliveries struct {
	fates   map[string]fate // by key
	arrived map[place]arrival
	watched map[string]bool // the keys that were looked at
}

// deliveriesOf returns what the statuses say of the watched deliveries, by their keys.
func deliveriesOf(statuses []delivery.Status, watched map[string]bool) deliveries {
	all := deliveries{make(map[string]fate), make(map[place]arrival), watched}
	if len(watched) == 0 {
		return all
	}
	for _, s := range statuses {
		if key := s.Key(); watched[key] {
			all.fates[key] = fateOf(s)
			all.arrived[placeOf(s)] = arrival{}
		}
	}
	if len(all.fates) > 0 {
		for at, last := range lastArrivals(statuses) {
			if _, needed := all.arrived[at]; needed {
				all.arrived[at] = last
			}
		}
	}
	return all
}

// fate returns that of the delivery with the key, whether it is known, and what has arrived at its
// destination.
func (k known) fate(key string) (f fate, ok bool, last arrival) {
	tenant, _, _ := strings.Cut(key, "/")
	its := k[tenant]
	f, ok = its.fates[key]
	return f, ok, its.arrived[f.place]
}

// looked reports whether the tick has looked for the delivery with the key. Of a tenant that was
// removed there is none to find.
func (k known) looked(key string) bool {
	tenant, _, _ := strings.Cut(key, "/")
	its, found := k[tenant]
	return !found || its.watched[key]
}
