package summary_test

import (
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
)

// At most two lines say where an excess lies and what coincides with it.
func TestWhere(t *testing.T) {
	thursday, friday := new(period.NewDate(2026, time.November, 12)),
		new(period.NewDate(2026, time.November, 13))
	const rate, chats = figures.MeasureFallbackRate, figures.MeasureChats
	web := figures.WhereSlice{Kind: figures.SliceSource, Name: "web"}
	norwegian := figures.WhereSlice{Kind: figures.SliceLanguage, Name: "nb"}
	morning := figures.WhereSlice{Kind: figures.SliceHours, From: 9, To: 14}
	night := figures.WhereSlice{Kind: figures.SliceHours, From: 20, To: 24}
	label := figures.WhereItem{List: figures.ListLabels, Name: "Retur", Count: 210, Baseline: 2}
	button := figures.WhereItem{List: figures.ListButtons, Name: "Ja", Count: 1, Baseline: 0}
	page := figures.WhereItem{List: figures.ListPages, Name: "shop.example/pay", Count: 90}
	asked := &figures.WhereRequests{Count: 128, Baseline: 70}
	type slices = []figures.WhereSlice
	type items = []figures.WhereItem

	for _, c := range []struct {
		name   string
		locale string
		where  []figures.Where
		want   []string
	}{
		{"nothing", "en", nil, nil},
		{"all of it", "en", []figures.Where{{Measure: rate, Date: thursday,
			Slices: slices{web, norwegian, morning}, Items: items{label, page}, Requests: asked}},
			[]string{"Nearly all of it on web, in Norwegian, between 09:00 and 14:00.",
				"On that day: label “Retur” 210 times (usually 2); asked to talk to a human 128 times " +
					"(usually 70)."}},
		{"all of it", "nb", []figures.Where{{Measure: rate, Date: thursday,
			Slices: slices{web, norwegian, morning}, Items: items{label}, Requests: asked}},
			[]string{"Nesten alt på web, på norsk, mellom kl. 09.00 og 14.00.",
				"Samme dag: etiketten «Retur» 210 ganger (vanligvis 2); overføring ønsket " +
					"128 ganger (vanligvis 70)."}},
		{"until midnight", "en", []figures.Where{{Measure: rate, Date: thursday,
			Slices: slices{night}}}, []string{"Nearly all of it between 20:00 and 00:00."}},
		{"only what coincides", "en", []figures.Where{{Measure: rate, Date: thursday,
			Items: items{button}}}, []string{"On that day: button “Ja” 1 click (usually 0)."}},
		{"the week", "en", []figures.Where{{Measure: rate, Slices: slices{web}, Items: items{page}}},
			[]string{"Nearly all of it on web.",
				"In the same week: page shop.example/pay 90 chats (usually 0)."}},
		{"two days", "en", []figures.Where{{Measure: rate, Date: thursday, Slices: slices{web}},
			{Measure: rate, Date: friday, Requests: asked}},
			[]string{"Thursday: nearly all of it on web.",
				"Friday: asked to talk to a human 128 times (usually 70)."}},
		{"three lines", "en", []figures.Where{{Measure: rate, Date: thursday, Slices: slices{web},
			Requests: asked}, {Measure: rate, Date: friday, Slices: slices{web}}},
			[]string{"Thursday: nearly all of it on web.",
				"Thursday: asked to talk to a human 128 times (usually 70)."}},
		{"more chats on a day", "en", []figures.Where{{Measure: chats, Date: friday, Count: 900,
			Baseline: 500, Slices: slices{norwegian}}},
			[]string{"Friday: nearly all of the additional chats in Norwegian."}},
		{"fewer chats", "en", []figures.Where{{Measure: chats, Count: 300, Baseline: 500,
			Slices: slices{web}}}, []string{"Nearly all of the missing chats on web."}},
		{"a list of a later program", "en", []figures.Where{{Measure: rate,
			Items: items{{List: "forms", Name: "x", Count: 9}}}}, nil},
	} {
		t.Run(c.name+" "+c.locale, func(t *testing.T) {
			r := figurestest.Sliced()
			r.Locale, r.Where = c.locale, c.where
			s, err := summary.Of(r)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(strings.Join(s.Where, "\n"), "\u00a0", " ")
			if want := strings.Join(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// A bot without slices or with few chats has no tables of slices. The mail has them only if they
// show where the excess lies.
func TestSlices(t *testing.T) {
	tables := func(r *figures.Report) map[string]*summary.Table {
		s, err := summary.Of(r)
		if err != nil {
			t.Fatal(err)
		}
		all := make(map[string]*summary.Table)
		for _, table := range s.Tables() {
			all[table.Name] = table
		}
		return all
	}
	sources := func(change func(*figures.Report)) *summary.Table {
		r := figurestest.Sliced()
		change(r)
		return tables(r)[summary.TableSources]
	}
	if got := sources(func(r *figures.Report) { r.Slices = nil }); got != nil {
		t.Errorf("a report of before: %+v", got)
	}
	if got := sources(func(r *figures.Report) { r.Chats.Total = 99 }); got != nil {
		t.Errorf("99 chats: %+v", got)
	}
	if got := sources(func(*figures.Report) {}); got.Rank == 0 {
		t.Error("not in the mail, although it says where")
	}
	if got := sources(func(r *figures.Report) { r.Where = nil }); got.Rank != 0 {
		t.Error("in the mail, although it explains nothing")
	}
	for _, unseen := range []string{"", " ", "\u00ad"} { // Slack refuses an empty text
		r := figurestest.Sliced()
		r.Slices.Languages.Slices[0].Name = unseen
		if got := tables(r)[summary.TableLanguages].Rows[0][0]; got != "(no name)" {
			t.Errorf("the language %q is %q", unseen, got)
		}
	}
	rest := sources(func(r *figures.Report) {
		s := r.Slices.Sources
		s.Slices[1].Chats.Count, s.Slices[1].Fallbacks.Rate = nil, nil
		s.Rest, s.Overlap = figures.SliceRest{Chats: new(12), Requests: new(3)}, 7
	})
	if got := strings.Join(rest.Rows[1], " | "); !strings.HasPrefix(got, "app | – | 982 | – |") {
		t.Errorf("a failed slice: %s", got)
	}
	if got := strings.Join(rest.Rows[3], " | "); got != "None of these | 12 | – | – | – | 3 | –" {
		t.Errorf("the rest: %s", got)
	}
	if !strings.HasSuffix(rest.Note, "7 chats count in two rows.") {
		t.Errorf("note: %s", rest.Note)
	}
}

// "Nearly all of it on web" follows the verdict, which it is about.
func TestReasons(t *testing.T) {
	for _, c := range []struct{ facts, where, want string }{
		{"week,targets", "web,label", "web week label targets"},
		{"week", "web", "web week"},
		{"", "web", "web"},
		{"week,targets", "", "week targets"},
	} {
		split := func(all string) []string {
			return strings.FieldsFunc(all, func(r rune) bool { return r == ',' })
		}
		s := summary.Summary{Facts: split(c.facts), Where: split(c.where)}
		if got := strings.Join(s.Reasons(), " "); got != c.want {
			t.Errorf("facts %q and where %q are read as %q, want %q", c.facts, c.where, got, c.want)
		}
	}
}
