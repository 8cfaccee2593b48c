package slash_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"kindlyweekly/functions/aws/secrets"
)

// cached is Secrets Manager as the client of a cache.
type cached struct {
	*world
	secrets.Client // nothing is written
}

func (m cached) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput,
	_ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	s, err := m.world.Get(ctx, *in.SecretId+"#signing")
	return &secretsmanager.GetSecretValueOutput{
		SecretString: aws.String(fmt.Sprintf(`{"signing": %q}`, s))}, err
}

// A person waits for these requests to AWS, one after the other. So with 25 ms for each, the answer
// to a command takes 50 to 125 ms, and the time of the function's own.
func TestHandle_RequestsInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 25 * time.Millisecond
		w := begin(t)
		w.latency = latency
		w.Secrets = &secrets.Manager{Client: cached{world: w}, Now: w.Now}
		for _, tc := range []struct {
			what  string
			after time.Duration // since the command before
			want  time.Duration // in latencies
		}{
			{"cold: list, configurations, secret, seen, queue", 0, 5},
			{"at once again: seen, queue", 10 * time.Second, 2},
			{"later: list, seen, queue", 2 * time.Minute, 3},
			{"much later: list, secret, seen, queue", time.Hour, 4},
		} {
			w.clock = w.clock.Add(tc.after)
			begun, sent := time.Now(), len(w.sent)
			w.types(in("C0ACMECH01", "nettbutikk"))
			if got := time.Since(begun); got != tc.want*latency || len(w.sent) != sent+1 {
				t.Errorf("%s: %v requests in a row, want %d; %d were queued", tc.what,
					float64(got)/float64(latency), tc.want, len(w.sent)-sent)
			}
		}
	})
}
