package delivery

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
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

// A build is in its bot's language, and has the editions of others beside it, each language in a folder of its own. Its
// numbers are frozen once and have no language, so that there is one [ReportFile].
const localesFolder = "locales/"

// WithLocale returns editions that were drawn in another language under the names that they have in a build:
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

// WithoutLocales returns the files of a build that are in its own language, or in none.
func WithoutLocales(files []File) []File {
	return slices.DeleteFunc(slices.Clone(files), func(f File) bool { return strings.HasPrefix(f.Name, localesFolder) })
}

// InLocale returns the editions of a build in another language than its own, under the names that its own have: report.pdf.
// There are none in a language that nobody wanted when it was built.
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

// Message is a report on its way to a destination.
type Message struct {
	Key         string // names the delivery, see Key; for a report that somebody asked for, the request
	Tenant      *config.Tenant
	Bot         config.Bot
	Destination config.Destination
	Build       string // the build that Report and Files are of, see Manifest
	Report      *figures.Report
	Files       []File  // every edition
	Notice      *Notice // what is sent in the place of a report

	Portfolio *portfolio.Portfolio // likewise

	// Signatures are what Find and SendReplies go by where they look for what earlier attempts may have left. The ledger sets them.
	Signatures
}

// Notice is something that ops are told, in plain text.
type Notice struct {
	ID      string    `json:"id"` // names it: letters, digits and -
	At      time.Time `json:"at"` // since when it is so
	Subject string    `json:"subject"`
	Text    string    `json:"text"` // further lines; may be empty
}

// gaps is why the numbers of the report's core are not known; empty: they are, or it is no report.
func (m Message) gaps() string {
	if m.Report == nil {
		return ""
	}
	return m.Report.CoreGap()
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

// PDF returns the report as a document, and nil if there is none.
func (m Message) PDF() []byte { return m.File(PDFFile) }

// Chart returns the picture of a chart of the report as a PNG, and nil if there is none.
func (m Message) Chart(name string) []byte { return m.File(ChartFile(name)) }

// Period returns the period that the message is about. It returns false for a notice.
func (m Message) Period() (period.Period, bool) {
	switch {
	case m.Report != nil:
		return m.Report.Period.Name, true
	case m.Portfolio != nil:
		return m.Portfolio.Period, true
	}
	return period.Period{}, false
}

// Topic is the medium of an SNS topic, by which whoever runs a deployment hears of it. It takes notices alone.
const Topic config.Medium = "sns"

// Sender sends to one medium.
type Sender interface {
	// Find looks for a message that may have been sent since an instant: one with one of the message's Signatures, or with its
	// own. A lookup that failed is an error, not "absent"; so is a message of which it cannot be known who posted it.
	// ErrCannotSearch: this medium cannot be searched.
	Find(ctx context.Context, m Message, since time.Time) (ref string, found bool, err error)
	// Send sends and returns what the message is known by: Slack's ts, SES's message id. An error is best a *Failure;
	// any other is taken for one that passes and may have sent.
	Send(ctx context.Context, m Message) (ref string, err error)
}

// Replier is a Sender one of whose messages has something under it that is sent after it, such as the PDF in the thread
// of the digest. That is a step of its own: it is tried, and recorded, apart from the message, which is not repeated for it.
type Replier interface {
	Sender
	// SendReplies brings what belongs under the message with the ref, unless it is there. mark is what an earlier attempt
	// noted last, empty at first; note keeps a new one, and where that fails SendReplies is to end with its error. So a mark that is
	// noted before something is done tells the next attempt where to look for it.
	//
	// lacks says that it will not come and why, and that readers have been told so under the message. An error is as that of
	// Send, and means that it is to be tried again; last says that this will not be done, so that lacks should be the end of it.
	SendReplies(ctx context.Context, m Message, ref, mark string, last bool, note func(mark string) error) (lacks *Failure, err error)
}

// CheckDeadline returns why nothing more may be sent under ctx: that it is over, or that its deadline has passed by the wall clock,
// of which a process that stood still has not heard yet. Senders ask right before what cannot be undone.
func CheckDeadline(ctx context.Context, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if end, limited := ctx.Deadline(); limited && !now.Round(0).Before(end.Round(0)) { // without the clock that stood still
		return context.DeadlineExceeded
	}
	return nil
}

// ErrCannotSearch is Find's error for a medium that cannot be searched, such as mail.
var ErrCannotSearch = errors.New("cannot be looked for")

// Failure is a Send or a Find that failed, in words for an operator. One that has a cure and is not permanent waits for
// people, such as an app that is not yet in the channel: it is tried hourly while there is time to catch up.
type Failure struct {
	Err        error
	Remedy     string        // what to do: "invite the app to the channel: /invite @Kindly Weekly"; may be empty
	Cause      Cause         // what else fails for the same reason; empty: what fails with the same words
	Permanent  bool          // stop: no further try can help, as with an archived channel or a rejected address
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
