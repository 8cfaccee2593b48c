package cli

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	settings := []debug.BuildSetting{
		{Key: "vcs", Value: "git"},
		{Key: "vcs.revision", Value: "5e0cd48fa1bd0db397c3d273e74765596a0ea4c"},
		{Key: "vcs.time", Value: "2026-11-30T04:14:22Z"},
		{Key: "vcs.modified", Value: "true"},
	}
	for _, tc := range []struct {
		module   string
		settings []debug.BuildSetting
		want     string
	}{
		{"", nil, "kindly-weekly devel"},
		{"(devel)", nil, "kindly-weekly devel"},
		{"v1.4.0", nil, "kindly-weekly v1.4.0"},
		{"v1.4.0", settings[:3], "kindly-weekly v1.4.0 (revision 5e0cd48fa1bd, 2026-11-30T04:14:22Z)"},
		{"(devel)", settings, "kindly-weekly devel (revision 5e0cd48fa1bd, 2026-11-30T04:14:22Z, modified)"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: tc.module}, Settings: tc.settings}
		if got := version(info); got != tc.want {
			t.Errorf("%q, %d settings: %q, want %q", tc.module, len(tc.settings), got, tc.want)
		}
	}
}

func TestStartedAs(t *testing.T) {
	for arg0, want := range map[string]string{
		"kindly-weekly":                                      "kindly-weekly",
		"/home/kari/go/bin/kindly-weekly":                    "/home/kari/go/bin/kindly-weekly",
		"out/kindly-weekly":                                  "out/kindly-weekly",
		"/Users/Kari N/kindly-weekly":                        "'/Users/Kari N/kindly-weekly'",
		"/tmp/go-build1234/b001/exe/kindly-weekly":           "go run ./functions/kindly-weekly",
		"/home/kari/.cache/go-build/8f/8f3a-d/kindly-weekly": "go run ./functions/kindly-weekly",
		"": "kindly-weekly",
	} {
		if got := StartedAs(arg0); got != want {
			t.Errorf("%q: %q, want %q", arg0, got, want)
		}
	}
}
