package sage

import "context"

// Options are the values that a bot's queries can be filtered by.
type Options struct {
	Sources   []string
	Languages []string // codes: en, perhaps with a region, en-GB
}

// Options lists what can be filtered by (meta/options). The shape of the answer is assumed: see assumed.go.
func (c *Client) Options(ctx context.Context, bot string) (Options, error) {
	return request(ctx, c, options, bot, nil, one(filterOptions))
}
