// Package sage is a client of Kindly's Statistics API, the service named Sage that knows how often a bot was
// talked to, and what became of it.
//
// # From key to number
//
// A [Client] is a struct literal; the one field that has to be set is Key, which gives a bot's API key. The key
// belongs to one bot and needs the permission "read statistics". The client exchanges it at the Kindly API for
// a token that lives for minutes, keeps that one for each bot until shortly before it ends, and shows it to
// Sage with each request. If Sage refuses a token that should be alive, the client makes a new one, once, and
// asks again. Key and token are sent where they belong and appear in no error, log or printed value; redirects
// are not followed, so that they cannot be sent elsewhere.
//
// Each endpoint is a method, named as Kindly names the statistic, that takes a bot's id and a [Query]:
//
//	Chats, Messages                 a series of counts
//	FallbackSeries, FallbackTotal   replies that were fallbacks, and their fraction of all replies
//	Pages                           web pages where the bot was talked to
//	HandoverSeries, HandoverTotals  chats handed over to humans
//	Feedback                        ratings
//	Labels, Buttons                 what was added to chats, what was clicked in them
//	Options                         what can be filtered by
//
// # Ranges and zones
//
// From and To are civil dates and To is exclusive, so a week is a Monday and the next Monday. Events are stored
// in UTC; TZ says by whose clocks and calendar they are cut into days. Times come back as those clocks showed
// them, without a zone, and are carried in [time.UTC] to keep them as they are: they are not instants. In the
// hours in which clocks are changed, an hour can come twice or be absent, and in some zones a day begins at
// 01:00.
//
// That To is exclusive was concluded from how other clients ask, not read in the vendor's words. So points are
// passed on as they came: whoever adds them up drops those outside the range first.
//
// # Granularity
//
// A series has a point for each day, or for each hour (of at most seven days) or week. Intervals in which
// nothing happened may be left out of it: they are zeros. A nil rate is no zero, but the absence of replies.
// A rate belongs to its interval alone; the rate of a week is asked for, not averaged.
//
// # Filters and limits
//
// With no filter everything counts, the chats of the bot's builders included: Sources "-test" leaves those out.
// Sources to count and sources to exclude may be mixed. The vendor spells the parameter of the languages in two
// ways; both are sent. Lists are as long as Limit says, or else 3 (Pages) or 5 (Labels, Buttons). A list that came
// longer is passed on as it came. Texts are cut to [MaxText] characters.
//
// # What is assumed
//
// The path of Buttons, the names of its fields and the shape of Options were seen by nobody here. They stand in
// assumed.go. Everything else was read in the vendor's documentation or in a client that runs against the
// service.
//
// # Errors
//
// A query that would be refused, or answered with something else than was meant, is not sent: [QueryError].
// What was sent and failed is an [Error], which keeps the address, the status, what the service said, and what
// to do about it; Temporary tells whether to try later. Where there was no status to tell, or one of success, it
// says in what way the answer was none: it was Late, it BrokeOff, it was a Page for browsers. In it may be a
// [ShapeError]: an answer that is not what the endpoint is known to give is never taken for zeros. [ErrNoKey] is
// a key that could not be had, or that can be none.
//
// A failure that may pass (429, 5xx, a network that broke before or within the answer) is tried again, five
// times in all, after waits that grow from half a second, scattered, and never shorter than Retry-After asks.
// No wait begins that would reach beyond the context's deadline or two minutes after the first try: then the
// failure is reported at once. All other failures are reported at the first try.
//
// # Clocks
//
// A token lives for minutes, and a week is over when it is over at Kindly. So the client compares this machine's
// clock with the Date of every answer: [Client.Skew], and Skew of an Error. It counts the life of a token from
// the asking, which needs no clock that is right.
package sage
