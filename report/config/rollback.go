package config

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"iter"
	"slices"

	"go.yaml.in/yaml/v3"
)

// newKeys are the keys of a bot and of defaults that the version before this one refuses. Each
// changes what that version does, so without it that version does what it always did.
var newKeys = func() []string {
	keys := []string{"fixed_offset", "page_queries", "attach_data"}
	for _, k := range kinds {
		if k.unreleased {
			keys = append(keys, k.list)
		}
	}
	return keys
}()

// whole begins the comment that holds the file given to [ForVersionBefore].
const whole = "# whole: "

// ForVersionBefore returns a bots.yaml without mistakes as the version before this one accepts it,
// so that no tenant stops if the code is rolled back: without the keys that are new. A comment at
// the end has the whole file, for [Whole]. A file without such keys is returned unchanged.
func ForVersionBefore(data []byte) []byte {
	plain := commented(bytes.TrimPrefix(data, []byte("\ufeff")))
	changed := bytes.Contains(data, []byte(whole)) || // so that Whole returns this file
		!bytes.Equal(plain, bytes.TrimPrefix(data, []byte("\ufeff")))
	var document yaml.Node
	if err := yaml.Unmarshal(plain, &document); err != nil || len(document.Content) != 1 {
		return data
	}
	for key, n := range pairs(document.Content[0]) {
		switch key {
		case "defaults":
			changed = removeNew(n) || changed
		case "bots":
			for _, bot := range n.Content {
				changed = removeNew(bot) || changed
			}
		}
	}
	if !changed {
		return data
	}
	removeComments(&document)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&document); err != nil || out.Len() > Largest {
		return data // a larger file would not be read
	}
	if packed := pack(data); out.Len()+len(packed) <= Largest {
		out.Write(packed)
	}
	return out.Bytes()
}

// Whole returns the file from which ForVersionBefore made kept.
func Whole(kept []byte) []byte {
	at := bytes.LastIndex(kept, []byte("\n"+whole))
	if at < 0 {
		return kept
	}
	packed := bytes.TrimSpace(kept[at+1+len(whole):])
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(packed)))
	if err != nil {
		return kept
	}
	data, err := io.ReadAll(io.LimitReader(r, Largest+1))
	if err != nil {
		return kept
	}
	return data
}

// pack returns a file as a comment in YAML.
func pack(data []byte) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(data) // a buffer returns no error
	_ = w.Close()
	return append(base64.StdEncoding.AppendEncode([]byte(whole), packed.Bytes()), '\n')
}

// pairs returns the keys of a mapping and their values.
func pairs(n *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i].Value, n.Content[i+1]) {
				return
			}
		}
	}
}

// removeNew removes the new keys from a mapping, and reports whether there were any.
func removeNew(n *yaml.Node) (changed bool) {
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

// removeComments removes comments, since the encoder may move them.
func removeComments(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		removeComments(child)
	}
}
