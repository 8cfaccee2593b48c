package cli

import (
	"fmt"
	"strings"

	"kindlyweekly/report/config"
)

func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Quoted makes strangers' texts safe for a terminal and short enough for a table.
func Quoted(texts []string) string {
	if len(texts) == 0 {
		return "none"
	}
	var quoted []string
	for _, text := range texts {
		if runes := []rune(text); len(runes) > 40 {
			text = string(runes[:39]) + "…"
		}
		quoted = append(quoted, fmt.Sprintf("%q", text))
	}
	return strings.Join(quoted, " ")
}

// OneLine keeps a row one row.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Label names a destination as people know it, and as --to takes it.
func Label(d config.Destination) string { return string(d.Medium) + ":" + d.To }
