package storetest_test

import (
	"testing"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) delivery.Store { return new(storetest.Memory) })
}
