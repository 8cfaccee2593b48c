package endtoend

import "testing"

// What the functions do, from what AWS and Slack send to what people read. One moto serves all of it, emptied in between.
func TestEndToEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the functions")
	}
	s := newSetting(t)
	t.Run("a Monday", s.aMonday)
	t.Run("two tenants", s.twoTenants)
	t.Run("secrets apart, and a sender that is not allowed", s.secretsAndSenders)
	t.Run("a destination that fails", s.aDestinationThatFails)
	t.Run("Sage that fails", s.sageThatFails)
	t.Run("a refused key", s.aRefusedKey)
	t.Run("the slash command", s.theSlashCommand)
	t.Run("who may ask", s.whoMayAsk)
}
