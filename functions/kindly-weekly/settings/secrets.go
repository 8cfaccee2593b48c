package settings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

type Secrets struct {
	Migrate Migrate `cmd:"" help:"Copy each tenant's Slack token and signing secret to separate secrets."`
}

type Migrate struct {
	deployment.Place
	Tenant    string `placeholder:"NAME" help:"Only this tenant. Default: all tenants."`
	Push      bool   `help:"Also put a configuration that names the copies into force."`
	Overwrite bool   `help:"Overwrite a copy that differs from the secret in force. Default: fail."`
	Who       string `placeholder:"NAME" help:"With --push: your name, for the log. Default: the variable USER."`
}

// Help returns the details and examples of the command.
func (Migrate) Help() string {
	return `Separate secrets allow each function to read only what it needs (NarrowSecrets=true). The old
secrets remain. Run it as often as needed; it changes nothing that is done.

Examples:
  kindly-weekly secrets migrate --stack kindly-weekly-prod
  kindly-weekly secrets migrate --stack kindly-weekly-prod --push`
}

func (c *Migrate) Run(ctx context.Context, h cli.Host) error {
	prefix := h.SecretPrefix()
	if prefix == "" {
		return cli.Usagef("it is unknown where the secrets are: name the deployment with --stack")
	}
	who := ""
	if c.Push {
		var err error
		if who, err = (authorFlags{Who: c.Who}).who(h); err != nil {
			return err
		}
	}
	store, err := c.Open(ctx, h)
	if err != nil {
		return err
	}
	all, err := tenantsOf(ctx, store)
	if err != nil {
		return err
	}
	m := migration{Migrate: c, host: h, prefix: prefix, who: who,
		secrets: &deployment.Secrets{Host: h}}
	done, failed := 0, 0
	for _, name := range all {
		if c.Tenant != "" && name != c.Tenant {
			continue
		}
		done++
		if err := m.tenant(ctx, configuration{store, delivery.KeysOf(name)}, name); err != nil {
			if ctx.Err() != nil {
				return err
			}
			failed++
			h.Complain("%s: %v", name, err)
		}
	}
	switch {
	case done == 0:
		return deployment.NoConfiguration(c.Tenant, c.Commands(h))
	case failed > 0:
		h.Complain("%s could not be migrated", cli.Count(failed, "tenant", "tenants"))
		return cli.ErrPrinted
	}
	return nil
}

// tenantsOf returns the names of all tenants that have a configuration.
func tenantsOf(ctx context.Context, store delivery.Store) (names []string, err error) {
	keys, err := store.List(ctx, delivery.ConfigPrefix)
	for _, key := range keys {
		if name, ok := delivery.TenantOf(key); ok {
			names = append(names, name)
		}
	}
	return names, err
}

// migration is one run of migrate.
type migration struct {
	*Migrate
	host    cli.Host
	prefix  string
	who     string
	secrets *deployment.Secrets
}

// move is a key below slack in the configuration, the secret that it names, and its new secret.
type move struct{ Key, from, to string }

// Moves returns the tenant's Slack secrets that are not separate yet.
func Moves(prefix string, t *config.Tenant) (all []move) {
	for _, m := range []move{
		{"token_secret", t.Slack.TokenSecret, secrets.TokenID(prefix, t.Name)},
		{"signing_secret", t.Slack.SigningSecret, secrets.SigningID(prefix, t.Name)},
	} {
		if m.from != "" && m.from != m.to {
			all = append(all, m)
		}
	}
	return all
}

// CheckKeyApart returns an error if a bot's API key is in the secret of the tenant's Slack token or
// signing secret.
func CheckKeyApart(prefix string, t *config.Tenant) error {
	for _, b := range t.Bots {
		name, _, _ := strings.Cut(b.KeySecret, "#")
		if name == secrets.TokenID(prefix, t.Name) || name == secrets.SigningID(prefix, t.Name) {
			return fmt.Errorf("key_secret of %s is %s, which is for Slack alone: keep the API key in another secret", b.ID, b.KeySecret)
		}
	}
	return nil
}

func (m *migration) tenant(ctx context.Context, conf configuration, name string) error {
	now, err := conf.now(ctx)
	if err != nil {
		return err
	}
	t, _, err := config.ParseInForce(conf.keys.Config(), now.Data)
	if err != nil {
		return errors.New(alerting.Instruction("its configuration has mistakes: correct them first",
			m.Commands(m.host).Fix(name)...))
	}
	if err := CheckKeyApart(m.prefix, t); err != nil {
		return err
	}
	all := Moves(m.prefix, t)
	for _, move := range all {
		said, err := m.copy(ctx, name, move)
		if err != nil {
			return err
		}
		fmt.Fprintf(m.host.Out, "%s: %s\n", name, said)
	}
	switch {
	case t.Slack.TokenSecret == "" && t.Slack.SigningSecret == "":
		fmt.Fprintf(m.host.Out, "%s: its configuration names no Slack secrets\n", name)
		return nil
	case len(all) == 0:
		fmt.Fprintf(m.host.Out, "%s: its Slack secrets are separate\n", name)
		return nil
	case m.Push:
		return m.push(ctx, conf, now, t, all)
	}
	fmt.Fprintf(m.host.Out,
		"%s: change its configuration, or run this again with --push:\n  slack:\n", name)
	for _, move := range all {
		fmt.Fprintf(m.host.Out, "    %s: %s\n", move.Key, move.to)
	}
	return nil
}

// copy copies a secret unless the copy exists, and returns what it did. It shows no value.
func (m *migration) copy(ctx context.Context, tenant string, move move) (said string, err error) {
	if err := secrets.CheckTenant(m.prefix, tenant, move.from); err != nil {
		return "", err
	}
	v, err := m.secrets.Open(ctx)
	if err != nil {
		return "", err
	}
	value, err := v.Get(ctx, move.from)
	if err != nil {
		return "", err
	}
	there, err := v.Get(ctx, move.to)
	var absent *types.ResourceNotFoundException
	switch {
	case err == nil && there == value:
		return fmt.Sprintf("%s is already a copy of %s", move.to, move.from), nil
	case err == nil && !m.Overwrite:
		return "", fmt.Errorf("%s differs from %s, which is in force: if that one is right, run this again with --overwrite", move.to, move.from)
	case err != nil && !errors.As(err, &absent):
		return "", err
	}
	if err := v.Set(ctx, move.to, value); err != nil {
		return "", err
	}
	return fmt.Sprintf("copied %s to %s", move.from, move.to), nil
}

// push puts a configuration into force that names the copies and is otherwise unchanged.
func (m *migration) push(ctx context.Context, conf configuration, now delivery.Object,
	t *config.Tenant, all []move) error {
	text, err := renamed(conf.keys.Config(), now.Data, t, all)
	if err != nil {
		return err
	}
	tenant, _, err := config.ParseInForce(conf.keys.Config(), text)
	if err != nil {
		return err
	}
	if err := showChanges(m.host, conf, now.Data, text, tenant); err != nil {
		return err
	}
	_, number, err := conf.replace(ctx, now, version{At: m.host.Now().UTC(), Who: m.who,
		Why: "separate Slack secrets", Text: string(text)})
	if err != nil {
		return err
	}
	fmt.Fprintf(m.host.Out, "\n%s: version %d is in force; %s\n", t.Name, number,
		alerting.Instruction("before you change it again, pull it",
			m.Commands(m.host).Pull(t.Name)))
	return nil
}

// renamed returns the configuration with the names of the copies and every other byte unchanged. It
// returns an error for a layout that it cannot edit safely.
func renamed(file string, text []byte, t *config.Tenant, all []move) ([]byte, error) {
	byHand := errors.New("this layout of the configuration cannot be edited automatically: write the new names into it, and push it")
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil || len(document.Content) != 1 {
		return nil, byHand
	}
	slack := valueOf(document.Content[0], "slack")
	type place struct {
		move
		*yaml.Node
	}
	var places []place
	for _, m := range all {
		n := valueOf(slack, m.Key)
		if n == nil {
			return nil, byHand
		}
		places = append(places, place{m, n})
	}
	// two on one line: the last one first
	slices.SortFunc(places, func(a, b place) int { return b.Column - a.Column })
	want := *t
	lines := bytes.SplitAfter(bytes.Clone(text), []byte("\n"))
	for _, n := range places {
		if n.Line > len(lines) {
			return nil, byHand
		}
		old := n.Value
		switch n.Style {
		case yaml.DoubleQuotedStyle:
			old = `"` + old + `"`
		case yaml.SingleQuotedStyle:
			old = `'` + old + `'`
		}
		line := []rune(string(lines[n.Line-1]))
		if n.Column > len(line) || !strings.HasPrefix(string(line[n.Column-1:]), old) {
			return nil, byHand
		}
		before, after := string(line[:n.Column-1]),
			strings.TrimPrefix(string(line[n.Column-1:]), old)
		lines[n.Line-1] = []byte(before + strings.Replace(old, n.Value, n.to, 1) + after)
		switch n.Key {
		case "token_secret":
			want.Slack.TokenSecret = n.to
		case "signing_secret":
			want.Slack.SigningSecret = n.to
		}
	}
	changed := bytes.Join(lines, nil)
	got, _, err := config.ParseInForce(file, changed)
	if err != nil || !reflect.DeepEqual(*got, want) {
		return nil, byHand
	}
	return changed, nil
}

// valueOf returns the value of a key of a mapping, or nil.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
