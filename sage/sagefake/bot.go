package sagefake

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"sync"
	"time"
)

// A Kind says what happened in an [Event].
type Kind uint8

const (
	// Chat is a chat in which a user engaged with the bot. It counts once, when it began, so the
	// chats of seven days add up to those of their week.
	Chat Kind = iota + 1
	// Message is a message from a user.
	Message
	// Reply is a reply of the bot that is not a fallback.
	Reply
	// Fallback is a reply of the bot that says that it did not understand. The fallback rate is
	// Fallback / (Fallback + Reply).
	Fallback
	// HandoverRequest is a user asking for a human during opening hours.
	HandoverRequest
	// HandoverRequestWhileClosed is a user asking for a human outside opening hours. It is not
	// counted as a HandoverRequest.
	HandoverRequestWhileClosed
	// HandoverStart is a human taking over, HandoverEnd the human handing back.
	HandoverStart
	HandoverEnd
	// BinaryRating is a thumb: Rating 1 (down) or 2 (up).
	BinaryRating
	// EmojiRating is a face: Rating 1 (worst) to 5.
	EmojiRating
	// LabelAdded is a label put on a chat.
	LabelAdded
	// ButtonClick is a click on a button in a chat.
	ButtonClick

	kinds
)

// The steps of the two ways to give feedback; 1 is the lowest rating.
const (
	binarySteps = 2
	emojiSteps  = 5
)

// An Event is one thing that happened in a chat.
type Event struct {
	At       time.Time // kept as UTC, to the second
	Kind     Kind
	Source   string // "web", "app", "test", …
	Language string // two letters

	Page   Page   // of a Chat or a Message: where it happened; zero where it was not on a web page
	Rating int    // of a BinaryRating or an EmojiRating
	Label  Label  // of a LabelAdded
	Button Button // of a ButtonClick
}

// A Page is a web page with the chat on it.
type Page struct{ Host, Path string }

// A Label is a label of a chat. People write its text.
type Label struct{ ID, Text string }

// A Button is a button in a dialogue. People write both texts.
type Button struct{ Text, Dialogue string }

// A Bot is a bot with all events of its chats. Set the fields before it is served. Add may be
// called at any time, from any goroutine.
type Bot struct {
	ID   string
	Name string
	Key  string // the API key that is exchanged for tokens; without a key, requests are refused
	// where the bot lives; Sage itself does not know it and groups by the zone asked for
	TZ string

	// Sources and Languages are offered by meta/options, together with those that the events
	// brought.
	Sources   []string
	Languages []string

	// FeedbackOff makes the answer of feedback empty. Otherwise it lists every step, also those
	// with a count of zero.
	FeedbackOff bool

	mu        sync.RWMutex
	events    [kinds][]event // by kind, each sorted by time
	sources   table[string]
	languages table[string]
	pages     table[Page]
	labels    table[Label]
	buttons   table[Button]
}

// An event is an Event in 16 bytes: a busy bot has more than a million. The slice that it is in is
// its kind. item is a place in the bot's pages, labels or buttons, depending on the kind.
type event struct {
	// Unix seconds; the boundaries of hours, days and weeks are whole seconds in every zone
	at       int64
	item     uint32
	source   uint8
	language uint8
	rating   uint8
}

// Add stores events, in any order. It panics if a test adds an event of an unknown kind, or a
// rating off its scale.
func (b *Bot) Add(events ...Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		c := event{
			at:       e.At.Unix(),
			source:   uint8(b.sources.place(e.Source, 1<<8)),
			language: uint8(b.languages.place(e.Language, 1<<8)),
		}
		switch e.Kind {
		case Chat, Message:
			c.item = b.pages.place(e.Page, math.MaxInt32)
		case BinaryRating:
			c.rating = rating(e.Rating, binarySteps)
		case EmojiRating:
			c.rating = rating(e.Rating, emojiSteps)
		case LabelAdded:
			c.item = b.labels.place(e.Label, math.MaxInt32)
		case ButtonClick:
			c.item = b.buttons.place(e.Button, math.MaxInt32)
		case Reply, Fallback, HandoverRequest, HandoverRequestWhileClosed, HandoverStart,
			HandoverEnd:
		default:
			panic(fmt.Sprintf("sagefake: event of unknown kind %d at %s", e.Kind, e.At))
		}
		b.events[e.Kind] = append(b.events[e.Kind], c)
	}
	b.sort()
}

func rating(given, steps int) uint8 {
	if given < 1 || given > steps {
		panic(fmt.Sprintf("sagefake: rating %d, want 1 to %d", given, steps))
	}
	return uint8(given)
}

func (b *Bot) sort() {
	byTime := func(x, y event) int { return cmp.Compare(x.at, y.at) }
	for _, events := range b.events {
		if !slices.IsSortedFunc(events, byTime) {
			slices.SortStableFunc(events, byTime)
		}
	}
}

// during yields the events of a kind that q asks for, in order of time. With each it yields the
// wall clock of q's zone, in seconds since 1970-01-01 00:00 there.
func (b *Bot) during(q query, k Kind) iter.Seq2[int64, event] {
	return func(yield func(int64, event) bool) {
		b.mu.RLock()
		defer b.mu.RUnlock()
		sources, languages := b.sources.mask(q.source), b.languages.mask(q.language)
		// No zone is a day away from UTC, so this much holds all that could count; the wall clock
		// then decides.
		events := b.events[k]
		first, _ := slices.BinarySearchFunc(events, q.from-day,
			func(e event, at int64) int { return cmp.Compare(e.at, at) })
		clock := clock{zone: q.zone}
		for _, e := range events[first:] {
			if e.at >= q.to+day {
				return
			}
			if !sources[e.source] || !languages[e.language] {
				continue
			}
			if wall := clock.wall(e.at); q.from <= wall && wall < q.to && !yield(wall, e) {
				return
			}
		}
	}
}

// count returns how many events during yields.
func (b *Bot) count(q query, k Kind) int {
	n := 0
	for range b.during(q, k) {
		n++
	}
	return n
}

// options returns the sources and the languages for filters, sorted.
func (b *Bot) options() (sources, languages []string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return union(b.Sources, b.sources.values), union(b.Languages, b.languages.values)
}

func union(a, b []string) []string {
	all := slices.Concat([]string{}, a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// A table gives each value a place, which an event holds in its place.
type table[T comparable] struct {
	values []T
	places map[T]uint32
}

func (t *table[T]) place(v T, limit int) uint32 {
	if place, ok := t.places[v]; ok {
		return place
	}
	if len(t.values) == limit {
		panic(fmt.Sprintf("sagefake: more than %d different values, at %v", limit, v))
	}
	if t.places == nil {
		t.places = make(map[T]uint32)
	}
	place := uint32(len(t.values))
	t.places[v] = place
	t.values = append(t.values, v)
	return place
}

// mask reports for each place whether its value is wanted.
func (t *table[T]) mask(wanted func(T) bool) (mask [1 << 8]bool) {
	for place, v := range t.values {
		mask[place] = wanted(v)
	}
	return mask
}

// A clock returns the wall clock of a zone. In order of time it looks up the offset once for each
// change of clocks.
type clock struct {
	zone       *time.Location
	start, end int64 // the instants between which offset holds
	offset     int64
}

func (c *clock) wall(at int64) int64 {
	if at < c.start || at >= c.end {
		t := time.Unix(at, 0).In(c.zone)
		_, offset := t.Zone()
		start, end := t.ZoneBounds()
		c.offset = int64(offset)
		c.start, c.end = math.MinInt64, math.MaxInt64
		if !start.IsZero() {
			c.start = start.Unix()
		}
		if !end.IsZero() {
			c.end = end.Unix()
		}
	}
	return at + c.offset
}
