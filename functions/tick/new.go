package tick

import (
	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/wire/sending"
)

// New returns the handler of a deployment. The operator is told by the SNS topic
// that ALARM_TOPIC names.
func New(d *sending.Deployment, q Queue) *Handler {
	ledger := d.Ledger()
	return &Handler{
		Tenants: &tenantconfig.Loader{Store: d.Store, SaveGood: true},
		Ledger:  ledger,
		Queue:   q,
		Notifier: &alerting.Notifier{
			Ledger:   ledger,
			Senders:  d.Senders,
			Divert:   d.Divert,
			Topic:    d.Getenv("ALARM_TOPIC"),
			Window:   d.CatchUp,
			Log:      d.Log,
			Commands: d.Commands,
		},
		Window: d.CatchUp,
		Log:    d.Log,
	}
}
