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

// beginning returns the first day of the history with a chat or a message, and whether the history
// covers the whole week before.
func (r *Report) beginning() (from *period.Date, hasPrevious bool) {
	for _, day := range r.History {
		if day.Chats > 0 || day.Messages > 0 {
			return &day.Date, !r.Period.Name.Previous().From().Before(day.Date)
		}
	}
	return nil, false
}

// plus returns a + b, or the largest integer if the sum is larger.
func plus(a, b int) int {
	if a > math.MaxInt-max(0, b) {
		return math.MaxInt
	}
	return a + b
}

// valid replaces what is not UTF-8, as JSON does: a report read back is the same.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func validAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = valid(s)
	}
	return out
}

// firstDay returns the first day of the history.
func firstDay(p period.Period) period.Date { return p.Add(1 - TrendPeriods).From() }

// historyDates returns the days of the periods that end with p.
func historyDates(p period.Period) []period.Date {
	first := firstDay(p)
	dates := make([]period.Date, p.To().Sub(first))
	for i := range dates {
		dates[i] = first.Add(i)
	}
	return dates
}

// day returns the index of a time's day in the history. Returns false for another day.
func (r *Report) day(t time.Time) (int, bool) {
	i := period.DateOf(t).Sub(firstDay(r.Period.Name))
	return i, i >= 0 && i < r.Period.To.Sub(firstDay(r.Period.Name))
}

// span returns the places of a period's days in the history.
func (r *Report) span(place int) run {
	p := r.Period.Name.Add(place + 1 - TrendPeriods)
	first := p.From().Sub(firstDay(r.Period.Name))
	return run{first, first + p.Len() - 1}
}

// weekday returns the day of the week of a place in the history.
func (r *Report) weekday(place int) time.Weekday {
	return (firstDay(r.Period.Name).Weekday() + time.Weekday(place)) % 7
}

// came reports whether there is an answer, and notes that its section is unavailable if not.
func came[T any](r *Report, section string, a Answer[T]) bool {
	if a.Failed != "" {
		missing(r, section, a)
	}
	return a.Failed == ""
}

// missing notes that a section is unavailable, with the reason of the answer.
func missing[T any](r *Report, section string, a Answer[T]) {
	r.Unavailable = append(r.Unavailable,
		Unavailable{Section: section, Reason: valid(a.Failed), Refused: a.Refused, Cause: a.Cause})
}

// volume adds up days. Sage is not asked for the totals, so that no two numbers disagree.
func (r *Report) volume(days []int, marks []Cause) Volume {
	var v Volume
	for i, w := range r.Period.Name.Trail(TrendPeriods) {
		week, first := PeriodCount{Period: w}, r.span(i).first
		v.PreviousDaily, v.Daily = v.Daily, nil
		for j, date := range w.Days() {
			at := first + j
			day := DayCount{Date: date, Count: days[at], Missing: marks[at].Kind != ""}
			week.Count = plus(week.Count, day.Count)
			if day.Missing {
				week.MissingDays++
			}
			v.Daily = append(v.Daily, day)
		}
		v.Trend = append(v.Trend, week)
	}
	v.Total, v.Previous = v.This().Count, v.Before().Count
	v.Change = r.change(&v.Total, &v.Previous)
	return v
}

// change returns the relative change of a count. Returns nil if a count is nil, if the previous one
// is zero, and if the history does not cover the week before.
func (r *Report) change(this, previous *int) *float64 {
	if !r.HasPrevious || this == nil || previous == nil || *previous == 0 {
		return nil
	}
	return new(float64(*this-*previous) / float64(*previous))
}

func (r *Report) hours(a Answer[[]Point], s placed[int], marks []Cause, loc *time.Location) {
	known := came(r, SectionHours, a)
	r.Chats.Hourly = r.hourly(known, loc, s.differs, marks, func(i int) int { return s.value[i] })
	if known {
		r.unavailable(SectionHours, SectionHoursDays, withHours(marks, s.differs))
	}
}

// withHours returns the marks of days, and marks those with an hour that is unknown. Such a day has
// events, so it is not contradicted.
func withHours(marks []Cause, differs []bool) []Cause {
	marks = slices.Clone(marks)
	for i, differs := range differs {
		if differs {
			marks[i/24] = Cause{Kind: CauseRepeated, Who: "Sage"}
		}
	}
	return marks
}

// hourly returns the hours of the clock of each day of the week. An hour is nil if the clocks
// skipped it and if its events are unknown.
func (r *Report) hourly(known bool, loc *time.Location, differs []bool, marks []Cause,
	events func(i int) int) [][]*int {
	hours := make([][]*int, len(marks))
	none := countUnknown(withHours(marks, differs)) == len(marks) // then the section is unavailable
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
	for _, v := range r.Messages.Trend {
		f.Trend = append(f.Trend, FallbackPeriod{Period: v.Period})
	}
	for _, date := range historyDates(r.Period.Name) {
		f.History = append(f.History, FallbackDay{Date: date})
	}
	f.Daily = slices.Clone(f.History[r.span(TrendPeriods-1).first:])
	if !came(r, SectionFallbacks, a.Fallbacks.This) {
		return
	}
	this, previous := a.Fallbacks.This.Value, a.Fallbacks.Previous.Value
	f.Count, f.Rate = &this.Count, rate(this.Count, this.Rate, r.Messages.This())
	if came(r, SectionFallbacksPrevious, a.Fallbacks.Previous) {
		f.PreviousCount = &previous.Count
		f.PreviousRate = rate(previous.Count, previous.Rate, r.Messages.Before())
		if r.HasPrevious && f.Rate != nil && f.PreviousRate != nil {
			f.ChangePP = new(100 * (*f.Rate - *f.PreviousRate))
		}
	}
	if came(r, SectionFallbacksDaily, a.FallbackDays) {
		r.fallbackDays(s.fallbackDays, d.fallbackDays)
	}
	if came(r, SectionFallbacksTrend, a.FallbackTrend) {
		r.fallbackTrend(s, d.fallbackWeeks)
	}
	// The last two weeks have Sage's totals.
	f.Trend[TrendPeriods-1].Count, f.Trend[TrendPeriods-1].Rate = f.Count, f.Rate
	if f.PreviousCount != nil {
		before := &f.Trend[TrendPeriods-2]
		before.Count, before.Rate = f.PreviousCount, f.PreviousRate
	}
}

func (r *Report) fallbackDays(s placed[rated], marks []Cause) {
	f := &r.Fallbacks
	r.gaps(SectionFallbacksDaily, SectionFallbacksDays, marks)
	this := r.span(TrendPeriods - 1)
	none := this.countUnknown(marks) == len(f.Daily) // then the section is unavailable
	for i := range f.History {
		if marks[i].Kind != "" {
			f.History[i].Missing = i < this.first || !none
			continue
		}
		v, messages := s.value[i], PeriodCount{Count: r.History[i].Messages}
		if !r.History[i].KnowsMessages() {
			messages.MissingDays = 1
		}
		f.History[i].Count, f.History[i].Rate = new(v.count), rate(v.count, v.rateOf(), messages)
	}
	copy(f.Daily, f.History[this.first:])
}

func (r *Report) fallbackTrend(s allSeries, marks []Cause) {
	r.contradicted(SectionFallbacksTrend, marks[:TrendPeriods-2], func(i int) (_, _ period.Date) {
		p := r.Messages.Trend[i].Period
		return p.From(), p.Last()
	})
	for i, messages := range r.Messages.Trend {
		// A week that Sage left out had none, unless Sage's weeks begin on other days.
		if marks[i].Kind == "" && (s.fallbackWeeks.there[i] || !s.otherWeeks) {
			v, week := s.fallbackWeeks.value[i], &r.Fallbacks.Trend[i]
			week.Count, week.Rate = new(v.count), rate(v.count, v.rateOf(), messages)
		}
	}
}

// rate returns the rate of an interval, and nil if it had no message: then 0 % would praise
// the bot.
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
	if !came(r, SectionHandovers, a) {
		return
	}
	r.gaps(SectionHandovers, SectionHandoversDays, marks)
	this := r.span(TrendPeriods - 1)
	if this.countUnknown(marks) == len(h.Daily) {
		return
	}
	for i := range h.Trend {
		days, week := r.span(i), &h.Trend[i]
		var sum stages
		for _, v := range s.value[days.first : days.last+1] {
			sum = sum.plus(v)
		}
		if week.Missing = days.countUnknown(marks) > 0; !week.Missing {
			week.HandoverCounts = sum.counts()
		}
	}
	for i := range h.Daily {
		at, day := this.first+i, &h.Daily[i]
		if day.Missing = marks[at].Kind != ""; !day.Missing {
			day.HandoverCounts = s.value[at].counts()
		}
	}
	h.HandoverCounts = h.Trend[TrendPeriods-1].HandoverCounts
	h.Previous = h.Trend[TrendPeriods-2].HandoverCounts
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

func (r *Report) handoverHours(a Answer[[]StagePoint], s placed[stages], marks []Cause,
	loc *time.Location) {
	_, none := r.Reason(SectionHandovers) // then that is the reason of the hours too
	known := !none && came(r, SectionHandoversHourly, a)
	r.Handovers.HourlyWhileClosed = r.hourly(known, loc, s.differs, marks,
		func(i int) int { return s.value[i].closed })
	if section := SectionHandoversHourly; known {
		r.unavailable(section, section, withHours(marks, s.differs))
	}
}

func (r *Report) feedback(a Answers) {
	r.distinguish(&a)
	if !came(r, SectionFeedback, a.Feedback.This) {
		return
	}
	f, this, previous := &r.Feedback, a.Feedback.This.Value, a.Feedback.Previous.Value
	f.Binary, f.Emojis = present(this.Binary), present(this.Emojis)
	if came(r, SectionFeedbackPrevious, a.Feedback.Previous) {
		f.PreviousBinary, f.PreviousEmojis = present(previous.Binary), present(previous.Emojis)
	}
	r.feedbackBefore(a.FeedbackBefore, Stretches(r.Period.Name, a.Special))
	if a.FeedbackTrend != nil {
		r.feedbackTrend(a.FeedbackTrend)
	}
}

// feedbackBefore adds up the ratings of the stretches before this week. If one of them contradicts
// itself, the others remain.
func (r *Report) feedbackBefore(answers []Answer[Ratings], stretches [][]period.Period) {
	failed := func(a Answer[Ratings]) bool {
		return a.Failed != "" && a.Cause.Kind != CauseRepeated
	}
	if i := slices.IndexFunc(answers, failed); i >= 0 {
		missing(r, SectionFeedbackBefore, answers[i])
		return
	}
	var binary, emojis [][]Rating
	for i, a := range answers {
		if a.Failed != "" {
			weeks := stretches[i]
			r.contradict(SectionFeedbackBefore, weeks[0], weeks[len(weeks)-1], a.Cause)
		} else {
			binary, emojis = append(binary, a.Value.Binary), append(emojis, a.Value.Emojis)
		}
	}
	r.Feedback.BeforeBinary, r.Feedback.BeforeEmojis = together(binary...), together(emojis...)
}

// feedbackTrend keeps the ratings of the 12 weeks. Those of the last two are in the report already.
func (r *Report) feedbackTrend(answers []Answer[Ratings]) {
	var trend []FeedbackPeriod
	for i, w := range r.Period.Name.Trail(TrendPeriods) {
		shares := r.shares(i)
		if i < len(answers) {
			switch a := answers[i]; {
			case a.Cause.Kind == CauseRepeated:
				r.contradict(SectionFeedbackTrend, w, w, a.Cause)
			case a.Failed == "":
				shares = sharesOf(present(a.Value.Binary), present(a.Value.Emojis))
			default:
				if _, noted := r.Reason(SectionFeedbackTrend); !noted {
					missing(r, SectionFeedbackTrend, a)
				}
			}
		}
		trend = append(trend, FeedbackPeriod{w, shares[0], shares[1]})
	}
	r.Feedback.Trend = trend
}

// contradict notes that a section is unknown for the weeks from first to last.
func (r *Report) contradict(section string, first, last period.Period, c Cause) {
	r.Contradictions = append(r.Contradictions,
		Contradiction{section, first.From(), last.Last(), c})
}

// distinguish makes each answer about feedback have each rating once. Equal ones count once. An
// answer with different counts of one rating becomes one that failed.
func (r *Report) distinguish(a *Answers) {
	distinguish := func(section string, answer *Answer[Ratings]) {
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
	distinguish(SectionFeedback, &a.Feedback.This)
	distinguish(SectionFeedbackPrevious, &a.Feedback.Previous)
	a.FeedbackBefore = slices.Clone(a.FeedbackBefore)
	a.FeedbackTrend = slices.Clone(a.FeedbackTrend)
	for i := range a.FeedbackBefore {
		distinguish(SectionFeedbackBefore, &a.FeedbackBefore[i])
	}
	for i := range a.FeedbackTrend {
		distinguish(SectionFeedbackTrend, &a.FeedbackTrend[i])
	}
}

// distinct returns the ratings without those that are there again, how many it left out, and
// whether one of these has another count.
func distinct(all []Rating) (kept []Rating, again int, differ bool) {
	known := make(map[int]int)
	kept = slices.DeleteFunc(slices.Clone(all), func(v Rating) bool {
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

// present returns an empty list for nil, which in JSON is null and means missing.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// identify checks the report and returns its id. Reports have the same id if they differ only in
// their brand and in WithoutData.
func (r *Report) identify() (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	unnamed := *r
	unnamed.ID, unnamed.Brand, unnamed.WithoutData = "", nil, false
	data, err := unnamed.Encode()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s-%s-%s", r.Bot.ID, r.Period.Name, hex.EncodeToString(sum[:4])), nil
}
