package sagefake

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"
	"time"
)

// demoWeeks is how many weeks of history the demo's bots have before the week of now. Of the year
// before they have only the weeks around the one that a report compares with, 52 or 53 weeks
// earlier, since a whole year would take long to make.
const demoWeeks = 18

// history returns how many weeks ago each week of the demo is, the oldest first.
func history() []int {
	weeks := []int{54, 53, 52}
	for ago := demoWeeks; ago >= 0; ago-- {
		weeks = append(weeks, ago)
	}
	return weeks
}

// Demo returns three bots with data up to now (exclusive), 18 whole weeks before the week of now,
// and three weeks of a year ago:
//
//   - "nettbutikk", a busy shop in Europe/Oslo with 8,000 chats a week from three sources in four
//     languages, and an incident on a working day of the last complete week, from 10 to 15: chats
//     on the web in Norwegian fail, and many of them get a label of their own;
//   - "kommune", a municipality in Europe/Oslo with 900 chats a week, mostly in office hours, many
//     handovers and no feedback;
//   - "bakeri", a bakery in America/New_York with 25 chats a week, too few for percentages.
//
// The key of each is "demo-key-" and its ID. The builders' test chats are added to these numbers.
//
// The data comes from a seeded generator. The same date gives the same events, and a later instant
// of that date only adds events. No number was measured at a real bot.
func Demo(now time.Time) []*Bot {
	bots := make([]*Bot, len(personas))
	var making sync.WaitGroup
	for i, p := range personas {
		making.Go(func() { bots[i] = p.bot(now) })
	}
	making.Wait()
	return bots
}

// A persona describes a demo bot. Rates are probabilities for each chat, unless stated otherwise.
type persona struct {
	id, name, tz string

	chats  float64 // in the last complete week, test chats aside
	growth float64 // from week to week
	// the last complete week against the trend; earlier weeks vary by themselves
	lastWeek float64
	noise    float64     // spread of the days, as the sigma of a log-normal
	weekdays [7]float64  // relative, Monday first
	hours    [24]float64 // relative, by the wall clock

	holiday       func(year int, month time.Month, day int) bool
	onHoliday     float64 // chats on a holiday, relative
	opens, closes int     // hours in which humans take over, on working days

	sources   []share
	languages []share
	testChats float64 // of the builders, on a working day

	messages      float64 // mean for each chat
	fallback      float64 // for each reply, in the last complete week
	fallbackDrift float64 // for each week further back
	click         float64 // for each reply
	label         float64
	handover      float64
	binary        float64 // on the web only, as are emojis
	emojis        float64
	feedbackOff   bool

	pages   []Page
	labels  []Label
	buttons []Button

	incident *incident // of the last complete week; nil: there is none
}

// An incident is some hours of a working day in which the bot fails the chats of one source in one
// language.
type incident struct {
	source, language string
	from, to         int   // hours of the wall clock, to exclusive
	label            Label // of many of these chats
}

// A share is a value with its part of the whole.
type share struct {
	value string
	part  float64
}

// A simulation makes the events of a persona, chat by chat.
type simulation struct {
	persona
	bot  *Bot
	zone *time.Location
	rng  *rand.Rand
	now  int64

	noPage        uint32
	testing       uint8 // the place of source "test"
	incidentLabel uint32
	pageOf        weights
	labelOf       weights
	buttonOf      weights
	sourceOf      weights
	langOf        weights
}

func (p persona) bot(now time.Time) *Bot {
	zone, err := time.LoadLocation(p.tz)
	if err != nil {
		panic(fmt.Sprintf("sagefake: %v", err)) // embedded, see query.go
	}
	s := &simulation{persona: p, zone: zone, now: now.Unix(), bot: &Bot{
		ID: p.id, Name: p.name, Key: "demo-key-" + p.id, TZ: p.tz, FeedbackOff: p.feedbackOff,
	}}
	s.addNames()

	y, m, d := now.In(zone).Date()
	monday := d - daysSinceMonday(time.Date(y, m, d, 12, 0, 0, 0, zone))
	for _, ago := range history() {
		s.week(y, m, monday-7*ago, ago)
	}
	for k := range s.bot.events {
		// Later events of a chat can be after now.
		s.bot.events[k] = slices.DeleteFunc(s.bot.events[k],
			func(e event) bool { return e.at >= s.now })
	}
	s.bot.sort()
	return s.bot
}

// addNames adds the names that events refer to, each at the place of its index in the persona.
func (s *simulation) addNames() {
	for _, p := range s.pages {
		s.bot.pages.place(p, len(s.pages))
	}
	s.noPage = s.bot.pages.place(Page{}, len(s.pages)+1)
	for _, x := range s.labels {
		s.bot.labels.place(x, len(s.labels))
	}
	if s.incident != nil {
		s.incidentLabel = s.bot.labels.place(s.incident.label, len(s.labels)+1)
	}
	for _, x := range s.buttons {
		s.bot.buttons.place(x, len(s.buttons))
	}
	for _, x := range s.sources {
		s.bot.sources.place(x.value, len(s.sources))
	}
	s.testing = uint8(s.bot.sources.place("test", len(s.sources)+1))
	for _, x := range s.languages {
		s.bot.languages.place(x.value, len(s.languages))
	}
	s.sourceOf, s.langOf = shares(s.sources), shares(s.languages)
	// Growing large lists step by step takes longer than filling them.
	chats := int(s.chats * demoWeeks * 1.1)
	for k, each := range map[Kind]float64{Chat: 1, Message: s.messages, Reply: s.messages,
		ButtonClick: s.messages * s.click} {
		s.bot.events[k] = slices.Grow(s.bot.events[k], int(float64(chats)*each))
	}
}

// random returns a random source for one purpose and date, so that the events of a date do not
// depend on those of other dates.
func (s *simulation) random(purpose string, date time.Time) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, s.id, purpose)
	return rand.New(rand.NewPCG(h.Sum64(), uint64(date.Unix())))
}

// week makes the events of the week that begins on the given date, ago weeks before that of now.
func (s *simulation) week(year int, month time.Month, monday, ago int) {
	rng := s.random("week", time.Date(year, month, monday, 0, 0, 0, 0, time.UTC))
	s.pageOf, s.labelOf, s.buttonOf = longTail(len(s.pages), rng), longTail(len(s.labels),
		rng), longTail(len(s.buttons), rng)
	back := float64(ago - 1)
	chats := s.chats * math.Pow(s.growth, -back) * jitter(rng, 0.025)
	if ago == 1 || ago == 2 {
		// The change from week to week should not be random.
		chats = s.chats * math.Pow(s.growth, -back) * math.Pow(s.lastWeek, 0.5-back)
	}
	broken := -1
	if s.incident != nil && ago == 1 {
		broken = s.workingDay(year, month, monday)
	}
	// Days vary within their week only, so that the change above is kept.
	days := s.weekdays
	for weekday := range days {
		days[weekday] *= jitter(rng, s.noise)
	}
	for weekday, weight := range days {
		s.day(year, month, monday+weekday, dayPlan{
			chats:    chats * weight / sum(days[:]),
			fallback: s.fallback * math.Pow(s.fallbackDrift, min(back, demoWeeks)),
			broken:   weekday == broken,
		})
	}
}

// workingDay returns the day of a week with the incident: Wednesday, or a day near it that is no
// holiday.
func (s *simulation) workingDay(year int, month time.Month, monday int) int {
	for _, weekday := range []int{2, 3, 1, 0} {
		if !s.isHoliday(time.Date(year, month, monday+weekday, 0, 0, 0, 0, time.UTC)) {
			return weekday
		}
	}
	return 4
}

func (s *simulation) isHoliday(t time.Time) bool { return s.holiday(t.Date()) }

// A dayPlan describes a day.
type dayPlan struct {
	chats, fallback float64
	broken          bool
}

// In an incident, how many times as many chats begin, and how many times as many replies are
// fallbacks.
const incidentChats, incidentFallbacks = 1.25, 5.5

// fails reports whether an incident affects the chats of a source and a language.
func (s *simulation) fails(source, language uint32) bool {
	return s.sources[source].value == s.incident.source &&
		s.languages[language].value == s.incident.language
}

func (s *simulation) day(year int, month time.Month, dayOfMonth int, plan dayPlan) {
	start := time.Date(year, month, dayOfMonth, 0, 0, 0, 0, s.zone)
	end := time.Date(year, month, dayOfMonth+1, 0, 0, 0, 0, s.zone).Unix()
	s.rng = s.random("day", time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC))

	chats, holiday := plan.chats, s.isHoliday(start)
	if holiday {
		chats *= s.onHoliday
	}
	fallback := plan.fallback * jitter(s.rng, 0.06)
	working := !holiday && daysSinceMonday(start) < 5
	for at := start.Unix(); at < end && at < s.now; at += hour {
		// By the wall clock: in March an hour is missing, in October one is there twice.
		wall := time.Unix(at, 0).In(s.zone).Hour()
		rate := chats * s.hours[wall] / sum(s.hours[:])
		cond := conditions{fallback: fallback, open: working && s.opens <= wall && wall < s.closes}
		broken := plan.broken && s.incident.from <= wall && wall < s.incident.to
		if broken {
			rate *= incidentChats
		}
		for t := range s.arrivals(rate) {
			source, language, page := s.sourceOf.pick(s.rng), s.langOf.pick(s.rng), s.noPage
			cond := cond
			switch {
			case !broken:
			case s.fails(source, language):
				cond.broken, cond.fallback = true, min(0.9, incidentFallbacks*fallback)
			case s.rng.Float64() > 1/incidentChats:
				continue // there are no more of the other chats
			}
			if s.sources[source].value == "web" {
				page = s.pageOf.pick(s.rng)
			}
			who := event{at: at + t, source: uint8(source), language: uint8(language)}
			(&chat{s, cond, who}).run(page)
		}
		if working && 9 <= wall && wall < 16 {
			builder := cond
			builder.fallback = min(0.9, 2*fallback) // builders try what fails
			for t := range s.arrivals(s.testChats / 7) {
				(&chat{s, builder, event{at: at + t, source: s.testing}}).run(s.noPage)
			}
		}
	}
}

// arrivals yields the seconds of an hour at which chats begin, independently of each other.
func (s *simulation) arrivals(perHour float64) func(yield func(int64) bool) {
	return func(yield func(int64) bool) {
		wait := func() float64 { return s.rng.ExpFloat64() / perHour * hour }
		for t := wait(); t < hour; t += wait() {
			if !yield(int64(t)) {
				return
			}
		}
	}
}

// conditions describe the hour in which a chat begins.
type conditions struct {
	fallback     float64
	open, broken bool
}

// A chat makes the events of one chat, in order of time.
type chat struct {
	*simulation
	conditions
	who event // has the source, the language and the time so far
}

func (c *chat) record(k Kind, item uint32) {
	c.who.item = item
	c.bot.events[k] = append(c.bot.events[k], c.who)
}

func (c *chat) chance(p float64) bool { return c.rng.Float64() < p }

// wait advances the time by some seconds.
func (c *chat) wait(from, to int) { c.who.at += int64(from + c.rng.IntN(to-from)) }

// run makes all events of a chat on a page.
func (c *chat) run(page uint32) {
	c.record(Chat, page)
	// Whole parts of exponential numbers are geometric: most chats are short, a few are long.
	for range 1 + int(c.rng.ExpFloat64()/math.Log(c.messages/(c.messages-1))) {
		c.record(Message, page)
		c.wait(1, 4)
		if c.chance(c.conditions.fallback) {
			c.record(Fallback, 0)
		} else {
			c.record(Reply, 0)
		}
		c.wait(5, 50)
		if c.chance(c.click) {
			c.record(ButtonClick, c.buttonOf.pick(c.rng))
		}
	}
	switch {
	case c.broken && c.chance(0.65):
		c.record(LabelAdded, c.incidentLabel)
	case c.chance(c.label):
		c.record(LabelAdded, c.labelOf.pick(c.rng))
	}
	handover, happy := c.handover, 0.72
	if c.broken {
		handover, happy = 3*handover, 0.35
	}
	if c.chance(handover) {
		c.handOver()
	}
	if page != c.noPage {
		c.rate(happy)
	}
}

func (c *chat) handOver() {
	if !c.open {
		c.record(HandoverRequestWhileClosed, 0)
		return
	}
	c.record(HandoverRequest, 0)
	if !c.chance(0.92) {
		return
	}
	c.wait(15, 240)
	c.record(HandoverStart, 0)
	if c.chance(0.98) {
		c.wait(180, 1200)
		c.record(HandoverEnd, 0)
	}
}

// rate makes ratings; happy is the probability of good ones.
func (c *chat) rate(happy float64) {
	c.wait(2, 30)
	if c.chance(c.binary) {
		c.who.rating = 1
		if c.chance(happy) {
			c.who.rating = 2
		}
		c.record(BinaryRating, 0)
	}
	if c.chance(c.emojis) {
		// The best or the worst of some tries, since few ratings are in the middle of a scale.
		a, b := 1+c.rng.IntN(emojiSteps), 1+c.rng.IntN(emojiSteps)
		c.who.rating = uint8(min(a, b))
		if c.chance(happy) {
			c.who.rating = uint8(max(a, b, 1+c.rng.IntN(emojiSteps)))
		}
		c.record(EmojiRating, 0)
	}
}

// weights pick places by their weight. They are running sums.
type weights []float64

func (w weights) pick(rng *rand.Rand) uint32 {
	return uint32(sort.SearchFloat64s(w, rng.Float64()*w[len(w)-1]))
}

func shares(all []share) weights {
	w, total := weights{}, 0.0
	for _, s := range all {
		total += s.part
		w = append(w, total)
	}
	return w
}

// longTail weighs n places, the first by far the most, and varies from week to week.
func longTail(n int, rng *rand.Rand) weights {
	w, total := make(weights, n), 0.0
	for i := range w {
		total += jitter(rng, 0.12) / math.Pow(float64(i)+1.5, 0.85)
		w[i] = total
	}
	return w
}

// jitter returns a factor around 1.
func jitter(rng *rand.Rand, sigma float64) float64 { return math.Exp(sigma * rng.NormFloat64()) }

func sum(all []float64) (total float64) {
	for _, x := range all {
		total += x
	}
	return total
}

func daysSinceMonday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// norwegianHoliday reports whether the date is a public holiday in Norway.
func norwegianHoliday(year int, month time.Month, day int) bool {
	switch {
	case month == time.January && day == 1,
		month == time.May && (day == 1 || day == 17),
		month == time.December && (day == 25 || day == 26):
		return true
	}
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	switch int(date.Sub(easter(year)).Hours()) / 24 {
	// Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension, Whit Sunday and Monday.
	case -3, -2, 0, 1, 39, 49, 50:
		return true
	}
	return false
}

// americanHoliday reports whether the bakery in New York is closed on the date.
func americanHoliday(year int, month time.Month, day int) bool {
	thanksgiving := month == time.November && day > 21 && day <= 28 &&
		time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday() == time.Thursday
	return thanksgiving ||
		month == time.January && day == 1 || month == time.July && day == 4 ||
		month == time.December && day == 25
}

// easter returns Easter Sunday, by the algorithm of Meeus, Jones and Butcher.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
