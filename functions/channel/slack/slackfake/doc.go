// Package slackfake is a fake Slack for tests and for the local command. It has the part of the Web
// API that a weekly report needs, keeps what it receives until [Server.Forget], and fails on demand
// as Slack does.
//
//	auth.test                     the token's workspace, and its scopes in X-OAuth-Scopes
//	bots.info                     the app's name and ID
//	chat.getPermalink             of a message that exists
//	chat.postMessage              to channels, threads and direct messages; checks blocks
//	chat.update                   replaces text, blocks and metadata
//	conversations.history         in pages, with metadata on request
//	conversations.replies         a thread, in pages too
//	conversations.info            name, archived, member
//	conversations.join            a public channel
//	conversations.list            in pages, by type, with or without archived channels
//	conversations.open            a direct message
//	files.getUploadURLExternal    with the address that it returns, and files.completeUploadExternal
//	files.info                    a permalink at once; mimetype and shares after some polls:
//	                              Slack processes files later; see also [Fault.Late]
//	users.info                    a member, and users.lookupByEmail
//	response URLs                 of slash commands: five answers in 30 minutes
//
// # Three ways to reach it
//
// [Server.Client] answers without a network, at Slack's own addresses. In a testing/synctest bubble
// a test waits for a Retry-After of a minute in no time. [Server.Start] listens on a free port of
// this machine. A Server is also an [http.Handler], to serve beside other pages at [Server.URL].
//
// # Failures
//
// [Server.Fail] says how calls fail. [Server.Before] and [Server.After] run around a call's effect,
// such as for a crash of the caller or a concurrent call. [Server.Say], [Server.Delete] and
// [Server.SetChannel] do what people do.
//
// # slacktest
//
// Start serves with slack-go's slacktest.Server, but with the handlers of this package. slacktest's
// chat.postMessage accepts anything, keeps no messages to ask for, and leaves a goroutine for each
// message. slacktest has no files, history or errors, and serves only at a port of its own.
//
// # Limits
//
// Limits that depend on a workspace's plan or administrators exist only as a [Fault]. A file is
// processed after a number of polls, not after a time, so that a test knows how many are needed.
// Slack does not document its limit on a message's whole text; here it is the lowest at which it
// was met.
package slackfake
