package work

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/vault"
	"kindlyweekly/report"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/collect"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
)

// obstacle is why there is no report, in words for an operator. Trying again later may help.
type obstacle struct {
	reason  string // of the metric
	failure *delivery.Failure
	cause   error // for the log
}

func (o *obstacle) Error() string { return o.failure.Error() }
func (o *obstacle) Unwrap() error { return o.cause }

// build makes a bot's report of a week from what Sage says now, and freezes it. replaces is the manifest of the build that
// it supersedes, zero where there is none. wait says whether what is missing is worth asking for again, before anything is
// frozen. Whoever loses a race gets the winner's build. An error is an *obstacle, *unfinished, or the store's.
func (w *Worker) build(ctx context.Context, bot bots.Bot, j bots.Job, replaces delivery.Manifest, wait waits) (delivery.Build, error) {
	r, err := w.collect(ctx, bot, j)
	if err != nil {
		return delivery.Build{}, err
	}
	if wait(r.Unavailable) {
		return delivery.Build{}, &unfinished{r.Unavailable}
	}
	files, err := w.draw(r)
	if err != nil {
		return delivery.Build{}, &obstacle{reasonDraw, &delivery.Failure{Err: errors.New("the report could not be drawn")}, err}
	}
	b, err := w.Archive.Save(ctx, j, r, files, replaces)
	if err != nil {
		return delivery.Build{}, storeError(err)
	}
	w.Log.InfoContext(ctx, "built", "build", b.Manifest.Build, "revision", b.Manifest.Revision, "missing", len(r.Unavailable))
	w.measure(ctx, "", logs.Count(logs.Built, 1))
	return b, nil
}

// A report waits for sections that Sage did not give for sectionTime since it was first tried, and looks each sectionAgain.
const (
	sectionTime  = 30 * time.Minute
	sectionAgain = 10 * time.Minute
)

// waits says whether a report waits for its missing sections.
type waits func(missing []figures.Unavailable) bool

// never is for somebody who waits himself.
func never([]figures.Unavailable) bool { return false }

// awaited reports whether a section is missing that asking again may bring. What Sage refuses, such as the feedback of a bot
// that collects none, would only make the report late.
func awaited(missing []figures.Unavailable) bool {
	return slices.ContainsFunc(missing, func(u figures.Unavailable) bool { return !u.Refused })
}

// unfinished is a report that waits for sections.
type unfinished struct{ missing []figures.Unavailable }

func (u *unfinished) Error() string {
	return "sections are missing that Sage may still give: " + u.missing[0].Reason
}

// causeSage is that of whatever Sage itself fails for.
const causeSage = "sage"

// draw draws every edition.
func (w *Worker) draw(r *figures.Report) ([]delivery.File, error) {
	if w.Draw != nil {
		return w.Draw(r)
	}
	return report.Draw(r)
}

// collect asks Sage with the bot's key. A key that is refused may have been replaced since it was remembered, so it is
// fetched again, and if it is another one, tried.
func (w *Worker) collect(ctx context.Context, bot bots.Bot, j bots.Job) (*figures.Report, error) {
	id := vault.KeyID(w.SecretPrefix, j.Tenant, bot)
	if err := vault.Own(w.SecretPrefix, j.Tenant, id); err != nil {
		return nil, noKey(bot, err)
	}
	key, err := w.Secrets.Get(ctx, id)
	if err != nil {
		return nil, noKey(bot, err)
	}
	r, err := w.ask(ctx, bot, j, key)
	if err != nil && refused(err) {
		fresh, failed := w.Secrets.Refetch(ctx, id)
		switch {
		case failed != nil:
			w.Log.WarnContext(ctx, "a refused key could not be fetched again", "error", failed)
		case fresh != key:
			w.Log.InfoContext(ctx, "the key was refused, and there is a new one")
			r, err = w.ask(ctx, bot, j, fresh)
		}
	}
	if err != nil {
		return nil, unanswered(bot, err)
	}
	return r, nil
}

// ask takes half of the time that the invocation has left: the other half is for drawing and sending. A section that has not
// come by then is missing in the report, and says so.
func (w *Worker) ask(ctx context.Context, bot bots.Bot, j bots.Job, key string) (*figures.Report, error) {
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	transport := &counting{base: w.HTTP}
	if transport.base == nil {
		transport.base = http.DefaultTransport
	}
	defer func() { w.measure(ctx, "", logs.Count(logs.SageCalls, int(transport.calls.Load()))) }()
	// A client remembers the token of each bot by the bot's id. Another tenant may have a bot of the same id, so the
	// client lives for this report alone.
	client := &collect.Client{
		URL: w.SageURL, APIURL: w.KindlyURL,
		Key:  func(context.Context, string) (string, error) { return key, nil },
		HTTP: &http.Client{Transport: transport, Timeout: tryTimeout},
		Log:  w.Log,
	}
	return report.Collect(ctx, client, bot, j.Week, w.Now(), nil)
}

// tryTimeout is how long Sage has for one answer.
const tryTimeout = 30 * time.Second

// counting counts requests.
type counting struct {
	base  http.RoundTripper
	calls atomic.Int64
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.calls.Add(1)
	return c.base.RoundTrip(r)
}

// refused reports whether an error means that the key is not, or no longer, the right one.
func refused(err error) bool {
	var e *sage.Error
	return errors.As(err, &e) && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}

func noKey(bot bots.Bot, err error) *obstacle {
	f := &delivery.Failure{Err: fmt.Errorf("the API key of bot %s could not be read", bot.ID)}
	var secret *vault.Error
	if errors.As(err, &secret) {
		f.Err, f.Cure = fmt.Errorf("the API key of bot %s could not be read: secret %s: %w", bot.ID, secret.Secret, secret.Err), secret.Cure
	}
	return &obstacle{reasonKey, f, err}
}

// unanswered says in a sentence why Sage gave no report. The sentence is the same for every try that fails in the same
// way, so that ops are told of it once.
func unanswered(bot bots.Bot, err error) *obstacle {
	var (
		failed *sage.Error
		shape  *sage.ShapeError
		query  *sage.QueryError
		page   = "https://app.kindly.ai/bot/" + url.PathEscape(bot.ID)
		say    = func(reason, cure, text string, args ...any) *obstacle {
			return &obstacle{reason, &delivery.Failure{Err: fmt.Errorf(text, args...), Cure: cure}, err}
		}
	)
	switch sent := errors.As(err, &failed); {
	case refused(err):
		return say(reasonKey, fmt.Sprintf("make a new key with the permission \"read statistics\" at %s/connect/api-keys and store it: local key set --bot %s", page, bot.ID),
			"Kindly refused the API key of bot %s", bot.ID)
	case sent && failed.Status == http.StatusNotFound:
		return say(reasonSage, "correct the bot's id in the configuration, or remove the bot from it: the id stands in the address of its page in Kindly",
			"Kindly knows no bot %s", bot.ID)
	case errors.As(err, &shape), errors.As(err, &query):
		return say(reasonSage, "see what Sage answers now: local doctor --bot "+bot.ID,
			"Sage's statistics of bot %s are not what they were", bot.ID)
	case sent && (failed.Status >= 300 || failed.Status != 0 && failed.Status < 200):
		o := say(reasonSage, "", "Sage answered %d %s", failed.Status, http.StatusText(failed.Status))
		o.failure.RetryAfter = failed.RetryAfter
		return o
	case errors.Is(err, context.DeadlineExceeded):
		return say(reasonSage, "", "Sage did not answer in time")
	case sent && failed.Status == 0:
		return say(reasonSage, "", "Sage could not be reached")
	}
	return say(reasonSage, "", "Sage's answer could not be read")
}
