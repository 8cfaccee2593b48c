package mail

import (
	"encoding/base64"
	"fmt"
	netmail "net/mail"
	"strings"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/names"
)

// What RFC 2047 and RFC 5322 allow.
const (
	maxWord = 75 // characters of an encoded word
	maxLine = 76 // of a line that has one
)

// mostPhrase is how many characters of a name are kept before an address.
const mostPhrase = 300

// Header returns the From, To, Reply-To and Subject fields of a message, each with CRLF. It fails
// if an address of the envelope is not valid. Names and subject that are not ASCII are written as
// encoded words. Readers decode these one by one, so that each has whole grapheme clusters and ends
// between two words of the text if it can.
func (e Envelope) Header(subject string) ([]byte, error) {
	to, err := e.parse("")
	if err != nil {
		return nil, err
	}
	return to.header(subject), nil
}

func (p parties) header(subject string) []byte {
	var b strings.Builder
	writeField(&b, "From", recipients("From", p.from))
	if len(p.to) > 0 {
		writeField(&b, "To", recipients("To", p.to...))
	} else {
		writeField(&b, "To", []string{"undisclosed-recipients:;"})
	}
	if p.replyTo != nil {
		writeField(&b, "Reply-To", recipients("Reply-To", p.replyTo))
	}
	writeField(&b, "Subject", encodedWords(subject, room("Subject")))
	return []byte(b.String())
}

// Address returns an address for a header, on one line. It leaves out a name in which nothing can
// be seen.
func Address(name, address string) string {
	return strings.Join(append(phrase(name, maxWord), angle(address)), " ")
}

// angle returns the address in angle brackets.
func angle(address string) string { return (&netmail.Address{Address: address}).String() }

// recipients returns a field's addresses in pieces, between which the field may be folded.
func recipients(field string, all ...*netmail.Address) []string {
	var pieces []string
	for i, a := range all {
		first := maxWord
		if i == 0 {
			first = room(field)
		}
		pieces = append(append(pieces, phrase(a.Name, first)...), angle(a.Address))
		if i < len(all)-1 {
			pieces[len(pieces)-1] += ","
		}
	}
	return pieces
}

// room returns how long a field's first piece can be.
func room(field string) int { return maxLine - len(field+": ") }

// writeField writes a field. It folds a line that would be too long between two pieces.
func writeField(b *strings.Builder, name string, pieces []string) {
	b.WriteString(name + ":")
	length := len(name) + 1
	for _, piece := range pieces {
		if length+1+len(piece) > maxLine && (length > len(name)+1 || len(piece) < maxLine) {
			b.WriteString("\r\n")
			length = 0
		}
		b.WriteString(" " + piece)
		length += 1 + len(piece)
	}
	b.WriteString("\r\n")
}

// phrase returns the name before an address in pieces, the first of at most first characters if
// possible: one encoded word, or quoted strings for words of ASCII and encoded words for others.
// Some readers, such as Python's before 3.13, add a space between two encoded words here, so that
// there are as few as possible.
func phrase(name string, first int) []string {
	name = plain(name, mostPhrase)
	if !names.Visible(name) {
		return nil
	}
	if one := encodedWords(name, first); len(one) == 1 && !quotable(name) {
		return one
	}
	var pieces []string
	words := strings.Split(name, " ")
	for i := 0; i < len(words); {
		end := i + 1
		for end < len(words) && quotable(words[end]) == quotable(words[i]) {
			end++
		}
		if len(pieces) > 0 {
			first = maxWord
		}
		if quotable(words[i]) {
			pieces = append(pieces, quotedStrings(words[i:end], first)...)
		} else {
			pieces = append(pieces, encodedWords(strings.Join(words[i:end], " "), first)...)
		}
		i = end
	}
	return pieces
}

// quotable reports whether a text can be a quoted string. Some readers decode what looks like an
// encoded word there.
func quotable(text string) bool {
	foreign := func(r rune) bool { return r < ' ' || r > '~' }
	return !strings.Contains(text, "=?") && !strings.ContainsFunc(text, foreign)
}

// quotedStrings writes words as quoted strings, the first of at most first characters unless its
// first word is longer.
func quotedStrings(words []string, first int) []string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	quote := func(s string) string { return `"` + escape.Replace(s) + `"` }
	var all []string
	text, room := words[0], first
	for _, word := range words[1:] {
		if more := text + " " + word; len(quote(more)) <= room {
			text = more
			continue
		}
		all = append(all, quote(text))
		text, room = word, maxWord
	}
	return append(all, quote(text))
}

// encodedWords writes a text as encoded words, the first of at most first characters, in the
// encoding that needs fewer words. A space between two encoded words does not belong to the text.
func encodedWords(text string, first int) []string {
	q := encoded(text, first, encodeQ)
	if b := encoded(text, first, encodeB); len(b) < len(q) || long(text) {
		return b
	}
	return q
}

func encoded(text string, first int, encode func(string) string) []string {
	var words []string
	word, room := "", first
	fits := func(more string) bool { return len(encode(word+more)) <= room }
	end := func() {
		if word != "" {
			words = append(words, encode(word))
		}
		word, room = "", maxWord
	}
	for part := range strings.SplitAfterSeq(text, " ") {
		if !fits(part) && len(encode(part)) <= maxWord {
			end()
		}
		for state := -1; part != ""; {
			if fits(part) {
				word += part
				break
			}
			var cluster string
			cluster, part, _, state = uniseg.FirstGraphemeClusterInString(part, state)
			runes := []string{cluster}
			if len(encode(cluster)) > maxWord { // a letter with dozens of marks is cut
				runes = strings.Split(cluster, "")
			}
			for _, r := range runes {
				if !fits(r) {
					end()
				}
				word += r
			}
		}
	}
	end()
	return words
}

// long reports whether a grapheme cluster of the text is too long for an encoded word in Q.
func long(text string) bool {
	for state := -1; text != ""; {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		if len(encodeQ(cluster)) > maxWord {
			return true
		}
	}
	return false
}

func encodeB(text string) string {
	return "=?UTF-8?b?" + base64.StdEncoding.EncodeToString([]byte(text)) + "?="
}

// encodeQ encodes all but letters and digits, as a word before an address needs.
func encodeQ(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return "=?UTF-8?q?" + b.String() + "?="
}
