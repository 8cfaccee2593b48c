package worker_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage/sagefake"
)

// oneChannel is acme without its mailbox: what is measured is a report in Slack.
const oneChannel = `
slack: {team: T024BE7LD, token_secret: acme/slack, signing_secret: acme/signing}
ops: {channels: C0ACMEOPS}
defaults: {tz: Europe/Oslo, sources: all}
bots:
  - id: 4217
    name: Nettbutikk
    channels: C024BE91L
`

// A call is a request to another service, with when it began and ended after the job's begin.
type call struct {
	name       string
	begin, end time.Duration
}

// calls records requests that take a time each.
type calls struct {
	mu    sync.Mutex
	begun time.Time
	all   []call
}

func (c *calls) through(base http.RoundTripper, takes time.Duration) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		begin := time.Since(c.begun)
		time.Sleep(takes)
		response, err := base.RoundTrip(r)
		c.add(r.URL.Host+" "+path.Base(r.URL.Path), begin)
		return response, err
	})
}

func (c *calls) add(name string, begin time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, call{name, begin, time.Since(c.begun)})
}

// end returns when the last call of the name ended.
func (c *calls) end(name string) (last time.Duration) {
	for _, x := range c.all {
		if x.name == name {
			last = max(last, x.end)
		}
	}
	return last
}

// remote is a store that is some milliseconds away.
type remote struct {
	delivery.Store
	*calls
	takes time.Duration
}

// wait returns what records the request, once it has ended.
func (r remote) wait(name string) (ended func()) {
	begin := time.Since(r.begun)
	time.Sleep(r.takes)
	return func() { r.add(name, begin) }
}

func (r remote) Get(ctx context.Context, key string) (delivery.Object, error) {
	defer r.wait("S3 GET " + key)()
	return r.Store.Get(ctx, key)
}

func (r remote) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	defer r.wait("S3 PUT " + key)()
	return r.Store.Put(ctx, key, o, c)
}

func (r remote) List(ctx context.Context, prefix string) ([]string, error) {
	defer r.wait("S3 LIST " + prefix)()
	return r.Store.List(ctx, prefix)
}

// How long a report takes from the job to the digest and to the whole thread, in latencies of Sage
// and Slack, of a worker that has done nothing before, by SageConcurrency. The default is 16. With
// go test -v it prints a table, and each call. For the count requests to S3 take no time; the last
// two columns have 25 ms for each, and 200 ms for those of others. The fake clock leaves out the
// time of the processor, and Slack has processed a picture at once.
func TestDeliver_Latencies(t *testing.T) {
	for _, test := range []struct {
		bot            string
		charts         config.Charts
		digest, thread time.Duration // latencies at most, of SageConcurrency 16
	}{
		{"kommune", config.Native, 6, 10},
		{"nettbutikk", config.Native, 8, 12}, // an unusual day: Sage is asked about it
		// A picture takes four more: for its address, its bytes, its completion, and to see that.
		{"kommune", config.Images, 10, 14},
		{"nettbutikk", config.Images, 12, 16},
	} {
		t.Run(test.bot+" "+string(test.charts), func(t *testing.T) {
			const web, s3 = 200 * time.Millisecond, 25 * time.Millisecond
			// Five workers are the default of MaximumConcurrency.
			table := t.Output()
			fmt.Fprintln(table, "of Sage at a time  of five workers  digest  thread  with S3: digest  thread")
			for _, concurrency := range []int{4, 8, 16, 32} {
				digest, thread := latencies(t, test.bot, test.charts, concurrency, web, 0)
				soon, done := latencies(t, test.bot, test.charts, concurrency, web, s3)
				fmt.Fprintf(table, "%17d  %15d  %6d  %6d  %15v  %6v\n", concurrency, 5*concurrency,
					digest/web, thread/web, soon, done)
				if concurrency == 16 && (digest > test.digest*web || thread > test.thread*web) {
					t.Errorf("digest after %d latencies and thread after %d, want %d and %d at most",
						digest/web, thread/web, test.digest, test.thread)
				}
			}
		})
	}
}

// latencies returns when the digest was posted and when its thread was done.
func latencies(
	t *testing.T, name string, charts config.Charts, concurrency int, web, s3 time.Duration,
) (digest, thread time.Duration) {
	of := strings.Replace(oneChannel, "{tz:", "{charts: "+string(charts)+", tz:", 1)
	in(t, map[string]string{"acme": of}, func(t *testing.T, h *harness) {
		bots := sagefake.Demo(time.Now())
		bot := bots[slices.IndexFunc(bots, func(b *sagefake.Bot) bool { return b.ID == name })]
		bot.ID, bot.Key = "4217", "good-key"
		server := sagefake.New(bot)
		server.Now = time.Now
		workspace := slackfake.New(slackfake.Workspace{Team: "T024BE7LD", Name: "Acme",
			Token: "xoxb-acme", Scopes: slack.Scopes()})
		workspace.SetChannel(slackfake.Channel{ID: "C024BE91L", Team: "T024BE7LD", Name: "kindly",
			Member: true})
		workspace.Now, workspace.Processing = time.Now, 0
		c := &calls{begun: time.Now()}
		h.HTTP = c.through(served(server), web)
		h.Render, h.SageConcurrency = report.Render, concurrency
		client := &slack.Client{
			Token: func(context.Context, *config.Tenant) (string, error) { return "xoxb-acme", nil },
			HTTP:  &http.Client{Transport: c.through(workspace.Client().Transport, web)},
			Log:   h.Log,
		}
		h.Senders[config.Slack] = client
		far := remote{h.store, c, s3}
		h.Ledger.Store, h.Archive.Store = far, far
		h.Tenants = &tenantconfig.Loader{Store: far, Now: time.Now}
		h.weekly()
		slices.SortStableFunc(c.all, func(a, b call) int { return cmp.Compare(a.end, b.end) })
		if concurrency == 16 && s3 == 0 {
			for _, x := range c.all {
				fmt.Fprintf(t.Output(), "%6d–%5d ms %s\n", x.begin.Milliseconds(),
					x.end.Milliseconds(), x.name)
			}
		}
		isPost := func(x call) bool { return x.name == "slack.com chat.postMessage" }
		first := slices.IndexFunc(c.all, isPost)
		if first < 0 {
			t.Fatalf("no digest was posted:\n%s", h.out)
		}
		digest, thread = c.all[first].end, c.end("slack.com chat.update")
		if thread == 0 {
			t.Fatalf("the digest has no link to its PDF:\n%s", h.out)
		}
	})
	return digest, thread
}
