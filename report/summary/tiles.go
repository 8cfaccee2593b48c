package summary

import (
	"math"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// tiles returns the four main figures: what the bot did not understand, chats, requests for a human
// and feedback. A dead week has none, since the verdict says that nothing happened.
func (w *writer) tiles() []Tile {
	if v := w.r.Verdict; v != nil && v.Rule == figures.VerdictDead {
		return nil
	}
	return []Tile{w.fallbackTile(), w.chatTile(), w.humanTile(), w.feedbackTile()}
}

// yardstick is the one number that a figure is compared with: the usual one, or without a baseline
// that of the week before. A special week has none.
type yardstick struct {
	text  string   // "usually 8.7%"
	value *float64 // what a change is from; nil: none may be printed
}

// against returns the yardstick of a figure. usual and before are nil if they are not known. write
// writes one of them; comparable says whether a change from the week before may be printed.
func (w *writer) against(usual, before *float64, comparable bool,
	write func(float64) string) (y yardstick) {
	switch {
	case w.special():
	case usual != nil:
		return yardstick{w.Say(wording.Usually, write(*usual)), usual}
	case w.r.Baseline == nil && w.r.HasPrevious && before != nil:
		y.text = w.Say(wording.LastWeek, write(*before))
		if comparable {
			y.value = before
		}
	}
	return y
}

// finish joins the parts of a tile for editions that show them as one text.
func (w *writer) finish(t Tile) Tile {
	parts := []string{t.Usual, t.Target}
	t.Detail = w.beside(append(parts, t.Notes...))
	t.Short = t.Usual
	return t
}

func (w *writer) fallbackTile() Tile {
	f := w.r.Fallbacks
	t := Tile{Name: "fallbacks", Label: w.Say(wording.LabelFallbacks), Chart: ChartFallbacks}
	switch {
	case f.Count == nil:
		t = w.missingTile(wording.LabelFallbacks)
		t.Name, t.Chart = "fallbacks", ChartFallbacks
		return t
	case f.Rate == nil:
		t.Value, t.Notes = w.Say(wording.Missing), []string{w.noRate()}
		return w.finish(t)
	case !w.r.EnoughMessages(): // a rate of a few replies says little
		t.Value = w.Say(wording.FallbacksOf, *f.Count)
		return w.finish(t)
	}
	t.Value = w.weekRate()
	y := w.against(w.baselineRate(), f.PreviousRate, w.r.FallbacksComparable(), w.Percent)
	if t.Usual = y.text; y.value != nil && tenths(*f.Rate) != tenths(*y.value) {
		t.Change = w.Points(tenths(*f.Rate) - tenths(*y.value))
	}
	if w.baselineRate() != nil {
		t.Tone = standsOut[f.StandsOut]
	}
	t.Target = w.targetOf(figures.TargetFallbackRate)
	return w.finish(t)
}

// tenths returns a fraction as a percentage, rounded as it is printed. So the difference of two of
// them is the one that a reader computes.
func tenths(fraction float64) float64 { return math.Round(1000*fraction) / 10 }

// targetOf writes the limit of a target: "target: at most 9.0%". It returns "" if there is none.
func (w *writer) targetOf(name string) string {
	for _, t := range w.r.Targets {
		if t.Name == name {
			return w.Say(wording.TileTarget, w.bound(t))
		}
	}
	return ""
}

func (w *writer) chatTile() Tile {
	t := Tile{Label: w.Say(wording.LabelChats)}
	switch this := w.r.Chats.This(); {
	case this.KnownDays() == 0:
		t = w.missingTile(wording.LabelChats)
	case !this.Known(): // a count of only some days is not compared
		t.Value = w.Count(this.Count)
		t.Unit = w.Say(wording.OnDays, this.KnownDays())
	default:
		var before *float64
		if b := w.r.Chats.Before(); b.Known() {
			before = new(float64(b.Count))
		}
		var usual *figures.Typical
		if b := w.r.Baseline; b != nil {
			usual = &b.Chats
		}
		w.count(&t, this.Count, usual, before)
		t = w.finish(t)
	}
	t.Name, t.Table = "chats", TableDays
	return t
}

// count adds a count and what it is compared with.
func (w *writer) count(t *Tile, this int, usual *figures.Typical, before *float64) {
	t.Value = w.Count(this)
	var median *float64
	if usual != nil {
		median = &usual.Median
	}
	comparable := before != nil && w.r.Comparable(this, int(*before))
	y := w.against(median, before, comparable, w.Median)
	t.Usual = y.text
	if y.value != nil && this >= figures.MinEvents && *y.value >= figures.MinEvents {
		was := math.Round(*y.value)
		if change := (float64(this) - was) / was; tenths(change) != 0 {
			t.Change = w.Change(change)
		}
	}
}

// humanTile is how often users asked for a human, while open and while closed, and how many chats
// certainly had no such request.
func (w *writer) humanTile() Tile {
	t := Tile{Label: w.Say(wording.LabelHuman)}
	if all, known := w.r.Handovers.AllRequests(); !known {
		t = w.missingTile(wording.LabelHuman)
	} else {
		var usual *figures.Typical
		if b := w.r.Baseline; b != nil {
			usual = b.Requests
		}
		var before *float64
		if n, known := w.r.Handovers.Previous.AllRequests(); known {
			before = new(float64(n))
		}
		w.count(&t, all, usual, before)
		t.Notes = w.humanNotes()
		t = w.finish(t)
	}
	t.Name, t.Chart = "handovers", ChartHandovers
	return t
}

func (w *writer) humanNotes() (notes []string) {
	if closed := *w.r.Handovers.RequestsWhileClosed; closed > 0 {
		notes = append(notes, w.withTarget(w.Say(wording.TileClosed, closed),
			w.targetOf(figures.TargetRequestsWhileClosed)))
	}
	if least, target := w.leastWithoutHuman(); least != "" {
		notes = append(notes, w.withTarget(w.Say(wording.TileAtLeast, least), target))
	} else if w.moreRequestsThanChats() {
		notes = append(notes, w.Say(wording.TileMoreRequests))
	}
	return notes
}

// withTarget adds a target to a note, if there is one.
func (w *writer) withTarget(note, target string) string {
	if target == "" {
		return note
	}
	return w.Say(wording.NoteTarget, note, target)
}

// leastWithoutHuman writes how many chats certainly had no request for a human: all but one for
// each request, since a chat may have several. It is rounded down. A target for the rate of
// requests is one for this share. least is "" if there are too few chats or no request, or more
// requests than chats.
func (w *writer) leastWithoutHuman() (least, target string) {
	requests, known := w.r.Handovers.AllRequests()
	chats := w.r.Chats.This()
	if !known || !chats.Known() || chats.Count < figures.MinEvents || requests == 0 ||
		requests > chats.Count {
		return "", ""
	}
	without, digits := 1-float64(requests)/float64(chats.Count), 1
	for _, t := range w.r.Targets {
		if t.Name == figures.TargetHandoverRate && t.Limit <= 1 {
			for digits < 3 && !isWhole((1-t.Limit)*math.Pow10(digits+2)) {
				digits++
			}
			target = w.Say(wording.TileTarget, w.PercentDown(1-t.Limit, digits))
		}
	}
	return w.PercentDown(without, digits), target
}

// moreRequestsThanChats reports whether users asked for a human more often than they chatted.
func (w *writer) moreRequestsThanChats() bool {
	requests, _ := w.r.Handovers.AllRequests()
	chats := w.r.Chats.This()
	return chats.Known() && chats.Count >= figures.MinEvents && requests > chats.Count
}

// isWhole reports whether x is a whole number, except for rounding errors.
func isWhole(x float64) bool { return math.Abs(x-math.Round(x)) < 1e-6 }

// feedbackTile shows the kind of ratings that the verdict is about, or that has a target, or else
// the one with more ratings.
func (w *writer) feedbackTile() Tile {
	t := Tile{Name: "feedback", Label: w.Say(wording.LabelFeedback), Chart: ChartFeedback}
	if w.r.Feedback.Binary == nil {
		t = w.missingTile(wording.LabelFeedback)
		t.Name, t.Chart = "feedback", ChartFeedback
		return t
	}
	kind, target := w.shownRatings()
	positive, total := figures.Positive(kind.now, kind.steps)
	if total == 0 {
		t.Value, t.Notes = w.Say(wording.Missing), []string{w.Say(wording.RatingsNone)}
		return w.finish(t)
	}
	t.Unit = w.Say(wording.TileThumbs)
	t.Scale = t.Unit
	if kind.steps == 5 {
		t.Unit, t.Scale = w.Say(wording.TileSteps), w.Say(wording.TileScale)
	}
	if total < figures.MinRatings {
		t.Value = w.Say(wording.RatingsOf, positive, total)
		return w.finish(t)
	}
	t.Value = w.Percent0(share(positive, total))
	if target != nil && target.Value != nil {
		t.Value, _ = w.targetValues(*target)
	}
	t.Usual = w.usualRatings(kind)
	if usual := w.usualShare(kind.steps); usual != nil &&
		t.Value == w.Percent0(share(positive, total)) {
		d := math.Round(100*share(positive, total)) - math.Round(100**usual)
		if d != 0 {
			t.Change = w.Points0(d)
		}
	}
	if v := w.r.Verdict; v != nil && v.Rule == figures.VerdictFeedback {
		t.Tone = statuses[v.Status].tone
	}
	if target != nil {
		t.Target = w.Say(wording.TileTarget, w.bound(*target))
	}
	t.Notes = []string{w.Say(wording.RatingsCount, positive, total)}
	return w.finish(t)
}

// shownRatings returns the kind of ratings that the tile shows, and its target, or nil without one.
func (w *writer) shownRatings() (ratingsOf, *figures.Target) {
	kinds := w.kindsOfFeedback()
	target := func(steps int) *figures.Target {
		for _, t := range w.r.Targets {
			if t.Name == figures.TargetFeedback && t.Steps == steps {
				return &t
			}
		}
		return nil
	}
	if v := w.r.Verdict; v != nil && v.Rule == figures.VerdictFeedback {
		for _, kind := range kinds {
			if kind.steps == w.shifted(v.Status == figures.GoodWeek).Steps {
				return kind, target(kind.steps)
			}
		}
	}
	for _, kind := range kinds {
		if t := target(kind.steps); t != nil {
			return kind, t
		}
	}
	_, thumbs := figures.Positive(kinds[0].now, kinds[0].steps)
	if _, n := figures.Positive(kinds[1].now, kinds[1].steps); n > thumbs {
		return kinds[1], nil
	}
	return kinds[0], nil
}

// usualRatings writes what a kind of ratings is compared with.
func (w *writer) usualRatings(kind ratingsOf) string {
	if usual := w.usualRating(kind.steps); usual != "" {
		return w.Say(wording.Usually, usual)
	}
	p, n := figures.Positive(kind.previous, kind.steps)
	if w.special() || w.r.Baseline != nil || !w.r.HasPrevious || n < figures.MinRatings {
		return ""
	}
	return w.Say(wording.LastWeek, w.Percent0(share(p, n)))
}

// usualRating writes the share of positive ratings in the weeks before. It returns "" if too few
// are known.
func (w *writer) usualRating(steps int) string {
	if usual := w.usualShare(steps); usual != nil {
		return w.Percent0(*usual)
	}
	return ""
}

// usualShare returns the share of positive ratings in the weeks before, or nil if too few are
// known.
func (w *writer) usualShare(steps int) *float64 {
	p, n := figures.Positive(w.ratingsBefore(steps), steps)
	if w.special() || w.r.Baseline == nil || n < figures.MinRatings {
		return nil
	}
	return new(share(p, n))
}

// ratingsBefore returns the ratings of the weeks before.
func (w *writer) ratingsBefore(steps int) []figures.Rating {
	if steps == 5 {
		return w.r.Feedback.BeforeEmojis
	}
	return w.r.Feedback.BeforeBinary
}

// preview returns the main figures in one line, which a list of mails shows after the subject. It
// leaves out the chats if the subject has them.
func (w *writer) preview(tiles []Tile) string {
	text := ""
	for _, t := range tiles {
		if t.Missing || t.Value == w.Say(wording.Missing) ||
			t.Name == "chats" && w.is.short == w.chats() {
			continue
		}
		one := t.Label + " " + t.Value
		if t.Unit != "" {
			one += " " + t.Unit
		}
		if t.Usual != "" {
			one += ", " + t.Usual
		}
		if text != "" {
			text += " · "
		}
		text += one
	}
	return text
}
