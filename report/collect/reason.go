package collect

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"kindlyweekly/sage"
)

// reason tells the readers of a report, in one sentence, why a part of it is missing. They do not run the service: of
// the error they get what happened and to whom, but no address, no answer's text and no advice.
func reason(err error) string {
	var (
		failed *sage.Error
		shape  *sage.ShapeError
	)
	if !errors.As(err, &failed) || errors.Is(err, sage.ErrNoKey) {
		return "the question could not be sent to Sage"
	}
	who := "Sage"
	if failed.Endpoint == "sage/auth" {
		who = "Kindly" // makes the tokens
	}
	switch {
	case failed.Status != 0 && (failed.Status < 200 || failed.Status > 299):
		if text := http.StatusText(failed.Status); text != "" {
			return fmt.Sprintf("%s answered %d %s", who, failed.Status, text)
		}
		return fmt.Sprintf("%s answered with status %d", who, failed.Status)
	case errors.As(err, &shape):
		return who + " answered in an unexpected shape"
	case failed.Page:
		return who + " answered with a web page instead of data"
	case failed.Late() && failed.Status != 0:
		return who + "'s answer did not come whole in time"
	case failed.Late():
		return who + " did not answer in time"
	case failed.BrokeOff():
		return who + "'s answer broke off"
	case failed.Status != 0:
		return who + " answered with something that could not be read"
	}
	return who + " could not be reached"
}

// refused reports whether Sage has answered that it will not answer, so that asking again in a few minutes brings the same.
// An answer of another shape is none: it may have come from somebody in between, once.
func refused(err error) bool {
	var failed *sage.Error
	return errors.As(err, &failed) && failed.Status >= 400 && failed.Status < 500 && !slices.Contains(
		[]int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}, failed.Status)
}
