package slackapi_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/slackapi/slackdouble"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every code that Slack documents for the methods in use, and what it means for a delivery. The words that an operator
// reads stand in testdata/failures.txt.
func TestFailures(t *testing.T) {
	codes := map[string]string{
		"for good": `is_archived restricted_action_thread_only_channel restricted_action_non_threadable_channel
			cannot_reply_to_message thread_not_found token_revoked token_expired account_inactive team_not_found
			two_factor_setup_required slack_connect_file_link_sharing_blocked deprecated_endpoint method_deprecated
			invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text metadata_too_large
			metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema
			attachment_payload_limit_exceeded invalid_arg_name invalid_arguments invalid_array_arg invalid_charset
			invalid_cursor invalid_form_data invalid_post_type missing_post_type unknown_method
			file_uploads_except_images_disabled blocked_file_type user_not_found user_not_visible user_disabled
			cannot_dm_bot messages_tab_disabled`,
		"until somebody acts": `not_in_channel channel_not_found invalid_channel restricted_action restricted_action_read_only_channel restricted_action_thread_locked
			posting_to_general_channel_denied invalid_auth not_authed not_allowed_token_type missing_scope no_permission
			access_denied accesslimited ekm_access_denied enterprise_is_restricted org_login_required team_access_not_granted
			message_limit_exceeded file_uploads_disabled storage_limit_reached`,
		"passes":   `ratelimited rate_limited request_timeout service_unavailable team_added_to_org file_not_found a_code_of_tomorrow`,
		"in doubt": `fatal_error internal_error`,
	}
	var words strings.Builder
	for _, kind := range []string{"for good", "until somebody acts", "passes", "in doubt"} {
		fmt.Fprintf(&words, "# %s\n\n", strings.ToUpper(kind[:1])+kind[1:])
		for code := range strings.FieldsSeq(codes[kind]) {
			t.Run(code, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newFixture()
					f.FailAlways("chat.postMessage", slackdouble.Fault{Error: code})
					failure := asFailure(t, f.client.Tell(t.Context(), tenant(), channel, "anything"))
					if failure.Permanent != (kind == "for good") || failure.Doubtful != (kind == "in doubt") || failure.RetryAfter != 0 {
						t.Errorf("permanent %t, doubtful %t; want one that is %s", failure.Permanent, failure.Doubtful, kind)
					}
					if strings.ContainsAny(failure.Error(), "{}") || (failure.Permanent || kind == "until somebody acts") && failure.Cure == "" {
						t.Errorf("%v has a placeholder, or no cure", failure)
					}
					fmt.Fprintf(&words, "%s\n", failure.Err)
					if failure.Cure != "" {
						fmt.Fprintf(&words, "  %s\n", failure.Cure)
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

// Slack says which scope is missing, and the cure repeats it.
func TestMissingScope(t *testing.T) {
	f := newFixture()
	f.Double = slackdouble.New(slackdouble.Workspace{Team: team, Token: token, Scopes: []string{"files:read"}})
	f.client.HTTP = f.Client()
	f.SetChannel(slackdouble.Channel{ID: channel, Team: team, Member: true})
	failure := asFailure(t, f.client.Tell(t.Context(), tenant(), channel, "anything"))
	if want := "the app lacks the scope chat:write (missing_scope)"; failure.Err.Error() != want || !strings.HasPrefix(failure.Cure, "add the scope chat:write to the app") {
		t.Errorf("%v\nwant %s", failure, want)
	}
}

// Where the channel's name cannot be had, its id has to do.
func TestChannelWithoutName(t *testing.T) {
	f := newFixture()
	f.SetChannel(slackdouble.Channel{ID: channel, Team: team, Name: "ops"})
	f.FailAlways("conversations.info", slackdouble.Fault{Status: 500})
	err := f.client.Tell(t.Context(), tenant(), channel, "anything")
	if want := "the app is not in C0000OPS (not_in_channel): invite the app to C0000OPS: /invite @Kindly Weekly"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
