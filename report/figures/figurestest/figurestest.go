// Package figurestest makes weeks for the tests of the editions. [Cases] are typical ones and
// extreme ones, such as an empty week, one with only the core, and one with hostile names.
// [Gallery] are those for people to look at. [Verdicts] has one or more for each rule of the
// verdict. [Simulate] makes the weeks of a random bot.
//
// All but the simulated ones are 9 to 15 November 2026 of a bot in Europe/Oslo, and always the
// same.
package figurestest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

var fetched = time.Date(2026, time.November, 16, 7, 2, 11, 0, time.UTC)

// Cases returns every case by name.
func Cases() map[string]*figures.Report {
	return map[string]*figures.Report{
		"busy": Busy(), "tiny": Tiny(), "empty": Empty(), "new": New(),
		"unavailable": Unavailable(), "hostile": Hostile(),
		"huge": Huge(), "sliced": Sliced(), "special": Special(), "gap": Gap(),
		"unknown": Unknown(),
	}
}

// Busy is a web shop's bot with some 8,000 chats a week.
func Busy() *figures.Report { return compute(busy()) }

// BusyAnswers are what Sage said of that bot: a test's to change before it computes.
func BusyAnswers() figures.Answers { return busy() }

// Tiny is a bot with four chats, one the week before: too few for percentages.
func Tiny() *figures.Report {
	a := answers("bakeri", "Bakeri Ærlig")
	for i, n := range []int{0, 2, 0, 1, 1, 0, 0} {
		add(&a, a.Period.From().Add(i), n, 3*n)
	}
	add(&a, a.Period.From().Add(-4), 1, 2)
	add(&a, a.Period.From().Add(-70), 2, 4)
	a.Hours.Value = []figures.Point{{Time: at(a.Period.From().Add(1), 10), Count: 2},
		{Time: at(a.Period.From().Add(3), 14), Count: 1},
		{Time: at(a.Period.From().Add(4), 9), Count: 1}}
	a.Fallbacks.This.Value = figures.Fallback{Count: 1, Rate: new(1.0 / 12)}
	a.Fallbacks.Previous.Value = figures.Fallback{Count: 0, Rate: new(0.0)}
	a.FallbackDays.Value = []figures.RatePoint{{Time: at(a.Period.From().Add(1), 0), Count: 1,
		Rate: new(1.0 / 6)}, {Time: at(a.Period.From().Add(3), 0), Rate: new(0.0)},
		{Time: at(a.Period.From().Add(4), 0), Rate: new(0.0)}}
	a.FallbackTrend.Value = []figures.RatePoint{{Time: at(a.Period.From(), 0), Count: 1,
		Rate: new(1.0 / 12)}}
	a.Handovers.Value = []figures.StagePoint{{Time: at(a.Period.From().Add(3), 0), Requests: 1,
		Started: 1, Ended: 1}}
	a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 1, Count: 1, Ratio: 0.25},
		{Rating: 2, Count: 3, Ratio: 0.75}}
	a.Labels.This.Value = []figures.Label{{ID: "1", Text: "Åpningstider", Count: 2},
		{ID: "2", Text: "Bestilling", Count: 1}}
	a.Labels.Previous.Value = []figures.Label{{ID: "1", Text: "Åpningstider", Count: 1}}
	a.Pages.This.Value = []figures.Page{{Host: "bakeri.example", Path: "/", Sessions: 4,
		Messages: 12}}
	return compute(a)
}

// Empty is a bot with a history, and a week without chats.
func Empty() *figures.Report {
	a := answers("stille", "Stille bot")
	for i := 7; i < figures.HistoryDays; i++ {
		add(&a, a.Period.To().Add(-1-i), 5, 15)
	}
	a.Fallbacks.Previous.Value = figures.Fallback{Count: 10, Rate: new(0.1)}
	a.FallbackDays.Value = []figures.RatePoint{{Time: at(a.Period.From().Add(-1), 0), Count: 10,
		Rate: new(0.7)}}
	return compute(a)
}

// New is a bot that went live on Wednesday of the week before.
func New() *figures.Report {
	a := answers("nykommer", "Nykommeren")
	for i := range 12 {
		add(&a, a.Period.To().Add(-1-i), 40+3*i, 130+7*i)
	}
	a.Fallbacks.This.Value = figures.Fallback{Count: 90, Rate: new(0.083)}
	a.Fallbacks.Previous.Value = figures.Fallback{Count: 70, Rate: new(0.1)}
	for i := range 7 {
		a.FallbackDays.Value = append(a.FallbackDays.Value,
			figures.RatePoint{Time: at(a.Period.From().Add(i), 0), Count: 10 + i,
				Rate: new(0.08 + float64(i)/200)})
		for h := range 12 {
			a.Hours.Value = append(a.Hours.Value,
				figures.Point{Time: at(a.Period.From().Add(i), 8+h), Count: 3 + i*h%4})
		}
	}
	for i := -5; i < 0; i++ {
		a.FallbackDays.Value = append(a.FallbackDays.Value,
			figures.RatePoint{Time: at(a.Period.From().Add(i), 0), Count: 14, Rate: new(0.1)})
	}
	return compute(a)
}

// Unavailable is the busy bot in a week in which Sage answered only for the core counts.
func Unavailable() *figures.Report {
	a := busy()
	const reason = "Sage answered 503 Service Unavailable to 5 tries"
	cause := figures.Cause{Kind: figures.CauseStatus, Who: "Sage", Status: 503}
	fail(reason, cause, &a.Hours)
	fail(reason, cause, &a.FallbackDays, &a.FallbackTrend)
	fail(reason, cause, &a.Handovers, &a.HandoverHours)
	fail(reason, cause, &a.Fallbacks.This, &a.Fallbacks.Previous, &a.YearAgo.Fallbacks)
	fail(reason, cause, &a.Feedback.This, &a.Feedback.Previous)
	for _, answers := range [][]figures.Answer[figures.Ratings]{a.FeedbackBefore, a.FeedbackTrend} {
		for i := range answers {
			fail(reason, cause, &answers[i])
		}
	}
	fail(reason, cause, &a.YearAgo.Chats, &a.YearAgo.Messages)
	fail(reason, cause, &a.Pages.This, &a.Pages.Previous)
	fail(reason, cause, &a.Buttons.This, &a.Buttons.Previous)
	fail(reason, cause, &a.Labels.This, &a.Labels.Previous)
	return compute(a)
}

// Gap is the busy bot in a week in whose answers a day of chats is missing, which its hours have,
// and days of messages, fallbacks and handovers are there twice: with the same number, and with
// different ones.
func Gap() *figures.Report {
	a := busy()
	monday := figures.HistoryDays - 7
	a.Chats = slices.Delete(a.Chats, monday+2, monday+3)
	a.Messages = append(a.Messages, a.Messages[monday+4])
	fallbacks, handovers, chats := a.FallbackDays.Value[monday+1], a.Handovers.Value[monday+3],
		a.Chats[monday-9]
	fallbacks.Count, handovers.Ended, chats.Count = fallbacks.Count+1, handovers.Ended+1,
		chats.Count+1
	a.FallbackDays.Value, a.Handovers.Value, a.Chats = append(a.FallbackDays.Value, fallbacks),
		append(a.Handovers.Value, handovers), append(a.Chats, chats)
	a.Hours.Value = slices.DeleteFunc(a.Hours.Value,
		func(p figures.Point) bool { return p.Time.Weekday() == time.Friday })
	return compute(a)
}

// Unknown is the busy bot in a week of whose chats and messages nothing was answered, though there
// are hours, pages and fallbacks.
func Unknown() *figures.Report {
	a := busy()
	a.Chats, a.Messages = a.Chats[:figures.HistoryDays-7], a.Messages[:figures.HistoryDays-7]
	return compute(a)
}

// Special is the busy bot in a week with a public holiday and a campaign of a hostile name in it,
// after a week with two holidays: it is compared with nothing.
func Special() *figures.Report {
	a := busy()
	day := func(i int, name string) figures.Special {
		date := a.Period.From().Add(i)
		return figures.Special{First: date, Last: date, Kind: figures.Holiday, Name: name}
	}
	a.Special = []figures.Special{
		day(-4, "Kristi Himmelfartsdag"), day(-1, "Grunnlovsdag"), day(0, "Andre pinsedag"),
		{First: a.Period.From().Add(2), Last: a.Period.From().Add(5), Kind: figures.Note,
			Name: Names()[0] + " & *salg*"},
		{First: a.Period.From().Add(-364), Last: a.Period.From().Add(-364), Kind: figures.Holiday,
			Name: "Mortensdag"},
	}
	a.Targets = figures.Targets{FallbackRate: new(0.12), RequestsWhileClosed: new(130)}
	return compute(a)
}

var (
	long = []string{
		strings.Repeat("Donaudampfschifffahrtsgesellschaft", 9)[:300],
		strings.Repeat("hvor blir det av pakken min ", 11)[:300],
		strings.Repeat("WWWWWWWWWW", 30),
		strings.Repeat("iiiii lllll ", 25),
	}
	scripts = []string{"متى يصل طلبي؟", "איפה החבילה שלי (דחוף)?", "订单在哪里", "注文はどこですか", "배송 조회",
		"סניף Oslo 24/7", "Где мой заказ", "Πού είναι η παραγγελία μου", "สถานะคำสั่งซื้อ",
		"मेरा ऑर्डर"}
)

// Named is the busy bot whose name, labels, buttons, dialogues, pages and notes have the names, in
// turn.
func Named(names ...string) *figures.Report {
	a := busy()
	name := func(i int) string { return names[i%len(names)] }
	a.Bot.Name = name(0)
	for i := range a.Labels.This.Value {
		a.Labels.This.Value[i].Text = name(i)
	}
	for i := range a.Buttons.This.Value {
		a.Buttons.This.Value[i].Text, a.Buttons.This.Value[i].Dialogue = name(i), name(i+1)
	}
	for i := range a.Pages.This.Value {
		a.Pages.This.Value[i].Path = "/" + name(i)
	}
	a.Special = []figures.Special{{First: a.Period.From().Add(1), Last: a.Period.From().Add(1),
		Kind: figures.Note, Name: name(1)}}
	return compute(a)
}

// Branded is the busy bot in a brand's looks: an orange that is near to the colour of warnings, and
// a wide logo.
func Branded() *figures.Report {
	r := Busy()
	r.Brand = &figures.Brand{Accent: "#e8590c", Logo: Logo()}
	return r
}

// Logo is a PNG of 300 x 72 pixels: a ring and a bar of orange on nothing.
func Logo() []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 300, 72))
	orange := color.NRGBA{0xe8, 0x59, 0x0c, 0xff}
	for y := range 72 {
		for x := range 300 {
			d := math.Hypot(float64(x)-35.5, float64(y)-35.5)
			if d < 35 && d > 18 || x >= 96 && x < 290 &&
				(y >= 20 && y < 34 || y >= 42 && y < 52 && x < 220) {
				m.SetNRGBA(x, y, orange)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // never: it is written to memory
	}
	return b.Bytes()
}

// Names are texts that have broken reports: markup of every medium, formulas, endless words, other
// scripts, emoji, control characters, invalid UTF-8.
func Names() []string {
	return []string{
		"<script>alert(1)</script>", "*bold* _it_ ~no~ `code` <!channel> <@U123> &amp;",
		"=SUM(A1:A9)", "+47 22 33 44 55",
		"@everyone", "-1+1|cmd", strings.Repeat("Donaudampfschifffahrt", 15),
		strings.Repeat("lang tekst ", 30),
		"مرحبا بالعالم", "שלום", "你好，世界", "🙋🏽‍♀️ Snakk med oss 🇳🇴", "a\x00b\tc\nd\re\u202efgh",
		"\xff\xfe ugyldig",
		"", " ", "Ω≈ç√∫˜µ≤≥÷", "Ærø — «sitat» “quote” ‘x’ …", "%s %d %[1]v {{.}} ${x}",
		`"quoted", 'single'; back\slash`,
		"e\u0301\u0323\u0302\u0304\u0308 combining", "\u200b\u200d\ufeff", "]]>--><b>&lt;",
		"http://evil.example/?a=b&c=d",
	}
}

// Hostile is the busy bot with hostile names everywhere.
func Hostile() *figures.Report {
	a := busy()
	names := Names()
	a.Bot.Name = names[0] + " " + names[1] + " " + names[11]
	a.Labels.This.Value, a.Buttons.This.Value, a.Pages.This.Value = nil, nil, nil
	for i, name := range names {
		n := 900 - 30*i
		a.Labels.This.Value = append(a.Labels.This.Value,
			figures.Label{ID: fmt.Sprint(i), Text: name, Count: n})
		a.Buttons.This.Value = append(a.Buttons.This.Value,
			figures.Button{Text: name, Dialogue: names[len(names)-1-i], Count: n, Ratio: 0.01})
		a.Pages.This.Value = append(a.Pages.This.Value,
			figures.Page{Host: name, Path: "/" + name, Sessions: n, Messages: 3 * n})
	}
	a.Feedback.This.Value.Emojis = []figures.Rating{{Rating: -3, Count: 5, Ratio: 0.5},
		{Rating: 99, Count: 5, Ratio: 0.5}}
	a.Pages.Previous.Failed = "GET chatbubble/pages: <b>502</b> *Bad* Gateway & more " + names[6]
	return compute(a)
}

// Huge is a bot whose numbers are as large as integers go without overflowing when a report adds
// them up.
func Huge() *figures.Report {
	a := busy()
	const huge = math.MaxInt64 / 1000
	for i := range a.Chats {
		a.Chats[i].Count, a.Messages[i].Count = huge-i, huge
	}
	for i := range a.Hours.Value {
		a.Hours.Value[i].Count = huge
	}
	for i := range a.Labels.This.Value {
		a.Labels.This.Value[i].Count = huge - i
	}
	for i := range a.Handovers.Value {
		a.Handovers.Value[i].Requests, a.Handovers.Value[i].RequestsWhileClosed = huge/7, huge/9
	}
	a.Fallbacks.This.Value.Count = huge
	a.Feedback.This.Value.Binary[1].Count = huge
	return compute(a)
}

func answers(id, name string) figures.Answers {
	week, err := period.Parse("2026-W46")
	if err != nil {
		panic(err)
	}
	return figures.Answers{
		Bot: figures.Bot{ID: id, Name: name, TZ: "Europe/Oslo",
			Link: "https://app.kindly.ai/bot/" + id},
		Period: week, Locale: "en", FetchedAt: fetched,
		Filters: figures.Filters{Sources: []string{"-test"}},
	}
}

func add(a *figures.Answers, day period.Date, chats, messages int) {
	a.Chats = append(a.Chats, figures.Point{Time: at(day, 0), Count: chats})
	a.Messages = append(a.Messages, figures.Point{Time: at(day, 0), Count: messages})
}

func at(day period.Date, hour int) time.Time {
	return day.UTC().Add(time.Duration(hour) * time.Hour)
}

func compute(a figures.Answers) *figures.Report {
	r, err := figures.Compute(a)
	if err != nil {
		panic(err)
	}
	return r
}

func busy() figures.Answers {
	a := answers("nettbutikk", "Nettbutikk chatbot")
	week := [2][7]int{{1189, 1256, 1416, 1306, 1244, 590, 606},
		{1284, 1412, 1377, 1530, 1198, 642, 588}}
	for i := range figures.HistoryDays {
		day := a.Period.To().Add(i - figures.HistoryDays)
		n := week[i%2][i%7] - 4*(figures.HistoryDays-i)
		if i >= figures.HistoryDays-14 {
			n = week[i/7%2][i%7]
		}
		add(&a, day, n, n*37/10+i%5)
		a.Handovers.Value = append(a.Handovers.Value,
			figures.StagePoint{Time: at(day, 0), Requests: n / 21,
				RequestsWhileClosed: n/70 + 6*(i%7/5), Started: n / 24, Ended: n / 25})
	}
	shape := [24]int{2, 1, 1, 0, 0, 3, 9, 22, 51, 80, 92, 101, 110, 90, 78, 62, 55, 58, 66, 61, 48,
		30, 15, 6}
	for d := range 7 {
		for h, n := range shape {
			if d > 4 {
				n = n * 2 / 5
			}
			if h < 8 || h >= 16 || d > 4 {
				a.HandoverHours.Value = append(a.HandoverHours.Value,
					figures.StagePoint{Time: at(a.Period.From().Add(d), h),
						RequestsWhileClosed: n / 20})
			}
			a.Hours.Value = append(a.Hours.Value,
				figures.Point{Time: at(a.Period.From().Add(d), h), Count: n * (10 + (d*h)%5) / 9})
		}
	}
	for i := range figures.HistoryDays {
		day, rate := a.Period.To().Add(i-figures.HistoryDays), 0.097+float64(i*5%9)/1000
		if i >= figures.HistoryDays-7 {
			rate = []float64{0.101, 0.098, 0.104, 0.187, 0.112, 0.095, 0.09}[i%7]
		}
		a.FallbackDays.Value = append(a.FallbackDays.Value,
			figures.RatePoint{Time: at(day, 0), Count: int(rate * 5000), Rate: &rate})
	}
	a.Fallbacks.This.Value = figures.Fallback{Count: 3712, Rate: new(0.118)}
	a.Fallbacks.Previous.Value = figures.Fallback{Count: 3080, Rate: new(0.104)}
	for i := range figures.TrendPeriods {
		a.FallbackTrend.Value = append(a.FallbackTrend.Value,
			figures.RatePoint{Time: at(a.Period.Add(i+1-figures.TrendPeriods).From(), 0),
				Count: 3000 + 10*i, Rate: new(0.12 - float64(i*i%7)/500)})
	}
	a.Feedback.This.Value = figures.Ratings{
		Binary: []figures.Rating{{Rating: 1, Count: 61, Ratio: 0.263},
			{Rating: 2, Count: 171, Ratio: 0.737}},
		Emojis: []figures.Rating{{Rating: 1, Count: 14, Ratio: 0.109},
			{Rating: 2, Count: 9, Ratio: 0.07}, {Rating: 3, Count: 17, Ratio: 0.133},
			{Rating: 4, Count: 33, Ratio: 0.258}, {Rating: 5, Count: 55, Ratio: 0.43}},
	}
	a.Feedback.Previous.Value = figures.Ratings{
		Binary: []figures.Rating{{Rating: 1, Count: 70, Ratio: 0.33},
			{Rating: 2, Count: 142, Ratio: 0.67}},
		Emojis: []figures.Rating{{Rating: 1, Count: 20, Ratio: 0.2},
			{Rating: 3, Count: 30, Ratio: 0.3}, {Rating: 5, Count: 50, Ratio: 0.5}},
	}
	a.FeedbackBefore = []figures.Answer[figures.Ratings]{{Value: figures.Ratings{
		Binary: []figures.Rating{{Rating: 1, Count: 640, Ratio: 0.291},
			{Rating: 2, Count: 1560, Ratio: 0.709}},
		Emojis: []figures.Rating{{Rating: 1, Count: 210, Ratio: 0.175},
			{Rating: 3, Count: 330, Ratio: 0.275}, {Rating: 5, Count: 660, Ratio: 0.55}},
	}}}
	for i := range figures.TrendPeriods - 2 {
		a.FeedbackTrend = append(a.FeedbackTrend,
			figures.Answer[figures.Ratings]{Value: figures.Ratings{
				Binary: []figures.Rating{{Rating: 1, Count: 52 + 3*(i%4)},
					{Rating: 2, Count: 140 + i}},
				Emojis: []figures.Rating{{Rating: 2, Count: 30 + i%3}, {Rating: 4, Count: 66}},
			}})
	}
	a.Targets = figures.Targets{FallbackRate: new(0.1), HandoverRate: new(0.08),
		Feedback: new(0.65), RequestsWhileClosed: new(150)}
	for i, date := range a.Period.YearAgo().Days() {
		n := week[1][i] * 4 / 5
		a.YearAgo.Chats.Value = append(a.YearAgo.Chats.Value,
			figures.Point{Time: at(date, 0), Count: n})
		a.YearAgo.Messages.Value = append(a.YearAgo.Messages.Value,
			figures.Point{Time: at(date, 0), Count: 4 * n})
	}
	a.YearAgo.Fallbacks.Value = figures.Fallback{Count: 3405, Rate: new(0.136)}
	labels := []string{"Hvor er pakken min?", "Retur & bytte", "Endre leveringsadresse",
		"Åpningstider", "Gavekort 🎁", "Größentabelle", "Levering til Ærø", "Αλλαγή κωδικού",
		"Статус заказа", "Snakk med et menneske", "Faktura", "Rabattkode virker ikke"}
	for i := range figures.ListLimit {
		text := fmt.Sprintf("Emne %d", i+1)
		if i < len(labels) {
			text = labels[i]
		}
		n := 1820 * 3 / (i + 3)
		a.Labels.This.Value = append(a.Labels.This.Value,
			figures.Label{ID: fmt.Sprintf("l%d", i), Text: text, Count: n})
		if i != 4 { // Gavekort was below the top 100 last week
			a.Labels.Previous.Value = append(a.Labels.Previous.Value,
				figures.Label{ID: fmt.Sprintf("l%d", i), Text: text,
					Count: n * (85 + i*7%31) / 100})
		}
	}
	a.Labels.Previous.Value = append(a.Labels.Previous.Value,
		figures.Label{ID: "old", Text: "Sommersalg", Count: 51})
	for i, b := range []struct{ text, dialogue string }{{"Spor pakken", "Levering"},
		{"Ja, takk!", "Velkommen"}, {"Snakk med kundeservice", "Overføring"}, {"Nei", "Velkommen"},
		{"Returskjema", "Retur"}, {"Se åpningstider", "Butikker"}, {"Chat på norsk 🇳🇴", "Språk"},
		{"Bestill på nytt", "Ordre"}} {
		n := 1400 * 2 / (i + 2)
		a.Buttons.This.Value = append(a.Buttons.This.Value,
			figures.Button{Text: b.text, Dialogue: b.dialogue, Count: n, Ratio: float64(n) / 6000})
		if i != 6 {
			a.Buttons.Previous.Value = append(a.Buttons.Previous.Value,
				figures.Button{Text: b.text, Dialogue: b.dialogue, Count: n - 40 + 12*i,
					Ratio: 0.1})
		}
	}
	for i, path := range []string{"/", "/kasse", "/kundeservice/retur",
		"/produkter/dame/jakker?farge=blå", "/min-side/ordre", "/butikker/tromsø",
		"/kampanje/black-week-2026/alle-tilbud/elektronikk/hodetelefoner", "/gavekort"} {
		n := 2600 / (i + 1)
		a.Pages.This.Value = append(a.Pages.This.Value,
			figures.Page{Host: "www.nettbutikk.example", Path: path, Sessions: n, Messages: 3 * n})
		a.Pages.Previous.Value = append(a.Pages.Previous.Value,
			figures.Page{Host: "www.nettbutikk.example", Path: path, Sessions: n * (90 + 3*i) / 100,
				Messages: 3 * n})
	}
	return a
}
