package alerting

import (
	"cmp"
	"regexp"
	"strings"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Commands writes the commands that notices contain: those of kindly-weekly, with the name of the
// deployment, so that each can be pasted into a shell. The deployment says the rest of itself, see
// package about. All printed commands come from here; a test of kindly-weekly runs them.
type Commands struct {
	Name   string // how a shell starts the command; empty: kindly-weekly
	Stack  string // the deployment's stack; empty: unknown
	Bucket string // its bucket, which names the deployment if the stack is unknown
	Store  string // a folder in the place of a deployment
}

// Resend sends a delivery again. It is empty for a folder, from which nothing is sent.
func (c Commands) Resend(d delivery.Delivery) string {
	if c.Store != "" {
		return ""
	}
	return c.of("resend", d.Job.Tenant) + flag("bot", d.Job.Bot) +
		flag("week", d.Job.Period.String()) + flag("to", d.Destination.String())
}

// Status shows what has become of a tenant's week.
func (c Commands) Status(tenant string, w period.Period) string {
	return c.of("status", tenant) + flag("week", w.String())
}

// SetKey stores a bot's API key. It is empty for a folder, whose keys come from the environment.
func (c Commands) SetKey(tenant, bot string) string {
	if c.Store != "" {
		return ""
	}
	return c.of("key set", tenant) + flag("bot", bot)
}

// Migrate copies the Slack secrets of a tenant, or of all tenants if the name is empty, into
// secrets of their own.
func (c Commands) Migrate(tenant string) string {
	return c.of("secrets migrate", tenant) + " --push"
}

// Doctor asks Sage about a bot, with its key.
func (c Commands) Doctor(tenant, bot string) string {
	return c.of("doctor", tenant) + flag("bot", bot)
}

// SaveSpelling asks Sage about a bot, and saves how it spells button clicks.
func (c Commands) SaveSpelling(tenant, bot string) string {
	return c.Doctor(tenant, bot) + " --save"
}

// Pull writes a tenant's configuration to <tenant>.yaml.
func (c Commands) Pull(tenant string) string { return c.of("config pull", tenant) }

// PullTo writes a tenant's configuration to a file.
func (c Commands) PullTo(tenant, file string) string { return c.Pull(tenant) + " " + Quote(file) }

// Check finds the mistakes in <tenant>.yaml.
func (c Commands) Check(tenant string) string {
	return c.name() + " check " + Quote(tenant+".yaml")
}

// Push puts <tenant>.yaml into force.
func (c Commands) Push(tenant, why string) string {
	return c.of("config push", tenant) + flag("why", why)
}

// Fix returns the commands that fetch, check and push a configuration that has mistakes.
func (c Commands) Fix(tenant string) []string {
	return []string{c.Pull(tenant), c.Check(tenant), c.Push(tenant, "configuration fixed")}
}

// Rollback puts the version before the current one back into force.
func (c Commands) Rollback(tenant string) string {
	return c.of("config rollback", tenant) + flag("why", "it has mistakes")
}

// Log lists the versions of a tenant's configuration.
func (c Commands) Log(tenant string) string { return c.of("config log", tenant) }

func (c Commands) name() string { return cmp.Or(c.Name, "kindly-weekly") }

// of returns a command about a tenant of the deployment.
func (c Commands) of(command, tenant string) string {
	place := flag("bucket", c.Bucket)
	switch {
	case c.Store != "":
		place = flag("store", c.Store)
	case c.Stack != "":
		place = flag("stack", c.Stack)
	}
	return c.name() + " " + command + place + flag("tenant", tenant)
}

// flag returns a flag; empty if the value is.
func flag(name, value string) string {
	if value == "" {
		return ""
	}
	return " --" + name + " " + Quote(value)
}

// plain matches words that have no special character of a shell.
var plain = regexp.MustCompile(`^[\pL\pN_@%+=:,./-]+$`)

// Quote returns s as one word of a shell. Addresses may contain characters that a shell would run.
func Quote(s string) string {
	if plain.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Instruction returns what to do and the commands for it, each on a line of its own, which can be
// copied.
func Instruction(what string, commands ...string) string {
	return what + ":\n  " + strings.Join(commands, "\n  ")
}

// Sentence adds a full stop, unless the text ends with a command of [Instruction].
func Sentence(text string) string {
	if last := text[strings.LastIndexByte(text, '\n')+1:]; strings.HasPrefix(last, "  ") {
		return text
	}
	return text + "."
}
