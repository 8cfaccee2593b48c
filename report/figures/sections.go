package figures

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// Bot is the bot of a report.
type Bot struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	TZ   string `json:"tz"` // a name of the tz database
	// DefaultTZ is whether TZ is UTC because the configuration names no zone.
	DefaultTZ bool   `json:"default_tz,omitempty"`
	Link      string `json:"link,omitempty"` // to the bot in Kindly's platform
}

// Brand is how the editions look. It is part of the report, so that the same pages can be rendered
// again after the configuration changed.
type Brand struct {
	Accent string `json:"accent,omitempty"` // color as #rrggbb; empty: the default
	Logo   []byte `json:"logo,omitempty"`   // a small PNG
}

// Period is the days of the report. To is exclusive: the Monday after a week.
type Period struct {
	Name period.Period `json:"name"`
	From period.Date   `json:"from"`
	To   period.Date   `json:"to"`
}

// Filters are the sources and languages that a report counts. Empty means all.
type Filters struct {
	Sources   []string `json:"sources"`   // a leading minus excludes
	Languages []string `json:"languages"` // two-letter codes
}

// DayCount is a number of events on a day.
type DayCount struct {
	Date    period.Date `json:"date"`
	Count   int         `json:"count"`
	Missing bool        `json:"missing,omitempty"` // the number is unknown, and Count is 0
}

// Known reports whether the number of events is known.
func (d DayCount) Known() bool { return !d.Missing }

// PeriodCount is a number of events in a week.
type PeriodCount struct {
	Period      period.Period `json:"week"`
	Count       int           `json:"count"`                  // of the known days
	MissingDays int           `json:"missing_days,omitempty"` // days whose number is unknown
}

// Known reports whether the number of events is known for every day.
func (w PeriodCount) Known() bool { return w.MissingDays == 0 }

// KnownDays returns the number of days whose events are known.
func (w PeriodCount) KnownDays() int { return w.Period.Len() - w.MissingDays }

// Volume is a count beside the one of the week before. Without chats and messages there is no
// report.
type Volume struct {
	Total         int           `json:"total"`
	Previous      int           `json:"previous"`
	Change        *float64      `json:"change"`         // null without a baseline
	Daily         []DayCount    `json:"daily"`          // 7, Monday first
	PreviousDaily []DayCount    `json:"previous_daily"` // 7
	Trend         []PeriodCount `json:"weekly"`         // 12, this week last
}

// This returns this week's count; Total is the same number.
func (v Volume) This() PeriodCount { return v.Trend[TrendPeriods-1] }

// Before returns the count of the week before; Previous is the same number.
func (v Volume) Before() PeriodCount { return v.Trend[TrendPeriods-2] }

// Chats are the chat sessions in which users engaged with the bot.
type Chats struct {
	Volume
	// Hourly is chats by weekday (Monday first) and hour of the clock. An hour is null if it is not
	// available and if the clocks skipped it. If the clocks repeated it, it holds both.
	Hourly [][]*int `json:"hourly"`
	// StandsOut is Higher or Lower if the week's chats stand out from the baseline, and else empty.
	StandsOut string `json:"stands_out,omitempty"`
}

// Fallbacks are the bot's replies that it did not understand. Rate is their fraction of all
// replies.
type Fallbacks struct {
	Count         *int             `json:"count"`
	Rate          *float64         `json:"rate"` // null without a message or a reply
	PreviousCount *int             `json:"previous_count"`
	PreviousRate  *float64         `json:"previous_rate"`
	ChangePP      *float64         `json:"change_pp"` // percentage points
	Daily         []FallbackDay    `json:"daily"`     // 7
	Trend         []FallbackPeriod `json:"weekly"`    // 12
	History       []FallbackDay    `json:"history"`   // 84, the oldest first; null in old reports
	Incidents     []Incident       `json:"incidents"` // days of this week on which the rate jumped
	// Rising is a rate that has crept up over weeks; absent if none has.
	Rising *Rising `json:"rising,omitempty"`
	// StandsOut is Higher or Lower if the week's rate stands out from the baseline, and else empty.
	// It gives the rate its color and sign.
	StandsOut string `json:"stands_out,omitempty"`
}

// FallbackDay is a day's fallbacks. A day without a message has a count of zero and no rate.
type FallbackDay struct {
	Date    period.Date `json:"date"`
	Count   *int        `json:"count"`
	Rate    *float64    `json:"rate"`
	Missing bool        `json:"missing,omitempty"` // unknown: Count is nil, in JSON zero
}

// FallbackPeriod is a week's fallbacks. The last two weeks have the totals, even if the others are
// not available.
type FallbackPeriod struct {
	Period period.Period `json:"week"`
	Count  *int          `json:"count"`
	Rate   *float64      `json:"rate"`
}

// HandoverCounts are stages of handovers to people: all nil or none. A request counts once, while
// open or while closed. Started and ended are later stages of the same handovers, so stages do not
// add up.
type HandoverCounts struct {
	Requests            *int `json:"requests"`              // asked for while open
	RequestsWhileClosed *int `json:"requests_while_closed"` // asked for outside opening hours
	Started             *int `json:"started"`
	Ended               *int `json:"ended"`
}

// stageKeys are the JSON keys of the stages, in the order of stages.
var stageKeys = [4]string{"requests", "requests_while_closed", "started", "ended"}

func (c *HandoverCounts) stages() [4]**int {
	return [4]**int{&c.Requests, &c.RequestsWhileClosed, &c.Started, &c.Ended}
}

// AllRequests returns how often people asked for a human, while open and while closed. Returns
// false if that is unknown.
func (c HandoverCounts) AllRequests() (n int, known bool) {
	if c.Requests == nil {
		return 0, false
	}
	return plus(*c.Requests, *c.RequestsWhileClosed), true
}

// HandoverChange is the relative change of each stage, nil if there is none.
type HandoverChange struct {
	Requests            *float64 `json:"requests"`
	RequestsWhileClosed *float64 `json:"requests_while_closed"`
	Started             *float64 `json:"started"`
	Ended               *float64 `json:"ended"`
}

func (c *HandoverChange) stages() [4]**float64 {
	return [4]**float64{&c.Requests, &c.RequestsWhileClosed, &c.Started, &c.Ended}
}

// Handovers are the week's handovers to people beside those of the week before.
type Handovers struct {
	HandoverCounts
	Previous HandoverCounts   `json:"previous"`
	Change   HandoverChange   `json:"change"`
	Daily    []HandoverDay    `json:"daily"`  // 7
	Trend    []HandoverPeriod `json:"weekly"` // 12
	// HourlyWhileClosed is requests while closed, in the form of Chats.Hourly.
	HourlyWhileClosed [][]*int `json:"hourly_while_closed"`
}

// HandoverDay is a day's handovers.
type HandoverDay struct {
	Date period.Date `json:"date"`
	HandoverCounts
	Missing bool `json:"missing,omitempty"` // unknown: the counts are nil, in JSON zero
}

// HandoverPeriod is a week's handovers.
type HandoverPeriod struct {
	Period period.Period `json:"week"`
	HandoverCounts
	Missing bool `json:"missing,omitempty"` // unknown for a day: the counts are nil, in JSON zero
}

// Feedback is how users rated the bot, 1 the lowest. A list is null if it is not available, and
// empty without ratings, as of a bot that does not ask for feedback.
type Feedback struct {
	Binary         []Rating `json:"binary"` // ratings 1 and 2
	Emojis         []Rating `json:"emojis"` // ratings 1 to 5
	PreviousBinary []Rating `json:"previous_binary"`
	PreviousEmojis []Rating `json:"previous_emojis"`
	// Before is the sum of the eleven weeks before this one, without the special ones.
	BeforeBinary []Rating `json:"before_binary"`
	BeforeEmojis []Rating `json:"before_emojis"`
	// Trend is the 12 weeks. Null if the bot has no target that needs it.
	Trend []FeedbackPeriod `json:"weekly"`
}

// Rating is how often one rating was given, and its fraction of all.
type Rating struct {
	Rating int     `json:"rating"`
	Count  int     `json:"count"`
	Ratio  float64 `json:"ratio"`
}

// Past is the count of a list's item in the week before. If the item is not in last week's list,
// Previous is null and BelowLimit is set if that list was full, and else zero. Previous alone is
// null if that list is not available and if the count is unknown.
type Past struct {
	Previous       *int     `json:"previous"`
	PreviousAtMost bool     `json:"previous_at_most,omitempty"` // as Page.AtMost
	BelowLimit     bool     `json:"previous_below_limit,omitempty"`
	Change         *float64 `json:"change"`
}

// Page is a web page with the chats on it. Past counts sessions. Addresses that differ only in what
// [WithoutQuery] cuts are one page.
type Page struct {
	Host     string `json:"host"`
	Path     string `json:"path"`
	Sessions int    `json:"sessions"`
	AtMost   bool   `json:"at_most,omitempty"` // Sessions may count a chat on two addresses twice
	Messages int    `json:"messages"`
	Past
}

// Button is a button that users clicked, and its dialogue. Buttons that look alike in dialogues
// that look alike are one.
type Button struct {
	Text     string  `json:"text"`
	Dialogue string  `json:"dialogue"`
	Count    int     `json:"count"`
	Ratio    float64 `json:"ratio"` // of all clicks in the week
	Past
}

// Label is a label that was added to chats. Labels that look alike are one, even with other ids.
type Label struct {
	ID       string   `json:"id"`
	OtherIDs []string `json:"other_ids,omitempty"` // of the labels counted here that look alike
	Text     string   `json:"text"`
	Count    int      `json:"count"`
	Past
}

// HistoryDay is one of the 84 days.
type HistoryDay struct {
	Date            period.Date `json:"date"`
	Chats           int         `json:"chats"`
	Messages        int         `json:"messages"`
	ChatsMissing    bool        `json:"chats_missing,omitempty"`    // unknown, and Chats is 0
	MessagesMissing bool        `json:"messages_missing,omitempty"` // likewise
}

// KnowsChats reports whether the day's number of chats is known.
func (d HistoryDay) KnowsChats() bool { return !d.ChatsMissing }

// KnowsMessages reports whether the day's number of messages is known.
func (d HistoryDay) KnowsMessages() bool { return !d.MessagesMissing }

// Sections that can be unavailable, as a whole or in a part.
const (
	SectionChats             = "chats"
	SectionMessages          = "messages"
	SectionHours             = "hours"
	SectionFallbacks         = "fallbacks"
	SectionFallbacksPrevious = "fallbacks.previous"
	SectionFallbacksDaily    = "fallbacks.daily"
	SectionFallbacksTrend    = "fallbacks.weekly"
	SectionHandovers         = "handovers"
	SectionHandoversHourly   = "handovers.hourly"
	SectionFeedback          = "feedback"
	SectionFeedbackPrevious  = "feedback.previous"
	SectionFeedbackBefore    = "feedback.before"
	SectionFeedbackTrend     = "feedback.weekly"
	SectionPages             = "pages"
	SectionPagesPrevious     = "pages.previous"
	SectionButtons           = "buttons"
	SectionButtonsPrevious   = "buttons.previous"
	SectionLabels            = "labels"
	SectionLabelsPrevious    = "labels.previous"
	SectionYearAgo           = "year_ago"
	SectionYearAgoFallbacks  = "year_ago.fallbacks"

	// Some days of a section. An older program takes the section's own name for all of it.
	SectionHoursDays     = "hours.days"
	SectionFallbacksDays = "fallbacks.days"
	SectionHandoversDays = "handovers.days"

	SectionOptions = "options" // of UncheckedFilters alone
)

// Unavailable is a section that could not be fetched, or days of one that are unknown.
type Unavailable struct {
	Section string        `json:"section"`
	Reason  string        `json:"reason"`            // in English
	Refused bool          `json:"refused,omitempty"` // Sage refused the request, and would again
	Cause   Cause         `json:"cause,omitzero"`    // Reason for any language; zero in old reports
	Days    []period.Date `json:"days,omitempty"`    // of this week; none: the whole section
}

// Contradiction is days of the weeks before whose numbers are unknown.
type Contradiction struct {
	Section string      `json:"section"` // the days of fallbacks.weekly are whole weeks
	First   period.Date `json:"first"`
	Last    period.Date `json:"last"`  // inclusive
	Cause   Cause       `json:"cause"` // contradicted, repeated or discarded
}

// Repeated counts points that Sage sent again with the same numbers. The report counts them once.
type Repeated struct {
	Section string `json:"section"`
	Points  int    `json:"points"`
}

// Cause is why a request failed, in a form for any language.
type Cause struct {
	Kind   string `json:"kind"`             // one of the Cause constants
	Who    string `json:"who"`              // the service: Sage or Kindly
	Status int    `json:"status,omitempty"` // of HTTP, of CauseStatus
	By     string `json:"by,omitempty"`     // of CauseContradicted: the section with events
	Shows  int    `json:"shows,omitempty"`  // of CauseContradicted: how many events on these days
}

// Kinds of causes.
const (
	CauseUnsent      = "unsent"      // the request could not be sent
	CauseStatus      = "status"      // the answer has an HTTP status of failure
	CauseShape       = "shape"       // the answer has an unexpected shape
	CausePage        = "page"        // the answer is a web page
	CauseUnfinished  = "unfinished"  // the answer was not complete in time
	CauseLate        = "late"        // there was no answer in time
	CauseBroken      = "broken"      // the answer broke off
	CauseUnreadable  = "unreadable"  // the answer could not be read
	CauseUnreachable = "unreachable" // the service could not be reached

	CauseContradicted = "contradicted" // another answer has events on days without any in this one
	CauseRepeated     = "repeated"     // the answer has different numbers for one time
	CauseDiscarded    = "discarded"    // all points are for times that were not asked for
	CauseUnproven     = "unproven"     // there are no events, and no other answer confirms it
)

// Doubtful reports whether there was an answer whose numbers cannot be trusted.
func (c Cause) Doubtful() bool {
	switch c.Kind {
	case CauseContradicted, CauseRepeated, CauseDiscarded, CauseUnproven:
		return true
	}
	return false
}

// Dropped counts points for times that were not asked for. They are in no figure.
type Dropped struct {
	Section string `json:"section"`
	Points  int    `json:"points"`
}

// Surplus counts items of a list beyond the limit, the least frequent. They are in no figure.
type Surplus struct {
	Section string `json:"section"`
	Items   int    `json:"items"`
}

// Empty reports whether the week is known to have no chats.
func (r *Report) Empty() bool { return r.Chats.Total == 0 && r.Chats.This().Known() }

// Dead reports whether the week is known to have neither chats nor messages.
func (r *Report) Dead() bool {
	return r.Empty() && r.Messages.Total == 0 && r.Messages.This().Known()
}

// CoreGap returns why chats or messages of this week are unknown, in English; empty if they are
// known.
func (r *Report) CoreGap() string {
	var gaps []string
	for _, u := range r.Unavailable {
		if u.Section == SectionChats || u.Section == SectionMessages {
			gaps = append(gaps, u.Section+" are not known: "+u.Reason)
		}
	}
	return strings.Join(gaps, "; ")
}

// MissingDays returns the number of unknown days, added up over the sections; a whole section
// counts all. Of two builds of a week the one with fewer is better.
func (r *Report) MissingDays() (days int) {
	for _, u := range r.Unavailable {
		if n := len(u.Days); n > 0 {
			days += n
		} else {
			days += r.Period.Name.Len()
		}
	}
	return days
}

// Reason returns why a section is unavailable as a whole. Returns false if it is not.
func (r *Report) Reason(section string) (reason string, unavailable bool) {
	for _, u := range r.Unavailable {
		if u.Section == section && len(u.Days) == 0 {
			return u.Reason, true
		}
	}
	return "", false
}

// KnowsHours reports whether the chats by hour of a day are known; day is from 0, Monday, to 6. If
// not, its nulls are not hours that the clocks skipped.
func (r *Report) KnowsHours(day int) bool {
	_, none := r.Reason(SectionHours)
	return !none && !slices.ContainsFunc(r.Unavailable, func(u Unavailable) bool {
		return u.Section == SectionHoursDays && slices.Contains(u.Days, r.Period.From.Add(day))
	})
}

// Location returns the bot's time zone. It fails if the zone is unknown.
func (r *Report) Location() (*time.Location, error) { return location(r.Bot.TZ) }

func location(tz string) (*time.Location, error) {
	loc, err := time.LoadLocation(tz)
	// Go takes "" for UTC and "Local" for the zone of the machine.
	if err != nil || tz == "" || tz == "Local" {
		return nil, fmt.Errorf("unknown time zone %q; use a name such as Europe/Oslo", tz)
	}
	return loc, nil
}

// Comparable reports whether the change of a count from the week before may be printed as a
// percentage: both weeks have at least MinEvents, and the two can be compared.
func (r *Report) Comparable(this, previous int) bool {
	return r.previousComparable() && this >= MinEvents && previous >= MinEvents
}

// FallbacksComparable reports whether the change of the fallback rate may be printed.
func (r *Report) FallbacksComparable() bool {
	return r.previousComparable() && r.Fallbacks.ChangePP != nil &&
		r.Messages.Total >= MinMessages && r.Messages.Previous >= MinMessages
}

// Positive returns how many ratings of a kind were positive, and how many there were. The upper one
// of two steps is positive, and the upper two of five.
func Positive(ratings []Rating, steps int) (positive, total int) {
	for _, r := range ratings {
		total = plus(total, r.Count)
		if r.Rating > steps/2+steps%2 {
			positive = plus(positive, r.Count)
		}
	}
	return positive, total
}
