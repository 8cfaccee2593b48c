package main

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
	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

type configs struct {
	Pull     pull     `cmd:"" help:"Fetch a tenant's configuration into a file."`
	Diff     compare  `cmd:"" help:"Check a file, and show what pushing it would change: the text, who gets reports, and when the next ones are sent."`
	Push     push     `cmd:"" help:"Check a file, show what it changes, and put it into force. The next tick works by it."`
	Rollback rollback `cmd:"" help:"Put an earlier version back into force."`
	Log      history  `cmd:"" help:"List the versions: when, who and why."`
}

// whose says which tenant's configuration a command is about.
type whose struct {
	place
	Tenant string `required:"" placeholder:"NAME" help:"The tenant: acme for config/acme.yaml."`
}

func (w whose) configuration(ctx context.Context, h host) (configuration, error) {
	store, err := w.open(ctx, h)
	return configuration{store, delivery.KeysOf(w.Tenant)}, err
}

// local is whose, with the file on this machine.
type local struct {
	whose
	File string `arg:"" optional:"" type:"path" help:"The file; <tenant>.yaml where nothing is said."`
}

func (l local) file() string {
	if l.File == "" {
		return l.Tenant + ".yaml"
	}
	return l.File
}

// read returns the file's text, and the tenant that it declares.
func (l local) read(h host) ([]byte, *config.Tenant, error) {
	data, err := os.ReadFile(l.file())
	if err != nil {
		return nil, nil, err
	}
	// The file may be called anything: it is the key that gives the tenant his name.
	tenant, err := config.Parse(delivery.KeysOf(l.Tenant).Config(), data)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		fmt.Fprintln(h.err, listed(short(l.file()), mistakes))
		fmt.Fprintf(h.err, "local: %s: %s\n", short(l.file()), counted(len(mistakes), "mistake", "mistakes"))
		return nil, nil, errTold
	}
	if err == nil {
		err = looks(h, l.file(), tenant)
	}
	return data, tenant, err
}

type pull struct{ local }

func (c *pull) Run(ctx context.Context, h host) error {
	conf, err := c.configuration(ctx, h)
	if err != nil {
		return err
	}
	now, err := conf.now(ctx)
	if err != nil {
		return err
	}
	if now.ETag == "" {
		return cmp.Or(conf.alike(ctx, c.Tenant), unwritten(c.Tenant, c.commands(h, "")))
	}
	file := c.file()
	standing, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && bytes.Equal(standing, now.Data):
	case err != nil:
		return err
	case basisOf(file).Text != hash(standing):
		return fmt.Errorf("%s has changes of your own, which would be lost: push them, or move the file away", short(file))
	}
	if err := write(filepath.Dir(file), []weekly.File{{Name: filepath.Base(file), Data: now.Data}}); err != nil {
		return err
	}
	if err := stands(file, now.ETag, now.Data); err != nil {
		return err
	}
	fmt.Fprintf(h.out, "%s is what is in force\n", short(file))
	return nil
}

type compare struct{ local }

func (c *compare) Run(ctx context.Context, h host) error {
	conf, err := c.configuration(ctx, h)
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
	if err := h.show(conf, now.Data, data, tenant); err != nil {
		return err
	}
	h.warnOfFilters(ctx, tenant)
	h.compare(ctx, conf.store, tenant)
	if err := h.mayMail(ctx, conf.store, tenant); err != nil {
		return err
	}
	return c.fresh(h, now)
}

// fresh refuses a file that was made from another version than the one that stands. Pushing it would undo what somebody
// else has changed since.
func (l local) fresh(h host, now delivery.Object) error {
	basis, commands := basisOf(l.file()), l.commands(h, "")
	switch {
	case now.ETag == "" || basis.ETag == now.ETag:
		return nil
	case basis.ETag == "":
		return fmt.Errorf("%s was not pulled, so nobody knows which version it was made from: %s", short(l.file()),
			alerting.Do("make your changes in what is in force", commands.Beside(l.Tenant, l.Tenant+".in-force.yaml")))
	}
	return fmt.Errorf("somebody has changed the configuration since %s was pulled: move the file away, pull, and make your changes again; %s",
		short(l.file()), alerting.Do("who it was", commands.Log(l.Tenant)))
}

// signed says who changes something, and why.
type signed struct {
	Why string `required:"" placeholder:"REASON" help:"Why, for whoever reads the log later."`
	Who string `placeholder:"NAME" help:"Who you are. USER of the environment where nothing is said."`
}

func (s signed) who(h host) (string, error) {
	for _, name := range []string{s.Who, h.getenv("USER"), h.getenv("USERNAME")} {
		if name != "" {
			return name, nil
		}
	}
	return "", fmt.Errorf("%w: --who says who you are", errUsage)
}

type push struct {
	local
	signed
}

func (c *push) Run(ctx context.Context, h host) error {
	who, err := c.who(h)
	if err != nil {
		return err
	}
	conf, err := c.configuration(ctx, h)
	if err != nil {
		return err
	}
	data, tenant, err := c.read(h)
	if err != nil {
		return err
	}
	if err := h.mayMail(ctx, conf.store, tenant); err != nil {
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
		if err := conf.putLogos(ctx, h, c.file(), tenant); err != nil { // one may have changed alone
			return err
		}
		fmt.Fprintf(h.out, "%s is in force already\n", short(c.file()))
		return stands(c.file(), now.ETag, data)
	}
	if err := c.fresh(h, now); err != nil {
		return err
	}
	if err := h.show(conf, now.Data, data, tenant); err != nil {
		return err
	}
	h.warnOfFilters(ctx, tenant)
	h.compare(ctx, conf.store, tenant)
	if err := conf.putLogos(ctx, h, c.file(), tenant); err != nil {
		return err
	}
	etag, number, err := conf.replace(ctx, now, version{At: h.now().UTC(), Who: who, Why: c.Why, Text: string(data)})
	if err != nil {
		return err
	}
	fmt.Fprintf(h.out, "\nversion %d is in force; the next tick works by it\n", number)
	return stands(c.file(), etag, data)
}

type rollback struct {
	whose
	signed
	To int `placeholder:"N" help:"The version, as config log numbers them. The one before the current where nothing is said."`
}

func (c *rollback) Run(ctx context.Context, h host) error {
	who, err := c.who(h)
	if err != nil {
		return err
	}
	conf, err := c.configuration(ctx, h)
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
	// It was in force, and is to be again.
	tenant, warnings, err := config.ParseInForce(conf.keys.Config(), []byte(old.Text))
	if err != nil {
		return fmt.Errorf("version %d has mistakes, by today's rules:\n%w", old.Number, err)
	}
	h.warn(fmt.Sprintf("version %d", old.Number), warnings)
	if err := h.mayMail(ctx, conf.store, tenant); err != nil { // which keeps back its mail, and must not keep back the rest
		fmt.Fprintf(h.err, "note: %v\n", err)
	}
	if err := h.show(conf, now.Data, []byte(old.Text), tenant); err != nil {
		return err
	}
	h.warnOfFilters(ctx, tenant)
	h.compare(ctx, conf.store, tenant)
	_, number, err := conf.replace(ctx, now, version{At: h.now().UTC(), Who: who, Why: c.Why, Text: old.Text, Back: old.Number})
	if err != nil {
		return err
	}
	fmt.Fprintf(h.out, "\nversion %d is in force: it is version %d again; the next tick works by it\n", number, old.Number)
	return nil
}

// choose returns the version to go back to.
func (c *rollback) choose(h host, versions []version, current string) (version, error) {
	for i := len(versions) - 1; i >= 0; i-- {
		v := versions[i]
		switch {
		case c.To == 0 && v.Text != current && !undone(versions[i+1:], v), c.To == v.Number && v.Text != current:
			return v, nil
		case c.To == v.Number:
			return v, fmt.Errorf("version %d is what is in force", c.To)
		}
	}
	if c.To != 0 {
		return version{}, fmt.Errorf("there is no version %d: %s", c.To, alerting.Do("these are all", c.commands(h, "").Log(c.Tenant)))
	}
	return version{}, errors.New("there is no earlier version")
}

// undone reports whether a later rollback went back behind the version: going back once more must not bring it again.
func undone(later []version, v version) bool {
	for _, l := range later {
		if l.Back != 0 && l.Back < v.Number {
			return true
		}
	}
	return false
}

type history struct{ whose }

func (c *history) Run(ctx context.Context, h host) error {
	conf, err := c.configuration(ctx, h)
	if err != nil {
		return err
	}
	versions, err := conf.versions(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(h.out, 0, 0, 2, ' ', 0)
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

// show prints what a new text changes.
func (h host) show(conf configuration, old, text []byte, tenant *config.Tenant) error {
	before, _, err := config.ParseInForce(conf.keys.Config(), old)
	if err != nil {
		before = nil // nothing was declared there, or nothing that could be read
	}
	_, lines, _ := bytes.Cut(diff.Diff("in force", old, "new", text), []byte("\n")) // the first names both again
	if _, err := h.out.Write(lines); err != nil {
		return err
	}
	return effects(h.out, before, tenant, h.now())
}

// mayMail returns an error if the operator does not allow the tenant to send mail from the address that it names. Who may
// not read the operator's list may still change a configuration: the functions hold to the list.
func (h host) mayMail(ctx context.Context, store delivery.Store, t *config.Tenant) error {
	if t.Mail.From.Address == "" {
		return nil
	}
	senders, err := email.ReadSenders(ctx, store)
	if err != nil {
		fmt.Fprintf(h.err, "note: whether %s may send mail from %s is not known: %v\n", t.Name, t.Mail.From.Address, err)
		return nil
	}
	return senders.Check(t.Name, t.Mail.From.Address)
}

// basis is what a file was pulled as. It stands beside the file, so that a push knows what its author has seen.
type basis struct {
	ETag string `json:"etag"` // of the configuration in the deployment
	Text string `json:"text"` // hash of the file
}

func basisFile(file string) string {
	return filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".pulled")
}

// basisOf returns the basis of a file; the zero basis where none is known.
func basisOf(file string) (b basis) {
	data, err := os.ReadFile(basisFile(file))
	if err != nil || json.Unmarshal(data, &b) != nil {
		return basis{}
	}
	return b
}

// stands notes that a file is what stands in the deployment.
func stands(file, etag string, text []byte) error {
	data, err := json.Marshal(basis{etag, hash(text)})
	if err != nil {
		return err
	}
	return os.WriteFile(basisFile(file), data, 0o644)
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
