package report_test

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

// leavesOf returns all numbers of report.json by their paths. A fraction is a percentage too. Added
// are requests while open and closed, the rate of a day, the share of the busiest hours in the
// week's chats, and the share of a rating in all of its kind.
func leavesOf(t *testing.T, data []byte) (all measures) {
	var decoded any
	if err := json.Unmarshal(data, &decoded); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, at any)
	walk = func(path string, at any) {
		switch v := at.(type) {
		case float64:
			all.add(path, &v)
			if math.Abs(v) <= 20 {
				all.percent(path, &v)
				all.add(path+" per 100", new(100*v))
			}
		case []any:
			total := 0.0
			for _, one := range v {
				walk(path+"[]", one)
				if rating, ok := one.(map[string]any); ok && rating["rating"] != nil {
					total += rating["count"].(float64)
				}
			}
			for _, one := range v {
				if rating, ok := one.(map[string]any); ok && total > 0 {
					all.percent(path+", share", new(rating["count"].(float64)/total))
				}
			}
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(path+"."+name, v[name])
			}
			open, isOpen := v["requests"].(float64)
			closed, isClosed := v["requests_while_closed"].(float64)
			if isOpen && isClosed {
				all.add(path+".requests of both", new(open+closed))
			}
			count, hasCount := v["count"].(float64)
			if half, ok := v["half"].(map[string]any); ok {
				all.percent(path+".half of total", new(half["count"].(float64)/v["total"].(float64)))
			}
			if total, ok := v["replies"].(float64); ok && hasCount && total > 0 {
				all.percent(path+".count of replies", new(count/total))
			}
		}
	}
	walk("", decoded)
	return all
}

// derived reports whether a number follows from two others that are printed with it: as their sum
// or difference, as a change, or as a share.
func (p printed) derived(with []printed) bool {
	for i, a := range with {
		for j, b := range with {
			if i == j || a.text == p.text && a.percent == p.percent {
				continue
			}
			for _, v := range []float64{a.value + b.value, a.value - b.value} {
				if p.percent == a.percent && math.Abs(math.Abs(p.value)-math.Abs(v)) < 0.06 {
					return true
				}
			}
			if b.value == 0 || !p.percent {
				continue
			}
			last := math.Pow10(-p.decimals)
			for _, v := range []float64{100 * (a.value - b.value) / b.value, 100 * a.value / b.value} {
				if math.Abs(p.value-v) <= last/2+1e-9 {
					return true
				}
			}
		}
	}
	return false
}

// Every number that a report says further down is in report.json, or follows from numbers next to
// it: those of what coincides, of what to look at, of the insights, the charts' texts and the
// tables. Editions print these texts and compute no numbers of their own.
func TestSummary_FurtherNumbersRecomputed(t *testing.T) {
	weeks := figurestest.Cases()
	for _, w := range figurestest.Gallery() {
		weeks[w.Name] = w.Report
	}
	for _, v := range figurestest.Verdicts() {
		weeks["verdict "+v.Name] = v.Report
	}
	for _, name := range []string{"hostile", "huge", "long", "scripts"} {
		delete(weeks, name) // whose names have numbers, or whose numbers are no exact floats
	}
	checked := 0
	for _, name := range slices.Sorted(maps.Keys(weeks)) {
		checked += further(t, name, weeks[name])
	}
	if t.Logf("%d numbers", checked); checked < 1000 {
		t.Errorf("only %d numbers are checked", checked)
	}
}

// further checks these numbers of a report, and returns how many there are.
func further(t *testing.T, name string, r *figures.Report) (checked int) {
	s, data, kept, ok := printedOf(t, r)
	if !ok {
		return 0
	}
	var dates []string
	if from, err := period.ParseDate(kept.HistoryFrom); err == nil {
		dates = append(dates, s.Words.Date(from.UTC()))
	}
	all := leavesOf(t, data)
	check := func(where, text string) {
		numbers := numbersIn(text, dates)
		for _, p := range numbers {
			checked++
			if p.small() || len(p.among(all)) > 0 || p.derived(numbers) {
				continue
			}
			t.Errorf("%s, %s: %s in %q is not in report.json", name, where, p.text, text)
		}
	}
	for _, text := range s.Where {
		check("where", text)
	}
	for _, look := range s.LookAt {
		check("look at", look.Text)
	}
	for _, text := range s.Insights {
		check("insights", text)
	}
	for _, c := range s.Charts() {
		check("chart", c.Title)
		check("chart", c.Subtitle)
	}
	for _, table := range s.Tables() {
		for _, row := range table.Rows {
			check(table.Name, strings.Join(row[1:], " | "))
		}
		if table.Total != nil {
			check(table.Name, strings.Join(table.Total[1:], " | "))
		}
	}
	return checked
}
