package inspect

import "strings"

// fontMap is the character map of a font: the texts of its codes.
type fontMap map[uint16]string

// content is the text of a page.
type content struct {
	said   map[int]string // of its marked content, by its number
	unread []string       // the texts that no number has
}

// contentOf reads the text of a page.
func (f *file) contentOf(page dict) content {
	said, c := make(map[int]*strings.Builder), content{said: make(map[int]string)}
	fonts := f.dict(f.dict(page["Resources"])["Font"])
	maps := make(map[name]fontMap)
	const none = -1
	var open []int // the marked content that is open, none if it is an artifact
	var font name
	f.operations(page["Contents"], func(op operator, operands []any) {
		switch op {
		case "BMC":
			open = append(open, none)
		case "BDC":
			mcid := none
			// What is in marked content belongs to it, such as a part with a text of its own.
			if len(open) > 0 && len(operands) > 0 && operands[0] != name("Artifact") {
				mcid = open[len(open)-1]
			}
			if d, ok := last(operands).(dict); ok {
				if n, ok := count(d["MCID"]); ok {
					mcid = n
				}
			}
			open = append(open, mcid)
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
			codes, _ := last(operands).(string)
			text := f.text(maps[font], codes)
			if len(open) == 0 || open[len(open)-1] == none {
				c.unread = append(c.unread, text)
				return
			}
			mcid := open[len(open)-1]
			if said[mcid] == nil {
				said[mcid] = new(strings.Builder)
			}
			said[mcid].WriteString(text)
		}
	})
	for mcid, text := range said {
		c.said[mcid] = text.String()
	}
	return c
}

// operations calls do with the operators of a stream and their operands.
func (f *file) operations(v any, do func(op operator, operands []any)) {
	s, ok := f.get(v).(stream)
	if !ok {
		return
	}
	data, err := f.inflate(s)
	if err != nil || !f.spend(len(data)) {
		return
	}
	var operands []any
	for s := (&scanner{data: data}); ; {
		v, err := s.value()
		if err != nil {
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

// fontMap reads the character map of a font.
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

// add maps a range of codes to a text and those after it.
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

// text returns the text of codes. A code without one is the replacement character.
func (f *file) text(m fontMap, codes string) string {
	var b strings.Builder
	for ; len(codes) >= 2; codes = codes[2:] {
		said, ok := m[code(codes)]
		if !ok {
			said = "\ufffd"
		}
		if !f.spend(len(said)) {
			break
		}
		b.WriteString(said)
	}
	return b.String()
}
