package report_test

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"

	"kindlyweekly/report"
	"kindlyweekly/report/charts"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
)

// The window of a phone, in the units of CSS.
const phoneWidth, phoneHeight = 390, 780

// counts are how much of a reader's time the editions of a report take. A count is zero if it could
// not be measured because a program is not installed.
type counts struct {
	MailScreens float64 // heights of a phone's window
	MailWords   int     // that are seen, with those of tables
	MailRepeats repeats // outside of tables
	Button      int     // the lower edge of the link to Kindly on a phone, px

	Pages   int     // of the PDF
	Filled  float64 // the share of the emptiest page that is not empty, if there are several
	Largest string  // the largest text of the first page
	Verdict bool    // whether that is the verdict, or a part of it

	SlackScreens float64
	SlackBlocks  int
	SlackUnits   int // the text of the blocks in UTF-16 units, which Slack counts
	SlackHeader  int // characters of the header
	SlackRepeats repeats

	ChartText float64 // the smallest text of a chart that is shown 390 px wide, px
}

// repeats is the number that is said most often, and how often.
type repeats struct {
	Times  int
	Figure string
}

// rendered is a report with all of its editions.
type rendered struct {
	report  *figures.Report
	summary *summary.Summary
	files   []report.File
}

func renderedOf(t *testing.T, r *figures.Report) rendered {
	t.Helper()
	files, err := report.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	return rendered{r, said(t, r), files}
}

// mail returns the page of the mail. The paths of its pictures begin with prefix.
func (r rendered) mail(t *testing.T, prefix string) string {
	t.Helper()
	page, err := mail.HTML(r.report, r.summary, func(name string) string {
		if name == mail.Logo {
			return prefix + report.Logo
		}
		return prefix + delivery.ChartFile(name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// save writes the editions into a folder.
func (r rendered) save(t *testing.T, dir string) {
	t.Helper()
	for _, f := range r.files {
		write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
	}
}

// countsOf measures reports, by name.
func countsOf(t *testing.T, reports map[string]rendered) map[string]*counts {
	t.Helper()
	dir := t.TempDir()
	names := slices.Sorted(maps.Keys(reports))
	var frames []frame
	all := make(map[string]*counts)
	for _, name := range names {
		r := reports[name]
		r.save(t, filepath.Join(dir, name))
		frames = append(frames, frame{r.mail(t, name+"/"), phoneWidth},
			frame{slackPage(t, edition(t, r.files, report.Digest)), phoneWidth})
		c := &counts{}
		c.pages(t, r, filepath.Join(dir, name))
		c.slack(t, r)
		c.ChartText = chartText(t, charts.All(r.summary, r.report.Brand))
		all[name] = c
	}
	measured := layouts(t, dir, frames)
	for i, name := range names {
		if measured == nil {
			break
		}
		c, page, message := all[name], measured[2*i], measured[2*i+1]
		c.MailScreens = round(float64(page.Height)/phoneHeight, 2)
		c.MailWords, c.MailRepeats = words(page.Text), mostRepeated(page.Prose)
		for _, link := range page.Links {
			if link.URL == reports[name].report.Bot.Link {
				c.Button = link.Bottom
				break
			}
		}
		c.SlackScreens = round(float64(message.Height)/phoneHeight, 2)
		c.SlackRepeats = mostRepeated(message.Prose)
	}
	return all
}

func round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}

// words counts the words of a text: the parts with a letter or a digit.
func words(text string) int {
	n := 0
	for _, word := range strings.Fields(text) {
		if strings.ContainsFunc(word,
			func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// figure matches a number that is a measure: a percentage, a number with decimals or with
// separators of thousands, or one of three digits. Years, days, hours and small counts are not.
var figure = regexp.MustCompile(`\d{1,3}(?:[.,\x{00a0}\x{202f}]\d{3})+|` +
	`\d+[.,]\d+(?:[\x{00a0}\x{202f}]?%)?|` +
	`\d+[\x{00a0}\x{202f}]?%|\d+`)

// mostRepeated returns the number that a text has most often.
func mostRepeated(text string) (most repeats) {
	times := make(map[string]int)
	for _, found := range figure.FindAllString(text, -1) {
		if digits := strings.Trim(found, "0123456789"); digits == "" && len(found) != 3 {
			continue
		}
		times[found]++
	}
	for _, f := range slices.Sorted(maps.Keys(times)) {
		if times[f] > most.Times {
			most = repeats{times[f], f}
		}
	}
	return most
}

func TestMostRepeated(t *testing.T) {
	for text, want := range map[string]repeats{
		"": {}, "9–15 November 2026, 12:00, week 46, 12 weeks of 2026": {},
		"8,163 chats, usually 7,150; 8,163 this week":                {2, "8,163"},
		"8.163 Chats, 17,9\u00a0% und 17,9\u00a0% und 17,9":          {2, "17,9\u00a0%"},
		"116 asked for a human, 1.5 of 116, 69% and 69 % of 10":      {2, "116"},
		"8\u00a0163 chattar, vanligtvis 7\u00a0150; 8\u00a0163 igen": {2, "8\u00a0163"},
	} {
		if got := mostRepeated(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// slack counts the message's blocks and texts.
func (c *counts) slack(t *testing.T, r rendered) {
	t.Helper()
	message := edition(t, r.files, report.Digest)
	c.SlackBlocks = bytes.Count(message, []byte(`"block_id"`))
	for _, text := range slackTexts(t, message) {
		c.SlackUnits += len(utf16.Encode([]rune(text)))
	}
	for _, b := range blocksOf(t, message) {
		if b.Type == "header" {
			c.SlackHeader = len([]rune(content(b.Text)))
			break
		}
	}
}

// pages measures the PDF.
func (c *counts) pages(t *testing.T, r rendered, dir string) {
	t.Helper()
	file := filepath.Join(dir, report.PDF)
	if bbox := output(t, "pdftotext", "-bbox", file, "-"); bbox != nil {
		c.Pages = bytes.Count(bbox, []byte("<page "))
		first, _, _ := bytes.Cut(bbox, []byte("</page>"))
		c.Largest = largest(first)
		// On a page, the letters of a name from right to left are in the order in which they are
		// drawn.
		leftward := func(word string) bool {
			return strings.ContainsFunc(word, func(r rune) bool {
				return unicode.In(r, unicode.Hebrew, unicode.Arabic)
			})
		}
		plain := func(s string) string {
			words := slices.DeleteFunc(strings.Fields(strings.ToLower(s)), leftward)
			return strings.Join(words, " ")
		}
		c.Verdict = c.Largest != "" && strings.Contains(plain(verdict(r.summary)), plain(c.Largest))
	}
	if output(t, "pdftoppm", "-r", "40", "-gray", file, filepath.Join(dir, "gray")) == nil {
		return
	}
	pages, err := filepath.Glob(filepath.Join(dir, "gray-*.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pages {
		if share := filled(t, name); len(pages) > 1 && (c.Filled == 0 || share < c.Filled) {
			c.Filled = round(share, 2)
		}
	}
}

// output runs one of poppler's programs and returns its output. It returns nil if the program is
// not installed.
func output(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	path := installed(t, program, "poppler-utils")
	if path == "" {
		return nil
	}
	var out, problems bytes.Buffer
	run := exec.Command(path, args...)
	run.Stdout, run.Stderr = &out, &problems
	if err := run.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, &problems)
	}
	return append([]byte{}, out.Bytes()...)
}

// verdict returns the status and the verdict of a report.
func verdict(s *summary.Summary) string { return s.Status.Label + ": " + s.Verdict }

var boxed = regexp.MustCompile(
	`<word xMin="[\d.-]+" yMin="([\d.-]+)" xMax="[\d.-]+" yMax="([\d.-]+)">([^<]*)</word>`)

// largest returns the words of a page that are set in its largest size, as pdftotext -bbox says.
func largest(page []byte) string {
	most, all := 0.0, []string(nil)
	for _, m := range boxed.FindAllSubmatch(page, -1) {
		top, _ := strconv.ParseFloat(string(m[1]), 64)
		bottom, _ := strconv.ParseFloat(string(m[2]), 64)
		if size := bottom - top; size > most+0.25 {
			most, all = size, nil
		} else if size < most-0.25 {
			continue
		}
		all = append(all, html.UnescapeString(string(m[3])))
	}
	return strings.Join(all, " ")
}

// filled returns the share of a page's height, in bands of a fortieth of it, in which there is
// something. The foot, the last two of them, counts as filled.
func filled(t *testing.T, pgm string) float64 {
	t.Helper()
	data, err := os.ReadFile(pgm)
	if err != nil {
		t.Fatal(err)
	}
	var width, height, most int
	if _, err := fmt.Sscanf(string(data[:min(len(data), 40)]), "P5\n%d %d\n%d", &width, &height,
		&most); err != nil {
		t.Fatal(err)
	}
	pixels := data[len(data)-width*height:]
	const bands = 40
	n := 2
	for band := range bands - 2 {
		rows := pixels[band*height/bands*width : (band+1)*height/bands*width]
		if slices.ContainsFunc(rows, func(p byte) bool { return p < 224 }) {
			n++
		}
	}
	return float64(n) / bands
}

// chartText returns the size of the smallest text of charts where the mail shows them on a phone,
// in pixels, and 0 if there is none.
func chartText(t *testing.T, pictures []charts.Picture) float64 {
	t.Helper()
	n := &notes{smallest: math.Inf(1)}
	for _, p := range pictures {
		if err := p.Draw(n, charts.Width, charts.Height); err != nil {
			t.Fatal(err)
		}
	}
	if math.IsInf(n.smallest, 1) {
		return 0
	}
	return round(n.smallest*phoneWidth/charts.Width, 1)
}

// notes is a renderer that records texts and their sizes.
type notes struct {
	smallest float64
	texts    []string
	faces    map[charts.Style]font.Face // by font and size, with no color
}

func (*notes) Fill([4]charts.Corner, theme.Color)                    {}
func (*notes) Stroke([]image.Point, float64, []float64, theme.Color) {}
func (n *notes) Text(s charts.Style, text string, _, _ int) {
	n.smallest, n.texts = min(n.smallest, s.Size), append(n.texts, text)
}

func (n *notes) Width(s charts.Style, text string) int {
	s.Color = theme.Color{}
	face := n.faces[s]
	if face == nil {
		if n.faces == nil {
			n.faces = make(map[charts.Style]font.Face)
		}
		face = truetype.NewFace(s.Face.Font(), &truetype.Options{Size: s.Size})
		n.faces[s] = face
	}
	return font.MeasureString(face, text).Ceil()
}

// warm reports whether a color is red, orange or amber, which readers understand as a warning.
func warm(c color.Color) bool {
	r, g, b, a := c.RGBA()
	if a == 0 {
		return false
	}
	most, least := max(r, g, b), min(r, g, b)
	if most-least < 0xffff*8/100 || r != most {
		return false
	}
	// Red is at 0 degrees, yellow at 60, magenta at 300
	hue := 60 * (float64(g) - float64(b)) / float64(most-least)
	return hue > -20 && hue < 55
}

// warmPixels counts the pixels of a picture that are warm.
func warmPixels(m image.Image) int {
	is := make(map[color.Color]bool) // a picture has few colors
	n := 0
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			c := m.At(x, y)
			w, known := is[c]
			if !known {
				w = warm(c)
				is[c] = w
			}
			if w {
				n++
			}
		}
	}
	return n
}

func opened(t *testing.T, file string) image.Image {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func encoded(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cropped returns a column of a picture, without what is below its content.
func cropped(m image.Image, left, width int) *image.RGBA {
	column := image.NewRGBA(image.Rect(0, 0, width, m.Bounds().Dy()))
	draw.Draw(column, column.Rect, m, image.Pt(left, 0), draw.Src)
	row := func(y int) []byte { return column.Pix[y*column.Stride : y*column.Stride+4*width] }
	height := column.Rect.Dy()
	ground := bytes.Repeat(row(height - 1)[:4], width)
	for height > 1 && bytes.Equal(row(height-1), ground) {
		height--
	}
	column.Rect.Max.Y = height
	column.Pix = column.Pix[:height*column.Stride]
	return column
}
