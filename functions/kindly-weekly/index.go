package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	weekly "kindlyweekly/report"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
)

//go:embed index.html.tmpl
var indexTemplate string

// indexPage shows all editions of some reports side by side, and of the overview of them. Its links are relative, to the folders beside it.
func indexPage(reports []made, all madePortfolio) ([]byte, error) {
	type chart struct{ Title, Alt, File string }
	type bot struct {
		*summary.Summary
		Looks            template.CSS // the colours that are its brand's
		Logo             theme.Logo   // its PNG is nil where there is none
		LogoWidth        int
		ID, Folder, Text string
		Mail             string // HTML, for a frame of its own
		Blocks, Details  []block
		Charts           []chart
		Files            []string
	}
	var bots []bot
	for _, m := range reports {
		b := bot{Summary: m.words, ID: m.bot.ID, Folder: path.Join(m.bot.ID, m.numbers.Week.Name.String())}
		accent := ""
		if brand := m.numbers.Brand; brand != nil {
			accent = brand.Accent
			b.Logo, _ = theme.ReadLogo(brand.Logo) // without one that is broken, as in the editions
			b.LogoWidth = b.Logo.Width / 2
		}
		b.Looks = branded("light", theme.Light(accent)) + branded("dark", theme.Dark(accent))
		for _, f := range m.files {
			switch f.Name {
			case weekly.Text:
				b.Text = string(f.Data)
			case weekly.Digest:
				var err error
				if b.Blocks, err = slackPreview(f.Data, b.Folder); err != nil {
					return nil, err
				}
			case weekly.Details:
				var err error
				if b.Details, err = slackPreview(f.Data, b.Folder); err != nil {
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
		if b.Mail, err = mail.HTML(m.numbers, m.words, func(name string) string {
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
		Looks: branded("light", theme.Light("")) + branded("dark", theme.Dark(""))}
	overview.Folder = path.Join(overview.ID, path.Base(filepath.ToSlash(all.folder)))
	for _, f := range all.files {
		overview.Files = append(overview.Files, f.Name)
		switch f.Name {
		case weekly.Text:
			overview.Text = string(f.Data)
		case weekly.Digest:
			var err error
			if overview.Blocks, err = slackPreview(f.Data, overview.Folder); err != nil {
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
	}{colours(theme.Light("")), colours(theme.Dark("")), bots, overview}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// colours are those of the whole page, as CSS's variables.
func colours(t theme.Theme) template.CSS {
	return variables("--page", t.Page, "--card", t.Card, "--panel", t.Panel, "--line", t.Line, "--rule", t.Rule, "--ink", t.Ink, "--muted", t.Muted,
		"--accent", t.Accent, "--on-accent", t.OnAccent, "--accent-text", t.AccentText)
}

// branded are those that a bot's brand changes, by day or by night: the style sheet takes one or the other.
func branded(when string, t theme.Theme) template.CSS {
	name := func(s string) string { return "--" + when + "-" + s }
	return variables(name("accent"), t.Accent, name("accent-text"), t.AccentText, name("good"), t.GoodText, name("bad"), t.WarningText)
}

// variables takes names and colours in turn, neither of which anybody but this program has written.
func variables(pairs ...any) template.CSS {
	var css strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&css, "%s: %s; ", pairs[i], pairs[i+1])
	}
	return template.CSS(css.String())
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

// block is what the page shows of one block of a Slack message.
type block struct {
	Kind  string // header, section, fields, rich_text, image, context, divider, data_visualization, table
	Texts []template.HTML
	Drawn template.HTML // of what Slack draws
	Image string
	Alt   string
}

// slackPreview reads a digest as far as to give an impression of it. How it really looks, Slack alone shows.
func slackPreview(digest []byte, folder string) ([]block, error) {
	var message struct{ Blocks []map[string]any }
	if err := json.Unmarshal(digest, &message); err != nil {
		return nil, fmt.Errorf("preview of the digest: %w", err)
	}
	var blocks []block
	for _, raw := range message.Blocks {
		b := block{Kind: fmt.Sprint(raw["type"])}
		switch {
		case b.Kind == "image":
			b.Alt, b.Texts = fmt.Sprint(raw["alt_text"]), texts(raw["title"])
			if file, ok := raw["slack_file"].(map[string]any); ok {
				b.Image = path.Join(folder, fmt.Sprint(file["id"]))
			}
		case b.Kind == "data_visualization":
			var err error
			if b.Drawn, err = chartPreview(fmt.Sprint(raw["title"]), raw["chart"]); err != nil {
				return nil, err
			}
		case b.Kind == "table":
			b.Drawn = tablePreview(raw["rows"], raw["column_settings"])
		case raw["fields"] != nil:
			b.Kind, b.Texts = "fields", texts(raw["fields"])
		default:
			b.Texts = texts(raw)
		}
		blocks = append(blocks, b)
	}
	return blocks, nil
}

var bold = regexp.MustCompile(`\*([^*\n]+)\*`)

// texts finds the texts inside a block, in their order. Each text object is one, and so is each section of rich text.
func texts(value any) []template.HTML {
	var found []template.HTML
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			found = append(found, texts(element)...)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		text, isText := v["text"].(string)
		switch {
		case kind == "rich_text_section" || kind == "rich_text_preformatted":
			var whole strings.Builder
			for _, part := range texts(v["elements"]) {
				whole.WriteString(string(part))
			}
			return []template.HTML{template.HTML(whole.String())}
		case kind == "rich_text_list":
			for i, item := range texts(v["elements"]) {
				lead := "• "
				if v["style"] == "ordered" {
					lead = fmt.Sprintf("%d. ", i+1)
				}
				found = append(found, template.HTML(lead)+item)
			}
		case kind == "mrkdwn":
			text = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
			return []template.HTML{template.HTML(bold.ReplaceAllString(html.EscapeString(text), "<b>$1</b>"))}
		case isText:
			escaped := html.EscapeString(text)
			if style, ok := v["style"].(map[string]any); ok && style["bold"] == true {
				escaped = "<b>" + escaped + "</b>"
			}
			return []template.HTML{template.HTML(escaped)}
		default:
			for _, key := range []string{"text", "elements"} {
				found = append(found, texts(v[key])...)
			}
		}
	}
	return found
}
