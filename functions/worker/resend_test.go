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
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

var archived = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("#sales is archived"), Permanent: true}}

// resend has the operator send the week again, and returns what became of each destination: its extra and its state.
func (h *house) resend(to ...config.Destination) string {
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
		if r.Destination.ID() != to[i].ID() || !found && (r.Key() != announced[i].Key() || r.NotSent() && !reflect.DeepEqual(r.Record, announced[i].Record)) {
			h.t.Errorf("what was announced of %s as %s became %s", to[i].ID(), announced[i].Key(), r.Key())
		}
		switch {
		case r.Err != nil:
			said = append(said, "left, since "+r.Err.Error())
			continue
		case r.NotSent() && r.Record.State.Final():
			said = append(said, "there: "+string(r.Record.State))
			continue
		case r.NotSent():
			said = append(said, "left until "+r.Until.Format("Mon 15:04")+" "+string(r.Record.State))
			continue
		}
		said = append(said, r.Extra+" "+string(r.Record.State))
	}
	return strings.Join(said, ", ")
}

func (h *house) is(got, want string) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Each time is a delivery of its own, with a key and a record; the ledger goes on saying what became of what was planned.
func TestResend(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
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
			if m.Build != h.mail.sent[0].Build || len(m.File("report.pdf")) == 0 {
				t.Errorf("%s is build %s", m.Key, m.Build)
			}
		}
		mail := "acme/4217/2026-W46/" + kari.ID()
		h.is(strings.Join(keys, " "), "acme/4217/2026-W46/slack-C024BE91L/resend-1 acme/4217/2026-W46/slack-C024BE91L/resend-2 "+mail+" "+mail+"/resend-1")
		h.out.has(t, `"message":"delivered"`, `"destination":"slack-C024BE91L"`, `"tenant":"acme"`, `"bot":"4217"`, `"period":"2026-W46"`, "slack-1")
		standings, err := h.Ledger.Statuses(t.Context(), "acme", []delivery.Delivery{{Job: job, Destination: channel}})
		if err != nil || !standings[0].Resent {
			t.Errorf("the tick does not see that it was made good: %+v, %v", standings, err)
		}
	})
}

// What is still tried by itself is not sent again beside that.
func TestResendLeavesWhatIsNotOver(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.is(h.resend(channel, kari), "left until Thu 07:00 , left until Thu 07:00 ") // no worker has got to it
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

		// When the time to catch up has ended nobody tries it but the operator.
		time.Sleep(h.CatchUp)
		h.is(h.resend(channel), "resend-1 accepted")
	})
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.slack.crash = "C024BE91L"
		h.handle(fixture(t, "weekly.json"))
		h.slack.crash = ""
		h.CatchUp = time.Minute // long ago
		h.is(h.resend(channel), "left until Mon 07:01 claimed")
		time.Sleep(15 * time.Minute)
		h.is(h.resend(channel), "resend-1 accepted")
	})
	in(t, onlyAcme, func(t *testing.T, h *house) { // of the claim of a delivery that failed nothing is left
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales")}}
		h.weekly()
		h.slack.refuse = nil
		h.CatchUp = time.Minute // long ago
		h.is(h.resend(channel), "resend-1 accepted")
	})
}

// A week is sent before it is due if the operator says so. What was planned is sent all the same.
func TestResend_BeforeItIsDue(t *testing.T) {
	in(t, map[string]string{"acme": acme + "    send: {time: \"12:00\"}\n"}, func(t *testing.T, h *house) {
		h.is(h.resend(channel), "resend-1 accepted")
		h.states("", "")
	})
}

// What is not sent by itself is not recorded as missed by a resend, unless it was tried before.
func TestResend_WhatIsNotSentByItself(t *testing.T) {
	refused := map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales")}}
	for _, tc := range []struct {
		name   string
		before func(h *house)
		state  delivery.State
	}{
		{"never tried, since it is new", func(h *house) {
			must(0, h.Ledger.SaveFirstSeen(h.t.Context(), "acme", delivery.FirstSeen{}, must(h.store.Get(h.t.Context(), delivery.KeysOf("acme").FirstSeen())).ETag))
		}, ""},
		{"never tried, since its window has ended", func(h *house) { time.Sleep(h.CatchUp) }, delivery.Missed},
		{"tried, and then paused", func(h *house) {
			h.slack.refuse = refused
			h.weekly()
			h.slack.refuse = nil
			h.configure("acme", acme+"    paused: true\n")
		}, delivery.Missed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
				tc.before(h)
				h.is(h.resend(channel), "resend-1 accepted")
				if r := h.record(channel); r.State != tc.state {
					t.Errorf("what was planned is %q", r.State)
				}
			})
		})
	}
}

// A resend with too little time says so by its record, and goes on the next time.
func TestResend_TooLittleTime(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
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

// A resend whose process died goes on as the same, and is looked for before it is sent.
func TestResendThatDied(t *testing.T) {
	for _, there := range []bool{false, true} {
		in(t, onlyAcme, func(t *testing.T, h *house) {
			h.weekly()
			h.slack.sent = nil
			h.slack.crash = "C024BE91L"
			if _, err := h.Resend(t.Context(), job, []config.Destination{channel}); err == nil {
				t.Error("the crash is not told")
			}
			h.slack.crash = ""
			h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L/resend-1": there}
			h.is(h.resend(channel), "resend-1 claimed") // his process may still be at it
			time.Sleep(15 * time.Minute)
			h.is(h.resend(channel), "resend-1 accepted")
			if h.slack.looked != 1 || len(h.slack.sent) == 1 == there {
				t.Errorf("looked for %d times, and sent %d times, though it is there: %t", h.slack.looked, len(h.slack.sent), there)
			}
		})
	}
}

// What was given up in doubt is looked for first. Where it is there it only gets what belongs under it, and where nobody can
// look, nothing is sent.
func TestResendInDoubt(t *testing.T) {
	for _, tc := range []struct {
		name  string
		found bool
		err   error
		want  string
		sent  int
	}{
		{"it is there", true, nil, "there: accepted", 0},
		{"it is not", false, nil, "resend-1 accepted", 1},
		{"nobody can look", true, errors.New("Slack is down"), "left, since Slack is down", 0},
		{"it cannot be looked for", false, delivery.ErrCannotSearch, "resend-1 accepted", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
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
		in(t, onlyAcme, func(t *testing.T, h *house) {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
			h.weekly()
			time.Sleep(h.CatchUp)
			delete(h.Senders, config.Slack)
			again := must(h.Resend(t.Context(), job, []config.Destination{channel}))
			if r := again[0].Record; again[0].Extra != "resend-1" || r.Reason != "there is no way to send to slack" {
				t.Errorf("%s: %+v", again[0].Extra, r)
			}
		})
	})
	t.Run("it is there, and no longer wanted", func(t *testing.T) {
		in(t, onlyAcme, func(t *testing.T, h *house) {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
			h.weekly()
			h.slack.refuse, h.slack.found = nil, map[string]bool{"acme/4217/2026-W46/slack-C024BE91L": true}
			time.Sleep(h.CatchUp)
			to := channel
			to.When = config.OnAlert
			h.is(h.resend(to), "there: accepted")
		})
	})
}

// What is there and cannot be finished is tried by itself until its window ends.
func TestResend_FoundWithinItsWindow(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.Senders[config.Slack] = follows{h.slack}
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true, Permanent: true}}
		h.weekly()
		h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L": true}
		h.is(h.resend(channel), "left until Thu 07:00 sent")
	})
}

// So is what was sent again, and given up in doubt.
func TestResendOfAResendInDoubt(t *testing.T) {
	for _, tc := range []struct {
		name  string
		found bool
		err   error
		want  string
		sent  int
	}{
		{"it is there", true, nil, "there: accepted", 0},
		{"it is not", false, nil, "resend-2 accepted", 1},
		{"nobody can look", true, errors.New("Slack is down"), "left, since Slack is down", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
				h.weekly()
				h.slack.sent = nil
				h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
				h.is(h.resend(channel), "resend-1 failed")
				h.slack.refuse, h.slack.lookErr = nil, &delivery.Failure{Err: errors.New("the account is inactive"), Permanent: true}
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

// The operator's shell knows of another time to catch up than the deployment. What he sends again no worker sends after him.
func TestResendOfWhatAnotherStillTries(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
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

// Whoever sends again has done what there was to do, and does not wait.
func TestResendThatFailed(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.weekly()
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales"), Remedy: "invite the app to #sales"}}
		h.is(h.resend(channel), "resend-1 failed")
		h.slack.refuse = nil
		h.is(h.resend(channel), "resend-1 accepted")
	})
}

// What is sent again are the numbers that the others have, whatever has changed since.
func TestResendSendsTheBuildThatCounts(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.weekly()
		asked := len(h.sage.Requests())
		h.sage.Bots()[0].Add(sagefake.Event{At: monday.AddDate(0, 0, -2), Kind: sagefake.Chat})
		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		h.secrets.known = nil // nobody needs a key
		h.is(h.resend(channel), "resend-1 accepted")
		if more := len(h.sage.Requests()) - asked; more != 0 || h.slack.sent[1].Build != h.slack.sent[0].Build {
			t.Errorf("Sage was asked %d more questions, and %s sent after %s", more, h.slack.sent[1].Build, h.slack.sent[0].Build)
		}
	})
}

// What the build lacks is asked for. Where it does not come, the week is sent as it stands, without a new revision.
func TestResendCompletesTheBuild(t *testing.T) {
	for _, tc := range []struct {
		name     string
		then     func(h *house, stop func())
		revision int
		lacks    bool
	}{
		{"Sage gives it", func(_ *house, stop func()) { stop() }, 2, false},
		{"Sage does not", func(*house, func()) {}, 1, true},
		{"Sage gives nothing", func(h *house, _ func()) { h.sage.Fault(sagefake.Fault{Status: http.StatusInternalServerError}) }, 1, true},
		{"the key is gone", func(h *house, stop func()) { stop(); h.secrets.known = nil }, 1, true},
		{"the configuration has changed", func(h *house, stop func()) {
			stop()
			h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		}, 1, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
				stop := h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden})
				h.weekly()
				tc.then(h, stop)
				h.is(h.resend(channel), "resend-1 accepted")
				m := must(h.Archive.Manifest(t.Context(), job))
				again := h.slack.sent[1]
				if _, lacks := again.Report.Reason(figures.SectionLabels); m.Revision != tc.revision || again.Build != m.Build || lacks != tc.lacks {
					t.Errorf("revision %d; what was sent is build %s, not %s, or lacks labels: %t", m.Revision, again.Build, m.Build, lacks)
				}
			})
		})
	}
}

func TestResendBuildsWhatTheArchiveHasNot(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		time.Sleep(h.CatchUp)
		stop := h.sage.Fault(sagefake.Fault{Status: http.StatusServiceUnavailable})
		all, err := h.Resend(t.Context(), job, []config.Destination{channel})
		if err == nil || !strings.Contains(err.Error(), "503 Service Unavailable") || len(all) != 0 {
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

// One destination touches no other, and nobody is sent what he does not want.
func TestResendToSeveral(t *testing.T) {
	alert := strings.Replace(acme, "recipients: kari@example.com", "recipients: {address: kari@example.com, send: on_alert}", 1)
	in(t, map[string]string{"acme": alert}, func(t *testing.T, h *house) {
		h.weekly()
		h.slack.refuse = archived
		on := kari
		on.When = config.OnAlert
		h.is(h.resend(channel, on), "resend-1 failed for good, resend-1 skipped")
		h.slack.refuse = nil
		h.Divert = &config.Destination{Medium: config.Slack, To: "C0DEV"}
		h.is(h.resend(channel), "resend-2 accepted")
		if m := h.slack.sent[1]; m.Destination.To != "C0DEV" || !strings.HasPrefix(m.Report.Bot.Name, "[for C024BE91L]") {
			t.Errorf("diverted to %s, of %q", m.Destination.To, m.Report.Bot.Name)
		}
	})
}

// Of what was planned and what was sent again, both in doubt, the first that is there is finished.
func TestResend_SeveralInDoubt(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		doubtful := map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
		h.slack.refuse = doubtful
		h.weekly()
		time.Sleep(h.CatchUp)
		h.is(h.resend(channel), "resend-1 failed")
		h.slack.refuse, h.slack.lookErr = nil, &delivery.Failure{Err: errors.New("the account is inactive"), Permanent: true}
		time.Sleep(15 * time.Minute)
		h.is(h.resend(channel), "left, since the account is inactive")
		h.slack.lookErr = delivery.ErrCannotSearch
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true, Permanent: true}}
		h.is(h.resend(channel), "resend-1 failed for good")
		h.slack.refuse, h.slack.lookErr = nil, nil
		h.slack.found = map[string]bool{"acme/4217/2026-W46/slack-C024BE91L": true, "acme/4217/2026-W46/slack-C024BE91L/resend-1": true}
		h.is(h.resend(channel), "there: accepted")
		if len(h.slack.sent) != 0 || h.record(channel).State != delivery.Accepted {
			t.Errorf("sent %d times; what was planned is %q", len(h.slack.sent), h.record(channel).State)
		}
	})
}

// What is whole is not made anew for a resend.
func TestResend_CompleteBuild(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.weekly()
		asked := len(h.sage.Requests())
		h.is(h.resend(channel), "resend-1 accepted")
		if more := len(h.sage.Requests()) - asked; more != 0 {
			t.Errorf("Sage was asked %d more questions", more)
		}
	})
}

func TestResendOfNothing(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		for name, worker := range map[string]*worker.Worker{"the tenant is gone": {Tenants: gone{}}, "S3 is down": {Tenants: gone{errors.New("S3 is down")}}} {
			worker.Ledger = h.Ledger
			if all, err := worker.Resend(t.Context(), job, []config.Destination{channel}); err == nil || !strings.Contains(err.Error(), name) || all != nil {
				t.Errorf("%s: %v, %v", name, all, err)
			}
		}
		h.Ledger.Store = broken{}
		for name, f := range map[string]func(context.Context, config.Job, []config.Destination) ([]worker.ResendResult, error){"Resend": h.Resend, "PlanResend": h.PlanResend} {
			if all, err := f(t.Context(), job, []config.Destination{channel}); !errors.Is(err, errDown) || all != nil {
				t.Errorf("%s: %v, %v", name, all, err)
			}
		}
	})
}
