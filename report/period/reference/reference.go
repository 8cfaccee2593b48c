// Package reference reads a period as a person types it: 46, uke 46, 2026-W46, 2026-11-11 or last
// week, in any language of the reports. The slash command and the command line share it. The words
// for a week come from package wording.
package reference

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// Forms lists how a week can be typed, for errors and help texts.
const Forms = "46, W46, week 46, 2026-W46, 46/2026, a day such as 2026-11-11, or last"

// FirstYear is the first year whose weeks can be typed.
const FirstYear = 2000

// A Reference is a week as a person types it. Which week of the calendar it is depends on the time
// and the time zone, see [Reference.At]. The zero Reference is the last complete week.
type Reference struct {
	text    string // empty for the last complete week
	number  int    // of the week
	year    int
	hasYear bool
	days    []day // instead of a number: each day that the text can mean
	unclear bool  // the text can mean something else too
}

// A day is a day as it was typed, which the calendar may not have. Its year is 0 if there was none.
type day struct {
	year  int
	month time.Month
	day   int
}

// The forms of a normalized text.
var (
	lastForm, weekForms = weekFormsOf(wording.WeekWords())

	yearDayForm = regexp.MustCompile( // 2026-11-09
		`^(\d{4}) ?([-/.]) ?(\d{1,2}) ?([-/.]) ?(\d{1,2})$`)
	dayForm = regexp.MustCompile( // 9.11.2026, 9.11
		`^(\d{1,2}) ?([-/.]) ?(\d{1,2})(?: ?([-/.]) ?(\d{4}|\d{2}))?$`)
)

// weekFormsOf returns the form of the last week, and those of a week with its number n and maybe
// its year y.
func weekFormsOf(week, last []string) (*regexp.Regexp, []*regexp.Regexp) {
	noun := `(?P<noun>` + oneOf(week) + `\.? ?)`
	return regexp.MustCompile(`^` + oneOf(last) + `(?: ?` + oneOf(week) + `)?$`),
		[]*regexp.Regexp{
			// 46, uke 46
			regexp.MustCompile(`^` + noun + `?(?P<n>\d{1,2})$`),
			// 46/2026; week 46, 2026
			regexp.MustCompile(`^` + noun + `?(?P<n>\d{1,2})(?: | ?[-/,] ?)(?P<y>\d{4})$`),
			// 2026-W46, 2026 uke 46
			regexp.MustCompile(`^(?P<y>\d{4})(?: | ?[-/,] ?)?` + noun + `(?P<n>\d{1,2})$`),
			// 2026-46
			regexp.MustCompile(`^(?P<y>\d{4})(?: | ?[-/,] ?)(?P<n>\d{1,2})$`),
		}
}

// oneOf returns an expression for one of the words.
func oneOf(words []string) string {
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, regexp.QuoteMeta(word))
	}
	return `(?:` + strings.Join(quoted, "|") + `)`
}

// Parse reads a week. It fails if text has the form of neither a week nor a day. The error says how
// a week can be typed.
func Parse(text string) (Reference, error) {
	r := Reference{text: strings.Join(strings.Fields(text), " ")}
	s := normalize(text)
	if lastForm.MatchString(s) {
		return Reference{}, nil
	}
	for _, form := range weekForms {
		m := form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		r.number = atoi(m[form.SubexpIndex("n")])
		if i := form.SubexpIndex("y"); i >= 0 {
			r.year, r.hasYear = atoi(m[i]), true
			i = form.SubexpIndex("noun")
			noun := i >= 0 && m[i] != ""
			r.unclear = !noun && 1 <= r.number && r.number <= 12 // 7/2026 may be July
		}
		return r, nil
	}
	if m := yearDayForm.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		r.days = []day{{atoi(m[1]), time.Month(atoi(m[3])), atoi(m[5])}}
		return r, nil
	}
	if m := dayForm.FindStringSubmatch(s); m != nil && (m[4] == "" || m[4] == m[2]) {
		r.days = daysOf(m[2], atoi(m[1]), atoi(m[3]), m[5])
		r.unclear = len(r.days) > 1 || len(m[5]) != 4
		if len(r.days) > 0 {
			return r, nil
		}
	}
	return Reference{}, fmt.Errorf("%q is not a week: write %s", text, Forms)
}

// normalize returns text in lower case, with ASCII digits, hyphens and single spaces, and without
// the quotes and points around it.
func normalize(text string) string {
	s := strings.Map(func(r rune) rune {
		switch r {
		case '‐', '‑', '‒', '–', '—', '−':
			return '-'
		}
		return r
	}, strings.ToLower(norm.NFKC.String(text)))
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .,;:\"'`“”„‘’«»")
}

// daysOf returns the days that two numbers and a year of four, two or no digits can mean. With
// points, the day is first. With other separators, the month can be first, or a year of two digits.
func daysOf(separator string, a, b int, year string) []day {
	y := atoi(year)
	if len(year) == 2 {
		y += FirstYear
	}
	all := []day{{y, time.Month(b), a}}
	if separator != "." {
		all = append(all, day{y, time.Month(a), b})
		if len(year) == 2 {
			all = append(all, day{FirstYear + a, time.Month(b), y - FirstYear})
		}
	}
	var existing []day
	for _, d := range all {
		if d.exists() && !slices.Contains(existing, d) {
			existing = append(existing, d)
		}
	}
	if len(existing) == 0 && len(year) == 4 {
		return all[:1] // it has the form of a day
	}
	return existing
}

// exists reports whether the calendar has d, in some year if d has none.
func (d day) exists() bool {
	if d.year == 0 {
		d.year = 2000 // a leap year
	}
	year, month, date := d.date().UTC().Date()
	return d == day{year, month, date}
}

func (d day) date() period.Date { return period.NewDate(d.year, d.month, d.day) }

// A NoSuchDayError says that the calendar has no such day.
type NoSuchDayError struct{ Typed string }

func (e *NoSuchDayError) Error() string { return fmt.Sprintf("there is no day %s", e.Typed) }

// A TooEarlyError says that a week is before FirstYear.
type TooEarlyError struct{ Typed string }

func (e *TooEarlyError) Error() string {
	return fmt.Sprintf("%s is before %d-W01, the first week that can be asked for",
		e.Typed, FirstYear)
}

// An UnclearError says that a text can mean something else than a week, or more than one day.
type UnclearError struct {
	Typed string
	Write []string // what to type instead, one for each meaning
}

func (e *UnclearError) Error() string {
	return fmt.Sprintf("%q is unclear: write %s", e.Typed, strings.Join(e.Write, " or "))
}

// A NotOverError says that a week has not ended.
type NotOverError struct {
	Period  period.Period
	Ends    time.Time     // in the zone of [Reference.At]
	Last    period.Period // the last complete week
	YearAgo period.Period // if no year was typed, the last complete week of that number
}

func (e *NotOverError) Error() string {
	s := fmt.Sprintf("%s is not over: it ends on %s; the last complete week is %s",
		e.Period, e.Ends.Format("Monday 2 January 2006 at 15:04 MST"), e.Last)
	if !e.YearAgo.IsZero() {
		s += fmt.Sprintf("; week %d before that is %s", number(e.YearAgo), e.YearAgo)
	}
	return s
}

// At returns the week of the calendar that r means at the time now in loc. A number without a year
// is the last complete week of that number. A day is the week that it is in. The error is a
// [period.NoSuchWeekError] or one of this package.
func (r Reference) At(now time.Time, loc *time.Location) (period.Period, error) {
	last := period.LastComplete(now, loc)
	var found period.Period
	switch {
	case r.text == "":
		return last, nil
	case r.days != nil && r.unclear:
		return period.Period{}, &UnclearError{r.text, spelled(r.days, period.DateOf(now.In(loc)))}
	case r.days != nil && !r.days[0].exists():
		return period.Period{}, &NoSuchDayError{r.text}
	case r.days != nil:
		found = period.WeekOf(r.days[0].date())
	case r.hasYear && r.year < FirstYear:
		return period.Period{}, &TooEarlyError{r.text}
	case r.hasYear:
		var err error
		if found, err = period.NewWeek(r.year, r.number); err != nil {
			return period.Period{}, err
		}
		if r.unclear {
			return period.Period{}, &UnclearError{r.text, []string{found.String()}}
		}
	default:
		return lastOf(r.number, last, loc)
	}
	if year, _ := found.ISO(); year < FirstYear {
		return period.Period{}, &TooEarlyError{r.text}
	}
	if last.From().Before(found.From()) {
		return period.Period{}, &NotOverError{Period: found, Ends: found.To().Start(loc), Last: last}
	}
	return found, nil
}

// lastOf returns the last complete week of a number. The error is a [NotOverError] for the number
// of the week that is running.
func lastOf(n int, last period.Period, loc *time.Location) (period.Period, error) {
	if n < 1 || n > 53 {
		return period.Period{}, &period.NoSuchWeekError{Number: n, Weeks: 53}
	}
	w := last
	for number(w) != n {
		w = w.Previous()
	}
	if running := last.Next(); number(running) == n {
		ends := running.To().Start(loc)
		return period.Period{}, &NotOverError{Period: running, Ends: ends, Last: last, YearAgo: w}
	}
	return w, nil
}

// spelled writes days as 2026-11-09. A day without a year is the last one that is not after today.
func spelled(days []day, today period.Date) (all []string) {
	for _, d := range days {
		if d.year == 0 {
			for d.year = today.UTC().Year(); !d.exists() || today.Before(d.date()); {
				d.year--
			}
		}
		all = append(all, d.date().String())
	}
	return all
}

// ParseAt is [Parse] and [Reference.At] in one.
func ParseAt(text string, now time.Time, loc *time.Location) (period.Period, error) {
	r, err := Parse(text)
	if err != nil {
		return period.Period{}, err
	}
	return r.At(now, loc)
}

func number(w period.Period) int {
	_, n := w.ISO()
	return n
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // four digits at most
	return n
}
