package summary

import (
	"cmp"

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
	opening                        // what the verdict says
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
	w.opens()
	s := &Summary{
		Words:    w.Wording,
		Bot:      names.Or(r.Bot.Name, w.name(r.Bot.ID)),
		Dates:    w.DatesYear(r.Period.From.UTC(), r.Period.To.Add(-1).UTC()),
		Period:   w.Wording.Period(r.Period.Name),
		Tiles:    w.tiles(),
		Targets:  w.targetTable(),
		Notices:  w.notices(),
		Glossary: w.glossary(),
		Numbers:  w.numbers(),
	}
	for _, about := range statistics() {
		if about.says == nil {
			continue
		}
		section := about.says(w)
		if section.Chart != nil || section.Table != nil {
			s.Sections = append(s.Sections, section)
		}
	}
	w.open(s)
	s.Preview = cmp.Or(w.preview(s.Tiles), w.together(s.Facts))
	s.Title = w.Say(wording.Title, s.Bot, s.Dates)
	if r.Bot.Link != "" {
		s.Link = Link{Text: w.Say(wording.LinkKindly), URL: r.Bot.Link}
	}
	var err error
	s.Provenance, err = w.provenance()
	return s, err
}

// onDay says that something happened on a day of the week.
func (w *writer) onDay(d period.Date) string { return w.OnWeekday(d.Weekday()) }

// name returns what a user typed, or what is shown for a text in which nothing can be seen.
func (w *writer) name(s string) string { return names.Or(s, w.Say(wording.Nameless)) }

// charts has the chart of each measure that a verdict can be about.
var charts = map[string]string{
	figures.AboutFallbacks: ChartFallbacks, figures.AboutChats: ChartChats,
	figures.AboutHandovers: ChartHandovers, figures.AboutFeedback: ChartFeedback,
}

// lead returns the name of the chart that the verdict, or an older report's headline, is about. For
// a dead week, it is the chart of the weeks before, since only these have something to see.
func (w *writer) lead() string {
	if v := w.r.Verdict; v != nil {
		if v.Rule == figures.VerdictDead {
			return ChartTrend
		}
		return cmp.Or(charts[v.About], ChartChats)
	}
	if len(w.r.Fallbacks.Incidents) > 0 {
		return ChartFallbacks
	}
	return ChartChats
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
