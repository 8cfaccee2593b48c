package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
)

// A Tenant is a customer or a department, as one bots.yaml describes it.
type Tenant struct {
	Name   string // the file's, without .yaml; safe as an element of a path
	Slack  SlackApp
	Mail   Sender
	Ops    []Destination // get notices about problems
	Locale string        // of what concerns no single bot: that of the defaults
	Brand  Brand         // likewise
	Bots   []Bot         // in the file's order, at least one

	Portfolio Portfolio `json:",omitzero"`

	// Cut reports that the file is in force and beyond a limit, see [MostDestinations]. What is
	// beyond it is left out.
	Cut bool `json:",omitzero"`
}

// A SlackApp is the tenant's Slack app. Its secrets are in Secrets Manager, and named here by "id",
// or by "id#field" if the secret is a JSON object.
type SlackApp struct {
	// Slack's id of the workspace, T…; the slash command finds the tenant by it
	Team          string
	TokenSecret   string // of the bot token, xoxb-…
	SigningSecret string // of the signing secret, which proves that Slack sent a slash command
}

// A Sender is the sender of the tenant's mail.
type Sender struct {
	From Address
}

// A Bot is a bot of Kindly with the settings of its report, including those of defaults.
type Bot struct {
	ID        string // Kindly's id; safe as an element of a path
	Name      string // what readers call it; by default the ID
	KeySecret string // of the API key, "id" or "id#field"; empty: the deployment's default

	TZ        string         // name in the tz database; a week is Monday to Monday there
	Location  *time.Location // of TZ, never nil
	DefaultTZ bool           `json:",omitempty"` // without a file TZ was not set, so it is UTC
	Sources   []string       // that count, or -name to leave one out; nil counts all
	Languages []string       // that count, as two-letter codes; nil counts all

	SendDay     time.Weekday // on which the report of the week before is sent, in TZ
	SendTime    Clock
	Paused      bool        // nothing is sent
	PausedUntil period.Date // nothing is sent before this date in TZ; zero: not paused
	SkipIfEmpty bool        // nothing is sent for a week without chats

	Destinations []Destination // channels first, then recipients
	Viewers      []string      // Slack user ids, U… or W…, who may ask for the report anywhere
	Owner        Address       // answers questions about the report; may be zero

	Link     string // template of a link into Kindly's platform, see URL; may be empty
	Locale   string // language of the report, one of wording.Locales; see OtherLocales
	Charts   Charts // of answers to the slash command
	Brand    Brand
	Holidays string // country, one of holidays.Countries, such as NO; may be empty
	Notes    []Note // unusual days, in the file's order
	Targets  Targets

	KeepQueries bool `json:",omitempty"` // pages are listed with their query strings
	WithoutData bool `json:",omitempty"` // no data files are embedded in the PDF
}

// URL returns the link to the bot in Kindly's platform for a period, or "" without a link. It fills
// in the id, the first day and the last day for {bot}, {from} and {to}.
func (b Bot) URL(p period.Period) string {
	// The characters of ids and dates need no escaping.
	from, to := p.From().String(), p.Last().String()
	return strings.NewReplacer("{bot}", b.ID, "{from}", from, "{to}", to).Replace(b.Link)
}

// OtherLocales returns the languages of the bot's destinations other than its own, each once.
func (b Bot) OtherLocales() []string {
	var others []string
	for _, d := range b.Destinations {
		if d.Locale != "" && d.Locale != b.Locale && !slices.Contains(others, d.Locale) {
			others = append(others, d.Locale)
		}
	}
	return others
}

// Find returns the bot with the id. The error suggests the bot that has a similar id or this name,
// or lists the ids.
func (t *Tenant) Find(id string) (Bot, error) {
	if i := slices.IndexFunc(t.Bots, func(b Bot) bool { return b.ID == id }); i >= 0 {
		return t.Bots[i], nil
	}
	fold := names.Fold(id)
	like := func(b Bot) bool { return fold == names.Fold(b.ID) || fold == names.Fold(b.Name) }
	if i := slices.IndexFunc(t.Bots, like); i >= 0 && fold != "" {
		return Bot{}, fmt.Errorf("%s has no bot with the id %q: did you mean %q?",
			t.Name, id, t.Bots[i].ID)
	}
	ids := make([]string, len(t.Bots))
	for i, b := range t.Bots {
		ids[i] = b.ID
	}
	return Bot{}, fmt.Errorf("%s has no bot %q: %s", t.Name, id, meant(id, ids, "its bots are "))
}

// A Clock is a time of day.
type Clock struct{ Hour, Minute int }

// String returns 08:00.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

// An Address is a mail address in ASCII, with an optional name.
type Address struct {
	Name    string
	Address string
}

// A Destination is one address of a kind, such as a Slack channel or a mail recipient. Each gets a
// report once, whatever happens to the others.
type Destination struct {
	Medium Medium
	To     string // Slack's channel id, C… or G…, or the mail address
	Name   string // of a mail recipient; may be empty
	When   When
	Locale string // language of the report here
	Charts Charts // of a Slack channel
}

// When says which weeks a destination gets.
type When string

// The values of When.
const (
	Always  When = "always"
	OnAlert When = "on_alert" // only weeks with a problem
)

// Charts says how a message in Slack shows charts and tables. Empty means Native.
type Charts string

// The values of Charts.
const (
	Native Charts = "native" // drawn by Slack; as Images in a workspace without support
	Images Charts = "images" // as pictures, and tables as lists
)

// A Note says what was special about some days.
type Note struct {
	First, Last period.Date // both inclusive; the same for a single day
	Text        string      // one line, such as Black Friday
}

// Targets are a bot's targets; nil means none.
type Targets struct {
	FallbackRate        *float64 // at most: fallbacks per reply, 0 to 1
	HandoverRate        *float64 // at most: handover requests, open and closed, per chat, 0 to 1
	Feedback            *float64 // at least: positive ratings per rating, 0 to 1
	RequestsWhileClosed *int     // at most, in a week: handover requests outside opening hours
}

// A Brand is the look of a tenant's reports.
type Brand struct {
	Accent string // color as #rrggbb, lower case; empty: the report's own
	Logo   string // name of a PNG file beside the tenant's file; may be empty
}
