package worker_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

var archived = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("#sales is archived"), Permanent: true}}

// resend sends the week again and returns the result of each destination: its extra and its state.
func (h *harness) resend(to ...config.Destination) string {
	h.t.Helper()
	announced, err := h.PlanResend(h.t.Context(), job, to)
	if err != nil {
		h.t.Fatal(err)
	}
	all, err := h.Resend(h.t.Context(), job, to)
	if err != nil {
		h.t.Fatal(err)
	}
	var said []string
	for i, r := range all {
		found := r.NotSent() && !announced[i].NotSent()
		if r.Destination.ID() != to[i].ID() || !found &&
			(r.Key() != announced[i].Key() || r.NotSent() &&
				!reflect.DeepEqual(r.Record, announced[i].Record)) {
			h.t.Errorf("what was announced of %s as %s became %s", to[i].ID(), announced[i].Key(),
				r.Key())
		}
		switch {
		case r.Err != nil:
			said = append(said, "left, since "+r.Err.Error())
			continue
		case r.NotSent() && r.Record.State.Final():
			said = append(said, "there: "+string(r.Record.State))
			continue
		case r.NotSent():
			said = append(said,
				"left until "+r.Until.Format("Mon 15:04")+" "+string(r.Record.State))
			continue
		}
		said = append(said, r.Extra+" "+string(r.Record.State))
	}
	return strings.Join(said, ", ")
}

func (h *harness) is(got, want string) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Each resend is a delivery of its own, with a key and a record. The record of the planned
// delivery stays.
func TestResend(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Render = nil // every edition
		h.slack.refuse = archived
		h.weekly()
		h.slack.refuse = nil
		h.is(h.resend(channel, kari), "resend-1 accepted, resend-1 accepted")
		h.is(h.resend(channel), "resend-2 accepted")
		h.states(delivery.FailedForGood, delivery.Accepted)
		var keys []string
		for _, m := range append(h.slack.sent, h.mail.sent...) {
			keys = append(keys, m.Key)
			if m.Build != h.mail.sent[0].Build || len(m.File("report.pdf")) == 0 ||
				m.Report.Locale != "en" {
				t.Errorf("%s is build %s in %q", m.Key, m.Build, m.Report.Locale)
			}
		}
		mail := "acme/4217/2026-W46/" + kari.ID()
		h.is(strings.Join(keys, " "),
			"acme/4217/2026-W46/slack-C024BE91L/resend-1 acme/4217/2026-W46/slack-C024BE91L/resend-2 "+mail+" "+mail+"/resend-1")
		h.out.has(t, `"message":"delivered"`, `"destination":"slack-C024BE91L"`, `"tenant":"acme"`,
			`"bot":"4217"`, `"period":"2026-W46"`, "slack-1")
		standings, err := h.Ledger.Statuses(t.Context(), "acme",
			[]delivery.Delivery{{Job: job, Destination: channel}})
		if err != nil || !standings[0].Resent {
			t.Errorf("the tick does not see that it was made good: %+v, %v", standings, err)
		}
	})
}

// A delivery that is still tried automatically is not sent again.
func TestResend_Unfinished(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		// no worker has got to it
		h.is(h.resend(channel, kari), "left until Thu 07:00 , left until Thu 07:00 ")
		if len(h.sage.Requests()) != 0 {
			t.Error("Sage was asked, though nothing was to be sent")
		}
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales"), Remedy: "invite the app to #sales"}}
		h.weekly()
		h.is(h.resend(channel, kari), "left until Thu 07:00 failed, resend-1 accepted")
		h.slack.refuse = nil
		time.Sleep(2 * time.Hour) // its next try has come
		h.is(h.resend(channel, kari), "left until Thu 07:00 failed, resend-2 accepted")
		if len(h.slack.sent) != 0 {
			t.Errorf("sent to %q", h.slack.to())
		}
		h.states(delivery.Retrying, delivery.Accepted)

		// When the catch-up window has ended, only the operator sends it.
		time.Sleep(h.CatchUp)
		h.is(h.resend(channel), "resend-1 accepted")
	})
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.crash = "C024BE91L"
		h.handle(fixture(t, "weekly.json"))
		h.slack.crash = ""
		h.CatchUp = time.Minute // long ago
		h.is(h.resend(channel), "left until Mon 07:01 claimed")
		time.Sleep(15 * time.Minute)
		h.is(h.resend(channel), "resend-1 accepted")
	})
	// of the claim of a delivery that failed nothing is left
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales")}}
		h.weekly()
		h.slack.refuse = nil
		h.CatchUp = time.Minute // long ago
		h.is(h.resend(channel), "resend-1 accepted")
	})
}

// A resend before the send time does not replace the planned delivery.
func TestResend_BeforeItIsDue(t *testing.T) {
	in(t, map[string]string{"acme": acme + "    send: {time: \"12:00\"}\n"},
		func(t *testing.T, h *harness) {
			h.is(h.resend(channel), "resend-1 accepted")
			h.states("", "")
		})
}

// A planned delivery is recorded as missed if it was tried before or its window has ended.
func TestResend_NotSentAutomatically(t *testing.T) {
	refused := map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales")}}
	for _, tc := range []struct {
		name   string
		before func(h *harness)
		state  delivery.State
	}{
		{"never tried, since it is new", func(h *harness) {
			must(0, h.Ledger.SaveFirstSeen(h.t.Context(), "acme", delivery.FirstSeen{},
				must(h.store.Get(h.t.Context(), delivery.KeysOf("acme").FirstSeen())).ETag))
		}, ""},
		{"never tried, since its window has ended", func(h *harness) { time.Sleep(h.CatchUp) },
			delivery.Missed},
		{"tried, and then paused", func(h *harness) {
			h.slack.refuse = refused
			h.weekly()
			h.slack.refuse = nil
			h.configure("acme", acme+"    paused: true\n")
		}, delivery.Missed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				tc.before(h)
				h.is(h.resend(channel), "resend-1 accepted")
				if r := h.record(channel); r.State != tc.state {
					t.Errorf("what was planned is %q", r.State)
				}
			})
		})
	}
}

// A resend with too little time leaves no record, and the next one continues.
func TestResend_TooLittleTime(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		again, err := h.Resend(ctx, job, []config.Destination{channel})
		if err != nil || again[0].Record.State != "" || len(h.slack.sent) != 1 {
			t.Errorf("%+v, %v, sent %d", again, err, len(h.slack.sent))
		}
		h.is(h.resend(channel), "resend-1 accepted")
	})
}

// A resend whose process died is continued. Its message is looked for before it is sent.
func TestResend_ProcessDied(t *testing.T) {
	for _, there := range []bool{false, true} {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.weekly()
			h.slack.sent = nil
			h.slack.crash = "C024BE91L"
			if _, err := h.Resend(t.Context(), job, []config.Destination{channel}); err == nil {
				t.Error("the crash is not told")
			}
			h.slack.crash = ""
			h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L/resend-1": there}
			h.is(h.resend(channel), "resend-1 claimed") // its process may still run
			time.Sleep(15 * time.Minute)
			h.is(h.resend(channel), "resend-1 accepted")
			if h.slack.looked != 1 || len(h.slack.sent) == 1 == there {
				t.Errorf("looked for %d times, and sent %d times, though it is there: %t",
					h.slack.looked, len(h.slack.sent), there)
			}
		})
	}
}

// A message that may exist is looked for first. If it is found, only its replies are sent. If the
// search fails, nothing is sent.
func TestResend_InDoubt(t *testing.T) {
	for _, tc := range []struct {
		name  string
		found bool
		err   error
		want  string
		sent  int
	}{
		{"it is there", true, nil, "there: accepted", 0},
		{"it is not", false, nil, "resend-1 accepted", 1},
		{"the search fails", true, errors.New("Slack is down"), "left, since Slack is down", 0},
		{"it cannot be looked for", false, delivery.ErrCannotSearch, "resend-1 accepted", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
				h.weekly()
				h.slack.refuse, h.slack.lookErr = nil, tc.err
				h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L": tc.found}
				time.Sleep(h.CatchUp)
				h.is(h.resend(channel), tc.want)
				if len(h.slack.sent) != tc.sent {
					t.Errorf("sent %d times", len(h.slack.sent))
				}
				h.slack.lookErr = nil
				if tc.err != nil && tc.sent == 0 {
					h.is(h.resend(channel), "there: accepted")
				}
			})
		})
	}
	t.Run("there is no way to look or to send", func(t *testing.T) {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
			h.weekly()
			time.Sleep(h.CatchUp)
			delete(h.Senders, config.Slack)
			again := must(h.Resend(t.Context(), job, []config.Destination{channel}))
			if r := again[0].Record; again[0].Extra != "resend-1" ||
				r.Reason != "there is no way to send to slack" {
				t.Errorf("%s: %+v", again[0].Extra, r)
			}
		})
	})
	t.Run("it is there, and no longer wanted", func(t *testing.T) {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
			h.weekly()
			h.slack.refuse, h.slack.found = nil,
				map[string]bool{"acme/4217/2026-W46/slack-C024BE91L": true}
			time.Sleep(h.CatchUp)
			to := channel
			to.When = config.OnAlert
			h.is(h.resend(to), "there: accepted")
		})
	})
}

// A message that is found and cannot be finished is tried automatically until its window ends.
func TestResend_FoundWithinWindow(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Senders[config.Slack] = follows{h.slack}
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true, Permanent: true}}
		h.weekly()
		h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L": true}
		h.is(h.resend(channel), "left until Thu 07:00 sent")
	})
}

// The message of an earlier resend is looked for too.
func TestResend_EarlierResendInDoubt(t *testing.T) {
	for _, tc := range []struct {
		name  string
		found bool
		err   error
		want  string
		sent  int
	}{
		{"it is there", true, nil, "there: accepted", 0},
		{"it is not", false, nil, "resend-2 accepted", 1},
		{"the search fails", true, errors.New("Slack is down"), "left, since Slack is down", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.weekly()
				h.slack.sent = nil
				h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
				h.is(h.resend(channel), "resend-1 failed")
				h.slack.refuse, h.slack.lookErr = nil,
					&delivery.Failure{Err: errors.New("the account is inactive"), Permanent: true}
				time.Sleep(15 * time.Minute)
				h.is(h.resend(channel), "resend-1 failed for good")
				h.slack.lookErr = tc.err
				h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L/resend-1": tc.found}
				h.is(h.resend(channel), tc.want)
				if len(h.slack.sent) != tc.sent {
					t.Errorf("sent %d times", len(h.slack.sent))
				}
				h.slack.lookErr = nil
				if tc.err != nil {
					h.is(h.resend(channel), "there: accepted")
				}
			})
		})
	}
}

// The operator's catch-up window may differ from the deployment's. No worker sends after a resend.
func TestResend_AnotherCatchUpWindow(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.CatchUp = 240 * time.Hour
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales"), Remedy: "invite the app to #sales"}}
		for range 80 {
			h.weekly()
			time.Sleep(time.Hour)
		}
		h.slack.refuse = nil
		operator := *h.Worker
		operator.CatchUp = 72 * time.Hour
		if _, err := operator.Resend(t.Context(), job, []config.Destination{channel}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		h.weekly()
		if len(h.slack.sent) != 1 || h.record(channel).State != delivery.Missed {
			t.Errorf("sent %d times: %+v", len(h.slack.sent), h.record(channel))
		}
	})
}

// The operator has fixed the cause, so a resend does not wait for the next try.
func TestResend_FailedBefore(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales"), Remedy: "invite the app to #sales"}}
		h.is(h.resend(channel), "resend-1 failed")
		h.slack.refuse = nil
		h.is(h.resend(channel), "resend-1 accepted")
	})
}

// A resend has the numbers of the others, whatever has changed since.
func TestResend_CurrentBuild(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		asked := len(h.sage.Requests())
		h.sage.Bots()[0].Add(sagefake.Event{At: monday.AddDate(0, 0, -2), Kind: sagefake.Chat})
		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		h.secrets.known = nil // no key is needed
		h.is(h.resend(channel), "resend-1 accepted")
		if more := len(h.sage.Requests()) - asked; more != 0 ||
			h.slack.sent[1].Build != h.slack.sent[0].Build {
			t.Errorf("Sage was asked %d more questions, and %s sent after %s", more,
				h.slack.sent[1].Build, h.slack.sent[0].Build)
		}
	})
}

// Missing sections are asked for. If they do not arrive, the report is sent without them, and
// without a new revision.
func TestResend_IncompleteBuild(t *testing.T) {
	for _, tc := range []struct {
		name     string
		then     func(h *harness, stop func())
		revision int
		lacks    bool
	}{
		{"Sage gives it", func(_ *harness, stop func()) { stop() }, 2, false},
		{"Sage does not", func(*harness, func()) {}, 1, true},
		{"Sage gives nothing", func(h *harness,
			_ func()) {
			h.sage.Fault(sagefake.Fault{Status: http.StatusInternalServerError})
		}, 1,
			true},
		{"the key is gone", func(h *harness, stop func()) { stop(); h.secrets.known = nil }, 1,
			true},
		{"the configuration has changed", func(h *harness, stop func()) {
			stop()
			h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		}, 1, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				stop := h.sage.Fault(sagefake.Fault{Path: "chatlabels/added",
					Status: http.StatusForbidden})
				h.weekly()
				tc.then(h, stop)
				h.is(h.resend(channel), "resend-1 accepted")
				m := must(h.Archive.Manifest(t.Context(), job))
				again := h.slack.sent[1]
				if _, lacks := again.Report.Reason(figures.SectionLabels); m.Revision != tc.revision || again.Build != m.Build || lacks != tc.lacks {
					t.Errorf("revision %d; what was sent is build %s, not %s, or lacks labels: %t",
						m.Revision, again.Build, m.Build, lacks)
				}
			})
		})
	}
}

func TestResend_NoBuild(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		time.Sleep(h.CatchUp)
		stop := h.sage.Fault(sagefake.Fault{Status: http.StatusServiceUnavailable})
		all, err := h.Resend(t.Context(), job, []config.Destination{channel})
		if err == nil || !strings.Contains(err.Error(), "503 Service Unavailable") ||
			len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
		if r := h.record(channel); r.State != "" {
			t.Errorf("something was recorded: %+v", r)
		}
		stop()
		h.is(h.resend(channel), "resend-1 accepted")
		if m := must(h.Archive.Manifest(t.Context(), job)); m.Build != h.slack.sent[0].Build {
			t.Errorf("%s was sent, and %s counts", h.slack.sent[0].Build, m.Build)
		}
	})
}

// A failure of one destination does not affect the others, and none gets a report that it does not
// want.
func TestResend_SeveralDestinations(t *testing.T) {
	alert := strings.Replace(acme, "recipients: kari@example.com",
		"recipients: {address: kari@example.com, send: on_alert}", 1)
	in(t, map[string]string{"acme": alert}, func(t *testing.T, h *harness) {
		h.weekly()
		h.slack.refuse = archived
		on := kari
		on.When = config.OnAlert
		h.is(h.resend(channel, on), "resend-1 failed for good, resend-1 skipped")
		h.slack.refuse = nil
		h.Divert = &config.Destination{Medium: config.Slack, To: "C0DEV"}
		h.is(h.resend(channel), "resend-2 accepted")
		if m := h.slack.sent[1]; m.Destination.To != "C0DEV" ||
			!strings.HasPrefix(m.Report.Bot.Name, "[for C024BE91L]") {
			t.Errorf("diverted to %s, of %q", m.Destination.To, m.Report.Bot.Name)
		}
	})
}

// If several messages may exist, the first that is found is finished.
func TestResend_SeveralInDoubt(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		doubtful := map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
		h.slack.refuse = doubtful
		h.weekly()
		time.Sleep(h.CatchUp)
		h.is(h.resend(channel), "resend-1 failed")
		h.slack.refuse, h.slack.lookErr = nil,
			&delivery.Failure{Err: errors.New("the account is inactive"), Permanent: true}
		time.Sleep(15 * time.Minute)
		h.is(h.resend(channel), "left, since the account is inactive")
		h.slack.lookErr = delivery.ErrCannotSearch
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true, Permanent: true}}
		h.is(h.resend(channel), "resend-1 failed for good")
		h.slack.refuse, h.slack.lookErr = nil, nil
		h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L": true,
			"acme/4217/2026-W46/slack-C024BE91L/resend-1": true}
		h.is(h.resend(channel), "there: accepted")
		if len(h.slack.sent) != 0 || h.record(channel).State != delivery.Accepted {
			t.Errorf("sent %d times; what was planned is %q", len(h.slack.sent),
				h.record(channel).State)
		}
	})
}

// A complete build is not built again.
func TestResend_CompleteBuild(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		asked := len(h.sage.Requests())
		h.is(h.resend(channel), "resend-1 accepted")
		if more := len(h.sage.Requests()) - asked; more != 0 {
			t.Errorf("Sage was asked %d more questions", more)
		}
	})
}

func TestResend_Errors(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		for name, worker := range map[string]*worker.Worker{"the tenant is gone": {Tenants: gone{}},
			"S3 is down": {Tenants: gone{errors.New("S3 is down")}}} {
			worker.Ledger = h.Ledger
			if all, err := worker.Resend(t.Context(), job,
				[]config.Destination{channel}); err == nil ||
				!strings.Contains(err.Error(), name) || all != nil {
				t.Errorf("%s: %v, %v", name, all, err)
			}
		}
		h.Ledger.Store = broken{}
		for name, f := range map[string]func(context.Context, config.Job,
			[]config.Destination) ([]worker.ResendResult, error){"Resend": h.Resend,
			"PlanResend": h.PlanResend} {
			if all, err := f(t.Context(), job, []config.Destination{channel}); !errors.Is(err,
				errDown) || all != nil {
				t.Errorf("%s: %v, %v", name, all, err)
			}
		}
	})
	// a manifest that is not read is not one that is missing
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		asked := len(h.sage.Requests())
		h.Archive.Store = storetest.Unreadable(h.store,
			delivery.KeysOf("acme").Manifest("4217", week), errOnce)
		if all, err := h.Resend(t.Context(), job, []config.Destination{channel}); err == nil ||
			all != nil {
			t.Errorf("%v, %v", all, err)
		}
		if more := len(h.sage.Requests()) - asked; more != 0 {
			t.Errorf("Sage was asked %d more questions", more)
		}
	})
}
