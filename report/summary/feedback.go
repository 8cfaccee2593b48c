package summary

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// feedbackSection is how users rated the bot: by thumbs, in five steps, or both.
func (w *writer) feedbackSection() Section {
	return Section{Lists, w.feedbackChart(), w.feedbackTable()}
}

// ratingsOf is the ratings of one kind: thumbs have two steps, emojis five.
type ratingsOf struct {
	steps         int
	name          wording.Key
	now, previous []figures.Rating
}

func (w *writer) kindsOfFeedback() [2]ratingsOf {
	f := w.r.Feedback
	return [2]ratingsOf{
		{2, wording.LegendBinary, f.Binary, f.PreviousBinary},
		{5, wording.LegendEmojis, f.Emojis, f.PreviousEmojis},
	}
}

// feedbackChart has the kinds of feedback that were given, each from the best step to the worst.
func (w *writer) feedbackChart() *Chart {
	c := &Chart{Name: ChartFeedback, Kind: Shares, Whole: true, Tabled: SameTable}
	if !w.titled(c, wording.ChartFeedbackTitle, figures.SectionFeedback) {
		return c
	}
	var findings, items []string
	for _, kind := range w.kindsOfFeedback() {
		_, total := figures.Positive(kind.now, kind.steps)
		if total == 0 {
			continue
		}
		findings = append(findings, w.Say(wording.RatingsBoth, w.Say(kind.name), w.ratings(kind)))
		for _, rating := range kind.now {
			items = append(items, w.item(w.Rating(rating.Rating, kind.steps),
				w.Count(rating.Count)))
		}
		series := Series{Name: w.Say(kind.name)}
		best := func(a, b figures.Rating) int { return cmp.Compare(b.Rating, a.Rating) }
		for _, r := range slices.SortedFunc(slices.Values(kind.now), best) {
			text, share := w.Count(r.Count), float64(r.Count)/float64(total)
			if total >= figures.MinRatings {
				text = w.Say(wording.RatingsPercent, w.Percent0(share), text)
			}
			p := Point{Name: w.Rating(r.Rating, kind.steps), Rate: &share, Text: text}
			p.Usual = w.usualPart(kind.steps, r.Rating)
			if p.Usual != nil && total >= figures.MinRatings {
				c.Usual = w.Say(wording.TermBaseline)
			}
			p.Marked = w.fell(kind.steps) && 2*r.Rating > kind.steps+1
			series.Points = append(series.Points, p)
		}
		c.Series = append(c.Series, series)
	}
	finding := w.Say(wording.RatingsNone)
	if len(findings) > 0 {
		finding = strings.Join(findings, "; ")
	}
	w.describe(c, finding, items)
	return c
}

// fell reports whether the verdict warns of the ratings of a kind.
func (w *writer) fell(steps int) bool {
	if v := w.r.Verdict; v == nil || v.Rule != figures.VerdictFeedback {
		return false
	}
	s := w.shifted(false)
	return w.needsLook() && s != nil && s.Steps == steps
}

// usualPart returns the share of a rating in the weeks before, or nil if too few are known.
func (w *writer) usualPart(steps, rating int) *float64 {
	if w.usualShare(steps) == nil {
		return nil
	}
	part, total := 0, 0
	for _, r := range w.ratingsBefore(steps) {
		total += r.Count
		if r.Rating == rating {
			part += r.Count
		}
	}
	return new(share(part, total))
}

// ratings sums up a kind of feedback of which there is some: "74% (171 of 232 ratings positive)",
// or "3 of 4 ratings positive" if there are few.
func (w *writer) ratings(kind ratingsOf) string {
	positive, total := figures.Positive(kind.now, kind.steps)
	count := w.Say(wording.Ratings, positive, total)
	if total < figures.MinRatings {
		return count
	}
	return w.Say(wording.RatingsPercent, w.Percent0(float64(positive)/float64(total)), count)
}

func (w *writer) feedbackTable() *Table {
	t := &Table{Name: TableFeedback, Title: w.Say(wording.ChartFeedbackTitle), Room: 300,
		Missing: w.unavailable[figures.SectionFeedback],
		Columns: w.columns([]wording.Key{wording.ColumnRating}, wording.ColumnCount,
			wording.ColumnShare)}
	for _, kind := range w.kindsOfFeedback() {
		_, total := figures.Positive(kind.now, kind.steps)
		for _, rating := range kind.now {
			if total == 0 {
				break
			}
			share := w.Say(wording.Missing) // a percentage of a handful says too much
			if total >= figures.MinRatings {
				share = w.Percent0(float64(rating.Count) / float64(total))
			}
			t.Rows = append(t.Rows, []string{w.Rating(rating.Rating, kind.steps),
				w.Count(rating.Count), share})
		}
	}
	if len(t.Rows) == 0 && t.Missing == "" {
		t.Note = w.Say(wording.RatingsNone)
	}
	return t
}

func (w *writer) feedbackNumbers() {
	for i, kind := range w.kindsOfFeedback() {
		for _, r := range kind.now {
			n := w.thisWeek("feedback")
			n.Item, n.Detail = [...]string{"binary", "emojis"}[i], strconv.Itoa(r.Rating)
			count := measure{name: "count", value: decimal(&r.Count)}
			ratio := measure{name: "ratio", value: fraction(&r.Ratio)}
			for _, l := range kind.previous {
				if l.Rating == r.Rating {
					count.last, ratio.last = decimal(&l.Count), fraction(&l.Ratio)
				}
			}
			w.add(ofWeek, n, count, ratio)
		}
	}
}
