package config

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/report/names"
)

// zoneNames are UTC and the zones of the tz database 2026 that name a place, for suggestions.
// time.LoadLocation decides whether a zone exists.
//
//go:embed zones.txt
var zoneNames string

var zones = strings.Fields(zoneNames)

// tz returns the reader of a time zone. It keeps the node for [reader.checkFixed].
func (r *reader) tz(d *draft) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		if !ok {
			return
		}
		if loc := r.location(s); loc != nil {
			d.TZ, d.Location, d.zoneAt = s, loc, n
		} else if plain := names.Plain(s); plain != s && slices.Contains(zones, plain) {
			r.errorf(n, path, "%s %s", quote(s), odd(s, plain))
		} else {
			r.errorf(n, path, "unknown time zone %s: %s", quote(s), zoneMeant(s))
		}
	}
}

// location returns the zone with the name, or nil.
func (r *reader) location(name string) *time.Location {
	if loc, known := r.zones[name]; known {
		return loc
	}
	loc, err := time.LoadLocation(name)
	// Local and localtime depend on the machine, and only some machines have posix/… and right/….
	// A disk that ignores case finds europe/oslo.
	exact := like(name)
	if err != nil || name == "Local" || name[0] < 'A' || name[0] > 'Z' || exact != "" &&
		exact != name {
		return nil
	}
	if r.zones == nil {
		r.zones = make(map[string]*time.Location)
	}
	r.zones[name] = loc
	return loc
}

// checkFixed warns about a time zone that names no place and so is an offset all year, unless
// fixed_offset beside it says so. UTC needs no such key. found is the mapping with both keys.
func (r *reader) checkFixed(d *draft, found map[string]*yaml.Node, path string) {
	why, possible := fixedZone(d.TZ)
	insists := found["fixed_offset"]
	switch {
	case d.zoneAt == nil && d.fixedOffset && found["tz"] == nil:
		r.errorf(insists, member(path, "fixed_offset"), "needs the key tz beside it")
	case d.zoneAt == nil:
	case why == "" && d.fixedOffset && !slices.Contains(utc, d.TZ):
		r.errorf(insists, member(path, "fixed_offset"),
			"%s is a place and not a fixed offset: remove this key", quote(d.TZ))
	case why != "" && (!d.fixedOffset || !possible):
		r.warnf(d.zoneAt, member(path, "tz"), "%s %s", quote(d.TZ), why)
	}
}

// utc are the names of UTC.
var utc = []string{
	"UTC", "UCT", "Zulu", "Universal", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Etc/Universal",
}

// fixedZones are zones that name no place, by what they are all year. CET, EST5EDT and others like
// them change their clocks as places do.
var fixedZones = map[string]string{
	"EST": "UTC-5", "MST": "UTC-7", "HST": "UTC-10", "GMT": "UTC", "GMT0": "UTC", "GMT+0": "UTC",
	"GMT-0": "UTC", "Greenwich": "UTC", "Etc/GMT": "UTC", "Etc/GMT0": "UTC", "Etc/GMT+0": "UTC",
	"Etc/GMT-0": "UTC", "Etc/Greenwich": "UTC",
}

var etcOffset = regexp.MustCompile(`^Etc/GMT([+-][1-9]\d?)$`)

// fixedZone returns what is wrong with a zone that names neither a place nor UTC, and whether
// fixed_offset can allow it. It returns "" for other zones.
func fixedZone(s string) (why string, possible bool) {
	if s == "Factory" {
		return "is the zone of machines without a zone: " +
			"name a place, such as Europe/Oslo, or write UTC", false
	}
	offset, place, instead := fixedZones[s], abbreviations[s], "fixed_offset: true beside tz in "+
		"bots.yaml"
	if offset == "UTC" {
		place, instead = "Europe/London", "UTC"
	}
	offset += " all year"
	if m := etcOffset.FindStringSubmatch(s); m != nil {
		written := atoi(m[1])
		place = cmp.Or(byOffset[-written], byOffset[written], "Europe/Oslo")
		offset = fmt.Sprintf("UTC%+d all year, since the sign of such names is reversed", -written)
	} else if fixedZones[s] == "" {
		return "", false
	}
	return fmt.Sprintf("is %s: did you mean %q? If not, write %s", offset, place, instead), true
}

// abbreviations are the places that people mean by abbreviations, and by names that Windows and
// maps use for zones.
var abbreviations = map[string]string{
	"EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
	"EASTERN STANDARD TIME": "America/New_York", "CST": "America/Chicago",
	"CDT": "America/Chicago", "CT": "America/Chicago", "CENTRAL STANDARD TIME": "America/Chicago",
	"MST": "America/Denver", "MDT": "America/Denver", "MT": "America/Denver",
	"MOUNTAIN STANDARD TIME": "America/Denver", "PST": "America/Los_Angeles",
	"PDT": "America/Los_Angeles", "PT": "America/Los_Angeles",
	"PACIFIC STANDARD TIME": "America/Los_Angeles", "HST": "Pacific/Honolulu",
	"AST": "America/Halifax", "ADT": "America/Halifax", "BST": "Europe/London",
	"GMT STANDARD TIME": "Europe/London", "UK": "Europe/London", "ENGLAND": "Europe/London",
	"WEST": "Europe/Lisbon", "CEST": "Europe/Oslo", "MEST": "Europe/Berlin",
	"MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin", "EEST": "Europe/Helsinki",
	"FLE STANDARD TIME": "Europe/Helsinki", "FINLAND": "Europe/Helsinki",
	"HELSINGFORS": "Europe/Helsinki", "W. EUROPE STANDARD TIME": "Europe/Oslo",
	"ROMANCE STANDARD TIME":          "Europe/Copenhagen",
	"CENTRAL EUROPE STANDARD TIME":   "Europe/Budapest",
	"CENTRAL EUROPEAN STANDARD TIME": "Europe/Warsaw", "CENTRAL EUROPEAN TIME": "Europe/Oslo",
	"NORGE": "Europe/Oslo", "NORWAY": "Europe/Oslo", "NOREG": "Europe/Oslo",
	"BERGEN": "Europe/Oslo", "TRONDHEIM": "Europe/Oslo", "STAVANGER": "Europe/Oslo",
	"TROMSØ": "Europe/Oslo", "TROMSO": "Europe/Oslo", "NORSK TID": "Europe/Oslo",
	"SVERIGE": "Europe/Stockholm", "SWEDEN": "Europe/Stockholm", "GÖTEBORG": "Europe/Stockholm",
	"MALMÖ": "Europe/Stockholm", "DANMARK": "Europe/Copenhagen", "DENMARK": "Europe/Copenhagen",
	"KØBENHAVN": "Europe/Copenhagen", "AARHUS": "Europe/Copenhagen",
	"DEUTSCHLAND": "Europe/Berlin", "GERMANY": "Europe/Berlin", "HAMBURG": "Europe/Berlin",
	"MÜNCHEN": "Europe/Berlin", "FRANKFURT": "Europe/Berlin", "NO": "Europe/Oslo",
	"SE": "Europe/Stockholm", "DK": "Europe/Copenhagen", "DE": "Europe/Berlin",
	"FI": "Europe/Helsinki", "WIEN": "Europe/Vienna", "MSK": "Europe/Moscow",
	"IST": "Asia/Kolkata", "SGT": "Asia/Singapore", "JST": "Asia/Tokyo",
	"AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "NZST": "Pacific/Auckland",
	"NZDT": "Pacific/Auckland",
}

// byOffset are places by how many hours they are ahead of UTC in winter.
var byOffset = map[int]string{
	-8: "America/Los_Angeles", -7: "America/Denver", -6: "America/Chicago", -5: "America/New_York",
	0: "Europe/London", 1: "Europe/Oslo", 2: "Europe/Helsinki", 9: "Asia/Tokyo",
	10: "Australia/Sydney",
}

var (
	abbreviation = regexp.MustCompile(`^[A-Z]{1,5}$|\d`)
	offset       = regexp.MustCompile(`^(?i:utc|gmt|z)? ?([+-]) ?0?(\d{1,2})(:?00)?$`)
)

// like returns the zone whose name is s, regardless of case, or "".
func like(s string) string {
	if i := slices.IndexFunc(zones, func(z string) bool {
		return strings.EqualFold(z,
			s)
	}); i >= 0 {
		return zones[i]
	}
	return ""
}

// FindZone returns the time zone that a person means by what they typed. It returns usable if there
// is no doubt: the zone's name or that of its city, in any case. Otherwise it returns the zone that
// is likely meant, as a suggestion, or "". A zone that is an offset all year is never usable.
func FindZone(typed string) (zone string, usable bool) {
	s := strings.Join(strings.Fields(typed), "_")
	zone = like(s)
	if zone == "" && s != "" && new(reader).location(s) != nil {
		zone = s // one that the list for suggestions does not have
	}
	if zone == "" && !strings.Contains(s, "/") {
		zone = zoneOfCity(s)
	}
	if zone == "" {
		return zoneLike(typed), false
	}
	if why, _ := fixedZone(zone); why != "" {
		return abbreviations[strings.ToUpper(zone)], false
	}
	return zone, true
}

// zoneOfCity returns the zone of a city, regardless of case, or "" if several have one.
func zoneOfCity(city string) (found string) {
	for _, z := range zones {
		i := strings.LastIndex(z, "/")
		if i < 0 || !strings.EqualFold(z[i+1:], city) {
			continue
		}
		if found != "" {
			return ""
		}
		found = z
	}
	return found
}

// zoneMeant suggests the zone that is likely meant, or says how to name one.
func zoneMeant(s string) string {
	if zone := zoneLike(s); zone != "" {
		return fmt.Sprintf("did you mean %q?", zone)
	}
	const place = "name a place, such as Europe/Oslo; " +
		"an offset or an abbreviation does not say when clocks change"
	if m := offset.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
		near := cmp.Or(byOffset[atoi(m[1]+m[2])], "Europe/Oslo")
		return strings.Replace(place, "Europe/Oslo", near, 1)
	}
	return place
}

// zoneLike returns the zone that is likely meant, or "".
func zoneLike(s string) string {
	s = strings.TrimSpace(s)
	last := s[strings.LastIndex(s, "/")+1:]
	zone := like(strings.ReplaceAll(s, " ", "_"))
	if zone == "" && offset.MatchString(s) {
		return ""
	}
	zone = cmp.Or(zone, like(strings.NewReplacer(`\`, "/", "-", "/", " / ", "/").Replace(s)),
		abbreviations[strings.ToUpper(s)], abbreviations[strings.ToUpper(last)])
	if zone == "" && !abbreviation.MatchString(s) {
		zone = nearestZone(strings.ReplaceAll(s, " ", "_"), strings.ReplaceAll(last, " ", "_"))
	}
	return zone
}

// nearestZone returns the zone that differs from s by a few typing errors, or that of the city, if
// a city is near.
func nearestZone(s, city string) string {
	zoneOf := map[string]string{}
	var cities []string
	for _, z := range zones {
		c := z[strings.LastIndex(z, "/")+1:]
		if zoneOf[c] == "" {
			zoneOf[c] = z
			cities = append(cities, c)
		}
	}
	near := Nearest(city, cities)
	if near == "" {
		return ""
	}
	return cmp.Or(Nearest(s, zones), zoneOf[near])
}
