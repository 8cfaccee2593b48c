// Package delivery delivers each report to each destination once. It decides what is due, what is
// sent and what is recorded. Storage and services are behind [Store] and [Sender]; clocks are
// arguments.
//
// A report takes these steps:
//
//   - [Plan] returns the deliveries that are due at an instant. A destination gets what falls due
//     after it was [FirstSeen], so deploying, adding a bot or moving a channel sends nothing old.
//   - [Ledger.Statuses] and [Ready] leave out those that are over, wait for their next try or are
//     claimed by a worker. The rest goes into the queue. A tick that is missed or comes twice does
//     no harm: the next one finds what is open.
//   - [Archive.Save] freezes the week's numbers under a build ID. A manifest, written last and
//     conditionally, says which build counts. If two workers build the same report, the first
//     manifest wins, and both send its numbers.
//   - [Ledger.Deliver] sends one delivery.
//   - [Late] and [Ledger.MarkMissed] record what was not delivered in time.
//   - [Ledger.History] returns the records of a week, and [History.NextResend] the delivery by
//     which an operator sends it again.
//
// # The portfolio
//
// A report is about a config.Subject: a bot, or all bots of a tenant. Both take the same steps and
// follow the same rules. The portfolio may be sent before it is due, once [BotsReady] returns true;
// [Early] returns its deliveries until then. It is made of archived reports, so it is one object,
// which [Archive.SavePortfolio] freezes. Its PDF in each language is another object, which
// [Archive.PortfolioPDF] freezes. What differs in a message is its [Payload].
//
// # Once
//
// Neither Slack nor SES takes an idempotency key, so exactly-once is not possible. Instead:
//
//   - Claim. A conditional write gives the delivery to one worker, until its deadline and a margin.
//     It records how the message will be signed, see [Signature]. A worker that finds a live claim
//     leaves. Nothing is sent after the deadline.
//   - Look. If an earlier try may have sent the message, since its worker died or its answer was
//     lost, the service is searched for the delivery's key and the signature of a claim. What is
//     found was sent. If the search fails, or the message's author is not known, nothing is sent.
//     If the service cannot be searched, the message is sent again, and the record says
//     MaybeDuplicate.
//   - Send.
//   - Record, even if the worker was told to stop. A final state also writes a marker, so that one
//     LIST tells the tick what is over.
//
// [Ledger.Statuses] reads only what exists. It lists a week's markers, then its records, and reads
// the records that the second LIST has found and no marker makes unnecessary. The result is a
// snapshot that may be old when it is used, as that of a GET is, and nothing above depends on it:
//
//   - A record that is written after the LIST looks like a delivery that was never tried. The tick
//     queues a job for it in vain: the worker's claim reads the record, finds the claim, the next
//     try or the end, and is itself a conditional write.
//   - [Ledger.MarkMissed] reads each record again and writes on the condition that it is unchanged,
//     or absent if there is none. So it does not replace a claim or a message that was sent.
//   - What a LIST found and what was not there to be read is a delivery that was never tried. Too
//     much is queued rather than too little, and the next tick looks again.
//   - If a LIST fails, the statuses of the tenant are not known, and the next tick tries again.
//
// A failure is recorded with its next try: after 5 and 15 minutes, 1, 3 and then every 6 hours;
// every hour if people have to act; later if the service asks for it. If the message may have been
// sent, the next try comes only after the claim has ended, since until then it can still appear.
// The queue's own retries are for crashes.
//
// One gap remains: a message that Slack shows only after its claim has ended can be sent twice.
package delivery
