package slackfake

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A refusal is an error of Slack's.
type refusal struct {
	code     string
	messages []string
	needed   string // of missing_scope
	provided string
}

func (r refusal) Error() string { return r.code }

func (r refusal) answer() map[string]any {
	answer := map[string]any{"ok": false, "error": r.code}
	if len(r.messages) > 0 {
		answer["response_metadata"] = map[string]any{"messages": r.messages}
		var errors []string // the same again
		for _, message := range r.messages {
			errors = append(errors, strings.TrimPrefix(message, "[ERROR] "))
		}
		answer["errors"] = errors
	}
	if r.needed != "" {
		answer["needed"], answer["provided"] = r.needed, r.provided
	}
	return answer
}

func refuse(code string, messages ...string) error {
	return refusal{code: code, messages: messages}
}

// A call is a request to a method of the Web API. Its handler holds the server's lock.
type call struct {
	workspace Workspace
	form      url.Values
	base      string // of upload addresses
	late      time.Duration
}

var methods = map[string]func(*Server, call) (map[string]any, error){
	"auth.test":                    (*Server).authTest,
	"bots.info":                    (*Server).botInfo,
	"chat.getPermalink":            (*Server).permalink,
	"chat.postMessage":             (*Server).postMessage,
	"chat.update":                  (*Server).update,
	"conversations.history":        (*Server).history,
	"conversations.info":           (*Server).info,
	"conversations.join":           (*Server).join,
	"conversations.list":           (*Server).list,
	"conversations.open":           (*Server).open,
	"conversations.replies":        (*Server).replies,
	"files.completeUploadExternal": (*Server).completeUpload,
	"files.getUploadURLExternal":   (*Server).uploadURL,
	"files.info":                   (*Server).fileInfo,
	"users.info":                   (*Server).userInfo,
	"users.lookupByEmail":          (*Server).userByEmail,
}

// ServeHTTP serves the Web API, with or without Slack's prefix /api, uploads and response URLs.
func (d *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/"), "api/")
	method := name
	switch {
	case strings.HasPrefix(name, "upload/"):
		method = Upload
	case strings.HasPrefix(name, "commands/"):
		method = Respond
	}
	body, form, err := read(r, method)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	token := form.Get("token")
	form.Del("token")
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if ok && token == "" {
		token = bearer
	}
	if method == Upload {
		form.Set("file", path.Base(name))
	}
	d.mu.Lock()
	d.calls = append(d.calls, Call{Method: method, Token: token, Form: form, At: d.now()})
	d.mu.Unlock()

	fault := d.nextFault(method)
	if fault.Delay > 0 {
		select {
		case <-time.After(fault.Delay):
		case <-r.Context().Done():
			panic(http.ErrAbortHandler) // the client is gone
		}
	}
	answer := func() {}
	if fault.isDone() {
		if d.Before != nil {
			d.Before(method)
		}
		switch method {
		case Upload:
			answer = d.upload(w, path.Base(name), body)
		case Respond:
			answer = d.respond(w, name, body)
		default:
			c := call{form: form, base: cmp.Or(d.URL, "https://files.slack.com/"), late: fault.Late}
			answer = d.api(w, method, c, token)
		}
		if d.After != nil {
			d.After(method)
		}
	}
	if !fault.answer(w) {
		answer()
	}
}

// read returns the body of an upload, which may be multipart, and the arguments of other requests,
// which are a form or JSON.
func read(r *http.Request, method string) (body []byte, form url.Values, err error) {
	if body, err = io.ReadAll(r.Body); err != nil {
		return nil, nil, err
	}
	form = r.URL.Query()
	if len(body) == 0 {
		return nil, form, nil
	}
	kind, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case method == Upload && kind == "multipart/form-data":
		part, err := multipart.NewReader(bytes.NewReader(body), parameters["boundary"]).NextPart()
		if err != nil {
			return nil, nil, err
		}
		if body, err = io.ReadAll(part); err != nil {
			return nil, nil, err
		}
	case method == Upload:
	case kind == "application/x-www-form-urlencoded":
		posted, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, nil, err
		}
		for key, values := range posted {
			form[key] = values
		}
	case kind == "application/json":
		var posted map[string]json.RawMessage
		if err := json.Unmarshal(body, &posted); err != nil {
			return nil, nil, err
		}
		for key, value := range posted {
			var text string
			if json.Unmarshal(value, &text) != nil {
				text = string(value) // as a form would have it
			}
			form.Set(key, text)
		}
	}
	return body, form, nil
}

func write(w http.ResponseWriter, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(answer) // fails if the client is gone
}

// api does what a method does, and returns a function that writes the answer.
func (d *Server) api(w http.ResponseWriter, method string, c call, token string) (answer func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	result, err := d.authorized(method, c, token)
	var no refusal
	if err != nil {
		no = err.(refusal)
		result = no.answer()
	} else {
		result["ok"] = true
	}
	scopes := strings.Join(d.workspaces[token].Scopes, ",")
	return func() {
		w.Header().Set("X-OAuth-Scopes", scopes)
		write(w, result)
	}
}

func (d *Server) authorized(method string, c call, token string) (map[string]any, error) {
	handle, ok := methods[method]
	if !ok {
		return nil, refuse("unknown_method")
	}
	if token == "" {
		return nil, refuse("not_authed")
	}
	if c.workspace, ok = d.workspaces[token]; !ok {
		return nil, refuse("invalid_auth")
	}
	scopes := c.workspace.Scopes
	needs := []string{d.scope(method, c.form.Get("channel"))}
	if method == "conversations.list" {
		needs = scopesOf(c.types())
	}
	for _, need := range needs {
		if need != "" && !slices.Contains(scopes, need) {
			return nil, refusal{
				code: "missing_scope", needed: need, provided: strings.Join(scopes, ",")}
		}
	}
	return handle(d, c)
}

// scope returns the scope that a method but conversations.list needs, or "".
func (d *Server) scope(method, channel string) string {
	kind := "channels:"
	switch c := d.channels[channel]; {
	case strings.HasPrefix(channel, "D"):
		kind = "im:"
	case c != nil && c.Private:
		kind = "groups:"
	}
	switch method {
	case "chat.postMessage", "chat.update":
		return "chat:write"
	case "conversations.history", "conversations.replies":
		return kind + "history"
	case "conversations.info":
		return kind + "read"
	case "conversations.join":
		return "channels:join"
	case "conversations.open":
		return "im:write"
	case "bots.info", "users.info":
		return "users:read"
	case "users.lookupByEmail":
		return "users:read.email"
	case "files.getUploadURLExternal", "files.completeUploadExternal":
		return "files:write"
	case "files.info":
		return "files:read"
	}
	return ""
}

// visible returns the channel if it is in the workspace and the app can see it.
func (c call) visible(d *Server, id string) (*Channel, error) {
	channel := d.channels[id]
	if channel == nil || channel.Team != c.workspace.Team || channel.Private && !channel.Member {
		return nil, refuse("channel_not_found")
	}
	return channel, nil
}

// writable returns the channel if the app may post to it.
func (c call) writable(d *Server, id string) (*Channel, error) {
	channel, err := c.visible(d, id)
	switch {
	case err != nil:
		return nil, err
	case channel.Archived:
		return nil, refuse("is_archived")
	case !channel.Member:
		return nil, refuse("not_in_channel")
	}
	return channel, nil
}

func (d *Server) authTest(c call) (map[string]any, error) {
	return map[string]any{"url": c.workspace.url(), "team": c.workspace.Name,
		"team_id": c.workspace.Team, "user": "kindlyweekly", "user_id": "U0000BOT",
		"bot_id": c.workspace.bot()}, nil
}

// botInfo answers about the app itself.
func (d *Server) botInfo(c call) (map[string]any, error) {
	if c.form.Get("bot") != c.workspace.bot() {
		return nil, refuse("bot_not_found")
	}
	return map[string]any{"bot": map[string]any{"id": c.workspace.bot(), "deleted": false,
		"name": cmp.Or(c.workspace.AppName, "Kindly Weekly"), "app_id": "A0000APP",
		"user_id": "U0000BOT"}}, nil
}

// url returns the workspace's address.
func (w Workspace) url() string { return "https://" + strings.ToLower(w.Name) + ".slack.com/" }

const (
	maxText     = 40000
	maxMetadata = 8000
)

func (d *Server) postMessage(c call) (map[string]any, error) {
	channel, err := c.writable(d, c.form.Get("channel"))
	if err != nil {
		return nil, err
	}
	m := Message{Channel: channel.ID, Bot: c.workspace.Bot, ThreadTS: c.form.Get("thread_ts"),
		Mrkdwn: c.form.Get("mrkdwn") != "false",
		Unfurl: c.form.Get("unfurl_links") != "false" || c.form.Get("unfurl_media") != "false"}
	if m.ThreadTS != "" && d.find(channel.ID, m.ThreadTS) == nil {
		return nil, refuse("thread_not_found")
	}
	if err := d.fill(&m, c); err != nil {
		return nil, err
	}
	m.visible = d.now().Add(c.late)
	d.post(&m)
	return d.posted(map[string]any{"channel": m.Channel, "ts": m.TS}, m), nil
}

// posted adds the message to the answer of a call that posts or changes it.
func (d *Server) posted(answer map[string]any, m Message) map[string]any {
	if !d.Lenient {
		answer["message"] = d.shown(m, true)
	}
	return answer
}

// fill sets a message's text, blocks and metadata from a call.
func (d *Server) fill(m *Message, c call) error {
	if m.Text = c.form.Get("text"); len([]rune(m.Text)) > maxText {
		return refuse("msg_too_long")
	}
	m.Blocks = nil
	if blocks := c.form.Get("blocks"); blocks != "" {
		m.Blocks = json.RawMessage(blocks)
		isProcessed := func(id string) bool { return d.isProcessed(c, id) }
		if !d.Lenient {
			if err := checkBlocks(m.Blocks, isProcessed, !d.Plain); err != nil {
				return err
			}
		}
	}
	if m.Text == "" && m.Blocks == nil {
		return refuse("no_text")
	}
	if metadata := c.form.Get("metadata"); metadata != "" {
		m.Metadata = nil
		if json.Unmarshal([]byte(metadata), &m.Metadata) != nil || m.Metadata == nil ||
			m.Metadata.EventType == "" || m.Metadata.EventPayload == nil {
			return refuse("invalid_metadata_format")
		}
		if len(metadata) > maxMetadata {
			return refuse("metadata_too_large")
		}
	}
	return nil
}

// update replaces a message's text and blocks, also if the call has none.
func (d *Server) update(c call) (map[string]any, error) {
	channel, err := c.writable(d, c.form.Get("channel"))
	if err != nil {
		return nil, err
	}
	m := d.find(channel.ID, c.form.Get("ts"))
	if m == nil || m.Deleted {
		return nil, refuse("message_not_found")
	}
	if m.User != "" || cmp.Or(m.Bot, defaultBot) != c.workspace.bot() {
		return nil, refuse("cant_update_message")
	}
	changed := *m
	if err := d.fill(&changed, c); err != nil {
		return nil, err
	}
	changed.Edited = true
	*m = changed
	return d.posted(map[string]any{"channel": m.Channel, "ts": m.TS, "text": m.Text}, *m), nil
}

// post stores a message with a ts that is unique and later than all before.
func (d *Server) post(m *Message) {
	d.last = max(d.last+1, d.now().UnixMicro())
	m.TS = fmt.Sprintf("%d.%06d", d.last/1e6, d.last%1e6)
	d.messages[m.Channel] = append(d.messages[m.Channel], m)
}

func (d *Server) find(channel, ts string) *Message {
	for _, m := range d.messages[channel] {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

// shown returns a message as Slack's answers have it.
func (d *Server) shown(m Message, metadata bool) map[string]any {
	shown := map[string]any{"type": "message", "ts": m.TS, "text": m.Text,
		"user": cmp.Or(m.User, "U0000BOT")}
	if m.User == "" {
		shown["bot_id"] = cmp.Or(m.Bot, defaultBot)
	}
	if m.Deleted {
		return map[string]any{"type": "message", "subtype": "tombstone", "ts": m.TS,
			"thread_ts": m.TS, "text": m.Text, "user": "USLACKBOT", "hidden": true}
	}
	if m.ThreadTS != "" {
		shown["thread_ts"] = m.ThreadTS
	}
	if m.Blocks != nil {
		shown["blocks"] = m.Blocks
	}
	if metadata && m.Metadata != nil {
		shown["metadata"] = m.Metadata
	}
	var files []map[string]any
	for _, f := range m.Files {
		files = append(files, map[string]any{"id": f.ID, "name": f.Name, "title": f.Title})
	}
	if files != nil {
		shown["files"] = files
	}
	return shown
}

func (d *Server) history(c call) (map[string]any, error) {
	channel, err := c.visible(d, c.form.Get("channel"))
	if err != nil {
		return nil, err
	}
	if !channel.Member {
		return nil, refuse("not_in_channel")
	}
	oldest, latest := c.form.Get("oldest"), c.form.Get("latest")
	inclusive := isTrue(c.form.Get("inclusive"))
	before, err := c.cursor()
	if err != nil {
		return nil, err
	}
	if before != "" {
		latest, inclusive = before, false
	}
	limit := c.limit(d, 100)
	messages, more := []map[string]any{}, false
	for _, m := range slices.Backward(d.messages[channel.ID]) {
		within := (oldest == "" || after(m.TS, oldest, inclusive)) &&
			(latest == "" || after(latest, m.TS, inclusive))
		if m.ThreadTS != "" || m.visible.After(d.now()) || !within {
			continue
		}
		if more = len(messages) == limit; more {
			break
		}
		messages = append(messages, d.shown(*m, isTrue(c.form.Get("include_all_metadata"))))
	}
	return page(messages, more), nil
}

func (d *Server) permalink(c call) (map[string]any, error) {
	channel, err := c.visible(d, c.form.Get("channel"))
	if err != nil {
		return nil, err
	}
	ts := c.form.Get("message_ts")
	if !slices.ContainsFunc(d.messages[channel.ID], func(m *Message) bool { return m.TS == ts }) {
		return nil, refuse("message_not_found")
	}
	return map[string]any{"channel": channel.ID,
		"permalink": c.workspace.url() + "archives/" + channel.ID + "/p" +
			strings.ReplaceAll(ts, ".", "")}, nil
}

// cursor returns the ts of the last message of the page before, empty for the first page.
func (c call) cursor() (ts string, err error) { return c.after("next_ts:") }

// after returns what a cursor says after its prefix, empty for the first page.
func (c call) after(prefix string) (place string, err error) {
	cursor := c.form.Get("cursor")
	if cursor == "" {
		return "", nil
	}
	decoded, err := base64.StdEncoding.DecodeString(cursor)
	place, ok := strings.CutPrefix(string(decoded), prefix)
	if err != nil || !ok {
		return "", refuse("invalid_cursor")
	}
	return place, nil
}

// limit returns how many messages a page may have.
func (c call) limit(d *Server, most int) int {
	if asked, err := strconv.Atoi(c.form.Get("limit")); err == nil && asked > 0 {
		most = min(asked, 999)
	}
	return min(most, d.PageSize)
}

func page(messages []map[string]any, more bool) map[string]any {
	answer := map[string]any{"messages": messages, "has_more": more}
	if more {
		last := messages[len(messages)-1]["ts"].(string)
		next := base64.StdEncoding.EncodeToString([]byte("next_ts:" + last))
		answer["response_metadata"] = map[string]any{"next_cursor": next}
	}
	return answer
}

func isTrue(s string) bool { return s == "1" || s == "true" }

// after reports whether the ts a is after b. A ts has seconds with up to six decimals.
func after(a, b string, orEqual bool) bool {
	micro := func(ts string) int64 {
		seconds, decimals, _ := strings.Cut(ts, ".")
		n, _ := strconv.ParseInt(seconds+(decimals + "000000")[:6], 10, 64)
		return n
	}
	return micro(a) > micro(b) || orEqual && micro(a) == micro(b)
}

func (d *Server) replies(c call) (map[string]any, error) {
	channel, err := c.visible(d, c.form.Get("channel"))
	if err != nil {
		return nil, err
	}
	top := d.find(channel.ID, c.form.Get("ts"))
	if top == nil {
		return nil, refuse("thread_not_found")
	}
	since, err := c.cursor()
	if err != nil {
		return nil, err
	}
	limit := c.limit(d, 1000)
	messages, more := []map[string]any{}, false
	for _, m := range d.messages[channel.ID] {
		isOf := m == top || m.ThreadTS == top.TS
		if !isOf || m.visible.After(d.now()) || since != "" && !after(m.TS, since, false) {
			continue
		}
		if more = len(messages) == limit; more {
			break
		}
		messages = append(messages, d.shown(*m, isTrue(c.form.Get("include_all_metadata"))))
	}
	return page(messages, more), nil
}

func (d *Server) info(c call) (map[string]any, error) {
	channel, err := c.visible(d, c.form.Get("channel"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"channel": channel.shown()}, nil
}

// shown returns a channel as Slack's answers have it.
func (c *Channel) shown() map[string]any {
	return map[string]any{
		"id": c.ID, "name": c.Name, "is_private": c.Private, "is_archived": c.Archived,
		"is_member": c.Member, "is_im": c.User != "",
	}
}

// join makes the app a member of a channel.
func (d *Server) join(c call) (map[string]any, error) {
	channel, err := c.visible(d, c.form.Get("channel"))
	switch {
	case err != nil:
		return nil, err
	case channel.Private || channel.User != "":
		return nil, refuse("method_not_supported_for_channel_type")
	case channel.Archived:
		return nil, refuse("is_archived")
	}
	answer := map[string]any{}
	if channel.Member {
		answer["warning"] = "already_in_channel"
		answer["response_metadata"] = map[string]any{"warnings": []string{"already_in_channel"}}
	}
	channel.Member = true
	answer["channel"] = channel.shown()
	return answer, nil
}

// types returns the types that conversations.list was asked for.
func (c call) types() []string {
	return strings.Split(cmp.Or(c.form.Get("types"), "public_channel"), ",")
}

// typeScopes are the types of conversations and the scopes to list them.
var typeScopes = map[string]string{
	"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read",
	"mpim": "mpim:read",
}

func scopesOf(types []string) (scopes []string) {
	for _, t := range types {
		scopes = append(scopes, typeScopes[t])
	}
	return scopes
}

// kind returns the channel's type.
func (c *Channel) kind() string {
	switch {
	case c.User != "":
		return "im"
	case c.Private:
		return "private_channel"
	}
	return "public_channel"
}

// list returns a page of the channels that the app sees, sorted by ID. As in Slack, a page may be
// short, since archived channels are left out of it.
func (d *Server) list(c call) (map[string]any, error) {
	types := c.types()
	for _, t := range types {
		if typeScopes[t] == "" {
			return nil, refuse("invalid_types")
		}
	}
	limit, err := strconv.Atoi(cmp.Or(c.form.Get("limit"), "100"))
	if err != nil || limit < 1 || limit > 999 {
		return nil, refuse("invalid_limit")
	}
	since, err := c.after("team:")
	if err != nil {
		return nil, err
	}
	channels, read, next := []map[string]any{}, 0, ""
	for _, id := range slices.Sorted(maps.Keys(d.channels)) {
		channel := d.channels[id]
		if _, err := c.visible(d, id); err != nil || id < since ||
			!slices.Contains(types, channel.kind()) {
			continue
		}
		if read++; read > min(limit, d.PageSize) {
			next = base64.StdEncoding.EncodeToString([]byte("team:" + id))
			break
		}
		if !channel.Archived || !isTrue(c.form.Get("exclude_archived")) {
			channels = append(channels, channel.shown())
		}
	}
	return map[string]any{"channels": channels,
		"response_metadata": map[string]any{"next_cursor": next}}, nil
}

var userID = regexp.MustCompile(`^[UW][A-Z0-9]+$`)

func (d *Server) open(c call) (map[string]any, error) {
	user := c.form.Get("users")
	if !userID.MatchString(user) {
		return nil, refuse("user_not_found")
	}
	if u, ok := d.users[user]; ok {
		switch {
		case u.Team != c.workspace.Team:
			return nil, refuse("user_not_found")
		case u.Deleted:
			return nil, refuse("user_disabled")
		case u.Bot:
			return nil, refuse("cannot_dm_bot")
		}
	}
	id := "D" + user[1:]
	if d.channels[id] == nil {
		d.channels[id] = &Channel{ID: id, Team: c.workspace.Team, Member: true, User: user}
	}
	return map[string]any{"channel": map[string]any{"id": id}}, nil
}

func (d *Server) userInfo(c call) (map[string]any, error) {
	u, ok := d.users[c.form.Get("user")]
	if !ok || u.Team != c.workspace.Team {
		return nil, refuse("user_not_found")
	}
	return map[string]any{"user": u.shown()}, nil
}

// userByEmail returns the member with an address. Slack does not return deactivated ones.
func (d *Server) userByEmail(c call) (map[string]any, error) {
	for _, u := range d.users {
		if u.Team == c.workspace.Team && !u.Deleted && u.Email != "" &&
			strings.EqualFold(u.Email, c.form.Get("email")) {
			return map[string]any{"user": u.shown()}, nil
		}
	}
	return nil, refuse("users_not_found")
}

// shown returns a member as Slack's answers have it.
func (u User) shown() map[string]any {
	return map[string]any{"id": u.ID, "team_id": u.Team, "deleted": u.Deleted, "is_bot": u.Bot,
		"name": strings.ToLower(u.ID), "real_name": u.Name, "tz": u.TZ,
		"profile": map[string]any{"real_name": u.Name, "display_name": ""}}
}
