package digest

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/slack-go/slack"

	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// The shares of MaxText in a portfolio, beside the title and the headline.
const (
	maxAllFacts = 600
	maxListed   = 3600 // the URLs of links count too
	maxAbsent   = 1700
	maxOthers   = 1400 // all other groups together
	maxNotes    = 500
	maxRow      = 260 // a bot's details
	maxBot      = 60  // a bot's name
	maxRowLink  = 250
	mostRows    = 15 // listed one by one
	mostWorst   = 5  // with all their numbers
	maxShortRow = 160
	leastOfName = 12 // of a name, if all are named
	mostAbsent  = 3400
	mostText    = 3000 // of one text; Slack's limit
)

// Portfolio lays out the portfolio in blocks. It begins with the verdict as the header, and the
// worst bots, each with the reason, on one screen of a phone. Further bots that need a look have
// their reason below the name, and bots with enough chats have their main numbers, as many as fit.
// It names all bots without a report, with shorter names if there are many. Of the other groups, it
// names as many bots as fit, and says how many more there are.
//
// A portfolio without verdicts has its title as the header, and then its headline.
func Portfolio(p *portfolio.Page) Digest {
	headline := fitWords(literal(p.Headline), maxVerdict, escapedUnits)
	m := message{}
	rich := func(id string, parts ...slack.RichTextElement) {
		m.add(slack.NewRichTextBlock(id, parts...))
	}
	if p.Judged {
		m.Text = escape(fitWords(literal(p.Subject), maxSubject, escapedUnits))
		m.small("title", portfolioTitle(p, units))
		m.header(fitWords(literal(p.Headline), maxHeader, units))
	} else {
		m.Text = escape(portfolioTitle(p, escapedUnits) + "\n" + headline)
		m.header(portfolioTitle(p, units))
		rich("headline", slack.NewRichTextSection(bold(headline)))
	}
	if len(p.Facts) > 0 {
		facts := strings.Join(share(p.Facts, maxAllFacts), "\n")
		rich("facts", slack.NewRichTextSection(regular(facts)))
	}
	others, absent := 0, maxAbsent
	for _, s := range p.Sections {
		switch s.Group {
		case portfolio.GroupLook, portfolio.GroupAffected:
		case portfolio.GroupFailed:
			// Taken from the room of the bots with a report.
			absent = min(max(absent, len(s.Rows)*(leastOfName+2)), mostAbsent)
		default:
			others++
		}
	}
	room, most := maxListed+maxAbsent-absent, mostRows
	for _, s := range p.Sections {
		title := slack.NewRichTextSection(bold(literal(s.Title)))
		switch {
		case s.Compared() && most > 0 && room > 0:
			list, size := listed(s, room, most)
			room, most = room-size, most-len(list.Elements)
			parts := []slack.RichTextElement{title, list}
			if left := s.Rows[len(list.Elements):]; len(left) > 0 {
				rest := p.Words.Sentence(more(p.Words, s, left))
				parts = append(parts, slack.NewRichTextSection(regular(rest)))
			}
			rich(string(s.Group), parts...)
		case s.Group == portfolio.GroupFailed:
			rich("failed", title, reasons(p.Words, s, absent))
		default:
			elements := named(p.Words, s, maxOthers/others-units(s.Note))
			if s.Note != "" {
				elements = slices.Insert(elements, 0, regular(literal(s.Note)+"\n"))
			}
			rich(string(s.Group), title, slack.NewRichTextSection(elements...))
		}
	}
	if notes := share(p.Notes, maxNotes); len(notes) > 0 {
		m.add(slack.NewContextBlock("notes", plain(strings.Join(notes, "\n"))))
	}
	provenance := fit(literal(strings.Join(p.Foot, " ")), maxProvenance, units)
	m.add(slack.NewContextBlock("provenance", plain(provenance)))
	return m.Digest
}

// portfolioTitle returns the title of the page. If it is too long, the name is cut and not the
// dates.
func portfolioTitle(p *portfolio.Page, measure func(string) int) string {
	room := maxTitle - measure(p.Words.Say(wording.Title, "", p.Dates))
	return p.Words.Say(wording.Title, fit(literal(p.Name), room, measure), p.Dates)
}

// listed lists the first bots of a group: as many as fit, at most so many, and at least one. It
// returns the size of the list. Bots that have an order are numbered.
func listed(s portfolio.Section, room, most int) (list *slack.RichTextList, size int) {
	var items []slack.RichTextElement
	for i, r := range s.Rows {
		name := botName(r, maxBot)
		said := rowText(s, r, i)
		item := units(name+said) + 3
		title := bold(name)
		if link, ok := botLink(r, name); ok {
			item += units(link.URL)
			title = slack.NewRichTextSectionLinkElement(link.URL, name,
				&slack.RichTextSectionTextStyle{Bold: true})
		}
		if i > 0 && (size+item > room || i == most) {
			break
		}
		size += item
		// On its own line, since the name may be written from right to left.
		items = append(items, slack.NewRichTextSection(title, regular("\n"+said)))
	}
	style := slack.RTEListBullet
	if s.Ranked() {
		style = slack.RTEListOrdered
	}
	return slack.NewRichTextList(style, 0, items...), size
}

// rowText writes the text below the name of a bot. The worst bots have their reason and one number,
// so that they fit one screen. Others that need a look have only their reason.
func rowText(s portfolio.Section, r portfolio.Row, place int) string {
	verdict, said := fit(literal(r.Verdict), maxShortRow, units), strings.Join(r.Details(), " · ")
	if s.Group == portfolio.GroupLook && verdict != "" {
		if place >= mostWorst {
			return verdict
		}
		said = r.Main()
	}
	text := fit(literal(said), maxRow, units)
	if r.SparkNow != "" {
		text = spark(r) + "  " + text
	}
	if verdict != "" {
		text = verdict + "\n" + text
	}
	return text
}

// spark sets this week apart from the weeks before.
func spark(r portfolio.Row) string { return r.Spark + " " + r.SparkNow }

// botLink returns a bot's link. It returns false if the link is no web address, or too long.
func botLink(r portfolio.Row, name string) (summary.Link, bool) {
	link, ok := webLink(summary.Link{Text: name, URL: r.URL})
	return link, ok && units(link.URL) <= maxRowLink
}

func botName(r portfolio.Row, most int) string { return fit(literal(r.Name), most, units) }

// more says how many bots are left out. If they are ordered by how many more chats than usual were
// affected, it says how many these were at most.
func more(w *wording.Wording, s portfolio.Section, left []portfolio.Row) string {
	if first := left[0].Number; first != nil && s.Group == portfolio.GroupAffected {
		return w.Say(wording.PortfolioMoreAtMost, len(left), *first)
	}
	return w.Say(wording.PortfolioMore, len(left))
}

// reasons lists all bots without a report by reason.
func reasons(w *wording.Wording, s portfolio.Section, room int) slack.RichTextElement {
	size := 0
	for _, r := range s.Rows {
		size += 2 + units(botName(r, maxBot))
	}
	most := maxBot
	if size > room {
		most = min(maxBot, max(leastOfName, room/len(s.Rows)-2))
	}
	var items []slack.RichTextElement
	for _, f := range s.ByReason() {
		var names []string
		for _, r := range f.Rows {
			names = append(names, fit(botName(r, maxBot), most, units))
		}
		all := w.Sentence(literal(f.Reason)) + ": " +
			fill(w, names, max(room*len(names)/len(s.Rows), maxBot))
		items = append(items, slack.NewRichTextSection(pieces(all)...))
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, items...)
}

// pieces splits a list of names into texts that Slack takes.
func pieces(list string) (all []slack.RichTextSectionElement) {
	for len(list) > mostText { // bytes, at least as many as characters
		end := strings.LastIndex(list[:mostText], ", ")
		if end < 0 {
			break
		}
		end += len(", ")
		all, list = append(all, regular(list[:end])), list[end:]
	}
	return append(all, regular(list))
}

// named lists the bots of a group in a line, with their chats if they have few. It has links if all
// fit.
func named(w *wording.Wording, s portfolio.Section, room int) []slack.RichTextSectionElement {
	var names []string
	var links []slack.RichTextSectionElement
	size := 0
	for i, r := range s.Rows {
		name := botName(r, maxBot)
		if s.Group == portfolio.GroupFew {
			name = w.Say(wording.PortfolioOfGroup, name, r.Chats)
		}
		names = append(names, name)
		if i > 0 {
			links = append(links, regular(", "))
		}
		size += units(name) + 2
		if link, ok := botLink(r, name); ok {
			size += units(link.URL)
			links = append(links, slack.NewRichTextSectionLinkElement(link.URL, name, nil))
		} else {
			links = append(links, regular(name))
		}
	}
	if size <= room {
		return links
	}
	return []slack.RichTextSectionElement{regular(fill(w, names, max(room, maxBot)))}
}

// fill joins as many names as fit, and says how many more there are.
func fill(w *wording.Wording, names []string, room int) string {
	for n := len(names); ; n-- {
		shown := names[:n]
		if n < len(names) {
			shown = append(slices.Clone(shown), w.Say(wording.PortfolioMore, len(names)-n))
		}
		if text := strings.Join(shown, ", "); n <= 1 || units(text) <= room {
			return text
		}
	}
}

// PortfolioText returns the portfolio as plain text of at most width columns, like [Text]. It names
// every bot. Slack gets it if it refuses the blocks.
func PortfolioText(p *portfolio.Page, width int) string {
	t := &page{Wording: p.Words, width: min(max(width, MinWidth), MaxWidth)}
	title := portfolioTitle(p, units)
	t.paragraph("", title)
	t.line(strings.Repeat("─", min(t.width, uniseg.StringWidth(title))))
	t.paragraph("", p.Headline)
	for _, fact := range p.Facts {
		t.paragraph("", fact)
	}
	for _, s := range p.Sections {
		t.heading(s.Title)
		if s.Note != "" {
			t.paragraph("", s.Note)
		}
		for i, r := range s.Rows {
			t.line("• " + botName(r, t.width))
			if r.Verdict != "" {
				t.paragraph("    ", r.Verdict)
			}
			if s.Group == portfolio.GroupLook && i >= mostWorst && r.Verdict != "" {
				continue
			}
			if r.SparkNow != "" {
				t.line("    " + spark(r))
			}
			for _, detail := range r.Details() {
				t.paragraph("    ", detail)
			}
		}
	}
	t.line("")
	for _, note := range p.Notes {
		t.paragraph("", note)
	}
	for _, line := range p.Foot {
		t.paragraph("", line)
	}
	return t.b.String()
}
