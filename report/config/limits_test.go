package config_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"kindlyweekly/report/config"
)

// addresses are a list of n mail addresses: r1@example.com, r2@example.com …
func addresses(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, ", r%d@example.com", i+1)
	}
	return "[" + strings.TrimPrefix(list.String(), ", ") + "]"
}

// channels are a list of n Slack channels: C00000001, C00000002 …
func channels(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, ", C%08d", i+1)
	}
	return "[" + strings.TrimPrefix(list.String(), ", ") + "]"
}

// many are the lines of n bots: b1, b2 …
func many(n int, rest string) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, "- {id: b%d%s}\n", i+1, rest)
	}
	return list.String()
}

// A file beyond a limit is refused. In force its first destinations stay.
func TestParse_Limits(t *testing.T) {
	const head = "mail: {from: weekly@example.com}\n"
	const instead = "use a Slack channel or a mailing list instead"
	for _, c := range []struct {
		what, file string
		want       string // the refusals
		then       string // bots, deliveries, the portfolio's and ops in force
	}{
		{"50 destinations of a bot",
			head + "bots: [{id: 1, tz: Europe/Oslo, channels: " + channels(20) + ", recipients: " +
				addresses(30) + "}]\n",
			"", "1 bots, 50 deliveries, 0 of the portfolio, 0 of ops"},
		{"51 destinations of a bot",
			head + "bots: [{id: 1, tz: Europe/Oslo, channels: " + channels(20) + ", recipients: " +
				addresses(31) + "}]\n",
			"2:265: bots[0].recipients: 51 destinations, and a bot can have 50: only the first " +
				"50 are used, up to \"r30@example.com\"; " + instead,
			"1 bots, 50 deliveries, 0 of the portfolio, 0 of ops"},
		{"51 channels beside recipients of defaults",
			head + "defaults: {tz: Europe/Oslo, recipients: " + addresses(2) +
				"}\nbots: [{id: 1, channels: " + channels(51) + "}, {id: 2}]\n",
			"3:16: bots[0].channels: 53 destinations, and a bot can have 50: only the first 50 " +
				"are used, up to \"C00000050\"; " + instead,
			"2 bots, 52 deliveries, 0 of the portfolio, 0 of ops"},
		{"1,000 recipients in defaults, told once",
			head + "defaults: {tz: Europe/Oslo, recipients: " + addresses(1000) + "}\nbots:\n" +
				many(3, ""),
			"2:29: defaults.recipients: 1000 destinations, and a bot can have 50: only the first " +
				"50 are used, up to \"r50@example.com\"; " + instead,
			"3 bots, 150 deliveries, 0 of the portfolio, 0 of ops"},
		{"ops, and the portfolio",
			head + "ops: {recipients: " + addresses(60) + "}\nportfolio: {channels: " +
				channels(70) + "}\nbots: [{id: 1, tz: Europe/Oslo}]\n",
			"2:7: ops.recipients: 60 destinations, and ops can have 50: only the first 50 are " +
				"used, up to \"r50@example.com\"; " + instead + "\n" +
				"3:13: portfolio.channels: 70 destinations, and the portfolio can have 50: only " +
				"the first 50 are used, up to \"C00000050\"; " + instead,
			"1 bots, 0 deliveries, 50 of the portfolio, 50 of ops"},
		{"20,000 deliveries",
			head + "defaults: {tz: Europe/Oslo, recipients: " + addresses(50) + "}\nbots:\n" +
				many(400, ""),
			"", "400 bots, 20000 deliveries, 0 of the portfolio, 0 of ops"},
		{"20,050 deliveries, and a bot that sends nothing after them",
			head + "defaults: {tz: Europe/Oslo, recipients: " + addresses(50) + "}\nbots:\n" +
				many(401, "") + "- {id: quiet, recipients: []}\n",
			"404:3: bots[400]: the file asks for 20050 deliveries a week, and a tenant can have " +
				"20000: nothing is sent from \"r1@example.com\" of the bot \"b401\" on; " +
				"remove destinations, or put bots into the file of another tenant",
			"402 bots, 20000 deliveries, 0 of the portfolio, 0 of ops"},
		{"the portfolio's count before the bots'",
			head + "portfolio: {channels: " + channels(3) + "}\ndefaults: {tz: Europe/Oslo, " +
				"recipients: " + addresses(50) + "}\nbots:\n" + many(400, ""),
			"404:3: bots[399]: the file asks for 20003 deliveries a week, and a tenant can have " +
				"20000: nothing is sent from \"r48@example.com\" of the bot \"b400\" on; " +
				"remove destinations, or put bots into the file of another tenant",
			"400 bots, 19997 deliveries, 3 of the portfolio, 0 of ops"},
		{"10,001 bots",
			"defaults: {tz: Europe/Oslo}\nbots:\n" + many(10_001, ""),
			"10003:3: bots[10000]: the file has 10001 bots, and at most 10000 are read: this one " +
				"and those after it are left out; " +
				"put them into the file of another tenant",
			"10000 bots, 0 deliveries, 0 of the portfolio, 0 of ops"},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, refused := config.Parse("acme.yaml", []byte(c.file))
			if got := fmt.Sprint(refused); got != c.want && (refused != nil || c.want != "") {
				t.Errorf("Parse: %s\nwant   %s", got, c.want)
			}
			tenant, warnings, err := config.ParseInForce("acme.yaml", []byte(c.file))
			if err != nil || len(warnings) > 0 && warnings.Error() != c.want ||
				tenant.Cut != (c.want != "") {
				t.Fatalf("ParseInForce: %v, %v", warnings, err)
			}
			sent := 0
			for _, b := range tenant.Bots {
				sent += len(b.Destinations)
			}
			got := fmt.Sprintf("%d bots, %d deliveries, %d of the portfolio, %d of ops",
				len(tenant.Bots), sent, len(tenant.Portfolio.Destinations), len(tenant.Ops))
			if got != c.then {
				t.Errorf("in force are %s; want %s", got, c.then)
			}
		})
	}
}

// The worst files have few bytes that ask for much: defaults for many bots, and lists of short
// items. The test counts allocated bytes, which are more than the live ones.
func TestParseInForce_Memory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates too")
	}
	const MB = 1 << 20
	for _, c := range []struct {
		what, file string
		most       uint64 // bytes allocated
	}{
		{"10,000 bots, 1,000 recipients", "mail: {from: w@example.com}\ndefaults: {tz: " +
			"Europe/Oslo, recipients: " + addresses(1000) + "}\nbots:\n" + many(10_000,
			""), 60 * MB},
		{"600 bots, 1,000 recipients", "mail: {from: w@example.com}\ndefaults: {tz: Europe/Oslo, " +
			"recipients: " + addresses(1000) + "}\nbots:\n" + many(600, ""), 5 * MB},
		{"600 bots, a language of their own", "mail: {from: w@example.com}\ndefaults: {tz: " +
			"Europe/Oslo, recipients: " + addresses(1000) + "}\nbots:\n" +
			many(600, ", locale: nb"), 10 * MB},
		{"2 MiB of a list", "bots: [" + strings.Repeat("a,", config.Largest/2-5) + "]", 320 * MB},
		{"2 MiB of bots", "defaults: {tz: UTC}\nbots:\n" + strings.Repeat("- id: b\n",
			config.Largest/8-4), 320 * MB},
	} {
		t.Run(c.what, func(t *testing.T) {
			data := []byte(c.file)
			if len(data) > config.Largest {
				t.Fatalf("%d bytes", len(data))
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			tenant, _, _ := config.ParseInForce("acme.yaml", data)
			runtime.ReadMemStats(&after)
			took := after.TotalAlloc - before.TotalAlloc
			runtime.GC()
			runtime.ReadMemStats(&after)
			t.Logf("%7d bytes of a file: %3d MB allocated, %d MB live then", len(data), took/MB,
				int64(after.HeapAlloc-min(before.HeapAlloc, after.HeapAlloc))/MB)
			if took > c.most {
				t.Errorf("%d MB were allocated, more than %d MB", took/MB, c.most/MB)
			}
			runtime.KeepAlive(tenant)
		})
	}
}
