package sagefake

import (
	"cmp"
	"slices"
)

// An endpoint answers one path below /api/v1/stats/bot/{bot}/.
type endpoint struct {
	limit  int // the default of its limit parameter; 0 where it has none
	answer func(*Bot, query) any
}

// endpoints are the statistics by path, but for meta/options, which takes no parameters.
var endpoints = map[string]endpoint{
	"sessions/chats":    {answer: counts(Chat)},
	"sessions/messages": {answer: counts(Message)},
	"fallbacks/series":  {answer: fallbackSeries},
	"fallbacks/total":   {answer: fallbackTotal},
	"chatbubble/pages":  {answer: pages, limit: 3},
	"takeovers/series":  {answer: takeoverSeries},
	"takeovers/totals":  {answer: takeoverTotals},
	"feedback/summary":  {answer: feedback},
	"buttons/clicks":    {answer: buttons, limit: 5},
	"chatlabels/added":  {answer: labels, limit: 5},
}

type datedCount struct {
	Count int    `json:"count"`
	Date  string `json:"date"`
}

func counts(k Kind) func(*Bot, query) any {
	return func(b *Bot, q query) any {
		buckets := newBuckets[int](q)
		for wall := range b.during(q, k) {
			*buckets.at(wall)++
		}
		series := []datedCount{}
		for date, n := range buckets.sorted() {
			series = append(series, datedCount{n, date})
		}
		return series
	}
}

type fallbackRate struct {
	Count int     `json:"count"`
	Rate  float64 `json:"rate"`
	Date  string  `json:"date,omitempty"`
}

// fallbackSeries has a point for each interval with replies, also if its count is zero.
func fallbackSeries(b *Bot, q query) any {
	type replies struct{ all, fallbacks int }
	buckets := newBuckets[replies](q)
	for wall := range b.during(q, Reply) {
		buckets.at(wall).all++
	}
	for wall := range b.during(q, Fallback) {
		bucket := buckets.at(wall)
		bucket.all++
		bucket.fallbacks++
	}
	series := []fallbackRate{}
	for date, r := range buckets.sorted() {
		series = append(series, fallbackRate{r.fallbacks, ratio(r.fallbacks, r.all), date})
	}
	return series
}

func fallbackTotal(b *Bot, q query) any {
	fallbacks := b.count(q, Fallback)
	return fallbackRate{Count: fallbacks, Rate: ratio(fallbacks, fallbacks+b.count(q, Reply))}
}

type visitedPage struct {
	Host     string `json:"web_host"`
	Path     string `json:"web_path"`
	Sessions int    `json:"sessions"`
	Messages int    `json:"messages"`
}

func pages(b *Bot, q query) any {
	byPage := make(map[Page]*visitedPage)
	at := func(p Page) *visitedPage {
		if byPage[p] == nil {
			byPage[p] = &visitedPage{Host: p.Host, Path: p.Path}
		}
		return byPage[p]
	}
	for page, n := range tally(b, q, Chat, &b.pages) {
		at(page).Sessions = n
	}
	for page, n := range tally(b, q, Message, &b.pages) {
		at(page).Messages = n
	}
	delete(byPage, Page{}) // chats outside the web have no page
	list := []visitedPage{}
	for _, page := range byPage {
		list = append(list, *page)
	}
	slices.SortFunc(list, func(x, y visitedPage) int {
		return cmp.Or(frequency(x, y), cmp.Compare(x.Host, y.Host), cmp.Compare(x.Path, y.Path))
	})
	return list[:min(len(list), q.limit)]
}

type takeovers struct {
	Date                string `json:"date,omitempty"`
	Requests            int    `json:"requests"`
	RequestsWhileClosed int    `json:"requests_while_closed"`
	Started             int    `json:"started"`
	Ended               int    `json:"ended"`
}

// stage returns the count of a handover event.
func (t *takeovers) stage(k Kind) *int {
	switch k {
	case HandoverRequest:
		return &t.Requests
	case HandoverRequestWhileClosed:
		return &t.RequestsWhileClosed
	case HandoverStart:
		return &t.Started
	default:
		return &t.Ended
	}
}

var handoverStages = []Kind{HandoverRequest, HandoverRequestWhileClosed, HandoverStart, HandoverEnd}

func takeoverSeries(b *Bot, q query) any {
	buckets := newBuckets[takeovers](q)
	for _, k := range handoverStages {
		for wall := range b.during(q, k) {
			*buckets.at(wall).stage(k)++
		}
	}
	series := []takeovers{}
	for date, t := range buckets.sorted() {
		t.Date = date
		series = append(series, t)
	}
	return series
}

func takeoverTotals(b *Bot, q query) any {
	var t takeovers
	for _, k := range handoverStages {
		*t.stage(k) = b.count(q, k)
	}
	return t
}

type rated struct {
	Rating int     `json:"rating"`
	Count  int     `json:"count"`
	Ratio  float64 `json:"ratio"`
}

func feedback(b *Bot, q query) any {
	summary := struct {
		Binary []rated `json:"binary"`
		Emojis []rated `json:"emojis"`
	}{[]rated{}, []rated{}}
	if !b.FeedbackOff {
		summary.Binary = ratings(b, q, BinaryRating, binarySteps)
		summary.Emojis = ratings(b, q, EmojiRating, emojiSteps)
	}
	return summary
}

func ratings(b *Bot, q query, k Kind, steps int) []rated {
	list, total := make([]rated, steps), 0
	for _, e := range b.during(q, k) {
		list[e.rating-1].Count++
		total++
	}
	for i := range list {
		list[i].Rating = i + 1
		list[i].Ratio = ratio(list[i].Count, total)
	}
	return list
}

func buttons(b *Bot, q query) any {
	list, total := []clickedButton{}, 0
	for button, n := range tally(b, q, ButtonClick, &b.buttons) {
		list = append(list, clickedButton{Text: button.Text, Dialogue: button.Dialogue, Count: n})
		total += n
	}
	for i := range list {
		list[i].Ratio = ratio(list[i].Count, total)
	}
	slices.SortFunc(list, func(x, y clickedButton) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Text, y.Text),
			cmp.Compare(x.Dialogue, y.Dialogue))
	})
	return list[:min(len(list), q.limit)]
}

type addedLabel struct {
	ID    string `json:"label_id"`
	Text  string `json:"label_text"`
	Count int    `json:"count"`
}

func labels(b *Bot, q query) any {
	list := []addedLabel{}
	for label, n := range tally(b, q, LabelAdded, &b.labels) {
		list = append(list, addedLabel{label.ID, label.Text, n})
	}
	slices.SortFunc(list, func(x, y addedLabel) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Text, y.Text), cmp.Compare(x.ID,
			y.ID))
	})
	return list[:min(len(list), q.limit)]
}

// tally counts the events of a kind by item. items has the values of the items.
func tally[T comparable](b *Bot, q query, k Kind, items *table[T]) map[T]int {
	byPlace := make(map[uint32]int)
	for _, e := range b.during(q, k) {
		byPlace[e.item]++
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	byValue := make(map[T]int, len(byPlace))
	for place, n := range byPlace {
		byValue[items.values[place]] = n
	}
	return byValue
}

// ratio returns part / whole, and 0 if whole is 0.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
