package sage

import "context"

// Options are the filters of a bot's queries.
type Options struct {
	Sources   []string
	Languages []string // codes: en, perhaps with a region, en-GB
}

// Options returns the sources and languages for filters (meta/options). The shape of the answer is
// assumed, see assumed.go.
func (c *Client) Options(ctx context.Context, bot string) (Options, error) {
	return request(ctx, c, options, bot, nil, one(filterOptions))
}
