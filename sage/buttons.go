package sage

import (
	"context"
	"encoding/json"
	"fmt"
)

// A Button is a button that users clicked, with its dialogue. People wrote both texts: escape them.
type Button struct {
	Text, Dialogue string
	Count          int
	Ratio          float64 // the fraction, 0 to 1, of all button clicks of the range
}

// Buttons returns the buttons with most clicks, the most frequent first. Its path and the names of
// its fields are assumed, see assumed.go, unless the client has another [Spelling].
func (c *Client) Buttons(ctx context.Context, bot string, q Query) ([]Button, error) {
	if err := c.Spelling.Check(); err != nil {
		return nil, fmt.Errorf("sage: %w", err)
	}
	return ask(ctx, c, c.Spelling.buttons(), bot, q, list(c.Spelling.button))
}

// ButtonsAt is Buttons at another path, such as one of [ButtonPaths]. It also reads buttons whose
// fields have unknown names. For that each button must have just two texts, ids aside, and the name
// of one must say which is which. With the returned spelling a client's Buttons reads the same.
func (c *Client) ButtonsAt(ctx context.Context, bot string, q Query, path string) (
	found []Button, s Spelling, err error,
) {
	s.ButtonPath = path
	if err := s.Check(); err != nil {
		return nil, Spelling{}, fmt.Errorf("sage: %w", err)
	}
	decode := func(endpoint string, data json.RawMessage) ([]Button, error) {
		found, err := list(s.button)(endpoint, data)
		if err == nil {
			return found, nil
		}
		named := s
		var ok bool
		if named.ButtonText, named.ButtonDialogue, ok = fields(data); !ok {
			return nil, err
		}
		if found, err = list(named.button)(endpoint, data); err == nil {
			s = named
		}
		return found, err
	}
	if found, err = ask(ctx, c, s.buttons(), bot, q, decode); err != nil {
		return nil, Spelling{}, err
	}
	return found, s, nil
}
