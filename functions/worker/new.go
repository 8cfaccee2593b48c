package worker

import (
	"net/http"
	"strconv"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/spelling"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// New returns the worker of a deployment.
func New(d *sending.Deployment) *Worker {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	// The template gives a number of 1 to 64. Without one the default of package sage is used.
	concurrency, _ := strconv.Atoi(d.Getenv("SAGE_CONCURRENCY"))
	transport.MaxIdleConnsPerHost = max(concurrency, 16) // as many as a report asks at a time
	client := d.Senders[config.Slack].(*slack.Client)
	return &Worker{
		Tenants:      &tenantconfig.Loader{Store: d.Store},
		Ledger:       d.Ledger(),
		Archive:      delivery.Archive{Store: d.Store},
		Secrets:      d.Secrets,
		SecretPrefix: d.Prefix,
		Commands:     d.Commands,
		Senders:      d.Senders,
		Slack:        client,
		Permalink:    client.Permalink,
		SageURL:      d.Getenv("SAGE_URL"),
		KindlyURL:    d.Getenv("KINDLY_API_URL"),
		HTTP:         transport,

		SageConcurrency: concurrency,

		Spelling: (&spelling.Reader{Store: d.Store, Now: d.Now, Log: d.Log}).Spelling,
		CatchUp:  d.CatchUp,
		Divert:   d.Divert,
		Now:      d.Now,
		Log:      d.Log,
		Metrics:  &log.Metrics{Writer: d.Metrics, Stage: d.Getenv("STAGE"), Now: d.Now},
	}
}
