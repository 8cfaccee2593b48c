package worker_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/sage/sagefake"
)

// once is a store of which one call fails, the nth of a kind, whatever the key.
type once struct {
	delivery.Store
	mu     sync.Mutex
	left   int
	failed string // what failed
}

var errOnce = errors.New("503 Slow Down")

func (o *once) fail(what string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.left--; o.left != -1 {
		return nil
	}
	o.failed = what
	return errOnce
}

func (o *once) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := o.fail("get " + key); err != nil {
		return delivery.Object{}, err
	}
	return o.Store.Get(ctx, key)
}

func (o *once) Put(ctx context.Context, key string, object delivery.Object, c delivery.Condition) (string, error) {
	if err := o.fail("put " + key); err != nil {
		return "", err
	}
	return o.Store.Put(ctx, key, object, c)
}

func (o *once) List(ctx context.Context, prefix string) ([]string, error) {
	if err := o.fail("list " + prefix); err != nil {
		return nil, err
	}
	return o.Store.List(ctx, prefix)
}

// use gives the worker another store.
func (h *house) use(store delivery.Store) {
	h.Tenants = &tenantconfig.Loader{Store: store, Now: time.Now}
	h.Ledger.Store, h.Archive.Store = store, store
}

// Whichever call of the store fails, an error says so or the work is done all the same. What is tried again then is done, and
// nothing is sent twice.
func TestStoreFailsOnce(t *testing.T) {
	request := func(change func(*queues.Request)) func(h *house) error {
		return func(h *house) error {
			q := must(queues.ParseRequest(fixture(h.t, "request.json").Records[0].Body))
			change(&q)
			return h.Answer(h.t.Context(), q)
		}
	}
	deliver := func(j config.Job) func(h *house) error {
		return func(h *house) error { return h.Deliver(h.t.Context(), queues.Job{Job: j, Reason: "due"}) }
	}
	sent := func(slack, mail int) func(h *house) string {
		return func(h *house) string {
			if s, m := len(h.slack.sent), len(h.mail.sent); s != slack || m != mail {
				return fmt.Sprintf("sent %d times to Slack and %d times by mail", s, m)
			}
			return ""
		}
	}
	failed := func(why string) func(h *house) string {
		return func(h *house) string {
			for _, to := range []config.Destination{channel, kari} {
				if r := h.record(to); r.State != delivery.Retrying || !strings.Contains(r.Reason, why) {
					return fmt.Sprintf("%s is %q because %q", to.To, r.State, r.Reason)
				}
			}
			return ""
		}
	}
	resendOnce := func(h *house) error {
		if len(h.slack.sent) > 0 { // or it would be sent once more, as the operator says
			return nil
		}
		again, err := h.Resend(h.t.Context(), job, []config.Destination{channel})
		for _, r := range again {
			err = errors.Join(err, r.Err)
		}
		return err
	}
	resent := func(planned delivery.State) func(h *house) string {
		return func(h *house) string {
			if n, r := len(h.slack.sent), h.record(channel); n != 1 || r.State != planned {
				return fmt.Sprintf("sent %d times again, and what was planned is %q", n, r.State)
			}
			return ""
		}
	}
	backfill := func(h *house) error { _, err := h.backfill(1); return err }
	filled := func(h *house) string {
		if _, err := h.Archive.Manifest(h.t.Context(), job); err != nil {
			return err.Error()
		}
		return ""
	}
	for name, c := range map[string]struct {
		config string
		before func(h *house) error
		do     func(h *house) error
		done   func(h *house) string // what is not
		calls  int                   // at least
	}{
		"a report": {acme, nil, deliver(job), sent(1, 1), 15},
		"a report of which a part was sent": {acme, func(h *house) error {
			h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
			defer func() { h.mail.refuse = nil }()
			if err := deliver(job)(h); err != nil {
				return err
			}
			h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
			defer h.configure("acme", acme)
			if err := request(nothing)(h); err != nil { // a new revision
				return err
			}
			h.slack.sent = h.slack.sent[:1]
			time.Sleep(time.Hour)
			return nil
		}, deliver(job), func(h *house) string {
			if missing := sent(1, 1)(h); missing != "" {
				return missing
			}
			if h.slack.sent[0].Build != h.mail.sent[0].Build {
				return "other numbers were mailed than posted"
			}
			return ""
		}, 8},
		"a report that cannot be built": {acme, func(h *house) error {
			h.secrets.known["kindly/acme/4217"] = "old-key"
			return nil
		}, deliver(job), failed("Kindly refused the API key of bot 4217"), 8},
		"a report that waits for a section": {acme, func(h *house) error {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Body: `{"data": {}}`})
			return nil
		}, func(h *house) error {
			if failed("sections are missing")(h) == "" { // it would not wait for ever
				return nil
			}
			return deliver(job)(h)
		}, failed("sections are missing"), 8},
		"an overview that waits for bots": {withPortfolio, nil, func(h *house) error {
			if r, _ := h.Ledger.Read(h.t.Context(), all, boss.ID()); r.State != "" {
				return nil
			}
			return deliver(all)(h)
		}, func(h *house) string {
			if r, _ := h.Ledger.Read(h.t.Context(), all, boss.ID()); r.State != delivery.Retrying {
				return "nothing is recorded"
			}
			return ""
		}, 10},
		"an overview that is looked at": {withPortfolio, deliver(job), func(h *house) error {
			t := must(config.Parse("config/acme.yaml", []byte(withPortfolio)))
			o, frozen, err := h.Portfolio(h.t.Context(), t, week)
			if err == nil && (frozen || o.Bots[0].State != portfolio.In) {
				err = fmt.Errorf("frozen %t, %+v", frozen, o)
			}
			return err
		}, func(*house) string { return "" }, 5},
		"an overview": {withPortfolio, func(h *house) error {
			time.Sleep(time.Hour)
			for _, id := range []string{"4217", "4218", "4219"} {
				h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
			}
			return nil
		}, deliver(all), sent(2, 2), 15},
		"a private answer": {acme, nil, request(nothing), sent(1, 0), 4},
		"a shared answer":  {acme, nil, request(share), sent(1, 0), 6},
		"a bounce": {acme, deliver(job), func(h *house) error {
			return h.HandleMailEvent(h.t.Context(), []byte(fixture(h.t, "mail-bounced.json").Records[0].Body))
		}, func(h *house) string {
			if r := h.record(kari); r.State != delivery.Bounced {
				return string(r.State)
			}
			return ""
		}, 2},
		"a resend": {acme, func(h *house) error {
			h.slack.refuse = archived
			defer func() { h.slack.refuse = nil }()
			return deliver(job)(h)
		}, resendOnce, sent(1, 1), 8},
		"a resend of what was given up": {acme, func(h *house) error {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not in #sales")}}
			defer func() { h.slack.refuse = nil }()
			defer time.Sleep(h.CatchUp)
			return deliver(job)(h)
		}, resendOnce, resent(delivery.Missed), 10},
		"a resend of what is in doubt": {acme, func(h *house) error {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
			defer func() { h.slack.refuse = nil }()
			defer time.Sleep(h.CatchUp)
			return deliver(job)(h)
		}, resendOnce, resent(delivery.Missed), 10},
		"a resend of an incomplete report": {acme, func(h *house) error {
			stop := h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden})
			defer stop()
			h.slack.refuse = archived
			defer func() { h.slack.refuse = nil }()
			return deliver(job)(h)
		}, resendOnce, resent(delivery.FailedForGood), 10},
		"a resend of an incomplete report that stays so": {acme, func(h *house) error {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden})
			h.slack.refuse = archived
			defer func() { h.slack.refuse = nil }()
			return deliver(job)(h)
		}, resendOnce, resent(delivery.FailedForGood), 10},
		"a resend of what the archive has not": {acme, func(h *house) error {
			time.Sleep(h.CatchUp)
			return nil
		}, resendOnce, resent(delivery.Missed), 10},
		"a resend of an overview": {withPortfolio, func(h *house) error {
			time.Sleep(h.CatchUp + config.PortfolioWait)
			return nil
		}, func(h *house) error {
			if len(h.slack.sent) > 0 {
				return nil
			}
			_, err := h.Resend(h.t.Context(), all, []config.Destination{allBots})
			return err
		}, sent(1, 0), 10},
		"a backfill": {acme, nil, backfill, filled, 4},
		"a backfill of an incomplete week": {acme, func(h *house) error {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden})
			return backfill(h)
		}, backfill, filled, 4},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			for failed := true; failed; n++ {
				in(t, map[string]string{"acme": c.config}, func(t *testing.T, h *house) {
					h.Render = numbersAlone
					if c.before != nil {
						if err := c.before(h); err != nil {
							t.Fatal(err)
						}
					}
					h.out.lines = nil
					store := &once{Store: h.store, left: n}
					h.use(store)
					err := c.do(h)
					failed = store.failed != ""
					h.use(h.store)
					if err != nil && (!failed || !errors.Is(err, errOnce)) {
						t.Errorf("%s fails: %v", store.failed, err)
					}
					h.out.hasNot(t, "crashed")
					if missing := c.done(h); missing != "" && err == nil && !strings.Contains(h.out.String(), errOnce.Error()) {
						t.Errorf("%s fails, %s, and nothing says so", store.failed, missing)
					}
					for range 6 {
						time.Sleep(15 * time.Minute)
						if err := c.do(h); err != nil && name != "a private answer" {
							t.Errorf("%s failed; then %v", store.failed, err)
						}
					}
					if missing := c.done(h); missing != "" && (name != "a private answer" || len(h.slack.sent) == 0) {
						t.Errorf("%s failed; in the end %s:\n%s", store.failed, missing, h.out)
					}
				})
			}
			if n < c.calls {
				t.Errorf("%d calls of the store", n)
			}
		})
	}
}
