package report

import (
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
)

// AlertIncomplete is the alert of a period whose chats or messages are not known.
const AlertIncomplete = "incomplete"

// Alerts returns why a destination that wants only alerts gets the report: the missed targets, as
// bots.yaml names them, "incident" if the fallback rate of a day jumped, and AlertIncomplete, since
// missing numbers may hide either. It returns nothing if there is no reason. The report says which
// targets were missed. A report without targets is judged by those of the configuration.
func Alerts(targets config.Targets, r *figures.Report) []string {
	judged := r.Targets
	if judged == nil {
		judged = r.EvaluateTargets(figures.Targets(targets))
	}
	var alerts []string
	for _, t := range judged {
		if t.State == figures.Missed {
			alerts = append(alerts, t.Name)
		}
	}
	if len(r.Fallbacks.Incidents) > 0 {
		alerts = append(alerts, figures.KindIncident)
	}
	if r.CoreGap() != "" {
		alerts = append(alerts, AlertIncomplete)
	}
	return alerts
}
