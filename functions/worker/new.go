package worker

import (
	"fmt"
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

// New returns the worker of a deployment. It reads SAGE_URL, KINDLY_API_URL and SAGE_CONCURRENCY,
// and fails if the last is not empty and not a number that the template allows.
func New(d *sending.Deployment) (*Worker, error) {
	concurrency, err := sageConcurrency(d.Getenv)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
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
	}, nil
}

// sageConcurrency reads SAGE_CONCURRENCY, how many requests of a report are sent to Sage at a time:
// 1 to 64. It returns 0, sage's default, if the variable is not set.
func sageConcurrency(getenv func(string) string) (int, error) {
	s := getenv("SAGE_CONCURRENCY")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 64 {
		return 0, fmt.Errorf("SAGE_CONCURRENCY: %q is not a whole number from 1 to 64: "+
			"deploy the stack with such a SageConcurrency, for example its default, 16", s)
	}
	return n, nil
}
