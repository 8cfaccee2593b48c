// Package holidays returns the public holidays of some thirty countries, by date. Each has the name
// that the library github.com/rickar/cal gives it, mostly in the country's own language. Nothing
// else of that library is used.
//
// A country has the library's list for the whole country. Norway and Denmark also have Easter
// Sunday and Whit Sunday. A holiday of one German state is left out. Australia, whose states each
// have a list, has the days that all of them share. Switzerland's list has some days that not every
// canton keeps. Days that are no public holiday, such as Sweden's Julafton, are left out. If a
// missing day matters to a bot, its configuration can add a note.
package holidays

import (
	"maps"
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"

	"kindlyweekly/report/period"
)

// A Holiday is a public holiday on a date.
type Holiday struct {
	Date period.Date
	Name string
}

// calendars are the lists of each country, by its ISO 3166 code. A country with several lists has
// the holidays that are in all of them.
var calendars = map[string][][]*cal.Holiday{
	"AR": {ar.Holidays}, "AT": {at.Holidays},
	"AU": {
		au.HolidaysACT, au.HolidaysNSW, au.HolidaysNT, au.HolidaysQLD,
		au.HolidaysSA, au.HolidaysTAS, au.HolidaysVIC, au.HolidaysWA,
	},
	"BE": {be.Holidays}, "BG": {bg.Holidays}, "BR": {br.Holidays}, "CA": {ca.Holidays},
	"CH": {ch.Holidays}, "CZ": {cz.Holidays}, "DE": {de.Holidays},
	"DK": {slices.Concat(dk.Holidays, sundays("Påskedag", "Pinsedag"))},
	"ES": {es.Holidays}, "FR": {fr.Holidays}, "GB": {gb.Holidays}, "GR": {gr.Holidays},
	"HR": {hr.Holidays}, "IE": {ie.Holidays}, "IT": {it.Holidays}, "JP": {jp.Holidays},
	"LT": {lt.Holidays}, "LV": {lv.Holidays}, "MW": {mw.Holidays}, "NC": {nc.Holidays},
	"NL": {nl.Holidays},
	"NO": {slices.Concat(no.Holidays, sundays("Første påskedag", "Første pinsedag"))},
	"NZ": {nz.Holidays}, "PL": {pl.Holidays}, "RO": {ro.Holidays}, "RU": {ru.Holidays},
	"SE": {se.Holidays}, "SI": {si.Holidays}, "SK": {sk.Holidays}, "UA": {ua.Holidays},
	"US": {us.Holidays}, "ZA": {za.Holidays},
}

// sundays are Easter Sunday and Whit Sunday, under the names of a country. The library leaves them
// out of countries where they are public holidays, since they are Sundays. Bots answer on Sundays
// too, and the week that ends on Whit Sunday has no other holiday.
func sundays(easter, whit string) []*cal.Holiday {
	return []*cal.Holiday{
		{Name: easter, Type: cal.ObservancePublic, Offset: 0, Func: cal.CalcEasterOffset},
		{Name: whit, Type: cal.ObservancePublic, Offset: 49, Func: cal.CalcEasterOffset},
	}
}

// By default the library's dates are in the machine's zone, in which a day may not begin at
// midnight.
func init() { cal.DefaultLoc = time.UTC }

// Countries returns the ISO 3166 codes of all countries that there are, such as NO, sorted.
func Countries() []string { return slices.Sorted(maps.Keys(calendars)) }

// Between returns the public holidays of a country from one date to another, which is exclusive, by
// date. A holiday that is observed on another day, such as the Monday after a Sunday, is on both
// days. A country that is not in [Countries] has none.
func Between(country string, from, to period.Date) []Holiday {
	var kept []Holiday
	for i, list := range calendars[country] {
		days := between(list, from, to)
		if i > 0 {
			days = slices.DeleteFunc(kept, func(h Holiday) bool {
				return !slices.Contains(days, h)
			})
		}
		kept = days
	}
	return kept
}

func between(list []*cal.Holiday, from, to period.Date) []Holiday {
	var days []Holiday
	first, last := from.UTC().Year(), to.UTC().Year()
	// New Year's Day can be observed in the year before.
	for year := first - 1; year <= last+1; year++ {
		for _, h := range list {
			if h.Type == cal.ObservanceOther || h.Type == cal.ObservanceReligious {
				continue
			}
			actual, observed := h.Calc(year)
			for _, t := range []time.Time{actual, observed} {
				day := Holiday{period.DateOf(t), h.Name}
				in := !t.IsZero() && !day.Date.Before(from) && day.Date.Before(to)
				if in && !slices.Contains(days, day) {
					days = append(days, day)
				}
			}
		}
	}
	slices.SortStableFunc(days, func(a, b Holiday) int { return a.Date.Sub(b.Date) })
	return days
}
