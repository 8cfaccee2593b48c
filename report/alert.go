package report

import (
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
)

// AlertIncomplete is the alert of a week whose chats or messages are not known.
const AlertIncomplete = "incomplete"

// Alerts names what a destination that wants only alerts is sent the report for, empty where there is nothing: the
// targets that the week missed, as bots.yaml writes them, "incident" where a day's fallback rate jumped, and
// AlertIncomplete, since what is not known may hide either. Which
// targets were missed is said by the report itself, so that whoever gets it finds it there; a report of before there were
// targets in it is held to those of the configuration.
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
