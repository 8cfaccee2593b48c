package mail

import "kindlyweekly/report/summary"

// html writes the page from top to bottom.
func (p page) html() markup {
	return framed(p,
		brand(p),
		headline(p),
		tiles(p),
		notices(p),
		insights(p),
		each(p.Targets, table.html),
		each(p.Pictures, picture.html),
		each(p.Tables, table.html),
		more(p),
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
		outerOpen,
		mso(`<table role="presentation" width="600"`+bare+`><tr><td>`),
		cardOpen,
		lines(parts...),
		`</table>`,
		mso(`</td></tr></table>`),
		`</td></tr></table>`,
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
func section(padding markup, parts ...markup) markup {
	return lines(`<tr><td class="pad" style="padding:`+padding+`">`, lines(parts...), `</td></tr>`)
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

// signed writes news after its sign.
func (n news) signed(tag, style, said markup) markup {
	if n.Sign != "" {
		said = `<span aria-hidden="true">` + n.Sign + `</span>&nbsp;` + said
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
.tiles{padding-left:10px !important;padding-right:10px !important}
.card{border-radius:0 !important}
.table{font-size:13px !important}
.head{font-size:11px !important;padding-left:2px !important}
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
		ground("button", dark.Button),
		colors+`.notice{border-color:`+dark.Warning+` !important}`,
		colors+`.line{border-color:`+dark.Line+` !important}`,
		color("ink", dark.Ink),
		color("muted", dark.Muted),
		color("good", dark.Good),
		color("bad", dark.Bad),
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
		`mso-hide:all;` + font(1, 1) + `">` + text(p.Headline) + room + `</div>`
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

func headline(p page) markup {
	return section("24px 24px 0",
		`<p class="ink" dir="auto" style="margin:0;`+font(14, 20)+`;color:`+light.Ink+
			`;text-align:left"><b>`+text(p.Bot)+`</b></p>`,
		// The dates are on their own line, since the name may be written from right to left.
		muted("p", "margin:0;"+font(14, 20), text(p.Dates)),
		ink("h1", "margin:12px 0 0;"+font(21, 28)+";font-weight:600", text(p.Headline)))
}

func tiles(p page) markup {
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
	var unit markup
	if t.Unit != "" {
		unit = ink("p", "margin:0;"+font(14, 19), text(t.Unit))
	}
	return lines(
		`<td width="50%" valign="top" class="panel" style="padding:12px 14px;background-color:`+
			light.Panel+`;border-radius:8px">`,
		muted("p", "margin:0;"+font(t.LabelSize, 18), text(t.Label)),
		ink("p", "margin:2px 0 0;"+font(t.Size, t.Size+6)+";font-weight:700", text(t.Value)),
		unit,
		muted("p", "margin:2px 0 0;"+font(13, 18), t.change()+text(t.Detail)),
		`</td>`)
}

func (t tile) change() markup {
	if t.Change == "" {
		return ""
	}
	change := t.signed("b", "", text(t.Change))
	if t.Detail != "" {
		change += `<br>`
	}
	return change
}

// notices writes the notices in a neutral box, since they are neither good nor bad news.
func notices(p page) markup {
	if len(p.Notices) == 0 {
		return ""
	}
	return section("18px 24px 0",
		wide+`><tr><td class="panel line" style="padding:14px 16px;border-left:4px solid `+
			light.Line+`;background-color:`+light.Panel+`">`,
		ink("h2", "margin:0 0 6px;"+font(15, 22), text(p.NoticesTitle)),
		each(p.Notices, func(notice string) markup {
			return ink("p", "margin:0 0 6px;"+font(14, 21), text(notice))
		}),
		`</td></tr></table>`)
}

func insights(p page) markup {
	if len(p.Insights) == 0 {
		return ""
	}
	return section("24px 24px 0",
		ink("h2", "margin:0 0 8px;"+font(17, 24), text(p.InsightsTitle)),
		`<ul class="ink" style="margin:0;padding:0 0 0 20px;color:`+light.Ink+`">`,
		each(p.Insights, func(insight string) markup {
			return `<li style="margin:0 0 6px;` + font(15, 22) + `">` + text(insight) + `</li>`
		}),
		`</ul>`)
}

// html writes a chart: its picture, or its title if there is none, then its finding and its
// numbers.
func (c picture) html() markup {
	var image, title, numbers markup
	if c.Source != "" {
		image = `<img src="` + c.Source + `" width="552" alt="` + text(c.Alt) +
			`" style="display:block;width:100%;max-width:552px;height:auto;border:0;` +
			`border-radius:8px;background-color:#ffffff;color:#0f172a;` + font(13, 19) + `">`
	} else {
		title = ink("b", "", text(c.Title)) + `<br>`
	}
	for i, n := range c.Numbers {
		// Lines break only between the spans, so that none begins with a point.
		var point, gap markup
		if i < len(c.Numbers)-1 {
			point, gap = ` ·`, ` `
		}
		if len([]rune(n)) > mostUnbroken {
			numbers += text(n) + point + gap
			continue
		}
		numbers += `<span style="white-space:nowrap">` + text(n) + point + `</span>` + gap
	}
	if numbers != "" {
		numbers = muted("p", "margin:4px 0 0;font-size:12px;line-height:18px", numbers)
	}
	return section("26px 24px 0",
		image,
		muted("p", "margin:8px 0 0;"+font(14, 20), title+text(c.Finding)),
		numbers)
}

func (t table) html() markup {
	var grid, note markup
	if len(t.Rows) > 0 {
		grid = tableOf(t.Columns, each(t.Rows, row.html))
	}
	if t.Note != "" {
		note = muted("p", "margin:8px 0 0;"+font(13, 19), text(t.Note))
	}
	return section("28px 24px 0", heading(t.Title), grid, note)
}

// tableOf writes a table of data: its columns, and its rows as markup.
func tableOf(columns []column, rows markup) markup {
	return lines(
		`<table width="100%"`+bare+` class="ink table" style="color:`+light.Ink+
			`;table-layout:fixed;border-collapse:collapse;`+font(14, 19)+`">`,
		`<tr>`, each(columns, column.html), `</tr>`,
		rows,
		`</table>`)
}

func (c column) html() markup {
	var align, class, gap markup = "left", "muted line", "0"
	if c.Numbers {
		align, class, gap = "right", "muted line head", "6px"
	}
	return `<th scope="col" width="` + number(c.Width) + `%" align="` + align +
		`" valign="bottom" class="` + class + `" style="padding:4px 0 4px ` + gap +
		`;border-bottom:2px solid ` + light.Line + `;` + font(12, 15) + `;font-weight:400;color:` +
		light.Muted + `">` + text(c.Title) + `</th>`
}

func (r row) html() markup {
	var weight, beside markup = "400", ""
	if r.Total {
		weight = "700"
	}
	if r.Beside != "" {
		beside = `<br>` + muted("span", "font-size:12px", text(r.Beside))
	}
	return lines(
		`<tr>`,
		`<th scope="row" align="left" valign="top" dir="auto" class="line" style="padding:6px 0;`+
			`border-bottom:1px solid `+light.Line+`;font-weight:`+weight+`;text-align:left">`+
			text(r.Name)+beside+`</th>`,
		each(r.Numbers, func(n cell) markup {
			said := text(n.Text)
			if n.Sign != "" {
				said = n.signed("span", "", said)
			}
			return `<td align="right" valign="top" class="line" style="padding:6px 0 6px 6px;` +
				`border-bottom:1px solid ` + light.Line + `;font-weight:` + weight + `">` + said +
				`</td>`
		}),
		`</tr>`)
}

// more writes where there is more: the bot's link and the PDF.
func more(p page) markup {
	var button, attached markup
	if p.Link != "" {
		// Outlook pads only the cell, other clients only the link.
		button = narrow + `><tr><td class="button" style="background-color:` + p.Light.Button +
			`;border-radius:8px;mso-padding-alt:12px 22px"><a class="on-button" href="` + p.Link +
			`" style="display:inline-block;padding:12px 22px;` + font(15, 20) +
			`;font-weight:600;color:` + p.Light.OnButton + `;text-decoration:none">` +
			text(p.LinkText) + `</a></td></tr></table>`
	}
	if p.Attached != "" {
		attached = ink("p", "margin:14px 0 0;"+font(15, 22), text(p.Attached))
	}
	return section("28px 24px 0", button, attached)
}

func foot(p page) markup {
	small := font(13, 19)
	var leave markup
	if p.Leave != "" {
		leave = muted("p", "margin:14px 0 0;"+small, text(p.Leave))
	}
	return section("28px 24px 28px",
		wide+`><tr><td class="line" style="padding:16px 0 0;border-top:1px solid `+light.Line+`">`,
		muted("h2", "margin:0 0 4px;"+small, text(p.GlossaryTitle)),
		each(p.Glossary, func(t summary.Term) markup {
			return muted("p", "margin:0;"+small, `<b>`+text(t.Term)+`</b>: `+text(t.Meaning))
		}),
		muted("h2", "margin:14px 0 4px;"+small, text(p.ProvenanceTitle)),
		each(p.Provenance, func(sentence string) markup {
			return muted("p", "margin:0;"+small, text(sentence))
		}),
		leave,
		`</td></tr></table>`)
}
