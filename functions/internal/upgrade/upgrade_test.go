package upgrade

import (
	"fmt"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// TestFixture: the version before does with what it left what testdata/outcome.txt says. With
// -rewrite it writes both.
func TestFixture(t *testing.T) {
	before := versionBefore(t)
	if *rewrite {
		write(t) // before the other tests read it
	} else {
		t.Parallel()
	}
	w := restored(t)
	w.deploy(before)
	w.run(end)
	w.judge()
	if *rewrite {
		if err := os.WriteFile(outcomeFile, []byte(w.outcome()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w.compare()
	w.audit(before)
}

// TestUpgrade: whenever a deployment is upgraded, and whenever that is taken back, each delivery
// ends as if nothing had been done.
func TestUpgrade(t *testing.T) {
	before, this := versionBefore(t), thisVersion(t)
	for _, test := range []struct {
		name string
		do   func(w *world)
		// How often ops are told that a configuration in force breaks new rules, and that this is
		// over: by each version that knows the rules, and by each that does not.
		told, over int
	}{
		{"nothing is in flight", func(w *world) {
			w.deploy(before)
			w.run(nextMonday.AddDate(0, 0, -1))
			w.deploy(this)
			w.run(end)
			if weeks := w.withPDF(); !slices.Equal(weeks, []string{"2026-W47"}) {
				w.t.Errorf("the portfolios of %q have a PDF, want only that after the upgrade",
					weeks)
			}
		}, 1, 0},
		{"in the middle of a delivery", func(w *world) {
			w.deploy(this)
		}, 1, 0},
		{"rolled back and upgraded again", func(w *world) {
			w.deploy(this)
			w.run(monday.Add(15 * time.Minute))
			w.deploy(before)
			w.run(nextMonday)
			w.deploy(this)
			w.run(nextMonday.Add(time.Hour))
			w.deploy(before)
		}, 2, 2},
		{"the worker of one version and the others of the other", func(w *world) {
			w.programs = func(function string) program {
				if (function == "worker") == (w.clock().Minute() < 30) {
					return this
				}
				return before
			}
		}, -1, -1}, // by each in turn
		{"Sage contradicts itself, and then it is rolled back", func(w *world) {
			empty := contradicts(monday, monday.Add(80*time.Minute), "not-taken", "incomplete",
				"single", "section-missing")
			w.spoils = func(rw http.ResponseWriter, s step, now time.Time) bool {
				if s.Name == "slack chat.postMessage C0INCOMPL1" &&
					now.Before(monday.Add(55*time.Minute)) {
					fmt.Fprint(rw, `{"ok": false, "error": "not_in_channel"}`)
					return true
				}
				return empty(rw, s, now)
			}
			w.deploy(this)
			w.run(monday.Add(50 * time.Minute))
			// This one has not been sent yet, and the version before sends it.
			job := config.Job{Tenant: "acme", Bot: "incomplete",
				Period: must(period.Parse("2026-W46"))}
			if frozen := w.frozen(job); !strings.Contains(frozen, `"missing": true`) {
				w.t.Errorf("no day is marked as missing in %s", frozen)
			}
			w.deploy(before)
		}, 1, 1},
		{"rolled back after a bots.yaml with new keys", func(w *world) {
			w.deploy(this)
			w.run(monday.Add(15 * time.Minute))
			file := string(configuration("names"))
			for _, change := range [][2]string{
				{"tz: Etc/GMT+1", "tz: Etc/GMT+1, fixed_offset: true"},
				{"name: Crowd", "name: Crowd\n    page_queries: keep"},
			} {
				if !strings.Contains(file, change[0]) {
					w.t.Fatalf("the configuration has no %q", change[0])
				}
				file = strings.Replace(file, change[0], change[1], 1)
			}
			w.put("config/names.yaml", []byte("%YAML 1.2\n---\n"+file))
			w.run(monday.Add(30 * time.Minute))
			w.deploy(before)
		}, -1, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := restored(t)
			test.do(w)
			w.run(end)
			w.judge()
			w.compare(overLimit()...)
			for tenant, cause := range map[string]alerting.Cause{
				"names": alerting.OutdatedConfig("names", "", alerting.Commands{}),
				"over":  alerting.OverLimit("over", "", alerting.Commands{}),
			} {
				if told, over := w.told(tenant, cause); test.told >= 0 &&
					(told != test.told || over != test.over) {
					t.Errorf("ops were told %d times that %s, and %d times that this is over; not %d and %d",
						told, cause.Reason, over, test.told, test.over)
				}
			}
			w.again()
			w.audit(before)
			w.audit(this)
		})
	}
}

// contradicts has Sage answer that some bots had no chats, while fallbacks, hours and
// pages say that they had.
func contradicts(from, to time.Time,
	some ...string) func(rw http.ResponseWriter, s step, now time.Time) bool {
	return func(rw http.ResponseWriter, s step, now time.Time) bool {
		bot, question, _ := strings.Cut(strings.TrimPrefix(s.Name, "sage "), "/")
		if !slices.Contains(some, bot) || !strings.HasPrefix(question, "sessions/") ||
			now.Before(from) || !now.Before(to) {
			return false
		}
		rw.Header().Set("Content-Type", "application/json")
		fmt.Fprint(rw, `{"data": []}`)
		return true
	}
}

// frozen is the report.json of the build that counts.
func (w *world) frozen(j config.Job) string {
	w.t.Helper()
	b, err := delivery.Archive{Store: w.store}.Load(w.t.Context(), j)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(must(b.Report.Encode()))
}

// compare compares the outcome of the deliveries with that without an upgrade. Deliveries to the
// destinations with the IDs in cut may have none. A portfolio of this version has a PDF in its
// thread.
func (w *world) compare(cut ...string) {
	w.t.Helper()
	all := w.fates()
	var want strings.Builder
	for line := range strings.Lines(string(must(os.ReadFile(outcomeFile)))) {
		name, _, _ := strings.Cut(line, "  ")
		if slices.Contains(cut, path.Base(name)) && all[name] == nil {
			continue
		}
		want.WriteString(line)
	}
	got := portfolioPDF.ReplaceAllString(w.outcome(), "$1")
	if diff := cmp.Diff(want.String(), got); diff != "" {
		w.t.Errorf("not what it would be without an upgrade (-want +got):\n%s", diff)
	}
}

// portfolioPDF matches the PDF in the thread of a portfolio, in an outcome.
var portfolioPDF = regexp.MustCompile(`(?m)^(\w+/_portfolio/.*: 1 digest), 1 PDF$`)

// withPDF returns the weeks in which acme's portfolio has a PDF in its thread.
func (w *world) withPDF() (weeks []string) {
	w.t.Helper()
	for name, f := range w.fates() {
		if strings.HasPrefix(name, "acme/_portfolio/") && f.pdfs > 0 {
			weeks = append(weeks, strings.Split(name, "/")[2])
		}
	}
	slices.Sort(weeks)
	return weeks
}

// overLimit are the IDs of the destinations to which this version does not send, since their bot
// has too many.
func overLimit() (ids []string) {
	for _, to := range []string{"r51@over.example", "r52@over.example"} {
		ids = append(ids, config.Destination{Medium: config.Mail, To: to}.ID())
	}
	return ids
}

// TestDeath: at whatever step a worker of one version dies, the other version finishes what it has
// begun, and the first, when it is back, finds nothing left to do.
func TestDeath(t *testing.T) {
	before, this := versionBefore(t), thisVersion(t)
	for _, test := range []struct {
		name        string
		first, then program
	}{
		{"upgraded", before, this},
		{"rolled back", this, before},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := restored(t, "small")
			w.deploy(test.first)
			w.work(monday.Add(2*time.Minute), w.job())
			steps := slices.Clone(w.steps)
			for n, s := range steps {
				// The race detector sees one process at a time, and slows all of them down: a few
				// steps will do.
				if raceEnabled && n%6 > 0 {
					continue
				}
				t.Run(fmt.Sprintf("%d %s", n+1, strings.ReplaceAll(s.Name, "/", ",")),
					func(t *testing.T) {
						t.Parallel()
						w := restored(t, "small")
						w.deploy(test.first)
						m, done := w.job(), new(atomic.Int64)
						w.dies = func(step) (before, after bool) {
							return false,
								done.Add(1) == int64(n+1)
						}
						if w.work(monday.Add(2*time.Minute), m); m.Gone {
							t.Fatal("it lived")
						}
						w.dies = nil
						w.deploy(test.then)
						w.run(monday.Add(time.Hour))
						w.deploy(test.first)
						w.run(monday.Add(75 * time.Minute))
						w.judge()
						w.again()
						w.compareSmall()
					})
			}
		})
	}
}

// TestClaim: what a worker of one version is at, no worker of the other touches, until the claim
// has ended.
func TestClaim(t *testing.T) {
	before, this := versionBefore(t), thisVersion(t)
	for _, test := range []struct {
		name        string
		first, then program
	}{
		{"upgraded", before, this},
		{"rolled back", this, before},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := restored(t, "small")
			w.deploy(test.first)
			var mu sync.Mutex
			claimed := make(map[string]bool)
			w.dies = func(s step) (before, after bool) {
				mu.Lock()
				defer mu.Unlock()
				if strings.HasPrefix(s.Name, "s3 PUT small/ledger/2026-W46/") {
					claimed[s.Name] = true
				}
				return false, len(claimed) == 2
			}
			m := w.job()
			w.work(monday.Add(2*time.Minute), m)
			w.dies = nil
			done := len(w.steps)
			w.deploy(test.then)
			again := *m
			w.work(monday.Add(4*time.Minute), &again)
			if s := w.steps[done:]; len(s) > 0 || len(claimed) != 2 {
				t.Errorf("of %d claims that had not ended, these were not left alone: %v",
					len(claimed), s)
			}
			w.run(monday.Add(time.Hour))
			w.judge()
			w.compareSmall()
		})
	}
}

// job is the one message of the weekly queue.
func (w *world) job() *message {
	w.t.Helper()
	i := slices.IndexFunc(w.Queue, func(m *message) bool { return m.Queue == weekly && !m.Gone })
	if i < 0 {
		w.t.Fatal("no job is left in the queue")
	}
	return w.Queue[i]
}

// compareSmall is compare for the small tenant's week 46. A mail may be there twice where the
// ledger says so, since a worker died.
func (w *world) compareSmall() {
	w.t.Helper()
	for line := range strings.Lines(string(must(os.ReadFile(outcomeFile)))) {
		name, want, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !strings.HasPrefix(name, "small/single/2026-W46/") {
			continue
		}
		f := w.fates()[name]
		if f == nil {
			w.t.Errorf("%s: nothing has become of it, not %s", name, want)
			continue
		}
		if f.Doubtful && f.mails <= 2 {
			f.Doubtful, f.mails = false, min(f.mails, 1)
		}
		if f.String() != want {
			w.t.Errorf("%s: %s, not %s", name, f, want)
		}
	}
}
