package command

import (
	"time"

	"kindlyweekly/report/bots"
)

// Sign is what Slack does.
var Sign = sign

// Understand returns the bot that a text means to a person who may ask for all of them, or else the answer.
func Understand(text string, t *bots.Tenant, now time.Time) (bot, answer string) {
	c, found := newDirectory(t.Bots, fold).choose(text, now)
	if found {
		return c.bot.ID, ""
	}
	s, err := speak("en", "/kindly-report")
	if err != nil {
		return "", err.Error()
	}
	return "", s.unknown(c, t.Bots, now)
}

// Folds returns how many names are folded to find the bot that a text means.
func Folds(text string, seen []bots.Bot) (n int) {
	counted := func(s string) string {
		n++
		return fold(s)
	}
	newDirectory(seen, counted).choose(text, time.Date(2026, time.November, 16, 12, 0, 0, 0, time.UTC))
	return n
}
