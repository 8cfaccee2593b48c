package figures

import (
	"slices"
	"strings"
)

// Options are the sources and languages that Kindly's statistics know of a bot.
type Options struct {
	Sources   []string
	Languages []string // codes, perhaps with a region: en-GB
}

// UnknownFilters are the sources and languages that a report counts alone and that Kindly's statistics do not know.
// Most likely they are mistyped, and the numbers are empty; or they are new, and nothing has been counted for them yet.
type UnknownFilters struct {
	Sources   []string `json:"sources,omitempty"`
	Languages []string `json:"languages,omitempty"`

	// What they know instead, beside what is unknown: at most 50 of each, in their order, without names of more than 64 bytes.
	KnownSources   []string `json:"known_sources,omitempty"`
	KnownLanguages []string `json:"known_languages,omitempty"`
}

// The most names that are known and listed, and the most bytes of one.
const (
	maxKnown     = 50
	maxKnownName = 64
)

// Included returns what f counts alone: all of its languages, and its sources without those that it excludes.
func (f Filters) Included() Filters {
	sources := slices.DeleteFunc(slices.Clone(f.Sources), func(s string) bool { return strings.HasPrefix(s, "-") })
	return Filters{Sources: sources, Languages: f.Languages}
}

// Empty reports whether nothing is filtered.
func (f Filters) Empty() bool { return len(f.Sources)+len(f.Languages) == 0 }

// Unknown returns what f counts alone and o does not have, or nil if there is nothing of the kind. A source has to be
// written as o has it, case included, since the service takes another spelling for another source. A language of o with a
// region stands for the language. What f excludes is never unknown: -test is right for a bot without test chats.
//
// Where o has no source at all, or no language, f's are held against nothing: checked is false.
func (f Filters) Unknown(o Options) (unknown *UnknownFilters, checked bool) {
	in := f.Included()
	var languages []string
	for _, l := range o.Languages {
		languages = append(languages, language(l))
	}
	u := UnknownFilters{Sources: without(in.Sources, o.Sources), Languages: without(in.Languages, languages)}
	if u.Sources != nil {
		u.KnownSources = listed(o.Sources)
	}
	if u.Languages != nil {
		u.KnownLanguages = listed(o.Languages)
	}
	checked = (len(in.Sources) == 0 || len(o.Sources) > 0) && (len(in.Languages) == 0 || len(o.Languages) > 0)
	if u.Sources == nil && u.Languages == nil {
		return nil, checked
	}
	return &u, checked
}

// listed returns the names of o that a report lists.
func listed(names []string) []string {
	var out []string
	for _, name := range names {
		if len(name) <= maxKnownName && len(out) < maxKnown {
			out = append(out, valid(name))
		}
	}
	return out
}

// without returns those of the wanted that are not known; nil where nothing is known.
func without(wanted, known []string) (unknown []string) {
	if len(known) == 0 {
		return nil
	}
	for _, w := range wanted {
		if !slices.Contains(known, w) && !slices.Contains(unknown, w) {
			unknown = append(unknown, w)
		}
	}
	return unknown
}

// language returns the language of a code that may also name a region: en of en-GB, and of EN_gb.
func language(code string) string {
	code, _, _ = strings.Cut(strings.ReplaceAll(code, "_", "-"), "-")
	return strings.ToLower(code)
}

// filters holds the filters against what Sage knows.
func (r *Report) filters(a *Answer[Options]) {
	if a == nil {
		return // nothing is counted alone
	}
	u := Unavailable{Section: SectionOptions, Reason: valid(a.Failed), Refused: a.Refused, Cause: a.Cause}
	if a.Failed == "" {
		var checked bool
		if r.UnknownFilters, checked = r.Filters.Unknown(a.Value); checked {
			return
		}
		u.Reason = "Sage lists none"
	}
	r.UncheckedFilters = &u
}
