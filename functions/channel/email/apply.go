package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kindlyweekly/report/delivery"
)

// Block says why an address gets no more mail.
type Block struct {
	Kind      Kind      `json:"kind"` // Bounced or Complained
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
	MessageID string    `json:"message_id"` // of the message that bounced
}

// String returns the kind, the date in UTC and the reason.
func (b *Block) String() string {
	return fmt.Sprintf("%s on %s UTC (%s)", b.Kind, b.At.UTC().Format(time.DateOnly), b.Reason)
}

// Blocked returns why a tenant's address gets no mail, by its destination's ID; nil if it gets
// mail. It fails if that cannot be read.
func Blocked(
	ctx context.Context, store delivery.Store, tenant, id string,
) (*Block, error) {
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
		return nil, fmt.Errorf("cannot read from %s whether %s of %s is blocked (%w)",
			key, id, tenant, err)
	}
	return &b, nil
}

// unblock returns what an operator does so that an address gets mail again.
func unblock(tenant, address string) string {
	return fmt.Sprintf("correct or remove the address in the configuration; if it works after all,"+
		" remove it from the suppression list in the SES console and delete %s from the bucket",
		delivery.KeysOf(tenant).Address(destinationID(address)))
}

// Apply records what an event says. The tick alerts ops from the record. Applying an event again
// changes nothing. Apply ignores events of messages that are not ours. It returns delivery.ErrBusy
// while the worker that sends the message has not recorded that; return the event to its queue
// then.
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
		r, err := l.Read(ctx, job, e.Tags.Delivery)
		if err == nil && r.State == delivery.Delivered {
			return nil // a transient bounce after the delivery is an out-of-office reply
		}
	}
	state, why := delivery.Bounced, e.failure()
	if why == nil {
		state = delivery.Delivered
	}
	_, err := l.RecordMailEvent(ctx, job, e.Tags.Delivery, state, e.MessageID, why)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) { // not found: sent without the ledger
		return fmt.Errorf("record a mail that was %s: %w", e.Kind, err)
	}
	return nil
}

// failure returns what an operator reads about the delivery; nil if it succeeded.
func (e Event) failure() *delivery.Failure {
	id := destinationID(e.Recipient)
	f := &delivery.Failure{Remedy: unblock(e.Tags.Tenant, e.Recipient),
		Cause: causeAddress.With(id), Permanent: true}
	switch {
	case e.Kind == Delivered:
		return nil
	case e.Kind == Complained:
		f.Err = fmt.Errorf("%s marked it as spam (%s)", e.Recipient, e.Reason)
	case e.Kind == Rejected:
		f.Err = fmt.Errorf("SES rejected it (%s)", e.Reason)
		f.Remedy, f.Cause = remedyContent, causeContent
	case e.Permanent:
		f.Err = fmt.Errorf("the mail to %s bounced permanently (%s)", e.Recipient, e.Reason)
	default:
		f.Err = fmt.Errorf("the mail to %s bounced (%s)", e.Recipient, e.Reason)
		f.Remedy, f.Cause = remedyMailbox, causeMailbox.With(id)
	}
	return f
}

const (
	remedyContent = "send it again; if SES rejects it again, check the texts of the bot's labels" +
		" and buttons"
	remedyMailbox = "ask the recipient whether the mailbox is full or refuses attachments"
)

// block blocks the event's address. A block that exists stays as it is.
func block(ctx context.Context, store delivery.Store, e Event) error {
	data, err := json.Marshal(
		&Block{Kind: e.Kind, Reason: e.Reason, At: e.At.UTC(), MessageID: e.MessageID})
	if err != nil {
		return err
	}
	key := delivery.KeysOf(e.Tags.Tenant).Address(destinationID(e.Recipient))
	o := delivery.Object{Data: data, Type: "application/json"}
	_, err = store.Put(ctx, key, o, delivery.Absent())
	if err != nil && !errors.Is(err, delivery.ErrConflict) {
		return fmt.Errorf("block an address that %s: %s: %w", e.Kind, key, err)
	}
	return nil
}
