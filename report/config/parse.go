package config

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// Parse reads a tenant's bots.yaml that is to be put into force. Its file name, such as config/acme.yaml, gives the
// tenant its name. The error is [Mistakes], all of them.
func Parse(file string, data []byte) (*Tenant, error) {
	t, r := parse(file, data)
	if err := r.all().sorted(); err != nil {
		return nil, err
	}
	return t, nil
}

// ParseInForce reads a bots.yaml that is in force. What [Parse] refuses and an earlier version of this program took
// is a warning: the tenant is what that version made of it, so that an upgrade stops no reports. The error is that of
// Parse, and there is none where all of its mistakes are warnings.
func ParseInForce(file string, data []byte) (*Tenant, Mistakes, error) {
	t, r := parse(file, data)
	if len(r.mistakes) > 0 {
		return nil, nil, r.all().sorted()
	}
	r.warnings.sort()
	return t, r.warnings, nil
}

func parse(file string, data []byte) (*Tenant, *reader) {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".yml"), ".yaml")
	r := &reader{}
	t := &Tenant{Name: name}
	if why := noTenant(name); why != "" {
		r.wrong(&yaml.Node{Line: 1, Column: 1}, "", "the file's name is the tenant's, and %s %s", quote(name), why)
	}
	if root := r.document(data); root != nil {
		r.refuse(root, "", 0)
		r.tenant(root, t)
	}
	return t, r
}

// noTenant says why a tenant cannot be called so; "" if he can.
func noTenant(name string) string {
	if strings.EqualFold(name, "config") { // not every disk tells Config from config
		return "cannot be one: what is his would stand in config/, among the configurations of all"
	}
	return unsafe(name)
}

// New returns a bot that no file declares, with what the format gives to a bot that says nothing; its weeks are those
// of UTC. The error is [Mistakes].
func New(id string) (Bot, error) {
	r := &reader{}
	b := bare()
	b.TZ, b.Location, b.DefaultTZ = "UTC", time.UTC, true
	r.id(&b)(scalar(id), "id")
	b.Name = b.ID
	return b, r.all().sorted()
}

// Changes are what a command line may say of a bot, each as it would stand in the file; what is empty changes nothing.
type Changes struct {
	Name      string
	TZ        string
	Sources   []string
	Languages []string
	Locale    string
}

// With returns b with the changes, which follow the same rules as the file. The error is [Mistakes].
func (b Bot) With(c Changes) (Bot, error) {
	r := &reader{}
	if c.Name != "" {
		r.name(&b)(scalar(c.Name), "name")
	}
	if c.TZ != "" {
		d := draft{Bot: b}
		r.tz(&d)(scalar(c.TZ), "tz")
		r.placed(&d, nil, "")
		b = d.Bot
		b.DefaultTZ = false
	}
	if len(c.Sources) > 0 {
		r.sources(&b)(scalars(c.Sources), "sources")
	}
	if len(c.Languages) > 0 {
		r.languages(&b)(scalars(c.Languages), "languages")
	}
	if c.Locale != "" {
		r.locale(&b.Locale)(scalar(c.Locale), "locale")
	}
	return b, r.all().sorted()
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

func scalars(values []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, v := range values {
		n.Content = append(n.Content, scalar(v))
	}
	return n
}

// bare returns a bot of which the file says nothing.
func bare() Bot {
	return Bot{
		Sources:  []string{"-test"},
		SendDay:  time.Monday,
		SendTime: Clock{Hour: 8},
		Locale:   wording.Default,
		Charts:   Native,
	}
}

// A draft is a bot of which the file has not yet said everything.
type draft struct {
	Bot
	to lists

	zoneAt      *yaml.Node // the value of tz, if it stands in the mapping that is read
	fixedOffset bool       // likewise
}

// ofBot are the keys that stand in a bot alone.
var ofBot = []string{"id", "name", "key_secret"}

const oneBot = "a tenant has at least one bot, such as bots: [{id: 1234, tz: Europe/Oslo}]"

func (r *reader) tenant(n *yaml.Node, t *Tenant) {
	defaults := draft{Bot: bare()}
	var defaulted map[string]*yaml.Node
	var list, sender, mailed *yaml.Node
	top := []key{
		{"slack", func(n *yaml.Node, path string) { r.slack(n, path, &t.Slack) }},
		{"mail", func(n *yaml.Node, path string) {
			sender = r.mapping(n, path, []key{{"from", r.address(&t.Mail.From)}}, nil)["from"]
		}},
		{"ops", func(n *yaml.Node, path string) {
			ops := draft{Bot: bare()}
			found := r.mapping(n, path, r.lists(&ops.to, false), nil)
			r.few(&ops, found, path, "ops")
			if t.Ops = ops.destinations(); len(ops.to.of(Mail)) > 0 {
				mailed = found[Mail.kind().list]
			}
		}},
		{"portfolio", func(n *yaml.Node, path string) { r.portfolio(n, path, &t.Portfolio) }},
		{"defaults", func(n *yaml.Node, path string) {
			defaulted = r.mapping(n, path, r.settings(&defaults, true), func(name string) string {
				if slices.Contains(ofBot, name) {
					return "each bot has its own"
				}
				return topKey(name)
			})
			r.placed(&defaults, defaulted, path)
			r.few(&defaults, defaulted, path, "a bot")
		}},
		{"bots", func(n *yaml.Node, _ string) { list = n }},
	}
	var inside []string
	for _, k := range r.settings(&defaults, true) {
		inside = append(inside, k.name)
	}
	found := r.mapping(n, "", top, func(name string) string {
		if ours := inOurWords(name, inside); ours != "" {
			name = ours
		}
		switch {
		case slices.Contains(inside, name):
			return name + " belongs in defaults, for all bots, or to a bot"
		case slices.Contains(ofBot, name):
			return name + " belongs to a bot: bots: [{id: 1234, tz: Europe/Oslo}]"
		}
		return ""
	})
	if mailed != nil && sender == nil { // of bots preflight tells, but when it matters nobody could tell ops
		r.wrong(mailed, "ops.recipients", "a mail needs a sender: name him at the left edge, as in mail: {from: Kindly Weekly <weekly@example.com>}")
	}
	t.Locale, t.Brand = defaults.Locale, defaults.Brand
	if len(t.Portfolio.Destinations) > 0 {
		t.Portfolio.Name, t.Portfolio.Locale = cmp.Or(t.Portfolio.Name, t.Name), cmp.Or(t.Portfolio.Locale, t.Locale)
	}
	switch {
	case found == nil:
		return
	case list == nil:
		r.wrong(n, "", "the key bots is missing: "+oneBot)
		return
	case list.Kind != yaml.SequenceNode:
		if list.Kind != yaml.AliasNode {
			r.wrong(list, "bots", "is %s; here belongs a list of bots, each beginning with - id:", kindOf(list))
		}
		return
	case len(list.Content) == 0:
		r.wrong(list, "bots", "is an empty list: "+oneBot)
	}

	r.bots(list, t, defaults, defaulted)
}

// bots reads the list of the bots. What the file has beyond its limits is left out of t.
func (r *reader) bots(list *yaml.Node, t *Tenant, defaults draft, defaulted map[string]*yaml.Node) {
	var d draft // of one bot after the other
	keys := append([]key{
		{"id", r.id(&d.Bot)},
		{"name", r.name(&d.Bot)},
		{"key_secret", r.secret(&d.KeySecret)},
	}, r.settings(&d, false)...)
	shared := defaults.destinations() // by all bots that say nothing else
	own := append(listNames(), "locale", "charts")
	var names takens
	total := budget{r: r, sent: len(t.Portfolio.Destinations)}
	for i, n := range list.Content {
		path := element("bots", i)
		if i == MostBots {
			r.newly(n, path, "%d bots are in the file, and %d are the most: this one and those after it are left out; "+
				"write them into the file of another tenant", len(list.Content), MostBots)
			r.cut = true
			break
		}
		list.Content[i] = nil // what is read is not held until all is
		d = defaults
		d.zoneAt, d.fixedOffset = nil, false
		found := r.mapping(n, path, keys, topKey)
		if r.full() {
			return
		}
		if found == nil {
			continue
		}
		r.placed(&d, found, path)
		if found["id"] == nil {
			r.wrong(n, path, "the key id is missing: Kindly's id of the bot")
		}
		if found["tz"] == nil && defaulted["tz"] == nil {
			r.wrong(n, path, "the key tz is missing: name the time zone here or in defaults, such as tz: Europe/Oslo")
		}
		r.reserved(found["id"], path, d.Bot)
		if d.Name == "" {
			d.Name = d.ID
		}
		to := shared
		if slices.ContainsFunc(own, func(key string) bool { return found[key] != nil }) {
			r.few(&d, found, path, "a bot")
			to = d.destinations()
		}
		d.Destinations = total.spend(d.Bot, to, n, path)
		r.unique(&names, found, path, d.Bot)
		t.Bots = append(t.Bots, d.Bot)
	}
	total.tell()
	t.Cut = r.cut
}

// portfolio reads whom the overview of all bots is for. Naming nobody is a slip: who wants none leaves the key out.
func (r *reader) portfolio(n *yaml.Node, path string, p *Portfolio) {
	to, as, before := draft{}, Bot{}, len(r.mistakes)
	found := r.mapping(n, path, slices.Concat(
		[]key{{"name", r.name(&as)}}, r.lists(&to.to, false), []key{{"locale", r.locale(&p.Locale)}},
	), func(name string) string {
		switch name {
		case "send":
			return "the overview is sent when all bots are in, and always"
		case "destinations":
			return "write " + listsAndKinds()
		}
		return ""
	})
	r.few(&to, found, path, "the overview")
	p.Name, p.Destinations = as.Name, to.destinations()
	if found != nil && len(p.Destinations) == 0 && len(r.mistakes) == before {
		r.wrong(n, path, "names nobody who gets the overview of all bots: write %s, or leave portfolio out", or(listNames()))
	}
}

// topKey says of a key that stands in a bot or in defaults that it belongs further out.
func topKey(name string) string {
	if slices.Contains([]string{"ops", "portfolio", "defaults", "bots"}, name) {
		return "it belongs at the left edge, beside bots"
	}
	return ""
}

// destinations returns the draft's destinations, in the bot's language and with its charts where they name none.
func (d draft) destinations() []Destination {
	all := d.to.all()
	for i := range all {
		if all[i].Locale == "" {
			all[i].Locale = d.Locale
		}
		if all[i].Charts == "" && all[i].Medium.kind().charts {
			all[i].Charts = d.Charts
		}
	}
	return all
}

// taken says where a word that finds a bot stands in the file, and of which bot.
type taken struct {
	line int
	bot  string
	word string
}

// takens are the words of the bots so far: in lower case, and folded as the slash command folds what is typed.
type takens struct{ lower, folded map[string]taken }

// unique notes where b has the id or the name of an earlier bot, so that either finds one bot only. Case does not
// count: people type names as they like, and not every disk tells a folder ID from a folder id.
func (r *reader) unique(earlier *takens, found map[string]*yaml.Node, path string, b Bot) {
	if earlier.lower == nil {
		earlier.lower, earlier.folded = make(map[string]taken), make(map[string]taken)
	}
	for _, is := range []struct{ key, word string }{{"id", b.ID}, {"name", b.Name}} {
		n, here := found[is.key], taken{bot: b.ID, word: is.word}
		if n == nil || is.word == "" {
			continue
		}
		here.line = n.Line
		if first, known := earlier.lower[strings.ToLower(is.word)]; !known {
			earlier.lower[strings.ToLower(is.word)] = here
		} else if first.bot != b.ID {
			r.wrong(n, member(path, is.key), "%s is already taken on line %d, by the bot %s",
				quote(is.word), first.line, quote(first.bot))
			continue
		}
		fold := names.Fold(is.word)
		if first, known := earlier.folded[fold]; !known {
			earlier.folded[fold] = here
		} else if first.bot != b.ID {
			r.newly(n, member(path, is.key), "%s is too much like %s on line %d, of the bot %s%s: "+
				"the slash command cannot tell them apart; write another name",
				quote(is.word), quote(first.word), first.line, quote(first.bot), encodings(is.word, first.word))
		}
	}
}

// encodings says of two words whether they look the same.
func encodings(a, b string) string {
	if norm.NFC.String(a) == norm.NFC.String(b) {
		return ", whose letters are encoded in another way"
	}
	return ""
}

// settings are the keys that stand in defaults as well as in a bot. One that is new stands in newKeys too.
func (r *reader) settings(d *draft, shared bool) []key {
	return slices.Concat([]key{
		{"tz", r.tz(d)},
		{"fixed_offset", r.yesNo(&d.fixedOffset)},
		{"sources", r.sources(&d.Bot)},
		{"languages", r.languages(&d.Bot)},
		{"send", func(n *yaml.Node, path string) {
			if n.Kind == yaml.ScalarNode && !isNull(n) {
				r.wrong(n, path, "has two keys: write send: {day: monday, time: 08:00}")
				return
			}
			r.mapping(n, path, []key{{"day", r.day(&d.SendDay)}, {"time", r.clock(&d.SendTime)}}, nil)
		}},
	}, r.lists(&d.to, true), []key{
		{"viewers", r.viewers(&d.Bot)},
		{"owner", r.address(&d.Owner)},
		{"paused", r.yesNo(&d.Paused)},
		{"paused_until", r.date(&d.PausedUntil)},
		{"skip_if_empty", r.yesNo(&d.SkipIfEmpty)},
		{"link", r.link(&d.Link, shared)},
		{"locale", r.locale(&d.Locale)},
		{"charts", r.charts(&d.Charts)},
		{"brand", func(n *yaml.Node, path string) {
			r.mapping(n, path, []key{{"accent", r.colour(&d.Brand.Accent)}, {"logo", r.logo(&d.Brand.Logo)}}, nil)
		}},
		{"holidays", r.country(&d.Holidays)},
		{"notes", r.notes(&d.Notes)},
		{"page_queries", r.pageQueries(&d.KeepQueries)},
		{"targets", func(n *yaml.Node, path string) {
			r.mapping(n, path, []key{
				{"fallback_rate", r.rate(&d.Targets.FallbackRate)},
				{"handover_rate", r.rate(&d.Targets.HandoverRate)},
				{"feedback", r.rate(&d.Targets.Feedback)},
				{"requests_while_closed", r.count(&d.Targets.RequestsWhileClosed)},
			}, nil)
		}},
	})
}

// otherWords are what people call keys of ours.
var otherWords = map[string][]string{
	"bot": {"id"}, "bot_id": {"id"}, "title": {"name", "text"}, "name": {"text"}, "note": {"notes", "text"},
	"campaign": {"notes"}, "campaigns": {"notes"}, "events": {"notes"}, "day": {"date"}, "on": {"date"}, "until": {"to"}, "end": {"to"}, "start": {"from"},
	"api_key": {"key_secret"}, "key": {"key_secret"}, "apikey": {"key_secret"},
	"timezone": {"tz"}, "time_zone": {"tz"}, "zone": {"tz"},
	"filter": {"sources"}, "language_code": {"languages"}, "lang": {"languages"},
	"schedule": {"send"}, "send_at": {"send"}, "weekday": {"day"}, "hour": {"time"}, "at": {"time"}, "when": {"send"},
	"slack": {"channels", "channel"}, "slack_channels": {"channels"}, "id": {"channel"},
	"mail": {"recipients", "address"}, "email": {"recipients", "address"}, "emails": {"recipients"},
	"to": {"recipients", "address"}, "recipient": {"recipients", "address"},
	"users": {"viewers"}, "readers": {"viewers"}, "contact": {"owner"}, "reply_to": {"owner"},
	"pause": {"paused"}, "disabled": {"paused"}, "url": {"link"}, "language": {"languages", "locale"},
	"color": {"accent"}, "colour": {"accent"}, "country": {"holidays"},
	"chart": {"charts"}, "graphs": {"charts"}, "pictures": {"charts"},
	"fallback": {"fallback_rate"}, "fallbacks": {"fallback_rate"},
	"handover": {"handover_rate"}, "handovers": {"handover_rate"},
	"token": {"token_secret"}, "bot_token": {"token_secret"}, "signing_key": {"signing_secret"},
	"navn": {"name", "text"}, "namn": {"name", "text"}, "tekst": {"text"}, "roboter": {"bots"}, "botter": {"bots"}, "botar": {"bots"},
	"standard": {"defaults"}, "standardverdier": {"defaults"}, "tidssone": {"tz"}, "tidszone": {"tz"}, "tidszon": {"tz"}, "zeitzone": {"tz"},
	"kilder": {"sources"}, "kanal": {"channels", "channel"}, "kanaler": {"channels"}, "mottaker": {"recipients", "address"},
	"mottakere": {"recipients"}, "språk": {"languages", "locale"}, "sprog": {"languages", "locale"}, "sprache": {"languages", "locale"},
	"eier": {"owner"}, "pauset": {"paused"}, "lenke": {"link"}, "helligdager": {"holidays"}, "merknader": {"notes"}, "notater": {"notes"},
	"mål": {"targets"}, "farge": {"accent"}, "dag": {"day"}, "tid": {"time"}, "klokkeslett": {"time"}, "dato": {"date"}, "fra": {"from"}, "til": {"to"},
	"utc_offset": {"fixed_offset"}, "offset": {"fixed_offset"},
	"sender": {"from"}, "team_id": {"team"}, "workspace": {"team"}, "default": {"defaults"},
}

// inOurWords returns which of the keys somebody means who calls it name; "" if that cannot be known.
func inOurWords(name string, keys []string) string {
	for _, ours := range otherWords[strings.ToLower(strings.NewReplacer("-", "_", " ", "_").Replace(name))] {
		if slices.Contains(keys, ours) {
			return ours
		}
	}
	return ""
}
