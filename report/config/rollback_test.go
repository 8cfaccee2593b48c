package config_test

import (
	"strings"
	"testing"

	"kindlyweekly/report/config"
)

func TestForVersionBefore(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"nothing is new", "# A tenant.\nbots: [{id: a, tz: Europe/Oslo}]\n", ""},
		{"keys of a bot",
			"bots:\n  - id: a # the first\n    tz: Etc/GMT+1\n    fixed_offset: true\n    name: " +
				"\"\\u00C5se\"\n  - {id: b, page_queries: keep, attach_data: false, tz: Europe/Oslo}\n",
			"bots:\n  - id: a\n    tz: Etc/GMT+1\n" +
				"    name: \"Åse\"\n  - {id: b, tz: Europe/Oslo}\n"},
		{"keys of defaults", "defaults: {tz: Europe/Oslo, page_queries: keep}\nbots: [{id: a}]\n",
			"defaults: {tz: Europe/Oslo}\nbots: [{id: a}]\n"},
		{"the directive", "%YAML 1.2\n---\nbots: [{id: a, tz: Europe/Oslo}]\n",
			"bots: [{id: a, tz: Europe/Oslo}]\n"},
		{"a name that is such a key", "bots: [{id: page_queries, name: fixed_offset, tz: " +
			"Europe/Oslo}]\n", ""},
		{"no bots.yaml at all", "bots: [", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			kept := string(config.ForVersionBefore([]byte(test.file)))
			plain, packed, changed := strings.Cut(kept, "# whole: ")
			if want := test.want; !changed && (want != "" || kept != test.file) || changed &&
				plain != want {
				t.Errorf("kept as\n%s\nnot\n%s", kept, want)
			}
			if strings.Count(packed, "\n") > 1 {
				t.Errorf("more than a line leads to the whole: %s", packed)
			}
			if got := string(config.Whole([]byte(kept))); got != test.file {
				t.Errorf("Whole returns\n%s\nnot\n%s", got, test.file)
			}
			// What is kept, if it becomes the file, is kept as it is.
			if got := string(config.Whole(config.ForVersionBefore([]byte(kept)))); got != kept {
				t.Errorf("kept once more, Whole returns\n%s", got)
			}
		})
	}
}
