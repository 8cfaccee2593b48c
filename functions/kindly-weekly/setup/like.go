package setup

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deploy"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/settings"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/config/edit"
	"kindlyweekly/report/delivery"
)

// A model is another deployment, whose settings and bots a new one takes over.
type model struct {
	stack      string
	parameters map[string]string // of the stack
	host       cli.Host          // as that deployment is known
	store      deployment.Store
	tenant     *config.Tenant // nil if it has none
}

// lookModel reads the deployment that --like names, or the dev stack for one of prod. It returns
// nil if there is none.
func (r *run) lookModel(ctx context.Context) (*model, error) {
	name := r.cmd.Like
	if name == "" && r.cmd.Stage == "prod" {
		name = deploy.NameOf("dev")
	}
	if name == "" || name == r.name || r.region == "" {
		return nil, nil
	}
	stack := r.stack()
	stack.Name = name
	s, err := stack.State(ctx)
	if err != nil {
		return nil, err
	}
	if s.Status != deploy.Deployed {
		if r.cmd.Like != "" {
			return nil, cli.Usagef("--like %s: there is no such stack in %s", name, r.region)
		}
		return nil, nil
	}
	m := &model{stack: name, parameters: s.Parameters}
	place := deployment.Place{Stack: name}
	if m.host, err = place.Enter(ctx, r.base); err != nil {
		return nil, err
	}
	if m.store, err = place.Open(ctx, m.host); err != nil {
		return nil, err
	}
	all, err := (&tenantconfig.Loader{Store: m.store}).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if t.Tenant != nil && (t.Name == r.tenant || r.tenant == "" && len(all) == 1) {
			m.tenant = t.Tenant
		}
	}
	return m, nil
}

// takeOver writes the bots of the model to the tenant's file, and copies their keys, if the
// operator wants that. It reports whether it did.
func (r *run) takeOver(ctx context.Context) (bool, error) {
	m := r.model
	if m == nil || m.tenant == nil || m.tenant.Name != r.tenant {
		return false, nil
	}
	yes, err := r.yes(fmt.Sprintf("Take over %s of %s, with keys and destinations?",
		cli.Count(len(m.tenant.Bots), "bot", "bots"), m.stack))
	if err != nil || !yes {
		return false, err
	}
	from, to := m.host.Deployment.SecretPrefix, r.about.SecretPrefix
	for _, bot := range m.tenant.Bots {
		key, err := settings.StoredKey(ctx, m.host, from, r.tenant, bot)
		if err != nil {
			return false, err
		}
		if key == "" {
			return false, fmt.Errorf("%s has no key of %s: store it with %s", m.stack, bot.ID,
				r.typed("key set --stack "+m.stack+" --tenant "+r.tenant+" --bot "+bot.ID))
		}
		here := bot
		here.KeySecret = strings.Replace(bot.KeySecret, from, to, 1) // as in the text below
		if _, err := settings.StoreKey(ctx, r.host, to, r.tenant, here, key); err != nil {
			return false, err
		}
		for _, d := range bot.Destinations {
			if d.Medium == config.Slack {
				r.join(ctx, d.To)
			}
		}
	}
	o, err := m.store.Get(ctx, delivery.KeysOf(r.tenant).Config())
	if err != nil {
		return false, err
	}
	text := bytes.ReplaceAll(o.Data, []byte(from), []byte(to))
	text = bytes.ReplaceAll(text, []byte("--stack "+m.stack+" "), []byte("--stack "+r.name+" "))
	return true, r.writeText(text, edit.Changes{})
}
