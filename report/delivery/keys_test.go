package delivery_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/period"
)

// allKeys returns every key that can be made of these names.
func allKeys(tenant, bot, build, file, to, hash string) []string {
	k := delivery.KeysOf(tenant)
	d := config.Destination{Medium: config.Slack, To: to}
	return []string{
		k.GoodConfig(), k.FirstSeen(), k.Ops(), k.Notice(hash, d),
		k.Edition(bot, week46, build, file), k.Manifest(bot, week46),
		k.Record(week46, bot, d), k.Done(week46, bot, d), k.DonePrefix(week46) + "x",
		k.Records(week46, bot) + "x",
		k.Address(hash), k.Seen(period.NewDate(2026, time.November, 16), hash),
	}
}

func TestKeys(t *testing.T) {
	got := strings.Join(append(allKeys("acme", "shop", "b1", "charts/chats.png", "C024BE91L",
		"0a1b"), delivery.KeysOf("acme").Config()), "\n")
	want := `acme/config/good.yaml
acme/ledger/known.json
acme/ops/state.json
acme/ops/notices/0a1b/slack-C024BE91L.json
acme/archive/shop/2026-W46/b1/charts/chats.png
acme/archive/shop/2026-W46/manifest.json
acme/ledger/2026-W46/shop/slack-C024BE91L.json
acme/done/2026-W46/shop/slack-C024BE91L
acme/done/2026-W46/x
acme/ledger/2026-W46/shop/x
acme/mail/0a1b.json
acme/seen/2026-11-16/0a1b
config/acme.yaml`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, prefix := range []string{delivery.KeysOf("acme").DonePrefix(week46),
		delivery.KeysOf("acme").Records(week46, "shop")} {
		if err := delivery.CheckPrefix(prefix); err != nil {
			t.Error(err)
		}
	}
	for key, tenant := range map[string]string{"config/acme.yaml": "acme", "config/a/b.yaml": "",
		"config/.yaml": "", "acme/config/good.yaml": "", delivery.TeamsKey: "",
		"config/acme.json": "", "acme.yaml": ""} {
		if got, ok := delivery.TenantOf(key); ok != (tenant != "") || ok && got != tenant {
			t.Errorf("the tenant of %s is %q, %v", key, got, ok)
		}
	}
}

// What a key calls a folder is reserved: IAM would take the archive of a bot with that name for the
// folder.
func TestKeys_ReservedFolders(t *testing.T) {
	k, bot := delivery.KeysOf("T"), "B"
	all := append(allKeys("T", bot, "b1", "report.json", "C1", "h"), k.Logo("l.png"),
		k.Portfolio(week46))
	given := []string{"T", bot, "b1", "h", "C1", "slack-C1", config.PortfolioID, week46.String(),
		"2026-11-16"}
	found := make(map[string]bool)
	for _, key := range all {
		parts := strings.Split(key, "/")
		for _, part := range parts[:len(parts)-1] {
			if !slices.Contains(given, part) {
				found[part] = true
			}
		}
	}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, config.Folders()) {
		t.Errorf("keys have the folders %q, and reserved are %q", got, config.Folders())
	}
	if _, ok := delivery.TenantOf(delivery.SendersKey); ok {
		t.Errorf("%s is a tenant's", delivery.SendersKey)
	}
}

// Whatever the names, a key stays under its tenant's prefix, or no store takes it.
func FuzzKeys_StayInside(f *testing.F) {
	for _, hostile := range []string{"../other", "..", "/", "other/x", `..\other`, "%2e%2e",
		"a\x00", "", ".", "a//b", "a/../../other/x", "å", "config"} {
		f.Add(hostile, "shop", "b1", "report.json", "C1")
		f.Add("acme", hostile, "b1", "report.json", "C1")
		f.Add("acme", "shop", hostile, "report.json", "C1")
		f.Add("acme", "shop", "b1", hostile, "C1")
		f.Add("acme", "shop", "b1", "report.json", hostile)
	}
	f.Fuzz(func(t *testing.T, tenant, bot, build, file, to string) {
		store := new(storetest.Memory)
		for _, key := range allKeys(tenant, bot, build, file, to, to) {
			_, err := store.Put(t.Context(), key, delivery.Object{}, delivery.Condition{})
			inside := strings.HasPrefix(key, tenant+"/") && !strings.Contains(tenant, "/") &&
				!strings.Contains(key+"/", "/../")
			if err == nil && !inside {
				t.Errorf("%q was written for the tenant %q", key, tenant)
			}
		}
	})
}

// Names that a configuration can hold give keys that a store takes.
func TestKeys_Configurations(t *testing.T) {
	tenant, err := config.Parse("a-b_c.9.yaml",
		[]byte("bots:\n- {id: 0.x_-9, tz: UTC, channels: [C024BE91L], recipients: [o'neil+x@example.com]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range tenant.Bots[0].Destinations {
		k := delivery.KeysOf(tenant.Name)
		for _, key := range []string{k.Config(), k.Record(week46, tenant.Bots[0].ID, d),
			k.Done(week46, tenant.Bots[0].ID, d), k.Manifest(tenant.Bots[0].ID, week46)} {
			if err := delivery.CheckKey(key); err != nil {
				t.Error(err)
			}
		}
	}
}
