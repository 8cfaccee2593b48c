package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/report/names"
)

const (
	enough  = 1000 // mistakes, after which no more are looked for
	longest = 1000 // entries of a list in a bot; in each every entry is held against all before it
)

// A reader walks a file's nodes, and notes every mistake on the way.
type reader struct {
	mistakes Mistakes
	warnings Mistakes                  // what earlier versions of this program took, see newly
	zones    map[string]*time.Location // that were named so far, by name: one is kilobytes, and most bots have the same
	cut      bool                      // something is left out, being beyond a limit
}

func (r *reader) wrong(n *yaml.Node, path, format string, args ...any) {
	r.mistakes.add(n, path, format, args...)
}

// newly is wrong for what earlier versions of this program took. The caller goes on as they did: in a file that is in
// force it is a warning.
func (r *reader) newly(n *yaml.Node, path, format string, args ...any) {
	r.warnings.add(n, path, format, args...)
}

func (m *Mistakes) add(n *yaml.Node, path, format string, args ...any) {
	one := Mistake{n.Line, n.Column, path, fmt.Sprintf(format, args...)}
	switch {
	case len(*m) == enough:
		one.Path = ""
		one.Message = fmt.Sprintf("there are more than %d mistakes: the others are found when these are mended", enough)
	case len(*m) > enough:
		return
	}
	*m = append(*m, one)
}

// all returns the mistakes and the warnings.
func (r *reader) all() Mistakes { return slices.Concat(r.mistakes, r.warnings) }

// full reports whether more mistakes would be no help.
func (r *reader) full() bool { return len(r.mistakes) > enough }

// document returns the node that holds everything, or nil after noting why there is none.
func (r *reader) document(data []byte) *yaml.Node {
	at := func(line, column int, format string, args ...any) *yaml.Node {
		r.wrong(&yaml.Node{Line: line, Column: column}, "", format, args...)
		return nil
	}
	if len(data) > Largest {
		r.mistakes = TooLarge()
		return nil
	}
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return at(1, 1, "the file is encoded as UTF-16: save it as UTF-8")
	}
	if i := bytes.IndexByte(data[:min(len(data), 4)], 0); i >= 0 && len(data) > 1 {
		return at(1, 1, "the file is encoded as UTF-16: save it as UTF-8")
	}
	for magic, what := range otherFiles {
		if bytes.HasPrefix(data, []byte(magic)) {
			return at(1, 1, "the file is %s: save it as plain text", what)
		}
	}
	data = commented(bytes.TrimPrefix(data, []byte("\ufeff")))
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && size == 1 {
			line, column := place(data, i)
			return at(line, column, "the byte %#02x is not UTF-8: save the file as UTF-8", data[i])
		}
		if !allowed(c) {
			line, column := place(data, i)
			return at(line, column, "%s cannot stand here: remove it", called(c))
		}
		i += size
	}

	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return at(1, 1, "the file is empty: "+oneBot)
	case err != nil:
		line, column, message := syntax(data, err)
		return at(line, column, "%s", message)
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		line, column, message := syntax(data, err)
		return at(line, column, "%s", message)
	default:
		return at(second.Line, second.Column,
			"a second document begins here: a file is one tenant; remove the ---, or make it a file of its own")
	}
	return first.Content[0]
}

// otherFiles are kinds of files, by how they begin, that editors write where plain text is meant.
var otherFiles = map[string]string{
	"PK\x03\x04": "a document of an office program", "\xd0\xcf\x11\xe0": "a document of an office program",
	`{\rtf`: "rich text (RTF)", "%PDF": "a PDF", "<!DOCTYPE": "a web page", "<html": "a web page", "<?xml": "XML",
}

var directive = regexp.MustCompile(`(?m)\A(?:[ \t]*(?:#.*)?\r?\n)*(%)YAML[ \t]+1\.\d`)

// commented returns the file with the directive %YAML 1.2 as a comment: the library knows version 1.1 only, and nothing that
// the format allows differs.
func commented(data []byte) []byte {
	if m := directive.FindSubmatchIndex(data); m != nil {
		data = bytes.Clone(data)
		data[m[2]] = '#'
	}
	return data
}

// allowed reports whether YAML lets the character stand in a file.
func allowed(c rune) bool {
	switch {
	case c == '\t', c == '\n', c == '\r', c == 0x85:
		return true
	case c < ' ', 0x7f <= c && c < 0xa0, c == 0xfeff, c == 0xfffe, c == 0xffff:
		return false
	}
	return true
}

// place returns where in the file the byte stands, counted from 1.
func place(data []byte, offset int) (line, column int) {
	before := data[:offset]
	begin := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[begin:])
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax explains why the file is no YAML. The library's line is that of the text it was in the middle of, and at
// times one less, or absent. So where it stopped reading is found out, and from there the first line at which it comes
// to the same end.
func syntax(data []byte, err error) (line, column int, message string) {
	begun, problem := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(problem); m != nil {
		problem = m[2]
		if m[1] != "" {
			fmt.Sscan(m[1], &begun)
		}
	}
	stopped, _ := stop(data)
	line, _ = place(data, len(bytes.TrimRight(data[:stopped], " \t\r\n")))
	lines := slices.Collect(bytes.Lines(data))
	// It looks ahead, but not far.
	for above, most := line-1, line-6; above > max(0, most); above-- {
		_, before := stop(bytes.Join(lines[:above], nil))
		if before == nil || !strings.HasSuffix(before.Error(), problem) {
			break
		}
		if len(bytes.TrimSpace(lines[above-1])) > 0 {
			line = above
		}
	}

	message = "this is not YAML: " + problem
	switch problem {
	case "mapping values are not allowed in this context":
		message = `a colon cannot stand here: either the line is indented too far, or the text needs "quotes"`
	case "found character that cannot start any token", "found a tab character that violates indentation":
		message = "a text that begins with @, ` or % needs \"quotes\""
		if text := lineOf(data, line); strings.HasPrefix(strings.TrimLeft(text, " "), "\t") {
			message = "indent with spaces, not with tabs"
		} else if strings.HasPrefix(text, "```") {
			message = "the marks around a block of code do not belong to the file: remove this line and the one at the end"
		}
	case "found unknown escape character":
		message = `in "double quotes" a \ means something: write \\, or 'single quotes'`
	case "could not find expected ':'":
		message = "a key is followed by a colon and a space: write key: value"
	case "found unexpected end of stream":
		line, message = begun, "the quote that begins here is never closed"
	case "did not find expected key":
		message = "this line does not fit those above: " +
			"indent it like the line it belongs beside, and look at its quotes and brackets"
		if m := apostrophe.FindString(lineOf(data, line)); m != "" {
			message = "the apostrophe in " + quote(m) + ` ends the quote: write "double quotes" around the text`
		}
	case "found incompatible YAML document":
		message = "the file is read as YAML 1.2: write %YAML 1.2, or remove the line"
	case "did not find expected comment or line break":
		message = "a text that begins with > or | goes on below: put it in \"quotes\", or remove the sign"
	case "did not find expected node content":
		message = "a value is expected here: look at the brackets, and put a text that begins with # or another special character in \"quotes\""
	case "did not find expected '-' indicator":
		message = "this line does not fit the list above: each item begins with - and items stand below one another"
	case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
		// The library means where the bracket opened, and counts that line from 0 unless it is the first.
		line = begun + 1
		if !strings.ContainsAny(lineOf(data, line), "[{") {
			line = begun
		}
		message = "the bracket that opens here is not closed, or a comma is missing in it"
	}
	if strings.HasPrefix(problem, "unknown anchor") {
		message = "aliases (*) are not read: what bots share stands in defaults"
	}
	if at, column, c := oddIn(data, line, stopped); c != 0 {
		return at, column, fmt.Sprintf("%s stands here: %s", called(c), retype(c))
	}
	text := lineOf(data, line)
	return line, 1 + len(text) - len(strings.TrimLeft(text, " \t")), message
}

// bullets begin the items of a list in a document.
const bullets = "•·▪◦●–—"

// oddIn returns the character of a line at which the file stops being YAML, or of the line above, that a keyboard does not
// type, if the file were YAML for longer without such characters; 0 if there is none.
func oddIn(data []byte, line, stopped int) (at, column int, c rune) {
	lines := slices.Collect(bytes.Lines(data))
	for at := line; at >= max(1, line-1) && at <= len(lines); at-- {
		text := string(lines[at-1])
		bullet := strings.TrimLeft(text, " ")
		if c, _ = utf8.DecodeRuneInString(bullet); !strings.ContainsRune(bullets, c) {
			bullet = ""
			if c = firstOdd(text); c <= '~' {
				continue
			}
		}
		var typed strings.Builder
		for _, c := range text {
			switch plain := strings.TrimSuffix(strings.TrimPrefix(names.Plain("a"+string(c)+"a"), "a"), "a"); {
			case c <= '~':
				typed.WriteRune(c)
			case strings.ContainsRune(bullets, c):
				typed.WriteByte('-')
			default:
				typed.WriteString(plain)
			}
		}
		with := slices.Clone(lines)
		with[at-1] = []byte(typed.String())
		if further, err := stop(bytes.Join(with, nil)); err == nil || further+len(text)-typed.Len() > stopped {
			return at, 1 + utf8.RuneCountInString(text[:strings.IndexRune(text, c)]), c
		}
	}
	return 0, 0, 0
}

// apostrophe finds a quoted text that one of its own apostrophes ends.
var apostrophe = regexp.MustCompile(`'[^']*'\pL[^',}\]]*'`)

// stop returns how many bytes the library takes before it is done with data, and why it cannot read it, if it cannot.
func stop(data []byte) (taken int, err error) {
	source := &oneByOne{data: data}
	decoder := yaml.NewDecoder(source)
	for err == nil {
		err = decoder.Decode(new(yaml.Node))
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return source.read, err
}

// lineOf returns the line, counted from 1, or "" if there is no such line.
func lineOf(data []byte, line int) string {
	for l := range bytes.Lines(data) {
		if line--; line == 0 {
			return strings.TrimRight(string(l), "\r\n")
		}
	}
	return ""
}

// oneByOne hands out its data a byte at a time, so that no more is taken than is looked at.
type oneByOne struct {
	data []byte
	read int
}

func (o *oneByOne) Read(p []byte) (int, error) {
	if o.read == len(o.data) {
		return 0, io.EOF
	}
	n := copy(p[:1], o.data[o.read:])
	o.read += n
	return n, nil
}

// refuse notes whatever YAML allows and this format does not. Aliases are never followed, so none can grow or turn
// back on itself.
func (r *reader) refuse(n *yaml.Node, path string, depth int) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.wrong(n, path, "aliases (*%s) are not read: what bots share stands in defaults", n.Value)
	case n.Anchor != "":
		r.wrong(n, path, "anchors (&%s) are not read: what bots share stands in defaults", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		r.wrong(n, path, "tags (%s) are not read: write the value alone", n.Tag)
	}
	// Deeper than the format goes, what matters is the mistake above.
	if depth == 8 || r.full() {
		return
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for i, item := range n.Content {
			r.refuse(item, element(path, i), depth+1)
		}
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			r.refuse(n.Content[i], path, depth+1)
			r.refuse(n.Content[i+1], member(path, n.Content[i].Value), depth+1)
		}
	}
}

func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

var digits = regexp.MustCompile(`^\d{1,9}$`)

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

func member(path, key string) string {
	if !plainKey.MatchString(key) {
		key = quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// A key is what may stand in a mapping, and how its value is read.
type key struct {
	name string
	read func(n *yaml.Node, path string)
}

// mapping reads n by its keys, and returns the nodes of all that stand there, nil if n is no mapping at all. Of a key
// that does not belong there elsewhere, if given, says where it does, or "".
func (r *reader) mapping(
	n *yaml.Node, path string, keys []key, elsewhere func(name string) string,
) map[string]*yaml.Node {
	allowed := make([]string, len(keys))
	for i, k := range keys {
		allowed[i] = k.name
	}
	if n.Kind != yaml.MappingNode {
		word, value, colon := strings.Cut(n.Value, ":")
		switch c := firstOdd(n.Value); {
		case n.Kind == yaml.ScalarNode && colon && c > '~':
			r.wrong(n, path, "%s stands in %s: %s", called(c), quote(n.Value), retype(c))
		case n.Kind == yaml.ScalarNode && value != "" && slices.Contains(allowed, word):
			r.wrong(n, path, "a space is missing behind the colon of %s: write %s: %s", word, word, strings.Fields(value)[0])
		case n.Kind != yaml.AliasNode:
			r.wrong(n, path, "is %s; here belong the keys %s, each with a colon and indented",
				kindOf(n), strings.Join(allowed, ", "))
		}
		return nil
	}
	found := map[string]*yaml.Node{}
	for i := 0; i < len(n.Content) && !r.full(); i += 2 {
		k, value := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			if k.Kind != yaml.AliasNode {
				r.wrong(k, path, "a key is a word, not %s", kindOf(k))
			}
			continue
		}
		name := k.Value
		if first, twice := found[name]; twice {
			r.wrong(k, member(path, name), "stands here twice, first on line %d: keep one", first.Line)
			continue
		}
		found[name] = k
		if i := slices.Index(allowed, name); i >= 0 {
			keys[i].read(value, member(path, name))
			continue
		}
		if plain := names.Plain(name); plain != name && firstOdd(name) > '~' {
			r.wrong(k, member(path, plain), "%s", oddKey(name, plain))
			found[plain] = k // or it would be missing
			continue
		}
		cure := meant(name, allowed, "here belong ")
		if k.Tag == "!!merge" {
			cure = "merge keys are not read; what bots share stands in defaults"
		} else if isNull(value) && i > 0 && digits.MatchString(name) && digits.MatchString(n.Content[i-1].Value) {
			cure = fmt.Sprintf("a comma begins a new key here: write %s.%s, with a point", n.Content[i-1].Value, name)
		} else if other := inOurWords(name, allowed); other != "" {
			cure = fmt.Sprintf("did you mean %q?", other)
		} else if elsewhere != nil {
			cure = cmp.Or(elsewhere(name), cure)
		}
		r.wrong(k, member(path, name), "is no key of this place: %s", cure)
	}
	return found
}

// list reads n, a list, item by item; a single scalar or mapping is a list of one. It reports whether n is a list.
func (r *reader) list(n *yaml.Node, path string, read func(n *yaml.Node, path string)) bool {
	switch {
	case n.Kind == yaml.SequenceNode && len(n.Content) > longest:
		r.wrong(n, path, "has %d entries; %d are read at most", len(n.Content), longest)
		return false
	case n.Kind == yaml.SequenceNode:
		for i := 0; i < len(n.Content) && !r.full(); i++ {
			read(n.Content[i], element(path, i))
		}
	case isNull(n):
		r.wrong(n, path, "has no value: write it, in \"quotes\" if it begins with #, or [] for none, or remove the key")
		return false
	case n.Kind == yaml.AliasNode:
		return false
	default:
		read(n, path)
	}
	return true
}

// text reads n, a scalar, as it is written. Nothing is a mistake.
func (r *reader) text(n *yaml.Node, path string) (string, bool) {
	switch {
	case n.Kind == yaml.AliasNode:
	case isNull(n):
		r.wrong(n, path, "has no value: write it, in \"quotes\" if it begins with #, or remove the key")
	case n.Kind != yaml.ScalarNode:
		r.wrong(n, path, "is %s; here belongs a single value", kindOf(n))
	case strings.TrimSpace(n.Value) == "":
		r.wrong(n, path, "is empty: write a value, or remove the key")
	default:
		return n.Value, true
	}
	return "", false
}

// words reads n, a list of scalars.
func (r *reader) words(n *yaml.Node, path string, read func(n *yaml.Node, path, word string)) bool {
	return r.list(n, path, func(n *yaml.Node, path string) {
		if word, ok := r.text(n, path); ok {
			read(n, path, word)
		}
	})
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "empty"
	}
	return "the text " + quote(n.Value)
}
