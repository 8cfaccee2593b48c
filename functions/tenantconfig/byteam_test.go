package tenantconfig_test

import (
	"strings"
	"testing"
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
		"an escape beside a mistake":  {broken + "# \\", other, "acme 2", true},
		"too large, the same before":  {large, good, "acme 2, beta 1", true},
		"unreadable, the same before": {"", good, "acme 2, beta 1", true},
	} {
		s := &store{}
		s.write(t, "config/acme.yaml", better)
		s.Plant("config/beta.yaml", []byte(c.beta))
		if c.good != "" {
			s.write(t, "beta/config/good.yaml", c.good)
		}
		parsed := false
		s.fails = func(_, key string) error {
			parsed = parsed || key == "beta/config/good.yaml"
			if key == "config/beta.yaml" && c.beta == "" {
				return delivery.ErrConflict
			}
			return nil
		}
		l := &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now}
		if got := byTeam(t, l, team); got != c.want || parsed != c.parsed {
			t.Errorf("%s: %q, parsed %v; want %q, %v", what, got, parsed, c.want, c.parsed)
		}
	}
}

// If no file is the team's, the last valid version of one with mistakes may be.
func TestByTeam_LastValidVersionOfAnotherFile(t *testing.T) {
	s := &store{}
	s.write(t, "config/acme.yaml", "this is no configuration")
	s.write(t, "acme/config/good.yaml", good)
	s.write(t, "config/beta.yaml", other)
	l := &tenantconfig.Loader{Store: s, MaxAge: time.Minute, Now: time.Now}
	is(t, byTeam(t, l, "T0ACME001"), "acme 1")
	is(t, byTeam(t, l, "T0BETA001"), "beta 1")
}
