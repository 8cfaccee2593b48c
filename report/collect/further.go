package collect

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

// How many requests a report takes at most, including the one for a token.
const (
	quietRequests = 60
	busyRequests  = 120 // if something stands out
)

// furtherTime is how long the second round may take. Answers that arrive later are missing.
const furtherTime = 10 * time.Second

// furtherQuestions returns the questions of the second round, which depend on the answers of the
// first. asked is the number of requests of the first. It returns none if Sage has rejected a
// request because there were too many.
func furtherQuestions(c *collection, q Request, a *figures.Answers, asked int) []question {
	busy := func(err error) bool { return cause(err).Status == http.StatusTooManyRequests }
	if slices.ContainsFunc(c.failures, busy) {
		return nil
	}
	all := sliceQuestions(c, q, a, quietRequests-asked)
	if r, err := figures.Compute(*a); err == nil { // else there is no report
		all = append(all, closerQuestions(c, q, a, r.Doubts(), busyRequests-asked-len(all))...)
	}
	return all
}

// askFurther sends questions, and waits for their answers until furtherTime is over.
func askFurther(ctx context.Context, all []question, answered func()) {
	ctx, cancel := context.WithTimeout(ctx, furtherTime)
	defer cancel()
	var asking sync.WaitGroup
	for _, ask := range all {
		asking.Go(func() {
			defer answered()
			_ = ask(ctx) // a section returns no error
		})
	}
	asking.Wait()
}

// sliceQuestions returns the questions about each source and language, no more than most. There are
// three about each: chats, fallbacks and handovers. If these are too many, the kind with more
// questions loses the one about handovers, then the one about fallbacks, and then the one about
// chats.
func sliceQuestions(c *collection, q Request, a *figures.Answers, most int) (all []question) {
	var known figures.Options
	if a.Options != nil {
		known = a.Options.Value
	}
	sources, languages := q.Filters.SliceNames(known)
	parts := [2]int{3, 3} // questions
	for parts[0]*len(sources)+parts[1]*len(languages) > most {
		larger := 0
		if parts[1]*len(languages) > parts[0]*len(sources) {
			larger = 1
		}
		parts[larger]--
	}
	slice := func(name string, f figures.Filters, parts int) figures.SliceAnswers {
		s := figures.SliceAnswers{Name: name}
		history := q.history(f)
		ask := c.client
		s.Chats = new(figures.Answer[[]figures.Point])
		all = append(all, section(c, s.Chats, ask.Chats, by(sage.Day, history), each(point)))
		if parts > 1 {
			s.Fallbacks = new(figures.Answer[[]figures.RatePoint])
			all = append(all, section(c, s.Fallbacks, ask.FallbackSeries, by(sage.Week, history),
				each(ratePoint)))
		}
		if parts > 2 {
			s.Handovers = new(figures.Answer[[]figures.StagePoint])
			all = append(all, section(c, s.Handovers, ask.HandoverSeries, by(sage.Day, history),
				each(stagePoint)))
		}
		return s
	}
	if parts[0] == 0 {
		sources = nil
	}
	if parts[1] == 0 {
		languages = nil
	}
	for _, name := range sources {
		a.Sources = append(a.Sources, slice(name, onSource(q.Filters, name), parts[0]))
	}
	for _, code := range languages {
		a.Languages = append(a.Languages, slice(code, onLanguage(q.Filters, code), parts[1]))
	}
	return all
}

// onSource returns f with one source, and onLanguage with one language.
func onSource(f figures.Filters, name string) figures.Filters {
	f.Sources = []string{name}
	return f
}

func onLanguage(f figures.Filters, code string) figures.Filters {
	f.Languages = []string{code}
	return f
}

// closerQuestions returns the questions about what stands out, no more than most. They come in
// blocks, the most useful first. A block that would exceed most is left out.
func closerQuestions(c *collection, q Request, a *figures.Answers, doubts []figures.Doubt,
	most int) (all []question) {
	add := func(block []question) {
		if len(all)+len(block) <= most {
			all = append(all, block...)
		}
	}
	a.Closer.Lists = make([]figures.CloserLists, len(doubts))
	var rates, chats bool // by hour
	for _, d := range doubts {
		rates = rates || d.Span.Day() && d.Measure == figures.MeasureFallbackRate
		chats = chats || d.Span.Day() && d.Measure == figures.MeasureChats
	}
	if rates || chats {
		add(hourQuestions(c, q, a, doubts[0].Weeks, rates, chats))
	}
	for i, d := range doubts {
		add(listQuestions(c, q, a, d, &a.Closer.Lists[i]))
		if i > 0 || !rates {
			continue
		}
		bySource, byLanguage := dayQuestions(c, q, a.Sources, onSource),
			dayQuestions(c, q, a.Languages, onLanguage)
		if len(bySource) > len(byLanguage) {
			bySource, byLanguage = byLanguage, bySource
		}
		add(bySource)
		add(byLanguage)
	}
	return all
}

// dayQuestions returns the questions about the fallbacks of slices by day.
func dayQuestions(c *collection, q Request, all []figures.SliceAnswers,
	on func(f figures.Filters, name string) figures.Filters) (block []question) {
	for i := range all {
		all[i].FallbackDays = unasked[figures.RatePoint]()
		block = append(block, section(c, all[i].FallbackDays, c.client.FallbackSeries,
			by(sage.Day, q.history(on(q.Filters, all[i].Name))), each(ratePoint)))
	}
	return block
}

// hourQuestions returns the questions about the hours of this week and of the weeks before. They
// are about fallbacks and messages if rates is true, and about chats if chats is true. This week's
// chats by hour are known already.
func hourQuestions(c *collection, q Request, a *figures.Answers, before []period.Period,
	rates, chats bool) (block []question) {
	for _, w := range append([]period.Period{q.Period}, before...) {
		h := figures.CloserHours{Period: w}
		hours := by(sage.Hour, q.days(q.Filters, w.From(), w.To()))
		if rates {
			h.Fallbacks = unasked[figures.RatePoint]()
			h.Messages = unasked[figures.Point]()
			block = append(block,
				section(c, h.Fallbacks, c.client.FallbackSeries, hours, each(ratePoint)),
				section(c, h.Messages, c.client.Messages, hours, each(point)))
		}
		if chats && w != q.Period {
			h.Chats = unasked[figures.Point]()
			block = append(block, section(c, h.Chats, c.client.Chats, hours, each(point)))
		}
		a.Closer.Hours = append(a.Closer.Hours, h)
	}
	return block
}

// listQuestions returns the questions about the lists of a doubt's days and of the days before: a
// day and the same weekday of the weeks before, or a week and the weeks before. The lists of this
// week and of the week before are known already.
func listQuestions(c *collection, q Request, a *figures.Answers, d figures.Doubt,
	into *figures.CloserLists) (block []question) {
	against(&into.Labels, d, q, a.Labels,
		func(to *figures.Answer[[]figures.Label], s sage.Query) {
			block = append(block, list(c, to, c.client.Labels, s, label, added))
		})
	against(&into.Buttons, d, q, a.Buttons,
		func(to *figures.Answer[[]figures.Button], s sage.Query) {
			block = append(block, list(c, to, c.client.Buttons, s, button, clicks))
		})
	against(&into.Pages, d, q, a.Pages,
		func(to *figures.Answer[[]figures.Page], s sage.Query) {
			block = append(block, list(c, to, c.client.Pages, s, page, sessions))
		})
	return block
}

// against makes the answers of one list. It copies those that are known and asks for the others.
func against[T any](into *figures.Against[T], d figures.Doubt, q Request,
	known figures.Pair[[]T], ask func(*figures.Answer[[]T], sage.Query)) {
	into.Before = make([]figures.Answer[[]T], len(d.Before))
	one := func(to *figures.Answer[[]T], s figures.Span) {
		week := figures.Span{From: q.Period.From(), To: q.Period.To()}
		previous := figures.Span{From: q.Period.Previous().From(), To: q.Period.Previous().To()}
		switch s {
		case week:
			*to = known.This
		case previous:
			*to = known.Previous
		default:
			*to = *unasked[T]()
			ask(to, full(q.days(q.Filters, s.From, s.To)))
		}
	}
	one(&into.This, d.Span)
	for i, s := range d.Before {
		one(&into.Before[i], s)
	}
}

// unasked returns the answer that a question has until it is sent.
func unasked[T any]() *figures.Answer[[]T] {
	return &figures.Answer[[]T]{Failed: "Sage was not asked"}
}
