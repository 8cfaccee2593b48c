package settings

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

// effects prints what a new configuration changes for readers: new and removed recipients, and the
// next send time of each bot. It only counts the bots without changes. old may be nil.
func effects(w io.Writer, old, next *config.Tenant, now time.Time) error {
	if old == nil {
		old = &config.Tenant{Name: next.Name}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	same := 0
	row := func(bot, when string, recipients []string) {
		fmt.Fprintf(table, "%s\t%s\t%s\n", bot, when, strings.Join(recipients, ", "))
	}
	fmt.Fprintln(table, "\nBOT\tNEXT REPORT\tRECIPIENTS")
	for _, b := range next.Subjects() {
		before, err := old.Subject(b.ID)
		name, when, recipients := b.ID, nextSend(b, now),
			changed(before.Destinations, b.Destinations)
		was := ""
		if err != nil {
			name = "+ " + name
		} else if was = nextSend(before, now); was == when && len(recipients) == 0 {
			same++
			continue
		} else if was != when {
			when += ", not " + was
		}
		row(name, when, recipients)
	}
	for _, b := range old.Subjects() {
		if _, err := next.Subject(b.ID); err != nil {
			row("- "+b.ID, "none, not "+nextSend(b, now), changed(b.Destinations, nil))
		}
	}
	if ops := changed(old.Ops, next.Ops); len(ops) > 0 {
		row("ops", "", ops)
	}
	if same > 0 {
		row(cli.Count(same, "bot", "bots")+" as before", "", nil)
	}
	return table.Flush()
}

// changed lists the added destinations, with +, and the removed ones, with -.
func changed(old, next []config.Destination) (changes []string) {
	describe := func(d config.Destination) string {
		if d.When == config.OnAlert {
			return d.String() + " (on_alert)"
		}
		return d.String()
	}
	add := func(sign string, from, besides []config.Destination) {
		for _, d := range from {
			if !slices.ContainsFunc(besides,
				func(o config.Destination) bool { return describe(o) == describe(d) }) {
				changes = append(changes, sign+describe(d))
			}
		}
	}
	add("+", next, old)
	add("-", old, next)
	return changes
}

// nextSend returns when the subject's next report is sent and its week, or why none is.
func nextSend(s config.Subject, now time.Time) string {
	until, ends := s.PausedUntil()
	switch {
	case len(s.Destinations) == 0:
		return "none: no recipients"
	case !ends:
		return "none: paused"
	}
	const years = 5
	week := period.LastComplete(now, s.Location)
	for range years * 53 {
		if at := s.SendAt(week); at.After(now) && !s.IsPaused(at) {
			return fmt.Sprintf("%s (%s)", at.Format("Mon 2 Jan 2006 15:04 MST"), week)
		}
		week = week.Next()
	}
	return "none: paused until " + until.String()
}
