package slackfake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack/slacktest"
)

// Server is a Slack: workspaces, channels, files and messages. Use New. It is safe for concurrent
// use and returns copies.
type Server struct {
	// URL is the server's address, with a slash at its end. Start sets it. Default: Slack's own
	// addresses, which only Client reaches.
	URL string
	// Processing is how many calls of files.info a file needs before it has a mimetype and a
	// message can show it.
	Processing int
	// PageSize is the most messages or channels of a page of conversations.history, replies or list.
	PageSize int
	// Plain refuses blocks of charts and tables, as in a workspace that does not have them yet.
	Plain bool
	// Lenient accepts all blocks, and answers chat.postMessage and chat.update without the message.
	// That halves what a call costs, for simulations of many calls.
	Lenient bool
	// Before is called before a call takes effect, and After when it has, before its answer. A call
	// that a Fault keeps from taking effect calls neither. Both get the method as in Fail. They may
	// use the server, block or panic. With Client a panic reaches the caller, as a crash would;
	// with Start it breaks the connection. Set them before the first use. Calls may be concurrent.
	Before, After func(method string)
	// Now is the clock, from which messages get their ts. Set it before the first use. Default:
	// time.Now.
	Now func() time.Time

	mu         sync.Mutex
	workspaces map[string]Workspace // by token
	channels   map[string]*Channel
	users      map[string]User
	messages   map[string][]*Message // by channel, the oldest first, with replies
	files      map[string]*file
	fileIDs    []string          // the oldest first
	commands   map[string]*reply // by the path of the response URL
	responses  []Response
	calls      []Call
	faults     map[string][]Fault
	always     map[string]Fault
	last       int64 // the last ts in microseconds
	serial     int
}

// New returns a Slack with one workspace and its token, no channels.
func New(workspaces ...Workspace) *Server {
	d := &Server{
		Processing: 2, PageSize: 200,
		workspaces: make(map[string]Workspace), channels: make(map[string]*Channel),
		users: make(map[string]User), messages: make(map[string][]*Message),
		files:    make(map[string]*file),
		commands: make(map[string]*reply), faults: make(map[string][]Fault),
		always: make(map[string]Fault),
	}
	for _, w := range workspaces {
		d.workspaces[w.Token] = w
	}
	return d
}

func (d *Server) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}

// A Workspace is a team that installed the app.
type Workspace struct {
	Team   string // id, T…
	Name   string
	Token  string // the app's bot token there
	Scopes []string
	Bot    string // the app as the author of messages, B…; empty: B0000BOT

	AppName string // empty: Kindly Weekly
}

// defaultBot is the app of a Workspace that names none.
const defaultBot = "B0000BOT"

func (w Workspace) bot() string { return cmp.Or(w.Bot, defaultBot) }

// SetToken replaces a workspace's token and refuses the old one.
func (d *Server) SetToken(old, now string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.workspaces[old]
	delete(d.workspaces, old)
	w.Token = now
	d.workspaces[now] = w
}

// A Channel is a conversation. A direct message has an ID D… and exists once it was opened.
type Channel struct {
	ID       string
	Team     string // its workspace's id
	Name     string
	Private  bool
	Archived bool
	Member   bool   // the app was invited
	User     string // of a direct message: with whom
}

// SetChannel adds a channel, or changes one.
func (d *Server) SetChannel(c Channel) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.channels[c.ID] = &c
}

// A User is a member of a workspace. People who were not added with SetUser can get direct
// messages, too.
type User struct {
	ID      string // U… or W…
	Team    string // their workspace's ID
	Name    string
	Email   string
	TZ      string // IANA time zone
	Deleted bool   // the account was deactivated
	Bot     bool
}

// SetUser adds a member, or changes one. State does not have them.
func (d *Server) SetUser(u User) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.users[u.ID] = u
}

// A Message is a message as it was posted.
type Message struct {
	Channel  string          `json:"channel"`
	TS       string          `json:"ts"`
	Bot      string          `json:"bot,omitempty"`       // the app that posted it; empty: B0000BOT
	User     string          `json:"user,omitempty"`      // or the person who did
	ThreadTS string          `json:"thread_ts,omitempty"` // of the message that it answers
	Text     string          `json:"text"`
	Mrkdwn   bool            `json:"mrkdwn"`
	Unfurl   bool            `json:"unfurl"`
	Blocks   json.RawMessage `json:"blocks,omitempty"`   // an array, or nothing
	Metadata *Metadata       `json:"metadata,omitempty"` // nil where there is none
	Files    []File          `json:"files,omitempty"`    // shared with it
	Replies  []Message       `json:"replies,omitempty"`  // its thread, the oldest first
	Deleted  bool            `json:"deleted,omitempty"`  // only its thread is left, see Delete
	Edited   bool            `json:"edited,omitempty"`   // by chat.update

	visible time.Time // until then it is hidden from history and thread
}

// Metadata is the metadata of a message.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload"`
}

// A File is an uploaded file. Polls counts calls of files.info.
type File struct {
	ID       string   `json:"id"`
	Team     string   `json:"team"`
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Mimetype string   `json:"mimetype"` // empty until it is processed
	Channels []string `json:"channels"` // where it was shared
	Polls    int      `json:"polls"`
	Data     []byte   `json:"-"`
}

// A Response is an answer to a slash command at its response URL.
type Response struct {
	URL    string
	Type   string // ephemeral, in_channel
	Text   string
	Blocks json.RawMessage // an array, or nothing
}

// A Call is a request that arrived, also if it failed.
type Call struct {
	Method string // as in Fail
	Token  string
	Form   url.Values // its arguments without the token; of an upload the file's id
	At     time.Time
}

// Messages returns a channel's messages with their threads, the oldest first, including hidden
// ones.
func (d *Server) Messages(channel string) []Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Message
	for _, m := range d.messages[channel] {
		if m.ThreadTS != "" {
			continue
		}
		top := *m
		for _, r := range d.messages[channel] {
			if r.ThreadTS == m.TS {
				top.Replies = append(top.Replies, *r)
			}
		}
		all = append(all, top)
	}
	return all
}

// Delete deletes a message, as people do. A message with a thread leaves a tombstone, which keeps
// the thread.
func (d *Server) Delete(channel, ts string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	isAnswer := func(m *Message) bool { return m.ThreadTS == ts }
	if m := d.find(channel, ts); m != nil && slices.ContainsFunc(d.messages[channel], isAnswer) {
		*m = Message{Channel: channel, TS: ts, Text: "This message was deleted.", Deleted: true}
		return
	}
	d.messages[channel] = slices.DeleteFunc(d.messages[channel],
		func(m *Message) bool { return m.TS == ts })
}

// Say posts a message as people do, in a thread unless that is empty. It returns the message's ts.
func (d *Server) Say(channel, thread, text string) (ts string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := &Message{Channel: channel, User: "U0000KARI", ThreadTS: thread, Text: text}
	d.post(m)
	return m.TS
}

// Forget removes the messages, files and calls before an instant, so that a long run needs little
// memory.
func (d *Server) Forget(before time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	ts := fmt.Sprintf("%d.%06d", before.Unix(), before.Nanosecond()/1000)
	for channel, messages := range d.messages {
		d.messages[channel] = slices.DeleteFunc(messages,
			func(m *Message) bool { return after(ts, m.TS, false) })
	}
	d.fileIDs = slices.DeleteFunc(d.fileIDs, func(id string) bool {
		old := d.files[id].begun.Before(before)
		if old {
			delete(d.files, id)
		}
		return old
	})
	d.calls = slices.DeleteFunc(d.calls, func(c Call) bool { return c.At.Before(before) })
}

// Channels returns the channels and direct messages, sorted by id.
func (d *Server) Channels() []Channel {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Channel
	for _, c := range d.channels {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b Channel) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// File returns a file that was uploaded.
func (d *Server) File(id string) (File, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, ok := d.files[id]
	if !ok {
		return File{}, false
	}
	return f.File, true
}

// Files returns all files whose upload was begun, the oldest first.
func (d *Server) Files() []File {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []File
	for _, id := range d.fileIDs {
		all = append(all, d.files[id].File)
	}
	return all
}

// Responses returns the answers to slash commands, the oldest first.
func (d *Server) Responses() []Response {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.responses)
}

// Calls returns the requests for a method, or for all methods if it is empty, the oldest first.
func (d *Server) Calls(method string) []Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	var calls []Call
	for _, c := range d.calls {
		if method == "" || c.Method == method {
			calls = append(calls, c)
		}
	}
	return calls
}

// ResponseURL returns a new response URL, as of a slash command.
func (d *Server) ResponseURL() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.serial++
	path := fmt.Sprintf("commands/T0000TEAM/%d/%s", d.serial, strings.Repeat("s", 24))
	base := d.URL
	if base == "" {
		base = "https://hooks.slack.com/"
	}
	d.commands[path] = &reply{left: 5, until: d.now().Add(30 * time.Minute)}
	return base + path
}

// Start listens on a free port of this machine and sets URL. It returns a function that stops it.
func (d *Server) Start() (stop func()) {
	server := slacktest.NewTestServer(func(c slacktest.Customize) {
		for _, path := range d.paths() {
			c.Handle(path, d.ServeHTTP)
		}
	})
	d.URL = server.GetAPIURL()
	server.Start()
	return server.Stop
}

func (d *Server) paths() []string {
	paths := []string{"/"} // uploads, response URLs and unknown methods
	for method := range methods {
		paths = append(paths, "/"+method)
	}
	return paths
}

// Client returns a client that reaches the server at Slack's own addresses, without a network.
func (d *Server) Client() *http.Client { return &http.Client{Transport: transport{d}} }

type transport struct{ d *Server }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		defer r.Body.Close()
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	served := r.Clone(r.Context())
	served.Body, served.RequestURI = io.NopCloser(bytes.NewReader(body)), r.URL.RequestURI()
	w := httptest.NewRecorder()
	if dropped(func() { t.d.ServeHTTP(w, served) }) {
		return nil, cmp.Or(r.Context().Err(), io.ErrUnexpectedEOF)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

// dropped runs a handler and reports whether it aborted the connection with http.ErrAbortHandler.
func dropped(handle func()) (yes bool) {
	defer func() {
		if r := recover(); r != nil {
			if err, ok := r.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(r)
			}
			yes = true
		}
	}()
	handle()
	return false
}
