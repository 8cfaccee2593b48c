// Package endtoend has no code, only tests: the three functions as they are deployed, and everything around them played by
// somebody else's software.
//
//	the programs       `make build`, for this machine's processor; package stack inspects those for Lambda's
//	Lambda             AWS's runtime interface emulator, one process for each function
//	S3, SQS, SES,      moto, behind a proxy that writes down what it is asked
//	Secrets Manager
//	Scheduler,         JSON as AWS sends it, in testdata of the packages that read it
//	API Gateway
//	event source       a poller of the test's: it receives from SQS, invokes the worker, deletes what did not fail
//	mapping
//	Slack              slackdouble; blocks are judged, and requests signed, by Slack's Python SDK
//	Sage, Kindly       sagetest
//	mailboxes          moto's; messages are read by Python's email package, their PDF by qpdf
//
// # Time
//
// A tick's time is its input, so the test's Monday is the last one that has been. The worker has this machine's clock, so
// the catch-up window is as wide as the template allows, 240 hours, into which that Monday always falls. Nothing waits:
// where an hour is to pass until the next try of a delivery, the test moves that try in the ledger.
//
// # What moto does not do
//
// It checks and writes without a lock and never answers 409: races are package storetest's. It has no events of SES's: the
// test sends them. It asks for no permission: what each function has asked for is held against its role in the template.
package endtoend
