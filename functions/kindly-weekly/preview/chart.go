package preview

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
)

// chart is Slack's JSON of a chart.
type chart struct {
	Type string
	Axis struct {
		Categories []string
		YLabel     string `json:"y_label"`
	} `json:"axis_config"`
	Series []struct {
		Name string
		Data []struct{ Value float64 }
	}
}

// seriesColors are the colors of the series. If there are several, the second is compared with the
// first.
var seriesColors = []string{"#a8b3c5", "var(--accent)", "#0f766e", "#b45309", "#7c3aed", "#be123c"}

// chartHTML returns an approximation of a chart that Slack draws: always bars from zero. A screen
// reader reads every number.
func chartHTML(title string, value any) (template.HTML, error) {
	const width, height, top, bottom, left = 600.0, 240.0, 20.0, 46.0, 8.0
	data, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var c chart
	if err := json.Unmarshal(data, &c); err != nil {
		return "", fmt.Errorf("preview of the chart %q: %w", title, err)
	}
	most := 1.0
	for _, s := range c.Series {
		for _, p := range s.Data {
			most = max(most, p.Value)
		}
	}
	var b, said strings.Builder
	// The bars of the subject have numbers.
	subject := min(1, len(c.Series)-1)
	color := func(j int) string { return seriesColors[(j+1-subject)%len(seriesColors)] }
	step := (width - 2*left) / float64(max(1, len(c.Axis.Categories)))
	bar := step * 0.8 / float64(max(1, len(c.Series)))
	for i, category := range c.Axis.Categories {
		x := left + step*float64(i)
		fmt.Fprintf(&said, "; %s: ", category)
		for j, s := range c.Series {
			if i >= len(s.Data) {
				continue
			}
			value := s.Data[i].Value
			tall := max(0, value) / most * (height - top - bottom)
			at := x + step*0.1 + bar*float64(j)
			fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" fill="%s"/>`,
				at, height-bottom-tall, bar*0.92, tall, color(j))
			number := strconv.FormatFloat(value, 'f', -1, 64) + c.Axis.YLabel
			if j > 0 {
				said.WriteString(", ")
			}
			fmt.Fprintf(&said, "%s %s", s.Name, number)
			if j == subject {
				fmt.Fprintf(&b,
					`<text x="%.1f" y="%.1f" font-size="12" fill="currentColor" text-anchor="middle">%s</text>`, at+bar*0.46, height-bottom-tall-4, html.EscapeString(number))
			}
		}
		label := []rune(category)
		if room := int(step / 6.5); len(label) > room && room > 1 {
			label = append(label[:room-1], '…')
		}
		fmt.Fprintf(&b,
			`<text x="%.1f" y="%.1f" font-size="12" fill="var(--muted)" text-anchor="middle">%s</text>`, x+step/2, height-bottom+16, html.EscapeString(string(label)))
	}
	x := left
	for j, s := range c.Series {
		fmt.Fprintf(&b,
			`<rect x="%.1f" y="%.1f" width="10" height="10" rx="2" fill="%s"/><text x="%.1f" y="%.1f" font-size="12" fill="var(--muted)">%s</text>`,
			x, height-16, color(j), x+16, height-7,
			html.EscapeString(s.Name))
		x += 40 + 7*float64(len([]rune(s.Name)))
	}
	return template.HTML(fmt.Sprintf(`<b>%s</b><svg viewBox="0 0 %g %g" role="img" aria-label="%s" font-family="inherit">%s</svg>`,
		html.EscapeString(title), width, height, html.EscapeString(title+said.String()),
		b.String())), nil
}

// tableHTML converts a table block to HTML.
func tableHTML(rows, settings any) template.HTML {
	columns, _ := settings.([]any)
	list, _ := rows.([]any)
	var b strings.Builder
	b.WriteString("<table>")
	for i, row := range list {
		cell, end := "td", "td"
		if i == 0 {
			cell, end = `th scope="col"`, "th"
		}
		b.WriteString("<tr>")
		cells, _ := row.([]any)
		for j, value := range cells {
			class := ""
			if j < len(columns) {
				switch column, _ := columns[j].(map[string]any); {
				case column["align"] == "right":
					class = ` class="right"`
				case column["is_wrapped"] != true:
					class = ` class="whole"`
				}
			}
			var text strings.Builder
			for _, part := range Texts(value) {
				text.WriteString(string(part))
			}
			fmt.Fprintf(&b, "<%s%s>%s</%s>", cell, class, text.String(), end)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return template.HTML(b.String())
}
