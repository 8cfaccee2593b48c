package figures

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// check returns an error if r breaks what [Decode] promises. The error names the first flaw.
func (r *Report) check() error {
	for _, find := range []func() string{
		r.headFlaw, r.gapFlaw, r.valueFlaw, r.historyFlaw, r.changesFlaw,
	} {
		if flaw := find(); flaw != "" {
			return errors.New(flaw)
		}
	}
	return nil
}

// unless returns an empty string if ok, and else the formatted flaw.
func unless(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

// headFlaw checks the bot and the week, on which all other checks rely.
func (r *Report) headFlaw() string {
	_, err := r.Location()
	w := r.Period.Name
	flaw := cmp.Or(
		unless(r.Bot.ID != "", "bot.id is missing"),
		unless(err == nil, "bot.tz: %v", err),
		unless(!w.IsZero(), "week.name is missing"),
		unless(r.Period.From == w.From() && r.Period.To == w.To(),
			"week: %s is %s to %s, not %s to %s",
			w, w.From(), w.To(), r.Period.From, r.Period.To))
	for _, t := range []time.Time{w.Add(-TrendPeriods).From().UTC(), w.To().UTC(), r.FetchedAt} {
		flaw = cmp.Or(flaw, unless(1 <= t.Year() && t.Year() <= 9999,
			"year %d, of the week or of fetched_at, cannot be written", t.Year()))
	}
	return flaw
}

// valueFlaw checks each value by its type and its key. It reads no series by index, since their
// lengths are unchecked.
func (r *Report) valueFlaw() string {
	days, previous := r.Period.Name.Days(), r.Period.Name.Previous().Days()
	ago := r.Period.Name.YearAgo().Days()
	w := walker{r, map[string][]any{
		"daily": anys(days), "previous_daily": anys(previous),
		"weekly":        anys(r.Period.Name.Trail(TrendPeriods)),
		"history":       anys(historyDates(r.Period.Name)),
		"ordinary.days": anys(days), "year_ago.daily": anys(ago),
	}}
	return strings.TrimPrefix(w.walk("", "", reflect.ValueOf(r).Elem()), ".")
}

func anys[T any](values []T) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

// walker checks values of a report. Its flaws begin with the path below the value.
type walker struct {
	report *Report
	dates  map[string][]any // of a series, by its key, or by the key above and its key
}

// What a value may be by its key, or by the key above and the key.
var (
	fractions = []string{"rate", "previous_rate", "fallback_rate", "ratio", "without"}
	unbounded = []string{"change", "change_pp", "level", "rating"}
	choices   = map[string][]string{
		"measure": {MeasureChats, MeasureFallbackRate},
		"list":    {ListLabels, ListButtons, ListPages},
		"state":   {Met, Missed, Unknown},
		"before":  {Met, Missed, Unknown},
	}
	optional = []string{ // series that may be null
		"fallbacks.history", "handovers.hourly_while_closed", "feedback.weekly", "targets.weekly",
		"target.weekly",
	}
)

// walk returns the first flaw of a value and of what is in it.
func (w walker) walk(above, key string, v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		return w.walk(above, key, v.Elem()) // of nil: an invalid value without a flaw
	case reflect.Struct:
		for field, value := range v.Fields() {
			if !field.IsExported() {
				continue
			}
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case slices.Contains(unbounded, name):
			case field.Anonymous:
				if flaw := w.walk(above, key, value); flaw != "" {
					return flaw
				}
			default:
				if flaw := w.walk(key, name, value); flaw != "" {
					return "." + name + flaw
				}
			}
		}
		return w.report.factFlaw(v.Addr().Interface())
	case reflect.Slice:
		return w.list(above, key, v)
	case reflect.Int:
		return unless(v.Int() >= 0, " is %d, which is negative", v.Int())
	case reflect.Float64:
		f := v.Float()
		if slices.Contains(fractions, key) {
			return unless(0 <= f && f <= 1, " is %v, but a fraction is from 0 to 1", f)
		}
		return unless(f >= 0, " is %v, which is negative", f)
	case reflect.String:
		if among, ok := choices[key]; ok {
			return oneOf(v.String(), among...)
		}
	}
	return ""
}

func oneOf(got string, among ...string) string {
	return unless(slices.Contains(among, got), " is %q, not one of %q", got, among)
}

// list checks a list: a series has its length and its dates.
func (w walker) list(above, key string, v reflect.Value) string {
	if v.IsNil() && slices.Contains(optional, above+"."+key) {
		return ""
	}
	dates, ok := w.dates[above+"."+key]
	if !ok {
		dates = w.dates[key]
	}
	length := len(dates)
	switch v.Interface().(type) {
	case [][]*int:
		length = w.report.Period.Name.Len()
	case []*int:
		length = 24
	}
	if length > 0 && v.Len() != length {
		return fmt.Sprintf(" has %d entries, not %d", v.Len(), length)
	}
	for i := range v.Len() {
		if dates != nil {
			if got := v.Index(i).Field(0).Interface(); got != dates[i] {
				return fmt.Sprintf("[%d] is of %s, not of %s", i, got, dates[i])
			}
		}
		if flaw := w.walk(above, key, v.Index(i)); flaw != "" {
			return fmt.Sprintf("[%d]%s", i, flaw)
		}
	}
	return ""
}

var accent = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// factFlaw checks that the parts of one struct agree with each other.
func (r *Report) factFlaw(v any) string {
	switch v := v.(type) {
	case *Report:
		return unless(len(v.Insights) <= MaxInsights,
			"insights has %d entries, and may have %d", len(v.Insights), MaxInsights)
	case *Unavailable:
		flaw := unless(v.Section != "" && v.Reason != "", " needs a section and a reason")
		for i, d := range v.Days {
			flaw = cmp.Or(flaw, r.dayFlaw(fmt.Sprintf(".days[%d]", i), d))
		}
		return flaw
	case *HistoryDay:
		return cmp.Or(
			unless(!v.ChatsMissing || v.Chats == 0, ".chats is missing, and is %d", v.Chats),
			unless(!v.MessagesMissing || v.Messages == 0,
				".messages is missing, and is %d", v.Messages))
	case *DayCount:
		return unless(!v.Missing || v.Count == 0, ".count is missing, and is %d", v.Count)
	case *PeriodCount:
		return unless(v.KnownDays() >= 0,
			".missing_days is %d, more than %d", v.MissingDays, v.Period.Len())
	case *Fallbacks:
		return cmp.Or(rateFlaw("rate", v.Rate, v.Count),
			rateFlaw("previous_rate", v.PreviousRate, v.PreviousCount),
			unless(v.ChangePP == nil || v.Rate != nil && v.PreviousRate != nil,
				".change_pp needs rate and previous_rate"))
	case *FallbackDay:
		return rateFlaw("rate", v.Rate, v.Count)
	case *FallbackPeriod:
		return rateFlaw("rate", v.Rate, v.Count)
	case *Special:
		return cmp.Or(
			unless(!v.First.IsZero() && !v.Last.Before(v.First),
				" is of %s to %s, which are no days", v.First, v.Last),
			prefix(".kind", oneOf(v.Kind, Holiday, Note)))
	case *Baseline:
		return unless(len(v.Periods) >= MinPeriods,
			".weeks has %d entries, and needs %d", len(v.Periods), MinPeriods)
	case *YearAgo:
		before := r.Period.Name.YearAgo()
		return cmp.Or(rateFlaw("fallback_rate", v.FallbackRate, v.FallbackCount),
			unless(v.Period == before, ".week is %s, not %s, a year before", v.Period, before))
	case *Brand:
		return unless(v.Accent == "" || accent.MatchString(v.Accent),
			".accent is %q, not #rrggbb", v.Accent)
	case *Target:
		return targetFlaw(v)
	case *Mover:
		return cmp.Or(prefix(".kind", oneOf(v.Kind, New, Gone, Risen, Fallen)),
			unless(!v.BelowLimit || v.Kind == Risen || v.Kind == Fallen,
				" is %s, so both its counts are known", v.Kind))
	case *Headline:
		return r.headlineFlaw(v)
	case *Verdict:
		return r.verdictFlaw(v)
	case *Insight:
		return insightFlaw(v)
	}
	return r.partFlaw(v)
}

// partFlaw is factFlaw for what insights are about.
func (r *Report) partFlaw(v any) string {
	switch v := v.(type) {
	case *Incident:
		return cmp.Or(r.dayFlaw(".date", v.Date),
			unless(v.Baseline <= 1, ".ordinary is %v, but a fraction is from 0 to 1", v.Baseline))
	case *Where:
		if v.Date != nil {
			return r.dayFlaw(".date", *v.Date)
		}
	case *WhereSlice:
		return cmp.Or(
			prefix(".kind", oneOf(v.Kind, SliceSource, SliceLanguage, SliceHours)),
			unless(v.Part <= 1, ".part is %v, but a fraction is from 0 to 1", v.Part),
			unless(v.Kind != SliceHours || v.From < v.To && v.To <= 24,
				" is from %d to %d, which are no hours", v.From, v.To))
	case *Rising:
		return cmp.Or(
			unless(v.From <= 1 && v.To <= 1,
				" is from %v to %v, but a fraction is from 0 to 1", v.From, v.To),
			unless(!v.Since.IsZero() && v.Periods > 0, " needs since and weeks"))
	case *Share:
		return unless(v.Positive <= v.Total, " is %d of %d ratings", v.Positive, v.Total)
	case *Shift:
		return cmp.Or(
			unless(v.Positive <= v.Total && v.Total > 0,
				" is %d of %d ratings", v.Positive, v.Total),
			unless(v.BeforePositive <= v.BeforeTotal && v.BeforeTotal > 0,
				" was %d of %d ratings before", v.BeforePositive, v.BeforeTotal),
			unless(v.Steps == 2 || v.Steps == 5, ".steps is %d, not 2 or 5", v.Steps))
	case *Record:
		return unless(!v.WasIn.IsZero() && v.Periods > 0, " needs was_week and weeks")
	case *Streak:
		return unless(!v.Since.IsZero() && v.Periods > 0, " needs since and weeks")
	case *Closed:
		if v.Day != nil {
			return r.dayFlaw(".day.date", v.Day.Date)
		}
	case *Days:
		for _, day := range []*DayNote{v.Most, v.Fewest} {
			if day != nil && v.Against && day.Baseline == nil {
				return " is against the ordinary day, but has no ordinary"
			}
		}
		return unless(v.Most != nil || v.Fewest != nil && v.Against, " has no busiest day")
	case *DayNote:
		return r.dayFlaw(".date", v.Date)
	case *Hours:
		return unless(v.Total > 0, ".total is %d", v.Total)
	case *Stretch:
		return unless(v.From < 24 && v.To < 24,
			" is from %d to %d, which are no hours", v.From, v.To)
	}
	return ""
}

// prefix puts a path before a flaw, if there is one.
func prefix(path, flaw string) string {
	if flaw == "" {
		return ""
	}
	return path + flaw
}

func (r *Report) dayFlaw(path string, d period.Date) string {
	return unless(r.Period.Name.Has(d),
		"%s is %s, which is no day of %s", path, d, r.Period.Name)
}

func rateFlaw(key string, rate *float64, count *int) string {
	return unless(rate == nil || count != nil, ".%s needs a count", key)
}

func targetFlaw(t *Target) string {
	return cmp.Or(
		prefix(".name", oneOf(t.Name,
			TargetFallbackRate, TargetHandoverRate, TargetFeedback, TargetRequestsWhileClosed)),
		unless(t.Steps == 0 || t.Name == TargetFeedback && (t.Steps == 2 || t.Steps == 5),
			".steps is %d, not 2 or 5", t.Steps),
		unless(t.State != Unknown || !t.StandsOut, ".stands_out needs a state that is known"),
		unless(t.State == Unknown || t.Value != nil, " is %s, but has no value", t.State),
		unless(t.Periods <= TrendPeriods && t.BeforePeriods < TrendPeriods,
			" has been %s for %d weeks, and %s for %d before, of %d",
			t.State, t.Periods, t.Before, t.BeforePeriods, TrendPeriods))
}

func (r *Report) headlineFlaw(h *Headline) string {
	return cmp.Or(
		unless(h.Rule != "", ".rule is missing"),
		unless(h.Rule != HeadlineRecord || h.Record != nil, ".record is missing"),
		unless(h.Rule != HeadlineIncident || len(r.Fallbacks.Incidents) > 0,
			".rule is incident, but there is none"),
		unless(h.Rule != HeadlineBaseline && h.Rule != HeadlineUnusual || r.Baseline != nil,
			".rule is %s, but ordinary is null", h.Rule))
}

// verdictFlaw checks that the report has what a verdict is about. A later program may write other
// statuses and rules.
func (r *Report) verdictFlaw(v *Verdict) string {
	has := true
	switch v.Rule {
	case VerdictDead, VerdictFell:
		has = r.Baseline != nil
	case VerdictIncident:
		has = r.jumped()
	case VerdictRate:
		has = r.Baseline != nil && r.Baseline.FallbackRate != nil && r.Fallbacks.Rate != nil
	case VerdictMissed:
		has = r.missedClearly()
	case VerdictMet:
		has = r.metAgainClearly()
	case VerdictFeedback:
		has = slices.ContainsFunc(r.Insights, func(i Insight) bool {
			return i.Kind == KindFeedback && i.Feedback != nil &&
				i.Feedback.Rose() == (v.Status == GoodWeek)
		})
	case VerdictSection:
		has = r.lacksTarget()
	}
	return cmp.Or(
		unless(v.Status != "" && v.Rule != "" && v.About != "",
			" needs a status, a rule and about"),
		unless(has, ".rule is %s, but the report has nothing of it", v.Rule))
}

// insightFlaw checks that an insight has the part that its kind is about. A later program may write
// other kinds.
func insightFlaw(v *Insight) string {
	has, known := map[string]bool{
		KindIncident: v.Incident != nil, KindFallbackDay: v.Incident != nil,
		KindTarget: v.Target != nil, KindFeedback: v.Feedback != nil, KindRecord: v.Record != nil,
		KindStreak: v.Streak != nil, KindMover: v.Mover != nil, KindClosed: v.Closed != nil,
		KindDays: v.Days != nil, KindHours: v.Hours != nil,
	}[v.Kind]
	return unless(has || !known, " is of the kind %s, but has nothing of it", v.Kind)
}

// historyFlaw checks what follows from the history.
func (r *Report) historyFlaw() string {
	from, hasPrevious := r.beginning()
	same := from == r.HistoryFrom || from != nil && r.HistoryFrom != nil && *from == *r.HistoryFrom
	return cmp.Or(
		unless(same, "history_from is not the first day of history with a chat or a message"),
		unless(hasPrevious == r.HasPrevious,
			"baseline is %v, but by history it is %v", r.HasPrevious, hasPrevious))
}

// gapFlaw checks that what is null has a reason, and that what has a reason is null.
func (r *Report) gapFlaw() (flaw string) {
	check := func(section, path string, null bool) {
		_, unavailable := r.Reason(section)
		flaw = cmp.Or(flaw,
			unless(!null || unavailable,
				"%s is null, but unavailable does not say why: it has no section %q",
				path, section),
			unless(null || !unavailable,
				"%s is there, but unavailable has the section %q", path, section))
	}
	_, noHours := r.Reason(SectionHours)
	for i, hours := range r.Chats.Hourly {
		for hour, n := range hours {
			if noHours {
				check(SectionHours, fmt.Sprintf("chats.hourly[%d][%d]", i, hour), n == nil)
			}
		}
	}
	f, h, b := r.Fallbacks, r.Handovers, r.Feedback
	check(SectionFallbacks, "fallbacks.count", f.Count == nil)
	if f.Count != nil { // else that reason is the reason of all parts
		check(SectionFallbacksPrevious, "fallbacks.previous_count", f.PreviousCount == nil)
		for i, d := range f.Daily {
			if !d.Missing {
				path := fmt.Sprintf("fallbacks.daily[%d].count", i)
				check(SectionFallbacksDaily, path, d.Count == nil)
			}
		}
	}
	handovers := func(path string, missing bool, c HandoverCounts) {
		for i, n := range c.stages() {
			if !missing {
				check(SectionHandovers, path+"."+stageKeys[i], *n == nil)
			}
		}
	}
	this, last := h.missingWeeks()
	handovers("handovers", this, h.HandoverCounts)
	handovers("handovers.previous", last, h.Previous)
	for i, d := range h.Daily {
		handovers(fmt.Sprintf("handovers.daily[%d]", i), d.Missing, d.HandoverCounts)
	}
	for i, w := range h.Trend {
		handovers(fmt.Sprintf("handovers.weekly[%d]", i), w.Missing, w.HandoverCounts)
	}
	check(SectionFeedback, "feedback.binary", b.Binary == nil)
	check(SectionFeedback, "feedback.emojis", b.Emojis == nil)
	if b.Binary != nil {
		check(SectionFeedbackPrevious, "feedback.previous_binary", b.PreviousBinary == nil)
		check(SectionFeedbackPrevious, "feedback.previous_emojis", b.PreviousEmojis == nil)
	}
	check(SectionPages, "pages", r.Pages == nil)
	check(SectionButtons, "buttons", r.Buttons == nil)
	check(SectionLabels, "labels", r.Labels == nil)
	return flaw
}

// changesFlaw checks what is beside the week before.
func (r *Report) changesFlaw() (flaw string) {
	check := func(path string, change, want *float64) {
		flaw = cmp.Or(flaw, unless((change == nil) == (want == nil),
			"%s needs a baseline and a previous count above 0, and is null without", path))
	}
	chats, messages := &r.Chats, &r.Messages
	check("chats.change", chats.Change, r.change(&chats.Total, &chats.Previous))
	check("messages.change", messages.Change, r.change(&messages.Total, &messages.Previous))
	want := r.handoverChange()
	for i, change := range r.Handovers.Change.stages() {
		check("handovers.change."+stageKeys[i], *change, *want.stages()[i])
	}
	past := func(list string, i int, p Past) {
		path, section := fmt.Sprintf("%s[%d]", list, i), list+".previous"
		_, unavailable := r.Reason(section)
		flaw = cmp.Or(flaw,
			unless(!unavailable || p.Previous == nil && !p.BelowLimit,
				"%s has a previous count, but unavailable has the section %q", path, section),
			unless(p.Previous == nil || !p.BelowLimit,
				"%s cannot have a previous count that is below the limit", path))
		check(path+".change", p.Change, r.change(p.Previous, p.Previous))
	}
	for i, p := range r.Pages {
		past(SectionPages, i, p.Past)
	}
	for i, b := range r.Buttons {
		past(SectionButtons, i, b.Past)
	}
	for i, l := range r.Labels {
		past(SectionLabels, i, l.Past)
	}
	return flaw
}
