package report_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

var peers = flag.Int("peers", 0, "compare with other programs, in so many rounds")

// TestPeers compares the CPU time of whole processes, in turn: ours, which makes all editions of a
// report; Chromium, which prints the mail as a PDF; and matplotlib with reportlab, which draw ten
// charts and a PDF of them. The mail is a file that is kept for this, so that Chromium's work stays
// the same. Chromium needs at least ten times what ours does. make bench-peers prints the table. A
// peer that is not installed is left out.
func TestPeers(t *testing.T) {
	if *peers == 0 {
		t.Skip("make bench-peers runs it")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	mail, err := filepath.Abs(filepath.Join("testdata", "bench", "mail.html"))
	if err != nil {
		t.Fatal(err)
	}
	python := filepath.Join("..", ".ci", "peers", ".venv", "bin", "python")
	const chrome, matplotlib = "Chromium, the PDF alone", "matplotlib and reportlab"
	contenders := []struct {
		name string
		args []string
	}{
		{"all editions of a report", []string{program, "-test.run=^TestOnce$", "-once"}},
		{chrome, []string{"chromium", "--headless", "--no-sandbox", "--disable-gpu",
			"--no-first-run", "--disable-background-networking", "--disable-sync",
			"--user-data-dir=" + t.TempDir(),
			"--print-to-pdf=" + filepath.Join(t.TempDir(), "mail.pdf"), "file://" + mail}},
		{matplotlib, []string{python, filepath.Join("..", ".ci", "peers", "peer.py")}},
	}
	times := make(map[string][]time.Duration)
	for round := range *peers + 1 { // the first fills caches
		for _, c := range contenders {
			if _, err := exec.LookPath(c.args[0]); err != nil {
				if round == 0 {
					t.Logf("%s is left out: %v", c.name, err)
				}
				continue
			}
			used := processTime(t, c.args)
			if round > 0 {
				times[c.name] = append(times[c.name], used)
			}
		}
	}
	own := median(times[contenders[0].name])
	table := t.Output()
	fmt.Fprintf(table, "%-26s %8s %8s %8s %6s\n", "CPU time of a process", "least ms", "median", "most",
		"ratio")
	for _, c := range contenders {
		all := times[c.name]
		if len(all) == 0 {
			continue
		}
		ratio := float64(median(all)) / float64(own)
		fmt.Fprintf(table, "%-26s %8d %8d %8d %6.1f\n", c.name, slices.Min(all).Milliseconds(),
			median(all).Milliseconds(), slices.Max(all).Milliseconds(), ratio)
		if c.name == chrome && ratio < 10 {
			t.Errorf("Chromium needs %.1f times what a report does, want 10 at least", ratio)
		}
	}
}

// processTime runs a command and returns the CPU time of it and of all its descendants.
func processTime(t *testing.T, args []string) time.Duration {
	t.Helper()
	const setChildSubreaper = 36 // the descendants that outlive their parents become ours
	if _, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); e != 0 {
		t.Fatal(e)
	}
	children := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := children()
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", args[0], err, out)
	}
	for {
		if _, err := syscall.Wait4(-1, nil, 0, nil); err == syscall.ECHILD {
			return children() - before
		}
	}
}

func median(all []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}
