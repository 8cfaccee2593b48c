package slash_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/delivery"
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
			{"cold: list and index, configurations, secret, seen, queue", 0, 5},
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

// crowd adds 498 tenants to a world, each with so many bots, and has a tick come.
func (w *world) crowd(bots int) {
	w.Helper()
	for i := range 498 {
		var file strings.Builder
		fmt.Fprintf(&file, "slack: {team: T%08d, signing_secret: kindly/t%03d#signing}\n", i, i)
		file.WriteString("defaults: {tz: Europe/Oslo}\nbots:\n")
		for j := range bots {
			fmt.Fprintf(&file, "  - {id: b%d, name: Bot %d of %d, channels: C0%03d%04d}\n", j, j, i,
				i, j)
		}
		w.put(fmt.Sprintf("config/t%03d.yaml", i), file.String())
	}
	w.tick()
}

// tick keeps the last valid versions and writes the index, as a tick does.
func (w *world) tick() {
	w.Helper()
	l := &tenantconfig.Loader{Store: &w.store.Memory, SaveGood: true}
	names, err := l.Names(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	for _, name := range names {
		if x := l.Load(w.Context(), name); x.Err != nil {
			w.Fatal(x.Err)
		}
	}
	if err := l.SaveIndex(w.Context(), names); err != nil {
		w.Fatal(err)
	}
}

// The first answer of a function that starts takes less than 250 ms with 500 tenants, as long as
// there is an index of their teams, and less than Slack's 3 s without. Each request to AWS takes
// 25 ms, and the processor no time here: see BenchmarkHandle_500Tenants.
func TestHandle_500Tenants(t *testing.T) {
	const latency = 25 * time.Millisecond
	mistakes := strings.Replace(acme, "Oslo", "Olso", 1)
	_, noTeam, _ := strings.Cut(mistakes, "signing}\n")
	noIndex := func(w *world) {
		w.store.Expire(func(key string) bool { return key == delivery.TeamsKey })
	}
	for _, tc := range []struct {
		what   string
		change func(w *world)
		status int
		want   time.Duration // in latencies
	}{
		{"index and list, file, secret, seen, queue", func(*world) {}, 200, 5},
		{"the file has changed", func(w *world) { w.config("acme", acme+"# changed\n") }, 200, 5},
		{"31 files of others have changed", func(w *world) {
			for i := range 31 {
				key := fmt.Sprintf("config/t%03d.yaml", i)
				o, _ := w.store.Memory.Get(w.Context(), key)
				w.put(key, string(o.Data)+"# changed\n")
			}
		}, 200, 5},
		{"the file has mistakes: and its last valid version", func(w *world) {
			w.put("config/acme.yaml", mistakes)
			w.tick()
		}, 200, 6},
		{"the file has mistakes, and no team", func(w *world) {
			w.put("config/acme.yaml", noTeam)
			w.tick()
		}, 200, 6},
		{"files of others have mistakes", func(w *world) {
			for i := range 31 {
				w.put(fmt.Sprintf("config/t%03d.yaml", i), fmt.Sprintf("slack: {team: T%08d}\n", i))
			}
			w.tick()
		}, 200, 5},
		{"of the grid", func(w *world) {
			w.config("acme", strings.Replace(acme, "T0ACME001", "E0ACMEGRID", 1))
			w.tick()
		}, 200, 5},
		{"of no tenant: index and list", func(w *world) {
			w.config("acme", strings.Replace(acme, "T0ACME001", "T0OTHER001", 1))
			w.tick()
		}, 401, 1},
		{"no index: list, 500 files 32 at a time, secret, seen, queue", noIndex, 200, 20},
		{"no index, and the file has mistakes, and no team", func(w *world) {
			w.put("config/acme.yaml", noTeam)
			noIndex(w)
		}, 200, 21},
	} {
		t.Run(tc.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := begin(t)
				w.Secrets = &secrets.Manager{Client: cached{world: w}, Now: w.Now}
				w.crowd(1)
				tc.change(w)
				w.latency = latency
				begun := time.Now()
				got := w.handle(signed(in("C0ACMECH01", "nettbutikk").form()+
					"&enterprise_id=E0ACMEGRID", docsSecret, w.clock))
				took := time.Since(begun)
				if got.status != tc.status || took != tc.want*latency ||
					len(w.sent) != map[int]int{200: 1}[tc.status] {
					t.Errorf("%v after %v, want %d after %v; %d were queued\n%s", got, took,
						tc.status, tc.want*latency, len(w.sent), &w.log)
				}
			})
		})
	}
}

// BenchmarkHandle_500Tenants measures the processor time of the first answer of a function that
// starts, without that of the AWS SDK.
func BenchmarkHandle_500Tenants(b *testing.B) {
	for _, index := range []bool{true, false} {
		b.Run(fmt.Sprintf("index=%t", index), func(b *testing.B) {
			w := begin(b)
			w.crowd(20)
			if !index {
				w.store.Expire(func(key string) bool { return key == delivery.TeamsKey })
			}
			for b.Loop() {
				w.clock = w.clock.Add(time.Second)
				w.Tenants = &tenantconfig.Loader{Store: w.store, MaxAge: time.Minute, Now: w.Now}
				if got := w.handle(signed(in("C0ACMECH01", "nettbutikk").form(), docsSecret,
					w.clock)); got.status != 200 {
					b.Fatal(got)
				}
			}
		})
	}
}
