package setup

import (
	"context"
	"fmt"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/report/config"
)

// lookMail reads whether SES sends mail from the sender, and to the operator.
func (r *run) lookMail(ctx context.Context) (state, error) {
	switch {
	case r.about == nil && r.answers.MailFrom == none, r.about != nil && len(r.from) == 0:
		return done("none: reports go to Slack only"), nil
	case r.about == nil:
		return todo("let SES verify the sender"), nil
	}
	waits, err := r.unverified(ctx)
	if err != nil {
		return state{}, err
	}
	if len(waits) > 0 {
		return todo("SES has to verify %s: follow the link in the mail that AWS sends there",
			joined(waits)), nil
	}
	return done("from %s", joined(r.from)), nil
}

// unverified returns the addresses that SES has not verified: the sender's, and in the sandbox the
// operator's too, who gets the first report.
func (r *run) unverified(ctx context.Context) (waits []string, err error) {
	if len(r.from) == 0 {
		return nil, nil
	}
	cfg, err := r.host.AWS(ctx)
	if err != nil {
		return nil, err
	}
	ses := email.NewAccount(cfg)
	addresses := r.from
	account, err := ses.Status(ctx)
	if err != nil {
		return nil, err
	}
	if account.Sandbox {
		for _, d := range r.operator() {
			if d.Medium == config.Mail {
				addresses = append(addresses[:len(addresses):len(addresses)], d.To)
			}
		}
	}
	for _, a := range addresses {
		id, err := ses.Identity(ctx, a)
		if err != nil {
			return nil, err
		}
		if id.State != email.Verified {
			waits = append(waits, a)
		}
	}
	return waits, nil
}

// verifySender asks SES to verify what is not verified, and waits for the operator.
func (r *run) verifySender(ctx context.Context) error {
	waits, err := r.unverified(ctx)
	if err != nil || len(waits) == 0 {
		return err
	}
	cfg, err := r.host.AWS(ctx)
	if err != nil {
		return err
	}
	ses := email.NewAccount(cfg)
	for _, a := range waits {
		if _, err := ses.RequestVerification(ctx, a); err != nil {
			return err
		}
		fmt.Fprintf(r.host.Out, "AWS sends a mail to %s. Follow its link.\n", a)
	}
	if r.file != "" {
		return nil
	}
	_, err = r.asker.ask("Press Enter when you have followed it, or to go on without. ")
	return err
}
