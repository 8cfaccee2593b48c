package figures

// Rules of the headline, the first that holds is the one.
const (
	HeadlineNothing  = "nothing"   // nobody came
	HeadlineIncident = "incident"  // a day's fallback rate jumped
	HeadlineMissed   = "missed"    // a target was missed
	HeadlineAgain    = "met_again" // a target that was missed the week before is met
	HeadlineRecord   = "record"    // the most or fewest chats, or the highest or lowest fallback rate, of twelve weeks
	HeadlineUnusual  = "unusual"   // far more or fewer chats than in an ordinary week
	HeadlineSpecial  = "special"   // a week that is held against no other
	HeadlineBaseline = "ordinary"  // beside an ordinary week
	HeadlinePrevious = "last_week" // too new for an ordinary week: beside the week before
	HeadlineAlone    = "alone"     // too new to compare at all, or the chats are not known
)

// Headline says what the headline is about, and has what is not elsewhere in the report.
type Headline struct {
	Rule   string  `json:"rule"`
	Record *Record `json:"record,omitempty"`
}

// headline tries its rules from the top. What went wrong comes before what changed, and that before how much there was;
// a volume is never good or bad. Whether the week, or the one it would be held against, is special each rule knows by itself.
func (r *Report) headline() {
	alarm := func() *Record {
		for _, s := range []series{r.fallbackSeries(), r.chatSeries()} {
			if rec := r.record(s); rec != nil {
				return rec
			}
		}
		return nil
	}
	h := &Headline{}
	switch {
	case r.Empty() && r.Messages.Total == 0 && r.Messages.This().Known():
		h.Rule = HeadlineNothing
	case len(r.Fallbacks.Incidents) > 0:
		h.Rule = HeadlineIncident
	case r.any(func(t Target) bool { return t.State == Missed }):
		h.Rule = HeadlineMissed
	case r.any(func(t Target) bool { return t.State == Met && t.Before == Missed }):
		h.Rule = HeadlineAgain
	case alarm() != nil:
		h.Rule, h.Record = HeadlineRecord, alarm()
	case r.unusual():
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

func (r *Report) any(is func(Target) bool) bool {
	for _, t := range r.Targets {
		if is(t) {
			return true
		}
	}
	return false
}
