package main

import (
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kindlyweekly/sage/sagetest"
)

// now is a Monday morning at which every test takes place.
var now = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)

// The command as a user types it. The scripts are in testdata/*.txtar. Beside testscript's own commands they have
//
//	local ARGS...     runs the command; ! local expects it to fail
//	code N            the exit code of the last run
//	fault PATH N      from now on, the Sage answers N to requests whose path ends in PATH
func TestScripts(t *testing.T) {
	bots := sagetest.Demo(now)
	type state struct {
		server *sagetest.Server
		code   int
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			sage := sagetest.New(bots...)
			server := httptest.NewServer(sage)
			env.Defer(server.Close)
			env.Setenv("SAGE_URL", server.URL)
			env.Setenv("KINDLY_API_URL", server.URL)
			env.Setenv("KINDLY_API_KEY", "demo-key-bakeri")
			env.Values["state"] = &state{server: sage}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"local": func(ts *testscript.TestScript, neg bool, args []string) {
				s := ts.Value("state").(*state)
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				s.code = run(ctx, host{out: ts.Stdout(), err: ts.Stderr(), getenv: ts.Getenv, now: func() time.Time { return now }}, args)
				if neg == (s.code == 0) {
					ts.Fatalf("exit code %d", s.code)
				}
			},
			"code": func(ts *testscript.TestScript, _ bool, args []string) {
				if code := ts.Value("state").(*state).code; strconv.Itoa(code) != args[0] {
					ts.Fatalf("exit code %d, not %s", code, args[0])
				}
			},
			"fault": func(ts *testscript.TestScript, _ bool, args []string) {
				status, err := strconv.Atoi(args[1])
				ts.Check(err)
				ts.Value("state").(*state).server.Fault(sagetest.Fault{Path: args[0], Status: status})
			},
		},
	})
}

func TestKeyIsFoundByBot(t *testing.T) {
	for _, tc := range []struct{ variable, bot string }{
		{"KINDLY_API_KEY", "nettbutikk"},
		{"KINDLY_API_KEY_nettbutikk", "nettbutikk"},
		{"KINDLY_API_KEY_intern_hjelp_2", "intern-hjelp.2"},
		{"KINDLY_API_KEY_INTERN_HJELP_2", "intern-hjelp.2"},
	} {
		h := host{getenv: func(name string) string {
			return map[string]string{tc.variable: " secret\n"}[name]
		}}
		if key, err := h.key(context.Background(), tc.bot); key != "secret" || err != nil {
			t.Errorf("%s for %s: %q, %v", tc.variable, tc.bot, key, err)
		}
	}
	h := host{getenv: func(name string) string {
		return map[string]string{"KINDLY_API_KEY": "general", "KINDLY_API_KEY_a": "its own"}[name]
	}}
	if key, _ := h.key(context.Background(), "a"); key != "its own" {
		t.Errorf("the bot's own key loses against the general one: %q", key)
	}
}

// The doctor must notice a Sage that does not do what is assumed of it.
func TestDoctorNoticesWhichSpellingCounts(t *testing.T) {
	for spelling, want := range map[string][2]string{
		"language_code[]":  {"language_code[] counts                   yes", "language_codes[] counts                  no"},
		"language_codes[]": {"language_code[] counts                   no", "language_codes[] counts                  yes"},
	} {
		sage := sagetest.New(sagetest.Demo(now)...)
		sage.LanguageParam = spelling
		server := httptest.NewServer(sage)
		defer server.Close()
		var out, stderr strings.Builder
		code := run(context.Background(), host{out: &out, err: &stderr, now: func() time.Time { return now }, getenv: func(name string) string {
			return map[string]string{"SAGE_URL": server.URL, "KINDLY_API_URL": server.URL, "KINDLY_API_KEY": "demo-key-nettbutikk"}[name]
		}}, []string{"doctor", "--bot", "nettbutikk", "--tz", "Europe/Oslo"})
		if code != 0 {
			t.Errorf("exit code %d: %s", code, stderr.String())
		}
		for _, line := range want {
			if !strings.Contains(out.String(), line) {
				t.Errorf("Sage reads %s, but the doctor does not say %q:\n%s", spelling, line, out.String())
			}
		}
	}
}
