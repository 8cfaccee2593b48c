package report_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// installed returns the path of a program. If there is none, it returns "", or fails in CI.
func installed(t *testing.T, program, packages string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed (Debian: %s)", program, packages)
	}
	t.Logf("%s is not installed (Debian: %s): what it measures is left out", program, packages)
	return ""
}

// chromium runs headless Chromium on a file and returns what it prints. It returns nil if Chromium
// is not installed.
func chromium(t *testing.T, file string, args ...string) []byte {
	t.Helper()
	// Liberation Sans is as wide as Arial and Helvetica, so lines break in the same places.
	program := installed(t, "chromium", "chromium, fonts-liberation, fonts-dejavu-core")
	if program == "" {
		return nil
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--disable-dev-shm-usage",
		"--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--hide-scrollbars", "--user-data-dir=" + t.TempDir()}, args...)
	args = append(args, (&url.URL{Scheme: "file", Path: absolute}).String())
	var out, problems bytes.Buffer
	run := exec.Command(program, args...)
	run.Stdout, run.Stderr = &out, &problems
	if err := run.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, &problems)
	}
	return out.Bytes()
}

// A frame is a page in a window of a width.
type frame struct {
	page  string // HTML, whose images are paths relative to the folder of the measured page
	width int
}

// A layout is how Chromium lays out the page of a frame.
type layout struct {
	Height int
	Text   string   // what can be seen, with lines as they are in the markup
	Prose  string   // Text without the tables of data
	Broken []string // numbers that are on two lines
	Turned []string // names from right to left whose last sign is not at their left end
	Links  []placed
	Colors []tint
}

// placed is a link, and where its lower edge is.
type placed struct {
	URL    string
	Bottom int
}

// tint is a color and the text that has it, or that is on it.
type tint struct{ Color, On string }

// layouts returns how Chromium lays out the frames, whose images are in the folder. It returns nil
// if Chromium is not installed.
func layouts(t *testing.T, dir string, frames []frame) []layout {
	t.Helper()
	var page strings.Builder
	page.WriteString(`<!doctype html><meta charset="utf-8"><body>`)
	for _, f := range frames {
		// At this window height, the scroll height is that of the content.
		fmt.Fprintf(&page, `<iframe width="%d" height="10" style="border:0" srcdoc="%s"></iframe>`,
			f.width, html.EscapeString(f.page))
	}
	page.WriteString(`<pre id="layouts"></pre><script>` + measure + `</script>`)
	file := filepath.Join(dir, "measured.html")
	write(t, file, []byte(page.String()))
	out := chromium(t, file, "--dump-dom", "--virtual-time-budget=60000")
	if out == nil {
		return nil
	}
	_, after, _ := bytes.Cut(out, []byte(`<pre id="layouts">`))
	said, _, _ := bytes.Cut(after, []byte(`</pre>`))
	var all []layout
	if err := json.Unmarshal([]byte(html.UnescapeString(string(said))), &all); err != nil {
		t.Fatalf("chromium measured %q: %v", said, err)
	}
	if len(all) != len(frames) {
		t.Fatalf("chromium measured %d of %d pages", len(all), len(frames))
	}
	return all
}

// measure puts the layouts of all frames into the page, as JSON.
//
//go:embed testdata/measure.js
var measure string

// shots takes a picture of pages in windows side by side, and returns one for each. It returns nil
// if Chromium is not installed.
func shots(t *testing.T, dir string, dark bool, frames []frame) [][]byte {
	t.Helper()
	const high = 9000
	width := 0
	var page strings.Builder
	page.WriteString(`<!doctype html><meta charset="utf-8"><body style="margin:0;display:flex">`)
	for i, f := range frames {
		name := fmt.Sprintf("frame-%d.html", i)
		write(t, filepath.Join(dir, name), []byte(f.page))
		defer os.Remove(filepath.Join(dir, name))
		fmt.Fprintf(&page,
			`<iframe src="%s" width="%d" height="%d" style="border:0;flex:none"></iframe>`, name,
			f.width, high)
		width += f.width
	}
	framed, picture := filepath.Join(dir, "frames.html"), filepath.Join(dir, "frames.png")
	write(t, framed, []byte(page.String()))
	defer os.Remove(framed)
	args := []string{fmt.Sprintf("--window-size=%d,%d", width, high), "--screenshot=" + picture}
	if dark {
		args = append(args, "--blink-settings=preferredColorScheme=0")
	}
	if chromium(t, framed, args...) == nil {
		return nil
	}
	defer os.Remove(picture)
	whole := opened(t, picture)
	var all [][]byte
	at := 0
	for _, f := range frames {
		all = append(all, encoded(t, cropped(whole, at, f.width)))
		at += f.width
	}
	return all
}
