package inspect

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// The values of PDF (ISO 32000-1, 7.3). Other values are bool, float64, string, []any and nil. A
// string has the bytes of the file, see textOf.
type (
	name     string
	ref      int // the number of an object
	dict     map[name]any
	operator string // of a content stream
	stream   struct {
		dict dict
		data []byte // as in the file
	}
)

// scanner reads values.
type scanner struct {
	data []byte
	at   int
}

var errEnd = errors.New("the data end too early")

func isSpace(c byte) bool { return strings.IndexByte("\x00\t\n\f\r ", c) >= 0 }

func isDelimiter(c byte) bool { return strings.IndexByte("()<>[]{}/%", c) >= 0 }

// space skips white space and comments. It reports whether something follows.
func (s *scanner) space() bool {
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; {
		case c == '%':
			for s.at+1 < len(s.data) && s.data[s.at+1] != '\n' && s.data[s.at+1] != '\r' {
				s.at++
			}
		case !isSpace(c):
			return true
		}
	}
	return false
}

func (s *scanner) accept(token string) bool {
	if bytes.HasPrefix(s.data[s.at:], []byte(token)) {
		s.at += len(token)
		return true
	}
	return false
}

// mostNested is the maximum depth of nested values. It bounds the stack.
const mostNested = 50

// value reads a value.
func (s *scanner) value() (any, error) { return s.nested(mostNested) }

func (s *scanner) nested(levels int) (any, error) {
	if !s.space() {
		return nil, errEnd
	}
	if levels == 0 {
		return nil, errors.New("values are nested too deep")
	}
	switch {
	case s.accept("<<"):
		values, err := s.until(">>", levels-1)
		if err != nil || len(values)%2 != 0 {
			return nil, fmt.Errorf("a dictionary that is not pairs: %w", cmpErr(err))
		}
		d := make(dict, len(values)/2)
		for i := 0; i < len(values); i += 2 {
			key, ok := values[i].(name)
			if !ok {
				return nil, fmt.Errorf("%v as a key of a dictionary", values[i])
			}
			d[key] = values[i+1]
		}
		return d, nil
	case s.accept("["):
		return s.until("]", levels-1)
	case s.accept("<"):
		return s.hex()
	case s.accept("("):
		return s.literal()
	case s.accept("/"):
		return s.name(), nil
	}
	return s.word()
}

func cmpErr(err error) error {
	if err == nil {
		return errors.New("an odd number of values")
	}
	return err
}

// until reads values up to a token.
func (s *scanner) until(end string, levels int) ([]any, error) {
	values := []any{}
	for {
		if !s.space() {
			return nil, errEnd
		}
		if s.accept(end) {
			return values, nil
		}
		v, err := s.nested(levels)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
}

// token reads up to white space or a delimiter.
func (s *scanner) token() string {
	from := s.at
	for s.at < len(s.data) && !isSpace(s.data[s.at]) && !isDelimiter(s.data[s.at]) {
		s.at++
	}
	return string(s.data[from:s.at])
}

func (s *scanner) name() name {
	parts := strings.Split(s.token(), "#")
	for i, part := range parts[1:] {
		if len(part) >= 2 {
			if c, err := strconv.ParseUint(part[:2], 16, 8); err == nil {
				parts[i+1] = string([]byte{byte(c)}) + part[2:]
				continue
			}
		}
		parts[i+1] = "#" + part
	}
	return name(strings.Join(parts, ""))
}

// word reads a number, a reference, a constant or an operator.
func (s *scanner) word() (any, error) {
	token := s.token()
	switch token {
	case "":
		return nil, fmt.Errorf("%q where a value is expected", s.data[s.at])
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	v, err := strconv.ParseFloat(token, 64)
	if err != nil {
		return operator(token), nil
	}
	if n, err := strconv.Atoi(token); err == nil && n > 0 {
		if rest := s.data[s.at:]; bytes.HasPrefix(rest, []byte(" 0 R")) &&
			(len(rest) == 4 || isSpace(rest[4]) || isDelimiter(rest[4])) {
			s.at += 4
			return ref(n), nil
		}
	}
	return v, nil
}

// hex reads a string of hexadecimal digits.
func (s *scanner) hex() (string, error) {
	n := bytes.IndexByte(s.data[s.at:], '>')
	if n < 0 {
		return "", errEnd
	}
	digits := string(bytes.Join(bytes.Fields(s.data[s.at:s.at+n]), nil))
	s.at += n + 1
	if len(digits)%2 == 1 {
		digits += "0"
	}
	b := make([]byte, len(digits)/2)
	for i := range b {
		c, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			return "", fmt.Errorf("a string with the digits %q", digits[2*i:2*i+2])
		}
		b[i] = byte(c)
	}
	return string(b), nil
}

// literal reads a string in parentheses.
func (s *scanner) literal() (string, error) {
	var b []byte
	for depth := 1; s.at < len(s.data); {
		c := s.data[s.at]
		s.at++
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return string(b), nil
			}
		case '\\':
			var ok bool
			if c, ok = s.escaped(); !ok {
				continue
			}
		}
		b = append(b, c)
	}
	return "", errEnd
}

// escaped reads what follows a backslash. It returns false for a line break, which adds no byte to
// the string.
func (s *scanner) escaped() (byte, bool) {
	if s.at >= len(s.data) {
		return 0, false
	}
	c := s.data[s.at]
	s.at++
	if i := strings.IndexByte("nrtbf", c); i >= 0 {
		return "\n\r\t\b\f"[i], true
	}
	switch {
	case c == '\r':
		s.accept("\n")
		return 0, false
	case c == '\n':
		return 0, false
	case c < '0' || c > '7':
		return c, true
	}
	code := c - '0'
	for range 2 {
		if s.at >= len(s.data) || s.data[s.at] < '0' || s.data[s.at] > '7' {
			break
		}
		code = code<<3 | s.data[s.at] - '0'
		s.at++
	}
	return code, true
}

// textOf returns a string as text. It is UTF-16 if it begins with a byte order mark, and otherwise
// ASCII.
func (f *file) textOf(v any) string {
	s, _ := v.(string)
	if !f.spend(len(s)) {
		return ""
	}
	if rest, ok := strings.CutPrefix(s, "\xfe\xff"); ok {
		return utf16Text(rest)
	}
	return s
}

func utf16Text(s string) string {
	units := make([]uint16, len(s)/2)
	for i := range units {
		units[i] = uint16(s[2*i])<<8 | uint16(s[2*i+1])
	}
	return string(utf16.Decode(units))
}
