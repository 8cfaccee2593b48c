// Package portfolio makes the report about all bots of a tenant.
//
// [Of] makes it from the bots' reports, and from the states of bots that have none. Like package
// figures, it only computes. The result is kept in the archive as JSON, so that every destination
// gets the same numbers at any time. [Portfolio.Page] puts it into words, and packages pdf, digest
// and mail lay out the page.
//
// # Verdict
//
// Each report has a verdict. [Numbers.Verdict] has what its short form needs. The page begins with
// how many bots need a look. Then come the worst of them, each with the reason that the subject of
// its own report gives. The headline has the order of precedence of a single report, with one
// exception. Bots of which too little is known, and those with a special week, are counted only if
// no other bot can be judged. Among many bots, there are always some.
//
// # Groups
//
// Each bot is in one group. Missing reports come before usual bots, so that they are seen without
// scrolling.
//
//	needs_a_look its verdict is that it needs a look, beyond chance among the compared bots
//	chance       its verdict is that it needs a look, which may be chance among the compared bots
//	incomplete   numbers are missing that would decide
//	failed       it has no report, and why
//	not_in       it has no report yet, without a failure
//	good         its week was good
//	usual        its week was usual
//	special      its week is special, and compared with no other
//	few          too little is known of it
//	paused       it is paused
//	new          it was added after its report would have been due
//	unsent       it has no destinations
//
// # Order
//
// Bots without any chats come first, the one with the most usual chats at the top. Next come bots
// with more fallbacks than usual, ordered by [Numbers.Above]. Bots with far fewer chats are among
// them, ordered by how many chats are missing. Bots that missed a target or have worse feedback are
// last.
//
// Above is the largest number of chats that can have had more fallbacks than usual. A bot is
// compared only with itself, since a bot for tax returns differs from one for opening hours. Sage
// reports how many replies were fallbacks, not in how many chats. Each fallback is in one chat. So
// the number of fallbacks above the usual number is an upper bound of the chats, and so is the
// week's number of chats. The page says "up to". Bots with the same bound are ordered by those
// fallbacks, then by name.
//
// # Chance
//
// A report gives a false alarm in about 0.4% of the weeks. Of 200 bots, at least one does so in
// more than half of the weeks. So a verdict that compares with what is usual needs a level that
// depends on how many bots are compared ([Portfolio.Compared]). With this level, any bot needs a
// look by chance alone in at most one of fifty weeks, for any number of bots (Šidák's correction).
// The standard deviations of package figures are estimates, so levels have a heavier tail than a
// normal distribution. The limits are raised by factors that were found by simulation.
//
// A bot below that level is not counted. It is not called usual either, since its own report says
// that it needs a look. The page names it, and says that this may be chance.
//
// Verdicts without a level always count. A week without chats, or with fewer than half of the usual
// ones, did not occur in the simulation. A missed target compares with a limit that a person chose,
// so other bots do not matter.
//
// # Before there were verdicts
//
// If any report has no verdict, the portfolio begins with its title, as older ones did. Bots are
// affected if their fallbacks stand out, in the week or on a day, at the level for the number of
// compared bots. In a portfolio from before there were levels, any level is enough. The other
// groups are
//
//	affected   its fallbacks stand out
//	usual      it is compared with its usual weeks and is not affected
//	uncompared its usual weeks are not known, or the week is special, and why
//	unknown    its chats are not known, or of too few days
//	silent     it has no chats
//	few        it has fewer than TooFew chats
//
// A report that comes later does not change the portfolio, which is not sent again.
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
	"kindlyweekly/report/summary"
)

// Schema is the version of overview.json that this program writes. Keys are only added to a
// version.
const Schema = 1

// TooFew is the number of chats in a week below which a bot is not compared.
const TooFew = 100

// Portfolio is what the bots of a tenant did in a week.
type Portfolio struct {
	Schema int           `json:"schema"`
	ID     string        `json:"id"`   // follows from the content
	Name   string        `json:"name"` // the tenant's, for readers
	Period period.Period `json:"week"`
	Locale string        `json:"locale"`
	Accent string        `json:"accent,omitempty"` // the brand's, #rrggbb; empty: none
	MadeAt time.Time     `json:"made_at"`          // UTC
	Bots   []Bot         `json:"bots"`             // in the configuration's order

	// WithoutData says that no data file is embedded in the PDF.
	WithoutData bool `json:"without_data,omitempty"`
}

// Bot is a bot of the portfolio.
type Bot struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	State   State    `json:"state"`
	Reason  Reason   `json:"reason,omitempty"`  // if Failed
	Link    string   `json:"link,omitempty"`    // to its report, or else to the bot
	Numbers *Numbers `json:"numbers,omitempty"` // if In
}

// State is what became of a bot's report.
type State string

// The states of a bot.
const (
	In     State = "in"
	Failed State = "failed"
	NotIn  State = "not_in"
	Paused State = "paused"
	New    State = "new"    // it was added after its report would have been due
	Unsent State = "unsent" // it has no destinations
)

// Reason is why a report is missing, as readers are told.
type Reason string

// The reasons of a failure.
const (
	NoAccess   Reason = "access"     // the key or the bot was refused
	Statistics Reason = "statistics" // Kindly's statistics did not answer, or not in full
	Unmade     Reason = "unmade"     // anything else
)

// Numbers are the numbers of a report that the portfolio shows. The JSON names are those of
// figures.
type Numbers struct {
	Chats         int      `json:"chats"`
	ChatsLastWeek *int     `json:"chats_last_week"` // null: the history does not go back so far
	ChatsBaseline *float64 `json:"chats_ordinary"`  // null: not known, or a special week
	FallbackRate  *float64 `json:"fallback_rate"`   // null: not known, or of too few messages
	RateBaseline  *float64 `json:"rate_ordinary"`   // null: as FallbackRate, or a special week

	// Above is in how many chats, at most, there were more fallbacks than usual; null: not
	// compared.
	Above   *int     `json:"above"`
	Replies *float64 `json:"replies"` // fallbacks above the usual number; negative: below it
	Unusual bool     `json:"unusual"` // more than chance, in the week or on a day
	// Level is the highest number of standard deviations above the usual number; 0: not unusual.
	Level float64 `json:"level,omitempty"`

	Special       []string   `json:"special"`                 // holidays and notes of the week
	Targets       int        `json:"targets"`                 // how many there are
	Missed        []string   `json:"missed"`                  // as figures names them
	MissedClearly []string   `json:"missed_beyond,omitempty"` // those missed by more than chance
	Rates         []*float64 `json:"rates"`                   // of 12 weeks; null: not known
	Unavailable   bool       `json:"unavailable"`             // the fallbacks could not be fetched
	ReportID      string     `json:"report_id"`

	// Verdict has what the short form of the report's verdict needs; null: the report has none.
	Verdict *summary.Clause `json:"verdict,omitempty"`

	// MissingDays is the number of days whose chats are not known. Chats are those of the other
	// days.
	MissingDays int `json:"missing_days,omitempty"`
	// UnknownFilters says that Kindly's statistics do not know a source or a language of the
	// filter.
	UnknownFilters bool `json:"unknown_filters,omitempty"`
}

// Of makes the portfolio of bots in the order of the configuration. Names become valid UTF-8, as
// JSON needs. It fails only if the portfolio cannot be encoded.
func Of(
	name string, w period.Period, locale string, madeAt time.Time, bots []Bot,
) (*Portfolio, error) {
	name, bots = valid(name), slices.Clone(bots)
	for i := range bots {
		bots[i].Name, bots[i].Link = valid(bots[i].Name), valid(bots[i].Link)
	}
	p := &Portfolio{Schema: Schema, Name: name, Period: w, Locale: locale,
		MadeAt: madeAt.UTC().Truncate(time.Second), Bots: bots}
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("portfolio of %s: %w", w, err)
	}
	sum := sha256.Sum256(data)
	p.ID = "portfolio-" + w.String() + "-" + hex.EncodeToString(sum[:8])
	return p, nil
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// Read returns the numbers of a report that the portfolio shows.
func Read(r *figures.Report) *Numbers {
	n := &Numbers{
		Chats: r.Chats.Total, Special: []string{}, Missed: []string{}, Targets: len(r.Targets),
		ReportID: r.ID, Rates: r.FallbackTrend(), UnknownFilters: r.UnknownFilters != nil,
		Verdict: summary.ClauseOf(r)}
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
func (p *Portfolio) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("portfolio of %s: %w", p.Period, err)
	}
	return append(data, '\n'), nil
}

// Decode reads overview.json. It fails if the schema is another one, or if the week or a bot's
// numbers are missing.
func Decode(data []byte) (*Portfolio, error) {
	var p Portfolio
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("portfolio: %w", err)
	}
	switch {
	case p.Schema != Schema:
		return nil, fmt.Errorf("portfolio: schema %d: this program reads %d", p.Schema, Schema)
	case p.Period.IsZero():
		return nil, fmt.Errorf("portfolio: no week")
	}
	for _, b := range p.Bots {
		if b.State == In && b.Numbers == nil {
			return nil, fmt.Errorf("portfolio of %s: bot %s: no numbers", p.Period, b.ID)
		}
	}
	return &p, nil
}

// Group is a group of bots on the page.
type Group string

// The groups of bots with a verdict.
const (
	GroupLook       Group = "needs_a_look"
	GroupChance     Group = "chance"
	GroupIncomplete Group = "incomplete"
	GroupGood       Group = "good"
	GroupSpecial    Group = "special"
)

// The groups of a portfolio without verdicts.
const (
	GroupAffected   Group = "affected"
	GroupUncompared Group = "uncompared"
	GroupUnknown    Group = "unknown"
	GroupSilent     Group = "silent"
)

// The groups of every portfolio.
const (
	GroupUsual  Group = "usual"
	GroupFailed Group = "failed"
	GroupNotIn  Group = "not_in"
	GroupFew    Group = "few"
	GroupPaused Group = "paused"
	GroupNew    Group = "new"
	GroupUnsent Group = "unsent"
)

// Groups lists the groups in the order of the page. Missing reports come before usual bots, so that
// they are seen without scrolling.
var Groups = []Group{
	GroupLook, GroupAffected, GroupChance, GroupIncomplete, GroupFailed, GroupNotIn, GroupGood,
	GroupUsual, GroupUncompared, GroupSpecial, GroupUnknown, GroupSilent, GroupFew, GroupPaused,
	GroupNew, GroupUnsent,
}

// portfolioAlarm is the probability that a portfolio calls any bot affected in a week without
// changes.
const portfolioAlarm = 0.02

// A bot's level is the highest of levelsOfBot numbers. The tail of levels is wider than that of a
// normal distribution by the factor heavier. For the rate of a week, whose spread is estimated from
// at most eleven weeks, the factor is heavierWeek. Both come from a simulation in package report.
const (
	levelsOfBot = 7
	heavier     = 1.075
	heavierWeek = 1.4
)

// levelAmong returns the level at which a bot stands out, given the number of compared bots and the
// factor by which the tail is wider. It is 0 for a single bot, which stands out if its report says
// so.
func levelAmong(compared int, wider float64) float64 {
	if compared <= 1 {
		return 0
	}
	quiet := math.Pow(1-portfolioAlarm, 1/float64(levelsOfBot*compared))
	return wider * math.Sqrt2 * math.Erfinv(2*quiet-1)
}

// compared reports whether a bot is compared with its usual weeks: in a judged portfolio by its
// verdict, and else by its fallbacks.
func (b Bot) compared(judged bool) bool {
	switch {
	case b.State != In:
		return false
	case judged:
		return b.Numbers.Verdict.Status != figures.TooFew
	}
	return b.Numbers.Chats >= TooFew && b.Numbers.Above != nil
}

// Compared returns how many bots are compared with their usual weeks.
func (p *Portfolio) Compared() (n int) {
	judged := p.Judged()
	for _, b := range p.Bots {
		if b.compared(judged) {
			n++
		}
	}
	return n
}

// Affected reports whether a bot stands out among the compared bots: it needs a look, or without
// verdicts, its fallbacks are unusually many.
func (p *Portfolio) Affected(b Bot) bool {
	g := p.Group(b)
	return g == GroupLook || g == GroupAffected
}

// Group returns the group of a bot.
func (p *Portfolio) Group(b Bot) Group { return p.grouping()(b) }

// grouping returns the function that gives each bot its group.
func (p *Portfolio) grouping() func(Bot) Group {
	compared := p.Compared()
	level := levelAmong(compared, heavier)
	if p.Judged() {
		ofWeek := levelAmong(compared, heavierWeek)
		return func(b Bot) Group { return b.judgedGroup(level, ofWeek) }
	}
	return func(b Bot) Group { return b.group(level) }
}

// absent returns the group of a bot without numbers, and "" for the others.
func (b Bot) absent() Group {
	switch b.State {
	case In:
		return ""
	case Failed, Paused, New, Unsent:
		return Group(b.State)
	}
	return GroupNotIn
}

func (b Bot) group(level float64) Group {
	if g := b.absent(); g != "" {
		return g
	}
	compared := b.compared(false)
	switch n := b.Numbers; {
	case n.Chats < TooFew && n.MissingDays > 0:
		return GroupUnknown
	case n.Chats == 0:
		return GroupSilent
	case n.Chats < TooFew:
		return GroupFew
	case compared && n.Unusual && (n.Level == 0 || n.Level >= level):
		return GroupAffected
	case compared:
		return GroupUsual
	}
	return GroupUncompared
}

// Grouped returns the bots of a group, in the order of the page.
func (p *Portfolio) Grouped(g Group) []Bot {
	var all []Bot
	group := p.grouping()
	for _, b := range p.Bots {
		if group(b) == g {
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b Bot) int {
		c := 0
		switch g {
		case GroupLook, GroupChance:
			c = worst(a.Numbers, b.Numbers)
		case GroupAffected:
			c = worse(a.Numbers, b.Numbers)
		case GroupUsual, GroupUncompared, GroupGood, GroupSpecial, GroupIncomplete:
			c = cmp.Compare(b.Numbers.Chats, a.Numbers.Chats)
		}
		return cmp.Or(c, cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
			cmp.Compare(a.ID, b.ID))
	})
	return all
}

// worse sorts bots by the chats above the usual number, the most first. Both are compared.
func worse(a, b *Numbers) int {
	return cmp.Or(cmp.Compare(*b.Above, *a.Above), cmp.Compare(rest(b), rest(a)))
}

func rest(n *Numbers) float64 {
	if n.Replies == nil {
		return 0
	}
	return *n.Replies
}

// Total is sums over the bots whose numbers are known.
type Total struct {
	Bots, Chats, Before int
	Unknown             int // bots with a report, whose chats are not known
}

// Totals returns the chats of the bots whose chats are known. pairs are the bots that also know
// last week's.
func (p *Portfolio) Totals() (all, pairs Total) {
	for _, b := range p.Bots {
		if b.State != In {
			continue
		}
		if b.Numbers.MissingDays > 0 {
			all.Unknown++
			continue
		}
		all.Bots++
		all.Chats = plus(all.Chats, b.Numbers.Chats)
		if last := b.Numbers.ChatsLastWeek; last != nil {
			pairs.Bots++
			pairs.Chats = plus(pairs.Chats, b.Numbers.Chats)
			pairs.Before = plus(pairs.Before, *last)
		}
	}
	return all, pairs
}

// plus adds counts, and returns the largest int if the sum overflows.
func plus(a, b int) int {
	if sum := a + b; sum >= a {
		return sum
	}
	return math.MaxInt
}

// Missed returns the bots that missed a target, in the order of the page.
func (p *Portfolio) Missed() []Bot {
	return p.with(func(n *Numbers) bool { return len(n.Missed) > 0 })
}

// Unknown returns the bots with a filter that Kindly's statistics do not know, in the order of the
// page. Their numbers may be missing or wrong.
func (p *Portfolio) Unknown() []Bot {
	return p.with(func(n *Numbers) bool { return n.UnknownFilters })
}

func (p *Portfolio) with(has func(*Numbers) bool) (all []Bot) {
	for _, g := range Groups {
		for _, b := range p.Grouped(g) {
			if b.Numbers != nil && has(b.Numbers) {
				all = append(all, b)
			}
		}
	}
	return all
}

// Absent returns the bots whose report is due and missing.
func (p *Portfolio) Absent() []Bot {
	return append(p.Grouped(GroupFailed), p.Grouped(GroupNotIn)...)
}
