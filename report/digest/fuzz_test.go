package digest_test

import (
	"testing"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func FuzzSlack(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, name, reason string, count int) {
		r := typed(name, reason, count)
		for which, d := range allMessages(r, say(t, r)) {
			for _, mistake := range decode(t, encode(t, d)).mistakes() {
				t.Errorf("%s: %s", which, mistake)
			}
		}
	})
}

func FuzzText(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, name, reason string, count int) {
		r := typed(name, reason, count)
		s := say(t, r)
		for _, width := range []int{40, 57, 80} {
			if mistake := badLine(digest.Text(s, width), width); mistake != "" {
				t.Errorf("%d columns: %s", width, mistake)
			}
		}
	})
}

func seed(f *testing.F) {
	for i, name := range figurestest.Names() {
		f.Add(name, "HTTP 502: "+name, 1<<(2*i))
	}
	f.Add("Hvor er pakken min?", "", -1)
}

// typed returns a week of a tiny bot, or of one without a baseline, with a text and a number in
// each place where a user's can be.
func typed(name, reason string, count int) *figures.Report {
	r := figurestest.Tiny()
	if count%2 == 0 {
		r = figurestest.New()
	}
	r.Bot.Name = name
	past := figures.Past{Previous: &count}
	r.Labels = []figures.Label{{Text: name, Count: count, Past: past}, {Text: reason, Count: 7},
		{Text: name + reason, Count: 3}}
	r.Filters = figures.Filters{Sources: []string{name, "-" + reason}, Languages: []string{name}}
	r.Chats.Daily[1].Count, r.Chats.PreviousDaily[1].Count, r.Chats.Trend[3].Count = count, count,
		count
	r.Chats.Hourly[2][9] = &count
	if reason != "" {
		r.Feedback = figures.Feedback{}
		r.Unavailable = append(r.Unavailable,
			figures.Unavailable{Section: figures.SectionFeedback, Reason: reason},
			figures.Unavailable{Section: name, Reason: name})
	}
	return r
}
