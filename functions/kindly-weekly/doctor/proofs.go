package doctor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

// verdict is the result of a proof.
type verdict string

const (
	holds     verdict = "yes"
	fails     verdict = "NO"
	undecided verdict = "cannot tell"
)

// proofs tests, as far as the bot's data allow, what reports assume and the service does not
// document.
func (e *examination) proofs(ctx context.Context) error {
	for _, proof := range []struct {
		claim string
		try   func(context.Context) (verdict, string, error)
	}{
		{"the source filter works", e.sourcesFilter},
		{"the language filter works", e.languagesFilter},
		{"language_code[] counts", e.spelling("language_codes[]")},
		{"language_codes[] counts", e.spelling("language_code[]")},
		{"the day named by to is excluded", e.toIsExclusive},
		{"days add up to the week", e.daysAddUp},
		{"handovers by day add up to their totals", e.handoversAddUp},
		{"weeks begin on Monday", e.weeksBeginOnMonday},
	} {
		result, why, err := proof.try(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			result, why = undecided, err.Error()
		}
		if result == fails {
			e.disproved++
		}
		fmt.Fprintf(e.table, "%s\t%s\t%s\n", proof.claim, result, why)
	}
	return nil
}

// chats counts the week's chats under other filters.
func (e *examination) chats(ctx context.Context, client *sage.Client, sources,
	languages []string) (int, error) {
	q := e.query()
	q.Sources, q.Languages = sources, languages
	points, err := client.Chats(ctx, e.bot.ID, q)
	return total(points), err
}

func (e *examination) sourcesFilter(ctx context.Context) (verdict, string, error) {
	var n [3]int
	for i, sources := range [][]string{nil, {"test"}, {"-test"}} {
		var err error
		if n[i], err = e.chats(ctx, e.client, sources, e.bot.Languages); err != nil {
			return "", "", err
		}
	}
	why := fmt.Sprintf("all %d, test %d, not test %d", n[0], n[1], n[2])
	switch {
	case n[0] != n[1]+n[2]:
		return fails, why + ": the numbers in a report may include test chats", nil
	case n[0] == 0:
		return undecided, why, nil
	case n[1] == 0:
		return undecided, why + ": try again after a week with test chats", nil
	}
	return holds, why, nil
}

// unusedLanguage returns a code that the bot does not have.
func (e *examination) unusedLanguage() string {
	for _, code := range []string{"zu", "xh", "yo"} {
		if !slices.Contains(e.options.Languages, code) {
			return code
		}
	}
	return "eo"
}

func (e *examination) languagesFilter(ctx context.Context) (verdict, string, error) {
	return e.languages(ctx, e.client)
}

// languages asks with the client for a language that the bot does not speak.
func (e *examination) languages(ctx context.Context, client *sage.Client) (verdict, string, error) {
	all, err := e.chats(ctx, client, e.bot.Sources, nil)
	if err != nil {
		return "", "", err
	}
	code := e.unusedLanguage()
	unknown, err := e.chats(ctx, client, e.bot.Sources, []string{code})
	if err != nil {
		return "", "", err
	}
	why := fmt.Sprintf("all %d, %s %d", all, code, unknown)
	switch {
	case all == 0:
		return undecided, why, nil
	case unknown != 0:
		return fails, why, nil
	}
	return holds, why, nil
}

// spelling asks with one spelling of the parameter left out. That one of the two does not count is
// no failure: which of them does was unknown.
func (e *examination) spelling(without string) func(context.Context) (verdict, string, error) {
	return func(ctx context.Context) (verdict, string, error) {
		client := &sage.Client{URL: e.client.URL, APIURL: e.client.APIURL, Key: e.client.Key,
			Tries: e.client.Tries,
			HTTP:  &http.Client{Transport: leaveOut(without), Timeout: time.Minute}}
		result, why, err := e.languages(ctx, client)
		if result == fails {
			return "no", why, nil
		}
		return result, why, err
	}
}

// leaveOut is a transport that removes one parameter from every request.
type leaveOut string

func (param leaveOut) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	values := r.URL.Query()
	values.Del(string(param))
	r.URL.RawQuery = values.Encode()
	return http.DefaultTransport.RoundTrip(r)
}

// toIsExclusive asks for the days but the last; a point of the last day would mean that to is
// included.
func (e *examination) toIsExclusive(ctx context.Context) (verdict, string, error) {
	points, err := e.client.Chats(ctx, e.bot.ID, e.query())
	if err != nil {
		return "", "", err
	}
	var last period.Date
	for _, p := range points {
		if d := period.DateOf(p.Time); p.Count > 0 && last.Before(d) && d.Before(e.week.To()) {
			last = d
		}
	}
	if last.IsZero() || !e.week.From().Before(last) {
		return undecided, "too few chats in the week", nil
	}
	q := e.query()
	q.To = last.String()
	if points, err = e.client.Chats(ctx, e.bot.ID, q); err != nil {
		return "", "", err
	}
	for _, p := range points {
		if !period.DateOf(p.Time).Before(last) {
			return fails,
				fmt.Sprintf("to=%s returned chats of %s; reports drop them, but totals may hold a day too many", last, period.DateOf(p.Time)), nil
		}
	}
	return holds, fmt.Sprintf("to=%s returned nothing of that day, which has chats", last), nil
}

func (e *examination) daysAddUp(ctx context.Context) (verdict, string, error) {
	q := e.query()
	days, err := e.client.Chats(ctx, e.bot.ID, q)
	if err != nil {
		return "", "", err
	}
	q.Granularity = sage.Week
	weeks, err := e.client.Chats(ctx, e.bot.ID, q)
	if err != nil {
		return "", "", err
	}
	why := fmt.Sprintf("days %d, week %d", total(days), total(weeks))
	switch {
	case total(days) != total(weeks):
		return fails, why + ": a chat that lasts over midnight may count on both days", nil
	case total(days) == 0:
		return undecided, why, nil
	}
	return holds, why, nil
}

func (e *examination) handoversAddUp(ctx context.Context) (verdict, string, error) {
	points, err := e.client.HandoverSeries(ctx, e.bot.ID, e.query())
	if err != nil {
		return "", "", err
	}
	totals, err := e.client.HandoverTotals(ctx, e.bot.ID, e.query())
	if err != nil {
		return "", "", err
	}
	var sum sage.Handovers
	for _, p := range points {
		sum.Requests += p.Requests
		sum.RequestsWhileClosed += p.RequestsWhileClosed
		sum.Started += p.Started
		sum.Ended += p.Ended
	}
	why := fmt.Sprintf("requested %d of %d, while closed %d of %d, started %d of %d, ended %d of %d", sum.Requests, totals.Requests,
		sum.RequestsWhileClosed, totals.RequestsWhileClosed, sum.Started, totals.Started, sum.Ended,
		totals.Ended)
	switch {
	case sum != totals:
		return fails, why, nil
	case sum == sage.Handovers{}:
		return undecided, why, nil
	}
	return holds, why, nil
}

func (e *examination) weeksBeginOnMonday(ctx context.Context) (verdict, string, error) {
	q := e.query()
	q.From, q.Granularity = e.week.Add(-3).From().String(), sage.Week
	points, err := e.client.FallbackSeries(ctx, e.bot.ID, q)
	if err != nil {
		return "", "", err
	}
	for _, p := range points {
		if p.Time.Weekday() != time.Monday {
			return fails,
				fmt.Sprintf("a week is dated %s: the 12-week trend of fallbacks will have gaps",
					p.Time.Format("Monday 2006-01-02")), nil
		}
	}
	if len(points) == 0 {
		return undecided, "no weeks came back", nil
	}
	return holds, fmt.Sprintf("%s, all dated Mondays", cli.Count(len(points), "week", "weeks")), nil
}
