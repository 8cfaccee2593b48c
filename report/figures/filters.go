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

// UnknownFilters are the sources and languages of a report's filters that Kindly's statistics do
// not know. They may be misspelled, and the report is empty; or they are new, and have no chats
// yet.
type UnknownFilters struct {
	Sources   []string `json:"sources,omitempty"`
	Languages []string `json:"languages,omitempty"`

	// What is known instead, if something is unknown: at most 50 names of at most 64 bytes each.
	KnownSources   []string `json:"known_sources,omitempty"`
	KnownLanguages []string `json:"known_languages,omitempty"`
}

// How many known names a report lists, and how many bytes each has at most.
const (
	maxKnown     = 50
	maxKnownName = 64
)

// Included returns f without the sources that it excludes.
func (f Filters) Included() Filters {
	excluded := func(s string) bool { return strings.HasPrefix(s, "-") }
	return Filters{slices.DeleteFunc(slices.Clone(f.Sources), excluded), f.Languages}
}

// Empty reports whether nothing is filtered.
func (f Filters) Empty() bool { return len(f.Sources) == 0 && len(f.Languages) == 0 }

// Unknown returns what f includes and o does not have, or nil if there is nothing of the kind.
// Sources are compared exactly, as the service does. A language of o with a region stands for the
// language.
//
// If o has no source at all, the sources of f are not checked, and likewise languages: then checked
// is false.
func (f Filters) Unknown(o Options) (unknown *UnknownFilters, checked bool) {
	in := f.Included()
	var languages []string
	for _, l := range o.Languages {
		languages = append(languages, language(l))
	}
	checked = (len(in.Sources) == 0 || len(o.Sources) > 0) &&
		(len(in.Languages) == 0 || len(o.Languages) > 0)
	u := UnknownFilters{
		Sources:   without(in.Sources, o.Sources),
		Languages: without(in.Languages, languages),
	}
	if u.Sources == nil && u.Languages == nil {
		return nil, checked
	}
	if u.Sources != nil {
		u.KnownSources = listed(o.Sources)
	}
	if u.Languages != nil {
		u.KnownLanguages = listed(o.Languages)
	}
	return &u, checked
}

// listed returns the known names that a report lists.
func listed(names []string) []string {
	var out []string
	for _, name := range names {
		if len(name) <= maxKnownName && len(out) < maxKnown {
			out = append(out, valid(name))
		}
	}
	return out
}

// without returns the wanted names that are not known. Returns nil if none is known.
func without(wanted, known []string) (unknown []string) {
	for _, w := range wanted {
		if len(known) > 0 && !slices.Contains(known, w) && !slices.Contains(unknown, w) {
			unknown = append(unknown, w)
		}
	}
	return unknown
}

// language returns the language of a code that may have a region: en for en-GB and EN_gb.
func language(code string) string {
	code, _, _ = strings.Cut(strings.ReplaceAll(code, "_", "-"), "-")
	return strings.ToLower(code)
}

// filters checks the filters against what Sage knows, unless they include nothing.
func (r *Report) filters(a *Answer[Options]) {
	if a == nil || r.Filters.Included().Empty() {
		return
	}
	u := Unavailable{Section: SectionOptions, Reason: valid(a.Failed), Refused: a.Refused,
		Cause: a.Cause}
	if a.Failed == "" {
		var checked bool
		if r.UnknownFilters, checked = r.Filters.Unknown(a.Value); checked {
			return
		}
		u.Reason = "Sage lists none"
	}
	r.UncheckedFilters = &u
}
