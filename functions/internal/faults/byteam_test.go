package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// teams is a deployment of which only the configurations matter.
type teams struct {
	*testing.T
	storetest.Memory
	clock   time.Time
	refuse  bool     // the next write of the index
	history []string // what happened, for an error
	inForce map[string]standing
}

// A standing is what must be found of a tenant.
type standing struct {
	team   string // of the configuration in force
	broken bool   // the file has mistakes
}

// ETags lists as S3 does.
func (d *teams) ETags(ctx context.Context, prefix string) (map[string]string, error) {
	keys, err := d.List(ctx, prefix)
	etags := make(map[string]string)
	for _, key := range keys {
		o, _ := d.Get(ctx, key) // a file that is too large has no ETag here
		etags[key] = o.ETag
	}
	return etags, err
}

func (d *teams) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if key == delivery.TeamsKey && d.refuse {
		return "", errors.New("503 Slow Down")
	}
	return d.Memory.Put(ctx, key, o, c)
}

func (d *teams) did(format string, args ...any) {
	d.history = append(d.history, fmt.Sprintf(format, args...))
}

// tick reads all configurations and writes the index, as a tick does.
func (d *teams) tick(l *tenantconfig.Loader) {
	names, err := l.Names(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	for _, name := range names {
		l.Load(d.Context(), name)
	}
	if err := l.SaveIndex(d.Context(), names); err != nil && !d.refuse {
		d.Fatal(err)
	}
}

// content returns what the store has under a key, or nothing.
func (d *teams) content(key string) []byte {
	o, err := d.Get(d.Context(), key)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		d.Fatal(err)
	}
	return o.Data
}

// judge finds out what must be found of each tenant.
func (d *teams) judge(tenants []string) {
	d.inForce = make(map[string]standing)
	for _, name := range tenants {
		keys := delivery.KeysOf(name)
		file := d.content(keys.Config())
		if file == nil {
			continue
		}
		t, _, err := config.ParseInForce(keys.Config(), file)
		if err != nil {
			good := config.Whole(d.content(keys.GoodConfig()))
			t, _, _ = config.ParseInForce(keys.Config(), good) // there may be none
		}
		x := standing{broken: err != nil}
		if t != nil {
			x.team = t.Slack.Team
		}
		d.inForce[name] = x
	}
}

// hidden reports whether a tenant may be missing although another is found: its file has mistakes
// and names another team, and the index does not know that its last valid version is the team's.
func (d *teams) hidden(tenant, team string) bool {
	var index struct {
		Tenants map[string]struct{ Team string }
	}
	_ = json.Unmarshal(d.content(delivery.TeamsKey), &index) // it may be damaged
	file := string(d.content(delivery.KeysOf(tenant).Config()))
	return d.inForce[tenant].broken && index.Tenants[tenant].Team != team &&
		!strings.Contains(file, team) && strings.Contains(file, "team: T")
}

// Tenants come, move between workspaces, make mistakes and go, and ticks write the index or fail
// to. A slash command finds the tenants that have the team by their configurations in force, and no
// other, in a function that starts and in one that runs.
func TestByTeam_Histories(t *testing.T) {
	tenants, all := []string{"acme", "beta", "gamma"}, []string{"T0FIRST01", "T0SECOND1"}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		d := &teams{T: t, clock: time.Date(2026, time.November, 16, 8, 0, 0, 0, time.UTC)}
		now := func() time.Time { return d.clock }
		ticks := &tenantconfig.Loader{Store: d, SaveGood: true}
		warm := &tenantconfig.Loader{Store: d, MaxAge: time.Minute, Now: now}
		var indexes [][]byte
		for range 60 {
			d.clock = d.clock.Add(time.Minute)
			name := tenants[r.IntN(len(tenants))]
			switch what := r.IntN(20); {
			case what < 8:
				zone, team := "UTC", all[r.IntN(len(all))]
				if what >= 4 {
					zone = "Mars/Olympus" // a mistake
				}
				slack := fmt.Sprintf("slack: {team: %s}\n", team)
				if what%4 == 0 {
					slack = ""
				}
				file := fmt.Sprintf("%sdefaults: {tz: %s}\nbots: [{id: shop}]\n", slack, zone)
				d.Plant(delivery.KeysOf(name).Config(), []byte(file))
				d.did("%s is %q", name, file)
			case what < 9:
				d.Plant(delivery.KeysOf(name).Config(), []byte("no configuration"))
				d.did("%s has no configuration in it", name)
			case what < 10:
				d.Expire(func(key string) bool { return key == delivery.KeysOf(name).Config() })
				d.did("%s is removed", name)
			case what < 16:
				d.refuse = what < 12
				d.tick(ticks)
				d.did("a tick; it writes the index: %t", !d.refuse)
				indexes = append(indexes, d.content(delivery.TeamsKey))
				d.refuse = false
			case what < 17:
				ticks = &tenantconfig.Loader{Store: d, SaveGood: true}
				d.did("the tick's process ends")
			case what < 18:
				d.Plant(delivery.TeamsKey, []byte("{"))
				d.did("the index is damaged")
			case len(indexes) > 0:
				d.Plant(delivery.TeamsKey, indexes[r.IntN(len(indexes))])
				d.did("the index is an earlier one")
			}
			d.judge(tenants)
			cold := &tenantconfig.Loader{Store: d, MaxAge: time.Minute, Now: now}
			for _, team := range all {
				d.check("cold", cold, tenants, team)
				d.check("warm", warm, tenants, team)
			}
			if t.Failed() {
				t.Fatalf("seed %d:\n%s", seed, strings.Join(d.history, "\n"))
			}
		}
	}
}

// check asks for the tenants of a team.
func (d *teams) check(what string, l *tenantconfig.Loader, tenants []string, team string) {
	d.Helper()
	found, err := l.ByTeam(d.Context(), team)
	if err != nil {
		d.Errorf("%s: %v", what, err)
	}
	var got []string
	for _, t := range found {
		got = append(got, t.Name)
	}
	for _, name := range tenants {
		want := d.inForce[name].team == team
		switch finds := slices.Contains(got, name); {
		case finds && !want:
			d.Errorf("%s: %s has %s, which is not its tenant", what, team, name)
		case want && !finds && (len(got) == 0 || !d.hidden(name, team)):
			d.Errorf("%s: %s has %v, and not %s", what, team, got, name)
		}
	}
}
