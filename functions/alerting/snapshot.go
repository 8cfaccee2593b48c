package alerting

import (
	"context"
	"time"

	"kindlyweekly/report/delivery"
)

// Deployment is the tenant in whose place whoever runs the deployment is told of all tenants.
const Deployment = deployment

// Snapshot is what ops know of, and what they are still to be told.
type Snapshot struct {
	Open    []Open            // the causes that they were told of, or are being told of, and that are not over
	Waiting []delivery.Notice // that not all of them have; the oldest first
}

// Open is a cause that is not over.
type Open struct {
	Reason string
	Since  time.Time
}

// Read returns the snapshot of a tenant's ops or, where he is [Deployment], of whoever runs the deployment.
func Read(ctx context.Context, store delivery.Store, tenant string) (Snapshot, error) {
	s, err := load(ctx, store, delivery.KeysOf(tenant).Ops())
	b := Snapshot{Waiting: s.Notices}
	for _, x := range s.Open {
		b.Open = append(b.Open, Open{x.Reason, x.Since})
	}
	return b, err
}
