package sesapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
)

// Block is why nothing more is sent to an address.
type Block struct {
	Kind      Kind      `json:"kind"` // Bounced or Complained
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
	MessageID string    `json:"message_id"` // of the message that came back
}

// Blocked returns why nothing is sent to a tenant's address, by the id of its destination; nil if nothing speaks
// against it.
func Blocked(ctx context.Context, store delivery.Store, tenant, id string) (*Block, error) {
	key := delivery.KeysOf(tenant).Address(id)
	o, err := store.Get(ctx, key)
	if errors.Is(err, delivery.ErrNotFound) {
		return nil, nil
	}
	var b Block
	if err == nil {
		err = json.Unmarshal(o.Data, &b)
	}
	if err != nil {
		return nil, fmt.Errorf("whether %s of %s is blocked cannot be read from %s: %w", id, tenant, key, err)
	}
	return &b, nil
}

// unblock says how an address gets mail again.
func unblock(tenant, address string) string {
	return fmt.Sprintf("correct or remove the address in the configuration; if it works after all, remove it from the suppression list "+
		"in the SES console and delete %s from the bucket", delivery.KeysOf(tenant).Address(destinationID(address)))
}

// Notice is something that the tenant's ops must be told.
type Notice struct {
	Tenant  string
	Bot     string // empty where a message to ops came back
	Week    string // likewise
	Address string
	Blocked bool // nothing more is sent to the address
	Text    string
}

// Apply writes down what an event says, and returns what ops must be told, if anything. Applying an event again changes
// nothing and returns the same notice. Events of messages that are not ours are passed over. delivery.ErrBusy: the worker
// that sends the message has not yet recorded so; the event belongs back into its queue.
func Apply(ctx context.Context, l *delivery.Ledger, e Event) (*Notice, error) {
	if e.Kind == "" || e.Tags.Tenant == "" {
		return nil, nil
	}
	blocked := e.Kind == Complained || e.Kind == Bounced && e.Permanent
	news := e.Kind != Delivered
	if blocked {
		because, err := block(ctx, l.Store, e)
		if err != nil {
			return nil, err
		}
		news = because.MessageID == e.MessageID // else they were told of another message
	}
	if job, ok := e.Tags.job(); ok {
		stands, err := hear(ctx, l, job, e)
		if err != nil {
			return nil, fmt.Errorf("a mail that was %s: %w", e.Kind, err)
		}
		news = news && !stands
	}
	if !news {
		return nil, nil
	}
	n := &Notice{Tenant: e.Tags.Tenant, Bot: e.Tags.Bot, Week: e.Tags.Week, Address: e.Recipient, Blocked: blocked}
	n.Text = n.text(e)
	return n, nil
}

// hear writes an event into the ledger. It reports whether the record stands against the event: what was delivered and
// comes back, but not for good, is an out-of-office note.
func hear(ctx context.Context, l *delivery.Ledger, job bots.Job, e Event) (stands bool, err error) {
	if e.Kind == Bounced && !e.Permanent {
		if r, err := l.Read(ctx, job, e.Tags.Delivery); err == nil && r.State == delivery.Delivered {
			return true, nil
		}
	}
	state, why := delivery.Bounced, e.failure()
	if why == nil {
		state = delivery.Delivered
	}
	_, err = l.Hear(ctx, job, e.Tags.Delivery, state, e.MessageID, why)
	if errors.Is(err, delivery.ErrNotFound) {
		return false, nil // sent without the ledger
	}
	return false, err
}

// failure is what an operator reads of the delivery; nil where all is well.
func (e Event) failure() *delivery.Failure {
	f := &delivery.Failure{Cure: unblock(e.Tags.Tenant, e.Recipient), Cause: causeAddress(e.Recipient), Permanent: true}
	switch {
	case e.Kind == Delivered:
		return nil
	case e.Kind == Complained:
		f.Err = fmt.Errorf("%s marked it as spam: %s", e.Recipient, e.Reason)
	case e.Kind == Rejected:
		f.Err = fmt.Errorf("SES rejected it: %s", e.Reason)
		f.Cure, f.Cause = cureContent, causeContent
	case e.Permanent:
		f.Err = fmt.Errorf("the mail to %s came back for good: %s", e.Recipient, e.Reason)
	default:
		f.Err = fmt.Errorf("the mail to %s came back: %s", e.Recipient, e.Reason)
		f.Cure, f.Cause = cureMailbox, causeMailbox(e.Recipient)
	}
	return f
}

const (
	cureContent = "send it again; if SES rejects it again, look at what the bot's labels and buttons say"
	cureMailbox = "ask the recipient whether the mailbox is full or refuses attachments"
)

// text is what ops read.
func (n *Notice) text(e Event) string {
	what := "a message to ops"
	if n.Bot != "" {
		what = fmt.Sprintf("the report of bot %s, week %s,", n.Bot, n.Week)
	}
	var happened, cure string
	switch {
	case e.Kind == Complained:
		happened, cure = fmt.Sprintf("%s marked %s as spam (%s). Nothing more is sent there", n.Address, what, e.Reason), unblock(n.Tenant, n.Address)
	case e.Kind == Rejected:
		happened, cure = fmt.Sprintf("SES did not send %s to %s (%s)", what, n.Address, e.Reason), cureContent
	case n.Blocked:
		happened, cure = fmt.Sprintf("%s to %s came back for good (%s). Nothing more is sent there", what, n.Address, e.Reason), unblock(n.Tenant, n.Address)
	default:
		happened, cure = fmt.Sprintf("%s to %s came back (%s). The next one is sent all the same", what, n.Address, e.Reason), cureMailbox
	}
	return happened + ": " + cure + "."
}

// block blocks the event's address, and returns why it is blocked: by this event, or an earlier one.
func block(ctx context.Context, store delivery.Store, e Event) (*Block, error) {
	tenant, id := e.Tags.Tenant, destinationID(e.Recipient)
	b := &Block{Kind: e.Kind, Reason: e.Reason, At: e.At.UTC(), MessageID: e.MessageID}
	data, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	key := delivery.KeysOf(tenant).Address(id)
	_, err = store.Put(ctx, key, delivery.Object{Data: data, Type: "application/json"}, delivery.Absent())
	if errors.Is(err, delivery.ErrConflict) {
		if b, err = Blocked(ctx, store, tenant, id); b == nil && err == nil {
			err = delivery.ErrNotFound // somebody has unblocked it just now
		}
	}
	if err != nil {
		return nil, fmt.Errorf("blocking an address that %s: %s: %w", e.Kind, key, err)
	}
	return b, nil
}
