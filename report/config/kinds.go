package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A kind is a kind of destination in the format. Its package under functions/channel renders
// reports for it and sends them.
type kind struct {
	medium  Medium
	name    string         // in messages: Slack
	list    string         // key of the list of its destinations: channels
	item    string         // key of the address, where an item of the list is a mapping: channel
	example string         // of an address outside a file
	address *regexp.Regexp // of all addresses outside a file

	// read returns the reader of an address in a file.
	read func(*reader, *Destination) read

	public     bool // keys and records have the address, not a hash of it
	charts     bool // a destination has the key charts
	unreleased bool // the version before this one refuses the list
}

// kinds are all kinds, in the order in which a bot's destinations are listed. To add one, add an
// entry here, a package under functions/channel, and an entry in functions/channel/registry.
var kinds = [...]kind{
	{
		medium: Slack, name: "Slack", list: "channels", item: "channel",
		example: "C024BE91L",
		address: regexp.MustCompile(`^[CGD][A-Z0-9]{8,20}$`), // D: a direct message
		read:    (*reader).slackChannel,
		public:  true, charts: true,
	},
	{
		medium: Mail, name: "mail", list: "recipients", item: "address",
		example: "kari@example.com",
		address: mailAddress,
		read:    (*reader).mailRecipient,
	},
}

// A Medium names a kind of destination in records and on command lines.
type Medium string

// The kinds of destinations that a file may name.
const (
	Slack Medium = "slack"
	Mail  Medium = "mail"
)

// Media returns the kinds that a file may name, in the order in which destinations are listed.
func Media() []Medium {
	return eachKind(func(k kind) Medium { return k.medium })
}

// eachKind returns what f returns for each kind.
func eachKind[T any](f func(kind) T) []T {
	var all []T
	for _, k := range kinds {
		all = append(all, f(k))
	}
	return all
}

// kind returns the kind of m, and the zero kind for one that no file may name, such as an SNS
// topic.
func (m Medium) kind() *kind {
	for i := range kinds {
		if kinds[i].medium == m {
			return &kinds[i]
		}
	}
	return new(kind)
}

// DestinationsOf returns the destinations of one kind: those of the bots, of the portfolio and of
// ops, each once.
func (t *Tenant) DestinationsOf(m Medium) []Destination {
	var all []Destination
	add := func(list []Destination) {
		for _, d := range list {
			same := func(o Destination) bool { return o.ID() == d.ID() }
			if d.Medium == m && !slices.ContainsFunc(all, same) {
				all = append(all, d)
			}
		}
	}
	for _, b := range t.Subjects() {
		add(b.Destinations)
	}
	add(t.Ops)
	return all
}

// String returns slack:C024BE91L, as [ParseDestination] reads it.
func (d Destination) String() string { return string(d.Medium) + ":" + d.To }

// ID returns the destination's name in keys and records: slack-C024BE91L, or mail- and a hash,
// since mail addresses are personal data.
func (d Destination) ID() string {
	if d.Medium.kind().public {
		return string(d.Medium) + "-" + d.To
	}
	return string(d.Medium) + "-" + hash(d.To)
}

// ParseDestination reads a destination outside a file, such as DIVERT_TO: slack:C024BE91L or
// mail:kari@example.com.
func ParseDestination(s string) (Destination, error) {
	medium, to, _ := strings.Cut(s, ":")
	if k := Medium(medium).kind(); k.address != nil && k.address.MatchString(to) {
		return Destination{Medium: k.medium, To: to, When: Always}, nil
	}
	examples := eachKind(func(k kind) string { return string(k.medium) + ":" + k.example })
	return Destination{}, fmt.Errorf("%q is not a destination: write one such as %s", s,
		or(examples))
}

// lists are a draft's destinations by kind.
type lists [len(kinds)][]Destination

// destinations returns the draft's destinations, in the bot's language and with its charts if they
// name none.
func (d draft) destinations() []Destination {
	all := d.to.all()
	for i := range all {
		all[i].Locale = cmp.Or(all[i].Locale, d.Locale)
		if all[i].Medium.kind().charts {
			all[i].Charts = cmp.Or(all[i].Charts, d.Charts)
		}
	}
	return all
}

// all returns the destinations of all kinds.
func (l *lists) all() []Destination { return slices.Concat(l[:]...) }

// keep drops all but the first n destinations.
func (l *lists) keep(n int) {
	for i := range l {
		l[i] = l[i][:min(len(l[i]), n)]
		n -= len(l[i])
	}
}

// lists returns the keys of the lists of destinations. If detailed, a destination may be a mapping
// with more keys.
func (r *reader) lists(l *lists, detailed bool) []key {
	var keys []key
	for i := range kinds {
		keys = append(keys, key{kinds[i].list, r.destinations(&l[i], &kinds[i], detailed)})
	}
	return keys
}

// listNames returns the keys of the lists of destinations.
func listNames() []string {
	return eachKind(func(k kind) string { return k.list })
}

// listsAndKinds returns "channels for Slack and recipients for mail".
func listsAndKinds() string {
	all := eachKind(func(k kind) string { return k.list + " for " + k.name })
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " and " + all[last]
}

// slackChannel returns the reader of a Slack channel.
func (r *reader) slackChannel(to *Destination) read { return one(r, &to.To, parseChannel) }

// mailRecipient returns the reader of a mail address, perhaps with a name.
func (r *reader) mailRecipient(to *Destination) read {
	var a Address
	address := r.address(&a)
	return func(n *yaml.Node, path string) {
		address(n, path)
		to.To, to.Name = a.Address, a.Name
	}
}

// destinations returns the reader of a list of destinations of a kind.
func (r *reader) destinations(to *[]Destination, k *kind, detailed bool) read {
	return func(n *yaml.Node, path string) {
		var all []Destination
		if r.list(n, path, func(n *yaml.Node, path string) {
			d := Destination{Medium: k.medium, When: Always}
			if n.Kind == yaml.MappingNode && detailed {
				r.detailed(n, path, k, &d)
			} else {
				k.read(r, &d)(n, path)
			}
			if d.To == "" {
				return
			}
			same := func(other Destination) bool { return strings.EqualFold(other.To, d.To) }
			if slices.ContainsFunc(all, same) {
				r.errorf(n, path, "%s is listed twice", quote(d.To))
			}
			all = append(all, d)
		}) {
			*to = all
		}
	}
}

// detailed reads a destination that is a mapping.
func (r *reader) detailed(n *yaml.Node, path string, k *kind, d *Destination) {
	keys := []key{
		{k.item, k.read(r, d)},
		{"send", one(r, &d.When, choice(Always, OnAlert))},
		{"locale", one(r, &d.Locale, parseLocale)},
	}
	if k.charts {
		keys = append(keys, key{"charts", one(r, &d.Charts, choice(Native, Images))})
	}
	if found := r.mapping(n, path, keys, nil); found[k.item] == nil {
		r.errorf(n, path, "the key %s is missing", k.item)
	}
}
