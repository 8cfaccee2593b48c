package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/report/names"
)

const (
	enough  = 1000 // mistakes; no more are looked for
	longest = 1000 // entries of a list in a bot; each is compared with all before it
)

// A reader reads a file's nodes and collects its mistakes.
type reader struct {
	mistakes Mistakes
	warnings Mistakes // see warnf
	// so far, by name: one takes kilobytes, and most bots share it
	zones map[string]*time.Location
	cut   bool // something beyond a limit is left out
}

// errorf adds a mistake.
func (r *reader) errorf(n *yaml.Node, path, format string, args ...any) {
	r.mistakes.add(n, path, format, args...)
}

// warnf adds a mistake that earlier versions of this program accepted. In a file that is in force
// it is a warning, so the caller goes on as those versions did.
func (r *reader) warnf(n *yaml.Node, path, format string, args ...any) {
	r.warnings.add(n, path, format, args...)
}

func (m *Mistakes) add(n *yaml.Node, path, format string, args ...any) {
	one := Mistake{n.Line, n.Column, path, fmt.Sprintf(format, args...)}
	switch {
	case len(*m) == enough:
		one.Path = ""
		one.Message = fmt.Sprintf("there are more than %d mistakes: "+
			"fix these, and check again for the others", enough)
	case len(*m) > enough:
		return
	}
	*m = append(*m, one)
}

// all returns the mistakes and the warnings.
func (r *reader) all() Mistakes { return slices.Concat(r.mistakes, r.warnings) }

// full reports whether enough mistakes are found.
func (r *reader) full() bool { return len(r.mistakes) > enough }

const noAlias = "aliases (*%s) are not supported: put what bots share into defaults"

// refuse adds what YAML allows and this format does not. It never follows an alias, which could be
// large or refer to itself.
func (r *reader) refuse(n *yaml.Node, path string, depth int) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.errorf(n, path, noAlias, n.Value)
	case n.Anchor != "":
		r.errorf(n, path, "anchors (&%s) are not supported: put what bots share into defaults",
			n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		r.errorf(n, path, "tags (%s) are not supported: write the value alone", n.Tag)
	}
	// The format is not as deep, so there is a mistake above.
	if depth == 8 || r.full() {
		return
	}
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			r.refuse(child, element(path, i), depth+1)
		case i%2 == 0:
			r.refuse(child, path, depth+1)
		default:
			r.refuse(child, member(path, n.Content[i-1].Value), depth+1)
		}
	}
}

func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

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

// A key is what a mapping may have, with the reader of its value.
type key struct {
	name string
	read read
}

// A read reads a value. The path is that of the value.
type read = func(n *yaml.Node, path string)

// mapping reads n by its keys. It returns the nodes of all keys that are there, nil if n is no
// mapping. elsewhere, if not nil, says where a key that is unknown here belongs, or returns "".
func (r *reader) mapping(
	n *yaml.Node, path string, keys []key, elsewhere func(name string) string,
) map[string]*yaml.Node {
	known := make([]string, len(keys))
	for i, k := range keys {
		known[i] = k.name
	}
	if n.Kind != yaml.MappingNode {
		r.notMapping(n, path, known)
		return nil
	}
	found := map[string]*yaml.Node{}
	for i := 0; i < len(n.Content) && !r.full(); i += 2 {
		k, value := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			if k.Kind != yaml.AliasNode {
				r.errorf(k, path, "a key is a word, not %s", kindOf(k))
			}
			continue
		}
		name := k.Value
		if first, twice := found[name]; twice {
			r.errorf(k, member(path, name), "duplicate key, first on line %d: keep one", first.Line)
			continue
		}
		found[name] = k
		if i := slices.Index(known, name); i >= 0 {
			keys[i].read(value, member(path, name))
			continue
		}
		if plain := names.Plain(name); plain != name && firstOdd(name) > '~' {
			r.errorf(k, member(path, plain), "%s", oddKey(name, plain))
			found[plain] = k // or it would be missing
			continue
		}
		var before string
		if i > 0 {
			before = n.Content[i-1].Value
		}
		r.errorf(k, member(path, name), "unknown key: %s",
			keyMeant(k, isNull(value), before, known, elsewhere))
	}
	return found
}

// notMapping adds that n is no mapping, and why if that is clear.
func (r *reader) notMapping(n *yaml.Node, path string, known []string) {
	word, value, colon := strings.Cut(n.Value, ":")
	switch c := firstOdd(n.Value); {
	case n.Kind == yaml.AliasNode:
	case n.Kind == yaml.ScalarNode && colon && c > '~':
		r.errorf(n, path, "%s is in %s: %s", called(c), quote(n.Value), retype(c))
	case n.Kind == yaml.ScalarNode && value != "" && slices.Contains(known, word):
		r.errorf(n, path, "a space is missing after the colon of %s: write %s: %s",
			word, word, strings.Fields(value)[0])
	default:
		r.errorf(n, path, "is %s; write the keys %s, each with a colon and indented",
			kindOf(n), strings.Join(known, ", "))
	}
}

var digits = regexp.MustCompile(`^\d{1,9}$`)

// keyMeant says what to write in place of an unknown key. before is the value before the key.
func keyMeant(
	k *yaml.Node, empty bool, before string, known []string, elsewhere func(string) string,
) string {
	if k.Tag == "!!merge" {
		return "merge keys are not supported; put what bots share into defaults"
	}
	if empty && digits.MatchString(k.Value) && digits.MatchString(before) {
		return fmt.Sprintf("a comma begins a new key here: write %s.%s, with a point",
			before, k.Value)
	}
	if other := synonymOf(k.Value, known); other != "" {
		return fmt.Sprintf("did you mean %q?", other)
	}
	var place string
	if elsewhere != nil {
		place = elsewhere(k.Value)
	}
	return cmp.Or(place, meant(k.Value, known, "known keys: "))
}

// list reads n, a list, item by item. A scalar or a mapping is a list of one. It reports whether n
// is a list.
func (r *reader) list(n *yaml.Node, path string, item read) bool {
	switch {
	case n.Kind == yaml.SequenceNode && len(n.Content) > longest:
		r.errorf(n, path, "has %d entries, and at most %d are read", len(n.Content), longest)
		return false
	case n.Kind == yaml.SequenceNode:
		for i := 0; i < len(n.Content) && !r.full(); i++ {
			item(n.Content[i], element(path, i))
		}
	case isNull(n):
		r.errorf(n, path, `has no value: write it, in "quotes" if it begins with #, `+
			"or [] for none, or remove the key")
		return false
	case n.Kind == yaml.AliasNode:
		return false
	default:
		item(n, path)
	}
	return true
}

// text reads n, a scalar, as it is written. An empty text is a mistake.
func (r *reader) text(n *yaml.Node, path string) (string, bool) {
	switch {
	case n.Kind == yaml.AliasNode:
	case isNull(n):
		r.errorf(n, path, `has no value: write it, in "quotes" if it begins with #, `+
			"or remove the key")
	case n.Kind != yaml.ScalarNode:
		r.errorf(n, path, "is %s; write a single value", kindOf(n))
	case strings.TrimSpace(n.Value) == "":
		r.errorf(n, path, "is empty: write a value, or remove the key")
	default:
		return n.Value, true
	}
	return "", false
}

// one returns the reader of a single value. parse returns what is wrong with it, which follows the
// value in the message, or "".
func one[T any](r *reader, to *T, parse func(s string) (T, string)) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		if !ok {
			return
		}
		v, why := parse(s)
		if why != "" {
			if plain := names.Plain(s); plain != s {
				if _, still := parse(plain); still == "" {
					why = odd(s, plain)
				}
			}
			r.errorf(n, path, "%s %s", quote(s), why)
			return
		}
		*to = v
	}
}

// several returns the reader of a list of different values. item returns false if one has mistakes.
func several[T comparable](
	r *reader, to *[]T, item func(n *yaml.Node, path string) (T, bool),
) read {
	return func(n *yaml.Node, path string) {
		var all []T
		if r.list(n, path, func(n *yaml.Node, path string) {
			switch v, ok := item(n, path); {
			case !ok:
			case slices.Contains(all, v):
				r.twice(n, path)
			default:
				all = append(all, v)
			}
		}) {
			*to = all
		}
	}
}

// twice adds that an item is in its list already.
func (r *reader) twice(n *yaml.Node, path string) {
	if n.Kind == yaml.ScalarNode {
		r.errorf(n, path, "%s is listed twice", quote(n.Value))
		return
	}
	r.errorf(n, path, "is listed twice")
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
