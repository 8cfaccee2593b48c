package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// document returns the root node of a file, or nil with a mistake if the file is no YAML document.
func (r *reader) document(data []byte) *yaml.Node {
	at := func(line, column int, format string, args ...any) *yaml.Node {
		r.errorf(&yaml.Node{Line: line, Column: column}, "", format, args...)
		return nil
	}
	if len(data) > Largest {
		r.mistakes = TooLarge()
		return nil
	}
	if what := otherFile(data); what != "" {
		return at(1, 1, "the file is %s", what)
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
			return at(line, column, "%s is not allowed in YAML: remove it", called(c))
		}
		i += size
	}

	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	err := decoder.Decode(&first)
	if errors.Is(err, io.EOF) {
		return at(1, 1, "the file is empty: "+oneBot)
	}
	if err == nil {
		err = decoder.Decode(&second)
	}
	switch {
	case errors.Is(err, io.EOF):
		return first.Content[0]
	case err != nil:
		line, column, message := syntax(data, err)
		return at(line, column, "%s", message)
	}
	return at(second.Line, second.Column, "a second document begins here, but a file describes "+
		"one tenant: remove the ---, or make it a file of its own")
}

// otherFiles are kinds of files that editors write in place of plain text, by how they begin.
var otherFiles = map[string]string{
	"\xff\xfe": utf16, "\xfe\xff": utf16,
	"PK\x03\x04": office, "\xd0\xcf\x11\xe0": office,
	`{\rtf`:     "rich text (RTF): save it as plain text",
	"%PDF":      "a PDF: save it as plain text",
	"<!DOCTYPE": "a web page: save it as plain text",
	"<html":     "a web page: save it as plain text",
	"<?xml":     "XML: save it as plain text",
}

const (
	utf16  = "encoded as UTF-16: save it as UTF-8"
	office = "a document of an office program: save it as plain text"
)

// otherFile returns what a file is if it is no plain text, and what to do; otherwise "".
func otherFile(data []byte) string {
	for magic, what := range otherFiles {
		if bytes.HasPrefix(data, []byte(magic)) {
			return what
		}
	}
	if len(data) > 1 && bytes.IndexByte(data[:min(len(data), 4)], 0) >= 0 {
		return utf16
	}
	return ""
}

var directive = regexp.MustCompile(`(?m)\A(?:[ \t]*(?:#.*)?\r?\n)*(%)YAML[ \t]+1\.\d`)

// commented returns the file with the directive %YAML 1.2 as a comment. The library accepts version
// 1.1 only. The two do not differ in what the format allows.
func commented(data []byte) []byte {
	if m := directive.FindSubmatchIndex(data); m != nil {
		data = bytes.Clone(data)
		data[m[2]] = '#'
	}
	return data
}

// allowed reports whether YAML allows the character in a file.
func allowed(c rune) bool {
	switch {
	case c == '\t', c == '\n', c == '\r', c == 0x85:
		return true
	case c < ' ', 0x7f <= c && c < 0xa0, c == 0xfeff, c == 0xfffe, c == 0xffff:
		return false
	}
	return true
}

// place returns the line and the column of a byte of the file, from 1.
func place(data []byte, offset int) (line, column int) {
	before := data[:offset]
	begin := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[begin:])
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax explains the library's error, and says where it is.
func syntax(data []byte, err error) (line, column int, message string) {
	begun, problem := 1, err.Error() // begun: the line of the text or bracket that is not closed
	if m := yamlLine.FindStringSubmatch(problem); m != nil {
		problem = m[2]
		if m[1] != "" {
			fmt.Sscan(m[1], &begun)
		}
	}
	line, stopped := errorLine(data, problem)
	switch problem {
	case "found unexpected end of stream":
		line = begun
	case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
		// The library counts the line of the bracket from 0, unless it is the first.
		line = begun + 1
		if !strings.ContainsAny(lineOf(data, line), "[{") {
			line = begun
		}
	}
	if at, column, c := oddIn(data, line, stopped); c != 0 {
		return at, column, fmt.Sprintf("%s is here: %s", called(c), retype(c))
	}
	text := lineOf(data, line)
	return line, 1 + len(text) - len(strings.TrimLeft(text, " \t")), explain(problem, text)
}

// errorLine returns the line of an error, and after how many bytes the library stopped reading. The
// library's own line is that of the text that it was reading, or one less, or absent. So the line
// is the first one before the stop at which a shorter file ends in the same problem.
func errorLine(data []byte, problem string) (line, stopped int) {
	stopped, _ = stop(data)
	line, _ = place(data, len(bytes.TrimRight(data[:stopped], " \t\r\n")))
	lines := slices.Collect(bytes.Lines(data))
	// The library reads a few lines ahead.
	for above, least := line-1, max(0, line-6); above > least; above-- {
		_, before := stop(bytes.Join(lines[:above], nil))
		if before == nil || !strings.HasSuffix(before.Error(), problem) {
			break
		}
		if len(bytes.TrimSpace(lines[above-1])) > 0 {
			line = above
		}
	}
	return line, stopped
}

const (
	badStart    = "a text that begins with @, ` or % needs \"quotes\""
	openBracket = "the bracket that opens here is not closed, or a comma is missing in it"
)

// problems are messages for the library's errors.
var problems = map[string]string{
	"mapping values are not allowed in this context": "a colon is not allowed here: " +
		`either the line is indented too far, or the text needs "quotes"`,
	"found character that cannot start any token":     badStart,
	"found a tab character that violates indentation": badStart,
	"found unknown escape character": `in "double quotes" a \ has a special meaning: write \\, ` +
		"or 'single quotes'",
	"could not find expected ':'": "a colon and a space are missing after the key: " +
		"write key: value",
	"found unexpected end of stream": "the quote that begins here is never closed",
	"did not find expected key": "this line does not fit those above: indent it like the line it " +
		"belongs beside, and check its quotes and brackets",
	"found incompatible YAML document": "the file is read as YAML 1.2: write %YAML 1.2, " +
		"or remove the line",
	"did not find expected comment or line break": "a text that begins with > or | " +
		`continues below: put it in "quotes", or remove the sign`,
	"did not find expected node content": "a value is expected here: check the brackets, " +
		`and put a text that begins with # or another special character in "quotes"`,
	"did not find expected '-' indicator": "this line does not fit the list above: " +
		"each item begins with -, and the items begin in the same column",
	"did not find expected ',' or ']'": openBracket,
	"did not find expected ',' or '}'": openBracket,
}

// apostrophe finds a quoted text that one of its own apostrophes ends.
var apostrophe = regexp.MustCompile(`'[^']*'\pL[^',}\]]*'`)

// explain returns the message for the library's problem with a line.
func explain(problem, text string) string {
	message := problems[problem]
	apostrophe := apostrophe.FindString(text)
	switch {
	case strings.HasPrefix(problem, "unknown anchor"):
		return fmt.Sprintf(noAlias, "")
	case message == "":
		return "this is not YAML: " + problem
	case message == badStart && strings.HasPrefix(strings.TrimLeft(text, " "), "\t"):
		return "indent with spaces, not with tabs"
	case message == badStart && strings.HasPrefix(text, "```"):
		return "the marks of a code block are not part of the file: remove this line and the " +
			"last one"
	case problem == "did not find expected key" && apostrophe != "":
		return "the apostrophe in " + quote(apostrophe) + " ends the quote: " +
			`write "double quotes" around the text`
	}
	return message
}

// bullets begin the items of a list in a document.
const bullets = "•·▪◦●–—"

// oddIn finds a character, in the line at which the file stops being YAML or the line above, that a
// keyboard does not type. Without such characters more of the file is YAML. c is 0 if there is
// none.
func oddIn(data []byte, line, stopped int) (at, column int, c rune) {
	lines := slices.Collect(bytes.Lines(data))
	for at := line; at >= max(1, line-1) && at <= len(lines); at-- {
		text := string(lines[at-1])
		c, _ = utf8.DecodeRuneInString(strings.TrimLeft(text, " "))
		if !strings.ContainsRune(bullets, c) {
			if c = firstOdd(text); c <= '~' {
				continue
			}
		}
		var typed strings.Builder
		for _, c := range text {
			switch {
			case c <= '~':
				typed.WriteRune(c)
			case strings.ContainsRune(bullets, c):
				typed.WriteByte('-')
			default:
				typed.WriteString(plainOf(c))
			}
		}
		with := slices.Clone(lines)
		with[at-1] = []byte(typed.String())
		further, err := stop(bytes.Join(with, nil))
		if err == nil || further+len(text)-typed.Len() > stopped {
			return at, 1 + utf8.RuneCountInString(text[:strings.IndexRune(text, c)]), c
		}
	}
	return 0, 0, 0
}

// stop returns how many bytes the library reads until it is done with data, and its error if data
// is not YAML.
func stop(data []byte) (read int, err error) {
	source := oneByte{bytes.NewReader(data)}
	decoder := yaml.NewDecoder(source)
	for err == nil {
		err = decoder.Decode(new(yaml.Node))
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return len(data) - source.Len(), err
}

// oneByte reads a byte at a time, so that the library reads no more than it looks at.
type oneByte struct{ *bytes.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.Reader.Read(p[:1]) }

// lineOf returns the line, counted from 1, or "" if there is no such line.
func lineOf(data []byte, line int) string {
	for l := range bytes.Lines(data) {
		if line--; line == 0 {
			return strings.TrimRight(string(l), "\r\n")
		}
	}
	return ""
}
