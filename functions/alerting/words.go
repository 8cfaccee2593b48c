package alerting

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// writer puts things into words. They are plain text; whoever sends it sees to it that nothing in it is markup.
type writer struct {
	commands  Commands
	window    time.Duration // within which what is late is caught up
	forgotten time.Duration // after which the ledger is not asked about a report any more
	tenants   bool          // say whose a bot is
}

const mostLines = 10 // of a list

// begun is the notice of a cause.
func (w writer) begun(c Cause, now time.Time) delivery.Notice {
	var waiting, gone, lacking, gaps []delivery.Status
	for _, s := range c.Reports {
		switch {
		case c.gaps:
			gaps = append(gaps, s)
		case !s.Over:
			waiting = append(waiting, s)
		case s.Record.Missing != "":
			lacking = append(lacking, s)
		default:
			gone = append(gone, s)
		}
	}
	subject := c.title()
	var text []string
	add := func(lines ...string) { text = append(text, lines...) }
	if c.Detail != "" {
		add(c.Detail)
	}
	switch {
	case c.missed:
		subject = counted(len(gone), "report was missed", "reports were missed") + ": " + c.Reason
		if c.tenant != "" {
			subject = c.tenant + ": " + subject
		}
		add(fmt.Sprintf("The time to catch up, %s, has ended.", hours(w.window)))
	case len(gone) > 0:
		subject += ": " + counted(len(gone), "report will not arrive", "reports will not arrive")
	case len(waiting) > 0:
		n := len(botsOf(waiting))
		subject += ": " + counted(n, "bot waits", "bots wait")
	case len(gaps) > 0:
		subject += ": " + counted(len(gaps), "report was sent incomplete", "reports were sent incomplete")
	case len(lacking) > 0:
		subject += ": " + counted(len(lacking), "report arrived without its PDF", "reports arrived without their PDF")
	}
	if c.Remedy != "" {
		add("What to do: " + Sentence(c.Remedy))
	}
	if len(waiting) > 0 {
		add(counted(len(waiting), "report waits", "reports wait")+":", w.list(waiting))
		if now.Before(w.until(waiting)) {
			add(plural(len(waiting), "It is tried again by itself until ", "They are tried again by themselves until ") + moment(w.until(waiting), waiting[0].Bot) + ".")
		}
	}
	if len(gone) > 0 {
		add(counted(len(gone), "report has not arrived and is not tried again", "reports have not arrived and are not tried again")+":", w.list(gone))
	}
	if len(lacking) > 0 {
		add(counted(len(lacking), "report arrived without its PDF", "reports arrived without their PDF")+":", w.list(lacking))
	}
	if len(gaps) > 0 {
		add(counted(len(gaps), "report was sent incomplete, and says so", "reports were sent incomplete, and say so")+":", w.list(gaps),
			plural(len(gaps), "To ask Sage again, and send it anew:", "To ask Sage again, and send them anew:"), w.resends(gaps))
	}
	add(w.again(gone, lacking)...)
	return delivery.Notice{Subject: subject, Text: strings.Join(text, "\n")}
}

// over is the notice that a cause is no more.
func (w writer) over(x incident, e end, now time.Time) delivery.Notice {
	n := delivery.Notice{Subject: "Resolved: " + x.Reason}
	text := []string{fmt.Sprintf("It was so for %s, since %s.", lasted(now.Sub(x.Since)), x.Since.UTC().Format("Monday 2 January, 15:04 UTC"))}
	all := e.arrived + e.completed + e.mended + e.later + e.laterWhole + e.laterKnown + e.elsewhere + e.unwanted + e.lacking + e.unknown + e.lost
	line := func(n int, what string) {
		if n > 0 {
			text = append(text, fmt.Sprintf("- %d %s", n, what))
		}
	}
	const unwanted = "not wanted any more: the configuration has changed, or there was nothing to say"
	switch {
	case all == 0:
	case e.arrived == all && x.More == 0:
		text = append(text, counted(all, "report that it kept back has arrived", "reports that it kept back have arrived")+".")
	case e.completed == all && x.More == 0:
		text = append(text, counted(all, "report that arrived without its PDF was sent again with it", "reports that arrived without their PDF were sent again with it")+".")
	case e.mended == all && x.More == 0:
		text = append(text, counted(all, "report that was sent incomplete was sent again, complete", "reports that were sent incomplete were sent again, complete")+".")
	case e.mended+e.laterKnown+e.unknown == all && x.More == 0:
		text = append(text, plural(all, "The report that was sent incomplete:", fmt.Sprintf("The %d reports that were sent incomplete:", all)))
		line(e.mended, "sent again, complete")
		line(e.laterKnown, "not mended, but a later week is complete")
		line(e.unknown, "not mended")
	default:
		n := all + x.More
		text = append(text, plural(n, "The report that it kept back:", fmt.Sprintf("The %d reports that it kept back:", n)))
		line(e.arrived, "arrived")
		line(e.completed, "sent again, with the PDF")
		line(e.mended, "sent again, complete")
		line(e.later, "did not arrive, but a later week's did")
		line(e.laterWhole, "without its PDF, but a later week's has it")
		line(e.laterKnown, "incomplete, but a later week's is complete")
		line(e.elsewhere, "did not arrive, now for another reason")
		line(e.unwanted, unwanted)
		line(e.lacking, "still without its PDF")
		line(e.unknown, "still incomplete")
		line(e.lost, "not sent")
		line(x.More, "more were not looked at one by one")
	}
	n.Text = strings.Join(text, "\n")
	return n
}

// until is when the last of them is given up.
func (w writer) until(all []delivery.Status) time.Time {
	var last time.Time
	for _, s := range all {
		if at := s.Due.Add(w.window); at.After(last) {
			last = at
		}
	}
	return last
}

// list has a line for each bot and week, with the destinations.
func (w writer) list(all []delivery.Status) string {
	var (
		jobs []config.Job
		to   = make(map[config.Job][]string)
		of   = make(map[config.Job]config.Bot)
	)
	for _, s := range all {
		if _, known := of[s.Job]; !known {
			jobs, of[s.Job] = append(jobs, s.Job), s.Bot
		}
		place := s.Destination.String()
		if s.Record.InDoubt() {
			place += " (it may be there)"
		}
		to[s.Job] = append(to[s.Job], place)
	}
	var lines []string
	for i, j := range jobs {
		if i == mostLines && len(jobs) > mostLines+1 {
			lines = append(lines, fmt.Sprintf("- and %d more", len(jobs)-i))
			break
		}
		name := of[j].Name
		if name != j.Bot {
			name += " (" + j.Bot + ")"
		}
		if w.tenants {
			name = j.Tenant + ": " + name
		}
		places := to[j]
		if len(places) > 4 {
			places = append(places[:3:3], fmt.Sprintf("and %d more", len(places)-3))
		}
		lines = append(lines, fmt.Sprintf("- %s, %s, to %s", name, j.Period, strings.Join(places, ", ")))
	}
	return strings.Join(lines, "\n")
}

// again is how those are sent that did not arrive, and those that lack their PDF.
func (w writer) again(gone, lacking []delivery.Status) []string {
	var text []string
	if len(gone) > 0 {
		what := "To send what did not arrive:"
		if slices.ContainsFunc(gone, func(s delivery.Status) bool { return s.Record.InDoubt() && s.Destination.Medium == config.Slack }) {
			what = "To send what did not arrive; what may be there is looked for first:"
		}
		text = append(text, what, w.resends(gone))
	}
	if len(lacking) > 0 {
		text = append(text, plural(len(lacking), "To send it again, with its PDF:", "To send them again, with their PDF:"), w.resends(lacking))
	}
	return text
}

// resends are the commands that send them again.
func (w writer) resends(all []delivery.Status) string {
	var lines []string
	for i, s := range all {
		if i == mostLines && len(all) > mostLines+1 {
			more := fmt.Sprintf("and %d more, which are listed by", len(all)-i)
			lines = append(lines, Instruction(more, w.commands.Status(s.Job.Tenant, s.Job.Period)))
			break
		}
		lines = append(lines, "  "+w.commands.Resend(s.Delivery))
	}
	return strings.Join(lines, "\n")
}

func botsOf(all []delivery.Status) []string {
	var names []string
	for _, s := range all {
		names = append(names, s.Job.Tenant+"/"+s.Job.Bot)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func counted(n int, one, many string) string { return fmt.Sprintf("%d %s", n, plural(n, one, many)) }

func hours(d time.Duration) string { return counted(int(d.Hours()), "hour", "hours") }

// lasted is a duration as people say it.
func lasted(d time.Duration) string {
	switch d = d.Round(time.Minute); {
	case d < 2*time.Hour:
		return counted(int(d.Minutes()), "minute", "minutes")
	case d < 48*time.Hour:
		return counted(int(d.Round(time.Hour).Hours()), "hour", "hours")
	}
	return counted(int(d.Round(24*time.Hour).Hours()/24), "day", "days")
}

// moment is an instant by the bot's clock.
func moment(at time.Time, b config.Bot) string {
	return at.In(b.Location).Format("Monday 2 January, 15:04") + " (" + b.TZ + ")"
}
