package worker_test

import (
	"slices"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/spelling"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
	"kindlyweekly/sage/sagefake"
)

// clicks adds a button click to acme's bot, and moves button clicks to another path.
func (h *harness) clicks(movedTo string) {
	h.sage.Bots()[0].Add(sagefake.Event{At: time.Date(2026, time.November, 11, 9, 0, 0, 0, time.UTC),
		Kind: sagefake.ButtonClick, Source: "web", Language: "nb",
		Button: sagefake.Button{Text: "Ja", Dialogue: "Retur"}})
	h.sage.Fault(sagefake.Fault{Path: "buttons/clicks", MovedTo: movedTo})
}

// archived returns the archived report of the week.
func (h *harness) archived() *figures.Report {
	h.t.Helper()
	m := must(h.Archive.Manifest(h.t.Context(), job))
	return must(h.Archive.LoadBuild(h.t.Context(), m)).Report
}

// The worker asks for button clicks where the deployment's sage.json says. Whatever that says, the
// report is delivered.
func TestDeliver_Spelling(t *testing.T) {
	for _, tc := range []struct {
		name    string
		saved   string // sage.json; "": there is none
		buttons bool   // whether the report has them
		logs    string
	}{
		{"none is saved", "", false, "buttons/clicks of bot 4217"},
		{"saved", `{"schema": 1, "buttons": {"path": "buttons/clicked"}}`, true, ""},
		{"saved wrongly", `{"schema": 1, "buttons": {"path": "buttons"}}`, false,
			"buttons of bot 4217"},
		{"saved with fields that did not come",
			`{"schema": 1, "buttons": {"path": "buttons/clicked", "text": "caption"}}`, false,
			"the keys that came"},
		{"damaged", `{"schema": 1, "buttons": {"path": "buttons/cl`, false, "sage.json: "},
		{"not a path", `{"schema": 1, "buttons": {"path": "../9999/buttons/clicked"}}`, false,
			"sage.json: invalid path"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": acme}, func(t *testing.T, h *harness) {
				h.clicks("buttons/clicked")
				if tc.saved != "" {
					h.store.Plant("sage.json", []byte(tc.saved))
				}
				h.weekly()
				for range 3 { // a shape that may still change is waited for
					time.Sleep(15 * time.Minute)
					h.weekly()
				}
				h.states(delivery.Accepted, delivery.Accepted)
				r := h.archived()
				missing := slices.ContainsFunc(r.Unavailable, func(u figures.Unavailable) bool {
					return u.Section == figures.SectionButtons
				})
				if len(r.Buttons) > 0 != tc.buttons || missing == tc.buttons {
					t.Errorf("buttons %+v, unavailable %+v", r.Buttons, r.Unavailable)
				}
				if tc.logs == "" {
					h.out.hasNot(t, `"level":"WARN"`)
				} else {
					h.out.has(t, `"level":"WARN"`, tc.logs)
				}
			})
		})
	}
}

// What doctor saves counts for the next report of a running worker within 15 minutes. A report that
// lacks its buttons is then built again for a user who asks.
func TestAnswer_SpellingSavedLater(t *testing.T) {
	in(t, map[string]string{"acme": acme}, func(t *testing.T, h *harness) {
		h.clicks("buttons/clicked")
		h.weekly()
		if r := h.archived(); len(r.Buttons) != 0 {
			t.Fatalf("buttons %+v", r.Buttons)
		}
		if err := spelling.Save(t.Context(), h.store,
			sage.Spelling{ButtonPath: "buttons/clicked"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Minute)
		h.ask(func(q *queues.Request) { q.At = time.Now() })
		if r := h.archived(); len(r.Buttons) != 1 || r.Buttons[0].Text != "Ja" {
			t.Errorf("buttons %+v, unavailable %+v", r.Buttons, r.Unavailable)
		}
	})
}
