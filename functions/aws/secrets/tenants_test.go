package secrets_test

import (
	"context"
	"slices"
	"testing"

	"kindlyweekly/functions/aws/secrets"
)

// getter records the IDs that it is asked for.
type getter struct{ asked []string }

func (g *getter) Get(_ context.Context, id string) (string, error) {
	g.asked = append(g.asked, "get "+id)
	return "value", nil
}

func (g *getter) Refetch(_ context.Context, id string) (string, error) {
	g.asked = append(g.asked, "refetch "+id)
	return "new value", nil
}

// The secret of another tenant is refused before anything is asked for it.
func TestTenants_RefuseSecretsOfOthers(t *testing.T) {
	g := new(getter)
	tenants := secrets.Tenants{Secrets: g, Prefix: "kindly-weekly/prod/"}
	const own, others = "kindly-weekly/prod/acme/slack/token", "kindly-weekly/prod/globex/slack/token"
	if v, err := tenants.Get(t.Context(), "acme", own); v != "value" || err != nil {
		t.Errorf("Get of an own secret: %q, %v", v, err)
	}
	if v, err := tenants.Refetch(t.Context(), "acme", own); v != "new value" || err != nil {
		t.Errorf("Refetch of an own secret: %q, %v", v, err)
	}
	if v, err := tenants.Get(t.Context(), "acme", others); v != "" || err == nil {
		t.Errorf("Get of another tenant's secret: %q, %v", v, err)
	}
	if v, err := tenants.Refetch(t.Context(), "acme", others); v != "" || err == nil {
		t.Errorf("Refetch of another tenant's secret: %q, %v", v, err)
	}
	if want := []string{"get " + own, "refetch " + own}; !slices.Equal(g.asked, want) {
		t.Errorf("asked for %q, want %q", g.asked, want)
	}
}
