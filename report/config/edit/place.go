package edit

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// This file finds the places in the text at which a value begins and ends.

// end returns the byte after a node that is a scalar on one line, quoted, or in brackets. It
// returns false for other nodes.
func (e *editor) end(n *yaml.Node) (int, bool) {
	from := e.offset(n.Line, n.Column)
	if from >= len(e.data) {
		return 0, false
	}
	switch {
	case n.Kind == yaml.ScalarNode && n.Style&yaml.DoubleQuotedStyle != 0:
		for i := from + 1; i < len(e.data); i++ {
			switch e.data[i] {
			case '\\':
				i++
			case '"':
				return i + 1, true
			}
		}
	case n.Kind == yaml.ScalarNode && n.Style&yaml.SingleQuotedStyle != 0:
		for i := from + 1; i < len(e.data); i++ {
			if e.data[i] != '\'' {
				continue
			}
			if i++; i >= len(e.data) || e.data[i] != '\'' {
				return i, true
			}
		}
	case n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0:
		return from + len(n.Value), n.Value != "" && bytes.HasPrefix(e.data[from:], []byte(n.Value))
	case n.Style&yaml.FlowStyle != 0:
		i, ok := from+1, true
		if len(n.Content) > 0 {
			i, ok = e.end(n.Content[len(n.Content)-1])
		}
		for ; ok && i < len(e.data); i++ {
			switch e.data[i] {
			case ']', '}':
				return i + 1, true
			case '#':
				i = e.lineEnd(i)
			}
		}
	}
	return 0, false
}

// lineEnd returns the byte of the line break at or after i.
func (e *editor) lineEnd(i int) int {
	if j := bytes.IndexByte(e.data[i:], '\n'); j >= 0 {
		return i + j
	}
	return len(e.data)
}

// lastLine returns the last line of a node in a block that begins in the column, from 1.
func (e *editor) lastLine(n *yaml.Node, column int) int {
	if to, ok := e.end(n); ok {
		return 1 + bytes.Count(e.data[:to], []byte("\n"))
	}
	if len(n.Content) > 0 {
		last := n.Content[len(n.Content)-1]
		if n.Kind == yaml.MappingNode && isNull(last) && last.Value == "" {
			last = n.Content[len(n.Content)-2] // a key without a value
		}
		return e.lastLine(last, n.Column)
	}
	// A text of several lines ends before the first one that is not indented.
	line := n.Line
	for i := n.Line + 1; ; i++ {
		text, ok := e.lineText(i)
		if indent := indentOf(text); !ok || indent >= 0 && indent < column {
			return line
		} else if indent >= 0 {
			line = i
		}
	}
}

// indentOf returns how many spaces a line begins with, or -1 for an empty line.
func indentOf(line string) int {
	rest := strings.TrimLeft(line, " ")
	if strings.TrimSpace(rest) == "" {
		return -1
	}
	return len(line) - len(rest)
}

// entryEnd returns the last line of the i-th entry of a block: of its value, and of the comments
// that belong to it. Those are indented further, or follow the last entry of the block.
func (e *editor) entryEnd(n *yaml.Node, i int) int {
	value := n.Content[i]
	if n.Kind == yaml.MappingNode {
		if value = n.Content[i+1]; isNull(value) && value.Value == "" {
			value = n.Content[i]
		}
	}
	line, isLast := e.lastLine(value, n.Column), value == n.Content[len(n.Content)-1] ||
		n.Kind == yaml.MappingNode && i == len(n.Content)-2
	for next := line + 1; ; next++ {
		text, _ := e.lineText(next)
		indent := indentOf(text)
		if indent < 0 || text[indent] != '#' || indent < n.Column-1 ||
			indent == n.Column-1 && !(isLast && n.Column > 1) {
			return line
		}
		line = next
	}
}

// after returns the byte at which a new line with the key begins in a block mapping: after the last
// of the keys before it in the order, or before all.
func (e *editor) after(m *yaml.Node, order []string, key string) int {
	last := -1
	for i := 0; i < len(m.Content); i += 2 {
		if at := slices.Index(order, m.Content[i].Value); at >= 0 && at < slices.Index(order, key) {
			last = i
		}
	}
	if last >= 0 {
		return e.line(e.entryEnd(m, last) + 1)
	}
	first := m.Content[0].Line
	if before, _ := e.lineText(first); indentOf(before) != m.Column-1 {
		return e.line(e.entryEnd(m, 0) + 1) // it follows the - of a list
	}
	above := first
	for above > 1 {
		text, _ := e.lineText(above - 1)
		if indent := indentOf(text); indent < 0 || text[indent] != '#' {
			break
		}
		above--
	}
	if above == 1 && m.Column == 1 {
		return e.line(first) // below the comment at the beginning of the file
	}
	return e.line(above)
}

// insert returns the splice that adds an entry to a mapping. It returns false if the mapping is
// written in a way that is not understood.
func (e *editor) insert(m *yaml.Node, order []string, add entry) (splice, bool) {
	switch {
	case isNull(m) && m.Value == "": // a key with nothing but comments below it
		at := e.line(m.Line + 1)
		return splice{at, at, block(add, 2)}, true
	case m.Kind != yaml.MappingNode:
		return splice{}, false
	case m.Style&yaml.FlowStyle != 0:
		return e.insertFlow(m, add.key+": "+add.value.flow())
	}
	at := e.after(m, order, add.key)
	return splice{at, at, block(add, m.Column-1)}, true
}

// insertFlow returns the splice that adds a text at the end of a node in brackets.
func (e *editor) insertFlow(n *yaml.Node, text string) (splice, bool) {
	if len(n.Content) == 0 {
		at := e.offset(n.Line, n.Column) + 1
		return splice{at, at, text}, true
	}
	at, ok := e.end(n.Content[len(n.Content)-1])
	return splice{at, at, ", " + text}, ok
}

// replace returns the splice that replaces the value of the i-th key.
func (e *editor) replace(m *yaml.Node, i int, v value) (splice, bool) {
	key, old := m.Content[i], m.Content[i+1]
	from := e.offset(old.Line, old.Column)
	to, ok := e.end(old)
	if !ok && (isNull(old) && old.Value == "" || old.Kind == yaml.SequenceNode) {
		at, ok := e.end(key)
		colon := bytes.IndexByte(e.data[at:], ':')
		if !ok || colon < 0 {
			return splice{}, false
		}
		at += colon + 1
		to = at
		if old.Kind == yaml.SequenceNode { // on lines of its own
			to = e.lineEnd(e.line(e.lastLine(old, m.Column)))
			to -= len(e.data[:to]) - len(bytes.TrimRight(e.data[:to], "\r"))
		}
		return splice{at, to, " " + v.flow()}, !bytes.Contains(e.data[at:to], []byte("#"))
	}
	if !ok {
		return splice{}, false
	}
	if bytes.Contains(e.data[from:to], []byte("#")) && old.Kind != yaml.ScalarNode {
		return splice{}, false // a comment in a list
	}
	text := v.flow()
	// A comment after the value stays in its column if it can.
	rest := e.data[to:e.lineEnd(to)]
	if spaces := len(rest) - len(bytes.TrimLeft(rest, " ")); spaces > 1 &&
		bytes.HasPrefix(rest[spaces:], []byte("#")) {
		width := max(1, spaces+to-from-len(text))
		return splice{from, to + spaces, text + strings.Repeat(" ", width)}, true
	}
	return splice{from, to, text}, true
}

// append returns the splice that adds items to a list, or to a single value, which is a list of
// one.
func (e *editor) append(n *yaml.Node, v value) (splice, bool) {
	flow := value{items: v.items, list: true}.flow()
	flow = flow[1 : len(flow)-1]
	switch {
	case n.Kind == yaml.SequenceNode && n.Style&yaml.FlowStyle != 0:
		return e.insertFlow(n, flow)
	case n.Kind == yaml.SequenceNode:
		at := e.line(e.entryEnd(n, len(n.Content)-1) + 1)
		dash := strings.Repeat(" ", n.Column-1) + "- "
		var lines string
		for _, it := range v.items {
			lines += commented(dash+scalar(it.text), it.comment) + "\n"
		}
		return splice{at, at, lines}, true
	}
	from := e.offset(n.Line, n.Column)
	to, ok := e.end(n)
	if !ok {
		return splice{}, false
	}
	return splice{from, to, "[" + string(e.data[from:to]) + ", " + flow + "]"}, true
}

// appendBot returns the splice that adds a bot to the list that is the value of the i-th key.
func (e *editor) appendBot(m *yaml.Node, i int, keys []entry) (splice, bool) {
	n := m.Content[i+1]
	switch {
	case isNull(n) && n.Value == "":
		at := e.line(m.Content[i].Line + 1)
		return splice{at, at, botLines(keys, 2)}, true
	case n.Kind != yaml.SequenceNode:
		return splice{}, false
	case n.Style&yaml.FlowStyle != 0:
		var all []string
		for _, k := range keys {
			all = append(all, k.key+": "+k.value.flow())
		}
		return e.insertFlow(n, "{"+strings.Join(all, ", ")+"}")
	}
	last := len(n.Content) - 1
	at := e.line(e.entryEnd(n, last) + 1)
	lines := botLines(keys, n.Column-1)
	// An empty line above it, unless the last two bots have none between them.
	apart := last == 0
	for line := n.Content[last].Line; last > 0 && line > e.entryEnd(n, last-1); line-- {
		text, _ := e.lineText(line)
		apart = apart || indentOf(text) < 0
	}
	if apart {
		lines = "\n" + lines
	}
	return splice{at, at, lines}, true
}
