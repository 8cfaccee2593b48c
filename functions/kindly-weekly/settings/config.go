// Package settings provides the commands that read and change what a deployment is configured with:
// check, config, key, secrets and manifest. Each version of a configuration is kept in a log, and a
// rollback adds a version.
//
// [TryKey], [StoreKey], [PullFile] and the like are for the command setup, which does the same.
package settings

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/rogpeppe/go-internal/diff"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/filters"
	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

type Config struct {
	Pull     Pull     `cmd:"" help:"Fetch a tenant's configuration into a file."`
	Diff     Diff     `cmd:"" help:"Check a file, and show what a push of it changes."`
	Push     Push     `cmd:"" help:"Check a file, show what it changes, and put it into force."`
	Rollback Rollback `cmd:"" help:"Put an earlier version back into force."`
	Log      Log      `cmd:"" help:"List the versions."`
}

func open(ctx context.Context, h cli.Host, w deployment.TenantFlags) (configuration, error) {
	store, err := w.Open(ctx, h)
	return configuration{store, delivery.KeysOf(w.Tenant)}, err
}

// fileFlags is the flags of a tenant and of a file on this machine.
type fileFlags struct {
	deployment.TenantFlags
	File string `arg:"" optional:"" type:"path" help:"The file. Default: <tenant>.yaml."`
}

func (l fileFlags) file() string {
	if l.File == "" {
		return l.Tenant + ".yaml"
	}
	return l.File
}

// read returns the file's text, and the tenant that it declares.
func (l fileFlags) read(h cli.Host) ([]byte, *config.Tenant, error) {
	data, err := os.ReadFile(l.file())
	if err != nil {
		return nil, nil, err
	}
	// The file may be called anything: the key names the tenant.
	tenant, err := config.Parse(delivery.KeysOf(l.Tenant).Config(), data)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		fmt.Fprintln(h.Err, cli.ListMistakes(cli.ShortPath(l.file()), mistakes))
		h.Complain("%s: %s", cli.ShortPath(l.file()),
			cli.Count(len(mistakes), "mistake", "mistakes"))
		return nil, nil, cli.ErrPrinted
	}
	if err == nil {
		err = checkBrands(h, l.file(), tenant)
	}
	return data, tenant, err
}

type Pull struct{ fileFlags }

// OnlyReads reports that the command changes nothing, so that it may use the stack in use.
func (Pull) OnlyReads() bool { return true }

// Help returns the details and examples of the command.
func (Pull) Help() string {
	return `Also records the version beside the file, so that a push detects changes made since then.

Examples:
  kindly-weekly config pull --stack kindly-weekly-prod --tenant acme
  kindly-weekly config pull --stack kindly-weekly-prod --tenant acme acme-now.yaml`
}

func (c *Pull) Run(ctx context.Context, h cli.Host) error {
	conf, err := open(ctx, h, c.TenantFlags)
	if err != nil {
		return err
	}
	now, err := conf.now(ctx)
	if err != nil {
		return err
	}
	if now.ETag == "" {
		return cmp.Or(conf.alike(ctx, c.Tenant),
			deployment.NoConfiguration(c.Tenant, c.Commands(h)))
	}
	file := c.file()
	present, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && bytes.Equal(present, now.Data):
	case err != nil:
		return err
	case readPulled(file).Text != hash(present):
		return fmt.Errorf("%s has %w: push them, or move the file away", cli.ShortPath(file),
			ErrUnpushed)
	}
	if err := cli.WriteFiles(filepath.Dir(file),
		[]weekly.File{{Name: filepath.Base(file), Data: now.Data}}); err != nil {
		return err
	}
	if err := savePulled(file, now.ETag, now.Data); err != nil {
		return err
	}
	fmt.Fprintf(h.Out, "%s is the version in force\n", cli.ShortPath(file))
	return nil
}

type Diff struct{ fileFlags }

// OnlyReads reports that the command changes nothing, so that it may use the stack in use.
func (Diff) OnlyReads() bool { return true }

// Help returns the details and examples of the command.
func (Diff) Help() string {
	return `Lists the file's mistakes, the changed lines, the changed recipients, and the next send times.

Examples:
  kindly-weekly config diff --stack kindly-weekly-prod --tenant acme
  kindly-weekly config diff --stack kindly-weekly-prod --tenant acme new.yaml`
}

func (c *Diff) Run(ctx context.Context, h cli.Host) error {
	conf, err := open(ctx, h, c.TenantFlags)
	if err != nil {
		return err
	}
	data, tenant, err := c.read(h)
	if err != nil {
		return err
	}
	now, err := conf.now(ctx)
	if err != nil {
		return err
	}
	if err := showChanges(h, conf, now.Data, data, tenant); err != nil {
		return err
	}
	filters.WarnTenant(ctx, h, tenant)
	noteShared(ctx, h, conf.store, tenant)
	if err := checkSender(ctx, h, conf.store, tenant); err != nil {
		return err
	}
	return c.checkPulled(h, now)
}

// checkPulled returns an error if the file was not made from the version in force. A push of it
// would undo the changes made since.
func (l fileFlags) checkPulled(h cli.Host, now delivery.Object) error {
	basis, commands := readPulled(l.file()), l.Commands(h)
	switch {
	case now.ETag == "" || basis.ETag == now.ETag:
		return nil
	case basis.ETag == "":
		return fmt.Errorf("%s was not pulled, so the version it is based on is unknown: %s",
			cli.ShortPath(l.file()),
			alerting.Instruction("pull the version in force and make your changes in it",
				commands.PullTo(l.Tenant, l.Tenant+".in-force.yaml")))
	}
	return fmt.Errorf("the configuration has changed since %s was pulled: move the file away, pull, and make your changes again; %s",
		cli.ShortPath(l.file()), alerting.Instruction("see who changed it", commands.Log(l.Tenant)))
}

// authorFlags is what a change is logged with.
type authorFlags struct {
	Why string `required:"" placeholder:"REASON" help:"The reason, for the log."`
	Who string `placeholder:"NAME" help:"Your name, for the log. Default: the variable USER."`
}

func (s authorFlags) who(h cli.Host) (string, error) {
	for _, name := range []string{s.Who, h.Getenv("USER"), h.Getenv("USERNAME")} {
		if name != "" {
			return name, nil
		}
	}
	return "", cli.Usagef("--who is required: USER is not set")
}

type Push struct {
	fileFlags
	authorFlags
}

// Help returns the details and examples of the command.
func (Push) Help() string {
	return `Refuses a file with mistakes, and a file that was pulled before the last change. The next
tick uses the new version.

Examples:
  kindly-weekly config push --stack kindly-weekly-prod --tenant acme --why 'Kari has left'
  kindly-weekly config push --stack kindly-weekly-prod --tenant acme --why 'first bot' bots.yaml`
}

func (c *Push) Run(ctx context.Context, h cli.Host) error {
	who, err := c.who(h)
	if err != nil {
		return err
	}
	conf, err := open(ctx, h, c.TenantFlags)
	if err != nil {
		return err
	}
	data, tenant, err := c.read(h)
	if err != nil {
		return err
	}
	if err := checkSender(ctx, h, conf.store, tenant); err != nil {
		return err
	}
	now, err := conf.now(ctx)
	if err != nil {
		return err
	}
	if now.ETag == "" {
		if err := conf.alike(ctx, c.Tenant); err != nil {
			return err
		}
	}
	if bytes.Equal(now.Data, data) && now.ETag != "" {
		// one may have changed alone
		if err := conf.putLogos(ctx, h, c.file(), tenant); err != nil {
			return err
		}
		fmt.Fprintf(h.Out, "%s is already in force\n", cli.ShortPath(c.file()))
		return savePulled(c.file(), now.ETag, data)
	}
	if err := c.checkPulled(h, now); err != nil {
		return err
	}
	if err := showChanges(h, conf, now.Data, data, tenant); err != nil {
		return err
	}
	filters.WarnTenant(ctx, h, tenant)
	noteShared(ctx, h, conf.store, tenant)
	if err := conf.putLogos(ctx, h, c.file(), tenant); err != nil {
		return err
	}
	etag, number, err := conf.replace(ctx, now,
		version{At: h.Now().UTC(), Who: who, Why: c.Why, Text: string(data)})
	if err != nil {
		return err
	}
	fmt.Fprintf(h.Out, "\nversion %d is in force; the next tick uses it\n", number)
	return savePulled(c.file(), etag, data)
}

// PushFile is config push for another command. who is named in the log if the environment does not
// name a user.
func PushFile(
	ctx context.Context, h cli.Host, t deployment.TenantFlags, file, who, why string,
) error {
	c := Push{fileFlags: fileFlags{t, file}, authorFlags: authorFlags{Why: why}}
	if _, err := c.who(h); err != nil {
		c.Who = who
	}
	return c.Run(ctx, h)
}

// ErrUnpushed matches the error of PullFile if the file has changes of its own. It stays as it is.
var ErrUnpushed = errors.New("changes that were not pushed")

// IsPulled reports whether a file is as a pull or a push has left it.
func IsPulled(file string) bool {
	text, err := os.ReadFile(file)
	return err == nil && readPulled(file).Text == hash(text)
}

// PullFile is config pull for another command.
func PullFile(ctx context.Context, h cli.Host, t deployment.TenantFlags, file string) error {
	return (&Pull{fileFlags{t, file}}).Run(ctx, h)
}

type Rollback struct {
	deployment.TenantFlags
	authorFlags
	To int `placeholder:"N" help:"The version's number in config log. Default: the previous version."`
}

// Help returns the details and examples of the command.
func (Rollback) Help() string {
	return `The earlier version becomes a new version in the log.

Examples:
  kindly-weekly config rollback --stack kindly-weekly-prod --tenant acme --why 'wrong channel'
  kindly-weekly config rollback --stack kindly-weekly-prod --tenant acme --why 'wrong channel' --to 3`
}

func (c *Rollback) Run(ctx context.Context, h cli.Host) error {
	who, err := c.who(h)
	if err != nil {
		return err
	}
	conf, err := open(ctx, h, c.TenantFlags)
	if err != nil {
		return err
	}
	now, err := conf.now(ctx)
	if err != nil {
		return err
	}
	versions, err := conf.versions(ctx)
	if err != nil {
		return err
	}
	old, err := c.choose(h, versions, string(now.Data))
	if err != nil {
		return err
	}
	tenant, warnings, err := config.ParseInForce(conf.keys.Config(), []byte(old.Text))
	if err != nil {
		return fmt.Errorf("version %d has mistakes, by today's rules:\n%w", old.Number, err)
	}
	h.WarnConfig(fmt.Sprintf("version %d", old.Number), warnings)
	if err := checkSender(ctx, h, conf.store, tenant); err != nil { // affects mail only
		fmt.Fprintf(h.Err, "note: %v\n", err)
	}
	if err := showChanges(h, conf, now.Data, []byte(old.Text), tenant); err != nil {
		return err
	}
	filters.WarnTenant(ctx, h, tenant)
	noteShared(ctx, h, conf.store, tenant)
	_, number, err := conf.replace(ctx, now, version{At: h.Now().UTC(), Who: who, Why: c.Why,
		Text: old.Text, Back: old.Number})
	if err != nil {
		return err
	}
	fmt.Fprintf(h.Out, "\nversion %d is in force: it is version %d again; the next tick uses it\n",
		number, old.Number)
	return nil
}

// choose returns the version to go back to.
func (c *Rollback) choose(h cli.Host, versions []version, current string) (version, error) {
	for i := len(versions) - 1; i >= 0; i-- {
		v := versions[i]
		switch {
		case c.To == 0 && v.Text != current && !undone(versions[i+1:], v), c.To == v.Number &&
			v.Text != current:
			return v, nil
		case c.To == v.Number:
			return v, fmt.Errorf("version %d is already in force", c.To)
		}
	}
	if c.To != 0 {
		return version{}, fmt.Errorf("there is no version %d: %s", c.To,
			alerting.Instruction("list them", c.Commands(h).Log(c.Tenant)))
	}
	return version{}, errors.New("there is no earlier version")
}

// undone reports whether a later rollback restored a version before v. A further rollback must not
// restore v.
func undone(later []version, v version) bool {
	for _, l := range later {
		if l.Back != 0 && l.Back < v.Number {
			return true
		}
	}
	return false
}

type Log struct{ deployment.TenantFlags }

// OnlyReads reports that the command changes nothing, so that it may use the stack in use.
func (Log) OnlyReads() bool { return true }

// Help returns the details and examples of the command.
func (Log) Help() string {
	return `Lists each version with its number, time, author and reason.

Examples:
  kindly-weekly config log --stack kindly-weekly-prod --tenant acme`
}

func (c *Log) Run(ctx context.Context, h cli.Host) error {
	conf, err := open(ctx, h, c.TenantFlags)
	if err != nil {
		return err
	}
	versions, err := conf.versions(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(h.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "VERSION\tWHEN\tWHO\tWHY")
	for _, v := range versions {
		why := v.Why
		if v.Back != 0 {
			why += fmt.Sprintf(" (back to version %d)", v.Back)
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", v.Number, v.At.Format(time.RFC3339), v.Who, why)
	}
	return table.Flush()
}

// showChanges prints what a new text changes.
func showChanges(h cli.Host, conf configuration, old, text []byte, tenant *config.Tenant) error {
	before, _, err := config.ParseInForce(conf.keys.Config(), old)
	if err != nil {
		before = nil // there is none, or it cannot be read
	}
	// without the header
	_, lines, _ := bytes.Cut(diff.Diff("in force", old, "new", text), []byte("\n"))
	if _, err := h.Out.Write(lines); err != nil {
		return err
	}
	return effects(h.Out, before, tenant, h.Now())
}

// checkSender returns an error if the operator does not allow the tenant to send mail from its
// address. If the operator's list cannot be read it prints a note: the functions enforce the list.
func checkSender(ctx context.Context, h cli.Host, store delivery.Store, t *config.Tenant) error {
	if t.Mail.From.Address == "" {
		return nil
	}
	senders, err := email.ReadSenders(ctx, store)
	if err != nil {
		fmt.Fprintf(h.Err, "note: cannot check whether %s may send mail from %s: %v\n", t.Name,
			t.Mail.From.Address, err)
		return nil
	}
	return senders.Check(t.Name, t.Mail.From.Address)
}

// pulled records what a file was when it was pulled. It is kept beside the file for the next push.
type pulled struct {
	ETag string `json:"etag"` // of the configuration in the deployment
	Text string `json:"text"` // hash of the file
}

func pulledFile(file string) string {
	return filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".pulled")
}

// readPulled returns the record of a file, or the zero value if there is none.
func readPulled(file string) (b pulled) {
	data, err := os.ReadFile(pulledFile(file))
	if err != nil || json.Unmarshal(data, &b) != nil {
		return pulled{}
	}
	return b
}

// savePulled records that a file equals the configuration in force.
func savePulled(file, etag string, text []byte) error {
	data, err := json.Marshal(pulled{etag, hash(text)})
	if err != nil {
		return err
	}
	return os.WriteFile(pulledFile(file), data, 0o644)
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
