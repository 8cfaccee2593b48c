package faults

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
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
	for _, c := range w.customers {
		if w.channel {
			w.judgeChannel(&v, c)
		}
		if w.mail {
			w.judgeMail(&v, c)
		}
		w.judgeNumbers(&v, c)
		w.judgeLedger(&v, c)
		w.judgeOps(&v, c)
	}
	w.judgeOperator(&v)
	w.judgeTimes(&v)
	w.judgePauses(&v)
	return v
}

// inDoubt reports whether a process of a function cannot have known what became of what it did: it
// did not live to its end, or did not hear the true answer, nor one that leaves no doubt. Where
// none was, there is no reason for doubt.
func (w *world) inDoubt(functions ...string) bool {
	return slices.ContainsFunc(w.processes, func(g *gate) bool {
		function, _, _ := strings.Cut(g.process, " ")
		return slices.Contains(functions, function) &&
			(g.isDead() || slices.ContainsFunc(g.met, func(f fault) bool { return !f.isCertain() }))
	})
}

// senders are the functions that send reports.
var senders = []string{"worker", "operator"}

// isOpen reports whether something may be there or not, and the ledger cannot say. After a lost
// answer the next try can be refused for good, and so can the look before it; or there was no time
// left for either. But a ledger that doubts without a reason is wrong.
func (w *world) isOpen(r delivery.Record) bool {
	return (r.InDoubt() || r.Missing != "" && w.isTooLate(r)) && w.inDoubt(senders...)
}

// sendings are a planned delivery and its resends.
func (w *world) sendings(c customer, d delivery.Delivery) (all []delivery.Delivery) {
	all = append(all, d)
	for n := range w.history(c).Resends(d) {
		all = append(all, d.Resend(n+1))
	}
	return all
}

// judgeChannel: the digest is there once, with its PDF under it once, or once that it is missing.
// Where the ledger says that it was not sent it is not there. So is each resend.
func (w *world) judgeChannel(v *verdict, c customer) {
	digests := make(map[string][]slackfake.Message)
	for _, m := range w.slack.Messages(c.channel.To) {
		if isOurs(m) {
			digests[keyOf(m)] = append(digests[keyOf(m)], m)
		}
	}
	several := len(digests) > 1
	for _, d := range w.sendings(c, delivery.Delivery{Job: c.job(), Destination: c.channel}) {
		r := w.record(d)
		v.digests(r, digests[d.Key()], w.isOpen(r), w.threadClosed() || w.isTooLate(r))
		v.details(r, digests[d.Key()], w.detailsRefused())
		// Beside what lacks its PDF an operator sends knowingly.
		if several && len(digests[d.Key()]) > 0 && r.State != delivery.Accepted {
			v.wrong("%s was given up in doubt, and sent again beside what is there", d.Key())
		}
		if r.MaybeDuplicate {
			v.wrong("the ledger says that %s was possibly sent twice, and it can be looked for",
				d.Key())
		}
		delete(digests, d.Key())
	}
	for key, all := range digests {
		v.wrong("%d unexpected messages %q", len(all), key)
	}
}

// keyOf is the key in a message's metadata; empty where it has none.
func keyOf(m slackfake.Message) string {
	if m.Metadata == nil {
		return ""
	}
	return fmt.Sprint(m.Metadata.EventPayload["key"])
}

// digests holds what is in a channel to the ledger. open says that what was given up may be there
// all the same, closed that nothing could be said under the digest.
func (v *verdict) digests(r delivery.Record, digests []slackfake.Message, open, closed bool) {
	switch sent := r.State == delivery.Accepted; {
	case len(digests) > 1:
		v.wrong("the digest is there %d times", len(digests))
	case sent && (len(digests) == 0 || digests[0].TS != r.Ref):
		v.wrong("the ledger says %s, and the digest is not there", r.Ref)
	case !sent && len(digests) > 0 && !open:
		v.wrong("the digest is there, and the ledger says %s", r.State)
	}
	for _, m := range digests {
		pdfs, notes := 0, 0
		for _, reply := range m.Replies {
			switch {
			case len(reply.Files) > 0:
				pdfs += len(reply.Files)
			case isOurs(reply) && !isDetails(reply):
				notes++
			}
		}
		switch {
		case pdfs > 1, notes > 1, pdfs+notes > 1:
			v.wrong("under the digest are %d PDFs and %d notes", pdfs, notes)
		case r.State == delivery.Accepted && r.Missing == "" && pdfs != 1:
			v.wrong("the ledger says that nothing is missing, and under the digest are %d PDFs",
				pdfs)
		case r.State == delivery.Accepted && r.Missing != "" && pdfs > 0 && !open:
			v.wrong("the PDF is there, and the ledger says %q", r.Missing)
		case r.State == delivery.Accepted && r.Missing != "" && notes != 1 && !closed:
			v.wrong("the PDF is missing (%s), and no reply says so", r.Missing)
		}
	}
}

// threadClosed reports whether Slack has refused to take an answer under the digest.
func (w *world) threadClosed() bool {
	return slices.ContainsFunc(w.plan, func(f fault) bool {
		return f.kind.says == canned && (strings.Contains(f.kind.name, "thread") ||
			strings.Contains(f.kind.name, "cannot_reply") ||
			!strings.HasPrefix(f.process, "tick") && strings.HasPrefix(f.request, "slack chat.postMessage") && f.request != "slack chat.postMessage 1")
	})
}

// isTooLate reports whether it was the end of the time to catch up that kept a PDF from its digest.
// That ops are told, and the digest is not changed to say so.
func (w *world) isTooLate(r delivery.Record) bool {
	return !r.IsResend() && !r.At.Before(monday.Add(w.window))
}

// judgeMail: it was sent once, or more often where the ledger says so, and the ledger has what SES
// told of it. So is each resend.
func (w *world) judgeMail(v *verdict, c customer) {
	letters := make(map[string]int) // by delivery
	for _, l := range w.ses.all() {
		if l.to == c.mail.To {
			letters[strings.ReplaceAll(l.tags["delivery"], "_2E", ".")]++
		}
	}
	for _, d := range w.sendings(c, delivery.Delivery{Job: c.job(), Destination: c.mail}) {
		r, n := w.record(d), letters[d.ID()]
		v.mails(r, n, len(w.plan), w.isOpen(r))
		if r.MaybeDuplicate && !w.inDoubt(senders...) {
			v.wrong("the ledger says that %s was possibly sent twice, and nothing was in doubt",
				d.Key())
		}
		if want := w.told(); n > 0 && want != "" && r.State != want {
			v.wrong("SES told %v, and the ledger says %s", w.events, r.State)
		}
		delete(letters, d.ID())
	}
	for id, n := range letters {
		v.wrong("%d unexpected mails %q", n, id)
	}
	block, err := email.Blocked(w.t.Context(), w.store, c.name, c.mail.ID())
	if mustBlock := slices.ContainsFunc(w.events,
		func(e string) bool { return e == "bounced" || e == "complaint" }); err != nil ||
		mustBlock != (block != nil) {
		v.wrong("SES told %v, and the address is blocked for %+v, %v", w.events, block, err)
	}
}

// told is what SES's events make of an accepted mail; empty where there are none.
func (w *world) told() delivery.State {
	switch {
	case len(w.events) == 0:
		return ""
	case slices.ContainsFunc(w.events, func(e string) bool {
		return e != "delivered" &&
			e != "sent" && e != "delayed"
	}):
		return delivery.Bounced
	}
	return delivery.Delivered
}

// mails holds how often a mail was sent to the ledger. most is how often an answer can have been
// lost, and open says that the mail may have been sent although it was given up.
func (v *verdict) mails(r delivery.Record, n, most int, open bool) {
	switch sent := r.State == delivery.Accepted || r.State == delivery.Delivered ||
		r.State == delivery.Bounced; {
	case n > 1 && !r.MaybeDuplicate:
		v.wrong("the mail was sent %d times, and the ledger is sure of it", n)
	case r.MaybeDuplicate && r.Attempts < 2:
		v.wrong("the mail was tried once, and the ledger says that it was possibly sent twice")
	case n > 1+most:
		v.wrong("the mail was sent %d times, with %d faults", n, most)
	case sent && n == 0:
		v.wrong("the ledger says that the mail was sent: %+v", r)
	case !sent && n > 0 && !open:
		v.wrong("the mail was sent, and the ledger says %s", r.State)
	}
}

// judgeNumbers: the archive is whole or absent, and its numbers are those of the customer's own
// bot. Everybody got the build that the ledger names: those for whom it was planned the same, and
// those with a resend the one that counts.
func (w *world) judgeNumbers(v *verdict, c customer) {
	archive := delivery.Archive{Store: w.store}
	m, err := archive.Manifest(w.t.Context(), c.job())
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		v.wrong("%v", err)
	}
	numbers := make(map[string]string) // the reports' ids, by build
	if err == nil {
		for _, build := range append(slices.Clone(m.Former), delivery.Former{Build: m.Build}) {
			standing, _ := m.ForBuild(build.Build)
			b, err := archive.LoadBuild(w.t.Context(), standing)
			if err != nil {
				v.wrong("the manifest names %d files that are not all there: %v",
					len(standing.Files), err)
				continue
			}
			numbers[build.Build] = b.Report.ID
			if chats := w.chatsOf(c); b.Report.Bot.Name != c.bot || b.Report.Chats.Total != chats {
				v.wrong("the report of %s has %d chats of %s, not %d of %s", c.name,
					b.Report.Chats.Total, b.Report.Bot.Name, chats, c.bot)
			}
		}
	}
	first := ""
	for _, planned := range w.deliveries(c) {
		for _, d := range w.sendings(c, planned) {
			r, got := w.record(d), w.numbers(c, d)
			if len(got) == 0 {
				continue
			}
			if slices.Sort(got); len(slices.Compact(got)) > 1 || got[0] != numbers[r.Build] {
				v.wrong("%s got the reports %v, and the ledger says build %s, which is %q", d.Key(),
					got, r.Build, numbers[r.Build])
			}
			if d.Extra == "" && first == "" {
				first = got[0]
			}
			if d.Extra == "" && got[0] != first {
				v.wrong("%s got the report %s, and others %s", d.Key(), got[0], first)
			}
		}
	}
}

// reportID is how each edition names its numbers. In a mail a line may be broken within it.
var reportID = regexp.MustCompile(`Report (` + botID + `-2026-W\d\d-[0-9a-f]{8})`)

// numbers are the ids of the reports that a destination got by a delivery. A digest that Slack
// refused until it was but a line has none.
func (w *world) numbers(c customer, d delivery.Delivery) (ids []string) {
	add := func(text []byte) {
		for _, match := range reportID.FindAllSubmatch(text, -1) {
			ids = append(ids, string(match[1]))
		}
	}
	if d.Destination.Medium == config.Mail {
		for _, l := range w.ses.all() {
			if l.to == c.mail.To && strings.ReplaceAll(l.tags["delivery"], "_2E", ".") == d.ID() {
				add(bytes.ReplaceAll(bytes.ReplaceAll(l.raw, []byte("=\r\n"), nil), []byte("\r\n"),
					[]byte(" ")))
			}
		}
		return ids
	}
	for _, m := range w.slack.Messages(c.channel.To) {
		if !isOurs(m) || keyOf(m) != d.Key() {
			continue
		}
		add(m.Blocks)
		add([]byte(m.Text))
		for _, reply := range m.Replies {
			for _, f := range reply.Files {
				add(f.Data)
			}
		}
	}
	return ids
}

// judgeLedger: no claim is stuck, of a report or of a notice; the marks are there; and only what
// was not wanted was skipped.
func (w *world) judgeLedger(v *verdict, c customer) {
	keys := must(w.store.List(w.t.Context(), c.name+"/ledger/"))
	notices := must(w.store.List(w.t.Context(), c.name+"/ops/"))
	operator := must(w.store.List(w.t.Context(), deployment+"/ops/"))
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
	for _, d := range w.deliveries(c) {
		r, done := w.record(d), delivery.KeysOf(c.name).Done(week, botID, d.Destination)
		if (r.State == delivery.Skipped) == w.isWanted(d.Destination) {
			v.wrong("%s is %s, though that it is wanted is %v", d.ID(), r.State,
				w.isWanted(d.Destination))
		}
		// A mark is for ever. What was given up in doubt, and then found by an operator, was wrong
		// once.
		wasWrong := r.Failed() || w.resend && r.Ref != "" && r.MaybeSent && w.inDoubt("worker")
		for mark, want := range map[string]bool{done: true, done + ".wrong": wasWrong,
			done + ".skipped": r.State == delivery.Skipped} {
			if _, err := w.store.Get(w.t.Context(), mark); (err == nil) != want {
				v.wrong("%s is %s, and whether it has the mark %s: %v", d.ID(), r.State, mark, err)
			}
		}
	}
}

// judgeOps: what is wrong was told a customer's ops once, and so was its end.
func (w *world) judgeOps(v *verdict, c customer) {
	told := make(map[string]int)
	keys := make(map[string]int)
	for _, m := range w.slack.Messages(c.ops) {
		if isOurs(m) {
			told[head(m.Text)]++
			keys[keyOf(m)]++
		}
	}
	for key, n := range keys {
		if n > 1 {
			v.wrong("ops of %s were told %d times: %s", c.name, n, key)
		}
		if !strings.HasPrefix(key, c.name+"/") {
			v.wrong("ops of %s were told %s", c.name, key)
		}
	}
	lost, doubtful := w.notices(c.name)
	if lost == 0 { // else the operator hears of it, and that ops did not
		w.judgeTold(v, "ops of "+c.name, told, len(w.ops(c.name).Open), c)
	}
	if doubtful > 0 {
		v.wrong("the ledger says that ops of %s were possibly told twice, and what they are told can be looked for", c.name)
	}
}

// judgeOperator: they were told of all, in a subject once. What may have been told twice the ledger
// says.
func (w *world) judgeOperator(v *verdict) {
	lost, doubtful := w.notices(deployment)
	if lost > 0 && !w.topicRefused() {
		v.wrong("the operator was not told %d times", lost)
	}
	heard := make(map[string]int)
	for _, p := range w.sns.all() {
		heard[p.Get("Subject")]++
	}
	twice := 0
	for s, n := range heard {
		twice += n - 1
		heard[s] = 1
	}
	if twice > doubtful {
		v.wrong("the operator was told %d times too often, and the ledger doubts %d: %v", twice,
			doubtful, slices.Collect(maps.Keys(heard)))
	}
	if doubtful > 0 && !w.inDoubt("tick") {
		v.wrong("the ledger says that the operator was possibly told twice, and nothing was in doubt")
	}
	if lost == 0 {
		w.judgeTold(v, "the operator", heard, len(w.ops(deployment).Open), w.customers...)
	}
}

// notices counts those that could not be told, and those that may have been told twice.
func (w *world) notices(of string) (lost, doubtful int) {
	for _, key := range must(w.store.List(w.t.Context(), of+"/ops/notices/")) {
		var r delivery.Record
		if err := json.Unmarshal(must(w.store.Get(w.t.Context(), key)).Data, &r); err != nil {
			w.t.Error(err)
		}
		if r.Failed() {
			lost++
		}
		if r.MaybeDuplicate {
			doubtful++
		}
	}
	return lost, doubtful
}

// topicRefused reports whether SNS has refused a notice for good; the tick fails for it, on which
// an alarm stands.
func (w *world) topicRefused() bool {
	return slices.ContainsFunc(w.plan, func(f fault) bool {
		return f.kind.says == canned &&
			strings.HasPrefix(f.request, "sns")
	})
}

// judgeTold holds how often each subject was told to what is wrong with some customers' reports.
func (w *world) judgeTold(v *verdict, who string, told map[string]int, open int, of ...customer) {
	begun, ended, receipts, missed := 0, 0, 0, 0
	for s, n := range told {
		if strings.Contains(s, " missed") {
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
	// what was missed took over from why
	if silent := begun - ended - open; silent < 0 || silent > missed {
		v.wrong("%s heard of %d causes, and of the end of %d, and %d go on: %v", who, begun, ended,
			open, told)
	}
	wrong := 0
	for _, c := range of {
		for _, d := range w.deliveries(c) {
			if s := w.history(c).Status(d); s.Failed && !s.Resent {
				wrong++
			}
		}
	}
	if wrong > 0 && open == 0 {
		v.wrong("%d deliveries are wrong, and %s know of none", wrong, who)
	}
	if begun > 0 && wrong == 0 && !w.needsPeople() && w.took() < time.Hour {
		v.wrong("%s heard too much: %v", who, told)
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

// judgeTimes: no worker began to send when there was no time left to record it, and a command came to
// its end.
func (w *world) judgeTimes(v *verdict) {
	for _, g := range w.processes {
		if strings.HasPrefix(g.process, "operator") && g.isOver() {
			v.wrong("%s had to be ended by hand", g.process)
		}
		if len(g.overdue) > 0 {
			v.wrong("%s had no time left, and began: %v", g.process, g.overdue)
		}
	}
}

// judgePauses: a service is left alone for as long as it asks to be, and otherwise ever longer.
func (w *world) judgePauses(v *verdict) {
	for _, service := range []string{"sage", "slack", "ses"} {
		tries, requests := w.asked(service)
		if n := mostIn(time.Hour, requests); n > mostRequests {
			v.wrong("%s was asked %d times in an hour", service, n)
		}
		if n := mostIn(time.Hour, slices.DeleteFunc(tries,
			func(at time.Time) bool { return at.Before(monday.Add(time.Hour)) })); n > mostTries {
			v.wrong("%d workers and operators tried %s in an hour, long after the first failure", n,
				service)
		}
	}
	for _, g := range w.processes {
		for _, f := range g.met {
			wait, err := time.ParseDuration(f.kind.answer.header["Retry-After"] + "s")
			if err == nil && strings.HasPrefix(g.process, "worker") {
				w.judgePause(v, g, f, wait)
			}
		}
	}
}

const (
	// in an hour, when all that is asked for a report, two dozen questions, is asked again and
	// again: three tries, each with pauses of its own
	mostRequests = 130
	mostTries    = 2 // in an hour, when it is late: one by itself, and perhaps one beside it
)

// asked says when requests of a service came, and when the processes began to ask it that send
// reports.
func (w *world) asked(service string) (tries, requests []time.Time) {
	for _, g := range w.processes {
		first := true
		for _, r := range g.came {
			if strings.HasPrefix(r.name, service+" ") && !strings.HasPrefix(g.process, "tick") {
				if requests = append(requests, r.at); first {
					tries, first = append(tries, r.at), false
				}
			}
		}
	}
	return tries, requests
}

// mostIn is how many there are at most in so long a time.
func mostIn(d time.Duration, all []time.Time) (most int) {
	for _, begin := range all {
		n := 0
		for _, at := range all {
			if !at.Before(begin) && at.Before(begin.Add(d)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// judgePause: after a worker was asked to wait, no worker asked for the same before that. An
// operator has reasons of their own, and a tick has other things to tell.
func (w *world) judgePause(v *verdict, g *gate, f fault, wait time.Duration) {
	began := g.came[slices.IndexFunc(g.came,
		func(r request) bool { return r.name == f.request })].at
	nameOf := func(request string) string { return request[:strings.LastIndex(request, " ")] }
	for _, other := range w.processes {
		for _, r := range other.came {
			if strings.HasPrefix(other.process, "worker") && nameOf(r.name) == nameOf(f.request) &&
				r.at.After(began) && r.at.Before(began.Add(wait)) {
				v.wrong("%s was told to wait for %s, and %s asked again after %s", g.process, wait,
					other.process, r.at.Sub(began))
			}
		}
	}
}

func head(text string) string { return strings.SplitN(text, "\n", 2)[0] }

// said counts what people have been told, to compare.
func (w *world) said() string {
	messages := 0
	count := func(all []slackfake.Message) {
		for _, m := range all {
			if isOurs(m) {
				messages++
			}
		}
	}
	for _, c := range w.customers {
		for _, id := range []string{c.channel.To, c.ops} {
			all := w.slack.Messages(id)
			count(all)
			for _, m := range all {
				count(m.Replies)
			}
		}
	}
	return fmt.Sprintf("%d messages, %d mails, %d notices to the operator", messages,
		len(w.ses.all()), len(w.sns.all()))
}
