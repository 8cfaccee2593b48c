// Package alerting tells people that reports do not arrive, and why, and what to do: once for each cause, however many
// bots and tries it concerns, and once more when it is over.
//
// Whatever fails is in the ledger, with its reason, so nobody has to be told by whoever failed. The tick looks at it as a
// whole instead, every quarter of an hour:
//
//   - [Causes] gathers how the tenant's deliveries stand into causes: "Sage could not be reached" may keep back 30 bots.
//     A cause is told when a report will not arrive, when people have something to do, or when a report is an hour late.
//   - [Notifier.Record] compares them with the causes that ops know of, and writes down what is new as a notice, in the
//     tenant's ops/state.json, before anybody is told. [Notifier.Notify] delivers the notices to the tenant's ops, by the ledger:
//     claimed, looked for and recorded as reports are, so that a tick that dies, or two at once, tell nothing twice.
//   - [Notifier.NotifyOperator] does the same for whoever runs the deployment, by SNS, for all tenants at once: so a tenant's dead
//     ops channel hides nothing, and what keeps back the bots of many tenants is one message.
//   - Each Monday both get a receipt of what was due. Where it does not come, the deployment is dead.
//
// Notices are in English, as the errors that they quote are.
//
// # What is one cause
//
// Senders and the worker name the cause of each failure, see [delivery.Failure]; where they name none, the same words are
// the same cause. What was missed, or failed for good, is a cause of its own for each week, since it takes an operator to
// send each again, and it is told no more once a later report has arrived there. A cause is over when no delivery carries it
// any more. Then ops hear what became of what it kept back; but where it all was missed, or will not arrive, or so long ago
// that the ledger is no longer asked about it, there is nothing to say. While all that it kept back waits for something else,
// nobody knows: that may only hide it.
//
// A report that was sent although chats or messages of its week are not known, see CoreGap in package figures, is a cause of its
// own for each week: the reports say that they are incomplete, and ops are told why and how to send them anew. It is over once
// they were sent again complete, or a later week's report is complete.
//
// A tick that cannot see to everything of a tenant is a cause too, once two in a row could not.
//
// # What can be told twice
//
// A mail, and what goes by SNS, where the answer to it was lost: neither can be looked for. What Slack shows only after a
// claim has ended, as with reports.
package alerting
