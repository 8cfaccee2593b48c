package slack

import (
	"cmp"
	"strings"

	"kindlyweekly/report/delivery"
)

// Causes of failures that only Slack has. A deleted digest has none: nothing else fails for it.
const (
	causeToken     delivery.Cause = "slack-token"
	causeScope     delivery.Cause = "slack-scope"
	causeChannel   delivery.Cause = "slack-channel" // with the channel
	causeWorkspace delivery.Cause = "slack-workspace"
	causeMessage   delivery.Cause = "slack-message" // a bug of this program
	causeFiles     delivery.Cause = "slack-files"
	causeUser      delivery.Cause = "slack-user" // with the user
	causeApp       delivery.Cause = "slack-app"
)

// An explanation is what an operator reads about error codes of Slack. In its texts {channel}
// stands for the channel, {scope} for the scopes that Slack asks for: "scope chat:write".
type explanation struct {
	codes        string // separated by spaces
	cause        delivery.Cause
	says, remedy string
	kind         kind
}

// kind says what another try is good for.
type kind int

const (
	passes    kind = iota // it may help; with a remedy, once a person has acted: a try every hour
	permanent             // it does not help
	doubtful              // Slack failed and may have done part of the call
)

// about returns the texts with the placeholders filled in.
func (e explanation) about(channel, scope string) (says, remedy string) {
	scope = "scope " + cmp.Or(scope, "that this takes")
	if strings.Contains(scope, ",") {
		scope = strings.Replace(scope, "scope", "scopes", 1)
	}
	fill := strings.NewReplacer("{channel}", channel, "{scope}", scope).Replace
	return fill(e.says), fill(e.remedy)
}

const (
	remedyBug    = "this is a bug in the program: report it with the log"
	remedyInvite = "invite the app to {channel}: /invite @Kindly Weekly"
	remedySee    = "if it is private, " + remedyInvite + "; otherwise correct its ID in the" +
		" configuration, which Slack shows at the end of the channel's details"
	remedyDM = "name those of this app, since each app has its own with a person: Slack shows their" +
		" ID at the end of the app's details, tab About"
	remedyPermit = "allow it in the channel's settings, Posting permissions, or " + remedyOther
	remedyOther  = "name another channel in the configuration"
	remedyToken  = "install the app in the workspace again and store its bot token (xoxb-…)" +
		" in the secret that slack.token_secret names"
	remedyAdmin = "ask an administrator of the workspace to allow the app what it does, or " +
		remedyOther
	remedyPlan  = "ask an administrator of the workspace about its plan"
	remedyFiles = "ask an administrator of the workspace to allow apps to upload files"
	remedyUser  = "ask for the report in one of the bot's channels, with share"
)

// explanations has the codes of the methods that are called, by code. The methods are listed at
// https://docs.slack.dev/reference/methods. A code that is not here may pass, so the call is
// repeated while the report is worth sending.
var explanations = byCode([]explanation{
	// The channel.
	{"not_in_channel", causeChannel, "the app is not in {channel}", remedyInvite, passes},
	{"channel_not_found invalid_channel", causeChannel,
		"the app cannot see channel {channel}", remedySee, passes},
	{"is_archived", causeChannel,
		"{channel} is archived", "unarchive it, or " + remedyOther, permanent},
	{"restricted_action", causeChannel, "the app may not post in {channel}", remedyPermit, passes},
	{"restricted_action_read_only_channel", causeChannel,
		"{channel} is read-only for the app", remedyPermit, passes},
	{"restricted_action_thread_only_channel", causeChannel,
		"{channel} accepts only replies in threads", remedyOther, permanent},
	{"restricted_action_non_threadable_channel", causeChannel,
		"{channel} accepts no replies in threads", remedyOther, permanent},
	{"restricted_action_thread_locked", causeChannel,
		"the thread in {channel} is locked", "unlock it", passes},
	{"posting_to_general_channel_denied", causeChannel,
		"the app may not post in {channel}, the workspace's general channel", remedyAdmin, passes},
	{"cannot_reply_to_message", causeChannel,
		"the message in {channel} accepts no replies", remedyOther, permanent},
	{"thread_not_found", "", "the message in {channel} was deleted, and its thread with it",
		"nothing, if it was deleted on purpose", permanent},
	{"method_not_supported_for_channel_type", causeChannel,
		"the app cannot join {channel} by itself", remedyInvite, passes},
	{"too_many_members", causeChannel,
		"{channel} has as many members as Slack allows", remedyOther, permanent},
	{"channel_is_limited_access", causeChannel,
		"the app has no access to {channel}", remedyOther, permanent},
	{"slack_connect_file_link_sharing_blocked", causeChannel,
		"{channel} is shared with another organization, which allows no files there",
		remedyAdmin, permanent},

	// The token.
	{"invalid_auth", causeToken, "Slack does not know the app's token", remedyToken, passes},
	{"not_authed", causeToken, "the app has no token for Slack", remedyToken, passes},
	{"token_revoked", causeToken, "the app's token was revoked", remedyToken, permanent},
	{"token_expired", causeToken, "the app's token has expired", remedyToken, permanent},
	{"account_inactive", causeToken,
		"the app was removed from the workspace, or the workspace was deleted",
		remedyToken, permanent},
	{"not_allowed_token_type", causeToken,
		"the app's token is not a bot token", remedyToken, passes},
	{"missing_scope", causeScope, "the app lacks the {scope}",
		"add the {scope} to the app under OAuth & Permissions, then " + remedyToken, passes},
	{"no_permission", causeToken, "the app may not do this", remedyToken, passes},
	{"team_not_found", causeToken, "the app's workspace does not exist", remedyToken, permanent},
	{"metadata_must_be_sent_from_app", causeToken,
		"Slack accepts metadata only from an app", remedyToken, permanent},

	// What administrators decide.
	{"access_denied", causeWorkspace, "the workspace denies the app access", remedyAdmin, passes},
	{"accesslimited", causeWorkspace, "the workspace denies access from this network",
		"ask an administrator of the workspace to allow the network," +
			" or to lift the restriction for the app", passes},
	{"ekm_access_denied", causeWorkspace,
		"administrators have suspended posting", remedyAdmin, passes},
	{"enterprise_is_restricted", causeWorkspace,
		"the enterprise does not allow this", remedyAdmin, passes},
	{"org_login_required", causeWorkspace,
		"the workspace is being moved to another organization",
		"wait until it has been moved; then, if need be, " + remedyToken, passes},
	{"team_access_not_granted", causeWorkspace,
		"the app has no access to the workspace", remedyAdmin, passes},
	{"two_factor_setup_required", causeWorkspace,
		"the workspace requires two-factor authentication", remedyAdmin, permanent},
	{"message_limit_exceeded", causeWorkspace,
		"the workspace has reached its limit of messages", remedyPlan, passes},

	// The message.
	{"invalid_blocks invalid_blocks_format invalid_attachments", causeMessage,
		"Slack refuses the message's layout", remedyBug, permanent},
	{"msg_blocks_too_long msg_too_long", causeMessage,
		"the message is too long for Slack", remedyBug, permanent},
	{"no_text", causeMessage, "the message is empty", remedyBug, permanent},
	{"metadata_too_large", causeMessage,
		"the message's metadata is too large", remedyBug, permanent},
	{"invalid_metadata_format invalid_metadata_schema", causeMessage,
		"Slack refuses the message's metadata", remedyBug, permanent},
	{"attachment_payload_limit_exceeded", causeMessage,
		"the message is too large for Slack", remedyBug, permanent},
	{"invalid_arg_name invalid_arguments invalid_array_arg invalid_charset invalid_cursor" +
		" invalid_form_data invalid_limit invalid_post_type invalid_types missing_post_type",
		causeMessage,
		"Slack does not understand the call", remedyBug, permanent},
	{"unknown_method", causeMessage, "Slack does not know the method", remedyBug, permanent},
	{"deprecated_endpoint method_deprecated", causeMessage,
		"Slack no longer has this method", remedyBug, permanent},

	// Files.
	{"file_not_found", delivery.CauseSlack, "Slack does not have the file", "", passes},
	{"file_deleted", delivery.CauseSlack, "the file was deleted", "", passes},
	{"file_uploads_disabled", causeFiles, "the workspace allows no uploads", remedyFiles, passes},
	{"file_uploads_except_images_disabled", causeFiles,
		"the workspace allows no uploads but images", remedyFiles, permanent},
	{"blocked_file_type", causeFiles,
		"the workspace allows no files of this type", remedyFiles, permanent},
	{"storage_limit_reached", causeFiles,
		"the workspace's storage for files is full", remedyPlan, passes},

	// People.
	{"user_not_found", causeUser, "Slack does not know the user", remedyUser, permanent},
	{"users_not_found", causeUser,
		"no member of the workspace has this mail address", remedyUser, permanent},
	{"user_not_visible", causeUser, "the app may not see the user", remedyUser, permanent},
	{"user_disabled", causeUser, "the user's account was deactivated", remedyUser, permanent},
	{"cannot_dm_bot", causeUser, "a bot cannot receive direct messages", remedyUser, permanent},
	{"messages_tab_disabled", causeApp, "the app accepts no direct messages",
		"allow them in the app's settings: App Home, Messages Tab; until then, " + remedyUser,
		permanent},

	// What passes.
	{"ratelimited", delivery.CauseSlack, "too many calls to Slack", "", passes},
	{"rate_limited", delivery.CauseSlack, "too many messages to Slack", "", passes},
	{"request_timeout", delivery.CauseSlack, "Slack did not receive the whole call", "", passes},
	{"service_unavailable", delivery.CauseSlack, "Slack is not available", "", passes},
	{"team_added_to_org", delivery.CauseSlack,
		"the workspace is being moved to an organization", "", passes},
	{"fatal_error internal_error", delivery.CauseSlack,
		"Slack failed and may have done part of the call", "", doubtful},
})

func byCode(list []explanation) map[string]explanation {
	all := make(map[string]explanation)
	for _, e := range list {
		for code := range strings.FieldsSeq(e.codes) {
			all[code] = e
		}
	}
	return all
}
