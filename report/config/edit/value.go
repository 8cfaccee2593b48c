package edit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A value is what a key gets: a text, or a list of texts.
type value struct {
	items []item
	list  bool // written as a list even if it has one item, or none
}

// An item is a text with the comment after it.
type item struct{ text, comment string }

// An entry is a key with its value.
type entry struct {
	key   string
	value value
}

func one(text string) value {
	if text == "" {
		return value{}
	}
	return value{items: []item{{text: text}}}
}

func several(texts []string) value {
	v := value{list: len(texts) != 1}
	for _, t := range texts {
		v.items = append(v.items, item{text: t})
	}
	return v
}

// empty reports whether there is nothing to set.
func (v value) empty() bool { return len(v.items) == 0 && !v.list }

// tree returns the value as [treeOf] returns it.
func (v value) tree() any {
	if len(v.items) == 1 && !v.list {
		return v.items[0].text
	}
	all := []any{}
	for _, it := range v.items {
		all = append(all, it.text)
	}
	return all
}

// flow returns the value on one line, without comments.
func (v value) flow() string {
	if len(v.items) == 1 && !v.list {
		return scalar(v.items[0].text)
	}
	var all []string
	for _, it := range v.items {
		all = append(all, scalar(it.text))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// commentColumn is where comments begin, counted from 0.
const commentColumn = 37

// commented returns a line with the comment after it.
func commented(line, comment string) string {
	if comment == "" {
		return line
	}
	return line + strings.Repeat(" ", max(2, commentColumn-utf8.RuneCountInString(line))) + "# " +
		comment
}

// widest is how wide a list on one line may be.
const widest = 80

// block returns an entry as lines with the indentation, and \n after each.
func block(e entry, indent int) string {
	space := strings.Repeat(" ", indent)
	plain := true
	for _, it := range e.value.items {
		plain = plain && it.comment == ""
	}
	line := space + e.key + ": " + e.value.flow()
	if n := len(e.value.items); n == 1 && !e.value.list {
		return commented(line, e.value.items[0].comment) + "\n"
	} else if n == 0 || plain && len(line) <= widest && !strings.Contains(line, "@") {
		return line + "\n"
	}
	lines := space + e.key + ":\n"
	for _, it := range e.value.items {
		lines += commented(space+"  - "+scalar(it.text), it.comment) + "\n"
	}
	return lines
}

// scalar returns a text as YAML reads it back, on one line, also within brackets.
func scalar(text string) string {
	if reads(text, text) {
		return text
	}
	double := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	single := "'" + text + "'"
	if strings.Contains(text, `"`) && reads(single, text) {
		return single
	}
	if reads(double, text) {
		return double
	}
	data, _ := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str",
		Style: yaml.DoubleQuotedStyle, Value: text}) // a text always has YAML
	return strings.Join(strings.Fields(string(data)), " ")
}

// reads reports whether YAML reads the source as the text, also within brackets.
func reads(source, text string) bool {
	var list yaml.Node
	if yaml.Unmarshal([]byte("["+source+"]"), &list) != nil || len(list.Content) != 1 ||
		len(list.Content[0].Content) != 1 {
		return false
	}
	n := list.Content[0].Content[0]
	return n.Kind == yaml.ScalarNode && n.Value == text && n.Tag != "!!null" && n.Tag != "!!merge" &&
		n.LineComment+n.HeadComment+n.FootComment+n.Anchor == "" &&
		n.Style&yaml.TaggedStyle == 0
}

// oneLine returns a text for a comment: without control characters, and not long.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if r := []rune(s); len(r) > 80 {
		s = string(r[:79]) + "…"
	}
	return s
}
