// Package registry makes the sender of each kind of destination that a configuration may name.
package registry

import (
	"context"
	"fmt"

	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// New returns a sender of one kind. It fails for a kind that has none.
func New(ctx context.Context, m config.Medium, e channel.Env) (delivery.Sender, error) {
	switch m {
	case config.Slack:
		return slack.New(e)
	case config.Mail:
		return email.New(ctx, e)
	}
	return nil, fmt.Errorf("cannot send to %s", m)
}

// Senders returns a sender of each kind that package config has.
func Senders(ctx context.Context, e channel.Env) (map[config.Medium]delivery.Sender, error) {
	all := make(map[config.Medium]delivery.Sender)
	for _, m := range config.Media() {
		s, err := New(ctx, m, e)
		if err != nil {
			return nil, err
		}
		all[m] = s
	}
	return all, nil
}
