package secrets_test

import (
	"testing"
	"time"

	"kindlyweekly/functions/aws/secrets"
)

// A Manager with a clock forgets by that clock.
func TestManager_Now(t *testing.T) {
	now := time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)
	s := &slow{value: "first"}
	m := &secrets.Manager{Client: s, Now: func() time.Time { return now }}
	get(t, m.Get, "s", "first")
	s.value = "second"
	now = now.Add(15*time.Minute - 1)
	get(t, m.Get, "s", "first")
	now = now.Add(1)
	get(t, m.Get, "s", "second")
	s.expect(t, 2)
}
