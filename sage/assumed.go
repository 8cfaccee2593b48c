package sage

import (
	"encoding/json"
	"regexp"
	"slices"
)

// This file reads answers whose shape is ASSUMED: the vendor's page describes them without
// examples. It accepts several spellings that other endpoints use. An answer with none of them is a
// *ShapeError that names the keys that came. When an operator reports them, only this file changes.

// buttonPaths are where button clicks may be, the likeliest first. The first is assumed. The others
// follow the names of the service's other paths: a thing and what is counted of it (sessions/chats,
// chatbubble/pages), what is done with it (chatlabels/added), or the form of the answer
// (fallbacks/total, takeovers/totals, feedback/summary).
var buttonPaths = []string{
	"buttons/clicks",
	"buttons/clicked", "chatbuttons/clicked", "chatbuttons/clicks",
	"buttons/summary", "buttons/total", "buttons/totals",
	"buttonclicks/summary", "buttonclicks/total", "buttonclicks/totals",
	"clicks/buttons", "chatbubble/buttons", "dialogues/buttons",
	"buttons", "buttonclicks", "button-clicks",
}

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

// button reads a button. Fields that are not named have one of the assumed names.
func (s Spelling) button(r *record) Button {
	key := func(named string, assumed []string) string {
		if named != "" {
			return named
		}
		return assumedKey(r, assumed)
	}
	count := r.count("count")
	return Button{
		Text:     r.text(key(s.ButtonText, buttonTextKeys)),
		Dialogue: r.text(key(s.ButtonDialogue, buttonDialogueKeys)),
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
