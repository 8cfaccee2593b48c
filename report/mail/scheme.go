package mail

import "kindlyweekly/report/theme"

// scheme is the colors of the page, from package theme.
type scheme struct {
	Page, Card, Panel, Line markup // behind and between
	Ink, Muted              markup // texts
	Button, OnButton        markup
	Good, Bad               markup // changes for the better and for the worse
	Notice, Warning         markup // behind warnings, and next to them
	GoodTint, Tint          markup // behind good and behind neutral news
	Link                    markup
}

func newTheme(t theme.Theme) scheme {
	return scheme{
		Page: color(t.Page), Card: color(t.Card), Panel: color(t.Panel), Line: color(t.Line),
		Ink: color(t.Ink), Muted: color(t.Muted),
		Button: color(t.Accent), OnButton: color(t.OnAccent),
		Good: color(t.GoodText), Bad: color(t.WarningText),
		Notice: color(t.WarningTint), Warning: color(t.Warning),
		GoodTint: color(t.GoodTint), Tint: color(t.Tint), Link: color(t.AccentText),
	}
}

// light has the colors that no brand changes. A page has the others.
var light = newTheme(theme.Light(""))
