package edit

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// This file has a file's meaning: texts, map[string]any and []any. A value of nothing is empty{}.

type empty struct{}

// treeOf returns the meaning of a node. It returns false for what the format has not: aliases, and
// keys that are twice or no texts.
func treeOf(n *yaml.Node) (any, bool) {
	switch {
	case n.Anchor != "" || n.Style&yaml.TaggedStyle != 0:
		return nil, false
	case isNull(n):
		return empty{}, true
	case n.Kind == yaml.ScalarNode:
		return n.Value, true
	case n.Kind == yaml.SequenceNode:
		all := make([]any, len(n.Content))
		for i, child := range n.Content {
			var ok bool
			if all[i], ok = treeOf(child); !ok {
				return nil, false
			}
		}
		return all, true
	case n.Kind == yaml.MappingNode:
		all := make(map[string]any)
		for i := 0; i < len(n.Content); i += 2 {
			key, child := n.Content[i], n.Content[i+1]
			tree, ok := treeOf(child)
			if _, twice := all[key.Value]; !ok || twice || key.Kind != yaml.ScalarNode ||
				key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
				return nil, false
			}
			all[key.Value] = tree
		}
		return all, true
	}
	return nil, false
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// with returns the tree with v at the path of keys and indices. It makes mappings that are not
// there. An index may be that after the last. The tree itself does not change.
func with(tree any, at []any, v any) any {
	if len(at) == 0 {
		return v
	}
	switch step := at[0].(type) {
	case int:
		list, _ := tree.([]any)
		list = slices.Clone(list)
		if step == len(list) {
			list = append(list, nil)
		}
		list[step] = with(list[step], at[1:], v)
		return list
	case string:
		mapping, _ := tree.(map[string]any)
		if mapping = maps.Clone(mapping); mapping == nil {
			mapping = make(map[string]any)
		}
		mapping[step] = with(mapping[step], at[1:], v)
		return mapping
	}
	return nil
}

// in returns what is at the path, or nil.
func in(tree any, at ...any) any {
	for _, step := range at {
		switch step := step.(type) {
		case int:
			list, _ := tree.([]any)
			if step >= len(list) {
				return nil
			}
			tree = list[step]
		case string:
			mapping, _ := tree.(map[string]any)
			tree = mapping[step]
		}
	}
	return tree
}

// itemsOf returns a value as a list: a list, or a single value, which is a list of one.
func itemsOf(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case string, map[string]any:
		return []any{v}
	}
	return nil
}

// texts returns the texts of a list, and nil if it has anything else.
func texts(v any) (all []string) {
	for _, item := range itemsOf(v) {
		text, ok := item.(string)
		if !ok {
			return nil
		}
		all = append(all, text)
	}
	return all
}

// textOf returns an item's text, or that of one of its keys if it is a mapping.
func textOf(item any, key string) string {
	if mapping, ok := item.(map[string]any); ok {
		item = mapping[key]
	}
	text, _ := item.(string)
	return text
}
