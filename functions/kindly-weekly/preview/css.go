package preview

import (
	"fmt"
	"html/template"
	"strings"

	"kindlyweekly/report/theme"
)

// Colors returns the page's colors as CSS variables.
func Colors(t theme.Theme) template.CSS {
	return variables("--page", t.Page, "--card", t.Card, "--panel", t.Panel, "--line", t.Line,
		"--rule", t.Rule, "--ink", t.Ink, "--muted", t.Muted,
		"--accent", t.Accent, "--on-accent", t.OnAccent, "--accent-text", t.AccentText)
}

// Brand returns the colors that a bot's brand changes, as CSS variables. when is light or dark.
func Brand(when string, t theme.Theme) template.CSS {
	name := func(s string) string { return "--" + when + "-" + s }
	return variables(name("accent"), t.Accent, name("accent-text"), t.AccentText, name("good"),
		t.GoodText, name("bad"), t.WarningText)
}

// variables formats pairs of name and color as CSS. None comes from user input.
func variables(pairs ...any) template.CSS {
	var css strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&css, "%s: %s; ", pairs[i], pairs[i+1])
	}
	return template.CSS(css.String())
}
