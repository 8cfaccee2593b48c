// Package endtoend has only tests. They run the three deployed programs, with other people's
// software around them.
//
//	the programs       built by `make build` for this machine's processor; package stack checks
//	                   those for Lambda's
//	Lambda             AWS's runtime interface emulator, one for each function
//	S3, SQS, SES,      moto, behind a proxy that records each request
//	Secrets Manager
//	Scheduler,         JSON as AWS sends it, in testdata of the packages that read it
//	API Gateway
//	event source       a poller of the test: it receives from SQS, invokes the worker, and deletes
//	mapping            what did not fail
//	Slack              slackfake; Slack's Python SDK checks the blocks and signs the requests
//	Sage, Kindly       sagefake
//	mailboxes          moto's; Python's email package reads the messages, qpdf their PDF
//
// # Time
//
// A tick gets its time as input: the last Monday before now. The worker uses this machine's clock,
// so the catch-up window is 240 hours, the longest that the template allows: it always includes
// that Monday. The tests do not wait. To let an hour pass before the next try of a delivery, they
// move the time of that try in the ledger.
//
// # Torture
//
// TestTorture kills functions with SIGKILL at random moments. Every test run kills the worker 12
// times, `make torture` KILLS times. Some kills hit the tick. The moments are spread evenly over
// the duration of an invocation, which is measured first. All services answer slowly, so that kills
// meet every step. A kill has the effect of a timeout or of exhausted memory in Lambda: the program
// ends at once, and requests in flight may or may not take effect. The emulator survives. It
// reports Runtime.ExitError, and starts the program again for the next event.
//
// After a kill, SQS shows the message again after half an hour, or the tick queues the job again.
// Instead of waiting, the test moves the times of claims and next tries in the ledger back by half
// an hour, once all requests of the killed process have ended.
//
// At the end each digest and its PDF are in Slack once. Each mail was sent once, and once more for
// each worker that was killed between sending and recording. The archive is complete, every
// destination got its build, no claim is left, and no alert was false. Duplicate and lost messages
// are found within a few kills. To see this, apply a patch of `make mutants`, such as no-look.
//
// # Measurements
//
// `make measure-lambda` runs TestMeasureLambda, which prints what the functions take by size of
// memory: time, processor time, memory and cost. The costs in functions/REFERENCE.md are from it.
//
// # What moto does not do
//
// It checks and writes without a lock and never answers 409: package storetest tests races. It
// sends no SES events: the tests send them. It checks no permissions: the tests compare the
// requests of each function with its role in the template.
package endtoend
