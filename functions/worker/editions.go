package worker

import (
	"cmp"
	"fmt"
	"sync"

	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/wording"
)

// reportEditions is the editions of a report. Those that were not rendered with the build are
// rendered once.
type reportEditions struct {
	bot      config.Bot
	build    delivery.Build
	render   func(*figures.Report) ([]delivery.File, error)
	mu       sync.Mutex
	rendered map[[2]string]*delivery.Editions // by locale and intended destination
}

func (w *Worker) newEditions(bot config.Bot, b delivery.Build) *reportEditions {
	return &reportEditions{
		bot: bot, build: b, render: w.render, rendered: make(map[[2]string]*delivery.Editions),
	}
}

func (e *reportEditions) name() string { return e.build.Manifest.Build }

func (e *reportEditions) unwanted(d config.Destination) string {
	switch r := e.build.Report; {
	// An unknown filter finds no chats in any week, so the report names the filter. A week whose
	// messages are not known is reported too, since its zero is not proven.
	case e.bot.SkipIfEmpty && r.Empty() && r.CoreGap() == "" && r.UnknownFilters == nil:
		return "no chats were recorded, and the bot has skip_if_empty"
	case d.When == config.OnAlert && len(report.Alerts(e.bot.Targets, r)) == 0:
		return "no target was missed and no incident found, and the destination is on_alert"
	}
	return ""
}

func (e *reportEditions) payload(
	to config.Destination, intended string,
) (delivery.Payload, error) {
	return e.in(to.Locale, intended)
}

// in returns the report and its editions in a locale; empty: the build's own. intended is whom a
// diverted report was intended for; it precedes the bot's name. Archived editions that contain
// query strings of pages, as earlier versions wrote them, are not sent but rendered again.
func (e *reportEditions) in(locale, intended string) (*delivery.Editions, error) {
	r := *e.build.Report
	locale = cmp.Or(locale, r.Locale)
	if intended == "" && !r.Cut {
		if locale == r.Locale {
			return &delivery.Editions{
				Report: e.build.Report, Files: delivery.WithoutLocales(e.build.Files),
			}, nil
		}
		if files := delivery.InLocale(locale, e.build.Files); files != nil {
			r.Locale = locale
			return &delivery.Editions{Report: &r, Files: files}, nil
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	key := [2]string{locale, intended}
	if known, ok := e.rendered[key]; ok {
		return known, nil
	}
	r.Locale = locale
	if intended != "" {
		r.Bot.Name = wordingFor(locale).Say(wording.Diverted, intended, r.Bot.Name)
	}
	files, err := e.render(&r)
	if err != nil {
		return nil, err
	}
	e.rendered[key] = &delivery.Editions{Report: &r, Files: files}
	return e.rendered[key], nil
}

// portfolioEditions is a portfolio and its PDF. The sender renders the message. All destinations
// get it, since a portfolio has neither skip_if_empty nor on_alert.
type portfolioEditions struct {
	portfolio *portfolio.Portfolio
	document  []byte // nil: it could not be rendered
	render    func(*portfolio.Portfolio) ([]byte, error)
}

func (e portfolioEditions) name() string { return e.portfolio.ID }

func (portfolioEditions) unwanted(config.Destination) string { return "" }

// payload returns the archived document. A diverted portfolio has another name, so its document is
// rendered again.
func (e portfolioEditions) payload(
	_ config.Destination, intended string,
) (delivery.Payload, error) {
	p, document := *e.portfolio, e.document
	if intended != "" {
		p.Name = wordingFor(p.Locale).Say(wording.Diverted, intended, p.Name)
		if document != nil {
			var err error
			if document, err = e.render(&p); err != nil {
				return nil, err
			}
		}
	}
	return &delivery.Portfolio{Portfolio: &p, PDF: document}, nil
}

// message returns the message of a delivery, or the failure that prevents it. If the deployment
// diverts, the message goes to another destination. It keeps its key, language and charts, and says
// whom it was intended for.
func (w *Worker) message(
	t *config.Tenant, d delivery.Delivery, e editions,
) (m delivery.Message, _ *delivery.Failure) {
	m = delivery.Message{
		Key: d.Key(), Tenant: t, Subject: d.Subject, Destination: d.Destination, Build: e.name(),
	}
	intended := ""
	if w.Divert != nil {
		intended, m.Destination = d.Destination.To, *w.Divert
		m.Destination.Locale, m.Destination.Charts = d.Destination.Locale, d.Destination.Charts
	}
	if w.Senders[m.Destination.Medium] == nil {
		err := fmt.Errorf("there is no way to send to %s", m.Destination.Medium)
		return m, &delivery.Failure{Err: err}
	}
	var err error
	if m.Payload, err = e.payload(m.Destination, intended); err != nil {
		err = fmt.Errorf("the report could not be drawn in %q: %w", m.Destination.Locale, err)
		return m, &delivery.Failure{Err: err}
	}
	return m, nil
}
