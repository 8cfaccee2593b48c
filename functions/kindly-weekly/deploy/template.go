package deploy

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A template is template.yaml.
type template struct {
	text       []byte
	parameters []Parameter
	functions  []string // the resources that are Lambda functions, in the template's order
	rules      []rule
}

// Parameter is a parameter of the stack.
type Parameter struct {
	Name        string `yaml:"-"`
	Type        string `yaml:"Type"` // of CloudFormation: String, Number, CommaDelimitedList
	Description string `yaml:"Description"`

	// Default is the value of a new stack, and of one that does not have the parameter yet. It is
	// nil for a parameter that must be given.
	Default *string `yaml:"Default"`

	AllowedValues         []string `yaml:"AllowedValues"`
	AllowedPattern        string   `yaml:"AllowedPattern"`
	ConstraintDescription string   `yaml:"ConstraintDescription"`
	MinValue              *int64   `yaml:"MinValue"`
	MaxValue              *int64   `yaml:"MaxValue"`
}

// Check returns an error that describes the allowed values if value is not one of them.
func (p Parameter) Check(value string) error {
	if err := p.check(value); err != nil {
		return fmt.Errorf("%s=%s: %w", p.Name, value, err)
	}
	return nil
}

func (p Parameter) check(value string) error {
	if len(p.AllowedValues) > 0 && !slices.Contains(p.AllowedValues, value) {
		return p.constraint("must be one of %s", strings.Join(p.AllowedValues, ", "))
	}
	if p.AllowedPattern != "" {
		// The pattern is for the whole value, and for each one of a list.
		pattern, err := regexp.Compile(`^(?:` + p.AllowedPattern + `)$`)
		if err != nil {
			return err
		}
		values := []string{value}
		if p.Type == "CommaDelimitedList" {
			values = strings.Split(value, ",")
		}
		for _, v := range values {
			if !pattern.MatchString(strings.TrimSpace(v)) {
				return p.constraint("must match %s", p.AllowedPattern)
			}
		}
	}
	if p.Type == "Number" {
		// CloudFormation takes fractions, but the template's numbers are counts: a function does not
		// start with 2.5.
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil:
			return p.constraint("must be a whole number")
		case p.MinValue != nil && n < *p.MinValue:
			return p.constraint("must be at least %d", *p.MinValue)
		case p.MaxValue != nil && n > *p.MaxValue:
			return p.constraint("must be at most %d", *p.MaxValue)
		}
	}
	return nil
}

// constraint returns the template's description of the allowed values, or else the given one.
func (p Parameter) constraint(format string, args ...any) error {
	if p.ConstraintDescription != "" {
		return errors.New(p.ConstraintDescription)
	}
	return fmt.Errorf(format, args...)
}

// isFunction is SAM's type of a Lambda function.
const isFunction = "AWS::Serverless::Function"

func readTemplate(file string) (template, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return template{}, err
	}
	t, err := parseTemplate(text)
	if err != nil {
		return t, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

func parseTemplate(text []byte) (template, error) {
	root, err := parseNode(text)
	if err != nil {
		return template{}, err
	}
	t := template{text: text}
	for name, n := range entries(member(root, "Parameters")) {
		p := Parameter{Name: name}
		if err := n.Decode(&p); err != nil {
			return t, fmt.Errorf("parameter %s: %w", name, err)
		}
		t.parameters = append(t.parameters, p)
	}
	for name, n := range entries(member(root, "Resources")) {
		if kind := member(n, "Type"); kind != nil && kind.Value == isFunction {
			t.functions = append(t.functions, name)
		}
	}
	for _, n := range entries(member(root, "Rules")) {
		var r rule
		if err := n.Decode(&r); err != nil {
			return t, err
		}
		t.rules = append(t.rules, r)
	}
	return t, nil
}

// packaged returns the template for CloudFormation: each function is the object of keys in the
// bucket, and the version is in the metadata.
func (t template) packaged(bucket string, keys map[string]string, version string) ([]byte, error) {
	root, err := parseNode(t.text)
	if err != nil {
		return nil, err
	}
	remove(member(root, "Globals", "Function"), "CodeUri")
	for name, key := range keys {
		set(member(root, "Resources", name, "Properties"), "CodeUri", &yaml.Node{
			Kind: yaml.MappingNode, Style: yaml.FlowStyle, Content: []*yaml.Node{
				text("Bucket"), text(bucket), text("Key"), text(key),
			}})
	}
	metadata := member(root, "Metadata")
	if metadata == nil {
		metadata = &yaml.Node{Kind: yaml.MappingNode}
		set(root, "Metadata", metadata)
	}
	set(metadata, versionKey, text(version))

	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), e.Close()
}

// versionKey names the deployed version in the metadata of the template.
const versionKey = "KindlyWeeklyVersion"

// A rule is one of the template's about several parameters.
type rule struct {
	Condition  yaml.Node `yaml:"RuleCondition"`
	Assertions []struct {
		Assert      yaml.Node `yaml:"Assert"`
		Description string    `yaml:"AssertDescription"`
	} `yaml:"Assertions"`
}

// broken returns the description of an assertion that is false for the parameters, and the
// parameters in it that are empty. It returns an empty description if the rule holds. It takes an
// assertion that it cannot evaluate for true; CloudFormation evaluates it later.
func (r rule) broken(parameters map[string]string) (description string, empty []string) {
	if holds, ok := evaluate(&r.Condition, parameters); r.Condition.Kind != 0 && (!ok || !holds) {
		return "", nil
	}
	for _, a := range r.Assertions {
		holds, ok := evaluate(&a.Assert, parameters)
		if !ok || holds {
			continue
		}
		for _, name := range references(&a.Assert) {
			if parameters[name] == "" {
				empty = append(empty, name)
			}
		}
		return a.Description, empty
	}
	return "", nil
}

// evaluate returns the value of a condition of !Equals and !Not. ok is false for others.
func evaluate(n *yaml.Node, parameters map[string]string) (holds, ok bool) {
	switch {
	case n.Tag == "!Equals" && len(n.Content) == 2:
		var values [2]string
		for i, operand := range n.Content {
			if operand.Kind != yaml.ScalarNode {
				return false, false
			}
			values[i] = operand.Value
			if operand.Tag == "!Ref" {
				values[i] = parameters[operand.Value]
			}
		}
		return values[0] == values[1], true
	case n.Tag == "!Not" && len(n.Content) == 1:
		holds, ok := evaluate(n.Content[0], parameters)
		return !holds, ok
	}
	return false, false
}

// substituted finds what !Sub replaces in a text.
var substituted = regexp.MustCompile(`\$\{([A-Za-z0-9]+)\}`)

// references returns what the node refers to by !Ref and !Sub. A nil node refers to nothing.
func references(n *yaml.Node) (names []string) {
	if n == nil {
		return nil
	}
	if n.Tag == "!Ref" {
		names = append(names, n.Value)
	}
	for _, m := range substituted.FindAllStringSubmatch(n.Value, -1) {
		names = append(names, m[1])
	}
	for _, child := range n.Content {
		names = append(names, references(child)...)
	}
	return names
}

// parseNode returns the mapping that a document consists of.
func parseNode(text []byte) (*yaml.Node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if len(document.Content) != 1 || document.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("not a template")
	}
	return document.Content[0], nil
}

// entries iterates over the keys and values of a mapping. A nil node has none.
func entries(n *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i].Value, n.Content[i+1]) {
				return
			}
		}
	}
}

// member returns the node below the keys, or nil.
func member(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var found *yaml.Node
		for name, value := range entries(n) {
			if name == key {
				found = value
			}
		}
		n = found
	}
	return n
}

// set sets a key of a mapping.
func set(n *yaml.Node, key string, value *yaml.Node) {
	remove(n, key)
	n.Content = append(n.Content, text(key), value)
}

// remove removes a key of a mapping, which may be nil.
func remove(n *yaml.Node, key string) {
	if n == nil {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content = slices.Delete(n.Content, i, i+2)
			return
		}
	}
}

// text returns a string.
func text(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: s}
}
