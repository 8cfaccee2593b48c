package deployment

import (
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
)

// Yes is the flag of commands that send: --yes, or --yes=prod.
type Yes struct {
	given bool
	stage string
}

// IsBool makes the value optional.
func (*Yes) IsBool() bool { return true }

// Decode reads the flag's value, if it has one.
func (y *Yes) Decode(c *kong.DecodeContext) error {
	y.given = true
	if t := c.Scan.Peek(); t.Type == kong.FlagValueToken {
		y.stage = c.Scan.Pop().String()
	}
	return nil
}

// SendFlags are the flags of commands that send.
type SendFlags struct {
	Yes Yes `help:"Send without asking. In a production deployment: --yes=prod."`
}

// Confirm prints what is about to be done, from which deployment and to whom, and asks. It returns
// the destinations that get it: those of to, or the one to which the deployment diverts everything.
//
// It returns an error if the answer is no, or if nothing may be sent from the place. Without a
// terminal it returns one unless the flag says yes.
func (f SendFlags) Confirm(
	h cli.Host, p Place, what string, to []config.Destination,
) ([]config.Destination, error) {
	if err := p.checkSends(h); err != nil {
		return nil, err
	}
	divert, err := h.Divert()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(h.Err, "%s to %s\n", what, Names(to, divert))
	stage := about.Stage("")
	if d := h.Deployment; d != nil {
		stage = d.Stage
		fmt.Fprintf(h.Err, "from %s, stage %s\n", d.Stack, d.Stage)
	}
	if divert != nil {
		to = []config.Destination{*divert}
	}
	if yes, err := f.yes(stage); err != nil || yes {
		return to, err
	}
	if h.Ask == nil {
		return nil, f.CheckYes(stage)
	}
	answer, err := h.Ask("Send? [y/N] ")
	if err != nil {
		return nil, err
	}
	if !cli.IsYes(answer) {
		return nil, errors.New("nothing was sent")
	}
	return to, nil
}

// ConfirmRecorded is Confirm for what the deployment's ledger records as sent to those of to. It
// refuses a diversion that only the shell knows: the ledger would say that they got it.
func (f SendFlags) ConfirmRecorded(
	h cli.Host, p Place, what string, to []config.Destination,
) error {
	if d := h.Deployment; d != nil && d.DivertTo == "" && h.Getenv("DIVERT_TO") != "" {
		return cli.Usagef("DIVERT_TO is set, but %s diverts nothing, and would record what goes to "+
			"%s as sent to %s: unset DIVERT_TO, or send it with report --send --to", d.Stack,
			h.Getenv("DIVERT_TO"), Names(to, nil))
	}
	_, err := f.Confirm(h, p, what, to)
	return err
}

// yes reports whether the flag says yes to a deployment of the stage, which then is not asked.
func (f SendFlags) yes(stage about.Stage) (bool, error) {
	if f.Yes.stage != "" && f.Yes.stage != string(stage) {
		return false, cli.Usagef("--yes=%s: the stage is %q: nothing was sent", f.Yes.stage, stage)
	}
	return f.Yes.stage != "" || f.Yes.given && stage != about.Prod, nil
}

// CheckYes returns an error that says what to add if the flag does not say yes to a deployment of
// the stage.
func (f SendFlags) CheckYes(stage about.Stage) error {
	switch yes, err := f.yes(stage); {
	case err != nil || yes:
		return err
	case stage == about.Prod:
		return errors.New("this is a production deployment, and there is no terminal to ask " +
			"on: to send, add --yes=prod")
	}
	return errors.New("sending asks first, and there is no terminal to ask on: to send, " +
		"add --yes")
}

// checkSends returns an error if nothing may be sent from the place that the flags name.
func (p Place) checkSends(h cli.Host) error {
	d := h.Deployment
	switch {
	case !p.Given():
		return nil
	case p.Store != "":
		return fmt.Errorf("%s is a folder of this machine, from which nothing is sent: %s", p.Store,
			p.RemedyUndescribed())
	case d == nil:
		return fmt.Errorf("the bucket %s has no deployment.json, so its stage and diversion are "+
			"unknown, and nothing is sent: %s", p.Bucket, p.RemedyUndescribed())
	case d.Stage == about.Local:
		return fmt.Errorf("the bucket %s has a copy of a folder of %s, from which nothing is sent",
			p.Bucket, d.Stack)
	case d.Bucket != "" && d.Bucket != p.Bucket:
		return fmt.Errorf("the bucket %s is a copy: its deployment.json is that of %s, whose ledger "+
			"would not know what is sent from here: name that one", p.Bucket, d.Bucket)
	case d.Stage == about.Dev && d.DivertTo == "":
		return fmt.Errorf("%s is a dev deployment that diverts nothing, so nothing is sent: deploy it "+
			"with DivertTo", d.Stack)
	}
	return nil
}

// RemedyUndescribed is what to do if a command needs what only a deployment says of itself.
func (p Place) RemedyUndescribed() string {
	const name = "name the deployment with --stack"
	if p.Bucket != "" {
		return name + ", or upgrade it: the next tick writes deployment.json within 15 minutes"
	}
	return name
}
