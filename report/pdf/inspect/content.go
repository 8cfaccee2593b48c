package inspect

import (
	"errors"
	"fmt"
	"strings"
)

// fontMap is the character map of a font: the text of each code.
type fontMap map[uint16]string

// content is the text of a page.
type content struct {
	said   map[int]string // by the number of the marked content
	unread []string       // texts outside of numbered marked content
}

// marked is marked content that is open.
type marked struct {
	mcid     int  // its number; none: it is an artifact
	replaced bool // whether its ActualText is read instead
}

// none is used where there is no number of marked content.
const none = -1

// contentOf reads the text of a page.
func (f *file) contentOf(page dict) content {
	said, c := make(map[int]*strings.Builder), content{said: make(map[int]string)}
	fonts := f.dict(f.dict(page["Resources"])["Font"])
	maps := make(map[name]fontMap)
	var open []marked
	var font name
	say := func(mcid int, text string) {
		if mcid == none {
			c.unread = append(c.unread, text)
			return
		}
		if said[mcid] == nil {
			said[mcid] = new(strings.Builder)
		}
		said[mcid].WriteString(text)
	}
	f.operations(page["Contents"], func(op operator, operands []any) {
		in := marked{mcid: none}
		if len(open) > 0 {
			in = open[len(open)-1]
		}
		switch op {
		case "BMC":
			open = append(open, marked{mcid: none})
		case "BDC":
			// Marked content without a number belongs to the one around it.
			if len(operands) > 0 && operands[0] == name("Artifact") {
				in = marked{mcid: none}
			}
			if d, ok := last(operands).(dict); ok {
				if n, ok := count(d["MCID"]); ok {
					in.mcid = n
				}
				if text := f.textOf(d["ActualText"]); text != "" && !in.replaced {
					in.replaced = true
					say(in.mcid, text)
				}
			}
			open = append(open, in)
		case "EMC":
			open = open[:max(0, len(open)-1)]
		case "Tf":
			if len(operands) == 2 {
				font, _ = operands[0].(name)
			}
			if _, ok := maps[font]; !ok {
				maps[font] = f.fontMap(fonts[font])
			}
		case "Tj":
			if codes, _ := last(operands).(string); !in.replaced {
				say(in.mcid, f.text(maps[font], codes))
			}
		}
	})
	for mcid, text := range said {
		c.said[mcid] = text.String()
	}
	return c
}

// operations calls do with each operator of a stream and its operands.
func (f *file) operations(v any, do func(op operator, operands []any)) {
	what := fmt.Sprintf("object %v", v)
	s, ok := f.get(v).(stream)
	if !ok {
		f.fail(what, errors.New("it is not a stream"))
		return
	}
	data, err := f.inflate(s)
	if err != nil {
		f.fail(what, err)
		return
	}
	if !f.spend(len(data)) {
		return
	}
	var operands []any
	for s := (&scanner{data: data}); s.space(); {
		v, err := s.value()
		if err != nil {
			f.fail(what, err)
			return
		}
		if op, ok := v.(operator); ok {
			do(op, operands)
			operands = operands[:0]
		} else {
			operands = append(operands, v)
		}
	}
}

func last(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[len(values)-1]
}

// fontMap returns the character map of a font.
func (f *file) fontMap(font any) fontMap {
	m := make(fontMap)
	f.operations(f.dict(font)["ToUnicode"], func(op operator, operands []any) {
		switch op {
		case "endbfchar":
			for ; len(operands) >= 2; operands = operands[2:] {
				f.add(m, operands[0], operands[0], operands[1])
			}
		case "endbfrange":
			for ; len(operands) >= 3; operands = operands[3:] {
				f.add(m, operands[0], operands[1], operands[2])
			}
		}
	})
	return m
}

// add maps the codes from first to last to text and the texts after it: the last character counts
// up.
func (f *file) add(m fontMap, first, last, text any) {
	from, _ := first.(string)
	to, _ := last.(string)
	said, _ := text.(string)
	if len(from) != 2 || len(to) != 2 || len(said) < 2 {
		return
	}
	runes := []rune(utf16Text(said))
	end := len(runes) - 1
	for code := int(code(from)); code <= int(uint16(to[0])<<8|uint16(to[1])); code++ {
		if !f.spend(len(said)) {
			return
		}
		m[uint16(code)] = string(runes)
		runes[end]++
	}
}

func code(s string) uint16 { return uint16(s[0])<<8 | uint16(s[1]) }

// text returns the text of codes. A code that is not in m is the replacement character.
func (f *file) text(m fontMap, codes string) string {
	var b strings.Builder
	for ; len(codes) >= 2; codes = codes[2:] {
		said, ok := m[code(codes)]
		if !ok {
			said = "\ufffd"
			f.fail("a page", fmt.Errorf("code %04X has no character", code(codes)))
		}
		if !f.spend(len(said)) {
			break
		}
		b.WriteString(said)
	}
	return b.String()
}
