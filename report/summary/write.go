package summary

import (
	"fmt"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// writer holds what every sentence needs: the figures, the wording, and a few texts used all over.
type writer struct {
	*wording.Wording
	r           *figures.Report
	dates       string // 9–15 November
	unavailable map[string]string
}

func newWriter(r *figures.Report, words *wording.Wording) *writer {
	w := &writer{Wording: words, r: r, unavailable: make(map[string]string)}
	w.dates = words.Dates(r.Week.From.UTC(), r.Week.To.Add(-1).UTC())
	for _, u := range r.Unavailable {
		if len(u.Days) == 0 { // else it is there, but for these
			w.unavailable[u.Section] = Reason(words, u)
		}
	}
	return w
}

func (w *writer) write() (*Summary, error) {
	r := w.r
	_, week := r.Week.Name.ISO()
	s := &Summary{
		Words:    w.Wording,
		Bot:      names.Or(r.Bot.Name, w.name(r.Bot.ID)),
		Dates:    w.DatesYear(r.Week.From.UTC(), r.Week.To.Add(-1).UTC()),
		Week:     w.Say(wording.WeekNumber, fmt.Sprint(week)),
		Headline: w.headline(),
		Tiles:    w.tiles(),
		Insights: w.insights(),
		Scores:   w.scorecard(),
		Charts:   w.charts(),
		Tables:   w.tables(),
		Notices:  w.notices(),
		Glossary: w.glossary(),
	}
	s.Subject = w.Say(wording.Subject, s.Bot, w.dates, w.chats())
	s.Title = w.Say(wording.Title, s.Bot, s.Dates)
	if r.Bot.Link != "" {
		s.Link = Link{w.Say(wording.LinkKindly), r.Bot.Link}
	}
	var err error
	s.Provenance, err = w.provenance()
	return s, err
}

// name is a stranger's text, or what stands for one in which there is nothing to see.
func (w *writer) name(s string) string { return names.Or(s, w.Say(wording.Nameless)) }

// change returns the texts of a comparison: the percentage where it may be printed, and the counts beside it. previous is nil
// where it is not known.
func (w *writer) change(this int, previous *int, change *float64, ordinary *float64, yearAgo *int) (percent, beside string) {
	var texts []string
	if w.r.Baseline && previous != nil {
		if change != nil && w.r.Comparable(this, *previous) {
			percent = w.Change(*change)
		}
		texts = append(texts, w.Say(wording.LastWeek, w.Count(*previous)))
	}
	if ordinary != nil && !w.special() {
		texts = append(texts, w.Say(wording.Ordinarily, w.middle(*ordinary)))
	}
	if yearAgo != nil {
		texts = append(texts, w.Say(wording.AYearAgo, w.Count(*yearAgo)))
	}
	return percent, w.beside(texts)
}

// beside joins the numbers that a number is set beside.
func (w *writer) beside(texts []string) string {
	joined := ""
	for _, t := range texts {
		switch {
		case t == "":
		case joined == "":
			joined = t
		default:
			joined = w.Say(wording.Clauses, joined, t)
		}
	}
	return joined
}

// special reports whether there is anything special in this week, which is then compared with no other.
func (w *writer) special() bool { return len(w.r.SpecialIn(w.r.Week.Name)) > 0 }

func (w *writer) tiles() []Tile {
	r := w.r
	count := func(name string, label wording.Key, this int, previous *int, change *float64, ordinary *figures.Typical, yearAgo *int) Tile {
		t := Tile{Name: name, Label: w.Say(label), Value: w.Count(this)}
		var median *float64
		if ordinary != nil {
			median = &ordinary.Median
		}
		t.Change, t.Detail = w.change(this, previous, change, median, yearAgo)
		if r.Baseline && previous != nil {
			t.Short = w.Say(wording.LastWeek, w.Count(*previous))
		}
		return t
	}
	ordinary := r.Ordinary
	if ordinary == nil {
		ordinary = &figures.Ordinary{}
	}
	var chats, messages *figures.Typical
	if r.Ordinary != nil {
		chats, messages = &ordinary.Chats, &ordinary.Messages
	}
	var chatsThen, messagesThen *int
	if y := r.YearAgo; y != nil {
		chatsThen, messagesThen = &y.Chats, &y.Messages
	}
	missing := func(name string, label wording.Key) Tile {
		return Tile{Name: name, Label: w.Say(label), Value: w.Say(wording.Missing), Missing: true, Detail: w.Say(wording.NotAvailable)}
	}
	volume := func(name string, label wording.Key, v figures.Volume, ordinary *figures.Typical, yearAgo *int) Tile {
		switch this := v.This(); {
		case this.MissingDays == 7:
			return missing(name, label)
		case !this.Known(): // a part is compared with nothing
			return Tile{Name: name, Label: w.Say(label), Value: w.Count(this.Count), Unit: w.Say(wording.OnDays, w.Count(7-this.MissingDays))}
		}
		return count(name, label, v.Total, previous(v), v.Change, ordinary, yearAgo)
	}
	tiles := []Tile{
		volume("chats", wording.LabelChats, r.Chats.Volume, chats, chatsThen),
		volume("messages", wording.LabelMessages, r.Messages, messages, messagesThen),
	}
	if r.Fallbacks.Count == nil {
		tiles = append(tiles, missing("fallbacks", wording.LabelFallbacks))
	} else {
		tiles = append(tiles, w.fallbackTile())
	}
	if h := r.Handovers; h.Requests == nil {
		tiles = append(tiles, missing("handovers", wording.LabelHandovers),
			missing("closed", wording.LabelClosed))
	} else {
		tiles = append(tiles,
			count("handovers", wording.LabelHandovers, *h.Requests, h.Previous.Requests, h.Change.Requests, nil, nil),
			count("closed", wording.LabelClosed, *h.RequestsWhileClosed, h.Previous.RequestsWhileClosed, h.Change.RequestsWhileClosed, ordinary.RequestsWhileClosed, nil))
	}
	if r.Feedback.Binary == nil {
		return append(tiles, missing("feedback", wording.LabelFeedback))
	}
	return append(tiles, w.feedbackTile())
}

// previous is the count of the week before, nil where it is not known of every day.
func previous(v figures.Volume) *int {
	if !v.LastWeek().Known() {
		return nil
	}
	return &v.Previous
}

func (w *writer) fallbackTile() Tile {
	f := w.r.Fallbacks
	t := Tile{Name: "fallbacks", Label: w.Say(wording.LabelFallbacks)}
	if f.Rate == nil {
		t.Value, t.Detail = w.Say(wording.Missing), w.noRate()
		return t
	}
	t.Value = w.Percent(*f.Rate)
	if !w.r.EnoughMessages() {
		// A rate of a handful of replies says little: the count leads.
		t.Value, t.Detail = w.Say(wording.FallbacksOf, *f.Count), w.Percent(*f.Rate)
		if w.r.Baseline && f.PreviousCount != nil {
			t.Detail = w.Say(wording.LastWeek, w.Count(*f.PreviousCount))
		}
		return t
	}
	var beside []string
	if w.r.Baseline && f.PreviousRate != nil {
		beside = append(beside, w.Say(wording.LastWeek, w.Percent(*f.PreviousRate)))
	}
	if w.r.FallbacksComparable() {
		t.Change = w.Points(*f.ChangePP)
	}
	if ordinary := w.ordinaryRate(); ordinary != nil {
		said := w.Say(wording.Ordinarily, w.Percent(*ordinary))
		if t.Tone = standsOut[f.StandsOut]; t.Tone != Neutral {
			// It stands out from the ordinary week, so the change is the one from there, and that week comes first.
			t.Change = w.Points(100 * (*f.Rate - *ordinary))
			beside = append([]string{said}, beside...)
		} else {
			beside = append(beside, said)
		}
	}
	if len(beside) > 0 && (w.r.Baseline || t.Tone != Neutral) {
		t.Short = beside[0]
	}
	if y := w.r.YearAgo; y != nil && y.FallbackRate != nil && y.Messages >= figures.MinMessages {
		beside = append(beside, w.Say(wording.AYearAgo, w.Percent(*y.FallbackRate)))
	}
	t.Detail = w.beside(beside)
	return t
}

// standsOut is what it means for a fallback rate to stand out on a side. Neutral where it does not.
var standsOut = map[string]Tone{figures.Higher: Bad, figures.Lower: Good}

// noRate says why there is no fallback rate: people can have written to a human only.
func (w *writer) noRate() string {
	switch messages := w.r.Messages.This(); {
	case messages.Count > 0:
		return w.Say(wording.NoReplies)
	case !messages.Known():
		return w.Say(wording.NotKnown)
	}
	return w.Say(wording.NobodyWrote)
}

// feedbackOf picks the kind of feedback to show where there is room for one: the one with more ratings.
func (w *writer) feedbackOf() (steps, positive, total int, previous []figures.Rating) {
	f := w.r.Feedback
	positive, total = figures.Positive(f.Binary, 2)
	if p, t := figures.Positive(f.Emojis, 5); t > total {
		return 5, p, t, f.PreviousEmojis
	}
	return 2, positive, total, f.PreviousBinary
}

func (w *writer) feedbackTile() Tile {
	t := Tile{Name: "feedback", Label: w.Say(wording.LabelFeedback)}
	steps, positive, total, previous := w.feedbackOf()
	if total == 0 {
		t.Value, t.Detail = w.Say(wording.Missing), w.Say(wording.RatingsNone)
		return t
	}
	var details []string
	if total >= figures.MinRatings {
		t.Value, t.Unit = w.Percent0(float64(positive)/float64(total)), w.Say(wording.RatingsPositive)
		t.Short = w.Say(wording.RatingsCount, w.Count(positive), total)
		details = append(details, t.Short)
	} else {
		t.Value, t.Unit = w.Say(wording.RatingsOf, w.Count(positive), w.Count(total)), w.Say(wording.RatingsUnit, total)
	}
	if p, n := figures.Positive(previous, steps); w.r.Baseline && n > 0 {
		details = append(details, w.Say(wording.LastWeek, w.Say(wording.RatingsOf, w.Count(p), w.Count(n))))
	}
	t.Detail = strings.Join(details, ", ")
	return t
}

// ratings says a kind of feedback in words: "74% (171 of 232 ratings positive)", "3 of 4 ratings positive".
func (w *writer) ratings(ratings []figures.Rating, steps int) string {
	positive, total := figures.Positive(ratings, steps)
	if total == 0 {
		return w.Say(wording.RatingsNone)
	}
	count := w.Say(wording.Ratings, w.Count(positive), total)
	if total < figures.MinRatings {
		return count
	}
	return w.Say(wording.RatingsPercent, w.Percent0(float64(positive)/float64(total)), count)
}

// discarded reports whether a section is not available since all of its points were for other dates.
func (w *writer) discarded(section string) bool {
	return slices.ContainsFunc(w.r.Unavailable, func(u figures.Unavailable) bool {
		return u.Section == section && u.Cause.Kind == figures.CauseDiscarded
	})
}

func (w *writer) notices() []string {
	notices := w.unknownFilters()
	r := w.r
	switch {
	case r.Baseline, w.doubtsHistory():
	case r.HistoryFrom == nil || !r.HistoryFrom.Before(r.Week.From):
		notices = append(notices, w.Say(wording.NoticeNoHistory, fmt.Sprint(figures.TrendWeeks-1)))
	default:
		notices = append(notices, w.Say(wording.NoticeNoBaseline, w.Date(r.HistoryFrom.UTC())))
	}
	if special := w.datedNames(r.SpecialIn(r.Week.Name), r.Week.Name); special != "" {
		notices = append(notices, w.Say(wording.NoticeSpecial, special))
	} else if special := w.datedNames(r.SpecialIn(r.Week.Name.Previous()), r.Week.Name.Previous()); special != "" && r.Baseline {
		notices = append(notices, w.Say(wording.NoticeSpecialLast, special))
	}
	// One reason stands once, however many sections it took.
	var reasons, doubts []string
	sections := make(map[string][]string)
	for _, u := range r.Unavailable {
		reason := Reason(w.Wording, u)
		if sections[reason] == nil {
			if u.Cause.Doubtful() {
				doubts = append(doubts, reason)
			} else {
				reasons = append(reasons, reason)
			}
		}
		sections[reason] = append(sections[reason], w.ofDays(u))
	}
	for _, reason := range doubts {
		notices = append(notices, w.Say(wording.NoticeUnknown, w.List(sections[reason]), w.FullStop(w.Sentence(reason))))
	}
	for _, reason := range reasons {
		notices = append(notices, w.Sentence(w.Say(wording.NoticeMissing, w.List(sections[reason]), strings.TrimSuffix(reason, "."))))
	}
	for _, d := range r.Dropped {
		if w.discarded(d.Section) {
			continue // which says more
		}
		notices = append(notices, w.Say(wording.NoticeDropped, d.Points, w.section(d.Section)))
	}
	for _, d := range r.Repeated {
		notices = append(notices, w.Say(wording.NoticeRepeated, d.Points, w.section(d.Section)))
	}
	notices = append(notices, w.leftOut()...)
	return append(notices, w.surplus()...)
}

// ofDays names a section, and the days of it that are not known.
func (w *writer) ofDays(u figures.Unavailable) string {
	if len(u.Days) == 0 {
		return w.section(u.Section)
	}
	var days []string
	for _, d := range u.Days {
		days = append(days, w.Day(d.UTC()))
	}
	return w.Say(wording.PartDays, w.section(u.Section), w.List(days))
}

// doubtsHistory reports whether chats or messages of the weeks before are not known, so that where the bot's history begins is
// not known either.
func (w *writer) doubtsHistory() bool {
	return slices.ContainsFunc(w.r.Contradictions, func(c figures.Contradiction) bool {
		return c.Section == figures.SectionChats || c.Section == figures.SectionMessages
	})
}

// stretch is some days: "31 Oct", "24 Aug – 8 Nov".
func (w *writer) stretch(first, last period.Date) string {
	if first == last {
		return w.DayMonth(first.UTC())
	}
	return w.DatesShort(first.UTC(), last.UTC())
}

// leftOut names what is not known of the weeks before, once for each reason: by how much is not of this week.
func (w *writer) leftOut() []string {
	var reasons, notices []string
	parts := make(map[string][]string)
	for _, c := range w.r.Contradictions {
		cause := c.Cause
		cause.By, cause.Shows = "", 0
		reason := Reason(w.Wording, figures.Unavailable{Cause: cause})
		if parts[reason] == nil {
			reasons = append(reasons, reason)
		}
		parts[reason] = append(parts[reason], w.Say(wording.PartDates, w.section(c.Section), w.stretch(c.First, c.Last)))
	}
	for _, reason := range reasons {
		notices = append(notices, w.Say(wording.NoticeLeftOut, w.List(parts[reason]), w.FullStop(w.Sentence(reason))))
	}
	return notices
}

func (w *writer) section(name string) string { return section(w.Wording, name) }

func section(w *wording.Wording, name string) string {
	name, part, _ := strings.Cut(name, ".")
	if name == figures.SectionYearAgo && part == figures.SectionFallbacks {
		return w.Say(wording.PartYearAgo, w.Say(wording.SectionFallbacks))
	}
	keys := map[string]wording.Key{
		figures.SectionHours: wording.SectionHours, figures.SectionFallbacks: wording.SectionFallbacks,
		figures.SectionHandovers: wording.SectionHandovers, figures.SectionFeedback: wording.SectionFeedback,
		figures.SectionPages: wording.SectionPages, figures.SectionButtons: wording.SectionButtons,
		figures.SectionLabels: wording.SectionLabels, figures.SectionYearAgo: wording.SectionYearAgo, "chats": wording.SectionChats, "messages": wording.SectionMessages,
	}
	text := name // a section that a later program wrote
	if key, ok := keys[name]; ok {
		text = w.Say(key)
	}
	switch part {
	case "previous":
		return w.Say(wording.PartPrevious, text)
	case "daily":
		return w.Say(wording.PartDaily, text)
	case "days": // which are named
		return text
	case "weekly":
		return w.Say(wording.PartWeekly, text)
	case "hourly":
		return w.Say(wording.PartHourly, text)
	case "before":
		return w.Say(wording.PartBefore, text)
	}
	return text
}

func (w *writer) provenance() ([]string, error) {
	loc, err := w.r.Location()
	if err != nil {
		return nil, fmt.Errorf("time zone of the report: %w", err)
	}
	lines := []string{w.Say(wording.ProvenanceDays, w.WeekdayDate(w.r.Week.From.UTC()), w.WeekdayDate(w.r.Week.To.UTC()), w.r.Bot.TZ, w.r.Week.Name.String())}
	if w.r.Bot.DefaultTZ {
		lines = append(lines, w.Say(wording.ProvenanceZone))
	}
	var only, not []string
	for _, source := range w.r.Filters.Sources {
		if excluded, ok := strings.CutPrefix(source, "-"); ok {
			not = append(not, excluded)
		} else {
			only = append(only, source)
		}
	}
	if len(only) > 0 {
		lines = append(lines, w.Say(wording.ProvenanceOnly, w.List(only)))
	}
	switch {
	case len(not) == 1 && not[0] == "test":
		lines = append(lines, w.Say(wording.ProvenanceNoTest))
	case len(not) > 0:
		lines = append(lines, w.Say(wording.ProvenanceNot, w.List(not)))
	case len(only) == 0:
		lines = append(lines, w.Say(wording.ProvenanceAll))
	}
	if len(w.r.Filters.Languages) > 0 {
		lines = append(lines, w.Say(wording.ProvenanceLanguage, w.List(w.r.Filters.Languages)))
	}
	if w.r.UncheckedFilters != nil {
		lines = append(lines, w.Say(wording.ProvenanceUnchecked))
	}
	if o := w.r.Ordinary; o != nil {
		lines = append(lines, w.Say(wording.ProvenanceOrdinary, w.Count(len(o.Weeks)), w.Date(o.Weeks[0].From().UTC())))
	}
	return append(lines,
		w.Say(wording.ProvenanceFetched, w.Time(w.r.FetchedAt.In(loc)), w.r.Bot.TZ),
		w.Say(wording.ProvenanceID, w.r.ID)), nil
}

func (w *writer) glossary() []Term {
	var terms []Term
	for _, t := range []struct{ term, means wording.Key }{
		{wording.TermChat, wording.TermChatMeans},
		{wording.TermMessage, wording.TermMessageMeans},
		{wording.TermFallback, wording.TermFallbackMeans},
		{wording.TermHandover, wording.TermHandoverMeans},
		{wording.TermClosed, wording.TermClosedMeans},
		{wording.TermOrdinary, wording.TermOrdinaryMeans},
		{wording.TermPercentage, wording.TermPercentageMeans},
	} {
		terms = append(terms, Term{w.Say(t.term), w.Say(t.means)})
	}
	return terms
}
