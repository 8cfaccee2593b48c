package faults

import (
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// luck is where a soak's accidents come from. What happens to a request follows from the seed, from its name, and from how
// often that came in this week, so that it does not matter which goroutine is first.
type luck struct {
	seed uint64

	mu   sync.Mutex
	week int
	came map[uint64]uint64
}

// of returns the chances of what comes now.
func (l *luck) of(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = io.WriteString(h, name)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.came[h.Sum64()]++
	return rand.New(rand.NewPCG(l.seed+uint64(l.week), h.Sum64()^l.came[h.Sum64()]<<48))
}

// next begins a week.
func (l *luck) next(week int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.week, l.came = week, make(map[uint64]uint64)
}

// How often requests fail, by service, and other things happen.
var failing = map[string]float64{"sage": 0.1, "slack": 0.1, "ses": 0.02, "sns": 0.02, "secret": 0.01, "sqs": 0.01, "store": 0.0005}

const (
	mortality = 0.01 // of workers, at a message
	doubled   = 0.02 // of messages, which two workers get at once
	tickDies  = 0.01
	tickLost  = 0.01 // that none comes
	tickTwice = 0.01
)

const (
	page = "<html>Server Error</html>"
	half = `{"ok": true, "data": [{"cou`
)

func slow(d time.Duration) kind {
	return kind{name: "slow, " + d.String(), effect: atOnce, slow: d}
}

func breaks(k kind) kind {
	k.name += ", then the connection breaks"
	k.answer.breaks = true
	return k
}

var (
	json200     = map[string]string{"Content-Type": "application/json"}
	html        = map[string]string{"Content-Type": "text/html"}
	minuteLater = kind{name: "late", says: nothing, effect: later, slow: 50 * time.Second} // a claim outlasts its worker's time by more
	keptOut     = kind{name: "the app is kept out"}
)

// ways are how the services fail.
var ways = map[string][]kind{
	"sage": {lost, dropped, refused, hangsBefore, slow(20 * time.Second), slow(40 * time.Second),
		httpSays("Sage", 429, "", nil, never), httpSays("Sage", 429, "", map[string]string{"Retry-After": "2"}, never),
		httpSays("Sage", 429, "", map[string]string{"Retry-After": "3600"}, never), httpSays("Sage", 401, `{"error": "expired"}`, json200, never),
		httpSays("Sage", 500, `{"error": "no"}`, json200, never), httpSays("Sage", 502, page, html, never), httpSays("Sage", 503, page, html, never),
		httpSays("Sage", 200, page, html, never), httpSays("Sage", 200, half, json200, never), breaks(httpSays("Sage", 200, half, json200, never)),
		httpSays("Sage", 200, `{"data": {"unheard": "of"}}`, json200, never), httpSays("Sage", 200, `{"data": null}`, json200, never)},

	"slack": {lost, dropped, refused, hangsBefore, hangsAfter, minuteLater, slow(20 * time.Second), slow(40 * time.Second),
		httpSays("Slack", 429, "", nil, never), httpSays("Slack", 429, "", map[string]string{"Retry-After": "30"}, never),
		httpSays("Slack", 429, "", map[string]string{"Retry-After": "3600"}, never),
		httpSays("Slack", 500, page, html, never), httpSays("Slack", 500, page, html, atOnce), httpSays("Slack", 502, page, html, atOnce),
		httpSays("Slack", 503, page, html, never), httpSays("Slack", 200, page, html, atOnce), httpSays("Slack", 200, page, html, never),
		httpSays("Slack", 200, half, json200, atOnce), breaks(httpSays("Slack", 200, half, json200, atOnce)), breaks(httpSays("Slack", 200, half, json200, never)),
		slackSays("ratelimited", never), slackSays("rate_limited", never), slackSays("request_timeout", never), slackSays("service_unavailable", never),
		slackSays("team_added_to_org", never), slackSays("fatal_error", never), slackSays("fatal_error", atOnce),
		slackSays("internal_error", never), slackSays("internal_error", atOnce), keptOut},

	"ses": {lost, dropped, refused, slow(20 * time.Second), awsSays(429, "TooManyRequestsException", "", never), awsSays(400, "ThrottlingException", "", never),
		awsSays(500, "InternalFailure", "", never), awsSays(500, "InternalFailure", "", atOnce), awsSays(503, "ServiceUnavailable", "", atOnce)},

	"sns": {lost, dropped, refused, slow(5 * time.Second), snsSays(400, "Throttled", never), snsSays(500, "InternalError", never),
		snsSays(500, "InternalError", atOnce), snsSays(503, "ServiceUnavailable", never)},

	"secret": {lost, dropped, refused},
	"sqs":    {lost, dropped, refused},
	"store":  {lost, dropped, refused, slow(3 * time.Second), hangsAfter},
}

// fate says what happens to a request of any process.
func (s *soak) fate(name string) kind {
	if s.calm != nil {
		return s.calm(name)
	}
	r := s.luck.of(name)
	service, method, _ := strings.Cut(name, " ")
	method, channel, _ := strings.Cut(method, " ")
	k := kind{effect: atOnce}
	if r.Float64() < failing[service] {
		k = s.way(service, method, channel, r)
	}
	if service == "slack" {
		if code := s.people.says(method, channel); code != "" {
			k = slackSays(code, never)
		}
	}
	s.tally.request(service, k.name)
	k.takes = time.Duration(10+r.IntN(190)) * time.Millisecond
	return k
}

// way is one of the service's ways to fail.
func (s *soak) way(service, method, channel string, r *rand.Rand) kind {
	for {
		k := ways[service][r.IntN(len(ways[service]))]
		switch {
		case k.name != keptOut.name:
			return k
		case channel != "" && slices.Contains(posting, method):
			s.people.keepOut(channel, r, isOps(channel))
			return kind{effect: atOnce} // unless the app is kept from that
		}
	}
}

// people keep the app out of channels, and let it in again within a day.
type people struct {
	mu  sync.Mutex
	now map[string]exclusion
	was []exclusion // in this week
}

// An exclusion is what Slack answers about a channel until a person has fixed it.
type exclusion struct {
	channel, code string
	from, until   time.Time
	methods       []string // that it keeps from working
}

var (
	posting = []string{"chat.postMessage", "files.completeUploadExternal"}
	looking = append([]string{"conversations.history", "conversations.replies"}, posting...)
	sharing = []string{"files.completeUploadExternal"}
)

// exclusions are the codes that people cure. The last two are about files alone.
var exclusions = []exclusion{
	{code: "not_in_channel", methods: looking}, {code: "channel_not_found", methods: looking},
	{code: "restricted_action", methods: posting}, {code: "restricted_action_read_only_channel", methods: posting},
	{code: "file_uploads_disabled", methods: sharing}, {code: "storage_limit_reached", methods: sharing},
}

// keepOut begins an exclusion. Ops look after their own channel within hours.
func (p *people) keepOut(channel string, r *rand.Rand, ops bool) {
	x, longest := exclusions[r.IntN(len(exclusions))], 23*time.Hour
	if ops {
		x, longest = exclusions[r.IntN(len(exclusions)-2)], 6*time.Hour
	}
	x.channel, x.from = channel, time.Now()
	x.until = x.from.Add(time.Duration(1 + r.Int64N(int64(longest))))
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, already := p.now[channel]; !already {
		p.now[channel], p.was = x, append(p.was, x)
	}
}

// says is Slack's code for a call about a channel, or empty.
func (p *people) says(method, channel string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	x, ok := p.now[channel]
	switch {
	case !ok:
		return ""
	case !x.until.After(time.Now()):
		delete(p.now, channel)
		return ""
	case !slices.Contains(x.methods, method):
		return ""
	}
	return x.code
}

// keptFrom reports whether the app was kept from posting in a channel at an instant.
func (p *people) keptFrom(channel string, at time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.was, func(x exclusion) bool {
		return x.channel == channel && len(x.methods) > 1 && at.After(x.from) && at.Before(x.until.Add(time.Minute))
	})
}

// excluded counts how often the app was kept out of a channel in this week.
func (p *people) excluded(channel string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, x := range p.was {
		if x.channel == channel {
			n++
		}
	}
	return n
}

// forget forgets what is over.
func (p *people) forget() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n = len(p.was)
	p.was = slices.DeleteFunc(p.was, func(x exclusion) bool { return !x.until.After(time.Now()) })
	return n - len(p.was)
}

// channelOf finds the channel in a call to Slack without taking the whole form apart.
func channelOf(body string) string {
	for field := range strings.SplitSeq(body, "&") {
		if id, ok := strings.CutPrefix(field, "channel="); ok {
			return id
		}
		if id, ok := strings.CutPrefix(field, "channel_id="); ok {
			return id
		}
	}
	return ""
}

func soakSlackName(r *http.Request, body []byte) string {
	name := slackName(r, body)
	if name == "slack upload" {
		return name
	}
	return name + " " + channelOf(string(body))
}

func soakSageName(r *http.Request, _ []byte) string {
	q := r.URL.Query()
	return "sage " + r.URL.Path + " " + q.Get("granularity") + " " + q.Get("from") + " " + q.Get("to")
}
