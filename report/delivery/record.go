package delivery

import (
	"time"

	"kindlyweekly/report/config"
)

// State is what became of a delivery.
type State string

// The states of a record. All but Claimed, Failed and Sent are final.
const (
	Claimed       State = "claimed"   // a worker is at it, until its claim ends
	Retrying      State = "failed"    // to be tried again at NextTry
	Sent          State = "sent"      // it is there, and what belongs under it is to be tried again at NextTry, see Replier
	Accepted      State = "accepted"  // Slack or SES has it
	Delivered     State = "delivered" // SES said that the recipient's server took it
	Bounced       State = "bounced"   // SES said that it came back, or that the recipient complained
	FailedForGood State = "failed for good"
	Missed        State = "missed"  // the catch-up window ended
	Skipped       State = "skipped" // nothing to say: an empty week with skip_if_empty, a week without alarm with on_alert
)

// Final reports whether nothing is left to do.
func (s State) Final() bool { return s != Claimed && s != Retrying && s != Sent && s != "" }

// Record is the ledger's entry for one delivery: one week of one bot to one destination. Instants are UTC.
type Record struct {
	State       State      `json:"state"`
	Job         config.Job `json:"job,omitzero"`
	Destination string     `json:"destination"`      // its ID
	Extra       string     `json:"extra,omitempty"`  // see Delivery.Extra
	Notice      string     `json:"notice,omitempty"` // of what is no report but a Notice: its id
	Build       string     `json:"build,omitempty"`  // the build that was or will be sent
	Due         time.Time  `json:"due,omitzero"`

	Owner     string    `json:"owner"`          // of the claim, or of what was written without one: a nonce
	First     time.Time `json:"first,omitzero"` // when the first attempt of any kind began
	Since     time.Time `json:"since,omitzero"` // when the first claim began: where to look for what may have been sent
	Until     time.Time `json:"until,omitzero"` // when the last claim ends
	MaybeSent bool      `json:"look,omitempty"` // an earlier attempt may have sent: look before sending

	Attempts int       `json:"attempts"`
	NextTry  time.Time `json:"next_try,omitzero"`
	Retry    time.Time `json:"retry,omitzero"`   // after doubt: when to send again, where the next try finds nothing
	Reason   string    `json:"reason,omitempty"` // of the last failure, for people; of an earlier one while that has a cure
	Remedy   string    `json:"cure,omitempty"`   // what to do about it
	Cause    Cause     `json:"cause,omitempty"`

	Ref            string    `json:"ref,omitempty"`      // Slack's ts, SES's message id: it is there
	SentAt         time.Time `json:"sent_at,omitzero"`   // since when
	At             time.Time `json:"at,omitzero"`        // when the state became final
	MaybeDuplicate bool      `json:"doubtful,omitempty"` // possibly sent twice

	// What belongs under the message, see Replier.
	Progress   string `json:"mark,omitempty"`    // what the sender noted last
	ReplyTries int    `json:"follows,omitempty"` // how often it was tried
	Missing    string `json:"lacks,omitempty"`   // why it is not there, and will not be; Remedy says what to do

	// Gaps is why chats or messages of the week are not known in the report that was sent; empty: they are.
	Gaps string `json:"gaps,omitempty"`

	Signatures // of the claims
}

// Failed reports whether the delivery is over, and not as it should be. Skipped is as it should be.
func (r Record) Failed() bool {
	switch r.State {
	case FailedForGood, Bounced, Missed:
		return true
	}
	return r.State.Final() && (r.Missing != "" || r.Gaps != "")
}

// arrived reports whether the delivery is over and its message is there, though perhaps without what belongs under it.
func (r Record) arrived() bool { return r.State == Accepted || r.State == Delivered }

// InDoubt reports whether the delivery was given up, and its message may be there all the same.
func (r Record) InDoubt() bool { return r.Failed() && r.MaybeSent && r.Ref == "" }

// live reports whether a worker's claim holds at the instant.
func (r Record) live(now time.Time) bool { return r.State == Claimed && now.Before(r.Until) }

// setError writes down why an attempt failed. What passes hides nothing that people have to cure: nobody has cured it for that,
// so nobody is to be told that it is over, and it is why the delivery is missed in the end.
func (r *Record) setError(f *Failure) {
	if f.Remedy == "" && !f.Permanent && r.Remedy != "" {
		return
	}
	r.Reason, r.Remedy, r.Cause = f.Err.Error(), f.Remedy, f.Cause
}

// delay is how long to wait after so many attempts, of which the last is blamed.
func (r Record) delay(attempts int) time.Duration {
	if r.Remedy != "" {
		return time.Hour // for people to act, and not to wait long after they have
	}
	delays := [...]time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}
	return delays[min(max(attempts, 1), len(delays))-1]
}

// clearError takes back what earlier attempts failed for.
func (r *Record) clearError() {
	r.Reason, r.Remedy, r.Cause, r.NextTry, r.Retry = "", "", "", time.Time{}, time.Time{}
}

// slot is where the ledger keeps a record, and the empty marks that spare the tick a look at it.
type slot struct {
	record string
	done   string // is there when the delivery is over; empty: nobody lists such deliveries
}

// failed is there, before done is, when it is over and not as it should be; skipped, when nobody wanted it.
func (s slot) failed() string  { return s.done + ".wrong" }
func (s slot) skipped() string { return s.done + ".skipped" }
