package config

import (
	"slices"
	"testing"
)

// newKeys has every key that the version before this one refuses.
func TestNewKeys_AreComplete(t *testing.T) {
	before := []string{"tz", "sources", "languages", "send", "channels", "recipients", "viewers",
		"owner", "paused", "paused_until",
		"skip_if_empty", "link", "locale", "charts", "brand", "holidays", "notes", "targets"}
	for _, k := range new(reader).settings(new(draft), false) {
		if slices.Contains(before, k.name) == slices.Contains(newKeys, k.name) {
			t.Errorf("%s: the version before knows it: %v; it is among newKeys: %v", k.name,
				slices.Contains(before, k.name), slices.Contains(newKeys, k.name))
		}
	}
}
