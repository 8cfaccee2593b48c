package secrets

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// get returns the value of the secret or of a field. It does not keep package json's errors, which
// quote.
func (e entry) get(name, field string) (string, error) {
	if e.err != nil {
		return "", e.err
	}
	failed := func(remedy, what string, a ...any) *Error {
		return &Error{Secret: name, Field: field, Err: fmt.Errorf(what, a...),
			Remedy: remedy, Permanent: true}
	}
	whole := strings.TrimSpace(e.value())
	fields, err := parseObject(whole)
	if field == "" {
		switch {
		case whole == "":
			return "", failed("store the secret in it", "it is empty")
		case err == nil:
			// The AWS console stores an object by default. As a key or token it would be refused,
			// without a visible reason.
			remedy := fmt.Sprintf("name one of its fields, such as %s#%s", name, first(fields))
			return "", failed(remedy, "it is a JSON object, not a text")
		}
		return whole, nil
	}
	if err != nil {
		remedy := fmt.Sprintf(`store {"%s": "…"} in it, or name the secret without #%[1]s`, field)
		return "", failed(remedy, "it is not a JSON object, so it has no fields")
	}
	raw, ok := fields[field]
	if !ok {
		has := "no fields at all"
		if len(fields) > 0 {
			has = fmt.Sprintf("the fields %q", slices.Sorted(maps.Keys(fields)))
		}
		err := failed("add the field, or correct its name in the configuration",
			"it has %s, not this one", has)
		err.Missing = true
		return "", err
	}
	var value string
	if json.Unmarshal(raw, &value) != nil {
		return "", failed("put the value in quotes", "the field is not a JSON string")
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", failed("store the secret in it", "the field is empty")
	}
	return value, nil
}

// setField returns the object with one field set. The others keep their bytes. An empty text is an
// empty object.
func setField(name, field, whole, value string) (string, error) {
	fields := map[string]json.RawMessage{}
	if whole = strings.TrimSpace(whole); whole != "" {
		var err error
		if fields, err = parseObject(whole); err != nil {
			return "", &Error{Secret: name, Field: field, Permanent: true,
				Err:    errors.New("it is not a JSON object, so a field would replace all of it"),
				Remedy: "keep the field in another secret, or delete this one first"}
		}
	}
	fields[field], _ = json.Marshal(value) // a string always has JSON
	content, err := json.Marshal(fields)
	return string(content), err
}

var errNoObject = errors.New("not a JSON object")

func parseObject(s string) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if _ = json.Unmarshal([]byte(s), &fields); fields == nil { // as after null, and after an error
		return nil, errNoObject
	}
	return fields, nil
}

// first returns the name of the first field, or a placeholder.
func first(fields map[string]json.RawMessage) string {
	if len(fields) == 0 {
		return "field"
	}
	return slices.Min(slices.Collect(maps.Keys(fields)))
}
