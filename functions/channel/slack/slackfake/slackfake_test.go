package slackfake_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"kindlyweekly/functions/channel/slack/slackfake"
)

var workspace = slackfake.Workspace{Team: "T0000ACME", Name: "Acme", Token: "xoxb-acme",
	Scopes: []string{
		"channels:history", "channels:join", "channels:read", "chat:write", "files:read",
		"files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write",
		"users:read", "users:read.email"}}

func newDouble() *slackfake.Server {
	d := slackfake.New(workspace)
	d.SetChannel(slackfake.Channel{ID: "C0000OPS", Team: workspace.Team, Name: "ops", Member: true})
	return d
}

func client(d *slackfake.Server) *slack.Client {
	return slack.New(workspace.Token, slack.OptionHTTPClient(d.Client()))
}

// Slack's own Python SDK does everything to the double that it can do, and finds what it expects of
// Slack.
func TestServer_SlacksSDK(t *testing.T) {
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	if output, err := exec.Command(python, "-c", "import slack_sdk").CombinedOutput(); err != nil {
		unable := t.Skipf
		if os.Getenv("CI") == "true" {
			unable = t.Fatalf
		}
		unable("Slack's Python SDK is not in .venv (.ci/tools installs it): %v %s", err, output)
	}
	d := newDouble()
	d.SetChannel(slackfake.Channel{ID: "C0000OUT", Team: workspace.Team, Name: "out"})
	d.SetChannel(slackfake.Channel{ID: "C0000OLD", Team: workspace.Team, Name: "old", Member: true,
		Archived: true})
	d.SetUser(slackfake.User{ID: "U0000KARI", Team: workspace.Team, Name: "Kari Nordmann",
		Email: "kari@acme.example", TZ: "Europe/Oslo"})
	defer d.Start()()
	d.PageSize = 2
	cmd := exec.Command(python, filepath.Join("testdata", "sdk.py"), d.URL, workspace.Token,
		d.ResponseURL())
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	messages := d.Messages("C0000OPS")
	if len(messages) != 3 || len(messages[0].Replies) != 2 ||
		messages[0].Replies[0].Files[0].Name != "report.pdf" ||
		messages[0].Metadata.EventPayload["key"] != "a" {
		t.Errorf("%+v", messages)
	}
	if m := d.Messages("C0000OUT"); len(m) != 1 || m[0].Text != "joined" {
		t.Errorf("%+v", m)
	}
	if r := d.Responses(); len(r) != 1 || r[0].Text != "Done" {
		t.Errorf("%+v", r)
	}
}

func TestServer_Refusals(t *testing.T) {
	d := newDouble()
	d.SetChannel(slackfake.Channel{ID: "C0000OUT", Team: workspace.Team})
	d.SetChannel(slackfake.Channel{ID: "C0000OLD", Team: workspace.Team, Member: true,
		Archived: true})
	d.SetChannel(slackfake.Channel{ID: "C0000SEC", Team: workspace.Team, Private: true})
	d.SetChannel(slackfake.Channel{ID: "C0000OURS", Team: workspace.Team, Private: true,
		Member: true})
	d.SetChannel(slackfake.Channel{ID: "C0000ELSE", Team: "T0000ELSE", Member: true})
	d.SetUser(slackfake.User{ID: "U0000OLA", Team: workspace.Team, Email: "ola@acme.example",
		Deleted: true})
	d.SetUser(slackfake.User{ID: "U0000ROBOT", Team: workspace.Team, Bot: true})
	api := client(d)
	text := slack.MsgOptionText("Hello", false)
	for _, c := range []struct {
		name, want string
		call       func() error
	}{
		{"stranger", "not_in_channel", func() error {
			_, _,
				err := api.PostMessage("C0000OUT", text)
			return err
		}},
		{"archived", "is_archived", func() error {
			_, _,
				err := api.PostMessage("C0000OLD", text)
			return err
		}},
		{"unseen", "channel_not_found", func() error {
			_, _,
				err := api.PostMessage("C0000SEC", text)
			return err
		}},
		{"another team's", "channel_not_found",
			func() error { _, _, err := api.PostMessage("C0000ELSE", text); return err }},
		{"nowhere", "channel_not_found", func() error {
			_, _,
				err := api.PostMessage("C0", text)
			return err
		}},
		{"by name", "channel_not_found", func() error {
			_, _,
				err := api.PostMessage("#ops", text)
			return err
		}},
		{"nothing to say", "no_text", func() error {
			_, _,
				err := api.PostMessage("C0000OPS")
			return err
		}},
		{"too much to say", "msg_too_long", func() error {
			_, _, err := api.PostMessage("C0000OPS",
				slack.MsgOptionText(strings.Repeat("a", 40001), false))
			return err
		}},
		{"no such thread", "thread_not_found", func() error {
			_, _, err := api.PostMessage("C0000OPS", text, slack.MsgOptionTS("1.000001"))
			return err
		}},
		{"too much hidden", "metadata_too_large", func() error {
			_, _, err := api.PostMessage("C0000OPS", text,
				slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "a",
					EventPayload: map[string]any{"a": strings.Repeat("a", 8000)}}))
			return err
		}},
		{"hidden without a name", "invalid_metadata_format", func() error {
			_, _, err := api.PostMessage("C0000OPS", text,
				slack.MsgOptionMetadata(slack.SlackMetadata{EventPayload: map[string]any{}}))
			return err
		}},
		{"history of a stranger", "not_in_channel", func() error {
			_, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0000OUT"})
			return err
		}},
		{"a page that is not one", "invalid_cursor", func() error {
			_, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0000OPS", Cursor: "x"})
			return err
		}},
		{"no such file", "file_not_found", func() error {
			_, _, _,
				err := api.GetFileInfo("F0000000001", 0, 0)
			return err
		}},
		{"completed before it was uploaded", "file_not_found", func() error {
			to, err := api.GetUploadURLExternalContext(t.Context(),
				slack.GetUploadURLExternalParameters{FileName: "a.png", FileSize: 1})
			if err != nil {
				return err
			}
			_, err = api.CompleteUploadExternalContext(t.Context(),
				slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: to.FileID}}})
			return err
		}},
		{"nobody", "user_not_found", func() error {
			_, _, _, err := api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"ann"}})
			return err
		}},
		{"unknown address", "users_not_found",
			func() error { _, err := api.GetUserByEmail("nobody@acme.example"); return err }},
		{"the account was deactivated", "users_not_found",
			func() error { _, err := api.GetUserByEmail("ola@acme.example"); return err }},
		{"no such member", "user_not_found",
			func() error { _, err := api.GetUserInfo("U0000NONE"); return err }},
		{"a direct message to the deactivated", "user_disabled", func() error {
			_, _, _, err := api.OpenConversation(
				&slack.OpenConversationParameters{Users: []string{"U0000OLA"}})
			return err
		}},
		{"a direct message to a bot", "cannot_dm_bot", func() error {
			_, _, _, err := api.OpenConversation(
				&slack.OpenConversationParameters{Users: []string{"U0000ROBOT"}})
			return err
		}},
		{"another app", "bot_not_found", func() error {
			_, err := api.GetBotInfo(slack.GetBotInfoParameters{Bot: "B0OTHER"})
			return err
		}},
		{"joins an archived channel", "is_archived",
			func() error { _, _, _, err := api.JoinConversation("C0000OLD"); return err }},
		{"joins what it cannot see", "channel_not_found",
			func() error { _, _, _, err := api.JoinConversation("C0000SEC"); return err }},
		{"joins a private channel", "method_not_supported_for_channel_type",
			func() error { _, _, _, err := api.JoinConversation("C0000OURS"); return err }},
		{"lists a thousand", "invalid_limit", func() error {
			_, _, err := api.GetConversations(&slack.GetConversationsParameters{Limit: 1000})
			return err
		}},
		{"lists what is not a type", "invalid_types", func() error {
			_, _, err := api.GetConversations(
				&slack.GetConversationsParameters{Types: []string{"channels"}})
			return err
		}},
		{"lists after a message", "invalid_cursor", func() error {
			_, _, err := api.GetConversations(
				&slack.GetConversationsParameters{Cursor: "bmV4dF90czox"})
			return err
		}},
		{"a method that is not there", "unknown_method",
			func() error { _, err := api.GetEmoji(); return err }},
		{"no token", "not_authed", func() error {
			_, err := slack.New("", slack.OptionHTTPClient(d.Client())).AuthTest()
			return err
		}},
		{"another token", "invalid_auth", func() error {
			_, err := slack.New("xoxb-evil", slack.OptionHTTPClient(d.Client())).AuthTest()
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var refused slack.SlackErrorResponse
			if err := c.call(); !errors.As(err, &refused) || refused.Err != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	for _, channel := range d.Channels() {
		if m := d.Messages(channel.ID); len(m) != 0 {
			t.Errorf("%s got %+v", channel.ID, m)
		}
	}
}

func TestServer_Scopes(t *testing.T) {
	poor := workspace
	poor.Scopes = []string{"channels:history", "channels:read"}
	d := slackfake.New(poor)
	d.SetChannel(slackfake.Channel{ID: "C0000OPS", Team: poor.Team, Member: true})
	d.SetChannel(slackfake.Channel{ID: "C0000SEC", Team: poor.Team, Member: true, Private: true})
	d.SetUser(slackfake.User{ID: "U0000KARI", Team: poor.Team, Email: "kari@acme.example"})
	api := client(d)
	history := func(channel string) func() error {
		return func() error {
			_, err := api.GetConversationHistory(
				&slack.GetConversationHistoryParameters{ChannelID: channel})
			return err
		}
	}
	list := func(types ...string) func() error {
		return func() error {
			_, _, err := api.GetConversations(&slack.GetConversationsParameters{Types: types})
			return err
		}
	}
	for name, c := range map[string]struct {
		call func() error
		want string // the scope that is missing; empty: none
	}{
		"history, public":  {history("C0000OPS"), ""},
		"history, private": {history("C0000SEC"), "groups:history"},
		"list":             {list(), ""},
		"list, public":     {list("public_channel"), ""},
		"list, private":    {list("public_channel", "private_channel"), "groups:read"},
		"join": {func() error { _, _, _, err := api.JoinConversation("C0000OPS"); return err },
			"channels:join"},
		"member by address": {func() error {
			_, err := api.GetUserByEmail("kari@acme.example")
			return err
		}, "users:read.email"},
		"member": {func() error { _, err := api.GetUserInfo("U0000KARI"); return err },
			"users:read"},
		"app": {func() error {
			_, err := api.GetBotInfo(slack.GetBotInfoParameters{Bot: "B0000BOT"})
			return err
		}, "users:read"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.call()
			var refused slack.SlackErrorResponse
			if c.want == "" && err == nil {
				return
			}
			if !errors.As(err, &refused) || refused.Err != "missing_scope" ||
				refused.Needed != c.want || refused.Provided != "channels:history,channels:read" {
				t.Errorf("%+v, want %q to be missing", refused, c.want)
			}
		})
	}
}

// A page of channels can be short or empty before the last one.
func TestServer_ListsChannels(t *testing.T) {
	d := newDouble()
	for _, c := range []slackfake.Channel{
		{ID: "C0001", Name: "old", Archived: true},
		{ID: "C0002", Name: "older", Archived: true},
		{ID: "C0003", Name: "public"},
		{ID: "C0004", Name: "private", Private: true, Member: true},
		{ID: "C0005", Name: "secret", Private: true},
		{ID: "D0006", Member: true, User: "U0006"},
		{ID: "C0007", Team: "T0000ELSE", Name: "elsewhere"},
	} {
		if c.Team == "" {
			c.Team = workspace.Team
		}
		d.SetChannel(c)
	}
	for _, c := range []struct {
		ask   slack.GetConversationsParameters
		pages string
	}{
		{slack.GetConversationsParameters{}, "ops old older public"},
		{slack.GetConversationsParameters{Limit: 2, ExcludeArchived: true}, "ops | public"},
		{slack.GetConversationsParameters{Limit: 1, ExcludeArchived: true}, "ops |  |  | public"},
		{slack.GetConversationsParameters{Limit: 3,
			Types: []string{"public_channel", "private_channel"}}, "ops old older | public private"},
		{slack.GetConversationsParameters{Types: []string{"im"}}, ""},
	} {
		var pages []string
		for ask := c.ask; ; {
			some, next, err := client(d).GetConversations(&ask)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, channel := range some {
				names = append(names, channel.Name)
			}
			pages = append(pages, strings.Join(names, " "))
			if ask.Cursor = next; next == "" {
				break
			}
		}
		if got := strings.Join(pages, " | "); got != c.pages {
			t.Errorf("%+v: %q, want %q", c.ask, got, c.pages)
		}
	}
}

// Blocks are judged as Slack judges them, and Slack says where they are wrong.
func TestServer_Blocks(t *testing.T) {
	long := func(n int) string { return strings.Repeat("a", n) }
	plain := func(n int) string { return `{"type": "plain_text", "text": "` + long(n) + `"}` }
	chart := func(categories, points int, names ...string) string {
		var labels, data, series []string
		for i := range categories {
			labels = append(labels, fmt.Sprintf(`"c%d"`, i))
		}
		for i := range points {
			data = append(data, fmt.Sprintf(`{"label": "c%d", "value": %d}`, i, i))
		}
		for _, name := range names {
			series = append(series, `{"name": "`+name+`", "data": [`+strings.Join(data, ",")+`]}`)
		}
		return `{"type": "data_visualization", "title": "Chats", "chart": {"type": "bar", "axis_config": {"categories": [` + strings.Join(labels, ",") +
			`]}, "series": [` + strings.Join(series, ",") + `]}}`
	}
	table := func(rows string) string { return `{"type": "table", "rows": [` + rows + `]}` }
	cell := func(n int) string { return `{"type": "raw_text", "text": "` + long(n) + `"}` }
	many := func(n int, block string) string {
		return strings.TrimSuffix(strings.Repeat(block+",",
			n), ",")
	}
	for _, c := range []struct {
		name, blocks string
		want         string // empty: they are good
	}{
		{"good ones", `{"type": "header", "text": ` + plain(150) + `}, {"type": "divider"}, {"type": "section", "fields": [` + many(10, plain(80)) + `]},
			{"type": "context", "elements": [` + many(10, plain(10)) + `]}, {"type": "rich_text", "elements": [{}]},
			{"type": "image", "alt_text": "a", "image_url": "https://a.example/a.png"}`, ""},
		{"as many as there may be", many(50, `{"type": "divider"}`), ""},
		{"one more", many(51, `{"type": "divider"}`),
			"no more than 50 items allowed [json-pointer:/blocks]"},
		{"unknown", `{"type": "divider"}, {"type": "chart"}`,
			"unsupported type: chart [json-pointer:/blocks/1/type]"},
		{"an id twice",
			`{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}`,
			"`block_id` already exists [json-pointer:/blocks/1/block_id]"},
		{"a long id", `{"type": "divider", "block_id": "` + long(256) + `"}`,
			"must be at most 255 characters [json-pointer:/blocks/0/block_id]"},
		{"a long header", `{"type": "header", "text": ` + plain(151) + `}`,
			"must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		{"an empty header", `{"type": "header", "text": ` + plain(0) + `}`,
			"must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"a header with markup", `{"type": "header", "text": {"type": "mrkdwn", "text": "a"}}`,
			"must be one of [plain_text] [json-pointer:/blocks/0/text]"},
		{"many fields", `{"type": "section", "fields": [` + many(11, plain(1)) + `]}`,
			"no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{"a long field", `{"type": "section", "fields": [` + plain(2001) + `]}`,
			"must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
		{"a section without text", `{"type": "section"}`,
			"must be one of [plain_text mrkdwn] [json-pointer:/blocks/0/text]"},
		{"a long section", `{"type": "section", "text": ` + plain(3001) + `}`,
			"must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"a wide context", `{"type": "context", "elements": [` + many(11, plain(1)) + `]}`,
			"must have 1 to 10 items [json-pointer:/blocks/0/elements]"},
		{"empty rich text", `{"type": "rich_text", "elements": []}`,
			"no elements [json-pointer:/blocks/0/elements]"},
		{"no alt text", `{"type": "image", "image_url": "https://a.example/a.png"}`,
			"missing required field: alt_text [json-pointer:/blocks/0]"},
		{"a long alt text",
			`{"type": "image", "image_url": "https://a.example/a.png", "alt_text": "` + long(2001) +
				`"}`, "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]"},
		{"two sources",
			`{"type": "image", "image_url": "https://a.example/a.png", "slack_file": {"id": "F0000000001"}, "alt_text": "a"}`, "must have either image_url or slack_file [json-pointer:/blocks/0]"},
		{"no source", `{"type": "image", "alt_text": "a"}`,
			"must have either image_url or slack_file [json-pointer:/blocks/0]"},
		{"a file's name",
			`{"type": "image", "slack_file": {"id": "charts/chats.png"}, "alt_text": "a"}`,
			"input must match regex pattern: ^F[A-Z0-9]{8,}$ [json-pointer:/blocks/0/slack_file/id]"},
		{"a file that is not there",
			`{"type": "image", "slack_file": {"id": "F0000000001"}, "alt_text": "a"}`,
			"invalid slack file [json-pointer:/blocks/0/slack_file]"},
		{"too long in all", many(4, `{"type": "section", "text": `+plain(2500)+`}`),
			"msg_blocks_too_long"},
		{"charts and a table", chart(20, 20, "a", "b") + "," + chart(1, 1, "a") + "," +
			table("["+cell(1)+"]"), ""},
		{"three charts", many(3, chart(1, 1, "a")),
			"no more than 2 charts allowed in a message [json-pointer:/blocks/2]"},
		{"a chart with a long title", strings.Replace(chart(1, 1, "a"), "Chats", long(51), 1),
			"must have 1 to 50 characters [json-pointer:/blocks/0/title]"},
		{"a chart of another kind", strings.Replace(chart(1, 1, "a"), "bar", "radar", 1),
			"unsupported type: radar [json-pointer:/blocks/0/chart/type]"},
		{"many points", chart(21, 21, "a"),
			"must have 1 to 20 items, one for each category [json-pointer:/blocks/0/chart/series/0/data]"},
		{"a point is missing", chart(3, 2, "a"),
			"must have 1 to 20 items, one for each category [json-pointer:/blocks/0/chart/series/0/data]"},
		{"a point without a number", strings.Replace(chart(1, 1, "a"), `"value": 0`,
			`"value": null`, 1),
			"each item must have a category of its own and a number [json-pointer:/blocks/0/chart/series/0/data]"},
		{"many series", chart(1, 1, "a", "b", "c", "d", "e", "f", "g"),
			"must have 1 to 6 items [json-pointer:/blocks/0/chart/series]"},
		{"series of one name", chart(1, 1, "a", "a"),
			"must be unique [json-pointer:/blocks/0/chart/series/1/name]"},
		{"a long label", strings.ReplaceAll(chart(1, 1, "a"), "c0", long(21)),
			"must have 1 to 20 characters [json-pointer:/blocks/0/chart/axis_config/categories/0]"},
		{"two tables", many(2, table("["+cell(1)+"]")), "only_one_table_allowed"},
		{"an empty table", table(""), "must have 1 to 100 items [json-pointer:/blocks/0/rows]"},
		{"many rows", table(many(101, "["+cell(1)+"]")),
			"must have 1 to 100 items [json-pointer:/blocks/0/rows]"},
		{"many columns", table("[" + many(21, cell(1)) + "]"),
			"must have 1 to 20 items [json-pointer:/blocks/0/rows/0]"},
		{"an empty cell", table("[" + cell(0) + "]"),
			"must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]"},
		{"no cell", table("[null]"),
			"must be one of [raw_text rich_text] [json-pointer:/blocks/0/rows/0/0]"},
		{"no list", `{"type": "divider"`, "invalid_blocks_format"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDouble()
			response, err := d.Client().PostForm("https://slack.com/api/chat.postMessage",
				url.Values{
					"token": {workspace.Token}, "channel": {"C0000OPS"},
					"blocks": {"[" + c.blocks + "]"}})
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			var answer struct {
				OK       bool
				Error    string
				Metadata struct{ Messages []string } `json:"response_metadata"`
			}
			if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
				t.Fatal(err)
			}
			said := answer.Error
			if len(answer.Metadata.Messages) > 0 {
				said = strings.TrimPrefix(answer.Metadata.Messages[0], "[ERROR] ")
			}
			if said != c.want || answer.OK != (c.want == "") ||
				len(d.Messages("C0000OPS")) != map[bool]int{true: 1}[answer.OK] {
				t.Errorf("%+v, want %q", answer, c.want)
			}
		})
	}
}

// Where Slack has not brought charts and tables yet, it does not know their blocks.
func TestServer_Plain(t *testing.T) {
	d := newDouble()
	d.Plain = true
	for _, block := range []slack.Block{slack.NewTableBlock("t").AddRow(slack.NewTableRawTextCell("a")),
		slack.NewDataVisualizationBlock("Chats",
			slack.NewDataVisualizationPieChart(slack.NewDataVisualizationSegment("a", 1)))} {
		_, _, err := client(d).PostMessage("C0000OPS", slack.MsgOptionBlocks(block))
		if err == nil || err.Error() != "invalid_blocks" {
			t.Errorf("%s: %v", block.BlockType(), err)
		}
		d.Plain = false
		if _, _, err := client(d).PostMessage("C0000OPS",
			slack.MsgOptionBlocks(block)); err != nil {
			t.Errorf("%s: %v", block.BlockType(), err)
		}
		d.Plain = true
	}
}

// A file can stand in a message only once it was processed, which shows in its mimetype.
func TestServer_Processing(t *testing.T) {
	d := newDouble()
	d.Processing = 2
	api := client(d)
	file, err := api.UploadFileContext(t.Context(),
		slack.UploadFileParameters{Reader: bytes.NewReader([]byte("PNG")), FileSize: 3,
			Filename: "a.png"})
	if err != nil {
		t.Fatal(err)
	}
	image := slack.MsgOptionBlocks(slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: file.ID},
		"a", "", nil))
	var got []string
	for range 3 {
		_, _, posted := api.PostMessage("C0000OPS", image)
		info, _, _, err := api.GetFileInfo(file.ID, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%v, then %q", posted, info.Mimetype))
	}
	if _, _, err := api.PostMessage("C0000OPS", image); err != nil {
		t.Error(err)
	}
	if want := []string{`invalid_blocks, then ""`, `invalid_blocks, then ""`,
		`invalid_blocks, then "image/png"`}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Faults come in their order, each for one call; what a call did before its answer was lost stays
// done.
func TestServer_Faults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDouble()
		api := client(d)
		post := func() string {
			_, _, err := api.PostMessageContext(t.Context(), "C0000OPS",
				slack.MsgOptionText("Hello", false))
			return fmt.Sprintf("%d messages, %v", len(d.Messages("C0000OPS")), err)
		}
		d.Fail("chat.postMessage", slackfake.Fault{Error: "fatal_error"},
			slackfake.Fault{Error: "fatal_error", Done: true}, slackfake.Fault{},
			slackfake.Fault{Status: 500}, slackfake.Fault{RetryAfter: 7},
			slackfake.Fault{Drop: true}, slackfake.Fault{Lost: true},
			slackfake.Fault{Delay: time.Minute})
		begun := time.Now()
		var got []string
		for range 9 {
			got = append(got, post())
		}
		want := []string{
			"0 messages, fatal_error",
			"1 messages, fatal_error",
			"2 messages, <nil>",
			"2 messages, slack server error: 500 Internal Server Error",
			"2 messages, slack rate limit exceeded, retry after 7s",
			`2 messages, Post "https://slack.com/api/chat.postMessage": unexpected EOF`,
			`3 messages, Post "https://slack.com/api/chat.postMessage": unexpected EOF`,
			"4 messages, <nil>",
			"5 messages, <nil>",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("the delay took %v", took)
		}
		d.FailAlways("chat.postMessage", slackfake.Fault{Error: "not_in_channel"})
		d.Fail("chat.postMessage", slackfake.Fault{Error: "is_archived"})
		got = []string{post(), post(), post()}
		d.FailAlways("chat.postMessage", slackfake.Fault{})
		got = append(got, post())
		if want := []string{"5 messages, is_archived", "5 messages, not_in_channel",
			"5 messages, not_in_channel", "6 messages, <nil>"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if n := len(d.Calls("chat.postMessage")); n != 13 {
			t.Errorf("%d calls, want 13", n)
		}
	})
}

// replies reads a thread, in as many pages as it has, and says of each message what is in it.
func replies(t *testing.T, api *slack.Client, ts string) (pages []string) {
	t.Helper()
	query := &slack.GetConversationRepliesParameters{ChannelID: "C0000OPS", Timestamp: ts,
		IncludeAllMetadata: true}
	for {
		messages, more, cursor, err := api.GetConversationRepliesContext(t.Context(), query)
		if err != nil {
			return append(pages, err.Error())
		}
		var said []string
		for _, m := range messages {
			text := strings.TrimSpace(m.SubType + " " + m.Text)
			for _, f := range m.Files {
				text += f.Name
			}
			if key := m.Metadata.EventPayload["key"]; key != nil {
				text += fmt.Sprintf(" (%v)", key)
			}
			said = append(said, text)
		}
		if pages = append(pages, strings.Join(said, ", ")); !more {
			return pages
		}
		query.Cursor = cursor
	}
}

// upload uploads a file into a thread, and returns its id and what Slack said in the end.
func upload(t *testing.T, api *slack.Client, thread string) (id string, err error) {
	t.Helper()
	to, err := api.GetUploadURLExternalContext(t.Context(),
		slack.GetUploadURLExternalParameters{FileName: "a.pdf", FileSize: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := api.UploadToURL(t.Context(), slack.UploadToURLParameters{UploadURL: to.UploadURL,
		Reader: strings.NewReader("%PDF"), Filename: "a.pdf"}); err != nil {
		t.Fatal(err)
	}
	_, err = api.CompleteUploadExternalContext(t.Context(), slack.CompleteUploadExternalParameters{
		Files: []slack.FileSummary{{ID: to.FileID}}, Channel: "C0000OPS", ThreadTimestamp: thread})
	return to.FileID, err
}

// A thread comes in pages, each message with its files and, if asked for, its metadata; and it
// outlives its first message.
func TestServer_Thread(t *testing.T) {
	d := newDouble()
	d.PageSize = 2
	api := client(d)
	post := func(text string, options ...slack.MsgOption) string {
		_, ts, err := api.PostMessage("C0000OPS", append(options, slack.MsgOptionText(text, false),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "weekly",
				EventPayload: map[string]any{"key": "of " + text}}))...)
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	bare, first := post("bare"), post("first")
	post("other")
	if _, err := upload(t, api, first); err != nil {
		t.Fatal(err)
	}
	post("last", slack.MsgOptionTS(first))
	if diff := cmp.Diff([]string{"first (of first), a.pdf", "last (of last)"},
		replies(t, api, first)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d.Delete("C0000OPS", first)
	d.Delete("C0000OPS", bare)
	if diff := cmp.Diff([]string{"tombstone This message was deleted., a.pdf", "last (of last)"},
		replies(t, api, first)); diff != "" {
		t.Errorf("after it was deleted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"thread_not_found"}, replies(t, api, bare)); diff != "" {
		t.Errorf("one without a thread (-want +got):\n%s", diff)
	}
	if _, err := upload(t, api, bare); err == nil || err.Error() != "thread_not_found" {
		t.Errorf("into its thread: %v", err)
	}
	if m := d.Messages("C0000OPS"); len(m) != 2 || !m[0].Deleted || len(m[0].Replies) != 2 {
		t.Errorf("%+v", m)
	}
}

// Slack shares a file in its own time: before, neither files.info nor the thread shows it.
func TestServer_LateShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDouble()
		d.Processing = 0
		api := client(d)
		_, ts, err := api.PostMessage("C0000OPS", slack.MsgOptionText("first", false))
		if err != nil {
			t.Fatal(err)
		}
		d.Fail("files.completeUploadExternal", slackfake.Fault{Late: time.Minute})
		id, err := upload(t, api, ts)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []struct {
			shares int
			thread string
		}{{0, "first"}, {1, "first, a.pdf"}} {
			info, _, _, err := api.GetFileInfo(id, 0, 0)
			if err != nil || len(info.Shares.Public["C0000OPS"]) != want.shares ||
				len(info.Channels) != want.shares {
				t.Errorf("%v, shared %+v in %v; want %d", err, info.Shares, info.Channels,
					want.shares)
			}
			if thread := replies(t, api, ts); thread[0] != want.thread {
				t.Errorf("thread %q, want %q", thread, want.thread)
			}
			time.Sleep(time.Minute)
		}
	})
}

// A test can be there between a call's effect and its answer.
func TestServer_BeforeAndAfter(t *testing.T) {
	d := newDouble()
	api := client(d)
	var heard []string
	hear := func(when string) func(string) {
		return func(method string) {
			heard = append(heard, fmt.Sprintf("%s %s: %d", when, method,
				len(d.Messages("C0000OPS"))))
			if when == "after" && len(heard) == 4 {
				panic("dies")
			}
		}
	}
	d.Before, d.After = hear("before"), hear("after")
	post := func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("%v", r)
			}
		}()
		_, _, err = api.PostMessage("C0000OPS", slack.MsgOptionText("Hello", false))
		return err
	}
	d.Fail("chat.postMessage", slackfake.Fault{}, slackfake.Fault{Error: "is_archived"},
		slackfake.Fault{}, slackfake.Fault{Lost: true})
	for i, want := range []string{"<nil>", "is_archived", "dies",
		`Post "https://slack.com/api/chat.postMessage": unexpected EOF`} {
		if err := post(); fmt.Sprint(err) != want {
			t.Errorf("call %d: %v, want %s", i+1, err, want)
		}
	}
	want := []string{"before chat.postMessage: 0", "after chat.postMessage: 1",
		"before chat.postMessage: 1", "after chat.postMessage: 2",
		"before chat.postMessage: 2", "after chat.postMessage: 3"}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A long run forgets what it has looked at, and goes on.
func TestServer_Forget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDouble()
		api := client(d)
		post := func(text string) string {
			_, ts, err := api.PostMessage("C0000OPS", slack.MsgOptionText(text, false))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := upload(t, api, ts); err != nil {
				t.Fatal(err)
			}
			return ts
		}
		old := post("old")
		time.Sleep(time.Hour)
		between := time.Now()
		post("new")
		d.Forget(between)
		if all := d.Messages("C0000OPS"); len(all) != 1 || all[0].Text != "new" ||
			len(all[0].Replies) != 1 {
			t.Errorf("%+v", all)
		}
		if files, calls := d.Files(), d.Calls(""); len(files) != 1 || len(calls) != 4 {
			t.Errorf("%d files, %d calls", len(files), len(calls))
		}
		if _, _, err := api.PostMessage("C0000OPS", slack.MsgOptionText("answer", false),
			slack.MsgOptionTS(old)); err == nil {
			t.Error("the old message is still there")
		}
		post("newer")
	})
}

func TestState_GoesOnElsewhere(t *testing.T) {
	at := time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)
	first, second := newDouble(), slackfake.New(workspace)
	for _, d := range []*slackfake.Server{first, second} {
		d.Now = func() time.Time { return at }
	}
	ts := first.Say("C0000OPS", "", "Lunch?")
	first.Say("C0000OPS", ts, "Yes")
	if want := "1794812400.000000"; ts != want {
		t.Errorf("by its clock the message has the ts %s, not %s", ts, want)
	}

	kept, err := json.Marshal(first.State())
	if err != nil {
		t.Fatal(err)
	}
	var state slackfake.State
	if err := json.Unmarshal(kept, &state); err != nil {
		t.Fatal(err)
	}
	second.SetState(state)
	if got, want := fmt.Sprintf("%+v", second.Messages("C0000OPS")),
		fmt.Sprintf("%+v", first.Messages("C0000OPS")); got != want {
		t.Errorf("the messages are %s, not %s", got, want)
	}
	if _, next, err := client(second).PostMessage("C0000OPS",
		slack.MsgOptionText("It is noon.", false)); err != nil || next != "1794812400.000002" {
		t.Errorf("the next message has the ts %s, %v", next, err)
	}
}

// Each app is known by its bot_id, a person by the user alone; and an app changes nothing that is
// not its own.
func TestServer_Authors(t *testing.T) {
	other := workspace
	other.Token, other.Bot = "xoxb-other", "B0OTHER"
	d := slackfake.New(workspace, other)
	d.SetChannel(slackfake.Channel{ID: "C0000OPS", Team: workspace.Team, Name: "ops", Member: true})
	d.Say("C0000OPS", "", "by a person")
	for _, token := range []string{workspace.Token, other.Token} {
		c := slack.New(token, slack.OptionHTTPClient(d.Client()))
		identity, err := c.AuthTestContext(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.PostMessageContext(t.Context(), "C0000OPS",
			slack.MsgOptionText("by "+identity.BotID, false)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := client(d).GetConversationHistoryContext(t.Context(),
		&slack.GetConversationHistoryParameters{ChannelID: "C0000OPS"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all.Messages {
		got = append(got, m.Text+": "+m.BotID)
		_, _, _, err := client(d).UpdateMessageContext(t.Context(), "C0000OPS", m.Timestamp,
			slack.MsgOptionText(m.Text, false))
		if own := m.BotID == "B0000BOT"; own != (err == nil) || !own &&
			err.Error() != "cant_update_message" {
			t.Errorf("%s is updated: %v", m.Text, err)
		}
	}
	if want := "by B0OTHER: B0OTHER, by B0000BOT: B0000BOT, by a person: "; strings.Join(got,
		", ") != want {
		t.Errorf("%q, want %q", strings.Join(got, ", "), want)
	}
}
