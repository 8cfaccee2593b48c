package delivery

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/config"
)

// File is one edition, or a part of one, under the name it has in the archive.
type File struct {
	Name string // with slashes: charts/chats.png
	Type string // its MIME type
	Data []byte
}

// PDFFile is the edition that is attached to a mail, and shared under a message in Slack.
const PDFFile = "report.pdf"

// ChartFile returns the name of a chart's picture: charts/chats.png.
func ChartFile(chart string) string { return "charts/" + chart + ".png" }

// A build is in its bot's language. It has the editions in other languages beside it, each language
// in a folder. Its numbers have no language, so there is one [ReportFile].
const localesFolder = "locales/"

// WithLocale returns editions in another language under their names in a build:
// locales/nb/report.pdf.
func WithLocale(locale string, files []File) []File {
	var renamed []File
	for _, f := range files {
		if f.Name != ReportFile {
			f.Name = localesFolder + locale + "/" + f.Name
			renamed = append(renamed, f)
		}
	}
	return renamed
}

// WithoutLocales returns the files of a build in its own language, or in none.
func WithoutLocales(files []File) []File {
	return slices.DeleteFunc(slices.Clone(files), func(f File) bool {
		return strings.HasPrefix(f.Name, localesFolder)
	})
}

// InLocale returns the editions of a build in another language under the names of the build's own:
// report.pdf. It returns none if no destination wanted the language when it was built.
func InLocale(locale string, files []File) []File {
	var named []File
	for _, f := range files {
		if name, ok := strings.CutPrefix(f.Name, localesFolder+locale+"/"); ok {
			f.Name = name
			named = append(named, f)
		}
	}
	return named
}

// Message is a report or a notice on its way to a destination.
type Message struct {
	Key         string // names the delivery, see Delivery.Key, or a request
	Tenant      *config.Tenant
	Subject     config.Subject
	Destination config.Destination
	Build       string // the build that a report is of, see Manifest; the ID of a portfolio
	Payload     Payload

	// Signatures are what Find and SendReplies go by where they look for what earlier attempts may
	// have left. The ledger sets them.
	Signatures
}

// Topic is the medium of the operator's SNS topic. It takes notices alone.
const Topic config.Medium = "sns"

// Sender sends to one medium.
type Sender interface {
	// Find looks for a message that may have been sent since an instant. It has one of m's
	// Signatures, or its own. Find fails if the search does, and if the author of a message is not
	// known. It returns ErrCannotSearch if the service cannot be searched.
	Find(ctx context.Context, m Message, since time.Time) (ref string, found bool, err error)
	// Send sends m and returns its ID: Slack's ts, SES's message ID. The error should be a
	// *Failure; any other counts as one that passes, and m may have been sent.
	Send(ctx context.Context, m Message) (ref string, err error)
}

// Replier is a Sender whose messages have replies, such as the PDF in the thread of the digest.
// Replies are a step of their own: they are retried and recorded apart from the message, which is
// not sent again for them.
type Replier interface {
	Sender
	// SendReplies sends what belongs under the message with the ref, unless it is there. mark is
	// what the last try has noted; empty at first. note stores a new mark. If note fails,
	// SendReplies returns its error. A mark that is noted before a step tells the next try where to
	// look.
	//
	// missing says what will not come, after readers have been told so under the message. An error
	// is like that of Send and means: try again. If last is true, there is no other try, so
	// SendReplies should return missing instead.
	SendReplies(ctx context.Context, m Message, ref, mark string, last bool,
		note func(mark string) error) (missing *Failure, err error)
}

// CheckDeadline returns an error if ctx is done, or if its deadline has passed by the wall clock.
// The context of a suspended process does not notice that. Senders call it before each step that
// cannot be undone.
func CheckDeadline(ctx context.Context, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	end, limited := ctx.Deadline()
	if limited && !now.Round(0).Before(end.Round(0)) { // Round drops the monotonic clock
		return context.DeadlineExceeded
	}
	return nil
}

// ErrCannotSearch is Find's error for a service that cannot be searched, such as mail.
var ErrCannotSearch = errors.New("this service cannot be searched")

// Failure is an error of Send or Find, in words for an operator. One with a remedy that is not
// permanent waits for people: it is retried every hour.
type Failure struct {
	Err        error
	Remedy     string        // what to do; may be empty
	Cause      Cause         // groups failures; empty: those of the same words do
	Permanent  bool          // no other try can help
	MaybeSent  bool          // it may have been sent all the same, as when the answer was lost
	RetryAfter time.Duration // how long the service asked to wait; zero where it did not say
}

func (f *Failure) Error() string {
	if f.Remedy == "" {
		return f.Err.Error()
	}
	return f.Err.Error() + ": " + f.Remedy
}

func (f *Failure) Unwrap() error { return f.Err }
