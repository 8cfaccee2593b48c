package report_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/charts"
	"kindlyweekly/report/csv"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/pdf"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
)

// stage is a part of making a report, or the whole. budget is the CPU time that it may take, in
// milliseconds on one core of the machine that budgets were set on; benchmarks print it with what
// they measure.
type stage struct {
	name   string
	budget float64
	run    func() error
}

// stages returns the parts of the report of a busy bot, in the order in which they are made, and
// last the whole report from Sage's answers. The bot has emoji, slices, and its data in the PDF.
func stages(tb testing.TB) []stage {
	answers := figurestest.SlicedAnswers()
	r := figurestest.Sliced()
	words, err := summary.Of(r)
	if err != nil {
		tb.Fatal(err)
	}
	files, err := report.Render(r)
	if err != nil {
		tb.Fatal(err)
	}
	of := make(map[string][]byte)
	for _, f := range files {
		of[f.Name] = f.Data
	}
	pictures := charts.All(words, r.Brand)
	inside := []tagged.File{{Name: report.JSON, Type: "application/json", Data: of[report.JSON]},
		{Name: report.CSV, Type: "text/csv", Data: of[report.CSV]}}
	chart := func(name string) []byte { return of["charts/"+name+".png"] }
	return []stage{
		{"figures", 5.5, func() error { _, err := figures.Compute(answers); return err }},
		{"summary", 2, func() error { _, err := summary.Of(r); return err }},
		{"charts", 16, func() error {
			for _, p := range pictures {
				if _, err := p.PNG(); err != nil {
					return err
				}
			}
			return nil
		}},
		{"pdf", 14.5, func() error { _, err := pdf.Render(r, words, pictures, inside...); return err }},
		{"mail", 1.5, func() error {
			_, err := mail.Message(r, words, mail.Envelope{}, chart, of[report.PDF])
			return err
		}},
		{"slack", 1.2, func() error {
			_, err := digest.Slack(words, digest.Native).JSON()
			if err == nil {
				_, err = digest.Details(words, digest.Native).JSON()
			}
			return err
		}},
		{"text", 1.2, func() error { digest.Text(words, report.TextWidth); return nil }},
		{"csv", 1.2, func() error { csv.CSV(r, words); return nil }},
		{"json", 0.7, func() error { _, err := r.Encode(); return err }},
		{"report", 45, func() error {
			r, err := figures.Compute(answers)
			if err == nil {
				_, err = report.Render(r)
			}
			return err
		}},
	}
}

// make bench prints the stages with GOMAXPROCS=1, and what has changed since the baseline.
func BenchmarkStage(b *testing.B) {
	for _, s := range stages(b) {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			before := usage(b)
			for b.Loop() {
				if err := s.run(); err != nil {
					b.Fatal(err)
				}
			}
			after := usage(b)
			cpu := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
			b.ReportMetric(float64(cpu)/1e6/float64(b.N), "cpu-ms/op")
			b.ReportMetric(s.budget, "budget-ms")
			b.ReportMetric(float64(after.Maxrss)/1024, "peak-MB")
		})
	}
}

func usage(tb testing.TB) (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return u
}

var baseline = filepath.Join("testdata", "bench", "stages.txt")

// Limits of a whole report.
const (
	mostAllocated = 30 << 20 // bytes
	mostGrowth    = 1.25     // of a stage's allocations over those of the baseline
)

// What a stage allocates does not depend on the machine. It is no more than a quarter over the
// baseline, which make bench-baseline writes.
func TestStages_Allocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates too")
	}
	want, err := allocations(baseline)
	if err != nil {
		t.Fatalf("%v: run make bench-baseline", err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties what libraries keep
	for _, s := range stages(t) {
		got := allocatedBy(t, s.run)
		base, ok := want[s.name]
		if !ok {
			t.Errorf("%s has no baseline: run make bench-baseline", s.name)
			continue
		}
		for _, figure := range []struct {
			what      string
			got, base float64
		}{{"bytes", got.bytes, base.bytes}, {"allocations", got.count, base.count}} {
			if figure.got > figure.base*mostGrowth {
				t.Errorf("%s: %.0f %s, more than %v times the %.0f of the baseline: make less, or "+
					"run make bench-baseline and say why", s.name, figure.got, figure.what,
					mostGrowth, figure.base)
			}
		}
		if s.name == "report" && got.bytes > mostAllocated {
			t.Errorf("a report allocates %.1f MB, want %d MB at most", got.bytes/(1<<20),
				mostAllocated>>20)
		}
	}
	if len(want) != len(stages(t)) {
		t.Errorf("the baseline has %d stages, not those of today: run make bench-baseline", len(want))
	}
}

// allocated is what one run of a stage allocates.
type allocated struct{ bytes, count float64 }

// allocatedBy returns the least of a few runs, after one that fills what is kept.
func allocatedBy(t *testing.T, run func() error) (least allocated) {
	for i := range 4 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := run(); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		a := allocated{float64(after.TotalAlloc - before.TotalAlloc),
			float64(after.Mallocs - before.Mallocs)}
		if i == 1 || i > 1 && a.bytes < least.bytes {
			least = a
		}
	}
	return least
}

// allocations reads those of each stage from a file that go test -bench has written. Of several
// runs it returns the least.
func allocations(file string) (map[string]allocated, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	all := make(map[string]allocated)
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "BenchmarkStage/") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(fields[0], "BenchmarkStage/"), "-")
		var a allocated
		for i := 2; i+1 < len(fields); i += 2 {
			var n float64
			if _, err := fmt.Sscan(fields[i], &n); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", file, fields[0], err)
			}
			switch fields[i+1] {
			case "B/op":
				a.bytes = n
			case "allocs/op":
				a.count = n
			}
		}
		if a.bytes == 0 {
			return nil, fmt.Errorf("%s: %s has no B/op", file, fields[0])
		}
		if least, ok := all[name]; !ok || a.bytes < least.bytes {
			all[name] = a
		}
	}
	return all, nil
}

var once = flag.Bool("once", false, "let TestOnce make one report")

// TestOnce makes one report and ends: the whole process that make bench-peers compares with others,
// and that TestOnce_Memory runs.
func TestOnce(t *testing.T) {
	if !*once {
		t.Skip("other tests and make bench-peers run it in a process of its own, with -once")
	}
	r, err := figures.Compute(figurestest.SlicedAnswers())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = report.Render(r); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	t.Log("peak memory", string(regexp.MustCompile(`VmHWM:\s+(\d+) kB`).Find(status)))
}

// A process that makes one report has at most 64 MB of memory.
func TestOnce_Memory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector needs memory too")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run=^TestOnce$", "-test.v", "-once")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("the process does not say its peak memory: %s", out)
	}
	const most = 64
	peak, _ := strconv.Atoi(string(found[1]))
	if peak >>= 10; peak > most {
		t.Errorf("the process of one report had %d MB at its peak, want %d at most", peak, most)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%d MB at the peak, %d ms of CPU", peak, used.Milliseconds())
}
