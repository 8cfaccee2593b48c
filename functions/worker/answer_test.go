package worker_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagefake"
)

const responseURL = "https://hooks.slack.com/commands/T024BE7LD/8912/topsecret"

func nothing(*queues.Request) {}

func share(q *queues.Request) { q.Share = true }

func TestAnswer_Private(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Render = nil // every edition
		h.ask(nothing)
		if len(h.slack.private) != 1 || h.slack.private[0] != "U024BE7LH" ||
			len(h.slack.replies) != 0 {
			t.Fatalf("direct messages to %q, replies %v", h.slack.private, h.slack.replies)
		}
		m := h.slack.sent[0]
		if !strings.HasPrefix(m.Key, "acme/4217/2026-W46/asked-") ||
			strings.Contains(m.Key, "U024BE7LH") || len(m.File("report.pdf")) == 0 {
			t.Errorf("key %q, PDF of %d bytes", m.Key, len(m.File("report.pdf")))
		}
		if _, err := h.Archive.Manifest(t.Context(), job); err != nil {
			t.Errorf("the report is not in the archive: %v", err)
		}
		h.states("", "") // an answer is no delivery
		h.out.has(t, `"message":"answered"`, `"tenant":"acme"`, `"bot":"4217"`,
			`"period":"2026-W46"`, `"request_id":"invocation-1"`)
		h.out.has(t, `"Delivered":1`)
		h.out.has(t, `"Duration":`)
		h.out.hasNot(t, `"Failed":1`)
		h.out.hasNot(t, "topsecret")
	})
}

func TestAnswer_Shared(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.ask(share)
		if to := h.slack.to(); len(to) != 1 || to[0] != "C024BE91L" || len(h.slack.private) != 0 {
			t.Fatalf("sent to %q", to)
		}
		if weekly := (delivery.Delivery{Job: job,
			Destination: channel}).Key(); h.slack.sent[0].Key == weekly {
			t.Errorf("it would pass for the weekly report: %s", weekly)
		}
		h.out.has(t, `"Delivered":1`)
		h.out.hasNot(t, `"Failed":1`)
		// SQS may bring it twice.
		h.ask(share)
		if len(h.slack.sent) != 1 || len(h.slack.replies) != 0 {
			t.Errorf("posted %d times, replies %v", len(h.slack.sent), h.slack.replies)
		}
	})
}

// A worker that crashes while it posts leaves a claim. When the claim has ended, the next try
// looks for the message before it posts.
func TestAnswer_SharedAfterCrash(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.crash = "C024BE91L"
		event := fixture(t, "request.json")
		event.Records[0].Body = asked(t, event.Records[0].Body, share)
		if h.handle(event) != 1 {
			t.Fatal("the request is not repeated")
		}
		h.slack.crash = ""
		h.ask(share) // while the claim lasts
		if len(h.slack.sent)+len(h.slack.replies) != 0 {
			t.Errorf("posted %d times, replies %v", len(h.slack.sent), h.slack.replies)
		}
		time.Sleep(7 * time.Minute) // the queue's visibility
		h.ask(share)
		if len(h.slack.sent) != 1 || h.slack.looked != 1 {
			t.Errorf("posted %d times after %d looks", len(h.slack.sent), h.slack.looked)
		}
	})
}

// A request whose post failed is not posted by its second try, and the failure is told once.
func TestAnswer_SharedTwiceAfterFailure(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("Slack is busy")}}
		for range 2 {
			h.ask(share)
		}
		if len(h.slack.sent) != 0 || len(h.slack.replies) != 1 {
			t.Errorf("posted %d times, replies %v", len(h.slack.sent), h.slack.replies)
		}
	})
}

func TestAnswer_SharedIsDiverted(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Divert = &config.Destination{Medium: config.Mail, To: "dev@example.com"}
		h.ask(share)
		if to := h.mail.to(); len(h.slack.sent) != 0 || len(to) != 1 ||
			to[0] != "dev@example.com" ||
			h.mail.sent[0].Report.Bot.Name != "[for C024BE91L] Nettbutikk" {
			t.Errorf("sent to %q and %q", h.slack.to(), to)
		}
	})
}

func TestAnswer_Refused(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*queues.Request)
		reply  string // empty: none
		log    string
	}{
		{"too old", func(q *queues.Request) { q.At = monday.Add(-25*time.Minute - time.Second) },
			"", "too old"},
		{"another channel", func(q *queues.Request) { q.Channel = "C0OTHER" },
			"You cannot ask for that report here.", "no permission"},
		{"another workspace", func(q *queues.Request) { q.Team = "T0OTHER" },
			"You cannot ask for that report here.", "no permission"},
		{"a viewer, to share elsewhere", func(q *queues.Request) {
			q.Channel, q.User,
				q.Share = "C0OTHER", "U0VIEWER1", true
		},
			"You cannot ask for that report here.", "no permission"},
		{"no such bot", func(q *queues.Request) { q.Bot = "nobody" },
			"You cannot ask for that report here.", "the bot is gone"},
		{"no such tenant", func(q *queues.Request) { q.Tenant = "globex" },
			"You cannot ask for that report here.", "the tenant is gone"},
		{"the running week", func(q *queues.Request) { q.Period = must(period.Parse("2026-W47")) },
			"Week 47 is not over yet. The report of Nettbutikk will be ready on Monday 23 November 2026, 00:00 (Europe/Oslo).", "the period is not over"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.ask(tc.change)
				if len(h.slack.sent)+len(h.sage.Requests()) != 0 {
					t.Errorf("sent to %q after %d questions", h.slack.to(), len(h.sage.Requests()))
				}
				switch {
				case tc.reply == "" && len(h.slack.replies) == 0:
				case len(h.slack.replies) != 1, h.slack.replies[0].text != tc.reply,
					h.slack.replies[0].url != responseURL:
					t.Errorf("replies %v, want %q", h.slack.replies, tc.reply)
				}
				h.out.has(t, tc.log)
			})
		})
	}
}

// An answer is in the bot's language. A refusal is in the language of the workspace's tenant.
func TestAnswer_Language(t *testing.T) {
	norwegian := strings.Replace(strings.Replace(acme, "{tz:", "{locale: nb, tz:", 1),
		"    name: Nettbutikk\n", "    name: Nettbutikk\n    locale: de\n", 1)
	for _, tc := range []struct {
		name   string
		change func(*queues.Request)
		reply  string
	}{
		{"another channel", func(q *queues.Request) { q.Channel = "C0OTHER" },
			"Den rapporten kan du ikke be om her."},
		{"no such bot", func(q *queues.Request) { q.Bot = "nobody" },
			"Den rapporten kan du ikke be om her."},
		{"no such tenant", func(q *queues.Request) { q.Tenant = "globex" },
			"You cannot ask for that report here."},
		{"the running week", func(q *queues.Request) { q.Period = must(period.Parse("2026-W47")) },
			"KW\u00a047 ist noch nicht vorbei. Der Bericht von Nettbutikk liegt ab Montag, 23. November 2026, 00:00\u00a0Uhr (Europe/Oslo) vor."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": norwegian}, func(t *testing.T, h *harness) {
				h.ask(tc.change)
				if len(h.slack.replies) != 1 || h.slack.replies[0].text != tc.reply {
					t.Errorf("replies %v, want %q", h.slack.replies, tc.reply)
				}
			})
		})
	}
	in(t, map[string]string{"acme": norwegian}, func(t *testing.T, h *harness) {
		h.ask(nothing)
		if len(h.slack.sent) != 1 || h.slack.sent[0].Report.Locale != "de" ||
			!strings.Contains(string(h.slack.sent[0].File("digest.txt")), "Normale Woche") {
			t.Errorf("sent %v", h.slack.sent)
		}
	})
}

// A shared report is like the channel's weekly report: in its language, with its
// charts.
func TestAnswer_SharedAsConfigured(t *testing.T) {
	norwegian := strings.Replace(acme, "channels: C024BE91L",
		"channels: [C024BE92L, {channel: C024BE91L, send: on_alert, locale: nb, charts: images}]",
		1)
	in(t, map[string]string{"acme": norwegian}, func(t *testing.T, h *harness) {
		h.ask(share)
		h.ask(nothing)
		if len(h.slack.sent) != 2 {
			t.Fatalf("sent to %q: %s", h.slack.to(), h.out)
		}
		shared, private := h.slack.sent[0], h.slack.sent[1]
		if d := shared.Destination; d.To != "C024BE91L" || shared.Report.Locale != "nb" ||
			d.Charts != config.Images || !strings.Contains(string(shared.File("digest.txt")),
			"Vanlig uke") {
			t.Errorf("shared in %s in %q with charts %q", d.To, shared.Report.Locale, d.Charts)
		}
		if private.Report.Locale != "en" {
			t.Errorf("the user got it in %q", private.Report.Locale)
		}
	})
}

// The user gets the headline while Slack takes the pictures of the report. Charts that Slack draws
// need no time, so the report itself tells it. A failed headline does not prevent the report.
func TestAnswer_HeadlineBeforePictures(t *testing.T) {
	const channel = "channels: C024BE91L"
	for _, test := range []struct {
		name, channels string
		ask            func(*queues.Request)
		limit          int // the first reply that Slack refuses
		replies, sent  int
	}{
		{"private", channel + "\n    charts: images", nothing, 0, 1, 1},
		{"shared", channel + "\n    charts: images", share, 0, 1, 1},
		{"shared in another style", "channels: {channel: C024BE91L, charts: native}\n" +
			"    charts: images", share, 0, 0, 1},
		{"charts that Slack draws", channel, nothing, 0, 0, 1},
		{"a headline that fails", channel + "\n    charts: images", nothing, 1, 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			tenant := strings.Replace(acme, channel, test.channels, 1)
			in(t, map[string]string{"acme": tenant}, func(t *testing.T, h *harness) {
				h.slack.replyLimit = test.limit
				h.ask(test.ask)
				if len(h.slack.replies) != test.replies || len(h.slack.sent) != test.sent {
					t.Fatalf("replies %v, sent to %q: %s", h.slack.replies, h.slack.to(), h.out)
				}
				for _, r := range h.slack.replies {
					if !strings.HasPrefix(r.text, "Usual week: nothing unusual.\nNettbutikk") ||
						r.blocks != 2 || r.url != responseURL {
						t.Errorf("the user got %+v", r)
					}
				}
				if failed := "the headline was not told"; test.limit > 0 {
					h.out.has(t, failed)
				} else {
					h.out.hasNot(t, failed)
				}
			})
		})
	}
}

func TestAnswer_ViewerInAnyChannel(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.ask(func(q *queues.Request) { q.Channel, q.User = "C0OTHER", "U0VIEWER1" })
		if len(h.slack.private) != 1 {
			t.Errorf("replies: %v", h.slack.replies)
		}
	})
}

// Failures are answered in words for readers, without internals.
func TestAnswer_Failures(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(h *harness)
		ask    func(*queues.Request)
		reply  string
		blocks bool
		reason string // of the metric Failed; empty: nothing failed
	}{
		{"the key is refused", func(h *harness) { h.secrets.known["kindly/acme/4217"] = "old-key" },
			nothing,
			"The report of Nettbutikk, 9–15 November, cannot be made right now. Kindly does not allow access to this bot’s statistics.", false, "key"},
		{"Sage is down",
			func(h *harness) { h.sage.Fault(sagefake.Fault{Status: http.StatusServiceUnavailable}) }, nothing,
			"The report of Nettbutikk, 9–15 November, cannot be made right now. Kindly’s statistics gave no usable answer.", false, "sage"},
		{"it cannot be posted", func(h *harness) {
			h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("not_in_channel"), Remedy: "secret insides"}}
		}, share, "The report of Nettbutikk, 9–15 November, could not be posted here.", false,
			"slack"},
		{"it cannot be drawn in the bot's language", func(h *harness) {
			h.weekly()
			h.configure("acme", strings.Replace(acme, "{tz:", "{locale: nb, tz:", 1))
			h.Render = func(*figures.Report) ([]delivery.File, error) {
				return nil,
					errors.New("no ø in the font")
			}
		}, nothing, "Rapporten for Nettbutikk, 9.–15. november, kan ikke lages akkurat nå.", false,
			"slack"},
		{"it cannot be drawn in the channel's language", func(h *harness) {
			h.weekly()
			h.configure("acme", strings.Replace(acme, "channels: C024BE91L",
				"channels: {channel: C024BE91L, locale: nb}", 1))
			h.Render = func(*figures.Report) ([]delivery.File, error) {
				return nil,
					errors.New("no ø in the font")
			}
		}, share, "The report of Nettbutikk, 9–15 November, cannot be made right now.", false,
			"slack"},
		{"no direct message can be opened", func(h *harness) {
			h.slack.refuse = map[string]error{"U024BE7LH": slack.ErrNoDM}
		}, nothing, "Usual week: nothing unusual", true, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				tc.change(h)
				h.ask(tc.ask)
				if want := map[bool]int{false: 1,
					true: 2}[tc.blocks]; len(h.slack.replies) != want {
					t.Fatalf("replies: %v", h.slack.replies)
				}
				r := h.slack.replies[0]
				h.out.hasNot(t, "a command was not answered")
				if len(h.slack.private) != 0 {
					t.Errorf("direct messages to %q", h.slack.private)
				}
				if tc.reason == "" {
					h.out.hasNot(t, `"Failed":1`)
				} else {
					h.out.has(t, `"ERROR"`, "a request failed", `"tenant":"acme"`, `"error":`)
					h.out.has(t, `"Failed":1`, `"Reason":"`+tc.reason+`"`)
				}
				if r.url != responseURL || !strings.HasPrefix(r.text, tc.reply) ||
					(r.blocks > 0) != tc.blocks {
					t.Errorf("replied %q with %d blocks", r.text, r.blocks)
				}
				for _, inside := range []string{"insides", "kindly/acme", "https://", "503", "401",
					"key"} {
					if strings.Contains(r.text, inside) {
						t.Errorf("the answer shows %q: %s", inside, r.text)
					}
				}
			})
		})
	}
}

// Without a direct message, the command is answered with the digest and then the details.
func TestAnswer_WithoutDirectMessage(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.refuse = map[string]error{"U024BE7LH": slack.ErrNoDM}
		h.ask(nothing)
		if len(h.slack.replies) != 2 {
			t.Fatalf("replies: %v", h.slack.replies)
		}
		for i, text := range []string{"Usual week: nothing unusual.\nNettbutikk, 9–15 November 2026",
			"Nettbutikk, 9–15 November 2026\nThe week in detail"} {
			if r := h.slack.replies[i]; r.url != responseURL || r.text != text || r.blocks < 3 {
				t.Errorf("reply %d is %q with %d blocks", i, r.text, r.blocks)
			}
		}
		h.out.hasNot(t, "without the details")
	})
}

// A user who has the digest is answered, even if Slack refuses the details.
func TestAnswer_SlackRefusesReplies(t *testing.T) {
	for _, tc := range []struct {
		name    string
		refuse  map[string]error
		ask     func(*queues.Request)
		limit   int // the first reply that Slack refuses
		replies int
		logged  string
		failed  bool
	}{
		{"the digest", map[string]error{"U024BE7LH": slack.ErrNoDM}, nothing, 1, 0,
			"a request failed", true},
		{"the details", map[string]error{"U024BE7LH": slack.ErrNoDM}, nothing, 2, 1,
			"without the details", false},
		{"an apology", map[string]error{"C024BE91L": errors.New("not_in_channel")}, share, 1, 0,
			"a command was not answered", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.slack.refuse, h.slack.replyLimit = tc.refuse, tc.limit
				h.ask(tc.ask)
				if len(h.slack.replies) != tc.replies {
					t.Errorf("replies: %v", h.slack.replies)
				}
				h.out.has(t, tc.logged, "the response_url has expired")
				for metric, want := range map[string]bool{`"Failed":1`: tc.failed,
					`"Delivered":1`: !tc.failed} {
					if got := strings.Contains(h.out.String(), metric); got != want {
						t.Errorf("%s is measured: %t", metric, got)
					}
				}
			})
		})
	}
}

// SQS tries a request twice. If the second try crashes too, the user gets an answer.
func TestAnswer_SecondCrash(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Archive.Store = nil // which panics
		for try, replies := range []int{0, 1} {
			event := fixture(t, "request.json")
			event.Records[0].Attributes["ApproximateReceiveCount"] = strconv.Itoa(try + 1)
			if again := h.handle(event); again != 1 || len(h.slack.replies) != replies {
				t.Errorf("try %d: %d to be repeated, %d replies", try+1, again,
					len(h.slack.replies))
			}
		}
		if !strings.Contains(h.out.String(), "worker.(*Worker).loadOrBuild") {
			t.Errorf("the log does not show where:\n%s", h.out)
		}
	})
}

func TestAnswer_SecondTry(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		event := fixture(t, "request.json")
		event.Records[0].Attributes["ApproximateReceiveCount"] = "2"
		if again := h.handle(event); again != 0 || len(h.slack.private) != 1 ||
			len(h.slack.replies) != 0 {
			t.Errorf("%d to be repeated, direct messages to %q, replies %v", again, h.slack.private,
				h.slack.replies)
		}
	})
}

func TestAnswer_OldestRequest(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.ask(func(q *queues.Request) { q.At = monday.Add(-25 * time.Minute) })
		if len(h.slack.private) != 1 {
			t.Errorf("direct messages to %q", h.slack.private)
		}
	})
}

func TestAnswer_FromArchive(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		questions := len(h.sage.Requests())
		h.ask(nothing)
		if asked := len(h.sage.Requests()) - questions; asked != 0 || len(h.slack.private) != 1 {
			t.Errorf("%d questions, direct messages to %q", asked, h.slack.private)
		}
		if h.slack.sent[1].Build != h.slack.sent[0].Build {
			t.Error("the answer shows other numbers")
		}

		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		h.ask(nothing)
		if m := must(h.Archive.Manifest(t.Context(), job)); m.Revision != 2 ||
			h.slack.sent[2].Build != m.Build || m.Build == h.slack.sent[0].Build {
			t.Errorf("with other filters: revision %d", m.Revision)
		}
	})
}
