// Package wire reads the environment that all functions share and connects the bucket and the
// secrets. It imports no channel and not the SDK's package config, so a function has no more than
// it needs, and starts sooner.
package wire

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/log"
	"kindlyweekly/report/delivery"
)

// Base is what every function has: the environment, the store, the secrets, the clock and the log.
type Base struct {
	Getenv  func(string) string
	AWS     func(context.Context) (aws.Config, error)
	Store   Store
	Secrets secrets.Getter
	Prefix  string // of the IDs of all secrets
	Now     func() time.Time
	Log     *slog.Logger
}

// Store is the deployment's bucket, or a folder in its place.
type Store interface {
	delivery.Store
	Deployment() string // names it among all others
}

// New returns the Base that the environment of a Lambda describes. It reads BUCKET and
// SECRET_PREFIX, and the variables of [Config].
func New(getenv func(string) string) (*Base, error) {
	prefix := getenv("SECRET_PREFIX")
	if prefix == "" {
		return nil, errors.New("SECRET_PREFIX is empty: a tenant could use the secrets of others")
	}
	cfg, err := Config(getenv)
	if err != nil {
		return nil, err
	}
	return &Base{
		Getenv:  getenv,
		AWS:     func(context.Context) (aws.Config, error) { return cfg, nil },
		Store:   store.S3{Client: s3.NewFromConfig(cfg), Bucket: getenv("BUCKET")},
		Secrets: &secrets.Manager{Client: secretsmanager.NewFromConfig(cfg)},
		Prefix:  prefix,
		Now:     time.Now,
		Log:     log.New(os.Stdout, slog.LevelInfo),
	}, nil
}
