package sagefake

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// personas are the demo's bots. Their words are what people type into such bots: Norwegian letters,
// emoji, markup, formulas of spreadsheets, quotes, and long texts. Editions must escape them.
var personas = []persona{
	{
		id: "nettbutikk", name: "Nettbutikk chatbot", tz: "Europe/Oslo",
		chats: 8000, growth: 1.006, lastWeek: 1.03, noise: 0.04,
		weekdays: [7]float64{1.18, 1.12, 1.08, 1.05, 0.98, 0.76, 0.83},
		hours: [24]float64{14, 8, 4, 3, 3, 5, 12, 26, 48, 70, 84, 88, 86, 80, 76, 70, 62, 56, 60,
			70, 74, 66, 46, 26},
		holiday: norwegianHoliday, onHoliday: 0.55, opens: 8, closes: 16,
		sources:   []share{{"web", 0.78}, {"app", 0.15}, {"facebook", 0.07}},
		languages: []share{{"nb", 0.78}, {"en", 0.09}, {"sv", 0.09}, {"da", 0.04}},
		testChats: 22,
		messages:  4, fallback: 0.085, fallbackDrift: 1.002,
		click: 0.25, label: 0.6, handover: 0.06, binary: 0.03, emojis: 0.045,
		pages: shopPages(), labels: shopLabels(), buttons: shopButtons(),
		incident: &incident{"web", "nb", 10, 15,
			Label{labelID("Betaling feiler 💳"), "Betaling feiler 💳"}},
	},
	{
		id: "kommune", name: "Kommune-Kari – Fjellvik kommune", tz: "Europe/Oslo",
		chats: 900, growth: 1.002, lastWeek: 0.97, noise: 0.06,
		weekdays: [7]float64{1.3, 1.2, 1.1, 1.05, 0.9, 0.16, 0.14},
		hours: [24]float64{1, 0, 0, 0, 0, 1, 3, 16, 78, 96, 100, 94, 74, 88, 72, 34, 16, 12, 11,
			12, 12, 9, 5, 2},
		holiday: norwegianHoliday, onHoliday: 0.12, opens: 8, closes: 16,
		sources:   []share{{"web", 0.92}, {"facebook", 0.08}},
		languages: []share{{"nb", 0.8}, {"nn", 0.12}, {"en", 0.08}},
		testChats: 9,
		messages:  3.4, fallback: 0.14, fallbackDrift: 1.02,
		click: 0.22, label: 0.55, handover: 0.21, feedbackOff: true,
		pages: councilPages(), labels: councilLabels(), buttons: councilButtons(),
	},
	{
		id: "bakeri", name: "Bakeri Ærlig, Brooklyn 🥐", tz: "America/New_York",
		chats: 25, growth: 1.002, lastWeek: 1, noise: 0.15,
		weekdays: [7]float64{0.8, 0.7, 0.8, 0.9, 1.2, 1.6, 1},
		hours: [24]float64{0, 0, 0, 0, 0, 2, 6, 9, 10, 9, 8, 8, 9, 8, 7, 6, 5, 4, 3, 2, 2, 1, 0,
			0},
		holiday: americanHoliday, onHoliday: 0.2, opens: 8, closes: 16,
		sources:   []share{{"web", 0.85}, {"facebook", 0.15}},
		languages: []share{{"en", 0.86}, {"es", 0.1}, {"nb", 0.04}},
		testChats: 0.6,
		messages:  3, fallback: 0.12, fallbackDrift: 1,
		click: 0.2, label: 0.5, handover: 0.1, binary: 0.09, emojis: 0.04,
		pages: bakeryPages(), labels: bakeryLabels(), buttons: bakeryButtons(),
	},
}

// labelID returns an ID like those of the service, the same for the same text.
func labelID(text string) string {
	h := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

func labelled(texts ...string) []Label {
	all := make([]Label, len(texts))
	for i, text := range texts {
		all[i] = Label{ID: labelID(text), Text: text}
	}
	return all
}

func paths(host string, all ...string) []Page {
	list := make([]Page, len(all))
	for i, path := range all {
		list[i] = Page{host, path}
	}
	return list
}

// slug returns a word as in a shop's addresses; æ, ø and å stay.
func slug(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") }

var shopGoods = []string{
	"Løpesko", "Vinterjakker", "Regntøy", "Ull undertøy", "Barneklær", "Ryggsekker", "Telt",
	"Soveposer", "Ski",
	"Sykler", "Hjelmer", "Klatreutstyr", "Fiskeutstyr", "Kajakk",
}

func shopPages() []Page {
	const host = "www.nettbutikk.example"
	all := paths(host,
		"/", "/kundeservice", "/retur-og-bytte", "/min-side/ordrer", "/handlekurv",
		"/størrelsesguide",
		"/kundeservice/hvor-er-pakken-min", "/salg", "/butikker/tromsø", "/gavekort",
		"/kundeklubb/fordeler",
		"/kassen/betaling", "/merker/havørn-&-sønn")
	all = append(all, paths("se.nettbutikk.example", "/", "/kundtjänst", "/retur-och-byte")...)
	all = append(all,
		Page{"app.nettbutikk.example", "/innlogging"},
		Page{host, "/søk/<script>alert(1)</script>"},
		Page{host, "/kampanje/" + strings.Repeat("sommersalg-på-alt-av-friluftsliv/", 9) +
			"uke-28"},
		Page{host, "/produkt/%C3%A5rets-gave%20%26%20pynt"},
	)
	for _, model := range []string{
		"nordlys", "fjelltopp", "havørn", "bålplass", "snøfrisk", "villrein", "midnattssol",
		"polarskare", "lauvhytta",
		"skogstur", "ur", "brekøyr",
	} {
		for _, goods := range shopGoods {
			all = append(all, Page{host, "/produkt/" + slug(goods) + "/" + model})
		}
	}
	return all
}

func shopLabels() []Label {
	all := labelled(
		"Hvor er pakken min?", "Retur", "Ordrestatus", "Åpningstider", "Størrelse",
		"<b>Retur & bytte</b>",
		"Gavekort 🎁", "*Reklamasjon*", "Leveringstid", "På lager?", `Rabattkode "SOMMER"`,
		"=SUM(A1)", "Kundeklubb",
		"Klikk & hent", "Faktura", "Endre adresse", "Avbestille ordre", "Glemt passord",
		"Kjøpsvilkår", "Sprakk i sømmen",
		"Feil vare mottatt", "Snakke med et menneske 🙋‍♀️", "_Personvern_", "`GDPR`",
		"Jobb hos oss", "@kundeservice",
		"Prisgaranti", "Storkunde / bedrift", "Frakt til Svalbard", "Tilbakebetaling",
		"Ærlig talt, dette er tull 😡",
		"Skiservice", "Sykkelverksted",
		"En kunde som ville vite om "+strings.Repeat("alt mulig og ", 12)+"mer til",
	)
	for _, topic := range []string{
		"Passer størrelsen?", "På lager i butikk", "Vask og stell", "Reklamasjon", "Pris", "Farge",
		"Garanti", "Reservedeler",
		"Sammenligne modeller",
	} {
		for _, goods := range shopGoods {
			all = append(all, labelled(goods+" – "+strings.ToLower(topic))...)
		}
	}
	return all
}

func shopButtons() []Button {
	all := []Button{
		{"📦 Spor pakken", "Hvor er pakken min?"}, {"Ja", "Fikk du hjelp?"}, {"Retur", "Hovedmeny"},
		{"Ordrestatus", "Hovedmeny"}, {"Nei", "Fikk du hjelp?"}, {"Snakk med oss 💬", "Overføring"},
		{"<b>Retur & bytte</b>", "Retur"}, {"Åpningstider", "Butikker"}, {"Størrelsesguide",
			"Størrelser"},
		{"*Bytte* til annen størrelse", "Retur"}, {"+47 815 00 000",
			"Kontakt"}, {`Skriv ut "returseddel"`, "Retur"},
		{"Ja", "Var det noe mer?"}, {"Nei takk",
			"Var det noe mer?"}, {"=HYPERLINK(\"http://x.example\")", "Kampanje"},
		{"🇸🇪 Svenska", "Språk"}, {"🇬🇧 English", "Språk"}, {"🇩🇰 Dansk", "Språk"}, {"Gavekort",
			"Hovedmeny"},
		{"Kjøp gavekort på " + strings.Repeat("veldig ", 20) + "mange kroner", "Gavekort"},
		{"Logg inn", "Min side"}, {"Vilkår", "Kundeklubb & <fordeler>"}, {"Betal på nytt",
			"Betaling"},
	}
	for _, offer := range []string{"Vis", "Størrelser i", "Nyheter i", "Salg på", "På lager:",
		"Guide til", "Service på", "Alt om"} {
		for _, goods := range shopGoods {
			all = append(all, Button{offer + " " + strings.ToLower(goods), goods})
		}
	}
	return all
}

func councilPages() []Page {
	all := paths("www.fjellvik.kommune.example",
		"/", "/barnehage", "/renovasjon/tømmekalender", "/byggesak", "/helse/legevakt",
		"/skole/sfo", "/skatt-og-avgift",
		"/barnehage/søk-plass", "/kontakt-oss", "/bolig/startlån", "/vann-og-avløp",
		"/kultur/kulturskolen",
		"/helse/vaksine", "/byggesak/nabovarsel", "/parkering", "/ledige-stillinger",
		"/politikk/møter-og-saker",
		"/nynorsk/barnehage", "/vei/brøyting", "/bibliotek/åpningstider", "/skole/skoleruta",
		"/hund/båndtvang",
		"/aktuelt/"+strings.Repeat("kommunestyret-vedtok-reguleringsplan-for-", 6)+"sentrum")
	return append(all, paths("minside.fjellvik.kommune.example", "/", "/faktura", "/søknader")...)
}

func councilLabels() []Label {
	return labelled(
		"Barnehage", "Renovasjon", "Byggesak", "Legevakt", "SFO", "Tømmekalender 🗑️",
		"Søknad om startlån", "Skatt",
		"Åpningstider", "Nabovarsel", "Vaksine", "Vann & avløp", "Kulturskolen", "Parkering",
		"Brøyting", "Skolerute",
		"Personnummer – skal ikke skrives!", "Båndtvang", "Ledige stillinger",
		"<i>Klage</i> på vedtak", "Sykehjemsplass",
		"Trygghetsalarm", "Bibliotek", "Gravlund", "Feiing", "Næringsliv", "Valg", "Vigsel 💒",
		"Ordføreren", "-1+1",
	)
}

func councilButtons() []Button {
	return []Button{
		{"Snakk med et menneske", "Overføring"}, {"Søk barnehageplass",
			"Barnehage"}, {"Tømmekalender", "Renovasjon"},
		{"Ja", "Fikk du svar?"}, {"Nei", "Fikk du svar?"}, {"Ring legevakta 116 117",
			"Legevakt"}, {"Byggesak", "Meny"},
		{"Skjema for nabovarsel", "Byggesak"}, {"SFO-satser", "Skole"}, {"Nynorsk",
			"Språk"}, {"English", "Språk"},
		{"Betale faktura", "Min side"}, {"Søk startlån", "Bolig"}, {"Møter & saker",
			"Politikk"}, {"Klag på vedtak", "Klage"},
		{"Hull i veien? Meld fra!", "Vei"}, {"Åpningstider", "Bibliotek"}, {"Vaksinetime", "Helse"},
	}
}

func bakeryPages() []Page {
	return paths("ærligbakery.example", "/", "/menu", "/order/birthday-cake", "/locations/brooklyn",
		"/allergens", "/kransekake")
}

func bakeryLabels() []Label {
	return labelled("Opening hours", "Birthday cake 🎂", "Allergens", "Custom order", "Kransekake",
		"Wholesale", `"Gluten free"?`)
}

func bakeryButtons() []Button {
	return []Button{
		{"See today's menu", "Menu"}, {"Order a cake", "Orders"}, {"Directions",
			"Locations"}, {"Yes", "Did that help?"},
		{"No", "Did that help?"}, {"Talk to Åse", "Handover"},
	}
}
