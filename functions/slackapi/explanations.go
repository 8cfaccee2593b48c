package slackapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
)

// An explanation is what an operator reads of one of Slack's error codes. In its texts {channel} stands for the channel,
// {scope} for what Slack says is missing.
type explanation struct {
	says      string
	cure      string
	permanent bool // else a cure that people make is waited for, with a try every hour
	doubtful  bool // Slack says that some of it may have been done
}

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
	"not_in_channel":                           {says: "the app is not in {channel}", cure: cureInvite},
	"channel_not_found":                        {says: "the app sees no channel {channel}", cure: "if it is private, " + cureInvite + "; otherwise correct its id in the configuration, which Slack shows at the end of the channel's details"},
	"invalid_channel":                          {says: "the app sees no channel {channel}", cure: "if it is private, " + cureInvite + "; otherwise correct its id in the configuration, which Slack shows at the end of the channel's details"},
	"is_archived":                              {says: "{channel} is archived", cure: "unarchive it, or name another channel in the configuration", permanent: true},
	"restricted_action":                        {says: "the app may not post in {channel}", cure: "let it, in the channel's settings under Posting permissions, or name another channel in the configuration"},
	"restricted_action_read_only_channel":      {says: "{channel} is read-only for the app", cure: "let it post, in the channel's settings under Posting permissions, or name another channel in the configuration"},
	"restricted_action_thread_only_channel":    {says: "{channel} takes only answers in threads", cure: "name another channel in the configuration", permanent: true},
	"restricted_action_non_threadable_channel": {says: "{channel} takes no answers in threads", cure: "name another channel in the configuration", permanent: true},
	"restricted_action_thread_locked":          {says: "the thread in {channel} is locked", cure: "unlock it"},
	"posting_to_general_channel_denied":        {says: "the app may not post in {channel}, the workspace's general channel", cure: cureAdmin},
	"cannot_reply_to_message":                  {says: "the message in {channel} cannot be answered", cure: "name another channel in the configuration", permanent: true},
	"thread_not_found":                         {says: "the message in {channel} is gone, and with it its thread", cure: "nothing, if it was deleted on purpose", permanent: true},

	// The token.
	"invalid_auth":           {says: "Slack does not know the app's token", cure: cureToken},
	"not_authed":             {says: "the app has no token for Slack", cure: cureToken},
	"token_revoked":          {says: "the app's token was revoked", cure: cureToken, permanent: true},
	"token_expired":          {says: "the app's token has expired", cure: cureToken, permanent: true},
	"account_inactive":       {says: "the app was removed from the workspace, or the workspace is gone", cure: cureToken, permanent: true},
	"not_allowed_token_type": {says: "the app's token is not a bot token", cure: cureToken},
	"missing_scope":          {says: "the app lacks the scope {scope}", cure: "add the scope {scope} to the app under OAuth & Permissions, then " + cureToken},
	"no_permission":          {says: "the app may not do this", cure: cureToken},

	// What administrators decide.
	"access_denied":                           {says: "the workspace denies the app access", cure: cureAdmin},
	"accesslimited":                           {says: "the workspace denies access from this network", cure: "ask an administrator of the workspace to allow the network, or to lift the restriction for the app"},
	"ekm_access_denied":                       {says: "administrators have suspended posting", cure: cureAdmin},
	"enterprise_is_restricted":                {says: "the enterprise does not allow this", cure: cureAdmin},
	"org_login_required":                      {says: "the workspace is being moved to another organization", cure: "wait until it has been moved; then, if need be, " + cureToken},
	"team_access_not_granted":                 {says: "the app was not granted the workspace", cure: cureAdmin},
	"team_not_found":                          {says: "the app's workspace is not there", cure: cureToken, permanent: true},
	"two_factor_setup_required":               {says: "the workspace requires two-factor authentication", cure: cureAdmin, permanent: true},
	"message_limit_exceeded":                  {says: "the workspace has reached its limit of messages", cure: "ask an administrator of the workspace about its plan"},
	"slack_connect_file_link_sharing_blocked": {says: "{channel} is shared with another organization, which allows no files there", cure: cureAdmin, permanent: true},
	"deprecated_endpoint":                     {says: "Slack has given this method up", cure: cureProgram, permanent: true},
	"method_deprecated":                       {says: "Slack has given this method up", cure: cureProgram, permanent: true},

	// The message.
	"invalid_blocks":                    {says: "Slack refuses the message's layout", cure: cureProgram, permanent: true},
	"invalid_blocks_format":             {says: "Slack refuses the message's layout", cure: cureProgram, permanent: true},
	"msg_blocks_too_long":               {says: "the message is too long for Slack", cure: cureProgram, permanent: true},
	"msg_too_long":                      {says: "the message is too long for Slack", cure: cureProgram, permanent: true},
	"no_text":                           {says: "the message is empty", cure: cureProgram, permanent: true},
	"metadata_too_large":                {says: "the message's metadata is too large", cure: cureProgram, permanent: true},
	"metadata_must_be_sent_from_app":    {says: "Slack takes metadata only from an app", cure: cureToken, permanent: true},
	"invalid_metadata_format":           {says: "Slack refuses the message's metadata", cure: cureProgram, permanent: true},
	"invalid_metadata_schema":           {says: "Slack refuses the message's metadata", cure: cureProgram, permanent: true},
	"attachment_payload_limit_exceeded": {says: "the message is too large for Slack", cure: cureProgram, permanent: true},
	"invalid_arg_name":                  {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_arguments":                 {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_array_arg":                 {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_charset":                   {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_cursor":                    {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_form_data":                 {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"invalid_post_type":                 {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"missing_post_type":                 {says: "Slack does not understand the call", cure: cureProgram, permanent: true},
	"unknown_method":                    {says: "Slack does not know the method", cure: cureProgram, permanent: true},

	// Files.
	"file_not_found":                      {says: "Slack does not have the file"},
	"file_uploads_disabled":               {says: "the workspace allows no uploads", cure: cureFiles},
	"file_uploads_except_images_disabled": {says: "the workspace allows no uploads but images", cure: cureFiles, permanent: true},
	"blocked_file_type":                   {says: "the workspace allows no files of this type", cure: cureFiles, permanent: true},
	"storage_limit_reached":               {says: "the workspace has no room for files left", cure: "ask an administrator of the workspace about its plan"},

	// People.
	"user_not_found":        {says: "Slack does not know the user", cure: cureUser, permanent: true},
	"user_not_visible":      {says: "the app may not see the user", cure: cureUser, permanent: true},
	"user_disabled":         {says: "the user's account was deactivated", cure: cureUser, permanent: true},
	"cannot_dm_bot":         {says: "a bot gets no direct messages", cure: cureUser, permanent: true},
	"messages_tab_disabled": {says: "the app takes no direct messages", cure: "allow them in the app's settings: App Home, Messages Tab; until then, " + cureUser, permanent: true},

	// What passes.
	"ratelimited":         {says: "Slack has had too many calls"},
	"rate_limited":        {says: "Slack has had too many messages"},
	"request_timeout":     {says: "Slack did not get the whole call"},
	"service_unavailable": {says: "Slack is not available"},
	"team_added_to_org":   {says: "the workspace is being moved to an organization"},
	"fatal_error":         {says: "Slack failed, perhaps after some of it was done", doubtful: true},
	"internal_error":      {says: "Slack failed, perhaps after some of it was done", doubtful: true},
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
	f := &delivery.Failure{Err: redact(err)}
	var refused slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	switch {
	case errors.As(err, &limited):
		f.RetryAfter = limited.RetryAfter
		f.Err = fmt.Errorf("too many calls to Slack: %w", err)
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
		f.Err, f.Cure, f.Permanent = fmt.Errorf("%s (%w)", says, err), cure, e.permanent
	default:
		f.Err = fmt.Errorf("no proper answer from Slack: %w", f.Err)
	}
	return f
}

// name is what people know a channel by, and its id; only that where Slack does not say more.
func (s *session) name(ctx context.Context, channel string) string {
	info, err := s.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
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

// redact takes addresses out of an error: whoever has that of an upload or of a response can use it.
func redact(err error) error {
	var broken *url.Error
	if !errors.As(err, &broken) {
		return err
	}
	host := "Slack"
	if u, err := url.Parse(broken.URL); err == nil && u.Host != "" {
		host = u.Host
	}
	return fmt.Errorf("%s %s: %w", strings.ToLower(broken.Op), host, broken.Err)
}

func isCode(err error, codes ...string) bool {
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) {
		return false
	}
	for _, code := range codes {
		if refused.Err == code {
			return true
		}
	}
	return false
}

func isTokenRefused(err error) bool {
	return isCode(err, "invalid_auth", "token_revoked", "token_expired")
}

// isLayoutRefused reports whether a message was not posted for what it looks like.
func isLayoutRefused(err error) bool {
	return isCode(err, "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long",
		"slack_connect_file_link_sharing_blocked")
}

// isDoubtful reports whether what failed may have been done all the same.
func isDoubtful(err error) bool {
	var refused slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	switch {
	case err == nil, errors.As(err, &limited), isDial(err):
		return false
	case errors.As(err, &refused):
		return explanations[refused.Err].doubtful
	case errors.As(err, &status):
		return status.Code >= 500
	}
	return true // an answer that was lost, or is not Slack's
}

// isPassing reports whether calling again may help.
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
