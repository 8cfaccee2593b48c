package figures

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// Bot says whose week it is.
type Bot struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	TZ   string `json:"tz"` // a name of the tz database
	// DefaultTZ says that TZ is UTC because no zone was named.
	DefaultTZ bool   `json:"default_tz,omitempty"`
	Link      string `json:"link,omitempty"` // where the bot is found in Kindly's platform
}

// Brand is how the editions look. It stands among the numbers so that whoever has them can draw the same pages again: a logo
// beside them might be another one by then, or gone.
type Brand struct {
	Accent string `json:"accent,omitempty"` // colour as #rrggbb; empty: the report's own
	Logo   []byte `json:"logo,omitempty"`   // a small PNG
}

// Period is the days of the report. To is exclusive: the Monday after a week.
type Period struct {
	Name period.Period `json:"name"`
	From period.Date   `json:"from"`
	To   period.Date   `json:"to"`
}

// Filters are those that were sent to Sage. Empty means unfiltered.
type Filters struct {
	Sources   []string `json:"sources"`   // a leading minus excludes
	Languages []string `json:"languages"` // two-letter codes
}

// DayCount is a number of events on a day.
type DayCount struct {
	Date    period.Date `json:"date"`
	Count   int         `json:"count"`
	Missing bool        `json:"missing,omitempty"` // the number is not known, and Count is 0
}

// Known reports whether the number of events is known.
func (d DayCount) Known() bool { return !d.Missing }

// PeriodCount is a number of events in a week.
type PeriodCount struct {
	Period      period.Period `json:"week"`
	Count       int           `json:"count"`                  // of the days that are known
	MissingDays int           `json:"missing_days,omitempty"` // of how many days it is not known
}

// Known reports whether the number of events is known of every day.
func (w PeriodCount) Known() bool { return w.MissingDays == 0 }

// KnownDays returns the number of days whose events are known.
func (w PeriodCount) KnownDays() int { return w.Period.Len() - w.MissingDays }

// Volume is a count beside that of the week before. These are the core: a report without them is not made.
type Volume struct {
	Total         int           `json:"total"`
	Previous      int           `json:"previous"`
	Change        *float64      `json:"change"`         // null without a baseline
	Daily         []DayCount    `json:"daily"`          // 7, Monday first
	PreviousDaily []DayCount    `json:"previous_daily"` // 7
	Trend         []PeriodCount `json:"weekly"`         // 12, this week last
}

// This returns this week's count; Total is the same number.
func (v Volume) This() PeriodCount { return v.back(1) }

// Before returns the count of the week before; Previous is the same number.
func (v Volume) Before() PeriodCount { return v.back(2) }

func (v Volume) back(n int) PeriodCount {
	if len(v.Trend) < n {
		return PeriodCount{}
	}
	return v.Trend[len(v.Trend)-n]
}

// Chats are the chat sessions in which users engaged with the bot.
type Chats struct {
	Volume
	// Hourly is chats by weekday (Monday first) and hour of the clock. Null: not available, or an hour that the
	// clocks skipped. An hour that came twice holds both.
	Hourly [][]*int `json:"hourly"`
}

// Fallbacks are the bot's replies that said it did not understand; Rate is their fraction of all its replies.
type Fallbacks struct {
	Count         *int             `json:"count"`
	Rate          *float64         `json:"rate"` // null where nobody wrote, or the bot did not reply
	PreviousCount *int             `json:"previous_count"`
	PreviousRate  *float64         `json:"previous_rate"`
	ChangePP      *float64         `json:"change_pp"` // percentage points
	Daily         []FallbackDay    `json:"daily"`     // 7
	Trend         []FallbackPeriod `json:"weekly"`    // 12
	History       []FallbackDay    `json:"history"`   // 84 days, the oldest first; null in a report of before there was one
	Incidents     []Incident       `json:"incidents"` // days of this week on which the rate jumped
	// StandsOut is Higher or Lower where the week's rate stands out from the ordinary weeks. It is what gives a rate its
	// sign; empty, as in a report that was written before there was this key, there is none.
	StandsOut string `json:"stands_out,omitempty"`
}

// FallbackDay is a day's fallbacks. A day on which nobody wrote has a count of zero and no rate.
type FallbackDay struct {
	Date    period.Date `json:"date"`
	Count   *int        `json:"count"`
	Rate    *float64    `json:"rate"`
	Missing bool        `json:"missing,omitempty"` // of this day alone; then Count is nil, in JSON zero
}

// FallbackPeriod is a week's fallbacks. Where the weekly series is not available, the last two weeks still hold the
// totals.
type FallbackPeriod struct {
	Period period.Period `json:"week"`
	Count  *int          `json:"count"`
	Rate   *float64      `json:"rate"`
}

// HandoverCounts are stages of handovers to people. A request is counted once, while open or while closed; started and
// ended are later stages of the same handovers, so they are never added to requests.
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

// AllRequests returns how often people asked for a human, open and closed. It returns false if that is not known.
func (c HandoverCounts) AllRequests() (n int, known bool) {
	if c.Requests == nil || c.RequestsWhileClosed == nil {
		return 0, false
	}
	return plus(*c.Requests, *c.RequestsWhileClosed), true
}

// HandoverChange is each stage's change.
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
	// HourlyWhileClosed is requests while closed by weekday (Monday first) and hour of the clock, with nulls as in
	// Chats.Hourly.
	HourlyWhileClosed [][]*int `json:"hourly_while_closed"`
}

// HandoverDay is a day's handovers.
type HandoverDay struct {
	Date period.Date `json:"date"`
	HandoverCounts
	Missing bool `json:"missing,omitempty"` // of this day alone; then the counts are nil, in JSON zero
}

// HandoverPeriod is a week's handovers.
type HandoverPeriod struct {
	Period period.Period `json:"week"`
	HandoverCounts
	Missing bool `json:"missing,omitempty"` // of a day of this week; then the counts are nil, in JSON zero
}

// Feedback is what users rated, 1 the lowest. Lists are null where not available and empty without ratings, which is
// also how a bot looks whose feedback is switched off.
type Feedback struct {
	Binary         []Rating `json:"binary"` // ratings 1 and 2
	Emojis         []Rating `json:"emojis"` // ratings 1 to 5
	PreviousBinary []Rating `json:"previous_binary"`
	PreviousEmojis []Rating `json:"previous_emojis"`
	// Before are the eleven weeks before this one, the week before among them, together; those with something special in
	// them are left out.
	BeforeBinary []Rating `json:"before_binary"`
	BeforeEmojis []Rating `json:"before_emojis"`
	// Trend is the 12 weeks one by one. Null where it was not asked for, which it is only for a target.
	Trend []FeedbackPeriod `json:"weekly"`
}

// Rating is how often one rating was given, and its fraction of all.
type Rating struct {
	Rating int     `json:"rating"`
	Count  int     `json:"count"`
	Ratio  float64 `json:"ratio"`
}

// Past is a list item's number in the week before: null and BelowLimit where last week's list was full without it,
// null alone where that list is not available or the number is not known, zero where the list was not full.
type Past struct {
	Previous       *int     `json:"previous"`
	PreviousAtMost bool     `json:"previous_at_most,omitempty"` // as Page.AtMost
	BelowLimit     bool     `json:"previous_below_limit,omitempty"`
	Change         *float64 `json:"change"`
}

// Page is a web page with the chats that took place on it. Past counts sessions. Addresses that differ only in what
// [WithoutQuery] cuts are one page.
type Page struct {
	Host     string `json:"host"`
	Path     string `json:"path"`
	Sessions int    `json:"sessions"`
	AtMost   bool   `json:"at_most,omitempty"` // Sessions are of several addresses, and a chat on two of them counts twice
	Messages int    `json:"messages"`
	Past
}

// Button is a button that users clicked and the dialogue it belongs to. Buttons that look alike in dialogues that look
// alike are one.
type Button struct {
	Text     string  `json:"text"`
	Dialogue string  `json:"dialogue"`
	Count    int     `json:"count"`
	Ratio    float64 `json:"ratio"` // of all clicks in the week
	Past
}

// Label is a label that was added to chats. Labels that look alike are one, whatever their ids.
type Label struct {
	ID       string   `json:"id"`
	OtherIDs []string `json:"other_ids,omitempty"` // of labels that look like this one, and are counted in it
	Text     string   `json:"text"`
	Count    int      `json:"count"`
	Past
}

// HistoryDay is one of the 84 days.
type HistoryDay struct {
	Date            period.Date `json:"date"`
	Chats           int         `json:"chats"`
	Messages        int         `json:"messages"`
	ChatsMissing    bool        `json:"chats_missing,omitempty"`    // the number is not known, and Chats is 0
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

	// Some days of a section. They have names of their own, since a program of before takes the section's for all of it.
	SectionHoursDays     = "hours.days"
	SectionFallbacksDays = "fallbacks.days"
	SectionHandoversDays = "handovers.days"

	SectionOptions = "options" // of UncheckedFilters alone
)

// Unavailable is a section that could not be fetched, or some days of one that are not known.
type Unavailable struct {
	Section string        `json:"section"`
	Reason  string        `json:"reason"`
	Refused bool          `json:"refused,omitempty"` // by Sage's own word, so that asking again would bring the same
	Cause   Cause         `json:"cause,omitzero"`    // what Reason says, for other languages; zero in a report of before there was one
	Days    []period.Date `json:"days,omitempty"`    // of this week, in their order; none: the whole section
}

// Contradiction is days of the weeks before whose numbers are not known.
type Contradiction struct {
	Section string      `json:"section"` // whose numbers; of fallbacks.weekly the days are whole weeks
	First   period.Date `json:"first"`
	Last    period.Date `json:"last"`  // inclusive
	Cause   Cause       `json:"cause"` // contradicted, repeated or discarded
}

// Repeated counts points that Sage sent once more for a time, with the same numbers. Each counts once.
type Repeated struct {
	Section string `json:"section"`
	Points  int    `json:"points"`
}

// Cause is why a question was not answered, in a form that can be said in any language.
type Cause struct {
	Kind   string `json:"kind"`             // one of the Cause constants
	Who    string `json:"who"`              // was asked: Sage or Kindly
	Status int    `json:"status,omitempty"` // of HTTP, with CauseStatus
	By     string `json:"by,omitempty"`     // with CauseContradicted: the section that shows events
	Shows  int    `json:"shows,omitempty"`  // with CauseContradicted: how many it shows for the days
}

// Kinds of causes.
const (
	CauseUnsent      = "unsent"      // the question could not be sent
	CauseStatus      = "status"      // it was answered with a status that is no success
	CauseShape       = "shape"       // the answer had an unexpected shape
	CausePage        = "page"        // it was a web page
	CauseUnfinished  = "unfinished"  // it did not come whole in time
	CauseLate        = "late"        // it did not come in time
	CauseBroken      = "broken"      // it broke off
	CauseUnreadable  = "unreadable"  // it could not be read
	CauseUnreachable = "unreachable" // nobody was reached

	CauseContradicted = "contradicted" // it has no events for days for which another answer has
	CauseRepeated     = "repeated"     // it has different numbers for the same time
	CauseDiscarded    = "discarded"    // it has points, and all are for times that were not asked for
	CauseUnproven     = "unproven"     // it has no events, and nothing else was answered that could confirm that
)

// Doubtful reports whether there was an answer, and it is the numbers in it that are not to be believed.
func (c Cause) Doubtful() bool {
	switch c.Kind {
	case CauseContradicted, CauseRepeated, CauseDiscarded, CauseUnproven:
		return true
	}
	return false
}

// Dropped counts points that Sage sent for times that were not asked for. They are in no figure.
type Dropped struct {
	Section string `json:"section"`
	Points  int    `json:"points"`
}

// Surplus counts items of a list beyond the limit that was asked for. They were the least frequent, and are in no figure.
type Surplus struct {
	Section string `json:"section"`
	Items   int    `json:"items"`
}

// Empty reports whether it is known that the week had no chats. A week whose chats are not known is not empty.
func (r *Report) Empty() bool { return r.Chats.Total == 0 && r.Chats.This().Known() }

// CoreGap says why chats or messages of this week are not known, in the English of report.json; empty: they are known.
func (r *Report) CoreGap() string {
	var gaps []string
	for _, u := range r.Unavailable {
		if u.Section == SectionChats || u.Section == SectionMessages {
			gaps = append(gaps, u.Section+" are not known: "+u.Reason)
		}
	}
	return strings.Join(gaps, "; ")
}

// MissingDays is of how many days of how many sections the numbers are not known; of a section as a whole, 7. Of two builds
// of a week the one with fewer is the better.
func (r *Report) MissingDays() (days int) {
	for _, u := range r.Unavailable {
		if n := len(u.Days); n > 0 {
			days += n
		} else {
			days += 7
		}
	}
	return days
}

// Reason returns why the whole of a section is not available, and whether that is so.
func (r *Report) Reason(section string) (reason string, unavailable bool) {
	for _, u := range r.Unavailable {
		if u.Section == section && len(u.Days) == 0 {
			return u.Reason, true
		}
	}
	return "", false
}

// KnowsHours reports whether the chats by hour are known of one of this week's seven days, or of some hours of it. Where not,
// its nulls are no hours that the clocks skipped.
func (r *Report) KnowsHours(day int) bool {
	for _, u := range r.Unavailable {
		all := u.Section == SectionHours && len(u.Days) == 0
		if all || u.Section == SectionHoursDays && slices.Contains(u.Days, r.Period.From.Add(day)) {
			return false
		}
	}
	return true
}

// Location returns the bot's zone.
func (r *Report) Location() (*time.Location, error) { return location(r.Bot.TZ) }

func location(tz string) (*time.Location, error) {
	loc, err := time.LoadLocation(tz)
	// Go takes these for UTC and for the zone of the machine, which is not the bot's.
	if err != nil || tz == "" || tz == "Local" {
		return nil, fmt.Errorf("time zone %q is no name of the tz database, such as Europe/Oslo", tz)
	}
	return loc, nil
}

// Comparable reports whether the change between this week's count and that of the week before may be printed as a
// percentage: there is a baseline, neither week has anything special in it, and both have enough events.
func (r *Report) Comparable(this, previous int) bool {
	return r.previousComparable() && this >= MinEvents && previous >= MinEvents
}

// FallbacksComparable reports whether the change of the fallback rate may be printed.
func (r *Report) FallbacksComparable() bool {
	return r.previousComparable() && r.Fallbacks.ChangePP != nil &&
		r.Messages.Total >= MinMessages && r.Messages.Previous >= MinMessages
}

// Positive returns how many of the ratings, of either kind, were positive, and how many there were. Of two steps the
// upper one is positive; of five the upper two.
func Positive(ratings []Rating, steps int) (positive, total int) {
	for _, r := range ratings {
		total = plus(total, r.Count)
		if r.Rating > steps/2+steps%2 {
			positive = plus(positive, r.Count)
		}
	}
	return positive, total
}
