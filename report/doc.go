// Package report makes a bot's report: it collects a week's numbers, computes the figures and
// renders the editions. An edition is one form of the report: PDF, Slack message, mail, CSV,
// charts, text or JSON.
//
// # Tour
//
// The packages below this one, in the order in which data flows:
//
//   - [kindlyweekly/report/config] reads bots.yaml: tenants, their bots, the destinations, send
//     times. [kindlyweekly/report/config/edit] changes one and keeps its comments.
//   - [kindlyweekly/report/period] names the period of a report and says when it begins and ends in
//     a time zone. [kindlyweekly/report/holidays] lists public holidays by country.
//   - [kindlyweekly/report/collect] asks Kindly's Statistics API. It alone imports package sage.
//   - [kindlyweekly/report/figures] computes the numbers from the answers. It decides what can be
//     compared, what stands out and what the headline is about. Its Report is frozen as
//     report.json, from which everything below is rendered.
//   - [kindlyweekly/report/summary] turns figures into sections with sentences, charts and tables,
//     in a language of [kindlyweekly/report/wording].
//   - [kindlyweekly/report/charts] draws charts, with the typeface of [kindlyweekly/report/fonts]
//     and the colors and sizes of [kindlyweekly/report/theme].
//   - [kindlyweekly/report/pdf], [kindlyweekly/report/digest] (Slack and text),
//     [kindlyweekly/report/mail] and [kindlyweekly/report/csv] lay the sections out. They name no
//     statistic and decide nothing but the layout, so all editions say the same.
//     [kindlyweekly/report/pdf/tagged] makes the PDF accessible, and
//     [kindlyweekly/report/pdf/inspect] reads it as a screen reader does.
//   - [kindlyweekly/report/delivery] archives the editions and delivers each one to each
//     destination once. It knows destinations as interfaces; functions/channel implements them.
//
// Two packages are used in many places: [kindlyweekly/report/names] says which names look alike and
// which texts pictures show as boxes, and [kindlyweekly/report/portfolio] makes the report about
// all bots of a tenant from their reports.
//
// In this package, [Collect] goes as far as the figures, and [Render] renders the editions without
// a network. A report that was collected once can be rendered again later, byte for byte with the
// same version of the program. [RenderPortfolio] renders the portfolio, and [PortfolioPDF] its PDF
// alone. [Alerts] reports whether a destination that wants only alerts gets the report.
//
// The packages below read no clock and no environment. Only config reads files, whose names it is
// given. Times and clients are arguments.
//
// # Where changes go
//
// See .github/CONTRIBUTING.md for a destination, a statistic, a language and a period.
package report
