package alerting

import (
	"context"
	"time"

	"kindlyweekly/report/delivery"
)

// Deployment names the operator in the place of a tenant. No tenant can have this name.
const Deployment = "_deployment"

// Snapshot is what ops of a tenant know, and what they are still to be told.
type Snapshot struct {
	Open    []Open
	Waiting []delivery.Notice // those that some of ops do not have yet; the oldest first
}

// Open is a cause that ops know of and that still lasts.
type Open struct {
	Reason string
	Since  time.Time
}

// Read returns the snapshot of a tenant, or of the operator if tenant is [Deployment]. It is empty
// if there was never a notice. It fails if the store does, or if the state is not readable.
func Read(ctx context.Context, store delivery.Store, tenant string) (Snapshot, error) {
	s, err := load(ctx, store, delivery.KeysOf(tenant).Ops())
	snapshot := Snapshot{Waiting: s.Notices}
	for _, x := range s.Open {
		snapshot.Open = append(snapshot.Open, Open{x.Reason, x.Since})
	}
	return snapshot, err
}
