package period

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Forms lists how a week can be written, for errors and help texts.
const Forms = "46, W46, week 46, 2026-W46, 46/2026, a day such as 2026-11-11, or last"

// FirstYear is the first year whose weeks a [Reference] can name.
const FirstYear = 2000

// A Reference is a week as a person writes it: 46, uke 46, 2026-W46, 2026-11-11 or last week. Which week that is depends
// on the instant and the time zone: see [Reference.Week]. The zero Reference is the last week.
type Reference struct {
	typed   string // empty if the last week was meant
	number  int    // of the week
	year    int
	hasYear bool
	days    []day // instead of a number: each day that may be meant
	unclear bool  // it takes a question to tell which week is meant
}

// A day is one that was typed, which may not exist. Its year is 0 if none was typed.
type day struct {
	year  int
	month time.Month
	day   int
}

// The spellings, as normalize leaves them. Of a week, n is the number and y the year.
var (
	lastForm = regexp.MustCompile(`^(?:` +
		`(?:last|previous)(?: ?week)?|` +
		`(?:siste|sist|forrige|førre|seneste|sidste)(?: ?(?:uke|uka|veke|uge))?|` +
		`(?:f[öo]rra|senaste)(?: ?veckan?)?|` +
		`(?:letzte[nr]?|vorige[nr]?|vergangene[nr]?)(?: ?woche)?|vorwoche)$`)

	weekForms = []*regexp.Regexp{
		regexp.MustCompile(`^` + noun + `?(?P<n>\d{1,2})$`),                            // 46, uke 46
		regexp.MustCompile(`^` + noun + `?(?P<n>\d{1,2})(?: | ?[-/,] ?)(?P<y>\d{4})$`), // 46/2026; week 46, 2026
		regexp.MustCompile(`^(?P<y>\d{4})(?: | ?[-/,] ?)?` + noun + `(?P<n>\d{1,2})$`), // 2026-W46, 2026 uke 46
		regexp.MustCompile(`^(?P<y>\d{4})(?: | ?[-/,] ?)(?P<n>\d{1,2})$`),              // 2026-46
	}

	yearDayForm = regexp.MustCompile(`^(\d{4}) ?([-/.]) ?(\d{1,2}) ?([-/.]) ?(\d{1,2})$`)            // 2026-11-09
	dayForm     = regexp.MustCompile(`^(\d{1,2}) ?([-/.]) ?(\d{1,2})(?: ?([-/.]) ?(\d{4}|\d{2}))?$`) // 9.11.2026, 9.11
)

const noun = `(?P<noun>(?:w|wk|week|u|uke|veke|uge|v|vecka|kw|woche|kalenderwoche)\.? ?)`

// ParseReference reads a week as a person writes it, in any language of the reports. It fails if text has the form of
// neither a week nor a day, and says then how a week can be written.
func ParseReference(text string) (Reference, error) {
	r := Reference{typed: strings.Join(strings.Fields(text), " ")}
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
			r.unclear = (i < 0 || m[i] == "") && 1 <= r.number && r.number <= 12 // 7/2026 may be July
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

// normalize makes equal what means the same in every spelling: case, width, dashes, spaces, and the quotes and points
// around a word.
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

// daysOf returns the days that two numbers and a year of four, two or no digits can mean. With points the day comes
// first. With other separators some write the month first and, with two digits, some the year.
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
	var there []day
	for _, d := range all {
		if d.exists() && !slices.Contains(there, d) {
			there = append(there, d)
		}
	}
	if len(there) == 0 && len(year) == 4 {
		return all[:1] // a day by its form, which does not exist
	}
	return there
}

// exists reports whether the calendar has d, of no year if it has it in any.
func (d day) exists() bool {
	if d.year == 0 {
		d.year = 2000 // a leap year
	}
	return d.date() == Date(d)
}

func (d day) date() Date { return NewDate(d.year, d.month, d.day) }

// A NoSuchWeekError says that the calendar has no week of that number.
type NoSuchWeekError struct {
	Number int
	Year   int // 0 if none was typed
	Weeks  int // of the year; 53 if none was typed
}

func (e *NoSuchWeekError) Error() string {
	if e.Year == 0 {
		return fmt.Sprintf("there is no week %d: weeks are 1 to %d", e.Number, e.Weeks)
	}
	return fmt.Sprintf("there is no week %d in %d: its weeks are 1 to %d", e.Number, e.Year, e.Weeks)
}

// A NoSuchDayError says that the calendar has no such day.
type NoSuchDayError struct{ Typed string }

func (e *NoSuchDayError) Error() string { return fmt.Sprintf("there is no day %s", e.Typed) }

// A TooEarlyError says that a week is before [FirstYear].
type TooEarlyError struct{ Typed string }

func (e *TooEarlyError) Error() string {
	return fmt.Sprintf("%s is before %d-W01, the first week that can be asked for", e.Typed, FirstYear)
}

// An UnclearError says that what was typed can mean more than one week or day.
type UnclearError struct {
	Typed string
	Write []string // what to write instead, one for each meaning
}

func (e *UnclearError) Error() string {
	return fmt.Sprintf("%q is unclear: write %s", e.Typed, strings.Join(e.Write, " or "))
}

// A NotOverError says that a week is still running or has not begun.
type NotOverError struct {
	Week    Week
	Ends    time.Time // in the zone that was asked about
	Last    Week      // the last one that is over
	YearAgo Week      // if no year was typed, the last one of that number that is over
}

func (e *NotOverError) Error() string {
	s := fmt.Sprintf("%s is not over: it ends on %s; the last complete week is %s", e.Week,
		e.Ends.Format("Monday 2 January 2006 at 15:04 MST"), e.Last)
	if !e.YearAgo.IsZero() {
		s += fmt.Sprintf("; week %d before that is %s", number(e.YearAgo), e.YearAgo)
	}
	return s
}

// Week returns the week that r names, as clocks in loc see it at now. A number without a year is the last week of that
// number that is over; a day is the week that holds it. The error is one of [NoSuchWeekError], [NoSuchDayError],
// [TooEarlyError], [UnclearError] and [NotOverError].
func (r Reference) Week(now time.Time, loc *time.Location) (Week, error) {
	last := LastComplete(now, loc)
	var w Week
	switch {
	case r.typed == "":
		return last, nil
	case r.days != nil && r.unclear:
		return Week{}, &UnclearError{r.typed, spelled(r.days, DateOf(now.In(loc)))}
	case r.days != nil && !r.days[0].exists():
		return Week{}, &NoSuchDayError{r.typed}
	case r.days != nil:
		w = WeekOf(r.days[0].date())
	case r.hasYear && r.year < FirstYear:
		return Week{}, &TooEarlyError{r.typed}
	case r.hasYear:
		var err error
		if w, err = weekOf(r.year, r.number); err != nil {
			return Week{}, err
		}
		if r.unclear {
			return Week{}, &UnclearError{r.typed, []string{w.String()}}
		}
	case r.number < 1 || r.number > 53:
		return Week{}, &NoSuchWeekError{Number: r.number, Weeks: 53}
	default:
		w = last.Next()
		ago := last
		for number(ago) != r.number {
			ago = ago.Previous()
		}
		if number(w) != r.number {
			return ago, nil
		}
		return Week{}, &NotOverError{Week: w, Ends: w.To().Start(loc), Last: last, YearAgo: ago}
	}
	if year, _ := w.ISO(); year < FirstYear {
		return Week{}, &TooEarlyError{r.typed}
	}
	if last.From().Before(w.From()) {
		return Week{}, &NotOverError{Week: w, Ends: w.To().Start(loc), Last: last}
	}
	return w, nil
}

// spelled writes days so that they are clear. One without a year is the last that is not after today.
func spelled(days []day, today Date) (all []string) {
	for _, d := range days {
		if d.year == 0 {
			for d.year = today.year; !d.exists() || today.Before(d.date()); {
				d.year--
			}
		}
		all = append(all, d.date().String())
	}
	return all
}

// ParseWeek returns the week that text names, as clocks in loc see it at now. The error is that of [ParseReference] or of
// [Reference.Week].
func ParseWeek(text string, now time.Time, loc *time.Location) (Week, error) {
	r, err := ParseReference(text)
	if err != nil {
		return Week{}, err
	}
	return r.Week(now, loc)
}

func number(w Week) int {
	_, n := w.ISO()
	return n
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // four digits at most
	return n
}
