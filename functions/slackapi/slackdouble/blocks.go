package slackdouble

import (
	"encoding/json"
	"fmt"
	"regexp"
	"unicode/utf16"
)

// Limits of a message's layout, as Slack documents them, but for the last one.
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
	maxAll        = 9600 // the lowest at which msg_blocks_too_long was met
)

var fileID = regexp.MustCompile(`^F[A-Z0-9]{8,}$`)

// judge refuses blocks as Slack does. isProcessed says whether a file can be shown.
func judge(data json.RawMessage, isProcessed func(id string) bool) error {
	var blocks []map[string]any
	if json.Unmarshal(data, &blocks) != nil {
		return refuse("invalid_blocks_format")
	}
	j := &judgement{isProcessed: isProcessed}
	if len(blocks) > maxBlocks {
		j.refuse("/blocks", "no more than %d items allowed", maxBlocks)
	}
	seen := map[string]bool{}
	for i, block := range blocks {
		where := fmt.Sprintf("/blocks/%d", i)
		if id, ok := block["block_id"].(string); ok {
			if length(id) > maxBlockID {
				j.refuse(where+"/block_id", "must be at most %d characters", maxBlockID)
			}
			if seen[id] {
				j.refuse(where+"/block_id", "`block_id` already exists")
			}
			seen[id] = true
		}
		j.block(where, block)
		j.total += total(block)
	}
	switch {
	case len(j.mistakes) > 0:
		return refuse("invalid_blocks", j.mistakes...)
	case j.total > maxAll:
		return refuse("msg_blocks_too_long")
	}
	return nil
}

type judgement struct {
	isProcessed func(id string) bool
	mistakes    []string
	total       int
}

func (j *judgement) refuse(where, format string, args ...any) {
	j.mistakes = append(j.mistakes, fmt.Sprintf("[ERROR] "+format+" [json-pointer:"+where+"]", args...))
}

func (j *judgement) block(where string, block map[string]any) {
	switch block["type"] {
	case "header":
		j.text(where+"/text", block["text"], maxHeader, "plain_text")
	case "section":
		fields, _ := block["fields"].([]any)
		if len(fields) > maxFields {
			j.refuse(where+"/fields", "no more than %d items allowed", maxFields)
		}
		for i, field := range fields {
			j.text(fmt.Sprintf("%s/fields/%d", where, i), field, maxField, "plain_text", "mrkdwn")
		}
		if text, ok := block["text"]; ok || len(fields) == 0 {
			j.text(where+"/text", text, maxSection, "plain_text", "mrkdwn")
		}
	case "image":
		j.image(where, block)
	case "context":
		elements, _ := block["elements"].([]any)
		if len(elements) == 0 || len(elements) > maxElements {
			j.refuse(where+"/elements", "must have 1 to %d items", maxElements)
		}
		for i, element := range elements {
			at := fmt.Sprintf("%s/elements/%d", where, i)
			if image, ok := element.(map[string]any); ok && image["type"] == "image" {
				j.image(at, image)
			} else {
				j.text(at, element, maxSection, "plain_text", "mrkdwn")
			}
		}
	case "rich_text":
		if elements, _ := block["elements"].([]any); len(elements) == 0 {
			j.refuse(where+"/elements", "no elements")
		}
	case "divider":
	default:
		j.refuse(where+"/type", "unsupported type: %v", block["type"])
	}
}

func (j *judgement) text(where string, object any, most int, kinds ...string) {
	text, _ := object.(map[string]any)
	words, _ := text["text"].(string)
	known := false
	for _, kind := range kinds {
		known = known || text["type"] == kind
	}
	switch {
	case !known:
		j.refuse(where, "must be one of %v", kinds)
	case words == "":
		j.refuse(where+"/text", "must be more than 0 characters")
	case length(words) > most:
		j.refuse(where+"/text", "must be less than %d characters", most+1)
	}
}

func (j *judgement) image(where string, image map[string]any) {
	switch alt, _ := image["alt_text"].(string); {
	case alt == "":
		j.refuse(where, "missing required field: alt_text")
	case length(alt) > maxAlt:
		j.refuse(where+"/alt_text", "must be less than %d characters", maxAlt+1)
	}
	if title, ok := image["title"]; ok {
		j.text(where+"/title", title, maxImageTitle, "plain_text")
	}
	url, _ := image["image_url"].(string)
	slackFile, uploaded := image["slack_file"].(map[string]any)
	if (url != "") == uploaded {
		j.refuse(where, "must have either image_url or slack_file")
	}
	if !uploaded {
		return
	}
	switch id, _ := slackFile["id"].(string); {
	case !fileID.MatchString(id):
		j.refuse(where+"/slack_file/id", "input must match regex pattern: %s", fileID)
	case !j.isProcessed(id):
		j.refuse(where+"/slack_file", "invalid slack file")
	}
}

// total counts the characters of everything in a block that people read.
func total(value any) int {
	n := 0
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			n += total(v)
		}
	case map[string]any:
		for key, v := range value {
			if s, ok := v.(string); ok && (key == "text" || key == "alt_text") {
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
