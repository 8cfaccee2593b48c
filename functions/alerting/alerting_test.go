package alerting_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A story is a deployment seen by who is told of it. Its clock is that of a synctest bubble, and
// its ticks come every quarter of an hour; what the worker makes of the deliveries the test says.
type story struct {
	*testing.T
	*alerting.Notifier
	tenants []*config.Tenant
	known   map[string]delivery.FirstSeen
	phone   *phone
	silent  string           // the tenant whose configuration the store does not give
	more    []alerting.Cause // of which no delivery tells; the first tenant's
}

// phone is every medium of ops: it remembers, finds what it remembers, and does as it is told.
type phone struct {
	mu    sync.Mutex
	told  []string
	keys  map[string]int
	fails map[string]error // by whom: what Send says
	blind bool             // Find cannot look
}

func (p *phone) Find(_ context.Context, m delivery.Message, _ time.Time) (string, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.blind || m.Destination.Medium != config.Slack {
		return "", false, delivery.ErrCannotSearch
	}
	return "found", p.keys[m.Key] > 0, nil
}

func (p *phone) Send(_ context.Context, m delivery.Message) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.fails[m.Destination.To]; err != nil {
		return "", err
	}
	p.keys[m.Key]++
	at := time.Now().In(oslo).Format("Mon 15:04")
	notice := m.Payload.(*delivery.Notice)
	p.told = append(p.told, strings.TrimSpace(fmt.Sprintf("%s to %s\n%s\n%s", at, m.Destination.To,
		notice.Subject, notice.Text)))
	return "ref", nil
}

var oslo = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err)
	}
	return loc
}()

// monday is when the reports of week 46 fall due.
var monday = time.Date(2026, time.November, 16, 8, 0, 0, 0, oslo)

const acme = `
ops: {channels: C0ACMEOPS1}
defaults: {tz: Europe/Oslo}
bots:
  - {id: shop, name: Nettbutikk, channels: C0SHOP0001, recipients: [kari@example.com, ola@example.com]}
  - {id: help, name: Kundeservice, channels: [C0HELP0001, C0SHOP0001]}
`

// tell runs a story of the tenants, by name, from the Monday's tick on.
func tell(t *testing.T, configs map[string]string, f func(s *story)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday.Add(time.Second)))
		p := &phone{keys: make(map[string]int), fails: make(map[string]error)}
		s := &story{T: t, phone: p, known: make(map[string]delivery.FirstSeen),
			Notifier: &alerting.Notifier{
				Ledger: &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now},
				Senders: map[config.Medium]delivery.Sender{config.Slack: p, config.Mail: p,
					delivery.Topic: p},
				Window: 72 * time.Hour, Log: slog.New(slog.DiscardHandler),
				Commands: alerting.Commands{Stack: "kindly-weekly-prod"},
			}}
		for _, name := range slices.Sorted(keys(configs)) {
			s.configure(name, configs[name])
		}
		f(s)
	})
}

func keys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// configure gives a tenant a configuration that has been known for a week.
func (s *story) configure(name, text string) {
	s.Helper()
	tenant, err := config.Parse("config/"+name+".yaml", []byte(text))
	if err != nil {
		s.Fatal(err)
	}
	s.tenants = slices.DeleteFunc(s.tenants, func(t *config.Tenant) bool { return t.Name == name })
	s.tenants = append(s.tenants, tenant)
	_, s.known[name] = delivery.Plan(tenant, nil, monday.AddDate(0, 0, -6), time.Hour)
}

// due are a tenant's deliveries that are within the window or were lately.
func (s *story) due(t *config.Tenant) (due, late []delivery.Delivery) {
	now := time.Now()
	due, next := delivery.Plan(t, s.known[t.Name], now, s.Window)
	return due, delivery.Late(t, next, now, s.Window)
}

// tick does what the tick does, but for the queue.
func (s *story) tick() error {
	now := time.Now()
	var found []*alerting.Tenant
	watched, err := s.Watched(s.Context())
	errs := []error{err}
	for _, t := range s.tenants {
		if t.Name == s.silent {
			found = append(found, &alerting.Tenant{Name: t.Name, Unknown: true})
			continue
		}
		due, late := s.due(t)
		standings, err := s.Ledger.Statuses(s.Context(), t.Name, slices.Concat(due, late))
		errs = append(errs, err)
		if len(standings) > 0 {
			_, err = s.Ledger.MarkMissed(s.Context(), standings[len(due):])
		}
		x := &alerting.Tenant{Name: t.Name, Tenant: t, Statuses: standings, Unknown: err != nil,
			Watched: watched}
		x.DueStatuses = func() ([]delivery.Status, error) {
			_, known := delivery.Plan(t, s.known[t.Name], now, s.Window)
			return s.Ledger.DueStatuses(s.Context(), t, known, standings, now, s.Window)
		}
		if t == s.tenants[0] {
			x.More = s.more
		}
		errs = append(errs, err, s.Notifier.Record(s.Context(), x, now),
			s.Notifier.Notify(s.Context(), x))
		found = append(found, x)
	}
	return errors.Join(append(errs, s.NotifyOperator(s.Context(), found, now))...)
}

// ticks lets them come for so long.
func (s *story) ticks(d time.Duration) {
	s.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(15 * time.Minute) {
		if err := s.tick(); err != nil {
			s.Error(err)
		}
	}
}

// ready returns the tenant's deliveries that are to be tried now.
func (s *story) ready(t *config.Tenant) []delivery.Delivery {
	s.Helper()
	due, _ := s.due(t)
	statuses, err := s.Ledger.Statuses(s.Context(), t.Name, due)
	if err != nil {
		s.Fatal(err)
	}
	return delivery.Ready(statuses, s.Ledger.Now())
}

// worker lets the deliveries that wait end as outcome says, by the destination.
func (s *story) worker(outcome func(d delivery.Delivery) error) {
	s.Helper()
	for _, t := range s.tenants {
		for _, d := range s.ready(t) {
			s.deliver(d, outcome(d))
		}
	}
}

// reports delivers what waits, with the reports that are given.
func (s *story) reports(of func(delivery.Delivery) *figures.Report) {
	s.Helper()
	due, _ := s.due(s.tenants[0])
	for _, d := range due {
		m := delivery.Message{Key: d.Key(), Payload: &delivery.Editions{Report: of(d)}}
		if _, err := s.Ledger.Deliver(s.Context(), d, m, sender{},
			time.Now().Add(time.Minute)); err != nil {
			s.Fatal(err)
		}
	}
}

// planned are the deliveries of a bot of the first tenant.
func (s *story) planned(bot string) (all []delivery.Delivery) {
	due, _ := s.due(s.tenants[0])
	for _, d := range due {
		if d.Job.Bot == bot {
			all = append(all, d)
		}
	}
	return all
}

// complete is a report without gaps.
var complete = &delivery.Editions{Report: new(figures.Report)}

func (s *story) deliver(d delivery.Delivery, outcome error) {
	s.Helper()
	if _, err := s.Ledger.Deliver(s.Context(), d, delivery.Message{Key: d.Key(), Payload: complete},
		sender{outcome}, time.Now().Add(time.Minute)); err != nil {
		s.Fatal(err)
	}
}

// find is the last delivery of the first tenant that goes there.
func (s *story) find(to string) delivery.Delivery {
	s.Helper()
	due, late := s.due(s.tenants[0])
	for _, d := range slices.Backward(append(late, due...)) {
		if d.Destination.To == to {
			return d
		}
	}
	s.Fatalf("nothing goes to %s", to)
	return delivery.Delivery{}
}

// bounces has a mail come back.
func (s *story) bounces(d delivery.Delivery) {
	s.Helper()
	why := &delivery.Failure{Err: said(d.Destination.To + " bounced permanently (550 user unknown)"),
		Remedy: "correct or remove the address", Cause: "address/kari"}
	if _, err := s.Ledger.RecordMailEvent(s.Context(), d.Job, d.ID(), delivery.Bounced, "ses-1",
		why); err != nil {
		s.Fatal(err)
	}
}

type sender struct{ err error }

func (x sender) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, delivery.ErrCannotSearch
}

func (x sender) Send(context.Context, delivery.Message) (string, error) { return "ref", x.err }

func all(err error) func(delivery.Delivery) error {
	return func(delivery.Delivery) error { return err }
}

func at(to string, err error) func(delivery.Delivery) error {
	return func(d delivery.Delivery) error {
		if d.Destination.To == to {
			return err
		}
		return nil
	}
}

// said is an error in the words that an operator reads.
type said string

func (s said) Error() string { return string(s) }

var (
	sageDown = &delivery.Failure{Err: said("Sage answered 503 Service Unavailable"), Cause: "sage"}
	archived = &delivery.Failure{Err: errors.New("#shop (C0SHOP0001) is archived"),
		Remedy: "unarchive it, or name another channel in the configuration",
		Cause:  "slack-channel/C0SHOP0001", Permanent: true}
	refused = &delivery.Failure{Err: said("Kindly refused the API key of bot shop"),
		Cause: "key/shop",
		Remedy: alerting.Instruction("make a new key and store it",
			alerting.Commands{Stack: "kindly-weekly-prod"}.SetKey("acme", "shop"))}
	lost = &delivery.Failure{Err: said("Slack's answer was lost"), MaybeSent: true,
		Cause: "slack"}
	invite = &delivery.Failure{Err: errors.New("the app is not in #help (C0HELP0001)"),
		Remedy: "invite the app to #help: /invite @Kindly Weekly",
		Cause:  "slack-channel/C0HELP0001"}
)

// What ops read, from first to last, in each of these stories. The golden file is to be read aloud.
func TestStories(t *testing.T) {
	var told strings.Builder
	tale := func(name string, configs map[string]string, f func(s *story)) {
		tell(t, configs, func(s *story) {
			f(s)
			fmt.Fprintf(&told, "# %s\n\n%s\n\n", name, strings.Join(s.phone.told, "\n\n"))
		})
	}
	onlyAcme := map[string]string{"acme": acme}
	hour := time.Hour

	tale("All goes well", onlyAcme, func(s *story) {
		s.worker(all(nil))
		s.ticks(4 * hour)
	})
	tale("Sage is down for two hours", onlyAcme, func(s *story) {
		s.worker(all(sageDown))
		s.ticks(2 * hour)
		s.worker(all(nil))
		s.ticks(hour)
	})
	tale("Sage is down for a few minutes, and ops are not told", onlyAcme, func(s *story) {
		s.worker(all(sageDown))
		s.ticks(45 * time.Minute)
		s.worker(all(nil))
		s.ticks(24 * hour)
	})
	tale("The app is not in a channel, and is invited", onlyAcme, func(s *story) {
		s.worker(at("C0HELP0001", invite))
		s.ticks(90 * time.Minute)
		s.worker(all(nil))
		s.ticks(hour)
	})
	tale("A channel is archived, and the report is sent again once it is not", onlyAcme,
		func(s *story) {
			s.worker(at("C0SHOP0001", archived))
			s.ticks(5 * hour)
			due, _ := s.due(s.tenants[0])
			for _, d := range due {
				if d.Destination.To == "C0SHOP0001" {
					s.deliver(d.Resend(1), nil)
				}
			}
			s.ticks(hour)
		})
	tale("The channel that was not invited to is taken out of the configuration", onlyAcme,
		func(s *story) {
			s.worker(at("C0HELP0001", invite))
			s.ticks(hour)
			s.configure("acme", strings.Replace(acme, "channels: [C0HELP0001, C0SHOP0001]",
				"channels: C0SHOP0001", 1))
			s.ticks(hour)
		})
	tale("A mail comes back", onlyAcme, func(s *story) {
		s.worker(all(nil))
		s.ticks(hour)
		s.bounces(s.find("kari@example.com"))
		s.ticks(hour)
	})
	tale("The mail of the week before comes back, and the one of this week has arrived", onlyAcme,
		func(s *story) {
			s.worker(all(nil))
			s.ticks(3 * hour)
			kari := s.find("kari@example.com")
			time.Sleep(time.Until(monday.AddDate(0, 0, 7)) + time.Second)
			s.worker(all(nil))
			s.ticks(hour)
			s.bounces(kari)
			s.ticks(3 * hour)
		})
	tale("A report is missed and sent again, and that comes back", onlyAcme, func(s *story) {
		for range 73 {
			s.worker(at("kari@example.com", sageDown))
			s.ticks(hour)
		}
		kari := s.find("kari@example.com").Resend(1)
		s.deliver(kari, nil)
		s.ticks(2 * hour)
		s.bounces(kari)
		s.ticks(2 * hour)
	})
	tale("The app is not in a channel, which is archived then", onlyAcme, func(s *story) {
		s.worker(at("C0HELP0001", invite))
		s.ticks(2 * hour)
		s.worker(at("C0HELP0001", &delivery.Failure{Err: said("#help (C0HELP0001) is archived"),
			Remedy: "unarchive it", Cause: invite.Cause, Permanent: true}))
		s.ticks(2 * hour)
	})
	tale("Sage keeps a report back, and it arrives without its PDF, until it is sent again",
		onlyAcme, func(s *story) {
			s.worker(at("C0HELP0001", sageDown))
			s.ticks(2 * hour)
			help := s.find("C0HELP0001")
			(&follower{says: []any{lack{delivery.Failure{Err: said("the workspace allows no uploads"),
				Remedy: "have an administrator allow them", Cause: "slack-files"}}}}).try(s, help)
			s.ticks(2 * hour)
			s.deliver(help.Resend(1), nil)
			s.ticks(hour)
		})
	tale("Sage and Slack are down by turns", onlyAcme, func(s *story) {
		for range 2 {
			s.worker(all(sageDown))
			s.ticks(4 * hour)
			s.worker(all(&delivery.Failure{Err: said("Slack answered 503 Service Unavailable"),
				Cause: "slack"}))
			s.ticks(4 * hour)
		}
		s.worker(all(nil))
		s.ticks(hour)
	})
	tale("No worker gets to anything, and the time to catch up ends", onlyAcme, func(s *story) {
		s.ticks(73 * hour)
	})
	tale("A key is refused", onlyAcme, func(s *story) {
		s.worker(func(d delivery.Delivery) error {
			if d.Job.Bot == "shop" {
				return refused
			}
			return nil
		})
		s.ticks(90 * time.Minute)
		s.worker(all(nil))
		s.ticks(hour)
	})
	tale("A configuration with mistakes is put there past the command, and another taken back",
		onlyAcme, func(s *story) {
			s.worker(all(nil))
			s.more = []alerting.Cause{alerting.BrokenConfig("acme", "v2", "7:3: bots[0].tz: is empty",
				true, s.Commands)}
			s.ticks(hour)
			s.more = nil
			s.ticks(30 * time.Minute)
			s.more = []alerting.Cause{alerting.BrokenConfig("acme", "v4", "7:3: bots[0].tz: is empty",
				false, s.Commands)}
			s.ticks(time.Minute)
		})
	tale("A configuration in force breaks new rules after an upgrade, and then they are kept",
		onlyAcme, func(s *story) {
			s.worker(all(nil))
			s.more = []alerting.Cause{alerting.OutdatedConfig("acme",
				`4:17: bots[1].name: "\u3164" is invisible: write a name, or remove the key`,
				s.Commands)}
			s.ticks(3 * hour)
			s.more = nil
			s.ticks(30 * time.Minute)
		})
	tale("Slack's answers are lost until the time to catch up has ended, on a deployment that diverts", onlyAcme, func(s *story) {
		s.Divert = &config.Destination{Medium: config.Mail, To: "dev@example.com",
			When: config.Always}
		for range 74 {
			s.worker(at("C0HELP0001", lost))
			s.ticks(hour)
		}
	})
	tale("Sage is down until the time to catch up has ended", onlyAcme, func(s *story) {
		for range 74 {
			s.worker(all(sageDown))
			s.ticks(hour)
		}
	})
	tale("Thirty bots wait", map[string]string{"acme": manyBots(30)}, func(s *story) {
		s.worker(all(sageDown))
		s.ticks(2 * hour)
		s.worker(all(nil))
		s.ticks(hour)
	})
	tale("Two tenants, one cause, and the operator",
		map[string]string{"acme": acme, "beta": strings.NewReplacer("ACME", "BETA", "SHOP",
			"BETA").Replace(acme)}, func(s *story) {
			s.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
			s.worker(func(d delivery.Delivery) error {
				if d.Destination.To == "C0HELP0001" {
					return invite
				}
				return sageDown
			})
			s.ticks(90 * time.Minute)
			s.worker(all(nil))
			s.ticks(4 * hour)
		})
	tale("A week later everything is well again", onlyAcme, func(s *story) {
		s.worker(at("C0SHOP0001", archived))
		s.ticks(7 * 24 * hour)
		s.worker(all(nil))
		s.ticks(7 * 24 * hour)
	})

	unknown := func(d delivery.Delivery) *figures.Report {
		if d.Job.Bot != "shop" {
			return &figures.Report{}
		}
		return &figures.Report{Unavailable: []figures.Unavailable{{Section: figures.SectionChats,
			Reason: "Sage's hours show events on days that it leaves out"}}}
	}
	tale("The chats of a bot are not known, and it is sent again when they are", onlyAcme,
		func(s *story) {
			s.reports(unknown)
			s.ticks(4 * hour)
			for _, d := range s.planned("shop") {
				s.deliver(d.Resend(1), nil)
			}
			s.ticks(hour)
		})
	tale("The chats of a bot are not known, and the week after they are", onlyAcme, func(s *story) {
		s.reports(unknown)
		s.ticks(7 * 24 * hour)
		s.worker(all(nil))
		s.ticks(4 * hour)
	})

	golden := filepath.Join("testdata", "stories.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(told.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if told.String() != string(want) {
		t.Errorf("ops read something else than %s; see what with -update and git diff:\n%s", golden,
			told.String())
	}
}

func manyBots(n int) string {
	config := "ops: {channels: C0ACMEOPS1}\ndefaults: {tz: Europe/Oslo}\nbots:\n"
	for i := range n {
		config += fmt.Sprintf("  - {id: bot-%02d, channels: C0CHAN%04d}\n", i, i)
	}
	return config
}
