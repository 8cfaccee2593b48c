package worker_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/spelling"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/sage/sagefake"
)

var errOnce = errors.New("503 Slow Down")

// use replaces the store of the worker.
func (h *harness) use(store delivery.Store) {
	h.Tenants = &tenantconfig.Loader{Store: store, Now: time.Now}
	h.Ledger.Store, h.Archive.Store = store, store
	h.Spelling = (&spelling.Reader{Store: store, Now: time.Now, Log: h.Log}).Spelling
}

// storeCase is work during which one call of the store fails.
type storeCase struct {
	name   string
	config string
	before func(h *harness) error
	do     func(h *harness) error
	done   func(h *harness) string // what is not done; empty: nothing
	calls  int                     // at least
}

// failOnce runs each case once for each call of the store, which fails. An error must say so, or
// the work is done all the same. The next tries finish the work, and nothing is sent twice.
func failOnce(t *testing.T, cases []storeCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			for failed := true; failed; n++ {
				in(t, map[string]string{"acme": c.config}, func(t *testing.T, h *harness) {
					failed = c.run(h, n)
				})
			}
			if n < c.calls {
				t.Errorf("%d calls of the store", n)
			}
		})
	}
}

// run runs the case with the nth call failing, from 0, and reports whether there was one.
func (c storeCase) run(h *harness, n int) bool {
	t := h.t
	h.Render = numbersAlone
	if c.before != nil {
		if err := c.before(h); err != nil {
			t.Fatal(err)
		}
	}
	h.out.lines = nil
	store, failed := storetest.FailOnce(h.store, n, errOnce)
	h.use(store)
	err := c.do(h)
	h.use(h.store)
	if err != nil && (failed() == "" || !errors.Is(err, errOnce)) {
		t.Errorf("%s fails: %v", failed(), err)
	}
	h.out.hasNot(t, "crashed")
	missing := c.done(h)
	if missing != "" && err == nil && !strings.Contains(h.out.String(), errOnce.Error()) {
		t.Errorf("%s fails, %s, and nothing says so", failed(), missing)
	}
	for tries := 0; tries < 2 || tries < 6 && c.done(h) != ""; tries++ {
		time.Sleep(15 * time.Minute)
		if err := c.do(h); err != nil && c.name != "a private answer" {
			t.Errorf("%s failed; then %v", failed(), err)
		}
	}
	if missing := c.done(h); missing != "" &&
		(c.name != "a private answer" || len(h.slack.sent) == 0) {
		t.Errorf("%s failed; in the end %s:\n%s", failed(), missing, h.out)
	}
	return failed() != ""
}

func answer(change func(*queues.Request)) func(h *harness) error {
	return func(h *harness) error {
		q := must(queues.ParseRequest(fixture(h.t, "request.json").Records[0].Body))
		change(&q)
		return h.Answer(h.t.Context(), q)
	}
}

func deliver(j config.Job) func(h *harness) error {
	return func(h *harness) error {
		return h.Deliver(h.t.Context(), queues.Job{Job: j, Reason: "due"})
	}
}

// sent expects so many messages.
func sent(slack, mail int) func(h *harness) string {
	return func(h *harness) string {
		if s, m := len(h.slack.sent), len(h.mail.sent); s != slack || m != mail {
			return fmt.Sprintf("sent %d times to Slack and %d times by mail", s, m)
		}
		return ""
	}
}

// retrying expects both destinations to be tried again, for a reason.
func retrying(why string) func(h *harness) string {
	return func(h *harness) string {
		for _, to := range []config.Destination{channel, kari} {
			r := h.record(to)
			if r.State != delivery.Retrying || !strings.Contains(r.Reason, why) {
				return fmt.Sprintf("%s is %q because %q", to.To, r.State, r.Reason)
			}
		}
		return ""
	}
}

// resendOnce sends again to the channel unless something was sent.
func resendOnce(h *harness) error {
	if len(h.slack.sent) > 0 {
		return nil
	}
	again, err := h.Resend(h.t.Context(), job, []config.Destination{channel})
	for _, r := range again {
		err = errors.Join(err, r.Err)
	}
	if err == nil && again[0].Record.State == "" {
		err = errors.New("the result is not known")
	}
	return err
}

// resent expects one resend, and a state of the planned delivery.
func resent(planned delivery.State) func(h *harness) string {
	return func(h *harness) string {
		if n, r := len(h.slack.sent), h.record(channel); n != 1 || r.State != planned {
			return fmt.Sprintf("sent %d times again, and the planned delivery is %q", n, r.State)
		}
		return ""
	}
}

func backfillOne(h *harness) error { _, err := h.backfill(1); return err }

func backfilled(h *harness) string {
	if _, err := h.Archive.Manifest(h.t.Context(), job); err != nil {
		return err.Error()
	}
	return ""
}

func TestDeliver_StoreFailsOnce(t *testing.T) {
	failOnce(t, []storeCase{
		{"a report", acme, nil, deliver(job), sent(1, 1), 15},
		{"a report of which a part was sent", acme, func(h *harness) error {
			h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
			defer func() { h.mail.refuse = nil }()
			if err := deliver(job)(h); err != nil {
				return err
			}
			h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
			defer h.configure("acme", acme)
			if err := answer(nothing)(h); err != nil { // a new revision
				return err
			}
			h.slack.sent = h.slack.sent[:1]
			time.Sleep(time.Hour)
			return nil
		}, deliver(job), func(h *harness) string {
			if missing := sent(1, 1)(h); missing != "" {
				return missing
			}
			if h.slack.sent[0].Build != h.mail.sent[0].Build {
				return "other numbers were mailed than posted"
			}
			return ""
		}, 8},
		{"a report that cannot be built", acme, func(h *harness) error {
			h.secrets.known["kindly/acme/4217"] = "old-key"
			return nil
		}, deliver(job), retrying("Kindly refused the API key of bot 4217"), 8},
		{"a report that waits for a section", acme, func(h *harness) error {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Body: `{"data": {}}`})
			return nil
		}, func(h *harness) error {
			if retrying("sections are missing")(h) == "" { // it would not wait for ever
				return nil
			}
			return deliver(job)(h)
		}, retrying("sections are missing"), 8},
	})
}

func TestPortfolio_StoreFailsOnce(t *testing.T) {
	failOnce(t, []storeCase{
		{"a portfolio that waits for bots", withPortfolio, nil, func(h *harness) error {
			if r, _ := h.Ledger.Read(h.t.Context(), all, boss.ID()); r.State != "" {
				return nil
			}
			return deliver(all)(h)
		}, func(h *harness) string {
			if r, _ := h.Ledger.Read(h.t.Context(), all, boss.ID()); r.State != delivery.Retrying {
				return "nothing is recorded"
			}
			return ""
		}, 10},
		{"a portfolio that is looked at", withPortfolio, deliver(job), func(h *harness) error {
			t := must(config.Parse("config/acme.yaml", []byte(withPortfolio)))
			o, frozen, err := h.Portfolio(h.t.Context(), t, week)
			if err == nil && (frozen || o.Bots[0].State != portfolio.In) {
				err = fmt.Errorf("frozen %t, %+v", frozen, o)
			}
			return err
		}, func(*harness) string { return "" }, 5},
		{"a portfolio", withPortfolio, func(h *harness) error {
			time.Sleep(time.Hour)
			for _, id := range []string{"4217", "4218", "4219"} {
				h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
			}
			return nil
		}, deliver(all), sent(2, 2), 15},
	})
}

func TestAnswer_StoreFailsOnce(t *testing.T) {
	failOnce(t, []storeCase{
		{"a private answer", acme, nil, answer(nothing), sent(1, 0), 4},
		{"a shared answer", acme, nil, answer(share), sent(1, 0), 6},
	})
}

func TestHandleMailEvent_StoreFailsOnce(t *testing.T) {
	failOnce(t, []storeCase{
		{"a bounce", acme, deliver(job), func(h *harness) error {
			return h.HandleMailEvent(h.t.Context(),
				[]byte(fixture(h.t, "mail-bounced.json").Records[0].Body))
		}, func(h *harness) string {
			if r := h.record(kari); r.State != delivery.Bounced {
				return string(r.State)
			}
			return ""
		}, 2},
	})
}

func TestResend_StoreFailsOnce(t *testing.T) {
	failOnce(t, []storeCase{
		{"a resend", acme, func(h *harness) error {
			h.slack.refuse = archived
			defer func() { h.slack.refuse = nil }()
			return deliver(job)(h)
		}, resendOnce, sent(1, 1), 8},
		{"a resend of what was given up", acme, func(h *harness) error {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales")}}
			defer func() { h.slack.refuse = nil }()
			defer time.Sleep(h.CatchUp)
			return deliver(job)(h)
		}, resendOnce, resent(delivery.Missed), 10},
		{"a resend of what is in doubt", acme, func(h *harness) error {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
			defer func() { h.slack.refuse = nil }()
			defer time.Sleep(h.CatchUp)
			return deliver(job)(h)
		}, resendOnce, resent(delivery.Missed), 10},
		{"a resend of an incomplete report", acme, func(h *harness) error {
			stop := h.sage.Fault(sagefake.Fault{Path: "chatlabels/added",
				Status: http.StatusForbidden})
			defer stop()
			h.slack.refuse = archived
			defer func() { h.slack.refuse = nil }()
			return deliver(job)(h)
		}, resendOnce, resent(delivery.FailedForGood), 10},
		{"a resend of an incomplete report that stays so", acme, func(h *harness) error {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden})
			h.slack.refuse = archived
			defer func() { h.slack.refuse = nil }()
			return deliver(job)(h)
		}, resendOnce, resent(delivery.FailedForGood), 10},
		{"a resend of what the archive has not", acme, func(h *harness) error {
			time.Sleep(h.CatchUp)
			return nil
		}, resendOnce, resent(delivery.Missed), 10},
		{"a resend of a portfolio", withPortfolio, func(h *harness) error {
			time.Sleep(h.CatchUp + config.PortfolioWait)
			return nil
		}, func(h *harness) error {
			if len(h.slack.sent) > 0 {
				return nil
			}
			_, err := h.Resend(h.t.Context(), all, []config.Destination{allBots})
			return err
		}, sent(1, 0), 10},
	})
}

func TestBackfill_StoreFailsOnce(t *testing.T) {
	failOnce(t, []storeCase{
		{"a backfill", acme, nil, backfillOne, backfilled, 4},
		{"a backfill of an incomplete week", acme, func(h *harness) error {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden})
			return backfillOne(h)
		}, backfillOne, backfilled, 4},
	})
}
