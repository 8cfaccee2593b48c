// Package secrets reads and writes secrets in AWS Secrets Manager.
//
// A secret is named "id", or "id#field" where it is a JSON object of strings; so one secret, which costs 0.40 dollars a
// month, can hold the keys of many bots. [Manager.Get] asks Secrets Manager once for a secret, however many fields of it
// are wanted and however many ask at once, and remembers the answer.
//
// A secret changes where nobody can tell us. Whoever is refused with one calls [Manager.Refetch], which asks again, but
// once a minute at most, so that strangers with wrong signatures cannot drive Secrets Manager.
//
// No value is printed: not by an error, not by a log, not by printing the Manager.
package secrets

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"golang.org/x/sync/singleflight"

	"kindlyweekly/report/config"
)

// Client is what a Manager needs of Secrets Manager's client. Get and Refetch call GetSecretValue alone.
type Client interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error)
	CreateSecret(context.Context, *secretsmanager.CreateSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.CreateSecretOutput, error)
}

const (
	defaultTTL = 15 * time.Minute
	again      = time.Minute      // between two fetches of a secret that somebody else's mistake can cause
	fetchTime  = 10 * time.Second // for one fetch with the client's own retries
)

// Manager gives secrets. It is used by pointer, by any number of goroutines at once.
type Manager struct {
	Client Client
	TTL    time.Duration    // how long an answer is remembered; 0 means 15 minutes
	Now    func() time.Time // nil means time.Now

	fetches singleflight.Group
	mu      sync.Mutex
	secrets map[string]known // by id
}

// known is what is known of a secret. Its value is behind a function, because a function is what no way of printing can
// show the inside of.
type known struct {
	value func() string
	err   error     // instead of a value
	asked time.Time // when Secrets Manager was last asked
	until time.Time // when Get asks again
}

// KeyID returns the id of the secret that holds a bot's API key: the one that its configuration names, else
// prefix + tenant + "/" + the bot's id, where the prefix is the deployment's, such as "kindly-weekly/prod/".
func KeyID(prefix, tenant string, bot config.Bot) string {
	if bot.KeySecret != "" {
		return bot.KeySecret
	}
	return prefix + tenant + "/" + bot.ID
}

// Get returns the value of a secret, "id" or "id#field", without white space around it. An error is an *Error unless ctx
// has ended.
func (v *Manager) Get(ctx context.Context, id string) (string, error) {
	name, field, err := split(id)
	if err != nil {
		return "", err
	}
	if k := v.known(name); v.now().Before(k.until) {
		return k.pick(name, field)
	}
	return v.fetch(ctx, name, field)
}

// Refetch is Get for whoever was refused with what Get gave. It asks Secrets Manager again, unless that was done within
// the last minute; then it returns what is known.
func (v *Manager) Refetch(ctx context.Context, id string) (string, error) {
	name, field, err := split(id)
	if err != nil {
		return "", err
	}
	if k := v.known(name); v.now().Sub(k.asked) < again {
		return v.Get(ctx, id)
	}
	return v.fetch(ctx, name, field)
}

// Set writes the value of a secret and creates the secret if there is none. Of a JSON object it changes the one field.
// Secrets Manager knows no conditional writes: of two who set fields of the same secret at the same moment, one may
// undo the other's.
func (v *Manager) Set(ctx context.Context, id, value string) error {
	name, field, err := split(id)
	if err != nil {
		return err
	}
	if value = strings.TrimSpace(value); value == "" {
		return &Error{Secret: name, Field: field, Err: errors.New("the new value is empty"), Remedy: "give the secret itself", Permanent: true}
	}
	content, exists := value, true
	if field != "" {
		whole, err := v.whole(ctx, name)
		if err != nil {
			return err
		}
		exists = whole != nil
		if content, err = with(name, field, aws.ToString(whole), value); err != nil {
			return err
		}
	}
	defer v.forget(name)
	return v.write(ctx, name, content, exists)
}

// whole reads a secret, past what is remembered, for changing it. The content is nil if there is no such secret.
func (v *Manager) whole(ctx context.Context, name string) (content *string, err error) {
	out, err := v.Client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
	switch {
	case missing(err):
		return nil, nil
	case err != nil:
		return nil, explain(name, "secretsmanager:GetSecretValue", err)
	case out.SecretString == nil:
		return nil, binary(name)
	}
	return out.SecretString, nil
}

func (v *Manager) write(ctx context.Context, name, content string, exists bool) error {
	put := func() error {
		_, err := v.Client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: &content})
		return clean(err, content)
	}
	if exists {
		err := put()
		if !missing(err) {
			return explain(name, "secretsmanager:PutSecretValue", err)
		}
	}
	_, err := v.Client.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name: &name, SecretString: &content, Description: aws.String("Kindly Weekly"),
	})
	if taken(err) { // by somebody who created it in the meantime
		return explain(name, "secretsmanager:PutSecretValue", put())
	}
	return explain(name, "secretsmanager:CreateSecret", clean(err, content))
}

// fetch asks Secrets Manager, once for everyone who asks at the time. The fetch belongs to no single asker: one who
// leaves does not end it for the others.
func (v *Manager) fetch(ctx context.Context, name, field string) (string, error) {
	fetched := v.fetches.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
		defer cancel()
		out, err := v.Client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
		return v.learn(name, out, err), nil
	})
	select {
	case r := <-fetched:
		return r.Val.(known).pick(name, field)
	case <-ctx.Done():
		return "", fmt.Errorf("secret %s: %w", name, context.Cause(ctx))
	}
}

// learn remembers an answer: a value for its time, a mistake for a minute, since somebody will be at it. A failure that
// passes, such as a lost connection, leaves the last known value in force for another minute.
func (v *Manager) learn(name string, out *secretsmanager.GetSecretValueOutput, err error) known {
	now := v.now()
	k := known{asked: now, until: now.Add(again)}
	switch {
	case err != nil:
		k.err = explain(name, "secretsmanager:GetSecretValue", err)
	case out.SecretString == nil:
		k.err = binary(name)
	default:
		value := *out.SecretString
		k.value, k.until = func() string { return value }, now.Add(v.ttl())
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if passes(k.err) {
		if before := v.secrets[name]; before.value != nil {
			k.value, k.err = before.value, nil
		} else {
			k.until = now
		}
	}
	if v.secrets == nil {
		v.secrets = make(map[string]known)
	}
	v.secrets[name] = k
	return k
}

// known returns what is known of a secret; the zero known, which was never asked, if that is nothing.
func (v *Manager) known(name string) known {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.secrets[name]
}

func (v *Manager) forget(name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.secrets, name)
}

func (v *Manager) ttl() time.Duration {
	if v.TTL > 0 {
		return v.TTL
	}
	return defaultTTL
}

func (v *Manager) now() time.Time {
	if v.Now != nil {
		return v.Now()
	}
	return time.Now()
}

// Format keeps the secrets out of whatever prints the Manager, or a struct that holds it.
func (v *Manager) Format(f fmt.State, _ rune) { fmt.Fprint(f, "secrets.Manager") }

// LogValue is for package slog what Format is for package fmt.
func (v *Manager) LogValue() slog.Value { return slog.StringValue("secrets.Manager") }
