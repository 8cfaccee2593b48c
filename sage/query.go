package sage

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Granularity is the width of one point of a series.
type Granularity string

// The granularities of the service. The empty one is the service's default, [Day].
const (
	Hour Granularity = "hour" // only where To is at most seven days after From
	Day  Granularity = "day"
	Week Granularity = "week"
)

// Query says which events are counted. From and To are required, the rest may stay zero.
//
// A query that the service would refuse, or answer with something other than what was meant, is refused
// before it is sent, with a [*QueryError].
type Query struct {
	// From and To are civil dates, 2006-01-02, in the zone TZ: From is the first day counted, To the first
	// day no longer counted, so one day is From: "2026-11-09", To: "2026-11-10".
	From, To string

	// TZ is a name of the tz database, such as Europe/Oslo. Empty means UTC, the service's own default.
	TZ string

	// Granularity is the width of a point. Only the series take one: Chats, Messages, FallbackSeries and
	// HandoverSeries. Empty means Day.
	Granularity Granularity

	// Sources are the places a bot is deployed at whose events count (test, web, app, ...). A leading minus
	// excludes: "-test" counts everything but the bot builders' own chats. None: everything, those included.
	Sources []string

	// Languages are the two-letter codes of the languages whose events count. None: all of them.
	Languages []string

	// Limit is the longest list wanted from Pages (0 means the service's default, 3), Buttons and Labels (5).
	// The other endpoints take none.
	Limit int
}

const maxHourlyDays = 7

// values is the query as the service reads it, or a *QueryError.
func (q Query) values(e endpoint) (url.Values, error) {
	refuse := func(param, format string, args ...any) (url.Values, error) {
		return nil, &QueryError{Endpoint: e.path, Param: param, Problem: fmt.Sprintf(format, args...)}
	}

	from, err := time.Parse(time.DateOnly, q.From)
	if err != nil {
		return refuse("from", "%q is no date: write it as YYYY-MM-DD", q.From)
	}
	to, err := time.Parse(time.DateOnly, q.To)
	if err != nil {
		return refuse("to", "%q is no date: write it as YYYY-MM-DD", q.To)
	}
	if !to.After(from) {
		return refuse("to", "%s is not after from (%s): to is the first day no longer counted, so for that one day alone write to as %s",
			q.To, q.From, from.AddDate(0, 0, 1).Format(time.DateOnly))
	}

	zone := q.TZ
	if zone == "" {
		zone = "UTC"
	}
	if err := checkZone(zone); err != nil {
		return refuse("tz", "%v", err)
	}

	v := url.Values{"from": {q.From}, "to": {q.To}, "tz": {zone}}

	switch q.Granularity {
	case "", Hour, Day, Week:
	default:
		return refuse("granularity", "%q is none: use %q, %q or %q", q.Granularity, Hour, Day, Week)
	}
	if q.Granularity != "" {
		if !e.granular {
			return refuse("granularity", "this endpoint gives no series: leave the granularity empty")
		}
		if days := int(to.Sub(from) / (24 * time.Hour)); q.Granularity == Hour && days > maxHourlyDays {
			return refuse("granularity", "hour is allowed for at most %d days, %s to %s are %d: ask week by week, or by day",
				maxHourlyDays, q.From, q.To, days)
		}
		v.Set("granularity", string(q.Granularity))
	}

	if q.Limit < 0 {
		return refuse("limit", "%d is below 1: ask for 1 or more, or leave it 0 for the service's default", q.Limit)
	}
	if q.Limit > 0 {
		if !e.limited {
			return refuse("limit", "this endpoint takes none: leave the limit 0")
		}
		v.Set("limit", strconv.Itoa(q.Limit))
	}

	for _, s := range q.Sources {
		if err := checkSource(s); err != nil {
			return refuse("sources[]", "%v", err)
		}
		if slices.Contains(q.Sources, "-"+s) {
			return refuse("sources[]", "%q is both asked for and excluded: keep one of the two", s)
		}
		v.Add("sources[]", s)
	}

	for _, l := range q.Languages {
		if !isLanguage(l) {
			return refuse("language_codes[]", "%q is no language code: write two small letters, such as en or nb", l)
		}
		// The vendor's page spells the parameter both ways and nobody here has seen which one counts. A filter
		// that is silently ignored would give wrong numbers, so both are sent.
		v.Add("language_code[]", l)
		v.Add("language_codes[]", l)
	}
	return v, nil
}

// checkZone refuses what is no name of the tz database, and what is one on this machine only.
func checkZone(name string) error {
	const cure = "write a name of the tz database, such as Europe/Oslo or UTC"
	// "Local", "localtime", "posix/..." and "right/..." load here, but mean something else or nothing there.
	// Every true name begins with a capital.
	if name == "Local" || name[0] < 'A' || name[0] > 'Z' {
		return fmt.Errorf("%q is no time zone: %s", name, cure)
	}
	if _, err := time.LoadLocation(name); err != nil {
		return fmt.Errorf("%q is no time zone known here (names are case sensitive): %s", name, cure)
	}
	return nil
}

func checkSource(s string) error {
	name := strings.TrimPrefix(s, "-")
	switch {
	case name == "":
		return fmt.Errorf("%q names no source: write one such as web, or -test to exclude one", s)
	case strings.HasPrefix(name, "-"):
		return fmt.Errorf("%q has more than one minus: one minus excludes a source", s)
	case strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == ',' || r == 0x7f }):
		return fmt.Errorf("%q holds a space, a comma or a control character: give each source as an entry of its own", s)
	}
	return nil
}

func isLanguage(s string) bool {
	small := func(b byte) bool { return 'a' <= b && b <= 'z' }
	return len(s) == 2 && small(s[0]) && small(s[1])
}
