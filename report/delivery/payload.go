package delivery

import (
	"sync"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/summary"
)

// Payload is what a message says: the [Editions] of a report, a [Portfolio] or a [Notice]. A Sender
// switches on its type where it renders, and fails for a type that it does not know.
type Payload interface {
	// About returns the period that the payload is about; false: none.
	About() (period.Period, bool)
	// Gaps returns why chats or messages of the period are missing; empty: they are not.
	Gaps() string
	// HasReplies reports whether replies belong under the message, see Replier.
	HasReplies() bool
}

// Editions is the payload of a report.
type Editions struct {
	Report *figures.Report
	Files  []File // every edition

	once    sync.Once
	summary *summary.Summary
	err     error
}

// Summary returns [summary.Of] the report, which it computes once: a message, its replies and a
// mail need it. Callers do not change it.
func (e *Editions) Summary() (*summary.Summary, error) {
	e.once.Do(func() { e.summary, e.err = summary.Of(e.Report) })
	return e.summary, e.err
}

// About returns the report's period.
func (e *Editions) About() (period.Period, bool) { return e.Report.Period.Name, true }

// Gaps returns [figures.Report.CoreGap].
func (e *Editions) Gaps() string { return e.Report.CoreGap() }

// HasReplies returns true: the details and the PDF.
func (e *Editions) HasReplies() bool { return true }

// File returns an edition by its name; nil if there is none.
func (e *Editions) File(name string) []byte {
	for _, f := range e.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// PDF returns the report as a document, and nil if there is none.
func (e *Editions) PDF() []byte { return e.File(PDFFile) }

// Chart returns the picture of a chart of the report as a PNG, and nil if there is none.
func (e *Editions) Chart(name string) []byte { return e.File(ChartFile(name)) }

// Portfolio is the payload of the report about all bots of a tenant. The Sender renders the message
// from it.
type Portfolio struct {
	*portfolio.Portfolio
	PDF []byte // nil: there is none
}

// About returns the portfolio's period.
func (p *Portfolio) About() (period.Period, bool) { return p.Period, true }

// Gaps returns "": a portfolio says of each bot why its numbers are missing.
func (*Portfolio) Gaps() string { return "" }

// HasReplies returns true: the reply is the PDF.
func (*Portfolio) HasReplies() bool { return true }

// Notice is the payload of a plain-text message to ops.
type Notice struct {
	ID      string    `json:"id"` // names it: letters, digits and -
	At      time.Time `json:"at"` // since when it is so
	Subject string    `json:"subject"`
	Text    string    `json:"text"` // further lines; may be empty
}

// About returns false.
func (*Notice) About() (period.Period, bool) { return period.Period{}, false }

// Gaps returns "".
func (*Notice) Gaps() string { return "" }

// HasReplies returns false.
func (*Notice) HasReplies() bool { return false }
