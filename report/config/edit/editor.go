package edit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/report/config"
)

// An editor changes the text of a file, one value after the other. It reads the text again after
// each change. After an error it does nothing.
type editor struct {
	bom    []byte // before the text, if any
	opened []byte // the text without changes
	data   []byte // the text
	eol    string // line break of the file
	err    error

	root *yaml.Node // of data, a mapping; nil if there are no keys yet
	tree any        // of root
}

var utf8BOM = []byte("\ufeff")

// open reads a file. A new one begins with the header.
func (e *editor) open(data []byte, name, header string) error {
	e.eol = "\n"
	if rest, ok := bytes.CutPrefix(data, utf8BOM); ok {
		e.bom, data = utf8BOM, rest
	}
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		e.eol = "\r\n"
	}
	e.opened, e.data = data, data
	if len(bytes.TrimSpace(data)) == 0 {
		e.data = []byte(header)
	}
	root, tree, err := read(e.data)
	if err != nil {
		if _, mistakes := config.Parse(name, data); mistakes != nil {
			return mistakes
		}
		return err
	}
	e.root, e.tree = root, tree
	return nil
}

// header returns the comment at the beginning of a new file.
func header(name, stack string) string {
	tenant := strings.TrimSuffix(strings.TrimSuffix(name, ".yml"), ".yaml")
	return fmt.Sprintf(`# The bots of the tenant %[2]s, and who gets their reports. After a change:
#   kindly-weekly check %[1]s
#   kindly-weekly config push --stack %[3]s --tenant %[2]s --why "what changed" %[1]s
# report/config/README.md explains all keys.
`, name, tenant, cmp.Or(stack, "STACK"))
}

// notes are comments of keys of the top, and lines below those that are written anew.
var notes = map[string]string{
	"slack":    "the workspace; the secrets are in AWS Secrets Manager",
	"ops":      "who is told when something is wrong",
	"defaults": "for every bot that does not set them",
}

// hints are comments below keys that a new file gets.
const hints = `  # send: {day: monday, time: 08:00}   # in the bot's zone; about the week before
  # locale: nb                         # language of the reports: en, nb, sv, da or de
  # owner: kari@example.com            # answers questions about the reports
  # holidays: NO                       # weeks with a public holiday are not compared
  # targets: {fallback_rate: 8%}       # at most
`

var errDocument = errors.New("the file is not one YAML mapping")

// read returns the root of a text and its meaning. Both are nil for a text without keys.
func read(data []byte) (*yaml.Node, any, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	case !errors.Is(decoder.Decode(&second), io.EOF) || len(first.Content) != 1:
		return nil, nil, errDocument
	}
	root := first.Content[0]
	if isNull(root) {
		return nil, nil, nil
	}
	tree, ok := treeOf(root)
	if !ok || root.Kind != yaml.MappingNode {
		return nil, nil, errDocument
	}
	return root, tree, nil
}

// mapping returns the mapping at the path, empty if there is none.
func (e *editor) mapping(at ...any) map[string]any {
	m, _ := in(e.tree, at...).(map[string]any)
	return m
}

// text returns the text at the path, or "".
func (e *editor) text(at ...any) string {
	s, _ := in(e.tree, at...).(string)
	return s
}

// find returns the index of the bot with the ID, or -1.
func (e *editor) find(id string) int {
	bots, _ := e.mapping()["bots"].([]any)
	return slices.IndexFunc(bots, func(b any) bool { return textOf(b, "id") == id })
}

// node returns the node at the path, or the one above it that is there.
func (e *editor) node(at ...any) *yaml.Node {
	n := e.root
	for _, step := range at {
		var child *yaml.Node
		switch step := step.(type) {
		case int:
			if n.Kind == yaml.SequenceNode && step < len(n.Content) {
				child = n.Content[step]
			}
		case string:
			if i := keyOf(n, step); i >= 0 {
				child = n.Content[i+1]
			}
		}
		if child == nil {
			break
		}
		n = child
	}
	return n
}

// keyOf returns the index of the key in the content of a mapping, or -1.
func keyOf(n *yaml.Node, key string) int {
	if n == nil || n.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// fail ends the editing with an *Error.
func (e *editor) fail(n *yaml.Node, path, why, write string) {
	at := &Error{Line: 1, Column: 1, Path: path, Why: why, Write: write}
	if n != nil {
		at.Line, at.Column = n.Line, n.Column
	}
	e.err = at
}

// A splice replaces data[from:to] by text, which has \n as line breaks.
type splice struct {
	from, to int
	text     string
}

// change makes a change, after which the file must mean want. n and path are its place, and write
// is what to write by hand if it cannot be made.
func (e *editor) change(s splice, ok bool, want any, n *yaml.Node, path, write string) {
	if !ok {
		e.fail(n, path, "it is on several lines, or in a form that is not changed "+
			"automatically", write)
		return
	}
	if s.from == len(e.data) && s.from > 0 && e.data[s.from-1] != '\n' {
		s.text = "\n" + s.text
	}
	text := strings.ReplaceAll(s.text, "\n", e.eol)
	data := slices.Concat(e.data[:s.from], []byte(text), e.data[s.to:])
	root, tree, err := read(data)
	if err != nil || !reflect.DeepEqual(tree, want) {
		e.fail(n, path, "it cannot be added without changing something else", write)
		return
	}
	e.data, e.root, e.tree = data, root, tree
}

// set sets a key of the mapping at the path, which is a section of the file or a bot. The order is
// that of the mapping's keys. It does nothing if v is empty or there already.
func (e *editor) set(at []any, order []string, key string, v value) {
	there, found := e.mapping(at...)[key]
	if e.err != nil || v.empty() || found && same(there, v) {
		return
	}
	path := pathOf(append(slices.Clone(at), key))
	want := with(e.tree, append(slices.Clone(at), key), v.tree())
	m, ok := e.parent(at)
	if !ok {
		e.section(at[0].(string), block(entry{key, v}, 2), want, path)
		return
	}
	write := block(entry{key, v}, 0)
	if i := keyOf(m, key); i >= 0 {
		s, ok := e.replace(m, i, v)
		e.change(s, ok, want, m.Content[i], path, write)
		return
	}
	s, ok := e.insert(m, order, entry{key, v})
	e.change(s, ok, want, m, path, write)
}

// same reports whether what is there is the value.
func same(there any, v value) bool {
	all := texts(there)
	return len(all) == len(itemsOf(there)) && len(all) == len(v.items) &&
		!slices.ContainsFunc(v.items, func(it item) bool { return !slices.Contains(all, it.text) })
}

// parent returns the node of the mapping at the path. It returns false if there is none.
func (e *editor) parent(at []any) (*yaml.Node, bool) {
	if in(e.tree, at...) == nil {
		return nil, false
	}
	return e.node(at...), true
}

// section adds a key to the top of the file, with lines below it.
func (e *editor) section(key, lines string, want any, path string) {
	text := commented(key+":", notes[key]) + "\n" + lines
	if key == "defaults" && len(bytes.TrimSpace(e.opened)) == 0 {
		text += hints
	}
	from := len(e.data)
	apart := key == "defaults" || key == "bots" || e.root == nil
	if e.root != nil {
		from = e.after(e.root, topKeys, key)
	}
	if apart && from > 0 && !bytes.HasSuffix(e.data[:from], []byte("\n\n")) &&
		!bytes.HasSuffix(e.data[:from], []byte("\n\r\n")) {
		text = "\n" + text
	}
	// A file without empty lines has this one above defaults and bots.
	next, more := e.lineText(1 + bytes.Count(e.data[:from], []byte("\n")))
	if more && indentOf(next) >= 0 && (key == "defaults" || strings.HasPrefix(next, "defaults:") ||
		strings.HasPrefix(next, "bots:")) {
		text += "\n"
	}
	ok := e.root == nil || e.root.Style&yaml.FlowStyle == 0 && e.root.Column == 1
	e.change(splice{from, from, text}, ok, want, e.root, path, key+":\n"+lines)
}

// addItems adds the items of l to the list of a mapping's key that are not there.
func (e *editor) addItems(at []any, order []string, l list) {
	if e.err != nil {
		return
	}
	there, found := e.mapping(at...)[l.key]
	missing := l.missing(there)
	if len(missing.items) == 0 {
		return
	}
	if !found || there == (empty{}) || len(itemsOf(there)) == 0 {
		e.set(at, order, l.key, missing)
		return
	}
	all := slices.Clone(itemsOf(there))
	for _, it := range missing.items {
		all = append(all, it.text)
	}
	full := append(slices.Clone(at), l.key)
	m, _ := e.parent(at)
	n := m.Content[keyOf(m, l.key)+1]
	s, ok := e.append(n, missing)
	var write string // as further items
	for _, it := range missing.items {
		write += commented("- "+scalar(it.text), it.comment) + "\n"
	}
	e.change(s, ok, with(e.tree, full, all), n, pathOf(full), write)
}

// newBot adds a bot with the keys.
func (e *editor) newBot(keys []entry) {
	if e.err != nil {
		return
	}
	bot := make(map[string]any)
	for _, k := range keys {
		bot[k.key] = k.value.tree()
	}
	bots, _ := e.mapping()["bots"].([]any)
	at := []any{"bots", len(bots)}
	want := with(e.tree, at, bot)
	if i := keyOf(e.root, "bots"); i >= 0 {
		s, ok := e.appendBot(e.root, i, keys)
		e.change(s, ok, want, e.root.Content[i], pathOf(at), botLines(keys, 2))
		return
	}
	e.section("bots", botLines(keys, 2), want, pathOf(at))
}

// botLines returns a bot as an item of a list with the indentation.
func botLines(keys []entry, indent int) (lines string) {
	for _, k := range keys {
		lines += block(k, indent+2)
	}
	return strings.Repeat(" ", indent) + "- " + lines[indent+2:]
}

// pathOf returns bots[2].name.
func pathOf(at []any) string {
	var b strings.Builder
	for i, step := range at {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

// offset returns the byte at a node's place.
func (e *editor) offset(line, column int) int {
	at := e.line(line)
	for ; column > 1 && at < len(e.data); column-- {
		_, size := utf8.DecodeRune(e.data[at:])
		at += size
	}
	return at
}

// line returns the byte at which a line begins, counted from 1; the end of the text after the last.
func (e *editor) line(n int) int {
	at := 0
	for ; n > 1; n-- {
		i := bytes.IndexByte(e.data[at:], '\n')
		if i < 0 {
			return len(e.data)
		}
		at += i + 1
	}
	return at
}

// lineText returns a line without its break, and false after the last.
func (e *editor) lineText(n int) (string, bool) {
	at := e.line(n)
	if at >= len(e.data) {
		return "", false
	}
	text := e.data[at:]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return strings.TrimRight(string(text), "\r"), true
}
