package email

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Tags are sent with a message, and its events return them. A notice to ops has only the tenant. A
// message of another program that uses the configuration set has none.
type Tags struct {
	Tenant   string
	Bot      string
	Period   string // its name
	Delivery string // its ID, see delivery.Delivery; empty: it is not in the ledger
}

func tagsOf(m delivery.Message) Tags {
	p, ok := m.Payload.About()
	if !ok {
		return Tags{Tenant: m.Tenant.Name}
	}
	job := config.Job{Tenant: m.Tenant.Name, Bot: m.Subject.ID, Period: p}
	t := Tags{Tenant: job.Tenant, Bot: job.Bot, Period: job.Period.String()}
	// If mail is diverted to another address, the key is still the original destination's.
	id := strings.TrimPrefix(m.Key, job.String()+"/")
	// The key has a slash before the part of a resend or a request; the ID has a dot.
	if id = strings.Replace(id, "/", ".", 1); ledgerID.MatchString(id) {
		t.Delivery = id
	}
	return t
}

// ledgerID is what delivery.Delivery.ID returns.
var ledgerID = regexp.MustCompile(`^(mail-[0-9a-f]{16}|slack-[A-Z0-9]{1,40})` +
	`(\.(resend-[0-9]{1,9}|asked-[0-9a-f]{16}))?$`)

// job returns the job of a message in the ledger; ok is false for any other message.
func (t Tags) job() (j config.Job, ok bool) {
	week, err := period.Parse(t.Period)
	j = config.Job{Tenant: t.Tenant, Bot: t.Bot, Period: week}
	return j, err == nil && t.Bot != "" && ledgerID.MatchString(t.Delivery)
}

func (t Tags) encode() []types.MessageTag {
	var tags []types.MessageTag
	for _, tag := range []struct{ name, value string }{
		{"tenant", t.Tenant}, {"bot", t.Bot}, {"week", t.Period}, {"delivery", t.Delivery},
	} {
		if tag.value != "" {
			tags = append(tags, types.MessageTag{
				Name: aws.String(tag.name), Value: aws.String(escape(tag.value))})
		}
	}
	return tags
}

func decodeTags(m map[string][]string) (Tags, error) {
	var t Tags
	for name, to := range map[string]*string{
		"tenant": &t.Tenant, "bot": &t.Bot, "week": &t.Period, "delivery": &t.Delivery,
	} {
		values := m[name]
		if len(values) == 0 {
			continue
		}
		value := unescape(values[0])
		if !element.MatchString(value) && !(name == "bot" && value == config.PortfolioID) {
			return Tags{}, fmt.Errorf("tag %s: %.80q is not a value that was sent", name, values[0])
		}
		*to = value
	}
	return t, nil
}

// element is what may be part of a key in the bucket.
var element = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// A tag's value has at most 256 letters, digits, _ and -. Of the names that may be part of a key,
// 64 characters long at most, only the dot must be escaped: _2E, and so the underscore: _5F.
var (
	escaped   = regexp.MustCompile(`[^A-Za-z0-9-]`)
	unescaped = regexp.MustCompile(`_([0-9A-F]{2})`)
	encoded   = regexp.MustCompile(`^([A-Za-z0-9-]|_[0-9A-F]{2})*$`)
)

func escape(s string) string {
	return escaped.ReplaceAllStringFunc(s, func(c string) string { return fmt.Sprintf("_%02X", c) })
}

// unescape returns the text that escape made s of, or "" if there is none.
func unescape(s string) string {
	if !encoded.MatchString(s) {
		return ""
	}
	return unescaped.ReplaceAllStringFunc(s, func(c string) string {
		b, _ := strconv.ParseUint(c[1:], 16, 8) // encoded matches only such digits
		return string([]byte{byte(b)})
	})
}
