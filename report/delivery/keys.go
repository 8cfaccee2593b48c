package delivery

import (
	"net/url"
	"strings"

	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

// Keys of everything durable. Every key begins with the tenant's name, except its configuration's,
// so that roles, lifecycle rules and the removal of a tenant use prefixes. A name that is not safe
// in a key is escaped, so that it stays below the tenant's prefix. A store refuses the resulting
// key, see [CheckKey].
//
//	config/<tenant>.yaml                                      the configuration, written by people
//	config/senders.json                                       which senders each tenant may use
//	config/teams.json                                         the Slack team of each tenant
//	<tenant>/config/good.yaml                                 its last valid version
//	<tenant>/config/<name>.png                                a logo that it names
//	<tenant>/archive/<bot>/<week>/<build>/<file>              the editions of a build
//	<tenant>/archive/<bot>/<week>/manifest.json               which build counts; written last
//	<tenant>/archive/_portfolio/<week>/overview.json          the portfolio
//	<tenant>/archive/_portfolio/<week>/<id>/<file>            its PDFs, by language
//	<tenant>/ledger/known.json                                see [FirstSeen]
//	<tenant>/ledger/<week>/<bot>/<delivery>.json              the record of a delivery
//	<tenant>/done/<week>/<bot>/<delivery>                     empty: it is over
//	<tenant>/done/<week>/<bot>/<delivery>.wrong               it failed; .skipped: not wanted
//	<tenant>/ops/state.json                                   what ops were told
//	<tenant>/ops/notices/<notice>/<destination>.json          what became of one notice to them
//	<tenant>/mail/<address hash>.json                         an address that bounced
//	<tenant>/setup.json                                       where setup sent the first report
//	<tenant>/seen/<day>/<signature hash>                      empty: an answered command
type Keys string

// ConfigPrefix is the folder of the tenants' configurations.
const ConfigPrefix = "config/"

// SendersKey is the operator's. No tenant's key equals it: a configuration ends with .yaml, and no
// tenant can be called config.
const SendersKey = ConfigPrefix + "senders.json"

// TeamsKey is the index of the tenants' Slack teams, which the tick writes. No tenant's key equals
// it, as with SendersKey.
const TeamsKey = ConfigPrefix + "teams.json"

// TenantOf returns the tenant of a configuration's key. It returns false for any other key.
func TenantOf(key string) (tenant string, ok bool) {
	name, ok := strings.CutPrefix(key, ConfigPrefix)
	if !ok {
		return "", false
	}
	tenant, ok = strings.CutSuffix(name, ".yaml")
	return tenant, ok && tenant != "" && !strings.Contains(tenant, "/")
}

// KeysOf returns the keys of a tenant.
func KeysOf(tenant string) Keys { return Keys(tenant) }

func (k Keys) join(parts ...string) string {
	size := len(k)
	for _, p := range parts {
		size += 1 + len(p)
	}
	var key strings.Builder
	key.Grow(size)
	key.WriteString(url.PathEscape(string(k)))
	for _, p := range parts {
		key.WriteByte('/')
		key.WriteString(url.PathEscape(p))
	}
	return key.String()
}

// Config is the tenant's configuration, the only key that does not begin with the tenant's name.
func (k Keys) Config() string { return ConfigPrefix + url.PathEscape(string(k)) + ".yaml" }

// GoodConfig is the last version of the configuration that was free of mistakes.
func (k Keys) GoodConfig() string { return k.join("config", "good.yaml") }

// Logo is a logo that the configuration names, a PNG file.
func (k Keys) Logo(name string) string { return k.join("config", name) }

// Edition is a file of a build. Its name may have folders: charts/chats.png.
func (k Keys) Edition(bot string, w period.Period, build, file string) string {
	parts := []string{"archive", bot, w.String(), build}
	return k.join(append(parts, strings.Split(file, "/")...)...)
}

// Manifest names the build of a week that counts.
func (k Keys) Manifest(bot string, w period.Period) string {
	return k.join("archive", bot, w.String(), "manifest.json")
}

// Portfolio is the portfolio of a week.
func (k Keys) Portfolio(w period.Period) string {
	return k.join("archive", config.PortfolioID, w.String(), "overview.json")
}

// FirstSeen says since when each destination is known.
func (k Keys) FirstSeen() string { return k.join("ledger", "known.json") }

// Record is the ledger's record of one delivery, as it was planned.
func (k Keys) Record(w period.Period, bot string, d config.Destination) string {
	return k.record(w, bot, d.ID())
}

func (k Keys) record(w period.Period, bot, id string) string {
	return k.join("ledger", w.String(), bot, id+".json")
}

// RecordsPrefix lists the records of a week.
func (k Keys) RecordsPrefix(w period.Period) string { return k.join("ledger", w.String()) + "/" }

// Records lists the records of a bot's week.
func (k Keys) Records(w period.Period, bot string) string {
	return k.join("ledger", w.String(), bot) + "/"
}

// DonePrefix lists the deliveries of a week that are over.
func (k Keys) DonePrefix(w period.Period) string { return k.join("done", w.String()) + "/" }

// doneOf lists those of one bot.
func (k Keys) doneOf(w period.Period, bot string) string {
	return k.join("done", w.String(), bot) + "/"
}

// Done marks one delivery, as it was planned, as over.
func (k Keys) Done(w period.Period, bot string, d config.Destination) string {
	return k.done(w, bot, d.ID())
}

func (k Keys) done(w period.Period, bot, id string) string {
	return k.join("done", w.String(), bot, id)
}

// FirstReport returns the key of where setup has sent the first report of the tenant.
func (k Keys) FirstReport() string { return k.join("setup.json") }

// Ops is what the tenant's ops have to know, and what they were told.
func (k Keys) Ops() string { return k.join("ops", "state.json") }

// Notice is the ledger's record of a notice to one of ops.
func (k Keys) Notice(id string, to config.Destination) string {
	return k.join("ops", "notices", id, to.ID()+".json")
}

// Address is the record of an address that bounced. The id is that of its
// destination.
func (k Keys) Address(destination string) string { return k.join("mail", destination+".json") }

// Seen marks a slash command as answered. Old days are removed by the bucket's lifecycle.
func (k Keys) Seen(day period.Date, signature string) string {
	return k.join("seen", day.String(), signature)
}
