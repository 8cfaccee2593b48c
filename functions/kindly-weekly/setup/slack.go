package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/slash/manifest"
)

// none is the answer of an operator who wants no Slack, or no mail.
const none = "none"

// lookSlack reads whether the app's token and signing secret are stored, and whether Slack accepts
// the token.
func (r *run) lookSlack(ctx context.Context) (state, error) {
	ask := todo("create it by a link; store its token and its signing secret")
	switch {
	case r.withoutSlack():
		return done("none: reports go by mail only"), nil
	case r.about == nil:
		return ask, nil
	}
	r.tenant = cmp.Or(r.tenant, r.answers.Tenant, tenantOf(r.email))
	store := deployment.Secrets{Host: r.host}
	tokenID, signingID := r.slackSecrets()
	token, err := store.Get(ctx, tokenID)
	if isMissing(err) {
		return ask, nil
	}
	if err != nil {
		return state{}, err
	}
	if _, err := store.Get(ctx, signingID); isMissing(err) {
		return todo("store its signing secret"), nil
	} else if err != nil {
		return state{}, err
	}
	if err := r.connect(ctx, token); err != nil {
		return todo("store a token that Slack accepts: %v", err), nil
	}
	return done("%s, in the workspace %s (%s)", r.slack.Bot, r.slack.Name, r.slack.Team), nil
}

// withoutSlack reports whether the operator has decided against Slack.
func (r *run) withoutSlack() bool {
	return r.answers.Slack == none || r.conf != nil && r.conf.Slack.TokenSecret == ""
}

// slackSecrets returns the IDs of the secrets with the app's token and its signing secret: those
// that the configuration names, or else those that the functions read apart.
func (r *run) slackSecrets() (token, signing string) {
	token = secrets.TokenID(r.about.SecretPrefix, r.tenant)
	signing = secrets.SigningID(r.about.SecretPrefix, r.tenant)
	if r.conf != nil {
		token = cmp.Or(r.conf.Slack.TokenSecret, token)
		signing = cmp.Or(r.conf.Slack.SigningSecret, signing)
	}
	return token, signing
}

// connect opens the app's workspace, and looks for the operator in it.
func (r *run) connect(ctx context.Context, token string) error {
	client, err := slack.New(channel.Env{Getenv: r.host.Getenv, HTTP: r.host.Slack})
	if err != nil {
		return err
	}
	w, err := client.Connect(ctx, token)
	if err != nil {
		return err
	}
	r.slack = w
	w.Progress = func(channels int) {
		if channels > 900 { // a page; a small workspace has no more
			fmt.Fprintf(r.host.Err, "  %d channels read\n", channels)
		}
	}
	for _, who := range []string{r.answers.Person, r.email} {
		if r.person != "" || who == "" {
			continue
		}
		p, err := w.Person(ctx, who)
		switch {
		case err == nil:
			r.person, r.personZone = p.ID, p.TZ
		case !slack.IsScopeMissing(err) && !slack.IsUnknown(err):
			return err
		} // else setup asks for the ID
	}
	return nil
}

// connectSlack leads to Slack's form for an app, and stores the app's secrets.
func (r *run) connectSlack(ctx context.Context) error {
	wanted, err := r.get(question{key: "slack", text: "Send reports to Slack? yes or none",
		answer: r.answers.Slack, standard: "yes", check: r.checkSlack})
	if r.answers.Slack = wanted; err != nil || wanted == none {
		return err
	}
	if err := r.askTenant(); err != nil {
		return err
	}
	app, err := manifest.New(r.about.Stage, r.about.SlashURL)
	if err != nil {
		return err
	}
	if err := r.showForm(app); err != nil {
		return err
	}
	token, err := r.secret(ctx, "Bot User OAuth Token, from OAuth & Permissions",
		func(s string) error {
			if err := r.connect(ctx, s); err != nil {
				return err
			}
			return r.checkApp()
		}, "SLACK_BOT_TOKEN")
	if errors.Is(err, cli.ErrNoSecret) {
		return fmt.Errorf("%w; the app is created at this link: %s", err, app.Link())
	}
	if err != nil {
		return err
	}
	signing, err := r.secret(ctx, "Signing Secret, from Basic Information",
		slack.CheckSigningSecret, "SLACK_SIGNING_SECRET")
	if err != nil {
		return err
	}
	if err := r.storeSlack(ctx, token, signing); err != nil {
		return err
	}
	return r.askPerson(ctx)
}

// askPerson asks for the operator's Slack account, unless it is known.
func (r *run) askPerson(ctx context.Context) error {
	if r.slack == nil || r.person != "" {
		return nil
	}
	_, err := r.get(question{key: "person", answer: r.answers.Person,
		text: "Your mail address in Slack, or your member ID (your profile, ⋮, Copy member ID)",
		check: func(s string) (string, error) {
			p, err := r.slack.Person(ctx, s)
			r.person, r.personZone = p.ID, p.TZ
			return s, err
		}})
	return err
}

// checkApp returns an error if the app is that of the other stage, whose token was pasted.
func (r *run) checkApp() error {
	if r.slack.App == "" { // then its name is unknown
		return nil
	}
	other := about.Prod
	if r.about.Stage == about.Prod {
		other = about.Dev
	}
	app, err := manifest.New(other, r.about.SlashURL)
	if err == nil && r.slack.Bot == app.Name {
		err = fmt.Errorf("this is the token of %s, the app of the stage %s: each stage has an app "+
			"of its own", app.Name, other)
	}
	return err
}

// showForm leads a person to Slack's form for an app with the manifest of this one.
func (r *run) showForm(app manifest.App) error {
	if r.file != "" {
		return nil
	}
	fmt.Fprintf(r.host.Out, "Create the app at this link: choose your workspace, click Next and "+
		"Create. Then click Install to Workspace.\n\n%s\n\n", app.Link())
	if r.host.Browse == nil {
		return nil
	}
	if _, err := r.ask("Press Enter to open the link in your browser. The token is asked for then. "); err != nil {
		return err
	}
	if err := r.host.Browse(app.Link()); err != nil {
		fmt.Fprintln(r.host.Err, "no browser was started: open the link yourself")
	}
	return nil
}

// storeSlack stores the app's secrets where the functions look for them.
func (r *run) storeSlack(ctx context.Context, token, signing string) error {
	store := &deployment.Secrets{Host: r.host}
	v, err := store.Open(ctx)
	if err != nil {
		return err
	}
	tokenID, signingID := r.slackSecrets()
	if err := v.Set(ctx, tokenID, token); err != nil {
		return err
	}
	return v.Set(ctx, signingID, signing)
}

var tenantName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// askTenant asks for the tenant's name.
func (r *run) askTenant() error {
	if r.named {
		return nil
	}
	name, err := r.get(question{key: "tenant", answer: r.answers.Tenant,
		text: "Short name of your company or team, for files", standard: cmp.Or(r.tenant, tenantOf(r.email)),
		check: func(s string) (string, error) {
			if slack.CheckSigningSecret(s) == nil {
				return "", errors.New("this looks like a secret, which is asked for later")
			}
			if s = strings.ToLower(s); !tenantName.MatchString(s) {
				return "", errors.New("use letters, digits and hyphens, such as acme")
			}
			return s, nil
		}})
	r.tenant, r.named = name, err == nil
	return err
}

// tenantOf suggests a tenant's name: acme for you@acme.example.
func tenantOf(address string) string {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	name, _, _ := strings.Cut(domain, ".")
	if !tenantName.MatchString(name) {
		return "weekly"
	}
	return name
}

// lookDiversion reads where a dev stack sends everything. The choice is the operator's until a
// configuration is in force.
func (r *run) lookDiversion(context.Context) (state, error) {
	switch {
	case r.about == nil && r.cmd.Stage == "prod":
		return done("none: prod sends to the configured destinations"), nil
	case r.about == nil:
		return todo("send everything to your direct messages in Slack"), nil
	case r.about.DivertTo == "":
		return done("none: reports go to the configured destinations"), nil
	case r.withoutSlack(), r.conf != nil, r.kept, strings.HasPrefix(r.about.DivertTo, "slack:"),
		strings.HasPrefix(r.answers.DivertTo, "mail:"):
		return done("everything goes to %s", r.about.DivertTo), nil
	}
	return todo("send everything to your direct messages in Slack, instead of %s",
		r.about.DivertTo), nil
}

// divert makes the operator's direct messages the diversion of a dev stack.
func (r *run) divert(ctx context.Context) error {
	to := r.answers.DivertTo
	if to == "" {
		yes, err := r.yes(fmt.Sprintf("A dev stack sends everything to %s. Send it to your direct "+
			"messages in Slack instead?", r.about.DivertTo))
		if r.kept = !yes; err != nil || !yes {
			return err
		}
		if err := r.askPerson(ctx); err != nil {
			return err
		}
		id, err := r.slack.DirectMessage(ctx, r.person)
		if err != nil {
			return err
		}
		to = "slack:" + id
	}
	if _, err := r.stack().Set(ctx, map[string]string{"DivertTo": to}); err != nil {
		return err
	}
	return r.enter(ctx)
}

// checkSlack reads whether reports go to Slack.
func (r *run) checkSlack(s string) (string, error) {
	switch strings.ToLower(s) {
	case "yes", "y":
		return "yes", nil
	case none, "no", "n":
		if len(r.from) == 0 {
			return "", errors.New("without a sender of mail, Slack is the only way: answer yes, or " +
				"stop and give the stack a sender with " +
				r.typed("deploy --stack "+r.name+" --set MailFrom=ADDRESS"))
		}
		return none, nil
	}
	return "", errors.New("answer yes or none")
}

// isMissing reports whether an error says that there is no such secret.
func isMissing(err error) bool {
	e := new(secrets.Error)
	return errors.As(err, &e) && e.Missing
}
