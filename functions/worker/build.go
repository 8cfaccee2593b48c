package worker

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/log"
	"kindlyweekly/report"
	"kindlyweekly/report/collect"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
)

const (
	sectionTimeout = 30 * time.Minute // from the first try, a report waits for missing sections
	sectionRetry   = 10 * time.Minute // after which Sage is asked again
	requestTimeout = 30 * time.Second // of one request to Sage
	logoTimeout    = 5 * time.Second
)

// waitFunc reports whether a report waits for its missing sections.
type waitFunc func(missing []figures.Unavailable) bool

func neverWait([]figures.Unavailable) bool { return false }

// mayArrive reports whether Sage may still give a missing section. A section that it refuses, such
// as the feedback of a bot that collects none, would only delay the report.
func mayArrive(missing []figures.Unavailable) bool {
	return slices.ContainsFunc(missing, func(u figures.Unavailable) bool { return !u.Refused })
}

// waitError is the error of a report that waits for sections.
type waitError struct{ missing []figures.Unavailable }

func (e *waitError) Error() string {
	return "sections are missing that Sage may still give: " + e.missing[0].Reason
}

// build collects and renders a bot's report and archives it. replaces is the manifest of the build
// that it replaces; zero: the period has none. If the new report lacks as much as that build, build
// returns the old one, and if another worker was faster, the build of that worker. wait is called
// before anything is archived. The error is a *buildError, a *waitError or the store's.
func (w *Worker) build(
	ctx context.Context, bot config.Bot, j config.Job, replaces delivery.Manifest, wait waitFunc,
) (delivery.Build, error) {
	r, err := w.collect(ctx, bot, j)
	if err != nil {
		return delivery.Build{}, err
	}
	if wait(r.Unavailable) {
		return delivery.Build{}, &waitError{r.Unavailable}
	}
	if matchesIncomplete(replaces, bot) {
		old, err := w.Archive.LoadBuild(ctx, replaces)
		if err == nil && old.Report.MissingDays() <= r.MissingDays() {
			return old, nil
		}
	}
	files, err := w.render(r)
	if err != nil {
		return delivery.Build{}, renderError(bot, err)
	}
	files = append(files, w.renderOtherLocales(ctx, bot, r)...)
	b, err := w.Archive.Save(ctx, j, r, files, replaces)
	if err != nil {
		return delivery.Build{}, storeError(err)
	}
	w.Log.InfoContext(ctx, "built", "build", b.Manifest.Build,
		"revision", b.Manifest.Revision, "missing", len(r.Unavailable))
	w.measure(ctx, "", log.Count(log.Built, 1))
	return b, nil
}

// matches reports whether a build is complete and as the bot is configured now.
func matches(m delivery.Manifest, bot config.Bot) bool {
	return m.Matches(bot.TZ, figures.Filters{Sources: bot.Sources, Languages: bot.Languages})
}

// matchesIncomplete is matches for a build that may lack sections.
func matchesIncomplete(m delivery.Manifest, bot config.Bot) bool {
	m.Complete = true
	return matches(m, bot)
}

// render renders every edition.
func (w *Worker) render(r *figures.Report) ([]delivery.File, error) {
	if w.Render != nil {
		return w.Render(r)
	}
	return report.Render(r)
}

// renderOtherLocales renders the editions in the other languages of the bot's destinations. It logs
// a language that cannot be rendered and leaves it out: only its own destinations fail.
func (w *Worker) renderOtherLocales(
	ctx context.Context, bot config.Bot, r *figures.Report,
) []delivery.File {
	var all []delivery.File
	for _, locale := range bot.OtherLocales() {
		other := *r
		other.Locale = locale
		files, err := w.render(&other)
		if err != nil {
			w.Log.ErrorContext(ctx, "not rendered in another language",
				"locale", locale, "error", err)
			continue
		}
		all = append(all, delivery.WithLocale(locale, files)...)
	}
	return all
}

// collect asks Sage with the bot's key. If the key is rejected, it may have been replaced: collect
// fetches it again, and asks again if it has changed. The error is a *buildError.
func (w *Worker) collect(
	ctx context.Context, bot config.Bot, j config.Job,
) (*figures.Report, error) {
	id := secrets.KeyID(w.SecretPrefix, j.Tenant, bot)
	if err := secrets.CheckTenant(w.SecretPrefix, j.Tenant, id); err != nil {
		return nil, secretError(bot, id, err)
	}
	key, err := w.Secrets.Get(ctx, id)
	if err != nil {
		return nil, secretError(bot, id, err)
	}
	r, err := w.collectWithKey(ctx, bot, j, key)
	if isRejected(err) {
		fresh, failed := w.Secrets.Refetch(ctx, id)
		switch {
		case failed != nil:
			w.Log.WarnContext(ctx, "a rejected key could not be fetched again", "error", failed)
		case fresh != key:
			w.Log.InfoContext(ctx, "the key was rejected, and there is a new one")
			r, err = w.collectWithKey(ctx, bot, j, fresh)
		}
	}
	if err != nil {
		return nil, classifySageError(j, bot, w.Commands, err)
	}
	return r, nil
}

// collectWithKey asks Sage for at most half of the time that is left until ctx ends. The other half
// is for rendering and sending. A section that has not arrived by then is missing in the report.
func (w *Worker) collectWithKey(
	ctx context.Context, bot config.Bot, j config.Job, key string,
) (*figures.Report, error) {
	asking := ctx
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		asking, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	transport := &countingTransport{base: w.HTTP}
	defer func() { w.measure(ctx, "", log.Count(log.SageCalls, int(transport.calls.Load()))) }()
	// A client remembers tokens by the bot's ID, which another tenant's bot may have too. So it is
	// not used for another report.
	client := &collect.Client{
		URL: w.SageURL, APIURL: w.KindlyURL,
		Key:  func(context.Context, string) (string, error) { return key, nil },
		HTTP: &http.Client{Transport: transport, Timeout: requestTimeout},
		Log:  w.Log, Spelling: w.spelling(asking), Concurrency: w.SageConcurrency,
	}
	now := w.Now()
	r, err := report.Collect(asking, client, bot, j.Period, now, nil)
	if err != nil {
		return nil, err
	}
	// The period must be over by Kindly's clock, or the numbers are not final.
	skew := client.Skew()
	_, end := j.Period.Bounds(bot.Location)
	if skew.Matters() && now.Add(-time.Duration(skew)).Before(end) {
		return nil, clockError{skew}
	}
	w.applyBrand(ctx, bot, j, r)
	return r, nil
}

// spelling returns how Sage spells what package sage assumes.
func (w *Worker) spelling(ctx context.Context) (s sage.Spelling) {
	if w.Spelling != nil {
		s = w.Spelling(ctx)
	}
	return s
}

// applyBrand gives a report its brand. It logs a logo that cannot be read and leaves it out. The
// timeout is the logo's own, so that a slow Sage costs no logo.
func (w *Worker) applyBrand(ctx context.Context, bot config.Bot, j config.Job, r *figures.Report) {
	ctx, cancel := context.WithTimeout(ctx, logoTimeout)
	defer cancel()
	if err := report.ApplyBrand(r, bot.Brand, func(name string) ([]byte, error) {
		logo, err := w.Archive.Store.Get(ctx, delivery.KeysOf(j.Tenant).Logo(name))
		return logo.Data, err
	}); err != nil {
		w.Log.WarnContext(ctx, "the report has no logo", "error", err)
	}
}

// countingTransport counts requests.
type countingTransport struct {
	base  http.RoundTripper
	calls atomic.Int64
}

func (c *countingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	c.calls.Add(1)
	return c.base.RoundTrip(r)
}
