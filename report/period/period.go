// Package period says which days a report covers, and when they begin and end.
//
// A [Period] has a name and consecutive dates, without a time zone. Today each is a week, such as
// 2026-W46 (ISO 8601), Monday to Sunday. Only [Period.Bounds] and [Date.Start] take a zone, to turn
// dates into instants.
//
// Jobs, archive keys, ledger keys and report.json contain the name. Most packages use only a
// period's days and neighbors, which are methods. Wording, config and alerting assume weeks.
//
// A [Date] is a day of the calendar, as Sage's from and to are. Its start is the first instant at
// which clocks in a zone show it. That is not always midnight: where summer time begins at
// midnight, the day begins at 01:00.
//
// Package reference, below this one, reads a period as a person types it.
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

// A Period is the days that a report covers: a week, Monday to Sunday. By ISO 8601, week 1 has the
// year's first Thursday. Periods can be compared with ==. The zero Period is no period.
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

// Parse reads a period's name, such as 2026-W46. The error is a [NoSuchWeekError] if name has that
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

// firstWeek returns week 1 of a year. It is always the one with 4 January.
func firstWeek(year int) Period { return WeekOf(NewDate(year, time.January, 4)) }

// NewWeek returns the week of a year by its number, from 1. The error is a [NoSuchWeekError].
func NewWeek(year, number int) (Period, error) {
	p := firstWeek(year).Add(number - 1)
	if y, _ := p.ISO(); y != year {
		_, weeks := firstWeek(year + 1).Previous().ISO()
		return Period{}, &NoSuchWeekError{number, year, weeks}
	}
	return p, nil
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

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p.monday.IsZero() }

// ISO returns the year and the number of the week. Around New Year, some days of it can be in
// another year.
func (p Period) ISO() (year, number int) { return p.monday.UTC().ISOWeek() }

// String returns the period's name, such as 2026-W46.
func (p Period) String() string {
	year, number := p.ISO()
	if year < 1000 || year > 9999 {
		return fmt.Sprintf("%04d-W%02d", year, number)
	}
	// A tick writes this for each of a hundred thousand deliveries, several times.
	b := append(strconv.AppendInt(make([]byte, 0, 8), int64(year), 10), "-W"...)
	return string(append(b, '0'+byte(number/10), '0'+byte(number%10)))
}

// MarshalText returns String, or nothing for the zero Period.
func (p Period) MarshalText() ([]byte, error) {
	if p.IsZero() {
		return nil, nil
	}
	return []byte(p.String()), nil
}

// UnmarshalText is Parse. An empty text is the zero Period.
func (p *Period) UnmarshalText(text []byte) (err error) {
	*p = Period{}
	if len(text) > 0 {
		*p, err = Parse(string(text))
	}
	return err
}

// From returns the first day.
func (p Period) From() Date { return p.monday }

// Last returns the last day.
func (p Period) Last() Date { return p.To().Add(-1) }

// To returns the day after the last one. It is the exclusive end, as Sage's to is.
func (p Period) To() Date { return p.monday.Add(7) }

// Len returns the number of days.
func (p Period) Len() int { return p.To().Sub(p.From()) }

// Days returns the days in their order.
func (p Period) Days() []Date {
	days := make([]Date, p.Len())
	for i := range days {
		days[i] = p.From().Add(i)
	}
	return days
}

// Has reports whether d is one of the days.
func (p Period) Has(d Date) bool { return !d.Before(p.From()) && d.Before(p.To()) }

// Add returns the period that many periods later.
func (p Period) Add(n int) Period { return Period{p.monday.Add(7 * n)} }

// Previous returns the period before.
func (p Period) Previous() Period { return p.Add(-1) }

// Next returns the period after.
func (p Period) Next() Period { return p.Add(1) }

// Trail returns n consecutive periods, the oldest first, of which p is the last.
func (p Period) Trail(n int) []Period {
	trail := make([]Period, n)
	for i := range trail {
		trail[i] = p.Add(i + 1 - n)
	}
	return trail
}

// YearAgo returns the week with the same number a year ago. If that year has no week 53, it is the
// week after its week 52.
func (p Period) YearAgo() Period {
	year, number := p.ISO()
	return firstWeek(year - 1).Add(number - 1)
}

// Bounds returns the instants at which the period begins and ends in loc. The end is exclusive: it
// is the beginning of the next period.
func (p Period) Bounds(loc *time.Location) (from, to time.Time) {
	return p.From().Start(loc), p.To().Start(loc)
}
