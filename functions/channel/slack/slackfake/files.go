package slackfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"time"
)

// A file is a file in one of its states: announced, uploaded, completed, processed.
type file struct {
	File
	begun     time.Time
	length    int
	uploaded  bool
	completed bool
	shares    []share
}

type share struct {
	channel, ts, thread string
	visible             time.Time // until then it is hidden
}

func (d *Server) uploadURL(c call) (map[string]any, error) {
	length, err := strconv.Atoi(c.form.Get("length"))
	if name := c.form.Get("filename"); name == "" || err != nil || length <= 0 {
		return nil, refuse("invalid_arguments")
	}
	d.serial++
	f := &file{begun: d.now(), length: length}
	f.ID, f.Team, f.Name = fmt.Sprintf("F%010d", d.serial), c.workspace.Team, c.form.Get("filename")
	d.files[f.ID], d.fileIDs = f, append(d.fileIDs, f.ID)
	return map[string]any{"file_id": f.ID, "upload_url": c.base + "upload/" + f.ID}, nil
}

// upload takes a file's bytes.
func (d *Server) upload(w http.ResponseWriter, id string, data []byte) (answer func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files[id]
	switch {
	case f == nil || f.uploaded:
		return func() { http.NotFound(w, nil) }
	case len(data) != f.length:
		return func() { http.Error(w, "not the length that was announced", http.StatusBadRequest) }
	}
	f.Data, f.uploaded = data, true
	return func() { fmt.Fprintf(w, "OK - %d", len(data)) }
}

func (d *Server) completeUpload(c call) (map[string]any, error) {
	var named []struct{ ID, Title string }
	if err := json.Unmarshal([]byte(c.form.Get("files")), &named); err != nil || len(named) == 0 {
		return nil, refuse("invalid_arguments")
	}
	for _, n := range named {
		f := d.files[n.ID]
		if f == nil || f.Team != c.workspace.Team || !f.uploaded || f.completed {
			return nil, refuse("file_not_found")
		}
	}
	m := Message{Bot: c.workspace.Bot, ThreadTS: c.form.Get("thread_ts"),
		Text: c.form.Get("initial_comment"), Mrkdwn: true}
	if id := c.form.Get("channel_id"); id != "" {
		channel, err := c.writable(d, id)
		if err != nil {
			return nil, err
		}
		if m.Channel = channel.ID; m.ThreadTS != "" && d.find(m.Channel, m.ThreadTS) == nil {
			return nil, refuse("thread_not_found")
		}
		m.visible = d.now().Add(c.late)
		d.post(&m)
	}
	var files []map[string]any
	for _, n := range named {
		f := d.files[n.ID]
		f.Title, f.completed = n.Title, true
		files = append(files, map[string]any{"id": f.ID, "title": f.Title})
		if m.Channel != "" {
			f.Channels = append(f.Channels, m.Channel)
			f.shares = append(f.shares, share{m.Channel, m.TS, m.ThreadTS, m.visible})
			// The stored message, not the copy m.
			kept := d.find(m.Channel, m.TS)
			kept.Files = append(kept.Files, f.File)
		}
	}
	return map[string]any{"files": files}, nil
}

// isProcessed reports whether a message can show a file.
func (d *Server) isProcessed(c call, id string) bool {
	f := d.files[id]
	return f != nil && f.Team == c.workspace.Team && f.completed && f.Mimetype != ""
}

var mimetypes = map[string]string{".png": "image/png", ".pdf": "application/pdf"}

func (d *Server) fileInfo(c call) (map[string]any, error) {
	f := d.files[c.form.Get("file")]
	if f == nil || f.Team != c.workspace.Team || !f.completed {
		return nil, refuse("file_not_found")
	}
	f.Polls++
	answer := map[string]any{
		"id": f.ID, "name": f.Name, "title": f.Title, "size": len(f.Data), "mimetype": "",
		"permalink": c.workspace.url() + "files/U0000BOT/" + f.ID + "/" + f.Name}
	if f.Polls > d.Processing {
		if f.Mimetype = mimetypes[path.Ext(f.Name)]; f.Mimetype == "" {
			f.Mimetype = "application/octet-stream"
		}
		public, private, channels := map[string]any{}, map[string]any{}, []string{}
		for _, s := range f.shares {
			if s.visible.After(d.now()) {
				continue
			}
			channels = append(channels, s.channel)
			where := public
			if channel := d.channels[s.channel]; channel.Private || channel.User != "" {
				where = private
			}
			where[s.channel] = []map[string]any{{"ts": s.ts, "thread_ts": s.thread}}
		}
		answer["mimetype"], answer["channels"] = f.Mimetype, channels
		answer["shares"] = map[string]any{"public": public, "private": private}
	}
	return map[string]any{"file": answer}, nil
}

// A reply is a response URL: how many answers it still accepts, and until when.
type reply struct {
	left  int
	until time.Time
}

// respond takes an answer to a slash command.
func (d *Server) respond(w http.ResponseWriter, path string, body []byte) (answer func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	refused := func(status int, code string) func() {
		return func() {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"ok":false,"error":%q}`, code)
		}
	}
	command := d.commands[path]
	switch {
	case command == nil:
		return refused(http.StatusNotFound, "no_service")
	case d.now().After(command.until):
		return refused(http.StatusNotFound, "expired_url")
	case command.left == 0:
		return refused(http.StatusNotFound, "used_url")
	}
	var message struct {
		Type   string          `json:"response_type"`
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return refused(http.StatusBadRequest, "invalid_payload")
	}
	if message.Blocks != nil {
		none := func(string) bool { return false }
		if err := checkBlocks(message.Blocks, none, !d.Plain); err != nil {
			return refused(http.StatusNotFound, err.Error())
		}
	}
	if message.Text == "" && message.Blocks == nil {
		return refused(http.StatusInternalServerError, "no_text")
	}
	command.left--
	d.responses = append(d.responses,
		Response{URL: path, Type: message.Type, Text: message.Text, Blocks: message.Blocks})
	return func() { fmt.Fprint(w, "ok") }
}
