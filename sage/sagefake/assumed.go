package sagefake

import "cmp"

// This file has what is ASSUMED of the real service. To correct it, change this file only.

// A clickedButton is an element of buttons/clicks. The path is assumed, too. The vendor's page says
// that the answer is a list, most clicked first, with a count and a ratio of all clicks of the
// period.
type clickedButton struct {
	Text     string  `json:"button_text"`
	Dialogue string  `json:"dialogue_name"`
	Count    int     `json:"count"`
	Ratio    float64 `json:"ratio"`
}

// filterOptions are the answer of meta/options.
type filterOptions struct {
	Sources   []string `json:"sources"`
	Languages []string `json:"language_codes"`
}

// A failure is the body of every refusal.
type failure struct {
	Error string `json:"error"`
}

// frequency orders pages, the most frequent first: by chats, then by messages.
func frequency(a, b visitedPage) int {
	return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(b.Messages, a.Messages))
}
