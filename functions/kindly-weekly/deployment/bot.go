package deployment

import (
	"context"
	"fmt"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/spelling"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/report/period/reference"
	"kindlyweekly/sage"
)

// BotFlags are flags that describe a bot, or change its entry in a file.
type BotFlags struct {
	Bot      string   `type:"bot" required:"" placeholder:"ID" help:"The bot's ID at Kindly, or the address of one of its pages, https://app.kindly.ai/bot/ID."`
	Config   string   `type:"existingfile" placeholder:"FILE" help:"A bots.yaml that declares the bot. Flags override it."`
	Name     string   `help:"The bot's name in the report. Default: its ID."`
	TZ       string   `name:"tz" placeholder:"ZONE" help:"Time zone of days and weeks, such as Europe/Oslo. Default: UTC."`
	Source   []string `placeholder:"S" help:"Count only chats from this source (web, app, ...), or exclude one (--source=-test). Repeatable. 'all' counts every source. Default: -test."`
	Language []string `placeholder:"L" help:"Count only chats in this language (nb, en, ...). Repeatable. Default: all languages."`
}

// tenant returns the tenant of --config, or nil without the flag.
func (c BotFlags) tenant(h cli.Host) (*config.Tenant, error) {
	if c.Config == "" {
		return nil, nil
	}
	return h.ReadConfig(c.Config)
}

// bot returns the bot that the tenant declares, changed by the flags. tenant may be nil.
func (c BotFlags) bot(tenant *config.Tenant) (config.Bot, error) {
	for flag, values := range map[string][]string{"--source": c.Source, "--language": c.Language} {
		if values != nil && len(values) == 0 { // given, but empty, as in filled
			return config.Bot{}, cli.Usagef("%s is empty: give a value, or leave the flag out",
				flag)
		}
	}
	bot, err := config.New(c.Bot)
	if tenant != nil {
		bot, err = tenant.Find(c.Bot)
	}
	if err == nil {
		bot, err = bot.With(config.Changes{
			Name: c.Name, TZ: c.TZ, Sources: c.Source, Languages: c.Language,
		})
	}
	if err != nil {
		return config.Bot{}, cli.Usagef("%w", err)
	}
	return bot, nil
}

// AnyBot are the flags of a bot on this machine or in a deployment.
type AnyBot struct {
	BotFlags
	Place
	Tenant string `placeholder:"NAME" help:"With --stack: the tenant, acme for config/acme.yaml. Default: the only one."`
}

// Enter is Enter of the place. If the flags name no tenant, it is the only one of the deployment.
func (a *AnyBot) Enter(ctx context.Context, h cli.Host) (cli.Host, error) {
	if a.Config != "" { // which names the tenant
		return a.Place.Enter(ctx, h)
	}
	return a.enter(ctx, h, &a.Tenant)
}

// Find returns the bot, its tenant, which is nil without a configuration, and the deployment's
// store, which is nil if no flag names one.
func (a AnyBot) Find(ctx context.Context, h cli.Host) (
	bot config.Bot, t *config.Tenant, store Store, err error,
) {
	switch {
	case a.Config != "" && a.Given():
		err = cli.Usagef("--config and --stack both name a configuration: leave one out")
	case !a.Given():
		t, err = a.BotFlags.tenant(h)
	default:
		if store, err = a.Open(ctx, h); err == nil {
			t, err = ReadTenant(ctx, h, store, a.Tenant, a.Commands(h))
		}
	}
	if err == nil {
		bot, err = a.bot(t)
	}
	return bot, t, store, err
}

// SageClient returns a client with the bot's key, from the environment or the deployment, and with
// the spelling that the deployment's store has. store may be nil.
func (a AnyBot) SageClient(
	ctx context.Context, h cli.Host, store Store, t *config.Tenant, bot config.Bot,
) *sage.Client {
	client := h.SageClient()
	if a.Given() {
		client.Key = KeyFunc(h, t, bot, h.SecretPrefix())
		client.Spelling = Spelling(ctx, h, store)
	}
	return client
}

// Spelling returns how the deployment's statistics service spells what package sage assumes. If it
// cannot be read, Spelling warns and returns what is assumed.
func Spelling(ctx context.Context, h cli.Host, store Store) sage.Spelling {
	s, err := spelling.Read(ctx, store)
	if err != nil {
		fmt.Fprintf(h.Err, "warning: how Kindly's statistics spell button clicks could not be read: "+
			"%s\n", cli.OneLine(err.Error()))
	}
	return s
}

// WeekFlag parses --week.
func WeekFlag(value string, h cli.Host, zone *time.Location) (period.Period, error) {
	return ParseWeek("--week", value, h, zone)
}

// ParseWeek parses a week of a time zone. It returns an error for a week that is not over.
func ParseWeek(flag, value string, h cli.Host, zone *time.Location) (period.Period, error) {
	week, err := reference.ParseAt(value, h.Now(), zone)
	if err != nil {
		return week, cli.Usagef("%s: %w", flag, err)
	}
	return week, nil
}
