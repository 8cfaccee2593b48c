package alerting_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

const topic = "arn:aws:sns:eu-north-1:123456789012:alarms"

// of lets the report be another tenant's.
func of(tenant string) how {
	return func(s *delivery.Status) { s.Job.Tenant = tenant }
}

// found is what a tick has found of a tenant of the story.
func (s *story) found(name string, standings ...delivery.Status) *alerting.Tenant {
	x := &alerting.Tenant{Name: name, Statuses: standings}
	for _, t := range s.tenants {
		if t.Name == name {
			x.Tenant = t
		}
	}
	x.DueStatuses = func() ([]delivery.Status, error) { return nil, nil }
	return x
}

// operator returns the subjects and the texts that the operator hears of what a tick
// has found.
func (s *story) operator(found ...*alerting.Tenant) (subjects []string, texts string) {
	s.Helper()
	s.phone.told = nil
	watched, err := s.Watched(s.Context())
	if err != nil {
		s.Error(err)
	}
	for _, x := range found {
		x.Watched = watched
		if err := s.Record(s.Context(), x, time.Now()); err != nil {
			s.Error(err)
		}
	}
	if err := s.NotifyOperator(s.Context(), found, time.Now()); err != nil {
		s.Error(err)
	}
	for _, told := range s.phone.told {
		subjects = append(subjects, strings.Split(told, "\n")[1])
	}
	return subjects, strings.Join(s.phone.told, "\n\n")
}

var sesDown = &delivery.Failure{Err: said("SES is down"), Cause: "ses"}

// What the operator hears of two tenants, at two ticks, from the subjects.
func TestDeployment(t *testing.T) {
	const c, c2 = "C0SHOP0001", "C0SHOP0002"
	type found = func(s *story) []*alerting.Tenant
	both := func(acme, beta []delivery.Status) found {
		return func(s *story) []*alerting.Tenant {
			return []*alerting.Tenant{s.found("acme", acme...), s.found("beta", beta...)}
		}
	}
	only := func(acme ...delivery.Status) found { return both(acme, nil) }
	unknown := func(beta ...delivery.Status) found {
		return func(s *story) []*alerting.Tenant {
			return []*alerting.Tenant{{Name: "acme", Unknown: true}, s.found("beta", beta...)}
		}
	}
	removed := func(s *story) []*alerting.Tenant { return []*alerting.Tenant{s.found("beta")} }
	broken := func(s *story) []*alerting.Tenant {
		x := s.found("acme")
		x.More = []alerting.Cause{alerting.BrokenConfig("acme", "v2", "7:3: bots[0].tz: is empty",
			true, s.Commands)}
		return []*alerting.Tenant{x, s.found("beta")}
	}
	type standings = []delivery.Status
	for name, x := range map[string]struct {
		at           time.Time
		first, then  found
		heard, after []string
	}{
		"two causes of all": {monday.Add(2 * time.Hour),
			both(standings{shop(46, c, waits(sageDown))},
				standings{shop(46, c, of("beta"), waits(sesDown))}), only(),
			[]string{"Sage answered 503 Service Unavailable: 1 report delayed",
				"SES is down: 1 report delayed"},
			[]string{"Resolved: Sage answered 503 Service Unavailable", "Resolved: SES is down"}},
		"news of the second alone": {monday.AddDate(0, 0, 7),
			both(standings{shop(47, c, waits(sageDown))},
				standings{shop(46, c, of("beta"), waits(sageDown))}), nil,
			[]string{"Sage answered 503 Service Unavailable: 2 reports delayed"}, nil},
		"news of the first alone": {monday.AddDate(0, 0, 7),
			both(standings{shop(46, c, waits(sageDown))},
				standings{shop(47, c, of("beta"), waits(sageDown))}), nil,
			[]string{"Sage answered 503 Service Unavailable: 2 reports delayed"}, nil},
		"the words of most": {monday.Add(2 * time.Hour),
			both(standings{shop(46, c, waits(sageGone))},
				standings{shop(46, c, of("beta"), waits(sageDown)),
					shop(46, c2, of("beta"), waits(sageDown))}), nil,
			[]string{"Sage answered 503 Service Unavailable: 3 reports delayed"}, nil},
		"missed, and sent again": {monday.Add(time.Hour),
			only(shop(46, c, ends(delivery.Missed, invite))),
			only(shop(46, c, ends(delivery.Missed, invite), isResent)),
			[]string{"acme: 1 report missed: the app is not in #help (C0HELP0001)"},
			[]string{"Resolved: acme: reports of 2026-W46 were missed, because the app is not in #help (C0HELP0001)"}},
		"a tenant's own, and it is removed": {monday, only(shop(46, c, waits(invite))), removed,
			[]string{"acme: the app is not in #help (C0HELP0001): 1 report delayed"},
			[]string{"Resolved: acme: the app is not in #help (C0HELP0001)"}},
		"a tenant's own, and it is unknown": {monday, only(shop(46, c, waits(invite))), unknown(),
			[]string{"acme: the app is not in #help (C0HELP0001): 1 report delayed"}, nil},
		"one without reports, and it is unknown": {monday, broken, unknown(),
			[]string{"acme: the configuration of acme has mistakes"}, nil},
		"one of all, and a tenant is unknown": {monday.Add(2 * time.Hour),
			both(standings{shop(46, c, waits(sageDown))},
				standings{shop(46, c, of("beta"), waits(sageDown))}),
			unknown(shop(46, c, of("beta"), arrives)),
			[]string{"Sage answered 503 Service Unavailable: 2 reports delayed"}, nil},
		"one of all others, and a tenant is unknown": {monday.Add(2 * time.Hour),
			both(nil, standings{shop(46, c, of("beta"), waits(sageDown))}),
			unknown(shop(46, c, of("beta"), arrives)),
			[]string{"Sage answered 503 Service Unavailable: 1 report delayed"},
			[]string{"Resolved: Sage answered 503 Service Unavailable"}},
		"no tenants": {monday, func(*story) []*alerting.Tenant { return nil },
			func(*story) []*alerting.Tenant { return nil }, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme, "beta": acme}, func(s *story) {
				s.Topic = topic
				time.Sleep(time.Until(x.at))
				if heard, _ := s.operator(x.first(s)...); !slices.Equal(heard, x.heard) {
					s.Errorf("heard %q, want %q", heard, x.heard)
				}
				if x.then == nil {
					return
				}
				if heard, _ := s.operator(x.then(s)...); !slices.Equal(heard, x.after) {
					s.Errorf("heard %q after that, want %q", heard, x.after)
				}
			})
		})
	}
}

// retries reports whether the ledger writes again what the store did not take.
func retries(call string) bool {
	return strings.HasPrefix(call, "put ") && strings.Contains(call, "/ops/notices/")
}

// Whichever call of the store fails, it is said, and people are told by a later tick, once.
func TestNotifier_StoreFailsOnce(t *testing.T) {
	runs := 0
	for n, failed := 0, true; failed; n++ {
		tell(t, map[string]string{"acme": acme}, func(s *story) {
			s.Topic = topic
			tick := func() error {
				x := s.found("acme", shop(46, "C0SHOP0001", ends(delivery.FailedForGood, archived)))
				return errors.Join(s.Record(s.Context(), x, time.Now()), s.Notify(s.Context(), x),
					s.NotifyOperator(s.Context(), []*alerting.Tenant{x}, time.Now()))
			}
			store := s.Ledger.Store
			slow := errors.New("503 Slow Down")
			broken, failure := storetest.FailOnce(store, n, slow)
			s.Ledger.Store = broken
			err := tick()
			if failed = failure() != ""; failed && !errors.Is(err, slow) &&
				!retries(failure()) || !failed && err != nil {
				s.Errorf("call %d, %s: %v", n, failure(), err)
			}
			s.Ledger.Store = store
			for range 4 {
				time.Sleep(15 * time.Minute)
				if err := tick(); err != nil {
					s.Errorf("call %d, the next ticks: %v", n, err)
				}
			}
			ops, operator := len(s.when("#shop (C0SHOP0001) is archived")),
				len(s.when("acme: #shop (C0SHOP0001) is archived"))
			if ops != 1 || operator < 1 || operator > 2 { // what goes by SNS cannot be looked for
				s.Errorf("call %d: ops were told %d times, and the operator %d times", n, ops,
					operator)
			}
		})
		runs++
	}
	if runs < 10 {
		t.Errorf("only %d runs: the tick does less than it did", runs)
	}
}

// What another tick saves meanwhile is not lost, and a store that always does so is an error.
func TestNotifier_StoreAlwaysConflicts(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		x := s.found("acme", shop(46, "C0SHOP0001", ends(delivery.FailedForGood, archived)))
		s.Ledger.Store = storetest.Wrapped{Store: s.Ledger.Store, Around: func(
			_ context.Context, call, _ string, do func() error) error {
			if call == "put" {
				return delivery.ErrConflict
			}
			return do()
		}}
		err := s.Record(s.Context(), x, time.Now())
		if !errors.Is(err, delivery.ErrConflict) ||
			!strings.Contains(err.Error(), "acme/ops/state.json: ") ||
			!strings.HasSuffix(err.Error(), ", 5 times in a row") {
			s.Error(err)
		}
		if err := s.Notify(s.Context(), x); err != nil || len(s.phone.told) != 0 {
			s.Errorf("told %q, %v", s.phone.told, err)
		}
	})
}

// What was told is saved once, and read only where nothing changes.
func TestStore_WritesWhatChanges(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		puts := 0
		s.Ledger.Store = storetest.Wrapped{Store: s.Ledger.Store, Around: func(
			_ context.Context, call, _ string, do func() error) error {
			if call == "put" {
				puts++
			}
			return do()
		}}
		for range 3 {
			s.finds(shop(46, "C0SHOP0001", arrives))
		}
		if puts != 1 { // that there is no receipt of the week before
			s.Errorf("%d puts", puts)
		}
	})
}

func TestRead_StoreFails(t *testing.T) {
	refused := errors.New("503 Slow Down")
	tell(t, nil, func(s *story) {
		broken, _ := storetest.FailOnce(s.Ledger.Store, 0, refused)
		if _, err := alerting.Read(s.Context(), broken, "acme"); !errors.Is(err, refused) {
			s.Error(err)
		}
		if _, err := s.Ledger.Store.Put(s.Context(), "acme/ops/state.json",
			delivery.Object{Data: []byte("{")}, delivery.Condition{}); err != nil {
			s.Fatal(err)
		}
		if _, err := alerting.Read(s.Context(), s.Ledger.Store, "acme"); err == nil ||
			!strings.Contains(err.Error(),
				"acme/ops/state.json: unexpected end of JSON input: put its last good version back") {
			s.Error(err)
		}
	})
}

// A configuration whose mistakes are others is told anew.
func TestConfiguration_OtherMistakes(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		broken := func(version, mistakes string) {
			s.more = []alerting.Cause{alerting.BrokenConfig("acme", version, mistakes, true,
				s.Commands)}
		}
		for _, x := range []struct{ version, mistakes, told string }{
			{"v2", "7:3: is empty", "7:3: is empty"},
			{"v2", "7:3: is empty", ""},
			{"v3", "8:3: is empty", "8:3: is empty"},
			{"v3", "8:3: is empty", ""},
		} {
			broken(x.version, x.mistakes)
			if told := s.finds(); (told == "") != (x.told == "") ||
				!strings.Contains(told, x.told) {
				s.Errorf("%s: told %q, want %q", x.version, told, x.told)
			}
			time.Sleep(15 * time.Minute)
		}
		s.phone.told, s.more = nil, nil
		s.finds()
		if told := strings.Join(s.phone.told, "\n"); !strings.Contains(told,
			"It lasted 30 minutes, since Monday 16 November, 08:30 (Europe/Oslo).") {
			s.Errorf("told %q", told)
		}
	})
}

// opsChannel and a mailbox are ops.
var twoOps = strings.Replace(acme, "C0ACMEOPS1}",
	"C0ACMEOPS1, recipients: ops@example.com}\nmail: {from: weekly@example.com}", 1)

// That one of ops cannot be notified the others hear, until it can be, or is of ops no more. What
// fails in passing takes nothing back.
func TestNotifier_OpsCannotBeTold(t *testing.T) {
	const cannot, resolved = "Ops cannot be notified at slack:C0ACMEOPS1, because #ops is archived",
		"Resolved: Ops cannot be notified at slack:C0ACMEOPS1, because #ops is archived"
	// without a remedy
	dead := &delivery.Failure{Err: errors.New("#ops is archived"), Permanent: true}
	for name, x := range map[string]struct {
		then func(s *story)
		want []string
	}{
		"still":            {func(*story) {}, nil},
		"fails in passing": {func(s *story) { s.phone.fails["C0ACMEOPS1"] = errors.New("Slack is down") }, nil},
		"works again": {func(s *story) { delete(s.phone.fails, "C0ACMEOPS1") },
			[]string{resolved}},
		"is no ops channel": {func(s *story) {
			s.configure("acme",
				strings.Replace(twoOps, "channels: C0ACMEOPS1, ", "", 1))
		}, []string{resolved}},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": twoOps}, func(s *story) {
				s.phone.fails["C0ACMEOPS1"] = dead
				s.finds(shop(46, "C0SHOP0001", waits(invite)))
				time.Sleep(15 * time.Minute)
				if told := s.finds(shop(46, "C0SHOP0001", waits(invite))); told != cannot {
					s.Fatalf("told %q", told)
				}
				x.then(s)
				var told []string
				for range 3 {
					time.Sleep(15 * time.Minute)
					s.finds(shop(46, "C0SHOP0001", waits(invite)),
						shop(46, "C0SHOP0002", ends(delivery.FailedForGood, archived)))
					for _, one := range s.phone.told {
						if lines := strings.Split(one, "\n"); strings.HasSuffix(lines[0],
							"ops@example.com") &&
							strings.Contains(lines[1], "ps cannot be notified") {
							told = append(told, lines[1])
						}
					}
				}
				if !slices.Equal(told, x.want) {
					s.Errorf("told %q, want %q", told, x.want)
				}
			})
		})
	}
}

// A notice that waits for people brings nothing back once another was told there.
func TestOpsCannotBeTold_AnEarlierNoticeWaits(t *testing.T) {
	tell(t, map[string]string{"acme": twoOps}, func(s *story) {
		s.phone.fails["C0ACMEOPS1"] = &delivery.Failure{Err: errors.New("the app is not in #ops"),
			Remedy: "invite it"}
		s.finds(shop(46, "C0SHOP0001", waits(invite)))
		delete(s.phone.fails, "C0ACMEOPS1")
		var told []string
		for range 5 { // the next try comes after an hour
			time.Sleep(15 * time.Minute)
			s.finds(shop(46, "C0SHOP0001", waits(invite)),
				shop(46, "C0SHOP0002", ends(delivery.FailedForGood, archived)))
			for _, one := range s.phone.told {
				if lines := strings.Split(one, "\n"); strings.HasSuffix(lines[0],
					"ops@example.com") {
					told = append(told, lines[1])
				}
			}
		}
		want := []string{"Ops cannot be notified at slack:C0ACMEOPS1, because the app is not in #ops",
			"#shop (C0SHOP0001) is archived: 1 report not delivered",
			"Resolved: Ops cannot be notified at slack:C0ACMEOPS1, because the app is not in #ops"}
		if !slices.Equal(told, want) {
			s.Errorf("told %q, want %q", told, want)
		}
	})
}

// After a day a notice that one of ops could not be told is given up. Until then it waits, and the
// log says why.
func TestTold_NotAfterADay(t *testing.T) {
	for name, x := range map[string]struct {
		after time.Duration
		told  int
		log   string
	}{
		"nearly a day": {24*time.Hour - time.Second, 1,
			`level=WARN msg="ops not notified yet" ops=slack-C0ACMEOPS1`},
		"a day": {24 * time.Hour, 0,
			`level=ERROR msg="ops not notified" ops=slack-C0ACMEOPS1`},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				var log bytes.Buffer
				s.Log = slog.New(slog.NewTextHandler(&log, nil))
				s.phone.fails["C0ACMEOPS1"] = errors.New("Slack is down")
				s.finds(shop(46, "C0SHOP0001", waits(invite)))
				time.Sleep(x.after)
				s.finds(shop(46, "C0SHOP0001", waits(invite)))
				if !strings.Contains(log.String(), x.log) ||
					strings.Contains(log.String(), "level=ERROR") != strings.Contains(x.log,
						"level=ERROR") {
					s.Errorf("the log is\n%s", &log)
				}
				delete(s.phone.fails, "C0ACMEOPS1")
				s.phone.told = nil
				for range 30 {
					time.Sleep(15 * time.Minute)
					if err := s.Notify(s.Context(),
						s.noted(shop(46, "C0SHOP0001", waits(invite)))); err != nil {
						s.Error(err)
					}
				}
				if told := s.when("The app is not in #help (C0HELP0001)"); len(told) != x.told {
					s.Errorf("told %q", s.phone.told)
				}
			})
		})
	}
}

// noted is acme, noted.
func (s *story) noted(standings ...delivery.Status) *alerting.Tenant {
	s.Helper()
	x := s.found("acme", standings...)
	if err := s.Record(s.Context(), x, time.Now()); err != nil {
		s.Error(err)
	}
	return x
}

// A tick that began before another told the operator of a cause has not looked for its reports. So
// it does not say that the cause is over; the next tick does.
func TestNotifyOperator_ToldByAnotherTick(t *testing.T) {
	const c = "C0SHOP0001"
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.Topic = topic
		before, err := s.Watched(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		late := s.found("acme", shop(46, c, arrives))
		late.Watched = before
		s.operator(s.found("acme", shop(46, c, waits(invite))))
		s.phone.told = nil
		if err := errors.Join(s.Record(s.Context(), late, time.Now()),
			s.NotifyOperator(s.Context(), []*alerting.Tenant{late}, time.Now())); err != nil {
			s.Fatal(err)
		}
		if len(s.phone.told) > 0 {
			s.Errorf("the tick that did not look told %q", s.phone.told)
		}
		if told, _ := s.operator(s.found("acme", shop(46, c, arrives))); len(told) != 1 ||
			!strings.HasPrefix(told[0], "Resolved: acme: the app is not in") {
			s.Errorf("the next tick told %q", told)
		}
	})
}

// The log says which of ops cannot be notified; what the operator cannot be told is an error, since
// there is no other way.
func TestNotifier_OperatorCannotBeTold(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		var log bytes.Buffer
		s.Log, s.Topic = slog.New(slog.NewTextHandler(&log, nil)), topic
		dead := &delivery.Failure{Err: errors.New("it is gone"), Permanent: true}
		s.phone.fails["C0ACMEOPS1"], s.phone.fails[topic] = dead, dead
		x := s.noted(shop(46, "C0SHOP0001", waits(invite)))
		if err := s.Notify(s.Context(), x); err != nil {
			s.Errorf("ops: %v", err)
		}
		if err := s.NotifyOperator(s.Context(), []*alerting.Tenant{x}, time.Now()); err == nil ||
			err.Error() != "notify the operator: it is gone" {
			s.Errorf("operator: %v", err)
		}
		if n := strings.Count(log.String(), `level=ERROR msg="ops not notified"`); n != 2 ||
			!strings.Contains(log.String(), "because=\"it is gone\"") {
			s.Errorf("the log is\n%s", &log)
		}
	})
}

func TestTold_NothingSendsThere(t *testing.T) {
	tell(t, map[string]string{"acme": twoOps}, func(s *story) {
		delete(s.Senders, config.Slack)
		err := s.Notify(s.Context(), s.noted(shop(46, "C0SHOP0001", waits(invite))))
		if err == nil || err.Error() != "notify ops slack-C0ACMEOPS1: no sender for slack" ||
			len(s.phone.told) != 1 {
			s.Errorf("told %q, %v", s.phone.told, err)
		}
	})
}

// hangs is a medium that answers when it is too late.
type hangs struct{ tried time.Time }

func (*hangs) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, nil
}

func (h *hangs) Send(ctx context.Context, _ delivery.Message) (string, error) {
	h.tried = time.Now()
	<-ctx.Done()
	return "", ctx.Err()
}

// Ops who take their time leave half a minute of the tick's to others, and are not told where
// little more is left.
func TestTold_WithinTheTime(t *testing.T) {
	for name, x := range map[string]struct {
		left, takes time.Duration
	}{
		"much":       {5 * time.Minute, 20 * time.Second},
		"some":       {45 * time.Second, 15 * time.Second},
		"enough":     {40 * time.Second, 10 * time.Second},
		"not enough": {40*time.Second - 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				noted, h := s.noted(shop(46, "C0SHOP0001", waits(invite))), &hangs{}
				s.Senders[config.Slack] = h
				ctx, cancel := context.WithTimeout(s.Context(), x.left)
				defer cancel()
				began := time.Now()
				if err := s.Notify(ctx, noted); err != nil {
					s.Error(err)
				}
				if took := time.Since(began); took != x.takes ||
					h.tried.IsZero() != (x.takes == 0) {
					s.Errorf("it took %s, not %s", took, x.takes)
				}
			})
		})
	}
}

func TestCount(t *testing.T) {
	const c = "C0SHOP0001"
	all := []delivery.Status{shop(46, c, arrives), shop(46, c, arrives), shop(46, c, isSent),
		shop(46, c, gaps(delivery.Accepted, "Sage is silent")),
		shop(46, c, ends(delivery.Missed, sageDown), isResent), shop(46, c, lacks(noFiles)),
		shop(46, c, isSkipped), shop(46, c, isUnread), shop(46, c),
		shop(46, c, ends(delivery.Missed, sageDown))}
	want := alerting.Counts{Due: 10, Delivered: 6, Gaps: 1, Failed: 1, Waiting: 2, Skipped: 1}
	if got := alerting.Count(all); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := want.String(),
		"10 due, 6 delivered (1 incomplete), 1 failed, 2 waiting, 1 not wanted this week"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Incomplete is a report that has arrived, also while its PDF is awaited, and no other.
func TestCount_Incomplete(t *testing.T) {
	incomplete := func(s *delivery.Status) { s.Gaps, s.Record.Gaps = s.Arrived, "Sage is silent" }
	cameBack := func(s *delivery.Status) {
		gaps(delivery.Bounced, "Sage is silent")(s)
		s.Arrived = false
	}
	for name, c := range map[string]struct {
		hows []how
		want alerting.Counts
	}{
		"arrived":          {[]how{arrives, incomplete}, alerting.Counts{Delivered: 1, Gaps: 1}},
		"awaits its PDF":   {[]how{isSent, incomplete}, alerting.Counts{Delivered: 1, Gaps: 1}},
		"not sent yet":     {[]how{waits(sageDown), incomplete}, alerting.Counts{Waiting: 1}},
		"skipped":          {[]how{isSkipped, incomplete}, alerting.Counts{Skipped: 1}},
		"cannot be read":   {[]how{arrives, incomplete, isUnread}, alerting.Counts{Waiting: 1}},
		"came back":        {[]how{cameBack}, alerting.Counts{Failed: 1}},
		"complete":         {[]how{arrives}, alerting.Counts{Delivered: 1}},
		"complete, no PDF": {[]how{isSent}, alerting.Counts{Delivered: 1}},
	} {
		c.want.Due = 1
		got := alerting.Count([]delivery.Status{shop(46, "C0SHOP0001", c.hows...)})
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// due sets when the report fell due.
func due(at time.Time) how { return func(s *delivery.Status) { s.Due = at.UTC() } }

// What a receipt counts of another week: what fell due since the receipt before, or in a week where
// there is none. The operator's adds them up.
func TestReceipt_OtherWeeks(t *testing.T) {
	const c = "C0SHOP0001"
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.November, day, hour, minute, 0, 0, oslo)
	}
	tell(t, map[string]string{"acme": acme, "beta": acme}, func(s *story) {
		s.Topic = topic
		receipts := func(now time.Time, fallen ...delivery.Status) (ops, operator string) {
			s.Helper()
			time.Sleep(time.Until(now))
			var found []*alerting.Tenant
			for _, name := range []string{"acme", "beta"} {
				x := s.found(name)
				x.DueStatuses = func() ([]delivery.Status, error) { return fallen, nil }
				found = append(found, x)
			}
			_, operator = s.operator(found...)
			s.phone.told = nil
			for _, x := range found {
				if err := s.Notify(s.Context(), x); err != nil {
					s.Error(err)
				}
			}
			for _, told := range s.phone.told {
				if _, text, _ := strings.Cut(told, "\n"); strings.HasPrefix(text,
					"Receipt for acme") {
					ops = text
				}
			}
			if operator != "" {
				_, operator, _ = strings.Cut(operator, "\n")
			}
			return ops, operator
		}
		is := func(what, got, want string) {
			s.Helper()
			if got != want {
				s.Errorf("%s:\n%s\nwant\n%s", what, got, want)
			}
		}
		// the last is early
		ops, operator := receipts(at(16, 14, 0), shop(46, c, arrives), shop(47, c, arrives),
			shop(45, c, due(at(9, 10, 0)), arrives), // before the receipt of its own week
			shop(45, c, due(at(9, 10, 1)), arrives),
			shop(45, c, due(at(12, 8, 0)), gaps(delivery.Accepted, "Sage is silent")),
			shop(45, c, due(at(12, 8, 0)), ends(delivery.FailedForGood, archived)),
			shop(45, c, due(at(12, 8, 0)), isSkipped))
		is("ops", ops, `Receipt for acme, week 2026-W46: 1 due, 1 delivered
Of earlier weeks, due since the last receipt: 4 due, 2 delivered (1 incomplete), 1 failed, 1 not wanted this week.
Failed:
- Nettbutikk (shop), 2026-W45, to slack:C0SHOP0001
To send again:
  kindly-weekly resend --stack kindly-weekly-prod --tenant acme --bot shop --week 2026-W45 --to slack:C0SHOP0001
Incomplete, without all chats or messages of the week:
- Nettbutikk (shop), 2026-W45, to slack:C0SHOP0001`)
		is("operator", operator, `Receipt for week 2026-W46: 2 due, 2 delivered
- acme: 1 due, 1 delivered; of earlier weeks, due since the last receipt: 4 due, 2 delivered (1 incomplete), 1 failed, 1 not wanted this week
- beta: 1 due, 1 delivered; of earlier weeks, due since the last receipt: 4 due, 2 delivered (1 incomplete), 1 failed, 1 not wanted this week`)

		// The receipt before was of 14:00.
		ops, operator = receipts(at(23, 10, 0), shop(47, c, arrives),
			shop(46, c, due(at(16, 14, 0)), arrives),
			shop(46, c, due(at(16, 14, 1)), ends(delivery.Missed, archived)))
		is("ops", strings.Split(ops, "\n")[1],
			"Of earlier weeks, due since the last receipt: 1 due, 0 delivered, 1 failed.")
		is("operator", strings.Split(operator, "\n")[0],
			"Receipt for week 2026-W47: 2 due, 2 delivered")

		// No tick came for weeks.
		ops, _ = receipts(at(23+21, 10, 0), shop(49, c, arrives),
			shop(48, c, due(at(23+14, 9, 0)), arrives), shop(48, c, due(at(23+14, 11, 0)), arrives))
		is("ops", ops,
			"Receipt for acme, week 2026-W50: nothing was due\nOf earlier weeks, due since the last receipt: 1 due, 1 delivered.")
	})
}

// When a receipt comes, and of what.
func TestReceipt(t *testing.T) {
	const c = "C0SHOP0001"
	type tick struct {
		after  time.Duration // the Monday's reports fell due
		fallen []delivery.Status
		stands []delivery.Status
		err    error
		want   string // the subject
	}
	type standings = []delivery.Status
	refused := errors.New("503 Slow Down")
	hour, week := time.Hour, 7*24*time.Hour
	for name, ticks := range map[string][]tick{
		"nothing was due when it was deployed": {{2 * hour, nil, nil, nil, ""},
			{26 * hour, standings{shop(46, c, arrives)}, nil, nil, ""},
			{week + 2*hour, nil, nil, nil, "Receipt for acme, week 2026-W47: nothing was due"}},
		"only another week's was due": {{2 * hour,
			standings{shop(45, c, due(monday.Add(-24*hour)), arrives)}, nil, nil,
			"Receipt for acme, week 2026-W46: nothing was due"}},
		"one of each": {{2 * hour,
			standings{shop(46, c, arrives), shop(45, c, due(monday.Add(-24*hour)), arrives)}, nil,
			nil, "Receipt for acme, week 2026-W46: 1 due, 1 delivered"}},
		"what fell due cannot be read": {{2 * hour, nil, nil, refused, ""},
			{3 * hour, standings{shop(46, c, arrives)}, nil, nil,
				"Receipt for acme, week 2026-W46: 1 due, 1 delivered"}},
		"once": {{2 * hour, standings{shop(46, c, arrives)}, nil, nil,
			"Receipt for acme, week 2026-W46: 1 due, 1 delivered"},
			{3 * hour, standings{shop(46, c, arrives)}, nil, nil, ""}},
		"waits for six hours": {{8*hour - 1, standings{shop(46, c, waits(sageDown))}, nil, nil, ""},
			{8 * hour, standings{shop(46, c, waits(sageDown))}, nil, nil,
				"Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 waiting"}},
		"in doubt after an outage": {{9 * hour, standings{shop(46, c)}, standings{shop(46, c)}, nil,
			""}, {9*hour + 15*time.Minute - 1, standings{shop(46, c)}, standings{shop(46, c)}, nil,
			""},
			{9*hour + 15*time.Minute, standings{shop(46, c)}, standings{shop(46, c)}, nil,
				"Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 waiting"}},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				for i, x := range ticks {
					time.Sleep(time.Until(monday.Add(x.after)))
					s.phone.told = nil
					found := s.found("acme", x.stands...)
					found.DueStatuses = func() ([]delivery.Status, error) { return x.fallen, x.err }
					if err := s.Record(s.Context(), found, time.Now()); !errors.Is(err, x.err) {
						s.Errorf("tick %d: %v", i, err)
					}
					if err := s.Notify(s.Context(), found); err != nil {
						s.Errorf("tick %d: %v", i, err)
					}
					got := ""
					for _, told := range s.phone.told {
						if subject := strings.Split(told, "\n")[1]; strings.HasPrefix(subject,
							"Receipt") {
							got += subject
						}
					}
					if got != x.want {
						s.Errorf("tick %d: told %q, want %q", i, got, x.want)
					}
				}
			})
		})
	}
}

// There is no receipt while the tick does not know everything of the tenant.
func TestReceipt_Unknown(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		time.Sleep(3 * time.Hour)
		for _, unknown := range []bool{true, false} {
			x := s.found("acme")
			x.Unknown = unknown
			x.DueStatuses = func() ([]delivery.Status,
				error) {
				return []delivery.Status{shop(46, "C0SHOP0001", arrives)}, nil
			}
			if err := errors.Join(s.Record(s.Context(), x, time.Now()),
				s.Notify(s.Context(), x)); err != nil {
				s.Error(err)
			}
			if got := len(s.when("Receipt for acme")); (got == 0) != unknown {
				s.Errorf("unknown: %v; told %q", unknown, s.phone.told)
			}
		}
	})
}

// The operator's receipt: of a deployment to which nothing was due there is none, then one a week,
// also where every tenant is silent.
func TestReceipt_Deployment(t *testing.T) {
	const c = "C0SHOP0001"
	week := 7 * 24 * time.Hour
	for name, x := range map[string]struct {
		fallen  []delivery.Status // at the first Monday
		silent  bool              // at the second
		first   string
		second  string
		waiting time.Duration // after the second Monday
	}{
		"something was due": {[]delivery.Status{shop(46, c, arrives)}, false,
			"Receipt for week 2026-W46: 1 due, 1 delivered\n- acme: 1 due, 1 delivered",
			"Receipt for week 2026-W47: nothing was due\n- acme: nothing was due", 3 * time.Hour},
		"only an earlier week's was": {[]delivery.Status{shop(45, c, due(monday.Add(-24*time.Hour)),
			arrives)}, false,
			"Receipt for week 2026-W46: nothing was due\n- acme: nothing was due; of earlier weeks, due since the last receipt: 1 due, 1 delivered", "Receipt for week 2026-W47: nothing was due\n- acme: nothing was due", 3 * time.Hour},
		"one of each": {[]delivery.Status{shop(46, c, arrives),
			shop(45, c, due(monday.Add(-24*time.Hour)), arrives)}, false,
			"Receipt for week 2026-W46: 1 due, 1 delivered\n- acme: 1 due, 1 delivered; of earlier weeks, due since the last receipt: 1 due, 1 delivered", "Receipt for week 2026-W47: nothing was due\n- acme: nothing was due", 3 * time.Hour},
		"nothing was due": {nil, false, "",
			"Receipt for week 2026-W47: nothing was due\n- acme: nothing was due", 3 * time.Hour},
		"silent": {nil, true, "",
			"Receipt for week 2026-W47: nothing was due\nNo receipt from acme: see the tick's log.",
			41 * time.Hour},
		"silent, so far": {nil, true, "", "", 40*time.Hour - 1},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				s.Topic = topic
				for i, want := range []string{x.first, x.second} {
					time.Sleep(time.Until(monday.Add(time.Duration(i)*week + 3*time.Hour)))
					found := s.found("acme")
					if i == 0 {
						found.DueStatuses = func() ([]delivery.Status, error) {
							return x.fallen,
								nil
						}
					} else {
						time.Sleep(x.waiting - 3*time.Hour)
					}
					if i == 1 && x.silent {
						found = &alerting.Tenant{Name: "acme", Unknown: true}
					}
					_, told := s.operator(found)
					if _, text, _ := strings.Cut(told, "\n"); text != want {
						s.Errorf("Monday %d: told %q, want %q", i+1, text, want)
					}
				}
			})
		})
	}
}

// Lists are short: of bots, of places and of commands.
func TestLists(t *testing.T) {
	at := func(n, from int) (all []delivery.Status) {
		for i := range n {
			all = append(all, shop(46, fmt.Sprintf("C0SHOP%04d", from+i),
				ends(delivery.FailedForGood, archived)))
		}
		return all
	}
	bot := func(id string) how { return func(s *delivery.Status) { s.Job.Bot = id } }
	var elevenBots, twelveBots []delivery.Status
	for i := range 12 {
		s := shop(46, "C0SHOP0001", bot(fmt.Sprintf("b%02d", i)),
			ends(delivery.FailedForGood, archived))
		if twelveBots = append(twelveBots, s); i < 11 {
			elevenBots = append(elevenBots, s)
		}
	}
	for name, x := range map[string]struct {
		standings  []delivery.Status
		has, hasNo string
		resends    int
	}{
		"four places": {at(4, 0),
			"to slack:C0SHOP0000, slack:C0SHOP0001, slack:C0SHOP0002, slack:C0SHOP0003\n", "more",
			4},
		"five places": {at(5, 0),
			"to slack:C0SHOP0000, slack:C0SHOP0001, slack:C0SHOP0002, and 2 more\n", "C0SHOP0003,",
			5},
		"eleven bots": {elevenBots, "- Nettbutikk (b10), 2026-W46", " more", 11},
		"twelve bots": {twelveBots,
			"- Nettbutikk (b09), 2026-W46, to slack:C0SHOP0001\n- and 2 more\n",
			"- Nettbutikk (b10)", 10},
		"twelve places": {at(12, 0), "and 2 more, which this command lists",
			"--to slack:C0SHOP0010", 10},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				told := s.finds(x.standings...)
				if !strings.Contains(told, x.has) || strings.Contains(told, x.hasNo) ||
					strings.Count(told, " resend ") != x.resends {
					s.Errorf("told\n%s", told)
				}
			})
		})
	}
}

// Of a tenant whose configuration cannot be read, or that names no ops, no one can be told. The log
// says so of the latter.
func TestTold_ToNobody(t *testing.T) {
	for name, x := range map[string]struct {
		config string
		log    string
	}{
		"ops": {acme, ""},
		"no ops": {strings.Replace(acme, "ops: {channels: C0ACMEOPS1}", "", 1),
			`level=ERROR msg="notice dropped: the tenant has no ops" subject="The app is not in #help (C0HELP0001): 1 report delayed"`},
		"unknown": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			configs := map[string]string{"acme": x.config}
			if x.config == "" {
				configs = nil
			}
			tell(t, configs, func(s *story) {
				var log bytes.Buffer
				s.Log = slog.New(slog.NewTextHandler(&log, nil))
				if err := s.Notify(s.Context(),
					s.noted(shop(46, "C0SHOP0001", waits(invite)))); err != nil {
					s.Error(err)
				}
				if _, line, _ := strings.Cut(strings.TrimSpace(log.String()), " "); line != x.log {
					s.Errorf("the log is %q, want %q", line, x.log)
				}
			})
		})
	}
}

// The alert about a tick that failed says what to do, and where to look if that is not known.
func TestAddTickError_Remedy(t *testing.T) {
	const late = "; until then reports may be late and alerts missing"
	for _, test := range []struct {
		err            error
		reason, remedy string
	}{
		{errors.New("503 Slow Down"), "503 Slow Down", "read the tick's log"},
		{&delivery.Failure{Err: errors.New("no JSON"), Remedy: "put the last version back"},
			"no JSON", "put the last version back"},
		{fmt.Errorf("plan: %w", &delivery.Failure{Err: errors.New("busy")}),
			"plan: busy", "read the tick's log"},
	} {
		x := alerting.Tenant{Name: "acme"}
		x.AddTickError(test.err)
		if got, want := x.More[0].Reason,
			"the tick could not process all of acme ("+test.reason+")"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := x.More[0].Remedy; got != test.remedy+late {
			t.Errorf("got %q, want %q", got, test.remedy+late)
		}
	}
}

// All that a tick cannot do for a tenant is one cause. Ops are told of it at the second tick.
func TestTrouble(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		for i, want := range []string{"The configuration of acme exceeds a limit, and the excess is not sent", "The tick could not process all of acme (503 Slow Down)"} {
			x := s.found("acme")
			x.More = []alerting.Cause{alerting.OverLimit("acme",
				"4:3: only the first 50 are sent to", s.Commands)}
			x.AddTickError(errors.New("503 Slow Down"))
			x.AddTickError(errors.New("the queue is full"))
			s.phone.told = nil
			if err := errors.Join(s.Record(s.Context(), x, time.Now()),
				s.Notify(s.Context(), x)); err != nil {
				s.Error(err)
			}
			if len(s.phone.told) != 1 || strings.Split(s.phone.told[0], "\n")[1] != want {
				s.Errorf("tick %d: told %q, want %q", i, s.phone.told, want)
			}
			if i == 0 && !strings.Contains(s.phone.told[0],
				"The rest is sent, but the next push is refused until this is fixed.\n4:3: only the first 50 are sent to\n") {
				s.Errorf("told %q", s.phone.told)
			}
			time.Sleep(15 * time.Minute)
		}
	})
}

// Rules that are new and a limit are two causes.
func TestOverLimit_BesideNewRules(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.more = []alerting.Cause{alerting.OutdatedConfig("acme", "4:3: a", s.Commands),
			alerting.OverLimit("acme", "4:3: a", s.Commands)}
		told := s.finds()
		for _, want := range []string{"The configuration of acme breaks new rules\n",
			"The configuration of acme exceeds a limit, and the excess is not sent\n"} {
			if strings.Count(told, want) != 1 {
				s.Errorf("told %s", told)
			}
		}
	})
}

// The operator's receipt adds up what became of all tenants' reports. A tenant that never had any
// is not in it.
func TestReceipt_DeploymentAddsUp(t *testing.T) {
	const c = "C0SHOP0001"
	tell(t, map[string]string{"acme": acme, "beta": acme}, func(s *story) {
		s.Topic = topic
		time.Sleep(9 * time.Hour)
		found := []*alerting.Tenant{s.found("acme"), s.found("beta"), {Name: "new"}}
		for _, x := range found[:2] {
			x.DueStatuses = func() ([]delivery.Status, error) {
				return []delivery.Status{shop(46, c, gaps(delivery.Accepted, "Sage is silent")),
					shop(46, c, ends(delivery.Missed, sageDown)),
					shop(46, c, waits(sageDown)), shop(46, c, isSkipped)}, nil
			}
		}
		const one = "4 due, 1 delivered (1 incomplete), 1 failed, 1 waiting, 1 not wanted this week"
		_, told := s.operator(found...)
		if _, text, _ := strings.Cut(told,
			"\n"); text != "Receipt for week 2026-W46: 8 due, 2 delivered (2 incomplete), 2 failed, 2 waiting, 2 not wanted this week\n- acme: "+one+"\n- beta: "+one {
			s.Errorf("told %s", told)
		}
	})
}

// A deployment without tenants has no receipts.
func TestReceipt_NoTenants(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.Topic = topic
		for range 2 {
			time.Sleep(7 * 24 * time.Hour)
			if _, told := s.operator(); told != "" {
				s.Errorf("told %s", told)
			}
		}
	})
}

// One of two ops does not get a notice for a day: it alone counts as not told, and until then the
// notice waits for it.
func TestTold_OneOfTwo(t *testing.T) {
	for name, x := range map[string]struct {
		after time.Duration
		told  int // to the one
		fails bool
	}{"after an hour": {time.Hour, 1, false}, "after a day": {24 * time.Hour, 0, true}} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": twoOps}, func(s *story) {
				var log bytes.Buffer
				s.Log = slog.New(slog.NewTextHandler(&log, nil))
				s.phone.fails["C0ACMEOPS1"] = errors.New("Slack is down")
				s.finds(shop(46, "C0SHOP0001", waits(invite)))
				time.Sleep(x.after)
				if !x.fails {
					delete(s.phone.fails, "C0ACMEOPS1")
				}
				s.finds(shop(46, "C0SHOP0001", waits(invite)))
				told := 0
				for _, one := range s.phone.told {
					if strings.Contains(one, " to C0ACMEOPS1\nThe app is not in #help") {
						told++
					}
				}
				if told != x.told {
					s.Errorf("told %q", s.phone.told)
				}
				if strings.Contains(log.String(),
					`msg="ops not notified" ops=slack-C0ACMEOPS1`) != x.fails ||
					strings.Contains(log.String(), `level=ERROR msg="ops not notified" ops=mail`) {
					s.Errorf("the log is\n%s", &log)
				}
			})
		})
	}
}

// Two ticks begin without a state. The second does not overwrite what the first saved.
func TestStore_StateThatAnotherTickMakes(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.finds(shop(46, "C0SHOP0001", waits(invite)))
		time.Sleep(15 * time.Minute)
		asked := false
		s.Ledger.Store = storetest.Wrapped{Store: s.Ledger.Store, Around: func(
			_ context.Context, call, _ string, do func() error) error {
			if call == "get" && !asked { // older than what another has put
				asked = true
				return delivery.ErrNotFound
			}
			return do()
		}}
		if told := s.finds(shop(46, "C0SHOP0001", waits(invite))); told != "" {
			s.Errorf("told again: %s", told)
		}
	})
}

// What a notice says of reports that wait, and of those that may be there.
func TestNotice(t *testing.T) {
	const again = "retried"
	doubt := func(s *delivery.Status) { s.Record.MaybeSent = true }
	toMail := func(s *delivery.Status) {
		s.Destination = config.Destination{Medium: config.Mail, To: "kari@example.com"}
	}
	bot := func(id string) how { return func(s *delivery.Status) { s.Job.Bot = id } }
	const first = "unless Slack already has it"
	for name, x := range map[string]struct {
		after      time.Duration
		standings  []delivery.Status
		has, hasNo string
	}{
		"until the last is given up": {7 * 24 * time.Hour,
			[]delivery.Status{shop(47, "C0SHOP0001", waits(invite)),
				shop(46, "C0SHOP0001", waits(invite))},
			"Delayed, and retried until Thursday 26 November, 08:00 (Europe/Oslo):", "Thursday 19"},
		"the time has ended": {72 * time.Hour,
			[]delivery.Status{shop(46, "C0SHOP0001", waits(invite))}, "\nDelayed:\n", again},
		"reports are counted": {0, []delivery.Status{shop(46, "C0SHOP0001", bot("a"),
			waits(invite)), shop(46, "C0SHOP0001", bot("b"), waits(invite)),
			shop(46, "C0SHOP0002", bot("a"), waits(invite))}, ": 3 reports delayed\n", "2 reports"},
		"in doubt, in a channel": {0, []delivery.Status{shop(46, "C0SHOP0001",
			ends(delivery.FailedForGood, lost), doubt)}, first, "retried until"},
		"in doubt, by mail": {0, []delivery.Status{shop(46, "C0SHOP0001", toMail,
			ends(delivery.FailedForGood, lost), doubt)}, "(it may have arrived)", first},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				time.Sleep(time.Until(monday.Add(x.after)))
				if told := s.finds(x.standings...); !strings.Contains(told, x.has) ||
					strings.Contains(told, x.hasNo) {
					s.Errorf("told %s", told)
				}
			})
		})
	}
}

// How long it was so is said in minutes, hours or days.
func TestResolved_HowLong(t *testing.T) {
	for d, want := range map[time.Duration]string{15 * time.Minute: "15 minutes",
		2*time.Hour - time.Minute: "119 minutes", 2 * time.Hour: "2 hours",
		48*time.Hour - time.Minute: "48 hours", 48 * time.Hour: "2 days"} {
		tell(t, map[string]string{"acme": acme}, func(s *story) {
			s.finds(shop(46, "C0SHOP0001", waits(invite)))
			time.Sleep(d)
			s.finds(shop(46, "C0SHOP0001", arrives))
			if told := strings.Join(s.phone.told, "\n"); !strings.Contains(told,
				"It lasted "+want+", since Monday 16 November, 08:00 (Europe/Oslo).") {
				s.Errorf("%s: told %s", d, told)
			}
		})
	}
}
