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

// maxText is how many characters of a text are read, with one space between words.
const maxText = 500

// normalize returns the words of a text with one space between them, up to maxText characters. It
// reports whether there are more.
func normalize(text string) (string, bool) {
	text = strings.Join(strings.Fields(text), " ")
	n := 0
	for i := range text {
		if n == maxText {
			return text[:i], true
		}
		n++
	}
	return text, false
}

// A reading is one way to understand a text. A name may contain spaces and digits, so "Shop 46" is
// the bot Shop 46, or week 46 of the bot Shop.
type reading struct {
	name  string // of the bot, as typed; never empty
	fold  string // of the name
	week  reference.Reference
	share bool
}

// maxTail is how many words can follow a name: a week, such as uke 46 / 2026, and share.
const maxTail = 5

// readings returns all ways to understand a text, the longest name first; none if it is empty.
func readings(text string) (all []reading) {
	words := strings.Fields(text)
	for n := len(words); n >= max(1, len(words)-maxTail); n-- {
		if r, ok := parseTail(words[n:]); ok {
			r.name = strings.Join(words[:n], " ")
			r.fold = names.Fold(r.name)
			all = append(all, r)
		}
	}
	return all
}

// parseTail reads the words after a name: none, a week, share, or both in either order.
func parseTail(words []string) (r reading, ok bool) {
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

// possible reports whether the week exists, over or not. If not, it may belong to a name: "Shop
// 1/2".
func (r reading) possible(now time.Time) bool {
	_, err := r.week.At(now, time.UTC)
	var notOver *reference.NotOverError
	return err == nil || errors.As(err, &notOver)
}

// A choice is the bot that a text names, with its reading; or, if there is none, what is wrong.
type choice struct {
	reading
	bot       entry
	ambiguous []entry // the name is, or begins, the names of all these
	whole     bool    // it is their whole name, so that a longer one does not help
	surplus   string  // words after the bot's name that mean nothing
	suggested string  // the name of a bot that is similar
}

// An entry is a bot in a directory, with its names.
type entry struct {
	*config.Bot
	tenant    *config.Tenant
	id, name  string // see names.Fold
	qualified string // tenant/id if the directory has several tenants
	fold      string // of qualified
}

// ref returns the ID that names the bot in its directory.
func (b entry) ref() string { return cmp.Or(b.qualified, b.ID) }

// A directory finds bots by a text, in time linear in the number of bots. It is grouped by tenant.
type directory []entry

// newDirectory returns all bots of a tenant.
func newDirectory(t *config.Tenant) directory {
	d := make(directory, len(t.Bots))
	for i := range t.Bots {
		b := &t.Bots[i]
		d[i] = entry{Bot: b, tenant: t, id: names.Fold(b.ID), name: names.Fold(b.Name)}
	}
	return d
}

// directories caches the directory of each tenant's last configuration, by the tenant's name, since
// folding names takes longer than finding one.
type directories struct{ last sync.Map }

func (d *directories) of(t *config.Tenant) directory {
	type cached struct {
		tenant *config.Tenant
		directory
	}
	if c, ok := d.last.Load(t.Name); ok && c.(cached).tenant == t {
		return c.(cached).directory
	}
	c := cached{t, newDirectory(t)}
	d.last.Store(t.Name, c)
	return c.directory
}

// visible returns the bots of all tenants that the caller may ask for. If they belong to several
// tenants, each has the name tenant/id too. A tenant without such a bot does not count.
func (d *directories) visible(of []*config.Tenant, c caller) (all directory) {
	several := false
	for _, t := range of {
		seen := d.of(t).visible(c)
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

// exact returns the bots with exactly this name: tenant/id if there are several tenants, or else
// those of each tenant.
func (d directory) exact(r reading) (found []entry) {
	for _, b := range d {
		switch {
		case b.qualified == "":
		case b.qualified == r.name:
			return []entry{b}
		case b.fold == r.fold: // several, if tenants' names differ only in case
			found = append(found, b)
		}
	}
	if len(found) > 0 {
		return found
	}
	for len(d) > 0 {
		n := slices.IndexFunc(d, func(b entry) bool { return b.tenant != d[0].tenant })
		if n < 0 {
			n = len(d)
		}
		found = append(found, d[:n].exactOfTenant(r)...)
		d = d[n:]
	}
	return found
}

// exactOfTenant returns a tenant's bots with exactly this name: by ID, else by name, else folded.
func (d directory) exactOfTenant(r reading) []entry {
	var ids, named, folds []entry
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
	for _, found := range [][]entry{ids, named} {
		if len(found) > 0 {
			return found
		}
	}
	return folds
}

// withPrefix returns the bots whose ID or name begins so.
func (d directory) withPrefix(r reading) (found []entry) {
	for _, b := range d {
		if r.fold != "" && (strings.HasPrefix(b.id, r.fold) || strings.HasPrefix(b.name, r.fold)) {
			found = append(found, b)
		}
	}
	return found
}

// sameName reports whether all bots have one name, so that a longer text does not help.
func sameName(all []entry) bool {
	return !slices.ContainsFunc(all, func(b entry) bool { return b.name != all[0].name })
}

// longest returns the bot with the longest ID or name that the text begins with, and the rest.
func (d directory) longest(fold string) (bot entry, surplus string) {
	for _, b := range d {
		for _, is := range []string{b.id, b.name, b.fold} {
			rest, ok := strings.CutPrefix(fold, is+" ")
			if ok && (surplus == "" || len(rest) < len(surplus)) {
				bot, surplus = b, rest
			}
		}
	}
	return bot, surplus
}

// nearest returns the name of the bot that is most similar to the text; empty if none is.
func (d directory) nearest(fold string) string {
	candidates := make([]string, 0, 2*len(d))
	for _, b := range d {
		candidates = append(candidates, b.name, b.id)
	}
	near := config.Nearest(fold, candidates)
	for _, b := range d {
		if near != "" && (near == b.name || near == b.id) {
			return b.Name
		}
	}
	return ""
}

// choose returns the bot that the text names: by its whole ID or name, or else the only one whose
// ID or name begins so.
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
	if c.bot, c.surplus = d.longest(c.fold); c.surplus == "" {
		c.suggested = d.nearest(c.fold)
	}
	return c, false
}

// among returns the bot that the readings name.
func (d directory) among(some []reading) (c choice, found bool) {
	for _, r := range some {
		switch exact := d.exact(r); len(exact) {
		case 0:
		case 1:
			return choice{reading: r, bot: exact[0]}, true
		default:
			return choice{reading: r, ambiguous: exact, whole: true}, false
		}
	}
	// Words that can be a week or share are, unless they belong to a bot's whole name. So the
	// shortest name comes first here.
	for _, r := range slices.Backward(some) {
		found := d.withPrefix(r)
		switch {
		case len(found) == 1:
			return choice{reading: r, bot: found[0]}, true
		case len(found) > 1 && c.ambiguous == nil:
			c = choice{reading: r, ambiguous: found, whole: sameName(found)}
		}
	}
	return c, false
}
