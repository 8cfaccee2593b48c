package sage

import (
	"encoding/json"
	"regexp"
	"slices"
)

// ASSUMED. Nobody here has seen the answers that this file reads: the vendor's page says what they tell, but
// its examples were lost. Several spellings that fit the service's other endpoints are understood; an answer
// with none of them is a *ShapeError that names the keys that did come, for the operator to report and for this
// file, and only this file, to learn.

// buttons: the path is assumed, too.
var buttons = endpoint{path: "buttons/clicks", limited: true}

// options: the path was seen, but not whether it takes parameters, so none are sent. It is assumed that a source is
// named there as in the parameter sources[], in the same case, and a language by its code, perhaps with a region.
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

// languageCode is how a language may be named: en, en-GB, pt_BR.
var languageCode = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$`)

func filterOptions(r *record) Options {
	o := Options{Sources: names(r, sourceKeys), Languages: names(r, languageKeys)}
	if len(o.Languages) > 0 && !slices.ContainsFunc(o.Languages, languageCode.MatchString) {
		r.unexpected("codes of languages, such as en or nb") // and not their names
	}
	return o
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
	for i := range out {
		out[i] = shorten(out[i], MaxText)
	}
	return out
}
