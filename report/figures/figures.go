// Package figures computes the numbers of a bot's week from Sage's answers, and decides what stands
// out. It only computes: it reads no clock, uses no network and writes no sentences.
//
// [Answers] is what Sage answered, or why it did not. [Compute] makes a [Report] from it, which
// every edition is rendered from. [Report.Encode] returns report.json, and [Decode] reads it.
//
// # Missing values
//
// A missing value is nil, in JSON null, and never zero. A day that Sage leaves out of a series of
// counts had no events, and is a true zero. In a series of rates it is a gap: without events there
// is no rate. A section that could not be fetched has null for its keys, and [Report.Unavailable]
// has the reason.
//
// A zero needs evidence. If another answer has events on a day without any in this one, or if an
// answer has two numbers for the day, the number is unknown: see contradictions.go. Such a number
// is zero with a key "missing" next to it, since older programs read counts that are never null. So
// ask whether a count is known before you read it: [DayCount.Known], [PeriodCount.Known],
// [HistoryDay.KnowsChats], [HistoryDay.KnowsMessages]. Gaps of this week are in
// [Report.Unavailable], those of the weeks before in [Report.Contradictions].
//
// The report has every change. [Report.Comparable] and [Report.FallbacksComparable] decide which
// may be printed: a percentage of a few events says more about chance than about the bot.
//
// Fallback rates come from Sage for the very interval that they describe. Rates of days are never
// averaged into the rate of a week.
//
// A week with something [Special], a public holiday or a note of the bot's configuration, is
// compared with no other week. What happens in it raises no alarm and sets no record. Only a
// [Target] holds in every week, since it compares with a limit.
//
// # What stands out
//
// [Baseline] is the median of the weeks before, each weekday by itself. [Insight] is what stands
// out from it, with the numbers for a sentence about it. [Headline] is how the report begins. The
// rules of both are in headline.go and insights.go, the first that applies first.
//
// What stands out is beyond chance and large enough to matter. Beyond chance is a level in standard
// deviations, on a scale on which small numbers vary as much as large ones (roots of counts, angles
// of rates). The deviation is the larger of two: what chance gives for the number of events, and
// what the bot's own weeks or days show. The latter is estimated from their median absolute
// deviation, so that one bad week neither hides the next bad one nor causes a false one; it is
// wider the fewer weeks there are. Without a least size, the reports of large bots would mention
// every change of half a percent.
//
// # Verdict
//
// [Verdict] is how every edition begins. It says whether the week needs a look, whether enough is
// known to say so, and what it is about. verdict.go has the table of its rules. The first row that
// applies decides:
//
//	status        rule      condition
//	needs_a_look  dead      no chats and no messages, where the baseline has chats
//	              incident  a day's fallback rate jumped
//	              rising    the fallback rate has crept up
//	              rate      the week's fallback rate stands out as higher
//	              missed    a target is missed beyond chance
//	              feedback  feedback fell beyond chance
//	              fell      chats stand out as fewer, and are fewer than half of usual
//	incomplete    core      chats, messages or fallbacks of the week or of a day are not known
//	              section   the numbers of a target are missing
//	too_few       messages  fewer than MinMessages messages
//	              special   a week with something special, compared with no other
//	              weeks     no baseline yet
//	good          rate      the week's fallback rate stands out as lower
//	              feedback  feedback rose beyond chance
//	              met       a target that was missed is met beyond chance
//	usual         usual     everything else
//
// A week is good only if it missed no target. If it missed one by no more than chance, the week is
// usual, and the verdict names the target.
//
// # Signs
//
// Every color, every sign, and every word such as "jumped", "unusual", "record" or "in a row"
// follows this table, for good news and bad. The decision is made here, once, and kept in
// report.json; an edition only reads it. Everything else is neutral, and so is a report from before
// its key existed.
//
//	what             level  least size                      where it shows
//	day's fallbacks  *      half more, and eight more       Fallbacks.Incidents: headline, insight,
//	                                                        verdict and on_alert
//	fallbacks creep  3.3    a seventh, over weeks           Fallbacks.Rising: verdict
//	week's rate      4      a fifth of the baseline         Fallbacks.StandsOut: color and sign
//	week's chats     4      a fifth of the baseline         Chats.StandsOut: headline and verdict
//	record           4      a fifth, well past the last     headline, insight, chart of 12 weeks
//	streak           4      a seventh over four steps,      insight
//	                        each of which counts
//	day's chats      5      a tenth of the baseline         insight
//	feedback         3      beyond five points              insight
//	item of a list   5.5    half as many again              insight; from 4 on, table of movers
//	target           3      any                             Target.StandsOut: color and sign
//	bot among many   grows with the number of bots          package portfolio
//
// A day's fallbacks (*) have a likelihood ratio in place of a level: how many times as likely they
// are on a day whose rate doubled as on a usual day of this bot. Its logarithm has to be at least
// 4.4. usual.go estimates what is usual: the rate, with a half-life of four weeks; a factor for the
// weekend and one for each weekday; and by how much the bot's days vary beyond chance. All
// estimates are shrunk towards typical values of bots.
//
// The headline, the insights and the scorecard name every missed target, by chance or not, and
// on_alert means the same by missed. A warning sign needs a value beyond the limit by more than
// chance. A tick needs the same, since a value within chance of its limit means little. Consecutive
// misses are not a sign: a bot whose rate is at the limit misses it twelve times in a row in up to
// 3 % of the weeks.
//
// # False alarms
//
// The false alarms of the thresholds are measured by simulation. In a simulated bot's year, nothing
// happens except holidays and campaigns that the report knows of. Anything that stands out is a
// false alarm.
//
// alarms_test.go has the bots that most thresholds were chosen with, of 2 to 1,000 chats a day. All
// kinds together give less than half an alarm per bot and year, at the volume with the most. Real
// bots may vary more than simulated ones: if everything varies half as much again, there is about
// one. signs_test.go of package report counts the signs of the editions. At most 2 % of the weeks
// without a holiday or a campaign have any, for bots of each size.
//
// detection_test.go has bots simulated by other laws, which no threshold was chosen with. In each
// pair of the table, the first number is the percentage of the days with a doubled rate that are
// found. The second is the most that any test can find with as many false alarms if it knows the
// usual rate:
//
//	chats a day          50       100      200      500
//	days vary by 10 %    50 / 55  78 / 81  92 / 94  98 / 99
//	days vary by 15 %    48 / 51  68 / 72  79 / 83  87 / 90
//
// There are 0.2 false incidents per bot and year where days vary by 10 %, and 0.5 where they vary
// by 15 %, at most 0.7. A test that knows the usual rate, but has to learn by how much days vary,
// does no better. If it finds half of the days at 50 chats where they vary by 10 %, it makes 0.4 to
// 0.6 where they vary by 15 %.
//
// Of the rates that creep up by 30 % within six weeks, at 200 chats a day, 80 % are found in these
// weeks, and 97 % in them and the two weeks after. Where days vary by 15 %, these are 56 % and 84
// %. A test that knows the rate before finds 76 to 100 % in six weeks. False ones are rare, except
// for a bot whose rate drifts by itself: it has up to 0.8 a year. On average, a bot has 0.85 weeks
// a year with any sign, of all kinds together. By the two laws where days vary by 10 %, it has 0.8
// and 0.3. Where they vary by 15 %, it has 0.6 by one of them, and 1.7 by the other, whose rate
// drifts.
//
// where_test.go has incidents whose excess lies in one source, in one language or in some hours, of
// bots of 50 to 1,000 chats a day. For 95, 94 and 89 % of those that were found, in this order, the
// right slice is named, and for about 1 % a wrong one. A test that knows everything except the
// place names 97, 98 and 94 %, with 2 % wrong ones. If the excess is spread evenly, a slice is
// named for 1 %. If a slice has more than half of the chats, its excess hardly differs from an even
// one. Two of three are named then, where that test names 81 %. For weeks whose rate is higher, the
// right slice is named for 97 % and more, and if their excess is even, one for 2 %.
//
// A mover is the furthest of about a hundred items, and a streak can begin in many weeks. That is
// why their thresholds are 5.5, and four steps of which each counts. To change a threshold, run the
// simulations and compare their results.
package figures

import (
	"fmt"
	"time"

	"kindlyweekly/report/period"
)

// Schema is the version of report.json that this program writes. A version only ever gains keys.
const Schema = 1

// How much is compared and listed.
const (
	TrendPeriods = 12               // the week and the eleven before it
	HistoryDays  = 7 * TrendPeriods // one daily series for both weeks, the trend and the weekdays
	ListLimit    = 100              // rows asked for, of every list in both weeks
)

// The least that a printed comparison needs.
const (
	MinEvents   = 30  // events in each of two weeks, for a percentage of change
	MinMessages = 100 // user messages in each of two weeks, for a change of the fallback rate
	MinOfDay    = 20  // user messages of a day, for its fallback rate
	MinRatings  = 20  // ratings, for a percentage of positive ones
	MinCount    = 10  // events, for new and gone items of lists, and for requests while closed
)

// Report is one bot's week. Dates are days in the bot's zone. Counts are events. Rates, ratios and
// changes are fractions (0.054 is 5.4 %), but a rate's change is in percentage points.
type Report struct {
	Schema    int       `json:"schema"`
	ID        string    `json:"id"` // bot, week and a hash of the numbers
	Bot       Bot       `json:"bot"`
	Period    Period    `json:"week"`
	Locale    string    `json:"locale"`     // the language of the editions
	FetchedAt time.Time `json:"fetched_at"` // when Sage was asked, UTC
	Filters   Filters   `json:"filters"`

	// HistoryFrom is the first day of History with a chat or a message, null if there is none.
	HistoryFrom *period.Date `json:"history_from"`
	// HasPrevious is whether the history covers the whole week before. Without it nothing is
	// compared.
	HasPrevious bool `json:"baseline"`

	Chats     Chats     `json:"chats"`
	Messages  Volume    `json:"messages"`
	Fallbacks Fallbacks `json:"fallbacks"`
	Handovers Handovers `json:"handovers"`
	Feedback  Feedback  `json:"feedback"`

	// The lists have the most frequent first, equals in Sage's order. Null: not available. Empty:
	// none.
	Pages   []Page   `json:"pages"`
	Buttons []Button `json:"buttons"`
	Labels  []Label  `json:"labels"`
	// Full is the sections of lists that were full before rows were added up. See IsFull.
	Full []string `json:"full,omitempty"`
	// PageQueries is PageQueriesKeep or empty.
	PageQueries string `json:"page_queries,omitempty"`
	// WithoutData says that no data files are embedded in the PDF.
	WithoutData bool `json:"without_data,omitempty"`

	History []HistoryDay `json:"history"` // 84 days, the oldest first

	// An older report has null for each of the following.

	Special  []Special `json:"special"`  // holidays and notes, in the order of their days
	Baseline *Baseline `json:"ordinary"` // null if too few weeks are fit for it
	YearAgo  *YearAgo  `json:"year_ago"` // null if that week had nothing, or is not available
	Targets  []Target  `json:"targets"`  // empty if the bot has none
	Movers   *Movers   `json:"movers"`
	Insights []Insight `json:"insights"` // at most 5, the most important first
	Headline *Headline `json:"headline"`
	Verdict  *Verdict  `json:"verdict"`
	Brand    *Brand    `json:"brand,omitempty"` // absent: the default

	Slices *Slices `json:"slices,omitempty"` // absent also if there is nothing to slice by
	Where  []Where `json:"where,omitempty"`  // of the Doubts; absent if nothing is known

	Unavailable []Unavailable `json:"unavailable"`
	Dropped     []Dropped     `json:"dropped"`
	// Contradictions are of the weeks before, so this week's report is complete with them.
	Contradictions []Contradiction `json:"contradictions,omitempty"`
	Repeated       []Repeated      `json:"repeated,omitempty"`
	Surplus        []Surplus       `json:"surplus,omitempty"` // of lists longer than was asked for

	UnknownFilters   *UnknownFilters `json:"unknown_filters,omitempty"`   // absent: none
	UncheckedFilters *Unavailable    `json:"unchecked_filters,omitempty"` // why not checked

	// Cut is whether Decode cut queries of pages, so that editions made before still show them.
	Cut bool `json:"-"`
}

// Answers is what Sage answered for one report. Times of points are the bot's local times with UTC
// as their zone, since Sage sends them without one.
type Answers struct {
	Bot       Bot
	Period    period.Period
	Locale    string
	FetchedAt time.Time
	Filters   Filters

	PageQueries string // PageQueriesKeep, or empty: WithoutQuery cuts the pages

	Special []Special // of the 12 weeks and of the week a year ago; others are ignored
	Targets Targets

	// Options is what Sage knows to filter by; nil if it was not asked.
	Options *Answer[Options]
	// Sources and Languages are the slices by source and by language; nil if they were not asked
	// for.
	Sources, Languages []SliceAnswers
	// Closer is about the Doubts of the report without it. It may be empty.
	Closer Closer

	Chats, Messages []Point              // by day, 84 days
	Hours           Answer[[]Point]      // chats by hour, this week
	Fallbacks       Pair[Fallback]       // totals
	FallbackDays    Answer[[]RatePoint]  // by day, 84 days
	FallbackTrend   Answer[[]RatePoint]  // by week, 12 weeks
	Handovers       Answer[[]StagePoint] // by day, 84 days
	HandoverHours   Answer[[]StagePoint] // by hour, this week
	Feedback        Pair[Ratings]
	FeedbackBefore  []Answer[Ratings] // of the Stretches before this week
	FeedbackTrend   []Answer[Ratings] // of the first 10 of 12 weeks; nil if no target needs it
	Pages           Pair[[]Page]
	Buttons         Pair[[]Button]
	Labels          Pair[[]Label]
	YearAgo         LastYear
}

// LastYear is what Sage answered for the week a year ago.
type LastYear struct {
	Chats, Messages Answer[[]Point]  // by day
	Fallbacks       Answer[Fallback] // total
}

// Compute makes a report from Sage's answers. It fails if the bot or the week has no name, if the
// time zone is unknown, and if a count or a rate is impossible, such as a negative count. [Decode]
// accepts what it returns.
func Compute(a Answers) (*Report, error) {
	loc, err := location(a.Bot.TZ)
	if err != nil {
		return nil, fmt.Errorf("figures of bot %s: %w", a.Bot.ID, err)
	}
	r := &Report{
		Schema: Schema,
		Bot: Bot{ID: valid(a.Bot.ID), Name: valid(a.Bot.Name), TZ: a.Bot.TZ,
			DefaultTZ: a.Bot.DefaultTZ, Link: valid(a.Bot.Link)},
		Locale:      valid(a.Locale),
		Period:      Period{Name: a.Period, From: a.Period.From(), To: a.Period.To()},
		FetchedAt:   a.FetchedAt.UTC().Truncate(time.Second),
		Filters:     Filters{validAll(a.Filters.Sources), validAll(a.Filters.Languages)},
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
	r.filters(a.Options)
	r.yearAgo(a.YearAgo, s, d)
	sources, languages := r.parts(a.Sources), r.parts(a.Languages)
	// The rest follows from the report alone, except for what is an argument.
	r.baseline()
	if a.Handovers.Failed == "" {
		r.usualRequests(s.handovers.value, d.handovers)
	}
	r.slices(sources, languages)
	r.Chats.StandsOut = r.chatsStandOut()
	r.Fallbacks.StandsOut = r.fallbacksStandOut()
	r.Targets = r.EvaluateTargets(a.Targets)
	r.movers(lists)
	jumps := r.incidents()
	r.Fallbacks.Rising = r.rising()
	r.insights(jumps)
	r.headline()
	r.verdict()
	r.where(a, s, d, sources, languages)

	if r.ID, err = r.identify(); err != nil {
		return nil, fmt.Errorf("figures of bot %s: %w", a.Bot.ID, err)
	}
	return r, nil
}
