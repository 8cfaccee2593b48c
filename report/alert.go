package report

import (
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
)

// AlertIncomplete is the alert for a period whose chats, messages or fallbacks are not known.
const AlertIncomplete = "incomplete"

// Alerts returns the reasons why a destination that wants only alerts gets the report. They are the
// missed targets, as bots.yaml names them, and the rule of package figures by which the week needs
// a look, such as "incident". AlertIncomplete is one too, since missing numbers may hide the
// others. It returns nothing if there is no reason.
//
// The report says which targets were missed. A report without targets is judged by those of the
// configuration. A report without a verdict is judged by its incidents, chats and messages.
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
	incomplete := r.CoreGap() != ""
	switch v := r.Verdict; {
	case v == nil && len(r.Fallbacks.Incidents) > 0:
		alerts = append(alerts, figures.KindIncident)
	case v != nil:
		if v.Status == figures.NeedsLook && v.Rule != figures.VerdictMissed {
			alerts = append(alerts, v.Rule)
		}
		incomplete = r.LacksCore()
	}
	if incomplete {
		alerts = append(alerts, AlertIncomplete)
	}
	return alerts
}
