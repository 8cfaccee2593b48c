package wording_test

import (
	"testing"

	"kindlyweekly/report/wording"
)

func TestName(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"Retur & bytte 🎁 2", "Retur & bytte 🎁 2"},
		{"שלום", "\u2068שלום\u2069"},
		{"سؤال 24/7", "\u2068سؤال 24/7\u2069"},
		{"\u202eשלום\u2069 x \u2068", "\u2068שלום x \u2069"}, // which can neither leave the isolate nor go on after it
		{"\u202eabc", "abc"},
	} {
		if got := wording.Name(test.name); got != test.want {
			t.Errorf("%q: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestIsolates(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"8 of 9", "8 of 9"},
		{"“\u2068שלום\u2069” 8", "“\u2068שלום\u2069” 8"},
		{"“\u2068שלו…", "“שלו…"},
		{"a\u2069 “\u2068שלום\u2069” \u2068b\u202e", "a “\u2068שלום\u2069” b"},
		{"\u2068a \u2068b\u2069", "a \u2068b\u2069"},
	} {
		if got := wording.Isolates(test.text); got != test.want {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
}

func TestFullStop_CutName(t *testing.T) {
	w, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	for sentence, want := range map[string]string{"4 chats": "4 chats.", "with hvor blir det av…": "with hvor blir det av…", "with \u2068של…\u2069": "with \u2068של…\u2069"} {
		if got := w.FullStop(sentence); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
