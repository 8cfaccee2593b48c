package config

import (
	"fmt"
	"net/url"
	"strings"
)

// BotID returns the ID of a bot from what people give for it: the ID, or the address of one of the
// bot's pages at Kindly, such as https://app.kindly.ai/bot/4217/settings?tab=1. Surrounding spaces
// make no difference, and an address may lack its scheme. It returns an error for the address of
// anything else, and for what cannot be an ID.
func BotID(typed string) (string, error) {
	s := strings.Trim(typed, " \t\r\n<>\"'")
	if !strings.Contains(s, "/") {
		id, why := parseID(s)
		switch {
		case s == "":
			return "", fmt.Errorf("the bot's ID is empty: %s", copyAddress)
		case why != "":
			return "", fmt.Errorf("%s is not the ID of a bot: it %s", quote(s), why)
		}
		return id, nil
	}
	const kindly = "app.kindly.ai"
	address := s
	switch scheme, _, found := strings.Cut(s, "://"); {
	case found && !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http"):
		return "", fmt.Errorf("%s is not the address of a bot: %s", quote(s), copyAddress)
	case found:
	case strings.HasPrefix(s, "/"):
		address = "https://" + kindly + s
	case strings.HasPrefix(s, "bot/"):
		address = "https://" + kindly + "/" + s
	default:
		address = "https://" + s
	}
	u, err := url.Parse(address)
	if err != nil || !strings.Contains(u.Hostname(), ".") {
		return "", fmt.Errorf("%s is not the address of a bot: %s", quote(s), copyAddress)
	}
	if host := strings.ToLower(u.Hostname()); host != "kindly.ai" &&
		!strings.HasSuffix(host, ".kindly.ai") {
		return "", fmt.Errorf("%s is not an address at Kindly, but at %s: %s", quote(s),
			quote(host), copyAddress)
	}
	parts := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	for i, part := range parts[:len(parts)-1] {
		if part != "bot" {
			continue
		}
		id, why := parseID(parts[i+1])
		if why != "" {
			return "", fmt.Errorf("%s is not the address of a bot: the ID %s %s", quote(s),
				quote(parts[i+1]), why)
		}
		return id, nil
	}
	return "", fmt.Errorf("%s is a page at Kindly, but not one of a bot: %s", quote(s), copyAddress)
}

const copyAddress = "open the bot at Kindly and copy the address, https://app.kindly.ai/bot/ID"
