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
// same day, that number is not known: see contradictions.go. It is kept as a zero with the key missing beside it, since a program of
// before reads counts that are never null. So a count is read after asking whether it is known: [DayCount.Known],
// [PeriodCount.Known], [HistoryDay.KnowsChats], [HistoryDay.KnowsMessages]. Gaps of this week stand in [Report.Unavailable],
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
// [Baseline] is the median of the weeks before, each weekday against itself. [Insight] is what stands out from it, with
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
	"time"

	"kindlyweekly/report/period"
)

// Schema is the version of report.json that this program writes. Keys are only ever added to a version.
const Schema = 1

// How much is compared and listed.
const (
	TrendPeriods = 12               // the week itself and the eleven before it
	HistoryDays  = 7 * TrendPeriods // the days of these weeks
	ListLimit    = 100              // items asked for in every list, in both weeks
)

// The least that a printed comparison needs.
const (
	MinEvents   = 30  // events in each of the two weeks, for a percentage of change
	MinMessages = 100 // user messages in each of the two weeks, for a change of the fallback rate
	MinOfDay    = 20  // user messages of a day, for its fallback rate
	MinRatings  = 20  // ratings, for a percentage of positive ones
	MinCount    = 10  // events, for an item of a list that is new or gone, and for when people asked for a human in vain
)

// Report is one bot's week. All dates are days in the bot's zone; counts are events; rates, ratios and changes are
// fractions (0.054 is 5.4 %), but a rate's change is in percentage points.
type Report struct {
	Schema    int       `json:"schema"`
	ID        string    `json:"id"` // names these very numbers: bot, week and a hash of the rest
	Bot       Bot       `json:"bot"`
	Period    Period    `json:"week"`
	Locale    string    `json:"locale"`     // the language of the editions
	FetchedAt time.Time `json:"fetched_at"` // when Sage was asked, UTC
	Filters   Filters   `json:"filters"`

	// HistoryFrom is the first day with a chat or a message among the History, null if there was none.
	HistoryFrom *period.Date `json:"history_from"`
	// HasPrevious is whether the history covers the whole week before. Without it nothing is
	// compared.
	HasPrevious bool `json:"baseline"`

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
	Baseline *Baseline `json:"ordinary"` // null where too few weeks are fit for it
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

// Answers is all that was asked of Sage for one report. Times of points are wall-clock times in the bot's zone, carried
// in time.UTC, as Sage sends them without a zone.
type Answers struct {
	Bot       Bot
	Period    period.Period
	Locale    string
	FetchedAt time.Time
	Filters   Filters

	PageQueries string // PageQueriesKeep, or empty: pages are listed without what WithoutQuery cuts

	Special []Special // what is special about days of the 12 weeks and of the week a year ago; others are left out
	Targets Targets   // what the bot is held to

	// Options is what Sage knows to filter by; nil where the filters count nothing alone, so that it was not asked for.
	Options *Answer[Options]

	Chats, Messages []Point              // by day, 84 days; a report without them is not made
	Hours           Answer[[]Point]      // chats by hour, this week
	Fallbacks       Pair[Fallback]       // totals
	FallbackDays    Answer[[]RatePoint]  // by day, 84 days
	FallbackTrend   Answer[[]RatePoint]  // by week, 12 weeks
	Handovers       Answer[[]StagePoint] // by day, 84 days
	HandoverHours   Answer[[]StagePoint] // by hour, this week
	Feedback        Pair[Ratings]
	// FeedbackBefore is of the eleven weeks before this one, without those with something special in them: an answer for each
	// of their Stretches.
	FeedbackBefore []Answer[Ratings]
	// FeedbackTrend is of those from the first of the 12 to the one before the last but one, so 10; nil where the bot has no
	// target that needs them.
	FeedbackTrend []Answer[Ratings]
	Pages         Pair[[]Page]
	Buttons       Pair[[]Button]
	Labels        Pair[[]Label]
	YearAgo       LastYear
}

// LastYear is what was asked of the week a year ago.
type LastYear struct {
	Chats, Messages Answer[[]Point]  // by day
	Fallbacks       Answer[Fallback] // total
}

// Compute turns Sage's answers into the week's figures. It fails where the bot or the week is not named, where the zone
// is unknown, and where an answer holds what no count or rate can be, a negative count for one: the client passes on
// nothing like that. What it returns can be encoded, and [Decode] accepts it.
func Compute(a Answers) (*Report, error) {
	loc, err := location(a.Bot.TZ)
	if err != nil {
		return nil, fmt.Errorf("figures of bot %s: %w", a.Bot.ID, err)
	}
	r := &Report{
		Schema:      Schema,
		Bot:         Bot{ID: valid(a.Bot.ID), Name: valid(a.Bot.Name), TZ: a.Bot.TZ, DefaultTZ: a.Bot.DefaultTZ, Link: valid(a.Bot.Link)},
		Locale:      valid(a.Locale),
		Period:      Period{Name: a.Period, From: a.Period.From(), To: a.Period.To()},
		FetchedAt:   a.FetchedAt.UTC().Truncate(time.Second),
		Filters:     Filters{Sources: validAll(a.Filters.Sources), Languages: validAll(a.Filters.Languages)},
		PageQueries: a.PageQueries,
		Unavailable: []Unavailable{}, Dropped: []Dropped{},
	}
	s := r.place(&a, loc)
	d := s.findUnknown(&a)
	for i, date := range historyDates(a.Period) {
		r.History = append(r.History, HistoryDay{
			Date: date, Chats: s.chats.value[i], Messages: s.messages.value[i],
			ChatsMissing: d.chats[i].Kind != "", MessagesMissing: d.messages[i].Kind != "",
		})
	}
	r.HistoryFrom, r.HasPrevious = r.beginning()
	r.specials(a.Special)
	r.gaps(SectionChats, SectionChats, d.chats)
	r.gaps(SectionMessages, SectionMessages, d.messages)

	r.Chats.Volume = r.volume(s.chats.value, d.chats)
	r.Messages = r.volume(s.messages.value, d.messages)
	r.hours(a.Hours, s.hours, d.hours, loc)
	r.fallbacks(a, s, d)
	r.handovers(a.Handovers, s.handovers, d.handovers)
	r.handoverHours(a.HandoverHours, s.handoverHours, d.handoverHours, loc)
	r.feedback(a)
	lists := r.listsOf(a)
	r.setLists(lists)
	r.surplus(a)
	r.filters(a.Options)
	r.yearAgo(a.YearAgo, s, d)
	// From here on the report is asked, and no answer.
	r.baseline()
	r.Fallbacks.StandsOut = r.fallbacksStandOut()
	r.Targets = r.EvaluateTargets(a.Targets)
	r.movers(lists)
	r.insights(r.incidents())
	r.headline()

	if r.ID, err = r.identify(); err != nil {
		return nil, fmt.Errorf("figures of bot %s: %w", a.Bot.ID, err)
	}
	return r, nil
}
