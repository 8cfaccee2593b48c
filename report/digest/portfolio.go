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

// The parts' shares of MaxText in a portfolio, beside its title and its headline.
const (
	maxFacts    = 600
	maxListed   = 3600 // the URLs of links count too
	maxAbsent   = 1700
	maxOthers   = 1400 // all other groups together
	maxNotes    = 500
	maxRow      = 260 // a bot's details
	maxBot      = 60  // a bot's name
	maxRowLink  = 250
	mostRows    = 15 // listed one by one
	leastOfName = 12 // of a name, if all are named
	mostAbsent  = 3400
	mostText    = 3000 // of one text; Slack's limit
)

// Portfolio lays the overview of all bots out as blocks. The bots that are affected stand one by one, and after them those
// that are as usual, as many as a message has room for. Those without a report are all named, with
// names that are cut the more of them there are; of the other groups as many as there is room for, and how many more.
func Portfolio(p *portfolio.Page) Digest {
	headline := fit(literal(p.Headline), maxHeadline, escapedUnits)
	d := Digest{Text: escape(portfolioTitle(p, escapedUnits) + "\n" + headline)}
	add := func(block slack.Block) { d.Blocks.BlockSet = append(d.Blocks.BlockSet, block) }
	rich := func(id string, parts ...slack.RichTextElement) { add(slack.NewRichTextBlock(id, parts...)) }

	add(slack.NewHeaderBlock(plain(portfolioTitle(p, units)), slack.HeaderBlockOptionBlockID("header")))
	rich("headline", slack.NewRichTextSection(bold(headline)))
	if len(p.Facts) > 0 {
		rich("facts", slack.NewRichTextSection(words(strings.Join(share(p.Facts, maxFacts), "\n"))))
	}
	others, absent := 0, maxAbsent
	for _, s := range p.Sections {
		switch s.Group {
		case portfolio.GroupAffected:
		case portfolio.GroupFailed:
			absent = min(max(absent, len(s.Rows)*(leastOfName+2)), mostAbsent) // taken from the bots with a report
		default:
			others++
		}
	}
	room, most := maxListed+maxAbsent-absent, mostRows
	for _, s := range p.Sections {
		title := slack.NewRichTextSection(bold(literal(s.Title)))
		switch compared := s.Group == portfolio.GroupAffected || s.Group == portfolio.GroupUsual || s.Group == portfolio.GroupUncompared; {
		case compared && most > 0 && room > 0:
			list, size := listed(p.Words, s, room, most)
			room, most = room-size, most-len(list.Elements)
			parts := []slack.RichTextElement{title, list}
			if left := s.Rows[len(list.Elements):]; len(left) > 0 {
				parts = append(parts, slack.NewRichTextSection(words(p.Words.Sentence(more(p.Words, left)))))
			}
			rich(string(s.Group), parts...)
		case s.Group == portfolio.GroupFailed:
			rich("failed", title, reasons(p.Words, s.Rows, absent))
		default:
			elements := named(p.Words, s, maxOthers/others-units(s.Note))
			if s.Note != "" {
				elements = append([]slack.RichTextSectionElement{words(literal(s.Note) + "\n")}, elements...)
			}
			rich(string(s.Group), title, slack.NewRichTextSection(elements...))
		}
	}
	if notes := share(p.Notes, maxNotes); len(notes) > 0 {
		add(slack.NewContextBlock("notes", plain(strings.Join(notes, "\n"))))
	}
	add(slack.NewContextBlock("provenance", plain(fit(literal(strings.Join(p.Foot, " ")), maxProvenance, units))))
	return d
}

// portfolioTitle is the page's, with the name cut rather than the dates.
func portfolioTitle(p *portfolio.Page, measure func(string) int) string {
	room := maxTitle - measure(p.Words.Say(wording.Title, "", p.Dates))
	return p.Words.Say(wording.Title, fit(literal(p.Name), room, measure), p.Dates)
}

func words(text string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(text, nil)
}

// listed lists the first bots of a group one by one: as many as fit, at most so many, and at least one. size is the room
// that they take. They are numbered if they are ordered by how affected they are.
func listed(w *wording.Wording, s portfolio.Section, room, most int) (list *slack.RichTextList, size int) {
	var items []slack.RichTextElement
	for i, r := range s.Rows {
		name, details := botName(r, maxBot), fit(literal(strings.Join(r.Details(), " · ")), maxRow, units)
		link, linked := webLink(summary.Link{Text: name, URL: r.URL})
		linked = linked && units(link.URL) <= maxRowLink
		item := units(name+r.Spark+details) + 3
		if linked {
			item += units(link.URL)
		}
		if i > 0 && (size+item > room || i == most) {
			break
		}
		size += item
		title := bold(name)
		if linked {
			title = slack.NewRichTextSectionLinkElement(link.URL, name, &slack.RichTextSectionTextStyle{Bold: true})
		}
		rest := "\n" + details // on its own line, so that a right-to-left name does not turn it
		if r.Spark != "" {
			rest = "\n" + r.Spark + "  " + details
		}
		items = append(items, slack.NewRichTextSection(title, words(rest)))
	}
	style := slack.RTEListBullet
	if s.Group == portfolio.GroupAffected {
		style = slack.RTEListOrdered
	}
	return slack.NewRichTextList(style, 0, items...), size
}

func botName(r portfolio.Row, most int) string { return fit(literal(r.Name), most, units) }

// more says how many bots are left out, and how many chats each has above normal at most.
func more(w *wording.Wording, left []portfolio.Row) string {
	if first := left[0].Number; first != nil { // they are ordered by it
		return w.Say(wording.PortfolioMoreAtMost, len(left), w.Count(*first))
	}
	return w.Say(wording.PortfolioMore, len(left))
}

// reasons lists all bots without a report by reason.
func reasons(w *wording.Wording, rows []portfolio.Row, room int) slack.RichTextElement {
	var order []string
	by := make(map[string][]string)
	size := 0
	for _, r := range rows {
		if by[r.Reason] == nil {
			order = append(order, r.Reason)
		}
		name := botName(r, maxBot)
		by[r.Reason] = append(by[r.Reason], name)
		size += 2 + units(name)
	}
	most := maxBot
	if size > room {
		most = min(maxBot, max(leastOfName, room/len(rows)-2))
	}
	var items []slack.RichTextElement
	for _, reason := range order {
		var names []string
		for _, name := range by[reason] {
			names = append(names, fit(name, most, units))
		}
		all := w.Sentence(literal(reason)) + ": " + fill(w, names, max(room*len(names)/len(rows), maxBot))
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
		all, list = append(all, words(list[:end])), list[end:]
	}
	return append(all, words(list))
}

// named lists the bots of a group in a line, each with its chats if that says something, and with its link if all links
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
			links = append(links, words(", "))
		}
		size += units(name) + 2
		if link, ok := webLink(summary.Link{Text: name, URL: r.URL}); ok && units(link.URL) <= maxRowLink {
			links, size = append(links, slack.NewRichTextSectionLinkElement(link.URL, name, nil)), size+units(link.URL)
		} else {
			links = append(links, words(name))
		}
	}
	if size <= room {
		return links
	}
	return []slack.RichTextSectionElement{words(fill(w, names, max(room, maxBot)))}
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

// PortfolioText is the overview for a terminal, and all that Slack shows where it refuses the blocks: plain text of at most
// width columns, as [Text] is. It names every bot.
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
		for _, r := range s.Rows {
			t.line("• " + botName(r, t.width))
			if r.Spark != "" {
				t.line("    " + r.Spark)
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
