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
//	twice at once    another worker is given the same message just then, and finishes it first
//	an answer        one of those that Slack, SES, S3 and SNS document, without effect or, where they leave that open, with it
//
// Then the world goes on without faults: SQS brings what was not acknowledged again, a tick comes every quarter of an
// hour, until everything is quiet; and at last the same message and the same tick come once more.
//
// # What must hold after each run
//
// See judge. In short: each digest, PDF and notice is in Slack once, or where the ledger says that it failed for good, not
// at all; each mail was sent once, or as often as the ledger says that it may have been; all destinations got the same
// build; the archive is whole or absent; no claim is stuck; ops and the operator were told once of what is wrong, and of
// nothing that is not.
//
// # Whether that can fail
//
// testdata/mutants holds patches, each of which breaks the order of claim, look, send and record in one place. `make
// mutants` shows that the runs find every one of them.
package faults
