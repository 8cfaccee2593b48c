package sage_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/sage"
)

func TestSpelling_Check(t *testing.T) {
	for _, good := range []sage.Spelling{
		{}, {ButtonPath: "buttons/clicked"}, {ButtonPath: "v2/button-clicks/top-5"},
		{ButtonText: "buttonText", ButtonDialogue: "dialogue.title"},
	} {
		if err := good.Check(); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	for _, bad := range []sage.Spelling{
		{ButtonPath: "/buttons"}, {ButtonPath: "buttons/"}, {ButtonPath: "buttons//clicks"},
		{ButtonPath: "../17/buttons"}, {ButtonPath: "buttons/.."}, {ButtonPath: "buttons/./clicks"},
		{ButtonPath: "buttons/%2e%2e"}, {ButtonPath: `buttons\clicks`},
		{ButtonPath: "https://evil.test"}, {ButtonPath: "//evil.test"},
		{ButtonPath: "buttons?limit=9"}, {ButtonPath: "buttons#"}, {ButtonPath: "Buttons"},
		{ButtonPath: "buttons clicks"}, {ButtonPath: "buttons\n"},
		{ButtonPath: strings.Repeat("a", 101)},
		{ButtonText: "a b"}, {ButtonDialogue: "\x1b[2J"}, {ButtonText: strings.Repeat("a", 101)},
	} {
		err := bad.Check()
		if err == nil || !strings.Contains(err.Error(), "invalid") {
			t.Errorf("%+v: %v", bad, err)
		}
		// Nothing is sent, so no other address gets the token.
		c := clientOver(wire{sage: func(r *http.Request) (*http.Response, error) {
			t.Errorf("%+v: asked for %s", bad, r.URL)
			return respond(200, `{"data": []}`), nil
		}})
		c.Spelling = bad
		if _, err := c.Buttons(t.Context(), bot, week); err == nil {
			t.Errorf("%+v: Buttons accepts it", bad)
		}
		if bad.ButtonPath == "" {
			continue
		}
		if _, _, err := c.ButtonsAt(t.Context(), bot, week, bad.ButtonPath); err == nil {
			t.Errorf("%+v: ButtonsAt accepts it", bad)
		}
	}
}

// The paths to try are few, can be stored, and are not those of other statistics.
func TestButtonPaths(t *testing.T) {
	paths := sage.ButtonPaths()
	if len(paths) > 16 || paths[0] != (sage.Spelling{}).Path() {
		t.Errorf("%d paths, the first %s", len(paths), paths[0])
	}
	others := []string{"sessions/chats", "sessions/messages", "fallbacks/series",
		"fallbacks/total", "chatbubble/pages", "takeovers/series", "takeovers/totals",
		"feedback/summary", "chatlabels/added", "meta/options"}
	for i, path := range paths {
		if err := (sage.Spelling{ButtonPath: path}).Check(); err != nil {
			t.Error(err)
		}
		if slices.Contains(others, path) || slices.Contains(paths[:i], path) {
			t.Errorf("%s is there already", path)
		}
	}
}

// ButtonsAt reads what a client with the spelling that it returns reads.
func TestClient_ButtonsAt(t *testing.T) {
	const rest = `, "count": 3, "ratio": 1`
	ja := []sage.Button{{Text: "Ja", Dialogue: "Retur", Count: 3, Ratio: 1}}
	for _, tt := range []struct {
		name   string
		fields string         // of the only button
		want   *sage.Spelling // but for the path; nil: the answer cannot be read
	}{
		{"assumed names", `"button_text": "Ja", "dialogue_name": "Retur"`, &sage.Spelling{}},
		{"other texts too", `"text": "Ja", "dialogue": "Retur", "language": "nb"`,
			&sage.Spelling{}},
		{"text without an assumed name", `"button_caption": "Ja", "dialogue_name": "Retur"`,
			&sage.Spelling{ButtonText: "button_caption", ButtonDialogue: "dialogue_name"}},
		{"dialogue without an assumed name", `"label": "Ja", "dialogHeading": "Retur"`,
			&sage.Spelling{ButtonText: "label", ButtonDialogue: "dialogHeading"}},
		{"dialogue is the other text", `"button": "Ja", "flow": "Retur"`,
			&sage.Spelling{ButtonText: "button", ButtonDialogue: "flow"}},
		{"text is the other text", `"caption": "Ja", "dialogue": "Retur"`,
			&sage.Spelling{ButtonText: "caption", ButtonDialogue: "dialogue"}},
		{"both in a name", `"button_dialogue": "Retur", "button": "Ja"`,
			&sage.Spelling{ButtonText: "button", ButtonDialogue: "button_dialogue"}},
		{"ids", `"id": "1", "button_id": "a", "flowId": "b", "button": "Ja", "flow": "Retur"`,
			&sage.Spelling{ButtonText: "button", ButtonDialogue: "flow"}},
		{"three texts", `"button": "Ja", "flow": "Retur", "language": "nb"`, nil},
		{"neither", `"caption": "Ja", "flow": "Retur"`, nil},
		{"either", `"button": "Ja", "title": "Retur"`, nil},
		{"two dialogues", `"dialogue_a": "Ja", "dialogue_b": "Retur"`, nil},
		{"no dialogue", `"button_text": "Ja"`, nil},
		{"a dialogue that is an object", `"button_text": "Ja", "flow": {"title": "Retur"}`, nil},
		{"a name that cannot be stored", `"button_text": "Ja", "the flow": "Retur"`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := clientOver(wire{sage: func(r *http.Request) (*http.Response, error) {
				if !strings.HasSuffix(r.URL.Path, "/bot/8152/buttons/clicked") {
					return respond(404, `{}`), nil
				}
				return respond(200, `{"data": [{`+tt.fields+rest+`}]}`), nil
			}})
			got, spelling, err := c.ButtonsAt(t.Context(), bot, week, "buttons/clicked")
			if tt.want == nil {
				var shape *sage.ShapeError
				if !errors.As(err, &shape) || len(shape.Keys) < 3 ||
					spelling != (sage.Spelling{}) {
					t.Errorf("%v, %+v, %v", got, spelling, err)
				}
				return
			}
			tt.want.ButtonPath = "buttons/clicked"
			if diff := cmp.Diff(*tt.want, spelling); diff != "" || err != nil {
				t.Errorf("%v, (-want +got):\n%s", err, diff)
			}
			again := clientOver(c.HTTP.Transport.(wire))
			again.Spelling = spelling
			read, err := again.Buttons(t.Context(), bot, week)
			if diff := cmp.Diff([][]sage.Button{ja, ja}, [][]sage.Button{got, read}); diff != "" {
				t.Errorf("%v, (-want +got and read):\n%s", err, diff)
			}
		})
	}
}

// An empty list is one at any path, and says nothing of the fields.
func TestClient_ButtonsAt_Empty(t *testing.T) {
	c := clientOver(wire{sage: always(200, `{"data": []}`)})
	got, spelling, err := c.ButtonsAt(t.Context(), bot, week, "buttons")
	if len(got) != 0 || spelling != (sage.Spelling{ButtonPath: "buttons"}) || err != nil {
		t.Errorf("%v, %+v, %v", got, spelling, err)
	}
}

// An operator who reads that an assumed path was not found is told what to do. Of other paths it is
// the bot that may be wrong.
func TestError_NotFound(t *testing.T) {
	c := clientOver(wire{sage: always(404, `{}`)})
	_, err := c.Buttons(t.Context(), bot, week)
	if err == nil || !strings.Contains(err.Error(), "the command doctor looks for it") {
		t.Error(err)
	}
	_, err = c.Chats(t.Context(), bot, week)
	if err == nil || !strings.Contains(err.Error(), "is the bot's id right?") {
		t.Error(err)
	}
}
