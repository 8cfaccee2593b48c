// Package delivery brings each report to each destination once. It decides what is due, what is sent and what is
// remembered; buckets, Slack and SES are behind [Store] and [Sender], and every clock is an argument.
//
// The way of a report, in the order in which it goes it:
//
//   - [Plan] says which deliveries are due at an instant. It needs to know since when each destination is [FirstSeen]:
//     what fell due before is not sent, so deploying, adding a bot or moving a channel sends nothing old.
//   - [Ledger.Open] leaves out those that are over, that wait for their next try or that somebody is at. What it
//     returns goes into the queue. A tick that was missed, or came twice, does no harm: the next one finds what is open.
//   - [Archive.Save] freezes the numbers of the week under a build id. A manifest, written last and conditionally, says
//     which build counts; whoever loses that race sends the winner's numbers.
//   - [Ledger.Deliver] sends one delivery.
//   - [Late] and [Ledger.MarkMissed] say so in the end where none of it helped.
//   - [Ledger.History] tells an operator what became of a week, and [History.NextResend] by which delivery he sends it again.
//
// # The portfolio
//
// It goes the same way, as if it were the report of one more bot, bots.PortfolioID: planned, claimed, looked for, recorded, missed
// and sent again by the same code. Two things are its own. It may be sent before it is due, once [BotsReady] says so of the bots;
// [Early] returns its deliveries until then. And it is not built of Sage's answers but of what is archived, so it is one object,
// which [Archive.SavePortfolio] freezes, and nothing belongs under its message.
//
// # Once
//
// Neither Slack nor SES takes an idempotency key, so nobody can send exactly once. What is done instead, in this order:
//
//   - Claim. A conditional write, with a nonce for an owner, gives the delivery to one worker until its deadline and a
//     margin. It says how the message will be signed, see [Signature]. A worker that meets a live claim leaves. Nothing is sent after the deadline.
//   - Look. Where an earlier attempt may have sent, because its worker died or its answer was lost, the medium is
//     searched for the delivery's [Key] and the signature of a claim, from before the first claim on. What is found was sent. A
//     lookup that failed is not "absent", nor is a message whose author cannot be known: nothing is sent. Where a medium cannot be searched the message is sent again, and the record
//     is MaybeSent.
//   - Send.
//   - Record, even if the worker was told to stop. Accepted and everything else that is final also leaves a marker, so
//     that one LIST tells the tick what is over.
//
// What fails is recorded with its next try: after 5 and 15 minutes, 1, 3 and then every 6 hours; hourly where people
// have something to cure, which no failure that passes hides; later where the service says so; and not before the claim has
// ended where the message may have been sent, since until then it can still turn up. The queue's own retries are for crashes only.
//
// What remains: a message that Slack shows only after its claim has ended can be sent twice.
package delivery
