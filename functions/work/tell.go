package work

import (
	"context"
	"strings"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/wording"
)

// news is what ops are told, in plain text.
type news struct{ subject, text string }

// tell tells the tenant's ops. Each of them is told, because the one way to them may be what is broken.
func (w *Worker) tell(ctx context.Context, t *bots.Tenant, n news) {
	ops := t.Ops
	if w.Divert != nil {
		ops = []bots.Destination{*w.Divert}
	}
	if len(ops) == 0 {
		w.Log.ErrorContext(ctx, "nobody is told, since the tenant names no ops", "subject", n.subject)
	}
	for _, to := range ops {
		var err error
		if to.Medium == bots.Slack {
			err = w.Slack.Tell(ctx, t, to.To, n.subject+"\n"+n.text)
		} else {
			err = w.Mail.Tell(ctx, t, to.To, n.subject, n.text)
		}
		if err != nil {
			w.Log.ErrorContext(ctx, "ops could not be told", "ops", to.ID(), "subject", n.subject, "error", err)
		}
	}
}

// unmade is the news of a report that cannot be built, for which every destination has the same reason.
func unmade(t *bots.Tenant, bot bots.Bot, failed []delivery.Record) news {
	say := words(t.Locale)
	return news{
		subject: say.Say(wording.OpsUnmade, bot.Name, failed[0].Job.Week.String()),
		text:    explained(say, bot, failed[0]),
	}
}

// unsent is the news of destinations that somebody has to do something about.
func unsent(t *bots.Tenant, bot bots.Bot, failed []delivery.Record) news {
	say := words(t.Locale)
	var lines []string
	for _, r := range failed {
		lines = append(lines, label(bot, r.Destination)+": "+explained(say, bot, r))
	}
	return news{
		subject: say.Say(wording.OpsUnsent, bot.Name, failed[0].Job.Week.String()),
		text:    strings.Join(lines, "\n"),
	}
}

// explained is a record's reason, its cure, and what happens next.
func explained(say *wording.Wording, bot bots.Bot, r delivery.Record) string {
	text := []string{strings.TrimRight(r.Reason, ".") + "."}
	if r.Cure != "" {
		text = append(text, say.Say(wording.OpsCure, r.Cure))
	}
	if r.State.Final() {
		return strings.Join(append(text, say.Say(wording.OpsOver)), " ")
	}
	at := r.NextTry.In(bot.Location)
	return strings.Join(append(text, say.Say(wording.OpsAgain,
		say.Say(wording.DateTime, say.WeekdayDate(at), at.Format("15:04")), bot.TZ)), " ")
}

// label names a destination to the tenant's ops.
func label(bot bots.Bot, id string) string {
	for _, d := range bot.Destinations {
		if d.ID() == id {
			return string(d.Medium) + " " + d.To
		}
	}
	return id
}
