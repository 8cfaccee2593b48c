package email_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/portfolio/portfoliotest"
)

// The portfolio goes out as a mail that Python's email package can read, and what SES
// tells of it finds its record.
func TestSend_Portfolio(t *testing.T) {
	o := portfoliotest.Mixed()
	job := config.Job{Tenant: acme.Name, Bot: config.PortfolioID, Period: o.Period}
	to := config.Destination{Medium: config.Mail, To: kari}
	one := delivery.Delivery{Job: job, Destination: to}
	m := delivery.Message{Key: one.Key(), Tenant: acme, Subject: config.Subject{ID: job.Bot},
		Destination: to, Build: o.ID,
		Payload: &delivery.Portfolio{Portfolio: o, PDF: []byte("%PDF-1.7")}}

	d := &double{}
	sender := d.sender(t)
	store := &storetest.Memory{}
	ledger := &delivery.Ledger{Store: store, Now: time.Now}
	record, err := ledger.Deliver(t.Context(), one, m, sender, time.Now().Add(time.Minute))
	if err != nil || record.State != delivery.Accepted || record.Build != o.ID {
		t.Fatalf("%+v, %v", record, err)
	}
	sent := d.all()[0]
	said := readByPython(t, sent.Content.Raw.Data)
	if said.Images != 0 ||
		!slices.Equal(said.Attached, []string{"all-bots-of-acme-2026-W46.pdf"}) ||
		said.Subject != "3 of 10 bots need a look – Acme" {
		t.Errorf("%+v", said)
	}

	tags := ""
	for _, tag := range sent.Tags {
		tags += `"` + tag.Name + `": ["` + tag.Value + `"],`
	}
	event, err := email.ParseEvent([]byte(`{"source": "aws.ses", "detail-type": "Email Delivered", "time": "2026-11-16T14:00:05Z", "detail": {
		"mail": {"messageId": "m-1", "destination": ["` + kari + `"], "tags": {` + strings.TrimSuffix(tags, ",") + `}},
		"delivery": {"timestamp": "2026-11-16T14:00:05Z", "smtpResponse": "250 ok"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := email.Apply(t.Context(), ledger, event); err != nil {
		t.Fatal(err)
	}
	if r, err := ledger.Read(t.Context(), job, to.ID()); err != nil ||
		r.State != delivery.Delivered {
		t.Errorf("%+v, %v", r, err)
	}
}
