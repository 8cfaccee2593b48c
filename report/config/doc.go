// Package config knows whom reports are about and whom they are for: a [Tenant], its [Bot]s and their [Destination]s,
// declared in a bots.yaml, one file for each tenant. The file's stem is the tenant's name, which may be any but config.
//
// [Parse] reads such a file. It is a form for people, so it finds every mistake at once, and says of each where it is
// and what was probably meant; a file with a mistake yields no tenant. [Bot.With] applies the same rules to what a
// command line says, and [New] makes a bot without any file.
//
// Rules may be added. [Parse] applies all of them, for a file that is to be put into force. [ParseInForce] is for a file
// that is in force already: what breaks only rules that are new is a warning there, and the tenant stays what it was.
//
// # The file
//
//	slack:           the tenant's Slack app
//	  team             id of the workspace, T…; the slash command finds the tenant by it
//	  token_secret     where the bot token is kept
//	  signing_secret   where the signing secret is kept; needs team
//	mail:            how the tenant sends mail
//	  from             sender, such as Kindly Weekly <weekly@example.com>
//	ops:             who is told when something is wrong
//	  channels         Slack channels
//	  recipients       mail addresses; need mail.from
//	portfolio:       who gets one overview of all bots each week, once all are in, or six hours after the last was due
//	  name             what readers know the bots by together; the tenant's name where left out
//	  channels         Slack channels
//	  recipients       mail addresses
//	  locale           language of the overview; that of defaults where left out
//	defaults:        what holds for every bot that does not say otherwise: any key of a bot but id, name, key_secret
//	bots:            the bots, a list; each with
//	  id               Kindly's id of the bot; needed
//	  name             what readers know it by; the id where left out. No two bots have an id or a name that readers take for
//	                   the same, see names.Fold, since the slash command finds bots by them
//	  key_secret       where the API key is kept; where left out, where the deployment keeps keys
//	  tz               time zone whose weeks and days are counted, such as Europe/Oslo; needed, here or in defaults
//	  fixed_offset     true, beside a tz that names no place and is not UTC, such as EST or Etc/GMT+1, says that this offset
//	                   is meant all year. Etc/GMT+1 is UTC-1. CET, EST5EDT and their like change their clocks and need no such key
//	  sources          chats that count: names such as web, or names to leave out such as -test, or all;
//	                   where left out [-test], so that the bot builders' own chats do not count
//	  languages        chats that count, as two-letter codes such as nb; where left out every language
//	  send:            when the week before is sent, in the bot's zone
//	    day              monday to sunday; monday where left out
//	    time             such as 08:00, which it is where left out
//	  channels         Slack channels, by id: C… or G…, or {channel, send, locale, charts}
//	  recipients       mail addresses, or {address, send, locale}
//	  viewers          Slack users, U… or W…, who may ask for the report outside the bot's channels
//	  owner            mail address that answers questions about the report
//	  paused           true sends nothing
//	  paused_until     date before which nothing is sent, such as 2026-08-03
//	  skip_if_empty    true sends nothing for a week without a single chat
//	  link             https link into Kindly's platform, with {bot}, {from}, {to}: the bot's id, the Monday, the Sunday
//	  locale           language of the report, one of wording.Locales; a destination's own comes before it. en where left out
//	  charts           how Slack shows charts and tables: native, which it is where left out, or images
//	  brand:           how the report looks
//	    accent           colour, such as "#0b5fff", in quotes; where it cannot be seen, a shade of it is drawn
//	    logo             name of a PNG file beside this one
//	  holidays         country whose public holidays matter, such as NO
//	  notes            days that are not like others, a list; each with
//	    date             the day, such as 2026-11-27; or from and to, both inclusive, for several
//	    text             what was special about it, such as Black Friday
//	  page_queries     cut, which it is where left out, or keep: whether pages are listed without their query strings,
//	                   which may hold personal data, or by their whole address
//	  targets:         what the bot is held to
//	    fallback_rate           at most this part of its replies, such as 0.08 or 8%
//	    handover_rate           handover requests, open and closed, at most this part of its chats
//	    feedback                at least this part of the ratings positive
//	    requests_while_closed   at most so many in a week
//
// Nobody gets an overview where there is no portfolio. In the place of a bot's id it is called _portfolio, which is no id of
// a bot.
//
// A list of one may be written without the brackets; no list but that of the bots has more than a thousand entries. A bot, the
// portfolio and ops have at most 50 destinations each, a tenant has at most 10,000 bots and makes at most 20,000 deliveries a
// week, and a file has at most 2 MiB: see [MostDestinations]. A
// bot's list replaces the list in defaults, as [] does with nothing; in send, brand and targets each key counts by
// itself. A destination's send is always, or on_alert for whoever only wants weeks in which something is wrong. Charts
// that Slack draws are posted as images by themselves where a workspace does not take them. Secrets
// never stand in the file: what ends in secret is an id in AWS Secrets Manager, or id#field where the secret is a JSON
// object.
//
// A name, a note and a sender's name show something; what cannot be seen is none, see names.Visible.
//
// A value is read as it is written: 0123 keeps its zero, 08:00 is no number, the language no is not false. The file may
// begin with %YAML 1.2. Anchors, aliases, merge keys and tags of YAML are refused: defaults does their work where a reader can
// see it.
package config
