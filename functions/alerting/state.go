package alerting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/delivery"
)

// state is what ops know, and what they are still to be told.
type state struct {
	Open        []incident        `json:"open,omitempty"`
	Notices     []delivery.Notice `json:"notices,omitempty"` // the oldest first
	Receipt     Receipt           `json:"receipt,omitzero"`  // the last
	Unreachable []unreachable     `json:"deaf,omitempty"`    // who of ops could not be told, the last time

	// Seen is since when ticks have found the causes, by their IDs, of which nobody has been told yet.
	Seen map[string]time.Time `json:"seen,omitempty"`

	etag string
}

// incident is a cause that ops know of.
type incident struct {
	ID      string     `json:"id"`
	Version string     `json:"version,omitempty"`
	Since   time.Time  `json:"since"`
	Reason  string     `json:"reason"`
	Reports []affected `json:"reports,omitempty"` // that it has ever kept back, at most mostAffected
	More    int        `json:"more,omitempty"`    // how many beside these
}

type affected struct {
	Key       string    `json:"key"` // of the delivery
	Due       time.Time `json:"due"`
	NoReplies bool      `json:"lacks,omitempty"` // it was there, and lacked something
	Gaps      bool      `json:"gaps,omitempty"`  // it was there, and numbers in it were not known
}

// mostAffected keeps the state small where thousands of bots wait for the same.
const mostAffected = 300

// load reads a state; an empty one where there is none.
func load(ctx context.Context, store delivery.Store, key string) (state, error) {
	o, err := store.Get(ctx, key)
	if errors.Is(err, delivery.ErrNotFound) {
		return state{}, nil
	}
	var s state
	if err != nil {
		return state{}, fmt.Errorf("what ops were told: %s: %w", key, err)
	}
	if err := json.Unmarshal(o.Data, &s); err != nil {
		// Not "nobody was told of anything": all of it would be told again, and no cause that ends meanwhile.
		return state{}, fmt.Errorf("what ops were told: %s: %w: put its last good version back, or delete it, so that ops are told anew", key, err)
	}
	s.etag = o.ETag
	return s, nil
}

// change saves what update makes of a state, unless that is the same, and returns it. What another tick saves in between
// is updated anew.
func change(ctx context.Context, store delivery.Store, key string, update func(*state)) (state, error) {
	const tries = 5
	for range tries {
		s, err := load(ctx, store, key)
		if err != nil {
			return s, err
		}
		before, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			return s, err
		}
		update(&s)
		after, err := json.MarshalIndent(s, "", "  ")
		if err != nil || bytes.Equal(before, after) {
			return s, err
		}
		condition := delivery.Absent()
		if s.etag != "" {
			condition = delivery.Unchanged(s.etag)
		}
		_, err = store.Put(ctx, key, delivery.Object{Data: after, Type: "application/json"}, condition)
		switch {
		case err == nil:
			return s, nil
		case !errors.Is(err, delivery.ErrConflict):
			return s, fmt.Errorf("what ops were told: %s: %w", key, err)
		}
	}
	return state{}, fmt.Errorf("what ops were told: %s: %w, %d times in a row", key, delivery.ErrConflict, tries)
}

// fate is what is remembered of how a delivery stands once its Status is let go.
type fate struct {
	place
	unread, missed, skipped, arrived, gaps, noReplies, over bool

	at time.Time // of the record
}

func fateOf(s delivery.Status) fate {
	return fate{place: placeOf(s), unread: s.Err != nil, missed: s.Record.State == delivery.Missed && !s.Resent, skipped: s.Skipped,
		arrived: hasArrived(s), gaps: hasGaps(s), noReplies: s.Record.Missing != "", over: s.Over, at: s.Record.At}
}

// fates are those of deliveries, by their keys.
func fates(standings []delivery.Status) map[string]fate {
	all := make(map[string]fate, len(standings))
	for _, s := range standings {
		all[s.Key()] = fateOf(s)
	}
	return all
}

// known is what is known of tenants' deliveries, by tenant. What is not planned any more is not in it.
type known map[string]*Tenant

func knowing(all ...*Tenant) known {
	k := make(known)
	for _, t := range all {
		k[t.Name] = t
	}
	return k
}

// fate returns that of the delivery with the key, whether it is known, and what has arrived where it goes.
func (k known) fate(key string) (f fate, ok bool, last arrival) {
	tenant, _, _ := strings.Cut(key, "/")
	t := k[tenant]
	if t == nil {
		return fate{}, false, arrival{}
	}
	f, ok = t.fates[key]
	return f, ok, t.arrived[f.place]
}

// update compares the causes that there are with those that ops know of, and adds notices for what has changed.
// A cause for which unsure says so is not over, though it is not among them.
func (s *state) update(now time.Time, causes []Cause, known known, unsure func(incident) bool, w writer) {
	var open []incident
	seen := make(map[string]time.Time)
	for _, c := range causes {
		since := now.UTC()
		if at, ok := s.Seen[c.ID]; ok {
			since = at
		}
		news := c.Notify && (!c.Unconfirmed || now.Sub(since) >= doubtTime)
		i := slices.IndexFunc(s.Open, func(x incident) bool { return x.ID == c.ID })
		if i < 0 && !news {
			if c.Notify || !c.Unconfirmed {
				seen[c.ID] = since
			}
			continue
		}
		x := incident{ID: c.ID, Version: c.Version, Since: since, Reason: c.title()}
		if i >= 0 {
			x = s.Open[i]
		}
		x.add(c)
		if i < 0 || x.Version != c.Version {
			x.Version, x.Reason, x.Since = c.Version, c.title(), since
			s.notify(now, c.ID+c.Version, w.begun(c, now))
		}
		open = append(open, x)
	}
	s.Seen = seen
	for _, x := range s.Open {
		if slices.ContainsFunc(open, func(o incident) bool { return o.ID == x.ID }) {
			continue
		}
		end, sure := x.end(now, known, w.forgotten)
		switch {
		case !sure || unsure(x):
			open = append(open, x)
		case end.worthTelling() || len(x.Reports) == 0:
			s.notify(now, "over "+x.ID, w.over(x, end, now))
		}
	}
	s.Open = open
}

// doubtTime is how long ago another tick must have found what one alone may be wrong about: what no worker has touched may
// just have been queued, by the first tick after an outage.
const doubtTime = 15 * time.Minute

// inDoubt reports whether ticks have not found that no worker touches something for long enough to be sure.
func (s *state) inDoubt(now time.Time) bool {
	return now.Sub(s.Seen[string(untried)]) < doubtTime
}

// add counts the reports in that the incident did not know of.
func (x *incident) add(c Cause) {
	reports := c.Reports
	known := make(map[string]bool, len(x.Reports))
	for _, a := range x.Reports {
		known[a.Key] = true
	}
	for _, s := range reports {
		if known[s.Key()] {
			continue
		}
		if len(x.Reports) == mostAffected {
			x.More = max(x.More, len(reports)-mostAffected)
			return
		}
		x.Reports = append(x.Reports, affected{s.Key(), s.Due, s.Record.Missing != "" && !c.gaps, c.gaps})
	}
}

// end is what became of the reports that an incident kept back, which it does no more.
type end struct {
	arrived, completed, mended, later, laterWhole, laterKnown, elsewhere, unwanted, lacking, unknown, lost int
}

// worthTelling reports whether it is over because something has changed, and not because time has.
func (e end) worthTelling() bool {
	return e.arrived+e.completed+e.mended+e.later+e.laterWhole+e.laterKnown+e.unwanted > 0
}

// end counts. It is not sure where the ledger does not answer, nor where all that still waits does so for another reason,
// which may only hide this one. What fell due longer than forgotten ago nobody asks the ledger about any more.
func (x incident) end(now time.Time, known known, forgotten time.Duration) (e end, sure bool) {
	for _, a := range x.Reports {
		f, ok, last := known.fate(a.Key)
		settled, sure := last.settles(f, a.Gaps)
		switch {
		case f.unread:
			return e, false
		case !ok && now.Sub(a.Due) >= forgotten, f.missed:
			e.lost++
		case !ok, f.skipped:
			e.unwanted++
		case f.arrived && a.Gaps:
			e.mended++
		case a.NoReplies && (f.arrived || f.gaps && !f.noReplies):
			e.completed++
		case f.arrived, (f.noReplies || f.gaps) && !a.NoReplies && !a.Gaps:
			e.arrived++
		case !sure:
			return e, false
		case settled && a.Gaps:
			e.laterKnown++
		case a.Gaps && f.gaps:
			e.unknown++
		case settled && f.noReplies:
			e.laterWhole++
		case settled:
			e.later++
		case f.noReplies:
			e.lacking++
		case f.over:
			e.lost++
		default:
			e.elsewhere++
		}
	}
	return e, e.elsewhere == 0 || e.worthTelling()
}

// notify adds a notice that is known by what it is about and since when.
func (s *state) notify(now time.Time, about string, n delivery.Notice) {
	sum := sha256.Sum256([]byte(about))
	n.ID = now.UTC().Format("20060102T1504") + "-" + hex.EncodeToString(sum[:6])
	n.At = now.UTC()
	s.Notices = append(s.Notices, n)
}
