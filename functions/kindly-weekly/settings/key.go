package settings

import (
	"context"
	"fmt"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/filters"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

type Key struct {
	Set KeySet `cmd:"" help:"Read a bot's API key from standard input, test it, and store it."`
}

type KeySet struct {
	deployment.TenantFlags
	Bot    string `type:"bot" required:"" placeholder:"ID" help:"The bot's ID at Kindly, or the address of one of its pages, https://app.kindly.ai/bot/ID."`
	Config string `type:"existingfile" placeholder:"FILE" help:"The tenant's bots.yaml, if it is not in the deployment yet."`
}

// Help returns the details and examples of the command.
func (KeySet) Help() string {
	return `Asks for the key, or reads it from a pipe, and shows it nowhere. It stores a key only if
Kindly accepts it. The deployment uses a new key within 15 minutes.

Examples:
  kindly-weekly key set --stack kindly-weekly-prod --tenant acme --bot 4217
  kindly-weekly key set --stack kindly-weekly-prod --config acme.yaml --tenant acme --bot 4217 < key.txt`
}

func (c *KeySet) Run(ctx context.Context, h cli.Host) error {
	bot, err := c.find(ctx, h)
	if err != nil {
		return err
	}
	prefix := h.SecretPrefix()
	if _, err := deployment.TenantKeyID(prefix, c.Tenant, bot); err != nil {
		return err
	}
	key, err := h.ReadSecret(ctx, fmt.Sprintf("API key of %s: ", bot.ID))
	if err != nil {
		return err
	}
	week, chats, err := TryKey(ctx, h, bot, key)
	if err != nil {
		return fmt.Errorf("nothing was stored: %w", err)
	}
	id, err := StoreKey(ctx, h, prefix, c.Tenant, bot, key)
	if err != nil {
		return err
	}
	fmt.Fprintf(h.Out,
		"The key works: %s in %s. It is stored in %s; the deployment uses it within 15 minutes.\n",
		cli.Count(chats, "chat", "chats"), week, id)
	for _, w := range filters.Warnings(ctx, h.SageClientWith(key), bot) {
		filters.Warn(h, w, bot.ID)
	}
	return nil
}

// TryKey asks Kindly's statistics with the key for the bot's last complete week in its zone. It
// returns the week and how many chats it has, of the bot's sources and languages. The error says
// what to do, and does not have the key.
func TryKey(ctx context.Context, h cli.Host, bot config.Bot, key string) (
	week period.Period, chats int, err error,
) {
	week = bot.LastComplete(h.Now())
	days, err := h.SageClientWith(key).Chats(ctx, bot.ID, sage.Query{From: week.From().String(),
		To: week.To().String(), TZ: bot.TZ, Sources: bot.Sources, Languages: bot.Languages})
	if err != nil {
		return week, 0, err
	}
	for _, day := range days {
		chats += day.Count
	}
	return week, chats, nil
}

// StoreKey stores a bot's API key where the tenant's functions look for it, and returns the id of
// that secret: the bot's key_secret, or else prefix with the tenant and the bot. The prefix is that
// of the deployment's secrets, such as kindly-weekly/prod/.
func StoreKey(ctx context.Context, h cli.Host, prefix, tenant string, bot config.Bot, key string) (
	id string, err error,
) {
	if id, err = deployment.TenantKeyID(prefix, tenant, bot); err != nil {
		return "", err
	}
	store := &deployment.Secrets{Host: h}
	v, err := store.Open(ctx)
	if err != nil {
		return "", err
	}
	if err := v.Set(ctx, id, key); err != nil {
		return "", fmt.Errorf("nothing was stored: %w", err)
	}
	return id, nil
}

// StoredKey returns the API key of a bot that [StoreKey] has stored, or "" if it has not.
func StoredKey(ctx context.Context, h cli.Host, prefix, tenant string, bot config.Bot) (
	string, error,
) {
	id, err := deployment.TenantKeyID(prefix, tenant, bot)
	if err != nil {
		return "", err
	}
	key, err := (&deployment.Secrets{Host: h}).Get(ctx, id)
	if secrets.IsMissing(err) {
		return "", nil
	}
	return key, err
}

// find returns the bot from the configuration, which names the secret for its key.
func (c *KeySet) find(ctx context.Context, h cli.Host) (config.Bot, error) {
	var tenant *config.Tenant
	var err error
	switch {
	case c.Config != "": // with --stack for the prefix of the deployment's secrets
		tenant, err = h.ReadConfig(c.Config)
		if err == nil && tenant.Name != c.Tenant {
			err = cli.Usagef("%s declares the tenant %s, not %s", cli.ShortPath(c.Config),
				tenant.Name, c.Tenant)
		}
	case !c.Given():
		err = cli.Usagef("name the deployment with --stack NAME, or the tenant's file with --config FILE")
	default:
		store, failed := c.Open(ctx, h)
		if failed != nil {
			return config.Bot{}, failed
		}
		tenant, err = deployment.ReadTenant(ctx, h, store, c.Tenant, c.Commands(h))
	}
	if err != nil {
		return config.Bot{}, err
	}
	return tenant.Find(c.Bot)
}
