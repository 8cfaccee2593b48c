package email_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

// sent is a SendEmail as it comes over the wire.
type sent struct {
	From        string `json:"FromEmailAddress"`
	Destination struct{ ToAddresses, CcAddresses, BccAddresses []string }
	Content     struct{ Raw struct{ Data []byte } }
	Set         *string `json:"ConfigurationSetName"`
	Tags        []tag   `json:"EmailTags"`
}

type tag struct{ Name, Value string }

// double is a fake SES that keeps messages and has a given answer.
type double struct {
	answer func(w http.ResponseWriter) // nil takes the message
	mu     sync.Mutex
	got    []sent
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var s sent
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	signed := strings.Contains(r.Header.Get("Authorization"), "/ses/aws4_request")
	if r.Method != http.MethodPost || r.URL.Path != "/v2/email/outbound-emails" || err != nil ||
		!signed {
		http.Error(w, fmt.Sprint("not a SendEmail: ", r.Method, r.URL, r.Header, err),
			http.StatusTeapot)
		return
	}
	d.got = append(d.got, s)
	if d.answer != nil {
		d.answer(w)
		return
	}
	fmt.Fprint(w, `{"MessageId": "m-1"}`)
}

// all returns what has been sent.
func (d *double) all() []sent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.got)
}

// sender returns a Sender whose client calls the fake.
func (d *double) sender(t *testing.T) *email.Sender {
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	return &email.Sender{Client: sesv2.NewFromConfig(moto.Config(server.URL)),
		ConfigurationSet: "kindly-weekly-prod"}
}

// refuse answers as SES does where it does not take a message.
func refuse(status int, code, message string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("X-Amzn-ErrorType", code)
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
	}
}

const (
	kari   = "kari@example.com"
	kariID = "mail-7ce44e0d2b942bf2"
)

var acme = &config.Tenant{
	Name: "acme", Mail: config.Sender{From: config.Address{Name: "Ukas tall – Ærlig",
		Address: "weekly@example.com"}},
}

// draw draws the report of a busy week once for all tests.
var draw = sync.OnceValues(func() ([]delivery.File,
	error) {
	return report.Render(figurestest.Busy())
})

// message is the report of a busy week to kari@example.com.
func message(t *testing.T) delivery.Message {
	t.Helper()
	r := figurestest.Busy()
	files, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	m := delivery.Message{
		Tenant: acme, Subject: config.Subject{ID: r.Bot.ID, Name: r.Bot.Name,
			Owner: config.Address{Name: "Kåre Ås", Address: "owner@example.com"}},
		Destination: config.Destination{Medium: config.Mail, To: kari, Name: "Kari Nordmann"},
		Payload:     &delivery.Editions{Report: r, Files: slices.Clone(files)},
	}
	m.Key = delivery.Delivery{Job: config.Job{Tenant: acme.Name, Bot: m.Subject.ID,
		Period: r.Period.Name}, Destination: m.Destination}.Key()
	return m
}

func editions(m delivery.Message) *delivery.Editions { return m.Payload.(*delivery.Editions) }

// readByPython has a message read and judged by Python's email package.
func readByPython(t *testing.T, raw []byte) (said struct {
	Subject, From, To string
	Images            int
	Attached          []string
}) {
	t.Helper()
	judge := exec.Command(moto.Tool(t, "python"),
		filepath.Join("..", "..", "..", "report", "mail", "testdata", "read_mail.py"))
	judge.Stdin = strings.NewReader(string(raw))
	out, err := judge.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

func week(t *testing.T, name string) period.Period {
	t.Helper()
	w, err := period.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
