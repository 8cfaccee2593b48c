package tick

import (
	"runtime/debug"

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

// LimitMemory sets how often garbage is collected in a function of so many MB: half as often as
// usual, since a tick lasts seconds and needs little of its memory. Near the limit, at which Lambda
// ends the function, it is collected more often. A tick of 50,000 bots then has 200 MB.
func LimitMemory(mb int64) {
	debug.SetMemoryLimit(mb << 20 * 8 / 10)
	debug.SetGCPercent(200)
}
