package slackfake

import (
	"maps"
	"slices"
	"time"
)

// State is what a Server keeps, without workspaces, calls, answers to slash commands and faults. It
// can be stored as JSON, so that a test can continue another run.
type State struct {
	Channels []Channel     `json:"channels"`
	Messages []Message     `json:"messages"` // the oldest of each channel first, with replies
	Files    []StoredFile  `json:"files"`    // the oldest first
	Commands []ResponseURL `json:"commands"`
	Serial   int           `json:"serial"` // of the last file or response URL
	Last     int64         `json:"last"`   // the last ts, in microseconds
}

// A StoredFile is a file and its state.
type StoredFile struct {
	File
	Data      []byte    `json:"data"`
	Begun     time.Time `json:"begun"`
	Length    int       `json:"length"` // that was announced
	Uploaded  bool      `json:"uploaded"`
	Completed bool      `json:"completed"`
	Shares    []Share   `json:"shares"`
}

// A Share is a message with a file.
type Share struct {
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
}

// A ResponseURL is a slash command's response URL.
type ResponseURL struct {
	Path  string    `json:"path"`
	Left  int       `json:"left"`  // how many more answers it takes
	Until time.Time `json:"until"` // when it takes no more
}

// State returns what the server keeps, including hidden messages, see [Fault.Late].
func (d *Server) State() State {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := State{Serial: d.serial, Last: d.last}
	for _, id := range slices.Sorted(maps.Keys(d.channels)) {
		s.Channels = append(s.Channels, *d.channels[id])
	}
	for _, channel := range slices.Sorted(maps.Keys(d.messages)) {
		for _, m := range d.messages[channel] {
			s.Messages = append(s.Messages, *m)
		}
	}
	for _, id := range d.fileIDs {
		f := d.files[id]
		stored := StoredFile{File: f.File, Data: f.Data, Begun: f.begun, Length: f.length,
			Uploaded: f.uploaded, Completed: f.completed}
		for _, x := range f.shares {
			stored.Shares = append(stored.Shares, Share{x.channel, x.ts, x.thread})
		}
		s.Files = append(s.Files, stored)
	}
	for _, path := range slices.Sorted(maps.Keys(d.commands)) {
		c := d.commands[path]
		s.Commands = append(s.Commands, ResponseURL{path, c.left, c.until})
	}
	return s
}

// SetState replaces what the server keeps.
func (d *Server) SetState(s State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.serial, d.last = s.Serial, s.Last
	d.channels, d.messages = make(map[string]*Channel), make(map[string][]*Message)
	d.files, d.fileIDs, d.commands = make(map[string]*file), nil, make(map[string]*reply)
	for _, c := range s.Channels {
		d.channels[c.ID] = &c
	}
	for _, m := range s.Messages {
		d.messages[m.Channel] = append(d.messages[m.Channel], &m)
	}
	for _, stored := range s.Files {
		f := &file{File: stored.File, begun: stored.Begun, length: stored.Length,
			uploaded: stored.Uploaded, completed: stored.Completed}
		f.Data = stored.Data
		for _, x := range stored.Shares {
			f.shares = append(f.shares, share{channel: x.Channel, ts: x.TS, thread: x.ThreadTS})
		}
		d.files[f.ID], d.fileIDs = f, append(d.fileIDs, f.ID)
	}
	for _, c := range s.Commands {
		d.commands[c.Path] = &reply{left: c.Left, until: c.Until}
	}
}
