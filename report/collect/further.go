package collect

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/sage"
)

// How many requests a report takes at most, the token included.
const (
	quietRequests = 60
	busyRequests  = 120 // if something stands out
)

// furtherTime is how much time the second round gets. What has not come then is missing.
const furtherTime = 10 * time.Second

// furtherQuestions returns the questions of the second round, which depend on the answers of the
// first. asked is the requests of the first. If Sage has had too many requests, there are none.
func furtherQuestions(c *collection, q Request, a *figures.Answers, asked int) []question {
	busy := func(err error) bool { return cause(err).Status == http.StatusTooManyRequests }
	if slices.ContainsFunc(c.failures, busy) {
		return nil
	}
	return sliceQuestions(c, q, a, quietRequests-asked)
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

// sliceQuestions returns the questions about each source and language, at most most. Each takes
// three: chats, fallbacks, handovers. Where that is too many, the kind with more names does without
// handovers, then without fallbacks, and then is not asked about at all.
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
		if parts > 0 {
			s.Chats = new(figures.Answer[[]figures.Point])
			all = append(all, section(c, s.Chats, ask.Chats, by(sage.Day, history), each(point)))
		}
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
	for _, name := range sources {
		f := figures.Filters{Sources: []string{name}, Languages: q.Filters.Languages}
		a.Sources = append(a.Sources, slice(name, f, parts[0]))
	}
	for _, code := range languages {
		f := figures.Filters{Sources: q.Filters.Sources, Languages: []string{code}}
		a.Languages = append(a.Languages, slice(code, f, parts[1]))
	}
	return all
}
