package report

import (
	"net/url"
	"slices"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/pdf"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/wording"
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
	document, err := portfolioPDF(p, page)
	if err != nil {
		return nil, err
	}
	return renderAll([]edition{
		{PortfolioJSON, typeJSON, p.Encode},
		{PDF, typePDF, func() ([]byte, error) { return document, nil }},
		{Digest, typeJSON, digest.Portfolio(page).JSON},
		{Text, typeText, func() ([]byte, error) {
			return []byte(digest.PortfolioText(page, TextWidth)), nil
		}},
		{Mail, typeMail, func() ([]byte, error) {
			return mail.Portfolio(p, page, mail.Envelope{}, document)
		}},
	})
}

// PortfolioPDF returns the portfolio as a PDF.
func PortfolioPDF(p *portfolio.Portfolio) ([]byte, error) {
	page, err := p.Page()
	if err != nil {
		return nil, err
	}
	return portfolioPDF(p, page)
}

// portfolioPDF returns the PDF with overview.json embedded, unless WithoutData is set. Links to
// bots have no queries in it.
func portfolioPDF(p *portfolio.Portfolio, page *portfolio.Page) ([]byte, error) {
	if p.WithoutData {
		return pdf.Portfolio(p, page)
	}
	inside := *p
	inside.Bots = slices.Clone(p.Bots)
	for i := range inside.Bots {
		inside.Bots[i].Link = withoutQuery(inside.Bots[i].Link)
	}
	data, err := inside.Encode()
	if err != nil {
		return nil, err
	}
	return pdf.Portfolio(p, page, tagged.File{Name: PortfolioJSON, Type: typeJSON, Data: data,
		Description: page.Words.Say(wording.AttachedJSON)})
}

// withoutQuery returns a link without its query, user and fragment. It returns "" if link is not a
// valid URL.
func withoutQuery(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
}
