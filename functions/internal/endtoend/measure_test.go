package endtoend

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/internal/cgroup"
	"kindlyweekly/report/delivery"
)

var (
	measure = flag.Bool("measure", false, "measure the functions")
	ofSage  = flag.Duration("of-sage", 200*time.Millisecond, "latency of Sage and Kindly")
	ofAWS   = flag.Duration("of-aws", 25*time.Millisecond, "latency of S3 and the rest of AWS")
	ofSlack = flag.Duration("of-slack", 200*time.Millisecond, "latency of Slack")
	memory  = flag.String("memory", "128,256,512,1024,1769", "sizes of memory in MB")
	rounds  = flag.Int("rounds", 3, "how often each size is measured")
)

// The prices of functions/REFERENCE.md, in US dollars.
const (
	perGBSecond    = 0.0000133334
	perRequest     = 0.20 / 1e6
	monthlyReports = 10_000 * 52.0 / 12
)

// fullProcessor is the memory in MB at which a function has one processor. Its share is
// proportional to memory.
const fullProcessor = 1769

// jobs is how many reports a worker makes in a round: the first one with a cold start.
const jobs = 3

// TestMeasureLambda measures the three programs, each under AWS's emulator, with a share of a
// processor for each size of memory. Sage, Slack and AWS answer after fixed latencies. It prints
// medians.
//
//	ready    from the start of a program to its first question for work
//	first    an invocation with the start of the program: a cold start, without what AWS itself does
//	later    an invocation of a program that runs; a command is the first of its tenant
//	known    a command of a tenant that the program knows, as measured
//	CPU      user and system time of the program in a later invocation
//	peak     the most memory that a program has held
//
// The worker makes the report of the demo's busy bot for a channel and a mailbox. Connections are
// not encrypted: a cold start has up to 40 ms more on AWS for each service that it reaches.
func TestMeasureLambda(t *testing.T) {
	if !*measure {
		t.Skip("run make measure-lambda")
	}
	s := newSetting(t)
	var out bytes.Buffer
	fmt.Fprintf(&out, "Latencies: Sage %v, AWS %v, Slack %v. Medians of %d round(s).\n\n", *ofSage,
		*ofAWS, *ofSlack, *rounds)
	s.measureReady(t, &out)
	var sizes []int
	for _, size := range strings.Split(*memory, ",") {
		mb, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, mb)
	}
	s.measureSizes(t, &out, sizes)
	t.Log("\n" + out.String())
}

// measureReady starts each program without the emulator, and prints how long it takes until it asks
// for work, and which processor time that takes.
func (s *setting) measureReady(t *testing.T, out *bytes.Buffer) {
	t.Helper()
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tready ms\tCPU ms\t")
	for _, name := range []string{"Tick", "Worker", "Slash"} {
		var ready, cpu samples
		for range 15 {
			asked := make(chan time.Time, 1)
			api := httptest.NewServer(http.HandlerFunc(
				func(_ http.ResponseWriter, r *http.Request) {
					asked <- time.Now()
					<-r.Context().Done()
				}))
			cmd := exec.Command(filepath.Join(s.programs, name, "bootstrap"))
			cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + api.Listener.Addr().String(),
				"AWS_REGION=" + region, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
				"STAGE=test", "BUCKET=" + bucket, "SECRET_PREFIX=" + prefixOfSecrets,
				"CATCH_UP_HOURS=72"}
			began := time.Now()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case at := <-asked:
				ready.add(ms(at.Sub(began)))
			case <-time.After(time.Minute):
				t.Fatalf("%s does not start", name)
			}
			_ = cmd.Process.Kill()
			_ = cmd.Wait() // killed
			api.CloseClientConnections()
			api.Close()
			cpu.add(ms(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()))
		}
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t\n", name, ready.median(), cpu.median())
	}
	table.Flush()
}

// measured is what was measured of one size of memory.
type measured struct {
	tick, worker, slash usage
	digest, thread      samples // s from the start of a later job to what Slack has
	made                samples // ms from a command to its answer and the first message
	known               usage   // of the slash command, of a tenant that the program knows
	late, calls         int     // of AWS: answers of the emulator later than the latency, and all

	puts, lists, gets samples // S3 requests of a later job
	files, stored     samples // of a report in the archive: number, and MB
	mailed, logged    samples // of a report: MB of the mail, and kB of the log
}

// usage is what was measured of one function.
type usage struct {
	first, later samples // ms
	cpu          samples // ms of a later invocation
	peak         samples // MB
}

func (s *setting) measureSizes(t *testing.T, out *bytes.Buffer, sizes []int) {
	t.Helper()
	limited := cgroup.New(t, 1) != ""
	all := make([]*measured, len(sizes))
	for i, mb := range sizes {
		all[i] = &measured{}
		for range *rounds {
			s.measureRound(t, all[i], mb)
		}
		t.Logf("%d MB: done", mb)
	}
	if limited {
		fmt.Fprint(out, "\nThe share of a processor, memory / 1,769 MB, is that of a control group.\n")
	} else {
		fmt.Fprint(out, "\nControl groups are not permitted: times are computed, with the processor "+
			"time divided by memory / 1,769 MB.\n")
	}
	late, calls := 0, 0
	for _, m := range all {
		late, calls = late+m.late, calls+m.calls
	}
	fmt.Fprintf(out, "The emulator of AWS answered %d of %d requests later than %v.\n", late, calls,
		*ofAWS)
	for _, function := range []struct {
		name  string
		usage func(*measured) *usage
		head  string
		more  func(*measured) string
	}{
		{"Worker", func(m *measured) *usage { return &m.worker }, "digest s\tthread s\t",
			func(m *measured) string {
				return fmt.Sprintf("%.2f\t%.2f\t", m.digest.median(), m.thread.median())
			}},
		{"Slash", func(m *measured) *usage { return &m.slash }, "known ms\treport ms\t",
			func(m *measured) string {
				return fmt.Sprintf("%.0f\t%.0f\t", m.known.later.median(), m.made.median())
			}},
		{"Tick", func(m *measured) *usage { return &m.tick }, "",
			func(*measured) string { return "" }},
	} {
		fmt.Fprintf(out, "\n%s\n", function.name)
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(table, "MB\tfirst ms\tlater ms\tCPU ms\tpeak MB\t%sGB-s\t$ a month\t\n",
			function.head)
		for i, mb := range sizes {
			u := function.usage(all[i])
			if !limited {
				u = u.computed(mb)
			}
			seconds := u.later.median() / 1000 * float64(mb) / 1024
			times := monthlyReports
			switch function.name {
			case "Tick":
				times = 4 * 24 * 30
			case "Slash":
				times = 10_000
			}
			fmt.Fprintf(table, "%d\t%.0f\t%.0f\t%.0f\t%.0f\t%s%.3f\t%.2f\t\n", mb,
				u.first.median(), u.later.median(), u.cpu.median(), slices.Max(u.peak),
				function.more(all[i]), seconds, times*(seconds*perGBSecond+perRequest))
		}
		table.Flush()
	}
	last := all[len(all)-1]
	fmt.Fprintf(out, "\nA report: %.0f writes, %.0f lists and %.0f reads of S3; %.0f files, %.2f MB; "+
		"a mail of %.2f MB; %.1f kB of logs.\n", last.puts.median(), last.lists.median(),
		last.gets.median(), last.files.median(), last.stored.median(), last.mailed.median(),
		last.logged.median())
	fmt.Fprintf(out, "A month: the worker's of 10,000 bots, 43,333 reports; 10,000 commands; "+
		"2,880 ticks of %d tenants.\n", jobs)
}

// computed returns the usage with a share of a processor, if it was measured with a whole one.
func (u *usage) computed(mb int) *usage {
	more := u.cpu.median() * (max(1, fullProcessor/float64(mb)) - 1)
	slower := usage{cpu: u.cpu, peak: u.peak}
	for _, x := range u.first {
		slower.first.add(x + more)
	}
	for _, x := range u.later {
		slower.later.add(x + more)
	}
	return &slower
}

// measureRound measures a new deployment of jobs tenants: ticks, then the jobs of a Monday, and
// then commands for the report of the week before.
func (s *setting) measureRound(t *testing.T, m *measured, mb int) {
	t.Helper()
	var tenants []tenant
	for i := range jobs {
		tenants = append(tenants, s.tenantOf(i))
	}
	t.Run("round", func(t *testing.T) {
		w := s.outside(t, tenants...)
		var mu sync.Mutex
		w.slow = func(a asked) time.Duration {
			left := *ofAWS - time.Since(a.At)
			mu.Lock()
			defer mu.Unlock()
			if m.calls++; left < 0 {
				m.late++
			}
			return left
		}
		var posts []time.Time // when Slack had each message
		w.slack.After = func(method string) {
			if method == "chat.postMessage" || method == "files.completeUploadExternal" {
				mu.Lock()
				defer mu.Unlock()
				posts = append(posts, time.Now())
			}
		}
		w.around = func(h http.Handler) http.Handler {
			latency := *ofSage
			if _, ok := h.(*slackfake.Server); ok {
				latency = *ofSlack
			}
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				time.Sleep(latency)
				h.ServeHTTP(rw, r)
			})
		}
		w.wrap = func(program string) string { return inGroup(t, program, mb) }
		w.run()

		// call measures an invocation.
		call := func(f *function, u *usage, first bool, event []byte) (began time.Time) {
			before := f.processorTime()
			began = time.Now()
			if _, err := f.call(event); err != nil {
				t.Fatalf("%v\n%s", err, f.log)
			}
			took := ms(time.Since(began))
			if first {
				u.first.add(took)
				return began
			}
			u.later.add(took)
			u.cpu.add(ms(f.processorTime() - before))
			return began
		}
		for i, at := range []time.Time{w.monday.AddDate(0, 0, -1), w.monday.Add(-time.Hour),
			w.monday} {
			call(w.tick, &m.tick, i == 0, w.scheduled(at))
		}
		for i, event := range w.receive(t, w.weekly) {
			data, err := json.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			posts = nil
			mu.Unlock()
			asked, logged := len(w.requestsTo("")), len(w.worker.log.String())
			began := call(w.worker, &m.worker, i == 0, data)
			m.count(w.requestsTo("")[asked:])
			m.logged.add(float64(len(w.worker.log.String())-logged) / 1e3)
			mu.Lock()
			if len(posts) < 2 {
				t.Fatalf("Slack has %d messages\n%s", len(posts), w.worker.log)
			}
			if i > 0 {
				m.digest.add(posts[0].Sub(began).Seconds())
				m.thread.add(posts[len(posts)-1].Sub(began).Seconds())
			}
			mu.Unlock()
		}
		for i, x := range tenants {
			c := x.types(x.channel, x.bot+" "+w.week.Previous().String())
			c.responseURL = w.slack.ResponseURL()
			event := w.event(c, nil)
			call(w.slash, &m.slash, i == 0, event)
			asked := w.receive(t, w.requests)
			if len(asked) != 1 {
				t.Fatalf("%d requests\n%s", len(asked), w.slash.log)
			}
			mu.Lock()
			posts = nil
			mu.Unlock()
			began := time.Now() // the test's own polling of the queue does not count
			w.deliver(asked[0], w.requests)
			mu.Lock()
			if len(posts) == 0 {
				t.Errorf("no answer\n%s", w.worker.log)
			} else if i > 0 {
				m.made.add(m.slash.later.last() + ms(posts[0].Sub(began)))
			}
			mu.Unlock()
			c = x.types(x.channel, x.bot+" "+w.week.Previous().Previous().String())
			c.responseURL = w.slack.ResponseURL()
			call(w.slash, &m.known, false, w.event(c, nil))
			for _, again := range w.receive(t, w.requests) {
				w.deliver(again, w.requests)
			}
		}
		for _, x := range tenants {
			prefix := path.Dir(delivery.KeysOf(x.name).Manifest(x.bot, w.week)) + "/"
			var size int64
			var n int
			list, err := w.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{
				Bucket: aws.String(bucket), Prefix: &prefix})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range list.Contents {
				n, size = n+1, size+*o.Size
			}
			m.files.add(float64(n))
			m.stored.add(float64(size) / 1e6)
		}
		for f, u := range map[*function]*usage{w.tick: &m.tick, w.worker: &m.worker,
			w.slash: &m.slash} {
			u.peak.add(f.peak())
		}
	})
}

// count counts what a job asked of AWS.
func (m *measured) count(all []asked) {
	n := make(map[string]float64)
	for _, a := range all {
		switch {
		case a.Service == "s3" && a.Query.Has("list-type"):
			n["LIST"]++
		case a.Service == "s3":
			n[a.Method]++
		case a.Path == "/v2/email/outbound-emails":
			var sent struct {
				Content struct{ Raw struct{ Data []byte } }
			}
			if json.Unmarshal(a.Body, &sent) == nil {
				m.mailed.add(float64(len(sent.Content.Raw.Data)) / 1e6)
			}
		}
	}
	m.puts.add(n[http.MethodPut])
	m.lists.add(n["LIST"])
	m.gets.add(n[http.MethodGet])
}

// tenantOf returns a tenant with the demo's busy bot, a channel and a mailbox.
func (s *setting) tenantOf(i int) tenant {
	x := acme
	x.name, x.team = fmt.Sprintf("acme-%d", i), fmt.Sprintf("T0ACME10%d", i)
	x.token = fmt.Sprintf("xoxb-acme-%d", i)
	x.channel, x.other, x.ops = fmt.Sprintf("C0ACME1%dCH", i), fmt.Sprintf("C0ACME2%dCH", i),
		fmt.Sprintf("C0ACME3%dCH", i)
	x.traces = []string{x.name}
	x.recipients = []string{fmt.Sprintf("kari@acme%d.example", i)}
	x.config = fmt.Sprintf(`
slack: {team: %[1]s, token_secret: "%[5]s%[2]s#slack_token", signing_secret: "%[5]s%[2]s#signing_secret"}
mail: {from: "Acme Weekly <weekly@acme%[6]d.example>"}
bots: [{id: nettbutikk, tz: Europe/Oslo, channels: %[3]s, recipients: %[4]s}]
`, x.team, x.name, x.channel, x.recipients[0], prefixOfSecrets, i)
	return x
}

// inGroup returns a program that runs another with the share of a processor that a function of so
// much memory has.
func inGroup(t *testing.T, program string, mb int) string {
	t.Helper()
	join := cgroup.New(t, float64(mb)/fullProcessor)
	if join == "" {
		return program
	}
	file := filepath.Join(t.TempDir(), "bootstrap")
	script := fmt.Sprintf("#!/bin/sh\necho $$ > %s\nexec %s\n", join, program)
	if err := os.WriteFile(file, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}

// processorTime returns the user and system time of the function's program; zero if it has not
// started.
func (f *function) processorTime() time.Duration {
	var sum time.Duration
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", f.process()))
	for _, task := range tasks {
		data, _ := os.ReadFile(task) // the thread may have ended
		var ns int64
		if _, err := fmt.Sscan(string(data), &ns); err == nil {
			sum += time.Duration(ns)
		}
	}
	return sum
}

// peak returns the most memory that the function's program has held, in MB.
func (f *function) peak() float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.process()))
	for line := range strings.Lines(string(data)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kB); n == 1 {
			return kB / 1024
		}
	}
	return 0
}

type samples []float64

func (s *samples) add(x float64) { *s = append(*s, x) }

func (s samples) last() float64 { return s[len(s)-1] }

func (s samples) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[len(sorted)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
