package alerting_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kindlyweekly/functions/alerting"
)

// The book has what is open and since when, and what ops are still to be told.
func TestBook(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
		says := func(want map[string]string) {
			s.Helper()
			for whose, want := range want {
				b, err := alerting.Read(s.Context(), s.Ledger.Store, whose)
				if err != nil {
					s.Fatal(err)
				}
				got := ""
				for _, o := range b.Open {
					got += fmt.Sprintf("%s since %s. ", o.Reason, o.Since.In(oslo).Format("15:04"))
				}
				for _, n := range b.Waiting {
					got += "Untold: " + n.Subject + ". "
				}
				if got != want {
					s.Errorf("%s: got %q, want %q", whose, got, want)
				}
			}
		}
		says(map[string]string{"acme": "", alerting.Deployment: ""})
		s.phone.fails["C0ACMEOPS1"] = errors.New("Slack is down")
		s.worker(at("C0HELP0001", invite))
		s.ticks(time.Hour)
		says(map[string]string{
			"acme":              "The app is not in #help (C0HELP0001) since 08:00. Untold: The app is not in #help (C0HELP0001): 1 report delayed. ",
			alerting.Deployment: "acme: the app is not in #help (C0HELP0001) since 08:00. ",
		})
		delete(s.phone.fails, "C0ACMEOPS1")
		s.worker(all(nil))
		s.ticks(time.Hour)
		says(map[string]string{"acme": "", alerting.Deployment: ""})
	})
}
