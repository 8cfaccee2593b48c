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
)

//go:embed index.html.tmpl
var indexTemplate string

// indexPage shows all editions of some reports side by side, and of the overview of them. Its links are relative, to the folders beside it.
func indexPage(reports []Made, all madePortfolio) ([]byte, error) {
	type chart struct{ Title, Alt, File string }
	type bot struct {
		*summary.Summary
		Looks            template.CSS // the colours that are its brand's
		Logo             theme.Logo   // its PNG is nil where there is none
		LogoWidth        int
		ID, Folder, Text string
		Mail             string // HTML, for a frame of its own
		Blocks, Details  []preview.Block
		Charts           []chart
		Files            []string
	}
	var bots []bot
	for _, m := range reports {
		b := bot{Summary: m.words, ID: m.bot.ID, Folder: path.Join(m.bot.ID, m.Numbers.Week.Name.String())}
		accent := ""
		if brand := m.Numbers.Brand; brand != nil {
			accent = brand.Accent
			b.Logo, _ = theme.ReadLogo(brand.Logo) // without one that is broken, as in the editions
			b.LogoWidth = b.Logo.Width / 2
		}
		b.Looks = preview.Brand("light", theme.Light(accent)) + preview.Brand("dark", theme.Dark(accent))
		for _, f := range m.files {
			switch f.Name {
			case weekly.Text:
				b.Text = string(f.Data)
			case weekly.Digest:
				var err error
				if b.Blocks, err = preview.Blocks(f.Data, b.Folder); err != nil {
					return nil, err
				}
			case weekly.Details:
				var err error
				if b.Details, err = preview.Blocks(f.Data, b.Folder); err != nil {
					return nil, err
				}
			}
			if !strings.HasPrefix(f.Name, "charts/") {
				b.Files = append(b.Files, f.Name)
			}
		}
		for _, c := range m.words.Charts {
			b.Charts = append(b.Charts, chart{c.Title, c.Alt, path.Join(b.Folder, "charts", c.Name+".png")})
		}
		var err error
		if b.Mail, err = mail.HTML(m.Numbers, m.words, func(name string) string {
			if name == mail.Logo {
				return path.Join(b.Folder, weekly.Logo)
			}
			return path.Join(b.Folder, "charts", name+".png")
		}); err != nil {
			return nil, err
		}
		bots = append(bots, b)
	}
	overview := bot{Summary: &summary.Summary{Bot: all.page.Name, Dates: all.page.Dates, Week: all.page.Week, Headline: all.page.Headline},
		ID: path.Base(path.Dir(filepath.ToSlash(all.folder))), Mail: mail.PortfolioHTML(all.page),
		Looks: preview.Brand("light", theme.Light("")) + preview.Brand("dark", theme.Dark(""))}
	overview.Folder = path.Join(overview.ID, path.Base(filepath.ToSlash(all.folder)))
	for _, f := range all.files {
		overview.Files = append(overview.Files, f.Name)
		switch f.Name {
		case weekly.Text:
			overview.Text = string(f.Data)
		case weekly.Digest:
			var err error
			if overview.Blocks, err = preview.Blocks(f.Data, overview.Folder); err != nil {
				return nil, err
			}
		}
	}
	page, err := template.New("index").Funcs(template.FuncMap{"news": newsOf}).Parse(indexTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := page.Execute(&b, struct {
		Light, Dark template.CSS
		Bots        []bot
		All         bot
	}{preview.Colors(theme.Light("")), preview.Colors(theme.Dark("")), bots, overview}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// news is how a tile's change is shown: good and bad news have a sign beside their colour.
type news struct{ Change, Class, Sign string }

// newsOf returns a tile's, or nil where nothing may be said of a change.
func newsOf(t summary.Tile) *news {
	switch {
	case t.Change == "":
		return nil
	case t.Tone == summary.Good:
		return &news{t.Change, "good", "✓"}
	case t.Tone == summary.Bad:
		return &news{t.Change, "bad", "⚠\ufe0e"}
	}
	return &news{Change: t.Change}
}
