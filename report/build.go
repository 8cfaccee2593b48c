package report

import (
	"context"
	"fmt"
	"time"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/collect"
	"kindlyweekly/report/config"
	"kindlyweekly/report/csv"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/holidays"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/pdf"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
)

// TextWidth is how many columns the plain text edition takes.
const TextWidth = 80

// Collect asks Sage for the bot's week, at the instant now, and computes its figures. A section that Sage did not give
// is marked unavailable in them; without the bot's chats and messages there is no report. progress, which may be nil,
// hears of every answer.
func Collect(ctx context.Context, client *collect.Client, bot config.Bot, week period.Period, now time.Time, progress func(done, total int)) (*figures.Report, error) {
	answers, err := collect.Answers(ctx, client, collect.Request{
		Bot:     figures.Bot{ID: bot.ID, Name: bot.Name, TZ: bot.TZ, DefaultTZ: bot.DefaultTZ, Link: bot.URL(week)},
		Period:  week,
		Locale:  bot.Locale,
		Filters: figures.Filters{Sources: bot.Sources, Languages: bot.Languages},
		Special: special(bot, week),
		Targets: figures.Targets(bot.Targets),
		Now:     now,

		PageQueries: queries(bot),
	}, progress)
	if err != nil {
		return nil, err
	}
	return figures.Compute(answers)
}

// queries says in the report's terms whether the bot's pages keep their queries.
func queries(bot config.Bot) string {
	if bot.KeepQueries {
		return figures.PageQueriesKeep
	}
	return ""
}

// special returns what the bot's country and its notes say of the days that the report looks at.
func special(bot config.Bot, week period.Period) []figures.Special {
	var all []figures.Special
	year := week.YearAgo()
	for _, stretch := range [][2]period.Date{{year.From(), year.To()}, {week.Add(1 - figures.TrendPeriods).From(), week.To()}} {
		for _, h := range holidays.Between(bot.Holidays, stretch[0], stretch[1]) {
			all = append(all, figures.Special{First: h.Date, Last: h.Date, Kind: figures.Holiday, Name: h.Name})
		}
	}
	for _, n := range bot.Notes {
		all = append(all, figures.Special{First: n.First, Last: n.Last, Kind: figures.Note, Name: n.Text})
	}
	return all
}

// File is one edition, or a part of one.
type File = delivery.File

// Names of editions.
const (
	JSON    = delivery.ReportFile
	CSV     = "report.csv"
	PDF     = delivery.PDFFile
	Digest  = "digest.json"
	Details = "details.json" // under the digest
	Text    = "digest.txt"
	Mail    = "mail.eml"
	Logo    = "logo.png" // only of a branded report, for pages that show the editions
)

// Render draws every edition of a report, the numbers first and the charts last.
func Render(r *figures.Report) ([]File, error) {
	words, err := summary.Of(r)
	if err != nil {
		return nil, err
	}
	pictures := charts.All(words, r.Brand)
	images := make(map[string][]byte)
	var files []File
	for _, p := range pictures {
		image, err := p.PNG()
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", p.Name, err)
		}
		images[p.Name] = image
		files = append(files, File{Name: delivery.ChartFile(p.Name), Type: "image/png", Data: image})
	}
	numbers, err := r.Encode()
	if err != nil {
		return nil, err
	}
	document, err := pdf.Render(r, words, pictures)
	if err != nil {
		return nil, fmt.Errorf("PDF: %w", err)
	}
	blocks, err := digest.Slack(words, digest.Native).JSON()
	if err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	details, err := digest.Details(words, digest.Native).JSON()
	if err != nil {
		return nil, fmt.Errorf("details: %w", err)
	}
	message, err := mail.Message(r, words, mail.Envelope{},
		func(chart string) []byte { return images[chart] }, document)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	if b := r.Brand; b != nil {
		if logo, err := theme.ReadLogo(b.Logo); err == nil { // one that somebody broke since is left out everywhere
			files = append(files, File{Name: Logo, Type: "image/png", Data: logo.PNG})
		}
	}
	return append([]File{
		{Name: JSON, Type: "application/json", Data: numbers},
		{Name: CSV, Type: "text/csv; charset=utf-8", Data: csv.CSV(r, words)},
		{Name: PDF, Type: "application/pdf", Data: document},
		{Name: Digest, Type: "application/json", Data: blocks},
		{Name: Details, Type: "application/json", Data: details},
		{Name: Text, Type: "text/plain; charset=utf-8", Data: []byte(digest.Text(words, TextWidth))},
		{Name: Mail, Type: "message/rfc822", Data: message},
	}, files...), nil
}
