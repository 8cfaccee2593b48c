package config

import (
	"slices"
	"strings"
)

// synonyms are keys of the format by what people write instead, in English, Norwegian, Swedish,
// Danish and German.
var synonyms = map[string][]string{
	"bot": {"id"}, "bot_id": {"id"}, "title": {"name", "text"}, "name": {"text"},
	"note": {"notes", "text"}, "campaign": {"notes"}, "campaigns": {"notes"}, "events": {"notes"},
	"day": {"date"}, "on": {"date"}, "until": {"to"}, "end": {"to"}, "start": {"from"},
	"api_key": {"key_secret"}, "key": {"key_secret"}, "apikey": {"key_secret"}, "timezone": {"tz"},
	"time_zone": {"tz"}, "zone": {"tz"}, "filter": {"sources"}, "language_code": {"languages"},
	"lang": {"languages"}, "schedule": {"send"}, "send_at": {"send"}, "weekday": {"day"},
	"hour": {"time"}, "at": {"time"}, "when": {"send"}, "slack": {"channels", "channel"},
	"slack_channels": {"channels"}, "id": {"channel"}, "mail": {"recipients", "address"},
	"email": {"recipients", "address"}, "emails": {"recipients"}, "to": {"recipients", "address"},
	"recipient": {"recipients", "address"}, "users": {"viewers"}, "readers": {"viewers"},
	"contact": {"owner"}, "reply_to": {"owner"}, "pause": {"paused"}, "disabled": {"paused"},
	"url": {"link"}, "language": {"languages", "locale"}, "color": {"accent"},
	"colour": {"accent"}, "country": {"holidays"}, "chart": {"charts"}, "graphs": {"charts"},
	"pictures": {"charts"}, "fallback": {"fallback_rate"}, "fallbacks": {"fallback_rate"},
	"handover": {"handover_rate"}, "handovers": {"handover_rate"}, "token": {"token_secret"},
	"bot_token": {"token_secret"}, "signing_key": {"signing_secret"}, "navn": {"name", "text"},
	"namn": {"name", "text"}, "tekst": {"text"}, "roboter": {"bots"}, "botter": {"bots"},
	"botar": {"bots"}, "standard": {"defaults"}, "standardverdier": {"defaults"},
	"tidssone": {"tz"}, "tidszone": {"tz"}, "tidszon": {"tz"}, "zeitzone": {"tz"},
	"kilder": {"sources"}, "kanal": {"channels", "channel"}, "kanaler": {"channels"},
	"mottaker": {"recipients", "address"}, "mottakere": {"recipients"},
	"språk": {"languages", "locale"}, "sprog": {"languages", "locale"},
	"sprache": {"languages", "locale"}, "eier": {"owner"}, "pauset": {"paused"}, "lenke": {"link"},
	"helligdager": {"holidays"}, "merknader": {"notes"}, "notater": {"notes"}, "mål": {"targets"},
	"farge": {"accent"}, "dag": {"day"}, "tid": {"time"}, "klokkeslett": {"time"},
	"dato": {"date"}, "fra": {"from"}, "til": {"to"}, "utc_offset": {"fixed_offset"},
	"offset": {"fixed_offset"}, "sender": {"from"}, "team_id": {"team"}, "workspace": {"team"},
	"default": {"defaults"},
}

// synonymOf returns the key that name probably means, or "".
func synonymOf(name string, keys []string) string {
	name = strings.ToLower(strings.NewReplacer("-", "_", " ", "_").Replace(name))
	for _, key := range synonyms[name] {
		if slices.Contains(keys, key) {
			return key
		}
	}
	return ""
}
