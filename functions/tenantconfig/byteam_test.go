package tenantconfig_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/delivery"
)

// ByTeam parses only the files that may be the team's. A file with mistakes shows that it was
// parsed: its last valid version is asked for.
func TestByTeam_ParsesWhatMentionsTheTeam(t *testing.T) {
	const team = "T0ACME001"
	broken := strings.ReplaceAll(other, "UTC", "Olso")
	same := strings.NewReplacer("T0BETA001", team)
	escaped := strings.NewReplacer("T0BETA001", `"T0\x41CME001"`)
	large := strings.Repeat("#", int(delivery.MaxBytes("config/beta.yaml"))+1)
	for what, c := range map[string]struct {
		beta, good string // beta's file, and its last valid version
		want       string
		parsed     bool // beta's
	}{
		"another team":                {broken, good, "acme 2", false},
		"the same team":               {same.Replace(broken), good, "acme 2, beta 1", true},
		"the same in a comment":       {broken + "# not " + team, other, "acme 2", true},
		"the same, escaped":           {escaped.Replace(other), "", "acme 2, beta 1", false},
		"an escape and a mistake":     {broken + "# \\", other, "acme 2", true},
		"too large, the same before":  {large, good, "acme 2, beta 1", true},
		"unreadable, the same before": {"", good, "acme 2, beta 1", true},
	} {
		s := &store{}
		s.write(t, "config/acme.yaml", better)
		s.Plant("config/beta.yaml", []byte(c.beta))
		if c.good != "" {
			s.write(t, "beta/config/good.yaml", c.good)
		}
		var parsed atomic.Bool // files are read at the same time
		s.fails = func(_, key string) error {
			if key == "beta/config/good.yaml" {
				parsed.Store(true)
			}
			if key == "config/beta.yaml" && c.beta == "" {
				return delivery.ErrConflict
			}
			return nil
		}
		l := &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now}
		if got := byTeam(t, l, team); got != c.want || parsed.Load() != c.parsed {
			t.Errorf("%s: %q, parsed %v; want %q, %v", what, got, parsed.Load(), c.want, c.parsed)
		}
	}
}

// If no file is the team's, the last valid version of one with mistakes may be.
func TestByTeam_LastValidVersionOfAnotherFile(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", "this is not a configuration")
	s.write(t, "acme/config/good.yaml", good)
	s.write(t, "config/beta.yaml", other)
	l := &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now}
	is(t, byTeam(t, l, "T0ACME001"), "acme 1")
	is(t, byTeam(t, l, "T0BETA001"), "beta 1")
}

// A listed is a store that lists ETags, as S3 does.
type listed struct{ *store }

func (s listed) ETags(ctx context.Context, prefix string) (map[string]string, error) {
	keys, err := s.List(ctx, prefix)
	etags := make(map[string]string)
	for _, key := range keys {
		o, _ := s.Memory.Get(ctx, key) // a file that is too large has no ETag here
		etags[key] = o.ETag
	}
	return etags, err
}

// If the store lists ETags, ByTeam reads a file again if it has changed, or was not read.
func TestByTeam_ReadsChangedFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		s.write(t, "config/beta.yaml", other)
		l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
		silent := ""
		for _, c := range []struct {
			what string
			do   func()
			want string // what is said of acme
			asks string
		}{
			{"at first", func() {}, "acme 1",
				"config/ config/acme.yaml config/beta.yaml config/teams.json"},
			{"later", func() {}, "acme 1", "config/"},
			{"changed", func() { s.write(t, "config/acme.yaml", better) }, "acme 2",
				"config/ config/acme.yaml"},
			{"changed, and unreadable", func() {
				s.write(t, "config/acme.yaml", good)
				silent = "config/acme.yaml"
			}, "acme 2", "config/ config/acme.yaml"},
			{"readable again", func() { silent = "" }, "acme 1", "config/ config/acme.yaml"},
			{"the list is unreadable", func() { silent = "config/" }, "acme 1", "config/"},
			{"and readable", func() { silent = "" }, "acme 1", "config/"},
			{"new", func() { s.write(t, "config/delta.yaml", good) }, "acme 1, delta 1",
				"config/ config/delta.yaml"},
		} {
			c.do()
			var mu sync.Mutex
			var asked []string
			s.fails = func(_, key string) error {
				mu.Lock()
				defer mu.Unlock()
				if asked = append(asked, key); key == silent {
					return errors.New("503 Slow Down")
				}
				return nil
			}
			if got := byTeam(t, l, "T0ACME001"); got != c.want {
				t.Errorf("%s: %q, want %q", c.what, got, c.want)
			}
			slices.Sort(asked)
			if got := strings.Join(asked, " "); got != c.asks {
				t.Errorf("%s: it asks for %s, want %s", c.what, got, c.asks)
			}
			time.Sleep(time.Minute)
		}
	})
}

// A last valid version that could not be read is read again, although the file is the same.
func TestByTeam_ReadsLastValidVersionAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
		is(t, byTeam(t, l, "T0ACME001"), "acme 1")
		s.write(t, "acme/config/good.yaml", better)
		s.write(t, "config/acme.yaml", "team: T0ACME001, and mistakes")
		s.fails = slowDown("acme/config/good.yaml")
		time.Sleep(time.Minute)
		is(t, byTeam(t, l, "T0ACME001"), "acme 1")
		s.fails = nil
		time.Sleep(time.Minute)
		is(t, byTeam(t, l, "T0ACME001"), "acme 2")
	})
}

// canceling is a store that cancels the request for a file, and returns the file.
type canceling struct {
	*store
	key    string
	cancel context.CancelFunc
}

func (s canceling) Get(ctx context.Context, key string) (delivery.Object, error) {
	o, err := s.store.Get(ctx, key)
	if key == s.key {
		s.cancel()
	}
	return o, err
}

// Of files that there was no time to parse, one may be the team's.
func TestByTeam_Canceled(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", broken)
	s.write(t, "acme/config/good.yaml", other)
	s.write(t, "config/beta.yaml", other)
	ctx, cancel := context.WithCancel(t.Context())
	l := &tenantconfig.Loader{Store: canceling{s, "acme/config/good.yaml", cancel}}
	found, err := l.ByTeam(ctx, "T0ACME001")
	if len(found) != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", found, err)
	}
	is(t, byTeam(t, l, "T0ACME001"), "")
}

// A last valid version in place of a file that the store does not give is read once.
func TestByTeam_UnreadableFile(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", better)
	s.write(t, "acme/config/good.yaml", good)
	var calls counter
	s.fails = func(method, key string) error {
		_ = calls.count(method, key)
		if key == "config/acme.yaml" {
			return errors.New("503 Slow Down")
		}
		return nil
	}
	l := &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now}
	is(t, byTeam(t, l, "T0ACME001"), "acme 1")
	is(t, calls.reset(), "1 LIST, 2 GET, 0 PUT")
}

// A file that is first read late, and could not be, is not read later than all others.
func TestByTeam_LateFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		s.write(t, "config/beta.yaml", other)
		tick(t, &tenantconfig.Loader{Store: s, SaveGood: true})
		s.Expire(func(key string) bool { return strings.HasSuffix(key, "/good.yaml") })
		l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
		is(t, byTeam(t, l, "T0ACME001"), "acme 1")
		time.Sleep(58 * time.Second)
		s.fails = slowDown("config/beta.yaml")
		is(t, byTeam(t, l, "T0BETA001"), "error")
		s.fails = nil
		is(t, byTeam(t, l, "T0BETA001"), "error")
		time.Sleep(2 * time.Second)
		is(t, byTeam(t, l, "T0BETA001"), "beta 1")
	})
}

// What a tenant was before it moved counts no more, although its new file was not read: the index
// said enough of it.
func TestByTeam_MovedAndUnreadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		ticks := &tenantconfig.Loader{Store: s, SaveGood: true}
		l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
		is(t, byTeam(t, l, "T0ACME001"), "acme 1")
		s.write(t, "config/acme.yaml", other)
		tick(t, ticks)
		time.Sleep(time.Minute)
		is(t, byTeam(t, l, "T0ACME001"), "")
		s.write(t, "config/acme.yaml", other+"# changed\n")
		s.fails = slowDown("config/acme.yaml")
		time.Sleep(time.Minute)
		is(t, byTeam(t, l, "T0ACME001"), "")
		is(t, byTeam(t, l, "T0BETA001"), "acme 1")
	})
}

// Nor does it count if its last valid version is unreadable too.
func TestByTeam_MovedAndUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		l := &tenantconfig.Loader{Store: listed{s}, MaxAge: time.Minute, Now: time.Now}
		is(t, byTeam(t, l, "T0ACME001"), "acme 1")
		s.write(t, "config/acme.yaml", other)
		tick(t, &tenantconfig.Loader{Store: s, SaveGood: true})
		time.Sleep(time.Minute)
		is(t, byTeam(t, l, "T0ACME001"), "")
		s.write(t, "config/acme.yaml", other+"# changed\n")
		s.fails = slowDown("config/acme.yaml", "acme/config/good.yaml")
		time.Sleep(time.Minute)
		is(t, byTeam(t, l, "T0ACME001"), "error")
		is(t, byTeam(t, l, "T0BETA001"), "error")
	})
}
