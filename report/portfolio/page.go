package portfolio

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// Page is what every edition says. Its texts are plain: names that users typed are in them
// unchanged. Each edition escapes and cuts them.
type Page struct {
	Words  *wording.Wording
	Accent string // the brand's, as #rrggbb; may be empty
	Judged bool   // the page begins with the verdict; false: with its title

	Name     string   // "All bots of acme"
	Dates    string   // "9–15 November 2026"
	Period   string   // "week 46"
	Title    string   // "All bots of acme, 9–15 November 2026"
	Tenant   string   // "acme"
	Subject  string   // "107 of 200 bots need a look – acme"
	Preview  string   // the worst bots, to be read with the subject; empty: without verdicts
	Headline string   // "107 of 200 bots need a look"
	Facts    []string // what belongs to it: how many bots each other group has, missing reports
	Sections []Section
	Figures  Figures  // of all bots with a report, for an edition with room
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

// Compared reports whether the group is of bots with enough chats to be compared. They are listed
// with all their numbers.
func (s Section) Compared() bool {
	switch s.Group {
	case GroupLook, GroupChance, GroupIncomplete, GroupGood, GroupSpecial,
		GroupAffected, GroupUsual, GroupUncompared:
		return true
	}
	return false
}

// Tabled reports whether the numbers of the group are best compared in a table. In the other
// groups, the verdicts of the bots say more.
func (s Section) Tabled() bool {
	return s.Group == GroupAffected || s.Group == GroupUsual || s.Group == GroupUncompared
}

// Ranked reports whether the group is ordered, the worst bot first.
func (s Section) Ranked() bool { return s.Group == GroupLook || s.Group == GroupAffected }

// Failure is bots that have no report for the same reason.
type Failure struct {
	Reason string
	Rows   []Row
}

// ByReason returns the rows by reason, in the order in which the reasons first occur.
func (s Section) ByReason() (all []Failure) {
	for _, r := range s.Rows {
		i := slices.IndexFunc(all, func(f Failure) bool { return f.Reason == r.Reason })
		if i < 0 {
			i = len(all)
			all = append(all, Failure{Reason: r.Reason})
		}
		all[i].Rows = append(all[i].Rows, r)
	}
	return all
}

// Row is a bot. Fields that do not belong to its group are empty.
type Row struct {
	Name string
	URL  string // to its report, or to the bot

	// Verdict is why the bot needs a look, or had a good week, as in the subject of its own report:
	// "no chats the whole week". It is empty in other groups, and without verdicts.
	Verdict string

	// Above is "up to 312 more chats affected than usual", or why the bot is not compared.
	Above         string
	Unusual       bool     // the bot is affected and has a warning sign
	Number        *int     // the number in Above
	Rate          string   // "did not understand 11.8%", and the baseline
	Chats         string   // "8,031 chats"
	Beside        []string // "week before 7,607", and the baseline
	Targets       string   // "1 of 4 targets missed: fallback rate"
	MissedClearly bool     // by more than chance: they have a warning sign
	Spark         string   // a character for each week before
	SparkNow      string   // that of this week
	Reason        string   // why there is no report

	// For a table with Number in a cell: the same texts for cells. Mark is Above without the
	// number.
	Mark       string
	RateOnly   string   // "11.8%"
	RateBeside []string // the baseline
	ChatsOnly  string   // "8,031"
}

// Details returns the texts of a row without its name, verdict and sparkline, the most important
// first.
func (r Row) Details() []string {
	return slices.DeleteFunc([]string{r.Above, r.Reason, r.Targets, r.Rate, r.chats()},
		func(s string) bool { return s == "" })
}

// Main returns the number that says how serious the verdict is: in how many chats something went
// wrong, or how many chats there were.
func (r Row) Main() string { return cmp.Or(r.Above, r.chats()) }

func (r Row) chats() string {
	if len(r.Beside) == 0 {
		return r.Chats
	}
	return r.Chats + " (" + strings.Join(r.Beside, "; ") + ")"
}

// mostNamed is the most bots that a sentence names.
const mostNamed = 3

// mostName is the most runes of a name in a sentence.
const mostName = 40

// Page puts the portfolio into words, in its locale. It fails if the locale is unknown.
func (p *Portfolio) Page() (*Page, error) {
	words, err := wording.For(p.Locale)
	if err != nil {
		return nil, err
	}
	w := writer{words, p}
	first, last := p.Period.From().UTC(), p.Period.Last().UTC()
	tenant := names.Or(p.Name, w.Say(wording.Nameless))
	page := &Page{
		Words: words, Accent: p.Accent, Judged: p.Judged(),
		Name:   w.Say(wording.PortfolioName, tenant),
		Tenant: tenant,
		Dates:  w.DatesYear(first, last),
		Period: words.Period(p.Period),
		Foot: []string{w.Say(wording.PortfolioMade, w.Time(p.MadeAt.UTC())),
			w.Say(wording.ProvenanceID, p.ID)},
	}
	page.Title = w.Say(wording.Title, page.Name, page.Dates)
	shown := make(map[Group]*Section)
	page.Figures = w.figures()
	for _, g := range Groups {
		if s := w.section(g); len(s.Rows) > 0 {
			page.Sections = append(page.Sections, s)
			shown[g] = &page.Sections[len(page.Sections)-1]
		}
	}
	if page.Judged {
		w.open(page)
	} else {
		page.Headline, page.Facts = w.headline(), w.facts()
		page.Subject = w.Say(wording.Subject, page.Name, w.Dates(first, last),
			cmp.Or(w.volume(), w.Say(wording.PortfolioNoneIn)))
	}
	has := func(is func(Row) bool) bool {
		return slices.ContainsFunc(page.Sections, func(s Section) bool {
			return slices.ContainsFunc(s.Rows, is)
		})
	}
	if has(func(r Row) bool { return r.Number != nil }) {
		page.Notes = append(page.Notes, w.Say(wording.PortfolioNoteAbove))
	}
	if shown[GroupUsual] != nil && !page.Judged {
		page.Notes = append(page.Notes, w.Say(wording.PortfolioNoteUsual))
	}
	if has(func(r Row) bool { return r.SparkNow != "" }) {
		page.Notes = append(page.Notes, w.Say(wording.PortfolioNoteSpark,
			figures.TrendPeriods, w.Say(wording.Missing)))
	}
	return page, nil
}

type writer struct {
	*wording.Wording
	p *Portfolio
}

// headline is a sentence of up to three clauses. The first says what stands out, or else which
// targets were missed, or else that nothing stands out. The second says which reports are missing,
// the third how many chats there were.
func (w writer) headline() string {
	var clauses []string
	all, _ := w.p.Totals()
	out, missed, compared := w.p.Grouped(GroupAffected), w.p.Missed(), w.p.Compared()
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
	if absent := w.p.Absent(); len(absent) > 0 {
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

// volume says how many chats there were, across how many of the bots whose report is due. It is
// empty if there is no report.
func (w writer) volume() string {
	all, _ := w.p.Totals()
	if all.Bots == 0 {
		return ""
	}
	chats, absent := w.Say(wording.ChatCount, all.Chats), len(w.p.Absent())+all.Unknown
	if absent == 0 {
		return w.Say(wording.PortfolioVolumeAll, chats, all.Bots)
	}
	return w.Say(wording.PortfolioVolume, chats, all.Bots, all.Bots+absent)
}

// facts returns further sentences.
func (w writer) facts() (all []string) {
	if unknown := w.p.Unknown(); len(unknown) > 0 {
		said := w.Say(wording.PortfolioUnknownFilters, len(unknown), w.named(unknown))
		all = append(all, w.FullStop(said))
	}
	if missed := w.p.Missed(); len(missed) > 0 && len(w.p.Grouped(GroupAffected)) > 0 {
		all = append(all, w.FullStop(w.Say(wording.PortfolioMissed, len(missed), w.named(missed))))
	}
	if _, pairs := w.p.Totals(); pairs.Bots > 0 {
		all = append(all, w.Say(wording.PortfolioPairs, pairs.Chats, pairs.Before,
			pairs.Bots))
	}
	return all
}

// named lists the first bots, and says how many more there are.
func (w writer) named(bots []Bot) string {
	var all []string
	for _, b := range bots {
		all = append(all, wording.Name(names.Cut(w.name(b), mostName)))
	}
	return w.ListSome(all, mostNamed)
}

// name returns a bot's name, or its ID if nothing in the name is visible.
func (w writer) name(b Bot) string {
	return names.Or(b.Name, names.Or(b.ID, w.Say(wording.Nameless)))
}

// groupWords are the title and the note of a group, and its title among bots with a verdict.
var groupWords = map[Group]struct{ title, note, judged wording.Key }{
	GroupLook:       {title: wording.StatusNeedsLook},
	GroupChance:     {title: wording.PortfolioChance},
	GroupIncomplete: {title: wording.StatusIncomplete},
	GroupGood:       {title: wording.StatusGood},
	GroupSpecial:    {title: wording.StatusSpecial},
	GroupAffected:   {title: wording.PortfolioAffected},
	GroupFailed:     {title: wording.PortfolioFailed},
	GroupNotIn:      {title: wording.PortfolioNotIn, note: wording.PortfolioNoteNotIn},
	GroupUsual:      {title: wording.PortfolioAsUsual, judged: wording.StatusUsual},
	GroupUncompared: {title: wording.PortfolioNotCompared},
	GroupUnknown:    {title: wording.PortfolioUnknown},
	GroupSilent:     {title: wording.PortfolioSilent},
	GroupFew: {title: wording.PortfolioFew, note: wording.PortfolioNoteFew,
		judged: wording.StatusTooFew},
	GroupPaused: {title: wording.PortfolioPaused},
	GroupNew:    {title: wording.PortfolioNewBots, note: wording.PortfolioNoteNew},
	GroupUnsent: {title: wording.PortfolioUnsent, note: wording.PortfolioNoteUnsent},
}

// group returns the title of a group without a number, and its note.
func (w writer) group(g Group) (title, note string) {
	words := groupWords[g]
	switch {
	case words.judged != "" && w.p.Judged():
		return w.Say(words.judged), ""
	case g == GroupFew:
		note = w.Say(words.note, TooFew)
	case words.note != "":
		note = w.Say(words.note)
	}
	return w.Say(words.title), note
}

func (w writer) section(g Group) Section {
	s := Section{Group: g}
	for _, b := range w.p.Grouped(g) {
		s.Rows = append(s.Rows, w.row(b, g))
	}
	if len(s.Rows) > 0 {
		title, note := w.group(g)
		s.Title, s.Note = w.Say(wording.PortfolioOfGroup, title, w.Count(len(s.Rows))), note
	}
	return s
}

// reasons are the sentences of reasons.
var reasons = map[Reason]wording.Key{
	NoAccess: wording.PortfolioNoAccess, Statistics: wording.PortfolioStatistics,
	Unmade: wording.PortfolioUnmade,
}

func (w writer) row(b Bot, g Group) Row {
	r := Row{Name: w.name(b), URL: b.Link}
	if b.State == Failed {
		r.Reason = w.Say(cmp.Or(reasons[b.Reason], wording.PortfolioUnmade))
	}
	if b.State != In {
		return r
	}
	n := b.Numbers
	w.addChats(&r, n)
	if len(n.Missed) > 0 {
		var names []string
		for _, name := range n.Missed {
			names = append(names, w.target(name))
		}
		r.Targets = w.Say(wording.PortfolioTargets, len(n.Missed), n.Targets, w.List(names))
		r.MissedClearly = len(n.MissedClearly) > 0
	}
	switch g {
	case GroupAffected:
		r.Above, r.Unusual, r.Number = w.Say(wording.PortfolioUnusual, *n.Above), true, n.Above
		r.Mark = w.Say(wording.PortfolioUnusualMark)
	case GroupUncompared:
		r.Above = w.uncompared(n)
		r.Mark = r.Above
	case GroupUsual:
	case GroupLook, GroupChance, GroupIncomplete, GroupGood, GroupSpecial:
		w.addVerdict(&r, n, g)
	case GroupFew:
		if n.Verdict != nil && w.p.Judged() {
			w.addVerdict(&r, n, g)
		}
		return r
	default:
		return r
	}
	if n.FallbackRate != nil {
		r.RateOnly = w.Percent(*n.FallbackRate)
		r.Rate = w.Say(wording.PortfolioRate, r.RateOnly)
		if n.RateBaseline != nil {
			usual := w.Percent(*n.RateBaseline)
			key := wording.PortfolioRateUsual
			if r.Verdict != "" && n.Verdict.AboutRate() {
				key = wording.PortfolioRateWeek
			}
			r.Rate = w.Say(key, r.RateOnly, usual)
			r.RateBeside = []string{w.Say(wording.Usually, usual)}
		}
	}
	if spark := []rune(Spark(n.Rates, w.Say(wording.Missing))); len(spark) > 0 {
		last := len(spark) - 1
		r.Spark, r.SparkNow = string(spark[:last]), string(spark[last:])
	}
	return r
}

// addChats adds the chats of a bot, and the numbers beside them.
func (w writer) addChats(r *Row, n *Numbers) {
	r.Chats, r.ChatsOnly = w.Say(wording.ChatCount, n.Chats), w.Count(n.Chats)
	switch known := w.p.Period.Len() - n.MissingDays; {
	case known == 0:
		r.Chats, r.ChatsOnly = w.Say(wording.ChatsUnknown), w.Say(wording.Missing)
	case n.MissingDays > 0:
		r.Chats = w.Say(wording.ChatsPartial, r.Chats, known)
		r.ChatsOnly = w.Say(wording.ChatsPartial, r.ChatsOnly, known)
	}
	judged := n.Verdict != nil && w.p.Judged()
	if n.ChatsLastWeek != nil && !(judged && n.ChatsBaseline != nil) { // usual says more
		r.Beside = append(r.Beside, w.Say(wording.LastWeek, w.Count(*n.ChatsLastWeek)))
	}
	if n.ChatsBaseline != nil {
		r.Beside = append(r.Beside, w.Say(wording.Usually, w.Median(*n.ChatsBaseline)))
	}
}

// uncompared says why a bot's fallbacks are not compared with its usual weeks.
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

var targets = map[string]wording.Key{
	figures.TargetFallbackRate:        wording.TargetFallbackRate,
	figures.TargetHandoverRate:        wording.TargetHandoverRate,
	figures.TargetFeedback:            wording.TargetFeedback,
	figures.TargetRequestsWhileClosed: wording.TargetRequestsWhileClosed,
}

// target names a target, as itself if a later version of the program wrote it.
func (w writer) target(name string) string {
	if key, ok := targets[name]; ok {
		return w.Say(key)
	}
	return name
}

// Spark returns rates as block characters of eight heights, one for each week, see [bars]. A
// missing rate is gap. If all rates are missing, Spark returns "".
func Spark(rates []*float64, gap string) string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, height := range bars(rates) {
		if height == 0 {
			b.WriteString(gap)
		} else {
			b.WriteRune(blocks[height-1])
		}
	}
	return b.String()
}

// bars returns the heights of bars for rates. The highest rate is 8. The scale begins at half of
// it, or at the lowest rate if that is lower, so that small changes look small. A zero is 1, and a
// missing rate is 0. bars returns nil if all rates are missing.
func bars(rates []*float64) (heights []int) {
	const highest = 8
	var known []float64
	for _, r := range rates {
		if r != nil {
			known = append(known, *r)
		}
	}
	if len(known) == 0 {
		return nil
	}
	most := slices.Max(known)
	base := min(slices.Min(known), most/2)
	for _, r := range rates {
		switch {
		case r == nil:
			heights = append(heights, 0)
		case *r <= 0:
			heights = append(heights, 1)
		default: // higher than the bar of zero
			above := int(math.Round((*r - base) / (most - base) * (highest - 1)))
			heights = append(heights, 1+max(1, above))
		}
	}
	return heights
}
