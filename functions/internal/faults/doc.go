// Package faults tests that reports are delivered once, whichever request fails. It has only tests.
//
// # One run
//
// A run is a small deployment in a testing/synctest bubble: the real tick and worker, with the real
// clients of S3, SES, SNS and Slack, and fakes of these services without a network. It begins with
// a Monday's tick. Each invocation of a function is a process, with its own memory, and all its
// requests pass one gate. One request of one process meets one fault:
//
//	crash before     the process ends; neither this request nor a later one has an effect
//	crash after      the process ends before it gets the answer
//	lost             the request has its effect, and the answer is lost
//	dropped          the connection breaks, and there is no effect
//	refused          there is no connection
//	hangs before     no answer comes within the invocation's time, and there is no effect
//	hangs after      no answer comes within the invocation's time, but there is an effect
//	late             the answer is lost, and the effect comes minutes later, during the claim
//	invisible        a message exists, but the history shows it only after the claim has ended
//	slow             the answer comes when the process has only seconds left
//	a tick comes     the next tick runs before the request has its effect
//	twice at once    another worker gets the same message at that moment, and finishes first
//	an answer        an error that Slack, SES, S3 or SNS documents, without effect or, where the
//	                 documentation leaves that open, with it
//
// Then the deployment continues without faults until nothing is left to do: SQS redelivers what was
// not acknowledged, and a tick runs every 15 minutes. At last the first message and the first tick
// are repeated.
//
// Some families of runs add a condition: a concurrent worker; the end of the catch-up window; a
// late section; a changed configuration; a second tenant with the same bot ID; a removed
// destination or report; SES events that are early, repeated or out of order; a resend that fails
// too; a channel with more messages than a page of Slack's history. The seed decides which of two
// workers is faster.
//
// # What must hold after each run
//
// See judge. In short: each digest, its details, its PDF and each notice are in Slack once, or not
// at all if the ledger says that the delivery failed. Each mail was sent once, or as often as the
// ledger says that it may have been. A delivery is marked as uncertain only if its answer was lost.
// All destinations got the numbers of one build. The archive is complete or absent. No claim is
// stuck. SES events are in the ledger. Ops and the operator got one alert for each real problem,
// and no other. No process began what it could not record before its end, and no service got more
// requests than its limit.
//
// # A soak
//
// A run has one fault and lasts one morning. TestSoak has many faults over weeks: `make soak` runs
// 2,000 bots of many tenants for four weeks, every test run a few bots. Each request to Sage or
// Slack fails with probability 0.1, in one of the ways above. The app is removed from channels and
// invited again within a day. AWS fails more rarely. Processes live on between invocations, as
// Lambda's do, until they crash. The queue keeps groups in order and drops duplicates; it sometimes
// gives a message to two workers, and moves it to the dead letter queue after five tries, from
// which it is redriven. Ticks are missed or run twice. The weeks include both changes of summer
// time, in Europe and in America.
//
// After each week: every report is in its channel once, with its PDF or the reason why not. Every
// mail was sent once, or as often as the ledger says that it may have been. Only reports that could
// not be delivered are missed. Every archive is complete, with that bot's numbers. Ops got one
// alert for each cause, one when it ended, and one receipt that agrees with the ledger; the
// operator got one of all. The fakes then forget the week, so that what remains in memory belongs
// to the processes: it must not grow from the second week to the last.
//
// The seed, which is printed, and the request decide what happens to a request. Other randomness of
// the program, such as the wait before a retry, is not repeated by a seed.
//
// # Who is asked for
//
// TestByTeam_Histories lets the configurations of tenants change at random, while ticks write the
// index of Slack teams, or fail to. After each change a slash command finds the tenants that have
// the team, and no other.
//
// # Whether the tests can fail
//
// Each patch in testdata/mutants breaks the promise in one place, such as the order of claim, look
// up, send and record. `make mutants` shows that the runs find every one.
package faults
