package delivery

import (
	"context"
	"errors"
	"time"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/figures"
)

// File is one edition, or a part of one, under the name it has in the archive.
type File struct {
	Name string // with slashes: charts/chats.png
	Type string // its MIME type
	Data []byte
}

// Message is a report on its way to a destination.
type Message struct {
	Key         string // names the delivery, see Key; for a report that somebody asked for, the request
	Tenant      *bots.Tenant
	Bot         bots.Bot
	Destination bots.Destination
	Build       string // the build that Report and Files are of, see Manifest
	Report      *figures.Report
	Files       []File // every edition
}

// File returns an edition by its name, or nil.
func (m Message) File(name string) []byte {
	for _, f := range m.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// Sender sends to one medium.
type Sender interface {
	// Find looks for a message with the key that may have been sent since an instant. A lookup that failed is an error,
	// not "absent". ErrCannotLook: this medium cannot be searched.
	Find(ctx context.Context, m Message, since time.Time) (ref string, found bool, err error)
	// Send sends and returns what the message is known by: Slack's ts, SES's message id. An error is best a *Failure;
	// any other is taken for one that passes and may have sent.
	Send(ctx context.Context, m Message) (ref string, err error)
}

// ErrCannotLook is Find's error for a medium that cannot be searched, such as mail.
var ErrCannotLook = errors.New("cannot be looked for")

// Failure is a Send or a Find that failed, in words for an operator. One that has a cure and is not permanent waits for
// people, such as an app that is not yet in the channel: it is tried hourly while there is time to catch up.
type Failure struct {
	Err        error
	Cure       string        // what to do: "invite the app to the channel: /invite @Kindly Weekly"; may be empty
	Cause      string        // in a word or two, what else fails for the same reason: "sage"; empty: nothing but what fails with the same words
	Permanent  bool          // stop: no further try can help, as with an archived channel or a rejected address
	Doubtful   bool          // it may have been sent all the same, as when the answer was lost
	RetryAfter time.Duration // how long the service asked to wait; zero where it did not say
}

func (f *Failure) Error() string {
	if f.Cure == "" {
		return f.Err.Error()
	}
	return f.Err.Error() + ": " + f.Cure
}

func (f *Failure) Unwrap() error { return f.Err }
