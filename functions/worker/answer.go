package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack/slackutilsx"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/slash"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// requestTime is how long a request is answered. Slack takes answers to a command for 30 minutes.
const requestTime = 25 * time.Minute

// Answer answers a request: it sends the report to the user as a direct message or, if it is to be
// shared, posts it in the channel. It answers failures too, in words for readers of reports. The
// error is the store's.
//
// Slack draws the charts of a report, unless the configuration asks for pictures. Slack gets these
// before the report is posted, which takes seconds, so the user gets the headline meanwhile.
//
// Answer checks the permission again, by the current configuration. A shared report is diverted if
// the deployment diverts. A private one is not, because only the user who asked gets it.
func (w *Worker) Answer(ctx context.Context, q queues.Request) error {
	j, begun := q.Job(), w.Now()
	ctx = withJob(ctx, j)
	if age := begun.Sub(q.At); age > requestTime {
		w.Log.WarnContext(ctx, "discarded a request that is too old", "age", age.String())
		return nil
	}
	t, bot, refused, err := w.findBot(ctx, j)
	if err != nil {
		return err
	}
	if refused == "" && !slash.Allowed(t, bot, q.Team, q.Channel, q.User, q.Share) {
		refused = "the user has no permission by the current configuration"
	}
	if refused != "" {
		w.Log.WarnContext(ctx, "a request was refused", "because", refused)
		locale := wording.Default
		if t != nil { // not the bot's, which would tell that the bot exists
			locale = t.Locale
		}
		w.respond(ctx, q, wordingFor(locale).Say(wording.SlashGone))
		return nil
	}
	if _, end := j.Period.Bounds(bot.Location); end.After(begun) {
		w.Log.WarnContext(ctx, "a request was refused", "because", "the period is not over")
		w.respond(ctx, q, notYet(bot, j, end))
		return nil
	}
	defer func() { w.measure(ctx, "", log.Took(log.Duration, w.Now().Sub(begun))) }()

	// An incomplete build, or one made with other filters, is built again.
	b, err := w.loadOrBuild(ctx, bot, j, "", neverWait)
	var failed *buildError
	switch {
	case errors.As(err, &failed):
		w.Log.ErrorContext(ctx, "a request failed",
			"because", failed.Error(), "error", failed.cause)
		w.measure(ctx, failed.reason, log.Count(log.Failed, 1))
		w.respond(ctx, q, apology(bot, q, failed.reason))
		return nil
	case err != nil:
		return err
	}
	e := w.newEditions(bot, b)
	if chartsOf(bot, q) == config.Images {
		var told sync.WaitGroup
		defer told.Wait()
		told.Go(func() { w.tellHeadline(ctx, q, b.Report) })
	}
	if q.Share {
		return w.share(ctx, t, bot, q, e)
	}
	w.private(ctx, t, bot, q, e)
	return nil
}

// chartsOf returns how the report that a request asks for shows charts.
func chartsOf(bot config.Bot, q queues.Request) config.Charts {
	if !q.Share {
		return bot.Charts
	}
	return sharedTo(bot, q).Charts
}

// sharedTo returns the bot's destination that a shared report goes to. Without it the request would
// not be allowed.
func sharedTo(bot config.Bot, q queues.Request) config.Destination {
	return bot.Destinations[slices.IndexFunc(bot.Destinations, func(to config.Destination) bool {
		return to.Medium == config.Slack && to.To == q.Channel
	})]
}

// tellHeadline answers the command with the headline. It logs a failure: the report follows.
func (w *Worker) tellHeadline(ctx context.Context, q queues.Request, r *figures.Report) {
	s, err := summary.Of(r)
	if err == nil {
		headline := digest.Headline(s)
		err = w.Slack.Respond(ctx, q.ResponseURL, headline.Text, headline.Blocks.BlockSet...)
	}
	if err != nil {
		w.Log.WarnContext(ctx, "the headline was not told before the report", "error", err)
	}
}

// share posts the report in the channel, in its language, as the weekly report is posted. SQS may
// deliver a request twice, so the ledger records it. A post that fails is not tried again: the user
// can ask again. The error is the store's.
func (w *Worker) share(
	ctx context.Context, t *config.Tenant, bot config.Bot, q queues.Request, e *reportEditions,
) error {
	d := delivery.Delivery{
		Job: q.Job(), Subject: bot.Subject(), Destination: sharedTo(bot, q),
		Due: q.At.UTC(), Extra: requestID(q),
	}
	m, problem := w.message(t, d, e)
	if problem != nil {
		w.requestFailed(ctx, m, problem)
		w.respond(ctx, q, apology(bot, q, reasonRender))
		return nil
	}
	r, err := w.Ledger.Deliver(ctx, d, m, w.Senders[m.Destination.Medium], w.deadline(ctx))
	switch {
	case isTaken(err):
		w.Log.InfoContext(ctx, "left to another worker", "because", err)
		return nil
	case err != nil:
		return storeError(err)
	case r.Ref == "":
		w.requestFailed(ctx, m, errors.New(r.Reason))
		say := wordingFor(bot.Locale)
		w.respond(ctx, q, say.Say(wording.SlashUnposted, mrkdwnName(bot), dates(say, q)))
		return nil
	}
	w.Log.InfoContext(ctx, "shared", "ref", r.Ref, "missing", r.Missing)
	w.measure(ctx, "", log.Count(log.Delivered, 1))
	return nil
}

// private sends the report as a direct message, in the bot's language. If Slack takes no direct
// message, private answers the command with text.
func (w *Worker) private(
	ctx context.Context, t *config.Tenant, bot config.Bot, q queues.Request, e *reportEditions,
) {
	m := delivery.Message{
		Key: q.Job().String() + "/" + requestID(q), Tenant: t, Subject: bot.Subject(),
		Build: e.name(),
		Destination: config.Destination{
			Medium: config.Slack, To: q.User, When: config.Always, Locale: bot.Locale,
			Charts: bot.Charts,
		},
	}
	inLocale, err := e.in(bot.Locale, "")
	m.Payload = inLocale
	if err != nil {
		w.requestFailed(ctx, m, err)
		w.respond(ctx, q, apology(bot, q, reasonRender))
		return
	}
	if err = w.Slack.Private(ctx, t, q.User, m); err != nil {
		w.Log.WarnContext(ctx, "no direct message: answering with text", "error", err)
		err = w.respondWithText(ctx, q, inLocale.Report)
	}
	if err != nil {
		w.requestFailed(ctx, m, err)
		return
	}
	w.Log.InfoContext(ctx, "answered")
	w.measure(ctx, "", log.Count(log.Delivered, 1))
}

// respondWithText answers the command with the digest, and then with the details, without charts.
// It logs an error of the details: the user has the digest.
func (w *Worker) respondWithText(
	ctx context.Context, q queues.Request, r *figures.Report,
) error {
	s, err := summary.Of(r)
	if err != nil {
		return err
	}
	none := digest.Images(map[string]string{})
	answer, details := digest.Slack(s, none), digest.Details(s, none)
	err = w.Slack.Respond(ctx, q.ResponseURL, answer.Text, answer.Blocks.BlockSet...)
	if err != nil {
		return err
	}
	err = w.Slack.Respond(ctx, q.ResponseURL, details.Text, details.Blocks.BlockSet...)
	if err != nil {
		w.Log.WarnContext(ctx, "answered without the details", "error", err)
	}
	return nil
}

func (w *Worker) requestFailed(ctx context.Context, m delivery.Message, err error) {
	w.Log.ErrorContext(ctx, "a request failed", "error", err)
	w.measure(ctx, string(m.Destination.Medium), log.Count(log.Failed, 1))
}

// respond answers the command with text, which is mrkdwn. Only the user sees it.
func (w *Worker) respond(ctx context.Context, q queues.Request, text string) {
	if err := w.Slack.Respond(ctx, q.ResponseURL, text); err != nil {
		w.Log.ErrorContext(ctx, "a command was not answered", "error", err)
	}
}

// notYet says that the period of a request ends at end.
func notYet(bot config.Bot, j config.Job, end time.Time) string {
	say := wordingFor(bot.Locale)
	return say.Say(wording.SlashNotYet,
		say.Sentence(say.Period(j.Period)), mrkdwnName(bot), say.WeekdayTime(end), bot.TZ)
}

// apology says that the report could not be made. reason is that of the metric Failed.
func apology(bot config.Bot, q queues.Request, reason string) string {
	why := wording.SlashUnmadeElse
	switch reason {
	case reasonKey:
		why = wording.SlashUnmadeKey
	case reasonSage:
		why = wording.SlashUnmadeSage
	}
	say := wordingFor(bot.Locale)
	return say.Say(wording.SlashUnmade, mrkdwnName(bot), dates(say, q)) + " " + say.Say(why)
}

func dates(say *wording.Wording, q queues.Request) string {
	return say.Dates(q.Period.From().UTC(), q.Period.Last().UTC())
}

func mrkdwnName(bot config.Bot) string { return slackutilsx.EscapeMessage(bot.Name) }

// wordingFor returns the wording of a locale. config.Parse accepts no locale without a wording.
func wordingFor(locale string) *wording.Wording {
	w, err := wording.For(locale)
	if err != nil {
		w, _ = wording.For(wording.Default)
	}
	return w
}

// requestID names a request among the deliveries of its report. The workspace can read it, so the
// user is hashed.
func requestID(q queues.Request) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %s",
		q.Team, q.Channel, q.User, q.At.UTC().Format(time.RFC3339Nano)))
	return "asked-" + hex.EncodeToString(sum[:8])
}
