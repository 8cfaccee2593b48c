package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"image"
	"image/draw"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kindlyweekly/report"
	"kindlyweekly/report/figures/figurestest"
)

var tenSeconds = flag.String("tenseconds", "",
	"a `folder` for what a reader sees first of some weeks, and for the answers")

// A reader sees first a phone's screen of the mail and of Slack's message, and the upper part of the
// PDF's first page.
const pdfTop = 0.45

// Someone who does not know the report looks at the beginning of an edition for ten seconds, and
// then answers four questions: how was the week, what happened, where, and what to look at. With
// -tenseconds, this makes the pictures, a page of them for each edition, and a file of answers from
// report.json. The weeks have numbers, in random order.
func TestTenSeconds(t *testing.T) {
	if *tenSeconds == "" {
		t.Skip("run it with make tenseconds")
	}
	weeks := galleryWeeks()
	asked := []string{"shop", "shop-before", "busy", "small", "tiny", "empty", "unavailable", "new",
		"special", "good", "worse", "missed", "displeased"}
	weeks = slices.DeleteFunc(weeks,
		func(w figurestest.Exhibit) bool { return !slices.Contains(asked, w.Name) })
	rand.New(rand.NewPCG(10, 10)).Shuffle(len(weeks),
		func(i, j int) { weeks[i], weeks[j] = weeks[j], weeks[i] })
	var numbers []string
	var answers bytes.Buffer
	for i, w := range weeks {
		number := fmt.Sprintf("%02d", i+1)
		numbers = append(numbers, number)
		r, dir := renderedOf(t, w.Report), t.TempDir()
		r.save(t, dir)
		answers.WriteString(answersOf(t, number+" ("+w.Title+")", edition(t, r.files, report.JSON)))
		for _, link := range r.summary.LookAt {
			fmt.Fprintf(&answers, "\tlook at: %s\n", link.Text)
		}
		keep := func(name string, m image.Image, height int) {
			b := m.Bounds()
			top := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(height, b.Dy())))
			draw.Draw(top, top.Rect, m, b.Min, draw.Src)
			write(t, filepath.Join(*tenSeconds, number+"-"+name+".png"), encoded(t, top))
		}
		pictures := shots(t, dir, false, []frame{{r.mail(t, ""), phoneWidth},
			{slackPage(t, edition(t, r.files, report.Digest)), phoneWidth}})
		for j, name := range []string{"mail", "slack"} {
			if pictures != nil {
				file := filepath.Join(dir, name+".png")
				write(t, file, pictures[j])
				keep(name, opened(t, file), phoneHeight)
			}
		}
		if output(t, "pdftoppm", "-r", "80", "-png", "-singlefile", filepath.Join(dir, report.PDF),
			filepath.Join(dir, "first")) != nil {
			m := opened(t, filepath.Join(dir, "first.png"))
			keep("pdf", m, int(pdfTop*float64(m.Bounds().Dy())))
		}
	}
	for _, name := range []string{"mail", "slack", "pdf"} {
		write(t, filepath.Join(*tenSeconds, name+".html"), executed(t, tenSecondsPage,
			map[string]any{"Edition": name, "Numbers": numbers}))
	}
	write(t, filepath.Join(*tenSeconds, "answers.txt"), answers.Bytes())
	if _, err := os.Stat(filepath.Join(*tenSeconds, "01-mail.png")); err != nil {
		t.Errorf("there are no pictures: %v", err)
	}
}

// answersOf returns what report.json says about a week: its verdict, and the numbers that it
// follows from.
func answersOf(t *testing.T, week string, report []byte) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(report, &all); err != nil {
		t.Fatal(err)
	}
	within := func(name string) any {
		fallbacks, _ := all["fallbacks"].(map[string]any)
		return fallbacks[name]
	}
	targets, _ := all["targets"].([]any)
	for _, target := range targets {
		if target, ok := target.(map[string]any); ok {
			delete(target, "weekly")
		}
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, week)
	for _, answer := range []struct {
		name  string
		value any
	}{
		{"verdict", all["verdict"]}, {"headline", all["headline"]},
		{"incidents", within("incidents")}, {"rising", within("rising")}, {"where", all["where"]},
		{"targets", all["targets"]}, {"unavailable", all["unavailable"]},
		{"special", all["special"]},
	} {
		if answer.value == nil {
			continue
		}
		said, err := json.Marshal(answer.value)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\t%s: %s\n", answer.name, said)
	}
	return b.String()
}

var tenSecondsPage = template.Must(template.New("tenseconds").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Ten seconds</title>
<style>body { margin: 24px; font: 16px/1.5 system-ui, sans-serif } img { display: block; border: 1px solid #999; max-width: 100% }</style>
<h1>Ten seconds: {{.Edition}}</h1>
<p>Look at each picture for ten seconds. Then write down: Does the week need a look, is it a usual or a good one, or can it not be judged?
What happened? Where? What is there to look at? If it is not said, write so.</p>
{{range .Numbers}}<h2>{{.}}</h2><img src="{{.}}-{{$.Edition}}.png" alt="week {{.}}">
{{end}}</html>
`))
