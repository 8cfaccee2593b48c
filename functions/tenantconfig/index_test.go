package tenantconfig_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/delivery"
)

// tick reads all configurations and writes the index, as a tick does.
func tick(t *testing.T, l *tenantconfig.Loader) {
	t.Helper()
	names, err := l.Names(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		_ = l.Load(t.Context(), name) // the tick tells what failed
	}
	if err := l.SaveIndex(t.Context(), names); err != nil {
		t.Fatal(err)
	}
}

// of returns the file of a tenant of a team.
func of(team string) string { return strings.Replace(good, "T0ACME001", team, 1) }

// mistaken returns a file with mistakes that names a team.
func mistaken(team string) string { return strings.Replace(broken, "T0ACME001", team, 1) }

const noTeam = "this is not a configuration\n"

// counter counts requests by their method. It is safe for concurrent use.
type counter struct {
	mu   sync.Mutex
	keys map[string][]string
}

func (c *counter) count(method, key string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keys == nil {
		c.keys = make(map[string][]string)
	}
	c.keys[method] = append(c.keys[method], key)
	return nil
}

// reset returns what was counted, and begins again.
func (c *counter) reset() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer clear(c.keys)
	return fmt.Sprintf("%d LIST, %d GET, %d PUT", len(c.keys["list"]), len(c.keys["get"]),
		len(c.keys["put"]))
}

// A deployment has 500 tenants. With the index, a function that starts reads the index and the
// files of the team that asks.
func TestByTeam_RequestsOf500Tenants(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(t *testing.T, s *store) // since the tick
		ask    []string                     // teams, one after the other
		want   string                       // of the first
		counts string                       // of all
	}{
		{"a team", nil, []string{"T00000250"}, "t250 1", "1 LIST, 2 GET, 0 PUT"},
		{"twice", nil, []string{"T00000250", "T00000250"}, "t250 1", "1 LIST, 2 GET, 0 PUT"},
		{"two departments", nil, []string{"T00000007"}, "dept 1, t007 1", "1 LIST, 3 GET, 0 PUT"},
		{"a file with mistakes", nil, []string{"T00000100"}, "t100 1", "1 LIST, 3 GET, 0 PUT"},
		{"another file next to it", nil, []string{"T00000250"}, "t250 1", "1 LIST, 2 GET, 0 PUT"},
		{"a workspace, then its grid", nil, []string{"T0STRANGE1", "E00000042"}, "",
			"1 LIST, 2 GET, 0 PUT"},
		{"strangers", nil, strangers(100), "", "1 LIST, 1 GET, 0 PUT"},
		{"a file changed", func(t *testing.T, s *store) {
			s.write(t, "config/t001.yaml", of("T00000001")+"# changed\n")
		}, []string{"T00000250"}, "t250 1", "1 LIST, 3 GET, 0 PUT"},
		{"the team's changed", func(t *testing.T, s *store) {
			s.write(t, "config/t250.yaml", of("T00000250")+"# changed\n")
		}, []string{"T00000250"}, "t250 1", "1 LIST, 2 GET, 0 PUT"},
		{"strangers, and a file changed", func(t *testing.T, s *store) {
			s.write(t, "config/t001.yaml", of("T00000001")+"# changed\n")
		}, strangers(100), "", "1 LIST, 2 GET, 0 PUT"},
		{"no index", func(_ *testing.T, s *store) {
			s.Expire(func(key string) bool { return key == delivery.TeamsKey })
		}, []string{"T00000250"}, "t250 1", "1 LIST, 503 GET, 0 PUT"},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := &store{}
			for i := range 500 {
				s.write(t, fmt.Sprintf("config/t%03d.yaml", i), of(fmt.Sprintf("T%08d", i)))
			}
			s.write(t, "config/dept.yaml", of("T00000007"))
			s.write(t, "config/grid.yaml", of("E00000042"))
			ticks := &tenantconfig.Loader{Store: s, SaveGood: true}
			if c.what == "a file with mistakes" {
				tick(t, ticks)
				s.write(t, "config/t100.yaml", mistaken("T00000100"))
			}
			tick(t, ticks)
			if c.change != nil {
				c.change(t, s)
			}
			var calls counter
			s.fails = calls.count
			l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
			for i, team := range c.ask {
				if got := byTeam(t, l, team); i == 0 && got != c.want {
					t.Errorf("%s: %q, want %q", team, got, c.want)
				}
			}
			if got := calls.reset(); got != c.counts {
				t.Errorf("%s, want %s", got, c.counts)
			}
		})
	}
}

// strangers returns teams of no tenant.
func strangers(n int) (teams []string) {
	for i := range n {
		teams = append(teams, fmt.Sprintf("T0STRANGE%d", i))
	}
	return teams
}

// What ByTeam finds is as the files are, whatever the index says of those that it does not exclude
// rightly. Acme and beta share a workspace. Each case begins after a tick that found both valid.
func TestByTeam_Index(t *testing.T) {
	const team, elsewhere = "T0ACME001", "T0ELSE0001"
	const teams = delivery.TeamsKey
	for _, c := range []struct {
		what   string
		change func(t *testing.T, s *store, ticks func())
		want   string // of the team
		other  string // of the other team
		warm   string // of the team, if a loader that has found it before finds more
	}{
		{"nothing", func(*testing.T, *store, func()) {}, "acme 1, beta 1", "", ""},
		{"acme moves", func(t *testing.T, s *store, _ func()) {
			s.write(t, "config/acme.yaml", of(elsewhere))
		}, "beta 1", "acme 1", ""},
		{"acme moves, and a tick", func(t *testing.T, s *store, ticks func()) {
			s.write(t, "config/acme.yaml", of(elsewhere))
			ticks()
		}, "beta 1", "acme 1", ""},
		{"acme moves back", func(t *testing.T, s *store, ticks func()) {
			s.write(t, "config/acme.yaml", of(elsewhere))
			ticks()
			s.write(t, "config/acme.yaml", of(team))
		}, "acme 1, beta 1", "", ""},
		{"gamma is new", func(t *testing.T, s *store, _ func()) {
			s.write(t, "config/gamma.yaml", of(team))
		}, "acme 1, beta 1, gamma 1", "", ""},
		{"acme is removed", func(t *testing.T, s *store, _ func()) {
			s.Expire(func(key string) bool { return key == "config/acme.yaml" })
		}, "beta 1", "", ""},
		{"acme has no configuration in it", func(t *testing.T, s *store, _ func()) {
			s.write(t, "config/acme.yaml", noTeam)
		}, "acme 1, beta 1", "", ""},
		{"acme has no configuration in it, and a tick", func(t *testing.T, s *store, ticks func()) {
			s.write(t, "config/acme.yaml", noTeam)
			ticks()
		}, "acme 1, beta 1", "", ""},
		{"acme has mistakes, and another team", func(t *testing.T, s *store, _ func()) {
			s.write(t, "config/acme.yaml", mistaken(elsewhere))
		}, "acme 1, beta 1", "", ""},
		{"acme has mistakes, and another team, and a tick",
			func(t *testing.T, s *store, ticks func()) {
				s.write(t, "config/acme.yaml", mistaken(elsewhere))
				ticks()
			}, "acme 1, beta 1", "", ""},
		{"the last valid version is another, and the file as the index knows it",
			func(t *testing.T, s *store, ticks func()) {
				s.write(t, "config/acme.yaml", mistaken(team))
				ticks()
				s.write(t, "acme/config/good.yaml", of(elsewhere)) // by a tick that wrote no index
			}, "beta 1", "acme 1", ""},
		{"no index", func(_ *testing.T, s *store, _ func()) {
			s.Expire(func(key string) bool { return key == teams })
		}, "acme 1, beta 1", "", ""},
		{"no index, and acme has no configuration in it", func(t *testing.T, s *store, _ func()) {
			s.Expire(func(key string) bool { return key == teams })
			s.write(t, "config/acme.yaml", noTeam)
		}, "acme 1, beta 1", "", ""},
		{"no index, and acme has mistakes, and a team that is none",
			func(t *testing.T, s *store, _ func()) {
				s.Expire(func(key string) bool { return key == teams })
				s.write(t, "config/acme.yaml", mistaken("t0acme"))
			}, "acme 1, beta 1", "", ""},
		{"no index, and acme has mistakes, and another team", func(t *testing.T, s *store, _ func()) {
			s.Expire(func(key string) bool { return key == teams })
			s.write(t, "config/acme.yaml", mistaken(elsewhere))
		}, "beta 1", "", "acme 1, beta 1"},
		{"damaged", func(t *testing.T, s *store, _ func()) { s.write(t, teams, "{") },
			"acme 1, beta 1", "", ""},
		{"damaged in one place", func(t *testing.T, s *store, _ func()) {
			o, _ := s.Get(t.Context(), teams)
			before, after, _ := strings.Cut(string(o.Data), team)
			after, _, _ = strings.Cut(after, `"beta":`)
			s.write(t, teams, before+elsewhere+after+`"beta":1}}`)
		}, "acme 1, beta 1", "", ""},
		{"no object", func(t *testing.T, s *store, _ func()) { s.write(t, teams, "[]") },
			"acme 1, beta 1", "", ""},
		{"empty", func(t *testing.T, s *store, _ func()) { s.write(t, teams, "") },
			"acme 1, beta 1", "", ""},
		{"of another schema", func(t *testing.T, s *store, _ func()) {
			o, _ := s.Get(t.Context(), teams)
			s.write(t, teams, strings.NewReplacer(`"schema":1`, `"schema":2`, team,
				elsewhere).Replace(string(o.Data)))
		}, "acme 1, beta 1", "", ""},
		{"too large", func(t *testing.T, s *store, _ func()) {
			s.Plant(teams, make([]byte, delivery.MaxBytes(teams)+1))
		}, "acme 1, beta 1", "", ""},
		{"without ETags", func(t *testing.T, s *store, _ func()) {
			s.write(t, teams, `{"schema":1,"tenants":{"acme":{},"beta":{"team":"T0ELSE0001"}}}`)
		}, "acme 1, beta 1", "", ""},
		// The index excludes acme, and cannot say that beta is another team's.
		{"mistaken", func(t *testing.T, s *store, _ func()) {
			o, _ := s.Get(t.Context(), teams)
			before, after, _ := strings.Cut(string(o.Data), team)
			s.write(t, teams, before+elsewhere+after)
		}, "beta 1", "", "acme 1, beta 1"}, // its file is read already
		{"unreadable", func(_ *testing.T, s *store, _ func()) {
			s.fails = slowDown(teams)
		}, "acme 1, beta 1", "", ""},
		{"another tenant's file is unreadable", func(t *testing.T, s *store, ticks func()) {
			s.write(t, "config/gamma.yaml", of("T0GAMMA001"))
			ticks()
			s.fails = slowDown("config/gamma.yaml")
		}, "acme 1, beta 1", "", ""},
	} {
		for _, warm := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, warm %t", c.what, warm), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &store{}
					s.write(t, "config/acme.yaml", of(team))
					s.write(t, "config/beta.yaml", of(team))
					loader := &tenantconfig.Loader{Store: s, SaveGood: true}
					ticks := func() { tick(t, loader) }
					ticks()
					l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
					if warm {
						is(t, byTeam(t, l, team), "acme 1, beta 1")
						time.Sleep(time.Minute)
					}
					c.change(t, s, ticks)
					want := c.want
					if warm && c.warm != "" {
						want = c.warm
					}
					is(t, byTeam(t, l, team), want)
					is(t, byTeam(t, l, elsewhere), c.other)
				})
			})
		}
	}
}

// A function that runs reads the index again when the store lists another ETag of it.
func TestByTeam_ReadsChangedIndex(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		s.write(t, "config/acme.yaml", of("T0ACME001"))
		s.write(t, "config/beta.yaml", of("T0BETA001"))
		ticks := &tenantconfig.Loader{Store: s, SaveGood: true}
		tick(t, ticks)
		l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
		unread := ""
		for _, c := range []struct {
			what   string
			change func()
			want   string // what is said of beta
			counts string
		}{
			{"at first", func() {}, "beta 1", "1 LIST, 2 GET, 0 PUT"},
			{"a moment later", func() {}, "beta 1", "0 LIST, 0 GET, 0 PUT"},
			{"later", func() { time.Sleep(time.Minute) }, "beta 1", "1 LIST, 0 GET, 0 PUT"},
			{"gamma is new", func() {
				time.Sleep(time.Minute)
				s.write(t, "config/gamma.yaml", of("T0GAMMA001"))
			}, "beta 1", "1 LIST, 1 GET, 0 PUT"},
			{"a tick", func() {
				time.Sleep(time.Minute)
				tick(t, ticks)
			}, "beta 1", "1 LIST, 1 GET, 0 PUT"},
			{"delta is new, and a tick", func() {
				time.Sleep(time.Minute)
				s.write(t, "config/delta.yaml", of("T0DELTA001"))
				tick(t, ticks)
			}, "beta 1", "1 LIST, 1 GET, 0 PUT"},
			{"another tick, and its index is unreadable", func() {
				time.Sleep(time.Minute)
				s.write(t, "config/delta.yaml", of("T0DELTA002"))
				tick(t, ticks)
				unread = delivery.TeamsKey
			}, "beta 1", "1 LIST, 2 GET, 0 PUT"}, // delta: the index that is known has another ETag
			{"and readable", func() { time.Sleep(time.Minute) }, "beta 1", "1 LIST, 1 GET, 0 PUT"},
			{"the index is gone", func() {
				time.Sleep(time.Minute)
				s.Expire(func(key string) bool { return key == delivery.TeamsKey })
			}, "beta 1", "1 LIST, 1 GET, 0 PUT"}, // acme alone is not read yet
		} {
			s.fails, unread = nil, ""
			c.change()
			var calls counter
			s.fails = func(method, key string) error {
				_ = calls.count(method, key)
				if key == unread {
					return errors.New("503 Slow Down")
				}
				return nil
			}
			if got := byTeam(t, l, "T0BETA001"); got != c.want {
				t.Errorf("%s: %q, want %q", c.what, got, c.want)
			}
			if got := calls.reset(); got != c.counts {
				t.Errorf("%s: %s, want %s", c.what, got, c.counts)
			}
		}
	})
}

// The index has the ETag of a file without mistakes, and the team of the configuration in force.
func TestSaveIndex(t *testing.T) {
	s := &store{}
	ticks := &tenantconfig.Loader{Store: s, SaveGood: true}
	unread := ""
	s.fails = func(method, key string) error { return slowDown(unread)(method, key) }
	etag := func(key string) string {
		o, err := s.Memory.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%q", o.ETag)
	}
	for _, c := range []struct {
		what   string
		change func()
		want   string // of tenants
		puts   int
	}{
		{"no tenant", func() {}, `{}`, 1},
		{"none, again", func() {}, `{}`, 0},
		{"two", func() {
			s.write(t, "config/acme.yaml", good)
			s.write(t, "config/mail.yaml", "defaults: {tz: UTC}\nbots: [{id: nettbutikk}]\n")
		}, `{"acme":{"etag":$acme,"team":"T0ACME001"},"mail":{"etag":$mail}}`, 1},
		{"two, again", func() {}, `{"acme":{"etag":$acme,"team":"T0ACME001"},"mail":{"etag":$mail}}`,
			0},
		{"with mistakes", func() { s.write(t, "config/acme.yaml", mistaken("T0OTHER001")) },
			`{"acme":{"team":"T0ACME001"},"mail":{"etag":$mail}}`, 1},
		{"never valid", func() { s.write(t, "config/new.yaml", noTeam) },
			`{"acme":{"team":"T0ACME001"},"mail":{"etag":$mail},"new":{}}`, 1},
		{"too large", func() {
			s.Plant("config/new.yaml", make([]byte, delivery.MaxBytes("config/new.yaml")+1))
		}, `{"acme":{"team":"T0ACME001"},"mail":{"etag":$mail},"new":{}}`, 0},
		{"removed", func() {
			s.Expire(func(key string) bool { return key == "config/new.yaml" })
		}, `{"acme":{"team":"T0ACME001"},"mail":{"etag":$mail}}`, 1},
		{"unreadable", func() {
			s.write(t, "config/acme.yaml", other)
			unread = "config/acme.yaml"
		}, `{"acme":{"team":"T0ACME001"},"mail":{"etag":$mail}}`, 0},
		{"unreadable, by another process", func() {
			ticks = &tenantconfig.Loader{Store: s, SaveGood: true}
		}, `{"acme":{"team":"T0ACME001"},"mail":{"etag":$mail}}`, 0},
		{"readable", func() { unread = "" },
			`{"acme":{"etag":$acme,"team":"T0BETA001"},"mail":{"etag":$mail}}`, 1},
		{"damaged", func() { s.write(t, delivery.TeamsKey, "{") },
			`{"acme":{"etag":$acme,"team":"T0BETA001"},"mail":{"etag":$mail}}`, 1},
		{"the index is too large", func() {
			s.Plant(delivery.TeamsKey, make([]byte, delivery.MaxBytes(delivery.TeamsKey)+1))
		}, `{"acme":{"etag":$acme,"team":"T0BETA001"},"mail":{"etag":$mail}}`, 1},
	} {
		c.change()
		var calls counter
		fails := s.fails
		s.fails = func(method, key string) error {
			if key == delivery.TeamsKey {
				_ = calls.count(method, key)
			}
			return fails(method, key)
		}
		tick(t, ticks)
		s.fails = fails
		want := c.want
		for _, name := range []string{"acme", "mail"} {
			if placeholder := "$" + name; strings.Contains(want, placeholder) {
				want = strings.Replace(want, placeholder, etag("config/"+name+".yaml"), 1)
			}
		}
		o, err := s.Memory.Get(t.Context(), delivery.TeamsKey)
		if want = `{"schema":1,"tenants":` + want + "}\n"; err != nil || string(o.Data) != want {
			t.Errorf("%s: %s, %v; want %s", c.what, o.Data, err, want)
		}
		if got, want := calls.reset(), fmt.Sprintf("0 LIST, 1 GET, %d PUT", c.puts); got != want {
			t.Errorf("%s: %s, want %s", c.what, got, want)
		}
	}
}

// An index that another tick writes meanwhile is kept, and one that cannot be written is an error.
func TestSaveIndex_Fails(t *testing.T) {
	meanwhile := func(s *store, method string) error {
		if method == "put" {
			s.Plant(delivery.TeamsKey, []byte("theirs"))
		}
		return nil
	}
	refuse := func(refused string) func(*store, string) error {
		return func(_ *store, method string) error {
			if method == refused {
				return errors.New("503 Slow Down")
			}
			return nil
		}
	}
	for what, c := range map[string]struct {
		before string                              // the index
		fails  func(s *store, method string) error // of the index
		want   string                              // of the error
		index  string
	}{
		"another tick writes the first one": {"", meanwhile, "", "theirs"},
		"another tick replaces it":          {"old", meanwhile, "", "theirs"},
		"the read fails": {"old", refuse("get"), "read the index of teams: 503 Slow Down",
			"old"},
		"the write fails": {"old", refuse("put"), "write the index of teams: 503 Slow Down",
			"old"},
	} {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		if c.before != "" {
			s.write(t, delivery.TeamsKey, c.before)
		}
		s.fails = func(method, key string) error {
			if key == delivery.TeamsKey {
				return c.fails(s, method)
			}
			return nil
		}
		l := &tenantconfig.Loader{Store: s, SaveGood: true}
		l.Load(t.Context(), "acme")
		err := l.SaveIndex(t.Context(), []string{"acme"})
		if got := fmt.Sprint(err); err == nil && c.want != "" || err != nil && got != c.want {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
		if o, _ := s.Memory.Get(t.Context(), delivery.TeamsKey); string(o.Data) != c.index {
			t.Errorf("%s: the index is %q, want %q", what, o.Data, c.index)
		}
	}
}

// Only the tick's loader writes an index.
func TestSaveIndex_WithoutSaveGood(t *testing.T) {
	s := &store{fails: func(method, key string) error {
		t.Error(method, key)
		return nil
	}}
	if err := (&tenantconfig.Loader{Store: s}).SaveIndex(context.Background(), nil); err != nil {
		t.Error(err)
	}
}
