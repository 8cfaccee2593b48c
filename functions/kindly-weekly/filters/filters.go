// Package filters checks the sources and languages that a bot counts against those that Kindly's
// statistics know.
package filters

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
)

// Flags is a command that counts a source or a language alone only if Kindly's statistics know it,
// or if it is told to.
type Flags struct {
	ForceFilters bool `help:"Accept a source or language that Kindly's statistics do not know, such as a new source."`
}

// errNoOptions is that Sage lists nothing to hold a filter against.
var errNoOptions = errors.New("meta/options lists none")

func Of(bot config.Bot) figures.Filters {
	return figures.Filters{Sources: bot.Sources, Languages: bot.Languages}
}

// unknownFilters asks Sage which of the sources and languages that the bot counts alone it does not
// know. It asks nothing for a bot that counts nothing alone. What is unknown is returned beside
// errUnchecked, too.
func unknownFilters(ctx context.Context, client *sage.Client,
	bot config.Bot) (*figures.UnknownFilters, error) {
	if Of(bot).Included().Empty() {
		return nil, nil
	}
	options, err := client.Options(ctx, bot.ID)
	if err != nil {
		return nil, err
	}
	unknown, checked := Of(bot).Unknown(figures.Options(options))
	if !checked {
		err = errNoOptions
	}
	return unknown, err
}

// Describe says of each unknown source and language what was probably meant, a line for each.
func Describe(u *figures.UnknownFilters) (lines []string) {
	for _, of := range []struct {
		what           string
		unknown, known []string
		meant          func(word string, known []string) string
	}{{"source", u.Sources, u.KnownSources, NearestSource},
		{"language", u.Languages, u.KnownLanguages, NearestLanguage}} {
		for _, name := range of.unknown {
			line := fmt.Sprintf("%s %q is unknown to Kindly's statistics", of.what, name)
			if meant := of.meant(name, of.known); meant != "" {
				line += ": did you mean " + cli.Quoted([]string{meant}) + "?"
			}
			const most = 10
			if n := len(of.known); n > most {
				line += fmt.Sprintf(" (known: %s and %d more)", cli.Quoted(of.known[:most]), n-most)
			} else if n > 0 {
				line += fmt.Sprintf(" (known: %s)", cli.Quoted(of.known))
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// NearestSource returns which of the known sources was probably meant: one that the word begins
// with, as web of website, or one of which it is a slip; "" if there is none.
func NearestSource(word string, known []string) (meant string) {
	const least = 3 // letters of a beginning
	for _, k := range known {
		if len(k) >= least && len(k) > len(meant) &&
			strings.HasPrefix(strings.ToLower(word), strings.ToLower(k)) {
			meant = k
		}
	}
	if meant != "" {
		return meant
	}
	return config.Nearest(word, known)
}

// NearestLanguage returns which of the known languages was probably meant; "" if there is none. A
// slip is not looked for, since of two letters everything is one.
func NearestLanguage(code string, known []string) string {
	// Norwegian; se is Sami, and Sweden
	for _, same := range [][]string{{"nb", "no", "nn"}, {"se", "sv"}} {
		if !slices.Contains(same, code) {
			continue
		}
		for _, other := range same {
			if slices.Contains(known, other) {
				return other
			}
		}
	}
	return ""
}

// checkTime is how long a configuration's filters may take to be checked.
const checkTime = 15 * time.Second

// WarnTenant warns of the sources and languages of a tenant's bots that Kindly's statistics do not
// know. It asks for those bots that count something alone and whose API key is at hand: in the
// environment, or where the deployment keeps it. No failure of it is one of the command.
func WarnTenant(ctx context.Context, h cli.Host, t *config.Tenant) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	warnings := make([][]Warning, len(t.Bots))
	var group errgroup.Group
	group.SetLimit(8)
	for i, bot := range t.Bots {
		if Of(bot).Included().Empty() {
			continue
		}
		group.Go(func() error {
			key, err := deployment.KeyFunc(h, t, bot, h.SecretPrefix())(ctx, bot.ID)
			if err != nil {
				return nil // it is not at hand
			}
			client := h.SageClient()
			client.Tries = 2
			client.Key = func(context.Context, string) (string, error) { return key, nil }
			warnings[i] = Warnings(ctx, client, bot)
			return nil
		})
	}
	_ = group.Wait() // none has an error
	// Most bots have the filters of the defaults, so one line tells of all that have the same.
	var all []Warning
	of := make(map[Warning][]string)
	for i, bot := range t.Bots {
		for _, w := range warnings[i] {
			if of[w] == nil {
				all = append(all, w)
			}
			of[w] = append(of[w], bot.ID)
		}
	}
	for _, w := range all {
		Warn(h, w, of[w]...)
	}
}

// Warning is something to be told of a bot's filters.
type Warning struct{ kind, text string }

// Warn tells a warning that is about the bots.
func Warn(h cli.Host, w Warning, bots ...string) {
	const most = 5
	names := strings.Join(bots, ", ")
	if n := len(bots); n > most {
		names = fmt.Sprintf("%s and %d more", strings.Join(bots[:most], ", "), n-most)
	}
	fmt.Fprintf(h.Err, "%s: %s: %s\n", w.kind, names, w.text)
}

// Warnings are what to tell of a bot's filters; none if all that it counts alone is known.
func Warnings(ctx context.Context, client *sage.Client, bot config.Bot) (all []Warning) {
	unknown, err := unknownFilters(ctx, client, bot)
	if unknown != nil {
		for _, line := range Describe(unknown) {
			all = append(all, Warning{"warning", line})
		}
	}
	const unchecked = "sources and languages were not checked: "
	var failed *sage.Error
	switch {
	case errors.As(err, &failed) && failed.Status != 0:
		all = append(all, Warning{"note", fmt.Sprintf("%s%s answered %d", unchecked,
			failed.Endpoint, failed.Status)})
	case err != nil:
		all = append(all, Warning{"note", unchecked + cli.OneLine(err.Error())})
	}
	return all
}
