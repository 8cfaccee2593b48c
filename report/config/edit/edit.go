// Package edit changes a bots.yaml and keeps what people wrote into it: comments, order, quotes and
// blank lines.
//
// [Apply] takes [Changes]: what shall be in the file. It changes the text at the places of the
// values. It does not encode the file again, since an encoder moves comments and breaks lines.
// After each change it reads the text again and compares it with what it should mean. If they
// differ, nothing is changed: Apply returns an [Error] with the place and the lines to write by
// hand.
//
// A file that does not exist yet gets comments that tell its reader what to change.
package edit

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"kindlyweekly/report/config"
)

// Changes are what Apply sets. What is empty stays as it is in the file.
type Changes struct {
	Slack config.SlackApp // the workspace, and the ids of the app's secrets
	From  config.Address  // of mail
	Ops   Destinations    // added to ops
	TZ    string          // of defaults: in place of the zone there, if there is one
	Bots  []Bot           // a bot that the file does not have is added at its end

	// Stack is the deployment's, for the comment at the top of a new file that says what to do
	// after a change. It may be empty.
	Stack string
}

// A Bot is what Apply sets of a bot. What the bot has already, by itself or from the defaults, is
// not written again.
type Bot struct {
	ID        string // required
	Name      string
	KeySecret string
	TZ        string
	Sources   []string // as in the file; [all] counts all
	Languages []string // as in the file; an empty list that is not nil counts all
	Locale    string

	Destinations // added to those that the bot has
}

// Destinations are Slack channels and mail recipients.
type Destinations struct {
	Channels   []Channel
	Recipients []config.Address
}

// A Channel is a Slack channel.
type Channel struct {
	ID   string
	Name string // without #, for the comment after the ID; may be empty
}

// An Error is a change that Apply does not make, since it could change something else too.
type Error struct {
	Line, Column int    // from 1, the column in characters
	Path         string // such as bots[2].name
	Why          string
	Write        string // lines to write by hand
}

// Error returns the place and the reason on one line, and below it the lines to write.
func (e *Error) Error() string {
	return fmt.Sprintf("%d:%d: %s: %s; write it by hand:\n%s", e.Line, e.Column, e.Path, e.Why,
		strings.TrimRight(e.Write, "\n"))
}

// Apply returns the content of a bots.yaml with the changes. The file is its name, such as
// acme.yaml, which is the tenant's. The data are its content, or nothing for a new file. If nothing
// changes, the result has the same bytes.
//
// The result is a file without mistakes. Otherwise the error is [config.Mistakes]: those that are
// in data have their place, and those of the changes have none. It is an *[Error] for a change that
// has to be made by hand.
func Apply(file string, data []byte, c Changes) ([]byte, error) {
	e := &editor{}
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	if err := e.open(data, name, header(name, c.Stack)); err != nil {
		return nil, err
	}
	e.changes(c)
	switch {
	case e.err != nil:
		if _, err := config.Parse(file, data); len(data) > 0 && err != nil {
			return nil, err // a file with mistakes has more wrong with it than this
		}
		return nil, e.err
	case slices.Equal(e.data, e.opened):
		e.data = data
	default:
		e.data = slices.Concat(e.bom, e.data)
	}
	if _, err := config.Parse(file, e.data); err != nil {
		return nil, placed(err, file, data)
	}
	return e.data, nil
}

// placed returns the mistakes of a changed file with the places that they have in data, or none.
func placed(err error, file string, data []byte) error {
	var found, before config.Mistakes
	if !errors.As(err, &found) {
		return err
	}
	if _, err := config.Parse(file, data); err != nil && len(data) > 0 {
		errors.As(err, &before)
	}
	found = slices.Clone(found)
	for i := range found {
		m := &found[i]
		m.Line, m.Column, m.Message = 0, 0, withoutLine(m.Message)
		for _, b := range before {
			if b.Path == m.Path && withoutLine(b.Message) == m.Message {
				*m = b
			}
		}
	}
	return found
}

var onLine = regexp.MustCompile(` on line \d+`)

// withoutLine returns a message without the line of another place, which is one of the changed
// file.
func withoutLine(message string) string { return onLine.ReplaceAllString(message, "") }

// Orders of keys, in which new ones are written.
var (
	topKeys  = []string{"slack", "mail", "ops", "portfolio", "defaults", "bots"}
	slacks   = []string{"team", "token_secret", "signing_secret"}
	lists    = []string{"channels", "recipients"}
	settings = []string{"id", "name", "key_secret", "tz", "fixed_offset", "sources", "languages",
		"send", "locale", "channels", "recipients", "viewers", "owner"}
)

// changes applies c.
func (e *editor) changes(c Changes) {
	slack := []any{"slack"}
	e.set(slack, slacks, "team", one(c.Slack.Team))
	e.set(slack, slacks, "token_secret", one(c.Slack.TokenSecret))
	e.set(slack, slacks, "signing_secret", one(c.Slack.SigningSecret))
	if c.From.Address != "" && !sameAddress(e.text("mail", "from"), c.From, true) {
		e.set([]any{"mail"}, []string{"from"}, "from", one(address(c.From)))
	}
	e.add([]any{"ops"}, lists, c.Ops)
	e.set([]any{"defaults"}, settings, "tz", one(c.TZ))
	for _, b := range c.Bots {
		e.bot(b)
	}
}

// bot sets what b has of a bot, and adds the bot if there is none.
func (e *editor) bot(b Bot) {
	if e.err != nil {
		return
	}
	// has reports whether a bot that sets nothing itself has the values, or the bot with the
	// settings own.
	has := func(own map[string]any, key string, values []string, none ...string) bool {
		set, ok := own[key]
		if !ok {
			set, ok = e.mapping("defaults")[key]
		}
		if !ok {
			return slices.Equal(values, none)
		}
		return slices.Equal(values, texts(set))
	}
	i := e.find(b.ID)
	own := map[string]any{}
	if i >= 0 {
		own = e.mapping("bots", i)
	}
	var keys []entry
	want := func(key string, v value) { keys = append(keys, entry{key, v}) }
	if i < 0 {
		want("id", one(b.ID))
	}
	if b.Name != "" && !has(own, "name", []string{b.Name}, b.ID) {
		want("name", one(b.Name))
	}
	if b.KeySecret != "" {
		want("key_secret", one(b.KeySecret))
	}
	if b.TZ != "" && !has(own, "tz", []string{b.TZ}) {
		want("tz", one(b.TZ))
	}
	if b.Sources != nil && !has(own, "sources", b.Sources, "-test") {
		want("sources", several(b.Sources))
	}
	if b.Languages != nil && !has(own, "languages", b.Languages) {
		want("languages", several(b.Languages))
	}
	if b.Locale != "" && !has(own, "locale", []string{b.Locale}, "en") {
		want("locale", one(b.Locale))
	}
	if i < 0 {
		for _, l := range b.lists() {
			if missing := l.missing(e.mapping("defaults")[l.key]); len(missing.items) > 0 {
				want(l.key, l.value)
			}
		}
		e.newBot(keys)
		return
	}
	at := []any{"bots", i}
	for _, k := range keys {
		e.set(at, settings, k.key, k.value)
	}
	for _, l := range b.lists() {
		if shared, inherits := e.mapping("defaults")[l.key]; inherits && own[l.key] == nil {
			missing := l.missing(shared)
			if len(missing.items) > 0 {
				e.fail(e.node(at...), fmt.Sprintf("bots[%d].%s", i, l.key), fmt.Sprintf(
					"the bot has the %s of defaults, which %s of its own would replace", l.key, l.key),
					block(entry{l.key, l.value}, 0))
			}
			continue
		}
		e.addItems(at, settings, l)
	}
}

// add adds destinations to a mapping.
func (e *editor) add(at []any, order []string, d Destinations) {
	for _, l := range d.lists() {
		e.addItems(at, order, l)
	}
}

// A list is destinations of one kind.
type list struct {
	key   string
	value value
	same  func(item any, text string) bool
}

// lists returns the lists that have items.
func (d Destinations) lists() []list {
	channels := list{key: "channels", same: func(item any, text string) bool {
		return strings.EqualFold(textOf(item, "channel"), text)
	}}
	for _, c := range d.Channels {
		comment := ""
		if name := oneLine(c.Name); name != "" {
			comment = "#" + strings.TrimPrefix(name, "#")
		}
		channels.value.items = append(channels.value.items, item{c.ID, comment})
	}
	recipients := list{key: "recipients", same: func(item any, text string) bool {
		a, err := config.ParseAddress(text)
		return err == nil && sameAddress(textOf(item, "address"), a, false)
	}}
	for _, a := range d.Recipients {
		recipients.value.items = append(recipients.value.items, item{address(a), ""})
	}
	return slices.DeleteFunc([]list{channels, recipients}, func(l list) bool {
		return len(l.value.items) == 0
	})
}

// missing returns the items that are not among those of the file.
func (l list) missing(there any) value {
	var missing value
	for _, it := range l.value.items {
		if !slices.ContainsFunc(itemsOf(there), func(item any) bool { return l.same(item, it.text) }) {
			missing.items = append(missing.items, it)
		}
	}
	return missing
}

// sameAddress reports whether text is the address, and has its name if named.
func sameAddress(text string, a config.Address, named bool) bool {
	b, err := config.ParseAddress(text)
	return err == nil && strings.EqualFold(a.Address, b.Address) && (!named || a.Name == b.Name)
}

// address returns an address as people write it, Kari <kari@example.com>.
func address(a config.Address) string {
	if a.Name == "" {
		return a.Address
	}
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Name) + `"`
	for _, name := range []string{a.Name, quoted} {
		s := name + " <" + a.Address + ">"
		if b, err := config.ParseAddress(s); err == nil && a == b {
			return s
		}
	}
	return a.Name + " <" + a.Address + ">" // a mistake, which Parse finds
}
