package wording

import "golang.org/x/text/message/catalog"

// A Key names a message. What its arguments are stands beside its English text.
type Key string

// Numbers and dates.
const (
	CompactThousand    Key = "compact.thousand"
	CompactMillion     Key = "compact.million"
	CompactBillion     Key = "compact.billion"
	CompactTrillion    Key = "compact.trillion"
	CompactQuadrillion Key = "compact.quadrillion"
	PercentagePoints   Key = "points"
	DateDay            Key = "date.day"
	DateDayMonth       Key = "date.day-month"
	DateDayMonthYear   Key = "date.day-month-year"
	DateWeekday        Key = "date.weekday"
	DateTime           Key = "date.time"
	DateRange          Key = "date.range"
	DateRangeOneMonth  Key = "date.range.one-month"
	ListAnd            Key = "list.and"
	Missing            Key = "missing"
	Nameless           Key = "nameless"
)

// What the report says.
const (
	WeekNumber Key = "week"
	Subject    Key = "subject"
	Title      Key = "title"
	LinkKindly Key = "link.kindly"
	ChatCount  Key = "chats"

	HeadlineNone       Key = "headline.none"
	HeadlineMore       Key = "headline.more"
	HeadlineFewer      Key = "headline.fewer"
	HeadlineSame       Key = "headline.same"
	HeadlineFew        Key = "headline.few"
	HeadlineAlone      Key = "headline.alone"
	HeadlineFallbacks  Key = "headline.fallbacks"
	HeadlineFallbackPP Key = "headline.fallbacks.pp"

	LabelChats     Key = "label.chats"
	LabelMessages  Key = "label.messages"
	LabelFallbacks Key = "label.fallbacks"
	LabelHandovers Key = "label.handovers"
	LabelClosed    Key = "label.closed"
	LabelStarted   Key = "label.started"
	LabelEnded     Key = "label.ended"
	LabelFeedback  Key = "label.feedback"

	LastWeek           Key = "last-week"
	Ratings            Key = "feedback.ratings"
	RatingsPercent     Key = "feedback.percent"
	RatingsNone        Key = "feedback.none"
	RatingsBoth        Key = "feedback.both"
	RatingsPositive    Key = "feedback.positive"
	RatingsCount       Key = "feedback.count"
	RatingsOf          Key = "feedback.of"
	RatingsUnit        Key = "feedback.unit"
	NotAvailable       Key = "not-available"
	SubtitleTrendNew   Key = "subtitle.trend.new"
	NotAvailableReason Key = "not-available.reason"
	NobodyWrote        Key = "nobody-wrote"
	NoReplies          Key = "no-replies"
	NothingHappened    Key = "nothing-happened"
	FallbacksOf        Key = "fallbacks.of"

	InsightDay         Key = "insight.day"
	InsightDays        Key = "insight.days"
	InsightHour        Key = "insight.hour"
	InsightFallbackDay Key = "insight.fallback-day"
	InsightClosed      Key = "insight.closed"
	InsightClosedLast  Key = "insight.closed.last"
	InsightLabel       Key = "insight.label"
	InsightLabelLast   Key = "insight.label.last"
	InsightMoverUp     Key = "insight.mover.up"
	InsightMoverBelow  Key = "insight.mover.below"
	InsightMoverDown   Key = "insight.mover.down"
)

// Charts and tables.
const (
	ChartChatsTitle     Key = "chart.chats"
	ChartMessagesTitle  Key = "chart.messages"
	ChartFallbacksTitle Key = "chart.fallbacks"
	ChartHandoversTitle Key = "chart.handovers"
	ChartTrendTitle     Key = "chart.trend"
	ChartHoursTitle     Key = "chart.hours"
	ChartFeedbackTitle  Key = "chart.feedback"
	ChartLabelsTitle    Key = "chart.labels"
	ChartButtonsTitle   Key = "chart.buttons"
	ChartPagesTitle     Key = "chart.pages"

	SubtitleChange       Key = "subtitle.change"
	SubtitleLast         Key = "subtitle.last"
	SubtitleHandovers    Key = "subtitle.handovers"
	SubtitleTrend        Key = "subtitle.trend"
	SubtitleTrendHighest Key = "subtitle.trend.highest"
	SubtitleTrendEqual   Key = "subtitle.trend.equal"
	SubtitleHoursPeak    Key = "subtitle.hours.peak"
	SubtitleHoursTied    Key = "subtitle.hours.tied"
	SubtitleFirst        Key = "subtitle.first"
	Alt                  Key = "alt"
	AltItem              Key = "alt.item"
	AltGap               Key = "alt.gap"
	AltShort             Key = "alt.short"
	AltPeak              Key = "alt.peak"
	AltPeakTied          Key = "alt.peak.tied"

	LegendFallbackWeek Key = "legend.fallback-week"
	LegendFewer        Key = "legend.fewer"
	LegendMore         Key = "legend.more"
	LegendSkipped      Key = "legend.skipped"
	LegendLast         Key = "legend.last"
	LegendBinary       Key = "legend.binary"
	LegendEmojis       Key = "legend.emojis"
	RatingNegative     Key = "rating.negative"
	RatingPositive     Key = "rating.positive"
	RatingOf           Key = "rating.of"

	ColumnDay      Key = "column.day"
	ColumnStage    Key = "column.stage"
	ColumnThis     Key = "column.this"
	ColumnLast     Key = "column.last"
	ColumnChange   Key = "column.change"
	ColumnRating   Key = "column.rating"
	ColumnCount    Key = "column.count"
	ColumnShare    Key = "column.share"
	ColumnLabel    Key = "column.label"
	ColumnButton   Key = "column.button"
	ColumnDialogue Key = "column.dialogue"
	ColumnClicks   Key = "column.clicks"
	ColumnPage     Key = "column.page"
	TableDays      Key = "table.days"
	TableHandovers Key = "table.handovers"
	TotalRow       Key = "table.total"
	BelowLimit     Key = "below-limit"
	TopOf          Key = "table.top-of"
	TopOfFull      Key = "table.top-of-full"
)

// Notices, the foot, the glossary, and the furniture of editions.
const (
	NoticeMissing      Key = "notice.missing"
	NoticeNoBaseline   Key = "notice.no-baseline"
	NoticeNoHistory    Key = "notice.no-history"
	NoticeDropped      Key = "notice.dropped"
	SectionHours       Key = "section.hours"
	SectionFallbacks   Key = "section.fallbacks"
	SectionHandovers   Key = "section.handovers"
	SectionFeedback    Key = "section.feedback"
	SectionPages       Key = "section.pages"
	SectionButtons     Key = "section.buttons"
	SectionLabels      Key = "section.labels"
	SectionChats       Key = "section.chats"
	SectionMessages    Key = "section.messages"
	PartPrevious       Key = "part.previous"
	PartDaily          Key = "part.daily"
	PartWeekly         Key = "part.weekly"
	ProvenanceDays     Key = "provenance.days"
	ProvenanceNoTest   Key = "provenance.no-test"
	ProvenanceOnly     Key = "provenance.only"
	ProvenanceNot      Key = "provenance.not"
	ProvenanceAll      Key = "provenance.all"
	ProvenanceLanguage Key = "provenance.language"
	ProvenanceFetched  Key = "provenance.fetched"
	ProvenanceID       Key = "provenance.id"

	TermChat            Key = "term.chat"
	TermChatMeans       Key = "term.chat.means"
	TermMessage         Key = "term.message"
	TermMessageMeans    Key = "term.message.means"
	TermFallback        Key = "term.fallback"
	TermFallbackMeans   Key = "term.fallback.means"
	TermHandover        Key = "term.handover"
	TermHandoverMeans   Key = "term.handover.means"
	TermClosed          Key = "term.closed"
	TermClosedMeans     Key = "term.closed.means"
	TermPercentage      Key = "term.percentage"
	TermPercentageMeans Key = "term.percentage.means"

	HeadingInsights   Key = "heading.insights"
	HeadingNotices    Key = "heading.notices"
	HeadingGlossary   Key = "heading.glossary"
	HeadingProvenance Key = "heading.provenance"
	PageOf            Key = "page-of"
	Author            Key = "author"
	AttachedPDF       Key = "attached-pdf"
	LeaveList         Key = "leave-list"
	PDFMissing        Key = "pdf-missing"
)

// Slash command.
const (
	SlashUsage      Key = "slash.usage"
	SlashUsageLast  Key = "slash.usage.last"
	SlashUsageWeek  Key = "slash.usage.week"
	SlashUsageShare Key = "slash.usage.share"
	SlashBots       Key = "slash.bots"
	SlashBotsMore   Key = "slash.bots.more"
	SlashNoBots     Key = "slash.bots.none"
	SlashUnknown    Key = "slash.unknown"
	SlashMeant      Key = "slash.meant"
	SlashAmbiguous  Key = "slash.ambiguous"
	SlashSurplus    Key = "slash.surplus"
	SlashNoWeek     Key = "slash.no-week"
	SlashNoNumber   Key = "slash.no-number"
	SlashNotYet     Key = "slash.not-yet"
	SlashYearAgo    Key = "slash.year-ago"
	SlashElsewhere  Key = "slash.elsewhere"
	SlashNowhere    Key = "slash.nowhere"
	SlashMaking     Key = "slash.making"
	SlashSharing    Key = "slash.sharing"
	SlashTrouble    Key = "slash.trouble"
	SlashGone       Key = "slash.gone"
	SlashUnmade     Key = "slash.unmade"
	SlashUnmadeKey  Key = "slash.unmade.key"
	SlashUnmadeSage Key = "slash.unmade.sage"
	SlashUnmadeElse Key = "slash.unmade.else"
	SlashUnposted   Key = "slash.unposted"
)

// To ops.
const (
	Diverted Key = "diverted"
)

var english = map[Key][]catalog.Message{
	CompactThousand:    one("k"),
	CompactMillion:     one("M"),
	CompactBillion:     one("bn"),
	CompactTrillion:    one("tn"),
	CompactQuadrillion: one("qn"),
	PercentagePoints:   one("%s pp"),     // 1.4
	DateDay:            one("%s %s"),     // Mon, 9
	DateDayMonth:       one("%s %s"),     // 9, November
	DateDayMonthYear:   one("%s %s %s"),  // 9, November, 2026
	DateWeekday:        one("%s %s"),     // Monday, 9 November 2026
	DateTime:           one("%s, %s"),    // 16 November 2026, 08:02
	DateRange:          one("%s – %s"),   // 29 June, 5 July
	DateRangeOneMonth:  one("%s–%s"),     // 9, 15 November
	ListAnd:            one("%s and %s"), // a, b; c
	Missing:            one("–"),         // in the place of a number
	Nameless:           one("(no name)"), // in the place of an empty name

	WeekNumber: one("week %s"),    // 46
	Subject:    one("%s, %s: %s"), // bot, dates, 8,031 chats
	Title:      one("%s, %s"),     // bot, dates
	LinkKindly: one("Open in Kindly"),
	ChatCount:  forms(1, "%d chat", "%d chats"),

	HeadlineNone:       one("No chats were recorded this week; Sage answered normally."),
	HeadlineMore:       one("%s, %s more than the week before%s."),  // 8,031 chats, 5.6%, rest
	HeadlineFewer:      one("%s, %s fewer than the week before%s."), // 8,031 chats, 5.6%, rest
	HeadlineSame:       one("%s, about as many as the week before%s."),
	HeadlineFew:        one("%s, last week %s%s."), // 4 chats, 1, rest
	HeadlineAlone:      one("%s%s."),               // 343 chats, rest
	HeadlineFallbacks:  one("; %s of the bot’s replies were fallbacks"),
	HeadlineFallbackPP: one("; %s of the bot’s replies were fallbacks (%s)"),

	LabelChats:     one("Chats"),
	LabelMessages:  one("User messages"),
	LabelFallbacks: one("Fallback rate"),
	LabelHandovers: one("Handover requests"),
	LabelClosed:    one("Requested while closed"),
	LabelStarted:   one("Handovers started"),
	LabelEnded:     one("Handovers ended"),
	LabelFeedback:  one("Feedback"),

	LastWeek:           one("last week %s"),                                                           // 7,607
	Ratings:            forms(2, "%[1]s of %[2]d rating positive", "%[1]s of %[2]d ratings positive"), // 3, 4
	RatingsPercent:     one("%s (%s)"),                                                                // 74%, 171 of 232 ratings positive
	RatingsNone:        one("no ratings, or feedback is off"),
	RatingsBoth:        one("%s: %s"), // Thumbs, 171 of 232 ratings positive
	RatingsPositive:    one("positive"),
	RatingsCount:       forms(2, "%[1]s of %[2]d rating", "%[1]s of %[2]d ratings"), // 171, 232
	RatingsOf:          one("%s of %s"),                                             // 3, 4
	RatingsUnit:        forms(1, "rating positive", "ratings positive"),             // 4, which is not printed
	NotAvailable:       one("not available"),
	SubtitleTrendNew:   one("%s this week; the bot’s history begins on %s"), // 343, 4 November 2026
	NotAvailableReason: one("Not available: %s"),                            // reason
	NobodyWrote:        one("nobody wrote"),
	NoReplies:          one("the bot did not reply"),
	NothingHappened:    one("None this week."),
	FallbacksOf:        forms(1, "%d fallback", "%d fallbacks"),

	InsightDay:         one("%s was the busiest day with %s."),                                             // Thursday, 1,530 chats
	InsightDays:        one("%s was the busiest day with %s, %s the quietest with %s."),                    // Thursday, 1,530 chats, Sunday, 588
	InsightHour:        one("The busiest hour was %s to %s, with %s over the week."),                       // 12:00, 13:00, 741 chats
	InsightFallbackDay: one("%s stood out: %s of replies were fallbacks, against %s over the whole week."), // Thursday, 18.7%, 11.8%
	InsightClosed:      forms(1, "A user asked for a human once outside opening hours.", "Users asked for a human %d times outside opening hours."),
	InsightClosedLast:  forms(1, "A user asked for a human once outside opening hours (last week %[2]s).", "Users asked for a human %[1]d times outside opening hours (last week %[2]s)."),
	InsightLabel:       forms(2, "“%[1]s” was the most frequent label, added %[2]d time.", "“%[1]s” was the most frequent label, added %[2]d times."),
	InsightLabelLast:   forms(2, "“%[1]s” was the most frequent label, added %[2]d time (last week %[3]s).", "“%[1]s” was the most frequent label, added %[2]d times (last week %[3]s)."),
	InsightMoverUp:     one("“%s” rose the most among this week’s top labels: %s."), // name; 240, last week 150 (+60.0%)
	InsightMoverDown:   one("“%s” fell the most among this week’s top labels: %s."),
	InsightMoverBelow:  forms(2, "The label “%[1]s” was added %[2]d time (last week %[3]s).", "The label “%[1]s” was added %[2]d times (last week %[3]s)."), // name, 780, below the top 100

	ChartChatsTitle:     one("Chats by day"),
	ChartMessagesTitle:  one("User messages by day"),
	ChartFallbacksTitle: one("Fallback rate by day"),
	ChartHandoversTitle: one("Handover requests by day"),
	ChartTrendTitle:     one("Chats over 12 weeks"),
	ChartHoursTitle:     one("When chats begin"),
	ChartFeedbackTitle:  one("Feedback"),
	ChartLabelsTitle:    one("Most frequent labels"),
	ChartButtonsTitle:   one("Most clicked buttons"),
	ChartPagesTitle:     one("Pages with the most chats"),

	SubtitleChange:       one("%s, last week %s (%s)"),                    // 8,031, 7,607, +5.6%
	SubtitleLast:         one("%s, last week %s"),                         // 4, 1
	SubtitleHandovers:    one("%s while open, %s while closed"),           // 382, 130
	SubtitleTrend:        one("%s this week; the highest was %s, %s"),     // 8,031, 8,200, 5–11 Oct
	SubtitleTrendHighest: one("%s this week, the highest of the 12"),      // 8,031
	SubtitleTrendEqual:   one("%s this week; no week of the 12 had more"), // 8,031
	SubtitleHoursPeak:    one("Most on %s at %s, %s; local time"),         // Tuesday, 12:00, 157 chats
	SubtitleHoursTied:    one("No hour had more than %s; local time"),     // 2 chats
	SubtitleFirst:        one("“%s” comes first with %s"),                 // name, 1,820
	Alt:                  one("%s, %s: %s. %s."),                          // title, dates, finding, the numbers
	AltItem:              one("%s: %s"),                                   // Mon 9, 1,284
	AltGap:               one("none"),
	AltShort:             one("%s, %s: %s."),        // title, dates, finding
	AltPeak:              one("most at %s, %s"),     // 12:00, 157
	AltPeakTied:          one("at most %s an hour"), // 2

	LegendFallbackWeek: one("Whole week, %s"), // 11.8%
	LegendFewer:        one("fewer"),
	LegendMore:         one("more"),
	LegendSkipped:      one("skipped by the clocks"),
	LegendLast:         one("Last week"),
	LegendBinary:       one("Thumbs"),
	LegendEmojis:       one("Five steps"),
	RatingNegative:     one("Negative"),
	RatingPositive:     one("Positive"),
	RatingOf:           one("%s of %s"), // 4, 5

	ColumnDay:      one("Day"),
	ColumnStage:    one("Stage"),
	ColumnThis:     one("This week"),
	ColumnLast:     one("Last week"),
	ColumnChange:   one("Change"),
	ColumnRating:   one("Rating"),
	ColumnCount:    one("Count"),
	ColumnShare:    one("Share"),
	ColumnLabel:    one("Label"),
	ColumnButton:   one("Button"),
	ColumnDialogue: one("Dialogue"),
	ColumnClicks:   one("Clicks"),
	ColumnPage:     one("Page"),
	TableDays:      one("Day by day"),
	TableHandovers: one("Handovers, stage by stage"),
	TotalRow:       one("Week"),
	BelowLimit:     one("below the top %s"),          // 100
	TopOf:          one("The top %s of %s."),         // 10, 87
	TopOfFull:      one("The top %s of %s or more."), // 10, 100

	NoticeMissing:      one("%s could not be fetched: %s."),                                                           // Feedback, reason
	NoticeNoBaseline:   one("The bot’s history begins on %s, inside the weeks compared: there is no comparison yet."), // 4 November 2026
	NoticeNoHistory:    one("Nothing was recorded in the %s weeks before: there is nothing to compare with."),         // 11
	NoticeDropped:      forms(1, "Sage sent %[1]d point outside the days asked for (%[2]s); it is left out.", "Sage sent %[1]d points outside the days asked for (%[2]s); they are left out."),
	SectionHours:       one("Chats by hour"),
	SectionFallbacks:   one("Fallbacks"),
	SectionHandovers:   one("Handovers"),
	SectionFeedback:    one("Feedback"),
	SectionPages:       one("Pages"),
	SectionButtons:     one("Buttons"),
	SectionLabels:      one("Labels"),
	SectionChats:       one("Chats"),
	SectionMessages:    one("User messages"),
	PartPrevious:       one("%s of the week before"), // Feedback
	PartDaily:          one("%s by day"),
	PartWeekly:         one("%s by week"),
	ProvenanceDays:     one("%s 00:00 to %s 00:00, %s (%s)."), // Monday 9 November 2026, Monday 16 November 2026, Europe/Oslo, 2026-W46
	ProvenanceNoTest:   one("Test chats excluded; Kindly’s own view may include them."),
	ProvenanceOnly:     one("Only chats from: %s."), // web and app
	ProvenanceNot:      one("Chats excluded: %s."),  // test
	ProvenanceAll:      one("All sources, test chats included."),
	ProvenanceLanguage: one("Only chats in: %s."),                               // nb and en
	ProvenanceFetched:  one("Fetched from Kindly’s Statistics API on %s (%s)."), // 16 November 2026, 08:02; Europe/Oslo
	ProvenanceID:       one("Report %s."),

	TermChat:            one("Chat"),
	TermChatMeans:       one("a conversation in which a user engaged with the bot."),
	TermMessage:         one("User message"),
	TermMessageMeans:    one("something a user wrote to the bot; the bot’s replies are not counted."),
	TermFallback:        one("Fallback rate"),
	TermFallbackMeans:   one("the share of the bot’s replies that said it did not understand."),
	TermHandover:        one("Handover"),
	TermHandoverMeans:   one("a chat passed to a human: requested, started, ended are stages of the same one."),
	TermClosed:          one("Requested while closed"),
	TermClosedMeans:     one("somebody asked for a human outside opening hours."),
	TermPercentage:      one("pp"),
	TermPercentageMeans: one("percentage points: from 10%% to 12%% is +2 pp. Where events are few, two counts stand instead of a percentage."),

	HeadingInsights:   one("What stands out"),
	HeadingNotices:    one("Before you read on"),
	HeadingGlossary:   one("The words"),
	HeadingProvenance: one("Where the numbers come from"),
	PageOf:            one("Page %s of %s"),
	Author:            one("Kindly Weekly"),
	AttachedPDF:       one("The whole report is attached as a PDF."),
	LeaveList:         one("To stop getting this report, write to %s."), // an address
	PDFMissing:        one("The PDF could not be attached."),

	SlashUsage:      one("The weekly report of a bot:"),
	SlashUsageLast:  one("`%s BOT` sends you the report of the last complete week"),                   // /kindly-report
	SlashUsageWeek:  one("`%s BOT 46` that of week 46; also `w46`, `uke 46` or, with the year, `%s`"), // /kindly-report, 2026-W46
	SlashUsageShare: one("`%s BOT share` posts it in this channel, for everybody; also after a week"),
	SlashBots:       one("BOT is the name, the id or the beginning of one of them:"),
	SlashBotsMore:   forms(1, "… and %d more", "… and %d more"),
	SlashNoBots:     one("There is no bot whose report you can ask for here. Ask in the channel that gets the report, or have yourself added to the report’s viewers."),
	SlashUnknown:    one("There is no bot “%s” whose report you can ask for here."),                                                 // what was typed
	SlashMeant:      one("Did you mean “%s”?"),                                                                                      // a bot
	SlashAmbiguous:  one("“%s” can mean %s. Write more of the name."),                                                               // what was typed, “a” and “b”
	SlashSurplus:    one("I do not understand “%s” after %s. A week, such as `46` or `%s`, or `share` can stand there."),            // what was typed, bot, 2026-W46
	SlashNoWeek:     one("There is no week %s in %s: its weeks are 1 to %s."),                                                       // 54, 2026, 53
	SlashNoNumber:   one("There is no week %s: weeks are 1 to 53."),                                                                 // 54
	SlashNotYet:     one("%s is not over yet. The report of %s will be ready on %s (%s)."),                                          // Week 47, bot, Monday 23 November 2026 00:00, Europe/Oslo
	SlashYearAgo:    one("For that of the year before, write `%s`."),                                                                // 2025-W47
	SlashElsewhere:  one("The report of %s can be shared only in its own channels: %s. Without `share` it comes to you privately."), // bot, channels
	SlashNowhere:    one("The report of %s has no channel in which it could be shared. Without `share` it comes to you privately."), // bot
	SlashMaking:     one("Making the report of %s, %s; it comes to you privately."),                                                 // bot, 9–15 November
	SlashSharing:    one("Making the report of %s, %s; it will be posted in this channel."),                                         // bot, 9–15 November
	SlashTrouble:    one("Something behind this command did not answer in time. If nothing comes within a few minutes, please ask again."),
	SlashGone:       one("That report cannot be asked for here."),
	SlashUnmade:     one("The report of %s, %s, cannot be made just now."), // bot, 9–15 November
	SlashUnmadeKey:  one("Kindly does not let us read this bot’s statistics. Please tell whoever looks after Kindly Weekly for you."),
	SlashUnmadeSage: one("Kindly’s statistics gave no answer that can be used. Please try again in a few minutes."),
	SlashUnmadeElse: one("Please try again in a few minutes, and if it stays so, tell whoever looks after Kindly Weekly for you."),
	SlashUnposted:   one("The report of %s, %s, could not be posted here. If this app is not a member of the channel, type `/invite` and ask again."), // bot, 9–15 November

	Diverted: one("[for %s] %s"), // for whom it was meant, bot
}
