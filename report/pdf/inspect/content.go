package inspect

import "strings"

// fontMap is the character map of a font: the texts of its codes.
type fontMap map[uint16]string

// said returns the texts of a page's marked content, by its number.
func (f *file) said(page dict) map[int]string {
	said := make(map[int]string)
	content, ok := f.get(page["Contents"]).(stream)
	if !ok {
		return said
	}
	data, _ := inflate(content)
	fonts := f.dict(f.dict(page["Resources"])["Font"])
	maps := make(map[name]fontMap)
	const none = -1
	var open []int // the marked content that is open, none if it is an artifact
	var font name
	var operands []any
	for s := (&scanner{data: data}); ; {
		v, err := s.value()
		if err != nil {
			return said
		}
		op, ok := v.(operator)
		if !ok {
			operands = append(operands, v)
			continue
		}
		switch op {
		case "BMC":
			open = append(open, none)
		case "BDC":
			mcid := none
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
			if len(open) > 0 && open[len(open)-1] != none {
				said[open[len(open)-1]] += maps[font].text(codes)
			}
		}
		operands = operands[:0]
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
	cmap, ok := f.get(f.dict(font)["ToUnicode"]).(stream)
	if !ok {
		return m
	}
	data, _ := inflate(cmap)
	var operands []any
	for s := (&scanner{data: data}); ; {
		v, err := s.value()
		if err != nil {
			return m
		}
		op, ok := v.(operator)
		if !ok {
			operands = append(operands, v)
			continue
		}
		switch op {
		case "endbfchar":
			for ; len(operands) >= 2; operands = operands[2:] {
				m.add(operands[0], operands[0], operands[1])
			}
		case "endbfrange":
			for ; len(operands) >= 3; operands = operands[3:] {
				m.add(operands[0], operands[1], operands[2])
			}
		}
		operands = operands[:0]
	}
}

// add maps a range of codes to a text and those after it.
func (m fontMap) add(first, last, text any) {
	from, _ := first.(string)
	to, _ := last.(string)
	said, _ := text.(string)
	if len(from) != 2 || len(to) != 2 || len(said) < 2 {
		return
	}
	runes := []rune(utf16Text(said))
	end := len(runes) - 1
	for code := int(code(from)); code <= int(uint16(to[0])<<8|uint16(to[1])); code++ {
		m[uint16(code)] = string(runes)
		runes[end]++
	}
}

func code(s string) uint16 { return uint16(s[0])<<8 | uint16(s[1]) }

// text returns the text of codes. A code without one is the replacement character.
func (m fontMap) text(codes string) string {
	var b strings.Builder
	for ; len(codes) >= 2; codes = codes[2:] {
		said, ok := m[code(codes)]
		if !ok {
			said = "\ufffd"
		}
		b.WriteString(said)
	}
	return b.String()
}
