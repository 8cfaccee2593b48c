package slack_test

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/slack/slackfake"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every code that Slack documents for the methods in use, and what else it may answer, and what
// that means for a delivery. The words that an operator reads, the remedy and the cause stand in
// testdata/failures.txt.
func TestSend_Failures(t *testing.T) {
	codes := map[string]string{
		"for good": `is_archived restricted_action_thread_only_channel restricted_action_non_threadable_channel
			cannot_reply_to_message thread_not_found token_revoked token_expired account_inactive team_not_found
			two_factor_setup_required slack_connect_file_link_sharing_blocked deprecated_endpoint method_deprecated
			invalid_blocks invalid_blocks_format invalid_attachments msg_blocks_too_long msg_too_long no_text metadata_too_large
			metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema
			attachment_payload_limit_exceeded invalid_arg_name invalid_arguments invalid_array_arg invalid_charset
			invalid_cursor invalid_form_data invalid_post_type missing_post_type unknown_method
			file_uploads_except_images_disabled blocked_file_type user_not_found user_not_visible user_disabled
			cannot_dm_bot messages_tab_disabled`,
		"until a person acts": `not_in_channel channel_not_found invalid_channel restricted_action restricted_action_read_only_channel restricted_action_thread_locked
			posting_to_general_channel_denied invalid_auth not_authed not_allowed_token_type missing_scope no_permission
			access_denied accesslimited ekm_access_denied enterprise_is_restricted org_login_required team_access_not_granted
			message_limit_exceeded file_uploads_disabled storage_limit_reached`,
		"passes":   `ratelimited rate_limited request_timeout service_unavailable team_added_to_org file_not_found file_deleted a_code_of_tomorrow 429`,
		"in doubt": `fatal_error internal_error 503 a_page no_answer`,
	}
	others := map[string]slackfake.Fault{"429": {RetryAfter: 90}, "503": {Status: 503},
		"a_page": {Body: "<html>"}, "no_answer": {Drop: true}}
	// no other failure's
	ownCause := map[string]bool{"thread_not_found": true, "a_code_of_tomorrow": true}
	var words strings.Builder
	for _, kind := range []string{"for good", "until a person acts", "passes", "in doubt"} {
		fmt.Fprintf(&words, "# %s\n\n", strings.ToUpper(kind[:1])+kind[1:])
		for code := range strings.FieldsSeq(codes[kind]) {
			t.Run(code, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newFixture()
					fault, ok := others[code]
					if !ok {
						fault.Error = code
					}
					f.FailAlways("chat.postMessage", fault)
					_, err := f.client.Send(t.Context(), notice("Anything"))
					failure := asFailure(t, err)
					if failure.Permanent != (kind == "for good") ||
						failure.MaybeSent != (kind == "in doubt") ||
						failure.RetryAfter != time.Duration(fault.RetryAfter)*time.Second {
						t.Errorf("permanent %t, doubtful %t; want one that is %s",
							failure.Permanent, failure.MaybeSent, kind)
					}
					if strings.ContainsAny(failure.Error(), "{}") ||
						(failure.Permanent || kind == "until a person acts") &&
							failure.Remedy == "" {
						t.Errorf("%v has a placeholder, or no remedy", failure)
					}
					if passes := failure.Cause == "slack"; (failure.Cause == "") != ownCause[code] || passes && failure.Remedy != "" {
						t.Errorf("the cause is %q, the remedy %q", failure.Cause, failure.Remedy)
					}
					fmt.Fprintf(&words, "%s\n", failure.Err)
					if failure.Remedy != "" {
						fmt.Fprintf(&words, "  %s\n", failure.Remedy)
					}
					if failure.Cause != "" {
						fmt.Fprintf(&words, "  cause: %s\n", failure.Cause)
					}
				})
			})
		}
		words.WriteString("\n")
	}
	path := filepath.Join("testdata", "failures.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(words.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), words.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// Slack says which scope is missing, and the remedy repeats it.
func TestSend_MissingScope(t *testing.T) {
	f := newFixture()
	f.Server = slackfake.New(slackfake.Workspace{Team: team, Token: token,
		Scopes: []string{"files:read"}})
	f.client.HTTP = f.Client()
	f.SetChannel(slackfake.Channel{ID: channel, Team: team, Member: true})
	_, err := f.client.Send(t.Context(), notice("Anything"))
	failure := asFailure(t, err)
	if want := "the app lacks the scope chat:write (missing_scope)"; failure.Err.Error() != want ||
		!strings.HasPrefix(failure.Remedy, "add the scope chat:write to the app") {
		t.Errorf("%v\nwant %s", failure, want)
	}
}

// Where the channel's name cannot be had, its id has to do.
func TestSend_ChannelWithoutName(t *testing.T) {
	for name, c := range map[string]struct {
		name  string
		fault slackfake.Fault
	}{
		"no answer": {"ops", slackfake.Fault{Status: 500}},
		"no name":   {"", slackfake.Fault{}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.SetChannel(slackfake.Channel{ID: channel, Team: team, Name: c.name})
				f.FailAlways("conversations.info", c.fault)
				_, err := f.client.Send(t.Context(), notice("Anything"))
				if want := "the app is not in C0000OPS (not_in_channel): invite the app to C0000OPS: /invite @Kindly Weekly"; err == nil || err.Error() != want {
					t.Errorf("%v, want %s", err, want)
				}
			})
		})
	}
}

// A call without a connection was not made, and a lookup makes it again. A call whose connection
// breaks is in doubt.
func TestSend_NetworkErrors(t *testing.T) {
	for _, c := range []struct {
		op       string
		doubtful bool
	}{{"dial", false}, {"read", true}} {
		t.Run(c.op, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				through, failures := f.client.HTTP.Transport, 0
				f.client.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					if failures > 0 {
						failures--
						return nil, &net.OpError{Op: c.op, Net: "tcp",
							Err: errors.New("connection reset by peer")}
					}
					return through.RoundTrip(r)
				})}
				failures = 1
				if _, err := f.client.Send(t.Context(), notice("Anything")); asFailure(t,
					err).MaybeSent != c.doubtful {
					t.Errorf("doubtful: %t, want %t: %v", !c.doubtful, c.doubtful, err)
				}
				failures = 2
				if _, found, err := f.client.Find(t.Context(), notice("Anything"),
					time.Now()); found || err != nil {
					t.Errorf("looked for with two failures: %t, %v", found, err)
				}
			})
		})
	}
}

// What fails in the same way has the same words each time, or ops would be told of it anew each
// time.
func TestSend_SameFailureSameText(t *testing.T) {
	network := func(port int) error {
		return &net.OpError{Op: "read", Net: "tcp", Source: &net.TCPAddr{Port: port},
			Err: errors.New("connection reset by peer")}
	}
	for name, fail := range map[string]func(f *fixture, time int){
		"too many calls": func(f *fixture, time int) {
			f.Fail("chat.postMessage",
				slackfake.Fault{RetryAfter: 100 * time})
		},
		"the channel's name comes late": func(f *fixture, time int) {
			f.SetChannel(slackfake.Channel{ID: channel, Team: team, Name: "ops"})
			f.Fail("conversations.info", make([]slackfake.Fault, time-1)...)
			f.Fail("conversations.info", slackfake.Fault{Status: 500})
		},
		"the network": func(f *fixture, time int) {
			f.client.HTTP = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, network(time) })}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				said := map[string]bool{}
				for time := range 3 {
					fail(f, time+1)
					_, err := f.client.Send(t.Context(), notice("Anything"))
					said[asFailure(t, err).Err.Error()] = true
				}
				if len(said) != 1 {
					t.Errorf("it is %v", said)
				}
			})
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
