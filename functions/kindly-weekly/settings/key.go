package settings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/filters"
	"kindlyweekly/report/config"
	"kindlyweekly/sage"
)

type Key struct {
	Set KeySet `cmd:"" help:"Read a bot's API key from standard input, test it, and store it."`
}

type KeySet struct {
	deployment.Place
	Bot     string `type:"bot" required:"" placeholder:"ID" help:"The bot's ID at Kindly."`
	Tenant  string `required:"" placeholder:"NAME" help:"The tenant: acme for config/acme.yaml."`
	Config  string `type:"existingfile" placeholder:"FILE" help:"The tenant's bots.yaml, if it is not in the deployment yet."`
	Secrets string `placeholder:"PREFIX" help:"The stack's SecretPrefix, for a bot without key_secret. Default: the variable SECRET_PREFIX."`
}

// Help returns the details and examples of the command.
func (KeySet) Help() string {
	return `Asks for the key, or reads it from a pipe, and shows it nowhere. It stores a key only if
Kindly accepts it. The deployment uses a new key within 15 minutes.

Examples:
  kindly-weekly key set --bucket weekly --tenant acme --bot 4217
  kindly-weekly key set --stack kindly-weekly-prod --config acme.yaml --tenant acme --bot 4217 < key.txt`
}

func (c *KeySet) Run(ctx context.Context, h cli.Host) error {
	bot, err := c.find(ctx, h)
	if err != nil {
		return err
	}
	id, err := deployment.KeyID(h.SecretPrefix(c.Secrets), c.Tenant, bot)
	if err != nil {
		return err
	}
	if err := secrets.CheckTenant(h.SecretPrefix(c.Secrets), c.Tenant, id); err != nil {
		return err
	}
	key, err := readSecret(ctx, h, fmt.Sprintf("API key of %s: ", bot.ID))
	if err != nil {
		return err
	}
	week := bot.LastComplete(h.Now())
	client := h.SageClient()
	client.Key = func(context.Context, string) (string, error) { return key, nil }
	chats, err := client.Chats(ctx, bot.ID, sage.Query{From: week.From().String(),
		To: week.To().String(), TZ: bot.TZ, Sources: bot.Sources, Languages: bot.Languages})
	if err != nil {
		return fmt.Errorf("nothing was stored: %w", err)
	}
	store := &deployment.Secrets{Host: h}
	v, err := store.Open(ctx)
	if err != nil {
		return err
	}
	if err := v.Set(ctx, id, key); err != nil {
		return fmt.Errorf("nothing was stored: %w", err)
	}
	n := 0
	for _, day := range chats {
		n += day.Count
	}
	fmt.Fprintf(h.Out,
		"The key works: %s in %s. It is stored in %s; the deployment uses it within 15 minutes.\n",
		cli.Count(n, "chat", "chats"), week, id)
	for _, w := range filters.Warnings(ctx, client, bot) {
		filters.Warn(h, w, bot.ID)
	}
	return nil
}

// find returns the bot from the configuration, which names the secret for its key.
func (c *KeySet) find(ctx context.Context, h cli.Host) (config.Bot, error) {
	var tenant *config.Tenant
	var err error
	switch {
	case c.Config != "": // with --bucket for the prefix of the deployment's secrets
		tenant, err = h.ReadConfig(c.Config)
		if err == nil && tenant.Name != c.Tenant {
			err = cli.Usagef("%s declares the tenant %s, not %s", cli.ShortPath(c.Config),
				tenant.Name, c.Tenant)
		}
	case !c.Given():
		err = cli.Usagef("name the deployment with --bucket NAME, or the tenant's file with --config FILE")
	default:
		store, failed := c.Open(ctx, h)
		if failed != nil {
			return config.Bot{}, failed
		}
		tenant, err = deployment.ReadTenant(ctx, h, store, c.Tenant, c.Commands(h, c.Secrets))
	}
	if err != nil {
		return config.Bot{}, err
	}
	return tenant.Find(c.Bot)
}

// readSecret reads one line without echoing it. Its errors do not quote the line.
func readSecret(ctx context.Context, h cli.Host, prompt string) (string, error) {
	var text []byte
	var err error
	if f, ok := h.In.(*os.File); ok && cli.IsTerminal(f) {
		fmt.Fprint(h.Err, prompt)
		text, err = readHidden(ctx, int(f.Fd()))
		fmt.Fprintln(h.Err)
	} else {
		const longest = 10_000
		text, err = io.ReadAll(io.LimitReader(h.In, longest))
	}
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(text))
	switch {
	case secret == "":
		return "", errors.New("standard input is empty: paste the key, or pipe it; other users can see command lines")
	case strings.ContainsFunc(secret, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("standard input is not an API key: a key is one word")
	}
	return secret, nil
}

// readHidden reads a line from a terminal without echo. If ctx ends it restores the echo; the
// reading goroutine remains until the program ends.
func readHidden(ctx context.Context, terminal int) ([]byte, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return nil, err
	}
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(terminal)
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		return l.text, l.err
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), term.Restore(terminal, before))
	}
}
