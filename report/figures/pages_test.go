package figures_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func TestWithoutQuery(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"/", "/"},
		{"/kasse", "/kasse"},
		{"/kasse?email=ola@nordmann.example", "/kasse"},
		{"?email=ola@nordmann.example", ""},
		{"/kasse?", "/kasse"},
		{"/a?b=/c?d", "/a"},
		{"/kasse?a=1#/takk?navn=Ola", "/kasse#/takk"},
		{"/#/", "/#/"},
		{"/#/takk/12", "/#/takk/12"},
		{"/#!/takk?navn=Ola", "/#!/takk"},
		{"/#/takk#navn=Ola", "/#/takk"},
		{"/#/takk;navn=Ola/x", "/#/takk/x"},
		{"/#/access_token=abc&state=1", "/#/"},
		{"/#/user/ola@nordmann.example/kart", "/#/user/…/kart"},
		{"/#email=ola@nordmann.example", "/"},
		{"/#access_token=abc", "/"},
		{"/#kontakt", "/"},
		{"/#:~:text=Ola", "/"},
		{"/kasse;jsessionid=1A2B", "/kasse"},
		{"/kasse;jsessionid=1A2B/takk;v=2", "/kasse/takk"},
		{"/kasse%3Bjsessionid%3D1A2B", "/kasse"},
		{"/kasse%3Femail%3Dola%40nordmann.example", "/kasse"},
		{"/kasse%253Femail%253Dola", "/kasse"},
		{"/kasse%23access_token=abc", "/kasse"},
		{"/kasse&email=ola", "/kasse"},
		{"/kasse&amp;email=ola", "/kasse"},
		{"/hva-er-dette%3F", "/hva-er-dette%3F"}, // a title
		{"/r&d/team", "/r&d/team"},
		{"/c%23/kurs", "/c%23/kurs"},
		{"/a;b/c", "/a;b/c"},
		{"/user/ola@nordmann.example/ordre", "/user/…/ordre"},
		{"/user/ola%40nordmann.example", "/user/…"},
		{"/@nordmann", "/@nordmann"},
		{"/@nordmann.no", "/@nordmann.no"},
		{"/pakke@1.2.3", "/pakke@1.2.3"},
		{"www.nettbutikk.example", "www.nettbutikk.example"},
		{"localhost:8080", "localhost:8080"},
		{"ola:passord@www.nettbutikk.example:8080", "www.nettbutikk.example:8080"},
		{"www.nettbutikk.example?email=ola", "www.nettbutikk.example"},
		{"https://ola:passord@www.nettbutikk.example/kasse?a=b",
			"https://www.nettbutikk.example/kasse"},
		{"ola:passord@www.nettbutikk.example/kasse", "www.nettbutikk.example/kasse"},
		{"/søk/æøå", "/søk/æøå"},
		{"\xff?a", "\xff"},
		{"//ola@/@=@", "///"}, // what is left has a user name again
	} {
		expect(t, fmt.Sprintf("WithoutQuery(%q)", c.in), figures.WithoutQuery(c.in), c.want)
	}
}

func FuzzWithoutQuery(f *testing.F) {
	for _, seed := range []string{"/a?b#/c?d", "//a@b@c", "/%3;a=bF%3Fx=y", "a@//b@/c@d.no",
		"#!/#!/x=y", "/&;=@.aa", "%25%3F="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		bare := figures.WithoutQuery(address)
		expect(t, "twice", figures.WithoutQuery(bare), bare)
		if strings.Contains(bare, "?") {
			t.Errorf("WithoutQuery(%q) = %q, which has a query", address, bare)
		}
	})
}

type pages = []figures.Page

func page(path string, sessions int) figures.Page {
	return figures.Page{Host: "shop.example", Path: path, Sessions: sessions,
		Messages: 2 * sessions}
}

// many are n addresses of a page with one chat each.
func many(path string, n int) (all pages) {
	for i := range n {
		all = append(all, page(fmt.Sprint(path, "?u=", i), 1))
	}
	return all
}

// showPages says a report's pages and their past as the report has them.
func showPages(r *figures.Report) string {
	atMost := func(is bool, n *int) string {
		if is {
			return "at most " + show(n)
		}
		return show(n)
	}
	var rows []string
	for _, p := range r.Pages {
		row := fmt.Sprintf("%s %s, %d messages, was %s", p.Path, atMost(p.AtMost, &p.Sessions),
			p.Messages, atMost(p.PreviousAtMost, p.Previous))
		if p.BelowLimit {
			row += " below the limit"
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, "; ")
}

func TestCompute_PagesWithoutQueries(t *testing.T) {
	for _, c := range []struct {
		what           string
		previous, this pages
		keep           bool
		want           string
	}{
		{"one address: its own number", pages{page("/a?u=9", 4)}, pages{page("/a?u=1", 3)}, false,
			"/a 3, 6 messages, was 4"},
		{"two: a chat may have been on both", pages{page("/a", 4)},
			pages{page("/a?u=1", 3), page("/b", 9), page("/a?u=2", 8)}, false,
			"/a at most 11, 22 messages, was 4; /b 9, 18 messages, was 0"},
		{"of two addresses one without a chat", nil, pages{page("/a?u=1", 3), page("/a?u=2", 0)},
			false, "/a 3, 6 messages, was 0"},
		{"the week before too", pages{page("/a?u=1", 3), page("/a", 2)}, pages{page("/a", 3)},
			false, "/a 3, 6 messages, was at most 5"},
		{"nothing but a query", nil, pages{page("?u=1", 3), page("/", 2)}, false,
			"/ at most 5, 10 messages, was 0"},
		{"routes are pages", nil, pages{page("/#/a?x", 3), page("/#/b?x", 2)}, false,
			"/#/a 3, 6 messages, was 0; /#/b 2, 4 messages, was 0"},
		{"the same address twice", nil, pages{page("/a", 3), page("/a", 3)}, false,
			"/a at most 6, 12 messages, was 0"},
		{"a bot that keeps them", pages{page("/a?u=1", 4)},
			pages{page("/a?u=1", 3), page("/a?u=2", 2)}, true,
			"/a?u=1 3, 6 messages, was 4; /a?u=2 2, 4 messages, was 0"},
		{"a full list", many("/z", 100), pages{page("/a?u=1", 3)}, false,
			"/a 3, 6 messages, was – below the limit"},
	} {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Pages.Previous.Value, a.Pages.This.Value = c.previous, c.this
		if c.keep {
			a.PageQueries = figures.PageQueriesKeep
		}
		r := compute(t, a)
		expect(t, c.what, showPages(r), c.want)
		roundTrip(t, r)
		if data := string(encode(t, r)); strings.Contains(data, "u=") != c.keep {
			t.Errorf("%s: a query is in report.json: %v", c.what, !c.keep)
		}
	}
}

// A page is a mover only if it is one whatever its number truly was.
func TestCompute_MoversOfSummedPages(t *testing.T) {
	for _, c := range []struct {
		what           string
		previous, this pages
		want           string
	}{
		{"risen, even if all were the same chats", pages{page("/a?u=1", 10), page("/a?u=2", 10)},
			pages{page("/a?u=3", 90), page("/a?u=4", 90)}, "risen shop.example/a true 180 true 20"},
		{"risen, but not if all were the same chats", pages{page("/a", 60)},
			pages{page("/a?u=3", 70), page("/a?u=4", 70), page("/a?u=5", 70)}, ""},
		{"fallen", pages{page("/a?u=3", 90), page("/a?u=4", 90)},
			pages{page("/a?u=1", 10), page("/a?u=2", 10)},
			"fallen shop.example/a true 20 true 180"},
		{"not fallen, if they were the same chats",
			pages{page("/a?u=1", 70), page("/a?u=2", 70), page("/a?u=3", 70)},
			pages{page("/a", 60)}, ""},
		{"new", nil, pages{page("/a?u=1", 90), page("/a?u=2", 90)},
			"new shop.example/a true 180 false 0"},
		{"new, by chats that may be a handful", nil, many("/a", 50), ""},
		{"gone", pages{page("/a?u=1", 90), page("/a?u=2", 90)}, nil,
			"gone shop.example/a false 0 true 180"},
		{"each visitor an address of its own, of which last week's list held a few",
			many("/a", 100), pages{page("/a?u=1", 90)}, ""},
		{"and this week's list", pages{page("/a?u=1", 90)}, many("/a", 100), ""},
	} {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Pages.Previous.Value, a.Pages.This.Value = c.previous, c.this
		for i := range 30 { // which vary little, so that the list has a baseline
			if n := 200 - 5*i; len(c.previous) < figures.ListLimit &&
				len(c.this) < figures.ListLimit {
				a.Pages.Previous.Value = append(a.Pages.Previous.Value,
					page(fmt.Sprint("/steady/", i), n))
				a.Pages.This.Value = append(a.Pages.This.Value,
					page(fmt.Sprint("/steady/", i), n+i%3))
			}
		}
		var movers []string
		for _, m := range compute(t, a).Movers.Pages {
			movers = append(movers, fmt.Sprint(m.Kind, " ", m.Name, " ", m.AtMost, " ", m.Count,
				" ", m.PreviousAtMost, " ", m.Previous))
		}
		expect(t, c.what, strings.Join(movers, "; "), c.want)
	}
}

// Decode cuts the queries of an old report, which gives it another id.
func TestDecode_CutsQueriesOfOldReports(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "before.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := figures.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "?farge=") ||
		strings.Contains(string(encode(t, r)), "?farge=") || !r.Cut {
		t.Error("the query is still there")
	}

	// As an older program wrote it: with queries, and without a key about them.
	old := func(change func(*figures.Report)) []byte {
		r := figurestest.Tiny()
		change(r)
		return encode(t, r)
	}
	with := func(p figures.Page, previous int) figures.Page {
		p.Previous = &previous
		if r := figurestest.Tiny(); r.HasPrevious && previous > 0 {
			p.Change = new(float64(p.Sessions-previous) / float64(previous))
		}
		return p
	}
	mover := func(name string) figures.Mover {
		return figures.Mover{Kind: figures.New, Name: "shop.example" + name, Count: 40, Level: 6}
	}
	insight := func(list, name string) figures.Insight {
		return figures.Insight{Kind: figures.KindMover,
			Mover: &figures.Moved{List: list, Mover: mover(name)}}
	}
	for _, c := range []struct {
		what   string
		change func(*figures.Report)
		pages  string
		rest   string // movers and insights
		same   bool
	}{
		{what: "no query", change: func(r *figures.Report) {
			r.Pages, r.Movers.Pages = pages{with(page("/a", 4), 2)}, []figures.Mover{mover("/a")}
		}, pages: "/a 4, 8 messages, was 2", rest: "shop.example/a", same: true},
		{what: "what was last week is not known",
			change: func(r *figures.Report) {
				r.Pages = pages{with(page("/a?u=1", 4), 0),
					with(page("/b", 3), 3)}
			},
			pages: "/a 4, 8 messages, was –; /b 3, 6 messages, was 3"},
		{what: "added up, and in order", change: func(r *figures.Report) {
			r.Pages = pages{with(page("/b", 5), 3), with(page("/a", 4), 2),
				with(page("/a?u=2", 3), 2)}
		}, pages: "/a at most 7, 14 messages, was –; /b 5, 10 messages, was 3"},
		{what: "movers and insights of such pages", change: func(r *figures.Report) {
			r.Pages = pages{with(page("/a", 40), 0), with(page("/b?u=2", 40), 0),
				with(page("/b", 40), 0)}
			r.Movers.Pages = []figures.Mover{mover("/a"), mover("/b"), mover("/b?u=2"),
				mover("/gone?u=2")}
			r.Insights = []figures.Insight{insight(figures.ListPages, "/b?u=2"),
				insight(figures.ListPages, "/a"), insight(figures.ListButtons, "/b?u=2")}
		}, pages: "/b at most 80, 160 messages, was –; /a 40, 80 messages, was 0",
			rest: "shop.example/a pages shop.example/a buttons shop.example/b?u=2"},
		{what: "a mover alone", change: func(r *figures.Report) {
			r.Pages, r.Movers.Pages = pages{},
				[]figures.Mover{mover("/gone?u=2")}
		}},
		{what: "a bot that keeps them", change: func(r *figures.Report) {
			r.Pages, r.PageQueries = pages{with(page("/a?u=1", 4), 2)}, figures.PageQueriesKeep
		}, pages: "/a?u=1 4, 8 messages, was 2", same: true},
	} {
		data := old(func(r *figures.Report) { r.Movers.Pages, r.Insights = nil, nil; c.change(r) })
		r, err := figures.Decode(data)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		expect(t, c.what, showPages(r), c.pages)
		var rest []string
		for _, m := range r.Movers.Pages {
			rest = append(rest, m.Name)
		}
		for _, i := range r.Insights {
			rest = append(rest, i.Mover.List, i.Mover.Name)
		}
		expect(t, c.what+": movers and insights", strings.Join(rest, " "), c.rest)
		expect(t, c.what+": cut", r.Cut, !c.same)
		expect(t, c.what+": the same id", r.ID == figurestest.Tiny().ID, c.same)
		checkDecode(t, data)
		again, err := figures.Decode(encode(t, r))
		if err != nil || again.Cut || again.ID != r.ID {
			t.Errorf("%s: read again it is another report: %v", c.what, err)
		}
	}

	r, err = figures.Decode(old(func(r *figures.Report) { r.Pages = many("/a", 100) }))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "a full list", fmt.Sprint(showPages(r), " ",
		r.IsFull(figures.SectionPages, len(r.Pages))), "/a at most 100, 200 messages, was – true")
}
