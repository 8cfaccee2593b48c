// Package secrets reads and writes secrets in AWS Secrets Manager.
//
// A secret is named "id", or "id#field" if it is a JSON object of strings. So one secret, which
// costs 0.40 dollars a month, can have the keys of many bots. [Manager.Get] asks Secrets Manager
// once for a secret, for all fields and concurrent callers, and remembers the answer.
//
// Secrets Manager does not notify of a change. A caller whose secret was refused calls
// [Manager.Refetch], which asks again, but at most once a minute. So requests with wrong signatures
// cannot cause many calls.
//
// Errors, log lines and a printed Manager contain no value.
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
)

// Client is what a Manager needs of Secrets Manager's client. Get and Refetch call only
// GetSecretValue.
type Client interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput,
		...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput,
		...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error)
	CreateSecret(context.Context, *secretsmanager.CreateSecretInput,
		...func(*secretsmanager.Options)) (*secretsmanager.CreateSecretOutput, error)
}

const (
	defaultTTL = 15 * time.Minute
	minPause   = time.Minute      // between two fetches of a secret that Refetch or an error causes
	fetchTime  = 10 * time.Second // for one fetch with the client's own retries
)

// Manager returns secrets. Use it by pointer. It is safe for concurrent use.
type Manager struct {
	Client Client
	TTL    time.Duration    // how long an answer is remembered; default: 15 minutes
	Now    func() time.Time // default: time.Now

	fetches singleflight.Group
	mu      sync.Mutex
	secrets map[string]entry // by name
}

// entry is a remembered secret. The value is behind a function, since no way of printing shows what
// is inside a function.
type entry struct {
	value func() string
	err   error     // instead of a value
	asked time.Time // when Secrets Manager was last asked
	until time.Time // when Get asks again
}

// Get returns the value of a secret, "id" or "id#field", without surrounding white space. The error
// is an *Error unless ctx has ended.
func (m *Manager) Get(ctx context.Context, id string) (string, error) {
	name, field, err := split(id)
	if err != nil {
		return "", err
	}
	if e := m.entry(name); m.now().Before(e.until) {
		return e.get(name, field)
	}
	return m.fetch(ctx, name, field)
}

// Refetch is Get after a service has refused the secret. It asks Secrets Manager again, unless that
// was done within the last minute; then it returns what is remembered.
func (m *Manager) Refetch(ctx context.Context, id string) (string, error) {
	name, field, err := split(id)
	if err != nil {
		return "", err
	}
	if m.now().Sub(m.entry(name).asked) < minPause {
		return m.Get(ctx, id)
	}
	return m.fetch(ctx, name, field)
}

// Set writes the value of a secret, or one field of a JSON object, and creates the secret if there
// is none. Secrets Manager has no conditional writes: two callers that set fields of the same
// secret at the same time may overwrite each other's. The error is an *Error unless ctx has ended.
func (m *Manager) Set(ctx context.Context, id, value string) error {
	name, field, err := split(id)
	if err != nil {
		return err
	}
	if value = strings.TrimSpace(value); value == "" {
		return &Error{Secret: name, Field: field, Err: errors.New("the new value is empty"),
			Remedy: "give the secret itself", Permanent: true}
	}
	content, exists := value, true
	if field != "" {
		whole, err := m.read(ctx, name)
		if err != nil {
			return err
		}
		exists = whole != nil
		if content, err = setField(name, field, aws.ToString(whole), value); err != nil {
			return err
		}
	}
	defer m.forget(name)
	return m.write(ctx, name, content, exists)
}

// read asks for a secret, in order to change it. The content is nil if there is no such secret.
func (m *Manager) read(ctx context.Context, name string) (content *string, err error) {
	out, err := m.Client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
	switch {
	case isNotFound(err):
		return nil, nil
	case err != nil:
		return nil, explain(name, "GetSecretValue", err)
	case out.SecretString == nil:
		return nil, binaryError(name)
	}
	return out.SecretString, nil
}

func (m *Manager) write(ctx context.Context, name, content string, exists bool) error {
	put := func() error {
		_, err := m.Client.PutSecretValue(ctx,
			&secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: &content})
		return redact(err, content)
	}
	if exists {
		err := put()
		if !isNotFound(err) {
			return explain(name, "PutSecretValue", err)
		}
	}
	_, err := m.Client.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name: &name, SecretString: &content, Description: aws.String("Kindly Weekly"),
	})
	if isExisting(err) { // created by another caller meanwhile
		return explain(name, "PutSecretValue", put())
	}
	return explain(name, "CreateSecret", redact(err, content))
}

// fetch asks Secrets Manager, once for all concurrent callers. If one caller's context ends, the
// others still get the answer.
func (m *Manager) fetch(ctx context.Context, name, field string) (string, error) {
	fetched := m.fetches.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
		defer cancel()
		in := &secretsmanager.GetSecretValueInput{SecretId: &name}
		out, err := m.Client.GetSecretValue(ctx, in)
		return m.remember(name, out, err), nil
	})
	select {
	case r := <-fetched:
		return r.Val.(entry).get(name, field)
	case <-ctx.Done():
		return "", fmt.Errorf("secret %s: %w", name, context.Cause(ctx))
	}
}

// remember keeps a value for TTL, and an error for a minute, since a person may be correcting it.
// After a transient error, such as a lost connection, the last value stays in use for another
// minute.
func (m *Manager) remember(
	name string, out *secretsmanager.GetSecretValueOutput, err error,
) entry {
	now := m.now()
	e := entry{asked: now, until: now.Add(minPause)}
	switch {
	case err != nil:
		e.err = explain(name, "GetSecretValue", err)
	case out.SecretString == nil:
		e.err = binaryError(name)
	default:
		value := *out.SecretString
		e.value, e.until = func() string { return value }, now.Add(m.ttl())
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if isTransient(e.err) {
		if before := m.secrets[name]; before.value != nil {
			e.value, e.err = before.value, nil
		} else {
			e.until = now
		}
	}
	if m.secrets == nil {
		m.secrets = make(map[string]entry)
	}
	m.secrets[name] = e
	return e
}

// entry returns what is remembered of a secret; the zero entry if that is nothing.
func (m *Manager) entry(name string) entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.secrets[name]
}

func (m *Manager) forget(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.secrets, name)
}

func (m *Manager) ttl() time.Duration {
	if m.TTL > 0 {
		return m.TTL
	}
	return defaultTTL
}

func (m *Manager) now() time.Time {
	if m.Now != nil {
		return m.Now()
	}
	return time.Now()
}

// Format keeps the secrets out of a printed Manager, or of a struct that has one.
func (m *Manager) Format(f fmt.State, _ rune) { fmt.Fprint(f, "secrets.Manager") }

// LogValue keeps the secrets out of log lines.
func (m *Manager) LogValue() slog.Value { return slog.StringValue("secrets.Manager") }
