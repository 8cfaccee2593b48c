package config

import (
	"fmt"
	"regexp"
	"strings"
)

var slackConversation = regexp.MustCompile(`^[CGD][A-Z0-9]{8,20}$`)

// ParseDestination reads a destination that stands outside a file, such as where a deployment on trial sends everything:
// slack:C024BE91L or mail:kari@example.com. A direct message's id, D…, is a Slack channel's here.
func ParseDestination(s string) (Destination, error) {
	medium, to, _ := strings.Cut(s, ":")
	switch m := Medium(medium); {
	case m == Slack && slackConversation.MatchString(to), m == Mail && mailAddress.MatchString(to):
		return Destination{Medium: m, To: to, When: Always}, nil
	}
	return Destination{}, fmt.Errorf("%q is no destination: write one such as slack:C024BE91L or mail:kari@example.com", s)
}
