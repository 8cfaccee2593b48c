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
)

// build makes a bot's report of a week from what Sage says now, and freezes it. replaces is the manifest of the build that
// it supersedes, zero where there is none. wait says whether what is missing is worth asking for again, before anything is
// frozen. Whoever loses a race gets the winner's build, and whoever has nothing to add to the one that it would supersede
// gets that. An error is an *obstacle, *unfinished, or the store's.
func (w *Worker) build(ctx context.Context, bot config.Bot, j config.Job, replaces delivery.Manifest, wait waits) (delivery.Build, error) {
	r, err := w.collect(ctx, bot, j)
	if err != nil {
		return delivery.Build{}, err
	}
	if wait(r.Unavailable) {
		return delivery.Build{}, &unfinished{r.Unavailable}
	}
	if asConfigured(replaces, bot) {
		if standing, err := w.Archive.LoadBuild(ctx, replaces); err == nil && standing.Report.MissingDays() <= r.MissingDays() {
			return standing, nil
		}
	}
	files, err := w.draw(r)
	if err != nil {
		return delivery.Build{}, undrawn(bot, err)
	}
	b, err := w.Archive.Save(ctx, j, r, append(files, w.drawOthers(ctx, bot, r)...), replaces)
	if err != nil {
		return delivery.Build{}, storeError(err)
	}
	w.Log.InfoContext(ctx, "built", "build", b.Manifest.Build, "revision", b.Manifest.Revision, "missing", len(r.Unavailable))
	w.measure(ctx, "", log.Count(log.Built, 1))
	return b, nil
}

// asConfigured reports whether a build is of today's making, but for what it may lack.
func asConfigured(m delivery.Manifest, bot config.Bot) bool {
	m.Complete = true
	return serves(m, bot)
}

// serves reports whether a build is of today's making, and lacks nothing.
func serves(m delivery.Manifest, bot config.Bot) bool {
	return m.Matches(bot.TZ, figures.Filters{Sources: bot.Sources, Languages: bot.Languages})
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

// draw draws every edition.
func (w *Worker) draw(r *figures.Report) ([]delivery.File, error) {
	if w.Draw != nil {
		return w.Draw(r)
	}
	return report.Render(r)
}

// drawOthers draws the editions in the languages that the bot's destinations want beside its own. One that cannot be drawn
// is left out: the others do not wait for it, and whoever wants it fails by himself.
func (w *Worker) drawOthers(ctx context.Context, bot config.Bot, r *figures.Report) []delivery.File {
	var all []delivery.File
	for _, locale := range bot.OtherLocales() {
		other := *r
		other.Locale = locale
		files, err := w.draw(&other)
		if err != nil {
			w.Log.ErrorContext(ctx, "not drawn in another language", "locale", locale, "error", err)
			continue
		}
		all = append(all, delivery.WithLocale(locale, files)...)
	}
	return all
}

// collect asks Sage with the bot's key. A key that is refused may have been replaced since it was remembered, so it is
// fetched again, and if it is another one, tried.
func (w *Worker) collect(ctx context.Context, bot config.Bot, j config.Job) (*figures.Report, error) {
	id := secrets.KeyID(w.SecretPrefix, j.Tenant, bot)
	if err := secrets.CheckTenant(w.SecretPrefix, j.Tenant, id); err != nil {
		return nil, noKey(bot, id, err)
	}
	key, err := w.Secrets.Get(ctx, id)
	if err != nil {
		return nil, noKey(bot, id, err)
	}
	r, err := w.ask(ctx, bot, j, key)
	if refused(err) {
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
		return nil, unanswered(j, bot, w.Commands, err)
	}
	return r, nil
}

// ask takes half of the time that the invocation has left: the other half is for drawing and sending. A section that has not
// come by then is missing in the report, and says so.
func (w *Worker) ask(ctx context.Context, bot config.Bot, j config.Job, key string) (*figures.Report, error) {
	inTime := ctx
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		inTime, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	transport := &counting{base: w.HTTP}
	defer func() { w.measure(ctx, "", log.Count(log.SageCalls, int(transport.calls.Load()))) }()
	// A client remembers the token of each bot by the bot's id. Another tenant may have a bot of the same id, so the
	// client lives for this report alone.
	client := &collect.Client{
		URL: w.SageURL, APIURL: w.KindlyURL,
		Key:  func(context.Context, string) (string, error) { return key, nil },
		HTTP: &http.Client{Transport: transport, Timeout: tryTimeout},
		Log:  w.Log,
	}
	now := w.Now()
	r, err := report.Collect(inTime, client, bot, j.Period, now, nil)
	if err != nil {
		return nil, err
	}
	// Numbers of a week that goes on at Kindly's would be frozen as if they were the whole.
	skew := client.Skew()
	if _, end := j.Period.Bounds(bot.Location); skew.Matters() && now.Add(-time.Duration(skew)).Before(end) {
		return nil, early{skew}
	}
	w.dress(ctx, bot, j, r)
	return r, nil
}

// logoTime is how long a logo may take.
const logoTime = 5 * time.Second

// dress gives a report its bot's looks. It waits for no logo: not for one that is missing, nor for a store that is silent. The
// time is the logo's own, so that none is left out because Sage took all of its time.
func (w *Worker) dress(ctx context.Context, bot config.Bot, j config.Job, r *figures.Report) {
	ctx, cancel := context.WithTimeout(ctx, logoTime)
	defer cancel()
	if err := report.ApplyBrand(r, bot.Brand, func(name string) ([]byte, error) {
		logo, err := w.Archive.Store.Get(ctx, delivery.KeysOf(j.Tenant).Logo(name))
		return logo.Data, err
	}); err != nil {
		w.Log.WarnContext(ctx, "the report is made without its logo", "error", err)
	}
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
