package sage

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A Spelling is how the service spells button clicks, whose path and fields are assumed. An empty
// field means the assumed spelling, so the zero Spelling is what is assumed. No other path can be
// changed.
//
// [Client.ButtonsAt] finds it out.
type Spelling struct {
	// ButtonPath is a path below /api/v1/stats/bot/{bot}/, such as buttons/clicks: names of
	// lower-case letters, digits and hyphens, joined by slashes.
	ButtonPath string

	// ButtonText and ButtonDialogue name fields of a button, such as button_text and dialogue_name.
	ButtonText, ButtonDialogue string
}

var (
	validPath  = regexp.MustCompile(`^[a-z0-9-]+(/[a-z0-9-]+)*$`)
	validField = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
)

const longestName = 100 // bytes of a path, or of a field's name

// Check returns an error if the spelling is invalid. A client with an invalid one asks for no
// buttons.
func (s Spelling) Check() error {
	if p := s.ButtonPath; p != "" && (!validPath.MatchString(p) || len(p) > longestName) {
		return fmt.Errorf("invalid path %q: names are lower-case letters, digits and hyphens, "+
			"joined by slashes", shorten(p, longestName))
	}
	for _, f := range []string{s.ButtonText, s.ButtonDialogue} {
		if f != "" && (!validField.MatchString(f) || len(f) > longestName) {
			return fmt.Errorf("invalid field %q: names are letters, digits, dots, hyphens and "+
				"underscores", shorten(f, longestName))
		}
	}
	return nil
}

// Path returns the path of Buttons.
func (s Spelling) Path() string { return s.buttons().path }

func (s Spelling) buttons() endpoint {
	e := endpoint{path: buttonPaths[0], limited: true, assumed: true}
	if s.ButtonPath != "" {
		e.path = s.ButtonPath
	}
	return e
}

// ButtonPaths returns the paths at which the service may have button clicks: the assumed one, then
// others that fit its names, the likeliest first.
func ButtonPaths() []string { return slices.Clone(buttonPaths) }

// fields returns the names of the two texts that each button of a list has, ids aside. It returns
// false if there are more or fewer, or if it cannot tell the text from the dialogue.
func fields(data json.RawMessage) (text, dialogue string, ok bool) {
	var items []map[string]json.RawMessage
	if json.Unmarshal(data, &items) != nil || len(items) == 0 {
		return "", "", false
	}
	names := texts(items)
	if len(names) != 2 {
		return "", "", false
	}
	ofDialogue := func(name string) bool {
		return strings.Contains(strings.ToLower(name), "dialog")
	}
	ofText := func(name string) bool {
		return !ofDialogue(name) && (slices.Contains(buttonTextKeys, name) ||
			strings.Contains(strings.ToLower(name), "button"))
	}
	for i := range names {
		text, dialogue := names[i], names[1-i]
		if (ofText(text) || ofDialogue(dialogue)) && !ofDialogue(text) && !ofText(dialogue) {
			return text, dialogue, true
		}
	}
	return "", "", false
}

// texts returns the names of the fields that are texts, or null, in each item. An id is no text.
func texts(items []map[string]json.RawMessage) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(items[0])) {
		if strings.HasSuffix(strings.ToLower(name), "id") || !validField.MatchString(name) ||
			len(name) > longestName {
			continue
		}
		notText := func(item map[string]json.RawMessage) bool {
			value := string(item[name])
			return !strings.HasPrefix(value, `"`) && value != "null"
		}
		if !slices.ContainsFunc(items, notText) {
			names = append(names, name)
		}
	}
	return names
}
