package email

import (
	"strings"
	"testing"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures/figurestest"
)

// TestTags_RoundTrip: what goes out as tags of a message comes back with its events, within SES's
// limits.
func TestTags_RoundTrip(t *testing.T) {
	ids := []string{"bcme", "b", "bett_butikk.no", "b2E", "b-1", "b" + strings.Repeat("_", 63)}
	for _, name := range append(ids, config.PortfolioID) {
		tenant, bot := &config.Tenant{Name: "t" + name[1:]}, config.Subject{ID: name}
		r := figurestest.Tiny()
		to := config.Destination{Medium: config.Mail, To: "kari@example.com"}
		job := config.Job{Tenant: tenant.Name, Bot: bot.ID, Period: r.Period.Name}
		one := delivery.Delivery{Job: job, Destination: to}.Resend(2)
		out := tagsOf(delivery.Message{Key: one.Key(), Tenant: tenant, Subject: bot,
			Destination: to,
			Payload:     &delivery.Editions{Report: r}})
		wire := map[string][]string{"ses:configuration-set": {"kindly-weekly-prod"}}
		for _, tag := range out.encode() {
			if v := *tag.Value; len(v) > 256 ||
				strings.Trim(v,
					"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
				t.Errorf("%s: SES would not take %q", name, v)
			}
			wire[*tag.Name] = []string{*tag.Value}
		}
		back, err := decodeTags(wire)
		if err != nil || back != out {
			t.Errorf("%s: %+v came back as %+v, %v", name, out, back, err)
		}
		if j, ok := back.job(); !ok || j != job || back.Delivery != one.ID() {
			t.Errorf("%s: %+v, %v", name, j, ok)
		}
	}
}
