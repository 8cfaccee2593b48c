package sage

import (
	"encoding/json"
	"regexp"
	"slices"
)

// This file reads answers whose shape is ASSUMED: the vendor's page describes them without
// examples. It accepts several spellings that other endpoints use. An answer with none of them is a
// *ShapeError that names the keys that came. When an operator reports them, only this file changes.

// The path of buttons is assumed, too.
var buttons = endpoint{path: "buttons/clicks", limited: true}

// The path of options is known, its parameters are not, so none are sent. A source is assumed to be
// named as in sources[], and a language by its code, perhaps with a region.
var options = endpoint{path: "meta/options"}

var (
	buttonTextKeys = []string{
		"button_text", "button_label", "button_title", "text", "label", "title", "name",
	}
	buttonDialogueKeys = []string{
		"dialogue_title", "dialogue_name", "dialogue_text", "dialogue",
		"dialog_title", "dialog_name", "dialog",
	}
	sourceKeys   = []string{"sources", "source"}
	languageKeys = []string{"language_codes", "language_code", "languages", "language"}
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

// languageCode matches a language: en, en-GB, pt_BR.
var languageCode = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$`)

func filterOptions(r *record) Options {
	o := Options{Sources: names(r, sourceKeys), Languages: names(r, languageKeys)}
	if len(o.Languages) > 0 && !slices.ContainsFunc(o.Languages, languageCode.MatchString) {
		r.unexpected("codes of languages, such as en or nb") // the names of languages came
	}
	return o
}

// assumedKey returns the first of the keys that the answer has.
func assumedKey(r *record, keys []string) string {
	for _, k := range keys {
		if _, ok := r.fields[k]; ok {
			return k
		}
	}
	r.unexpected("one of the keys %q", keys)
	return ""
}

// names returns a list of texts.
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
	for i := range out {
		out[i] = shorten(out[i], MaxText)
	}
	return out
}
