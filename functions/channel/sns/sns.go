// Package sns publishes notices to a topic of AWS SNS. The subscribers of a deployment's alarms get
// them too.
package sns

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"golang.org/x/text/unicode/norm"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/connection"
	"kindlyweekly/report/delivery"
)

// Client is what a Sender needs of SNS's client.
type Client interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// Sender is the delivery.Sender for topics. A destination's To is the ARN of one. It sends only
// notices.
type Sender struct {
	Client Client
}

var _ delivery.Sender = (*Sender)(nil)

// Find returns delivery.ErrCannotSearch: SNS keeps no messages.
func (s *Sender) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, delivery.ErrCannotSearch
}

// Send publishes the notice and returns SNS's message ID. Its error is a *delivery.Failure.
func (s *Sender) Send(ctx context.Context, m delivery.Message) (string, error) {
	topic := m.Destination.To
	notice, ok := m.Payload.(*delivery.Notice)
	switch {
	case !ok:
		return "", mistake(errors.New("only notices are published to topics, not reports"))
	case m.Destination.Medium != delivery.Topic || !isTopic.MatchString(topic):
		return "", mistake(fmt.Errorf("%q is not a topic ARN", topic))
	}
	subject, text := format(*notice)
	in := &sns.PublishInput{TopicArn: &topic, Message: &text}
	if subject != "" {
		in.Subject = &subject
	}
	ctx, watch := connection.Follow(ctx)
	out, err := s.Client.Publish(ctx, in, func(o *sns.Options) { o.Retryer = retry.Retryer() })
	if err != nil {
		return "", failure(watch.Error(err), topic)
	}
	return aws.ToString(out.MessageId), nil
}

var isTopic = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`)

// Limits of SNS.
const (
	maxSubject = 99 // characters, fewer than 100
	maxText    = 256 << 10
)

// format returns a notice as SNS accepts it. If the subject has to be simplified, the text begins
// with the original.
func format(n delivery.Notice) (subject, text string) {
	subject, text = asciiLine(n.Subject), strings.ToValidUTF8(n.Text, "\uFFFD")
	if subject != n.Subject || text == "" {
		text = strings.TrimSpace(strings.ToValidUTF8(n.Subject, "\uFFFD") + "\n\n" + text)
	}
	return subject, truncate(text)
}

// toASCII replaces characters that do not decompose into an ASCII letter and an accent.
var toASCII = strings.NewReplacer("æ", "ae", "Æ", "AE", "ø", "o", "Ø", "O", "ß", "ss",
	"–", "-", "—", "-", "…", "...", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`,
	"‘", "'", "’", "'")

// asciiLine returns a subject as one line of printable ASCII, the only characters that SNS accepts.
func asciiLine(s string) string {
	ascii := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r < ' ', r == unicode.MaxASCII, unicode.Is(unicode.Mn, r), unicode.IsControl(r):
			return -1
		case r > unicode.MaxASCII:
			return '?'
		}
		return r
	}, norm.NFKD.String(toASCII.Replace(strings.ToValidUTF8(s, "?"))))
	ascii = strings.Join(strings.Fields(ascii), " ")
	if len(ascii) > maxSubject {
		ascii = ascii[:maxSubject-3] + "..."
	}
	return ascii
}

// truncate shortens a text to what SNS accepts, between two characters.
func truncate(s string) string {
	const more = "…"
	if len(s) <= maxText {
		return s
	}
	end := maxText - len(more)
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + more
}
