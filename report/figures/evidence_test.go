package figures

import (
	"fmt"
	"testing"
)

// weekStart is the place of this week's first day in the history.
const weekStart = HistoryDays - 7

// silentWeek has so many chats on each day before this week, and nothing else.
func silentWeek(chats int) allSeries {
	s := allSeries{
		chats: placed[int]{value: make([]int, HistoryDays),
			differs: make([]bool, HistoryDays)},
		messages: placed[int]{value: make([]int, HistoryDays),
			differs: make([]bool, HistoryDays)},
		hours: placed[int]{value: make([]int, 7*24), differs: make([]bool, 7*24)},
		fallbackDays: placed[rated]{value: make([]rated, HistoryDays),
			differs: make([]bool, HistoryDays)},
		fallbackWeeks: placed[rated]{value: make([]rated, TrendPeriods),
			differs: make([]bool, TrendPeriods)},
		handovers: placed[stages]{value: make([]stages, HistoryDays),
			differs: make([]bool, HistoryDays)},
		handoverHours: placed[stages]{value: make([]stages, 7*24), differs: make([]bool, 7*24)},
	}
	for i := range TrendPeriods {
		s.spans = append(s.spans, run{7 * i, 7*i + 6})
	}
	for i := range weekStart {
		s.chats.value[i] = chats
	}
	return s
}

func marked(marks []Cause) string {
	by := ""
	for _, m := range marks {
		if m.Kind != "" {
			by = m.By
		}
	}
	return by
}

// After a day of 30 chats four can have gone on over midnight. What can have happened in four is no
// contradiction, one more is.
func TestCheckChats_Limits(t *testing.T) {
	for _, c := range []struct {
		what  string
		limit int
		by    string
		put   func(s *allSeries, a *Answers, n int)
	}{
		{"hours", 12, SectionHours, func(s *allSeries, _ *Answers,
			n int) {
			s.hours.value[30] = n
		}},
		{"messages", 32, SectionMessages, func(s *allSeries, _ *Answers,
			n int) {
			s.messages.value[80] = n
		}},
		{"fallbacks", 12, SectionFallbacksDaily,
			func(s *allSeries, _ *Answers, n int) { s.fallbackDays.value[80].count = n }},
		{"requests for a human", 8, SectionHandovers,
			func(s *allSeries, _ *Answers, n int) {
				s.handovers.value[80] = stages{requests: 5,
					closed: n - 5}
			}},
		{"fallbacks of the week", 12, SectionFallbacks,
			func(_ *allSeries, a *Answers, n int) { a.Fallbacks.This.Value.Count = n }},
		{"sessions on pages", 12, SectionPages,
			func(_ *allSeries, a *Answers, n int) {
				a.Pages.This.Value = []Page{{Sessions: 5},
					{Sessions: n - 5}}
			}},
		{"messages on pages", 32, SectionPages,
			func(_ *allSeries, a *Answers, n int) {
				a.Pages.This.Value = []Page{{Messages: 5},
					{Messages: n - 5}}
			}},
		{"clicks", 32, SectionButtons, func(_ *allSeries, a *Answers,
			n int) {
			a.Buttons.This.Value = []Button{{Count: 5}, {Count: n - 5}}
		}},
		{"labels", 16, SectionLabels, func(_ *allSeries, a *Answers,
			n int) {
			a.Labels.This.Value = []Label{{Count: 5}, {Count: n - 5}}
		}},
		{"ratings", 12, SectionFeedback, func(_ *allSeries, a *Answers, n int) {
			a.Feedback.This.Value = Ratings{[]Rating{{Count: 5}}, []Rating{{Count: n - 5}}}
		}},
	} {
		for more, want := range map[int]string{0: "", 1: c.by} {
			s, a, marks := silentWeek(30), Answers{}, make([]Cause, HistoryDays)
			c.put(&s, &a, c.limit+more)
			s.checkChats(a, marks)
			same(t, fmt.Sprintf("%d %s", c.limit+more, c.what), marked(marks), want)
		}
	}
}

func TestCheckMessages_Limits(t *testing.T) {
	none := func() unknowns {
		return unknowns{chats: make([]Cause, HistoryDays), messages: make([]Cause, HistoryDays)}
	}
	week := func() allSeries {
		s := silentWeek(30)
		for i := range weekStart {
			s.messages.value[i] = 90
		}
		return s
	}
	for _, c := range []struct {
		what  string
		limit int
		by    string
		put   func(s *allSeries, a *Answers, n int)
	}{
		{"fallbacks", 12, SectionFallbacksDaily,
			func(s *allSeries, _ *Answers, n int) { s.fallbackDays.value[80].count = n }},
		{"fallbacks of the week", 12, SectionFallbacks,
			func(_ *allSeries, a *Answers, n int) { a.Fallbacks.This.Value.Count = n }},
		{"messages on pages", 32, SectionPages,
			func(_ *allSeries, a *Answers, n int) {
				a.Pages.This.Value = []Page{{Messages: 5},
					{Messages: n - 5}}
			}},
		{"chats, each of which has messages elsewhere", 4 + noMessagesLevel, SectionChats,
			func(s *allSeries, _ *Answers, n int) { s.chats.value[80] = n }},
	} {
		for more, want := range map[int]string{0: "", 1: c.by} {
			s, a, d := week(), Answers{}, none()
			c.put(&s, &a, c.limit+more)
			s.checkMessages(a, d)
			same(t, fmt.Sprintf("%d %s", c.limit+more, c.what), marked(d.messages), want)
		}
	}
	for more, want := range map[int]string{0: "", eachHours: SectionChats} {
		s, d := week(), none()
		s.chats.value[80] = 0
		s.hours.value[3*24+5] = eachHours*(4+noMessagesLevel) + more
		d.chats[80] = Cause{Kind: CauseContradicted}
		s.checkMessages(Answers{}, d)
		same(t, fmt.Sprint(more, " hours more, of unknown chats"), marked(d.messages), want)
	}
	s, d := silentWeek(30), none()
	s.checkMessages(Answers{}, d)
	same(t, "a bot without messages", marked(d.messages), "")
	s, d = week(), none()
	for i := range weekStart {
		s.messages.value[i] = []int{30, 150}[i%2]
	}
	s.chats.value[80] = 100
	s.checkMessages(Answers{}, d)
	same(t, "a bot with many chats without messages", marked(d.messages), "")
}

func TestMessageProbability(t *testing.T) {
	of := func(days, chats int, messages ...int) float64 {
		s := silentWeek(0)
		for i := range days {
			s.chats.value[i], s.messages.value[i] = chats, messages[i%len(messages)]
		}
		return s.messageProbability(unknowns{chats: make([]Cause, HistoryDays)}, run{80, 83})
	}
	near(t, "all alike", of(10, 10, 40), 1)
	near(t, "of seven days", of(7, 10, 40), 1)
	near(t, "of six", of(6, 10, 40), 0)
	near(t, "of thirty chats", of(10, 3, 40), 1)
	near(t, "of 28", of(7, 4, 40), 0)
	near(t, "none", of(10, 10, 0), 0)
	// A mean of 4, and a variance of ten days that are each 10 from it, of 10 chats: 10*100/10/9.
	near(t, "days that waver", of(10, 10, 30, 50), 16/(16+100.0/9))

	s := silentWeek(10)
	for i := range s.messages.value {
		s.messages.value[i] = 40
	}
	s.messages.value[20], s.messages.value[21], s.messages.value[22] = 0, 0, 0
	d := unknowns{chats: make([]Cause, HistoryDays)}
	d.chats[20], s.messages.differs[21] = Cause{Kind: CauseRepeated}, true
	near(t, "days after the run", s.messageProbability(d, run{0, 30}), 1)
	near(t, "but for what is not known and the run itself", s.messageProbability(d, run{22, 22}), 1)
}

// The days of a week and the week itself may differ by three fallbacks, and by one in 15.
func TestCheckFallbacks_Limits(t *testing.T) {
	for _, c := range []struct {
		days, week int
		answer     bool
		want       string
	}{
		{0, 3, true, ""}, {0, 4, true, SectionFallbacks}, {0, 3, false, ""},
		{0, 4, false, SectionFallbacksTrend},
		{282, 300, true, ""}, {277, 300, true, ""}, {276, 300, true, SectionFallbacks},
		{3, 0, true, ""}, {4, 0, true, "answer"}, {4, 1, true, ""}, {3, 0, false, ""},
		{4, 0, false, "week"},
	} {
		s, a := silentWeek(30), Answers{}
		for i := range s.messages.value {
			s.messages.value[i] = 90
		}
		d := unknowns{messages: make([]Cause, HistoryDays),
			fallbackDays: make([]Cause, HistoryDays), fallbackWeeks: make([]Cause, TrendPeriods)}
		place := TrendPeriods - 1
		if !c.answer {
			place = 4
		}
		s.fallbackDays.value[7*place].count, s.fallbackWeeks.value[place].count = c.days, c.week
		if c.answer {
			a.Fallbacks.This.Value.Count = c.week
		}
		s.checkFallbacks(&a, d)
		got := marked(d.fallbackDays)
		switch {
		case a.Fallbacks.This.Failed != "":
			got = "answer"
		case d.fallbackWeeks[place].Kind != "":
			got = "week"
		}
		same(t, fmt.Sprintf("%d in days, %d in the week", c.days, c.week), got, c.want)
	}
}

func TestCheckFallbacks_MissingDays(t *testing.T) {
	for what, c := range map[string]struct {
		change func(s *allSeries, a *Answers, d unknowns)
		place  int
		want   string // days that are marked, by which section, with how many
	}{
		"all days": {func(*allSeries, *Answers, unknowns) {}, TrendPeriods - 1,
			"6 fallbacks 17"},
		"last week's": {func(*allSeries, *Answers, unknowns) {}, TrendPeriods - 2,
			"6 fallbacks.previous 17"},
		"a week's long ago": {func(*allSeries, *Answers, unknowns) {}, 4, "6 fallbacks.weekly 17"},
		"no answer": {func(_ *allSeries, a *Answers,
			_ unknowns) {
			a.Fallbacks.This.Failed = "gone"
		}, TrendPeriods - 1, "0  0"},
		"a day without messages": {func(s *allSeries, _ *Answers,
			_ unknowns) {
			s.messages.value[weekStart+3] = 0
		},
			TrendPeriods - 1, "5 fallbacks 17"},
		"a day of which it is not known": {func(s *allSeries, _ *Answers, d unknowns) {
			s.messages.value[weekStart+3], d.messages[weekStart+3] = 0, Cause{Kind: CauseRepeated}
		}, TrendPeriods - 1, "6 fallbacks 17"},
		"a day that is not known": {func(_ *allSeries, _ *Answers,
			d unknowns) {
			d.fallbackDays[HistoryDays-1].Kind = CauseRepeated
		}, TrendPeriods - 1,
			"1  0"},
	} {
		s, a := silentWeek(30), Answers{}
		for i := range s.messages.value {
			s.messages.value[i] = 90
		}
		d := unknowns{messages: make([]Cause, HistoryDays),
			fallbackDays: make([]Cause, HistoryDays), fallbackWeeks: make([]Cause, TrendPeriods)}
		s.fallbackDays.value[7*c.place].count, s.fallbackWeeks.value[c.place].count = 3, 20
		switch c.place {
		case TrendPeriods - 1:
			a.Fallbacks.This.Value.Count = 20
		case TrendPeriods - 2:
			a.Fallbacks.Previous.Value.Count = 20
		}
		c.change(&s, &a, d)
		s.checkFallbacks(&a, d)
		shows := 0
		for _, m := range d.fallbackDays {
			shows = max(shows, m.Shows)
		}
		same(t, what, fmt.Sprint(countUnknown(d.fallbackDays), " ", marked(d.fallbackDays), " ",
			shows), c.want)
	}
}

func TestCheckHours_Limits(t *testing.T) {
	for _, c := range []struct {
		chats   int
		unknown bool // the chats of the day
		differs bool // an hour of it
		want    string
	}{
		{4, false, false, ""},
		{5, false, false, SectionChats},
		{5, true, false, ""},
		{5, false, true, ""},
	} {
		s := silentWeek(30)
		for i := range 7 {
			s.chats.value[weekStart+i], s.hours.value[24*i] = 30, 30
		}
		s.chats.value[weekStart+2], s.hours.value[24*2] = c.chats, 0
		s.chats.value[weekStart-3] = 900 // not the day before
		s.hours.differs[24*2+9] = c.differs
		d := unknowns{chats: make([]Cause, HistoryDays), hours: make([]Cause, 7)}
		if c.unknown {
			d.chats[weekStart+2] = Cause{Kind: CauseRepeated}
		}
		s.checkHours(d)
		same(t, fmt.Sprintf("%d chats, not known %v", c.chats, c.unknown), marked(d.hours), c.want)
	}
}

func TestCheckYearAgo_Limits(t *testing.T) {
	all := func(n int) []int { return []int{n, n, n, n, n, n, n} }
	on := func(day, n int, rest []int) []int { rest[day] = n; return rest }
	for _, c := range []struct {
		what            string
		chats, messages []int
		fallbacks       int
		want            string
	}{
		{"nothing", all(0), all(0), 0, ""},
		{"messages after a day of 30 chats", on(1, 0, on(2, 300, all(30))), on(1, 32, all(90)), 0,
			""},
		{"more of them", on(1, 0, on(2, 300, all(30))), on(1, 33, all(90)), 0, SectionMessages},
		{"messages on the first day", on(0, 0, all(30)), on(0, 32, all(90)), 0, ""},
		{"more of them", on(0, 0, all(30)), on(0, 33, all(90)), 0, SectionMessages},
		{"messages in a week without chats", all(0), on(3, 17, all(0)), 0, SectionMessages},
		{"fallbacks in a week of nothing", all(0), all(0), 6, ""},
		{"more of them", all(0), all(0), 7, SectionFallbacks},
		{"fallbacks in a week with messages alone", all(0), on(3, 16, all(0)), 6, ""},
		{"more of them", all(0), on(3, 16, all(0)), 7, SectionFallbacks},
		{"fallbacks in a week of which one day had no chats", on(1, 0, all(30)), on(1, 1, all(90)),
			999, ""},
		{"fallbacks in a week without messages", all(30), all(0), 12, ""},
		{"more of them", all(30), all(0), 13, SectionFallbacks},
		{"fallbacks in a week of which one day had no messages", all(30), on(1, 0, all(90)), 999,
			""},
	} {
		s := allSeries{agoChats: placed[int]{value: c.chats, differs: make([]bool, 7)},
			agoMessages: placed[int]{value: c.messages, differs: make([]bool, 7)}}
		var a Answers
		a.YearAgo.Fallbacks.Value.Count = c.fallbacks
		same(t, c.what, s.checkYearAgo(a).By, c.want)
	}
}
