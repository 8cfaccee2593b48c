package sagefake

import "cmp"

// This file holds what is ASSUMED: nobody here has seen the real service answer these. When it is seen, correct it
// here; nothing else in the package depends on it.

// clickedButton is an element of buttons/clicks. The path, too, is assumed; that the answer is a list, most clicked
// first, with a count and a ratio out of all clicks of the period, is what the vendor's page says.
type clickedButton struct {
	Text     string  `json:"button_text"`
	Dialogue string  `json:"dialogue_name"`
	Count    int     `json:"count"`
	Ratio    float64 `json:"ratio"`
}

// filterOptions is the answer of meta/options.
type filterOptions struct {
	Sources   []string `json:"sources"`
	Languages []string `json:"language_codes"`
}

// failure is the body of every refusal.
type failure struct {
	Error string `json:"error"`
}

// frequency orders pages, the most frequent first, which is read as most chats, then most messages.
func frequency(a, b visitedPage) int {
	return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(b.Messages, a.Messages))
}
