// Package wire reads the environment that all functions share and connects the bucket and the
// secrets. It imports no channel, so a function that sends nothing stays small.
package wire

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
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

// New returns the Base that the environment describes. It reads BUCKET and SECRET_PREFIX, and AWS's
// own variables.
func New(ctx context.Context, getenv func(string) string) (*Base, error) {
	prefix := getenv("SECRET_PREFIX")
	if prefix == "" {
		return nil, errors.New("SECRET_PREFIX is empty: a tenant could use the secrets of others")
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
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
