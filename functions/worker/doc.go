// Package worker is what the worker does with the messages of its queues, one at a time:
//
//   - a job of the weekly queue: build a bot's report of a week, or take the one that the archive froze, and deliver it to
//     each destination that has not got it ([Worker.Deliver]); or the same for the overview of all of a tenant's bots, which is
//     made of what the archive and the ledger hold, and of nothing else;
//   - a request of somebody who typed the slash command and waits: answer it ([Worker.Answer]);
//   - an event of SES: a mail was delivered, came back, or was complained of ([Worker.Hear]).
//
// Beside the queues an operator has it send a week again ([Worker.Resend]) and fill the archive ([Worker.Backfill]).
//
// # When a message comes again
//
// SQS repeats a message whose handling failed, and it is asked to only for crashes: a panic, a timeout, a store that
// cannot be reached, so that nothing could be recorded. Every other failure is recorded in the ledger, with its reason,
// its cure, its cause and its next try, and the message is acknowledged; the tick queues again what is due and unsent. So
// a bot whose key was revoked does not hold up its queue, and nobody waits for a visibility timeout.
//
// A message that no try can make sense of is acknowledged as well: in a FIFO queue it would hold up its bot until it
// reached the dead letter queue. It is logged as an error, without its body, which might hold a response_url, and counts as
// Failed with the reason "message", on which the deployment's alarm stands. No tenant's ops are told, since whose it is
// cannot be trusted. A message of another version of this program is no such message; it goes to the dead letter queue.
//
// # Tenants
//
// Two tenants may have bots of the same id. Whatever is kept between messages is keyed by both, or not kept: a client of
// Sage, which remembers tokens by bot, lives for one message; log lines and metrics take tenant, bot and week from a
// context made for the message; ops are those of the tenant whose report it is.
package worker
