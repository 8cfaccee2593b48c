package sage

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Granularity is the width of one point of a series.
type Granularity string

// The granularities of the service. The default is [Day].
const (
	Hour Granularity = "hour" // only if To is at most seven days after From
	Day  Granularity = "day"
	Week Granularity = "week"
)

// A Query says which events are counted. From and To are required.
//
// A query that the service would refuse, or answer with something else, is not sent. The error is a
// [*QueryError].
type Query struct {
	// From and To are dates in the zone TZ, written as 2006-01-02. From is the first day that is
	// counted. To is the first day that is not, so one day is From: "2026-11-09", To: "2026-11-10".
	From, To string

	// TZ is a name of the tz database, such as Europe/Oslo. The default is UTC.
	TZ string

	// Granularity is for the series only: Chats, Messages, FallbackSeries and HandoverSeries.
	Granularity Granularity

	// Sources are the places in which a bot is used, such as test, web or app. One with a minus is
	// excluded: "-test" counts all but the chats of the bot's builders. Without sources all count.
	Sources []string

	// Languages are two-letter codes. Without languages all count.
	Languages []string

	// Limit is the most items that Pages, Buttons and Labels return. 0 means the service's default:
	// 3 pages, 5 buttons or labels. Other methods take none.
	Limit int
}

const maxHourlyDays = 7

// values returns the query's parameters, or a *QueryError.
func (q Query) values(e endpoint) (url.Values, error) {
	if param, problem := q.check(e); problem != "" {
		return nil, &QueryError{Endpoint: e.path, Param: param, Problem: problem}
	}
	v := url.Values{"from": {q.From}, "to": {q.To}, "tz": {cmp.Or(q.TZ, "UTC")}}
	if q.Granularity != "" {
		v.Set("granularity", string(q.Granularity))
	}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	for _, s := range q.Sources {
		v.Add("sources[]", s)
	}
	for _, l := range q.Languages {
		// The vendor's page has both spellings. A filter that is ignored would give wrong numbers,
		// so both are sent.
		v.Add("language_code[]", l)
		v.Add("language_codes[]", l)
	}
	return v, nil
}

// check returns the first parameter that is wrong, and why; problem is empty if there is none.
func (q Query) check(e endpoint) (param, problem string) {
	const noDate = "%q is not a date: write it as YYYY-MM-DD"
	from, err := time.Parse(time.DateOnly, q.From)
	if err != nil {
		return "from", fmt.Sprintf(noDate, q.From)
	}
	to, err := time.Parse(time.DateOnly, q.To)
	if err != nil {
		return "to", fmt.Sprintf(noDate, q.To)
	}
	if !to.After(from) {
		return "to", fmt.Sprintf("%s is not after from (%s): to is the first day that is not "+
			"counted, so for that one day alone write %s",
			q.To, q.From, from.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	if problem := checkZone(cmp.Or(q.TZ, "UTC")); problem != "" {
		return "tz", problem
	}
	known := []Granularity{"", Hour, Day, Week}
	days := int(to.Sub(from) / (24 * time.Hour))
	switch {
	case !slices.Contains(known, q.Granularity):
		return "granularity", fmt.Sprintf("%q is unknown: use %q, %q or %q",
			q.Granularity, Hour, Day, Week)
	case q.Granularity != "" && !e.granular:
		return "granularity", "this endpoint returns no series: leave the granularity empty"
	case q.Granularity == Hour && days > maxHourlyDays:
		return "granularity", fmt.Sprintf("hour is allowed for at most %d days, and %s to %s "+
			"are %d: ask week by week, or by day", maxHourlyDays, q.From, q.To, days)
	case q.Limit < 0:
		return "limit", fmt.Sprintf("%d is below 1: use 1 or more, or 0 for the default", q.Limit)
	case q.Limit > 0 && !e.limited:
		return "limit", "this endpoint takes none: leave the limit 0"
	}
	for _, s := range q.Sources {
		if problem := checkSource(s, q.Sources); problem != "" {
			return "sources[]", problem
		}
	}
	for _, l := range q.Languages {
		if !languageParam.MatchString(l) {
			return "language_codes[]", fmt.Sprintf("%q is not a language code: "+
				"write two small letters, such as en or nb", l)
		}
	}
	return "", ""
}

var languageParam = regexp.MustCompile(`^[a-z]{2}$`)

// checkZone returns what is wrong with a time zone. A zone may be known to this machine and not to
// the service: "Local", "localtime", "posix/..." and "right/...". Every zone of the tz database
// begins with a capital letter.
func checkZone(name string) string {
	_, err := time.LoadLocation(name)
	if err == nil && name != "Local" && name[0] >= 'A' && name[0] <= 'Z' {
		return ""
	}
	return fmt.Sprintf("unknown time zone %q: write a name of the tz database, such as "+
		"Europe/Oslo or UTC; case matters", name)
}

// checkSource returns what is wrong with a source among others.
func checkSource(s string, all []string) string {
	name := strings.TrimPrefix(s, "-")
	separator := func(r rune) bool { return r <= ' ' || r == ',' || r == 0x7f }
	switch {
	case name == "":
		return fmt.Sprintf("%q names no source: write one such as web, or -test to exclude one", s)
	case strings.HasPrefix(name, "-"):
		return fmt.Sprintf("%q has more than one minus: one minus excludes a source", s)
	case strings.ContainsFunc(name, separator):
		return fmt.Sprintf("%q contains a space, a comma or a control character: "+
			"write each source as an item of its own", s)
	case slices.Contains(all, "-"+s):
		return fmt.Sprintf("%q is both included and excluded: keep one of the two", s)
	}
	return ""
}
