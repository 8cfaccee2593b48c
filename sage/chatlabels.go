package sage

import "context"

var labels = endpoint{path: "chatlabels/added", limited: true}

// A Label is a label of chats. People wrote its text: escape it.
type Label struct {
	ID, Text string
	Count    int
}

// Labels returns the labels of most chats (chatlabels/added), the most frequent first.
func (c *Client) Labels(ctx context.Context, bot string, q Query) ([]Label, error) {
	return ask(ctx, c, labels, bot, q, list(label))
}

func label(r *record) Label {
	return Label{ID: r.id("label_id"), Text: r.text("label_text"), Count: r.count("count")}
}
