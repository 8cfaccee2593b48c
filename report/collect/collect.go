// Package collect asks Sage for what one report needs. It is the only part of report that knows the client.
//
// [Answers] sends its questions at once; the client lets as many through as its Concurrency says, so that with its default
// of eight a report costs the token and three rounds, and one more for a bot with a target for feedback or with many
// special weeks:
//
//	chats, messages       by day, 84 days: both weeks, the trend, the weekdays and the ordinary week come from these two
//	chats                 by hour, this week, which is as long as the service allows
//	fallbacks             this week and the week before, as the service's own totals, because rates cannot be added up;
//	                      by day, 84 days; by week, 12 weeks
//	handovers             by day, 84 days; by hour, this week
//	feedback              this week and the week before; the eleven weeks before this one together, but for those with a
//	                      holiday or a note in them, around which it is asked in parts; and, only for a target, which
//	                      has to know for how long it has been missed, each of the ten weeks before these two: the
//	                      service gives no series of it
//	pages, buttons,       this week and the week before
//	labels
//	chats, messages       by day, the week a year ago
//	fallbacks             the week a year ago
//	options               only where sources or languages are counted alone: those that Sage knows
//
// A list that comes longer than was asked for is cut to its most frequent items. A series is not cut: its points have
// places of their own in the report, however many there are, and cutting it could lose the ones that were asked for.
//
// Chats and messages are the core: without them, or without a token, there is no report. Every other answer that fails
// to come becomes a reason in its place, a short sentence for whoever reads the report; the whole error goes to the
// client's log. Whether what came is to be believed is decided in package figures, which sees all answers.
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

// Client asks Sage. It has a name here so that whoever hands one through need not know package sage.
type Client = sage.Client

// Request says which report is wanted.
type Request struct {
	Bot     figures.Bot // its TZ says where days begin
	Period  period.Period
	Locale  string // the language of the editions
	Filters figures.Filters
	Special []figures.Special // holidays and notes of the twelve weeks and of the week a year ago
	Targets figures.Targets
	Now     time.Time // when Sage is asked, which the report tells

	PageQueries string // figures.PageQueriesKeep, or empty
}

// Answers asks Sage for all that one report needs. After each answer, and each failure to get one, progress is told how
// many of how many are done; calls do not overlap. It may be nil.
//
// The error is that of the core, at whose first failure the rest is cancelled, or that ctx was cancelled. Where ctx
// runs out of time after the core has come, the report has what came until then.
func Answers(ctx context.Context, client *Client, q Request, progress func(done, total int)) (figures.Answers, error) {
	a := figures.Answers{
		Bot: q.Bot, Period: q.Period, Locale: q.Locale, FetchedAt: q.Now, Filters: q.Filters, Special: q.Special, Targets: q.Targets,
		PageQueries: q.PageQueries,
	}
	questions := questions(client, q, &a)

	var (
		mu   sync.Mutex
		done int
	)
	answered := func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		if progress != nil {
			progress(done, len(questions))
		}
	}

	settle := filterOptions(ctx, client, q, &a)
	group, shared := errgroup.WithContext(ctx)
	for _, ask := range questions {
		group.Go(func() error {
			defer answered()
			return ask(shared)
		})
	}
	err := group.Wait()
	if err != nil {
		settle(0)
		return figures.Answers{}, fmt.Errorf("no report of bot %s, week %s: %w", q.Bot.ID, q.Period, err)
	}
	settle(optionsTime)
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return figures.Answers{}, fmt.Errorf("no report of bot %s, week %s: %w", q.Bot.ID, q.Period, context.Cause(ctx))
	}
	return a, nil
}

// optionsTime is how much longer than all others the question for the options may take.
const optionsTime = 5 * time.Second

// filterOptions asks what can be filtered by, where the filters count something alone; elsewhere it asks nothing. What came
// of it is in a once settle has returned. No report waits long for it: settle ends the question after so much time.
func filterOptions(ctx context.Context, client *Client, q Request, a *figures.Answers) (settle func(time.Duration)) {
	if q.Filters.Included().Empty() {
		return func(time.Duration) {}
	}
	a.Options = new(figures.Answer[figures.Options])
	options := func(ctx context.Context, bot string, _ sage.Query) (sage.Options, error) {
		return client.Options(ctx, bot)
	}
	convert := func(o sage.Options) figures.Options { return figures.Options(o) }
	ask := section(a.Options, logOf(client), q.Bot.ID, options, sage.Query{}, convert)

	ctx, cancel := context.WithCancelCause(ctx)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_ = ask(ctx) // a section has no error
	}()
	return func(grace time.Duration) {
		late := time.AfterFunc(grace, func() { cancel(context.DeadlineExceeded) })
		<-answered
		late.Stop()
		cancel(nil)
	}
}

func logOf(client *Client) *slog.Logger {
	if client.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return client.Log
}

// questions are what is asked, the core first. Each puts its answer into a.
func questions(client *Client, q Request, a *figures.Answers) []question {
	days := func(from, to period.Date) sage.Query {
		return sage.Query{
			From: from.String(), To: to.String(), TZ: q.Bot.TZ, Sources: q.Filters.Sources, Languages: q.Filters.Languages,
		}
	}
	by := func(g sage.Granularity, s sage.Query) sage.Query { s.Granularity = g; return s }
	full := func(s sage.Query) sage.Query { s.Limit = figures.ListLimit; return s }

	week := func(w period.Period) sage.Query { return days(w.From(), w.To()) }
	this, previous, yearAgo := week(q.Period), week(q.Period.Previous()), week(figures.YearBefore(q.Period))
	first := q.Period.Add(1 - figures.TrendPeriods)
	history := days(first.From(), q.Period.To())

	bot, log := q.Bot.ID, logOf(client)
	all := []question{
		core(&a.Chats, bot, client.Chats, by(sage.Day, history), each(point)),
		core(&a.Messages, bot, client.Messages, by(sage.Day, history), each(point)),

		section(&a.Hours, log, bot, client.Chats, by(sage.Hour, this), each(point)),
		section(&a.Fallbacks.This, log, bot, client.FallbackTotal, this, fallback),
		section(&a.Fallbacks.Previous, log, bot, client.FallbackTotal, previous, fallback),
		section(&a.FallbackDays, log, bot, client.FallbackSeries, by(sage.Day, history), each(ratePoint)),
		section(&a.FallbackTrend, log, bot, client.FallbackSeries, by(sage.Week, history), each(ratePoint)),
		section(&a.Handovers, log, bot, client.HandoverSeries, by(sage.Day, history), each(stagePoint)),
		section(&a.HandoverHours, log, bot, client.HandoverSeries, by(sage.Hour, this), each(stagePoint)),
		section(&a.Feedback.This, log, bot, client.Feedback, this, ratings),
		section(&a.Feedback.Previous, log, bot, client.Feedback, previous, ratings),
		list(&a.Pages.This, log, bot, client.Pages, full(this), page, sessions),
		list(&a.Pages.Previous, log, bot, client.Pages, full(previous), page, sessions),
		list(&a.Buttons.This, log, bot, client.Buttons, full(this), button, clicks),
		list(&a.Buttons.Previous, log, bot, client.Buttons, full(previous), button, clicks),
		list(&a.Labels.This, log, bot, client.Labels, full(this), label, added),
		list(&a.Labels.Previous, log, bot, client.Labels, full(previous), label, added),
		section(&a.YearAgo.Chats, log, bot, client.Chats, by(sage.Day, yearAgo), each(point)),
		section(&a.YearAgo.Messages, log, bot, client.Messages, by(sage.Day, yearAgo), each(point)),
		section(&a.YearAgo.Fallbacks, log, bot, client.FallbackTotal, yearAgo, fallback),
	}
	stretches := figures.Stretches(q.Period, q.Special)
	a.FeedbackBefore = make([]figures.Answer[figures.Ratings], len(stretches))
	for i, weeks := range stretches {
		all = append(all, section(&a.FeedbackBefore[i], log, bot, client.Feedback, days(weeks[0].From(), weeks[len(weeks)-1].To()), ratings))
	}
	if q.Targets.Feedback != nil {
		a.FeedbackTrend = make([]figures.Answer[figures.Ratings], figures.TrendPeriods-2)
		for i := range a.FeedbackTrend {
			all = append(all, section(&a.FeedbackTrend[i], log, bot, client.Feedback, week(first.Add(i)), ratings))
		}
	}
	return all
}

// question asks and stores the answer. Its error ends the collection.
type question func(context.Context) error

// endpoint is one of the client's methods.
type endpoint[S any] func(ctx context.Context, bot string, q sage.Query) (S, error)

// core asks for what no report can do without.
func core[S, T any](into *T, bot string, ask endpoint[S], q sage.Query, convert func(S) T) question {
	return func(ctx context.Context) error {
		answer, err := ask(ctx, bot, q)
		if err != nil {
			return err
		}
		*into = convert(answer)
		return nil
	}
}

// section asks for what a report can miss.
func section[S, T any](into *figures.Answer[T], log *slog.Logger, bot string, ask endpoint[S], q sage.Query, convert func(S) T) question {
	return func(ctx context.Context) error {
		answer, err := ask(ctx, bot, q)
		if err == nil {
			into.Value = convert(answer)
			return nil
		}
		into.Cause, into.Refused = cause(err), refused(err)
		into.Failed = reason(into.Cause)
		// Whoever cancelled, the caller or a failed core, has an error to tell that says why; and where there is no
		// token the core fails too, with the same words.
		var failure *sage.Error
		if noToken := errors.As(err, &failure) && failure.Endpoint == "sage/auth"; !noToken && !errors.Is(err, context.Canceled) {
			log.LogAttrs(ctx, slog.LevelWarn, "part of the report is not available",
				slog.String("bot", bot), slog.String("reason", into.Failed), slog.Any("error", err))
		}
		return nil
	}
}

// list asks for a list, of which the report takes as many items as it asks for: of more, the most frequent.
func list[S, T any](into *figures.Answer[[]T], log *slog.Logger, bot string, ask endpoint[[]S], q sage.Query, convert func(S) T, count func(S) int) question {
	return section(into, log, bot, ask, q, func(all []S) []T {
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

func point(p sage.CountPoint) figures.Point { return figures.Point{Time: p.Time, Count: p.Count} }

func fallback(f sage.Fallback) figures.Fallback {
	return figures.Fallback{Count: f.Count, Rate: f.Rate}
}

func ratePoint(p sage.FallbackPoint) figures.RatePoint {
	return figures.RatePoint{Time: p.Time, Count: p.Count, Rate: p.Rate}
}

func stagePoint(p sage.HandoverPoint) figures.StagePoint {
	return figures.StagePoint{
		Time: p.Time, Requests: p.Requests, RequestsWhileClosed: p.RequestsWhileClosed, Started: p.Started, Ended: p.Ended,
	}
}

func ratings(f sage.Feedback) figures.Ratings {
	rating := func(r sage.Rating) figures.Rating {
		return figures.Rating{Rating: r.Rating, Count: r.Count, Ratio: r.Ratio}
	}
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
	return figures.Label{ID: l.ID, Text: l.Text, Count: l.Count}
}

func added(l sage.Label) int { return l.Count }
