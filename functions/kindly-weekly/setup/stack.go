package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"kindlyweekly/functions/kindly-weekly/deploy"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
)

// stack returns the stack, with the region and the credentials of the operator.
func (r *run) stack() deploy.Stack {
	return deploy.Stack{Host: r.base, Source: r.source, Name: r.name, Yes: true}
}

// lookStack reads whether the stack is deployed, and what it says of itself.
func (r *run) lookStack(ctx context.Context) (state, error) {
	if r.region == "" {
		return todo("deploy %s, once the region is known", r.name), nil
	}
	s, err := r.stack().State(ctx)
	if err != nil {
		return state{}, err
	}
	if r.model, err = r.lookModel(ctx); err != nil {
		return state{}, err
	}
	switch s.Status {
	case deploy.Absent:
		return todo("deploy %s, which takes some minutes", r.name), nil
	case deploy.InProgress:
		return todo("wait for CloudFormation: %s", s.Reason), nil
	case deploy.Broken, deploy.Stuck:
		return todo("deploy it again: %s", s.Reason), nil
	}
	if string(s.Deployment.Stage) != r.cmd.Stage {
		return state{}, fmt.Errorf("%s is of the stage %s: add --stage %[2]s", r.name,
			s.Deployment.Stage)
	}
	r.email, r.from = s.Parameters["AlarmEmail"], nil
	for from := range strings.SplitSeq(s.Parameters["MailFrom"], ",") {
		from = strings.TrimSpace(from)
		if domain, ok := strings.CutPrefix(from, "*"); ok { // any sender of a domain
			from = "weekly" + domain
		}
		if from != "" && from != none {
			r.from = append(r.from, from)
		}
	}
	if err := r.enter(ctx); err != nil {
		return state{}, err
	}
	text := r.name
	if v := s.Deployment.Version; v != "" {
		text += ", version " + v
	}
	if v := r.source.Version; v != "" && v != s.Deployment.Version {
		text += fmt.Sprintf("; to upgrade it to %s: %s", v, r.typed("deploy --stack "+r.name))
	}
	return done("%s", text), nil
}

// deploy asks for the settings of the stack and creates it.
func (r *run) deploy(ctx context.Context) error {
	s, err := r.stack().State(ctx)
	if err != nil {
		return err
	}
	values := make(map[string]string)
	if s.Status == deploy.Absent || s.Status == deploy.Broken {
		if values, err = r.settings(); err != nil {
			return err
		}
	}
	_, err = r.stack().Deploy(ctx, values)
	return err
}

// settings asks for the settings of a new stack.
func (r *run) settings() (map[string]string, error) {
	operator, err := r.get(question{key: "email", answer: r.answers.Email,
		standard: r.modelled("AlarmEmail"), text: "Your mail address. It gets the alarms",
		check: address})
	if err != nil {
		return nil, err
	}
	from, err := r.get(question{key: "mail_from", answer: r.answers.MailFrom,
		standard: cmp.Or(r.modelled("MailFrom"), none),
		text:     "Sender of the reports by mail, such as weekly@example.com, or none",
		check: func(s string) (string, error) {
			if strings.EqualFold(s, none) {
				return none, nil
			}
			return address(s)
		}})
	if err != nil {
		return nil, err
	}
	values := map[string]string{"Stage": r.cmd.Stage, "AlarmEmail": operator}
	values["MailFrom"] = from
	if r.cmd.Stage == "dev" {
		values["DivertTo"] = "mail:" + operator
		if to := r.answers.DivertTo; to != "" {
			values["DivertTo"] = to
		}
	}
	yes, err := r.yes(fmt.Sprintf("Deploy %s in the account %s, region %s?", r.name, r.account,
		r.region))
	if err == nil && !yes {
		err = errors.New("nothing was deployed")
	}
	return values, err
}

// modelled returns a parameter of the model's stack, or nothing.
func (r *run) modelled(parameter string) string {
	if r.model == nil {
		return ""
	}
	return r.model.parameters[parameter]
}

// address accepts a mail address without a name. Its errors do not quote what may be a secret.
func address(s string) (string, error) {
	a, err := config.ParseAddress(s)
	if err != nil || a.Address != s {
		return "", errors.New("that is not a mail address, such as you@example.com")
	}
	return s, nil
}

// enter reads what the deployed stack says of itself, and the configuration of its tenant.
func (r *run) enter(ctx context.Context) error {
	r.place = deployment.Place{Stack: r.name}
	host, err := r.place.Enter(ctx, r.base)
	if err != nil {
		return err
	}
	r.host, r.about = host, host.Deployment
	if r.store, err = r.place.Open(ctx, host); err != nil {
		return err
	}
	return r.readTenant(ctx)
}

// readTenant reads the configuration in force of the tenant: the one of the answers, or the only
// one of the deployment.
func (r *run) readTenant(ctx context.Context) error {
	all, err := (&tenantconfig.Loader{Store: r.store}).All(ctx)
	if err != nil {
		return err
	}
	if r.tenant == "" {
		r.tenant = r.answers.Tenant
	}
	if r.tenant == "" && len(all) == 1 {
		r.tenant = all[0].Name
	}
	for _, t := range all {
		if t.Name != r.tenant {
			continue
		}
		if t.Tenant == nil {
			return fmt.Errorf("the configuration of %s cannot be used: %w", t.Name,
				errors.Join(t.Err, t.Mistakes))
		}
		r.conf, r.named = t.Tenant, true
	}
	return nil
}
