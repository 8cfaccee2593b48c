package alerting_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// closing is an ops channel that can be searched from until on. sends has the outcome of each
// message: sent, lost (sent, but the answer is lost) or refused. The last outcome repeats.
type closing struct {
	*phone
	sends []string
	until time.Time // searches fail before it
}

func (c *closing) Find(ctx context.Context, m delivery.Message, since time.Time) (
	string, bool, error) {
	if time.Now().Before(c.until) {
		return "", false, errors.New("the search failed")
	}
	return c.phone.Find(ctx, m, since)
}

var notAllowed = &delivery.Failure{Err: errors.New("the app may not post in #ops"),
	Remedy: "allow it"}

func (c *closing) Send(ctx context.Context, m delivery.Message) (string, error) {
	what := c.sends[0]
	if len(c.sends) > 1 {
		c.sends = c.sends[1:]
	}
	if what == "refused" {
		return "", notAllowed
	}
	ref, err := c.phone.Send(ctx, m)
	if what == "lost" {
		return "", lost
	}
	return ref, err
}

// An ops channel is unreachable until a message is sent there after the failure. A message that a
// search finds, or that an earlier tick sent, may be older than the failure. The other ops get one
// notice when it begins and one when it is over.
func TestUnreachable_UntilSomethingIsSent(t *testing.T) {
	const began, over = " Ops cannot be notified", " Resolved: Ops cannot be notified"
	for _, c := range []struct {
		what  string
		sends []string      // two causes, then that it began, then all again each hour
		fails time.Duration // of searches
		want  []string
	}{
		{"nothing is sent", []string{"refused"}, 0, []string{"08:15" + began}},
		{"all are sent an hour later", []string{"refused", "refused", "refused", "sent"}, 0,
			[]string{"08:15" + began, "09:15" + over}},
		{"the first was sent, and is found after the others were refused",
			[]string{"lost", "refused"}, 40 * time.Minute, []string{"08:15" + began}},
		{"the same, and the others are sent an hour later",
			[]string{"lost", "refused", "refused", "sent"}, 40 * time.Minute,
			[]string{"08:15" + began, "09:15" + over}},
		{"one of later was sent, and is found", []string{"refused", "refused", "lost", "sent"}, 0,
			[]string{"08:15" + began, "08:45" + over}},
		{"one that was refused at first was sent, and is found",
			[]string{"refused", "refused", "refused", "refused", "refused", "lost", "sent"}, 0,
			[]string{"08:15" + began, "09:45" + over}},
		{"it is closed twice", []string{"refused", "refused", "sent", "refused"}, 0,
			[]string{"08:15" + began, "08:30" + over, "08:45" + began}},
	} {
		tell(t, map[string]string{"acme": twoOps}, func(s *story) {
			s.Senders[config.Slack] = &closing{s.phone, c.sends, time.Now().Add(c.fails)}
			statuses := []delivery.Status{shop(46, "C0SHOP0001", waits(invite)),
				shop(46, "C0SHOP0002", ends(delivery.FailedForGood, archived))}
			var got []string
			for range 12 {
				s.finds(statuses...)
				for _, told := range s.phone.told {
					head, text, _ := strings.Cut(told, "\n")
					at, found := strings.CutSuffix(head, " to ops@example.com")
					for _, what := range []string{began, over} {
						if found && strings.HasPrefix(" "+text, what) {
							got = append(got, strings.TrimPrefix(at, "Mon ")+what)
						}
					}
				}
				time.Sleep(15 * time.Minute)
			}
			if !slices.Equal(got, c.want) {
				s.Errorf("%s: told %q, want %q", c.what, got, c.want)
			}
		})
	}
}

// A notice that was sent before the failure does not count, even if a slow tick reports it later.
func TestUnreachable_SentByAnEarlierTick(t *testing.T) {
	tell(t, map[string]string{"acme": twoOps}, func(s *story) {
		s.Senders[config.Slack] = &closing{phone: s.phone, sends: []string{"sent", "refused"}}
		notify := func(x *alerting.Tenant) {
			if err := s.Notify(s.Context(), x); err != nil {
				s.Error(err)
			}
		}
		statuses := []delivery.Status{shop(46, "C0SHOP0001", waits(invite)),
			shop(46, "C0SHOP0002", ends(delivery.FailedForGood, archived))}
		first := s.noted(statuses[0])
		notify(first)
		time.Sleep(15 * time.Minute)
		notify(s.noted(statuses...))
		time.Sleep(time.Minute)
		notify(first)
		time.Sleep(14 * time.Minute)
		const want = "Ops cannot be notified at slack:C0ACMEOPS1, " +
			"because the app may not post in #ops"
		if told := s.finds(statuses...); !strings.HasPrefix(told, want) {
			s.Errorf("told %q, want %q", told, want)
		}
	})
}
