package slash

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period/reference"
)

// longest is how many characters of a text are read, spaces that follow one another counted once.
const longest = 500

// cut returns the words of a text, with one space between them, and no more than its first characters. It reports whether
// there are more.
func cut(text string) (string, bool) {
	text = strings.Join(strings.Fields(text), " ")
	n := 0
	for i := range text {
		if n == longest {
			return text[:i], true
		}
		n++
	}
	return text, false
}

// A reading is one way to understand what was typed. A name may have spaces and digits in it, so "Shop 46" is the bot
// Shop 46, or week 46 of the bot Shop.
type reading struct {
	name  string // of the bot, as typed; never empty
	fold  string // of the name
	week  reference.Reference
	share bool
}

// tail is how many words can stand behind a name: a week, such as uke 46 / 2026, and share.
const tail = 5

// readings returns every way to understand a text, the one with the longest name first; none if it is empty.
func readings(text string) (all []reading) {
	words := strings.Fields(text)
	for n := len(words); n >= max(1, len(words)-tail); n-- {
		if r, ok := behind(words[n:]); ok {
			r.name = strings.Join(words[:n], " ")
			r.fold = names.Fold(r.name)
			all = append(all, r)
		}
	}
	return all
}

// behind reads what stands behind a name: nothing, a week, share, or both in either order.
func behind(words []string) (r reading, ok bool) {
	isShare := func(i int) bool { return strings.EqualFold(words[i], "share") }
	switch last := len(words) - 1; {
	case last >= 0 && isShare(last):
		words, r.share = words[:last], true
	case last >= 0 && isShare(0):
		words, r.share = words[1:], true
	}
	if len(words) == 0 {
		return r, true
	}
	var err error
	r.week, err = reference.Parse(strings.Join(words, " "))
	return r, err == nil
}

// possible reports whether there is such a week, over or not. What is none may be more of a name: "Shop 1/2".
func (r reading) possible(now time.Time) bool {
	_, err := r.week.At(now, time.UTC)
	var notOver *reference.NotOverError
	return err == nil || errors.As(err, &notOver)
}

// A choice is the bot that was meant, with the reading that leads to it; or, without one, what to say instead.
type choice struct {
	reading
	bot       folded
	ambiguous []folded // the name is, or begins, the names of all these
	whole     bool     // it is their whole name, so that more of it does not help
	surplus   string   // what stands behind the bot's name and means nothing
	meant     string   // the bot that was perhaps meant
}

// A folded bot is one with what it can be called.
type folded struct {
	*config.Bot
	tenant    *config.Tenant
	id, name  string // see names.Fold
	qualified string // tenant/id, in a directory of several tenants; else empty
	fold      string // of that
}

// ref is the id by which the bot is found in its directory.
func (b folded) ref() string { return cmp.Or(b.qualified, b.ID) }

// A directory finds bots by what was typed, in time linear in the number of bots. The bots of a tenant stand together.
type directory []folded

// newDirectory returns all bots of a tenant.
func newDirectory(t *config.Tenant) directory {
	d := make(directory, len(t.Bots))
	for i := range t.Bots {
		b := &t.Bots[i]
		d[i] = folded{Bot: b, tenant: t, id: names.Fold(b.ID), name: names.Fold(b.Name)}
	}
	return d
}

// directories are those of the tenants by name, each of the configuration that was read last, since to fold takes longer
// than to find.
type directories struct{ last sync.Map }

func (d *directories) of(t *config.Tenant) directory {
	type entry struct {
		tenant *config.Tenant
		directory
	}
	if e, ok := d.last.Load(t.Name); ok && e.(entry).tenant == t {
		return e.(entry).directory
	}
	e := entry{t, newDirectory(t)}
	d.last.Store(t.Name, e)
	return e.directory
}

// visible returns the bots of all the tenants that somebody may ask for. If they are of several, each can be called
// tenant/id too. A tenant none of whose bots can be asked for there is as if it were not there.
func (d *directories) visible(of []*config.Tenant, p place) (all directory) {
	several := false
	for _, t := range of {
		seen := d.of(t).visible(p)
		several = several || len(all) > 0 && len(seen) > 0
		all = append(all, seen...)
	}
	for i := range all {
		if b := &all[i]; several {
			b.qualified = b.tenant.Name + "/" + b.ID
			b.fold = names.Fold(b.qualified)
		}
	}
	return all
}

// whole returns the bots that are called exactly so: tenant/id if several tenants answer, or else those of each tenant.
// What is in two tenants is of none.
func (d directory) whole(r reading) (found []folded) {
	for _, b := range d {
		switch {
		case b.qualified == "":
		case b.qualified == r.name:
			return []folded{b}
		case b.fold == r.fold: // of several if the names of tenants differ in case alone
			found = append(found, b)
		}
	}
	if len(found) > 0 {
		return found
	}
	for len(d) > 0 {
		n := slices.IndexFunc(d, func(b folded) bool { return b.tenant != d[0].tenant })
		if n < 0 {
			n = len(d)
		}
		found = append(found, d[:n].called(r)...)
		d = d[n:]
	}
	return found
}

// called returns a tenant's bots that are called exactly so, by id or else by name, or, where none is, those that are by
// fold.
func (d directory) called(r reading) []folded {
	var ids, named, folds []folded
	for _, b := range d {
		switch {
		case b.ID == r.name:
			ids = append(ids, b)
		case b.Name == r.name:
			named = append(named, b)
		case r.fold != "" && (b.id == r.fold || b.name == r.fold):
			folds = append(folds, b)
		}
	}
	for _, found := range [][]folded{ids, named} {
		if len(found) > 0 {
			return found
		}
	}
	return folds
}

// begun returns the bots whose id or name begins so.
func (d directory) begun(r reading) (found []folded) {
	for _, b := range d {
		if r.fold != "" && (strings.HasPrefix(b.id, r.fold) || strings.HasPrefix(b.name, r.fold)) {
			found = append(found, b)
		}
	}
	return found
}

// alike reports whether all of the bots have one name, so that more of it does not help.
func alike(all []folded) bool {
	return !slices.ContainsFunc(all, func(b folded) bool { return b.name != all[0].name })
}

// behind returns the bot with the longest id or name that a text begins with, and what stands behind that.
func (d directory) behind(fold string) (bot folded, surplus string) {
	for _, b := range d {
		for _, is := range []string{b.id, b.name, b.fold} {
			rest, ok := strings.CutPrefix(fold, is)
			if rest, space := strings.CutPrefix(rest, " "); ok && space && (surplus == "" || len(rest) < len(surplus)) {
				bot, surplus = b, rest
			}
		}
	}
	return bot, surplus
}

// nearest returns the name of the bot that a slip of the finger may have missed; empty if there is none.
func (d directory) nearest(fold string) string {
	candidates := make([]string, 0, 2*len(d))
	for _, b := range d {
		candidates = append(candidates, b.name, b.id)
	}
	meant := config.Nearest(fold, candidates)
	for _, b := range d {
		if meant != "" && (meant == b.name || meant == b.id) {
			return b.Name
		}
	}
	return ""
}

// choose finds the bot that the text means: one whose whole id or name stands there, or else the only one whose id or name
// begins so.
func (d directory) choose(text string, now time.Time) (c choice, found bool) {
	all := readings(text)
	var possible, impossible []reading
	for _, r := range all {
		if r.possible(now) {
			possible = append(possible, r)
		} else {
			impossible = append(impossible, r)
		}
	}
	for _, some := range [][]reading{possible, impossible} {
		if c, found = d.among(some); found || c.ambiguous != nil {
			return c, found
		}
	}
	c.reading = all[len(all)-1]
	if c.bot, c.surplus = d.behind(c.fold); c.surplus == "" {
		c.meant = d.nearest(c.fold)
	}
	return c, false
}

// among finds the bot that some readings mean.
func (d directory) among(some []reading) (c choice, found bool) {
	for _, r := range some {
		switch whole := d.whole(r); len(whole) {
		case 0:
		case 1:
			return choice{reading: r, bot: whole[0]}, true
		default:
			return choice{reading: r, ambiguous: whole, whole: true}, false
		}
	}
	// What can be a week or share is one, unless that is a bot's whole name: so now the shortest name first.
	for _, r := range slices.Backward(some) {
		begun := d.begun(r)
		switch {
		case len(begun) == 1:
			return choice{reading: r, bot: begun[0]}, true
		case len(begun) > 1 && c.ambiguous == nil:
			c = choice{reading: r, ambiguous: begun, whole: alike(begun)}
		}
	}
	return c, false
}
