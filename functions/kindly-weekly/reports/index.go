package reports

import (
	"bytes"
	_ "embed"
	"html/template"
	"path"
	"path/filepath"
	"strings"

	"kindlyweekly/functions/kindly-weekly/preview"
	weekly "kindlyweekly/report"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

//go:embed index.html.tmpl
var indexTemplate string

// section is what the page shows of one bot, or of the portfolio.
type section struct {
	*summary.Summary
	Looks            template.CSS // the brand's colors
	Logo             theme.Logo   // no PNG: no logo
	LogoWidth        int
	ID, Folder, Text string
	Mail             string // HTML, for a frame of its own
	Blocks, Details  []preview.Block
	Charts           []indexChart
	Files            []string
}

type indexChart struct{ Title, Alt, File string }

// indexPage returns a page that shows all editions of the reports and of their portfolio. Its links
// are relative to the folder that holds the reports.
func indexPage(reports []Made, all madePortfolio) ([]byte, error) {
	var bots []section
	for _, m := range reports {
		b, err := botSection(m)
		if err != nil {
			return nil, err
		}
		bots = append(bots, b)
	}
	portfolio, err := portfolioSection(all)
	if err != nil {
		return nil, err
	}
	page, err := template.New("index").Funcs(template.FuncMap{"news": newsOf}).Parse(indexTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = page.Execute(&b, struct {
		Light, Dark template.CSS
		Bots        []section
		All         section
	}{preview.Colors(theme.Light("")), preview.Colors(theme.Dark("")), bots, portfolio})
	return b.Bytes(), err
}

func botSection(m Made) (b section, err error) {
	week := m.Numbers.Period.Name.String()
	b = section{Summary: m.words, ID: m.bot.ID, Folder: path.Join(m.bot.ID, week)}
	accent := ""
	if brand := m.Numbers.Brand; brand != nil {
		accent = brand.Accent
		b.Logo, _ = theme.ReadLogo(brand.Logo) // the editions leave out a broken logo too
		b.LogoWidth = b.Logo.Width / 2
	}
	b.Looks = looks(accent)
	if err := b.add(m.files); err != nil {
		return b, err
	}
	chart := func(name string) string { return path.Join(b.Folder, "charts", name+".png") }
	for _, c := range m.words.Charts() {
		b.Charts = append(b.Charts, indexChart{c.Title, c.Alt, chart(c.Name)})
	}
	b.Mail, err = mail.HTML(m.Numbers, m.words, func(name string) string {
		if name == mail.Logo {
			return path.Join(b.Folder, weekly.Logo)
		}
		return chart(name)
	})
	return b, err
}

func portfolioSection(all madePortfolio) (section, error) {
	folder := filepath.ToSlash(all.folder)
	id := path.Base(path.Dir(folder))
	s := section{
		Summary: &summary.Summary{
			Bot: all.page.Name, Dates: all.page.Dates, Period: all.page.Period,
			Headline: all.page.Headline,
		},
		ID: id, Folder: path.Join(id, path.Base(folder)), Mail: mail.PortfolioHTML(all.page),
		Looks: looks(""),
	}
	err := s.add(all.files)
	return s, err
}

func looks(accent string) template.CSS {
	return preview.Brand("light", theme.Light(accent)) + preview.Brand("dark", theme.Dark(accent))
}

// add takes from a report's files what the section shows.
func (s *section) add(files []weekly.File) (err error) {
	for _, f := range files {
		switch f.Name {
		case weekly.Text:
			s.Text = string(f.Data)
		case weekly.Digest:
			s.Blocks, err = preview.Blocks(f.Data, s.Folder)
		case weekly.Details:
			s.Details, err = preview.Blocks(f.Data, s.Folder)
		}
		if err != nil {
			return err
		}
		if !strings.HasPrefix(f.Name, "charts/") {
			s.Files = append(s.Files, f.Name)
		}
	}
	return nil
}

// news is the change of a tile. Good and bad news have a sign in addition to their color, and a
// word for it.
type news struct{ Change, Class, Sign, Word string }

// newsOf returns a tile's change, or nil if it has none.
func newsOf(w *wording.Wording, t summary.Tile) *news {
	switch {
	case t.Change == "":
		return nil
	case t.Tone == summary.Good:
		return &news{t.Change, "good", "✓", w.Say(wording.SignGood)}
	case t.Tone == summary.Bad:
		return &news{t.Change, "bad", "⚠\ufe0e", w.Say(wording.SignBad)}
	}
	return &news{Change: t.Change}
}
