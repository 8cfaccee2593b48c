package config

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// bare returns a bot with the defaults of the format.
func bare() Bot {
	return Bot{
		Sources:  []string{"-test"},
		SendDay:  time.Monday,
		SendTime: Clock{Hour: 8},
		Locale:   wording.Default,
		Charts:   Native,
	}
}

// A draft is a bot that is not yet completely read.
type draft struct {
	Bot
	to lists

	zoneAt      *yaml.Node // the value of tz in the mapping that is read, if it is there
	fixedOffset bool       // that of the mapping that is read
}

// botOnly are the keys that a bot has and defaults have not.
var botOnly = []string{"id", "name", "key_secret"}

const oneBot = "a tenant has at least one bot, such as bots: [{id: 1234, tz: Europe/Oslo}]"

func (r *reader) tenant(n *yaml.Node, t *Tenant) {
	defaults := draft{Bot: bare()}
	var defaulted map[string]*yaml.Node
	var list, sender, mailed *yaml.Node
	found := r.mapping(n, "", []key{
		{"slack", func(n *yaml.Node, path string) { r.slack(n, path, &t.Slack) }},
		{"mail", func(n *yaml.Node, path string) {
			sender = r.mapping(n, path, []key{{"from", r.address(&t.Mail.From)}}, nil)["from"]
		}},
		{"ops", func(n *yaml.Node, path string) { mailed = r.ops(n, path, t) }},
		{"portfolio", func(n *yaml.Node, path string) { r.portfolio(n, path, &t.Portfolio) }},
		{"defaults", func(n *yaml.Node, path string) {
			defaulted = r.defaults(n, path, &defaults)
		}},
		{"bots", func(n *yaml.Node, _ string) { list = n }},
	}, r.belowTop)
	// Without a sender a bot's mail is missing, which ops are told; ops' own mail would be missed.
	if mailed != nil && sender == nil {
		r.errorf(mailed, "ops.recipients", "a mail needs a sender: add it at the left edge, "+
			"as in mail: {from: Kindly Weekly <weekly@example.com>}")
	}
	t.Locale, t.Brand = defaults.Locale, defaults.Brand
	if p := &t.Portfolio; len(p.Destinations) > 0 {
		p.Name, p.Locale = cmp.Or(p.Name, t.Name), cmp.Or(p.Locale, t.Locale)
	}
	switch {
	case found == nil:
	case list == nil:
		r.errorf(n, "", "the key bots is missing: "+oneBot)
	case list.Kind == yaml.AliasNode:
	case list.Kind != yaml.SequenceNode:
		r.errorf(list, "bots", "is %s; write a list of bots, each beginning with - id:",
			kindOf(list))
	case len(list.Content) == 0:
		r.errorf(list, "bots", "is an empty list: "+oneBot)
	default:
		r.bots(list, t, defaults, defaulted)
	}
}

// ops reads who gets notices. It returns the list of mail recipients, nil if there are none.
func (r *reader) ops(n *yaml.Node, path string, t *Tenant) (mailed *yaml.Node) {
	ops := draft{Bot: bare()}
	found := r.mapping(n, path, r.lists(&ops.to, false), nil)
	r.limit(&ops, found, path, "ops")
	t.Ops = ops.destinations()
	isMail := func(d Destination) bool { return d.Medium == Mail }
	if slices.ContainsFunc(t.Ops, isMail) {
		return found[Mail.kind().list]
	}
	return nil
}

// defaults reads what bots share.
func (r *reader) defaults(n *yaml.Node, path string, d *draft) map[string]*yaml.Node {
	found := r.mapping(n, path, r.settings(d, true), func(name string) string {
		if slices.Contains(botOnly, name) {
			return "each bot has its own"
		}
		return topKey(name)
	})
	r.checkFixed(d, found, path)
	r.limit(d, found, path, "a bot")
	return found
}

// belowTop says where a key belongs that is not one of the file's top.
func (r *reader) belowTop(name string) string {
	var shared []string
	for _, k := range r.settings(new(draft), true) {
		shared = append(shared, k.name)
	}
	name = cmp.Or(synonymOf(name, shared), name)
	switch {
	case slices.Contains(shared, name):
		return name + " belongs in defaults, for all bots, or to a bot"
	case slices.Contains(botOnly, name):
		return name + " belongs to a bot: bots: [{id: 1234, tz: Europe/Oslo}]"
	}
	return ""
}

// topKey says of a key at the top of the file, found in a bot or in defaults, where it belongs.
func topKey(name string) string {
	if slices.Contains([]string{"ops", "portfolio", "defaults", "bots"}, name) {
		return "it belongs at the left edge, beside bots"
	}
	return ""
}

// portfolio reads who gets the portfolio. A portfolio without destinations is a mistake.
func (r *reader) portfolio(n *yaml.Node, path string, p *Portfolio) {
	to, before := draft{}, len(r.mistakes)
	keys := slices.Concat([]key{{"name", r.name(&p.Name)}}, r.lists(&to.to, false),
		[]key{{"locale", one(r, &p.Locale, parseLocale)}})
	found := r.mapping(n, path, keys, func(name string) string {
		switch name {
		case "send":
			return "the portfolio is sent every week when all bots are in"
		case "destinations":
			return "write " + listsAndKinds()
		}
		return ""
	})
	r.limit(&to, found, path, "the portfolio")
	p.Destinations = to.destinations()
	if found != nil && len(p.Destinations) == 0 && len(r.mistakes) == before {
		r.errorf(n, path, "has no destinations: write %s, or leave portfolio out", or(listNames()))
	}
}

// A botsReader reads the bots of a tenant, one after the other.
type botsReader struct {
	*reader
	defaults draft
	shared   []Destination // of bots that set nothing else
	zoned    bool          // defaults have a tz

	i      int // of the bot that is read
	bot    draft
	keys   []key // of bot
	words  map[string][]word
	budget budget
}

// bots reads the list of bots. It leaves out what is beyond the limits of a file.
func (r *reader) bots(list *yaml.Node, t *Tenant, defaults draft, defaulted map[string]*yaml.Node) {
	b := &botsReader{
		reader: r, defaults: defaults, shared: defaults.destinations(),
		zoned: defaulted["tz"] != nil, words: make(map[string][]word),
		budget: budget{r: r, sent: len(t.Portfolio.Destinations)},
	}
	b.keys = append([]key{
		{"id", one(r, &b.bot.ID, parseID)},
		{"name", r.name(&b.bot.Name)},
		{"key_secret", r.secret(&b.bot.KeySecret)},
	}, r.settings(&b.bot, false)...)
	for i, n := range list.Content {
		path := element("bots", i)
		if i == MostBots {
			r.warnf(n, path, "the file has %d bots, and at most %d are read: this one and those "+
				"after it are left out; put them into the file of another tenant",
				len(list.Content), MostBots)
			r.cut = true
			break
		}
		list.Content[i] = nil // frees the node
		b.i = i
		if b.read(n, path) {
			t.Bots = append(t.Bots, b.bot.Bot)
		}
		if r.full() {
			return
		}
	}
	b.budget.warn()
	t.Cut = r.cut
}

// read reads a bot into b.bot. It reports whether there is one.
func (b *botsReader) read(n *yaml.Node, path string) bool {
	b.bot = b.defaults
	b.bot.zoneAt, b.bot.fixedOffset = nil, false
	found := b.mapping(n, path, b.keys, topKey)
	if found == nil || b.full() {
		return false
	}
	b.checkFixed(&b.bot, found, path)
	if found["id"] == nil {
		b.errorf(n, path, "the key id is missing: write Kindly's id of the bot")
	}
	if found["tz"] == nil && !b.zoned {
		b.errorf(n, path, "the key tz is missing: name the time zone here or in defaults, "+
			"such as tz: Europe/Oslo")
	}
	b.reserved(found["id"], path, b.bot.Bot)
	b.bot.Name = cmp.Or(b.bot.Name, b.bot.ID)
	to := b.shared
	own := func(key string) bool { return found[key] != nil }
	if slices.ContainsFunc(append(listNames(), "locale", "charts"), own) {
		b.limit(&b.bot, found, path, "a bot")
		to = b.bot.destinations()
	}
	b.bot.Destinations = b.budget.spend(b.bot.Bot, to, n, path)
	b.unique(found["id"], member(path, "id"), b.bot.ID)
	b.unique(found["name"], member(path, "name"), b.bot.Name)
	return true
}

// A word is an id or a name by which a bot is found.
type word struct {
	text string
	line int
	bot  string // its id
	i    int    // its place in the list
}

// unique adds a mistake if the id or name in n finds an earlier bot too. Case makes no difference:
// people ignore it, and some disks cannot tell a folder ID from a folder id.
func (b *botsReader) unique(n *yaml.Node, path, text string) {
	if n == nil || text == "" {
		return
	}
	fold, lower := names.Fold(text), strings.ToLower(text)
	others := func(w word) bool { return w.i != b.i }
	same := func(w word) bool { return others(w) && strings.ToLower(w.text) == lower }
	earlier := b.words[fold]
	b.words[fold] = append(earlier, word{text, n.Line, b.bot.ID, b.i})
	if i := slices.IndexFunc(earlier, same); i >= 0 {
		first, add := earlier[i], b.errorf
		if first.bot == b.bot.ID { // earlier versions accepted two bots with one id
			add = b.warnf
		}
		add(n, path, "%s is already taken on line %d, by the bot %s",
			quote(text), first.line, quote(first.bot))
		return
	}
	i := slices.IndexFunc(earlier, others)
	if i < 0 {
		return
	}
	first := earlier[i]
	b.warnf(n, path, "%s is too similar to %s on line %d, of the bot %s%s: "+
		"the slash command cannot tell them apart; write another name",
		quote(text), quote(first.text), first.line, quote(first.bot), encodings(text, first.text))
}

// encodings says whether two words look the same.
func encodings(a, b string) string {
	if norm.NFC.String(a) == norm.NFC.String(b) {
		return ", whose letters are encoded in another way"
	}
	return ""
}

// settings returns the keys that defaults and a bot may have. A new one is added to newKeys too.
func (r *reader) settings(d *draft, shared bool) []key {
	nested := func(keys ...key) read {
		return func(n *yaml.Node, path string) { r.mapping(n, path, keys, nil) }
	}
	t := &d.Targets
	return slices.Concat([]key{
		{"tz", r.tz(d)},
		{"fixed_offset", one(r, &d.fixedOffset, parseBool)},
		{"sources", r.sources(&d.Sources)},
		{"languages", several(r, &d.Languages, r.word(parseLanguage))},
		{"send", func(n *yaml.Node, path string) {
			if n.Kind == yaml.ScalarNode && !isNull(n) {
				r.errorf(n, path, "has two keys: write send: {day: monday, time: 08:00}")
				return
			}
			nested(key{"day", one(r, &d.SendDay, parseDay)},
				key{"time", one(r, &d.SendTime, parseClock)})(n, path)
		}},
	}, r.lists(&d.to, true), []key{
		{"viewers", several(r, &d.Viewers, r.word(parseUser))},
		{"owner", r.address(&d.Owner)},
		{"paused", one(r, &d.Paused, parseBool)},
		{"paused_until", one(r, &d.PausedUntil, parseDate)},
		{"skip_if_empty", one(r, &d.SkipIfEmpty, parseBool)},
		{"link", r.link(&d.Link, shared)},
		{"locale", one(r, &d.Locale, parseLocale)},
		{"charts", one(r, &d.Charts, choice(Native, Images))},
		{"brand", nested(key{"accent", r.color(&d.Brand.Accent)},
			key{"logo", one(r, &d.Brand.Logo, parseLogo)})},
		{"holidays", one(r, &d.Holidays, parseCountry)},
		{"notes", several(r, &d.Notes, r.note)},
		{"page_queries", one(r, &d.KeepQueries, parsePageQueries)},
		{"attach_data", one(r, &d.WithoutData, parseNot)},
		{"targets", nested(key{"fallback_rate", one(r, &t.FallbackRate, parseRate)},
			key{"handover_rate", one(r, &t.HandoverRate, parseRate)},
			key{"feedback", one(r, &t.Feedback, parseRate)},
			key{"requests_while_closed", one(r, &t.RequestsWhileClosed, parseCount)})},
	})
}

// longestNote is how many days a note covers at most. A longer one is most often a wrong year, and
// would leave no week to compare with.
const longestNote = 92

// note reads a note: a day, or several days, with a text.
func (r *reader) note(n *yaml.Node, path string) (note Note, ok bool) {
	const (
		day     = "write {date: 2026-11-27, text: Black Friday}"
		example = day + ", or {from: 2026-11-23, to: 2026-11-29, text: Black Week}"
	)
	if n.Kind == yaml.ScalarNode && !isNull(n) {
		r.errorf(n, path, "%s is not a note: "+day, quote(n.Value))
		return Note{}, false
	}
	before := len(r.mistakes)
	found := r.mapping(n, path, []key{
		{"date", func(n *yaml.Node, path string) {
			one(r, &note.First, parseDate)(n, path)
			note.Last = note.First
		}},
		{"from", one(r, &note.First, parseDate)},
		{"to", one(r, &note.Last, parseDate)},
		{"text", r.line(&note.Text, "a note", 80, ", the most that fit in a headline")},
	}, nil)
	if found == nil {
		return Note{}, false
	}
	date, from, to := found["date"] != nil, found["from"] != nil, found["to"] != nil
	switch {
	case date && (from || to):
		r.errorf(n, path, "has date beside from or to: "+example)
	case !date && !from && !to:
		r.errorf(n, path, "has no date: "+example)
	case from != to:
		r.errorf(n, path, "has only one of from and to: "+example)
	}
	if found["text"] == nil {
		r.errorf(n, path, "the key text is missing: "+
			"write what was special about the days, such as Black Friday")
	}
	if len(r.mistakes) > before {
		return Note{}, false
	}
	switch days := note.Last.Sub(note.First) + 1; {
	case days < 1:
		r.errorf(found["to"], member(path, "to"), "%s is before from: to is the last of the days",
			note.Last)
	case days > longestNote:
		r.errorf(n, path, "covers %d days, and at most %d are allowed: did you mean another year? "+
			"What holds for longer is not special: leave it out", days, longestNote)
	}
	return note, len(r.mistakes) == before
}
