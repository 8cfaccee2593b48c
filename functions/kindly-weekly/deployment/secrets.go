package deployment

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
)

// Secrets reads a deployment's secrets from AWS Secrets Manager. It calls AWS on the first use.
type Secrets struct {
	Host cli.Host

	once    sync.Once
	manager *secrets.Manager
	err     error
}

// Open returns the client for AWS Secrets Manager, the same one each time.
func (s *Secrets) Open(ctx context.Context) (*secrets.Manager, error) {
	s.once.Do(func() {
		cfg, err := s.Host.AWS(ctx)
		client := secretsmanager.NewFromConfig(cfg)
		s.manager, s.err = &secrets.Manager{Client: client, Now: s.Host.Now}, err
	})
	return s.manager, s.err
}

// Get returns the secret with the id.
func (s *Secrets) Get(ctx context.Context, id string) (string, error) {
	v, err := s.Open(ctx)
	if err != nil {
		return "", err
	}
	return v.Get(ctx, id)
}

// Refetch returns a secret without using a cache, after the cached one was refused.
func (s *Secrets) Refetch(ctx context.Context, id string) (string, error) {
	v, err := s.Open(ctx)
	if err != nil {
		return "", err
	}
	return v.Refetch(ctx, id)
}

// KeyID returns the id of the secret with a bot's API key.
func KeyID(prefix, tenant string, bot config.Bot) (string, error) {
	if bot.KeySecret == "" && prefix == "" {
		return "", cli.Usagef("the configuration has no key_secret for %s, and without a stack it "+
			"is unknown where its key is: name the deployment with --stack", bot.ID)
	}
	return secrets.KeyID(prefix, tenant, bot), nil
}

// TenantKeyID is KeyID, and returns an error for a secret that is not one of the tenant's.
func TenantKeyID(prefix, tenant string, bot config.Bot) (string, error) {
	id, err := KeyID(prefix, tenant, bot)
	if err != nil {
		return "", err
	}
	return id, secrets.CheckTenant(prefix, tenant, id)
}

// KeyFunc returns a function that finds a bot's API key in the environment, else in the
// deployment's secrets.
func KeyFunc(
	h cli.Host, t *config.Tenant, bot config.Bot, prefix string,
) func(context.Context, string) (string, error) {
	deployed := &Secrets{Host: h}
	return func(ctx context.Context, _ string) (string, error) {
		if key, err := h.APIKey(ctx, bot.ID); err == nil {
			return key, nil
		}
		id, err := TenantKeyID(prefix, t.Name, bot)
		if err != nil {
			return "", err
		}
		return deployed.Get(ctx, id)
	}
}
