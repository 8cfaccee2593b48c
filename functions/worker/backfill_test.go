package worker_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagefake"
)

// backfill backfills the given number of weeks up to week 46, and returns the results in words.
func (h *harness) backfill(weeks int) (string, error) {
	h.t.Helper()
	var said []string
	err := h.Backfill(h.t.Context(), "acme", "4217", before(weeks),
		func(f worker.BackfillResult) error {
			word := "kept"
			switch {
			case f.Err != nil:
				word = f.Err.Error()
			case f.Built:
				word = "made"
			}
			if len(f.Missing) > 0 {
				word += " without " + f.Missing[0].Section
			}
			said = append(said, strings.TrimPrefix(f.Job.String(), "acme/4217/2026-")+" "+word)
			return nil
		})
	return strings.Join(said, ", "), err
}

// before returns n weeks up to week 46, the oldest first.
func before(n int) (weeks []period.Period) {
	for i := range n {
		weeks = append(weeks, week.Add(i-n+1))
	}
	return weeks
}

func (h *harness) filled(weeks int, want string) {
	h.t.Helper()
	said, err := h.backfill(weeks)
	if err != nil {
		h.t.Error(err)
	}
	h.is(said, want)
}

// Complete weeks are not asked for again. Nothing is sent.
func TestBackfill(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Render = nil // every edition
		h.filled(3, "W44 made, W45 made, W46 made")
		asked := len(h.sage.Requests())
		h.filled(4, "W43 made, W44 kept, W45 kept, W46 kept")
		if more := len(h.sage.Requests()) - asked; more != 23 { // of one week
			t.Errorf("Sage was asked %d more questions", more)
		}
		b := must(h.Archive.Load(t.Context(),
			config.Job{Tenant: "acme", Bot: "4217", Period: week.Previous()}))
		if b.Report.Period.Name != week.Previous() || len(b.Files) < 10 || !b.Manifest.Complete {
			t.Errorf("the archive holds %s in %d files, complete: %t", b.Report.Period.Name,
				len(b.Files), b.Manifest.Complete)
		}
		if len(h.slack.sent)+len(h.mail.sent) != 0 {
			t.Error("something was sent")
		}
		h.states("", "")

		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		h.filled(2, "W45 made, W46 made")
		h.weekly()
		if m := must(h.Archive.Manifest(t.Context(), job)); m.Revision != 2 ||
			h.slack.sent[0].Build != m.Build {
			t.Errorf("revision %d counts, and %s was sent, not %s", m.Revision,
				h.slack.sent[0].Build, m.Build)
		}
	})
}

// A missing section is asked for the next time. A report that lacks as much makes no new revision.
func TestBackfill_MissingSections(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		stop := h.sage.Fault(sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden})
		h.filled(1, "W46 made without labels")
		h.filled(1, "W46 kept without labels")
		stop()
		h.filled(1, "W46 made")
		h.filled(1, "W46 kept")
		if m := must(h.Archive.Manifest(t.Context(), job)); m.Revision != 2 {
			t.Errorf("revision %d", m.Revision)
		}
	})
}

// A report that lacks less, or has other filters, makes a new revision, even if it lacks a
// section.
func TestBackfill_IncompleteRevision(t *testing.T) {
	labels := sagefake.Fault{Path: "chatlabels/added", Status: http.StatusForbidden}
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.sage.Fault(labels)
		stop := h.sage.Fault(sagefake.Fault{Path: "feedback/summary", Status: http.StatusForbidden})
		h.filled(1, "W46 made without feedback")
		stop()
		h.filled(1, "W46 made without labels")
	})
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.sage.Fault(labels)
		h.filled(1, "W46 made without labels")
		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		h.filled(1, "W46 made without labels")
	})
}

// A week that fails does not stop the others. A failure of every week ends the backfill.
func TestBackfill_Failures(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		sage := h.HTTP
		h.HTTP = roundTripper(func(r *http.Request) (*http.Response, error) { // for week 45
			if strings.HasSuffix(r.URL.Path, "sessions/chats") &&
				r.URL.Query().Get("to") == "2026-11-09" {
				return nil, errors.New("no route to host")
			}
			return sage.RoundTrip(r)
		})
		h.filled(3, "W44 made, W45 Sage could not be reached, W46 made")
		h.HTTP = sage
		h.filled(3, "W44 kept, W45 made, W46 kept")

		h.secrets.known["kindly/acme/4217"] = "old-key"
		said, err := h.backfill(5)
		if err == nil || !strings.Contains(err.Error(), "Kindly refused the API key") ||
			said != "" {
			t.Errorf("with a refused key: %s, %v", said, err)
		}
		h.filled(2, "W45 kept, W46 kept") // which needs no key

		if err := h.Backfill(t.Context(), "acme", "4218", before(1), nil); err == nil ||
			!strings.Contains(err.Error(), "the bot is gone") {
			t.Errorf("of no bot: %v", err)
		}
		h.Archive.Store = broken{}
		if said, err := h.backfill(2); !errors.Is(err, errDown) || said != "" {
			t.Errorf("without a store: %s, %v", said, err)
		}
	})
}

// After an interruption the archive holds each week complete or not at all. The next backfill
// continues.
func TestBackfill_Interrupted(t *testing.T) {
	for at := 0; at < 40; at += 3 { // questions; a week takes 17
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.Render = numbersAlone
			ctx, interrupt := context.WithCancel(t.Context())
			sage := h.HTTP
			var asked atomic.Int64
			h.HTTP = roundTripper(func(r *http.Request) (*http.Response, error) {
				if asked.Add(1) == int64(at) {
					interrupt()
				}
				return sage.RoundTrip(r)
			})
			told := 0
			err := h.Backfill(ctx, "acme", "4217", before(3), func(f worker.BackfillResult) error {
				if told++; f.Err != nil || len(f.Missing) > 0 {
					t.Errorf("interrupted at question %d: it is taken for a fault of %s: %v, %v",
						at, f.Job, f.Err, f.Missing)
				}
				return nil
			})
			if stopped := at > 0; errors.Is(err, context.Canceled) != stopped ||
				told == 3 == stopped {
				t.Errorf("interrupted at question %d: %v after %d weeks", at, err, told)
			}
			h.HTTP = sage
			want := ""
			for i, week := range before(3) {
				word := "made"
				if i < told {
					word = "kept"
				}
				want += fmt.Sprintf(", %s %s", strings.TrimPrefix(week.String(), "2026-"), word)
			}
			h.filled(3, want[2:])
		})
	}
}

func TestBackfill_ErrorOfEach(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		enough := errors.New("enough")
		if err := h.Backfill(t.Context(), "acme", "4217", before(3),
			func(worker.BackfillResult) error { return enough }); !errors.Is(err, enough) {
			t.Error(err)
		}
		h.filled(3, "W44 kept, W45 made, W46 made")
	})
}
