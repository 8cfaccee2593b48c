package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

type doctor struct {
	choice
}

// Run examines the last complete week, in which there is something to count.
func (c *doctor) Run(ctx context.Context, h host) error {
	bot, err := c.bot()
	if err != nil {
		return err
	}
	client := h.client()
	client.Tries = 1 // an endpoint that needs a second try should be seen to
	client.Log = nil // the table says it
	e := &examination{
		client: client, bot: bot, week: period.LastComplete(h.now(), bot.Location),
		table: tabwriter.NewWriter(h.out, 0, 0, 2, ' ', 0), now: h.now,
	}
	fmt.Fprintf(h.out, "%s (%s), %s, %s to %s (exclusive), sources %s\n\n", bot.Name, bot.ID, bot.TZ, e.week.From(), e.week.To(), sources(bot))
	e.endpoints(ctx)
	if err := e.table.Flush(); err != nil {
		return err
	}
	for _, advice := range e.advice {
		fmt.Fprintln(h.out, "\n"+advice)
	}
	if e.reached {
		fmt.Fprintln(h.out, "\nWhat was only assumed until now:")
		e.proofs(ctx)
		if err := e.table.Flush(); err != nil {
			return err
		}
	}
	if e.failures > 0 {
		fmt.Fprintf(h.err, "local: %s\n", counted(e.failures, "thing is not as it should be", "things are not as they should be"))
		return errTold
	}
	return nil
}

func sources(bot bots.Bot) string {
	if len(bot.Sources) == 0 {
		return "all"
	}
	return strings.Join(bot.Sources, ", ")
}

// examination is one run of the doctor.
type examination struct {
	client   *sage.Client
	bot      bots.Bot
	week     period.Week
	table    *tabwriter.Writer
	now      func() time.Time
	advice   []string
	failures int
	reached  bool // some statistic came back, so that there is something to prove
	options  sage.Options
}

func (e *examination) query() sage.Query {
	return sage.Query{From: e.week.From().String(), To: e.week.To().String(), TZ: e.bot.TZ, Sources: e.bot.Sources, Languages: e.bot.Languages}
}

// endpoints asks each endpoint once, in the order of the vendor's page, and prints a row for each.
func (e *examination) endpoints(ctx context.Context) {
	fmt.Fprintln(e.table, "ENDPOINT\tSTATUS\tTIME\tWHAT CAME BACK")
	q := e.query()
	list := q
	list.Limit = 5
	probe(e, "meta/options", func() (sage.Options, error) { return e.client.Options(ctx, e.bot.ID) }, func(o sage.Options) string {
		e.options = o
		return fmt.Sprintf("sources %s; languages %s", quoted(o.Sources), quoted(o.Languages))
	})
	counts := func(points []sage.CountPoint) string {
		return fmt.Sprintf("%s, %d in all", counted(len(points), "day", "days"), total(points))
	}
	probe(e, "sessions/chats", func() ([]sage.CountPoint, error) { return e.client.Chats(ctx, e.bot.ID, q) }, counts)
	probe(e, "sessions/messages", func() ([]sage.CountPoint, error) { return e.client.Messages(ctx, e.bot.ID, q) }, counts)
	probe(e, "fallbacks/series", func() ([]sage.FallbackPoint, error) { return e.client.FallbackSeries(ctx, e.bot.ID, q) }, func(points []sage.FallbackPoint) string {
		n := 0
		for _, p := range points {
			n += p.Count
		}
		return fmt.Sprintf("%s, %d in all", counted(len(points), "day", "days"), n)
	})
	probe(e, "fallbacks/total", func() (sage.Fallback, error) { return e.client.FallbackTotal(ctx, e.bot.ID, q) }, func(f sage.Fallback) string {
		if f.Rate == nil {
			return fmt.Sprintf("%s, no rate", counted(f.Count, "fallback", "fallbacks"))
		}
		return fmt.Sprintf("%s, %.1f%% of replies", counted(f.Count, "fallback", "fallbacks"), 100**f.Rate)
	})
	probe(e, "chatbubble/pages", func() ([]sage.Page, error) { return e.client.Pages(ctx, e.bot.ID, list) }, func(pages []sage.Page) string {
		return first(len(pages), "page", "pages", func() string { return pages[0].Host + pages[0].Path })
	})
	probe(e, "takeovers/series", func() ([]sage.HandoverPoint, error) { return e.client.HandoverSeries(ctx, e.bot.ID, q) }, func(points []sage.HandoverPoint) string {
		return counted(len(points), "day", "days")
	})
	probe(e, "takeovers/totals", func() (sage.Handovers, error) { return e.client.HandoverTotals(ctx, e.bot.ID, q) }, func(h sage.Handovers) string {
		return fmt.Sprintf("requested %d, while closed %d, started %d, ended %d", h.Requests, h.RequestsWhileClosed, h.Started, h.Ended)
	})
	probe(e, "feedback/summary", func() (sage.Feedback, error) { return e.client.Feedback(ctx, e.bot.ID, q) }, func(f sage.Feedback) string {
		n := 0
		for _, r := range append(f.Binary, f.Emojis...) {
			n += r.Count
		}
		if n == 0 {
			return "no ratings, or feedback is off"
		}
		return counted(n, "rating", "ratings")
	})
	probe(e, "chatlabels/added", func() ([]sage.Label, error) { return e.client.Labels(ctx, e.bot.ID, list) }, func(labels []sage.Label) string {
		return first(len(labels), "label", "labels", func() string { return labels[0].Text })
	})
	probe(e, "buttons/clicks", func() ([]sage.Button, error) { return e.client.Buttons(ctx, e.bot.ID, list) }, func(buttons []sage.Button) string {
		return first(len(buttons), "button", "buttons", func() string { return buttons[0].Text })
	})
}

func first(n int, one, many string, name func() string) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("%s, the first %s", counted(n, one, many), quoted([]string{name()}))
}

// quoted makes strangers' texts safe for a terminal and short enough for a table.
func quoted(texts []string) string {
	if len(texts) == 0 {
		return "none"
	}
	var quoted []string
	for _, text := range texts {
		if runes := []rune(text); len(runes) > 40 {
			text = string(runes[:39]) + "…"
		}
		quoted = append(quoted, fmt.Sprintf("%q", text))
	}
	return strings.Join(quoted, " ")
}

// probe asks once and prints the row.
func probe[T any](e *examination, endpoint string, ask func() (T, error), say func(T) string) {
	began := e.now()
	value, err := ask()
	took := e.now().Sub(began).Round(time.Millisecond)
	if err != nil {
		e.failures++
		status, what := "failed", "see below"
		var failure *sage.Error
		if errors.As(err, &failure) && failure.Status != 0 {
			status = fmt.Sprint(failure.Status, " ", http.StatusText(failure.Status))
		}
		fmt.Fprintf(e.table, "%s\t%s\t%v\t%s\n", endpoint, status, took, what)
		// The same trouble, such as a refused key, is told once.
		if advice := err.Error(); !told(e.advice, failure) {
			e.advice = append(e.advice, advice)
		}
		if failure == nil || failure.Endpoint != authEndpoint {
			e.reached = e.reached || failure != nil && failure.Status != 0
		}
		return
	}
	e.reached = true
	fmt.Fprintf(e.table, "%s\tok\t%v\t%s\n", endpoint, took, say(value))
}

// authEndpoint is how an error names the exchange of the key for a token.
const authEndpoint = "sage/auth"

// told reports whether the failure is of the exchange of the key, and has been told for another endpoint.
func told(advice []string, failure *sage.Error) bool {
	if failure == nil || failure.Endpoint != authEndpoint {
		return false
	}
	for _, a := range advice {
		if strings.Contains(a, authEndpoint) {
			return true
		}
	}
	return false
}

func total(points []sage.CountPoint) (n int) {
	for _, p := range points {
		n += p.Count
	}
	return n
}
