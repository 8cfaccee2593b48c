package config_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// Bots of one zone share one time.Location.
func TestParse_SharesZones(t *testing.T) {
	tenant, err := config.Parse("acme.yaml", []byte(`
defaults: {tz: Europe/Oslo}
bots: [{id: a}, {id: b, tz: Europe/Oslo}, {id: c, tz: Asia/Tokyo}, {id: d, tz: Asia/Tokyo}]
`))
	if err != nil {
		t.Fatal(err)
	}
	b := tenant.Bots
	if b[0].Location != b[1].Location || b[2].Location != b[3].Location ||
		b[1].Location == b[2].Location {
		t.Errorf("%p %p, %p %p", b[0].Location, b[1].Location, b[2].Location, b[3].Location)
	}
	for i, zone := range []string{"Europe/Oslo", "Europe/Oslo", "Asia/Tokyo", "Asia/Tokyo"} {
		if b[i].TZ != zone || b[i].Location.String() != zone {
			t.Errorf("%s is in %s, %s; want %s", b[i].ID, b[i].TZ, b[i].Location, zone)
		}
	}
}

// TestParse_Mistakes reads each archive in testdata/mistakes. It has files and, after each, its
// mistakes as NAME.want.
func TestParse_Mistakes(t *testing.T) {
	archives, err := filepath.Glob("testdata/mistakes/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, archive := range archives {
		t.Run(filepath.Base(archive), func(t *testing.T) {
			a, err := txtar.ParseFile(archive)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, f := range a.Files {
				want[f.Name] = string(f.Data)
			}
			var written []txtar.File
			for _, f := range a.Files {
				if strings.HasSuffix(f.Name, ".want") {
					continue
				}
				tenant, err := config.Parse(f.Name, f.Data)
				var mistakes config.Mistakes
				if !errors.As(err, &mistakes) || tenant != nil {
					t.Errorf("%s: Parse returned %v, %v; want mistakes and no tenant", f.Name,
						tenant, err)
					continue
				}
				golden := txtar.File{Name: f.Name + ".want", Data: []byte(err.Error() + "\n")}
				if !*update {
					if diff := cmp.Diff(want[golden.Name], string(golden.Data)); diff != "" {
						t.Errorf("%s (-want +got):\n%s", f.Name, diff)
					}
				}
				written = append(written, f, golden)
			}
			if *update {
				a.Files = written
				if err := os.WriteFile(archive, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestParse_PageQueries(t *testing.T) {
	tenant, err := config.Parse("acme.yaml", []byte("defaults: {tz: Europe/Oslo, page_queries: "+
		"keep}\nbots: [{id: a}, {id: b, page_queries: cut}]\n"))
	if err != nil || !tenant.Bots[0].KeepQueries || tenant.Bots[1].KeepQueries {
		t.Errorf("bots that keep queries: %+v, %v", tenant, err)
	}
	_, err = config.Parse("acme.yaml", []byte("defaults: {tz: Europe/Oslo, page_queries: "+
		"yes}\nbots: [{id: a}]\n"))
	if want := `"yes" is not one of the choices: write cut or keep`; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestParse_AttachData(t *testing.T) {
	tenant, err := config.Parse("acme.yaml", []byte("defaults: {tz: Europe/Oslo, attach_data: "+
		"false}\nbots: [{id: a}, {id: b, attach_data: true}]\n"))
	if err != nil || !tenant.Bots[0].WithoutData || tenant.Bots[1].WithoutData {
		t.Errorf("bots without data: %+v, %v", tenant, err)
	}
	_, err = config.Parse("acme.yaml", []byte("defaults: {tz: Europe/Oslo, attach_data: "+
		"never}\nbots: [{id: a}]\n"))
	if want := `"never" is neither true nor false`; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// The README's example has no mistakes, and is parsed as testdata/example.json says.
func TestParse_Example(t *testing.T) {
	tenant := parseFile(t, "testdata/example.yaml")
	got, err := json.MarshalIndent(tenant, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile("testdata/example.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func parseFile(t *testing.T, name string) *config.Tenant {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := config.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

// Ops without mail recipients need no sender.
func TestParse_OpsWithoutMail(t *testing.T) {
	tenant, err := config.Parse("acme.yaml", []byte("ops: {channels: C024OPS12, recipients: "+
		"[]}\nbots: [{id: 1, tz: Europe/Oslo, recipients: kari@example.com}]\n"))
	if err != nil || len(tenant.Ops) != 1 {
		t.Errorf("%+v, %v", tenant, err)
	}
}

func TestParse_ReadsValuesAsWritten(t *testing.T) {
	tenant, err := config.Parse("acme.yaml", []byte("\ufeff"+`
bots:
- id: 0123
  name: 1e3
  tz: Europe/Oslo
  languages: [no, nb]
  send: {time: 08:00}
- id: 12_3
  name: yes
  tz: Europe/Oslo
  languages: no
  send: {day: SUNDAY, time: 7:05}
`))
	if err != nil {
		t.Fatal(err)
	}
	first, second := tenant.Bots[0], tenant.Bots[1]
	for _, c := range []struct{ what, got, want string }{
		{"tenant", tenant.Name, "acme"},
		{"id", first.ID, "0123"},
		{"name", first.Name, "1e3"},
		{"languages", strings.Join(first.Languages, " "), "no nb"},
		{"time", first.SendTime.String(), "08:00"},
		{"id", second.ID, "12_3"},
		{"name", second.Name, "yes"},
		{"languages", strings.Join(second.Languages, " "), "no"},
		{"time", second.SendTime.String(), "07:05"},
		{"day", second.SendDay.String(), "Sunday"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestParse_EditorFormats(t *testing.T) {
	const file = "# Kåre\ndefaults: {tz: Europe/Oslo}\nbots:\n- id: 1\n  name: Påske 🐣 # to " +
		"Easter\n"
	utf16 := func(order func([]byte, uint16) []byte) (out []byte) {
		for _, c := range utf16.Encode([]rune(file)) {
			out = order(out, c)
		}
		return out
	}
	little, big := utf16(binary.LittleEndian.AppendUint16), utf16(binary.BigEndian.AppendUint16)
	for _, c := range []struct{ what, file, want string }{
		{"plain", file, ""},
		{"byte order mark", "\ufeff" + file, ""},
		{"Windows lines", strings.ReplaceAll(file, "\n", "\r\n"), ""},
		{"old Mac lines", strings.ReplaceAll(file, "\n", "\r"), ""},
		{"no last line break", strings.TrimSuffix(file, " # to Easter\n"), ""},
		{"directive", "%YAML 1.2\n---\n" + file, ""},
		{"directive of 1.1", "%YAML 1.1\n---\n" + file, ""},
		{"directive behind a comment, of Windows", "\ufeff# x\r\n\r\n%YAML 1.2\r\n---\r\n" + file,
			""},
		{"directive and end", "%YAML 1.2\n---\n" + file + "...\n", ""},
		{"tabs between", strings.ReplaceAll(file, "id: 1", "id:\t1\t"), ""},
		{"JSON", `{"defaults": {"tz": "Europe/Oslo"}, "bots": [{"id": "1", "name": "Påske 🐣"}]}`,
			""},
		{"two byte order marks", "\ufeff\ufeff" + file, "1:1: a byte order mark (U+FEFF) is not " +
			"allowed in YAML: remove it"},
		{"UTF-16", "\xff\xfe" + string(little), "1:1: the file is encoded as UTF-16: save it " +
			"as UTF-8"},
		{"UTF-16 without a mark", string(little), "1:1: the file is encoded as UTF-16: save it " +
			"as UTF-8"},
		{"UTF-16, big end first", string(big), "1:1: the file is encoded as UTF-16: save it " +
			"as UTF-8"},
		{"Latin-1", strings.ReplaceAll(file, "å", "\xe5"), "1:4: the byte 0xe5 is not UTF-8: " +
			"save the file as UTF-8"},
		{"a document of Word", "PK\x03\x04\x14\x00", "1:1: the file is a document of an office " +
			"program: save it as plain text"},
		{"a mistake behind a directive", "%YAML 1.2\n---\n" + strings.ReplaceAll(file, "id: 1",
			"id: 1\n  tx: 1"), `7:3: bots[0].tx: unknown key: did you mean "tz"?`},
	} {
		tenant, err := config.Parse("acme.yaml", []byte(c.file))
		switch {
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%s: got %v, want %s", c.what, err, c.want)
		case c.want == "" && (err != nil || tenant.Bots[0].Name != "Påske 🐣" ||
			tenant.Bots[0].TZ != "Europe/Oslo"):
			t.Errorf("%s: got %+v, %v", c.what, tenant, err)
		}
	}
}

// A bot's lists replace those of defaults. In send, brand and targets each key counts by itself.
func TestParse_Defaults(t *testing.T) {
	tenant, err := config.Parse("config/acme.yaml", []byte(`
defaults:
  tz: Europe/Oslo
  sources: [web, app]
  send: {day: friday, time: 15:00}
  channels: [C024BE91L]
  recipients: [kari@example.com]
  brand: {accent: "#0B5FFF", logo: acme.png}
  targets: {fallback_rate: 8%, feedback: 1}
bots:
- id: inherits
- id: replaces
  tz: Asia/Kolkata
  sources: all
  send: {day: monday}
  recipients: []
  brand: {accent: "#000000"}
  targets: {fallback_rate: 0, requests_while_closed: 3}
`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, b := range tenant.Bots {
		got[b.ID] = map[string]any{
			"tz": b.TZ + " " + b.Location.String(), "sources": b.Sources,
			"send":         b.SendDay.String() + " " + b.SendTime.String(),
			"destinations": b.Destinations, "brand": b.Brand, "targets": b.Targets,
		}
	}
	channel := config.Destination{Medium: config.Slack, To: "C024BE91L", When: config.Always,
		Locale: "en", Charts: config.Native}
	kari := config.Destination{Medium: config.Mail, To: "kari@example.com", When: config.Always,
		Locale: "en"}
	want := map[string]any{
		"inherits": map[string]any{
			"tz": "Europe/Oslo Europe/Oslo", "sources": []string{"web",
				"app"}, "send": "Friday 15:00",
			"destinations": []config.Destination{channel, kari},
			"brand":        config.Brand{Accent: "#0b5fff", Logo: "acme.png"},
			"targets":      config.Targets{FallbackRate: new(0.08), Feedback: new(1.0)},
		},
		"replaces": map[string]any{
			"tz": "Asia/Kolkata Asia/Kolkata", "sources": []string(nil), "send": "Monday 15:00",
			"destinations": []config.Destination{channel},
			"brand":        config.Brand{Accent: "#000000", Logo: "acme.png"},
			"targets": config.Targets{FallbackRate: new(0.0), Feedback: new(1.0),
				RequestsWhileClosed: new(3)},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBot_OtherLocales(t *testing.T) {
	tenant, err := config.Parse("acme.yaml", []byte(`
mail: {from: weekly@example.com}
defaults: {tz: Europe/Oslo, locale: nb}
bots:
- id: 1
  channels: [C024BE91L, {channel: C024BE92L, locale: sv}, {channel: C024BE93L, locale: nb}]
  recipients: [{address: a@example.com, locale: sv}, {address: b@example.com, locale: en}]
- {id: 2, locale: sv, channels: C024BE91L}
`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"sv", "en"}, tenant.Bots[0].OtherLocales()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if second := tenant.Bots[1]; second.OtherLocales() != nil ||
		second.Destinations[0].Locale != "sv" || tenant.Locale != "nb" {
		t.Errorf("the second bot: %+v, the tenant in %s", second, tenant.Locale)
	}
}

// The rules of the file apply to a command line. Its mistakes have no line.
func TestBot_NewAndWith(t *testing.T) {
	b, err := config.New("4217")
	if err != nil {
		t.Fatal(err)
	}
	if b.Name != "4217" || b.TZ != "UTC" || b.Location.String() != "UTC" || b.Locale != "en" ||
		strings.Join(b.Sources, " ") != "-test" {
		t.Errorf("New: %+v", b)
	}
	changed, err := b.With(config.Changes{Name: "Shop", TZ: "Europe/Oslo", Sources: []string{"all"},
		Languages: []string{"nb", "en"}})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Name != "Shop" || changed.Location.String() != "Europe/Oslo" ||
		changed.Sources != nil || strings.Join(changed.Languages, " ") != "nb en" {
		t.Errorf("With: %+v", changed)
	}
	if diff := cmp.Diff(b.Sources, []string{"-test"}); diff != "" {
		t.Errorf("With changed its receiver: %s", diff)
	}
	if same, err := b.With(config.Changes{}); err != nil || same.Name != b.Name || same.TZ != b.TZ {
		t.Errorf("With nothing: %+v, %v", same, err)
	}

	for _, c := range []struct {
		name string
		err  func() error
		want string
	}{
		{"id", func() error { _, err := config.New("a/b"); return err },
			`id: "a/b" must consist of letters a to z, digits and . _ - and begin with a letter ` +
				`or a digit`},
		{"changes", func() error {
			_, err := b.With(config.Changes{TZ: "oslo", Sources: []string{"web", "all"},
				Languages: []string{"nor"}})
			return err
		}, `tz: unknown time zone "oslo": did you mean "Europe/Oslo"?
sources: contains all beside other sources: write all alone, or leave it out
languages[0]: "nor" is not a two-letter code of a language: did you mean "no"?`},
	} {
		if err := c.err(); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v\nwant %s", c.name, err, c.want)
		}
	}
}

func TestTenant_Find(t *testing.T) {
	tenant := parseFile(t, "testdata/example.yaml")
	if b, err := tenant.Find("kundeservice"); err != nil || b.ID != "kundeservice" {
		t.Errorf("got %v, %v", b.ID, err)
	}
	for id, want := range map[string]string{
		"kundservice": `example has no bot "kundservice": did you mean "kundeservice"?`,
		"Intern":      `example has no bot "Intern": did you mean "intern-hjelp"?`,
		"nettbutikk  CHATBOT": `example has no bot with the id "nettbutikk  CHATBOT": did you ` +
			`mean "4217"?`,
		"KundeService": `example has no bot with the id "KundeService": did you mean ` +
			`"kundeservice"?`,
		"Intern hjelp": `example has no bot "Intern hjelp": did you mean "intern-hjelp"?`,
		"77": `example has no bot "77": its bots are 4217, kundeservice or ` +
			`intern-hjelp`,
	} {
		if _, err := tenant.Find(id); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestBot_URL(t *testing.T) {
	week, err := period.Parse("2026-W53")
	if err != nil {
		t.Fatal(err)
	}
	for link, want := range map[string]string{
		"":                                "",
		"https://app.kindly.ai/bot/{bot}": "https://app.kindly.ai/bot/4217",
		"https://app.kindly.ai/bot/{bot}/insights?from={from}&to={to}#": "https://app.kindly.ai/" +
			"bot/4217/insights?from=2026-12-28&to=2027-01-03#",
	} {
		if got := (config.Bot{ID: "4217", Link: link}).URL(week); got != want {
			t.Errorf("%s: got %s, want %s", link, got, want)
		}
	}
}

// A file that is too large is refused. Deep nesting, many aliases and many mistakes take little
// time.
func TestParse_Bounds(t *testing.T) {
	deep := "bots:\n- id: 1\n  tz: Europe/Oslo\n  name: " + strings.Repeat("[", 9000) +
		strings.Repeat("]", 9000)
	var laughs strings.Builder
	laughs.WriteString("a0: &a0 [x]\n")
	for i := range 30 {
		n := string(rune('a' + i%26))
		laughs.WriteString(n + "x: &" + n + "x [" + strings.Repeat("*a0, ", 20) + "]\n")
	}
	var users strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&users, "U%08d, ", i)
	}
	for name, data := range map[string]string{
		"large":  "# " + strings.Repeat("x", 2<<20),
		"deep":   deep,
		"deeper": strings.Repeat("[", 20000),
		"laughs": laughs.String(),
		"zones":  "bots:\n" + strings.Repeat("- {tz: Amerika/New_York}\n", 5000),
		"keys":   strings.Repeat("a: b\n", 5000),
		"list":   "ops: {channels: [" + strings.Repeat("general,", 5000) + "]}\n",
		"items":  "bots:\n- {id: 1, tz: Europe/Oslo, viewers: [" + users.String() + "]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("acme", []byte(data))
			var mistakes config.Mistakes
			if !errors.As(err, &mistakes) || len(mistakes) > 1001 {
				t.Errorf("got %d mistakes", len(mistakes))
			}
		})
	}
}

// Parse returns a complete tenant, or mistakes with a place in the file.
func FuzzParse(f *testing.F) {
	archives, err := filepath.Glob("testdata/mistakes/*.txtar")
	if err != nil || len(archives) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if !strings.HasSuffix(file.Name, ".want") {
				f.Add(file.Data)
			}
		}
	}
	example, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Fuzz(func(t *testing.T, data []byte) {
		tenant, err := config.Parse("acme.yaml", data)
		if err == nil {
			if len(tenant.Bots) == 0 {
				t.Fatal("a tenant without bots")
			}
			for _, b := range tenant.Bots {
				if b.ID == "" || b.Name == "" || b.TZ == "" || b.Location == nil ||
					b.Locale == "" || strings.ContainsAny(b.ID, `/\`) {
					t.Fatalf("half a bot: %+v", b)
				}
				for _, d := range b.Destinations {
					if d.Medium == "" || d.To == "" || d.When == "" || d.Locale == "" {
						t.Fatalf("half a destination: %+v", d)
					}
				}
			}
			return
		}
		var mistakes config.Mistakes
		if !errors.As(err, &mistakes) || len(mistakes) == 0 {
			t.Fatalf("got %v, want mistakes", err)
		}
		lines := 1 + strings.Count(string(data), "\n") + strings.Count(string(data), "\r") +
			strings.Count(string(data), "\u0085") + strings.Count(string(data), "\u2028") +
			strings.Count(string(data), "\u2029")
		for _, m := range mistakes {
			if m.Line < 1 || m.Line > lines || m.Column < 1 || m.Message == "" ||
				strings.ContainsAny(m.String(), "\n\r") {
				t.Fatalf("a mistake without a place or of several lines: %q, of %d lines", m, lines)
			}
		}
	})
}

func TestZones_Exist(t *testing.T) {
	data, err := os.ReadFile("zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	zones := strings.Fields(string(data))
	if len(zones) < 400 {
		t.Fatalf("only %d zones", len(zones))
	}
	b, err := config.New("1")
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range zones {
		if _, err := b.With(config.Changes{TZ: zone}); err != nil {
			t.Error(err)
		}
	}
}

func TestREADME_NamesEachLanguage(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range wording.Locales() {
		if !strings.Contains(string(readme), "(`"+locale+"`)") {
			t.Errorf("README.md does not name the language %s", locale)
		}
	}
}

func TestTenant_Zone(t *testing.T) {
	for _, test := range []struct{ bots, want string }{
		{"- {id: a, tz: UTC}", "UTC"},
		{"- {id: a, tz: Europe/Oslo}", "Europe/Oslo"},
		{"- {id: a, tz: Europe/Oslo}\n- {id: b, tz: Europe/Oslo}", "Europe/Oslo"},
		{"- {id: a, tz: Europe/Oslo}\n- {id: b, tz: UTC}", "UTC"},
		{"- {id: a, tz: UTC}\n- {id: b, tz: Europe/Oslo}", "UTC"},
		{"- {id: a, tz: Europe/Oslo}\n- {id: b, tz: Europe/Berlin}", "UTC"},
	} {
		tenant, err := config.Parse("acme", []byte("bots:\n"+test.bots+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := tenant.Zone().String(); got != test.want {
			t.Errorf("%q: %s, want %s", test.bots, got, test.want)
		}
	}
	if got := (*config.Tenant)(nil).Zone(); got != time.UTC {
		t.Errorf("no tenant: %v", got)
	}
}
