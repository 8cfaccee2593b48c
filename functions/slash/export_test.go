package slash

import (
	"time"

	"kindlyweekly/report/config"
)

// Sign signs a body as Slack does.
var Sign = sign

// Shown quotes a name as an answer does.
var Shown = shown

// Choose returns a function that returns the bot that a text names, among all of the tenant, or the
// answer.
func Choose(t *config.Tenant) func(text string, now time.Time) (bot, answer string) {
	all := newDirectory(t)
	s, err := newReplies("en", "/kindly-report")
	if err != nil {
		panic(err) // English has a wording
	}
	return func(text string, now time.Time) (bot, answer string) {
		c, found := all.choose(text, now)
		if found {
			return c.bot.ID, ""
		}
		return "", s.unknown(c, all, now)
	}
}

// Readings returns the names of all readings of a text.
func Readings(text string) (all []string) {
	for _, r := range readings(text) {
		all = append(all, r.name)
	}
	return all
}
