package mail

import (
	"cmp"
	"strings"

	"kindlyweekly/report/summary"
)

// html writes the page from top to bottom.
func (p page) html() markup {
	return framed(p,
		brand(p),
		headline(p),
		notices(p),
		events(p),
		more(p),
		tiles(p),
		each(p.Pictures, picture.html),
		each(p.Targets, table.html),
		each(p.Lists, table.html),
		foot(p),
	)
}

// framed writes the page around its parts.
func framed(p page, parts ...markup) markup {
	return lines(
		`<!DOCTYPE html>`,
		`<html lang="`+text(p.Lang)+`" xmlns="http://www.w3.org/1999/xhtml">`,
		head(p),
		`<body class="page" style="margin:0;padding:0;background-color:`+light.Page+`">`,
		preheader(p),
		// Webmail drops the html element with its language.
		`<div role="main" lang="`+text(p.Lang)+`">`,
		outerOpen,
		mso(`<table role="presentation" width="600"`+bare+`><tr><td>`),
		cardOpen,
		lines(parts...),
		`</table>`,
		mso(`</td></tr></table>`),
		`</td></tr></table>`,
		`</div>`,
		`</body>`,
		`</html>`,
	) + "\n"
}

// bare are the attributes of a table without space and borders. narrow and wide open a table for
// the layout, which screen readers do not announce.
const (
	bare   = ` cellpadding="0" cellspacing="0" border="0"`
	narrow = `<table role="presentation"` + bare
	wide   = `<table role="presentation" width="100%"` + bare
)

// The whole width of the page, and on it the card with all parts.
var (
	outerOpen = wide + ` class="page" style="background-color:` + light.Page +
		`"><tr><td align="center" class="outer" style="padding:24px 12px;` +
		`font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif;` +
		`overflow-wrap:anywhere;word-break:break-word">`
	cardOpen = wide + ` class="card" style="max-width:600px;background-color:` + light.Card +
		`;border-radius:12px;text-align:left">`
)

// mso writes markup that only Outlook on Windows reads.
func mso(m markup) markup { return `<!--[if mso]>` + m + `<![endif]-->` }

// section is a row of the card.
func section(padding markup, parts ...markup) markup { return sectionOf("pad", padding, parts...) }

// sectionOf is a section of some class.
func sectionOf(class, padding markup, parts ...markup) markup {
	return lines(`<tr><td class="`+class+`" style="padding:`+padding+`">`, lines(parts...),
		`</td></tr>`)
}

// ink and muted write an element in one of the two colors of text. Its class changes the color in
// dark mode.
func ink(tag, style, inner markup) markup {
	return colored(tag, "ink", style, light.Ink, inner)
}

func muted(tag, style, inner markup) markup {
	return colored(tag, "muted", style, light.Muted, inner)
}

// font returns a style of a font size and a line height in pixels.
func font(size, line int) markup {
	return `font-size:` + number(size) + `px;line-height:` + number(line) + `px`
}

// heading writes the heading of a section.
func heading(title string) markup {
	return ink("h2", "margin:0 0 6px;"+font(17, 24), text(title))
}

// signed writes news after its sign. A screen reader reads the sign's word. Without a word it skips
// the sign.
func (n news) signed(tag, style, said markup) markup {
	if n.Sign != "" {
		var heard markup = `aria-hidden="true"`
		if n.Word != "" {
			heard = `role="img" aria-label="` + text(n.Word) + `"`
		}
		said = `<span ` + heard + `>` + n.Sign + `</span>&nbsp;` + said
	}
	return colored(tag, n.Class, style, n.Color, said)
}

func colored(tag, class, style, color, inner markup) markup {
	if style != "" {
		style += `;`
	}
	return `<` + tag + ` class="` + class + `" style="` + style + `color:` + color + `">` + inner +
		`</` + tag + `>`
}

func head(p page) markup {
	return lines(
		`<head>`,
		`<meta charset="utf-8">`,
		`<meta name="viewport" content="width=device-width, initial-scale=1">`,
		`<meta name="color-scheme" content="light dark">`,
		`<meta name="supported-color-schemes" content="light dark">`,
		`<meta name="format-detection" `+
			`content="telephone=no, date=no, address=no, email=no, url=no">`,
		`<title>`+text(p.Title)+`</title>`,
		mso(`<style>table,td,th,p,a,h1,h2,li{font-family:Arial,sans-serif !important}</style>`),
		`<style>`,
		phone,
		`</style>`,
		`<style>`,
		`@media (prefers-color-scheme:dark){`,
		p.Dark.rules(``, ``),
		`}`,
		`</style>`,
		`<style>`,
		p.Dark.rules(`[data-ogsb] `, `[data-ogsc] `), // Outlook on the web and on phones
		`</style>`,
		`</head>`,
	)
}

const phone = `:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;width:100%;-webkit-text-size-adjust:100%}
a[x-apple-data-detectors]{color:inherit !important;text-decoration:none !important}
@media (max-width:480px){
.outer{padding:0 !important}
.pad{padding-left:16px !important;padding-right:16px !important}
.picture{padding-left:0 !important;padding-right:0 !important}
.tiles{padding-left:10px !important;padding-right:10px !important}
.card{border-radius:0 !important}
.table{font-size:13px !important}
}`

// rules writes the rules of dark mode, each after a selector for backgrounds or for colors.
func (dark scheme) rules(grounds, colors markup) markup {
	ground := func(class, color markup) markup {
		return grounds + `.` + class + `{background-color:` + color + ` !important}`
	}
	color := func(class, color markup) markup {
		return colors + `.` + class + `{color:` + color + ` !important}`
	}
	return lines(
		ground("page", dark.Page),
		ground("card", dark.Card),
		ground("panel", dark.Panel),
		ground("notice", dark.Notice),
		ground("tint", dark.Tint),
		ground("tint-good", dark.GoodTint),
		ground("button", dark.Button),
		colors+`.notice{border-color:`+dark.Warning+` !important}`,
		colors+`.line{border-color:`+dark.Line+` !important}`,
		color("ink", dark.Ink),
		color("muted", dark.Muted),
		color("good", dark.Good),
		color("bad", dark.Bad),
		color("link", dark.Link),
		color("on-button", dark.OnButton),
	)
}

// filler is invisible. It fills the inbox's preview line after the headline.
const filler = `&#847;&zwnj;&nbsp;`

// preheader writes the inbox's preview line.
func preheader(p page) markup {
	var room markup
	for range 80 {
		room += filler
	}
	return `<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;` +
		`mso-hide:all;` + font(1, 1) + `">` + text(cmp.Or(p.Preview, p.Headline)) + room + `</div>`
}

// brand writes the logo. It has a white background, for which it was made, and no alt text, since
// the bot's name follows.
func brand(p page) markup {
	if p.Logo == "" {
		return ""
	}
	return section("20px 20px 0",
		narrow+`><tr><td style="padding:4px;background-color:#ffffff;border-radius:6px">`+
			`<img src="`+p.Logo+`" width="`+number(p.LogoWidth)+`" height="`+number(p.LogoHeight)+
			`" alt="" style="display:block;border:0"></td></tr></table>`)
}

// headline writes the bot and the dates, small, and then the status and the verdict.
func headline(p page) markup {
	return section("20px 24px 0",
		// The name may be written from right to left, which must not change the order of the dates.
		muted("p", "margin:0 0 10px;"+font(13, 18), colored("span", "ink", "font-weight:600",
			light.Ink, `<span dir="auto">`+text(p.Bot)+`</span>`)+` · `+text(p.Dates)),
		p.status("b", ""),
		ink("h1", "margin:8px 0 0;"+font(22, 28)+";font-weight:700;text-wrap:balance",
			text(p.Headline)))
}

// status writes the status as an element with rounded corners. It is colored only if the week was
// good or bad.
func (p page) status(tag, style markup) markup {
	if p.Status == "" {
		return ""
	}
	var class markup = "tint"
	tint := p.Light.Tint
	switch p.Tone {
	case summary.Good:
		class, tint = "tint-good", p.Light.GoodTint
	case summary.Bad:
		class, tint = "notice", p.Light.Notice
	}
	return narrow + `><tr><td class="` + class + `" style="padding:3px 12px;background-color:` +
		tint + `;border-radius:12px;` + font(14, 20) + `">` +
		p.Light.news(p.Tone).signed(tag, style, text(p.Status)) + `</td></tr></table>`
}

// notices writes the notices in a neutral box, since they are neither good nor bad news.
func notices(p page) markup {
	if len(p.Notices) == 0 {
		return ""
	}
	return section("12px 24px 0",
		wide+`><tr><td class="panel line" style="padding:8px 12px;border-left:4px solid `+
			light.Line+`;background-color:`+light.Panel+`">`,
		each(p.Notices, func(notice string) markup {
			return ink("p", "margin:2px 0 4px;"+font(14, 19), text(notice))
		}),
		`</td></tr></table>`)
}

// events writes the facts, and what to look at.
func events(p page) markup {
	if len(p.Facts)+len(p.LookAt) == 0 {
		return ""
	}
	const style = "margin:8px 0 0;font-size:15px;line-height:21px"
	return section("4px 24px 0",
		each(p.Facts, func(fact string) markup { return ink("p", style, text(fact)) }),
		each(p.LookAt, func(l look) markup {
			said := `<b>` + text(l.Text) + `</b>`
			if l.To != "" {
				said = `<a href="` + l.To + `" class="link" style="color:` + p.Light.Link + `">` +
					said + `</a>`
			}
			return ink("p", style, `<span aria-hidden="true">→&nbsp;</span>`+said)
		}))
}

func tiles(p page) markup {
	if len(p.Tiles) == 0 {
		return ""
	}
	return lines(
		`<tr><td class="tiles" style="padding:16px 18px 0">`,
		`<table role="presentation" width="100%" cellpadding="0" cellspacing="6" border="0" `+
			`style="table-layout:fixed">`,
		each(p.Tiles, func(row []tile) markup {
			return lines(`<tr>`, each(row, tile.html), `</tr>`)
		}),
		`</table>`,
		`</td></tr>`)
}

func (t tile) html() markup {
	var change, unit markup
	if t.Unit != "" {
		unit = ink("p", "margin:0;"+font(13, 17), text(t.Unit))
	}
	small := func(inner markup) markup { return muted("p", "margin:2px 0 0;"+font(13, 17), inner) }
	if t.Change != "" { // next to the value, or below it if there is no room
		change = ` ` + t.signed("b", "white-space:nowrap", text(t.Change))
	}
	value := ink("b", font(t.Size, t.Size+6), unbroken(t.Value))
	return lines(
		`<td width="50%" valign="top" class="panel" style="padding:10px 12px;background-color:`+
			light.Panel+`;border-radius:8px">`,
		small(text(t.Label)),
		`<p style="margin:0;`+font(13, 17)+`">`+value+change+`</p>`,
		unit,
		each(t.Lines, func(line string) markup { return small(text(line)) }),
		`</td>`)
}

// unbroken writes a number or a few words that stay on one line, unless they are too long for it.
func unbroken(s string) markup {
	if len([]rune(s)) > mostUnbroken {
		return text(s)
	}
	return `<span style="white-space:nowrap">` + text(s) + `</span>`
}

// html writes a chart: its picture, or in words what it shows if there is none.
func (c picture) html() markup {
	if c.Source == "" {
		return section("20px 24px 0", muted("p", "margin:0;"+font(14, 20), text(c.Alt)))
	}
	var boxes markup
	if c.Boxes != "" {
		boxes = muted("p", "margin:6px 8px 0;"+font(13, 19), text(c.Boxes))
	}
	// On a phone it is nearly as wide as the screen, since its text is small. If the picture is
	// blocked, clients show its alt text, and the cell keeps a margin around it.
	return sectionOf("picture", "20px 24px 0",
		wide+`><tr><td style="padding:4px 8px;background-color:#ffffff;border-radius:8px">`+
			`<img src="`+c.Source+`" width="536" alt="`+text(c.Alt)+
			`" style="display:block;width:100%;max-width:536px;height:auto;border:0;`+
			`background-color:#ffffff;color:#0f172a;`+font(13, 19)+`"></td></tr></table>`, boxes)
}

func (t table) html() markup {
	var title markup
	if t.Title != "" {
		title = heading(t.Title)
	}
	heads := each(t.Columns, column.html)
	if t.Title == "" {
		first := ink("b", font(14, 19), text(t.Columns[0].Title))
		if t.Common != "" {
			first += ` ` + text(t.Common)
		}
		heads = lines(t.Columns[0].head(first), each(t.Columns[1:], column.html))
	}
	return section("20px 24px 0", title, grid(heads, each(t.Rows, row.html)))
}

// tableOf writes a table of data: its columns, and its rows as markup.
func tableOf(columns []column, rows markup) markup {
	return grid(each(columns, column.html), rows)
}

func grid(heads, rows markup) markup {
	return lines(
		`<table width="100%"`+bare+` class="ink table" style="color:`+light.Ink+
			`;table-layout:fixed;border-collapse:collapse;`+font(14, 19)+`">`,
		`<tr>`, heads, `</tr>`,
		rows,
		`</table>`)
}

func (c column) html() markup { return c.head(text(c.Title)) }

// head writes the head of a column.
func (c column) head(title markup) markup {
	var align, gap markup = "left", "0"
	if c.Numbers {
		align, gap = "right", "6px"
	}
	return `<th scope="col" width="` + number(c.Width) + `%" align="` + align +
		`" valign="bottom" class="muted line" style="padding:4px 0 4px ` + gap +
		`;border-bottom:2px solid ` + light.Line + `;` + font(12, 15) + `;font-weight:400;color:` +
		light.Muted + `">` + title + `</th>`
}

func (r row) html() markup {
	var beside markup
	if r.Beside != "" {
		beside = ` ` + muted("span", "font-size:12px", `<span dir="auto">`+text(r.Beside)+`</span>`)
	}
	return lines(
		`<tr>`,
		`<th scope="row" align="left" valign="top" dir="auto" class="line" style="padding:5px 0;`+
			`border-bottom:1px solid `+light.Line+`;font-weight:400;text-align:left">`+
			text(r.Name)+beside+`</th>`,
		each(r.Numbers, cell.html),
		`</tr>`)
}

func (c cell) html() markup {
	said := text(c.Text)
	if !strings.Contains(c.Text, " ") { // a number, which is not broken at spaces
		said = unbroken(c.Text)
	}
	if c.Sign != "" {
		said = c.signed("span", "", said)
	}
	if c.Below != "" {
		said += `<br>` + muted("span", "font-size:12px", unbroken(c.Below))
	}
	return `<td align="right" valign="top" class="line" style="padding:5px 0 5px 6px;` +
		`border-bottom:1px solid ` + light.Line + `">` + said + `</td>`
}

// more writes the link to the bot.
func more(p page) markup {
	if p.Link == "" {
		return ""
	}
	// Outlook pads only the cell, other clients only the link.
	return section("16px 24px 0",
		narrow+`><tr><td class="button" style="background-color:`+p.Light.Button+
			`;border-radius:8px;mso-padding-alt:10px 20px"><a class="on-button" href="`+p.Link+
			`" style="display:inline-block;padding:10px 20px;`+font(15, 20)+
			`;font-weight:600;color:`+p.Light.OnButton+`;text-decoration:none">`+
			text(p.LinkText)+`</a></td></tr></table>`)
}

func foot(p page) markup {
	return section("20px 24px 20px",
		wide+`><tr><td class="line" style="padding:12px 0 0;border-top:1px solid `+light.Line+`">`,
		each(p.Foot, func(sentence string) markup {
			return muted("p", "margin:0;"+font(13, 19), text(sentence))
		}),
		`</td></tr></table>`)
}
