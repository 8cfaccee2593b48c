package endtoend

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

// The first tick sends nothing old. That of the Monday leads to a message in each channel and a
// mail to each recipient; the same again, to nothing. A mail that comes back is heard of. Sage has
// its button clicks where the deployment's sage.json says.
func (s *setting) aMonday(t *testing.T) {
	w := s.world(t, acme)
	w.sage.Fault(sagefake.Fault{Path: "buttons/clicks", MovedTo: "buttons/clicked"})
	w.put(t, "sage.json", `{"schema": 1, "buttons": {"path": "buttons/clicked"}}`)
	w.deployed()
	if jobs := w.receive(t, w.weekly); len(jobs) > 0 {
		t.Fatalf("something old is queued: %v", jobs)
	}
	known := read[delivery.FirstSeen](t, w.cloud, delivery.KeysOf(acme.name).FirstSeen())
	if len(known[acme.bot]) != 4 {
		t.Errorf("the first tick has recorded %v", known)
	}

	if d := read[about.Deployment](t, w.cloud, "deployment.json"); d.Stage != about.Prod ||
		d.Stack != "kindly-weekly-test" || d.Bucket != bucket || d.SecretPrefix != prefixOfSecrets || d.Version == "" {
		t.Errorf("the deployment says of itself: %+v", d)
	}

	if c := w.ticks(w.monday); c.Queued != 1 || c.Failed != 0 {
		t.Fatalf("the Monday's tick: %+v\n%s", c, w.tick.log)
	}
	if c := w.ticks(w.monday); c.Failed != 0 { // at least once, says AWS
		t.Fatalf("the same tick again: %+v\n%s", c, w.tick.log)
	}
	jobs := w.work(w.weekly)
	if len(jobs) != 1 || jobs[0].Records[0].Attributes["MessageGroupId"] != acme.name+"/"+acme.bot {
		t.Fatalf("queued: %v", jobs)
	}

	w.judgeArchive(acme)
	spelled := slices.DeleteFunc(w.requestsTo("s3"), func(a asked) bool {
		return a.Path != "/"+bucket+"/sage.json"
	})
	if len(spelled) != 1 || spelled[0].Function != "Worker" {
		t.Errorf("the spelling was asked for: %+v", spelled)
	}
	for _, id := range []string{acme.channel, acme.other} {
		messages := w.slack.Messages(id)
		if len(messages) != 1 {
			t.Fatalf("%s: %d messages\n%s", id, len(messages), w.worker.log)
		}
		w.judgeReport(messages[0])
		if key := messages[0].Metadata.EventPayload["key"]; key != (delivery.Delivery{Job: w.job(acme), Destination: channel(id)}).Key() {
			t.Errorf("%s: the message's key is %v", id, key)
		}
		if r := w.record(acme, channel(id)); r.State != delivery.Accepted ||
			r.Ref != messages[0].TS || r.Attempts != 1 {
			t.Errorf("%s: the ledger says %+v", id, r)
		}
	}
	letters := w.letters(t)
	if len(letters) != 2 {
		t.Fatalf("%d mails\n%s", len(letters), w.worker.log)
	}
	for i, to := range acme.recipients {
		i = slices.IndexFunc(letters, func(l letter) bool {
			return slices.Equal(l.To,
				acme.recipients[i:i+1])
		})
		if i < 0 {
			t.Fatalf("no mail to %s alone", to)
		}
		said := w.judgeMail(letters[i])
		if !strings.Contains(said.Subject, "Acme Shop") || !strings.Contains(said.To, to) ||
			!strings.Contains(said.From, "weekly@acme.example") || said.Images == 0 {
			t.Errorf("the mail to %s: %+v", to, said)
		}
		if r := w.record(acme, address(to)); r.State != delivery.Accepted ||
			r.Ref != letters[i].ID {
			t.Errorf("%s: the ledger says %+v", to, r)
		}
	}
	for _, a := range w.requestsTo("ses") {
		var in struct {
			ConfigurationSetName string
			EmailTags            []struct{ Name, Value string }
			Destination          struct{ ToAddresses []string }
		}
		if err := json.Unmarshal(a.Body, &in); err != nil {
			t.Fatal(err)
		}
		if in.ConfigurationSetName != configurationSet || len(in.EmailTags) != 4 ||
			len(in.Destination.ToAddresses) != 1 {
			t.Errorf("SES was asked for %+v", in)
		}
	}

	// The same again: nothing is queued, and a message that SQS brings twice does nothing.
	asked := len(w.sage.Requests())
	for _, at := range []time.Time{w.monday, w.monday.Add(15 * time.Minute)} {
		if c := w.ticks(at); c.Queued != 0 || c.Failed != 0 {
			t.Errorf("a tick at %s: %+v", at, c)
		}
	}
	for range 2 {
		data, err := json.Marshal(jobs[0])
		if err != nil {
			t.Fatal(err)
		}
		if answer := invoke[events.SQSEventResponse](t, w.worker,
			data); len(answer.BatchItemFailures) > 0 {
			t.Errorf("the message again: %v", answer)
		}
	}
	if n := len(w.slack.Messages(acme.channel)) + len(w.slack.Messages(acme.other)) +
		len(w.letters(t)); n != 4 {
		t.Errorf("%d messages and mails after the same again", n)
	}
	if n := len(w.sage.Requests()); n != asked {
		t.Errorf("Sage was asked %d times more", n-asked)
	}
	if told := w.slack.Messages(acme.ops); len(told) > 0 {
		t.Errorf("ops were told %+v", told)
	}

	w.bounces(acme, letters[0])
	r := w.record(acme, address(letters[0].To[0]))
	if r.State != delivery.Bounced || !strings.Contains(r.Reason, "General") {
		t.Errorf("a mail that came back: %+v", r)
	}
	for range 2 { // the second tick has nothing to tell
		w.ticks(w.monday.Add(30 * time.Minute))
	}
	if told := w.slack.Messages(acme.ops); len(told) != 1 ||
		!strings.Contains(told[0].Text, letters[0].To[0]) {
		t.Errorf("ops were told %+v\n%s", told, w.tick.log)
	}
	if heard := w.heard(t); len(heard) != 1 ||
		!strings.Contains(heard[0], "acme-retail: the mail to "+letters[0].To[0]) {
		t.Errorf("the operator heard %q", heard)
	}

	// Towards noon everything is over, and that is worth a receipt.
	w.ticks(w.monday.Add(4 * time.Hour))
	if told := w.slack.Messages(acme.ops); len(told) != 2 ||
		!strings.HasPrefix(told[1].Text,
			"Receipt for acme-retail, week "+w.week.String()+": 4 due, 3 delivered, 1 failed") {
		t.Errorf("ops were told %+v", told)
	}
	if heard := w.heard(t); len(heard) != 1 ||
		heard[0] != "Receipt for week "+w.week.String()+": 4 due, 3 delivered, 1 failed" {
		t.Errorf("the operator heard %q", heard)
	}
}

// bounces lets SES say that a mail came back: moto has no such events.
func (w *world) bounces(x tenant, l letter) {
	w.t.Helper()
	var event events.SQSEvent
	if err := json.Unmarshal(fixture(w.t, "worker/testdata/mail-bounced.json"),
		&event); err != nil {
		w.t.Fatal(err)
	}
	var said map[string]any
	if err := json.Unmarshal([]byte(event.Records[0].Body), &said); err != nil {
		w.t.Fatal(err)
	}
	mail := said["detail"].(map[string]any)["mail"].(map[string]any)
	mail["messageId"], mail["destination"] = l.ID, l.To
	tags := mail["tags"].(map[string]any)
	for name, value := range map[string]string{"tenant": x.name, "bot": x.bot,
		"week": w.week.String(), "delivery": address(l.To[0]).ID()} {
		tags[name] = []string{value}
	}
	body, err := json.Marshal(said)
	if err != nil {
		w.t.Fatal(err)
	}
	text := string(body)
	if _, err := w.sqs.SendMessage(w.t.Context(),
		&sqs.SendMessageInput{QueueUrl: &w.mailEvents.url, MessageBody: &text}); err != nil {
		w.t.Fatal(err)
	}
	if heard := w.work(w.mailEvents); len(heard) != 1 {
		w.t.Fatalf("%d events of mail", len(heard))
	}
}

// judgeArchive holds the week to what is kept of it: every edition, and the manifest that names
// them, written last.
func (w *world) judgeArchive(x tenant) {
	w.t.Helper()
	have, want := w.keys(w.t, x.name+"/archive/"),
		append(w.judgeBuild(x), delivery.KeysOf(x.name).Manifest(x.bot, w.week))
	slices.Sort(want)
	if !slices.Equal(have, want) {
		w.t.Errorf("the archive holds %q, the manifest names %q", have, want)
	}

	var written []asked
	for _, a := range w.requestsTo("s3") {
		if !strings.HasPrefix(a.Path, "/"+bucket) {
			w.t.Errorf("the bucket is not in the path: %+v", a)
		}
		if a.Method == http.MethodPut && strings.HasPrefix(a.Path,
			"/"+bucket+"/"+x.name+"/archive/") {
			written = append(written, a)
		}
	}
	last := written[len(written)-1]
	if len(written) != len(want) || !strings.HasSuffix(last.Path, "/manifest.json") ||
		last.IfNoneMatch != "*" {
		w.t.Errorf("%d objects were written, the last was %+v", len(written), last)
	}
}

// judgeBuild holds the build that counts to what its manifest names, and returns the keys of that.
func (w *world) judgeBuild(x tenant) (named []string) {
	w.t.Helper()
	keys, m := delivery.KeysOf(x.name), w.manifest(x)
	if !m.Complete || m.Revision != 1 || m.Job != w.job(x) {
		w.t.Errorf("the manifest says %+v", m)
	}
	have := w.keys(w.t, x.name+"/archive/"+x.bot+"/")
	for _, f := range m.Files {
		key := keys.Edition(x.bot, w.week, m.Build, f.Name)
		if !slices.Contains(have, key) {
			w.t.Errorf("the manifest names %s, which is not there", key)
		}
		named = append(named, key)
	}
	for _, name := range []string{report.JSON, report.CSV, report.PDF, report.Digest, report.Text,
		report.Mail} {
		if !slices.ContainsFunc(m.Files, func(e delivery.Entry) bool { return e.Name == name }) {
			w.t.Errorf("the archive has no %s", name)
		}
	}
	r, err := figures.Decode(w.get(w.t, keys.Edition(x.bot, w.week, m.Build, report.JSON)))
	if err != nil || r.Chats.Total == 0 || r.Period.Name != w.week {
		w.t.Errorf("%s: %v", report.JSON, err)
	}
	return named
}

// Two tenants have their reports on the same Monday, and both have trouble that their ops are told
// of. Nothing of one says anything of the other.
func (s *setting) twoTenants(t *testing.T) {
	w := s.world(t, acme, beta)
	for _, x := range []tenant{acme, beta} {
		// which the app is not in
		w.slack.SetChannel(slackfake.Channel{ID: x.other, Team: x.team, Name: "other"})
	}
	w.deployed()
	if c := w.ticks(w.monday); c.Tenants != 2 || c.Queued != 2 || c.Failed != 0 {
		t.Fatalf("the Monday's tick: %+v\n%s", c, w.tick.log)
	}
	if jobs := w.work(w.weekly); len(jobs) != 2 {
		t.Fatalf("%d jobs", len(jobs))
	}
	w.ticks(w.monday.Add(15 * time.Minute)) // which tells ops
	letters := w.letters(t)
	for _, pair := range [][2]tenant{{acme, beta}, {beta, acme}} {
		mine, theirs := pair[0], pair[1]
		judge := func(what, text string) {
			for _, trace := range theirs.traces {
				if strings.Contains(text, trace) {
					t.Errorf("%s: %s says %q", mine.name, what, trace)
				}
			}
		}
		keys := w.keys(t, mine.name+"/")
		if len(keys) < 15 {
			t.Errorf("%s has only the keys %q", mine.name, keys)
		}
		for _, key := range keys {
			judge("a key", key)
			judge(key, string(w.get(t, key)))
		}
		for _, id := range []string{mine.channel, mine.ops} {
			messages := w.slack.Messages(id)
			if len(messages) != 1 {
				t.Fatalf("%s: %d messages in %s", mine.name, len(messages), id)
			}
			data, err := json.Marshal(messages)
			if err != nil {
				t.Fatal(err)
			}
			judge(id, string(data))
		}
		judgeBlocks(t, w.slack.Messages(mine.channel)[0].Blocks)
		for _, c := range w.slack.Calls("") {
			if id := c.Form.Get("channel"); strings.HasPrefix(id, mine.channel[:6]) &&
				c.Token != mine.token {
				t.Errorf("%s: %s came with another tenant's token", mine.name, c.Method)
			}
		}
		n := 0
		for _, l := range letters {
			if strings.HasSuffix(l.To[0], strings.SplitAfter(mine.recipients[0], "@")[1]) {
				n++
				w.judgeMail(l)
				judge("a mail", l.Raw)
			}
		}
		if n != len(mine.recipients) {
			t.Errorf("%s: %d mails", mine.name, n)
		}
	}
	for _, key := range w.keys(t, "") {
		if !strings.HasPrefix(key, acme.name+"/") && !strings.HasPrefix(key, beta.name+"/") &&
			!strings.HasPrefix(key, "config/") && key != "deployment.json" &&
			!strings.HasPrefix(key, "_deployment/ops/") { // the operator's, who hears of both
			t.Errorf("whose is %s?", key)
		}
	}
}

// The Slack secrets lie where NarrowSecrets=true lets each function read what it needs. The
// operator's list allows one tenant its sender, and not the other, whose mail waits while its ops
// are told, until the list allows it.
func (s *setting) secretsAndSenders(t *testing.T) {
	mine, theirs := acme, beta
	for _, x := range []*tenant{&mine, &theirs} {
		x.config = strings.NewReplacer("#slack_token", "/slack/token", "#signing_secret",
			"/slack/signing-secret").Replace(x.config)
	}
	w := s.world(t, mine, theirs)
	w.apart = true
	for _, x := range w.tenants {
		w.secret(t, secrets.TokenID(prefixOfSecrets, x.name), x.token)
		w.secret(t, secrets.SigningID(prefixOfSecrets, x.name), x.signing)
	}
	w.put(t, delivery.SendersKey,
		`{"*": ["weekly@example.com"], "acme-retail": ["*@acme.example"]}`)
	w.deployed()
	if c := w.ticks(w.monday); c.Tenants != 2 || c.Queued != 2 || c.Failed != 0 {
		t.Fatalf("the Monday's tick: %+v\n%s", c, w.tick.log)
	}
	w.work(w.weekly)
	for _, x := range w.tenants {
		if n := len(w.slack.Messages(x.channel)); n != 1 {
			t.Errorf("%s: %d messages\n%s", x.name, n, w.worker.log)
		}
	}
	if to := w.mails(); len(to) != 2 || slices.Contains(to, theirs.recipients[0]) {
		t.Errorf("mails went to %q", to)
	}
	if r := w.record(theirs, address(theirs.recipients[0])); r.State != delivery.Retrying ||
		r.Cause != "mail-sender-not-allowed" {
		t.Errorf("the ledger says %+v", r)
	}
	w.ticks(w.monday.Add(15 * time.Minute))
	told := w.slack.Messages(theirs.ops)
	if len(told) != 1 || !strings.Contains(told[0].Text,
		"The operator does not allow beta-foods to send mail from weekly@beta.example") {
		t.Errorf("ops were told %+v\n%s", told, w.tick.log)
	}
	if others := w.slack.Messages(mine.ops); len(others) != 0 {
		t.Errorf("the others' ops were told %+v", others)
	}
	if _, text := w.asks(w.event(mine.types(mine.channel, "help"), nil)); !strings.Contains(text,
		"Acme Shop") {
		t.Errorf("the slash command says %q\n%s", text, w.slash.log)
	}

	w.put(t, delivery.SendersKey,
		`{"acme-retail": ["*@acme.example"], "beta-foods": ["weekly@beta.example"]}`)
	w.laterOn(theirs, address(theirs.recipients[0]))
	w.ticks(w.monday.Add(75 * time.Minute))
	w.work(w.weekly)
	if to := w.mails(); len(to) != 3 || !slices.Contains(to, theirs.recipients[0]) {
		t.Errorf("mails went to %q\n%s", to, w.worker.log)
	}
}

// One channel has not invited the app. The others get theirs, ops are told what to do, and once it
// is done, the tick after the next try sends what is missing, and no more than that.
func (s *setting) aDestinationThatFails(t *testing.T) {
	w := s.world(t, acme)
	w.slack.SetChannel(slackfake.Channel{ID: acme.other, Team: acme.team, Name: "support"})
	w.deployed()
	if c := w.ticks(w.monday); c.Queued != 1 {
		t.Fatalf("the Monday's tick: %+v", c)
	}
	w.work(w.weekly)

	if n := len(w.slack.Messages(acme.channel)) + len(w.letters(t)); n != 3 {
		t.Errorf("%d of the others got theirs", n)
	}
	r := w.record(acme, channel(acme.other))
	if r.State != delivery.Retrying || !strings.Contains(r.Remedy, "/invite") || r.Attempts != 1 ||
		!r.NextTry.After(time.Now()) {
		t.Errorf("the ledger says %+v", r)
	}
	build := w.manifest(acme).Build

	if c := w.ticks(w.monday.Add(15 * time.Minute)); c.Queued != 0 {
		t.Errorf("a tick before the next try: %+v", c)
	}
	told := w.slack.Messages(acme.ops)
	if len(told) != 1 || !strings.Contains(told[0].Text, "/invite") ||
		!strings.Contains(told[0].Text, acme.other) {
		t.Errorf("ops were told %+v", told)
	}
	w.slack.SetChannel(slackfake.Channel{ID: acme.other, Team: acme.team, Name: "support",
		Member: true})
	w.laterOn(acme, channel(acme.other))
	if c := w.ticks(w.monday.Add(75 * time.Minute)); c.Queued != 1 {
		t.Fatalf("the tick after the next try: %+v", c)
	}
	if jobs := w.work(w.weekly); len(jobs) != 1 {
		t.Fatalf("%d jobs after the next try", len(jobs))
	}
	messages := w.slack.Messages(acme.other)
	if len(messages) != 1 {
		t.Fatalf("%d messages where the app was invited\n%s", len(messages), w.worker.log)
	}
	w.judgeReport(messages[0])
	if r := w.record(acme, channel(acme.other)); r.State != delivery.Accepted || r.Attempts != 2 ||
		r.Build != build {
		t.Errorf("the ledger says %+v", r)
	}
	if n := len(w.slack.Messages(acme.channel)) + len(w.letters(t)); n != 3 {
		t.Errorf("the others have %d", n)
	}
	w.ticks(w.monday.Add(90 * time.Minute))
	if told := w.slack.Messages(acme.ops); len(told) != 2 ||
		!strings.HasPrefix(told[1].Text, "Resolved: The app is not in #support") {
		t.Errorf("ops were told %+v", told)
	}
	if heard := w.heard(t); len(heard) != 2 ||
		!strings.HasPrefix(heard[1], "Resolved: acme-retail: the app is not in #support") {
		t.Errorf("the operator heard %q", heard)
	}
}

// One of Sage's statistics is down. It is waited for, and then the report goes out without that
// section, and says so.
func (s *setting) sageThatFails(t *testing.T) {
	w := s.world(t, beta)
	w.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusServiceUnavailable})
	w.deployed()
	w.ticks(w.monday)
	w.work(w.weekly)
	if n := len(w.slack.Messages(beta.channel)) + len(w.letters(t)); n > 0 {
		t.Fatalf("%d were sent before the half hour was over", n)
	}
	w.laterOn(beta, channel(beta.channel))
	w.laterOn(beta, channel(beta.other))
	w.laterOn(beta, address(beta.recipients[0]))
	w.ticks(w.monday.Add(30 * time.Minute))
	w.work(w.weekly)

	m := w.manifest(beta)
	if m.Complete {
		t.Error("the manifest calls it complete")
	}
	r, err := figures.Decode(w.get(t, delivery.KeysOf(beta.name).Edition(beta.bot, w.week, m.Build,
		report.JSON)))
	if err != nil || len(r.Unavailable) == 0 {
		t.Errorf("report.json does not say what is missing: %v", err)
	}
	messages := w.slack.Messages(beta.channel)
	if len(messages) != 1 {
		t.Fatalf("%d messages\n%s", len(messages), w.worker.log)
	}
	judgeBlocks(t, messages[0].Blocks)
	if !strings.Contains(string(messages[0].Blocks), `"block_id":"notices"`) ||
		!strings.Contains(string(messages[0].Blocks), "503") {
		t.Errorf("the message has no notice: %s", messages[0].Blocks)
	}
	letters := w.letters(t)
	if len(letters) != 1 {
		t.Fatalf("%d mails", len(letters))
	}
	w.judgeMail(letters[0])
}

// Kindly refuses the bot's key. Nothing is sent, ops are told once and how to mend it; then, with
// the new key, everybody gets the report.
func (s *setting) aRefusedKey(t *testing.T) {
	w := s.world(t, beta)
	refused := w.sage.Fault(sagefake.Fault{Path: "sage/auth", Status: http.StatusUnauthorized})
	w.deployed()
	w.ticks(w.monday)
	w.work(w.weekly)

	fetched := 0
	for _, a := range w.requestsTo("secretsmanager") {
		if strings.HasSuffix(a.Target, "GetSecretValue") {
			fetched++
		}
	}
	// The bot's keys, and Slack's token, with which the app asks meanwhile who it is. What was fetched
	// this minute is not fetched again.
	if fetched != 2 {
		t.Errorf("%d secrets were fetched", fetched)
	}
	store := "kindly-weekly key set --stack kindly-weekly-test --tenant " + beta.name + " --bot " +
		beta.bot
	for _, d := range []string{channel(beta.channel).ID(), channel(beta.other).ID(),
		address(beta.recipients[0]).ID()} {
		r := read[delivery.Record](t, w.cloud,
			fmt.Sprintf("%s/ledger/%s/%s/%s.json", beta.name, w.week, beta.bot, d))
		if r.State != delivery.Retrying || !strings.Contains(r.Remedy, store) {
			t.Errorf("the ledger says %+v", r)
		}
	}
	w.ticks(w.monday.Add(15 * time.Minute))
	told := w.slack.Messages(beta.ops)
	if len(told) != 1 || !strings.Contains(told[0].Text, store) {
		t.Errorf("ops were told %+v", told)
	}
	if n := len(w.slack.Messages(beta.channel)) + len(w.letters(t)); n != 0 {
		t.Errorf("%d were sent without numbers", n)
	}

	refused()
	w.laterOn(beta, channel(beta.channel))
	w.laterOn(beta, channel(beta.other))
	w.laterOn(beta, address(beta.recipients[0]))
	if c := w.ticks(w.monday.Add(75 * time.Minute)); c.Queued != 1 {
		t.Fatalf("the tick after the next try: %+v", c)
	}
	w.work(w.weekly)
	if n := len(w.slack.Messages(beta.channel)) + len(w.slack.Messages(beta.other)) +
		len(w.letters(t)); n != 3 {
		t.Errorf("%d were sent\n%s", n, w.worker.log)
	}
}
