package report

import (
	"fmt"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/portfolio"
)

// PortfolioJSON is the edition of an overview of all bots that every other can be drawn from.
const PortfolioJSON = "overview.json"

// RenderPortfolio draws every edition of an overview of all bots, the numbers first.
func RenderPortfolio(o *portfolio.Portfolio) ([]delivery.File, error) {
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
		{Name: PortfolioJSON, Type: "application/json", Data: numbers},
		{Name: Digest, Type: "application/json", Data: blocks},
		{Name: Text, Type: "text/plain; charset=utf-8", Data: []byte(digest.PortfolioText(p, TextWidth))},
		{Name: Mail, Type: "message/rfc822", Data: message},
	}, nil
}
