package summary

import (
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// maxKnown is how many known sources or languages a notice lists. If there are more, it lists none.
const maxKnown = 10

// unknownFilters says which sources and languages Kindly's statistics do not know, and which they
// do.
func (w *writer) unknownFilters() (notices []string) {
	u := w.r.UnknownFilters
	if u == nil {
		return nil
	}
	for _, of := range []struct {
		unknown, known []string
		say, sayKnown  wording.Key
	}{
		{u.Sources, u.KnownSources, wording.NoticeUnknownSources, wording.NoticeKnownSources},
		{u.Languages, u.KnownLanguages, wording.NoticeUnknownLanguages,
			wording.NoticeKnownLanguages},
	} {
		if len(of.unknown) == 0 {
			continue
		}
		notice := w.Say(of.say, len(of.unknown), w.List(of.unknown))
		if n := len(of.known); 0 < n && n <= maxKnown {
			known := make([]string, n)
			for i, name := range of.known {
				known[i] = w.name(name)
			}
			notice += " " + w.Say(of.sayKnown, w.List(known))
		}
		notices = append(notices, notice)
	}
	return notices
}

// surplus says which lists were longer than was asked for.
func (w *writer) surplus() []string {
	var lists []string
	for _, s := range w.r.Surplus {
		list, _, _ := strings.Cut(s.Section, ".") // last week's is the same list
		if name := w.section(list); !slices.Contains(lists, name) {
			lists = append(lists, name)
		}
	}
	if lists == nil {
		return nil
	}
	return []string{w.Say(wording.NoticeSurplus, w.List(lists), figures.ListLimit)}
}
