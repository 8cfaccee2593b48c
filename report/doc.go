// Package report makes a bot's weekly report. The whole way, in the order in which a number travels it:
//
//   - [kindlyweekly/report/config] says whose report it is, in which time zone, with which filters, what it is held to, and
//     which days are not like others; [kindlyweekly/report/holidays] knows those that everybody has.
//   - [kindlyweekly/report/period] says which seven days it is about.
//   - [kindlyweekly/report/collect] asks Sage. It is the only part that knows package sage.
//   - [kindlyweekly/report/figures] turns the answers into the week's figures, decides what can be compared, what stands
//     out and what the headline is about. They are frozen there: report.json holds all that the rest needs.
//   - [kindlyweekly/report/summary] says in words what they show, in a language of
//     [kindlyweekly/report/wording].
//   - [kindlyweekly/report/charts] draws them, with [kindlyweekly/report/fonts]; what all editions look like is in
//     [kindlyweekly/report/theme].
//   - [kindlyweekly/report/pdf], [kindlyweekly/report/digest], [kindlyweekly/report/mail] and
//     [kindlyweekly/report/csv] lay the same words, numbers and charts out for their media. They decide nothing
//     but the layout, so that no two editions can disagree.
//
// Beside a bot's report there is the overview of all bots of a tenant. [kindlyweekly/report/portfolio] makes it of their reports
// and says it in words, digest and mail lay it out, and [DrawOverview] draws every edition of it.
//
// [Collect] goes as far as the figures, [Dress] gives them a brand's looks, and [Draw] goes the rest of the way, without a
// network: a report that was once collected can be drawn again, byte for byte with the same version of this program. [Alerts]
// says whether it is one for those who only want to hear when something is wrong.
//
// No package here reads a clock, the environment or a file. Times and clients are arguments.
//
// The package summary is not in the first design of this house. Without it every edition made its own sentences from
// the figures, and they began to differ.
package report
