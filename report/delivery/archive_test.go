package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

// editions returns a report's editions, as few as there can be.
func editions(t *testing.T, r *figures.Report, text string) []delivery.File {
	t.Helper()
	numbers, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return []delivery.File{
		{Name: "report.json", Type: "application/json", Data: numbers},
		{Name: "digest.txt", Type: "text/plain; charset=utf-8", Data: []byte(text)},
		{Name: "charts/chats.png", Type: "image/png", Data: []byte{0x89, 'P', 'N', 'G'}},
	}
}

// What is saved is loaded, and stands where the keys say.
func TestArchive(t *testing.T) {
	store := new(storetest.Memory)
	a := delivery.Archive{Store: store}
	for _, load := range []error{
		func() error { _, err := a.Load(t.Context(), job); return err }(),
		func() error { _, err := a.Manifest(t.Context(), job); return err }(),
	} {
		if !errors.Is(load, delivery.ErrNotFound) {
			t.Errorf("before it is saved: %v", load)
		}
	}
	r := figurestest.Busy()
	files := editions(t, r, "first")
	saved, err := a.Save(t.Context(), job, r, files, delivery.Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	want := delivery.Manifest{
		Build: saved.Manifest.Build, Revision: 1, Job: job, ReportID: r.ID, TZ: r.Bot.TZ,
		Filters: r.Filters, Schema: figures.Schema, Complete: true, MadeAt: r.FetchedAt,
		Files: []delivery.Entry{{Name: "report.json", Type: "application/json"},
			{Name: "digest.txt", Type: "text/plain; charset=utf-8"},
			{Name: "charts/chats.png", Type: "image/png"}},
	}
	same := cmp.Options{cmpopts.IgnoreUnexported(delivery.Manifest{}),
		cmpopts.EquateComparable(period.Period{}, period.Date{})}
	if diff := cmp.Diff(want, saved.Manifest, same); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	loaded, err := a.Load(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(saved, loaded, same); diff != "" {
		t.Errorf("loaded (-saved +loaded):\n%s", diff)
	}
	keys, err := store.List(t.Context(), "acme/")
	build := "acme/archive/shop/2026-W46/" + saved.Manifest.Build + "/"
	if wanted := []string{build + "charts/chats.png", build + "digest.txt", build + "report.json",
		"acme/archive/shop/2026-W46/manifest.json"}; err != nil || !slices.Equal(keys, wanted) {
		t.Errorf("keys are %q, want %q, %v", keys, wanted, err)
	}

	// A revision follows the build that it replaces, and no other.
	second, err := a.Save(t.Context(), job, r, editions(t, r, "second"), loaded.Manifest)
	if err != nil || second.Manifest.Revision != 2 ||
		second.Manifest.Build == saved.Manifest.Build {
		t.Errorf("second: %+v, %v", second.Manifest, err)
	}
	third, err := a.Save(t.Context(), job, r, editions(t, r, "third"), loaded.Manifest)
	if err != nil || text(third) != "second" || third.Manifest.Revision != 2 {
		t.Errorf("third, of the first: %+v, %s, %v", third.Manifest, text(third), err)
	}
	third, err = a.Save(t.Context(), job, r, editions(t, r, "third"), second.Manifest)
	if err != nil || text(third) != "third" || third.Manifest.Revision != 3 {
		t.Errorf("third: %+v, %s, %v", third.Manifest, text(third), err)
	}
	// What counted before can still be loaded by its name, until the end.
	m, err := a.Manifest(t.Context(), job)
	if err != nil || len(m.Former) != 2 {
		t.Fatalf("%+v, %v", m, err)
	}
	for i, b := range []delivery.Build{saved, second, third} {
		of, ok := m.ForBuild(b.Manifest.Build)
		if !ok || of.Revision != i+1 || of.Build != b.Manifest.Build || of.Job != job ||
			of.Schema != figures.Schema {
			t.Errorf("revision %d: %+v, %v", i+1, of, ok)
		}
		if loaded, err := a.LoadBuild(t.Context(), of); err != nil || text(loaded) != text(b) {
			t.Errorf("revision %d: %q, want %q, %v", i+1, text(loaded), text(b), err)
		}
	}
	if of, ok := m.ForBuild("another"); ok || of.Build != "" {
		t.Errorf("a build of another week: %+v", of)
	}
	fourth, err := a.Save(t.Context(), job, r, editions(t, r, "fourth"), delivery.Manifest{})
	if err != nil || text(fourth) != "third" {
		t.Errorf("a late first: %+v, %s, %v", fourth.Manifest, text(fourth), err)
	}
}

func text(b delivery.Build) string {
	return string((&delivery.Editions{Files: b.Files}).File("digest.txt"))
}

// Of many who build the same week at once, all go on with the numbers of one.
func TestArchiveRace(t *testing.T) {
	var puts sync.Mutex
	n := 0
	for name, store := range map[string]delivery.Store{
		"a good store": new(storetest.Memory),
		"a store that loses answers": &faulty{Store: new(storetest.Memory),
			fault: func(key string) string {
				puts.Lock()
				defer puts.Unlock()
				if strings.HasSuffix(key, "manifest.json") {
					n++
					return [...]string{"conflict after", "after", "", "before"}[n%4]
				}
				return ""
			}},
	} {
		t.Run(name, func(t *testing.T) {
			a := delivery.Archive{Store: store}
			var all sync.WaitGroup
			builds := make([]delivery.Build, 30)
			for i := range builds {
				all.Go(func() {
					r := figurestest.Busy()
					r.ID = fmt.Sprintf("numbers-%d", i)
					mine := editions(t, r, r.ID)
					var err error
					for range 5 {
						builds[i], err = a.Save(t.Context(), job, r, mine, delivery.Manifest{})
						if !errors.Is(err, errLost) {
							break
						}
					}
					if err != nil {
						t.Errorf("%d: %v", i, err)
					}
				})
			}
			all.Wait()
			for i, b := range builds {
				if b.Report == nil || b.Report.ID != builds[0].Report.ID ||
					text(b) != b.Report.ID || b.Manifest.ReportID != b.Report.ID ||
					b.Manifest.Revision != 1 {
					t.Errorf("%d goes on with %+v, 0 with %+v", i, b.Manifest, builds[0].Manifest)
				}
			}
		})
	}
}

// The archive is whole or absent: the manifest comes last, and after a failure anywhere the next
// attempt succeeds.
func TestArchive_WholeOrAbsent(t *testing.T) {
	for put := range 4 {
		for _, fault := range []string{"before", "after"} {
			var mu sync.Mutex
			n := -1
			a := delivery.Archive{Store: &faulty{Store: new(storetest.Memory),
				fault: func(string) string {
					mu.Lock()
					defer mu.Unlock()
					if n++; n == put {
						return fault
					}
					return ""
				}}}
			r := figurestest.Busy()
			_, saveErr := a.Save(t.Context(), job, r, editions(t, r, "whole"), delivery.Manifest{})
			b, err := a.Load(t.Context(), job)
			if saveErr == nil && (err != nil || text(b) != "whole") || saveErr != nil &&
				!errors.Is(err, delivery.ErrNotFound) {
				t.Errorf("put %d lost %s: save says %v, load %v", put, fault, saveErr, err)
			}
			if saveErr != nil && !errors.Is(saveErr, errLost) {
				t.Errorf("put %d lost %s: %v", put, fault, saveErr)
			}
			if b, err := a.Save(t.Context(), job, r, editions(t, r, "whole"),
				delivery.Manifest{}); err != nil || text(b) != "whole" {
				t.Errorf("put %d lost %s, again: %v", put, fault, err)
			}
		}
	}
}

func TestArchiveErrors(t *testing.T) {
	r := figurestest.Busy()
	files := editions(t, r, "text")
	for _, c := range []struct {
		name string
		do   func(a delivery.Archive, store *storetest.Memory) error
		want string
	}{
		{"no report.json", func(a delivery.Archive, _ *storetest.Memory) error {
			_, err := a.Save(t.Context(), job, r, files[1:], delivery.Manifest{})
			return err
		}, "report.json is not among its files"},
		{"a file that leads elsewhere", func(a delivery.Archive, _ *storetest.Memory) error {
			_, err := a.Save(t.Context(), job, r,
				append(slices.Clone(files), delivery.File{Name: "../../../../other/x"}),
				delivery.Manifest{})
			return err
		}, "invalid key"},
		{"a file that is gone", func(a delivery.Archive, store *storetest.Memory) error {
			m := `{"build": "b", "job": {"tenant": "acme", "bot": "shop", "week": "2026-W46"}, "files": [{"name": "report.json"}]}`
			return put(store, "acme/archive/shop/2026-W46/manifest.json", m, a)
		}, "which is gone"},
		{"a broken report.json", func(a delivery.Archive, store *storetest.Memory) error {
			m := `{"build": "b", "job": {"tenant": "acme", "bot": "shop", "week": "2026-W46"}, "files": [{"name": "report.json"}]}`
			if _, err := store.Put(t.Context(), "acme/archive/shop/2026-W46/b/report.json",
				delivery.Object{Data: []byte("{")}, delivery.Condition{}); err != nil {
				return err
			}
			return put(store, "acme/archive/shop/2026-W46/manifest.json", m, a)
		}, "build b of acme/shop/2026-W46: report.json: unexpected end"},
		{"no report.json in the build", func(a delivery.Archive, store *storetest.Memory) error {
			m := `{"build": "b", "job": {"tenant": "acme", "bot": "shop", "week": "2026-W46"}, "files": []}`
			return put(store, "acme/archive/shop/2026-W46/manifest.json", m, a)
		}, "has no report.json"},
		{"another's manifest", func(a delivery.Archive, store *storetest.Memory) error {
			m := `{"build": "b", "job": {"tenant": "other", "bot": "shop", "week": "2026-W46"}, "files": []}`
			return put(store, "acme/archive/shop/2026-W46/manifest.json", m, a)
		}, "manifest of other/shop/2026-W46"},
		{"a broken manifest", func(a delivery.Archive, store *storetest.Memory) error {
			return put(store, "acme/archive/shop/2026-W46/manifest.json", "{", a)
		}, "acme/archive/shop/2026-W46/manifest.json: unexpected end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := new(storetest.Memory)
			err := c.do(delivery.Archive{Store: store}, store)
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				errors.Is(err, delivery.ErrNotFound) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// put writes an object and then loads the week.
func put(store delivery.Store, key, data string, a delivery.Archive) error {
	if _, err := store.Put(context.Background(), key, delivery.Object{Data: []byte(data)},
		delivery.Condition{}); err != nil {
		return err
	}
	_, err := a.Load(context.Background(), job)
	return err
}

// A build is named by its files: by what each is called, and what it holds.
func TestArchive_BuildNames(t *testing.T) {
	r := figurestest.Busy()
	seen := map[string]string{}
	for name, files := range map[string][]delivery.File{
		"two files": {{Name: "a", Data: []byte("xy")},
			{Name: "b", Data: []byte("z")}},
		"the same bytes, cut again": {{Name: "a", Data: []byte("x")},
			{Name: "b", Data: []byte("yz")}},
		"the same bytes under other": {{Name: "a", Data: []byte("xy")},
			{Name: "c", Data: []byte("z")}},
		"other bytes": {{Name: "a", Data: []byte("xy")},
			{Name: "b", Data: []byte("Z")}},
	} {
		a := delivery.Archive{Store: new(storetest.Memory)}
		b, err := a.Save(t.Context(), job, r, append(editions(t, r, ""), files...),
			delivery.Manifest{})
		if other, ok := seen[b.Manifest.Build]; err != nil || ok {
			t.Errorf("%s and %s are %s, %v", name, other, b.Manifest.Build, err)
		}
		seen[b.Manifest.Build] = name
	}
}

// The numbers of a week are those of the build that is named, if it counts or did, or else of the
// one that counts. What is there and cannot be read is told apart from what is not there, and from
// a store that does not answer.
func TestNumbers(t *testing.T) {
	const folder = "acme/archive/shop/2026-W46/"
	first, second := figurestest.Busy(), figurestest.Busy()
	first.ID, second.ID = "first", "second"
	for _, c := range []struct {
		name    string
		build   int               // which is named: 1, 2, or none
		replace map[string]string // objects; empty: it is gone
		want    string
	}{
		{"the build that counts", 2, nil, "second"},
		{"the build that counted before", 1, nil, "first"},
		{"no build", 0, nil, "second"},
		{"a broken manifest", 0, map[string]string{"manifest.json": "{"},
			"unreadable: unexpected end"},
		{"a broken report.json", 2, map[string]string{"BUILD/report.json": "{"},
			"unreadable: unexpected end"},
		{"no report.json", 2, map[string]string{"BUILD/report.json": ""}, "unreadable: gone"},
		{"no manifest", 0, map[string]string{"manifest.json": ""}, "not found"},
	} {
		store := new(storetest.Memory)
		a := delivery.Archive{Store: store}
		one, err := a.Save(t.Context(), job, first, editions(t, first, "first"),
			delivery.Manifest{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := a.Manifest(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		two, err := a.Save(t.Context(), job, second, editions(t, second, "second"), m)
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range c.replace {
			key := folder + strings.ReplaceAll(name, "BUILD", two.Manifest.Build)
			if data == "" {
				store.Expire(func(k string) bool { return k == key })
			} else if _, err := store.Put(t.Context(), key, delivery.Object{Data: []byte(data)},
				delivery.Condition{}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := a.LoadReport(t.Context(), job,
			[...]string{"", one.Manifest.Build, two.Manifest.Build}[c.build])
		var got string
		var syntax *json.SyntaxError
		switch {
		case err == nil:
			got = r.ID
		case delivery.Unreadable(err) && errors.As(err, &syntax):
			got = "unreadable: unexpected end"
		case delivery.Unreadable(err) && strings.Contains(err.Error(), "which is gone"):
			got = "unreadable: gone"
		case errors.Is(err, delivery.ErrNotFound):
			got = "not found"
		}
		if got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
		if errors.Is(err, delivery.ErrNotFound) != (c.want == "not found") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A week is answered from the archive if it would be built the same way today.
func TestServes(t *testing.T) {
	now := figures.Filters{Sources: []string{"web", "-test"}, Languages: []string{}}
	made := delivery.Manifest{Complete: true, Schema: figures.Schema, TZ: "Europe/Oslo",
		Filters: figures.Filters{Sources: []string{"-test", "web"}}, MadeAt: time.Time{}}
	for name, c := range map[string]struct {
		change func(*delivery.Manifest)
		want   bool
	}{
		"the same":     {func(*delivery.Manifest) {}, true},
		"incomplete":   {func(m *delivery.Manifest) { m.Complete = false }, false},
		"another zone": {func(m *delivery.Manifest) { m.TZ = "Europe/Berlin" }, false},
		"fewer sources": {func(m *delivery.Manifest) { m.Filters.Sources = []string{"web"} },
			false},
		"a language": {func(m *delivery.Manifest) { m.Filters.Languages = []string{"nb"} },
			false},
		"an earlier schema": {func(m *delivery.Manifest) { m.Schema-- }, false},
	} {
		m := made
		c.change(&m)
		if got := m.Matches("Europe/Oslo", now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (delivery.Manifest{}).Matches("", figures.Filters{}) {
		t.Error("a manifest that is none serves")
	}
	a := delivery.Archive{Store: new(storetest.Memory)}
	r := figurestest.Unavailable()
	b, err := a.Save(t.Context(), config.Job{Tenant: "acme", Bot: "x", Period: r.Period.Name}, r,
		editions(t, r, ""), delivery.Manifest{})
	if err != nil || b.Manifest.Complete {
		t.Errorf("a report without some of its sections is complete: %+v, %v", b.Manifest, err)
	}
}
