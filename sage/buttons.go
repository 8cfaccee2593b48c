package sage

import "context"

// A Button is a button that users clicked, with its dialogue. People wrote both texts: escape them.
type Button struct {
	Text, Dialogue string
	Count          int
	Ratio          float64 // the fraction, 0 to 1, of all button clicks of the range
}

// Buttons returns the buttons with most clicks, the most frequent first. Its path and the names of
// its fields are assumed, see assumed.go.
func (c *Client) Buttons(ctx context.Context, bot string, q Query) ([]Button, error) {
	return ask(ctx, c, buttons, bot, q, list(button))
}
