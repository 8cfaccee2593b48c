package report

import (
	"kindlyweekly/report/digest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/portfolio"
)

// PortfolioJSON is the edition of a portfolio from which all others can be rendered.
const PortfolioJSON = "overview.json"

// RenderPortfolio returns every edition of a portfolio, the numbers first. It fails if one cannot
// be rendered.
func RenderPortfolio(p *portfolio.Portfolio) ([]File, error) {
	page, err := p.Page()
	if err != nil {
		return nil, err
	}
	return renderAll([]edition{
		{PortfolioJSON, typeJSON, p.Encode},
		{Digest, typeJSON, digest.Portfolio(page).JSON},
		{Text, typeText, func() ([]byte, error) {
			return []byte(digest.PortfolioText(page, TextWidth)), nil
		}},
		{Mail, typeMail, func() ([]byte, error) {
			return mail.Portfolio(p, page, mail.Envelope{})
		}},
	})
}
