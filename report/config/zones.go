package config

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/report/names"
)

//go:embed zones.txt
var zoneNames string // of the tz database 2026 that name a place, and UTC, for "did you mean"; whether a zone exists time.LoadLocation says

var zones = strings.Fields(zoneNames)

// tz reads a time zone, and remembers where it stands for [reader.placed].
func (r *reader) tz(d *draft) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		if !ok {
			return
		}
		loc, known := r.zones[s]
		if !known {
			var err error
			loc, err = time.LoadLocation(s)
			// Local and localtime are the machine's own zone, which is another one elsewhere, and posix/… and right/… are
			// files of some machines only. A disk that ignores case lets europe/oslo pass.
			if err != nil || s == "Local" || s[0] < 'A' || s[0] > 'Z' || like(s) != "" && like(s) != s {
				if plain := names.Plain(s); plain != s && slices.Contains(zones, plain) {
					r.wrong(n, path, "%s %s", quote(s), odd(s, plain))
				} else {
					r.wrong(n, path, "%s is no time zone of the tz database: %s", quote(s), zoneMeant(s))
				}
				return
			}
			if r.zones == nil {
				r.zones = make(map[string]*time.Location)
			}
			r.zones[s] = loc
		}
		d.TZ, d.Location, d.zoneAt = s, loc, n
	}
}

// placed notes a time zone that names no place, which is an offset all year, unless fixed_offset beside it says that this is
// meant. UTC says so itself. found is the mapping in which both stand.
func (r *reader) placed(d *draft, found map[string]*yaml.Node, path string) {
	why, possible := fixedZone(d.TZ)
	insists := found["fixed_offset"]
	switch {
	case d.zoneAt == nil && d.fixedOffset:
		if found["tz"] == nil {
			r.wrong(insists, member(path, "fixed_offset"), "stands beside no tz: write it where tz is")
		}
	case d.zoneAt == nil:
	case why == "" && d.fixedOffset && !slices.Contains(utc, d.TZ):
		r.wrong(insists, member(path, "fixed_offset"), "%s is a place and no fixed offset: remove this key", quote(d.TZ))
	case why != "" && (!d.fixedOffset || !possible):
		r.newly(d.zoneAt, member(path, "tz"), "%s %s", quote(d.TZ), why)
	}
}

// utc are the names of UTC.
var utc = []string{"UTC", "UCT", "Zulu", "Universal", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Etc/Universal"}

var etcOffset = regexp.MustCompile(`^Etc/GMT([+-])([1-9]\d?)$`)

// fixedZone says what is wrong with a zone that names neither a place nor UTC, "" of others, and whether fixed_offset can
// insist on it. CET, EST5EDT and their like change their clocks, as the places do that they stand for.
func fixedZone(s string) (why string, insists bool) {
	const insist = "fixed_offset: true beside tz in bots.yaml"
	says := func(offset, place, instead string) (string, bool) {
		return fmt.Sprintf("is %s: did you mean %q? If not, write %s", offset, place, instead), true
	}
	switch s {
	case "Factory":
		return "is the zone of machines that were never given one: name a place, such as Europe/Oslo, or write UTC", false
	case "EST":
		return says("UTC-5 all year", abbreviations[s], insist)
	case "MST":
		return says("UTC-7 all year", abbreviations[s], insist)
	case "HST":
		return says("UTC-10 all year", abbreviations[s], insist)
	}
	switch strings.TrimPrefix(s, "Etc/") {
	case "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich":
		return says("UTC all year", "Europe/London", "UTC")
	}
	m := etcOffset.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	written, _ := strconv.Atoi(m[1] + m[2])
	place := cmp.Or(byOffset[-written], byOffset[written], "Europe/Oslo")
	return says(fmt.Sprintf("UTC%+d all year, since the sign of such names is reversed", -written), place, insist)
}

// abbreviations are the places that people mean by abbreviations and by names that Windows and maps have for zones.
var abbreviations = map[string]string{
	"EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York", "EASTERN STANDARD TIME": "America/New_York",
	"CST": "America/Chicago", "CDT": "America/Chicago", "CT": "America/Chicago", "CENTRAL STANDARD TIME": "America/Chicago",
	"MST": "America/Denver", "MDT": "America/Denver", "MT": "America/Denver", "MOUNTAIN STANDARD TIME": "America/Denver",
	"PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles", "PACIFIC STANDARD TIME": "America/Los_Angeles",
	"HST": "Pacific/Honolulu", "AST": "America/Halifax", "ADT": "America/Halifax",
	"BST": "Europe/London", "GMT STANDARD TIME": "Europe/London", "UK": "Europe/London", "ENGLAND": "Europe/London",
	"WEST": "Europe/Lisbon", "CEST": "Europe/Oslo", "MEST": "Europe/Berlin", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
	"EEST": "Europe/Helsinki", "FLE STANDARD TIME": "Europe/Helsinki", "FINLAND": "Europe/Helsinki", "HELSINGFORS": "Europe/Helsinki",
	"W. EUROPE STANDARD TIME": "Europe/Oslo", "ROMANCE STANDARD TIME": "Europe/Copenhagen",
	"CENTRAL EUROPE STANDARD TIME": "Europe/Budapest", "CENTRAL EUROPEAN STANDARD TIME": "Europe/Warsaw",
	"CENTRAL EUROPEAN TIME": "Europe/Oslo",
	"NORGE":                 "Europe/Oslo", "NORWAY": "Europe/Oslo", "NOREG": "Europe/Oslo", "BERGEN": "Europe/Oslo", "TRONDHEIM": "Europe/Oslo",
	"STAVANGER": "Europe/Oslo", "TROMSØ": "Europe/Oslo", "TROMSO": "Europe/Oslo", "NORSK TID": "Europe/Oslo",
	"SVERIGE": "Europe/Stockholm", "SWEDEN": "Europe/Stockholm", "GÖTEBORG": "Europe/Stockholm", "MALMÖ": "Europe/Stockholm",
	"DANMARK": "Europe/Copenhagen", "DENMARK": "Europe/Copenhagen", "KØBENHAVN": "Europe/Copenhagen", "AARHUS": "Europe/Copenhagen",
	"DEUTSCHLAND": "Europe/Berlin", "GERMANY": "Europe/Berlin", "HAMBURG": "Europe/Berlin", "MÜNCHEN": "Europe/Berlin", "FRANKFURT": "Europe/Berlin",
	"NO": "Europe/Oslo", "SE": "Europe/Stockholm", "DK": "Europe/Copenhagen", "DE": "Europe/Berlin", "FI": "Europe/Helsinki",
	"WIEN": "Europe/Vienna", "MSK": "Europe/Moscow", "IST": "Asia/Kolkata", "SGT": "Asia/Singapore", "JST": "Asia/Tokyo",
	"AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
}

// byOffset are places by their winter's hours ahead of UTC.
var byOffset = map[int]string{
	-8: "America/Los_Angeles", -7: "America/Denver", -6: "America/Chicago", -5: "America/New_York",
	0: "Europe/London", 1: "Europe/Oslo", 2: "Europe/Helsinki", 9: "Asia/Tokyo", 10: "Australia/Sydney",
}

var (
	abbreviation = regexp.MustCompile(`^[A-Z]{1,5}$|\d`)
	offset       = regexp.MustCompile(`^(?i:utc|gmt|z)? ?([+-]) ?0?(\d{1,2})(:?00)?$`)
)

// like returns the zone whose name is s but for case.
func like(s string) string {
	if i := slices.IndexFunc(zones, func(z string) bool { return strings.EqualFold(z, s) }); i >= 0 {
		return zones[i]
	}
	return ""
}

func zoneMeant(s string) string {
	const place = "name a place, such as Europe/Oslo; an offset or an abbreviation does not know when clocks change"
	s = strings.TrimSpace(s)
	if z := like(strings.ReplaceAll(s, " ", "_")); z != "" {
		return fmt.Sprintf("did you mean %q?", z)
	}
	if m := offset.FindStringSubmatch(s); m != nil {
		hours, _ := strconv.Atoi(m[1] + m[2])
		return strings.Replace(place, "Europe/Oslo", cmp.Or(byOffset[hours], "Europe/Oslo"), 1)
	}
	if z := like(strings.NewReplacer(`\`, "/", "-", "/", " / ", "/").Replace(s)); z != "" {
		return fmt.Sprintf("did you mean %q?", z)
	}
	last := s[strings.LastIndex(s, "/")+1:]
	if z := cmp.Or(abbreviations[strings.ToUpper(s)], abbreviations[strings.ToUpper(last)]); z != "" {
		return fmt.Sprintf("did you mean %q?", z)
	}
	s, last = strings.ReplaceAll(s, " ", "_"), strings.ReplaceAll(last, " ", "_")
	cities := map[string]string{}
	var all []string
	for _, z := range zones {
		city := z[strings.LastIndex(z, "/")+1:]
		if cities[city] == "" {
			cities[city] = z
			all = append(all, city)
		}
	}
	city := nearest(last, all)
	if city == "" || abbreviation.MatchString(s) {
		return place
	}
	return fmt.Sprintf("did you mean %q?", cmp.Or(nearest(s, zones), cities[city]))
}
