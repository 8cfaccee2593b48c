package summary

import (
	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// writer has what every sentence needs: the figures, the wording, and a few texts.
type writer struct {
	*wording.Wording
	r     *figures.Report
	dates string // 9–15 November
	// this and before name the columns of this week and the week before: Week 46, Week 45.
	this, before string
	unavailable  map[string]string // why, by section
	specials     []figures.Special // in the week
	data         [groups][]Number
}

func newWriter(r *figures.Report, words *wording.Wording) *writer {
	w := &writer{Wording: words, r: r, unavailable: make(map[string]string)}
	w.specials = r.SpecialIn(r.Period.Name)
	w.this = words.Sentence(words.Period(r.Period.Name))
	w.before = words.Sentence(words.Period(r.Period.Name.Previous()))
	w.dates = words.Dates(r.Period.From.UTC(), r.Period.To.Add(-1).UTC())
	for _, u := range r.Unavailable {
		if len(u.Days) == 0 { // else only some days are missing
			w.unavailable[u.Section] = Reason(words, u)
		}
	}
	return w
}

func (w *writer) write() (*Summary, error) {
	r := w.r
	s := &Summary{
		Words:    w.Wording,
		Bot:      names.Or(r.Bot.Name, w.name(r.Bot.ID)),
		Dates:    w.DatesYear(r.Period.From.UTC(), r.Period.To.Add(-1).UTC()),
		Period:   w.Wording.Period(r.Period.Name),
		Headline: w.headline(),
		Lead:     w.lead(),
		Insights: w.insights(),
		Targets:  w.targetTable(),
		Notices:  w.notices(),
		Glossary: w.glossary(),
		Numbers:  w.numbers(),
	}
	for _, about := range statistics() {
		if about.says == nil {
			continue
		}
		tiles, section := about.says(w)
		s.Tiles = append(s.Tiles, tiles...)
		if section.Chart != nil || section.Table != nil {
			s.Sections = append(s.Sections, section)
		}
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

// onDay says that something happened on a day of the week.
func (w *writer) onDay(d period.Date) string { return w.OnWeekday(d.Weekday()) }

// name returns what a user typed, or what is shown for a text in which nothing can be seen.
func (w *writer) name(s string) string { return names.Or(s, w.Say(wording.Nameless)) }

// lead returns the name of the chart that the headline is about.
func (w *writer) lead() string {
	for _, i := range w.r.Insights {
		if i.Kind == figures.KindIncident {
			return ChartFallbacks
		}
	}
	return ChartChats
}

// countTile is a count beside last week's, the ordinary week's and that of a year ago, each nil if
// it is not known.
func (w *writer) countTile(
	label wording.Key, this int, previous *int, change *float64, baseline *figures.Typical,
	yearAgo *int,
) Tile {
	t := Tile{Label: w.Say(label), Value: w.Count(this)}
	var beside []string
	if w.r.HasPrevious && previous != nil {
		if change != nil && w.r.Comparable(this, *previous) {
			t.Change = w.Change(*change)
		}
		t.Short = w.Say(wording.LastWeek, w.Count(*previous))
		beside = append(beside, t.Short)
	}
	if baseline != nil && !w.special() {
		beside = append(beside, w.Say(wording.Usually, w.Median(baseline.Median)))
	}
	if yearAgo != nil {
		beside = append(beside, w.Say(wording.AYearAgo, w.Count(*yearAgo)))
	}
	t.Detail = w.beside(beside)
	return t
}

// missingTile is a figure that could not be fetched.
func (w *writer) missingTile(label wording.Key) Tile {
	return Tile{Label: w.Say(label), Value: w.Say(wording.Missing), Missing: true,
		Detail: w.Say(wording.NotAvailable)}
}

// beside joins the numbers that stand beside a number.
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

// special reports whether the week has something special, so that it is compared with no other.
func (w *writer) special() bool { return len(w.specials) > 0 }
