package wording

import "golang.org/x/text/feature/plural"

// english is what the other languages translate. Beside a message stand its arguments. Its words are
//
//	chat, user message, fallback, fallback rate, handover, handover request, opening hours,
//	feedback, rating, label, button, page, target, note, ordinarily, above normal, overview,
//	percentage point.
var english = &language{
	locale:  "en",
	names:   []string{"english", "engelsk", "englisch", "eng", "gb", "uk", "us"},
	plurals: []plural.Form{plural.One, plural.Other},

	weekdays: [7]string{
		"Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday",
	},
	weekdaysShort: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	onWeekdays: [7]string{
		"on Sunday", "on Monday", "on Tuesday",
		"on Wednesday", "on Thursday", "on Friday", "on Saturday",
	},
	months: [12]string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
	monthsShort: [12]string{
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	},

	week: []string{"week", "wk", "w"},
	last: []string{"last", "previous"},

	texts: englishTexts,
}

// A Key names a message. Comments beside the English texts show the arguments of each.
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
	DateDayOnly        Key = "date.day-only"
	DateWeekdays       Key = "date.weekdays"
	DateTime           Key = "date.time"
	DateClock          Key = "date.clock"
	DateHour           Key = "date.hour"
	Quoted             Key = "quoted"
	DateRange          Key = "date.range"
	DateRangeOneMonth  Key = "date.range.one-month"
	ListAnd            Key = "list.and"
	ListNext           Key = "list.next"
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

	HeadlineNone          Key = "headline.none"
	HeadlineNoneBaseline  Key = "headline.none.ordinary"
	HeadlineMore          Key = "headline.more"
	HeadlineFewer         Key = "headline.fewer"
	HeadlineSame          Key = "headline.same"
	HeadlineFew           Key = "headline.few"
	HeadlineAlone         Key = "headline.alone"
	ChatsPartial          Key = "chats.partial"
	ChatsUnknown          Key = "chats.unknown"
	HeadlinePartial       Key = "headline.partial"
	HeadlineUnknown       Key = "headline.unknown"
	HeadlineSpecial       Key = "headline.special"
	HeadlineBaseline      Key = "headline.ordinary"
	HeadlineBaselineMore  Key = "headline.ordinary.more"
	HeadlineBaselineFewer Key = "headline.ordinary.fewer"
	HeadlineBaselineFew   Key = "headline.ordinary.few"
	HeadlineUnusualMore   Key = "headline.unusual.more"
	HeadlineUnusualFewer  Key = "headline.unusual.fewer"
	HeadlineMost          Key = "headline.most"
	HeadlineFewest        Key = "headline.fewest"
	HeadlineHighest       Key = "headline.highest"
	HeadlineLowest        Key = "headline.lowest"
	HeadlineIncident      Key = "headline.incident"
	HeadlineIncidents     Key = "headline.incidents"
	HeadlineMissed        Key = "headline.missed"
	HeadlineAgain         Key = "headline.again"
	HeadlineFallbacks     Key = "headline.fallbacks"
	HeadlineFallbackPP    Key = "headline.fallbacks.pp"
	HeadlineFallbackUsual Key = "headline.fallbacks.ordinary"
	HeadlineWith          Key = "headline.with"
	Clauses               Key = "clauses"
	FullStop              Key = "full-stop"
	MoreNames             Key = "more-names"

	LabelChats     Key = "label.chats"
	LabelMessages  Key = "label.messages"
	LabelFallbacks Key = "label.fallbacks"
	LabelHandovers Key = "label.handovers"
	LabelClosed    Key = "label.closed"
	LabelStarted   Key = "label.started"
	LabelEnded     Key = "label.ended"
	LabelFeedback  Key = "label.feedback"

	Usually            Key = "ordinarily"
	AYearAgo           Key = "year-ago"
	AYearAgoWith       Key = "year-ago.with"
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
	OnDays             Key = "on-days"
	NotKnown           Key = "not-known"
	SubtitleTrendNew   Key = "subtitle.trend.new"
	NotAvailableReason Key = "not-available.reason"
	NobodyWrote        Key = "nobody-wrote"
	NoReplies          Key = "no-replies"
	NothingHappened    Key = "nothing-happened"
	FallbacksOf        Key = "fallbacks.of"

	InsightDay         Key = "insight.day"
	InsightDays        Key = "insight.days"
	InsightDayMore     Key = "insight.day.more"
	InsightDayFewer    Key = "insight.day.fewer"
	InsightDayBoth     Key = "insight.day.both"
	InsightHalf        Key = "insight.half"
	InsightHalfHour    Key = "insight.half.hour"
	InsightIncident    Key = "insight.incident"
	InsightFallbackDay Key = "insight.fallback-day"
	InsightClosed      Key = "insight.closed"
	InsightClosedLast  Key = "insight.closed.last"
	InsightClosedUsual Key = "insight.closed.ordinary"
	InsightClosedHours Key = "insight.closed.hours"
	InsightClosedDay   Key = "insight.closed.day"
	InsightClosedWhen  Key = "insight.closed.when"
	InsightThumbsFell  Key = "insight.thumbs.fell"
	InsightThumbsRose  Key = "insight.thumbs.rose"
	InsightStepsFell   Key = "insight.steps.fell"
	InsightStepsRose   Key = "insight.steps.rose"
	InsightMost        Key = "insight.most"
	InsightFewest      Key = "insight.fewest"
	InsightHighest     Key = "insight.highest"
	InsightLowest      Key = "insight.lowest"
	InsightChatsUp     Key = "insight.chats.up"
	InsightChatsDown   Key = "insight.chats.down"
	InsightRateUp      Key = "insight.rate.up"
	InsightRateDown    Key = "insight.rate.down"

	InsightLabelNew     Key = "insight.label.new"
	InsightLabelGone    Key = "insight.label.gone"
	InsightLabelRisen   Key = "insight.label.risen"
	InsightLabelFallen  Key = "insight.label.fallen"
	InsightLabelFrom    Key = "insight.label.from"
	InsightLabelTo      Key = "insight.label.to"
	InsightButtonFrom   Key = "insight.button.from"
	InsightButtonTo     Key = "insight.button.to"
	InsightPageFrom     Key = "insight.page.from"
	InsightPageTo       Key = "insight.page.to"
	InsightButtonNew    Key = "insight.button.new"
	InsightButtonGone   Key = "insight.button.gone"
	InsightButtonRisen  Key = "insight.button.risen"
	InsightButtonFallen Key = "insight.button.fallen"
	InsightPageNew      Key = "insight.page.new"
	InsightPageNewMost  Key = "insight.page.new-most"
	InsightPageGone     Key = "insight.page.gone"
	InsightPageRisen    Key = "insight.page.risen"
	InsightPageFallen   Key = "insight.page.fallen"
)

// Targets.
const (
	TargetFallbackRate        Key = "target.fallback-rate"
	TargetHandoverRate        Key = "target.handover-rate"
	TargetFeedback            Key = "target.feedback"
	TargetThumbs              Key = "target.feedback.thumbs"
	TargetSteps               Key = "target.feedback.steps"
	TargetRequestsWhileClosed Key = "target.requests-while-closed"
	TargetHandoversOf         Key = "target.handovers-of"
	TargetParts               Key = "target.parts"
	TargetAtMost              Key = "target.at-most"
	TargetAtLeast             Key = "target.at-least"
	TargetMet                 Key = "target.met"
	TargetMissed              Key = "target.missed"
	TargetTooFew              Key = "target.too-few"
	TargetWeeks               Key = "target.weeks"
	TargetWeeksAtLeast        Key = "target.weeks.at-least"

	MissedFallbackRate        Key = "missed.fallback-rate"
	MissedHandoverRate        Key = "missed.handover-rate"
	MissedFeedback            Key = "missed.feedback"
	MissedThumbs              Key = "missed.feedback.thumbs"
	MissedSteps               Key = "missed.feedback.steps"
	MissedRequestsWhileClosed Key = "missed.requests-while-closed"
	AgainFallbackRate         Key = "again.fallback-rate"
	AgainHandoverRate         Key = "again.handover-rate"
	AgainFeedback             Key = "again.feedback"
	AgainThumbs               Key = "again.feedback.thumbs"
	AgainSteps                Key = "again.feedback.steps"
	AgainRequestsWhileClosed  Key = "again.requests-while-closed"
)

// Charts and tables.
const (
	ChartChatsTitle          Key = "chart.chats"
	ChartMessagesTitle       Key = "chart.messages"
	ChartFallbacksTitle      Key = "chart.fallbacks"
	ChartFallbackCountsTitle Key = "chart.fallbacks.count"
	ChartHandoversTitle      Key = "chart.handovers"
	ChartTrendTitle          Key = "chart.trend"
	ChartHoursTitle          Key = "chart.hours"
	ChartFeedbackTitle       Key = "chart.feedback"
	ChartLabelsTitle         Key = "chart.labels"
	ChartButtonsTitle        Key = "chart.buttons"
	ChartPagesTitle          Key = "chart.pages"

	SubtitleChange       Key = "subtitle.change"
	SubtitleLast         Key = "subtitle.last"
	SubtitleHandovers    Key = "subtitle.handovers"
	SubtitleTrend        Key = "subtitle.trend"
	SubtitleTrendHighest Key = "subtitle.trend.highest"
	SubtitleTrendLowest  Key = "subtitle.trend.lowest"
	SubtitleTrendYear    Key = "subtitle.trend.year"
	SubtitleHoursPeak    Key = "subtitle.hours.peak"
	SubtitleHoursTied    Key = "subtitle.hours.tied"
	SubtitleFirst        Key = "subtitle.first"
	SubtitleTrendUsual   Key = "subtitle.trend.ordinary"
	SubtitleWith         Key = "subtitle.with"
	Alt                  Key = "alt"
	AltItem              Key = "alt.item"
	AltGap               Key = "alt.gap"
	AltSpecial           Key = "alt.special"
	AltShort             Key = "alt.short"
	AltPeak              Key = "alt.peak"
	AltPeakTied          Key = "alt.peak.tied"

	LegendFallbackWeek Key = "legend.fallback-week"
	LegendRequested    Key = "legend.requested"
	LegendClosed       Key = "legend.closed"
	LegendFewer        Key = "legend.fewer"
	LegendMore         Key = "legend.more"
	LegendSkipped      Key = "legend.skipped"
	LegendUnknown      Key = "legend.unknown"
	LegendSpecial      Key = "legend.special"
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
	ColumnMessages Key = "column.messages"
	TableDays      Key = "table.days"
	TableHandovers Key = "table.handovers"
	TableTargets   Key = "table.targets"
	TableMovers    Key = "table.movers"
	ColumnTarget   Key = "column.target"
	ColumnLimit    Key = "column.limit"
	ColumnState    Key = "column.state"
	ColumnWhat     Key = "column.what"
	WhatState      Key = "what-state"
	ColumnName     Key = "column.name"
	MoverNew       Key = "mover.new"
	MoverGone      Key = "mover.gone"
	MoverRisen     Key = "mover.risen"
	MoverFallen    Key = "mover.fallen"
	TotalRow       Key = "table.total"
	BelowLimit     Key = "below-limit"
	TopOf          Key = "table.top-of"
	TopOfFull      Key = "table.top-of-full"
	AtMost         Key = "at-most"
	AtMostMeans    Key = "at-most.means"
	TopAddresses   Key = "table.top-addresses"
	ButtonIn       Key = "button.in"
)

// Notices, the provenance, the glossary, and labels of editions.
const (
	NoticeMissing      Key = "notice.missing"
	NoticeUnknown      Key = "notice.unknown"
	NoticeLeftOut      Key = "notice.left-out"
	NoticeNoBaseline   Key = "notice.no-baseline"
	NoticeNoHistory    Key = "notice.no-history"
	NoticeDropped      Key = "notice.dropped"
	NoticeRepeated     Key = "notice.repeated"
	NoticeSpecial      Key = "notice.special"
	NoticeSpecialLast  Key = "notice.special.last"
	SpecialDay         Key = "special.day"
	SpecialDays        Key = "special.days"
	SectionHours       Key = "section.hours"
	SectionFallbacks   Key = "section.fallbacks"
	SectionHandovers   Key = "section.handovers"
	SectionFeedback    Key = "section.feedback"
	SectionPages       Key = "section.pages"
	SectionButtons     Key = "section.buttons"
	SectionLabels      Key = "section.labels"
	SectionChats       Key = "section.chats"
	SectionMessages    Key = "section.messages"
	SectionYearAgo     Key = "section.year-ago"
	PartPrevious       Key = "part.previous"
	PartDaily          Key = "part.daily"
	PartWeekly         Key = "part.weekly"
	PartHourly         Key = "part.hourly"
	PartBefore         Key = "part.before"
	PartYearAgo        Key = "part.year-ago"
	PartDays           Key = "part.days"
	PartDates          Key = "part.dates"
	ProvenanceDays     Key = "provenance.days"
	ProvenanceNoTest   Key = "provenance.no-test"
	ProvenanceOnly     Key = "provenance.only"
	ProvenanceNot      Key = "provenance.not"
	ProvenanceAll      Key = "provenance.all"
	ProvenanceLanguage Key = "provenance.language"
	ProvenanceBaseline Key = "provenance.ordinary"
	ProvenanceFetched  Key = "provenance.fetched"
	ProvenanceID       Key = "provenance.id"

	HeadlineNoneUnknown     Key = "headline.none.unknown"
	NoticeSurplus           Key = "notice.surplus"
	NoticeUnknownSources    Key = "notice.unknown.sources"
	NoticeKnownSources      Key = "notice.known.sources"
	NoticeUnknownLanguages  Key = "notice.unknown.languages"
	NoticeKnownLanguages    Key = "notice.known.languages"
	ProvenanceZone          Key = "provenance.zone"
	ProvenanceUnchecked     Key = "provenance.unchecked"
	PortfolioUnknownFilters Key = "portfolio.unknown-filters"

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
	TermBaseline        Key = "term.ordinary"
	TermBaselineMeans   Key = "term.ordinary.means"
	TermPercentage      Key = "term.percentage"
	TermPercentageMeans Key = "term.percentage.means"

	HeadingInsights   Key = "heading.insights"
	HeadingNotices    Key = "heading.notices"
	HeadingGlossary   Key = "heading.glossary"
	HeadingProvenance Key = "heading.provenance"
	HeadingDetails    Key = "heading.details"
	LinkPDF           Key = "link.pdf"
	PageOf            Key = "page-of"
	Author            Key = "author"
	AttachedPDF       Key = "attached-pdf"
	Undrawn           Key = "undrawn"
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
	SlashAlike      Key = "slash.alike"
	SlashCut        Key = "slash.cut"
	SlashSurplus    Key = "slash.surplus"
	SlashNoWeek     Key = "slash.no-week"
	SlashNoNumber   Key = "slash.no-number"
	SlashNoDay      Key = "slash.no-day"
	SlashTooEarly   Key = "slash.too-early"
	SlashUnclear    Key = "slash.unclear"
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

// Why a section is missing.
const (
	ReasonUnsent        Key = "reason.unsent"
	ReasonStatus        Key = "reason.status"
	ReasonStatusOnly    Key = "reason.status.only"
	ReasonShape         Key = "reason.shape"
	ReasonPage          Key = "reason.page"
	ReasonUnfinished    Key = "reason.unfinished"
	ReasonLate          Key = "reason.late"
	ReasonBroken        Key = "reason.broken"
	ReasonUnreadable    Key = "reason.unreadable"
	ReasonUnreachable   Key = "reason.unreachable"
	ReasonContradicted  Key = "reason.contradicted"
	ReasonContradictory Key = "reason.contradictory"
	ReasonRepeated      Key = "reason.repeated"
	ReasonDiscarded     Key = "reason.discarded"
	ReasonUnproven      Key = "reason.unproven"
)

// Messages to operators.
const (
	Diverted Key = "diverted"
)

// The portfolio: the overview of all bots of a tenant.
const (
	PortfolioName       Key = "portfolio.name"
	PortfolioNoneIn     Key = "portfolio.none-in"
	PortfolioStandOut   Key = "portfolio.stand-out"
	PortfolioMissed     Key = "portfolio.missed"
	PortfolioCalm       Key = "portfolio.calm"
	PortfolioUncompared Key = "portfolio.uncompared"
	PortfolioAbsent     Key = "portfolio.absent"
	PortfolioVolume     Key = "portfolio.volume"
	PortfolioVolumeAll  Key = "portfolio.volume.all"
	PortfolioPairs      Key = "portfolio.pairs"

	PortfolioAffected    Key = "portfolio.group.affected"
	PortfolioFailed      Key = "portfolio.group.failed"
	PortfolioNotIn       Key = "portfolio.group.not-in"
	PortfolioAsUsual     Key = "portfolio.group.usual"
	PortfolioNotCompared Key = "portfolio.group.uncompared"
	PortfolioUnknown     Key = "portfolio.group.unknown"
	PortfolioSilent      Key = "portfolio.group.silent"
	PortfolioFew         Key = "portfolio.group.few"
	PortfolioPaused      Key = "portfolio.group.paused"
	PortfolioNewBots     Key = "portfolio.group.new"
	PortfolioUnsent      Key = "portfolio.group.unsent"
	PortfolioOfGroup     Key = "portfolio.group.count"
	PortfolioNoteAbove   Key = "portfolio.note.above"
	PortfolioNoteUsual   Key = "portfolio.note.usual"
	PortfolioNoteSpark   Key = "portfolio.note.spark"
	PortfolioNoteFew     Key = "portfolio.note.few"
	PortfolioNoteNotIn   Key = "portfolio.note.not-in"
	PortfolioNoteNew     Key = "portfolio.note.new"
	PortfolioNoteUnsent  Key = "portfolio.note.unsent"

	PortfolioUnusual     Key = "portfolio.unusual"
	PortfolioUnusualMark Key = "portfolio.unusual.mark"
	PortfolioNew         Key = "portfolio.new"
	PortfolioSpecial     Key = "portfolio.special"
	PortfolioNoFallbacks Key = "portfolio.no-fallbacks"
	PortfolioRate        Key = "portfolio.rate"
	PortfolioRateUsual   Key = "portfolio.rate.ordinary"
	PortfolioTargets     Key = "portfolio.targets"
	PortfolioNoAccess    Key = "portfolio.reason.access"
	PortfolioStatistics  Key = "portfolio.reason.statistics"
	PortfolioUnmade      Key = "portfolio.reason.unmade"
	PortfolioMore        Key = "portfolio.more"
	PortfolioOthers      Key = "portfolio.others"
	PortfolioMoreAtMost  Key = "portfolio.more.at-most"
	PortfolioMade        Key = "portfolio.made"

	ColumnBot       Key = "column.bot"
	ColumnAbove     Key = "column.above"
	ColumnFallbacks Key = "column.fallbacks"
)

var englishTexts = map[Key]text{
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
	DateDayOnly:        one("%s"),        // 9, before another date of the month
	DateWeekdays:       one("%s to %s"),  // Monday 9, Sunday 15 November 2026
	DateTime:           one("%s, %s"),    // 16 November 2026, 08:02
	DateClock:          one("%s:%s"),     // 08, 02
	DateHour:           one("%[1]s:00"),  // 09, 9
	Quoted:             one("“%s”"),      // a name
	DateRange:          one("%s – %s"),   // 29 June, 5 July
	DateRangeOneMonth:  one("%s–%s"),     // 9, 15 November
	ListAnd:            one("%s and %s"), // a, b; c
	ListNext:           one("%s, %s"),    // a; b
	Missing:            one("–"),         // in the place of a number
	Nameless:           one("(no name)"), // in the place of an empty name

	WeekNumber: one("week %s"),    // 46
	Subject:    one("%s, %s: %s"), // bot, dates, 8,031 chats
	Title:      one("%s, %s"),     // bot, dates
	LinkKindly: one("Open in Kindly"),
	ChatCount:  forms(1, "%s chat", "%s chats"),

	// The clauses of a headline. Each could stand alone; Clauses puts them together, and FullStop ends the last one.
	HeadlineNone:          one("No chats were recorded this week; Kindly answered normally"),
	HeadlineNoneBaseline:  one("No chats were recorded this week, while an ordinary week has %s; Kindly answered normally"), // 7,900
	HeadlineMore:          one("%s, %s more than the week before"),                                                          // 8,031 chats, 5.6%
	HeadlineFewer:         one("%s, %s fewer than the week before"),
	HeadlineSame:          one("%s, about as many as the week before"),
	HeadlineFew:           one("%s, last week %s"),   // 4 chats, 1
	HeadlineAlone:         one("%s"),                 // 343 chats
	ChatsPartial:          one("%s on %s of 7 days"), // 1,191 chats, 6
	ChatsUnknown:          one("number of chats not known"),
	HeadlinePartial:       one("%s on %s of 7 days, the rest not known"), // 1,191 chats, 6
	HeadlineUnknown:       one("the number of chats is not known"),
	HeadlineSpecial:       one("%s in a week with %s"),                          // 8,031 chats, Black Friday
	HeadlineBaseline:      one("%s, about as many as in an ordinary week (%s)"), // 8,031 chats, 7,900
	HeadlineBaselineMore:  one("%s, %s more than in an ordinary week (%s)"),     // 8,031 chats, 12.3%, 7,150
	HeadlineBaselineFewer: one("%s, %s fewer than in an ordinary week (%s)"),
	HeadlineBaselineFew:   one("%s; an ordinary week has %s"),                                     // 4 chats, 5
	HeadlineUnusualMore:   one("Unusually many chats: %s, %s more than in an ordinary week (%s)"), // 8,031, 31.0%, 6,130
	HeadlineUnusualFewer:  one("Unusually few chats: %s, %s fewer than in an ordinary week (%s)"),
	HeadlineMost:          one("%s, the most in %s weeks (an ordinary week has %s)"), // 8,031 chats, 12, 7,100
	HeadlineFewest:        one("%s, the fewest in %s weeks (an ordinary week has %s)"),
	HeadlineHighest:       one("%s of the bot’s replies were fallbacks, the highest rate in %s weeks (ordinarily %s)"), // 11.8%, 12, 9.1%
	HeadlineLowest:        one("%s of the bot’s replies were fallbacks, the lowest rate in %s weeks (ordinarily %s)"),
	HeadlineIncident:      one("Fallbacks jumped on %s: %s of the bot’s replies, ordinarily %s"),       // Wednesday, 15.2%, 8.5%
	HeadlineIncidents:     one("Fallbacks jumped on %s: up to %s of the bot’s replies, ordinarily %s"), // Wednesday and Thursday, 15.2%, 8.5%
	HeadlineMissed:        one("%[1]s of %[2]s targets were missed: %[3]s"),                            // 2, 4, fallback rate and feedback
	HeadlineAgain:         one("%[1]s targets are met again: %[2]s"),                                   // 2, fallback rate and feedback
	HeadlineFallbacks:     one("%s of the bot’s replies were fallbacks"),
	HeadlineFallbackPP:    one("%s of the bot’s replies were fallbacks (%s)"),            // 11.8%, +1.4 pp
	HeadlineFallbackUsual: one("%s of the bot’s replies were fallbacks (ordinarily %s)"), // 11.8%, 10.4%
	HeadlineWith:          one("the week had %s"),                                        // Black Friday
	Clauses:               one("%s; %s"),
	FullStop:              one("%s."),
	MoreNames:             forms(2, "%[1]s and %[2]s more", "%[1]s and %[2]s more"), // a, b, c; 2

	LabelChats:     one("Chats"),
	LabelMessages:  one("User messages"),
	LabelFallbacks: one("Fallback rate"),
	LabelHandovers: one("Handover requests, open"),
	LabelClosed:    one("Handover requests, closed"),
	LabelStarted:   one("Handovers started"),
	LabelEnded:     one("Handovers ended"),
	LabelFeedback:  one("Feedback"),

	Usually:            one("ordinarily %s"),                                                          // 7,900
	AYearAgoWith:       one("a year ago %s, with %s"),                                                 // 6,422, Black Friday
	AYearAgo:           one("a year ago %s"),                                                          // 6,422
	LastWeek:           one("last week %s"),                                                           // 7,607
	Ratings:            forms(2, "%[1]s of %[2]s rating positive", "%[1]s of %[2]s ratings positive"), // 3, 4
	RatingsPercent:     one("%s (%s)"),                                                                // 74%, 171 of 232 ratings positive
	RatingsNone:        one("no ratings, or feedback is off"),
	RatingsBoth:        one("%s: %s"), // Thumbs, 171 of 232 ratings positive
	RatingsPositive:    one("positive"),
	RatingsCount:       forms(2, "%[1]s of %[2]s rating", "%[1]s of %[2]s ratings"), // 171, 232
	RatingsOf:          one("%s of %s"),                                             // 3, 4
	RatingsUnit:        forms(1, "rating positive", "ratings positive"),             // 4, which is not printed
	NotAvailable:       one("not available"),
	OnDays:             one("on %s of 7 days"), // 6
	NotKnown:           one("not known"),
	SubtitleTrendNew:   one("%s this week; the bot’s history begins on %s"), // 343, 4 November 2026
	NotAvailableReason: one("Not available: %s"),                            // reason
	NobodyWrote:        one("nobody wrote"),
	NoReplies:          one("the bot did not reply"),
	NothingHappened:    one("None this week."),
	FallbacksOf:        forms(1, "%s fallback", "%s fallbacks"),

	InsightDay:         one("%s was the busiest day with %s."),                             // Thursday, 1,530 chats
	InsightDays:        one("%s was the busiest day with %s, %s the quietest with %s."),    // Thursday, 1,530 chats, Sunday, 588
	InsightDayMore:     one("%s had far more chats than an ordinary one: %s against %s."),  // Thursday, 1,530, 1,234
	InsightDayFewer:    one("%s had far fewer chats than an ordinary one: %s against %s."), // Sunday, 188, 416
	InsightDayBoth:     one("%s had far more chats than an ordinary one (%s against %s), %s far fewer (%s against %s)."),
	InsightHalf:        one("%s of the chats began between %s and %s."),                                                 // 52%, 09:00, 14:00
	InsightHalfHour:    one("%s of the chats began between %s and %s; the busiest hour was %s to %s, with %s."),         // 52%, 09:00, 14:00, 12:00, 13:00, 837 chats
	InsightIncident:    one("Fallbacks jumped on %s: %s of the bot’s replies (%s of %s), ordinarily %s on such a day."), // Thursday, 18.7%, 935, 5,000, 10.2%
	InsightFallbackDay: one("On %s, %s of the bot’s replies were fallbacks, against %s over the whole week."),           // Thursday, 18.7%, 11.8%
	InsightClosed:      forms(1, "A user asked for a human once outside opening hours.", "Users asked for a human %s times outside opening hours."),
	InsightClosedLast:  forms(1, "A user asked for a human once outside opening hours (last week %[2]s).", "Users asked for a human %[1]s times outside opening hours (last week %[2]s)."),
	InsightClosedUsual: forms(1, "A user asked for a human once outside opening hours (ordinarily %[2]s).", "Users asked for a human %[1]s times outside opening hours (ordinarily %[2]s)."),
	InsightClosedHours: one("%s of these came between %s and %s."),                                                         // 61, 17:00, 20:00
	InsightClosedDay:   one("The day with the most was %s (%s)."),                                                          // Saturday, 32
	InsightClosedWhen:  one("%s of these came between %s and %s; the day with the most was %s (%s)."),                      // 61, 17:00, 20:00, Saturday, 32
	InsightThumbsFell:  one("Feedback fell: %s of the thumbs were up (%s of %s), in ordinary weeks before %s (%s of %s)."), // 61%, 142, 232, 71%, 1,560, 2,200
	InsightThumbsRose:  one("Feedback rose: %s of the thumbs were up (%s of %s), in ordinary weeks before %s (%s of %s)."),
	InsightStepsFell:   one("Feedback fell: %s of the ratings in five steps were positive (%s of %s), in ordinary weeks before %s (%s of %s)."),
	InsightStepsRose:   one("Feedback rose: %s of the ratings in five steps were positive (%s of %s), in ordinary weeks before %s (%s of %s)."),
	InsightMost:        one("%s were the most in %s weeks; the most before were %s (%s)."), // 8,031 chats, 12, 7,607, 2–8 Nov
	InsightFewest:      one("%s were the fewest in %s weeks; the fewest before were %s (%s)."),
	InsightHighest:     one("The fallback rate of %s was the highest in %s weeks; the highest before was %s (%s)."), // 11.8%, 12, 10.1%, 2–8 Nov
	InsightLowest:      one("The fallback rate of %s was the lowest in %s weeks; the lowest before was %s (%s)."),
	InsightChatsUp:     forms(1, "Chats rose this week, from %[2]s to %[3]s.", "Chats have risen for %[1]s weeks in a row, from %[2]s to %[3]s."),
	InsightChatsDown:   forms(1, "Chats fell this week, from %[2]s to %[3]s.", "Chats have fallen for %[1]s weeks in a row, from %[2]s to %[3]s."),
	InsightRateUp:      forms(1, "The fallback rate rose this week, from %[2]s to %[3]s.", "The fallback rate has risen for %[1]s weeks in a row, from %[2]s to %[3]s."),
	InsightRateDown:    forms(1, "The fallback rate fell this week, from %[2]s to %[3]s.", "The fallback rate has fallen for %[1]s weeks in a row, from %[2]s to %[3]s."),

	// Name, this week, the week before.
	InsightLabelNew:    forms(2, "The label “%[1]s” was added %[2]s time, and not once the week before.", "The label “%[1]s” was added %[2]s times, and not once the week before."),
	InsightLabelGone:   one("The label “%[1]s” was not added at all; the week before it was added %[3]s times."),
	InsightLabelRisen:  one("The label “%[1]s” rose: added %[2]s times, %[3]s the week before."),
	InsightLabelFallen: one("The label “%[1]s” fell: added %[2]s times, %[3]s the week before."),
	// From and to below the end of a list: name, this week, the week before; the end is "below the top 100".
	InsightLabelFrom:    one("The label “%[1]s” rose: added %[2]s times, the week before it was %[3]s."),
	InsightLabelTo:      one("The label “%[1]s” fell: it is %[2]s, the week before it was added %[3]s times."),
	InsightButtonFrom:   one("The button “%[1]s” rose: clicked %[2]s times, the week before it was %[3]s."),
	InsightButtonTo:     one("The button “%[1]s” fell: it is %[2]s, the week before it was clicked %[3]s times."),
	InsightPageFrom:     one("The page “%[1]s” rose: %[2]s chats, the week before it was %[3]s."),
	InsightPageTo:       one("The page “%[1]s” fell: it is %[2]s, the week before it had %[3]s chats."),
	InsightButtonNew:    forms(2, "The button “%[1]s” was clicked %[2]s time, and not once the week before.", "The button “%[1]s” was clicked %[2]s times, and not once the week before."),
	InsightButtonGone:   one("The button “%[1]s” was not clicked at all; the week before it was clicked %[3]s times."),
	InsightButtonRisen:  one("The button “%[1]s” rose: clicked %[2]s times, %[3]s the week before."),
	InsightButtonFallen: one("The button “%[1]s” fell: clicked %[2]s times, %[3]s the week before."),
	InsightPageNew:      forms(2, "The page “%[1]s” had %[2]s chat, and not one the week before.", "The page “%[1]s” had %[2]s chats, and not one the week before."),
	InsightPageNewMost:  one("The page “%[1]s” had %[2]s chats, and not one the week before."),
	InsightPageGone:     one("The page “%[1]s” had no chats; the week before it had %[3]s."),
	InsightPageRisen:    one("The page “%[1]s” rose: %[2]s chats, %[3]s the week before."),
	InsightPageFallen:   one("The page “%[1]s” fell: %[2]s chats, %[3]s the week before."),

	TargetFallbackRate:        one("fallback rate"),
	TargetHandoverRate:        one("handover requests, open and closed, per 100 chats"),
	TargetFeedback:            one("positive feedback"),
	TargetThumbs:              one("positive feedback by thumbs"),
	TargetSteps:               one("positive feedback in five steps"),
	TargetRequestsWhileClosed: one("handover requests, closed"),
	TargetHandoversOf:         forms(2, "%[1]s in %[2]s chat", "%[1]s in %[2]s chats"), // 526, 8,163
	TargetParts:               one("%s (%s)"),                                          // handover requests per 100 chats, 526 in 8,163 chats
	TargetAtMost:              one("at most %s"),
	TargetAtLeast:             one("at least %s"),
	TargetMet:                 one("met"),
	TargetMissed:              one("missed"),
	TargetTooFew:              one("too few to judge"),
	TargetWeeks:               forms(1, "%s week", "%s weeks"),
	TargetWeeksAtLeast:        forms(1, "%s week or more", "%s weeks or more"),

	// For so many weeks in a row, this one included; the value; the limit.
	MissedFallbackRate:        forms(1, "The fallback rate was %[2]s, over its target of %[3]s", "The fallback rate was %[2]s, over its target of %[3]s for %[1]s weeks in a row"),
	MissedHandoverRate:        forms(1, "There were %[2]s handover requests per 100 chats, open and closed, over the target of %[3]s", "There were %[2]s handover requests per 100 chats, open and closed, over the target of %[3]s for %[1]s weeks in a row"),
	MissedFeedback:            forms(1, "%[2]s of the ratings were positive, under the target of %[3]s", "%[2]s of the ratings were positive, under the target of %[3]s, which was missed for %[1]s weeks in a row"),
	MissedThumbs:              forms(1, "%[2]s of the thumbs were up, under the target of %[3]s", "%[2]s of the thumbs were up, under the target of %[3]s, which was missed for %[1]s weeks in a row"),
	MissedSteps:               forms(1, "%[2]s of the ratings in five steps were positive, under the target of %[3]s", "%[2]s of the ratings in five steps were positive, under the target of %[3]s, which was missed for %[1]s weeks in a row"),
	MissedRequestsWhileClosed: forms(1, "%[2]s handover requests came outside opening hours, over the target of %[3]s", "%[2]s handover requests came outside opening hours, over the target of %[3]s for %[1]s weeks in a row"),
	// After so many weeks in a row that missed it; the value; the limit.
	AgainFallbackRate:        forms(1, "The fallback rate was %[2]s: within its target of %[3]s again after a week over it", "The fallback rate was %[2]s: within its target of %[3]s again after %[1]s weeks over it"),
	AgainHandoverRate:        forms(1, "There were %[2]s handover requests per 100 chats, open and closed: within the target of %[3]s again after a week over it", "There were %[2]s handover requests per 100 chats, open and closed: within the target of %[3]s again after %[1]s weeks over it"),
	AgainFeedback:            forms(1, "%[2]s of the ratings were positive: the target of %[3]s is met again after a week under it", "%[2]s of the ratings were positive: the target of %[3]s is met again after %[1]s weeks under it"),
	AgainThumbs:              forms(1, "%[2]s of the thumbs were up: the target of %[3]s is met again after a week under it", "%[2]s of the thumbs were up: the target of %[3]s is met again after %[1]s weeks under it"),
	AgainSteps:               forms(1, "%[2]s of the ratings in five steps were positive: the target of %[3]s is met again after a week under it", "%[2]s of the ratings in five steps were positive: the target of %[3]s is met again after %[1]s weeks under it"),
	AgainRequestsWhileClosed: forms(1, "%[2]s handover requests came outside opening hours: within the target of %[3]s again after a week over it", "%[2]s handover requests came outside opening hours: within the target of %[3]s again after %[1]s weeks over it"),

	ChartChatsTitle:          one("Chats by day"),
	ChartMessagesTitle:       one("User messages by day"),
	ChartFallbacksTitle:      one("Fallback rate by day"),
	ChartFallbackCountsTitle: one("Fallbacks by day"),
	ChartHandoversTitle:      one("Handover requests by day"),
	ChartTrendTitle:          one("Chats over 12 weeks"),
	ChartHoursTitle:          one("When chats begin"),
	ChartFeedbackTitle:       one("Feedback"),
	ChartLabelsTitle:         one("Most frequent labels"),
	ChartButtonsTitle:        one("Most clicked buttons"),
	ChartPagesTitle:          one("Pages with the most chats"),

	SubtitleChange:       one("%s, last week %s (%s)"),                // 8,031, 7,607, +5.6%
	SubtitleLast:         one("%s, last week %s"),                     // 4, 1
	SubtitleHandovers:    one("%s while open, %s while closed"),       // 382, 130
	SubtitleTrend:        one("%s this week; the highest was %s, %s"), // 8,031, 8,200, 5–11 Oct
	SubtitleTrendHighest: one("%s this week, the most in %s weeks"),   // 8,031, 12
	SubtitleTrendLowest:  one("%s this week, the fewest in %s weeks"),
	SubtitleTrendUsual:   one("%s this week; an ordinary week has %s"), // 8,031, 7,900
	SubtitleTrendYear:    one("%s; %s"),                                // the finding, a year ago 6,422
	SubtitleHoursPeak:    one("Most on %s at %s, %s; local time"),      // Tuesday, 12:00, 157 chats
	SubtitleHoursTied:    one("No hour had more than %s; local time"),  // 2 chats
	SubtitleWith:         one("%s; the week had %s"),                   // the finding, Black Friday
	SubtitleFirst:        one("“%s” comes first with %s"),              // name, 1,820
	Alt:                  one("%s, %s: %s. %s."),                       // title, dates, finding, the numbers
	AltItem:              one("%s: %s"),                                // Mon 9, 1,284
	AltGap:               one("none"),
	AltSpecial:           one("%s (%s)"),            // Mon 9, Black Friday
	AltShort:             one("%s, %s: %s."),        // title, dates, finding
	AltPeak:              one("most at %s, %s"),     // 12:00, 157
	AltPeakTied:          one("at most %s an hour"), // 2

	LegendFallbackWeek: one("Whole week, %s"), // 11.8%
	LegendRequested:    one("While open"),     // in a narrow place, beside the next
	LegendClosed:       one("While closed"),
	LegendFewer:        one("fewer"),
	LegendMore:         one("more"),
	LegendSkipped:      one("skipped by the clocks"),
	LegendUnknown:      one("not known"),
	LegendSpecial:      one("Week with a holiday or a note"),
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
	ColumnMessages: one("User messages"), // short, since a column is narrow
	TableDays:      one("Day by day"),
	TableHandovers: one("Handovers, stage by stage"),
	TableTargets:   one("Targets"),
	TableMovers:    one("New, gone, risen and fallen"),
	ColumnTarget:   one("Target"),
	ColumnLimit:    one("Limit"),
	ColumnState:    one("State"),
	ColumnWhat:     one("What"),
	WhatState:      one("%s, %s"), // Label, new; missed, 3 weeks
	ColumnName:     one("Name"),
	MoverNew:       one("new"),
	MoverGone:      one("gone"),
	MoverRisen:     one("risen"),
	MoverFallen:    one("fallen"),
	TotalRow:       one("Week"),
	BelowLimit:     one("below the top %s"),          // 100
	TopOf:          one("The top %s of %s."),         // 10, 87
	TopOfFull:      one("The top %s of %s or more."), // 10, 100
	AtMost:         one("at most %s"),                // 120
	AtMostMeans:    one("Where it says “at most”, a chat may count at several addresses of the page."),
	TopAddresses:   one("Only the top %s addresses of a week are counted."), // 100
	ButtonIn:       one("%s (%s)"),                                          // Yes, the dialogue Returns

	NoticeMissing:      one("%s could not be fetched: %s."),                                                           // Feedback, reason
	NoticeUnknown:      one("Not known: %s. %s"),                                                                      // chats on Wed 11, the reason
	NoticeLeftOut:      one("Left out of comparisons: %s. %s"),                                                        // chats on Wed 14, the reason
	NoticeNoBaseline:   one("The bot’s history begins on %s, inside the weeks compared: there is no comparison yet."), // 4 November 2026
	NoticeNoHistory:    one("Nothing was recorded in the %s weeks before: there is nothing to compare with."),         // 11
	NoticeDropped:      forms(1, "Sage sent %[1]s point outside the days asked for (%[2]s); it is left out.", "Sage sent %[1]s points outside the days asked for (%[2]s); they are left out."),
	NoticeRepeated:     forms(1, "Kindly’s statistics gave %[1]s number twice (%[2]s); it counts once.", "Kindly’s statistics gave %[1]s numbers twice (%[2]s); each counts once."),
	NoticeSpecial:      one("This week had %s. A change from other weeks would say little, so none is given."), // Black Friday (Fri 27)
	NoticeSpecialLast:  one("The week before had %s. A change from it would say little, so none is given."),
	SpecialDay:         one("%s (%s)"),      // Black Friday, Fri 27
	SpecialDays:        one("%s (%s – %s)"), // Black Week, Mon 23, Fri 27
	SectionHours:       one("chats by hour"),
	SectionFallbacks:   one("fallbacks"),
	SectionHandovers:   one("handovers"),
	SectionFeedback:    one("feedback"),
	SectionPages:       one("pages"),
	SectionButtons:     one("buttons"),
	SectionLabels:      one("labels"),
	SectionChats:       one("chats"),
	SectionMessages:    one("user messages"),
	SectionYearAgo:     one("the week a year ago"),
	PartPrevious:       one("%s of the week before"), // Feedback
	PartDaily:          one("%s by day"),
	PartWeekly:         one("%s by week"),
	PartHourly:         one("%s by hour"),
	PartBefore:         one("%s of the weeks before"),
	PartYearAgo:        one("%s a year ago"),
	PartDays:           one("%s on %s"),                       // chats, Wed 11
	PartDates:          one("%s, %s"),                         // chats, 14–16 October
	ProvenanceDays:     one("%s 00:00 to %s 00:00, %s (%s)."), // Monday 9 November 2026, Monday 16 November 2026, Europe/Oslo, 2026-W46
	ProvenanceNoTest:   one("Test chats excluded; Kindly’s own view may include them."),
	ProvenanceOnly:     one("Only chats from: %s."), // web and app
	ProvenanceNot:      one("Chats excluded: %s."),  // test
	ProvenanceAll:      one("All sources, test chats included."),
	ProvenanceLanguage: one("Only chats in: %s."),                                                                        // nb and en
	ProvenanceBaseline: one("Ordinarily: the median of %s weeks since %s; weeks with a holiday or a note are left out."), // 9, 24 August 2026
	ProvenanceFetched:  one("Fetched from Kindly’s Statistics API on %s (%s)."),                                          // 16 November 2026, 08:02; Europe/Oslo
	ProvenanceID:       one("Report %s."),

	HeadlineNoneUnknown:     one("No chats were found this week; Kindly’s statistics do not know the filter"),
	NoticeSurplus:           one("Kindly’s statistics sent longer lists than were asked for (%s). The %s most frequent of each are used."),
	NoticeUnknownSources:    forms(1, "Kindly’s statistics do not know the source %[2]s. The numbers may be missing or wrong.", "Kindly’s statistics do not know the sources %[2]s. The numbers may be missing or wrong."),
	NoticeKnownSources:      one("The sources that they know: %s."),
	NoticeUnknownLanguages:  forms(1, "Kindly’s statistics do not know the language %[2]s. The numbers may be missing or wrong.", "Kindly’s statistics do not know the languages %[2]s. The numbers may be missing or wrong."),
	NoticeKnownLanguages:    one("The languages that they know: %s."),
	ProvenanceZone:          one("No time zone was named, so days are counted in UTC; --tz names another."),
	ProvenanceUnchecked:     one("Whether Kindly’s statistics know this filter could not be checked."),
	PortfolioUnknownFilters: forms(1, "Kindly’s statistics do not know the filter of %[2]s, so its numbers may be missing or wrong", "Kindly’s statistics do not know the filters of %[2]s, so their numbers may be missing or wrong"),

	TermChat:            one("Chat"),
	TermChatMeans:       one("a conversation in which a user engaged with the bot."),
	TermMessage:         one("User message"),
	TermMessageMeans:    one("something a user wrote to the bot; the bot’s replies are not counted."),
	TermFallback:        one("Fallback rate"),
	TermFallbackMeans:   one("the share of the bot’s replies in which it said that it did not understand."),
	TermHandover:        one("Handover"),
	TermHandoverMeans:   one("a chat passed to a human; requested, started and ended are stages of the same handover."),
	TermClosed:          one("Handover requests, open and closed"),
	TermClosedMeans:     one("a user asked for a human during or outside opening hours; each request counts once, so the two can be added."),
	TermBaseline:        one("Ordinarily"),
	TermBaselineMeans:   one("the median of up to eleven weeks before, without those that had a holiday or a note."),
	TermPercentage:      one("pp"),
	TermPercentageMeans: one("percentage points: from 10%% to 12%% is +2 pp. Where events are few, two counts stand instead of a percentage."),

	HeadingInsights:   one("Worth noting"),
	HeadingNotices:    one("Before you read on"),
	HeadingGlossary:   one("What the words mean"),
	HeadingProvenance: one("Where the numbers come from"),
	HeadingDetails:    one("The week in detail"),
	LinkPDF:           one("Open the PDF"),
	PageOf:            one("Page %s of %s"),
	Author:            one("Kindly Weekly"),
	AttachedPDF:       one("The whole report is attached as a PDF."),
	Undrawn:           one("□ stands for characters that this document’s typeface lacks; the mail and the spreadsheet have them."),
	LeaveList:         one("To stop getting this report, write to %s."), // an address
	PDFMissing:        one("The PDF could not be attached."),

	SlashCut:        forms(1, "Only the first character of that was read.", "Only the first %s characters of that were read."),
	SlashUsage:      one("The weekly report of a bot:"),
	SlashUsageLast:  one("`%s BOT` sends you the report of the last complete week"),                                                     // /kindly-report
	SlashUsageWeek:  one("`%s BOT 46` sends that of week 46; also `w46`, `week 46`, with the year `%s`, a day such as `%s`, or `last`"), // /kindly-report, 2026-W46, 2026-11-11
	SlashUsageShare: one("`%s BOT share` posts it in this channel, for everybody; also after a week"),
	SlashBots:       one("BOT is the name, the id or the beginning of one of them:"),
	SlashBotsMore:   forms(1, "… and %s more", "… and %s more"),
	SlashNoBots:     one("There is no bot whose report you can ask for here. Ask in the channel that gets the report, or have yourself added to the report’s viewers."),
	SlashUnknown:    one("There is no bot “%s” whose report you can ask for here."),                                                 // what was typed
	SlashMeant:      one("Did you mean “%s”?"),                                                                                      // a bot
	SlashAmbiguous:  one("“%s” can mean %s. Write more of the name."),                                                               // what was typed, “a” and “b”
	SlashAlike:      one("“%s” can mean %s. Write the id."),                                                                         // what was typed, “a” (`1`) and “b” (`2`)
	SlashSurplus:    one("I do not understand “%s” after %s. A week, such as `46` or `%s`, or `share` can stand there."),            // what was typed, bot, 2026-W46
	SlashNoWeek:     one("There is no week %s in %s: its weeks are 1 to %s."),                                                       // 54, 2026, 53
	SlashNoNumber:   one("There is no week %s: weeks are 1 to 53."),                                                                 // 54
	SlashNoDay:      one("There is no day %s."),                                                                                     // 2026-02-30
	SlashTooEarly:   one("There are no reports of weeks before %s."),                                                                // 2000
	SlashUnclear:    one("It is not clear which week “%s” means. Write, for example, %s."),                                          // what was typed, `2026-11-12`, `2026-12-11`
	SlashNotYet:     one("%s is not over yet. The report of %s will be ready on %s (%s)."),                                          // Week 47, bot, Monday 23 November 2026 00:00, Europe/Oslo
	SlashYearAgo:    one("For the same week of the year before, write `%s`."),                                                       // 2025-W47
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

	// Who was asked: Sage or Kindly.
	ReasonUnsent:        one("the question could not be sent to %s"),
	ReasonStatus:        one("%s answered %s %s"), // Sage, 503, Service Unavailable
	ReasonStatusOnly:    one("%s answered with status %s"),
	ReasonShape:         one("%s answered in an unexpected shape"),
	ReasonPage:          one("%s answered with a web page instead of data"),
	ReasonUnfinished:    one("%s's answer did not come whole in time"),
	ReasonLate:          one("%s did not answer in time"),
	ReasonBroken:        one("%s's answer broke off"),
	ReasonUnreadable:    one("%s answered with something that could not be read"),
	ReasonUnreachable:   one("%s could not be reached"),
	ReasonContradicted:  one("Kindly’s statistics contradict each other (%s: %s)"), // chats by hour, 192
	ReasonContradictory: one("Kindly’s statistics contradict each other"),
	ReasonRepeated:      one("Kindly’s statistics gave different numbers for the same time"),
	ReasonDiscarded:     one("Kindly’s statistics answered for other dates"),
	ReasonUnproven:      one("Kindly’s statistics gave no number, and nothing that confirms a zero"),

	Diverted: one("[for %s] %s"), // for whom it was meant, bot

	PortfolioName:   one("All bots of %s"), // acme
	PortfolioNoneIn: one("No bot’s report is in"),
	PortfolioStandOut: forms(1, "%[1]s bot has unusually many fallbacks: %[2]s", // 1, Nettbutikk
		"%[1]s bots have unusually many fallbacks: %[2]s"), // 3, Nettbutikk, Kommune-Kari and Bakeri
	PortfolioMissed:     forms(1, "%[1]s bot missed a target: %[2]s", "%[1]s bots missed targets: %[2]s"),
	PortfolioCalm:       forms(1, "The one bot that can be compared has no unusual number of fallbacks", "None of the %s bots that can be compared has unusually many fallbacks"),
	PortfolioUncompared: one("No bot can be compared with its ordinary weeks"),
	PortfolioAbsent:     forms(1, "%[1]s report is missing: %[2]s", "%[1]s reports are missing: %[2]s"),
	PortfolioVolume:     forms(3, "%[1]s with %[2]s of %[3]s bot", "%[1]s with %[2]s of %[3]s bots"), // 41,203 chats, 38, 42
	PortfolioVolumeAll:  forms(2, "%[1]s with %[2]s bot", "%[1]s with %[2]s bots"),                   // 41,203 chats, 42
	PortfolioPairs: forms(3, "The one bot with numbers for both weeks had %[1]s, last week %[2]s.", // 40,900 chats, 39,800, 37
		"The %[3]s bots with numbers for both weeks had %[1]s, last week %[2]s."),

	PortfolioAffected:    one("Most affected first"),
	PortfolioFailed:      one("No report"),
	PortfolioNotIn:       one("Not in yet"),
	PortfolioAsUsual:     one("No unusual rise in fallbacks"),
	PortfolioNotCompared: one("Not compared"),
	PortfolioUnknown:     one("Chats not known"),
	PortfolioSilent:      one("No chats"),
	PortfolioFew:         one("Too few to judge"),
	PortfolioPaused:      one("Paused"),
	PortfolioNewBots:     one("New"),
	PortfolioUnsent:      one("No recipients"),
	PortfolioOfGroup:     one("%s (%s)"), // Paused, 3
	PortfolioNoteAbove:   one("“Above normal” counts the fallbacks beyond the bot’s own ordinary rate. Each is in one chat, so at most that many chats were affected."),
	PortfolioNoteUsual:   one("A bot is affected only if its fallbacks rose by more than chance explains, with as many bots as are compared here."),
	PortfolioNoteSpark:   one("The small bars are a bot’s fallback rate in each of the last %s weeks, to its own scale; %s stands for a week without one."), // 12, –
	PortfolioNoteFew:     one("Fewer than %s chats in the week."),                                                                                           // 100
	PortfolioNoteNotIn:   one("These reports were not made when this overview was sent."),
	PortfolioNoteNew:     one("These bots were added after this week’s reports fell due."),
	PortfolioNoteUnsent:  one("No channel or address is configured for these bots."),

	PortfolioUnusual: forms(1, "unusually many fallbacks: at most %s chat above normal", "unusually many fallbacks: at most %s chats above normal"),

	PortfolioUnusualMark: one("unusually many fallbacks"),
	PortfolioNew:         one("not enough ordinary weeks to compare with"),
	PortfolioSpecial:     one("not compared, since the week had %s"), // Black Friday
	PortfolioNoFallbacks: one("fallbacks not available"),
	PortfolioRate:        one("%s fallbacks"),                                                                     // 11.8%
	PortfolioRateUsual:   one("%s fallbacks, ordinarily %s"),                                                      // 11.8%, 9.1%
	PortfolioTargets:     forms(2, "%[1]s of %[2]s target missed: %[3]s", "%[1]s of %[2]s targets missed: %[3]s"), // 1, 4, fallback rate
	PortfolioNoAccess:    one("Kindly does not let us read its statistics"),
	PortfolioStatistics:  one("Kindly’s statistics gave no answer that can be used"),
	PortfolioUnmade:      one("its report could not be made"),
	PortfolioMore:        forms(1, "and %s more bot", "and %s more bots"),
	PortfolioOthers:      one("The others, with the number of chats above normal, at most:"),
	PortfolioMoreAtMost: forms(1, "and %[1]s more bot, with at most %[2]s chats above normal", // 37, 12
		"and %[1]s more bots, each with at most %[2]s chats above normal"),
	PortfolioMade: one("Put together from the bots’ own reports on %s UTC. What came later is not in it."), // 16 November 2026, 14:00

	ColumnBot:       one("Bot"),
	ColumnAbove:     one("Above normal"),
	ColumnFallbacks: one("Fallbacks"),
}
