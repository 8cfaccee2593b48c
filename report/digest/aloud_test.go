package digest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// maxAltText is Slack's limit for the alt text of a picture.
const maxAltText = 2000

// Every chart is also in words: its finding and each of its numbers. A picture has them as its alt
// text. Those of a chart that Slack draws are in the message and its thread. The test skips reports
// whose texts are cut because of very long names.
func TestCharts_SaidInWords(t *testing.T) {
	shown := make(map[string]int) // by kind of block
	for name, r := range weeks() {
		if name == "hostile" || name == "huge" {
			continue
		}
		for _, locale := range wording.Locales() {
			r.Locale = locale
			for _, problem := range unsaid(t, r, shown) {
				t.Errorf("%s, %s: %s", name, locale, problem)
			}
		}
	}
	if shown["image"] < 100 || shown["data_visualization"] < 100 {
		t.Errorf("only %v charts were checked", shown)
	}
	t.Logf("charts checked: %v", shown)
}

// A chart that could not be uploaded is in words, within Slack's limits.
func TestCharts_NotUploaded(t *testing.T) {
	lost := digest.Images(map[string]string{})
	_, full := overfull(t)
	all := map[string]*summary.Summary{"at the limits": full}
	for name, r := range weeks() {
		all[name] = say(t, r)
	}
	for name, s := range all {
		for _, mistake := range decode(t, encode(t, digest.Details(s, lost))).mistakes() {
			t.Errorf("%s: %s", name, mistake)
		}
		if name == "hostile" || name == "huge" || name == "at the limits" {
			continue
		}
		var words []string
		for _, d := range []digest.Digest{digest.Slack(s, lost), digest.Details(s, lost)} {
			if shown := chartsOf(d); shown != nil {
				t.Errorf("%s: %q are shown", name, shown)
			}
			for _, b := range d.Blocks.BlockSet {
				words = append(words, aloud(b)...)
			}
		}
		shown := slices.Concat(chartsOf(digest.Slack(s, digest.Images(nil))),
			chartsOf(digest.Details(s, digest.Images(nil))))
		for _, c := range s.Charts() {
			if slices.Contains(shown, c.Name) && c.Kind != summary.Heatmap {
				for _, missing := range missingWords(c, words) {
					t.Errorf("%s: nothing says %s", name, missing)
				}
			}
		}
	}
}

// unsaid returns what charts in the messages of a report show without words for it. It counts the
// charts in shown, by their kind of block.
func unsaid(t *testing.T, r *figures.Report, shown map[string]int) (problems []string) {
	s := say(t, r)
	charts := make(map[string]*summary.Chart)
	for _, c := range s.Charts() {
		charts["chart-"+c.Name] = c
	}
	for _, style := range []digest.Style{digest.Native, digest.Images(nil)} {
		blocks := slices.Concat(digest.Slack(s, style).Blocks.BlockSet,
			digest.Details(s, style).Blocks.BlockSet)
		var words []string // of the blocks that are not charts
		for _, b := range blocks {
			words = append(words, aloud(b)...)
		}
		for _, b := range blocks {
			c, said := charts[b.ID()], words
			switch b := b.(type) {
			case *slack.ImageBlock:
				said = []string{b.AltText}
				if n := len([]rune(b.AltText)); n > maxAltText {
					problems = append(problems, b.ID()+": the alt text is too long")
				}
			case *slack.DataVisualizationBlock:
			default:
				continue
			}
			shown[string(b.BlockType())]++
			for _, missing := range missingWords(c, said) {
				problems = append(problems, b.ID()+": nothing says "+missing)
			}
		}
	}
	return problems
}

var written = regexp.MustCompile(`\d[\d.,:\x{00a0}\x{202f}]*\d|\d`)

// missingWords returns the findings and the numbers of a chart that texts lack. A number must be in
// the same text as its day or week, such as a row of a table.
func missingWords(c *summary.Chart, texts []string) (missing []string) {
	all := strings.Join(texts, "\n")
	for _, number := range written.FindAllString(c.Title+" "+c.Subtitle, -1) {
		if !strings.Contains(all, number) {
			missing = append(missing, number+" of "+c.Title+": "+c.Subtitle)
		}
	}
	for _, item := range c.Items {
		label, numbers, _ := strings.Cut(item, ": ")
		value, _, _ := strings.Cut(numbers, ", ") // without the usual number
		number := written.FindString(value)       // empty: there is none
		// A text may lack room for the events of the day or week, and for what follows them.
		label, _, special := strings.Cut(label, " (")
		if !slices.ContainsFunc(texts, func(text string) bool {
			_, after, found := strings.Cut(text, label)
			return found && strings.Contains(after, number) ||
				special && strings.Contains(text, number)
		}) {
			missing = append(missing, item)
		}
	}
	return missing
}

// aloud returns the texts of a block that is not a chart, in their order. A row of a table is one
// text.
func aloud(b slack.Block) (lines []string) {
	switch b := b.(type) {
	case *slack.HeaderBlock:
		return []string{b.Text.Text}
	case *slack.ContextBlock:
		for _, e := range b.ContextElements.Elements {
			if text, ok := e.(*slack.TextBlockObject); ok {
				lines = append(lines, text.Text)
			}
		}
	case *slack.SectionBlock:
		for _, f := range b.Fields {
			lines = append(lines, f.Text)
		}
	case *slack.RichTextBlock:
		return texts(b.Elements)
	case *slack.TableBlock:
		for _, row := range b.Rows {
			var cells []string
			for _, cell := range row {
				switch cell := cell.(type) {
				case *slack.TableRawTextCell:
					cells = append(cells, cell.Text)
				case *slack.TableRichTextCell:
					cells = append(cells, texts(cell.Elements)...)
				}
			}
			lines = append(lines, strings.Join(cells, ", "))
		}
	}
	return lines
}
