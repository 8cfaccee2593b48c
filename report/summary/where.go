package summary

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// mostWhere is how many lines say where an excess lies and what coincides.
const mostWhere = 2

// located reports whether the excess lies in one slice of a kind.
func (w *writer) located(kind string) bool {
	for _, where := range w.r.Where {
		for _, s := range where.Slices {
			if s.Kind == kind {
				return true
			}
		}
	}
	return false
}

// where says in at most two lines where the excess lies, and what coincides with it.
func (w *writer) where() (lines []string) {
	for _, v := range w.r.Where {
		if line := w.inSlices(v); line != "" {
			lines = append(lines, line)
		}
		if line := w.coincides(v); line != "" {
			lines = append(lines, line)
		}
	}
	return lines[:min(len(lines), mostWhere)]
}

// only reports whether the lines are about a single day or week, the one of the verdict. Otherwise,
// each line names its day.
func (w *writer) only(v figures.Where) bool {
	return len(w.r.Where) == 1 && v.Measure == figures.MeasureFallbackRate &&
		(v.Date == nil || len(w.r.Fallbacks.Incidents) == 1)
}

// beginning puts the day before a sentence, unless only one is possible.
func (w *writer) beginning(v figures.Where, sentence string) string {
	if v.Date == nil || w.only(v) {
		return sentence
	}
	return w.Say(wording.WhereOn, w.Sentence(w.Weekday(v.Date.Weekday())), lowered(sentence))
}

// lowered returns a sentence as it follows a colon.
func lowered(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}

// places names slices: "on web, in Norwegian, between 09:00 and 14:00".
func (w *writer) places(slices []figures.WhereSlice) (all string) {
	for _, s := range slices {
		var in string
		switch s.Kind {
		case figures.SliceSource:
			in = w.Say(wording.WhereSource, w.short(s.Name))
		case figures.SliceLanguage:
			in = w.Say(wording.WhereLanguage, w.LanguageName(s.Name))
		case figures.SliceHours:
			in = w.Say(wording.WhereHours, w.Hour(s.From), w.Hour(s.To%24))
		default: // of a later version of the program
			continue
		}
		if all != "" {
			in = w.Say(wording.ListNext, all, in)
		}
		all = in
	}
	return all
}

// inSlices names the slices that hold nearly all of the excess. It returns "" if there are none.
func (w *writer) inSlices(v figures.Where) string {
	all := w.places(v.Slices)
	if all == "" {
		return ""
	}
	key := wording.WhereNearly
	switch {
	case v.Measure != figures.MeasureChats:
	case float64(v.Count) > v.Baseline:
		key = wording.WhereMore
	default:
		key = wording.WhereFewer
	}
	return w.beginning(v, w.Say(key, all))
}

// coincides says which item was far more frequent, and whether more people asked for a human.
func (w *writer) coincides(v figures.Where) string {
	var parts []string
	if i := clearest(v); i != nil {
		name := w.short(i.Name)
		if i.List != figures.ListPages {
			name = w.Quote(name)
		}
		parts = append(parts, w.Say(whereKeys[i.List], name, i.Count, round(i.Baseline)))
	}
	if q := v.Requests; q != nil {
		parts = append(parts, w.Say(wording.WhereRequests, q.Count, round(q.Baseline)))
	}
	if len(parts) == 0 {
		return ""
	}
	all := parts[0]
	for _, next := range parts[1:] {
		all = w.Say(wording.Clauses, all, next)
	}
	switch {
	case v.Date == nil:
		return w.Say(wording.WhereThatWeek, all)
	case w.only(v):
		return w.Say(wording.WhereThatDay, all)
	}
	return w.FullStop(w.Say(wording.WhereOn, w.Sentence(w.Weekday(v.Date.Weekday())), all))
}

var whereKeys = map[string]wording.Key{
	figures.ListLabels: wording.WhereLabel, figures.ListButtons: wording.WhereButton,
	figures.ListPages: wording.WherePage,
}

// clearest returns the item with the most evidence, or nil if there is none.
func clearest(v figures.Where) *figures.WhereItem {
	known := func(i figures.WhereItem) bool { return whereKeys[i.List] != "" }
	if i := slices.IndexFunc(v.Items, known); i >= 0 {
		return &v.Items[i]
	}
	return nil
}

// coincided reports whether the lines of where name an item that moved, with its count of the week.
func (w *writer) coincided(m figures.Moved) bool {
	if len(w.r.Where) == 0 { // only the first one certainly has lines
		return false
	}
	i := clearest(w.r.Where[0])
	return i != nil && i.List == m.List && i.Name == m.Name && i.Dialogue == m.Dialogue &&
		i.Count == m.Count
}
