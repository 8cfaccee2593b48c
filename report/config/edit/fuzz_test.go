package edit_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/config"
	"kindlyweekly/report/config/edit"
)

// FuzzApply changes files that have no mistakes. The result has all comments and all values of the
// file but those that are set. Which changes are made depends on the bits of which.
func FuzzApply(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, which := range []byte{0, 0xff, 1, 2, 4, 8, 16, 32, 64, 128} {
			f.Add(data, which)
		}
	}
	for _, file := range []string{
		"bots:\n- id: 4217\n  tz: UTC\n  recipients: |\n    kari@example.com\n  # last\n",
		"defaults: # all\n  # sources: web\n  tz: UTC\nbots:\n  - {id: 4217, name: \"A # b\"} # c\n",
		"ops: {} # none\nbots: # ours\n  -   id: 4217 # x\n      tz:   UTC   # y\n      channels: [\n      ] # z\n",
		"? bots\n: - id: 4217\n    tz: UTC\n",
		"\"bots\":\n  - \"id\": '4217'\n    \"tz\": \"UTC\"\n    name: 'It''s # ours' # really\n",
	} {
		f.Add([]byte(file), byte(0xff))
	}
	f.Fuzz(check)
}

// Files as people write them: with comments, empty lines and other line breaks anywhere.
func TestApply_KeepsWhatPeopleWrite(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	r := rand.New(rand.NewPCG(15, 15))
	changed := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			written := people(r, string(data))
			if _, err := config.Parse("acme.yaml", []byte(written)); err != nil {
				continue
			}
			which := byte(r.Uint32())
			var byHand *edit.Error
			switch _, err := edit.Apply("acme.yaml", []byte(written), some(which)); {
			case err == nil:
				changed++
			case errors.As(err, &byHand):
				t.Errorf("%v\nin\n%s", err, written)
			}
			check(t, []byte(written), which)
			if t.Failed() {
				t.Fatalf("%08b changes\n%s", which, written)
			}
		}
	}
	if changed < 400 {
		t.Errorf("only %d files were changed", changed)
	}
}

// people returns a file with a few lines changed, which may break it.
func people(r *rand.Rand, file string) string {
	file = strings.ReplaceAll(file, "\r\n", "\n")
	lines := strings.Split(strings.TrimSuffix(file, "\n"), "\n")
	for n := range 1 + r.IntN(6) {
		i := r.IntN(len(lines))
		comment := fmt.Sprintf("# comment %d", n)
		switch r.IntN(8) {
		case 0, 1:
			lines = slices.Insert(lines, i, strings.Repeat(" ", r.IntN(8))+comment)
		case 2, 3:
			lines[i] += "   " + comment
		case 4:
			lines = slices.Insert(lines, i, "")
		case 5:
			if len(lines) > 1 {
				lines = slices.Delete(lines, i, i+1)
			}
		case 6:
			lines[i] += "  "
		case 7:
			lines = append(lines, "", comment)
		}
	}
	eol := "\n"
	if r.IntN(8) == 0 {
		eol = "\r\n"
	}
	end := eol
	if r.IntN(8) == 0 {
		end = ""
	}
	return strings.Join(lines, eol) + end
}

// check changes a file, which may have mistakes.
func check(t *testing.T, data []byte, which byte) {
	before, err := config.Parse("acme.yaml", data)
	if err != nil {
		return
	}
	c := some(which)
	got, err := edit.Apply("acme.yaml", data, c)
	if err != nil {
		var byHand *edit.Error
		var mistakes config.Mistakes
		if got != nil || !errors.As(err, &byHand) && !errors.As(err, &mistakes) {
			t.Errorf("%v, %q", err, got)
		}
		return
	}
	after, err := config.Parse("acme.yaml", got)
	if err != nil {
		t.Fatalf("the result has mistakes: %v", err)
	}
	again, err := edit.Apply("acme.yaml", got, c)
	if err != nil || !bytes.Equal(got, again) {
		t.Errorf("the same changes again: %v\n%s\ninstead of\n%s", err, again, got)
	}
	if lost := lostComment(data, got); lost != "" {
		t.Errorf("the comment %q is lost:\n%s", lost, got)
	}
	compare(t, before, after, c)
}

// some returns those of the changes of everything that which has bits of.
func some(which byte) edit.Changes {
	all, c := everything, edit.Changes{}
	for bit, set := range []func(){
		func() { c.Slack = all.Slack },
		func() { c.From = all.From },
		func() { c.Ops.Channels = all.Ops.Channels },
		func() { c.Ops.Recipients = all.Ops.Recipients },
		func() { c.TZ = all.TZ },
		func() { c.Bots = append(c.Bots, all.Bots[0]) },
		func() { c.Bots = append(c.Bots, all.Bots[1]) },
		func() {
			c.Bots = append(c.Bots, edit.Bot{ID: "99", TZ: "UTC", Locale: "de",
				Languages: []string{"de", "en"}, KeySecret: "kindly-weekly/dev/acme#99"})
		},
	} {
		if which&(1<<bit) != 0 {
			set()
		}
	}
	return c
}

// lostComment returns what follows a # in a line of before and is missing in after, in the same
// order. A # in a value that is replaced is no comment, so values with one are left out.
func lostComment(before, after []byte) string {
	for line := range strings.Lines(string(before)) {
		i := strings.LastIndex(line, "#")
		if i < 0 || i > 0 && line[i-1] != ' ' || strings.ContainsAny(line[i:], `"'`) {
			continue
		}
		comment := strings.TrimSpace(line[i:])
		j := bytes.Index(after, []byte(comment))
		if j < 0 {
			return comment
		}
		after = after[j+len(comment):]
	}
	return ""
}

// compare reports what has changed of a tenant that c does not set, and what c sets that has not
// changed.
func compare(t *testing.T, before, after *config.Tenant, c edit.Changes) {
	t.Helper()
	equal := func(what string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	if c.Slack.Team == "" {
		equal("slack", after.Slack, before.Slack)
	} else {
		equal("slack", after.Slack, c.Slack)
	}
	if c.From.Address == "" {
		equal("from", after.Mail.From, before.Mail.From)
	} else {
		equal("from", after.Mail.From, c.From)
	}
	equal("portfolio", after.Portfolio, before.Portfolio)
	equal("locale", after.Locale, before.Locale)
	equal("brand", after.Brand, before.Brand)
	destinations(t, "ops", before.Ops, after.Ops, c.Ops)
	if len(after.Bots) < len(before.Bots) {
		t.Fatalf("%d bots, want at least %d", len(after.Bots), len(before.Bots))
	}
	for i, a := range after.Bots {
		b := config.Bot{ID: a.ID}
		if i < len(before.Bots) {
			b = before.Bots[i]
		}
		j := slices.IndexFunc(c.Bots, func(b edit.Bot) bool { return b.ID == a.ID })
		if j < 0 {
			if c.TZ != "" { // the bot may have the zone of defaults
				a.TZ, a.Location = b.TZ, b.Location
			}
			equal(a.ID, a, b)
			continue
		}
		set := c.Bots[j]
		destinations(t, a.ID, b.Destinations, a.Destinations, set.Destinations)
		if i >= len(before.Bots) {
			b = a // it is new
		}
		if set.Name != "" {
			b.Name = set.Name
		}
		if set.KeySecret != "" {
			b.KeySecret = set.KeySecret
		}
		if b.TZ = a.TZ; set.TZ != "" {
			b.TZ = set.TZ
		}
		if set.Sources != nil {
			b.Sources = set.Sources
		}
		if set.Languages != nil {
			b.Languages = set.Languages
		}
		if set.Locale != "" {
			b.Locale = set.Locale
		}
		sort := func(s []string) []string { return slices.Sorted(slices.Values(s)) }
		a.Sources, b.Sources = sort(a.Sources), sort(b.Sources)
		a.Languages, b.Languages = sort(a.Languages), sort(b.Languages)
		a.Destinations, a.Location = b.Destinations, b.Location
		equal(a.ID, a, b)
	}
}

// destinations reports those of before that are not in after, and those of add.
func destinations(t *testing.T, whose string, before, after []config.Destination, add edit.Destinations) {
	t.Helper()
	has := func(d config.Destination, same func(a config.Destination) bool) {
		if !slices.ContainsFunc(after, func(a config.Destination) bool {
			return a.Medium == d.Medium && strings.EqualFold(a.To, d.To) && same(a)
		}) {
			t.Errorf("%s lacks %s", whose, d)
		}
	}
	for _, d := range before {
		has(d, func(a config.Destination) bool {
			a.Locale = d.Locale // the bot's, if it has none of its own
			return a == d
		})
	}
	any := func(config.Destination) bool { return true }
	for _, c := range add.Channels {
		has(config.Destination{Medium: config.Slack, To: c.ID}, any)
	}
	for _, a := range add.Recipients {
		has(config.Destination{Medium: config.Mail, To: a.Address}, any)
	}
	if len(after) > len(before)+len(add.Channels)+len(add.Recipients) {
		t.Errorf("%s has %d destinations", whose, len(after))
	}
}
