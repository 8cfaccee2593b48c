package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
)

// A Tenant is one customer or department: one bots.yaml, read and found free of mistakes.
type Tenant struct {
	Name   string // the file's stem: acme for config/acme.yaml; safe as an element of a path
	Slack  SlackApp
	Mail   Sender
	Ops    []Destination // who is told when something is wrong
	Locale string        // of what concerns no single bot: the locale of the defaults
	Brand  Brand         // likewise
	Bots   []Bot         // in the file's order, at least one

	Portfolio Portfolio `json:",omitzero"` // who gets an overview of all bots; zero: nobody does

	// Cut says that the file is in force and over a limit, see [MostDestinations]: what it has beyond that is left out here.
	Cut bool `json:",omitzero"`
}

// A SlackApp is the tenant's installation of the Slack app. Its secrets stand in Secrets Manager; here are only their
// ids, each "id", or "id#field" where the secret is a JSON object.
type SlackApp struct {
	Team          string // Slack's id of the workspace, T…; the slash command finds the tenant by it
	TokenSecret   string // of the bot token, xoxb-…
	SigningSecret string // of the signing secret, which proves that a slash command comes from Slack
}

// A Sender is whom the tenant's mails come from.
type Sender struct {
	From Address
}

// A Bot is one Kindly bot and all that its weekly report needs to know, the defaults filled in.
type Bot struct {
	ID        string // Kindly's id of the bot; safe as an element of a path
	Name      string // what readers know it by; the ID where the file has no name
	KeySecret string // where the API key is kept, "id" or "id#field"; empty: where the deployment keeps keys

	TZ        string         // name in the tz database; the week is Monday to Monday there
	Location  *time.Location // the zone itself, never nil
	DefaultTZ bool           `json:",omitempty"` // no zone was named, so TZ is UTC; of a bot of a file never
	Sources   []string       // Sage's filter: names, or names to leave out, such as -test; nil counts everything
	Languages []string       // Sage's filter: two-letter codes; nil counts every language

	SendDay     time.Weekday // when the report of the week before is sent, in TZ
	SendTime    Clock
	Paused      bool        // sends nothing
	PausedUntil period.Date // sends nothing before this date in TZ; zero: not paused
	SkipIfEmpty bool        // sends nothing for a week without a single chat

	Destinations []Destination // channels first, then recipients
	Viewers      []string      // Slack user ids, U… or W…, who may ask for the report from anywhere
	Owner        Address       // answers questions about the report; zero: nobody is named

	Link     string // template of a link into Kindly's platform, see URL; may be empty
	Locale   string // language of the report, one of wording.Locales; destinations may want others, see OtherLocales
	Charts   Charts // how Slack shows charts to whoever asks for the report
	Brand    Brand
	Holidays string // country whose public holidays matter, one of holidays.Countries: NO; may be empty
	Notes    []Note // days that are not like others, such as a campaign, in the file's order
	Targets  Targets

	KeepQueries bool `json:",omitempty"` // pages are listed by their whole address; false: without queries

	Of []Bot `json:",omitempty"` // of an overview, those that it waits for, at least one; of a bot none, see [Tenant.PortfolioBot]
}

// URL returns the link to the bot in Kindly's platform, with {bot} filled in and the week's Monday and Sunday for
// {from} and {to}; empty where the bot has no link.
func (b Bot) URL(w period.Period) string {
	// Ids and dates consist of characters that mean nothing special in a URL.
	return strings.NewReplacer("{bot}", b.ID, "{from}", w.From().String(), "{to}", w.Last().String()).Replace(b.Link)
}

// OtherLocales lists the languages other than the bot's own in which its destinations want the report, each once.
func (b Bot) OtherLocales() []string {
	var others []string
	for _, d := range b.Destinations {
		if d.Locale != "" && d.Locale != b.Locale && !slices.Contains(others, d.Locale) {
			others = append(others, d.Locale)
		}
	}
	return others
}

// Find returns the bot with the id. The error names the id that was probably meant, by another spelling or by the bot's name,
// or those there are.
func (t *Tenant) Find(id string) (Bot, error) {
	ids := make([]string, len(t.Bots))
	like := ""
	for i, b := range t.Bots {
		if b.ID == id {
			return b, nil
		}
		ids[i] = b.ID
		if fold := names.Fold(id); like == "" && fold != "" && (fold == names.Fold(b.ID) || fold == names.Fold(b.Name)) {
			like = b.ID
		}
	}
	if like != "" {
		return Bot{}, fmt.Errorf("%s has no bot with the id %q: did you mean %q?", t.Name, id, like)
	}
	return Bot{}, fmt.Errorf("%s has no bot %q: %s", t.Name, id, meant(id, ids, "its bots are "))
}

// A Clock is a time of day.
type Clock struct{ Hour, Minute int }

// String returns 08:00.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

// An Address is a mail address, plain ASCII, and perhaps a name to show.
type Address struct {
	Name    string
	Address string
}

// A Destination is one address of a kind, such as a Slack channel or a mail recipient. Each gets the report once, whatever happens to the others.
type Destination struct {
	Medium Medium
	To     string // Slack's channel id, C… or G…, or the mail address
	Name   string // the mail recipient's, where the file gives one
	When   When
	Locale string // language of the report here
	Charts Charts // of a Slack channel
}

// When says which weeks a destination wants.
type When string

const (
	Always  When = "always"
	OnAlert When = "on_alert" // only weeks in which something is wrong
)

// Charts says how a message in Slack shows charts and tables. Empty is Native.
type Charts string

const (
	Native Charts = "native" // Slack draws them; where a workspace does not take that, as Images
	Images Charts = "images" // as pictures, and tables as lists
)

// A Note says what was special about some days.
type Note struct {
	First, Last period.Date // both inclusive; the same for a single day
	Text        string      // such as Black Friday, one line
}

// Targets are what the bot is held to; nil where there is no target.
type Targets struct {
	FallbackRate        *float64 // at most: fallbacks per reply, 0 to 1
	HandoverRate        *float64 // at most: handover requests, open and closed, per chat, 0 to 1
	Feedback            *float64 // at least: positive ratings per rating, 0 to 1
	RequestsWhileClosed *int     // at most, in a week: people asking for a human outside opening hours
}

// A Brand is how a tenant's reports look.
type Brand struct {
	Accent string // colour as #rrggbb, lower case; empty: the report's own
	Logo   string // name of a PNG file beside the tenant's file; may be empty
}
