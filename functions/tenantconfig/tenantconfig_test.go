package tenantconfig_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

const (
	good   = "slack: {team: T0ACME001}\ndefaults: {tz: Europe/Oslo}\nbots: [{id: nettbutikk}]\n"
	better = "slack: {team: T0ACME001}\ndefaults: {tz: Europe/Oslo}\nbots: [{id: nettbutikk}, {id: intern}]\n"
	broken = "slack: {team: T0ACME001}\ndefaults: {tz: Europe/Olso}\nbots: [{id: nettbutikk}, {id: third}]\n"
	older  = "slack: {team: T0ACME001}\ndefaults: {tz: Europe/Oslo}\nbots: [{id: nettbutikk, name: \u3164}]\n" // refused today
	other  = "slack: {team: T0BETA001}\ndefaults: {tz: UTC}\nbots: [{id: nettbutikk}]\n"
)

// slowDown makes a store fail when one of the keys is read or written.
func slowDown(keys ...string) func(method, key string) error {
	return func(_, key string) error {
		if slices.Contains(keys, key) {
			return errors.New("503 Slow Down")
		}
		return nil
	}
}

// A store counts what is asked of it, and fails as it is told.
type store struct {
	storetest.Memory
	calls atomic.Int64
	fails func(method, key string) error
}

func (s *store) meet(method, key string) error {
	s.calls.Add(1)
	if s.fails == nil {
		return nil
	}
	return s.fails(method, key)
}

func (s *store) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := s.meet("get", key); err != nil {
		return delivery.Object{}, err
	}
	return s.Memory.Get(ctx, key)
}

func (s *store) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if err := s.meet("put", key); err != nil {
		return "", err
	}
	return s.Memory.Put(ctx, key, o, c)
}

func (s *store) List(ctx context.Context, prefix string) ([]string, error) {
	if err := s.meet("list", prefix); err != nil {
		return nil, err
	}
	return s.Memory.List(ctx, prefix)
}

func (s *store) write(t *testing.T, key, content string) {
	t.Helper()
	if _, err := s.Memory.Put(t.Context(), key, delivery.Object{Data: []byte(content)},
		delivery.Condition{}); err != nil {
		t.Fatal(err)
	}
}

// told is what a loader says of its tenants: their names, how many bots each has, and what is
// wrong.
func told(t *testing.T, l *tenantconfig.Loader) string {
	t.Helper()
	all, err := l.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, x := range all {
		word := x.Name
		if x.Tenant != nil {
			word += fmt.Sprintf(" %d", len(x.Tenant.Bots))
		}
		if x.Mistakes != nil {
			word += " broken"
		}
		if x.ExplainWarnings() != "" {
			word += " warned"
		}
		if x.Err != nil {
			word += " unread"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func is(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAll_MistakeInOneFile(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", broken)
	s.write(t, "config/beta.yaml", other)
	s.write(t, "config/gamma.yaml", "\x00")
	s.write(t, "config/notes.txt", "not a tenant")
	s.write(t, "config/old/acme.yaml", "nor this")
	is(t, told(t, &tenantconfig.Loader{Store: s, SaveGood: true}),
		"acme broken, beta 1, gamma broken")

	s.fails = func(method, key string) error {
		if key == "config/acme.yaml" {
			return errors.New("503 Slow Down")
		}
		return nil
	}
	is(t, told(t, &tenantconfig.Loader{Store: s}), "acme unread, beta 1, gamma broken")

	s.fails = func(string, string) error { return errors.New("503 Slow Down") }
	if all, err := (&tenantconfig.Loader{Store: s}).All(t.Context()); err == nil || all != nil {
		t.Errorf("not listed: %v, %v", all, err)
	}
}

func TestGet_LastGoodVersionStaysInForce(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", good)
	tick := &tenantconfig.Loader{Store: s, SaveGood: true}
	is(t, told(t, tick), "acme 1")
	s.write(t, "config/acme.yaml", better)
	is(t, told(t, tick), "acme 2")
	s.write(t, "config/acme.yaml", broken)
	is(t, told(t, tick), "acme 2 broken")

	cold := &tenantconfig.Loader{Store: s}
	is(t, told(t, cold), "acme 2 broken")
	tenant, err := cold.Get(t.Context(), "acme")
	if err != nil || tenant.Name != "acme" || len(tenant.Bots) != 2 {
		t.Errorf("%v, %v", tenant, err)
	}

	s.write(t, "config/acme.yaml", good)
	is(t, told(t, cold), "acme 1")
	is(t, told(t, tick), "acme 1")
	s.write(t, "config/acme.yaml", broken)
	is(t, told(t, tick), "acme 1 broken")
}

// What an earlier version of the program took and this one refuses stays in force, as the file and
// as its last good version, for the tick and for those that only read.
func TestAll_UpgradeStopsNoTenant(t *testing.T) {
	for _, c := range []struct{ file, kept, want string }{
		{older, older, "acme 1 warned"},
		{older, "", "acme 1 warned"},
		{broken, older, "acme 1 broken warned"},
		{better, older, "acme 2"},
	} {
		s := &store{}
		s.write(t, "config/acme.yaml", c.file)
		if c.kept != "" {
			s.write(t, "acme/config/good.yaml", c.kept)
		}
		for _, l := range []*tenantconfig.Loader{{Store: s}, {Store: s, SaveGood: true}} {
			is(t, told(t, l), c.want)
			is(t, told(t, l), c.want)
			if _, err := l.Get(t.Context(), "acme"); err != nil {
				t.Error(err)
			}
		}
		want := c.file // for the version before too: whatever it took is kept as it is
		if c.file == broken {
			want = c.kept
		}
		if o, err := s.Get(t.Context(), "acme/config/good.yaml"); err != nil ||
			string(o.Data) != want {
			t.Errorf("%q, %v is kept, want %q", o.Data, err, want)
		}
	}
}

func TestGet_ReaderWritesNothing(t *testing.T) {
	s := &store{fails: func(method, key string) error {
		if method == "put" {
			t.Error("put", key)
		}
		return nil
	}}
	s.write(t, "config/acme.yaml", good)
	is(t, told(t, &tenantconfig.Loader{Store: s}), "acme 1")
}

func TestGet(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", good)
	s.write(t, "config/beta.yaml", other)
	s.write(t, "config/gamma.yaml", broken)
	l := &tenantconfig.Loader{Store: s}
	first, err := l.Get(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	for what, between := range map[string]func(){
		"at once":              func() {},
		"after another tenant": func() { _, _ = l.Get(t.Context(), "beta") },
		"after a missing file": func() { _, _ = l.Get(t.Context(), "nobody") },
		"after a failed request": func() {
			s.fails = func(string, string) error { return errors.New("503 Slow Down") }
			_, _ = l.Get(t.Context(), "acme")
			s.fails = nil
		},
	} {
		between()
		if again, err := l.Get(t.Context(), "acme"); err != nil || again != first {
			t.Errorf("%s: an unchanged file was parsed again: %v", what, err)
		}
	}
	s.write(t, "config/acme.yaml", better)
	if now, err := l.Get(t.Context(), "acme"); err != nil || len(now.Bots) != 2 {
		t.Errorf("a changed file was not read: %v, %v", now, err)
	}
	if _, err := l.Get(t.Context(), "nobody"); !errors.Is(err, delivery.ErrNotFound) {
		t.Errorf("no tenant: %v", err)
	}
	var mistakes config.Mistakes
	if _, err := l.Get(t.Context(), "gamma"); !errors.As(err, &mistakes) {
		t.Errorf("no version without mistakes: %v", err)
	}
}

// The tick that reads the newer file wins, however the two mix: here one reads, and the file and
// the good version change before it writes.
func TestAll_OlderVersionDoesNotReplaceNewer(t *testing.T) {
	for i, during := range []string{
		"get acme/config/good.yaml", "get config/acme.yaml", "put acme/config/good.yaml",
		"get acme/config/good.yaml", "get config/acme.yaml", "put acme/config/good.yaml",
	} {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		if i >= 3 {
			s.write(t, "acme/config/good.yaml", other) // there is a good version already
		}
		reads := 0
		s.fails = func(method, key string) error {
			if key == "config/acme.yaml" {
				if reads++; reads == 1 {
					return nil
				}
			}
			if method+" "+key == during {
				s.fails = nil
				s.write(t, "config/acme.yaml", better)
				is(t, told(t, &tenantconfig.Loader{Store: s, SaveGood: true}), "acme 2")
			}
			return nil
		}
		slow := &tenantconfig.Loader{Store: s, SaveGood: true}
		told(t, slow)
		if o, err := s.Get(t.Context(), "acme/config/good.yaml"); err != nil ||
			string(o.Data) != better {
			t.Errorf("%s: the good version is %q, %v", during, o.Data, err)
		}
		is(t, told(t, slow), "acme 2")
	}
}

// Here it is the older version that gets in between: the next tick mends it, although the file has
// not changed.
func TestAll_NextTickKeepsTheNewerVersion(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", better)
	s.fails = func(method, key string) error {
		if method == "put" {
			s.fails = nil
			s.write(t, "acme/config/good.yaml", good)
		}
		return nil
	}
	l := &tenantconfig.Loader{Store: s, SaveGood: true}
	is(t, told(t, l), "acme 2")
	is(t, told(t, l), "acme 2")
	if o, err := s.Get(t.Context(), "acme/config/good.yaml"); err != nil ||
		string(o.Data) != better {
		t.Errorf("the good version is %q, %v", o.Data, err)
	}
}

// The file changes while its good version is kept, and changes back: the next tick keeps it.
func TestAll_FileChangesBack(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", good)
	s.fails = func(_, key string) error {
		if key == "acme/config/good.yaml" {
			s.fails = nil
			s.write(t, "config/acme.yaml", better)
		}
		return nil
	}
	l := &tenantconfig.Loader{Store: s, SaveGood: true}
	is(t, told(t, l), "acme 1")
	s.write(t, "config/acme.yaml", good)
	is(t, told(t, l), "acme 1")
	if o, err := s.Get(t.Context(), "acme/config/good.yaml"); err != nil || string(o.Data) != good {
		t.Errorf("the good version is %q, %v", o.Data, err)
	}
}

// A tenant that is removed with all that the store holds of it, and comes back, is as new.
func TestAll_RemovedTenantReturns(t *testing.T) {
	s := &store{}
	l := &tenantconfig.Loader{Store: s, SaveGood: true}
	for range 2 {
		s.write(t, "config/acme.yaml", good)
		is(t, told(t, l), "acme 1")
		if o, err := s.Get(t.Context(), "acme/config/good.yaml"); err != nil ||
			string(o.Data) != good {
			t.Errorf("the good version is %q, %v", o.Data, err)
		}
		s.Expire(func(string) bool { return true })
		if x := l.Load(t.Context(), "acme"); !errors.Is(x.Err, delivery.ErrNotFound) {
			t.Errorf("a removed tenant: %v", x.Err)
		}
	}
}

// A good version that cannot be kept is an error of its tenant, and the next tick keeps it.
func TestAll_GoodVersionCannotBeStored(t *testing.T) {
	const file, kept = "config/acme.yaml", "acme/config/good.yaml"
	for _, failing := range []struct {
		method, key string
		nth         int
	}{
		{"get", kept, 1}, {"get", file, 2}, {"put", kept, 1},
	} {
		s := &store{}
		s.write(t, file, better)
		s.write(t, kept, good)
		n := 0
		slow := errors.New("503 Slow Down")
		s.fails = func(method, key string) error {
			if method != failing.method || key != failing.key {
				return nil
			}
			if n++; n == failing.nth {
				return slow
			}
			return nil
		}
		l := &tenantconfig.Loader{Store: s, SaveGood: true}
		if x := l.Load(t.Context(), "acme"); x.Tenant != nil || !errors.Is(x.Err, slow) {
			t.Errorf("%v: %v, %v", failing, x.Tenant, x.Err)
		}
		is(t, told(t, l), "acme 2")
		if o, err := s.Get(t.Context(), kept); err != nil || string(o.Data) != better {
			t.Errorf("%v: the good version is %q, %v", failing, o.Data, err)
		}
	}
}

func TestGet_UnreadableGoodVersion(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", good)
	is(t, told(t, &tenantconfig.Loader{Store: s, SaveGood: true}), "acme 1")
	s.write(t, "config/acme.yaml", broken)
	s.fails = func(method, key string) error {
		if key == "acme/config/good.yaml" {
			return errors.New("503 Slow Down")
		}
		return nil
	}
	l := &tenantconfig.Loader{Store: s, SaveGood: true}
	is(t, told(t, l), "acme unread")
	s.fails = nil
	is(t, told(t, l), "acme 1 broken")
}

func TestByTeam(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		s.write(t, "config/beta.yaml", other)
		l := &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now}
		of := func(team string) string {
			t.Helper()
			found, err := l.ByTeam(t.Context(), team)
			var names []string
			for _, x := range found {
				names = append(names, x.Name)
			}
			if err != nil {
				names = append(names, err.Error())
			}
			return strings.Join(names, " ")
		}
		// without Slack
		s.write(t, "config/mail.yaml", "defaults: {tz: UTC}\nbots: [{id: nettbutikk}]\n")
		is(t, of("T0ACME001"), "acme")
		is(t, of("T0BETA001"), "beta")
		is(t, of(""), "")

		before := s.calls.Load()
		for range 100 {
			is(t, of("T0STRANGE"), "")
		}
		if n := s.calls.Load() - before; n != 0 {
			t.Errorf("strangers caused %d calls to the store", n)
		}

		s.write(t, "config/delta.yaml", good)
		time.Sleep(time.Minute)
		is(t, of("T0ACME001"), "acme delta")

		s.fails = func(string, string) error { return errors.New("silence") }
		time.Sleep(time.Hour)
		is(t, of("T0BETA001"), "beta")
		is(t, of("T0STRANGE"), "list the configurations: silence")
		s.fails = func(method, key string) error {
			if key == "config/beta.yaml" {
				return errors.New("silence")
			}
			return nil
		}
		time.Sleep(time.Hour)
		is(t, of("T0BETA001"), "beta")
		is(t, of("T0ACME001"), "acme delta")
		s.fails = func(method, key string) error {
			if key == "config/acme.yaml" || key == "config/delta.yaml" {
				return errors.New("silence")
			}
			return nil
		}
		time.Sleep(time.Hour)
		is(t, of("T0BETA001"), "beta")
		is(t, of("T0ACME001"), "acme delta")
	})
}

// byTeam is what a loader says of a team: its tenants, each with its number of bots, and that there
// may be more.
func byTeam(t *testing.T, l *tenantconfig.Loader, team string) string {
	t.Helper()
	found, err := l.ByTeam(t.Context(), team)
	var words []string
	for _, x := range found {
		words = append(words, fmt.Sprintf("%s %d", x.Name, len(x.Bots)))
	}
	if err != nil {
		words = append(words, "error")
	}
	return strings.Join(words, ", ")
}

// A last good version that cannot be read at first is found later.
func TestByTeam_GoodVersionReadableAgain(t *testing.T) {
	s := &store{fails: func(_, key string) error {
		if key == "config/" {
			return nil
		}
		return errors.New("503 Slow Down")
	}}
	s.write(t, "config/acme.yaml", better)
	s.write(t, "acme/config/good.yaml", good)
	l := &tenantconfig.Loader{Store: s}
	is(t, byTeam(t, l, "T0ACME001"), "error")
	s.fails = slowDown("config/acme.yaml")
	is(t, byTeam(t, l, "T0ACME001"), "acme 1")

	s = &store{fails: func(_, key string) error {
		if key == "acme/config/good.yaml" {
			return errors.New("503 Slow Down")
		}
		return nil
	}}
	s.write(t, "config/acme.yaml", broken)
	s.write(t, "acme/config/good.yaml", good)
	l = &tenantconfig.Loader{Store: s}
	is(t, byTeam(t, l, "T0ACME001"), "error")
	s.fails = func(_, key string) error { // now it is the file
		if key == "config/acme.yaml" {
			return errors.New("503 Slow Down")
		}
		return nil
	}
	is(t, byTeam(t, l, "T0ACME001"), "acme 1")
	s.fails = nil
	is(t, byTeam(t, l, "T0ACME001"), "acme 1")
}

// A file that cannot be read on a cold start may be of any team, unless its last good version can
// be read.
func TestByTeam_ColdStart(t *testing.T) {
	const acme, goodAcme, beta = "config/acme.yaml", "acme/config/good.yaml", "config/beta.yaml"
	for _, c := range []struct {
		good    string // acme's last good version
		silent  []string
		missing string
		acme    string // what is said of its team
		beta    string
		unknown string // and of a team of no tenant
	}{
		{"", nil, "", "acme 2", "beta 1", ""},
		{"", []string{acme}, "", "error", "beta 1, error", "error"},
		{good, []string{acme}, "", "acme 1", "beta 1", ""},
		{good, []string{acme, goodAcme}, "", "error", "beta 1, error", "error"},
		{older, []string{acme}, "", "acme 1", "beta 1", ""}, // refused today, and in force
		{broken, []string{acme}, "", "error", "beta 1, error", "error"},
		{good, []string{beta}, "", "acme 2, error", "error", "error"},
		{good, []string{goodAcme}, "", "acme 2", "beta 1", ""},
		// removed since it was listed: its good version counts no more
		{good, nil, acme, "", "beta 1", ""},
		{good, []string{"config/"}, "", "error", "error", "error"},
		// zeta has a good version too
		{good, []string{acme, "config/zeta.yaml"}, "", "acme 1", "beta 1", ""},
	} {
		s := &store{}
		s.write(t, acme, better)
		s.write(t, beta, other)
		if slices.Contains(c.silent, "config/zeta.yaml") {
			s.write(t, "config/zeta.yaml", other)
			s.write(t, "zeta/config/good.yaml", strings.Replace(other, "T0BETA001", "T0ZETA001", 1))
		}
		if c.good != "" {
			s.write(t, goodAcme, c.good)
		}
		s.fails = func(method, key string) error {
			switch {
			case slices.Contains(c.silent, key):
				return errors.New("503 Slow Down")
			case method == "get" && key == c.missing:
				return delivery.ErrNotFound
			}
			return nil
		}
		for team, want := range map[string]string{"T0ACME001": c.acme, "T0BETA001": c.beta,
			"T0STRANGE": c.unknown} {
			if got := byTeam(t, &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now},
				team); got != want {
				t.Errorf("good %q, silent %v: %s has %q, want %q", c.good, c.silent, team, got,
					want)
			}
		}
	}
}

// While the store fails, those who ask do not drive it: it is asked every five seconds, and once a
// minute when it has answered.
func TestByTeam_AfterAFailure(t *testing.T) {
	for what, c := range map[string]struct {
		silent, file, good, before string
		asked                      int // times in the minute after the failure
	}{
		"the list":                     {"config/", good, "", "error", 11},
		"a file":                       {"config/acme.yaml", good, "", "error", 11},
		"a file with its good version": {"config/acme.yaml", good, good, "acme 1", 0},
		"the good version of a broken": {"acme/config/good.yaml", broken, good, "error", 11},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &store{fails: func(_, key string) error {
				if key == c.silent {
					return errors.New("503 Slow Down")
				}
				return nil
			}}
			s.write(t, "config/acme.yaml", c.file)
			if c.good != "" {
				s.write(t, "acme/config/good.yaml", c.good)
			}
			l := &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now}
			calls := func(seconds int) (asked int) {
				t.Helper()
				lists := 0
				fails := s.fails
				s.fails = func(method, key string) error {
					if method == "list" {
						lists++
					}
					if fails == nil {
						return nil
					}
					return fails(method, key)
				}
				for range seconds * 10 {
					byTeam(t, l, "T0STRANGE")
					time.Sleep(100 * time.Millisecond)
				}
				s.fails = fails
				return lists
			}
			is(t, byTeam(t, l, "T0ACME001"), c.before)
			is(t, byTeam(t, l, "T0ACME001"), c.before) // it is remembered
			if n := calls(60); n != c.asked {
				t.Errorf("%s fails: the store is asked %d times a minute, want %d", what, n,
					c.asked)
			}
			s.fails = nil
			time.Sleep(5 * time.Second)
			is(t, byTeam(t, l, "T0ACME001"), "acme 1")
			if n := calls(60); n != 0 {
				t.Errorf("%s was read: the store is asked %d times in the minute after, want none",
					what, n)
			}
			if n := calls(60); n != 1 {
				t.Errorf("%s was read: the store is asked %d times a minute, want 1", what, n)
			}
		})
	}
	// Without Fresh each asks, also after a failure.
	s := &store{fails: func(string, string) error { return errors.New("503 Slow Down") }}
	s.write(t, "config/acme.yaml", good)
	l := &tenantconfig.Loader{Store: s}
	is(t, byTeam(t, l, "T0ACME001"), "error")
	s.fails = nil
	is(t, byTeam(t, l, "T0ACME001"), "acme 1")
}

// A file that has not changed is read and not parsed. The tick, which holds no tenant, parses it
// and does not keep it again.
func TestAll_UnchangedFileIsParsedOnce(t *testing.T) {
	for i := range 6 {
		keep, file := i%2 == 1, []string{good, broken, good}[i/2]
		s := &store{}
		s.write(t, "config/acme.yaml", file)
		isKept := i < 4
		if isKept {
			s.write(t, "acme/config/good.yaml", good)
		}
		l := &tenantconfig.Loader{Store: s, SaveGood: keep}
		first, err := l.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		before, want := s.calls.Load(), int64(2)
		if keep || file == broken {
			want = 3 // the good version too, which is there and is not written again
		}
		if keep && !isKept {
			want = 5 // the good version, the file once more, and the write
		}
		if before != want {
			t.Errorf("keep %v: %d requests at first, want %d", keep, before, want)
		}
		again, err := l.All(t.Context())
		if err != nil || (again[0].Tenant == first[0].Tenant) == keep {
			t.Errorf("keep %v: parsed again: %v, %v", keep, again[0].Tenant != first[0].Tenant, err)
		}
		if want = 2; keep && file == broken {
			want = 3 // what is in force too, which the tick does not hold
		}
		if n := s.calls.Load() - before; n != want {
			t.Errorf("keep %v: %d requests again, want %d", keep, n, want)
		}
	}
}

// The tick needs the tenants one after the other: a loader with Keep does not hold on to what it
// has parsed.
func TestLoader_KeepHoldsNoTenant(t *testing.T) {
	for _, keep := range []bool{false, true} {
		s := &store{}
		s.write(t, "config/acme.yaml", good)
		l := &tenantconfig.Loader{Store: s, SaveGood: keep}
		parsed := weak.Make(l.Load(t.Context(), "acme").Tenant)
		runtime.GC()
		if held := parsed.Value() != nil; held == keep {
			t.Errorf("keep %v: held %v", keep, held)
		}
		runtime.KeepAlive(l)
	}
}

// Files of many tenants are read side by side, and so few of them that their contents fit into
// memory.
func TestAll_FewFilesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = 32
		s := &store{}
		for i := range 3 * most {
			s.write(t, fmt.Sprintf("config/t%d.yaml", i), good)
		}
		var open, peak atomic.Int64
		s.fails = func(method, _ string) error {
			if method == "get" {
				n := open.Add(1)
				for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
				}
				time.Sleep(time.Second)
				open.Add(-1)
			}
			return nil
		}
		l := &tenantconfig.Loader{Store: s}
		for what, read := range map[string]func() (int, error){
			"All": func() (int, error) {
				all, err := l.All(t.Context())
				return len(all), err
			},
			"ByTeam": func() (int, error) {
				all, err := l.ByTeam(t.Context(), "T0ACME001")
				return len(all), err
			},
		} {
			peak.Store(0)
			if n, err := read(); err != nil || n != 3*most {
				t.Errorf("%s: %d tenants, %v", what, n, err)
			}
			if n := peak.Load(); n < 2 || n > most {
				t.Errorf("%s: %d files are read at once, want %d at most", what, n, most)
			}
		}
	})
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		mistakes, lines int
		last            string
	}{
		{1, 1, "1:1: wrong"},
		{10, 10, "10:1: wrong"},
		{11, 11, "11:1: wrong"}, // a line that says "1 more" would be as long
		{12, 11, "… and 2 more"},
		{25, 11, "… and 15 more"},
	} {
		var all config.Mistakes
		for i := range c.mistakes {
			all = append(all, config.Mistake{Line: i + 1, Column: 1, Message: "wrong"})
		}
		x := tenantconfig.Loaded{Mistakes: all, Warnings: all}
		for what, got := range map[string]string{"Explain": x.ExplainMistakes(),
			"Warn": x.ExplainWarnings()} {
			lines := strings.Split(got, "\n")
			if len(lines) != c.lines || lines[0] != "1:1: wrong" || lines[len(lines)-1] != c.last {
				t.Errorf("%s of %d mistakes: %s", what, c.mistakes, got)
			}
		}
	}
	is(t, tenantconfig.Loaded{}.ExplainWarnings(), "")
}

// A file that is too large to be read is a mistake as any other is: the last good version stays in
// force.
func TestGet_FileOverItsLimit(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", better)
	s.write(t, "config/beta.yaml", other)
	is(t, told(t, &tenantconfig.Loader{Store: s, SaveGood: true}), "acme 2, beta 1")
	s.Plant("config/acme.yaml", append([]byte(good), bytes.Repeat([]byte("#"), config.Largest)...))
	for _, keep := range []bool{true, false} {
		l := &tenantconfig.Loader{Store: s, SaveGood: keep}
		for range 2 {
			is(t, told(t, l), "acme 2 broken, beta 1")
			if x := l.Load(t.Context(), "acme"); !strings.Contains(x.ExplainMistakes(),
				"1:1: the file has more than 2097152 bytes") {
				t.Error(x.ExplainMistakes())
			}
		}
		s.Plant("beta/config/good.yaml", bytes.Repeat([]byte("#"), 5<<20))
	}
	s.write(t, "config/acme.yaml", good)
	is(t, told(t, &tenantconfig.Loader{Store: s}), "acme 1, beta 1")
}

// Of two files that are too large, nothing says that they are the same: the good version is read
// each time.
func TestAFileBeyondItsLimit_AfterAnotherGoodVersion(t *testing.T) {
	s := &store{}
	l := &tenantconfig.Loader{Store: s}
	for _, c := range []struct{ kept, want string }{{good, "acme 1 broken"},
		{better, "acme 2 broken"}} {
		s.write(t, "acme/config/good.yaml", c.kept)
		s.Plant("config/acme.yaml", append([]byte(c.kept),
			bytes.Repeat([]byte("#"), config.Largest)...))
		is(t, told(t, l), c.want)
	}
}
