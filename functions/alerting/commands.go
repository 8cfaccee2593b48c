// Package alerting has the commands by which whoever runs a deployment does something about what he is told of it. They are
// those of the command kindly-weekly, complete with the deployment's flags, so that each can be pasted into a shell. All
// printed commands come from here; a test of kindly-weekly parses them with its own flags.
package alerting

import (
	"cmp"
	"regexp"
	"strings"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Commands are those for one deployment.
type Commands struct {
	Name    string              // how a shell starts the command; empty: kindly-weekly
	Bucket  string              // in which it keeps what is durable
	Store   string              // the folder in the place of a bucket
	Secrets string              // what the ids of its secrets begin with; empty: that is not known
	Divert  *config.Destination // who gets everything instead of whom it is for; nil: nobody
	MailSet string              // the SES configuration set of its mail, without which nobody hears what comes back; empty: not known
}

// Resend sends a delivery again. What a deployment reads from its environment, and its bucket does not tell, stands in front.
func (c Commands) Resend(d delivery.Delivery) string {
	again := c.of("resend", d.Job.Tenant) + c.secrets() +
		flag("bot", d.Job.Bot) + flag("week", d.Job.Period.String()) + flag("to", d.Destination.String())
	to := d.Destination
	if c.Divert != nil {
		to = *c.Divert
	}
	if to.Medium == config.Mail && c.MailSet != "" {
		again = "SES_CONFIGURATION_SET=" + Quote(c.MailSet) + " " + again
	}
	if c.Divert != nil {
		again = "DIVERT_TO=" + Quote(to.String()) + " " + again
	}
	return again
}

// Status shows what became of a tenant's week.
func (c Commands) Status(tenant string, w period.Period) string {
	return c.of("status", tenant) + c.secrets() + flag("week", w.String())
}

// SetKey stores a bot's API key. It is empty where it is not known where the deployment keeps that: such a key came from the
// environment.
func (c Commands) SetKey(tenant string, b config.Bot) string {
	if c.Secrets == "" && b.KeySecret == "" {
		return ""
	}
	return c.of("key set", tenant) + c.secrets() + flag("bot", b.ID)
}

// Migrate copies the Slack secrets of a tenant, or of all where none is named, into secrets of their own.
func (c Commands) Migrate(tenant string) string {
	return c.of("secrets migrate", tenant) + c.secrets() + " --push"
}

// Doctor asks Sage about a bot, with its key.
func (c Commands) Doctor(tenant, bot string) string {
	return c.of("doctor", tenant) + c.secrets() + flag("bot", bot)
}

// Pull fetches a tenant's configuration into <tenant>.yaml.
func (c Commands) Pull(tenant string) string { return c.of("config pull", tenant) }

// PullTo is Pull into a file of another name.
func (c Commands) PullTo(tenant, file string) string { return c.Pull(tenant) + " " + Quote(file) }

// Check finds the mistakes in what Pull has fetched.
func (c Commands) Check(tenant string) string { return c.name() + " check " + Quote(tenant+".yaml") }

// Push puts <tenant>.yaml into force.
func (c Commands) Push(tenant, why string) string {
	return c.of("config push", tenant) + flag("why", why)
}

// Fix are those between which somebody mends the mistakes of a tenant's configuration.
func (c Commands) Fix(tenant string) []string {
	return []string{c.Pull(tenant), c.Check(tenant), c.Push(tenant, "mistakes mended")}
}

// Rollback puts the version back into force that was before the one with mistakes.
func (c Commands) Rollback(tenant string) string {
	return c.of("config rollback", tenant) + flag("why", "it has mistakes")
}

// Log lists the versions of a tenant's configuration.
func (c Commands) Log(tenant string) string { return c.of("config log", tenant) }

func (c Commands) name() string { return cmp.Or(c.Name, "kindly-weekly") }

// of is a command about a tenant of the deployment.
func (c Commands) of(command, tenant string) string {
	return c.name() + " " + command + flag("bucket", c.Bucket) + flag("store", c.Store) + flag("tenant", tenant)
}

func (c Commands) secrets() string { return flag("secrets", c.Secrets) }

// flag is empty where there is nothing to say.
func flag(name, value string) string {
	if value == "" {
		return ""
	}
	return " --" + name + " " + Quote(value)
}

// plain is what no shell takes for anything but text.
var plain = regexp.MustCompile(`^[\pL\pN_@%+=:,./-]+$`)

// Quote returns s as one word of a shell. Addresses may hold characters that a shell would run.
func Quote(s string) string {
	if plain.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Instruction says what to do, with the commands for it on lines of their own: whoever copies a line gets nothing but the command.
func Instruction(what string, commands ...string) string {
	return what + ":\n  " + strings.Join(commands, "\n  ")
}

// Sentence ends with a stop what does not end with a command of Instruction.
func Sentence(text string) string {
	if last := text[strings.LastIndexByte(text, '\n')+1:]; strings.HasPrefix(last, "  ") {
		return text
	}
	return text + "."
}
