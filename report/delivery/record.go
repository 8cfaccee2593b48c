package delivery

import (
	"time"

	"kindlyweekly/report/config"
)

// State is what became of a delivery.
type State string

// The states of a record. All but Claimed, Failed and Sent are final.
const (
	Claimed       State = "claimed"   // by a worker, until its claim ends
	Retrying      State = "failed"    // to be tried again at NextTry
	Sent          State = "sent"      // without its replies, which are retried at NextTry
	Accepted      State = "accepted"  // Slack or SES has it
	Delivered     State = "delivered" // SES said that the recipient's server took it
	Bounced       State = "bounced"   // SES reported a bounce or a complaint
	FailedForGood State = "failed for good"
	Missed        State = "missed"  // the catch-up window ended
	Skipped       State = "skipped" // not wanted: skip_if_empty, on_alert
)

// Final reports whether the delivery is over.
func (s State) Final() bool { return s != Claimed && s != Retrying && s != Sent && s != "" }

// Record is the ledger's entry for one delivery: one week of one bot to one destination. Instants
// are UTC.
type Record struct {
	State       State      `json:"state"`
	Job         config.Job `json:"job,omitzero"`
	Destination string     `json:"destination"`      // its ID
	Extra       string     `json:"extra,omitempty"`  // see Delivery.Extra
	Notice      string     `json:"notice,omitempty"` // of what is no report but a Notice: its id
	Build       string     `json:"build,omitempty"`  // the build that was or will be sent
	Due         time.Time  `json:"due,omitzero"`

	Owner     string    `json:"owner"`          // a nonce of the writer
	First     time.Time `json:"first,omitzero"` // when the first attempt of any kind began
	Since     time.Time `json:"since,omitzero"` // when the first claim began: where searches begin
	Until     time.Time `json:"until,omitzero"` // when the last claim ends
	MaybeSent bool      `json:"look,omitempty"` // an earlier try may have sent: search first

	Attempts int       `json:"attempts"`
	NextTry  time.Time `json:"next_try,omitzero"`
	Retry    time.Time `json:"retry,omitzero"`   // when to send again if the search finds nothing
	Reason   string    `json:"reason,omitempty"` // of the last failure, or of one with a remedy
	Remedy   string    `json:"cure,omitempty"`   // what to do about it
	Cause    Cause     `json:"cause,omitempty"`

	// Slack's ts or SES's message ID, once sent
	Ref            string    `json:"ref,omitempty"`
	SentAt         time.Time `json:"sent_at,omitzero"`   // since when
	At             time.Time `json:"at,omitzero"`        // when the state became final
	MaybeDuplicate bool      `json:"doubtful,omitempty"` // possibly sent twice
	Found          bool      `json:"found,omitempty"`    // by a search; sent from Since to SentAt

	// What belongs under the message, see Replier.
	Progress   string `json:"mark,omitempty"`    // what the sender noted last
	ReplyTries int    `json:"follows,omitempty"` // how often it was tried
	Missing    string `json:"lacks,omitempty"`   // why the replies will not come; see Remedy

	// Gaps is why chats or messages of the week are not known in the report that was sent; empty:
	// they are.
	Gaps string `json:"gaps,omitempty"`

	Signatures // of the claims
}

// Failed reports whether the delivery is over and not as it should be. Skipped is as it should be.
func (r Record) Failed() bool {
	switch r.State {
	case FailedForGood, Bounced, Missed:
		return true
	}
	return r.State.Final() && (r.Missing != "" || r.Gaps != "")
}

// arrived reports whether the delivery is over and its message was sent, with or without replies.
func (r Record) arrived() bool { return r.State == Accepted || r.State == Delivered }

// SentSince reports whether the message was certainly sent at the instant or later. The destination
// accepted messages then. A message that a search found may be as old as its first claim.
func (r Record) SentSince(at time.Time) bool {
	if r.Found {
		return r.arrived() && r.Since.After(at)
	}
	return r.arrived() && !r.SentAt.Before(at)
}

// InDoubt reports whether the delivery was given up although its message may have been sent.
func (r Record) InDoubt() bool { return r.Failed() && r.MaybeSent && r.Ref == "" }

// live reports whether a worker's claim holds at the instant.
func (r Record) live(now time.Time) bool { return r.State == Claimed && now.Before(r.Until) }

// setError records why a try failed. A failure that passes does not replace one that people must
// fix: that is still unfixed, and is why the delivery is missed in the end.
func (r *Record) setError(f *Failure) {
	if f.Remedy == "" && !f.Permanent && r.Remedy != "" {
		return
	}
	r.Reason, r.Remedy, r.Cause = f.Err.Error(), f.Remedy, f.Cause
}

// delay returns how long to wait after so many tries.
func (r Record) delay(attempts int) time.Duration {
	if r.Remedy != "" {
		return time.Hour // so that it is sent soon after people have acted
	}
	const m, h = time.Minute, time.Hour
	delays := [...]time.Duration{5 * m, 15 * m, h, 3 * h, 6 * h}
	return delays[min(max(attempts, 1), len(delays))-1]
}

// clearError removes why earlier tries failed.
func (r *Record) clearError() {
	r.Reason, r.Remedy, r.Cause, r.NextTry, r.Retry = "", "", "", time.Time{}, time.Time{}
}

// slot is where the ledger keeps a record and its empty markers, which spare the tick from reading
// the record.
type slot struct {
	record string
	done   string // exists once the delivery is over; empty: there is none
}

// failed is the marker of a delivery that is over and not as it should be; it is written before
// done. skipped is that of one that was not wanted.
func (s slot) failed() string  { return s.done + ".wrong" }
func (s slot) skipped() string { return s.done + ".skipped" }
