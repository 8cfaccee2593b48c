package config

import (
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Parse reads a tenant's bots.yaml for a deployment that does not use it yet. The tenant is named
// after the file, such as config/acme.yaml. The error is [Mistakes], all of them.
func Parse(file string, data []byte) (*Tenant, error) {
	t, r := parse(file, data)
	if err := r.all().sorted(); err != nil {
		return nil, err
	}
	return t, nil
}

// ParseInForce reads a bots.yaml that is in force. Mistakes that an earlier version of this program
// accepted are warnings, and the tenant is what that version made of it, so that an upgrade stops
// no reports. Any other mistake is an error, as that of [Parse].
func ParseInForce(file string, data []byte) (*Tenant, Mistakes, error) {
	t, r := parse(file, data)
	if len(r.mistakes) > 0 {
		return nil, nil, r.all().sorted()
	}
	r.warnings.sort()
	return t, r.warnings, nil
}

func parse(file string, data []byte) (*Tenant, *reader) {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".yml"), ".yaml")
	r := &reader{}
	t := &Tenant{Name: name}
	_, why := parseID(name)
	if strings.EqualFold(name, "config") { // some disks ignore case
		why = "is reserved: the folder config/ has the configurations of all tenants"
	}
	if why != "" {
		r.errorf(&yaml.Node{Line: 1, Column: 1}, "", "the file's name is the tenant's, and %s %s",
			quote(name), why)
	}
	if root := r.document(data); root != nil {
		r.refuse(root, "", 0)
		r.tenant(root, t)
	}
	return t, r
}

// New returns a bot that no file declares, with the defaults of the format. Its time zone is UTC.
// The error is [Mistakes].
func New(id string) (Bot, error) {
	r := &reader{}
	b := bare()
	b.TZ, b.Location, b.DefaultTZ = "UTC", time.UTC, true
	one(r, &b.ID, parseID)(scalar(id), "id")
	b.Name = b.ID
	return b, r.all().sorted()
}

// Changes are what a command line may change of a bot, each written as in the file. An empty one
// changes nothing.
type Changes struct {
	Name      string
	TZ        string
	Sources   []string
	Languages []string
	Locale    string
}

// With returns b with the changes, to which the rules of the file apply. The error is [Mistakes].
func (b Bot) With(c Changes) (Bot, error) {
	r := &reader{}
	d := draft{Bot: b}
	set := func(value, key string, read read) {
		if value != "" {
			read(scalar(value), key)
		}
	}
	list := func(values []string, key string, read read) {
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, v := range values {
			n.Content = append(n.Content, scalar(v))
		}
		if len(values) > 0 {
			read(n, key)
		}
	}
	set(c.Name, "name", r.name(&d.Name))
	set(c.TZ, "tz", func(n *yaml.Node, path string) {
		r.tz(&d)(n, path)
		r.checkFixed(&d, nil, "")
		d.DefaultTZ = false
	})
	list(c.Sources, "sources", r.sources(&d.Sources))
	list(c.Languages, "languages", several(r, &d.Languages, r.word(parseLanguage)))
	set(c.Locale, "locale", one(r, &d.Locale, parseLocale))
	return d.Bot, r.all().sorted()
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}
