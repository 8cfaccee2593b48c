package queues

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

// A Job asks for a bot's report of a week to be built and delivered to whoever has not got it; or for the overview of all of a
// tenant's bots, where the bot is config.PortfolioID.
//
//	{"version": 1, "tenant": "acme", "bot": "4217", "week": "2026-W46", "reason": "due"}
type Job struct {
	config.Job
	Reason string `json:"reason,omitempty"` // why it was sent, in a word
}

// A Request asks for a report that a person waits for.
//
//	{"version": 1, "tenant": "acme", "bot": "4217", "week": "2026-W46", "team": "T024BE7LD", "channel": "C024BE91L",
//	 "user": "U024BE7LH", "share": false, "response_url": "https://hooks.slack.com/…", "at": "2026-11-16T07:00:00Z"}
type Request struct {
	Tenant  string        `json:"tenant"`
	Bot     string        `json:"bot"`
	Period  period.Period `json:"week"`
	Team    string        `json:"team"`    // Slack's id of the workspace
	Channel string        `json:"channel"` // where it was asked for
	User    string        `json:"user"`    // who asked
	Share   bool          `json:"share"`   // post it in the channel

	// ResponseURL takes answers without any other credential: it is never shown. Format and LogValue leave it out.
	ResponseURL string `json:"response_url"`

	At time.Time `json:"at"` // when it was asked for
}

// Job returns the job whose report is asked for.
func (q Request) Job() config.Job { return config.Job{Tenant: q.Tenant, Bot: q.Bot, Period: q.Period} }

// Format writes what may be shown, whatever the verb.
func (q Request) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "request of %s by %s in %s/%s at %s", q.Job(), q.User, q.Team, q.Channel, q.At.UTC().Format(time.RFC3339))
}

// LogValue gives what may be logged.
func (q Request) LogValue() slog.Value {
	return slog.GroupValue(slog.String("tenant", q.Tenant), slog.String("bot", q.Bot), slog.String("period", q.Period.String()),
		slog.String("team", q.Team), slog.String("channel", q.Channel), slog.String("user", q.User),
		slog.Bool("share", q.Share), slog.Time("at", q.At))
}

// version is that of both messages. A message of another version is no [ErrMalformed]: it comes from a deployment that
// is under way, or was rolled back, and belongs into the dead letter queue, whence it can be sent again.
const version = 1

// ErrMalformed is a message that no try can make sense of: log it and let it go.
var ErrMalformed = errors.New("malformed message")

// encode adds the version. Every message is an object with at least one field.
func encode(message any) (string, error) {
	b, err := json.Marshal(message)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`{"version":%d,%s`, version, b[1:]), nil
}

// ParseJob reads a message of the weekly queue.
func ParseJob(body string) (Job, error) {
	var j Job
	if err := decode(body, &j); err != nil {
		return Job{}, fmt.Errorf("job: %w", err)
	}
	named := j.Job
	if named.Bot == config.PortfolioID { // which nobody can ask for, but which is queued
		named.Bot = "overview"
	}
	if err := check(named); err != nil {
		return Job{}, fmt.Errorf("job: %w", err)
	}
	return j, nil
}

// ParseRequest reads a message of the queue of requests.
func ParseRequest(body string) (Request, error) {
	var q Request
	err := decode(body, &q)
	if err == nil {
		err = check(q.Job())
	}
	if err == nil {
		for name, value := range map[string]string{"team": q.Team, "channel": q.Channel, "user": q.User} {
			if !slackID.MatchString(value) {
				err = malformed("%s %.40q is no id of Slack's", name, value)
			}
		}
		if q.At.IsZero() {
			err = malformed("it does not say when it was asked for (at)")
		}
	}
	if err != nil {
		return Request{}, fmt.Errorf("request: %w", err)
	}
	return q, nil
}

// decode reads a message into m. Fields that it does not know are a later deployment's, and let be.
func decode(body string, m any) error {
	var head struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal([]byte(body), &head); err != nil {
		return malformed("%w", err)
	}
	switch {
	case head.Version == nil:
		return malformed("it has no version")
	case *head.Version != version:
		return fmt.Errorf("message of version %d, and this program reads version %d: finish the deployment, then redrive the dead letter queue",
			*head.Version, version)
	}
	if err := json.Unmarshal([]byte(body), m); err != nil {
		return malformed("%w", err)
	}
	return nil
}

// name is what may be part of a key in the bucket.
var (
	name    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	slackID = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,30}$`)
)

func check(j config.Job) error {
	switch {
	case !name.MatchString(j.Tenant):
		return malformed("tenant %.80q is no name of a tenant", j.Tenant)
	case !name.MatchString(j.Bot):
		return malformed("bot %.80q is no id of a bot", j.Bot)
	case j.Period.IsZero():
		return malformed("it names no week")
	}
	return nil
}

func malformed(what string, a ...any) error {
	return fmt.Errorf("%w: %w", ErrMalformed, fmt.Errorf(what, a...))
}
