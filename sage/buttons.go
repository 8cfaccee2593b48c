package sage

import "context"

// Button is a button that users clicked, and the dialogue it belongs to. Both texts are typed by people: escape
// them wherever they are shown.
type Button struct {
	Text, Dialogue string
	Count          int
	Ratio          float64 // the fraction, 0 to 1, of all button clicks of the range
}

// Buttons lists the buttons most often clicked, the most frequent first. Its path and the names of its fields
// are assumed: see assumed.go.
func (c *Client) Buttons(ctx context.Context, bot string, q Query) ([]Button, error) {
	return ask(ctx, c, buttons, bot, q, list(button))
}
