package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"kindlyweekly/report/config"
)

// ReadConfig reads a configuration. It prints a note for what check refuses but earlier versions
// accepted.
func (h Host) ReadConfig(file string) (*config.Tenant, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	file = ShortPath(file)
	tenant, warnings, err := config.ParseInForce(file, data)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		return nil, fmt.Errorf("%s has mistakes:\n%s", file, ListMistakes(file, mistakes))
	}
	h.WarnConfig(file, warnings)
	return tenant, err
}

// WarnConfig prints the new rules that a configuration breaks.
func (h Host) WarnConfig(file string, warnings config.Mistakes) {
	if len(warnings) > 0 {
		fmt.Fprintf(h.Err,
			"note: %s breaks new rules and is used as it is; check and config push reject it:\n%s\n",
			file, ListMistakes(file, warnings))
	}
}

// ListMistakes formats mistakes as compilers do, so that editors can jump to them.
func ListMistakes(file string, mistakes config.Mistakes) string {
	var lines []string
	for _, m := range mistakes {
		lines = append(lines, file+":"+m.String())
	}
	return strings.Join(lines, "\n")
}
