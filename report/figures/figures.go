// Package figures holds a week's numbers: what they are, how they follow from Sage's answers, and which comparisons
// they can bear. It is arithmetic only: it asks nobody, has no clock and knows no words.
//
// [Answers] is what came back from Sage, each with its reason where nothing came. [Compute] turns it into a [Report],
// from which every edition is drawn; [Report.Encode] is report.json and [Decode] reads it back.
//
// # Honesty
//
// A value that is missing is nil, in JSON null, and never zero. A day that Sage leaves out of a series of counts had no
// events and is a true zero; in a series of rates it is a gap, since a rate of nothing does not exist. A section that
// could not be fetched keeps its keys with null in them and stands in [Report.Unavailable] with the reason.
//
// A zero needs evidence. Where other answers show events on a day for which one has none, or one gives two numbers for the
// same day, that number is not known: see doubt.go. It is kept as a zero with the key missing beside it, since a program of
// before reads counts that are never null. So a count is read after asking whether it is known: [DayCount.Known],
// [WeekCount.Known], [HistoryDay.KnowsChats], [HistoryDay.KnowsMessages]. Gaps of this week stand in [Report.Unavailable],
// those of the weeks before in [Report.Contradictions].
//
// Changes are always kept in the report; whether one may be printed is asked of [Report.Comparable] and
// [Report.FallbacksComparable]: a percentage of a handful of events says more about chance than about the bot.
//
// Fallback rates come from Sage for the very interval they describe. Rates of days are never averaged into the rate
// of a week.
//
// A week with something [Special] in it, a public holiday or a note of the bot's configuration, is held against no other,
// and no other against it. What happened in it is told, but raises no alarm and sets no record. Only a [Target] holds in
// every week, since it is held against no other week.
//
// # What stands out
//
// [Ordinary] is the median of the weeks before, each weekday against itself. [Insight] is what stands out from it, with
// the numbers that a sentence about it needs; [Headline] is what the report begins with. Both are chosen by rules that are
// read from the top, in headline.go and insights.go.
//
// To stand out a number has to be both beyond chance and worth a word. Beyond chance is a level in standard deviations, on
// a scale on which small numbers waver as much as large ones (roots of counts, angles of rates). The deviation is the
// larger of what chance alone gives so many events and of what the bot's own weeks or days wavered by. It is estimated from
// their median absolute deviation, so that one bad week of before neither hides the next nor makes it, and is wider the
// fewer weeks there are. Worth a word is a least size, without which a large bot makes news of every half percent.
//
// # Signs
//
// Every color, every sign, and every word such as "jumped", "unusual", "record" or "in a row" follows this rule, good news
// as well as bad. What stands out is decided here, once, and kept in report.json; an edition only reads it. All else is
// neutral, and so is a report that was written before there was the key.
//
//	what                      level  worth a word                            where it shows
//	a day's fallback rate     3.2    half more, and ten fallbacks more       Fallbacks.Incidents: headline, insight, on_alert
//	the week's fallback rate  4      a fifth of the ordinary rate            Fallbacks.StandsOut: color and sign of the tile
//	the week's chats          4      a fifth of the ordinary week            headline
//	a record                  3      a seventh, and well past the last one   headline, insight, chart of 12 weeks
//	a streak                  3      a seventh over four steps, each counts  insight
//	a day's chats             5      a tenth of the ordinary day             insight
//	feedback                  3      beyond five points                      insight
//	an item of a list         5.5    half as many again                      insight; from 4 on, the table of movers
//	a target                  3      any                                     Target.StandsOut: color and sign of its row
//	a bot among many          grows with how many are compared               package portfolio
//
// A target that was missed says so in words, in the headline, the insights and the scorecard, whatever chance had to do
// with it, and it is what on_alert means by missed. It has a warning sign only where the value lies beyond the limit by
// more than chance; and one that was met has a tick by the same rule, since a tick that chance hands out and takes away
// means as little. A row of misses is no sign by itself: rates drift, so a bot that is at its limit misses it for twelve
// weeks in a row in up to 3 % of the weeks.
//
// # How often chance is taken for news
//
// The thresholds are not taste. Many bots are simulated in alarms_test.go, of 2 to 1,000 chats a day, in whose year
// nothing happens but holidays and campaigns that the report is told of; whatever is then said to stand out is a false
// alarm. They are chosen so that all kinds together stay under half of one a bot and year, also for the volume with the
// most of them: true bots may waver more than simulated ones, and where everything wavers half as much again there is about
// one. signs_test.go of package report counts the signs of the editions: of the weeks without a holiday or a campaign at
// most 2 % have any, of bots of each size.
//
// And the thresholds are as low as that allows, so that a day whose fallback rate doubled is found. So the level of a day
// (3.2) is lower than that of a week (4), although there are seven times as many: a day must also have half more fallbacks
// than is ordinary, and three sorts of ordinary to exceed. A mover has to be the furthest of some hundred items, and a
// streak has many weeks to begin in: hence 5.5, and four steps of which each counts. Where a threshold is changed, the
// simulation says at what price.
package figures

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// Schema is the version of report.json that this program writes. Keys are only ever added to a version.
const Schema = 1

// How much is compared and listed.
const (
	TrendWeeks  = 12             // the week itself and the eleven before it
	HistoryDays = 7 * TrendWeeks // one daily series serves both weeks, the trend and the weekdays
	ListLimit   = 100            // items asked for in every list, in both weeks
)

// The least that a printed comparison needs.
const (
	MinEvents   = 30  // events in each of the two weeks, for a percentage of change
	MinMessages = 100 // user messages in each of the two weeks, for a change of the fallback rate
	MinOfDay    = 20  // user messages of a day, for its fallback rate
	MinRatings  = 20  // ratings, for a percentage of positive ones
	Handful     = 10  // events, for an item of a list that is new or gone, and for when people asked for a human in vain
)

// Report is one bot's week. All dates are days in the bot's zone; counts are events; rates, ratios and changes are
// fractions (0.054 is 5.4 %), but a rate's change is in percentage points.
type Report struct {
	Schema    int       `json:"schema"`
	ID        string    `json:"id"` // names these very numbers: bot, week and a hash of the rest
	Bot       Bot       `json:"bot"`
	Week      Week      `json:"week"`
	Locale    string    `json:"locale"`     // the language of the editions
	FetchedAt time.Time `json:"fetched_at"` // when Sage was asked, UTC
	Filters   Filters   `json:"filters"`

	// HistoryFrom is the first day with a chat or a message among the History, null if there was none.
	HistoryFrom *period.Date `json:"history_from"`
	// Baseline says whether the bot's history reaches back over the whole week before. Without it nothing is compared.
	Baseline bool `json:"baseline"`

	Chats     Chats     `json:"chats"`
	Messages  Volume    `json:"messages"`
	Fallbacks Fallbacks `json:"fallbacks"`
	Handovers Handovers `json:"handovers"`
	Feedback  Feedback  `json:"feedback"`

	// The lists have the most frequent first; of equals, in Sage's order. Null: not available. Empty: nothing happened.
	Pages   []Page   `json:"pages"`
	Buttons []Button `json:"buttons"`
	Labels  []Label  `json:"labels"`
	// Full names the lists, by their sections, that had as many rows as Sage was asked for, and of which some were added up:
	// what was added up may have more rows below the end of such a list. See IsFull.
	Full []string `json:"full,omitempty"`
	// PageQueries is PageQueriesKeep where pages are listed by their whole address, or empty.
	PageQueries string `json:"page_queries,omitempty"`

	History []HistoryDay `json:"history"` // 84 days, the oldest first

	// What follows came later to the schema: a report of before has none of it, null for every key.

	Special  []Special `json:"special"`  // holidays and notes, in the order of their days
	Ordinary *Ordinary `json:"ordinary"` // null where too few weeks are fit for it
	YearAgo  *YearAgo  `json:"year_ago"` // null where nothing was recorded then, or it is not available
	Targets  []Target  `json:"targets"`  // none where the bot is held to nothing
	Movers   *Movers   `json:"movers"`
	Insights []Insight `json:"insights"` // at most 5, the most important first
	Headline *Headline `json:"headline"`
	Brand    *Brand    `json:"brand,omitempty"` // absent: the report's own looks

	Unavailable []Unavailable `json:"unavailable"`
	Dropped     []Dropped     `json:"dropped"`
	// Contradictions are days of the eleven weeks before this one whose numbers are not known. They make this week's report
	// no less complete.
	Contradictions []Contradiction `json:"contradictions,omitempty"`
	Repeated       []Repeated      `json:"repeated,omitempty"`
	Surplus        []Surplus       `json:"surplus,omitempty"` // lists that came longer than was asked for

	UnknownFilters   *UnknownFilters `json:"unknown_filters,omitempty"`   // absent: there are none that is known of
	UncheckedFilters *Unavailable    `json:"unchecked_filters,omitempty"` // why some filters were held against nothing

	// Cut says that Decode cut queries of pages, so that editions of before still show them.
	Cut bool `json:"-"`
}

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

// Week is the period. To is exclusive: the Monday after.
type Week struct {
	Name period.Week `json:"name"`
	From period.Date `json:"from"`
	To   period.Date `json:"to"`
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

// WeekCount is a number of events in a week.
type WeekCount struct {
	Week        period.Week `json:"week"`
	Count       int         `json:"count"`                  // of the days that are known
	MissingDays int         `json:"missing_days,omitempty"` // of how many days it is not known, at most 7
}

// Known reports whether the number of events is known of every day.
func (w WeekCount) Known() bool { return w.MissingDays == 0 }

// Volume is a count beside that of the week before. These are the core: a report without them is not made.
type Volume struct {
	Total         int         `json:"total"`
	Previous      int         `json:"previous"`
	Change        *float64    `json:"change"`         // null without a baseline
	Daily         []DayCount  `json:"daily"`          // 7, Monday first
	PreviousDaily []DayCount  `json:"previous_daily"` // 7
	Weekly        []WeekCount `json:"weekly"`         // 12, this week last
}

// This returns this week's count; Total is the same number.
func (v Volume) This() WeekCount { return v.back(1) }

// LastWeek returns the count of the week before; Previous is the same number.
func (v Volume) LastWeek() WeekCount { return v.back(2) }

func (v Volume) back(n int) WeekCount {
	if len(v.Weekly) < n {
		return WeekCount{}
	}
	return v.Weekly[len(v.Weekly)-n]
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
	Count         *int           `json:"count"`
	Rate          *float64       `json:"rate"` // null where nobody wrote, or the bot did not reply
	PreviousCount *int           `json:"previous_count"`
	PreviousRate  *float64       `json:"previous_rate"`
	ChangePP      *float64       `json:"change_pp"` // percentage points
	Daily         []FallbackDay  `json:"daily"`     // 7
	Weekly        []FallbackWeek `json:"weekly"`    // 12
	History       []FallbackDay  `json:"history"`   // 84 days, the oldest first; null in a report of before there was one
	Incidents     []Incident     `json:"incidents"` // days of this week on which the rate jumped
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

// FallbackWeek is a week's fallbacks. Where the weekly series is not available, the last two weeks still hold the
// totals.
type FallbackWeek struct {
	Week  period.Week `json:"week"`
	Count *int        `json:"count"`
	Rate  *float64    `json:"rate"`
}

// HandoverCounts are stages of handovers to people. A request is counted once, while open or while closed; started and
// ended are later stages of the same handovers, so they are never added to requests.
type HandoverCounts struct {
	Requests            *int `json:"requests"`              // asked for while open
	RequestsWhileClosed *int `json:"requests_while_closed"` // asked for outside opening hours
	Started             *int `json:"started"`
	Ended               *int `json:"ended"`
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

// Handovers are the week's handovers to people beside those of the week before.
type Handovers struct {
	HandoverCounts
	Previous HandoverCounts `json:"previous"`
	Change   HandoverChange `json:"change"`
	Daily    []HandoverDay  `json:"daily"`  // 7
	Weekly   []HandoverWeek `json:"weekly"` // 12
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

// HandoverWeek is a week's handovers.
type HandoverWeek struct {
	Week period.Week `json:"week"`
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
	// Weekly is the 12 weeks one by one. Null where it was not asked for, which it is only for a target.
	Weekly []FeedbackWeek `json:"weekly"`
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
	SectionFallbacksWeekly   = "fallbacks.weekly"
	SectionHandovers         = "handovers"
	SectionHandoversHourly   = "handovers.hourly"
	SectionFeedback          = "feedback"
	SectionFeedbackPrevious  = "feedback.previous"
	SectionFeedbackBefore    = "feedback.before"
	SectionFeedbackWeekly    = "feedback.weekly"
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
		if all || u.Section == SectionHoursDays && slices.Contains(u.Days, r.Week.From.Add(day)) {
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
	return r.pairable() && this >= MinEvents && previous >= MinEvents
}

// FallbacksComparable reports whether the change of the fallback rate may be printed.
func (r *Report) FallbacksComparable() bool {
	return r.pairable() && r.Fallbacks.ChangePP != nil &&
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
