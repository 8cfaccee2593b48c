// Package slackfake is a Slack that behaves like Slack, for tests and for the local command. It speaks the part of
// the Web API that a weekly report needs, remembers everything that it is sent until it is to [Server.Forget] it, and fails in
// Slack's ways on demand.
//
//	auth.test                     whose token it is, and in X-OAuth-Scopes what it may do
//	chat.getPermalink             of a message that is there
//	chat.postMessage              to channels, threads and direct messages; the blocks are judged as Slack judges them
//	chat.update                   text, blocks and metadata anew
//	conversations.history         in pages, with metadata if asked for
//	conversations.replies         a thread, in pages too
//	conversations.info            name, archived, member
//	conversations.open            a direct message
//	files.getUploadURLExternal    and the address that it gives, and files.completeUploadExternal
//	files.info                    a permalink at once; mimetype and shares, which come only after some polls, as Slack processes files late; a
//	                              share that Slack takes its time for shows nowhere before, see [Fault.Late]
//	response URLs                 of slash commands: five answers in 30 minutes
//
// # Three ways to reach it
//
// [Server.Client] answers without a network, at Slack's own addresses, so that a test in a testing/synctest bubble can
// wait for a Retry-After of a minute in no time. [Server.Start] listens on a free port of this machine. A Double is an
// [http.Handler] too, to stand beside other pages; [Server.URL] then says where.
//
// # To fail in between
//
// [Server.Fail] says how calls fail. What is to happen between a call's effect and its answer, such as the caller's death or
// somebody else's call, is for [Server.Before] and [Server.After]; people's part is [Server.Say], [Server.Delete] and
// [Server.SetChannel].
//
// # What it rests on
//
// Start serves on slack-go's own slacktest.Server, which it fills by Server.Handle. Handlers come from here, all of
// them: slacktest's chat.postMessage accepts anything, keeps nothing that can be asked for, and leaves a goroutine
// behind for each message, which waits for a websocket; it has no files, no history and no errors; and it cannot serve
// without a port of its own, or under one.
//
// # What it does not know
//
// Limits of Slack that depend on a workspace's plan and administrators are there only as [Fault]. A file is processed
// after a number of polls rather than a time, so that a test says exactly how often one has to ask. Slack's own limit
// on a message's whole text is not documented; here it is the lowest at which it was met.
package slackfake
