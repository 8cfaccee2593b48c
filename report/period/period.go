// Package period says which days a report covers, and when they begin and end.
//
// A [Week] has a name, such as 2026-W46 (ISO 8601), and seven dates, Monday to Sunday. It has no
// time zone. Only [Week.Bounds] and [Date.Start] take one, to turn dates into instants. Jobs,
// archive keys and ledger keys carry the name, so another kind of period, such as a month, can join
// later without a change to them.
//
// A [Date] is a day of the calendar, as Sage's from and to are. Its start is the first instant at
// which clocks in a zone show it. That is not always midnight: where summer time begins at
// midnight, the day begins at 01:00.
//
// Package reference, below this one, reads a week as a person types it.
package period

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// A Date is a day of the calendar, without a time zone. The zero Date is no date.
type Date struct {
	year  int
	month time.Month
	day   int
}

// NewDate returns the date, normalized as by time.Date: 30 February becomes 1 or 2 March.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2026-11-09.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2026-11-09", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns 2026-11-09, the form that Sage's from and to take.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.year, int(d.month), d.day) }

// MarshalText returns String, or nothing for the zero Date.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText is ParseDate. An empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// UTC returns the midnight in UTC at which d begins, for formatting and for counting days.
func (d Date) UTC() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// Add returns the date that many days later.
func (d Date) Add(days int) Date { return NewDate(d.year, d.month, d.day+days) }

// Sub returns the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.UTC().Sub(e.UTC()) / (24 * time.Hour)) }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.UTC().Before(e.UTC()) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.UTC().Weekday() }

// Start returns the first instant of d in loc. If the zone skipped the whole day, it is the first
// instant after the gap.
func (d Date) Start(loc *time.Location) time.Time {
	// In a gap or an overlap, time.Date may return either side. So go through the stretches with
	// one offset each, from before d began anywhere. The first that has midnight, or begins after
	// it, has the start.
	for t := d.UTC().Add(-38 * time.Hour).In(loc); ; {
		begin, end := t.ZoneBounds()
		_, offset := t.Zone()
		start := d.UTC().Add(-time.Duration(offset) * time.Second)
		if start.Before(begin) {
			start = begin
		}
		if end.IsZero() || start.Before(end) {
			return start.In(loc)
		}
		t = end
	}
}

// Hours returns the length of d in loc in hours: 24, or 23 or 25 where clocks change, or half an
// hour more or less in a few places.
func (d Date) Hours(loc *time.Location) float64 {
	return d.Add(1).Start(loc).Sub(d.Start(loc)).Hours()
}

// HoursShown returns how often clocks in loc show each hour of d, or a part of it: 0 times where
// they skip it, twice where they repeat it.
func (d Date) HoursShown(loc *time.Location) (times [24]int) {
	var seen [24][60]int
	for t, end := d.Start(loc), d.Add(1).Start(loc); t.Before(end); t = t.Add(15 * time.Minute) {
		hour, minute := t.Hour(), t.Minute()
		seen[hour][minute]++
		times[hour] = max(times[hour], seen[hour][minute])
	}
	return times
}

// A Week is seven days, Monday to Sunday. By ISO 8601, week 1 has the year's first Thursday. The
// zero Week is no week.
type Period struct{ monday Date }

// WeekOf returns the week that d is in.
func WeekOf(d Date) Period {
	return Period{d.Add(-(int(d.Weekday()) + 6) % 7)}
}

// LastComplete returns the last week that has ended in loc at the time now.
func LastComplete(now time.Time, loc *time.Location) Period {
	return WeekOf(DateOf(now.In(loc))).Previous()
}

var weekName = regexp.MustCompile(`^(\d{4})-W(\d{2})$`)

// Parse reads a week's name, such as 2026-W46. The error is a [NoSuchWeekError] if name has that
// form.
func Parse(name string) (Period, error) {
	m := weekName.FindStringSubmatch(name)
	if m == nil {
		return Period{}, fmt.Errorf("%q is not a week such as 2026-W46", name)
	}
	year, _ := strconv.Atoi(m[1]) // four digits
	number, _ := strconv.Atoi(m[2])
	return NewWeek(year, number)
}

// NewWeek returns the week of a year by its number, from 1. The error is a [NoSuchWeekError].
func NewWeek(year, number int) (Period, error) {
	// 4 January is always in week 1, and 28 December in the last week.
	w := WeekOf(NewDate(year, time.January, 4)).Add(number - 1)
	if y, n := w.ISO(); y != year || n != number {
		_, weeks := WeekOf(NewDate(year, time.December, 28)).ISO()
		return Period{}, &NoSuchWeekError{number, year, weeks}
	}
	return w, nil
}

// A NoSuchWeekError says that the calendar has no week of a number.
type NoSuchWeekError struct {
	Number int
	Year   int // 0 for any year
	Weeks  int // of the year, or 53 for any year
}

func (e *NoSuchWeekError) Error() string {
	if e.Year == 0 {
		return fmt.Sprintf("there is no week %d: weeks are 1 to %d", e.Number, e.Weeks)
	}
	return fmt.Sprintf("there is no week %d in %d: its weeks are 1 to %d",
		e.Number, e.Year, e.Weeks)
}

// IsZero reports whether w is no week.
func (w Period) IsZero() bool { return w.monday.IsZero() }

// ISO returns the year and the number of w. Around New Year, some days of w can be in another year.
func (w Period) ISO() (year, number int) { return w.monday.UTC().ISOWeek() }

// String returns the week's name, such as 2026-W46.
func (w Period) String() string {
	year, number := w.ISO()
	return fmt.Sprintf("%04d-W%02d", year, number)
}

// MarshalText returns String, or nothing for the zero Week.
func (w Period) MarshalText() ([]byte, error) {
	if w.IsZero() {
		return nil, nil
	}
	return []byte(w.String()), nil
}

// UnmarshalText is Parse. An empty text is the zero Week.
func (w *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*w = Period{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*w = parsed
	return nil
}

// From returns the week's Monday.
func (w Period) From() Date { return w.monday }

// To returns the Monday after the week. It is the exclusive end, as Sage's to is.
func (w Period) To() Date { return w.monday.Add(7) }

// Days returns Monday to Sunday.
func (w Period) Days() (days [7]Date) {
	for i := range days {
		days[i] = w.monday.Add(i)
	}
	return days
}

// Add returns the week that many weeks later.
func (w Period) Add(weeks int) Period { return Period{w.monday.Add(7 * weeks)} }

// Previous returns the week before.
func (w Period) Previous() Period { return w.Add(-1) }

// Next returns the week after.
func (w Period) Next() Period { return w.Add(1) }

// Bounds returns the instants at which the week begins and ends in loc. The end is exclusive: it is
// the beginning of the next week.
func (w Period) Bounds(loc *time.Location) (from, to time.Time) {
	return w.From().Start(loc), w.To().Start(loc)
}
