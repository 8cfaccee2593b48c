package deploy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/kindly-weekly/cli"
)

// A change is what happens to a resource.
type change struct {
	verb string // add, change, replace, may replace, remove
	name string
	kind string // of CloudFormation, such as AWS::SQS::Queue
	note string // what is lost, or the properties that change
}

// holdsData says what a resource of a type has that does not come back.
var holdsData = map[string]string{
	"AWS::S3::Bucket":     "objects",
	"AWS::SQS::Queue":     "messages",
	"AWS::Logs::LogGroup": "logs",
	"AWS::SNS::Topic":     "confirmed subscriptions",
}

// changesOf returns the changes of a change set.
func changesOf(all []types.Change) []change {
	var changes []change
	for _, c := range all {
		r := c.ResourceChange
		if r == nil {
			continue
		}
		changed := change{name: aws.ToString(r.LogicalResourceId), kind: aws.ToString(r.ResourceType)}
		switch {
		case r.Action == types.ChangeActionAdd:
			changed.verb = "add"
		case r.Action == types.ChangeActionRemove:
			changed.verb = "remove"
		case r.Action == types.ChangeActionModify && r.Replacement == types.ReplacementTrue:
			changed.verb = "replace"
		case r.Action == types.ChangeActionModify && r.Replacement == types.ReplacementConditional:
			changed.verb = "may replace"
		case r.Action == types.ChangeActionModify:
			changed.verb = "change"
		default:
			changed.verb = strings.ToLower(string(r.Action))
		}
		if data := holdsData[changed.kind]; data != "" && changed.loses() {
			changed.note = "DELETES its " + data
			if strings.HasSuffix(string(r.PolicyAction), "Retain") {
				changed.note = "the old one is kept, outside the stack"
			}
		} else if r.Action == types.ChangeActionModify {
			changed.note = properties(r.Details)
		}
		changes = append(changes, changed)
	}
	return changes
}

// loses reports whether the resource, or the one that it replaces, is deleted.
func (c change) loses() bool {
	return c.verb == "remove" || c.verb == "replace" || c.verb == "may replace"
}

// properties returns the names of the properties that change.
func properties(details []types.ResourceChangeDetail) string {
	names := make(map[string]bool)
	for _, d := range details {
		if d.Target == nil {
			continue
		}
		name := aws.ToString(d.Target.Name)
		if name == "" {
			name = string(d.Target.Attribute)
		}
		names[name] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

// printChanges prints a line for each change. Of a new stack it prints a line for each type.
func printChanges(w io.Writer, changes []change, isNew bool) error {
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	if isNew {
		names := make(map[string][]string)
		for _, c := range changes {
			names[c.kind] = append(names[c.kind], c.name)
		}
		for _, kind := range slices.Sorted(maps.Keys(names)) {
			fmt.Fprintf(table, "  add %d\t%s\t%s\n", len(names[kind]), kind,
				strings.Join(names[kind], " "))
		}
	} else {
		first := []string{"remove", "replace", "may replace"}                     // what is to be read
		place := func(c change) uint { return uint(slices.Index(first, c.verb)) } // -1 is the largest
		slices.SortStableFunc(changes, func(a, b change) int {
			return cmp.Compare(place(a), place(b))
		})
		for _, c := range changes {
			fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", c.verb, c.name, c.kind, c.note)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(out.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// printParameters prints the parameters that change. before is empty for a new stack.
func printParameters(w io.Writer, before, after map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(after)) {
		was, had := before[name]
		switch {
		case !had:
			fmt.Fprintf(w, "  set %s=%s\n", name, after[name])
		case was != after[name]:
			fmt.Fprintf(w, "  set %s=%s, was %s\n", name, after[name], was)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, has := after[name]; !has {
			fmt.Fprintf(w, "  drop %s, was %s\n", name, before[name])
		}
	}
}

// compare returns what changes from a deployed template to another one, with what depends on the
// parameters that change. Before is nil for a new stack. What CloudFormation replaces is not known
// before it has made a change set.
func compare(before, after []byte, changed []string) ([]change, error) {
	was, err := resourcesOf(before)
	if err != nil {
		return nil, err
	}
	is, err := resourcesOf(after)
	if err != nil {
		return nil, err
	}
	var changes []change
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, stays := is[name]; !stays {
			c := change{verb: "remove", name: name, kind: was[name].kind}
			if data := holdsData[c.kind]; data != "" {
				c.note = "DELETES its " + data
				if was[name].kept {
					c.note = "the old one is kept, outside the stack"
				}
			}
			changes = append(changes, c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		old, there := was[name]
		c := change{verb: "change", name: name, kind: is[name].kind}
		switch depends := slices.ContainsFunc(is[name].refs, func(ref string) bool {
			return slices.Contains(changed, ref)
		}); {
		case !there:
			c.verb = "add"
		case old.text == is[name].text && !depends:
			continue
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// A described resource is one of a template.
type described struct {
	kind string
	text string // the whole of it, with what all functions share
	refs []string
	kept bool // whether it outlives the stack
}

func resourcesOf(template []byte) (map[string]described, error) {
	all := make(map[string]described)
	if template == nil {
		return all, nil
	}
	root, err := parseNode(template)
	if err != nil {
		return nil, err
	}
	withoutComments(root)
	shared, err := encoded(member(root, "Globals", "Function"))
	if err != nil {
		return nil, err
	}
	for name, n := range entries(member(root, "Resources")) {
		text, err := encoded(n)
		if err != nil {
			return nil, err
		}
		d := described{text: text, refs: references(n)}
		if kind := member(n, "Type"); kind != nil {
			d.kind = kind.Value
		}
		if policy := member(n, "DeletionPolicy"); policy != nil {
			d.kept = strings.HasPrefix(policy.Value, "Retain")
		}
		if d.kind == isFunction {
			d.text += shared
			d.refs = append(d.refs, references(member(root, "Globals", "Function"))...)
		}
		all[name] = d
	}
	return all, nil
}

func encoded(n *yaml.Node) (string, error) {
	if n == nil {
		return "", nil
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	err := e.Encode(n)
	return out.String(), err
}

func withoutComments(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		withoutComments(child)
	}
}

// confirm asks the question, unless yes. Without a terminal it returns an error that names --yes.
func confirm(h cli.Host, yes bool, question string) error {
	switch {
	case yes:
		return nil
	case h.Ask == nil:
		return errors.New("deploying asks first, and there is no terminal to ask on: to deploy, " +
			"add --yes")
	}
	answer, err := h.Ask(question + " [y/N] ")
	if err != nil {
		return err
	}
	if !cli.IsYes(answer) {
		return errDeclined
	}
	return nil
}
