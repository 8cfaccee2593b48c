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
	PercentagePoints:   one("%s\u00a0points"), // 1.4
	DateDay:            one("%s %s"),          // Mon, 9
	DateDayMonth:       one("%s %s"),          // 9, November
	DateDayMonthYear:   one("%s %s %s"),       // 9, November, 2026
	DateWeekday:        one("%s %s"),          // Monday, 9 November 2026
	DateDayOnly:        one("%s"),             // 9, before another date of the month
	DateWeekdays:       one("%s to %s"),       // Monday 9, Sunday 15 November 2026
	DateTime:           one("%s, %s"),         // 16 November 2026, 08:02
	DateClock:          one("%s:%s"),          // 08, 02
	DateHour:           one("%[1]s:00"),       // 09, 9
	Quoted:             one("“%s”"),           // a name
	DateRange:          one("%s – %s"),        // 29 June, 5 July
	DateRangeOneMonth:  one("%s–%s"),          // 9, 15 November
	ListAnd:            one("%s and %s"),      // a, b; c
	ListNext:           one("%s, %s"),         // a; b
	Missing:            one("–"),              // in the place of a number
	Nameless:           one("(no name)"),      // in the place of an empty name

	WeekNumber: one("week %s"),    // 46
	Subject:    one("%s, %s: %s"), // bot, dates, 8,031 chats
	Title:      one("%s, %s"),     // bot, dates
	LinkKindly: one("Open in Kindly"),
	ChatCount:  one("{1|%d chat|%d chats}"),

	// The clauses of a headline. Each could stand alone; Clauses puts them together, and FullStop ends the last one.
	HeadlineNone:          one("No chats were recorded this week; Kindly’s statistics worked, so the zero is real"),
	HeadlineNoneBaseline:  one("No chats were recorded this week, usually %s; Kindly’s statistics worked, so the zero is real"), // 7,900
	HeadlineMore:          one("%s, %s more than the week before"),                                                              // 8,031 chats, 5.6%
	HeadlineFewer:         one("%s, %s fewer than the week before"),
	HeadlineSame:          one("%s, about as many as the week before"),
	HeadlineFew:           one("%s, the week before %s"),       // 4 chats, 1
	HeadlineAlone:         one("%s"),                           // 343 chats
	ChatsPartial:          one("%[1]s on {2|%[2]d of 7 days}"), // 1,191 chats, 6
	ChatsUnknown:          one("number of chats not known"),
	HeadlinePartial:       one("%[1]s on {2|%[2]d of 7 days}, the rest not known"), // 1,191 chats, 6
	HeadlineUnknown:       one("the number of chats is not known"),
	HeadlineSpecial:       one("%s in a week with %s"),            // 8,031 chats, Black Friday
	HeadlineBaseline:      one("%s, about as many as usual (%s)"), // 8,031 chats, 7,900
	HeadlineBaselineMore:  one("%s, %s more than usual (%s)"),     // 8,031 chats, 12.3%, 7,150
	HeadlineBaselineFewer: one("%s, %s fewer than usual (%s)"),
	HeadlineBaselineFew:   one("%s, usually %s"),                                    // 4 chats, 5
	HeadlineUnusualMore:   one("Unusually many chats: %s, %s more than usual (%s)"), // 8,031, 31.0%, 6,130
	HeadlineUnusualFewer:  one("Unusually few chats: %s, %s fewer than usual (%s)"),
	HeadlineMost:          one("%[1]s, the most in {2|%[2]d week|%[2]d weeks} (usually %[3]s)"), // 8,031 chats, 12, 7,100
	HeadlineFewest:        one("%[1]s, the fewest in {2|%[2]d week|%[2]d weeks} (usually %[3]s)"),
	HeadlineHighest:       one("In %[1]s of its replies the bot did not understand, the highest share in {2|%[2]d week|%[2]d weeks} (usually %[3]s)"), // 11.8%, 12, 9.1%
	HeadlineLowest:        one("In %[1]s of its replies the bot did not understand, the lowest share in {2|%[2]d week|%[2]d weeks} (usually %[3]s)"),
	HeadlineIncident:      one("“Did not understand” jumped %s: %s of the bot’s replies, usually %s"),       // Wednesday, 15.2%, 8.5%
	HeadlineIncidents:     one("“Did not understand” jumped %s: up to %s of the bot’s replies, usually %s"), // Wednesday and Thursday, 15.2%, 8.5%
	HeadlineMissed:        one("%[1]d of {2|%[2]d target|%[2]d targets} {1|was|were} missed: %[3]s"),        // 2, 4, fallback rate and feedback
	HeadlineAgain:         one("{1|%[1]d target is|%[1]d targets are} met again: %[2]s"),                    // 2, fallback rate and feedback
	HeadlineFallbacks:     one("in %s of its replies the bot did not understand"),
	HeadlineFallbackPP:    one("in %s of its replies the bot did not understand (%s from the week before)"), // 11.8%, +1.4 pp
	HeadlineFallbackUsual: one("in %s of its replies the bot did not understand (usually %s)"),              // 11.8%, 10.4%
	HeadlineWith:          one("the week had %s"),                                                           // Black Friday
	Clauses:               one("%s; %s"),
	FullStop:              one("%s."),
	MoreNames:             one("%[1]s and {2|%[2]d more}"), // a, b, c; 2

	LabelChats:     one("Chats"),
	LabelMessages:  one("User messages"),
	LabelFallbacks: one("Did not understand"),
	LabelHandovers: one("Handover requests, open"),
	LabelClosed:    one("Handover requests, closed"),
	LabelStarted:   one("Handovers started"),
	LabelEnded:     one("Handovers ended"),
	LabelFeedback:  one("Feedback"),

	Usually:            one("usually %s"),                                       // 7,900
	AYearAgoWith:       one("a year ago %s, with %s"),                           // 6,422, Black Friday
	AYearAgo:           one("a year ago %s"),                                    // 6,422
	LastWeek:           one("week before %s"),                                   // 7,607
	Ratings:            one("%[1]d of {2|%[2]d rating|%[2]d ratings} positive"), // 3, 4
	RatingsPercent:     one("%s (%s)"),                                          // 74%, 171 of 232 ratings positive
	RatingsNone:        one("no ratings, or feedback is off"),
	RatingsBoth:        one("%s: %s"), // Thumbs, 171 of 232 ratings positive
	RatingsPositive:    one("positive"),
	RatingsCount:       one("%[1]d of {2|%[2]d rating|%[2]d ratings}"), // 171, 232
	RatingsOf:          one("%d of %d"),                                // 3, 4
	RatingsUnit:        one("{1|rating positive|ratings positive}"),    // 4, which is not printed
	NotAvailable:       one("not available"),
	OnDays:             one("on {1|%d of 7 days}"), // 6
	NotKnown:           one("not known"),
	SubtitleTrendNew:   one("%s this week; the bot’s history begins on %s"), // 343, 4 November 2026
	NotAvailableReason: one("Not available: %s"),                            // reason
	NobodyWrote:        one("nobody wrote"),
	NoReplies:          one("the bot did not reply"),
	NothingHappened:    one("None this week."),
	FallbacksOf:        one("{1|%d time|%d times}"),

	InsightDay:         one("Most chats came %[1]s (%[2]d)."),                                      // Thursday, 1,530 chats
	InsightDays:        one("Most chats came %[1]s (%[2]d), fewest %[3]s (%[4]d)."),                // Thursday, 1,530 chats, Sunday, 588
	InsightDayMore:     one("%[1]s there were far more chats than usual: %[2]d (usually %[3]s)."),  // Thursday, 1,530, 1,234
	InsightDayFewer:    one("%[1]s there were far fewer chats than usual: %[2]d (usually %[3]s)."), // Sunday, 188, 416
	InsightDayBoth:     one("%[1]s there were far more chats than usual (%[2]d, usually %[3]s), %[4]s far fewer (%[5]d, usually %[6]s)."),
	InsightHalf:        one("%s of the chats began between %s and %s."),                                                                            // 52%, 09:00, 14:00
	InsightHalfHour:    one("%[1]s of the chats began between %[2]s and %[3]s; the busiest hour was %[4]s to %[5]s ({6|%[6]d chat|%[6]d chats})."), // 52%, 09:00, 14:00, 12:00, 13:00, 837 chats
	InsightIncident:    one("“Did not understand” jumped %[1]s: %[2]s of the bot’s replies (%[3]d of %[4]d), usually %[5]s on such a day."),        // Thursday, 18.7%, 935, 5,000, 10.2%
	InsightFallbackDay: one("%s the bot did not understand in %s of its replies (whole week: %s)."),                                                // Thursday, 18.7%, 11.8%
	InsightClosed:      one("Outside opening hours, users asked to talk to a human {1|once|%[1]d times}."),
	InsightClosedLast:  one("Outside opening hours, users asked to talk to a human {1|once|%[1]d times} (week before %[2]d)."),
	InsightClosedUsual: one("Outside opening hours, users asked to talk to a human {1|once|%[1]d times} (usually %[2]s)."),
	InsightClosedHours: one("%[1]d of these came between %[2]s and %[3]s."),                                         // 61, 17:00, 20:00
	InsightClosedDay:   one("Most came %[1]s (%[2]d)."),                                                             // Saturday, 32
	InsightClosedWhen:  one("%[1]d of these came between %[2]s and %[3]s; most came %[4]s (%[5]d)."),                // 61, 17:00, 20:00, Saturday, 32
	InsightThumbsFell:  one("The share of thumbs up fell: %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d)."), // 61%, 142, 232, 71%, 1,560, 2,200
	InsightThumbsRose:  one("The share of thumbs up rose: %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d)."),
	InsightStepsFell:   one("The share of positive ratings fell (1–5 scale): %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d)."),
	InsightStepsRose:   one("The share of positive ratings rose (1–5 scale): %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d)."),
	InsightMost:        one("%[1]s: the most in {2|%[2]d week|%[2]d weeks}. The most before that: %[3]s (%[4]s)."), // 8,031 chats, 12, 7,607, 2–8 Nov
	InsightFewest:      one("%[1]s: the fewest in {2|%[2]d week|%[2]d weeks}. The fewest before that: %[3]s (%[4]s)."),
	InsightHighest:     one("“Did not understand”, %[1]s of the bot’s replies, was the highest in {2|%[2]d week|%[2]d weeks}. The highest before that: %[3]s (%[4]s)."), // 11.8%, 12, 10.1%, 2–8 Nov
	InsightLowest:      one("“Did not understand”, %[1]s of the bot’s replies, was the lowest in {2|%[2]d week|%[2]d weeks}. The lowest before that: %[3]s (%[4]s)."),
	InsightChatsUp:     one("{1|Chats rose this week|Chats have risen for %[1]d weeks in a row}, from %[2]s to %[3]s."),
	InsightChatsDown:   one("{1|Chats fell this week|Chats have fallen for %[1]d weeks in a row}, from %[2]s to %[3]s."),
	InsightRateUp:      one("“Did not understand” {1|rose this week|has risen for %[1]d weeks in a row}, from %[2]s to %[3]s."),
	InsightRateDown:    one("“Did not understand” {1|fell this week|has fallen for %[1]d weeks in a row}, from %[2]s to %[3]s."),

	// Name, this week, the week before.
	InsightLabelNew:    one("Label “%[1]s” was added {2|%[2]d time|%[2]d times}, and not once the week before."),
	InsightLabelGone:   one("Label “%[1]s” was not added; the week before it was added {3|%[3]d time|%[3]d times}."),
	InsightLabelRisen:  one("Label “%[1]s” was added {2|%[2]d time|%[2]d times}, up from %[3]d."),
	InsightLabelFallen: one("Label “%[1]s” was added {2|%[2]d time|%[2]d times}, down from %[3]d."),
	// From and to below the end of a list: name, this week, the week before; the end is "below the top 100".
	InsightLabelFrom:    one("Label “%[1]s” was added {2|%[2]d time|%[2]d times}; the week before it was %[3]s."),
	InsightLabelTo:      one("Label “%[1]s” is %[2]s; the week before it was added {3|%[3]d time|%[3]d times}."),
	InsightButtonFrom:   one("Button “%[1]s” got {2|%[2]d click|%[2]d clicks}; the week before it was %[3]s."),
	InsightButtonTo:     one("Button “%[1]s” is %[2]s; the week before it got {3|%[3]d click|%[3]d clicks}."),
	InsightPageFrom:     one("Page “%[1]s” had {2|%[2]d chat|%[2]d chats}; the week before it was %[3]s."),
	InsightPageTo:       one("Page “%[1]s” is %[2]s; the week before it had {3|%[3]d chat|%[3]d chats}."),
	InsightButtonNew:    one("Button “%[1]s” got {2|%[2]d click|%[2]d clicks}, and none the week before."),
	InsightButtonGone:   one("Button “%[1]s” got no clicks; the week before it got {3|%[3]d click|%[3]d clicks}."),
	InsightButtonRisen:  one("Button “%[1]s” got {2|%[2]d click|%[2]d clicks}, up from %[3]d."),
	InsightButtonFallen: one("Button “%[1]s” got {2|%[2]d click|%[2]d clicks}, down from %[3]d."),
	InsightPageNew:      one("Page “%[1]s” had {2|%[2]d chat|%[2]d chats}, and none the week before."),
	InsightPageGone:     one("Page “%[1]s” had no chats; the week before it had {3|%[3]d chat|%[3]d chats}."),
	InsightPageRisen:    one("Page “%[1]s” had {2|%[2]d chat|%[2]d chats}, up from %[3]d."),
	InsightPageFallen:   one("Page “%[1]s” had {2|%[2]d chat|%[2]d chats}, down from %[3]d."),

	TargetFallbackRate:        one("did not understand"),
	TargetHandoverRate:        one("handover requests, open and closed, per 100 chats"),
	TargetFeedback:            one("positive ratings"),
	TargetThumbs:              one("thumbs up"),
	TargetSteps:               one("positive ratings, 1–5 scale"),
	TargetRequestsWhileClosed: one("handover requests, closed"),
	TargetHandoversOf:         one("%[1]d in {2|%[2]d chat|%[2]d chats}"), // 526, 8,163
	TargetParts:               one("%s (%s)"),                             // handover requests per 100 chats, 526 in 8,163 chats
	TargetAtMost:              one("at most %s"),
	TargetAtLeast:             one("at least %s"),
	TargetMet:                 one("met"),
	TargetMissed:              one("missed"),
	TargetTooFew:              one("too few to judge"),
	TargetWeeks:               one("{1|%[1]d week|%[1]d weeks}"),
	TargetWeeksAtLeast:        one("{1|%[1]d+\u00a0week|%[1]d+\u00a0weeks}"),

	// For so many weeks in a row, this one included; the value; the limit.
	MissedFallbackRate:        one("In %[2]s of its replies the bot did not understand, over the target of %[3]s{1|| for %[1]d weeks in a row}"),
	MissedHandoverRate:        one("There were %[2]s handover requests per 100 chats, open and closed, over the target of %[3]s{1|| for %[1]d weeks in a row}"),
	MissedFeedback:            one("%[2]s of the ratings were positive, under the target of %[3]s{1|| for %[1]d weeks in a row}"),
	MissedThumbs:              one("%[2]s of the ratings were thumbs up, under the target of %[3]s{1|| for %[1]d weeks in a row}"),
	MissedSteps:               one("%[2]s of the ratings on the 1–5 scale were positive, under the target of %[3]s{1|| for %[1]d weeks in a row}"),
	MissedRequestsWhileClosed: one("Outside opening hours there {2|was %[2]d handover request|were %[2]d handover requests}, over the target of %[3]s{1|| for %[1]d weeks in a row}"),
	// After so many weeks in a row that missed it; the value; the limit.
	AgainFallbackRate:        one("In %[2]s of its replies the bot did not understand: within the target of %[3]s again, after {1|a week|%[1]d weeks} over it"),
	AgainHandoverRate:        one("There were %[2]s handover requests per 100 chats, open and closed: within the target of %[3]s again, after {1|a week|%[1]d weeks} over it"),
	AgainFeedback:            one("%[2]s of the ratings were positive: the target of %[3]s is met again, after {1|a week|%[1]d weeks} under it"),
	AgainThumbs:              one("%[2]s of the ratings were thumbs up: the target of %[3]s is met again, after {1|a week|%[1]d weeks} under it"),
	AgainSteps:               one("%[2]s of the ratings on the 1–5 scale were positive: the target of %[3]s is met again, after {1|a week|%[1]d weeks} under it"),
	AgainRequestsWhileClosed: one("Outside opening hours there {2|was %[2]d handover request|were %[2]d handover requests}: within the target of %[3]s again, after {1|a week|%[1]d weeks} over it"),

	ChartChatsTitle:          one("Chats by day"),
	ChartMessagesTitle:       one("User messages by day"),
	ChartFallbacksTitle:      one("Did not understand, by day"),
	ChartFallbackCountsTitle: one("Did not understand, times a day"),
	ChartHandoversTitle:      one("Handover requests by day"),
	ChartTrendTitle:          one("Chats, last 12 weeks"),
	ChartHoursTitle:          one("When chats begin"),
	ChartFeedbackTitle:       one("Feedback"),
	ChartLabelsTitle:         one("Most frequent labels"),
	ChartButtonsTitle:        one("Most clicked buttons"),
	ChartPagesTitle:          one("Pages with the most chats"),

	SubtitleChange:       one("%s, week before %s (%s)"),                                 // 8,031, 7,607, +5.6%
	SubtitleLast:         one("%s, week before %s"),                                      // 4, 1
	SubtitleHandovers:    one("%d while open, %d while closed"),                          // 382, 130
	SubtitleTrend:        one("%s this week; the highest was %s (%s)"),                   // 8,031, 8,200, 5–11 Oct
	SubtitleTrendHighest: one("%[1]s this week, the most in {2|%[2]d week|%[2]d weeks}"), // 8,031, 12
	SubtitleTrendLowest:  one("%[1]s this week, the fewest in {2|%[2]d week|%[2]d weeks}"),
	SubtitleTrendUsual:   one("%s this week, usually %s"),                                     // 8,031, 7,900
	SubtitleTrendYear:    one("%s; %s"),                                                       // the finding, a year ago 6,422
	SubtitleHoursPeak:    one("Most %[1]s at %[2]s: {3|%[3]d chat|%[3]d chats}; local time"),  // Tuesday, 12:00, 157 chats
	SubtitleHoursTied:    one("No hour had more than {1|%[1]d chat|%[1]d chats}; local time"), // 2 chats
	SubtitleWith:         one("%s; the week had %s"),                                          // the finding, Black Friday
	SubtitleFirst:        one("“%s” comes first (%s)"),                                        // name, 1,820
	Alt:                  one("%s, %s: %s. %s."),                                              // title, dates, finding, the numbers
	AltItem:              one("%s: %s"),                                                       // Mon 9, 1,284
	AltGap:               one("none"),
	AltSpecial:           one("%s (%s)"),            // Mon 9, Black Friday
	AltShort:             one("%s, %s: %s."),        // title, dates, finding
	AltPeak:              one("most at %s (%d)"),    // 12:00, 157
	AltPeakTied:          one("at most %d an hour"), // 2

	LegendFallbackWeek: one("Whole week, %s"), // 11.8%
	LegendRequested:    one("While open"),     // in a narrow place, beside the next
	LegendClosed:       one("While closed"),
	LegendFewer:        one("fewer"),
	LegendMore:         one("more"),
	LegendSkipped:      one("does not exist (clocks go forward)"),
	LegendUnknown:      one("not known"),
	LegendSpecial:      one("Week with a holiday or marked event"),
	LegendLast:         one("Week before"),
	LegendBinary:       one("Thumbs"),
	LegendEmojis:       one("1–5 scale"),
	RatingNegative:     one("Negative"),
	RatingPositive:     one("Positive"),
	RatingOf:           one("%s of %s"), // 4, 5

	ColumnDay:      one("Day"),
	ColumnStage:    one("Stage"),
	ColumnThis:     one("This week"),
	ColumnLast:     one("Week before"),
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
	TableMovers:    one("Biggest changes"),
	ColumnTarget:   one("Target"),
	ColumnLimit:    one("Limit"),
	ColumnState:    one("Status"),
	ColumnWhat:     one("What"),
	WhatState:      one("%s, %s"), // Label, new; missed, 3 weeks
	ColumnName:     one("Name"),
	MoverNew:       one("new"),
	MoverGone:      one("gone"),
	MoverRisen:     one("risen"),
	MoverFallen:    one("fallen"),
	TotalRow:       one("Week"),
	BelowLimit:     one("outside the top %s"),     // 100
	TopOf:          one("Top %d of %d."),          // 10, 87
	TopOfFull:      one("Top %d of at least %d."), // 10, 100
	AtMost:         one("at most %s"),             // 120
	AtMostMeans:    one("Where it says “at most”, a chat may count at several addresses of the page."),
	TopAddresses:   one("Only the top {1|%d address of a week is|%d addresses of a week are} counted."), // 100
	ButtonIn:       one("%s (%s)"),                                                                      // Yes, the dialogue Returns

	NoticeMissing:      one("%s could not be fetched from Kindly’s statistics: %s."),                                   // Feedback, reason
	NoticeUnknown:      one("Not known: %s. %s"),                                                                       // chats on Wed 11, the reason
	NoticeLeftOut:      one("Left out of comparisons: %s. %s"),                                                         // chats on Wed 14, the reason
	NoticeNoBaseline:   one("The bot’s history begins on %s, inside the weeks compared: there is no comparison yet."),  // 4 November 2026
	NoticeNoHistory:    one("Nothing was recorded in the {1|week|%d weeks} before: there is nothing to compare with."), // 11
	NoticeDropped:      one("Kindly’s statistics gave {1|%[1]d number|%[1]d numbers} for days that were not asked for (%[2]s); {1|it is|they are} left out."),
	NoticeRepeated:     one("Kindly’s statistics gave {1|%[1]d number|%[1]d numbers} twice (%[2]s); {1|it|each} counts once."),
	NoticeSpecial:      one("This week had %s, so it is not compared with other weeks."), // Black Friday (Fri 27)
	NoticeSpecialLast:  one("The week before had %s, so this week is not compared with it."),
	SpecialDay:         one("%s (%s)"),      // Black Friday, Fri 27
	SpecialDays:        one("%s (%s – %s)"), // Black Week, Mon 23, Fri 27
	SectionHours:       one("chats by hour"),
	SectionFallbacks:   one("“Did not understand”"),
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
	PartDays:           one("%s on %s"),                   // chats, Wed 11
	PartDates:          one("%s, %s"),                     // chats, 14–16 October
	ProvenanceDays:     one("%s, whole days in %s (%s)."), // Monday 9 November 2026, Monday 16 November 2026, Europe/Oslo, 2026-W46
	ProvenanceNoTest:   one("Test chats are left out; Kindly’s own pages may include them."),
	ProvenanceOnly:     one("Only chats from: %s."), // web and app
	ProvenanceNot:      one("Chats excluded: %s."),  // test
	ProvenanceAll:      one("All sources, test chats included."),
	ProvenanceLanguage: one("Only chats in: %s."),                                                                                                        // nb and en
	ProvenanceBaseline: one("“Usually” is the median of {1|%[1]d week|%[1]d weeks} from %[2]s on; weeks with a holiday or a marked event are left out."), // 9, 24 August 2026
	ProvenanceFetched:  one("Fetched from Kindly’s Statistics API on %s (%s)."),                                                                          // 16 November 2026, 08:02; Europe/Oslo
	ProvenanceID:       one("Report %s."),

	HeadlineNoneUnknown:     one("No chats were found this week; Kindly’s statistics do not know the filter"),
	NoticeSurplus:           one("Kindly’s statistics sent longer lists than were asked for (%[1]s). Only the {2|most frequent item|%[2]d most frequent items} of each {2|is|are} used."),
	NoticeUnknownSources:    one("{1|Kindly’s statistics do not know the source %[2]s. The numbers may be missing or wrong.|Kindly’s statistics do not know the sources %[2]s. The numbers may be missing or wrong.}"),
	NoticeKnownSources:      one("The sources that they know: %s."),
	NoticeUnknownLanguages:  one("{1|Kindly’s statistics do not know the language %[2]s. The numbers may be missing or wrong.|Kindly’s statistics do not know the languages %[2]s. The numbers may be missing or wrong.}"),
	NoticeKnownLanguages:    one("The languages that they know: %s."),
	ProvenanceZone:          one("No time zone was named, so days are counted in UTC; --tz names another."),
	ProvenanceUnchecked:     one("Whether Kindly’s statistics know this filter could not be checked."),
	PortfolioUnknownFilters: one("{1|Kindly’s statistics do not know the filter of %[2]s, so its numbers may be missing or wrong|Kindly’s statistics do not know the filters of %[2]s, so their numbers may be missing or wrong}"),

	TermChat:            one("Chat"),
	TermChatMeans:       one("a conversation in which a user used the bot."),
	TermMessage:         one("User message"),
	TermMessageMeans:    one("something a user wrote to the bot; the bot’s replies are not counted."),
	TermFallback:        one("Did not understand"),
	TermFallbackMeans:   one("the share of the bot’s replies in which it said that it did not understand. Kindly calls such a reply a fallback."),
	TermHandover:        one("Handover"),
	TermHandoverMeans:   one("a chat passed to a human; requested, started and ended are stages of the same handover."),
	TermClosed:          one("Handover requests, open and closed"),
	TermClosedMeans:     one("a user asked to talk to a human during or outside opening hours; each request counts once, so the two can be added."),
	TermBaseline:        one("Usually"),
	TermBaselineMeans:   one("the median of up to eleven weeks before, without those that had a holiday or a marked event."),
	TermPercentage:      one("Points"),
	TermPercentageMeans: one("percentage points: from 10%% to 12%% is +2 points. Small numbers are shown as counts."),

	HeadingInsights:   one("Worth noting"),
	HeadingNotices:    one("Please note"),
	HeadingGlossary:   one("What the words mean"),
	HeadingProvenance: one("Where the numbers come from"),
	HeadingDetails:    one("The week in detail"),
	LinkPDF:           one("Open the PDF"),
	PageOf:            one("Page %s of %s"),
	Author:            one("Kindly Weekly"),
	AttachedPDF:       one("The full report is attached as a PDF."),
	Undrawn:           one("□ stands for characters that this document’s typeface lacks; the mail and the spreadsheet show them."),
	LeaveList:         one("To stop receiving this report, write to %s."), // an address
	PDFMissing:        one("The PDF could not be attached."),

	SlashCut:        one("{1|Only the first character of that was read.|Only the first %d characters of that were read.}"),
	SlashUsage:      one("The weekly report of a bot:"),
	SlashUsageLast:  one("`%s BOT` sends you the report of the last complete week"),                                                           // /kindly-report
	SlashUsageWeek:  one("`%s BOT 46` sends the report of week 46; also `w46`, `week 46`, with the year `%s`, a day such as `%s`, or `last`"), // /kindly-report, 2026-W46, 2026-11-11
	SlashUsageShare: one("`%s BOT share` posts it in this channel, for everyone; also after a week"),
	SlashBots:       one("BOT is the name, the id or the beginning of one of them:"),
	SlashBotsMore:   one("… and {1|%d more}"),
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
	SlashTrouble:    one("The service behind this command did not answer in time. If nothing comes within a few minutes, please ask again."),
	SlashGone:       one("You cannot ask for that report here."),
	SlashUnmade:     one("The report of %s, %s, cannot be made right now."), // bot, 9–15 November
	SlashUnmadeKey:  one("Kindly does not allow access to this bot’s statistics. Please tell the person who runs Kindly Weekly for you."),
	SlashUnmadeSage: one("Kindly’s statistics gave no usable answer. Please try again in a few minutes."),
	SlashUnmadeElse: one("Please try again in a few minutes. If that does not help, tell the person who runs Kindly Weekly for you."),
	SlashUnposted:   one("The report of %s, %s, could not be posted here. If this app is not a member of the channel, type `/invite` and ask again."), // bot, 9–15 November

	// Who was asked: Sage or Kindly.
	ReasonUnsent:        one("the request could not be sent"),
	ReasonStatus:        one("the answer was %s %s"), // Sage, 503, Service Unavailable
	ReasonStatusOnly:    one("the answer had status %s"),
	ReasonShape:         one("the answer had an unexpected form"),
	ReasonPage:          one("the answer was a web page, not data"),
	ReasonUnfinished:    one("the answer did not arrive in full in time"),
	ReasonLate:          one("no answer came in time"),
	ReasonBroken:        one("the answer broke off"),
	ReasonUnreadable:    one("the answer could not be read"),
	ReasonUnreachable:   one("there was no connection"),
	ReasonContradicted:  one("Kindly’s statistics contradict themselves (%[1]s: %[2]d)"), // chats by hour, 192
	ReasonContradictory: one("Kindly’s statistics contradict themselves"),
	ReasonRepeated:      one("Kindly’s statistics gave different numbers for the same time"),
	ReasonDiscarded:     one("Kindly’s statistics gave numbers for other dates"),
	ReasonUnproven:      one("Kindly’s statistics gave no number, and nothing that confirms a zero"),

	Diverted: one("[for %s] %s"), // for whom it was meant, bot

	PortfolioName:       one("All bots of %s"), // acme
	PortfolioNoneIn:     one("No bot’s report is in"),
	PortfolioStandOut:   one("{1|%[1]d bot|%[1]d bots} did not understand unusually often: %[2]s"), // 3, Nettbutikk, Kommune-Kari and Bakeri
	PortfolioMissed:     one("{1|%[1]d bot missed a target|%[1]d bots missed targets}: %[2]s"),
	PortfolioCalm:       one("{1|The one bot that can be compared has no unusual share|None of the %d bots that can be compared has an unusual share} of “Did not understand”"),
	PortfolioUncompared: one("No bot can be compared with its usual weeks"),
	PortfolioAbsent:     one("{1|%[1]d report is|%[1]d reports are} missing: %[2]s"),
	PortfolioVolume:     one("%[1]s across %[2]d of {3|%[3]d bot|%[3]d bots}"), // 41,203 chats, 38, 42
	PortfolioVolumeAll:  one("%[1]s across {2|%[2]d bot|%[2]d bots}"),          // 41,203 chats, 42
	PortfolioPairs:      one("The {3|one bot|%[3]d bots} with numbers for both weeks had {1|%[1]d chat|%[1]d chats}, the week before %[2]d."),

	PortfolioAffected:    one("Most affected first"),
	PortfolioFailed:      one("No report"),
	PortfolioNotIn:       one("Not in yet"),
	PortfolioAsUsual:     one("“Did not understand” as usual"),
	PortfolioNotCompared: one("Not compared"),
	PortfolioUnknown:     one("Chats not known"),
	PortfolioSilent:      one("No chats"),
	PortfolioFew:         one("Too few to judge"),
	PortfolioPaused:      one("Paused"),
	PortfolioNewBots:     one("New"),
	PortfolioUnsent:      one("No recipients"),
	PortfolioOfGroup:     one("%s (%s)"), // Paused, 3
	PortfolioNoteAbove:   one("“More chats affected” counts the replies in which the bot did not understand, beyond its own usual share. Each is in one chat, so at most that many more chats were affected."),
	PortfolioNoteUsual:   one("A bot is affected only if it did not understand more often than chance explains, with as many bots as are compared here."),
	PortfolioNoteSpark:   one("The small bars show how often a bot did not understand in each of the last {1|%[1]d weeks}, to its own scale; %[2]s stands for a week without a rate."), // 12, –
	PortfolioNoteFew:     one("Fewer than {1|%[1]d chat|%[1]d chats} in the week."),                                                                                                    // 100
	PortfolioNoteNotIn:   one("These reports were not made when this overview was sent."),
	PortfolioNoteNew:     one("These bots were added after this week’s reports fell due."),
	PortfolioNoteUnsent:  one("No channel or address is configured for these bots."),

	PortfolioUnusual: one("{1|up to %d more chat|up to %d more chats} affected than usual"),

	PortfolioUnusualMark: one("did not understand unusually often"),
	PortfolioNew:         one("not enough usual weeks to compare with"),
	PortfolioSpecial:     one("not compared, since the week had %s"), // Black Friday
	PortfolioNoFallbacks: one("“Did not understand” is not available"),
	PortfolioRate:        one("did not understand %s"),                                 // 11.8%
	PortfolioRateUsual:   one("did not understand %s, usually %s"),                     // 11.8%, 9.1%
	PortfolioTargets:     one("%[1]d of {2|%[2]d target|%[2]d targets} missed: %[3]s"), // 1, 4, fallback rate
	PortfolioNoAccess:    one("Kindly does not allow access to its statistics"),
	PortfolioStatistics:  one("Kindly’s statistics gave no usable answer"),
	PortfolioUnmade:      one("its report could not be made"),
	PortfolioMore:        one("and {1|%d more bot|%d more bots}"),
	PortfolioOthers:      one("The others, with how many more chats were affected at most:"),
	PortfolioMoreAtMost:  one("and {1|%[1]d more bot, with|%[1]d more bots, each with} up to {2|%[2]d more chat|%[2]d more chats} affected than usual"),
	PortfolioMade:        one("Made from the bots’ own reports on %s UTC. Later reports are not in it."), // 16 November 2026, 14:00

	ColumnBot:       one("Bot"),
	ColumnAbove:     one("More chats affected"),
	ColumnFallbacks: one("Did not understand"),
}
