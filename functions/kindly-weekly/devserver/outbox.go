package devserver

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/kindly-weekly/cli"
	weekly "kindlyweekly/report"
)

// fileMailer is an SES that puts every mail into a folder, as a file that mail programs open.
type fileMailer struct {
	dir string

	mu    sync.Mutex
	mails int
}

func (p *fileMailer) SendEmail(_ context.Context, in *sesv2.SendEmailInput,
	_ ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails++
	id := fmt.Sprintf("mail-%03d", p.mails)
	return &sesv2.SendEmailOutput{MessageId: &id},
		cli.WriteFiles(p.dir, []weekly.File{{Name: id + ".eml", Data: in.Content.Raw.Data}})
}

// saveOutbox writes what Slack was sent into the outbox, anew: slack.json, and the files beside it.
func (o *server) saveOutbox() error {
	var files []weekly.File
	posted := make(map[string][]slackfake.Message)
	for _, c := range o.slack.Channels() {
		if messages := o.slack.Messages(c.ID); len(messages) > 0 {
			posted[c.ID] = messages
		}
	}
	data, err := json.MarshalIndent(posted, "", "  ")
	if err != nil {
		return err
	}
	for _, f := range o.slack.Files() {
		files = append(files, weekly.File{Name: "slack-files/" + f.ID + filepath.Ext(f.Name),
			Data: f.Data})
	}
	return cli.WriteFiles(o.outbox(), append(files, weekly.File{Name: "slack.json", Data: data}))
}

// outboxMail is a mail of the outbox, as the page lists it.
type outboxMail struct{ Name, To, Subject string }

// mails returns the mails of the outbox, the newest first.
func (o *server) mails() ([]outboxMail, error) {
	names, err := filepath.Glob(filepath.Join(o.outbox(), "mail-*.eml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	slices.Reverse(names)
	var all []outboxMail
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		m, err := netmail.ReadMessage(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var decoder mime.WordDecoder
		subject, err := decoder.DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, outboxMail{filepath.Base(name), m.Header.Get("To"), subject})
	}
	return all, nil
}

// mailHTML returns the HTML of a mail with its pictures in it, or its text where it has none.
func mailHTML(eml []byte) ([]byte, error) {
	m, err := netmail.ReadMessage(bytes.NewReader(eml))
	if err != nil {
		return nil, err
	}
	parts := make(map[string][]byte) // by type, and pictures by their Content-ID
	if err := mailParts(m.Header.Get, m.Body, parts); err != nil {
		return nil, err
	}
	page, ok := parts["text/html"]
	if !ok {
		return fmt.Appendf(nil, "<pre>%s</pre>",
				strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(string(parts["text/plain"]))),
			nil
	}
	for id, data := range parts {
		if name, ok := strings.CutPrefix(id, "cid:"); ok {
			page = bytes.ReplaceAll(page, []byte("cid:"+name),
				[]byte("data:image/png;base64,"+base64.StdEncoding.EncodeToString(data)))
		}
	}
	return page, nil
}

// mailParts collects the parts of a message that have no parts.
func mailParts(header func(string) string, body io.Reader, parts map[string][]byte) error {
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		for r := multipart.NewReader(body, params["boundary"]); ; {
			part, err := r.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := mailParts(part.Header.Get, part, parts); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(header("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(body)
	if id := strings.Trim(header("Content-Id"), "<>"); id != "" {
		kind = "cid:" + id
	}
	parts[kind] = data
	return err
}
