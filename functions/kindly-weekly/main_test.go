package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/sage/sagefake"
)

// now is a Monday morning at which every test takes place.
var now = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)

// The command as a user types it. The scripts are in testdata/*.txtar. What the command tells users
// to type works. In addition to testscript's own commands the scripts have
//
//	kindly-weekly ARGS...  runs the command; ! kindly-weekly expects it to fail
//	code N            the exit code of the last run
//	clock TIME        what the time is from now on
//	fault PATH N      from now on, the Sage answers N to requests whose path ends in PATH
//	fault PATH moved TO   the Sage has that statistic at another path
//	fault PATH body FILE  it answers with the file
//	refuse QUERY      from now on, the Sage does not accept questions with that in their query
//	asked PATH        expects that the last run asked the Sage at that path; ! asked: did not
//	mend              it does neither any more
//	types FILE        what the next run reads on its standard input
//	secret ID VALUE   stores a secret; with one word less, ! secret ID, expects none
//	holds ID VALUE    expects a secret
//	aws ...           see account.set
//	mailed N          expects SES to have taken N mails, ever
//	invite CHANNEL    the Slack app is in the channel from now on
//	posted CHANNEL N  expects N messages there, replies aside
//	pictured CHANNEL  expects pictures in the last message there; ! pictured expects none
func TestScripts(t *testing.T) {
	bots := sagefake.Demo(now)
	type state struct {
		server *sagefake.Server
		clear  []func()                // what mend does
		refuse *atomic.Pointer[string] // what refuse is about; nil: nothing
		asked  int                     // questions of the Sage before the last run
		code   int
		stdin  string
		now    time.Time
		aws    *account
		slack  *slackfake.Server
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			sage, refused := sagefake.New(bots...), new(atomic.Pointer[string])
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
				r *http.Request) {
				if query := refused.Load(); query != nil &&
					strings.Contains(r.URL.RawQuery, *query) {
					http.Error(w, "{}", http.StatusBadRequest)
					return
				}
				sage.ServeHTTP(w, r)
			}))
			env.Defer(server.Close)
			env.Setenv("SAGE_URL", server.URL)
			env.Setenv("KINDLY_API_URL", server.URL)
			env.Setenv("KINDLY_API_KEY", "demo-key-bakeri")
			slack := slackfake.New(slackfake.Workspace{Team: "T024BE7LD", Name: "acme",
				Token: "xoxb-good", Scopes: slack.Scopes()})
			slack.SetChannel(slackfake.Channel{ID: "C024BE91L", Team: "T024BE7LD", Name: "support",
				Member: true})
			slack.SetChannel(slackfake.Channel{ID: "C024ALERT", Team: "T024BE7LD", Name: "alerts"})
			slack.Processing = 0
			env.Setenv("USER", "kari")
			s := &state{server: sage, refuse: refused, now: now, aws: newAccount(), slack: slack}
			s.aws.buckets = buckets{dir: env.WorkDir, now: func() time.Time { return s.now }}
			env.Values["state"] = s
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"kindly-weekly": func(ts *testscript.TestScript, neg bool, args []string) {
				s := ts.Value("state").(*state)
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				var said lockedBuffer
				s.asked = len(s.server.Requests())
				s.code = run(ctx, cli.Host{
					In: strings.NewReader(s.stdin), Out: io.MultiWriter(ts.Stdout(), &said),
					Err:    io.MultiWriter(ts.Stderr(), &said),
					Getenv: environ(ts), Now: func() time.Time { return s.now },
					AWS: s.aws.config, Slack: s.slack.Client(),
				}, args)
				s.stdin = ""
				_, err := canBeTyped(said.String())
				ts.Check(err)
				if neg == (s.code == 0) {
					ts.Fatalf("exit code %d", s.code)
				}
			},
			"code": func(ts *testscript.TestScript, _ bool, args []string) {
				if code := ts.Value("state").(*state).code; strconv.Itoa(code) != args[0] {
					ts.Fatalf("exit code %d, not %s", code, args[0])
				}
			},
			"logo": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), figurestest.Logo(), 0o644))
			},
			"clock": func(ts *testscript.TestScript, _ bool, args []string) {
				at, err := time.Parse(time.RFC3339, args[0])
				ts.Check(err)
				ts.Value("state").(*state).now = at
			},
			"fault": func(ts *testscript.TestScript, _ bool, args []string) {
				f := sagefake.Fault{Path: args[0]}
				switch args[1] {
				case "empty":
					f.Empty, f.By = true, "day"
				case "years":
					f.Years, f.By = 1, "day"
				case "without":
					f.Without, f.By = args[2], "day"
				case "twice":
					f.Twice, f.By = args[2], "day"
				case "differs":
					f.Differs, f.By = args[2], "day"
				case "moved":
					f.MovedTo = args[2]
				case "body":
					f.Body = ts.ReadFile(args[2])
				default:
					var err error
					f.Status, err = strconv.Atoi(args[1])
					ts.Check(err)
				}
				s := ts.Value("state").(*state)
				s.clear = append(s.clear, s.server.Fault(f))
			},
			"refuse": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Value("state").(*state).refuse.Store(&args[0])
			},
			"asked": func(ts *testscript.TestScript, neg bool, args []string) {
				s := ts.Value("state").(*state)
				there := slices.ContainsFunc(s.server.Requests()[s.asked:],
					func(r sagefake.Request) bool { return r.Path == args[0] })
				if there == neg {
					ts.Fatalf("asked: %t", there)
				}
			},
			"mend": func(ts *testscript.TestScript, _ bool, _ []string) {
				s := ts.Value("state").(*state)
				s.refuse.Store(nil)
				for _, clear := range s.clear {
					clear()
				}
			},
			"types": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Value("state").(*state).stdin = ts.ReadFile(args[0])
			},
			"secret": func(ts *testscript.TestScript, neg bool, args []string) {
				aws := ts.Value("state").(*state).aws
				if !neg {
					aws.setSecret(args[0], args[1])
				} else if value, there := aws.secret(args[0]); there {
					ts.Fatalf("it is %q", value)
				}
			},
			"holds": func(ts *testscript.TestScript, _ bool, args []string) {
				if value, _ := ts.Value("state").(*state).aws.secret(args[0]); value != args[1] {
					ts.Fatalf("it is %q", value)
				}
			},
			"aws": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(ts.Value("state").(*state).aws.set(args...))
			},
			"mailed": func(ts *testscript.TestScript, _ bool, args []string) {
				if n := len(ts.Value("state").(*state).aws.mails()); strconv.Itoa(n) != args[0] {
					ts.Fatalf("%d mails", n)
				}
			},
			"invite": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Value("state").(*state).slack.SetChannel(slackfake.Channel{ID: args[0],
					Team: "T024BE7LD", Name: "invited", Member: true})
			},
			"posted": func(ts *testscript.TestScript, _ bool, args []string) {
				slack := ts.Value("state").(*state).slack
				n := len(slack.Messages(args[0]))
				if args[0] == "DM" {
					for _, c := range slack.Channels() {
						if c.User != "" {
							n += len(slack.Messages(c.ID))
						}
					}
				}
				if strconv.Itoa(n) != args[1] {
					ts.Fatalf("%d messages", n)
				}
			},
			"pictured": func(ts *testscript.TestScript, neg bool, args []string) {
				all := ts.Value("state").(*state).slack.Messages(args[0])
				if len(all) == 0 || bytes.Contains(all[len(all)-1].Blocks,
					[]byte(`"slack_file"`)) == neg {
					ts.Fatalf("the last of %d messages is another", len(all))
				}
			},
		},
	})
}

func TestInterrupt_PrintsNothingElse(t *testing.T) {
	server := httptest.NewServer(sagefake.New(sagefake.Demo(now)...))
	defer server.Close()
	for _, command := range []string{"report", "doctor"} {
		ctx, interrupt := context.WithCancel(context.Background())
		var out, stderr strings.Builder
		h := cli.Host{Out: &out, Err: &stderr, Now: func() time.Time { return now },
			Getenv: func(name string) string {
				switch name {
				case "SAGE_URL", "KINDLY_API_URL":
					return server.URL
				}
				interrupt() // when the key is looked up, just before the first request
				return "demo-key-bakeri"
			}}
		code := run(ctx, h, []string{command, "--bot", "bakeri", "--tz", "Europe/Oslo"})
		if want := "asking Sage about bakeri\nkindly-weekly: interrupted\n"; code != exitFailed ||
			stderr.String() != want {
			t.Errorf("%s: exit code %d, %q; want %d, %q", command, code, stderr.String(),
				exitFailed, want)
		}
	}
}

func TestProgress_ShowsFromTheStart(t *testing.T) {
	server := httptest.NewServer(sagefake.New(sagefake.Demo(now)...))
	defer server.Close()
	for _, args := range [][]string{{"report", "--out", t.TempDir()}, {"doctor"}} {
		var terminal lockedBuffer
		var atFirst string
		h := cli.Host{Out: io.Discard, Err: &terminal, Terminal: true,
			Now: func() time.Time { return now }, Getenv: func(name string) string {
				switch name {
				case "SAGE_URL", "KINDLY_API_URL":
					return server.URL
				}
				atFirst = terminal.String() // when the key is looked up, just before the first request
				return "demo-key-bakeri"
			}}
		if code := run(context.Background(), h,
			append(args, "--bot", "bakeri", "--tz", "Europe/Oslo")); code != 0 {
			t.Errorf("%s: exit code %d: %s", args[0], code, terminal.String())
		}
		if !strings.Contains(atFirst, "bakeri") {
			t.Errorf("%s shows %q while it waits for the first answer", args[0], atFirst)
		}
		lines := strings.Split(terminal.String(), "\r")
		if last := lines[len(lines)-1]; strings.TrimSpace(last) != "" || len(lines) < 10 {
			t.Errorf("%s drew its bar %d times and leaves %q", args[0], len(lines), last)
		}
	}
}

// lockedBuffer is a terminal, which takes writes from several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// environ is the script's environment as it is now. A cancelled request may still ask for a key
// when the script has gone on, and the script's own may not be read then.
func environ(ts *testscript.TestScript) func(string) string {
	values := make(map[string]string)
	for _, name := range []string{"KINDLY_API_KEY", "KINDLY_API_KEY_bakeri", "SAGE_URL",
		"KINDLY_API_URL",
		"SLACK_BOT_TOKEN", "SECRET_PREFIX", "DIVERT_TO", "SES_CONFIGURATION_SET", "CATCH_UP_HOURS",
		"USER"} {
		values[name] = ts.Getenv(name)
	}
	return func(name string) string { return values[name] }
}

// The doctor must notice a Sage that does not do what is assumed of it.
func TestDoctor_FindsTheSpellingThatCounts(t *testing.T) {
	for spelling, want := range map[string][2]string{
		"language_code[]": {"language_code[] counts                   yes",
			"language_codes[] counts                  no"},
		"language_codes[]": {"language_code[] counts                   no",
			"language_codes[] counts                  yes"},
	} {
		sage := sagefake.New(sagefake.Demo(now)...)
		sage.LanguageParam = spelling
		server := httptest.NewServer(sage)
		defer server.Close()
		var out, stderr strings.Builder
		code := run(context.Background(), cli.Host{Out: &out, Err: &stderr,
			Now: func() time.Time { return now }, Getenv: func(name string) string {
				return map[string]string{"SAGE_URL": server.URL, "KINDLY_API_URL": server.URL,
					"KINDLY_API_KEY": "demo-key-nettbutikk"}[name]
			}}, []string{"doctor", "--bot", "nettbutikk", "--tz", "Europe/Oslo"})
		if code != 0 {
			t.Errorf("exit code %d: %s", code, stderr.String())
		}
		for _, line := range want {
			if !strings.Contains(out.String(), line) {
				t.Errorf("Sage reads %s, but the doctor does not say %q:\n%s", spelling, line,
					out.String())
			}
		}
	}
}

// A clock that is off has a row of its own, and is named before the key where that is refused.
func TestDoctor_ClockSkew(t *testing.T) {
	demo := sagefake.Demo(now)
	for _, tc := range []struct {
		kindlys time.Duration // clock, by this machine's
		key     string
		row     string // empty: none
		code    int
		says    string
	}{
		{0, "demo-key-nettbutikk", "", 0, ""},
		{-30 * time.Second, "demo-key-nettbutikk", "", 0, ""},
		{-2 * time.Minute, "demo-key-nettbutikk",
			"this machine's clock off about 2 min ahead of Kindly's: set it", 1, "1 problem"},
		{2 * time.Hour, "demo-key-nettbutikk",
			"this machine's clock off about 2 h behind Kindly's: set it", 1, "1 problem"},
		{-2 * time.Hour, "wrong", "this machine's clock off about 2 h ahead of Kindly's: set it", 1,
			"2 problems"},
	} {
		sage := sagefake.New(demo...)
		sage.Now = func() time.Time { return time.Now().Add(tc.kindlys) }
		server := httptest.NewServer(sage)
		defer server.Close()
		var out, stderr strings.Builder
		code := run(context.Background(), cli.Host{Out: &out, Err: &stderr,
			Now: func() time.Time { return now }, Getenv: func(name string) string {
				return map[string]string{"SAGE_URL": server.URL, "KINDLY_API_URL": server.URL,
					"KINDLY_API_KEY": tc.key}[name]
			}}, []string{"doctor", "--bot", "nettbutikk", "--tz", "Europe/Oslo"})
		if code != tc.code || !strings.Contains(stderr.String(), tc.says) {
			t.Errorf("Kindly's clock is %v away: exit code %d, %s", tc.kindlys, code,
				stderr.String())
		}
		row := ""
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(line, "this machine's clock") {
				row += strings.Join(strings.Fields(line), " ")
			}
		}
		if row != tc.row {
			t.Errorf("Kindly's clock is %v away: the row is %q, want %q", tc.kindlys, row, tc.row)
		}
		first := "this machine's clock is about 2 h ahead of Kindly's, which can make tokens invalid: set it; if that does not help, make a new key"
		if told := strings.Contains(out.String(), first); told != (tc.key == "wrong") {
			t.Errorf("Kindly's clock is %v away: the refusal is explained by it: %t\n%s",
				tc.kindlys, told, out.String())
		}
	}
}
