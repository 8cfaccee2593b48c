package report_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
)

// A kept report is report.json, decoded without package figures.
type keptReport struct {
	HistoryFrom string `json:"history_from"`
	Bot         struct{ Name string }
	Chats       struct {
		Total, Previous *float64
	}
	Messages struct {
		Total, Previous *float64
	}
	Fallbacks struct {
		Count, Rate  *float64
		PreviousRate *float64 `json:"previous_rate"`
		Incidents    []struct{ Count, Replies, Rate, Ordinary float64 }
	}
	Handovers struct {
		Requests *float64
		Closed   *float64 `json:"requests_while_closed"`
		Previous struct {
			Requests *float64
			Closed   *float64 `json:"requests_while_closed"`
		}
	}
	Feedback struct {
		Binary, Emojis []keptRating
		BeforeBinary   []keptRating `json:"before_binary"`
		BeforeEmojis   []keptRating `json:"before_emojis"`
		PreviousBinary []keptRating `json:"previous_binary"`
		PreviousEmojis []keptRating `json:"previous_emojis"`
	}
	Usual *struct {
		Chats, Requests keptMedian
		FallbackRate    keptMedian `json:"fallback_rate"`
		HandoverRate    keptMedian `json:"handover_rate"`
		Closed          keptMedian `json:"requests_while_closed"`
	} `json:"ordinary"`
	Targets []struct {
		Name         string
		Limit, Value *float64
		Weeks        float64
	}
	Insights []struct {
		Record *struct{ Weeks float64 }
	}
	Verdict struct{ Without *float64 }
	Special []struct{ Name string }
}

type keptRating struct {
	Rating int
	Count  float64
}

type keptMedian struct{ Median *float64 }

// A known number is one that may be printed: its value, times 100 if it is a percentage.
type known struct {
	name    string
	value   float64
	percent bool
	atLeast bool // it is rounded down
}

// measures are the numbers that the opening of a report may have, each computed from report.json.
type measures []known

func (m *measures) add(name string, value *float64) {
	if value != nil {
		*m = append(*m, known{name: name, value: *value})
	}
}

func (m *measures) percent(name string, fraction *float64) {
	if fraction != nil {
		*m = append(*m, known{name: name, value: 100 * *fraction, percent: true})
	}
}

// rated adds the positive ratings of one scale, their number and their share.
func (m *measures) rated(name string, ratings []keptRating, from int) {
	positive, total := 0.0, 0.0
	for _, r := range ratings {
		total += r.Count
		if r.Rating >= from {
			positive += r.Count
		}
	}
	if total > 0 {
		m.add(name+", positive", &positive)
		m.add(name+", total", &total)
		m.percent(name, new(positive/total))
	}
}

func measuresOf(k keptReport) (m measures) {
	m.add("chats", k.Chats.Total)
	m.add("chats before", k.Chats.Previous)
	m.add("messages", k.Messages.Total)
	m.add("messages that are needed", new(100.0))
	m.add("fallbacks", k.Fallbacks.Count)
	m.percent("rate", k.Fallbacks.Rate)
	m.percent("rate before", k.Fallbacks.PreviousRate)
	m.percent("rate without incidents", k.Verdict.Without)
	for _, i := range k.Fallbacks.Incidents {
		m.percent("incident", &i.Rate)
		m.percent("incident, usually", &i.Ordinary)
		m.add("incident, count", &i.Count)
		m.add("incident, replies", &i.Replies)
		m.add("incident, times", new(tenth(100*i.Rate)/tenth(100*i.Ordinary)))
	}
	m.add("outside opening hours", k.Handovers.Closed)
	if k.Handovers.Requests != nil && k.Handovers.Closed != nil {
		asked := *k.Handovers.Requests + *k.Handovers.Closed
		m.add("asked", &asked)
		if k.Chats.Total != nil && *k.Chats.Total > 0 {
			m.add("asked per 100", new(100*asked / *k.Chats.Total))
			// A lower bound is rounded down
			m.percent("not asked", new(math.Floor(1000*(1 - asked / *k.Chats.Total))/1000))
		}
	}
	if p := k.Handovers.Previous; p.Requests != nil && p.Closed != nil {
		m.add("asked before", new(*p.Requests+*p.Closed))
		m.add("outside opening hours before", p.Closed)
	}
	m.rated("thumbs", k.Feedback.Binary, 2)
	m.rated("steps", k.Feedback.Emojis, 4)
	m.rated("thumbs, usually", k.Feedback.BeforeBinary, 2)
	m.rated("steps, usually", k.Feedback.BeforeEmojis, 4)
	m.rated("thumbs before", k.Feedback.PreviousBinary, 2)
	m.rated("steps before", k.Feedback.PreviousEmojis, 4)
	if u := k.Usual; u != nil {
		m.add("chats, usually", u.Chats.Median)
		m.percent("rate, usually", u.FallbackRate.Median)
		m.add("asked, usually", u.Requests.Median)
		m.add("outside opening hours, usually", u.Closed.Median)
		if u.HandoverRate.Median != nil {
			m.add("asked per 100, usually", new(100**u.HandoverRate.Median))
		}
	}
	for _, t := range k.Targets {
		name := "target of " + t.Name
		switch t.Name {
		case figures.TargetRequestsWhileClosed:
			m.add(name, t.Limit)
		case figures.TargetHandoverRate:
			m.add(name, new(100**t.Limit))
			m.percent(name, new(1-*t.Limit))
		default:
			m.percent(name, t.Limit)
		}
		m.add("weeks of "+name, &t.Weeks)
	}
	m.add("targets", new(float64(len(k.Targets))))
	for _, i := range k.Insights {
		if i.Record != nil {
			m.add("weeks of record", &i.Record.Weeks)
		}
	}
	return m
}

// tenth rounds to one decimal, as percentages are printed.
func tenth(v float64) float64 { return math.Round(10*v) / 10 }

// A printed number, "8,031", "17.9%" or "−3.0".
type printed struct {
	text     string
	value    float64
	decimals int
	percent  bool
	signed   bool
}

var printedNumber = regexp.MustCompile(`([+−±]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(%?)`)

// numbersIn returns the numbers of an English text, without those of the names.
func numbersIn(text string, names []string) (all []printed) {
	for _, name := range names {
		if name != "" {
			text = strings.ReplaceAll(text, name, "")
		}
	}
	text = strings.ReplaceAll(text, "1–5 scale", "")
	for _, m := range printedNumber.FindAllStringSubmatch(text, -1) {
		v, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", "")+"."+m[3]+"0", 64)
		if err != nil {
			panic(err) // never: they are digits
		}
		if m[1] == "−" {
			v = -v
		}
		all = append(all, printed{m[0], v, len(m[3]), m[4] != "", m[1] != ""})
	}
	return all
}

// is reports whether a number is a measure, rounded.
func (p printed) is(m known) bool {
	last := math.Pow10(-p.decimals)
	switch {
	case p.percent != m.percent:
		return false
	case m.atLeast:
		return p.value <= m.value+1e-9 && p.value > m.value-last
	}
	return math.Abs(p.value-m.value) <= last/2+1e-9
}

// small reports whether a number counts the targets, days or weeks of a sentence.
func (p printed) small() bool { return !p.percent && p.decimals == 0 && p.value <= 12 }

// among returns the names of the measures that a number can be.
func (p printed) among(all measures) (names []string) {
	for _, m := range all {
		if p.is(m) {
			names = append(names, m.name)
		}
	}
	return names
}

// tileMeasures are what the four figures are: the figure, and what it usually is.
var tileMeasures = map[string][]string{
	"fallbacks": {"rate", "rate, usually", "rate before", "fallbacks"},
	"chats":     {"chats", "chats, usually", "chats before"},
	"handovers": {"asked", "asked, usually", "asked before"},
	"feedback": {"thumbs", "thumbs, usually", "thumbs before", "thumbs, positive", "steps",
		"steps, usually", "steps before", "steps, positive"},
}

// Every number at the beginning of a report is recomputed from report.json alone. These are the
// numbers of its subject and preview, of the verdict and the facts, and of the four figures. A
// change is what a reader computes from the two printed numbers.
func TestSummary_NumbersRecomputed(t *testing.T) {
	checked := 0
	weeks := figurestest.Cases()
	for _, w := range figurestest.Gallery() {
		weeks[w.Name] = w.Report
	}
	delete(weeks, "hostile") // whose names have numbers, and are cut
	delete(weeks, "huge")    // whose numbers are no exact floats
	delete(weeks, "long")
	for _, name := range slices.Sorted(maps.Keys(weeks)) {
		checked += recompute(t, name, weeks[name])
	}
	if t.Logf("%d numbers", checked); checked < 200 {
		t.Errorf("only %d numbers are checked", checked)
	}
}

// The same is true of bots of all sizes in a year, with targets, and with days on which the bot did
// not understand twice as often.
func TestSummary_NumbersRecomputedOfAYear(t *testing.T) {
	var checked atomic.Int64
	sizes := []float64{3, 30, 300, 3000}
	simulated(t, sizes, func(size int, s *figurestest.Simulated, week int, rng *rand.Rand) {
		if week%3 == 0 {
			day := 7*week + rng.IntN(7)
			s.Days[day] = s.Double(s.Days[day])
		}
		a := s.Answers(week)
		a.Targets = s.Limits(week, -0.2+0.4*rng.Float64())
		for _, limit := range []*float64{a.Targets.FallbackRate, a.Targets.HandoverRate,
			a.Targets.Feedback} {
			if limit != nil {
				*limit = math.Round(1000**limit) / 1000 // as people write it
			}
		}
		r, err := figures.Compute(a)
		if err != nil {
			t.Error(err)
			return
		}
		name := fmt.Sprintf("%v chats a day, %s", sizes[size], r.Period.Name)
		checked.Add(int64(recompute(t, name, r)))
	})
	t.Logf("%d numbers", checked.Load())
}

// printedOf returns what a report says, and its report.json. It returns false after an error, since
// it is called in goroutines.
func printedOf(t *testing.T, r *figures.Report) (
	s *summary.Summary, data []byte, kept keptReport, ok bool,
) {
	s, err := summary.Of(r)
	if err == nil {
		data, err = r.Encode()
	}
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	if err != nil {
		t.Error(err)
	}
	return s, data, kept, err == nil
}

// recompute checks the numbers at the beginning of a report, and returns how many there are.
func recompute(t *testing.T, name string, r *figures.Report) (checked int) {
	s, _, kept, ok := printedOf(t, r)
	if !ok {
		return 0
	}
	all, names := measuresOf(kept), []string{kept.Bot.Name}
	for _, special := range kept.Special {
		names = append(names, special.Name)
	}
	if from := kept.HistoryFrom; from != "" {
		date, err := period.ParseDate(from)
		if err != nil {
			t.Error(err)
		}
		names = append(names, s.Words.Date(date.UTC()))
	}
	sentences := append([]string{s.Subject, s.Preview, s.Verdict}, s.Facts...)
	for _, tile := range s.Tiles {
		sentences = append(append(sentences, tile.Target), tile.Notes...)
		n, err := checkTile(tile, all)
		if checked += n; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, sentence := range sentences {
		for _, p := range numbersIn(sentence, names) {
			if checked++; !p.small() && p.among(all) == nil {
				t.Errorf("%s: %s in %q is not in report.json", name, p.text, sentence)
			}
		}
	}
	return checked
}

// checkTile checks a figure, what it usually is, and the change. It returns how many numbers these
// are.
func checkTile(tile summary.Tile, all measures) (checked int, err error) {
	names := tileMeasures[tile.Name]
	value, usual := numbersIn(tile.Value, nil), numbersIn(tile.Usual, nil)
	for i, numbers := range [][]printed{value, usual} {
		if len(numbers) == 0 {
			continue
		}
		checked++
		if !slices.ContainsFunc(numbers[0].among(all),
			func(name string) bool { return slices.Contains(names, name) }) {
			return checked, fmt.Errorf("%s: %s is none of %q", tile.Label,
				[]string{tile.Value, tile.Usual}[i], names)
		}
	}
	change := numbersIn(tile.Change, nil)
	if len(change) == 0 {
		return checked, nil
	}
	checked++
	if len(value) == 0 || len(usual) == 0 {
		return checked, fmt.Errorf("%s: a change of %s, and nothing to compute it from", tile.Label,
			tile.Change)
	}
	want := value[0].value - usual[0].value // points
	if change[0].percent {
		want = 100 * want / usual[0].value
	}
	if math.Abs(change[0].value-want) > 0.05+1e-9 {
		return checked, fmt.Errorf("%s: %s, %s: the change is %.1f, printed is %s", tile.Label,
			tile.Value, tile.Usual, want, tile.Change)
	}
	return checked, nil
}
