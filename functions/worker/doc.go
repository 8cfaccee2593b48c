// Package worker handles the messages of the worker's queues:
//
//   - a job of the weekly queue: [Worker.Deliver] builds the report of a bot, or loads it from the
//     archive, and sends it to each destination that has not received it. The portfolio of a tenant
//     is delivered the same way. It is made from the archive and the ledger alone.
//   - a request from the slash command: [Worker.Answer] sends the report to the user or the
//     channel.
//   - an event of SES: [Worker.HandleMailEvent] records that a mail was delivered, bounced or was
//     marked as spam.
//
// Operators call [Worker.Resend] and [Worker.Backfill] from the command line.
//
// # Retries
//
// SQS repeats a message after a crash: a panic, a timeout, or a store that cannot be reached, so
// that nothing could be recorded. Every other failure is recorded in the ledger, with its reason,
// remedy, cause and next try, and the message is acknowledged. The tick queues it again when it is
// due. So a bot whose key was revoked does not block its queue.
//
// A malformed message is acknowledged too: in a FIFO queue it would block its bot until it reached
// the dead-letter queue. It is logged as an error, without its body, which may hold a response_url.
// The metric Failed counts it with the reason "message", which the deployment's alarm watches. No
// tenant is told, because the message does not prove whose it is. A message of another version of
// this program is not malformed; it goes to the dead-letter queue.
//
// # Tenants
//
// Two tenants may have bots with the same ID. Everything that is kept between messages is keyed by
// both, or not kept. A Sage client remembers tokens by bot, so it lives for one report. Log lines
// and metrics take tenant, bot and period from the context of the message.
package worker
