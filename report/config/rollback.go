package config

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"
)

// newKeys are the keys of a bot and of defaults that the version before this one refuses. Each of
// them lets a bot be treated otherwise than that version would, so that it does without them what
// it always did.
var newKeys = func() []string {
	keys := []string{"fixed_offset", "page_queries"}
	for _, k := range kinds {
		if k.unreleased {
			keys = append(keys, k.list)
		}
	}
	return keys
}()

// whole leads to the file that [ForVersionBefore] was given.
const whole = "# whole: "

// ForVersionBefore returns a bots.yaml that is free of mistakes as the version before this one
// takes it, so that no tenant stops when the code is rolled back: without the keys that are new.
// The file as it is stands in a comment at the end, for [Whole]. A file without such keys is
// returned as it is.
func ForVersionBefore(data []byte) []byte {
	plain := bytes.TrimPrefix(data, []byte("\ufeff"))
	changed := bytes.Contains(data, []byte(whole)) // so that Whole finds this one
	if commented := commented(plain); !bytes.Equal(commented, plain) {
		plain, changed = commented, true
	}
	var document yaml.Node
	if err := yaml.Unmarshal(plain, &document); err != nil || len(document.Content) != 1 {
		return data
	}
	for key, n := range pairs(document.Content[0]) {
		switch key {
		case "defaults":
			changed = leaveOut(n) || changed
		case "bots":
			for _, bot := range n.Content {
				changed = leaveOut(bot) || changed
			}
		}
	}
	if !changed {
		return data
	}
	forget(&document)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&document); err != nil {
		return data
	}
	if out.Len() > Largest { // that version would not read it either
		return data
	}
	if packed := pack(data); out.Len()+len(packed) <= Largest {
		out.Write(packed)
	}
	return out.Bytes()
}

// Whole returns the file that ForVersionBefore made kept of.
func Whole(kept []byte) []byte {
	at := bytes.LastIndex(kept, []byte("\n"+whole))
	if at < 0 {
		return kept
	}
	packed, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(kept[at+1+len(whole):])))
	if err != nil {
		return kept
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return kept
	}
	data, err := io.ReadAll(io.LimitReader(r, Largest+1))
	if err != nil {
		return kept
	}
	return data
}

// pack returns a file as a line of YAML that says nothing.
func pack(data []byte) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(data) // a buffer takes everything
	_ = w.Close()
	return append(base64.StdEncoding.AppendEncode([]byte(whole), packed.Bytes()), '\n')
}

// pairs are the keys of a mapping and their values.
func pairs(n *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i].Value, n.Content[i+1]) {
				return
			}
		}
	}
}

// leaveOut removes the keys that are new from a mapping, and reports whether there were any.
func leaveOut(n *yaml.Node) (changed bool) {
	if n.Kind != yaml.MappingNode {
		return false
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if slices.Contains(newKeys, n.Content[i].Value) {
			n.Content = slices.Delete(n.Content, i, i+2)
			changed = true
		}
	}
	return changed
}

// forget removes comments, which could end up elsewhere.
func forget(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		forget(child)
	}
}
