package sage

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A decoder returns the value of an endpoint's data. The error is a *ShapeError.
type decoder[T any] func(endpoint string, data json.RawMessage) (T, error)

// one decodes data that is an object.
func one[T any](read func(*record) T) decoder[T] {
	return func(endpoint string, data json.RawMessage) (T, error) {
		r := &record{endpoint: endpoint}
		if err := json.Unmarshal(data, &r.fields); err != nil || r.fields == nil {
			return *new(T), &ShapeError{Endpoint: endpoint, Want: "an object"}
		}
		v := read(r)
		if r.err != nil {
			return *new(T), r.err
		}
		return v, nil
	}
}

// list decodes data that is a list of objects. It returns an empty list, not nil, for an empty one.
func list[T any](read func(*record) T) decoder[[]T] {
	item := one(read)
	return func(endpoint string, data json.RawMessage) ([]T, error) {
		var raws []json.RawMessage
		if err := json.Unmarshal(data, &raws); err != nil || raws == nil {
			return nil, &ShapeError{Endpoint: endpoint, Want: "a list", Keys: keysOf(data)}
		}
		out := make([]T, len(raws))
		for i, raw := range raws {
			v, err := item(endpoint, raw)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	}
}

// sublist decodes a list of objects under a key.
func sublist[T any](r *record, key string, read func(*record) T) []T {
	raw := r.raw(key, "a list")
	if r.err != nil {
		return nil
	}
	out, err := list(read)(r.endpoint, raw)
	if err != nil {
		r.err = err
	}
	return out
}

// A record is one JSON object of an answer. Its methods read one field each and keep the first
// error, so that a caller checks err once.
type record struct {
	endpoint string
	fields   map[string]json.RawMessage
	err      error
}

func (r *record) unexpected(format string, args ...any) {
	if r.err == nil {
		r.err = &ShapeError{Endpoint: r.endpoint, Want: fmt.Sprintf(format, args...),
			Keys: sortedKeys(r.fields)}
	}
}

// raw returns the value of a key, which must exist and not be null.
func (r *record) raw(key, want string) json.RawMessage {
	raw, ok := r.fields[key]
	if !ok || string(raw) == "null" {
		r.unexpected("%s under %q", want, key)
	}
	return raw
}

// count returns a whole number from 0 up. 12.0 is 12.
func (r *record) count(key string) int {
	const want = "a whole number from 0 up"
	f, ok := number(r.raw(key, want))
	if !ok || f < 0 || f != math.Trunc(f) || f > 1<<53 {
		r.unexpected("%s under %q", want, key)
		return 0
	}
	return int(f)
}

// fractionOf returns a number from 0 to 1. It may be absent if count is 0; then fractionOf returns
// nil.
func (r *record) fractionOf(key string, count int) *float64 {
	const want = "a fraction from 0 to 1"
	if raw, ok := r.fields[key]; count == 0 && (!ok || string(raw) == "null") {
		return nil
	}
	f, ok := number(r.raw(key, want))
	if !ok || f < 0 || f > 1 {
		r.unexpected("%s under %q", want, key)
		return nil
	}
	f = math.Abs(f) // -0 would be printed
	return &f
}

// ratioOf returns count's fraction of a total, and 0 if there is none.
func (r *record) ratioOf(key string, count int) float64 {
	if f := r.fractionOf(key, count); f != nil {
		return *f
	}
	return 0
}

// text returns a string, shortened to MaxText characters. null is "".
func (r *record) text(key string) string {
	var s string
	raw, ok := r.fields[key]
	if !ok || json.Unmarshal(raw, &s) != nil {
		r.unexpected("a text under %q", key)
	}
	return shorten(s, MaxText)
}

// id returns a text. A number is one too.
func (r *record) id(key string) string {
	if n, ok := r.fields[key]; ok {
		if _, ok := number(n); ok {
			return shorten(string(n), MaxText)
		}
	}
	return r.text(key)
}

// time returns a wall-clock time, which has no zone.
func (r *record) time(key string) time.Time {
	const want = "a time without a zone, like 2026-11-09T00:00:00,"
	var s string
	if json.Unmarshal(r.raw(key, want), &s) == nil {
		for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05",
			"2006-01-02T15:04", time.DateOnly} {
			// Parse accepts a comma before a fraction; the service sends none.
			if t, err := time.Parse(layout, s); err == nil && !strings.Contains(s, ",") {
				return t
			}
		}
	}
	r.unexpected("%s under %q", want, key)
	return time.Time{}
}

// number returns a JSON number. A string is none.
func number(raw json.RawMessage) (float64, bool) {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	return f, err == nil
}

// keysOf returns the keys of data, if it is an object.
func keysOf(data json.RawMessage) []string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return nil
	}
	return sortedKeys(fields)
}

// sortedKeys returns the first keys for an error, since an answer could have a million.
func sortedKeys(fields map[string]json.RawMessage) []string {
	const most = 20
	keys := slices.Sorted(maps.Keys(fields))
	if len(keys) > most {
		keys = append(keys[:most], "…")
	}
	return keys
}
