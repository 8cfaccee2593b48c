package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// TextWidth is the width of the plain text edition in columns.
const TextWidth = 80

// Collect asks Sage for the bot's period, as of now, and computes the figures. A section that Sage
// does not return is marked unavailable. Collect fails if the bot's chats and messages are missing.
// It calls progress, which may be nil, after every answer.
func Collect(
	ctx context.Context, client *collect.Client, bot config.Bot, p period.Period, now time.Time,
	progress func(done, total int),
) (*figures.Report, error) {
	answers, err := collect.Answers(ctx, client, collect.Request{
		Bot: figures.Bot{ID: bot.ID, Name: bot.Name, TZ: bot.TZ, DefaultTZ: bot.DefaultTZ,
			Link: bot.URL(p)},
		Period:  p,
		Locale:  bot.Locale,
		Filters: figures.Filters{Sources: bot.Sources, Languages: bot.Languages},
		Special: special(bot, p),
		Targets: figures.Targets(bot.Targets),
		Now:     now,

		PageQueries: queries(bot),
	}, progress)
	if err != nil {
		return nil, err
	}
	r, err := figures.Compute(answers)
	if err != nil {
		return nil, err
	}
	r.WithoutData = bot.WithoutData
	return r, nil
}

// queries returns whether the bot's pages keep their queries, in the terms of package figures.
func queries(bot config.Bot) string {
	if bot.KeepQueries {
		return figures.PageQueriesKeep
	}
	return ""
}

// special returns the holidays of the bot's country and its notes, for the days that the report
// covers.
func special(bot config.Bot, p period.Period) []figures.Special {
	var all []figures.Special
	year, first := p.YearAgo(), p.Add(1-figures.TrendPeriods)
	days := append(holidays.Between(bot.Holidays, year.From(), year.To()),
		holidays.Between(bot.Holidays, first.From(), p.To())...)
	for _, h := range days {
		all = append(all, figures.Special{First: h.Date, Last: h.Date, Kind: figures.Holiday,
			Name: h.Name})
	}
	for _, n := range bot.Notes {
		all = append(all, figures.Special{First: n.First, Last: n.Last, Kind: figures.Note,
			Name: n.Text})
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

// edition renders a file.
type edition struct {
	name, mime string
	render     func() ([]byte, error)
}

func renderAll(editions []edition) ([]File, error) {
	var files []File
	for _, e := range editions {
		data, err := e.render()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		files = append(files, File{Name: e.name, Type: e.mime, Data: data})
	}
	return files, nil
}

// MIME types of editions.
const (
	typeJSON = "application/json"
	typeText = "text/plain; charset=utf-8"
	typeMail = "message/rfc822"
	typePNG  = "image/png"
	typePDF  = "application/pdf"
)

// Render returns every edition of a report, the numbers first and the charts last. It fails if one
// cannot be rendered.
func Render(r *figures.Report) ([]File, error) {
	words, err := summary.Of(r)
	if err != nil {
		return nil, err
	}
	pictures := charts.All(words, r.Brand)
	images, document := make(map[string][]byte), []byte(nil) // for the mail
	var drawn []edition
	for _, p := range pictures {
		drawn = append(drawn, edition{delivery.ChartFile(p.Name), typePNG, p.PNG})
	}
	files, err := renderAll(drawn)
	if err != nil {
		return nil, err
	}
	for i, p := range pictures {
		images[p.Name] = files[i].Data
	}
	if b := r.Brand; b != nil {
		if logo, err := theme.ReadLogo(b.Logo); err == nil { // else no edition shows it
			files = append(files, File{Name: Logo, Type: typePNG, Data: logo.PNG})
		}
	}
	numbers, err := numbersOf(r, words)
	if err != nil {
		return nil, err
	}
	inside, err := attached(r, numbers, words.Words)
	if err != nil {
		return nil, err
	}
	texts, err := renderAll([]edition{
		{PDF, typePDF, func() (_ []byte, err error) {
			document, err = pdf.Render(r, words, pictures, inside...)
			return document, err
		}},
		{Digest, typeJSON, digest.Slack(words, digest.Native).JSON},
		{Details, typeJSON, digest.Details(words, digest.Native).JSON},
		{Text, typeText, func() ([]byte, error) {
			return []byte(digest.Text(words, TextWidth)), nil
		}},
		{Mail, typeMail, func() ([]byte, error) {
			chart := func(name string) []byte { return images[name] }
			return mail.Message(r, words, mail.Envelope{}, chart, document)
		}},
	})
	return slices.Concat(numbers, texts, files), err
}

// numbersOf returns the editions with the data: report.json and report.csv.
func numbersOf(r *figures.Report, words *summary.Summary) ([]File, error) {
	return renderAll([]edition{
		{JSON, typeJSON, r.Encode},
		{CSV, "text/csv; charset=utf-8", func() ([]byte, error) { return csv.CSV(r, words), nil }},
	})
}

// attached returns the data files to embed in the PDF, so that the PDF can be archived alone. It
// returns none if the bot has attach_data: false. Pages and links in them have no queries, even if
// the report keeps them: PDFs are forwarded, and queries can hold personal data.
func attached(
	r *figures.Report, numbers []File, words *wording.Wording,
) (all []tagged.File, err error) {
	if r.WithoutData {
		return nil, nil
	}
	if r.PageQueries == figures.PageQueriesKeep || withoutQuery(r.Bot.Link) != r.Bot.Link {
		if numbers, err = withoutQueries(r); err != nil {
			return nil, err
		}
	}
	descriptions := map[string]wording.Key{JSON: wording.AttachedJSON, CSV: wording.AttachedCSV}
	for _, f := range numbers {
		mime, _, _ := strings.Cut(f.Type, ";")
		all = append(all, tagged.File{Name: f.Name, Type: mime, Data: f.Data,
			Description: words.Say(descriptions[f.Name])})
	}
	return all, nil
}

// withoutQueries returns the data files of a report without the queries of its pages and of the
// link to its bot.
func withoutQueries(r *figures.Report) ([]File, error) {
	kept := *r
	kept.PageQueries = ""
	data, err := kept.Encode()
	if err != nil {
		return nil, err
	}
	cut, err := figures.Decode(data) // cuts the queries
	if err != nil {
		return nil, err
	}
	cut.Bot.Link = withoutQuery(cut.Bot.Link)
	words, err := summary.Of(cut)
	if err != nil {
		return nil, err
	}
	return numbersOf(cut, words)
}
