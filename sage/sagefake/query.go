package sagefake

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a machine that has only Go may have no tz database
)

const (
	hour = 60 * 60
	day  = 24 * hour
	week = 7 * day
)

// A query is what a request asks for.
type query struct {
	zone     *time.Location
	from, to int64 // wall clock in zone, seconds since 1970-01-01 00:00 there; to is exclusive
	trunc    func(wall int64) int64
	limit    int
	source   func(string) bool
	language func(string) bool
}

// parse checks parameters. The text of an error is for the client.
func parse(values url.Values, languageParam string, defaultLimit int) (query, error) {
	q := query{
		source:   sourceFilter(values["sources[]"]),
		language: languageFilter(values, languageParam),
	}
	var errs [6]error
	q.zone, errs[0] = zone(values.Get("tz"))
	q.from, errs[1] = date(values, "from")
	q.to, errs[2] = date(values, "to")
	if q.to < q.from {
		errs[3] = fmt.Errorf("to (%s) is before from (%s)", values.Get("to"), values.Get("from"))
	}
	q.trunc, errs[4] = granularity(values.Get("granularity"), q.to-q.from)
	q.limit, errs[5] = limit(values, defaultLimit)
	return q, cmp.Or(errs[:]...)
}

func date(values url.Values, name string) (int64, error) {
	if !values.Has(name) {
		return 0, fmt.Errorf("%s is required", name)
	}
	t, err := time.Parse(time.DateOnly, values.Get(name))
	if err != nil {
		return 0, fmt.Errorf("%s is %q, want YYYY-MM-DD", name, values.Get(name))
	}
	return t.Unix(), nil
}

func zone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	// Go knows "Local" as a zone, the tz database does not.
	loc, err := time.LoadLocation(name)
	if err != nil || loc == time.Local {
		return nil, fmt.Errorf("tz is %q, want a name of the tz database, such as Europe/Oslo",
			name)
	}
	return loc, nil
}

// granularity returns the function that truncates a wall clock to the hour, to midnight, or to
// Monday.
func granularity(name string, interval int64) (func(int64) int64, error) {
	switch name {
	case "hour":
		if interval > week {
			return nil, fmt.Errorf("granularity hour is only allowed where to - from is one week "+
				"or less, here it is %d days", interval/day)
		}
		return func(wall int64) int64 { return wall - mod(wall, hour) }, nil
	case "", "day":
		return func(wall int64) int64 { return wall - mod(wall, day) }, nil
	case "week":
		const monday = 4 * day // 1970-01-05
		return func(wall int64) int64 { return wall - mod(wall-monday, week) }, nil
	}
	return nil, fmt.Errorf("granularity is %q, want hour, day or week", name)
}

// mod returns a % b for a positive b. It is never negative, so that days before 1970 work.
func mod(a, b int64) int64 { return (a%b + b) % b }

func limit(values url.Values, standard int) (int, error) {
	if standard == 0 || !values.Has("limit") {
		return standard, nil
	}
	n, err := strconv.Atoi(values.Get("limit"))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("limit is %q, want a whole number from 1", values.Get("limit"))
	}
	return n, nil
}

// sourceFilter returns a filter for the named sources, by default all, except those with a minus.
func sourceFilter(named []string) func(string) bool {
	var only, except []string
	for _, s := range named {
		if excluded, ok := strings.CutPrefix(s, "-"); ok {
			except = append(except, excluded)
		} else {
			only = append(only, s)
		}
	}
	return func(s string) bool {
		return (len(only) == 0 || slices.Contains(only, s)) && !slices.Contains(except, s)
	}
}

func languageFilter(values url.Values, param string) func(string) bool {
	only := values[param]
	if param == "" {
		only = slices.Concat(values["language_codes[]"], values["language_code[]"])
	}
	return func(s string) bool { return len(only) == 0 || slices.Contains(only, s) }
}

// buckets collects a series: one T for each bucket with events.
type buckets[T any] struct {
	trunc   func(int64) int64
	byStart map[int64]*T
	start   int64 // of the bucket last used; the next event is most likely in it too
	current *T
}

func newBuckets[T any](q query) *buckets[T] {
	return &buckets[T]{trunc: q.trunc, byStart: make(map[int64]*T)}
}

// at returns the bucket of a wall clock.
func (b *buckets[T]) at(wall int64) *T {
	start := b.trunc(wall)
	if b.current == nil || b.start != start {
		if b.byStart[start] == nil {
			b.byStart[start] = new(T)
		}
		b.start, b.current = start, b.byStart[start]
	}
	return b.current
}

// sorted yields the buckets in order of time, each with its start as the service writes it: wall
// clock, no zone.
func (b *buckets[T]) sorted() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, start := range slices.Sorted(maps.Keys(b.byStart)) {
			if !yield(time.Unix(start, 0).UTC().Format(pointTime), *b.byStart[start]) {
				return
			}
		}
	}
}
