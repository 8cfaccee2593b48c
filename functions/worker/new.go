package worker

import (
	"net/http"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// New returns the worker of a deployment.
func New(d *sending.Deployment) *Worker {
	w := &Worker{
		Tenants:      &tenantconfig.Loader{Store: d.Store},
		Ledger:       d.Ledger(),
		Archive:      delivery.Archive{Store: d.Store},
		Secrets:      d.Secrets,
		SecretPrefix: d.Prefix,
		Commands:     d.Commands,
		Senders:      d.Senders,
		SageURL:      d.Getenv("SAGE_URL"),
		KindlyURL:    d.Getenv("KINDLY_API_URL"),
		HTTP:         transport(),
		CatchUp:      d.CatchUp,
		Divert:       d.Divert,
		Now:          d.Now,
		Log:          d.Log,
		Metrics:      &log.Metrics{Writer: d.Metrics, Stage: d.Getenv("STAGE"), Now: d.Now},
	}
	client := d.Senders[config.Slack].(*slack.Client)
	w.Slack, w.Permalink = client, client.Permalink
	return w
}

// transport keeps as many connections to Sage as a report uses at once, from one report to the next.
func transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 8
	return t
}
