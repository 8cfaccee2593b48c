package figures

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Encode returns report.json: indented, UTF-8, the same bytes for the same report.
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

// Decode reads report.json. A file of another schema, or one that lacks what the editions rely on, is an error that
// says what is wrong. The editions may rely on this:
//
//   - every series has its length and its dates, and every day of chats.hourly 24 hours;
//   - counts are not negative, and rates and ratios are fractions from 0 to 1;
//   - a change is there where there is a baseline and the previous count is not zero, and only there;
//   - what is null stands in unavailable with a reason, under the section's name, and what stands there is null, but for the
//     days that it names: all of handovers or nothing; feedback's two lists together; a rate only beside its count;
//     change_pp only beside both rates;
//   - what is marked as missing is not known: a count of chats or messages is then zero, and one of fallbacks or handovers is
//     nil here, although it is zero in the file.
//
// Of a report that was written before queries of pages were cut they are cut now, see [Report.Cut]. Those are other numbers,
// so they have another id.
func Decode(data []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("report.json: schema %d, but this program reads %d: use the version that wrote it", r.Schema, Schema)
	}
	r.FetchedAt = r.FetchedAt.UTC()
	r.unfill()
	if r.ID == "" {
		return nil, fmt.Errorf("report.json: id is missing")
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	if err := r.cutQueries(); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	return &r, nil
}

// filled returns the report as it is written: with zeros for the counts of single days and weeks that are nil here and marked
// as missing. A program of before takes a null among days for the whole section.
func (r *Report) filled() *Report {
	out := *r
	fill := func(counts *HandoverCounts) {
		for _, n := range counts.stages() {
			*n = new(0)
		}
	}
	f, h := &out.Fallbacks, &out.Handovers
	for _, days := range []*[]FallbackDay{&f.Daily, &f.History} {
		*days = slices.Clone(*days)
		for i := range *days {
			if d := &(*days)[i]; d.Missing {
				d.Count = new(0)
			}
		}
	}
	h.Daily, h.Trend = slices.Clone(h.Daily), slices.Clone(h.Trend)
	for i := range h.Daily {
		if h.Daily[i].Missing {
			fill(&h.Daily[i].HandoverCounts)
		}
	}
	for i := range h.Trend {
		if h.Trend[i].Missing {
			fill(&h.Trend[i].HandoverCounts)
		}
	}
	this, last := h.missingWeeks()
	if this {
		fill(&h.HandoverCounts)
	}
	if last {
		fill(&h.Previous)
	}
	if this {
		h.Change = out.handoverChange()
	}
	return &out
}

// unfill undoes filled.
func (r *Report) unfill() {
	f, h := &r.Fallbacks, &r.Handovers
	for _, days := range [][]FallbackDay{f.Daily, f.History} {
		for i := range days {
			if days[i].Missing {
				days[i].Count, days[i].Rate = nil, nil
			}
		}
	}
	for i := range h.Daily {
		if h.Daily[i].Missing {
			h.Daily[i].HandoverCounts = HandoverCounts{}
		}
	}
	for i := range h.Trend {
		if h.Trend[i].Missing {
			h.Trend[i].HandoverCounts = HandoverCounts{}
		}
	}
	this, last := h.missingWeeks()
	if this {
		h.HandoverCounts = HandoverCounts{}
	}
	if last {
		h.Previous = HandoverCounts{}
	}
	if this || last {
		h.Change = HandoverChange{}
	}
}

// missingWeeks reports whether the counts of this week and of the week before are not known for a day of theirs.
func (h *Handovers) missingWeeks() (this, last bool) {
	n := len(h.Trend)
	return n > 0 && h.Trend[n-1].Missing, n > 1 && h.Trend[n-2].Missing
}
