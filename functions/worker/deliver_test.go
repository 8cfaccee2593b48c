package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
	"kindlyweekly/sage/sagefake"
)

var onlyAcme = map[string]string{"acme": acme}

func TestDeliver_OncePerDestination(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Render = nil // every edition
		for range 5 {  // SQS delivers at least once
			h.weekly()
		}
		h.states(delivery.Accepted, delivery.Accepted)
		if len(h.slack.sent) != 1 || len(h.mail.sent) != 1 {
			t.Fatalf("sent to %q and %q", h.slack.to(), h.mail.to())
		}
		m, b := h.slack.sent[0], must(h.Archive.Load(t.Context(), job))
		if m.Key != "acme/4217/2026-W46/slack-C024BE91L" || m.Build != b.Manifest.Build ||
			m.Report.Chats.Total != 70 || m.Tenant.Name != "acme" {
			t.Errorf("sent: key %q, build %q of %q, %d chats", m.Key, m.Build, b.Manifest.Build,
				m.Report.Chats.Total)
		}
		for _, name := range []string{"report.json", "report.pdf", "charts/chats.png"} {
			if len(m.File(name)) == 0 || len(h.mail.sent[0].File(name)) == 0 {
				t.Errorf("%s is not in both messages", name)
			}
		}
		about := []string{`"tenant":"acme"`, `"bot":"4217"`, `"period":"2026-W46"`,
			`"request_id":"invocation-1"`}
		h.out.has(t, append(about, `"message":"delivered"`, `"destination":"slack-C024BE91L"`)...)
		h.out.has(t, append(about, `"Delivered":1`, `"Dimensions":[["Stage"]]`,
			`"destination":"`+kari.ID())...)
		h.out.has(t, append(about, `"Built":1`)...)
		h.out.has(t, append(about, `"SageCalls":23`)...) // the token and 22 questions
		h.out.has(t, append(about, `"Duration":`)...)
		for _, absent := range []string{
			"good-key",
			"kari@example.com", // an address is not for the log
			`"ERROR"`, `"WARN"`, `"Failed":1`,
		} {
			h.out.hasNot(t, absent)
		}
	})
}

// A bot's brand is archived with its numbers. A logo that cannot be read stops no report.
// How often a record is read: once to find what is pending, unless the LIST shows that there is
// none, and once to claim it.
func TestDeliver_ReadsOfRecords(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		reads := func(to config.Destination) string {
			return "S3 GET " + delivery.KeysOf("acme").Record(week, "4217", to)
		}
		for _, test := range []struct {
			name string
			mail error
			want map[string]int
		}{
			{"both are new", errors.New("SES is busy"),
				map[string]int{reads(channel): 1, reads(kari): 1}},
			{"one is over", nil, map[string]int{reads(channel): 1, reads(kari): 2}},
			{"both are over", nil, map[string]int{}},
		} {
			if h.mail.refuse = nil; test.mail != nil {
				h.mail.refuse = map[string]error{kari.To: &delivery.Failure{Err: test.mail}}
			}
			c := &calls{begun: time.Now()}
			h.Ledger.Store = remote{h.store, c, 0}
			h.weekly()
			got := map[string]int{}
			for _, x := range c.all {
				if x.name == reads(channel) || x.name == reads(kari) {
					got[x.name]++
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
			time.Sleep(time.Hour)
		}
		h.states(delivery.Accepted, delivery.Accepted)
	})
}

func TestDeliver_Brand(t *testing.T) {
	branded := strings.Replace(acme, "sources: all}",
		`sources: all, brand: {accent: "#0a7d4f", logo: acme.png}}`, 1)
	for _, tc := range []struct {
		name, file string
		logged     string // empty: the logo is drawn
	}{
		{"with its logo", string(figurestest.Logo()), ""},
		{"the logo is missing", "", "no such object"},
		{"the logo is broken", "<svg>", "the logo is not a readable PNG file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": branded}, func(t *testing.T, h *harness) {
				h.Render = nil // every edition
				if tc.file != "" {
					logo := delivery.Object{Data: []byte(tc.file)}
					if _, err := h.store.Put(t.Context(), delivery.KeysOf("acme").Logo("acme.png"),
						logo, delivery.Condition{}); err != nil {
						t.Fatal(err)
					}
				}
				h.weekly()
				h.states(delivery.Accepted, delivery.Accepted)
				b := must(h.Archive.Load(t.Context(), job))
				if b.Report.Brand == nil || b.Report.Brand.Accent != "#0a7d4f" {
					t.Errorf("the brand is %+v", b.Report.Brand)
				}
				if drawn := len(b.Report.Brand.Logo) > 0 &&
					len(h.mail.sent[0].File("logo.png")) > 0; drawn != (tc.logged == "") {
					t.Errorf("is there a logo? %v", drawn)
				}
				if tc.logged != "" {
					h.out.has(t, `"level":"WARN"`, tc.logged, "acme.png")
				} else {
					h.out.hasNot(t, `"WARN"`)
				}
			})
		})
	}
}

func TestDeliver_NothingToDo(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(h *harness)
		why    string
	}{
		{"the tenant is gone", func(h *harness) { h.Tenants = gone{} }, "the tenant is gone"},
		{"the tenant's file was never good",
			func(h *harness) { h.Tenants = gone{config.Mistakes{{}}} }, "was never valid"},
		{"the bot is gone", func(h *harness) {
			h.configure("acme",
				strings.ReplaceAll(acme, "4217", "4218"))
		}, "the bot is gone"},
		{"the bot is paused", func(h *harness) { h.configure("acme", acme+"    paused: true\n") },
			"the bot is paused"},
		{"every destination has changed since", func(h *harness) {
			h.configure("acme", strings.NewReplacer("C024BE91L", "C0NEWNEW1", "kari@",
				"new@").Replace(acme))
		}, "no destination is waiting"},
		{"the window has ended", func(*harness) { time.Sleep(72 * time.Hour) },
			"no destination is waiting"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				tc.change(h)
				h.weekly()
				if len(h.slack.sent)+len(h.mail.sent)+len(h.sage.Requests()) != 0 {
					t.Errorf("sent to %q and %q after %d questions", h.slack.to(), h.mail.to(),
						len(h.sage.Requests()))
				}
				h.out.has(t, `"nothing to do"`, tc.why, `"tenant":"acme"`)
			})
		})
	}
	in(t, onlyAcme, func(t *testing.T, h *harness) { // which has no portfolio
		h.deliver(all)
		h.out.has(t, `"nothing to do"`, "the bot is gone")
	})
}

// gone has no configurations, or fails.
type gone struct{ err error }

func (g gone) Get(context.Context, string) (*config.Tenant, error) {
	if g.err == nil {
		return nil, delivery.ErrNotFound
	}
	return nil, g.err
}

func TestDeliver_RemovedDestination(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.configure("acme", strings.Replace(acme, "    recipients: kari@example.com\n", "", 1))
		h.weekly()
		h.states(delivery.Accepted, "")
		if len(h.mail.sent) != 0 {
			t.Errorf("mailed to %q", h.mail.to())
		}
	})
}

// A build that was sent to one destination is what all get, whatever Sage answers later.
func TestDeliver_RetryHasSameNumbers(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
		h.weekly()
		h.states(delivery.Accepted, delivery.Retrying)
		questions := len(h.sage.Requests())

		h.mail.refuse = nil
		h.sage.Bots()[0].Add(sagefake.Event{At: monday.AddDate(0, 0, -2), Kind: sagefake.Chat})
		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		time.Sleep(time.Hour)
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		if len(h.slack.sent) != 1 || len(h.mail.sent) != 1 ||
			h.mail.sent[0].Build != h.slack.sent[0].Build {
			t.Errorf("sent to %q and %q", h.slack.to(), h.mail.to())
		}
		if asked := len(h.sage.Requests()); asked != questions {
			t.Errorf("Sage was asked %d more questions", asked-questions)
		}
		h.out.hasNot(t, `"ERROR"`)
	})
}

// A request in between makes a new revision with the current filters. It does not change the
// retry.
func TestDeliver_RetryAfterNewRevision(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
		h.weekly()
		h.mail.refuse = nil
		h.sage.Bots()[0].Add(sagefake.Event{At: monday.AddDate(0, 0, -2), Kind: sagefake.Chat})
		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		for range 2 {
			h.ask(nothing)
			h.configure("acme", strings.Replace(acme, "sources: all", "languages: nb", 1))
		}
		if m := must(h.Archive.Manifest(t.Context(), job)); m.Revision != 3 || len(m.Former) != 2 ||
			m.Build == h.slack.sent[0].Build {
			t.Fatalf("revision %d after %d", m.Revision, len(m.Former))
		}
		time.Sleep(20 * time.Minute)
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		weekly, late := h.slack.sent[0], h.mail.sent[0]
		if late.Build != weekly.Build || late.Report.ID != weekly.Report.ID ||
			string(late.File("report.json")) != string(weekly.File("report.json")) {
			t.Errorf("the channel got %s, the mailbox %s", weekly.Build, late.Build)
		}
	})
}

// A build that a request made before anything was sent may be replaced.
func TestDeliver_RebuildsRequestedBuild(t *testing.T) {
	for name, change := range map[string]func(h *harness) func(){
		"since it lacks a section": func(h *harness) func() {
			return h.sage.Fault(sagefake.Fault{Path: "feedback/summary",
				Status: http.StatusNotFound})
		},
		"since the filters have changed": func(h *harness) func() {
			return func() {
				h.configure("acme",
					strings.Replace(acme, "sources: all", "sources: web", 1))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				after := change(h)
				h.ask(nothing)
				early := must(h.Archive.Manifest(t.Context(), job))
				after()
				h.weekly()
				h.states(delivery.Accepted, delivery.Accepted)
				m := must(h.Archive.Manifest(t.Context(), job))
				if m.Revision != early.Revision+1 || !m.Complete || m.Build == early.Build ||
					h.mail.sent[0].Build != m.Build {
					t.Errorf("revision %d, complete %t", m.Revision, m.Complete)
				}
			})
		})
	}
}

func TestDeliver_PartialReport(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusNotFound})
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		r := h.slack.sent[0].Report
		if _, missing := r.Reason(figures.SectionLabels); !missing {
			t.Fatalf("unavailable: %v", r.Unavailable)
		}
		text := strings.Join(strings.Fields(string(h.slack.sent[0].File("digest.txt"))), " ")
		if !strings.Contains(text, "404 Not Found") {
			t.Errorf("the digest does not say what is missing:\n%s", text)
		}
	})
}

// A missing section is asked for again for half an hour before the report is archived without it.
func TestDeliver_WaitsForMissingSection(t *testing.T) {
	for _, tc := range []struct {
		name     string
		fault    sagefake.Fault
		ends     time.Duration // of the fault, after the first try; zero: it does not
		at       time.Duration // when it is delivered
		complete bool
	}{
		{"it comes", sagefake.Fault{Path: "chatlabels/added",
			Status: http.StatusServiceUnavailable}, 10 * time.Minute, 15 * time.Minute, true},
		{"it does not come", sagefake.Fault{Path: "chatlabels/added",
			Status: http.StatusServiceUnavailable}, 0, 30 * time.Minute, false},
		{"too many calls", sagefake.Fault{Path: "chatlabels/added",
			Status: http.StatusTooManyRequests, RetryAfter: "60"}, 0, 31 * time.Minute, false},
		// a minute of patience
		{"refused", sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden}, 0, 0,
			false},
		{"of another shape, once", sagefake.Fault{Path: "chatlabels/added", Body: `{"data": {}}`},
			10 * time.Minute, 15 * time.Minute, true},
		{"of another shape", sagefake.Fault{Path: "chatlabels/added", Body: `{"data": {}}`}, 0,
			30 * time.Minute, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				stop := h.sage.Fault(tc.fault)
				if tc.ends > 0 {
					time.AfterFunc(tc.ends, stop)
				}
				for range 12 { // ticks of a quarter of an hour
					begun := time.Now()
					h.weekly()
					if len(h.slack.sent) > 0 {
						break
					}
					if _, err := h.Archive.Manifest(t.Context(), job); !errors.Is(err,
						delivery.ErrNotFound) {
						t.Errorf("something is frozen: %v", err)
					}
					if r := h.record(channel); r.State != delivery.Retrying ||
						!strings.Contains(r.Reason, "sections are missing") || r.Cause != "sage" {
						t.Errorf("while it waits: %+v", r)
					}
					h.out.hasNot(t, `"Failed":1`)
					time.Sleep(15*time.Minute - time.Since(begun))
				}
				h.states(delivery.Accepted, delivery.Accepted)
				if took := time.Since(monday).Truncate(time.Minute); took != tc.at {
					t.Errorf("delivered after %v, want %v", took, tc.at)
				}
				if m := must(h.Archive.Manifest(t.Context(), job)); m.Revision != 1 ||
					m.Complete != tc.complete {
					t.Errorf("revision %d, complete %t", m.Revision, m.Complete)
				}
			})
		})
	}
}

// If no tick would look again in time, the report is sent without the section.
func TestDeliver_MissingSectionAtEndOfWindow(t *testing.T) {
	for _, left := range []time.Duration{2 * time.Hour, 25*time.Minute + 1, 25 * time.Minute,
		20 * time.Minute} {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Body: `{"data": {}}`})
			time.Sleep(h.CatchUp - 30*time.Minute - left) // it is half an hour since it was due
			h.weekly()
			if sent := len(h.slack.sent) == 1; sent != (left <= 25*time.Minute) {
				t.Errorf("%v before the window ends it is sent: %t", left, sent)
			}
		})
	}
}

func TestDeliver_RotatedKey(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.secrets.known["kindly/acme/4217"] = "old-key"
		h.secrets.rotated = map[string]string{"kindly/acme/4217": "good-key"}
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		h.out.hasNot(t, "old-key")
	})
}

func TestDeliver_RejectedKeyNotFetchedAgain(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.secrets.known["kindly/acme/4217"] = "old-key"
		h.secrets.late = errors.New("Secrets Manager is busy")
		h.weekly()
		if r := h.record(channel); !strings.HasPrefix(r.Reason, "Kindly refused the API key") {
			t.Errorf("the ledger says %q", r.Reason)
		}
		h.out.has(t, `"WARN"`, "Secrets Manager is busy")
	})
}

// A report that cannot be built is recorded with its remedy and next try. The message is
// acknowledged, and the tick queues it again.
func TestDeliver_BuildFails(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(h *harness)
		reason string // of the metric
		why    string // in the record
		cure   string
		next   time.Duration
	}{
		{"the key is refused", func(h *harness) { h.secrets.known["kindly/acme/4217"] = "old-key" },
			"key", "Kindly refused the API key", "/bot/4217/connect/api-keys", time.Hour},
		{"there is no key", func(h *harness) {
			h.secrets.err = &secrets.Error{Secret: "kindly/acme/4217", Err: errors.New("not there"),
				Remedy: "create it", Permanent: true}
		}, "key", "the API key in secret kindly/acme/4217 could not be read (not there)", "create it", time.Hour},
		{"Kindly does not know the bot", func(h *harness) {
			h.sage.Fault(sagefake.Fault{Path: "sessions/chats", Status: http.StatusNotFound})
		}, "sage", "Kindly knows no bot 4217", "correct the bot's id", time.Hour},
		{"Sage is down", func(h *harness) {
			h.sage.Fault(sagefake.Fault{Path: "sessions/chats",
				Status: http.StatusServiceUnavailable})
		}, "sage", "Sage answered 503 Service Unavailable", "", 5 * time.Minute},
		{"Sage wants us to wait", func(h *harness) {
			h.sage.Fault(sagefake.Fault{Path: "sessions/chats", Status: http.StatusTooManyRequests,
				RetryAfter: "1800"})
		}, "sage", "Sage answered 429 Too Many Requests", "", 30 * time.Minute},
		{"Sage cannot be reached", func(h *harness) {
			kindly := h.HTTP
			h.HTTP = roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host == "sage.example" {
					return nil, errors.New("no route to host")
				}
				return kindly.RoundTrip(r)
			})
		}, "sage", "Sage could not be reached", "", 5 * time.Minute},
		{"Sage has changed", func(h *harness) {
			h.sage.Fault(sagefake.Fault{Path: "sessions/chats",
				Body: `{"data": {"a": 1}}`})
		},
			"sage", "are not what they were",
			"kindly-weekly doctor --stack weekly --tenant acme --bot 4217",
			time.Hour},
		{"Sage answers with a page",
			func(h *harness) {
				h.sage.Fault(sagefake.Fault{Path: "sessions/chats",
					Body: "<html>"})
			},
			"sage", "Sage answered with a web page instead of JSON", "", 5 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				tc.change(h)
				h.weekly()
				for _, d := range []config.Destination{channel, kari} {
					r := h.record(d)
					if r.State != delivery.Retrying || !strings.Contains(r.Reason, tc.why) ||
						!strings.Contains(r.Remedy, tc.cure) ||
						(r.Remedy == "") != (tc.cure == "") {
						t.Errorf("%s is %q because %q, cure %q", d.To, r.State, r.Reason, r.Remedy)
					}
					if wait := time.Until(r.NextTry).Round(time.Second); wait != tc.next {
						t.Errorf("%s is tried again in %v, want %v", d.To, wait, tc.next)
					}
				}
				h.out.has(t, `"Failed":1`, `"Reason":"`+tc.reason+`"`,
					`"Dimensions":[["Stage"],["Stage","Reason"]]`, `"tenant":"acme"`)
				h.out.has(t, `"ERROR"`, "not built", `"because":`, `"error":`)
				time.Sleep(2 * time.Hour)
				h.weekly()
				if n := h.record(channel).Attempts; n != 2 {
					t.Errorf("%d attempts", n)
				}
				if len(h.slack.sent)+len(h.mail.sent) != 0 {
					t.Error("something was sent")
				}
			})
		})
	}
}

func TestDeliver_Unwanted(t *testing.T) {
	alert := strings.Replace(acme, "recipients: kari@example.com",
		"recipients: {address: kari@example.com, send: on_alert}", 1)
	for _, tc := range []struct {
		name, config  string
		channel, kari delivery.State
	}{
		{"an empty week, skipped", strings.Replace(acme, "sources: all",
			"sources: -web, skip_if_empty: true", 1), delivery.Skipped, delivery.Skipped},
		{"an empty week, wanted", strings.Replace(acme, "sources: all", "sources: -web", 1),
			delivery.Accepted, delivery.Accepted},
		{"empty for want of a source", strings.Replace(acme, "sources: all",
			"sources: website, skip_if_empty: true", 1), delivery.Accepted, delivery.Accepted},
		{"a week with chats", strings.Replace(acme, "sources: all",
			"sources: all, skip_if_empty: true", 1), delivery.Accepted, delivery.Accepted},
		{"no targets, no alert", alert, delivery.Accepted, delivery.Skipped},
		{"targets met", alert + "    targets: {fallback_rate: 50%}\n", delivery.Accepted,
			delivery.Skipped},
		{"a target missed", alert + "    targets: {fallback_rate: 1%}\n", delivery.Accepted,
			delivery.Accepted},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": tc.config}, func(t *testing.T, h *harness) {
				h.weekly()
				h.states(tc.channel, tc.kari)
				if sent := len(h.mail.sent) == 1; sent != (tc.kari == delivery.Accepted) {
					t.Errorf("mailed: %t", sent)
				}
			})
		})
	}
}

func TestDeliver_OneDestinationFails(t *testing.T) {
	for _, tc := range []struct {
		name         string
		err          error
		state        delivery.State
		reason, cure string
		next         time.Duration
	}{
		{"for good", &delivery.Failure{Err: errors.New("#sales is archived"),
			Remedy: "name another channel", Permanent: true},
			delivery.FailedForGood, "#sales is archived", "name another channel", 0},
		{"until the app is invited", &delivery.Failure{Err: errors.New("not in #sales"),
			Remedy: "invite the app to #sales"},
			delivery.Retrying, "not in #sales", "invite the app to #sales", time.Hour},
		{"for a while", &delivery.Failure{Err: errors.New("Slack is busy"),
			RetryAfter: time.Minute}, delivery.Retrying, "Slack is busy", "", 5 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.slack.refuse = map[string]error{"C024BE91L": tc.err}
				h.weekly()
				h.states(tc.state, delivery.Accepted)
				r := h.record(channel)
				if next := max(0,
					time.Until(r.NextTry).Round(time.Second)); r.Reason != tc.reason ||
					r.Remedy != tc.cure || next != tc.next {
					t.Errorf("the ledger says %q, %q, again in %v", r.Reason, r.Remedy, next)
				}
				time.Sleep(2 * time.Hour)
				h.weekly()
				if len(h.mail.sent) != 1 {
					t.Errorf("mailed %d times", len(h.mail.sent))
				}
				h.out.has(t, `"Failed":1`, `"Reason":"slack"`, `"destination":"slack-C024BE91L"`)
				h.out.has(t, `"WARN"`, "not delivered", tc.reason, tc.cure)
			})
		})
	}
}

func TestHandle_CrashRepeatsMessage(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.crash = "C024BE91L"
		if h.handle(fixture(t, "weekly.json")) != 1 {
			t.Error("the message is not repeated")
		}
		h.states(delivery.Claimed, delivery.Accepted) // the claim is left to end
		h.out.has(t, "the sender is broken", `"stack"`)

		// While the claim lasts, no worker sends. Then the channel is searched before anything is
		// sent.
		h.slack.crash = ""
		h.weekly()
		h.states(delivery.Claimed, delivery.Accepted)
		time.Sleep(15 * time.Minute)
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
	})
}

func TestHandle_UnreachableStoreRepeatsMessage(t *testing.T) {
	for _, name := range []string{"weekly.json", "request.json", "mail-bounced.json"} {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			down := broken{}
			h.Tenants = gone{errors.New("S3 is down")}
			h.Ledger.Store, h.Archive.Store = down, down
			event := fixture(t, name)
			if h.handle(event) != 1 {
				t.Errorf("%s is not repeated", name)
			}
			if len(h.slack.replies) != 0 {
				t.Error("the user is told at the first try")
			}
			event.Records[0].Attributes["ApproximateReceiveCount"] = "2"
			if h.handle(event) != 1 {
				t.Errorf("%s is not repeated", name)
			}
			if told := len(h.slack.replies) == 1; told != (name == "request.json") {
				t.Errorf("%s: the user is told at the last try: %t", name, told)
			}
		})
	}
}

// broken is a store that always fails.
type broken struct{}

var errDown = errors.New("S3 is down")

func (broken) Get(context.Context, string) (delivery.Object, error) {
	return delivery.Object{}, errDown
}
func (broken) Put(context.Context, string, delivery.Object, delivery.Condition) (string, error) {
	return "", errDown
}
func (broken) List(context.Context, string) ([]string, error) { return nil, errDown }

func TestDeliver_TooLittleTime(t *testing.T) {
	for left, state := range map[time.Duration]delivery.State{
		25 * time.Second: "", 30*time.Second - 1: "", 30 * time.Second: delivery.Accepted,
	} {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			ctx, cancel := context.WithTimeout(t.Context(), left)
			defer cancel()
			response, err := h.Handle(ctx, fixture(t, "weekly.json"))
			if err != nil || len(response.BatchItemFailures) != 0 {
				t.Errorf("%v, %v", response, err)
			}
			if sent := len(h.slack.sent)+len(h.mail.sent) != 0; sent != (state != "") {
				t.Errorf("with %v left something is sent: %t", left, sent)
			}
			h.states(state, state)
		})
	}
}

// A slow Sage gets half of the time, so that the rest can be sent.
func TestDeliver_SlowSage(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Delay: time.Hour})
		var begun time.Time
		for range 3 { // sections are waited for
			begun = time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			if _, err := h.Handle(ctx, fixture(t, "weekly.json")); err != nil {
				t.Fatal(err)
			}
			if len(h.slack.sent) == 0 {
				time.Sleep(15*time.Minute - time.Since(begun))
			}
		}
		h.states(delivery.Accepted, delivery.Accepted)
		if len(h.slack.sent) != 1 {
			t.Fatal(h.out)
		}
		if why, missing := h.slack.sent[0].Report.Reason(figures.SectionLabels); !missing ||
			why != "Sage did not answer in time" {
			t.Errorf("labels are missing: %t, %q", missing, why)
		}
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("Sage had %v", took)
		}
	})
}

// A slow Sage costs no logo, and a slow logo delays no report.
func TestDeliver_LogoTimeout(t *testing.T) {
	branded := strings.Replace(acme, "sources: all}", "sources: all, brand: {logo: acme.png}}", 1)
	for name, drawn := range map[string]bool{"Sage is slow": true, "the store is silent": false} {
		t.Run(name, func(t *testing.T) {
			in(t, map[string]string{"acme": branded}, func(t *testing.T, h *harness) {
				key := delivery.KeysOf("acme").Logo("acme.png")
				if _, err := h.store.Put(t.Context(), key,
					delivery.Object{Data: figurestest.Logo()}, delivery.Condition{}); err != nil {
					t.Fatal(err)
				}
				if drawn {
					h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Delay: time.Hour})
				} else {
					h.Archive.Store = storetest.Wrapped{Store: h.store, Around: func(
						ctx context.Context, call, at string, do func() error) error {
						if call != "get" || at != key {
							return do()
						}
						<-ctx.Done()
						return ctx.Err()
					}}
				}
				for range 3 { // sections are waited for
					begun := time.Now()
					ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
					defer cancel()
					if _, err := h.Handle(ctx, fixture(t, "weekly.json")); err != nil {
						t.Fatal(err)
					}
					if took := time.Since(begun); took > time.Minute+10*time.Second || !drawn &&
						took > 10*time.Second {
						t.Errorf("it took %v", took)
					}
					time.Sleep(15*time.Minute - time.Since(begun))
				}
				h.states(delivery.Accepted, delivery.Accepted)
				if len(h.slack.sent) != 1 {
					t.Fatal(h.out)
				}
				if b := h.slack.sent[0].Report.Brand; drawn != (b != nil && len(b.Logo) > 0) {
					t.Errorf("the logo is drawn: %t", !drawn)
				}
			})
		})
	}
}

// One build has the editions of every configured language, with the same numbers.
func TestDeliver_Languages(t *testing.T) {
	norwegian := strings.Replace(acme, "recipients: kari@example.com\n    viewers",
		"recipients: {address: kari@example.com, locale: nb}\n    viewers", 1)
	in(t, map[string]string{"acme": norwegian}, func(t *testing.T, h *harness) {
		drawn := make(map[string]int)
		h.Render = func(r *figures.Report) ([]delivery.File, error) {
			drawn[r.Locale]++
			return report.Render(r)
		}
		h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
		h.weekly()
		h.mail.refuse = nil
		time.Sleep(time.Hour)
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		english, late := h.slack.sent[0], h.mail.sent[0]
		if english.Report.Locale != "en" || !strings.Contains(string(english.File("digest.txt")),
			"Chats") {
			t.Errorf("the channel got, in %q:\n%s", english.Report.Locale,
				english.File("digest.txt"))
		}
		if late.Report.Locale != "nb" || !strings.Contains(string(late.File("digest.txt")),
			"Samtaler") || late.File("charts/chats.png") == nil {
			t.Errorf("Kari got, in %q:\n%s", late.Report.Locale, late.File("digest.txt"))
		}
		if english.Build != late.Build || english.Report.ID != late.Report.ID ||
			english.Report.Chats.Total != late.Report.Chats.Total {
			t.Errorf("the channel got %s of %s, Kari %s of %s", english.Report.ID, english.Build,
				late.Report.ID, late.Build)
		}
		if drawn["en"] != 1 || drawn["nb"] != 1 || len(drawn) != 2 {
			t.Errorf("drawn %v", drawn)
		}
		numbers := 0
		for _, f := range must(h.Archive.Load(t.Context(), job)).Manifest.Files {
			if strings.HasSuffix(f.Name, delivery.ReportFile) {
				numbers++
			}
		}
		for _, f := range english.Files {
			if strings.Contains(f.Name, "nb/") {
				t.Errorf("the channel got %s", f.Name)
			}
		}
		if numbers != 1 {
			t.Errorf("the archive has the numbers %d times", numbers)
		}
	})
}

// A build of an earlier version, without newer keys and files, is delivered in every language.
func TestDeliver_BuildOfEarlierVersion(t *testing.T) {
	norwegian := strings.Replace(acme, "recipients: kari@example.com\n    viewers",
		"recipients: {address: kari@example.com, locale: nb}\n    viewers", 1)
	in(t, map[string]string{"acme": norwegian}, func(t *testing.T, h *harness) {
		h.Render = nil // every edition
		h.ask(nothing)
		asked := must(h.Archive.Load(t.Context(), job))
		h.slack.sent = nil
		var files []delivery.File
		for _, f := range delivery.WithoutLocales(asked.Files) {
			switch f.Name {
			case delivery.ReportFile:
				f.Data = without(t, f.Data, "special", "ordinary", "year_ago", "targets", "movers",
					"insights", "headline", "brand")
			case report.Details, report.Logo:
				continue
			}
			files = append(files, f)
		}
		before := must(h.Archive.Save(t.Context(), job, asked.Report, files, asked.Manifest))
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		for locale, m := range map[string]message{"en": h.slack.sent[0],
			"nb": h.mail.sent[0]} {
			if m.Build != before.Manifest.Build || m.Report.Locale != locale ||
				m.Report.Chats.Total != 70 || m.Report.Headline != nil ||
				len(m.File(report.PDF)) == 0 {
				t.Errorf("build %s in %q, of %d chats, was sent instead of %s", m.Build,
					m.Report.Locale, m.Report.Chats.Total, before.Manifest.Build)
			}
			words := must(summary.Of(m.Report))
			if details := digest.Details(words, digest.Native); len(details.Blocks.BlockSet) == 0 {
				t.Errorf("there are no details in %q", locale)
			}
		}
	})
}

// Archived editions that contain query strings of pages are sent and shown without them.
func TestDeliver_BuildWithQueryStrings(t *testing.T) {
	norwegian := strings.Replace(acme, "recipients: kari@example.com\n    viewers",
		"recipients: {address: kari@example.com, locale: nb}\n    viewers", 1)
	in(t, map[string]string{"acme": norwegian}, func(t *testing.T, h *harness) {
		h.Render = nil // every edition
		h.ask(nothing)
		asked := must(h.Archive.Load(t.Context(), job))
		h.slack.sent = nil
		r := *asked.Report
		r.Pages = []figures.Page{{Host: "shop.example", Path: "/kasse?email=ola@nordmann.example",
			Sessions: 4}, {Host: "shop.example", Path: "/kasse?email=kari@nordmann.example",
			Sessions: 3}}
		files := must(report.Render(&r))
		other := r
		other.Locale = "nb"
		files = append(files, delivery.WithLocale("nb", must(report.Render(&other)))...)
		before := must(h.Archive.Save(t.Context(), job, &r, files, asked.Manifest))
		h.weekly()
		h.ask(nothing)
		h.states(delivery.Accepted, delivery.Accepted)
		if len(h.slack.sent) != 2 || len(h.mail.sent) != 1 {
			t.Fatalf("%d messages and %d mails", len(h.slack.sent), len(h.mail.sent))
		}
		for _, m := range append(h.slack.sent, h.mail.sent...) {
			if m.Build != before.Manifest.Build || len(m.File(report.PDF)) == 0 {
				t.Errorf("%s: sent build %s, with a PDF of %d bytes", m.Key, m.Build,
					len(m.File(report.PDF)))
			}
			for _, f := range m.Files {
				if strings.Contains(string(f.Data), "nordmann") || f.Name == report.JSON &&
					!strings.Contains(string(f.Data), `"at_most": true`) {
					t.Errorf("%s: %s has the query, or does not say that pages were added up",
						m.Key, f.Name)
				}
				for _, frozen := range files { // in a PDF the query is compressed
					if f.Name == report.PDF && bytes.Equal(f.Data, frozen.Data) {
						t.Errorf("%s: %s is the frozen one", m.Key, f.Name)
					}
				}
			}
		}
	})
}

// without removes keys from a JSON object.
func without(t *testing.T, data []byte, keys ...string) []byte {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		delete(object, key)
	}
	return must(json.Marshal(object))
}

// A language that cannot be rendered delays no other destination.
func TestDeliver_LanguageNotRendered(t *testing.T) {
	norwegian := strings.Replace(acme, "recipients: kari@example.com\n    viewers",
		"recipients: [{address: kari@example.com, locale: nb}, {address: ola@example.com, locale: nb}]\n    viewers", 1)
	in(t, map[string]string{"acme": norwegian}, func(t *testing.T, h *harness) {
		h.Render = func(r *figures.Report) ([]delivery.File, error) {
			if r.Locale == "nb" {
				return nil, errors.New("no ø in the font")
			}
			return quick(r)
		}
		h.weekly()
		h.states(delivery.Accepted, delivery.Retrying)
		h.out.has(t, `"ERROR"`, `"locale":"nb"`, "no ø in the font")
		if r := h.record(kari); !strings.Contains(r.Reason, `could not be drawn in "nb"`) {
			t.Errorf("Kari's report failed because %q", r.Reason)
		}
		// Once it can be drawn, it is, of the numbers that stand.
		drawn := 0
		h.Render = func(r *figures.Report) ([]delivery.File, error) { drawn++; return quick(r) }
		time.Sleep(time.Hour)
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		if len(h.mail.sent) != 2 || drawn != 1 {
			t.Errorf("mailed %d times, and drawn %d times", len(h.mail.sent), drawn)
		}
		for _, m := range h.mail.sent {
			if m.Report.Locale != "nb" || m.Report.ID != h.slack.sent[0].Report.ID ||
				m.Report.Bot.Name != "Nettbutikk" {
				t.Errorf("%s got %s of %q in %q", m.Destination.To, m.Report.ID, m.Report.Bot.Name,
					m.Report.Locale)
			}
		}
	})
}

// A diverted report has the language and charts of its own destination.
func TestDeliver_DivertedAsConfigured(t *testing.T) {
	pictured := strings.Replace(acme, "channels: C024BE91L",
		"channels: [{channel: C024BE91L, locale: nb, charts: images}, C024BE92L]", 1)
	in(t, map[string]string{"acme": pictured}, func(t *testing.T, h *harness) {
		h.Divert = &config.Destination{Medium: config.Slack, To: "C0DEV"}
		h.weekly()
		looks := make(map[string]string)
		for _, m := range h.slack.sent {
			if m.Destination.To != "C0DEV" {
				t.Errorf("%s went to %s", m.Key, m.Destination.To)
			}
			looks[m.Key] = m.Report.Locale + " " + string(m.Destination.Charts)
		}
		if first, second := looks[job.String()+"/slack-C024BE91L"],
			looks[job.String()+"/slack-C024BE92L"]; first != "nb images" || second != "en native" {
			t.Errorf("the channels' reports looked like %q and %q", first, second)
		}
	})
}

func TestDeliver_DivertedNamesDestination(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Divert = &config.Destination{Medium: config.Slack, To: "C0DEV"}
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted) // the ledger goes on naming the destinations
		if len(h.mail.sent) != 0 || len(h.slack.sent) != 2 {
			t.Fatalf("sent to %q and %q", h.slack.to(), h.mail.to())
		}
		for _, m := range h.slack.sent {
			intended := map[string]string{
				"acme/4217/2026-W46/slack-C024BE91L": "C024BE91L",
				"acme/4217/2026-W46/" + kari.ID():    "kari@example.com",
			}[m.Key]
			if m.Destination.To != "C0DEV" || intended == "" ||
				m.Report.Bot.Name != "[for "+intended+"] Nettbutikk" {
				t.Errorf("%s went to %s as %q", m.Key, m.Destination.To, m.Report.Bot.Name)
			}
			if !strings.Contains(string(m.File("digest.txt")), "[for "+intended+"] Nettbutikk") {
				t.Errorf("the digest does not say that it was for %s", intended)
			}
		}
		if name := must(h.Archive.Load(t.Context(), job)).Report.Bot.Name; name != "Nettbutikk" {
			t.Errorf("the archive says %q", name)
		}
	})
}
