package upgrade

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// A fate is what has become of a delivery: what its record says, and what is there.
type fate struct {
	State    string // empty: there is no record
	Lacks    string
	Doubtful bool
	Ref      string
	Build    string

	digests, details, pdfs, notes, mails int
	posted                               string // the digest's ts
}

func (f fate) String() string {
	var all []string
	for _, x := range []struct {
		n    int
		what string
	}{{f.digests, "digest"}, {f.details, "details"}, {f.pdfs, "PDF"}, {f.notes, "note"},
		{f.mails, "mail"}} {
		if x.n > 0 {
			all = append(all, fmt.Sprint(x.n, " ", x.what))
		}
	}
	state := cmp.Or(f.State, "no record")
	if f.Doubtful {
		state += ", possibly twice"
	}
	if f.Lacks != "" {
		state += ", lacks something"
	}
	return state + ": " + cmp.Or(strings.Join(all, ", "), "nothing")
}

// fates are those of all deliveries, by tenant/bot/week/delivery.
func (w *world) fates() map[string]*fate {
	w.t.Helper()
	all := make(map[string]*fate)
	of := func(name string) *fate {
		if all[name] == nil {
			all[name] = &fate{}
		}
		return all[name]
	}
	for _, key := range w.keys() {
		parts := strings.Split(key, "/")
		if len(parts) != 5 || parts[1] != "ledger" {
			continue
		}
		f := of(strings.Join([]string{parts[0], parts[3], parts[2],
			strings.TrimSuffix(parts[4], ".json")}, "/"))
		if err := json.Unmarshal(must(w.store.Get(w.t.Context(), key)).Data, f); err != nil {
			w.t.Errorf("%s: %v", key, err)
		}
	}
	for _, m := range w.posted() {
		parts := strings.SplitN(m.key, "/", 4)
		if parts[1] == "notice" {
			continue
		}
		f := of(strings.Join(append(parts[:3], strings.ReplaceAll(parts[3], "/", ".")), "/"))
		f.digests++
		f.posted = m.TS
		for _, r := range m.Replies {
			switch key := keyOf(r); {
			case strings.HasSuffix(key, "/details"):
				f.details++
			case strings.HasSuffix(key, "/pdf-missing"):
				f.notes++
			default:
				f.pdfs += len(r.Files)
			}
		}
	}
	for _, l := range w.Mails {
		if id := l.Tags["delivery"]; id != "" {
			of(strings.Join([]string{l.Tags["tenant"], l.Tags["bot"], l.Tags["week"], id},
				"/")).mails++
		}
	}
	return all
}

// A keyed message is one of the app's, with its key.
type keyed struct {
	slackfake.Message
	key string
}

func (w *world) posted() (all []keyed) {
	for _, c := range w.slack.Channels() {
		for _, m := range w.slack.Messages(c.ID) {
			if key := keyOf(m); key != "" {
				all = append(all, keyed{m, key})
			}
		}
	}
	return all
}

func keyOf(m slackfake.Message) string {
	if m.Metadata == nil {
		return ""
	}
	return fmt.Sprint(m.Metadata.EventPayload["key"])
}

// outcome is the fates as lines.
func (w *world) outcome() string {
	w.t.Helper()
	var lines strings.Builder
	all := w.fates()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&lines, "%s  %s\n", name, all[name])
	}
	return lines.String()
}

// judge holds what is true of every world that has come to rest: what is recorded is there, and
// nothing is there twice.
func (w *world) judge() {
	w.t.Helper()
	for name, f := range w.fates() {
		switch {
		case f.digests > 1, f.details > 1, f.pdfs > 1, f.notes > 1, f.pdfs+f.notes > 1:
			w.t.Errorf("%s: twice in Slack: %s", name, f)
		case f.mails > 1 && !f.Doubtful:
			w.t.Errorf("%s: mailed twice, and the ledger is sure of it", name)
		case f.State == "claimed", f.State == "failed", f.State == "sent":
			w.t.Errorf("%s: not over: %s", name, f)
		case f.State == "accepted" && f.digests > 0 && f.Ref != f.posted:
			w.t.Errorf("%s: the ledger knows the digest as %s, and it is %s", name, f.Ref, f.posted)
		}
	}
	w.judgeNotices()
	w.judgeBuilds()
	w.judgeKeys()
	for _, m := range w.Queue {
		if !m.Gone {
			w.t.Errorf("a message is left in %s: %s", m.Queue, m.Body)
		}
	}
}

// judgeNotices: no notice was sent twice, and of what the ledger says that it was told, all
// was.
func (w *world) judgeNotices() {
	w.t.Helper()
	accepted := make(map[string]int) // by tenant and destination
	for _, key := range w.keys() {
		parts := strings.Split(key, "/")
		if len(parts) != 5 || parts[1] != "ops" || parts[2] != "notices" {
			continue
		}
		var r delivery.Record
		if err := json.Unmarshal(must(w.store.Get(w.t.Context(), key)).Data, &r); err != nil {
			w.t.Errorf("%s: %v", key, err)
		}
		if r.State == delivery.Accepted {
			accepted[parts[0]+" "+strings.TrimSuffix(parts[4], ".json")]++
		}
	}
	told := make(map[string]int)
	for _, m := range w.posted() {
		if parts := strings.Split(m.key, "/"); parts[1] == "notice" {
			told[parts[0]+" "+parts[3]]++
		}
	}
	for _, l := range w.Mails {
		if l.Tags["delivery"] == "" {
			told[l.Tags["tenant"]+" "+config.Destination{Medium: config.Mail, To: l.To}.ID()]++
		}
	}
	if n := len(w.Notices); n > 0 {
		told[alerting.Deployment+" "+config.Destination{Medium: delivery.Topic,
			To: topicARN}.ID()] = n
	}
	if diff := gocmp.Diff(accepted, told); diff != "" {
		w.t.Errorf("how many notices each of ops was told (-by the ledger +in truth):\n%s", diff)
	}
}

// judgeBuilds: the numbers of a week are frozen once, so that all for whom it was planned got the
// same. What was complete at the cut counts still.
func (w *world) judgeBuilds() {
	w.t.Helper()
	sent := make(map[string]string) // builds, by tenant/bot/week
	for name, f := range w.fates() {
		parts := strings.Split(name, "/")
		week := strings.Join(parts[:3], "/")
		if f.digests+f.mails == 0 || strings.Contains(name, "asked-") {
			continue
		}
		if sent[week] != "" && sent[week] != f.Build {
			w.t.Errorf("%s: some got the build %s, and others %s", week, sent[week], f.Build)
		}
		sent[week] = f.Build
	}
	for _, key := range w.keys() {
		if !strings.HasSuffix(key, "/manifest.json") {
			continue
		}
		var was, is delivery.Manifest
		if err := json.Unmarshal(must(w.store.Get(w.t.Context(), key)).Data, &is); err != nil {
			w.t.Errorf("%s: %v", key, err)
		}
		week := strings.Join([]string{is.Job.Tenant, is.Job.Bot, is.Job.Period.String()}, "/")
		if _, counts := is.ForBuild(sent[week]); !counts && sent[week] != "" {
			w.t.Errorf("%s: %s was sent, which the manifest does not name", week, sent[week])
		}
		data, err := os.ReadFile(filepath.Join(fixtureBucket, filepath.FromSlash(key)))
		if err != nil {
			continue // it was not frozen at the cut
		}
		if err := json.Unmarshal(data, &was); err != nil {
			w.t.Fatal(err)
		}
		if was.Complete && is.Build != was.Build {
			w.t.Errorf("%s: the complete build %s was replaced by %s", week, was.Build, is.Build)
		}
	}
}

// again has everything come again that has come, and a tick. That changes nothing.
func (w *world) again() {
	w.t.Helper()
	before := w.outcome()
	came := make(map[string]bool)
	for _, m := range w.messages() {
		if !came[m.Body] {
			came[m.Body] = true
			again := *m
			w.work(w.clock(), &again)
		}
	}
	w.tick(nextTick(w.clock()))
	if diff := gocmp.Diff(before, w.outcome()); diff != "" {
		w.t.Errorf("when everything came again (-before +after):\n%s", diff)
	}
}

// keyShapes match every key that the previous version knows, and those of the portfolio's PDF and
// of the index of Slack teams, which are new. The roles and lifecycles in template.yaml depend on
// them too.
var keyShapes = regexp.MustCompile(`^(` + strings.Join([]string{
	`config/[a-z]+\.yaml`,
	`config/teams\.json`,
	`[a-z]+/config/good\.yaml`,
	`[a-z]+/archive/[a-z-]+/2026-W\d\d/manifest\.json`,
	`[a-z]+/archive/[a-z-]+/2026-W\d\d/[0-9a-f]{16}/(locales/[a-z]{2}/)?(charts/)?[a-z]+\.[a-z]+`,
	`[a-z]+/archive/_portfolio/2026-W\d\d/overview\.json`,
	`[a-z]+/archive/_portfolio/2026-W\d\d/portfolio-2026-W\d\d-[0-9a-f]{16}/locales/[a-z]{2}/report\.pdf`,
	`[a-z]+/ledger/known\.json`,
	`[a-z]+/ledger/2026-W\d\d/[a-z_-]+/(slack-C[A-Z0-9]{9}|mail-[0-9a-f]{16})(\.asked-[0-9a-f]{16})?\.json`,
	`[a-z]+/done/2026-W\d\d/[a-z_-]+/(slack-C[A-Z0-9]{9}|mail-[0-9a-f]{16})(\.wrong|\.skipped)?`,
	`[a-z_]+/ops/state\.json`,
	`[a-z_]+/ops/notices/[0-9T]+-[0-9a-f]{12}/(slack-C[A-Z0-9]{9}|(mail|sns)-[0-9a-f]{16})\.json`,
	`[a-z]+/mail/mail-[0-9a-f]{16}\.json`,
	`[a-z]+/seen/2026-11-\d\d/[0-9a-f]{64}`,
}, "|") + `)$`)

// judgeKeys: no key is of a shape that the version before does not know, and the mark of each
// delivery that is over is where that version lists it.
func (w *world) judgeKeys() {
	w.t.Helper()
	all := w.keys()
	for _, key := range all {
		if !keyShapes.MatchString(key) {
			w.t.Errorf("the version before knows no key such as %s", key)
		}
		parts := strings.Split(key, "/")
		if len(parts) != 5 || parts[1] != "ledger" || strings.Contains(parts[4], ".asked-") {
			continue
		}
		parts[1], parts[4] = "done", strings.TrimSuffix(parts[4], ".json")
		if mark := strings.Join(parts, "/"); !slices.Contains(all, mark) {
			w.t.Errorf("%s is over, and %s is not there", key, mark)
		}
	}
}

// told counts how often a tenant's ops were told of a cause, and how often that it is over.
func (w *world) told(tenant string, of alerting.Cause) (begun, ended int) {
	w.t.Helper()
	reason := strings.ToLower(of.Reason)
	for _, m := range w.posted() {
		switch subject, _, _ := strings.Cut(strings.ToLower(m.Text), "\n"); {
		case !strings.HasPrefix(m.key, tenant+"/notice/") || !strings.Contains(subject, reason):
		case strings.HasPrefix(subject, "resolved"):
			ended++
		default:
			begun++
		}
	}
	return begun, ended
}

// audit has a version read everything that is in the bucket, but the index of Slack teams: the
// version before takes it for no configuration, and this one does without it.
func (w *world) audit(p program) {
	w.t.Helper()
	w.deploy(p)
	keys := slices.DeleteFunc(w.keys(), func(key string) bool { return key == delivery.TeamsKey })
	a, _ := w.order(order{At: w.Now, Audit: keys})
	for _, problem := range a.Audit {
		w.t.Errorf("%s cannot read %s", p.name, problem)
	}
}
