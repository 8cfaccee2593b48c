package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kindlyweekly/report/config"
	"kindlyweekly/sage"
)

// errUsage is a mistake in the command line that the parser cannot see.
var errUsage = errors.New("wrong usage")

// choice says which bot a command is about: from a file, from flags, or both.
type choice struct {
	Bot      string   `required:"" placeholder:"ID" help:"Kindly's id of the bot: the number or name in https://app.kindly.ai/bot/ID."`
	Config   string   `type:"existingfile" placeholder:"FILE" help:"A bots.yaml that declares the bot. Flags win over it."`
	Name     string   `help:"What readers know the bot by. The id where nothing is said."`
	TZ       string   `name:"tz" placeholder:"ZONE" help:"Time zone whose days and weeks are counted, such as Europe/Oslo. UTC where nothing is said."`
	Source   []string `placeholder:"S" help:"Count only chats from this source (web, app, ...), or all but this one (--source=-test). May be repeated. Where nothing is said the bot builders' own test chats are left out; 'all' counts everything."`
	Language []string `placeholder:"L" help:"Count only chats in this language, as two letters (nb, en, ...). May be repeated. All where nothing is said."`
}

// tenant returns whoever the file declares, or nil where none is named.
func (c choice) tenant(h host) (*config.Tenant, error) {
	if c.Config == "" {
		return nil, nil
	}
	return h.readConfig(c.Config)
}

// bot returns the bot as the tenant, who may be nil, declares it and the flags change it.
func (c choice) bot(tenant *config.Tenant) (config.Bot, error) {
	for flag, values := range map[string][]string{"--source": c.Source, "--language": c.Language} {
		if values != nil && len(values) == 0 { // given, but empty, as in filled
			return config.Bot{}, fmt.Errorf("%w: %s is empty: write a value, or leave it out", errUsage, flag)
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
		return config.Bot{}, fmt.Errorf("%w: %w", errUsage, err)
	}
	return bot, nil
}

// anyBot is choice, where the bot may also be one of a deployment.
type anyBot struct {
	choice
	place
	Tenant  string `placeholder:"NAME" help:"With --bucket: the tenant whose configuration declares the bot, acme for config/acme.yaml."`
	Secrets string `placeholder:"PREFIX" help:"With --bucket: what the ids of the deployment's secrets begin with, SecretPrefix of its stack. SECRET_PREFIX where nothing is said."`
}

// find returns the bot, whose it is, nil where nothing says that, and the deployment's store, nil where none is named.
func (a anyBot) find(ctx context.Context, h host) (bot config.Bot, t *config.Tenant, store bucket, err error) {
	switch {
	case a.Config != "" && a.named():
		err = fmt.Errorf("%w: --config and --bucket both say what the bot is: leave one out", errUsage)
	case !a.named():
		t, err = a.choice.tenant(h)
	default:
		if store, err = a.open(ctx, h); err == nil {
			t, err = h.tenant(ctx, store, a.Tenant, a.commands(h, a.Secrets))
		}
	}
	if err == nil {
		bot, err = a.bot(t)
	}
	return bot, t, store, err
}

// client asks Sage with the bot's key, which may be where the deployment keeps it.
func (a anyBot) client(h host, t *config.Tenant, bot config.Bot) *sage.Client {
	client := h.client()
	if a.named() {
		client.Key = h.keyOf(t, bot, h.prefix(a.Secrets))
	}
	return client
}

// readConfig reads a configuration to work by it. Where check refuses what earlier versions of this program took, it
// says so and goes on.
func (h host) readConfig(file string) (*config.Tenant, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	file = short(file)
	tenant, warnings, err := config.ParseInForce(file, data)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		return nil, fmt.Errorf("%s has mistakes:\n%s", file, listed(file, mistakes))
	}
	h.warn(file, warnings)
	return tenant, err
}

// warn tells which rules are new that a configuration breaks.
func (h host) warn(file string, warnings config.Mistakes) {
	if len(warnings) > 0 {
		fmt.Fprintf(h.err, "note: %s is used as it is, but breaks rules that are new: check and config push refuse it:\n%s\n",
			file, listed(file, warnings))
	}
}

// listed prints mistakes as compilers do, so that editors can jump to them.
func listed(file string, mistakes config.Mistakes) string {
	var lines []string
	for _, m := range mistakes {
		lines = append(lines, file+":"+m.String())
	}
	return strings.Join(lines, "\n")
}
