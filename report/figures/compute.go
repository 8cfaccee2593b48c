package figures

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// beginning returns the first day of the history that had a chat or a message, and whether the whole week before lies
// within the bot's life.
func (r *Report) beginning() (from *period.Date, hasPrevious bool) {
	for _, day := range r.History {
		if day.Chats > 0 || day.Messages > 0 {
			return &day.Date, !r.Period.Name.Previous().From().Before(day.Date)
		}
	}
	return nil, false
}

// plus adds counts. Past the largest integer, which no true count comes near, the sum stays there: it must not turn
// negative.
func plus(a, b int) int {
	if b > 0 && a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

// valid replaces what is not UTF-8, as JSON would, so that a report is the same before and after it was written.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func validAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = valid(s)
	}
	return out
}

// historyDates returns the 84 days that end with the week.
func historyDates(w period.Period) []period.Date {
	dates := make([]period.Date, HistoryDays)
	for i := range dates {
		dates[i] = w.To().Add(i - HistoryDays)
	}
	return dates
}

// day returns the index of a point's day among the 84, and false for a day that was not asked for.
func (r *Report) day(t time.Time) (int, bool) {
	i := HistoryDays - r.Period.To.Sub(period.DateOf(t))
	return i, i >= 0 && i < HistoryDays
}

func missing[T any](r *Report, section string, a Answer[T]) {
	r.Unavailable = append(r.Unavailable, Unavailable{Section: section, Reason: valid(a.Failed), Refused: a.Refused, Cause: a.Cause})
}

// volume adds up 84 days: no other source is asked for a week's total, so that no two numbers can disagree. What is not known
// is marked.
func (r *Report) volume(days []int, marks []Cause) Volume {
	var v Volume
	for i := range TrendPeriods {
		week := PeriodCount{Period: r.Period.Name.Add(i + 1 - TrendPeriods)}
		for j, date := range week.Period.Days() {
			day := DayCount{Date: date, Count: days[7*i+j], Missing: marks[7*i+j].Kind != ""}
			week.Count = plus(week.Count, day.Count)
			if day.Missing {
				week.MissingDays++
			}
			switch i {
			case TrendPeriods - 1:
				v.Daily = append(v.Daily, day)
			case TrendPeriods - 2:
				v.PreviousDaily = append(v.PreviousDaily, day)
			}
		}
		v.Trend = append(v.Trend, week)
	}
	v.Total, v.Previous = v.Trend[TrendPeriods-1].Count, v.Trend[TrendPeriods-2].Count
	v.Change = r.change(&v.Total, &v.Previous)
	return v
}

// change returns the relative change of a count. Returns nil without a baseline, without a count in
// the week before, and if a count is unknown.
func (r *Report) change(this, previous *int) *float64 {
	if !r.HasPrevious || this == nil || previous == nil || *previous == 0 {
		return nil
	}
	return new(float64(*this-*previous) / float64(*previous))
}

func (r *Report) hours(a Answer[[]Point], s placed[int], marks []Cause, loc *time.Location) {
	r.Chats.Hourly = r.hourly(a.Failed == "", loc, s.differs, marks, func(i int) int { return s.value[i] })
	if a.Failed != "" {
		missing(r, SectionHours, a)
		return
	}
	r.unavailable(SectionHours, SectionHoursDays, withHours(marks, s.differs))
}

// withHours marks the days of single hours too that are not known.
func withHours(marks []Cause, differs []bool) []Cause {
	marks = slices.Clone(marks)
	for i, differs := range differs {
		if differs { // so the day has events, and is not contradicted
			marks[i/24] = Cause{Kind: CauseRepeated, Who: "Sage"}
		}
	}
	return marks
}

// hourly returns the hours of the clock of each day of the week: null where there is no such hour, and where its events are
// not known.
func (r *Report) hourly(known bool, loc *time.Location, differs []bool, marks []Cause, events func(i int) int) [][]*int {
	hours := make([][]*int, 7)
	none := countUnknown(withHours(marks, differs)) == 7 // as the whole is unavailable then
	for i, date := range r.Period.Name.Days() {
		hours[i] = make([]*int, 24)
		for hour, times := range date.HoursShown(loc) {
			at := 24*i + hour
			if known && !none && marks[i].Kind == "" && !differs[at] && times > 0 {
				hours[i][hour] = new(events(at))
			}
		}
	}
	return hours
}

func (r *Report) fallbacks(a Answers, s allSeries, d unknowns) {
	f := &r.Fallbacks
	for _, date := range r.Period.Name.Days() {
		f.Daily = append(f.Daily, FallbackDay{Date: date})
	}
	for _, v := range r.Messages.Trend {
		f.Trend = append(f.Trend, FallbackPeriod{Period: v.Period})
	}
	for _, date := range historyDates(r.Period.Name) {
		f.History = append(f.History, FallbackDay{Date: date})
	}
	if a.Fallbacks.This.Failed != "" {
		missing(r, SectionFallbacks, a.Fallbacks.This)
		return
	}
	this := a.Fallbacks.This.Value
	f.Count, f.Rate = &this.Count, rate(this.Count, this.Rate, r.Messages.This())

	if a.Fallbacks.Previous.Failed != "" {
		missing(r, SectionFallbacksPrevious, a.Fallbacks.Previous)
	} else {
		previous := a.Fallbacks.Previous.Value
		f.PreviousCount, f.PreviousRate = &previous.Count, rate(previous.Count, previous.Rate, r.Messages.Before())
		if r.HasPrevious && f.Rate != nil && f.PreviousRate != nil {
			f.ChangePP = new(100 * (*f.Rate - *f.PreviousRate))
		}
	}

	if a.FallbackDays.Failed != "" {
		missing(r, SectionFallbacksDaily, a.FallbackDays)
	} else {
		r.gaps(SectionFallbacksDaily, SectionFallbacksDays, d.fallbackDays)
		none := countUnknown(d.fallbackDays[weekStart:]) == 7 // as the whole is unavailable then
		for i := range f.History {
			if d.fallbackDays[i].Kind != "" {
				f.History[i].Missing = i < weekStart || !none
				continue
			}
			v, day := s.fallbackDays.value[i], PeriodCount{Count: r.History[i].Messages}
			if !r.History[i].KnowsMessages() {
				day.MissingDays = 1
			}
			f.History[i].Count, f.History[i].Rate = new(v.count), rate(v.count, v.rateOf(), day)
		}
		copy(f.Daily, f.History[weekStart:])
	}

	if a.FallbackTrend.Failed != "" {
		missing(r, SectionFallbacksTrend, a.FallbackTrend)
	} else {
		// This week and the one before have Sage's own totals, below.
		r.contradicted(SectionFallbacksTrend, d.fallbackWeeks[:TrendPeriods-2], r.Period.Name.Add(1-TrendPeriods).From(), 7)
		for i := range f.Trend {
			v := s.fallbackWeeks.value[i]
			switch {
			case d.fallbackWeeks[i].Kind != "":
			// A week that was left out had none. But where other weeks than ours came, it was not left out.
			case s.fallbackWeeks.there[i] || !s.otherWeeks:
				f.Trend[i].Count, f.Trend[i].Rate = new(v.count), rate(v.count, v.rateOf(), r.Messages.Trend[i])
			}
		}
	}
	// The totals are Sage's own for the two weeks; the trend ends in the same numbers.
	f.Trend[TrendPeriods-1].Count, f.Trend[TrendPeriods-1].Rate = f.Count, f.Rate
	if f.PreviousCount != nil {
		f.Trend[TrendPeriods-2].Count, f.Trend[TrendPeriods-2].Rate = f.PreviousCount, f.PreviousRate
	}
}

// rate drops the rate of an interval of which it is known that nobody wrote in it: there was nothing to understand, so 0 %
// would praise.
func rate(fallbacks int, rate *float64, messages PeriodCount) *float64 {
	if fallbacks == 0 && messages.Count == 0 && messages.Known() {
		return nil
	}
	return rate
}

func (r *Report) handovers(a Answer[[]StagePoint], s placed[stages], marks []Cause) {
	h := &r.Handovers
	for _, v := range r.Messages.Trend {
		h.Trend = append(h.Trend, HandoverPeriod{Period: v.Period})
	}
	for _, date := range r.Period.Name.Days() {
		h.Daily = append(h.Daily, HandoverDay{Date: date})
	}
	if a.Failed != "" {
		missing(r, SectionHandovers, a)
		return
	}
	if countUnknown(marks[weekStart:]) == 7 {
		r.gaps(SectionHandovers, SectionHandovers, marks)
		return
	}
	r.gaps(SectionHandovers, SectionHandoversDays, marks)
	for i := range h.Trend {
		if week := marks[7*i : 7*i+7]; countUnknown(week) > 0 {
			h.Trend[i].Missing = true
			continue
		}
		var sum stages
		for _, v := range s.value[7*i : 7*i+7] {
			sum = sum.plus(v)
		}
		h.Trend[i].HandoverCounts = sum.counts()
	}
	for i := range h.Daily {
		if marks[weekStart+i].Kind != "" {
			h.Daily[i].Missing = true
			continue
		}
		h.Daily[i].HandoverCounts = s.value[weekStart+i].counts()
	}
	h.HandoverCounts, h.Previous = h.Trend[TrendPeriods-1].HandoverCounts, h.Trend[TrendPeriods-2].HandoverCounts
	h.Change = r.handoverChange()
}

// handoverChange returns the change of each stage of the report's handovers.
func (r *Report) handoverChange() (c HandoverChange) {
	this, previous := r.Handovers.stages(), r.Handovers.Previous.stages()
	for i, change := range c.stages() {
		*change = r.change(*this[i], *previous[i])
	}
	return c
}

func (v stages) counts() HandoverCounts {
	return HandoverCounts{&v.requests, &v.closed, &v.started, &v.ended}
}

func (r *Report) handoverHours(a Answer[[]StagePoint], s placed[stages], marks []Cause, loc *time.Location) {
	_, none := r.Reason(SectionHandovers) // where the days are missing their reason is that of the hours too
	known := !none && a.Failed == ""
	r.Handovers.HourlyWhileClosed = r.hourly(known, loc, s.differs, marks, func(i int) int { return s.value[i].closed })
	switch {
	case none:
	case a.Failed != "":
		missing(r, SectionHandoversHourly, a)
	default:
		r.unavailable(SectionHandoversHourly, SectionHandoversHourly, withHours(marks, s.differs))
	}
}

func (r *Report) feedback(a Answers) {
	r.distinguish(&a)
	if a.Feedback.This.Failed != "" {
		missing(r, SectionFeedback, a.Feedback.This)
		return
	}
	f := &r.Feedback
	f.Binary, f.Emojis = present(a.Feedback.This.Value.Binary), present(a.Feedback.This.Value.Emojis)
	if a.Feedback.Previous.Failed != "" {
		missing(r, SectionFeedbackPrevious, a.Feedback.Previous)
	} else {
		f.PreviousBinary, f.PreviousEmojis = present(a.Feedback.Previous.Value.Binary), present(a.Feedback.Previous.Value.Emojis)
	}
	if i := slices.IndexFunc(a.FeedbackBefore, func(part Answer[Ratings]) bool { return part.Failed != "" && part.Cause.Kind != CauseRepeated }); i >= 0 {
		missing(r, SectionFeedbackBefore, a.FeedbackBefore[i])
	} else {
		var binary, emojis [][]Rating
		for i, part := range a.FeedbackBefore {
			if part.Failed != "" {
				weeks := Stretches(r.Period.Name, a.Special)[i]
				r.Contradictions = append(r.Contradictions, Contradiction{SectionFeedbackBefore, weeks[0].From(), weeks[len(weeks)-1].Last(), part.Cause})
				continue
			}
			binary, emojis = append(binary, part.Value.Binary), append(emojis, part.Value.Emojis)
		}
		f.BeforeBinary, f.BeforeEmojis = together(binary...), together(emojis...)
	}
	if a.FeedbackTrend == nil {
		return
	}
	weekly := make([]FeedbackPeriod, TrendPeriods)
	failed := false
	for i := range weekly {
		weekly[i].Period = r.Chats.Trend[i].Period
		switch {
		case i >= TrendPeriods-2:
			shares := r.shares(i)
			weekly[i].Binary, weekly[i].Emojis = shares[0], shares[1]
		case i >= len(a.FeedbackTrend):
		case a.FeedbackTrend[i].Cause.Kind == CauseRepeated:
			week := weekly[i].Period
			r.Contradictions = append(r.Contradictions, Contradiction{SectionFeedbackTrend, week.From(), week.Last(), a.FeedbackTrend[i].Cause})
		case a.FeedbackTrend[i].Failed != "":
			if !failed {
				failed = true // of several reasons the first will do
				missing(r, SectionFeedbackTrend, a.FeedbackTrend[i])
			}
		default:
			v := a.FeedbackTrend[i].Value
			weekly[i].Binary, weekly[i].Emojis = share(present(v.Binary), 2), share(present(v.Emojis), 5)
		}
	}
	f.Trend = weekly
}

// distinguish sees to it that every answer about feedback has each rating once: of two that are the same one is left out, and an
// answer with different ones is one that failed.
func (r *Report) distinguish(a *Answers) {
	once := func(section string, answer *Answer[Ratings]) {
		if answer.Failed != "" {
			return
		}
		binary, again, differ := distinct(answer.Value.Binary)
		emojis, more, differs := distinct(answer.Value.Emojis)
		if differ || differs {
			c := Cause{Kind: CauseRepeated, Who: "Sage"}
			*answer = Answer[Ratings]{Failed: c.reason(), Cause: c}
			return
		}
		answer.Value = Ratings{binary, emojis}
		if again+more > 0 {
			r.Repeated = append(r.Repeated, Repeated{section, again + more})
		}
	}
	once(SectionFeedback, &a.Feedback.This)
	once(SectionFeedbackPrevious, &a.Feedback.Previous)
	a.FeedbackBefore, a.FeedbackTrend = slices.Clone(a.FeedbackBefore), slices.Clone(a.FeedbackTrend)
	for i := range a.FeedbackBefore {
		once(SectionFeedbackBefore, &a.FeedbackBefore[i])
	}
	for i := range a.FeedbackTrend {
		once(SectionFeedbackTrend, &a.FeedbackTrend[i])
	}
}

// distinct leaves out ratings that are there already. It says how many, and whether there are different ones of the same step.
func distinct(all []Rating) (kept []Rating, again int, differ bool) {
	kept = slices.Clone(all)
	known := make(map[int]int)
	kept = slices.DeleteFunc(kept, func(v Rating) bool {
		count, twice := known[v.Rating]
		known[v.Rating] = v.Count
		if twice {
			again++
			differ = differ || count != v.Count
		}
		return twice
	})
	return kept, again, differ
}

// present turns nil, which in JSON would be null and mean missing, into an empty list.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// identify names the report after checking it: the same report always has the same id, and one that differs in anything but
// its looks has another.
func (r *Report) identify() (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	unnamed := *r
	unnamed.ID, unnamed.Brand = "", nil
	data, err := unnamed.Encode()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s-%s-%s", r.Bot.ID, r.Period.Name, hex.EncodeToString(sum[:4])), nil
}
