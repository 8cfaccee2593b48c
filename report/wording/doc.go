// Package wording writes a report's language: each word that a reader sees, and each number,
// percentage, date and hour. It knows nothing of reports. A caller names a message by its [Key] and
// passes the numbers. The keys are in en.go, with the English texts.
//
// # A new language
//
// A language is one file, such as nb.go, and one entry of languages in language.go. The file has
// the texts, the names of days and months, and the words that people type for a week. The library
// golang.org/x/text knows the rest from CLDR: how numbers are grouped, which sign marks decimals,
// and which plural form a number takes. A language can have any of CLDR's forms: one, two, few,
// many and other. Each number of a text selects its own forms, "{1|%d chat|%d chats}". A number is
// in the sentence with its noun, so that a language can give the noun the case that it needs.
// Weekdays have a form that says when, and months the form that they have in a date.
//
// Configuration, commands, help texts and tests take the languages from that list. The tests name
// each text that is missing, and compare the arguments of each text with English. The made-up
// language [Pseudo] shows words that do not come from this package.
//
// # Style
//
// A concept has one word in each language, everywhere. The comment at the head of each file lists
// them. Where no common word exists, it is the word of people who work with chatbots. Kindly's own
// word fallback is in the glossary only. No verb calls a number good or bad: chats rise and fall,
// they do not improve. A name is never inflected. The week before is never called last week, since
// on a Monday that is the reported one.
package wording
