package slackfake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf16"
)

// Limits of a message's layout, as Slack documents them, except as noted.
const (
	maxBlocks     = 50
	maxBlockID    = 255
	maxHeader     = 150
	maxSection    = 3000
	maxFields     = 10
	maxField      = 2000
	maxElements   = 10
	maxAlt        = 2000
	maxImageTitle = 2000
	maxTables     = 1
	maxRows       = 100
	maxCells      = 20 // of a row
	maxTable      = 10000
	maxCharts     = 2 // not documented; so Slack answers
	maxChartTitle = 50
	maxSeries     = 6
	maxPoints     = 20
	maxLabel      = 20
	maxAxis       = 50
	maxAll        = 9600 // the lowest at which msg_blocks_too_long was met
)

var fileID = regexp.MustCompile(`^F[A-Z0-9]{8,}$`)

// checkBlocks refuses blocks as Slack does. isProcessed reports whether a file can be shown; drawn
// says whether Slack draws charts and tables.
func checkBlocks(data json.RawMessage, isProcessed func(id string) bool, drawn bool) error {
	var blocks []map[string]any
	if json.Unmarshal(data, &blocks) != nil {
		return refuse("invalid_blocks_format")
	}
	c := &checker{isProcessed: isProcessed, drawn: drawn}
	if len(blocks) > maxBlocks {
		c.refuse("/blocks", "no more than %d items allowed", maxBlocks)
	}
	seen := map[string]bool{}
	for i, block := range blocks {
		where := fmt.Sprintf("/blocks/%d", i)
		if id, ok := block["block_id"].(string); ok {
			if length(id) > maxBlockID {
				c.refuse(where+"/block_id", "must be at most %d characters", maxBlockID)
			}
			if seen[id] {
				c.refuse(where+"/block_id", "`block_id` already exists")
			}
			seen[id] = true
		}
		c.block(where, block)
		c.total += total(block)
	}
	switch {
	case len(c.mistakes) > 0:
		return refuse("invalid_blocks", c.mistakes...)
	case c.tables > maxTables:
		return refuse("invalid_attachments", "[ERROR] only_one_table_allowed")
	case c.total > maxAll:
		return refuse("msg_blocks_too_long")
	}
	return nil
}

type checker struct {
	isProcessed    func(id string) bool
	drawn          bool
	mistakes       []string
	total          int
	tables, charts int
}

func (c *checker) refuse(where, format string, args ...any) {
	c.mistakes = append(c.mistakes,
		fmt.Sprintf("[ERROR] "+format+" [json-pointer:"+where+"]", args...))
}

func (c *checker) block(where string, block map[string]any) {
	kind := block["type"]
	if !c.drawn && (kind == "table" || kind == "data_visualization") {
		kind = nil
	}
	switch kind {
	case "table":
		c.table(where, block)
	case "data_visualization":
		c.chart(where, block)
	case "header":
		c.text(where+"/text", block["text"], maxHeader, "plain_text")
	case "section":
		fields, _ := block["fields"].([]any)
		if len(fields) > maxFields {
			c.refuse(where+"/fields", "no more than %d items allowed", maxFields)
		}
		for i, field := range fields {
			c.text(fmt.Sprintf("%s/fields/%d", where, i), field, maxField, "plain_text", "mrkdwn")
		}
		if text, ok := block["text"]; ok || len(fields) == 0 {
			c.text(where+"/text", text, maxSection, "plain_text", "mrkdwn")
		}
	case "image":
		c.image(where, block)
	case "context":
		elements, _ := block["elements"].([]any)
		if len(elements) == 0 || len(elements) > maxElements {
			c.refuse(where+"/elements", "must have 1 to %d items", maxElements)
		}
		for i, element := range elements {
			at := fmt.Sprintf("%s/elements/%d", where, i)
			if image, ok := element.(map[string]any); ok && image["type"] == "image" {
				c.image(at, image)
			} else {
				c.text(at, element, maxSection, "plain_text", "mrkdwn")
			}
		}
	case "rich_text":
		if elements, _ := block["elements"].([]any); len(elements) == 0 {
			c.refuse(where+"/elements", "no elements")
		}
	case "divider":
	default:
		c.refuse(where+"/type", "unsupported type: %v", block["type"])
	}
}

func (c *checker) table(where string, block map[string]any) {
	c.tables++
	rows, _ := block["rows"].([]any)
	if len(rows) == 0 || len(rows) > maxRows {
		c.refuse(where+"/rows", "must have 1 to %d items", maxRows)
	}
	if settings, _ := block["column_settings"].([]any); len(settings) > maxCells {
		c.refuse(where+"/column_settings", "no more than %d items allowed", maxCells)
	}
	if total(rows) > maxTable {
		c.refuse(where+"/rows", "no more than %d characters allowed", maxTable)
	}
	for i, row := range rows {
		cells, _ := row.([]any)
		if len(cells) == 0 || len(cells) > maxCells {
			c.refuse(fmt.Sprintf("%s/rows/%d", where, i), "must have 1 to %d items", maxCells)
		}
		for k, cell := range cells {
			at := fmt.Sprintf("%s/rows/%d/%d", where, i, k)
			switch cell, _ := cell.(map[string]any); {
			case cell["type"] != "raw_text" && cell["type"] != "rich_text":
				c.refuse(at, "must be one of [raw_text rich_text]")
			case total(cell) == 0:
				c.refuse(at+"/text", "must be more than 0 characters")
			}
		}
	}
}

func (c *checker) chart(where string, block map[string]any) {
	if c.charts++; c.charts > maxCharts {
		c.refuse(where, "no more than %d charts allowed in a message", maxCharts)
	}
	c.label(where+"/title", block["title"], maxChartTitle)
	where += "/chart"
	chart, _ := block["chart"].(map[string]any)
	switch chart["type"] {
	case "pie":
		segments, _ := chart["segments"].([]any)
		if len(segments) == 0 || len(segments) > maxSeries {
			c.refuse(where+"/segments", "must have 1 to %d items", maxSeries)
		}
		for i, segment := range segments {
			s, _ := segment.(map[string]any)
			c.label(fmt.Sprintf("%s/segments/%d/label", where, i), s["label"], maxLabel)
			if value, _ := s["value"].(float64); value <= 0 {
				c.refuse(fmt.Sprintf("%s/segments/%d/value", where, i), "must be greater than 0")
			}
		}
	case "bar", "area", "line":
		c.series(where, chart)
	default:
		c.refuse(where+"/type", "unsupported type: %v", chart["type"])
	}
}

func (c *checker) series(where string, chart map[string]any) {
	axis, _ := chart["axis_config"].(map[string]any)
	categories := make(map[string]bool)
	list, _ := axis["categories"].([]any)
	for i, category := range list {
		name := c.label(fmt.Sprintf("%s/axis_config/categories/%d", where, i), category, maxLabel)
		if categories[name] {
			c.refuse(where+"/axis_config/categories", "must be unique")
		}
		categories[name] = true
	}
	for _, key := range []string{"x_label", "y_label"} {
		if label, ok := axis[key]; ok {
			c.label(where+"/axis_config/"+key, label, maxAxis)
		}
	}
	all, _ := chart["series"].([]any)
	if len(all) == 0 || len(all) > maxSeries {
		c.refuse(where+"/series", "must have 1 to %d items", maxSeries)
	}
	names := make(map[string]bool)
	for i, series := range all {
		at := fmt.Sprintf("%s/series/%d", where, i)
		s, _ := series.(map[string]any)
		name := c.label(at+"/name", s["name"], maxLabel)
		if names[name] {
			c.refuse(at+"/name", "must be unique")
		}
		names[name] = true
		points, _ := s["data"].([]any)
		if len(points) == 0 || len(points) > maxPoints || len(points) != len(categories) {
			c.refuse(at+"/data", "must have 1 to %d items, one for each category", maxPoints)
		}
		seen := make(map[string]bool)
		for _, point := range points {
			p, _ := point.(map[string]any)
			label, _ := p["label"].(string)
			if _, number := p["value"].(float64); !number || !categories[label] || seen[label] {
				c.refuse(at+"/data", "each item must have a category of its own and a number")
			}
			seen[label] = true
		}
	}
}

// label checks a plain string and returns it.
func (c *checker) label(where string, value any, most int) string {
	text, _ := value.(string)
	if n := length(text); n == 0 || n > most {
		c.refuse(where, "must have 1 to %d characters", most)
	}
	return text
}

func (c *checker) text(where string, object any, most int, kinds ...string) {
	text, _ := object.(map[string]any)
	words, _ := text["text"].(string)
	kind, _ := text["type"].(string)
	known := slices.Contains(kinds, kind)
	switch {
	case !known:
		c.refuse(where, "must be one of %v", kinds)
	case words == "":
		c.refuse(where+"/text", "must be more than 0 characters")
	case length(words) > most:
		c.refuse(where+"/text", "must be less than %d characters", most+1)
	}
}

func (c *checker) image(where string, image map[string]any) {
	switch alt, _ := image["alt_text"].(string); {
	case alt == "":
		c.refuse(where, "missing required field: alt_text")
	case length(alt) > maxAlt:
		c.refuse(where+"/alt_text", "must be less than %d characters", maxAlt+1)
	}
	if title, ok := image["title"]; ok {
		c.text(where+"/title", title, maxImageTitle, "plain_text")
	}
	url, _ := image["image_url"].(string)
	slackFile, uploaded := image["slack_file"].(map[string]any)
	if (url != "") == uploaded {
		c.refuse(where, "must have either image_url or slack_file")
	}
	if !uploaded {
		return
	}
	switch id, _ := slackFile["id"].(string); {
	case !fileID.MatchString(id):
		c.refuse(where+"/slack_file/id", "input must match regex pattern: %s", fileID)
	case !c.isProcessed(id):
		c.refuse(where+"/slack_file", "invalid slack file")
	}
}

// readable are the keys of texts that people read.
var readable = []string{"text", "alt_text", "title", "label", "name"}

// total counts the characters in a block that people read.
func total(value any) int {
	n := 0
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			n += total(v)
		}
	case map[string]any:
		for key, v := range value {
			if s, ok := v.(string); ok && slices.Contains(readable, key) {
				n += length(s)
			} else {
				n += total(v)
			}
		}
	}
	return n
}

// length counts as Slack does.
func length(s string) int { return len(utf16.Encode([]rune(s))) }
