package figures

import (
	"cmp"
	"slices"
)

// Rules of the headline. The first that applies is the one.
const (
	HeadlineNothing  = "nothing"   // no chats and no messages
	HeadlineIncident = "incident"  // a day's fallback rate jumped
	HeadlineMissed   = "missed"    // a target was missed
	HeadlineAgain    = "met_again" // a target that was missed the week before is met
	HeadlineRecord   = "record"    // of chats or of the fallback rate, in twelve weeks
	HeadlineUnusual  = "unusual"   // far more or fewer chats than the baseline
	HeadlineSpecial  = "special"   // a week that is compared with no other
	HeadlineBaseline = "ordinary"  // compared with the baseline
	HeadlinePrevious = "last_week" // no baseline yet: compared with the week before
	HeadlineAlone    = "alone"     // nothing to compare with, or the chats are not known
)

// Headline says what the headline is about, and has what is not elsewhere in the report.
type Headline struct {
	Rule   string  `json:"rule"`
	Record *Record `json:"record,omitempty"`
}

// headline sets the headline by the first rule that applies. What went wrong comes before what
// changed, and that before how much there was; a volume is never good or bad. Each rule knows
// whether it applies to special weeks.
func (r *Report) headline() {
	record := cmp.Or(r.record(r.fallbackSeries()), r.record(r.chatSeries()))
	h := &Headline{}
	switch {
	case r.Dead():
		h.Rule = HeadlineNothing
	case len(r.Fallbacks.Incidents) > 0:
		h.Rule = HeadlineIncident
	case slices.ContainsFunc(r.Targets, func(t Target) bool { return t.State == Missed }):
		h.Rule = HeadlineMissed
	case slices.ContainsFunc(r.Targets, Target.metAgain):
		h.Rule = HeadlineAgain
	case record != nil:
		h.Rule, h.Record = HeadlineRecord, record
	case r.Chats.StandsOut != "":
		h.Rule = HeadlineUnusual
	case r.isSpecial(r.Period.Name):
		h.Rule = HeadlineSpecial
	case !r.Chats.This().Known():
		h.Rule = HeadlineAlone
	case r.Baseline != nil:
		h.Rule = HeadlineBaseline
	case r.previousComparable():
		h.Rule = HeadlinePrevious
	default:
		h.Rule = HeadlineAlone
	}
	r.Headline = h
}
