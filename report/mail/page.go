package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// The most runes of a text. They keep the page shorter than Gmail's limit, whatever the input.
const (
	mostName     = 80  // a bot
	mostItem     = 60  // an item of a list, with the text next to it
	mostValue    = 40  // a number
	mostDetail   = 140 // next to a tile's value
	mostSentence = 300
	mostAlt      = 1000
	mostLink     = 1000
	mostLines    = 8  // sentences of a kind
	mostRows     = 12 // of a table
	mostTop      = 3  // items of a list, insights
	mostBoxed    = 3  // names that explain the boxes in a picture
	mostUnbroken = 22 // of what is kept on one line
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

// detailed reports whether the mail goes into details. If the week does not need a look, it ends
// after one chart. An older report does not say whether the week needs a look, so its mail has
// details.
func detailed(s *summary.Summary) bool {
	return s.Status.Kind == figures.NeedsLook || s.Status.Kind == ""
}

// shown returns the charts of the mail in its order: the one that the verdict is about, and then
// the weeks before. It leaves out empty charts.
func shown(s *summary.Summary) (all []*summary.Chart) {
	most := 1
	if detailed(s) {
		most = 2
	}
	add := func(is func(c *summary.Chart) bool) {
		for _, c := range s.Charts() {
			if is(c) && c.Missing == "" && !c.Blank() && !c.Few && !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	add(func(c *summary.Chart) bool { return c.Name == s.Lead })
	add(func(c *summary.Chart) bool { return c.Kind == summary.Periods })
	return all[:min(len(all), most)]
}

// targets returns the table of the targets, or nil if the mail has none. A single target is in the
// tile of its figure.
func targets(s *summary.Summary) *summary.Table {
	if !detailed(s) || s.Targets == nil || len(s.Targets.Rows) < 2 {
		return nil
	}
	return s.Targets
}

// lists returns the lists of the mail with their first rows. The document has the rest of them.
func lists(s *summary.Summary) (all []*summary.Table) {
	if !detailed(s) {
		return nil
	}
	for _, section := range s.Sections {
		c, t := section.Chart, section.Table
		if c == nil || c.Kind != summary.Ranking || t == nil || len(t.Rows) == 0 {
			continue
		}
		first := *t
		first.Rows, first.Note = first.Rows[:min(len(first.Rows), mostTop)], ""
		all = append(all, &first)
	}
	return all
}

// tilesOf returns the tiles of the mail. If nothing happened in the week, there are none, since the
// verdict says so.
func tilesOf(s *summary.Summary) []summary.Tile {
	something := func(t summary.Tile) bool {
		return t.Value != s.Words.Count(0) && t.Value != s.Words.Say(wording.Missing)
	}
	if !slices.ContainsFunc(s.Tiles, something) {
		return nil
	}
	return s.Tiles
}

// facts returns what follows the verdict. An older report, without a verdict, has insights in its
// place.
func facts(s *summary.Summary) []string {
	if s.Status.Kind == "" {
		return s.Insights[:min(len(s.Insights), mostTop)]
	}
	return s.Reasons()
}

// foot returns the end of the mail: where the rest is, when the numbers were fetched, and the
// report's ID. The latter two are the last lines of the provenance.
func (e edition) foot() (all []string) {
	s := e.summary
	if e.attached {
		all = append(all, s.Words.Say(wording.AttachedPDF))
	}
	last := sentences(s.Provenance[max(0, len(s.Provenance)-2):])
	all = append(all, strings.Join(last, " "))
	if e.leave != "" {
		all = append(all, s.Words.Say(wording.LeaveList, e.leave))
	}
	return all
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
	Preview                           string // in the list of mails; empty: the headline
	Status                            string // empty: none
	Tone                              summary.Tone
	Notices, Facts                    []string
	LookAt                            []look
	Link                              markup // empty: none
	LinkText                          string
	Tiles                             [][]tile // rows of two
	Pictures                          []picture
	Targets, Lists                    []table
	Foot                              []string
}

// look is something to look at.
type look struct {
	Text string
	To   markup // empty: no link
}

type tile struct {
	summary.Tile
	Size  int // font size of the value, px
	Lines []string
	news
}

// news is how a change looks by its tone.
type news struct {
	Sign  markup // may be empty
	Word  string // read for the sign; empty: the text after it says it
	Class markup // its color in dark mode
	Color markup
}

func (t scheme) news(tone summary.Tone) news {
	switch tone {
	case summary.Good:
		return news{Sign: "✓", Class: "good", Color: t.Good}
	case summary.Bad:
		return news{Sign: "⚠&#xfe0e;", Class: "bad", Color: t.Bad} // as a text sign
	}
	return news{Class: "ink", Color: t.Ink}
}

type picture struct {
	Source markup // empty: no picture
	Title  string // the picture contains it
	Alt    string
	Boxes  string // what the boxes in the picture are; empty: no boxes
}

type table struct {
	Title   string // empty: the first column names the table
	Common  string // what the names of the rows leave out
	Columns []column
	Rows    []row
}

type column struct {
	Title   string
	Numbers bool
	Width   int // percent
}

type row struct {
	Name, Beside string // Beside is the rest of the name, such as a button's dialogue
	Numbers      []cell
}

type cell struct {
	Text, Below string
	news        // without a sign: none
}

func (e edition) html() (string, error) {
	p, err := e.page()
	if err != nil {
		return "", err
	}
	return string(p.html()), nil
}

func (e edition) page() (page, error) {
	s := e.summary
	p := page{
		Light:    newTheme(theme.Light(accent(e.report))),
		Dark:     newTheme(theme.Dark(accent(e.report))),
		Lang:     s.Words.Locale(),
		Title:    plain(s.Title, mostName),
		Bot:      plain(s.Bot, mostName),
		Dates:    plain(s.Dates+" · "+s.Period, mostName),
		Headline: joined(plain(s.Verdict, mostSentence)),
		Preview:  plain(s.Preview, mostSentence),
		Status:   plain(s.Status.Label, mostName),
		Tone:     s.Status.Tone,
		Notices:  joinedAll(sentences(s.Notices)),
		Facts:    joinedAll(sentences(facts(s))),
		Foot:     e.foot(),
	}
	for _, l := range s.LookAt {
		to, _ := link(l)
		p.LookAt = append(p.LookAt, look{joined(plain(l.Text, mostSentence)), to})
	}
	if to, ok := link(s.Link); ok {
		p.Link, p.LinkText = to, s.Link.Text
	}
	if e.logo.PNG != nil {
		var ok bool
		if p.Logo, ok = address(e.source(Logo), "cid", ""); !ok {
			return page{}, badSource("the logo", e.source(Logo))
		}
		p.LogoWidth, p.LogoHeight = e.logo.Width/2, e.logo.Height/2
	}
	var tiles []tile
	for _, t := range tilesOf(s) {
		tiles = append(tiles, newTile(s.Words, t, p.Light))
	}
	p.Tiles = slices.Collect(slices.Chunk(tiles, 2))
	for _, c := range shown(s) {
		chart, err := e.picture(c)
		if err != nil {
			return page{}, err
		}
		p.Pictures = append(p.Pictures, chart)
	}
	if t := targets(s); t != nil {
		p.Targets = []table{targetTable(t, p.Light)}
	}
	for _, t := range lists(s) {
		p.Lists = append(p.Lists, listTable(t, p.Light))
	}
	return p, nil
}

// badSource is the error of a picture that is neither in the message nor a file.
func badSource(what, source string) error {
	return fmt.Errorf("mail: %s: picture %q: use cid:… or the path of a file", what, source)
}

func sentences(all []string) []string {
	var cut []string
	for _, s := range all[:min(len(all), mostLines)] {
		cut = append(cut, plain(s, mostSentence))
	}
	return cut
}

var (
	counted   = regexp.MustCompile(`(\d) (\p{L})`)
	bracketed = regexp.MustCompile(`(\(\p{L}+) (\d[^ )]*\))`)
)

// joined keeps each number of a sentence on one line with the word after it, and in brackets with
// the word before it: "(usually 2)".
func joined(s string) string {
	s = bracketed.ReplaceAllString(s, "$1\u00a0$2")
	return counted.ReplaceAllString(s, "$1\u00a0$2")
}

func joinedAll(all []string) []string {
	for i, s := range all {
		all[i] = joined(s)
	}
	return all
}

// link returns a link's address. It returns false if the address, which comes from a configuration,
// is not safe to open.
func link(l summary.Link) (to markup, ok bool) {
	if len(l.URL) > mostLink {
		return "", false
	}
	return address(l.URL, "http", "https")
}

func newTile(w *wording.Wording, t summary.Tile, colors scheme) tile {
	t.Label, t.Value = plain(t.Label, mostName), plain(t.Value, mostValue)
	t.Unit, t.Change = plain(t.Unit, mostValue), plain(t.Change, mostValue)
	shown := tile{Tile: t, Size: 26, news: colors.news(t.Tone)}
	switch t.Tone { // more chats may be good or bad
	case summary.Good:
		shown.Word = w.Say(wording.SignGood)
	case summary.Bad:
		shown.Word = w.Say(wording.SignBad)
	}
	switch length := len([]rune(t.Value)); {
	case length > 16:
		shown.Size = 15
	case length > 9:
		shown.Size = 20
	}
	beside := append([]string{t.Usual, t.Target}, t.Notes...)
	if t.Missing {
		beside = []string{t.Detail}
	}
	for _, line := range beside {
		if line != "" {
			shown.Lines = append(shown.Lines, joined(plain(line, mostDetail)))
		}
	}
	return shown
}

func (e edition) picture(c *summary.Chart) (picture, error) {
	p := picture{Title: plain(c.Title, mostSentence), Alt: plain(c.Alt, mostAlt)}
	source, ok := address(e.source(c.Name), "cid", "")
	if !ok {
		return p, badSource("chart "+c.Name, e.source(c.Name))
	}
	p.Source = source
	if boxed := c.Boxed(); len(boxed) > 0 {
		words := e.summary.Words
		p.Boxes = plain(words.Say(wording.UndrawnPicture, words.ListSome(boxed, mostBoxed)),
			mostDetail)
	}
	return p, nil
}

// targetTable fits the table of the targets to a phone: the limit is below the value. The last
// column, whether the target was met, may have a color and a sign.
func targetTable(t *summary.Table, colors scheme) table {
	const name, value, limit, state = 0, 1, 2, 3
	title := func(column int) string { return plain(t.Columns[column].Title, mostName) }
	fitted := table{Title: t.Title, Columns: []column{{Title: title(name), Width: 42},
		{Title: title(value), Numbers: true, Width: 24},
		{Title: title(state), Numbers: true, Width: 34}}}
	for i, cells := range t.Rows[:min(len(t.Rows), mostRows)] {
		tone := summary.Neutral
		if i < len(t.Tones) {
			tone = t.Tones[i]
		}
		fitted.Rows = append(fitted.Rows, row{Name: plain(cells[name], mostSentence),
			Numbers: []cell{
				{Text: plain(cells[value], mostValue), Below: plain(cells[limit], mostValue)},
				{Text: joined(plain(cells[state], mostValue)), news: colors.news(tone)}}})
	}
	return fitted
}

// listTable fits a list to a phone: the names, the counts, and what they are compared with.
func listTable(t *summary.Table, colors scheme) table {
	t = t.Short()
	fitted := table{Common: plain(t.Common, mostItem),
		Columns: []column{{Title: plain(t.Title, mostName), Width: 60}}}
	var kept []int
	for i, c := range t.Columns {
		if c.Numbers && len(kept) < 2 {
			kept = append(kept, i)
			fitted.Columns = append(fitted.Columns,
				column{Title: plain(c.Title, mostName), Numbers: true, Width: 20})
		}
	}
	for _, cells := range t.Rows {
		r := row{Name: plain(cells[0], mostItem)}
		if room := mostItem - len([]rune(r.Name)); !t.Columns[1].Numbers && room > 0 {
			r.Beside = plain(cells[1], room)
		}
		for _, i := range kept {
			r.Numbers = append(r.Numbers, cell{Text: plain(cells[i], mostValue),
				news: colors.news(summary.Neutral)})
		}
		fitted.Rows = append(fitted.Rows, r)
	}
	return fitted
}
