// Package functions documents the packages below it: three Lambdas and the command kindly-weekly.
// Package report makes the reports; the packages here decide when, for whom and where to.
//
// # Tour
//
// A weekly report passes through these packages, in this order:
//
//   - [kindlyweekly/functions/tick] runs every 15 minutes. It reads the tenants' configurations
//     ([kindlyweekly/functions/tenantconfig]), finds what is due from configuration, clock and ledger,
//     and queues a job for each bot ([kindlyweekly/functions/aws/queues]).
//   - [kindlyweekly/functions/worker] takes a job. It makes the report with package report, archives
//     it, and delivers it to each destination once, by the rules of report/delivery.
//   - [kindlyweekly/functions/channel] is how a destination is reached. Each kind is a package:
//     [kindlyweekly/functions/channel/slack], [kindlyweekly/functions/channel/email] and
//     [kindlyweekly/functions/channel/sns]. [kindlyweekly/functions/connection] tells whether a
//     request that failed had left.
//   - [kindlyweekly/functions/alerting] tells ops and the operator what failed, why, and which command
//     fixes it. The tick calls it.
//
// The slash command: [kindlyweekly/functions/slash] verifies a request from Slack and queues it;
// the worker makes the report.
//
// Each of tick, worker and slash has its main in its folder lambda. The mains and the command are
// connected in one place, package wire: it reads the environment and makes the store and the
// secrets; wire/sending makes the channels. [kindlyweekly/functions/aws/store] is the bucket, or a
// folder with the same layout; [kindlyweekly/functions/aws/secrets] reads API keys and tokens;
// [kindlyweekly/functions/spelling] reads where the statistics service has what is only assumed;
// [kindlyweekly/functions/log] writes log lines and metrics.
//
// [kindlyweekly/functions/kindly-weekly] is the command for people: reports on one machine, a
// deployment's configuration, keys and status, a local server and the demo.
//
// Below internal are test harnesses: [kindlyweekly/functions/internal/endtoend] runs the built
// functions on emulators, [kindlyweekly/functions/internal/faults] breaks deliveries in every way,
// [kindlyweekly/functions/internal/upgrade] upgrades and rolls back, and
// [kindlyweekly/functions/internal/stack] checks template.yaml.
//
// # Where changes go
//
// See .github/CONTRIBUTING.md for a destination, a statistic, a language and a period.
package functions
