package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// SetupScopes returns the scopes that only setup needs, sorted: for [Workspace.Join] and
// [Workspace.Person]. An app without them sends reports all the same.
func SetupScopes() []string {
	return []string{"channels:join", "users:read", "users:read.email"}
}

// Workspace is a Slack workspace as an app sees it with its token. [Client.Connect] returns it.
// setup uses it before there is a configuration. The remedies of its errors are for a person who
// sets up the app. A Workspace is for one goroutine.
type Workspace struct {
	Team    string   // its ID, T…
	Name    string   // Acme
	Bot     string   // the app's name, by which people mention it: Kindly Weekly
	BotUser string   // the ID of the app's user, U…
	App     string   // the app's ID, A…; empty if the scope users:read is missing
	Scopes  []string // what the app may do

	// Progress, if not nil, is called while Channel reads the list of channels, with their number
	// so far.
	Progress func(channels int)

	session *session
	list    channelList
}

// Connect calls auth.test with a bot token, and returns its workspace. It fails if the token does
// not have the form of one, if Slack refuses it, or if one of the [Scopes] is missing. It uses
// neither Token nor Refetch of the client.
func (c *Client) Connect(ctx context.Context, token string) (*Workspace, error) {
	if err := CheckToken(token); err != nil {
		return nil, &delivery.Failure{Err: err, Cause: causeToken, Permanent: true}
	}
	w := &Workspace{session: c.sessionOf(token, c.logger())}
	identity, err := w.session.authTest(ctx)
	if err != nil {
		return nil, w.explain(ctx, err, "")
	}
	w.Team, w.Name, w.BotUser = identity.TeamID, identity.Team, identity.UserID
	w.Bot, w.Scopes = identity.User, scopesOf(identity)
	if missing := lacking(w.Scopes, Scopes()); len(missing) > 0 {
		return nil, w.explain(ctx, slack.SlackErrorResponse{
			Err: "missing_scope", Needed: strings.Join(missing, ", ")}, "")
	}
	if w.May("users:read") {
		// Without the answer, the name is the username.
		if bot, err := w.session.bot(ctx, identity.BotID); err == nil {
			w.App, w.Bot = bot.AppID, cmp.Or(bot.Name, w.Bot)
		}
	}
	return w, nil
}

// May reports whether the app has a scope, such as one of the [SetupScopes].
func (w *Workspace) May(scope string) bool { return slices.Contains(w.Scopes, scope) }

// IsScopeMissing reports whether Slack refused a call because the app lacks a scope.
func IsScopeMissing(err error) bool { return isCode(err, "missing_scope") }

// Person is a member of a workspace.
type Person struct {
	ID   string // U… or W…
	Name string // empty if it is unknown
	TZ   string // IANA time zone of the account; empty if it is unknown
}

var memberID = regexp.MustCompile(`^[UW][A-Z0-9]{8,20}$`)

const remedyMember = "give the mail address of the Slack account, or its member ID, which the" +
	" profile has under ⋮, Copy member ID"

// Person returns the member with a mail address or a member ID. Without the scope users:read.email
// an address is an error for which IsScopeMissing is true. Without users:read an ID is returned as
// it is, without a name; then DirectMessage says whether it exists.
func (w *Workspace) Person(ctx context.Context, who string) (Person, error) {
	var user *slack.User
	switch {
	case memberID.MatchString(who) && !w.May("users:read"):
		return Person{ID: who}, nil
	case !memberID.MatchString(who) && !strings.Contains(who, "@"):
		return Person{}, &delivery.Failure{Remedy: remedyMember, Permanent: true,
			Err: fmt.Errorf("%q is neither a mail address nor a member ID", who)}
	}
	err := retryTransient(ctx, func() (err error) {
		if memberID.MatchString(who) {
			user, err = w.session.GetUserInfoContext(ctx, who)
		} else {
			user, err = w.session.GetUserByEmailContext(ctx, who)
		}
		return err
	})
	switch {
	case err != nil:
	case user.Deleted:
		err = slack.SlackErrorResponse{Err: "user_disabled"}
	case user.IsBot:
		err = slack.SlackErrorResponse{Err: "cannot_dm_bot"}
	default:
		name := cmp.Or(user.Profile.DisplayName, user.RealName, user.Name)
		return Person{ID: user.ID, Name: name, TZ: user.TZ}, nil
	}
	f := w.explain(ctx, err, "")
	if IsScopeMissing(err) {
		f.Remedy = "give the member ID instead, which the profile has under ⋮, Copy member ID; or " +
			f.Remedy
	}
	return Person{}, f
}

// DirectMessage returns the channel of the app's direct messages to a member, D…. Each app has a
// channel of its own for a member. Nothing is posted.
func (w *Workspace) DirectMessage(ctx context.Context, member string) (channel string, err error) {
	channel, err = w.session.openDM(ctx, member)
	if err != nil {
		return "", w.explain(ctx, err, member)
	}
	return channel, nil
}

// Channel is a channel of a workspace.
type Channel struct {
	ID       string // C… or G…
	Name     string // without #
	Private  bool
	Member   bool // the app is in it
	Archived bool
}

// channelID matches the ID of a channel in what Slack copies: the ID, or a link to the channel.
var channelID = regexp.MustCompile(`^(?:https://\S*/)?([CG][A-Z0-9]{8,20})(?:[/?#]\S*)?$`)

// Channel returns the channel with a name such as #reports or reports, with an ID, or with a link.
// A name is looked up in the list of channels, which is read once, in pages; see Progress. A
// private channel is found only if the app is in it. For an unknown name the error suggests
// similar ones.
func (w *Workspace) Channel(ctx context.Context, name string) (Channel, error) {
	id := ""
	if m := channelID.FindStringSubmatch(name); m != nil {
		id = m[1]
	} else {
		var err error
		name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "#"))
		if id, err = w.find(ctx, name); err != nil {
			return Channel{}, w.explain(ctx, err, "#"+name)
		}
	}
	info, err := w.session.channel(ctx, id)
	if err != nil {
		return Channel{}, w.explain(ctx, err, id)
	}
	return Channel{ID: info.ID, Name: info.Name, Private: info.IsPrivate, Member: info.IsMember,
		Archived: info.IsArchived}, nil
}

// Join makes the app a member of a public channel, unless it is one. An app cannot join a private
// channel, or without the scope channels:join: then the remedy is to invite it.
func (w *Workspace) Join(ctx context.Context, c Channel) error {
	if c.Member {
		return nil
	}
	err := retryTransient(ctx, func() error {
		_, _, _, err := w.session.JoinConversationContext(ctx, c.ID)
		return err
	})
	if err == nil {
		return nil
	}
	f := w.explain(ctx, err, c.ID)
	if IsScopeMissing(err) {
		f.Remedy = "in #" + c.Name + " type /invite @" + w.Bot + "; or " + f.Remedy
	}
	return f
}

// channelList is the part of a workspace's list of channels that was read.
type channelList struct {
	ids   map[string]string // by name
	pages int
	next  string // the cursor of the next page; empty: none was read, or the list is complete
}

const (
	listPage = 999 // channels; Slack accepts less than 1,000
	maxPages = 60  // of the list; Slack answers at least 20 calls a minute
)

// find returns the ID of the channel with a name. It reads the rest of the list as far as it needs
// to, and then all of it again, since the channel may be new.
func (w *Workspace) find(ctx context.Context, name string) (id string, err error) {
	if id := w.list.ids[name]; id != "" {
		return id, nil
	}
	if w.list.next != "" {
		if id, err := w.readUntil(ctx, name); id != "" || err != nil {
			return id, err
		}
	}
	w.list = channelList{ids: make(map[string]string)}
	if id, err := w.readUntil(ctx, name); id != "" || err != nil {
		return id, err
	}
	return "", w.unknown(name)
}

// readUntil reads the list on until it has the name, and returns the ID; empty: the list has ended.
func (w *Workspace) readUntil(ctx context.Context, name string) (id string, err error) {
	l := &w.list
	for l.pages < maxPages {
		if err := w.readPage(ctx); err != nil {
			return "", err
		}
		if id := l.ids[name]; id != "" || l.next == "" {
			return id, nil
		}
	}
	return "", &delivery.Failure{Remedy: remedyID, Permanent: true, Err: fmt.Errorf(
		"#%s is not among the first %d channels of the workspace", name, len(l.ids))}
}

// readPage reads the next page of channels.
func (w *Workspace) readPage(ctx context.Context) error {
	l := &w.list
	var some []slack.Channel
	var next string
	err := retryTransient(ctx, func() (err error) {
		some, next, err = w.session.GetConversationsContext(ctx, &slack.GetConversationsParameters{
			Types:           []string{"public_channel", "private_channel"},
			ExcludeArchived: true, Limit: listPage, Cursor: l.next})
		return err
	})
	if isCode(err, "invalid_cursor") {
		l.next = "" // it has expired; the next call reads the list from its beginning
	}
	if err != nil {
		return err
	}
	for _, c := range some {
		l.ids[strings.ToLower(c.Name)] = c.ID
	}
	l.pages, l.next = l.pages+1, next
	if w.Progress != nil {
		w.Progress(len(l.ids))
	}
	return nil
}

const remedyID = "give its ID, which Slack shows at the end of the channel's details"

var errNoChannel = errors.New("the app sees no channel")

// IsUnknown reports whether Slack knows no such member or channel, or does not show it to the app.
func IsUnknown(err error) bool {
	return errors.Is(err, errNoChannel) ||
		isCode(err, "users_not_found", "user_not_found", "user_not_visible", "channel_not_found")
}

// unknown returns the error of a name that no channel has.
func (w *Workspace) unknown(name string) error {
	names := make([]string, 0, len(w.list.ids))
	for n := range w.list.ids {
		names = append(names, n)
	}
	slices.Sort(names)
	remedy := "if it is private, type /invite @Kindly Weekly in it; if it is archived, unarchive it"
	const most = 3
	var similar []string
	for range most {
		near := config.Nearest(name, names)
		if near == "" {
			break
		}
		similar = append(similar, "#"+near)
		names = slices.DeleteFunc(names, func(n string) bool { return n == near })
	}
	if len(similar) > 0 {
		remedy = "did you mean " + strings.Join(similar, " or ") + "? Otherwise, " + remedy
	}
	return &delivery.Failure{Remedy: remedy, Permanent: true,
		Err: fmt.Errorf("%w #%s", errNoChannel, name)}
}

// explain turns an error into words for a person who sets up the app.
func (w *Workspace) explain(ctx context.Context, err error, about string) *delivery.Failure {
	f := w.session.explain(ctx, err, about)
	f.Remedy = strings.NewReplacer(
		remedyToken, "install the app in the workspace again and copy its bot token (xoxb-…) from"+
			" OAuth & Permissions",
		remedyOther, "choose another channel",
		remedyUser, remedyMember,
		"correct its ID in the configuration, which", "correct its ID, which",
		"@Kindly Weekly", "@"+cmp.Or(w.Bot, "Kindly Weekly"),
	).Replace(f.Remedy)
	return f
}

// bot returns what Slack says of the app. It needs the scope users:read.
func (s *session) bot(ctx context.Context, id string) (bot *slack.Bot, err error) {
	err = retryTransient(ctx, func() error {
		bot, err = s.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: id})
		return err
	})
	return bot, err
}
