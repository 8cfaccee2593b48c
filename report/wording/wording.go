package wording

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"kindlyweekly/report/period"
)

// A Wording writes one language. It is safe for concurrent use.
type Wording struct {
	*language
	printer *message.Printer
}

// For returns the wording of a locale, Default if it is empty. It knows [Pseudo] too. The error
// lists the locales that there are.
func For(locale string) (*Wording, error) {
	l := find(cmp.Or(locale, Default))
	if l == nil {
		return nil, fmt.Errorf("there is no wording for the locale %q: there is %s",
			locale, strings.Join(Locales(), ", "))
	}
	return l.wording(), nil
}

func (l *language) wording() *Wording {
	return &Wording{l, message.NewPrinter(xlanguage.Make(l.locale))}
}

// Locale returns the BCP 47 tag, for a document's language.
func (w *Wording) Locale() string { return w.locale }

// UpTo is an upper bound of an unknown number. It is written "at most 120".
type UpTo int

// Say returns the message with its arguments, which are strings, ints and UpTos. Ints are written
// as by Count, and select the plural forms of what they count. A message that a language lacks,
// which a test reports, is English.
func (w *Wording) Say(key Key, args ...any) string {
	l := w.language
	if l.texts[key] == "" {
		l = english
	}
	form := l.choose(l.texts[key], args)
	all := make([]any, len(args))
	for i, arg := range args {
		all[i] = arg
		if _, ok := arg.(string); !ok {
			all[i] = written(w.Written(arg))
		}
	}
	return w.printer.Sprintf(form, all...)
}

// Written writes an argument as Say does: 8,031 for an int, "at most 120" for an UpTo, and a string
// as itself.
func (w *Wording) Written(arg any) string {
	switch n := arg.(type) {
	case int:
		return w.Count(n)
	case UpTo:
		return w.Say(AtMost, w.Count(int(n)))
	}
	return fmt.Sprint(arg)
}

// written is a number that is already written.
type written string

// Format writes n for the verb %d.
func (n written) Format(s fmt.State, _ rune) { io.WriteString(s, string(n)) }

// Count writes a count: 8,031.
func (w *Wording) Count(n int) string { return w.printer.Sprint(number.Decimal(n)) }

// Median writes the median of counts, which may lie halfway between two: 7900.5 is 7,901.
func (w *Wording) Median(m float64) string {
	return w.Count(int(math.Min(math.Round(m), math.MaxInt64/2)))
}

// Compact writes a number for a chart's axis or a narrow place: 950, 12.5k, 3.4M.
func (w *Wording) Compact(x float64) string {
	short := func(x float64) string {
		return w.printer.Sprint(number.Decimal(x, number.MaxFractionDigits(1)))
	}
	for _, unit := range []struct {
		from, size float64
		suffix     Key
	}{
		{1e15, 1e15, CompactQuadrillion}, {1e12, 1e12, CompactTrillion}, {1e9, 1e9, CompactBillion},
		{1e6, 1e6, CompactMillion}, {1e4, 1e3, CompactThousand},
	} {
		if math.Abs(x) >= 0.99995*unit.from { // 999,950 rounds to 1M, not to 1,000k
			return short(x/unit.size) + w.Say(unit.suffix)
		}
	}
	return short(x)
}

// Percent writes a fraction as a percentage: 0.118 is 11.8%.
func (w *Wording) Percent(fraction float64) string { return w.percent(fraction, 1) }

// Percent0 writes a fraction as a percentage without decimals: 0.118 is 12%.
func (w *Wording) Percent0(fraction float64) string { return w.percent(fraction, 0) }

// Percents writes two fractions as percentages with one decimal, or with up to three where they
// would look equal: 0.1004 and 0.1 are 10.04% and 10.00%.
func (w *Wording) Percents(a, b float64) (string, string) { return apart(a, b, 1, w.percent) }

// Percents0 writes two fractions as percentages without decimals, or with up to three where they
// would look equal: 0.696 and 0.7 are 69.6% and 70.0%.
func (w *Wording) Percents0(a, b float64) (string, string) { return apart(a, b, 0, w.percent) }

// PercentDown writes a fraction as a percentage, rounded down to the given number of decimals, so
// that it can follow "at least": 0.9369 is 93.6%.
func (w *Wording) PercentDown(fraction float64, digits int) string {
	scale := math.Pow10(digits + 2)
	return w.percent(math.Floor(fraction*scale+1e-6)/scale, digits)
}

func (w *Wording) percent(fraction float64, digits int) string {
	// The library rounds half to even, and a small negative number to -0%.
	scale := math.Pow10(digits + 2)
	fraction = math.Round(fraction*scale) / scale
	return w.printer.Sprint(number.Percent(fraction+0, exactly(digits)...))
}

// Change writes a relative change with its sign: 0.054 is +5.4%, -0.2 is −20.0%, 0.0001 is ±0.0%.
func (w *Wording) Change(fraction float64) string {
	return sign(math.Round(fraction*1000)) + w.Percent(math.Abs(fraction))
}

// Signed writes a difference of counts with its sign: +1,210.
func (w *Wording) Signed(n int) string { return sign(float64(n)) + w.Count(max(n, -n)) }

// Points writes a change of a rate with its sign: 1.4 is +1.4 points.
func (w *Wording) Points(pp float64) string {
	return sign(math.Round(pp*10)) + w.Say(PercentagePoints, w.decimal(math.Abs(pp)))
}

// Points0 writes a change in whole percentage points: "−24 points".
func (w *Wording) Points0(pp float64) string {
	return sign(math.Round(pp)) + w.Say(WholePoints, int(math.Round(math.Abs(pp))))
}

func (w *Wording) decimal(x float64) string { return w.decimals(x, 1) }

func (w *Wording) decimals(x float64, digits int) string {
	scale := math.Pow10(digits)
	return w.printer.Sprint(number.Decimal(math.Round(x*scale)/scale, exactly(digits)...))
}

// exactly is the number of decimals.
func exactly(digits int) []number.Option {
	return []number.Option{number.MinFractionDigits(digits), number.MaxFractionDigits(digits)}
}

// Decimals writes two numbers with one decimal, or with up to three where they would look equal.
func (w *Wording) Decimals(a, b float64) (string, string) { return apart(a, b, 1, w.decimals) }

// apart writes two numbers with so many decimals, or with up to three where they would look equal
// and are not.
func apart(a, b float64, digits int, write func(float64, int) string) (string, string) {
	for ; ; digits++ {
		first, second := write(a, digits), write(b, digits)
		if first != second || a == b || digits == 3 {
			return first, second
		}
	}
}

func sign(x float64) string {
	switch {
	case x > 0:
		return "+"
	case x < 0:
		return "−"
	}
	return "±"
}

// Weekday writes Monday.
func (w *Wording) Weekday(d time.Weekday) string { return w.weekdays[d] }

// OnWeekday writes on Monday.
func (w *Wording) OnWeekday(d time.Weekday) string { return w.onWeekdays[d] }

// WeekdayShort writes Mon.
func (w *Wording) WeekdayShort(d time.Weekday) string { return w.weekdaysShort[d] }

// OnWeekdays lists days: on Monday, Tuesday and Friday. The preposition is written once.
func (w *Wording) OnWeekdays(days []time.Weekday) string {
	var all []string
	for _, d := range days {
		day := w.onWeekdays[d]
		if _, bare, found := strings.Cut(day, " "); found && len(all) > 0 {
			day = bare
		}
		all = append(all, day)
	}
	return w.List(all)
}

// Day writes a day for an axis or a table: Mon 9.
func (w *Wording) Day(t time.Time) string {
	return w.Say(DateDay, w.WeekdayShort(t.Weekday()), fmt.Sprint(t.Day()))
}

// DayMonth writes 9 Nov.
func (w *Wording) DayMonth(t time.Time) string {
	return w.Say(DateDayMonth, fmt.Sprint(t.Day()), w.monthsShort[t.Month()-1])
}

// Date writes 9 November 2026.
func (w *Wording) Date(t time.Time) string {
	day, year := fmt.Sprint(t.Day()), fmt.Sprint(t.Year())
	return w.Say(DateDayMonthYear, day, w.months[t.Month()-1], year)
}

// WeekdayDate writes Monday 9 November 2026.
func (w *Wording) WeekdayDate(t time.Time) string {
	return w.Say(DateWeekday, w.Weekday(t.Weekday()), w.Date(t))
}

// Time writes an instant in its own location: 16 November 2026, 08:02.
func (w *Wording) Time(t time.Time) string { return w.Say(DateTime, w.Date(t), w.clock(t)) }

// WeekdayTime writes an instant in its own location with its weekday: Monday 16 November 2026,
// 08:02.
func (w *Wording) WeekdayTime(t time.Time) string {
	return w.Say(DateTime, w.WeekdayDate(t), w.clock(t))
}

func (w *Wording) clock(t time.Time) string {
	return w.Say(DateClock, t.Format("15"), t.Format("04"))
}

// Period writes what a period is called: week 46.
func (w *Wording) Period(p period.Period) string {
	_, number := p.ISO()
	return w.Say(WeekNumber, fmt.Sprint(number))
}

// Dates writes a range of days, both inclusive, with years only where they differ: 9–15 November;
// 29 June – 5 July; 28 December 2026 – 3 January 2027.
func (w *Wording) Dates(first, last time.Time) string {
	return w.dates(first, last, w.months, first.Year() != last.Year())
}

// DatesYear is Dates with the year: 9–15 November 2026.
func (w *Wording) DatesYear(first, last time.Time) string {
	return w.dates(first, last, w.months, true)
}

// WeekdayDates writes a range of days, both inclusive, with weekdays and year: Monday 9 to Sunday 15
// November 2026.
func (w *Wording) WeekdayDates(first, last time.Time) string {
	from := fmt.Sprint(first.Day())
	switch {
	case first.Year() != last.Year():
		from = w.Date(first)
	case first.Month() != last.Month():
		from = w.Say(DateDayMonth, from, w.months[first.Month()-1])
	default:
		from = w.Say(DateDayOnly, from)
	}
	return w.Say(DateWeekdays, w.Say(DateWeekday, w.Weekday(first.Weekday()), from),
		w.WeekdayDate(last))
}

// DatesShort is Dates with short months and no year: 9–15 Nov; 29 Jun – 5 Jul.
func (w *Wording) DatesShort(first, last time.Time) string {
	return w.dates(first, last, w.monthsShort, false)
}

func (w *Wording) dates(first, last time.Time, months [12]string, year bool) string {
	day := func(t time.Time, year bool) string {
		day, month := fmt.Sprint(t.Day()), months[t.Month()-1]
		if year {
			return w.Say(DateDayMonthYear, day, month, fmt.Sprint(t.Year()))
		}
		return w.Say(DateDayMonth, day, month)
	}
	if first.Year() == last.Year() && first.Month() == last.Month() {
		return w.Say(DateRangeOneMonth, fmt.Sprint(first.Day()), day(last, year))
	}
	return w.Say(DateRange, day(first, year && first.Year() != last.Year()), day(last, year))
}

// Hour writes an hour of the clock: 09:00.
func (w *Wording) Hour(hour int) string {
	return w.Say(DateHour, fmt.Sprintf("%02d", hour), fmt.Sprint(hour))
}

// Quote puts a text into quotation marks.
func (w *Wording) Quote(s string) string { return w.Say(Quoted, s) }

// List joins texts: "a, b and c".
func (w *Wording) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	first := items[0]
	for _, item := range items[1 : len(items)-1] {
		first = w.Say(ListNext, first, item)
	}
	return w.Say(ListAnd, first, items[len(items)-1])
}

// ListSome joins the first most texts, and says how many more there are: "a, b, c and 2 more".
func (w *Wording) ListSome(items []string, most int) string {
	if len(items) <= most {
		return w.List(items)
	}
	first := items[0]
	for _, item := range items[1:most] {
		first = w.Say(ListNext, first, item)
	}
	return w.Say(MoreNames, first, len(items)-most)
}

// Sentence returns s with a capital at its beginning.
func (w *Wording) Sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if first == utf8.RuneError {
		return s // empty, or not UTF-8
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// FullStop returns s with a full stop at its end, unless a name that was cut ends it: "…." would be
// wrong.
func (w *Wording) FullStop(s string) string {
	if strings.HasSuffix(strings.TrimSuffix(s, string(endIsolate)), "…") {
		return s
	}
	return w.Say(FullStop, s)
}

// Rating names a rating of feedback on a scale of so many steps: Positive, or 4 of 5.
func (w *Wording) Rating(rating, steps int) string {
	switch {
	case steps == 2 && rating == 1:
		return w.Say(RatingNegative)
	case steps == 2 && rating == 2:
		return w.Say(RatingPositive)
	}
	return w.Say(RatingOf, fmt.Sprint(rating), fmt.Sprint(steps))
}
