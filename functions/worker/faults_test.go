package worker_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

// Remedies of several failures.
const (
	newKey   = `make a new key with the permission "read statistics" at https://app.kindly.ai/bot/4217/connect/api-keys and ` + storeIt
	storeIt  = "store it:\n  kindly-weekly key set --stack weekly --tenant acme --bot 4217"
	look     = "see what Sage answers now:\n  kindly-weekly doctor --stack weekly --tenant acme --bot 4217"
	setClock = "set this machine's clock; if it is right and Kindly's is wrong, tell Kindly"
	rightID  = "correct the bot's id in the configuration, or remove the bot from it: the id stands in the address of its page in Kindly"
)

const (
	soon  = 5 * time.Minute // what passes is tried again, after longer and longer
	later = time.Hour       // what people have to do something about
)

// Every failure of Sage has its own words, remedy and cause. Each is tried twice: the words
// contain nothing that varies.
func TestDeliver_SageFailures(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fault func(h *harness)
		again func(h *harness) // how the next try fails in the same way, if not in the very same

		reason, cure, cause string
		next                time.Duration
	}{
		// The key.
		{name: "the key is refused",
			fault:  func(h *harness) { h.secrets.known["kindly/acme/4217"] = "old-key" },
			reason: "Kindly refused the API key of bot 4217", cure: newKey, cause: "key/4217",
			next: later},
		{name: "a fresh token is refused", fault: core(sagefake.Fault{Status: 401}),
			reason: "Sage refused a token that Kindly had just made for bot 4217",
			cure:   "see that SageUrl and KindlyApiUrl, the parameters of the deployment, belong together; if they do, " + newKey, cause: "key/4217", next: later},
		{name: "the key may not read statistics",
			fault: core(sagefake.Fault{Status: 403,
				Body: `{"error": "good-key has no permission"}`}),
			reason: `the API key of bot 4217 lacks the permission "read statistics", or is of another bot (Sage answered 403 Forbidden)`,
			cure:   newKey, cause: "key/4217", next: later},
		{name: "the key may not make tokens",
			fault: exchange(sagefake.Fault{Status: 403,
				Body: `{"error": "good-key has no permission"}`}),
			reason: `the API key of bot 4217 lacks the permission "read statistics", or is of another bot (Kindly answered 403 Forbidden)`,
			cure:   newKey, cause: "key/4217", next: later},
		{name: "the key was stored with its quotes",
			fault:  func(h *harness) { h.secrets.known["kindly/acme/4217"] = `"good-key"` },
			reason: "what is stored as the API key of bot 4217 is none (it is empty, or has a space, a quote or another character that no key has)",
			cure:   "copy the key again, alone, and " + storeIt, cause: "key/4217", next: later},

		// The secret that holds it.
		{name: "there is no secret", fault: noSecret(&secrets.Error{Secret: "kindly/acme",
			Err: errors.New("not there"), Remedy: "create it", Permanent: true}),
			reason: "the API key in secret kindly/acme could not be read (not there)",
			cure:   "create it", cause: "secret/kindly/acme", next: later},
		{name: "the secret lacks the field", fault: noSecret(&secrets.Error{Secret: "kindly/acme",
			Field: "4217", Err: errors.New("no such field"), Remedy: "add it", Permanent: true}),
			reason: "the API key in secret kindly/acme#4217 could not be read (no such field)",
			cure:   "add it", cause: "secret/kindly/acme#4217", next: later},
		{name: "Secrets Manager is down", fault: noSecret(&secrets.Error{Secret: "kindly/acme",
			Err: network(40001, "read", syscall.ECONNRESET)}),
			again: noSecret(&secrets.Error{Secret: "kindly/acme",
				Err: network(40002, "read", syscall.ECONNRESET)}),
			reason: "Secrets Manager did not give secret kindly/acme, which has an API key",
			cause:  "secret/kindly/acme", next: soon},
		{name: "no time is left for Secrets Manager", fault: noSecret(context.DeadlineExceeded),
			reason: "the API key of bot 4217 could not be read", cause: "secret/kindly/acme/4217",
			next: soon},

		// The bot.
		{name: "Kindly does not know the bot",
			fault:  func(h *harness) { h.wire(sagefake.New(shop("4218", "good-key"))) },
			reason: "Kindly knows no bot 4217", cure: rightID, cause: "bot/4217", next: later},
		{name: "Sage does not know the bot", fault: core(sagefake.Fault{Status: 404}),
			reason: "Kindly knows no bot 4217 with statistics",
			cure:   rightID + "; if it is right, " + look, cause: "bot/4217", next: later},
		{name: "the bot cannot be asked about", fault: func(h *harness) {
			h.Tenants = changed{h.Tenants, func(b *config.Bot) { b.Languages = []string{"norsk"} }}
		}, reason: `Sage cannot be asked about bot 4217 (language_codes[]: "norsk" is not a language code: write two small letters, such as en or nb)`,
			cure: "correct it in the configuration", cause: "bot/4217", next: later},
		{name: "the report cannot be drawn", fault: func(h *harness) {
			h.Tenants = changed{h.Tenants, func(b *config.Bot) { b.Locale = "tlh" }}
		}, reason: "the report could not be drawn", cause: "draw/4217", next: soon},

		// Sage is busy or broken.
		{name: "429, with a time to wait", fault: core(sagefake.Fault{Status: 429,
			RetryAfter: "1800"}), again: core(sagefake.Fault{Status: 429, RetryAfter: "1799"}),
			reason: "Sage answered 429 Too Many Requests and asks us to wait", cause: "sage",
			next: 30 * time.Minute},
		{name: "429, without", fault: core(sagefake.Fault{Status: 429}),
			reason: "Sage answered 429 Too Many Requests", cause: "sage", next: soon},
		{name: "429 at the exchange", fault: exchange(sagefake.Fault{Status: 429,
			RetryAfter: "600"}),
			reason: "Kindly answered 429 Too Many Requests and asks us to wait", cause: "sage",
			next: 10 * time.Minute},
		{name: "500", fault: core(sagefake.Fault{Status: 500}),
			reason: "Sage answered 500 Internal Server Error", cause: "sage", next: soon},
		{name: "500 at the exchange", fault: exchange(sagefake.Fault{Status: 500}),
			reason: "Kindly answered 500 Internal Server Error", cause: "sage", next: soon},
		{name: "503, with a time to wait", fault: core(sagefake.Fault{Status: 503,
			RetryAfter: "1800"}),
			reason: "Sage answered 503 Service Unavailable", cause: "sage", next: 30 * time.Minute},
		{name: "a status without a name", fault: core(sagefake.Fault{Status: 599}),
			reason: "Sage answered 599", cause: "sage", next: soon},
		{name: "502 with a page", fault: core(sagefake.Fault{Status: 502,
			Body: "<html>Bad Gateway</html>", RetryAfter: "900"}),
			reason: "Sage answered 502 Bad Gateway with a web page instead of JSON", cause: "sage",
			next: 15 * time.Minute},
		{name: "500 with a page", fault: core(sagefake.Fault{Status: 500,
			Body: "<html>Oops</html>"}),
			reason: "Sage answered 500 Internal Server Error with a web page instead of JSON",
			cause:  "sage", next: soon},
		{name: "502 with a page at the exchange",
			fault:  exchange(sagefake.Fault{Status: 502, Body: "<html>Bad Gateway</html>"}),
			reason: "Kindly answered 502 Bad Gateway with a web page instead of JSON",
			cause:  "sage", next: soon},

		// There is an answer, and it is none.
		{name: "200 with a page",
			fault:  core(sagefake.Fault{Body: "<html>We are mending it</html>"}),
			again:  core(sagefake.Fault{Body: "<!doctype html>Nearly there"}),
			reason: "Sage answered with a web page instead of JSON",
			cause:  "sage", next: soon},
		{name: "200 with a page at the exchange",
			fault:  exchange(sagefake.Fault{Body: "<html>We are mending it</html>"}),
			reason: "Kindly answered with a web page instead of JSON",
			cause:  "sage", next: soon},
		{name: "200 with a text", fault: core(sagefake.Fault{Body: "all is well"}),
			reason: "Sage's answer could not be read", cause: "sage", next: soon},
		{name: "the connection breaks within the answer",
			fault:  core(sagefake.Fault{Truncate: true}),
			again:  core(sagefake.Fault{Truncate: true, Body: `{"data": [{"count": 1`}),
			reason: "Sage's answer broke off", cause: "sage", next: soon},
		{name: "the answer ends in its middle",
			fault:  core(sagefake.Fault{Body: `{"data": [{"count"`}),
			again:  core(sagefake.Fault{Body: `{"da`}),
			reason: "Sage's answer broke off", cause: "sage", next: soon},
		{name: "the connection breaks within the token",
			fault:  exchange(sagefake.Fault{Truncate: true}),
			reason: "Kindly's answer broke off", cause: "sage", next: soon},
		{name: "the answer drips", fault: core(sagefake.Fault{SlowBody: 7 * time.Second}),
			again:  core(sagefake.Fault{SlowBody: 9 * time.Second}),
			reason: "Sage's answer did not come whole in time", cause: "sage", next: soon},
		{name: "the token drips", fault: exchange(sagefake.Fault{SlowBody: 7 * time.Second}),
			reason: "Kindly's answer did not come whole in time", cause: "sage", next: soon},
		{name: "no answer begins", fault: core(sagefake.Fault{Delay: time.Hour}),
			again:  core(sagefake.Fault{Delay: 2 * time.Hour}),
			reason: "Sage did not answer in time", cause: "sage", next: soon},
		{name: "no token comes", fault: exchange(sagefake.Fault{Delay: time.Hour}),
			reason: "Kindly did not answer in time", cause: "sage", next: soon},

		// Sage has changed.
		{name: "another shape", fault: core(sagefake.Fault{Body: `{"data": {"a": 1}}`}),
			again:  core(sagefake.Fault{Body: `{"data": [{"n": 1}]}`}),
			reason: "Sage's statistics are not what they were", cure: look, cause: "sage-shape",
			next: later},
		{name: "another wrapping", fault: core(sagefake.Fault{Body: `{"result": []}`}),
			reason: "Sage's statistics are not what they were", cure: look, cause: "sage-shape",
			next: later},
		{name: "another shape of tokens", fault: exchange(sagefake.Fault{Body: `{"token": "x"}`}),
			reason: "Kindly's tokens are not what they were", cure: look, cause: "sage-shape",
			next: later},
		{name: "another address", fault: core(sagefake.Fault{Status: 301}),
			reason: "Sage is no longer where it was (it answered 301 Moved Permanently)",
			cure:   "set SageUrl, a parameter of the deployment, to where it is now",
			cause:  "sage-shape", next: later},
		{name: "several addresses", fault: core(sagefake.Fault{Status: 300}),
			reason: "Sage is no longer where it was (it answered 300 Multiple Choices)",
			cure:   "set SageUrl, a parameter of the deployment, to where it is now",
			cause:  "sage-shape", next: later},
		{name: "another address of the exchange", fault: exchange(sagefake.Fault{Status: 308}),
			reason: "Kindly is no longer where it was (it answered 308 Permanent Redirect)",
			cure:   "set KindlyApiUrl, a parameter of the deployment, to where it is now",
			cause:  "sage-shape", next: later},
		{name: "the question is not accepted, with a page",
			fault:  core(sagefake.Fault{Status: 400, Body: "<html>Bad Request</html>"}),
			reason: "Sage did not accept the question (it answered 400 Bad Request)", cure: look,
			next: later},
		{name: "the question is not accepted", fault: core(sagefake.Fault{Status: 400}),
			reason: "Sage did not accept the question (it answered 400 Bad Request)", cure: look,
			next: later},

		// There is no connection.
		{name: "all is down", fault: unreachable("dial", syscall.ECONNREFUSED),
			again:  unreachable("read", syscall.ECONNRESET),
			reason: "Kindly could not be reached", cause: "sage", next: soon},
		{name: "Sage alone is down", fault: unreachable("dial", syscall.ECONNREFUSED,
			"sage.example"),
			again:  unreachable("read", syscall.ECONNRESET, "sage.example"),
			reason: "Sage could not be reached", cause: "sage", next: soon},
		{name: "connections are closed without an answer",
			fault:  func(h *harness) { h.spoil(sagefake.Fault{Drop: true}) },
			reason: "Kindly could not be reached", cause: "sage", next: soon},
		{name: "the name is unknown", fault: unreachable("dial",
			&net.DNSError{Err: "no such host", Name: "sage.example", IsNotFound: true}),
			reason: "Kindly could not be reached", cause: "sage", next: soon},
		{name: "the certificate has run out", fault: unreachable("", expired("09:00:00")),
			again:  unreachable("", expired("10:00:00")),
			reason: "Kindly could not be reached, since its certificate is not valid or not trusted",
			cure:   "is this machine's clock right, and is there a proxy between? " + look,
			cause:  "sage", next: later},
		{name: "the deployment has no address", fault: func(h *harness) { h.SageURL = "nowhere" },
			reason: "the address of Sage or of the Kindly API cannot be used",
			cure:   "correct SageUrl and KindlyApiUrl, the parameters of the deployment",
			next:   later},

		// The clocks.
		{name: "the key is refused, and the clock is ahead",
			fault:  skewed(-2*time.Hour, exchange(sagefake.Fault{Status: 401})),
			again:  skewed(-2*time.Hour-20*time.Second, exchange(sagefake.Fault{Status: 401})),
			reason: "this machine's clock is about 2 h ahead of Kindly's, and Kindly refused an API key", cure: setClock, cause: "clock", next: later},
		{name: "a token is refused, and the clock is behind",
			fault:  skewed(30*time.Minute, core(sagefake.Fault{Status: 401})),
			again:  skewed(30*time.Minute+20*time.Second, core(sagefake.Fault{Status: 401})),
			reason: "this machine's clock is about 30 min behind Kindly's, and Sage refused a token just made", cure: setClock, cause: "clock", next: later},
		{name: "the key is refused, and the clocks are as near as clocks are",
			fault:  skewed(5*time.Minute, exchange(sagefake.Fault{Status: 401})),
			reason: "Kindly refused the API key of bot 4217", cure: newKey, cause: "key/4217",
			next: later},
		{name: "Sage is down, and the clock is ahead",
			fault:  skewed(-2*time.Hour, core(sagefake.Fault{Status: 503})),
			reason: "Sage answered 503 Service Unavailable", cause: "sage", next: soon},
		{name: "the week is not over at Kindly's", fault: skewed(-12*time.Hour, func(*harness) {}),
			reason: "this machine's clock is about 12 h ahead of Kindly's, where the week is not over yet", cure: setClock, cause: "clock", next: later},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.wire(h.sage)
				tc.fault(h)
				for try := 1; try <= 2; try++ {
					h.weekly()
					for _, d := range []config.Destination{channel, kari} {
						r := h.record(d)
						if r.State != delivery.Retrying || r.Attempts != try {
							t.Fatalf("%s is %q after %d attempts, want it failed after %d:\n%s",
								d.To, r.State, r.Attempts, try, h.out)
						}
						if r.Reason != tc.reason || r.Remedy != tc.cure ||
							string(r.Cause) != tc.cause {
							t.Errorf("try %d: %q\ncure %q\ncause %q, want\n%q\ncure %q\ncause %q",
								try, r.Reason, r.Remedy, r.Cause, tc.reason, tc.cure, tc.cause)
						}
						if wait := time.Until(r.NextTry).Round(time.Second); try == 1 &&
							wait != tc.next {
							t.Errorf("%s is tried again in %v, want %v", d.To, wait, tc.next)
						}
					}
					time.Sleep(time.Until(h.record(channel).NextTry))
					if tc.again != nil {
						h.repair()
						tc.again(h)
					}
				}
				if len(h.slack.sent)+len(h.mail.sent) != 0 {
					t.Error("something was sent")
				}
				h.showsNoSecret()
			})
		})
	}
}

// A failing endpoint costs the report its section. The report says what is missing and why.
func TestDeliver_OneEndpointFails(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fault sagefake.Fault
		why   string // in report.json, for operators
		told  string // to readers
		cause figures.Cause
	}{
		{"a status", sagefake.Fault{Status: 403, Body: `{"error": "good-key has no permission"}`},
			"Sage answered 403 Forbidden", "the answer was 403 Forbidden",
			figures.Cause{Kind: figures.CauseStatus, Who: "Sage", Status: 403}},
		{"a page", sagefake.Fault{Body: "<html>We are mending it</html>"},
			"Sage answered with a web page instead of data", "the answer was a web page, not data",
			figures.Cause{Kind: figures.CausePage, Who: "Sage"}},
		{"a drip", sagefake.Fault{SlowBody: 7 * time.Second},
			"Sage's answer did not come whole in time", "the answer did not arrive in full in time",
			figures.Cause{Kind: figures.CauseUnfinished, Who: "Sage"}},
		{"no connection", sagefake.Fault{Drop: true}, "Sage could not be reached",
			"there was no connection",
			figures.Cause{Kind: figures.CauseUnreachable, Who: "Sage"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.wire(h.sage)
				tc.fault.Path = "chatlabels/added"
				h.spoil(tc.fault)
				for range 3 { // it is asked for again first, unless Sage refuses it
					begun := time.Now()
					if h.weekly(); len(h.slack.sent) > 0 {
						break
					}
					time.Sleep(15*time.Minute - time.Since(begun))
				}
				h.states(delivery.Accepted, delivery.Accepted)
				if len(h.slack.sent) != 1 || len(h.mail.sent) != 1 {
					t.Fatalf("sent to %q and %q", h.slack.to(), h.mail.to())
				}
				want := figures.Unavailable{Section: figures.SectionLabels, Reason: tc.why,
					Refused: tc.fault.Status == 403, Cause: tc.cause}
				for _, m := range []message{h.slack.sent[0], h.mail.sent[0]} {
					if missing := m.Report.Unavailable; len(missing) != 1 ||
						!reflect.DeepEqual(missing[0], want) {
						t.Errorf("%s misses %+v, want %+v", m.Destination.To, missing, want)
					}
					text := strings.Join(strings.Fields(string(m.File("digest.txt"))), " ")
					if told := "Labels could not be fetched from Kindly’s statistics: " +
						tc.told; !strings.Contains(text, told) {
						t.Errorf("the digest does not say %q:\n%s", told, m.File("digest.txt"))
					}
				}
				h.showsNoSecret()
			})
		})
	}
}

// An answer that others contradict is asked for again for half an hour. Then the report is sent
// with what is known. It names what is not known, is not empty, and is archived as incomplete.
func TestDeliver_ContradictoryAnswers(t *testing.T) {
	const wednesday = "2026-11-11"
	chats, messages := "sessions/chats", "sessions/messages"
	for _, tc := range []struct {
		name   string
		faults []sagefake.Fault
		gaps   string // of the record; empty: the report is complete
		head   string
		tells  string
	}{
		{"no chats and no messages", []sagefake.Fault{{Path: chats, By: "day", Empty: true},
			{Path: messages, Empty: true}},
			"chats are not known: Sage's hours show events on days that it leaves out; messages are not known: Sage's fallbacks.daily show events on days that it leaves out",
			"numbers are missing for chats and user messages",
			"Kindly’s statistics disagree: zero here, 70 under chats by hour"},
		{"dates of another year", []sagefake.Fault{{Path: chats, By: "day", Years: 1},
			{Path: messages, By: "day", Years: 1}},
			"chats are not known: Sage answered only for times that were not asked for; messages are not known: Sage answered only for times that were not asked for",
			"numbers are missing for chats and user messages",
			"Kindly’s statistics gave numbers for other dates"},
		{"no chats on a day", []sagefake.Fault{{Path: chats, By: "day", Without: wednesday}},
			"chats are not known: Sage's hours show events on days that it leaves out",
			"numbers are missing for chats on Wednesday",
			"Kindly’s statistics disagree: zero here, 10 under chats by hour."},
		{"a day twice, different", []sagefake.Fault{{Path: messages, By: "day",
			Differs: wednesday}},
			"messages are not known: Sage gave different numbers for the same time",
			"numbers are missing for user messages on Wednesday",
			"Kindly’s statistics gave different numbers for the same time."},
		{"a day twice, equal", []sagefake.Fault{{Path: chats, By: "day", Twice: wednesday}}, "",
			"Chats", "Kindly’s statistics gave 1 number twice (chats); it counts once."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config := strings.Replace(acme, "    viewers", "    skip_if_empty: true\n    viewers",
				1)
			in(t, map[string]string{"acme": config}, func(t *testing.T, h *harness) {
				h.wire(h.sage)
				for _, f := range tc.faults {
					h.spoil(f)
				}
				begun := time.Now()
				for tries := 1; len(h.mail.sent) == 0 && tries <= 5; tries++ {
					h.weekly()
					if len(h.mail.sent) == 0 {
						h.states(delivery.Retrying, delivery.Retrying)
						time.Sleep(10 * time.Minute)
					}
				}
				h.states(delivery.Accepted, delivery.Accepted)
				waited := time.Since(begun).Round(10 * time.Minute)
				if want := 30 * time.Minute; tc.gaps != "" && waited != want || tc.gaps == "" &&
					waited != 0 {
					t.Errorf("it was sent after %v", waited)
				}
				if r := h.record(channel); r.Gaps != tc.gaps || r.Failed() != (tc.gaps != "") {
					t.Errorf("gaps %q, want %q", r.Gaps, tc.gaps)
				}
				m := must(h.Archive.Manifest(t.Context(), job))
				if m.Complete != (tc.gaps == "") {
					t.Errorf("complete: %v", m.Complete)
				}
				text := strings.Join(strings.Fields(string(h.mail.sent[0].File("digest.txt"))), " ")
				for _, want := range []string{tc.head, tc.tells} {
					if !strings.Contains(text, want) {
						t.Errorf("the digest does not say %q:\n%s", want,
							h.mail.sent[0].File("digest.txt"))
					}
				}
				if strings.Contains(text, "No chats were recorded") {
					t.Error("the digest says that there were no chats")
				}

				// A request after Sage was repaired gets the complete report.
				h.repair()
				h.ask(func(q *queues.Request) { q.At = time.Now() })
				if r := h.slack.sent[len(h.slack.sent)-1].Report; len(r.Unavailable) > 0 ||
					r.Chats.Total != 70 {
					t.Errorf("asked for again: %d chats, %+v", r.Chats.Total, r.Unavailable)
				}
			})
		})
	}
}

// A week without chats that nothing contradicts is empty.
func TestDeliver_EmptyWeek(t *testing.T) {
	config := strings.Replace(acme, "    viewers", "    skip_if_empty: true\n    viewers", 1)
	in(t, map[string]string{"acme": config}, func(t *testing.T, h *harness) {
		h.wire(sagefake.New(&sagefake.Bot{ID: "4217", Key: "good-key", TZ: "Europe/Oslo"}))
		h.weekly()
		h.states(delivery.Skipped, delivery.Skipped)
	})
}

// A request right after the week is answered if Kindly's clock is a few minutes behind, and
// refused if the week is not over by that clock.
func TestAnswer_WeekJustOver(t *testing.T) {
	for behind, sent := range map[time.Duration]int{0: 1, 4 * time.Minute: 1, 6 * time.Minute: 0} {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.wire(h.sage)
			// a minute after midnight in Oslo
			time.Sleep(time.Until(time.Date(2026, time.November, 22, 23, 1, 0, 0, time.UTC)))
			skewed(-behind, func(*harness) {})(h)
			h.ask(func(q *queues.Request) { q.Period, q.At = week.Next(), time.Now() })
			if len(h.slack.private) != sent || len(h.slack.replies) != 1-sent {
				t.Errorf("Kindly's clock is %v behind: direct messages to %q, replies %v", behind,
					h.slack.private, h.slack.replies)
			}
		})
	}
}

// A wrong clock does not stop a report of a week that is over by both clocks.
func TestDeliver_KindlysClockBehind(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		skewed(-2*time.Hour, func(*harness) {})(h)
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
	})
}

// A worker that is stopped says so, and does not name Sage as the cause.
func TestDeliver_WorkerStopped(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.wire(h.sage)
		core(sagefake.Fault{Delay: time.Hour})(h)
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		response, err := h.Handle(ctx, fixture(t, "weekly.json"))
		if err != nil || len(response.BatchItemFailures) != 0 {
			t.Errorf("%v, %v", response, err)
		}
		if r := h.record(channel); r.State != delivery.Retrying ||
			r.Reason != "the worker was stopped while it asked Sage" || r.Remedy != "" ||
			r.Cause != "" {
			t.Errorf("%q because %q, cure %q, cause %q", r.State, r.Reason, r.Remedy, r.Cause)
		}
	})
}

// wire connects the worker to a Sage by connections that can break and drip, and records the keys
// and tokens that are sent.
func (h *harness) wire(sage http.Handler) {
	carrier, cut := sagefake.Wire(sage)
	h.t.Cleanup(cut)
	h.HTTP = roundTripper(func(r *http.Request) (*http.Response, error) {
		h.bearers.Store(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), true)
		return carrier.RoundTrip(r)
	})
}

// showsNoSecret expects no key or token, sent or stored, in the log and the store.
func (h *harness) showsNoSecret() {
	h.t.Helper()
	left := h.out.String()
	for _, key := range must(h.store.List(h.t.Context(), "acme/")) {
		left += key + string(must(h.store.Get(h.t.Context(), key)).Data)
	}
	secrets := []string{"good-key"}
	h.bearers.Range(func(bearer, _ any) bool {
		secrets = append(secrets, bearer.(string))
		return true
	})
	for _, s := range secrets {
		if strings.Contains(left, s) {
			h.t.Errorf("%q is shown:\n%s", s, left)
		}
	}
}

// spoil makes Sage answer wrongly until repair.
func (h *harness) spoil(f sagefake.Fault) { h.faults = append(h.faults, h.sage.Fault(f)) }

func (h *harness) repair() {
	for _, clear := range h.faults {
		clear()
	}
	h.faults = nil
}

// core makes the two questions fail without which there is no report. Their order does not matter.
func core(f sagefake.Fault) func(h *harness) {
	return func(h *harness) {
		for _, f.Path = range []string{"sessions/chats", "sessions/messages"} {
			h.spoil(f)
		}
	}
}

// exchange makes the exchange of the key for a token fail.
func exchange(f sagefake.Fault) func(h *harness) {
	f.Path = "sage/auth"
	return func(h *harness) { h.spoil(f) }
}

// skewed changes Sage's and Kindly's clock by a duration.
func skewed(by time.Duration, fault func(h *harness)) func(h *harness) {
	return func(h *harness) {
		h.sage.Now = func() time.Time { return time.Now().Add(by) }
		fault(h)
	}
}

func noSecret(err error) func(h *harness) { return func(h *harness) { h.secrets.err = err } }

// unreachable makes connections to the host fail, or to all, each from another port.
func unreachable(op string, err error, hosts ...string) func(h *harness) {
	return func(h *harness) {
		before, port := h.HTTP, 40000
		var mu sync.Mutex
		h.HTTP = roundTripper(func(r *http.Request) (*http.Response, error) {
			if len(hosts) > 0 && r.URL.Host != hosts[0] {
				return before.RoundTrip(r)
			}
			mu.Lock()
			defer mu.Unlock()
			port++
			if op == "" {
				return nil, err
			}
			return nil, network(port, op, err)
		})
	}
}

// network is an error of the network, with addresses and ports.
func network(port int, op string, err error) error {
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(op, errno)
	}
	return &net.OpError{Op: op, Net: "tcp", Err: err,
		Source: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 7), Port: port},
		Addr:   &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}}
}

// expired is the error of a certificate that has expired, at a time of day.
func expired(at string) error {
	return &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{
		Cert: &x509.Certificate{}, Reason: x509.Expired,
		Detail: fmt.Sprintf("current time 2026-11-16T%sZ is after 2026-11-15T00:00:00Z", at),
	}}
}

// changed changes configurations in ways that config.Parse would not accept.
type changed struct {
	worker.Tenants
	change func(*config.Bot)
}

func (c changed) Get(ctx context.Context, name string) (*config.Tenant, error) {
	t, err := c.Tenants.Get(ctx, name)
	if err == nil {
		c.change(&t.Bots[0])
	}
	return t, err
}

// Without a bucket the keys are in the environment, and no command stores them.
func TestDeliver_KeyOfEnvironment(t *testing.T) {
	in(t, map[string]string{"acme": acme}, func(t *testing.T, h *harness) {
		h.Commands = alerting.Commands{Store: "out"}
		h.secrets.known["kindly/acme/4217"] = "expired"
		h.handle(fixture(t, "weekly.json"))
		if r := h.record(channel); !strings.HasSuffix(r.Remedy,
			" and put it into the environment, where the old one came from") {
			t.Errorf("the cure is %q", r.Remedy)
		}
	})
}
