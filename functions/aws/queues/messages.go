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

// A Job asks for a bot's report of a week, to be delivered to all destinations that do not have it.
// If the bot is config.PortfolioID, it asks for the portfolio of all bots of the tenant.
//
//	{"version": 1, "tenant": "acme", "bot": "4217", "week": "2026-W46", "reason": "due"}
type Job struct {
	config.Job
	Reason string `json:"reason,omitempty"` // why it was sent, one word
}

// A Request asks for a report that a person waits for.
//
//	{"version": 1, "tenant": "acme", "bot": "4217", "week": "2026-W46", "team": "T024BE7LD",
//	 "channel": "C024BE91L", "user": "U024BE7LH", "share": false,
//	 "response_url": "https://hooks.slack.com/…", "at": "2026-11-16T07:00:00Z"}
type Request struct {
	Tenant  string        `json:"tenant"`
	Bot     string        `json:"bot"`
	Period  period.Period `json:"week"`
	Team    string        `json:"team"`    // Slack's id of the workspace
	Channel string        `json:"channel"` // where it was asked for
	User    string        `json:"user"`    // who asked
	Share   bool          `json:"share"`   // post it in the channel

	// ResponseURL takes answers without another credential, so Format and LogValue leave it out.
	ResponseURL string `json:"response_url"`

	At time.Time `json:"at"` // when it was asked for
}

// Job returns the job of the report.
func (q Request) Job() config.Job {
	return config.Job{Tenant: q.Tenant, Bot: q.Bot, Period: q.Period}
}

// Format writes what can be shown, for every verb.
func (q Request) Format(f fmt.State, _ rune) {
	at := q.At.UTC().Format(time.RFC3339)
	fmt.Fprintf(f, "request of %s by %s in %s/%s at %s", q.Job(), q.User, q.Team, q.Channel, at)
}

// LogValue returns what can be logged.
func (q Request) LogValue() slog.Value {
	return slog.GroupValue(slog.String("tenant", q.Tenant), slog.String("bot", q.Bot),
		slog.String("period", q.Period.String()),
		slog.String("team", q.Team), slog.String("channel", q.Channel), slog.String("user", q.User),
		slog.Bool("share", q.Share), slog.Time("at", q.At))
}

// version is of both messages. Another version is not [ErrMalformed]: it comes from a deployment
// that is under way or was rolled back. Its message belongs in the dead letter queue, to be sent
// again.
const version = 1

// ErrMalformed is the error of a message that cannot be read: log and discard it.
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
	if named.Bot == config.PortfolioID { // check accepts only IDs of bots
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
		ids := map[string]string{"team": q.Team, "channel": q.Channel, "user": q.User}
		for name, value := range ids {
			if !slackID.MatchString(value) {
				err = malformed("%s %.40q is not an ID of Slack", name, value)
			}
		}
		if q.At.IsZero() {
			err = malformed("the time of the request (at) is missing")
		}
	}
	if err != nil {
		return Request{}, fmt.Errorf("request: %w", err)
	}
	return q, nil
}

// decode reads a message into m. It ignores unknown fields, which a later version may send.
func decode(body string, m any) error {
	var head struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal([]byte(body), &head); err != nil {
		return malformed("%w", err)
	}
	switch {
	case head.Version == nil:
		return malformed("the version is missing")
	case *head.Version != version:
		return fmt.Errorf("message of version %d, but this program reads version %d:"+
			" finish the deployment, then redrive the dead letter queue", *head.Version, version)
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
		return malformed("tenant %.80q is not a tenant's name", j.Tenant)
	case !name.MatchString(j.Bot):
		return malformed("bot %.80q is not a bot's ID", j.Bot)
	case j.Period.IsZero():
		return malformed("it names no week")
	}
	return nil
}

func malformed(what string, a ...any) error {
	return fmt.Errorf("%w: %w", ErrMalformed, fmt.Errorf(what, a...))
}
