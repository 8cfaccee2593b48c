package endtoend

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage/sagefake"
)

var (
	kills = flag.Int("kills", 12, "how many invocations of the worker TestTorture kills")
	seed  = flag.Uint64("seed", tortureSeeds[0],
		"the seed of TestTorture's choices, as a run has printed it; 0: one that is new")
)

// tortureSeeds are the seeds of TestTorture without flags. A seed that fails in a longer run is
// added, and stays.
var tortureSeeds = []uint64{1}

// Functions are killed at random moments, again and again. Whatever they were at, nothing is there
// twice, and nothing is lost.
func TestTorture(t *testing.T) {
	if testing.Short() {
		t.Skip("builds, runs and kills the functions")
	}
	s := newSetting(t)
	s.bots = shops(s.monday, mostShops)
	seeds := []uint64{cmp.Or(*seed, rand.Uint64())} // 0 asks for a new one
	if *seed == tortureSeeds[0] {
		seeds = tortureSeeds
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { tortureOnce(t, s, seed) })
	}
}

// tortureOnce kills in as many worlds as it takes.
func tortureOnce(t *testing.T, s *setting, seed uint64) {
	r := &torture{setting: s, seed: seed, random: rand.New(rand.NewPCG(seed, 0)),
		took: make(map[string]time.Duration), left: make(map[stage]int), at: make(map[step]int)}
	began := time.Now()
	for r.kills < *kills && !t.Failed() {
		r.worlds++
		t.Run(fmt.Sprintf("world %d", r.worlds), r.oneWorld)
	}
	t.Logf("%s\n  in %v", r, time.Since(began).Round(time.Second))
}

// A torture is a run of TestTorture.
type torture struct {
	*setting
	seed   uint64
	random *rand.Rand
	took   map[string]time.Duration // what invocations take that are not killed

	worlds  int
	kills   int           // of the worker, while it was at something
	left    map[stage]int // what they left behind
	between int           // how many fell between claim and record
	at      map[step]int  // what the deliveries were at then
	ticks   int           // kills of the tick
	telling int           // how many of these fell between the claim of a notice and its record
	// messages that SQS gave up, so that only the tick could bring their job again
	givenUp int
}

// A stage is how far an invocation was, by what it left behind.
type stage string

const (
	nothing   stage = "nothing yet"
	sageAsked stage = "Sage was asked"
	editions  stage = "editions, and no manifest"
	frozen    stage = "the archive, and no claim"
	claims    stage = "claims"
	allDone   stage = "everything recorded, and the message not acknowledged"
)

// A step is how far a delivery was between claim and record. An invocation is at several at once.
type step string

const (
	notPosted step = "not posted"
	posted    step = "posted, not recorded"
	noPDF     step = "recorded, no PDF"
	pdfNoted  step = "PDF noted, not shared"
	pdfShared step = "PDF shared, not recorded"
	notMailed step = "not mailed"
	mailed    step = "mailed, not recorded"
)

func (r *torture) String() string {
	return fmt.Sprintf("%d kills of the worker in %d worlds, -seed %d\n  left behind: %s\n"+
		"  %d between claim and record, of deliveries: %s\n  %d messages came to the dead letter queue\n"+
		"  %d kills of the tick, %d of them between the claim of a notice and its record",
		r.kills, r.worlds, r.seed, counts(r.left, nothing, sageAsked, editions, frozen, claims,
			allDone),
		r.between, counts(r.at, notPosted, posted, noPDF, pdfNoted, pdfShared, notMailed, mailed),
		r.givenUp, r.ticks, r.telling)
}

func counts[T ~string](of map[T]int, names ...T) string {
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%d %s", of[name], name))
	}
	return strings.Join(parts, "; ")
}

const (
	mostShops = 4 // in a world
	perShop   = 2 // kills, about, that the job of a bot bears before it gets through
)

// shops are bots with fifteen weeks of history.
func shops(monday time.Time, n int) (all []*sagefake.Bot) {
	oneInSo := map[sagefake.Kind]int{ // chats
		sagefake.Chat: 1, sagefake.Message: 1, sagefake.Reply: 1, sagefake.Fallback: 7,
		sagefake.BinaryRating: 4, sagefake.LabelAdded: 3,
		sagefake.HandoverRequest: 5, sagefake.HandoverStart: 6, sagefake.HandoverEnd: 6,
		sagefake.ButtonClick: 2,
	}
	for i := range n {
		bot := &sagefake.Bot{ID: fmt.Sprintf("shop-%d", i+1),
			Key: fmt.Sprintf("key-of-shop-%d", i+1), TZ: "Europe/Oslo"}
		var history []sagefake.Event
		for chat := range 15 * 7 * 20 {
			e := sagefake.Event{
				At: monday.Add(-time.Duration(chat) * 72 * time.Minute), Source: "web",
				Language: "nb", Rating: 1 + chat%2,
				Page:   sagefake.Page{Host: "acme.example", Path: "/"},
				Label:  sagefake.Label{ID: "1", Text: "Delivery"},
				Button: sagefake.Button{Text: "Track", Dialogue: "Parcel"},
			}
			for kind, every := range oneInSo {
				if e.Kind = kind; chat%every == 0 {
					history = append(history, e)
				}
			}
		}
		bot.Add(history...)
		all = append(all, bot)
	}
	return all
}

// acmeShops is the tenant as each of its n bots has it.
func acmeShops(n int) []tenant {
	all := make([]tenant, n)
	config := `
slack:
  {team: T0ACME001, token_secret: kindly-weekly/test/acme-retail#slack_token, signing_secret: kindly-weekly/test/acme-retail#signing_secret}
mail: {from: Acme Weekly <weekly@acme.example>}
ops: {channels: [C0ACMEOPS1]}
defaults: {tz: Europe/Oslo, sources: all}
bots:
`
	for i := range all {
		x := &all[i]
		*x = acme
		x.bot, x.key = fmt.Sprintf("shop-%d", i+1), fmt.Sprintf("key-of-shop-%d", i+1)
		x.channel, x.other = fmt.Sprintf("C0ACMESH%dA", i+1), fmt.Sprintf("C0ACMESH%dB", i+1)
		x.recipients = []string{fmt.Sprintf("kari%d@acme.example", i+1),
			fmt.Sprintf("ola%d@acme.example", i+1)}
		config += fmt.Sprintf("  - {id: %s, channels: [%s, %s], recipients: [%s, %s]}\n",
			x.bot, x.channel, x.other, x.recipients[0], x.recipients[1])
	}
	for i := range all {
		all[i].config = config
	}
	return all
}

func (x tenant) destinations() (all []config.Destination) {
	for _, id := range []string{x.channel, x.other} {
		all = append(all, channel(id))
	}
	for _, to := range x.recipients {
		all = append(all, address(to))
	}
	return all
}

// A play is a Monday in a world. Its time passes only where it says so: the functions have the wall
// clock, so what they have written down is moved back instead.
type play struct {
	*world
	r   *torture
	now time.Time

	hidden []events.SQSEvent              // given to a worker that died: SQS shows them again later
	given  map[config.Job]events.SQSEvent // the last of each job
	// by address: mails sent by a worker that died before it recorded them
	twice map[string]int
	heard []string // by the operator
	// what the operator heard from a tick that died before it recorded it
	again int
	late  bool // a tick came when a report was an hour late
}

// oneWorld has a Monday on which functions die until enough have. Then the rest of it goes well.
func (r *torture) oneWorld(t *testing.T) {
	shops := acmeShops(min(max(1, (*kills-r.kills+perShop-1)/perShop), mostShops))
	w := r.outside(t, shops[0])
	for _, x := range shops[1:] {
		w.add(x)
	}
	// One channel has to be cured, so that the tick has something to tell.
	closed := slackfake.Channel{ID: shops[0].other, Team: acme.team, Name: "support"}
	w.slack.SetChannel(closed)
	w.takeTime()
	w.run()
	p := &play{world: w, r: r, now: w.monday, given: make(map[config.Job]events.SQSEvent),
		twice: make(map[string]int)}
	// An emulator takes half a second to start its function for the first time, and for that alone.
	invoke[events.SQSEventResponse](t, w.worker, []byte(`{"Records": []}`))
	w.worker.kill()
	w.worker.revive()
	w.deployed()

	before, quiet := "", 0
	p.tick()
	for range 40 {
		p.workers()
		for range 2 {
			p.passes(15 * time.Minute)
			p.tick()
		}
		p.showAgain()
		if !closed.Member && len(p.told("The app is not in #support")) > 0 {
			closed.Member = true
			w.slack.SetChannel(closed)
		}
		if quiet++; !p.isQuiet() || p.said() != before {
			before, quiet = p.said(), 0
		}
		if quiet == 2 {
			break
		}
	}
	if quiet < 2 {
		t.Errorf("it never became quiet; ops heard %q", p.told(""))
	}
	// SQS delivers at least once, so does EventBridge Scheduler, and people redrive dead letters.
	for _, event := range p.given {
		p.undisturbed(w.worker, marshal(t, event))
	}
	p.undisturbed(w.tick, w.scheduled(p.now))
	if now := p.said(); now != before {
		t.Errorf("when all came once more, people had %s, after %s", now, before)
	}
	p.judge()
}

// takeTime lets everything outside take a moment before it answers, having done what it was asked,
// so that a kill can fall there.
func (w *world) takeTime() {
	w.sage.Fault(sagefake.Fault{Delay: 100 * time.Millisecond})
	w.slack.Processing = 0
	for _, method := range []string{"chat.postMessage", "conversations.history",
		"conversations.replies", "files.getUploadURLExternal",
		slackfake.Upload, "files.completeUploadExternal", "files.info"} {
		w.slack.FailAlways(method, slackfake.Fault{Delay: 20 * time.Millisecond})
	}
	w.slack.After = func(method string) {
		switch method {
		case "chat.postMessage", "files.completeUploadExternal":
			time.Sleep(200 * time.Millisecond)
		}
	}
	w.slow = func(a asked) time.Duration {
		switch {
		case a.Service == "ses", a.Service == "sns":
			return 200 * time.Millisecond
		case a.Method == http.MethodPut && strings.Contains(a.Path, "/archive/"):
			return 100 * time.Millisecond
		case a.Method == http.MethodPut, a.Service == "sqs":
			return 40 * time.Millisecond
		}
		return 10 * time.Millisecond
	}
}

// try invokes a function and, if it is not done before, kills it after a while; after zero it does
// not. died says that it did not live to answer, and then everything that it had asked for is done.
func (p *play) try(f *function, event []byte,
	after time.Duration) (answer []byte, took time.Duration, died bool) {
	p.t.Helper()
	type outcome struct {
		answer []byte
		err    error
	}
	var kill <-chan time.Time
	if after > 0 {
		kill = time.After(after)
	}
	began, done, killed := time.Now(), make(chan outcome, 1), false
	go func() {
		answer, err := f.call(event)
		done <- outcome{answer, err}
	}()
	for {
		select {
		case o := <-done:
			took = time.Since(began)
			switch {
			case o.err == nil && killed:
				f.revive() // it had answered just before
				return o.answer, took, false
			case o.err == nil:
				return o.answer, took, false
			case !killed || !strings.Contains(o.err.Error(), "signal: killed"):
				p.t.Fatalf("%v\n%s", o.err, f.log)
			}
			for _, d := range f.doors {
				d.settle(p.t)
			}
			return nil, took, true
		case <-kill:
			if killed = f.kill(); !killed {
				kill = time.After(time.Millisecond) // it has yet to be started
			}
		}
	}
}

func (p *play) undisturbed(f *function, event []byte) (answer []byte) {
	p.t.Helper()
	answer, _, _ = p.try(f, event, 0)
	return answer
}

// sometime is a moment within what such invocations take; zero until it is known how long that is,
// and now and then, so that some get through.
func (r *torture) sometime(what string, often float64) time.Duration {
	at, now := r.random.Float64(), r.random.Float64() < often
	if !now || r.kills >= *kills {
		return 0
	}
	return time.Duration(at * float64(r.took[what]))
}

// workers does what the event source mapping does with the messages that SQS shows.
func (p *play) workers() {
	p.t.Helper()
	for _, event := range p.receive(p.t, p.weekly) {
		job, err := queues.ParseJob(event.Records[0].Body)
		if err != nil {
			p.t.Fatal(err)
		}
		p.given[job.Job] = event
		i := slices.IndexFunc(p.tenants, func(x tenant) bool { return x.bot == job.Bot })
		if !p.work(p.tenants[i], event) {
			p.hidden = append(p.hidden, event)
			continue
		}
		_, err = p.sqs.DeleteMessage(p.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &p.weekly.url,
			ReceiptHandle: &event.Records[0].ReceiptHandle})
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// work gives a message to the worker, and reports whether it was acknowledged.
func (p *play) work(x tenant, event events.SQSEvent) bool {
	p.t.Helper()
	before, what := p.look(x), "build"
	if before.isArchived {
		what = "deliver"
	}
	begun := time.Now()
	answer, took, died := p.try(p.worker, marshal(p.t, event), p.r.sometime(what, 0.9))
	if died {
		p.died(x, before)
		return false
	}
	var failures events.SQSEventResponse
	if err := json.Unmarshal(answer, &failures); err != nil || len(failures.BatchItemFailures) > 0 {
		p.t.Fatalf("the worker wants the message again: %v %s\n%s", err, answer, p.worker.log)
	}
	if what == "build" && p.r.took[what] == 0 {
		// A worker that finds the archive has only the rest to do.
		p.r.took["build"] = took
		for _, a := range p.requestsTo("s3") {
			if a.Method == http.MethodPut && strings.HasSuffix(a.Path,
				"/"+x.bot+"/"+p.week.String()+"/manifest.json") {
				p.r.took["deliver"] = took - a.At.Sub(begun)
			}
		}
		p.t.Logf("the first invocation took %v, of which %v after the manifest", took,
			p.r.took["deliver"])
	}
	return true
}

// tick is EventBridge Scheduler's, and Lambda's, which tries what has failed twice again.
func (p *play) tick() {
	p.t.Helper()
	for range 3 {
		for _, x := range p.tenants {
			for _, r := range p.look(x).records {
				p.late = p.late || p.now.Sub(p.monday) >= time.Hour && !r.State.Final() &&
					r.State != delivery.Sent
			}
		}
		before := p.operatorsNotices()
		answer, took, died := p.try(p.world.tick, p.scheduled(p.now), p.r.sometime("tick", 0.4))
		heard := p.world.heard(p.t)
		p.heard = append(p.heard, heard...)
		if !died {
			p.r.took["tick"] = max(p.r.took["tick"], took)
			var c tick.Counts
			if err := json.Unmarshal(answer, &c); err != nil || c.Tenants != 1 ||
				c.Broken+c.Missed+c.Failed > 0 {
				p.t.Fatalf("a tick: %v %s\n%s", err, answer, p.world.tick.log)
			}
			return
		}
		p.r.ticks++
		p.again += len(heard) - (p.operatorsNotices() - before)
		isTelling := func(key string) bool {
			return isLive(read[delivery.Record](p.t, p.cloud,
				key))
		}
		if slices.ContainsFunc(p.notices(), isTelling) {
			p.r.telling++
		}
		p.once()
		p.passes(time.Minute)
	}
}

// passes lets time pass: the next tries come, and claims end. Nothing may run just then, or a claim
// would end while a worker is at what it is for; nor does it, since every invocation is over, or
// dead and everything that it had asked for is done. Since stays: Slack has the wall clock, too.
func (p *play) passes(d time.Duration) {
	p.t.Helper()
	p.now = p.now.Add(d)
	back := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.Add(-d)
	}
	for _, key := range slices.Concat(p.keys(p.t, acme.name+"/ledger/"+p.week.String()+"/"),
		p.notices()) {
		r := read[delivery.Record](p.t, p.cloud, key)
		if !r.State.Final() {
			r.Until, r.NextTry, r.First = back(r.Until), back(r.NextTry), back(r.First)
			p.put(p.t, key, string(marshal(p.t, r)))
		}
	}
}

// showAgain ends the visibility timeout of the messages that were not acknowledged. SQS has given
// up those that came too often when it is next asked.
func (p *play) showAgain() {
	p.t.Helper()
	for _, event := range p.hidden {
		if event.Records[0].Attributes["ApproximateReceiveCount"] == "5" {
			p.r.givenUp++
		}
		_, err := p.sqs.ChangeMessageVisibility(p.t.Context(),
			&sqs.ChangeMessageVisibilityInput{QueueUrl: &p.weekly.url,
				ReceiptHandle: &event.Records[0].ReceiptHandle, VisibilityTimeout: 0})
		if err != nil {
			p.t.Fatal(err)
		}
	}
	p.hidden = nil
}

// A standing is how far the report of a bot is.
type standing struct {
	requests, files int // to Sage, of all bots, and in the archive
	isArchived      bool
	records         map[config.Destination]delivery.Record
	mails           map[string]int // by address
}

func (p *play) look(x tenant) standing {
	p.t.Helper()
	s := standing{requests: len(p.sage.Requests()),
		records: make(map[config.Destination]delivery.Record), mails: make(map[string]int)}
	keys := delivery.KeysOf(x.name)
	have := p.keys(p.t, x.name+"/archive/"+x.bot+"/")
	s.files, s.isArchived = len(have), slices.Contains(have, keys.Manifest(x.bot, p.week))
	have = p.keys(p.t, x.name+"/ledger/"+p.week.String()+"/"+x.bot+"/")
	for _, d := range x.destinations() {
		s.records[d] = delivery.Record{}
		if slices.Contains(have, keys.Record(p.week, x.bot, d)) {
			s.records[d] = p.record(x, d)
		}
	}
	for _, to := range p.mails() {
		s.mails[to]++
	}
	return s
}

// died counts what a worker was at when it was killed.
func (p *play) died(x tenant, before standing) {
	p.t.Helper()
	p.r.kills++
	now, open, waiting := p.look(x), 0, 0
	for d, r := range now.records {
		switch {
		case r.State.Final(), r.State == delivery.Retrying && r.NextTry.After(time.Now()):
			continue
		case !isLive(r): // a claim that has ended is that of another, who died before
			waiting++
			continue
		}
		open++
		at := p.step(x, d, r)
		if d.Medium == config.Mail && now.mails[d.To] > before.mails[d.To] {
			at = mailed
			p.twice[d.To]++
		}
		p.r.at[at]++
	}
	left := nothing
	switch {
	case open > 0:
		left = claims
		p.r.between++
	case waiting == 0:
		left = allDone
	case now.isArchived:
		left = frozen
	case now.files > before.files:
		left = editions
	case now.requests > before.requests:
		left = sageAsked
	}
	p.r.left[left]++
	p.once()
}

func isLive(r delivery.Record) bool {
	return r.State == delivery.Claimed && r.Until.After(time.Now())
}

// step is how far a delivery is, as far as others than its worker can tell: they cannot tell whether
// a mail was sent.
func (p *play) step(x tenant, d config.Destination, r delivery.Record) step {
	if d.Medium == config.Mail {
		return notMailed
	}
	digests := p.digests(x, d)
	if len(digests) == 0 {
		return notPosted
	}
	pdfs, _ := apart(digests[0].Replies)
	switch {
	case r.Ref == "":
		return posted
	case len(pdfs) > 0:
		return pdfShared
	case strings.Contains(r.Progress, `"files"`):
		return pdfNoted
	}
	return noPDF
}

// digests are what Slack has of a delivery.
func (p *play) digests(x tenant, d config.Destination) (all []slackfake.Message) {
	for _, m := range p.slack.Messages(d.To) {
		if m.Metadata != nil && m.Metadata.EventPayload["key"] == (delivery.Delivery{Job: p.job(x),
			Destination: d}).Key() {
			all = append(all, m)
		}
	}
	return all
}

// apart tells the PDFs of a thread from its other replies.
func apart(replies []slackfake.Message) (pdfs, others []slackfake.Message) {
	for _, m := range replies {
		if len(m.Files) > 0 {
			pdfs = append(pdfs, m)
		} else {
			others = append(others, m)
		}
	}
	return pdfs, others
}

// once ends the test where something is in Slack twice.
func (p *play) once() {
	p.t.Helper()
	for _, c := range p.slack.Channels() {
		count := make(map[any]int)
		for _, m := range p.slack.Messages(c.ID) {
			if m.Metadata == nil {
				p.t.Fatalf("%s: a message without a key: %s", c.ID, m.Text)
			}
			key := m.Metadata.EventPayload["key"]
			if count[key]++; count[key] > 1 {
				p.t.Fatalf("%s: %v is there twice, after %d kills of the worker and %d of the tick",
					c.ID, key, p.r.kills, p.r.ticks)
			}
			pdfs, others := apart(m.Replies)
			if len(pdfs) > 1 || len(others) > 1 {
				p.t.Fatalf("%s: under %v are %d PDFs and %d details, after %d kills of the worker",
					c.ID, key, len(pdfs), len(others), p.r.kills)
			}
		}
	}
}

// notices are the records of what ops and the operator were told.
func (p *play) notices() []string {
	p.t.Helper()
	return slices.Concat(p.keys(p.t, acme.name+"/ops/notices/"),
		p.keys(p.t, "_deployment/ops/notices/"))
}

// operatorsNotices counts those that are recorded as sent.
func (p *play) operatorsNotices() (n int) {
	p.t.Helper()
	for _, key := range p.keys(p.t, "_deployment/ops/notices/") {
		if read[delivery.Record](p.t, p.cloud, key).State == delivery.Accepted {
			n++
		}
	}
	return n
}

// told are the subjects of what ops were told, of those that begin so.
func (p *play) told(prefix string) (subjects []string) {
	for _, m := range p.slack.Messages(acme.ops) {
		if subject, _, _ := strings.Cut(m.Text, "\n"); strings.HasPrefix(subject, prefix) {
			subjects = append(subjects, subject)
		}
	}
	return subjects
}

// isQuiet reports whether nothing is left to do.
func (p *play) isQuiet() bool {
	p.t.Helper()
	for _, x := range p.tenants {
		for _, r := range p.look(x).records {
			if !r.State.Final() {
				return false
			}
		}
	}
	for _, of := range []string{acme.name, "_deployment"} {
		ops := read[struct{ Open, Notices []json.RawMessage }](p.t, p.cloud,
			delivery.KeysOf(of).Ops())
		if len(ops.Open)+len(ops.Notices) > 0 {
			return false
		}
	}
	return len(p.hidden) == 0
}

// said counts what people have, to compare.
func (p *play) said() string {
	messages := 0
	for _, c := range p.slack.Channels() {
		for _, m := range p.slack.Messages(c.ID) {
			messages += 1 + len(m.Replies)
		}
	}
	p.heard = append(p.heard, p.world.heard(p.t)...)
	return fmt.Sprintf("%d messages, %d mails, %d notices to the operator", messages,
		len(p.mails()), len(p.heard))
}

// judge holds a Monday that is over to what must hold.
func (p *play) judge() {
	p.t.Helper()
	p.once()
	letters := p.letters(p.t)
	for _, x := range p.tenants {
		p.judgeBuild(x)
		build := p.manifest(x).Build
		for _, d := range x.destinations() {
			r := p.record(x, d)
			if r.State != delivery.Accepted || r.Build != build || r.Missing != "" {
				p.t.Errorf("%s: the ledger says %+v, and the build that counts is %s", d.ID(), r,
					build)
			}
			if d.Medium == config.Slack {
				messages := p.slack.Messages(d.To)
				if len(messages) != 1 || len(p.digests(x, d)) != 1 || messages[0].TS != r.Ref {
					p.t.Errorf("%s: %d messages, and the ledger says %+v", d.ID(), len(messages), r)
					continue
				}
				p.judgeReport(messages[0])
				continue
			}
			var sent []string
			for _, l := range letters {
				if slices.Equal(l.To, []string{d.To}) {
					sent = append(sent, l.ID)
					if said := p.judgeMail(l); !strings.Contains(said.To, d.To) ||
						said.Images == 0 {
						p.t.Errorf("the mail to %s: %+v", d.To, said)
					}
				}
			}
			if len(sent) != 1+p.twice[d.To] || len(sent) > 1 && !r.MaybeDuplicate ||
				!slices.Contains(sent, r.Ref) {
				p.t.Errorf("%d mails to %s, of which %d were not recorded, and the ledger says %+v", len(sent), d.To, p.twice[d.To], r)
			}
		}
	}
	p.judgeOps()
}

var receipt = regexp.MustCompile(`^Receipt for acme-retail, week \S+: (\d+) due, (\d+) delivered(?:, (\d+) waiting)?$`)

// judgeOps: ops and the operator heard once of the channel that was closed, and of its end, got one
// receipt, and heard of late reports only where some were late. What the operator heard twice the
// ledger doubts.
func (p *play) judgeOps() {
	p.t.Helper()
	doubtful := false
	for _, key := range p.notices() {
		r := read[delivery.Record](p.t, p.cloud, key)
		if r.State != delivery.Accepted {
			p.t.Errorf("%s: %+v", key, r)
		}
		doubtful = doubtful || r.MaybeDuplicate
	}
	if len(p.heard) != p.operatorsNotices()+p.again || p.again > 0 && !doubtful {
		p.t.Errorf("of %d notices the operator heard %q, of which %d were not recorded; the ledger doubts some: %v",
			p.operatorsNotices(), p.heard, p.again, doubtful)
	}
	const (
		over = "Resolved: "
		late = "no worker has finished yet"
	)
	closed := fmt.Sprintf("the app is not in #support (%s) (not_in_channel)", p.tenants[0].other)
	judge := func(who string, told []string, receipt string, again int) {
		count := make(map[string]int)
		for _, subject := range told {
			subject, isOver := strings.CutPrefix(subject, over)
			subject, _, _ = strings.Cut(strings.TrimPrefix(subject, acme.name+": "), ":")
			subject = strings.ToLower(subject[:1]) + subject[1:]
			if isOver {
				subject = over + subject
			}
			count[subject]++
		}
		begun, ended := count[late], count[over+late]
		wrong := begun > 0 && !p.late || max(begun-ended, ended-begun) > again
		delete(count, late)
		delete(count, over+late)
		for _, subject := range []string{closed, over + closed, receipt} {
			wrong = wrong || count[subject] < 1
			again -= count[subject] - 1
			delete(count, subject)
		}
		if wrong || again < 0 || len(count) > 0 {
			p.t.Errorf("%s heard %q, and late some reports were: %v", who, told, p.late)
		}
	}
	judge("ops", p.told(""), "receipt for acme-retail, week "+p.week.String(), 0)
	judge("the operator", p.heard, "receipt for week "+p.week.String(), p.again)

	due := 4 * len(p.tenants)
	for _, subject := range p.told("Receipt") {
		var all, delivered, waiting int
		m := receipt.FindStringSubmatch(subject)
		if m != nil {
			_, _ = fmt.Sscan(strings.Join(m[1:], " "), &all, &delivered, &waiting)
		}
		early := waiting > 0 && p.now.Sub(p.monday) < 6*time.Hour
		if m == nil || all != due || delivered+waiting != due || early {
			p.t.Errorf("the receipt, of %d that were due: %q", due, subject)
		}
	}
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
