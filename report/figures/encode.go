package figures

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Encode returns report.json: indented, UTF-8, the same bytes for the same report.
func (r *Report) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is a file, not part of a page
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
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
//   - what is null stands in unavailable with a reason, under the section's name, and what stands there is null: all of
//     handovers or nothing; feedback's two lists together; a rate only beside its count; change_pp only beside both
//     rates.
func Decode(data []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("report.json: schema %d, but this program reads %d: use the version that wrote it", r.Schema, Schema)
	}
	r.FetchedAt = r.FetchedAt.UTC()
	if r.ID == "" {
		return nil, fmt.Errorf("report.json: id is missing")
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	return &r, nil
}
