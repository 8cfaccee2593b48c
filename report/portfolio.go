package report

import (
	"fmt"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/portfolio"
)

// Overview is the edition of an overview of all bots that every other can be drawn from.
const Overview = "overview.json"

// DrawOverview draws every edition of an overview of all bots, the numbers first.
func DrawOverview(o *portfolio.Overview) ([]delivery.File, error) {
	p, err := o.Page()
	if err != nil {
		return nil, err
	}
	numbers, err := o.Encode()
	if err != nil {
		return nil, err
	}
	blocks, err := digest.Portfolio(p).JSON()
	if err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	message, err := mail.Portfolio(o, p, mail.Envelope{})
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return []File{
		{Name: Overview, Type: "application/json", Data: numbers},
		{Name: Digest, Type: "application/json", Data: blocks},
		{Name: Text, Type: "text/plain; charset=utf-8", Data: []byte(digest.PortfolioText(p, TextWidth))},
		{Name: Mail, Type: "message/rfc822", Data: message},
	}, nil
}
