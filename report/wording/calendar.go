package wording

// calendar holds the names of a language's days and months.
type calendar struct {
	weekdays, weekdaysShort [7]string // Sunday first, as time.Weekday
	months, monthsShort     [12]string
}

var englishNames = calendar{
	weekdays:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	weekdaysShort: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	months:        [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	monthsShort:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// The short names have no full stops: they stand on axes, and at the end of sentences.
var norwegianNames = calendar{
	weekdays:      [7]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"},
	weekdaysShort: [7]string{"søn", "man", "tir", "ons", "tor", "fre", "lør"},
	months:        [12]string{"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},
	monthsShort:   [12]string{"jan", "feb", "mars", "apr", "mai", "juni", "juli", "aug", "sep", "okt", "nov", "des"},
}

var swedishNames = calendar{
	weekdays:      [7]string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"},
	weekdaysShort: [7]string{"sön", "mån", "tis", "ons", "tor", "fre", "lör"},
	months:        [12]string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},
	monthsShort:   [12]string{"jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"},
}

var danishNames = calendar{
	weekdays:      [7]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"},
	weekdaysShort: [7]string{"søn", "man", "tir", "ons", "tor", "fre", "lør"},
	months:        [12]string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"},
	monthsShort:   [12]string{"jan", "feb", "mar", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"},
}

var germanNames = calendar{
	weekdays:      [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	weekdaysShort: [7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
	months:        [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	monthsShort:   [12]string{"Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez"},
}
