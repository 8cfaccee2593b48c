package summary

import (
	"net/http"
	"strconv"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// reasonKeys are the messages of causes, but for that of a status.
var reasonKeys = map[string]wording.Key{
	figures.CauseUnsent:       wording.ReasonUnsent,
	figures.CauseShape:        wording.ReasonShape,
	figures.CausePage:         wording.ReasonPage,
	figures.CauseUnfinished:   wording.ReasonUnfinished,
	figures.CauseLate:         wording.ReasonLate,
	figures.CauseBroken:       wording.ReasonBroken,
	figures.CauseUnreadable:   wording.ReasonUnreadable,
	figures.CauseUnreachable:  wording.ReasonUnreachable,
	figures.CauseContradicted: wording.ReasonContradictory,
	figures.CauseRepeated:     wording.ReasonRepeated,
	figures.CauseDiscarded:    wording.ReasonDiscarded,
	figures.CauseUnproven:     wording.ReasonUnproven,
}

// Reason says why a section is missing. It does not use the report's own reason, which is English
// and meant for a log. For a cause that this version of the program does not know, it says that
// there was no answer.
func Reason(words *wording.Wording, u figures.Unavailable) string {
	c := u.Cause
	if c.Kind == figures.CauseStatus {
		if text := http.StatusText(c.Status); text != "" {
			// the words of HTTP
			return words.Say(wording.ReasonStatus, strconv.Itoa(c.Status), text)
		}
		return words.Say(wording.ReasonStatusOnly, strconv.Itoa(c.Status))
	}
	if c.Kind == figures.CauseContradicted && c.By != "" {
		return words.Say(wording.ReasonContradicted, section(words, c.By), c.Shows)
	}
	if key, known := reasonKeys[c.Kind]; known {
		return words.Say(key)
	}
	return words.Say(wording.ReasonUnknown)
}
