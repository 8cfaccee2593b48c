package inspect

import (
	"fmt"
	"strings"
	"unicode"
)

// String returns the document in reading order. Headings, lists, tables and links look similar to
// Markdown.
func (d *Document) String() string {
	p := &printer{}
	p.line("Title: " + d.Title)
	p.line("Language: " + d.Lang)
	for _, f := range d.Files {
		p.line(fmt.Sprintf("File: %s, %s", f.Name, f.Description))
	}
	p.block(d.Root)
	return p.String()
}

// printer writes elements as lines.
type printer struct{ strings.Builder }

// line prints a line, without characters that a terminal obeys.
func (p *printer) line(text string) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, text)
	p.WriteString(strings.TrimRight(text, " ") + "\n")
}

// block prints an element on lines of its own.
func (p *printer) block(e *Element) {
	switch e.Role {
	case "Document":
		p.blocks(e)
	case "H1", "H2", "H3":
		p.line("")
		p.line(strings.Repeat("#", int(e.Role[1]-'0')) + " " + inline(e))
	case "L":
		p.line("")
		for _, item := range e.Find("LI") {
			p.item(item)
		}
	case "Figure":
		p.line("")
		p.line("[Figure: " + e.Alt + "]")
	case "Table":
		p.table(e)
	default:
		p.line("")
		p.line(inline(e))
	}
}

func (p *printer) blocks(e *Element) {
	for _, k := range e.Kids {
		if k.Element != nil {
			p.block(k.Element)
		} else if text := strings.TrimSpace(k.Text); text != "" {
			p.line("")
			p.line(text)
		}
	}
}

// item prints an item of a list: its label, if it has one, and its body.
func (p *printer) item(e *Element) {
	var parts []string
	for _, k := range e.Kids {
		if k.Element != nil {
			text := inline(k.Element)
			if k.Element.Role == "Lbl" {
				text = strings.TrimSuffix(text, ":")
			}
			parts = append(parts, text)
		}
	}
	p.line("- " + strings.Join(parts, ": "))
}

// table prints a table: a line for each row, and a rule after the head and before the foot.
func (p *printer) table(e *Element) {
	p.line("")
	if e.Summary != "" {
		p.line("[Table: " + e.Summary + "]")
	}
	for _, k := range e.Kids {
		group := k.Element
		if group == nil {
			continue
		}
		if group.Role == "TFoot" {
			p.line("---")
		}
		for _, row := range group.Find("TR") {
			var cells []string
			for _, k := range row.Kids {
				if k.Element != nil {
					cells = append(cells, inline(k.Element))
				}
			}
			p.line(strings.Join(cells, " | "))
		}
		if group.Role == "THead" {
			p.line("---")
		}
	}
}

// inline returns the text of an element on one line, with the targets of links, the words for signs
// and the languages of names.
func inline(e *Element) string {
	var b strings.Builder
	for _, k := range e.Kids {
		if k.Element == nil {
			b.WriteString(k.Text)
		} else {
			b.WriteString(nested(k.Element))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func nested(e *Element) string {
	said := e.Actual
	switch {
	case e.Alt != "":
		said = fmt.Sprintf(" [%s] ", e.Alt)
	case said == "" && e.Role == "Span":
		said = strings.Join(kidTexts(e), "")
	case said == "":
		said = inline(e)
	}
	if e.Lang != "" {
		said = fmt.Sprintf(" {%s: %s} ", e.Lang, strings.TrimSpace(said))
	}
	if e.Role == "Link" {
		said = fmt.Sprintf(" [%s](%s) ", strings.TrimSpace(said), e.Target)
	}
	return said
}

func kidTexts(e *Element) (texts []string) {
	for _, k := range e.Kids {
		if k.Element == nil {
			texts = append(texts, k.Text)
		} else {
			texts = append(texts, nested(k.Element))
		}
	}
	return texts
}
