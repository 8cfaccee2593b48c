package sesapi

import (
	"context"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
)

// Tell sends a plain message to an address of the tenant's ops. Its error is a *delivery.Failure.
func (s *Sender) Tell(ctx context.Context, t *bots.Tenant, address, subject, text string) error {
	_, err := s.Send(ctx, delivery.Message{Tenant: t, Destination: bots.Destination{Medium: bots.Mail, To: address},
		Notice: &delivery.Notice{Subject: subject, Text: text}})
	return err
}
