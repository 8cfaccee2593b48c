// Package pdftest validates PDF files in tests with external programs: veraPDF, qpdf and poppler.
//
// [Conform] checks files against PDF/UA-1 and PDF/A-3a with veraPDF. [Check] checks the syntax of a
// file with qpdf. [Text] returns the text that pdftotext copies, and [Run] runs any other program
// on a file.
//
// If a program is not installed, the test is skipped. With CI=true it fails instead.
package pdftest

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/validators"
)

// Run runs a tool on a file and returns its output. It replaces FILE in args by the path of the
// file. The test fails if the tool fails.
func Run(t testing.TB, file []byte, tool string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	args = slices.Clone(args)
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "FILE", path)
	}
	out, err := exec.Command(program(t, tool), args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", tool, err, out)
	}
	return string(out)
}

// Text returns the text that pdftotext copies from a file. args are options, such as -raw for the
// order in which the text was written. Text removes the marks that pdftotext puts around words from
// right to left.
func Text(t testing.TB, file []byte, args ...string) string {
	t.Helper()
	out := Run(t, file, "pdftotext", append(args, "-enc", "UTF-8", "FILE", "-")...)
	return strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "").Replace(out)
}

func program(t testing.TB, tool string) string {
	t.Helper()
	program, err := exec.LookPath(tool)
	if err != nil {
		validators.Missing(t, tool+" is not installed (Debian: qpdf, poppler-utils, default-jdk-headless)")
	}
	return program
}

// Check fails the test if qpdf finds an error or a warning in a file.
func Check(t testing.TB, file []byte) {
	t.Helper()
	out := Run(t, file, "qpdf", "--check", "FILE")
	if !strings.Contains(out, "No syntax or stream encoding errors found") ||
		strings.Contains(out, "WARNING") {
		t.Errorf("qpdf --check prints\n%s", out)
	}
}

// Conform fails the test if a file breaks a rule of PDF/UA-1 or PDF/A-3a, according to veraPDF. It
// logs a table of all files with the number of rules that each breaks. One process checks all
// files, since it takes seconds to start.
func Conform(t testing.TB, files map[string][]byte) {
	t.Helper()
	judge, lib := validators.Path(t, "verapdf", "Judge.java"), validators.Path(t, "verapdf", "lib")
	args := []string{"-XX:TieredStopAtLevel=1", // faster for a run this short
		"-cp", filepath.Join(lib, "*"), judge}
	folder, names := t.TempDir(), slices.Sorted(maps.Keys(files))
	path := func(i int) string { return filepath.Join(folder, strconv.Itoa(i)+".pdf") }
	for i, name := range names {
		if err := os.WriteFile(path(i), files[name], 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path(i))
	}
	out, err := exec.Command(program(t, "java"), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("veraPDF: %v\n%s", err, out)
	}
	var table strings.Builder
	rows := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(rows, "language\tua1\t3a\tbytes\t  case\n")
	for i, name := range names {
		fmt.Fprintf(rows, "%s\t", language(files[name]))
		for _, standard := range []string{"ua1", "3a"} {
			// After the count, each line that begins with a tab is a broken rule.
			_, rules, found := strings.Cut(string(out), path(i)+"\t"+standard+"\t")
			count, rules, _ := strings.Cut(rules, "\n")
			if rules, _, _ = strings.Cut("\n"+rules, "\n/"); !found || count != "0" {
				t.Errorf("%s breaks %s rules of %s:%s", name, count, standard, rules)
			}
			fmt.Fprintf(rows, "%s\t", count)
		}
		fmt.Fprintf(rows, "%d\t  %s\n", len(files[name]), name)
	}
	rows.Flush()
	t.Logf("the rules that %d files break:\n%s", len(files), &table)
}

// language returns the language of a file, or the error of reading it.
func language(file []byte) string {
	d, err := inspect.Read(file)
	if err != nil {
		return err.Error()
	}
	return d.Lang
}
