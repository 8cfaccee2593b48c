// Package endtoend has no code, only tests: the three functions as they are deployed, and everything around them played by
// somebody else's software.
//
//	the programs       `make build`, for this machine's processor; package stack inspects those for Lambda's
//	Lambda             AWS's runtime interface emulator, one for each function
//	S3, SQS, SES,      moto, behind a proxy that writes down what it is asked
//	Secrets Manager
//	Scheduler,         JSON as AWS sends it, in testdata of the packages that read it
//	API Gateway
//	event source       a poller of the test's: it receives from SQS, invokes the worker, deletes what did not fail
//	mapping
//	Slack              slackfake; blocks are judged, and requests signed, by Slack's Python SDK
//	Sage, Kindly       sagefake
//	mailboxes          moto's; messages are read by Python's email package, their PDF by qpdf
//
// # Time
//
// A tick's time is its input, so the test's Monday is the last one that has been. The worker has this machine's clock, so
// the catch-up window is as wide as the template allows, 240 hours, into which that Monday always falls. Nothing waits:
// where an hour is to pass until the next try of a delivery, the test moves that try in the ledger.
//
// # Torture
//
// TestTorture kills functions with SIGKILL at random moments: a dozen invocations of the worker wherever all tests run,
// KILLS of them by `make torture`, and now and then the tick. The moments are spread evenly over what an invocation takes,
// which is measured first, and everything outside takes its time, so that every step is met. What is killed is the program
// under the emulator. That is what a dying environment comes to: memory or time are used up and Lambda ends the process, or
// the machine is gone; either way it says nothing more, and what is on its way is done or is not. The emulator is Lambda's
// own part. It lives on, reports the death as Runtime.ExitError, and starts the program anew for the next event.
//
// The poller then lets half an hour pass, until SQS shows the message again, or gives it up and the tick queues the job anew.
// Nobody waits for that: what the ledger says of claims and next tries is moved back by as much, while nothing runs, and
// nothing is on its way that the dead have asked for.
//
// In the end each digest and its PDF are in Slack once, each mail was sent once and once more for each worker that died
// between sending and recording it, the archive is whole and everybody got its build, no claim is left, and ops and the
// operator heard of nothing that was not so. What stays twice or lost is found after some kills: `make mutants` has patches
// to try it with, such as no-look and follow-does-not-look.
//
// # What moto does not do
//
// It checks and writes without a lock and never answers 409: races are package storetest's. It has no events of SES's: the
// test sends them. It asks for no permission: what each function has asked for is held against its role in the template.
package endtoend
