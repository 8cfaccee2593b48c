package mail

import "kindlyweekly/report/theme"

// scheme is the colors of the page, from package theme.
type scheme struct {
	Page, Card, Panel, Line markup // behind and between
	Ink, Muted              markup // texts
	Button, OnButton        markup
	Good, Bad               markup // changes for the better and for the worse
	Notice, Warning         markup // behind missing reports, and beside them
}

func newTheme(t theme.Theme) scheme {
	return scheme{
		Page: colour(t.Page), Card: colour(t.Card), Panel: colour(t.Panel), Line: colour(t.Line),
		Ink: colour(t.Ink), Muted: colour(t.Muted),
		Button: colour(t.Accent), OnButton: colour(t.OnAccent),
		Good: colour(t.GoodText), Bad: colour(t.WarningText),
		Notice: colour(t.WarningTint), Warning: colour(t.Warning),
	}
}

// light has the colors that no brand changes. A page has the others.
var light = newTheme(theme.Light(""))
