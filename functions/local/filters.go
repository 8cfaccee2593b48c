package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
)

// insisting is a command that counts a source or a language alone only if Kindly's statistics know it, or if it is told to.
type insisting struct {
	ForceFilters bool `help:"Count a source or a language alone even if Kindly's statistics do not know it, such as a source that is new."`
}

// errUnchecked is that Sage lists nothing to hold a filter against.
var errUnchecked = errors.New("meta/options lists none")

func filtersOf(bot bots.Bot) figures.Filters {
	return figures.Filters{Sources: bot.Sources, Languages: bot.Languages}
}

// unknownFilters asks Sage which of the sources and languages that the bot counts alone it does not know. It asks nothing
// for a bot that counts nothing alone. What is unknown is returned beside errUnchecked, too.
func unknownFilters(ctx context.Context, client *sage.Client, bot bots.Bot) (*figures.UnknownFilters, error) {
	if filtersOf(bot).Included().Empty() {
		return nil, nil
	}
	options, err := client.Options(ctx, bot.ID)
	if err != nil {
		return nil, err
	}
	unknown, checked := filtersOf(bot).Unknown(figures.Options(options))
	if !checked {
		err = errUnchecked
	}
	return unknown, err
}

// describe says of each unknown source and language what was probably meant, a line for each.
func describe(u *figures.UnknownFilters) (lines []string) {
	for _, of := range []struct {
		what           string
		unknown, known []string
	}{{"source", u.Sources, u.KnownSources}, {"language", u.Languages, u.KnownLanguages}} {
		for _, name := range of.unknown {
			line := fmt.Sprintf("%s %q is unknown to Kindly's statistics", of.what, name)
			if meant := meantFilter(name, of.known); meant != "" {
				line += ": did you mean " + quoted([]string{meant}) + "?"
			}
			const most = 10
			if n := len(of.known); n > most {
				line += fmt.Sprintf(" (known: %s and %d more)", quoted(of.known[:most]), n-most)
			} else if n > 0 {
				line += fmt.Sprintf(" (known: %s)", quoted(of.known))
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// meantFilter returns which of the known names was probably meant: one that the word begins with, as web of website, or one
// of which it is a slip; "" if there is none.
func meantFilter(word string, known []string) (meant string) {
	const least = 3 // letters of a beginning
	for _, k := range known {
		if len(k) >= least && len(k) > len(meant) && strings.HasPrefix(strings.ToLower(word), strings.ToLower(k)) {
			meant = k
		}
	}
	if meant != "" {
		return meant
	}
	return bots.Nearest(word, known)
}

// zone says loudly that days are counted in UTC because no zone was named.
func (h host) zone(bot bots.Bot) {
	if bot.DefaultTZ {
		fmt.Fprintln(h.err, "warning: no time zone is named, so days and weeks are counted in UTC; name the bot's with --tz, such as --tz Europe/Oslo")
	}
}

// filterTime is how long a configuration's filters may take to be checked.
const filterTime = 15 * time.Second

// warnOfFilters warns of the sources and languages of a tenant's bots that Kindly's statistics do not know. It asks for those
// bots that count something alone and whose API key is at hand: in the environment, or where the deployment keeps it. No
// failure of it is one of the command.
func (h host) warnOfFilters(ctx context.Context, t *bots.Tenant) {
	ctx, cancel := context.WithTimeout(ctx, filterTime)
	defer cancel()
	warnings := make([][]string, len(t.Bots))
	var group errgroup.Group
	group.SetLimit(8)
	for i, bot := range t.Bots {
		if filtersOf(bot).Included().Empty() {
			continue
		}
		group.Go(func() error {
			key, err := h.keyOf(t, bot, h.prefix(""))(ctx, bot.ID)
			if err != nil {
				return nil // it is not at hand
			}
			client := h.client()
			client.Tries = 2
			client.Key = func(context.Context, string) (string, error) { return key, nil }
			warnings[i] = filterWarnings(ctx, client, bot)
			return nil
		})
	}
	_ = group.Wait() // none has an error
	for _, line := range slices.Concat(warnings...) {
		fmt.Fprintln(h.err, line)
	}
}

// filterWarnings are what to tell of a bot's filters, a line for each; none if all that it counts alone is known.
func filterWarnings(ctx context.Context, client *sage.Client, bot bots.Bot) (lines []string) {
	unknown, err := unknownFilters(ctx, client, bot)
	if unknown != nil {
		for _, line := range describe(unknown) {
			lines = append(lines, "warning: "+bot.ID+": "+line)
		}
	}
	if err != nil {
		lines = append(lines, "note: "+bot.ID+": sources and languages were not checked: "+oneLine(err.Error()))
	}
	return lines
}
