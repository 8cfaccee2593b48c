package sage

import "context"

var labels = endpoint{path: "chatlabels/added", limited: true}

// Label is a label that was added to chats. Its text is typed by people: escape it wherever it is shown.
type Label struct {
	ID, Text string
	Count    int
}

// Labels lists the labels most often added to chats (chatlabels/added), the most frequent first.
func (c *Client) Labels(ctx context.Context, bot string, q Query) ([]Label, error) {
	return ask(ctx, c, labels, bot, q, list(label))
}

func label(r *record) Label {
	return Label{ID: r.id("label_id"), Text: r.text("label_text"), Count: r.count("count")}
}
