// Package upgrade has no code, only tests: an upgrade of a deployment, and its rollback, lose
// nothing and send nothing twice.
//
// # Two versions and one outside
//
// testdata holds the source of the version before and what it has left: a bucket, queues, Slack,
// and mails that were sent. TestProbe is the three functions of this version in a process of their
// own, and the version before has a probe too, which the tests build from that source. Both ask the
// same bucket, Slack, SES, SNS, SQS and Sage, which the tests serve on this machine's loopback
// interface. They count what was sent. The tests set a probe's clock.
//
// # What was left
//
// The fixture was written by the version before itself. It is cut on Monday 16 November 2026, in
// the middle of the deliveries of week 46, so that the bucket holds a delivery in each state that a
// worker can leave behind:
//
//	delivered; skipped; missed (week 45)
//	claimed, and the worker died before it sent; after it sent, to Slack and by mail; when the
//	digest was there, before and after the PDF was
//	waiting for a section; failed, with a next try; waiting for people
//	frozen without a section (week 45)
//
// In the queues are jobs that no worker has taken, jobs that were redriven from the dead letter
// queue although they are done, jobs of workers that died, two slash commands, and an event of SES.
//
// The bots.yaml of two tenants has values that a later version may refuse. Another's current
// bots.yaml has a mistake.
//
// # What has to hold
//
// testdata/outcome.txt says what becomes of each delivery of weeks 45 to 47 if nothing is upgraded.
// It has to be the same after an upgrade, after a rollback, while both versions run, and when a
// worker is killed at any step before the upgrade or the rollback. Deliveries over a new limit may
// be left out, with an alert to ops.
package upgrade
