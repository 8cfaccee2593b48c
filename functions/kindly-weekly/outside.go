package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// place says where a deployment keeps what is durable.
type place struct {
	Bucket string `xor:"place" placeholder:"NAME" help:"The deployment's bucket: BucketName of its stack's outputs. It is reached with the AWS credentials of this shell."`
	Store  string `xor:"place" type:"path" placeholder:"DIR" help:"A folder of the same layout in the place of the bucket."`
}

func (p place) named() bool { return p.Bucket != "" || p.Store != "" }

// bucket is where a deployment keeps what is durable, which names it among all others.
type bucket interface {
	delivery.Store
	Deployment() string
}

func (p place) open(ctx context.Context, h host) (bucket, error) {
	switch {
	case p.Bucket != "":
		cfg, err := h.aws(ctx)
		if err != nil {
			return nil, err
		}
		return store.S3{Client: s3.NewFromConfig(cfg), Bucket: p.Bucket}, nil
	case p.Store != "":
		return store.Folder{Dir: p.Store}, nil
	}
	return nil, fmt.Errorf("%w: name the deployment with --bucket NAME, or a folder with --store DIR", errUsage)
}

// ledger opens a deployment for a command that works with its ledger.
func (p place) ledger(ctx context.Context, h host) (bucket, error) {
	store, err := p.open(ctx, h)
	if err == nil {
		err = h.inTime(ctx, store)
	}
	if err != nil {
		return nil, err
	}
	return store, nil
}

// mostSkew is how far this machine's clock may be from S3's for a command that works with the ledger. A claim outlasts its
// worker's deadline by as much.
const mostSkew = time.Minute

// inTime returns an error if this machine's clock is further than mostSkew from that of the bucket.
func (h host) inTime(ctx context.Context, store bucket) error {
	off, err := h.skew(ctx, store)
	if err == nil && off != "" {
		err = fmt.Errorf("this machine's clock is %s, so that claims and due times would be wrong: set the clock, then run this again", off)
	}
	return err
}

// skew says how far this machine's clock is from that of the bucket; empty: not further than mostSkew. A folder has no clock.
func (h host) skew(ctx context.Context, store bucket) (off string, err error) {
	clock, ok := store.(interface {
		Time(context.Context) (time.Time, error)
	})
	if !ok {
		return "", nil
	}
	asked := h.now()
	at, err := clock.Time(ctx)
	came := h.now()
	if err != nil {
		return "", err
	}
	// S3's clock was anywhere in the second, anywhere between the question and the answer.
	if ahead := asked.Sub(at.Add(time.Second)); ahead > mostSkew {
		return fmt.Sprintf("%v ahead of S3's", ahead.Round(time.Second)), nil
	}
	if behind := at.Sub(came); behind > mostSkew {
		return fmt.Sprintf("%v behind S3's", behind.Round(time.Second)), nil
	}
	return "", nil
}

// commands are those that an operator is told to type for it. secrets is the flag --secrets.
func (p place) commands(h host, secrets string) alerting.Commands {
	c := alerting.Commands{Bucket: p.Bucket, Secrets: h.prefix(secrets), MailSet: h.getenv("SES_CONFIGURATION_SET")}
	if p.Store != "" {
		c.Store = short(p.Store)
	}
	c.Divert, _ = h.divert() // what sends complains of one that cannot be read
	return c
}

// window is for how long the deployment catches up with what is late.
func (p place) window(h host) (time.Duration, error) {
	s := h.getenv("CATCH_UP_HOURS")
	switch {
	case s == "" && p.Store != "" && filepath.Base(filepath.Dir(p.Store)) == servedFolder:
		return servedWindow, nil
	case s == "":
		return 72 * time.Hour, nil // the template's
	}
	hours, err := strconv.Atoi(s)
	if err != nil || hours <= 0 {
		return 0, fmt.Errorf("%w: CATCH_UP_HOURS: %q is no number of hours, such as CatchUpHours of the deployment's stack", errUsage, s)
	}
	return time.Duration(hours) * time.Hour, nil
}

// tenant returns a tenant as the deployment has him in force. Where his file has mistakes, that is its last good version.
func (h host) tenant(ctx context.Context, store delivery.Store, name string, commands alerting.Commands) (*config.Tenant, error) {
	if name == "" {
		return nil, fmt.Errorf("%w: --tenant says whose configuration: acme for config/acme.yaml", errUsage)
	}
	loader := &tenantconfig.Loader{Store: store}
	t, err := loader.Get(ctx, name)
	if errors.Is(err, delivery.ErrNotFound) {
		return nil, unwritten(name, commands)
	}
	return t, err
}

// unwritten says that a tenant has no configuration yet, or, where none is named, that nobody has.
func unwritten(tenant string, commands alerting.Commands) error {
	if tenant == "" {
		return fmt.Errorf("there is no configuration %s*.yaml yet: write one, and put it there with config push", delivery.ConfigPrefix)
	}
	return fmt.Errorf("there is no configuration %s yet: %s", delivery.KeysOf(tenant).Config(),
		alerting.Do("write "+tenant+".yaml, and put it there", commands.Push(tenant, "the first version")))
}

// secretStore has those of a deployment, in AWS Secrets Manager. AWS is asked for nothing before the first of them is.
type secretStore struct {
	host host

	once  sync.Once
	vault *secrets.Vault
	err   error
}

func (s *secretStore) open(ctx context.Context) (*secrets.Vault, error) {
	s.once.Do(func() {
		cfg, err := s.host.aws(ctx)
		s.vault, s.err = &secrets.Vault{Client: secretsmanager.NewFromConfig(cfg), Now: s.host.now}, err
	})
	return s.vault, s.err
}

// Get returns the secret with the id.
func (s *secretStore) Get(ctx context.Context, id string) (string, error) {
	v, err := s.open(ctx)
	if err != nil {
		return "", err
	}
	return v.Get(ctx, id)
}

// Refetch is Get for whoever was refused with what Get gave.
func (s *secretStore) Refetch(ctx context.Context, id string) (string, error) {
	v, err := s.open(ctx)
	if err != nil {
		return "", err
	}
	return v.Refetch(ctx, id)
}

// prefix returns what the ids of a deployment's secrets begin with.
func (h host) prefix(flag string) string {
	if flag != "" {
		return flag
	}
	return h.getenv("SECRET_PREFIX")
}

// keyID returns the id of the secret with a bot's API key.
func keyID(prefix, tenant string, bot config.Bot) (string, error) {
	if bot.KeySecret == "" && prefix == "" {
		return "", fmt.Errorf("%w: the configuration names no key_secret for %s, so --secrets has to say what the ids of the deployment's "+
			"secrets begin with: SecretPrefix of its stack, such as kindly-weekly/prod/", errUsage, bot.ID)
	}
	return secrets.KeyID(prefix, tenant, bot), nil
}

// keyOf finds a bot's API key in the environment, else where the deployment keeps it.
func (h host) keyOf(t *config.Tenant, bot config.Bot, prefix string) func(context.Context, string) (string, error) {
	deployed := &secretStore{host: h}
	return func(ctx context.Context, _ string) (string, error) {
		if key, err := h.key(ctx, bot.ID); err == nil {
			return key, nil
		}
		id, err := keyID(prefix, t.Name, bot)
		if err != nil {
			return "", err
		}
		return deployed.Get(ctx, id)
	}
}

// slackClient reaches Slack with a token of the operator's, if there is one, else with the deployment's. What it posts is of no
// deployment.
func (h host) slackClient(s *secretStore, own string) *slack.Client {
	return &slack.Client{HTTP: h.slack, Token: func(ctx context.Context, t *config.Tenant) (string, error) {
		switch {
		case own != "":
			return own, nil
		case t.Slack.TokenSecret == "":
			return "", errors.New("set SLACK_BOT_TOKEN, or name slack.token_secret in the configuration")
		}
		return s.Get(ctx, t.Slack.TokenSecret)
	}}
}

// mailer reaches SES with the operator's AWS credentials. With a store it keeps off the addresses that are blocked there.
func (h host) mailer(ctx context.Context, store delivery.Store) (*email.Sender, error) {
	cfg, err := h.aws(ctx)
	if err != nil {
		return nil, err
	}
	return &email.Sender{Client: sesv2.NewFromConfig(cfg), ConfigurationSet: h.getenv("SES_CONFIGURATION_SET"), Store: store}, nil
}
