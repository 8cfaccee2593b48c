package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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

// Apply writes down what an event says, from which the tick tells ops. Applying an event again changes nothing. Events of
// messages that are not ours are passed over. delivery.ErrBusy: the worker that sends the message has not yet recorded so;
// the event belongs back into its queue.
func Apply(ctx context.Context, l *delivery.Ledger, e Event) error {
	if e.Kind == "" || e.Tags.Tenant == "" {
		return nil
	}
	if e.Kind == Complained || e.Permanent {
		if err := block(ctx, l.Store, e); err != nil {
			return err
		}
	}
	job, ok := e.Tags.job()
	if !ok {
		return nil
	}
	if e.Kind == Bounced && !e.Permanent {
		if r, err := l.Read(ctx, job, e.Tags.Delivery); err == nil && r.State == delivery.Delivered {
			return nil // what was delivered and comes back, but not for good, is an out-of-office note
		}
	}
	state, why := delivery.Bounced, e.failure()
	if why == nil {
		state = delivery.Delivered
	}
	_, err := l.RecordMailEvent(ctx, job, e.Tags.Delivery, state, e.MessageID, why)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) { // which was sent without the ledger
		return fmt.Errorf("a mail that was %s: %w", e.Kind, err)
	}
	return nil
}

// failure is what an operator reads of the delivery; nil where all is well.
func (e Event) failure() *delivery.Failure {
	f := &delivery.Failure{Remedy: unblock(e.Tags.Tenant, e.Recipient), Cause: causeAddress.With(destinationID(e.Recipient)), Permanent: true}
	switch {
	case e.Kind == Delivered:
		return nil
	case e.Kind == Complained:
		f.Err = fmt.Errorf("%s marked it as spam: %s", e.Recipient, e.Reason)
	case e.Kind == Rejected:
		f.Err = fmt.Errorf("SES rejected it: %s", e.Reason)
		f.Remedy, f.Cause = cureContent, causeContent
	case e.Permanent:
		f.Err = fmt.Errorf("the mail to %s came back for good: %s", e.Recipient, e.Reason)
	default:
		f.Err = fmt.Errorf("the mail to %s came back: %s", e.Recipient, e.Reason)
		f.Remedy, f.Cause = cureMailbox, causeMailbox.With(destinationID(e.Recipient))
	}
	return f
}

const (
	cureContent = "send it again; if SES rejects it again, look at what the bot's labels and buttons say"
	cureMailbox = "ask the recipient whether the mailbox is full or refuses attachments"
)

// block blocks the event's address, unless it is.
func block(ctx context.Context, store delivery.Store, e Event) error {
	data, err := json.Marshal(&Block{Kind: e.Kind, Reason: e.Reason, At: e.At.UTC(), MessageID: e.MessageID})
	if err != nil {
		return err
	}
	key := delivery.KeysOf(e.Tags.Tenant).Address(destinationID(e.Recipient))
	_, err = store.Put(ctx, key, delivery.Object{Data: data, Type: "application/json"}, delivery.Absent())
	if err != nil && !errors.Is(err, delivery.ErrConflict) {
		return fmt.Errorf("blocking an address that %s: %s: %w", e.Kind, key, err)
	}
	return nil
}
