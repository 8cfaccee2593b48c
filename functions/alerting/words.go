package alerting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// writer writes notices. They are plain text, and senders escape it.
type writer struct {
	commands Commands
	window   time.Duration  // for how long a late report is retried
	tenants  bool           // name the tenant of each bot
	zone     *time.Location // of what is not about one bot
}

// Lists are cut after so many lines.
const maxLines = 10

// problems says what is wrong with reports: in a subject, above a list of them, and above the
// commands that send them again.
var problems = [numProblems]struct{ subject, list, resend string }{
	undelivered: {"not delivered", "Not delivered, and no longer retried", "To send again"},
	noPDF:       {"sent without the PDF", "Sent without the PDF", "To send again with the PDF"},
	incomplete:  {"sent incomplete", "Sent incomplete", "To ask Sage again and resend"},
	delayed:     {"delayed", "Delayed", ""},
}

// outcomes says what has become of reports, by what was wrong with them.
var outcomes = [numProblems][numEndings]string{
	undelivered: {
		fixed:      "delivered",
		replaced:   "not delivered, but a later week's report was",
		unresolved: "not delivered",
	},
	noPDF: {
		fixed:      "sent again with the PDF",
		replaced:   "without the PDF, but a later week's report has it",
		unresolved: "still without the PDF",
	},
	incomplete: {
		fixed:      "sent again, complete",
		replaced:   "incomplete, but a later week's report is complete",
		unresolved: "still incomplete",
	},
}

// otherOutcomes are those that do not depend on what was wrong.
var otherOutcomes = [numEndings]string{
	unwanted:  "no longer wanted: the configuration changed, or there was nothing to report",
	postponed: "delayed for another reason",
}

// begun is the notice of a cause.
func (w writer) begun(c Cause, now time.Time) delivery.Notice {
	var by [numProblems][]Report
	for _, r := range c.Reports {
		p := c.problemOf(r)
		by[p] = append(by[p], r)
	}
	var subject string
	var text, lists []string
	for p, all := range by {
		if len(all) == 0 {
			continue
		}
		number := counted(len(all), "report")
		subject = cmp.Or(subject, c.title()+": "+number+" "+problems[p].subject)
		lists = append(lists, problems[p].list+w.retried(problem(p), all, now)+":", w.list(all))
		lists = append(lists, w.resend(problem(p), all)...)
	}
	if c.Detail != "" {
		text = append(text, c.Detail)
	}
	if c.missed {
		subject = c.prefixed(counted(len(c.Reports), "report") + " missed: " + c.Reason)
		text = append(text, fmt.Sprintf("The catch-up window of %s has ended.", hours(w.window)))
	}
	if c.Remedy != "" {
		text = append(text, "What to do: "+Sentence(c.Remedy))
	}
	return delivery.Notice{
		Subject: cmp.Or(subject, c.title()),
		Text:    strings.Join(append(text, lists...), "\n"),
	}
}

// retried says until when delayed reports are retried; empty if they are not.
func (w writer) retried(p problem, all []Report, now time.Time) string {
	last := slices.MaxFunc(all, func(a, b Report) int { return a.due.Compare(b.due) })
	until := last.due.Add(w.window)
	if p != delayed || !now.Before(until) {
		return ""
	}
	return ", and retried until " + moment(until, all[0].zone)
}

// over is the notice that a cause is no longer found.
func (w writer) over(x incident, e endings, now time.Time) delivery.Notice {
	lines := []string{fmt.Sprintf("It lasted %s, since %s.", lasted(now.Sub(x.Since)),
		moment(x.Since, w.zone))}
	for p, counts := range e {
		for end, n := range counts {
			if n > 0 {
				what := outcomes[p][end] + otherOutcomes[end]
				lines = append(lines, "- "+counted(n, "report")+" "+what)
			}
		}
	}
	if x.More > 0 {
		lines = append(lines, fmt.Sprintf("- %d more, not checked one by one", x.More))
	}
	return delivery.Notice{Subject: "Resolved: " + x.Reason, Text: strings.Join(lines, "\n")}
}

// list has a line for each bot and week, with the destinations.
func (w writer) list(all []Report) string {
	var jobs []config.Job
	of := make(map[config.Job][]Report)
	for _, r := range all {
		if of[r.job] == nil {
			jobs = append(jobs, r.job)
		}
		of[r.job] = append(of[r.job], r)
	}
	var lines []string
	for i, j := range jobs {
		if i == maxLines && len(jobs) > maxLines+1 {
			lines = append(lines, fmt.Sprintf("- and %d more", len(jobs)-i))
			break
		}
		name := of[j][0].name
		if name != j.Bot {
			name += " (" + j.Bot + ")"
		}
		if w.tenants {
			name = j.Tenant + ": " + name
		}
		lines = append(lines, fmt.Sprintf("- %s, %s, to %s", name, j.Period, destinations(of[j])))
	}
	return strings.Join(lines, "\n")
}

// destinations lists at most four destinations.
func destinations(all []Report) string {
	var names []string
	for _, r := range all {
		name := r.to.String()
		if r.inDoubt {
			name += " (it may have arrived)"
		}
		names = append(names, name)
	}
	if n := len(names); n > 4 {
		names = append(names[:3], fmt.Sprintf("and %d more", n-3))
	}
	return strings.Join(names, ", ")
}

// resend lists the commands that send reports again.
func (w writer) resend(p problem, all []Report) []string {
	intro := problems[p].resend
	if intro == "" || w.commands.Resend(all[0].delivery()) == "" {
		return nil
	}
	if p == undelivered && slices.ContainsFunc(all, func(r Report) bool {
		return r.inDoubt && r.to.Medium == config.Slack
	}) {
		intro += ", unless Slack already has it"
	}
	lines := []string{intro + ":"}
	for i, r := range all {
		if i == maxLines && len(all) > maxLines+1 {
			more := fmt.Sprintf("and %d more, which this command lists", len(all)-i)
			lines = append(lines, Instruction(more, w.commands.Status(r.job.Tenant, r.job.Period)))
			break
		}
		lines = append(lines, "  "+w.commands.Resend(r.delivery()))
	}
	return lines
}

// counted returns a number of things: 1 report, 2 reports.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func hours(d time.Duration) string { return counted(int(d.Hours()), "hour") }

// lasted returns a duration in minutes, hours or days.
func lasted(d time.Duration) string {
	switch d = d.Round(time.Minute); {
	case d < 2*time.Hour:
		return counted(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return hours(d.Round(time.Hour))
	}
	return counted(int(d.Round(24*time.Hour).Hours()/24), "day")
}

// moment returns an instant in a time zone, with its name.
func moment(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("Monday 2 January, 15:04") + " (" + zone.String() + ")"
}
