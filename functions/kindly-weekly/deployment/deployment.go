// Package deployment opens a deployment for a command.
//
// [Place] is the flags that name it. [Place.Enter] reads what the deployment says of itself, after
// which the command's [cli.Host] has its settings. [Place.Open] opens its store: a bucket, or a
// folder with the same layout. [Use] names a stack for the commands that only read.
//
// A command that sends has [SendFlags], and calls [SendFlags.Confirm] or
// [SendFlags.ConfirmRecorded] first. They refuse to send from folders, from copies of buckets, and
// from what does not say what it is.
//
// [ReadTenant] returns a tenant's configuration. [NewWorker], [Deliver] and [Channels] act for the
// deployment, with the operator's credentials.
package deployment

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// TenantFlags are the flags that name a tenant of a deployment.
type TenantFlags struct {
	Place
	Tenant string `placeholder:"NAME" help:"The tenant: acme for config/acme.yaml. Default: the only one of the deployment."`
}

// Enter is Enter of the place. If the flags name no tenant, it is the only one of the deployment.
func (t *TenantFlags) Enter(ctx context.Context, h cli.Host) (cli.Host, error) {
	return t.enter(ctx, h, &t.Tenant)
}

// enter is Enter for a command whose flag --tenant sets *tenant.
func (p *Place) enter(ctx context.Context, h cli.Host, tenant *string) (cli.Host, error) {
	h, err := p.Enter(ctx, h)
	if err != nil || *tenant != "" || !p.Given() {
		return h, err
	}
	store, err := p.Open(ctx, h)
	if err != nil {
		return h, err
	}
	names, err := (&tenantconfig.Loader{Store: store}).Names(ctx)
	switch {
	case err != nil:
		return h, err
	case len(names) == 0:
		return h, cli.Usagef("--tenant is required, since the deployment has no tenant yet: acme " +
			"for config/acme.yaml")
	case len(names) > 1:
		return h, cli.Usagef("--tenant is required, since the deployment has %s: %s",
			cli.Count(len(names), "tenant", "tenants"), strings.Join(names[:min(len(names), 10)], ", "))
	}
	*tenant = names[0]
	return h, nil
}

// Place are the flags that name a deployment.
type Place struct {
	Stack  string `xor:"place" placeholder:"NAME" help:"The deployment's stack, such as kindly-weekly-prod."`
	Bucket string `xor:"place" placeholder:"NAME" help:"Its bucket, instead of --stack: the stack's output BucketName."`
	Store  string `xor:"place" type:"path" placeholder:"DIR" help:"A folder that serve, demo or report has written, instead of --stack."`

	// Secrets is the prefix of the deployment's secrets, which the deployment says itself now. It
	// is in notices that earlier versions have sent, and in scripts.
	Secrets string `hidden:"" placeholder:"PREFIX" help:"The stack's SecretPrefix."`
}

// Given reports whether a flag names a deployment.
func (p Place) Given() bool { return p.Bucket != "" || p.Stack != "" || p.Store != "" }

// Store is a deployment's durable store. Deployment returns a name that is unique among
// deployments.
type Store interface {
	delivery.Store
	Deployment() string
}

// Open returns the deployment's store.
func (p Place) Open(ctx context.Context, h cli.Host) (Store, error) {
	switch {
	case p.Bucket != "":
		cfg, err := h.AWS(ctx)
		if err != nil {
			return nil, err
		}
		client := s3.NewFromConfig(cfg, func(o *s3.Options) {
			o.DisableLogOutputChecksumValidationSkipped = true // it would go to standard error
		})
		return store.S3{Client: client, Bucket: p.Bucket}, nil
	case p.Store != "":
		return store.Folder{Dir: p.Store}, nil
	}
	return nil, cli.Usagef("name the deployment with --stack NAME, or a folder with --store DIR")
}

// Enter returns the host as a command sees it in the deployment that the flags name: the settings
// of the deployment take the place of the environment's. With --stack they come from the stack.
// With --bucket they come from its deployment.json, or else from the stack that has the bucket. If
// neither can be read, the host has no Deployment, and nothing is sent.
//
// Enter fails for a folder that is not one of kindly-weekly, and if the environment or a flag
// contradicts the deployment. Main calls it for each command with these flags.
func (p *Place) Enter(ctx context.Context, h cli.Host) (cli.Host, error) {
	if p.Secrets != "" {
		h = h.With("SECRET_PREFIX", p.Secrets)
	}
	if !p.Given() {
		return h, nil
	}
	var described about.Deployment
	var err error
	if p.Stack != "" {
		p.Bucket, described, err = readStack(ctx, h, p.Stack)
		if err != nil {
			return h, err
		}
	} else if described, err = p.read(ctx, h); err != nil {
		return h, err
	}
	if described.Stage == "" {
		return h, nil
	}
	if p.Secrets != "" && described.SecretPrefix != "" && p.Secrets != described.SecretPrefix {
		return h, cli.Usagef("--secrets is %s, but the secrets of %s are below %s: leave out "+
			"--secrets", p.Secrets, described.Stack, described.SecretPrefix)
	}
	divert := h.Getenv("DIVERT_TO")
	if divert != "" && described.DivertTo != "" && divert != described.DivertTo {
		return h, cli.Usagef("DIVERT_TO is %s, but the deployment diverts everything to %s: "+
			"unset DIVERT_TO", divert, described.DivertTo)
	}
	for name, value := range map[string]string{
		"SECRET_PREFIX":         described.SecretPrefix,
		"SES_CONFIGURATION_SET": described.ConfigurationSet,
		"DIVERT_TO":             described.DivertTo,
		"CATCH_UP_HOURS":        strconv.Itoa(described.CatchUpHours),
	} {
		if value != "" {
			h = h.With(name, value)
		}
	}
	h.Deployment = &described
	return h, nil
}

// read returns what the bucket or the folder says of itself. Of a bucket that says nothing it
// returns what its stack says, or nothing.
func (p *Place) read(ctx context.Context, h cli.Host) (about.Deployment, error) {
	store, err := p.Open(ctx, h)
	if err != nil {
		return about.Deployment{}, err
	}
	d, err := about.Read(ctx, store)
	switch {
	case err == nil:
		return d, nil
	case errors.As(err, new(*smithy.OperationError)) && !errors.Is(err, delivery.ErrNotFound):
		return d, fmt.Errorf("the bucket %s cannot be read (%s): %s", p.Bucket, retry.Reason(err),
			retry.Remedy(err))
	case !errors.Is(err, delivery.ErrNotFound):
		return d, fmt.Errorf("what the deployment is cannot be read: %w", err)
	case p.Store != "":
		return d, fmt.Errorf("%s is not a folder of kindly-weekly, since it has no deployment.json: "+
			"name one that serve, demo or report has written", p.Store)
	}
	// No tick of this version has run yet.
	d, _ = findStack(ctx, h, p.Bucket)
	return d, nil
}

// OpenLedger opens a deployment for a command that works with its ledger.
func (p Place) OpenLedger(ctx context.Context, h cli.Host) (Store, error) {
	store, err := p.Open(ctx, h)
	if err == nil {
		err = CheckClock(ctx, h, store)
	}
	if err != nil {
		return nil, err
	}
	return store, nil
}

// Commands returns the commands that an operator is told to type for the deployment. They name its
// stack, if that is known.
func (p Place) Commands(h cli.Host) alerting.Commands {
	c := alerting.Commands{Name: h.Name, Stack: p.Stack, Bucket: p.Bucket}
	switch {
	case p.Store != "":
		c.Store = cli.ShortPath(p.Store)
	case c.Stack == "" && h.Deployment != nil && h.Deployment.Stage != about.Local:
		c.Stack = h.Deployment.Stack
	}
	return c
}

// DefaultCatchUp is the default of the stack's parameter CatchUpHours.
const DefaultCatchUp = 72 * time.Hour

// CatchUp returns how long the deployment catches up on late deliveries.
func (p Place) CatchUp(h cli.Host) (time.Duration, error) {
	if h.Getenv("CATCH_UP_HOURS") == "" {
		return DefaultCatchUp, nil
	}
	window, err := sending.CatchUp(h.Getenv)
	if err != nil {
		return 0, cli.Usagef("%w", err)
	}
	return window, nil
}

// ReadTenant returns a tenant's configuration in force: the last good version if the file has
// mistakes.
func ReadTenant(
	ctx context.Context, h cli.Host, store delivery.Store, name string, commands alerting.Commands,
) (*config.Tenant, error) {
	if name == "" {
		return nil, cli.Usagef("--tenant is required: acme for config/acme.yaml")
	}
	loader := &tenantconfig.Loader{Store: store}
	t, err := loader.Get(ctx, name)
	if errors.Is(err, delivery.ErrNotFound) {
		return nil, NoConfiguration(name, commands)
	}
	return t, err
}

// NoConfiguration returns the error that a tenant has no configuration yet; an empty name means all
// tenants.
func NoConfiguration(tenant string, commands alerting.Commands) error {
	if tenant == "" {
		return fmt.Errorf("there is no configuration %s*.yaml yet: write one, and put it into "+
			"force with config push", delivery.ConfigPrefix)
	}
	return fmt.Errorf("there is no configuration %s yet: %s", delivery.KeysOf(tenant).Config(),
		alerting.Instruction("write "+tenant+".yaml, and put it into force",
			commands.Push(tenant, "the first version")))
}

// ServeFolder contains a folder for each run of serve, named after its time, with the layout of a
// bucket.
const ServeFolder = "serve"

// ServeCatchUp is how long serve catches up: a week, so that each bot's last report is due.
const ServeCatchUp = 7 * 24 * time.Hour
