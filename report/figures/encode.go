package figures

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Encode returns report.json: indented, UTF-8, the same bytes for the same report. It fails if a
// rate or a level is not a number.
func (r *Report) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is a file, not part of a page
	e.SetIndent("", "  ")
	if err := e.Encode(r.filled()); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	return b.Bytes(), nil
}

// Decode reads report.json. It fails if the file has another schema or lacks what the editions rely
// on; the error says what is wrong. The editions rely on this:
//
//   - every series has its length and its dates, and every day of chats.hourly 24 hours;
//   - counts are not negative, and rates and ratios are fractions from 0 to 1;
//   - a change is there if there is a baseline and the previous count is not zero, and only then;
//   - what is null has a reason in unavailable, under the name of its section. A section in
//     unavailable is null, unless the entry names days. All of handovers is null or nothing, and so
//     are both lists of feedback; a rate has a count, and change_pp has both rates;
//   - what is marked as missing is unknown. Then a count of chats or messages is zero, and one of
//     fallbacks or handovers is nil here, although it is zero in the file.
//
// Decode cuts the queries of pages if the report was written before that was done, see
// [Report.Cut]. Such a report gets a new id, since its numbers change.
func Decode(data []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("report.json: schema %d, but this program reads %d: "+
			"use the version that wrote it", r.Schema, Schema)
	}
	r.FetchedAt = r.FetchedAt.UTC()
	r.unfill()
	if r.ID == "" {
		return nil, errors.New("report.json: id is missing")
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	if err := r.cutQueries(); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	return &r, nil
}

// filled returns r as it is written: counts that are marked as missing are zeros, not nil. An older
// program takes a null among days for a missing section.
func (r *Report) filled() *Report {
	out := *r
	f, h := &out.Fallbacks, &out.Handovers
	f.Daily, f.History = slices.Clone(f.Daily), slices.Clone(f.History)
	h.Daily, h.Trend = slices.Clone(h.Daily), slices.Clone(h.Trend)
	out.eachMissing(func(d *FallbackDay) { d.Count = new(0) }, func(c *HandoverCounts) {
		for _, n := range c.stages() {
			*n = new(0)
		}
	})
	h.Change = out.handoverChange()
	return &out
}

// unfill undoes filled.
func (r *Report) unfill() {
	r.eachMissing(func(d *FallbackDay) { d.Count, d.Rate = nil, nil },
		func(c *HandoverCounts) { *c = HandoverCounts{} })
	if this, _ := r.Handovers.missingWeeks(); this {
		r.Handovers.Change = HandoverChange{}
	}
}

// eachMissing calls day and counts with what is marked as missing.
func (r *Report) eachMissing(day func(*FallbackDay), counts func(*HandoverCounts)) {
	f, h := &r.Fallbacks, &r.Handovers
	for _, days := range [][]FallbackDay{f.Daily, f.History} {
		for i := range days {
			if days[i].Missing {
				day(&days[i])
			}
		}
	}
	for i := range h.Daily {
		if h.Daily[i].Missing {
			counts(&h.Daily[i].HandoverCounts)
		}
	}
	for i := range h.Trend {
		if h.Trend[i].Missing {
			counts(&h.Trend[i].HandoverCounts)
		}
	}
	this, last := h.missingWeeks()
	if this {
		counts(&h.HandoverCounts)
	}
	if last {
		counts(&h.Previous)
	}
}

// missingWeeks reports whether the counts of this week and of the week before are unknown.
func (h *Handovers) missingWeeks() (this, last bool) {
	n := len(h.Trend)
	return n > 0 && h.Trend[n-1].Missing, n > 1 && h.Trend[n-2].Missing
}
