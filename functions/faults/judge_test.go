package faults

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kindlyweekly/functions/slackapi/slackdouble"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
)

// A verdict collects what does not hold.
type verdict []string

func (v *verdict) wrong(format string, a ...any) { *v = append(*v, fmt.Sprintf(format, a...)) }

// judge holds a run that has ended to what must hold.
func (w *world) judge() verdict {
	var v verdict
	if !w.isQuiet() {
		v.wrong("it never became quiet: records %+v", w.records())
	}
	if now := w.said(); now != w.before {
		v.wrong("when all came once more, people had %s, after %s", now, w.before)
	}
	if w.channel {
		w.judgeChannel(&v)
	}
	if w.mail {
		w.judgeMail(&v)
	}
	w.judgeArchive(&v)
	w.judgeLedger(&v)
	w.judgeOps(&v)
	return v
}

func (w *world) records() (all []delivery.Record) {
	for _, d := range w.destinations() {
		all = append(all, w.record(d))
	}
	return all
}

// judgeChannel: the digest is there once, with its PDF under it once, or once that it is missing. Where the ledger says that
// it was not sent it is not there, unless a request whose answer was lost brought it.
func (w *world) judgeChannel(v *verdict) {
	r := w.record(channel)
	key := delivery.Delivery{Job: job, Destination: channel}.Key()
	var digests []slackdouble.Message
	for _, m := range w.slack.Messages(channel.To) {
		if m.Metadata == nil || m.Metadata.EventPayload["key"] != key {
			v.wrong("a message that nobody knows: %s", m.Text)
			continue
		}
		digests = append(digests, m)
	}
	v.digests(r, digests, w.threadClosed())
}

// digests holds what is in a channel to the ledger. closed says that nothing could be said under the digest.
func (v *verdict) digests(r delivery.Record, digests []slackdouble.Message, closed bool) {
	switch sent := r.State == delivery.Accepted; {
	case len(digests) > 1:
		v.wrong("the digest is there %d times", len(digests))
	case sent && (len(digests) == 0 || digests[0].TS != r.Ref):
		v.wrong("the ledger says %s, and the digest is not there", r.Ref)
	case !sent && len(digests) > 0 && !r.Look:
		v.wrong("the digest is there, and the ledger says %s", r.State)
	}
	for _, m := range digests {
		pdfs, notes := 0, 0
		for _, reply := range m.Replies {
			if len(reply.Files) > 0 {
				pdfs += len(reply.Files)
			} else {
				notes++
			}
		}
		switch {
		case pdfs > 1, notes > 1, pdfs+notes > 1:
			v.wrong("under the digest are %d PDFs and %d notes", pdfs, notes)
		case r.State == delivery.Accepted && r.Lacks == "" && pdfs != 1:
			v.wrong("the ledger says that nothing is missing, and under the digest are %d PDFs", pdfs)
		case r.State == delivery.Accepted && r.Lacks != "" && pdfs > 0:
			v.wrong("the PDF is there, and the ledger says %q", r.Lacks)
		case r.State == delivery.Accepted && r.Lacks != "" && notes != 1 && !closed:
			v.wrong("the PDF is missing (%s), and nobody says so under the digest", r.Lacks)
		}
	}
}

// threadClosed reports whether Slack has refused to take an answer under the digest.
func (w *world) threadClosed() bool {
	return slices.ContainsFunc(w.plan, func(f fault) bool {
		return f.kind.says == canned && (strings.Contains(f.kind.name, "thread") || strings.Contains(f.kind.name, "cannot_reply") ||
			strings.HasPrefix(f.process, "worker") && strings.HasPrefix(f.request, "slack chat.postMessage") && f.request != "slack chat.postMessage 1")
	})
}

// judgeMail: it was sent once, or more often where the ledger says so.
func (w *world) judgeMail(v *verdict) {
	v.mails(w.record(kari), len(w.ses.all()), len(w.plan))
}

// mails holds how often a mail was sent to the ledger. most is how often an answer can have been lost.
func (v *verdict) mails(r delivery.Record, n, most int) {
	switch sent := r.State == delivery.Accepted; {
	case n > 1 && !r.Doubtful:
		v.wrong("the mail was sent %d times, and the ledger is sure of it", n)
	case n > 1+most:
		v.wrong("the mail was sent %d times, with %d faults", n, most)
	case sent && n == 0:
		v.wrong("the ledger says that the mail was sent: %+v", r)
	case !sent && n > 0 && !r.Look:
		v.wrong("the mail was sent, and the ledger says %s", r.State)
	}
}

// judgeArchive: it is whole or absent, and everybody got the build that counts.
func (w *world) judgeArchive(v *verdict) {
	archive := delivery.Archive{Store: w.store}
	b, err := archive.Load(w.t.Context(), job)
	for _, r := range w.records() {
		if r.State != delivery.Accepted {
			continue
		}
		if err != nil {
			v.wrong("the archive is not whole: %v", err)
		} else if r.Build != b.Manifest.Build {
			v.wrong("%s got the build %s, and %s counts", r.Destination, r.Build, b.Manifest.Build)
		}
	}
	if m, failed := archive.Manifest(w.t.Context(), job); failed == nil && err != nil {
		v.wrong("the manifest names %d files that are not all there: %v", len(m.Files), err)
	}
}

// judgeLedger: no claim is stuck, of a report or of a notice, and the marks are there.
func (w *world) judgeLedger(v *verdict) {
	keys := must(w.store.List(w.t.Context(), tenantName+"/ledger/"))
	notices := must(w.store.List(w.t.Context(), tenantName+"/ops/"))
	operator := must(w.store.List(w.t.Context(), "_deployment/ops/"))
	for _, key := range slices.Concat(keys, notices, operator) {
		if strings.HasSuffix(key, "known.json") || strings.HasSuffix(key, "state.json") {
			continue
		}
		var r delivery.Record
		if err := json.Unmarshal(must(w.store.Get(w.t.Context(), key)).Data, &r); err != nil {
			v.wrong("%s: %v", key, err)
		}
		if !r.State.Final() {
			v.wrong("%s is stuck: %+v", key, r)
		}
	}
	for _, d := range w.destinations() {
		if _, err := w.store.Get(w.t.Context(), delivery.KeysOf(tenantName).Done(week, botID, d)); err != nil {
			v.wrong("%s is over, and has no mark", d.ID())
		}
	}
}

// judgeOps: what is wrong was told once, in Slack and to the operator, and so was its end. What the operator may have been
// told twice the ledger says.
func (w *world) judgeOps(v *verdict) {
	told := make(map[string]int)
	keys := make(map[string]int)
	for _, m := range w.slack.Messages(opsChannel) {
		told[head(m.Text)]++
		if m.Metadata == nil {
			v.wrong("a notice without a key: %s", m.Text)
			continue
		}
		keys[fmt.Sprint(m.Metadata.EventPayload["key"])]++
	}
	for key, n := range keys {
		if n > 1 {
			v.wrong("ops were told %d times: %s", n, key)
		}
	}
	if lost, _ := w.notices(tenantName); lost == 0 { // else the operator hears of it, and that ops did not
		w.judgeTold(v, "ops", told, len(w.ops(tenantName).Open))
	}

	lost, doubtful := w.notices("_deployment")
	if lost > 0 && !w.topicRefused() {
		v.wrong("the operator was not told %d times", lost)
	}
	heard := make(map[string]int)
	for _, body := range w.sns.all() {
		heard[subject(body)]++
	}
	twice := 0
	for s, n := range heard {
		twice += n - 1
		heard[s] = 1
	}
	if twice > doubtful {
		v.wrong("the operator was told %d times too often, and the ledger doubts %d: %v", twice, doubtful, slices.Collect(maps.Keys(heard)))
	}
	if lost == 0 {
		w.judgeTold(v, "the operator", heard, len(w.ops("_deployment").Open))
	}
}

// notices counts those that could not be told, and those that may have been told twice.
func (w *world) notices(of string) (lost, doubtful int) {
	for _, key := range must(w.store.List(w.t.Context(), of+"/ops/notices/")) {
		var r delivery.Record
		if err := json.Unmarshal(must(w.store.Get(w.t.Context(), key)).Data, &r); err != nil {
			w.t.Error(err)
		}
		if r.Wrong() {
			lost++
		}
		if r.Doubtful {
			doubtful++
		}
	}
	return lost, doubtful
}

// topicRefused reports whether SNS has refused a notice for good; the tick fails for it, on which an alarm stands.
func (w *world) topicRefused() bool {
	return slices.ContainsFunc(w.plan, func(f fault) bool { return f.kind.says == canned && strings.HasPrefix(f.request, "sns") })
}

// judgeTold holds how often each subject was told to what is wrong.
func (w *world) judgeTold(v *verdict, who string, told map[string]int, open int) {
	begun, ended, receipts, missed := 0, 0, 0, 0
	for s, n := range told {
		if strings.Contains(s, "missed: ") {
			missed += n
		}
		switch {
		case strings.HasPrefix(s, "Receipt"):
			receipts += n
		case strings.HasPrefix(s, "Resolved"):
			ended += n
		default:
			begun += n
		}
	}
	if receipts > 1 {
		v.wrong("%s got %d receipts", who, receipts)
	}
	if silent := begun - ended - open; silent < 0 || silent > missed { // what was missed took over from why
		v.wrong("%s heard of %d causes, and of the end of %d, and %d go on: %v", who, begun, ended, open, told)
	}
	wrong := 0
	for _, r := range w.records() {
		if r.Wrong() {
			wrong++
		}
	}
	if wrong > 0 && open == 0 {
		v.wrong("%d deliveries are wrong, and %s know of none", wrong, who)
	}
	if begun > 0 && wrong == 0 && !w.needsPeople() && w.took() < time.Hour {
		v.wrong("%s heard of what nobody had to hear of: %v", who, told)
	}
}

// took is how long the slowest delivery took.
func (w *world) took() (longest time.Duration) {
	for _, r := range w.records() {
		longest = max(longest, r.At.Sub(monday))
	}
	return longest
}

// needsPeople reports whether something was answered that people have to cure.
func (w *world) needsPeople() bool {
	return slices.ContainsFunc(w.plan, func(f fault) bool { return f.kind.says == canned })
}

func head(text string) string { return strings.SplitN(text, "\n", 2)[0] }

// subject is that of a message to SNS, as its form has it.
func subject(body string) string {
	for _, field := range strings.Split(body, "&") {
		if s, ok := strings.CutPrefix(field, "Subject="); ok {
			return strings.NewReplacer("+", " ", "%3A", ":").Replace(s)
		}
	}
	return body
}

// said counts what people have, to compare.
func (w *world) said() string {
	messages := 0
	for _, c := range []bots.Destination{channel, {To: opsChannel}} {
		for _, m := range w.slack.Messages(c.To) {
			messages += 1 + len(m.Replies)
		}
	}
	return fmt.Sprintf("%d messages, %d mails, %d notices to the operator", messages, len(w.ses.all()), len(w.sns.all()))
}
