package setup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/settings"
	"kindlyweekly/functions/kindly-weekly/suggest"
	"kindlyweekly/report/config"
	"kindlyweekly/report/config/edit"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/wording"
)

// lookBots reads which bots are in the file or in force.
func (r *run) lookBots(context.Context) (state, error) {
	ask := "ask for them, try and store their keys, and write the configuration"
	if m := r.model; r.conf == nil && m != nil && m.tenant != nil {
		ask = "take over those of " + m.stack + ", with keys and destinations"
	}
	if r.tenant == "" {
		return state{text: ask}, nil
	}
	known, err := r.known()
	if err != nil {
		return state{}, err
	}
	if known == nil {
		return state{text: ask}, nil
	}
	var names []string
	for _, b := range known.Bots {
		names = append(names, b.ID)
	}
	for _, a := range r.answers.Bots {
		if id, err := config.BotID(a.Bot); err == nil && !slices.Contains(names, id) {
			return todo("add %s", id), nil
		}
	}
	return done("%s", joined(names)), nil
}

// known returns the configuration of the tenant's file, or else the one in force; nil if there is
// none.
func (r *run) known() (*config.Tenant, error) {
	text, err := os.ReadFile(r.configFile())
	if errors.Is(err, fs.ErrNotExist) {
		return r.conf, nil
	}
	if err != nil {
		return nil, err
	}
	return config.Parse(r.tenant+".yaml", text)
}

// write changes the tenant's file, and makes it if there is none.
func (r *run) write(c edit.Changes) error {
	text, err := os.ReadFile(r.configFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return r.writeText(text, c)
}

// writeText is write for a text that takes the place of the file's.
func (r *run) writeText(text []byte, c edit.Changes) error {
	if r.conf == nil {
		r.common(&c)
	}
	text, err := edit.Apply(r.tenant+".yaml", text, c)
	if err != nil {
		return fmt.Errorf("%s: %w", r.configFile(), err)
	}
	if err := os.MkdirAll(r.name, 0o755); err != nil {
		return err
	}
	// The folder is in a clone, which has nothing of a tenant.
	if err := os.WriteFile(filepath.Join(r.name, ".gitignore"), []byte("*\n"), 0o644); err != nil {
		return err
	}
	return os.WriteFile(r.configFile(), text, 0o644)
}

// common adds what a new file has in addition to its bots: the app, the sender, and the operator as ops.
func (r *run) common(c *edit.Changes) {
	c.Stack = r.name
	if len(c.Bots) > 0 {
		c.TZ = cmp.Or(r.zone, c.Bots[0].TZ)
		r.zone = c.TZ
	}
	if r.slack != nil {
		token, signing := r.slackSecrets()
		c.Slack = config.SlackApp{Team: r.slack.Team, TokenSecret: token, SigningSecret: signing}
	}
	if len(r.from) > 0 {
		c.From = config.Address{Name: "Kindly Weekly", Address: r.from[0]}
		c.Ops.Recipients = []config.Address{{Address: r.email}}
	}
}

// configFile is the tenant's file on this machine, such as kindly-weekly-dev/acme.yaml. Stacks can
// have tenants of one name.
func (r *run) configFile() string { return filepath.Join(r.name, r.tenant+".yaml") }

// flags name the tenant for the commands of package settings.
func (r *run) flags() deployment.TenantFlags {
	return deployment.TenantFlags{Place: r.place, Tenant: r.tenant}
}

// addBots asks for bots, and writes each to the tenant's file.
func (r *run) addBots(ctx context.Context) error {
	if err := r.askTenant(); err != nil {
		return err
	}
	if r.conf != nil { // with its comments
		err := settings.PullFile(ctx, r.host, r.flags(), r.configFile())
		if err != nil && !errors.Is(err, settings.ErrUnpushed) {
			return err
		}
	}
	if r.conf == nil && len(r.answers.Bots) == 0 {
		taken, err := r.takeOver(ctx)
		if err != nil || taken {
			return err
		}
	}
	if r.file != "" {
		for i, a := range r.answers.Bots {
			if err := r.addBot(ctx, fmt.Sprintf("bots[%d].", i), a); err != nil {
				return err
			}
		}
		return nil
	}
	for {
		if err := r.addBot(ctx, "", BotAnswers{}); err != nil {
			return err
		}
		if another, err := r.choose("Another bot?", false); err != nil || !another {
			return err
		}
	}
}

// addBot asks for a bot, tries and stores its key, and writes it to the tenant's file. A bot that is
// in the file already stays as it is there. at names the bot in the answers file.
func (r *run) addBot(ctx context.Context, at string, a BotAnswers) error {
	id, err := r.get(question{key: at + "bot", answer: a.Bot, check: config.BotID,
		text: "Address of the bot, such as https://app.kindly.ai/bot/4217, or its ID"})
	if err != nil {
		return err
	}
	known, err := r.known()
	if err != nil {
		return err
	}
	if known != nil {
		if _, err := known.Find(id); err == nil {
			fmt.Fprintf(r.host.Out, "%s is configured already\n", id)
			return nil
		}
	}
	bot, err := config.New(id)
	if err != nil {
		return err
	}
	key, err := r.botKey(ctx, bot)
	if err != nil {
		return err
	}
	e := edit.Bot{ID: id}
	if e.Name, err = r.get(question{key: at + "name", answer: a.Name, standard: id,
		text: "Its name in the reports", check: suggest.ReadName}); err != nil {
		return err
	}
	if e.TZ, err = r.get(question{key: at + "tz", answer: a.TZ,
		standard: cmp.Or(r.zone, suggest.MachineZone(r.host.Getenv, os.DirFS("/")), r.personZone),
		text:     "Its time zone, such as Europe/Oslo", check: suggest.ReadZone}); err != nil {
		return err
	}
	options, err := r.host.SageClientWith(key).Options(ctx, id)
	if err != nil {
		fmt.Fprintf(r.host.Err, "note: Kindly does not list the bot's sources and languages: %v\n", err)
	}
	offer := suggest.Sources(options)
	_, err = r.get(question{key: at + "sources", answer: string(a.Sources), standard: offer.String(),
		text: "Sources that count. " + offer.Why, check: func(s string) (_ string, err error) {
			e.Sources, err = suggest.ReadSources(s, options)
			return s, err
		}})
	if err != nil {
		return err
	}
	offer = suggest.Languages(options)
	_, err = r.get(question{key: at + "languages", answer: string(a.Languages), standard: offer.String(),
		text: "Languages that count. " + offer.Why, check: func(s string) (_ string, err error) {
			e.Languages, err = suggest.ReadLanguages(s, options)
			return s, err
		}})
	if err != nil {
		return err
	}
	if e.Locale, err = r.get(question{key: at + "locale", answer: a.Locale,
		standard: cmp.Or(suggest.Locale(options.Languages), wording.Default),
		text:     "Language of the report: " + strings.Join(wording.Locales(), ", "),
		check:    suggest.ReadLocale}); err != nil {
		return err
	}
	if e.Channels, err = r.channels(ctx, at, a); err != nil {
		return err
	}
	if e.Recipients, err = r.recipients(at, a, len(e.Channels) == 0); err != nil {
		return err
	}
	return r.write(edit.Changes{Bots: []edit.Bot{e}})
}

// botKey returns the bot's key: the stored one if Kindly accepts it, or else one that is asked for
// and then stored.
func (r *run) botKey(ctx context.Context, bot config.Bot) (string, error) {
	prefix := r.about.SecretPrefix
	key, err := settings.StoredKey(ctx, r.host, prefix, r.tenant, bot)
	if err != nil {
		return "", err
	}
	if key != "" {
		week, chats, err := settings.TryKey(ctx, r.host, bot, key)
		if err == nil {
			r.sayKey(week.String(), chats)
			return key, nil
		}
		fmt.Fprintf(r.host.Err, "the stored key does not work: %v\n", err)
	}
	fmt.Fprintf(r.host.Out, "A key with the permission \"read statistics\" is made at "+
		"https://app.kindly.ai/bot/%s/connect/api-keys\n", bot.ID)
	key, err = r.secret(ctx, "API key of "+bot.ID, func(key string) error {
		week, chats, err := settings.TryKey(ctx, r.host, bot, key)
		if err == nil {
			r.sayKey(week.String(), chats)
		}
		return err
	}, cli.KeyVariables(bot.ID)...)
	if err == nil {
		_, err = settings.StoreKey(ctx, r.host, prefix, r.tenant, bot, key)
	}
	return key, err
}

func (r *run) sayKey(week string, chats int) {
	fmt.Fprintf(r.host.Out, "The key works: %s in %s.\n", cli.Count(chats, "chat", "chats"), week)
}

// secret asks for a secret until check accepts it. Without a terminal it asks once.
func (r *run) secret(
	ctx context.Context, text string, check func(string) error, names ...string,
) (string, error) {
	r.secrets.Names = r.secretNames()
	for {
		s, err := r.secrets.Get(ctx, text+" (not shown): ", names...)
		if err != nil {
			return "", err
		}
		err = check(s)
		if err == nil || !r.secrets.Asks(names...) || ctx.Err() != nil {
			return s, err
		}
		fmt.Fprintf(r.host.Err, "  %v\n", err)
	}
}

// channels asks for the Slack channels of a bot, finds their IDs, and lets the app join them. Without
// mail a bot needs one.
func (r *run) channels(
	ctx context.Context, at string, a BotAnswers,
) (named []edit.Channel, err error) {
	var found []slack.Channel
	if r.slack == nil {
		return nil, nil
	}
	_, err = r.get(question{key: at + "channels", answer: string(a.Channels), standard: none,
		text: "Slack channels that get its report, with commas between them, or none",
		check: func(s string) (string, error) {
			found = nil
			if strings.EqualFold(s, none) {
				if len(r.from) == 0 {
					return "", errors.New("name a channel: the stack sends no mail")
				}
				return s, nil
			}
			for name := range strings.SplitSeq(s, ",") {
				c, err := r.slack.Channel(ctx, strings.TrimSpace(name))
				if err != nil {
					return "", err
				}
				if c.Archived {
					return "", fmt.Errorf("#%s is archived: choose another channel", c.Name)
				}
				found = append(found, c)
			}
			return s, nil
		}})
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		r.join(ctx, c.ID)
		named = append(named, edit.Channel{ID: c.ID, Name: c.Name})
	}
	return named, nil
}

// join makes the app a member of a channel. If that takes a person, it prints what to do; the check
// lists it again until it is done.
func (r *run) join(ctx context.Context, id string) {
	if r.slack == nil {
		return
	}
	c, err := r.slack.Channel(ctx, id)
	if err == nil {
		err = r.slack.Join(ctx, c)
	}
	if err != nil {
		fmt.Fprintf(r.host.Err, "  %s: %v\n", id, err)
	}
}

// recipients asks for the mail addresses that get a bot's report. needed says that the bot has no
// other destination.
func (r *run) recipients(at string, a BotAnswers, needed bool) (found []config.Address, err error) {
	if len(r.from) == 0 {
		return nil, nil
	}
	_, err = r.get(question{key: at + "recipients", answer: string(a.Recipients), standard: none,
		text: "Mail addresses that get its report, with commas between them, or none",
		check: func(s string) (string, error) {
			if strings.EqualFold(s, none) {
				if needed {
					return "", errors.New("name an address: the bot has no channel")
				}
				return s, nil
			}
			found, err = suggest.ReadRecipients(s)
			return s, err
		}})
	return found, err
}

// lookConfiguration reads whether the tenant's file is in force.
func (r *run) lookConfiguration(ctx context.Context) (state, error) {
	if r.tenant == "" {
		return todo("check it and put it into force"), nil
	}
	text, err := os.ReadFile(r.configFile())
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.conf != nil:
		return done("in force: %s", cli.Count(len(r.conf.Bots), "bot", "bots")), nil
	case errors.Is(err, fs.ErrNotExist):
		return todo("check it and put it into force"), nil
	case err != nil:
		return state{}, err
	case r.store == nil:
		return todo("put %s into force", cli.ShortPath(r.configFile())), nil
	}
	o, err := r.store.Get(ctx, delivery.KeysOf(r.tenant).Config())
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		return state{}, err
	}
	switch same := bytes.Equal(o.Data, text); {
	case !same && r.conf != nil && settings.IsPulled(r.configFile()):
		return done("in force: %s; %s is an earlier version",
			cli.Count(len(r.conf.Bots), "bot", "bots"), cli.ShortPath(r.configFile())), nil
	case !same, !settings.IsPulled(r.configFile()): // the latter: a push was interrupted
		return todo("put %s into force", cli.ShortPath(r.configFile())), nil
	}
	return done("%s is in force", cli.ShortPath(r.configFile())), nil
}

// push puts the tenant's file into force. Once begun it ends, or the log would lack the version.
func (r *run) push(ctx context.Context) error {
	if err := settings.PushFile(context.WithoutCancel(ctx), r.host, r.flags(), r.configFile(), r.email,
		"setup"); err != nil {
		return err
	}
	if len(r.from) == 0 && r.conf == nil {
		fmt.Fprintf(r.host.Err, "note: without mail only the alarms say that a report failed; to be "+
			"told in Slack, name a channel under ops in %s\n", cli.ShortPath(r.configFile()))
	}
	return r.readTenant(ctx)
}
