package mail

import (
	"fmt"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// shown returns the charts of the page in its order: those with a rank, without lists, which are
// tables.
func shown(s *summary.Summary) []*summary.Chart {
	return slices.DeleteFunc(s.RankedCharts(),
		func(c *summary.Chart) bool { return c.Tabled == summary.SameTable })
}

// The most runes of a text. They keep the page shorter than Gmail's limit, whatever the input.
const (
	mostName     = 80 // a label, a button, a page
	mostValue    = 40 // a number
	mostDetail   = 80 // beside a tile's value
	mostSentence = 300
	mostAlt      = 1000
	mostLink     = 1000
	mostLines    = 8  // sentences of a kind
	mostUnbroken = 32 // of a number under a picture that is kept on one line
	mostRows     = 12 // of a table
)

// HTML returns the message's page. src returns the address of a chart's picture by the chart's
// name: "cid:…" in a message, a file's path in a preview. If it returns nothing, the chart is said
// in words. HTML fails if an address is of another kind.
func HTML(r *figures.Report, s *summary.Summary, src func(name string) string) (string, error) {
	return edition{report: r, summary: s, logo: logo(r), source: src, attached: true}.html()
}

// Logo is the name of the brand's logo among the pictures that HTML asks for.
const Logo = "logo"

// logo returns the brand's logo, none if it cannot be read.
func logo(r *figures.Report) theme.Logo {
	if r.Brand == nil {
		return theme.Logo{}
	}
	logo, _ := theme.ReadLogo(r.Brand.Logo)
	return logo
}

func accent(r *figures.Report) string {
	if r.Brand == nil {
		return ""
	}
	return r.Brand.Accent
}

// edition is what both parts of a message are made from.
type edition struct {
	report   *figures.Report
	summary  *summary.Summary
	logo     theme.Logo // its PNG is nil: none
	source   func(chart string) string
	leave    string // the address to write to, to get no more mails; may be empty
	attached bool   // whether the PDF is attached
}

// page is the page's texts, cut and cleaned. They are escaped when they are written.
type page struct {
	Light, Dark                       scheme
	Logo                              markup // empty: none
	LogoWidth, LogoHeight             int
	Lang, Title, Bot, Dates, Headline string
	Tiles                             [][]tile // rows of two
	NoticesTitle, InsightsTitle       string
	Notices, Insights                 []string
	Link                              markup // empty: none
	LinkText                          string
	Targets                           []table // one or none
	Pictures                          []picture
	Tables                            []table
	Attached                          string
	ProvenanceTitle, GlossaryTitle    string
	Provenance                        []string
	Glossary                          []summary.Term
	Leave                             string
}

type tile struct {
	summary.Tile
	Size      int // font size of the value, px
	LabelSize int
	news
}

// news is how a change looks by its tone.
type news struct {
	Sign  markup // may be empty
	Class markup // its color in dark mode
	Color markup
}

func (t scheme) news(tone summary.Tone) news {
	switch tone {
	case summary.Good:
		return news{"✓", "good", t.Good}
	case summary.Bad:
		return news{"⚠&#xfe0e;", "bad", t.Bad} // as text, not as an emoji
	}
	return news{"", "ink", t.Ink}
}

type picture struct {
	Source         markup // empty: no picture
	Title, Finding string // the picture contains the title
	Alt            string
	Numbers        []string // if no table has all of them
}

type table struct {
	Title, Note string
	Columns     []column
	Rows        []row
}

type column struct {
	Title   string
	Numbers bool
	Width   int // percent
}

type row struct {
	Name, Beside string // Beside is the rest of the name, such as a button's dialogue
	Numbers      []cell
	Total        bool
}

type cell struct {
	Text string
	news // without a sign: none
}

func (e edition) html() (string, error) {
	p, err := e.page()
	if err != nil {
		return "", err
	}
	return string(p.html()), nil
}

func (e edition) page() (page, error) {
	s, say := e.summary, e.summary.Words.Say
	p := page{
		Light:           newTheme(theme.Light(accent(e.report))),
		Dark:            newTheme(theme.Dark(accent(e.report))),
		Lang:            s.Words.Locale(),
		Title:           plain(s.Title, mostName),
		Bot:             plain(s.Bot, mostName),
		Dates:           plain(s.Dates+" · "+s.Period, mostName),
		Headline:        plain(s.Headline, mostSentence),
		NoticesTitle:    say(wording.HeadingNotices),
		InsightsTitle:   say(wording.HeadingInsights),
		Notices:         sentences(s.Notices),
		Insights:        sentences(s.Insights),
		ProvenanceTitle: say(wording.HeadingProvenance),
		GlossaryTitle:   say(wording.HeadingGlossary),
		Provenance:      sentences(s.Provenance),
		Glossary:        s.Glossary,
		Leave:           e.leaving(),
	}
	if to, ok := link(s.Link); ok {
		p.Link, p.LinkText = to, s.Link.Text
	}
	if e.attached {
		p.Attached = say(wording.AttachedPDF)
	}
	if e.logo.PNG != nil {
		var ok bool
		if p.Logo, ok = address(e.source(Logo), "cid", ""); !ok {
			return page{}, badSource("the logo", e.source(Logo))
		}
		p.LogoWidth, p.LogoHeight = e.logo.Width/2, e.logo.Height/2
	}
	var tiles []tile
	for _, t := range s.Tiles {
		tiles = append(tiles, newTile(t, p.Light))
	}
	p.Tiles = slices.Collect(slices.Chunk(tiles, 2))
	for _, c := range shown(s) {
		chart, err := e.picture(c)
		if err != nil {
			return page{}, err
		}
		p.Pictures = append(p.Pictures, chart)
	}
	if s.Targets != nil {
		p.Targets = []table{newTable(s, s.Targets, p.Light)}
	}
	for _, section := range s.Sections {
		if t := section.Table; t != nil && t.Rank > 0 { // the PDF has the rest
			p.Tables = append(p.Tables, newTable(s, t, p.Light))
		}
	}
	return p, nil
}

// badSource is the error of a picture that is neither in the message nor a file.
func badSource(what, source string) error {
	return fmt.Errorf("mail: %s: picture %q: use cid:… or the path of a file", what, source)
}

// leaving says whom to write to, to get no more mails: the one who chose the recipients.
func (e edition) leaving() string {
	if e.leave == "" {
		return ""
	}
	return e.summary.Words.Say(wording.LeaveList, e.leave)
}

func sentences(all []string) []string {
	var cut []string
	for _, s := range all[:min(len(all), mostLines)] {
		cut = append(cut, plain(s, mostSentence))
	}
	return cut
}

// link returns a link's address. It returns false if the address, which comes from a configuration,
// is not safe to open.
func link(l summary.Link) (to markup, ok bool) {
	if len(l.URL) > mostLink {
		return "", false
	}
	return address(l.URL, "http", "https")
}

func newTile(t summary.Tile, colors scheme) tile {
	t.Value, t.Unit = plain(t.Value, mostValue), plain(t.Unit, mostValue)
	t.Change, t.Detail = plain(t.Change, mostValue), plain(t.Detail, mostDetail)
	shown := tile{Tile: t, Size: 28, LabelSize: 13, news: colors.news(t.Tone)}
	long := func(word string) bool { return len([]rune(word)) > 17 }
	if slices.ContainsFunc(strings.Fields(t.Label), long) {
		shown.LabelSize = 12 // else a phone breaks Användarmeddelanden before its last letter
	}
	switch length := len([]rune(t.Value)); {
	case length > 16:
		shown.Size = 14
	case length > 9:
		shown.Size = 20
	}
	switch {
	case shown.Sign != "":
	case strings.HasPrefix(t.Change, "+"):
		shown.Sign = "▲"
	case strings.HasPrefix(t.Change, "−"):
		shown.Sign = "▼"
	}
	return shown
}

func (e edition) picture(c *summary.Chart) (picture, error) {
	p := picture{Title: c.Title, Finding: plain(c.Subtitle, mostSentence),
		Alt: plain(c.Alt, mostAlt)}
	if c.Missing == "" {
		source, ok := address(e.source(c.Name), "cid", "")
		if !ok {
			return p, badSource("chart "+c.Name, e.source(c.Name))
		}
		p.Source = source
	}
	if c.Tabled == summary.Untabled || c.Tabled == summary.PartlyTabled {
		for _, item := range c.Items {
			p.Numbers = append(p.Numbers, plain(item, mostName))
		}
		// The alt text leaves out the numbers, so that they are not read aloud twice.
		words := e.summary.Words
		p.Alt = plain(words.Say(wording.AltShort, c.Title, e.summary.Dates,
			strings.TrimSuffix(c.Subtitle, ".")), mostAlt)
	}
	return p, nil
}

// newTable fits a table to a phone. The names of a row share one column, and beside a name that can
// be long there are at most three numbers.
func newTable(s *summary.Summary, t *summary.Table, colors scheme) table {
	fitted := table{Title: t.Title, Note: plain(t.Note, mostSentence)}
	if t.Missing != "" {
		fitted.Note = plain(s.Words.Say(wording.NotAvailableReason, t.Missing), mostSentence)
	}
	if len(t.Rows) == 0 {
		return fitted
	}
	kept, widths := keptColumns(t)
	for n, i := range kept {
		c := t.Columns[i]
		fitted.Columns = append(fitted.Columns, column{c.Title, c.Numbers, widths[n]})
	}
	for i, cells := range t.Rows[:min(len(t.Rows), mostRows)] {
		tone := summary.Neutral
		if i < len(t.Tones) {
			tone = t.Tones[i]
		}
		fitted.Rows = append(fitted.Rows, newRow(t, cells, kept, colors.news(tone)))
	}
	if t.Total != nil {
		total := newRow(t, t.Total, kept, colors.news(summary.Neutral))
		total.Total = true
		fitted.Rows = append(fitted.Rows, total)
	}
	return fitted
}

// keptColumns returns the columns that a table has on a page, and their widths in percent.
func keptColumns(t *summary.Table) (kept, widths []int) {
	brief := t.Columns[0].Texts == summary.Brief
	kept = []int{0}
	for i, c := range t.Columns {
		if c.Numbers && (brief || len(kept) <= 3) {
			kept = append(kept, i)
		}
	}
	if brief {
		return kept, shares(t, kept)
	}
	widths = slices.Repeat([]int{20}, len(kept))
	widths[0] = 40
	if len(t.Tones) > 0 { // the last column has words
		widths[0], widths[1], widths[len(widths)-1] = 34, 16, 30
	}
	return kept, widths
}

// newRow returns a row of the kept columns. The last column has the news.
func newRow(t *summary.Table, cells []string, kept []int, last news) row {
	name, beside, longest := cells[0], "", mostName
	if len(t.Columns) > 1 && !t.Columns[1].Numbers {
		beside = cells[1]
	}
	switch host, path, ok := strings.Cut(name, "/"); {
	case ok && t.Columns[0].Texts == summary.Addresses:
		name, beside = "/"+path, host // most pages of a bot have one host
	case t.Columns[0].Texts == summary.Phrases:
		longest = mostSentence
	}
	r := row{Name: plain(name, longest), Beside: plain(beside, mostName)}
	for _, i := range kept[1:] {
		c := cell{Text: plain(cells[i], mostValue)}
		if i == len(cells)-1 {
			c.news = last
		}
		r.Numbers = append(r.Numbers, c)
	}
	return r
}

// shares returns the widths of columns in percent, by their longest words, so that a phone breaks
// as few words as possible.
func shares(t *summary.Table, columns []int) []int {
	var need []int
	sum := 0
	for _, i := range columns {
		longest := 5
		for _, word := range strings.Fields(t.Columns[i].Title) {
			longest = max(longest, len([]rune(word))*7/8) // the head is set smaller
		}
		for _, cells := range t.Rows {
			longest = max(longest, len([]rune(cells[i])))
		}
		longest = 1 + min(longest, 12) // and a gap
		need = append(need, longest)
		sum += longest
	}
	for i := range need {
		need[i] = 100 * need[i] / sum
	}
	return need
}
