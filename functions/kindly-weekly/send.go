package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// sendTime is how long one sending may take.
const sendTime = 5 * time.Minute

// slackUser is Slack's id of a person, to whom a direct message is opened.
var slackUser = regexp.MustCompile(`^slack:([UW][A-Z0-9]{8,20})$`)

// recipient reads a flag that says whom to send to: a destination, or a person in Slack.
func recipient(flag, value string) (config.Destination, error) {
	if m := slackUser.FindStringSubmatch(value); m != nil {
		return config.Destination{Medium: config.Slack, To: m[1], When: config.Always}, nil
	}
	to, err := config.ParseDestination(value)
	if err != nil {
		return to, fmt.Errorf("%w: %s: %w; slack:U024BE7LH is a person", errUsage, flag, err)
	}
	return to, nil
}

// sendTo sends a report to one recipient, whatever any ledger says. ref is what the message is known by.
func (h host) sendTo(ctx context.Context, t *config.Tenant, m made, to config.Destination) (ref string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	to.Charts = m.bot.Charts // which who is named by a flag has none of
	job := config.Job{Tenant: t.Name, Bot: m.bot.ID, Week: m.numbers.Week.Name}
	message := delivery.Message{
		Key:    job.String() + "/by-hand-" + rand.Text(), // of no delivery in any ledger, and of no report before this one
		Tenant: t, Bot: m.bot, Destination: to, Report: m.numbers, Files: m.files,
	}
	if to.Medium == config.Mail {
		sender, err := h.mailer(ctx, nil)
		if err != nil {
			return "", err
		}
		return sender.Send(ctx, message)
	}
	client := h.slackClient(&secretStore{host: h}, h.getenv("SLACK_BOT_TOKEN"))
	if strings.HasPrefix(to.To, "U") || strings.HasPrefix(to.To, "W") {
		return "", client.Private(ctx, t, to.To, message)
	}
	if ref, err = client.Send(ctx, message); err != nil {
		return ref, err
	}
	lacks, err := client.Follow(ctx, message, ref, "", true, func(string) error { return nil })
	if lacks != nil {
		err = fmt.Errorf("it was sent without its PDF: %w", lacks)
	}
	return ref, err
}

// label names a destination as people know it, and as --to takes it.
func label(d config.Destination) string { return string(d.Medium) + ":" + d.To }
