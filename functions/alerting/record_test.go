package alerting_test

import (
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// recorder records what ticks find of acme, and sends nothing.
type recorder struct {
	*testing.T
	alerting.Notifier
}

func newRecorder(t *testing.T) recorder {
	ledger := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	return recorder{t, alerting.Notifier{Ledger: ledger, Window: 72 * time.Hour}}
}

// records returns what ops know of and are to be told after a tick has found the statuses.
func (r *recorder) records(now time.Time, statuses ...delivery.Status) alerting.Snapshot {
	r.Helper()
	tenant, err := config.Parse("config/acme.yaml", []byte(acme))
	if err != nil {
		r.Fatal(err)
	}
	found := &alerting.Tenant{Name: "acme", Tenant: tenant, Statuses: statuses}
	found.DueStatuses = func() ([]delivery.Status, error) { return nil, nil }
	if err := r.Record(r.Context(), found, now); err != nil {
		r.Fatal(err)
	}
	snapshot, err := alerting.Read(r.Context(), r.Ledger.Store, "acme")
	if err != nil {
		r.Fatal(err)
	}
	return snapshot
}

// Only of what may not have arrived ops are to look first whether Slack has it.
func TestNotice_UnlessSlackHasIt(t *testing.T) {
	const again = "To send again"
	doubt := func(s *delivery.Status) { s.Record.MaybeSent, s.Record.Ref = true, "" }
	toMail := func(s *delivery.Status) { s.Destination.Medium = config.Mail }
	failed, silent := ends(delivery.FailedForGood, lost), gaps(delivery.Accepted, "Sage is silent")
	for name, c := range map[string]struct {
		hows []how
		want string
	}{
		"not delivered":        {[]how{failed}, again + ":"},
		"in doubt":             {[]how{failed, doubt}, again + ", unless Slack already has it:"},
		"in doubt, by mail":    {[]how{failed, doubt, toMail}, again + ":"},
		"incomplete":           {[]how{silent}, "To ask Sage again and resend:"},
		"incomplete, in doubt": {[]how{silent, doubt}, "To ask Sage again and resend:"},
		"without its PDF":      {[]how{lacks(noFiles)}, "To send again with the PDF:"},
		"no PDF, in doubt":     {[]how{lacks(noFiles), doubt}, "To send again with the PDF:"},
	} {
		r := newRecorder(t)
		told := r.records(monday.Add(time.Hour), shop(46, "C0SHOP0001", c.hows...)).Waiting
		if len(told) != 1 || !strings.Contains(told[0].Text, "\n"+c.want+"\n") {
			t.Errorf("%s: told %+v, want %q", name, told, c.want)
		}
	}
}

// A report so old that the ledger is not asked about it counts as it was, and keeps no cause open.
func TestIncident_ReportsForgotten(t *testing.T) {
	const c, c2 = "C0SHOP0001", "C0SHOP0002"
	const day = 24 * time.Hour
	type found = []delivery.Status
	for name, x := range map[string]struct {
		then time.Duration // after both wait
		now  found
		open int
		told string // how the notice of the end ends; empty if there is none
	}{
		"both": {11 * day, nil, 0, ""},
		"one, and the other arrived": {11 * day, found{shop(46, c, arrives)}, 0,
			"\n- 1 report delivered\n- 1 report not delivered"},
		"one, and the other waits": {11 * day, found{shop(46, c, waits(sageDown))}, 1, ""},
		"neither, but not configured": {11*day - 1, nil, 0,
			"\n- 2 reports no longer wanted: the configuration changed," +
				" or there was nothing to report"},
	} {
		r := newRecorder(t)
		r.records(monday, shop(46, c, waits(invite)), shop(46, c2, waits(invite)))
		after := r.records(monday.Add(x.then), x.now...)
		var open, told []string
		for _, o := range after.Open {
			if strings.HasPrefix(o.Reason, "The app is not in #help") {
				open = append(open, o.Reason)
			}
		}
		for _, n := range after.Waiting {
			if strings.HasPrefix(n.Subject, "Resolved") {
				told = append(told, n.Text)
			}
		}
		if got := strings.Join(told, ""); len(open) != x.open || (got == "") != (x.told == "") ||
			!strings.HasSuffix(got, x.told) {
			t.Errorf("%s: open %q, told %q", name, open, told)
		}
	}
}
