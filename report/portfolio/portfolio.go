// Package portfolio is the portfolio: one page about all bots of a tenant, for whoever runs many of them.
//
// [Of] makes it of the bots' reports and of what became of those that have none. It is arithmetic only, as package figures
// is. What it returns is frozen in the archive as JSON, so that whoever delivers it, whenever he does, sends the same numbers.
// [Portfolio.Page] says it in words, for all editions; these, in packages digest and mail, only lay it out.
//
// # What it is ordered by
//
// The bots that are affected are ordered by [Numbers.Above]: in how many chats there can have been more fallbacks than the
// bot's own ordinary rate gives. A bot is held against itself alone, since a bot for tax returns is not one for opening
// hours. Sage says how many replies were fallbacks, and not in how many chats they were. A fallback is in one chat, so the
// replies beyond the ordinary are an upper bound of the chats, and no bound is higher than the week's chats; the page says
// "at most". Of equals, the bot with more replies beyond its ordinary ones comes first, and then the name decides.
//
// # What affects a bot
//
// A bot is affected if its fallbacks stand out as package figures says, in the week or on a day, at a level that allows for
// how many bots are compared: of 200 bots one stands out by itself in most weeks. The level is chosen so that in at most
// one of fifty weeks in which nothing happens any bot is called affected, however many there are (Šidák's correction).
// The levels of package figures are standard deviations that were estimated, so their tail is heavier than a normal
// distribution's; by how much was found by simulation. [Portfolio.Affected] decides; headline, marks and groups follow it.
//
// An overview that was written before there were levels keeps its meaning: there a bot that is unusual is affected.
//
// # Groups
//
// Each bot is in one. What was not sent comes before what is as usual: a list of what is wrong must not depend on scrolling.
//
//	affected   its fallbacks stand out, as above
//	failed     it has no report, and why
//	not in     it has no report yet, and nothing went wrong so far
//	usual      it is compared with its ordinary weeks and is not affected
//	uncompared its ordinary weeks are not known, or the week may not be held against them, and why
//	unknown    its report is in, and its chats are not known, or not of so many days that it could be judged
//	silent     its report is in, and has no chats
//	few        its report is in, and has fewer than TooFew chats, which is too few to judge
//	paused     nothing is sent of it
//	new        it was added after its report would have been due
//	unsent     it reports to nobody
//
// A report that comes in later changes nothing: the overview said that it was not in, and is not sent again.
//
// # Why its sentences are here
//
// The words of a bot's report are package summary's. Those of an overview follow from other values, so they stand beside these; the
// words themselves are in the same catalogue, package wording's.
package portfolio

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// Schema is the version of overview.json that this program writes. Keys are only ever added to a version.
const Schema = 1

// TooFew is how many chats a bot must have in the week to be judged among others.
const TooFew = 100

// Portfolio is what the bots of a tenant did in a week.
type Portfolio struct {
	Schema int           `json:"schema"`
	ID     string        `json:"id"`   // names these very numbers
	Name   string        `json:"name"` // whose bots they are, as readers know it
	Period period.Period `json:"week"`
	Locale string        `json:"locale"`
	Accent string        `json:"accent,omitempty"` // the brand's color, as #rrggbb; empty: the report's own
	MadeAt time.Time     `json:"made_at"`          // UTC
	Bots   []Bot         `json:"bots"`             // in the configuration's order
}

// Bot is one of them.
type Bot struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	State   State    `json:"state"`
	Reason  Reason   `json:"reason,omitempty"`  // of Failed
	Link    string   `json:"link,omitempty"`    // to its report or, where nobody knows one, to the bot in Kindly's platform
	Numbers *Numbers `json:"numbers,omitempty"` // of In
}

// State is what became of a bot's report.
type State string

// The states of a bot.
const (
	In     State = "in"
	Failed State = "failed"
	NotIn  State = "not_in"
	Paused State = "paused"
	New    State = "new"    // it was added after its report would have been due, so that none is sent
	Unsent State = "unsent" // it has no destinations, so that nobody makes its report
)

// Reason is why there is no report, as far as it concerns a reader.
type Reason string

// The reasons of a failure.
const (
	NoAccess   Reason = "access"     // the bot's statistics may not be read: the key, or the bot itself
	Statistics Reason = "statistics" // Kindly's statistics did not answer, or not with what is needed
	Unmade     Reason = "unmade"     // anything else
)

// Numbers are those of a report that an overview shows.
type Numbers struct {
	Chats         int        `json:"chats"`
	ChatsLastWeek *int       `json:"chats_last_week"`         // null without a baseline
	ChatsBaseline *float64   `json:"chats_ordinary"`          // null where not known, and in a special week
	FallbackRate  *float64   `json:"fallback_rate"`           // null where not known, or of too few messages
	RateBaseline  *float64   `json:"rate_ordinary"`           // likewise, and in a special week
	Above         *int       `json:"above"`                   // in how many chats, at most, were more fallbacks than is ordinary; null: not compared
	Replies       *float64   `json:"replies"`                 // how many more replies were fallbacks than is ordinary; below zero, fewer
	Unusual       bool       `json:"unusual"`                 // by more than chance, in the week or on a day on which the rate jumped
	Level         float64    `json:"level,omitempty"`         // of what is unusual, how many standard deviations it lies above the ordinary
	Special       []string   `json:"special"`                 // holidays and notes of the week
	Targets       int        `json:"targets"`                 // how many it is held to
	Missed        []string   `json:"missed"`                  // those that were missed, as figures names them
	MissedClearly []string   `json:"missed_beyond,omitempty"` // those of them that were missed by more than chance
	Rates         []*float64 `json:"rates"`                   // the fallback rate of 12 weeks, this one last; null: a gap
	Unavailable   bool       `json:"unavailable"`             // the fallbacks could not be fetched
	ReportID      string     `json:"report_id"`               // of the numbers that these are

	// MissingDays is of how many of the week's days the chats are not known. Chats are those of the others.
	MissingDays int `json:"missing_days,omitempty"`

	UnknownFilters bool `json:"unknown_filters,omitempty"` // Kindly's statistics do not know a source or a language that is counted alone
}

// Of makes the overview of bots, in the order of the configuration. Names become valid UTF-8, as JSON has them.
func Of(name string, w period.Period, locale string, madeAt time.Time, bots []Bot) (*Portfolio, error) {
	name, bots = valid(name), slices.Clone(bots)
	for i := range bots {
		bots[i].Name, bots[i].Link = valid(bots[i].Name), valid(bots[i].Link)
	}
	o := &Portfolio{Schema: Schema, Name: name, Period: w, Locale: locale, MadeAt: madeAt.UTC().Truncate(time.Second), Bots: bots}
	data, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("overview of %s: %w", w, err)
	}
	sum := sha256.Sum256(data)
	o.ID = "portfolio-" + w.String() + "-" + hex.EncodeToString(sum[:8])
	return o, nil
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// Read takes from a report what an overview shows of it.
func Read(r *figures.Report) *Numbers {
	n := &Numbers{Chats: r.Chats.Total, Special: []string{}, Missed: []string{}, Targets: len(r.Targets),
		ReportID: r.ID, Rates: r.FallbackTrend(), UnknownFilters: r.UnknownFilters != nil}
	for _, s := range r.SpecialIn(r.Period.Name) {
		if !slices.Contains(n.Special, s.Name) {
			n.Special = append(n.Special, s.Name) // figures has made it valid
		}
	}
	n.MissingDays = r.Chats.This().MissingDays
	if r.HasPrevious && n.MissingDays == 0 && r.Chats.Before().Known() {
		n.ChatsLastWeek = &r.Chats.Previous
	}
	if r.Baseline != nil && len(n.Special) == 0 && n.MissingDays == 0 {
		n.ChatsBaseline = &r.Baseline.Chats.Median
	}
	_, n.Unavailable = r.Reason(figures.SectionFallbacks)
	if r.EnoughMessages() {
		n.FallbackRate = r.Fallbacks.Rate
	}
	if b, ok := r.Excess(); ok {
		n.Above, n.Replies, n.RateBaseline = &b.Chats, &b.Replies, &r.Baseline.FallbackRate.Median
		if b.Unusual {
			n.Unusual, n.Level = true, b.Level
		}
		if b.Chats > 0 {
			for _, day := range r.Fallbacks.Incidents {
				n.Unusual, n.Level = true, max(n.Level, day.Level)
			}
		}
	}
	for _, t := range r.Targets {
		if t.State == figures.Missed {
			n.Missed = append(n.Missed, t.Name)
			if t.StandsOut {
				n.MissedClearly = append(n.MissedClearly, t.Name)
			}
		}
	}
	return n
}

// Encode returns overview.json.
func (o *Portfolio) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("overview of %s: %w", o.Period, err)
	}
	return append(data, '\n'), nil
}

// Decode reads overview.json.
func Decode(data []byte) (*Portfolio, error) {
	var o Portfolio
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, fmt.Errorf("overview: %w", err)
	}
	switch {
	case o.Schema != Schema:
		return nil, fmt.Errorf("overview of schema %d, and this program reads %d", o.Schema, Schema)
	case o.Period.IsZero():
		return nil, fmt.Errorf("overview that names no week")
	}
	for _, b := range o.Bots {
		if b.State == In && b.Numbers == nil {
			return nil, fmt.Errorf("overview of %s: bot %s is in and has no numbers", o.Period, b.ID)
		}
	}
	return &o, nil
}

// Group is what bots have in common.
type Group string

// The groups, in the order of the page.
const (
	GroupAffected   Group = "affected"
	GroupFailed     Group = "failed"
	GroupNotIn      Group = "not_in"
	GroupUsual      Group = "usual"
	GroupUncompared Group = "uncompared"
	GroupUnknown    Group = "unknown"
	GroupSilent     Group = "silent"
	GroupFew        Group = "few"
	GroupPaused     Group = "paused"
	GroupNew        Group = "new"
	GroupUnsent     Group = "unsent"
)

// Groups are all of them, in the order of the page.
var Groups = []Group{GroupAffected, GroupFailed, GroupNotIn, GroupUsual, GroupUncompared, GroupUnknown, GroupSilent, GroupFew, GroupPaused, GroupNew, GroupUnsent}

// portfolioAlarm is how often a bot may be called affected in a week in which nothing happens, of all portfolios.
const portfolioAlarm = 0.02

// Of how many numbers a bot's level is the highest, and how much wider than a normal distribution's the tail of levels is.
// The simulation in package report shows what follows from them.
const (
	levelsOfBot = 7
	heavier     = 1.075
)

// affectedLevel returns the level that a bot needs to be affected, of so many that are compared. For one bot that of
// package figures is the higher one.
func affectedLevel(compared int) float64 {
	quiet := math.Pow(1-portfolioAlarm, 1/float64(levelsOfBot*max(1, compared)))
	return heavier * math.Sqrt2 * math.Erfinv(2*quiet-1)
}

// compared reports whether a bot's fallbacks are held against its ordinary weeks: its report is in, has enough chats, and
// says how the fallbacks stand.
func (b Bot) compared() bool {
	return b.State == In && b.Numbers.Chats >= TooFew && b.Numbers.Above != nil
}

// Compared returns how many bots are held against what is ordinary for them.
func (o *Portfolio) Compared() (n int) {
	for _, b := range o.Bots {
		if b.compared() {
			n++
		}
	}
	return n
}

// Affected reports whether a bot's fallbacks stand out, of as many bots as are compared.
func (o *Portfolio) Affected(b Bot) bool { return b.affected(affectedLevel(o.Compared())) }

func (b Bot) affected(level float64) bool {
	return b.compared() && b.Numbers.Unusual && (b.Numbers.Level == 0 || b.Numbers.Level >= level)
}

// Group returns the group of a bot.
func (o *Portfolio) Group(b Bot) Group { return b.group(affectedLevel(o.Compared())) }

func (b Bot) group(level float64) Group {
	switch b.State {
	case In:
	case Failed:
		return GroupFailed
	case Paused:
		return GroupPaused
	case New:
		return GroupNew
	case Unsent:
		return GroupUnsent
	default:
		return GroupNotIn
	}
	switch n := b.Numbers.Chats; {
	case n < TooFew && b.Numbers.MissingDays > 0:
		return GroupUnknown
	case n == 0:
		return GroupSilent
	case n < TooFew:
		return GroupFew
	}
	switch {
	case b.affected(level):
		return GroupAffected
	case b.compared():
		return GroupUsual
	}
	return GroupUncompared
}

// Grouped returns the bots of a group, in the order in which they are to be read.
func (o *Portfolio) Grouped(g Group) []Bot {
	var all []Bot
	level := affectedLevel(o.Compared())
	for _, b := range o.Bots {
		if b.group(level) == g {
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b Bot) int {
		c := 0
		switch g {
		case GroupAffected:
			c = worse(a.Numbers, b.Numbers)
		case GroupUsual, GroupUncompared: // in which none is worse than another
			c = cmp.Compare(b.Numbers.Chats, a.Numbers.Chats)
		}
		return cmp.Or(c, cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// worse sorts the bot first that has more chats above its ordinary. Both are compared.
func worse(a, b *Numbers) int {
	return cmp.Or(cmp.Compare(*b.Above, *a.Above), cmp.Compare(rest(b), rest(a)))
}

func rest(n *Numbers) float64 {
	if n.Replies == nil {
		return 0
	}
	return *n.Replies
}

// Total is a sum over those bots of which the numbers are known, and how many these are.
type Total struct {
	Bots, Chats, Before int
	Unknown             int // bots whose report is in, and whose chats are not known
}

// Totals are the chats of all bots whose report is in and knows them, and, over those that have both, beside last week's.
func (o *Portfolio) Totals() (all, pairs Total) {
	for _, b := range o.Bots {
		if b.State != In {
			continue
		}
		if b.Numbers.MissingDays > 0 {
			all.Unknown++
			continue
		}
		all.Bots, all.Chats = all.Bots+1, plus(all.Chats, b.Numbers.Chats)
		if last := b.Numbers.ChatsLastWeek; last != nil {
			pairs.Bots, pairs.Chats, pairs.Before = pairs.Bots+1, plus(pairs.Chats, b.Numbers.Chats), plus(pairs.Before, *last)
		}
	}
	return all, pairs
}

// plus adds counts that are not below zero, without overflowing.
func plus(a, b int) int {
	if sum := a + b; sum >= a {
		return sum
	}
	return math.MaxInt
}

// Missed returns the bots that missed a target, whatever their size, in the order of the page.
func (o *Portfolio) Missed() (all []Bot) {
	for _, g := range Groups {
		for _, b := range o.Grouped(g) {
			if b.Numbers != nil && len(b.Numbers.Missed) > 0 {
				all = append(all, b)
			}
		}
	}
	return all
}

// Unknown returns the bots whose numbers may be missing or wrong, since Kindly's statistics do not know their filter, in the
// order of the page.
func (o *Portfolio) Unknown() (all []Bot) {
	for _, g := range Groups {
		for _, b := range o.Grouped(g) {
			if b.Numbers != nil && b.Numbers.UnknownFilters {
				all = append(all, b)
			}
		}
	}
	return all
}

// Absent returns the bots whose report ought to be in and is not.
func (o *Portfolio) Absent() []Bot { return append(o.Grouped(GroupFailed), o.Grouped(GroupNotIn)...) }
