// Package cgroup gives a process of a test a share of a processor, as Lambda does.
package cgroup

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// New makes a control group with a share of a processor, in Lambda's period of 20 ms, that ends
// with the test. It returns the file to which a process writes its ID to join; empty if that is
// not permitted.
func New(t testing.TB, share float64) (join string) {
	const each = 20_000 // µs
	quota := strconv.Itoa(max(1000, int(share*each)))
	for parent, settings := range map[string][][2]string{
		"/sys/fs/cgroup":     {{"cpu.max", quota + " " + strconv.Itoa(each)}},
		"/sys/fs/cgroup/cpu": {{"cpu.cfs_period_us", strconv.Itoa(each)}, {"cpu.cfs_quota_us", quota}},
	} {
		dir, err := os.MkdirTemp(parent, "kindly-weekly-")
		if err != nil {
			continue
		}
		ok := true
		for _, setting := range settings {
			file := filepath.Join(dir, setting[0])
			if _, err := os.Stat(file); err != nil {
				ok = false
				break
			}
			ok = ok && os.WriteFile(file, []byte(setting[1]), 0o644) == nil
		}
		if !ok {
			os.Remove(dir)
			continue
		}
		t.Cleanup(func() {
			for range 100 { // until its processes have ended
				if os.Remove(dir) == nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Errorf("%s stays", dir)
		})
		return filepath.Join(dir, "cgroup.procs")
	}
	return ""
}
