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

// demoWeeks is how much history the demo's bots have before the week that now is in. Of the year before they have no more
// than the weeks around the last complete one's counterpart, which is 52 or 53 weeks older: a whole year of events would
// take long to make, for numbers that nobody looks at.
const demoWeeks = 18

// history is how many weeks before now's each week of the demo lies, the oldest first.
func history() []int {
	weeks := []int{54, 53, 52}
	for ago := demoWeeks; ago >= 0; ago-- {
		weeks = append(weeks, ago)
	}
	return weeks
}

// Demo returns three bots with data up to now (exclusive), 18 whole weeks of history before now's week, and three weeks
// of a year ago:
//
//   - "nettbutikk", a busy shop in Europe/Oslo with 8,000 chats a week in four languages, and an incident on a working
//     day of the last complete week;
//   - "kommune", a municipality in Europe/Oslo with 900 chats a week, mostly in office hours, many handovers and no
//     feedback;
//   - "bakeri", a bakery in America/New_York with 25 chats a week, whose numbers are too small for percentages.
//
// The key of each is "demo-key-" and its ID. Test chats of the bot builders come on top of the chats named here.
//
// The data is made by a seeded generator: the same date gives the same events, and a later instant of that date only
// adds to them. Nothing in it was measured at a real bot; the sizes and rates are invented to look like one.
func Demo(now time.Time) []*Bot {
	bots := make([]*Bot, len(personas))
	var making sync.WaitGroup
	for i, p := range personas {
		making.Go(func() { bots[i] = p.live(now) })
	}
	making.Wait()
	return bots
}

// persona is what a demo bot is like. Rates are probabilities for each chat unless they say otherwise.
type persona struct {
	id, name, tz string

	chats    float64     // in the last complete week, test chats aside
	growth   float64     // from week to week
	lastWeek float64     // the last complete week against the trend; earlier weeks waver by themselves
	noise    float64     // spread of the days, as the sigma of a log-normal
	weekdays [7]float64  // relative, Monday first
	hours    [24]float64 // relative, by the wall clock

	holiday       func(year int, month time.Month, day int) bool
	onHoliday     float64 // chats on a holiday, relative
	opens, closes int     // hours in which humans take over, on working days

	sources   []share
	languages []share
	testChats float64 // by the bot builders, a working day

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

	incident *Label // what chats are labelled with while a thing is broken; nil = nothing ever is
}

// share is a value and how much of the whole has it.
type share struct {
	value string
	part  float64
}

// life is a persona being lived through, chat by chat.
type life struct {
	persona
	bot  *Bot
	zone *time.Location
	rng  *rand.Rand
	now  int64

	noPage   uint32
	testing  uint8 // the place of source "test"
	trouble  uint32
	pageOf   wheel
	labelOf  wheel
	buttonOf wheel
	sourceOf wheel
	langOf   wheel
}

func (p persona) live(now time.Time) *Bot {
	zone, err := time.LoadLocation(p.tz)
	if err != nil {
		panic(fmt.Sprintf("sagefake: %v", err)) // embedded, see query.go
	}
	l := &life{persona: p, zone: zone, now: now.Unix(), bot: &Bot{
		ID: p.id, Name: p.name, Key: "demo-key-" + p.id, TZ: p.tz, FeedbackOff: p.feedbackOff,
	}}
	l.furnish()

	y, m, d := now.In(zone).Date()
	monday := d - daysSinceMonday(time.Date(y, m, d, 12, 0, 0, 0, zone))
	for _, ago := range history() {
		l.week(y, m, monday-7*ago, ago)
	}
	for k := range l.bot.events {
		// What a chat leads to comes after its beginning, now and then after now.
		l.bot.events[k] = slices.DeleteFunc(l.bot.events[k], func(e event) bool { return e.at >= l.now })
	}
	l.bot.sort()
	return l.bot
}

// furnish gives the bot all the names its events refer to, each at the place of its index in the persona.
func (l *life) furnish() {
	for _, p := range l.pages {
		l.bot.pages.place(p, len(l.pages))
	}
	l.noPage = l.bot.pages.place(Page{}, len(l.pages)+1)
	for _, x := range l.labels {
		l.bot.labels.place(x, len(l.labels))
	}
	if l.incident != nil {
		l.trouble = l.bot.labels.place(*l.incident, len(l.labels)+1)
	}
	for _, x := range l.buttons {
		l.bot.buttons.place(x, len(l.buttons))
	}
	for _, s := range l.sources {
		l.bot.sources.place(s.value, len(l.sources))
	}
	l.testing = uint8(l.bot.sources.place("test", len(l.sources)+1))
	for _, s := range l.languages {
		l.bot.languages.place(s.value, len(l.languages))
	}
	l.sourceOf, l.langOf = shares(l.sources), shares(l.languages)
	// Growing lists of this size step by step would take longer than filling them.
	chats := int(l.chats * demoWeeks * 1.1)
	for k, each := range map[Kind]float64{Chat: 1, Message: l.messages, Reply: l.messages, ButtonClick: l.messages * l.click} {
		l.bot.events[k] = slices.Grow(l.bot.events[k], int(float64(chats)*each))
	}
}

// random is a source of chance for one purpose on one date, so that what happens on a date does not depend on how
// much was drawn for the dates before.
func (l *life) random(purpose string, date time.Time) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, l.id, purpose)
	return rand.New(rand.NewPCG(h.Sum64(), uint64(date.Unix())))
}

// week lives through the week whose Monday is the given date, which lies so many weeks before now's.
func (l *life) week(year int, month time.Month, monday, ago int) {
	rng := l.random("week", time.Date(year, month, monday, 0, 0, 0, 0, time.UTC))
	l.pageOf, l.labelOf, l.buttonOf = longTail(len(l.pages), rng), longTail(len(l.labels), rng), longTail(len(l.buttons), rng)
	back := float64(ago - 1)
	chats := l.chats * math.Pow(l.growth, -back) * waver(rng, 0.025)
	if ago == 1 || ago == 2 {
		// The comparison everybody will look at should not be left to chance.
		chats = l.chats * math.Pow(l.growth, -back) * math.Pow(l.lastWeek, 0.5-back)
	}
	broken := -1
	if l.incident != nil && ago == 1 {
		broken = l.workingDay(year, month, monday)
	}
	// Days waver within their week and not beside it, or the change above would be left to chance after all.
	days := l.weekdays
	for weekday := range days {
		days[weekday] *= waver(rng, l.noise)
	}
	for weekday, weight := range days {
		l.day(year, month, monday+weekday, dayPlan{
			chats:    chats * weight / sum(days[:]),
			fallback: l.fallback * math.Pow(l.fallbackDrift, min(back, demoWeeks)),
			broken:   weekday == broken,
		})
	}
}

// workingDay picks the day of a week on which things break: Wednesday, or else a neighbour that is no holiday.
func (l *life) workingDay(year int, month time.Month, monday int) int {
	for _, weekday := range []int{2, 3, 1, 0} {
		if !l.isHoliday(time.Date(year, month, monday+weekday, 0, 0, 0, 0, time.UTC)) {
			return weekday
		}
	}
	return 4
}

func (l *life) isHoliday(t time.Time) bool { return l.holiday(t.Date()) }

// dayPlan is what a day has in store.
type dayPlan struct {
	chats, fallback float64
	broken          bool
}

// Between these hours a broken thing is broken.
const breaks, repaired = 10, 15

func (l *life) day(year int, month time.Month, dayOfMonth int, plan dayPlan) {
	start := time.Date(year, month, dayOfMonth, 0, 0, 0, 0, l.zone)
	end := time.Date(year, month, dayOfMonth+1, 0, 0, 0, 0, l.zone).Unix()
	l.rng = l.random("day", time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC))

	chats, holiday := plan.chats, l.isHoliday(start)
	if holiday {
		chats *= l.onHoliday
	}
	fallback := plan.fallback * waver(l.rng, 0.06)
	working := !holiday && daysSinceMonday(start) < 5
	for at := start.Unix(); at < end && at < l.now; at += hour {
		// By the wall clock: in March an hour is missing, in October one comes twice, as it does to people.
		wall := time.Unix(at, 0).In(l.zone).Hour()
		rate := chats * l.hours[wall] / sum(l.hours[:])
		mood := hourMood{fallback: fallback, open: working && l.opens <= wall && wall < l.closes}
		if plan.broken && breaks <= wall && wall < repaired {
			mood.broken = true
			mood.fallback = min(0.9, 3*fallback)
			rate *= 1.2
		}
		for t := range l.arrivals(rate) {
			source, language, page := l.sourceOf.pick(l.rng), l.langOf.pick(l.rng), l.noPage
			if l.sources[source].value == "web" {
				page = l.pageOf.pick(l.rng)
			}
			l.chat(at+t, event{source: uint8(source), language: uint8(language)}, page, mood)
		}
		if working && 9 <= wall && wall < 16 {
			builder := mood
			builder.fallback = min(0.9, 2*fallback) // builders try what does not work yet
			for t := range l.arrivals(l.testChats / 7) {
				l.chat(at+t, event{source: l.testing}, l.noPage, builder)
			}
		}
	}
}

// arrivals are the seconds of an hour at which people come who know nothing of each other.
func (l *life) arrivals(perHour float64) func(yield func(int64) bool) {
	return func(yield func(int64) bool) {
		for t := l.rng.ExpFloat64() / perHour * hour; t < hour; t += l.rng.ExpFloat64() / perHour * hour {
			if !yield(int64(t)) {
				return
			}
		}
	}
}

// hourMood is what the hour is like in which a chat begins.
type hourMood struct {
	fallback     float64
	open, broken bool
}

// chat lets a chat happen; who says from which source and in which language.
func (l *life) chat(at int64, who event, page uint32, mood hourMood) {
	record := func(k Kind, at int64, item uint32) {
		who.at, who.item = at, item
		l.bot.events[k] = append(l.bot.events[k], who)
	}
	chance := func(p float64) bool { return l.rng.Float64() < p }
	between := func(from, to int) int64 { return int64(from + l.rng.IntN(to-from)) }

	record(Chat, at, page)
	// Whole parts of exponential numbers are geometric: most chats are short, a few go on and on.
	for range 1 + int(l.rng.ExpFloat64()/math.Log(l.messages/(l.messages-1))) {
		record(Message, at, page)
		at += between(1, 4)
		if chance(mood.fallback) {
			record(Fallback, at, 0)
		} else {
			record(Reply, at, 0)
		}
		at += between(5, 50)
		if chance(l.click) {
			record(ButtonClick, at, l.buttonOf.pick(l.rng))
		}
	}
	switch {
	case mood.broken && chance(0.4):
		record(LabelAdded, at, l.trouble)
	case chance(l.label):
		record(LabelAdded, at, l.labelOf.pick(l.rng))
	}
	handover, happy := l.handover, 0.72
	if mood.broken {
		handover, happy = 1.8*handover, 0.35
	}
	switch {
	case !chance(handover):
	case !mood.open:
		record(HandoverRequestWhileClosed, at, 0)
	default:
		record(HandoverRequest, at, 0)
		if chance(0.92) {
			at += between(15, 240)
			record(HandoverStart, at, 0)
			if chance(0.98) {
				at += between(180, 1200)
				record(HandoverEnd, at, 0)
			}
		}
	}
	if page == l.noPage {
		return
	}
	at += between(2, 30)
	if chance(l.binary) {
		who.rating = 1
		if chance(happy) {
			who.rating = 2
		}
		record(BinaryRating, at, 0)
	}
	if chance(l.emojis) {
		// The better of two tries where people are happy, the worse where not: few are in the middle of a scale.
		a, b := 1+l.rng.IntN(emojiSteps), 1+l.rng.IntN(emojiSteps)
		who.rating = uint8(min(a, b))
		if chance(happy) {
			who.rating = uint8(max(a, b, 1+l.rng.IntN(emojiSteps)))
		}
		record(EmojiRating, at, 0)
	}
}

// wheel picks places by their weight: the running sums of the weights.
type wheel []float64

func (w wheel) pick(rng *rand.Rand) uint32 {
	return uint32(sort.SearchFloat64s(w, rng.Float64()*w[len(w)-1]))
}

func shares(all []share) wheel {
	w, total := wheel{}, 0.0
	for _, s := range all {
		total += s.part
		w = append(w, total)
	}
	return w
}

// longTail weighs n places, the first by far the most, and no two weeks alike.
func longTail(n int, rng *rand.Rand) wheel {
	w, total := make(wheel, n), 0.0
	for i := range w {
		total += waver(rng, 0.12) / math.Pow(float64(i)+1.5, 0.85)
		w[i] = total
	}
	return w
}

// waver is a factor around 1.
func waver(rng *rand.Rand, sigma float64) float64 { return math.Exp(sigma * rng.NormFloat64()) }

func sum(all []float64) (total float64) {
	for _, x := range all {
		total += x
	}
	return total
}

func daysSinceMonday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// norwegianHoliday says whether people in Norway have the day off.
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

// americanHoliday says whether a bakery in New York is closed for the day.
func americanHoliday(year int, month time.Month, day int) bool {
	thanksgiving := month == time.November && day > 21 && day <= 28 &&
		time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday() == time.Thursday
	return thanksgiving ||
		month == time.January && day == 1 || month == time.July && day == 4 || month == time.December && day == 25
}

// easter is Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
