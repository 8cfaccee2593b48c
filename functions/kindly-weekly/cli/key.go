package cli

import (
	"context"
	"fmt"
	"strings"
)

// KeyVariables returns the names of the variables that may have the API key of a bot and of no
// other. The first is one that a shell can set.
func KeyVariables(bot string) []string {
	// A shell can set no variable with a hyphen or a dot in its name.
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, bot)
	const prefix = "KINDLY_API_KEY_"
	return []string{prefix + plain, prefix + bot, prefix + strings.ToUpper(plain)}
}

// APIKey returns a bot's API key from the environment.
func (h Host) APIKey(_ context.Context, bot string) (string, error) {
	names := KeyVariables(bot)
	for _, name := range append(names, "KINDLY_API_KEY") {
		if key := strings.TrimSpace(h.Getenv(name)); key != "" {
			return key, nil
		}
	}
	return "", fmt.Errorf("set %s or KINDLY_API_KEY; a key with \"read statistics\" permission is made at "+
		"https://app.kindly.ai/bot/%s/connect/api-keys", names[0], bot)
}
