package summary

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// Names of the tables of slices. A report has one only if the bot has several slices of the kind.
const (
	TableSources   = "sources"
	TableLanguages = "languages"
)

// sliceChats is the least number of chats of a week that is shown in slices.
const sliceChats = 100

// sliceLeast is the least change that names a slice below the table, as a fraction of the usual
// chats.
const sliceLeast = 0.02

// slices returns the week's slices of a kind, or nil if there are none.
func (w *writer) slices(kind string) *figures.Sliced {
	s := w.r.Slices
	switch {
	case s == nil:
		return nil
	case kind == figures.SliceSource:
		return s.Sources
	}
	return s.Languages
}

// sourceSection is the week by source, and languageSection by language.
func (w *writer) sourceSection() Section {
	return w.sliceSection(figures.SliceSource, &Table{Name: TableSources,
		Title: w.Say(wording.TableSources)}, wording.ColumnSource)
}

func (w *writer) languageSection() Section {
	return w.sliceSection(figures.SliceLanguage, &Table{Name: TableLanguages,
		Title: w.Say(wording.TableLanguages)}, wording.ColumnLanguage)
}

// sliceSection is a table of slices: chats, how much was not understood, and requests for a human,
// each with its usual value. It has a rank only if it shows where the excess lies. A week of fewer
// than sliceChats chats has none.
func (w *writer) sliceSection(kind string, t *Table, column wording.Key) Section {
	s := w.slices(kind)
	if s == nil || w.r.Chats.This().Known() && w.r.Chats.Total < sliceChats {
		return Section{}
	}
	t.Room = 600
	if w.located(kind) {
		t.Rank = 1
	}
	t.Columns = w.columns([]wording.Key{column}, wording.LabelChats, wording.ColumnUsually,
		wording.ColumnFallbacks, wording.ColumnUsually, wording.LabelHuman, wording.ColumnUsually)
	median := func(m *float64) string {
		if m == nil || w.special() {
			return w.Say(wording.Missing)
		}
		return w.Median(*m)
	}
	for _, v := range top(s.Slices) {
		usual := v.Fallbacks.Baseline
		if w.special() {
			usual = nil
		}
		t.Rows = append(t.Rows, []string{w.sliceName(kind, v.Name),
			w.number(v.Chats.Count), median(v.Chats.Baseline),
			w.rate(v.Fallbacks.Rate), w.rate(usual),
			w.number(v.Requests.Count), median(v.Requests.Baseline)})
	}
	if rest := s.Rest.Chats; rest != nil && *rest > 0 {
		none := w.Say(wording.Missing)
		t.Rows = append(t.Rows, []string{w.Sentence(w.Say(wording.SliceRest)), w.number(rest), none,
			none, none, w.number(s.Rest.Requests), none})
	}
	t.Note = strings.Join(w.sliceNotes(kind, s), " ")
	return Section{Chapter: Volume, Table: t}
}

// sliceName names a source or a language as at the beginning of a row.
func (w *writer) sliceName(kind, name string) string {
	if kind != figures.SliceLanguage {
		return w.name(name)
	}
	named := w.LanguageName(name)
	for _, v := range w.slices(kind).Slices {
		if v.Name != name && w.LanguageName(v.Name) == named {
			named = w.Say(wording.SliceChange, named, name) // two codes of one language
			break
		}
	}
	return w.name(w.Sentence(named))
}

// sliceNotes says which slices have more chats than usual and which fewer, the largest changes
// first, and what does not add up.
func (w *writer) sliceNotes(kind string, s *figures.Sliced) (notes []string) {
	type change struct {
		name string
		by   int
	}
	var all []change
	usual := 0.0
	for _, v := range s.Slices {
		if v.Chats.Count != nil && v.Chats.Baseline != nil {
			all = append(all, change{w.sliceName(kind, v.Name),
				*v.Chats.Count - int(math.Round(*v.Chats.Baseline))})
			usual += *v.Chats.Baseline
		}
	}
	if w.special() {
		all = nil
	}
	slices.SortStableFunc(all, func(a, b change) int {
		return cmp.Compare(max(b.by, -b.by), max(a.by, -a.by))
	})
	for _, key := range []wording.Key{wording.SliceMore, wording.SliceFewer} {
		var named []string
		for _, c := range all {
			if key == wording.SliceMore != (c.by > 0) ||
				float64(max(c.by, -c.by)) < max(figures.MinCount, sliceLeast*usual) {
				continue
			}
			named = append(named, w.Say(wording.SliceChange,
				wording.Name(names.Cut(c.name, 40)), w.Signed(c.by)))
		}
		if len(named) > 0 {
			notes = append(notes, w.Say(key, w.List(named[:min(len(named), 3)])))
		}
	}
	if s.Overlap > 0 {
		notes = append(notes, w.Sentence(w.Say(wording.SliceOverlap, s.Overlap)))
	}
	if len(s.Slices) > Top {
		notes = append(notes, w.Say(wording.TopOf, Top, len(s.Slices)))
	}
	return notes
}

// sliceNumbers adds the numbers of slices.
func (w *writer) sliceNumbers() {
	for _, kind := range []struct{ section, kind string }{
		{"sources", figures.SliceSource}, {"languages", figures.SliceLanguage},
	} {
		s := w.slices(kind.kind)
		if s == nil {
			continue
		}
		for _, v := range s.Slices {
			n := w.thisWeek(kind.section)
			n.Item = v.Name
			w.add(others, n, measure{name: "chats", value: decimal(v.Chats.Count)},
				measure{name: "fallbacks", value: decimal(v.Fallbacks.Count)},
				measure{name: "fallback_rate", value: fraction(v.Fallbacks.Rate)},
				measure{name: "requests", value: decimal(v.Requests.Count)})
		}
	}
}
