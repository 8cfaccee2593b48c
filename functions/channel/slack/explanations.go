package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
)

// An explanation is what an operator reads of one of Slack's error codes. In its texts {channel} stands for the channel,
// {scope} for what Slack says is missing.
type explanation struct {
	cause     delivery.Cause
	says      string
	cure      string
	permanent bool // else a cure that people make is waited for, with a try every hour
	doubtful  bool // Slack says that some of it may have been done
}

// Kinds of causes of Slack alone. A deleted digest has none: nothing else fails for it.
const (
	causeToken     delivery.Cause = "slack-token"
	causeScope     delivery.Cause = "slack-scope"
	causeChannel   delivery.Cause = "slack-channel" // with the channel
	causeWorkspace delivery.Cause = "slack-workspace"
	causeMessage   delivery.Cause = "slack-message" // a mistake in this program
	causeFiles     delivery.Cause = "slack-files"
	causeUser      delivery.Cause = "slack-user" // with the user
	causeApp       delivery.Cause = "slack-app"
)

const (
	cureInvite  = "invite the app to {channel}: /invite @Kindly Weekly"
	cureToken   = "install the app in the workspace again and store its bot token (xoxb-…) in the secret that slack.token_secret names"
	cureAdmin   = "ask an administrator of the workspace to allow the app what it does, or name another channel in the configuration"
	cureProgram = "this is a mistake in the program: report it, with the log"
	cureFiles   = "ask an administrator of the workspace to allow apps to upload files"
	cureUser    = "ask for the report in one of the bot's channels, with share"
)

// explanations has the codes of the methods in use, as https://docs.slack.dev/reference/methods lists them. What is not
// here passes, perhaps: it is tried again for as long as the report is worth sending.
var explanations = map[string]explanation{
	// The channel.
	"not_in_channel":                           {cause: causeChannel, says: "the app is not in {channel}", cure: cureInvite},
	"channel_not_found":                        {cause: causeChannel, says: "the app sees no channel {channel}", cure: "if it is private, " + cureInvite + "; otherwise correct its id in the configuration, which Slack shows at the end of the channel's details"},
	"invalid_channel":                          {cause: causeChannel, says: "the app sees no channel {channel}", cure: "if it is private, " + cureInvite + "; otherwise correct its id in the configuration, which Slack shows at the end of the channel's details"},
	"is_archived":                              {cause: causeChannel, says: "{channel} is archived", cure: "unarchive it, or name another channel in the configuration", permanent: true},
	"restricted_action":                        {cause: causeChannel, says: "the app may not post in {channel}", cure: "let it, in the channel's settings under Posting permissions, or name another channel in the configuration"},
	"restricted_action_read_only_channel":      {cause: causeChannel, says: "{channel} is read-only for the app", cure: "let it post, in the channel's settings under Posting permissions, or name another channel in the configuration"},
	"restricted_action_thread_only_channel":    {cause: causeChannel, says: "{channel} takes only answers in threads", cure: "name another channel in the configuration", permanent: true},
	"restricted_action_non_threadable_channel": {cause: causeChannel, says: "{channel} takes no answers in threads", cure: "name another channel in the configuration", permanent: true},
	"restricted_action_thread_locked":          {cause: causeChannel, says: "the thread in {channel} is locked", cure: "unlock it"},
	"posting_to_general_channel_denied":        {cause: causeChannel, says: "the app may not post in {channel}, the workspace's general channel", cure: cureAdmin},
	"cannot_reply_to_message":                  {cause: causeChannel, says: "the message in {channel} cannot be answered", cure: "name another channel in the configuration", permanent: true},
	"thread_not_found":                         {says: "the message in {channel} is gone, and with it its thread", cure: "nothing, if it was deleted on purpose", permanent: true},

	// The token.
	"invalid_auth":           {cause: causeToken, says: "Slack does not know the app's token", cure: cureToken},
	"not_authed":             {cause: causeToken, says: "the app has no token for Slack", cure: cureToken},
	"token_revoked":          {cause: causeToken, says: "the app's token was revoked", cure: cureToken, permanent: true},
	"token_expired":          {cause: causeToken, says: "the app's token has expired", cure: cureToken, permanent: true},
	"account_inactive":       {cause: causeToken, says: "the app was removed from the workspace, or the workspace is gone", cure: cureToken, permanent: true},
	"not_allowed_token_type": {cause: causeToken, says: "the app's token is not a bot token", cure: cureToken},
	"missing_scope":          {cause: causeScope, says: "the app lacks the scope {scope}", cure: "add the scope {scope} to the app under OAuth & Permissions, then " + cureToken},
	"no_permission":          {cause: causeToken, says: "the app may not do this", cure: cureToken},

	// What administrators decide.
	"access_denied":                           {cause: causeWorkspace, says: "the workspace denies the app access", cure: cureAdmin},
	"accesslimited":                           {cause: causeWorkspace, says: "the workspace denies access from this network", cure: "ask an administrator of the workspace to allow the network, or to lift the restriction for the app"},
	"ekm_access_denied":                       {cause: causeWorkspace, says: "administrators have suspended posting", cure: cureAdmin},
	"enterprise_is_restricted":                {cause: causeWorkspace, says: "the enterprise does not allow this", cure: cureAdmin},
	"org_login_required":                      {cause: causeWorkspace, says: "the workspace is being moved to another organization", cure: "wait until it has been moved; then, if need be, " + cureToken},
	"team_access_not_granted":                 {cause: causeWorkspace, says: "the app was not granted the workspace", cure: cureAdmin},
	"team_not_found":                          {cause: causeToken, says: "the app's workspace is not there", cure: cureToken, permanent: true},
	"two_factor_setup_required":               {cause: causeWorkspace, says: "the workspace requires two-factor authentication", cure: cureAdmin, permanent: true},
	"message_limit_exceeded":                  {cause: causeWorkspace, says: "the workspace has reached its limit of messages", cure: "ask an administrator of the workspace about its plan"},
	"slack_connect_file_link_sharing_blocked": {cause: causeChannel, says: "{channel} is shared with another organization, which allows no files there", cure: cureAdmin, permanent: true},
	"deprecated_endpoint":                     {cause: causeMessage, says: "Slack has given this method up", cure: cureProgram, permanent: true},
	"method_deprecated":                       {cause: causeMessage, says: "Slack has given this method up", cure: cureProgram, permanent: true},

	// The message.
	"invalid_blocks":                    {cause: causeMessage, says: "Slack refuses the message's layout", cure: cureProgram, permanent: true},
	"invalid_blocks_format":             {cause: causeMessage, says: "Slack refuses the message's layout", cure: cureProgram, permanent: true},
	"invalid_attachments":               {cause: causeMessage, says: "Slack refuses the message's layout", cure: cureProgram, permanent: true},
	"msg_blocks_too_long":               {cause: causeMessage, says: "the message is too long for Slack", cure: cureProgram, permanent: true},
	"msg_too_long":                      {cause: causeMessage, says: "the message is too long for Slack", cure: cureProgram, permanent: true},
	"no_text":                           {cause: causeMessage, says: "the message is empty", cure: cureProgram, permanent: true},
	"metadata_too_large":                {cause: causeMessage, says: "the message's metadata is too large", cure: cureProgram, permanent: true},
	"metadata_must_be_sent_from_app":    {cause: causeToken, says: "Slack takes metadata only from an app", cure: cureToken, permanent: true},
	"invalid_metadata_format":           {cause: causeMessage, says: "Slack refuses the message's metadata", cure: cureProgram, permanent: true},
	"invalid_metadata_schema":           {cause: causeMessage, says: "Slack refuses the message's metadata", cure: cureProgram, permanent: true},
	"attachment_payload_limit_exceeded": {cause: causeMessage, says: "the message is too large for Slack", cure: cureProgram, permanent: true},
	"invalid_arg_name":                  {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_arguments":                 {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_array_arg":                 {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_charset":                   {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_cursor":                    {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_form_data":                 {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_post_type":                 {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"missing_post_type":                 {cause: causeMessage, says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"unknown_method":                    {cause: causeMessage, says: "Slack does not know the method", cure: cureProgram, permanent: true},

	// Files.
	"file_not_found":                      {cause: delivery.CauseSlack, says: "Slack does not have the file"},
	"file_deleted":                        {cause: delivery.CauseSlack, says: "the file was deleted"},
	"file_uploads_disabled":               {cause: causeFiles, says: "the workspace allows no uploads", cure: cureFiles},
	"file_uploads_except_images_disabled": {cause: causeFiles, says: "the workspace allows no uploads but images", cure: cureFiles, permanent: true},
	"blocked_file_type":                   {cause: causeFiles, says: "the workspace allows no files of this type", cure: cureFiles, permanent: true},
	"storage_limit_reached":               {cause: causeFiles, says: "the workspace has no room for files left", cure: "ask an administrator of the workspace about its plan"},

	// People.
	"user_not_found":        {cause: causeUser, says: "Slack does not know the user", cure: cureUser, permanent: true},
	"user_not_visible":      {cause: causeUser, says: "the app may not see the user", cure: cureUser, permanent: true},
	"user_disabled":         {cause: causeUser, says: "the user's account was deactivated", cure: cureUser, permanent: true},
	"cannot_dm_bot":         {cause: causeUser, says: "a bot gets no direct messages", cure: cureUser, permanent: true},
	"messages_tab_disabled": {cause: causeApp, says: "the app takes no direct messages", cure: "allow them in the app's settings: App Home, Messages Tab; until then, " + cureUser, permanent: true},

	// What passes.
	"ratelimited":         {cause: delivery.CauseSlack, says: "Slack has had too many calls"},
	"rate_limited":        {cause: delivery.CauseSlack, says: "Slack has had too many messages"},
	"request_timeout":     {cause: delivery.CauseSlack, says: "Slack did not get the whole call"},
	"service_unavailable": {cause: delivery.CauseSlack, says: "Slack is not available"},
	"team_added_to_org":   {cause: delivery.CauseSlack, says: "the workspace is being moved to an organization"},
	"fatal_error":         {cause: delivery.CauseSlack, says: "Slack failed, perhaps after some of it was done", doubtful: true},
	"internal_error":      {cause: delivery.CauseSlack, says: "Slack failed, perhaps after some of it was done", doubtful: true},
}

// about fills the texts in.
func (e explanation) about(channel, scope string) (says, cure string) {
	fill := strings.NewReplacer("{channel}", channel, "{scope}", cmp.Or(scope, "that this takes")).Replace
	return fill(e.says), fill(e.cure)
}

// explain turns an error into words for an operator.
func (s *session) explain(ctx context.Context, err error, channel string) *delivery.Failure {
	var known *delivery.Failure
	if errors.As(err, &known) {
		return known
	}
	f := &delivery.Failure{Cause: delivery.CauseSlack}
	var refused slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	var late tooLate
	switch {
	case errors.As(err, &late):
		f.Err = late
	case errors.As(err, &limited):
		// Slack's own words name the time, which differs each time.
		//lint:ignore ST1005 Slack is a name
		f.Err, f.RetryAfter = errors.New("Slack has had too many calls (429)"), limited.RetryAfter
	case errors.As(err, &refused):
		e, ok := explanations[refused.Err]
		if !ok {
			e.says = "Slack refuses"
		}
		name := ""
		if strings.Contains(e.says+e.cure, "{channel}") {
			name = s.name(ctx, channel)
		}
		says, cure := e.about(name, refused.Needed)
		f.Err, f.Remedy, f.Cause, f.Permanent = fmt.Errorf("%s (%w)", says, err), cure, e.cause, e.permanent
		if e.cause == causeChannel || e.cause == causeUser {
			f.Cause = e.cause.With(channel)
		}
	default:
		f.Err = fmt.Errorf("no proper answer from Slack: %w", redact(err))
	}
	return f
}

// name is what people know a channel by, and its id; only that where Slack does not say more.
func (s *session) name(ctx context.Context, channel string) string {
	var info *slack.Channel
	err := stubbornly(ctx, func() (err error) {
		info, err = s.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		return err
	})
	if err != nil {
		return channel
	}
	return nameOf(info)
}

func nameOf(c *slack.Channel) string {
	if c.Name == "" {
		return c.ID
	}
	return "#" + c.Name + " (" + c.ID + ")"
}

// redact takes addresses out of an error: whoever has that of an upload or of a response can use it, and those of the
// network differ each time.
func redact(err error) error {
	var broken *url.Error
	if !errors.As(err, &broken) {
		return err
	}
	host := "Slack"
	if u, err := url.Parse(broken.URL); err == nil {
		host = u.Host
	}
	cause := broken.Err
	var operation *net.OpError
	if errors.As(cause, &operation) {
		cause = operation.Err
	}
	return fmt.Errorf("%s %s: %w", strings.ToLower(broken.Op), host, cause)
}

// isCode reports whether err is one of Slack's error codes.
func isCode(err error, codes ...string) bool {
	var refused slack.SlackErrorResponse
	errors.As(err, &refused)
	return slices.Contains(codes, refused.Err)
}

func isTokenRefused(err error) bool {
	return isCode(err, "invalid_auth", "token_revoked", "token_expired")
}

// isLayoutRefused reports whether a message was not posted for what it looks like.
func isLayoutRefused(err error) bool {
	return isCode(err, "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long", "msg_too_long",
		"slack_connect_file_link_sharing_blocked")
}

// isDoubtful reports whether what failed may have been done all the same. The error is not nil.
func isDoubtful(err error) bool {
	var refused slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var late tooLate
	switch {
	case errors.As(err, &limited), errors.As(err, &late), isDial(err):
		return false
	case errors.As(err, &refused):
		return explanations[refused.Err].doubtful
	case errors.As(err, &status):
		return status.Code >= 500
	}
	return true // an answer that was lost, or is not Slack's
}

// isPassing reports whether calling again may help. The error is not nil.
func isPassing(err error) bool {
	var limited *slack.RateLimitedError
	return isDoubtful(err) || isDial(err) || errors.As(err, &limited) ||
		isCode(err, "ratelimited", "rate_limited", "request_timeout", "service_unavailable")
}

// isDial reports whether there was no connection at all.
func isDial(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "dial"
}
