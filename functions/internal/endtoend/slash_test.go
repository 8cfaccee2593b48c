package endtoend

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/period"
)

// A user in the bot's channel asks for help, for a bot that there is not, for a report, and shares it.
func (s *setting) theSlashCommand(t *testing.T) {
	w := s.world(t, acme)
	w.warm(acme)

	if _, text := w.asks(w.event(acme.types(acme.channel, "help"), nil)); !strings.Contains(text, "/kindly-report BOT share") || !strings.Contains(text, "Acme Shop") {
		t.Errorf("help: %q", text)
	}
	if _, text := w.asks(w.event(acme.types(acme.channel, "nettbuttik"), nil)); !strings.Contains(text, "Did you mean") || !strings.Contains(text, "Acme Shop") {
		t.Errorf("a slip: %q", text)
	}
	if _, text := w.asks(w.event(acme.types(acme.channel, "helpdesk 46"), nil)); !strings.Contains(text, "There is no bot “helpdesk”") {
		t.Errorf("no such bot: %q", text)
	}
	oslo := w.monday.Location()
	running := period.WeekOf(period.DateOf(time.Now().In(oslo))).String()
	if _, text := w.asks(w.event(acme.types(acme.channel, "nettbutikk "+running), nil)); !strings.Contains(text, "is not over yet") {
		t.Errorf("the running week: %q", text)
	}
	if requests := w.receive(t, w.requests); len(requests) > 0 {
		t.Fatalf("queued: %v", requests)
	}

	// Privately: an answer at once, then the report as a direct message.
	private := acme.types(acme.channel, "nettbutikk "+w.week.String())
	private.responseURL = w.slack.ResponseURL()
	event := w.event(private, nil)
	if _, text := w.asks(event); !strings.Contains(text, "Acme Shop") || !strings.Contains(text, "privately") {
		t.Errorf("the answer: %q", text)
	}
	if done := w.work(w.requests); len(done) != 1 {
		t.Fatalf("%d requests\n%s", len(done), w.slash.log)
	}
	dm := w.dm(acme)
	if len(dm) != 1 {
		t.Fatalf("%d direct messages\n%s", len(dm), w.worker.log)
	}
	w.judgeReport(dm[0])
	w.judgeArchive(acme)

	// The same request again does nothing.
	if status, text := w.asks(event); status != http.StatusOK || text != "" {
		t.Errorf("a replay: %d %q", status, text)
	}
	if requests := w.receive(t, w.requests); len(requests) > 0 {
		t.Errorf("a replay is queued: %v", requests)
	}

	// Shared: the archive answers, and the channel gets the same numbers.
	asked := len(w.sage.Requests())
	share := acme.types(acme.channel, "acme "+w.week.String()+" share")
	share.responseURL, share.plain = w.slack.ResponseURL(), true
	if _, text := w.asks(w.event(share, nil)); !strings.Contains(text, "posted in this channel") {
		t.Errorf("the answer to sharing: %q", text)
	}
	w.work(w.requests)
	shared := w.slack.Messages(acme.channel)
	if len(shared) != 1 {
		t.Fatalf("%d messages in the channel\n%s", len(shared), w.worker.log)
	}
	w.judgeReport(shared[0])
	if shared[0].Text != dm[0].Text || len(w.sage.Requests()) != asked || w.manifest(acme).Revision != 1 {
		t.Error("the archive was not what answered")
	}

	// Where no direct message can be opened the words and numbers come by the response URL: the digest, and then the details.
	w.slack.FailAlways("conversations.open", slackfake.Fault{Error: "cannot_dm_bot"})
	private.responseURL = w.slack.ResponseURL()
	w.asks(w.event(private, nil))
	w.work(w.requests)
	responses := w.slack.Responses()
	if len(responses) != 2 {
		t.Fatalf("answers by response URL: %+v\n%s", responses, w.worker.log)
	}
	for _, r := range responses {
		if r.Type != "ephemeral" {
			t.Errorf("everybody sees the answer: %+v", r)
		}
		judgeBlocks(t, r.Blocks)
	}

	// The Monday's report is another thing: it was asked for, not delivered.
	w.deployed()
	if c := w.ticks(w.monday); c.Queued != 1 {
		t.Errorf("the Monday's tick after a request: %+v", c)
	}
	w.work(w.weekly)
	if n := len(w.slack.Messages(acme.channel)); n != 2 {
		t.Errorf("%d messages in the channel after Monday", n)
	}
}

// A request counts only if it is signed with its tenant's secret, to the byte; and a bot is there only for those
// who may ask for it.
func (s *setting) whoMayAsk(t *testing.T) {
	w := s.world(t, acme, beta)
	w.warm(acme)

	text := acme.types(acme.channel, "nettbutikk")
	text.responseURL = w.slack.ResponseURL()
	for name, at := range map[string]func(body []byte) int{
		"first":  func([]byte) int { return 0 },
		"middle": func(body []byte) int { return len(body) / 2 },
		"last":   func(body []byte) int { return len(body) - 1 },
	} {
		event := w.event(text, func(body []byte) { body[at(body)] ^= 1 })
		if status, said := w.asks(event); status != http.StatusUnauthorized || said != "" {
			t.Errorf("the %s byte altered: %d %q", name, status, said)
		}
	}
	forged := text
	forged.signing = beta.signing
	if status, said := w.asks(w.event(forged, nil)); status != http.StatusUnauthorized || said != "" {
		t.Errorf("signed by the other tenant: %d %q", status, said)
	}

	for _, c := range []command{
		acme.types(acme.ops, "nettbutikk"), // not the bot's channel
		acme.types(acme.channel, "bakeri"), // the other tenant's bot
		acme.types(acme.channel, "beta bakery"),
	} {
		_, said := w.asks(w.event(c, nil))
		if !strings.Contains(said, "no bot") || strings.Contains(said, "Beta Bakery") || c.channel == acme.ops && strings.Contains(said, "Acme Shop") {
			t.Errorf("%q in %s: %q", c.text, c.channel, said)
		}
	}
	if _, said := w.asks(w.event(beta.types(beta.channel, "help"), nil)); !strings.Contains(said, "Beta Bakery") || strings.Contains(said, "Acme") {
		t.Errorf("help for the other tenant: %q", said)
	}
	if requests := w.receive(t, w.requests); len(requests) > 0 {
		t.Errorf("queued: %v", requests)
	}
	if n := len(w.slack.Calls("")) + len(w.sage.Requests()); n != 0 {
		t.Errorf("%d requests to Slack and Sage", n)
	}
}

// warm types help until it is answered: the function's two seconds may be short on a machine that has much to do.
func (w *world) warm(x tenant) {
	w.t.Helper()
	for range 5 {
		if _, text := w.asks(w.event(x.types(x.channel, ""), nil)); strings.Contains(text, "/kindly-report") {
			return
		}
	}
	w.t.Fatalf("no help\n%s", w.slash.log)
}

// dm are the direct messages to the tenant's user.
func (w *world) dm(x tenant) (all []slackfake.Message) {
	for _, c := range w.slack.Channels() {
		if c.User == x.user {
			all = append(all, w.slack.Messages(c.ID)...)
		}
	}
	return all
}
