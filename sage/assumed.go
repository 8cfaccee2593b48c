package sage

import (
	"encoding/json"
	"slices"
)

// ASSUMED. Nobody here has seen the answers that this file reads: the vendor's page says what they tell, but
// its examples were lost. Several spellings that fit the service's other endpoints are understood; an answer
// with none of them is a *ShapeError that names the keys that did come, for the operator to report and for this
// file, and only this file, to learn.

// buttons: the path is assumed, too.
var buttons = endpoint{path: "buttons/clicks", limited: true}

// options: the path was seen, but not whether it takes parameters, so none are sent.
var options = endpoint{path: "meta/options"}

var (
	buttonTextKeys     = []string{"button_text", "button_label", "button_title", "text", "label", "title", "name"}
	buttonDialogueKeys = []string{"dialogue_title", "dialogue_name", "dialogue_text", "dialogue", "dialog_title", "dialog_name", "dialog"}
	sourceKeys         = []string{"sources", "source"}
	languageKeys       = []string{"language_codes", "language_code", "languages", "language"}
)

func button(r *record) Button {
	count := r.count("count")
	return Button{
		Text:     r.text(assumedKey(r, buttonTextKeys)),
		Dialogue: r.text(assumedKey(r, buttonDialogueKeys)),
		Count:    count,
		Ratio:    r.ratioOf("ratio", count),
	}
}

func filterOptions(r *record) Options {
	return Options{Sources: names(r, sourceKeys), Languages: names(r, languageKeys)}
}

// assumedKey is the first of the keys that came.
func assumedKey(r *record, keys []string) string {
	for _, k := range keys {
		if _, ok := r.fields[k]; ok {
			return k
		}
	}
	r.unexpected("one of the keys %q", keys)
	return ""
}

// names is a list of texts.
func names(r *record, keys []string) []string {
	key := assumedKey(r, keys)
	if r.err != nil {
		return nil
	}
	var out []string
	if json.Unmarshal(r.fields[key], &out) != nil || out == nil || slices.Contains(out, "") {
		r.unexpected("a list of names under %q", key)
		return nil
	}
	return out
}
