// Package collect asks Sage, Kindly's Statistics API, for the answers that one report needs. No
// other package of report imports the client.
//
// [Answers] asks in two rounds. It sends all questions of a round at once, and the client's
// Concurrency limits how many are sent at a time. The questions of the first round are:
//
//	chats, messages     by day, 84 days
//	chats               by hour, this week, which is the longest range that the service allows
//	fallbacks           totals of this week and of the week before, since rates cannot be added;
//	                    by day, 84 days; by week, 12 weeks
//	handovers           by day, 84 days; by hour, this week
//	feedback            this week and the week before; the eleven weeks before this one together,
//	                    in parts around a week with a holiday or a note; for a target, each of the
//	                    ten weeks before these two, since the service has no series of feedback
//	pages, buttons,     this week and the week before
//	labels
//	chats, messages     by day, the week a year ago
//	fallbacks           total of the week a year ago
//	options             the sources and languages that Sage knows
//
// The second round depends on the first. If the filters leave at least two sources or languages, it
// asks about each of them:
//
//	chats, handovers    by day, 84 days
//	fallbacks           by week, 12 weeks
//
// [figures.Doubts] decides whether a day or the week stands out. If so, the second round also asks
// where the excess lies and what coincides with it. In a quiet week it asks none of this:
//
//	fallbacks, messages by hour, this week and the four before that it is compared with; for a day
//	                    with an unusual number of chats, chats instead
//	labels, buttons,    if a day stands out: of that day, and of the same weekday of these weeks;
//	pages               if the week stands out: of these weeks
//	fallbacks           by day, 84 days, of each source and language
//
// With the token, the first round takes 23 to 39 requests. Both rounds together take at most 60 in
// a quiet week, and 120 in a week in which something stands out. If there are too many sources and
// languages for 60, the kind with more of them is asked without handovers, then without fallbacks,
// and then not at all. With all three questions, 60 requests are enough for twelve sources and
// languages, and with a target for feedback for nine. The questions about what stands out come in
// blocks. A block that would exceed the limit is left out.
//
// The second round may take ten seconds. It is left out if Sage has rejected a request because
// there were too many. An answer that the second round lacks is missing from slices and where, and
// does not make the report incomplete.
//
// A list that is longer than requested is cut to its most frequent items. A series is passed on
// whole: package figures picks the points that belong to the report.
//
// Chats and messages are the core. Without them, or without a token, there is no report. Any other
// answer that is missing leaves a reason in its place, one short sentence for readers of the
// report. If there is a report, the whole error is logged. Package figures decides which answers
// can be believed.
package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

// Client asks Sage. The name lets packages pass a client on without importing package sage.
type Client = sage.Client

// Request says which report is requested.
type Request struct {
	Bot     figures.Bot // its TZ says where days begin
	Period  period.Period
	Locale  string // the language of the editions
	Filters figures.Filters
	Special []figures.Special // holidays and notes of the twelve weeks and of the week a year ago
	Targets figures.Targets
	Now     time.Time // when Sage is asked; the report shows it

	PageQueries string // figures.PageQueriesKeep, or empty
}

// Answers asks Sage for the answers that one report needs. After each answer or failure it calls
// progress, if not nil, with how many of how many questions are done. The calls do not overlap.
//
// Answers returns the first error of the core and cancels the other questions then. It returns the
// cause of ctx if ctx was canceled. If the deadline of ctx passes after the core has come, Answers
// returns the answers so far.
func Answers(ctx context.Context, client *Client, q Request, progress func(done, total int)) (
	figures.Answers, error,
) {
	a := figures.Answers{
		Bot: q.Bot, Period: q.Period, Locale: q.Locale, FetchedAt: q.Now, Filters: q.Filters,
		Special: q.Special, Targets: q.Targets, PageQueries: q.PageQueries,
	}
	c := &collection{client: client, bot: q.Bot.ID}
	all := questions(c, q, &a)

	done, total := 0, len(all)+1 // the second round counts as one until its questions are known
	count := func(more, of int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		done, total = done+more, total+of
		if progress != nil {
			progress(done, total)
		}
	}
	answered := func() { count(1, 0) }

	finish := askOptions(ctx, c, &a)
	group, shared := errgroup.WithContext(ctx)
	for _, ask := range all {
		group.Go(func() error {
			defer answered()
			return ask(shared)
		})
	}
	err, wait := group.Wait(), optionsTime
	switch {
	case err != nil:
		wait = 0
	case q.Filters.Included().Empty():
		wait = sliceOptionsTime
	}
	finish(wait)
	if err == nil {
		further := furtherQuestions(c, q, &a, 2+len(all)) // the token and the options
		count(0, len(further)-1)
		askFurther(ctx, further, answered)
	}
	if err == nil && errors.Is(ctx.Err(), context.Canceled) {
		err = context.Cause(ctx)
	}
	if err != nil {
		return figures.Answers{}, fmt.Errorf("no report of bot %s, week %s: %w", c.bot, q.Period,
			err)
	}
	c.logFailures(ctx)
	return a, nil
}

// How much longer than the other questions the one for the options may take. The first is for
// filters, which are checked against the options, the second if only slices need them.
const (
	optionsTime      = 5 * time.Second
	sliceOptionsTime = 2 * time.Second
)

// askOptions asks which sources and languages Sage knows. finish waits for the answer, at most the
// given time, and then the answer is in a.
func askOptions(ctx context.Context, c *collection, a *figures.Answers) (
	finish func(wait time.Duration),
) {
	a.Options = new(figures.Answer[figures.Options])
	options := func(ctx context.Context, bot string, _ sage.Query) (sage.Options, error) {
		return c.client.Options(ctx, bot)
	}
	convert := func(o sage.Options) figures.Options { return figures.Options(o) }
	ask := section(c, a.Options, options, sage.Query{}, convert)

	ctx, cancel := context.WithCancelCause(ctx)
	var asking sync.WaitGroup
	asking.Go(func() { _ = ask(ctx) }) // a section returns no error
	return func(wait time.Duration) {
		late := time.AfterFunc(wait, func() { cancel(context.DeadlineExceeded) })
		asking.Wait()
		late.Stop()
		cancel(nil)
	}
}

// A collection is what the questions of one report share.
type collection struct {
	client *Client
	bot    string

	mu       sync.Mutex
	failures []error // of answers that are missing
}

// logFailures logs each missing answer with the whole error. Without the core there is no report,
// and the error of Answers says why; so only a report's failures are logged.
func (c *collection) logFailures(ctx context.Context) {
	if c.client.Log == nil {
		return
	}
	for _, err := range c.failures {
		c.client.Log.LogAttrs(ctx, slog.LevelWarn, "part of the report is not available",
			slog.String("bot", c.bot), slog.String("reason", reason(cause(err))),
			slog.Any("error", err))
	}
}

// days returns a query of some days, with filters.
func (q Request) days(f figures.Filters, from, to period.Date) sage.Query {
	return sage.Query{
		From: from.String(), To: to.String(), TZ: q.Bot.TZ,
		Sources: f.Sources, Languages: f.Languages,
	}
}

// history returns a query of the 84 days.
func (q Request) history(f figures.Filters) sage.Query {
	return q.days(f, q.Period.Add(1-figures.TrendPeriods).From(), q.Period.To())
}

func by(g sage.Granularity, s sage.Query) sage.Query { s.Granularity = g; return s }

func full(s sage.Query) sage.Query { s.Limit = figures.ListLimit; return s }

// questions returns the questions of the first round, the core first. Each puts its answer into a.
func questions(c *collection, q Request, a *figures.Answers) []question {
	days := func(from, to period.Date) sage.Query { return q.days(q.Filters, from, to) }
	week := func(w period.Period) sage.Query { return days(w.From(), w.To()) }
	this, previous, ago := week(q.Period), week(q.Period.Previous()), week(q.Period.YearAgo())
	first, history := q.Period.Add(1-figures.TrendPeriods), q.history(q.Filters)

	s := c.client
	all := []question{
		core(c, &a.Chats, s.Chats, by(sage.Day, history), each(point)),
		core(c, &a.Messages, s.Messages, by(sage.Day, history), each(point)),

		section(c, &a.Hours, s.Chats, by(sage.Hour, this), each(point)),
		section(c, &a.Fallbacks.This, s.FallbackTotal, this, fallback),
		section(c, &a.Fallbacks.Previous, s.FallbackTotal, previous, fallback),
		section(c, &a.FallbackDays, s.FallbackSeries, by(sage.Day, history), each(ratePoint)),
		section(c, &a.FallbackTrend, s.FallbackSeries, by(sage.Week, history), each(ratePoint)),
		section(c, &a.Handovers, s.HandoverSeries, by(sage.Day, history), each(stagePoint)),
		section(c, &a.HandoverHours, s.HandoverSeries, by(sage.Hour, this), each(stagePoint)),
		section(c, &a.Feedback.This, s.Feedback, this, ratings),
		section(c, &a.Feedback.Previous, s.Feedback, previous, ratings),
		list(c, &a.Pages.This, s.Pages, full(this), page, sessions),
		list(c, &a.Pages.Previous, s.Pages, full(previous), page, sessions),
		list(c, &a.Buttons.This, s.Buttons, full(this), button, clicks),
		list(c, &a.Buttons.Previous, s.Buttons, full(previous), button, clicks),
		list(c, &a.Labels.This, s.Labels, full(this), label, added),
		list(c, &a.Labels.Previous, s.Labels, full(previous), label, added),
		section(c, &a.YearAgo.Chats, s.Chats, by(sage.Day, ago), each(point)),
		section(c, &a.YearAgo.Messages, s.Messages, by(sage.Day, ago), each(point)),
		section(c, &a.YearAgo.Fallbacks, s.FallbackTotal, ago, fallback),
	}
	stretches := figures.Stretches(q.Period, q.Special)
	a.FeedbackBefore = make([]figures.Answer[figures.Ratings], len(stretches))
	for i, weeks := range stretches {
		stretch := days(weeks[0].From(), weeks[len(weeks)-1].To())
		all = append(all, section(c, &a.FeedbackBefore[i], s.Feedback, stretch, ratings))
	}
	if q.Targets.Feedback != nil {
		a.FeedbackTrend = make([]figures.Answer[figures.Ratings], figures.TrendPeriods-2)
		for i := range a.FeedbackTrend {
			all = append(all,
				section(c, &a.FeedbackTrend[i], s.Feedback, week(first.Add(i)), ratings))
		}
	}
	return all
}

// A question asks and stores the answer. Its error ends the collection.
type question func(context.Context) error

// An endpoint is one of the client's methods.
type endpoint[S any] func(ctx context.Context, bot string, q sage.Query) (S, error)

// core returns the question for an answer that every report needs.
func core[S, T any](
	c *collection, into *T, ask endpoint[S], q sage.Query, convert func(S) T,
) question {
	return func(ctx context.Context) error {
		answer, err := ask(ctx, c.bot, q)
		if err != nil {
			return err
		}
		*into = convert(answer)
		return nil
	}
}

// section returns the question for an answer that a report can do without. If it fails, into says
// why.
func section[S, T any](
	c *collection, into *figures.Answer[T], ask endpoint[S], q sage.Query, convert func(S) T,
) question {
	return func(ctx context.Context) error {
		answer, err := ask(ctx, c.bot, q)
		if err == nil {
			into.Value, into.Failed = convert(answer), ""
			return nil
		}
		into.Cause, into.Refused = cause(err), refused(err)
		into.Failed = reason(into.Cause)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.failures = append(c.failures, err)
		return nil
	}
}

// list returns the question for a list. Of more items than q.Limit it keeps the most frequent.
func list[S, T any](
	c *collection, into *figures.Answer[[]T], ask endpoint[[]S], q sage.Query,
	convert func(S) T, count func(S) int,
) question {
	return section(c, into, ask, q, func(all []S) []T {
		if surplus := len(all) - q.Limit; surplus > 0 {
			slices.SortStableFunc(all, func(a, b S) int { return cmp.Compare(count(b), count(a)) })
			all, into.Surplus = all[:q.Limit], surplus
		}
		return each(convert)(all)
	})
}

func each[S, T any](convert func(S) T) func([]S) []T {
	return func(all []S) []T {
		out := make([]T, len(all))
		for i, v := range all {
			out[i] = convert(v)
		}
		return out
	}
}

func point(p sage.CountPoint) figures.Point { return figures.Point(p) }

func fallback(f sage.Fallback) figures.Fallback { return figures.Fallback(f) }

func ratePoint(p sage.FallbackPoint) figures.RatePoint {
	return figures.RatePoint{Time: p.Time, Count: p.Count, Rate: p.Rate}
}

func stagePoint(p sage.HandoverPoint) figures.StagePoint {
	return figures.StagePoint{
		Time: p.Time, Requests: p.Requests, RequestsWhileClosed: p.RequestsWhileClosed,
		Started: p.Started, Ended: p.Ended,
	}
}

func ratings(f sage.Feedback) figures.Ratings {
	rating := func(r sage.Rating) figures.Rating { return figures.Rating(r) }
	return figures.Ratings{Binary: each(rating)(f.Binary), Emojis: each(rating)(f.Emojis)}
}

func page(p sage.Page) figures.Page {
	return figures.Page{Host: p.Host, Path: p.Path, Sessions: p.Sessions, Messages: p.Messages}
}

func sessions(p sage.Page) int { return p.Sessions }

func button(b sage.Button) figures.Button {
	return figures.Button{Text: b.Text, Dialogue: b.Dialogue, Count: b.Count, Ratio: b.Ratio}
}

func clicks(b sage.Button) int { return b.Count }

func label(l sage.Label) figures.Label {
	return figures.Label{ID: l.ID, Text: l.Text,
		Count: l.Count}
}

func added(l sage.Label) int { return l.Count }
