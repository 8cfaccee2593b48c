// Package faults has no code, only tests: it holds the promise of deliveries, whatever fails, to every way to fail.
//
// # One run
//
// A run is a small deployment in a testing/synctest bubble: the true tick and the true worker, with the true adapters of
// S3, SES, SNS and Slack, on doubles that are reached without a network. It begins with a Monday's tick. Each invocation of
// a function is a process: it has its own memory, and its own gate to the outside, through which every request goes. One
// fault is planned at one request of one process:
//
//	crash before     the process is gone before the request has any effect; nothing it does afterwards has
//	crash after      it is gone before it hears the answer
//	lost             the request has its effect, and the answer is lost
//	dropped          the connection breaks, and there is no effect
//	refused          there is no connection
//	hangs before     no answer comes in the time that the invocation has, and there is no effect
//	hangs after      likewise, but there is
//	late             the answer is lost, and the effect comes minutes later, while the claim still lasts
//	invisible        a message is there, but no history shows it before the claim has ended
//	slow             the answer comes when its process has only seconds left
//	a tick comes     the next one does, before the request has its effect
//	twice at once    another worker is given the same message just then, and finishes it first
//	an answer        one of those that Slack, SES, S3 and SNS document, without effect or, where they leave that open, with it
//
// Then the world goes on without faults: SQS brings what was not acknowledged again, a tick comes every quarter of an
// hour, until everything is quiet; and at last the same message and the same tick come once more.
//
// Some families of runs have more to bear than the fault. Another worker works beside the first, and it is up to a seed who is
// faster. The time to catch up ends meanwhile. A section comes later, or somebody changes the configuration, when some have the
// report already. A second customer, with a bot of the same id, is served by the same process. Nobody wants the report, or a
// mail. SES tells of mails: early, again, and in the wrong order. An operator sends again what did not arrive, and his command
// fails too. And people talk in all channels, more than fits on a page of Slack's.
//
// # What must hold after each run
//
// See judge. In short: each digest, its details, PDF and notice are in Slack once, or where the ledger says that it failed for good, not
// at all; each mail was sent once, or as often as the ledger says that it may have been; nothing is in doubt that nobody had
// a reason to doubt; all destinations got the numbers of the same build, and every resend those that count; the archive is
// whole or absent; no claim is stuck; what SES told is in the ledger; ops and the operator were told once of what is wrong, and
// of nothing that is not. Nothing was begun that could not be recorded before its process ended, and no service was asked more
// often than it bears.
//
// # A soak
//
// One fault at a time says nothing of what many do to each other, and a run of a morning nothing of what weeks leave behind.
// So a soak, TestSoak, is a deployment of many tenants for weeks: by `make soak` 2,000 bots for four of them, in every test a
// few. Each request to Sage and to Slack fails with a probability of a tenth, in one of all their ways; people keep the app out
// of channels, and let it in again within a day; AWS fails more rarely. The functions' processes live on from one invocation to
// the next, as Lambda's do, until they die in the midst of one. The queue keeps groups in order, drops what it has seen, gives
// a message to two workers now and then, and buries it after five times; people redrive what it has buried. Ticks fail to come,
// or come twice. Both ends of summer time, in Europe and in America, are within.
//
// Each week is judged as a whole: every report is in its channel once, with its PDF or a word on it; every mail was sent once,
// or as often as the ledger doubts; nothing was missed but what nobody could have delivered; every archive is whole, with the
// numbers that Sage gave for that bot; ops heard of every cause once, and of its end, and got one receipt, which agrees with
// the ledger; the operator got one of all. Then the doubles forget the week, and what is left in memory is what the processes
// remember: it must not grow from the second week to the last.
//
// What happens to a request follows from the seed, which is printed, and from the request, whichever goroutine is first. What
// the program itself leaves to chance, such as how long it waits before it asks again, a seed does not repeat.
//
// # Whether that can fail
//
// testdata/mutants holds patches, each of which breaks the order of claim, look, send and record, or another part of the
// promise, in one place. `make mutants` shows that the runs find every one of them.
package faults
