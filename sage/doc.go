// Package sage is a client for Sage, Kindly's Statistics API. It returns how often a bot was used,
// and how its chats went.
//
// # Keys and tokens
//
// A [Client] is a struct literal. Its one required field, Key, returns a bot's API key. The key
// belongs to one bot and needs the permission "read statistics". The client exchanges it at the
// Kindly API for a token, which lives for minutes, and sends the token to Sage with each request.
// If Sage refuses a token that should be valid, the client makes a new one and asks again, once.
// Keys and tokens are in no error, log or printed value. Redirects are not followed, so that no
// other host gets them.
//
// Each endpoint is a method that takes a bot's id and a [Query]:
//
//	Chats, Messages                 series of counts
//	FallbackSeries, FallbackTotal   replies that were fallbacks, and their fraction of all replies
//	Pages                           web pages with chats
//	HandoverSeries, HandoverTotals  chats that were handed over to humans
//	Feedback                        ratings
//	Labels, Buttons                 labels of chats, and clicks in them
//	Options                         sources and languages for filters
//
// # Dates and zones
//
// From and To are dates, and To is exclusive, so a week is a Monday and the next Monday. Events are
// stored in UTC. TZ says in which zone days begin. Times are returned as clocks in that zone show
// them, in [time.UTC]: they are not instants. When clocks change, an hour can be there twice or be
// absent, and in some zones a day begins at 01:00.
//
// That To is exclusive follows from what other clients do, and is not documented. So points are
// returned as they come. Before adding them up, drop those outside the range.
//
// # Granularity
//
// A series has a point for each day, week or hour; hours are allowed for at most seven days.
// Intervals without events may be absent: they are zeros. A nil rate means that there was no reply.
// Rates cannot be averaged; ask for the rate of the week.
//
// # Filters and limits
//
// Without a filter all chats count, also those of the bot's builders; Sources "-test" leaves those
// out. Included and excluded sources may be combined. The vendor spells the parameter for languages
// in two ways, and both are sent. A list has at most Limit items, by default 3 (Pages) or 5
// (Labels, Buttons). A longer one is returned as it comes. Texts are cut to [MaxText] characters.
//
// # Assumptions
//
// The path of Buttons, the names of its fields and the shape of Options are assumptions. They are
// in assumed.go. Everything else is from the vendor's documentation, or from a client that is in
// use. Where the service has its buttons elsewhere, [Client.ButtonsAt] finds out how it spells
// them, and the client's [Spelling] takes the place of what is assumed.
//
// # Errors
//
// A query that the service would refuse or misunderstand is not sent: [QueryError]. Any other
// failure is an [Error] with the address, the status, the text of the answer, and what to do.
// Temporary reports whether to try later. Late, BrokeOff and Page tell failures without a failed
// status apart. An Error can contain a [ShapeError]: an answer that is not what the endpoint is
// known to return, which is never read as zeros. [ErrNoKey] means that there is no key, or one that
// cannot be valid.
//
// A temporary failure (429, 5xx, a broken network) is tried five times in all. The waits grow from
// half a second, are randomized, and are never shorter than Retry-After. If a wait would end after
// the context's deadline, or two minutes after the first try, the failure is returned at once.
// After a 429 of Sage the client also sends half as many requests at a time as before.
//
// # Clocks
//
// Tokens expire after minutes, and a week ends by Kindly's clock. So the client compares this
// machine's clock with the Date of every answer: see [Client.Skew], and Skew of an Error. The
// lifetime of a token is counted from the request and does not depend on the clock.
package sage
