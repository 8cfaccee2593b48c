package deployment

import (
	"context"
	"fmt"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/report/period/reference"
	"kindlyweekly/sage"
)

// BotFlags says which bot a command is about: from a file, from flags, or both.
type BotFlags struct {
	Bot      string   `required:"" placeholder:"ID" help:"Kindly's id of the bot: the number or name in https://app.kindly.ai/bot/ID."`
	Config   string   `type:"existingfile" placeholder:"FILE" help:"A bots.yaml that declares the bot. Flags win over it."`
	Name     string   `help:"What readers know the bot by. The id where nothing is said."`
	TZ       string   `name:"tz" placeholder:"ZONE" help:"Time zone whose days and weeks are counted, such as Europe/Oslo. UTC where nothing is said."`
	Source   []string `placeholder:"S" help:"Count only chats from this source (web, app, ...), or all but this one (--source=-test). May be repeated. Where nothing is said the bot builders' own test chats are left out; 'all' counts everything."`
	Language []string `placeholder:"L" help:"Count only chats in this language, as two letters (nb, en, ...). May be repeated. All where nothing is said."`
}

// tenant returns whoever the file declares, or nil where none is named.
func (c BotFlags) tenant(h cli.Host) (*config.Tenant, error) {
	if c.Config == "" {
		return nil, nil
	}
	return h.ReadConfig(c.Config)
}

// bot returns the bot as the tenant, who may be nil, declares it and the flags change it.
func (c BotFlags) bot(tenant *config.Tenant) (config.Bot, error) {
	for flag, values := range map[string][]string{"--source": c.Source, "--language": c.Language} {
		if values != nil && len(values) == 0 { // given, but empty, as in filled
			return config.Bot{}, fmt.Errorf("%w: %s is empty: write a value, or leave it out", cli.ErrUsage, flag)
		}
	}
	bot, err := config.New(c.Bot)
	if tenant != nil {
		bot, err = tenant.Find(c.Bot)
	}
	if err == nil {
		bot, err = bot.With(config.Changes{Name: c.Name, TZ: c.TZ, Sources: c.Source, Languages: c.Language})
	}
	if err != nil {
		return config.Bot{}, fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	return bot, nil
}

// AnyBot is choice, where the bot may also be one of a deployment.
type AnyBot struct {
	BotFlags
	Place
	Tenant  string `placeholder:"NAME" help:"With --bucket: the tenant whose configuration declares the bot, acme for config/acme.yaml."`
	Secrets string `placeholder:"PREFIX" help:"With --bucket: what the ids of the deployment's secrets begin with, SecretPrefix of its stack. SECRET_PREFIX where nothing is said."`
}

// Find returns the bot, whose it is, nil where nothing says that, and the deployment's store, nil where none is named.
func (a AnyBot) Find(ctx context.Context, h cli.Host) (bot config.Bot, t *config.Tenant, store Store, err error) {
	switch {
	case a.Config != "" && a.Given():
		err = fmt.Errorf("%w: --config and --bucket both say what the bot is: leave one out", cli.ErrUsage)
	case !a.Given():
		t, err = a.BotFlags.tenant(h)
	default:
		if store, err = a.Open(ctx, h); err == nil {
			t, err = ReadTenant(ctx, h, store, a.Tenant, a.Commands(h, a.Secrets))
		}
	}
	if err == nil {
		bot, err = a.bot(t)
	}
	return bot, t, store, err
}

// SageClient asks Sage with the bot's key, which may be where the deployment keeps it.
func (a AnyBot) SageClient(h cli.Host, t *config.Tenant, bot config.Bot) *sage.Client {
	client := h.SageClient()
	if a.Given() {
		client.Key = KeyFunc(h, t, bot, h.SecretPrefix(a.Secrets))
	}
	return client
}

// WeekFlag reads --week.
func WeekFlag(value string, h cli.Host, bot config.Bot) (period.Week, error) {
	return ParseWeek("--week", value, h, bot)
}

// ParseWeek reads a flag. A week that is still running would be reported with days missing.
func ParseWeek(flag, value string, h cli.Host, bot config.Bot) (period.Week, error) {
	week, err := reference.ParseAt(value, h.Now(), bot.Location)
	if err != nil {
		return week, fmt.Errorf("%w: %s: %w", cli.ErrUsage, flag, err)
	}
	return week, nil
}
