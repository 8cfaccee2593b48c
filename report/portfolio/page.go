package portfolio

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// Page is what every edition says. Texts are plain: names typed by strangers are in them as they came, and each edition
// escapes and cuts them for its medium.
type Page struct {
	Words  *wording.Wording
	Accent string // the brand's, as #rrggbb; may be empty

	Name     string // "All bots of acme"
	Dates    string // "9–15 November 2026"
	Period   string // "week 46"
	Title    string // "All bots of acme, 9–15 November 2026"
	Subject  string // "All bots of acme, 9–15 November: 41,203 chats with 38 of 42 bots"
	Headline string
	Facts    []string // further sentences about all bots
	Sections []Section
	Notes    []string // what the numbers are
	Foot     []string
}

// Section is a group of bots.
type Section struct {
	Group Group
	Title string // "Too few to judge (3)"
	Note  string // may be empty
	Rows  []Row  // at least one
}

// Row is a bot. What does not concern its group is empty.
type Row struct {
	Name string
	URL  string // to its report, or to the bot

	Above         string   // "unusually many fallbacks: at most 312 chats above normal", or why the bot is not compared
	Unusual       bool     // which Above says too: the bot is affected, and has a warning sign
	Number        *int     // that Above tells of
	Rate          string   // "11.8% fallbacks, ordinarily 9.1%"
	Chats         string   // "8,031 chats"
	Beside        []string // "last week 7,607", "ordinarily 7,900"
	Targets       string   // "1 of 4 targets missed: fallback rate"
	MissedClearly bool     // one of them was missed by more than chance, which has a warning sign
	Spark         string   // a character for each week
	Reason        string   // why there is no report

	// For a table that has Number in a cell: the same in cells, and of Above what the number does not say.
	Mark       string
	RateOnly   string   // "11.8%"
	RateBeside []string // "ordinarily 9.1%"
	ChatsOnly  string   // "8,031"
}

// Details are a row's texts, without its name and its sparkline, the most important first.
func (r Row) Details() []string {
	chats := r.Chats
	if len(r.Beside) > 0 {
		chats += " (" + strings.Join(r.Beside, "; ") + ")"
	}
	return slices.DeleteFunc([]string{r.Above, r.Reason, r.Targets, r.Rate, chats}, func(s string) bool { return s == "" })
}

// mostNamed is how many bots a sentence names.
const mostNamed = 3

// mostName is how long a bot's name is in a sentence, in runes.
const mostName = 40

// Page says the overview in its locale.
func (o *Portfolio) Page() (*Page, error) {
	words, err := wording.For(o.Locale)
	if err != nil {
		return nil, err
	}
	w := writer{words, o}
	first, last := o.Period.From().UTC(), o.Period.Last().UTC()
	p := &Page{
		Words: words, Accent: o.Accent, Name: w.Say(wording.PortfolioName, names.Or(o.Name, w.Say(wording.Nameless))), Dates: w.DatesYear(first, last),
		Period: words.Period(o.Period), Headline: w.headline(), Facts: w.facts(),
		Foot: []string{w.Say(wording.PortfolioMade, w.Time(o.MadeAt.UTC())), w.Say(wording.ProvenanceID, o.ID)},
	}
	p.Title = w.Say(wording.Title, p.Name, p.Dates)
	p.Subject = w.Say(wording.Subject, p.Name, w.Dates(first, last), cmp.Or(w.volume(), w.Say(wording.PortfolioNoneIn)))
	for _, g := range Groups {
		if s := w.section(g); len(s.Rows) > 0 {
			p.Sections = append(p.Sections, s)
		}
	}
	has := func(g Group) bool {
		return slices.ContainsFunc(p.Sections, func(s Section) bool { return s.Group == g })
	}
	if has(GroupAffected) {
		p.Notes = append(p.Notes, w.Say(wording.PortfolioNoteAbove))
	}
	if has(GroupUsual) {
		p.Notes = append(p.Notes, w.Say(wording.PortfolioNoteUsual))
	}
	if has(GroupAffected) || has(GroupUsual) || has(GroupUncompared) {
		p.Notes = append(p.Notes, w.Say(wording.PortfolioNoteSpark, fmt.Sprint(figures.TrendPeriods), w.Say(wording.Missing)))
	}
	return p, nil
}

type writer struct {
	*wording.Wording
	o *Portfolio
}

// headline is a sentence of a few clauses: what stands out, or else which targets were missed, or else that nothing does;
// which reports are missing; and how much there was. A bot that cannot be compared is not said to be as ever.
func (w writer) headline() string {
	var clauses []string
	all, _ := w.o.Totals()
	out, missed, compared := w.o.Grouped(GroupAffected), w.o.Missed(), w.o.Compared()
	switch {
	case all.Bots+all.Unknown == 0:
		clauses = append(clauses, w.Say(wording.PortfolioNoneIn))
	case len(out) > 0:
		clauses = append(clauses, w.Say(wording.PortfolioStandOut, len(out), w.named(out)))
	case len(missed) > 0:
		clauses = append(clauses, w.Say(wording.PortfolioMissed, len(missed), w.named(missed)))
	case compared > 0:
		clauses = append(clauses, w.Say(wording.PortfolioCalm, compared))
	default:
		clauses = append(clauses, w.Say(wording.PortfolioUncompared))
	}
	if absent := w.o.Absent(); len(absent) > 0 {
		clauses = append(clauses, w.Say(wording.PortfolioAbsent, len(absent), w.named(absent)))
	}
	if v := w.volume(); v != "" {
		clauses = append(clauses, v)
	}
	sentence := clauses[0]
	for _, c := range clauses[1:] {
		sentence = w.Say(wording.Clauses, sentence, c)
	}
	return w.FullStop(sentence)
}

// volume is how many chats there were, over how many of the bots whose report was due; empty where none is in.
func (w writer) volume() string {
	all, _ := w.o.Totals()
	if all.Bots == 0 {
		return ""
	}
	chats, absent := w.Say(wording.ChatCount, all.Chats), len(w.o.Absent())+all.Unknown
	if absent == 0 {
		return w.Say(wording.PortfolioVolumeAll, chats, all.Bots)
	}
	return w.Say(wording.PortfolioVolume, chats, all.Bots, all.Bots+absent)
}

// facts are what the headline has no room for.
func (w writer) facts() (all []string) {
	if unknown := w.o.Unknown(); len(unknown) > 0 {
		all = append(all, w.FullStop(w.Say(wording.PortfolioUnknownFilters, len(unknown), w.named(unknown))))
	}
	if missed := w.o.Missed(); len(missed) > 0 && len(w.o.Grouped(GroupAffected)) > 0 {
		all = append(all, w.FullStop(w.Say(wording.PortfolioMissed, len(missed), w.named(missed))))
	}
	if _, pairs := w.o.Totals(); pairs.Bots > 0 {
		all = append(all, w.Say(wording.PortfolioPairs, w.Say(wording.ChatCount, pairs.Chats), pairs.Before, pairs.Bots))
	}
	return all
}

// named lists the first of some bots, and how many more there are.
func (w writer) named(all []Bot) string {
	var names []string
	for _, b := range all {
		name := []rune(w.name(b))
		if len(name) > mostName {
			name = append(name[:mostName-1], '…')
		}
		names = append(names, string(name))
	}
	return w.ListSome(names, mostNamed)
}

// name is what readers know a bot by, or its ID where there is nothing to see in that.
func (w writer) name(b Bot) string {
	return names.Or(b.Name, names.Or(b.ID, w.Say(wording.Nameless)))
}

func (w writer) section(g Group) Section {
	title := map[Group]wording.Key{
		GroupAffected: wording.PortfolioAffected, GroupFailed: wording.PortfolioFailed, GroupNotIn: wording.PortfolioNotIn,
		GroupUsual: wording.PortfolioAsUsual, GroupUncompared: wording.PortfolioNotCompared,
		GroupUnknown: wording.PortfolioUnknown, GroupSilent: wording.PortfolioSilent, GroupFew: wording.PortfolioFew, GroupPaused: wording.PortfolioPaused,
		GroupNew: wording.PortfolioNewBots, GroupUnsent: wording.PortfolioUnsent,
	}[g]
	s := Section{Group: g}
	for _, b := range w.o.Grouped(g) {
		s.Rows = append(s.Rows, w.row(b, g))
	}
	s.Title = w.Say(wording.PortfolioOfGroup, w.Say(title), len(s.Rows))
	switch g {
	case GroupFew:
		s.Note = w.Say(wording.PortfolioNoteFew, TooFew)
	case GroupNotIn:
		s.Note = w.Say(wording.PortfolioNoteNotIn)
	case GroupNew:
		s.Note = w.Say(wording.PortfolioNoteNew)
	case GroupUnsent:
		s.Note = w.Say(wording.PortfolioNoteUnsent)
	}
	return s
}

func (w writer) row(b Bot, g Group) Row {
	r := Row{Name: w.name(b), URL: b.Link}
	switch {
	case b.State == Failed && b.Reason == NoAccess:
		r.Reason = w.Say(wording.PortfolioNoAccess)
	case b.State == Failed && b.Reason == Statistics:
		r.Reason = w.Say(wording.PortfolioStatistics)
	case b.State == Failed:
		r.Reason = w.Say(wording.PortfolioUnmade)
	}
	n := b.Numbers
	if b.State != In {
		return r
	}
	r.Chats, r.ChatsOnly = w.Say(wording.ChatCount, n.Chats), w.Count(n.Chats)
	known := w.o.Period.Len() - n.MissingDays
	if n.MissingDays > 0 {
		r.Chats = w.Say(wording.ChatsPartial, r.Chats, known)
		r.ChatsOnly = w.Say(wording.ChatsPartial, r.ChatsOnly, known)
	}
	if known == 0 {
		r.Chats, r.ChatsOnly = w.Say(wording.ChatsUnknown), w.Say(wording.Missing)
	}
	if n.ChatsLastWeek != nil {
		r.Beside = append(r.Beside, w.Say(wording.LastWeek, *n.ChatsLastWeek))
	}
	if n.ChatsBaseline != nil {
		r.Beside = append(r.Beside, w.Say(wording.Usually, w.Median(*n.ChatsBaseline)))
	}
	if len(n.Missed) > 0 {
		var names []string
		for _, name := range n.Missed {
			names = append(names, w.target(name))
		}
		r.Targets, r.MissedClearly = w.Say(wording.PortfolioTargets, len(n.Missed), n.Targets, w.List(names)), len(n.MissedClearly) > 0
	}
	switch g {
	case GroupAffected:
		r.Above, r.Mark = w.Say(wording.PortfolioUnusual, *n.Above), w.Say(wording.PortfolioUnusualMark)
		r.Unusual, r.Number = true, n.Above
	case GroupUsual: // a little above or below is chance
	case GroupUncompared:
		r.Above = w.uncompared(n)
		r.Mark = r.Above
	default:
		return r
	}
	if n.FallbackRate != nil {
		r.RateOnly = w.Percent(*n.FallbackRate)
		r.Rate = w.Say(wording.PortfolioRate, r.RateOnly)
		if n.RateBaseline != nil {
			baseline := w.Percent(*n.RateBaseline)
			r.Rate, r.RateBeside = w.Say(wording.PortfolioRateUsual, r.RateOnly, baseline), []string{w.Say(wording.Usually, baseline)}
		}
	}
	r.Spark = Spark(n.Rates, w.Say(wording.Missing))
	return r
}

// uncompared says why the bot's fallbacks are not held against what is ordinary for it.
func (w writer) uncompared(n *Numbers) string {
	switch {
	case n.Unavailable:
		return w.Say(wording.PortfolioNoFallbacks)
	case len(n.Special) > 0:
		return w.Say(wording.PortfolioSpecial, w.special(n.Special))
	}
	return w.Say(wording.PortfolioNew)
}

func (w writer) special(all []string) string {
	shown := slices.Clone(all[:min(len(all), mostNamed)])
	for i, name := range shown {
		shown[i] = names.Or(name, w.Say(wording.Nameless))
	}
	if len(all) <= mostNamed {
		return w.List(shown)
	}
	return w.Say(wording.MoreNames, w.List(shown), len(all)-mostNamed)
}

func (w writer) target(name string) string {
	key, ok := map[string]wording.Key{
		figures.TargetFallbackRate: wording.TargetFallbackRate, figures.TargetHandoverRate: wording.TargetHandoverRate,
		figures.TargetFeedback: wording.TargetFeedback, figures.TargetRequestsWhileClosed: wording.TargetRequestsWhileClosed,
	}[name]
	if !ok {
		return name
	}
	return w.Say(key)
}

// Spark draws rates as blocks of eight heights, one for each week, up to the highest of them. They begin at half of it, or at
// the lowest where that is lower: so one sees how a rate moved, and what hardly did looks like it. The lowest block is a true
// zero, and nothing else is; a week without a rate is the gap. It is empty where there is nothing to draw.
func Spark(rates []*float64, gap string) string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	var known []float64
	for _, r := range rates {
		if r != nil {
			known = append(known, *r)
		}
	}
	if len(known) == 0 {
		return ""
	}
	most := slices.Max(known)
	base := min(slices.Min(known), most/2)
	var b strings.Builder
	for _, r := range rates {
		switch {
		case r == nil:
			b.WriteString(gap)
		case *r <= 0:
			b.WriteRune(blocks[0])
		default:
			heights := float64(len(blocks) - 1) // above zero's
			b.WriteRune(blocks[max(1, int(math.Round((*r-base)/(most-base)*heights)))])
		}
	}
	return b.String()
}
