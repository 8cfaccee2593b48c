package alerting_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// A how says what became of a delivery.
type how func(*delivery.Status)

// shop is how the report of a week of bot shop stands that goes to a channel. What is over is so an
// hour after it was due.
func shop(week int, channel string, hows ...how) delivery.Status {
	tenant, err := config.Parse("config/acme.yaml", []byte(acme))
	if err != nil {
		panic(err)
	}
	w, err := period.Parse(fmt.Sprintf("2026-W%d", week))
	if err != nil {
		panic(err)
	}
	b := tenant.Bots[0]
	s := delivery.Status{Delivery: delivery.Planned("acme", b.Subject(), w,
		config.Destination{Medium: config.Slack, To: channel})}
	for _, h := range hows {
		h(&s)
	}
	return s
}

// waits is a report that is tried again; nil: that nothing was tried of yet.
func waits(f *delivery.Failure) how {
	return func(s *delivery.Status) {
		if f != nil {
			s.Record = delivery.Record{State: delivery.Retrying, Job: s.Job, Reason: f.Err.Error(),
				Remedy: f.Remedy, Cause: f.Cause}
		}
	}
}

// ends is a report that did not arrive.
func ends(state delivery.State, f *delivery.Failure) how {
	return func(s *delivery.Status) {
		waits(f)(s)
		s.Over, s.Failed, s.Record.Job, s.Record.State, s.Record.At = true, true, s.Job, state,
			s.Due.Add(time.Hour)
	}
}

// lacks is a report that arrived without its PDF.
func lacks(f *delivery.Failure) how {
	return func(s *delivery.Status) {
		s.Over, s.Failed, s.Arrived = true, true, true
		s.Record = delivery.Record{State: delivery.Accepted, Job: s.Job, Ref: "ref",
			Missing: f.Err.Error(), Remedy: f.Remedy, Cause: f.Cause, At: s.Due.Add(time.Hour)}
	}
}

// gaps is a report that arrived, and whose chats are not known.
func gaps(state delivery.State, why string) how {
	return func(s *delivery.Status) {
		s.Over, s.Failed, s.Arrived, s.Gaps = true, true, true, true
		s.Record = delivery.Record{State: state, Job: s.Job, Ref: "ref", Gaps: why,
			At: s.Due.Add(time.Hour)}
	}
}

func arrives(s *delivery.Status)   { s.Over, s.Arrived = true, true }
func isSkipped(s *delivery.Status) { s.Over, s.Skipped = true, true }
func isResent(s *delivery.Status)  { s.Resent, s.Arrived = true, true }
func isUnread(s *delivery.Status)  { s.Err = errors.New("503 Slow Down") }
func isSent(s *delivery.Status) { // its PDF is on its way
	s.Record = delivery.Record{State: delivery.Sent, Job: s.Job, Ref: "ref",
		Reason: "the upload failed"}
}
func bounced(s *delivery.Status) { s.Record.State = delivery.Bounced }

var (
	noFiles = &delivery.Failure{Err: said("no uploads are allowed"), Remedy: "allow them",
		Cause: "slack-files"}
	noPDF    = &delivery.Failure{Err: said("the PDF is too large"), Cause: "pdf"}
	sageGone = &delivery.Failure{Err: said("Sage cannot be reached"), Cause: "sage"}
)

func TestCauses(t *testing.T) {
	const c, c2, c3 = "C0SHOP0001", "C0SHOP0002", "C0SHOP0003"
	early, late := monday.Add(15*time.Minute), monday.AddDate(0, 0, 7).Add(15*time.Minute)
	gone := shop(46, c, ends(delivery.FailedForGood, archived))
	const isGone = "gone/2026-W46/slack-channel/C0SHOP0001: #shop (C0SHOP0001) is archived, 1 report, news"
	for name, x := range map[string]struct {
		now       time.Time
		standings []delivery.Status
		want      string
	}{
		"nothing is wrong": {early,
			[]delivery.Status{shop(46, c, arrives), shop(46, c2, isSkipped), shop(46, c3, isSent)},
			""},
		"skipped": {early, []delivery.Status{shop(46, c, isSkipped)}, ""},
		"nothing tried": {early, []delivery.Status{shop(46, c)},
			"untried: no worker has finished yet, 1 report"},
		"within the hour": {monday.Add(time.Hour - 1),
			[]delivery.Status{shop(46, c, waits(sageDown))},
			"sage: Sage answered 503 Service Unavailable, 1 report"},
		"an hour late": {monday.Add(time.Hour),
			[]delivery.Status{shop(46, c, waits(sageDown))},
			"sage: Sage answered 503 Service Unavailable, 1 report, news"},
		"one of two is news": {late,
			[]delivery.Status{shop(46, c, waits(sageDown)), shop(47, c2, waits(sageDown))},
			"sage: Sage answered 503 Service Unavailable, 2 reports, news"},
		"the words of most": {early,
			[]delivery.Status{shop(46, c, waits(sageGone)), shop(46, c2, waits(sageDown)),
				shop(46, c3, waits(sageDown))},
			"sage: Sage answered 503 Service Unavailable, 3 reports"},
		"the words of most are first": {early,
			[]delivery.Status{shop(46, c, waits(sageGone)), shop(46, c2, waits(sageGone)),
				shop(46, c3, waits(sageDown))}, "sage: Sage cannot be reached, 3 reports"},
		"as many words each": {early,
			[]delivery.Status{shop(46, c, waits(sageGone)), shop(46, c2, waits(sageDown))},
			"sage: Sage cannot be reached, 2 reports"},
		"missed and failed for good": {early,
			[]delivery.Status{shop(46, c, ends(delivery.Missed, sageDown)),
				shop(46, c2, ends(delivery.FailedForGood, sageDown))},
			"missed/2026-W46/sage: Sage answered 503 Service Unavailable, 1 report, news; gone/2026-W46/sage: Sage answered 503 Service Unavailable, 1 report, news"},
		"sent again": {early, []delivery.Status{shop(46, c,
			ends(delivery.Missed, sageDown), isResent),
			shop(46, c2, gaps(delivery.Accepted, "Sage is silent"), isResent)}, ""},
		"incomplete": {early, []delivery.Status{shop(46, c,
			gaps(delivery.Accepted, "Sage is silent")),
			shop(46, c2, gaps(delivery.Delivered, "Sage is silent"))},
			"gaps/2026-W46/Sage is silent: Sage is silent, 2 reports, news"},
		"incomplete, and no PDF": {early, []delivery.Status{shop(46, c, lacks(noFiles),
			func(s *delivery.Status) { s.Record.Gaps = "Sage is silent" })},
			"gone/2026-W46/slack-files: no uploads are allowed, 1 report, news; gaps/2026-W46/Sage is silent: Sage is silent, 1 report, news"},
		"incomplete, and came back": {early, []delivery.Status{shop(46, c,
			gaps(delivery.Delivered, "Sage is silent"), func(s *delivery.Status) {
				s.Record.State, s.Record.Reason = delivery.Bounced, "550 user unknown"
			})}, "gone/2026-W46/550 user unknown: 550 user unknown, 1 report, news"},

		// What was over before a later report arrived is not told, whatever their order.
		"the week after arrived": {late, []delivery.Status{shop(47, c, arrives), gone},
			""},
		"the week after, incomplete": {late,
			[]delivery.Status{shop(47, c, gaps(delivery.Accepted, "Sage is silent"), isResent),
				gone}, ""},
		"the week after, still incomplete": {late,
			[]delivery.Status{gone, shop(47, c, gaps(delivery.Accepted, "Sage is silent"))},
			"gaps/2026-W47/Sage is silent: Sage is silent, 1 report, news"},
		"the week after, its PDF on its way": {late, []delivery.Status{gone, shop(47, c, isSent)},
			""},
		"the week after, without its PDF": {late,
			[]delivery.Status{gone, shop(47, c, lacks(noPDF))},
			"gone/2026-W47/pdf: the PDF is too large, 1 report, news"},
		"the week after arrived, not there": {late,
			[]delivery.Status{gone, shop(47, c2, arrives)}, isGone},
		"the week after was skipped": {late,
			[]delivery.Status{gone, shop(47, c, isSkipped)}, isGone},
		"the week after waits": {late, []delivery.Status{gone, shop(47, c)},
			isGone + "; untried: no worker has finished yet, 1 report"},
		"the week after cannot be read": {late,
			[]delivery.Status{gone, shop(47, c, isUnread)}, ""},
		"the week before arrived": {late, []delivery.Status{shop(45, c, arrives), gone},
			isGone},
		"the week before arrived, told after": {late,
			[]delivery.Status{gone, shop(47, c, arrives), shop(45, c, arrives)}, ""},
		"waits, and the week after arrived": {late,
			[]delivery.Status{shop(46, c, waits(sageDown)), shop(47, c, arrives)},
			"sage: Sage answered 503 Service Unavailable, 1 report, news"},
		"waits, and the week after cannot be read": {late,
			[]delivery.Status{shop(46, c, waits(sageDown)), shop(47, c, isUnread)},
			"sage: Sage answered 503 Service Unavailable, 1 report, news"},
		"no PDF, and the week after has it": {late,
			[]delivery.Status{shop(46, c, lacks(noFiles)), shop(47, c, arrives)}, ""},
		"no PDF, and the week after waits": {late,
			[]delivery.Status{shop(46, c, lacks(noFiles)), shop(47, c, waits(sageDown))},
			"gone/2026-W46/slack-files: no uploads are allowed, 1 report, news; sage: Sage answered 503 Service Unavailable, 1 report"},
		"no PDF, and that of the week after is on its way": {late,
			[]delivery.Status{shop(46, c, lacks(noFiles)), shop(47, c, isSent)},
			"gone/2026-W46/slack-files: no uploads are allowed, 1 report, news"},
		"incomplete, and the week after is complete": {late,
			[]delivery.Status{shop(46, c, gaps(delivery.Accepted, "Sage is silent")),
				shop(47, c, arrives)}, ""},
		"incomplete, and the week after waits": {late,
			[]delivery.Status{shop(46, c, gaps(delivery.Accepted, "Sage is silent")),
				shop(47, c, waits(sageDown))},
			"gaps/2026-W46/Sage is silent: Sage is silent, 1 report, news; sage: Sage answered 503 Service Unavailable, 1 report"},
		"incomplete, as the week after": {late,
			[]delivery.Status{shop(46, c, gaps(delivery.Accepted, "Sage is silent")),
				shop(47, c, gaps(delivery.Accepted, "Sage is silent"))},
			"gaps/2026-W46/Sage is silent: Sage is silent, 1 report, news; gaps/2026-W47/Sage is silent: Sage is silent, 1 report, news"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range alerting.Causes(x.standings, x.now) {
				line := fmt.Sprintf("%s: %s, %d report", c.ID, c.Reason, len(c.Reports))
				if len(c.Reports) > 1 {
					line += "s"
				}
				if c.Notify {
					line += ", news"
				}
				got = append(got, line)
			}
			if got := strings.Join(got, "; "); got != x.want {
				t.Errorf("got  %s\nwant %s", got, x.want)
			}
		})
	}
}

// What no worker has tried is one notice to the operator, as an outage is, and not one per tenant.
func TestCause_Shared(t *testing.T) {
	for name, c := range map[string]struct {
		how  how
		want bool
	}{
		"untried":         {waits(nil), true},
		"Sage is down":    {waits(sageDown), true},
		"missed by Sage":  {ends(delivery.Missed, sageDown), true},
		"one channel":     {waits(invite), false},
		"no cause":        {waits(&delivery.Failure{Err: said("it failed")}), false},
		"incomplete":      {gaps(delivery.Accepted, "Sage is silent"), false},
		"without its PDF": {lacks(noFiles), false},
	} {
		causes := alerting.Causes([]delivery.Status{shop(46, "C0SHOP0001", c.how)}, monday)
		if len(causes) != 1 || causes[0].Shared() != c.want {
			t.Errorf("%s: %+v, want one, shared: %v", name, causes, c.want)
		}
	}
	if (alerting.Cause{ID: "configuration"}).Shared() {
		t.Error("a tenant's configuration is shared")
	}
}

// finds lets the tick find so much of acme now, and tell it. It returns what ops hear but receipts
// and how long it was so.
func (s *story) finds(standings ...delivery.Status) string {
	s.Helper()
	s.phone.told = nil
	now := time.Now()
	x := &alerting.Tenant{Name: "acme", Tenant: s.tenants[0], Statuses: standings, More: s.more}
	x.DueStatuses = func() ([]delivery.Status, error) { return nil, nil }
	for _, err := range []error{s.Record(s.Context(), x, now), s.Notify(s.Context(), x),
		s.NotifyOperator(s.Context(), []*alerting.Tenant{x}, now)} {
		if err != nil {
			s.Error(err)
		}
	}
	var all []string
	for _, told := range s.phone.told {
		lines := slices.DeleteFunc(strings.Split(told, "\n")[1:],
			func(line string) bool { return strings.HasPrefix(line, "It lasted ") })
		if text := strings.Join(lines, "\n"); !strings.HasPrefix(text, "Receipt") {
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n\n")
}

// What ops hear where a cause is over, by what has become of the reports that it kept back.
func TestNotifier_CauseIsOver(t *testing.T) {
	const c, c2, c3 = "C0SHOP0001", "C0SHOP0002", "C0SHOP0003"
	day, week := 24*time.Hour, 7*24*time.Hour
	type found = []delivery.Status
	many := func(n int, how how) (all found) {
		for i := range n {
			all = append(all, shop(46, fmt.Sprintf("C0SHOP%04d", i), how))
		}
		return all
	}
	for name, x := range map[string]struct {
		before found
		then   time.Duration // how long after
		found  found
		want   string // last
	}{
		"arrived": {found{shop(46, c, waits(invite))}, day,
			found{shop(46, c, arrives)},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered"},
		"arrived incomplete": {found{shop(46, c, waits(invite))}, day,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is silent"), isResent)},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered"},
		"arrived without PDF": {found{shop(46, c, waits(invite))}, 0,
			found{shop(46, c, isSent)},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered"},
		"arrived incomplete, not sent again": {found{shop(46, c, waits(invite))}, 0,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is silent"))},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered"},
		"one arrived, one cannot be read": {found{shop(46, c, waits(invite)),
			shop(46, c2, waits(invite))}, day, found{shop(46, c, arrives), shop(46, c2, isUnread)},
			""},
		"sent again with its PDF, and incomplete": {found{shop(46, c, lacks(noFiles))}, 0,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is silent"))},
			"Resolved: No uploads are allowed\n- 1 report sent again with the PDF"},
		"one sent again, one without its PDF and incomplete": {found{shop(46, c, lacks(noFiles)),
			shop(46, c2, lacks(noFiles))}, 0,
			found{shop(46, c, lacks(noFiles), isResent),
				shop(46, c2, lacks(noPDF),
					func(s *delivery.Status) { s.Record.Gaps = "Sage is silent" })},
			"Resolved: No uploads are allowed\n- 1 report sent again with the PDF\n- 1 report still without the PDF"},
		"one sent again with its PDF, one comes back": {found{shop(46, c, lacks(noFiles)),
			shop(46, c2, lacks(noFiles))}, 0,
			found{shop(46, c, lacks(noFiles), isResent),
				shop(46, c2, ends(delivery.Bounced, archived))},
			"Resolved: No uploads are allowed\n- 1 report not delivered\n- 1 report sent again with the PDF"},
		"incomplete without PDF, then with it and incomplete": {found{shop(46, c, lacks(noFiles),
			func(s *delivery.Status) { s.Record.Gaps = "Sage is silent" })}, 0,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is down"))},
			"Resolved: No uploads are allowed\n- 1 report sent again with the PDF"},
		"skipped": {found{shop(46, c, waits(invite))}, day, found{shop(46, c, isSkipped)},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report no longer wanted: the configuration changed, or there was nothing to report"},
		"not configured": {found{shop(46, c, waits(invite))}, day, nil,
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report no longer wanted: the configuration changed, or there was nothing to report"},
		"forgotten": {found{shop(46, c, waits(invite))}, 11 * day, nil, ""},
		"nearly forgotten": {found{shop(46, c, waits(invite))}, 11*day - time.Second, nil,
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report no longer wanted: the configuration changed, or there was nothing to report"},
		"old, and arrived": {found{shop(46, c, waits(invite))}, 12 * day,
			found{shop(46, c, arrives)},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered"},
		"cannot be read": {found{shop(46, c, waits(invite))}, day, found{shop(46, c, isUnread)},
			""},
		"waits for other": {found{shop(46, c, waits(invite))}, 0,
			found{shop(46, c, waits(sageDown))}, ""},
		"missed": {found{shop(46, c, waits(invite))}, week,
			found{shop(46, c, ends(delivery.Missed, invite)), shop(47, c, arrives)}, ""},
		"failed, later arrived": {found{shop(46, c, waits(invite))}, week + day,
			found{shop(46, c, ends(delivery.FailedForGood, archived)), shop(47, c, arrives)},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report not delivered, but a later week's report was"},
		"failed, later unread": {found{shop(46, c, waits(invite))}, week + day,
			found{shop(46, c, ends(delivery.FailedForGood, archived)), shop(47, c, isUnread)}, ""},
		"failed, later arrived, the last unread": {found{shop(46, c, waits(invite))}, 2*week + day,
			found{shop(46, c, ends(delivery.FailedForGood, archived)), shop(47, c, arrives),
				shop(48, c, isUnread)},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report not delivered, but a later week's report was"},
		"failed, later sent again but unread": {found{shop(46, c, waits(invite))}, week + day,
			found{shop(46, c, ends(delivery.FailedForGood, archived)),
				shop(47, c, ends(delivery.Missed, invite), isResent, isUnread)}, ""},
		"one arrived, one waits for other": {found{shop(46, c, waits(invite)),
			shop(46, c2, waits(invite))}, 0, found{shop(46, c, arrives),
			shop(46, c2, waits(sageDown))},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered\n- 1 report delayed for another reason"},
		"one arrived, one missed": {found{shop(46, c, waits(sageDown), waits(invite)),
			shop(46, c2, waits(invite))}, 0, found{shop(46, c, arrives),
			shop(46, c2, ends(delivery.Missed, invite), isResent,
				func(s *delivery.Status) { s.Resent, s.Record.Cause = false, "other" })},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered\n- 1 report not delivered"},
		"one arrived, one failed for good": {found{shop(46, c, waits(invite)),
			shop(46, c2, waits(invite))}, 0, found{shop(46, c, arrives),
			shop(46, c2, ends(delivery.FailedForGood, invite))},
			"Resolved: The app is not in #help (C0HELP0001)\n- 1 report delivered\n- 1 report not delivered"},
		"one sent again, one still without its PDF": {found{shop(46, c, lacks(noFiles)),
			shop(46, c2, lacks(noFiles))}, 0,
			found{shop(46, c, lacks(noFiles), isResent), shop(46, c2, lacks(noPDF))},
			"Resolved: No uploads are allowed\n- 1 report sent again with the PDF\n- 1 report still without the PDF"},
		"a later PDF is there": {found{shop(46, c, lacks(noFiles))}, week,
			found{shop(46, c, lacks(noFiles)), shop(47, c, arrives)},
			"Resolved: No uploads are allowed\n- 1 report without the PDF, but a later week's report has it"},
		"incomplete, and one comes back": {found{shop(46, c,
			gaps(delivery.Accepted, "Sage is silent")),
			shop(46, c2, gaps(delivery.Accepted, "Sage is silent"))}, 0,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is silent"), isResent),
				shop(46, c2, gaps(delivery.Accepted, "Sage is silent"), bounced)},
			"Resolved: Sage is silent\n- 1 report not delivered\n- 1 report sent again, complete"},
		"incomplete for another reason": {found{shop(46, c,
			gaps(delivery.Accepted, "Sage is silent")),
			shop(46, c2, gaps(delivery.Accepted, "Sage is silent"))}, 0,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is silent"), isResent),
				shop(46, c2, gaps(delivery.Accepted, "Sage is down"))},
			"Resolved: Sage is silent\n- 1 report sent again, complete\n- 1 report still incomplete"},
		"incomplete, of which one is not wanted": {found{shop(46, c,
			gaps(delivery.Accepted, "Sage is silent")),
			shop(46, c2, gaps(delivery.Accepted, "Sage is silent")),
			shop(46, c3, gaps(delivery.Accepted, "Sage is silent"))}, 0,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is silent"), isResent),
				shop(46, c2, gaps(delivery.Accepted, "Sage is down"))},
			"Resolved: Sage is silent\n- 1 report sent again, complete\n- 1 report no longer wanted: the configuration changed, or there was nothing to report\n- 1 report still incomplete"},
		"incomplete, and later ones are complete": {found{shop(46, c,
			gaps(delivery.Accepted, "Sage is silent")),
			shop(46, c2, gaps(delivery.Accepted, "Sage is silent"))}, week,
			found{shop(46, c, gaps(delivery.Accepted, "Sage is silent")), shop(47, c, arrives)},
			"Resolved: Sage is silent\n- 1 report incomplete, but a later week's report is complete\n- 1 report no longer wanted: the configuration changed, or there was nothing to report"},
		"hundreds are sent again with their PDF": {many(301, lacks(noFiles)), 0, many(301, arrives),
			"Resolved: No uploads are allowed\n- 300 reports sent again with the PDF\n- 1 more, not checked one by one"},
		"hundreds are sent again complete": {many(301, gaps(delivery.Accepted, "Sage is silent")),
			0, many(301, arrives),
			"Resolved: Sage is silent\n- 300 reports sent again, complete\n- 1 more, not checked one by one"},
		"hundreds, and some complete": {many(301, gaps(delivery.Accepted, "Sage is silent")), 0,
			append(many(200, arrives), many(301, gaps(delivery.Accepted, "Sage is down"))[200:]...),
			"Resolved: Sage is silent\n- 200 reports sent again, complete\n- 100 reports still incomplete\n- 1 more, not checked one by one"},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				if first := s.finds(x.before...); first == "" ||
					strings.Contains(first, "Resolved") {
					s.Fatalf("told %q", first)
				}
				time.Sleep(x.then - time.Second)
				told := s.finds(x.found...)
				last := told[max(0, strings.LastIndex(told, "\n\n")):]
				if last = strings.TrimSpace(last); !strings.HasPrefix(last, "Resolved") {
					last = ""
				}
				if last != x.want {
					s.Errorf("told\n%s\nwant\n%s", told, x.want)
				}
			})
		})
	}
}
