package sage

import "context"

var pages = endpoint{path: "chatbubble/pages", limited: true}

// A Page is a web page with chats. Host and Path come from visitors' browsers: escape them.
type Page struct {
	Host, Path string // empty if unknown
	Sessions   int
	Messages   int
}

// Pages returns the web pages with most interactions (chatbubble/pages), the busiest first.
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
