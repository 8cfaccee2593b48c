package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/report/period"
)

// statistics is a Sage whose every number follows from the bot and the date, so that an answer costs little and anybody
// can say what it should be.
type statistics struct {
	since period.Date // before which no bot has chats, and days are left out; zero: all have
}

// chatsOf is how many chats a bot had on a day. One whose id ends with q has none in every other week.
func chatsOf(bot string, d period.Date) int {
	if _, week := period.WeekOf(d).ISO(); strings.HasSuffix(bot, "q") && week%2 == 1 {
		return 0
	}
	h := fnv.New32a()
	_, _ = io.WriteString(h, bot)
	return 20 + int(h.Sum32()%40) + d.UTC().YearDay()%10
}

func (s statistics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	before, path, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/v1/stats/bot/"), "/api/v2/bot/"), "/")
	bot, bearer := before, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if path == "sage/auth" {
		if bearer != "key-"+bot {
			http.Error(w, `{"error": "the key is not this bot's"}`, http.StatusUnauthorized)
			return
		}
		fmt.Fprintf(w, `{"jwt": "jwt-%s", "ttl": 300}`, bot)
		return
	}
	if bearer != "jwt-"+bot {
		http.Error(w, `{"error": "the token is not this bot's"}`, http.StatusUnauthorized)
		return
	}
	q := r.URL.Query()
	from, err := period.ParseDate(q.Get("from"))
	to, failed := period.ParseDate(q.Get("to"))
	if err != nil || failed != nil {
		http.Error(w, `{"error": "from or to is no date"}`, http.StatusBadRequest)
		return
	}
	_, _ = w.Write(answerOf(bot, path, q.Get("granularity"), from, to, s.since))
}

func answerOf(bot, path, granularity string, from, to, since period.Date) []byte {
	if from.Before(since) {
		from = since
	}
	sum := func(from period.Date, days int) (n int) {
		for i := range days {
			n += chatsOf(bot, from.Add(i))
		}
		return n
	}
	series := func(step int, point func(b []byte, n int) []byte) []byte {
		b := append(make([]byte, 0, 8<<10), `{"data": [`...)
		for d := from; d.Before(to); d = d.Add(step) {
			if len(b) > 10 {
				b = append(b, ',')
			}
			b = append(append(append(b, `{"date": "`...), d.String()...), `T00:00:00", `...)
			b = append(point(b, sum(d, step)), '}')
		}
		return append(b, "]}"...)
	}
	count := func(times int) func(b []byte, n int) []byte {
		return func(b []byte, n int) []byte { return strconv.AppendInt(append(b, `"count": `...), int64(n*times), 10) }
	}
	fallbacks := func(b []byte, n int) []byte {
		if n == 0 {
			return append(b, `"count": 0, "rate": null`...)
		}
		return fmt.Appendf(b, `"count": %d, "rate": 0.05`, n*3/20)
	}
	n := sum(from, to.Sub(from))
	switch path {
	case "sessions/chats":
		return series(1, count(1))
	case "sessions/messages":
		return series(1, count(3))
	case "fallbacks/series":
		return series(map[string]int{"week": 7}[granularity]+map[string]int{"day": 1}[granularity], fallbacks)
	case "fallbacks/total":
		return append(fallbacks([]byte(`{"data": {`), n), "}}"...)
	case "takeovers/series":
		return series(1, func(b []byte, n int) []byte {
			return fmt.Appendf(b, `"requests": %d, "requests_while_closed": 0, "started": %d, "ended": %d`, n/10, n/20, n/20)
		})
	case "feedback/summary":
		if n == 0 { // as everything else of a week without chats
			return []byte(`{"data": {"binary": [], "emojis": []}}`)
		}
		return []byte(`{"data": {"binary": [{"rating": 1, "count": 10, "ratio": 0.2}, {"rating": 2, "count": 40, "ratio": 0.8}], "emojis": []}}`)
	case "chatbubble/pages":
		return fmt.Appendf(nil, `{"data": [{"web_host": "www.example.com", "web_path": "/help", "sessions": %d, "messages": %d}]}`, n/2, n)
	case "buttons/clicks":
		return fmt.Appendf(nil, `{"data": [{"button_text": "Yes", "dialogue_title": "Delivery", "count": %d, "ratio": 1}]}`, n/3)
	case "chatlabels/added":
		return fmt.Appendf(nil, `{"data": [{"label_id": "l1", "label_text": "Delivery", "count": %d}]}`, n/4)
	}
	return []byte(`{"data": {"no": "such path"}}`)
}

// mailbox is an SES that counts the mails of each delivery; those of notices, which have no key, by tenant.
type mailbox struct {
	mu   sync.Mutex
	sent map[string]int
}

func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		EmailTags []struct{ Name, Value string }
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	tags := make(map[string]string)
	for _, tag := range in.EmailTags {
		tags[tag.Name] = tag.Value
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[strings.TrimRight(tags["tenant"]+"/"+tags["bot"]+"/"+tags["week"]+"/"+tags["delivery"], "/")]++
	fmt.Fprint(w, `{"MessageId": "m-1"}`)
}

// take returns what was sent since the last time.
func (m *mailbox) take() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	sent := m.sent
	m.sent = make(map[string]int)
	return sent
}

// board is an SNS that keeps what was published.
type board struct {
	mu        sync.Mutex
	published []url.Values
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	form, failed := url.ParseQuery(string(body))
	if err != nil || failed != nil {
		http.Error(w, "no form", http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.published = append(b.published, form)
	fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`)
}

func (b *board) all() []url.Values {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.published)
}

func (b *board) take() []url.Values {
	b.mu.Lock()
	defer b.mu.Unlock()
	published := b.published
	b.published = nil
	return published
}

// fifo is the weekly queue, as SQS does it: a group's messages come one after the other, what was sent before within
// five minutes is dropped, what is not acknowledged comes again after the visibility timeout, and after five times it is a
// dead letter.
type fifo struct {
	mu     sync.Mutex
	change *sync.Cond
	groups map[string][]*letter // those that have any
	ready  []*letter            // the first of each group, where no worker is at it, in the order of their coming
	sent   map[string]time.Time // by deduplication id
	dead   []*letter
	died   int // see buried
	closed bool
}

type letter struct {
	group, body string
	sent        time.Time
	received    int
	visible     *time.Timer
}

const receives = 5

func newFIFO() *fifo {
	q := &fifo{groups: make(map[string][]*letter), sent: make(map[string]time.Time)}
	q.change = sync.NewCond(&q.mu)
	return q
}

// fill sends messages.
func (q *fifo) fill(in *sqs.SendMessageBatchInput) *sqs.SendMessageBatchOutput {
	q.mu.Lock()
	defer q.mu.Unlock()
	for id, at := range q.sent {
		if time.Since(at) >= 5*time.Minute {
			delete(q.sent, id)
		}
	}
	for _, e := range in.Entries {
		if _, before := q.sent[*e.MessageDeduplicationId]; before {
			continue
		}
		q.sent[*e.MessageDeduplicationId] = time.Now()
		q.add(&letter{group: *e.MessageGroupId, body: *e.MessageBody, sent: time.Now()})
	}
	return &sqs.SendMessageBatchOutput{}
}

func (q *fifo) add(l *letter) {
	q.groups[l.group] = append(q.groups[l.group], l)
	if len(q.groups[l.group]) == 1 {
		q.offer(l.group)
	}
}

// offer gives a worker the first of a group.
func (q *fifo) offer(group string) {
	if first := q.groups[group]; len(first) > 0 {
		q.ready = append(q.ready, first[0])
		q.change.Signal()
	} else {
		delete(q.groups, group)
	}
}

// receive waits for a message. receipt is for acknowledging it.
func (q *fifo) receive() (l *letter, receipt int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ready) == 0 {
		if q.closed {
			return nil, 0, false
		}
		q.change.Wait()
	}
	l, q.ready = q.ready[0], q.ready[1:]
	l.received++
	l.visible = time.AfterFunc(visibility, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if l.received == receives {
			q.dead, q.died = append(q.dead, l), q.died+1
			q.groups[l.group] = q.groups[l.group][1:]
		}
		q.offer(l.group)
	})
	return l, l.received, true
}

// acknowledge ends a message, unless it has become visible again.
func (q *fifo) acknowledge(l *letter, receipt int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l.received == receipt && l.visible.Stop() {
		q.groups[l.group] = q.groups[l.group][1:]
		q.offer(l.group)
	}
}

// redrive sends the dead letters again, as people do.
func (q *fifo) redrive() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range q.dead {
		q.add(&letter{group: l.group, body: l.body, sent: time.Now()})
	}
	q.dead = nil
}

// buried counts the dead letters since the last time.
func (q *fifo) buried() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := q.died
	q.died = 0
	return n
}

func (q *fifo) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.change.Broadcast()
}

// sender is the queue's client, as a process has it.
type sender struct {
	gate  *gate
	queue *fifo
}

func (s sender) SendMessageBatch(ctx context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	out, _, err := pass(s.gate, ctx, "sqs send "+*in.Entries[0].MessageDeduplicationId, func() (*sqs.SendMessageBatchOutput, error) {
		return s.queue.fill(in), nil
	})
	return out, err
}
