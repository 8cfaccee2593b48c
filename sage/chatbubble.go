package sage

import "context"

var pages = endpoint{path: "chatbubble/pages", limited: true}

// Page is a web page on which users talked with the bot. Host and Path come from the visitors' browsers: escape
// them wherever they are shown.
type Page struct {
	Host, Path string // empty where the service knows none
	Sessions   int
	Messages   int
}

// Pages lists the web pages with most interactions (chatbubble/pages), the busiest first.
func (c *Client) Pages(ctx context.Context, bot string, q Query) ([]Page, error) {
	return ask(ctx, c, pages, bot, q, list(page))
}

func page(r *record) Page {
	return Page{
		Host:     r.text("web_host"),
		Path:     r.text("web_path"),
		Sessions: r.count("sessions"),
		Messages: r.count("messages"),
	}
}
