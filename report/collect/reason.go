package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"

	"kindlyweekly/sage"
)

// reason tells the readers of a report, in one sentence, why a part of it is missing. They do not run the service: of
// the error they get what happened and to whom, but no address, no answer's text and no advice.
func reason(err error) string {
	var (
		failed  *sage.Error
		shape   *sage.ShapeError
		network net.Error
	)
	sent := errors.As(err, &failed)
	switch {
	case sent && (failed.Status < 200 || failed.Status > 299) && failed.Status != 0:
		who := "Sage"
		if failed.Endpoint == "sage/auth" {
			who = "Kindly" // makes the tokens
		}
		if text := http.StatusText(failed.Status); text != "" {
			return fmt.Sprintf("%s answered %d %s", who, failed.Status, text)
		}
		return fmt.Sprintf("%s answered with status %d", who, failed.Status)
	case errors.As(err, &shape):
		return "Sage answered in an unexpected shape"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "Sage did not answer in time"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "Sage's answer broke off"
	case sent && failed.Status != 0:
		return "Sage answered with something that could not be read"
	case sent:
		return "Sage could not be reached"
	}
	return "the question could not be sent to Sage"
}

// refused reports whether Sage has answered that it will not answer, so that asking again in a few minutes brings the same.
func refused(err error) bool {
	var failed *sage.Error
	var shape *sage.ShapeError
	if errors.As(err, &shape) {
		return true
	}
	return errors.As(err, &failed) && failed.Status >= 400 && failed.Status < 500 && !slices.Contains(
		[]int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}, failed.Status)
}
