package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/preflight"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// lookTick reads whether a tick has described the deployment.
func (r *run) lookTick(ctx context.Context) (state, error) {
	const run = "run once the function that sends what is due"
	if r.about == nil {
		return todo(run), nil
	}
	d, err := about.Read(ctx, r.store)
	if errors.Is(err, delivery.ErrNotFound) {
		return todo(run), nil
	}
	if err != nil {
		return state{}, err
	}
	return done("it runs every 15 minutes; version %s", d.Version), nil
}

// tick runs the tick of the deployment.
func (r *run) tick(ctx context.Context) error {
	cfg, err := r.host.AWS(ctx)
	if err != nil {
		return err
	}
	event, err := json.Marshal(tick.Tick{Time: r.host.Now().UTC()})
	if err != nil {
		return err
	}
	name := r.name + "-tick"
	out, err := lambda.NewFromConfig(cfg).Invoke(ctx, &lambda.InvokeInput{FunctionName: &name,
		InvocationType: types.InvocationTypeRequestResponse, Payload: event})
	if err != nil {
		return fmt.Errorf("%s: %s: allow lambda:InvokeFunction, or wait a quarter of an hour for "+
			"the next tick", name, retry.Reason(err))
	}
	if failed := aws.ToString(out.FunctionError); failed != "" {
		return fmt.Errorf("%s failed (%s): %s: see its log group /aws/lambda/%s", name, failed,
			cli.OneLine(string(out.Payload)), name)
	}
	return r.enter(ctx)
}

func (r *run) lookCheck(context.Context) (state, error) {
	switch {
	case !r.checked:
		return todo("check everything, as preflight does"), nil
	case r.problems:
		return todo("do what the table says, and run setup again"), nil
	}
	return done("everything is in order"), nil
}

// check prints the table of preflight.
func (r *run) check(ctx context.Context) error {
	check := preflight.Command{Place: r.place, Tenant: r.tenant}
	err := check.Run(ctx, r.host)
	r.checked, r.problems = true, errors.Is(err, cli.ErrPrinted)
	if r.problems {
		return nil
	}
	return err
}

// first is what the bucket remembers of the first report, so that setup does not send it again.
type first struct {
	Sent map[string]time.Time `json:"sent"` // by destination
}

// readFirst reads where the first report was sent.
func (r *run) readFirst(ctx context.Context) (f first, err error) {
	o, err := r.store.Get(ctx, delivery.KeysOf(r.tenant).FirstReport())
	if err == nil {
		err = json.Unmarshal(o.Data, &f)
	}
	if errors.Is(err, delivery.ErrNotFound) {
		err = nil
	}
	return f, err
}

// operator returns the destinations that reach the operator: in Slack, and by mail.
func (r *run) operator() (to []config.Destination) {
	if r.about.DivertTo != "" {
		if d, err := config.ParseDestination(r.about.DivertTo); err == nil {
			return []config.Destination{d}
		}
	}
	if r.person != "" && !r.withoutSlack() {
		to = append(to, config.Destination{Medium: config.Slack, To: r.person})
	}
	if len(r.from) > 0 {
		to = append(to, config.Destination{Medium: config.Mail, To: r.email})
	}
	return to
}

// lookFirst reads whether the first report was sent to the operator.
func (r *run) lookFirst(ctx context.Context) (state, error) {
	if r.conf == nil {
		return todo("send the last week of a bot to you, and to no one else"), nil
	}
	f, err := r.readFirst(ctx)
	if err != nil {
		return state{}, err
	}
	var left, sent []string
	for _, d := range r.operator() {
		if f.Sent[d.String()].IsZero() {
			left = append(left, d.String())
		} else {
			sent = append(sent, d.String())
		}
	}
	if len(left) > 0 || len(sent) == 0 {
		return todo("send the last week of a bot to you, and to no one else: %s", joined(left)), nil
	}
	return done("sent to %s", joined(sent)), nil
}

// sendFirst sends the last week of the first bot to the operator. It leaves out mail that SES does
// not send yet.
func (r *run) sendFirst(ctx context.Context) error {
	f, err := r.readFirst(ctx)
	if err != nil {
		return err
	}
	if len(r.operator()) == 0 {
		if err := r.askPerson(ctx); err != nil {
			return err
		}
	}
	all := r.operator()
	if len(all) == 0 {
		return errors.New("you can be reached neither in Slack nor by mail")
	}
	waits, err := r.unverified(ctx)
	if err != nil {
		return err
	}
	to := slices.DeleteFunc(all, func(d config.Destination) bool {
		return !f.Sent[d.String()].IsZero() || d.Medium == config.Mail && len(waits) > 0
	})
	if len(to) == 0 {
		return nil
	}
	bot := r.conf.Bots[0]
	if to, err = r.cmd.Confirm(r.host, r.place, "send the last week of "+bot.Name, to); err != nil {
		return err
	}
	if f.Sent == nil {
		f.Sent = make(map[string]time.Time)
	}
	// What was sent is stored, even if the operator interrupts it.
	stored := context.WithoutCancel(ctx)
	return preflight.SendReport(ctx, r.host, r.store, r.conf, bot, r.about.SecretPrefix, to,
		func(d config.Destination) error {
			f.Sent[d.String()] = r.host.Now().UTC()
			data, err := json.Marshal(f)
			if err != nil {
				return err
			}
			object := delivery.Object{Data: data, Type: "application/json"}
			_, err = r.store.Put(stored, delivery.KeysOf(r.tenant).FirstReport(), object, delivery.Condition{})
			return err
		})
}

// joined joins names for a sentence.
func joined(names []string) string { return strings.Join(names, ", ") }
