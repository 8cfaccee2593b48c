// Package wording is the language of a report: every word that a reader sees, and how numbers, percentages, dates and
// hours are written. It knows nothing of reports: a caller names a message by its [Key] and hands over the numbers.
//
// A language is a catalogue, such as messages_nb.go, and a row of names in calendar.go. How numbers are grouped, where
// the comma stands and when a form is a plural is the library's knowledge (CLDR). Tests hold that no message is missing,
// that each takes the arguments that the English one takes, and, by the made-up language [Pseudo], that no edition says
// a word that does not come from here. A language to come is another catalogue, another row of names, and another line in
// language.go.
//
// # Words
//
// A concept has one word in each language, everywhere. Where no ordinary word exists, it is the one that people use who
// work with chatbots; fallback is Kindly's own word, and stays.
//
//	English           bokmål                 svenska                dansk                    Deutsch
//	chat              samtale                chatt                  samtale                  Chat
//	user message      brukermelding          användarmeddelande     brugerbesked             Nachricht
//	fallback          fallback-svar          fallback-svar          fallback-svar            Fallback
//	fallback rate     fallback-andel         fallback-andel         fallback-andel           Fallback-Quote
//	handover          overføring             överlämning            overdragelse             Übergabe
//	handover request  ønske om overføring    begärd överlämning     ønsket overdragelse      angefragte Übergabe
//	opening hours     åpningstid             öppettid               åbningstid               Servicezeit
//	feedback          tilbakemelding         feedback               feedback                 Feedback
//	rating            vurdering              omdöme                 vurdering                Bewertung
//	label             etikett                etikett                etiket                   Label
//	button            knapp                  knapp                  knap                     Button
//	page              side                   sida                   side                     Seite
//	target            mål                    mål                    mål                      Ziel
//	note              merknad                anteckning             note                     Notiz
//	ordinarily        vanligvis              vanligtvis             normalt                  üblich
//	above normal      over vanlig            över det vanliga       over det normale         über dem Üblichen
//	overview          oversikt               översikt               oversigt                 Übersicht
//	percentage point  prosentpoeng (pp)      procentenhet (p.e.)    procentpoint (pp)        Prozentpunkt (PP)
//
// Readers are addressed as du in the Nordic languages; German addresses nobody. A number is never called good or bad by a
// verb: chats rise and fall, they do not improve.
package wording
