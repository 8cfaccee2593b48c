package tick

import (
	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/wire/sending"
)

// New returns the handler of a deployment. ALARM_TOPIC is the SNS topic that notifies the operator.
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
