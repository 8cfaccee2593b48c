package cli

import (
	"errors"
	"fmt"
)

// ErrUsage matches, with errors.Is, the errors of Usagef.
var ErrUsage = errors.New("wrong command line")

// ErrPartial ends a command that made a report without some of its sections. It has printed which.
var ErrPartial = errors.New("some sections could not be fetched")

// ErrPrinted ends a command that failed and has printed why.
var ErrPrinted = errors.New("")

// Usagef returns an error about the command line that the parser cannot detect.
func Usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

type usageError struct{ error }

func (e usageError) Unwrap() error   { return e.error }
func (usageError) Is(err error) bool { return err == ErrUsage }
