package sagefake_test

import (
	"strings"
	"testing"
	"time"

	"kindlyweekly/sage/sagefake"
)

// The vendor's page: "If someone messages the bot at 9 p.m. (summer time) on Monday in California,
// this is stored in the database as occurring at 4 a.m. on Tuesday."
func TestZones_California(t *testing.T) {
	bot := &sagefake.Bot{ID: "7", Key: "secret"}
	bot.Add(sagefake.Event{At: instant(t, "2021-07-12T21:00:00-07:00"), Kind: sagefake.Message})
	w := serve(t, bot)
	for tz, want := range map[string]string{
		"":                       "2021-07-13:1",
		"tz=UTC":                 "2021-07-13:1",
		"tz=America/Los_Angeles": "2021-07-12:1",
	} {
		if got := points(data[[]point](w, bot, "sessions/messages",
			"from=2021-07-12&to=2021-07-14&"+tz)); got != want {
			t.Errorf("%q: %s, want %s", tz, got, want)
		}
	}
	if got := points(data[[]point](w, bot, "sessions/messages",
		"from=2021-07-13&to=2021-07-14&tz=America/Los_Angeles")); got != "" {
		t.Errorf("Tuesday in California: %s, want nothing", got)
	}
}

// One chat every quarter of an hour of UTC, for days around a change of clocks: a count of 4 is an
// hour, of 8 an hour that came twice, and an hour that was skipped is absent.
func TestZones_ClocksChange(t *testing.T) {
	for _, tt := range []struct {
		name, zone, from, to string
		days                 string
		// "from" by the hour, from the hour before the first unusual one to the hour after
		around string
	}{
		{"spring", "Europe/Oslo", "2026-03-29", "2026-03-30", "2026-03-29:92",
			"2026-03-29T01:4 2026-03-29T03:4 2026-03-29T04:4"},
		{"autumn", "Europe/Oslo", "2026-10-25", "2026-10-26", "2026-10-25:100",
			"2026-10-25T01:4 2026-10-25T02:8 2026-10-25T03:4"},
		// The day begins at 01:00, and is still the bucket of its date.
		{"spring at midnight", "America/Santiago", "2026-09-05", "2026-09-07",
			"2026-09-05:96 2026-09-06:92", "2026-09-05T23:4 2026-09-06T01:4"},
		{"autumn at midnight", "America/Santiago", "2026-04-04", "2026-04-06",
			"2026-04-04:100 2026-04-05:96", "2026-04-04T22:4 2026-04-04T23:8 2026-04-05:4"},
		{"spring at midnight", "Africa/Cairo", "2026-04-23", "2026-04-25",
			"2026-04-23:96 2026-04-24:92", "2026-04-23T23:4 2026-04-24T01:4"},
		{"autumn at midnight", "Asia/Beirut", "2026-10-24", "2026-10-26",
			"2026-10-24:100 2026-10-25:96", "2026-10-24T22:4 2026-10-24T23:8 2026-10-25:4"},
		// Half an hour only.
		{"spring by half an hour", "Australia/Lord_Howe", "2026-10-04", "2026-10-05",
			"2026-10-04:94", "2026-10-04T01:4 2026-10-04T02:2 2026-10-04T03:4"},
		{"a zone off the hour", "Asia/Kathmandu", "2026-10-04", "2026-10-05", "2026-10-04:96",
			"2026-10-04:4 2026-10-04T01:4"},
	} {
		t.Run(tt.zone+" "+tt.name, func(t *testing.T) {
			bot := &sagefake.Bot{ID: "7", Key: "secret"}
			noon := instant(t, tt.from+"T12:00:00Z")
			every(bot, 15*time.Minute, noon.AddDate(0, 0, -3), noon.AddDate(0, 0, 4),
				sagefake.Event{Kind: sagefake.Chat})
			w := serve(t, bot)
			query := "tz=" + tt.zone + "&from=" + tt.from + "&to=" + tt.to
			if got := points(data[[]point](w, bot, "sessions/chats", query)); got != tt.days {
				t.Errorf("days: %s, want %s", got, tt.days)
			}
			got := points(data[[]point](w, bot, "sessions/chats", query+"&granularity=hour"))
			if !strings.Contains(" "+got+" ", " "+tt.around+" ") {
				t.Errorf("hours: %s, want in it %s", got, tt.around)
			}
		})
	}
}

func TestZones_WeekBeginsOnMonday(t *testing.T) {
	bot := &sagefake.Bot{ID: "7", Key: "secret"}
	// New Year's week of 2021 begins in 2020; the last events are before 1970, where remainders
	// turn negative.
	for _, at := range []string{
		"2020-12-27T23:30:00+01:00", "2020-12-28T00:30:00+01:00", "2021-01-03T23:30:00+01:00",
		"2021-01-04T00:30:00+01:00",
		"1969-12-28T12:00:00Z", "1969-12-29T12:00:00Z",
	} {
		bot.Add(sagefake.Event{At: instant(t, at), Kind: sagefake.Chat})
	}
	w := serve(t, bot)
	for query, want := range map[string]string{
		"from=2020-12-01&to=2021-02-01&tz=Europe/Oslo": "2020-12-21:1 2020-12-28:2 2021-01-04:1",
		"from=2020-12-01&to=2021-02-01":                "2020-12-21:2 2020-12-28:2",
		"from=1969-12-01&to=1970-02-01":                "1969-12-22:1 1969-12-29:1",
		// The first week is only asked for from its Friday on; its bucket is its Monday all the
		// same.
		"from=2021-01-01&to=2021-01-05&tz=Europe/Oslo": "2020-12-28:1 2021-01-04:1",
	} {
		if got := points(data[[]point](w, bot, "sessions/chats",
			"granularity=week&"+query)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// In every zone the hours and the days of a week add up to the week and to the total.
func TestZones_DaysAddUp(t *testing.T) {
	bot := &sagefake.Bot{ID: "7", Key: "secret"}
	step := 7 * time.Minute
	every(bot, step, instant(t, "2026-10-15T00:00:00Z"), instant(t, "2026-11-12T00:00:00Z"),
		sagefake.Event{Kind: sagefake.Fallback})
	w := serve(t, bot)
	for _, zone := range []string{
		"UTC", "Europe/Oslo", "America/New_York", "Africa/Cairo", "Asia/Beirut", "Asia/Kathmandu",
		"Pacific/Kiritimati",
		"Pacific/Pago_Pago", "America/St_Johns", "Australia/Lord_Howe",
	} {
		for _, monday := range []string{"2026-10-19", "2026-10-26", "2026-11-02"} {
			query := "tz=" + zone + "&from=" + monday + "&to=" +
				instant(t, monday+"T00:00:00Z").AddDate(0, 0, 7).Format(time.DateOnly)
			want := data[point](w, bot, "fallbacks/total", query).Count
			if want < 7*23*60/7 || want > 7*25*60/7 {
				t.Errorf("%s: %d events, impossible for a week", query, want)
			}
			for _, granularity := range []string{"hour", "day", "week"} {
				if got := total(data[[]point](w, bot, "fallbacks/series",
					query+"&granularity="+granularity)); got != want {
					t.Errorf("%s by the %s: %d, want the total's %d", query, granularity, got, want)
				}
			}
		}
	}
}
