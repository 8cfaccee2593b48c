package collect

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
)

// cause returns why an answer is missing, for readers of the report. Since they do not run the
// service, it has no address, no text of an answer and no advice.
func cause(err error) figures.Cause {
	var failed *sage.Error
	if !errors.As(err, &failed) || errors.Is(err, sage.ErrNoKey) {
		return figures.Cause{Kind: figures.CauseUnsent, Who: "Sage"}
	}
	c := figures.Cause{Who: "Sage"}
	if failed.Endpoint == "sage/auth" {
		c.Who = "Kindly" // makes the tokens
	}
	switch {
	case failed.Status != 0 && (failed.Status < 200 || failed.Status > 299):
		c.Kind, c.Status = figures.CauseStatus, failed.Status
	case errors.As(err, new(*sage.ShapeError)):
		c.Kind = figures.CauseShape
	case failed.Page:
		c.Kind = figures.CausePage
	case failed.Late() && failed.Status != 0:
		c.Kind = figures.CauseUnfinished
	case failed.Late():
		c.Kind = figures.CauseLate
	case failed.BrokeOff():
		c.Kind = figures.CauseBroken
	case failed.Status != 0:
		c.Kind = figures.CauseUnreadable
	default:
		c.Kind = figures.CauseUnreachable
	}
	return c
}

// reasons are the sentences for causes other than a status, with who failed.
var reasons = map[string]string{
	figures.CauseUnsent:      "the question could not be sent to %s",
	figures.CauseShape:       "%s answered in an unexpected shape",
	figures.CausePage:        "%s answered with a web page instead of data",
	figures.CauseUnfinished:  "%s's answer did not come whole in time",
	figures.CauseLate:        "%s did not answer in time",
	figures.CauseBroken:      "%s's answer broke off",
	figures.CauseUnreadable:  "%s answered with something that could not be read",
	figures.CauseUnreachable: "%s could not be reached",
}

// reason returns a cause as one English sentence, for report.json and logs.
func reason(c figures.Cause) string {
	if c.Kind != figures.CauseStatus {
		return fmt.Sprintf(reasons[c.Kind], c.Who)
	}
	if text := http.StatusText(c.Status); text != "" {
		return fmt.Sprintf("%s answered %d %s", c.Who, c.Status, text)
	}
	return fmt.Sprintf("%s answered with status %d", c.Who, c.Status)
}

// refused reports whether Sage refused the question, so that asking again in a few minutes fails
// the same way. An answer of an unexpected shape is no refusal: a proxy may have sent it.
func refused(err error) bool {
	var failed *sage.Error
	passing := []int{
		http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
	}
	return errors.As(err, &failed) && failed.Status >= 400 && failed.Status < 500 &&
		!slices.Contains(passing, failed.Status)
}
