package tenantconfig

import (
	"cmp"
	"slices"
	"strings"

	"kindlyweekly/report/config"
)

// Share is what the configurations of several tenants have in common. It may be meant, or copied by
// mistake.
type Share struct {
	Tenants []string // by name, two at least
	What    []string // such as "Slack team T024BE7LD"; what is of most consequence first
}

func (s Share) String() string {
	return strings.Join(s.Tenants, " and ") + " share: " + strings.Join(s.What, ", ")
}

// Shared returns what tenants share: the Slack workspace, the secrets that they name, channels and
// recipients, and bots. It returns one Share for each set of tenants, in the order of their names.
// It compares configurations, not the values of secrets.
func Shared(all []*config.Tenant) []Share {
	type named struct{ kind, name string }
	of := make(map[named][]string)
	var order []named
	for _, t := range slices.SortedFunc(slices.Values(all),
		func(a, b *config.Tenant) int { return cmp.Compare(a.Name, b.Name) }) {
		add := func(kind, name string) {
			n := named{kind, name}
			if name == "" || slices.Contains(of[n], t.Name) {
				return
			}
			if of[n] == nil {
				order = append(order, n)
			}
			of[n] = append(of[n], t.Name)
		}
		add("Slack team", t.Slack.Team)
		add("secret", t.Slack.SigningSecret)
		add("secret", t.Slack.TokenSecret)
		to := t.Ops
		for _, b := range t.Subjects() {
			to = append(slices.Clip(to), b.Destinations...)
		}
		for _, d := range to {
			kind := "recipient"
			if d.Medium == config.Slack {
				kind = "channel"
			}
			add(kind, d.To)
		}
		for _, b := range t.Bots {
			add("bot", b.ID)
			add("secret", b.KeySecret)
		}
	}
	var shares []Share
	rank := []string{"Slack team", "secret", "channel", "recipient", "bot"}
	slices.SortStableFunc(order, func(a, b named) int {
		return cmp.Or(slices.Compare(of[a], of[b]),
			cmp.Compare(slices.Index(rank, a.kind), slices.Index(rank, b.kind)),
			cmp.Compare(a.name, b.name))
	})
	for _, n := range order {
		if len(of[n]) < 2 {
			continue
		}
		if last := len(shares) - 1; last < 0 || !slices.Equal(shares[last].Tenants, of[n]) {
			shares = append(shares, Share{Tenants: of[n]})
		}
		last := &shares[len(shares)-1]
		last.What = append(last.What, n.kind+" "+n.name)
	}
	return shares
}
