package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
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

// Patience is for how long somebody waits for what he asked for. Slack takes answers to a command for half an hour.
const Patience = 25 * time.Minute

// Answer answers a request: the report privately to whoever asked, or posted in the channel if it is to be shared. What
// goes wrong is answered too, in words for a reader of reports. Its error is the store's.
//
// The permission is checked again, by the configuration as it is now. What is shared is diverted as everything is; a
// private answer is not, since it goes to nobody but him who asked.
func (w *Worker) Answer(ctx context.Context, q queues.Request) error {
	j := q.Job()
	ctx = about(ctx, j)
	begun := w.Now()
	if age := begun.Sub(q.At); age > Patience {
		w.Log.WarnContext(ctx, "a request was dropped, since nobody waits for it any more", "age", age.String())
		return nil
	}
	t, bot, gone, err := w.find(ctx, j)
	if err != nil {
		return err
	}
	if gone == "" && !slash.Allowed(t, bot, q.Team, q.Channel, q.User, q.Share) {
		gone = "whoever asked may not, by the configuration as it is now"
	}
	if gone != "" {
		w.Log.WarnContext(ctx, "a request was refused", "because", gone)
		locale := wording.Default
		if t != nil { // in the tenant's language, whichever bot it was about: who may not ask learns nothing of it
			locale = t.Locale
		}
		w.respond(ctx, q, words(locale).Say(wording.SlashGone))
		return nil
	}
	say := words(bot.Locale)
	if _, end := j.Period.Bounds(bot.Location); end.After(begun) {
		w.Log.WarnContext(ctx, "a request was refused", "because", "the week is not over")
		w.respond(ctx, q, say.Say(wording.SlashNotYet, say.Sentence(say.Period(j.Period)), name(bot),
			say.WeekdayTime(end), bot.TZ))
		return nil
	}
	defer func() { w.measure(ctx, "", log.Took(log.Duration, w.Now().Sub(begun))) }()

	// Nobody has a right to the numbers of an earlier build: what is not complete and of today's making is made anew.
	b, err := w.frozen(ctx, bot, j, "", never)
	var stuck *obstacle
	switch {
	case errors.As(err, &stuck):
		w.Log.ErrorContext(ctx, "not built for who asked", "because", stuck.Error(), "error", stuck.cause)
		w.measure(ctx, stuck.reason, log.Count(log.Failed, 1))
		w.respond(ctx, q, apology(bot, q, stuck.reason))
		return nil
	case err != nil:
		return err
	}
	d := delivery.Delivery{Job: j, Bot: bot, Due: q.At.UTC(), Extra: asked(q),
		Destination: config.Destination{Medium: config.Slack, To: q.User, When: config.Always, Locale: bot.Locale}}
	if q.Share { // it stands there for everybody, so it is as the weekly report is
		at := slices.IndexFunc(bot.Destinations, func(to config.Destination) bool { return to.Medium == config.Slack && to.To == q.Channel })
		d.Destination = bot.Destinations[at] // one of the bot's own, or it would not be allowed
	}
	m := delivery.Message{Key: d.Key(), Tenant: t, Bot: bot, Build: b.Manifest.Build, Destination: d.Destination}
	drawn := w.newEditions(b)
	if q.Share {
		m, err = w.diverted(m, drawn)
	} else {
		m.Key = j.String() + "/" + d.Extra // which does not name who asked
		m.Report, m.Files, err = drawn.in(bot.Locale, "")
	}
	switch {
	case err != nil:
		w.failed(ctx, m, err)
		w.respond(ctx, q, apology(bot, q, reasonDraw))
	case q.Share:
		return w.share(ctx, q, d, m)
	default:
		w.private(ctx, q, m)
	}
	return nil
}

// share posts the report in the channel. SQS may bring a request twice, so it goes by the ledger, as every delivery does;
// but whoever asked can ask again, so nobody else tries it again.
func (w *Worker) share(ctx context.Context, q queues.Request, d delivery.Delivery, m delivery.Message) error {
	r, err := w.Ledger.Deliver(ctx, d, m, w.Senders[m.Destination.Medium], w.deadline(ctx))
	switch {
	case errors.Is(err, delivery.ErrBusy), errors.Is(err, delivery.ErrEarly):
		w.Log.InfoContext(ctx, "left alone", "because", err)
		return nil
	case err != nil:
		return storeError(err)
	case r.Ref == "":
		w.failed(ctx, m, errors.New(r.Reason))
		say := words(m.Bot.Locale)
		w.respond(ctx, q, say.Say(wording.SlashUnposted, name(m.Bot), dates(say, q)))
		return nil
	}
	w.Log.InfoContext(ctx, "shared", "ref", r.Ref, "lacks", r.Missing)
	w.measure(ctx, "", log.Count(log.Delivered, 1))
	return nil
}

// private sends the report as a direct message. Where that cannot be done, its words and numbers, without the charts,
// answer the command itself.
func (w *Worker) private(ctx context.Context, q queues.Request, m delivery.Message) {
	err := w.Slack.Private(ctx, m.Tenant, q.User, m)
	if err != nil {
		w.Log.WarnContext(ctx, "no direct message; the command is answered with text instead", "error", err)
		err = w.unpictured(ctx, q, m.Report)
	}
	if err != nil {
		w.failed(ctx, m, err)
		return
	}
	w.Log.InfoContext(ctx, "answered")
	w.measure(ctx, "", log.Count(log.Delivered, 1))
}

// unpictured answers the command with the digest, and then with the details, which have no thread to stand in. Its error is that
// of the digest: whoever has got it has been answered.
func (w *Worker) unpictured(ctx context.Context, q queues.Request, r *figures.Report) error {
	s, err := summary.Of(r)
	if err != nil {
		return err
	}
	none := digest.Images(map[string]string{})
	answer, details := digest.Slack(s, none), digest.Details(s, none)
	if err := w.Slack.Respond(ctx, q.ResponseURL, answer.Text, answer.Blocks.BlockSet...); err != nil {
		return err
	}
	if err := w.Slack.Respond(ctx, q.ResponseURL, details.Text, details.Blocks.BlockSet...); err != nil {
		w.Log.WarnContext(ctx, "the command was answered without the details", "error", err)
	}
	return nil
}

func (w *Worker) failed(ctx context.Context, m delivery.Message, err error) {
	w.Log.ErrorContext(ctx, "not delivered to who asked", "error", err)
	w.measure(ctx, string(m.Destination.Medium), log.Count(log.Failed, 1))
}

// respond answers the command in text, Slack's mrkdwn, for whoever gave it alone.
func (w *Worker) respond(ctx context.Context, q queues.Request, text string) {
	if err := w.Slack.Respond(ctx, q.ResponseURL, text); err != nil {
		w.Log.ErrorContext(ctx, "the command was not answered", "error", err)
	}
}

// apology says that there is no report, to somebody who can do nothing about it but wait or tell.
func apology(bot config.Bot, q queues.Request, reason string) string {
	say := words(bot.Locale)
	why := wording.SlashUnmadeElse
	switch reason {
	case reasonKey:
		why = wording.SlashUnmadeKey
	case reasonSage:
		why = wording.SlashUnmadeSage
	}
	return say.Say(wording.SlashUnmade, name(bot), dates(say, q)) + " " + say.Say(why)
}

func dates(say *wording.Wording, q queues.Request) string {
	return say.Dates(q.Period.From().UTC(), q.Period.Last().UTC())
}

// name is the bot's as mrkdwn.
func name(bot config.Bot) string { return slackutilsx.EscapeMessage(bot.Name) }

// words are those of a locale; config.Parse lets none through that has no words.
func words(locale string) *wording.Wording {
	w, err := wording.For(locale)
	if err != nil {
		w, _ = wording.For(wording.Default)
	}
	return w
}

// asked tells the answer to a request from the weekly delivery, and from every other answer. Everybody in the workspace can
// see it, so who asked is only hashed into it.
func asked(q queues.Request) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %s", q.Team, q.Channel, q.User, q.At.UTC().Format(time.RFC3339Nano)))
	return "asked-" + hex.EncodeToString(sum[:8])
}
