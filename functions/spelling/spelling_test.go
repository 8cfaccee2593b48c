package spelling_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/spelling"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/sage"
)

var (
	clicked = sage.Spelling{ButtonPath: "buttons/clicked"}
	named   = sage.Spelling{ButtonPath: "buttons/clicks", ButtonText: "caption",
		ButtonDialogue: "dialogue"}
)

func TestSpelling_ReadAsSaved(t *testing.T) {
	store := &storetest.Memory{}
	if s, err := spelling.Read(t.Context(), store); s != (sage.Spelling{}) || err != nil {
		t.Errorf("before any is saved: %+v, %v", s, err)
	}
	for _, want := range []sage.Spelling{clicked, named, {}} {
		if err := spelling.Save(t.Context(), store, want); err != nil {
			t.Fatal(err)
		}
		if s, err := spelling.Read(t.Context(), store); s != want || err != nil {
			t.Errorf("%+v, %v; want %+v", s, err, want)
		}
	}
}

// What is stored is read by other versions of this program.
func TestSpelling_Format(t *testing.T) {
	store := &storetest.Memory{}
	for _, c := range []struct {
		s    sage.Spelling
		want string
	}{
		{clicked, `{
  "schema": 1,
  "buttons": {
    "path": "buttons/clicked"
  }
}
`},
		{named, `{
  "schema": 1,
  "buttons": {
    "path": "buttons/clicks",
    "text": "caption",
    "dialogue": "dialogue"
  }
}
`},
	} {
		if err := spelling.Save(t.Context(), store, c.s); err != nil {
			t.Fatal(err)
		}
		o, err := store.Get(t.Context(), "sage.json")
		if string(o.Data) != c.want || err != nil {
			t.Errorf("%s, %v; want %s", o.Data, err, c.want)
		}
	}
	store.Plant("sage.json", []byte(`{"schema": 1, "buttons": {"path": "buttons", "unknown": 1}}`))
	if s, err := spelling.Read(t.Context(), store); s.ButtonPath != "buttons" || err != nil {
		t.Errorf("with a key of a later version: %+v, %v", s, err)
	}
}

// damaged are contents of which nothing is used.
var damaged = []string{
	"", "{", "null", `[]`, `"buttons/clicked"`,
	`{"buttons": {"path": "buttons/clicked"}}`,
	`{"schema": 2, "buttons": {"path": "buttons/clicked"}}`,
	`{"schema": 1, "buttons": {"path": "../../17/buttons"}}`,
	`{"schema": 1, "buttons": {"path": 17}}`,
	`{"schema": 1, "buttons": {"path": "buttons/clicked", "text": "a b"}}`,
}

func TestRead_Damaged(t *testing.T) {
	store := &storetest.Memory{}
	for _, data := range damaged {
		store.Plant("sage.json", []byte(data))
		s, err := spelling.Read(t.Context(), store)
		if s != (sage.Spelling{}) || err == nil || !strings.HasPrefix(err.Error(), "sage.json: ") {
			t.Errorf("%s: %+v, %v", data, s, err)
		}
		// Doctor repairs it.
		if err := spelling.Save(t.Context(), store, clicked); err != nil {
			t.Errorf("%s: saving: %v", data, err)
		}
		if s, err := spelling.Read(t.Context(), store); s != clicked || err != nil {
			t.Errorf("%s: saved: %+v, %v", data, s, err)
		}
	}
}

func TestSave_Errors(t *testing.T) {
	store := &storetest.Memory{}
	if err := spelling.Save(t.Context(), store, sage.Spelling{ButtonPath: "/"}); err == nil {
		t.Error("an invalid spelling was saved")
	}
	broken := errors.New("503 Slow Down")
	failing, _ := storetest.FailOnce(store, 0, broken)
	if err := spelling.Save(t.Context(), failing, clicked); !errors.Is(err, broken) {
		t.Errorf("the store cannot be read: %v", err)
	}
	for _, before := range []string{"", `{"schema": 1}`} {
		store := &storetest.Memory{}
		if before != "" {
			store.Plant("sage.json", []byte(before))
		}
		racing := storetest.Wrapped{Store: store,
			Around: func(_ context.Context, call, _ string, do func() error) error {
				if call == "put" {
					store.Plant("sage.json", []byte(`{"schema": 1, "buttons": {"path": "first"}}`))
				}
				return do()
			}}
		if err := spelling.Save(t.Context(), racing, clicked); !errors.Is(err,
			delivery.ErrConflict) {
			t.Errorf("another process writes, where %q was: %v", before, err)
		}
		if s, _ := spelling.Read(t.Context(), store); s.ButtonPath != "first" {
			t.Errorf("the other process's was overwritten by %+v", s)
		}
	}
}

// A process asks the store once in 15 minutes, and after a failure once in a minute.
func TestReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory, gets := &storetest.Memory{}, 0
		var broken error
		store := storetest.Wrapped{Store: memory,
			Around: func(_ context.Context, _, _ string, do func() error) error {
				gets++
				if broken != nil {
					return broken
				}
				return do()
			}}
		var logged bytes.Buffer
		r := &spelling.Reader{Store: store, Now: time.Now,
			Log: slog.New(slog.NewTextHandler(&logged, nil))}
		save := func(s sage.Spelling) func() {
			return func() {
				if err := spelling.Save(t.Context(), memory, s); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, step := range []struct {
			what   string
			after  time.Duration
			change func()
			want   sage.Spelling
			gets   int
			logs   string // a part of what is logged; "" for nothing
		}{
			{"none is saved", 0, nil, sage.Spelling{}, 1, ""},
			{"one was saved just now", 14 * time.Minute, save(clicked), sage.Spelling{}, 0, ""},
			{"15 minutes later", time.Minute, nil, clicked, 1, ""},
			{"another was saved", 15 * time.Minute, save(named), named, 1, ""},
			{"the store fails", 15 * time.Minute, func() { broken = errors.New("503 Slow Down") },
				named, 1, "503 Slow Down"},
			{"just after", 59 * time.Second, nil, named, 0, ""},
			{"still", time.Second, nil, named, 1, "503 Slow Down"},
			{"it works again", time.Minute, func() { broken = nil; save(clicked)() }, clicked, 1, ""},
			{"damaged", 15 * time.Minute, func() { memory.Plant("sage.json", []byte("{")) },
				clicked, 1, "sage.json: "},
		} {
			time.Sleep(step.after)
			if step.change != nil {
				step.change()
			}
			gets = 0
			logged.Reset()
			if s := r.Spelling(t.Context()); s != step.want || gets != step.gets {
				t.Errorf("%s: %+v after %d calls of the store, want %+v after %d", step.what, s,
					gets, step.want, step.gets)
			}
			if got := logged.String(); (got == "") != (step.logs == "") ||
				!strings.Contains(got, step.logs) {
				t.Errorf("%s: logged %q, want %q", step.what, got, step.logs)
			}
		}
	})
}

// A store that does not answer delays a report by seconds only.
func TestReader_Hangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := storetest.Wrapped{Store: &storetest.Memory{},
			Around: func(ctx context.Context, _, _ string, _ func() error) error {
				<-ctx.Done()
				return ctx.Err()
			}}
		r := &spelling.Reader{Store: store, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		began := time.Now()
		if s := r.Spelling(t.Context()); s != (sage.Spelling{}) || time.Since(began) > 5*time.Second {
			t.Errorf("%+v after %v", s, time.Since(began))
		}
	})
}
