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

// editions is a build as its readers get it: each in its language, and diverted if the deployment
// diverts. Editions that were not rendered with the build are rendered once. It is a report, or a
// portfolio, which its sender renders.
type editions struct {
	portfolio *portfolio.Portfolio

	build    delivery.Build
	render   func(*figures.Report) ([]delivery.File, error)
	mu       sync.Mutex
	rendered map[[2]string]*delivery.Editions // by locale and intended destination
}

func (w *Worker) newEditions(b delivery.Build) *editions {
	return &editions{build: b, render: w.render, rendered: make(map[[2]string]*delivery.Editions)}
}

// name returns the name of the build.
func (e *editions) name() string {
	if e.portfolio != nil {
		return e.portfolio.ID
	}
	return e.build.Manifest.Build
}

// unwanted returns why a destination does not want the report, or "" if it does. A portfolio has
// neither skip_if_empty nor on_alert.
func (e *editions) unwanted(bot config.Bot, d config.Destination) string {
	switch r := e.build.Report; {
	// An unknown filter finds no chats in any week, so the report tells of it.
	case bot.SkipIfEmpty && r.Empty() && r.UnknownFilters == nil:
		return "no chats were recorded, and the bot has skip_if_empty"
	case d.When == config.OnAlert && len(report.Alerts(bot.Targets, r)) == 0:
		return "no target was missed and no incident found, and the destination is on_alert"
	}
	return ""
}

// message returns the message of a delivery, or the failure that prevents it.
func (w *Worker) message(
	t *config.Tenant, bot config.Bot, d delivery.Delivery, e *editions,
) (delivery.Message, *delivery.Failure) {
	m, err := w.fill(delivery.Message{
		Key: d.Key(), Tenant: t, Bot: bot, Destination: d.Destination, Build: e.name(),
	}, e)
	if w.Senders[m.Destination.Medium] == nil {
		err = fmt.Errorf("there is no way to send to %s", m.Destination.Medium)
		return m, &delivery.Failure{Err: err}
	}
	if err != nil {
		err = fmt.Errorf("the report could not be drawn in %q: %w", m.Destination.Locale, err)
		return m, &delivery.Failure{Err: err}
	}
	return m, nil
}

// fill puts the report into a message, in the language of its destination. If the deployment
// diverts, the message goes to another destination. It keeps its key, language and charts, and says
// whom it was intended for.
func (w *Worker) fill(m delivery.Message, e *editions) (_ delivery.Message, err error) {
	intended := ""
	if w.Divert != nil {
		original := m.Destination
		intended, m.Destination = original.To, *w.Divert
		m.Destination.Locale, m.Destination.Charts = original.Locale, original.Charts
	}
	if e.portfolio != nil {
		p := *e.portfolio
		p.Locale = cmp.Or(m.Destination.Locale, m.Bot.Locale, p.Locale)
		if intended != "" {
			p.Name = wordingFor(p.Locale).Say(wording.Diverted, intended, p.Name)
		}
		m.Payload = &delivery.Portfolio{Portfolio: &p}
		return m, nil
	}
	m.Payload, err = e.in(m.Destination.Locale, intended)
	return m, err
}

// in returns the report and its editions in a locale; empty: the build's own. intended is whom a
// diverted report was intended for; it precedes the bot's name. Archived editions that contain
// query strings of pages, as earlier versions wrote them, are not sent but rendered again.
func (e *editions) in(locale, intended string) (*delivery.Editions, error) {
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
