package wording

import "golang.org/x/text/feature/plural"

// english is what the other languages translate. The comment after a message names its arguments.
// The terms are
//
//	chat, user message, did not understand (a fallback, which the glossary names), handover,
//	handover request, opening hours, feedback, rating, label, button, page, target, marked event,
//	usually, the week before, overview, points.
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

	tongues: "Norwegian,Nynorsk,Norwegian,English,Swedish,Danish,German,Finnish,Icelandic," +
		"Northern Sami,French,Spanish,Portuguese,Italian,Dutch,Polish,Ukrainian,Russian," +
		"Lithuanian,Latvian,Estonian,Romanian,Hungarian,Czech,Slovak,Bulgarian,Croatian," +
		"Serbian,Bosnian,Albanian,Greek,Turkish,Arabic,Hebrew,Persian,Pashto,Urdu,Hindi," +
		"Bengali,Tamil,Punjabi,Somali,Tigrinya,Amharic,Swahili,Chinese,Japanese,Korean," +
		"Vietnamese,Thai,Indonesian,Tagalog",

	scripts: "Thai,Lao,Khmer,Burmese,Devanagari,Bengali,Gurmukhi,Gujarati,Odia,Tamil," +
		"Telugu,Kannada,Malayalam,Sinhala,Tibetan,Armenian,Georgian,Ethiopic," +
		"Syriac,Chinese,Korean",

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
	WholePoints        Key = "points.whole"
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
	RatingsCount       Key = "feedback.count"
	RatingsOf          Key = "feedback.of"
	NotAvailable       Key = "not-available"
	OnDays             Key = "on-days"
	NotKnown           Key = "not-known"
	NoValue            Key = "no-value"
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
	ChartWeeksTitle          Key = "chart.weeks"
	ChartDayTitle            Key = "chart.day"
	ChartDaysTitle           Key = "chart.days"
	ChartDaysRange           Key = "chart.days.range"
	ChartAboveLimitTitle     Key = "chart.above.limit"
	ChartAboveTitle          Key = "chart.above"
	ChartBelowTitle          Key = "chart.below"
	ChartHoursTitle          Key = "chart.hours"
	ChartFeedbackTitle       Key = "chart.feedback"
	ChartLabelsTitle         Key = "chart.labels"
	ChartButtonsTitle        Key = "chart.buttons"
	ChartPagesTitle          Key = "chart.pages"

	SubtitleChange       Key = "subtitle.change"
	SubtitleLast         Key = "subtitle.last"
	SubtitleUsual        Key = "subtitle.usual"
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

	LegendRequested Key = "legend.requested"
	LegendClosed    Key = "legend.closed"
	LegendFewer     Key = "legend.fewer"
	LegendMore      Key = "legend.more"
	LegendSkipped   Key = "legend.skipped"
	LegendUnknown   Key = "legend.unknown"
	LegendSpecial   Key = "legend.special"
	LegendBinary    Key = "legend.binary"
	LegendEmojis    Key = "legend.emojis"
	RatingNegative  Key = "rating.negative"
	RatingPositive  Key = "rating.positive"
	RatingOf        Key = "rating.of"

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
	// Read instead of pictures.
	SignGood        Key = "sign.good"
	SignBad         Key = "sign.bad"
	Logo            Key = "logo"
	AttachedPDF     Key = "attached-pdf"
	AttachedJSON    Key = "attached-json"
	AttachedCSV     Key = "attached-csv"
	Undrawn         Key = "undrawn"
	UndrawnPicture  Key = "undrawn-picture"
	OtherCharacters Key = "other-characters"
	LeaveList       Key = "leave-list"
	PDFMissing      Key = "pdf-missing"
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
	ReasonUnknown       Key = "reason.unknown"
)

// Sources and languages, and where an excess lies.
const (
	TableSources   Key = "table.sources"
	TableLanguages Key = "table.languages"
	ColumnSource   Key = "column.source"
	ColumnLanguage Key = "column.language"
	ColumnUsually  Key = "column.usually"
	SliceRest      Key = "slice.rest"
	SliceOverlap   Key = "slice.overlap"
	SliceMore      Key = "slice.more"
	SliceFewer     Key = "slice.fewer"
	SliceChange    Key = "slice.change"
	WhereNearly    Key = "where.nearly"
	WhereMore      Key = "where.more"
	WhereFewer     Key = "where.fewer"
	WhereSource    Key = "where.source"
	WhereLanguage  Key = "where.language"
	WhereHours     Key = "where.hours"
	WhereOn        Key = "where.on"
	WhereThatDay   Key = "where.day"
	WhereThatWeek  Key = "where.week"
	WhereLabel     Key = "where.label"
	WhereButton    Key = "where.button"
	WherePage      Key = "where.page"
	WhereRequests  Key = "where.requests"
)

// Messages to operators.
const (
	Diverted Key = "diverted"

	// The verdict first: status, verdict, facts, tiles and what to look at.
	StatusNeedsLook        Key = "status.needs-a-look"
	StatusIncomplete       Key = "status.incomplete"
	StatusTooFew           Key = "status.too-few"
	StatusSpecial          Key = "status.special"
	StatusGood             Key = "status.good"
	StatusUsual            Key = "status.usual"
	StatusVerdict          Key = "status.verdict"
	SubjectNeedsLook       Key = "subject.needs-a-look"
	SubjectIncomplete      Key = "subject.incomplete"
	SubjectTooFew          Key = "subject.too-few"
	SubjectSpecial         Key = "subject.special"
	SubjectGood            Key = "subject.good"
	SubjectUsual           Key = "subject.usual"
	VerdictUsually         Key = "verdict.usually"
	VerdictUpTo            Key = "verdict.up-to"
	VerdictDead            Key = "verdict.dead"
	VerdictDeadUsually     Key = "verdict.dead.usually"
	VerdictTwice           Key = "verdict.incident.twice"
	VerdictTimes           Key = "verdict.incident.times"
	VerdictFar             Key = "verdict.incident.far"
	VerdictFarDays         Key = "verdict.incident.days"
	VerdictHigher          Key = "verdict.higher"
	VerdictLower           Key = "verdict.lower"
	VerdictFigures         Key = "verdict.figures"
	VerdictMissedSome      Key = "verdict.missed.some"
	VerdictFeedbackFell    Key = "verdict.feedback.fell"
	VerdictFeedbackRose    Key = "verdict.feedback.rose"
	VerdictFarFewer        Key = "verdict.chats.far-fewer"
	VerdictFewer           Key = "verdict.chats.fewer"
	VerdictMore            Key = "verdict.chats.more"
	VerdictGaps            Key = "verdict.gaps"
	VerdictFewMessages     Key = "verdict.messages"
	VerdictSpecial         Key = "verdict.special"
	VerdictWeeksBefore     Key = "verdict.weeks.before"
	VerdictWeeks           Key = "verdict.weeks"
	VerdictNothing         Key = "verdict.nothing"
	FactWeekOver           Key = "fact.week.over"
	FactWeekWithin         Key = "fact.week.within"
	FactWeekUsual          Key = "fact.week.usual"
	FactWeek               Key = "fact.week"
	FactWithoutWithin      Key = "fact.without.within"
	FactWithoutOver        Key = "fact.without.over"
	FactWithout            Key = "fact.without"
	FactTheseDays          Key = "fact.these-days"
	FactHighest            Key = "fact.highest"
	FactLowest             Key = "fact.lowest"
	FactOver               Key = "fact.over"
	FactWithin             Key = "fact.within"
	FactUnder              Key = "fact.under"
	FactReached            Key = "fact.reached"
	FactUsually            Key = "fact.usually"
	FactMissedWeeks        Key = "fact.missed-weeks"
	FactMetWeeks           Key = "fact.met-weeks"
	FactTargetMet          Key = "fact.target.met"
	FactTargetMetBy        Key = "fact.target.met.by"
	FactTargetsBoth        Key = "fact.targets.both"
	FactTargetsAll         Key = "fact.targets.all"
	FactTargetOther        Key = "fact.target.other"
	FactTargetsOther       Key = "fact.targets.other"
	FactTargetsSome        Key = "fact.targets.some"
	FactAlsoMissed         Key = "fact.also-missed"
	FactMissed             Key = "fact.missed"
	FactMissedChance       Key = "fact.missed.chance"
	FactZero               Key = "fact.zero"
	ValueBeside            Key = "value.beside"
	ValueFallbacks         Key = "value.fallbacks"
	ValueHandovers         Key = "value.handovers"
	ValueThumbs            Key = "value.thumbs"
	ValueSteps             Key = "value.steps"
	ValueRatings           Key = "value.ratings"
	ValueClosed            Key = "value.closed"
	NoteTarget             Key = "note.target"
	LabelHuman             Key = "label.human"
	TileClosed             Key = "tile.closed"
	TileAtLeast            Key = "tile.at-least"
	TileMoreRequests       Key = "tile.more-requests"
	TileTarget             Key = "tile.target"
	TileThumbs             Key = "tile.thumbs"
	TileSteps              Key = "tile.steps"
	TileScale              Key = "tile.scale"
	LookDead               Key = "look.dead"
	LookFewer              Key = "look.fewer"
	LookUnderstood         Key = "look.understood"
	LookUnderstoodDay      Key = "look.understood.day"
	LookRatings            Key = "look.ratings"
	LookClosed             Key = "look.closed"
	LookHandovers          Key = "look.handovers"
	LookLabel              Key = "look.label"
	LookButton             Key = "look.button"
	LookPage               Key = "look.page"
	LookMore               Key = "look.more"
	LookTarget             Key = "look.target"
	VerdictRising          Key = "verdict.rising"
	VerdictFromTo          Key = "verdict.from-to"
	StatusFewWeeks         Key = "status.few-weeks"
	SubjectFewWeeks        Key = "subject.few-weeks"
	VerdictOver            Key = "verdict.over"
	VerdictUnder           Key = "verdict.under"
	VerdictChance          Key = "verdict.chance"
	VerdictNames           Key = "verdict.names"
	VerdictWithinAgain     Key = "verdict.within-again"
	VerdictReachedAgain    Key = "verdict.reached-again"
	FactHistory            Key = "fact.history"
	FactMost               Key = "fact.most"
	FactFewest             Key = "fact.fewest"
	VerdictMissedEveryWeek Key = "verdict.missed-every-week"
	HandoversAtLeast       Key = "handovers.at-least"
	FactNoHistory          Key = "fact.no-history"
	VerdictButMore         Key = "verdict.but-more"
	VerdictButFewer        Key = "verdict.but-fewer"
	// The end of the keys of the verdict.
)

// The digest.
const (
	HeadingLookAt Key = "heading.look-at"
)

// The portfolio: the overview of all bots of a tenant.
const (
	PortfolioSubject      Key = "portfolio.subject"
	PortfolioLook         Key = "portfolio.look"
	PortfolioLookBoth     Key = "portfolio.look.both"
	PortfolioLookAll      Key = "portfolio.look.all"
	PortfolioSome         Key = "portfolio.some"
	PortfolioBoth         Key = "portfolio.both"
	PortfolioAll          Key = "portfolio.all"
	PortfolioStandOutNone Key = "portfolio.stand-out.none"
	PortfolioIncomplete   Key = "portfolio.incomplete"
	PortfolioChance       Key = "portfolio.group.chance"
	PortfolioChanceNamed  Key = "portfolio.chance.named"
	PortfolioWhole        Key = "portfolio.whole"
	PortfolioSize         Key = "portfolio.size"
	WeekUsual             Key = "week.usual"
	WeekGood              Key = "week.good"
	WeekGoodOrUsual       Key = "week.good-or-usual"
	WeekTooFew            Key = "week.too-few"
	WeekSpecial           Key = "week.special"

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
	PortfolioRateWeek    Key = "portfolio.rate.week"
	PortfolioTargets     Key = "portfolio.targets"
	PortfolioNoAccess    Key = "portfolio.reason.access"
	PortfolioStatistics  Key = "portfolio.reason.statistics"
	PortfolioUnmade      Key = "portfolio.reason.unmade"
	PortfolioMore        Key = "portfolio.more"
	PortfolioOthers      Key = "portfolio.others"
	PortfolioMoreAtMost  Key = "portfolio.more.at-most"
	PortfolioMade        Key = "portfolio.made"
	PortfolioFigures     Key = "portfolio.figures"
	PortfolioWeeks       Key = "portfolio.weeks"

	ColumnBot       Key = "column.bot"
	ColumnAbove     Key = "column.above"
	ColumnFallbacks Key = "column.fallbacks"
)

var englishTexts = map[Key]string{
	CompactThousand:    "k",
	CompactMillion:     "M",
	CompactBillion:     "bn",
	CompactTrillion:    "tn",
	CompactQuadrillion: "qn",
	PercentagePoints:   "%s\u00a0points",                         // 1.4
	WholePoints:        "{1|%[1]d\u00a0point|%[1]d\u00a0points}", // 24
	DateDay:            "%s %s",                                  // Mon, 9
	DateDayMonth:       "%s %s",                                  // 9, November
	DateDayMonthYear:   "%s %s %s",                               // 9, November, 2026
	DateWeekday:        "%s %s",                                  // Monday, 9 November 2026
	DateDayOnly:        "%s",                                     // 9, before another date of the month
	DateWeekdays:       "%s to %s",                               // Monday 9, Sunday 15 November 2026
	DateTime:           "%s, %s",                                 // 16 November 2026, 08:02
	DateClock:          "%s:%s",                                  // 08, 02
	DateHour:           "%[1]s:00",                               // 09, 9
	Quoted:             "“%s”",                                   // a name
	DateRange:          "%s – %s",                                // 29 June, 5 July
	DateRangeOneMonth:  "%s–%s",                                  // 9, 15 November
	ListAnd:            "%s and %s",                              // a, b; c
	ListNext:           "%s, %s",                                 // a; b
	Missing:            "–",                                      // in the place of a number
	Nameless:           "(no name)",                              // in the place of an empty name

	WeekNumber: "week %s",    // 46
	Subject:    "%s, %s: %s", // bot, dates, 8,031 chats
	Title:      "%s, %s",     // bot, dates
	LinkKindly: "Open in Kindly",
	ChatCount:  "{1|%d chat|%d chats}",

	// The clauses of a headline. Each could stand alone; Clauses puts them together, and FullStop
	// ends the last one.
	HeadlineNone:          "No chats were recorded this week; Kindly’s statistics worked, so the zero is real",
	HeadlineNoneBaseline:  "No chats were recorded this week, usually %s; Kindly’s statistics worked, so the zero is real", // 7,900
	HeadlineMore:          "%s, %s more than the week before",                                                              // 8,031 chats, 5.6%
	HeadlineFewer:         "%s, %s fewer than the week before",
	HeadlineSame:          "%s, about as many as the week before",
	HeadlineFew:           "%s, the week before %s",       // 4 chats, 1
	HeadlineAlone:         "%s",                           // 343 chats
	ChatsPartial:          "%[1]s on {2|%[2]d of 7 days}", // 1,191 chats, 6
	ChatsUnknown:          "number of chats not known",
	HeadlinePartial:       "%[1]s on {2|%[2]d of 7 days}, the rest not known", // 1,191 chats, 6
	HeadlineUnknown:       "the number of chats is not known",
	HeadlineSpecial:       "%s in a week with %s",            // 8,031 chats, Black Friday
	HeadlineBaseline:      "%s, about as many as usual (%s)", // 8,031 chats, 7,900
	HeadlineBaselineMore:  "%s, %s more than usual (%s)",     // 8,031 chats, 12.3%, 7,150
	HeadlineBaselineFewer: "%s, %s fewer than usual (%s)",
	HeadlineBaselineFew:   "%s, usually %s",                                    // 4 chats, 5
	HeadlineUnusualMore:   "Unusually many chats: %s, %s more than usual (%s)", // 8,031, 31.0%, 6,130
	HeadlineUnusualFewer:  "Unusually few chats: %s, %s fewer than usual (%s)",
	HeadlineMost:          "%[1]s, the most in {2|%[2]d week|%[2]d weeks} (usually %[3]s)", // 8,031 chats, 12, 7,100
	HeadlineFewest:        "%[1]s, the fewest in {2|%[2]d week|%[2]d weeks} (usually %[3]s)",
	HeadlineHighest:       "In %[1]s of its replies the bot did not understand, the highest share in {2|%[2]d week|%[2]d weeks} (usually %[3]s)", // 11.8%, 12, 9.1%
	HeadlineLowest:        "In %[1]s of its replies the bot did not understand, the lowest share in {2|%[2]d week|%[2]d weeks} (usually %[3]s)",
	HeadlineIncident:      "“Did not understand” jumped %s: %s of the bot’s replies, usually %s",       // Wednesday, 15.2%, 8.5%
	HeadlineIncidents:     "“Did not understand” jumped %s: up to %s of the bot’s replies, usually %s", // Wednesday and Thursday, 15.2%, 8.5%
	HeadlineMissed:        "%[1]d of {2|%[2]d target|%[2]d targets} {1|was|were} missed: %[3]s",        // 2, 4, fallback rate and feedback
	HeadlineAgain:         "{1|%[1]d target is|%[1]d targets are} met again: %[2]s",                    // 2, fallback rate and feedback
	HeadlineFallbacks:     "in %s of its replies the bot did not understand",
	HeadlineFallbackPP:    "in %s of its replies the bot did not understand (%s from the week before)", // 11.8%, +1.4 pp
	HeadlineFallbackUsual: "in %s of its replies the bot did not understand (usually %s)",              // 11.8%, 10.4%
	HeadlineWith:          "the week had %s",                                                           // Black Friday
	Clauses:               "%s; %s",
	FullStop:              "%s.",
	MoreNames:             "%[1]s and {2|%[2]d more}", // a, b, c; 2

	LabelChats:     "Chats",
	LabelFallbacks: "Did not understand",
	LabelHandovers: "Handover requests, open",
	LabelClosed:    "Handover requests, closed",
	LabelStarted:   "Handovers started",
	LabelEnded:     "Handovers ended",
	LabelFeedback:  "Feedback",

	Usually:            "usually %s",                                       // 7,900
	AYearAgoWith:       "a year ago %s, with %s",                           // 6,422, Black Friday
	AYearAgo:           "a year ago %s",                                    // 6,422
	LastWeek:           "week before %s",                                   // 7,607
	Ratings:            "%[1]d of {2|%[2]d rating|%[2]d ratings} positive", // 3, 4
	RatingsPercent:     "%s (%s)",                                          // 74%, 171 of 232 ratings positive
	RatingsNone:        "no ratings, or feedback is off",
	RatingsBoth:        "%s: %s",                                  // Thumbs, 171 of 232 ratings positive
	RatingsCount:       "%[1]d of {2|%[2]d rating|%[2]d ratings}", // 171, 232
	RatingsOf:          "%d of %d",                                // 3, 4
	NotAvailable:       "not available",
	OnDays:             "on {1|%d of 7 days}", // 6
	NotKnown:           "not known",
	NoValue:            "no value",
	SubtitleTrendNew:   "%s this week; the bot’s history begins on %s", // 343, 4 November 2026
	NotAvailableReason: "Not available: %s",                            // reason
	NobodyWrote:        "nobody wrote",
	NoReplies:          "the bot did not reply",
	NothingHappened:    "None this week.",
	FallbacksOf:        "{1|%d time|%d times}",

	InsightDay:         "Most chats came %[1]s (%[2]d).",                                      // Thursday, 1,530 chats
	InsightDays:        "Most chats came %[1]s (%[2]d), fewest %[3]s (%[4]d).",                // Thursday, 1,530 chats, Sunday, 588
	InsightDayMore:     "%[1]s there were far more chats than usual: %[2]d (usually %[3]s).",  // Thursday, 1,530, 1,234
	InsightDayFewer:    "%[1]s there were far fewer chats than usual: %[2]d (usually %[3]s).", // Sunday, 188, 416
	InsightDayBoth:     "%[1]s there were far more chats than usual (%[2]d, usually %[3]s), %[4]s far fewer (%[5]d, usually %[6]s).",
	InsightHalf:        "%s of the chats began between %s and %s.",                                                                            // 52%, 09:00, 14:00
	InsightHalfHour:    "%[1]s of the chats began between %[2]s and %[3]s; the busiest hour was %[4]s to %[5]s ({6|%[6]d chat|%[6]d chats}).", // 52%, 09:00, 14:00, 12:00, 13:00, 837 chats
	InsightIncident:    "“Did not understand” jumped %[1]s: %[2]s of the bot’s replies (%[3]d of %[4]d), usually %[5]s on such a day.",        // Thursday, 18.7%, 935, 5,000, 10.2%
	InsightFallbackDay: "%s the bot did not understand in %s of its replies (whole week: %s).",                                                // Thursday, 18.7%, 11.8%
	InsightClosed:      "Outside opening hours, users asked to talk to a human {1|once|%[1]d times}.",
	InsightClosedLast:  "Outside opening hours, users asked to talk to a human {1|once|%[1]d times} (week before %[2]d).",
	InsightClosedUsual: "Outside opening hours, users asked to talk to a human {1|once|%[1]d times} (usually %[2]s).",
	InsightClosedHours: "%[1]d of these came between %[2]s and %[3]s.",                                         // 61, 17:00, 20:00
	InsightClosedDay:   "Most came %[1]s (%[2]d).",                                                             // Saturday, 32
	InsightClosedWhen:  "%[1]d of these came between %[2]s and %[3]s; most came %[4]s (%[5]d).",                // 61, 17:00, 20:00, Saturday, 32
	InsightThumbsFell:  "The share of thumbs up fell: %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d).", // 61%, 142, 232, 71%, 1,560, 2,200
	InsightThumbsRose:  "The share of thumbs up rose: %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d).",
	InsightStepsFell:   "The share of positive ratings fell (1–5 scale): %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d).",
	InsightStepsRose:   "The share of positive ratings rose (1–5 scale): %[1]s (%[2]d of %[3]d), usually %[4]s (%[5]d of %[6]d).",
	InsightMost:        "%[1]s: the most in {2|%[2]d week|%[2]d weeks}. The most before that: %[3]s (%[4]s).", // 8,031 chats, 12, 7,607, 2–8 Nov
	InsightFewest:      "%[1]s: the fewest in {2|%[2]d week|%[2]d weeks}. The fewest before that: %[3]s (%[4]s).",
	InsightHighest:     "“Did not understand”, %[1]s of the bot’s replies, was the highest in {2|%[2]d week|%[2]d weeks}. The highest before that: %[3]s (%[4]s).", // 11.8%, 12, 10.1%, 2–8 Nov
	InsightLowest:      "“Did not understand”, %[1]s of the bot’s replies, was the lowest in {2|%[2]d week|%[2]d weeks}. The lowest before that: %[3]s (%[4]s).",
	InsightChatsUp:     "{1|Chats rose this week|Chats have risen for %[1]d weeks in a row}, from %[2]s to %[3]s.",
	InsightChatsDown:   "{1|Chats fell this week|Chats have fallen for %[1]d weeks in a row}, from %[2]s to %[3]s.",
	InsightRateUp:      "“Did not understand” {1|rose this week|has risen for %[1]d weeks in a row}, from %[2]s to %[3]s.",
	InsightRateDown:    "“Did not understand” {1|fell this week|has fallen for %[1]d weeks in a row}, from %[2]s to %[3]s.",

	// Name, this week, the week before.
	InsightLabelNew:    "Label “%[1]s” was added {2|%[2]d time|%[2]d times}, and not once the week before.",
	InsightLabelGone:   "Label “%[1]s” was not added; the week before it was added {3|%[3]d time|%[3]d times}.",
	InsightLabelRisen:  "Label “%[1]s” was added {2|%[2]d time|%[2]d times}, up from %[3]d.",
	InsightLabelFallen: "Label “%[1]s” was added {2|%[2]d time|%[2]d times}, down from %[3]d.",
	// From and to below the end of a list: name, this week, the week before; the end is "outside
	// the top 100".
	InsightLabelFrom:    "Label “%[1]s” was added {2|%[2]d time|%[2]d times}; the week before it was %[3]s.",
	InsightLabelTo:      "Label “%[1]s” is %[2]s; the week before it was added {3|%[3]d time|%[3]d times}.",
	InsightButtonFrom:   "Button “%[1]s” got {2|%[2]d click|%[2]d clicks}; the week before it was %[3]s.",
	InsightButtonTo:     "Button “%[1]s” is %[2]s; the week before it got {3|%[3]d click|%[3]d clicks}.",
	InsightPageFrom:     "Page “%[1]s” had {2|%[2]d chat|%[2]d chats}; the week before it was %[3]s.",
	InsightPageTo:       "Page “%[1]s” is %[2]s; the week before it had {3|%[3]d chat|%[3]d chats}.",
	InsightButtonNew:    "Button “%[1]s” got {2|%[2]d click|%[2]d clicks}, and none the week before.",
	InsightButtonGone:   "Button “%[1]s” got no clicks; the week before it got {3|%[3]d click|%[3]d clicks}.",
	InsightButtonRisen:  "Button “%[1]s” got {2|%[2]d click|%[2]d clicks}, up from %[3]d.",
	InsightButtonFallen: "Button “%[1]s” got {2|%[2]d click|%[2]d clicks}, down from %[3]d.",
	InsightPageNew:      "Page “%[1]s” had {2|%[2]d chat|%[2]d chats}, and none the week before.",
	InsightPageGone:     "Page “%[1]s” had no chats; the week before it had {3|%[3]d chat|%[3]d chats}.",
	InsightPageRisen:    "Page “%[1]s” had {2|%[2]d chat|%[2]d chats}, up from %[3]d.",
	InsightPageFallen:   "Page “%[1]s” had {2|%[2]d chat|%[2]d chats}, down from %[3]d.",

	TargetFallbackRate:        "did not understand",
	TargetHandoverRate:        "handover requests per 100 chats",
	TargetFeedback:            "positive ratings",
	TargetThumbs:              "thumbs up",
	TargetSteps:               "positive ratings, 1–5 scale",
	TargetRequestsWhileClosed: "handover requests, closed",
	TargetHandoversOf:         "%[1]d in {2|%[2]d chat|%[2]d chats}", // 526, 8,163
	TargetParts:               "%s (%s)",                             // handover requests per 100 chats, 526 in 8,163 chats
	TargetAtMost:              "at most %s",
	TargetAtLeast:             "at least %s",
	TargetMet:                 "met",
	TargetMissed:              "missed",
	TargetTooFew:              "too few to judge",
	TargetWeeks:               "{1|%[1]d week|%[1]d weeks}",
	TargetWeeksAtLeast:        "{1|%[1]d+\u00a0week|%[1]d+\u00a0weeks}",

	// For so many weeks in a row, this one included; the value; the limit.
	MissedFallbackRate:        "In %[2]s of its replies the bot did not understand, over the target of %[3]s{1|| for %[1]d weeks in a row}",
	MissedHandoverRate:        "There were %[2]s handover requests per 100 chats, open and closed, over the target of %[3]s{1|| for %[1]d weeks in a row}",
	MissedFeedback:            "%[2]s of the ratings were positive, under the target of %[3]s{1|| for %[1]d weeks in a row}",
	MissedThumbs:              "%[2]s of the ratings were thumbs up, under the target of %[3]s{1|| for %[1]d weeks in a row}",
	MissedSteps:               "%[2]s of the ratings on the 1–5 scale were positive, under the target of %[3]s{1|| for %[1]d weeks in a row}",
	MissedRequestsWhileClosed: "Outside opening hours there {2|was %[2]d handover request|were %[2]d handover requests}, over the target of %[3]s{1|| for %[1]d weeks in a row}",
	// After so many weeks in a row that missed it; the value; the limit.
	AgainFallbackRate:        "In %[2]s of its replies the bot did not understand: within the target of %[3]s again, after {1|a week|%[1]d weeks} over it",
	AgainHandoverRate:        "There were %[2]s handover requests per 100 chats, open and closed: within the target of %[3]s again, after {1|a week|%[1]d weeks} over it",
	AgainFeedback:            "%[2]s of the ratings were positive: the target of %[3]s is met again, after {1|a week|%[1]d weeks} under it",
	AgainThumbs:              "%[2]s of the ratings were thumbs up: the target of %[3]s is met again, after {1|a week|%[1]d weeks} under it",
	AgainSteps:               "%[2]s of the ratings on the 1–5 scale were positive: the target of %[3]s is met again, after {1|a week|%[1]d weeks} under it",
	AgainRequestsWhileClosed: "Outside opening hours there {2|was %[2]d handover request|were %[2]d handover requests}: within the target of %[3]s again, after {1|a week|%[1]d weeks} over it",

	ChartChatsTitle:          "Chats by day",
	ChartMessagesTitle:       "User messages by day",
	ChartFallbacksTitle:      "Did not understand, by day",
	ChartFallbackCountsTitle: "Did not understand, times a day",
	ChartHandoversTitle:      "Handover requests by day",
	ChartTrendTitle:          "Chats, last 12 weeks",
	ChartWeeksTitle:          "%s, last 12 weeks",                               // Did not understand
	ChartDayTitle:            "%s %s, others %s",                                // Wed, 17.9%, 7.3–10.0%
	ChartDaysTitle:           "%s up to %s, others %s",                          // Wed and Fri
	ChartDaysRange:           "%s–%s",                                           // 7.3, 10.0%
	ChartAboveLimitTitle:     "over %[1]s on %[2]d of {3|%[3]d day|%[3]d days}", // 9.0%, 5, 7
	ChartAboveTitle:          "above usual on %[1]d of {2|%[2]d day|%[2]d days}",
	ChartBelowTitle:          "below usual on %[1]d of {2|%[2]d day|%[2]d days}",
	ChartHoursTitle:          "When chats begin",
	ChartFeedbackTitle:       "Feedback",
	ChartLabelsTitle:         "Most frequent labels",
	ChartButtonsTitle:        "Most clicked buttons",
	ChartPagesTitle:          "Pages with the most chats",

	SubtitleChange:       "%s, week before %s (%s)",                                 // 8,031, 7,607, +5.6%
	SubtitleLast:         "%s, week before %s",                                      // 4, 1
	SubtitleUsual:        "%s, usually %s",                                          // 8,031, 6,555
	SubtitleHandovers:    "%d while open, %d while closed",                          // 382, 130
	SubtitleTrend:        "%s this week; the highest was %s (%s)",                   // 8,031, 8,200, 5–11 Oct
	SubtitleTrendHighest: "%[1]s this week, the most in {2|%[2]d week|%[2]d weeks}", // 8,031, 12
	SubtitleTrendLowest:  "%[1]s this week, the fewest in {2|%[2]d week|%[2]d weeks}",
	SubtitleTrendUsual:   "%s this week, usually %s",                                     // 8,031, 7,900
	SubtitleTrendYear:    "%s; %s",                                                       // the finding, a year ago 6,422
	SubtitleHoursPeak:    "Most %[1]s at %[2]s: {3|%[3]d chat|%[3]d chats}; local time",  // Tuesday, 12:00, 157 chats
	SubtitleHoursTied:    "No hour had more than {1|%[1]d chat|%[1]d chats}; local time", // 2 chats
	SubtitleWith:         "%s; the week had %s",                                          // the finding, Black Friday
	SubtitleFirst:        "“%s” comes first (%s)",                                        // name, 1,820
	Alt:                  "%s, %s: %s. %s.",                                              // title, dates, finding, the numbers
	AltItem:              "%s: %s",                                                       // Mon 9, 1,284
	AltGap:               "none",
	AltSpecial:           "%s (%s)",            // Mon 9, Black Friday
	AltShort:             "%s, %s: %s.",        // title, dates, finding
	AltPeak:              "most at %s (%d)",    // 12:00, 157
	AltPeakTied:          "at most %d an hour", // 2

	LegendRequested: "While open", // in a narrow place, next to another
	LegendClosed:    "While closed",
	LegendFewer:     "fewer",
	LegendMore:      "more",
	LegendSkipped:   "does not exist (clocks go forward)",
	LegendUnknown:   "not known",
	LegendSpecial:   "Week with a holiday or marked event",
	LegendBinary:    "Thumbs",
	LegendEmojis:    "1–5 scale",
	RatingNegative:  "Negative",
	RatingPositive:  "Positive",
	RatingOf:        "%s of %s", // 4, 5

	ColumnDay:      "Day",
	ColumnStage:    "Stage",
	ColumnThis:     "This week",
	ColumnLast:     "Week before",
	ColumnChange:   "Change",
	ColumnRating:   "Rating",
	ColumnCount:    "Count",
	ColumnShare:    "Share",
	ColumnLabel:    "Label",
	ColumnButton:   "Button",
	ColumnDialogue: "Dialogue",
	ColumnClicks:   "Clicks",
	ColumnPage:     "Page",
	ColumnMessages: "User messages", // short, since a column is narrow
	TableDays:      "Day by day",
	TableHandovers: "Handovers, stage by stage",
	TableTargets:   "Targets",
	TableMovers:    "Biggest changes",
	ColumnTarget:   "Target",
	ColumnLimit:    "Limit",
	ColumnState:    "Status",
	ColumnWhat:     "What",
	WhatState:      "%s, %s", // Label, new; missed, 3 weeks
	ColumnName:     "Name",
	MoverNew:       "new",
	MoverGone:      "gone",
	MoverRisen:     "risen",
	MoverFallen:    "fallen",
	TotalRow:       "Week",
	BelowLimit:     "outside the top %s",     // 100
	TopOf:          "Top %d of %d.",          // 10, 87
	TopOfFull:      "Top %d of at least %d.", // 10, 100
	AtMost:         "at most %s",             // 120
	AtMostMeans:    "Where it says “at most”, a chat may count at several addresses of the page.",
	TopAddresses:   "Only the top {1|%d address of a week is|%d addresses of a week are} counted.", // 100
	ButtonIn:       "%s (%s)",                                                                      // Yes, the dialogue Returns

	NoticeMissing:      "%s could not be fetched from Kindly’s statistics: %s.",                                   // Feedback, reason
	NoticeUnknown:      "Not known: %s. %s",                                                                       // chats on Wed 11, the reason
	NoticeLeftOut:      "Left out of comparisons: %s. %s",                                                         // chats on Wed 14, the reason
	NoticeNoBaseline:   "The bot’s history begins on %s, inside the weeks compared: there is no comparison yet.",  // 4 November 2026
	NoticeNoHistory:    "Nothing was recorded in the {1|week|%d weeks} before: there is nothing to compare with.", // 11
	NoticeDropped:      "Kindly’s statistics gave {1|%[1]d number|%[1]d numbers} for days that were not asked for (%[2]s); {1|it is|they are} left out.",
	NoticeRepeated:     "Kindly’s statistics gave {1|%[1]d number|%[1]d numbers} twice (%[2]s); {1|it|each} counts once.",
	NoticeSpecial:      "This week had %s, so it is not compared with other weeks.", // Black Friday (Fri)
	NoticeSpecialLast:  "The week before had %s, so this week is not compared with it.",
	SpecialDay:         "%s (%s)",      // Black Friday, Fri
	SpecialDays:        "%s (%s – %s)", // Black Week, Mon, Fri
	SectionHours:       "chats by hour",
	SectionFallbacks:   "“Did not understand”",
	SectionHandovers:   "handovers",
	SectionFeedback:    "feedback",
	SectionPages:       "pages",
	SectionButtons:     "buttons",
	SectionLabels:      "labels",
	SectionChats:       "chats",
	SectionMessages:    "user messages",
	SectionYearAgo:     "the week a year ago",
	PartPrevious:       "%s of the week before", // Feedback
	PartDaily:          "%s by day",
	PartWeekly:         "%s by week",
	PartHourly:         "%s by hour",
	PartBefore:         "%s of the weeks before",
	PartYearAgo:        "%s a year ago",
	PartDays:           "%s %s",                      // chats, on Wednesday
	PartDates:          "%s, %s",                     // chats, 14–16 October
	ProvenanceDays:     "%s, whole days in %s (%s).", // Monday 9 November 2026, Monday 16 November 2026, Europe/Oslo, 2026-W46
	ProvenanceNoTest:   "Test chats are left out; Kindly’s own pages may include them.",
	ProvenanceOnly:     "Only chats from: %s.", // web and app
	ProvenanceNot:      "Chats excluded: %s.",  // test
	ProvenanceAll:      "All sources, test chats included.",
	ProvenanceLanguage: "Only chats in: %s.",                                                                                                        // nb and en
	ProvenanceBaseline: "“Usually” is the median of {1|%[1]d week|%[1]d weeks} from %[2]s on; weeks with a holiday or a marked event are left out.", // 9, 24 August 2026
	ProvenanceFetched:  "Fetched from Kindly’s Statistics API on %s (%s).",                                                                          // 16 November 2026, 08:02; Europe/Oslo
	ProvenanceID:       "Report %s.",

	HeadlineNoneUnknown:     "No chats were found this week; Kindly’s statistics do not know the filter",
	NoticeSurplus:           "Kindly’s statistics sent longer lists than were asked for (%[1]s). Only the {2|most frequent item|%[2]d most frequent items} of each {2|is|are} used.",
	NoticeUnknownSources:    "{1|Kindly’s statistics do not know the source %[2]s. The numbers may be missing or wrong.|Kindly’s statistics do not know the sources %[2]s. The numbers may be missing or wrong.}",
	NoticeKnownSources:      "The sources that they know: %s.",
	NoticeUnknownLanguages:  "{1|Kindly’s statistics do not know the language %[2]s. The numbers may be missing or wrong.|Kindly’s statistics do not know the languages %[2]s. The numbers may be missing or wrong.}",
	NoticeKnownLanguages:    "The languages that they know: %s.",
	ProvenanceZone:          "No time zone was named, so days are counted in UTC; --tz names another.",
	ProvenanceUnchecked:     "Whether Kindly’s statistics know this filter could not be checked.",
	PortfolioUnknownFilters: "{1|Kindly’s statistics do not know the filter of %[2]s, so its numbers may be missing or wrong|Kindly’s statistics do not know the filters of %[2]s, so their numbers may be missing or wrong}",

	TermChat:            "Chat",
	TermChatMeans:       "a conversation in which a user engaged with the bot.",
	TermMessage:         "User message",
	TermMessageMeans:    "something a user wrote to the bot; the bot’s replies are not counted.",
	TermFallback:        "Did not understand",
	TermFallbackMeans:   "the share of the bot’s replies in which it said that it did not understand. Kindly calls such a reply a fallback.",
	TermHandover:        "Handover",
	TermHandoverMeans:   "a chat passed to a human; requested, started and ended are stages of the same handover.",
	TermClosed:          "Handover requests, open and closed",
	TermClosedMeans:     "a user asked to talk to a human during or outside opening hours; each request counts once, so the two can be added.",
	TermBaseline:        "Usually",
	TermBaselineMeans:   "the median of up to eleven weeks before, without those that had a holiday or a marked event.",
	TermPercentage:      "Points",
	TermPercentageMeans: "percentage points: from 10%% to 12%% is +2 points. Small numbers are shown as counts.",

	HeadingInsights:   "Worth noting",
	HeadingNotices:    "Please note",
	HeadingGlossary:   "What the words mean",
	HeadingProvenance: "Where the numbers come from",
	HeadingDetails:    "The week in detail",
	LinkPDF:           "Open the PDF",
	PageOf:            "Page %s of %s",
	Author:            "Kindly Weekly",
	SignGood:          "better",
	SignBad:           "worse",
	Logo:              "Logo",
	AttachedPDF:       "The full report is attached as a PDF.",
	AttachedJSON:      "All numbers of the report, for programs",
	AttachedCSV:       "All numbers of the report, for spreadsheets",
	Undrawn:           "□ on this page: %s. Slack and the mail show the characters.", // Thai and Tamil
	UndrawnPicture:    "□ in the picture: %s",                                        // texts
	OtherCharacters:   "other characters",
	LeaveList:         "To stop receiving this report, write to %s.", // an address
	PDFMissing:        "The PDF could not be attached.",

	SlashCut:        "{1|Only the first character of that was read.|Only the first %d characters of that were read.}",
	SlashUsage:      "The weekly report of a bot:",
	SlashUsageLast:  "`%s BOT` sends you the report of the last complete week",                                                           // /kindly-report
	SlashUsageWeek:  "`%s BOT 46` sends the report of week 46; also `w46`, `week 46`, with the year `%s`, a day such as `%s`, or `last`", // /kindly-report, 2026-W46, 2026-11-11
	SlashUsageShare: "`%s BOT share` posts it in this channel, for everyone; also after a week",
	SlashBots:       "BOT is the name, the id or the beginning of one of them:",
	SlashBotsMore:   "… and {1|%d more}",
	SlashNoBots:     "There is no bot whose report you can ask for here. Ask in the channel that gets the report, or have yourself added to the report’s viewers.",
	SlashUnknown:    "There is no bot “%s” whose report you can ask for here.",                                                 // what was typed
	SlashMeant:      "Did you mean “%s”?",                                                                                      // a bot
	SlashAmbiguous:  "“%s” can mean %s. Write more of the name.",                                                               // what was typed, “a” and “b”
	SlashAlike:      "“%s” can mean %s. Write the id.",                                                                         // what was typed, “a” (`1`) and “b” (`2`)
	SlashSurplus:    "I do not understand “%s” after %s. A week, such as `46` or `%s`, or `share` can stand there.",            // what was typed, bot, 2026-W46
	SlashNoWeek:     "There is no week %s in %s: its weeks are 1 to %s.",                                                       // 54, 2026, 53
	SlashNoNumber:   "There is no week %s: weeks are 1 to 53.",                                                                 // 54
	SlashNoDay:      "There is no day %s.",                                                                                     // 2026-02-30
	SlashTooEarly:   "There are no reports of weeks before %s.",                                                                // 2000
	SlashUnclear:    "It is not clear which week “%s” means. Write, for example, %s.",                                          // what was typed, `2026-11-12`, `2026-12-11`
	SlashNotYet:     "%s is not over yet. The report of %s will be ready on %s (%s).",                                          // Week 47, bot, Monday 23 November 2026 00:00, Europe/Oslo
	SlashYearAgo:    "For the same week of the year before, write `%s`.",                                                       // 2025-W47
	SlashElsewhere:  "The report of %s can be shared only in its own channels: %s. Without `share` it comes to you privately.", // bot, channels
	SlashNowhere:    "The report of %s has no channel in which it could be shared. Without `share` it comes to you privately.", // bot
	SlashMaking:     "Making the report of %s, %s; it comes to you privately.",                                                 // bot, 9–15 November
	SlashSharing:    "Making the report of %s, %s; it will be posted in this channel.",                                         // bot, 9–15 November
	SlashTrouble:    "The service behind this command did not answer in time. If nothing comes within a few minutes, please ask again.",
	SlashGone:       "You cannot ask for that report here.",
	SlashUnmade:     "The report of %s, %s, cannot be made right now.", // bot, 9–15 November
	SlashUnmadeKey:  "Kindly does not allow access to this bot’s statistics. Please tell the person who runs Kindly Weekly for you.",
	SlashUnmadeSage: "Kindly’s statistics gave no usable answer. Please try again in a few minutes.",
	SlashUnmadeElse: "Please try again in a few minutes. If that does not help, tell the person who runs Kindly Weekly for you.",
	SlashUnposted:   "The report of %s, %s, could not be posted here. If this app is not a member of the channel, type `/invite` and ask again.", // bot, 9–15 November

	// Who was asked: Sage or Kindly.
	ReasonUnsent:        "the request could not be sent",
	ReasonStatus:        "the answer was %s %s", // Sage, 503, Service Unavailable
	ReasonStatusOnly:    "the answer had status %s",
	ReasonShape:         "the answer had an unexpected form",
	ReasonPage:          "the answer was a web page, not data",
	ReasonUnfinished:    "the answer did not arrive in full in time",
	ReasonLate:          "no answer came in time",
	ReasonBroken:        "the answer broke off",
	ReasonUnreadable:    "the answer could not be read",
	ReasonUnreachable:   "there was no connection",
	ReasonContradicted:  "Kindly’s statistics disagree: zero here, %[2]d under %[1]s", // chats by hour, 192
	ReasonContradictory: "Kindly’s statistics contradict themselves",
	ReasonRepeated:      "Kindly’s statistics gave different numbers for the same time",
	ReasonDiscarded:     "Kindly’s statistics gave numbers for other dates",
	ReasonUnproven:      "Kindly’s statistics gave no number, and nothing that confirms a zero",
	ReasonUnknown:       "there was no usable answer",

	TableSources:   "By source",
	TableLanguages: "By language",
	ColumnSource:   "Source",
	ColumnLanguage: "Language",
	ColumnUsually:  "Usually",
	SliceRest:      "none of these",
	SliceOverlap:   "{1|%d chat counts in two rows|%d chats count in two rows}.",        // 12
	SliceMore:      "More chats than usual: %s.",                                        // web (+210), app (+40)
	SliceFewer:     "Fewer chats than usual: %s.",                                       // facebook (−80)
	SliceChange:    "%s (%s)",                                                           // web, +210
	WhereNearly:    "Nearly all of it %s.",                                              // on web, in Norwegian, between 09:00 and 14:00
	WhereMore:      "Nearly all of the additional chats %s.",                            // on web
	WhereFewer:     "Nearly all of the missing chats %s.",                               // on web
	WhereSource:    "on %s",                                                             // web
	WhereLanguage:  "in %s",                                                             // Norwegian
	WhereHours:     "between %s and %s",                                                 // 09:00, 14:00
	WhereOn:        "%s: %s",                                                            // on Wednesday, nearly all of it on web
	WhereThatDay:   "On that day: %s.",                                                  // label “Retur” 210 times (usually 2)
	WhereThatWeek:  "In the same week: %s.",                                             // label “Retur” 210 times (usually 2)
	WhereLabel:     "label %[1]s {2|once|%[2]d times} (usually {3|%[3]d})",              // “Retur”, 210, 2
	WhereButton:    "button %[1]s {2|%[2]d click|%[2]d clicks} (usually {3|%[3]d})",     // “Ja”, 210, 2
	WherePage:      "page %[1]s {2|%[2]d chat|%[2]d chats} (usually {3|%[3]d})",         // www.shop.example/pay, 210, 2
	WhereRequests:  "asked to talk to a human {1|once|%[1]d times} (usually {2|%[2]d})", // 128, 70

	Diverted: "[for %s] %s", // for whom it was meant, bot

	// The verdict first: status, verdict, facts, tiles and what to look at.
	StatusNeedsLook:        "Needs a look",
	StatusIncomplete:       "Incomplete",
	StatusTooFew:           "Too few to judge",
	StatusSpecial:          "Special week",
	StatusGood:             "Good week",
	StatusUsual:            "Usual week",
	StatusVerdict:          "%s: %s",                    // Needs a look, no chats the whole week
	SubjectNeedsLook:       "%s needs a look: %s",       // bot, no chats the whole week
	SubjectIncomplete:      "%s, incomplete report: %s", // bot, numbers are missing for feedback
	SubjectTooFew:          "%s: too few to judge, %s",  // bot, 8 chats
	SubjectSpecial:         "%s: a special week, %s",    // bot, 8,031 chats
	SubjectGood:            "%s had a good week: %s",
	SubjectUsual:           "%s: a usual week, %s",     // bot, 8,031 chats
	VerdictUsually:         "%s: %s, usually %s",       // a clause, 17.9%, 8.7%
	VerdictUpTo:            "%s: up to %s, usually %s", // a clause, 17.9%, 8.7%
	VerdictDead:            "no chats the whole week",
	VerdictDeadUsually:     "no chats the whole week, usually %d",                                // 7,900
	VerdictTwice:           "did not understand twice as often as usual %s",                      // on Wednesday
	VerdictTimes:           "did not understand %s times as often as usual %s",                   // 1.7, on Wednesday
	VerdictFar:             "did not understand far more often than usual %s",                    // on Wednesday and Thursday
	VerdictFarDays:         "did not understand far more often than usual on {1|%d day|%d days}", // 4
	VerdictHigher:          "did not understand more often than usual",
	VerdictLower:           "did not understand less often than usual",
	VerdictFigures:         "the main figures are as usual",
	VerdictMissedSome:      "missed %[1]d of its {2|%[2]d target|%[2]d targets}", // 2, 4
	VerdictFeedbackFell:    "worse feedback than usual",
	VerdictFeedbackRose:    "better feedback than usual",
	VerdictFarFewer:        "far fewer chats than usual",
	VerdictFewer:           "fewer chats than usual",
	VerdictMore:            "more chats than usual",
	VerdictGaps:            "numbers are missing for %s",                                                                          // user messages on Wednesday and feedback
	VerdictFewMessages:     "{1|%[1]d user message|%[1]d user messages}; at least %[2]d are needed to judge a week",               // 12, 100
	VerdictSpecial:         "this week had %s, so it is not compared with others",                                                 // Black Friday (Fri)
	VerdictWeeksBefore:     "compared only with the week before; there are fewer than {1|%d comparable week|%d comparable weeks}", // 4
	VerdictWeeks:           "nothing is compared yet; there are fewer than {1|%d comparable week|%d comparable weeks}",            // 4
	VerdictNothing:         "nothing unusual",
	FactWeekOver:           "The whole week came to %s, over the limit of %s.",              // 9.3%, 9.0%
	FactWeekWithin:         "The whole week came to %s, within the limit of %s.",            // 8.9%, 9.0%
	FactWeekUsual:          "The whole week came to %s, usually %s.",                        // 9.3%, 8.7%
	FactWeek:               "The whole week came to %s.",                                    // 9.3%
	FactWithoutWithin:      "Without %s it is %s, within the limit.",                        // Wednesday, 8.9%
	FactWithoutOver:        "Without %s it is %s, still over the limit.",                    // Wednesday, 9.2%
	FactWithout:            "Without %s it is %s.",                                          // Wednesday, 8.9%
	FactTheseDays:          "these {1|%d day|%d days}",                                      // 4
	FactHighest:            "It is the highest in {1|%d week|%d weeks}.",                    // 12
	FactLowest:             "It is the lowest in {1|%d week|%d weeks}.",                     // 12
	FactOver:               "That is over the limit of %s.",                                 // 9.0%
	FactWithin:             "That is still within the limit of %s.",                         // 9.0%
	FactUnder:              "That is under the target of %s.",                               // 70%
	FactReached:            "That still meets the target of %s.",                            // 70%
	FactUsually:            "Usually it is %s.",                                             // 8.7%
	FactMissedWeeks:        "The target has been missed for {1|%d week|%d weeks} in a row.", // 3
	FactMetWeeks:           "The target had been missed for {1|a week|%d weeks}.",           // 3
	FactTargetMet:          "Target met.",
	FactTargetMetBy:        "Target met: %s.", // 61% thumbs up (at least 60%)
	FactTargetsBoth:        "Both targets met.",
	FactTargetsAll:         "All {1|%d target|%d targets} met.", // 4
	FactTargetOther:        "The other target is met.",
	FactTargetsOther:       "The other {1|%d target is|%d targets are} met.",                                              // 3
	FactTargetsSome:        "%[1]d of {2|%[2]d target|%[2]d targets} {1|is|are} met. Not enough numbers to judge: %[3]s.", // 2, 4, feedback
	FactAlsoMissed:         "Also missed: %s.",                                                                            // 61% thumbs up (at least 70%)
	FactMissed:             "{1|Target|Targets} missed: %[2]s.",                                                           // 1, 61% thumbs up (at least 70%)
	FactMissedChance:       "Missed, though that may be chance: %[2]s.",                                                   // 1, did not understand 9.1% (at most 9.0%)
	FactZero:               "Kindly’s statistics worked, so the zero is real.",
	ValueBeside:            "%s (%s)",                                                            // did not understand 9.6%, at most 9.0%
	ValueFallbacks:         "did not understand %s",                                              // 9.6%
	ValueHandovers:         "%s handover requests per 100 chats",                                 // 10.3
	ValueThumbs:            "%s thumbs up",                                                       // 61%
	ValueSteps:             "%s positive on the 1–5 scale",                                       // 61%
	ValueRatings:           "%s positive ratings",                                                // 61%
	ValueClosed:            "{1|%d handover request|%d handover requests} outside opening hours", // 133
	NoteTarget:             "%s, %s",                                                             // 133 outside opening hours, target: at most 120
	LabelHuman:             "Asked for a human",                                                  // at most 26 characters
	TileClosed:             "%d outside opening hours",                                           // 133
	TileAtLeast:            "none in at least %s of chats",                                       // 93.6%
	TileMoreRequests:       "more requests than chats, as a chat can have several",
	TileTarget:             "target: %s",          // at most 9.0%
	TileThumbs:             "thumbs up",           // the number stands before it
	TileSteps:              "positive, 1–5 scale", // the number stands before it
	TileScale:              "1–5 scale",           // after Feedback and a comma
	LookDead:               "Check that the chat is still on your site",
	LookFewer:              "Check that the chat is easy to find on your site",
	LookUnderstood:         "Read what users asked when the bot did not understand",
	LookUnderstoodDay:      "Read what users asked %s when the bot did not understand", // on Wednesday
	LookRatings:            "Read the chats with low ratings",
	LookClosed:             "Requests outside opening hours: half of them between %s and %s", // 17:00, 20:00
	LookHandovers:          "Read the chats in which users asked to talk to a human",
	LookLabel:              "Read the chats with the label “%s”", // Betaling feiler
	LookButton:             "Check the button “%s”",              // Spor pakken
	LookPage:               "Check the page “%s”",                // shop.example/kasse
	LookMore:               "%s (%s, week before %s)",            // Read the chats with the label “Gift card”, 217, 62
	LookTarget:             "Missed for weeks: if it cannot get better, change the target",
	VerdictRising:          "did not understand more and more often",
	VerdictFromTo:          "%[1]s: from %[2]s to %[3]s over {4|%[4]d week|%[4]d weeks}", // a clause, 8.0%, 10.4%, 6
	StatusFewWeeks:         "Too few weeks to judge",
	SubjectFewWeeks:        "%s: too few weeks to judge, %s",
	VerdictOver:            "%s, over the limit of %s",                                                     // did not understand 9.6%, 9.0%
	VerdictUnder:           "%s, under the target of %s",                                                   // 61% thumbs up, 70%
	VerdictChance:          "%s, though that may be chance",                                                // did not understand 9.1%, over the limit of 9.0%
	VerdictNames:           "%s: %s",                                                                       // missed 2 of its 4 targets, did not understand 9.6% (at most 9.0%) and 61% thumbs up (at least 70%)
	VerdictWithinAgain:     "%s, within the limit of %s again",                                             // did not understand 8.1%, 9.0%
	VerdictReachedAgain:    "%s, the target of %s is met again",                                            // 75% thumbs up, 70%
	FactHistory:            "The bot’s history begins on %s.",                                              // 4 November 2026
	FactMost:               "That is the most in {1|%d week|%d weeks}.",                                    // 12
	FactFewest:             "That is the fewest in {1|%d week|%d weeks}.",                                  // 12
	VerdictMissedEveryWeek: "%[1]s, as in every week since %[2]s",                                          // did not understand 10.1%, over the limit of 9.0%; 24 August 2026
	HandoversAtLeast:       "At least %s of chats did not ask for a human; a chat can ask more than once.", // 93.6%
	FactNoHistory:          "Nothing was recorded in the {1|week|%d weeks} before.",                        // 11
	VerdictButMore:         "as usual, but more chats",
	VerdictButFewer:        "as usual, but fewer chats",
	// The end of the verdict's texts.

	PortfolioSubject:      "%s – %s",                                                 // a headline, acme
	PortfolioLook:         "%[1]d of {2|%[2]d bot|%[2]d bots} {1|needs|need} a look", // 107, 200
	PortfolioLookBoth:     "Both bots need a look",
	PortfolioLookAll:      "All {1|%d bot needs|%d bots need} a look", // 12
	PortfolioSome:         "%[1]d of {2|%[2]d bot|%[2]d bots}",        // 11, 12
	PortfolioBoth:         "Both bots",                                // a usual week
	PortfolioAll:          "All {1|%d bot|%d bots}",                   // 12
	PortfolioStandOutNone: "None of the {1|%d bot|%d bots} stands out beyond chance",
	PortfolioIncomplete:   "Incomplete: numbers of %[1]d of {2|%[2]d bot|%[2]d bots} are missing", // 3, 12
	PortfolioChance:       "May be chance",
	PortfolioChanceNamed:  "{1|one bot’s own report says|the own reports of %[1]d bots say} %[4]s, which may be chance among {2|%[2]d bot|%[2]d bots}: %[3]s", // 2, 200, names, “Needs a look”
	PortfolioWhole:        "%[1]s, the week before %[2]d",                                                                                                     // 41,203 chats across 42 bots, 40,110
	PortfolioSize:         "%s: %d",                                                                                                                           // Usual week, 69
	WeekUsual:             "a usual week",                                                                                                                     // after “Both bots: ”
	WeekGood:              "a good week",
	WeekGoodOrUsual:       "a good or usual week",
	WeekTooFew:            "too little data to judge",
	WeekSpecial:           "a special week",

	PortfolioName:       "All bots of %s", // acme
	PortfolioNoneIn:     "No bot’s report is in",
	PortfolioStandOut:   "{1|%[1]d bot|%[1]d bots} did not understand unusually often: %[2]s", // 3, Nettbutikk, Kommune-Kari and Bakeri
	PortfolioMissed:     "{1|%[1]d bot missed a target|%[1]d bots missed targets}: %[2]s",
	PortfolioCalm:       "{1|The one bot that can be compared has no unusual share|None of the %d bots that can be compared has an unusual share} of “Did not understand”",
	PortfolioUncompared: "No bot can be compared with its usual weeks",
	PortfolioAbsent:     "{1|%[1]d report is|%[1]d reports are} missing: %[2]s",
	PortfolioVolume:     "%[1]s across %[2]d of {3|%[3]d bot|%[3]d bots}", // 41,203 chats, 38, 42
	PortfolioVolumeAll:  "%[1]s across {2|%[2]d bot|%[2]d bots}",          // 41,203 chats, 42
	PortfolioPairs:      "The {3|one bot|%[3]d bots} with numbers for both weeks had {1|%[1]d chat|%[1]d chats}, the week before %[2]d.",

	PortfolioAffected:    "Most affected first",
	PortfolioFailed:      "No report",
	PortfolioNotIn:       "Not in yet",
	PortfolioAsUsual:     "“Did not understand” as usual",
	PortfolioNotCompared: "Not compared",
	PortfolioUnknown:     "Chats not known",
	PortfolioSilent:      "No chats",
	PortfolioFew:         "Too few to judge",
	PortfolioPaused:      "Paused",
	PortfolioNewBots:     "New",
	PortfolioUnsent:      "No recipients",
	PortfolioOfGroup:     "%s (%s)", // Paused, 3
	PortfolioNoteAbove:   "“More chats affected” counts the replies in which the bot did not understand, beyond its usual share. At most that many more chats were affected.",
	PortfolioNoteUsual:   "A bot is affected only if it did not understand more often than chance explains, with as many bots as are compared here.",
	PortfolioNoteSpark:   "The small bars show how often a bot did not understand in {1|the last week|each of the last %[1]d weeks}, to its own scale. The last bar, set apart, is the week of this report; %[2]s stands for a week without a rate.", // 12, –
	PortfolioNoteFew:     "Fewer than {1|%[1]d chat|%[1]d chats} in the week.",                                                                                                                                                                       // 100
	PortfolioNoteNotIn:   "These reports were not made when this overview was sent.",
	PortfolioNoteNew:     "These bots were added after this week’s reports fell due.",
	PortfolioNoteUnsent:  "No channel or address is configured for these bots.",

	PortfolioUnusual: "{1|up to %d more chat|up to %d more chats} affected than usual",

	PortfolioUnusualMark: "did not understand unusually often",
	PortfolioNew:         "not enough usual weeks to compare with",
	PortfolioSpecial:     "not compared, since the week had %s", // Black Friday
	PortfolioNoFallbacks: "“Did not understand” is not available",
	PortfolioRate:        "did not understand %s",                                 // 11.8%
	PortfolioRateUsual:   "did not understand %s, usually %s",                     // 11.8%, 9.1%
	PortfolioRateWeek:    "whole week %s, usually %s",                             // 9.1%, 8.0%
	PortfolioTargets:     "%[1]d of {2|%[2]d target|%[2]d targets} missed: %[3]s", // 1, 4, fallback rate
	PortfolioNoAccess:    "Kindly does not allow access to its statistics",
	PortfolioStatistics:  "Kindly’s statistics gave no usable answer",
	PortfolioUnmade:      "its report could not be made",
	PortfolioMore:        "and {1|%d more bot|%d more bots}",
	PortfolioOthers:      "The others, with how many more chats were affected at most:",
	PortfolioMoreAtMost:  "and {1|%[1]d more bot, with|%[1]d more bots, each with} up to {2|%[2]d more chat|%[2]d more chats} affected than usual",
	PortfolioMade:        "Made from the bots’ own reports on %s UTC. Later reports are not in it.", // 16 November 2026, 14:00
	PortfolioFigures:     "The numbers of each bot",
	PortfolioWeeks:       "%[1]s, {2|%[2]d week|%[2]d weeks}", // Did not understand, 12

	ColumnBot:       "Bot",
	ColumnAbove:     "More chats affected",
	ColumnFallbacks: "Did not understand",

	HeadingLookAt: "What to look at",
}
