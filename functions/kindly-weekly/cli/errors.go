package cli

import (
	"errors"
)

// ErrUsage is a mistake in the command line that the parser cannot see.
var ErrUsage = errors.New("wrong usage")

// ErrPartial ends a command that made its report, though not the whole of it. What is missing has been said.
var ErrPartial = errors.New("some sections could not be fetched")

// ErrPrinted ends a command whose complaint has been printed.
var ErrPrinted = errors.New("")
