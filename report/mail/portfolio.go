package mail

import (
	"fmt"
	"slices"
	"strings"

	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// Limits of a portfolio, which keep the page below Gmail's limit. The rooms are in bytes of markup.
const (
	mostListed  = 15     // bots with all their numbers
	mostWorst   = 5      // bots that need a look with all their numbers
	mostReasons = 10     // further ones with their reason
	mostPhone   = 45     // runes that fit a line on a phone
	mostBot     = 60     // runes of a bot's name
	mostBotLink = 300    // bytes of the link to a bot
	roomCompact = 12_000 // the other bots of the groups with mostListed
	roomAbsent  = 14_000
	roomGroups  = 12_000 // all other groups together
)

// Portfolio returns the portfolio as a message, like [Message]. pdf is attached unless it is empty.
// Sparklines are characters, since clients block pictures. Portfolio fails if an address is not
// valid.
func Portfolio(
	o *portfolio.Portfolio, p *portfolio.Page, e Envelope, pdf []byte,
) ([]byte, error) {
	to, err := e.parse(p.Words.Say(wording.Author))
	if err != nil {
		return nil, err
	}
	name := identity(o.Period, o.ID, o.MadeAt, o.Name, p.Words.Locale(), e)
	foot := portfolioFoot(p, len(pdf) > 0, to.contact())
	m := newMessage(name, p.Words.Locale(), o.MadeAt, portfolioText(p, foot),
		string(portfolioHTML(p, foot)))
	if err := attach(m, theme.FileName("", p.Name, o.Period.String()), pdf); err != nil {
		return nil, err
	}
	of := p.Name
	if p.Judged {
		of = p.Tenant
	}
	subject := plain(strings.Replace(p.Subject, of, plain(of, mostBot), 1), 150)
	return encode(m, to, subject, name)
}

// PortfolioHTML returns the message's page, for a preview.
func PortfolioHTML(p *portfolio.Page) string {
	return string(portfolioHTML(p, portfolioFoot(p, true, "")))
}

// portfolioFoot returns the end of the mail: where the rest is, what the numbers mean, and the
// address for unsubscribing, if contact is known.
func portfolioFoot(p *portfolio.Page, attached bool, contact string) (all []string) {
	if attached {
		all = append(all, p.Words.Say(wording.AttachedPDF))
	}
	all = slices.Concat(all, p.Notes, p.Foot)
	if contact != "" {
		all = append(all, p.Words.Say(wording.LeaveList, contact))
	}
	return all
}

// portfolioText is the plain part. It names every bot.
func portfolioText(p *portfolio.Page, foot []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s (%s)\n\n%s\n", plain(p.Name, mostName), p.Dates, p.Period,
		plain(p.Headline, mostSentence))
	for _, fact := range p.Facts {
		fmt.Fprintf(&b, "%s\n", plain(fact, mostSentence))
	}
	for _, s := range p.Sections {
		fmt.Fprintf(&b, "\n%s\n", s.Title)
		if s.Note != "" {
			fmt.Fprintf(&b, "%s\n", s.Note)
		}
		for i, r := range s.Rows {
			lead, details := "-", plain(strings.Join(r.Details(), " · "), mostSentence)
			if s.Ranked() {
				lead = fmt.Sprintf("%d.", i+1)
			}
			fmt.Fprintf(&b, "%s %s\n", lead, plain(r.Name, mostName))
			if r.Verdict != "" {
				fmt.Fprintf(&b, "  %s\n", plain(r.Verdict, mostSentence))
			}
			if r.SparkNow != "" {
				// On its own line, since the name may be written from right to left.
				details = r.Spark + " " + r.SparkNow + " " + details
			}
			if details != "" {
				fmt.Fprintf(&b, "  %s\n", details)
			}
			if _, ok := botLink(r); ok {
				fmt.Fprintf(&b, "  %s\n", r.URL)
			}
		}
	}
	b.WriteByte('\n')
	for _, line := range foot {
		fmt.Fprintf(&b, "%s\n", plain(line, mostSentence))
	}
	return b.String()
}

func portfolioHTML(p *portfolio.Page, foot []string) markup {
	shown := page{
		Light: newTheme(theme.Light(p.Accent)), Dark: newTheme(theme.Dark(p.Accent)),
		Lang: p.Words.Locale(), Title: plain(p.Title, mostName), Bot: plain(p.Name, mostName),
		Dates:    plain(p.Dates+" · "+p.Period, mostName),
		Headline: joined(plain(p.Headline, mostSentence)),
		Preview:  plain(p.Preview, mostSentence),
	}
	groups, compared := 0, 0
	for _, s := range p.Sections {
		switch {
		case s.Group == portfolio.GroupFailed:
		case s.Compared():
			compared++
		default:
			groups++
		}
	}
	rows := mostListed
	var facts markup
	if len(p.Facts) > 0 {
		facts = section("10px 24px 0", each(p.Facts, func(fact string) markup {
			return ink("p", "margin:0 0 4px;"+font(15, 22), text(joined(plain(fact, mostSentence))))
		}))
	}
	return framed(shown,
		headline(shown),
		facts,
		each(p.Sections, func(s portfolio.Section) markup {
			switch {
			case s.Group == portfolio.GroupLook:
				return worst(p, s, roomCompact/compared, shown.Light)
			case s.Tabled():
				n := min(len(s.Rows), rows)
				rows -= n
				return botTable(p, s, n, roomCompact/compared, shown.Light)
			case s.Compared():
				n := min(len(s.Rows), rows)
				rows -= n
				return listed(p, s, n, roomCompact/compared, shown.Light)
			case s.Group == portfolio.GroupFailed:
				return absent(p.Words, s)
			}
			return small(p.Words, s, roomGroups/groups, shown.Light)
		}),
		footnotes(foot),
	)
}

func remark(s string) markup {
	if s == "" {
		return ""
	}
	return muted("p", "margin:0 0 8px;"+font(13, 19), text(plain(s, mostSentence)))
}

// botTable writes a table of the first n bots of a group, and the names of the others below it.
// Only affected bots have the number of chats above normal.
func botTable(p *portfolio.Page, s portfolio.Section, n, room int, colors scheme) markup {
	say, affected := p.Words.Say, s.Group == portfolio.GroupAffected
	columns := []column{{say(wording.ColumnBot), false, 48},
		{say(wording.ColumnFallbacks), true, 24}, {say(wording.LabelChats), true, 28}}
	if affected {
		columns = []column{{say(wording.ColumnBot), false, 38},
			{say(wording.ColumnAbove), true, 15}, {say(wording.ColumnFallbacks), true, 21},
			{say(wording.LabelChats), true, 26}}
	}
	var table markup
	if n > 0 {
		table = tableOf(columns, each(s.Rows[:n], func(r portfolio.Row) markup {
			return botRow(p.Words, r, affected, colors)
		}))
	}
	var rest markup
	if left := s.Rows[n:]; len(left) > 0 {
		var lead markup
		beside := func(r portfolio.Row) string { return r.Chats }
		if affected {
			lead = muted("p", "margin:10px 0 0;"+font(13, 19), text(say(wording.PortfolioOthers)))
			beside = func(r portfolio.Row) string { return above(p.Words, r) }
		}
		rest = lines(lead, ink("p", "margin:2px 0 0;"+font(13, 20),
			named(p.Words, left, room, colors, beside)))
	}
	return section("28px 24px 0", heading(s.Title), table, rest)
}

// worst lists the bots that need a look: the worst with all their numbers, further ones with their
// reasons, and the names of the others.
func worst(p *portfolio.Page, s portfolio.Section, room int, colors scheme) markup {
	first := s.Rows[:min(len(s.Rows), mostWorst)]
	further := s.Rows[len(first):min(len(s.Rows), mostWorst+mostReasons)]
	return section("16px 24px 0",
		page{Status: plain(s.Title, mostName), Tone: summary.Bad, Light: colors}.status("h2",
			"margin:0;"+font(14, 20)),
		each(first, func(r portfolio.Row) markup {
			return lines(
				ink("p", "margin:12px 0 0;"+font(16, 22), lead(r, 700, colors)),
				ink("p", "margin:0;"+font(15, 21), text(plain(r.Verdict, mostDetail))),
				numbers(r, colors.Bad, "bad"))
		}),
		each(further, func(r portfolio.Row) markup { return reason(r, colors) }),
		others(p.Words, s.Rows[len(first)+len(further):], room, colors))
}

// listed lists the first n bots of a group with what their verdict says, and the names of the
// others.
func listed(p *portfolio.Page, s portfolio.Section, n, room int, colors scheme) markup {
	return section("28px 24px 0",
		heading(s.Title),
		each(s.Rows[:n], func(r portfolio.Row) markup {
			return lines(reason(r, colors), numbers(r, light.Ink, "ink"))
		}),
		others(p.Words, s.Rows[n:], room, colors))
}

// reason writes the name of a bot and what its verdict says.
func reason(r portfolio.Row, colors scheme) markup {
	return ink("p", "margin:8px 0 0;"+font(14, 20),
		lead(r, 600, colors)+`: `+text(plain(r.Verdict, mostDetail)))
}

// numbers writes the numbers of a bot's report.
func numbers(r portfolio.Row, color, class markup) markup {
	details := phrases(r.Details())
	if r.SparkNow != "" {
		details = sparkline(r, color, class) + ` ` + details
	}
	return muted("p", "margin:2px 0 0;"+font(13, 19), details)
}

// others names further bots of a group.
func others(w *wording.Wording, rows []portfolio.Row, room int, colors scheme) markup {
	if len(rows) == 0 {
		return ""
	}
	return muted("p", "margin:10px 0 0;"+font(13, 20), named(w, rows, room, colors,
		func(portfolio.Row) string { return "" }))
}

// phrases writes short texts one after another. A line ends between two of them.
func phrases(all []string) (joined markup) {
	for i, said := range all {
		if i < len(all)-1 {
			said += " ·"
		}
		if i > 0 {
			joined += " "
		}
		if said = plain(said, mostDetail); len([]rune(said)) > mostPhone {
			joined += text(said)
		} else {
			joined += `<span style="white-space:nowrap">` + text(said) + `</span>`
		}
	}
	return joined
}

// lead writes the name of a bot at the beginning of its text.
func lead(r portfolio.Row, weight int, colors scheme) markup {
	return `<span dir="auto" style="font-weight:` + number(weight) + `">` +
		linked(r, text(plain(r.Name, mostBot)), colors) + `</span>`
}

// sparkline writes the bars of the weeks, the last one in a color. Screen readers skip it, since
// the numbers after it say the same.
func sparkline(r portfolio.Row, color, class markup) markup {
	return `<span aria-hidden="true" style="font-family:` + sparkFont + `;` + font(13, 20) +
		`;letter-spacing:1px;white-space:nowrap;font-weight:400">` + text(r.Spark) +
		colored("b", class, "margin-left:3px", color, text(r.SparkNow)) + `</span>`
}

// sparkFont has all eight blocks at one width on each system. Consolas and Arial lack some.
const sparkFont = "Menlo,'Segoe UI Symbol','DejaVu Sans Mono',monospace"

func botRow(w *wording.Wording, r portfolio.Row, affected bool, colors scheme) markup {
	// The lines below the name are written from left to right.
	name := linked(r, `<span dir="auto">`+text(plain(r.Name, mostBot))+`</span>`, colors)
	var below []markup
	if r.Verdict != "" {
		below = append(below, ink("span", font(14, 19)+";font-weight:400",
			text(plain(r.Verdict, mostDetail))))
	}
	if r.SparkNow != "" {
		below = append(below, muted("span", "", sparkline(r, light.Ink, "ink")))
	}
	small := font(12, 16) + ";font-weight:400"
	bad := func(said markup) markup { return colors.news(summary.Bad).signed("span", small, said) }
	switch {
	case r.Unusual:
		below = append(below, bad(text(r.Mark)))
	case r.Mark != "":
		below = append(below, muted("span", small, text(plain(r.Mark, mostDetail))))
	}
	switch said := text(plain(r.Targets, mostDetail)); {
	case r.MissedClearly:
		below = append(below, bad(said))
	case r.Targets != "":
		below = append(below, muted("span", small, said))
	}
	for _, b := range below {
		name += `<br>` + b
	}
	rate := r.RateOnly
	if rate == "" {
		rate = w.Say(wording.Missing)
	}
	cell := func(value string, beside ...string) markup {
		inner := text(plain(value, mostValue))
		for _, b := range beside {
			inner += `<br>` + muted("span", font(11, 16), text(plain(b, mostDetail)))
		}
		return `<td align="right" valign="top" class="line" style="padding:8px 0 8px 6px;` +
			`border-bottom:1px solid ` + light.Line + `">` + inner + `</td>`
	}
	var number markup
	if affected {
		number = cell(above(w, r))
	}
	return lines(
		`<tr>`,
		`<th scope="row" align="left" valign="top" class="line" style="padding:8px 0;`+
			`border-bottom:1px solid `+light.Line+`;font-weight:600;text-align:left">`+name+`</th>`,
		number, cell(rate, r.RateBeside...), cell(r.ChatsOnly, r.Beside...),
		`</tr>`)
}

// above writes the chats above normal of a bot in a cell.
func above(w *wording.Wording, r portfolio.Row) string {
	if r.Number == nil {
		return w.Say(wording.Missing)
	}
	return w.Count(*r.Number)
}

// linked writes a link to a bot's report, if its address is known.
func linked(r portfolio.Row, name markup, colors scheme) markup {
	to, ok := botLink(r)
	if !ok {
		return name
	}
	return `<a href="` + to + `" class="link" style="color:` + colors.Link + `">` + name + `</a>`
}

// botLink returns a row's link. It returns false if it is not safe to open.
func botLink(r portfolio.Row) (markup, bool) {
	if r.URL == "" || len(r.URL) > mostBotLink {
		return "", false
	}
	to, ok := address(r.URL, "http", "https")
	return to, ok && len(to) <= mostBotLink
}

// absent lists the bots without a report by reason.
func absent(w *wording.Wording, s portfolio.Section) markup {
	return section("28px 24px 0",
		wide+`><tr><td class="panel line" style="padding:10px 12px;border-left:4px solid `+
			light.Line+`;background-color:`+light.Panel+`">`,
		heading(s.Title),
		each(s.ByReason(), func(f portfolio.Failure) markup {
			var names []markup
			for _, r := range f.Rows {
				names = append(names, text(plain(r.Name, mostBot)))
			}
			reason := `<b>` + text(w.Sentence(f.Reason)) + `</b>: `
			return ink("p", "margin:0 0 4px;"+font(14, 20),
				reason+fill(w, names, roomAbsent*len(names)/len(s.Rows)))
		}),
		`</td></tr></table>`)
}

// small lists a group in a paragraph.
func small(w *wording.Wording, s portfolio.Section, room int, colors scheme) markup {
	beside := func(portfolio.Row) string { return "" }
	if s.Group == portfolio.GroupFew {
		beside = func(r portfolio.Row) string { return r.Chats }
	}
	return section("24px 24px 0", heading(s.Title), remark(s.Note),
		ink("p", "margin:0;"+font(14, 21), named(w, s.Rows, room, colors, beside)))
}

// named lists bots in a line, each with what stands beside its name, and with its link if all links
// fit.
func named(
	w *wording.Wording, rows []portfolio.Row, room int, colors scheme,
	beside func(portfolio.Row) string,
) markup {
	var links, names []markup
	size := 0
	for _, r := range rows {
		name := plain(r.Name, mostBot)
		if b := beside(r); b != "" {
			name = w.Say(wording.PortfolioOfGroup, name, b)
		}
		names, links = append(names, text(name)), append(links, linked(r, text(name), colors))
		size += len(links[len(links)-1]) + len(", ")
	}
	if size <= room {
		names = links
	}
	return fill(w, names, room)
}

// fill joins as many parts as fit, and says how many more there are.
func fill(w *wording.Wording, parts []markup, room int) markup {
	var all markup
	for i, next := range parts {
		if i > 0 {
			next = ", " + next
		}
		if i > 0 && len(all)+len(next) > room {
			return all + ", " + text(w.Say(wording.PortfolioMore, len(parts)-i))
		}
		all += next
	}
	return all
}

// footnotes writes the end of the mail.
func footnotes(foot []string) markup {
	return section("28px 24px 28px",
		wide+`><tr><td class="line" style="padding:16px 0 0;border-top:1px solid `+light.Line+`">`,
		each(foot, func(s string) markup {
			return muted("p", "margin:0 0 6px;"+font(13, 19), text(plain(s, mostSentence)))
		}),
		`</td></tr></table>`)
}
