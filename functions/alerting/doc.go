// Package alerting notifies people of reports that do not arrive. A notice says why, and what to
// do. Each cause has one notice when it begins and one when it is over, however many bots it
// affects.
//
// There are two audiences. Ops are the contacts of a tenant, the key ops in its bots.yaml. The
// operator runs the deployment.
//
// Each failure is in the ledger with its reason. The tick reads all of them every 15 minutes:
//
//   - [Causes] groups a tenant's reports by cause: one outage of Sage may delay 30 bots. Ops are
//     notified if a report will not arrive, if people must act, or if a report is an hour late.
//   - [Notifier.Record] compares the causes with those that ops know. It writes each change as a
//     notice into the tenant's ops/state.json, before anything is sent. [Notifier.Notify] then
//     delivers the notices as reports are delivered, see report/delivery. So a crash or a
//     concurrent tick sends no notice twice.
//   - [Notifier.NotifyOperator] does the same for the operator, by SNS, about all tenants. So a
//     tenant whose ops channel fails is not lost, and a cause of many tenants is one message.
//   - Each Monday ops and the operator get a receipt that counts the week's reports. If it does not
//     come, the deployment itself has a problem.
//
// Notices are in English, as are the errors that they quote.
//
// # What is one cause
//
// Senders and the worker name the cause of each failure, see [delivery.Failure]. Failures without
// one share a cause if they have the same words. A report that was missed or has failed for good
// belongs to a cause of its week, since an operator has to send each week again. Ops are not told
// once a later report has arrived there.
//
// A report that lacks chats or messages, see CoreGap in package figures, belongs to a cause of its
// week too. It says so itself; ops are told why and how to send it again. The cause is over once
// the report was sent again complete, or a later one is complete.
//
// A tick that cannot finish its work for a tenant is a cause if two in a row could not.
//
// # When a cause is over
//
// A cause is over if no report has it. The notice says what has become of its reports. Ops get none
// if all of them were missed, have failed for good, or are too old for the ledger to be asked. If
// another cause delays all of its reports, the cause stays open, because it may still apply.
//
// A destination of ops that cannot be notified is itself a cause, which the other destinations get.
// It is over once a notice was certainly sent there after the first failure, see
// [delivery.Record.SentSince]. A notice that a search finds does not count, since it may be older.
//
// # What can be sent twice
//
// A mail or an SNS message whose answer was lost can be sent twice, since neither can be looked up.
// So can a Slack message that appears only after its claim has ended.
package alerting
