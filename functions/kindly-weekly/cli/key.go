package cli

import (
	"context"
	"fmt"
	"strings"
)

// APIKey returns a bot's API key from the environment.
func (h Host) APIKey(_ context.Context, bot string) (string, error) {
	names := []string{"KINDLY_API_KEY_" + bot}
	// A shell can set no variable with a hyphen or a dot in its name.
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, bot)
	names = append(names, "KINDLY_API_KEY_"+plain, "KINDLY_API_KEY_"+strings.ToUpper(plain),
		"KINDLY_API_KEY")
	for _, name := range names {
		if key := strings.TrimSpace(h.Getenv(name)); key != "" {
			return key, nil
		}
	}
	return "", fmt.Errorf("set KINDLY_API_KEY_%s or KINDLY_API_KEY; a key with \"read statistics\" permission is made at "+
		"https://app.kindly.ai/bot/%s/connect/api-keys", plain, bot)
}
