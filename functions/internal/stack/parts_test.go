package stack

import (
	"bytes"
	"cmp"
	"compress/flate"
	"debug/elf"
	"flag"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

var parts = flag.Bool("parts", false, "print what the functions consist of")

// shown is the least that a part has, in zipped bytes, to be printed by itself.
const shown = 20_000

// TestParts prints what each function consists of: the packages and, as they belong to none,
// sections of the program. A part is pressed by itself, so the sum is a little above the zip's
// size.
func TestParts(t *testing.T) {
	if !*parts {
		t.Skip("run make zip-parts")
	}
	for _, name := range []string{"tick", "worker", "slash"} {
		file := filepath.Join(t.TempDir(), name)
		build := exec.Command("go", "build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false",
			"-o", file, "./functions/"+name+"/lambda")
		build.Dir = root
		build.Env = append(build.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		all := partsOf(t, file)
		var out bytes.Buffer
		table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(table, "\n%s\tkB\tzipped kB\t\n", name)
		zipped := make(map[string]int)
		for p, data := range all {
			zipped[p] = pressed(data)
		}
		var rest, restZipped, sum, sumZipped int
		for _, p := range slices.SortedFunc(maps.Keys(all), func(a, b string) int {
			return cmp.Compare(zipped[b], zipped[a])
		}) {
			sum, sumZipped = sum+len(all[p]), sumZipped+zipped[p]
			if zipped[p] < shown {
				rest, restZipped = rest+len(all[p]), restZipped+zipped[p]
				continue
			}
			fmt.Fprintf(table, "%s\t%d\t%d\t\n", p, len(all[p])/1000, zipped[p]/1000)
		}
		fmt.Fprintf(table, "the rest\t%d\t%d\t\n", rest/1000, restZipped/1000)
		fmt.Fprintf(table, "sum\t%d\t%d\t\n", sum/1000, sumZipped/1000)
		table.Flush()
		t.Log(out.String())
	}
}

// partsOf returns the bytes of a program by part. What debuggers need is left out, as from the
// deployed programs.
func partsOf(t *testing.T, file string) map[string][]byte {
	t.Helper()
	program, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	symbols, err := program.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]byte)
	for i, section := range program.Sections {
		if section.Flags&elf.SHF_ALLOC == 0 || section.Type == elf.SHT_NOBITS {
			continue
		}
		data, err := section.Data()
		if err != nil {
			t.Fatal(err)
		}
		of := slices.DeleteFunc(slices.Clone(symbols), func(s elf.Symbol) bool {
			return int(s.Section) != i || s.Size == 0
		})
		slices.SortFunc(of, func(a, b elf.Symbol) int { return cmp.Compare(a.Value, b.Value) })
		end := section.Addr // of what is counted
		for _, s := range of {
			if s.Value < end {
				continue // it overlaps another
			}
			rest := "section " + section.Name
			all[rest] = append(all[rest], data[end-section.Addr:s.Value-section.Addr]...)
			end = min(s.Value+s.Size, section.Addr+section.Size)
			p := packageOf(s.Name)
			all[p] = append(all[p], data[s.Value-section.Addr:end-section.Addr]...)
		}
		rest := "section " + section.Name
		all[rest] = append(all[rest], data[end-section.Addr:]...)
	}
	return all
}

// packageOf returns the package of a symbol, such as net/http for net/http.(*Client).Do.
func packageOf(symbol string) string {
	name, _, _ := strings.Cut(symbol, "[") // type arguments
	name, _, _ = strings.Cut(name, "(")
	from := strings.LastIndex(name, "/") + 1
	if dot := strings.Index(name[from:], "."); dot > 0 {
		return strings.TrimPrefix(name[:from+dot], "vendor/")
	}
	return symbol
}

// pressed returns the size of data in a zip.
func pressed(data []byte) int {
	var size counter
	w, _ := flate.NewWriter(&size, flate.DefaultCompression) // the level exists
	_, _ = w.Write(data)                                     // a counter never fails
	_ = w.Close()
	return int(size)
}
