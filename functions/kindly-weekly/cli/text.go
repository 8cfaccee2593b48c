package cli

import (
	"fmt"
	"strings"
)

// Count returns n with its noun: 1 bot, 2 bots.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Quoted quotes texts of the service for a terminal, and shortens each to 40 characters.
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

// OneLine joins the lines of a text with spaces.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
