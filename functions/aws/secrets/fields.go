package secrets

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// split takes an id apart: the secret's own, and the field, which may be empty.
func split(id string) (name, field string, err error) {
	name, field, named := strings.Cut(id, "#")
	switch {
	case name == "":
		err = errors.New("no secret is named")
	case named && field == "":
		err = errors.New("no field is named after the #")
	}
	if err != nil {
		return "", "", &Error{Secret: id, Err: err, Remedy: "write id, or id#field, such as kindly-weekly/acme#slack_token", Permanent: true}
	}
	return name, field, nil
}

// pick returns the value of a whole secret, or of a field of it. Package json's errors are not kept: they quote.
func (k known) pick(name, field string) (string, error) {
	if k.err != nil {
		return "", k.err
	}
	wrong := func(cure, what string, a ...any) error {
		return &Error{Secret: name, Field: field, Err: fmt.Errorf(what, a...), Remedy: cure, Permanent: true}
	}
	whole := strings.TrimSpace(k.value())
	fields, err := object(whole)
	if field == "" {
		switch {
		case whole == "":
			return "", wrong("store the secret in it", "it is empty")
		case err == nil:
			// The console makes an object of whatever is typed. Its text would only be refused, for no visible reason.
			return "", wrong(fmt.Sprintf("name one of its fields, such as %s#%s", name, first(fields)), "it is a JSON object, not a text")
		}
		return whole, nil
	}
	if err != nil {
		return "", wrong(fmt.Sprintf(`store {"%s": "…"} in it, or name the secret without #%[1]s`, field), "it is not a JSON object, so it has no fields")
	}
	raw, ok := fields[field]
	if !ok {
		has := "no fields at all"
		if len(fields) > 0 {
			has = fmt.Sprintf("the fields %q", slices.Sorted(maps.Keys(fields)))
		}
		return "", wrong("add the field, or correct its name in the configuration", "it has %s, not this one", has)
	}
	var value string
	if json.Unmarshal(raw, &value) != nil {
		return "", wrong("put the value in quotes", "the field is not a JSON string")
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", wrong("store the secret in it", "the field is empty")
	}
	return value, nil
}

// with returns the object with one field set. The others stay as they are, byte for byte. No object yet is an empty one.
func with(name, field, whole, value string) (string, error) {
	fields := map[string]json.RawMessage{}
	if whole = strings.TrimSpace(whole); whole != "" {
		var err error
		if fields, err = object(whole); err != nil {
			return "", &Error{Secret: name, Field: field, Err: errors.New("it is not a JSON object, so a field would replace all of it"),
				Remedy: "keep the field in another secret, or delete this one first", Permanent: true}
		}
	}
	fields[field], _ = json.Marshal(value) // a string always has JSON
	content, err := json.Marshal(fields)
	return string(content), err
}

var errNoObject = errors.New("not a JSON object")

func object(s string) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(s), &fields); err != nil || fields == nil { // null leaves it nil
		return nil, errNoObject
	}
	return fields, nil
}

func first(fields map[string]json.RawMessage) string {
	if len(fields) == 0 {
		return "field"
	}
	return slices.Min(slices.Collect(maps.Keys(fields)))
}
