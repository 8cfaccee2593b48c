package charts

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// pictures returns a report's pictures as an edition gets them.
func pictures(t testing.TB, r *figures.Report) []Picture {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return All(s, r.Brand)
}

func picture(t testing.TB, r *figures.Report, name string) Picture {
	t.Helper()
	for _, p := range pictures(t, r) {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("there is no picture %s", name)
	return Picture{}
}

// Every picture of the busy week is held, and those of other weeks that are drawn in another way.
func TestPNG_Golden(t *testing.T) {
	golden := map[string][]string{
		"busy": {"chats", "messages", "fallbacks", "weeks", "handovers", "trend", "hours", "feedback",
			"labels", "buttons", "pages"},
		"tiny":        {"chats", "fallbacks", "trend", "hours", "feedback", "labels"},
		"empty":       {"chats", "fallbacks", "hours"},
		"new":         {"chats", "trend"},
		"unavailable": {"fallbacks"},
		"hostile":     {"labels", "feedback"},
		"huge":        {"chats", "handovers"},
		"special":     {"chats", "fallbacks", "trend"},
		"branded":     {"chats", "handovers", "hours"},
	}
	cases := figurestest.Cases()
	cases["branded"] = figurestest.Branded() // its orange is so near to amber that the warning gives way
	for name, r := range cases {
		for _, p := range pictures(t, r) {
			if !slices.Contains(golden[name], p.Name) {
				continue
			}
			t.Run(name+"/"+p.Name, func(t *testing.T) {
				data, err := p.PNG()
				if err != nil {
					t.Fatal(err)
				}
				compare(t, name+"-"+p.Name, data)
			})
		}
	}
}

// The PDF sets two of the small ones side by side.
func TestDrawPlot_GoldenAtHalfWidth(t *testing.T) {
	for _, p := range pictures(t, figurestest.Busy()) {
		t.Run(p.Name, func(t *testing.T) {
			canvas := newPixels(600, 380, 1)
			if err := p.DrawPlot(canvas, 600, 380); err != nil {
				t.Fatal(err)
			}
			data, err := canvas.encode()
			if err != nil {
				t.Fatal(err)
			}
			compare(t, "half-"+p.Name, data)
		})
	}
}

// compare decodes both pictures: what counts is how they look, not how they are packed.
func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test -update and look at the picture", err)
	}
	a, b := decode(t, got), decode(t, want)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%s is %v, want %v", name, a.Bounds(), b.Bounds())
	}
	if p, ok := a.(*image.Paletted); ok {
		if q, ok := b.(*image.Paletted); ok && slices.Equal(p.Palette, q.Palette) &&
			bytes.Equal(p.Pix, q.Pix) {
			return
		}
	}
	differ, example := 0, image.Point{}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if !alike(a.At(x, y), b.At(x, y)) {
				differ, example = differ+1, image.Pt(x, y)
			}
		}
	}
	if differ > 0 {
		t.Errorf("%s differs in %d pixels, at %v for one: if that is meant, run go test -update and look at it", name, differ, example)
	}
}

// alike allows for floating point that another processor rounds otherwise, which moves a smoothed
// edge by a shade.
func alike(a, b color.Color) bool {
	const shade = 0x1800
	r, g, bl, _ := a.RGBA()
	r2, g2, bl2, _ := b.RGBA()
	return near(r, r2, shade) && near(g, g2, shade) && near(bl, bl2, shade)
}

func near(a, b, by uint32) bool { return max(a, b)-min(a, b) <= by }

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// A phone shows a picture 390 pixels wide. No text is smaller than 11 pixels then. There is neither
// an axis nor a grid, except for the foot of the bars.
func TestDraw_OnAPhone(t *testing.T) {
	const phone, least = 390, 11.0
	for name, r := range figurestest.Cases() {
		for _, p := range pictures(t, r) {
			rec := newRecorder()
			if err := p.Draw(rec, Width, Height); err != nil {
				t.Fatal(err)
			}
			for _, text := range rec.texts {
				if size := text.size * phone / Width; size < least {
					t.Errorf("%s/%s: %q has %.1f pixels, want at least %v", name, p.Name, text.text,
						size, least)
				}
			}
			lines := 0
			for _, f := range rec.fills {
				if f.color == own.Line || f.color == axis {
					lines++
				}
			}
			if lines > 1 {
				t.Errorf("%s/%s: %d lines of an axis or a grid, want the foot alone", name, p.Name,
					lines)
			}
		}
	}
}

func TestPNG_SmallAndOpaque(t *testing.T) {
	for name, r := range figurestest.Cases() {
		for _, p := range pictures(t, r) {
			data, err := p.PNG()
			if err != nil {
				t.Fatal(err)
			}
			limit := 34_000
			if name == "huge" { // numbers of nineteen digits take their room
				limit = 45_000
			}
			if len(data) > limit {
				t.Errorf("%s/%s: %d bytes, want at most %d", name, p.Name, len(data), limit)
			}
			img, ok := decode(t, data).(*image.Paletted)
			if !ok {
				t.Fatalf("%s/%s has no palette", name, p.Name)
			}
			if img.Bounds() != image.Rect(0, 0, 1050, 660) || !img.Opaque() {
				t.Errorf("%s/%s: bounds %v, opaque %v", name, p.Name, img.Bounds(), img.Opaque())
			}
			if isBlank(img) {
				t.Errorf("%s/%s is blank", name, p.Name)
			}
		}
	}
}

func isBlank(img *image.Paletted) bool {
	return !slices.ContainsFunc(img.Pix, func(i uint8) bool { return i != img.Pix[0] })
}

// The same picture is the same bytes, whatever was drawn on the canvas before, in whatever colors,
// and whatever is drawn at the same time.
func TestPNG_SameBytes(t *testing.T) {
	all := append(pictures(t, figurestest.Busy()), pictures(t, figurestest.Branded())...)
	first := make([][]byte, len(all))
	for i, p := range all {
		var err error
		if first[i], err = p.PNG(); err != nil {
			t.Fatal(err)
		}
	}
	var group sync.WaitGroup
	for at := range 6 {
		group.Go(func() {
			for n := range all {
				i := (n*7 + at*3) % len(all)
				data, err := all[i].PNG()
				if err != nil {
					t.Error(err)
				} else if !bytes.Equal(first[i], data) {
					t.Errorf("%s differs when drawn again", all[i].Name)
				}
			}
		})
	}
	group.Wait()
}

// sizes are those of the PNG, of the PDF's wide and narrow charts, and the least.
var sizes = []image.Point{{X: Width, Y: Height}, {X: 1000, Y: 420}, {X: 600, Y: 380},
	{X: MinWidth, Y: MinHeight}}

func TestCharts_TextsStayOnThePage(t *testing.T) {
	for name, r := range figurestest.Cases() {
		for _, p := range pictures(t, r) {
			for _, size := range sizes {
				for how, draw := range map[string]func(*recorder) error{
					"whole": func(rec *recorder) error { return p.Draw(rec, size.X, size.Y) },
					"plot":  func(rec *recorder) error { return p.DrawPlot(rec, size.X, size.Y) },
				} {
					if how == "whole" && size.X < 600 {
						continue // a title needs more room than the least plot
					}
					rec := newRecorder()
					if err := draw(rec); err != nil {
						t.Fatal(err)
					}
					for _, fault := range rec.faults(image.Rectangle{Max: size}) {
						t.Errorf("%s/%s %s at %v: %s", name, p.Name, how, size, fault)
					}
				}
			}
		}
	}
}

// Text is read on whatever happens to be under it: every pair that is drawn has the contrast that
// AA asks for. Grid lines pass behind some names, which they do not hide.
func TestCharts_TextContrast(t *testing.T) {
	for _, accent := range []string{"", "#ffd500", "#0a7d4f", "#e8590c"} {
		for name, r := range figurestest.Cases() {
			r.Brand = &figures.Brand{Accent: accent}
			for _, p := range pictures(t, r) {
				for _, size := range sizes[:3] {
					rec := newRecorder()
					if err := p.Draw(rec, size.X, size.Y); err != nil {
						t.Fatal(err)
					}
					for _, w := range rec.texts {
						for _, ground := range w.grounds {
							if c := theme.Contrast(w.color, ground); c < theme.TextContrast &&
								ground != grid {
								t.Errorf("brand %q: %s/%s at %v: %q, %v on %v: %.2f to 1", accent,
									name, p.Name, size, w.text, w.color, ground, c)
							}
						}
					}
				}
			}
		}
	}
}

func TestCharts_WriteEveryValue(t *testing.T) {
	tests := map[string][]string{
		"chats": {"1,284", "1,412", "1,377", "1,530", "1,198", "642", "588", "Mon 9", "Sun 15",
			"Usually"},
		"fallbacks": {"10.1%", "9.8%", "10.4%", "18.7%", "11.2%",
			"9.5%", "9.0%", "Usually", "Target: at most 10.0%"},
		"weeks": {"9 Nov", "11.8%", "Usually", "Target: at most 10.0%"},
		"hours": {"Mon", "Sun", "00:00", "fewer", "more"},
		"feedback": {"Thumbs", "Positive", "74% (171)", "Negative", "26% (61)", "1–5 scale",
			"5 of 5", "43% (55)", "1 of 5"},
		"labels": {"1,820", "Hvor er pakken min?", "Gavekort 🎁", "Αλλαγή κωδικού",
			"Статус заказа"},
	}
	r := figurestest.Busy()
	for name, texts := range tests {
		rec := newRecorder()
		if err := picture(t, r, name).Draw(rec, Width, Height); err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if !rec.wrote(text) {
				t.Errorf("%s does not say %q", name, text)
			}
		}
	}
}

// A zero is written, a missing value is a dash, and weeks before a bot's first one are missing.
func TestDraw_ZeroAndMissing(t *testing.T) {
	quiet := figurestest.Busy()
	quiet.Fallbacks.Daily[6].Rate = nil
	tests := []struct {
		name         string
		r            *figures.Report
		chart        string
		zero, dashed bool
	}{
		{"days without chats", figurestest.Tiny(), "chats", true, false},
		{"days without a fallback rate", quiet, "fallbacks", false, true},
		{"days without a fallback", figurestest.Tiny(), "fallbacks", true, false},
		{"weeks before the first", figurestest.New(), "trend", false, true},
		{"an empty week", figurestest.Empty(), "chats", true, false},
	}
	for _, test := range tests {
		rec := newRecorder()
		if err := picture(t, test.r, test.chart).DrawPlot(rec, 1000, 420); err != nil {
			t.Fatal(err)
		}
		zeros := 0
		for _, w := range rec.texts {
			if w.text == "0" {
				zeros++
			}
		}
		if (zeros > 0) != test.zero || rec.wrote("–") != test.dashed {
			t.Errorf("%s: %d zeros, dash %v, want zeros %v, dash %v", test.name, zeros,
				rec.wrote("–"), test.zero, test.dashed)
		}
	}
}

// Where the bot's history begins inside the baseline nothing is compared.
func TestCharts_WithoutBaseline(t *testing.T) {
	for _, p := range pictures(t, figurestest.New()) {
		rec := newRecorder()
		if err := p.DrawPlot(rec, 1000, 420); err != nil {
			t.Fatal(err)
		}
		if rec.wrote("Week 45") {
			t.Errorf("%s speaks of last week", p.Name)
		}
	}
}

func TestCharts_UnavailableSections(t *testing.T) {
	for _, p := range pictures(t, figurestest.Unavailable()) {
		rec := newRecorder()
		if err := p.DrawPlot(rec, 1000, 420); err != nil {
			t.Fatal(err)
		}
		says := slices.ContainsFunc(rec.texts,
			func(w written) bool { return bytes.Contains([]byte(w.text), []byte("503")) })
		if core := p.Name == "chats" || p.Name == "messages" || p.Name == "trend"; says == core {
			t.Errorf("%s: gives a reason: %v", p.Name, says)
		}
	}
}

// Days that are not like others lie on a band, and their names stand under a bracket, where
// neighbors of the same name share one. Of weeks the legend says it.
func TestCharts_MarkSpecialDays(t *testing.T) {
	r := figurestest.Special()
	for name, want := range map[string]struct {
		bands int
		texts []string
	}{
		"chats":     {2, []string{"Andre pinsedag", "<script>alert(1)</script> & *salg*"}},
		"fallbacks": {2, []string{"<script>alert(1)</script> & *salg*"}},
		// the week before had holidays too
		"trend": {2, []string{"Week with a holiday or marked event"}},
		"hours": {0, nil},
	} {
		rec := newRecorder()
		if err := picture(t, r, name).DrawPlot(rec, 1200, 480); err != nil {
			t.Fatal(err)
		}
		bands := 0
		for _, f := range rec.fills {
			if f.color == special && f.box.Dx() > 60 && f.box.Dy() > 150 {
				bands++
			}
		}
		if bands != want.bands {
			t.Errorf("%s: %d bands, want %d", name, bands, want.bands)
		}
		for _, text := range want.texts {
			if !rec.wrote(text) {
				t.Errorf("%s does not say %q", name, text)
			}
		}
	}
}

// Where a name has no room under its days, no name is cut: letters stand for all of them.
func TestCharts_SpecialDayNamesAreWhole(t *testing.T) {
	r := figurestest.Special()
	rec := newRecorder()
	if err := picture(t, r, "fallbacks").DrawPlot(rec, 600, 380); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a", "b",
		"a: Andre pinsedag · b: <script>alert(1)</script> & *salg*"} {
		if !rec.wrote(want) {
			t.Errorf("there is no %q", want)
		}
	}
}

// The weeks before a bot's first one are left out of the summary's marks, and not of the chart.
func TestCharts_MarkSpecialWeeks(t *testing.T) {
	r := figurestest.New()
	r.Special = []figures.Special{{First: r.Period.From, Last: r.Period.From, Kind: figures.Note,
		Name: "Black Friday"}}
	rec := newRecorder()
	if err := picture(t, r, "trend").DrawPlot(rec, 1200, 420); err != nil {
		t.Fatal(err)
	}
	for _, f := range rec.fills {
		if f.color == special && f.box.Dy() > 150 && f.box.Max.X < 1190 {
			t.Errorf("a band at %v, where this week is the last", f.box)
		}
	}
}

// Nothing is told by color alone: what came while closed is hatched, and last week's bars have an
// edge.
func TestMarks_NotByColorAlone(t *testing.T) {
	rec := newRecorder()
	if err := picture(t, figurestest.Busy(), "handovers").DrawPlot(rec, 1000, 420); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(rec.strokes, func(s stroke) bool { return s.color == edge }) {
		t.Error("nothing is hatched")
	}
	rec = newRecorder()
	if err := picture(t, recent(), "chats").DrawPlot(rec, 1000, 420); err != nil {
		t.Fatal(err)
	}
	edges, inner := 0, 0
	for i, f := range rec.fills {
		if f.color == edge {
			edges++
			if next := rec.fills[i+1]; next.color == previous && next.box.In(f.box) &&
				next.box != f.box {
				inner++
			}
		}
	}
	if edges != inner || edges < 7 {
		t.Errorf("of %d bars of last week %d have an edge", edges, inner)
	}
}

// An hour that the clocks skipped is hatched, which an hour without chats is not, and the legend
// says why.
func TestHeatmap_SkippedHourIsHatched(t *testing.T) {
	r := figurestest.Busy()
	*r.Chats.Hourly[6][3] = 0
	explained := false
	hatches := func() int {
		rec := newRecorder()
		if err := picture(t, r, "hours").DrawPlot(rec, 1000, 420); err != nil {
			t.Fatal(err)
		}
		for _, s := range rec.strokes {
			for _, at := range s.path {
				if at.Y < 36 { // the legend
					continue
				}
				if at.X < 130 || at.X > 200 || at.Y < 300 { // Sunday from 02:00 to 03:00, roughly
					t.Errorf("a stroke at %v is in another hour", at)
				}
			}
		}
		explained = slices.ContainsFunc(rec.texts,
			func(w written) bool { return w.text == "does not exist (clocks go forward)" })
		return len(rec.strokes)
	}
	if n := hatches(); n != 0 || explained {
		t.Errorf("%d strokes, explained %v, where every hour existed", n, explained)
	}
	r.Chats.Hourly[6][2] = nil
	if hatches() == 0 || !explained {
		t.Errorf("an hour that did not exist is not hatched or not explained (%v)", explained)
	}
	data, err := picture(t, r, "hours").PNG()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "skipped-hours", data)
}

// What is usual is a line at each bar, also where the bar is missing, and one line across all
// weeks. A target is a dashed line, and what the verdict warns of has the warning color.
func TestStandings_Lines(t *testing.T) {
	r := figurestest.Busy()
	r.Fallbacks.Daily[6].Rate = nil
	for name, want := range map[string]struct{ usual, dashed, warned int }{
		"fallbacks": {7, 1, 1},
		"weeks":     {12, 1, 0},
		"chats":     {7, 0, 0},
		"messages":  {7, 0, 0},
		"trend":     {12, 0, 0},
		"handovers": {7, 0, 0},
	} {
		rec := newRecorder()
		if err := picture(t, r, name).DrawPlot(rec, 1000, 420); err != nil {
			t.Fatal(err)
		}
		usual, dashed, warned := 0, 0, 0
		for _, f := range rec.fills {
			switch {
			case f.color == ink && f.box.Dy() == 4 && f.box.Min.Y > 36: // else it is the legend's
				usual++
			case f.color == own.Warning:
				warned++
			}
		}
		for _, s := range rec.strokes {
			if s.color == muted && s.path[0].Y > 36 {
				dashed++
			}
		}
		if usual != want.usual || dashed != want.dashed || warned != want.warned {
			t.Errorf("%s: %d usual values, %d dashed lines, %d warnings, want %v", name, usual,
				dashed, warned, want)
		}
	}
}

// Last week is on the left of this week.
func TestStandings_LastWeekIsOnTheLeft(t *testing.T) {
	rec := newRecorder()
	if err := picture(t, recent(), "chats").DrawPlot(rec, 1000, 420); err != nil {
		t.Fatal(err)
	}
	var before, now []image.Rectangle
	for _, f := range rec.fills {
		switch {
		case f.box.Dy() < 30:
		case f.color == previous:
			before = append(before, f.box)
		case f.color == own.Accent:
			now = append(now, f.box)
		}
	}
	if len(before) != 7 || len(now) != 7 {
		t.Fatalf("%d bars of last week and %d of this one", len(before), len(now))
	}
	for i := range now {
		if before[i].Max.X > now[i].Min.X || i < 6 && now[i].Max.X > before[i+1].Min.X {
			t.Errorf("%v is not on the left of %v", before[i], now[i])
		}
	}
}

// recent is a bot without a baseline that can be compared with the week before.
func recent() *figures.Report {
	r := figurestest.Busy()
	r.Baseline = nil
	return r
}

// week is a foot of seven days for plots made by hand.
func week() columns {
	cs := columns{none: "–", target: missing,
		value: func(v float64) string { return fmt.Sprint(v) }}
	for _, day := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		cs.categories = append(cs.categories, category{day + " 9", day})
	}
	return cs
}

// plots returns every kind of plot of the numbers and names.
func plots(values, others []float64, names []string) map[string]plot {
	cs, named, lined := week(), week(), week()
	named.categories, named.joined, named.usual = nil, true, others
	lined.usual, lined.target = others, at(others, 0)
	var g rowGroup
	for i, name := range names {
		named.categories = append(named.categories, category{name, name})
		g.rows = append(g.rows, row{name: name, value: at(values, i), before: at(others, i),
			usual: at(others, i), text: fmt.Sprint(at(values, i))})
	}
	return map[string]plot{
		"compared": standings{columns: cs, now: values, before: others},
		"alone":    standings{columns: cs, now: values},
		"usual":    standings{columns: lined, now: values, marked: []bool{false, true}},
		"weeks":    standings{columns: named, now: values, last: true},
		"stacked":  stacked{columns: cs, lower: values, upper: others},
		"heatmap": heatmap{days: []string{"Mon", "Tue"}, hours: names,
			cells: [][]float64{values, others}, value: cs.value},
		"rows": rows{groups: []rowGroup{{heading: "Heading", rows: g.rows}, g}},
	}
}

func TestDrawPlot_HostileNumbers(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := map[string][2][]float64{
		"nothing":          {nil, nil},
		"one":              {{5}, nil},
		"flat":             {{7, 7, 7, 7, 7, 7, 7}, {7, 7, 7, 7, 7, 7, 7}},
		"all zero":         {{0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0}},
		"minus zero":       {{math.Copysign(0, -1)}, {0}},
		"huge":             {{1e12, 1e12 - 1, 3, 0, 1e12, 1, 1e12}, {1e12, 1, 1, 1, 1, 1, 1}},
		"greatest":         {{math.MaxFloat64, 1, math.MaxFloat64}, {math.MaxFloat64}},
		"smallest":         {{math.SmallestNonzeroFloat64, 1e-300}, {1e-9}},
		"not numbers":      {{nan, nan, nan, nan, nan, nan, nan}, {nan}},
		"infinite":         {{inf, -inf, inf, 1, 2, 3, 4}, {inf, nan, -inf}},
		"negative":         {{-5, -1e18, 3, -1, 0, 1, 2}, {-3, -3, -3, -3, -3, -3, -3}},
		"longer than axes": {make([]float64, 400), make([]float64, 50)},
		"one and a crowd":  {{1, 1e6, 1, 1, 1, 1, 1}, {1e6, 1, 1, 1, 1, 1, 1}},
	}
	names := figurestest.Names()
	for name, test := range tests {
		for kind, plot := range plots(test[0], test[1], names) {
			for _, size := range sizes {
				rec := newRecorder()
				if err := (Picture{plot: plot}).DrawPlot(rec, size.X, size.Y); err != nil {
					t.Errorf("%s, %s: %v", name, kind, err)
				}
				for _, fault := range rec.faults(image.Rectangle{Max: size}) {
					t.Errorf("%s, %s at %v: %s", name, kind, size, fault)
				}
			}
		}
	}
}

// What goes wrong in a renderer is an error, not the end of the report.
func TestDraw_PanicIsAnError(t *testing.T) {
	p := picture(t, figurestest.Busy(), "chats")
	if err := p.Draw(nil, Width, Height); err == nil {
		t.Error("drawing on nothing is no error")
	}
	for _, size := range []image.Point{{}, {X: -1, Y: 400}, {X: 400, Y: MinHeight - 1},
		{X: MinWidth - 1, Y: 400}} {
		if err := p.Draw(newRecorder(), size.X, size.Y); err == nil {
			t.Errorf("drawing at %v is no error", size)
		}
	}
}

func FuzzChartNumbers(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 4.0)
	f.Add(0.0, math.Copysign(0, -1), math.NaN(), math.Inf(1))
	f.Add(math.MaxFloat64, math.SmallestNonzeroFloat64, -1.0, 1e12)
	f.Add(0.118, 0.104, math.Inf(-1), 1e-9)
	names := []string{"Mon", "Tue", "Wed", "Thu", "Fri"}
	f.Fuzz(func(t *testing.T, a, b, c, d float64) {
		for kind, plot := range plots([]float64{a, b, c, d, a, b, c}, []float64{d, c, b, a},
			names) {
			rec := newRecorder()
			if err := (Picture{plot: plot}).DrawPlot(rec, 600, 380); err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			for _, fault := range rec.faults(image.Rect(0, 0, 600, 380)) {
				t.Errorf("%s: %s", kind, fault)
			}
		}
	})
}

func FuzzChartTexts(f *testing.F) {
	for _, name := range figurestest.Names() {
		f.Add(name, "Title")
		f.Add("Label", name)
	}
	f.Fuzz(func(t *testing.T, name, title string) {
		names := []string{name, title, name + title}
		for kind, plot := range plots([]float64{3, 2, 1}, []float64{1, 2, 3}, names) {
			p := Picture{Title: title, Subtitle: name, plot: plot, legend: legend{
				{marker: thisWeek, text: name}, {marker: ramp, lead: title, text: name},
				{marker: dashed, text: title},
			}}
			rec := newRecorder()
			if err := p.Draw(rec, 600, 380); err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			for _, fault := range rec.faults(image.Rect(0, 0, 600, 380)) {
				t.Errorf("%s: %s", kind, fault)
			}
		}
	})
}

func BenchmarkChart(b *testing.B) {
	for _, p := range pictures(b, figurestest.Busy()) {
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				data, err := p.PNG()
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(data)), "PNG-bytes")
			}
		})
	}
}

// A host that all bars share is left out, whatever pages the chart has no bars for: it would take
// the room of what differs.
func TestCharts_PagesOfOneHost(t *testing.T) {
	r := figurestest.Busy()
	for len(r.Pages) < summary.Top {
		r.Pages = append(r.Pages, r.Pages[0])
	}
	r.Pages = append(r.Pages, figures.Page{Host: "other.example", Path: "/", Sessions: 1})
	rec := newRecorder()
	if err := picture(t, r, "pages").DrawPlot(rec, 1200, 480); err != nil {
		t.Fatal(err)
	}
	if !rec.wrote("/kasse") {
		t.Error("the host stands before /kasse")
	}
}

// summary.Chart.Boxed returns the texts that pictures show as boxes. It does so without the fonts,
// and without knowing where a picture cuts a text.
func TestCharts_Boxed(t *testing.T) {
	r := figurestest.Named("ไทย", "दिवाली", "Retur")
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range All(s, nil) {
		rec := newRecorder()
		if err := p.Draw(rec, Width, Height); err != nil {
			t.Fatal(err)
		}
		var drawn []string
		for _, text := range rec.texts {
			for _, part := range fonts.Undrawn(text.text) {
				if !slices.Contains(drawn, part) {
					drawn = append(drawn, part)
				}
			}
		}
		said := s.Charts()[i].Boxed()
		slices.Sort(drawn)
		slices.Sort(said)
		if !slices.Equal(drawn, said) {
			t.Errorf("%s: boxes for %q, want %q", p.Name, drawn, said)
		}
	}
}
