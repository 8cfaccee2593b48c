package collect

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
)

// cause tells the readers of a report why a part of it is missing. They do not run the service: of the error they get what
// happened and to whom, but no address, no answer's text and no advice.
func cause(err error) figures.Cause {
	var (
		failed *sage.Error
		shape  *sage.ShapeError
	)
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
	case errors.As(err, &shape):
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

// reason says a cause in the English of report.json and of logs, in one sentence.
func reason(c figures.Cause) string {
	switch c.Kind {
	case figures.CauseUnsent:
		return "the question could not be sent to " + c.Who
	case figures.CauseStatus:
		if text := http.StatusText(c.Status); text != "" {
			return fmt.Sprintf("%s answered %d %s", c.Who, c.Status, text)
		}
		return fmt.Sprintf("%s answered with status %d", c.Who, c.Status)
	case figures.CauseShape:
		return c.Who + " answered in an unexpected shape"
	case figures.CausePage:
		return c.Who + " answered with a web page instead of data"
	case figures.CauseUnfinished:
		return c.Who + "'s answer did not come whole in time"
	case figures.CauseLate:
		return c.Who + " did not answer in time"
	case figures.CauseBroken:
		return c.Who + "'s answer broke off"
	case figures.CauseUnreadable:
		return c.Who + " answered with something that could not be read"
	}
	return c.Who + " could not be reached"
}

// refused reports whether Sage has answered that it will not answer, so that asking again in a few minutes brings the same.
// An answer of another shape is none: it may have come from somebody in between, once.
func refused(err error) bool {
	var failed *sage.Error
	return errors.As(err, &failed) && failed.Status >= 400 && failed.Status < 500 && !slices.Contains(
		[]int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}, failed.Status)
}
