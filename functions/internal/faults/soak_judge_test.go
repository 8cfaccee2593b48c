package faults

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// judge holds a week to what must hold, says what it was like, and forgets it.
func (s *soak) judge(n int, w period.Period) {
	var v verdict
	mails := s.mails.take()
	deliveries := 0
	for _, t := range s.tenants {
		for _, b := range t.Bots {
			for _, r := range s.judgeBot(&v, n, b, config.Job{Tenant: t.Name, Bot: b.ID, Period: w},
				mails) {
				deliveries++
				s.tally.add("tries more than one each", max(r.Attempts-1, 0)+max(r.ReplyTries-1, 0))
				s.tally.count("deliveries " + string(r.State))
				switch {
				case r.Missing != "":
					s.tally.count("deliveries accepted without PDF")
				case r.MaybeDuplicate:
					s.tally.count("deliveries perhaps sent twice")
				}
			}
		}
		s.judgeOps(&v, n, t, w)
	}
	s.judgeOperator(&v, w)
	for key, n := range mails {
		v.wrong("%d unexpected mails %s", n, key)
	}
	died := s.queue.buried()
	if s.tally.add("dead letters", died); died == 0 {
		v.wrong("there was no dead letter, though %s kills workers", deadly)
	}
	s.forget(w)
	s.tally.add("times the app was kept out of a channel", s.people.forget())
	s.t.Logf("%s: %d deliveries; heap %s", w, deliveries, mega(s.heap[n]))
	for _, line := range s.tally.lines() {
		s.t.Logf("\t%s", line)
	}
	if len(v) > 0 {
		s.t.Errorf("%s: %d things are wrong:\n\t%s", w, len(v),
			strings.Join(v[:min(len(v), 30)], "\n\t"))
	}
}

// judgeBot holds a bot's week to what must hold, and returns its records.
func (s *soak) judgeBot(v *verdict, n int, b config.Bot, j config.Job,
	mails map[string]int) (records []delivery.Record) {
	ledger, archive := &delivery.Ledger{Store: s.store, Now: time.Now},
		delivery.Archive{Store: s.store}
	build, unread := archive.Load(s.t.Context(), j)
	if unread == nil {
		s.tally.count("builds")
		if build.Manifest.Revision > 1 {
			s.tally.count("builds made anew")
		}
		if len(build.Report.Unavailable) > 0 {
			s.tally.count("builds that lack a section")
		}
		chats := 0
		for _, d := range j.Period.Days() {
			chats += chatsOf(b.ID, d)
		}
		if build.Report.Chats.Total != chats {
			v.wrong("%s: the report has %d chats, not %d", j, build.Report.Chats.Total, chats)
		}
	} else {
		v.wrong("the archive is not whole: %v", unread)
	}
	for _, d := range b.Destinations {
		about := delivery.Delivery{Job: j, Destination: d}
		r, err := ledger.Read(s.t.Context(), j, about.ID())
		if err != nil {
			v.wrong("%s: %v", about.Key(), err)
			continue
		}
		records = append(records, r)
		var its verdict
		if want := s.expects(n, b, d, j, build.Report); r.State != want {
			its.wrong("it is %+v, want %s", r, want)
		}
		if r.State == delivery.Accepted && r.Build != build.Manifest.Build {
			its.wrong("it got the build %s, and %s counts", r.Build, build.Manifest.Build)
		}
		if _, err := s.store.Get(s.t.Context(),
			delivery.KeysOf(j.Tenant).Done(j.Period, j.Bot, d)); err != nil {
			its.wrong("it is over, and has no mark")
		}
		if d.Medium == config.Mail {
			its.mails(r, mails[about.Key()], r.Attempts-1, false)
			delete(mails, about.Key())
		} else {
			var digests []slackfake.Message
			for _, m := range s.slack.Messages(d.To) {
				if m.TS < fmt.Sprint(eve.AddDate(0, 0, 7*n).Unix()) {
					continue // it was judged a week ago
				}
				if m.Metadata == nil || m.Metadata.EventPayload["key"] != about.Key() {
					its.wrong("an unexpected message: %.100q", m.Text)
					continue
				}
				digests = append(digests, m)
			}
			its.digests(r, digests, false, s.people.keptFrom(d.To, r.At))
			// or they were tried in vain for long enough
			its.details(r, digests, s.people.keptFrom(d.To, r.At) || r.ReplyTries >= 5)
		}
		for _, wrong := range its {
			v.wrong("%s: %s", about.Key(), wrong)
		}
	}
	return records
}

// expects says how a delivery ends. A report whose core lacks numbers may hide a reason for an
// alert.
func (s *soak) expects(
	n int, b config.Bot, d config.Destination, j config.Job, r *figures.Report,
) delivery.State {
	switch {
	case n == 0 && d.Medium == config.Slack && b.ID == archived:
		return delivery.FailedForGood
	case n == 0 && d.Medium == config.Slack && b.ID == uninvited:
		return delivery.Missed
	case d.When == config.OnAlert && r != nil && r.LacksCore():
	case d.When == config.OnAlert, b.SkipIfEmpty && chatsOf(b.ID, j.Period.From()) == 0:
		return delivery.Skipped
	}
	return delivery.Accepted
}

// telling is what people have been told.
type telling struct {
	keys map[string]string  // of the notices, and their ts, or that the operator was told
	open map[string]hearing // by tenant

	// outlived are the causes that delayed only the report that is missed in the end, or fails for
	// good, for another reason. Ops hear of that, and of no end of the cause: nothing tells whether
	// it still applies.
	outlived map[string]bool
}

func newTelling() telling {
	return telling{make(map[string]string), make(map[string]hearing), make(map[string]bool)}
}

// onlyAbout reports whether a notice lists reports, and only those of a bot.
func onlyAbout(text, bot string) bool {
	var all, its int
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "- ") {
			all++
			if strings.Contains(line, "("+bot+"), ") {
				its++
			}
		}
	}
	return all > 0 && all == its
}

// hearing is by causes how often more ops have heard that they have begun than that they are over.
type hearing map[string]int

// affairs are what follows the name of a cause in the subject of a notice.
var affairs = regexp.MustCompile(`: \d+ reports? (delayed|not delivered|sent without the PDF)$`)

// names are those of channels, which Slack does not tell each time.
var names = regexp.MustCompile(`#\S+ \((C\w+)\)`)

// hear counts a notice n times; -1 takes it back.
func (h hearing) hear(subject string, n int) {
	if strings.HasPrefix(subject, "Receipt for ") {
		return
	}
	if ended, over := strings.CutPrefix(subject, "Resolved: "); over {
		h.add(ended, -n)
	} else if _, why, missed := strings.Cut(subject, " missed: "); missed { // then why is over, without a notice
		h.add(strings.ToUpper(why[:1])+why[1:], -n)
	} else {
		h.add(affairs.ReplaceAllString(subject, ""), n)
	}
}

// outOfChannel is the cause that the app is kept out of a channel. Slack says that it cannot see
// the channel while that is private, and then that it is not in it. Ops hear of one cause.
var outOfChannel = regexp.MustCompile(`^The app (?:cannot see channel|is not in) (C\w+).*$`)

// causeOf returns the name of a cause by which it is counted.
func causeOf(cause string) string {
	return outOfChannel.ReplaceAllString(names.ReplaceAllString(cause, "$1"), "kept out of $1")
}

func (h hearing) add(cause string, n int) { h[causeOf(cause)] += n }

// pending counts n times what will be heard, and the end of what goes on.
func (h hearing) pending(state opsState, n int) {
	for _, notice := range state.Notices {
		h.hear(notice.Subject, n)
	}
	for _, x := range state.Open {
		if !strings.HasPrefix(x.ID, "missed/") {
			h.add(x.Reason, -n)
		}
	}
}

// opsState is what a tenant's ops have to know, and are still to be told.
type opsState struct {
	Open    []struct{ ID, Reason string }
	Notices []delivery.Notice
}

func (s *soak) opsState(tenant string) (state opsState) {
	if o, err := s.store.Get(s.t.Context(), delivery.KeysOf(tenant).Ops()); err == nil {
		_ = json.Unmarshal(o.Data, &state)
	}
	return state
}

// channelIn finds the channel in a subject.
var channelIn = regexp.MustCompile(`\((C\w+)\)`)

// judgeOps: a tenant's ops heard each notice once, the begin and the end of each cause in turn, of
// each channel that the app was kept out of once for each time, and one receipt, which agrees
// with the ledger.
func (s *soak) judgeOps(v *verdict, week int, t *config.Tenant, w period.Period) {
	if s.told.open[t.Name] == nil {
		s.told.open[t.Name] = make(hearing)
	}
	heard := s.told.open[t.Name]
	var receipts []notice
	begun := make(map[string][]string) // by channel: what ops heard of it
	for _, m := range s.slack.Messages(t.Ops[0].To) {
		if m.Metadata == nil {
			v.wrong("a notice without a key: %s", m.Text)
			continue
		}
		key := fmt.Sprint(m.Metadata.EventPayload["key"])
		if ts, before := s.told.keys[key]; before {
			if ts != m.TS {
				v.wrong("ops were told twice: %s", key)
			}
			continue
		}
		s.told.keys[key] = m.TS
		s.tally.count("notices to ops")
		subject := unescape(head(m.Text))
		heard.hear(subject, 1)
		if onlyAbout(m.Text, uninvited) || onlyAbout(m.Text, archived) {
			s.told.outlived[causeOf(affairs.ReplaceAllString(subject, ""))] = true
		}
		if strings.HasPrefix(subject, "Receipt for ") {
			receipts = append(receipts, noticeOf(key, subject))
		} else if id := channelIn.FindStringSubmatch(subject); id != nil &&
			!strings.HasPrefix(subject, "Resolved") {
			begun[id[1]] = append(begun[id[1]], noticeOf(key, subject).String())
		}
	}
	for channel, heard := range begun {
		if most := s.people.excluded(channel) + wrongIn(week, channel); len(heard) > most {
			v.wrong("%s: the app was kept out of %s %d times, and ops heard\n\t\t%s", t.Name,
				channel, most, strings.Join(heard, "\n\t\t"))
		}
	}

	state := s.opsState(t.Name)
	heard.pending(state, 1)
	forgotten := s.forgotten(t, w)
	for cause, n := range heard {
		if n > 0 && forgotten[cause] > 0 || n == 1 && s.told.outlived[cause] {
			n = 0
		}
		if n != 0 {
			v.wrong("%s: ops heard the begin of %q %+d times more than its end", t.Name, cause, n)
		}
		delete(heard, cause)
	}
	heard.pending(state, -1)

	if lost, stuck := s.notices(t.Name); lost > 0 || stuck > 0 {
		v.wrong("%s: ops were not told %d times, and %d claims are stuck", t.Name, lost, stuck)
	}
	if len(receipts) != 1 {
		v.wrong("%s: ops got %d receipts", t.Name, len(receipts))
		return
	}
	s.judgeReceipt(v, t, w, receipts[0])
}

// wrongIn is how often ops hear of what is wrong with a channel of the first week's: that it is
// archived; that the app is not in it, and then that a report was missed for that.
func wrongIn(week int, channel string) int {
	if week > 0 {
		return 0
	}
	return map[string]int{channelOfBot(0, 1, 0): 1, channelOfBot(0, 2, 0): 2}[channel]
}

// forgotten are the causes for which reports lack their PDF of bots that sent nothing a week later.
// That is so long ago, when the next report arrives, that it is no longer asked about, and then
// there is nothing to say.
func (s *soak) forgotten(t *config.Tenant, w period.Period) hearing {
	h, ledger := make(hearing), &delivery.Ledger{Store: s.store, Now: time.Now}
	for _, b := range t.Bots {
		for _, d := range b.Destinations {
			r, err := ledger.Read(s.t.Context(),
				config.Job{Tenant: t.Name, Bot: b.ID, Period: w.Previous()}, d.ID())
			if err == nil && b.SkipIfEmpty && r.Missing != "" {
				h.add(strings.ToUpper(r.Missing[:1])+r.Missing[1:], 1)
			}
		}
	}
	return h
}

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace

// A notice is when something was told, and what.
type notice struct {
	at      time.Time
	subject string
}

func (n notice) String() string { return n.at.Format("Mon 15:04 ") + n.subject }

// noticeOf reads a notice's id out of its key: tenant/notice/20261019T0930-hash/destination.
func noticeOf(key, subject string) notice {
	parts := strings.Split(key, "/")
	return notice{must(time.Parse("20060102T1504", parts[2][:13])), subject}
}

// notices counts a tenant's that could not be told, and those whose claim is stuck.
func (s *soak) notices(of string) (lost, stuck int) {
	for _, key := range must(s.store.List(s.t.Context(), of+"/ops/notices/")) {
		var r delivery.Record
		if err := json.Unmarshal(must(s.store.Get(s.t.Context(), key)).Data, &r); err != nil {
			s.t.Error(err)
		}
		switch {
		case r.Failed():
			lost++
		case r.State == delivery.Claimed && time.Since(r.Until) > time.Hour:
			stuck++
		}
	}
	return lost, stuck
}

// counts are those of a receipt.
type counts struct{ due, delivered, failed, waiting, skipped int }

var (
	receiptOf = regexp.MustCompile(`^Receipt for (?:\S+, )?week (\S+): (.*)$`)
	counted   = regexp.MustCompile(`(\d+) (due|delivered|failed|waiting|not wanted this week)`)
)

// countsOf reads a receipt.
func countsOf(text string) (c counts) {
	for _, m := range counted.FindAllStringSubmatch(text, -1) {
		n := must(strconv.Atoi(m[1]))
		switch m[2] {
		case "due":
			c.due = n
		case "delivered":
			c.delivered = n
		case "failed":
			c.failed = n
		case "waiting":
			c.waiting = n
		default:
			c.skipped = n
		}
	}
	return c
}

// judgeReceipt: a receipt is of the right week, and its numbers are those of the ledger at that
// time, as far as that can be told to a few minutes.
func (s *soak) judgeReceipt(v *verdict, t *config.Tenant, w period.Period, n notice) {
	if m := receiptOf.FindStringSubmatch(n.subject); m == nil || m[1] != w.String() {
		v.wrong("%s, in the week of %s", n.subject, w)
		return
	}
	ledger := &delivery.Ledger{Store: s.store, Now: time.Now}
	least, most := counts{}, counts{} // of what was over by then
	for _, b := range t.Bots {
		// of a bot that sends on another day
		if due := b.SendAt(w); due.After(n.at) || !due.After(eve) {
			continue
		}
		for _, d := range b.Destinations {
			r, err := ledger.Read(s.t.Context(), config.Job{Tenant: t.Name, Bot: b.ID, Period: w},
				d.ID())
			if err != nil {
				v.wrong("%v", err)
			}
			add := func(c *counts, by time.Time) {
				c.due++
				switch {
				case !r.SentAt.IsZero() && !r.SentAt.After(by):
					c.delivered++
				case r.At.After(by):
					c.waiting++
				case r.State == delivery.Skipped:
					c.skipped++
				default:
					c.failed++
				}
			}
			add(&least, n.at)
			add(&most, n.at.Add(7*time.Minute)) // a tick that failed comes again
		}
	}
	got := countsOf(n.subject)
	within := func(n, low, high int) bool { return low <= n && n <= high }
	if got.due != least.due || got.due != got.delivered+got.failed+got.waiting+got.skipped ||
		!within(got.delivered, least.delivered, most.delivered) ||
		!within(got.failed, least.failed, most.failed) || !within(got.skipped, least.skipped, most.skipped) {
		v.wrong("%s at %s; the ledger says between %+v and %+v", n.subject, n.at, least, most)
	}
}

// judgeOperator: the operator heard each notice once, or as often as the ledger says that it may
// have been, and got one summary, whose numbers are the sum of its lines.
func (s *soak) judgeOperator(v *verdict, w period.Period) {
	least, most := 0, 0
	for _, key := range must(s.store.List(s.t.Context(), "_deployment/ops/notices/")) {
		var r delivery.Record
		if err := json.Unmarshal(must(s.store.Get(s.t.Context(), key)).Data, &r); err != nil {
			v.wrong("%v", err)
		}
		if s.told.keys[key] != "" {
			continue
		}
		switch {
		case r.State == delivery.Accepted && r.MaybeDuplicate:
			least, most = least+1, most+r.Attempts
		case r.State == delivery.Accepted:
			least, most = least+1, most+1
		default:
			most += r.Attempts
		}
		if r.State.Final() {
			s.told.keys[key] = "told"
		}
	}
	if lost, stuck := s.notices("_deployment"); lost > 0 || stuck > 0 {
		v.wrong("the operator was not told %d times, and %d claims are stuck", lost, stuck)
	}
	published := s.board.take()
	s.tally.add("notices to the operator", len(published))
	if n := len(published); n < least || n > most {
		v.wrong("the operator was told %d times, and the ledger says between %d and %d", n, least,
			most)
	}
	var summaries []string
	for _, p := range published {
		if subject := p.Get("Subject"); strings.HasPrefix(subject, "Receipt") {
			summaries = append(summaries, subject+"\n"+p.Get("Message"))
		}
	}
	slices.Sort(summaries)
	if summaries = slices.Compact(summaries); len(summaries) != 1 {
		v.wrong("the operator got %d summaries: %q", len(summaries), summaries)
		return
	}
	subject, lines, _ := strings.Cut(summaries[0], "\n")
	if m := receiptOf.FindStringSubmatch(subject); m == nil || m[1] != w.String() {
		v.wrong("%s, in the week of %s", subject, w)
	}
	var sum counts
	for line := range strings.Lines(lines) {
		own, _, _ := strings.Cut(line, ";") // then of earlier weeks
		c := countsOf(own)
		sum = counts{sum.due + c.due, sum.delivered + c.delivered, sum.failed + c.failed,
			sum.waiting + c.waiting, sum.skipped + c.skipped}
	}
	if got := countsOf(subject); got != sum || strings.Count(lines, "\n- ") != len(s.tenants)-1 {
		v.wrong("the operator's summary is not the sum of its lines:\n%s", summaries[0])
	}
}
