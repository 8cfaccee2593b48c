package slash

import (
	"time"

	"kindlyweekly/report/config"
)

// Sign is what Slack does.
var Sign = sign

// Shown is how a name stands in an answer.
var Shown = shown

// Choose returns a function that finds the bot that a text means to a person who may ask for all of them, or else says
// what to write.
func Choose(t *config.Tenant) func(text string, now time.Time) (bot, answer string) {
	all := newDirectory(t)
	s, err := speak("en", "/kindly-report")
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

// Readings returns the names that a text is searched for by.
func Readings(text string) (all []string) {
	for _, r := range readings(text) {
		all = append(all, r.name)
	}
	return all
}
