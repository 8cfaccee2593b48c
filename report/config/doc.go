// Package config reads configurations. A bots.yaml describes one [Tenant], its [Bot]s and their
// [Destination]s. README.md, beside this file, explains its keys. The file's name without .yaml is
// the tenant's name.
//
// [Parse] reads such a file. It finds all mistakes at once, with the place of each and a
// suggestion. [ParseInForce] reads a file that is in force already: if it breaks only rules that
// are new, there are warnings, and the tenant stays as it was. [Bot.With] applies the rules to
// flags of a command line, and [New] makes a bot without a file.
//
// Planning and delivery take a [Subject], not a bot: what a report is about, one bot or all bots of
// a tenant. It is a copy of what both have, with one set of rules for schedules, rather than an
// interface or a part of Bot: then no code branches on the portfolio to know when it is sent and to
// whom, and a Bot is encoded as before.
//
// A value is read as it is written: 0123 keeps its zero, 08:00 is no number, and the language no is
// not false. A list of one may be written without brackets. YAML's anchors, aliases, merge keys and
// tags are refused, since defaults say what bots share. The size of a file, and what it can ask
// for, are limited: see [MostDestinations].
//
// To add a key of a bot, add it to settings and to newKeys in yaml.go, and to README.md.
package config
