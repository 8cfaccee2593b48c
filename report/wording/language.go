package wording

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"
)

// lang is what a language consists of.
type lang struct {
	tag      language.Tag
	messages map[Key]*text
	names    calendar
}

func find(locale string) (lang, bool) {
	switch locale {
	case "en":
		return lang{language.English, english, englishNames}, true
	case "nb":
		return lang{language.MustParse("nb"), norwegian, norwegianNames}, true
	case "sv":
		return lang{language.Swedish, swedish, swedishNames}, true
	case "da":
		return lang{language.Danish, danish, danishNames}, true
	case "de":
		return lang{language.German, german, germanNames}, true
	case Pseudo:
		return pseudo(), true
	}
	return lang{}, false
}

// text is a message, in one form, or in two that an argument chooses between. All our languages have these two plurals.
type text struct {
	by         int // the number of the argument, from 1; 0: there is one form, which is other
	one, other string
}

// one is a message without a plural, forms one that is chosen by its nth argument.
func one(s string) *text { return &text{other: s} }

func forms(nth int, one, other string) *text { return &text{nth, one, other} }

func (t *text) catalog() []catalog.Message {
	if t.by == 0 {
		return []catalog.Message{catalog.String(t.other)}
	}
	return []catalog.Message{plural.Selectf(t.by, "%d", plural.One, t.one, plural.Other, t.other)}
}
