package reports

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"kindlyweekly/functions/channel/registry"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// SendTo sends a report to one recipient, whatever any ledger says. ref is what the message is
// known by.
func SendTo(ctx context.Context, h cli.Host, t *config.Tenant, m Made,
	to config.Destination) (ref string, err error) {
	ctx, cancel := context.WithTimeout(ctx, deployment.SendTime)
	defer cancel()
	to.Charts = m.bot.Charts // which who is named by a flag has none of
	job := config.Job{Tenant: t.Name, Bot: m.bot.ID, Period: m.Numbers.Period.Name}
	message := delivery.Message{
		// of no delivery in any ledger, and of no report before this one
		Key:    job.String() + "/by-hand-" + rand.Text(),
		Tenant: t, Subject: m.bot.Subject(), Destination: to,
		Payload: &delivery.Editions{Report: m.Numbers, Files: m.files},
	}
	sender, err := registry.New(ctx, to.Medium, deployment.Channels(h, nil, nil))
	if err != nil {
		return "", err
	}
	if client, ok := sender.(*slack.Client); ok {
		deployment.PostWith(client, h.Getenv("SLACK_BOT_TOKEN"))
		if strings.HasPrefix(to.To, "U") || strings.HasPrefix(to.To, "W") {
			return "", client.Private(ctx, t, to.To, message)
		}
	}
	if ref, err = sender.Send(ctx, message); err != nil {
		return ref, err
	}
	follower, ok := sender.(delivery.Replier)
	if !ok {
		return ref, nil
	}
	lacks, err := follower.SendReplies(ctx, message, ref, "", true,
		func(string) error { return nil })
	if lacks != nil {
		err = fmt.Errorf("it was sent without its PDF: %w", lacks)
	}
	return ref, err
}
