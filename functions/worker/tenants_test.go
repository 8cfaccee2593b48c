package worker_test

import (
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage/sagefake"
)

// globex is acme with other names for everything but the bot's ID.
var globex = strings.NewReplacer(
	"T024BE7LD", "T0GLOBEX99", "acme", "globex", "example.com", "globex.example", "C0ACMEOPS",
	"C0GLOBEXOPS",
	"Nettbutikk", "Konkurrent", "C024BE91L", "C0GLOBEX99", "U0VIEWER1", "U0GLOBEX11",
).Replace(acme)

// Two tenants have bots with the same ID. Work for one shows nothing of the other.
func TestHandle_TenantIsolation(t *testing.T) {
	in(t, map[string]string{"acme": acme, "globex": globex}, func(t *testing.T, h *harness) {
		other := sagefake.New(shop("4217", "globex-key"))
		other.Now = time.Now
		other.Bots()[0].Add(sagefake.Event{At: monday.AddDate(0, 0, -2), Kind: sagefake.Chat})
		h.HTTP = served(h.sage, other)
		h.secrets.known["kindly/globex/4217"] = "globex-key"
		theirs := strings.NewReplacer("acme", "globex", "T024BE7LD", "T0GLOBEX99", "C024BE91L",
			"C0GLOBEX99", "U024BE7LH", "U0GLOBEX99", "example.com", "globex.example")

		// what is everything that a piece of work left: log lines, messages, replies, keys.
		what := func(do func()) string {
			before := must(h.store.List(t.Context(), "globex/"))
			beforeAcme := must(h.store.List(t.Context(), "acme/"))
			h.out.lines, h.slack.sent, h.mail.sent, h.slack.replies = nil, nil, nil, nil
			do()
			left := h.out.String()
			for _, m := range append(h.slack.sent, h.mail.sent...) {
				left += strings.Join([]string{"", m.Key, m.Tenant.Name, m.Subject.Name,
					m.Destination.To, m.Report.Bot.Name, string(m.File("digest.txt"))}, "\n")
			}
			for _, r := range h.slack.replies {
				left += "\n" + r.text
			}
			for prefix, old := range map[string]int{"globex/": len(before),
				"acme/": len(beforeAcme)} {
				if now := must(h.store.List(t.Context(), prefix)); len(now) != old {
					left += "\nwrote " + strings.Join(now, "\nwrote ")
				}
			}
			return left
		}
		apart := func(name, left string, others ...string) {
			t.Helper()
			for _, word := range others {
				if strings.Contains(strings.ToLower(left), strings.ToLower(word)) {
					t.Errorf("%s shows %q:\n%s", name, word, left)
				}
			}
		}
		notGlobex := []string{"globex", "Konkurrent"}
		notAcme := []string{"acme", "Nettbutikk", "C024BE91L", "@example.com"}
		run := func(file string, replacer *strings.Replacer) func() {
			return func() {
				t.Helper()
				event := fixture(t, file)
				if replacer != nil {
					event.Records[0].Body = replacer.Replace(event.Records[0].Body)
				}
				if h.handle(event) != 0 {
					t.Errorf("SQS repeats %s:\n%s", file, h.out)
				}
			}
		}

		apart("acme's report", what(run("weekly.json", nil)), notGlobex...)
		if chats := h.slack.sent[0].Report.Chats.Total; chats != 70 {
			t.Errorf("acme's report has %d chats", chats)
		}
		apart("globex' report", what(run("weekly.json", theirs)), notAcme...)
		if chats := h.slack.sent[0].Report.Chats.Total; chats != 71 {
			t.Errorf("globex' report has %d chats, which are not its own", chats)
		}
		apart("acme's answer", what(run("request.json", nil)), notGlobex...)
		apart("globex' answer", what(run("request.json", theirs)), notAcme...)
		apart("acme's bounce", what(run("mail-bounced.json", nil)), notGlobex...)

		// Globex' own key does not open acme's statistics, and acme's ledger knows nothing of it.
		h.secrets.known["kindly/globex/4217"] = "old-key"
		time.Sleep(7 * 24 * time.Hour)
		next := func(s string) string { return strings.Replace(s, "W46", "W47", 1) }
		left := what(func() {
			event := fixture(t, "weekly.json")
			event.Records[0].Body = next(theirs.Replace(event.Records[0].Body))
			h.handle(event)
		})
		apart("globex' failure", left, notAcme...)
		refused := config.Job{Tenant: "globex", Bot: "4217", Period: job.Period.Next()}
		r, err := h.Ledger.Read(t.Context(), refused,
			config.Destination{Medium: config.Slack, To: "C0GLOBEX99"}.ID())
		if err != nil || r.State != delivery.Retrying ||
			!strings.Contains(r.Reason, "refused the API key") {
			t.Errorf("the ledger says %+v, %v", r, err)
		}

		// A user of one workspace learns nothing of a bot of the other.
		left = what(func() {
			h.ask(func(q *queues.Request) { q.Tenant, q.At = "globex", time.Now() })
		})
		apart("a stranger's request", left, "Konkurrent")
		if len(h.slack.sent) != 0 {
			t.Error("a stranger got a report")
		}
	})
}

// A configuration that names another tenant's secret gets no report. Ops read the remedy.
func TestDeliver_KeyOfAnotherTenant(t *testing.T) {
	const theft = "    key_secret: kindly/globex/4217\n"
	in(t, map[string]string{"acme": acme + theft}, func(t *testing.T, h *harness) {
		h.secrets.known["kindly/globex/4217"] = "good-key"
		if h.handle(fixture(t, "weekly.json")) != 0 {
			t.Errorf("SQS repeats it:\n%s", h.out)
		}
		if len(h.slack.sent)+len(h.mail.sent) != 0 {
			t.Error("a report was made with another tenant's key")
		}
		const cure = "begins with kindly/acme/"
		if r := h.record(channel); r.State != delivery.Retrying ||
			!strings.Contains(r.Remedy, cure) {
			t.Errorf("the ledger says %+v", r)
		}
	})
}
