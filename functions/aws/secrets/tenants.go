package secrets

import "context"

// Getter returns secrets by ID, "id" or "id#field", as [Manager] does.
type Getter interface {
	Get(ctx context.Context, id string) (string, error)
	// Refetch is Get after a service has refused the secret. It may return the same one.
	Refetch(ctx context.Context, id string) (string, error)
}

// Tenants returns to each tenant only its own secrets, see [CheckTenant].
type Tenants struct {
	Secrets Getter
	Prefix  string // of the deployment; empty: the caller's permissions decide
}

// Get returns a secret of the tenant. The error is an *Error, unless ctx has ended.
func (t Tenants) Get(ctx context.Context, tenant, id string) (string, error) {
	if err := CheckTenant(t.Prefix, tenant, id); err != nil {
		return "", err
	}
	return t.Secrets.Get(ctx, id)
}

// Refetch is Get after a service has refused the secret.
func (t Tenants) Refetch(ctx context.Context, tenant, id string) (string, error) {
	if err := CheckTenant(t.Prefix, tenant, id); err != nil {
		return "", err
	}
	return t.Secrets.Refetch(ctx, id)
}
