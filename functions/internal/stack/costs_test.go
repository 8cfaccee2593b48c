package stack

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The table of costs has the products of its assumptions and of the template's memory.
func TestCosts(t *testing.T) {
	data, err := os.ReadFile(root + "/functions/REFERENCE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, costs, _ := strings.Cut(string(data), "\n## Costs\n")
	text := strings.Join(strings.Fields(costs), " ")
	// assumed returns the numbers of a sentence.
	assumed := func(sentence string) (numbers []float64) {
		t.Helper()
		m := regexp.MustCompile(sentence).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("the costs have no sentence %q", sentence)
		}
		for _, s := range m[1:] {
			x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, x)
		}
		return numbers
	}
	const number = `([0-9,]*[0-9](?:\.[0-9]+)?)`
	fill := func(s string) string { return strings.ReplaceAll(s, "N", number) }
	compute := assumed(fill(`\$N per GB-second`))[0]
	worker := assumed(fill(`A report takes N s of the worker's N MB`))
	stored := assumed(fill(`It has N MB in N files`))
	s3 := assumed(fill(`N writes, N lists and N reads of S3`))
	mail := assumed(fill(`a mail of N MB`))[0]
	logs := assumed(fill(`N kB of logs`))[0]
	tick := assumed(fill(`A tick takes N, N or N s of N MB`))

	tpl := read(t)
	for name, mb := range map[string]float64{"Worker": worker[1], "Tick": tick[3]} {
		if got := properties[function](t, tpl, name).MemorySize; float64(got) != mb {
			t.Errorf("%s has %d MB in the template, and %v in the costs", name, got, mb)
		}
	}

	const ticks, gb, million = 4 * 24 * 30, 1e3, 1e6 // GB in MB
	sums := make([]float64, 3)
	for i, d := range []struct{ bots, tenants float64 }{{1, 1}, {100, 3}, {10_000, 100}} {
		reports := d.bots * 52 / 12
		for row, want := range map[string]float64{
			"worker": reports * worker[0] * worker[1] / 1024 * compute,
			"tick":   ticks * tick[i] * tick[3] / 1024 * compute,
			"S3 requests": reports*((s3[0]+s3[1])*0.005+s3[2]*0.0004)/1000 +
				ticks*((1+d.tenants)*0.005+3*d.tenants*0.0004)/1000,
			"S3 storage after a year": reports * 12 * stored[0] / gb * 0.023,
			"secrets":                 2 * d.tenants * 0.40,
			"SES":                     reports * (0.0001 + mail/gb*0.12),
			"CloudWatch":              12*0.10 + 16*0.30,
			"logs":                    (reports*logs/1e3 + ticks*0.5/1e3*d.tenants) / gb * 0.50,
			"SQS":                     3 * 5 * 3 * 60 * 24 * 30 / million * 0.40,
		} {
			sums[i] += want
			if got := cell(t, costs, row, i); got != fmt.Sprintf("%.2f", want) {
				t.Errorf("%s: column %d has %s, not %.2f", row, i+1, got, want)
			}
		}
		if got := cell(t, costs, "**sum**", i); got != fmt.Sprintf("**%.0f**", sums[i]) {
			t.Errorf("the sum of column %d is %s, not %.0f", i+1, got, sums[i])
		}
	}
	readme, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("about %.0f dollars a month for one bot and %.0f for 10,000", sums[0],
		sums[2]); !strings.Contains(string(readme), want) {
		t.Errorf("README.md does not say %q", want)
	}
}

// cell returns a number of the row: the columns are deployments.
func cell(t *testing.T, costs, row string, column int) string {
	t.Helper()
	for line := range strings.Lines(costs) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) == 5 && strings.TrimSpace(cells[0]) == row {
			return strings.TrimSpace(cells[2+column])
		}
	}
	t.Fatalf("the costs have no row %s", row)
	return ""
}
